"""Cameras: sectors drawn on paper, against point-by-point judgement, and what is not counted."""

from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import rotate

from geo import (
    ColumnError,
    CRSError,
    GeometryError,
    InvalidParameterError,
    camera_coverage,
    camera_views,
)
from geo.cameras import KIND_DEFAULTS
from geo.due import DueRule
from tests.strategies import (
    CRS,
    ORIGIN,
    areas_of,
    box,
    camera_frames,
    line,
    points_of,
    street_frames,
    streets_of,
)

ALONG = streets_of([line((-300, 0), (300, 0))])
"""600 m of street from west to east through the origin."""


def camera(x: float = 0.0, y: float = 0.0, **columns: object) -> gpd.GeoDataFrame:
    """Return one camera; headings and fields are given by name."""
    return points_of([(x, y)], **{name: [value] for name, value in columns.items()})


def covered(streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame) -> list[tuple[float, float]]:
    """Return covered stretches in metres from the origin along `ALONG`."""
    frame = camera_coverage(streets, cameras).covered
    return [(s - 300, e - 300) for s, e in zip(frame["start_m"], frame["end_m"], strict=True)]


def sees(views: gpd.GeoDataFrame, xy: np.ndarray, slack: float) -> np.ndarray:
    """Judge points by distance and bearing: the oracle; slack in metres widens or narrows."""
    seen = np.zeros(len(xy), dtype=bool)
    for view in views[views["status"] == "seeing"].itertuples():
        dx, dy = xy[:, 0] - view.x, xy[:, 1] - view.y
        off = np.abs(
            (np.degrees(np.arctan2(dx, dy)) - np.nan_to_num(view.azimuth_deg) + 180) % 360 - 180
        )
        distance = np.hypot(dx, dy)
        # What a few metres of slack mean in degrees depends on the distance.
        turn = np.degrees(np.arcsin(np.clip(abs(slack) / np.maximum(distance, 1e-9), 0, 1)))
        half = view.fov_deg / 2.0 + np.sign(slack) * turn
        inside = (off <= half) | (view.fov_deg >= 360.0)
        seen |= inside & (distance <= view.range_m + slack)
    return seen


def test_a_camera_on_the_street_sees_along_it() -> None:
    """East with 60 degrees and 50 m: from 0 to 50 m."""
    frame = camera(azimuth_deg=90.0, fov_deg=60.0, range_m=50.0)
    assert covered(ALONG, frame) == [pytest.approx((0.0, 50.0), abs=1e-5)]


def test_a_camera_beside_the_street_sees_the_chord_of_its_sector() -> None:
    """10 m north of it, looking south with 90 degrees: 10 m to either side."""
    frame = camera(0, 10, azimuth_deg=180.0, fov_deg=90.0, range_m=50.0)
    assert covered(ALONG, frame) == [pytest.approx((-10.0, 10.0), abs=1e-5)]


def test_range_cuts_a_sector_that_is_wide_enough() -> None:
    """30 m north, 50 m of range, 180 degrees: 40 m to either side (3-4-5)."""
    frame = camera(0, 30, azimuth_deg=180.0, fov_deg=180.0, range_m=50.0)
    assert covered(ALONG, frame) == [pytest.approx((-40.0, 40.0), abs=1e-5)]


def test_a_sector_across_north_is_one_sector() -> None:
    """Heading 350 with 40 degrees reaches from 330 to 10: seen on a street 10 m to the north."""
    street = streets_of([line((-300, 10), (300, 10))])
    frame = camera(azimuth_deg=350.0, fov_deg=40.0, range_m=50.0)
    expected = (-10 * np.tan(np.radians(30)), 10 * np.tan(np.radians(10)))
    assert covered(street, frame) == [pytest.approx(expected, abs=1e-5)]


def test_a_field_wider_than_180_degrees_leaves_only_its_blind_wedge() -> None:
    """270 degrees looking north, 10 m south of the street behind: a blind wedge of 90 degrees."""
    street = streets_of([line((-300, -10), (300, -10))])
    frame = camera(azimuth_deg=0.0, fov_deg=270.0, range_m=50.0)
    reach = np.sqrt(50.0**2 - 10.0**2)
    assert covered(street, frame) == [
        pytest.approx((-reach, -10.0), abs=1e-5),
        pytest.approx((10.0, reach), abs=1e-5),
    ]


