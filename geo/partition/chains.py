"""
Outlines as directed edges, and what is left of them when shared borders cancel.

Every edge has its polygon on the left. Where two neighbours share an edge, it runs once each way
and cancels; first to the bit, then where one of them lacks a vertex on it. How often a place is
covered changes only at the edges that are left, so these alone, a small share of a good layer, say
where it is covered twice or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from numba import njit

from geo.grid import SegmentGrid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

SNAP_M: Final = 1e-6
"""Vertices nearer than this are one, in metres: far above the rounding of coordinates of seven
digits before the point, far below anything that is surveyed."""


@dataclass(frozen=True, eq=False)
class Chain:
    """
    Directed edges, each with how many more polygons lie to its left than to its right.

    Parameters
    ----------
    begin, end
        n x 2 coordinates each.
    net
        n numbers.
    """

    begin: Floats
    end: Floats
    net: Ints

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.net)

    @classmethod
    def of(cls, polygons: Shapes) -> Chain:
        """
        Take the outlines of polygons and cancel what they share.

        Parameters
        ----------
        polygons
            n valid polygons, in one part or several; None or empty for nothing.

        Returns
        -------
        chain
            The edges that are left, each once.
        """
        _, begin, end = outlines(polygons)
        return cls(begin, end, np.ones(len(begin), dtype=np.int64)).cancelled()

    def cancelled(self) -> Chain:
        """
        Join equal edges, and drop those that run as often one way as the other.

        Returns
        -------
        chain
            The edges that are left, each once.
        """
        edge, forward = _numbered(self.begin, self.end)
        whole = (self.begin != self.end).any(axis=1)
        net = _sums(edge, np.where(forward, self.net, -self.net) * whole)
        first = _first(edge)
        net = np.where(forward[first], net, -net)
        left = first[net != 0]
        return Chain(self.begin[left], self.end[left], net[net != 0])

    def cut(self, xy: Floats) -> Chain:
        """
        Cut edges at the vertices that lie on them.

        Parameters
        ----------
        xy
            m x 2 coordinates.

        Returns
        -------
        chain
            Edges from vertex to vertex, cancelled.
        """
        of, begin, end = cut(self.begin, self.end, xy)
        return Chain(begin, end, self.net[of]).cancelled()

    def windings(self, points: Floats) -> Ints:
        """
        Count how often points are covered.

        Parameters
        ----------
        points
            m x 2 coordinates, none on an edge.

        Returns
        -------
        count
            m numbers of polygons.
        """
        order = np.argsort(points[:, 1], kind="stable")
        count = np.zeros(len(points), dtype=np.int64)
        count[order] = _windings(points[order], self.begin, self.end, self.net)
        return count


def outlines(polygons: Shapes) -> tuple[Ints, Floats, Floats]:
    """
    Take polygons apart into edges that have them on the left.

    Parameters
    ----------
    polygons
        n valid polygons, in one part or several; None or empty for nothing.

    Returns
    -------
    owner, begin, end
        The polygon of each edge, and its two ends (e x 2); no edge is a point.
    """
    parts, of_part = shapely.get_parts(shapely.orient_polygons(polygons), return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.flatnonzero((ring[:-1] == ring[1:]) & (xy[:-1] != xy[1:]).any(axis=1))
    return of_part[of_ring[ring[inner]]], xy[inner], xy[inner + 1]


def agreed(chains: list[Chain]) -> list[Chain]:
    """
    Let chains share their vertices: nearly equal ones become one, and edges are cut at them.

    Parameters
    ----------
    chains
        Chains of one ground.

    Returns
    -------
    chains
        The same ones, cancelled again. Of equal vertices that of the first chain stays.
    """
    ends = np.concatenate([part for chain in chains for part in (chain.begin, chain.end)])
    same = _same(np.rint(ends / SNAP_M))
    kept = ends[_first(same)]
    moved = iter(np.split(kept[same], np.cumsum(np.repeat([len(c) for c in chains], 2))))
    merged = [Chain(next(moved), next(moved), chain.net).cancelled() for chain in chains]
    return [chain.cut(kept) for chain in merged]


def cut(begin: Floats, end: Floats, xy: Floats) -> tuple[Ints, Floats, Floats]:
    """
    Cut edges at the vertices that lie on them.

    Parameters
    ----------
    begin, end
        n x 2 coordinates each.
    xy
        m x 2 coordinates; equal ones count once.

    Returns
    -------
    edge, begin, end
        Edges from vertex to vertex, and the edge that each is a piece of, ascending.
    """
    xy = xy[_first(_same(xy))]
    edges = np.ascontiguousarray(np.column_stack((begin, end)))
    grid = SegmentGrid.of(edges, margin_m=2.0 * SNAP_M)
    edge, at, vertex = _on_edges(edges, xy, grid.first, grid.filed, *grid.place, SNAP_M)
    of = np.concatenate((np.arange(len(edges)), edge))
    order = np.lexsort((np.concatenate((np.zeros(len(edges)), at)), of))
    of = of[order]
    first = np.concatenate((begin, xy[vertex]))[order]
    last = np.roll(first, -1, axis=0)
    ends = np.append(of[1:] != of[:-1], True)[: len(of)]
    last[ends] = end[of[ends]]
    return of, first, last


def unmatched(begin: Floats, end: Floats, label: Ints, net: Ints) -> Bools:
    """
    Tell which edges do not cancel among those of their label.

    Parameters
    ----------
    begin, end
        n x 2 coordinates each.
    label
        n labels, 0 or greater.
    net
        n numbers: 1 for an edge, -1 for one that counts as running the other way.

    Returns
    -------
    left
        n flags.
    """
    edge, forward = _numbered(begin, end)
    same = pd.factorize(edge * (label.max(initial=0) + 1) + label)[0]
    left: Bools = _sums(same, np.where(forward, net, -net))[same] != 0
    return left


def _numbered(begin: Floats, end: Floats) -> tuple[Ints, Bools]:
    """Return numbers of edges by their two ends, and which way each runs."""
    first, last = np.split(_same(np.concatenate((begin, end))), 2)
    low, high = np.minimum(first, last), np.maximum(first, last)
    return pd.factorize(low * (high.max(initial=0) + 1) + high)[0], first < last


def _same(xy: Floats) -> Ints:
    """Return numbers of points, equal for equal points, in the order in which they are met."""
    # A complex number is two floats that pandas hashes as one; sorting them takes longer.
    return pd.factorize(xy[:, 0] + 1j * xy[:, 1])[0]


def _first(number: Ints) -> Ints:
    """Return where each number, from 0 on, is met first."""
    first = np.zeros(number.max(initial=-1) + 1, dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return first


def _sums(number: Ints, values: Ints) -> Ints:
    """Add up what has the same number."""
    return np.rint(np.bincount(number, weights=values)).astype(np.int64)


@njit(nogil=True, cache=True)
def _on_edges(  # noqa: PLR0913, PLR0917 - a grid and what it holds
    edges: Floats, xy: Floats, first: Ints, filed: Ints,
    west: float, south: float, cell: float, columns: int, rows: int, reach: float,
) -> tuple[Ints, Floats, Ints]:  # fmt: skip
    """Find the vertices between the ends of edges: edge, share of its length, vertex."""
    edge, share, vertex = np.empty(1024, np.int64), np.empty(1024), np.empty(1024, np.int64)
    n = 0
    for v in range(len(xy)):
        x, y = xy[v]
        column = min(max(int((x - west) // cell), 0), columns - 1)
        row = min(max(int((y - south) // cell), 0), rows - 1)
        c = column * rows + row
        for k in range(first[c], first[c + 1]):
            e = filed[k]
            dx, dy = edges[e, 2] - edges[e, 0], edges[e, 3] - edges[e, 1]
            px, py = x - edges[e, 0], y - edges[e, 1]
            square = dx * dx + dy * dy
            along = px * dx + py * dy
            off = px * dy - py * dx
            if not 0.0 < along < square or off * off > reach * reach * square:
                continue
            if n == len(edge):
                edge, share = np.append(edge, edge), np.append(share, share)
                vertex = np.append(vertex, vertex)
            edge[n], share[n], vertex[n] = e, along / square, v
            n += 1
    return edge[:n].copy(), share[:n].copy(), vertex[:n].copy()


@njit(nogil=True, cache=True)
def _windings(points: Floats, begin: Floats, end: Floats, net: Ints) -> Ints:
    """Count the edges east of each point, upward ones less downward ones; points go by y."""
    count = np.zeros(len(points), np.int64)
    for e in range(len(net)):
        x, y = begin[e]
        dx, dy = end[e, 0] - x, end[e, 1] - y
        p = np.searchsorted(points[:, 1], min(y, end[e, 1]), side="left")
        # An edge holds its lower end and not its upper one: a vertex counts once.
        while p < len(points) and points[p, 1] < max(y, end[e, 1]):
            side = dx * (points[p, 1] - y) - (points[p, 0] - x) * dy
            if (side > 0.0) == (dy > 0.0):
                count[p] += net[e] if dy > 0.0 else -net[e]
            p += 1
    return count
