"""How the time between two fixes was spent: on the way at an even pace, or standing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.tracks import Tracks

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

STAND_S: Final = 30.0
"""Whoever is later than at the pace of his track by more than this stood on the way, in seconds;
who is later by less was slow."""


class Clock(NamedTuple):
    """
    When s fixes were, and what is known of the time since the fix before.

    Parameters
    ----------
    time_s
        s times.
    pace_mps
        s speeds that are usual on the track.
    stand
        s shares of the way since the fix before, at which one stood if one did; NaN where no fix
        lies between, so that nobody knows.
    """

    time_s: Floats
    pace_mps: Floats
    stand: Floats


def clock_of(tracks: Tracks, xy: Floats, fix: Ints, begins: Bools) -> Clock:
    """
    Read the time between the fixes that are matched from the fixes between them.

    Parameters
    ----------
    tracks
        n fixes.
    xy
        n places, without jitter.
    fix
        s fixes that are matched.
    begins
        s flags: whether a chain begins there.

    Returns
    -------
    clock
        Where most of the fixes between two are, there one stood.
    """
    time_s, on = tracks.time_s, ~begins[1:]
    way = np.diff(xy[fix], axis=0)
    length_m, lasted_s = np.hypot(way[:, 0], way[:, 1]), np.diff(time_s[fix])
    speed = np.divide(length_m, lasted_s, out=np.zeros(len(way)), where=lasted_s > 0.0)
    pace_mps = tracks.median(fix[1:][on], speed[on])
    step = np.searchsorted(fix, np.arange(len(xy)), side="right")
    between = np.flatnonzero((step > 0) & (step < len(fix)))
    between = between[fix[step[between] - 1] != between]
    k = step[between] - 1
    gone = ((xy[between] - xy[fix[k]]) * way[k]).sum(axis=1)
    share = np.divide(gone, length_m[k] ** 2, out=np.zeros(len(k)), where=length_m[k] > 0.0)
    stand = pd.Series(share.clip(0.0, 1.0)).groupby(k).median().reindex(np.arange(len(way)))
    return Clock(
        time_s=time_s[fix],
        pace_mps=np.nan_to_num(pace_mps)[tracks.track[fix]],
        stand=np.append(np.nan, stand.to_numpy(dtype=np.float64))[: len(fix)],
    )


@njit(nogil=True, cache=True)
def stood_s(clock: Clock, k: int, way_m: float) -> float:
    """
    Tell how long one stood on the way to a fix.

    Parameters
    ----------
    clock
        The times.
    k
        The fix.
    way_m
        Length of the way since the fix before.

    Returns
    -------
    stood_s
        0 or more than `STAND_S`.
    """
    if np.isnan(clock.stand[k]) or clock.pace_mps[k] <= 0.0:
        return 0.0
    late_s = clock.time_s[k] - clock.time_s[k - 1] - way_m / clock.pace_mps[k]
    return late_s if late_s > STAND_S else 0.0