def test_a_range_of_headings_from_0_to_200_looks_at_100() -> None:
    """The flip of other programs (heading 280) would look west."""
    frame = camera(azimuth_deg=100.0, fov_deg=200.0, range_m=50.0)
    views = camera_views(frame)
    east, west = shapely.points([ORIGIN[0] + 40, ORIGIN[0] - 40], ORIGIN[1])
    assert views.geometry.iloc[0].covers(east)
    assert not views.geometry.iloc[0].covers(west)


def test_a_full_circle_needs_no_heading() -> None:
    """Panoramic by kind or by field."""
    for columns in ({"kind": "panoramic", "range_m": 50.0}, {"fov_deg": 360.0, "range_m": 50.0}):
        assert covered(ALONG, camera(**columns)) == [pytest.approx((-50.0, 50.0), abs=1e-9)]


def test_headings_count_turns() -> None:
    """-90, 270 and 630 degrees are west."""
    for heading in (-90.0, 270.0, 630.0):
        frame = camera(azimuth_deg=heading, fov_deg=60.0, range_m=50.0)
        assert camera_views(frame)["azimuth_deg"].tolist() == [270.0]
        assert covered(ALONG, frame) == [pytest.approx((-50.0, 0.0), abs=1e-5)]


@given(street_frames, camera_frames())
def test_agrees_with_judging_every_place_by_distance_and_bearing(
    streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame
) -> None:
    """Middles and quarters of every covered and uncovered stretch, within a millimetre."""
    result = camera_coverage(streets, cameras)
    shares = np.array([0.25, 0.5, 0.75])
    for pieces, slack, expected in ((result.covered, 1e-3, True), (result.gaps, -1e-3, False)):
        pieces = pieces[pieces["length_m"] > 0.01]  # noqa: PLW2901 - below, slack decides
        if pieces.empty:
            continue
        xy = shapely.get_coordinates(
            shapely.line_interpolate_point(
                np.asarray(pieces.geometry.array)[:, None], shares, normalized=True
            )
        )
        assert (sees(result.views, xy, slack) == expected).all()


@given(street_frames, camera_frames())
def test_stretches_agree_with_the_drawn_polygons(
    streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame
) -> None:
    """Buffered or shrunk by what the drawing is off, the polygons hold what is covered."""
    result = camera_coverage(streets, cameras)
    seeing = result.views[result.views["status"] == "seeing"]
    drawn = shapely.union_all(np.asarray(seeing.geometry.array))
    assert (result.covered.distance(drawn) <= 1e-3 * 200).all() or result.covered.empty
    inner = drawn.buffer(-0.05)
    assert result.gaps.intersection(inner).length.sum() <= 0.05 * (len(result.gaps) + 1)


@given(street_frames, camera_frames(), st.floats(0, 360))
def test_turning_the_scene_changes_nothing(
    streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame, angle: float
) -> None:
    """Headings turn with it (clockwise, against the mathematical sense of rotate)."""
    before = camera_coverage(streets, cameras)
    turned_streets = streets.set_geometry(
        streets.geometry.map(lambda g: rotate(g, -angle, origin=ORIGIN))
    )
    turned = cameras.copy()
    turned["azimuth_deg"] = pd.to_numeric(pd.Series(cameras["azimuth_deg"], dtype=object)) + angle
    turned = turned.set_geometry(
        gpd.GeoSeries([rotate(g, -angle, origin=ORIGIN) for g in cameras.geometry], crs=CRS)
    )
    after = camera_coverage(turned_streets, turned)
    assert after.gap_length_m == pytest.approx(before.gap_length_m, abs=0.02)
    assert after.seen_area_m2 == pytest.approx(before.seen_area_m2, rel=5e-3, abs=1e-3)


