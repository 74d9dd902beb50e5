"""
Which chosen site is nearest to each demand, and searches that bring them nearer.

What a demand costs is its weight times the way to the nearest chosen site; one that no chosen site
reaches costs more than all others together, so that every search first serves all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from geo.placement.state import CHOSEN, FREE, KEPT, below

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EPSILON: Final = 1e-9
"""An exchange must save this share of what all costs, so that rounding never swaps for ever."""


class Ways(NamedTuple):
    """
    Arrays that kernels share; the last five change.

    Parameters
    ----------
    demand_start, demand_site, demand_cost
        The sites that reach each demand and what serving it from there costs, cheapest first.
    site_start, site_demand, site_cost
        The demand each site reaches, and the same costs.
    far
        What a demand costs that nothing reaches.
    role
        `FREE`, `CHOSEN`, `KEPT` or `BARRED`, for each site.
    first
        The nearest chosen site of each demand; -1 for none.
    first_cost
        What serving each demand costs.
    second_cost
        What it would cost without its nearest site.
    loss
        What giving up each chosen site would cost.
    """

    demand_start: Ints
    demand_site: Ints
    demand_cost: Floats
    site_start: Ints
    site_demand: Ints
    site_cost: Floats
    far: float
    role: NDArray[np.int8]
    first: Ints
    first_cost: Floats
    second_cost: Floats
    loss: Floats


@njit(nogil=True, cache=True)
def assign(ways: Ways) -> float:
    """Find the two nearest chosen sites of every demand; return what all costs."""
    ways.loss[:] = 0.0
    total = 0.0
    for d in range(len(ways.first)):
        first, first_cost, second_cost = -1, ways.far, ways.far
        for a in range(ways.demand_start[d], ways.demand_start[d + 1]):
            if CHOSEN <= ways.role[ways.demand_site[a]] <= KEPT:
                if first >= 0:
                    second_cost = ways.demand_cost[a]
                    break
                first, first_cost = ways.demand_site[a], ways.demand_cost[a]
        ways.first[d] = first
        ways.first_cost[d] = first_cost
        ways.second_cost[d] = second_cost
        total += first_cost
        if first >= 0:
            ways.loss[first] += second_cost - first_cost
    return total


@njit(nogil=True, cache=True)
def greedy_medians(ways: Ways, number: int) -> float:
    """Choose site after site, each time the one that saves most; return what all costs then."""
    total = assign(ways)
    for _ in range(number):
        best, found = -1.0, -1
        for j in range(len(ways.role)):
            if ways.role[j] == FREE:
                saved = 0.0
                for a in range(ways.site_start[j], ways.site_start[j + 1]):
                    saved += max(0.0, ways.first_cost[ways.site_demand[a]] - ways.site_cost[a])
                if saved > best:
                    best, found = saved, j
        ways.role[found] = CHOSEN
        total = assign(ways)
    return total


@njit(nogil=True, cache=True)
def exchange(ways: Ways, site: int, spared: Floats) -> tuple[int, float]:
    """Return the chosen site best given up for a free one, and what that saves."""
    saved = 0.0
    spared[:] = 0.0
    for a in range(ways.site_start[site], ways.site_start[site + 1]):
        d, cost = ways.site_demand[a], ways.site_cost[a]
        if cost < ways.first_cost[d]:
            saved += ways.first_cost[d] - cost
            if ways.first[d] >= 0:
                spared[ways.first[d]] += ways.second_cost[d] - ways.first_cost[d]
        elif cost < ways.second_cost[d]:
            spared[ways.first[d]] += ways.second_cost[d] - cost
    best, gone = -np.inf, -1
    for j in range(len(ways.role)):
        if ways.role[j] == CHOSEN and spared[j] - ways.loss[j] > best:
            best, gone = spared[j] - ways.loss[j], j
    return gone, saved + best


@njit(nogil=True, cache=True)
def swap_medians(ways: Ways) -> float:
    """Exchange one chosen site for a better one until none is better; return what all costs."""
    total = assign(ways)
    spared = np.empty(len(ways.role))
    still, j = 0, 0
    while still < len(ways.role):
        still += 1
        if ways.role[j] == FREE:
            gone, saved = exchange(ways, j, spared)
            if gone >= 0 and saved > EPSILON * total:
                ways.role[gone] = FREE
                ways.role[j] = CHOSEN
                total = assign(ways)
                still = 0
        j = (j + 1) % len(ways.role)
    return total


@njit(nogil=True, cache=True)
def anneal_medians(
    ways: Ways,
    best: NDArray[np.int8],
    heat: Floats,
    mark: Floats,
    random: NDArray[np.uint64],
) -> int:
    """
    Exchange sites at random, those best given up for them, again and again.

    An exchange that costs less than the heat of its round is made. `mark` holds the least cost so
    far and `best` the roles of it. Returns how often it was bettered.
    """
    total = assign(ways)
    spared = np.empty(len(ways.role))
    better = 0
    for warmth in heat:
        j = below(random, len(ways.role))
        if ways.role[j] != FREE:
            continue
        gone, saved = exchange(ways, j, spared)
        if gone < 0 or saved < -warmth:
            continue
        ways.role[gone] = FREE
        ways.role[j] = CHOSEN
        total = assign(ways)
        if total < mark[0]:
            mark[0] = total
            best[:] = ways.role
            better += 1
    return better
