"""Counts of points in H3 hexagons: an index for looking at density, never a 网格 (a grid)."""

from __future__ import annotations

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORAGE_CRS
from geo.errors import CRSError, InvalidParameterError
from geo.points import coordinates

MAX_RESOLUTION = 15
"""The finest H3 resolution: hexagons of about a square metre."""


def density(points: gpd.GeoDataFrame, resolution: int) -> gpd.GeoDataFrame:
    """
    Count points by H3 hexagon.

    Hexagons differ in area by a few per cent across a city and follow no street, so counts
    compare roughly and are for looking at.

    Parameters
    ----------
    points
        n Point rows in EPSG:4326; a row without a place is in no cell.
    resolution
        H3 resolution, 0 to 15; 9 is about 0.1 km2, 10 about 0.015 km2 a cell.

    Returns
    -------
    cells
        One row per cell that holds a point, by cell id: `cell` (text), `count`, the hexagon in
        EPSG:4326. The counts add up to the number of places.

    Raises
    ------
    CRSError
        When the frame is not in EPSG:4326.
    GeometryError
        When a row is no point.
    InvalidParameterError
        When the resolution is not a whole number from 0 to 15.
    """
    if points.crs is None or points.crs != STORAGE_CRS:
        raise CRSError(f"points: hexagons need {STORAGE_CRS}; call to_crs({STORAGE_CRS!r}) first")
    if resolution not in range(MAX_RESOLUTION + 1):
        raise InvalidParameterError(
            f"resolution must be a whole number from 0 to {MAX_RESOLUTION}, got {resolution!r}"
        )
    xy = coordinates(points, "points")
    xy = xy[~np.isnan(xy[:, 0])]
    # h3 has no array call: one look-up a point. It speaks (lat, lng), shapely (x, y).
    ids = [h3.latlng_to_cell(lat, lon, resolution) for lon, lat in xy]
    counts = pd.Series(ids, dtype=object).value_counts().sort_index()
    hexagons = [
        shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])
        for cell in counts.index
    ]
    return gpd.GeoDataFrame(
        {"cell": counts.index.to_numpy(), "count": counts.to_numpy()},
        geometry=hexagons,
        crs=STORAGE_CRS,
    )
