"""The units of all modes asked about one place: who is there first, and who cannot get there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.response.backwards import TIE_S
from geo.response.roads import KMH_M_S

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.response.going import Going
    from geo.response.spreading import Spread
    from geo.snapping import Snapped

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

OFF_ROAD_KMH: Final = 5.0
"""How fast the last metres from the street to a place are gone, in km/h: on foot."""


@dataclass(frozen=True, eq=False)
class Answer:
    """
    Outcome of `answer`.

    Parameters
    ----------
    unit
        n units, the soonest first.
    time_s
        n times from the call to the place, in seconds.
    distance_m
        n lengths along the road, in metres.
    place_off_m
        n distances from the street of the unit's mode to the place, in metres.
    line
        n LineStrings; None where nothing is left to go.
    cut_off
        Units from which no way leads to the place.
    """

    unit: Ints
    time_s: Floats
    distance_m: Floats
    place_off_m: Floats
    line: NDArray[np.object_]
    cut_off: Ints


def answer(spread: Spread, going: Mapping[str, Going], at: Mapping[str, Snapped], k: int) -> Answer:
    """
    Find the k units that are at a place first.

    Parameters
    ----------
    spread
        All units, numbered in the order in which equally soon ones are named.
    going
        Mode -> its units.
    at
        Mode -> where the place is on its streets: one place.
    k
        How many units are asked for.

    Returns
    -------
    answer
        The units, and those that cannot get there.
    """
    coming = {
        mode: going[mode].towards(int(where.part[0]), float(where.at_m[0]), k)
        for mode, where in at.items()
        if where.routable[0]
    }
    off_m = {mode: float(at[mode].offset_m[0]) for mode in coming}
    none = np.empty(0)
    unit = np.concatenate([none.astype(np.int64), *(one.unit for one in coming.values())])
    walked_s = [one.time_s + off_m[mode] * KMH_M_S / OFF_ROAD_KMH for mode, one in coming.items()]
    time_s = np.concatenate([none, *walked_s])
    order = np.lexsort((unit, np.round(time_s / TIE_S)))[:k]
    unit, time_s = unit[order], time_s[order]
    distance_m, place_off_m = np.zeros((2, len(unit)))
    line = np.full(len(unit), None, dtype=object)
    # Where a mode is on no street near the place, all its units are cut off from it.
    cut_off = [np.flatnonzero(~np.isin(spread.mode, list(coming)))]
    for mode, one in coming.items():
        own = np.flatnonzero(spread.mode[unit] == mode)
        distance_m[own], line[own] = going[mode].ways(one, unit[own])
        place_off_m[own] = off_m[mode]
        if len(one.unit) < (spread.mode == mode).sum():
            cut_off.append(going[mode].cut_off(one))
    return Answer(unit, time_s, distance_m, place_off_m, line, np.sort(np.concatenate(cut_off)))