@given(street_frames, camera_frames())
def test_another_camera_never_adds_gap_and_the_bounds_are_in_order(
    streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame
) -> None:
    """Monotone; covered <= upper; union <= sum of the visible <= sum of the nominal."""
    fewer = camera_coverage(streets, cameras.iloc[:-1])
    result = camera_coverage(streets, cameras)
    summary = result.summary()
    assert result.gap_length_m <= fewer.gap_length_m + 1e-6
    assert result.covered_length_m <= result.covered_length_upper_m + 1e-6
    assert summary["seen_area_m2"] <= summary["visible_area_m2"] * (1 + 1e-9) + 1e-6
    assert summary["visible_area_m2"] <= summary["nominal_area_m2"] + 1e-9
    assert len(result.views) == len(cameras)


@given(street_frames, camera_frames(), st.randoms())
def test_order_of_rows_changes_nothing(
    streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame, random: "st.Random"
) -> None:
    """To the last bit, gap by gap, whatever the order of streets and cameras."""
    before = camera_coverage(streets, cameras).gaps
    rows = random.sample(range(len(streets)), len(streets))
    turned = random.sample(range(len(cameras)), len(cameras))
    after = camera_coverage(streets.iloc[rows], cameras.iloc[turned]).gaps
    columns = ["street_id", "start_m", "end_m"]
    assert after[columns].sort_values(columns).to_numpy().tolist() == (
        before[columns].sort_values(columns).to_numpy().tolist()
    )


@pytest.mark.parametrize("fov", [10.0, 60.0, 179.9, 180.0, 200.0, 359.0, 360.0])
def test_area_is_that_of_the_true_sector(fov: float) -> None:
    """The area is pi r^2 fov / 360, nominal, visible and drawn."""
    views = camera_views(camera(azimuth_deg=30.0, fov_deg=fov, range_m=50.0))
    expected = np.pi * 50.0**2 * fov / 360.0
    assert views["nominal_area_m2"].iloc[0] == pytest.approx(expected)
    assert views["visible_area_m2"].iloc[0] == pytest.approx(expected)
    assert views.geometry.area.iloc[0] == pytest.approx(expected, rel=1e-9)
    assert views.geometry.is_valid.all()


def test_the_drawn_rim_is_within_a_ten_thousandth_of_the_range() -> None:
    """As the module promises."""
    rim = camera_views(camera(fov_deg=360.0, range_m=100.0)).geometry.iloc[0].exterior
    centre = shapely.Point(ORIGIN)
    inner = shapely.distance(centre, rim)
    outer = shapely.distance(shapely.points(shapely.get_coordinates(rim)), centre).max()
    assert 100.0 * (1 - 1.1e-4) < inner < 100.0 < outer < 100.0 * (1 + 1.1e-4)


def test_an_offline_camera_covers_nothing_and_is_counted_apart() -> None:
    """Its sector is still drawn; its area does not count."""
    frame = points_of(
        [(0, 0), (100, 0), (200, 0)],
        azimuth_deg=[90.0] * 3,
        fov_deg=[60.0] * 3,
        range_m=[50.0] * 3,
        online=[True, False, None],
    )
    result = camera_coverage(ALONG, frame)
    summary = result.summary()
    assert result.views["status"].tolist() == ["seeing", "offline", "seeing"]
    assert result.covered_length_m == pytest.approx(100.0, abs=1e-4)
    assert (summary["cameras"], summary["cameras_online"]) == (3, 2)
    assert summary["cameras_status_unknown"] == 1
    assert result.views["visible_area_m2"].iloc[1] == 0.0
    assert not result.views.geometry.iloc[1].is_empty
    assert summary["nominal_area_m2"] == pytest.approx(2 * np.pi * 50**2 / 6)


def test_an_unaimed_camera_counts_only_in_the_upper_bound() -> None:
    """No heading and no round view: its full circle is drawn, its area is unknown."""
    frame = points_of([(0, 0), (200, 0)], range_m=[50.0] * 2, azimuth_deg=[None, 90.0])
    result = camera_coverage(ALONG, frame)
    summary = result.summary()
    assert result.views["status"].tolist() == ["unaimed", "seeing"]
    assert summary["cameras_unaimed"] == 1
    assert summary["covered_share"] == pytest.approx(50 / 600)
    assert summary["covered_share_upper"] == pytest.approx(150 / 600)
    assert np.isnan(result.views["visible_area_m2"].iloc[0])
    assert result.views.geometry.iloc[0].area == pytest.approx(np.pi * 50**2)


