"""Tonight's patrol: one page of forms to plan, change, accept and print by."""

import json
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.analyses import require_asked
from api.errors import problems, said, status_of
from api.page_words import WORDS
from api.pages import HTML, render, wants_page
from api.patrol.stored import accept_kept, change_plan, kept_plan
from api.patrol.tonight import Choice, choice, lacking, local_minute, plan_shown
from api.routes import SettingsDep, StoreDep, no_parameters
from api.routes.jobs import JobId
from api.routes.patrols import Code, Day, Due, PlanId, PlanQuery, Shift, plan_number
from api.settings import Settings
from data import DataError, word
from data.errors import NotFoundError
from data.ids import LARGEST_ID
from data.jobs import OPEN, Job, cancel, find, result_of, submit
from data.plans import plans, withdraw_plan
from data.position_tables import POLICE
from data.store import Store

PROCESS: Final = "patrol-plan"
"""The process that the page asks for."""

PATH: Final = "/patrols/tonight"
"""Where the page is."""

REFRESH_S: Final = 2
"""How often the page looks again while it is planned, in seconds."""

PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The page.", "content": {HTML: {"schema": {"type": "string"}}}},
    303: {"description": "To the plan that a job made: see Location."},
}
"""Declares what a look at the page is answered with."""

GONE_ON: Final[dict[int | str, dict[str, Any]]] = {
    303: {"description": "To the page: see Location."}
}
"""Declares what a button is answered with."""

Version = Annotated[int, Field(ge=1, le=LARGEST_ID, description="Of the plan that was seen.")]


class TonightQuery(BaseModel):
    """What the page shows; an empty field of a form asks for nothing."""

    model_config = ConfigDict(extra="forbid")

    area: Literal[""] | Code = Field("", description="A patrol area; the first by default.")
    date: Literal[""] | Day = Field("", description="The day; today by default.")
    shift: Literal[""] | Shift = Field("", description="Its hours; the last of the day.")
    job: str | None = Field(None, max_length=80, description="A job that plans.")
    plan: str | None = Field(None, max_length=80, description="A plan.")


class PlanForm(BaseModel):
    """What is planned, and who may be sent."""

    area: Code
    date: Day
    shift: Shift
    units: list[Code] = Field([], max_length=200)
    balance: bool = False


class ChangeForm(BaseModel):
    """What becomes of a stop, or of what is left out."""

    version: Version
    due_id: Due
    action: Literal["drop", "give"]
    unit_id: Code = Field(description="Who shall go, or goes now where a stop is dropped.")


class VersionForm(BaseModel):
    """Which version somebody decides on."""

    version: Version


router = APIRouter(prefix=PATH, tags=["patrols"], default_response_class=Response)


