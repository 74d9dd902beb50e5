"""Reports of a state as runs: from when to when a camera is known to be on or off, less flaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.health.moments import FOREVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Runs:
    """
    Stretches of one known state, sorted by camera and start; what lies between is unknown.

    Parameters
    ----------
    camera
        n positions of cameras, ascending.
    online
        n states.
    start
        n first moments, in microseconds.
    end
        n ends, no longer in the run; `FOREVER` for one that has not ended.
    """

    camera: Ints
    online: Mask
    start: Ints
    end: Ints

    @classmethod
    def of(cls, camera: Ints, at: Ints, online: NDArray[np.int8], hold: int | None) -> Runs:
        """
        Turn reports into runs.

        Of reports on one camera at one moment the last counts.

        Parameters
        ----------
        camera
            n positions of cameras, in any order.
        at
            n moments in microseconds.
        online
            n states: 1, 0, or -1 for a report that knows none.
        hold
            For how many microseconds a report speaks; None: until the next.

        Returns
        -------
        runs
            Neighbours differ in state, or are apart.
        """
        order = np.lexsort((at, camera))
        camera, at, online = camera[order], at[order], online[order]
        same = camera[1:] == camera[:-1]
        # lexsort is stable, so that the last of equal moments is the last row.
        last = np.append(~(same & (at[1:] == at[:-1])), True)[: len(at)]
        camera, at, online = camera[last], at[last], online[last]
        following = np.append(np.where(camera[1:] == camera[:-1], at[1:], FOREVER), FOREVER)
        end = following[: len(at)]
        if hold is not None:
            end = np.minimum(end, at + hold)
        known = online >= 0
        return cls(camera[known], online[known] == 1, at[known], end[known]).joined()

    def joined(self) -> Runs:
        """Join neighbours that touch and agree."""
        first = np.ones(len(self.camera), dtype=np.bool_)
        first[1:] = ~(self.touching()[1:] & (self.online[1:] == self.online[:-1]))
        last = np.append(first[1:], True)[: len(first)]
        return Runs(self.camera[first], self.online[first], self.start[first], self.end[last])

    def touching(self) -> Mask:
        """Tell for each run whether the state just before it is known."""
        touching = np.zeros(len(self.camera), dtype=np.bool_)
        touching[1:] = (self.camera[1:] == self.camera[:-1]) & (self.start[1:] == self.end[:-1])
        return touching

    def select(self, mask: Mask) -> Runs:
        """Return the runs that `mask` picks."""
        return Runs(self.camera[mask], self.online[mask], self.start[mask], self.end[mask])

    def settled(self, flap: int) -> tuple[Mask, Mask]:
        """
        Return the states without flaps, and which runs are flaps.

        A run shorter than `flap` with a known state on either side is too short to count: it
        takes the state of the last run before it that is not. So a camera that comes and goes
        keeps the state it had until another one has held for `flap`.

        Parameters
        ----------
        flap
            Shortest run that counts, in microseconds.

        Returns
        -------
        online
            n states.
        flaps
            n flags: true where the state taken is not the one reported.
        """
        before = self.touching()
        after = np.append(before[1:], False)[: len(before)]
        short = (self.end - self.start < flap) & before & after
        # A short run touches the one before it, so the last firm one is of the same camera.
        firm = np.maximum.accumulate(np.where(short, 0, np.arange(len(short))))
        online = self.online[firm]
        return online, online != self.online
