"""Ground that tests of hot spots share: square cells with so many incidents each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from geo.incidents.cells import SquareCells, square_cells
from tests.strategies import CRS, ORIGIN

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

CELL_M = 100.0


def cells_of(columns: int, rows: int) -> SquareCells:
    """Return so many cells of 100 m, row after row from the south-west."""
    west, south = ORIGIN
    bounds = (west, south, west + columns * CELL_M, south + rows * CELL_M)
    return square_cells(bounds, CELL_M, CRS)


def incidents_at(cells: SquareCells, counts: ArrayLike, **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Return so many points in the middle of each cell."""
    row = np.repeat(np.arange(len(cells.frame)), np.asarray(counts).ravel())
    points = shapely.centroid(np.asarray(cells.frame.geometry.array))[row]
    return gpd.GeoDataFrame(columns, geometry=points, index=range(len(row)), crs=CRS)


def clustered(seed: int, base: float, *, side: int = 30, times: float = 3.0) -> np.ndarray:
    """Draw counts of side x side cells; 3 x 3 of them, from (10, 15) on, have more."""
    rate = np.full((side, side), base)
    rate[10:13, 15:18] *= times
    return np.random.default_rng(seed).poisson(rate).astype(np.int64)


def cluster(side: int = 30) -> np.ndarray:
    """Return the rows of the cells that have more."""
    return np.arange(side * side).reshape(side, side)[10:13, 15:18].ravel()
