"""Frames to problems: one for each area and shift, in whole numbers, with the way back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.patrol.ground import ANYWHERE, UNKNOWN, ground_of
from geo.patrol.owed import area_ids
from geo.patrol.problem import UNREACHABLE, Crews, PatrolProblem, Visits
from geo.patrol.tasks import Speed, passing_s, speeds_of, tasks_of, whole_s
from geo.patrol.wholes import MOST
from geo.patrol.windows import open_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.patrol.ground import Ground, Sites
    from geo.patrol.shifts import Shifts
    from geo.patrol.tasks import Tasks
    from geo.patrol.windows import Window

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

FREE: Final = -1
"""A place of a problem that is none of the ground: no way to it or from it."""


@dataclass(frozen=True, eq=False)
class Part:
    """
    The problem of one area in one shift; no unit of it goes to another.

    Parameters
    ----------
    area_id
        The patrol area; None for all that no unit has for itself.
    period
        Which shift.
    crews
        u rows of `Shifts.crews`.
    tasks
        t rows of `Tasks.frame`.
    places
        p places of the ground; `FREE` for the last where units start anywhere.
    speeds
        How crews move: rows of the matrices.
    ways
        v rows: `task` (of the problem), `direction`, `window` (of the task).
    problem
        In whole numbers.
    """

    area_id: str | None
    period: int
    crews: Ints
    tasks: Ints
    places: Ints
    speeds: tuple[Speed, ...]
    ways: pd.DataFrame
    problem: PatrolProblem


@dataclass(frozen=True, eq=False)
class Model:
    """
    All that a plan is made of; make it with `model_of`.

    Parameters
    ----------
    ground
        Where everything is.
    shifts
        Who is on duty, without units that start or end at no known place.
    tasks
        What is owed, with the reasons why some of it cannot be planned.
    parts
        Problems that do not touch each other, by shift, then area.
    """

    ground: Ground
    shifts: Shifts
    tasks: Tasks
    parts: tuple[Part, ...]


def model_of(sites: Sites, shifts: Shifts, peaks: pd.DataFrame | None = None) -> Model:
    """
    Turn frames into problems.

    Where units have an `area_code`, each area and shift is a problem of its own; units without
    one serve together the areas that have no unit. Else a shift is one problem.

    Parameters
    ----------
    sites
        Points, segments, places, areas, streets.
    shifts
        Who is on duty.
    peaks
        See `geo.patrol.tasks.tasks_of`.

    Returns
    -------
    model
        Every task is in one part, or has a reason.
    """
    ground, shifts = _placed(ground_of(sites, shifts), shifts)
    tasks = tasks_of(ground, shifts, peaks)
    crews, frame = shifts.crews, tasks.frame
    manned = set(zip(crews["area_code"], crews["period"], strict=True))
    keys = []
    for area, period in zip(frame["area_id"], frame["period"], strict=True):
        own, shared = (area, period), (None, period)
        keys.append(own if own in manned else shared if shared in manned else None)
    on_duty = {period for _, period in manned}
    reasons = [
        reason or ("" if key else "no_unit_in_area" if period in on_duty else "no_unit_on_duty")
        for reason, key, period in zip(frame["reason"], keys, frame["period"], strict=True)
    ]
    tasks = replace(tasks, frame=frame.assign(reason=np.array(reasons, dtype=object)))
    planned = np.array([not reason for reason in reasons], dtype=bool)
    parts = []
    for key in sorted(manned, key=lambda each: (each[1], each[0] or "")):
        held = np.array([other == key for other in keys], dtype=bool) & planned
        named = np.array([area == key[0] for area in crews["area_code"]], dtype=bool)
        here = named & (crews["period"] == key[1]).to_numpy()
        parts.append(
            part_of(ground, shifts, tasks, key, np.flatnonzero(here), np.flatnonzero(held))
        )
    return Model(ground, shifts, tasks, tuple(parts))


def part_of(
    ground: Ground,
    shifts: Shifts,
    tasks: Tasks,
    key: tuple[str | None, int],
    crews: Ints,
    held: Ints,
) -> Part:
    """
    Put crews and tasks into one problem.

    Parameters
    ----------
    ground
        Where everything is.
    shifts
        Whose crews there are.
    tasks
        What is owed.
    key
        Area and shift.
    crews
        u rows of the crews.
    held
        t rows of the tasks, each with windows.

    Returns
    -------
    part
        The problem, and what its numbers mean.
    """
    frame = shifts.crews.iloc[crews]
    speeds = speeds_of(frame)
    places = _places(ground, shifts, tasks, key[0], crews, held)
    length = [ground.lengths(mode, places[places != FREE]) for mode, _, _ in speeds]
    distance_m, duration_s = _matrices(length, speeds, free=FREE in places)
    ways, visits = _ways(ground, shifts, tasks, held, speeds, places)
    asked = tasks.frame.iloc[held]
    vocabulary = sorted(frozenset[str]().union(*asked["skills"]))
    visits["skills"] = _bits(asked["skills"].iloc[ways["task"]], vocabulary)
    problem = PatrolProblem(
        crews=_crews(frame, ground.starts[crews], ground.ends[crews], places, speeds, vocabulary),
        visits=Visits(**visits),
        distance_m=distance_m,
        duration_s=duration_s,
        required=asked["required"].to_numpy(dtype=bool),
        prize_m=np.minimum(asked["prize_m"].to_numpy(dtype=np.int64), MOST),
        rest_places=np.flatnonzero(np.isin(places, _rests(ground, shifts, key))),
    )
    return Part(key[0], key[1], crews, held, places, speeds, ways, problem)


def _placed(ground: Ground, shifts: Shifts) -> tuple[Ground, Shifts]:
    """Leave out units that start or end at no place that they can use, with the reason."""
    crews = shifts.crews
    reasons = np.full(len(crews), "", dtype=object)
    for name, places in (("end", ground.ends), ("start", ground.starts)):
        for row, (place, mode) in enumerate(zip(places.tolist(), crews["mode"], strict=True)):
            if place == UNKNOWN:
                reasons[row] = f"{name}_unknown"
            elif place != ANYWHERE and not ground.reached(mode, place):
                reasons[row] = f"{name}_off_network"
    kept = reasons == ""
    lost = pd.DataFrame({"unit_id": crews["unit_id"], "reason": reasons})[~kept]
    return replace(ground, starts=ground.starts[kept], ends=ground.ends[kept]), replace(
        shifts,
        crews=crews[kept].reset_index(drop=True),
        left_out=pd.concat([shifts.left_out, lost.drop_duplicates()], ignore_index=True),
    )


def _rests(ground: Ground, shifts: Shifts, key: tuple[str | None, int]) -> Ints:
    """Return the standby places of an area that are open for all of a shift."""
    standby, (area, period) = ground.sites.standby, key
    whole = shifts.periods[period]
    hours = standby["hours"] if "hours" in standby.columns else [None] * len(standby)
    texts = [None if pd.isna(text) else str(text) for text in hours]
    kept = [
        ground.first_standby + row
        for row, (text, at) in enumerate(
            zip(texts, area_ids(standby, ground.sites.areas), strict=True)
        )
        if (area is None or at in (area, None)) and open_spans(text, shifts.date, whole) == (whole,)
    ]
    return np.array(kept, dtype=np.int64)


def _places(
    ground: Ground, shifts: Shifts, tasks: Tasks, area: str | None, crews: Ints, held: Ints
) -> Ints:
    """Return the places of a problem, each once; a place that is none comes last."""
    asked = tasks.frame.iloc[held]
    segments = asked["row"].to_numpy(dtype=np.int64)[(asked["kind"] == "segment").to_numpy()]
    ends = np.array([ground.segment_places(row)[1] for row in segments.tolist()], dtype=np.int64)
    starts = np.concatenate((ground.starts[crews], ground.ends[crews]))
    rests = [_rests(ground, shifts, (area, period)) for period in range(len(shifts.periods))]
    every = np.concatenate((asked["place"].to_numpy(dtype=np.int64), ends, starts, *rests))
    found = np.unique(every[every >= 0])
    return np.append(found, FREE) if (starts == ANYWHERE).any() else found


def _matrices(
    lengths: Sequence[NDArray[np.float64]], speeds: Sequence[Speed], *, free: bool
) -> tuple[Ints, Ints]:
    """Return whole metres and seconds; from and to the place that is none it is nothing."""
    distances, durations = [], []
    for length_m, speed in zip(lengths, speeds, strict=True):
        known = np.isfinite(length_m)
        length = np.where(known, length_m, 0.0)
        pair = [np.rint(length).astype(np.int64), whole_s(length, speed.speed_kmh)]
        pair = [np.pad(np.where(known, each, UNREACHABLE), (0, int(free))) for each in pair]
        distances.append(pair[0])
        durations.append(pair[1])
    return np.stack(distances), np.stack(durations)


def _ways(
    ground: Ground,
    shifts: Shifts,
    tasks: Tasks,
    held: Ints,
    speeds: tuple[Speed, ...],
    places: Ints,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return what each way to do a task means, and the columns of `Visits` but skills."""
    passing = dict(zip(("forward", "backward"), passing_s(ground, speeds), strict=True))
    at = {place: number for number, place in enumerate(places.tolist())}
    lengths = np.stack([ground.placed[mode].length_m for mode, _, _ in speeds])
    length_m = np.where(np.isfinite(lengths), lengths, 0.0).max(axis=0)
    labels: list[tuple[int, str, int]] = []
    rows: list[tuple[int, ...]] = []
    work: list[Ints] = []
    for number, task in enumerate(tasks.frame.iloc[held].itertuples(index=False)):
        windows, closing = tasks.windows[held[number]], shifts.periods[task.period][1]
        for direction in _directions(task.kind, task.direction):
            if task.kind == "segment":
                ends = ground.segment_places(task.row)
                entry, leave = ends if direction == "forward" else ends[::-1]
                took, metres = passing[direction][:, task.row], round(length_m[task.row])
            else:
                entry = leave = task.place
                on = np.array([bool(ground.reached(mode, entry)) for mode, _, _ in speeds])
                took, metres = np.where(on, task.work_s, -1), 0
            for window, (limits, late, can) in _limits(windows, took, closing):
                labels.append((number, direction, window))
                work.append(np.where(can, took, -1))
                rows.append((number, at[entry], at[leave], metres, limits.early, late))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    named = dict(
        zip(("task", "entry", "exit", "work_m", "early_s", "late_s"), columns, strict=True)
    )
    ones = np.ones(len(rows), dtype=np.int64)
    work_s = np.array(work, dtype=np.int64).reshape(len(rows), len(speeds)).T
    ways = pd.DataFrame(labels, columns=["task", "direction", "window"])
    return ways, {**named, "work_s": work_s, "load": ones}


