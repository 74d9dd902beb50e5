"""
Where the lines of a layer meet, and the nodes that makes.

Two lines of one level meet where they cross or touch. Lines of different levels pass over and
under each other: they meet only where the one that is off the ground ends, for there it comes
down. Every pair is found in a grid of cells, in closed form; the cost is near-linear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.edges import Edges
from geo.grid import SegmentGrid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.lines import Lines

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Contacts = tuple[Ints, Floats, Ints, Floats]

JOIN_M: Final = 0.01
"""An end this near another line meets it, in metres: what reprojection and rounding to a
centimetre leave between lines that were drawn to touch."""

TOUCH_M: Final = 1e-6
"""A vertex that is no end must be this near, in metres: shared vertices are equal to the bit."""

PARALLEL: Final = 1e-12
"""Two unit directions with a smaller cross product are parallel."""


def noded(lines: Lines, level: Ints, *, join_m: float = JOIN_M, ends_only: bool = False) -> Edges:
    """
    Cut lines where they meet.

    Parameters
    ----------
    lines
        p parts, in a metric CRS.
    level
        p levels: 0 on the ground, above it positive, below it negative.
    join_m
        How near an end must be to another line to meet it, in metres.
    ends_only
        Whether lines meet at their ends alone, as the arcs of a ready network do.

    Returns
    -------
    edges
        The edges in the order of the parts; together they are the parts, without loss.

    Notes
    -----
    A way across a joint is shorter than the ground by up to `join_m`. A piece of at most
    `join_m` between two joints belongs to the edge beside it.
    """
    whole = lines.whole
    join_m = max(join_m, TOUCH_M)
    contacts = _contacts(lines, level, join_m, ends_only=ends_only)
    key = np.concatenate((whole.key, whole.key, contacts[0], contacts[2]))
    at = np.concatenate((whole.start, whole.end, contacts[1], contacts[3]))
    order = np.lexsort((at, key))
    cut, cut_key, cut_at = _cuts(key[order], at[order], lines.ends_m, join_m)
    of_entry = np.empty(len(key), dtype=np.int64)
    of_entry[order] = cut
    first, second = np.split(of_entry[2 * len(whole) :], 2)
    same = coo_array((np.ones(len(first)), (first, second)), shape=(len(cut_key),) * 2)
    nodes, node = connected_components(same, directed=False)
    begin = np.flatnonzero(cut_key[:-1] == cut_key[1:])
    node = node.astype(np.int64)
    return Edges(
        cut_key[begin], cut_at[begin], cut_at[begin + 1], node[begin], node[begin + 1], int(nodes)
    )


def _contacts(lines: Lines, level: Ints, join_m: float, *, ends_only: bool) -> Contacts:
    """Return where parts meet: part and measure of the one, part and measure of the other."""
    part, begin, end, measure = lines.segments
    length = np.hypot(*(end - begin).T)
    filled = length > 0.0
    part, begin, end, measure = part[filled], begin[filled], end[filled], measure[filled]
    length = length[filled]
    if not len(part):
        none = np.empty(0, np.int64)
        return none, np.empty(0), none, np.empty(0)
    segments = np.ascontiguousarray(np.column_stack((begin, end)))
    grid = SegmentGrid.of(segments, margin_m=join_m)
    return _meetings(
        segments, part, measure, length, lines.starts_m, lines.ends_m, level,
        grid.first, grid.filed, *grid.place, join_m, int(ends_only),
    )  # fmt: skip


@njit(nogil=True, cache=True)
def _nearest_on(segments: Floats, j: int, x: float, y: float) -> tuple[float, float]:
    """Return where on a segment (0 to 1) a point is nearest, and how far it is."""
    dx, dy = segments[j, 2] - segments[j, 0], segments[j, 3] - segments[j, 1]
    t = ((x - segments[j, 0]) * dx + (y - segments[j, 1]) * dy) / (dx * dx + dy * dy)
    t = min(max(t, 0.0), 1.0)
    return t, np.hypot(segments[j, 0] + t * dx - x, segments[j, 1] + t * dy - y)


@njit(nogil=True, cache=True)
def _meetings(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one loop over pairs
    segments: Floats, part: Ints, measure: Floats, length: Floats, start_m: Floats, end_m: Floats,
    level: Ints, first: Ints, filed: Ints,
    west: float, south: float, cell: float, columns: int, rows: int,
    join_m: float, ends_only: int,
) -> Contacts:  # fmt: skip
    """Judge every pair of segments that share a cell."""
    key_a, at_a = np.empty(1024, np.int64), np.empty(1024)
    key_b, at_b = np.empty(1024, np.int64), np.empty(1024)
    found_t, found_u = np.empty(5), np.empty(5)
    n = 0
    for c in range(columns * rows):
        for p in range(first[c], first[c + 1]):
            i = filed[p]
            for q in range(p + 1, first[c + 1]):
                j = filed[q]
                if part[i] == part[j] and abs(i - j) <= 1:
                    continue
                m = 0
                # Ends first: a line that overshoots by a little meets where it ends.
                for swap in range(2):
                    own, other = (j, i) if swap else (i, j)
                    for t in (0.0, 1.0):
                        x = segments[own, 2] if t else segments[own, 0]
                        y = segments[own, 3] if t else segments[own, 1]
                        along = measure[own] + t * length[own]
                        is_end = along - start_m[part[own]] <= TOUCH_M
                        is_end |= end_m[part[own]] - along <= TOUCH_M
                        u, apart = _nearest_on(segments, other, x, y)
                        if apart <= (join_m if is_end else TOUCH_M):
                            found_t[m], found_u[m] = (u, t) if swap else (t, u)
                            m += 1
                rx, ry = segments[i, 2] - segments[i, 0], segments[i, 3] - segments[i, 1]
                sx, sy = segments[j, 2] - segments[j, 0], segments[j, 3] - segments[j, 1]
                across = rx * sy - ry * sx
                if abs(across) > PARALLEL * length[i] * length[j]:
                    qx, qy = segments[j, 0] - segments[i, 0], segments[j, 1] - segments[i, 1]
                    t, u = (qx * sy - qy * sx) / across, (qx * ry - qy * rx) / across
                    if 0.0 <= t <= 1.0 and 0.0 <= u <= 1.0:
                        found_t[m], found_u[m] = t, u
                        m += 1
                for k in range(m):
                    a, b = measure[i] + found_t[k] * length[i], measure[j] + found_u[k] * length[j]
                    # A pair shares several cells; the one that holds the place counts it.
                    x = segments[i, 0] + found_t[k] * rx
                    y = segments[i, 1] + found_t[k] * ry
                    column = min(max(int((x - west) // cell), 0), columns - 1)
                    row = min(max(int((y - south) // cell), 0), rows - 1)
                    if column * rows + row != c:
                        continue
                    if part[i] == part[j] and abs(a - b) <= 10.0 * join_m:
                        continue
                    low_a, high_a = start_m[part[i]], end_m[part[i]]
                    low_b, high_b = start_m[part[j]], end_m[part[j]]
                    a = low_a if a - low_a <= join_m else (high_a if high_a - a <= join_m else a)
                    b = low_b if b - low_b <= join_m else (high_b if high_b - b <= join_m else b)
                    end_a, end_b = a in (low_a, high_a), b in (low_b, high_b)
                    if ends_only and not (end_a and end_b):
                        continue
                    if level[part[i]] != level[part[j]] and not (end_a and end_b):
                        down_a = end_a and level[part[j]] == 0
                        down_b = end_b and level[part[i]] == 0
                        if not (down_a or down_b):
                            continue
                    if n == len(key_a):
                        key_a, at_a = np.append(key_a, key_a), np.append(at_a, at_a)
                        key_b, at_b = np.append(key_b, key_b), np.append(at_b, at_b)
                    key_a[n], at_a[n], key_b[n], at_b[n] = part[i], a, part[j], b
                    n += 1
    return key_a[:n].copy(), at_a[:n].copy(), key_b[:n].copy(), at_b[:n].copy()


@njit(nogil=True, cache=True)
def _cuts(key: Ints, at: Floats, end_m: Floats, join_m: float) -> tuple[Ints, Ints, Floats]:
    """
    Join sorted places on a part that are nearly one.

    Returns the cut of each place, and part and measure of each cut. A part keeps both its ends.
    """
    cut = np.empty(len(key), np.int64)
    cut_key, cut_at = np.empty(len(key), np.int64), np.empty(len(key))
    n = -1
    for i in range(len(key)):
        end = end_m[key[i]]
        begins = n < 0 or cut_key[n] != key[i]
        if begins or at[i] - cut_at[n] > join_m or (at[i] == end and cut_at[n] != end):
            if (
                not begins
                and at[i] == end
                and end - cut_at[n] <= join_m
                and n > 0
                and (cut_key[n - 1] == key[i])
            ):
                cut_at[n] = end
            else:
                n += 1
                cut_key[n], cut_at[n] = key[i], at[i]
        cut[i] = n
    return cut, cut_key[: n + 1].copy(), cut_at[: n + 1].copy()
