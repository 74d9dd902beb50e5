"""The street network: who may walk where, where points are on it, and how far apart."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import CRSError, GeometryError, InvalidParameterError
from geo.noding import JOIN_M
from geo.profiles import directions, levels
from geo.snapping import SNAP_M, Snapped
from geo.streets import StreetNetwork
from tests.strategies import line, places, points_of, polylines, streets_of

CROSS = line((0, 0), (100, 0)), line((50, -50), (50, 50))


def way(network: StreetNetwork, a: tuple[float, float], b: tuple[float, float]) -> float:
    """Measure one way."""
    ends = network.snap(points_of([a, b]))
    return float(network.distances(ends.only(np.array([1, 0]) == 1), ends)[0, 1])


def test_ways_go_along_the_streets() -> None:
    """Round the corner at the crossing."""
    network = StreetNetwork.from_frame(streets_of(CROSS))
    assert way(network, (0, 0), (50, 50)) == pytest.approx(100.0, abs=1e-9)
    assert way(network, (10, 0), (30, 0)) == pytest.approx(20.0, abs=1e-9)
    assert way(network, (30, 0), (30, 0)) == 0.0


def test_one_snaps_along_the_edge_and_not_to_its_nodes() -> None:
    """The foot of the perpendicular, with its distance."""
    network = StreetNetwork.from_frame(streets_of(CROSS))
    snapped = network.snap(points_of([(20, 7), (120, 0)]))
    assert snapped.at_m == pytest.approx([20.0, 100.0], abs=1e-9)
    assert snapped.offset_m == pytest.approx([7.0, 20.0], abs=1e-9)
    assert snapped.routable.all()


def test_far_points_are_not_pulled_in() -> None:
    """Their distance is told, their place is not invented; so for a point without a place."""
    network = StreetNetwork.from_frame(streets_of(CROSS))
    points = points_of([(-SNAP_M, 0), (-SNAP_M - 0.001, 0), (20, 0)])
    points.loc[2, "geometry"] = shapely.Point()
    snapped = network.snap(points)
    assert snapped.routable.tolist() == [True, False, False]
    assert snapped.offset_m[:2] == pytest.approx([SNAP_M, SNAP_M + 0.001])
    assert np.isnan(snapped.offset_m[2])
    assert np.isinf(network.distances(snapped, snapped)[0, 1:]).all()


def test_pieces_of_the_network_are_listed_the_longest_first() -> None:
    """There is no way from one to the other."""
    network = StreetNetwork.from_frame(streets_of([*CROSS, line((200, 0), (230, 0))]))
    pieces = network.components()
    assert pieces["length_m"].tolist() == pytest.approx([200.0, 30.0])
    assert pieces["edges"].tolist() == [4, 1]
    assert np.isinf(way(network, (0, 0), (210, 0)))


@pytest.mark.parametrize(
    ("oneway", "there", "back"),
    [("yes", 30.0, np.inf), ("F", 30.0, np.inf), ("-1", np.inf, 30.0), ("T", np.inf, 30.0),
     ("no", 30.0, 30.0), ("B", 30.0, 30.0), (None, 30.0, 30.0)],
)  # fmt: skip
def test_a_vehicle_keeps_to_one_way_and_a_walker_does_not(
    oneway: str | None, there: float, back: float
) -> None:
    """The values of the file contract."""
    streets = streets_of([line((0, 0), (100, 0))], oneway=[oneway])
    drive = StreetNetwork.from_frame(streets, profile="vehicle")
    assert way(drive, (20, 0), (50, 0)) == pytest.approx(there)
    assert way(drive, (50, 0), (20, 0)) == pytest.approx(back)
    assert way(StreetNetwork.from_frame(streets), (50, 0), (20, 0)) == pytest.approx(30.0)


def test_a_vehicle_takes_the_way_round_a_block_against_one_way() -> None:
    """A square of 100 m that is driven counterclockwise."""
    sides = [line((0, 0), (100, 0)), line((100, 0), (100, 100)), line((100, 100), (0, 100)),
             line((0, 100), (0, 0))]  # fmt: skip
    drive = StreetNetwork.from_frame(streets_of(sides, oneway=["yes"] * 4), profile="vehicle")
    assert way(drive, (80, 0), (20, 0)) == pytest.approx(340.0)


def test_a_lane_of_one_metre_is_for_walking() -> None:
    """Neither are footways and steps driven on, nor motorways walked on."""
    streets = streets_of(
        [line((0, y), (100, y)) for y in (0, 100, 200, 300, 400)],
        **{
            "class": ["residential", "residential", "footway", "motorway", None],
            "width_m": [1.0, 6.0, None, None, None],
        },
    )
    walk = directions(streets, "walk")
    drive = directions(streets, "vehicle")
    assert walk[0].tolist() == walk[1].tolist() == [True, True, True, False, True]
    assert drive[0].tolist() == drive[1].tolist() == [False, True, False, True, True]


def test_nobody_is_put_on_a_street_that_he_may_not_use() -> None:
    """The motorway is nearer, the post stands on the street behind it."""
    streets = streets_of(
        [line((0, 0), (100, 0)), line((0, 20), (100, 20))], **{"class": ["motorway", None]}
    )
    snapped = StreetNetwork.from_frame(streets).snap(points_of([(50, 1)]))
    assert snapped.part.tolist() == [1]
    assert snapped.offset_m == pytest.approx([19.0])


def test_levels_come_from_the_layer_then_from_bridge_and_tunnel() -> None:
    """A bridge on layer 0 is a bridge all the same."""
    streets = streets_of(
        [line((0, y), (1, y)) for y in range(6)],
        bridge=["yes", None, "no", "yes", None, "yes"],
        tunnel=[None, "yes", "no", None, None, None],
        layer=[None, None, "0", "2", "-1", "0"],
    )
    assert levels(streets).tolist() == [1, -1, 0, 2, -1, 1]


def test_a_bridge_is_no_way_down_to_the_street_below() -> None:
    """But one can walk on over it."""
    streets = streets_of(
        [line((0, 0), (50, 0)), line((50, 0), (150, 0)), line((150, 0), (200, 0)),
         line((100, -50), (100, 50))],
        bridge=[None, "yes", None, None],
    )  # fmt: skip
    network = StreetNetwork.from_frame(streets)
    assert way(network, (10, 0), (190, 0)) == pytest.approx(180.0)
    assert np.isinf(way(network, (10, 0), (100, 40)))


def test_nobody_passes_a_shut_gate() -> None:
    """The way round is taken, or there is none; one can walk up to it on either side."""
    streets = streets_of([line((0, 0), (100, 0)), line((0, 0), (0, 50), (100, 50), (100, 0))])
    gate = points_of([(40, 0)])
    network = StreetNetwork.from_frame(streets, shut=gate)
    assert way(StreetNetwork.from_frame(streets), (30, 0), (60, 0)) == pytest.approx(30.0)
    assert way(network, (30, 0), (60, 0)) == pytest.approx(30 + 200 + 40)
    alone = StreetNetwork.from_frame(streets.iloc[:1], shut=gate)
    assert np.isinf(way(alone, (30, 0), (60, 0)))
    assert way(alone, (0, 0), (39, 0)) == pytest.approx(39.0)


def test_a_gate_at_the_end_of_a_street_shuts_it() -> None:
    """The gate stands where the lane leaves the road."""
    streets = streets_of([line((50, 0), (50, 80)), line((0, 0), (100, 0))])
    lane = StreetNetwork.from_frame(streets, shut=points_of([(50, 0.5)]))
    assert np.isinf(way(lane, (50, 40), (20, 0)))
    assert way(lane, (20, 0), (80, 0)) == pytest.approx(60.0)
    end = StreetNetwork.from_frame(streets, shut=points_of([(100, 0)]))
    assert way(end, (50, 40), (100, 0)) == pytest.approx(90.0)
    corner = StreetNetwork.from_frame(streets, shut=points_of([(50, -20)]))
    assert np.isinf(way(corner, (20, 0), (80, 0)))


def test_a_site_at_a_junction_or_in_a_ring_is_one_node() -> None:
    """Places that two sites share are cut once."""
    network = StreetNetwork.from_frame(streets_of(CROSS))
    finer, node = network.with_sites(network.snap(points_of([(50, 0), (50, 0), (20, 3), (20, -3)])))
    assert node[0] == node[1]
    assert node[2] == node[3]
    assert finer.nodes == network.nodes + 1
    assert finer.length_m.sum() == pytest.approx(200.0)


def test_nearest_gives_the_distance_and_the_site() -> None:
    """The way from the site to its node counts too."""
    network = StreetNetwork.from_frame(streets_of(CROSS))
    finer, node = network.with_sites(network.snap(points_of([(0, 0), (100, 0)])))
    distance_m, site = finer.nearest(node, first_m=np.array([10.0, 0.0]))
    middle = np.flatnonzero(np.bincount(finer.tail, minlength=finer.nodes)
                            + np.bincount(finer.head, minlength=finer.nodes) == 4)  # fmt: skip
    assert distance_m[middle] == pytest.approx([50.0])
    assert site[middle].tolist() == [1]
    assert distance_m[node] == pytest.approx([10.0, 0.0])
    short, near = finer.nearest(node, limit_m=20.0)
    assert np.isinf(short[middle]).all()
    assert near[middle].tolist() == [-1]


def test_without_a_site_everything_is_endlessly_far() -> None:
    """Nothing is near nobody."""
    network = StreetNetwork.from_frame(streets_of(CROSS))
    nowhere = Snapped(np.array([-1]), np.array([np.nan]), np.array([np.nan]))
    finer, node = network.with_sites(nowhere)
    assert finer is network
    assert np.isinf(finer.nearest(node)[0]).all()


def test_no_street_is_a_network_without_nodes() -> None:
    """An empty layer is one; points are not on it."""
    network = StreetNetwork.from_frame(streets_of([]))
    assert network.nodes == 0
    assert not network.snap(points_of([(0, 0)])).routable.any()
    assert len(network.components()) == 0


def brute(lines: list[shapely.LineString], a: shapely.Point, b: shapely.Point) -> float:
    """Search the union of the lines, as shapely nodes it, node by node."""
    union = shapely.get_parts(shapely.node(shapely.MultiLineString(lines)))
    ways: dict[tuple[float, float], list[tuple[tuple[float, float], float]]] = {}

    def add(p: tuple[float, float], q: tuple[float, float], length: float) -> None:
        ways.setdefault(p, []).append((q, length))
        ways.setdefault(q, []).append((p, length))

    for piece in union:
        cuts = sorted({0.0, piece.length, *(piece.project(p) for p in (a, b)
                       if piece.distance(p) < 1e-6)})  # fmt: skip
        spots = [tuple(np.round(piece.interpolate(c).coords[0], 5)) for c in cuts]
        for k in range(len(cuts) - 1):
            add(spots[k], spots[k + 1], cuts[k + 1] - cuts[k])
    start, goal = (min(ways, key=lambda spot, p=p: shapely.Point(spot).distance(p)) for p in (a, b))
    best, heap = {start: 0.0}, [(0.0, start)]
    while heap:
        far, here = heapq.heappop(heap)
        if here == goal:
            return far
        for there, length in ways[here]:
            if far + length < best.get(there, np.inf):
                best[there] = far + length
                heapq.heappush(heap, (far + length, there))
    return float("inf")


@settings(max_examples=60)
@given(lines=st.lists(polylines, min_size=1, max_size=5), ends=st.tuples(places, places))
def test_ways_are_those_of_a_search_over_shapelys_union(
    lines: list[shapely.LineString], ends: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    """Another noding, another search, the same length, less the tolerance of some joints."""
    distances = [a.distance(b) for a in lines for b in lines]
    ends_near = [shapely.Point(p).distance(b) for a in lines for p in (a.coords[0], a.coords[-1])
                 for b in lines]  # fmt: skip
    if any(0.0 < d < 0.05 for d in distances + ends_near):
        return
    network = StreetNetwork.from_frame(streets_of(lines))
    snapped = network.snap(points_of(list(ends)), max_m=1e9)
    feet = shapely.points(network.lines.locate(snapped.part, snapped.at_m))
    found = network.distances(snapped, snapped)
    assert found[0, 1] == pytest.approx(brute(lines, feet[0], feet[1]), abs=20 * JOIN_M)
    assert found[0, 1] == pytest.approx(found[1, 0], abs=1e-9)


def test_options_out_of_range_are_refused() -> None:
    """Profile, tolerance, CRS and kind of geometry."""
    streets = streets_of(CROSS)
    with pytest.raises(InvalidParameterError, match="profile: 'fly' is unknown"):
        StreetNetwork.from_frame(streets, profile="fly")
    with pytest.raises(InvalidParameterError, match="join_m must be a number of 0 or more"):
        StreetNetwork.from_frame(streets, join_m=float("nan"))
    with pytest.raises(CRSError, match="streets: "):
        StreetNetwork.from_frame(streets.to_crs(4326))
    with pytest.raises(GeometryError, match="streets: row 0 is a Point"):
        StreetNetwork.from_frame(points_of([(0, 0)]))
