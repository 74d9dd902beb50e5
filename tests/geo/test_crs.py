"""The working CRS and the guard: metres are metres from Hainan to Heilongjiang."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo import CRSError, require_metric_crs, working_crs
from geo.crs import crs_at, label, measurable
from tests.strategies import FEET


def frame_at(lon: float, lat: float, *more: tuple[float, float]) -> gpd.GeoDataFrame:
    """Return points in EPSG:4326."""
    return gpd.GeoDataFrame(geometry=[shapely.Point(p) for p in ((lon, lat), *more)], crs=4326)


@pytest.mark.parametrize("lat", [18.0, 31.0, 40.0, 53.0])
@pytest.mark.parametrize("lon", [75.2, 109.51, 121.5, 134.0])
@pytest.mark.parametrize("heading", [0.0, 45.0, 90.0])
def test_a_pair_100_m_apart_reads_100_m(lon: float, lat: float, heading: float) -> None:
    """100.0 m on the ellipsoid, measured in the CRS that is chosen there."""
    end_lon, end_lat, _ = Geod(ellps="GRS80").fwd(lon, lat, heading, 100.0)
    pair = frame_at(lon, lat, (end_lon, end_lat))
    measured = pair.to_crs(working_crs(pair)).geometry
    assert measured.iloc[0].distance(measured.iloc[1]) == pytest.approx(100.0, abs=0.1)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (109.365, 32.834, 4545),  # Xunyang: central meridian 108
        (109.51, 34.5, 4546),  # the city of Weinan: 111
        (73.6, 39.0, 4534),  # the western end: zone 25
        (134.9, 48.0, 4554),  # the eastern end: zone 45
        (24.94, 60.17, 32635),  # Helsinki: UTM
        (-71.1, 42.37, 32619),  # Cambridge
        (18.4, -33.9, 32734),  # south of the equator
        (180.0, 10.0, 32660),  # the date line is in the last zone
    ],
)
def test_the_zone_of_the_place_is_chosen(lon: float, lat: float, code: int) -> None:
    """domain.md C11: zone = floor((lon + 1.5) / 3), EPSG 4534 + zone - 25."""
    assert working_crs(frame_at(lon, lat)).to_epsg() == code


def test_a_place_alone_has_the_zone_of_a_frame_of_it() -> None:
    """In China, elsewhere, and nowhere near a pole."""
    for lon, lat in ((109.36, 32.83), (-71.1, 42.4), (151.2, -33.9)):
        frame = gpd.GeoDataFrame(geometry=[shapely.Point(lon, lat)], crs=4326)
        assert crs_at(lon, lat) == working_crs(frame)
    with pytest.raises(CRSError, match="latitude 85"):
        crs_at(109.0, 85.0)


def test_published_projected_coordinates_are_met() -> None:
    """domain.md C11: Xunyang in EPSG:4545."""
    point = frame_at(109.365, 32.834).to_crs(4545).geometry.iloc[0]
    assert (point.x, point.y) == pytest.approx((627807.001, 3635163.710), abs=1e-3)


def test_a_county_astride_two_zones_is_computed_in_one() -> None:
    """Weinan lies on both sides of 109.5 E; its CRS passes the guard for all of it."""
    county = frame_at(109.1, 34.2, (110.4, 35.3))
    crs = working_crs(county)
    assert crs.to_epsg() == 4546
    assert require_metric_crs(county=county.to_crs(crs)) == crs


@pytest.mark.parametrize(
    ("crs", "reason"),
    [
        ("EPSG:4326", "not projected"),
        ("EPSG:4490", "not projected"),
        ("EPSG:3857", "Web Mercator"),
        (FEET, "measures in US survey foot, not metres"),
        ("EPSG:32650", "stretches lengths"),  # the wrong UTM zone, 12 degrees off
    ],
)
def test_rejects_a_crs_in_which_metres_are_not_metres(crs: str, reason: str) -> None:
    """The message names the frame, the reason and the next step."""
    wuhan = frame_at(114.3, 30.5, (114.31, 30.51))
    shifted = (
        wuhan.to_crs(crs) if reason != "stretches lengths" else frame_at(105.0, 30.5).to_crs(crs)
    )
    with pytest.raises(CRSError, match=rf"posts: .*{reason}.*to_crs\(working_crs\(frame\)\)"):
        require_metric_crs(posts=shifted)


def test_the_corners_are_checked_as_well_as_the_centre() -> None:
    """A province is true at its centre and 0.4 % off at its rim."""
    crs = "EPSG:4546"
    wide = frame_at(105.5, 30.0, (116.5, 30.0)).to_crs(crs)
    assert require_metric_crs(centre=frame_at(111.0, 30.0).to_crs(crs))
    with pytest.raises(CRSError, match=r"areas: EPSG:4546 stretches lengths by 1\.00[34]"):
        require_metric_crs(areas=wide)


def test_rejects_a_missing_crs_and_differing_ones() -> None:
    """Both name the frame and the call that mends it."""
    here = frame_at(114.3, 30.5).to_crs(4547)
    with pytest.raises(CRSError, match=r"posts: no CRS set; call set_crs"):
        require_metric_crs(
            streets=here,
            posts=gpd.GeoDataFrame(geometry=here.geometry.array.copy()).set_crs(
                None, allow_override=True
            ),
        )
    with pytest.raises(CRSError, match=r"posts: its CRS EPSG:4548 differs .*to_crs\(streets.crs\)"):
        require_metric_crs(streets=here, posts=here.to_crs(4548))


def test_empty_frames_pass_the_scale_check_and_offer_no_choice() -> None:
    """An empty layer is no error; but no CRS can be chosen from it."""
    empty = gpd.GeoDataFrame(geometry=[], crs=4547)
    assert require_metric_crs(posts=empty).to_epsg() == 4547
    with pytest.raises(CRSError, match="no row has a place"):
        working_crs(empty)
    with pytest.raises(CRSError, match="no frame given"):
        require_metric_crs()


def test_stray_rows_do_not_move_the_choice_and_are_told_apart() -> None:
    """One longitude typed wrong by 18 degrees, one street that touches 0, 0."""
    far = frame_at(109.5, 34.5, (109.52, 34.5), (109.54, 34.52), (127.5, 34.5))
    crs = working_crs(far)
    assert crs.to_epsg() == 4546
    assert measurable(far.to_crs(crs)).tolist() == [True, True, True, False]
    street = shapely.LineString([(0, 0), (109.5, 34.5)])
    touching = gpd.GeoDataFrame(geometry=[*far.geometry[:3], street, None], crs=4326)
    assert measurable(touching.to_crs(crs)).tolist() == [True, True, True, False, True]


def test_no_crs_is_chosen_near_a_pole_or_from_nonsense() -> None:
    """UTM ends at 84 N; degrees that cannot be degrees are no place."""
    with pytest.raises(CRSError, match=r"latitude 88\.00, where UTM ends"):
        working_crs(frame_at(10.0, 88.0))
    with pytest.raises(CRSError, match="not valid in EPSG:4547"):
        working_crs(gpd.GeoDataFrame(geometry=[shapely.Point(1e30, 1e30)], crs=4547))


def test_a_crs_without_a_code_is_named_by_its_own_name() -> None:
    """`EPSG:n` where there is a code."""
    assert label(frame_at(0, 0).crs) == "EPSG:4326"
    assert label(frame_at(114.3, 30.5).to_crs(FEET).crs) == "unknown"
    assert np.isfinite(frame_at(114.3, 30.5).to_crs(FEET).total_bounds).all()
