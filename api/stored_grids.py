"""Grids of the store: their borders, loads, codes, workers, and plans to divide a village."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd

from api.errors import BadRequestError
from api.grids.division import DivisionOptions, divided
from api.stored import box_in_degrees, grids_alone
from data.errors import NotFoundError
from data.store import Query, Store
from geo import working_crs
from geo.partition import Division

CUTTING: Final = ("streets", "walls", "buildings", "addresses")
"""Layers that a village is cut into blocks by, as far as they are stored."""

TOGETHER: Final = {"basic": ["basic", "exclusive"]}
"""Kinds that fill a village together: a campus lies among the basic grids."""

HALO_M: Final = 50.0
"""Streets and buildings this near a village are taken with it, in metres: a border street may lie
just outside."""

MOST_BUILDINGS: Final = 3_000
"""Buildings of a village that is divided while somebody waits."""


@dataclass(frozen=True, eq=False)
class StoredGrids:
    """
    The grids of a village or another area, in its working CRS.

    Parameters
    ----------
    areas
        The areas whose parent it is; their versions of the day.
    parent
        The area itself, where it is stored with a place; else None.
    """

    areas: gpd.GeoDataFrame
    parent: gpd.GeoDataFrame | None


def stored_grids(store: Store, code: str, kind: str | None = None) -> StoredGrids:
    """
    Find the areas that divide an area.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The code of a village, town or another area.
    kind
        Only areas of this kind: one layer of grids at a time; None for all but those that lie
        over the others.

    Returns
    -------
    grids
        Those that name the code as their parent.

    Raises
    ------
    NotFoundError
        When the scope sees no such areas.
    """
    areas = _areas(store, kind, {"parent_id": code})
    if areas.empty:
        raise NotFoundError("no_grids_of", id=code)
    parent = store.frame("areas", Query(equal={"code": code}))
    parent = parent[parent.geometry.notna()]
    crs = working_crs(areas)
    return StoredGrids(areas.to_crs(crs), None if parent.empty else parent.to_crs(crs))


def grids_shown(store: Store, code: str | None, kind: str | None) -> gpd.GeoDataFrame | None:
    """
    Return the grids that a page shows, of one kind or all.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The code of a village; None for all that is stored.
    kind
        Only areas of this kind; None for all but those that lie over the others.

    Returns
    -------
    areas
        In their working CRS, `source_datum` beside them; None where there is none.

    Raises
    ------
    NotFoundError
        When the scope sees no such village.
    """
    if code is not None:
        return stored_grids(store, code, kind).areas
    areas = _areas(store, kind, {})
    return None if areas.empty else areas.to_crs(working_crs(areas))


def layers_around(
    store: Store, area: gpd.GeoDataFrame, kinds: tuple[str, ...]
) -> dict[str, gpd.GeoDataFrame]:
    """
    Read the layers that meet the box of an area, as far as any rows are stored.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    area
        In a metric CRS.
    kinds
        Which layers.

    Returns
    -------
    frames
        Kind -> rows with a place, in the CRS of the area; a kind of which nothing is stored is
        left out, because what nobody stored is unknown.
    """
    west, south, east, north = area.total_bounds
    bounds = (west - HALO_M, south - HALO_M, east + HALO_M, north + HALO_M)
    query = Query(box=box_in_degrees(area.crs, bounds))
    found = {}
    for kind in kinds:
        if not store.count(kind):
            continue
        frame = store.frame(kind, query)
        found[kind] = frame[frame.geometry.notna()].to_crs(area.crs).reset_index(drop=True)
    return found


def village_layers(
    store: Store, code: str, kind: str | None, *, waiting: bool
) -> dict[str, gpd.GeoDataFrame]:
    """
    Gather what a village is divided by.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The code of the village.
    kind
        The kind of grids that it has today; None for all.
    waiting
        Whether somebody waits for the answer: then what takes long is refused.

    Returns
    -------
    frames
        "village", "current" and the layers of `CUTTING` that are stored.

    Raises
    ------
    BadRequestError
        When somebody waits and it would take long.
    NotFoundError
        When the scope sees no such village.
    """
    grids = stored_grids(store, code, kind)
    village = grids.parent
    if village is None:
        # Where nobody stored the outline of the village, its grids tell it.
        outline = gpd.GeoSeries([grids.areas.union_all()], crs=grids.areas.crs)
        village = gpd.GeoDataFrame({"area_id": [code]}, geometry=outline, crs=grids.areas.crs)
    frames = layers_around(store, village, CUTTING)
    if waiting and len(frames.get("buildings", ())) > MOST_BUILDINGS:
        raise BadRequestError(
            "ask_division_as_job",
            count=len(frames["buildings"]),
            path="POST /processes/area-division/execution",
        )
    return frames | {"village": village, "current": grids.areas}


def area_division(
    store: Store,
    code: str,
    options: DivisionOptions,
    *,
    kind: str | None = None,
    waiting: bool = False,
) -> Division:
    """
    Propose how a village may be divided into grids.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The code of the village.
    options
        What is asked.
    kind
        The kind of grids that it has today; None for all.
    waiting
        Whether somebody waits for the answer: then what takes long is refused.

    Returns
    -------
    division
        Plans side by side, in the working CRS of the village.

    Raises
    ------
    BadRequestError
        When somebody waits and it would take long.
    NotFoundError
        When the scope sees no such village.
    GeoError
        When the village cannot be divided like that.
    """
    return divided(village_layers(store, code, kind, waiting=waiting), options)[0]


def plan_places(found: Division) -> list[gpd.GeoDataFrame]:
    """
    Return the grids of the plans of a division.

    Parameters
    ----------
    found
        Outcome of `area_division`.

    Returns
    -------
    frames
        One a plan: the grids with `plan` (from 1), `aim`, `deviation` and what they hold.
    """
    return [
        plan.areas.assign(
            plan=number,
            aim=plan.aim,
            deviation=plan.balance.areas["deviation"].to_numpy(),
        )
        for number, plan in enumerate(found.plans, start=1)
    ]


def plan_summary(found: Division) -> dict[str, Any]:
    """
    Return the figures of a division, with what each plan changes.

    Parameters
    ----------
    found
        Outcome of `area_division`.

    Returns
    -------
    summary
        `geo.partition.Division.summary` with `changes` in each plan.
    """
    summary = found.summary()
    for told, plan in zip(summary["plans"], found.plans, strict=True):
        told["changes"] = plan.changes.to_dict("records")
    return summary


def _areas(store: Store, kind: str | None, equal: dict[str, Any]) -> gpd.GeoDataFrame:
    """Return the areas of a kind that have a place, by code: ids of the store are drawn."""
    if kind is not None:
        equal = {**equal, "kind": TOGETHER.get(kind, [kind])}
    areas = store.frame("areas", Query(equal=equal))
    areas = areas[areas.geometry.notna()]
    if kind is None:
        areas = grids_alone(areas)
    return areas.sort_values("area_id", ignore_index=True)
