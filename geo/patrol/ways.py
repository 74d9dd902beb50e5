"""Shortest ways from arc to arc, searched when they are asked for and kept while there is room."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.arcs import Arcs

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ROOM: Final = 2_000_000
"""How many pairs of arcs are kept at a time (48 MB): every pair within 300 m in a town of 10,000
arcs. When it is full all are forgotten, so that the memory stays the same in a city."""

FURTHER_M: Final = 100.0
"""Searches go on to the next multiple of this, in metres: a limit that grows little by little
would have every search done again and again."""

SHARP: Final = float(np.cos(np.radians(170.0)))
"""Who turns by more than 170 degrees at a node turns back, whether the two directions of the
street are one row or two; hairpins drawn with more than one vertex are wider."""


class Ways(NamedTuple):
    """
    What is known of the shortest ways; begin with `no_ways`.

    The cost of a way is its length, and some metres for every turning back. It runs from the end
    of its first arc to the start of its last.

    Parameters
    ----------
    first
        a positions in the list of pairs, one for each first arc.
    pairs
        a numbers of pairs with that first arc.
    limit_m
        a costs up to which they were searched for; negative when they were not.
    last
        The last arc of each pair, ascending for one first arc.
    cost_m
        The cost of each pair.
    before
        The arc before the last.
    used
        One number: how much of the list is filled.
    label_m
        a costs that the search works on; all infinite between searches.
    came
        a arcs that the search works on.
    """

    first: Ints
    pairs: Ints
    limit_m: Floats
    last: Ints
    cost_m: Floats
    before: Ints
    used: Ints
    label_m: Floats
    came: Ints


def no_ways(arcs: int) -> Ways:
    """
    Make room for the ways of a network.

    Parameters
    ----------
    arcs
        How many arcs it has.

    Returns
    -------
    ways
        Nothing is known yet.
    """
    # One search finds each arc once at most, so that it always fits.
    room = max(ROOM, arcs)
    return Ways(
        first=np.zeros(arcs, dtype=np.int64),
        pairs=np.zeros(arcs, dtype=np.int64),
        limit_m=np.full(arcs, -1.0),
        last=np.empty(room, dtype=np.int64),
        cost_m=np.empty(room),
        before=np.empty(room, dtype=np.int64),
        used=np.zeros(1, dtype=np.int64),
        label_m=np.full(arcs, np.inf),
        came=np.full(arcs, -1, dtype=np.int64),
    )


@njit(nogil=True, cache=True)
def search(arcs: Arcs, ways: Ways, start: int, limit_m: float, turn_m: float) -> tuple[int, int]:
    """
    Learn all ways from one arc up to a cost, unless they are known.

    Parameters
    ----------
    arcs
        The network.
    ways
        What is known; written to.
    start
        The first arc.
    limit_m
        Ways up to this are known afterwards, and some beyond.
    turn_m
        What turning back at a node costs.

    Returns
    -------
    known
        From where to where the pairs of that arc stand in the lists, until the next search.
    """
    if ways.limit_m[start] >= limit_m:
        return ways.first[start], ways.first[start] + ways.pairs[start]
    limit_m = FURTHER_M * np.ceil(limit_m / FURTHER_M)
    heap, seen = [(0.0, 0)], [0]
    heap.clear()
    seen.clear()
    _reach(arcs, ways, heap, seen, (start, 0.0), limit_m, turn_m)
    while len(heap) > 0:
        cost, arc = heapq.heappop(heap)
        if cost == ways.label_m[arc]:
            then = cost + arcs.length_m[arc]
            _reach(arcs, ways, heap, seen, (arc, then), limit_m, turn_m)
    found = np.sort(np.array(seen, dtype=np.int64))
    if ways.used[0] + len(found) > len(ways.last):
        ways.used[0] = 0
        ways.limit_m[:] = -1.0
    at = ways.used[0]
    ways.first[start], ways.pairs[start], ways.limit_m[start] = at, len(found), limit_m
    for arc in found:
        ways.last[at], ways.cost_m[at] = arc, ways.label_m[arc]
        ways.before[at] = ways.came[arc]
        ways.label_m[arc] = np.inf
        at += 1
    ways.used[0] = at
    return ways.first[start], at


@njit(nogil=True, cache=True)
def _reach(
    arcs: Arcs, ways: Ways, heap: list[tuple[float, int]], seen: list[int],
    end: tuple[int, float], limit_m: float, turn_m: float,
) -> None:  # fmt: skip
    """Go on from the end of an arc, which it costs so much to reach, to the next ones."""
    arc, cost = end
    for then in range(arcs.first[arcs.head[arc]], arcs.first[arcs.head[arc] + 1]):
        turned = (
            arcs.arriving[arc, 0] * arcs.leaving[then, 0]
            + arcs.arriving[arc, 1] * arcs.leaving[then, 1]
        )
        there = cost + turn_m if turned < SHARP else cost
        if there <= limit_m and there < ways.label_m[then]:
            if ways.label_m[then] == np.inf:
                seen.append(then)
            ways.label_m[then], ways.came[then] = there, arc
            heapq.heappush(heap, (there, then))


@njit(nogil=True, cache=True)
def cheapest_m(last: Ints, cost_m: Floats, known: tuple[int, int], arc: int) -> float:
    """
    Look up what the way to an arc costs.

    Parameters
    ----------
    last
        `Ways.last`.
    cost_m
        `Ways.cost_m`.
    known
        The pairs of the first arc, from `search`.
    arc
        The last arc.

    Returns
    -------
    cost_m
        Infinite where none is known.
    """
    at = _position(last, known, arc)
    return cost_m[at] if at >= 0 else np.inf


@njit(nogil=True, cache=True)
def between(ways: Ways, known: tuple[int, int], start: int, arc: int) -> list[int]:
    """
    List the arcs that a way passes.

    Parameters
    ----------
    ways
        What is known.
    known
        The pairs of the first arc, from `search`.
    start
        The first arc.
    arc
        The last arc.

    Returns
    -------
    arcs
        In order, without the first and the last.
    """
    passed = [0]
    passed.clear()
    at = ways.before[_position(ways.last, known, arc)]
    while at != start:
        passed.append(at)
        at = ways.before[_position(ways.last, known, at)]
    passed.reverse()
    return passed


@njit(nogil=True, cache=True)
def _position(last: Ints, known: tuple[int, int], arc: int) -> int:
    """Return where an arc stands among the pairs of a first arc, or -1."""
    low, end = known
    high = end
    while low < high:
        middle = (low + high) // 2
        if last[middle] < arc:
            low = middle + 1
        else:
            high = middle
    return low if low < end and last[low] == arc else -1
