"""Ground divided by what is nearest: the lines between, and whose a place is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.spatial import KDTree, Voronoi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

STEP_M: Final = 2.0
"""Outlines are looked at every so many metres: lines between them are off by less than a
quarter of it where they are farther apart than that."""

SMOOTH_M: Final = 0.25
"""Lines between are drawn with no more vertices than this needs, in metres."""

FAR: Final = 20.0
"""Corners of a frame this many widths away close the cells at the rim."""

SAME_M: Final = 1e-3
"""Places this near are one: two owners that touch there have no line between them."""


@dataclass(frozen=True, eq=False)
class Owners:
    """
    Places with owners; make it with `Owners.of`.

    Parameters
    ----------
    xy
        p x 2 places along the outlines.
    owner
        p owners.
    """

    xy: Floats
    owner: Ints

    @classmethod
    def of(cls, shapes: Shapes, owner: Ints) -> Owners:
        """
        Take places along the outlines of shapes.

        Parameters
        ----------
        shapes
            n points, lines or polygons.
        owner
            n numbers of 0 or more.

        Returns
        -------
        owners
            Where shapes meet, the place belongs to the first.
        """
        dense = shapely.segmentize(shapes, STEP_M)
        xy, row = shapely.get_coordinates(dense, return_index=True)
        _, first = np.unique(np.round(xy / SAME_M), axis=0, return_index=True)
        first.sort()
        return cls(xy[first], owner[row[first]])

    def at(self, points: Shapes) -> Ints:
        """
        Tell whose places are.

        Parameters
        ----------
        points
            n points.

        Returns
        -------
        owner
            n owners of the nearest place.
        """
        _, near = KDTree(self.xy).query(shapely.get_coordinates(points))
        owner: Ints = self.owner[near]
        return owner

    def lines(self) -> Shapes:
        """
        Return the lines between places of different owners.

        Returns
        -------
        lines
            They end where three owners meet, or far outside.
        """
        if len(np.unique(self.owner)) < 2:  # noqa: PLR2004 - nothing to be between
            return np.empty(0, dtype=object)
        middle = self.xy.mean(axis=0)
        width = np.ptp(self.xy, axis=0).max() + STEP_M
        frame = FAR * width * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
        # Qhull is exact enough near the origin alone.
        cells = Voronoi(np.concatenate((self.xy - middle, frame)))
        owner = np.concatenate((self.owner, [-1] * len(frame)))
        side = owner[cells.ridge_points]
        ends = np.asarray(cells.ridge_vertices)
        between = (side[:, 0] != side[:, 1]) & (side >= 0).all(axis=1) & (ends >= 0).all(axis=1)
        ends = ends[between]
        ends = ends[ends[:, 0] != ends[:, 1]]
        pieces = shapely.linestrings(cells.vertices[ends] + middle)
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(pieces)))
        lines: Shapes = shapely.simplify(merged, SMOOTH_M)
        return lines
