"""The rows of the layers: pages of them, one of them, and writing them."""

import datetime as dt
import json
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import shapely
from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api.errors import (
    BadRequestError,
    NoVersionError,
    VersionError,
    problems,
)
from api.geojson import (
    MEDIA_TYPE,
    collection,
    features,
    geometry_of,
    needed,
    values_of,
    writable,
)
from api.queries import after_of, filter_columns, make_query, token_of
from api.routes import JSON, StoreDep, content, link, no_parameters
from api.routes.landing import Kind
from api.schemas import Feature, FeatureCollection, FeatureIn, FeaturePatch
from api.stored_posts import marking, posts_counted
from data.covert import COVERT
from data.errors import ConflictError, NotFoundError
from data.ids import LARGEST_ID
from data.models import LAYERS
from data.store import Store, model_of
from data.values import LOCAL_ZONE
from data.viewing import note_view
from data.writing import insert_row, update_row

LARGEST_PAGE: Final = 10_000
"""Features of one page at most."""

LONGEST_ID: Final = len(str(LARGEST_ID))
"""Digits of an id at most: Python refuses to read very long numbers."""


class ItemsQuery(BaseModel):
    """Query parameters that every layer has; columns of the layer filter beside them."""

    bbox: str | None = Field(None, description="west,south,east,north in degrees.")
    datetime: str | None = Field(
        None,
        description="A date, a time or start/end (.. is open); without an offset it is local. "
        "Layers without times take one day: the rows that were valid on it.",
    )
    limit: int = Field(100, ge=1, le=LARGEST_PAGE, description="Features at most.")
    token: str | None = Field(None, description="Of the next link, never made by hand.")
    count: bool = Field(default=False, description="Whether to tell numberMatched.")


FILTERS: Final = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "schema": {"type": "string"},
        "description": f"Rows whose {name} is this; where the layer has it.",
    }
    for name in sorted({name for kind in LAYERS for name in filter_columns(kind)})
]
"""Filters of all layers, for the OpenAPI document."""

Item = Annotated[str, Path(description="The id of a feature.")]
IfMatch = Annotated[
    str | None, Header(description="The ETag that was read; without it nothing is written.")
]

router = APIRouter(prefix="/collections/{kind}/items", tags=["features"])


@router.get(
    "",
    summary="Rows of a layer",
    response_class=Response,
    responses=problems(404) | {200: content(MEDIA_TYPE, FeatureCollection)},
    openapi_extra={"parameters": FILTERS},
)
def read_items(
    kind: Kind, query: Annotated[ItemsQuery, Query()], request: Request, store: StoreDep
) -> Response:
    """Return a page of rows by id, with a link to the next."""
    model_of(kind)
    given = request.query_params.multi_items()
    names = [name for name, _ in given]
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise BadRequestError("repeated_parameter", names=", ".join(sorted(repeated)))
    filters = {name: value for name, value in given if name not in ItemsQuery.model_fields}
    wanted = make_query(kind, bbox=query.bbox, datetime=query.datetime, filters=filters)
    page = store.page(kind, wanted, after=after_of(query.token), limit=query.limit)
    path = f"/collections/{kind}"
    here = request.url.include_query_params
    links = [
        link(request, path, "collection", JSON),
        {"href": str(request.url), "rel": "self", "type": MEDIA_TYPE},
    ]
    if page.after is not None:
        href = str(here(token=token_of(page.after)))
        links.append({"href": href, "rel": "next", "type": MEDIA_TYPE})
    told = {"numberMatched": store.count(kind, wanted)} if query.count else {}
    if kind == "posts":
        note_view(store, kind, area=query.bbox, rows=told.get("numberMatched", len(page.frame)))
        told |= posts_counted(store)
    body = collection(
        features(page.frame),
        numberReturned=len(page.frame),
        **told,
        timeStamp=dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        links=links,
    )
    return Response(body, media_type=MEDIA_TYPE)


@router.post(
    "",
    summary="A new row",
    status_code=201,
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409, 422) | {201: {"description": "Created: see Location."}},
)
def add_item(kind: Kind, body: FeatureIn, request: Request, store: StoreDep) -> Response:
    """Store a feature; its place and division must be in scope."""
    model_of(kind)
    values = values_of(kind, dict.fromkeys(needed(kind)) | body.properties)
    place = None if body.geometry is None else geometry_of(kind, body.geometry)
    row_id = insert_row(store, kind, values, place)
    at = link(request, f"/collections/{kind}/items/{row_id}", "self", MEDIA_TYPE)["href"]
    return Response(status_code=201, headers={"Location": at, "ETag": etag_of(1)})


