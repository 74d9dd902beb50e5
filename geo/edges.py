"""Stretches of lines between nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Edges:
    """
    Lines cut into edges at the nodes where they meet.

    Parameters
    ----------
    part
        e parts of the lines, ascending: the part that each edge is a stretch of.
    start
        e distances along the row where the edges begin, in metres.
    end
        e distances along the row where they end; an edge of a part begins where the one
        before ends.
    tail
        e nodes at the start.
    head
        e nodes at the end.
    nodes
        How many nodes there are.
    """

    part: Ints
    start: Floats
    end: Floats
    tail: Ints
    head: Ints
    nodes: int

    @property
    def length_m(self) -> Floats:
        """Length of each edge, in metres."""
        return self.end - self.start

    def edge_at(self, part: Ints, at: Floats) -> Ints:
        """
        Return the edge of each place; where two meet, the one before.

        Parameters
        ----------
        part
            n parts that have edges.
        at
            n distances along the row, in metres.

        Returns
        -------
        edge
            n edges.
        """
        first = np.searchsorted(self.part, part, side="left")
        last = np.searchsorted(self.part, part, side="right") - 1
        return _edge_at(self.start, first, last, np.asarray(at, dtype=np.float64))

    def cut(self, edge: Ints, at: Floats, *, joined: bool) -> tuple[Edges, Ints, Ints]:
        """
        Cut edges at places inside them.

        Parameters
        ----------
        edge
            n edges, repeats allowed.
        at
            n distances along the row, between both ends of the edge.
        joined
            Whether both sides of a cut share a node; else each ends in one of its own.

        Returns
        -------
        edges
            The finer edges.
        before
            The edge that each of them is a piece of.
        node
            The node before each of the n places; of equal places it is the same.
        """
        places, which = np.unique(np.column_stack((edge, at)), axis=0, return_inverse=True)
        on, where = places[:, 0].astype(np.int64), places[:, 1]
        count = len(on)
        near = self.nodes + np.arange(count)
        far = near if joined else near + count
        before = np.insert(np.arange(len(self.part)), on + 1, on)
        start, end = self.start[before], self.end[before]
        tail, head = self.tail[before], self.head[before]
        piece = on + 1 + np.arange(count)
        start[piece], end[piece - 1] = where, where
        tail[piece], head[piece - 1] = far, near
        nodes = self.nodes + count * (1 if joined else 2)
        edges = Edges(self.part[before], start, end, tail, head, nodes)
        return edges, before, near[which.ravel()]


@njit(nogil=True, cache=True)
def _edge_at(start: Floats, first: Ints, last: Ints, at: Floats) -> Ints:
    """Return the last edge from `first` to `last` that begins before each place, else the first."""
    edge = np.empty(len(at), np.int64)
    for i in range(len(at)):
        low, high = first[i], last[i]
        while low < high:
            middle = (low + high + 1) // 2
            if start[middle] < at[i]:
                low = middle
            else:
                high = middle - 1
        edge[i] = low
    return edge
