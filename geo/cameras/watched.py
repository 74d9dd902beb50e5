"""Key sites that cameras see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geo.errors import ColumnError, GeometryError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

RIM_M: Final = 0.2
"""How far before its outline a site is looked at, in metres: what is behind the wall nobody sees.
Twice the distance that cameras stand before walls."""

_KINDS: Final = (
    shapely.GeometryType.POINT, shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON,
)  # fmt: skip


def watched_sites(
    sites: gpd.GeoDataFrame,
    seen: NDArray[np.object_],
    buildings: gpd.GeoDataFrame | None = None,
    entrances: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """
    Tell which sites cameras see.

    A point is seen when it lies in a view. A site with an outline, or a point inside a building,
    is seen when a camera sees ground before its outline.

    Parameters
    ----------
    sites
        n Point, Polygon or MultiPolygon rows.
    seen
        What each camera sees.
    buildings
        Outlines in which points may lie, or None.
    entrances
        Points with the `site_id` of their site, or None. A site whose entrances are known is
        watched when all of them are seen.

    Returns
    -------
    frame
        n rows: the columns of `sites`, `watched`, `cameras`, `seen_share`, and with entrances
        `entrances` and `entrances_watched`; without a place `watched` is missing: unknown.

    Raises
    ------
    ColumnError
        When entrances come without `site_id`, or to sites without it.
    GeometryError
        When a site is neither point nor polygon.
    """
    looked, solid = looked_at(sites, "key_sites", buildings)
    site, camera = shapely.STRtree(seen).query(looked, predicate="intersects")
    share = np.full(len(looked), np.nan)
    share[solid] = 0.0
    for row in np.unique(site[solid[site]]):
        union = shapely.union_all(seen[camera[site == row]])
        share[row] = shapely.length(shapely.intersection(looked[row], union)) / looked[row].length
    cameras: NDArray[np.int64] = np.bincount(site, minlength=len(looked))
    filled = ~(shapely.is_missing(looked) | shapely.is_empty(looked))
    watched = pd.arrays.BooleanArray(cameras > 0, ~filled)
    found = sites.assign(watched=watched, cameras=cameras, seen_share=share)
    return found if entrances is None else _by_entrance(found, entrances, seen)


def looked_at(
    frame: gpd.GeoDataFrame, name: str, buildings: gpd.GeoDataFrame | None
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """
    Tell what of places must be in sight: the point, or the rim of the outline.

    Parameters
    ----------
    frame
        n Point, Polygon or MultiPolygon rows.
    name
        The caller's argument, for the message.
    buildings
        Outlines in which points may lie, or None: then it is the outline.

    Returns
    -------
    looked, solid
        n points and rims, missing where a row has no place; and which are rims.

    Raises
    ------
    GeometryError
        When a row is neither point nor polygon.
    """
    place = np.array(frame.geometry.array, dtype=object)
    kind = shapely.get_type_id(place)
    wrong = np.flatnonzero((kind >= 0) & ~np.isin(kind, [int(each) for each in _KINDS]))
    if wrong.size:
        raise GeometryError(
            f"{name}: row {wrong[0]} is a {place[wrong[0]].geom_type}; pass points or polygons"
        )
    solid = (kind >= 0) & (kind != shapely.GeometryType.POINT)
    points = np.flatnonzero(kind == shapely.GeometryType.POINT)
    if buildings is not None and len(buildings) and len(points):
        outlines = shapely.make_valid(np.asarray(buildings.geometry.array))
        which, inside = shapely.STRtree(place[points]).query(outlines, predicate="contains")
        place[points[inside]] = outlines[which]
        solid[points[inside]] = True
    place[solid] = shapely.boundary(shapely.buffer(place[solid], RIM_M, join_style="mitre"))
    return place, solid


def _by_entrance(
    sites: gpd.GeoDataFrame, entrances: gpd.GeoDataFrame, seen: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    """Count the entrances of each site, and those that a camera sees."""
    for name, frame in (("key_sites", sites), ("entrances", entrances)):
        if "site_id" not in frame.columns:
            raise ColumnError(f"{name}: no column site_id; it tells which entrance is whose")
    doors = watched_sites(entrances[["site_id", "geometry"]], seen)
    known = doors[doors["watched"].notna()].groupby("site_id")["watched"].agg(["size", "sum"])
    counts = known.reindex(sites["site_id"]).fillna(0).astype(np.int64)
    doors_known = counts["size"].to_numpy() > 0
    all_seen = (counts["size"] == counts["sum"]).to_numpy()
    return sites.assign(
        entrances=counts["size"].to_numpy(),
        entrances_watched=counts["sum"].to_numpy(),
        watched=sites["watched"].mask(doors_known, all_seen),
    )
