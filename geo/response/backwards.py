"""From a place back against the arcs: which units are there soonest, and by which way."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.response.searching import Arcs

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

TIE_S: Final = 1e-6
"""Times closer than this, in seconds, are equal: sums of the same metres in another order differ
by less."""


class Waiting(NamedTuple):
    """
    Units at nodes; make them with `waiting_at`.

    Parameters
    ----------
    first
        n units, the first at each node; -1 for none.
    then
        u units, the next at the same node; -1 for none.
    begin_s
        u times at which units leave their nodes.
    """

    first: Ints
    then: Ints
    begin_s: Floats


def waiting_at(node: Ints, begin_s: Floats, nodes: int) -> Waiting:
    """
    List units by node.

    Parameters
    ----------
    node
        u nodes; -1 for a unit that is not there.
    begin_s
        u times at which they leave their nodes.
    nodes
        How many nodes there are.

    Returns
    -------
    waiting
        The units.
    """
    first, then = _chained(node, nodes)
    return Waiting(first, then, begin_s)


@njit(nogil=True, cache=True)
def _chained(node: Ints, nodes: int) -> tuple[Ints, Ints]:
    """Chain the units of every node."""
    first, then = np.full(nodes, -1, np.int64), np.full(len(node), -1, np.int64)
    for u in range(len(node)):
        if node[u] >= 0:
            then[u], first[node[u]] = first[node[u]], u
    return first, then


@njit(nogil=True, cache=True)
def soonest(
    arcs: Arcs, waiting: Waiting, end: Ints, end_s: Floats, k: int
) -> tuple[Ints, Floats, Ints]:
    """
    Find the units that are at a place first.

    Parameters
    ----------
    arcs
        The arcs, at the nodes where they arrive.
    waiting
        The units.
    end
        One or two nodes that the place is reached from.
    end_s
        The time from each of them to the place.
    k
        How many units are asked for; of those as soon as the last of them, all are found.

    Returns
    -------
    unit, time_s
        Units, and when they are there.
    way
        n arcs by which one goes on from a node; minus 2 less the place in `end` where one has
        come to the end, -1 where one has not been.
    """
    nodes = len(arcs.first) - 1
    time, way = np.full(nodes, np.inf), np.full(nodes, -1, np.int64)
    best = np.full(k, np.inf)
    unit, arrival = np.empty(len(waiting.then), np.int64), np.empty(len(waiting.then))
    n = 0
    heap = [(0.0, 0)]
    heap.clear()
    for i in range(len(end)):
        if end_s[i] < time[end[i]]:
            time[end[i]], way[end[i]] = end_s[i], -2 - i
            heapq.heappush(heap, (end_s[i], end[i]))
    while len(heap) > 0:
        t, here = heapq.heappop(heap)
        if t > best[k - 1] + TIE_S:
            break
        if t > time[here]:
            continue
        u = waiting.first[here]
        while u >= 0:
            unit[n], arrival[n] = u, t + waiting.begin_s[u]
            _insert(best, arrival[n])
            n += 1
            u = waiting.then[u]
        for a in range(arcs.first[here], arcs.first[here + 1]):
            before, then = arcs.to[a], t + arcs.seconds[a]
            if then < time[before]:
                time[before], way[before] = then, a
                heapq.heappush(heap, (then, before))
    held = arrival[:n] <= best[k - 1] + TIE_S
    return unit[:n][held], arrival[:n][held], way


@njit(nogil=True, cache=True)
def _insert(best: Floats, value: float) -> None:
    """Put a value among the smallest, ascending."""
    i = len(best) - 1
    if value >= best[i]:
        return
    while i > 0 and best[i - 1] > value:
        best[i] = best[i - 1]
        i -= 1
    best[i] = value


@njit(nogil=True, cache=True)
def leading_to(arcs: Arcs, end: Ints) -> Bools:
    """
    Tell from which nodes there is a way to any of some.

    Parameters
    ----------
    arcs
        The arcs, at the nodes where they arrive.
    end
        The nodes.

    Returns
    -------
    leads
        n flags.
    """
    leads = np.zeros(len(arcs.first) - 1, np.bool_)
    todo = np.empty(len(leads), np.int64)
    n = 0
    for node in end:
        if not leads[node]:
            leads[node], todo[n] = True, node
            n += 1
    while n > 0:
        n -= 1
        here = todo[n]
        for a in range(arcs.first[here], arcs.first[here + 1]):
            before = arcs.to[a]
            if not leads[before]:
                leads[before], todo[n] = True, before
                n += 1
    return leads


@njit(nogil=True, cache=True)
def followed(
    way: Ints, edge: Ints, along: Bools, arrives: Ints, node: Ints
) -> tuple[Ints, Bools, Ints, Ints]:
    """
    Follow ways to the place.

    Parameters
    ----------
    way
        From `soonest`.
    edge, along
        Of the arcs.
    arrives
        Of the arcs: the node where each arrives.
    node
        w nodes where ways begin, all of them with a way.

    Returns
    -------
    edge, along, owner
        The arcs passed, way by way.
    last
        w places in `end`: where each way comes to the end.
    """
    out_edge, out_along = np.empty(64, np.int64), np.empty(64, np.bool_)
    owner, last = np.empty(64, np.int64), np.empty(len(node), np.int64)
    n = 0
    for w in range(len(node)):
        here = node[w]
        while way[here] >= 0:
            if n == len(owner):
                out_edge, owner = np.append(out_edge, out_edge), np.append(owner, owner)
                out_along = np.append(out_along, out_along)
            a = way[here]
            out_edge[n], out_along[n], owner[n] = edge[a], along[a], w
            n += 1
            here = arrives[a]
        last[w] = -2 - way[here]
    return out_edge[:n].copy(), out_along[:n].copy(), owner[:n].copy(), last
