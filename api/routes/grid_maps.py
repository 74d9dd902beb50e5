"""The page of grids: figures in colour, loads, defects of borders."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from api.errors import problems
from api.filters import kind_field, village_field
from api.grids.overview import overview
from api.page_words import WORDS
from api.pages import HTML, render
from api.results import today
from api.routes import SettingsDep, StoreDep, content
from api.routes.maps import NEEDED, AreaQuery, framed
from api.security import PAGE_POLICY
from api.stored import least_datum
from api.stored_grids import grids_shown
from maps import Imprint, grid_page


class GridMapQuery(AreaQuery):
    """Query parameters of the page of grids."""

    area: Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")] | None = Field(
        None, description="The code of a village, whose grids are shown; none for all."
    )
    kind: (
        Literal["", "basic", "exclusive", "micro", "unit", "responsibility", "beat", "patrol"]
        | None
    ) = Field(None, description="Only grids of this kind; none for all.")


router = APIRouter(prefix="/maps", tags=["maps"], default_response_class=Response)


@router.get(
    "/grids",
    summary="Grids: a page with a filter",
    responses=problems() | {200: content(HTML)},
)
def show_grids(
    query: Annotated[GridMapQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a form and the map that it asks for; without data, what to do next."""
    fields = [village_field(store, query.area), kind_field(query.kind, settings.lang)]
    return framed("grids", fields, request, store, settings)


@router.get(
    "/grids/map",
    summary="Grids: the map alone",
    responses=problems(404, 422) | {200: content(HTML)},
)
def show_grids_map(
    query: Annotated[GridMapQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a map of the grids with their loads and the defects of their borders."""
    lang = settings.lang
    areas = grids_shown(store, query.area or None, query.kind or None)
    if areas is None:
        missing = [] if store.count("areas") else list(NEEDED["grids"])
        return render(request, lang, "no_map.html", name="grids", missing=missing)
    imprint = Imprint(
        WORDS["grids"][lang != "zh"],
        today(),
        datum=least_datum(areas),
        crs=areas.crs.to_string(),
        lang=lang,
    )
    page = grid_page(overview(areas, lang), imprint)
    return Response(page, media_type=HTML, headers={"Content-Security-Policy": PAGE_POLICY})
