"""Who is on duty when: the units of a sheet as crews of one date, shift by shift."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import ColumnError, InvalidParameterError, PatrolError
from geo.patrol.columns import flags, numbers, texts, words
from geo.patrol.windows import MINUTE_S, begun_on, clipped, open_spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.patrol.windows import Span

MODES: Final = ("foot", "e_bike", "car", "video")
"""How units move; video rounds go along no street."""

SPEED_KMH: Final = {"foot": 5.0, "e_bike": 20.0, "car": 30.0}
"""How fast a unit moves from place to place where its row does not say, in km/h."""

PATROL_KMH: Final = 30.0
"""Nobody patrols a segment faster, in km/h: what is driven through faster is not seen."""

MANY_STOPS: Final = 1_000_000
"""How many stops a unit makes at most where its row does not say."""

UNIT_REASONS: Final = (
    "no_shift", "hours_unread", "not_this_day", "other_shift", "mode_unknown", "video",
    "start_unknown", "end_unknown", "start_off_network", "end_off_network",
)  # fmt: skip
"""Why a unit gets no route: no shift is stated or its hours cannot be read; it has none on the
date, or none that was asked for; its mode is no mode; it does video rounds; it starts or ends at
a place that is not known, or off the streets that it may use."""

COLUMNS: Final = (
    "crew_id", "shift_id", "unit_id", "name", "force", "mode", "visible", "speed_kmh",
    "patrol_kmh", "period", "on_s", "off_s", "break_s", "break_early_s", "break_late_s",
    "start", "end", "skills", "area_code", "most_stops",
)  # fmt: skip
"""Columns of `Shifts.crews`."""


@dataclass(frozen=True, eq=False)
class Shifts:
    """
    The shifts of one date.

    A crew is a unit in one shift; a unit with two shifts on a date is two crews. A shift belongs
    to the day it begins on.

    Parameters
    ----------
    date
        The day.
    periods
        Starts and ends of the shifts planned for, in seconds from its midnight.
    crews
        One row per crew, in the columns of `COLUMNS`: `period` (which of them), `shift_id` (all
        crews of a period have the same), `on_s` and `off_s` in seconds, `start` and `end` as the
        sheet has them, None where it says nothing.
    video
        Crews that do video rounds, in the same columns; they get no route.
    left_out
        Units without a crew: `unit_id`, `reason` (one of `UNIT_REASONS`).
    notes
        What was read otherwise than written: `unit_id`, `note` ("break_outside_shift",
        "break_too_long").
    """

    date: dt.date
    periods: tuple[Span, ...]
    crews: pd.DataFrame
    video: pd.DataFrame
    left_out: pd.DataFrame
    notes: pd.DataFrame

    def roster(self) -> pd.DataFrame:
        """
        Return the shifts as a roster.

        Returns
        -------
        roster
            One row per crew, video rounds among them: `shift_id`, `unit_id`, `force`, `mode`,
            `visible`, `area_id`, `on`, `off` (local times).
        """
        every = pd.concat([self.crews, self.video], ignore_index=True)
        return pd.DataFrame({
            "shift_id": every["shift_id"],
            "unit_id": every["unit_id"],
            "force": every["force"],
            "mode": every["mode"],
            "visible": every["visible"].astype(bool),
            "area_id": every["area_code"],
            "on": clock(self.date, every["on_s"]),
            "off": clock(self.date, every["off_s"]),
        })  # fmt: skip

    def period_id(self, period: int) -> str:
        """
        Name a shift by its date and hours.

        Parameters
        ----------
        period
            Which of `periods`.

        Returns
        -------
        shift_id
            Such as "2026-11-22 18:00-02:00".
        """
        return period_id(self.date, self.periods[period])


def period_id(date: dt.date, period: Span) -> str:
    """
    Name a shift by the date it begins on and its hours.

    Parameters
    ----------
    date
        The date.
    period
        Start and end in seconds.

    Returns
    -------
    shift_id
        Such as "2026-11-22 18:00-02:00".
    """
    start, end = clock(date, period)
    return f"{date.isoformat()} {start:%H:%M}-{end:%H:%M}"


def clock(date: dt.date, seconds: Any) -> pd.DatetimeIndex:  # noqa: ANN401 - a column or a list
    """
    Turn seconds into local times.

    Parameters
    ----------
    date
        The day whose midnight they count from.
    seconds
        n numbers.

    Returns
    -------
    times
        n times.
    """
    steps = pd.to_timedelta(np.asarray(seconds, dtype=np.int64), unit="s")
    return (pd.Timestamp(date) + steps).as_unit("ns")


def shifts_of(units: pd.DataFrame, date: dt.date, *, shift: str | None = None) -> Shifts:
    """
    Read a sheet of units: who is on duty on a date.

    Parameters
    ----------
    units
        n rows with `unit_id`; read where present: `name`, `force`, `mode` (one of `MODES`; foot
        where blank), `visible`, `speed_kmh`, `shift` (hours), `start`, `end`, `break_min`,
        `break_window` (hours; the whole shift where blank), `skills`, `area_code`, `most_stops`.
    date
        The day that shifts begin on.
    shift
        The hours to plan for, such as "18:00-02:00"; units on duty for a part of them are planned
        for that part. None for all shifts of the date: those that overlap by more than half of
        the shorter one count as one.

    Returns
    -------
    shifts
        Every unit has crews, or a reason why not.

    Raises
    ------
    ColumnError
        When there is no `unit_id`, or it repeats.
    InvalidParameterError
        When the date is none, or the shift cannot be read.
    """
    if isinstance(date, dt.datetime) or not isinstance(date, dt.date):
        raise InvalidParameterError(f"date: {date!r} is no date; give datetime.date")
    _check_ids(units)
    asked = None if shift is None else _asked(shift, date)
    sheet = _sheet(units)
    left_out: list[tuple[Any, str]] = []
    held: list[tuple[int, Span]] = []
    for row, (unit, hours, mode) in enumerate(
        zip(sheet["unit_id"], sheet["shift"], sheet["mode"], strict=True)
    ):
        reason, spans = _duty(hours, mode, date)
        if not reason and asked is not None:
            spans = tuple(piece for period in asked for piece in clipped(spans, period))
            reason = "" if spans else "other_shift"
        if reason:
            left_out.append((unit, reason))
        held += [(row, span) for span in spans]
    # A shift is what units walk or drive; who watches by video does so in the shift of others.
    walked = [span for row, span in held if sheet["mode"].iloc[row] != "video"]
    periods = _periods(walked or [span for _, span in held]) if asked is None else asked
    crews, notes = _crews(sheet, held, periods, date)
    filmed = crews["mode"] == "video"
    left_out += [(unit, "video") for unit in crews.loc[filmed, "unit_id"].unique()]
    return Shifts(
        date,
        periods,
        crews[~filmed].reset_index(drop=True),
        crews[filmed].reset_index(drop=True),
        pd.DataFrame(left_out, columns=["unit_id", "reason"]),
        notes,
    )


def _check_ids(units: pd.DataFrame) -> None:
    if "unit_id" not in units.columns:
        raise ColumnError("units: no column unit_id; give every unit an id")
    ids = units["unit_id"].astype(str)
    if ids.duplicated().any():
        raise ColumnError(
            f"units: unit_id {ids[ids.duplicated()].iloc[0]!r} repeats; give every unit its own"
        )


def _asked(shift: str, date: dt.date) -> tuple[Span, ...]:
    """Return the periods that were asked for."""
    spans = begun_on(shift, date)
    if not spans:
        raise PatrolError(f"shift: {shift!r} has no hours on {date}; write it like 18:00-02:00")
    return spans


def _sheet(units: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are read, with their defaults."""
    named = ("name", "force", "shift", "start", "end", "break_window", "area_code")
    mode = ["foot" if text is None else text.lower() for text in texts(units, "mode")]
    usual = np.array([SPEED_KMH.get(each, SPEED_KMH["foot"]) for each in mode])
    speed = numbers(units, "speed_kmh", np.nan)
    speed = np.where(speed > 0.0, speed, usual)
    return pd.DataFrame({
        "unit_id": units["unit_id"].to_numpy(dtype=object),
        **{column: pd.Series(texts(units, column), dtype=object) for column in named},
        "mode": mode,
        "visible": flags(units, "visible", default=True),
        "speed_kmh": speed,
        "patrol_kmh": np.minimum(speed, PATROL_KMH),
        "break_s": np.rint(np.maximum(numbers(units, "break_min", 0.0), 0.0) * MINUTE_S).astype(
            np.int64
        ),
        "skills": words(units, "skills"),
        "most_stops": np.maximum(numbers(units, "most_stops", MANY_STOPS), 0).astype(np.int64),
    })  # fmt: skip


