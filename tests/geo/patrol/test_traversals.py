"""From places on arcs to stretches of streets: what is joined, and when it was."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.patrol.arcs import arcs_of, edge_lines
from geo.patrol.clock import STAND_S, Clock, stood_s
from geo.patrol.matching import match_track
from geo.patrol.traversals import COLUMNS, stretches
from geo.patrol.visits import Visits, visits
from geo.patrol.viterbi import Steps, Turning
from geo.patrol.ways import no_ways
from geo.streets import StreetNetwork
from tests.geo.patrol.walks import BEGIN, fixes_of, town, walk
from tests.strategies import line, streets_of

CROSSED = streets_of([line((0, 0), (200, 0)), line((100, -50), (100, 50))])
NETWORK = StreetNetwork.from_frame(CROSSED)
ARCS = arcs_of(NETWORK, edge_lines(NETWORK))
LONG = StreetNetwork.from_frame(streets_of([line((0, 0), (600, 0))]))


def arc(edge: int, *, along: bool = True) -> int:
    """Return an arc of the crossed streets."""
    return int(np.flatnonzero((ARCS.edge == edge) & (ARCS.along == along))[0])


def visited(*rows: tuple[int, int, float, float, float, float]) -> Visits:
    """Make visits of arc, chain, from, to, entered, left."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    none = np.zeros(0, dtype=np.int64)
    return Visits(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), *table.T[2:], none,
                  np.zeros(0))  # fmt: skip


def test_edges_of_one_street_are_one_stretch() -> None:
    """Over the crossing: 40 m to 160 m."""
    found = stretches(
        NETWORK, ARCS, visited((arc(0), 0, 40, 100, 0, 6), (arc(1), 0, 0, 60, 6, 12))
    )  # fmt: skip
    assert (found.from_m.tolist(), found.to_m.tolist()) == ([40.0], [160.0])
    assert (found.entered_s.tolist(), found.left_s.tolist()) == ([0.0], [12.0])
    assert found.of.tolist() == [0, 0]
    assert found.along.tolist() == [True]


def test_against_the_row_the_stretch_is_measured_along_it() -> None:
    """From 160 m back to 40 m."""
    found = stretches(
        NETWORK, ARCS,
        visited((arc(1, along=False), 0, 40, 100, 0, 6), (arc(0, along=False), 0, 0, 60, 6, 12)),
    )  # fmt: skip
    assert (found.from_m.tolist(), found.to_m.tolist()) == ([40.0], [160.0])
    assert found.along.tolist() == [False]


@pytest.mark.parametrize(
    "second",
    [(0, True, 1, 60, 90), (0, False, 0, 40, 90), (2, True, 0, 0, 50), (0, True, 0, 70, 90)],
    ids=["another chain", "another direction", "another street", "not where it ended"],
)
def test_other_stretches_are_not_joined(second: tuple[int, bool, int, float, float]) -> None:
    """Each has its own row."""
    edge, along, chain, from_m, to_m = second
    found = stretches(
        NETWORK, ARCS,
        visited((arc(0), 0, 40, 60, 0, 6), (arc(edge, along=along), chain, from_m, to_m, 6, 12)),
    )  # fmt: skip
    assert found.of.tolist() == [0, 1]


def test_a_standstill_between_arcs_is_no_stretch() -> None:
    """It parts nothing."""
    still = (arc(2), 0, 0, 0, 6, 7)
    found = stretches(
        NETWORK, ARCS,
        visited(still, (arc(0), 0, 40, 100, 0, 6), still, (arc(1), 0, 0, 60, 7, 12), still),
    )  # fmt: skip
    assert found.of.tolist() == [-1, 0, -1, 0, -1]
    assert found.to_m.tolist() == [160.0]


def test_parts_of_one_row_are_not_joined() -> None:
    """They lie apart, though the measure runs on."""
    row = shapely.MultiLineString([line((0, 0), (100, 0)), line((100, 0), (200, 0))])
    found = match_track(walk([(10, 0), (190, 0)]), StreetNetwork.from_frame(streets_of([row])))
    assert found.traversals["from_m"].tolist() == pytest.approx([10.0, 100.0], abs=0.1)
    assert found.traversals["share"].sum() == pytest.approx(0.9, abs=0.01)
    assert found.traversals.geometry.length.sum() == pytest.approx(180.0, abs=0.1)


@settings(max_examples=20)
@given(st.lists(st.sampled_from([(0, 100), (100, 0), (0, -100), (-100, 0)]), min_size=1,
                max_size=8))  # fmt: skip
