"""Groups of road classes."""

from __future__ import annotations

from itertools import combinations

import pytest

from geo import InvalidParameterError
from geo.roads import ROAD_GROUPS, road_groups
from tests.strategies import line, streets_of


def groups(*classes: object, **options: object) -> list[str]:
    """Ask for the groups of streets of these classes."""
    streets = streets_of([line((0, k), (9, k)) for k in range(len(classes))])
    return road_groups(streets.assign(**{"class": classes}), **options).tolist()


def test_words_of_both_languages_find_their_group() -> None:
    """Case and outer blanks do not matter, and a slip road is of its road."""
    assert groups("primary", " 主干路 ", "Trunk_Link", "secondary") == ["arterial"] * 4
    assert groups("residential", "支路", "tertiary_link", "步行街") == ["street"] * 4
    assert groups("service", "背街小巷", "胡同", "footway") == ["back_lane"] * 4
    assert groups("cycleway", "construction", "匝道") == ["other"] * 3


def test_what_nobody_classed_is_unknown_and_not_other() -> None:
    """Missing, empty, OpenStreetMap's own word for it, and a word we do not know."""
    assert groups(None, "", "road", "boulevard", float("nan"), "_link") == ["unknown"] * 6
    bare = streets_of([line((0, 0), (9, 0))])
    assert road_groups(bare).tolist() == ["unknown"]


def test_a_town_may_have_a_table_of_its_own() -> None:
    """Its groups are the answer; a class in two of them is refused."""
    table = {"main": frozenset({"residential"})}
    assert groups("residential", "primary", groups=table) == ["main", "unknown"]
    with pytest.raises(InvalidParameterError, match="'a' is in x and in y; leave it in one"):
        groups("a", groups={"x": frozenset("a"), "y": frozenset("a")})


def test_no_class_is_in_two_groups_and_all_are_lower_case() -> None:
    """Else it would never be found."""
    assert all(not a & b for a, b in combinations(ROAD_GROUPS.values(), 2))
    assert all(name == name.strip().lower() for names in ROAD_GROUPS.values() for name in names)
