"""Quarters of hours in which segments are due, and in which units are expected and heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.duty.hours import DutyHours
from geo.duty.week import DAY_MIN, HOUR_MIN, WEEK_MIN
from geo.errors import InvalidParameterError
from geo.health.moments import SECOND, as_times

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.patrol.rostering import Roster

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

MINUTE_US: Final = 60 * SECOND
"""Microseconds of a minute."""

MONDAY_MIN: Final = 4 * DAY_MIN
"""From the first Monday of 1970 on weeks are counted; it was the fifth of January."""


@dataclass(frozen=True)
class Slots:
    """
    Stretches of time of one length, counted from a midnight.

    Parameters
    ----------
    first
        The first slot, in lengths since 1970.
    count
        How many there are.
    length_us
        The length in microseconds.
    """

    first: int
    count: int
    length_us: int

    @classmethod
    def of(cls, start_us: int, end_us: int, slot_min: int) -> Slots:
        """
        Take the slots that a stretch of time meets.

        Parameters
        ----------
        start_us, end_us
            The stretch.
        slot_min
            The length in minutes; a day has a whole number of them.

        Returns
        -------
        slots
            In order.

        Raises
        ------
        InvalidParameterError
            When a day has no whole number of slots.
        """
        if slot_min <= 0 or DAY_MIN % slot_min:
            raise InvalidParameterError(
                f"slot_min must divide the {DAY_MIN} minutes of a day, got {slot_min!r}; take 15"
            )
        length = slot_min * MINUTE_US
        first = start_us // length
        return cls(first, max(-(-end_us // length) - first, 0), length)

    def at(self, time_us: Ints) -> Ints:
        """Return the slot of each time, counted from the first of these; it may be none of them."""
        return time_us // self.length_us - self.first

    @property
    def start_us(self) -> Ints:
        """When each begins, in microseconds."""
        return (self.first + np.arange(self.count)) * self.length_us

    @property
    def middle_us(self) -> Ints:
        """The middle of each, in microseconds: a slot is due where its middle is."""
        return self.start_us + self.length_us // 2

    @property
    def starts(self) -> pd.Series:
        """When each begins, as local times."""
        return as_times(self.start_us)

    @property
    def hour(self) -> Ints:
        """The hour of the day in which each begins."""
        return self.start_us // (HOUR_MIN * MINUTE_US) % (DAY_MIN // HOUR_MIN)


def open_slots(segments: gpd.GeoDataFrame, slots: Slots) -> Mask:
    """
    Tell in which slots segments are due by their own windows.

    Parameters
    ----------
    segments
        n rows; `windows` (text of hours) is read where present, none is always.
    slots
        The slots.

    Returns
    -------
    due
        n rows, one column per slot.

    Raises
    ------
    InvalidParameterError
        When a text of hours cannot be read.
    """
    if "windows" not in segments.columns:
        return np.ones((len(segments), slots.count), dtype=np.bool_)
    duty = DutyHours.of(pd.DataFrame({"hours": segments["windows"].to_numpy()}))
    wrong = np.flatnonzero(duty.unread)
    if wrong.size:
        raise InvalidParameterError(
            f"segments: row {wrong[0]} has windows {duty.hours[wrong[0]]!r}, which cannot be read; "
            f"write such as 08:30-11:30;13:30-17:00"
        )
    # Every date counts as its weekday: whether it is a holiday nobody said.
    minute = (slots.middle_us // MINUTE_US - MONDAY_MIN) % WEEK_MIN
    kinds = len(duty.readings)
    held = duty.pieces().holds(np.repeat(np.arange(kinds), slots.count), np.tile(minute, kinds))
    return held.reshape(kinds, slots.count)[duty.pattern]


def staffed(roster: Roster, rows: Mask, areas: pd.Index, slots: Slots, *, whole: bool) -> Mask:
    """
    Tell in which slots units are on duty for areas.

    Parameters
    ----------
    roster
        n shifts; one of no area serves all of them.
    rows
        n truths: the shifts that count.
    areas
        Codes of areas.
    slots
        The slots.
    whole
        Whether a shift takes every slot that it meets; else those whose middle it holds.

    Returns
    -------
    staffed
        One row per area and one at the end for what is of no area, which any shift serves; one
        column per slot.
    """
    picked = np.flatnonzero(rows)
    on, off = roster.on_us[picked], roster.off_us[picked]
    half = slots.length_us // 2
    if whole:
        first, last = slots.at(on), slots.at(off - 1) + 1
    else:
        first, last = slots.at(on + half - 1), slots.at(off + half - 1)
    first, last = (np.clip(value, 0, slots.count) for value in (first, last))
    area = areas.get_indexer(pd.Index(roster.area_id[picked].astype(object)))
    area = np.where(roster.area_id[picked] == "", len(areas) + 1, area)
    return served(area, first, last, len(areas), slots.count)


def served(area: Ints, first: Ints, last: Ints, areas: int, slots: int) -> Mask:
    """
    Spread ranges of slots over areas.

    Parameters
    ----------
    area
        n positions of areas; -1 for another area, `areas` + 1 for all of them.
    first, last
        n ranges, the last slot not in it.
    areas, slots
        How many there are.

    Returns
    -------
    served
        `areas` + 1 rows, the last for what is of no area; one column per slot.
    """
    change = np.zeros((areas + 2, slots + 1), dtype=np.int64)
    # What serves another area alone still serves what is of no area.
    place = np.where(area < 0, areas, area)
    np.add.at(change, (place, first), 1)
    np.add.at(change, (place, last), -1)
    counts = change.cumsum(axis=1)[:, :-1]
    held = counts[: areas + 1] + counts[areas + 1]
    held[areas] = counts.sum(axis=0)
    return held > 0
