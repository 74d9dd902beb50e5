"""The likeliest row of places on a network, one for each fix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from geo.patrol.ways import cheapest_m, search

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.arcs import Arcs
    from geo.patrol.ways import Ways

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

DETOUR: Final = 2.0
"""Ways longer than so many times the straight line, and `DETOUR_M` more, are not taken between two
fixes: round a block with one-way streets it is hardly more."""

DETOUR_M: Final = 200.0
"""How much longer than that a way between two fixes may be, in metres: two sides of a block."""

SLACK: Final = 1.0
"""A place may be behind the one before by so many `scale_m` for nothing: by noise it often is."""

MOST_SLACK: Final = 2.0
"""Who can turn on the spot has turned when he is farther behind than so many times that: fixes are
farther apart than noise. A car that cannot has backed up."""

STAY, SLIP, SPOT, ROUTE = 0, 1, 2, 3
"""How one gets from place to place: on along the arc; nowhere, a little behind by noise; by turning
on the spot; over the end of the arc."""


class Steps(NamedTuple):
    """
    The fixes that are matched, s of them in order, and the places where each may be.

    Parameters
    ----------
    first
        s + 1 numbers: fix k may be at the places `first[k]` to `first[k + 1] - 1`, one or more.
    arc
        c arcs.
    at_m
        c distances from the start of the arc.
    cost
        c negative log-likelihoods of the fix, seen from the place.
    joined
        s flags: whether one came here from the fix before.
    straight_m
        s distances from the fix before.
    scale_m
        s lengths: a way so much longer than the straight line is e times less likely.
    """

    first: Ints
    arc: Ints
    at_m: Floats
    cost: Floats
    joined: Bools
    straight_m: Floats
    scale_m: Floats


class Turning(NamedTuple):
    """
    How one turns back.

    Parameters
    ----------
    cost_m
        It is as unlikely as a way longer by so many metres.
    spot
        Whether one turns anywhere, as on foot, or at nodes alone.
    """

    cost_m: float
    spot: bool


@njit(nogil=True, cache=True)
def limit_m(straight_m: float) -> float:
    """
    Tell how far to look for a way.

    Parameters
    ----------
    straight_m
        Distance between two fixes.

    Returns
    -------
    limit_m
        The greatest cost.
    """
    return DETOUR * straight_m + DETOUR_M


@njit(nogil=True, cache=True)
def step(
    here: tuple[int, float, float, int], there: tuple[int, float], way_m: float,
    straight_m: float, slack_m: float, turning: Turning,
) -> tuple[float, int]:  # fmt: skip
    """
    Choose how to get from place to place.

    Parameters
    ----------
    here
        An arc, the distance from its start, its length, and its twin.
    there
        An arc and the distance from its start.
    way_m
        Cost from the end of the one to the start of the other.
    straight_m
        Distance between the fixes.
    slack_m
        A place may be so much behind for nothing.
    turning
        How one turns back.

    Returns
    -------
    cost_m, how
        What it costs beyond the straight line; infinite where there is no way.
    """
    a, from_m, length_m, twin = here
    b, to_m = there
    if a == b and to_m >= from_m:
        return max(to_m - from_m - straight_m, 0.0), STAY
    best, how = np.inf, ROUTE
    # A way beyond the limit is none, even where it is known: what is found must not depend on
    # what was asked before.
    if way_m <= limit_m(straight_m):
        best = max(length_m - from_m + way_m + to_m - straight_m, 0.0)
    back_m = from_m - to_m
    free = not turning.spot or back_m <= MOST_SLACK * slack_m
    if a == b and free and max(back_m - slack_m, 0.0) <= best:
        best, how = max(back_m - slack_m, 0.0), SLIP
    if turning.spot and twin == b:
        cost_m = max(abs(length_m - to_m - from_m) - straight_m, 0.0) + turning.cost_m
        if cost_m <= best:
            best, how = cost_m, SPOT
    return best, how


@njit(nogil=True, cache=True)
def likeliest(arcs: Arcs, ways: Ways, steps: Steps, turning: Turning) -> tuple[Ints, Bools]:
    """
    Choose the places that together explain the fixes best.

    Parameters
    ----------
    arcs
        The network.
    ways
        What is known of the ways in it; written to.
    steps
        The fixes and the places where each may be.
    turning
        How one turns back.

    Returns
    -------
    chosen, begins
        Per fix: the number of its place, and whether a new chain begins there, because the fix
        is not joined to the one before or because no way leads from there.
    """
    # Handing whole tuples of arrays to what is called for every pair costs more than its work.
    arc, at_m, length_m, twin = steps.arc, steps.at_m, arcs.length_m, arcs.twin
    last, cost_m = ways.last, ways.cost_m
    count = len(steps.first) - 1
    total = np.full(len(arc), np.inf)
    back = np.full(len(arc), -1, np.int64)
    begins = np.ones(count, np.bool_)
    for k in range(count):
        low, high = steps.first[k], steps.first[k + 1]
        if steps.joined[k]:
            straight_m, scale_m = steps.straight_m[k], steps.scale_m[k]
            slack_m = SLACK * scale_m
            for i in range(steps.first[k - 1], low):
                if total[i] == np.inf:
                    continue
                known = search(arcs, ways, arc[i], limit_m(straight_m), turning.cost_m)
                here = (arc[i], at_m[i], length_m[arc[i]], twin[arc[i]])
                for j in range(low, high):
                    way_m = cheapest_m(last, cost_m, known, arc[j])
                    there = (arc[j], at_m[j])
                    over_m, _ = step(here, there, way_m, straight_m, slack_m, turning)
                    cost = total[i] + over_m / scale_m + steps.cost[j]
                    if cost < total[j]:
                        total[j], back[j], begins[k] = cost, i, False
        if begins[k]:
            total[low:high] = steps.cost[low:high]
    chosen = np.empty(count, np.int64)
    after = np.int64(-1)
    for k in range(count - 1, -1, -1):
        if after < 0:
            low, high = steps.first[k], steps.first[k + 1]
            after = low + np.argmin(total[low:high])
        chosen[k] = after
        after = np.int64(-1) if begins[k] else back[after]
    return chosen, begins
