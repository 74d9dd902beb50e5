"""Bounds on what so many sites can cover, and on what covering all must cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from geo.placement.lagrangian import largest, note, stride
from geo.placement.state import KEPT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.placement.lagrangian import Dual
    from geo.placement.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@njit(nogil=True, cache=True)
def cover_bound(
    state: State, need: Ints, p: int, target: float, smooth: float, rounds: int, dual: Dual
) -> int:
    """
    Tighten the upper bound, with its sign turned, on what `p` free and the kept sites can cover.

    `need` holds the covers each demand lacks, 0 for demand that is out of the question; `target`
    is a value known to be reached. Returns the rounds walked.
    """
    groups = len(state.least)
    price, group_price = dual.price.copy(), dual.group_price.copy()
    slope, group_slope = np.zeros(len(need)), np.zeros(groups)
    count, cap = np.empty(len(need), np.int64), np.zeros(len(need))
    earned, order = np.empty(len(state.role)), np.arange(len(state.role))
    served, scale = np.empty(groups), _scales(state, need)
    for done in range(rounds):
        bound = _earn(state, price, p, earned, order, count)
        for g in range(groups):
            served[g] = state.covered[g]
            bound += served[g] + group_price[g] * (served[g] - state.least[g])
        bound += _serve(state, need, count, price, group_price, slope, served)
        for g in range(groups):
            if scale[g] > 0.0:
                group_slope[g] = (state.least[g] - served[g]) / scale[g]
        note(dual, price, group_price, earned, -bound, slope, group_slope, smooth)
        _cap(state, need, dual.group_price, cap)
        length = stride(dual, -target, cap)
        if length == 0.0:
            return done + 1
        for g in range(groups):
            if scale[g] > 0.0:
                rise = length * dual.group_way[g] / scale[g]
                group_price[g] = max(0.0, dual.group_price[g] + rise)
        _cap(state, need, group_price, cap)
        for d in range(len(need)):
            price[d] = min(cap[d], max(0.0, dual.price[d] + length * dual.way[d]))
    return rounds


@njit(nogil=True, cache=True)
def _earn(state: State, price: Floats, p: int, earned: Floats, order: Ints, count: Ints) -> float:
    """Find the `p` free sites that earn most, count what they serve and return what they earn."""
    for j in range(len(earned)):
        earned[j] = -1.0
        if state.role[j] < KEPT:
            earned[j] = 0.0
            for a in range(state.site_start[j], state.site_start[j + 1]):
                earned[j] += price[state.site_demand[a]]
    count[:] = 0
    total = 0.0
    if p > 0:
        largest(earned, p, order)
    for i in range(p):
        total += earned[order[i]]
        for a in range(state.site_start[order[i]], state.site_start[order[i] + 1]):
            count[state.site_demand[a]] += 1
    return total


@njit(nogil=True, cache=True)
def _serve(
    state: State,
    need: Ints,
    count: Ints,
    price: Floats,
    group_price: Floats,
    slope: Floats,
    served: Floats,
) -> float:
    """Serve the demand worth more than its price; return what that earns."""
    total = 0.0
    for d in range(len(need)):
        if need[d] > 0:
            profit = state.worth[d] * (1.0 + group_price[state.group[d]]) - need[d] * price[d]
            # At its cap a price leaves open how much of the demand is served.
            share = 1.0 if profit > 0.0 else min(1.0, count[d] / need[d])
            slope[d] = need[d] * share - count[d]
            served[state.group[d]] += share * state.worth[d]
            total += max(0.0, profit)
    return total


@njit(nogil=True, cache=True)
def _scales(state: State, need: Ints) -> Floats:
    """Return by what to divide the slope of each group, so that it pulls as its demand does."""
    scale, size = np.zeros(len(state.least)), np.zeros(len(state.least))
    for d in range(len(need)):
        if need[d] > 0 and state.least[state.group[d]] > 0.0:
            scale[state.group[d]] += state.worth[d]
            size[state.group[d]] += 1.0
    return scale / np.sqrt(np.maximum(size, 1.0))


@njit(nogil=True, cache=True)
def _cap(state: State, need: Ints, group_price: Floats, cap: Floats) -> None:
    """Write the price above which serving each demand earns nothing."""
    for d in range(len(need)):
        if need[d] > 0:
            cap[d] = state.worth[d] * (1.0 + group_price[state.group[d]]) / need[d]


@njit(nogil=True, cache=True)
def cost_bound(
    state: State, need: Ints, cost: Floats, target: float, smooth: float, rounds: int, dual: Dual
) -> int:
    """
    Raise the lower bound on the cost of covering each demand `need` times with free sites.

    `target` is a cost known to do. Returns the rounds walked.
    """
    price, nothing = dual.price.copy(), np.zeros(1)
    slope, cap = np.empty(len(need)), np.where(need > 0, np.inf, 0.0)
    left = np.empty(len(state.role))
    for done in range(rounds):
        bound = (need * price).sum() + _pay(state, price, cost, left, need, slope)
        note(dual, price, nothing, left, bound, slope, nothing, smooth)
        length = stride(dual, target, cap)
        if length == 0.0:
            return done + 1
        for d in range(len(need)):
            price[d] = max(0.0, dual.price[d] + length * dual.way[d])
    return rounds


@njit(nogil=True, cache=True)
def _pay(
    state: State, price: Floats, cost: Floats, left: Floats, need: Ints, slope: Floats
) -> float:
    """Write what of its cost each free site is left with; return the sum of what is below 0."""
    total = 0.0
    slope[:] = need
    for j in range(len(left)):
        left[j] = 0.0
        if state.role[j] < KEPT:
            left[j] = cost[j]
            for a in range(state.site_start[j], state.site_start[j + 1]):
                left[j] -= price[state.site_demand[a]]
        if left[j] < 0.0:
            total += left[j]
            for a in range(state.site_start[j], state.site_start[j + 1]):
                if need[state.site_demand[a]] > 0:
                    slope[state.site_demand[a]] -= 1.0
    return total
