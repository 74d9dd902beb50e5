"""What one stored camera would change if it were turned, moved or switched."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.routes import StoreDep, content, no_parameters
from api.routes.coverage import summed_up
from api.routes.features import Item, row_of
from api.schemas import FeatureCollection
from api.stored_posts import marking
from api.what_if import camera_what_if
from data.engine import reading
from data.viewing import note_view


class CameraChange(BaseModel):
    """How a camera would be changed; what is not given, or null, stays as it is."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "minProperties": 1,
            "dependentRequired": {"lon": ["lat"], "lat": ["lon"]},
        },
    )

    azimuth_deg: float | None = Field(
        None, ge=0, le=360, description="Where it would look, clockwise from north."
    )
    lon: float | None = Field(None, ge=-180, le=180, description="Where it would stand, WGS-84.")
    lat: float | None = Field(None, ge=-85, le=85, description="Given together with lon.")
    online: bool | None = Field(None, description="Whether it would work.")

    @model_validator(mode="after")
    def _changes_something(self) -> "CameraChange":
        if (self.lon is None) != (self.lat is None):
            raise PydanticCustomError("half_a_place", "give lon and lat together")
        if self.azimuth_deg is None and self.lon is None and self.online is None:
            raise PydanticCustomError("nothing_changed", "give azimuth_deg, a place, or online")
        return self

    @property
    def to(self) -> tuple[float, float] | None:
        """Longitude and latitude of where it would stand."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


router = APIRouter(prefix="/cameras", tags=["coverage"])


@router.post(
    "/{item}/what-if",
    summary="What would be newly seen and newly blind if a camera were changed",
    response_class=Response,
    dependencies=[Depends(no_parameters)],
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def ask_what_if(item: Item, body: CameraChange, store: StoreDep) -> Response:
    """
    Return the views before and after, and what all cameras in scope together win and lose.

    Nothing is stored. Where nobody looks, today or then, is told place by place to scopes alone
    that may know of covert posts, and such a view is written down; others get the lengths.
    """
    with reading(store.engine):
        row = row_of(store, "cameras", item)
        found = camera_what_if(
            store, row, azimuth_deg=body.azimuth_deg, to=body.to, online=body.online
        )
    views = found.views.rename(columns={"when": "what"})
    mark = marking(store)
    if mark is None:
        return summed_up([views], found.summary() | {"stretches": "withheld"})
    note_view(store, "camera-what-if", area=item, rows=len(found.stretches))
    stretches = found.stretches.rename(columns={"change": "what"})
    told = {"stretches": "listed", "marking": mark}
    return summed_up([views, stretches], found.summary() | told)
