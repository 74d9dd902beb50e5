"""Maps as pages: coverage, incidents and patrol routes of what is stored."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.errors import problems
from api.filters import FilterField, area_field, choice_field, day_field, distance_field
from api.page_words import WORDS
from api.pages import HTML, render
from api.queries import span_of
from api.results import today
from api.routes import SettingsDep, StoreDep, content
from api.routes.coverage import Distance, Reach
from api.security import PAGE_POLICY
from api.settings import Settings
from api.shown import Shown, coverage_shown, layer_shown
from api.stored_posts import post_remarks
from api.words import say
from data.store import Query as StoreQuery
from data.store import Store
from data.viewing import note_view
from maps import coverage_page

NEEDED: Final = {
    "grids": (("areas",),),
    "coverage": (("streets",), ("posts", "cameras")),
    "incidents": (("incidents",),),
    "hotspots": (("incidents",),),
    "rings": (("stations",), ("streets",)),
    "patrols": (("routes",),),
}
"""Page -> layers that it needs: one of each group."""

Code = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
Time = Annotated[str, Field(max_length=40)]


class AreaQuery(BaseModel):
    """Query parameters that every page has. An empty field of a form asks for nothing."""

    model_config = ConfigDict(extra="forbid")

    area: Code | None = Field(None, description="The area_id of a stored area; none for all.")


class CoverageQuery(AreaQuery):
    """Query parameters of the page of coverage."""

    reach_m: Reach = 50.0
    distance: Distance = "street"


class IncidentQuery(AreaQuery):
    """Query parameters of the page of incidents."""

    kind: Code | None = Field(None, description="Only incidents of this kind.")
    state: Code | None = Field(None, description="Only incidents in this state.")
    since: Time | None = Field(None, description="A date or a local time: from then on.")
    until: Time | None = Field(None, description="A date or a local time: up to it, included.")

    def wanted(self) -> StoreQuery:
        """Return which incidents are asked for."""
        # One end of an interval is read as an interval that is open at its other end.
        since = span_of(f"{self.since or ''}/..", "since")[0]
        until = span_of(f"../{self.until or ''}", "until")[1]
        equal = {"kind": self.kind, "state": self.state}
        return StoreQuery(since=since, until=until, equal=_given(equal))


class PatrolQuery(AreaQuery):
    """Query parameters of the page of patrol routes."""

    unit: Code | None = Field(None, description="Only routes of this unit.")
    mode: Code | None = Field(None, description="Only routes on foot, by car and so on.")
    shift: Code | None = Field(None, description="Only routes of this shift.")

    def wanted(self) -> StoreQuery:
        """Return which routes are asked for."""
        return StoreQuery(equal=_given({n: getattr(self, n) for n in ("unit", "mode", "shift")}))


router = APIRouter(prefix="/maps", tags=["maps"], default_response_class=Response)


@router.get(
    "/coverage",
    summary="Coverage by posts and cameras: a page with a filter",
    responses=problems() | {200: content(HTML)},
)
def show_coverage(
    query: Annotated[CoverageQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a form and the map that it asks for; without data, what to do next."""
    reach = FilterField("reach_m", "reach", f"{query.reach_m:g}", type="number")
    distance = distance_field(query.distance, settings.lang)
    fields = [area_field(store, query.area, settings.lang), reach, distance]
    return framed("coverage", fields, request, store, settings)


