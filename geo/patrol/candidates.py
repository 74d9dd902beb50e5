"""Where on a network each fix may have been taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from geo.patrol.arcs import arcs_by_edge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.arcs import Arcs

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MOST: Final = 32
"""How many places a fix may be at: on a junction of five streets that are drawn as straight arcs
there are twenty within the noise, each in two directions."""


class Candidates(NamedTuple):
    """
    Places on arcs, c of them, sorted by fix and then by distance.

    Parameters
    ----------
    fix
        c fixes, ascending; one that is near no street has none.
    arc
        c arcs.
    at_m
        c distances from the start of the arc: the nearest place on it.
    offset_m
        c distances from the fix.
    """

    fix: Ints
    arc: Ints
    at_m: Floats
    offset_m: Floats

    def only(self, chosen: Bools | Ints) -> Candidates:
        """
        Return some of the places.

        Parameters
        ----------
        chosen
            c flags, or positions.

        Returns
        -------
        candidates
            Those places.
        """
        return Candidates(
            self.fix[chosen], self.arc[chosen], self.at_m[chosen], self.offset_m[chosen]
        )


def candidates(
    arcs: Arcs, lines: NDArray[np.object_], xy: Floats, *, search_m: float
) -> Candidates:
    """
    Find the places near fixes.

    Parameters
    ----------
    arcs
        The network.
    lines
        Its edges, from `edge_lines`.
    xy
        n fixes.
    search_m
        How far a place may be from the fix, in metres.

    Returns
    -------
    candidates
        At most `MOST` places for a fix, the nearest.
    """
    of = arcs_by_edge(arcs.edge, arcs.along, len(lines))
    used = np.flatnonzero((of >= 0).any(axis=0))
    tree, points = shapely.STRtree(lines[used]), shapely.points(xy)
    fix, near = tree.query(points, predicate="dwithin", distance=search_m)
    edge = used[near]
    offset_m = shapely.distance(lines[edge], points[fix])
    length_m = shapely.length(lines[edge])
    at_m = np.minimum(shapely.line_locate_point(lines[edge], points[fix]), length_m)
    both = Candidates(
        np.concatenate((fix, fix)),
        np.concatenate((of[1, edge], of[0, edge])),
        np.concatenate((at_m, length_m - at_m)),
        np.concatenate((offset_m, offset_m)),
    )
    both = both.only(both.arc >= 0)
    order = np.lexsort((both.arc, both.offset_m, both.fix))
    rank = np.arange(len(order)) - np.searchsorted(both.fix[order], both.fix[order])
    return both.only(order[rank < MOST])
