"""Shifts of equal length: a plan in which no crew is out much longer than another, its price."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.patrol.checking import check
from geo.patrol.levelling import Level, Shifts, level
from geo.patrol.narrowing import only, shortened
from geo.patrol.pacing import Pace, with_breaks
from geo.patrol.solving import solve
from geo.patrol.wholes import MOST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.problem import PatrolProblem, Routes
    from geo.patrol.solving import Solved

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Why = Literal["", "few_tasks", "shortest_bound", "longest_bound", "time", "search"]

STEPS: Final = 6
"""How often the longest shift is halved towards the shortest possible: to 1/64 of what is open."""

TIGHTEST: Final = 2
"""How many of the plans of the bisection are levelled, those of the shortest shifts first."""

ROUNDS: Final = 4
"""How often the levelling of the best plan begins again with random moves."""


@dataclass(frozen=True, eq=False)
class Balanced:
    """
    A plan whose shifts are alike, and what that costs.

    What is balanced is the duration of the shift, from leaving the start to reaching the end, with
    waiting and the break, as a share of how long the crew may be out.

    Parameters
    ----------
    routes
        The plan; it does every task of the plan it began with.
    crews
        One row per crew: `crew`, `counted` (it can do something), `duration_s`, `wait_s` (what of
        it is waiting), `work_s` (the rest: work, ways and break), `shift_s` (how long it may be
        out), `share` (of that).
    curve
        One row per plan met that no other betters in all of `longest_s`, `spread` and
        `distance_m`, by `longest_s`; also `shortest_s`. The price of every step towards balance.
    base_m
        Length of the plan it began with.
    distance_m
        Length of the plan.
    wanted
        The spread asked for.
    why
        Why the spread is larger than that; empty when it is not. "few_tasks": fewer tasks than
        crews; "shortest_bound": the crew of the shortest shift can do no task of another;
        "longest_bound": no other crew can do any task of the crew of the longest; "time": the
        search ran out of it; "search": nothing better was found, which proves nothing.
    stopped_by
        "time" when that ended the search, so that a seed may not repeat it; else "iterations".
    seed
        The seed of the search.
    seconds
        How long it took.
    """

    routes: Routes
    crews: pd.DataFrame
    curve: pd.DataFrame
    base_m: int
    distance_m: int
    wanted: float
    why: Why
    stopped_by: Literal["iterations", "time"]
    seed: int
    seconds: float

    @property
    def reached(self) -> bool:
        """Whether the spread is as small as asked."""
        return not self.why

    @property
    def spread(self) -> float:
        """By what share the shortest shift falls short of the longest."""
        return _spread(self.crews, "duration_s")

    @property
    def work_spread(self) -> float:
        """The same without waiting: larger by far where waiting makes shifts look alike."""
        return _spread(self.crews, "work_s")

    @property
    def longest_s(self) -> int:
        """Duration of the longest shift."""
        return int(self._counted_s().max(initial=0))

    @property
    def shortest_s(self) -> int:
        """Duration of the shortest shift."""
        counted_s = self._counted_s()
        return int(counted_s.min()) if counted_s.size else 0

    def _counted_s(self) -> Ints:
        """Return the durations of the crews that count."""
        return self.crews.loc[self.crews["counted"], "duration_s"].to_numpy()

    @property
    def price_m(self) -> int:
        """How much longer all ways are than without balance, in metres."""
        return self.distance_m - self.base_m

    @property
    def price_share(self) -> float:
        """The same as a share of the plan it began with."""
        return self.price_m / self.base_m if self.base_m else 0.0


def balanced(
    problem: PatrolProblem,
    base: Solved,
    *,
    spread: float = 0.05,
    seed: int = 0,
    iterations: int = 2_000,
    time_limit_s: float = 60.0,
) -> Balanced:
    """
    Make the shifts of a plan alike, each task that it does still done.

    The longest shift is shortened by bisection as long as all tasks find a place; then stops move
    between crews until the shortest shift, too, is long enough. A crew that can do nothing does
    not count; any other that stays idle has a shift of 0 s. No shift is filled by waiting.

    Parameters
    ----------
    problem
        The problem. Crews that may be out for different times (the shorter of `longest_s` and
        their hours) are balanced by the share of it.
    base
        A plan for it, as short as it can be.
    spread
        How far the shortest shift may fall short of the longest, as a share; 0 or more, below 1.
    seed
        Makes the random moves; 0 or more.
    iterations
        Of each search of the bisection.
    time_limit_s
        Outer limit of the whole call, in seconds; greater than 0.

    Returns
    -------
    balanced
        The shortest plan met whose spread is as asked; if none is, that of the least spread.

    Raises
    ------
    InvalidParameterError
        When an option is outside its range, or the plan breaks a rule of the problem.
    """
    if not 0.0 <= spread < 1.0:
        raise InvalidParameterError(f"spread must be a share of 0 or more below 1, got {spread!r}")
    if not time_limit_s > 0.0:
        raise InvalidParameterError(f"time_limit_s must be > 0, got {time_limit_s!r}")
    found = check(problem, base.routes)
    if len(found):
        raise InvalidParameterError(
            f"base: rule {found['rule'].iloc[0]!r} broken by crew {found['crew'].iloc[0]}; "
            f"solve the same problem first"
        )
    began = time.perf_counter()
    search = _Search(problem, base.routes, spread, seed, began + time_limit_s)
    if max(search.best.spread, search.best.work_spread) > spread:
        search.bisect(iterations)
        search.level()
    late = time.perf_counter() >= search.deadline
    best = search.best
    return Balanced(
        search.routes(best),
        search.table(best),
        search.curve(),
        search.met[0].distance_m,
        best.distance_m,
        spread,
        search.why(late=late),
        "time" if late else "iterations",
        seed,
        time.perf_counter() - began,
    )


def _spread(crews: pd.DataFrame, column: str) -> float:
    """Return by what share the least of a column falls short of the most, by share of shift."""
    counted = np.array(crews["counted"], dtype=np.bool_)
    shifts = Shifts(crews["shift_s"].to_numpy(np.float64), counted)
    return shifts.spread(crews[column].to_numpy())


def unbettered(rows: NDArray[np.float64]) -> Bools:
    """
    Tell which rows no other betters.

    Parameters
    ----------
    rows
        Measures, of each of which less is better.

    Returns
    -------
    unbettered
        False where another row is as good in all measures and better in one.
    """
    no_worse = (rows[:, None] <= rows[None]).all(axis=2)
    better = (rows[:, None] < rows[None]).any(axis=2)
    return ~np.array((no_worse & better).any(axis=0))


class _Search:
    """All plans met, the best of them first to be bettered."""

    def __init__(
        self, problem: PatrolProblem, routes: Routes, wanted: float, seed: int, deadline: float
    ) -> None:
        self.wanted, self.seed, self.deadline = wanted, seed, deadline
        self.problem = only(problem, routes.done(problem))
        self.pace = Pace(self.problem)
        crews = range(len(problem.crews))
        able = np.array([(self.pace.exchanges(crew, ()).way[0] >= 0) for crew in crews])
        self.able = able.reshape(len(problem.crews), problem.tasks)
        self.shifts = Shifts(_shift_s(problem), np.array(self.able.any(axis=1)))
        self.best = self._level(routes)
        self.met = [self.best]

    def _level(self, routes: Routes) -> Level:
        """Time routes."""
        plan = [routes.stops_of(crew).tolist() for crew in range(len(self.problem.crews))]
        return Level.of(self.pace, plan, self.shifts)

    def _take(self, plan: Level) -> None:
        """Note a plan."""
        self.met.append(plan)
        if plan.better_than(self.best, self.wanted):
            self.best = plan

    def bisect(self, iterations: int) -> None:
        """Halve the way from the longest shift to what all would be if each worked the same."""
        first = self.best
        high = self._longest(first.duration_s)
        # The base is as short as can be found: seldom is less time spent in all than there.
        low = float((first.work_s / self.shifts.shift_s)[self.shifts.counted].mean())
        start = self.routes(first)
        for _ in range(STEPS):
            left_s = self.deadline - time.perf_counter()
            if left_s <= 0.0:
                break
            middle = (low + high) / 2.0
            limited = shortened(self.problem, middle * self.shifts.shift_s)
            solved = solve(
                limited, seed=self.seed, iterations=iterations, time_limit_s=left_s, start=start
            )
            if (solved.routes.done(limited) < self.problem.required).any():
                low = middle
                continue
            plan, start = self._level(solved.routes), solved.routes
            high = self._longest(plan.duration_s)
            self._take(plan)

    def _longest(self, duration_s: Ints) -> float:
        """Return the largest share of its shift that a crew is busy."""
        return float((duration_s / self.shifts.shift_s)[self.shifts.counted].max())

    def level(self) -> None:
        """Level the plans of the shortest shifts, and the best of all again and again."""
        for plan in self.met[-TIGHTEST:]:
            self._take(self._levelled(plan, rounds=0))
        self._take(self._levelled(self.best, rounds=ROUNDS))

    def _levelled(self, plan: Level, *, rounds: int) -> Level:
        """Level a plan."""
        return level(
            self.pace, self.shifts, plan,
            wanted=self.wanted, seed=self.seed, rounds=rounds, deadline=self.deadline,
        )  # fmt: skip

    def routes(self, plan: Level) -> Routes:
        """Put the breaks of a plan in their place."""
        return with_breaks(self.problem, plan.plan)

    def table(self, plan: Level) -> pd.DataFrame:
        """Return the frame of crews."""
        return pd.DataFrame(
            {
                "crew": np.arange(len(self.problem.crews)),
                "counted": self.shifts.counted,
                "duration_s": plan.duration_s,
                "wait_s": plan.duration_s - plan.work_s,
                "work_s": plan.work_s,
                "shift_s": self.shifts.shift_s.astype(np.int64),
                "share": plan.duration_s / self.shifts.shift_s,
            }
        )

    def curve(self) -> pd.DataFrame:
        """Return the frame of the plans that no other betters."""
        rows = np.array([(*self._ends(plan), plan.spread, plan.distance_m) for plan in self.met])
        rows = np.unique(rows, axis=0)
        rows = rows[unbettered(rows[:, [0, 2, 3]])]
        frame = pd.DataFrame(rows, columns=["longest_s", "shortest_s", "spread", "distance_m"])
        return frame.astype(dict.fromkeys(("longest_s", "shortest_s", "distance_m"), np.int64))

    def _ends(self, plan: Level) -> tuple[int, int]:
        """Return the longest and the shortest shift of a plan."""
        counted = plan.duration_s[self.shifts.counted]
        return int(counted.max(initial=0)), int(counted.min()) if counted.size else 0

    def why(self, *, late: bool) -> Why:
        """Say why the best plan is not level enough."""
        best, counted = self.best, np.flatnonzero(self.shifts.counted)
        if best.spread <= self.wanted:
            return ""
        shares = (best.duration_s / self.shifts.shift_s)[counted]
        shortest, longest = counted[np.argmin(shares)], counted[np.argmax(shares)]
        doing = np.zeros_like(self.able)
        for crew, ways in enumerate(best.plan):
            doing[crew, self.pace.task[list(ways)]] = True
        if doing.sum() < len(counted):
            return "few_tasks"
        if not (self.able[shortest] & ~doing[shortest]).any():
            return "shortest_bound"
        if not (np.delete(self.able, longest, axis=0) & doing[longest]).any():
            return "longest_bound"
        return "time" if late else "search"


def _shift_s(problem: PatrolProblem) -> NDArray[np.float64]:
    """Return how long each crew may be out; a crew without limit as long as the longest other."""
    crews = problem.crews
    shift_s = np.minimum(crews.longest_s, crews.late_s - crews.early_s).astype(np.float64)
    endless = crews.late_s >= MOST
    endless &= crews.longest_s >= MOST
    if endless.any() and not endless.all():
        shift_s[endless] = shift_s[~endless].max()
    return np.maximum(shift_s, 1.0)
