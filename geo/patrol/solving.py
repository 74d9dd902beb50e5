"""Routes for a patrol problem: PyVRP searches, breaks are put in their place to the second."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geo.errors import InvalidParameterError
from geo.patrol.breaks import Fitted, fit
from geo.patrol.handing import Handed
from geo.patrol.offering import Offer, doable, resting, spread
from geo.patrol.problem import BREAK, HERE, UNREACHABLE, Routes
from geo.patrol.searching import Limits, searched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geo.patrol.problem import PatrolProblem

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Stop = Literal["iterations", "no_improvement", "time"]

SHARES: Final = (0.5, 0.25, 0.25)
"""Shares of the iterations for the rounds of a problem with breaks: at first breaks are at a few
places all over, then at the stops of the routes found, where they cost no way."""

PROBE: Final = 0.1
"""Share of the iterations after which a plan that does all required tasks is given up."""


@dataclass(frozen=True, eq=False)
class Solved:
    """
    Routes and how they were found.

    Parameters
    ----------
    routes
        Every one can be done; tasks that are not in them are left out.
    stopped_by
        What ended the search. Unless that was the time, the same seed gives the same routes.
    iterations
        Of the search.
    seconds
        That it took.
    distance_m
        Length of the routes.
    cost_m
        The same, and the prizes of the optional tasks that are left out.
    """

    routes: Routes
    stopped_by: Stop
    iterations: int
    seconds: float
    distance_m: int
    cost_m: int


def solve(
    problem: PatrolProblem,
    *,
    seed: int = 0,
    iterations: int = 20_000,
    patience: int | None = None,
    time_limit_s: float = 60.0,
    start: Routes | None = None,
) -> Solved:
    """
    Find short routes that do all required tasks, and optional ones that are worth their way.

    When not all required tasks can be done, as many as possible are, those of larger prize first.
    A crew whose break does not fit gives up tasks, not the break.

    Parameters
    ----------
    problem
        The problem.
    seed
        Makes the random moves; 0 or more.
    iterations
        Of the search; 1 or more.
    patience
        Stop after so many iterations without a better plan; None to go on.
    time_limit_s
        Outer limit, in seconds; greater than 0.
    start
        Routes to start from; what comes back is never worse, if they can be done.

    Returns
    -------
    solved
        The best routes found.

    Raises
    ------
    InvalidParameterError
        When an option is outside its range, or `start` is no plan for this problem.
    """
    for name, value, lowest in (("seed", seed, 0), ("iterations", iterations, 1)):
        if not value >= lowest:
            raise InvalidParameterError(f"{name} must be {lowest} or more, got {value!r}")
    if patience is not None and not patience >= 1:
        raise InvalidParameterError(f"patience must be 1 or more, or None, got {patience!r}")
    if not time_limit_s > 0:
        raise InvalidParameterError(f"time_limit_s must be > 0, got {time_limit_s!r}")
    search = _Search(problem, seed, patience, time.perf_counter(), time_limit_s)
    if start is not None:
        search.take(_known(problem, start))
    if search.offered.any():
        search.run(iterations)
    return search.solved()


class _Search:
    """The best plan so far, and what is left of iterations and time."""

    def __init__(
        self,
        problem: PatrolProblem,
        seed: int,
        patience: int | None,
        began: float,
        time_limit_s: float,
    ) -> None:
        self.problem, self.patience = problem, patience
        self.random = np.random.default_rng(seed)
        self.began, self.limit_s = began, time_limit_s
        self.offered = doable(problem)
        self.worth = _worth(problem)
        self.plan: dict[int, Fitted] = {}
        self.done = np.zeros(problem.tasks, dtype=np.bool_)
        self.cost = int(self.worth.sum())
        self.seen: Mapping[int, Sequence[int]] = {}
        self.iterations = 0
        self.stopped_by: Stop = "iterations"

    def take(self, ways: Mapping[int, Sequence[int]]) -> None:
        """Take a plan if it is better, without what no crew has time for."""
        self.seen = ways
        plan, done = {}, np.zeros(self.problem.tasks, dtype=np.bool_)
        for crew, stops in ways.items():
            fitted = fit(self.problem, crew, stops)
            if fitted is None:
                fitted = self._lightened(crew, stops)
            if fitted.stops:
                plan[crew] = fitted
                kept = [way for way, _ in fitted.stops if way != BREAK]
                done[self.problem.visits.task[kept]] = True
        cost = sum(each.distance_m for each in plan.values()) + int(self.worth[~done].sum())
        if cost < self.cost:
            self.plan, self.done, self.cost = plan, done, cost

    def _lightened(self, crew: int, ways: Sequence[int]) -> Fitted:
        """Keep what fits of a route, what is worth most first."""
        worth = self.worth[self.problem.visits.task[ways]]
        best = Fitted([], HERE, 0, 0)
        kept: list[int] = []
        for row in np.argsort(-worth, kind="stable").tolist():
            tried = sorted([*kept, row])
            fitted = fit(self.problem, crew, [ways[each] for each in tried])
            if fitted is not None:
                best, kept = fitted, tried
        return best

    def run(self, iterations: int) -> None:
        """Find out whether all tasks can be done, then search; with breaks, at the stops found."""
        ways = np.flatnonzero(self.offered.any(axis=0))
        wanted = np.zeros(self.problem.tasks, dtype=np.bool_)
        wanted[self.problem.visits.task[ways]] = True
        wanted &= self.problem.required
        hard = bool(self.done[wanted].all()) or self._round(
            PROBE * iterations, hard=True, probe=True
        )
        resting = (self.problem.crews.break_s[self.offered.any(axis=1)] > 0).any()
        left = iterations - self.iterations
        for share in SHARES if resting else (1.0,):
            if self.stopped_by == "time":
                return
            self._round(share * left, hard=hard)
            hard = hard or bool(self.done[wanted].all())

    def _round(self, share: float, *, hard: bool, probe: bool = False) -> bool:
        """Search once; tell whether the model could do all that it had to."""
        iterations = max(1, round(share))
        left_s = max(self.limit_s - (time.perf_counter() - self.began), 0.0)
        handed = Handed.of(self.problem, self._offer(hard=hard))
        known = {crew: each.stops for crew, each in self.plan.items()}
        found = searched(
            handed.data,
            Limits(iterations, left_s, self.patience, probe),
            seed=int(self.random.integers(2**31)),
            known=handed.solution(known) if known else None,
        )
        self.iterations += found.iterations
        if time.perf_counter() - self.began >= self.limit_s:
            self.stopped_by = "time"
        else:
            early = found.iterations < iterations
            self.stopped_by = "no_improvement" if early else "iterations"
        self.take(handed.plan(found.solution))
        return found.feasible

    def _offer(self, *, hard: bool) -> Offer:
        """Choose where breaks may be: at the stops of a crew that has a route, else anywhere."""
        crews = np.flatnonzero(self.offered.any(axis=1))
        rests = {}
        for crew in crews[self.problem.crews.break_s[crews] > 0].tolist():
            known = self.plan[crew].stops if crew in self.plan else []
            ways = [*self.seen.get(crew, []), *(way for way, _ in known if way != BREAK)]
            if not ways:
                ways = spread(self.problem, crew, np.flatnonzero(self.offered[crew])).tolist()
            rests[crew] = resting(self.problem, crew, ways)
        return Offer(crews, np.flatnonzero(self.offered.any(axis=0)), self.worth, hard, rests)

    def solved(self) -> Solved:
        """Put the best plan in terms of routes."""
        rows = [
            (crew, way, self.plan[crew].place if way == BREAK else HERE)
            for crew in sorted(self.plan)
            for way, _ in self.plan[crew].stops
        ]
        crew, visit, place = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        distance = sum(each.distance_m for each in self.plan.values())
        missed = ~self.done & ~self.problem.required
        return Solved(
            Routes(crew, visit, place),
            self.stopped_by,
            self.iterations,
            time.perf_counter() - self.began,
            distance,
            distance + int(self.problem.prize_m[missed].sum()),
        )


def _known(problem: PatrolProblem, start: Routes) -> dict[int, list[int]]:
    """Return the ways of each crew, after a look whether they are of this problem."""
    visit = start.visit[start.visit != BREAK]
    for name, rows, count in (
        ("crew", start.crew, len(problem.crews)),
        ("visit", visit, len(problem.visits)),
    ):
        wrong = rows[(rows < 0) | (rows >= count)]
        if wrong.size:
            raise InvalidParameterError(
                f"start: {name} {wrong[0]} met, but the problem has {count}; give routes for it"
            )
    times = np.bincount(problem.visits.task[visit], minlength=problem.tasks)
    if times.max(initial=0) > 1:
        raise InvalidParameterError(
            f"start: task {np.argmax(times)} is done {times.max()} times; leave all but one out"
        )
    return {crew: start.stops_of(crew).tolist() for crew in np.unique(start.crew).tolist()}


def _worth(problem: PatrolProblem) -> Ints:
    """Return prizes: more for one required task than any plan can be long."""
    reached = problem.distance_m[problem.distance_m < UNREACHABLE]
    farthest = int(reached.max(initial=0)) + int(problem.visits.work_m.max(initial=0))
    beyond = (problem.tasks + len(problem.crews)) * farthest + int(problem.prize_m.sum()) + 1
    return problem.prize_m + np.where(problem.required, beyond, 0)