def _duty(hours: str | None, mode: str, date: dt.date) -> tuple[str, tuple[Span, ...]]:
    """Return the spans of duty of one row, or why there are none."""
    if mode not in MODES:
        return "mode_unknown", ()
    if hours is None:
        return "no_shift", ()
    spans = begun_on(hours, date)
    if spans is None:
        return "hours_unread", ()
    return ("", spans) if spans else ("not_this_day", ())


def _periods(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Put shifts that overlap by more than half of the shorter one together."""
    out: list[Span] = []
    for start, end in sorted(set(spans)):
        if out:
            begun, ended = out[-1]
            shorter = min(ended - begun, end - start)
            if 2 * (min(ended, end) - start) > shorter:
                out[-1] = (begun, max(ended, end))
                continue
        out.append((start, end))
    return tuple(out)


def _crews(
    sheet: pd.DataFrame, held: list[tuple[int, Span]], periods: tuple[Span, ...], date: dt.date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a row for each unit and span, and what was read otherwise than written."""
    crews = sheet.iloc[[row for row, _ in held]].reset_index(drop=True)
    on, off = np.array([span for _, span in held], dtype=np.int64).reshape(-1, 2).T
    crews["on_s"], crews["off_s"] = on, off
    crews["period"] = [_period(span, periods) for _, span in held]
    crews["shift_id"] = [period_id(date, periods[period]) for period in crews["period"]]
    crews["crew_id"] = np.arange(len(crews))
    notes: list[tuple[Any, str]] = []
    breaks = [
        _break(hours, date, span, length)
        for hours, (_, span), length in zip(
            crews["break_window"], held, crews["break_s"].tolist(), strict=True
        )
    ]
    for unit, (_, _, _, note) in zip(crews["unit_id"], breaks, strict=True):
        if note:
            notes.append((unit, note))
    for place, column in enumerate(("break_s", "break_early_s", "break_late_s")):
        crews[column] = np.array([each[place] for each in breaks], dtype=np.int64)
    return crews[list(COLUMNS)], pd.DataFrame(notes, columns=["unit_id", "note"])


def _period(span: Span, periods: tuple[Span, ...]) -> int:
    """Return the period that holds most of a span."""
    shared = [min(span[1], end) - max(span[0], start) for start, end in periods]
    return int(np.argmax(shared))


def _break(
    hours: str | None, date: dt.date, span: Span, length_s: int
) -> tuple[int, int, int, str]:
    """Return length, earliest and latest start of the break of a shift, and what was changed."""
    if not length_s:
        return 0, span[0], span[1], ""
    if length_s > span[1] - span[0]:
        return 0, span[0], span[1], "break_too_long"
    # Of several windows the first that holds the break is taken: a break has one window.
    for start, end in open_spans(hours, date, span) or ():
        if end - start >= length_s:
            return length_s, start, end - length_s, ""
    return length_s, span[0], span[1] - length_s, "break_outside_shift"
