"""
What to hold a period against: the year before, the period before, the same days of a feast.

What makes two periods unequal (a leap day, a part of a period, a feast that moved, a year without
an official table of holidays) is a note, never a silent correction.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from geo.errors import ColumnError, InvalidParameterError
from geo.incidents.period_notes import Note
from geo.incidents.spans import (
    DAY,
    MONTHS,
    WEEK_DAYS,
    Period,
    month,
    months,
    months_later,
    week,
    weeks,
    whole_year,
    years,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Comparison",
    "Note",
    "Period",
    "aligned",
    "clipped",
    "month",
    "months",
    "period_before",
    "week",
    "weeks",
    "whole_year",
    "year_before",
    "years",
]

SPRING_FESTIVAL: Final = "spring_festival"
"""What the table of holidays calls it."""

BEFORE_FEAST: Final = 15 * DAY
"""How long before lunar New Year's day the days are not like others: the travel season."""

AFTER_FEAST: Final = 25 * DAY
"""How long from lunar New Year's day on they are not: the travel season has 40 days in all."""

LONGEST_ALIGNED: Final = 183
"""A period of more days is not shifted to follow the feast: its other end would be the worse."""

LAST_WEEK: Final = 52
"""Number of the last ISO week that every year has."""

LENGTHS: Final = {"year": "leap_day", "period": "days_differ"}
"""Kind of a comparison -> the note on periods that differ in days."""


@dataclass(frozen=True)
class Comparison:
    """
    A period, what it is held against, and what makes them unequal.

    Parameters
    ----------
    now
        The period.
    before
        What it is held against.
    kind
        "year" (同比) or "period" (环比).
    partial
        Whether both were cut because the data end within the period.
    notes
        What a reader has to know.
    """

    now: Period
    before: Period
    kind: Literal["year", "period"]
    partial: bool = False
    notes: tuple[Note, ...] = ()

    @property
    def exposure_now(self) -> float:
        """Return the days of the period, for `change`."""
        return float(self.now.days)

    @property
    def exposure_before(self) -> float:
        """Return the days of what it is held against, for `change`."""
        return float(self.before.days)

    def summary(self) -> dict[str, Any]:
        """Return both periods and the notes, ready for JSON."""
        return {
            "now": self.now.summary(),
            "before": self.before.summary(),
            "kind": self.kind,
            "partial": self.partial,
            "notes": [note.summary() for note in self.notes],
        }


def year_before(period: Period) -> Comparison:
    """
    Hold a period against the same days of the year before.

    A period of one ISO week is held against the week of the same number. 29 February has no
    counterpart: a period that holds it has a day more, and the day alone is held against the 28th.

    Parameters
    ----------
    period
        Any period.

    Returns
    -------
    comparison
        Of kind "year".
    """
    if period.days == WEEK_DAYS and not period.start.weekday():
        year, number, _ = period.start.isocalendar()
        # Two years of 53 weeks never follow each other.
        lost = number > LAST_WEEK
        before = week(year - 1, min(number, LAST_WEEK))
    else:
        start, end = _year_earlier(period.start), _year_earlier(period.end)
        lost = start == end
        before = Period(start - DAY, end) if lost else Period(start, end)
    notes = [Note("no_counterpart", (period.start, before.start))] if lost else []
    return _held(Comparison(period, before, "year"), notes)


def period_before(period: Period) -> Comparison:
    """
    Hold a period against the one right before it: whole months against as many months.

    Parameters
    ----------
    period
        Any period.

    Returns
    -------
    comparison
        Of kind "period"; periods that are no whole months have the same number of days.
    """
    if period.start.day == 1 and period.end.day == 1:
        count = (period.end.year - period.start.year) * MONTHS + period.end.month
        start = months_later(period.start, period.start.month - count)
    else:
        start = period.start - period.days * DAY
    return _held(Comparison(period, Period(start, period.start), "period"))


