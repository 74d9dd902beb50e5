"""Jobs (OGC API - Processes): which there are, how far they are, and what they found."""

import asyncio
import base64
import datetime as dt
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.analyses import OF_INCIDENTS
from api.errors import SHOWN, problem, problems
from api.import_answers import XLSX
from api.incidents.report import PAPER, WORKBOOK
from api.jobs import Runner
from api.pages import HTML
from api.routes import JSON, SettingsDep, StoreDep, link, no_parameters
from api.routes.workbooks import attached
from api.schemas import Link
from api.security import PAGE_POLICY
from api.stored_seen import note_police_view
from data.errors import NotFoundError
from data.jobs import OPEN, Job, cancel, find, page, result_of
from data.viewing import note_view

NO_RESULT: Final = {
    "accepted": ("还没有轮到；请稍后再取", "it waits for its turn; ask again later"),
    "running": ("还在计算；请稍后再取", "it is being computed; ask again later"),
    "failed": ("没有成功，所以没有结果：{message}", "it failed and has no result: {message}"),
    "dismissed": ("已取消，没有结果", "it was dismissed and has no result"),
}
"""State -> why there is no result, Chinese and English."""

NOT_READY: Final = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready"
"""What the standard calls a result that is still to come."""

EVENT_STREAM: Final = "text/event-stream"

LARGEST_LIST: Final = 1_000
"""Jobs of one answer at most."""

LOOK_S: Final = 0.5
"""How often a stream of progress looks at the job, in seconds."""

LONGEST_STREAM_S: Final = 30.0
"""A stream ends after this at the latest, in seconds, so that it does not hold up the end of the
service; browsers ask again by themselves."""


class JobStatus(BaseModel):
    """How far a job is."""

    jobID: str  # noqa: N815 - the standard's name
    processID: str  # noqa: N815 - the standard's name
    type: Literal["process"]
    status: Literal["accepted", "running", "successful", "failed", "dismissed"]
    progress: int
    message: str | None = None
    created: str
    started: str | None = None
    finished: str | None = None
    links: list[Link]


class JobList(BaseModel):
    """Jobs, the newest first."""

    jobs: list[JobStatus]
    links: list[Link]


