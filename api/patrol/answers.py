"""Plans of the store as the service answers them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
from pydantic import BaseModel, Field

from api.patrol.plans import named, plan_remarks, stop_names
from api.patrol.stored import Kept
from api.patrol.wording import reasons_said
from api.schemas import Link
from api.words import say
from data.plans import KeptPlan
from geo.patrol import PatrolPlan

TIMES = ("arrive", "start", "leave")
"""Times of a stop."""


class PlanRow(BaseModel):
    """A plan, without its routes."""

    id: int
    area: str = Field(description="The patrol area; empty for all of them.")
    date: str = Field(description="The day that its shift begins on.")
    shift: str
    seed: int = Field(description="Repeats the plan.")
    state: Literal["proposed", "accepted", "withdrawn"]
    version: int
    made_at: str = Field(description="In UTC.")
    made_by: str
    decided_at: str | None = Field(description="When it was accepted or withdrawn, in UTC.")
    decided_by: str | None
    links: list[Link]


class Plans(BaseModel):
    """Plans, the newest first."""

    plans: list[PlanRow]
    links: list[Link]


class PlanStop(BaseModel):
    """Where a unit is when; times are local."""

    seq: int
    kind: Literal["start", "point", "segment", "standby", "break", "end"]
    id: str | None
    name: str
    direction: Literal["forward", "backward"] | None
    due_id: str | None = Field(description="What a change of the plan calls it.")
    arrive: str
    start: str
    leave: str
    wait_s: int
    travel_m: int
    travel_s: int
    work_m: int


class PlanUnit(BaseModel):
    """A unit and its stops in order; none for one that stays where it is."""

    unit_id: str
    name: str
    mode: str
    shift_id: str
    leave: str | None
    finish: str | None
    distance_m: int
    duration_s: int
    stops: list[PlanStop]


class Unserved(BaseModel):
    """What is left out, why, and the nearest thing that would serve it."""

    id: str
    kind: str
    name: str | None
    due_id: str
    reason_code: str
    reason: str
    relaxation: str = Field(description="Tried; empty where nothing is known.")


class Broken(BaseModel):
    """A rule that a plan breaks."""

    unit_id: str
    seq: int
    rule: str
    text: str
    met: int
    limit: int


class PlanTold(PlanRow):
    """A plan, checked anew."""

    summary: dict[str, Any]
    acceptable: bool = Field(description="Whether it is a proposal that breaks no rule.")
    remarks: list[str]
    units: list[PlanUnit]
    unserved: list[Unserved]
    violations: list[Broken]


def row_told(row: KeptPlan, links: list[dict[str, str]]) -> dict[str, Any]:
    """
    Tell what a plan is for and how it stands.

    Parameters
    ----------
    row
        As it is stored.
    links
        Where its forms are.

    Returns
    -------
    told
        As `PlanRow` has it.
    """
    own = ("id", "area", "shift", "seed", "state", "version", "made_by", "decided_by")
    return {
        **{name: getattr(row, name) for name in own},
        "date": row.date.isoformat(),
        "made_at": _moment(row.made_at),
        "decided_at": None if row.decided_at is None else _moment(row.decided_at),
        "links": links,
    }


def plan_told(kept: Kept, links: list[dict[str, str]], lang: str) -> dict[str, Any]:
    """
    Tell a whole plan.

    Parameters
    ----------
    kept
        Taken up again.
    links
        Where its forms are.
    lang
        "zh" or "en".

    Returns
    -------
    told
        As `PlanTold` has it.
    """
    plan = kept.plan
    stops = plan.stops.assign(name=stop_names(plan, lang))
    by_crew = {int(crew): rows for crew, rows in stops.groupby("crew_id", sort=False)}
    unserved = reasons_said(plan, lang).drop(columns="geometry")
    return {
        **row_told(kept.row, links),
        "summary": plan.summary(),
        "acceptable": kept.row.state == "proposed" and plan.violations.empty,
        "remarks": kept_remarks(kept, lang),
        "units": [
            _unit(row, by_crew.get(row["crew_id"], stops[:0]))
            for row in named(plan.units, plan).to_dict("records")
        ],
        "unserved": [_plain(row) for row in unserved.to_dict("records")],
        "violations": [
            {**row, "text": say(f"rule.{row['rule']}", lang)}
            for row in plan.violations.to_dict("records")
        ],
    }


def kept_remarks(kept: Kept, lang: str) -> list[str]:
    """
    Say what has to be said beside the figures of a kept plan.

    Parameters
    ----------
    kept
        Taken up again.
    lang
        "zh" or "en".

    Returns
    -------
    remarks
        First whether it is a proposal, or who decided on it.
    """
    row, (proposal, *others) = kept.row, plan_remarks(kept.plan, lang)
    if row.state != "proposed":
        return [say(f"plan_is_{row.state}", lang, who=row.decided_by), *others]
    return [proposal, *others]


def route_frames(plan: PatrolPlan, lang: str) -> list[gpd.GeoDataFrame]:
    """
    Return the places of a plan.

    Parameters
    ----------
    plan
        Any plan.
    lang
        "zh" or "en".

    Returns
    -------
    frames
        Routes (`what` is "route"), stops in their order ("stop"), and what is left out
        ("unserved"); `code` is that of the point, segment or place.
    """
    unserved = reasons_said(plan, lang)
    stops = plan.stops.assign(name=stop_names(plan, lang), what="stop")
    return [
        named(plan.routes, plan).assign(what="route"),
        stops.rename(columns={"id": "code"}),
        unserved[unserved.geometry.notna()].rename(columns={"id": "code"}).assign(what="unserved"),
    ]


def _unit(row: Mapping[str, Any], stops: pd.DataFrame) -> dict[str, Any]:
    idle = not row["stops"]
    return {
        **{name: row[name] for name in ("unit_id", "name", "mode", "shift_id")},
        "leave": None if idle else _local(row["leave"]),
        "finish": None if idle else _local(row["finish"]),
        "distance_m": int(row["distance_m"]),
        "duration_s": int(row["duration_s"]),
        "stops": [_stop(stop) for stop in stops.to_dict("records")],
    }


def _stop(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: _local(row[name]) for name in TIMES}
    return {**_plain(row), **times, "direction": row["direction"] or None}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return cells with None for what is missing."""
    return {
        str(name): None if not hasattr(cell, "geom_type") and pd.isna(cell) else cell
        for name, cell in row.items()
    }


def _local(time: pd.Timestamp) -> str:
    return time.isoformat(timespec="seconds")


def _moment(at: dt.datetime) -> str:
    """Write a time of the store, which is in UTC."""
    return f"{at.isoformat(timespec='seconds')}Z"
