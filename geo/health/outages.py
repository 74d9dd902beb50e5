"""Outages of the platform: many cameras that go off together are one event, not many faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.health.runs import Runs

    Ints = NDArray[np.int64]

LEAST_CAMERAS: Final = 3
"""Fewer cameras going off together are no outage of a platform, whatever their share; a project
choice, for the share of very few cameras says nothing."""


class Outage(NamedTuple):
    """
    One event.

    Parameters
    ----------
    start
        When the first of its cameras went off, in microseconds.
    end
        When it is over; `FOREVER` while it is not.
    known
        How many cameras had a known state just before.
    members
        Positions of the runs that belong to it.
    """

    start: int
    end: int
    known: int
    members: Ints


def outages(drops: Runs, known: Runs, *, share: float, window: int) -> list[Outage]:
    """
    Find the moments at which a share of all known cameras goes off together.

    The event begins with the first drop after which, within `window`, at least `share` of the
    cameras known just before it (and `LEAST_CAMERAS`) have gone off. It is over when the last of
    them is back, at the latest `window` after half of them are.

    Parameters
    ----------
    drops
        Runs offline of cameras that were online just before.
    known
        All runs, of either state.
    share
        Least share, in (0, 1].
    window
        How long the going off may take, in microseconds.

    Returns
    -------
    events
        In the order of their starts; a run belongs to one at most.
    """
    order = np.argsort(drops.start, kind="stable")
    camera, start, end = drops.camera[order], drops.start[order], drops.end[order]
    # Known just before: begun earlier, and not ended earlier.
    began = np.searchsorted(np.sort(known.start), start, side="left")
    ended = np.searchsorted(np.sort(known.end), start, side="left")
    cameras = began - ended
    # 0.07 of 100 cameras is 7, not 7.000000000000001.
    needed = np.ceil(np.maximum(cameras * share, LEAST_CAMERAS) - 1e-9)
    to = np.searchsorted(start, start + window, side="right")
    events: list[Outage] = []
    after = 0
    # One event takes its drops from the next: they are found one by one, and few places qualify.
    for i in np.flatnonzero(to - np.arange(len(to)) >= needed):
        if i < after or len(np.unique(camera[i : to[i]])) < needed[i]:
            continue
        after = int(to[i])
        back = np.sort(end[i:after])
        over = min(back[-1], back[(len(back) - 1) // 2] + window)
        events.append(Outage(int(start[i]), int(over), int(cameras[i]), order[i:after]))
    return events
