"""Edges cut at distances from an outline."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given

from geo.intervals import Intervals
from geo.sides import INSIDE, ON_LINE, OUTSIDE, Bordering, side_of
from geo.streets import StreetNetwork
from tests.strategies import ORIGIN, areas_of, box, line, reaches, street_frames, streets_of

SQUARE = areas_of({"A": box(-100, -100, 100, 100)})


def test_a_street_is_cut_at_every_distance_on_either_side() -> None:
    """And where it is told to be, but for cuts that rounding leaves beside a node."""
    bordering = Bordering.of(
        StreetNetwork.from_frame(streets_of([line((-900, 0), (-800, 0)), line((-200, 0), (0, 0))]))
    )
    parts = bordering.near(SQUARE.geometry[0], 50.0)
    more = Intervals.of([1, 1, 7], [20.0, 199.9999999, 1.0], [30.0, 200.0, 2.0])
    pieces = bordering.pieces(SQUARE, parts, (0.5, 50.0), more)
    assert parts.tolist() == [1]
    assert pieces.start == pytest.approx([0, 20, 30, 50, 99.5, 100, 100.5, 150])
    assert pieces.tail[1:].tolist() == pieces.head[:-1].tolist()
    assert pieces.old_node.tolist() == [2, 3, -1, -1, -1, -1, -1, -1, -1]
    sides = side_of(pieces.middles, SQUARE.geometry[0], 0.5)
    assert sides.tolist() == [OUTSIDE] * 4 + [OUTSIDE, ON_LINE, ON_LINE, INSIDE, INSIDE][1:]
    x = shapely.get_x(pieces.places) - ORIGIN[0]
    assert sorted(x) == pytest.approx([-200, -180, -170, -150, -100.5, -100, -99.5, -50, 0])


def test_far_streets_and_shut_ones_are_left_out() -> None:
    """A rail is nobody's way."""
    streets = streets_of(
        [line((-200, 0), (0, 0)), line((-200, 9), (0, 9)), line((300, 0), (400, 0))],
        **{"class": ["residential", "rail", "residential"]},
    )
    bordering = Bordering.of(StreetNetwork.from_frame(streets))
    assert bordering.near(SQUARE.geometry[0], 50.0).tolist() == [0]
    assert bordering.near(SQUARE.geometry[0], 200.0).tolist() == [0, 2]
    assert bordering.near(shapely.Polygon(), 50.0).tolist() == []
    assert bordering.blind_ends.sum() == 4


def test_each_street_is_cut_where_it_is_near_itself() -> None:
    """Streets before it that are far do not shift the cuts, nor does an earlier part of its row."""
    two = shapely.MultiLineString([line((-400, 50), (-300, 50)), line((-130, 50), (0, 50))])
    streets = streets_of([line((-900, 0), (-800, 0)), line((-200, 0), (0, 0)), two])
    bordering = Bordering.of(StreetNetwork.from_frame(streets))
    parts = bordering.near(SQUARE.geometry[0], 20.0)
    pieces = bordering.pieces(SQUARE, parts, (20.0,))
    assert parts.tolist() == [1, 3]
    assert pieces.start[pieces.part == 1] == pytest.approx([0, 80, 100, 120])
    assert pieces.start[pieces.part == 3] == pytest.approx([100, 110, 130, 150])
    near = bordering.pieces(SQUARE, np.array([1, 2, 3]), (20.0,))
    assert near.start[near.part == 1] == pytest.approx([0, 80, 100, 120])
    assert near.start[near.part == 2] == pytest.approx([0])


@given(street_frames, reaches)
def test_pieces_are_the_streets_and_each_is_on_one_side(streets, reach_m) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Nothing is lost, and no piece comes nearer at one end of it than its zone allows."""
    bordering = Bordering.of(StreetNetwork.from_frame(streets))
    parts = bordering.near(SQUARE.geometry[0], 1e6)
    pieces = bordering.pieces(SQUARE, parts, (reach_m,))
    assert pieces.length_m.sum() == pytest.approx(bordering.network.length_m.sum())
    outline = SQUARE.geometry[0].exterior
    zone = side_of(pieces.middles, SQUARE.geometry[0], reach_m)
    for share in np.linspace(0.0, 1.0, 5):
        at = pieces.start + share * pieces.length_m
        points = shapely.points(pieces.lines.locate(pieces.part, at))
        apart = shapely.distance(points, outline)
        inside = shapely.contains(SQUARE.geometry[0], points)
        assert (apart[zone == ON_LINE] <= reach_m + 1e-5).all()
        assert (apart[zone != ON_LINE] >= reach_m - 1e-5).all()
        assert (inside[zone == INSIDE]).all()
        assert not (inside[zone == OUTSIDE]).any()
