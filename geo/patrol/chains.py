"""
The most fixes of a track that can all be right together.

Of two fixes that contradict each other one is wrong, and which one only the others tell: so the
longest chain without contradiction is kept, and a single wrong fix costs itself alone.
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

LOOK_BACK: Final = 2_000
"""How many fixes before one are looked at for its predecessor; beyond them only the end of the
longest chain is. It bounds the time, and matters to a track with as many wrong fixes in a row."""


@njit(nogil=True, cache=True)
def rising(first: Ints, time: Ints) -> Bools:
    """
    Find the most fixes of each track whose times rise.

    Parameters
    ----------
    first
        t + 1 positions: track k owns the fixes `first[k]` to `first[k + 1] - 1`.
    time
        n times.

    Returns
    -------
    kept
        n flags. Of two fixes that contradict only each other the earlier row is kept.
    """
    kept = np.zeros(len(time), np.bool_)
    after, heads = np.full(len(time), -1), np.empty(len(time), np.int64)
    for k in range(len(first) - 1):
        # From the end: heads[l] begins, as late as can be, a rising chain of l + 1 fixes.
        count = 0
        for i in range(first[k + 1] - 1, first[k] - 1, -1):
            low, high = 0, count
            while low < high:
                middle = (low + high) // 2
                if time[heads[middle]] > time[i]:
                    low = middle + 1
                else:
                    high = middle
            heads[low] = i
            after[i] = heads[low - 1] if low > 0 else -1
            count = max(count, low + 1)
        i = heads[count - 1] if count else -1
        while i >= 0:
            kept[i] = True
            i = after[i]
    return kept


@njit(nogil=True, cache=True)
def reachable(first: Ints, time_s: Floats, xy: Floats, speed_mps: float, step_m: float) -> Bools:
    """
    Find the most fixes of each track that one after the other can be reached.

    Parameters
    ----------
    first
        t + 1 positions: track k owns the fixes `first[k]` to `first[k + 1] - 1`.
    time_s
        n times in seconds, rising within a track.
    xy
        n x 2 coordinates in metres.
    speed_mps
        The highest speed, in metres a second.
    step_m
        A step no longer than this is no question of speed, in metres.

    Returns
    -------
    kept
        n flags; of equally long chains the one that is complete first is kept.
    """
    n = len(time_s)
    kept = np.zeros(n, np.bool_)
    length, before, top = np.ones(n, np.int64), np.full(n, -1), np.arange(n)
    for k in range(len(first) - 1):
        begin, end = first[k], first[k + 1]
        for j in range(begin, end):
            best, found = 0, -1
            i, floor = j - 1, max(begin, j - LOOK_BACK)
            # top[i] ends the longest chain up to i: where it is no longer, none before it is.
            while i >= floor and length[top[i]] > best:
                if length[i] > best and _reached(i, j, time_s, xy, speed_mps, step_m):
                    best, found = length[i], i
                i -= 1
            if i >= begin and length[top[i]] > best:
                far = top[i]
                if _reached(far, j, time_s, xy, speed_mps, step_m):
                    best, found = length[far], far
            length[j], before[j] = best + 1, found
            if j > begin and length[top[j - 1]] >= length[j]:
                top[j] = top[j - 1]
        i = top[end - 1] if end > begin else -1
        while i >= 0:
            kept[i] = True
            i = before[i]
    return kept


@njit(nogil=True, cache=True)
def _reached(
    i: int, j: int, time_s: Floats, xy: Floats, speed_mps: float, step_m: float
) -> bool:  # fmt: skip
    """Tell whether one gets from fix `i` to fix `j`."""
    apart = np.hypot(xy[j, 0] - xy[i, 0], xy[j, 1] - xy[i, 1])
    return apart <= max(speed_mps * (time_s[j] - time_s[i]), step_m)
