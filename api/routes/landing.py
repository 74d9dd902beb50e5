"""The landing page and the list of layers (OGC API - Features, Common)."""

from html import escape
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.routes import SettingsDep, link, no_parameters
from api.routes.docs import OPENAPI_TYPE
from api.schemas import Collection, Collections, Conformance, Landing
from api.security import VIEWER_POLICY
from data import word
from data.models import LAYERS
from data.store import model_of

JSON: Final = "application/json"

HTML: Final = "text/html"

TITLE: Final = "gridpatrol 网格巡防"

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
"""Longitude and latitude of WGS-84, in this order."""

CONFORMS_TO: Final = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
]
"""Conformance classes that the service was built to."""

PAGES: Final = {
    "/maps/coverage": ("覆盖地图", "Map of coverage"),
    "/maps/incidents": ("事件地图", "Map of incidents"),
    "/maps/patrols": ("巡逻路线地图", "Map of patrol routes"),
}
"""Pages for people: path -> Chinese, English."""

Kind = Annotated[str, Path(description="A layer.", json_schema_extra={"enum": list(LAYERS)})]

router = APIRouter(tags=["landing"], dependencies=[Depends(no_parameters)])


@router.get(
    "/",
    summary="Where everything is",
    response_model=Landing,
    response_model_exclude_none=True,
    responses=problems() | {200: {"content": {HTML: {"schema": {"type": "string"}}}}},
)
def read_landing(request: Request, settings: SettingsDep) -> Any:  # noqa: ANN401 - page or data
    """Return links to the description, the layers and the pages; a browser gets a page of them."""
    chinese = settings.lang == "zh"
    pages = [
        link(request, path, "related", HTML, titles[0 if chinese else 1])
        for path, titles in PAGES.items()
    ]
    if HTML in request.headers.get("accept", ""):
        return _page(pages, settings.lang)
    return {
        "title": TITLE,
        "description": "街面、岗哨、摄像机、网格、事件与巡逻路线"
        if chinese
        else "Streets, posts, cameras, areas, incidents and patrol routes",
        "links": [
            link(request, "/", "self", JSON),
            link(request, "/api", "service-desc", OPENAPI_TYPE),
            link(request, "/docs", "service-doc", HTML),
            link(request, "/conformance", "conformance", JSON),
            link(request, "/collections", "data", JSON),
            *pages,
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


def _page(pages: list[dict[str, str]], lang: str) -> Response:
    """Return the links for people as a page."""
    items = "".join(
        f'<li><a href="{escape(page["href"])}">{escape(page["title"])}</a></li>' for page in pages
    )
    docs = "接口说明" if lang == "zh" else "Description of the interface"
    return Response(
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>'
        f'<meta charset="utf-8"><title>{TITLE}</title><link rel="icon" href="data:,"></head>\n'
        f'<body><h1>{TITLE}</h1><ul>{items}<li><a href="docs">{docs}</a></li></ul></body>\n'
        f"</html>\n",
        media_type=HTML,
        headers={"Content-Security-Policy": VIEWER_POLICY, "Vary": "Accept"},
    )
