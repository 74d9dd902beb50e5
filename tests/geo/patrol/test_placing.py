"""Where patrol segments run: in order, with their direction, and never on the street beside."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CRSError, GeometryError, InvalidParameterError
from geo.patrol.placing import PlacedSegments, place_segments
from geo.streets import StreetNetwork
from tests.strategies import CRS, line, points_of, streets_of

BLOCK = [
    line((0, 0), (100, 0)),
    line((100, 0), (200, 0)),
    line((0, 100), (200, 100)),
    line((0, 0), (0, 100)),
    line((100, 100), (100, 0)),
    line((200, 0), (200, 100)),
]
"""Two blocks of 100 m; the street between them is drawn southwards."""


def drawn(*lines: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make a frame of segments."""
    return gpd.GeoDataFrame(
        {"segment_id": [f"S{k}" for k in range(len(lines))]}, geometry=list(lines), crs=CRS
    )


def placed(streets: list[Any], *lines: Any, **columns: Any) -> PlacedSegments:  # noqa: ANN401
    """Place segments on streets, for vehicles where columns of the streets are told."""
    network = StreetNetwork.from_frame(
        streets_of(streets, **columns), profile="vehicle" if columns else "walk"
    )
    return place_segments(network, drawn(*lines))


def way(found: PlacedSegments, segment: int = 0) -> list[tuple[int, float, float, bool]]:
    """Return the stretches of one segment, to the millimetre."""
    own = found.stretches[found.stretches["segment"] == segment].sort_values("order")
    assert own["order"].tolist() == list(range(len(own)))
    return [
        (row, round(start, 3), round(end, 3), along)
        for row, start, end, along in own[["row", "start_m", "end_m", "along"]].itertuples(
            index=False
        )
    ]


def test_a_segment_runs_through_junctions_in_the_order_of_its_line() -> None:
    """From 30 m along the first street over the second and up the last, drawn 4 m off."""
    found = placed(BLOCK, line((30, 4), (196, 4), (196, 60)))
    assert way(found) == [(0, 30.0, 100.0, True), (1, 0.0, 100.0, True), (5, 0.0, 60.0, True)]
    assert found.length_m[0] == pytest.approx(230.0)
    assert found.offset_m[0] == pytest.approx(4.0)
    assert found.placed.tolist() == [True]
    assert found.fault.tolist() == [""]
    assert found.segment_id.tolist() == ["S0"]
    assert (found.start.at_m[0], found.start.offset_m[0]) == pytest.approx((30.0, 4.0))
    assert (found.end.at_m[0], found.end.offset_m[0]) == pytest.approx((60.0, 4.0))
    assert found.end.part.tolist() == [5]


def test_a_line_against_the_rows_is_told_so() -> None:
    """The middle street is drawn southwards, the segment goes north and then west."""
    assert way(placed(BLOCK, line((100, 0), (100, 100), (20, 100)))) == [
        (4, 0.0, 100.0, False), (2, 20.0, 100.0, False)
    ]  # fmt: skip


def test_a_street_nearer_for_a_moment_does_not_take_the_segment_over() -> None:
    """Two carriageways 12 m apart; the hand slips to the other, even where the two are joined."""
    streets = [line((0, 0), (400, 0)), line((0, 12), (400, 12)), line((200, 0), (200, 12))]
    hand = line((0, 1), (180, 2), (190, 11), (215, 11), (230, 1), (400, 1))
    found = placed(streets, hand, line((0, 11), (400, 11)))
    assert way(found) == [(0, 0.0, 400.0, True)]
    assert way(found, 1) == [(1, 0.0, 400.0, True)]
    assert found.offset_m[0] == pytest.approx(11.0, abs=0.2)


def test_a_segment_that_leaves_the_streets_is_not_placed_and_tells_how_far_it_is() -> None:
    """A curve 40 m out over the fields."""
    found = placed(BLOCK, line((0, 0), (50, -40), (100, 0)), line((0, 0), (100, 0)))
    assert found.placed.tolist() == [False, True]
    assert found.fault.tolist() == ["off_network", ""]
    assert found.offset_m[0] == pytest.approx(40.0)
    assert np.isnan(found.length_m[0])
    assert found.start.part.tolist() == [-1, 0]
    assert not found.forward[0]
    assert not found.backward[0]
    assert way(found, 1) == [(0, 0.0, 100.0, True)]


def test_streets_that_do_not_join_carry_no_segment() -> None:
    """12 m of nothing between two streets, and a gate that is shut."""
    parted = [line((0, 0), (100, 0)), line((112, 0), (200, 0))]
    found = placed(parted, line((0, 0), (200, 0)))
    assert found.fault.tolist() == ["apart"]
    assert found.offset_m[0] <= 6.0
    network = StreetNetwork.from_frame(streets_of(BLOCK), shut=points_of([(50, 0)]))
    assert place_segments(network, drawn(BLOCK[0])).fault.tolist() == ["apart"]


