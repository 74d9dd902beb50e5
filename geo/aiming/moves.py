"""An annealed search for choices that single turns do not lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from geo.aiming.turns import EPSILON, Groups, best_option, changed
from geo.placement.state import State, add, below, drop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Random = NDArray[np.uint64]

RUIN: Final = 6
"""Groups taken up at once in one move, at most."""

BLINK: Final = 10
"""Each so many choices on average takes the second best option instead of the best."""

TRIES: Final = 8
"""How often a move looks for each further group to take up."""


@njit(nogil=True, cache=True)
def _near(state: State, groups: Groups, group: int, random: Random) -> int:
    """Return the group of an option that shares demand with one of this group, or the group."""
    low, high = groups.start[group], groups.start[group + 1]
    j = low + below(random, high - low)
    low, high = state.site_start[j], state.site_start[j + 1]
    if low == high:
        return group
    d = state.site_demand[low + below(random, high - low)]
    low, high = state.demand_start[d], state.demand_start[d + 1]
    return groups.of[state.demand_site[low + below(random, high - low)]]


@njit(nogil=True, cache=True)
def _pick(
    state: State,
    groups: Groups,
    chosen: Ints,
    out: Ints,
    short: bool,  # noqa: FBT001 - kernels take positions
    random: Random,
) -> int:
    """Fill `out` with groups around a random one; where changes are short, also changed ones."""
    movable = groups.movable
    wanted = 1 + below(random, min(len(out), len(movable)))
    out[0] = movable[below(random, len(movable))]
    n = 1
    for _ in range(TRIES * wanted):
        if n == wanted:
            break
        if short and below(random, 2) == 0:
            group = movable[below(random, len(movable))]
            if chosen[group] == groups.stay[group]:
                continue
        else:
            group = _near(state, groups, out[below(random, n)], random)
        known = groups.start[group + 1] - groups.start[group] == 1
        for i in range(n):
            known |= out[i] == group
        if not known:
            out[n] = group
            n += 1
    return n


@njit(nogil=True, cache=True)
def _refill(
    state: State, groups: Groups, out: Ints, new: Ints, n: int, left: int, random: Random
) -> float:
    """Choose an option for each of `n` groups, the best first; return what they won."""
    won = 0.0
    open_ = np.ones(n, np.bool_)
    for step in range(n):
        # Where not all may change, what counts is how much better than to stay.
        short = left < n - step
        best, option, most, value = -1, -1, -np.inf, 0.0
        for i in range(n):
            if open_[i]:
                j, gain = best_option(state, groups, out[i], -1, left > 0)
                edge = gain - state.gain[groups.stay[out[i]]] if short else gain
                if edge > most:
                    best, option, most, value = i, j, edge, gain
        if left > 0 and below(random, BLINK) == 0:
            option, value = best_option(state, groups, out[best], option, True)
        left -= int(option != groups.stay[out[best]])
        won += value
        add(state, option)
        new[best] = option
        open_[best] = False
    return won


@njit(nogil=True, cache=True)
def anneal(
    state: State, groups: Groups, chosen: Ints, best: Ints, limit: int, heat: Floats, mark: Floats,
    random: Random,
) -> int:  # fmt: skip
    """
    Take up a few neighbouring groups and choose for them anew, again and again.

    A move that loses less than the heat of its round is kept, a worse one taken back. `mark` holds
    the value of `chosen` and of `best`. Returns how often the best was bettered.
    """
    out, new = np.empty(RUIN, np.int64), np.empty(RUIN, np.int64)
    left, better = limit - changed(groups, chosen), 0
    for warmth in heat:
        n = _pick(state, groups, chosen, out, left < RUIN, random)
        lost, freed = 0.0, 0
        for i in range(n):
            now = chosen[out[i]]
            lost += state.loss[now] - groups.cost[now]
            drop(state, now)
            freed += int(now != groups.stay[out[i]])
        won = _refill(state, groups, out, new, n, left + freed, random)
        if won - lost >= -warmth:
            mark[0] += won - lost
            left += freed
            for i in range(n):
                chosen[out[i]] = new[i]
                left -= int(new[i] != groups.stay[out[i]])
            if mark[0] > mark[1] + EPSILON * abs(mark[1]):
                mark[1] = mark[0]
                best[:] = chosen
                better += 1
        else:
            for i in range(n):
                drop(state, new[i])
            for i in range(n):
                add(state, chosen[out[i]])
    return better
