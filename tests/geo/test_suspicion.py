"""Layers in different datums are noticed, others left in peace."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from geo import convert, suspect_datum
from geo.suspicion import suspect_own_areas

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


SIDE_M = 300.0
"""Side of a grid cell: less than GCJ-02 shifts."""


def cells(side_m: float = SIDE_M, across: int = 12) -> gpd.GeoDataFrame:
    """Return the cells of a grid in Xunyang, by codes that are numbers."""
    x, y = (side_m * axis.ravel() for axis in np.mgrid[:across, :across])
    x, y = x + 627_000.0, y + 3_634_000.0
    squares = shapely.box(x, y, x + side_m, y + side_m)
    return gpd.GeoDataFrame({"area_id": np.arange(len(x))}, geometry=squares, crs=4545)


def within(
    areas: gpd.GeoDataFrame, n: int, datum: str = "wgs84", *, seed: int = 1, noise_m: float = 0.0
) -> gpd.GeoDataFrame:
    """Return n points in areas by chance, off by some noise, recorded in a datum."""
    random = np.random.default_rng(seed)
    row = random.integers(0, len(areas), n)
    west, south, east, north = shapely.bounds(np.asarray(areas.geometry.array)[row]).T
    x = random.uniform(west, east) + random.normal(0.0, noise_m, n)
    y = random.uniform(south, north) + random.normal(0.0, noise_m, n)
    lonlat = gpd.GeoSeries.from_xy(x, y, crs=areas.crs).to_crs(4326)
    lon, lat = convert(lonlat.x, lonlat.y, "wgs84", datum)
    codes = areas["area_id"].to_numpy()[row].astype(str)
    return gpd.GeoDataFrame({"area_code": codes}, geometry=gpd.points_from_xy(lon, lat), crs=4326)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("side_m", [SIDE_M, 3_000.0])
def test_points_outside_their_own_areas_name_the_datum(datum: str, side_m: float) -> None:
    """In cells smaller and larger than the shift; codes as text and as numbers."""
    areas = cells(side_m)
    suspicion = suspect_own_areas(within(areas, 300, datum, noise_m=10.0), areas)
    assert suspicion is not None
    assert (suspicion.points_datum, suspicion.areas_datum) == (datum, "wgs84")
    assert suspicion.outside_if <= 3
    assert suspicion.outside > 30
    assert suspicion.summary()["points"] == 300


def test_areas_in_another_datum_are_named_as_such() -> None:
    """Points in WGS-84 in areas drawn on a shifted map; in degrees or metres."""
    areas = cells()
    shifted = areas.to_crs(4326)
    shifted = shifted.set_geometry(
        shapely.transform(
            np.asarray(shifted.geometry.array),
            lambda xy: np.column_stack(convert(xy[:, 0], xy[:, 1], "wgs84", "gcj02")),
        ),
        crs=4326,
    )
    for frame in (shifted, shifted.to_crs(4545)):
        suspicion = suspect_own_areas(within(areas, 100), frame)
        assert suspicion is not None
        assert (suspicion.points_datum, suspicion.areas_datum) == ("wgs84", "gcj02")


@pytest.mark.parametrize("noise_m", [0.0, 30.0, 150.0, 600.0])
def test_points_scattered_over_borders_by_chance_are_not_suspected(noise_m: float) -> None:
    """20 times each: some outside their areas, most of them, nearly all."""
    areas = cells()
    for seed in range(20):
        points = within(areas, 40 + 15 * seed, seed=seed, noise_m=noise_m)
        assert suspect_own_areas(points, areas) is None, seed


def test_codes_given_at_random_are_not_suspected() -> None:
    """Nearly every point is outside its area, and no datum brings it back."""
    areas = cells()
    for seed in range(20):
        points = within(areas, 200, seed=seed)
        mixed = np.random.default_rng(seed).permutation(points["area_code"].to_numpy())
        assert suspect_own_areas(points.assign(area_code=mixed), areas) is None


def test_areas_drawn_too_small_are_no_datum() -> None:
    """On all sides no shift helps; on the east side several do, and that of a datum no more."""
    areas = cells(1_500.0)
    small = areas.set_geometry(areas.geometry.buffer(-400.0), crs=areas.crs)
    assert suspect_own_areas(within(areas, 800), small) is None
    bounds = areas.geometry.bounds
    strips = areas.set_geometry(
        shapely.box(
            bounds["maxx"] + 50.0, bounds["miny"] + 600, bounds["maxx"] + 150, bounds["maxy"] - 600
        ),
        crs=areas.crs,
    )
    assert suspect_own_areas(within(strips, 200), areas) is None


def test_most_of_the_points_outside_must_come_back() -> None:
    """Of some 210 outside, 110 have the code of another cell and stay outside; of 180, 60."""
    areas = cells(3_000.0)
    points = within(areas, 600, "gcj02")
    for wrong, doubtful in ((115, False), (60, True)):
        codes = points["area_code"].to_numpy().copy()
        codes[:wrong] = np.roll(codes[:wrong], 7)
        found = suspect_own_areas(points.assign(area_code=codes), areas)
        assert (found is not None) == doubtful


def test_a_handful_of_points_that_come_back_may_be_chance() -> None:
    """In large cells a shift takes few of 40 outside; of 400 enough."""
    areas = cells(3_000.0)
    assert suspect_own_areas(within(areas, 40, "gcj02"), areas) is None
    assert suspect_own_areas(within(areas, 400, "gcj02"), areas) is not None


def test_a_shift_that_is_not_that_of_a_datum_is_not_suspected() -> None:
    """As far as GCJ-02, across its direction."""
    areas = cells()
    points = within(areas, 300).to_crs(4545)
    at = points.get_coordinates().to_numpy()
    shifted = within(areas, 300, "gcj02").to_crs(4545).get_coordinates().to_numpy() - at
    across = at + np.column_stack((-shifted[:, 1], shifted[:, 0]))
    moved = points.set_geometry(gpd.points_from_xy(*across.T), crs=4545)
    assert suspect_own_areas(moved, areas) is None


def test_points_on_the_border_are_in_their_areas() -> None:
    """On the east border of the cell, or 15 m beyond: not outside, whatever comes of a shift."""
    areas = cells(2_000.0)
    north = np.linspace(100, 1_900, 50)
    east = areas.geometry.bounds["maxx"].iloc[0]
    points = gpd.GeoDataFrame(
        {"area_code": ["0"] * 50},
        geometry=gpd.points_from_xy(east + 15.0, areas.geometry.bounds["miny"].iloc[0] + north),
        crs=4545,
    )
    assert suspect_own_areas(points, areas) is None


def test_of_several_areas_with_one_code_each_counts_and_others_say_nothing() -> None:
    """A grid stored for two lines; points without code, place or area."""
    areas = cells()
    far = areas.set_geometry(areas.geometry.translate(50_000.0), crs=areas.crs)
    both = gpd.GeoDataFrame(
        {"area_id": [*areas["area_id"], *far["area_id"], -1]},
        geometry=[*areas.geometry, *far.geometry, None],
        crs=4545,
    )
    assert suspect_own_areas(within(areas, 300), both) is None
    found = suspect_own_areas(within(areas, 300, "gcj02"), both)
    assert found is not None
    assert found.outside_if <= 3
    few = within(areas, 60, "gcj02")
    few.loc[:40, "area_code"] = None
    assert suspect_own_areas(few, areas) is None
    few = within(areas, 60, "gcj02")
    few.loc[:40, "area_code"] = "-1"
    assert suspect_own_areas(few, both) is None
    few = within(areas, 60, "gcj02")
    few.loc[:40, "geometry"] = None
    assert suspect_own_areas(few, areas) is None
    assert suspect_own_areas(within(areas, 60, "gcj02"), areas.iloc[:0]) is None