def test_a_line_across_a_street_follows_none() -> None:
    """25 m from kerb to kerb."""
    assert placed(BLOCK, line((50, -12), (50, 13))).fault.tolist() == ["across"]


def test_what_is_not_one_line_is_told() -> None:
    """No geometry, nothing in it, no length, two pieces apart; pieces that join are one line."""
    point = line((0, 0), (0, 0))
    halves = shapely.MultiLineString([line((50, 0), (100, 0)), line((50, 0), (10, 0))])
    apart = shapely.MultiLineString([line((50, 0), (100, 0)), line((40, 0), (10, 0))])
    found = placed(BLOCK, None, shapely.LineString(), point, apart, halves)
    assert found.fault.tolist() == ["no_line"] * 4 + [""]
    assert np.isnan(found.offset_m[:4]).all()
    assert found.length_m[4] == pytest.approx(90.0)


def test_one_way_streets_and_narrow_lanes_decide_who_may_go_along() -> None:
    """One street of the chain is enough; a walker may go either way."""
    along = line((0, 0), (200, 0))
    for oneway, there, back in (("yes", True, False), ("-1", False, True), ("no", True, True)):
        found = placed(BLOCK, along, along.reverse(), oneway=[None, oneway, *[None] * 4])
        assert (found.forward.tolist(), found.backward.tolist()) == ([there, back], [back, there])
    narrow = placed(BLOCK, along, width_m=[5.0, 1.8, *[5.0] * 4])
    assert narrow.placed[0]
    assert not narrow.forward[0]
    assert not narrow.backward[0]
    both = placed(BLOCK, along)
    assert both.forward[0]
    assert both.backward[0]


def test_what_is_open_is_preferred_to_what_is_nearer() -> None:
    """A car keeps to the road beside the footway, a walker to the footway that was drawn."""
    streets = [line((0, 0), (300, 0)), line((0, 9), (300, 9))]
    columns = {"class": ["residential", "footway"]}
    drive = placed(streets, line((0, 9), (300, 9)), **columns)
    assert way(drive) == [(0, 0.0, 300.0, True)]
    assert drive.forward[0]
    on_foot = StreetNetwork.from_frame(streets_of(streets, **columns))
    assert way(place_segments(on_foot, drawn(line((0, 9), (300, 9))))) == [(1, 0.0, 300.0, True)]


def test_a_loop_is_walked_whole_and_a_dead_end_both_ways() -> None:
    """Where a segment ends where it began, its length is not 0."""
    loop = line((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))
    there_and_back = line((100, 0), (100, 80), (100, 0))
    found = placed(BLOCK, loop, there_and_back)
    assert found.length_m.tolist() == pytest.approx([400.0, 160.0])
    assert way(found) == [
        (0, 0.0, 100.0, True), (4, 0.0, 100.0, False), (2, 0.0, 100.0, False),
        (3, 0.0, 100.0, False),
    ]  # fmt: skip
    assert way(found, 1) == [(4, 20.0, 100.0, False), (4, 20.0, 100.0, True)]


def test_an_unsteady_hand_leaves_no_stub_on_a_side_street() -> None:
    """Drawn 8 m beside the street, it begins and ends on cross streets; a copy keeps its ends."""
    streets = [*BLOCK, line((100, 0), (100, -50))]
    assert way(placed(streets, line((100, 8), (150, 8), (196, 7), (200, 13)))) == [
        (1, 0.0, 100.0, True)
    ]
    exact = placed(streets, line((100, -8), (100, 0), (200, 0)))
    assert way(exact) == [(6, 0.0, 8.0, False), (1, 0.0, 100.0, True)]


def test_a_short_turn_back_of_the_hand_is_no_way() -> None:
    """The line runs 6 m back and on again."""
    assert way(placed(BLOCK, line((10, 1), (60, 2), (54, 3), (90, 1)))) == [(0, 10.0, 90.0, True)]


def test_a_link_shorter_than_the_look_is_walked_too() -> None:
    """6 m between two places looked at, drawn the other way round."""
    streets = [line((0, 0), (101, 0)), line((107, 0), (101, 0)), line((107, 0), (200, 0))]
    assert way(placed(streets, line((0, 0), (200, 0)))) == [
        (0, 0.0, 101.0, True), (1, 0.0, 6.0, False), (2, 0.0, 93.0, True)
    ]  # fmt: skip


def test_nobody_goes_back_to_the_beginning_between_two_steps() -> None:
    """The nearer street ends blind after 300 m; the other one leads on, all 400 m of it."""
    streets = [line((0, 0), (300, 0)), line((0, 0), (0, 14.9)), line((0, 14.9), (400, 14.9))]
    found = placed(streets, line((0, 0), (400, 0)))
    assert way(found)[-1] == (2, 0.0, 400.0, True)
    assert found.length_m[0] < 500.0


