"""Incidents counted, held against another period, spread over the hours, told by the month."""

from typing import Annotated, Any, Final, Literal, Self

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.answering import Outcome
from api.errors import problems
from api.geojson import MEDIA_TYPE
from api.import_answers import XLSX
from api.incidents.hours import tell_hours
from api.incidents.report import PAPER, WORKBOOK
from api.incidents.spots import SpotOptions
from api.incidents.statistics import StatOptions
from api.incidents.stats import tell_changes
from api.pages import HTML
from api.routes import JSON, SettingsDep, StoreDep, content
from api.routes.coverage import Area, summed_up
from api.routes.patrols import Day
from api.routes.workbooks import WORKBOOK as WORKBOOK_ANSWER
from api.routes.workbooks import attached
from api.schemas import FeatureCollection, IncidentAnswer, IncidentCounts
from api.security import PAGE_POLICY
from api.stored_incidents import MOST_INCIDENTS, gathered, period_of, require_days
from api.stored_reports import PROCESS, report_name, stored_report
from api.stored_seen import note_police_view, seen_said, seen_told
from api.stored_spots import spot_places, spot_summary, stored_spots
from data.export import to_json
from data.store import Store
from geo.incidents.cells import LEAST_CELL_M
from geo.incidents.local_g import PERMUTATIONS
from geo.incidents.periods import Period

Kind = Literal["event", "case", "police_call", "dispute", "hazard"]
JobName = Annotated[str, Field(pattern="^[0-9a-f-]{36}$")]
Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
Against = Literal["year", "period"]
By = Literal["area", "kind", "class", "group", "tag", "slot", "colour"]


AGAINST: Final = "The same days of the year before, or the days just before."
ALIGNED: Final = "Whether the year before is taken at the same days from the Spring Festival."
"""What two parameters mean, for the OpenAPI document."""


class DaysQuery(BaseModel):
    """Which incidents are counted: where, of which days."""

    model_config = ConfigDict(extra="forbid")

    area: Area | None = Field(
        None, description="The area_id of a stored area, counted by its parts; none for all."
    )
    since: Day | None = Field(None, description="The first day; with until.")
    until: Day | None = Field(None, description="The last day, included; with since.")
    month: Month | None = Field(
        None, description="A month such as 2026-03, instead of since and until."
    )

    @model_validator(mode="after")
    def _names_days_in_one_way(self) -> Self:
        days = [day for day in (self.since, self.until) if day is not None]
        if len(days) == 1 or (days and (self.month or days != sorted(days))):
            raise PydanticCustomError(
                "days_in_one_way", "give since and until, in this order, or a month"
            )
        return self

    def period(self) -> Period | None:
        """Return the days that are asked for; None for those that nobody names."""
        return period_of(self.since, self.until, self.month)


class StatQuery(DaysQuery):
    """Query parameters of statistics; without days, of the last whole month."""

    against: Against = Field("year", description=AGAINST)
    align_festival: bool = Field(default=False, description=ALIGNED)
    by: Annotated[list[By], Field(min_length=1, max_length=7)] | None = Field(
        None, description="What changes are told by; none for kinds, classes, tags and areas."
    )


class HourQuery(DaysQuery):
    """Query parameters of hours; without days, of all."""

    kind: Kind | None = Field(None, description="Only incidents of this kind.")


class SpotQuery(DaysQuery):
    """What is asked about hot spots; without days, of all."""

    kind: Kind | None = Field(None, description="Only incidents of this kind.")
    cell_m: float | None = Field(
        None, ge=LEAST_CELL_M, le=5_000,
        description="Side of square cells, in metres; none for street segments where streets are "
        "stored.",
    )  # fmt: skip
    include_patrol: bool = Field(
        default=False, description="Whether what patrols found counts: that is where they went."
    )
    permutations: int = Field(PERMUTATIONS, ge=PERMUTATIONS, le=99_999, description="Draws.")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Makes the draws.")
    hold_out_weeks: int = Field(
        0, ge=0, le=52, description="The last weeks to hold the hot spots of the others against."
    )
    previous: JobName | None = Field(
        None, description="An earlier job of hot spots: what goes on keeps its id."
    )

    def options(self) -> SpotOptions:
        """Return what is asked."""
        return SpotOptions(
            self.period(), self.cell_m, self.include_patrol, self.permutations, self.seed,
            self.hold_out_weeks,
        )  # fmt: skip


