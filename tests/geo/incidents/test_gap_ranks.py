"""Gaps of posts and cameras by what the public reported there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InvalidParameterError
from geo.incidents.gap_ranks import gap_ranks
from geo.incidents.links import rank_gaps
from geo.posts import post_coverage
from tests.strategies import CRS, line, places, points_of, streets_of

if TYPE_CHECKING:
    from geo.posts import PostCoverage

PARTS = ("at_gaps", "at_covered", "too_far", "without_place", "found_by_patrols_left_out", "empty")
"""What becomes of a row: one of these."""


def coverage(*posts: tuple[float, float]) -> PostCoverage:
    """Cover 50 m around posts on a street of 300 m, with another of 60 m far from it."""
    streets = streets_of([line((0, 0), (300, 0)), line((0, 500), (60, 500))])
    return post_coverage(streets, points_of(list(posts)), reach_m=50.0)


def happened(*at: tuple[float, float] | None, **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Return incidents; None has no place."""
    shapes = [None if xy is None else points_of([xy]).geometry.iloc[0] for xy in at]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def test_what_happens_at_a_covered_stretch_ranks_no_gap() -> None:
    """The post covers 100 to 200: of 130 the gap is 30 m away, and covered street right there."""
    rows = happened((130, 5), (90, 5), (80, 0), (210, 0), (30, 510))
    found = gap_ranks(coverage((150, 0)), rows)
    assert found.gaps[["street_id", "start_m", "incidents", "rank"]].to_numpy().tolist() == [
        [0, 0.0, 2, 1],
        [1, 0.0, 1, 2],
        [0, 200.0, 1, 2],
    ]
    assert found.gaps["incidents_per_100_m"].tolist() == pytest.approx([2.0, 100 / 60, 1.0])
    assert (found.at_gaps, found.at_covered) == (4, 1)


def test_an_incident_where_a_gap_begins_is_covered() -> None:
    """As a street at exactly the reach of a post is."""
    found = gap_ranks(coverage((150, 0)), happened((100, 20), (100, 0)))
    assert (found.at_gaps, found.at_covered) == (0, 2)


def test_what_patrols_found_is_left_out_and_its_share_is_told() -> None:
    """Unless it is asked for; a row of unknown source counts."""
    rows = happened(*[(50, 0)] * 5, found_by=["patrol", "patrol", "call", "grid", None])
    found = gap_ranks(coverage((150, 0)), rows)
    assert found.gaps["incidents"].tolist() == [3, 0, 0]
    told = found.summary()
    assert (told["found_by_patrols_left_out"], told["unknown_source"]) == (2, 1)
    assert told["found_by_patrols"]["share"] == 0.5
    every = gap_ranks(coverage((150, 0)), rows, public_only=False)
    assert every.gaps["incidents"].tolist() == [5, 0, 0]
    assert every.summary()["found_by_patrols_left_out"] == 0


def test_rows_that_are_nowhere_are_told_apart() -> None:
    """Too far, without a place, at the middle of an area, and reports that nothing was."""
    rows = happened(
        (50, 50), (50, 50.1), None, (50, 0), (50, 0),
        place_quality=["point", "point", None, "area", "point"], count=[1, 1, 1, 1, 0],
    )  # fmt: skip
    told = gap_ranks(coverage((150, 0)), rows).summary()
    assert {name: told[name] for name in PARTS} == {
        "at_gaps": 1, "at_covered": 0, "too_far": 1, "without_place": 2,
        "found_by_patrols_left_out": 0, "empty": 1,
    }  # fmt: skip
    assert told["gaps_with_incidents"] == 1
    near = gap_ranks(coverage((150, 0)), rows, reach_m=51.0).summary()
    assert (near["at_gaps"], near["too_far"], near["reach_m"]) == (2, 0, 51.0)


def test_the_days_are_those_of_what_was_counted() -> None:
    """By when it was accepted; a row far away, or without a time, says nothing of them."""
    rows = happened(
        (50, 0), (150, 0), (50, 0), (9_000, 0),
        time=pd.to_datetime(["2023-12-31", "2024-02-03", None, "2026-01-01"]),
        accepted=pd.to_datetime(["2024-01-02", None, None, None]),
    )  # fmt: skip
    found = gap_ranks(coverage((150, 0)), rows)
    assert found.days is not None
    assert (str(found.days.start), str(found.days.last_day)) == ("2024-01-02", "2024-02-03")
    assert gap_ranks(coverage((150, 0)), happened((50, 0))).summary()["days"] is None


def test_nothing_to_rank_is_no_row() -> None:
    """All covered, or nothing covered, or nothing that happened."""
    rows = happened((50, 0), (20, 500))
    full = gap_ranks(coverage((50, 0), (150, 0), (250, 0), (30, 500)), rows)
    assert (len(full.gaps), full.at_covered) == (0, 2)
    assert {"rank", "incidents", "incidents_per_100_m"} <= set(full.gaps.columns)
    bare = gap_ranks(coverage(), rows)
    assert (bare.gaps["incidents"].tolist(), bare.at_covered) == ([1, 1], 0)
    none = gap_ranks(coverage((150, 0)), happened())
    assert (none.gaps["incidents"].tolist(), none.summary()["rows"]) == ([0, 0, 0], 0)


def test_a_reach_is_greater_than_nothing() -> None:
    """Else it is refused."""
    with pytest.raises(InvalidParameterError, match="reach_m"):
        gap_ranks(coverage(), happened((50, 0)), reach_m=0.0)


@settings(max_examples=15)
@given(st.lists(st.tuples(places, st.sampled_from(["patrol", "call", None])), max_size=10))
def test_every_row_is_in_one_part(told: list[tuple[tuple[float, float], str | None]]) -> None:
    """And leaving out what is covered never adds to a gap."""
    rows = happened(*(at for at, _ in told), found_by=[who for _, who in told])
    found = gap_ranks(coverage((150, 0)), rows)
    summary = found.summary()
    assert sum(summary[name] for name in PARTS) == summary["rows"] == len(rows)
    public = rows[rows["found_by"].ne("patrol")]
    alone = rank_gaps(coverage((150, 0)).gaps, public)["incidents"].sum()
    assert found.at_gaps <= alone <= found.at_gaps + found.at_covered
