"""Where posts of a stored area should come, with a certificate."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.routes import StoreDep, content
from api.routes.coverage import CameraGapQuery, summed_up
from api.schemas import FeatureCollection
from api.stored_posts import area_proposal, posts_counted, wish_of
from data.viewing import note_view
from geo.posts import Wish


class ProposalQuery(CameraGapQuery):
    """Query parameters of a proposal of posts."""

    number: Annotated[int, Field(ge=1, le=1_000)] | Literal["full"] = Field(
        description="How many posts to add; full for as few as cover every due metre."
    )
    reach_m: float = Field(
        50.0, ge=10, le=5_000, description="How far a post sees along the street, in metres."
    )
    twofold: bool = Field(
        default=False, description="Whether a metre counts only when two posts cover it."
    )

    def wish(self) -> Wish:
        """Return what is wished."""
        return wish_of(self.number, twofold=self.twofold)


router = APIRouter(prefix="/proposals", tags=["coverage"])


@router.get(
    "/posts",
    summary="Where posts of an area should come",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_post_proposal(query: Annotated[ProposalQuery, Query()], store: StoreDep) -> Response:
    """Return the changes, the best first; what takes long has to be asked for as a job."""
    found = area_proposal(store, query.area, query.wish(), reach_m=query.reach_m, waiting=True)
    note_view(store, "post-proposal", area=query.area)
    return summed_up([found.changes], found.summary() | posts_counted(store))
