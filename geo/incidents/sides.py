"""Both sides of a comparison: counts of the period and of what it is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import ColumnError, InvalidParameterError
from geo.incidents.axes import axes_of, unit_axis
from geo.incidents.changes import change
from geo.incidents.cube import Axis, summed
from geo.incidents.incidence import PER, UNSTABLE_BELOW
from geo.incidents.rows import at_least, counted_at, weights_of, within
from geo.incidents.tagging import tagged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.incidents.periods import Comparison
    from geo.incidents.placed import Placed
    from geo.incidents.tagging import Tables

    Ints = NDArray[np.int64]

SIDES: Final = ("now", "before", "at_least_now", "at_least_before")
"""What is added up of both sides."""

_FIGURES: Final = ("share", "rate_share", "e_p", "conditional_p", "low", "high")


def rows_of(
    incidents: pd.DataFrame, comparison: Comparison
) -> tuple[pd.DataFrame, dict[str, Ints]]:
    """
    Take the rows of either period.

    Parameters
    ----------
    incidents
        n rows.
    comparison
        The period, and what it is held against.

    Returns
    -------
    rows, measures
        The m rows that count in one of them, and `SIDES` of each.
    """
    at = counted_at(incidents)
    now, before = within(at, comparison.now), within(at, comparison.before)
    met = np.flatnonzero(now | before)
    rows = incidents.iloc[met]
    number, more = weights_of(rows), at_least(rows).astype(np.int64)
    new, old = now[met].astype(np.int64), before[met].astype(np.int64)
    sides = (number * new, number * old, more * new, more * old)
    return rows, dict(zip(SIDES, sides, strict=True))


def sums_by(
    rows: pd.DataFrame,
    measures: dict[str, Ints],
    by: Sequence[str],
    placed: Placed | None,
    tables: Tables,
) -> pd.DataFrame:
    """
    Add up both sides by what was asked.

    Parameters
    ----------
    rows, measures
        What `rows_of` gives.
    by
        Some of `geo.incidents.axes.BY` but periods.
    placed
        Where the rows count, for "area".
    tables
        The editable tables.

    Returns
    -------
    sums
        One row per cell that has a row on either side; by "tag" a row is in as many cells as it
        has tags.
    """
    axes = axes_of(rows, [word for word in by if word != "tag"], placed, tables)
    if "tag" not in by:
        return summed(axes, measures)
    row, code, words = tagged(rows, tables.tags)
    # Without a tag there is nothing to count; an axis has one word at least.
    of_tag = Axis("tag", code, words or [""])
    kept = [axis.rows(row) for axis in axes]
    kept.insert(list(by).index("tag"), of_tag)
    return summed(kept, {name: value[row] for name, value in measures.items()})


def by_unit(rows: pd.DataFrame, measures: dict[str, Ints]) -> pd.DataFrame:
    """
    Add up both sides by unit alone.

    Parameters
    ----------
    rows, measures
        What `rows_of` gives.

    Returns
    -------
    sums
        One row per unit.
    """
    return summed([unit_axis(rows)], measures)


def changed(sums: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """
    Say of each pair of counts how far it rose or fell, and whether that is more than chance.

    Parameters
    ----------
    sums
        Rows with `SIDES`, and `people` where that is known.
    comparison
        The periods, whose days are the exposures.

    Returns
    -------
    rows
        The same, with what `geo.incidents.change` says of the pair (`difference`, `share`,
        `rate_share`, `e_p`, `conditional_p`, `low`, `high`, `small`, `significant`), `at_least`
        (one of the counts is "and more"), `unstable` (`now` is below `UNSTABLE_BELOW`), and with
        `people` `per_ten_thousand` of the period and `per_ten_thousand_before` (NaN where nobody
        lives).
    """
    pairs = sums[list(SIDES)].to_numpy(dtype=np.int64)
    flags = pairs[:, 2:] > 0
    # Small counts repeat in thousands of areas; each pair is tested once.
    met, place = np.unique(np.column_stack((pairs[:, :2], flags)), axis=0, return_inverse=True)
    told = change(
        met[:, 1],
        met[:, 0],
        exposure_now=comparison.exposure_now,
        exposure_before=comparison.exposure_before,
        at_least_now=met[:, 2] > 0,
        at_least_before=met[:, 3] > 0,
    ).frame()
    told = told.drop(columns=["exposure_now", "exposure_before"])
    told = told.iloc[place.ravel()].set_axis(sums.index)
    found = sums.drop(columns=list(SIDES)).join(told)
    found["at_least"] = found["at_least_now"] | found["at_least_before"]
    found["unstable"] = found["now"] < UNSTABLE_BELOW
    if "people" in found.columns:
        people = found["people"].where(found["people"] > 0)
        found["per_ten_thousand"] = found["now"] / people * PER
        found["per_ten_thousand_before"] = found["before"] / people * PER
    return found


def without_figures(rows: pd.DataFrame, which: NDArray[np.bool_]) -> pd.DataFrame:
    """
    Take back what is said of rows of which nothing is known.

    Parameters
    ----------
    rows
        What `changed` gives.
    which
        Truths: the rows of areas without data.

    Returns
    -------
    rows
        Without figures there; `difference` is a nullable whole number.
    """
    found = rows.assign(difference=rows["difference"].astype("Int64"))
    rate = [name for name in ("per_ten_thousand",) if name in found.columns]
    found.loc[which, [*_FIGURES, *rate]] = np.nan
    found.loc[which, "difference"] = pd.NA
    found.loc[which, "significant"] = False
    return found


def read_counts(table: pd.DataFrame, keys: Sequence[str], units: Sequence[str]) -> pd.DataFrame:
    """
    Read counts that somebody else made of both periods.

    Parameters
    ----------
    table
        Rows with `now` and `before`, the keys, and `count_unit` unless there is one unit alone;
        `at_least` where one of the counts is "and more".
    keys
        Columns that say what was counted.
    units
        The units of our own counts.

    Returns
    -------
    sums
        The keys, `count_unit` and `SIDES`.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When a count is no whole number of 0 or more.
    """
    missing = [name for name in keys if name != "count_unit" and name not in table.columns]
    if "count_unit" not in table.columns and len(units) != 1:
        missing.append("count_unit")
    if missing:
        raise ColumnError(
            f"parent: no column {', '.join(missing)} among {', '.join(map(str, table.columns))}; "
            f"counts of the parent need what ours are counted by"
        )
    columns: dict[str, Any] = {
        name: table[name].to_numpy() if name in table.columns else units[0] for name in keys
    }
    more = table["at_least"].astype(bool) if "at_least" in table.columns else False
    for name in ("now", "before"):
        number = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64)
        wrong = np.flatnonzero(~((number >= 0) & (number % 1 == 0)))
        if wrong.size:
            raise InvalidParameterError(
                f"parent: row {wrong[0]} has {name} {table[name].iloc[wrong[0]]}; write a whole "
                f"number, 0 or greater"
            )
        columns[name] = number.astype(np.int64)
    both = pd.Series(more, index=table.index).to_numpy(dtype=np.int64)
    return pd.DataFrame({**columns, "at_least_now": both, "at_least_before": both})
