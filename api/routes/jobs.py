"""Analyses that run as jobs (OGC API - Processes): asking for one, its progress, its result."""

import asyncio
import datetime as dt
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.errors import problem, problems
from api.jobs import SITES, Runner
from api.routes import SettingsDep, StoreDep, link, no_parameters
from api.routes.coverage import Area, Reach
from api.routes.landing import JSON
from api.schemas import Link
from api.stored import stored_area
from data.errors import NotFoundError
from data.jobs import OPEN, Job, cancel, find, recent, result_of, submit
from data.store import Store

TITLES: Final = {
    "post-coverage": ("观察哨覆盖", "Coverage by posts"),
    "camera-coverage": ("摄像机覆盖", "Coverage by cameras"),
}
"""Process -> Chinese, English."""

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


class CameraInputs(BaseModel):
    """What coverage by cameras is computed for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    area: Area = Field(description="The area_id of a stored area.")


class PostInputs(CameraInputs):
    """What coverage by posts is computed for."""

    reach_m: Reach = 50.0


class CameraExecution(BaseModel):
    """What to compute; other members that the standard knows change nothing."""

    inputs: CameraInputs


class PostExecution(BaseModel):
    """What to compute; other members that the standard knows change nothing."""

    inputs: PostInputs


class Process(BaseModel):
    """An analysis that may be asked for."""

    id: str
    version: str
    title: str
    jobControlOptions: list[str]  # noqa: N815 - the standard's name
    outputTransmission: list[str]  # noqa: N815 - the standard's name
    inputs: dict[str, dict[str, Any]] | None = None
    outputs: dict[str, dict[str, Any]] | None = None
    links: list[Link]


class Processes(BaseModel):
    """The analyses that may be asked for."""

    processes: list[Process]
    links: list[Link]


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


INPUTS: Final[dict[str, type[BaseModel]]] = {
    "post-coverage": PostInputs,
    "camera-coverage": CameraInputs,
}
"""Process -> what it is asked with."""

RESULT: Final = {
    "description": "The totals and the gaps; these are null where they were too large to keep.",
    "content": {
        JSON: {
            "schema": {
                "type": "object",
                "required": ["summary", "gaps"],
                "properties": {
                    "summary": {"type": "object"},
                    "gaps": {
                        "anyOf": [
                            {"$ref": "#/components/schemas/FeatureCollection"},
                            {"type": "null"},
                        ]
                    },
                },
            }
        }
    },
}
"""The result of either process, for the OpenAPI document."""


@asynccontextmanager
async def working(app: FastAPI) -> AsyncIterator[None]:
    """Work on jobs as long as the service runs."""
    url = app.state.store.engine.url.render_as_string(hide_password=False)
    runner = Runner(url, lang=app.state.settings.lang)
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


def found(job_id: JobId, store: StoreDep) -> Job:
    """Find a job before a stream begins: afterwards there is no way to say that it is absent."""
    return find(store, job_id)


@router.get(
    "/processes",
    summary="The analyses that may be asked for",
    response_model=Processes,
    response_model_exclude_none=True,
    dependencies=[Depends(no_parameters)],
    responses=problems(),
)
def read_processes(request: Request, settings: SettingsDep) -> dict[str, Any]:
    """Return every process with a link to what it is asked with."""
    return {
        "processes": [_process(request, name, settings.lang) for name in SITES],
        "links": [link(request, "/processes", "self", JSON)],
    }


@router.get(
    "/processes/{process}",
    summary="What an analysis is asked with",
    response_model=Process,
    response_model_exclude_none=True,
    dependencies=[Depends(no_parameters)],
    responses=problems(404),
)
def read_process(
    process: Annotated[str, Path(json_schema_extra={"enum": list(SITES)})],
    request: Request,
    settings: SettingsDep,
) -> dict[str, Any]:
    """Return a process with its inputs and outputs."""
    if process not in SITES:
        raise NotFoundError("no_such_row", kind="processes", id=process)
    described = INPUTS[process].model_json_schema()
    required = described.get("required", [])
    inputs = {
        name: {"title": name, "minOccurs": int(name in required), "schema": schema}
        for name, schema in described["properties"].items()
    }
    outputs = {
        name: {"title": name, "schema": schema}
        for name, schema in (
            ("summary", {"type": "object"}),
            ("gaps", {"type": "object", "contentMediaType": "application/geo+json"}),
        )
    }
    return _process(request, process, settings.lang) | {"inputs": inputs, "outputs": outputs}


@router.post(
    "/processes/post-coverage/execution",
    summary="Compute the coverage by posts as a job",
    status_code=201,
    response_model=JobStatus,
    response_model_exclude_none=True,
    dependencies=[Depends(no_parameters)],
    responses=problems(404),
)
def run_post_coverage(
    body: PostExecution, request: Request, response: Response, store: StoreDep
) -> dict[str, Any]:
    """Accept a job; its address is in Location."""
    return _accepted(request, response, store, "post-coverage", body.inputs)


@router.post(
    "/processes/camera-coverage/execution",
    summary="Compute the coverage by cameras as a job",
    status_code=201,
    response_model=JobStatus,
    response_model_exclude_none=True,
    dependencies=[Depends(no_parameters)],
    responses=problems(404),
)
def run_camera_coverage(
    body: CameraExecution, request: Request, response: Response, store: StoreDep
) -> dict[str, Any]:
    """Accept a job; its address is in Location."""
    return _accepted(request, response, store, "camera-coverage", body.inputs)


@router.get(
    "/jobs",
    summary="Jobs, the newest first",
    response_model=JobList,
    response_model_exclude_none=True,
    responses=problems(),
)
def read_jobs(
    query: Annotated[JobsQuery, Query()], request: Request, store: StoreDep
) -> dict[str, Any]:
    """Return the jobs that were asked for in this scope."""
    return {
        "jobs": [_status(request, job) for job in recent(store, limit=query.limit)],
        "links": [link(request, "/jobs", "self", JSON)],
    }


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
    return _status(request, find(store, job_id))


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
        return Response(result, media_type=JSON)
    # One that was successful a moment ago has just been dismissed.
    texts = NO_RESULT.get(job.state, NO_RESULT["dismissed"])
    detail = texts[0 if settings.lang == "zh" else 1].format(message=job.message)
    if job.state in OPEN:
        return problem(404, detail, code="result_not_ready", type=NOT_READY)
    return problem(409, detail, code="no_result")


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
    return _status(request, cancel(store, job_id))


@router.get(
    "/jobs/{job_id}/progress",
    summary="The progress of a job as server-sent events",
    response_class=EventSourceResponse,
    dependencies=[Depends(no_parameters)],
    responses=problems(404),
)
async def read_progress(
    job: Annotated[Job, Depends(found)], store: StoreDep
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


def _process(request: Request, process: str, lang: str) -> dict[str, Any]:
    path = f"/processes/{process}"
    return {
        "id": process,
        "version": "1",
        "title": TITLES[process][0 if lang == "zh" else 1],
        "jobControlOptions": ["async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": [
            link(request, path, "self", JSON),
            link(
                request,
                f"{path}/execution",
                "http://www.opengis.net/def/rel/ogc/1.0/execute",
                JSON,
            ),
        ],
    }


def _accepted(
    request: Request, response: Response, store: Store, process: str, inputs: BaseModel
) -> dict[str, Any]:
    """Ask for a job, if there is such an area."""
    values = inputs.model_dump()
    stored_area(store, values["area"])
    job = submit(store, process, values)
    response.headers["Location"] = link(request, f"/jobs/{job.id}", "self", JSON)["href"]
    return _status(request, job)


def _status(request: Request, job: Job) -> dict[str, Any]:
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
