"""The sites that bring all demand nearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import scipy.sparse as sp

from geo.errors import InvalidParameterError
from geo.placement.closing import close_medians
from geo.placement.covering import set_cover
from geo.placement.lagrangian import FIRST_STEP, SMOOTH, STRETCH, STRETCHES, new_dual
from geo.placement.median_prices import median_bound
from geo.placement.nearest import Ways, anneal_medians, greedy_medians, swap_medians
from geo.placement.problem import Roles, numbers_of, unit_of
from geo.placement.proposal import Proposal, Search
from geo.placement.reach import Reach
from geo.placement.record import Record
from geo.placement.state import BARRED, CHOSEN, FREE, random_state

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.placement.lagrangian import Dual

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HEAT: Final = 0.15
"""Share of what a chosen site costs on average that an exchange may cost at the beginning."""

CHUNK: Final = 500
"""Moves between two looks at the clock."""

MOVES_PER_SITE: Final = 500
"""A search of few sites needs no more moves than this for each of them."""

NAMED: Final = 5
"""Demands that a message names."""


@dataclass(frozen=True, eq=False)
class Service:
    """
    What is to be served from where, checked and in its own unit.

    Parameters
    ----------
    site
        The site of each pair that can be used, by demand, cheapest first.
    demand
        The demand of each pair, ascending.
    cost
        What serving the demand from the site costs.
    sites
        How many candidates there are.
    roles
        The part each site plays.
    left
        How many free sites to choose.
    """

    site: Ints
    demand: Ints
    cost: Floats
    sites: int
    roles: Roles
    left: int

    @property
    def demands(self) -> int:
        """How much demand there is."""
        return int(self.demand[-1]) + 1 if len(self.demand) else 0

    def ways(self, role: NDArray[np.int8] | None = None) -> Ways:
        """Return the arrays of kernels, with the kept sites alone."""
        by_site = np.lexsort((self.demand, self.site))
        dearest = np.zeros(self.demands)
        np.maximum.at(dearest, self.demand, self.cost)
        return Ways(
            np.searchsorted(self.demand, np.arange(self.demands + 1)),
            self.site,
            self.cost,
            np.searchsorted(self.site[by_site], np.arange(self.sites + 1)),
            self.demand[by_site],
            self.cost[by_site],
            float(dearest.sum()) + 1.0,
            (self.roles.role if role is None else role).copy(),
            np.empty(self.demands, dtype=np.int64),
            np.empty(self.demands),
            np.empty(self.demands),
            np.empty(self.sites),
        )


def p_median(
    distances: Any,  # noqa: ANN401
    weights: ArrayLike | None,
    p: int,
    *,
    existing: ArrayLike = (),
    must: ArrayLike = (),
    forbidden: ArrayLike = (),
    search: Search | None = None,
) -> Proposal:
    """
    Find the `p` sites that, beside the existing ones, bring all demand nearest.

    Every demand is served by the nearest site. Demand that no allowed site reaches is named in
    `impossible` and left out.

    Parameters
    ----------
    distances
        Sites x demand. Sparse (of scipy): the pairs stored are those that can be used, a stored 0
        too. Dense: all but infinite ones can.
    weights
        The weight of each demand, such as households: 0 or more; None for 1 each.
    p
        How many more sites there may be, those in `must` among them.
    existing
        Rows of the sites that stand and stay; they do not count in `p`.
    must
        Rows of the sites that must come.
    forbidden
        Rows of the sites that may not be used.
    search
        How long to look; None for the default `Search`.

    Returns
    -------
    proposal
        The sites; `objective` is the sum of weight times distance.

    Raises
    ------
    InvalidParameterError
        When a distance or weight is negative or not a number, a row is not among the candidates,
        `p` is more than may come, or so many sites cannot reach all that can be reached.

    Notes
    -----
    Greedy, swaps and an annealed search give the answer; a Lagrangian bound certifies it; when
    few enough pairs are left open between the two, HiGHS closes the gap. The exchange reckons all
    sites to give up at once: Whitaker (1983), A fast algorithm for the greedy interchange for
    large-scale clustering and median location problems, INFOR 21,
    doi:10.1080/03155986.1983.11731889.
    """
    site, demand, metres, shape = pairs_of(distances)
    given = numbers_of("weights", weights, shape[1])
    roles = Roles.of(shape[0], existing, must, forbidden)
    left = roles.left(p)
    possible = np.zeros(shape[1], dtype=bool)
    possible[demand[roles.role[site] != BARRED]] = True
    counted = np.flatnonzero(possible & (given > 0.0))
    use = (roles.role[site] != BARRED) & np.isin(demand, counted)
    site, demand, cost = site[use], demand[use], (metres * given[demand])[use]
    unit, whole = unit_of(cost)
    number = np.searchsorted(counted, demand)
    order = np.lexsort((site, cost, number))
    service = Service(site[order], number[order], cost[order] / unit, shape[0], roles, left)
    record = Record(search or Search(), more=False, whole=whole, roles=roles, unit=unit)
    _look(service, record, counted)
    sites = np.union1d(roles.kept, record.chosen)
    served = np.isin(site, sites)
    least = np.full(shape[1], np.inf)
    np.minimum.at(least, demand[served], cost[served])
    return record.proposal(float(least[counted].sum()), np.flatnonzero(~possible))


def pairs_of(distances: Any) -> tuple[Ints, Ints, Floats, tuple[int, int]]:  # noqa: ANN401
    """Return the pairs that can be used as site, demand and metres, and the shape."""
    if sp.issparse(distances):
        table = sp.coo_array(distances)
        (site, demand), metres = table.coords, np.asarray(table.data, dtype=np.float64)
        shape = table.shape
    else:
        dense = np.asarray(distances, dtype=np.float64)
        if dense.ndim != 2:  # noqa: PLR2004
            raise InvalidParameterError(
                f"distances: {dense.ndim} dimensions met; give a table of sites x demand"
            )
        shape = dense.shape
        site, demand = np.nonzero(dense != np.inf)
        metres = dense[site, demand]
    wrong = np.flatnonzero(~((metres >= 0.0) & (metres < np.inf)))
    if wrong.size:
        i = wrong[0]
        raise InvalidParameterError(
            f"distances: {metres[i]} met from site {site[i]} to demand {demand[i]}; give numbers "
            f"of 0 or more, and leave out (dense: infinite) what cannot be reached"
        )
    return site.astype(np.int64), demand.astype(np.int64), metres, (shape[0], shape[1])


def _look(service: Service, record: Record, counted: Ints) -> None:
    """Search until the record is settled or all ways are tried."""
    ways = service.ways()
    record.prove(0.0, "lagrangian")
    total = greedy_medians(ways, service.left)
    if total >= ways.far:
        total = _reach_all(service, ways, record, counted)
    record.offer(total, np.flatnonzero(ways.role == CHOSEN), "greedy")
    record.offer(swap_medians(ways), np.flatnonzero(ways.role == CHOSEN), "swap")
    base = service.ways()
    second = ways.second_cost
    dual = new_dual(np.where(second < ways.far, second, ways.first_cost), service.sites)
    if record.settled() or _walk(service, base, record, dual, SMOOTH[0]):
        return
    if _anneal(service, ways, record):
        return
    if _walk(service, base, record, dual, SMOOTH[1]):
        return
    close_medians(service, record, dual)


def _reach_all(service: Service, ways: Ways, record: Record, counted: Ints) -> float:
    """Begin with the fewest sites that reach all demand, or say that there are too few."""
    roles = service.roles
    cover = set_cover(
        Reach.of_pairs(service.site, service.demand, shape=(service.sites, service.demands)),
        existing=roles.kept,
        forbidden=np.flatnonzero(roles.role == BARRED),
        search=record.search,
    )
    if len(cover.added) > service.left:
        out = counted[ways.first < 0]
        named = ", ".join(map(str, out[:NAMED])) + (", ..." if len(out) > NAMED else "")
        proof = (
            f"at least {cover.bound:g} are needed"
            if cover.bound > service.left
            else f"{len(cover.added)} were found to do, fewer were not"
        )
        raise InvalidParameterError(
            f"p: {service.left} free sites do not reach all demand ({proof}); out of reach of the "
            f"best so many are {named}; raise p or leave such demand out"
        )
    ways.role[ways.role == CHOSEN] = FREE
    ways.role[cover.added] = CHOSEN
    return greedy_medians(ways, service.left - len(cover.added))


def _walk(service: Service, base: Ways, record: Record, dual: Dual, smooth: float) -> bool:
    """Walk the prices towards a tighter bound; say whether that settles it."""
    dual.step[0] = FIRST_STEP
    for _ in range(STRETCHES):
        walked = median_bound(base, service.left, record.value, smooth, STRETCH, dual)
        record.prove(float(dual.bound[0]), "lagrangian")
        if record.settled():
            return True
        if walked < STRETCH:
            break
    return False


def _anneal(service: Service, ways: Ways, record: Record) -> bool:
    """Search by random exchanges; say whether that settles it."""
    best = ways.role.copy()
    mark = np.array([record.value])
    moves = min(record.search.rounds, MOVES_PER_SITE * int((service.roles.role == FREE).sum()))
    heat = np.linspace(HEAT * mark[0] / max(service.left, 1), 0.0, moves)
    random = random_state(record.search.seed)
    bettered = 0
    for begin in range(0, moves, CHUNK):
        bettered = anneal_medians(ways, best, heat[begin : begin + CHUNK], mark, random)
        if record.seconds_left <= 0.0:
            break
    # The last moves still won something: more of them might win more.
    record.stopped_by = "iterations" if bettered else "no_improvement"
    ways.role[:] = best
    record.offer(swap_medians(ways), np.flatnonzero(ways.role == CHOSEN), "anneal")
    return record.settled()
