"""Ground that cameras see, and open ground that none does; piece by piece, for many cameras."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Geometries = NDArray[np.object_]

LEAST_M2: Final = 1.0
"""A blind piece smaller than this is what the drawn rims of two views leave between them."""

TILE_M: Final = 400.0
"""Side of a tile of which a union is taken, in metres: larger ones take longer a polygon, smaller
ones cut more of them."""


def union_area_m2(polygons: Geometries, executor: Executor | None = None) -> float:
    """
    Measure the union of polygons.

    Parameters
    ----------
    polygons
        n polygons in a metric CRS; empty ones add nothing.
    executor
        Where tiles are computed; None for here.

    Returns
    -------
    area_m2
        The area, the same whatever the executor.
    """
    box = shapely.bounds(polygons)
    filled = ~np.isnan(box[:, 0])
    polygons, box = polygons[filled], box[filled]
    if not len(polygons):
        return 0.0
    # Tiles lie on round coordinates, so that no other polygon moves them.
    west, south, east, north = np.floor(box / TILE_M).astype(np.int64).T
    wide = east - west + 1
    count = wide * (north - south + 1)
    row = np.repeat(np.arange(len(box)), count)
    k = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    tile = np.column_stack((west[row] + k % wide[row], south[row] + k // wide[row]))
    places, of = np.unique(tile, axis=0, return_inverse=True)
    order = np.argsort(of.ravel(), kind="stable")
    held = np.split(polygons[row[order]], np.flatnonzero(np.diff(of.ravel()[order])) + 1)
    return float(sum(_map(executor, _tile_area_m2, held, places * TILE_M)))


def blind_areas(
    ground: gpd.GeoDataFrame, left: Geometries, gaps: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """
    List the connected pieces of open ground that nobody sees.

    Parameters
    ----------
    ground
        n polygons with `area_id`.
    left
        What nobody sees of each, from `seen_by_area`.
    gaps
        The stretches of due street that nobody sees: `street_id` and lines.

    Returns
    -------
    frame
        One row per piece of at least `LEAST_M2`, the largest first: `area_id`, `area_m2`,
        `street_ids`, `street_length_m`, polygon.
    """
    pieces, area = shapely.get_parts(left, return_index=True)
    size = shapely.area(pieces)
    order = np.argsort(-size, kind="stable")
    order = order[size[order] >= LEAST_M2]
    pieces, area, size = pieces[order], area[order], size[order]
    lines = np.asarray(gaps.geometry.array)
    piece, gap = shapely.STRtree(lines).query(pieces, predicate="intersects")
    length = shapely.length(shapely.intersection(lines[gap], pieces[piece]))
    held = length > 0.0
    piece, gap, length = piece[held], gap[held], length[held]
    ids = pd.Series(gaps["street_id"].to_numpy()[gap]).astype(str)
    listed = ids.groupby(piece).agg(lambda names: ",".join(dict.fromkeys(names)))
    return gpd.GeoDataFrame(
        {
            "area_id": ground["area_id"].to_numpy()[area],
            "area_m2": size,
            "street_ids": listed.reindex(range(len(pieces)), fill_value="").to_numpy(),
            "street_length_m": np.bincount(piece, length, minlength=len(pieces)),
        },
        geometry=pieces,
        crs=ground.crs,
    )


def seen_by_area(
    ground: gpd.GeoDataFrame,
    seen: Geometries,
    buildings: gpd.GeoDataFrame | None,
    executor: Executor | None = None,
) -> tuple[Geometries, NDArray[np.float64]]:
    """
    Part the open ground of areas into what is seen and what is not.

    Parameters
    ----------
    ground
        n polygons with `area_id`.
    seen
        What each camera sees.
    buildings
        What stands on the ground, or None.
    executor
        Where areas are computed; None for here.

    Returns
    -------
    left, open_m2
        Of each area the ground that nobody sees, and the size of its ground without buildings.
    """
    whole = np.asarray(ground.geometry.array)
    solid = np.empty(0, dtype=object) if buildings is None else np.asarray(buildings.geometry.array)
    work = _map(executor, _left, whole, _touching(whole, solid), _touching(whole, seen))
    left, open_m2 = zip(*work, strict=True) if len(whole) else ((), ())
    found = np.empty(len(left), dtype=object)
    found[:] = left
    return found, np.array(open_m2, dtype=np.float64)


def _map(
    executor: Executor | None, work: Callable[..., Any], *each: Iterable[Any]
) -> Iterable[Any]:
    return map(work, *each) if executor is None else executor.map(work, *each, chunksize=8)


def _touching(whole: Geometries, others: Geometries) -> list[Geometries]:
    """Return for each geometry the others that touch it."""
    first, second = shapely.STRtree(others).query(whole, predicate="intersects")
    order = np.argsort(first, kind="stable")
    cuts = np.searchsorted(first[order], np.arange(1, len(whole)))
    return np.split(others[second[order]], cuts)


def _tile_area_m2(polygons: Geometries, corner: NDArray[np.float64]) -> float:

    x, y = corner
    inside = shapely.clip_by_rect(polygons, x, y, x + TILE_M, y + TILE_M)
    return float(shapely.area(shapely.union_all(inside)))


def _left(
    area: shapely.Geometry, solid: Geometries, seen: Geometries
) -> tuple[shapely.Geometry, float]:
    open_ground = shapely.difference(area, shapely.union_all(shapely.make_valid(solid)))
    return shapely.difference(open_ground, shapely.union_all(seen)), open_ground.area
