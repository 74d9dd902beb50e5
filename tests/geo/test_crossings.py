"""Roads that cross a boundary, and their checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geo import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.crossings import boundary_crossings
from geo.streets import StreetNetwork
from tests.strategies import CRS, ORIGIN, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    import geopandas as gpd

SQUARE = areas_of({"A": box(-100, -100, 100, 100)})
NOBODY = points_of([])


def at(found: gpd.GeoDataFrame) -> list[list[float]]:
    """Return where crossings are, in metres from the origin."""
    return np.subtract(shapely.get_coordinates(found.geometry.array), ORIGIN).round(6).tolist()


def test_a_road_through_the_area_crosses_twice() -> None:
    """It is listed with its class, its name and its group."""
    roads = streets_of(
        [line((-300, 0), (300, 0)), line((0, 50), (0, 100)), line((150, -90), (150, 90))],
        name=["国道", "巷", "外路"], **{"class": ["trunk", "service", "primary"]},
    )  # fmt: skip
    found = boundary_crossings(roads, SQUARE, NOBODY)
    assert at(found.crossings) == [[-99.5, 0], [99.5, 0]]
    assert found.crossings.drop(columns="geometry").iloc[0, :7].tolist() == [
        "A", 0, "国道", "trunk", "arterial", 1, False,
    ]  # fmt: skip
    assert found.crossings["checkpoint_id"].isna().all()
    assert found.crossings["distance_m"].isna().all()
    assert len(found.unserved) == 2
    assert found.crossings.crs == CRS


def test_a_checkpoint_serves_along_the_street_and_not_through_the_air() -> None:
    """20 m away over the wall and 220 m round the block is too far; exactly the way is near."""
    roads = streets_of(
        [line((0, 0), (300, 0)), line((0, 20), (300, 20)), line((0, 0), (0, 20))]
    )  # fmt: skip
    gate = points_of([(149.5, 3)], checkpoint_id=["K7"])
    found = boundary_crossings(roads, SQUARE, gate, within_m=50.0)
    assert found.crossings["served"].tolist() == [True, False]
    assert found.crossings["checkpoint_id"].tolist()[0] == "K7"
    assert found.crossings["distance_m"].tolist() == [
        pytest.approx(50.0),
        pytest.approx(np.nan, nan_ok=True),
    ]
    assert not boundary_crossings(roads, SQUARE, gate, within_m=49.999).crossings["served"].any()
    nearer = points_of([(149.5, 0), (90, 0), (0, 0)])
    best = boundary_crossings(roads, SQUARE, nearer, within_m=150.0).crossings
    assert best["checkpoint_id"].tolist() == [1, 2]
    assert best["distance_m"].tolist() == pytest.approx([9.5, 119.5])


def test_figures_have_numerator_and_denominator() -> None:
    """An area without a crossing has no share."""
    roads = streets_of([line((-300, 0), (300, 0))])
    areas = areas_of({"A": box(-100, -100, 100, 100), "B": box(500, 0, 600, 9), "C": None})
    areas["name"] = ["甲", "乙", "丙"]
    found = boundary_crossings(roads, areas, points_of([(120, 5), (0, 900)]))
    table = found.areas[["crossings", "served", "unserved"]].to_numpy().tolist()
    assert table == [[2, 1, 1], [0, 0, 0], [0, 0, 0]]
    assert found.areas["served_share"].tolist()[0] == 0.5
    assert found.areas["served_share"].isna().tolist() == [False, True, True]
    assert found.areas["name"].tolist() == ["甲", "乙", "丙"]
    assert found.summary() == {
        "areas": 3, "crossings": 2, "served": 1, "unserved": 1, "served_share": 0.5,
        "checkpoints_off_network": 1, "within_m": 100.0, "cluster_m": 30.0, "crs": "EPSG:4547",
    }  # fmt: skip
    assert boundary_crossings(roads, areas.iloc[1:], NOBODY).summary()["served_share"] is None


def test_a_road_that_touches_the_line_again_and_again_crosses_once() -> None:
    """Within the tolerance; without it every time counts, and a touch alone never does."""
    wave = line((-300, 90), (-20, 90), (-10, 110), (0, 90), (10, 110), (300, 110))
    inside = line((-90, 90), (0, 100), (90, 90))
    roads = streets_of([wave])
    found = boundary_crossings(roads, areas_of({"A": box(-400, -100, 400, 100)}), NOBODY)
    assert found.crossings["places"].tolist() == [3]
    apart = boundary_crossings(
        roads, areas_of({"A": box(-400, -100, 400, 100)}), NOBODY, cluster_m=0.0
    )
    assert apart.crossings["places"].tolist() == [1, 1, 1]
    assert len(boundary_crossings(streets_of([inside]), SQUARE, NOBODY).crossings) == 0


def test_both_carriageways_of_a_road_are_one_crossing() -> None:
    """By name; a road of another name beside them is its own; one checkpoint serves both."""
    roads = streets_of(
        [line((0, y), (300, y)) for y in (0, 15, 25)],
        name=["大道", " 大道", None], street_id=["a", "b", "c"], oneway=["yes", "-1", None],
    )  # fmt: skip
    drive = StreetNetwork.from_frame(roads, profile="vehicle")
    found = boundary_crossings(roads, SQUARE, points_of([(60, 15)]), network=drive).crossings
    assert found["street_id"].tolist() == ["a", "c"]
    assert found["places"].tolist() == [2, 1]
    assert found["served"].tolist() == [True, False]
    assert found["distance_m"].tolist()[0] == pytest.approx(39.5)
    apart = boundary_crossings(roads, SQUARE, NOBODY, cluster_m=14.0)
    assert len(apart.crossings) == 3


def test_streets_that_lead_in_from_a_street_along_the_line_all_cross() -> None:
    """The ring road is the border; a lane that ends at it leads in all the same."""
    ring = line((-200, 100), (200, 100))
    lanes = [line((x, 100), (x, 20)) for x in (-80, -40, 60)]
    found = boundary_crossings(streets_of([ring, *lanes]), SQUARE, NOBODY)
    assert found.crossings["street_id"].tolist() == [1, 2, 3]
    yard = [line((-80, 100), (80, 100)), *lanes]
    assert len(boundary_crossings(streets_of(yard), SQUARE, NOBODY).crossings) == 0
    out = [*yard, line((0, 100), (0, 300))]
    assert len(boundary_crossings(streets_of(out), SQUARE, NOBODY).crossings) == 3


def test_streets_that_meet_on_the_line_cross_there_once() -> None:
    """Two roads from inside, one to the outside: one place."""
    roads = streets_of(
        [line((0, 40), (100, 0)), line((0, -40), (100, 0)), line((100, 0), (300, 0))]
    )  # fmt: skip
    found = boundary_crossings(roads, SQUARE, NOBODY)
    assert len(found.crossings) == 2
    square = areas_of({"A": box(-100, -100, 100.5, 100)})
    assert boundary_crossings(roads, square, NOBODY).crossings["places"].tolist() == [2]


def test_each_area_has_its_own_crossings() -> None:
    """A road over a shared border crosses both boundaries."""
    areas = areas_of({"W": box(-100, -50, 0, 50), "E": box(0, -50, 100, 50)})
    found = boundary_crossings(streets_of([line((-50, 0), (50, 0))]), areas, NOBODY)
    assert found.crossings["area_id"].tolist() == ["W", "E"]
    assert at(found.crossings) == [[-0.5, 0], [0.5, 0]]


def test_one_boundary_under_two_codes_is_crossed_for_each() -> None:
    """What is one place on the map is a crossing of either."""
    twice = areas_of({"A": SQUARE.geometry[0], "B": SQUARE.geometry[0]})
    found = boundary_crossings(streets_of([line((0, 0), (300, 0))]), twice, NOBODY).crossings
    assert found[["area_id", "places"]].to_numpy().tolist() == [["A", 1], ["B", 1]]


def test_a_checkpoint_at_exactly_the_way_serves_whatever_the_rounding() -> None:
    """Roads at all angles, each with a checkpoint 30 m from where it comes to the line."""
    tilt = np.radians(np.arange(0, 360, 7.3))
    out = np.column_stack((np.sin(tilt), np.cos(tilt)))
    roads = streets_of([line((5 * x, 5 * y), (300 * x, 300 * y)) for x, y in out])
    line_m = 99.5 / np.abs(out).max(axis=1)
    posts = points_of([tuple(unit * (far + 30.0)) for unit, far in zip(out, line_m, strict=True)])
    found = boundary_crossings(roads, SQUARE, posts, within_m=30.0, cluster_m=0.0)
    assert found.summary()["served_share"] == 1.0
    assert not boundary_crossings(roads, SQUARE, posts, within_m=29.999).crossings["served"].any()


def test_only_roads_that_one_may_use_count() -> None:
    """A footpath is no road for vehicles, a motorway none for walkers."""
    roads = streets_of(
        [line((0, y), (300, y)) for y in (0, 50)], **{"class": ["footway", "motorway"]}
    )
    drive = StreetNetwork.from_frame(roads, profile="vehicle")
    assert boundary_crossings(roads, SQUARE, NOBODY).crossings["class"].tolist() == ["footway"]
    driven = boundary_crossings(roads, SQUARE, NOBODY, network=drive)
    assert driven.crossings["class"].tolist() == ["motorway"]


def test_nothing_gives_nothing() -> None:
    """No street, no area, no crossing; the columns stay."""
    names = ["area_id", "street_id", "road", "places", "served", "checkpoint_id", "distance_m",
             "geometry"]  # fmt: skip
    for roads, areas in (
        (streets_of([]), SQUARE),
        (streets_of([line((0, 0), (300, 0))]), SQUARE[:0]),
    ):
        found = boundary_crossings(roads, areas, points_of([(0, 0)]))
        assert list(found.crossings.columns) == names
        assert found.summary()["crossings"] == 0


def test_it_refuses_what_it_cannot_answer() -> None:
    """The message names the argument."""
    roads = streets_of([line((0, 0), (300, 0))])
    for name in ("within_m", "cluster_m"):
        for value in (-1.0, np.nan, np.inf):
            with pytest.raises(
                InvalidParameterError, match=f"{name} must be a number of 0 or more"
            ):
                boundary_crossings(roads, SQUARE, NOBODY, **{name: value})
    with pytest.raises(ColumnError, match="area_id"):
        boundary_crossings(roads, SQUARE.drop(columns="area_id"), NOBODY)
    with pytest.raises(GeometryError, match="points: row 0 is a Polygon"):
        boundary_crossings(roads, SQUARE, SQUARE)
    with pytest.raises(CRSError, match="checkpoints"):
        boundary_crossings(roads, SQUARE, points_of([(0, 0)]).to_crs("EPSG:4326"))


halves = st.integers(-150, 150).map(lambda n: 2.0 * n)
shapes = st.lists(
    st.lists(st.tuples(halves, halves), min_size=2, max_size=4, unique=True), min_size=1, max_size=5
)


@given(shapes, st.integers(-40, 40), st.integers(-40, 40), st.integers(10, 60))
def test_crossings_are_the_intersections_that_shapely_finds(
    roads: list[list[tuple[float, float]]], x: int, y: int, half: int
) -> None:
    """Vertices are on even metres and outlines on odd ones, so that no road ends on the line."""
    middle = (2 * x, 2 * y)
    square = box(*(c + s * (2 * half + 1) for s in (-1, 1) for c in middle))
    streets = streets_of([line(*road) for road in roads])
    # Where a road turns back on itself, grazes the line or meets another on it, counting points is
    # not counting crossings.
    assume(streets.is_simple.all())
    band = shapely.buffer(square.exterior, 0.51)
    points, on_line = (
        [[piece for piece in shapely.get_parts(road.intersection(where)) if not piece.is_empty]
         for road in streets.geometry]
        for where in (square.exterior, band)
    )  # fmt: skip
    assume([len(some) for some in points] == [len(some) for some in on_line])
    corners = shapely.MultiPoint(square.exterior.coords)
    assume((streets.distance(corners) > 1.0).all())
    met = shapely.union_all([piece for some in on_line for piece in some])
    assume(len(shapely.get_parts(shapely.line_merge(met))) == sum(map(len, on_line)))
    found = boundary_crossings(streets, areas_of({"A": square}), NOBODY, cluster_m=0.0).crossings
    assert found["places"].tolist() == [1] * sum(map(len, points))
    counts = found["street_id"].value_counts().reindex(streets["street_id"], fill_value=0)
    assert counts.tolist() == [len(some) for some in points]
    assert shapely.distance(found.geometry.array, square.exterior).max(initial=0.0) <= 0.5 + 1e-6
