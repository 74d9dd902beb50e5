"""Villages to divide: of lettered cells, of streets with houses, and of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from tests.strategies import CRS, ORIGIN, areas_of, box, line, streets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

CELL_M = 50.0
"""Side of a cell."""


def cells(
    *rows: str, households: Sequence[float] | None = None
) -> tuple[gpd.GeoDataFrame, list[str | None]]:
    """
    Draw square blocks from rows of letters, north first, and return them with their letters.

    A blank is no block, a dot one without a grid.
    """
    shapes, letters = [], []
    for j, row in enumerate(rows):
        for i, letter in enumerate(row):
            if letter != " ":
                west, north = i * CELL_M, -j * CELL_M
                shapes.append(box(west, north - CELL_M, west + CELL_M, north))
                letters.append(None if letter == "." else letter)
    homes = np.full(len(shapes), 10.0) if households is None else np.asarray(households, float)
    frame = gpd.GeoDataFrame(
        {"block_id": np.arange(len(shapes)), "households": homes, "people": 3.0 * homes},
        geometry=shapes,
        crs=CRS,
    )
    return frame, letters


def hamlet(columns: int, rows: int, *, seed: int = 1, street_every: int = 5) -> dict[str, Any]:
    """
    Draw a village of turned houses on a lattice, with streets between every few of them.

    The frames are named as `blocks` takes them.
    """
    random = np.random.default_rng(seed)
    pitch_m = 25.0
    x, y = (values.ravel() for values in np.meshgrid(np.arange(columns), np.arange(rows)))
    n = len(x)
    middle = (np.column_stack((x, y)) + 0.5) * pitch_m + random.uniform(-2.0, 2.0, (n, 2))
    half = random.uniform((4.0, 3.0), (7.0, 6.0), (n, 2))
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half[:, None, :]
    turn = random.uniform(-0.3, 0.3, n)
    turned = np.stack(
        (
            np.cos(turn)[:, None] * corner[..., 0] - np.sin(turn)[:, None] * corner[..., 1],
            np.sin(turn)[:, None] * corner[..., 0] + np.cos(turn)[:, None] * corner[..., 1],
        ),
        axis=-1,
    )
    houses = shapely.polygons(turned + middle[:, None, :] + ORIGIN)
    wide, high = columns * pitch_m, rows * pitch_m
    ways = [line((x * pitch_m, -5), (x * pitch_m, high + 5))
            for x in range(street_every, columns, street_every)]  # fmt: skip
    ways += [line((-5, y * pitch_m), (wide + 5, y * pitch_m))
             for y in range(street_every, rows, street_every)]  # fmt: skip
    homes = np.floor(random.gamma(2.0, 2.0, n)) + 1.0
    return {
        "village": areas_of({"v": box(0, 0, wide, high)}),
        "streets": streets_of(ways),
        "buildings": gpd.GeoDataFrame(
            {"building_id": np.arange(n), "households": homes, "people": np.rint(2.6 * homes)},
            geometry=houses,
            crs=CRS,
        ),
    }
