"""What sites reach along the streets, one by one and together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from geo.intervals import Intervals
from geo.lines import Lines
from geo.reaches import Reaches, reached, reached_places, reaches
from geo.streets import StreetNetwork
from tests.strategies import line, point_lists, points_of, street_frames, streets_of
from tests.strategies import reaches as lengths


def reach(network: StreetNetwork, at: list[tuple[float, float]], reach_m: float) -> Reaches:
    """Spread out from places."""
    return reaches(network, network.snap(points_of(at)), np.full(len(at), reach_m))


def test_a_site_reaches_round_every_corner() -> None:
    """30 m before a crossing with 50 m: 20 m into each of three arms."""
    network = StreetNetwork.from_frame(
        streets_of([line((0, 0), (100, 0)), line((60, -50), (60, 50))])
    )
    found = reach(network, [(30, 0)], 50.0)
    assert found.part.tolist() == [0, 1]
    assert found.start == pytest.approx([0.0, 30.0])
    assert found.end == pytest.approx([80.0, 70.0])


def test_the_way_from_the_site_to_the_street_counts() -> None:
    """Ten metres off, ten metres less to either side."""
    network = StreetNetwork.from_frame(streets_of([line((0, 0), (200, 0))]))
    found = reach(network, [(100, 10), (100, 49.999), (100, 60)], 50.0)
    assert found.site.tolist() == [0, 1]
    assert found.start == pytest.approx([60.0, 99.999])
    assert found.end == pytest.approx([140.0, 100.001])


def test_one_may_not_reach_against_a_one_way_street() -> None:
    """A vehicle spreads out only where it may drive."""
    streets = streets_of([line((0, 0), (200, 0))], oneway=["yes"])
    found = reach(StreetNetwork.from_frame(streets, profile="vehicle"), [(100, 0)], 50.0)
    assert found.start == pytest.approx([100.0])
    assert found.end == pytest.approx([150.0])


def test_a_ring_is_reached_from_both_sides() -> None:
    """A ring of 400 m: 250 m each way reach it all, 150 m leave 100 m."""
    ring = streets_of([line((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))])
    network = StreetNetwork.from_frame(ring)
    assert reach(network, [(0, 0)], 250.0).of(np.array([True])).length_m == pytest.approx(400.0)
    assert reach(network, [(0, 0)], 150.0).of(np.array([True])).length_m == pytest.approx(300.0)


def test_pieces_know_who_reaches_them() -> None:
    """Two sites 60 m apart that see 50 m: alone, both, alone, and what nobody reaches."""
    network = StreetNetwork.from_frame(streets_of([line((0, 0), (200, 0))]))
    found = reach(network, [(60, 0), (120, 0)], 50.0)
    part, start, end, reached_by = found.pieces(network.lines.whole)
    assert part.tolist() == [0] * 5
    assert start == pytest.approx([0, 10, 70, 110, 170])
    assert end == pytest.approx([10, 70, 110, 170, 200])
    assert reached_by.toarray().tolist() == [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


@given(streets=street_frames, at=point_lists, reach_m=lengths)
def test_what_all_reach_together_is_what_is_near_the_nearest(
    streets: object, at: list[tuple[float, float]], reach_m: float
) -> None:
    """One search from every site, and one search from all at once."""
    network = StreetNetwork.from_frame(streets)  # type: ignore[arg-type]
    snapped = network.snap(points_of(at))
    one_by_one = reaches(network, snapped, np.full(len(at), reach_m))
    finer, node = network.with_sites(snapped)
    distance_m, _ = finer.nearest(node, first_m=snapped.offset_m)
    together = reached(finer, distance_m, reach_m)
    alone = one_by_one.of(np.ones(len(at), dtype=bool))
    assert alone.length_m == pytest.approx(together.length_m, abs=1e-6)
    assert alone.difference(together).length_m == pytest.approx(0.0, abs=1e-6)


@given(streets=street_frames, at=point_lists, reach_m=lengths)
def test_pieces_are_the_whole_and_their_sites_are_right(
    streets: object, at: list[tuple[float, float]], reach_m: float
) -> None:
    """The pieces of a site add up to what it reaches."""
    network = StreetNetwork.from_frame(streets)  # type: ignore[arg-type]
    found = reach(network, at, reach_m)
    _, start, end, reached_by = found.pieces(network.lines.whole)
    assert (end - start).sum() == pytest.approx(network.lines.whole.length_m)
    by_piece = reached_by.T @ (end - start)
    for site in range(len(at)):
        own = found.of(np.arange(len(at)) == site)
        assert by_piece[site] == pytest.approx(own.length_m, abs=1e-6)


def test_nobody_reaches_nothing() -> None:
    """No site, or no street."""
    lines = Lines.from_frame(streets_of([]), "streets")
    network = StreetNetwork.from_frame(streets_of([]))
    assert len(reach(network, [], 50.0).site) == 0
    assert len(reach(network, [(0, 0)], 50.0).site) == 0
    pieces = reach(network, [(0, 0)], 50.0).pieces(lines.whole)
    assert pieces[3].shape == (0, 1)
    assert isinstance(reach(network, [], 50.0).of(np.empty(0, dtype=bool)), Intervals)


@given(streets=street_frames, at=point_lists, goals=point_lists, reach_m=lengths)
def test_places_in_reach_are_those_whose_way_is_short_enough(
    streets: object,
    at: list[tuple[float, float]],
    goals: list[tuple[float, float]],
    reach_m: float,
) -> None:
    """The ways of one search per site, both ends to the street included."""
    network = StreetNetwork.from_frame(streets)  # type: ignore[arg-type]
    sites, places = network.snap(points_of(at)), network.snap(points_of(goals))
    found = reached_places(network, sites, places, np.full(len(at), reach_m)).toarray()
    way = network.distances(sites, places) + sites.offset_m[:, None] + places.offset_m[None, :]
    clear = np.abs(way.T - reach_m) > 1e-6
    assert ((found == 1) == (reach_m >= way.T))[clear].all()
