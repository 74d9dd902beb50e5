"""
The shifts of a post by kind of day, and how they are written.

There are eight kinds of day: Monday to Sunday and the holiday. A shift belongs to the day it
starts on, so its end may lie beyond midnight: 22:00-06:00 of Friday is (1320, 1800) of Friday.
All minutes of a week and of a holiday lie on one axis: 0 is Monday 00:00, `WEEK_MIN` the
holiday's.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Shift = tuple[int, int]

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
"""Kinds of day in the order of the axis, with the names that OpenStreetMap gives them."""

HOLIDAY: Final = 7
"""Place of the holiday in `DAYS`."""

HOUR_MIN: Final = 60
"""Minutes of an hour."""

DAY_MIN: Final = 24 * HOUR_MIN
"""Minutes of a day."""

WEEK_MIN: Final = HOLIDAY * DAY_MIN
"""Minutes of a week; on the axis the holiday begins here."""

AXIS_MIN: Final = len(DAYS) * DAY_MIN
"""Where the axis ends."""


@dataclass(frozen=True)
class DutyWeek:
    """
    The shifts of one post.

    Parameters
    ----------
    shifts
        For each of `DAYS` the shifts that start on it, as minutes from its midnight: sorted,
        none touching another, ends up to two days.
    holiday_known
        Whether the shifts of the holiday are said; else they are the most they could be.
    """

    shifts: tuple[tuple[Shift, ...], ...]
    holiday_known: bool = True

    def text(self) -> str:
        """
        Write the hours in the one form that `read_hours` reads back as the same.

        Returns
        -------
        text
            As OpenStreetMap's `opening_hours`; `PH?` before hours that a holiday may have.
        """
        *week, holiday = self.shifts
        if self.holiday_known and all(day == holiday for day in week):
            return _alike(holiday)
        parts = [written([*week, ()])] if any(week) else []
        name = DAYS[HOLIDAY] + ("" if self.holiday_known else "?")
        return "; ".join([*parts, f"{name} {_alike(holiday)}"])


ALWAYS: Final = DutyWeek((((0, DAY_MIN),),) * len(DAYS))
"""On duty day and night."""


def joined(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """Return shifts of one day sorted, those that overlap or touch made one."""
    out: list[Shift] = []
    for start, end in sorted(shifts):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def on_axis(day: int, shift: Shift) -> list[Shift]:
    """
    Lay a shift on the axis, where the night after Sunday is that before Monday.

    The holiday follows upon itself: it stands for a day amid holidays.

    Parameters
    ----------
    day
        Place in `DAYS` of the day it starts on.
    shift
        Start and end in minutes from the midnight of that day.

    Returns
    -------
    pieces
        One or two stretches of the axis.
    """
    first, last = (WEEK_MIN, AXIS_MIN) if day == HOLIDAY else (0, WEEK_MIN)
    start, end = (day * DAY_MIN + minute for minute in shift)
    if end <= last:
        return [(start, end)]
    return [(start, last), (first, first + end - last)]


def by_day(pieces: Iterable[Shift]) -> list[list[Shift]]:
    """Cut stretches of the axis at midnight and return those of each of `DAYS`."""
    days: list[list[Shift]] = [[] for _ in DAYS]
    for start, end in pieces:
        for day in range(start // DAY_MIN, -(-end // DAY_MIN)):
            midnight = day * DAY_MIN
            low, high = max(start, midnight), min(end, midnight + DAY_MIN)
            days[day].append((low - midnight, high - midnight))
    return days


def written(days: Sequence[Sequence[Shift]]) -> str:
    """Write the shifts of the days that have some, days with the same ones together."""
    hours = [",".join(itertools.starmap(_span, shifts)) for shifts in days]
    if hours[0] and len(set(hours)) == 1:
        return hours[0]
    parts = []
    for text in dict.fromkeys(filter(None, hours)):
        alike = [day for day, other in enumerate(hours) if other == text]
        parts.append(f"{_names(alike)} {text}")
    return "; ".join(parts)


def _names(days: Sequence[int]) -> str:
    """Name days, those in a row by the first and the last; the holiday is in no row."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1 != HOLIDAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs
    )


def _alike(shifts: Sequence[Shift]) -> str:
    """Write the shifts of one day."""
    return ",".join(itertools.starmap(_span, shifts)) or "off"


def _span(start: int, end: int) -> str:
    """Write a shift; one as long as a day or longer ends beyond 24:00."""
    if DAY_MIN < end < start + DAY_MIN:
        end -= DAY_MIN
    return f"{_clock(start)}-{_clock(end)}"


def _clock(minute: int) -> str:
    return f"{minute // HOUR_MIN:02d}:{minute % HOUR_MIN:02d}"
