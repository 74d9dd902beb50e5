"""
Which demand the chosen sites cover, kept up to date as sites come and go.

A demand is covered once `k` chosen sites reach it. What one more site would win and what one
fewer would lose is kept for every site, so a step costs what the site reaches and nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.placement.reach import Reach

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FREE: Final = 0
"""A candidate that is not chosen."""

CHOSEN: Final = 1
"""A candidate that is chosen and may be given up."""

KEPT: Final = 2
"""A site that stands and stays, or that must come."""

BARRED: Final = 3
"""A site that may not be chosen."""

LEAN: Final = 1.0 / 16.0
"""What a cover too few to count is worth, of a full one: where two sites are needed, the first
alone wins nothing, and without a lean towards it no search would begin."""


class State(NamedTuple):
    """
    Arrays that kernels share; the last six change.

    Parameters
    ----------
    site_start, site_demand
        The demand each site reaches, row after row.
    demand_start, demand_site
        The sites that reach each demand, row after row.
    worth
        What covering each demand is worth.
    group
        The group of each demand, from 0.
    least
        What must be covered in each group; 0.0 where nothing must.
    step
        Worth of the next cover of a demand that has 0 to k + 1 of them, as a factor.
    weight
        What the search takes each demand to be worth.
    times
        Chosen and kept sites that reach each demand.
    gain
        What one more cover of all it reaches would win, for each site.
    loss
        What one cover fewer of all it reaches would lose, for each site.
    role
        `FREE`, `CHOSEN`, `KEPT` or `BARRED`, for each site.
    covered
        What is covered in each group.
    """

    site_start: Ints
    site_demand: NDArray[np.int32]
    demand_start: Ints
    demand_site: NDArray[np.int32]
    worth: Floats
    group: Ints
    least: Floats
    step: Floats
    weight: Floats
    times: Ints
    gain: Floats
    loss: Floats
    role: NDArray[np.int8]
    covered: Floats


def new_state(
    reach: Reach,
    worth: Floats,
    *,
    step: Floats,
    role: NDArray[np.int8],
    group: Ints | None = None,
    least: Floats | None = None,
) -> State:
    """Return the state in which only the kept sites cover."""
    least = np.zeros(1) if least is None else least
    state = State(
        reach.site_start,
        reach.site_demand,
        reach.demand_start,
        reach.demand_site,
        worth,
        np.zeros(reach.demand, dtype=np.int64) if group is None else group,
        least,
        step,
        worth.copy(),
        np.zeros(reach.demand, dtype=np.int64),
        np.empty(reach.sites),
        np.empty(reach.sites),
        role.copy(),
        np.zeros(len(least)),
    )
    choose(state, np.empty(0, dtype=np.int64))
    return state


def steps(k: int, lean: float = LEAN) -> Floats:
    """Return the worth of each next cover where `k` are needed; `lean` spreads over all."""
    step = np.zeros(k + 2)
    step[:k] = lean / k if k > 1 else 0.0
    step[k - 1] += 1.0
    return step


@njit(nogil=True, cache=True)
def choose(state: State, sites: Ints) -> None:
    """Start again with these sites chosen beside those kept."""
    state.times[:] = 0
    state.covered[:] = 0.0
    for j in range(len(state.role)):
        if state.role[j] == CHOSEN:
            state.role[j] = FREE
    for j in sites:
        state.role[j] = CHOSEN
    for j in range(len(state.role)):
        if CHOSEN <= state.role[j] <= KEPT:
            for a in range(state.site_start[j], state.site_start[j + 1]):
                state.times[state.site_demand[a]] += 1
    k = len(state.step) - 2
    for d in range(len(state.times)):
        if state.times[d] >= k:
            state.covered[state.group[d]] += state.worth[d]
    weigh(state)


@njit(nogil=True, cache=True)
def weigh(state: State) -> None:
    """Reckon gains and losses anew, as after a change of weights."""
    k = len(state.step) - 2
    for j in range(len(state.role)):
        gain, loss = 0.0, 0.0
        for a in range(state.site_start[j], state.site_start[j + 1]):
            d = state.site_demand[a]
            c = min(state.times[d], k + 1)
            gain += state.weight[d] * state.step[c]
            if c > 0:
                loss += state.weight[d] * state.step[c - 1]
        state.gain[j] = gain
        state.loss[j] = loss


@njit(nogil=True, cache=True)
def add(state: State, site: int) -> None:
    """Choose a site."""
    k = len(state.step) - 2
    state.role[site] = CHOSEN
    for a in range(state.site_start[site], state.site_start[site + 1]):
        d = state.site_demand[a]
        c = state.times[d]
        state.times[d] = c + 1
        if c > k:
            continue
        if c == k - 1:
            state.covered[state.group[d]] += state.worth[d]
        gain = state.weight[d] * (state.step[c + 1] - state.step[c])
        loss = state.weight[d] * (state.step[c] - (state.step[c - 1] if c > 0 else 0.0))
        for b in range(state.demand_start[d], state.demand_start[d + 1]):
            state.gain[state.demand_site[b]] += gain
            state.loss[state.demand_site[b]] += loss


@njit(nogil=True, cache=True)
def drop(state: State, site: int) -> None:
    """Give up a chosen site."""
    k = len(state.step) - 2
    state.role[site] = FREE
    for a in range(state.site_start[site], state.site_start[site + 1]):
        d = state.site_demand[a]
        c = state.times[d] - 1
        state.times[d] = c
        if c > k:
            continue
        if c == k - 1:
            state.covered[state.group[d]] -= state.worth[d]
        gain = state.weight[d] * (state.step[c + 1] - state.step[c])
        loss = state.weight[d] * (state.step[c] - (state.step[c - 1] if c > 0 else 0.0))
        for b in range(state.demand_start[d], state.demand_start[d + 1]):
            state.gain[state.demand_site[b]] -= gain
            state.loss[state.demand_site[b]] -= loss


@njit(nogil=True, cache=True)
def richest(state: State, barred: int) -> int:
    """Return the free site with the largest gain, the first of equals; -1 when none is free."""
    best, found = -np.inf, -1
    for j in range(len(state.gain)):
        if state.gain[j] > best and state.role[j] == FREE and j != barred:
            best, found = state.gain[j], j
    return found


@njit(nogil=True, cache=True)
def shortage(state: State) -> float:
    """Return by how much the groups miss what must be covered in them."""
    short = 0.0
    for g in range(len(state.least)):
        short += max(0.0, state.least[g] - state.covered[g])
    return short


@njit(nogil=True, cache=True)
def below(random: NDArray[np.uint64], n: int) -> int:
    """Return the next random number in 0 to n - 1; an xorshift, so that a seed repeats it."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return int((x >> np.uint64(11)) % np.uint64(n))


def random_state(seed: int) -> NDArray[np.uint64]:
    """Return the state from which `below` goes on."""
    return np.random.default_rng(seed).integers(1, 2**63, size=1, dtype=np.uint64)