def test_an_unaimed_camera_that_is_offline_is_in_no_bound() -> None:
    """Broken is broken, wherever it looks."""
    summary = camera_coverage(ALONG, camera(range_m=50.0, online=False)).summary()
    assert summary["covered_share"] == summary["covered_share_upper"] == 0.0
    assert (summary["cameras_unaimed"], summary["cameras_online"]) == (1, 0)


@pytest.mark.parametrize("kind", sorted(KIND_DEFAULTS))
def test_missing_range_and_field_come_from_the_kind(kind: str) -> None:
    """And are marked as assumed; a given one is kept."""
    range_m, fov = KIND_DEFAULTS[kind]
    views = camera_views(camera(kind=kind, azimuth_deg=0.0))
    assert views[["range_m", "fov_deg"]].iloc[0].tolist() == [range_m, fov]
    assert views["assumed"].tolist() == [True]
    given_both = camera_views(camera(kind=kind, azimuth_deg=0.0, range_m=77.0, fov_deg=33.0))
    assert given_both[["range_m", "fov_deg"]].iloc[0].tolist() == [77.0, 33.0]
    assert given_both["assumed"].tolist() == [False]


def test_a_camera_of_unknown_kind_is_taken_as_a_fixed_one() -> None:
    """50 m and 60 degrees, assumed."""
    views = camera_views(camera(kind="spaceship", azimuth_deg=0.0))
    assert views[["range_m", "fov_deg"]].iloc[0].tolist() == [50.0, 60.0]


def test_a_ptz_never_sees_all_around_at_once() -> None:
    """With 360 degrees in its sheet it gets one pose; without a heading it is unaimed."""
    aimed = camera_views(camera(kind="ptz_dome", fov_deg=360.0, azimuth_deg=0.0, range_m=100.0))
    assert aimed["fov_deg"].tolist() == [60.0]
    assert aimed["assumed"].tolist() == [True]
    unaimed = camera_views(camera(kind="ptz_dome", fov_deg=360.0, range_m=100.0))
    assert unaimed["status"].tolist() == ["unaimed"]


def test_one_row_per_camera_in_input_order() -> None:
    """Ids, index and repeats do not matter; without ids the rows are numbered."""
    frame = points_of([(0, 0), (0, 0), (5, 5)], camera_id=["b", "a", "b"]).set_index(
        pd.Index([4, 4, 1])
    )
    assert camera_views(frame)["camera_id"].tolist() == ["b", "a", "b"]
    assert camera_views(frame.drop(columns="camera_id"))["camera_id"].tolist() == [0, 1, 2]


def test_a_camera_without_a_place_is_kept_and_sees_nothing() -> None:
    """One row per row, geometry None."""
    frame = gpd.GeoDataFrame({"azimuth_deg": [0.0]}, geometry=[None], crs=CRS)
    views = camera_views(frame)
    assert views["status"].tolist() == ["offline"]
    assert views.geometry.tolist() == [None]
    assert camera_coverage(ALONG, frame).covered_share == 0.0


def test_by_area_counts_each_camera_once() -> None:
    """33 cameras on a row across two areas and beyond, one on the border."""
    frame = points_of([(x, 0) for x in range(-160, 170, 10)])
    areas = areas_of({"1": box(-100, -50, 0, 50), "2": box(0, -50, 100, 50)})
    table = camera_coverage(ALONG, frame).by_area(areas)
    assert table["cameras"].tolist() == [11, 10, 12]
    assert table["due_length_m"].tolist() == pytest.approx([100.5, 99.5, 400.0])