@router.get(
    "/{item}",
    summary="One row",
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(404) | {200: content(MEDIA_TYPE, Feature)},
)
def read_item(kind: Kind, item: Item, request: Request, store: StoreDep) -> Response:
    """Return a feature with its version as the ETag."""
    row = row_of(store, kind, item)
    frame = gpd.GeoDataFrame(pd.DataFrame([row]), geometry="geometry", crs="EPSG:4326")
    text = features(frame)[0]
    told = ""
    if kind == "posts":
        note_view(store, kind, area=item, rows=1)
        if row["visibility"] == COVERT:
            told = f',"marking":{json.dumps(marking(store), ensure_ascii=False)}'
    path = f"/collections/{kind}"
    links = [
        link(request, f"{path}/items/{row['id']}", "self", MEDIA_TYPE),
        link(request, path, "collection", JSON),
    ]
    return Response(
        f'{text[:-1]}{told},"links":{json.dumps(links)}}}',
        media_type=MEDIA_TYPE,
        headers={"ETag": etag_of(row["version"])},
    )


@router.patch(
    "/{item}",
    summary="Some values of a row",
    status_code=204,
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409, 412, 422, 428),
)
def change_item(
    kind: Kind, item: Item, body: FeaturePatch, store: StoreDep, if_match: IfMatch = None
) -> Response:
    """Change the properties that are given, and the place if it is."""
    row = _matched(store, kind, item, if_match)
    return _written(store, kind, row, body.properties, body.geometry)


@router.put(
    "/{item}",
    summary="All values of a row",
    status_code=204,
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409, 412, 422, 428),
)
def replace_item(
    kind: Kind, item: Item, body: FeatureIn, store: StoreDep, if_match: IfMatch = None
) -> Response:
    """Change every property; those not given are emptied, a place that is null stays."""
    row = _matched(store, kind, item, if_match)
    columns = LAYERS[kind].__table__.columns
    emptied = {name: None for name, column in writable(kind).items() if columns[column].nullable}
    return _written(store, kind, row, emptied | body.properties, body.geometry)


@router.delete(
    "/{item}",
    summary="The end of a row",
    status_code=204,
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(403, 404, 409, 412, 428),
)
def end_item(kind: Kind, item: Item, store: StoreDep, if_match: IfMatch = None) -> Response:
    """Give the row today as its end: it stays in the history, and is seen no more."""
    row = _matched(store, kind, item, if_match)
    _update(store, kind, row, {"valid_to": _today()}, None)
    return Response(status_code=204)


def row_of(store: Store, kind: str, item: str) -> pd.Series:
    """
    Find a row that has not ended.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    kind
        A layer.
    item
        What the address names.

    Returns
    -------
    row
        As `Store.item` gives it.

    Raises
    ------
    KindError
        When there is no such layer.
    NotFoundError
        When there is no such row in scope: out of scope, ended and never there are not told
        apart.
    """
    model_of(kind)
    absent = NotFoundError("no_such_row", kind=kind, id=item)
    if not (item.isascii() and item.isdecimal() and len(item) <= LONGEST_ID):
        raise absent
    if int(item) > LARGEST_ID or str(int(item)) != item:
        raise absent
    try:
        row = store.item(kind, int(item))
    except NotFoundError:
        raise absent from None
    if row["valid_to"] is not None and row["valid_to"] <= _today():
        raise absent
    return row


def etag_of(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def _today() -> dt.date:
    """Return the day by the local clock, which the dates of rows go by."""
    return dt.datetime.now(ZoneInfo(LOCAL_ZONE)).date()


def _matched(store: Store, kind: str, item: str, if_match: str | None) -> pd.Series:
    """Find the row of a write, and see that the writer read what is stored."""
    row = row_of(store, kind, item)
    if if_match is None:
        raise NoVersionError("no_if_match")
    given = [tag.strip() for tag in if_match.split(",")]
    if "*" not in given and etag_of(row["version"]) not in given:
        raise VersionError("version_differs")
    return row


def _written(
    store: Store,
    kind: str,
    row: pd.Series,
    properties: dict[str, Any],
    geometry: dict[str, Any] | None,
) -> Response:
    """Change a row and return its new ETag."""
    values = values_of(kind, properties)
    place = None if geometry is None else geometry_of(kind, geometry)
    version = _update(store, kind, row, values, place)
    return Response(status_code=204, headers={"ETag": etag_of(version)})


def _update(
    store: Store,
    kind: str,
    row: pd.Series,
    values: dict[str, Any],
    place: shapely.Geometry | None,
) -> int:
    try:
        return update_row(store, kind, int(row["id"]), int(row["version"]), values, place)
    except ConflictError as error:
        # Somebody else was faster after the ETag had been compared.
        raise VersionError("version_differs") from error
