"""Whole days: months, years and ISO weeks, and longer times split by them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY: Final = dt.timedelta(days=1)
"""One day."""

WEEK_DAYS: Final = 7
"""Days of a week, which begins on Monday."""

MONTHS: Final = 12
"""Months of a year."""


@dataclass(frozen=True, order=True)
class Period:
    """
    Whole days from `start` to before `end`.

    Parameters
    ----------
    start
        First day.
    end
        First day after; later than `start`.
    """

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        """Refuse a period without days, and moments."""
        for name in ("start", "end"):
            value = getattr(self, name)
            if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
                raise InvalidParameterError(
                    f"{name}: {value!r} is no day; give a datetime.date, for periods are whole days"
                )
        if self.start >= self.end:
            raise InvalidParameterError(
                f"start, end: {self.start} to {self.end} has no day; the end is not in the period"
            )

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> dt.date:
        """Return the last day in the period."""
        return self.end - DAY

    def moved(self, step: dt.timedelta) -> Period:
        """Return the period so much later."""
        return Period(self.start + step, self.end + step)

    def summary(self) -> dict[str, Any]:
        """Return first day, last day and how many they are, ready for JSON."""
        return {
            "first_day": self.start.isoformat(),
            "last_day": self.last_day.isoformat(),
            "days": self.days,
        }


def month(year: int, number: int) -> Period:
    """
    Return a calendar month.

    Parameters
    ----------
    year
        Such as 2026.
    number
        1 to 12.

    Returns
    -------
    period
        From its first day to the first of the next month.
    """
    first = _day(year, number, 1)
    return Period(first, months_later(first, 1))


def whole_year(year: int) -> Period:
    """
    Return a calendar year.

    Parameters
    ----------
    year
        Such as 2026.

    Returns
    -------
    period
        From 1 January to the next.
    """
    first = _day(year, 1, 1)
    return Period(first, months_later(first, MONTHS))


def week(year: int, number: int) -> Period:
    """
    Return an ISO week, which begins on Monday; week 1 holds 4 January.

    Parameters
    ----------
    year
        ISO year, such as 2026.
    number
        1 to 52, or 53 in a long year.

    Returns
    -------
    period
        Seven days.

    Raises
    ------
    InvalidParameterError
        When the year has no such week.
    """
    try:
        first = dt.date.fromisocalendar(year, number, 1)
    except ValueError as error:
        raise InvalidParameterError(f"year, number: {year} has no week {number}") from error
    return Period(first, first + WEEK_DAYS * DAY)


def months(period: Period) -> tuple[Period, ...]:
    """
    Split a period by calendar months, for tables.

    Parameters
    ----------
    period
        Any period.

    Returns
    -------
    parts
        In order, without a gap; the first and the last cut to the period.
    """
    return tuple(_split(period, period.start.replace(day=1), lambda day: months_later(day, 1)))


def weeks(period: Period) -> tuple[Period, ...]:
    """
    Split a period by ISO weeks, for tables.

    Parameters
    ----------
    period
        Any period.

    Returns
    -------
    parts
        In order, without a gap; the first and the last cut to the period.
    """
    monday = period.start - period.start.weekday() * DAY
    return tuple(_split(period, monday, lambda day: day + WEEK_DAYS * DAY))


def years(period: Period) -> tuple[Period, ...]:
    """
    Split a period by calendar years, for tables.

    Parameters
    ----------
    period
        Any period.

    Returns
    -------
    parts
        In order, without a gap; the first and the last cut to the period.
    """
    first = period.start.replace(month=1, day=1)
    return tuple(_split(period, first, lambda day: months_later(day, MONTHS)))


def months_later(day: dt.date, count: int) -> dt.date:
    """
    Return the first day of the month so many months later.

    Parameters
    ----------
    day
        The first day of a month.
    count
        How many months; negative for earlier ones.

    Returns
    -------
    day
        The first day of that month.
    """
    year, number = divmod(day.year * MONTHS + day.month - 1 + count, MONTHS)
    return dt.date(year, number + 1, 1)


def _split(
    period: Period, first: dt.date, following: Callable[[dt.date], dt.date]
) -> Iterator[Period]:
    """Cut a period at each day from `first` on, which is not after its start."""
    while first < period.end:
        after = following(first)
        yield Period(max(first, period.start), min(after, period.end))
        first = after


def _day(year: int, number: int, day: int) -> dt.date:
    """Return a day, or refuse it."""
    try:
        return dt.date(year, number, day)
    except ValueError as error:
        raise InvalidParameterError(
            f"year, number: there is no month {number} of {year}; give a year such as 2026 and "
            f"a month from 1 to 12"
        ) from error
