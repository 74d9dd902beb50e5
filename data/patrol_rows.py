"""
Rows of patrols that nobody could serve: hours that cannot be read, stays that fit no window.

A plan made of them would leave them out without a word; here each is set aside with its reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.columns import Matching
from data.limits import LIMITS
from data.notes import Note
from data.shapes import Faults
from data.tables import Table
from data.values import Floats, numbers, texts
from geo.duty import read_hours

DAY_MIN: Final = 1440
"""Minutes of a day."""

OVERNIGHT_MIN: Final = 16 * 60
"""A window over midnight that lasts longer than this, in minutes, is taken for one whose start and
end were exchanged: 17:00-08:30 would be the whole night and the morning after."""

NEXT_DAY: Final = ("次日", "翌日", "第二天")
"""Words by which hours say themselves that they end on the next day."""

HOURS: Final[dict[str, tuple[str, ...]]] = {
    "must_visit": ("windows",),
    "segments": ("windows",),
    "standby": ("hours",),
    "duties": ("hours",),
    "units": ("break_window",),
    "stations": ("hours",),
}
"""Kind of layer -> its columns of hours; blank is always."""

SHIFTS: Final = frozenset({"units", "roster", "duty_units"})
"""Kinds whose `shift` is the hours of duty."""


Detail = Callable[[NDArray[np.int64]], Sequence[str]]


@dataclass(frozen=True)
class _Window:
    """
    What a text says of hours.

    Parameters
    ----------
    reason
        Why it cannot be used; None where it can.
    longest_min
        The longest stretch of any day, in minutes.
    span_min
        From the first minute of a day to its last, in minutes: the most of any day.
    """

    reason: str | None
    longest_min: int = DAY_MIN
    span_min: int = DAY_MIN


def mark_patrol_rows(
    values: dict[str, pd.Series], table: Table, matching: Matching, kind: str, faults: Faults
) -> list[Note]:
    """
    Set aside the rows of a patrol's sheets that say what cannot be, and name the tracks of fixes.

    Parameters
    ----------
    values
        Our column -> n values; fixes without a track get one.
    table
        Where they are from.
    matching
        Which of its columns is which of ours.
    kind
        Kind of layer; of others than those of patrols nothing is set aside.
    faults
        Of the n rows; reasons are added here.

    Returns
    -------
    notes
        That the fixes of a file without ids were taken as one track.
    """
    for ours in HOURS.get(kind, ()):
        _mark_hours(values, ours, faults)
    if kind in SHIFTS:
        _mark_hours(values, "shift", faults, unread="shift_unreadable")
    if kind == "must_visit":
        _mark_stays(values, faults)
    elif kind == "units":
        _mark_units(values, table, matching, faults)
    elif kind == "tracks" and "time" in values:
        met = texts(table.columns[matching.columns["time"]])
        missing = values["time"].isna().to_numpy(dtype=bool)
        faults.mark(missing, "no_time", _shown(met))
    return _named_tracks(values, len(table.rows)) if kind == "tracks" else []


def _named_tracks(values: dict[str, pd.Series], count: int) -> list[Note]:
    """Name the track of every fix: by its unit, or all as one, where the file has no ids."""
    units = values.get("unit_id", pd.Series(None, index=range(count), dtype=object))
    named = values.get("track_id")
    if named is not None:
        if named.isna().any():
            values["track_id"] = named.astype(object).where(named.notna(), units)
        return []
    lone = int(units.isna().sum())
    # Without times the rows may be lines, each a track of its own.
    if count and (not lone or "time" in values):
        values["track_id"] = units.where(units.notna(), 0)
    return [Note("one_track", {"count": lone})] if lone and "time" in values else []


def _mark_hours(
    values: dict[str, pd.Series], ours: str, faults: Faults, unread: str | None = None
) -> None:
    """Mark rows whose hours cannot be; `unread` is the one reason for all of them."""
    if ours not in values:
        return
    met = texts(values[ours])
    reasons = np.array([_window(text).reason or "" for text in met], dtype=object)
    for reason in set(reasons.tolist()) - {""}:
        faults.mark(reasons == reason, unread or reason, _shown(met))


def _mark_stays(values: dict[str, pd.Series], faults: Faults) -> None:
    """Mark points whose stays are longer than their hours, or too many for them."""
    count = len(faults.reason)
    dwell = _numbers(values, "dwell_min", 0.0, count)
    least, greatest = (
        _numbers(values, f"{name}_interval_min", default, count)
        for name, default in (("least", 0.0), ("greatest", np.inf))
    )
    visits = _numbers(values, "visits", 1.0, count)
    windows = [_window(text) for text in texts(values["windows"])] if "windows" in values else []
    longest = np.array([each.longest_min for each in windows] or [DAY_MIN] * count, dtype=float)
    span = np.array([each.span_min for each in windows] or [DAY_MIN] * count, dtype=float)
    faults.mark(dwell > longest, "dwell_beyond_window", _pairs(dwell, longest))
    faults.mark(least > greatest, "interval_upside_down", _pairs(least, greatest))
    # However intervals are counted, the next stay begins no sooner than this after the last.
    needed = dwell + np.maximum(visits - 1.0, 0.0) * np.maximum(least, dwell)
    faults.mark(needed > span, "visits_beyond_window", _pairs(needed, span))


def _mark_units(
    values: dict[str, pd.Series], table: Table, matching: Matching, faults: Faults
) -> None:
    """Mark units that are listed twice, go at no speed, or rest longer than they are on duty."""
    if "speed_kmh" in values:
        cells = table.columns[matching.columns["speed_kmh"]]
        met = texts(cells)
        said = np.array([text is not None for text in met], dtype=bool)
        speed = numbers(cells)
        possible = np.isfinite(speed) & LIMITS["speed_kmh"](speed)
        faults.mark(said & ~possible, "speed_impossible", _shown(met))
    if "break_min" in values and "shift" in values:
        rest = _numbers(values, "break_min", 0.0, len(faults.reason))
        on_duty = np.array(
            [_window(text).longest_min for text in texts(values["shift"])], dtype=float
        )
        faults.mark(rest >= on_duty, "break_beyond_shift", _pairs(rest, on_duty))
    if "unit_id" in values:
        codes = texts(values["unit_id"])
        again = pd.Series(codes, dtype=object).where(faults.good).duplicated() & faults.good
        named = np.array([code is not None for code in codes], dtype=bool)
        faults.mark(np.asarray(again, dtype=bool) & named, "unit_twice", _shown(codes))


@cache
def _window(text: str | None) -> _Window:
    """Read the hours of one cell; a blank one is the whole day."""
    if text is None:
        return _Window(None)
    reading = read_hours(text)
    if reading.week is None:
        empty = any(doubt.reason == "no_length" for doubt in reading.doubts)
        return _Window("windows_empty" if empty else "windows_unreadable")
    days = [day for day in reading.week.shifts if day]
    if not days:
        return _Window("windows_empty")
    longest = max(end - start for day in days for start, end in day)
    exchanged = any(
        end > DAY_MIN and end - start > OVERNIGHT_MIN for day in days for start, end in day
    )
    if exchanged and not any(word in text for word in NEXT_DAY):
        return _Window("windows_upside_down")
    span = max(max(end for _, end in day) - min(start for start, _ in day) for day in days)
    return _Window(None, longest, span)


def _numbers(values: dict[str, pd.Series], ours: str, default: float, count: int) -> Floats:
    """Return a column as floats, and what holds where a cell or the whole column is blank."""
    if ours not in values:
        return np.full(count, default)
    found = values[ours].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isnan(found), default, found)


def _shown(met: Sequence[str | None]) -> Detail:
    return lambda rows: [met[row] or "" for row in rows]


def _pairs(first: Floats, second: Floats) -> Detail:
    return lambda rows: [f"{first[row]:g} > {second[row]:g} min" for row in rows]
