"""How large, wide and important places are, and which areas they touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.partition.chains import SNAP_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

NOISE_M2: Final = 0.01
"""A smaller place is noise, in square metres."""

NOISE_M: Final = 0.01
"""So is one between two parallels that are nearer than this, in metres: what rounding to a
centimetre, or a reprojection, leaves beside a straight border. A thin place that follows a crooked
border for long is none: two borders were drawn there."""

TRACE_M2: Final = NOISE_M2 / 10.0
"""Two that share less ground share none, in square metres: rounding along a kilometre."""

TOUCH_M: Final = 10.0 * SNAP_M
"""What is this near touches, in metres."""


def thinness_m(places: Shapes) -> Floats:
    """
    Measure how wide places are on average.

    Parameters
    ----------
    places
        n polygons.

    Returns
    -------
    thinness_m
        n numbers: area over half the perimeter, in metres; 0 for nothing.
    """
    half = shapely.length(places) / 2.0
    return np.divide(shapely.area(places), half, out=np.zeros(len(places)), where=half > 0.0)


def polygons_among(shapes: Shapes) -> Shapes:
    """
    Take shapes apart, and leave out what is no ground.

    Parameters
    ----------
    shapes
        n geometries, such as overlays make: polygons, with lines where only borders are shared.

    Returns
    -------
    polygons
        Those that are wider than the rounding of the computation.
    """
    parts: Shapes = shapely.get_parts(shapely.get_parts(shapes))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return parts[thinness_m(parts) > TOUCH_M]


def ground_of(shape: shapely.Geometry) -> shapely.Geometry:
    """
    Leave out of a shape what is no ground: GEOS does not overlay every collection.

    Parameters
    ----------
    shape
        A geometry, such as an overlay makes.

    Returns
    -------
    ground
        Its polygons as one; empty for none.
    """
    return shapely.multipolygons(polygons_among(np.array([shape])))


def noise(places: Shapes) -> Bools:
    """
    Tell which places are too small or too thin to be defects.

    Parameters
    ----------
    places
        n polygons.

    Returns
    -------
    noise
        n flags.
    """
    noise: Bools = shapely.area(places) < NOISE_M2
    # No place is wider on average than the strip that holds it: most need no hull.
    doubtful = np.flatnonzero(~noise & (thinness_m(places) < NOISE_M))
    for place in doubtful:  # hulls differ in size
        noise[place] = _strip_m(shapely.convex_hull(places[place])) < NOISE_M
    return noise


def real(places: Shapes) -> tuple[Bools, int]:
    """
    Tell which places are defects.

    Parameters
    ----------
    places
        n polygons.

    Returns
    -------
    real, ignored
        n flags, and how many places are noise; what is thinner than the rounding of the
        computation is no place, and not counted.
    """
    there = thinness_m(places) > TOUCH_M
    small = noise(places)
    return there & ~small, int((there & small).sum())


WIDTH_ERROR: Final = 0.01
"""How far `widths_m` may be off, as a share."""


def widths_m(places: Shapes) -> Floats:
    """
    Measure the widest circle in each place.

    Parameters
    ----------
    places
        n polygons.

    Returns
    -------
    width_m
        n diameters in metres, within a hundredth.
    """
    # No polygon is larger than its perimeter times the radius, and no circle than its polygon.
    low, high = thinness_m(places) / 2.0, np.sqrt(shapely.area(places) / np.pi)
    while (wide := np.flatnonzero(high > (1.0 + WIDTH_ERROR / 2.0) * low)).size:
        middle = np.sqrt(low[wide] * high[wide])
        fits = ~shapely.is_empty(shapely.buffer(places[wide], -middle))
        low[wide[fits]], high[wide[~fits]] = middle[fits], middle[~fits]
    return low + high


def touching(places: Shapes, tree: shapely.STRtree) -> tuple[Ints, Ints]:
    """
    Find the areas that each place touches, in a corner too.

    Parameters
    ----------
    places
        n geometries.
    tree
        The areas.

    Returns
    -------
    place, area
        Pairs of positions.
    """
    place, area = tree.query(places, predicate="dwithin", distance=TOUCH_M)
    return place, area


def covering(places: Shapes, tree: shapely.STRtree) -> tuple[Ints, Ints]:
    """
    Find the areas that share ground with each place.

    Parameters
    ----------
    places
        n polygons.
    tree
        The areas.

    Returns
    -------
    place, area
        Pairs of positions.
    """
    place, area = tree.query(places, predicate="intersects")
    shared = shapely.intersection(places[place], tree.geometries[area])
    deep = shapely.area(shared) > TRACE_M2
    return place[deep], area[deep]


def borders_m(places: Shapes, tree: shapely.STRtree) -> tuple[Ints, Ints, Floats]:
    """
    Measure how much of its outline each place shares with the areas beside it.

    Parameters
    ----------
    places
        n polygons whose outline has a vertex wherever an area begins or ends.
    tree
        The areas.

    Returns
    -------
    place, area, border_m
        Pairs of positions, and the metres that they share.
    """
    xy, owner = shapely.get_coordinates(shapely.boundary(places), return_index=True)
    ring = _rings_of(places)
    inner = np.flatnonzero(ring[:-1] == ring[1:])
    middle = shapely.points((xy[inner] + xy[inner + 1]) / 2.0)
    edge, area = tree.query(middle, predicate="dwithin", distance=TOUCH_M)
    length = np.hypot(*(xy[inner + 1] - xy[inner]).T)
    key, pair = np.unique(np.column_stack((owner[inner[edge]], area)), axis=0, return_inverse=True)
    border_m = np.zeros(len(key))
    np.add.at(border_m, pair, length[edge])
    return key[:, 0], key[:, 1], border_m


def longest(place: Ints, area: Ints, border_m: Floats, rank: Ints, n: int) -> Ints:
    """
    Choose the area with the longest border with each place, the lowest code of equal ones.

    Parameters
    ----------
    place, area, border_m
        Pairs of positions, and the metres that they share.
    rank
        Ranks of the areas by code.
    n
        How many places there are.

    Returns
    -------
    area
        n positions; -1 where no area is beside the place.
    """
    chosen = np.full(n, -1, dtype=np.int64)
    # Millimetres, so that rounding does not choose. The last one written stays.
    order = np.lexsort((-rank[area], np.round(border_m, 3)))
    chosen[place[order]] = area[order]
    return chosen


def _rings_of(places: Shapes) -> Ints:
    """Return the number of the ring of every vertex of the outlines."""
    rings = shapely.get_rings(places)
    return np.repeat(np.arange(len(rings)), shapely.get_num_coordinates(rings))


def _strip_m(hull: shapely.Geometry) -> float:
    """Return the distance of the nearest two parallels that hold a convex shape."""
    xy = shapely.get_coordinates(hull)
    along = np.diff(xy, axis=0)
    along /= np.hypot(*along.T)[:, None]
    off = (xy[None, :, 0] - xy[:-1, None, 0]) * along[:, 1:]
    off -= (xy[None, :, 1] - xy[:-1, None, 1]) * along[:, :1]
    return float(np.abs(off).max(axis=1).min())
