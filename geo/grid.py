"""Straight segments filed by the square cells that they pass, for kernels that ask who is near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MAX_CELLS: Final = 4_000_000
"""Cells of one grid at most."""


@dataclass(frozen=True, eq=False)
class SegmentGrid:
    """
    Square cells over segments, and the segments of each.

    Parameters
    ----------
    west, south
        The corner, in metres.
    cell_m
        Side of a cell, in metres.
    columns, rows
        How many cells there are each way; cell (c, r) has the number `c * rows + r`.
    first
        `columns * rows + 1` places in `filed`: cell k holds `filed[first[k]:first[k + 1]]`.
    filed
        Segment numbers, ascending in each cell.
    """

    west: float
    south: float
    cell_m: float
    columns: int
    rows: int
    first: Ints
    filed: Ints

    @classmethod
    def of(cls, segments: Floats, *, margin_m: float = 0.0) -> SegmentGrid:
        """
        File segments.

        Parameters
        ----------
        segments
            n x 4 coordinates: begin x, begin y, end x, end y, in metres.
        margin_m
            A segment is filed in every cell nearer than this to it, in metres.

        Returns
        -------
        grid
            Cells about as long as the mean segment, so that both lists stay short.
        """
        if not len(segments):
            return cls(0.0, 0.0, 1.0, 1, 1, np.zeros(2, np.int64), np.empty(0, np.int64))
        x, y = segments[:, 0::2], segments[:, 1::2]
        west, south, east, north = x.min(), y.min(), x.max(), y.max()
        length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
        least = np.sqrt((east - west + 1.0) * (north - south + 1.0) / MAX_CELLS)
        cell = max(float(length.mean()), least)
        columns, rows = int((east - west) // cell) + 1, int((north - south) // cell) + 1
        place = (float(west), float(south), float(cell), columns, rows)
        count = np.zeros(columns * rows + 1, dtype=np.int64)
        _file(segments, *place, margin_m, count, np.empty(0, np.int64))
        first = np.concatenate(([0], np.cumsum(count[:-1])))
        filed = np.empty(int(first[-1]), dtype=np.int64)
        _file(segments, *place, margin_m, first[:-1].copy(), filed)
        return cls(*place, first, filed)

    @property
    def place(self) -> tuple[float, float, float, int, int]:
        """West, south, cell, columns and rows, as kernels take them."""
        return self.west, self.south, self.cell_m, self.columns, self.rows


@njit(nogil=True, cache=True)
def _file(  # noqa: PLR0913, PLR0917 - arrays of one index
    segments: Floats, west: float, south: float, cell: float, columns: int, rows: int,
    margin: float, slot: Ints, filed: Ints,
) -> None:  # fmt: skip
    """Count the segments of each cell, or file them where there is room to."""
    for i in range(len(segments)):
        x0, y0, x1, y1 = segments[i, 0], segments[i, 1], segments[i, 2], segments[i, 3]
        left, right = min(x0, x1) - margin, max(x0, x1) + margin
        c0 = max(int((left - west) // cell), 0)
        c1 = min(int((right - west) // cell), columns - 1)
        for c in range(c0, c1 + 1):
            t0, t1 = 0.0, 1.0
            if x1 != x0:
                a = (west + c * cell - margin - x0) / (x1 - x0)
                b = (west + (c + 1) * cell + margin - x0) / (x1 - x0)
                t0, t1 = max(t0, min(a, b)), min(t1, max(a, b))
            ya, yb = y0 + t0 * (y1 - y0), y0 + t1 * (y1 - y0)
            r0 = max(int((min(ya, yb) - margin - south) // cell), 0)
            r1 = min(int((max(ya, yb) + margin - south) // cell), rows - 1)
            for r in range(r0, r1 + 1):
                at = c * rows + r
                if len(filed):
                    filed[slot[at]] = i
                slot[at] += 1
