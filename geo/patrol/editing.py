"""Plans changed by hand: a stop dropped, moved or put in, and everything checked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.errors import PatrolError
from geo.patrol.outcome import lived
from geo.patrol.planning import revised
from geo.patrol.problem import BREAK, HERE, Routes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.patrol.model import Part
    from geo.patrol.patrolplan import PatrolPlan

    Ints = NDArray[np.int64]


def without_stop(plan: PatrolPlan, due_id: str) -> PatrolPlan:
    """
    Take a stop out of a plan.

    Parameters
    ----------
    plan
        Any plan.
    due_id
        What the stop is for, as in `PatrolPlan.stops`.

    Returns
    -------
    plan
        The other stops in their order, lived through and checked anew; the task is unserved.

    Raises
    ------
    PatrolError
        When no unit of the plan goes there.
    """
    number, task = _task_of(plan, due_id)
    routes = plan.outcomes[number].routes
    kept = plan.model.parts[number].problem.visits.task[routes.visit] != task
    return revised(plan, number, _only(routes, kept | (routes.visit == BREAK)))


def with_stop(
    plan: PatrolPlan, due_id: str, unit_id: str, *, before: str | None = None
) -> PatrolPlan:
    """
    Send a unit somewhere: to a place that is left out, or instead of the unit that goes there.

    Parameters
    ----------
    plan
        Any plan.
    due_id
        What the stop is for.
    unit_id
        Who shall go; a unit of the same area and shift.
    before
        The `due_id` of the stop of that unit before which it comes; None for where it breaks the
        fewest rules, and of these is the shortest.

    Returns
    -------
    plan
        Lived through and checked anew. What breaks a rule is in `violations`: whoever changes a
        plan sees what that does, and a plan with violations is not to be accepted.

    Raises
    ------
    PatrolError
        When the area has no such task, unit or stop.
    """
    number, task = _task_of(plan, due_id)
    part = plan.model.parts[number]
    units = [str(unit) for unit in part.problem.crews.unit_id]
    if unit_id not in units:
        raise PatrolError(
            f"unit_id: {unit_id!r} is not on duty in the area and shift of {due_id}; choose one "
            f"of {', '.join(units)}"
        )
    routes = plan.outcomes[number].routes
    elsewhere = part.problem.visits.task[routes.visit] != task
    routes = _only(routes, elsewhere | (routes.visit == BREAK))
    crew = units.index(unit_id)
    rows = np.flatnonzero(routes.crew == crew)
    first = int(np.searchsorted(routes.crew, crew))
    places: Iterable[int] = range(first, first + len(rows) + 1)
    if before is not None:
        places = _row_before(plan, part, routes, rows, before)
    ways = np.flatnonzero(part.problem.visits.task == task)
    changed = [_inserted(routes, row, crew, way) for row in places for way in ways.tolist()]
    worth = [_worth(part, each, plan.seed) for each in changed]
    return revised(plan, number, changed[worth.index(min(worth))])


def _worth(part: Part, routes: Routes, seed: int) -> tuple[int, int]:
    """Return how many rules routes break, and their length in metres: less is better."""
    timetable, violations = lived(part.problem, routes, seed=seed)
    return len(violations), timetable.distance_m


def _row_before(
    plan: PatrolPlan, part: Part, routes: Routes, rows: Ints, before: str
) -> Iterable[int]:
    """Return the row of a stop of a crew."""
    other_number, other = _task_of(plan, before)
    if plan.model.parts[other_number] is part:
        own = routes.visit[rows]
        for row in rows[(own != BREAK) & (part.problem.visits.task[own] == other)].tolist():
            return (int(row),)
    raise PatrolError(f"before: {before!r} is no stop of that unit; choose one that is")


def _task_of(plan: PatrolPlan, due_id: str) -> tuple[int, int]:
    """Return the part and the task in it of what is owed."""
    frame = plan.model.tasks.frame
    found = np.flatnonzero((frame["due_id"] == due_id).to_numpy())
    for number, part in enumerate(plan.model.parts):
        held = np.flatnonzero(np.isin(part.tasks, found))
        if len(held):
            return number, int(held[0])
    raise PatrolError(
        f"due_id: {due_id!r} is nothing that a unit of this plan could do; see its stops and what "
        f"it leaves out"
    )


def _only(routes: Routes, kept: NDArray[np.bool_]) -> Routes:
    return Routes(routes.crew[kept], routes.visit[kept], routes.place[kept])


def _inserted(routes: Routes, row: int, crew: int, way: int) -> Routes:
    return Routes(
        np.insert(routes.crew, row, crew),
        np.insert(routes.visit, row, way),
        np.insert(routes.place, row, HERE),
    )
