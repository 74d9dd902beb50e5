"""Why a task is not in a plan, and the nearest thing that would put it in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.patrol.model import part_of
from geo.patrol.offering import doable
from geo.patrol.problem import UNREACHABLE, Routes
from geo.patrol.relaxing import (
    NONE,
    TRIED,
    Relaxation,
    inserted,
    nearest_relaxation,
    with_skill,
)
from geo.patrol.shifts import PATROL_KMH, SPEED_KMH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.model import Model, Part
    from geo.patrol.problem import PatrolProblem

    Bools = NDArray[np.bool_]

REASONS: Final = (
    "no_place", "off_network", "place_unknown", "hours_unread", "window_outside_shift",
    "window_too_short", "interval_impossible", "no_unit_on_duty", "no_unit_in_area",
    "no_way_for_mode", "no_unit_with_skill", "too_long_for_shift", "too_many_stops",
    "not_enough_time", "not_worth_the_way", "dropped",
)  # fmt: skip
"""Why a task is not served: it has no geometry; it is too far from every street; a peak names no
known place; its hours cannot be read, or lie outside the shift; its windows are shorter than its
work; no slots keep its intervals; nobody is on duty, or nobody in its area; nobody on duty can get
there or do it in his mode, or has the skills; even alone it is too long for every shift; units may
make no more stops; no unit has time left; it is optional and costs more way than it is worth;
a person took it out."""

COLUMNS: Final = ("task", "reason", "relaxation", "amount", "unit_id", "mode")
"""Columns of `unserved_in`."""

ASKED: Final = 200
"""Of how many tasks of one part a relaxation is looked for: beyond it, the plan lacks units, not a
minute here and there."""


def unserved_in(model: Model, part: Part, routes: Routes) -> pd.DataFrame:
    """
    Say of every task of a part that its routes leave out why, and what would serve it.

    Parameters
    ----------
    model
        What the part is of.
    part
        One of its parts.
    routes
        Of the part, valid.

    Returns
    -------
    unserved
        One row per task left out: `task` (row of the tasks of the model), `reason` (one of
        `REASONS`), `relaxation` (one of `geo.patrol.relaxing.RELAXATIONS`), `amount` (minutes,
        stops or metres of it), `unit_id` whose route the task would go into, and `mode` that unit
        would move in, where it is another. Each relaxation was tried on its own.
    """
    problem = part.problem
    left = np.flatnonzero(~routes.done(problem))
    if not len(left):
        return pd.DataFrame([], columns=list(COLUMNS))
    alone = _by_task(problem, doable(problem))
    able = _by_task(problem, problem.able)
    moving = _by_task(
        problem, (problem.visits.work_s[problem.crews.profile] >= 0) & _there(problem)
    )
    rows = []
    for number, task in enumerate(left.tolist()):
        mode, fix = None, NONE
        if not moving[task]:
            reason = "no_way_for_mode"
            if number < ASKED:
                mode, fix = _other_mode(model, part, routes, task)
        elif not able[task]:
            reason = "no_unit_with_skill"
            if number < ASKED:
                fix = with_skill(problem, routes, task)
        else:
            if number < ASKED:
                fix = nearest_relaxation(problem, routes, task)
            reason = _busy(problem, task, fix, alone=bool(alone[task]))
        unit = None if fix.crew < 0 else problem.crews.unit_id[fix.crew]
        rows.append((int(part.tasks[task]), reason, fix.kind, fix.amount, unit, mode))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _busy(problem: PatrolProblem, task: int, fix: Relaxation, *, alone: bool) -> str:
    """Return why a task that some crew is made for is left out."""
    if not alone:
        ways, crews = problem.visits.task == task, problem.crews
        opens, closes = problem.visits.early_s[ways].min(), problem.visits.late_s[ways].max()
        outside = (opens >= crews.late_s) | (closes < crews.early_s)
        outside |= ~problem.able[:, ways].any(axis=1)
        return "window_outside_shift" if outside.all() else "too_long_for_shift"
    found = {
        "more_stops": "too_many_stops", "higher_prize": "not_worth_the_way", "put_in": "dropped",
    }  # fmt: skip
    return found.get(fix.kind, "not_enough_time")


def _by_task(problem: PatrolProblem, claims: Bools) -> Bools:
    """Tell for each task whether some crew has a way of it."""
    out = np.zeros(problem.tasks, dtype=bool)
    out[problem.visits.task[claims.any(axis=0)]] = True
    return out


def _there(problem: PatrolProblem) -> Bools:
    """Tell for crews x visits whether there is a way from the start, and one to the end."""
    crews, visits = problem.crews, problem.visits
    profile = crews.profile[:, None]
    to = problem.distance_m[profile, crews.start[:, None], visits.entry[None, :]]
    back = problem.distance_m[profile, visits.exit[None, :], crews.end[:, None]]
    return (to < UNREACHABLE) & (back < UNREACHABLE)


def _other_mode(
    model: Model, part: Part, routes: Routes, task: int
) -> tuple[str | None, Relaxation]:
    """Return a mode in which some unit could do a task along with its route, tried."""
    crews = model.shifts.crews
    fewest = np.argsort([len(routes.stops_of(crew)) for crew in range(len(part.crews))])
    for mode in model.ground.modes:
        for crew in fewest[:TRIED].tolist():
            row = int(part.crews[crew])
            if crews["mode"].iloc[row] == mode:
                continue
            speed = SPEED_KMH[mode]
            changed = crews.copy()
            changed.loc[row, ["mode", "speed_kmh", "patrol_kmh"]] = [
                mode, speed, min(speed, PATROL_KMH),
            ]  # fmt: skip
            other = part_of(
                model.ground, replace(model.shifts, crews=changed), model.tasks,
                (part.area_id, part.period), part.crews, part.tasks,
            )  # fmt: skip
            own = _carried(part, other, routes, crew)
            if own is not None and inserted(other.problem, own, task) is not None:
                return mode, Relaxation("other_mode", 0, crew)
    return None, NONE


def _carried(part: Part, other: Part, routes: Routes, crew: int) -> Routes | None:
    """Return the route of a crew in the ways that it has in another mode; None where it has not."""
    able = np.flatnonzero(other.problem.able[crew])
    ways = {tuple(row): way for way, row in zip(
        able.tolist(), other.ways.iloc[able].itertuples(index=False), strict=True)}  # fmt: skip
    old = part.ways.iloc[routes.stops_of(crew)].itertuples(index=False)
    new = [ways.get(tuple(row)) for row in old]
    held = [way for way in new if way is not None]
    if len(held) < len(new):
        return None
    return Routes(np.full(len(held), crew), np.array(held, dtype=np.int64))