class PackQuery(BaseModel):
    """What a monthly pack is made of."""

    model_config = ConfigDict(extra="forbid")

    area: Area | None = Field(
        None, description="The area_id of a stored area, counted by its parts; none for all."
    )
    month: Month = Field(description="The month, such as 2026-03.")
    against: Against = Field("year", description=AGAINST)
    align_festival: bool = Field(default=False, description=ALIGNED)


router = APIRouter(prefix="/incidents", tags=["incidents"], default_response_class=Response)


@router.get(
    "/stats",
    summary="Incidents counted, and held against another period",
    responses=problems(404, 422) | {200: content(JSON, IncidentCounts)},
)
def read_stats(
    query: Annotated[StatQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return counts that add up, and of each change whether it may be chance."""
    taken = gathered(store, query.area, beside=("parent",), most=MOST_INCIDENTS)
    period = query.period()
    require_days(taken, period)
    options = StatOptions(
        period,
        query.against,
        query.align_festival,
        taken.population,
        taken.parent_people,
        None if query.by is None else tuple(dict.fromkeys(query.by)),
        taken.data,
    )
    return _told(tell_changes(taken.frames, options, lang=settings.lang), store, settings.lang)


@router.get(
    "/hours",
    summary="In which hours of the week incidents happen",
    responses=problems(404, 422) | {200: content(JSON, IncidentAnswer)},
)
def read_hours(
    query: Annotated[HourQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return 7 x 24 hours for each unit of count; an interval is spread over its time."""
    taken = gathered(store, query.area, kind=query.kind, most=MOST_INCIDENTS)
    found = tell_hours(taken.frames, query.period(), lang=settings.lang)
    return _told(found, store, settings.lang)


@router.get(
    "/hotspots",
    summary="Street segments or cells with more incidents than chance explains",
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_hot_spots(query: Annotated[SpotQuery, Query()], store: StoreDep) -> Response:
    """Return spots, their places, pile-ups and points to visit; what takes long is a job."""
    found = stored_spots(
        store, query.area, query.options(), kind=query.kind, previous=query.previous, waiting=True
    )
    note_police_view(store, "hot-spots", area=query.area, rows=len(found.found.spots))
    return summed_up(spot_places(store, found), spot_summary(store, found))


@router.get(
    "/report",
    summary="The incidents of a month: a page to be printed",
    responses=problems(404, 422) | {200: content(HTML)},
)
def read_report(
    query: Annotated[PackQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return tables, changes, hours and hot spots on paper; what takes long is a job."""
    found = _pack(query, store, settings.lang)
    return Response(
        found.texts[PAPER], media_type=HTML, headers={"Content-Security-Policy": PAGE_POLICY}
    )


@router.get(
    "/report.xlsx",
    summary="The incidents of a month: a workbook",
    responses=problems(404, 422) | WORKBOOK_ANSWER,
)
def read_report_book(
    query: Annotated[PackQuery, Query()], store: StoreDep, settings: SettingsDep
) -> Response:
    """Return the same tables in numbers that can be added; what takes long is a job."""
    found = _pack(query, store, settings.lang)
    name = report_name(query.month, query.area, "xlsx", store, settings.lang)
    return attached(found.books[WORKBOOK], name, XLSX)


def _pack(query: PackQuery, store: Store, lang: str) -> Outcome:
    """Make a pack that somebody waits for."""
    found = stored_report(
        store, query.area, query.month, against=query.against,
        align_festival=query.align_festival, lang=lang, waiting=True,
    )  # fmt: skip
    note_police_view(store, PROCESS, area=query.area)
    return found


def _told(found: Outcome, store: Store, lang: str) -> Response:
    """Answer with a summary, what has to be said beside it, and what is not seen."""
    told: dict[str, Any] = {
        **found.summary,
        **seen_told(store),
        "remarks": [*seen_said(store, lang), *found.remarks],
    }
    return Response(to_json(told), media_type=JSON)