@router.get(
    "",
    summary="Tonight's patrol: a page to plan, change, accept and print by",
    responses=problems(403, 404) | PAGE,
)
def show_tonight(
    query: Annotated[TonightQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Show what there is to choose; a job at work; or a plan."""
    if query.plan is not None:
        return _plan_page(request, store, settings, query.plan)
    if query.job is None:
        return _choice_page(request, store, settings, query.area, query.date, query.shift)
    job = _planning(store, query.job)
    if job.state in OPEN:
        return render(request, settings.lang, "tonight_job.html", job=job, refresh_s=REFRESH_S)
    if job.state == "successful":
        number = json.loads(result_of(store, job.id) or "{}").get("summary", {}).get("plan_id")
        if number is not None:
            return _to(request, plan=str(number))
    texts = WORDS["was_dismissed" if job.state == "dismissed" else "plan_failed"]
    refused = texts[settings.lang != "zh"].format(why=job.message)
    return _choice_page(request, store, settings, *_asked(job), refused=refused)


@router.post(
    "/plans",
    summary="Plan: a job begins",
    status_code=303,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 429) | GONE_ON,
)
def plan(
    form: Annotated[PlanForm, Form()], request: Request, store: StoreDep, settings: SettingsDep
) -> Response:
    """Ask for a plan of a seed that nobody knows, and lead to the job."""
    lang = settings.lang
    if not form.units:
        refused = WORDS["no_unit_chosen"][lang != "zh"]
        page = _choice_page(
            request, store, settings, form.area, form.date, form.shift, refused=refused
        )
        page.status_code = 400
        return page
    inputs = PlanQuery(**form.model_dump()).model_dump()
    require_asked(store, PROCESS, inputs)
    return _to(request, job=submit(store, PROCESS, inputs).id)


@router.post(
    "/jobs/{job_id}/dismissal",
    summary="Dismiss a job that plans",
    status_code=303,
    dependencies=[Depends(no_parameters)],
    responses=problems(404) | GONE_ON,
)
def dismiss(job_id: JobId, request: Request, store: StoreDep) -> Response:
    """Stop it, and lead back to what was chosen."""
    area, date, shift = _asked(_planning(store, job_id))
    cancel(store, job_id)
    return _to(request, area=area, date=date, shift=shift)


@router.post(
    "/plans/{plan}/changes",
    summary="Drop a stop, or send another unit",
    status_code=303,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409) | GONE_ON,
)
def change(
    plan: PlanId,
    form: Annotated[ChangeForm, Form()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Change it and check it anew; lead to the unit that is concerned."""
    drop = form.due_id if form.action == "drop" else None
    give = (form.due_id, form.unit_id) if form.action == "give" else None
    try:
        change_plan(store, plan_number(plan), form.version, drop=drop, give=give)
    except DataError as error:
        return _refused(request, store, settings, plan, error)
    return _to(request, f"unit-{form.unit_id}", plan=plan)


@router.post(
    "/plans/{plan}/acceptance",
    summary="Accept a plan",
    status_code=303,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409) | GONE_ON,
)
def accept(
    plan: PlanId,
    form: Annotated[VersionForm, Form()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Accept it, if it breaks no rule and none other is accepted for the same."""
    try:
        accept_kept(store, plan_number(plan), form.version)
    except DataError as error:
        return _refused(request, store, settings, plan, error)
    return _to(request, plan=plan)


@router.post(
    "/plans/{plan}/withdrawal",
    summary="Withdraw a plan",
    status_code=303,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409) | GONE_ON,
)
def withdraw(
    plan: PlanId,
    form: Annotated[VersionForm, Form()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Take it back; it stays to be read."""
    try:
        withdraw_plan(store, plan_number(plan), form.version)
    except DataError as error:
        return _refused(request, store, settings, plan, error)
    return _to(request, plan=plan)


def _to(request: Request, place: str = "", **query: str) -> Response:
    """Lead to the page: loading it again does nothing again."""
    root = request.base_url.path.rstrip("/")
    at = f"{root}{PATH}?{urlencode(query)}" + (f"#{quote(place)}" if place else "")
    return RedirectResponse(at, status_code=303)


def _planning(store: Store, job_id: str) -> Job:
    """Find a job of the page, in the scope that asked for it."""
    job = find(store, job_id)
    if job.process != PROCESS:
        raise NotFoundError("no_such_row", kind="jobs", id=job_id)
    return job


def _asked(job: Job) -> tuple[str, str, str]:
    return job.inputs["area"], job.inputs["date"], job.inputs["shift"]


def _choice_page(
    request: Request,
    store: Store,
    settings: Settings,
    area: str,
    date: str,
    shift: str,
    *,
    refused: str | None = None,
) -> Response:
    """Show what there is to choose, or what is lacking, or that it is not for this scope."""
    lang = settings.lang
    barred = POLICE not in store.scope.lines
    missing = [] if barred else lacking(store)
    chosen: Choice | None = None
    made: list[dict[str, Any]] = []
    if not barred and not missing:
        chosen = choice(store, area, date, shift, lang)
        made = _plans_of(store, chosen)
    page = render(
        request,
        lang,
        "tonight.html",
        barred=barred,
        missing=[[(kind, word(kind, lang)) for kind in group] for group in missing],
        chosen=chosen,
        made=made,
        may_write="write" in store.scope.rights,
        refused=refused,
    )
    if barred:
        page.status_code = 403
    return page


def _plans_of(store: Store, chosen: Choice) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "made": local_minute(row.made_at),
            "shift": row.shift,
            "state": row.state,
        }
        for row in plans(store, area=chosen.area, date=chosen.date)
    ]


def _plan_page(
    request: Request, store: Store, settings: Settings, plan: str, *, refused: str | None = None
) -> Response:
    """Show a plan, with what may be done to it by whoever looks."""
    kept = kept_plan(store, plan_number(plan))
    return render(
        request,
        settings.lang,
        "tonight_plan.html",
        **plan_shown(kept, settings.lang),
        may_write="write" in store.scope.rights,
        refused=refused,
    )


def _refused(
    request: Request, store: Store, settings: Settings, plan: str, error: DataError
) -> Response:
    """Show the plan as it is now, with why it was not changed above it."""
    if not wants_page(request):
        raise error
    page = _plan_page(request, store, settings, plan, refused=said(error, settings.lang)[1])
    page.status_code = status_of(error)
    return page
