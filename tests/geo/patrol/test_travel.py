"""Ways along the streets: their lengths by mode, and where they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from geo.patrol.travel import Ways, joined_lines, network_for
from tests.geo.patrol.town import lattice, oneway
from tests.strategies import ORIGIN, line, points_of, streets_of

if TYPE_CHECKING:
    import geopandas as gpd


def ways_of(
    mode: str, places: list[tuple[float, float]], streets: gpd.GeoDataFrame | None = None
) -> Ways:
    """Return the ways between places, on the lattice unless told."""
    network = network_for(lattice() if streets is None else streets, mode)
    return Ways.between(network, network.snap(points_of(places)))


def test_way_on_foot_is_the_same_both_ways() -> None:
    """Along the blocks."""
    ways = ways_of("foot", [(0, 0), (400, 0), (100, 200)])
    assert ways.lengths(np.arange(3)).tolist() == pytest.approx(
        np.array([[0, 400, 300], [400, 0, 500], [300, 500, 0]]), abs=1e-6
    )


@pytest.mark.parametrize("mode", ["car", "e_bike"])
def test_oneway_street_sends_wheels_around_the_block(mode: str) -> None:
    """200 m there, 600 m back."""
    streets = lattice(oneway=oneway(0))
    ways = ways_of(mode, [(200, 0), (400, 0)], streets)
    length = ways.lengths(np.arange(2))
    assert length[0, 1] == pytest.approx(200.0)
    assert length[1, 0] == pytest.approx(600.0)


def test_feet_pass_a_oneway_street_against_its_direction() -> None:
    """200 m both ways."""
    length = ways_of("foot", [(200, 0), (400, 0)], lattice(oneway=oneway(0))).lengths(np.arange(2))
    assert length[1, 0] == pytest.approx(200.0)


def lane(kind: str, width: float) -> gpd.GeoDataFrame:
    """Draw a ring of streets, and a lane of some kind across it."""
    ring = [line((0, 0), (400, 0)), line((400, 0), (400, 300)), line((400, 300), (0, 300)),
            line((0, 300), (0, 0))]  # fmt: skip
    return streets_of(
        [*ring, line((200, 0), (200, 300))],
        **{"class": ["residential"] * 4 + [kind], "width_m": [6.0] * 4 + [width]},
    )


@pytest.mark.parametrize(
    ("kind", "width", "open_to"),
    [
        ("residential", 6.0, {"foot", "e_bike", "car"}),
        ("residential", 1.8, {"foot", "e_bike"}),
        ("cycleway", 3.0, {"foot", "e_bike"}),
        ("footway", 3.0, {"foot"}),
        ("motorway", 12.0, {"car"}),
    ],
)
def test_lane_is_open_to_the_modes_that_fit(kind: str, width: float, open_to: set[str]) -> None:
    """300 m through the lane, 700 m around; no feet on a motorway."""
    for mode in ("foot", "e_bike", "car"):
        length = ways_of(mode, [(200, 0), (200, 300)], lane(kind, width)).lengths(np.arange(2))
        assert length[0, 1] == pytest.approx(300.0 if mode in open_to else 700.0), mode


def test_network_leaves_the_streets_as_they_were() -> None:
    """Widths and classes are changed in a copy."""
    streets = lane("cycleway", 1.0)
    before = streets.copy()
    network_for(streets, "e_bike")
    assert streets.equals(before)


def test_place_off_the_streets_has_no_way() -> None:
    """It is never pulled in, and its distance is told."""
    ways = ways_of("foot", [(0, 0), (100, 100)])
    length = ways.lengths(np.arange(2))
    assert np.isinf(length[0, 1])
    assert np.isinf(length[1, 0])
    assert ways.offset_m[1] == pytest.approx(100.0)
    assert ways.lines(np.array([0]), np.array([1])).tolist() == [None]


def test_drawn_way_is_as_long_as_the_measured_one_and_runs_on_the_streets() -> None:
    """Between all pairs, with one-way streets."""
    streets = lattice(oneway=oneway(0, 2, 6))
    places = [(30, 0), (790, 200), (400, 610), (0, 350), (200, 200)]
    ways = ways_of("car", places, streets)
    start, end = (each.ravel() for each in np.meshgrid(np.arange(5), np.arange(5)))
    lines = ways.lines(start, end)
    length = ways.lengths(np.arange(5))[start, end]
    apart = start != end
    assert shapely.length(lines[apart]) == pytest.approx(length[apart], abs=1e-6)
    assert shapely.get_coordinates(shapely.get_point(lines[apart], 0)) == pytest.approx(
        np.add(places, ORIGIN)[start[apart]], abs=1e-6
    )
    assert shapely.get_coordinates(shapely.get_point(lines[apart], -1)) == pytest.approx(
        np.add(places, ORIGIN)[end[apart]], abs=1e-6
    )
    streets_m = shapely.union_all(streets.geometry.to_numpy())
    assert all(streets_m.buffer(0.01).covers(each) for each in lines[apart])
    assert [each is None for each in lines[~apart]] == [True] * 5


def test_shorter_of_two_parallel_streets_is_taken() -> None:
    """Between the same two crossings."""
    bent = shapely.LineString([(0, 0), (100, 80), (200, 0)])
    streets = streets_of([line((0, 0), (200, 0)), line(*bent.coords)])
    ways = ways_of("foot", [(0, 0), (200, 0)], streets)
    assert ways.lengths(np.arange(2))[0, 1] == pytest.approx(200.0)
    (drawn,) = ways.lines(np.array([0]), np.array([1]))
    assert drawn.length == pytest.approx(200.0)


def test_pieces_are_put_together_in_order() -> None:
    """Joints are not repeated."""
    pieces = np.array([line((0, 0), (1, 0)), line((1, 0), (1, 1)), line((5, 5), (6, 5))])
    first, none, second = joined_lines(pieces, np.array([0, 0, 2]), 3)
    assert first.equals(line((0, 0), (1, 0), (1, 1)))
    assert len(first.coords) == 3
    assert none is None
    assert second.equals(pieces[2])
