"""The fewest or cheapest sites that leave no demand out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import InvalidParameterError
from geo.placement.closing import close_costs
from geo.placement.cover_prices import cost_bound
from geo.placement.fewest import cover_all, reweigh
from geo.placement.lagrangian import FIRST_STEP, SMOOTH, STRETCH, STRETCHES, new_dual
from geo.placement.problem import Roles, coverable, numbers_of, unit_of
from geo.placement.proposal import Proposal, Search
from geo.placement.reach import Reach
from geo.placement.record import Record
from geo.placement.state import CHOSEN, FREE, KEPT, new_state, random_state

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.placement.lagrangian import Dual
    from geo.placement.state import State

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CHUNK: Final = 200
"""Moves between two looks at the clock."""

MOVES_PER_SITE: Final = 200
"""A search of few sites needs no more moves than this for each of them."""


@dataclass(frozen=True, eq=False)
class Bill:
    """
    What is to be covered and what sites cost, checked and in the unit of the costs.

    Parameters
    ----------
    reach
        The pairs of site and demand.
    cost
        The cost of each site.
    possible
        Whether any allowed choice serves each demand.
    k
        How many sites a demand needs.
    roles
        The part each site plays.
    """

    reach: Reach
    cost: Floats
    possible: NDArray[np.bool_]
    k: int
    roles: Roles

    def state(self, role: NDArray[np.int8] | None = None) -> State:
        """Return the state in which only the kept sites cover."""
        return new_state(
            self.reach,
            self.possible.astype(np.float64),
            step=np.repeat([1.0, 0.0], [self.k, 2]),
            role=self.roles.role if role is None else role,
        )

    def need(self, state: State) -> Ints:
        """Return the covers each demand lacks beside the kept sites; 0 where none would help."""
        return np.where(self.possible, np.maximum(self.k - state.times, 0), 0)

    def paid(self, role: NDArray[np.int8]) -> float:
        """Return what the chosen and kept sites cost that do not stand."""
        new = (role == CHOSEN) | (role == KEPT)
        new[self.roles.existing] = False
        return float(self.cost[new].sum())


def set_cover(
    covers: Any,  # noqa: ANN401
    *,
    existing: ArrayLike = (),
    must: ArrayLike = (),
    forbidden: ArrayLike = (),
    k: int = 1,
    costs: ArrayLike | None = None,
    search: Search | None = None,
) -> Proposal:
    """
    Find the fewest sites that, beside the existing ones, reach every demand.

    Demand that no allowed choice can serve is named in `impossible`; the rest is covered.

    Parameters
    ----------
    covers
        A `Reach`, or a table of sites x demand, sparse or dense.
    existing
        Rows of the sites that stand and stay; they cost nothing.
    must
        Rows of the sites that must come.
    forbidden
        Rows of the sites that may not be used.
    k
        How many sites must reach each demand; 2 for twofold coverage.
    costs
        The cost of each site, greater than 0; None for 1 each, which asks for the fewest.
    search
        How long to look; None for the default `Search`.

    Returns
    -------
    proposal
        The sites; `objective` is the number or cost of those that do not stand yet.

    Raises
    ------
    InvalidParameterError
        When a cost is not a number above 0 or a row is not among the candidates.

    Notes
    -----
    Greedy and a search with demand weights give the answer; a Lagrangian bound certifies it; when
    few enough pairs are left open between the two, HiGHS closes the gap. The problem is that of
    Toregas, Swain, ReVelle and Bergman (1971), The location of emergency service facilities,
    Operations Research 19, doi:10.1287/opre.19.6.1363.
    """
    reach = Reach.of(covers)
    given = numbers_of("costs", costs, reach.sites)
    if not (given > 0.0).all():
        raise InvalidParameterError(
            f"costs: row {int(np.argmin(given))} holds 0; give costs above 0, or name the site in "
            f"existing"
        )
    roles = Roles.of(reach.sites, existing, must, forbidden)
    unit, whole = unit_of(given)
    record = Record(search or Search(), more=False, whole=whole, roles=roles, unit=unit)
    possible = coverable(reach, roles, k)
    task = Bill(reach, given / unit, possible, k, roles)
    _look(task, record)
    return record.proposal(
        float(given[np.union1d(record.chosen, roles.must)].sum()), np.flatnonzero(~possible)
    )


def _look(bill: Bill, record: Record) -> None:
    """Search until the record is settled or all ways are tried."""
    base, state = bill.state(), bill.state()
    record.prove(bill.paid(base.role), "lagrangian")
    cover_all(state, bill.cost)
    record.offer(bill.paid(state.role), np.flatnonzero(state.role == CHOSEN), "greedy")
    if record.settled():
        return
    need = bill.need(base)
    dual = new_dual(_first_prices(bill), bill.reach.sites)
    if _walk(bill, base, need, record, dual, SMOOTH[0]):
        return
    if _reweigh(bill, state, record):
        return
    if _walk(bill, base, need, record, dual, SMOOTH[1]):
        return
    close_costs(bill, record, dual)


def _first_prices(bill: Bill) -> Floats:
    """Spread the cost of each site over its demand; a demand asks the least it is offered."""
    size = np.diff(bill.reach.site_start)
    price = np.full(bill.reach.demand, np.inf)
    offered = np.repeat(bill.cost / np.maximum(size, 1), size)
    np.minimum.at(price, bill.reach.site_demand, offered)
    return np.where(bill.possible, price, 0.0)


def _walk(bill: Bill, base: State, need: Ints, record: Record, dual: Dual, smooth: float) -> bool:
    """Walk the prices towards a tighter bound; say whether that settles it."""
    paid = bill.paid(base.role)
    dual.step[0] = FIRST_STEP
    for _ in range(STRETCHES):
        walked = cost_bound(base, need, bill.cost, record.value - paid, smooth, STRETCH, dual)
        record.prove(paid + float(dual.bound[0]), "lagrangian")
        if record.settled():
            return True
        if walked < STRETCH:
            break
    return False


def _reweigh(bill: Bill, state: State, record: Record) -> bool:
    """Search with demand weights from the greedy choice; say whether that settles it."""
    best = state.role.copy()
    mark = np.array([record.value, record.value])
    since = np.zeros(bill.reach.sites, dtype=np.int64)
    free = int((bill.roles.role == FREE).sum())
    moves = min(record.search.rounds, MOVES_PER_SITE * free)
    random = random_state(record.search.seed)
    bettered = 0
    for begin in range(0, moves, CHUNK):
        rounds = min(CHUNK, moves - begin)
        bettered = reweigh(state, bill.cost, best, mark, since, random, rounds)
        if bettered:
            record.offer(bill.paid(best), np.flatnonzero(best == CHOSEN), "weights")
            if record.settled():
                return True
        if record.seconds_left <= 0.0:
            break
    # The last moves still won something: more of them might win more.
    record.stopped_by = "iterations" if bettered else "no_improvement"
    return record.settled()
