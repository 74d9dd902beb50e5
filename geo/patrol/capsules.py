"""
Where lines run within a distance of straight ways, in closed form.

What lies within a distance of a straight way is a convex figure, two half discs and a strip, so a
straight piece of a line has one interval inside. Nothing is sampled, and no rim is a polygon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.lines import Lines

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PARALLEL: Final = 1e-12
"""Two directions with a smaller cross product are parallel: 1e-9 m apart over 1 km."""


def stretches_near(
    lines: Lines, begin: Floats, end: Floats, radius_m: float
) -> tuple[Ints, Ints, Floats, Floats]:
    """
    Find the stretches of lines within a distance of straight ways.

    Parameters
    ----------
    lines
        The lines, in a metric CRS.
    begin, end
        n x 2 coordinates: where each way begins and ends; the same where a unit stood.
    radius_m
        The distance in metres, greater than 0.

    Returns
    -------
    way, part, start, stop
        One row per way and straight piece of a line: the way, the part of the line, and from
        where to where along the row, in metres.

    Notes
    -----
    Exact up to rounding, some 1e-9 m at coordinates of 1e6 m.
    """
    part, p, q, measure = lines.segments
    pieces = shapely.linestrings(np.stack((p, q), axis=1)) if len(p) else np.empty(0, object)
    ways = shapely.points(begin) if len(begin) else np.empty(0, object)
    moved = np.flatnonzero((begin != end).any(axis=1))
    if moved.size:
        ways[moved] = shapely.linestrings(np.stack((begin[moved], end[moved]), axis=1))
    way, piece = shapely.STRtree(pieces).query(ways, predicate="dwithin", distance=radius_m)
    length = np.hypot(*(q - p)[piece].T)
    way, piece, length = way[length > 0.0], piece[length > 0.0], length[length > 0.0]
    along = (q - p)[piece] / length[:, None]
    low, high = _inside(p[piece] - begin[way], along, (end - begin)[way], radius_m)
    low, high = np.maximum(low, 0.0), np.minimum(high, length)
    some = low < high
    at = measure[piece[some]]
    return way[some], part[piece[some]], at + low[some], at + high[some]


def _inside(q: Floats, d: Floats, way: Floats, radius_m: float) -> tuple[Floats, Floats]:
    """Return the t for which q + t d lies within a radius of the way from the origin."""
    way_m = np.hypot(way[:, 0], way[:, 1])
    u = way / np.where(way_m > 0.0, way_m, 1.0)[:, None]
    low, high = _chord(q, d, radius_m)
    for first, last in (_chord(q - way, d, radius_m), _strip(q, d, u, way_m, radius_m)):
        some = first <= last
        low[some] = np.minimum(low, first)[some]
        high[some] = np.maximum(high, last)[some]
    return low, high


def _strip(
    q: Floats, d: Floats, u: Floats, way_m: Floats, radius_m: float
) -> tuple[Floats, Floats]:
    """Return the t beside the way, between its ends; empty when low > high."""
    beside = _between(_cross(u, q), _cross(u, d), np.full(len(q), -radius_m), radius_m)
    between = _between(_dot(u, q), _dot(u, d), np.zeros(len(q)), way_m)
    low, high = np.maximum(beside[0], between[0]), np.minimum(beside[1], between[1])
    stood = way_m == 0.0
    return np.where(stood, np.inf, low), np.where(stood, -np.inf, high)


def _between(
    at_zero: Floats, per_metre: Floats, lowest: Floats, highest: Floats | float
) -> tuple[Floats, Floats]:
    """Return the t with at_zero + t * per_metre between the two; empty when low > high."""
    flat = np.abs(per_metre) < PARALLEL
    rate = np.where(flat, 1.0, per_metre)
    t0, t1 = (lowest - at_zero) / rate, (highest - at_zero) / rate
    holds = (at_zero >= lowest) & (at_zero <= highest)
    low = np.where(flat, np.where(holds, -np.inf, np.inf), np.minimum(t0, t1))
    high = np.where(flat, np.where(holds, np.inf, -np.inf), np.maximum(t0, t1))
    return low, high


def _chord(q: Floats, d: Floats, radius_m: float) -> tuple[Floats, Floats]:
    """Return the t for which q + t d lies within a radius of the origin; empty when low > high."""
    off, middle = _cross(d, q), -_dot(d, q)
    square = (radius_m - off) * (radius_m + off)
    half = np.sqrt(np.maximum(square, 0.0))
    meets = square >= 0.0
    return np.where(meets, middle - half, np.inf), np.where(meets, middle + half, -np.inf)


def _cross(u: Floats, v: Floats) -> Floats:
    product: Floats = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    return product


def _dot(u: Floats, v: Floats) -> Floats:
    product: Floats = u[:, 0] * v[:, 0] + u[:, 1] * v[:, 1]
    return product
