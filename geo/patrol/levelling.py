"""Shifts made alike by hand: stops go over to other crews, or change places, until all agree."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.patrol.rerouting import NOBODY, Moves, moves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.patrol.pacing import Pace, Plan

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

DEARER: Final = 1.2
"""How much more a level plan is worth whenever no move is worth its metres any more."""

LEAST_M: Final = 1.0
"""A move that is better by less, in metres, is not made: so no two moves undo each other."""

LEAST_GAIN: Final = 1e-12
"""What levels less, in squares of shares of a shift, is rounding."""

KICKS: Final = 3
"""Random moves from which a search that is stuck begins again."""

KICKED: Final = 50
"""A random move is one of so many that level most, or unlevel least."""


@dataclass(frozen=True, eq=False)
class Shifts:
    """
    How long shifts may be, and which of them are compared.

    Parameters
    ----------
    shift_s
        u durations of which the shares are taken.
    counted
        u claims: the crew can do something.
    """

    shift_s: Floats
    counted: Bools

    def spread(self, duration_s: Ints) -> float:
        """
        Tell by what share the shortest shift falls short of the longest.

        Parameters
        ----------
        duration_s
            u durations, compared as shares of the shift.

        Returns
        -------
        spread
            0.0 when all are alike, 1.0 when one is idle.
        """
        shares = (duration_s / self.shift_s)[self.counted]
        most = float(shares.max(initial=0.0))
        return 1.0 - float(shares.min()) / most if most > 0.0 else 0.0


@dataclass(frozen=True, eq=False)
class Level:
    """
    A plan and what it comes to.

    Parameters
    ----------
    plan
        Ways of each crew, in order, without breaks.
    paced
        3 x u: length, duration and, in that, waiting of each crew.
    spread
        Of the durations; see `Shifts.spread`.
    work_spread
        Of the durations without waiting.
    """

    plan: Plan
    paced: Ints
    spread: float
    work_spread: float

    @classmethod
    def of(cls, pace: Pace, plan: Sequence[Sequence[int]], shifts: Shifts) -> Level:
        """
        Time a plan that can be done.

        Parameters
        ----------
        pace
            The problem.
        plan
            Ways of each crew.
        shifts
            What is compared.

        Returns
        -------
        level
            Of the plan.
        """
        ways = tuple(tuple(each) for each in plan)
        paced = pace.plan(ways)
        spread, work_spread = shifts.spread(paced[1]), shifts.spread(paced[1] - paced[2])
        return cls(ways, paced, spread, work_spread)

    @property
    def distance_m(self) -> int:
        """Length of the plan."""
        return int(self.paced[0].sum())

    @property
    def duration_s(self) -> Ints:
        """Durations of the shifts of the crews."""
        return self.paced[1]

    @property
    def work_s(self) -> Ints:
        """The same without waiting."""
        return self.paced[1] - self.paced[2]

    def better_than(self, other: Level, wanted: float) -> bool:
        """
        Compare plans by the spread, that without waiting, and the length.

        Parameters
        ----------
        other
            Another plan.
        wanted
            What a spread is less than that does not matter.

        Returns
        -------
        better
            Strictly.
        """
        mine, its = (
            (max(each.spread, wanted), max(each.work_spread, wanted), each.distance_m)
            for each in (self, other)
        )
        return mine < its


def level(
    pace: Pace,
    shifts: Shifts,
    begun: Level,
    *,
    wanted: float,
    seed: int,
    rounds: int,
    deadline: float,
) -> Level:
    """
    Move stops between crews until shifts are alike, then for the shortest plan in which they are.

    Shifts are made alike with and without their waiting, where that cannot be with it. Every stop
    that is done stays done. No move is made after which its two crews wait longer, so that no
    shift is filled by waiting; each stop goes where the way is shortest.

    Parameters
    ----------
    pace
        The problem.
    shifts
        What is compared.
    begun
        The plan to begin with.
    wanted
        The spread that is level enough.
    seed
        Makes the random moves.
    rounds
        How often to begin again with random moves.
    deadline
        Of `time.perf_counter`.

    Returns
    -------
    best
        Never worse than `begun` by `Level.better_than`.
    """
    random = np.random.default_rng(seed)
    best = _descended(pace, shifts, begun, wanted, deadline)
    if begun.better_than(best, wanted):
        best = begun
    for _ in range(rounds):
        if time.perf_counter() >= deadline:
            break
        trial = _kicked(pace, shifts, best, random)
        trial = _descended(pace, shifts, trial, wanted, deadline)
        if trial.better_than(best, wanted):
            best = trial
    return best


def _descended(pace: Pace, shifts: Shifts, now: Level, wanted: float, deadline: float) -> Level:
    """Pay more and more metres for a level plan until it is level enough, then shorten it."""
    for measures in (2, 1):
        worth_m = 0.0
        while max((now.spread, now.work_spread)[:measures]) > wanted:
            if time.perf_counter() >= deadline:
                return now
            tried = _Moves.of(pace, shifts, now)
            gain = tried.levels[:measures].sum(axis=0)
            levelling = gain > LEAST_GAIN
            if not levelling.any():
                break
            cost = tried.longer_m - worth_m * gain
            if cost.min() > -LEAST_M:
                # Where nothing is worth its metres, the metres of the next best move are paid.
                price = (tried.longer_m[levelling] + LEAST_M) / gain[levelling]
                worth_m = max(DEARER * worth_m, float(price.min()))
                cost = tried.longer_m - worth_m * gain
            now = tried.made(pace, shifts, now, int(np.argmin(cost)))
    while time.perf_counter() < deadline:
        tried = _Moves.of(pace, shifts, now)
        most = np.maximum((now.spread, now.work_spread), wanted)[:, None]
        longer_m = np.where((tried.spreads <= most).all(axis=0), tried.longer_m, 0)
        if longer_m.min(initial=0) >= 0:
            break
        now = tried.made(pace, shifts, now, int(np.argmin(longer_m)))
    return now


def _kicked(pace: Pace, shifts: Shifts, now: Level, random: np.random.Generator) -> Level:
    """Make a few random moves."""
    for _ in range(KICKS):
        tried = _Moves.of(pace, shifts, now)
        if not len(tried.kept):
            break
        choice = np.argsort(-tried.levels.sum(axis=0), kind="stable")[:KICKED]
        now = tried.made(pace, shifts, now, int(random.choice(choice)))
    return now


@dataclass(frozen=True, eq=False)
class _Moves:
    """
    The m moves of a plan after which nobody waits longer, so that no shift is filled by waiting.

    Beside how much longer the way is: by how much less the shares differ (2 x m, with and without
    waiting, in variances), and the spread then.
    """

    moves: Moves
    kept: Ints
    longer_m: Ints
    levels: Floats
    spreads: Floats

    @classmethod
    def of(cls, pace: Pace, shifts: Shifts, now: Level) -> _Moves:
        """Look at every stop with every other crew and stop."""
        found = moves(pace, now.plan)
        longer = found.longer(now.paced)
        kept = np.flatnonzero(longer[2] <= 0)
        first = found.crew[0, kept]
        alone = found.crew[1, kept] == NOBODY
        crews = np.stack((first, np.where(alone, first, found.crew[1, kept])))
        judged = []
        for less in (0, 1):
            after = found.paced[:, 1, kept] - less * found.paced[:, 2, kept]
            after[1] = np.where(alone, after[0], after[1])
            judged.append(_judged(now.paced[1] - less * now.paced[2], shifts, crews, after))
        levels, spreads = (np.stack(each) for each in zip(*judged, strict=True))
        return cls(found, kept, longer[0, kept], levels, spreads)

    def made(self, pace: Pace, shifts: Shifts, now: Level, move: int) -> Level:
        """Make a move."""
        return Level.of(pace, self.moves.made(pace, now.plan, int(self.kept[move])), shifts)


def _judged(busy_s: Ints, shifts: Shifts, crews: Ints, after_s: Ints) -> tuple[Floats, Floats]:
    """Return by how much the variance shrinks, and the spread, when two crews have new shares."""
    (a, b), (mine, its) = crews, after_s / shifts.shift_s[crews]
    shares, counted = busy_s / shifts.shift_s, shifts.counted
    n, total = counted.sum(), shares[counted].sum()
    apart = a != b
    added = mine - shares[a] + np.where(apart, its - shares[b], 0.0)
    squared = mine**2 - shares[a] ** 2 + np.where(apart, its**2 - shares[b] ** 2, 0.0)
    levels = ((total + added) / n) ** 2 - (total / n) ** 2 - squared / n

    crews = np.arange(len(shares))
    rest = counted & (crews[:, None, None] != crews) & (crews[None, :, None] != crews)
    most = np.where(rest, shares, -np.inf).max(axis=2)[a, b]
    least = np.where(rest, shares, np.inf).min(axis=2)[a, b]
    most, least = np.maximum(most, np.maximum(mine, its)), np.minimum(least, np.minimum(mine, its))
    return levels, 1.0 - least / np.where(most > 0.0, most, 1.0)
