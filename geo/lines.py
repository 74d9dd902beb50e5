"""Line geometries as arrays: what the kernels measure along, and how pieces are cut out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numba import njit

from geo.errors import GeometryError
from geo.intervals import Intervals

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_LINES = frozenset(
    {int(shapely.GeometryType.LINESTRING), int(shapely.GeometryType.MULTILINESTRING)}
)


@dataclass(frozen=True, eq=False)
class Lines:
    """
    The rows of a line frame taken apart into parts and vertices; heights are left out.

    A part is one LineString; a MultiLineString row has several. Distance is measured along the
    row: it runs on from one part to the next, and does not count the jump between them.

    Parameters
    ----------
    row
        p row numbers, ascending: the row that each part belongs to.
    first
        p + 1 vertex numbers: part k owns the vertices `first[k]` to `first[k + 1] - 1`.
    xy
        v vertices in the CRS of the frame, in metres.
    measure
        v distances along the row, in metres.
    rows
        How many rows the frame has, empty ones included.
    """

    row: Ints
    first: Ints
    xy: Floats
    measure: Floats
    rows: int

    @classmethod
    def from_frame(cls, frame: gpd.GeoDataFrame, name: str) -> Lines:
        """
        Take a frame of LineString and MultiLineString rows apart.

        Parameters
        ----------
        frame
            n rows in a metric CRS; a row without geometry, or with an empty one, has no part.
        name
            The caller's argument, for the message.

        Returns
        -------
        lines
            The arrays, with `rows` = n.

        Raises
        ------
        GeometryError
            When a row holds anything but lines; the message gives its position and kind.
        """
        geometry = np.asarray(frame.geometry.array)
        kinds = shapely.get_type_id(geometry)
        wrong = np.flatnonzero((kinds >= 0) & ~np.isin(kinds, list(_LINES)))
        if wrong.size:
            raise GeometryError(
                f"{name}: row {wrong[0]} is a {geometry[wrong[0]].geom_type} and {wrong.size} of "
                f"{len(geometry)} rows are no lines; pass LineString or MultiLineString rows"
            )
        parts, row = geometry, np.arange(len(geometry))
        # get_parts copies every geometry: as costly as all the rest, and for nothing here.
        if (kinds == shapely.GeometryType.MULTILINESTRING).any():
            parts, row = shapely.get_parts(geometry, return_index=True)
        filled = ~(shapely.is_missing(parts) | shapely.is_empty(parts))
        parts, row = parts[filled], row[filled].astype(np.int64)
        xy = shapely.get_coordinates(parts)
        first = np.zeros(len(parts) + 1, dtype=np.int64)
        np.cumsum(shapely.get_num_coordinates(parts), out=first[1:])
        return cls(row, first, xy, _measures(xy, first, row), len(geometry))

    @property
    def whole(self) -> Intervals:
        """Every part from end to end, keyed by part."""
        start, end = self.starts_m, self.ends_m
        filled = start < end
        return Intervals(np.flatnonzero(filled), start[filled], end[filled])

    @property
    def starts_m(self) -> Floats:
        """Where each part begins, in metres along its row."""
        return self.measure[self.first[:-1]]

    @property
    def ends_m(self) -> Floats:
        """Where each part ends, in metres along its row."""
        return self.measure[self.first[1:] - 1]

    @property
    def segments(self) -> tuple[Ints, Floats, Floats, Floats]:
        """The straight segments: part, start point, end point (m x 2), measure at the start."""
        part = np.repeat(np.arange(len(self.row)), np.diff(self.first))
        inner = part[:-1] == part[1:]
        begin = np.flatnonzero(inner)
        return part[begin], self.xy[begin], self.xy[begin + 1], self.measure[begin]

    def geometry(self, part: Ints) -> NDArray[np.object_]:
        """
        Return whole parts.

        Parameters
        ----------
        part
            n parts, each of two vertices or more.

        Returns
        -------
        geometry
            n LineStrings.
        """
        count = self.first[part + 1] - self.first[part]
        owner = np.repeat(np.arange(len(part)), count)
        vertex = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        geometry: NDArray[np.object_] = shapely.linestrings(
            self.xy[np.repeat(self.first[part], count) + vertex], indices=owner
        )
        return geometry

    def locate(self, part: Ints, at: Floats) -> Floats:
        """
        Return the points at distances along their rows.

        Parameters
        ----------
        part
            n parts.
        at
            n distances along the row, in metres, within the part.

        Returns
        -------
        xy
            n x 2 coordinates.
        """
        return _locate(self.xy, self.measure, self.first, part, at)

    def cut(self, pieces: Intervals) -> NDArray[np.object_]:
        """
        Cut stretches out of the lines.

        Parameters
        ----------
        pieces
            n intervals keyed by part, in metres along the row.

        Returns
        -------
        geometry
            n LineStrings with the vertices in between, in the order of `pieces`.
        """
        xy, owner = _cut(self.xy, self.measure, self.first, pieces.key, pieces.start, pieces.end)
        if not len(pieces):
            return np.empty(0, dtype=object)
        geometry: NDArray[np.object_] = shapely.linestrings(xy, indices=owner)
        return geometry


@njit(nogil=True, cache=True)
def _measures(xy: Floats, first: Ints, row: Ints) -> Floats:
    """Measure every vertex along its row."""
    measure = np.zeros(len(xy))
    for k in range(len(row)):
        at = 0.0
        if k > 0 and row[k] == row[k - 1]:
            at = measure[first[k] - 1]
        measure[first[k]] = at
        for i in range(first[k] + 1, first[k + 1]):
            at += np.hypot(xy[i, 0] - xy[i - 1, 0], xy[i, 1] - xy[i - 1, 1])
            measure[i] = at
    return measure


@njit(nogil=True, cache=True)
def _at(xy: Floats, measure: Floats, low: int, high: int, at: float) -> tuple[int, float, float]:
    """Return the vertex before `at` among the vertices low..high-1, and the point there."""
    before = int(np.searchsorted(measure[low:high], at, side="right")) - 1
    i = low + min(max(before, 0), high - low - 2)
    length = measure[i + 1] - measure[i]
    share = 0.0 if length == 0.0 else min(max((at - measure[i]) / length, 0.0), 1.0)
    return (
        i,
        xy[i, 0] + share * (xy[i + 1, 0] - xy[i, 0]),
        xy[i, 1] + share * (xy[i + 1, 1] - xy[i, 1]),
    )


@njit(nogil=True, cache=True)
def _locate(xy: Floats, measure: Floats, first: Ints, part: Ints, at: Floats) -> Floats:
    """Interpolate one point per (part, at)."""
    out = np.empty((len(part), 2))
    for n in range(len(part)):
        _, out[n, 0], out[n, 1] = _at(xy, measure, first[part[n]], first[part[n] + 1], at[n])
    return out


@njit(nogil=True, cache=True)
def _cut(
    xy: Floats, measure: Floats, first: Ints, part: Ints, start: Floats, end: Floats
) -> tuple[Floats, Ints]:
    """Collect the coordinates of every piece, and the piece that each belongs to."""
    room = 2 * len(part)
    for n in range(len(part)):
        low, high = first[part[n]], first[part[n] + 1]
        room += np.searchsorted(measure[low:high], end[n], side="left")
        room -= min(
            np.searchsorted(measure[low:high], start[n], side="right"),
            np.searchsorted(measure[low:high], end[n], side="left"),
        )
    out, owner = np.empty((room, 2)), np.empty(room, np.int64)
    m = 0
    for n in range(len(part)):
        low, high = first[part[n]], first[part[n] + 1]
        i, x, y = _at(xy, measure, low, high, start[n])
        out[m, 0], out[m, 1], owner[m] = x, y, n
        m += 1
        i += 1
        while i < high and measure[i] < end[n]:
            out[m], owner[m] = xy[i], n
            m += 1
            i += 1
        _, x, y = _at(xy, measure, low, high, end[n])
        out[m, 0], out[m, 1], owner[m] = x, y, n
        m += 1
    return out[:m], owner[:m]
