"""Which visits could answer for which visits due, and what they would be to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.due import number_column, text_column
from geo.errors import InvalidParameterError
from geo.health.moments import SECOND
from geo.health.reading import require_columns
from geo.partition.layers import as_text
from geo.patrol.assigning import STATUSES
from geo.patrol.rostering import positions, stamps
from geo.patrol.silence import rank_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.rostering import Roster

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

DONE, LATE, TOO_SHORT, DRIVEN, VIDEO = range(len(STATUSES))

WAYS: Final = ("any", "forward", "backward")
"""Ways along a segment: its own direction, the other, or whichever."""

ANY_WAY: Final = 0
"""The way that says nothing."""

ANYBODY: Final = -2
"""The unit of what is due from nobody by name: any unit on duty answers for it."""

SAME_S: Final = 1e-3
"""A stay is no shorter than another by less than this, in seconds: the rounding of times."""


@dataclass(frozen=True, eq=False)
class Due:
    """
    What was due, as arrays of n rows.

    Parameters
    ----------
    place
        Positions among the places, a place being a kind and an id.
    places
        The places: `kind`, `id`, one row each.
    unit
        Positions among the units of the roster; -1 for none of them, `ANYBODY` where the plan
        names nobody.
    row
        Rows of the roster: the shift it belongs to; -1 where the roster has no such shift.
    start_us, end_us
        The window in microseconds: its beginning, and the latest beginning of a visit.
    dwell_s
        How long to stay, in seconds.
    point
        Whether it is a place to stay at; a segment is passed.
    video
        Whether a round by video is what was due.
    direction
        Positions in `WAYS`: the way a segment has to be walked.
    """

    place: Ints
    places: pd.DataFrame
    unit: Ints
    row: Ints
    start_us: Ints
    end_us: Ints
    dwell_s: Floats
    point: Mask
    video: Mask
    direction: Ints

    @classmethod
    def of(cls, due: pd.DataFrame, roster: Roster) -> Due:
        """
        Read what was due.

        Parameters
        ----------
        due
            n rows with `due_id`, `kind`, `id`, `unit_id`, `shift_id`, `earliest`, `latest`;
            `dwell_s` and `direction` where told.
        roster
            The shifts.

        Returns
        -------
        due
            In order.

        Raises
        ------
        ColumnError
            When a column is missing.
        InvalidParameterError
            When a code is met twice, or a window is missing or ends before it begins.
        """
        needed = ("due_id", "kind", "id", "unit_id", "shift_id", "earliest", "latest")
        require_columns(due, "due", needed)
        twice = np.flatnonzero(due["due_id"].duplicated().to_numpy())
        if twice.size:
            raise InvalidParameterError(
                f"due: row {twice[0]} has due_id {due['due_id'].iloc[twice[0]]!r}, which was met "
                f"before; give every visit due its own"
            )
        start, end = (stamps(due[name], f"due: {name}") for name in ("earliest", "latest"))
        wrong = np.flatnonzero(end < start)
        if wrong.size:
            row = int(wrong[0])
            raise InvalidParameterError(
                f"due: row {row} is due from {due['earliest'].iloc[row]} to "
                f"{due['latest'].iloc[row]}; a window that ends before it begins is none"
            )
        names = places_of(due)
        places = names.drop_duplicates(ignore_index=True)
        unit = np.where(due["unit_id"].isna(), ANYBODY, roster.unit_of(due["unit_id"]))
        shift = _shift_rows(due, roster)
        return cls(
            pd.MultiIndex.from_frame(places).get_indexer(pd.MultiIndex.from_frame(names)),
            places, unit, shift, start, end,
            np.nan_to_num(number_column(due, "dwell_s")),
            names["kind"].ne("segment").to_numpy(),
            np.append(roster.mode == "video", [False])[shift], _directions(due),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Visits:
    """
    What was done, as arrays of m rows.

    Parameters
    ----------
    place
        Positions among the places due; -1 where nothing was due at all.
    unit
        Positions among the units of the roster; -1 for none of them.
    start_us, end_us
        When it began and ended, in microseconds.
    stay_s
        How long it lasted, in seconds; NaN where nothing measured it, as for a check-in.
    probable
        Whether it is not certain.
    driven
        Whether it was driven through.
    video
        Whether it is a round by video.
    on_duty
        Whether the unit was on duty when it began or ended.
    direction
        Positions in `WAYS`: the way a segment was walked.
    """

    place: Ints
    unit: Ints
    start_us: Ints
    end_us: Ints
    stay_s: Floats
    probable: Mask
    driven: Mask
    video: Mask
    on_duty: Mask
    direction: Ints

    @classmethod
    def of(cls, done: pd.DataFrame, due: Due, roster: Roster) -> Visits:
        """
        Read what was done.

        Parameters
        ----------
        done
            m rows with `kind`, `id`, `unit_id`, `entered`, `left`; `dwell_s`, `certainty`,
            `mode`, `driven_through` and `direction` where told.
        due
            What was due.
        roster
            The shifts.

        Returns
        -------
        visits
            In order.

        Raises
        ------
        ColumnError
            When a column is missing.
        InvalidParameterError
            When a time is missing, or a visit ends before it begins.
        """
        require_columns(done, "done", ("kind", "id", "unit_id", "entered", "left"))
        start, end = (stamps(done[name], f"done: {name}") for name in ("entered", "left"))
        wrong = np.flatnonzero(end < start)
        if wrong.size:
            row = int(wrong[0])
            raise InvalidParameterError(
                f"done: row {row} lasts from {done['entered'].iloc[row]} to "
                f"{done['left'].iloc[row]}; the end must not come before the beginning"
            )
        unit = roster.unit_of(done["unit_id"])
        probable = text_column(done, "certainty") == "probable"
        driven = np.zeros(len(done), dtype=np.bool_)
        if "driven_through" in done.columns:
            driven = done["driven_through"].eq(True).fillna(False).to_numpy(dtype=np.bool_)
        on = roster.on_duty
        told = number_column(done, "dwell_s")
        stay_s = np.where(np.isnan(told), (end - start) / SECOND, told)
        names = pd.MultiIndex.from_frame(places_of(done))
        return cls(
            pd.MultiIndex.from_frame(due.places).get_indexer(names), unit, start, end,
            np.where(probable, np.nan, stay_s), probable, driven,
            text_column(done, "mode") == "video", on.holds(unit, start) | on.holds(unit, end),
            _directions(done),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Pairs:
    """
    Visits that could answer for visits due.

    Parameters
    ----------
    due, visit
        p rows of what was due, and of what was done.
    level
        p positions in `STATUSES`.
    begin_us
        p beginnings in microseconds: of the visit, or of the window where that comes later.
    own
        p truths: the unit that came is the one that was sent, or nobody was sent by name.
    """

    due: Ints
    visit: Ints
    level: Ints
    begin_us: Ints
    own: Mask

    def select(self, mask: Mask | Ints) -> Pairs:
        """Return the pairs that `mask` picks."""
        return Pairs(
            self.due[mask], self.visit[mask], self.level[mask], self.begin_us[mask], self.own[mask]
        )


def pairs_of(due: Due, visits: Visits, usable: Mask, *, late_s: float) -> Pairs:
    """
    Pair visits with the visits due that they could answer for, whoever was sent.

    A visit counts from the beginning of the window on. One that begins up to `late_s` after the
    end of the window is late. A way along a segment counts for the window that holds its middle
    or its beginning.

    Parameters
    ----------
    due
        n visits due.
    visits
        m visits.
    usable
        m truths: the visits to look at.
    late_s
        How late is late and not missed, in seconds.

    Returns
    -------
    pairs
        By visit due, then by the beginning of the visit.
    """
    kept = np.flatnonzero(usable & (visits.place >= 0))
    kept = kept[np.lexsort((visits.start_us[kept], visits.place[kept]))]
    latest = due.end_us + int(late_s * SECOND)
    longest = int((visits.end_us - visits.start_us)[kept].max(initial=0))
    place, start = visits.place[kept], visits.start_us[kept]
    low = rank_in(place, start, due.place, due.start_us - longest, side="left")
    high = rank_in(place, start, due.place, latest, side="right")
    count = high - low
    d = np.repeat(np.arange(len(due.place)), count)
    v = kept[np.repeat(low - np.cumsum(count) + count, count) + np.arange(len(d))]
    same_time = np.where(
        due.point[d],
        visits.end_us[v] > due.start_us[d],
        (visits.start_us[v] + visits.end_us[v]) // 2 >= due.start_us[d],
    ) | (visits.start_us[v] >= due.start_us[d])
    # A round by video is answered by video alone: a walk past the place watches no picture.
    right = same_time & (visits.video[v] | ~due.video[d])
    # Where both ways are owed, two walks the same way are one of them.
    asked, went = due.direction[d], visits.direction[v]
    right &= (asked == ANY_WAY) | (went == ANY_WAY) | (asked == went)
    d, v = d[right], v[right]
    begin = np.maximum(visits.start_us[v], due.start_us[d])
    stay = np.minimum(visits.stay_s[v], (visits.end_us[v] - begin) / SECOND)
    level = np.where(begin > due.end_us[d], LATE, DONE)
    level[due.point[d] & (stay < due.dwell_s[d] - SAME_S)] = TOO_SHORT
    level[visits.driven[v]] = DRIVEN
    level[visits.video[v] & ~due.video[d]] = VIDEO
    own = (visits.unit[v] == due.unit[d]) & (due.unit[d] >= 0)
    return Pairs(d, v, level, begin, own | ((due.unit[d] == ANYBODY) & visits.on_duty[v]))


def places_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the kind and the id of each row as texts."""
    codes = {name: pd.Series(as_text(frame[name])).fillna("") for name in ("kind", "id")}
    return pd.DataFrame(codes)


def _directions(frame: pd.DataFrame) -> Ints:
    """Return the direction of each row as its position in `WAYS`; what is none of them is any."""
    told = text_column(frame, "direction")
    ways: Ints = np.maximum(pd.Index(WAYS).get_indexer(pd.Index(told)), ANY_WAY)
    return ways


def _shift_rows(due: pd.DataFrame, roster: Roster) -> Ints:
    """Find the row of the unit's shift; the first row of the shift where no unit of it is told."""
    names = pd.Index(np.unique(roster.shift_id).astype(object))
    shift = positions(due["shift_id"], names)
    unit = roster.unit_of(due["unit_id"])
    of_roster = names.get_indexer(pd.Index(roster.shift_id.astype(object)))
    width = len(roster.units) + 1
    pair, first = np.unique(of_roster * width + roster.unit, return_index=True)
    found = pd.Index(pair).get_indexer(shift * width + unit)
    exact = np.append(first, -1)[found]
    exact[(shift < 0) | (unit < 0)] = -1
    return np.where(exact >= 0, exact, roster.shift_of(due["shift_id"])).astype(np.int64)
