"""The ways one may move along a network: every edge in each direction that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from geo.intervals import Intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Arcs(NamedTuple):
    """
    The directed arcs of a network; make them with `arcs_of`.

    A named tuple, because the kernels take it as it is.

    Parameters
    ----------
    edge
        a edges of the network.
    along
        a flags: whether the arc runs as the row does.
    length_m
        a lengths.
    head
        a nodes at the end of the arcs.
    first
        n + 1 numbers: node k is left by the arcs `first[k]` to `first[k + 1] - 1`.
    twin
        a arcs: the same edge the other way; -1 where that is closed.
    leaving
        a x 2 unit vectors: the heading at the start.
    arriving
        a x 2 unit vectors: the heading at the end.
    """

    edge: Ints
    along: Bools
    length_m: Floats
    head: Ints
    first: Ints
    twin: Ints
    leaving: Floats
    arriving: Floats


def edge_lines(network: StreetNetwork) -> NDArray[np.object_]:
    """
    Cut the edges of a network out of its lines.

    Parameters
    ----------
    network
        The streets.

    Returns
    -------
    lines
        A LineString per edge, in the direction of its row.
    """
    # Edges of one part touch: `Intervals.of` would join them.
    return network.lines.cut(Intervals(network.part, network.start, network.end))


def arcs_of(network: StreetNetwork, lines: NDArray[np.object_]) -> Arcs:
    """
    List the arcs of a network, ordered by the node that they leave.

    Parameters
    ----------
    network
        The streets.
    lines
        Its edges, from `edge_lines`.

    Returns
    -------
    arcs
        None for an edge that nobody may use.
    """
    on, back = np.flatnonzero(network.forward), np.flatnonzero(network.backward)
    tail = np.concatenate((network.tail[on], network.head[back]))
    order = np.argsort(tail, kind="stable")
    edge, along = np.concatenate((on, back))[order], order < len(on)
    of = arcs_by_edge(edge, along, len(network.part))
    xy = shapely.get_coordinates(lines)
    last = np.cumsum(shapely.get_num_coordinates(lines), dtype=np.int64) - 1
    first = np.concatenate((np.zeros(1, np.int64), last[:-1] + 1))[: len(lines)]
    begin, end = _unit(xy[first + 1] - xy[first])[edge], _unit(xy[last] - xy[last - 1])[edge]
    return Arcs(
        edge=edge,
        along=along,
        length_m=network.length_m[edge],
        head=np.where(along, network.head[edge], network.tail[edge]),
        first=np.searchsorted(tail[order], np.arange(network.nodes + 1)),
        twin=of[1 - along.astype(np.int64), edge],
        leaving=np.where(along[:, None], begin, -end),
        arriving=np.where(along[:, None], end, -begin),
    )


def arcs_by_edge(edge: Ints, along: Bools, edges: int) -> Ints:
    """
    Turn the list of arcs round.

    Parameters
    ----------
    edge
        a edges, as in `Arcs`.
    along
        a flags, as in `Arcs`.
    edges
        How many edges there are.

    Returns
    -------
    arc
        2 x edges arcs: against the row, and along it; -1 where that is closed.
    """
    arc = np.full((2, edges), -1, dtype=np.int64)
    arc[along.astype(np.int64), edge] = np.arange(len(edge))
    return arc


def _unit(vector: Floats) -> Floats:
    """Scale vectors to length 1; one without length stays as it is."""
    length = np.hypot(vector[:, 0], vector[:, 1])
    scaled: Floats = vector / np.where(length > 0.0, length, 1.0)[:, None]
    return scaled
