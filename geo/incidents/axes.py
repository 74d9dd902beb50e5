"""What incidents can be counted by, each as a column that takes every row once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import InvalidParameterError
from geo.health.moments import MISSING
from geo.incidents.columns import UNKNOWN, coded
from geo.incidents.cube import Axis
from geo.incidents.rows import UNITS, counted_at, unit_codes
from geo.incidents.slots import DaySlots
from geo.incidents.tagging import groups_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from geo.incidents.placed import Placed
    from geo.incidents.tagging import Tables

    Ints = NDArray[np.int64]

PERIODS: Final = {"year": "Y", "month": "M", "week": "W", "day": "D"}
"""Periods to count by, and numpy's unit of each. Its weeks begin on Thursdays; see `_weeks`."""

COLUMNS: Final = (
    "kind", "class", "state", "colour", "closed_level", "outcome", "place_quality", "found_by",
    "first_handler",
)  # fmt: skip
"""Columns of rows to count by."""

BY: Final = ("area", "tag", "group", "slot", *COLUMNS, *PERIODS)
"""Everything to count by; the unit of count always is besides."""


def checked(by: Sequence[str], known: Sequence[str] = BY) -> tuple[str, ...]:
    """
    Read what to count by; a class is one of a kind, so that is counted by too.

    Parameters
    ----------
    by
        Some of `known`.
    known
        What may be asked for.

    Returns
    -------
    by
        In the order given, each once.

    Raises
    ------
    InvalidParameterError
        When one is not known.
    """
    asked = (by,) if isinstance(by, str) else tuple(by)
    wrong = [word for word in asked if word not in known]
    if wrong:
        raise InvalidParameterError(f"by: {wrong[0]!r} is unknown; use some of {', '.join(known)}")
    names: list[str] = []
    for word in asked:
        names += ["kind", word] if word in {"class", "group"} else [word]
    return tuple(dict.fromkeys(names))


def axes_of(
    incidents: pd.DataFrame, by: Sequence[str], placed: Placed | None, tables: Tables
) -> list[Axis]:
    """
    Read the columns to count by.

    Parameters
    ----------
    incidents
        n rows.
    by
        Some of `BY` but "tag", which takes a row several times or never.
    placed
        Where the rows count, for "area".
    tables
        The editable tables.

    Returns
    -------
    axes
        One per word, the area as `area_id`, and `count_unit` as the last.
    """
    axes = []
    for word in by:
        if word == "area":
            if placed is None:
                raise InvalidParameterError("by: area needs to know where rows count; pass areas")
            axes.append(Axis("area_id", placed.code, placed.labels))
        elif word == "group":
            axes.append(Axis("group", *groups_of(incidents, tables.classes)))
        elif word == "slot":
            axes.append(Axis("slot", *DaySlots.of(tables.slots).of_rows(incidents)))
        elif word in PERIODS:
            axes.append(Axis(word, *_periods(incidents, word)))
        else:
            axes.append(Axis(word, *coded(incidents, word)))
    return [*axes, unit_axis(incidents)]


def unit_axis(incidents: pd.DataFrame) -> Axis:
    """
    Return the unit of count as a column to count by.

    Parameters
    ----------
    incidents
        n rows.

    Returns
    -------
    axis
        Called `count_unit`: those that are met, in the order of `UNITS`.
    """
    code = unit_codes(incidents)
    met = np.bincount(code, minlength=len(UNITS)) > 0
    # An axis has one word at least.
    met[0] |= not met.any()
    place = np.cumsum(met) - 1
    return Axis("count_unit", place[code], [UNITS[number] for number in np.flatnonzero(met)])


def _periods(incidents: pd.DataFrame, word: str) -> tuple[Ints, list[str]]:
    """Return the period in which each row counts, by the text of ISO 8601; a week by its Monday."""
    at = counted_at(incidents).to_numpy(dtype="datetime64[us]")
    known = at.astype(np.int64) != MISSING
    days = at.astype("datetime64[D]")
    if word == "week":
        # 1970 began on a Thursday, three days after a Monday.
        days = days - (days.astype(np.int64) + 3) % 7
        number = days.astype(np.int64)
        unit = "D"
    else:
        unit = PERIODS[word]
        number = at.astype(f"datetime64[{unit}]").astype(np.int64)
    met = np.unique(number[known])
    code = np.where(known, np.searchsorted(met, number), len(met))
    labels = [str(value) for value in met.astype(f"datetime64[{unit}]")]
    return code, labels if known.all() else [*labels, UNKNOWN]
