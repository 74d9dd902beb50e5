"""Numbers as ledgers write them, with their units and lower bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.incident_codes import COUNT_UNITS
from data.quantities import Quantity, may_name, read_quantity


@pytest.mark.parametrize(
    ("text", "number", "about", "unit"),
    [
        ("2.1万余", 21_000, True, None), ("1400余起", 1_400, True, "occurrence"),
        ("9.2万件", 92_000, False, "matter"), ("1020余场次", 1_020, True, "session"),
        ("5333户", 5_333, False, "household"), ("5,333户", 5_333, False, "household"),
        ("4268", 4_268, False, None), ("0", 0, False, None), ("142人次", 142, False, "person_time"),
        ("12995人", 12_995, False, "person"), ("120余件次", 120, True, "item_time"),
        ("25条", 25, False, "item"), ("1.1万人次", 11_000, False, "person_time"),
        ("2.1万余件", 21_000, True, "matter"), ("2余万件", 20_000, True, "matter"),
        ("８２３起", 823, False, "occurrence"), (" 3 353 件", 3_353, False, "matter"),
        ("十二起", 12, False, "occurrence"), ("二十三", 23, False, None),
        ("一千零五十", 1_050, False, None), ("两千余", 2_000, True, None),
        ("三万", 30_000, False, None), ("二十一万三千件", 213_000, False, "matter"),
        ("超过100件", 100, True, "matter"), ("百余起", 100, True, "occurrence"),
        ("100件以上", 100, True, "matter"), ("至少 7", 7, True, None),
        ("二十三亿五千万", 2_350_000_000, False, None), ("一万零五", 10_005, False, None),
        ("万余", 10_000, True, None), ("亿", 10**8, False, None),
        ("三万亿", 3 * 10**12, False, None),
    ],
)  # fmt: skip
def test_a_quantity_is_read_with_its_unit_and_bound(
    text: str,
    number: int,
    about: bool,  # noqa: FBT001
    unit: str | None,
) -> None:
    """Those of the published reports, and those that offices write beside them."""
    assert read_quantity(text) == Quantity(number, about, unit)


@pytest.mark.parametrize(
    "text",
    ["若干", "几十起", "近百起", "约3万", "1.5件", "-3", "二三", "三万五", "一千五", "3-5起", "起",
     "12只", "张三等3人", "", "1,23", "12起件"],
)  # fmt: skip
def test_what_is_no_one_number_is_not_guessed(text: str) -> None:
    """Near, about and several may be less; 三万五 is read in two ways."""
    assert read_quantity(text) is None


@given(
    st.integers(0, 10**8), st.sampled_from([w for ws in COUNT_UNITS.values() for w in ws.split()])
)
def test_every_whole_number_is_read_as_it_is_written(number: int, word: str) -> None:
    """With separators or without, in any unit."""
    plain, parted = read_quantity(f"{number}{word}"), read_quantity(f"{number:,}{word}")
    assert plain == parted
    assert plain is not None
    assert (plain.number, plain.about) == (number, False)
    assert word in COUNT_UNITS[plain.unit or ""].split()


@pytest.mark.parametrize(
    ("text", "possible"),
    [("若干起", False), ("近百起", False), ("3—5起", False), ("约3万", False), ("张三等3人", True),
     ("小王", True), ("twelve", True)],
)  # fmt: skip
def test_only_numbers_and_measure_words_cannot_be_names(text: str, possible: bool) -> None:  # noqa: FBT001
    """Of anything else nothing is repeated."""
    assert may_name(text) is possible
