"""What each of many sites reaches along the streets, stretch by stretch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from geo.intervals import Intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.snapping import Snapped
    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reaches:
    """
    The stretches that each site reaches; make them with `reaches`.

    Parameters
    ----------
    sites
        How many sites there are.
    site
        r sites, ascending.
    part
        r parts of the lines.
    start
        r distances along the row, in metres.
    end
        r distances along the row; the stretches of one site are disjoint.
    """

    sites: int
    site: Ints
    part: Ints
    start: Floats
    end: Floats

    def of(self, chosen: NDArray[np.bool_]) -> Intervals:
        """
        Return what the chosen sites reach together.

        Parameters
        ----------
        chosen
            A flag per site.

        Returns
        -------
        intervals
            Canonical, keyed by part.
        """
        held = chosen[self.site]
        return Intervals.of(self.part[held], self.start[held], self.end[held])

    def pieces(self, due: Intervals) -> tuple[Ints, Floats, Floats, csr_array]:
        """
        Cut the due stretches so that every piece is reached by the same sites all along.

        Parameters
        ----------
        due
            Stretches keyed by part.

        Returns
        -------
        part, start, end
            d pieces; together they are `due`.
        reached
            d x sites, 1 where the site reaches the piece.
        """
        key = np.concatenate((self.part, self.part))
        part, start, end = due.split(key, np.concatenate((self.start, self.end)))
        piece, by = _incidence(part, start, end, *self._by_part())
        ones = np.ones(len(piece), dtype=np.int8)
        order = np.lexsort((by, piece))
        first = np.searchsorted(piece[order], np.arange(len(part) + 1))
        return part, start, end, csr_array((ones, by[order], first), shape=(len(part), self.sites))

    def _by_part(self) -> tuple[Ints, Floats, Floats, Ints]:
        """Return part, start, end and site in the order of the parts."""
        order = np.lexsort((self.start, self.part))
        return self.part[order], self.start[order], self.end[order], self.site[order]


def reaches(network: StreetNetwork, sites: Snapped, reach_m: Floats) -> Reaches:
    """
    Find what each site reaches along the streets.

    Parameters
    ----------
    network
        The streets.
    sites
        n places on it; one that is not on it reaches nothing.
    reach_m
        n lengths in metres, the way from the site to the street included.

    Returns
    -------
    reaches
        Exact: where the way ends in the middle of an edge, the stretch ends there.

    Notes
    -----
    One bounded search per site: the cost is that of the edges in reach, whatever the size of the
    network.
    """
    finer, node = network.with_sites(sites)
    site, edge, back, length, *_ = _spread(*_arcs(finer), node, _left_m(sites, reach_m))
    start = np.where(back, finer.end[edge] - length, finer.start[edge])
    end = np.where(back, finer.end[edge], finer.start[edge] + length)
    parts = len(network.lines.row)
    joined = Intervals.of(site * parts + finer.part[edge], start, end)
    owner, part = np.divmod(joined.key, max(parts, 1))
    return Reaches(len(sites), owner, part, joined.start, joined.end)


def reached_places(
    network: StreetNetwork, sites: Snapped, places: Snapped, reach_m: Floats
) -> csr_array:
    """
    Find which places each site reaches along the streets.

    Parameters
    ----------
    network
        The streets.
    sites
        n places on it that reach out; those not on it reach nothing.
    places
        m places on it that may be reached; those not on it are not.
    reach_m
        n lengths in metres: the ways from the site to the street and from the street to the
        place are included.

    Returns
    -------
    reached
        m x n, 1 where the site reaches the place.
    """
    finer, node = network.with_sites(sites + places)
    here, there = node[: len(sites)], node[len(sites) :]
    *_, site, passed, rest = _spread(*_arcs(finer), here, _left_m(sites, reach_m))
    on = np.flatnonzero(there >= 0)
    order = on[np.argsort(there[on], kind="stable")]
    low = np.searchsorted(there[order], passed, side="left")
    count = np.searchsorted(there[order], passed, side="right") - low
    pair = np.repeat(np.arange(len(site)), count)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    place = order[low[pair] + within]
    held = rest[pair] >= places.offset_m[place]
    place, by = place[held], site[pair][held]
    return csr_array(
        (np.ones(len(place), dtype=np.int8), (place, by)), shape=(len(places), len(sites))
    )


def _left_m(sites: Snapped, reach_m: Floats) -> Floats:
    """Return what is left of each reach at the street; negative where the site is not on it."""
    return np.where(sites.routable, reach_m - np.nan_to_num(sites.offset_m), -1.0)


def reached(network: StreetNetwork, distance_m: Floats, reach_m: float) -> Intervals:
    """
    Find what lies within a way of the nearest site.

    Parameters
    ----------
    network
        The streets, cut at the sites.
    distance_m
        The length of the way from the nearest site, per node.
    reach_m
        The length of the way at most.

    Returns
    -------
    intervals
        Canonical, keyed by part: along an edge the distance rises from both ends, so what is
        within reach is a stretch at either.
    """
    edges = np.flatnonzero(network.passable)
    length = network.length_m[edges]
    part, start, end = network.part[edges], network.start[edges], network.end[edges]
    ahead = np.clip(reach_m - distance_m[network.tail[edges]], 0.0, length)
    behind = np.clip(reach_m - distance_m[network.head[edges]], 0.0, length)
    # What rounding leaves of a length must not part two stretches that touch.
    ahead_end = np.where(ahead == length, end, start + ahead)
    behind_start = np.where(behind == length, start, end - behind)
    return Intervals.of(
        np.concatenate((part, part)),
        np.concatenate((start, behind_start)),
        np.concatenate((ahead_end, end)),
    )


def _arcs(network: StreetNetwork) -> tuple[Ints, Ints, Ints, Floats, NDArray[np.bool_]]:
    """Return the ways out of every node: first, head, edge, length, against the edge."""
    on, back = np.flatnonzero(network.forward), np.flatnonzero(network.backward)
    tail = np.concatenate((network.tail[on], network.head[back]))
    head = np.concatenate((network.head[on], network.tail[back]))
    edge = np.concatenate((on, back))
    against = np.arange(len(edge)) >= len(on)
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(network.nodes + 1))
    edge = edge[order]
    return first, head[order], edge, network.length_m[edge], against[order]


@njit(nogil=True, cache=True)
def _spread(
    first: Ints, head: Ints, edge: Ints, length: Floats, against: NDArray[np.bool_],
    node: Ints, left_m: Floats,
) -> tuple[Ints, Ints, NDArray[np.bool_], Floats, Ints, Ints, Floats]:  # fmt: skip
    """
    Walk out from one site after the other.

    Returns what is passed of every arc: site, edge, against it, length; and the nodes that are
    passed: site, node, what is left there.
    """
    nodes = len(first) - 1
    rest = np.full(nodes, -1.0)
    seen = np.full(nodes, -1, np.int64)
    heap_rest, heap_node = np.empty(64), np.empty(64, np.int64)
    site, out_edge = np.empty(1024, np.int64), np.empty(1024, np.int64)
    back, passed = np.empty(1024, np.bool_), np.empty(1024)
    by, passing, still = np.empty(1024, np.int64), np.empty(1024, np.int64), np.empty(1024)
    n, m = 0, 0
    for s in range(len(node)):
        if node[s] < 0 or left_m[s] < 0.0:
            continue
        heap_rest[0], heap_node[0], size = left_m[s], node[s], 1
        rest[node[s]], seen[node[s]] = left_m[s], s
        while size > 0:
            here, left = heap_node[0], heap_rest[0]
            size -= 1
            _sink(heap_rest, heap_node, size)
            if left < rest[here]:
                continue
            if m == len(by):
                by, passing = np.append(by, by), np.append(passing, passing)
                still = np.append(still, still)
            by[m], passing[m], still[m] = s, here, left
            m += 1
            for arc in range(first[here], first[here + 1]):
                if n == len(site):
                    site, out_edge = np.append(site, site), np.append(out_edge, out_edge)
                    back, passed = np.append(back, back), np.append(passed, passed)
                site[n], out_edge[n], back[n] = s, edge[arc], against[arc]
                passed[n] = min(left, length[arc])
                n += 1
                then, there = left - length[arc], head[arc]
                if then < 0.0 or (seen[there] == s and rest[there] >= then):
                    continue
                rest[there], seen[there] = then, s
                if size == len(heap_rest):
                    heap_rest = np.append(heap_rest, heap_rest)
                    heap_node = np.append(heap_node, heap_node)
                _rise(heap_rest, heap_node, size, then, there)
                size += 1
    return (
        site[:n].copy(), out_edge[:n].copy(), back[:n].copy(), passed[:n].copy(),
        by[:m].copy(), passing[:m].copy(), still[:m].copy(),
    )  # fmt: skip


@njit(nogil=True, cache=True)
def _rise(heap_rest: Floats, heap_node: Ints, size: int, rest: float, node: int) -> None:
    """Put an entry into the heap; the largest rest is on top."""
    i = size
    while i > 0 and heap_rest[(i - 1) // 2] < rest:
        heap_rest[i], heap_node[i] = heap_rest[(i - 1) // 2], heap_node[(i - 1) // 2]
        i = (i - 1) // 2
    heap_rest[i], heap_node[i] = rest, node


@njit(nogil=True, cache=True)
def _sink(heap_rest: Floats, heap_node: Ints, size: int) -> None:
    """Take the top out of the heap: the last entry, at `size`, finds its place."""
    rest, node = heap_rest[size], heap_node[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and heap_rest[child + 1] > heap_rest[child]:
            child += 1
        if heap_rest[child] <= rest:
            break
        heap_rest[i], heap_node[i] = heap_rest[child], heap_node[child]
        i = child
    heap_rest[i], heap_node[i] = rest, node


@njit(nogil=True, cache=True)
def _incidence(
    part: Ints, start: Floats, end: Floats,
    by_part: Ints, by_start: Floats, by_end: Floats, by: Ints,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Pair every piece with the sites whose stretches hold it."""
    piece, site = np.empty(1024, np.int64), np.empty(1024, np.int64)
    n, low = 0, 0
    for j in range(len(by_part)):
        while low < len(part) and (
            part[low] < by_part[j] or (part[low] == by_part[j] and end[low] <= by_start[j])
        ):
            low += 1
        k = low
        while k < len(part) and part[k] == by_part[j] and start[k] < by_end[j]:
            # Pieces are cut at the ends of all stretches, so one that begins inside lies inside.
            if n == len(piece):
                piece, site = np.append(piece, piece), np.append(site, site)
            piece[n], site[n] = k, by[j]
            n += 1
            k += 1
    return piece[:n].copy(), site[:n].copy()
