"""What an eye sees: closed forms, brute force, and what must never change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.errors import GeometryError
from geo.lines import Lines
from geo.visibility import STAND_OFF_M, Eyes, Sights, Walls
from tests.strategies import CRS, ORIGIN, box, line, places, polylines, street_frames, streets_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def eyes(
    at: list[tuple[float, float]],
    *,
    range_m: float = 100.0,
    azimuth_deg: float = 0.0,
    fov_deg: float = 90.0,
    height_m: float = np.nan,
    near_m: float = 0.0,
) -> Eyes:
    """Place equal eyes, in metres from the origin."""
    xy = np.add(np.reshape(at, (-1, 2)), ORIGIN)
    each = (range_m, azimuth_deg, fov_deg, height_m, near_m)
    return Eyes(xy, *(np.full(len(xy), value, dtype=np.float64) for value in each))


def buildings(*outlines: shapely.Geometry, **columns: list[float]) -> gpd.GeoDataFrame:
    """Make a frame of outlines."""
    return gpd.GeoDataFrame(columns, geometry=list(outlines), crs=CRS)


def walls(*lines: shapely.LineString, **columns: list[float]) -> Walls:
    """Make free-standing walls alone."""
    return Walls.of(walls=gpd.GeoDataFrame(columns, geometry=list(lines), crs=CRS))


def only(sights: Sights) -> shapely.Geometry:
    """Return the one polygon, around the origin."""
    (polygon,) = sights.polygons()
    return shapely.transform(polygon, lambda xy: xy - ORIGIN)


def seen_by_rays(eye: Eyes, segments: Floats, to: Floats) -> NDArray[np.bool_]:
    """Say of m points whether the line to them crosses no wall: one wall after the other."""
    free = np.ones(len(to), dtype=bool)
    d = to - eye.xy[0]
    for wall in segments:
        a, b = wall[:2] - eye.xy[0], wall[2:] - eye.xy[0]
        e = b - a
        den = d[:, 0] * e[1] - d[:, 1] * e[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (a[0] * e[1] - a[1] * e[0]) / den
            u = (a[0] * d[:, 1] - a[1] * d[:, 0]) / den
        free &= ~((t > 0.0) & (t < 1.0) & (u >= 0.0) & (u <= 1.0))
    return free


outlines = st.lists(
    st.tuples(places, st.integers(1, 60_000), st.integers(1, 60_000)), max_size=6
).map(lambda rows: [box(x, y, x + w / 1000, y + h / 1000) for (x, y), w, h in rows])
"""Rectangles that may overlap, touch and hold the eye."""

bow_ties = st.lists(st.lists(places, min_size=4, max_size=6, unique=True), max_size=2).map(
    lambda rings: [shapely.Polygon(np.add(ring, ORIGIN)) for ring in rings]
)
"""Outlines that cross themselves."""

scenes = st.tuples(outlines, bow_ties, st.lists(polylines, max_size=4))


def scene(drawn: tuple[list, list, list]) -> Walls:
    """Make walls of what was drawn."""
    boxes, ties, lines = drawn
    free = gpd.GeoDataFrame(geometry=lines, crs=CRS) if lines else None
    return Walls.of(buildings(*boxes, *ties), free)


@pytest.mark.parametrize("fov_deg", [0.1, 1.0, 60.0, 90.0, 180.0, 270.0, 359.9, 360.0])
@pytest.mark.parametrize("azimuth_deg", [0.0, 45.0, 135.0, 300.0])
def test_a_free_sector_has_the_area_of_a_sector(fov_deg: float, azimuth_deg: float) -> None:
    """Pi R^2 fov / 360; the drawn polygon too."""
    free = Sights.of(eyes([(0, 0)], fov_deg=fov_deg, azimuth_deg=azimuth_deg), Walls.of())
    expected = np.pi * 100.0**2 * fov_deg / 360.0
    assert free.area_m2()[0] == pytest.approx(expected, rel=1e-9)
    assert only(free).area == pytest.approx(expected, rel=1e-9)
    assert only(free).is_valid


@pytest.mark.parametrize("azimuth_deg", [0.0, 90.0, 217.0])
@pytest.mark.parametrize("half_width", [5.0, 20.0, 300.0])
def test_one_wall_has_its_closed_form(azimuth_deg: float, half_width: float) -> None:
    """A wall square to the middle at 30 m: a triangle before it, the sector beside it."""
    far, d = 100.0, 30.0
    turn = np.radians(azimuth_deg)
    ahead, aside = np.array([np.sin(turn), np.cos(turn)]), np.array([np.cos(turn), -np.sin(turn)])
    wall = line(*(d * ahead + w * aside for w in (-half_width, half_width)))
    seen = Sights.of(eyes([(0, 0)], azimuth_deg=azimuth_deg), walls(wall))
    half = min(np.arctan2(half_width, d), np.pi / 4)
    expected = d * d * np.tan(half) + far**2 * (np.pi / 4 - half)
    assert seen.area_m2()[0] == pytest.approx(expected, rel=1e-9)
    assert only(seen).area == pytest.approx(expected, rel=1e-6)


def test_a_wall_beyond_the_range_or_behind_the_eye_hides_nothing() -> None:
    """And one that the rim cuts hides what is behind it alone."""
    free = np.pi * 100.0**2 / 4
    for wall in (line((-50, 101), (50, 101)), line((-50, -5), (50, -5)), line((0, 5), (0, 50))):
        assert Sights.of(eyes([(0, 0)]), walls(wall)).area_m2()[0] == pytest.approx(free)
    cut = Sights.of(eyes([(0, 0)]), walls(line((0, 80), (0.0001, 500), (400, 80))))
    assert cut.area_m2()[0] == pytest.approx(free - cut_off(100.0, 0.0), rel=1e-3)
    chord = Sights.of(eyes([(0, 0)]), walls(line((-300, 80), (300, 80))))
    assert chord.area_m2()[0] == pytest.approx(free - cut_off(100.0, 80.0), rel=1e-9)


def cut_off(radius: float, off: float) -> float:
    """Return the area of a disc's segment beyond a chord; 0 for a chord through the middle."""
    if off == 0.0:
        return 0.0
    half = np.arccos(off / radius)
    return float(radius**2 * half - off * np.sqrt(radius**2 - off**2))


