"""How much more sites cover, one after another, and the most that so many can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.placement.cover_prices import cover_bound
from geo.placement.coverage import Task
from geo.placement.lagrangian import SMOOTH
from geo.placement.local import greedy
from geo.placement.problem import Roles, coverable, numbers_of, rounded, unit_of
from geo.placement.reach import Reach

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

BENDS: Final = 6
"""Numbers of sites at which the bound is made tight; between them it stays a bound."""

WALK: Final = 400
"""Rounds of the walk of prices at each of them."""


def coverage_curve(
    covers: Any,  # noqa: ANN401
    weights: ArrayLike | None,
    p: int,
    *,
    existing: ArrayLike = (),
    must: ArrayLike = (),
    forbidden: ArrayLike = (),
    k: int = 1,
) -> pd.DataFrame:
    """
    Reckon what 0 to `p` more sites cover when they come one by one, and what they could at best.

    Parameters
    ----------
    covers
        A `Reach`, or a table of sites x demand, sparse or dense.
    weights
        The weight of each demand: 0 or more; None for 1 each.
    p
        How many more sites there may be, those in `must` among them; they come first.
    existing
        Rows of the sites that stand and stay.
    must
        Rows of the sites that must come.
    forbidden
        Rows of the sites that may not be used.
    k
        How many sites must reach a demand for it to count.

    Returns
    -------
    curve
        One row for each number from that of `must` to `p`: `number`; `site`, the next in greedy
        order (missing in the first row); `gain`, what it adds; `covered`; `covered_share` (missing
        without weight); `bound`, what no choice of so many betters; `gap` as in `Proposal`,
        missing where nothing is covered.

    Raises
    ------
    InvalidParameterError
        As `max_coverage` does.

    Notes
    -----
    The greedy order is nested, so posts can be built in it; `max_coverage` finds more for one
    number. The bound is Lagrangian, made tight at six numbers. Where one site suffices, the greedy
    value is at least 63 % of the best: Nemhauser, Wolsey and Fisher (1978), An analysis of
    approximations for maximizing submodular set functions, Mathematical Programming 14,
    doi:10.1007/BF01588971.
    """
    reach = Reach.of(covers)
    given = numbers_of("weights", weights, reach.demand)
    roles = Roles.of(reach.sites, existing, must, forbidden)
    left = roles.left(p)
    unit, whole = unit_of(given)
    possible = coverable(reach, roles, k, left)
    task = Task(reach, np.where(possible, given / unit, 0.0), k, roles, left, None)
    state = task.state()
    sites, covered = [-1], [float(state.covered[0])]
    for _ in range(left):  # one by one, because twofold cover is not what the search adds up
        sites.append(int(greedy(state, 1)[0][0]))
        covered.append(float(state.covered[0]))
    reached = np.array(covered)
    bound = rounded(np.maximum(_bounds(task, reached), reached), whole=whole, up=False)
    site = pd.array(sites, dtype="Int64")
    site[0] = pd.NA
    total = float(given.sum())
    return pd.DataFrame(
        {
            "number": len(roles.must) + np.arange(left + 1),
            "site": site,
            "gain": np.diff(reached, prepend=0.0) * unit,
            "covered": reached * unit,
            "covered_share": reached * unit / total if total else np.nan,
            "bound": bound * unit,
            "gap": np.divide(bound - reached, reached, out=np.full(left + 1, np.nan),
                             where=reached > 0.0),
        }
    )  # fmt: skip


def _bounds(task: Task, reached: Floats) -> Floats:
    """Return an upper bound for each number of sites."""
    base = task.state()
    need = task.need(base)
    bounds = np.full(task.left + 1, task.worth.sum())
    bounds[0] = reached[0]
    # At the first site and where the curve bends: equal steps of what is covered.
    levels = np.linspace(reached[0], reached[-1], BENDS + 1)[1:]
    for number in np.unique([1, *np.searchsorted(reached, levels)]):
        if not 0 < number <= task.left:
            continue
        dual = task.dual(need)
        cover_bound(base, need, int(number), float(reached[number]), SMOOTH[0], WALK, dual)
        # The prices that are best for this number bound every other one, too.
        best_first = np.sort(dual.earned)[::-1][: task.left].cumsum()
        flat = -dual.bound[0] - best_first[number - 1]
        bounds[1:] = np.minimum(bounds[1:], flat + best_first)
    return bounds
