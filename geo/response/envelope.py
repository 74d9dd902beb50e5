"""
Who is first and who is next at every metre of an edge.

A site that comes in at the tail is later by the pace with every metre, one that comes in at the
head sooner: along an edge every time is a straight line. Only the two soonest at either end can be
first or next in between, so an edge has a handful of lines, and is cut where two of them cross and
where one passes a limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from geo.coverage import NOISE_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Ends(NamedTuple):
    """
    What is known at both ends of e edges, for m modes.

    Parameters
    ----------
    tail, head
        e nodes.
    start, end
        e distances along the row, in metres.
    forward, backward
        m x e flags: whether one may move from the tail, from the head.
    pace_s_m
        m x e times that a metre takes, in seconds.
    time_s, site
        m x n x 2 times of the two soonest at every node, and whose they are, or -1.
    """

    tail: Ints
    head: Ints
    start: Floats
    end: Floats
    forward: Bools
    backward: Bools
    pace_s_m: Floats
    time_s: Floats
    site: Ints


class Enveloped(NamedTuple):
    """
    Pieces of edges with one first site and between the same limits, and what each site alone holds.

    Parameters
    ----------
    edge
        p edges, ascending.
    start, end
        p distances along the row, in metres.
    site
        p sites that are there first; -1 where none comes.
    band
        p numbers of limits that are passed: 0 within the first, r beyond the last.
    only_m
        s x r lengths within a limit of this site, and of no other.
    alone_m
        s x r lengths of those where no other comes at all.
    next_s
        s x r sums over those where another comes: metres times the seconds of the next.
    most_s
        s x r longest times of the next there.
    """

    edge: Ints
    start: Floats
    end: Floats
    site: Ints
    band: Ints
    only_m: Floats
    alone_m: Floats
    next_s: Floats
    most_s: Floats


@njit(nogil=True, cache=True)
def envelope(ends: Ends, limit_s: Floats, sites: int) -> Enveloped:
    """
    Cut edges by who is first and by limits of time, and add up what depends on one site alone.

    Parameters
    ----------
    ends
        The edges.
    limit_s
        r limits, ascending; a time at a limit is within it.
    sites
        How many sites there are.

    Returns
    -------
    enveloped
        Pieces in the order of the edges; together they are the edges.
    """
    edges, rings, modes = len(ends.tail), len(limit_s), len(ends.forward)
    only, alone = np.zeros((sites, rings)), np.zeros((sites, rings))
    nexts, most = np.zeros((sites, rings)), np.zeros((sites, rings))
    level, slope = np.empty(4 * modes), np.empty(4 * modes)
    who = np.empty(4 * modes, np.int64)
    lines = 4 * modes
    cuts = np.empty(lines * lines // 2 + lines * rings + 1)
    room = 2 * edges + 16
    edge, first = np.empty(room, np.int64), np.empty(room, np.int64)
    band = np.empty(room, np.int64)
    low, high = np.empty(room), np.empty(room)
    p = 0
    for e in range(edges):
        length = ends.end[e] - ends.start[e]
        n = _lines(ends, e, level, slope, who)
        c = _cuts(level[:n], slope[:n], limit_s, length, cuts)
        left = 0.0
        for i in range(c + 1):
            right = cuts[i] if i < c else length
            if i < c and right - left < NOISE_M:
                continue
            if p == len(edge):
                edge, first = np.append(edge, edge), np.append(first, first)
                band = np.append(band, band)
                low, high = np.append(low, low), np.append(high, high)
            middle = (left + right) / 2.0
            one, two = _two(level[:n], slope[:n], who[:n], middle)
            passed, by = rings, -1
            if one >= 0:
                by = who[one]
                passed = np.searchsorted(limit_s, level[one] + slope[one] * middle)
                then = level[two] + slope[two] * middle if two >= 0 else np.inf
                for r in range(passed, rings):
                    if then <= limit_s[r]:
                        break
                    only[by, r] += right - left
                    if two < 0:
                        alone[by, r] += right - left
                        continue
                    nexts[by, r] += (right - left) * then
                    later = level[two] + slope[two] * (right if slope[two] > 0.0 else left)
                    most[by, r] = max(most[by, r], later)
            to = ends.end[e] if i == c else ends.start[e] + right
            if p > 0 and edge[p - 1] == e and first[p - 1] == by and band[p - 1] == passed:
                high[p - 1] = to
            else:
                edge[p], first[p], band[p] = e, by, passed
                low[p], high[p] = ends.start[e] + left, to
                p += 1
            left = right
    return Enveloped(
        edge[:p].copy(), low[:p].copy(), high[:p].copy(), first[:p].copy(), band[:p].copy(),
        only, alone, nexts, most,
    )  # fmt: skip


@njit(nogil=True, cache=True)
def _lines(ends: Ends, e: int, level: Floats, slope: Floats, who: Ints) -> int:
    """Write down the lines of an edge: time at its start, seconds per metre, site."""
    n = 0
    length = ends.end[e] - ends.start[e]
    for m in range(len(ends.forward)):
        pace = ends.pace_s_m[m, e]
        for k in range(2):
            tail, head = ends.site[m, ends.tail[e], k], ends.site[m, ends.head[e], k]
            if ends.forward[m, e] and tail >= 0:
                level[n], slope[n], who[n] = ends.time_s[m, ends.tail[e], k], pace, tail
                n += 1
            if ends.backward[m, e] and head >= 0:
                level[n] = ends.time_s[m, ends.head[e], k] + length * pace
                slope[n], who[n] = -pace, head
                n += 1
    return n


@njit(nogil=True, cache=True)
def _cuts(level: Floats, slope: Floats, limit_s: Floats, length: float, cuts: Floats) -> int:
    """Write down where lines cross, and where they pass limits, ascending."""
    c = 0
    for i in range(len(level)):
        for j in range(i):
            if slope[i] != slope[j]:
                x = (level[j] - level[i]) / (slope[i] - slope[j])
                if NOISE_M < x < length - NOISE_M:
                    cuts[c] = x
                    c += 1
        for r in range(len(limit_s)):
            x = (limit_s[r] - level[i]) / slope[i]
            if NOISE_M < x < length - NOISE_M:
                cuts[c] = x
                c += 1
    for i in range(1, c):
        x, j = cuts[i], i
        while j > 0 and cuts[j - 1] > x:
            cuts[j] = cuts[j - 1]
            j -= 1
        cuts[j] = x
    return c


@njit(nogil=True, cache=True)
def _two(level: Floats, slope: Floats, who: Ints, x: float) -> tuple[int, int]:
    """Return the line of the first site at a place and that of the next, or -1."""
    one, two = -1, -1
    for i in range(len(level)):
        t = level[i] + slope[i] * x
        if one < 0:
            one = i
            continue
        first = level[one] + slope[one] * x
        if t < first or (t == first and who[i] < who[one]):
            if who[i] != who[one]:
                two = one
            one = i
        elif who[i] != who[one] and (two < 0 or t < level[two] + slope[two] * x):
            two = i
    return one, two
