"""H3 hexagons: an index, and counts for looking at density; never a 网格 (a grid)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import shapely

from geo.areas import polygons_of
from geo.crs import STORAGE_CRS
from geo.errors import ColumnError, CRSError, InvalidParameterError
from geo.points import coordinates

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_RESOLUTION: Final = 15
"""The finest H3 resolution: hexagons of about a square metre."""

MAX_CELLS: Final = 1_000_000
"""Cells of one index at most: more take minutes and gigabytes."""


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
    _check("points", points, resolution)
    xy = coordinates(points, "points")
    xy = xy[~np.isnan(xy[:, 0])]
    # h3 has no array call: one look-up a point. It speaks (lat, lng), shapely (x, y).
    ids = [h3.latlng_to_cell(lat, lon, resolution) for lon, lat in xy]
    counts = pd.Series(ids, dtype=object).value_counts().sort_index()
    return gpd.GeoDataFrame(
        {"cell": counts.index.to_numpy(), "count": counts.to_numpy()},
        geometry=_hexagons(counts.index.tolist()),
        crs=STORAGE_CRS,
    )


def cells_of(areas: gpd.GeoDataFrame, resolution: int) -> gpd.GeoDataFrame:
    """
    List the H3 hexagons that areas touch, as an index of them.

    A cell counts for every area that it overlaps, however little: so a grid that is narrower or
    smaller than a cell has some too, and no place of an area is in none of its cells. Cells of
    neighbours are partly the same; what is counted by cell does not add up by area.

    Parameters
    ----------
    areas
        n Polygon or MultiPolygon rows with `area_id` in EPSG:4326; a row without geometry has no
        cell.
    resolution
        H3 resolution, 0 to 15.

    Returns
    -------
    cells
        One row per area and cell, by row and cell id: `area_id`, `cell` (text), the hexagon in
        EPSG:4326.

    Raises
    ------
    CRSError
        When the frame is not in EPSG:4326.
    ColumnError
        When there is no `area_id`.
    GeometryError
        When a row is no valid polygon.
    InvalidParameterError
        When the resolution is not a whole number from 0 to 15, or the cells would be more than
        `MAX_CELLS`.

    Notes
    -----
    By the mode "overlap" of h3 4.2, which its authors still call experimental. The default mode
    takes cells whose centre is inside, and gives a grid 3 m wide none.
    """
    _check("areas", areas, resolution)
    if "area_id" not in areas.columns:
        raise ColumnError(
            f"areas: no column area_id among {', '.join(map(str, areas.columns))}; rename the "
            f"column with the code to area_id"
        )
    polygons = polygons_of(areas, "areas")
    wanted = _cells_at_most(polygons, resolution)
    if wanted > MAX_CELLS:
        raise InvalidParameterError(
            f"resolution: {resolution} makes about {wanted:,.0f} cells of these areas, more than "
            f"{MAX_CELLS:,}; take a lower one"
        )
    rows: list[int] = []
    ids: list[str] = []
    # h3 has no array call: one look-up a polygon.
    for row, polygon in enumerate(polygons):
        if polygon is None or polygon.is_empty:
            continue
        shape = h3.geo_to_h3shape(shapely.force_2d(polygon))
        cells = sorted(h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap"))
        ids += cells
        rows += [row] * len(cells)
    return gpd.GeoDataFrame(
        {"area_id": areas["area_id"].to_numpy()[rows], "cell": np.array(ids, dtype=object)},
        geometry=_hexagons(ids),
        crs=STORAGE_CRS,
    )


def _check(name: str, frame: gpd.GeoDataFrame, resolution: int) -> None:
    """Refuse other CRSs than that of hexagons, and resolutions that there are not."""
    if frame.crs is None or frame.crs != STORAGE_CRS:
        raise CRSError(f"{name}: hexagons need {STORAGE_CRS}; call to_crs({STORAGE_CRS!r}) first")
    if resolution not in range(MAX_RESOLUTION + 1):
        raise InvalidParameterError(
            f"resolution must be a whole number from 0 to {MAX_RESOLUTION}, got {resolution!r}"
        )


def _cells_at_most(polygons: NDArray[np.object_], resolution: int) -> float:
    """Return about how many cells the boxes of polygons have."""
    west, south, east, north = shapely.bounds(polygons).T
    degree_km = 111.2
    across = np.cos(np.radians((south + north) / 2.0)) * degree_km
    box_km2 = (east - west) * across * (north - south) * degree_km
    # Rows without geometry have no box.
    return float(np.nansum(box_km2)) / float(h3.average_hexagon_area(resolution, unit="km^2"))


def _hexagons(cells: list[str]) -> list[shapely.Polygon]:
    """Draw cells; h3 speaks (lat, lng), shapely (x, y)."""
    return [
        shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]) for cell in cells
    ]
