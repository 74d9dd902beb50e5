"""Which streets of a stored area posts and cameras do not cover."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import geopandas as gpd
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from api.errors import BadRequestError, problems
from api.geojson import MEDIA_TYPE, numbered_features
from api.queries import span_of, time_query
from api.routes import StoreDep, content
from api.schemas import FeatureCollection
from api.stored import area_coverage
from api.stored_cameras import area_sight
from api.stored_posts import posts_counted
from data.dated import as_of
from data.export import to_json
from data.store import Store
from data.viewing import note_view

Area = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]+$")]
Reach = Annotated[float, Field(gt=0, le=5_000, description="How far a post sees, in metres.")]
Distance = Annotated[
    Literal["street", "straight"],
    Field(description="How that is measured: along the street, or as the crow flies."),
]


class AreaQuery(BaseModel):
    """The query parameter of whatever is computed for a stored area."""

    model_config = ConfigDict(extra="forbid")

    area: Area = Field(description="The area_id of a stored area.")


class CameraGapQuery(AreaQuery):
    """Query parameters of the gaps that cameras leave."""

    night: bool = Field(
        default=False, description="Whether to go by the light that cameras have at night."
    )
    band: Literal["detect", "observe", "recognise", "identify"] | None = Field(
        None, description="What the picture has to serve for, by pixel density; none for any use."
    )
    datetime: str | None = Field(
        None, max_length=80,
        description="The span that states and faults are told of: a date, a time or start/end (.. "
        "is open); cameras, streets and borders are those of its last day. None for the 31 days up "
        "to the last state, and for the cameras of today.",
    )  # fmt: skip

    @field_validator("datetime")
    @classmethod
    def _is_a_span(cls, datetime: str | None) -> str | None:
        if datetime is not None:
            try:
                span_of(datetime)
            except BadRequestError:
                raise PydanticCustomError("span_unread", "write a date, or start/end") from None
        return datetime


class PostGapQuery(AreaQuery):
    """Query parameters of the gaps that posts leave."""

    reach_m: Reach = 50.0
    distance: Distance = "street"


class DatedPostGapQuery(PostGapQuery):
    """Query parameters of the gaps that posts leave, or left."""

    datetime: str | None = Field(
        None, description="The day whose borders, streets and posts are taken; none for today."
    )


router = APIRouter(prefix="/coverage", tags=["coverage"])


@router.get(
    "/posts",
    summary="Streets of an area beyond the reach of every post",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_post_gaps(query: Annotated[DatedPostGapQuery, Query()], store: StoreDep) -> Response:
    """Return the gaps with the totals beside them, as everything was stored for a day."""
    store = on_day(store, query.datetime)
    coverage = area_coverage(store, query.area, reach_m=query.reach_m, distance=query.distance)
    summary = coverage.summary()
    note_view(store, "post-coverage", area=query.area, rows=summary["posts"])
    return summed_up([coverage.gaps], summary | posts_counted(store))


@router.get(
    "/cameras",
    summary="Streets of an area that no camera sees",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_camera_gaps(query: Annotated[CameraGapQuery, Query()], store: StoreDep) -> Response:
    """
    Return the gaps, with totals of streets by class, key sites, junctions and health beside them.

    Each rate of health has its numerator, its denominator and what is unknown beside it.
    """
    sight = area_sight(
        store, query.area, night=query.night, band=query.band, datetime=query.datetime
    )
    return summed_up([sight.coverage.gaps], sight.summary())


def on_day(store: Store, text: str | None) -> Store:
    """
    Return a store as it was on the day that a request names.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    text
        A day or a time, or None for today.

    Returns
    -------
    store
        The same, or that of the day.

    Raises
    ------
    BadRequestError
        When the text cannot be read, or is an interval.
    """
    asked = time_query("areas", text)
    return as_of(store, asked["on"]) if asked else store


def summed_up(frames: Iterable[gpd.GeoDataFrame], summary: Mapping[str, Any]) -> Response:
    """
    Answer with what was found and the totals.

    Parameters
    ----------
    frames
        Rows that were computed, in any CRS.
    summary
        The totals; numbers without an end are null.

    Returns
    -------
    response
        A feature collection.
    """
    items = numbered_features(frames)
    return Response(
        f'{{"type":"FeatureCollection","features":[{",".join(items)}],'
        f'"numberReturned":{len(items)},"summary":{to_json(summary)}}}',
        media_type=MEDIA_TYPE,
    )
