"""A file in two datums is told from one in one datum, and from points that stand anywhere."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data import PlaceError, read_layer
from data.mixture import MixedDatum, mixed_datum
from data.town import make_town
from geo.datum import convert


@pytest.fixture(scope="module")
def streets(shared_data: Path) -> gpd.GeoDataFrame:
    """Return the streets of a district of Shanghai."""
    file = shared_data / "cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg"
    return read_layer(f"{file}:streets", "streets").frame


def posts(
    streets: gpd.GeoDataFrame,
    seed: int,
    *,
    step: tuple[str, str] | None = None,
    share: float = 0.5,
    count: int = 300,
) -> gpd.GeoDataFrame:
    """Return posts some 8 m from the middle of streets, a share of them in another datum."""
    random = np.random.default_rng(seed)
    metric = streets.to_crs(streets.estimate_utm_crs())
    lines = np.asarray(metric.geometry.array)
    length = shapely.length(lines)
    row = random.choice(len(lines), count, p=length / length.sum())
    spots = shapely.line_interpolate_point(lines[row], random.random(count) * length[row])
    places = shapely.get_coordinates(spots) + random.normal(0.0, 8.0, (count, 2))
    points = gpd.GeoSeries.from_xy(*places.T, crs=metric.crs).to_crs(4326)
    lonlat = shapely.get_coordinates(points.array)
    moved = random.random(count) < share
    if step is not None:
        lonlat[moved] = np.column_stack(convert(lonlat[moved, 0], lonlat[moved, 1], *step))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*lonlat.T), crs=4326)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("step", "datum"),
    [(("wgs84", "gcj02"), "gcj02"), (("wgs84", "bd09"), "bd09"), (("gcj02", "wgs84"), "wgs84")],
)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_mixture_is_found_with_the_datum_of_the_other_part(
    streets: gpd.GeoDataFrame, seed: int, step: tuple[str, str], datum: str, share: float
) -> None:
    """Also where all was converted, though half needed no conversion (the third step)."""
    mixed = mixed_datum(posts(streets, seed, step=step, share=share), streets)
    assert mixed is not None
    assert mixed.datum == datum
    assert mixed.points == 300
    # The larger part is found as the larger.
    if share != 0.5:
        assert (mixed.otherwise > mixed.as_given) == (share > 0.5)


def test_a_few_strays_are_no_mixture(streets: gpd.GeoDataFrame) -> None:
    """A file is not refused for one point in eleven."""
    strays = posts(streets, 1, step=("wgs84", "gcj02"), share=0.09, count=1500)
    assert mixed_datum(strays, streets) is None


@pytest.mark.parametrize("seed", range(5))
def test_one_datum_is_no_mixture_be_it_right_or_wrong(streets: gpd.GeoDataFrame, seed: int) -> None:
    """A file that is wholly in GCJ-02 is for `suspect_datum` to name."""
    assert mixed_datum(posts(streets, seed), streets) is None
    assert mixed_datum(posts(streets, seed, step=("wgs84", "gcj02"), share=1.0), streets) is None


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_heaps_of_incidents_in_one_wrong_datum_are_no_mixture(datum: str) -> None:
    """A shift by chance lays a whole heap on another street; the right one lays all of them."""
    town = make_town()
    lonlat = shapely.get_coordinates(town.incidents.to_crs(4326).geometry.array)
    shifted = np.column_stack(convert(*lonlat.T, "wgs84", datum))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*shifted.T), crs=4326)
    assert mixed_datum(points, town.streets) is None


@pytest.mark.parametrize("seed", range(5))
def test_points_that_stand_anywhere_are_no_mixture(streets: gpd.GeoDataFrame, seed: int) -> None:
    """Half of them come nearer under any shift, into whatever direction."""
    random = np.random.default_rng(seed)
    west, south, east, north = streets.total_bounds
    x, y = random.uniform(west, east, 600), random.uniform(south, north, 600)
    anywhere = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=4326)
    assert mixed_datum(anywhere, streets) is None


@pytest.mark.parametrize(
    ("points", "kind", "streets"),
    [
        (
            "us_nyc_midtown_osm/nyc_midtown_3km.gpkg:cameras_osm",
            "cameras",
            "us_nyc_midtown_osm/nyc_midtown_3km.gpkg:streets",
        ),
        (
            "fi_helsinki_osm/helsinki_centre.osm.pbf",
            "cameras",
            "fi_helsinki_osm/helsinki_centre.osm.pbf",
        ),
        (
            "cn_wuxi_xinwu_grid/xinwu.gpkg:bus_stops",
            "posts",
            "cn_wuxi_xinwu_grid/xinwu.gpkg:road_centerlines",
        ),
    ],
)
def test_real_layers_are_no_mixture(
    shared_data: Path, points: str, kind: str, streets: str
) -> None:
    """Cameras on walls, stops on kerbs, in China and far from it."""
    roads = read_layer(f"{shared_data}/{streets}", "streets").frame
    assert mixed_datum(read_layer(f"{shared_data}/{points}", kind).frame, roads) is None


def test_few_points_and_no_streets_say_nothing(streets: gpd.GeoDataFrame) -> None:
    """Twenty of each part are the least."""
    few = posts(streets, 1, step=("wgs84", "gcj02"), count=39)
    assert mixed_datum(few, streets) is None
    assert mixed_datum(posts(streets, 1, step=("wgs84", "gcj02")), streets.iloc[:0]) is None


def test_the_refusal_names_numbers_and_the_next_step() -> None:
    """The service raises it with the fields of the finding."""
    found = MixedDatum(as_given=120, otherwise=80, datum="gcj02", points=300, near_m=7.0)
    error = PlaceError("mixed_datum", file="a.csv", **vars(found))
    assert "80 others only as GCJ-02; split the file" in str(error)
    assert "请分成两个文件" in error.text()
