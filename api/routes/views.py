"""Who looked at what is restricted: for those who may know of covert posts, and see all lines."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.errors import problems
from api.restricted import views_told
from api.routes import JSON, SettingsDep, StoreDep, link
from api.schemas import RestrictedViews
from data.ids import LARGEST_ID

LARGEST_LIST: Final = 1_000
"""Views of one answer at most."""

PATH: Final = "/restricted-views"
"""Where the record is read."""


class ViewsQuery(BaseModel):
    """Query parameters of the record of restricted views."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=LARGEST_LIST, description="Views at most.")] = 100
    before: Annotated[
        int | None,
        Field(ge=1, le=LARGEST_ID, description="Of the next link: the views before this one."),
    ] = None


router = APIRouter(tags=["restricted"])


@router.get(
    PATH,
    summary="Who looked at covert posts, the newest first",
    response_model=RestrictedViews,
    responses=problems(403, 404),
)
def read_views(
    query: Annotated[ViewsQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> dict[str, Any]:
    """Return the views of the own division and those below; it leaves no trace itself."""
    told = views_told(store, before=query.before, limit=query.limit, lang=settings.lang)
    links = [link(request, PATH, "self", JSON)]
    if told["before"] is not None:
        more = f"{PATH}?limit={query.limit}&before={told['before']}"
        links.append(link(request, more, "next", JSON))
    return told | {"links": links}
