"""Which polygon holds a point: against shapely, on borders, and whatever the cells are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import ColumnError, GeometryError
from geo import locating as module
from geo.areas import areas_of_points, areas_of_xy
from geo.locating import Locator, _side
from tests.strategies import ORIGIN, areas_of, box, places

NEAR_M = 0.01


def by_shapely(
    at: np.ndarray, polygons: np.ndarray, rank: np.ndarray, within_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest polygon within a distance of each point, and how many there are."""
    n, none = len(at), len(polygons)
    area, point = shapely.STRtree(at).query(polygons, predicate="dwithin", distance=within_m)
    best = np.full(n, none)
    np.minimum.at(best, point, rank[area])
    by_rank = np.append(np.argsort(rank), -1)
    return by_rank[best], np.bincount(point, minlength=n)


def locate(polygons: list, x: list[float], y: list[float], **options: float) -> list[int]:
    """Return positions of polygons for places given from the origin."""
    locator = Locator.of(np.array(polygons), np.arange(len(polygons)), reach_m=NEAR_M)
    found, _ = locator.lowest(
        np.array(x) + ORIGIN[0], np.array(y) + ORIGIN[1], **({"within_m": NEAR_M} | options)
    )
    return found.tolist()


@st.composite
def stars(draw: st.DrawFn) -> shapely.Geometry:
    """Draw a polygon with bays, maybe of two parts, maybe with a courtyard."""
    x, y = draw(places)
    arms = draw(st.lists(st.integers(5, 200), min_size=3, max_size=9))
    angle = np.arange(len(arms)) / len(arms) * 2.0 * np.pi
    ring = np.round(np.column_stack((np.cos(angle), np.sin(angle))) * np.array(arms)[:, None], 3)
    star = shapely.Polygon(np.round(np.add(ring, (x + ORIGIN[0], y + ORIGIN[1])), 3))
    if draw(st.booleans()):
        star = shapely.difference(star, box(x - 2, y - 2, x + 2, y + 2))
    if draw(st.booleans()):
        star = shapely.union(star, box(x + 250, y, x + 260, y + 5))
    parts = shapely.get_parts(shapely.make_valid(star))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


@given(st.lists(stars(), min_size=1, max_size=5), st.randoms(), st.sampled_from([0.0, 0.01, 0.5]))
def test_agrees_with_shapely(polygons: list, random, within_m: float) -> None:  # noqa: ANN001
    """Inside, outside, on vertices, on edges, and around the distance that counts as near."""
    polygons = np.array(polygons)
    rng = np.random.default_rng(random.getrandbits(32))
    rank = rng.permutation(len(polygons))
    corner = shapely.get_coordinates(polygons)
    along = rng.random((len(corner) - 1, 1))
    west, south, east, north = shapely.total_bounds(polygons)
    anywhere = rng.uniform((west - 1, south - 1), (east + 1, north + 1), (200, 2))
    beside = corner + rng.uniform(-1.5, 1.5, corner.shape) * max(within_m, 0.001)
    xy = np.concatenate(
        (corner, corner[:-1] * along + corner[1:] * (1.0 - along), anywhere, beside)
    )
    at = shapely.points(xy)
    if within_m > 0.0:
        # Where the distance is the limit to the last digit, both answers are right.
        edge = np.abs(shapely.distance(at[:, None], polygons[None]) - within_m).min(axis=1) < 1e-8
        xy, at = xy[~edge], at[~edge]
    found, near = by_shapely(at, polygons, rank, within_m)
    for asked in (1, len(xy)):
        locator = Locator.of(polygons, rank, reach_m=within_m + 0.2 * asked, points=asked)
        area, held = locator.lowest(*xy.T, within_m=within_m, most=len(polygons))
        assert area.tolist() == found.tolist()
        assert held.tolist() == near.tolist()
        first, some = locator.lowest(*xy.T, within_m=within_m)
        assert first.tolist() == found.tolist()
        assert some.tolist() == np.minimum(near, 1).tolist()


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 7, 60]), st.sampled_from([1, 100_000]))
def test_every_point_of_a_village_is_in_exactly_one_grid(
    seed: int, grids: int, points: int
) -> None:
    """Grids with bent and concave borders that tile it, whatever the cells."""
    rng = np.random.default_rng(seed)
    village = box(-300, -200, 300, 200)
    seeds = shapely.MultiPoint(rng.uniform((-300, -200), (300, 200), (grids * 4, 2)) + ORIGIN)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=village))
    pieces = np.array(shapely.intersection(cells, village))
    of = np.concatenate((np.arange(grids), rng.integers(0, grids, len(pieces) - grids)))
    polygons = np.array([shapely.union_all(pieces[of == k]) for k in range(grids)])
    xy = rng.uniform((-300, -200), (300, 200), (300, 2)) + ORIGIN
    locator = Locator.of(polygons, rng.permutation(grids), reach_m=0.0, points=points)
    area, near = locator.lowest(*xy.T, within_m=0.0, most=grids)
    assert near.tolist() == [1] * len(xy)
    assert (area >= 0).all()
    # On the border it is in several, and yet one is named.
    corner = shapely.get_coordinates(polygons)
    named = areas_of_xy(*corner.T, areas_of(dict(enumerate(polygons))))
    assert (named >= 0).all()


