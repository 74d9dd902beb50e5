"""The fewest edges whose closing parts two sets of nodes, and the proof that none fewer do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.edges import Edges

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_SOURCE, _SINK, _OTHERS = 0, 1, 2


def fewest_closures(
    edges: Edges, forward: Bools, backward: Bools, source: Bools, sink: Bools
) -> tuple[Ints, int]:
    """
    Find the smallest set of edges without which no way leads from the sources to the sinks.

    A closed edge is closed in both directions. Of several smallest sets it is the one nearest
    the sources, which is unique: it depends on no order of rows.

    Parameters
    ----------
    edges
        e edges.
    forward
        e flags: whether one may move from tail to head.
    backward
        e flags: whether one may move from head to tail.
    source
        Per node: whether ways begin there.
    sink
        Per node: whether ways end there; no source is a sink.

    Returns
    -------
    closed, disjoint_ways
        The edges, ascending; and how many ways there are that share no edge. By the theorem of
        the greatest flow and the smallest cut these are as many as the edges, and each must be
        closed somewhere: that proves the set smallest.

    References
    ----------
    Ford, L. R., Fulkerson, D. R. (1956). Maximal flow through a network.
    https://doi.org/10.4153/CJM-1956-045-5
    """
    label = _OTHERS + np.arange(edges.nodes)
    label[source], label[sink] = _SOURCE, _SINK
    on, back = np.flatnonzero(forward), np.flatnonzero(backward)
    edge = np.concatenate((on, back))
    tail = label[np.concatenate((edges.tail[on], edges.head[back]))]
    head = label[np.concatenate((edges.head[on], edges.tail[back]))]
    size = _OTHERS + edges.nodes
    # Parallel edges stand in one cell, whose capacity is their number.
    capacity = csr_array(coo_array((np.ones(len(edge), np.int32), (tail, head)), (size, size)))
    flow = maximum_flow(capacity, _SOURCE, _SINK)
    left = csr_array(capacity - flow.flow)
    left.eliminate_zeros()
    near = reached_from(left, _SOURCE)
    return np.unique(edge[near[tail] & ~near[head]]), int(flow.flow_value)


def reached_from(graph: csr_array, start: int) -> Bools:
    """
    Tell which nodes a way leads to.

    Parameters
    ----------
    graph
        A square matrix; each stored entry is an arc from its row to its column.
    start
        The node to start from; it is reached.

    Returns
    -------
    reached
        A flag per node.
    """
    reached = np.zeros(graph.shape[0], dtype=bool)
    reached[breadth_first_order(graph, start, return_predecessors=False)] = True
    return reached


def without_dead_ends(edges: Edges, used: Bools, ends: Bools) -> Bools:
    """
    Leave out the edges that lead nowhere, and those that lead to them alone.

    Parameters
    ----------
    edges
        e edges.
    used
        e flags: which of them there are.
    ends
        Per node: whether ways may begin or end there.

    Returns
    -------
    through
        e flags: both ends are a node where ways begin or end, or go on by another edge.
    """
    through = used.copy()
    # One round takes the outermost edges of every tree; rounds are few, for blind alleys are short.
    while True:
        degree = np.bincount(edges.tail[through], minlength=edges.nodes)
        degree += np.bincount(edges.head[through], minlength=edges.nodes)
        blind = (degree == 1) & ~ends
        last = through & (blind[edges.tail] | blind[edges.head])
        if not last.any():
            return through
        through &= ~last
