"""Views among walls: lenses, presets, bands, nights, heights, and cameras on walls or indoors."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given

from geo import InvalidParameterError, camera_coverage, camera_views
from geo.cameras import BANDS
from geo.cameras.kinds import band_range_m, depth_m, lens_fov_deg
from geo.visibility import STAND_OFF_M
from tests.strategies import (
    CRS,
    ORIGIN,
    box,
    camera_frames,
    line,
    points_of,
    street_frames,
    streets_of,
)

SECTOR = np.pi * 50.0**2 / 4
"""Area of 90 degrees and 50 m."""


def camera(x: float = 0.0, y: float = 0.0, **columns: object) -> gpd.GeoDataFrame:
    """Return one camera of 90 degrees and 50 m to the north unless told."""
    given = {"azimuth_deg": 0.0, "fov_deg": 90.0, "range_m": 50.0} | columns
    return points_of([(x, y)], **{name: [value] for name, value in given.items()})


def houses(*outlines: shapely.Geometry, **columns: list[float]) -> gpd.GeoDataFrame:
    """Return buildings."""
    return gpd.GeoDataFrame(columns, geometry=list(outlines), crs=CRS)


def view(cameras: gpd.GeoDataFrame, *args: object, **options: object) -> dict:
    """Return the only view as a mapping."""
    (row,) = camera_views(cameras, *args, **options).to_dict("records")  # type: ignore[arg-type]
    return row


def test_a_house_hides_what_is_behind_it() -> None:
    """A house across the whole field 20 m ahead leaves a triangle."""
    row = view(camera(), houses(box(-100, 20, 100, 40)))
    assert row["status"] == "seeing"
    assert row["nominal_area_m2"] == pytest.approx(SECTOR)
    assert row["visible_area_m2"] == pytest.approx(400.0, rel=1e-6)
    assert not shapely.intersects_xy(row["geometry"], ORIGIN[0], ORIGIN[1] + 21)


def test_a_wall_hides_as_a_house_does() -> None:
    """Free-standing, given apart."""
    wall = gpd.GeoDataFrame(geometry=[line((-100, 20), (100, 20))], crs=CRS)
    assert view(camera(), walls=wall)["visible_area_m2"] == pytest.approx(400.0, rel=1e-6)


def test_several_lenses_on_one_point_are_one_view_in_parts() -> None:
    """90 and 270 degrees: two sectors, one row; overlapping lenses count once in what is seen."""
    row = view(camera(headings="90;270", azimuth_deg=90.0))
    assert row["lenses"] == 2
    assert row["nominal_area_m2"] == pytest.approx(2 * SECTOR)
    assert row["visible_area_m2"] == pytest.approx(2 * SECTOR, rel=1e-6)
    for x in (-30, 30):
        assert shapely.intersects_xy(row["geometry"], ORIGIN[0] + x, ORIGIN[1])
    row = view(camera(headings="0;45"))
    assert row["visible_area_m2"] == pytest.approx(1.5 * SECTOR, rel=1e-6)
    assert row["nominal_area_m2"] == pytest.approx(2 * SECTOR)


def test_overlapping_lenses_see_a_street_once() -> None:
    """As one camera in the count of cameras."""
    street = streets_of([line((-100, 10), (100, 10))])
    result = camera_coverage(street, camera(headings="0;20"))
    assert result.folds()["length_m"].tolist()[1:] == [pytest.approx(result.covered_length_m)]


def test_headings_without_the_first_one_serve_too() -> None:
    """The list alone aims the camera."""
    row = view(camera(headings="90;270", azimuth_deg=None))
    assert (row["status"], row["azimuth_deg"]) == ("seeing", 90.0)


def test_one_point_with_four_cameras_counts_one_and_four() -> None:
    """Points with cameras beside cameras."""
    four = points_of([(0, 0)] * 4, azimuth_deg=[0, 90, 180, 270])
    summary = camera_coverage(streets_of([line((0, 0), (9, 0))]), four).summary()
    assert (summary["camera_points"], summary["cameras"]) == (1, 4)


def test_a_turning_camera_sees_one_way_and_can_reach_its_presets() -> None:
    """Now and reachable are two figures; never all around at once."""
    street = streets_of([line((-50, 0), (50, 0))])
    ptz = camera(kind="ptz_dome", azimuth_deg=90.0, headings="90;270", fov_deg=360.0)
    row = view(ptz)
    assert row["fov_deg"] < 90
    assert row["reachable_area_m2"] == pytest.approx(2 * row["visible_area_m2"], rel=1e-6)
    result = camera_coverage(street, ptz)
    assert result.covered_share == pytest.approx(0.5)
    assert result.covered_share_reachable == pytest.approx(1.0)


def test_a_turning_camera_without_presets_can_reach_all_around() -> None:
    """With its heading known; without, it is unaimed."""
    row = view(camera(kind="ptz_dome", azimuth_deg=90.0, range_m=50.0))
    assert row["reachable_area_m2"] == pytest.approx(np.pi * 50**2, rel=1e-6)
    assert view(camera(kind="ptz_dome", azimuth_deg=None))["status"] == "unaimed"


def test_only_turning_cameras_have_something_to_reach() -> None:
    """Of others it is unknown by name: missing."""
    assert np.isnan(view(camera())["reachable_area_m2"])


@pytest.mark.parametrize(
    ("pixels", "fov", "band", "expected"),
    [(1920, 100, "detect", 32.2), (1920, 84, "observe", 17.1), (2560, 38, "recognise", 29.7),
     (3840, 25, "identify", 34.6), (1920, 52, "detect", 78.7)],
)  # fmt: skip
def test_bands_end_where_the_table_of_pixel_densities_has_them(
    pixels: float, fov: float, band: str, expected: float
) -> None:
    """Width / (2 x density x tan(field / 2)): the figures of the field, to 0.1 m."""
    assert band_range_m(np.array([pixels]), np.array([fov]), band)[0] == pytest.approx(
        expected, abs=0.06
    )


def test_a_band_shortens_the_range_and_never_lengthens_it() -> None:
    """And a camera without pixels is unknown in it, not blind and not seeing."""
    wide = camera(pixels=1920.0, fov_deg=84.0)
    ranges = [view(wide, band=band)["range_m"] for band in BANDS]
    assert ranges == sorted(ranges, reverse=True)
    assert ranges[0] == pytest.approx(42.6, abs=0.1)
    assert view(camera(pixels=1920.0, fov_deg=84.0, range_m=10.0), band="detect")["range_m"] == 10.0
    street = streets_of([line((0, 0), (0, 100))])
    result = camera_coverage(street, camera(), band="observe")
    assert result.views["status"].tolist() == ["unknown"]
    assert np.isnan(result.views["visible_area_m2"]).all()
    assert (result.covered_share, result.covered_share_upper) == (0.0, pytest.approx(0.5))


def test_an_unknown_band_is_refused() -> None:
    """With the words that there are."""
    with pytest.raises(InvalidParameterError, match="detect, observe, recognise, identify"):
        camera_views(camera(), band="see")


def test_range_and_field_come_from_pixels_and_lens_where_they_are_not_given() -> None:
    """1920 pixels and 6 mm: 52 degrees and 78.7 m; marked assumed only without them."""
    row = view(camera(pixels=1920.0, focal_mm=6.0, fov_deg=None, range_m=None))
    assert (row["fov_deg"], row["assumed"]) == (52.0, False)
    assert row["range_m"] == pytest.approx(78.7, abs=0.05)
    assert view(camera(fov_deg=None))["assumed"]
    assert np.isnan(lens_fov_deg(np.array([1.0, 50.0, np.nan]))).all()


@pytest.mark.parametrize(
    ("columns", "status", "range_m"),
    [
        ({"light": "infrared", "ir_range_m": 30.0}, "seeing", 30.0),
        ({"light": "white", "ir_range_m": 80.0}, "seeing", 50.0),
        ({"light": "none"}, "dark", 50.0),
        ({"light": "infrared"}, "unknown", 50.0),
        ({}, "unknown", 50.0),
    ],
)
def test_at_night_a_camera_sees_as_far_as_its_light(
    columns: dict, status: str, range_m: float
) -> None:
    """By day none of this matters."""
    row = view(camera(**columns), night=True)
    assert (row["status"], row["range_m"]) == (status, range_m)
    by_day = view(camera(**columns))
    assert (by_day["status"], by_day["range_m"]) == ("seeing", 50.0)


def test_height_and_tilt_give_a_dead_zone_and_an_end() -> None:
    """6 m up, 30 degrees down, 40 degrees high: from 6/tan(50) to 6/tan(10)."""
    row = view(camera(height_m=6.0, tilt_deg=30.0, vfov_deg=40.0))
    assert row["near_m"] == pytest.approx(6 / np.tan(np.radians(50)))
    assert row["range_m"] == pytest.approx(6 / np.tan(np.radians(10)))
    expected = np.pi * (row["range_m"] ** 2 - row["near_m"] ** 2) / 4
    assert row["visible_area_m2"] == pytest.approx(expected, rel=1e-3)
    assert row["opaque_area_m2"] == pytest.approx(np.pi * row["range_m"] ** 2 / 4, rel=1e-6)
    near, far = depth_m(np.array([6.0, np.nan, 6.0]), np.array([0.0, 30, 89]), np.full(3, 40.0))
    assert far.tolist()[:2] == [np.inf, np.inf]
    assert near.tolist()[1:] == [0.0, 0.0]


@pytest.mark.parametrize("missing", ["height_m", "tilt_deg"])
def test_without_height_or_tilt_there_is_no_dead_zone(missing: str) -> None:
    """Unknown is not guessed."""
    row = view(camera(**({"height_m": 6.0, "tilt_deg": 30.0} | {missing: None})))
    assert (row["near_m"], row["range_m"]) == (0.0, 50.0)


def test_heights_count_only_where_both_are_known() -> None:
    """Two figures where they do: over a low wall, and as if no height were known."""
    low, house = camera(height_m=6.0), box(-100, 10, 100, 12)
    both = view(low, houses(house, height=[4.0]))
    assert both["visible_area_m2"] > both["opaque_area_m2"] == pytest.approx(100.0, rel=1e-6)
    for row in (view(low, houses(house)), view(camera(), houses(house, height=[4.0]))):
        assert row["visible_area_m2"] == row["opaque_area_m2"] == pytest.approx(100.0, rel=1e-6)


def test_a_camera_on_a_wall_is_moved_and_the_way_is_told() -> None:
    """Just inside the outline, as surveys differ."""
    row = view(camera(0, -1.0), houses(box(-50, -30, 50, 0)))
    assert row["moved_m"] == pytest.approx(1.0 + STAND_OFF_M)
    assert row["visible_area_m2"] == pytest.approx(SECTOR, rel=1e-6)
    assert view(camera(0, 5.0), houses(box(-50, -30, 50, 0)))["moved_m"] == 0.0


@pytest.mark.parametrize(("y", "columns"), [(-10.0, {}), (30.0, {"indoor": True})])
def test_an_indoor_camera_covers_no_street(y: float, columns: dict) -> None:
    """Whether the sheet says so or the outline does."""
    street = streets_of([line((-50, 5), (50, 5)), line((-50, -10), (50, -10))])
    frame = camera(0, y, fov_deg=360.0, **columns)
    result = camera_coverage(street, frame, houses(box(-50, -30, 50, 0)))
    assert result.views["status"].tolist() == ["indoor"]
    assert result.views["visible_area_m2"].tolist() == [0.0]
    assert result.covered_length_m == 0.0


def test_an_offline_camera_covers_nothing_and_shows_what_it_would_see() -> None:
    """Its polygon stays for the map."""
    row = view(camera(online=False), houses(box(-100, 20, 100, 40)))
    assert (row["status"], row["visible_area_m2"]) == ("offline", 0.0)
    assert row["geometry"].area == pytest.approx(400.0, rel=1e-6)


def test_headings_that_are_no_numbers_name_their_row() -> None:
    """And how to write them."""
    with pytest.raises(InvalidParameterError, match="row 0 has headings 'N;S'"):
        camera_views(camera(headings="N;S"))


@pytest.mark.parametrize("name", ["height_m", "ir_range_m", "pixels", "focal_mm"])
def test_numbers_out_of_bounds_name_their_row(name: str) -> None:
    """None of them can be negative."""
    with pytest.raises(InvalidParameterError, match=f"row 0 has {name} -1"):
        camera_views(camera(**{name: -1.0}))


@given(street_frames, camera_frames())
def test_houses_take_and_never_give(streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame) -> None:
    """Every figure with houses is at most that without."""
    frame = houses(box(-60, -60, -20, 40), box(0, 10, 70, 90), box(20, -120, 90, -30))
    free, among = (camera_coverage(streets, cameras, each) for each in (None, frame))
    moved = among.views["moved_m"].to_numpy() > 0.0
    seen = [each.views["visible_area_m2"].fillna(0.0).to_numpy() for each in (free, among)]
    assert (seen[1] <= seen[0] + 1e-3).all()
    if not moved.any():
        assert among.covered_length_m <= free.covered_length_m + 1e-4
    assert among.seen_area_m2 <= seen[1].sum() + 1e-3


@pytest.mark.parametrize("tilt_deg", [-90.0, 90.0])
def test_a_camera_may_look_straight_up_or_down(tilt_deg: float) -> None:
    """What a sheet may say, a run can take."""
    assert view(camera(height_m=6.0, tilt_deg=tilt_deg))["status"] == "seeing"


def test_at_the_edge_of_a_zone_a_camera_sees_the_same_in_both() -> None:
    """109.5 E parts two three-degree zones: street and ground agree to their scales, 0.1 %."""
    at = gpd.GeoSeries([shapely.Point(109.5, 32.8)], crs="EPSG:4326")
    found = []
    for crs in ("EPSG:4545", "EPSG:4546"):
        (place,) = at.to_crs(crs)
        scene = gpd.GeoSeries([box(-60, 30, 60, 50), line((-80, 20), (80, 20))], crs=crs).translate(
            place.x - ORIGIN[0], place.y - ORIGIN[1]
        )
        frame = gpd.GeoDataFrame(
            {"azimuth_deg": [0.0], "fov_deg": [90.0], "range_m": [100.0]}, geometry=[place], crs=crs
        )
        result = camera_coverage(
            gpd.GeoDataFrame({"street_id": [1]}, geometry=[scene.iloc[1]], crs=crs),
            frame,
            gpd.GeoDataFrame(geometry=[scene.iloc[0]], crs=crs),
        )
        found.append((result.covered_length_m, result.seen_area_m2))
    assert found[0] == pytest.approx((40.0, 900.0), rel=1e-6)
    assert found[1] == pytest.approx(found[0], rel=1e-3)


@given(camera_frames())
def test_another_camera_never_adds_blind_ground(cameras: gpd.GeoDataFrame) -> None:
    """Among houses, and never more than the open ground."""
    ground = gpd.GeoDataFrame({"area_id": ["g"]}, geometry=[box(-300, -300, 300, 300)], crs=CRS)
    frame = houses(box(-60, -60, -20, 40), box(0, 10, 70, 90))
    street = streets_of([line((-300, 0), (300, 0))])
    fewer, more = (
        camera_coverage(street, each, frame, ground=ground).summary()
        for each in (cameras.iloc[:-1], cameras)
    )
    assert more["blind_area_m2"] <= fewer["blind_area_m2"] + 1e-3
    assert fewer["blind_area_m2"] <= fewer["open_area_m2"] + 1e-6
