"""The double sum of the E-test, swept in one pass over two Poisson distributions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DROPPED: Final = 1e-15
"""Most probability that is left out at either end of a Poisson distribution; four ends make at most
4e-15 of the p value."""

TIED: Final = 1e-11
"""Statistics that differ by less than this share are one: a pair of counts as far from equal as the
pair that was seen counts as at least as far."""


@njit(nogil=True, cache=True)
def e_p(k1: Ints, k2: Ints, exposure1: Floats, exposure2: Floats, p: Floats) -> None:
    """
    Put the p value of each pair into `p`; see `geo.incidents.testing.e_test`.

    Parameters
    ----------
    k1
        Counts.
    k2
        Counts to hold against them.
    exposure1
        Exposures of the first counts.
    exposure2
        Exposures of the second counts.
    p
        Is written to.
    """
    for row in range(len(p)):
        # Only the ratio of exposures matters; shares keep squares of populations in range.
        part1 = exposure1[row] / (exposure1[row] + exposure2[row])
        p[row] = _e_p_of_one(k1[row], k2[row], part1, 1.0 - part1)


@njit(nogil=True, cache=True)
def _e_p_of_one(k1: int, k2: int, part1: float, part2: float) -> float:
    """Add up the probability of all pairs at least as far apart as `k1` and `k2`."""
    apart = k1 * part2 - k2 * part1
    if abs(apart) <= TIED * (k1 * part2 + k2 * part1):
        return 1.0
    variance1, variance2 = part2 * part2, part1 * part1
    limit = apart * apart / (k1 * variance1 + k2 * variance2) * (1.0 - TIED)
    start1, weights1 = _poisson((k1 + k2) * part1)
    start2, weights2 = _poisson((k1 + k2) * part2)
    size = len(weights2)
    # What the second count holds below each place, and from it on: both added from the thin end.
    below, above = np.zeros(size + 1), np.zeros(size + 1)
    for at in range(size):
        below[at + 1] = below[at] + weights2[at]
        above[size - 1 - at] = above[size - at] + weights2[size - 1 - at]
    low, high = 0, 0
    total = 0.0
    for row in range(len(weights1)):
        x1 = start1 + row
        while low < size:
            x2 = start2 + low
            apart = x1 * part2 - x2 * part1
            if apart <= 0 or apart * apart < limit * (x1 * variance1 + x2 * variance2):
                break
            low += 1
        high = max(high, low)
        while high < size:
            x2 = start2 + high
            apart = x2 * part1 - x1 * part2
            if apart > 0 and apart * apart >= limit * (x1 * variance1 + x2 * variance2):
                break
            high += 1
        total += weights1[row] * (below[low] + above[high])
    return min(1.0, total)


@njit(nogil=True, cache=True)
def _poisson(mean: float) -> tuple[int, Floats]:
    """
    Return the first count and the probabilities of a Poisson distribution without its far tails.

    Reckoned from the likeliest count outwards by ratios and divided by the sum: logarithms of
    factorials would lose digits where counts are large.
    """
    mode = int(mean)
    first, weight = mode, 1.0
    while first > 0 and weight * first >= DROPPED * (mean - first):
        weight *= first / mean
        first -= 1
    last, weight = mode, 1.0
    while mean >= last + 1 or weight * mean >= DROPPED * (last + 1 - mean):
        last += 1
        weight *= mean / last
    weights = np.empty(last - first + 1)
    weights[mode - first] = 1.0
    for count in range(mode, first, -1):
        weights[count - 1 - first] = weights[count - first] * (count / mean)
    for count in range(mode + 1, last + 1):
        weights[count - first] = weights[count - 1 - first] * (mean / count)
    return first, weights / weights.sum()
