"""
Areas of the store, and the rows that their analyses are computed from.

As in `api.services`, reprojection happens here: rows come in degrees, results are in metres.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection

from api.results import least_exact
from data import ALIASES, Layer
from data.errors import NotFoundError
from data.ranges import longest_range_m
from data.store import Box, Query, Store
from geo import PostCoverage, post_coverage, working_crs
from geo.cameras import KIND_DEFAULTS

FARTHEST_M: Final = 20_000.0
"""Cameras farther than this from an area are not looked for, in metres: a range beyond it is a
slip of the keyboard, and must not make every request read the whole store."""

POST_HALO_M: Final = 500.0
"""Streets and posts this near an area are taken with it, in metres: the way to a post may lead
through the neighbours, and a spacing gap is measured exactly up to twice as much."""


OVER_GRIDS: Final = ("beat", "patrol")
"""Kinds of areas that lie over the grids: the ground of one is the ground of several grids too."""


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


def grids_alone(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Leave out the areas that lie over the grids.

    Parameters
    ----------
    areas
        With `kind`.

    Returns
    -------
    areas
        Those that are neither patrol areas nor beats; all of them where there are no others.
        Together they would count every street twice.
    """
    others = areas[~areas["kind"].isin(OVER_GRIDS)]
    return others if len(others) else areas


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
        area. Of cameras also the "buildings" and "walls" that may hide, where any are stored.

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
    layers = {kind: stored_layer(store, kind, frame) for kind, frame in frames.items()}
    return layers | dict.fromkeys(("areas", "within"), stored_layer(store, "areas", area))


def area_frames(
    store: Store, sites: str, code: str, *, reach_m: float = 50.0
) -> dict[str, gpd.GeoDataFrame]:
    """
    Read what the coverage of a stored area is computed from, though there may be none of it.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    sites
        "posts" or "cameras"; those outside the area that reach into it are among them.
    code
        The area.
    reach_m
        How far a post sees, in metres; cameras have ranges of their own.

    Returns
    -------
    frames
        "streets", the sites, "within" (the area), and of cameras "buildings" and "walls" where any
        are stored; in the working CRS of the area.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    GeoError
        When the area cannot be measured.
    """
    area = stored_area(store, code)
    within = area.to_crs(working_crs(area))
    return frames_near(store, sites, within, within.crs, reach_m=reach_m) | {"within": within}


def frames_near(
    store: Store, sites: str, within: gpd.GeoDataFrame | None, crs: CRS, *, reach_m: float = 50.0
) -> dict[str, gpd.GeoDataFrame]:
    """
    Read the streets around an area, or all, and the sites that may reach them.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    sites
        "posts" or "cameras".
    within
        The area in metres; None for all that is stored.
    crs
        What to measure in.
    reach_m
        How far a post sees, in metres.

    Returns
    -------
    frames
        "streets", the sites, and of cameras "buildings" and "walls" where any are stored; in that
        CRS.
    """
    found = _near(store, sites, within, reach_m)
    return {kind: frame.to_crs(crs) for kind, frame in found.items()}


def least_datum(*frames: gpd.GeoDataFrame) -> str:
    """
    Return the datum that whatever is made of stored rows has to name.

    Parameters
    ----------
    *frames
        Rows as the store gives them.

    Returns
    -------
    datum
        The least exact one that they came in.
    """
    return least_exact(datum for frame in frames for datum in frame["source_datum"].unique())


def area_coverage(
    store: Store, code: str, *, reach_m: float = 50.0, distance: str = "street"
) -> PostCoverage:
    """
    Compute which streets within a stored area posts cover.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    reach_m
        How far a post sees, in metres; one outside the area that reaches into it counts.
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
    frames = area_frames(store, "posts", code, reach_m=reach_m)
    return post_coverage(**frames, reach_m=reach_m, distance=distance)


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
    return {kind: stored_layer(store, kind, frame) for kind, frame in found.items() if len(frame)}


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


def _near(
    store: Store, sites: str, within: gpd.GeoDataFrame | None, reach_m: float
) -> dict[str, gpd.GeoDataFrame]:
    """Return the streets around an area in metres, or all, and the sites that may reach them."""
    halo_m = max(reach_m, POST_HALO_M)
    if sites == "cameras":
        # What stands around an area is shown beside it, even where no camera is.
        assumed = max(range_m for range_m, _ in KIND_DEFAULTS.values())
        halo_m = min(max(assumed, longest_range_m(store)), FARTHEST_M)
    query = None if within is None else Query(box=_box_around(within, halo_m))
    frames = {kind: store.frame(kind, query) for kind in ("streets", sites)}
    if sites == "cameras":
        hiding = [kind for kind in ("buildings", "walls") if store.count(kind)]
        frames |= {kind: store.frame(kind, query) for kind in hiding}
    return frames


def stored_layer(store: Store, kind: str, frame: gpd.GeoDataFrame) -> Layer:
    """
    Return stored rows as a file would give them: in the columns of the file contract.

    Parameters
    ----------
    store
        Where they are from.
    kind
        Their layer.
    frame
        As the store gives them.

    Returns
    -------
    layer
        All of them in its `frame`.
    """
    columns = [name for name in frame.columns if name in ALIASES[kind]]
    return Layer(
        kind=kind,
        frame=frame[[*columns, "geometry"]].reset_index(drop=True),
        quarantine=pd.DataFrame(columns=["row", "reason", "detail", *columns, "geometry"]),
        notes=(),
        source=stored_name(store, kind),
        datum=least_datum(frame),
        rows_read=len(frame),
        rows=np.asarray(frame["id"], dtype=np.int64),
    )


def stored_name(store: Store, kind: str) -> str:
    """Return what results call a stored layer: neither the server nor the folder is passed on."""
    return f"{Path(str(store.engine.url.database)).name}:{kind}"


def _box_around(area: gpd.GeoDataFrame, halo_m: float) -> Box:
    """Return the box of an area with a halo, in degrees."""
    west, south, east, north = area.total_bounds
    return box_in_degrees(area.crs, (west - halo_m, south - halo_m, east + halo_m, north + halo_m))


def box_in_degrees(crs: CRS, bounds: Sequence[float]) -> Box:
    """
    Return the box in degrees around a box in metres.

    Parameters
    ----------
    crs
        Of the bounds.
    bounds
        West, south, east, north.

    Returns
    -------
    box
        As a query of the store takes it.
    """
    return _to_degrees(crs).transform_bounds(*bounds)


def in_metres(crs: CRS, lon: float, lat: float) -> tuple[float, float]:
    """
    Return a place in degrees in a metric CRS.

    Parameters
    ----------
    crs
        Which.
    lon
        Longitude in WGS-84 degrees.
    lat
        Latitude in WGS-84 degrees.

    Returns
    -------
    x, y
        Metres.
    """
    return _to_degrees(crs).transform(lon, lat, direction=TransformDirection.INVERSE)


@lru_cache(maxsize=64)
def _to_degrees(crs: CRS) -> Transformer:
    """Return what makes degrees of metres; making one takes 40 ms, as long as a page of rows."""
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
