"""Where no camera of a stored area looks: for those alone who may see what is restricted."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import Field

from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.restricted import require_restricted
from api.routes import StoreDep, content
from api.routes.coverage import AreaQuery, summed_up
from api.schemas import FeatureCollection
from api.stored_cameras import area_blind, area_cordon, cordon_places
from api.stored_posts import marking
from data.store import Store
from data.viewing import note_view

ANSWERS: Final = problems(403, 404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)}
"""What both routes answer."""


class CordonQuery(AreaQuery):
    """Query parameters of the unseen ways across the line of an area."""

    way: Literal["out", "in"] = Field(
        "out", description="Whether one wants to leave the area unseen, or to get in."
    )


def permitted(store: StoreDep) -> None:
    """Let through only who may see what is restricted."""
    require_restricted(store)


router = APIRouter(tags=["restricted"], dependencies=[Depends(permitted)])


@router.get(
    "/blind/cameras",
    summary="Open ground of an area that no camera sees",
    response_class=Response,
    responses=ANSWERS,
)
def read_blind_ground(query: Annotated[AreaQuery, Query()], store: StoreDep) -> Response:
    """Return the pieces, the largest first; each such view is written down."""
    sight = area_blind(store, query.area)
    pieces = sight.coverage.blind_areas
    assert pieces is not None  # noqa: S101 - the ground was asked for
    note_view(store, "camera-blind-ground", area=query.area, rows=len(pieces))
    return summed_up([pieces], sight.summary() | {"blind_areas": len(pieces)} | _marked(store))


@router.get(
    "/cordons/cameras",
    summary="Ways out of an area, or into it, that no camera sees",
    response_class=Response,
    responses=ANSWERS,
)
def read_open_ways(query: Annotated[CordonQuery, Query()], store: StoreDep) -> Response:
    """
    Return the unseen ways and the fewest closures that leave none, told apart by `what`.

    The area is the cordon, for walkers; streets and cameras around it count. Each such view is
    written down.
    """
    found = area_cordon(store, query.area, way=query.way)
    note_view(store, "camera-cordon", area=query.area, rows=len(found.ways))
    each = found.cordons.drop(columns="geometry").to_dict("records")
    return summed_up(cordon_places(found), found.summary() | {"areas": each} | _marked(store))


def _marked(store: Store) -> dict[str, object]:
    return {"marking": marking(store)}
