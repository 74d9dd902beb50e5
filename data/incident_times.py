"""When incidents happened: intervals in one cell, days without a clock, ends before beginnings."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.clocks import TIME, clock_times
from data.notes import Note
from data.shapes import Faults, Mask
from data.values import as_text, texts

TIMES: Final = ("time", "time_to", "accepted", "closed")
"""Columns of incidents that hold times."""

BETWEEN: Final = re.compile(r"\s*(?:至|到|~|—+|–)\s*|\s+-\s+")
"""What stands between the two ends of an interval in one cell."""

TO_CLOCK: Final = re.compile(r"(?<=[\s日号])(\d{1,2}:\d\d)\s*-\s*(?=\d{1,2}:\d\d$)")
"""A clock and a hyphen to another: `22:00-23:00`. What reads times would take it for a zone 23
hours west; who writes a zone writes seconds, or a T before the clock."""

WHOLE: Final = re.compile(r"\d{4}\s*[-/.年]|\d{8}(?:\d{4}|\d{6})?$")
"""How a text begins that names its year, so that it is a time by itself."""

NEXT_DAY: Final = re.compile(r"^(?:次日|翌日|第二天)\s*")
"""What says that an end is of the day after."""

MONTH_DAY: Final = re.compile(r"^\d{1,2}\s*[-/.月]\s*\d{1,2}(?=\s|日|号|$)")
"""How an end begins that leaves out the year: `3月2日 06:00`."""

CLOCK: Final = re.compile(r"\d{1,2}\s*[:时点]")
"""What a time of day has and a mere day has not."""

RUN_TOGETHER: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
"""A time in digits alone: 20260301, 202603012205."""

NO_TIME: Final = "?"
"""What is read instead of a number that is no time: pandas would take 2026 for its first moment."""

ONE_DAY: Final = pd.Timedelta(days=1)
"""From a day to the end of it."""

FEWEST: Final = 2
"""So many times all at midnight are days: programs write a day as its first moment."""


class Cells(NamedTuple):
    """
    A column of times, its cells made readable.

    Parameters
    ----------
    starts
        n texts for the reader of times, or the n values of a file that has times.
    ends
        n texts: the other end of an interval that stood in the cell, else None.
    days
        n bools: the cell names a day and no time of it.
    end_days
        n bools: the other end does.
    """

    starts: pd.Series
    ends: pd.Series
    days: Mask
    end_days: Mask


def part_times(cells: pd.Series, ours: str) -> Cells:
    """
    Part the cells of a column of times: `2026-03-01 22:00至次日06:00` is two.

    Parameters
    ----------
    cells
        n cells as the file has them.
    ours
        A column of `TIMES`; only in `time` intervals are looked for.

    Returns
    -------
    cells
        What is to be read. A number is no time unless it is one in digits, as 20260301.
    """
    none = pd.Series(None, index=cells.index, dtype=object)
    if cells.dtype.kind == "M":
        met = cells.dropna()
        days = len(met) >= FEWEST and bool((met == met.dt.normalize()).all())
        marked = cells.notna().to_numpy() & days
        return Cells(cells, none, marked, np.zeros(len(cells), dtype=bool))
    written = texts(cells)
    parted = [_parts(text, ours) for text in written]
    starts = pd.Series([start for start, _ in parted], index=cells.index, dtype=object)
    ends = pd.Series([end for _, end in parted], index=cells.index, dtype=object)
    return Cells(starts, ends, _clockless(starts), _clockless(ends))


def end_times(cells: Cells) -> pd.Series:
    """
    Read the other ends of intervals.

    Parameters
    ----------
    cells
        Of the column `time`.

    Returns
    -------
    ends
        n times; missing where there is none.
    """
    ends = clock_times(cells.ends)
    return ends.where(~cells.end_days, ends + ONE_DAY).astype(TIME)


def settle_times(
    values: dict[str, pd.Series], parted: Mapping[str, Cells], rows: NDArray[np.int64]
) -> list[Note]:
    """
    Complete the latest times, and say where only the day is known.

    An incident of which only the day is known may have happened at any time of it: its latest time
    is the end of the day.

    Parameters
    ----------
    values
        Our column -> n values; `time_to` is completed, or added where there is any.
    parted
        Column of `TIMES` -> its cells.
    rows
        n numbers by which a person finds the rows.

    Returns
    -------
    notes
        How many days have no time.
    """
    if "time" not in values:
        return []
    begun, days = values["time"], parted["time"].days
    latest = end_times(parted["time"])
    if "time_to" in values:
        said = values["time_to"].astype(TIME)
        said = said.where(~parted["time_to"].days, said + ONE_DAY)
        latest = said.where(said.notna(), latest)
    whole = days & begun.notna().to_numpy() & latest.isna().to_numpy()
    latest = latest.where(~whole, begun.astype(TIME) + ONE_DAY)
    if "time_to" in values or latest.notna().any():
        values["time_to"] = latest.astype(TIME)
    lines = rows[whole].tolist()
    return [Note("day_only", {"count": len(lines), "rows": lines})] if lines else []


def mark_times(
    values: Mapping[str, pd.Series], parted: Mapping[str, Cells], faults: Faults
) -> None:
    """
    Set aside rows that end before they begin, or were closed before they were accepted.

    Parameters
    ----------
    values
        Our column -> n values, the latest times completed.
    parted
        Column of `TIMES` -> its cells. Where one of two names only a day, days are compared.
    faults
        Of the n rows; reasons are added here.
    """
    if "time" in values and "time_to" in values:
        early = (values["time_to"] < values["time"]).to_numpy(dtype=bool)
        faults.mark(early, "time_to_before_time", _pairs(values["time_to"], values["time"]))
    if "accepted" in values and "closed" in values:
        closed, accepted = values["closed"], values["accepted"]
        by_day = parted["accepted"].days | parted["closed"].days
        day_before = closed.dt.normalize() < accepted.dt.normalize()
        early = np.where(by_day, day_before, closed < accepted)
        faults.mark(early, "closed_before_accepted", _pairs(closed, accepted))


def _parts(text: str | None, ours: str) -> tuple[str | None, str | None]:
    """Return what a cell says of the beginning and of the end, both with their dates."""
    if text is None:
        return None, None
    bare = unicodedata.normalize("NFKC", text)
    alone = RUN_TOGETHER.fullmatch(bare)
    if alone is not None:
        day, clock = "-".join(alone.groups()[:3]), ":".join(filter(None, alone.groups()[3:]))
        return f"{day} {clock}".strip(), None
    if bare.replace(".", "", 1).isdecimal():
        # Years, and days as spreadsheets count them.
        return NO_TIME, None
    joined = TO_CLOCK.sub(r"\1~", bare)
    read = text if joined == bare else joined
    sides = BETWEEN.split(joined)
    if ours != "time" or len(sides) != 2 or not all(sides):  # noqa: PLR2004 - two ends
        return read, None
    start, end = sides
    whole = _whole_end(start, end)
    return (read, None) if whole is None else (start, whole)


def _whole_end(start: str, end: str) -> str | None:
    """Complete the end of an interval by the date of its beginning; None for no interval."""
    begun, *_ = clock_times(pd.Series([start], dtype=object))
    if begun is pd.NaT:
        return None
    if WHOLE.match(end):
        return end
    if MONTH_DAY.match(end):
        dated = f"{begun.year}年{end}"
        (met,) = clock_times(pd.Series([dated], dtype=object))
        # An end in January of what began in December is of the next year.
        late = met is not pd.NaT and met.date() < begun.date()
        return f"{begun.year + 1}年{end}" if late else dated
    clock = NEXT_DAY.sub("", end)
    (met,) = clock_times(pd.Series([f"{begun:%Y-%m-%d} {clock}"], dtype=object))
    if met is pd.NaT or CLOCK.search(clock) is None:
        return None
    later = clock != end or met < begun
    return f"{begun + (ONE_DAY if later else dt.timedelta()):%Y-%m-%d} {clock}"


def _clockless(cells: pd.Series) -> Mask:
    """Tell which texts name a day alone."""
    found = [text is not None and CLOCK.search(_clocked(text)) is None for text in cells]
    return np.array(found, dtype=bool)


def _clocked(text: str) -> str:
    """Return a text with the T of ISO 8601 and times run together told as clocks."""
    return re.sub(r"(?<=\d)T(?=\d\d)", " 0:", as_text(text) or "")


def _pairs(first: pd.Series, second: pd.Series) -> Callable[[NDArray[np.int64]], Sequence[str]]:
    return lambda rows: [f"{first.iloc[row]} < {second.iloc[row]}" for row in rows]
