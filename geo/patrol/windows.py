"""
Windows of a day in whole seconds, and slots within them for several visits.

Seconds run from the midnight of the day that a shift began on, so that after the next midnight
they go on beyond 86,400.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from geo.duty import read_hours
from geo.duty.week import DAY_MIN, joined

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from geo.duty import DutyWeek

    Span = tuple[int, int]

MINUTE_S: Final = 60
"""Seconds of a minute."""

DAY_S: Final = 86_400
"""Seconds of a day."""

LONGEST_S: Final = 4 * DAY_S
"""No interval within a shift is longer; stands for intervals that are not limited."""


class Window(NamedTuple):
    """
    When a piece of work may be done.

    Parameters
    ----------
    early
        The first second at which it may start.
    late
        The last second at which it may start.
    close
        When it must be finished.
    """

    early: int
    late: int
    close: int


@lru_cache(maxsize=4096)
def _week(text: str) -> DutyWeek | None:
    """Read a text once, however many rows share it."""
    return read_hours(text).week


def begun_on(text: str, date: dt.date) -> tuple[Span, ...] | None:
    """
    Return the shifts that begin on a date.

    Parameters
    ----------
    text
        Hours, such as "18:00-02:00".
    date
        The day they begin on; it counts as its weekday, as holidays are not known here.

    Returns
    -------
    spans
        Start and end of each in seconds from the midnight of the date, ascending; None when the
        text cannot be read.
    """
    week = _week(text)
    if week is None:
        return None
    return tuple((start * MINUTE_S, end * MINUTE_S) for start, end in week.shifts[date.weekday()])


def open_spans(text: str | None, date: dt.date, period: Span) -> tuple[Span, ...] | None:
    """
    Return when something is open within a period.

    Parameters
    ----------
    text
        Hours of every day of the week; None for always.
    date
        The day whose midnight the seconds count from.
    period
        Start and end in seconds; what lies outside is cut off.

    Returns
    -------
    spans
        Disjoint, ascending; None when the text cannot be read.
    """
    if text is None:
        return (period,)
    week = _week(text)
    if week is None:
        return None
    # Hours of the day before may last into this one, and the period into the day after the next.
    found = joined(
        (start + later * DAY_MIN, end + later * DAY_MIN)
        for later in range(-2, 4)
        for start, end in week.shifts[(date.weekday() + later) % 7]
    )
    return clipped(((start * MINUTE_S, end * MINUTE_S) for start, end in found), period)


def clipped(spans: Iterable[Span], period: Span) -> tuple[Span, ...]:
    """
    Cut spans to a period.

    Parameters
    ----------
    spans
        Starts and ends.
    period
        Start and end.

    Returns
    -------
    spans
        What lies within the period, where that is longer than nothing.
    """
    cut = ((max(start, period[0]), min(end, period[1])) for start, end in spans)
    return tuple((start, end) for start, end in cut if start < end)


def slots(
    spans: Sequence[Span],
    visits: int,
    work_s: int,
    *,
    least_s: int = 0,
    greatest_s: int = LONGEST_S,
) -> tuple[tuple[Window, ...], ...] | None:
    """
    Give every visit a slot of its own, so that intervals hold whoever comes when.

    The interval of two visits runs from the end of one to the start of the next. All slots are
    equally wide, each within one span, and as wide as can be: with starts `e` and a width `w`,
    every next slot has `e + w + work_s + least_s <= e' <= e + work_s + greatest_s - w`, so that
    the last start in one slot and the first in the next are `least_s` apart at least, and the
    first and the last `greatest_s` at most. The time for which spans are closed counts.

    Parameters
    ----------
    spans
        When the place is open: disjoint, ascending, in seconds; the work ends within.
    visits
        How many visits there are, 1 or more.
    work_s
        How long each lasts.
    least_s
        The least interval, 0 or more.
    greatest_s
        The greatest interval.

    Returns
    -------
    slots
        For each visit the windows that it may use; a single visit may use every span that is
        long enough. None when no slots keep the intervals.
    """
    roomy = [span for span in spans if span[1] - span[0] >= work_s]
    if visits == 1:
        found = tuple(Window(start, end - work_s, end) for start, end in roomy)
        return (found,) if found else None
    low, high = -1, max((end - start - work_s for start, end in roomy), default=-1)
    while low < high:
        width = (low + high + 1) // 2
        if _reached(roomy, visits, work_s, width, (least_s, greatest_s)) is None:
            high = width - 1
        else:
            low = width
    if low < 0:
        return None
    reached = _reached(roomy, visits, work_s, low, (least_s, greatest_s))
    starts = _chosen(reached or [], work_s, low, (least_s, greatest_s))
    return tuple((Window(start, start + low, start + low + work_s),) for start in starts)


def _reached(
    spans: Sequence[Span], visits: int, work_s: int, width: int, interval: Span
) -> list[tuple[Span, ...]] | None:
    """Return for each visit where its slot may begin, given those before; None for nowhere."""
    open_ = [(start, end - work_s - width) for start, end in spans if start <= end - work_s - width]
    reached = [tuple(open_)]
    nearest, farthest = work_s + interval[0] + width, work_s + interval[1] - width
    if nearest > farthest or not open_:
        return None
    for _ in range(visits - 1):
        after = joined((low + nearest, high + farthest) for low, high in reached[-1])
        met = tuple(
            (max(low, start), min(high, end))
            for low, high in after
            for start, end in open_
            if max(low, start) <= min(high, end)
        )
        if not met:
            return None
        reached.append(met)
    return reached


def _chosen(
    reached: Sequence[tuple[Span, ...]], work_s: int, width: int, interval: Span
) -> list[int]:
    """Choose starts from the last back to the first: the last amid its freedom, others near it."""
    nearest, farthest = work_s + interval[0] + width, work_s + interval[1] - width
    middle = (reached[-1][0][0] + reached[-1][-1][1]) // 2
    held = (min(max(middle, low), high) for low, high in reached[-1])
    starts = [min(held, key=lambda start: abs(start - middle))]
    for spans in reversed(reached[:-1]):
        low, high = starts[-1] - farthest, starts[-1] - nearest
        starts.append(
            max(min(high, end) for start, end in spans if max(low, start) <= min(high, end))
        )
    return starts[::-1]
