"""Spans between fixes in which nobody knows where a unit was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.health.moments import SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

GAP_S: Final = 300.0
"""Fixes farther apart than this say nothing about the time between them, in seconds."""

BRIDGE_M: Final = 50.0
"""Unless the unit was still within so many metres of where it was last seen: it stayed."""


def steps_known(
    track: Ints, time_us: Ints, xy: Floats, *, gap_s: float = GAP_S, bridge_m: float = BRIDGE_M
) -> tuple[Bools, Bools]:
    """
    Tell between which fixes a unit's whereabouts are known.

    Parameters
    ----------
    track
        n numbers of tracks; the fixes of one stand together, in the order of time.
    time_us
        n times in microseconds.
    xy
        n x 2 coordinates in metres.
    gap_s
        Steps longer than this are gaps, in seconds.
    bridge_m
        A gap between places at most so far apart is bridged, in metres.

    Returns
    -------
    gap, bridged
        n - 1 flags each, one per step from a fix to the next; a step from one track to another
        is neither. It is known where a unit was in a step within a track that is no gap, or is
        bridged.
    """
    within = track[1:] == track[:-1]
    gap = within & (np.diff(time_us) > gap_s * SECOND)
    apart = np.diff(xy, axis=0)
    return gap, gap & (np.hypot(apart[:, 0], apart[:, 1]) <= bridge_m)


def gaps_of(
    track_id: pd.Series, time_us: Ints, xy: Floats, *, gap_s: float = GAP_S,
    bridge_m: float = BRIDGE_M,
) -> pd.DataFrame:  # fmt: skip
    """
    List the gaps of tracks: unknown, not unpatrolled.

    Parameters
    ----------
    track_id
        n codes; the fixes of one track in the order of time, tracks in any order.
    time_us
        n times in microseconds.
    xy
        n x 2 coordinates in metres.
    gap_s
        Steps longer than this are gaps, in seconds.
    bridge_m
        A gap between places at most so far apart is bridged, in metres.

    Returns
    -------
    gaps
        One row per gap, by track and time: `track_id`, `from`, `to` (local times), `length_s`,
        `bridged` (the unit was seen near the same place before and after).
    """
    track = pd.factorize(track_id)[0].astype(np.int64)
    order = np.argsort(track, kind="stable")
    when = time_us[order]
    gap, bridged = steps_known(track[order], when, xy[order], gap_s=gap_s, bridge_m=bridge_m)
    at = np.flatnonzero(gap)
    return pd.DataFrame({
        "track_id": track_id.to_numpy()[order[at]],
        "from": when[at].astype("datetime64[us]"),
        "to": when[at + 1].astype("datetime64[us]"),
        "length_s": (when[at + 1] - when[at]) / SECOND,
        "bridged": bridged[at],
    })  # fmt: skip
