"""What the posts of a stored area cover by the hour, and what each of them is worth."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.routes import StoreDep, content
from api.routes.coverage import AreaQuery, PostGapQuery, Reach, summed_up
from api.schemas import FeatureCollection
from api.stored_posts import area_hours, area_value, posts_counted
from data.viewing import note_view
from geo.duty import read_hours


class HoursQuery(PostGapQuery):
    """Query parameters of coverage by the hour."""

    hours: str | None = Field(
        None, max_length=200, pattern=r"^[^\x00]*$",
        description="The hours that matter, such as 20:00-06:00; none for all.",
    )  # fmt: skip

    @field_validator("hours")
    @classmethod
    def _can_be_read(cls, hours: str | None) -> str | None:
        if hours is not None and read_hours(hours).week is None:
            raise PydanticCustomError("hours_unread", "write 20:00-06:00 or Mo-Fr 07:30-09:00")
        return hours


class ValueQuery(AreaQuery):
    """Query parameters of what posts are worth."""

    reach_m: Reach = 50.0


router = APIRouter(tags=["coverage"])


@router.get(
    "/hours/posts",
    summary="Coverage of an area by posts, by hour of the week",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_post_hours(query: Annotated[HoursQuery, Query()], store: StoreDep) -> Response:
    """Return the gaps of the worst hour; all hours stand in the summary."""
    found = area_hours(
        store, query.area, reach_m=query.reach_m, distance=query.distance, asked=query.hours
    )
    note_view(store, "post-hours", area=query.area)
    summary = found.summary() | {"due_length_m": found.due_length_m}
    hours = {"hours": found.hours.to_dict("records")}
    return summed_up([found.worst_gaps], summary | posts_counted(store) | hours)


@router.get(
    "/value/posts",
    summary="What each post of an area covers alone, and four shares of cover",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_post_value(query: Annotated[ValueQuery, Query()], store: StoreDep) -> Response:
    """Return the posts in the order of what is lost without them."""
    value = area_value(store, query.area, reach_m=query.reach_m)
    note_view(store, "post-value", area=query.area, rows=len(value.posts))
    ranked = value.posts.sort_values(["rank", "post_id"])
    return summed_up([ranked], value.summary() | posts_counted(store))
