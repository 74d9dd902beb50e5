"""The days that a command is asked about, and those they are compared with."""

import datetime as dt
import re
from typing import Final

import pandas as pd
import typer

from api.words import say
from geo.incidents.periods import (
    Comparison,
    Period,
    aligned,
    clipped,
    month,
    period_before,
    whole_year,
    year_before,
)
from geo.incidents.rows import counted_at, in_period

MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})")
"""How a month is written."""

MONTHS: Final = 12
"""Months of a year."""

SILENCE: Final = 0.001
"""A silence at the end of a period that is less likely than this means that the data end before."""

FEWEST_DAYS: Final = 7
"""Days with incidents that it takes to tell how usual they are."""

WAYS: Final = "--since --until --month --year"
"""The options that name the days."""


def asked_period(
    since: dt.datetime | None, until: dt.datetime | None, in_month: str | None, in_year: int | None
) -> Period | None:
    """
    Read the days asked for.

    Parameters
    ----------
    since, until
        The first and the last day; one alone will not do.
    in_month
        A month, such as "2026-03".
    in_year
        A year.

    Returns
    -------
    period
        From the first day on, before the day after the last; None where nothing was asked.

    Raises
    ------
    typer.BadParameter
        When days are named in two ways, by half, or not at all as days.
    """
    days = since is not None or until is not None
    if sum((days, in_month is not None, in_year is not None)) > 1:
        raise typer.BadParameter(
            "只用一种写法：起止日期、月份或年份 / name the days in one way: from and until, a "
            "month, or a year",
            param_hint=WAYS,
        )
    if in_month is not None:
        return month_of(in_month)
    if in_year is not None:
        return whole_year(in_year)
    if not days:
        return None
    if since is None or until is None:
        raise typer.BadParameter(
            "起止日期要一起给出 / give both --since and --until", param_hint="--since --until"
        )
    if until < since:
        raise typer.BadParameter(
            f"{until:%Y-%m-%d}: 早于起始日期 / is before {since:%Y-%m-%d}", param_hint="--until"
        )
    return Period(since.date(), until.date() + dt.timedelta(days=1))


def month_of(text: str) -> Period:
    """
    Read a month.

    Parameters
    ----------
    text
        Such as "2026-03".

    Returns
    -------
    period
        Its days.

    Raises
    ------
    typer.BadParameter
        When it is none.
    """
    found = MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= MONTHS:
        raise typer.BadParameter(
            f"{text}: 应写成 2026-03 / write it like 2026-03", param_hint="--month"
        )
    return month(int(found[1]), int(found[2]))


def days_of_data(incidents: pd.DataFrame) -> Period | None:
    """
    Return the days from the first incident to the last.

    Parameters
    ----------
    incidents
        n rows.

    Returns
    -------
    days
        By when rows were accepted; None where no row has a time.
    """
    at = counted_at(incidents).dropna()
    if at.empty:
        return None
    return Period(at.min().date(), at.max().date() + dt.timedelta(days=1))


def last_month(data: Period) -> Period:
    """
    Return the last whole month of some data.

    Parameters
    ----------
    data
        The days of the data.

    Returns
    -------
    period
        The month that the data end with, or the one before where they end within it.
    """
    last = month(data.last_day.year, data.last_day.month)
    return last if data.end >= last.end else period_before(last).before


def compared_days(
    period: Period,
    against: str,
    last_day: dt.date,
    *,
    today: dt.date,
    holidays: pd.DataFrame | None = None,
) -> Comparison:
    """
    Choose the days that a period is held against, both cut alike where the period is not over.

    Parameters
    ----------
    period
        The period.
    against
        "year" or "period".
    last_day
        The last day of the data.
    today
        A period that is not over yet is cut at that day.
    holidays
        The official table of holidays, where the year before is to be taken at the same days from
        the Spring Festival; None where it is not.

    Returns
    -------
    comparison
        With its notes.

    Raises
    ------
    InvalidParameterError
        When nothing of the period is within the data.
    """
    if against == "period":
        comparison = period_before(period)
    elif holidays is not None:
        comparison = aligned(period, holidays)
    else:
        comparison = year_before(period)
    # That a past month ends in silence may be so; that today is not over is sure.
    return clipped(comparison, last_day) if period.end > today else comparison


def period_said(period: Period, lang: str) -> str:
    """
    Write a period.

    Parameters
    ----------
    period
        Any days.
    lang
        "zh" or "en".

    Returns
    -------
    text
        A whole month or year by its name, else the first and the last day.
    """
    first = period.start
    if period == whole_year(first.year):
        return say("whole_year", lang, year=first.year)
    if period == month(first.year, first.month):
        return say("whole_month", lang, year=first.year, month=first.month)
    return say("from_to", lang, first=first.isoformat(), last=period.last_day.isoformat())


def begins_before(period: Period, data: Period) -> bool:
    """
    Tell whether a period begins in a month of which there are no data yet.

    Parameters
    ----------
    period
        The period.
    data
        The days of the data.

    Returns
    -------
    before
        Whether its count is not to be trusted.
    """
    return period.start < data.start.replace(day=1)


def ends_early(incidents: pd.DataFrame, period: Period) -> dt.date | None:
    """
    Return the day that the data seem to end on within a period.

    A village may have a quiet week at the end of a month. The data end where days with incidents
    were so usual before that such a silence is all but impossible; of a few days, or of ledgers
    that have one day a month, that cannot be told.

    Parameters
    ----------
    incidents
        n rows.
    period
        The period.

    Returns
    -------
    last_day
        None where they seem to be whole, or hold nothing of the period.
    """
    at = counted_at(incidents).dropna()
    at = at[in_period(incidents.loc[at.index], period)]
    days = at.dt.normalize().nunique()
    if days < FEWEST_DAYS:
        return None
    last_day = at.max().date()
    covered, silent = (last_day - period.start).days + 1, (period.last_day - last_day).days
    return last_day if (1.0 - days / (covered + 1.0)) ** silent < SILENCE else None
