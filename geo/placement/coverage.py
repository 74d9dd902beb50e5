"""The best so many more sites: those that cover the most weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import InvalidParameterError
from geo.placement.closing import close_cover
from geo.placement.cover_prices import cover_bound
from geo.placement.lagrangian import FIRST_STEP, SMOOTH, STRETCH, STRETCHES, new_dual
from geo.placement.local import anneal, greedy, swap
from geo.placement.problem import Roles, coverable, numbers_of, unit_of
from geo.placement.proposal import Proposal, Search
from geo.placement.reach import Reach
from geo.placement.record import Record
from geo.placement.state import (
    FREE,
    choose,
    new_state,
    random_state,
    shortage,
    steps,
    weigh,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.placement.lagrangian import Dual
    from geo.placement.shares import Shares, Targets
    from geo.placement.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HEAT: Final = 0.05
"""Share of what a chosen site covers on average that a move may lose at the beginning."""

CHUNK: Final = 500
"""Moves between two looks at the clock."""

MOVES_PER_SITE: Final = 100
"""A search of few sites needs no more moves than this for each of them."""

GUESS: Final = 0.9
"""Share of what a choice covers that misses the least shares, as a guess of what meets them."""

FINE: Final = 4.0
"""What a unit missed of a least share counts in the search, in units covered."""

BOOST: Final = 1024.0
"""How much more the greedy choice looks at groups of which too little is covered."""


@dataclass(frozen=True, eq=False)
class Task:
    """
    What is to be covered, checked and in its own unit.

    Parameters
    ----------
    reach
        The pairs of site and demand.
    worth
        The weight of each demand, 0.0 where no allowed choice covers it.
    k
        How many sites a demand needs.
    roles
        The part each site plays.
    left
        How many free sites to choose.
    targets
        What must be covered in each group, or None.
    """

    reach: Reach
    worth: Floats
    k: int
    roles: Roles
    left: int
    targets: Targets | None

    def state(self, role: NDArray[np.int8] | None = None) -> State:
        """Return the state in which only the kept sites cover."""
        return new_state(
            self.reach,
            self.worth,
            step=steps(self.k),
            role=self.roles.role if role is None else role,
            group=self.targets.group if self.targets else None,
            least=self.targets.least if self.targets else None,
        )

    def need(self, state: State) -> Ints:
        """Return the covers each demand lacks beside the kept sites; 0 where none would help."""
        return np.where(self.worth > 0.0, np.maximum(self.k - state.times, 0), 0)

    def dual(self, need: Ints, groups: int = 1) -> Dual:
        """Return a walk that begins at half the price above which no demand is served."""
        return new_dual(0.5 * self.worth / np.maximum(need, 1), self.reach.sites, groups)


def max_coverage(  # noqa: PLR0913 - a proposal has as many conditions as it has
    covers: Any,  # noqa: ANN401
    weights: ArrayLike | None,
    p: int,
    *,
    existing: ArrayLike = (),
    must: ArrayLike = (),
    forbidden: ArrayLike = (),
    k: int = 1,
    shares: Shares | None = None,
    search: Search | None = None,
) -> Proposal:
    """
    Find the `p` sites that, beside the existing ones, cover the most weight.

    A demand counts once `k` sites reach it. Sites that would add nothing are not proposed, so
    there may be fewer than `p`.

    Parameters
    ----------
    covers
        A `Reach`, or a table of sites x demand, sparse or dense.
    weights
        The weight of each demand, such as metres or households: 0 or more; None for 1 each.
    p
        How many more sites there may be, those in `must` among them.
    existing
        Rows of the sites that stand and stay; they do not count in `p`.
    must
        Rows of the sites that must come.
    forbidden
        Rows of the sites that may not be used.
    k
        How many sites must reach a demand for it to count; 2 for twofold coverage.
    shares
        A least share for each group; None for none.
    search
        How long to look; None for the default `Search`.

    Returns
    -------
    proposal
        The sites; `objective` is the weight covered, by the existing ones too.

    Raises
    ------
    InvalidParameterError
        When a weight is negative or not a number, a row is not among the candidates, `p` is more
        than may come, or the shares cannot be met.

    Notes
    -----
    Greedy, swaps and an annealed search give the answer; a Lagrangian bound certifies it; when
    few enough pairs are left open between the two, HiGHS closes the gap. 10,000 demands with
    2,000 sites take about 2 s. The problem is that of Church and ReVelle (1974), The maximal
    covering location problem, Papers of the Regional Science Association 32,
    doi:10.1007/BF01942293.
    """
    reach = Reach.of(covers)
    given = numbers_of("weights", weights, reach.demand)
    roles = Roles.of(reach.sites, existing, must, forbidden)
    left = roles.left(p)
    unit, whole = unit_of(given)
    record = Record(search or Search(), more=True, whole=whole, roles=roles, unit=unit)
    possible = coverable(reach, roles, k, left)
    targets = shares.targets(given / unit, possible, whole=whole) if shares else None
    task = Task(reach, np.where(possible, given / unit, 0.0), k, roles, left, targets)
    record.prove(float(task.worth.sum()), "everything")
    state = _look(task, record)
    if targets and not np.isfinite(record.value):
        raise InvalidParameterError(
            f"shares: no choice of {left} free sites that meets them was found; the best misses "
            f"{targets.missed(state.covered)}; ask for less, raise p or search longer"
        )
    record.chosen = _useful(task, record.chosen)
    sites = np.union1d(roles.kept, record.chosen)
    objective = float(given[reach.counts(sites) >= k].sum())
    return record.proposal(objective, np.flatnonzero(~possible))


def _look(task: Task, record: Record) -> State:
    """Search until the record is settled or all ways are tried; return the state at the end."""
    base, state = task.state(), task.state()
    chosen = _greedy(task, state)
    _take(state, record, chosen, "greedy")
    if record.settled():
        return state
    if task.targets is None and swap(state, chosen):
        _take(state, record, chosen, "swap")
    need = task.need(base)
    dual = task.dual(need, len(base.least))
    # Where no answer is known yet, a little less than what was covered without one: a target
    # above the optimum would end the walk too early.
    reached = max(record.value, GUESS * float(state.covered.sum()))
    if (
        not _walk(task, base, need, record, dual, SMOOTH[0], reached)
        and not _anneal(task, state, chosen, record, dual)
        and not _walk(task, base, need, record, dual, SMOOTH[1], max(record.value, reached))
    ):
        close_cover(task, record, dual)
    return state


def _take(state: State, record: Record, chosen: Ints, method: str) -> None:
    """Offer the chosen sites if they meet the least shares."""
    if shortage(state) == 0.0:
        record.offer(float(state.covered.sum()), chosen, method)


def _greedy(task: Task, state: State) -> Ints:
    """Choose site after site, those that serve groups below their least first."""
    if task.targets is None:
        return greedy(state, task.left)[0]
    chosen: list[int] = []
    short = np.zeros(len(state.least), dtype=bool)
    while len(chosen) < task.left:
        if (short != (state.covered < state.least)).any():
            short = state.covered < state.least
            state.weight[:] = task.worth * np.where(short, BOOST, 1.0)[state.group]
            weigh(state)
        chosen.append(int(greedy(state, 1)[0][0]))
    return np.array(chosen, dtype=np.int64)


def _walk(
    task: Task, base: State, need: Ints, record: Record, dual: Dual, smooth: float, reached: float
) -> bool:
    """Walk the prices towards a tighter bound; say whether that settles it."""
    dual.step[0] = FIRST_STEP
    for _ in range(STRETCHES):
        walked = cover_bound(base, need, task.left, reached, smooth, STRETCH, dual)
        record.prove(-float(dual.bound[0]), "lagrangian")
        if record.settled():
            return True
        if walked < STRETCH:
            break
    return False


def _anneal(task: Task, state: State, chosen: Ints, record: Record, dual: Dual) -> bool:
    """Search by random moves from the chosen sites; say whether that settles it."""
    if task.targets:
        state.weight[:] = task.worth * (1.0 + dual.group_price)[state.group]
        weigh(state)
    best = chosen.copy()
    mark = np.array([shortage(state), state.covered.sum()])
    free = int((state.role == FREE).sum()) + task.left
    moves = min(record.search.rounds, MOVES_PER_SITE * free)
    heat = np.linspace(HEAT * mark[1] / task.left, 0.0, moves)
    random = random_state(record.search.seed)
    bettered = 0
    for begin in range(0, moves, CHUNK):
        bettered = anneal(state, chosen, best, heat[begin : begin + CHUNK], FINE, mark, random)
        if record.seconds_left <= 0.0:
            break
    # The last moves still won something: more of them might win more.
    record.stopped_by = "iterations" if bettered else "no_improvement"
    choose(state, best)
    _take(state, record, best, "anneal")
    if task.targets is None and swap(state, best):
        _take(state, record, best, "anneal")
    return record.settled()


def _useful(task: Task, chosen: Ints) -> Ints:
    """Leave out the chosen sites without which as much is covered."""
    count = task.reach.counts(np.concatenate((task.roles.kept, chosen)))
    stay = []
    for j in chosen[::-1]:  # one by one: of two that cover the same, one must stay
        own = task.reach.site_demand[task.reach.site_start[j] : task.reach.site_start[j + 1]]
        if task.worth[own[count[own] == task.k]].sum() > 0.0:
            stay.append(j)
        else:
            count[own] -= 1
    return np.array(stay[::-1], dtype=np.int64)
