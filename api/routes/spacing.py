"""Where the posts of a stored area stand too far apart along the street, and where too near."""

from typing import Annotated, Self

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.routes import StoreDep, content
from api.routes.coverage import AreaQuery, summed_up
from api.schemas import FeatureCollection
from api.stored_posts import area_spacing, posts_counted, spacing_places
from data.viewing import note_view


class SpacingQuery(AreaQuery):
    """Query parameters of the spacing of posts, in metres along the street."""

    min_m: float = Field(
        50.0, ge=0, le=1_000, description="Least spacing, where the risk of the area says nothing."
    )
    max_m: float = Field(100.0, gt=0, le=1_000, description="Greatest spacing; above the least.")

    @model_validator(mode="after")
    def _least_is_below_greatest(self) -> Self:
        if not self.min_m < self.max_m:
            raise PydanticCustomError("min_not_below", "min_m must be below max_m")
        return self


router = APIRouter(prefix="/spacing", tags=["coverage"])


@router.get(
    "/posts",
    summary="Posts of an area that stand too far apart or too near",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_post_spacing(query: Annotated[SpacingQuery, Query()], store: StoreDep) -> Response:
    """Return gaps, crowded pairs and those over a wide road, told apart by `kind`."""
    spacing = area_spacing(store, query.area, min_m=query.min_m, max_m=query.max_m)
    note_view(store, "post-spacing", area=query.area, rows=spacing.posts)
    return summed_up(spacing_places(spacing), spacing.summary() | posts_counted(store))