def test_gaps_go_by_both_names_and_the_rule_is_passed_on() -> None:
    """`street_gaps` is what `gaps` is; a tunnel can be made due."""
    result = camera_coverage(ALONG.assign(tunnel="yes"), camera(), due=DueRule(tunnels=True))
    assert result.street_gaps is result.gaps
    assert result.due_length_m == pytest.approx(600.0)
    within = areas_of({"1": box(-100, -50, 0, 50)})
    assert camera_coverage(ALONG, camera(), within=within).due_length_m == pytest.approx(100.0)


def test_no_cameras_and_no_streets() -> None:
    """Nothing to see, and nothing to divide by."""
    nothing = camera_coverage(streets_of([]), points_of([])).summary()
    assert nothing["covered_share"] is None
    assert nothing["covered_share_upper"] is None
    assert nothing["seen_area_m2"] == nothing["nominal_area_m2"] == 0.0
    assert camera_coverage(ALONG, points_of([])).covered_share == 0.0


@pytest.mark.parametrize(
    ("column", "value"),
    [("fov_deg", 0.0), ("fov_deg", 361.0), ("range_m", 0.0), ("range_m", -5.0)],
)
def test_a_field_or_range_out_of_bounds_is_refused_with_its_row(column: str, value: float) -> None:
    """The message says what to do."""
    frame = points_of([(0, 0), (1, 1)], azimuth_deg=[0.0, 0.0], **{column: [None, value]})
    with pytest.raises(InvalidParameterError, match=rf"row 1 has {column} {value:g}, outside"):
        camera_views(frame)


def test_wrong_geometry_and_crs_are_refused() -> None:
    """Lines for cameras, degrees for metres."""
    with pytest.raises(GeometryError, match="cameras: row 0 is a LineString"):
        camera_coverage(ALONG, ALONG)
    with pytest.raises(CRSError, match="cameras: EPSG:4326 is not projected"):
        camera_views(camera().to_crs(4326))
    with pytest.raises(CRSError, match="cameras: its CRS"):
        camera_coverage(ALONG, camera().to_crs(4326))


def test_folds_count_how_many_cameras_see_a_street() -> None:
    """Two along the street, 50 m each, 30 m shared: 70 m once or more."""
    street = streets_of([line((0, 0), (200, 0))])
    two = points_of([(0, 0), (20, 0)], azimuth_deg=[90.0, 90.0], fov_deg=60.0, range_m=50.0)
    folds = camera_coverage(street, two).folds()
    assert folds["cameras"].tolist() == [0, 1, 2]
    assert folds["length_m"].tolist() == pytest.approx([130.0, 40.0, 30.0], abs=1e-4)
    assert folds["share"].sum() == pytest.approx(1.0)


@given(street_frames, camera_frames())
def test_folds_add_up_to_the_due_length_and_to_the_sum_of_all_views(
    streets: gpd.GeoDataFrame, cameras: gpd.GeoDataFrame
) -> None:
    """Union and sum are two numbers."""
    result = camera_coverage(streets, cameras)
    folds = result.folds()
    assert folds["length_m"].sum() == pytest.approx(result.due_length_m, abs=1e-6)
    assert folds["length_m"].iloc[1:].sum() == pytest.approx(result.covered_length_m, abs=1e-3)
    each = (folds["cameras"] * folds["length_m"]).sum()
    assert each == pytest.approx((result.seen.end - result.seen.start).sum(), abs=1e-3)


def test_expected_length_is_geometry_times_availability() -> None:
    """40 m seen by one camera, 30 m by two that fail apart from each other."""
    street = streets_of([line((0, 0), (200, 0))])
    two = points_of([(0, 0), (20, 0)], azimuth_deg=[90.0, 90.0], fov_deg=60.0, range_m=50.0)
    result = camera_coverage(street, two)
    expected = 20 * 0.9 + 30 * (1 - 0.1 * 0.5) + 20 * 0.5
    assert result.expected_length_m([0.9, 0.5]) == pytest.approx(expected, abs=1e-3)
    assert result.expected_length_m([1.0, 1.0]) == pytest.approx(70.0, abs=1e-3)
    assert result.expected_length_m([0.0, 0.0]) == 0.0
    for wrong in ([0.5], [0.5, 1.2], [0.5, np.nan]):
        with pytest.raises(InvalidParameterError, match="availability must be 2 numbers"):
            result.expected_length_m(wrong)


