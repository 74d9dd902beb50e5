"""The corners of what eyes see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@njit(nogil=True, cache=True)
def corners(
    xy: Floats, whole: Bools, first_piece: Ints, piece: Floats, arc: Bools, step: float
) -> tuple[Floats, Ints]:
    """
    List the corners of the polygons that eyes see before walls.

    Parameters
    ----------
    xy
        n x 2 eyes.
    whole
        Whether each sees all around; else its polygon begins and ends at the eye.
    first_piece, piece, arc
        What they see, from `geo.visibility.sweep.sights`.
    step
        Widest step of a drawn rim, in radians.

    Returns
    -------
    corners, count
        The corners, eye after eye; and how many each has: 0 where nothing is seen. Those of a rim
        lie as far out as makes the area of the polygon that of the sector.
    """
    found, n = np.empty((1024, 2)), 0
    count = np.zeros(len(xy), np.int64)
    for e in range(len(xy)):
        before = n
        for p in range(first_piece[e], first_piece[e + 1]):
            ax, ay, bx, by = piece[p, 0], piece[p, 1], piece[p, 2], piece[p, 3]
            steps, turn, out = 1, 0.0, 1.0
            if arc[p]:
                angle = np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
                steps = max(int(np.ceil(angle / step)), 1)
                turn = angle / steps
                out = np.sqrt(turn / np.sin(turn))
            if n + steps + 2 > len(found):
                found = np.concatenate((found, np.empty((len(found) + steps, 2))))
            cos, sin = np.cos(turn), np.sin(turn)
            for k in range(steps + 1):
                if not arc[p] and k == 1:
                    ax, ay = bx, by
                found[n, 0], found[n, 1] = xy[e, 0] + ax * out, xy[e, 1] + ay * out
                ax, ay = ax * cos - ay * sin, ax * sin + ay * cos
                n += 1
        if n > before and not whole[e]:
            found[n, 0], found[n, 1] = xy[e, 0], xy[e, 1]
            n += 1
        count[e] = n - before
    return found[:n].copy(), count
