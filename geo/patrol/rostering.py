"""Who was to be on duty when: the roster as spans, by unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.errors import ColumnError, InvalidParameterError
from geo.health.moments import MISSING, moments
from geo.health.reading import require_columns
from geo.intervals import Intervals
from geo.partition.layers import as_text
from geo.partition.reading import texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Texts = NDArray[np.str_]

DAY_US: Final = 86_400_000_000
"""Microseconds of a day."""


@dataclass(frozen=True, eq=False)
class Roster:
    """
    The shifts of a roster, taken apart; make one with `Roster.of`.

    Parameters
    ----------
    shift_id
        n codes as texts; a shift that several units share has a row for each.
    units
        u codes of units, each once.
    unit
        n positions in `units`.
    on_us, off_us
        n beginnings and ends in microseconds of local time.
    force, mode, area_id
        n texts, "" where not told.
    visible
        n truths: certainly in uniform or marked.
    """

    shift_id: Texts
    units: pd.Index
    unit: Ints
    on_us: Ints
    off_us: Ints
    force: Texts
    mode: Texts
    area_id: Texts
    visible: Mask

    @classmethod
    def of(cls, roster: pd.DataFrame) -> Roster:
        """
        Read a roster.

        Parameters
        ----------
        roster
            n rows with `shift_id`, `unit_id`, `on` and `off` (local times); `force`, `mode`,
            `area_id` and `visible` are read where present.

        Returns
        -------
        roster
            One entry per row, in their order.

        Raises
        ------
        ColumnError
            When a column is missing, or a row has no code.
        InvalidParameterError
            When a shift has no time, or ends before it begins.
        """
        require_columns(roster, "roster", ("shift_id", "unit_id", "on", "off"))
        shift, unit = as_text(roster["shift_id"]), as_text(roster["unit_id"])
        for name, codes in (("shift_id", shift), ("unit_id", unit)):
            blank = np.flatnonzero(pd.isna(codes))
            if blank.size:
                raise ColumnError(f"roster: row {blank[0]} has no {name}; fill it")
        on, off = moments(roster["on"], "roster: on"), moments(roster["off"], "roster: off")
        wrong = np.flatnonzero((on == MISSING) | (off == MISSING) | (off <= on))
        if wrong.size:
            row = int(wrong[0])
            raise InvalidParameterError(
                f"roster: row {row} (unit {unit[row]}) is on from {roster['on'].iloc[row]} to "
                f"{roster['off'].iloc[row]}; give both, the end later: a shift over midnight ends "
                f"on the next date"
            )
        code, names = pd.factorize(unit)
        visible = np.zeros(len(roster), dtype=np.bool_)
        if "visible" in roster.columns:
            visible = roster["visible"].eq(True).fillna(False).to_numpy(dtype=np.bool_)
        return cls(
            shift.astype(str), pd.Index(names, dtype=object), code.astype(np.int64), on, off,
            texts(roster, "force"), texts(roster, "mode"), texts(roster, "area_id"), visible,
        )  # fmt: skip

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.unit)

    @cached_property
    def on_duty(self) -> Intervals:
        """When each unit is on duty, keyed by unit, in microseconds."""
        # Whole microseconds of this millennium are exact as floats.
        return Intervals.of(self.unit, self.on_us, self.off_us)

    @property
    def day(self) -> NDArray[np.datetime64]:
        """The day that each shift belongs to: that on which it begins."""
        return day_of(self.on_us)

    def unit_of(self, values: pd.Series) -> Ints:
        """
        Find the units that a column names.

        Parameters
        ----------
        values
            m codes.

        Returns
        -------
        unit
            m positions in `units`; -1 for a unit that is not in the roster, or none.
        """
        return positions(values, self.units)

    def shift_of(self, values: pd.Series) -> Ints:
        """
        Find the first row of the shift that each value of a column names.

        Parameters
        ----------
        values
            m codes.

        Returns
        -------
        row
            m rows of the roster; -1 for a shift that is not in it, or none.
        """
        names, first = np.unique(self.shift_id, return_index=True)
        found = positions(values, pd.Index(names.astype(object)))
        return np.append(first, -1)[found].astype(np.int64)


def positions(values: pd.Series, names: pd.Index) -> Ints:
    """
    Find codes among names.

    Parameters
    ----------
    values
        n codes; blanks may be among them.
    names
        Texts, each once.

    Returns
    -------
    position
        n positions in `names`; -1 where the code is not among them, or blank.
    """
    # A column of a million fixes has few distinct units: only those are made texts.
    code, distinct = pd.factorize(values)
    found = names.get_indexer(pd.Index(as_text(pd.Series(distinct)), dtype=object))
    return np.append(found, -1)[code].astype(np.int64)


def day_of(time_us: Ints) -> NDArray[np.datetime64]:
    """
    Return the local dates of times.

    Parameters
    ----------
    time_us
        n times in microseconds.

    Returns
    -------
    day
        n dates.
    """
    return (np.asarray(time_us) // DAY_US).astype("datetime64[D]")


def stamps(values: pd.Series, name: str) -> Ints:
    """
    Read a column of local times that every row must have.

    Parameters
    ----------
    values
        n local times.
    name
        The caller's argument, for the message.

    Returns
    -------
    time_us
        n times in microseconds.

    Raises
    ------
    InvalidParameterError
        When a time is missing, cannot be read, or has a zone.
    """
    time_us = moments(values, name)
    blank = np.flatnonzero(time_us == MISSING)
    if blank.size:
        raise InvalidParameterError(f"{name}: row {blank[0]} has no time; leave such rows out")
    return time_us
