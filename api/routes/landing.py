"""The landing page and the list of layers (OGC API - Features, Common)."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request

from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.page_words import WORDS
from api.pages import HTML, render, wants_page
from api.routes import JSON, SettingsDep, StoreDep, link, no_parameters
from api.routes.docs import OPENAPI_TYPE
from api.schemas import Collection, Collections, Conformance, Landing
from api.uploads import UPLOADABLE
from data import word
from data.models import LAYERS
from data.store import model_of
from data.viewing import note_view

TITLE: Final = "gridpatrol 网格巡防"

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""Longitude and latitude of WGS-84, in this order."""

CONFORMS_TO: Final = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
]
"""Conformance classes that the service was built to."""

LINKS: Final = (
    ("/maps/coverage", "related", HTML, "coverage"),
    ("/maps/grids", "related", HTML, "grids"),
    ("/maps/incidents", "related", HTML, "incidents"),
    ("/maps/hotspots", "related", HTML, "hotspots"),
    ("/maps/rings", "related", HTML, "rings"),
    ("/maps/patrols", "related", HTML, "patrols"),
    ("/patrols/tonight", "related", HTML, "tonight"),
    ("/imports", "related", JSON, "imports"),
    ("/processes", "http://www.opengis.net/def/rel/ogc/1.0/processes", JSON, "processes"),
    ("/jobs", "http://www.opengis.net/def/rel/ogc/1.0/job-list", JSON, "jobs"),
)
"""Path, relation, media type and key of the title of what is told beside the layers."""

Kind = Annotated[str, Path(description="A layer.", json_schema_extra={"enum": list(LAYERS)})]

router = APIRouter(tags=["landing"], dependencies=[Depends(no_parameters)])


@router.get(
    "/",
    summary="Where everything is",
    response_model=Landing,
    response_model_exclude_none=True,
    responses=problems() | {200: {"content": {HTML: {"schema": {"type": "string"}}}}},
)
def read_landing(request: Request, store: StoreDep, settings: SettingsDep) -> Any:  # noqa: ANN401 - page or data
    """Return links to the description, the layers and the pages; a browser gets a page of them."""
    lang = settings.lang
    if wants_page(request):
        counts = {kind: store.count(kind) for kind in LAYERS}
        note_view(store, "/", rows=counts["posts"])
        return render(
            request,
            lang,
            "landing.html",
            names={kind: word(kind, lang) for kind in LAYERS},
            counts=counts,
            readable=" ".join(UPLOADABLE),
        )
    linked = [
        link(request, path, rel, media_type, WORDS[title][lang != "zh"])
        for path, rel, media_type, title in LINKS
    ]
    return {
        "title": TITLE,
        "description": WORDS["lead"][lang != "zh"],
        "links": [
            link(request, "/", "self", JSON),
            link(request, "/api", "service-desc", OPENAPI_TYPE),
            link(request, "/docs", "service-doc", HTML),
            link(request, "/conformance", "conformance", JSON),
            link(request, "/collections", "data", JSON),
            *linked,
        ],
    }


@router.get(
    "/conformance",
    summary="The conformance classes",
    response_model=Conformance,
    responses=problems(),
)
def read_conformance() -> dict[str, Any]:
    """Return the conformance classes that the service was built to."""
    return {"conformsTo": CONFORMS_TO}


@router.get(
    "/collections",
    summary="The layers",
    response_model=Collections,
    response_model_exclude_none=True,
    responses=problems(),
)
def read_collections(request: Request, settings: SettingsDep) -> dict[str, Any]:
    """Return every layer; which rows it shows depends on who asks, that it is there does not."""
    return {
        "links": [link(request, "/collections", "self", JSON)],
        "collections": [_collection(request, kind, settings.lang) for kind in LAYERS],
    }


@router.get(
    "/collections/{kind}",
    summary="A layer",
    response_model=Collection,
    response_model_exclude_none=True,
    responses=problems(404),
)
def read_collection(kind: Kind, request: Request, settings: SettingsDep) -> dict[str, Any]:
    """Return one layer."""
    model_of(kind)
    return _collection(request, kind, settings.lang)


def _collection(request: Request, kind: str, lang: str) -> dict[str, Any]:
    path = f"/collections/{kind}"
    return {
        "id": kind,
        "title": word(kind, lang),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link(request, path, "self", JSON),
            link(request, f"{path}/items", "items", MEDIA_TYPE),
        ],
    }
