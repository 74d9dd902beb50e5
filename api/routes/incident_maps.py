"""Pages of incidents and of reach: hot spots, and what stations reach by road."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final, Literal, Self

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from api.answering import AnyScene, page_of
from api.errors import BadRequestError, problems
from api.filters import FilterField, area_field, choice_field, day_field
from api.incidents.spots import SpotOptions
from api.page_words import WORDS
from api.pages import HTML, render
from api.response.reach import RING_MINUTES, RingOptions
from api.results import today
from api.routes import SettingsDep, StoreDep, content
from api.routes.incidents import Kind
from api.routes.maps import NEEDED, AreaQuery, framed
from api.routes.patrols import Day
from api.routes.response import Now
from api.security import PAGE_POLICY
from api.settings import Settings
from api.stored_incidents import period_of
from api.stored_response import stored_rings
from api.stored_seen import note_police_view, seen_said
from api.stored_spots import spots_shown
from data.writing import require_police
from maps import Imprint, words

CELLS: Final = ("", "100", "200", "500")
"""Sides of cells that the form offers, in metres; blank is by street segment."""

MODES: Final = ("car", "e_bike", "foot")
"""How stations move that do not say."""

MOST_MINUTES: Final = 60.0
"""The widest ring that is drawn."""


class HotSpotMapQuery(AreaQuery):
    """Query parameters of the page of hot spots."""

    kind: Kind | Literal[""] | None = Field(None, description="Only incidents of this kind.")
    since: Day | Literal[""] | None = Field(None, description="The first day; with until.")
    until: Day | Literal[""] | None = Field(None, description="The last day; with since.")
    cell_m: Literal["", "100", "200", "500"] = Field(
        "", description="Side of square cells, in metres; none for street segments."
    )

    @model_validator(mode="after")
    def _names_both_days(self) -> Self:
        days = [day for day in (self.since, self.until) if day]
        if len(days) == 1 or days != sorted(days):
            raise PydanticCustomError("days_in_one_way", "give since and until, in this order")
        return self

    def options(self) -> SpotOptions:
        """Return what is asked."""
        period = period_of(self.since or None, self.until or None, None)
        return SpotOptions(period, float(self.cell_m) if self.cell_m else None)


class RingMapQuery(BaseModel):
    """Query parameters of the page of rings. An empty field of a form asks for nothing."""

    model_config = ConfigDict(extra="forbid")

    minutes: Annotated[str, Field(max_length=40)] = Field(
        "", description="The rings in minutes, with commas; none for 1,3,5."
    )
    mode: Literal["car", "e_bike", "foot"] = "car"
    now: Now | Literal[""] | None = Field(
        None, description="The local time, such as 2026-05-01T08:00; none for all stations."
    )

    @field_validator("minutes")
    @classmethod
    def _are_minutes(cls, minutes: str) -> str:
        try:
            read_minutes(minutes)
        except ValueError:
            raise PydanticCustomError("minutes_unread", "write minutes such as 1,3,5") from None
        return minutes

    def options(self) -> RingOptions:
        """Return what is asked."""
        now = dt.datetime.fromisoformat(self.now) if self.now else None
        return RingOptions(read_minutes(self.minutes), self.mode, now)


def read_minutes(text: str) -> tuple[float, ...]:
    """
    Read the rings that a form asks for.

    Parameters
    ----------
    text
        Numbers with commas between; none for the usual ones.

    Returns
    -------
    minutes
        Ascending, each once.

    Raises
    ------
    ValueError
        When they are no numbers above 0, or greater than `MOST_MINUTES`.
    """
    if not text.strip():
        return RING_MINUTES
    minutes = sorted({float(each) for each in text.replace("，", ",").split(",")})
    if not all(0.0 < each <= MOST_MINUTES for each in minutes):
        raise ValueError(text)
    return tuple(minutes)


router = APIRouter(prefix="/maps", tags=["maps"], default_response_class=Response)


@router.get(
    "/hotspots",
    summary="Hot spots of incidents: a page with a filter",
    responses=problems() | {200: content(HTML)},
)
def show_hot_spots(
    query: Annotated[HotSpotMapQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a form and the map that it asks for; without data, what to do next."""
    lang = settings.lang
    fields = [
        area_field(store, query.area, lang),
        choice_field(store, "incidents", "kind", query.kind, lang),
        day_field("since", query.since),
        day_field("until", query.until),
        FilterField(
            "cell_m", "cells", query.cell_m, choices={m: _cell(m, lang) for m in CELLS}, blank=False
        ),
    ]
    return framed("hotspots", fields, request, store, settings)


@router.get(
    "/hotspots/map",
    summary="Hot spots of incidents: the map alone",
    responses=problems(404, 422) | {200: content(HTML)},
)
def show_hot_spots_map(
    query: Annotated[HotSpotMapQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a map of segments or cells that have more than chance explains."""
    lang, area = settings.lang, query.area or None
    if not store.count("incidents"):
        missing = list(NEEDED["hotspots"])
        return render(request, lang, "no_map.html", name="hotspots", missing=missing)
    try:
        taken, found = spots_shown(store, area, query.options(), kind=query.kind or None, lang=lang)
    except BadRequestError as error:
        if error.code != "no_incident_placed":
            raise
        return render(request, lang, "no_map.html", name="hotspots", missing=[])
    note_police_view(store, "maps/hotspots", area=area, rows=int(found.summary["spots"]))
    remarks = [*seen_said(store, lang), *found.remarks]
    return _page("hotspots", found.scene, taken.datum, remarks, settings)


@router.get(
    "/rings",
    summary="What stations reach by road: a page with a filter",
    responses=problems(403) | {200: content(HTML)},
)
def show_rings(
    query: Annotated[RingMapQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a form and the map that it asks for; without data, what to do next."""
    require_police(store)
    say = words(settings.lang)
    modes = {mode: say.code("mode", mode) for mode in MODES}
    fields = [
        FilterField("minutes", "minutes", query.minutes),
        FilterField("mode", "mode", query.mode, choices=modes, blank=False),
        FilterField("now", "now", query.now or "", type="datetime-local"),
    ]
    return framed("rings", fields, request, store, settings)


@router.get(
    "/rings/map",
    summary="What stations reach by road: the map alone",
    responses=problems(403, 404, 422) | {200: content(HTML)},
)
def show_rings_map(
    query: Annotated[RingMapQuery, Query()],
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
) -> Response:
    """Return a map of the streets by ring, and of those outside every ring."""
    require_police(store)
    missing = [group for group in NEEDED["rings"] if not any(map(store.count, group))]
    if missing:
        return render(request, settings.lang, "no_map.html", name="rings", missing=missing)
    found, datum = stored_rings(store, query.options(), lang=settings.lang)
    return _page("rings", found.scene, datum, found.remarks, settings)


def _cell(side: str, lang: str) -> str:
    key = "by_cells" if side else "by_streets"
    return WORDS[key][lang != "zh"].format(cell_m=side)


def _page(
    name: str, scene: AnyScene, datum: str, remarks: Sequence[str], settings: Settings
) -> Response:
    imprint = Imprint(
        WORDS[name][settings.lang != "zh"],
        today(),
        datum=datum,
        remarks=remarks,
        lang=settings.lang,
    )
    page = page_of(scene, imprint)
    return Response(page, media_type=HTML, headers={"Content-Security-Policy": PAGE_POLICY})
