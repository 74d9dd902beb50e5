"""The best option for each group: which way every camera looks so that all see the most."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.aiming.choices import Aim, Choices
from geo.aiming.closing import close_aim
from geo.aiming.moves import anneal
from geo.aiming.prices import aim_bound
from geo.aiming.turns import centre, give_back, improve, steepest
from geo.placement.lagrangian import FIRST_STEP, SMOOTH, STRETCH, STRETCHES, new_dual
from geo.placement.problem import Roles
from geo.placement.proposal import Search
from geo.placement.record import Record
from geo.placement.state import choose, random_state

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.placement.lagrangian import Dual
    from geo.placement.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HEAT: Final = 0.02
"""Share of what a group covers on average that a move may lose at the beginning."""

CHUNK: Final = 500
"""Moves between two looks at the clock."""

MOVES_PER_GROUP: Final = 50
"""A search of few groups needs no more moves than this for each of them."""

RESTARTS: Final = 3
"""How often the random moves begin anew: one walk in three or so ends in a poor valley."""


def aim(
    covers: Any,  # noqa: ANN401
    weights: ArrayLike | None,
    group: ArrayLike,
    stay: ArrayLike,
    *,
    costs: ArrayLike | None = None,
    changes: int | None = None,
    search: Search | None = None,
) -> Aim:
    """
    Choose one option of each group so that they cover the most weight less what changes cost.

    Demand that several options cover counts once. A group changes only where that wins something;
    where neighbouring options win the same, to the one in their middle.

    Parameters
    ----------
    covers
        A `geo.placement.Reach`, or a table of options x demand, sparse or dense.
    weights
        The weight of each demand, such as metres: 0 or more; None for 1 each.
    group
        The group of each option, from 0, ascending, without a hole.
    stay
        The option of each group that changes nothing.
    costs
        What each option costs, in the unit of the weights: 0 or more, 0 to stay; None for 0.
    changes
        How many groups may change; None for all.
    search
        How long to look; None for the default `Search`.

    Returns
    -------
    aim
        The choice, never worth less than when all stay.

    Raises
    ------
    InvalidParameterError
        When a weight or a cost is negative or not a number, to stay costs something, groups are
        not in order, or `changes` is no number of groups.

    Notes
    -----
    Single turns and an annealed search with restarts give the choice; the Lagrangian bound of
    `geo.placement`, which is that of the linear relaxation, certifies it; when few enough pairs
    are left open between the two, HiGHS closes the gap. 300 groups of 36 options with 10,000
    demands take about 1 s for a gap of 0.9 %; given a minute and `Search.exact_entries` above the
    number of pairs, HiGHS finds some 0.3 % more. The problem is maximum coverage under a partition
    matroid: Fisher, Nemhauser and Wolsey (1978), An analysis of approximations for maximizing
    submodular set functions II, Mathematical Programming Study 8, doi:10.1007/BFb0121195.
    """
    choices = Choices.of(covers, weights, group, stay, costs, changes)
    record = Record(
        search or Search(),
        more=True,
        whole=choices.whole,
        roles=Roles.of(choices.reach.sites, (), (), ()),
        unit=choices.unit,
    )
    _look(choices, record)
    return _outcome(choices, record)


def _look(choices: Choices, record: Record) -> None:
    """Search until the record is settled or all ways are tried."""
    state, groups = choices.state(), choices.groups
    chosen = groups.stay.copy()
    reached = choices.reach.counts(np.arange(choices.reach.sites)) > 0
    _take(choices, state, record, chosen, "stay")
    free = choices.limit > 0 and len(groups.movable) > 0
    record.prove(float(state.worth[reached].sum()) if free else record.value, "everything")
    if record.settled():
        return
    if choices.limit < len(groups.movable):
        steepest(state, groups, chosen, choices.limit, np.empty(0, dtype=np.int64))
    improve(state, groups, chosen, choices.limit)
    _take(choices, state, record, chosen, "turns")
    dual = new_dual(0.5 * state.worth, choices.reach.sites)
    if (
        not _walk(choices, state, record, dual, SMOOTH[0])
        and not _anneal(choices, state, record, chosen)
        and not _walk(choices, state, record, dual, SMOOTH[1])
    ):
        close_aim(choices, record, dual)


def _take(choices: Choices, state: State, record: Record, chosen: Ints, method: str) -> None:
    """Offer what is chosen, reckoned anew."""
    choose(state, chosen)
    record.offer(float(state.covered[0] - choices.groups.cost[chosen].sum()), chosen, method)


def _walk(choices: Choices, state: State, record: Record, dual: Dual, smooth: float) -> bool:
    """Walk the prices towards a tighter bound; say whether that settles it."""
    dual.step[0] = FIRST_STEP
    for _ in range(STRETCHES):
        walked = aim_bound(
            state, choices.groups, choices.limit, record.value, smooth, STRETCH, dual
        )
        record.prove(-float(dual.bound[0]), "lagrangian")
        if record.settled():
            return True
        if walked < STRETCH:
            break
    return False


def _anneal(choices: Choices, state: State, record: Record, first: Ints) -> bool:
    """Search by random moves, several times from the same choice; say whether that settles it."""
    groups, limit = choices.groups, choices.limit
    moves = min(record.search.rounds, MOVES_PER_GROUP * len(groups.movable))
    random = random_state(record.search.seed)
    begin_value = record.value
    warmth = HEAT * begin_value / max(len(groups.stay), 1)
    heat = np.linspace(warmth, 0.0, moves)
    bettered = 0
    for _ in range(RESTARTS):
        chosen, best = first.copy(), first.copy()
        choose(state, chosen)
        mark = np.full(2, begin_value)
        for begin in range(0, moves, CHUNK):
            bettered = anneal(
                state, groups, chosen, best, limit, heat[begin : begin + CHUNK], mark, random
            )
            if record.seconds_left <= 0.0:
                break
        choose(state, best)
        improve(state, groups, best, limit)
        _take(choices, state, record, best, "anneal")
        # The last moves still won something: more of them might win more.
        record.stopped_by = "iterations" if bettered else "no_improvement"
        if record.settled():
            return True
    return False


def _outcome(choices: Choices, record: Record) -> Aim:
    """Reckon from the input what is chosen; what wins nothing is not changed."""
    stay, chosen = choices.groups.stay, record.chosen.copy()
    state = choices.state(chosen)
    give_back(state, choices.groups, chosen)
    centre(state, choices.groups, chosen)
    today, covered = choices.covered(stay), choices.covered(chosen)
    objective = covered - float(choices.costs[chosen].sum())
    met = record.bound == record.value
    return Aim(
        chosen=chosen,
        changed=np.flatnonzero(chosen != stay),
        objective=objective,
        covered=covered,
        today=today,
        bound=objective if met else max(record.bound * choices.unit, objective),
        method=record.method,
        bound_method=record.bound_method,
        stopped_by=record.stopped_by,
        seconds=time.perf_counter() - record.began,
        seed=record.search.seed,
    )
