"""Choices of one option for each group, and single turns that better them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from geo.placement.state import State, add, drop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EPSILON: Final = 1e-9
"""A turn must win this share of what it gives up, so that rounding never turns for ever."""


class Groups(NamedTuple):
    """
    Groups of options, of each of which one is chosen; arrays that kernels share.

    Parameters
    ----------
    start
        Where the options of each group begin; one more than there are groups.
    of
        The group of each option.
    stay
        The option of each group that changes nothing.
    cost
        What each option costs; 0.0 to stay.
    movable
        The groups with more than one option.
    """

    start: Ints
    of: Ints
    stay: Ints
    cost: Floats
    movable: Ints


@njit(nogil=True, cache=True)
def best_option(
    state: State,
    groups: Groups,
    group: int,
    barred: int,
    turned: bool,  # noqa: FBT001
) -> tuple[int, float]:
    """
    Return the option that wins most and what it wins; to stay comes first among equals.

    The group has none chosen; `barred` is not taken, and where not `turned`, the group stays.
    """
    stay = groups.stay[group]
    best, most = -1, -np.inf
    if stay != barred or not turned:
        best, most = stay, state.gain[stay]
    if turned:
        for j in range(groups.start[group], groups.start[group + 1]):
            value = state.gain[j] - groups.cost[j]
            if value > most and j != barred:
                best, most = j, value
    return best, most


@njit(nogil=True, cache=True)
def _turn(state: State, groups: Groups, chosen: Ints, group: int, left: int) -> tuple[int, float]:
    """Return the option of a group that betters the present one most, and by how much; or -inf."""
    now = chosen[group]
    drop(state, now)
    value = state.gain[now] - groups.cost[now]
    allowed = left > 0 or now != groups.stay[group]
    best, most = best_option(state, groups, group, -1, allowed)
    add(state, now)
    if best == now or most <= value + EPSILON * abs(value):
        return now, -np.inf
    return best, most - value


@njit(nogil=True, cache=True)
def _turn_to(
    state: State, groups: Groups, chosen: Ints, group: int, goal: int
) -> tuple[int, float]:
    """Return the goal of a group and what it wins over the present option; -inf when it is that."""
    now = chosen[group]
    if goal == now:
        return now, -np.inf
    drop(state, now)
    won = state.gain[goal] - groups.cost[goal] - state.gain[now] + groups.cost[now]
    add(state, now)
    return goal, won


@njit(nogil=True, cache=True)
def enter(state: State, groups: Groups, chosen: Ints, group: int, option: int) -> int:
    """Turn a group to an option; return how many more groups are changed than before."""
    stay, now = groups.stay[group], chosen[group]
    drop(state, now)
    add(state, option)
    chosen[group] = option
    return int(option != stay) - int(now != stay)


@njit(nogil=True, cache=True)
def improve(state: State, groups: Groups, chosen: Ints, limit: int) -> int:
    """Turn one group after the other until no turn is better; return the turns."""
    left, done, still, i = limit - changed(groups, chosen), 0, 0, 0
    while still < len(groups.movable):
        group = groups.movable[i]
        option, won = _turn(state, groups, chosen, group, left)
        if won > -np.inf:
            left -= enter(state, groups, chosen, group, option)
            done += 1
            still = 0
        else:
            still += 1
        i = (i + 1) % len(groups.movable)
    return done


@njit(nogil=True, cache=True)
def steepest(state: State, groups: Groups, chosen: Ints, limit: int, goal: Ints) -> Ints:
    """
    Make the turn that wins most, again and again; return the groups in the order of their turns.

    With no goal, while it wins something and there are changes left. With one option for each
    group as the goal, turns lead there and nowhere else, until all are made.
    """
    left, size = limit - changed(groups, chosen), len(groups.movable)
    turned, n = np.empty(max(left, 0), np.int64), 0
    option, won = np.empty(size, np.int64), np.empty(size)
    place = np.full(len(chosen), -1, np.int64)
    place[groups.movable] = np.arange(size)
    stale = np.ones(size, np.bool_)
    while left > 0 and size > 0:
        for i in range(size):
            if stale[i]:
                group = groups.movable[i]
                if len(goal) > 0:
                    option[i], won[i] = _turn_to(state, groups, chosen, group, goal[group])
                else:
                    option[i], won[i] = _turn(state, groups, chosen, group, left)
                stale[i] = False
        i = int(np.argmax(won))
        if won[i] == -np.inf:
            break
        group = groups.movable[i]
        stale[i] = True
        for j in (chosen[group], option[i]):
            for a in range(state.site_start[j], state.site_start[j + 1]):
                d = state.site_demand[a]
                for b in range(state.demand_start[d], state.demand_start[d + 1]):
                    near = place[groups.of[state.demand_site[b]]]
                    if near >= 0:
                        stale[near] = True
        left -= enter(state, groups, chosen, group, option[i])
        turned[n] = group
        n += 1
    return turned[:n]


@njit(nogil=True, cache=True)
def changed(groups: Groups, chosen: Ints) -> int:
    """Count the groups that do not stay."""
    return int((chosen != groups.stay).sum())


@njit(nogil=True, cache=True)
def give_back(state: State, groups: Groups, chosen: Ints) -> None:
    """Let every group stay whose change wins nothing."""
    for group in groups.movable:
        now, stay = chosen[group], groups.stay[group]
        if now == stay:
            continue
        drop(state, now)
        won = state.gain[now] - groups.cost[now]
        if won <= state.gain[stay] + EPSILON * abs(won):
            chosen[group] = stay
        add(state, chosen[group])


@njit(nogil=True, cache=True)
def centre(state: State, groups: Groups, chosen: Ints) -> None:
    """
    Turn every changed group to the middle of the options around its own that win as much.

    The options of a group but for the one that stays are taken as a ring.
    """
    for group in groups.movable:
        now = chosen[group]
        if now == groups.stay[group]:
            continue
        drop(state, now)
        won = state.gain[now] - groups.cost[now]
        least = won - EPSILON * abs(won)
        ends = np.array([now, now])
        steps = np.zeros(2, np.int64)
        for side, way in enumerate((1, -1)):
            while True:
                j = _beside(groups, group, ends[side], way)
                if j == now or state.gain[j] - groups.cost[j] < least:
                    break
                ends[side] = j
                steps[side] += 1
        # Where all win the same both ways go all around, and it is its own middle.
        middle = (steps[0] - steps[1]) // 2
        for _ in range(abs(middle)):
            now = _beside(groups, group, now, 1 if middle > 0 else -1)
        chosen[group] = now
        add(state, now)


@njit(nogil=True, cache=True)
def _beside(groups: Groups, group: int, option: int, way: int) -> int:
    """Return the next option on the ring of a group, or the one before, past the one that stays."""
    first, size = groups.start[group], groups.start[group + 1] - groups.start[group]
    j = first + (option - first + way) % size
    if j == groups.stay[group]:
        j = first + (j - first + way) % size
    return j