def clipped(comparison: Comparison, last_day: dt.date, *, lag_days: int = 0) -> Comparison:
    """
    Cut both periods alike where the data end within the period.

    The year before is cut at the same day of the calendar; a period before, a week or an aligned
    period after as many days.

    Parameters
    ----------
    comparison
        A period and what it is held against.
    last_day
        Last day of the data.
    lag_days
        How many of the last days are not counted because reports still come in; 0 or more.

    Returns
    -------
    comparison
        The same where the data reach beyond the period; else `partial`, with notes.

    Raises
    ------
    InvalidParameterError
        When nothing of the period is within the data, the last day is a moment, or the lag is
        negative.
    """
    if isinstance(last_day, dt.datetime) or not isinstance(last_day, dt.date):
        raise InvalidParameterError(
            f"last_day: {last_day!r} is no day; give a datetime.date, such as that of the last row"
        )
    if lag_days < 0:
        raise InvalidParameterError(f"lag_days: {lag_days!r} is negative; give 0 or more days")
    now, before = comparison.now, comparison.before
    end = last_day - (lag_days - 1) * DAY
    if end >= now.end:
        return comparison
    if end <= now.start:
        raise InvalidParameterError(
            f"last_day: data counted to {end - DAY} hold nothing of the period from {now.start}; "
            f"ask for an earlier one"
        )
    if (before.start, before.end) == (_year_earlier(now.start), _year_earlier(now.end)):
        until = max(_year_earlier(end), before.start + DAY)
    else:
        until = min(before.start + (end - now.start), before.end)
    cut = replace(
        comparison, now=Period(now.start, end), before=Period(before.start, until), partial=True
    )
    notes = [Note("partial", (end - DAY,))]
    if lag_days:
        notes.append(Note("late_reports", (lag_days,)))
    return _held(cut, notes)


def aligned(period: Period | Comparison, holidays: pd.DataFrame) -> Comparison:
    """
    Hold a period against the year before, with the Spring Festival in the same place of both.

    Where the days around the festival (from 15 before lunar New Year's day to 24 after) lie
    otherwise in the period than in the same days the year before, those are shifted: as many days
    from their own lunar New Year's day as the period is from its own. A period that holds all of
    them in both years, such as a quarter, is not shifted; nor is one longer than half a year, which
    has a note.

    Parameters
    ----------
    period
        A period, or its comparison with the year before. Where the data end within it, give the
        comparison that `clipped` made: a year cut in February needs aligning, a whole one does not.
    holidays
        The official table: `year`, `name` ("spring_festival"), `first_day` (lunar New Year's day).

    Returns
    -------
    comparison
        Of kind "year". Where a year of either period is not in the table, nothing is shifted and a
        note says so: no day off is guessed.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When it is a comparison with the period before.
    """
    plain = year_before(period) if isinstance(period, Period) else period
    if plain.kind != "year":
        raise InvalidParameterError(
            "period: a comparison with the period before is not aligned; give one of year_before"
        )
    now, feasts = plain.now, _feasts(holidays)
    missing = sorted({*_years_of(now), *_years_of(plain.before)} - feasts.keys())
    if missing:
        return _held(plain, [Note("no_holiday_table", (year,)) for year in missing])
    pairs = [(feasts[year], feasts[year - 1]) for year in _years_of(now) if year - 1 in feasts]
    unlike = [pair for pair in pairs if _part(now, pair[0]) != _part(plain.before, pair[1])]
    if not unlike:
        return plain
    here, there = unlike[0]
    if now.days > LONGEST_ALIGNED:
        return _held(plain, [Note("festival_cut", (here, there))])
    notes = tuple(note for note in plain.notes if note.code != "no_counterpart")
    shifted = replace(plain, before=now.moved(there - here), notes=notes)
    return _held(shifted, [Note("festival_moved", (here, there))])


def _held(comparison: Comparison, notes: Iterable[Note] = ()) -> Comparison:
    """Add notes, and the one on lengths that are (no longer) unequal."""
    kept = [note for note in comparison.notes if note.code not in LENGTHS.values()]
    days = comparison.now.days, comparison.before.days
    lengths = [Note(LENGTHS[comparison.kind], days)] if days[0] != days[1] else []
    return replace(comparison, notes=(*lengths, *kept, *notes))


def _year_earlier(day: dt.date) -> dt.date:
    """Return the same day the year before; 1 March, when 29 February would begin, for that."""
    leap = (day.month, day.day) == (2, 29)
    return dt.date(day.year - 1, 3, 1) if leap else day.replace(year=day.year - 1)


def _years_of(period: Period) -> range:
    """Return the calendar years that a period has days of."""
    return range(period.start.year, period.last_day.year + 1)


def _part(period: Period, feast: dt.date) -> tuple[dt.timedelta, dt.timedelta] | None:
    """Return what part of the days around a feast is in a period, seen from the feast."""
    start = max(period.start, feast - BEFORE_FEAST)
    end = min(period.end, feast + AFTER_FEAST)
    return (start - feast, end - feast) if start < end else None


def _feasts(holidays: pd.DataFrame) -> dict[int, dt.date]:
    """Return lunar New Year's day of each year that the table has."""
    for name in ("year", "name", "first_day"):
        if name not in holidays.columns:
            raise ColumnError(
                f"holidays: no column {name} among {', '.join(map(str, holidays.columns))}; give "
                f"the table of official holidays"
            )
    rows = holidays[(holidays["name"] == SPRING_FESTIVAL) & holidays["first_day"].notna()]
    days = pd.to_datetime(rows["first_day"])
    return {int(year): day.date() for year, day in zip(rows["year"], days, strict=True)}