def _directions(kind: str, asked: str) -> tuple[str, ...]:
    """Return the directions in which a task may be done; "" for a point."""
    if kind != "segment":
        return ("",)
    return ("forward", "backward") if asked == "any" else (asked,)


def _limits(
    windows: Sequence[Window], took: Ints, closing: int
) -> list[tuple[int, tuple[Window, int, Bools]]]:
    """
    Return the latest starts in each window, and which speeds they are for.

    A slower unit must begin earlier to be done before the window closes, so it has a way of its
    own. Where the window closes with the shift, the end of the shift sees to that. A task that
    nobody can do keeps one way, so that it stays known.
    """
    out: list[tuple[int, tuple[Window, int, Bools]]] = []
    for number, window in enumerate(windows):
        latest = np.minimum(window.late, window.close - took)
        if window.close >= closing:
            latest = np.full_like(latest, window.late)
        able = (took >= 0) & (latest >= window.early)
        out += [
            (number, (window, late, able & (latest == late)))
            for late in np.unique(latest[able]).tolist()
        ]
    nobody = np.zeros(len(took), dtype=bool)
    return out or [(0, (windows[0], max(windows[0].late, windows[0].early), nobody))]


def _crews(
    frame: pd.DataFrame,
    starts: Ints,
    ends: Ints,
    places: Ints,
    speeds: tuple[Speed, ...],
    vocabulary: Sequence[str],
) -> Crews:
    """Return the crews of a problem."""
    moving = zip(frame["mode"], frame["speed_kmh"], frame["patrol_kmh"], strict=True)
    row = {speed: number for number, speed in enumerate(speeds)}
    at = {place: number for number, place in enumerate(places.tolist())}
    columns = {
        name: frame[column].to_numpy(dtype=np.int64)
        for name, column in (
            ("early_s", "on_s"), ("late_s", "off_s"), ("break_s", "break_s"),
            ("break_early_s", "break_early_s"), ("break_late_s", "break_late_s"),
        )
    }  # fmt: skip
    return Crews(
        unit_id=frame["unit_id"].to_numpy(dtype=object),
        profile=np.array([row[Speed(*each)] for each in moving], dtype=np.int64),
        start=np.array([at[place] for place in starts.tolist()], dtype=np.int64),
        end=np.array([at[place] for place in ends.tolist()], dtype=np.int64),
        longest_s=columns["late_s"] - columns["early_s"],
        skills=_bits(frame["skills"], vocabulary),
        capacity=np.minimum(frame["most_stops"].to_numpy(dtype=np.int64), MOST),
        **columns,
    )


def _bits(skills: pd.Series, vocabulary: Sequence[str]) -> Ints:
    """Return sets of skills as bits; skills that nobody asks for have none."""
    bit = {skill: 1 << number for number, skill in enumerate(vocabulary)}
    return np.array([sum(bit.get(each, 0) for each in some) for some in skills], dtype=np.int64)
