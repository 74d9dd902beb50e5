"""Named slots of the day, which take every hour once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.errors import ColumnError, InvalidParameterError
from geo.health.moments import MISSING, SECOND, moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

MINUTE_US: Final = 60 * SECOND
"""Microseconds of a minute."""

DAY_MIN: Final = 24 * 60
"""Minutes of a day."""

DAY_US: Final = DAY_MIN * MINUTE_US
"""Microseconds of a day."""

SEVERAL: Final = "several"
"""The slot of a row that can have happened in more than one: it is in none of them for sure."""

UNTIMED: Final = "unknown"
"""The slot of a row that nobody knows the time of."""

_CLOCK: Final = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::00)?")


def usual_slots() -> pd.DataFrame:
    """
    Return the slots of police bulletins, to use or to edit.

    Reports name seven, from 凌晨 to 夜间; where one ends and the next begins differs from place
    to place, so the hours are a choice.

    Returns
    -------
    slots
        Seven rows: `slot`, `label`, `label_en`, `start`, `end`, the last two as 17:00; an end of
        24:00 is midnight. A slot may run over midnight, and a code may have several rows.
    """
    return pd.DataFrame(
        [
            ("small_hours", "凌晨", "small hours", "00:00", "05:00"),
            ("early_morning", "早晨", "early morning", "05:00", "08:00"),
            ("forenoon", "上午", "forenoon", "08:00", "11:00"),
            ("noon", "中午", "noon", "11:00", "13:00"),
            ("afternoon", "下午", "afternoon", "13:00", "17:00"),
            ("dusk", "傍晚", "dusk", "17:00", "19:00"),
            ("night", "夜间", "night", "19:00", "24:00"),
        ],
        columns=["slot", "label", "label_en", "start", "end"],
    )


@dataclass(frozen=True, eq=False)
class DaySlots:
    """
    The day cut at hours of the clock; make it with `DaySlots.of`.

    Parameters
    ----------
    names
        The codes of the slots in the order of their table.
    start_us
        Where the k stretches of the day begin, in microseconds from midnight; the first at 0.
    slot
        k places in the names.
    """

    names: tuple[str, ...]
    start_us: Ints
    slot: Ints

    @classmethod
    def of(cls, slots: pd.DataFrame | None) -> DaySlots:
        """
        Read a table of slots.

        Parameters
        ----------
        slots
            Rows with `slot`, `start` and `end`, as `usual_slots` gives, which is also None.

        Returns
        -------
        slots
            The same, cut at midnight.

        Raises
        ------
        ColumnError
            When a column is missing.
        InvalidParameterError
            When an hour is none, or a part of the day has no slot or two.
        """
        table = usual_slots() if slots is None else slots
        for column in ("slot", "start", "end"):
            if column not in table.columns:
                raise ColumnError(
                    f"slots: no column {column} among {', '.join(map(str, table.columns))}; take "
                    f"the table of usual_slots and edit it"
                )
        number, names = pd.factorize(table["slot"].astype(str))
        stretches = []
        for slot, start, end in zip(number, table["start"], table["end"], strict=True):
            begins, ends = _minute(start), _minute(end)
            if begins < ends:
                stretches.append((begins, ends, slot))
            else:
                stretches += [(begins, DAY_MIN, slot), (0, ends, slot)]
        stretches = sorted(part for part in stretches if part[0] < part[1])
        reached = 0
        for begins, ends, slot in stretches:
            if begins != reached:
                found = "no slot" if begins > reached else "two slots"
                raise InvalidParameterError(
                    f"slots: {_text(min(begins, reached))} - {_text(max(begins, reached))} has "
                    f"{found} (met at {names[slot]!r}); let every hour of the day have one"
                )
            reached = ends
        if reached != DAY_MIN:
            raise InvalidParameterError(
                f"slots: {_text(reached)} - 24:00 has no slot; let every hour of the day have one"
            )
        return cls(
            tuple(names),
            np.array([part[0] * MINUTE_US for part in stretches], dtype=np.int64),
            np.array([part[2] for part in stretches], dtype=np.int64),
        )

    @property
    def hours(self) -> NDArray[np.float64]:
        """Return how many hours of the day each slot has."""
        length = np.diff(self.start_us, append=DAY_US) / (60 * MINUTE_US)
        total = np.bincount(self.slot, length, minlength=len(self.names))
        return total.astype(np.float64)

    def of_rows(self, incidents: pd.DataFrame) -> tuple[Ints, tuple[str, ...]]:
        """
        Find the slot in which each row happened.

        Parameters
        ----------
        incidents
            n rows; `time` and `time_to` are read where present.

        Returns
        -------
        slot, labels
            n places in the labels: the names, then `SEVERAL` for a row that can have happened in
            more than one slot, and `UNTIMED`. `geo.incidents.hourly.hours` spreads those rows.
        """
        start, end = interval_of(incidents)
        first = self._at(start % DAY_US)
        # What ends on the hour did not happen in the slot that begins there.
        last_us = np.maximum(end - 1, start)
        stretch_from = start // DAY_US * len(self.start_us) + first
        stretch_to = last_us // DAY_US * len(self.start_us) + self._at(last_us % DAY_US)
        slot = self.slot[first]
        same_slot = self.slot[self._at(last_us % DAY_US)] == slot
        # Midnight cuts a slot that runs over it, which is one slot all the same.
        over = (stretch_to == stretch_from + 1) & same_slot
        one = (stretch_from == stretch_to) | over
        slot = np.where(one, slot, len(self.names))
        slot = np.where(start == MISSING, len(self.names) + 1, slot)
        return slot, (*self.names, SEVERAL, UNTIMED)

    def _at(self, day_us: Ints) -> Ints:
        """Find the stretch of the day that holds a moment."""
        return np.searchsorted(self.start_us, day_us, side="right") - 1


def interval_of(incidents: pd.DataFrame) -> tuple[Ints, Ints]:
    """
    Return when each row can have happened.

    Parameters
    ----------
    incidents
        n rows; `time` and `time_to` are read where present.

    Returns
    -------
    start_us, end_us
        n times in microseconds; the same where the time is known. Both are `MISSING` where the
        first is, and where the second comes before it.
    """
    none = pd.Series(np.full(len(incidents), None, dtype=object), index=incidents.index)
    start = moments(incidents["time"] if "time" in incidents.columns else none, "time")
    end = moments(incidents["time_to"] if "time_to" in incidents.columns else none, "time_to")
    end = np.where(end == MISSING, start, end)
    usable = (start != MISSING) & (end >= start)
    return np.where(usable, start, MISSING), np.where(usable, end, MISSING)


def _minute(clock: object) -> int:
    """Return an hour of the clock in minutes from midnight."""
    met = _CLOCK.fullmatch(str(clock).strip())
    minute = -1 if met is None else int(met[1]) * 60 + int(met[2] or 0)
    if not 0 <= minute <= DAY_MIN:
        raise InvalidParameterError(f"slots: {clock!r} is no hour of the day; write such as 17:00")
    return minute


def _text(minute: int) -> str:
    """Write minutes from midnight as an hour of the clock."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
