"""
A county for tests: one city, its towns, their villages, and the grids that tile them.

Everything is invented and drawn from a seed. Borders are crooked, and neighbours share them to the
bit. A village is a run of cells on a path that winds through the lattice, a town is a run of
villages: so each is one piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from tests.strategies import CRS, ORIGIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CITY: Final = "990100"
"""A county code that no county has."""

SIDE_M: Final = 400.0
"""About the side of a grid, in metres."""

BAND: Final = 5
"""So many columns wide is the band in which the path winds to and fro."""


@dataclass(frozen=True, eq=False)
class County:
    """
    Four levels that tile the same ground.

    Parameters
    ----------
    city
        One row.
    towns
        `area_id` of 9 digits, `parent_id` the city.
    villages
        `area_id` of 12 digits, `parent_id` the town.
    grids
        `area_id` of 12 + 3 digits, numbered from north to south and west to east in the village;
        `parent_id` the village.
    """

    city: gpd.GeoDataFrame
    towns: gpd.GeoDataFrame
    villages: gpd.GeoDataFrame
    grids: gpd.GeoDataFrame


def county(
    *,
    towns: int = 21,
    villages: int = 309,
    grids: int = 1_047,
    steps: int = 6,
    bare_villages: int = 0,
    seed: int = 1,
) -> County:
    """
    Draw a county.

    Parameters
    ----------
    towns, villages, grids
        How many of each.
    steps
        How many edges stand between two corners of a grid; a grid has 4 times as many vertices.
    bare_villages
        How many of the last villages have no grid: theirs are left out of `grids`.
    seed
        Of all that is drawn.

    Returns
    -------
    county
        Frames in `CRS`.
    """
    random = np.random.default_rng(seed)
    rows = int(np.sqrt(grids)) // 2 * 2 + 1
    columns = -(-grids // rows)
    column, row = _path(columns, rows, grids)
    cells = _cells(columns, rows, steps, random)[column, row]
    village = _runs(grids, villages, random)
    town = _runs(villages, towns, random)
    town_id = np.array([f"{CITY}{number + 1:03d}" for number in range(towns)])
    village_id = np.array(
        [f"{town_id[t]}{number + 1:03d}" for t, number in zip(town, _counted(town), strict=True)]
    )
    # Inside a village from north to south, then from west to east.
    order = np.lexsort((column, -row, village))
    cells, village = cells[order], village[order]
    grid_id = [
        f"{village_id[v]}{n + 1:03d}" for v, n in zip(village, _counted(village), strict=True)
    ]
    whole = np.array([shapely.coverage_union_all(cells[village == v]) for v in range(villages)])
    larger = np.array([shapely.coverage_union_all(whole[town == t]) for t in range(towns)])
    gridded = village < villages - bare_villages
    return County(
        _frame([CITY], None, [shapely.coverage_union_all(larger)]),
        _frame(town_id, CITY, larger),
        _frame(village_id, town_id[town], whole),
        _frame(np.array(grid_id)[gridded], village_id[village[gridded]], cells[gridded]),
    )


def _frame(area_id: object, parent_id: object, geometry: object) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame({"area_id": area_id}, geometry=list(geometry), crs=CRS)  # type: ignore[call-overload]
    frame.insert(1, "name", "网格" + frame["area_id"].astype(str))
    frame.insert(2, "parent_id", parent_id)
    return frame


def _path(columns: int, rows: int, count: int) -> tuple[Ints, Ints]:
    """Return the first cells of a way that steps from neighbour to neighbour; rows are odd."""
    way = []
    upwards = True
    # With an odd number of rows each band ends in the east, beside the next.
    for west in range(0, columns, BAND):
        band = list(range(west, min(west + BAND, columns)))
        for row in range(rows) if upwards else range(rows - 1, -1, -1):
            way += [(column, row) for column in band]
            band.reverse()
        upwards = not upwards
    column, row = np.array(way[:count]).T
    return column, row


def _runs(count: int, parts: int, random: np.random.Generator) -> Ints:
    """Cut a row of things into parts of one or more, and return the part of each."""
    cuts = np.sort(random.choice(np.arange(1, count), parts - 1, replace=False))
    return np.searchsorted(cuts, np.arange(count), side="right")


def _counted(part: Ints) -> Ints:
    """Count from 0 within each part of a row cut into parts."""
    first = np.searchsorted(part, part)
    return np.arange(len(part)) - first


def _cells(columns: int, rows: int, steps: int, random: np.random.Generator) -> NDArray[np.object_]:
    """Return columns x rows crooked cells."""
    corners = np.stack(
        np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0), indexing="ij"), axis=-1
    )
    corners = (corners + random.uniform(-0.15, 0.15, corners.shape)) * SIDE_M + ORIGIN
    east = _crooked(corners[:-1], corners[1:], steps, random)
    north = _crooked(corners[:, :-1], corners[:, 1:], steps, random)
    rings = np.concatenate(
        (
            east[:, :-1, :-1],
            north[1:, :, :-1],
            east[:, 1:, :0:-1],
            north[:-1, :, ::-1],
        ),
        axis=2,
    )
    return shapely.polygons(rings.reshape(columns * rows, -1, 2)).reshape(columns, rows)


def _crooked(begin: Floats, end: Floats, steps: int, random: np.random.Generator) -> Floats:
    """Return `steps + 1` points from begin to end, most askew in the middle."""
    t = np.linspace(0.0, 1.0, steps + 1)
    along = (end - begin)[..., None, :]
    across = along[..., ::-1] * (-1.0, 1.0)
    askew = random.uniform(-0.06, 0.06, (*begin.shape[:-1], steps + 1)) * np.sin(np.pi * t)
    points: Floats = begin[..., None, :] + t[:, None] * along + askew[..., None] * across
    points[..., 0, :], points[..., -1, :] = begin, end
    return points