@given(scenes, places, st.floats(0, 360), st.floats(1, 360), st.integers(0, 2**32 - 1))
def test_agrees_with_sight_lines(
    drawn: tuple, at: tuple, azimuth_deg: float, fov_deg: float, seed: int
) -> None:
    """Random points are seen when the straight line to them crosses no wall."""
    taken, eye = scene(drawn), eyes([at], azimuth_deg=azimuth_deg, fov_deg=fov_deg)
    rng = np.random.default_rng(seed)
    angle = np.radians(azimuth_deg + rng.uniform(-fov_deg / 2, fov_deg / 2, 200))
    far = 99.0 * np.sqrt(rng.uniform(0, 1, 200))
    to = eye.xy + far[:, None] * np.column_stack((np.sin(angle), np.cos(angle)))
    (polygon,) = Sights.of(eye, taken).polygons()
    assert polygon.is_valid
    wrong = shapely.contains_xy(polygon, *to.T) != seen_by_rays(eye, taken.segments, to)
    edge = shapely.distance(shapely.boundary(polygon), shapely.points(to))
    assert not (wrong & (edge > 0.01)).any()


@given(scenes, places, st.floats(0, 360), st.floats(1, 360), polylines)
def test_another_wall_never_adds_view(
    drawn: tuple, at: tuple, azimuth_deg: float, fov_deg: float, wall: shapely.LineString
) -> None:
    """And what is seen is never more than the sector."""
    eye = eyes([at], azimuth_deg=azimuth_deg, fov_deg=fov_deg)
    boxes, ties, lines = drawn
    before = Sights.of(eye, scene(drawn)).area_m2()[0]
    after = Sights.of(eye, scene((boxes, ties, [*lines, wall]))).area_m2()[0]
    assert after <= before + 1e-3
    assert before <= np.pi * 100.0**2 * fov_deg / 360.0 + 1e-6