def test_an_edge_that_is_closed_by_itself_closes_what_runs_over_it_alone() -> None:
    """The first half of a street is closed forward, the second is not."""
    network = StreetNetwork.from_frame(streets_of([line((0, 0), (200, 0)), BLOCK[4]]))
    first = (network.part == 0) & (network.start == 0.0)
    network = replace(network, forward=network.forward & ~first)
    half = line((100, 0), (200, 0))
    found = place_segments(network, drawn(half, half.reverse(), line((50, 0), (200, 0))))
    assert found.forward.tolist() == [True, True, False]
    assert found.backward.tolist() == [True, True, True]


def test_streets_of_several_parts_are_measured_along_the_row() -> None:
    """The second part begins where the first ended."""
    pieces = shapely.MultiLineString([line((0, 0), (100, 0)), line((100, 0), (300, 0))])
    found = placed([pieces], line((40, 2), (260, 2)))
    assert way(found) == [(0, 40.0, 100.0, True), (0, 100.0, 260.0, True)]
    assert found.stretches["part"].tolist() == [0, 1]


def test_no_segment_and_no_street_are_no_error() -> None:
    """Nothing to place, and nowhere to place it."""
    assert len(placed(BLOCK).placed) == 0
    nowhere = placed([], line((0, 0), (50, 0)))
    assert nowhere.fault.tolist() == ["off_network"]
    assert np.isnan(nowhere.offset_m[0])
    unnamed = StreetNetwork.from_frame(streets_of(BLOCK))
    assert place_segments(unnamed, drawn(BLOCK[0])[["geometry"]]).segment_id.tolist() == [0]


def test_refusals_name_the_argument_and_the_value() -> None:
    """A point, a tolerance of nothing, degrees."""
    network = StreetNetwork.from_frame(streets_of(BLOCK))
    with pytest.raises(GeometryError, match="segments: row 1 is a Point"):
        place_segments(network, drawn(BLOCK[0], shapely.Point(BLOCK[0].coords[0])))
    for wrong in (0.0, float("nan"), float("inf")):
        with pytest.raises(InvalidParameterError, match=f"tolerance_m .* {wrong!r}"):
            place_segments(network, drawn(BLOCK[0]), tolerance_m=wrong)
    with pytest.raises(CRSError, match="segments"):
        place_segments(network, drawn(BLOCK[0]).to_crs(4326))


CORNERS = [(x, y) for x in range(4) for y in range(4)]
LATTICE = [
    line((x * 100, y * 100), ((x + dx) * 100, (y + dy) * 100))
    for x, y in CORNERS
    for dx, dy in ((1, 0), (0, 1))
    if x + dx < 4 and y + dy < 4
]
NETWORK = StreetNetwork.from_frame(streets_of(LATTICE))
STEPS = st.lists(st.sampled_from([(1, 0), (0, 1), (-1, 0), (0, -1)]), min_size=1, max_size=6)


@settings(max_examples=30)
@given(steps=STEPS, shift=st.tuples(st.floats(-4, 4), st.floats(-4, 4)))
def test_any_walk_over_the_lattice_comes_back_street_by_street(
    steps: list[tuple[int, int]], shift: tuple[float, float]
) -> None:
    """Drawn a few metres off, forwards and backwards; steps beyond the lattice are left out."""
    at, walk = (1, 1), [(1, 1)]
    for dx, dy in steps:
        to = (at[0] + dx, at[1] + dy)
        if to in CORNERS and to != (walk[-2] if len(walk) > 1 else None):
            walk.append(to)
            at = to
    if len(walk) < 2:
        return
    middle = {frozenset((a, b)) for a, b in pairwise(walk)}
    hand = line(*(((x * 100 + shift[0]), (y * 100 + shift[1])) for x, y in walk))
    found = place_segments(NETWORK, drawn(hand, hand.reverse()))
    assert found.placed.all()
    # An end on the street beyond is as long as the shift, at either end.
    assert found.length_m == pytest.approx(100.0 * (len(walk) - 1), abs=8.0 + 1e-6)
    assert found.offset_m.max() <= np.hypot(*shift) + 1e-6
    own = found.stretches[found.stretches["segment"] == 0]
    there = [*zip(own["row"], own["start_m"], own["end_m"], own["along"], strict=True)]
    full = [row for row, start, end, _ in there if end - start > 50.0]
    assert len(full) == len(walk) - 1
    named = {
        frozenset(
            tuple(np.round((np.array(xy) - (530_000, 3_380_000)) / 100).astype(int))
            for xy in LATTICE[row].coords
        )
        for row in full
    }
    assert named == middle
    back = found.stretches[found.stretches["segment"] == 1]
    there_m = own.groupby("row")[["start_m", "end_m"]].sum()
    back_m = back.groupby("row")[["start_m", "end_m"]].sum()
    assert there_m.index.tolist() == back_m.index.tolist()
    assert np.allclose(there_m, back_m, atol=1e-6)
