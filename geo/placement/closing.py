"""The last step: fix what the bound settles, and let the exact solver close what is left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from geo.errors import InvalidParameterError
from geo.placement.exact import HALF, Model, solve
from geo.placement.nearest import assign
from geo.placement.state import BARRED, CHOSEN, FREE, KEPT, choose, shortage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.placement.coverage import Task
    from geo.placement.covering import Bill
    from geo.placement.lagrangian import Dual
    from geo.placement.medians import Service
    from geo.placement.reach import Reach
    from geo.placement.record import Record

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def close_cover(task: Task, record: Record, dual: Dual) -> None:
    """Solve what is left open of the best choice of so many sites, if it is small enough."""
    role = _fixed(task, record, dual)
    fixed = np.flatnonzero((role == KEPT) & (task.roles.role != KEPT))
    left = task.left - len(fixed)
    base = task.state(role)
    covered = base.covered.copy()
    need = task.need(base)
    site, demand = open_pairs(task.reach, role == FREE, need)
    if not record.closable(len(site)):
        return
    known = np.isfinite(record.value)
    if left <= 0 or not len(site):
        # Either what is fixed is better than the answer at hand, or nothing is.
        if left >= 0 and shortage(base) == 0.0:
            record.offer(float(covered.sum()), fixed, "exact")
        record.prove(record.value if np.isfinite(record.value) else np.inf, "lagrangian")
        record.settled()
        return
    sites, column = np.unique(site, return_inverse=True)
    rows, row = np.unique(demand, return_inverse=True)
    model = _cover_model(
        task.worth[rows],
        need[rows],
        sp.csr_array((np.ones(len(site)), (row, column)), shape=(len(rows), len(sites))),
        left,
    )
    if task.targets:
        model = model.with_rows(
            sp.csr_array(
                (task.worth[rows], (base.group[rows], len(sites) + np.arange(len(rows)))),
                shape=(len(covered), len(model.cost)),
            ),
            base.least - covered,
        )
    start = None
    if known:
        picked = np.isin(sites, record.chosen)
        served = np.bincount(row, picked[column], len(rows)) >= need[rows]
        start = np.concatenate((picked, served)).astype(float)
    answer = solve(
        model,
        start,
        seconds=record.seconds_left,
        seed=record.search.seed,
        whole_costs=record.whole,
    )
    if answer.infeasible and not known:
        raise InvalidParameterError(
            f"shares: no choice of {task.left} sites meets them, proven; ask for less or raise p"
        )
    if answer.values is not None:
        chosen = np.union1d(sites[answer.values[: len(sites)] > HALF], fixed)
        choose(base, chosen)
        if shortage(base) == 0.0:
            record.offer(float(base.covered.sum()), chosen, "exact")
    # What was fixed is in every answer better than the one that was known.
    bound = -np.inf if answer.infeasible else float(covered.sum()) - answer.bound
    record.prove(max(bound, record.value), "exact")
    record.stopped_by = "time" if answer.stopped_by == "time" else "iterations"
    record.settled()


def close_costs(bill: Bill, record: Record, dual: Dual) -> None:
    """Solve what is left open of the cheapest cover, if it is small enough."""
    role = bill.roles.role.copy()
    free = np.flatnonzero(role == FREE)
    bound = bill.paid(role) + dual.bound[0]
    beyond = dual.earned[free]
    role[free[record.hopeless(bound + np.maximum(beyond, 0.0))]] = BARRED
    role[free[record.hopeless(bound - np.minimum(beyond, 0.0))]] = KEPT
    fixed = np.flatnonzero((role == KEPT) & (bill.roles.role != KEPT))
    base = bill.state(role)
    need = bill.need(base)
    site, demand = open_pairs(bill.reach, role == FREE, need)
    if not record.closable(len(site)):
        return
    if not np.array_equal(np.unique(demand), np.flatnonzero(need)):
        # Some demand is beyond what is not barred, so nothing cheaper serves it.
        record.prove(record.value, "lagrangian")
        record.settled()
        return
    if not len(site):
        # Either what is fixed is better than the answer at hand, or nothing is.
        record.offer(bill.paid(role), fixed, "exact")
        record.prove(record.value, "lagrangian")
        record.settled()
        return
    sites, column = np.unique(site, return_inverse=True)
    rows, row = np.unique(demand, return_inverse=True)
    model = Model(
        bill.cost[sites],
        np.ones(len(sites), dtype=bool),
        sp.csr_array((np.ones(len(site)), (row, column)), shape=(len(rows), len(sites))),
        need[rows].astype(np.float64),
        np.full(len(rows), np.inf),
    )
    answer = solve(
        model,
        np.isin(sites, record.chosen).astype(np.float64),
        seconds=record.seconds_left,
        seed=record.search.seed,
        whole_costs=record.whole,
    )
    if answer.values is not None:
        choose(base, sites[answer.values > HALF])
        chosen = np.union1d(sites[answer.values > HALF], fixed)
        record.offer(bill.paid(base.role), chosen, "exact")
    bound = np.inf if answer.infeasible else bill.paid(role) + answer.bound
    record.prove(min(bound, record.value), "exact")
    record.stopped_by = "time" if answer.stopped_by == "time" else "iterations"
    record.settled()


def close_medians(service: Service, record: Record, dual: Dual) -> None:
    """Solve what is left open of the nearest sites, if it is small enough."""
    role = service.roles.role.copy()
    free = np.flatnonzero(role == FREE)
    bound, earned = dual.bound[0], dual.earned[free]
    if service.left < len(free):
        first_out, last_in = _edge(earned, service.left)
        role[free[record.hopeless(bound + last_in - earned)]] = BARRED
        role[free[record.hopeless(bound + earned - first_out)]] = KEPT
    fixed = np.flatnonzero((role == KEPT) & (service.roles.role != KEPT))
    left = service.left - len(fixed)
    beyond = np.maximum(service.cost - dual.price[service.demand], 0.0)
    stay = (role[service.site] != BARRED) & ~record.hopeless(bound + beyond)
    site, demand, cost = service.site[stay], service.demand[stay], service.cost[stay]
    if not record.closable(len(site)):
        return
    if left < 0 or len(np.unique(demand)) < service.demands:
        # Some demand is beyond what is not barred, so nothing serves all for less.
        record.prove(record.value, "lagrangian")
        record.settled()
        return
    sites = np.flatnonzero(role == FREE)
    n, m, pairs = len(sites), service.demands, len(site)
    if n == 0:
        # Either what is fixed is better than the answer at hand, or nothing is.
        record.offer(assign(service.ways(role)), fixed, "exact")
        record.prove(record.value, "lagrangian")
        record.settled()
        return
    pair = np.flatnonzero(role[site] == FREE)
    ones = np.ones(len(pair))
    uses = sp.csr_array((ones, (np.arange(len(pair)), np.searchsorted(sites, site[pair]))),
                        shape=(len(pair), n))  # fmt: skip
    used = sp.csr_array((ones, (np.arange(len(pair)), pair)), shape=(len(pair), pairs))
    served = sp.csr_array((np.ones(pairs), (demand, np.arange(pairs))), shape=(m, pairs))
    model = Model(
        np.concatenate((np.zeros(n), cost)),
        np.arange(n + pairs) < n,
        sp.csr_array(
            sp.vstack(
                [
                    sp.hstack([uses, -used]),
                    sp.hstack([sp.csr_array((m, n)), served]),
                    sp.csr_array((np.arange(n + pairs) < n).astype(np.float64)[None, :]),
                ]
            )
        ),
        np.concatenate((np.zeros(len(pair)), np.ones(m), [-np.inf])),
        np.concatenate((np.full(len(pair), np.inf), np.ones(m), [float(left)])),
    )
    chosen = np.union1d(record.chosen, service.roles.kept)
    near = np.flatnonzero(np.isin(site, chosen))
    first = near[np.unique(demand[near], return_index=True)[1]]
    start = None
    if len(first) == m:
        start = np.zeros(n + pairs)
        start[:n] = np.isin(sites, chosen)
        start[n + first] = 1.0
    answer = solve(
        model,
        start,
        seconds=record.seconds_left,
        seed=record.search.seed,
        whole_costs=record.whole,
    )
    if answer.values is not None:
        ways = service.ways(role)
        ways.role[sites[answer.values[:n] > HALF]] = CHOSEN
        total = assign(ways)
        chosen = np.union1d(np.flatnonzero(ways.role == CHOSEN), fixed)
        record.offer(total, chosen, "exact")
    record.prove(min(np.inf if answer.infeasible else answer.bound, record.value), "exact")
    record.stopped_by = "time" if answer.stopped_by == "time" else "iterations"
    record.settled()


def _edge(earned: Floats, left: int) -> tuple[float, float]:
    """Return the best that is not among the `left` best, and the worst that is."""
    last_in = np.partition(earned, len(earned) - left)[len(earned) - left] if left else np.inf
    first_out = np.partition(earned, len(earned) - left - 1)[len(earned) - left - 1]
    return float(first_out), float(last_in)


def open_pairs(reach: Reach, free: NDArray[np.bool_], need: Ints) -> tuple[Ints, Ints]:
    """Return the pairs of free site and demand that can still be served, as two columns."""
    site = np.repeat(np.arange(reach.sites), np.diff(reach.site_start))
    demand = reach.site_demand.astype(np.int64)
    enough = np.bincount(demand[free[site]], minlength=reach.demand) >= need
    left = free[site] & (need[demand] > 0) & enough[demand]
    return site[left], demand[left]


def _fixed(task: Task, record: Record, dual: Dual) -> NDArray[np.int8]:
    """Keep or bar the sites without or with which nothing better than the answer can be."""
    role = task.roles.role.copy()
    free = np.flatnonzero(role == FREE)
    if not np.isfinite(record.value) or task.left >= len(free):
        return role
    earned = dual.earned[free]
    first_out, last_in = _edge(earned, task.left)
    role[free[record.hopeless(-dual.bound[0] - last_in + earned)]] = BARRED
    role[free[record.hopeless(-dual.bound[0] - earned + first_out)]] = KEPT
    return role


def _cover_model(worth: Floats, need: Ints, reached: sp.csr_array, left: int) -> Model:
    """Columns: whether each site is chosen, then whether each demand is served."""
    demand, sites = reached.shape
    rows = sp.vstack(
        [
            sp.hstack([reached, sp.diags_array(-need.astype(float))]),
            sp.csr_array(np.concatenate((np.ones(sites), np.zeros(demand)))[None, :]),
        ]
    )
    return Model(
        np.concatenate((np.zeros(sites), -worth)),
        # A demand that needs one site is whole of itself once the sites are.
        np.concatenate((np.ones(sites, dtype=bool), need > 1)),
        sp.csr_array(rows),
        np.concatenate((np.zeros(demand), [-np.inf])),
        np.concatenate((np.full(demand, np.inf), [float(left)])),
    )