def test_rows_tile_the_walk(turns: list[tuple[int, int]]) -> None:
    """One begins when the one before ends, together as long as the way; no share is above 1."""
    way = np.cumsum([(300, 300), *turns], axis=0).clip(0, 600)
    way = way[np.append(True, (np.diff(way, axis=0) != 0).any(axis=1))]
    if len(way) < 2:
        return
    found = match_track(walk(way.tolist()), StreetNetwork.from_frame(town(6))).traversals
    assert tuple(found.columns) == (*COLUMNS, "geometry")
    assert (found["entered"].to_numpy()[1:] == found["left"].to_numpy()[:-1]).all()
    assert found["share"].between(0.0, 1.0 + 1e-9).all()
    length_m = found["to_m"] - found["from_m"]
    assert found.geometry.length.to_numpy() == pytest.approx(length_m.to_numpy())
    # At a turning back as much as fixes are thinned by is not seen.
    assert length_m.sum() == pytest.approx(100.0 * (len(way) - 1), abs=30.0 * len(way))


@pytest.mark.parametrize(
    ("seen_m", "turned_m", "moment_s"), [(80.0, 80.0, 30.0), (20.0, 50.0, 0.0)]
)
def test_who_turns_on_the_spot_turns_at_the_farther_place(
    seen_m: float, turned_m: float, moment_s: float
) -> None:
    """Seen at 50 m one way, and 30 s later farther on or back, the other way."""
    arcs = arcs_of(LONG, edge_lines(LONG))
    ahead = int(np.flatnonzero(arcs.along)[0])
    steps = Steps(
        first=np.array([0, 1, 2]), arc=np.array([ahead, 1 - ahead]),
        at_m=np.array([50.0, 600.0 - seen_m]), cost=np.zeros(2), joined=np.array([False, True]),
        straight_m=np.array([0.0, 30.0]), scale_m=np.full(2, 5.0),
    )  # fmt: skip
    clock = Clock(np.array([0.0, 30.0]), np.ones(2), np.full(2, np.nan))
    chosen = np.array([0, 1]), np.array([True, False])
    found = visits(arcs, no_ways(2), steps, chosen, clock, turning=Turning(40.0, spot=True))
    assert found.arc.tolist() == [ahead, 1 - ahead]
    assert found.to_m.tolist() == [turned_m, 600.0 - seen_m]
    assert found.from_m.tolist() == [50.0, 600.0 - turned_m]
    assert found.left_s.tolist() == [moment_s, 30.0]
    assert found.of.tolist() == [0, 1]


def test_a_stand_lasts_where_it_was() -> None:
    """Two minutes at 145 m of the street: the places before and after are those of a walk."""
    there = np.arange(0.0, 145.0, 1.25)
    after = np.arange(145.0, 400.0, 1.25)
    along = np.concatenate((there, np.full(120, 145.0), after))
    fixes = fixes_of(np.arange(len(along)), np.column_stack((along, np.zeros(len(along)))))
    placed = match_track(fixes, LONG).fixes
    assert np.abs(placed["at_m"].to_numpy() - along).max() < 8.0
    assert STAND_S < 120.0


def test_who_only_was_slow_did_not_stand() -> None:
    """Half as fast for 100 m: no jump in the places."""
    along = np.concatenate((np.arange(0, 100, 1.25), np.arange(100, 200, 0.625), [200.0]))
    fixes = fixes_of(np.arange(len(along)), np.column_stack((along, np.zeros(len(along)))))
    placed = match_track(fixes, LONG).fixes
    assert np.abs(placed["at_m"].to_numpy() - along).max() < 3.0


def test_what_lies_in_a_bridged_gap_is_gone_at_an_even_pace() -> None:
    """No fix lies between, so that nobody knows where one stood."""
    fixes = fixes_of([0, 10, 20, 420, 430, 440], [(x, 0) for x in (0, 20, 40, 80, 100, 120)])
    found = match_track(fixes, LONG).traversals
    assert len(found) == 1
    assert found["left"][0] == BEGIN + pd.Timedelta(seconds=440)
    assert found["speed_kmh"][0] == pytest.approx(3.6 * 120 / 440)


def test_a_clock_without_fixes_between_knows_no_stand() -> None:
    """Nor one of a track without pace."""
    time_s = np.array([0.0, 100.0])
    known, unknown = np.array([np.nan, 0.5]), np.full(2, np.nan)
    assert stood_s(Clock(time_s, np.ones(2), known), 1, 20.0) == 80.0
    assert stood_s(Clock(time_s, np.ones(2), known), 1, 75.0) == 0.0
    assert stood_s(Clock(time_s, np.ones(2), unknown), 1, 20.0) == 0.0
    assert stood_s(Clock(time_s, np.zeros(2), known), 1, 20.0) == 0.0
