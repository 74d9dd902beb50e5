"""How many of the matters accepted are resolved, and how mediation ends: two rates, kept apart."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.health.moments import MISSING
from geo.incidents.axes import unit_axis
from geo.incidents.closing import FORMULAS, closed, closed_us, one_unit
from geo.incidents.columns import UNKNOWN, coded, flagged
from geo.incidents.cube import Axis, summed
from geo.incidents.numbers import Rate
from geo.incidents.rows import at_least, counted_at, weights_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

RATES: Final = {"resolution": ("resolved", "accepted"), "mediation": ("successful", "mediated")}
"""Rate -> its numerator and its denominator, columns of `Resolution.by_class`."""

OUTCOMES: Final = ("resolved", "unresolved", "withdrawn", "transferred")
"""How a matter ends; a closed one of which nothing is said is resolved."""

COUNTED: Final = (
    "accepted", *OUTCOMES, "pending", "mediated", "successful", "mediation_unknown",
)  # fmt: skip
"""What is counted. Accepted are the outcomes and the pending ones; `mediation_unknown`, mediated
without a result by the cut-off, is no part of `mediated`."""


@dataclass(frozen=True, eq=False)
class Resolution:
    """
    Outcome of `resolution`.

    Parameters
    ----------
    cut_off
        The last day that counts.
    by_class
        One row per unit, kind and class: `COUNTED`, `resolution` and `mediation` (shares, NaN of
        nothing), `at_least`.
    total
        The same by unit: sums, so that each class weighs what it holds.
    pending
        The rows that are neither resolved nor ended otherwise, the oldest first: `incident_id`
        where there is one, `kind`, `class`, `count_unit`, `count`, `accepted`, `days` up to the
        cut-off (missing where nobody knows since when).
    undated
        How many rows count although nobody knows when they were accepted.
    """

    cut_off: dt.date
    by_class: pd.DataFrame
    total: pd.DataFrame
    pending: pd.DataFrame
    undated: int

    def rate(self, name: str = "resolution", unit: str | None = None) -> Rate:
        """
        Return a rate with both its counts.

        Parameters
        ----------
        name
            "resolution" (化解率) or "mediation" (调解成功率); each has its own denominator.
        unit
            The unit of count; None where there is one alone.

        Returns
        -------
        rate
            Of nothing, no share.

        Raises
        ------
        InvalidParameterError
            When there is no such rate, or no unit is given and there are several.
        """
        if name not in RATES:
            raise InvalidParameterError(f"name: {name!r} is no rate; use one of {', '.join(RATES)}")
        part, whole = RATES[name]
        rows = self.total[self.total["count_unit"] == one_unit(self.total, unit)]
        return Rate(
            int(rows[part].sum()),
            int(rows[whole].sum()),
            bool((rows["at_least"] & (rows[part] > 0)).any()),
            bool((rows["at_least"] & (rows[whole] > 0)).any()),
        )

    def summary(self) -> dict[str, Any]:
        """Return the counts, both rates by unit, and the formulas, ready for JSON."""
        units = list(self.total["count_unit"])
        totals = self.total[["count_unit", *COUNTED, "at_least"]].astype(object)
        return {
            "cut_off": self.cut_off.isoformat(),
            "total": totals.to_dict("records"),
            **{name: {unit: self.rate(name, unit).summary() for unit in units} for name in RATES},
            "pending": len(self.pending),
            "undated": self.undated,
            "formulas": {name: FORMULAS[name] for name in RATES},
        }


def resolution(incidents: pd.DataFrame, cut_off: dt.date) -> Resolution:
    """
    Count what was accepted, resolved and mediated by a day.

    What is resolved is counted among what was accepted, so no rate exceeds 100 %. A matter closed
    after the cut-off is pending on it.

    Parameters
    ----------
    incidents
        n rows, best of one kind; `state`, `closed`, `outcome`, `mediated` and `mediation_success`
        are read where present. A row with a result of mediation was mediated.
    cut_off
        The last day that counts.

    Returns
    -------
    resolution
        Unit by unit.

    Raises
    ------
    InvalidParameterError
        When the cut-off is no day, or an outcome is none of `OUTCOMES`.
    """
    if isinstance(cut_off, dt.datetime) or not isinstance(cut_off, dt.date):
        raise InvalidParameterError(
            f"cut_off: {cut_off!r} is no day; give the last datetime.date that counts"
        )
    end = np.datetime64(cut_off + dt.timedelta(days=1), "us")
    at = counted_at(incidents).to_numpy(dtype="datetime64[us]")
    undated = np.isnat(at)
    counted = np.flatnonzero(undated | (at < end))
    rows, at = incidents.iloc[counted], at[counted]
    number = weights_of(rows)
    flags = _flags(rows, end)
    kind, name = (Axis(word, *coded(rows, word)) for word in ("kind", "class"))
    more = at_least(rows).astype(np.int64)
    measures = {word: number * flags[word] for word in COUNTED} | {"at_least": more}
    unit = unit_axis(rows)
    listed = _pending(rows, np.flatnonzero(flags["pending"]), at, end, unit)
    return Resolution(
        cut_off,
        _with_shares(summed([unit, kind, name], measures)),
        _with_shares(summed([unit], measures)),
        listed,
        int(undated.sum()),
    )


def _flags(rows: pd.DataFrame, end: np.datetime64) -> dict[str, Bools]:
    """Tell what each accepted row counts as by the cut-off."""
    code, words = coded(rows, "outcome")
    wrong = [word for word in words if word not in {*OUTCOMES, UNKNOWN}]
    if wrong:
        raise InvalidParameterError(
            f"incidents: outcome {wrong[0]!r} is none of {', '.join(OUTCOMES)}; leave it blank "
            f"where it is not known"
        )
    ended = closed_us(rows)
    late = (ended != MISSING) & (ended >= int(end.astype(np.int64)))
    done = closed(rows) & ~late
    of = {word: np.array([cell == word for cell in words])[code] for word in (*OUTCOMES, UNKNOWN)}
    flags: dict[str, Bools] = {"accepted": np.ones(len(rows), dtype=bool)}
    flags |= {word: done & of[word] for word in OUTCOMES}
    flags["resolved"] = done & (of["resolved"] | of[UNKNOWN])
    flags["pending"] = ~done
    said, success = flagged(rows, "mediated"), flagged(rows, "mediation_success")
    mediated = (said == 1) | ((said == -1) & (success != -1))
    told = (success != -1) & ~late
    flags["mediated"] = mediated & told
    flags["successful"] = mediated & told & (success == 1)
    flags["mediation_unknown"] = mediated & ~told
    return flags


def _with_shares(sums: pd.DataFrame) -> pd.DataFrame:
    """Add both shares; of nothing there is none."""
    shares = {
        name: sums[part] / sums[whole].where(sums[whole] > 0)
        for name, (part, whole) in RATES.items()
    }
    return sums.assign(at_least=sums["at_least"] > 0, **shares)


def _pending(
    rows: pd.DataFrame, which: Ints, at: NDArray[np.datetime64], end: np.datetime64, unit: Axis
) -> pd.DataFrame:
    """List what is pending, the oldest first and what has no date last."""
    open_rows, since = rows.iloc[which], at[which]
    columns = {
        name: open_rows[name].to_numpy()
        for name in ("incident_id", "kind", "class")
        if name in open_rows.columns
    }
    units = np.array(list(unit.labels), dtype=object)[unit.code[which]]
    days = (end - since.astype("datetime64[D]")).astype("timedelta64[D]") - np.timedelta64(1, "D")
    waited = np.where(np.isnat(since), 0, days.astype(np.int64))
    listed = pd.DataFrame(
        {
            **columns,
            "count_unit": units,
            "count": weights_of(open_rows),
            "accepted": since,
            "days": pd.array(waited, dtype="Int64"),
        }
    )
    listed.loc[np.isnat(since), "days"] = pd.NA
    order = ["accepted", *(name for name in ("incident_id",) if name in columns)]
    return listed.sort_values(order, kind="stable", na_position="last").reset_index(drop=True)
