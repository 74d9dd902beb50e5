"""Where lines run in what eyes see, in closed form: every piece of a view is convex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

EDGE_M: Final = 1e-6
"""A point this near the edge of a view is in it, so that a street along a wall does not depend on
the last bit of its coordinates."""

PARALLEL: Final = 1e-12
"""Two unit directions with a smaller cross product are parallel."""


@njit(nogil=True, cache=True)
def _side(  # noqa: PLR0913, PLR0917 - numbers are what kernels take
    ux: float, uy: float, qx: float, qy: float, dx: float, dy: float, s: float, e: float,
    slack: float,
) -> tuple[float, float]:  # fmt: skip
    """Return what of s..e has q + t d left of the unit direction u, or right by `slack` at most."""
    at_zero, per_metre = ux * qy - uy * qx + slack, ux * dy - uy * dx
    if abs(per_metre) < PARALLEL:
        return (s, e) if at_zero >= 0.0 else (0.0, 0.0)
    t = -at_zero / per_metre
    return (max(s, t), e) if per_metre > 0.0 else (s, min(e, t))


@njit(nogil=True, cache=True)
def _in_disc(
    qx: float, qy: float, dx: float, dy: float, radius: float, s: float, e: float
) -> tuple[float, float]:
    """Return what of s..e has q + t d within a radius."""
    off = dx * qy - dy * qx
    square = (radius - off) * (radius + off)
    if square <= 0.0:
        return 0.0, 0.0
    middle, chord = -(qx * dx + qy * dy), np.sqrt(square)
    return max(s, middle - chord), min(e, middle + chord)


@njit(nogil=True, cache=True)
def _in_piece(  # noqa: PLR0913, PLR0917 - numbers are what kernels take
    piece: Floats, is_arc: bool, radius: float,  # noqa: FBT001 - kernels take positions
    qx: float, qy: float, dx: float, dy: float, s: float, e: float,
) -> tuple[float, float]:  # fmt: skip
    """Return what of s..e lies in a triangle, or in a sector, at the eye."""
    size = np.hypot(piece[0], piece[1])
    s, e = _side(piece[0] / size, piece[1] / size, qx, qy, dx, dy, s, e, EDGE_M)
    if s >= e:
        return 0.0, 0.0
    size = np.hypot(piece[2], piece[3])
    s, e = _side(-piece[2] / size, -piece[3] / size, qx, qy, dx, dy, s, e, EDGE_M)
    if s >= e:
        return 0.0, 0.0
    if is_arc:
        return _in_disc(qx, qy, dx, dy, radius, s, e)
    ux, uy = piece[2] - piece[0], piece[3] - piece[1]
    size = np.hypot(ux, uy)
    return _side(ux / size, uy / size, qx - piece[0], qy - piece[1], dx, dy, s, e, EDGE_M)


@njit(nogil=True, cache=True)
def _in_shadow(
    low: Floats, qx: float, qy: float, dx: float, dy: float, s: float, e: float
) -> tuple[float, float]:
    """Return what of s..e a low wall hides: the ground from it to the end of its shadow."""
    size = np.hypot(low[0], low[1])
    s, e = _side(low[0] / size, low[1] / size, qx, qy, dx, dy, s, e, -EDGE_M)
    size = np.hypot(low[2], low[3])
    s, e = _side(-low[2] / size, -low[3] / size, qx, qy, dx, dy, s, e, -EDGE_M)
    ux, uy = low[2] - low[0], low[3] - low[1]
    size = np.hypot(ux, uy)
    ux, uy = ux / size, uy / size
    s, e = _side(-ux, -uy, qx - low[0], qy - low[1], dx, dy, s, e, -EDGE_M)
    k = low[4]
    return _side(ux, uy, qx - k * low[0], qy - k * low[1], dx, dy, s, e, -EDGE_M)


@njit(nogil=True, cache=True)
def _joined(low: Floats, high: Floats, m: int) -> int:
    """Sort intervals and join those that overlap or touch, in place; return the new count."""
    order = np.argsort(low[:m])
    a, b = low[:m][order], high[:m][order]
    n = 0
    for k in range(m):
        if n > 0 and a[k] <= high[n - 1]:
            high[n - 1] = max(high[n - 1], b[k])
        else:
            low[n], high[n] = a[k], b[k]
            n += 1
    return n


@njit(nogil=True, cache=True)
def line_stretches(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one loop, nothing stored
    segments: Floats, part: Ints, measure: Floats, first: Ints, filed: Ints,
    west: float, south: float, cell: float, columns: int, rows: int,
    xy: Floats, range_m: Floats, near_m: Floats,
    first_piece: Ints, piece: Floats, arc: Bools, first_low: Ints, low: Floats,
) -> tuple[Ints, Ints, Floats, Floats]:  # fmt: skip
    """
    Find the stretches of lines that each eye sees.

    Parameters
    ----------
    segments, part, measure
        m x 4 straight pieces of line; the part of each, and how far along it begins.
    first, filed, west, south, cell, columns, rows
        Their `SegmentGrid`.
    xy, range_m, near_m
        n eyes, how far they see, and from where on.
    first_piece, piece, arc, first_low, low
        What they see, from `sights`.

    Returns
    -------
    eye, part, start, end
        One row for each stretch on a segment, eye after eye; those of an eye do not overlap.
    """
    stamp = np.full(len(segments), -1, np.int64)
    out_eye, out_part = np.empty(1024, np.int64), np.empty(1024, np.int64)
    out_start, out_end = np.empty(1024), np.empty(1024)
    most = 1
    for k in range(len(xy)):
        most = max(most, first_piece[k + 1] - first_piece[k], first_low[k + 1] - first_low[k])
    seen, seen_end = np.empty(most + 1), np.empty(most + 1)
    hidden, hidden_end = np.empty(most + 1), np.empty(most + 1)
    n = 0
    for k in range(len(xy)):
        p0, p1 = first_piece[k], first_piece[k + 1]
        if p0 == p1:
            continue
        # The box of what is seen, not of the range: most walls are near.
        left = right = bottom = top = 0.0
        for p in range(p0, p1):
            if arc[p]:
                # A quarter turn at most bulges beyond its chord by less than this.
                left, right = min(left, -range_m[k]), max(right, range_m[k])
                bottom, top = min(bottom, -range_m[k]), max(top, range_m[k])
            left, right = min(left, piece[p, 0], piece[p, 2]), max(right, piece[p, 0], piece[p, 2])
            bottom, top = min(bottom, piece[p, 1], piece[p, 3]), max(top, piece[p, 1], piece[p, 3])
        x, y = xy[k, 0], xy[k, 1]
        c0 = max(int((x + left - west - EDGE_M) // cell), 0)
        c1 = min(int((x + right - west + EDGE_M) // cell), columns - 1)
        r0 = max(int((y + bottom - south - EDGE_M) // cell), 0)
        r1 = min(int((y + top - south + EDGE_M) // cell), rows - 1)
        if r0 > r1:
            continue
        for c in range(c0, c1 + 1):
            for f in range(first[c * rows + r0], first[c * rows + r1 + 1]):
                i = filed[f]
                if stamp[i] == k:
                    continue
                stamp[i] = k
                qx, qy = segments[i, 0] - x, segments[i, 1] - y
                dx, dy = segments[i, 2] - segments[i, 0], segments[i, 3] - segments[i, 1]
                length = np.hypot(dx, dy)
                dx, dy = dx / length, dy / length
                s, e = _in_disc(qx, qy, dx, dy, range_m[k], 0.0, length)
                if s >= e:
                    continue
                m = 0
                for p in range(p0, p1):
                    a, b = _in_piece(piece[p], arc[p], range_m[k], qx, qy, dx, dy, s, e)
                    if a < b:
                        seen[m], seen_end[m] = a, b
                        m += 1
                if m == 0:
                    continue
                m = _joined(seen, seen_end, m)
                h = 0
                for p in range(first_low[k], first_low[k + 1]):
                    a, b = _in_shadow(low[p], qx, qy, dx, dy, s, e)
                    if a < b:
                        hidden[h], hidden_end[h] = a, b
                        h += 1
                if near_m[k] > 0.0:
                    a, b = _in_disc(qx, qy, dx, dy, near_m[k], s, e)
                    if a < b:
                        hidden[h], hidden_end[h] = a, b
                        h += 1
                h = _joined(hidden, hidden_end, h)
                j = 0
                for v in range(m):
                    a = seen[v]
                    while j < h and hidden_end[j] <= a:
                        j += 1
                    g = j
                    while a < seen_end[v]:
                        stop, begin = seen_end[v], seen_end[v]
                        if g < h and hidden[g] < stop:
                            stop, begin = hidden[g], hidden_end[g]
                            g += 1
                        if a < stop:
                            if n == len(out_eye):
                                out_eye = np.concatenate((out_eye, np.empty(n, np.int64)))
                                out_part = np.concatenate((out_part, np.empty(n, np.int64)))
                                out_start = np.concatenate((out_start, np.empty(n)))
                                out_end = np.concatenate((out_end, np.empty(n)))
                            out_eye[n], out_part[n] = k, part[i]
                            out_start[n], out_end[n] = measure[i] + a, measure[i] + stop
                            n += 1
                        a = max(a, begin)
    return out_eye[:n].copy(), out_part[:n].copy(), out_start[:n].copy(), out_end[:n].copy()