class JobsQuery(BaseModel):
    """Query parameters of the list of jobs."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(100, ge=1, le=LARGEST_LIST, description="Jobs at most.")
    token: str | None = Field(
        None, max_length=80, description="Of the next link, never made by hand."
    )


FILE_OF_RESULT: Final = {
    "type": "object",
    "required": ["value", "encoding", "mediaType"],
    "properties": {name: {"type": "string"} for name in ("value", "encoding", "mediaType")},
}
"""A file among the places of a result: base64, which `/jobs/{job_id}/results/{name}` gives as it
is."""

RESULT: Final = {
    "description": "The totals and the places; these are null where they were too large to keep.",
    "content": {
        JSON: {
            "schema": {
                "type": "object",
                "required": ["summary"],
                "properties": {"summary": {"type": "object"}},
                "additionalProperties": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/FeatureCollection"},
                        FILE_OF_RESULT,
                        {"type": "null"},
                    ]
                },
            }
        }
    },
}
"""The result of any process: its places are gaps, spacing, changes, turns, grids, routes, ways,
spots or areas; beside them may be files. For the OpenAPI document."""


@asynccontextmanager
async def working(app: FastAPI) -> AsyncIterator[None]:
    """Work on jobs as long as the service runs."""
    url = app.state.store.engine.url.render_as_string(hide_password=False)
    settings = app.state.settings
    runner = Runner(url, lang=settings.lang, keep_days=settings.positions_keep_days)
    runner.start()
    try:
        yield
    finally:
        await run_in_threadpool(runner.stop)


router = APIRouter(tags=["jobs"], lifespan=working)


JobId = Annotated[
    str,
    # Told, not checked: what is no id at all is not found either.
    Path(description="The jobID of a job.", json_schema_extra={"pattern": "^[0-9a-f-]{36}$"}),
]


FileName = Annotated[
    str,
    Path(description="Its name in the result.", json_schema_extra={"enum": [PAPER, WORKBOOK]}),
]


def asked_job(job_id: JobId, store: StoreDep) -> Job:
    """Find a job before a stream begins: afterwards there is no way to say that it is absent."""
    return find(store, job_id)


@router.get(
    "/jobs",
    summary="Jobs, the newest first",
    response_model=JobList,
    response_model_exclude_none=True,
    responses=problems(404),
)
def read_jobs(
    query: Annotated[JobsQuery, Query()], request: Request, store: StoreDep
) -> dict[str, Any]:
    """Return a page of the jobs that were asked for in this scope, with a link to the next."""
    found = page(store, after=query.token, limit=query.limit)
    links = [link(request, "/jobs", "self", JSON)]
    if found.after is not None:
        more = f"/jobs?limit={query.limit}&token={quote(found.after)}"
        links.append(link(request, more, "next", JSON))
    return {"jobs": [job_told(request, job) for job in found.jobs], "links": links}


@router.get(
    "/jobs/{job_id}",
    summary="How far a job is",
    response_model=JobStatus,
    response_model_exclude_none=True,
    dependencies=[Depends(no_parameters)],
    responses=problems(404),
)
def read_job(job_id: JobId, request: Request, store: StoreDep) -> dict[str, Any]:
    """Return the state of a job."""
    return job_told(request, find(store, job_id))


@router.get(
    "/jobs/{job_id}/results",
    summary="What a job found",
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(404, 409) | {200: RESULT},
)
def read_results(job_id: JobId, store: StoreDep, settings: SettingsDep) -> Response:
    """Return the totals and the gaps, or why there are none: 404 not yet, 409 never."""
    job = find(store, job_id)
    result = result_of(store, job_id)
    if result is not None:
        patrols = job.process.startswith(("patrol-", "track-"))
        area = job.inputs.get("area")
        if patrols or job.process.startswith("post-"):
            # Of posts only those who may know of covert ones leave a trace, of patrols all do.
            note_view(store, f"jobs/{job.process}", area=area, for_all=patrols)
        if job.process in OF_INCIDENTS:
            note_police_view(store, f"jobs/{job.process}", area=area)
        return Response(result, media_type=JSON)
    # One that was successful a moment ago has just been dismissed.
    texts = NO_RESULT.get(job.state, NO_RESULT["dismissed"])
    detail = texts[0 if settings.lang == "zh" else 1].format(message=job.message)
    if job.state in OPEN:
        return problem(404, detail, code="result_not_ready", type=NOT_READY)
    return problem(409, detail, code="no_result")


@router.get(
    "/jobs/{job_id}/results/{name}",
    summary="A file that a job made, to be kept or printed",
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(404, 409)
    | {
        200: {
            "description": "A file.",
            "content": {
                HTML: {"schema": {"type": "string"}},
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
def read_file(job_id: JobId, name: FileName, store: StoreDep, settings: SettingsDep) -> Response:
    """Return a file of a result, or why there is none: 404 not yet or never made, 409 never."""
    whole = read_results(job_id, store, settings)
    if whole.status_code != HTTPStatus.OK:
        return whole
    found = json.loads(bytes(whole.body)).get(name)
    if not isinstance(found, dict) or "value" not in found:
        raise NotFoundError("no_such_row", kind="jobs", id=f"{job_id}/results/{name}"[:SHOWN])
    content = base64.b64decode(found["value"])
    if found["mediaType"] == HTML:
        return Response(content, media_type=HTML, headers={"Content-Security-Policy": PAGE_POLICY})
    return attached(content, name, found["mediaType"])


@router.delete(
    "/jobs/{job_id}",
    summary="Dismiss a job",
    response_model=JobStatus,
    response_model_exclude_none=True,
    dependencies=[Depends(no_parameters)],
    responses=problems(404),
)
def dismiss_job(job_id: JobId, request: Request, store: StoreDep) -> dict[str, Any]:
    """Stop a job at its next step, and drop the result that it has."""
    return job_told(request, cancel(store, job_id))


@router.get(
    "/jobs/{job_id}/progress",
    summary="The progress of a job as server-sent events",
    response_class=EventSourceResponse,
    dependencies=[Depends(no_parameters)],
    responses=problems(404),
)
async def read_progress(
    job: Annotated[Job, Depends(asked_job)], store: StoreDep
) -> AsyncIterator[ServerSentEvent]:
    """Send state, progress and message whenever they change, up to the final state."""
    until = time.monotonic() + LONGEST_STREAM_S
    sent = ""
    while True:
        told = {"status": job.state, "progress": job.progress, "message": job.message}
        data = json.dumps(told, ensure_ascii=False)
        if data != sent:
            yield ServerSentEvent(raw_data=data)
            sent = data
        if job.state not in OPEN or time.monotonic() > until:
            return
        await asyncio.sleep(LOOK_S)
        job = await run_in_threadpool(find, store, job.id)


def job_told(request: Request, job: Job) -> dict[str, Any]:
    """
    Tell how far a job is.

    Parameters
    ----------
    request
        The request that is answered.
    job
        From `data.jobs`.

    Returns
    -------
    told
        As `JobStatus` has it.
    """
    path = f"/jobs/{job.id}"
    links = [
        link(request, path, "self", JSON),
        link(request, f"{path}/progress", "monitor", EVENT_STREAM),
    ]
    if job.state == "successful":
        rel = "http://www.opengis.net/def/rel/ogc/1.0/results"
        links.append(link(request, f"{path}/results", rel, JSON))
    return {
        "jobID": job.id,
        "processID": job.process,
        "type": "process",
        "status": job.state,
        "progress": job.progress,
        "message": job.message,
        "created": _moment(job.created),
        "started": _moment(job.started),
        "finished": _moment(job.finished),
        "links": links,
    }


def _moment(moment: dt.datetime | None) -> str | None:
    """Write a time in UTC as it is stored."""
    return None if moment is None else f"{moment.isoformat(timespec='milliseconds')}Z"
