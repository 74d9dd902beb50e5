"""The roster against what was done: who moved, who was silent, and who exists on paper alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.health.moments import SECOND, as_times
from geo.partition.reading import or_none
from geo.patrol.rostering import day_of
from geo.patrol.silence import rank_in
from geo.patrol.tallies import longest_idle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.rostering import Roster
    from geo.patrol.silence import Silence

    Ints = NDArray[np.int64]

Moments = tuple["Ints", "Ints", "Ints"]


def activity(
    roster: Roster, silence: Silence | None, checkins: tuple[Ints, Ints] | None, visits: Moments
) -> pd.DataFrame:
    """
    Hold each row of the roster against the signs that its unit gave while it was on.

    Parameters
    ----------
    roster
        n rows.
    silence
        Where the devices were silent; None where no positions were looked at.
    checkins
        Unit and time of each check-in; None where none were looked at.
    visits
        Unit, beginning and end of each visit.

    Returns
    -------
    activity
        One row per row of the roster: `shift_id`, `unit_id`, `force`, `mode`, `area_id`, `day`
        (that on which it begins), `on`, `off`, `on_duty_s`; `heard_s`, `silent_s`,
        `longest_silence_s`, `fixes` (missing where no positions were looked at), `checkins`
        (likewise), `visits`; `state`: "active" with a sign, "paper" without any, "unknown"
        without any where neither positions nor check-ins were looked at.
    """
    on_s = (roster.off_us - roster.on_us) / SECOND
    none = np.full(len(roster), np.nan)
    fixes = pd.array(np.full(len(roster), pd.NA), dtype="Int64")
    checked = fixes.copy()
    silent, longest = none, none
    if silence is not None:
        fixes = pd.array(silence.fixes, dtype="Int64")
        silent, longest = silence.total_s, silence.longest_s
    if checkins is not None:
        checked = pd.array(_within(roster, checkins[0], checkins[1], checkins[1]), dtype="Int64")
    made = _within(roster, *visits)
    signs = (made > 0) | (fixes.fillna(0) > 0) | (checked.fillna(0) > 0)
    blank = "unknown" if silence is None and checkins is None else "paper"
    return pd.DataFrame(
        {
            "shift_id": roster.shift_id.astype(object),
            "unit_id": roster.units.to_numpy()[roster.unit],
            "force": or_none(roster.force),
            "mode": or_none(roster.mode),
            "area_id": or_none(roster.area_id),
            "day": pd.Series(roster.day.astype("datetime64[s]")),
            "on": as_times(roster.on_us),
            "off": as_times(roster.off_us),
            "on_duty_s": on_s,
            "heard_s": on_s - silent,
            "silent_s": silent,
            "longest_silence_s": longest,
            "fixes": fixes,
            "checkins": checked,
            "visits": made,
            "state": np.where(np.asarray(signs, dtype=np.bool_), "active", blank).astype(object),
        }
    )


def unit_days(roster: Roster, shifts: pd.DataFrame) -> pd.DataFrame:
    """
    Tell how regularly each unit moved: on what share of its days, and its longest rest.

    Parameters
    ----------
    roster
        n rows.
    shifts
        What `activity` made of them.

    Returns
    -------
    days
        One row per unit of the roster: `shifts`, `paper_shifts`, `days` (rostered),
        `active_days`, `active_day_share`, `longest_idle_days` (calendar days of the roster in a
        row without a sign), `on_duty_s`, `heard_s`, `silent_s`, `longest_silence_s`, `paper`
        (a unit of which no shift is active).
    """
    size = len(roster.units)
    active = (shifts["state"] == "active").to_numpy(dtype=np.bool_)
    day = day_of(roster.on_us).astype(np.int64)
    days = _distinct(roster.unit, day, size)
    active_days = _distinct(roster.unit[active], day[active], size)
    by_unit = shifts.groupby(roster.unit)
    span = (int(day.min()), int(day.max()) + 1) if len(day) else (0, 0)
    frame = pd.DataFrame(
        {
            "shifts": np.bincount(roster.unit, minlength=size),
            "paper_shifts": np.bincount(
                roster.unit[(shifts["state"] == "paper").to_numpy(dtype=np.bool_)], minlength=size
            ),
            "days": days,
            "active_days": active_days,
            "active_day_share": active_days / np.maximum(days, 1),
            "longest_idle_days": longest_idle(roster.unit[active], day[active], size, span),
        },
        index=roster.units,
    )
    for name in ("on_duty_s", "heard_s", "silent_s"):
        frame[name] = by_unit[name].sum(min_count=1).to_numpy()
    frame["longest_silence_s"] = by_unit["longest_silence_s"].max().to_numpy()
    frame["paper"] = frame["paper_shifts"] == frame["shifts"]
    return frame


def _within(roster: Roster, unit: Ints, start: Ints, end: Ints) -> Ints:
    """Count for each row of the roster what its unit did that touches the shift."""
    begun, ended = np.lexsort((start, unit)), np.lexsort((end, unit))
    before_end = rank_in(unit[begun], start[begun], roster.unit, roster.off_us, side="right")
    before_start = rank_in(unit[ended], end[ended], roster.unit, roster.on_us, side="left")
    return before_end - before_start


def _distinct(group: Ints, day: Ints, groups: int) -> Ints:
    """Count the different days of each group."""
    if not len(group):
        return np.zeros(groups, dtype=np.int64)
    pairs = np.unique(np.column_stack((group, day)), axis=0)
    return np.bincount(pairs[:, 0], minlength=groups)
