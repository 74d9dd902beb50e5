"""What pages show of the store: the coverage by posts and cameras, or one layer."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from api.restricted import may_see_restricted
from api.stored import frames_near, grids_alone, least_datum, placed, stored_area
from data.store import Query, Store
from geo import StreetNetwork, camera_coverage, post_coverage, post_spacing, working_crs
from geo.crs import measurable
from maps import Scene


@dataclass(frozen=True, eq=False)
class Shown:
    """
    What a page shows of the store.

    Parameters
    ----------
    scene
        For `maps.coverage_page`; None where there is nothing to see.
    datum
        The least exact datum that the rows came in.
    stored
        Layers of the page that hold at least one row, whatever the filters.
    """

    scene: Scene | None
    datum: str
    stored: frozenset[str]


def coverage_shown(
    store: Store, code: str | None, *, reach_m: float = 50.0, distance: str = "street"
) -> Shown:
    """
    Compute what the page of coverage shows.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        An area to keep to; None for all that is stored.
    reach_m
        How far a post sees, in metres.
    distance
        How that is measured: "street" or "straight".

    Returns
    -------
    shown
        A result for each kind of site that is stored: where none is known, gaps are unknown too.
        Of posts their spacing as well, which is along the street always; of cameras the key sites,
        and to scopes alone that may know of covert posts the blind ground of the areas.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    GeoError
        When an area or a street cannot be measured, or they span more than one CRS can measure.
    """
    stored = _stored(store, "streets", "posts", "cameras", "areas")
    area = None if code is None else stored_area(store, code)
    sites = [kind for kind in ("posts", "cameras") if kind in stored]
    if "streets" not in stored or not sites:
        return Shown(None, "wgs84", stored)
    crs = working_crs(store.frame("streets") if area is None else area)
    within = None if area is None else area.to_crs(crs)
    areas = grids_alone(store.frame("areas")) if area is None else area
    areas = areas[areas.geometry.notna()]
    limits = areas.to_crs(crs) if len(areas) else None
    done: dict[str, Any] = {}
    for kind in sites:
        frames = frames_near(store, kind, within, crs, reach_m=reach_m)
        if kind == "cameras":
            watched = placed(store, "key_sites", code, Query()).to_crs(crs)
            # A site in another town is none of those that the cameras of this one should see.
            watched = watched[measurable(watched)]
            done[kind] = camera_coverage(
                **frames, within=within, key_sites=watched if len(watched) else None,
                ground=_finest(limits) if may_see_restricted(store) else None,
            )  # fmt: skip
            continue
        network = StreetNetwork.from_frame(frames["streets"])
        done[kind] = post_coverage(
            **frames, reach_m=reach_m, distance=distance, within=within, network=network
        )
        done["spacing"] = post_spacing(**frames, areas=limits, within=within, network=network)
    datum = least_datum(*(done[kind].streets.frame for kind in sites))
    return Shown(Scene(**done, areas=areas if len(areas) else None), datum, stored)


def layer_shown(store: Store, kind: str, code: str | None, query: Query) -> Shown:
    """
    Gather what a page of one layer shows.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    kind
        The layer: "incidents" or "routes".
    code
        An area to keep to; None for all that is stored.
    query
        Which rows.

    Returns
    -------
    shown
        The rows that have a place.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    """
    frame = placed(store, kind, code, query)
    layers: dict[str, Any] = {kind: frame}
    scene = Scene(**layers) if len(frame) else None
    return Shown(scene, least_datum(frame), _stored(store, kind))


def _finest(areas: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the areas that no other is a part of: the ground of one that has parts is theirs."""
    return None if areas is None else areas[~areas["area_id"].isin(areas["parent_id"])]


def _stored(store: Store, *kinds: str) -> frozenset[str]:
    return frozenset(kind for kind in kinds if store.count(kind))
