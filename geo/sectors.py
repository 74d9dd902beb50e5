"""
Where lines run inside discs and sectors, in closed form.

The set of points of a straight segment inside a disc is one interval, and inside a half-plane
one interval. A sector up to 180 degrees is the disc within two half-planes; a wider one is the
disc within either of them. So nothing is sampled and no arc is ever a polygon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from geo.intervals import Intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.lines import Lines

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EDGE_M: Final = 1e-6
"""A point this near the straight edge of a sector is inside, so that a street running along the
edge does not depend on the last bit of its coordinates."""

PARALLEL: Final = 1e-12
"""Two directions with a smaller cross product are parallel."""

MAX_COLUMNS: Final = 1_000_000
"""Columns of the index at most; data wider than that many reaches gets wider columns."""


def line_intervals(
    lines: Lines,
    centres: Floats,
    range_m: Floats,
    azimuth_deg: Floats | None = None,
    fov_deg: Floats | None = None,
) -> Intervals:
    """
    Find the stretches of the lines inside any of the discs or sectors.

    A stretch at exactly `range_m`, or on an edge, is inside.

    Parameters
    ----------
    lines
        The lines, in a metric CRS.
    centres
        n x 2 coordinates in the same CRS.
    range_m
        n radii in metres, greater than 0.
    azimuth_deg
        n headings of the middle axis, clockwise from grid north; None for discs.
    fov_deg
        n widths in degrees in (0, 360]; None for discs.

    Returns
    -------
    intervals
        Canonical, keyed by part, in metres along the row.

    Notes
    -----
    Exact up to rounding (some 1e-9 m at coordinates of 1e6 m). The index is columns as wide as
    the longest radius, so the cost is that of the pairs in reach plus a binary search a column.
    """
    if not len(centres) or not len(lines.xy):
        return Intervals.of([], [], [])
    n = len(centres)
    azimuth = np.zeros(n) if azimuth_deg is None else np.radians(azimuth_deg)
    half = np.full(n, np.pi) if fov_deg is None else np.radians(fov_deg) / 2.0
    west = float(centres[:, 0].min())
    extent = float(centres[:, 0].max()) - west
    width = max(float(range_m.max()), extent / MAX_COLUMNS)
    column = ((centres[:, 0] - west) // width).astype(np.int64)
    # Row order must not matter, so equal places are told apart by everything else they have.
    order = np.lexsort((half, azimuth, range_m, centres[:, 0], centres[:, 1], column))
    first = np.searchsorted(column[order], np.arange(column.max() + 2))
    return Intervals(
        *_sweep(
            lines.xy, lines.measure, lines.first,
            np.ascontiguousarray(centres[order]), range_m[order], azimuth[order], half[order],
            first, west, width,
        )
    )  # fmt: skip


@njit(nogil=True, cache=True)
def _half_plane(
    ux: float, uy: float, qx: float, qy: float, dx: float, dy: float
) -> tuple[float, float]:
    """
    Return the t for which q + t d lies clockwise of direction u, or on it.

    q is relative to the centre; u and d are unit vectors, so the value is a distance in metres.
    """
    at_zero, per_metre = ux * qy - uy * qx, ux * dy - uy * dx
    if abs(per_metre) < PARALLEL:
        return (-np.inf, np.inf) if at_zero <= EDGE_M else (np.inf, -np.inf)
    t = (EDGE_M - at_zero) / per_metre
    return (-np.inf, t) if per_metre > 0.0 else (t, np.inf)


@njit(nogil=True, cache=True)
def _sweep(  # noqa: C901, PLR0912, PLR0913, PLR0917 - one loop, so that nothing is stored
    xy: Floats, measure: Floats, first: Ints,
    centres: Floats, radius: Floats, azimuth: Floats, half: Floats,
    column_first: Ints, west: float, width: float,
) -> tuple[Ints, Floats, Floats]:  # fmt: skip
    """Collect, sort and join the intervals of one part after the other."""
    reach = radius.max()
    columns = len(column_first) - 1
    key, start, end = np.empty(1024, np.int64), np.empty(1024), np.empty(1024)
    low, high = np.empty(64), np.empty(64)
    n = 0
    for part in range(len(first) - 1):
        m = 0
        for i in range(first[part], first[part + 1] - 1):
            x0, y0, x1, y1 = xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1]
            length = np.hypot(x1 - x0, y1 - y0)
            if length == 0.0:
                continue
            dx, dy = (x1 - x0) / length, (y1 - y0) / length
            left, right = min(x0, x1), max(x0, x1)
            c0 = max(int(np.floor((left - reach - west) / width)), 0)
            c1 = min(int(np.floor((right + reach - west) / width)), columns - 1)
            for c in range(c0, c1 + 1):
                # Only the piece of the segment that this column can reach bounds the search.
                t0, t1 = 0.0, length
                if abs(dx) > PARALLEL:
                    a = (west + c * width - reach - x0) / dx
                    b = (west + (c + 1) * width + reach - x0) / dx
                    t0, t1 = max(t0, min(a, b)), min(t1, max(a, b))
                bottom = min(y0 + t0 * dy, y0 + t1 * dy) - reach - EDGE_M
                top = max(y0 + t0 * dy, y0 + t1 * dy) + reach + EDGE_M
                k1 = column_first[c + 1]
                k = column_first[c] + np.searchsorted(centres[column_first[c] : k1, 1], bottom)
                while k < k1 and centres[k, 1] <= top:
                    qx, qy = x0 - centres[k, 0], y0 - centres[k, 1]
                    off = dx * qy - dy * qx
                    square = (radius[k] - off) * (radius[k] + off)
                    if square > 0.0:
                        middle, chord = -(qx * dx + qy * dy), np.sqrt(square)
                        s, e = max(middle - chord, 0.0), min(middle + chord, length)
                        if s < e:
                            if m + 2 > len(low):
                                low = np.concatenate((low, np.empty(len(low))))
                                high = np.concatenate((high, np.empty(len(high))))
                            m = _add_sector(
                                low, high, m, s, e, qx, qy, dx, dy, azimuth[k], half[k],
                                measure[i],
                            )  # fmt: skip
                    k += 1
        if m == 0:
            continue
        order = np.argsort(low[:m])
        for j in range(m):
            s, e = low[order[j]], high[order[j]]
            if n > 0 and key[n - 1] == part and s <= end[n - 1]:
                end[n - 1] = max(end[n - 1], e)
                continue
            if n == len(key):
                key = np.concatenate((key, np.empty(n, np.int64)))
                start, end = (
                    np.concatenate((start, np.empty(n))),
                    np.concatenate((end, np.empty(n))),
                )
            key[n], start[n], end[n] = part, s, e
            n += 1
    return key[:n].copy(), start[:n].copy(), end[:n].copy()


@njit(nogil=True, cache=True)
def _add_sector(  # noqa: PLR0913, PLR0917 - arrays and numbers are what kernels take
    low: Floats, high: Floats, m: int, s: float, e: float,
    qx: float, qy: float, dx: float, dy: float, azimuth: float, half: float, measure: float,
) -> int:  # fmt: skip
    """Write what the two edges leave of the chord s..e, as measures; return the new count."""
    if half >= np.pi:
        return _add(low, high, m, s, e, measure)
    # Clockwise of the left edge; and, with both signs turned, anticlockwise of the right one.
    a = azimuth - half
    l0, l1 = _half_plane(np.sin(a), np.cos(a), qx, qy, dx, dy)
    a = azimuth + half
    r0, r1 = _half_plane(-np.sin(a), -np.cos(a), qx, qy, dx, dy)
    if half <= np.pi / 2.0:
        return _add(low, high, m, max(s, l0, r0), min(e, l1, r1), measure)
    m = _add(low, high, m, max(s, l0), min(e, l1), measure)
    return _add(low, high, m, max(s, r0), min(e, r1), measure)


@njit(nogil=True, cache=True)
def _add(low: Floats, high: Floats, m: int, s: float, e: float, measure: float) -> int:
    """Write one interval unless it is empty."""
    if s >= e:
        return m
    low[m], high[m] = measure + s, measure + e
    return m + 1
