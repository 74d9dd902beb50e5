"""
Analyses and scenes of what is stored.

As in `api.services`, reprojection happens here: rows come in degrees, results are in metres.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS, Transformer

from api.services import least_exact
from data import ALIASES, Layer
from data.errors import NotFoundError
from data.store import Box, Query, Store
from geo import (
    StreetCoverage,
    StreetNetwork,
    camera_coverage,
    post_coverage,
    post_spacing,
    working_crs,
)
from geo.cameras import KIND_DEFAULTS
from maps import Scene

FARTHEST_M: Final = 20_000.0
"""Cameras farther than this from an area are not looked for, in metres: a range beyond it is a
slip of the keyboard, and must not make every request read the whole store."""

POST_HALO_M: Final = 500.0
"""Streets and posts this near an area are taken with it, in metres: the way to a post may lead
through the neighbours, and a spacing gap is measured exactly up to twice as much."""


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


def stored_area(store: Store, code: str) -> gpd.GeoDataFrame:
    """
    Find an area by its code.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        An `area_id`.

    Returns
    -------
    area
        Its rows with a place, in EPSG:4326: more than one where divisions share the code.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    """
    area = store.frame("areas", Query(equal={"code": code}))
    area = area[area.geometry.notna()]
    if area.empty:
        areas = store.frame("areas")
        areas = areas[areas.geometry.notna()]
        if areas.empty:
            raise NotFoundError("nothing_stored", kind="areas", layer="areas")
        # One that came without a code goes by its number.
        area = areas[areas["area_id"] == code]
        if area.empty:
            raise NotFoundError("no_such_area", id=code, codes=sorted(areas["area_id"]))
    return area


def stored_layers(
    store: Store, sites: str, code: str, *, reach_m: float = 50.0
) -> dict[str, Layer]:
    """
    Gather what a run needs to keep to a stored area, as files would give it.

    Parameters
    ----------
    store
        Opened for a scope.
    sites
        "posts" or "cameras"; those outside the area that reach into it are among them.
    code
        The area.
    reach_m
        How far posts are looked for at least, in metres: their reach, or the greatest spacing
        where that is more. Cameras have ranges of their own.

    Returns
    -------
    layers
        "streets", the sites, "areas" and "within" for `api.services.run`; the latter two are the
        area. Of cameras also the "buildings" that may hide, where any are stored.

    Raises
    ------
    NotFoundError
        When the scope sees no such area, no street near it, or no site anywhere: where none is
        known, gaps are unknown too.
    GeoError
        When the area cannot be measured.
    """
    area = stored_area(store, code)
    for kind in ("streets", sites):
        if not store.count(kind):
            raise NotFoundError("nothing_stored", kind=kind, layer=kind)
    frames = _near(store, sites, area.to_crs(working_crs(area)), reach_m)
    if frames["streets"].empty:
        raise NotFoundError("no_streets_there", id=code)
    layers = {kind: _layer(store, kind, frame) for kind, frame in frames.items()}
    return layers | dict.fromkeys(("areas", "within"), _layer(store, "areas", area))


def area_coverage(
    store: Store, sites: str, code: str, *, reach_m: float = 50.0, distance: str = "street"
) -> StreetCoverage:
    """
    Compute the coverage of the streets within a stored area.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    sites
        "posts" or "cameras"; those outside the area that reach into it count.
    code
        The area.
    reach_m
        How far a post sees, in metres; cameras have ranges of their own.
    distance
        How that is measured: "street" or "straight".

    Returns
    -------
    coverage
        In the working CRS of the area; what of the streets is outside is not due.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    GeoError
        When the area or a street cannot be measured.
    """
    area = stored_area(store, code)
    crs = working_crs(area)
    within = area.to_crs(crs)
    frames = _near(store, sites, within, reach_m)
    return _coverage(_metric(frames, crs), within, reach_m, distance)


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
        Of posts their spacing as well, which is along the street always.

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
    areas = store.frame("areas") if area is None else area
    areas = areas[areas.geometry.notna()]
    done: dict[str, Any] = {}
    for kind in sites:
        frames = _metric(_near(store, kind, within, reach_m), crs)
        network = StreetNetwork.from_frame(frames["streets"]) if kind == "posts" else None
        done[kind] = _coverage(frames, within, reach_m, distance, network)
        if kind == "posts":
            limits = areas.to_crs(crs) if len(areas) else None
            done["spacing"] = post_spacing(**frames, areas=limits, within=within, network=network)
    datum = _datum(*(done[kind].streets.frame for kind in sites))
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
    return Shown(scene, _datum(frame), _stored(store, kind))


def worth_layers(store: Store, code: str) -> dict[str, Layer]:
    """
    Gather what posts of a stored area may cover besides streets and ground.

    Parameters
    ----------
    store
        Opened for a scope.
    code
        The area.

    Returns
    -------
    layers
        "buildings" and "key_sites" that meet the area, as far as any are stored: what nobody
        stored is unknown, not uncovered.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    """
    found = {kind: placed(store, kind, code, Query()) for kind in ("buildings", "key_sites")}
    return {kind: _layer(store, kind, frame) for kind, frame in found.items() if len(frame)}


def placed(store: Store, kind: str, code: str | None, query: Query) -> gpd.GeoDataFrame:
    """
    Return the rows of a layer that have a place.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    kind
        A layer.
    code
        The area that they meet; None for all that is stored.
    query
        Which rows.

    Returns
    -------
    frame
        In EPSG:4326.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    """
    if code is None:
        frame = store.frame(kind, query)
        return frame[frame.geometry.notna()]
    area = stored_area(store, code)
    west, south, east, north = area.total_bounds
    frame = store.frame(kind, replace(query, box=(west, south, east, north)))
    return frame[frame.intersects(area.union_all())]


def _coverage(
    frames: Mapping[str, gpd.GeoDataFrame],
    within: gpd.GeoDataFrame | None,
    reach_m: float,
    distance: str,
    network: StreetNetwork | None = None,
) -> StreetCoverage:
    """Cover the streets of an area, or all, by the sites that reach them."""
    if "posts" in frames:
        return post_coverage(
            **frames, reach_m=reach_m, distance=distance, within=within, network=network
        )
    return camera_coverage(**frames, within=within)


def _metric(frames: Mapping[str, gpd.GeoDataFrame], crs: CRS) -> dict[str, gpd.GeoDataFrame]:
    return {kind: frame.to_crs(crs) for kind, frame in frames.items()}


def _near(
    store: Store, sites: str, within: gpd.GeoDataFrame | None, reach_m: float
) -> dict[str, gpd.GeoDataFrame]:
    """Return the streets around an area in metres, or all, and the sites that may reach them."""
    halo_m = max(reach_m, POST_HALO_M) if sites == "posts" else _longest_range_m(store)
    query = None if within is None else Query(box=_box_around(within, halo_m))
    frames = {kind: store.frame(kind, query) for kind in ("streets", sites)}
    if sites == "cameras" and store.count("buildings"):
        frames["buildings"] = store.frame("buildings", query)
    return frames


def _layer(store: Store, kind: str, frame: gpd.GeoDataFrame) -> Layer:
    """Return stored rows as a file would give them: in the columns of the file contract."""
    columns = [name for name in frame.columns if name in ALIASES[kind]]
    return Layer(
        kind=kind,
        frame=frame[[*columns, "geometry"]].reset_index(drop=True),
        quarantine=pd.DataFrame(columns=["row", "reason", "detail", *columns, "geometry"]),
        notes=(),
        # Neither the server nor the folder: results are passed on.
        source=f"{Path(str(store.engine.url.database)).name}:{kind}",
        datum=_datum(frame),
        rows_read=len(frame),
        rows=np.asarray(frame["id"], dtype=np.int64),
    )


def _longest_range_m(store: Store) -> float:
    """Return how far any camera sees; which one does is known only once all are read."""
    stated = pd.to_numeric(store.frame("cameras")["range_m"]).dropna()
    assumed = max(range_m for range_m, _ in KIND_DEFAULTS.values())
    return min(max(assumed, stated.max()), FARTHEST_M) if len(stated) else assumed


def _box_around(area: gpd.GeoDataFrame, halo_m: float) -> Box:
    """Return the box of an area with a halo, in degrees."""
    west, south, east, north = area.total_bounds
    return _to_degrees(area.crs).transform_bounds(
        west - halo_m, south - halo_m, east + halo_m, north + halo_m
    )


@lru_cache(maxsize=64)
def _to_degrees(crs: CRS) -> Transformer:
    """Return what makes degrees of metres; making one takes 40 ms, as long as a page of rows."""
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def _stored(store: Store, *kinds: str) -> frozenset[str]:
    return frozenset(kind for kind in kinds if store.count(kind))


def _datum(*frames: gpd.GeoDataFrame) -> str:
    return least_exact(datum for frame in frames for datum in frame["source_datum"].unique())
