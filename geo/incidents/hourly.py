"""In which hours of the week things happen, each row spread over the time it can have happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numba import njit

from geo.errors import InvalidParameterError
from geo.health.moments import MISSING
from geo.incidents.axes import unit_axis
from geo.incidents.rows import at_least, in_period, weights_of
from geo.incidents.slots import DAY_US, DaySlots, interval_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.incidents.cube import Axis
    from geo.incidents.periods import Period

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

LONGEST_H: Final = 24.0
"""A row that can have happened over a longer time says nothing of the hour: it is told apart."""

PARTS: Final = 2**20
"""Every matter is cut in so many parts, which are shared out whole: so the hours add up to the
count to the last bit, whatever the order of the rows."""

WEEK_DAYS: Final = 7
"""Days of a week, from Monday."""

DAY_HOURS: Final = 24
"""Hours of a day."""

_MONDAY: Final = 3
"""1970 began on a Thursday: days since then and this many more are days since a Monday."""


@dataclass(frozen=True, eq=False)
class Hours:
    """
    Outcome of `hours`.

    Parameters
    ----------
    frame
        One row per unit, weekday (0 is Monday) and hour, also of those in which nothing happened:
        `count_unit`, `weekday`, `hour`, `count`. Adds up to `timed`.
    by_slot
        One row per unit and named slot: `count_unit`, `slot`, `hours` (of the day), `count`,
        `share` of what is timed, `per_hour`: slots are not of one length.
    totals
        One row per unit: `count` in all, `timed` (spread over hours), `interval` (of these, known
        only to lie between two times), `unknown` (no usable time), `too_long` (longer than
        `longest_h`), `midnight` (at 00:00 to the second: often a day without an hour), `at_least`.
    longest_h
        The longest time that is spread, in hours.
    """

    frame: pd.DataFrame
    by_slot: pd.DataFrame
    totals: pd.DataFrame
    longest_h: float

    @property
    def by_hour(self) -> pd.DataFrame:
        """Return `count` and `share` by unit and hour of the day, all weekdays together."""
        sums = self.frame.groupby(["count_unit", "hour"], sort=False, as_index=False)["count"].sum()
        return sums.assign(share=_shares(sums))

    @property
    def by_weekday(self) -> pd.DataFrame:
        """Return `count` and `share` by unit and weekday."""
        keys = ["count_unit", "weekday"]
        sums = self.frame.groupby(keys, sort=False, as_index=False)["count"].sum()
        return sums.assign(share=_shares(sums))

    @property
    def unknown(self) -> Mapping[str, int]:
        """Return by unit how many have no usable time."""
        return _of(self.totals, "unknown")

    @property
    def peak(self) -> Mapping[str, dict[str, Any]]:
        """
        Tell by unit when most happens.

        `weekday`, `hour` and `count` of the fullest hour of the week (of equals the first), and
        `slot`, the one with most per hour. A unit of which no time is known has none.
        """
        found: dict[str, dict[str, Any]] = {}
        for unit, rows in self.frame.groupby("count_unit", sort=False):
            most = rows.loc[rows["count"].idxmax()]
            slots = self.by_slot[self.by_slot["count_unit"] == unit]
            if most["count"] > 0:
                found[str(unit)] = {
                    "weekday": int(most["weekday"]),
                    "hour": int(most["hour"]),
                    "count": float(most["count"]),
                    "slot": str(slots.loc[slots["per_hour"].idxmax(), "slot"]),
                }
        return found

    def matrix(self, unit: str | None = None) -> pd.DataFrame:
        """
        Return the week as a table.

        Parameters
        ----------
        unit
            The unit of count; None where there is one alone.

        Returns
        -------
        matrix
            Seven rows from Monday (0), a column per hour; adds up to what is timed, and is zero
            where no row was counted and no unit is named.

        Raises
        ------
        InvalidParameterError
            When no unit is given and there are several, or none is so called.
        """
        units = list(self.totals["count_unit"])
        asked = units[0] if unit is None and len(units) == 1 else unit
        if asked not in units and (units or asked is not None):
            raise InvalidParameterError(
                f"unit: {unit!r} is none of {', '.join(units) or 'no units'}; hours of different "
                f"units are never added, so name one"
            )
        rows = self.frame[self.frame["count_unit"] == asked]
        counts = rows["count"].to_numpy() if len(rows) else np.zeros(WEEK_DAYS * DAY_HOURS)
        return pd.DataFrame(
            counts.reshape(WEEK_DAYS, DAY_HOURS),
            index=pd.RangeIndex(WEEK_DAYS, name="weekday"),
            columns=pd.RangeIndex(DAY_HOURS, name="hour"),
        )

    def summary(self) -> dict[str, Any]:
        """Return the totals, the slots and the peak, ready for JSON."""
        slots = self.by_slot.astype(object)
        return {
            "totals": self.totals.astype(object).to_dict("records"),
            "by_slot": slots.where(slots.notna(), None).to_dict("records"),
            "peak": dict(self.peak),
            "longest_h": self.longest_h,
        }


def hours(
    incidents: pd.DataFrame,
    *,
    slots: pd.DataFrame | None = None,
    period: Period | None = None,
    longest_h: float = LONGEST_H,
) -> Hours:
    """
    Spread incidents over the hours of the week in which they can have happened.

    A theft between 22:00 and 06:00 is an eighth in each of these hours (aoristic), not one at
    22:00. Times are local.

    Parameters
    ----------
    incidents
        n rows; `time` and, where it is not known to the minute, `time_to`.
    slots
        Named slots of the day; None for `geo.incidents.slots.usual_slots`.
    period
        The rows that count: by when they were accepted, as everywhere.
    longest_h
        A longer time is not spread but told apart, in hours; greater than 0, a week at most.

    Returns
    -------
    hours
        Unit by unit.

    Raises
    ------
    ColumnError
        When the table of slots lacks a column.
    InvalidParameterError
        When a time has a zone or is none, the slots do not take every hour once, or `longest_h`
        is outside its range.

    References
    ----------
    Ratcliffe, Aoristic analysis: the spatial interpretation of unspecific temporal events, 2000,
    doi:10.1080/136588100424963.
    """
    if not 0.0 < longest_h <= WEEK_DAYS * DAY_HOURS:
        raise InvalidParameterError(
            f"longest_h must be above 0 and a week ({WEEK_DAYS * DAY_HOURS}) at most, got "
            f"{longest_h!r}"
        )
    rows = incidents if period is None else incidents[in_period(incidents, period)]
    unit, number = unit_axis(rows), weights_of(rows)
    start, end = interval_of(rows)
    known = start != MISSING
    # Of what is missing there is no length.
    length = np.where(known, end - np.where(known, start, end), 0)
    timed = known & (length <= longest_h * DAY_US / DAY_HOURS)
    spread = _Spread(start[timed], end[timed], number[timed], unit.rows(np.flatnonzero(timed)))
    sums = {
        "count": number,
        "timed": number * timed,
        "interval": number * (timed & (length > 0)),
        "unknown": number * ~known,
        "too_long": number * (known & ~timed),
        "midnight": number * (timed & (length == 0) & (start % DAY_US == 0)),
        "at_least": at_least(rows).astype(np.int64),
    }
    totals = pd.DataFrame({"count_unit": list(unit.labels)})
    for name, values in sums.items():
        total = np.bincount(unit.code, values, minlength=len(unit.labels)).astype(np.int64)
        totals[name] = total
    totals["at_least"] = totals["at_least"] > 0
    if not len(rows):
        totals = totals.iloc[:0]
    return Hours(
        _week(spread, totals), _slots(spread, DaySlots.of(slots), totals), totals, longest_h
    )


@dataclass(frozen=True, eq=False)
class _Spread:
    """What is spread: from when to when, how many, and in which unit."""

    start: Ints
    end: Ints
    number: Ints
    unit: Axis

    def over(self, edges: Ints) -> Floats:
        """Return counts by unit, weekday and stretch of the day between edges."""
        parts = _share_out(
            self.start, self.end, self.number, self.unit.code, len(self.unit.labels), edges
        )
        return parts / PARTS


def _week(spread: _Spread, totals: pd.DataFrame) -> pd.DataFrame:
    """Return every hour of the week, unit by unit."""
    counts = spread.over(np.arange(DAY_HOURS, dtype=np.int64) * (DAY_US // DAY_HOURS))
    index = pd.MultiIndex.from_product(
        [totals["count_unit"], range(WEEK_DAYS), range(DAY_HOURS)],
        names=["count_unit", "weekday", "hour"],
    )
    return index.to_frame(index=False).assign(count=counts.ravel()[: len(index)])


def _slots(spread: _Spread, slots: DaySlots, totals: pd.DataFrame) -> pd.DataFrame:
    """Return every named slot, unit by unit."""
    # A slot that runs over midnight has two stretches.
    part_of = np.eye(len(slots.names))[slots.slot]
    counts = spread.over(slots.start_us).sum(axis=1) @ part_of
    index = pd.MultiIndex.from_product(
        [totals["count_unit"], slots.names], names=["count_unit", "slot"]
    )
    table = index.to_frame(index=False)
    table["hours"] = np.tile(slots.hours, len(totals))
    table["count"] = counts.ravel()[: len(index)]
    table["share"] = _shares(table)
    return table.assign(per_hour=table["count"] / table["hours"])


def _shares(table: pd.DataFrame) -> pd.Series[Any]:
    """Return each count as a share of its unit; of nothing there is none."""
    whole = table.groupby("count_unit")["count"].transform("sum")
    return table["count"] / whole.where(whole > 0)


def _of(totals: pd.DataFrame, column: str) -> dict[str, int]:
    """Return a column by unit."""
    return {unit: int(n) for unit, n in zip(totals["count_unit"], totals[column], strict=True)}


@njit(nogil=True, cache=True)
def _share_out(
    start: Ints, end: Ints, number: Ints, unit: Ints, units: int, edges: Ints
) -> NDArray[np.int64]:
    """
    Share the parts of each row out over the stretches of the week that it passes.

    Up to each edge a row has given the share of its parts that is behind it, rounded down; so
    what it gives in all is all it has.
    """
    found = np.zeros((units, WEEK_DAYS, len(edges)), np.int64)
    for i in range(len(start)):
        day, left = start[i] // DAY_US, start[i] % DAY_US
        stretch = np.searchsorted(edges, left, side="right") - 1
        length = end[i] - start[i]
        given, passed = 0, 0
        while given < PARTS:
            last = stretch == len(edges) - 1
            edge = DAY_US if last else edges[stretch + 1]
            passed += edge - left
            # In microseconds a week times the parts stays below 2**63.
            due = PARTS if passed >= length else PARTS * passed // length
            found[unit[i], (day + _MONDAY) % WEEK_DAYS, stretch] += (due - given) * number[i]
            given, left = due, edge
            stretch += 1
            if last:
                day, left, stretch = day + 1, 0, 0
    return found