def test_streets_newly_blind_are_the_difference_that_a_failure_makes() -> None:
    """The same as computing anew without the camera."""
    street = streets_of([line((0, 0), (200, 0))])
    two = points_of(
        [(0, 0), (20, 0)], camera_id=["a", "b"], azimuth_deg=90.0, fov_deg=60.0, range_m=50.0
    )
    result = camera_coverage(street, two)
    lost = result.newly_blind(["b"])
    assert lost[["start_m", "end_m"]].to_numpy().ravel() == pytest.approx([50, 70], abs=1e-4)
    anew = camera_coverage(street, two.assign(online=[True, False]))
    assert anew.gap_length_m - result.gap_length_m == pytest.approx(lost["length_m"].sum())
    assert result.newly_blind([]).empty


def test_blind_ground_is_open_ground_that_nobody_sees() -> None:
    """A hall of 200 m with a house across it: seen before the house, blind behind it."""
    ground = areas_of({"g": box(-10, -10, 10, 200)})
    house = gpd.GeoDataFrame(geometry=[box(-10, 90, 10, 100)], crs=CRS)
    street = streets_of([line((0, -10), (0, 89)), line((0, 101), (0, 200))])
    seeing = camera(0, 0, azimuth_deg=0.0, fov_deg=180.0, range_m=300.0)
    result = camera_coverage(street, seeing, house, ground=ground)
    blind = result.blind_areas
    assert blind["area_m2"].tolist() == pytest.approx([20 * 100, 20 * 10], rel=1e-6)
    assert blind["street_length_m"].tolist() == pytest.approx([99.0, 10.0], abs=1e-3)
    assert blind["street_ids"].tolist() == ["1", "0"]
    summary = result.summary()
    assert summary["blind_area_m2"] == pytest.approx(2200, rel=1e-6)


@given(camera_frames())
def test_seen_and_blind_ground_fill_the_open_ground(cameras: gpd.GeoDataFrame) -> None:
    """Tile by tile or in one go, here or in threads."""
    ground = areas_of({"w": box(-300, -300, 0, 300), "e": box(0, -300, 300, 300)})
    houses = gpd.GeoDataFrame(geometry=[box(-60, -60, -20, 40), box(0, 10, 70, 90)], crs=CRS)
    with ThreadPoolExecutor(2) as pool:
        result = camera_coverage(ALONG, cameras, houses, ground=ground, executor=pool)
    here = camera_coverage(ALONG, cameras, houses, ground=ground)
    assert result.seen_area_m2 == here.seen_area_m2
    seeing = here.views.loc[here.views["status"] == "seeing", "geometry"]
    seen = shapely.union_all(seeing.to_numpy())
    assert here.seen_area_m2 == pytest.approx(seen.area, abs=1e-3)
    open_ground = shapely.difference(
        shapely.union_all(ground.geometry.array), shapely.union_all(houses.geometry.array)
    )
    expected = shapely.difference(open_ground, seen).area
    assert here.blind_areas["area_m2"].sum() == pytest.approx(expected, abs=20.0)


def test_key_sites_are_watched_by_the_cameras_that_see_them() -> None:
    """A point in sight, one behind a house, a house by its outline, a point inside a house."""
    house = gpd.GeoDataFrame(geometry=[box(-20, 20, 20, 40)], crs=CRS)
    places = gpd.GeoDataFrame(
        {"site_id": list("abcde")},
        geometry=[
            shapely.Point(ORIGIN[0], ORIGIN[1] + 10),
            shapely.Point(ORIGIN[0], ORIGIN[1] + 45),
            house.geometry.iloc[0],
            shapely.Point(ORIGIN[0], ORIGIN[1] + 30),
            None,
        ],
        crs=CRS,
    )
    frame = camera(azimuth_deg=0.0, fov_deg=90.0, range_m=60.0)
    result = camera_coverage(ALONG, frame, house, key_sites=places)
    assert result.key_sites["watched"].tolist() == [True, False, True, True, pd.NA]
    assert result.key_sites["cameras"].tolist() == [1, 0, 1, 1, 0]
    shares = result.key_sites["seen_share"]
    assert shares.iloc[2] == shares.iloc[3] == pytest.approx(40 / 120, abs=0.01)
    assert shares.iloc[:2].isna().all()
    summary = result.summary()
    assert (summary["key_sites"], summary["key_sites_watched"]) == (5, 3)