def test_a_point_on_a_border_belongs_to_the_lowest_code() -> None:
    """Two areas side by side; 9 mm over the border is on it, 11 mm is not; the rim is inside."""
    areas = areas_of({"02": box(0, 0, 100, 50), "01": box(100, 0, 200, 50)})
    x = np.array([50, 100, 99.991, 99.989, 100.5, -0.009, -0.011, 200.02, np.nan]) + ORIGIN[0]
    y = np.full(9, 25.0) + ORIGIN[1]
    expected = [0, 1, 1, 0, 1, 0, -1, -1, -1]
    assert areas_of_xy(x, y, areas).tolist() == expected
    points = shapely.points(x, y)
    points[-1] = None
    assert areas_of_points(points, areas).tolist() == expected
    points[-1] = shapely.Point()
    assert areas_of_points(points, areas).tolist() == expected
    assert points[-1] == shapely.Point(), "the input is not changed"


def test_courtyards_parts_and_rows_without_a_place() -> None:
    """A hole is outside, a second part is inside, None and empty rows hold nothing."""
    ring = shapely.union(
        shapely.difference(box(0, 0, 90, 90), box(30, 30, 60, 60)), box(40, 40, 50, 50)
    )
    rows = [None, ring, shapely.Polygon(), box(500, 0, 501, 1)]
    x, y = [10, 35, 45, 500.5, 300], [10, 35, 45, 0.5, 0]
    assert locate(rows, x, y) == [1, -1, 1, 3, -1]
    assert locate([None, shapely.Polygon()], x, y) == [-1] * 5
    assert areas_of_xy(np.empty(0), np.empty(0), areas_of({"1": box(0, 0, 1, 1)})).size == 0
    assert areas_of_xy(np.zeros(1), np.zeros(1), areas_of({})).tolist() == [-1]


def test_a_corner_of_many_grids_and_a_ray_through_vertices() -> None:
    """A ray to the east that runs along edges and through corners does not miscount."""
    teeth = shapely.Polygon(
        np.array([(0, 0), (80, 0), (80, 20), (60, 10), (40, 20), (40, 10), (20, 10), (0, 20)])
        + ORIGIN
    )
    x = [5, 10, 25, 30, 50, 70, 79, 20, -5, -5, 90]
    y = [10, 15, 10, 12, 15, 15, 19, 10, 10, 20, 10]
    assert locate([teeth], x, y) == [0, 0, 0, -1, 0, 0, 0, 0, -1, -1, -1]
    assert locate([teeth], x, y, within_m=0.0) == locate([teeth], x, y)


