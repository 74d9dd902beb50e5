"""Reports of volunteers, counted by occupation: numbers of people and of leads, nobody's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.due import number_column
from geo.errors import ColumnError, InvalidParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FORMULA: Final = "leads / people"
"""What `leads_per_person` is."""

FEWEST_PEOPLE: Final = 3
"""Of fewer people there is no rate: it would be a score of one of them, as the others know."""

NAMED: Final = 5
"""Rows that a message names."""


@dataclass(frozen=True, eq=False)
class VolunteerReports:
    """
    Outcome of `volunteer_reports`.

    Parameters
    ----------
    by_occupation
        One row per occupation, in the order in which they come: `occupation` (None where it is
        not said), `people`, `leads`, `leads_per_person`, and `rows_unknown`, rows of it without
        one of the two numbers, which count in none of the figures.
    by_area
        The same for each area and occupation, with `area_code` before them; None where no row
        has one.
    total
        `people`, `leads`, `leads_per_person` and `rows_unknown` of all rows.
    """

    by_occupation: pd.DataFrame
    by_area: pd.DataFrame | None
    total: dict[str, Any]

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            Numerator, denominator and formula of the rate, in all and by occupation; None where
            a number is unknown, and no rate of nobody or of fewer than `FEWEST_PEOPLE`.
        """
        summary = self.total | {"formula": FORMULA, "by_occupation": _records(self.by_occupation)}
        if self.by_area is not None:
            summary["by_area"] = _records(self.by_area)
        return summary


def volunteer_reports(counts: pd.DataFrame) -> VolunteerReports:
    """
    Count volunteers and their leads by occupation.

    Parameters
    ----------
    counts
        n rows, each of a group: `occupation`, `people`, `leads`, and `area_code` where it is
        known. A row without `people` or without `leads` is counted as unknown and nothing else.

    Returns
    -------
    reports
        By occupation, by area and in all.

    Raises
    ------
    ColumnError
        When one of the three columns is missing.
    InvalidParameterError
        When a number is below 0 or not whole, or leads come from nobody.
    """
    missing = [name for name in ("occupation", "people", "leads") if name not in counts.columns]
    if missing:
        raise ColumnError(f"counts: no column {', '.join(missing)}; give one row for each group")
    people, leads = number_column(counts, "people"), number_column(counts, "leads")
    for name, numbers in (("people", people), ("leads", leads)):
        is_count = np.isnan(numbers) | ((numbers >= 0) & (numbers == np.floor(numbers)))
        _refuse(~is_count | np.isinf(numbers), numbers, name, "a count")
    _refuse((people == 0) & (leads > 0), leads, "leads", "0, or the people that they come from")
    known = ~np.isnan(people) & ~np.isnan(leads)
    rows = pd.DataFrame(
        {
            "occupation": _texts(counts["occupation"]),
            "people": np.where(known, people, np.nan),
            "leads": np.where(known, leads, np.nan),
            "rows_unknown": (~known).astype(np.int64),
        }
    )
    by_area = None
    if "area_code" in counts.columns and counts["area_code"].notna().any():
        rows["area_code"] = _texts(counts["area_code"])
        by_area = _summed(rows, ["area_code", "occupation"])
    whole = _records(_summed(rows.assign(all=0), ["all"]).drop(columns="all"))
    nothing = {"people": None, "leads": None, "leads_per_person": None, "rows_unknown": 0}
    return VolunteerReports(_summed(rows, ["occupation"]), by_area, (whole or [nothing])[0])


def _refuse(bad: NDArray[np.bool_], numbers: Floats, name: str, wanted: str) -> None:
    """Refuse rows, and say which and what they hold."""
    at = np.flatnonzero(bad)[:NAMED].tolist()
    if at:
        met = ", ".join(f"{numbers[row]:g} in row {row}" for row in at)
        raise InvalidParameterError(f"{name}: {met}; give {wanted}")


def _texts(values: pd.Series) -> pd.Series:
    """Return texts as objects, None where there is none."""
    return values.astype(object).where(values.notna(), None).reset_index(drop=True)


def _summed(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sum the rows of each group; a group without a known row has no number, not 0."""
    groups = rows.groupby(by, sort=False, dropna=False)
    known = ["people", "leads"]
    summed = groups[known].sum(min_count=1).join(groups["rows_unknown"].sum()).reset_index()
    rate = summed["leads"] / summed["people"].where(summed["people"] >= FEWEST_PEOPLE)
    summed.insert(len(by) + len(known), "leads_per_person", rate)
    summed[known] = summed[known].astype("Int64")
    summed[by] = summed[by].astype(object).where(summed[by].notna(), None)
    return summed


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON has them, None where a value is missing."""
    kept = rows.astype(object)
    return kept.where(kept.notna(), None).to_dict("records")