def test_a_junction_in_line_with_a_camera_but_behind_a_building_is_not_covered() -> None:
    """The street there is a gap, however straight the line."""
    street = streets_of([line((0, 0), (0, 80)), line((-20, 60), (20, 60))])
    house = gpd.GeoDataFrame(geometry=[box(-5, 30, 5, 50)], crs=CRS)
    frame = camera(azimuth_deg=0.0, fov_deg=60.0, range_m=80.0)
    result = camera_coverage(street, frame, house)
    at = shapely.Point(ORIGIN[0], ORIGIN[1] + 60)
    assert result.gaps.distance(at).min() < 1e-6
    assert result.covered.distance(at).min() > 1.0


def test_classes_of_road_are_told_apart_and_add_up() -> None:
    """One street of each group, the back lane unseen; a group without street is no row."""
    streets = streets_of(
        [line((0, y), (100, y)) for y in (0, 5, 500, 900)],
        **{"class": ["primary", "residential", "alley", None]},
    )
    frame = camera(azimuth_deg=90.0, fov_deg=90.0, range_m=50.0)
    result = camera_coverage(streets, frame)
    roads = result.by_road().set_index("road")
    assert roads.index.tolist() == ["arterial", "street", "back_lane", "unknown"]
    assert roads["due_length_m"].tolist() == pytest.approx([100.0] * 4)
    assert roads.loc["arterial", "covered_length_m"] == pytest.approx(50.0, abs=1e-3)
    assert roads.loc["back_lane", "covered_share"] == 0.0
    assert roads["covered_length_m"].sum() == pytest.approx(result.covered_length_m)


def test_ground_of_an_area_has_a_share_of_its_own() -> None:
    """Streets and ground are two figures; what is no open ground is in neither part."""
    ground = areas_of({"g": box(-10, -10, 10, 200), "h": box(500, 0, 510, 10)})
    house = gpd.GeoDataFrame(geometry=[box(-10, 90, 10, 100), box(500, 0, 510, 10)], crs=CRS)
    frame = camera(0, 0, azimuth_deg=0.0, fov_deg=180.0, range_m=300.0)
    result = camera_coverage(ALONG, frame, house, ground=ground)
    parts = result.ground
    assert parts["open_area_m2"].tolist() == pytest.approx([20 * 200, 0.0])
    assert parts["seen_area_m2"].tolist() == pytest.approx([20 * 90, 0.0], abs=1e-3)
    assert parts["seen_share"].iloc[0] == pytest.approx(0.45)
    assert np.isnan(parts["seen_share"].iloc[1])
    summary = result.summary()
    assert summary["seen_ground_share"] == pytest.approx(0.45)
    assert summary["open_area_m2"] == pytest.approx(4000)


def test_a_site_whose_entrances_are_known_is_watched_when_all_are_seen() -> None:
    """One of two doors in sight: not watched, however well its outline is seen."""
    sites = points_of([(10, 10), (-30, 10), (0, 20)], site_id=["a", "b", "c"])
    doors = points_of([(5, 20), (200, 0), (0, 30), (300, 0)], site_id=["a", "a", "b", "z"])
    frame = camera(azimuth_deg=0.0, fov_deg=90.0, range_m=60.0)
    found = camera_coverage(ALONG, frame, key_sites=sites, entrances=doors).key_sites
    assert found["entrances"].tolist() == [2, 1, 0]
    assert found["entrances_watched"].tolist() == [1, 1, 0]
    assert found["watched"].tolist() == [False, True, True]
    with pytest.raises(ColumnError, match="entrances: no column site_id"):
        camera_coverage(ALONG, frame, key_sites=sites, entrances=points_of([(0, 0)]))
