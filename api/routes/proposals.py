"""Where posts and cameras of a stored area should come, and which to turn, with a certificate."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.posts import wish_of
from api.routes import StoreDep, content
from api.routes.coverage import Area, AreaQuery, summed_up
from api.schemas import FeatureCollection
from api.stored_cameras import area_plan, planned_places
from api.stored_posts import area_proposal, posts_counted
from data.viewing import note_view


class ProposalQuery(AreaQuery):
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
    share: float = Field(
        0.0, ge=0, le=1,
        description="The least covered share of each grid of the area; not with number=full.",
    )  # fmt: skip

    @field_validator("share")
    @classmethod
    def _goes_with_a_number(cls, share: float, info: ValidationInfo) -> float:
        if share and info.data.get("number") == "full":
            raise PydanticCustomError("share_of_full", "goes with a number of posts, not with full")
        return share


class CameraPlanQuery(AreaQuery):
    """Query parameters of a proposal of turns and of new cameras."""

    turns: int = Field(ge=0, le=200, description="How many cameras may be turned at most.")
    new: int = Field(
        0, ge=0, le=200,
        description="How many cameras may be bought at most, for the stored poles of the area.",
    )  # fmt: skip
    forbid: list[Area] = Field(
        [], max_length=20, description="Codes of stored areas where no new camera may come."
    )
    step_deg: float = Field(
        10.0, ge=1, le=180,
        description="From one heading offered to the next, in degrees from north on.",
    )  # fmt: skip


router = APIRouter(prefix="/proposals", tags=["coverage"])


@router.get(
    "/posts",
    summary="Where posts of an area should come",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_post_proposal(query: Annotated[ProposalQuery, Query()], store: StoreDep) -> Response:
    """Return the changes, the best first; what takes long has to be asked for as a job."""
    wish = wish_of(query.number, twofold=query.twofold, share=query.share)
    found = area_proposal(store, query.area, wish, reach_m=query.reach_m, waiting=True)
    note_view(store, "post-proposal", area=query.area)
    return summed_up([found.changes], found.summary() | posts_counted(store))


@router.get(
    "/cameras",
    summary="Which cameras to turn, and where new ones should hang, to see more of an area",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_camera_proposal(query: Annotated[CameraPlanQuery, Query()], store: StoreDep) -> Response:
    """
    Return turns and new cameras with their views, the best first, and streets gained and lost.

    They are told apart by `what`. With both, cameras are turned before any is bought: one plan. It
    is a proposal, with its bound and gap, until a person accepts it; what takes long has to be
    asked for as a job.
    """
    found = area_plan(
        store, query.area, query.turns, new=query.new, forbid=query.forbid,
        step_deg=query.step_deg, waiting=True,
    )  # fmt: skip
    return summed_up(planned_places(found), found.summary())
