"""Layers in different datums are noticed, others left in peace."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from geo import convert, suspect_datum

FILE = "cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg"


@pytest.fixture(scope="module")
def lujiazui(shared_data: Path) -> gpd.GeoDataFrame:
    """Return the real streets of Lujiazui."""
    return pyogrio.read_dataframe(shared_data / FILE, layer="streets")


def beside(streets: gpd.GeoDataFrame, n: int, datum: str = "wgs84") -> gpd.GeoDataFrame:
    """Return n points some metres beside the streets, recorded in a datum."""
    random = np.random.default_rng(5)
    metric = streets.to_crs(4549).geometry.sample(n, replace=True, random_state=5)
    at = shapely.line_interpolate_point(np.asarray(metric.array), random.random(n), normalized=True)
    moved = shapely.transform(at, lambda xy: xy + random.normal(0, 4, xy.shape))
    lonlat = gpd.GeoSeries(moved, crs=4549).to_crs(4326)
    lon, lat = convert(lonlat.x, lonlat.y, "wgs84", datum)
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_points_in_another_datum_are_flagged_with_the_one_they_are_in(
    lujiazui: gpd.GeoDataFrame, datum: str
) -> None:
    """In a dense city, where a shifted point is still near some street."""
    suspicion = suspect_datum(beside(lujiazui, 200, datum), lujiazui)
    assert suspicion is not None
    assert (suspicion.points_datum, suspicion.streets_datum) == (datum, "wgs84")
    assert suspicion.median_if_m < 6.0 < suspicion.median_m
    assert suspicion.summary()["points"] == 200


def test_streets_in_another_datum_are_flagged_as_such(lujiazui: gpd.GeoDataFrame) -> None:
    """Points in WGS-84 against streets in GCJ-02."""
    shifted = lujiazui.set_geometry(
        shapely.transform(
            np.asarray(lujiazui.geometry.array),
            lambda xy: np.column_stack(convert(xy[:, 0], xy[:, 1], "wgs84", "gcj02")),
        ),
        crs=4326,
    )
    suspicion = suspect_datum(beside(lujiazui, 200), shifted)
    assert suspicion is not None
    assert (suspicion.points_datum, suspicion.streets_datum) == ("wgs84", "gcj02")


def test_points_that_fit_are_not_suspected(lujiazui: gpd.GeoDataFrame) -> None:
    """In degrees or in metres."""
    assert suspect_datum(beside(lujiazui, 200), lujiazui) is None
    assert suspect_datum(beside(lujiazui, 200).to_crs(4549), lujiazui.to_crs(4549)) is None


def test_points_that_belong_nowhere_near_a_street_are_not_suspected(
    lujiazui: gpd.GeoDataFrame,
) -> None:
    """Scattered over the town, 300 times."""
    west, south, east, north = lujiazui.total_bounds
    for seed in range(300):
        random = np.random.default_rng(seed)
        points = gpd.points_from_xy(
            random.uniform(west, east, 40), random.uniform(south, north, 40)
        )
        assert suspect_datum(gpd.GeoDataFrame(geometry=points, crs=4326), lujiazui) is None


def test_coming_a_little_nearer_is_no_proof() -> None:
    """One straight road, points 30 m beside it: taken as GCJ-02 all of them lie 20 m off."""
    at = np.array([506_000.0, 3_458_000.0])  # a place in EPSG:4549
    lon, lat = (
        gpd.GeoSeries.from_xy(*at[:, None], crs=4549).to_crs(4326).get_coordinates().T.to_numpy()
    )
    moved = gpd.GeoSeries.from_xy(*convert(lon, lat, "gcj02", "wgs84"), crs=4326).to_crs(4549)
    shift = moved.get_coordinates().to_numpy()[0] - at
    # The road runs so that the shift brings everything 10 m nearer to it.
    turn = np.arctan2(shift[1], shift[0]) + np.arcsin(10.0 / np.hypot(*shift))
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    side = -np.sign(across @ shift)
    road = shapely.LineString([at - 3000.0 * along, at + 3000.0 * along])
    beside_it = at + np.linspace(-200, 200, 100)[:, None] * along + 30.0 * side * across
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*beside_it.T), crs=4549)
    assert suspect_datum(points, gpd.GeoDataFrame(geometry=[road], crs=4549)) is None


def test_few_points_and_no_streets_say_nothing(lujiazui: gpd.GeoDataFrame) -> None:
    """19 points are too few, whatever they are in; 60 are enough."""
    assert suspect_datum(beside(lujiazui, 19, "bd09"), lujiazui) is None
    assert suspect_datum(beside(lujiazui, 60, "bd09"), lujiazui) is not None
    assert suspect_datum(beside(lujiazui, 50), lujiazui.iloc[:0]) is None


def test_cambridge_is_not_suspected(shared_data: Path) -> None:
    """6,117 real street lights outside China."""
    file = shared_data / "us_cambridge_ma_police" / "cambridge.gpkg"
    lights = pyogrio.read_dataframe(file, layer="street_lights")
    assert suspect_datum(lights, pyogrio.read_dataframe(file, layer="street_centerlines")) is None
