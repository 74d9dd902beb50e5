"""When the device of a unit on duty was silent: nobody knows then where the unit was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import ColumnError
from geo.health.moments import SECOND
from geo.intervals import Intervals
from geo.patrol.rostering import stamps
from geo.points import coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.patrol.rostering import Roster

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Silence:
    """
    Stretches of shifts without a position.

    Parameters
    ----------
    row
        k rows of the roster, ascending.
    start_us, end_us
        k stretches in microseconds, sorted and disjoint within a row.
    fixes
        One count per row of the roster: positions of its unit while it was on.
    """

    row: Ints
    start_us: Ints
    end_us: Ints
    fixes: Ints

    @property
    def spans(self) -> Intervals:
        """The silent time, keyed by row of the roster, in microseconds."""
        return Intervals.of(self.row, self.start_us, self.end_us)

    @property
    def total_s(self) -> Floats:
        """Silent seconds of each row of the roster."""
        length = (self.end_us - self.start_us) / SECOND
        return np.bincount(self.row, length, minlength=len(self.fixes)).astype(np.float64)

    @property
    def longest_s(self) -> Floats:
        """The longest silence of each row of the roster, in seconds."""
        longest = np.zeros(len(self.fixes))
        np.maximum.at(longest, self.row, (self.end_us - self.start_us) / SECOND)
        return longest


@dataclass(frozen=True, eq=False)
class Fixes:
    """
    Positions of units that are in the roster, by unit and time.

    Parameters
    ----------
    unit
        n positions in the units of the roster, ascending.
    time_us
        n times in microseconds, ascending within a unit.
    track
        n numbers of tracks.
    xy
        n x 2 coordinates in metres.
    """

    unit: Ints
    time_us: Ints
    track: Ints
    xy: Floats

    @classmethod
    def of(cls, fixes: gpd.GeoDataFrame, roster: Roster) -> Fixes:
        """
        Read positions; those of a unit that is not in the roster are left out.

        Parameters
        ----------
        fixes
            n points with `time`, and `unit_id` or `track_id`; where a row has no `unit_id`, its
            `track_id` is the unit.
        roster
            The shifts.

        Returns
        -------
        fixes
            In order.

        Raises
        ------
        ColumnError
            When there is neither `unit_id` nor `track_id`, or no `time`.
        InvalidParameterError
            When a time is missing.
        """
        named = [column for column in ("unit_id", "track_id") if column in fixes.columns]
        if not named or "time" not in fixes.columns:
            raise ColumnError(
                f"fixes: time, and unit_id or track_id, are needed; there are "
                f"{', '.join(map(str, fixes.columns))}"
            )
        unit = roster.unit_of(fixes[named[0]])
        if len(named) > 1:
            blank = fixes["unit_id"].isna().to_numpy()
            unit[blank] = roster.unit_of(fixes["track_id"][blank])
        time_us = stamps(fixes["time"], "fixes: time")
        xy = coordinates(fixes, "fixes")
        track = pd.factorize(fixes[named[-1]])[0].astype(np.int64)
        kept = np.flatnonzero((unit >= 0) & np.isfinite(xy).all(axis=1))
        order = kept[np.lexsort((time_us[kept], unit[kept]))]
        return cls(unit[order], time_us[order], track[order], xy[order])


def silences(roster: Roster, fixes: Fixes, *, silence_s: float, bridge_m: float) -> Silence:
    """
    Find when units on duty were silent.

    Silent is a stretch of a shift longer than `silence_s` without a position of the unit, unless
    the positions before and after it are of one track and lie within `bridge_m` of each other.

    Parameters
    ----------
    roster
        n shifts.
    fixes
        Positions of their units.
    silence_s
        How long a device may say nothing, in seconds.
    bridge_m
        How far a unit that stood still may seem to have moved, in metres.

    Returns
    -------
    silence
        The stretches, and how many positions each shift has.
    """
    unit, start, end = _gaps(roster, fixes, silence_s, bridge_m)
    # Gaps of a unit are disjoint and in order, so those that a shift meets are a range.
    low = rank_in(unit, end, roster.unit, roster.on_us, side="right")
    high = rank_in(unit, start, roster.unit, roster.off_us, side="left")
    count = np.maximum(high - low, 0)
    row = np.repeat(np.arange(len(roster)), count)
    gap = np.repeat(low - np.cumsum(count) + count, count) + np.arange(len(row))
    start = np.maximum(start[gap], roster.on_us[row])
    end = np.minimum(end[gap], roster.off_us[row])
    long = end - start > silence_s * SECOND
    heard = rank_in(
        fixes.unit, fixes.time_us, roster.unit, roster.off_us, side="right"
    ) - rank_in(fixes.unit, fixes.time_us, roster.unit, roster.on_us, side="left")  # fmt: skip
    return Silence(row[long], start[long], end[long], heard)


def _gaps(
    roster: Roster, fixes: Fixes, silence_s: float, bridge_m: float
) -> tuple[Ints, Ints, Ints]:
    """Return what lies between the positions of each unit, before the first and after the last."""
    units = len(roster.units)
    every = np.arange(units)
    times = np.concatenate((roster.on_us, roster.off_us, fixes.time_us))
    first, last = (int(times.min()), int(times.max())) if len(times) else (0, 0)
    unit = np.concatenate((every, fixes.unit, every))
    time = np.concatenate((np.full(units, first), fixes.time_us, np.full(units, last)))
    track = np.concatenate((np.full(units, -1), fixes.track, np.full(units, -1)))
    xy = np.concatenate((np.full((units, 2), np.inf), fixes.xy, np.full((units, 2), np.inf)))
    order = np.lexsort((time, unit))
    unit, time, track, xy = unit[order], time[order], track[order], xy[order]
    long = (unit[1:] == unit[:-1]) & (np.diff(time) > silence_s * SECOND)
    before = np.flatnonzero(long)
    same = (track[before] == track[before + 1]) & (track[before] >= 0)
    bridged = np.zeros(len(before), dtype=np.bool_)
    step = xy[before[same] + 1] - xy[before[same]]
    bridged[same] = np.hypot(step[:, 0], step[:, 1]) <= bridge_m
    before = before[~bridged]
    return unit[before], time[before], time[before + 1]


def rank_in(unit: Ints, time: Ints, at_unit: Ints, at_time: Ints, *, side: str) -> Ints:
    """
    Count how many rows, sorted by unit and time, come before each of some moments.

    Parameters
    ----------
    unit, time
        n rows, sorted by both.
    at_unit, at_time
        m moments.
    side
        "left" to count earlier rows alone, "right" to count those of the same time too.

    Returns
    -------
    rank
        m counts.
    """
    moment = np.concatenate((time, at_time))
    if not len(moment):
        return np.zeros(0, dtype=np.int64)
    # One number orders both: years of microseconds and thousands of units fit into 63 bits.
    base = moment.min()
    width = int(moment.max() - base) + 1
    keys, wanted = unit * width + (time - base), at_unit * width + (at_time - base)
    rank: Ints = np.searchsorted(keys, wanted, side="left" if side == "left" else "right")
    return rank
