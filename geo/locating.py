"""Polygons filed by square cells, so that those that hold one of millions of points are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

CELLS_PER_AREA: Final = 144
"""Twelve cells across a polygon leave about a quarter of its points in a cell with an edge."""

MAX_CELLS: Final = 4_000_000
"""Cells of one index at most."""

MAX_FILED: Final = 16_000_000
"""Cells that all edges together pass at most, however long they are: 0.5 GB at worst."""

SLACK_M: Final = 1e-6
"""An edge is filed this much farther than it must be, in metres: the rounding of a cell number."""


@dataclass(frozen=True, eq=False)
class Locator:
    """
    Where polygons are; make it with `Locator.of`.

    A cell that lies wholly inside a polygon answers at once. In one that an edge passes, the ray
    to the east is followed through the edges of that polygon in the row of cells.

    Parameters
    ----------
    west, south
        The corner, in metres.
    cell_m
        Side of a cell, in metres.
    columns, rows
        How many cells there are each way; cell (c, r) has the number `r * columns + c`.
    first
        `columns * rows + 1` places in `area`: cell k holds `area[first[k]:first[k + 1]]`.
    area
        Polygons that a cell may lie in, the lowest rank first.
    strip
        Where the edges of that polygon in that row are, as a place in `strip_first`; -1 where
        the whole cell is inside.
    strip_first
        Places in `edges`: strip k holds `edges[strip_first[k]:strip_first[k + 1]]`.
    edges
        m x 4 coordinates, in metres; an edge that passes several rows is in each.
    reach_m
        How far from a polygon a point may be asked for, in metres.
    """

    west: float
    south: float
    cell_m: float
    columns: int
    rows: int
    first: Ints
    area: NDArray[np.int32]
    strip: NDArray[np.int32]
    strip_first: Ints
    edges: Floats
    reach_m: float

    @classmethod
    def of(
        cls, polygons: NDArray[np.object_], rank: Ints, *, reach_m: float, points: int = MAX_CELLS
    ) -> Locator:
        """
        File polygons.

        Parameters
        ----------
        polygons
            n valid polygons in a metric CRS; None and empty ones hold nothing.
        rank
            n different ranks, 0 the lowest.
        reach_m
            How far from a polygon a point may be asked for, in metres.
        points
            How many will be asked for; a few are not worth many cells.

        Returns
        -------
        locator
            Its answers do not depend on the cells.
        """
        order = np.argsort(rank, kind="stable")
        owner, begin, end = ring_edges(polygons[order])
        if not len(owner):
            none = np.empty(0, np.int32)
            return cls(
                0.0, 0.0, 1.0, 0, 0, np.zeros(1, np.int64), none, none, np.zeros(1, np.int64),
                np.empty((0, 4)), reach_m,
            )  # fmt: skip
        edges = np.concatenate((begin, end), axis=1)
        kept, of = np.unique(owner, return_inverse=True)
        margin = reach_m + SLACK_M
        bounds = shapely.bounds(polygons[order[kept]]) + np.array((-1, -1, 1, 1)) * margin
        west, south = bounds[:, :2].min(axis=0)
        wide, high = bounds[:, 2:].max(axis=0) - (west, south)
        cell = _cell_m(bounds, edges, wide, high, points)
        columns, rows = int(wide / cell) + 1, int(high / cell) + 1
        box = ((bounds - (west, south, west, south)) / cell).astype(np.int64)
        strips = np.concatenate(([0], np.cumsum(box[:, 3] - box[:, 1] + 1)))
        place = (float(west), float(south), float(cell))
        strip_first, filed = _file_edges(edges, of, box, strips, *place[1:], margin)
        state = _states(filed, box, strips, strip_first, *place, margin)
        first, area, strip = _file_cells(state, box, strips, columns, rows)
        return cls(
            *place, columns, rows, first, order[kept].astype(np.int32)[area], strip, strip_first,
            filed, reach_m,
        )  # fmt: skip

    def lowest(
        self, x: Floats, y: Floats, *, within_m: float, most: int = 1
    ) -> tuple[Ints, NDArray[np.int8]]:
        """
        Find the lowest polygon that holds each point, or is so near.

        Parameters
        ----------
        x
            n coordinates in metres; NaN for no place.
        y
            n coordinates in metres.
        within_m
            How near is near, in metres; `reach_m` at most. At 0 a point on the outline is held.
        most
            After so many polygons no others are looked for.

        Returns
        -------
        area, near
            The position of the polygon, -1 for none; and how many there are, `most` at most.
        """
        return _find(
            x, y, self.west, self.south, self.cell_m, self.columns, self.rows, self.first,
            self.area, self.strip, self.strip_first, self.edges, within_m, most,
        )  # fmt: skip


def ring_edges(polygons: NDArray[np.object_]) -> tuple[Ints, Floats, Floats]:
    """
    Take the rings of polygons apart.

    Parameters
    ----------
    polygons
        n polygons of one part or several; None and empty ones have no edge.

    Returns
    -------
    owner, begin, end
        The polygon of each straight edge, ascending, and its two ends.
    """
    parts, of_part = shapely.get_parts(polygons, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.flatnonzero(ring[:-1] == ring[1:])
    owner: Ints = of_part[of_ring[ring[inner]]]
    return owner, xy[inner], xy[inner + 1]


def _cell_m(bounds: Floats, edges: Floats, wide: float, high: float, points: int) -> float:
    """Choose the side of the cells, so that neither cells nor entries are too many."""
    boxes_m2 = float(np.prod(bounds[:, 2:] - bounds[:, :2], axis=1).sum())
    wanted = min(CELLS_PER_AREA * len(bounds) + len(edges) // 4, 16 + 2 * points, MAX_CELLS)
    passed_m = float(np.abs(edges[:, 2:] - edges[:, :2]).sum())
    return max(
        float(np.sqrt(boxes_m2 / wanted)),
        float(np.sqrt(wide * high / MAX_CELLS)),
        passed_m / MAX_FILED,
    )


@njit(nogil=True, cache=True)
def _file_edges(
    edges: Floats, of: Ints, box: Ints, strips: Ints, south: float, cell: float, margin: float
) -> tuple[Ints, Floats]:
    """File edges by polygon and row of cells."""
    count = np.zeros(strips[-1] + 1, np.int64)
    filed = np.empty((0, 4))
    for filing in (False, True):
        if filing:
            filed = np.empty((_starts(count), 4))
        for e in range(len(edges)):
            a = of[e]
            low = min(edges[e, 1], edges[e, 3]) - margin
            high = max(edges[e, 1], edges[e, 3]) + margin
            r0 = max(int((low - south) / cell), box[a, 1])
            r1 = min(int((high - south) / cell), box[a, 3])
            for k in range(strips[a] + r0 - box[a, 1], strips[a] + r1 - box[a, 1] + 1):
                if filing:
                    filed[count[k]] = edges[e]
                count[k] += 1
    return _begins(count), filed


@njit(nogil=True, cache=True)
def _states(
    edges: Floats, box: Ints, strips: Ints, strip_first: Ints,
    west: float, south: float, cell: float, margin: float,
) -> NDArray[np.int8]:  # fmt: skip
    """Tell how the cells of each box are: 0 outside, 1 passed by an edge, 2 inside."""
    size = 0
    for a in range(len(box)):
        size += (box[a, 2] - box[a, 0] + 1) * (box[a, 3] - box[a, 1] + 1)
    state = np.zeros(size, np.int8)
    k = 0
    for a in range(len(box)):
        left, wide = west + box[a, 0] * cell, box[a, 2] - box[a, 0] + 1
        for r in range(box[a, 1], box[a, 3] + 1):
            strip = strips[a] + r - box[a, 1]
            low, high = strip_first[strip], strip_first[strip + 1]
            mine = state[k : k + wide]
            k += wide
            _mark(edges[low:high], mine, south + r * cell, left, cell, margin)
            known, inside = False, False
            for c in range(wide):
                if mine[c] == 1:
                    known = False
                    continue
                if not known:
                    # Cells side by side that no edge passes are all inside or all outside.
                    middle = left + (c + 0.5) * cell
                    inside = _holds(middle, south + (r + 0.5) * cell, edges, low, high, 0.0)
                    known = True
                mine[c] = 2 * inside
    return state


@njit(nogil=True, cache=True)
def _file_cells(
    state: NDArray[np.int8], box: Ints, strips: Ints, columns: int, rows: int
) -> tuple[Ints, NDArray[np.int32], NDArray[np.int32]]:
    """File polygons by the cells that their edges pass, and by those inside."""
    count = np.zeros(columns * rows + 1, np.int64)
    area, strip = np.empty(0, np.int32), np.empty(0, np.int32)
    for filing in (False, True):
        if filing:
            size = _starts(count)
            area, strip = np.empty(size, np.int32), np.empty(size, np.int32)
        k = 0
        for a in range(len(box)):
            for r in range(box[a, 1], box[a, 3] + 1):
                for c in range(box[a, 0], box[a, 2] + 1):
                    if state[k]:
                        cell = r * columns + c
                        if filing:
                            area[count[cell]] = a
                            strip[count[cell]] = strips[a] + r - box[a, 1] if state[k] == 1 else -1
                        count[cell] += 1
                    k += 1
    return _begins(count), area, strip


@njit(nogil=True, cache=True)
def _starts(count: Ints) -> int:
    """Turn counts into where each begins, and return how many there are."""
    total = 0
    for k in range(len(count)):
        count[k], total = total, total + count[k]
    return total


@njit(nogil=True, cache=True)
def _begins(filled: Ints) -> Ints:
    """Return where each begins from where each ends: where the one before it does."""
    first = np.zeros_like(filled)
    first[1:] = filled[:-1]
    return first


@njit(nogil=True, cache=True)
def _mark(
    edges: Floats, cells: NDArray[np.int8], south: float, west: float, cell: float, margin: float
) -> None:
    """Mark the cells of a row that edges pass, or pass nearer than the margin."""
    for e in range(len(edges)):
        x0, y0, x1, y1 = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
        t0, t1 = 0.0, 1.0
        if y1 != y0:
            a, b = (south - margin - y0) / (y1 - y0), (south + cell + margin - y0) / (y1 - y0)
            t0, t1 = max(t0, min(a, b)), min(t1, max(a, b))
        xa, xb = x0 + t0 * (x1 - x0), x0 + t1 * (x1 - x0)
        c0 = max(int((min(xa, xb) - margin - west) / cell), 0)
        c1 = min(int((max(xa, xb) + margin - west) / cell), len(cells) - 1)
        for c in range(c0, c1 + 1):
            cells[c] = 1


@njit(nogil=True, cache=True)
def _find(  # noqa: PLR0913, PLR0917 - arrays of one index
    x: Floats, y: Floats, west: float, south: float, cell: float, columns: int, rows: int,
    first: Ints, area: NDArray[np.int32], strip: NDArray[np.int32], strip_first: Ints,
    edges: Floats, within_m: float, most: int,
) -> tuple[Ints, NDArray[np.int8]]:  # fmt: skip
    """Ask the cell of each point; entries come by rank, so the first that holds is the lowest."""
    found = np.full(len(x), -1, np.int64)
    near = np.zeros(len(x), np.int8)
    for i in range(len(x)):
        c, r = (x[i] - west) / cell, (y[i] - south) / cell
        # Written this way round, NaN is nowhere.
        if not (0.0 <= c < columns and 0.0 <= r < rows):
            continue
        k = int(r) * columns + int(c)
        for entry in range(first[k], first[k + 1]):
            s = strip[entry]
            if s < 0 or _holds(x[i], y[i], edges, strip_first[s], strip_first[s + 1], within_m):
                if not near[i]:
                    found[i] = area[entry]
                near[i] += 1
                if near[i] == most:
                    break
    return found, near


@njit(nogil=True, cache=True)
def _holds(x: float, y: float, edges: Floats, low: int, high: int, within_m: float) -> bool:
    """Tell whether a point lies inside rings, or within a distance of an edge."""
    inside = False
    for e in range(low, high):
        x0, y0, x1, y1 = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
        if (y0 > y) != (y1 > y):
            if x0 > x and x1 > x:
                inside = not inside
            elif x0 >= x or x1 >= x:
                turn = _side(x, y, x0, y0, x1, y1)
                if turn == 0:
                    return True
                if (turn > 0) == (y1 > y0):
                    inside = not inside
        if (
            x >= min(x0, x1) - within_m
            and x <= max(x0, x1) + within_m
            and y >= min(y0, y1) - within_m
            and y <= max(y0, y1) + within_m
            and _touches(x, y, x0, y0, x1, y1, within_m)
        ):
            return True
    return inside


@njit(nogil=True, cache=True)
def _touches(
    x: float, y: float, x0: float, y0: float, x1: float, y1: float, within_m: float
) -> bool:
    """Tell whether a point in the box of an edge is within a distance of it."""
    if within_m == 0.0:
        return _side(x, y, x0, y0, x1, y1) == 0
    dx, dy, px, py = x1 - x0, y1 - y0, x - x0, y - y0
    square = dx * dx + dy * dy
    share = 0.0 if square == 0.0 else min(max((px * dx + py * dy) / square, 0.0), 1.0)
    off_x, off_y = px - share * dx, py - share * dy
    return off_x * off_x + off_y * off_y <= within_m * within_m


@njit(nogil=True, cache=True)
def _side(x: float, y: float, x0: float, y0: float, x1: float, y1: float) -> int:
    """
    Tell on which side of an edge a point is: 1 left, -1 right, 0 on its line.

    Near an edge the differences of coordinates are exact. Rounding keeps the order of the two
    products, so only where they round to one number does what was rounded away decide.
    """
    ax, ay, bx, by = x0 - x, y0 - y, x1 - x, y1 - y
    p, q = ax * by, ay * bx
    if p == q:
        p, q = _lost(ax, by, p), _lost(ay, bx, q)
    return (p > q) - (p < q)


@njit(nogil=True, cache=True)
def _lost(a: float, b: float, product: float) -> float:
    """Return what rounding took from a product: each factor is split into two short halves."""
    t = a * 134217729.0
    a_high = t - (t - a)
    t = b * 134217729.0
    b_high = t - (t - b)
    a_low, b_low = a - a_high, b - b_high
    return a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
