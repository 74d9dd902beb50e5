"""A bound on what one option for each group can cover, at most so many of them changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from geo.placement.lagrangian import largest, note, stride

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.aiming.turns import Groups
    from geo.placement.lagrangian import Dual
    from geo.placement.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@njit(nogil=True, cache=True)
def aim_bound(
    state: State, groups: Groups, limit: int, target: float, smooth: float, rounds: int, dual: Dual
) -> int:
    """
    Tighten the upper bound, with its sign turned, on covered worth less cost.

    `target` is a value known to be reached; `earned` of the dual is less the cost of the option.
    Returns the rounds walked.
    """
    price, nothing = dual.price.copy(), np.zeros(1)
    slope, count = np.zeros(len(price)), np.empty(len(price), np.int64)
    earned, order = np.empty(len(groups.of)), np.arange(len(groups.stay))
    for done in range(rounds):
        _earn(state, groups, price, earned)
        bound = _choose(state, groups, limit, earned, order, count)
        for d in range(len(price)):
            bound += state.worth[d] - price[d]
            # At its cap a price leaves open how much of the demand is covered.
            share = 1.0 if price[d] < state.worth[d] else min(1.0, float(count[d]))
            slope[d] = share - count[d]
        note(dual, price, nothing, earned, -bound, slope, nothing, smooth)
        length = stride(dual, -target, state.worth)
        if length == 0.0:
            return done + 1
        for d in range(len(price)):
            price[d] = min(state.worth[d], max(0.0, dual.price[d] + length * dual.way[d]))
    return rounds


@njit(nogil=True, cache=True)
def _earn(state: State, groups: Groups, price: Floats, earned: Floats) -> None:
    """Write what each option earns."""
    for j in range(len(earned)):
        earned[j] = -groups.cost[j]
        for a in range(state.site_start[j], state.site_start[j + 1]):
            earned[j] += price[state.site_demand[a]]


@njit(nogil=True, cache=True)
def _choose(
    state: State, groups: Groups, limit: int, earned: Floats, order: Ints, count: Ints
) -> float:
    """Choose the options that earn most, count what they cover and return what they earn."""
    best, edge = edges(groups, earned)
    if limit > 0:
        largest(edge, min(limit, len(edge)), order)
    turned = np.zeros(len(edge), np.bool_)
    turned[order[:limit]] = True
    count[:] = 0
    total = 0.0
    for g in range(len(best)):
        j = best[g] if turned[g] else groups.stay[g]
        total += earned[j]
        for a in range(state.site_start[j], state.site_start[j + 1]):
            count[state.site_demand[a]] += 1
    return total


@njit(nogil=True, cache=True)
def edges(groups: Groups, earned: Floats) -> tuple[Ints, Floats]:
    """Return the option of each group that earns most, and how much more than to stay."""
    best = groups.stay.copy()
    edge = np.zeros(len(best))
    for g in range(len(best)):
        for j in range(groups.start[g], groups.start[g + 1]):
            if earned[j] > earned[best[g]]:
                best[g] = j
        edge[g] = earned[best[g]] - earned[groups.stay[g]]
    return best, edge
