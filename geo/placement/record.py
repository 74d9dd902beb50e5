"""The best answer and the best bound so far, and whether to go on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.placement.problem import SLACK, rounded
from geo.placement.proposal import Proposal, Search, Stop, gap_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.placement.problem import Roles

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MEET: Final = 1e-9
"""Objective and bound that differ by no more than this share differ by rounding alone."""

WIDE: Final = 0.05
"""Across a gap wider than this the exact solver seldom comes to an end,"""

NARROW: Final = 10
"""so it is then asked with so many times fewer pairs only."""


@dataclass(eq=False)
class Record:
    """
    What a search has reached, in the unit of its problem.

    Parameters
    ----------
    search
        How long to look.
    more
        Whether more is better.
    whole
        Whether every objective is whole.
    roles
        The part each site plays.
    unit
        The unit of objective and bound.
    """

    search: Search
    more: bool
    whole: bool
    roles: Roles
    unit: float
    chosen: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    method: str = "greedy"
    bound_method: str = "everything"
    stopped_by: Stop = "no_improvement"
    began: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        """Begin with no answer and no bound."""
        self.value = -np.inf if self.more else np.inf
        self.bound = -self.value
        self.greedy = self.value

    def offer(self, value: float, chosen: Ints, method: str) -> bool:
        """Take an answer if it is better; the first is the greedy one."""
        if np.isinf(self.greedy):
            self.greedy = value
        if (value > self.value) if self.more else (value < self.value):
            self.value, self.chosen, self.method = value, chosen.copy(), method
            return True
        return False

    def prove(self, bound: float, method: str) -> None:
        """Take a bound if it is better."""
        bound = float(rounded(bound, whole=self.whole, up=not self.more))
        if (bound < self.bound) if self.more else (bound > self.bound):
            self.bound, self.bound_method = bound, method

    def hopeless(self, bounds: Floats) -> NDArray[np.bool_]:
        """Say which bounds leave no room for an answer better than the one there is."""
        size = abs(self.value)
        edge = 1.0 - SLACK[0] - SLACK[1] * size if self.whole else -MEET * size
        return bounds < self.value + edge if self.more else bounds > self.value - edge

    def closable(self, pairs: int) -> bool:
        """Say whether the exact solver can be expected to close so many open pairs."""
        most = self.search.exact_entries
        if np.isfinite(self.value) and gap_between(self.value, self.bound) > WIDE:
            most //= NARROW
        return pairs <= most

    @property
    def seconds_left(self) -> float:
        """Seconds until the outer limit; below 0 past it."""
        return self.began + self.search.seconds - time.perf_counter()

    def settled(self) -> bool:
        """Say whether there is nothing more to do, and note why."""
        known = bool(np.isfinite(self.value) and np.isfinite(self.bound))
        open_by = (self.bound - self.value) if self.more else (self.value - self.bound)
        if known and open_by <= MEET * abs(self.value):
            self.bound = self.value
            self.stopped_by = "optimal"
        elif known and gap_between(self.value, self.bound) <= self.search.gap:
            self.stopped_by = "gap"
        elif self.seconds_left <= 0.0:
            self.stopped_by = "time"
        else:
            return False
        return True

    def proposal(self, objective: float, impossible: Ints) -> Proposal:
        """Return the outcome; `objective` is reckoned anew from the input."""
        met = self.bound == self.value
        added = np.union1d(self.chosen, self.roles.must)
        return Proposal(
            sites=np.union1d(self.roles.kept, self.chosen),
            added=added,
            objective=objective,
            bound=objective if met else self.bound * self.unit,
            greedy=objective if self.greedy == self.value else self.greedy * self.unit,
            method=self.method,
            bound_method=self.bound_method,
            stopped_by=self.stopped_by,
            seconds=time.perf_counter() - self.began,
            seed=self.search.seed,
            impossible=impossible,
        )
