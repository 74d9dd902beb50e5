"""Plans of patrols: kept ones, changed by hand, accepted, withdrawn, printed."""

import datetime as dt
import re
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.errors import NoVersionError, VersionError, problems
from api.geojson import MEDIA_TYPE, collection, numbered_features
from api.pages import HTML
from api.patrol.answers import (
    PlanRow,
    Plans,
    PlanTold,
    kept_remarks,
    plan_told,
    route_frames,
    row_told,
)
from api.patrol.plans import named, plan_scene, plan_sheets
from api.patrol.stored import Kept, accept_kept, change_plan, kept_plan
from api.results import today
from api.routes import JSON, SettingsDep, StoreDep, content, link, no_parameters
from api.routes.coverage import Area, AreaQuery
from api.routes.features import IfMatch, etag_of
from api.schemas import FeatureCollection
from api.security import PAGE_POLICY
from api.settings import Settings
from api.stored import least_datum
from api.words import say
from data.errors import ConflictError, NotFoundError
from data.gpx import gpx_text
from data.ids import LARGEST_ID
from data.plans import PLANS, find_plan, plans, withdraw_plan
from data.store import Store
from maps import Imprint, patrol_page

GPX: Final = "application/gpx+xml"
"""Media type of what devices and maps read."""

YEARS: Final = range(2000, 2101)
"""Years of days that patrols are planned or reported for: others are slips of the keyboard."""

LARGEST_LIST: Final = 1_000
"""Plans of one answer at most."""


def _day(text: str) -> str:
    """Refuse what is no day."""
    try:
        known = dt.date.fromisoformat(text).year in YEARS
    except ValueError:
        known = False
    if not known or len(text) != len("2026-05-01"):
        raise PydanticCustomError("date_unread", "write a date such as 2026-05-01")
    return text


Day = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
Code = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]+$")]
Due = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Shift = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]+$")]

PlanId = Annotated[
    str,
    # Told, not checked: what is no id at all is not found either.
    Path(description="The id of a plan.", json_schema_extra={"pattern": "^[0-9]{1,16}$"}),
]


class PlanQuery(AreaQuery):
    """What is asked of a plan."""

    date: Day = Field(description="The day that the shift begins on.")
    shift: Shift = Field(description="Its hours, such as 20:00-04:00.")
    units: list[Code] | None = Field(
        None, min_length=1, max_length=200,
        description="Who may be sent; none for all that have the shift.",
    )  # fmt: skip
    seed: int | None = Field(
        None, ge=0, lt=2**31,
        description="Repeats a plan; none to draw one, so that tonight cannot be foreseen.",
    )  # fmt: skip
    balance: bool = Field(
        default=True, description="Whether shifts are made as long as each other."
    )


class PlansQuery(BaseModel):
    """Which plans are listed."""

    model_config = ConfigDict(extra="forbid")

    area: Area | None = Field(None, description="Of this patrol area; none for all.")
    date: Day | None = Field(None, description="Of this day; none for all.")
    shift: Shift | None = Field(None, description="Of this shift; none for all.")
    state: Literal["proposed", "accepted", "withdrawn"] | None = Field(
        None, description="In this state; none for all."
    )
    limit: int = Field(100, ge=1, le=LARGEST_LIST, description="The newest, so many at most.")


class Give(BaseModel):
    """What a unit shall do."""

    model_config = ConfigDict(extra="forbid")

    due_id: Due = Field(description="Of a stop, or of what is left out.")
    unit_id: Code = Field(description="Who shall go; the area and shift must be its own.")


class Drop(BaseModel):
    """A plan without one of its stops."""

    model_config = ConfigDict(extra="forbid")

    drop: Due = Field(description="The due_id of the stop.")


class Move(BaseModel):
    """A plan in which a unit does what was left out, or what another one did."""

    model_config = ConfigDict(extra="forbid")

    give: Give


router = APIRouter(prefix="/patrols", tags=["patrols"])


@router.get(
    "/plans",
    summary="Plans of patrols, the newest first",
    response_model=Plans,
    responses=problems(403),
)
def read_plans(
    query: Annotated[PlansQuery, Query()], request: Request, store: StoreDep
) -> dict[str, Any]:
    """Return the plans that are in scope, without their routes."""
    date = None if query.date is None else dt.date.fromisoformat(query.date)
    found = plans(store, date=date, shift=query.shift, area=query.area, state=query.state)
    return {
        "plans": [row_told(row, _links(request, row.id)) for row in found[: query.limit]],
        "links": [link(request, "/patrols/plans", "self", JSON)],
    }


@router.get(
    "/plans/{plan}",
    summary="One plan, checked anew",
    response_model=PlanTold,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404),
)
def read_plan(
    plan: PlanId, request: Request, response: Response, store: StoreDep, settings: SettingsDep
) -> dict[str, Any]:
    """Return stops by unit, what is left out and why, and rules that are broken."""
    return _told(request, response, kept_plan(store, plan_number(plan)), settings)


@router.get(
    "/plans/{plan}/routes",
    summary="The ways of a plan, its stops, and what is left out, as features",
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_plan_routes(plan: PlanId, store: StoreDep, settings: SettingsDep) -> Response:
    """Return features that `what` tells apart: route, stop, unserved."""
    kept = kept_plan(store, plan_number(plan))
    items = numbered_features(route_frames(kept.plan, settings.lang))
    return Response(
        collection(items, numberReturned=len(items)),
        media_type=MEDIA_TYPE,
        headers={"ETag": etag_of(kept.row.version)},
    )


@router.get(
    "/plans/{plan}/map",
    summary="The map of a plan",
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404) | {200: content(HTML)},
)
def show_plan_map(plan: PlanId, store: StoreDep, settings: SettingsDep) -> Response:
    """Return a page with the routes by unit, and a slider through the night."""
    kept, lang = kept_plan(store, plan_number(plan)), settings.lang
    imprint = Imprint(
        say("plan_title", lang),
        today(),
        datum=least_datum(*(frame for frame in kept.frames.values() if "source_datum" in frame)),
        remarks=kept_remarks(kept, lang),
        crs=kept.frames["streets"].crs.to_string(),
        lang=lang,
    )
    page = patrol_page(plan_scene(kept.plan, kept.frames, lang=lang), imprint)
    return _page(page, kept)


