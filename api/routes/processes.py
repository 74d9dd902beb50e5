"""Analyses that run as jobs (OGC API - Processes): which there are, and asking for one."""

from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict

from api.analyses import ANALYSES, require_asked
from api.errors import problems
from api.import_answers import XLSX
from api.incidents.report import PAPER, WORKBOOK
from api.pages import HTML
from api.routes import JSON, SettingsDep, StoreDep, link, no_parameters
from api.routes.coverage import CameraGapQuery, PostGapQuery
from api.routes.grids import DivisionQuery
from api.routes.incidents import PackQuery, SpotQuery
from api.routes.jobs import JobStatus, job_told
from api.routes.patrol_reports import DaysQuery, MatchQuery
from api.routes.patrols import PlanQuery
from api.routes.proposals import CameraPlanQuery, ProposalQuery
from api.routes.spacing import SpacingQuery
from api.schemas import Link
from data.errors import NotFoundError
from data.jobs import submit
from data.store import Store

TITLES: Final = {
    "post-coverage": ("观察哨覆盖", "Coverage by posts"),
    "camera-coverage": ("摄像机覆盖", "Coverage by cameras"),
    "post-spacing": ("观察哨间距", "Spacing of posts"),
    "post-proposal": ("哨位建议", "Proposal of posts"),
    "area-division": ("网格划分方案", "Plans of division of a village"),
    "camera-proposal": ("摄像机调整与新增建议", "Proposal of turns and new cameras"),
    "patrol-plan": ("巡逻方案", "Plan of patrols of a shift"),
    "track-match": ("轨迹匹配", "What units did on a day, by their tracks"),
    "patrol-report": ("巡逻报告", "Report on the patrols of an area"),
    "hot-spots": ("事件热点", "Hot spots of incidents"),
    "incident-report": ("事件月报", "The incidents of a month, as page and workbook"),
}
"""Process -> Chinese, English."""


# In JSON a number is a number; an address has text alone, and is read less strictly.


class CameraInputs(CameraGapQuery, strict=True):
    """What coverage by cameras is computed for."""


class PostInputs(PostGapQuery, strict=True):
    """What coverage by posts is computed for."""


class SpacingInputs(SpacingQuery, strict=True):
    """What the spacing of posts is computed for."""


class ProposalInputs(ProposalQuery, strict=True):
    """What posts are proposed for."""


class CameraPlanInputs(CameraPlanQuery, strict=True):
    """What turns of cameras and new cameras are proposed for."""


class DivisionInputs(DivisionQuery, strict=True):
    """What plans of division are made for."""


class PatrolPlanInputs(PlanQuery, strict=True):
    """What patrols are planned for; the plan is kept as a proposal, and the result names it."""


class MatchInputs(MatchQuery, strict=True):
    """Which tracks are matched; what units did is kept, so that their positions may go."""


class ReportInputs(DaysQuery, strict=True):
    """What is reported on."""


class SpotInputs(SpotQuery, strict=True):
    """What hot spots are looked for in."""


class PackInputs(PackQuery, strict=True):
    """What a monthly pack is made of."""


Inputs = TypeVar("Inputs", bound=BaseModel)


class Execution(BaseModel, Generic[Inputs]):
    """What to compute; other members that the standard knows change nothing."""

    # Pydantic does not pass the docstring on to the class that it makes for each kind of inputs.
    model_config = ConfigDict(json_schema_extra={"description": __doc__})

    inputs: Inputs


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


INPUTS: Final[dict[str, type[BaseModel]]] = {
    "post-coverage": PostInputs,
    "camera-coverage": CameraInputs,
    "post-spacing": SpacingInputs,
    "post-proposal": ProposalInputs,
    "camera-proposal": CameraPlanInputs,
    "area-division": DivisionInputs,
    "patrol-plan": PatrolPlanInputs,
    "track-match": MatchInputs,
    "patrol-report": ReportInputs,
    "hot-spots": SpotInputs,
    "incident-report": PackInputs,
}
"""Process -> what it is asked with."""

PLACES: Final = {
    "post-coverage": "gaps",
    "camera-coverage": "gaps",
    "post-spacing": "spacing",
    "post-proposal": "changes",
    "camera-proposal": "turns",
    "area-division": "grids",
    "patrol-plan": "routes",
    "track-match": "ways",
    "patrol-report": "places",
    "hot-spots": "spots",
    "incident-report": "areas",
}
"""Process -> what the places of its result are called."""

FILES: Final = {"incident-report": {PAPER: HTML, WORKBOOK: XLSX}}
"""Process -> the files of its result, and what they are."""

router = APIRouter(tags=["jobs"])


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
        "processes": [_process(request, name, settings.lang) for name in ANALYSES],
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
    process: Annotated[str, Path(json_schema_extra={"enum": list(ANALYSES)})],
    request: Request,
    settings: SettingsDep,
) -> dict[str, Any]:
    """Return a process with its inputs and outputs."""
    if process not in ANALYSES:
        raise NotFoundError("no_such_row", kind="processes", id=process)
    described = INPUTS[process].model_json_schema()
    required = described.get("required", [])
    inputs = {
        name: {
            "title": name,
            "minOccurs": int(name in required),
            # As the document has it: null is no default, it asks for nothing.
            "schema": {word: told for word, told in schema.items() if told is not None},
        }
        for name, schema in described["properties"].items()
    }
    outputs = {
        name: {"title": name, "schema": schema}
        for name, schema in (
            ("summary", {"type": "object"}),
            (PLACES[process], {"type": "object", "contentMediaType": "application/geo+json"}),
        )
    }
    outputs |= {
        name: {"title": name, "schema": {"type": "string", "contentEncoding": "base64",
                                         "contentMediaType": media_type}}
        for name, media_type in FILES.get(process, {}).items()
    }  # fmt: skip
    return _process(request, process, settings.lang) | {"inputs": inputs, "outputs": outputs}


def _offer(process: str) -> None:
    """Add the route that a process is asked for by."""

    def execute(
        body: Execution[Any], request: Request, response: Response, store: StoreDep
    ) -> dict[str, Any]:
        """Accept a job; its address is in Location."""
        return _accepted(request, response, store, process, body.inputs)

    # The document names what each process is asked with, which only this loop knows.
    execute.__annotations__["body"] = Execution.__class_getitem__(INPUTS[process])
    router.post(
        f"/processes/{process}/execution",
        name=f"run_{process.replace('-', '_')}",
        summary=f"{TITLES[process][1]}, computed as a job",
        status_code=201,
        response_model=JobStatus,
        response_model_exclude_none=True,
        dependencies=[Depends(no_parameters)],
        responses=problems(404, 429),
    )(execute)


for _name in INPUTS:
    _offer(_name)


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
    """Ask for a job, if there is such an area and the scope may ask."""
    values = inputs.model_dump()
    require_asked(store, process, values)
    job = submit(store, process, values)
    response.headers["Location"] = link(request, f"/jobs/{job.id}", "self", JSON)["href"]
    return job_told(request, job)
