"""Plans as records of plain values, to be kept and taken up again over the same layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.errors import PatrolError
from geo.patrol.balance import Balanced
from geo.patrol.bounds import distance_bound
from geo.patrol.checking import check_times
from geo.patrol.offering import doable
from geo.patrol.outcome import Outcome, lived
from geo.patrol.patrolplan import written
from geo.patrol.problem import BREAK, HERE, Routes
from geo.patrol.timetable import Timetable, simulate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.patrol.model import Model, Part
    from geo.patrol.patrolplan import PatrolPlan

Record = dict[str, Any]

TIMES = ("arrive_s", "start_s", "leave_s")
"""What a record tells of every stop, in seconds from midnight of the day of the shift."""

BALANCE = ("base_m", "distance_m", "wanted", "why", "stopped_by", "seed", "seconds")
"""What a record tells of how shifts were made alike, beside its tables."""


def record_of(plan: PatrolPlan) -> Record:
    """
    Put a plan into plain values.

    Parameters
    ----------
    plan
        Any plan.

    Returns
    -------
    record
        `seed` and `parts`: of each part `area_id`, `shift_id`, how its search ended, and its
        `crews` with their stops in order. Ready for JSON. Stops are named by what is owed, so
        that the record says nothing of rows and places of this program.
    """
    model = plan.model
    parts = [
        {
            "area_id": part.area_id,
            "shift_id": model.shifts.period_id(part.period),
            "stopped_by": outcome.stopped_by,
            "iterations": outcome.iterations,
            "seconds": outcome.seconds,
            "balance": _balance(outcome.balance),
            "crews": [_crew(model, part, outcome, crew) for crew in range(len(part.crews))],
        }
        for part, outcome in zip(model.parts, plan.outcomes, strict=True)
    ]
    return {"seed": plan.seed, "parts": parts}


def plan_of(record: Mapping[str, Any], model: Model) -> PatrolPlan:
    """
    Take up a plan that was kept.

    Parameters
    ----------
    record
        Outcome of `record_of`.
    model
        Of the same layers, date and shift: outcome of `geo.patrol.planning.draft`.

    Returns
    -------
    plan
        The same routes and hours, lived through and checked anew.

    Raises
    ------
    PatrolError
        When the record speaks of units or tasks that the layers do not have.
    """
    outcomes = []
    for part, kept in _paired(record, model):
        routes = _routes(model, part, kept)
        timetable, violations = lived(part.problem, routes, seed=int(record["seed"]))
        outcomes.append(
            Outcome(
                routes,
                timetable,
                violations,
                distance_bound(part.problem, np.flatnonzero(routes.done(part.problem))),
                str(kept["stopped_by"]),
                int(kept["iterations"]),
                float(kept["seconds"]),
                np.asarray(doable(part.problem).any(axis=1)),
                _balanced(kept["balance"], routes),
            )
        )
    return written(model, outcomes, seed=int(record["seed"]))


def check_record(record: Mapping[str, Any], model: Model) -> pd.DataFrame:
    """
    Hold a plan that was kept, with the hours that it tells, against every rule.

    Parameters
    ----------
    record
        Outcome of `record_of`, whoever changed it since.
    model
        Of the layers that it is to be held against.

    Returns
    -------
    violations
        `area_id`, `unit_id`, `seq` (row of the unit's route), `rule`, `met`, `limit`, as
        `geo.patrol.checking` finds them; empty when the plan can be walked as it is written.

    Raises
    ------
    PatrolError
        When the record speaks of units or tasks that the layers do not have.
    """
    found = []
    for part, kept in _paired(record, model):
        told = _told(part, _routes(model, part, kept), kept)
        violations = check_times(part.problem, told)
        unit = part.problem.crews.unit_id[violations["crew"].to_numpy(np.int64)]
        found.append(violations.assign(area_id=part.area_id, unit_id=unit))
    held = [each for each in found if len(each)] or found[:1]
    columns = ["area_id", "unit_id", "seq", "rule", "met", "limit"]
    return pd.concat(held, ignore_index=True)[columns]


def _crew(model: Model, part: Part, outcome: Outcome, crew: int) -> Record:
    stops = outcome.timetable.stops
    own = (stops["crew"] == crew).to_numpy()
    row = outcome.timetable.crews.iloc[crew]
    return {
        "unit_id": str(part.problem.crews.unit_id[crew]),
        "leave_s": int(row["leave_s"]),
        "finish_s": int(row["finish_s"]),
        "stops": [
            _stop(model, part, int(visit), int(place))
            | {name: int(stop[name]) for name in TIMES}
            for visit, place, stop in zip(
                outcome.routes.visit[own], outcome.routes.place[own],
                stops[own].to_dict("records"), strict=True,
            )
        ],
    }  # fmt: skip


def _stop(model: Model, part: Part, visit: int, place: int) -> Record:
    if visit == BREAK:
        return {"break": _rest_name(model, part, place)}
    way = part.ways.iloc[visit]
    due_id = model.tasks.frame["due_id"].iloc[part.tasks[way["task"]]]
    return {
        "due_id": str(due_id),
        "direction": str(way["direction"]),
        "window": int(way["window"]),
    }


def _rest_name(model: Model, part: Part, place: int) -> str | None:
    """Return the id of the place of a break; None at a stop."""
    if place == HERE:
        return None
    row = int(part.places[place]) - model.ground.first_standby
    return str(model.ground.sites.standby["place_id"].iloc[row])


def _paired(record: Mapping[str, Any], model: Model) -> list[tuple[Part, Mapping[str, Any]]]:
    """Return the parts of a model, each with what was kept of it."""
    kept = {(part["area_id"], part["shift_id"]): part for part in record["parts"]}
    own = {(part.area_id, model.shifts.period_id(part.period)): part for part in model.parts}
    if set(kept) != set(own):
        differ = sorted(str(key) for key in set(kept) ^ set(own))
        raise PatrolError(
            f"plan: made for other areas, units or shifts ({', '.join(differ)}); give the layers "
            f"that it was made of, or plan again"
        )
    return [(part, kept[key]) for key, part in own.items()]


def _routes(model: Model, part: Part, kept: Mapping[str, Any]) -> Routes:
    """Put the stops of a record into numbers."""
    units = [str(unit) for unit in part.problem.crews.unit_id]
    by_unit = {crew["unit_id"]: crew["stops"] for crew in kept["crews"]}
    strangers = sorted(set(by_unit) ^ set(units))
    if strangers:
        raise PatrolError(
            f"plan: other units on duty ({', '.join(strangers)}); give the units that it was made "
            f"of, or plan again"
        )
    due_id = model.tasks.frame["due_id"].to_numpy(dtype=object)[part.tasks]
    named = zip(due_id[part.ways["task"]], part.ways["direction"], part.ways["window"], strict=True)
    keys = [(str(due), str(to), int(window)) for due, to, window in named]
    can = part.problem.visits.work_s[part.problem.crews.profile] >= 0
    rests = {_rest_name(model, part, int(place)): int(place) for place in part.problem.rest_places}
    crew, visit, place = [], [], []
    for number, unit in enumerate(units):
        # Ways of one key differ by who is fast enough: of these the one that the unit can do.
        way = {keys[row]: row for row in np.argsort(can[number], kind="stable").tolist()}
        for stop in by_unit[unit]:
            crew.append(number)
            if "break" in stop:
                visit.append(BREAK)
                place.append(HERE if stop["break"] is None else _known(rests, stop["break"]))
                continue
            key = (stop["due_id"], stop["direction"], stop["window"])
            visit.append(_known(way, key))
            place.append(HERE)
    return Routes(*(np.array(column, dtype=np.int64) for column in (crew, visit, place)))


def _known(rows: Mapping[Any, int], key: Any) -> int:  # noqa: ANN401 - an id or several
    if key not in rows:
        raise PatrolError(
            f"plan: {key!r} is not in the layers; give those that it was made of, or plan again"
        )
    return rows[key]


def _told(part: Part, routes: Routes, kept: Mapping[str, Any]) -> Timetable:
    """Return the timetable that a record tells: its hours, at the places of its stops."""
    lived_through = simulate(part.problem, routes)
    by_unit = {crew["unit_id"]: crew for crew in kept["crews"]}
    days = [by_unit[str(unit)] for unit in part.problem.crews.unit_id]
    hours = {name: [int(stop[name]) for day in days for stop in day["stops"]] for name in TIMES}
    ends = {name: [int(day[name]) for day in days] for name in ("leave_s", "finish_s")}
    return Timetable(lived_through.stops.assign(**hours), lived_through.crews.assign(**ends))


def _balance(balance: Balanced | None) -> Record | None:
    if balance is None:
        return None
    told = {name: getattr(balance, name) for name in BALANCE}
    tables = {name: getattr(balance, name).to_dict("records") for name in ("crews", "curve")}
    return told | tables


def _balanced(kept: Mapping[str, Any] | None, routes: Routes) -> Balanced | None:
    if kept is None:
        return None
    told = {name: kept[name] for name in BALANCE}
    tables = {name: pd.DataFrame(kept[name]) for name in ("crews", "curve")}
    return Balanced(routes=routes, **told, **tables)
