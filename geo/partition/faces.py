"""
The ground cut along every edge that does not cancel, and how often each face of it is covered.

Faces keep the vertices that came in to the bit; new ones stand only where edges cross.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.partition.chains import Chain, agreed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Faces:
    """
    Pieces of ground, each covered by as many areas, and by as many parents, all over.

    Parameters
    ----------
    shapes
        n polygons that tile all that areas and parents enclose.
    covered
        n numbers of areas.
    due
        n numbers of parents; all 0 without parents.
    """

    shapes: Shapes
    covered: Ints
    due: Ints

    @classmethod
    def of(cls, areas: Shapes, parents: Shapes) -> Faces:
        """
        Cut the ground.

        Parameters
        ----------
        areas
            n valid polygons; None or empty for nothing.
        parents
            m valid polygons.

        Returns
        -------
        faces
            The pieces.
        """
        chains = agreed([Chain.of(areas), Chain.of(parents)])
        ends = np.concatenate([np.stack((each.begin, each.end), axis=1) for each in chains])
        noded = shapely.union_all(shapely.linestrings(ends))
        shapes = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        inside = shapely.get_coordinates(shapely.point_on_surface(shapes))
        return cls(shapes, *(chain.windings(inside) for chain in chains))

    @cached_property
    def union(self) -> Shapes:
        """The parts of the ground that is covered."""
        return _joined(self.shapes[self.covered > 0])

    @cached_property
    def doubled_m2(self) -> float:
        """Area by which the areas add up to more than their union."""
        more = np.maximum(self.covered - 1, 0)
        return float((more * shapely.area(self.shapes)).sum())

    @cached_property
    def enclosed(self) -> Bools:
        """Whether each face lies in a hole of the union and is not covered."""
        rings, _ = shapely.get_rings(self.union, return_index=True)
        shells = shapely.get_num_interior_rings(self.union)
        first = np.cumsum(shells + 1) - (shells + 1)
        holes = shapely.polygons(np.delete(rings, first))
        bare = np.flatnonzero(self.covered == 0)
        inside = shapely.point_on_surface(self.shapes[bare])
        hit = shapely.STRtree(holes).query(inside, predicate="within")[0]
        enclosed = np.zeros(len(self.shapes), dtype=bool)
        enclosed[bare[hit]] = True
        return enclosed

    def places(self, chosen: Bools) -> Shapes:
        """
        Join faces that share an edge.

        Parameters
        ----------
        chosen
            n flags.

        Returns
        -------
        places
            Polygons; those that meet in a point stay two.
        """
        return _joined(self.shapes[chosen])


def _joined(shapes: Shapes) -> Shapes:
    parts: Shapes = shapely.get_parts(shapely.union_all(shapes))
    return parts[~shapely.is_empty(parts)]
