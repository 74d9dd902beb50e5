"""A seeded city for timing: bent blocks of about 100 m, posts beside the streets."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

SEED = 20261122
"""One seed for all figures that are quoted."""

CRS = "EPSG:4547"
ORIGIN = (530_000.0, 3_380_000.0)


def city(
    segments: int, posts: int, *, seed: int = SEED
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return about so many street segments, one a row, and exactly so many posts."""
    random = np.random.default_rng(seed)
    blocks = round(np.sqrt(segments / 2.0))
    grid = np.stack(np.meshgrid(*[np.arange(blocks + 1) * 100.0] * 2), axis=-1)
    corners = grid + random.normal(0.0, 12.0, grid.shape) + ORIGIN
    east = np.stack((corners[:, :-1], corners[:, 1:]), axis=2).reshape(-1, 2, 2)
    north = np.stack((corners[:-1], corners[1:]), axis=2).reshape(-1, 2, 2)
    ends = np.concatenate((east, north))
    street = random.integers(0, len(ends), posts)
    at = random.random((posts, 1))
    beside = ends[street, 0] * (1.0 - at) + ends[street, 1] * at
    beside += random.normal(0.0, 3.0, beside.shape)
    return (
        gpd.GeoDataFrame(geometry=shapely.linestrings(ends), crs=CRS),
        gpd.GeoDataFrame(geometry=shapely.points(beside), crs=CRS),
    )
