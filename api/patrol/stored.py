"""Patrols of the store: what an area has to plan with, and plans that are kept and changed."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from api.patrol.gathered import patrol_frames
from api.patrol.plans import SEEDS, fingerprint
from api.patrol.snapshots import cells_of, frames_of
from api.stored import stored_area
from data import ALIASES
from data.errors import ConflictError, NotFoundError
from data.plans import (
    PLANS,
    KeptPlan,
    PlanOf,
    accept_plan,
    find_plan,
    propose_plan,
    revise_plan,
)
from data.position_tables import POLICE
from data.store import Store
from data.writing import require_police, require_write
from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.patrol import PatrolPlan, plan_of, record_of, with_stop, without_stop
from geo.patrol.model import Model
from geo.patrol.planning import carried_out, draft
from geo.patrol.shifts import shifts_of

PATROL: Final = "patrol"
"""The kind of areas that are patrolled."""


@dataclass(frozen=True, eq=False)
class Kept:
    """
    A plan of the store, taken up again.

    Parameters
    ----------
    row
        As it is stored.
    plan
        Lived through and checked anew, over the layers that it was made of.
    frames
        These layers.
    """

    row: KeptPlan
    plan: PatrolPlan
    frames: Mapping[str, gpd.GeoDataFrame]


def planning_areas(store: Store) -> gpd.GeoDataFrame:
    """
    List the areas that patrols may be planned for.

    Parameters
    ----------
    store
        Opened for the scope of the request.

    Returns
    -------
    areas
        Those of kind patrol; where there is none, all that have a place. By code.
    """
    areas = store.frame("areas")
    areas = areas[areas.geometry.notna()].sort_values("area_id", ignore_index=True)
    patrolled = areas[areas["kind"] == PATROL] if "kind" in areas.columns else areas[:0]
    return (patrolled if len(patrolled) else areas).reset_index(drop=True)


def units_of(store: Store, code: str, date: dt.date, shift: str | None = None) -> pd.DataFrame:
    """
    List the units that may be sent in an area.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    date
        The day.
    shift
        Only units that have this shift then; None for all.

    Returns
    -------
    units
        Those of the area and those of no area, in the columns of the sheet; by id.
    """
    units = store.frame("units").drop(columns="geometry")
    held = units["area_code"].isna() | (units["area_code"] == code)
    columns = [name for name in units.columns if name in ALIASES["units"]]
    units = units.loc[held, columns].sort_values("unit_id", ignore_index=True)
    if shift is None or units.empty:
        return units
    told = shifts_of(units, date, shift=shift)
    ready = pd.concat([told.crews, told.video])["unit_id"]
    return units[units["unit_id"].isin(set(ready))].reset_index(drop=True)


def shifts_of_area(store: Store, code: str, date: dt.date) -> list[str]:
    """
    List the shifts that units of an area have on a day.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    date
        The day.

    Returns
    -------
    shifts
        Hours such as "20:00-04:00", by when they begin.
    """
    units = units_of(store, code, date)
    if units.empty:
        return []
    told = shifts_of(units, date)
    return [told.period_id(period).split(" ", 1)[1] for period in range(len(told.periods))]


def make_plan(  # noqa: PLR0913 - what to plan, with whom, and how to look
    store: Store,
    code: str,
    *,
    date: dt.date,
    shift: str,
    units: Sequence[str] | None = None,
    seed: int | None = None,
    balance: bool = True,
    iterations: int = 4_000,
    time_limit_s: float = 120.0,
) -> Kept:
    """
    Plan the patrols of an area and keep the plan as a proposal.

    Parameters
    ----------
    store
        Opened for a scope that may write there.
    code
        The area.
    date
        The day that the shift begins on.
    shift
        Its hours.
    units
        Who may be sent; None for all that have the shift.
    seed
        Repeats the plan; None to draw one, so that tonight cannot be told from last night.
    balance
        Whether shifts are made as long as each other.
    iterations, time_limit_s
        How long to look.

    Returns
    -------
    kept
        At version 1.

    Raises
    ------
    NotFoundError
        When the scope sees no such area, no street near it, or not all of the units.
    GeoError
        When nothing can be planned.
    ForbiddenError
        When the scope may not write there.
    """
    require_planner(store, code)
    frames = patrol_frames(store, code)
    if frames["points"].empty and frames["segments"].empty:
        raise NotFoundError("nothing_to_patrol", id=code)
    sheet = units_of(store, code, date)
    if units is not None:
        unknown = sorted(set(units) - set(sheet["unit_id"]))
        if unknown:
            raise NotFoundError("no_such_units", units=unknown, id=code)
        sheet = sheet[sheet["unit_id"].isin(units)].reset_index(drop=True)
    if sheet.empty or shifts_of(sheet, date, shift=shift).crews.empty:
        raise NotFoundError("no_units_on_duty", id=code, date=date.isoformat(), shift=shift)
    crs = frames["streets"].crs
    frames["units"] = gpd.GeoDataFrame(
        # In one area everybody is of it: a unit of no area would serve only what has no unit.
        sheet.assign(area_code=code), geometry=[None] * len(sheet), crs=crs,
    )  # fmt: skip
    layers = {role: cells_of(frame) for role, frame in frames.items()}
    # Planned over what is kept, so that the plan is the same when it is taken up again.
    made_of = frames_of(layers, crs.to_string())
    drawn = secrets.randbelow(SEEDS) if seed is None else seed
    plan = carried_out(
        _drafted(made_of, date, shift), seed=drawn, balance=balance, iterations=iterations,
        time_limit_s=time_limit_s,
    )  # fmt: skip
    record = {
        "date": date.isoformat(),
        "shift": shift,
        **_routes(plan),
        "made_of": fingerprint(made_of),
        "crs": crs.to_string(),
        "layers": layers,
    }
    of = PlanOf(date, shift, code, str(frames["areas"]["division"].iloc[0]))
    return Kept(propose_plan(store, of, record, seed=drawn), plan, made_of)


def require_planner(store: Store, code: str) -> None:
    """
    Refuse plans of an area to whoever may not make them, before anything is looked up.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.

    Raises
    ------
    ForbiddenError
        When the scope does not see the police's line, or may not write there.
    NotFoundError
        When the scope sees no such area.
    """
    require_police(store)
    require_write(store, str(stored_area(store, code)["division"].iloc[0]), POLICE)


def kept_plan(store: Store, plan_id: int) -> Kept:
    """
    Take up a plan of the store; that a scope looked is written down.

    Parameters
    ----------
    store
        Opened for a scope with the police's line.
    plan_id
        Its number.

    Returns
    -------
    kept
        Over the layers that it was made of, whatever they are today.

    Raises
    ------
    ForbiddenError, NotFoundError
        When the scope may not see it.
    """
    return _taken_up(find_plan(store, plan_id))


def kept_at(store: Store, plan_id: int, version: int) -> Kept:
    """
    Take up a plan that somebody saw, and wants to decide on.

    Parameters
    ----------
    store
        Opened for a scope with the police's line.
    plan_id
        Its number.
    version
        The one that the person saw.

    Returns
    -------
    kept
        At that version.

    Raises
    ------
    ForbiddenError, NotFoundError
        When the scope may not see it.
    ConflictError
        When somebody changed it since.
    """
    row = find_plan(store, plan_id)
    if row.version != version:
        raise ConflictError("row_changed", kind=PLANS, id=str(plan_id), version=version)
    return _taken_up(row)


def change_plan(
    store: Store,
    plan_id: int,
    version: int,
    *,
    drop: str | None = None,
    give: tuple[str, str] | None = None,
) -> Kept:
    """
    Change a proposal by hand.

    Parameters
    ----------
    store
        Opened for a scope that may write there.
    plan_id
        Its number.
    version
        The one that the person saw.
    drop
        The `due_id` of a stop to take out.
    give
        The `due_id` of what a unit shall do, and the unit: one that is left out or another's.

    Returns
    -------
    kept
        Checked anew: what breaks a rule is in `plan.violations`.

    Raises
    ------
    ForbiddenError
        When the scope may not see or change it.
    NotFoundError
        When the scope sees no such plan, or the plan has no such stop or unit.
    ConflictError
        When somebody changed it since, or it is no proposal any more.
    """
    before = kept_at(store, plan_id, version)
    plan = before.plan
    try:
        if drop is not None:
            plan = without_stop(plan, drop)
        if give is not None:
            plan = with_stop(plan, *give)
    except InvalidParameterError:
        due, unit = give if give is not None else (drop, "")
        raise NotFoundError("no_such_stop", id=str(plan_id), due=due, unit=unit) from None
    row = revise_plan(store, plan_id, version, {**(before.row.plan or {}), **_routes(plan)})
    return Kept(row, plan, before.frames)


def accept_kept(store: Store, plan_id: int, version: int) -> KeptPlan:
    """
    Accept a proposal that can be walked as it is.

    Parameters
    ----------
    store
        Opened for a scope that may write there.
    plan_id
        Its number.
    version
        The one that the person saw.

    Returns
    -------
    row
        Accepted.

    Raises
    ------
    ForbiddenError, NotFoundError
        When the scope may not see or change it.
    ConflictError
        When somebody changed it since, it is no proposal any more, it breaks a rule, or another
        one is accepted for the same area, date and shift.
    """
    broken = len(kept_at(store, plan_id, version).plan.violations)
    if broken:
        raise ConflictError("plan_broken", id=str(plan_id), count=broken)
    return accept_plan(store, plan_id, version)


def _drafted(frames: Mapping[str, gpd.GeoDataFrame], date: dt.date, shift: str) -> Model:
    require_metric_crs(streets=frames["streets"])
    return draft(
        frames["points"], frames["segments"], frames["units"], frames["streets"],
        date=date, shift=shift, areas=frames["areas"], standby=frames["standby"],
    )  # fmt: skip


def _routes(plan: PatrolPlan) -> dict[str, Any]:
    """Return what changes with the routes: themselves, and the figures that lists show."""
    return {**record_of(plan), "summary": plan.summary()}


def _taken_up(row: KeptPlan) -> Kept:
    stored = row.plan or {}
    frames = frames_of(stored["layers"], str(stored["crs"]))
    model = _drafted(frames, row.date, str(stored["shift"]))
    return Kept(row, plan_of(stored, model), frames)
