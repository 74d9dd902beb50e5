"""The exact solver (HiGHS): what it found, what it proved, and what stopped it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import highspy
import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.placement.proposal import Stop

    Floats = NDArray[np.float64]

WORK: Final = 1_000_000
"""Branches the solver may look at, times the entries of its rows: its own limit, which does not
depend on the clock; some seconds where it is used up."""

HALF: Final = 0.5
"""Whole columns come back within a tolerance; above this they are 1."""

STOPS: Final[dict[highspy.HighsModelStatus, Stop]] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kTimeLimit: "time",
}
"""What the status says of how it ended; any other is a limit of its own. The word "optimal" is
also what it says at a limit on the gap, so callers compare values and bounds themselves."""


@dataclass(frozen=True, eq=False)
class Model:
    """
    Minimise a cost over columns between bounds, rows between bounds.

    Parameters
    ----------
    cost
        Cost of each column.
    whole
        Whether each column must be whole; all lie in [0, 1].
    rows
        Rows x columns.
    low
        Least value of each row.
    high
        Largest value of each row.
    """

    cost: Floats
    whole: NDArray[np.bool_]
    rows: sp.csr_array
    low: Floats
    high: Floats

    def with_rows(self, rows: sp.csr_array, low: Floats) -> Model:
        """Return the model with more rows, each of at least `low`."""
        return Model(
            self.cost,
            self.whole,
            sp.csr_array(sp.vstack([self.rows, rows])),
            np.concatenate((self.low, low)),
            np.concatenate((self.high, np.full(len(low), np.inf))),
        )


@dataclass(frozen=True, eq=False)
class Answer:
    """
    Outcome of `solve`.

    Parameters
    ----------
    values
        The best columns found; None when none were.
    bound
        No columns cost less.
    stopped_by
        "optimal", "iterations" or "time".
    infeasible
        Whether no columns satisfy the rows, proven.
    """

    values: Floats | None
    bound: float
    stopped_by: Stop
    infeasible: bool


def solve(
    model: Model, start: Floats | None, *, seconds: float, seed: int, whole_costs: bool
) -> Answer:
    """
    Ask the exact solver.

    Parameters
    ----------
    model
        What to minimise.
    start
        Columns known to satisfy the rows, to begin with.
    seconds
        Outer limit, in seconds.
    seed
        Of its random choices.
    whole_costs
        Whether every cost that columns can have is whole, so that a bound within less than 1 of
        it is met.

    Returns
    -------
    answer
        What was found and proven.
    """
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = model.rows.shape
    lp.col_cost_ = model.cost
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.row_lower_, lp.row_upper_ = model.low, model.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.rows.indptr
    lp.a_matrix_.index_ = model.rows.indices
    lp.a_matrix_.value_ = model.rows.data
    kinds = np.array([highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger])
    lp.integrality_ = list(kinds[model.whole.astype(np.int64)])
    highs = highspy.Highs()
    options: dict[str, Any] = {
        "output_flag": False,
        "parallel": "off",  # cores come from the executor of the caller
        "random_seed": seed % (2**31 - 1),
        "time_limit": max(seconds, 0.0),
        "mip_max_nodes": WORK // max(model.rows.nnz, 1),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.999 if whole_costs else 0.0,
    }
    for option, value in options.items():
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return Answer(
        np.asarray(highs.getSolution().col_value) if found else None,
        float(info.mip_dual_bound),
        STOPS.get(status, "iterations"),
        status == highspy.HighsModelStatus.kInfeasible,
    )
