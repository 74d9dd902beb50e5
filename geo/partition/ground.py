"""One polygon cut by lines into pieces that tile it, and pieces joined again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.partition.neighbours import equal_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

REACH_ON_M: Final = 0.02
"""Lines are drawn on by this much at their ends, in metres, so that those which nearly touch
cross; what is left over cuts nothing."""

SLIVER_M: Final = 1.0
"""A piece is a sliver when its area over half its outline is less, in metres."""

SPECK_M2: Final = 25.0
"""And when it is smaller than this, in square metres: less than a small house."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """
    Polygons that tile a ground, equal to the bit where they meet.

    Parameters
    ----------
    shapes
        n polygons.
    """

    shapes: Shapes

    @classmethod
    def cut(cls, ground: shapely.Geometry, lines: Shapes) -> Pieces:
        """
        Cut a ground along lines.

        Parameters
        ----------
        ground
            A polygon, in one part or several.
        lines
            Lines; what does not close, or lies outside, cuts nothing.

        Returns
        -------
        pieces
            They tile the ground.
        """
        near = lines[shapely.intersects(lines, ground)]
        noded = shapely.union_all(np.append(near, shapely.boundary(ground)))
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        shapely.prepare(ground)
        return cls(faces[shapely.contains(ground, shapely.point_on_surface(faces))])

    @cached_property
    def inmost(self) -> Shapes:
        """A point inside each piece."""
        points: Shapes = shapely.point_on_surface(self.shapes)
        return points

    @cached_property
    def shared(self) -> tuple[Ints, Ints, Floats]:
        """Pieces that share an edge, and how much of it, in metres."""
        first, second, ends, _, _ = equal_edges(self.shapes)
        n = len(self.shapes)
        key, pair = np.unique(first * n + second, return_inverse=True)
        length = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
        shared_m = np.bincount(pair, length, minlength=len(key)).astype(np.float64)
        return key // max(n, 1), key % max(n, 1), shared_m

    def inside(self, shapes: Shapes) -> Ints:
        """
        Tell in which shape each piece lies.

        Parameters
        ----------
        shapes
            Polygons that no piece crosses the outline of.

        Returns
        -------
        shape
            Positions, the first of several; -1 for none.
        """
        found = np.full(len(self.shapes), len(shapes), dtype=np.int64)
        piece, shape = shapely.STRtree(shapes).query(self.inmost, predicate="intersects")
        np.minimum.at(found, piece, shape)
        found[found == len(shapes)] = -1
        return found

    def together(self, label: Ints) -> Ints:
        """
        Tell which connected group of pieces of one label each piece is in.

        Parameters
        ----------
        label
            n numbers.

        Returns
        -------
        group
            n numbers from 0; pieces joined at a corner alone are apart.
        """
        a, b, _ = self.shared
        same = label[a] == label[b]
        n = len(self.shapes)
        joined = coo_array((np.ones(same.sum()), (a[same], b[same])), shape=(n, n))
        group: Ints = connected_components(joined, directed=False)[1].astype(np.int64)
        return group

    def absorbed(self, group: Ints, loose: Bools) -> Ints:
        """
        Give loose groups, one after the other, to the neighbour with the longest border.

        Parameters
        ----------
        group
            n groups from 0.
        loose
            Whether each group may not stand alone; one without a neighbour does.

        Returns
        -------
        group
            n groups from 0.
        """
        a, b, length = self.shared
        while loose.any():
            m = len(loose)
            here, there = np.concatenate((group[a], group[b])), np.concatenate((group[b], group[a]))
            apart = (here != there) & loose[here]
            key, at = np.unique(here[apart] * m + there[apart], return_inverse=True)
            if not len(key):
                break
            border = np.bincount(at, np.concatenate((length, length))[apart])
            # The last of each group has the longest border; of equal ones the first neighbour.
            order = np.lexsort((-(key % m), border, key // m))
            last = np.append(np.diff(key[order] // m) > 0, True)
            giver, taker = key[order][last] // m, key[order][last] % m
            joined = coo_array((np.ones(len(giver)), (giver, taker)), shape=(m, m))
            count, new = connected_components(joined, directed=False)
            firm = np.zeros(count, dtype=bool)
            firm[new[~loose]] = True
            group, loose = new[group].astype(np.int64), ~firm
            # Groups of loose ones alone are looked at again: joined, they may be large enough
            # for nobody, so they go on to the next neighbour.
        return group

    def joined(self, group: Ints) -> Shapes:
        """
        Join the pieces of each group.

        Parameters
        ----------
        group
            n groups from 0, each connected.

        Returns
        -------
        shapes
            One polygon per group, equal to the bit where they meet.
        """
        order = np.argsort(group, kind="stable")
        first = np.flatnonzero(np.append(True, np.diff(group[order]) > 0))
        counts = np.diff(np.append(first, len(group)))
        shapes = np.empty(len(first), dtype=object)
        single = counts == 1
        shapes[single] = self.shapes[order[first[single]]]
        # shapely unites no groups at once.
        for k in np.flatnonzero(~single):
            members = self.shapes[order[first[k] : first[k] + counts[k]]]
            shapes[k] = shapely.coverage_union_all(members)
        return shapes


def extended(lines: Shapes) -> Shapes:
    """Return the lines and, at both ends of each, a short piece that goes on straight."""
    parts = shapely.get_parts(lines)
    parts = parts[~shapely.is_empty(parts)]
    count = shapely.get_num_coordinates(parts)
    ends = []
    for at, beside in ((0, 1), (-1, -2)):
        tip = shapely.get_coordinates(shapely.get_point(parts, at))
        way = tip - shapely.get_coordinates(shapely.get_point(parts, beside))
        length = np.hypot(*way.T)
        straight = (length > 0.0) & (count > 1)
        on = tip[straight] + way[straight] * (REACH_ON_M / length[straight])[:, None]
        ends.append(shapely.linestrings(np.stack((tip[straight], on), axis=1)))
    return np.concatenate((parts, *ends))


def thin(area_m2: Floats, outline_m: Floats) -> Bools:
    """Tell which polygons of these sizes are too thin or too small to be anything."""
    found: Bools = (area_m2 < SLIVER_M * outline_m / 2.0) | (area_m2 < SPECK_M2)
    return found
