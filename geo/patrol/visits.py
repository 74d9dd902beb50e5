"""The arcs that one passes on the way from place to place, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from geo.patrol.clock import Clock, stood_s
from geo.patrol.viterbi import ROUTE, SLACK, SPOT, Steps, Turning, limit_m, step
from geo.patrol.ways import between, cheapest_m, search

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.arcs import Arcs
    from geo.patrol.ways import Ways

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Visits(NamedTuple):
    """
    Stays on arcs, v of them in order; within a chain one begins where the one before ends.

    Parameters
    ----------
    arc
        v arcs.
    chain
        v chains, numbered from 0.
    from_m
        v distances from the start of the arc.
    to_m
        v distances; not less.
    entered_s
        v times.
    left_s
        v times; within a chain, when the next is entered.
    of
        s visits: where each fix is.
    at_m
        s distances from the start of that arc. They never go back during a visit, though the
        place that was chosen may.
    """

    arc: Ints
    chain: Ints
    from_m: Floats
    to_m: Floats
    entered_s: Floats
    left_s: Floats
    of: Ints
    at_m: Floats


def visits(
    arcs: Arcs, ways: Ways, steps: Steps, chosen: tuple[Ints, Bools], clock: Clock,
    *, turning: Turning,
) -> Visits:  # fmt: skip
    """
    Follow the ways between the places that were chosen.

    Parameters
    ----------
    arcs
        The network.
    ways
        What is known of the ways in it.
    steps
        The fixes and the places where each may be.
    chosen
        Places and where chains begin, from `likeliest`.
    clock
        When the fixes were.
    turning
        How one turns back.

    Returns
    -------
    visits
        Between two fixes the pace is even, but for where one stood.
    """
    place, begins = chosen
    which, where, of, at_m = _follow(arcs, ways, steps, place, begins, clock, turning)
    arc, chain = which.T
    from_m, to_m, entered_s, left_s = where.T
    return Visits(arc, chain, from_m, to_m, entered_s, left_s, of, at_m)


@njit(nogil=True, cache=True)
def _follow(
    arcs: Arcs, ways: Ways, steps: Steps, chosen: Ints, begins: Bools, clock: Clock,
    turning: Turning,
) -> tuple[Ints, Floats, Ints, Floats]:  # fmt: skip
    """Write the visits down: arc and chain; from, to, entered, left; and where each fix is."""
    which, where = np.empty((1024, 2), np.int64), np.empty((1024, 4))
    of, place = np.empty(len(chosen), np.int64), np.empty(len(chosen))
    nothing = [0]
    nothing.clear()
    n, chain = -1, -1
    for k in range(len(chosen)):
        b, to, now = steps.arc[chosen[k]], steps.at_m[chosen[k]], clock.time_s[k]
        if begins[k]:
            chain += 1
            n += 1
            which, where = _written(which, where, n, (b, chain), (to, to, now, now))
            of[k], place[k] = n, to
            continue
        a, straight_m, then = steps.arc[chosen[k - 1]], steps.straight_m[k], clock.time_s[k - 1]
        known = search(arcs, ways, a, limit_m(straight_m), turning.cost_m)
        way_m = cheapest_m(ways.last, ways.cost_m, known, b)
        here = (a, steps.at_m[chosen[k - 1]], arcs.length_m[a], arcs.twin[a])
        _, how = step(here, (b, to), way_m, straight_m, SLACK * steps.scale_m[k], turning)
        if how not in {SPOT, ROUTE}:
            # Who is a little behind by noise stays; who really backed up was there too.
            where[n, 0], where[n, 1] = min(where[n, 0], to), max(where[n, 1], to)
            where[n, 3] = now
            of[k], place[k] = n, where[n, 1]
            continue
        held, end, start = where[n, 1], arcs.length_m[a], 0.0
        if how == SPOT:
            end = max(held, end - to)
            start = arcs.length_m[a] - end
            passing = nothing
        else:
            passing = between(ways, known, a, b)
        way_m = end - held + to - start
        for passed in passing:
            way_m += arcs.length_m[passed]
        late_s = stood_s(clock, k, way_m)
        stand_m = way_m * clock.stand[k] if late_s > 0.0 else way_m
        pace = (now - then - late_s) / way_m if way_m > 0.0 else 0.0
        gone_m = end - held
        moment = then + pace * gone_m + (late_s if gone_m > stand_m else 0.0)
        where[n, 1], where[n, 3] = end, moment
        for passed in passing:
            n += 1
            gone_m += arcs.length_m[passed]
            left = then + pace * gone_m + (late_s if gone_m > stand_m else 0.0)
            row = (0.0, arcs.length_m[passed], moment, left)
            which, where = _written(which, where, n, (passed, chain), row)
            moment = left
        n += 1
        which, where = _written(which, where, n, (b, chain), (start, to, moment, now))
        of[k], place[k] = n, to
    return which[: n + 1].copy(), where[: n + 1].copy(), of, place


@njit(nogil=True, cache=True)
def _written(
    which: Ints, where: Floats, n: int, arc: tuple[int, int],
    stretch: tuple[float, float, float, float],
) -> tuple[Ints, Floats]:  # fmt: skip
    """Write row n, and double the lists when it does not fit."""
    if n == len(which):
        which, where = np.concatenate((which, which)), np.concatenate((where, where))
    which[n, 0], which[n, 1] = arc
    where[n, 0], where[n, 1], where[n, 2], where[n, 3] = stretch
    return which, where


@njit(nogil=True, cache=True)
def places_at(visited: Visits, clock: Clock, of: Ints, time_s: Floats) -> tuple[Ints, Floats]:
    """
    Tell where one was at some times.

    Parameters
    ----------
    visited
        From `visits`.
    clock
        When the fixes were that were matched.
    of
        n positions of fixes that were matched: the last one until that time.
    time_s
        n times.

    Returns
    -------
    visit, at_m
        n visits and distances from the start of the arc: between two fixes of a chain as in
        `visits`, after its last fix one stays.
    """
    visit, at_m = np.empty(len(of), np.int64), np.empty(len(of))
    for i in range(len(of)):
        k = of[i]
        n, at = visited.of[k], visited.at_m[k]
        last = visited.of[k + 1] if k + 1 < len(visited.of) else n
        if k + 1 < len(visited.of) and visited.chain[last] == visited.chain[n]:
            way_m = visited.at_m[k + 1] - at
            for m in range(n, last):
                way_m += visited.to_m[m] - visited.from_m[m + 1]
            left_m = _gone_m(clock, k + 1, way_m, time_s[i])
            while n < last and left_m > visited.to_m[n] - at:
                left_m -= visited.to_m[n] - at
                n += 1
                at = visited.from_m[n]
            at = min(at + left_m, visited.to_m[n])
        visit[i], at_m[i] = n, at
    return visit, at_m


@njit(nogil=True, cache=True)
def _gone_m(clock: Clock, k: int, way_m: float, time_s: float) -> float:
    """Tell how far one was at a time on the way to fix k, which is so long."""
    late_s = stood_s(clock, k, way_m)
    moved_s = clock.time_s[k] - clock.time_s[k - 1] - late_s
    if moved_s <= 0.0:
        return 0.0
    since_s = time_s - clock.time_s[k - 1]
    if late_s > 0.0:
        stand_s = moved_s * clock.stand[k]
        since_s = min(since_s, stand_s) + max(since_s - stand_s - late_s, 0.0)
    return way_m * since_s / moved_s