@given(scenes, places, st.floats(0, 360), st.floats(1, 359.9), st.floats(-180, 180))
def test_turning_the_scene_turns_the_view(
    drawn: tuple, at: tuple, azimuth_deg: float, fov_deg: float, by_deg: float
) -> None:
    """The area stays, whatever way the walls run."""
    eye = eyes([at], azimuth_deg=azimuth_deg, fov_deg=fov_deg)
    turn = np.radians(by_deg)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def turned(geometry: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(geometry, lambda xy: (xy - ORIGIN) @ matrix + ORIGIN)

    boxes, ties, lines = ([turned(shape) for shape in shapes] for shapes in drawn)
    after = Eyes(
        (eye.xy - ORIGIN) @ matrix + ORIGIN, eye.range_m, eye.azimuth_deg + by_deg, eye.fov_deg,
        eye.height_m, eye.near_m,
    )  # fmt: skip
    before_m2 = Sights.of(eye, scene(drawn)).area_m2()[0]
    # Where two walls graze one ray a rounding decides; so nothing on a ray of two corners.
    assume(_loose(eye, scene(drawn)))
    assert Sights.of(after, scene((boxes, ties, lines))).area_m2()[0] == pytest.approx(
        before_m2, abs=1e-2
    )


def _loose(eye: Eyes, taken: Walls) -> bool:
    """Whether no two different corners lie within 1e-7 rad of one ray, and the eye on no wall."""
    corners = np.unique(taken.segments.reshape(-1, 2), axis=0) - eye.xy[0]
    if (np.hypot(*corners.T) < 1e-3).any():
        return False
    angle = np.sort(np.arctan2(corners[:, 0], corners[:, 1]))
    on = shapely.distance(
        shapely.linestrings(taken.segments.reshape(-1, 2, 2)), shapely.points(eye.xy[0])
    )
    return bool((np.diff(angle) > 1e-7).all() and (on > 1e-3).all())


@given(street_frames, scenes, places, st.floats(0, 360), st.floats(1, 360))
def test_stretches_are_what_of_the_lines_the_polygon_holds(
    streets: gpd.GeoDataFrame, drawn: tuple, at: tuple, azimuth_deg: float, fov_deg: float
) -> None:
    """Against shapely's intersection with the drawn view, whose rim is off by millimetres."""
    sights = Sights.of(eyes([at], azimuth_deg=azimuth_deg, fov_deg=fov_deg), scene(drawn))
    lines = Lines.from_frame(streets, "streets")
    found = sights.stretches(lines)
    (polygon,) = sights.polygons()
    part, begin, end, _ = lines.segments
    pieces = shapely.linestrings(np.stack((begin, end), axis=1))
    low = shapely.length(shapely.intersection(pieces, polygon.buffer(-0.02)))
    high = shapely.length(shapely.intersection(pieces, polygon.buffer(0.02, join_style="mitre")))
    by_part = np.bincount(found.part, found.end - found.start, minlength=len(lines.row))
    tol = 1e-5 * len(pieces)
    assert (by_part >= np.bincount(part, low, minlength=len(lines.row)) - tol).all()
    assert (by_part <= np.bincount(part, high, minlength=len(lines.row)) + tol).all()


@given(street_frames, scenes, st.lists(places, min_size=1, max_size=4), st.floats(1, 360))
def test_eyes_do_not_see_for_each_other(
    streets: gpd.GeoDataFrame, drawn: tuple, at: list, fov_deg: float
) -> None:
    """All together give, eye by eye, what each alone gives, and no stretch of one twice."""
    many, taken = eyes(at, fov_deg=fov_deg), scene(drawn)
    lines = Lines.from_frame(streets, "streets")
    together = Sights.of(many, taken)
    found = together.stretches(lines)
    for k in range(len(at)):
        alone = Sights.of(many.take(slice(k, k + 1)), taken)
        assert alone.area_m2()[0] == together.area_m2()[k]
        mine = found.of(np.arange(len(at)) == k)
        assert np.array_equal(alone.stretches(lines).start, mine.start)
        assert mine.union.length_m == pytest.approx((mine.end - mine.start).sum(), abs=1e-9)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_wall_that_peeps_out_from_behind_another_hides_what_is_behind_it(side: float) -> None:
    """However narrow it is: it lies in one slice of the field, which the near wall ends in."""

    def at(turn: float, far: float) -> tuple[float, float]:
        way = np.array([1.0, 1.0]) * (1.0 - turn) + np.array([-1.0, 1.0]) * turn
        x, y = way / np.hypot(*way) * far
        return float(x), float(y)

    middle, part = 32.5 / 64.0, 0.3 / 64.0
    near = line(at(middle, 10), at(middle + side * 0.3, 10))
    far = line(at(middle - part, 50), at(middle + part, 50))
    seen = only(Sights.of(eyes([(0, 0)]), walls(near, far)))
    assert not shapely.intersects_xy(seen, *at(middle - side * part / 2, 60))
    assert shapely.intersects_xy(seen, *at(middle - side * part / 2, 40))
    assert shapely.intersects_xy(seen, *at(middle - side * part * 2, 60))


@pytest.mark.parametrize("azimuth_deg", [0.0, 10.0, 180.0, 271.0])
def test_all_around_a_wall_hides_its_angle_and_no_more(azimuth_deg: float) -> None:
    """Wherever turning begins: a wall of 40 m at 20 m, 90 degrees of it."""
    turn = np.radians(azimuth_deg)
    ahead, aside = np.array([np.sin(turn), np.cos(turn)]), np.array([np.cos(turn), -np.sin(turn)])
    wall = line(*(20.0 * ahead + w * aside for w in (-20.0, 20.0)))
    seen = Sights.of(eyes([(0, 0)], fov_deg=360.0), walls(wall))
    expected = np.pi * 100.0**2 * 3 / 4 + 20.0 * 20.0
    assert seen.area_m2()[0] == pytest.approx(expected, rel=1e-9)
    assert only(seen).area == pytest.approx(expected, rel=1e-6)


def test_a_courtyard_is_seen_from_inside_and_not_from_outside() -> None:
    """A ring of building: the yard is open ground, its walls hide the street."""
    ring = shapely.difference(box(-40, -40, 40, 40), box(-20, -20, 20, 20))
    around = eyes([(0, 0)], fov_deg=360.0)
    assert Sights.of(around, Walls.of(buildings(ring))).area_m2()[0] == pytest.approx(1600.0)
    outside = Sights.of(eyes([(0, -60)], fov_deg=360.0), Walls.of(buildings(ring)))
    assert not only(outside).intersects(shapely.box(-19, -19, 19, 19))


def test_shared_walls_and_corners_let_nothing_through() -> None:
    """Two houses side by side, seen square and along the joint."""
    row = Walls.of(buildings(box(-50, 20, 0, 30), box(0, 20, 50, 30)))
    for x in (0.0, -13.0, 7.3):
        seen = only(Sights.of(eyes([(x, 0)], fov_deg=60.0), row))
        assert seen.bounds[3] <= 20.0 + 1e-6


def test_grazing_a_wall_hides_nothing_in_front_of_it() -> None:
    """An eye in line with a wall sees both its sides."""
    seen = Sights.of(eyes([(0, 0)]), walls(line((0, 20), (0, 60))))
    assert seen.area_m2()[0] == pytest.approx(np.pi * 100.0**2 / 4)
    along = Lines.from_frame(streets_of([line((0, 0), (0, 90)), line((5, 10), (5, 90))]), "s")
    beside = Sights.of(eyes([(0, 0)]), walls(line((5, 10), (5, 90)))).stretches(along)
    assert beside.union.length_m == pytest.approx(90.0 + 80.0, abs=1e-3)


def test_a_low_wall_hides_its_shadow_alone() -> None:
    """Eye at 6 m, wall of 4 m at 10 m: hidden from 10 m to 30 m."""
    low = walls(line((-200, 10), (200, 10)), height=[4.0])
    seen = Sights.of(eyes([(0, 0)], height_m=6.0, fov_deg=60.0), low)
    street = Lines.from_frame(streets_of([line((0, 0), (0, 200))]), "streets")
    found = seen.stretches(street).union
    assert np.c_[found.start, found.end].ravel() == pytest.approx([0, 10, 30, 100], abs=1e-5)
    half = np.tan(np.radians(30))
    shadow = (30.0**2 - 10.0**2) * half
    assert seen.area_m2()[0] == pytest.approx(np.pi * 100**2 / 6 - shadow, rel=1e-6)
    assert seen.opaque.area_m2()[0] == pytest.approx(100.0 * half, rel=1e-6)


@pytest.mark.parametrize("height", [6.0, 9.0, np.nan])
def test_a_wall_as_high_as_the_eye_or_of_no_known_height_hides_all(height: float) -> None:
    """Unknown is opaque."""
    high = walls(line((-200, 10), (200, 10)), height=[height])
    seen = Sights.of(eyes([(0, 0)], height_m=6.0, fov_deg=60.0), high)
    assert seen.area_m2()[0] == pytest.approx(100.0 * np.tan(np.radians(30)), rel=1e-6)


def test_an_eye_of_no_known_height_looks_over_nothing() -> None:
    """However low the wall."""
    low = walls(line((-200, 10), (200, 10)), height=[0.5])
    seen = Sights.of(eyes([(0, 0)], fov_deg=60.0), low)
    assert seen.area_m2()[0] == pytest.approx(100.0 * np.tan(np.radians(30)), rel=1e-6)


def test_a_low_house_hides_the_ground_under_it_too() -> None:
    """Roof from 10 m to 60 m; the shadow of its far wall ends at 180 m."""
    house = Walls.of(buildings(box(-200, 10, 200, 60), height=[4.0]))
    seen = Sights.of(eyes([(0, 0)], height_m=6.0, fov_deg=60.0, range_m=300.0), house)
    street = Lines.from_frame(streets_of([line((0, 0), (0, 300))]), "streets")
    found = seen.stretches(street).union
    assert np.c_[found.start, found.end].ravel() == pytest.approx([0, 10, 180, 300], abs=1e-5)
    assert shapely.contains_xy(only(seen), 0, 190)
    assert not shapely.contains_xy(only(seen), 0, 45)


@given(outlines, places, st.floats(0.5, 12), st.lists(st.floats(0.1, 15), min_size=6, max_size=6))
def test_heights_never_show_less_than_opaque_walls(
    boxes: list, at: tuple, height_m: float, tops: list[float]
) -> None:
    """And the stretches are those of the polygon, in the shadow of low houses too."""
    taken = Walls.of(buildings(*boxes, height=tops[: len(boxes)]))
    seen = Sights.of(eyes([at], height_m=height_m, fov_deg=360.0), taken)
    assume(not shapely.intersects_xy(shapely.union_all(taken.outlines), *seen.eyes.xy[0]))
    # With shadows the area is that of the drawn polygon, whose rim is off by millimetres.
    assert seen.area_m2()[0] >= seen.opaque.area_m2()[0] - 0.1
    lines = Lines.from_frame(streets_of([line((-290, y), (290, y + 7)) for y in (-40, 3)]), "s")
    found = seen.stretches(lines)
    (polygon,) = seen.polygons()
    rows = streets_of([line((-290, y), (290, y + 7)) for y in (-40, 3)]).geometry.array
    low = shapely.length(shapely.intersection(rows, polygon.buffer(-0.05)))
    high = shapely.length(shapely.intersection(rows, polygon.buffer(0.05, join_style="mitre")))
    by_part = np.bincount(found.part, found.end - found.start, minlength=2)
    assert (by_part >= low - 1e-3).all()
    assert (by_part <= high + 1e-3).all()


def test_nothing_is_seen_nearer_than_the_dead_zone() -> None:
    """Of street and area alike."""
    seen = Sights.of(eyes([(0, 0)], near_m=20.0), Walls.of())
    street = Lines.from_frame(streets_of([line((0, 0), (0, 200))]), "streets")
    found = seen.stretches(street).union
    assert np.c_[found.start, found.end].ravel() == pytest.approx([20, 100], abs=1e-6)
    assert seen.area_m2()[0] == pytest.approx(np.pi * (100**2 - 20**2) / 4, rel=1e-4)
    assert seen.opaque.area_m2()[0] == pytest.approx(np.pi * 100**2 / 4)


@pytest.mark.parametrize(
    ("at", "moved"),
    [
        ((0.0, 0.0), (0.0, STAND_OFF_M)),
        ((0.0, -1.5), (0.0, STAND_OFF_M)),
        ((0.0, 0.05), (0.0, STAND_OFF_M)),
        ((0.0, 0.5), (0.0, 0.5)),
    ],
)
def test_an_eye_on_a_wall_stands_before_it(at: tuple, moved: tuple) -> None:
    """On it, just inside it, or as near as brackets hold it; a free one stays."""
    house = Walls.of(buildings(box(-50, -30, 50, 0)))
    xy, inside = house.stand(np.add([at], ORIGIN), np.array([[0.0, 1.0]]))
    assert xy[0] - ORIGIN == pytest.approx(moved, abs=1e-6)
    assert not inside[0]


def test_an_eye_deep_inside_is_left_there_and_sees_the_inside() -> None:
    """It covers no street."""
    house = Walls.of(buildings(box(-50, -30, 50, 0)))
    xy, inside = house.stand(np.add([(0.0, -10.0)], ORIGIN), np.array([[0.0, 1.0]]))
    assert inside.tolist() == [True]
    assert xy[0] - ORIGIN == pytest.approx((0.0, -10.0))
    seen = Sights.of(eyes([(0.0, -10.0)], fov_deg=360.0), house)
    street = Lines.from_frame(streets_of([line((-50, 5), (50, 5))]), "streets")
    assert seen.stretches(street).union.length_m == 0.0


def test_an_eye_on_a_corner_or_between_houses_stands_before_all_of_them() -> None:
    """Free of every outline, and no farther than it must."""
    houses = Walls.of(buildings(box(-50, -30, 0, 0), box(0.05, -30, 50, 0)))
    at = np.add([(-50.0, 0.0), (0.02, -1.0), (0.02, 0.0)], ORIGIN)
    xy, inside = houses.stand(at, np.zeros((3, 2)))
    assert not inside.any()
    gap = shapely.distance(shapely.union_all(houses.outlines), shapely.points(xy))
    assert gap == pytest.approx([STAND_OFF_M] * 3, abs=STAND_OFF_M / 2)
    assert np.hypot(*(xy - at).T).max() <= 1.0 + 2 * STAND_OFF_M


def test_an_eye_whose_first_place_is_too_near_the_neighbour_finds_another() -> None:
    """The gap between two houses is too narrow; its mouth is not."""
    houses = Walls.of(buildings(box(-50, -30, 0, 0), box(0.12, -30, 50, 0)))
    xy, inside = houses.stand(np.add([(0.0, -1.0), (0.0, -20.0)], ORIGIN), np.zeros((2, 2)))
    assert inside.tolist() == [False, True]
    assert shapely.distance(shapely.union_all(houses.outlines), shapely.points(xy[0])) > 0.09


def test_on_a_free_wall_the_heading_decides_the_side() -> None:
    """A wall has two sides and no inside."""
    wall = walls(line((-20, 0), (20, 0)))
    xy, inside = wall.stand(np.add([(0, 0), (0, 0)], ORIGIN), np.array([[0.0, 1.0], [0.0, -1.0]]))
    assert (xy - ORIGIN)[:, 1] == pytest.approx([STAND_OFF_M, -STAND_OFF_M])
    assert not inside.any()


def test_points_are_no_buildings() -> None:
    """Named with its row."""
    with pytest.raises(GeometryError, match="buildings: row 0 is a Point"):
        Walls.of(buildings(shapely.Point(0, 0)))
    with pytest.raises(GeometryError, match="walls: row 0 is a Polygon"):
        Walls.of(walls=buildings(box(0, 0, 1, 1)))
