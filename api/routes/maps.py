"""Maps as pages: coverage, incidents and patrol routes of what is stored."""

from html import escape
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.errors import problems
from api.queries import span_of
from api.routes import SettingsDep, StoreDep, content
from api.routes.coverage import Area, Reach
from api.security import PAGE_POLICY, VIEWER_POLICY
from api.services import today
from api.stored import Shown, coverage_shown, incidents_shown, patrols_shown
from data.store import Query as StoreQuery
from maps import coverage_page

HTML: Final = "text/html"

TITLES: Final = {
    "coverage": ("巡防覆盖", "Patrol coverage"),
    "incidents": ("事件分布", "Incidents"),
    "patrols": ("巡逻路线", "Patrol routes"),
}
"""Page -> its title, Chinese and English."""

NEEDED: Final = {
    "coverage": (("streets",), ("posts", "cameras")),
    "incidents": (("incidents",),),
    "patrols": (("routes",),),
}
"""Page -> layers that it needs: one of each group."""

WORDS: Final = {
    "empty": ("还没有可以显示的数据。", "There is nothing to show yet."),
    "next": ("下一步：导入图层，例如", "Next: import layers, such as"),
    "file": ("文件", "FILE"),
    "or": ("或", "or"),
    "no_match": (
        "没有符合条件的记录；请放宽筛选条件（区域、类型、状态、时间）。",
        "No row matches; ask for less (area, kind, state, time).",
    ),
    "back": ("显示全部", "Show all"),
}
"""Words of a page without a map: Chinese, English."""

Code = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
Time = Annotated[str, Field(max_length=40)]


class CoverageQuery(BaseModel):
    """Query parameters of the page of coverage."""

    model_config = ConfigDict(extra="forbid")

    area: Area | None = Field(None, description="The area_id of a stored area; none for all.")
    reach_m: Reach = 50.0


class IncidentQuery(BaseModel):
    """Query parameters of the page of incidents."""

    model_config = ConfigDict(extra="forbid")

    area: Area | None = Field(None, description="The area_id of a stored area; none for all.")
    kind: Code | None = Field(None, description="Only incidents of this kind.")
    state: Code | None = Field(None, description="Only incidents in this state.")
    since: Time | None = Field(None, description="A date or a local time: from then on.")
    until: Time | None = Field(None, description="A date or a local time: up to it, included.")


class PatrolQuery(BaseModel):
    """Query parameters of the page of patrol routes."""

    model_config = ConfigDict(extra="forbid")

    area: Area | None = Field(None, description="The area_id of a stored area; none for all.")
    unit: Code | None = Field(None, description="Only routes of this unit.")
    mode: Code | None = Field(None, description="Only routes on foot, by car and so on.")
    shift: Code | None = Field(None, description="Only routes of this shift.")


router = APIRouter(prefix="/maps", tags=["maps"])


@router.get(
    "/coverage",
    summary="Coverage by posts and cameras as a page",
    response_class=Response,
    responses=problems(404, 422) | {200: content(HTML)},
)
def show_coverage(
    query: Annotated[CoverageQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return a map of the streets that are covered, and of the gaps."""
    shown = coverage_shown(store, query.area, reach_m=query.reach_m)
    return _page("coverage", shown, settings.lang)


@router.get(
    "/incidents",
    summary="Incidents as a page",
    response_class=Response,
    responses=problems(404, 422) | {200: content(HTML)},
)
def show_incidents(
    query: Annotated[IncidentQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return a map of incidents and of how densely they lie."""
    # One end of an interval is read as an interval that is open at its other end.
    since = None if query.since is None else span_of(f"{query.since}/..", "since")[0]
    until = None if query.until is None else span_of(f"../{query.until}", "until")[1]
    equal = {"kind": query.kind, "state": query.state}
    wanted = StoreQuery(since=since, until=until, equal=_given(equal))
    return _page("incidents", incidents_shown(store, query.area, wanted), settings.lang)


@router.get(
    "/patrols",
    summary="Patrol routes as a page",
    response_class=Response,
    responses=problems(404, 422) | {200: content(HTML)},
)
def show_patrols(
    query: Annotated[PatrolQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return a map of patrol routes."""
    equal = {"unit": query.unit, "mode": query.mode, "shift": query.shift}
    wanted = StoreQuery(equal=_given(equal))
    return _page("patrols", patrols_shown(store, query.area, wanted), settings.lang)


def _given(equal: dict[str, str | None]) -> dict[str, str]:
    """Leave out what was not asked; an empty choice of a form is none."""
    return {name: value for name, value in equal.items() if value}


def _page(name: str, shown: Shown, lang: str) -> Response:
    title = TITLES[name][lang != "zh"]
    if shown.scene is None:
        return Response(
            _guidance(name, shown.stored, lang),
            media_type=HTML,
            headers={"Content-Security-Policy": VIEWER_POLICY},
        )
    page = coverage_page(shown.scene, title=title, made_on=today(), datum=shown.datum, lang=lang)
    return Response(page, media_type=HTML, headers={"Content-Security-Policy": PAGE_POLICY})


def _guidance(name: str, stored: frozenset[str], lang: str) -> str:
    """Write a page that says what to do next."""
    say = {key: texts[lang != "zh"] for key, texts in WORDS.items()}
    missing = [group for group in NEEDED[name] if not stored & set(group)]
    commands = [
        f" {say['or']} ".join(
            f"<code>gridpatrol import {kind} {say['file']}</code>" for kind in group
        )
        for group in missing
    ]
    if commands:
        items = "".join(f"<li>{command}</li>" for command in commands)
        text = f"<p>{say['empty']}{say['next']}</p><ul>{items}</ul>"
    else:
        text = f'<p>{say["no_match"]}</p><p><a href="{name}">{say["back"]}</a></p>'
    title = escape(TITLES[name][lang != "zh"])
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>'
        f'<meta charset="utf-8"><title>{title}</title><link rel="icon" href="data:,"></head>\n'
        f"<body><h1>{title}</h1>{text}</body>\n</html>\n"
    )
