"""A seeded fabric of blocks, houses, streets and cameras for timing what cameras see."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from tests.benchmarks.city import CRS, ORIGIN, SEED

PITCH_M = 56.0
"""From one block to the next: 40 m of houses and 16 m of street."""

AREA_M = 560.0
"""Side of the areas whose blind ground is asked for: ten blocks."""


class Fabric(NamedTuple):
    """What `fabric` makes, in the order that `camera_coverage` takes it."""

    streets: gpd.GeoDataFrame
    cameras: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    ground: gpd.GeoDataFrame


def fabric(cameras: int, *, seed: int = SEED) -> Fabric:
    """Return about one block, two houses and two streets for each of exactly so many cameras."""
    random = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(cameras)))
    cell = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    x, y = (cell * PITCH_M + ORIGIN).T
    wide, deep = random.uniform(15, 19, len(x)), random.uniform(20, 40, len(x))
    houses = np.concatenate(
        (shapely.box(x, y, x + wide, y + 40), shapely.box(x + 40 - wide, y, x + 40, y + deep))
    )
    corner, length = np.column_stack((x - 8.0, y - 8.0)), np.array((PITCH_M, 0.0))
    ends = np.concatenate(
        [np.stack((corner, corner + way), axis=1) for way in (length, length[::-1])]
    )
    at = (corner + random.uniform(-5, 5, corner.shape))[:cameras]
    wide_m = side * PITCH_M
    west, south = (
        np.stack(np.meshgrid(*[np.arange(0.0, wide_m, AREA_M)] * 2), axis=-1).reshape(-1, 2)
        + ORIGIN
    ).T
    return Fabric(
        gpd.GeoDataFrame(geometry=shapely.linestrings(ends), crs=CRS),
        gpd.GeoDataFrame(
            {
                "azimuth_deg": random.uniform(0, 360, cameras),
                "fov_deg": np.full(cameras, 90.0),
                "range_m": np.full(cameras, 100.0),
            },
            geometry=shapely.points(at),
            crs=CRS,
        ),
        gpd.GeoDataFrame(geometry=houses, crs=CRS),
        gpd.GeoDataFrame(
            {"area_id": np.arange(len(west))},
            geometry=shapely.box(west, south, west + AREA_M, south + AREA_M),
            crs=CRS,
        ),
    )
