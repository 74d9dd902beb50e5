"""When each of many posts is manned: shifts by kind of day, and who is on duty at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.duty.reading import Reading, read_hours
from geo.duty.week import ALWAYS, DAY_MIN, DAYS, HOLIDAY, HOUR_MIN, on_axis
from geo.errors import InvalidParameterError
from geo.intervals import Intervals

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class OnDuty:
    """
    Who is on duty at one time.

    Parameters
    ----------
    when
        The local time.
    day
        Which of `DAYS` it falls on.
    on
        n truths: certainly on duty.
    maybe
        n truths: on duty or not, as the hours are not known.
    holidays_known
        Whether holidays were given; else every date counts as its weekday.
    """

    when: dt.datetime
    day: str
    on: Mask
    maybe: Mask
    holidays_known: bool

    def summary(self) -> dict[str, Any]:
        """Return the time and the counts of rows, ready for JSON."""
        return {
            "when": self.when.isoformat(sep=" "),
            "day": self.day,
            "posts": len(self.on),
            "on_duty": int(self.on.sum()),
            "on_duty_maybe": int(self.maybe.sum()),
            "holidays_known": self.holidays_known,
        }


@dataclass(frozen=True, eq=False)
class DutyHours:
    """
    When each of n posts is manned; make one with `DutyHours.of`.

    A row is one post at one place: a mobile post has a row for each place it serves. Certain
    are the hours that were read, and all hours where none are stated: a layer without hours
    keeps the figures it had, and the posts are counted as `unknown`. Uncertain (`upper` only)
    is a text that cannot be read, which may mean any hour, and a holiday that a text leaves
    open.

    Parameters
    ----------
    post_id
        n ids.
    hours
        n texts as given; None where there is none.
    pattern
        n places in `readings`.
    readings
        What each distinct text says; the last stands for rows without a text.
    shifts
        One row per shift: `pattern`, `day` (place in `DAYS`), `start_min` and `end_min` from
        the midnight of that day, `sure`.
    """

    post_id: NDArray[np.object_]
    hours: NDArray[np.object_]
    pattern: Ints
    readings: tuple[Reading, ...]
    shifts: pd.DataFrame

    @classmethod
    def of(cls, posts: pd.DataFrame) -> DutyHours:
        """
        Read the hours of posts.

        Parameters
        ----------
        posts
            n rows; `hours` and `post_id` are read where present, else no hours are stated and
            rows are numbered from 0.

        Returns
        -------
        duty
            One entry per row, in their order.
        """
        cells = posts["hours"].tolist() if "hours" in posts.columns else [None] * len(posts)
        hours = np.array([None if _blank(cell) else str(cell) for cell in cells], dtype=object)
        ids = posts["post_id"] if "post_id" in posts.columns else np.arange(len(posts))
        code, texts = pd.factorize(hours)
        readings = (*map(read_hours, texts), Reading(ALWAYS))
        rows = [
            (pattern, day, start, end, _sure(reading, day))
            for pattern, reading in enumerate(readings)
            for day, kept in enumerate((reading.week or ALWAYS).shifts)
            for start, end in kept
        ]
        columns = ["pattern", "day", "start_min", "end_min", "sure"]
        return cls(
            np.asarray(ids, dtype=object),
            hours,
            np.where(code < 0, len(texts), code).astype(np.int64),
            readings,
            pd.DataFrame(rows, columns=columns),
        )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.pattern)

    @property
    def unknown(self) -> Mask:
        """Whether no hours are stated; such a row counts as always on duty."""
        return self.pattern == len(self.readings) - 1

    @property
    def unread(self) -> Mask:
        """Whether the text cannot be read; such a row is on duty in the upper figure alone."""
        return self._each([reading.week is None for reading in self.readings])

    @property
    def holiday_open(self) -> Mask:
        """Whether the text was read and leaves open what holds on holidays."""
        weeks = [reading.week for reading in self.readings]
        return self._each([week is not None and not week.holiday_known for week in weeks])

    @property
    def never(self) -> Mask:
        """Whether the row is never on duty."""
        return self._each(~np.isin(np.arange(len(self.readings)), self.shifts["pattern"]))

    @property
    def texts(self) -> NDArray[np.object_]:
        """The hours in their one form; None where they are not stated or not read."""
        written = [reading.week.text() if reading.week else None for reading in self.readings]
        return np.array([*written[:-1], None], dtype=object)[self.pattern]

    @property
    def doubts(self) -> pd.DataFrame:
        """
        What a person should look at, by row.

        Returns
        -------
        doubts
            `row`, `post_id`, `hours`, `reason` (one of `REASONS`), `part`.
        """
        rows = [
            (row, self.post_id[row], self.hours[row], doubt.reason, doubt.part)
            for row, pattern in enumerate(self.pattern.tolist())
            for doubt in self.readings[pattern].doubts
        ]
        return pd.DataFrame(rows, columns=["row", "post_id", "hours", "reason", "part"])

    def intervals(self, rows: ArrayLike | None = None, *, upper: bool = False) -> Intervals:
        """
        Return when rows are on duty, as stretches of the axis of a week and a holiday.

        Parameters
        ----------
        rows
            k rows, repeats allowed; None for all.
        upper
            Whether uncertain hours count.

        Returns
        -------
        intervals
            Keyed by place in `rows`, in minutes: up to `WEEK_MIN` the week from Monday 00:00,
            then the holiday. Half-open: the end is no longer on duty.
        """
        wanted = self.pattern if rows is None else self.pattern[np.asarray(rows, dtype=np.int64)]
        pieces = self.pieces(upper=upper)
        first = np.searchsorted(pieces.key, wanted, "left")
        counts = np.searchsorted(pieces.key, wanted, "right") - first
        key = np.repeat(np.arange(len(wanted)), counts)
        begun = np.repeat(np.cumsum(counts) - counts, counts)
        taken = np.repeat(first, counts) + np.arange(len(key)) - begun
        return Intervals(key, pieces.start[taken], pieces.end[taken])

    def pieces(self, *, upper: bool = False) -> Intervals:
        """Return the same as `intervals`, keyed by pattern."""
        kept = self.shifts if upper else self.shifts[self.shifts["sure"]]
        laid = [
            (pattern, *piece)
            for pattern, day, start, end, _ in kept.itertuples(index=False)
            for piece in on_axis(day, (start, end))
        ]
        # The keys are patterns and the unit is minutes; sets of intervals mind neither.
        return Intervals.of(*np.array(laid, dtype=np.int64).reshape(-1, 3).T)

    def at(self, when: dt.datetime, *, holidays: Collection[dt.date] | None = None) -> OnDuty:
        """
        Say who is on duty at a local time.

        A shift belongs to the day it starts on: one that began on the eve of a holiday runs
        on into the holiday, whatever the hours of holidays are.

        Parameters
        ----------
        when
            A time without a zone.
        holidays
            The dates that are holidays; None when they are not known.

        Returns
        -------
        on_duty
            One truth per row.

        Raises
        ------
        InvalidParameterError
            When `when` has a zone, or a holiday is no plain date.
        """
        if when.tzinfo is not None:
            raise InvalidParameterError(f"when: {when} has a zone; give the local time without it")
        for holiday in holidays or ():
            if isinstance(holiday, dt.datetime) or not isinstance(holiday, dt.date):
                raise InvalidParameterError(f"holidays: {holiday!r} is no date; give datetime.date")
        dates = frozenset(holidays or ())
        today = _day(when.date(), dates)
        eve = _day(when.date() - dt.timedelta(days=1), dates)
        minute = when.hour * HOUR_MIN + when.minute
        day, start, end = (self.shifts[name].to_numpy() for name in ("day", "start_min", "end_min"))
        later = minute + DAY_MIN
        hit = (day == today) & (start <= minute) & (minute < end)
        hit |= (day == eve) & (start <= later) & (later < end)
        sure = self.shifts["sure"].to_numpy()
        pattern = self.shifts["pattern"].to_numpy()
        on = self._each(np.isin(np.arange(len(self.readings)), pattern[hit & sure]))
        upper = self._each(np.isin(np.arange(len(self.readings)), pattern[hit]))
        return OnDuty(when, DAYS[today], on, upper & ~on, holidays is not None)

    def summary(self) -> dict[str, Any]:
        """
        Return the counts, ready for JSON.

        Returns
        -------
        summary
            Rows whose hours are not stated (`hours_unknown`), cannot be read
            (`hours_unread`), overlap (`hours_overlap`) or are silent about holidays
            (`hours_holiday_open`), and rows never on duty (`hours_never`).
        """
        overlap = [
            any(doubt.reason == "overlap" for doubt in reading.doubts) for reading in self.readings
        ]
        return {
            "hours_unknown": int(self.unknown.sum()),
            "hours_unread": int(self.unread.sum()),
            "hours_overlap": int(self._each(overlap).sum()),
            "hours_holiday_open": int(self.holiday_open.sum()),
            "hours_never": int(self.never.sum()),
        }

    def _each(self, truths: ArrayLike) -> Mask:
        """Return for each row what holds for its reading."""
        return np.asarray(truths, dtype=bool)[self.pattern]


def _blank(cell: object) -> bool:
    return bool(pd.isna(cell)) or not str(cell).strip()


def _sure(reading: Reading, day: int) -> bool:
    """Return whether the shifts of a day are certain."""
    return reading.week is not None and (reading.week.holiday_known or day != HOLIDAY)


def _day(date: dt.date, holidays: frozenset[dt.date]) -> int:
    """Return which of `DAYS` a date is."""
    return HOLIDAY if date in holidays else date.weekday()
