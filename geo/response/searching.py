"""Spread over directed arcs by time: who is soonest at every node, and what each one reaches."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Arcs(NamedTuple):
    """
    The arcs of one mode; make them with `arcs_of`.

    A named tuple, because the kernels take it as it is.

    Parameters
    ----------
    first
        n + 1 numbers: at node k stand the arcs `first[k]` to `first[k + 1] - 1`.
    to
        a nodes at the other end.
    edge
        a edges.
    along
        a flags: whether one moves from tail to head of the edge.
    seconds
        a times.
    """

    first: Ints
    to: Ints
    edge: Ints
    along: Bools
    seconds: Floats


class Sides(NamedTuple):
    """
    The edges of one mode, seen from both ends.

    Parameters
    ----------
    tail, head
        e nodes.
    forward, backward
        e flags: whether one may move from the tail, from the head.
    length_m
        e lengths.
    pace_s_m
        e times that a metre takes, in seconds.
    """

    tail: Ints
    head: Ints
    forward: Bools
    backward: Bools
    length_m: Floats
    pace_s_m: Floats


def sides_of(network: StreetNetwork, pace_s_m: Floats) -> Sides:
    """
    Take the edges of a network.

    Parameters
    ----------
    network
        The streets of one mode.
    pace_s_m
        Seconds per metre of each edge.

    Returns
    -------
    sides
        The edges.
    """
    return Sides(
        network.tail, network.head, network.forward, network.backward, network.length_m, pace_s_m
    )


def arcs_of(network: StreetNetwork, pace_s_m: Floats, *, arriving: bool = False) -> Arcs:
    """
    List the arcs of a network.

    Parameters
    ----------
    network
        The streets of one mode.
    pace_s_m
        Seconds per metre of each edge.
    arriving
        Whether an arc stands at the node where it arrives, for going back against the arcs; else
        at the one that it leaves.

    Returns
    -------
    arcs
        By node.
    """
    on, back = np.flatnonzero(network.forward), np.flatnonzero(network.backward)
    here = np.concatenate((network.tail[on], network.head[back]))
    there = np.concatenate((network.head[on], network.tail[back]))
    if arriving:
        here, there = there, here
    edge = np.concatenate((on, back))
    along = np.arange(len(edge)) < len(on)
    order = np.argsort(here, kind="stable")
    first = np.searchsorted(here[order], np.arange(network.nodes + 1))
    edge = edge[order]
    return Arcs(first, there[order], edge, along[order], (network.length_m * pace_s_m)[edge])


@njit(nogil=True, cache=True)
def two_soonest(arcs: Arcs, node: Ints, begin_s: Floats, limit_s: float) -> tuple[Floats, Ints]:
    """
    Find the two sites that are at every node first.

    Parameters
    ----------
    arcs
        The arcs, at the nodes that they leave.
    node
        s nodes where the sites are; -1 for a site that is not searched from.
    begin_s
        s times at which they leave their nodes.
    limit_s
        Times beyond are left infinite.

    Returns
    -------
    time_s, site
        n x 2 times, and whose they are, or -1: two different sites. Of equal times that of the
        lower number is the first.
    """
    nodes = len(arcs.first) - 1
    time, by = np.full((nodes, 2), np.inf), np.full((nodes, 2), -1, np.int64)
    heap = [(0.0, 0, 0)]
    heap.clear()
    for s in range(len(node)):
        if node[s] >= 0 and begin_s[s] <= limit_s:
            heapq.heappush(heap, (begin_s[s], s, node[s]))
    while len(heap) > 0:
        t, s, here = heapq.heappop(heap)
        if by[here, 1] >= 0 or by[here, 0] == s:
            continue
        k = 0 if by[here, 0] < 0 else 1
        time[here, k], by[here, k] = t, s
        for a in range(arcs.first[here], arcs.first[here + 1]):
            there, then = arcs.to[a], t + arcs.seconds[a]
            if then <= limit_s and by[there, 1] < 0 and by[there, 0] != s:
                heapq.heappush(heap, (then, s, there))
    return time, by


@njit(nogil=True, cache=True)
def reach_lengths(arcs: Arcs, sides: Sides, node: Ints, begin_s: Floats, limit_s: Floats) -> Floats:
    """
    Measure the streets that each site reaches in some times.

    Parameters
    ----------
    arcs
        The arcs, at the nodes that they leave.
    sides
        The edges.
    node
        s nodes where the sites are; -1 for none.
    begin_s
        s times at which they leave their nodes.
    limit_s
        s x r times.

    Returns
    -------
    length_m
        s x r lengths. A street reached from both its ends counts once.
    """
    sites, rings = limit_s.shape
    out = np.zeros((sites, rings))
    nodes = len(arcs.first) - 1
    time, seen = np.full(nodes, np.inf), np.full(nodes, -1, np.int64)
    heap, passed = [(0.0, 0)], [0]
    for s in range(sites):
        far = limit_s[s].max() if rings > 0 else -1.0
        if node[s] < 0 or not begin_s[s] <= far:
            continue
        heap.clear()
        passed.clear()
        time[node[s]], seen[node[s]] = begin_s[s], s
        heapq.heappush(heap, (begin_s[s], node[s]))
        _pass_nodes(arcs, (s, far), time, seen, heap, passed)
        for here in passed:
            for a in range(arcs.first[here], arcs.first[here + 1]):
                e, other = arcs.edge[a], np.inf
                if arcs.along[a]:
                    if sides.backward[e] and seen[sides.head[e]] == s:
                        other = time[sides.head[e]]
                elif sides.forward[e] and seen[sides.tail[e]] == s:
                    continue  # counted from its tail
                for r in range(rings):
                    reached = max(0.0, limit_s[s, r] - time[here])
                    reached += max(0.0, limit_s[s, r] - other)
                    out[s, r] += min(sides.length_m[e], reached / sides.pace_s_m[e])
    return out


@njit(nogil=True, cache=True)
def _pass_nodes(
    arcs: Arcs, site: tuple[int, float], time: Floats, seen: Ints,
    heap: list[tuple[float, int]], passed: list[int],
) -> None:  # fmt: skip
    """Go on from what is in the heap, and write down every node that is passed, once."""
    s, far = site
    while len(heap) > 0:
        t, here = heapq.heappop(heap)
        if t > time[here]:
            continue
        passed.append(here)
        for a in range(arcs.first[here], arcs.first[here + 1]):
            there, then = arcs.to[a], t + arcs.seconds[a]
            if then <= far and (seen[there] != s or then < time[there]):
                time[there], seen[there] = then, s
                heapq.heappush(heap, (then, there))