@router.get(
    "/plans/{plan}/sheets",
    summary="The route sheets of a plan, to be printed",
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404) | {200: content(HTML)},
)
def show_plan_sheets(plan: PlanId, store: StoreDep, settings: SettingsDep) -> Response:
    """Return a page with a sheet for each unit."""
    kept = kept_plan(store, plan_number(plan))
    accepted = kept.row.state == "accepted"
    page = plan_sheets(kept.plan, kept.frames["streets"], accepted=accepted, lang=settings.lang)
    return _page(page, kept)


@router.get(
    "/plans/{plan}/gpx",
    summary="The routes and stops of a plan for devices",
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404) | {200: content(GPX)},
)
def read_plan_gpx(plan: PlanId, store: StoreDep) -> Response:
    """Return GPX with a track for each unit and a waypoint for each stop."""
    kept = kept_plan(store, plan_number(plan))
    name = f"{kept.row.area}-{kept.row.date.isoformat()}.gpx"
    text = gpx_text(named(kept.plan.routes, kept.plan), kept.plan.stops)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "ETag": etag_of(kept.row.version),
    }
    return Response(text, media_type=GPX, headers=headers)


@router.post(
    "/plans/{plan}/changes",
    summary="A stop dropped, or given to another unit",
    response_model=PlanTold,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409, 412, 428),
)
def change(
    plan: PlanId,
    body: Drop | Move,
    request: Request,
    response: Response,
    store: StoreDep,
    settings: SettingsDep,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Return the plan as it is then, checked anew: what the change breaks is in `violations`."""
    number = plan_number(plan)
    version = _version(store, number, if_match)
    drop = body.drop if isinstance(body, Drop) else None
    give = (body.give.due_id, body.give.unit_id) if isinstance(body, Move) else None
    try:
        kept = change_plan(store, number, version, drop=drop, give=give)
    except ConflictError as error:
        raise _late(error) from error
    return _told(request, response, kept, settings)


@router.post(
    "/plans/{plan}/acceptance",
    summary="A proposal becomes the plan of its area and shift",
    response_model=PlanRow,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409, 412, 428),
)
def accept(
    plan: PlanId, request: Request, response: Response, store: StoreDep, if_match: IfMatch = None
) -> dict[str, Any]:
    """Accept a plan that breaks no rule, where no other is accepted for the same."""
    number = plan_number(plan)
    version = _version(store, number, if_match)
    try:
        row = accept_kept(store, number, version)
    except ConflictError as error:
        raise _late(error) from error
    response.headers["ETag"] = etag_of(row.version)
    return row_told(row, _links(request, row.id))


@router.delete(
    "/plans/{plan}",
    summary="Withdraw a plan; it stays to be read",
    response_model=PlanRow,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409, 412, 428),
)
def withdraw(
    plan: PlanId, request: Request, response: Response, store: StoreDep, if_match: IfMatch = None
) -> dict[str, Any]:
    """Take back a proposal, or a plan that was accepted."""
    number = plan_number(plan)
    version = _version(store, number, if_match)
    try:
        row = withdraw_plan(store, number, version)
    except ConflictError as error:
        raise _late(error) from error
    response.headers["ETag"] = etag_of(row.version)
    return row_told(row, _links(request, row.id))


def plan_number(text: str) -> int:
    """
    Read the id of a plan as an address has it.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    plan_id
        A number that there may be a plan of.

    Raises
    ------
    NotFoundError
        When it is no id.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,15}", text, re.ASCII) or int(text) > LARGEST_ID:
        raise NotFoundError("no_such_row", kind=PLANS, id=text)
    return int(text)


def _version(store: Store, number: int, if_match: str | None) -> int:
    """Return the version of a plan, if it is the one that whoever writes read."""
    row = find_plan(store, number)
    if if_match is None:
        raise NoVersionError("no_if_match")
    given = [tag.strip() for tag in if_match.split(",")]
    if "*" not in given and etag_of(row.version) not in given:
        raise VersionError("version_differs")
    return row.version


def _late(error: ConflictError) -> Exception:
    """Return what whoever was overtaken after the versions had been compared is told."""
    return VersionError("version_differs") if error.code == "row_changed" else error


def _told(request: Request, response: Response, kept: Kept, settings: Settings) -> dict[str, Any]:
    response.headers["ETag"] = etag_of(kept.row.version)
    return plan_told(kept, _links(request, kept.row.id), settings.lang)


def _page(page: str, kept: Kept) -> Response:
    headers = {"Content-Security-Policy": PAGE_POLICY, "ETag": etag_of(kept.row.version)}
    return Response(page, media_type=HTML, headers=headers)


def _links(request: Request, number: int) -> list[dict[str, str]]:
    path = f"/patrols/plans/{number}"
    return [
        link(request, path, "self", JSON),
        link(request, f"{path}/routes", "related", MEDIA_TYPE),
        link(request, f"{path}/map", "alternate", HTML),
        link(request, f"{path}/sheets", "alternate", HTML),
        link(request, f"{path}/gpx", "alternate", GPX),
    ]
