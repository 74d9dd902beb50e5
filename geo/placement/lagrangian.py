"""
The walk of prices that tightens a bound.

Each demand gets a price for being served. Given the prices the best sites can be read off one by
one, and what they would earn bounds the optimum, whatever the prices are. The walk takes the prices
to where the bound is tightest, which is the bound of the linear relaxation. Its direction is an
average of subgradients, after Barahona and Anbil (2000), The volume algorithm: producing primal
solutions with a subgradient method, Mathematical Programming 87, doi:10.1007/s101070050002.

Every bound here is to be raised; an upper bound is walked with its sign turned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

STRETCH: Final = 100
"""Rounds of a walk between two looks at the clock."""

STRETCHES: Final = 5
"""Stretches of a walk at most; the bound is within about 0.5 % of its limit by then."""

FIRST_STEP: Final = 0.1
"""Step of a walk at its beginning, as a share of what lies between bound and answer."""

SMOOTH: Final = (0.02, 0.01)
"""Share of the newest direction in that of the first and of the second walk. Directions averaged
so slowly tend to the linear relaxation; plain subgradients zigzag and stop some 6 % short of it
where every demand must be covered."""

PATIENCE: Final = 5
"""Rounds without a better bound before the step shrinks."""

SHRINK: Final = 0.66
"""By how much it shrinks then."""

GROW: Final = 1.05
"""By how much it grows when a better bound lies straight ahead."""

LARGEST_STEP: Final = 2.0
"""It grows no further: beyond this a subgradient may lead away."""

LEAST_STEP: Final = 1e-5
"""The walk ends when the step has shrunk to this: nothing moves any more."""

LEAST_RISE: Final = 1e-6
"""A bound that rises by a smaller share does not count as better for the patience."""


class Dual(NamedTuple):
    """
    Where a walk stands.

    Parameters
    ----------
    price
        The best price for serving each demand so far.
    group_price
        The price then on what must be covered in each group.
    way
        The direction of the walk, for each demand.
    group_way
        The direction for each group.
    earned
        What each site would earn, or lose, at the best prices.
    bound
        The bound at the best prices, in one cell.
    step
        The step of the walk, in one cell.
    since
        Rounds without a better bound, in one cell.
    """

    price: Floats
    group_price: Floats
    way: Floats
    group_way: Floats
    earned: Floats
    bound: Floats
    step: Floats
    since: Ints


def new_dual(price: Floats, sites: int, groups: int = 1) -> Dual:
    """Return a walk that begins at these prices."""
    return Dual(
        price,
        np.zeros(groups),
        np.zeros(len(price)),
        np.zeros(groups),
        np.zeros(sites),
        np.array([-np.inf]),
        np.array([FIRST_STEP]),
        np.zeros(1, dtype=np.int64),
    )


@njit(nogil=True, cache=True)
def note(
    dual: Dual,
    price: Floats,
    group_price: Floats,
    earned: Floats,
    bound: float,
    slope: Floats,
    group_slope: Floats,
    smooth: float,
) -> None:
    """Take in what was met at these prices: the bound, and how it rises with each price."""
    first = dual.bound[0] == -np.inf
    share = 1.0 if first else smooth
    ahead = 0.0
    for d in range(len(slope)):
        ahead += slope[d] * dual.way[d]
        dual.way[d] += share * (slope[d] - dual.way[d])
    for g in range(len(group_slope)):
        if dual.group_price[g] > 0.0 or dual.group_way[g] > 0.0:  # otherwise it stays at 0
            ahead += group_slope[g] * dual.group_way[g]
        dual.group_way[g] += share * (group_slope[g] - dual.group_way[g])
    dual.since[0] += 1
    if bound > dual.bound[0]:
        if first or bound > dual.bound[0] + LEAST_RISE * abs(bound):
            dual.since[0] = 0
        if ahead > 0.0:
            dual.step[0] = min(LARGEST_STEP, GROW * dual.step[0])
        dual.bound[0] = bound
        dual.price[:] = price
        dual.group_price[:] = group_price
        dual.earned[:] = earned
    elif dual.since[0] >= PATIENCE:
        dual.since[0] = 0
        dual.step[0] *= SHRINK


@njit(nogil=True, cache=True)
def stride(dual: Dual, target: float, cap: Floats) -> float:
    """Return how far to walk from the best prices, which lie in 0 to `cap`; 0.0 at the end."""
    if dual.bound[0] >= target or dual.step[0] < LEAST_STEP:
        return 0.0
    norm = 0.0
    for d in range(len(cap)):
        if (dual.price[d] < cap[d]) if dual.way[d] > 0.0 else (dual.price[d] > 0.0):
            norm += dual.way[d] ** 2
    for g in range(len(dual.group_way)):
        if dual.group_way[g] > 0.0 or dual.group_price[g] > 0.0:
            norm += dual.group_way[g] ** 2
    return dual.step[0] * (target - dual.bound[0]) / norm if norm > 0.0 else 0.0


@njit(nogil=True, cache=True)
def largest(values: Floats, p: int, order: Ints) -> None:
    """Bring the positions of the `p` largest values, 1 to all of them, to the front of `order`."""
    low, high = 0, len(order) - 1
    while low < high:
        middle = values[order[(low + high) // 2]]
        i, j = low, high
        while i <= j:
            while values[order[i]] > middle:
                i += 1
            while values[order[j]] < middle:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if p - 1 <= j:
            high = j
        elif p - 1 >= i:
            low = i
        else:
            return
