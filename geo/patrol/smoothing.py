"""Fixes with their jitter averaged out, and so few of them that each tells something new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

WIDEST: Final = 15
"""How many fixes on either side a mean takes in at most: a quarter of a minute at one a second,
which is a short stretch of pavement."""

FEWEST: Final = 5
"""With fewer fixes than this nobody can tell jitter from movement, and they stay as they are."""

SPAN: Final = 10
"""Movement is measured between means of so many fixes: a third of the jitter is left in them."""

STILL_M: Final = 0.5
"""Who moves less than this from fix to fix stands, in metres; pace is that of who moves."""


@njit(nogil=True, cache=True)
def smoothed(xy: Floats, time_s: Floats, first: Ints) -> Floats:
    """
    Average every fix with its neighbours, as many as its piece bears.

    Errors that change from fix to fix are averaged out; those that drift stay. The more fixes a
    mean takes in, the less is left of the errors and the more it cuts corners: it takes in as
    many as make both equal.

    Parameters
    ----------
    xy
        n places, in order of time within a piece.
    time_s
        n times.
    first
        p + 1 numbers: piece k owns the fixes `first[k]` to `first[k + 1] - 1`.

    Returns
    -------
    xy
        n places; the first and the last of a piece are left as they are.
    """
    out = xy.copy()
    for k in range(len(first) - 1):
        low, high = first[k], first[k + 1]
        if high - low < FEWEST:
            continue
        width = _width(xy[low:high], time_s[low:high])
        if width == 0:
            continue
        lasting = 3.0 * width * np.median(np.diff(time_s[low:high]))
        for i in range(low, high):
            w = min(width, i - low, high - 1 - i)
            while w > 0 and time_s[i + w] - time_s[i - w] > lasting:
                w -= 1
            for c in range(2):
                out[i, c] = np.mean(xy[i - w : i + w + 1, c])
    return out


@njit(nogil=True, cache=True)
def _width(xy: Floats, time_s: Floats) -> int:
    """Return how many fixes on either side a mean should take in."""
    n = len(xy)
    step_s = np.diff(time_s)
    bend = np.empty(2 * n)
    m = 0
    for i in range(1, n - 1):
        if abs(step_s[i] - step_s[i - 1]) <= 0.5 * max(step_s[i], step_s[i - 1]):
            for c in range(2):
                bend[m] = abs(xy[i - 1, c] - 2.0 * xy[i, c] + xy[i + 1, c])
                m += 1
    if m == 0:
        return 0
    # A second difference has six times the variance of one error; 1.4826 is for the median.
    error_m = 1.4826 * np.median(bend[:m]) / np.sqrt(6.0)
    span = min(SPAN, (n - 1) // 2)
    moved = np.empty(n)
    m = 0
    for i in range(n - 2 * span + 1):
        east = np.mean(xy[i + span : i + 2 * span, 0]) - np.mean(xy[i : i + span, 0])
        north = np.mean(xy[i + span : i + 2 * span, 1]) - np.mean(xy[i : i + span, 1])
        if np.hypot(east, north) > STILL_M * span:
            moved[m] = np.hypot(east, north) / span
            m += 1
    step_m = np.median(moved[:m]) if m > 0 else STILL_M
    # The mean of n fixes errs by error / sqrt(n), and by n x step / (4 sqrt(2)) at a right angle.
    count = (4.0 * np.sqrt(2.0) * error_m / step_m) ** (2.0 / 3.0)
    return min(round((count - 1.0) / 2.0), WIDEST) if count > 1.0 else 0


@njit(nogil=True, cache=True)
def thinned(xy: Floats, piece: Ints, apart_m: Floats) -> Bools:
    """
    Choose fixes that are some way from the one chosen before, and both ends of each piece.

    Parameters
    ----------
    xy
        n places, in order of time within a piece.
    piece
        n pieces, ascending.
    apart_m
        n distances.

    Returns
    -------
    chosen
        n flags.
    """
    chosen = np.zeros(len(xy), np.bool_)
    last = 0
    for i in range(len(xy)):
        begins = i == 0 or piece[i] != piece[i - 1]
        ends = i == len(xy) - 1 or piece[i] != piece[i + 1]
        away_m = np.hypot(xy[i, 0] - xy[last, 0], xy[i, 1] - xy[last, 1])
        if begins or ends or away_m >= apart_m[i]:
            chosen[i] = True
            last = i
    return chosen