def test_the_reach_of_a_point_goes_beyond_its_cell() -> None:
    """A polygon 0.9 m away is near within 1 m, in every direction, wherever cells end."""
    polygons = np.array([box(0, 0, 3, 3), box(2_000, 0, 2_003, 3)])
    locator = Locator.of(polygons, np.array([1, 0]), reach_m=1.0, points=1_000_000)
    around = np.array([(-0.9, 1), (3.9, 1), (1, -0.9), (1, 3.9), (3.7, 3.7), (3.72, 3.72)])
    for shift, row in ((0, 0), (2_000, 1)):
        xy = around + ORIGIN + (shift, 0)
        assert locator.lowest(*xy.T, within_m=1.0)[0].tolist() == [row] * 5 + [-1]


@pytest.mark.parametrize("cells", [1, 40, 4_000_000])
def test_a_scattered_country_needs_no_more_cells_than_there_are(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Villages 1,000 km apart, and areas one above the other: few cells, the same answer."""
    monkeypatch.setattr(module, "MAX_CELLS", cells)
    far = [box(x, x, x + 50, x + 50) for x in (0, 400_000, 1_000_000)]
    stacked = [box(0, 0, 60, 60)] * 5
    middle = [25.0, 400_025.0, 1_000_025.0, 55.0, 200_000.0]
    assert locate([*far, *stacked], middle, middle) == [0, 1, 2, 3, -1]


@given(st.tuples(*[st.integers(-(2**20), 2**20)] * 4), st.integers(-3, 3), st.integers(0, 2**30))
def test_the_side_of_an_edge_is_exact(ends: tuple, off: int, at: int) -> None:
    """Points a few steps of rounding beside an edge, against fractions."""
    x0, y0, x1, y1 = (float(value) / 1024.0 + ORIGIN[0] for value in ends)
    share = at / 2**30
    x = x0 + share * (x1 - x0)
    y = y0 + share * (y1 - y0) + off * float(np.spacing(ORIGIN[0]))
    fx, fy, f0, g0, f1, g1 = map(Fraction, (x, y, x0, y0, x1, y1))
    exact = (f0 - fx) * (g1 - fy) - (g0 - fy) * (f1 - fx)
    assert _side(x, y, x0, y0, x1, y1) == (exact > 0) - (exact < 0)
    # Two products of 55 bits that differ in the last, which rounding takes from both.
    n = float(2**27)
    assert _side(0.0, 0.0, n + 1, n, n + 2, n + 1) == 1
    assert _side(0.0, 0.0, n, n + 1, n + 1, n + 2) == -1


def test_areas_that_cannot_serve_are_refused() -> None:
    """No code, and a polygon that crosses itself: its inside is a matter of opinion."""
    x = y = np.zeros(1)
    with pytest.raises(ColumnError, match="no column area_id"):
        areas_of_xy(x, y, areas_of({"1": box(0, 0, 1, 1)})[["geometry"]])
    bow = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
    with pytest.raises(GeometryError, match="row 0 is not a valid polygon"):
        areas_of_xy(x, y, areas_of({"1": bow}))


def test_lower_ranks_come_first_in_a_cell() -> None:
    """Four areas one in the other: each point belongs to the lowest that holds it."""
    nested = [box(-k, -k, k, k) for k in (40, 30, 20, 10)]
    for rank in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]):
        locator = Locator.of(np.array(nested), np.array(rank), reach_m=0.0)
        x = np.array([5.0, 15.0, 25.0, 35.0]) + ORIGIN[0]
        found, near = locator.lowest(x, np.full(4, ORIGIN[1]), within_m=0.0, most=9)
        assert near.tolist() == [4, 3, 2, 1]
        held = [min(range(k), key=lambda i, rank=rank: rank[i]) for k in (4, 3, 2, 1)]
        assert found.tolist() == held
