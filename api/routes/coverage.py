"""Which streets of a stored area posts and cameras do not cover."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.errors import problems
from api.geojson import MEDIA_TYPE, features
from api.routes import StoreDep, content
from api.schemas import FeatureCollection
from api.stored import area_coverage
from data.export import to_json
from geo import StreetCoverage

Area = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]+$")]
Reach = Annotated[float, Field(gt=0, le=5_000, description="How far a post sees, in metres.")]


class CameraGapQuery(BaseModel):
    """Query parameters of the gaps that cameras leave."""

    model_config = ConfigDict(extra="forbid")

    area: Area = Field(description="The area_id of a stored area.")


class PostGapQuery(CameraGapQuery):
    """Query parameters of the gaps that posts leave."""

    reach_m: Reach = 50.0


router = APIRouter(prefix="/coverage", tags=["coverage"])


@router.get(
    "/posts",
    summary="Streets of an area beyond the reach of every post",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_post_gaps(query: Annotated[PostGapQuery, Query()], store: StoreDep) -> Response:
    """Return the gaps with the totals beside them."""
    return _gaps(area_coverage(store, "posts", query.area, reach_m=query.reach_m))


@router.get(
    "/cameras",
    summary="Streets of an area that no camera sees",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_camera_gaps(query: Annotated[CameraGapQuery, Query()], store: StoreDep) -> Response:
    """Return the gaps with the totals beside them."""
    return _gaps(area_coverage(store, "cameras", query.area))


def _gaps(coverage: StreetCoverage) -> Response:
    gaps = coverage.gaps.to_crs("EPSG:4326")
    gaps = gaps.assign(id=range(1, len(gaps) + 1))
    items = ",".join(features(gaps))
    summary = to_json(coverage.summary())
    return Response(
        f'{{"type":"FeatureCollection","features":[{items}],"numberReturned":{len(gaps)},'
        f'"summary":{summary}}}',
        media_type=MEDIA_TYPE,
    )
