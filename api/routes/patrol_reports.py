"""What patrols of an area did: due against done, and what was seen of them."""

import datetime as dt
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from api.analyses import report_places
from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.patrol.stored_tracks import area_report
from api.routes import SettingsDep, StoreDep, content
from api.routes.coverage import AreaQuery, summed_up
from api.routes.patrols import Code, Day
from api.schemas import FeatureCollection

MOST_DAYS: Final = 31
"""Days of one report."""


class MatchQuery(BaseModel):
    """Which tracks are matched."""

    model_config = ConfigDict(extra="forbid")

    date: Day = Field(description="The day, from midnight to midnight.")
    units: list[Code] | None = Field(
        None, min_length=1, max_length=200, description="Of these units; none for all."
    )


class ReportQuery(AreaQuery):
    """Query parameters of the report of a day."""

    date: Day = Field(description="The day on which the shifts began.")


class DaysQuery(AreaQuery):
    """What is reported on."""

    since: Day = Field(description="The first day on which shifts began.")
    until: Day = Field(description=f"The last one, at most {MOST_DAYS} days in all.")

    @field_validator("until")
    @classmethod
    def _is_not_before(cls, until: str, info: ValidationInfo) -> str:
        if "since" in info.data:
            days = dt.date.fromisoformat(until) - dt.date.fromisoformat(info.data["since"])
            if not 0 <= days.days < MOST_DAYS:
                raise PydanticCustomError(
                    "days_unfit", "from since on, at most {most} days", {"most": MOST_DAYS}
                )
        return until


router = APIRouter(prefix="/patrols", tags=["patrols"])


@router.get(
    "/report",
    summary="What was due of patrols of an area on a day, and what became of it",
    response_class=Response,
    responses=problems(403, 404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_report(
    query: Annotated[ReportQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return the places with their state and the figures; what takes long is asked as a job."""
    date = dt.date.fromisoformat(query.date)
    found = area_report(store, query.area, date, date, waiting=True)
    return summed_up([report_places(found, settings.lang)], found.summary())
