"""The last step: fix what the bound settles, and let the exact solver close what is left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from geo.aiming.prices import edges
from geo.placement.exact import HALF, Model, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.aiming.choices import Choices
    from geo.placement.lagrangian import Dual
    from geo.placement.record import Record

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


def close_aim(choices: Choices, record: Record, dual: Dual) -> None:
    """Solve what is left open, if it is small enough."""
    groups, worth = choices.groups, choices.given / choices.unit
    open_ = _open(choices, record, dual)
    count = np.bincount(groups.of[open_], minlength=len(groups.stay))
    fixed = np.flatnonzero(open_ & (count[groups.of] == 1))
    left = choices.limit - int((fixed != groups.stay[groups.of[fixed]]).sum())
    if (count == 0).any() or left < 0:
        # What no better answer can do without is not there, so none is better.
        record.prove(record.value, "lagrangian")
        record.settled()
        return
    known = choices.reach.counts(fixed) > 0
    base = float(worth[known].sum() - groups.cost[fixed].sum())
    options = np.flatnonzero(open_ & (count[groups.of] > 1))
    if not len(options):
        # Either what is fixed is better than the answer at hand, or nothing is.
        record.offer(base, fixed, "exact")
        record.prove(record.value, "lagrangian")
        record.settled()
        return
    pair_option, pair_demand = _pairs(choices, options, ~known)
    if not record.closable(len(pair_demand)):
        return
    demand, row = np.unique(pair_demand, return_inverse=True)
    shape = (len(demand), len(options))
    reached = sp.csr_array((np.ones(len(row)), (row, pair_option)), shape=shape)
    turns = options != groups.stay[groups.of[options]]
    model = _model(choices, options, reached, worth[demand], turns, left)
    chosen_now = np.isin(options, record.chosen)
    start = np.concatenate((chosen_now, reached @ chosen_now > 0.0)).astype(np.float64)
    one_each = len(np.unique(groups.of[options[chosen_now]])) == len(np.unique(groups.of[options]))
    answer = solve(
        model,
        start if one_each and turns[chosen_now].sum() <= left else None,
        seconds=record.seconds_left,
        seed=record.search.seed,
        whole_costs=record.whole,
    )
    if answer.values is not None:
        chosen = np.sort(np.concatenate((fixed, options[answer.values[: len(options)] > HALF])))
        value = worth[choices.reach.counts(chosen) > 0].sum() - groups.cost[chosen].sum()
        record.offer(float(value), chosen, "exact")
    # What was fixed is in every answer better than the one that was known.
    bound = -np.inf if answer.infeasible else base - answer.bound
    record.prove(max(bound, record.value), "exact")
    record.stopped_by = "time" if answer.stopped_by == "time" else "iterations"
    record.settled()


def _open(choices: Choices, record: Record, dual: Dual) -> Bools:
    """Say which options an answer better than the one there is could take."""
    groups, limit = choices.groups, choices.limit
    turns = groups.stay[groups.of] != np.arange(len(groups.of))
    if limit == 0:
        return ~turns
    edge = edges(groups, dual.earned)[1]
    # A change is worth what the last that is within the limit wins.
    price = 0.0 if limit >= len(edge) else np.partition(edge, -limit)[-limit]
    most = dual.earned[groups.stay] + np.maximum(edge - price, 0.0)
    forced = -dual.bound[0] + dual.earned - price * turns - most[groups.of]
    return ~record.hopeless(forced)


def _pairs(choices: Choices, options: Ints, wanted: Bools) -> tuple[Ints, Ints]:
    """Return the place in `options` and the demand of each pair with wanted demand."""
    reach = choices.reach
    lengths = np.diff(reach.site_start)[options]
    place = np.repeat(np.arange(len(options)), lengths)
    first = np.repeat(reach.site_start[options] - (np.cumsum(lengths) - lengths), lengths)
    demand = reach.site_demand[first + np.arange(len(place))].astype(np.int64)
    return place[wanted[demand]], demand[wanted[demand]]


def _model(
    choices: Choices, options: Ints, reached: sp.csr_array, worth: NDArray[np.float64],
    turns: Bools, left: int,
) -> Model:  # fmt: skip
    """Columns: whether each option is chosen, then whether each demand is covered."""
    demands, n = reached.shape
    group, member = np.unique(choices.groups.of[options], return_inverse=True)
    one_each = sp.csr_array((np.ones(n), (member, np.arange(n))), shape=(len(group), n))
    rows = sp.vstack(
        [
            sp.hstack([reached, -sp.eye_array(demands)]),
            sp.hstack([one_each, sp.csr_array((len(group), demands))]),
            sp.csr_array(np.concatenate((turns, np.zeros(demands)))[None, :]),
        ]
    )
    return Model(
        np.concatenate((choices.groups.cost[options], -worth)),
        # A demand is whole of itself once the options are.
        np.arange(n + demands) < n,
        sp.csr_array(rows),
        np.concatenate((np.zeros(demands), np.ones(len(group)), [-np.inf])),
        np.concatenate((np.full(demands, np.inf), np.ones(len(group)), [float(left)])),
    )
