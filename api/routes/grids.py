"""The grids of a village: what is wrong with their borders, their loads, codes and workers."""

from typing import Annotated, Any, Final, Literal

import geopandas as gpd
import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from api.errors import BadRequestError, problems
from api.geojson import MEDIA_TYPE
from api.grids.division import DivisionOptions
from api.grids.figures import COUNTED
from api.grids.weights import WEIGHTS_FORM, read_weights
from api.routes import StoreDep, content
from api.routes.coverage import AreaQuery, on_day, summed_up
from api.schemas import FeatureCollection
from api.stored_grids import (
    area_division,
    layers_around,
    plan_places,
    plan_summary,
    stored_grids,
)
from data.store import Store
from geo.partition import allocate, audit, balance, grid_codes, loads_of
from geo.partition.loads import MEASURES

GridKind = Literal["basic", "micro", "unit", "responsibility", "beat", "patrol"] | None

KIND_FIELD: Final = Field(
    None,
    description="The kind of grids; basic ones with the exclusive ones among them. None for all "
    "that name the area as their parent.",
)

WEIGHTS_FIELD: Final = Field(
    None,
    pattern=WEIGHTS_FORM,
    description="Weights of measures, such as households=2,incidents=1; households by default.",
)


class GridQuery(AreaQuery):
    """Which grids are meant."""

    model_config = ConfigDict(extra="forbid")

    kind: GridKind = KIND_FIELD
    datetime: str | None = Field(
        None, description="The day whose borders are taken; none for today."
    )


class AuditQuery(GridQuery):
    """Query parameters of an audit."""

    sliver_m: float = Field(
        1.0, ge=0, le=100, description="What is narrower on average is a sliver, in metres."
    )


class LoadQuery(GridQuery):
    """Query parameters of whatever goes by loads."""

    weights: str | None = WEIGHTS_FIELD


class AllocationQuery(LoadQuery):
    """Query parameters of an allocation."""

    workers: int = Field(ge=1, le=1_000_000, description="How many workers there are.")
    least: int = Field(1, ge=0, le=1_000, description="How many each grid has at least.")


class DivisionQuery(AreaQuery):
    """Query parameters of a division."""

    grids: int = Field(ge=1, le=200, description="How many grids there are to be.")
    kind: GridKind = KIND_FIELD
    weights: str | None = WEIGHTS_FIELD
    tolerance: float = Field(
        0.05, ge=0, lt=1, description="How far a load may be from the mean, as a share of it."
    )
    alternatives: int = Field(3, ge=1, le=10, description="How many plans at most.")
    seed: int = Field(0, ge=0, le=2**31, description="Repeats the result.")


class CodeQuery(GridQuery):
    """Query parameters of codes."""

    keep: bool = Field(default=True, description="Whether codes that are good stay.")


WAIT_S: Final = 20.0
"""Outer limit of a search that somebody waits for, in seconds; what it ends says so."""

router = APIRouter(tags=["grids"])


@router.get(
    "/audit/areas",
    summary="What is wrong with the borders of the grids of a village",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_audit(query: Annotated[AuditQuery, Query()], store: StoreDep) -> Response:
    """Return the defects with their places: gaps, overlaps, slivers, what is outside."""
    grids = stored_grids(on_day(store, query.datetime), query.area, query.kind)
    found = audit(grids.areas, grids.parent, sliver_m=query.sliver_m)
    summary = found.summary()
    return summed_up([found.defects], {k: v for k, v in summary.items() if k != "defects"})


@router.get(
    "/balance/areas",
    summary="How evenly the grids of a village are loaded",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_balance(query: Annotated[LoadQuery, Query()], store: StoreDep) -> Response:
    """Return the grids with load, deviation from the mean and advice on their size."""
    areas, found = _loaded(on_day(store, query.datetime), query)
    told = areas.assign(
        load=found.areas["load"].to_numpy(),
        deviation=found.areas["deviation"].to_numpy(),
        households_advice=found.areas["households_advice"].to_numpy(),
        people_advice=found.areas["people_advice"].to_numpy(),
    )
    return summed_up([_shown(told)], found.summary())


@router.get(
    "/allocation/areas",
    summary="How many workers each grid of a village gets by its load",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_allocation(query: Annotated[AllocationQuery, Query()], store: StoreDep) -> Response:
    """Return the grids with whole workers that add up to the total."""
    areas, found = _loaded(on_day(store, query.datetime), query)
    loads = found.areas["load"].to_numpy()
    workers = allocate(loads, query.workers, least=query.least)
    summary = {"areas": len(areas), "workers": int(np.sum(workers)), "least": query.least}
    return summed_up([_shown(areas.assign(load=loads, workers=workers))], summary)


@router.get(
    "/codes/areas",
    summary="Codes for the grids of a village, west to east and north to south",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_codes(query: Annotated[CodeQuery, Query()], store: StoreDep) -> Response:
    """Return the grids with the codes proposed; nothing is changed."""
    grids = stored_grids(on_day(store, query.datetime), query.area, query.kind)
    found = grid_codes(grids.areas, grids.parent, keep=query.keep)
    coded = grids.areas.assign(
        code=found.table["code"].to_numpy(), state=found.table["state"].to_numpy()
    )
    return summed_up([_shown(coded)], found.summary())


@router.get(
    "/proposals/areas",
    summary="How a village may be divided into grids: plans side by side",
    response_class=Response,
    responses=problems(404, 422) | {200: content(MEDIA_TYPE, FeatureCollection)},
)
def read_division(query: Annotated[DivisionQuery, Query()], store: StoreDep) -> Response:
    """Return the grids of each plan; what takes long has to be asked for as a job."""
    options = DivisionOptions(
        query.grids, read_weights(query.weights), query.tolerance, query.alternatives, query.seed,
        WAIT_S,
    )  # fmt: skip
    found = area_division(store, query.area, options, kind=query.kind, waiting=True)
    return summed_up(plan_places(found), plan_summary(found))


def _loaded(store: Store, query: LoadQuery) -> tuple[gpd.GeoDataFrame, Any]:
    """Return the grids with what they hold, and their balance."""
    areas = stored_grids(store, query.area, query.kind).areas
    weights = read_weights(query.weights)
    wanted = {"households"} if weights is None else set(weights)
    # What the grids say of themselves stands; the rest is counted from the stored layers.
    unknown = [name for name in wanted if _blank(areas, name)]
    if unknown:
        counted = loads_of(areas, **layers_around(store, areas, COUNTED))
        areas = areas.assign(**{name: counted[name] for name in unknown if name in counted})
        missing = [name for name in unknown if name in MEASURES and _blank(areas, name)]
        if missing:
            raise BadRequestError("nothing_to_weigh", names=", ".join(sorted(missing)))
    return areas, balance(areas, weights=weights)


def _blank(areas: gpd.GeoDataFrame, name: str) -> bool:
    """Tell whether nothing is known of a measure."""
    return name not in areas or bool(areas[name].isna().all())


def _shown(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave out what only the store needs."""
    own = ("id", "version", "identity", "content_hash", "source", "changed_at", "changed_by")
    return areas.drop(columns=[name for name in own if name in areas])
