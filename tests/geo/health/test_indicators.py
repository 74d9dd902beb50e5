"""The four indicators, with the list behind each."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import ColumnError, InvalidParameterError
from geo.health import Targets, indicators

answers = st.lists(st.sampled_from([True, False, None]), max_size=60)


def places_of(covered: list[bool | None], **columns: Any) -> pd.DataFrame:  # noqa: ANN401
    """Make key places."""
    numbers = range(len(covered))
    return pd.DataFrame(
        {
            "site_id": [f"S{n}" for n in numbers],
            "name": [f"第{n}小学" for n in numbers],
            "covered": pd.array(covered, dtype="boolean"),
        }
        | columns
    )


def cameras_of(in_order: list[bool | None], **columns: Any) -> pd.DataFrame:  # noqa: ANN401
    """Make cameras."""
    ids = [f"C{n}" for n in range(len(in_order))]
    return pd.DataFrame(
        {"camera_id": ids, "in_order": pd.array(in_order, dtype="boolean")} | columns
    )


def test_ninety_seven_of_a_hundred_are_97_percent_and_three_names() -> None:
    """The rule of the issue."""
    row = indicators(key_places=places_of([True] * 97 + [False] * 3)).of("coverage")
    assert f"{row.share:.1%}" == "97.0%"
    assert row.missing["name"].tolist() == ["第97小学", "第98小学", "第99小学"]
    assert row.summary()["missing_ids"] == ["S97", "S98", "S99"]
    assert (row.numerator, row.denominator, row.state, row.met) == (97, 100, "missed", False)


@pytest.mark.parametrize(("well", "state"), [(97, "missed"), (98, "met"), (99, "met")])
def test_98_of_100_meet_98_percent(well: int, state: str) -> None:
    """Whatever 0.98 is as a float."""
    cameras = cameras_of([True] * well + [False] * (100 - well))
    assert indicators(cameras=cameras).of("availability").state == state


def test_a_share_that_rounds_to_its_target_has_not_met_it() -> None:
    """7 of 100 are 7 %, though 0.07 times 100 is more as floats; 7 of 101 are less."""
    targets = Targets({("availability", "key_area"): 0.07})
    for others, met in [(93, True), (94, False)]:
        cameras = cameras_of([True] * 7 + [False] * others)
        assert indicators(cameras=cameras, targets=targets).of("availability").met is met


def test_key_industries_have_a_target_of_their_own() -> None:
    """95 % there, 98 % in public areas."""
    sector = ["key_area"] * 20 + ["key_industry"] * 20
    cameras = cameras_of(([True] * 19 + [False]) * 2, sector=sector)
    found = indicators(cameras=cameras)
    assert found.of("availability").met is False
    assert found.of("availability", "key_industry").met is True
    assert found.of("availability", "key_industry").target_share == 0.95
    with pytest.raises(InvalidParameterError, match="no 'coverage' of 'key_industry'"):
        found.of("coverage", "key_industry")


def test_an_unknown_answer_is_in_no_denominator_and_may_keep_a_target_open() -> None:
    """Met and missed are said only if the unknown could not change it."""
    row = indicators(key_places=places_of([True] * 9 + [None])).of("coverage")
    assert (row.share, row.state, row.met) == (1.0, "unknown", False)
    assert row.unknown["name"].tolist() == ["第9小学"]
    assert indicators(key_places=places_of([True, False, None])).of("coverage").state == "missed"
    cameras = cameras_of([True] * 99 + [None])
    assert indicators(cameras=cameras).of("availability").state == "met"


def test_what_was_not_given_is_unknown_and_not_met() -> None:
    """All four goals are there."""
    found = indicators()
    assert [row.goal for row in found.rows] == ["coverage", "sharing", "availability", "control"]
    assert {row.state for row in found.rows} == {"unknown"}
    assert {row.share for row in found.rows} == {None}
    assert found.summary()["met"] is False


def test_control_is_a_list_of_yes_and_no() -> None:
    """An item nobody answered stays unknown."""
    control = pd.DataFrame({"item": ["a", "b", "c"], "done": [True, False, None]})
    row = indicators(control=control).of("control")
    assert (row.numerator, row.denominator, row.state) == (1, 2, "missed")
    assert row.missing["id"].tolist() == ["b"]
    assert row.unknown["id"].tolist() == ["c"]


def test_sharing_is_the_networked_rate() -> None:
    """A blank name shows the id."""
    cameras = cameras_of([True] * 3, networked=[True, False, None], name=[None, None, "x"])
    found = indicators(cameras=cameras)
    assert found.of("sharing").missing["name"].tolist() == ["C1"]
    assert found.of("sharing").unknown["name"].tolist() == ["x"]
    assert found.summary()["indicators"][1]["share"] == 0.5


@given(answers, st.integers(0, 100))
def test_states_agree_with_every_way_the_unknown_may_turn_out(
    covered: list[bool | None], percent: int
) -> None:
    """Met if it is met whatever they are, missed if never."""
    targets = Targets({("coverage", "key_area"): percent / 100})
    row = indicators(key_places=places_of(covered), targets=targets).of("coverage")
    yes, unknown = covered.count(True), covered.count(None)
    turns = {100 * (yes + more) >= percent * len(covered) for more in range(unknown + 1)}
    expected = (
        "unknown" if len(turns) > 1 or not covered else "met" if turns == {True} else "missed"
    )
    assert row.state == expected
    assert row.numerator + len(row.missing) == row.denominator
    assert row.denominator + len(row.unknown) == len(covered)


def test_what_cannot_be_read_is_refused() -> None:
    """By argument, row and value."""
    with pytest.raises(InvalidParameterError, match=r"outside \[0, 1\]; write 98 % as 0.98"):
        Targets({("coverage", "key_area"): 98})
    with pytest.raises(InvalidParameterError, match="no \\('cover', 'key_area'\\)"):
        Targets({("cover", "key_area"): 1.0})
    with pytest.raises(InvalidParameterError, match="key_places: row 1 has sector 'shop'"):
        indicators(key_places=places_of([True, True], sector=[None, "shop"]))
    with pytest.raises(InvalidParameterError, match="key_places: covered: 'ja' is neither"):
        indicators(key_places=pd.DataFrame({"site_id": [1], "covered": ["ja"]}))
    with pytest.raises(ColumnError, match="control: no column done"):
        indicators(control=pd.DataFrame({"item": ["a"]}))
    with pytest.raises(ColumnError, match="cameras: no column camera_id"):
        indicators(cameras=pd.DataFrame({"in_order": [True]}))
