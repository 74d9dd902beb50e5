"""Rows under an old code belong to what it became, to nobody else, however changes pile up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.division_codes import division_prefix
from data.errors import FormatError
from data.succession import Branch, beginnings, branches_of, current_code, in_circle

COUNTIES = [f"61{p}{c}" for p in ("01", "02") for c in ("01", "02", "03")]
TOWNS = [county + town for county in COUNTIES for town in ("100", "101")]
VILLAGES = [town + village for town in TOWNS for village in ("200", "201")]
WHOLE = [code.ljust(12, "0") for code in (*COUNTIES, *TOWNS, *VILLAGES)]


def pairs(codes: list[str]) -> st.SearchStrategy[dict[str, str]]:
    """Return some changes among codes of one level."""
    return st.dictionaries(st.sampled_from(codes), st.sampled_from(codes), max_size=3).map(
        lambda found: {old: new for old, new in found.items() if old != new}
    )


changes_of_all_levels = st.builds(
    lambda *levels: {old: new for level in levels for old, new in level.items()},
    pairs(COUNTIES), pairs(TOWNS), pairs(VILLAGES),
).filter(lambda changes: not any(in_circle(old, changes) for old in changes))  # fmt: skip


def belongs(code: str, prefix: str, changes: dict[str, str]) -> bool:
    """Follow one code by hand, step by step, and tell whether it ends in a division."""
    several = [new for new in changes.values() if list(changes.values()).count(new) > 1]
    while True:
        fitting = [old for old in changes if code.startswith(old)]
        if not fitting:
            return code.startswith(prefix)
        old = max(fitting, key=len)
        if code.startswith(prefix) and prefix.startswith(old):
            return True  # the division itself became another: it keeps what it had
        tail = code[len(old) :]
        code = changes[old] + ("0" * len(tail) if changes[old] in several else tail)


@given(changes_of_all_levels, st.sampled_from(["61", "6101", *COUNTIES, *TOWNS, *VILLAGES]))
def test_branches_hold_the_codes_that_end_in_the_division_and_no_others(
    changes: dict[str, str], prefix: str
) -> None:
    """Against following every code of a small country by hand."""
    branches = branches_of(prefix, changes)
    for code in WHOLE:
        assert any(branch.holds(code) for branch in branches) == belongs(code, prefix, changes)


@given(changes_of_all_levels, st.sampled_from(WHOLE))
def test_a_current_code_changes_no_more(changes: dict[str, str], code: str) -> None:
    """What a code became has become itself."""
    now = current_code(code, changes)
    if now is not None:
        assert len(now) == len(code)
        assert current_code(now, changes) in (now, None)


def test_a_county_with_a_new_code_keeps_its_rows_and_those_of_its_towns() -> None:
    """Also over two steps, and for its prefecture."""
    changes = {"610928": "610981", "612428": "610928"}
    assert branches_of("610981", changes) == (
        Branch("610981"), Branch("610928"), Branch("612428"),
    )  # fmt: skip
    assert branches_of("610981100", changes)[1:] == (Branch("610928100"), Branch("612428100"))
    assert Branch("612428") in branches_of("6109", changes)
    assert branches_of("610929", changes) == (Branch("610929"),)
    assert current_code("612428100004", changes) == "610981100004"


def test_a_town_that_went_to_the_neighbour_is_the_neighbours() -> None:
    """The longest beginning decides, before the change of the county and after it."""
    for town in ("610928105", "610981105"):
        changes = {"610928": "610981", town: "610902305"}
        county, neighbour = branches_of("610981", changes), branches_of("610902", changes)
        assert not any(branch.holds("610928105001") for branch in county)
        assert any(branch.holds("610928105001") for branch in neighbour)
        assert any(branch.holds("610928104001") for branch in county)
        assert not any(branch.holds("610928104001") for branch in neighbour)


def test_where_two_became_one_the_towns_below_are_told_to_none() -> None:
    """Both had a town 100; the county as a whole has them all."""
    changes = {"610928": "610981", "610929": "610981"}
    assert [branch.prefix for branch in branches_of("610981", changes)] == [
        "610981", "610928", "610929",
    ]  # fmt: skip
    assert branches_of("610981100", changes) == (Branch("610981100"),)
    assert current_code("610928100000", changes) is None
    assert current_code("610928000000", changes) == "610981000000"


def test_a_division_that_became_another_keeps_the_codes_it_had() -> None:
    """Whoever works under the old code sees no more than before."""
    assert branches_of("610928", {"610928": "610981"}) == (Branch("610928"),)
    assert branches_of("610928100", {"610928": "610981"}) == (Branch("610928100"),)


def test_circles_are_noticed_and_end() -> None:
    """Straight and over two levels."""
    assert in_circle("6101", {"6101": "6102", "6102": "6101"})
    assert in_circle(
        "610101100", {"6101": "6102", "610201100": "610101100", "610101100": "610201100"}
    )
    assert not in_circle("6101", {"6101": "6102", "6102": "6103"})
    assert not in_circle("6100", {"6100": "6101", "6101": "6102", "6102": "6101"})
    branches_of("6101", {"6101": "6102", "6102": "6101"})


def test_codes_of_changes_are_cut_to_their_level() -> None:
    """And both must be of one."""
    whole = {"610928000000": "610981", "610928100": "610981100000"}
    assert beginnings(whole) == {"610928": "610981", "610928100": "610981100"}
    for old, new in (("610928", "610981100"), ("61092", "610981"), ("旬阳", "610981")):
        with pytest.raises(FormatError, match="no codes of one level"):
            beginnings({old: new})


def test_a_prefix_is_what_the_parts_of_a_division_share() -> None:
    """Zeros behind a level do not count, zeros within it do."""
    cut = {
        "610981000000": "610981", "610900000000": "6109", "610000000000": "61",
        "610981100000": "610981100", "610981100004": "610981100004", "6109": "6109", "": "",
        "441900003000": "441900003", "610981100004007": "610981100004007",
    }  # fmt: skip
    assert {code: division_prefix(code) for code in cut} == cut
