"""The distinct sets of posts on duty through the week, and when each of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.duty.week import AXIS_MIN, DAY_MIN, DAYS, HOUR_MIN, WEEK_MIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.duty.hours import DutyHours

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class DutyStates:
    """
    Outcome of `duty_states`: k stretches of time, in each of which one of s sets is on duty.

    Parameters
    ----------
    pattern
        n columns of `manned`, one for each post.
    manned
        s rows, one for each distinct set: whether posts of a pattern are on duty.
    state
        k states, each holding from its start to the next.
    start_min
        k starts in minutes: up to `WEEK_MIN` from Monday 00:00, then those of the holiday.
    end_min
        k ends, no longer in the state; the stretches tile the axis.
    """

    pattern: Ints
    manned: Mask
    state: Ints
    start_min: Ints
    end_min: Ints

    def __len__(self) -> int:
        """Return the number of distinct states."""
        return len(self.manned)

    def on(self, state: int) -> Mask:
        """Return for each post whether it is on duty in a state."""
        return np.asarray(self.manned[state][self.pattern])

    @property
    def week_min(self) -> Ints:
        """Minutes of a week without holidays that each state holds."""
        return self._held(self.start_min < WEEK_MIN)

    @property
    def holiday_min(self) -> Ints:
        """Minutes of a holiday that each state holds."""
        return self._held(self.start_min >= WEEK_MIN)

    @property
    def breakpoints_min(self) -> Ints:
        """The minutes at which somebody comes or goes; after Sunday comes Monday."""
        before = np.roll(self.state, 1)
        holiday = int(np.searchsorted(self.start_min, WEEK_MIN))
        before[0], before[holiday] = self.state[holiday - 1], self.state[-1]
        return self.start_min[self.state != before]

    def _held(self, stretches: Mask) -> Ints:
        """Sum the minutes of some stretches by state."""
        held: Ints = np.zeros(len(self), dtype=np.int64)
        np.add.at(held, self.state[stretches], (self.end_min - self.start_min)[stretches])
        return held


def duty_states(duty: DutyHours, *, upper: bool = False) -> DutyStates:
    """
    Group the week and the holiday by who is on duty.

    Whatever depends on who is on duty alone, as coverage does, needs computing once per state.
    The holiday stands for a day amid holidays: its early hours are those after a holiday.
    `DutyHours.at` knows the night after an ordinary eve.

    Parameters
    ----------
    duty
        The hours of n posts.
    upper
        Whether uncertain hours count.

    Returns
    -------
    states
        In the order in which they first hold, from Monday 00:00.
    """
    pieces = duty.pieces(upper=upper)
    start, end = pieces.start.astype(np.int64), pieces.end.astype(np.int64)
    edges = np.unique(np.concatenate(([0, WEEK_MIN, AXIS_MIN], start, end)))
    # A pattern's stretches are apart, so it comes or goes at most once at an edge.
    change = np.zeros((len(edges), len(duty.readings)), dtype=np.int8)
    change[np.searchsorted(edges, start), pieces.key] = 1
    change[np.searchsorted(edges, end), pieces.key] = -1
    manned = change.cumsum(axis=0, dtype=np.int8)[:-1] > 0
    numbers: dict[bytes, int] = {}
    state = np.array([numbers.setdefault(row.tobytes(), len(numbers)) for row in manned])
    _, first = np.unique(state, return_index=True)
    return DutyStates(duty.pattern, manned[first], state, edges[:-1], edges[1:])


def hour_states(states: DutyStates) -> pd.DataFrame:
    """
    Say for every hour of the week and of the holiday which states hold, and for how long.

    Parameters
    ----------
    states
        The states of some posts.

    Returns
    -------
    hours
        One row per hour and state: `hour` (0-167 from Monday 00:00, 168-191 of the holiday),
        `day` (one of `DAYS`), `state`, `minutes`, `share` of the hour; the shares of an hour
        sum to 1.
    """
    cuts = np.union1d(states.start_min, np.arange(0, AXIS_MIN + 1, HOUR_MIN))
    at = np.searchsorted(states.start_min, cuts[:-1], "right") - 1
    pieces = pd.DataFrame(
        {"hour": cuts[:-1] // HOUR_MIN, "state": states.state[at], "minutes": np.diff(cuts)}
    )
    # A state may hold twice within an hour.
    hours = pieces.groupby(["hour", "state"], as_index=False)["minutes"].sum()
    day = np.array(DAYS, dtype=object)[hours["hour"] * HOUR_MIN // DAY_MIN]
    hours.insert(1, "day", day)
    return hours.assign(share=hours["minutes"] / HOUR_MIN)
