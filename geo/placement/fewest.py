"""
Cheap choices of sites that leave no demand out: greedy, and a search that learns what is hard.

The search gives up a site, covers what that left open within what a better answer may cost, and
raises the weight of all demand that is still open: hard demand attracts sites in time. The idea is
that of Gao, Weise and Li (2015), An efficient local search heuristic with row weighting for the
unicost set covering problem, European Journal of Operational Research 246,
doi:10.1016/j.ejor.2015.05.038; here sites may have costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from geo.placement.state import CHOSEN, FREE, State, add, below, drop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@njit(nogil=True, cache=True)
def cover_all(state: State, cost: Floats) -> None:
    """Choose sites by what they win for their cost until nothing is left to win, then prune."""
    while True:
        best, found = 0.0, -1
        for j in range(len(cost)):
            if state.role[j] == FREE and state.gain[j] > best * cost[j]:
                best, found = state.gain[j] / cost[j], j
        if found < 0:
            break
        add(state, found)
    prune(state, cost)


@njit(nogil=True, cache=True)
def prune(state: State, cost: Floats) -> None:
    """Give up sites without which as much is covered, the dearest first."""
    for j in np.argsort(-cost):
        if state.role[j] == CHOSEN and state.loss[j] == 0.0:
            drop(state, j)


@njit(nogil=True, cache=True)
def cheapest_loss(state: State, cost: Floats, since: Ints, barred: int) -> int:
    """Return the chosen site that loses least for its cost, the longest untouched of equals."""
    best, found = np.inf, -1
    for j in range(len(cost)):
        if state.role[j] == CHOSEN and j != barred:
            loss = state.loss[j] / cost[j]
            if loss < best or (loss == best and since[j] < since[found]):
                best, found = loss, j
    return found


@njit(nogil=True, cache=True)
def best_server(state: State, cost: Floats, since: Ints, demand: int, barred: int) -> int:
    """Return the free site that wins most for its cost of those that reach a demand, or -1."""
    best, found = -1.0, -1
    for b in range(state.demand_start[demand], state.demand_start[demand + 1]):
        j = state.demand_site[b]
        if state.role[j] == FREE and j != barred:
            win = state.gain[j] / cost[j]
            if win > best or (win == best and since[j] < since[found]):
                best, found = win, j
    return found


@njit(nogil=True, cache=True)
def raise_weights(state: State, gaps: Ints, n: int) -> int:
    """Leave out of the gaps what is covered by now and raise the weight of the rest."""
    k = len(state.step) - 2
    left = 0
    for i in range(n):
        d = gaps[i]
        c = state.times[d]
        if c < k:
            gaps[left] = d
            left += 1
            state.weight[d] += 1.0
            for b in range(state.demand_start[d], state.demand_start[d + 1]):
                state.gain[state.demand_site[b]] += state.step[c]
                if c > 0:
                    state.loss[state.demand_site[b]] += state.step[c - 1]
    return left


@njit(nogil=True, cache=True)
def reweigh(
    state: State,
    cost: Floats,
    best: NDArray[np.int8],
    mark: Floats,
    since: Ints,
    random: NDArray[np.uint64],
    rounds: int,
) -> int:
    """
    Look for a cheaper choice that covers all that can be.

    `mark` holds the cost of the best choice so far and of the one in `state`, `best` the roles of
    the best. `since` holds the round in which each site was last touched. Returns how often the
    best was bettered.
    """
    k = len(state.step) - 2
    gaps, better, fresh = np.empty(len(state.times), np.int64), 0, -1
    open_ones = np.flatnonzero((state.times < k) & (state.worth > 0.0))
    n = len(open_ones)
    gaps[:n] = open_ones
    begin = since.max() + 1
    for now in range(begin, begin + rounds):
        if n == 0:
            fresh = -1
            if mark[1] < mark[0]:
                mark[0] = mark[1]
                best[:] = state.role
                better += 1
        gone = cheapest_loss(state, cost, since, fresh)
        if gone < 0:
            return better
        drop(state, gone)
        mark[1] -= cost[gone]
        since[gone] = now
        for a in range(state.site_start[gone], state.site_start[gone + 1]):
            d = state.site_demand[a]
            if state.times[d] == k - 1 and state.worth[d] > 0.0:
                gaps[n] = d
                n += 1
        while n > 0:
            i = below(random, n)
            if state.times[gaps[i]] >= k:
                n -= 1
                gaps[i] = gaps[n]
                continue
            found = best_server(state, cost, since, gaps[i], gone)
            if found < 0 or mark[1] + cost[found] >= mark[0]:
                break
            add(state, found)
            mark[1] += cost[found]
            since[found] = now
            fresh = found
        n = raise_weights(state, gaps, n)
    return better
