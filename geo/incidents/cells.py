"""Places that incidents are counted at, and the plainest of them: square cells."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.areas import polygons_of
from geo.crs import label, require_metric_crs
from geo.errors import CRSError, InvalidParameterError
from geo.points import coordinates

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEAST_CELL_M: Final = 50.0
"""Side of the smallest cell, in metres: a short street segment. What is known to the street is not
known to a part of it; and where footways are drawn, half of all segments are shorter."""

MAX_CELLS: Final = 1_000_000
"""Cells in the box of the ground at most; more take gigabytes and tell nothing more."""

AROUND: Final = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
"""Columns and rows to the neighbours of a cell, corners too."""


@dataclass(frozen=True, eq=False)
class Places(ABC):
    """
    Places that incidents are counted at, and which of them are neighbours.

    Parameters
    ----------
    frame
        n rows: `place_id` (told by the place itself, so that it is the same next week), `area_m2`
        of cells or `length_m` of street segments, geometry in a metric CRS.
    indptr
        n + 1 positions: the neighbours of place i are `indices[indptr[i]:indptr[i + 1]]`.
    indices
        Neighbours, ascending for each place, without itself.
    """

    frame: gpd.GeoDataFrame
    indptr: Ints
    indices: Ints

    @property
    def measure(self) -> str:
        """The column that tells how large a place is."""
        return "area_m2" if "area_m2" in self.frame.columns else "length_m"

    def assign(self, points: gpd.GeoDataFrame) -> Ints:
        """
        Find the place of each point; each is counted at one.

        Parameters
        ----------
        points
            m Point rows in the CRS of the places.

        Returns
        -------
        row
            m rows of `frame`; -1 for a point without a place, or outside all.

        Raises
        ------
        CRSError, GeometryError
            When the frames share no CRS, or a row is no point.
        """
        require_metric_crs(places=self.frame)
        if points.crs is None:
            raise CRSError("points: no CRS set; call set_crs with the CRS they are in first")
        if points.crs != self.frame.crs:
            raise CRSError(
                f"points: their CRS {label(points.crs)} is not {label(self.frame.crs)} of the "
                f"places; call to_crs(places.frame.crs) first"
            )
        coordinates(points, "points")
        return self._rows(points)

    @abstractmethod
    def _rows(self, points: gpd.GeoDataFrame) -> Ints:
        """Find the place of each point."""


@dataclass(frozen=True, eq=False)
class SquareCells(Places):
    """
    Square cells; make them with `square_cells`.

    Parameters
    ----------
    cell_m
        Side of a cell, in metres.
    shift_m
        How far east and north cell borders lie of whole multiples of the side, in metres.
    corner
        Column and row of the south-western cell of the box, counted from that origin.
    numbers
        Columns x rows of the box: the row of `frame`, -1 for a cell that is not one of them.
    """

    cell_m: float
    shift_m: float
    corner: tuple[int, int]
    numbers: Ints

    def _rows(self, points: gpd.GeoDataFrame) -> Ints:
        """Find cells; a point on an edge is of the cell east or north of it, if there is one."""
        at = (coordinates(points, "points") - self.shift_m) / self.cell_m
        whole = np.floor(at)
        edge = (at == whole).astype(np.int64)
        known = ~np.isnan(at[:, 0])
        cell = np.where(known[:, None], whole, -1.0).astype(np.int64) - self.corner
        row = np.full(len(at), -1, dtype=np.int64)
        for west, south in ((0, 0), (1, 0), (0, 1), (1, 1)):
            column, line = cell[:, 0] - west * edge[:, 0], cell[:, 1] - south * edge[:, 1]
            inside = known & (row < 0)
            inside &= (column >= 0) & (column < self.numbers.shape[0])
            inside &= (line >= 0) & (line < self.numbers.shape[1])
            row[inside] = self.numbers[column[inside], line[inside]]
        return row


def square_cells(
    ground: gpd.GeoDataFrame | tuple[float, float, float, float],
    cell_m: float,
    crs: Any = None,  # noqa: ANN401 - whatever pyproj takes
    *,
    shift_m: float = 0.0,
    streets: Places | None = None,
) -> SquareCells:
    """
    Lay square cells over ground; neighbours are those that share an edge or a corner.

    Cell borders are at whole multiples of the side in the CRS, so that a cell and its id do not
    depend on the ground asked for.

    Parameters
    ----------
    ground
        Polygons in a metric CRS: every cell that holds some of them. Or west, south, east, north.
    cell_m
        Side of a cell, in metres; not less than `LEAST_CELL_M`, nor than the middle length of the
        street segments.
    crs
        The CRS of the four numbers; of polygons it is their own.
    shift_m
        How far to move all borders east and north, in metres: to see what hangs on them.
    streets
        Places of `geo.incidents.street_places`, which tell how long street segments are.

    Returns
    -------
    cells
        From south to north and west to east.

    Raises
    ------
    CRSError
        When metres are no metres.
    GeometryError
        When a row is no valid polygon.
    InvalidParameterError
        When cells are smaller than a street segment, more than `MAX_CELLS`, or there are none.
    """
    polygons = None
    if isinstance(ground, gpd.GeoDataFrame):
        crs = require_metric_crs(ground=ground)
        polygons = polygons_of(ground, "ground")
        bounds = ground.total_bounds
    else:
        bounds = np.asarray(ground, dtype=np.float64)
        require_metric_crs(ground=gpd.GeoDataFrame(geometry=[shapely.box(*bounds)], crs=crs))
    _check(cell_m, streets)
    low = np.floor((bounds[:2] - shift_m) / cell_m)
    wide = np.ceil((bounds[2:] - shift_m) / cell_m) - low
    if not wide.min() >= 1.0 or wide.prod() > MAX_CELLS:
        raise InvalidParameterError(
            f"cell_m: {cell_m:g} makes {wide.prod():,.0f} cells of this ground; there must be one "
            f"and at most {MAX_CELLS:,}"
        )
    columns, rows = wide.astype(np.int64)
    row, column = np.divmod(np.arange(columns * rows), columns)
    west, south = (np.column_stack((column, row)) + low).T * cell_m + shift_m
    squares = shapely.box(west, south, west + cell_m, south + cell_m)
    if polygons is not None:
        held = _holding(squares, polygons)
        row, column, squares = row[held], column[held], squares[held]
    numbers = np.full((columns, rows), -1, dtype=np.int64)
    numbers[column, row] = np.arange(len(row))
    corner = int(low[0]), int(low[1])
    moved = f"+{shift_m:g}" if shift_m else ""
    ids = [
        f"c{cell_m:g}{moved}_{c}_{r}"
        for c, r in zip((column + corner[0]).tolist(), (row + corner[1]).tolist(), strict=True)
    ]
    frame = gpd.GeoDataFrame(
        {"place_id": ids, "area_m2": np.full(len(ids), cell_m**2)}, geometry=squares, crs=crs
    )
    return SquareCells(
        frame, *_neighbours(column, row, numbers), float(cell_m), float(shift_m), corner, numbers
    )


def segment_m(streets: Places) -> float:
    """Return the side of the smallest cell beside these segments, in metres."""
    length = streets.frame["length_m"]
    return max(float(np.median(length)), LEAST_CELL_M) if len(length) else LEAST_CELL_M


def _check(cell_m: float, streets: Places | None) -> None:
    """Refuse cells that are finer than what is known."""
    least = LEAST_CELL_M if streets is None else segment_m(streets)
    if not least <= cell_m < np.inf:
        told = "a short one" if least == LEAST_CELL_M else "the middle one of these"
        raise InvalidParameterError(
            f"cell_m: {cell_m!r} is less than a street segment ({least:.0f} m, {told}); incidents "
            f"are known to the street and no finer, so take larger cells or street_places"
        )


def _holding(squares: NDArray[np.object_], polygons: NDArray[np.object_]) -> Ints:
    """Return the squares that hold some ground, ascending; to touch it is not to hold any."""
    filled = polygons[~(shapely.is_missing(polygons) | shapely.is_empty(polygons))]
    shapely.prepare(filled)
    tree = shapely.STRtree(squares)
    inside = tree.query(filled, predicate="contains_properly")[1]
    polygon, square = tree.query(filled, predicate="intersects")
    rim = ~np.isin(square, inside)
    polygon, square = polygon[rim], square[rim]
    ground = shapely.area(shapely.intersection(filled[polygon], squares[square]))
    return np.union1d(inside, square[ground > 0.0])


def _neighbours(column: Ints, row: Ints, numbers: Ints) -> tuple[Ints, Ints]:
    """List the neighbours of cells."""
    padded = np.pad(numbers, 1, constant_values=-1)
    near = np.column_stack([padded[column + 1 + east, row + 1 + north] for east, north in AROUND])
    near.sort(axis=1)
    found = near >= 0
    indptr = np.concatenate(([0], np.cumsum(found.sum(axis=1))))
    return indptr, near[found]
