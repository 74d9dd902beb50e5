"""Plan patrols: from frames to routes that are short, fair, checked and hard to foresee."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from geo.errors import InvalidParameterError, PatrolError
from geo.patrol.ground import Sites
from geo.patrol.model import model_of
from geo.patrol.outcome import Search, outcome_of, with_routes
from geo.patrol.patrolplan import written
from geo.patrol.shifts import shifts_of

if TYPE_CHECKING:
    import datetime as dt
    from concurrent.futures import Executor

    import geopandas as gpd
    import pandas as pd

    from geo.patrol.model import Model
    from geo.patrol.patrolplan import PatrolPlan
    from geo.patrol.problem import Routes

SPREAD: Final = 0.05
"""How far the shortest shift may fall short of the longest one in a balanced plan, as a share."""


def plan(  # noqa: PLR0913 - what is there, when, and how to look
    points: gpd.GeoDataFrame | None,
    segments: gpd.GeoDataFrame | None,
    units: pd.DataFrame,
    streets: gpd.GeoDataFrame,
    *,
    date: dt.date,
    shift: str | None = None,
    areas: gpd.GeoDataFrame | None = None,
    standby: gpd.GeoDataFrame | None = None,
    peaks: pd.DataFrame | None = None,
    seed: int = 0,
    balance: bool = True,
    iterations: int = 4_000,
    time_limit_s: float = 600.0,
    executor: Executor | None = None,
) -> PatrolPlan:
    """
    Plan the patrols of a date: points and segments together, a route for every unit.

    A plan is a proposal until a person accepts it. It was lived through by a checker that shares
    nothing with the search; what it leaves out carries the reason and the nearest thing that
    would serve it. Units leave at times drawn from the seed, and routes differ by seed where they
    are as short. The same seed gives the same plan, unless time ended the search.

    Parameters
    ----------
    points
        Must-visit points with `point_id`; see `geo.patrol.tasks.tasks_of`. None for none.
    segments
        Lines to patrol with `segment_id`; likewise.
    units
        A sheet with `unit_id`; see `geo.patrol.shifts.shifts_of`.
    streets
        Lines in a metric CRS, in the columns of `StreetNetwork.from_frame`.
    date
        The day that the shifts begin on.
    shift
        The hours to plan for, such as "18:00-02:00"; None for all shifts of the date.
    areas
        Patrol areas with `area_id`. Where units have an `area_code`, each area is planned for
        itself. None for none.
    standby
        Places with `place_id` where units may start, end, rest or stand by; `hours` where present.
        None for none.
    peaks
        Windows in which units stand by at a place: `place_id`, `hours`, `least_units`. None for
        none.
    seed
        Makes the random moves and hours; 0 or more.
    balance
        Whether shifts are made as long as each other, within 5 %, at a price that is told.
    iterations
        Of the search of each area and shift; 1 or more.
    time_limit_s
        Outer limit of all searches together, in seconds; each gets its share by tasks.
    executor
        Where areas and shifts are searched side by side; None for here, one after the other.

    Returns
    -------
    plan
        Rows that cannot be planned, and units that cannot be sent, are listed in it.

    Raises
    ------
    ColumnError
        When an id is missing or repeats.
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When streets or segments are no lines, or points no points.
    InvalidParameterError
        When there is nothing to plan or nobody to send, or an option is outside its range.
    """
    model = draft(
        points, segments, units, streets, date=date, shift=shift, areas=areas, standby=standby,
        peaks=peaks,
    )  # fmt: skip
    return carried_out(
        model, seed=seed, balance=balance, iterations=iterations, time_limit_s=time_limit_s,
        executor=executor,
    )  # fmt: skip


def draft(  # noqa: PLR0913 - what is there, and when
    points: gpd.GeoDataFrame | None,
    segments: gpd.GeoDataFrame | None,
    units: pd.DataFrame,
    streets: gpd.GeoDataFrame,
    *,
    date: dt.date,
    shift: str | None = None,
    areas: gpd.GeoDataFrame | None = None,
    standby: gpd.GeoDataFrame | None = None,
    peaks: pd.DataFrame | None = None,
) -> Model:
    """
    Put frames into problems without solving them; see `plan`.

    Parameters
    ----------
    points, segments, units, streets
        What there is.
    date, shift
        When.
    areas, standby, peaks
        What else there is.

    Returns
    -------
    model
        The same frames give the same numbers, so that routes kept elsewhere fit it.

    Raises
    ------
    PatrolError
        When there is nothing to plan, or nobody to send.
    """
    sites = Sites.of(streets, points, segments, standby, areas)
    if not len(sites.points) and not len(sites.segments) and (peaks is None or not len(peaks)):
        raise PatrolError("points, segments: no row in either; give what is to be patrolled")
    model = model_of(sites, shifts_of(units, date, shift=shift), peaks)
    if not model.parts:
        reasons = model.shifts.left_out["reason"].value_counts()
        why = ", ".join(f"{reason} {count}" for reason, count in reasons.items())
        when = date if shift is None else f"{date} {shift}"
        raise PatrolError(
            f"units: none of {len(units)} can be sent on {when} ({why or 'no rows'}); give one a "
            f"shift on that day, and a start on the streets"
        )
    return model


def carried_out(
    model: Model,
    *,
    seed: int = 0,
    balance: bool = True,
    iterations: int = 4_000,
    time_limit_s: float = 600.0,
    executor: Executor | None = None,
) -> PatrolPlan:
    """
    Search routes for a draft; see `plan`.

    Parameters
    ----------
    model
        Outcome of `draft`.
    seed, balance, iterations, time_limit_s, executor
        How to look.

    Returns
    -------
    plan
        A proposal.

    Raises
    ------
    InvalidParameterError
        When an option is outside its range.
    """
    for name, value, lowest in (("seed", seed, 0), ("iterations", iterations, 1)):
        if not value >= lowest:
            raise InvalidParameterError(f"{name} must be {lowest} or more, got {value!r}")
    if not time_limit_s > 0.0:
        raise InvalidParameterError(f"time_limit_s must be > 0, got {time_limit_s!r}")
    weights = [len(part.tasks) + 1 for part in model.parts]
    searches = [
        Search(seed, iterations, time_limit_s * weight / sum(weights), SPREAD if balance else None)
        for weight in weights
    ]
    problems = [part.problem for part in model.parts]
    run = map if executor is None else partial(executor.map, chunksize=1)
    outcomes = list(run(outcome_of, problems, searches))
    return written(model, outcomes, seed=seed)


def revised(plan: PatrolPlan, part: int, routes: Routes) -> PatrolPlan:
    """
    Exchange the routes of one area and shift, such as when a person swaps or drops a stop.

    Parameters
    ----------
    plan
        The plan; it stays as it is.
    part
        Row of its `parts`.
    routes
        Other routes for `plan.model.parts[part].problem`.

    Returns
    -------
    plan
        Checked anew: rules that the new routes break are in its `violations`. What is owed stays.
    """
    outcomes = list(plan.outcomes)
    problem = plan.model.parts[part].problem
    outcomes[part] = with_routes(problem, outcomes[part], routes, seed=plan.seed)
    return replace(written(plan.model, outcomes, seed=plan.seed), due=plan.due)
