"""
Where lines run inside discs, in closed form.

The set of points of a straight segment inside a disc is one interval. So nothing is sampled and no
rim is ever a polygon.
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

PARALLEL: Final = 1e-12
"""Two directions with a smaller cross product are parallel."""

MAX_COLUMNS: Final = 1_000_000
"""Columns of the index at most; data wider than that many reaches gets wider columns."""


def line_intervals(lines: Lines, centres: Floats, radius_m: float) -> Intervals:
    """
    Find the stretches of the lines inside any of the discs.

    A stretch at exactly `radius_m` is inside.

    Parameters
    ----------
    lines
        The lines, in a metric CRS.
    centres
        n x 2 coordinates in the same CRS.
    radius_m
        The radius in metres, greater than 0.

    Returns
    -------
    intervals
        Canonical, keyed by part, in metres along the row.

    Notes
    -----
    Exact up to rounding (some 1e-9 m at coordinates of 1e6 m). The index is columns as wide as
    the radius, so the cost is that of the pairs in reach plus a binary search a column.
    """
    if not len(centres) or not len(lines.xy):
        return Intervals.of([], [], [])
    west = float(centres[:, 0].min())
    extent = float(centres[:, 0].max()) - west
    width = max(radius_m, extent / MAX_COLUMNS)
    column = ((centres[:, 0] - west) // width).astype(np.int64)
    order = np.lexsort((centres[:, 0], centres[:, 1], column))
    first = np.searchsorted(column[order], np.arange(column.max() + 2))
    return Intervals(
        *_sweep(
            lines.xy, lines.measure, lines.first, np.ascontiguousarray(centres[order]), radius_m,
            first, west, width,
        )
    )  # fmt: skip


@njit(nogil=True, cache=True)
def _sweep(  # noqa: C901, PLR0912 - one loop, so that nothing is stored
    xy: Floats, measure: Floats, first: Ints,
    centres: Floats, reach: float,
    column_first: Ints, west: float, width: float,
) -> tuple[Ints, Floats, Floats]:  # fmt: skip
    """Collect, sort and join the intervals of one part after the other."""
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
                bottom = min(y0 + t0 * dy, y0 + t1 * dy) - reach
                top = max(y0 + t0 * dy, y0 + t1 * dy) + reach
                k1 = column_first[c + 1]
                k = column_first[c] + np.searchsorted(centres[column_first[c] : k1, 1], bottom)
                while k < k1 and centres[k, 1] <= top:
                    qx, qy = x0 - centres[k, 0], y0 - centres[k, 1]
                    off = dx * qy - dy * qx
                    square = (reach - off) * (reach + off)
                    if square > 0.0:
                        middle, chord = -(qx * dx + qy * dy), np.sqrt(square)
                        s, e = max(middle - chord, 0.0), min(middle + chord, length)
                        if s < e:
                            if m == len(low):
                                low = np.concatenate((low, np.empty(len(low))))
                                high = np.concatenate((high, np.empty(len(high))))
                            low[m], high[m] = measure[i] + s, measure[i] + e
                            m += 1
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