@router.get(
    "/coverage/map",
    summary="Coverage by posts and cameras: the map alone",
    responses=problems(404, 422) | {200: content(HTML)},
)
def show_coverage_map(
    query: Annotated[CoverageQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a map of the streets that are covered, and of the gaps."""
    code = query.area or None
    shown = coverage_shown(store, code, reach_m=query.reach_m, distance=query.distance)
    remarks: list[str] = []
    if shown.scene is not None and shown.scene.posts is not None:
        note_view(store, "maps/coverage", area=code, rows=len(shown.scene.posts.posts))
        remarks = post_remarks(store, settings.lang)
    if shown.scene is not None and shown.scene.cameras is not None:
        blind = shown.scene.cameras.blind_areas
        if blind is not None:
            note_view(store, "maps/coverage/blind-ground", area=code, rows=len(blind))
            remarks.append(say("restricted_lists", settings.lang))
    return _map("coverage", shown, request, settings, remarks)


@router.get(
    "/incidents",
    summary="Incidents: a page with a filter",
    responses=problems() | {200: content(HTML)},
)
def show_incidents(
    query: Annotated[IncidentQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a form and the map that it asks for; without data, what to do next."""
    query.wanted()
    fields = [
        area_field(store, query.area, settings.lang),
        choice_field(store, "incidents", "kind", query.kind, settings.lang),
        choice_field(store, "incidents", "state", query.state, settings.lang),
        day_field("since", query.since),
        day_field("until", query.until),
    ]
    return framed("incidents", fields, request, store, settings)


@router.get(
    "/incidents/map",
    summary="Incidents: the map alone",
    responses=problems(404, 422) | {200: content(HTML)},
)
def show_incidents_map(
    query: Annotated[IncidentQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a map of incidents and of how densely they lie."""
    shown = layer_shown(store, "incidents", query.area or None, query.wanted())
    return _map("incidents", shown, request, settings)


@router.get(
    "/patrols",
    summary="Patrol routes: a page with a filter",
    responses=problems() | {200: content(HTML)},
)
def show_patrols(
    query: Annotated[PatrolQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a form and the map that it asks for; without data, what to do next."""
    asked = {name: getattr(query, name) for name in ("unit", "mode", "shift")}
    chosen = [
        choice_field(store, "routes", name, value, settings.lang) for name, value in asked.items()
    ]
    fields = [area_field(store, query.area, settings.lang), *chosen]
    return framed("patrols", fields, request, store, settings)


@router.get(
    "/patrols/map",
    summary="Patrol routes: the map alone",
    responses=problems(404, 422) | {200: content(HTML)},
)
def show_patrols_map(
    query: Annotated[PatrolQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a map of patrol routes."""
    shown = layer_shown(store, "routes", query.area or None, query.wanted())
    return _map("patrols", shown, request, settings)


def _given(equal: dict[str, str | None]) -> dict[str, str]:
    """Leave out what was not asked; an empty choice of a form is none."""
    return {name: value for name, value in equal.items() if value}


def framed(
    name: str,
    fields: Sequence[FilterField],
    request: Request,
    store: Store,
    settings: Settings,
) -> Response:
    """
    Show a form and, in a frame that its scripts cannot leave, the map.

    Parameters
    ----------
    name
        A key of `NEEDED`.
    fields
        Of the form.
    request
        The request that the page answers.
    store
        Opened for the scope of the request.
    settings
        For the language.

    Returns
    -------
    response
        The page; without data, what to do next.
    """
    missing = [group for group in NEEDED[name] if not any(map(store.count, group))]
    asked = f"?{request.url.query}" if request.url.query else ""
    return render(
        request,
        settings.lang,
        "map.html",
        name=name,
        fields=fields,
        missing=missing,
        map=f"{request.base_url.path.rstrip('/')}/maps/{name}/map{asked}",
    )


def _map(
    name: str, shown: Shown, request: Request, settings: Settings, remarks: Sequence[str] = ()
) -> Response:
    lang = settings.lang
    if shown.scene is None:
        missing = [group for group in NEEDED[name] if not shown.stored & set(group)]
        return render(request, lang, "no_map.html", name=name, missing=missing)
    title = WORDS[name][lang != "zh"]
    page = coverage_page(
        shown.scene,
        title=title,
        made_on=today(),
        datum=shown.datum,
        remarks=remarks,
        lang=lang,
    )
    return Response(page, media_type=HTML, headers={"Content-Security-Policy": PAGE_POLICY})
