"""What stations reach by road in minutes, and which units on duty are nearest to a place."""

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.response.going import NearestOptions
from api.response.reach import RING_MINUTES, RingOptions
from api.routes import SettingsDep, StoreDep, content
from api.routes.coverage import summed_up
from api.schemas import FeatureCollection
from api.stored_response import nearest_places, ring_places, stored_nearest, stored_rings


def _local_time(text: str) -> str:
    """Refuse what is no local time."""
    try:
        known = dt.datetime.fromisoformat(text)
    except ValueError:
        known = None
    if known is None or known.tzinfo is not None or len(text) != len("2026-05-01T08:00"):
        raise PydanticCustomError("time_unread", "write a local time such as 2026-05-01T08:00")
    return text


Now = Annotated[
    str,
    AfterValidator(_local_time),
    Field(json_schema_extra={"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d$"}),
]
Minutes = Annotated[float, Field(gt=0, le=60)]


class ReachQuery(BaseModel):
    """Query parameters of whatever goes by road."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["car", "e_bike", "foot"] = Field(
        "car", description="How those move that do not say."
    )
    now: Now | None = Field(None, description="The local time, such as 2026-05-01T08:00.")
    turnout_s: float = Field(
        0.0, ge=0, le=3_600, description="From the call to leaving, in seconds."
    )

    def at(self) -> dt.datetime | None:
        """Return the local time that is asked for."""
        return None if self.now is None else dt.datetime.fromisoformat(self.now)


class RingQuery(ReachQuery):
    """Query parameters of rings; without a time all stations count, whatever their hours."""

    minutes: Annotated[list[Minutes], Field(min_length=1, max_length=9)] = Field(
        list(RING_MINUTES), description="The rings, in minutes."
    )

    def options(self) -> RingOptions:
        """Return what is asked."""
        return RingOptions(tuple(sorted(set(self.minutes))), self.mode, self.at(), self.turnout_s)


class NearestQuery(ReachQuery):
    """Query parameters of the nearest units; without a time, those of now."""

    lon: float = Field(ge=-180, le=180, description="Longitude of the place, in WGS-84 degrees.")
    lat: float = Field(ge=-80, le=84, description="Latitude of the place, in WGS-84 degrees.")
    k: int = Field(3, ge=1, le=50, description="How many units to name.")


router = APIRouter(prefix="/response", tags=["response"], default_response_class=Response)


@router.get(
    "/rings",
    summary="What stations reach by road in minutes, and what is outside every ring",
    responses=problems(403, 404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_rings(
    query: Annotated[RingQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return stretches by ring, stretches in none, stations and what is lost with each."""
    found, _ = stored_rings(store, query.options(), lang=settings.lang)
    return summed_up(ring_places(found), found.summary)


@router.get(
    "/nearest",
    summary="The units on duty that are nearest to a place by road",
    responses=problems(403, 404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_nearest(
    query: Annotated[NearestQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return candidates with their ways and what cover they leave, and why others cannot go."""
    options = NearestOptions(query.k, query.mode, query.at(), query.turnout_s)
    found, _ = stored_nearest(store, query.lon, query.lat, options, lang=settings.lang)
    return summed_up(nearest_places(found), found.summary)
