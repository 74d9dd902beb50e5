"""Choices of sites that cover much: greedy, swaps, and an annealed search beyond them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from geo.placement.state import CHOSEN, FREE, State, add, below, drop, richest, shortage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

RUIN: Final = 6
"""Sites given up at once in one move, at most."""

BLINK: Final = 10
"""Each so many moves on average takes the second best site instead of the best."""

TRIES: Final = 8
"""How often a move looks for each further neighbour to give up."""

EPSILON: Final = 1e-9
"""A swap must win this share of what it gives up, so that rounding never swaps for ever."""


@njit(nogil=True, cache=True)
def greedy(state: State, number: int) -> tuple[Ints, Floats]:
    """Choose site after site, each time the one that wins most; return them and what they won."""
    sites, gains = np.empty(number, np.int64), np.empty(number)
    for i in range(number):
        j = richest(state, -1)
        sites[i], gains[i] = j, state.gain[j]
        add(state, j)
    return sites, gains


@njit(nogil=True, cache=True)
def swap(state: State, sites: Ints) -> int:
    """Exchange one chosen site for a better one until none is better; return the exchanges."""
    done, still, i = 0, 0, 0
    while still < len(sites):
        loss = state.loss[sites[i]]
        drop(state, sites[i])
        j = richest(state, -1)
        if state.gain[j] > loss + EPSILON * abs(loss):
            sites[i] = j
            done += 1
            still = 0
        else:
            still += 1
        add(state, sites[i])
        i = (i + 1) % len(sites)
    return done


@njit(nogil=True, cache=True)
def neighbour(state: State, site: int, random: NDArray[np.uint64]) -> int:
    """Return a chosen site near another, two steps over shared demand away; -1 when none is met."""
    if state.site_start[site] == state.site_start[site + 1]:
        return -1
    for _ in range(2):
        low, high = state.site_start[site], state.site_start[site + 1]
        d = state.site_demand[low + below(random, high - low)]
        low, high = state.demand_start[d], state.demand_start[d + 1]
        site = state.demand_site[low + below(random, high - low)]
    low, high = state.site_start[site], state.site_start[site + 1]
    d = state.site_demand[low + below(random, high - low)]
    low, high = state.demand_start[d], state.demand_start[d + 1]
    first = below(random, high - low)
    for b in range(high - low):
        near = state.demand_site[low + (first + b) % (high - low)]
        if state.role[near] == CHOSEN:
            return near
    return -1


@njit(nogil=True, cache=True)
def ruin(
    state: State, first: int, out: Ints, wanted: int, random: NDArray[np.uint64]
) -> tuple[int, float]:
    """Give up `wanted` chosen sites around the first, or fewer; return how many and the loss."""
    lost = state.loss[first]
    drop(state, first)
    out[0] = first
    n = 1
    for _ in range(TRIES * wanted):
        if n == wanted:
            break
        j = neighbour(state, out[below(random, n)], random)
        if j >= 0:
            lost += state.loss[j]
            drop(state, j)
            out[n] = j
            n += 1
    return n, lost


@njit(nogil=True, cache=True)
def refill(state: State, barred: int, new: Ints, n: int, random: NDArray[np.uint64]) -> float:
    """Choose `n` sites greedily, the first of them not the barred one; return what they won."""
    won = 0.0
    for i in range(n):
        away = barred if i == 0 else -1
        j = richest(state, away)
        if j >= 0 and below(random, BLINK) == 0:
            state.role[j] = CHOSEN
            second = richest(state, away)
            state.role[j] = FREE
            j = second if second >= 0 else j
        if j < 0:
            j = barred
        won += state.gain[j]
        add(state, j)
        new[i] = j
    return won


@njit(nogil=True, cache=True)
def anneal(
    state: State,
    sites: Ints,
    best: Ints,
    heat: Floats,
    fine: float,
    mark: Floats,
    random: NDArray[np.uint64],
) -> int:
    """
    Give up a few neighbouring sites and fill the hole greedily, again and again.

    A move that loses less than the heat of its round is kept, a worse one taken back; what the
    groups miss of their least counts `fine` times. `mark` holds the least shortage and the most
    covered so far, and `best` the sites of it. Returns how often they were bettered.
    """
    out, new = np.empty(RUIN, np.int64), np.empty(RUIN, np.int64)
    slot = np.empty(len(state.role), np.int64)
    slot[sites] = np.arange(len(sites))
    better = 0
    for warmth in heat:
        short = shortage(state)
        wanted = 1 + below(random, min(RUIN, len(sites)))
        n, lost = ruin(state, sites[below(random, len(sites))], out, wanted, random)
        won = refill(state, out[below(random, n)], new, n, random)
        fined = fine * (shortage(state) - short)
        if won - lost - fined >= -warmth:
            places = slot[out[:n]]
            for i in range(n):
                sites[places[i]] = new[i]
                slot[new[i]] = places[i]
            short, covered = shortage(state), state.covered.sum()
            if short < mark[0] or (short == mark[0] and covered > mark[1]):
                mark[0], mark[1] = short, covered
                best[:] = sites
                better += 1
        else:
            for i in range(n):
                drop(state, new[i])
            for i in range(n):
                add(state, out[i])
    return better
