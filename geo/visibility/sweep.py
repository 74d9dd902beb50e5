"""
What an eye sees among walls: the nearest wall in every direction, in closed form.

Every wall is a stretch of the nearest-wall function over directions. Two such functions are
merged like sorted lists; where two walls cross between two directions, the crossing is one more
direction. Halving and merging costs n log n and needs no order of walls that overlapping,
touching or self-crossing outlines could break.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

EDGE_ON_M: Final = 1e-9
"""A wall whose line passes this near an eye is seen edge on: it hides nothing."""

SLIVER_M: Final = 1e-6
"""A direction range narrower than this at the end of the range is neither seen nor hidden."""

SLICES: Final = 64
"""Into how many slices a field is cut to see which walls are behind others: more find more of
them and take longer."""

HALF: Final = 2.0
"""The key of a half turn."""

WHOLE: Final = 4.0
"""The key of a full turn; a quarter turn is 1."""


@njit(nogil=True, cache=True)
def turn(sx: float, sy: float, x: float, y: float) -> float:
    """
    Return how far a direction is turned from s, anticlockwise, in [0, 4).

    Ascending with the angle and 1, 2, 3 at the quarter turns, without any trigonometry.

    Parameters
    ----------
    sx, sy
        Where turning begins.
    x, y
        The direction, of any length above 0.

    Returns
    -------
    key
        The turn.
    """
    along, across = sx * x + sy * y, sx * y - sy * x
    total = abs(along) + abs(across)
    if across >= 0.0:
        return 1.0 - along / total
    return 3.0 + along / total


@njit(nogil=True, cache=True)
def _nearer(near: Floats, far: float, i: int, j: int, vx: float, vy: float) -> tuple[float, float]:
    """Return how far walls i and j are in a direction, never farther than the range."""
    den = vx * near[i, 3] - vy * near[i, 2]
    a = far if den * far <= near[i, 4] else near[i, 4] / den
    den = vx * near[j, 3] - vy * near[j, 2]
    b = far if den * far <= near[j, 4] else near[j, 4] / den
    return a, b


@njit(nogil=True, cache=True)
def _emit(  # noqa: PLR0913, PLR0917 - numbers are what kernels take
    span: Floats, wall: Ints, first: int, n: int, i: int,
    k0: float, x0: float, y0: float, k1: float, x1: float, y1: float,
) -> int:  # fmt: skip
    """Write that wall i is nearest from one direction to another; return the new count."""
    if k1 <= k0:
        return n
    if n > first and wall[n - 1] == i and span[n - 1, 1] == k0:
        span[n - 1, 1], span[n - 1, 4], span[n - 1, 5] = k1, x1, y1
        return n
    wall[n] = i
    span[n, 0], span[n, 1] = k0, k1
    span[n, 2], span[n, 3], span[n, 4], span[n, 5] = x0, y0, x1, y1
    return n + 1


@njit(nogil=True, cache=True)
def _merged(  # noqa: C901, PLR0912, PLR0913, PLR0917 - one walk over two lists
    near: Floats, far: float, sx: float, sy: float,
    span: Floats, wall: Ints, a: int, middle: int, b_end: int, out: Floats, out_wall: Ints, n: int,
) -> int:  # fmt: skip
    """Merge the nearest walls a..middle and middle..b_end; return the new count of `out`."""
    first, b, a_end = n, middle, middle
    lo, lx, ly = -1.0, sx, sy
    while True:
        while a < a_end and span[a, 1] <= lo:
            a += 1
        while b < b_end and span[b, 1] <= lo:
            b += 1
        if a >= a_end and b >= b_end:
            return n
        a_on, b_on = a < a_end and span[a, 0] <= lo, b < b_end and span[b, 0] <= lo
        # The next direction where anything begins or ends.
        hi, hx, hy = np.inf, 0.0, 0.0
        if a < a_end:
            c = 1 if a_on else 0
            hi, hx, hy = span[a, c], span[a, 2 + 2 * c], span[a, 3 + 2 * c]
        if b < b_end:
            c = 1 if b_on else 0
            if span[b, c] < hi:
                hi, hx, hy = span[b, c], span[b, 2 + 2 * c], span[b, 3 + 2 * c]
        if a_on and b_on:
            i, j = wall[a], wall[b]
            i0, j0 = _nearer(near, far, i, j, lx, ly)
            i1, j1 = _nearer(near, far, i, j, hx, hy)
            if i0 <= j0 and i1 <= j1:
                n = _emit(out, out_wall, first, n, i, lo, lx, ly, hi, hx, hy)
            elif j0 <= i0 and j1 <= i1:
                n = _emit(out, out_wall, first, n, j, lo, lx, ly, hi, hx, hy)
            else:
                # They cross in between.
                cross = near[i, 2] * near[j, 3] - near[i, 3] * near[j, 2]
                qx, qy = near[j, 0] - near[i, 0], near[j, 1] - near[i, 1]
                t = (qx * near[j, 3] - qy * near[j, 2]) / cross if cross != 0.0 else 0.0
                mx, my = near[i, 0] + t * near[i, 2], near[i, 1] + t * near[i, 3]
                size = np.hypot(mx, my)
                k = lo
                if size > 0.0:
                    mx, my = mx / size, my / size
                    k = turn(sx, sy, mx, my)
                u, v = (i, j) if i0 < j0 else (j, i)
                if not lo < k < hi:
                    # They meet at an end but for rounding: the other end tells who is nearer.
                    if abs(i0 - j0) < abs(i1 - j1):
                        u = v
                    k, mx, my = hi, hx, hy
                n = _emit(out, out_wall, first, n, u, lo, lx, ly, k, mx, my)
                n = _emit(out, out_wall, first, n, v, k, mx, my, hi, hx, hy)
        elif a_on:
            n = _emit(out, out_wall, first, n, wall[a], lo, lx, ly, hi, hx, hy)
        elif b_on:
            n = _emit(out, out_wall, first, n, wall[b], lo, lx, ly, hi, hx, hy)
        lo, lx, ly = hi, hx, hy


@njit(nogil=True, cache=True)
def _in_front(near: Floats, span: Floats, wall: Ints, spans: int, end: float) -> int:
    """
    Drop the spans that are behind other walls altogether; return the new count.

    The field is cut into slices. A wall right across a slice hides whatever in it is farther than
    the farther end of that wall.
    """
    cover = np.full(SLICES, np.inf)
    scale = SLICES / end
    for i in range(spans):
        first, last = int(np.ceil(span[i, 0] * scale)), min(int(span[i, 1] * scale), SLICES)
        for k in range(first, last):
            cover[k] = min(cover[k], near[wall[i], 6])
    n = 0
    for i in range(spans):
        first, last = int(span[i, 0] * scale), min(int(span[i, 1] * scale), SLICES - 1)
        for k in range(first, last + 1):
            if near[wall[i], 5] <= cover[k]:
                span[n], wall[n] = span[i], wall[i]
                n += 1
                break
    return n


@njit(nogil=True, cache=True)
def _nearest(
    near: Floats, far: float, sx: float, sy: float, span: Floats, wall: Ints
) -> tuple[Floats, Ints]:
    """Return the nearest wall of every direction: its spans, ascending, and which wall."""
    lists = len(wall)
    begin = np.arange(lists + 1)
    other, other_wall = np.empty((4 * lists + 8, 6)), np.empty(4 * lists + 8, np.int64)
    while lists > 1:
        n, made = 0, 0
        for k in range(0, lists, 2):
            a, middle = begin[k], begin[k + 1]
            end = begin[min(k + 2, lists)]
            room = n + 4 * (end - a) + 4
            if room > len(other_wall):
                grown = np.empty((2 * room, 6))
                grown[:n] = other[:n]
                grown_wall = np.empty(2 * room, np.int64)
                grown_wall[:n] = other_wall[:n]
                other, other_wall = grown, grown_wall
            begin[made] = n
            n = _merged(
                near, far, sx, sy, span, wall, a, middle, end, other, other_wall, n
            )  # fmt: skip
            made += 1
        begin[made] = n
        lists = made
        span, other = other, span
        wall, other_wall = other_wall, wall
    n = begin[lists] if lists else 0
    return span[:n], wall[:n]


@njit(nogil=True, cache=True)
def _piece(piece: Floats, arc: Bools, n: int, x0: float, y0: float, x1: float, y1: float,
           is_arc: bool) -> int:  # noqa: FBT001 - kernels take positions  # fmt: skip
    """Write one piece of a view; return the new count."""
    piece[n, 0], piece[n, 1], piece[n, 2], piece[n, 3] = x0, y0, x1, y1
    arc[n] = is_arc
    return n + 1


@njit(nogil=True, cache=True)
def _open(  # noqa: PLR0913, PLR0917 - arrays and numbers are what kernels take
    piece: Floats, arc: Bools, n: int, far: float, sx: float, sy: float,
    k0: float, x0: float, y0: float, k1: float, x1: float, y1: float,
) -> int:  # fmt: skip
    """Write the arcs between two directions, none wider than a quarter turn."""
    qx, qy = sx, sy
    for quarter in (1.0, 2.0, 3.0):
        qx, qy = -qy, qx
        if k0 < quarter < k1:
            if np.hypot(qx - x0, qy - y0) * far > SLIVER_M:
                n = _piece(piece, arc, n, x0 * far, y0 * far, qx * far, qy * far, True)
            k0, x0, y0 = quarter, qx, qy
    if k0 < k1 and np.hypot(x1 - x0, y1 - y0) * far > SLIVER_M:
        n = _piece(piece, arc, n, x0 * far, y0 * far, x1 * far, y1 * far, True)
    return n


@njit(nogil=True, cache=True)
def _cells(  # noqa: PLR0913, PLR0917 - numbers are what kernels take
    x: float, y: float, far: float, sx: float, sy: float, tx: float, ty: float, end: float,
    west: float, south: float, cell: float, columns: int, rows: int,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Return the columns and rows that the box of a sector touches; none where it is outside."""
    left, right = min(sx, tx, 0.0), max(sx, tx, 0.0)
    bottom, top = min(sy, ty, 0.0), max(sy, ty, 0.0)
    if turn(sx, sy, 1.0, 0.0) < end:
        right = 1.0
    if turn(sx, sy, 0.0, 1.0) < end:
        top = 1.0
    if turn(sx, sy, -1.0, 0.0) < end:
        left = -1.0
    if turn(sx, sy, 0.0, -1.0) < end:
        bottom = -1.0
    c0 = max(int((x + left * far - west) // cell), 0)
    c1 = min(int((x + right * far - west) // cell), columns - 1)
    r0 = max(int((y + bottom * far - south) // cell), 0)
    r1 = min(int((y + top * far - south) // cell), rows - 1)
    return (c0, c1, r0, r1) if r0 <= r1 else (0, -1, 0, 0)


@njit(nogil=True, cache=True)
def sights(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one loop over eyes
    segments: Floats, top: Floats, first: Ints, filed: Ints,
    west: float, south: float, cell: float, columns: int, rows: int,
    xy: Floats, range_m: Floats, start: Floats, stop: Floats, eye: Floats,
) -> tuple[Ints, Floats, Bools, Ints, Floats]:  # fmt: skip
    """
    Find what each eye sees.

    Parameters
    ----------
    segments
        m x 4 walls.
    top
        m heights of their tops, NaN where unknown.
    first, filed, west, south, cell, columns, rows
        Their `SegmentGrid`.
    xy
        n x 2 eyes.
    range_m
        n ranges.
    start, stop
        n x 2 unit vectors: an eye sees from `start` anticlockwise to `stop`; all round where
        they are equal.
    eye
        n heights of the eyes, NaN where unknown.

    Returns
    -------
    first_piece, piece, arc, first_low, low
        Per eye its pieces, anticlockwise: two points of a wall (or of the rim where `arc`),
        relative to the eye, of which it sees the whole triangle (or sector of a quarter turn at
        most). And the walls it looks over: two points anticlockwise, relative to the eye, and how
        many times as far their shadow reaches.
    """
    stamp = np.full(len(segments), -1, np.int64)
    first_piece, first_low = np.zeros(len(xy) + 1, np.int64), np.zeros(len(xy) + 1, np.int64)
    piece, arc = np.empty((1024, 4)), np.empty(1024, np.bool_)
    low = np.empty((64, 5))
    near, span, wall = np.empty((256, 7)), np.empty((512, 6)), np.empty(512, np.int64)
    n = lows = 0
    for e in range(len(xy)):
        x, y, far = xy[e, 0], xy[e, 1], range_m[e]
        sx, sy, tx, ty = start[e, 0], start[e, 1], stop[e, 0], stop[e, 1]
        whole = sx == tx and sy == ty
        end = WHOLE if whole else turn(sx, sy, tx, ty)
        c0, c1, r0, r1 = _cells(x, y, far, sx, sy, tx, ty, end, west, south, cell, columns, rows)
        walls = spans = 0
        for c in range(c0, c1 + 1):
            for p in range(first[c * rows + r0], first[c * rows + r1 + 1]):
                s = filed[p]
                if stamp[s] == e:
                    continue
                stamp[s] = e
                ax, ay = segments[s, 0] - x, segments[s, 1] - y
                bx, by = segments[s, 2] - x, segments[s, 3] - y
                # Most walls of the box are beside the field: both ends beyond one edge of it.
                if end <= HALF and (
                    (sx * ay - sy * ax < 0.0 and sx * by - sy * bx < 0.0)
                    or (tx * ay - ty * ax > 0.0 and tx * by - ty * bx > 0.0)
                ):
                    continue
                if ax * by - ay * bx < 0.0:
                    ax, ay, bx, by = bx, by, ax, ay
                dx, dy = bx - ax, by - ay
                length = np.hypot(dx, dy)
                num = ax * dy - ay * dx
                if num <= EDGE_ON_M * length:
                    continue
                off = num / length
                if off >= far:
                    continue
                middle, half = -(ax * dx + ay * dy) / length, np.sqrt((far - off) * (far + off))
                t0, t1 = max(middle - half, 0.0), min(middle + half, length)
                if t0 >= t1:
                    continue
                if top[s] < eye[e]:
                    if lows == len(low):
                        low = np.concatenate((low, np.empty((lows, 5))))
                    low[lows, 0], low[lows, 1], low[lows, 2], low[lows, 3] = ax, ay, bx, by
                    low[lows, 4] = eye[e] / (eye[e] - max(top[s], 0.0))
                    lows += 1
                    continue
                if t1 < length:
                    bx, by = ax + t1 / length * dx, ay + t1 / length * dy
                if t0 > 0.0:
                    ax, ay = ax + t0 / length * dx, ay + t0 / length * dy
                far_a, far_b = np.hypot(ax, ay), np.hypot(bx, by)
                ux, uy, vx, vy = ax / far_a, ay / far_a, bx / far_b, by / far_b
                ka, kb = turn(sx, sy, ux, uy), turn(sx, sy, vx, vy)
                if walls == len(near):
                    near = np.concatenate((near, np.empty((walls, 7))))
                if spans + 2 > len(wall):
                    span = np.concatenate((span, np.empty((len(wall), 6))))
                    wall = np.concatenate((wall, np.empty(len(wall), np.int64)))
                near[walls, 0], near[walls, 1], near[walls, 2], near[walls, 3] = ax, ay, dx, dy
                near[walls, 4] = num
                near[walls, 5] = off if t0 < middle < t1 else min(far_a, far_b)
                near[walls, 6] = max(far_a, far_b)
                before = spans
                if kb < ka:
                    # The wall passes the direction where turning begins: two spans.
                    k1 = min(kb, end)
                    ex, ey = (vx, vy) if kb <= end else (tx, ty)
                    spans = _emit(span, wall, spans, spans, walls, 0.0, sx, sy, k1, ex, ey)
                    if ka < end:
                        spans = _emit(span, wall, spans, spans, walls, ka, ux, uy, end, tx, ty)
                elif ka < end:
                    ex, ey = (vx, vy) if kb <= end else (tx, ty)
                    spans = _emit(span, wall, spans, spans, walls, ka, ux, uy, min(kb, end), ex, ey)
                if spans > before:
                    walls += 1
        spans = _in_front(near, span, wall, spans, end)
        found, who = _nearest(near, far, sx, sy, span[:spans], wall[:spans])
        room = n + 2 * len(who) + 8
        if room > len(arc):
            piece = np.concatenate((piece, np.empty((room, 4))))
            arc = np.concatenate((arc, np.empty(room, np.bool_)))
        at, px, py = 0.0, sx, sy
        for k in range(len(who)):
            n = _open(piece, arc, n, far, sx, sy, at, px, py, found[k, 0], found[k, 2], found[k, 3])
            x0, y0, x1, y1 = found[k, 2], found[k, 3], found[k, 4], found[k, 5]
            if np.hypot(x1 - x0, y1 - y0) * far > SLIVER_M:
                g, _ = _nearer(near, far, who[k], who[k], x0, y0)
                h, _ = _nearer(near, far, who[k], who[k], x1, y1)
                n = _piece(piece, arc, n, x0 * g, y0 * g, x1 * h, y1 * h, False)
            at, px, py = found[k, 1], x1, y1
        n = _open(piece, arc, n, far, sx, sy, at, px, py, end, tx, ty)
        first_piece[e + 1], first_low[e + 1] = n, lows
    return first_piece, piece[:n].copy(), arc[:n].copy(), first_low, low[:lows].copy()
