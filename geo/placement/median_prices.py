"""
A bound on how near any choice of sites can bring all demand.

Each demand offers a price for being served; a site takes the offers above its costs. What the best
sites leave unpaid bounds the least cost from below, whatever is offered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from geo.placement.lagrangian import largest, note, stride
from geo.placement.state import KEPT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.placement.lagrangian import Dual
    from geo.placement.nearest import Ways

    Floats = NDArray[np.float64]


@njit(nogil=True, cache=True)
def median_bound(ways: Ways, p: int, target: float, smooth: float, rounds: int, dual: Dual) -> int:
    """
    Raise the lower bound on what serving all costs with `p` free sites beside the kept ones.

    `target` is a cost known to do. Returns the rounds walked.
    """
    sites, demand = len(ways.role), len(ways.first)
    price, nothing = dual.price.copy(), np.zeros(1)
    slope, cap = np.empty(demand), np.full(demand, np.inf)
    earned, order = np.empty(sites), np.arange(sites)
    taken = np.empty(sites, np.bool_)
    for done in range(rounds):
        _offer(ways, price, earned)
        bound = price.sum()
        for j in range(sites):
            taken[j] = ways.role[j] == KEPT
            if taken[j]:
                bound -= earned[j]
            if ways.role[j] >= KEPT:
                earned[j] = -1.0
        if p > 0:
            largest(earned, p, order)
        for i in range(p):
            taken[order[i]] = True
            bound -= earned[order[i]]
        _served(ways, price, taken, slope)
        note(dual, price, nothing, earned, bound, slope, nothing, smooth)
        length = stride(dual, target, cap)
        if length == 0.0:
            return done + 1
        for d in range(demand):
            price[d] = max(0.0, dual.price[d] + length * dual.way[d])
    return rounds


@njit(nogil=True, cache=True)
def _offer(ways: Ways, price: Floats, earned: Floats) -> None:
    """Write what each site earns from the offers above its costs."""
    earned[:] = 0.0
    for d in range(len(price)):
        for a in range(ways.demand_start[d], ways.demand_start[d + 1]):
            if ways.demand_cost[a] >= price[d]:
                break
            earned[ways.demand_site[a]] += price[d] - ways.demand_cost[a]


@njit(nogil=True, cache=True)
def _served(ways: Ways, price: Floats, taken: NDArray[np.bool_], slope: Floats) -> None:
    """Write 1 less the taken sites that would serve each demand at its price."""
    for d in range(len(price)):
        slope[d] = 1.0
        for a in range(ways.demand_start[d], ways.demand_start[d + 1]):
            if ways.demand_cost[a] >= price[d]:
                break
            if taken[ways.demand_site[a]]:
                slope[d] -= 1.0
