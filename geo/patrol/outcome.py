"""What came out of planning one part: routes, their times, and how good they are known to be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.patrol.balance import balanced
from geo.patrol.bounds import distance_bound
from geo.patrol.checking import check, check_times
from geo.patrol.offering import doable
from geo.patrol.relaxing import inserted
from geo.patrol.solving import solve
from geo.patrol.timetable import simulate
from geo.patrol.wholes import MOST

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo.patrol.balance import Balanced
    from geo.patrol.problem import PatrolProblem, Routes
    from geo.patrol.timetable import Timetable

    Bools = NDArray[np.bool_]

PATIENCE: Final = 4
"""A search ends when this part of its iterations, a quarter, brought nothing better."""

BISECTED: Final = 8
"""Balance searches several times, each with this part of the iterations, an eighth."""


@dataclass(frozen=True)
class Search:
    """
    How to look for the routes of one part.

    Parameters
    ----------
    seed
        Makes the random moves, and the hours; 0 or more.
    iterations
        Of each search; they end it, so that a seed repeats its plan.
    time_limit_s
        Outer limit for the part, in seconds.
    spread
        How far the shortest shift may fall short of the longest, as a share; None for routes that
        are short, whoever walks them.
    """

    seed: int
    iterations: int
    time_limit_s: float
    spread: float | None


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    The plan of one part.

    Parameters
    ----------
    routes
        Who does what, in order.
    timetable
        When, as the checker lived through it.
    violations
        What the checker found, as `geo.patrol.checking` gives it; empty when all is well.
    bound_m
        What no plan of the same tasks can undercut, in metres.
    stopped_by
        What ended the search.
    iterations
        Of the search.
    seconds
        That it took.
    counted
        u claims: the crew can do something, so that it counts when shifts are compared.
    balance
        How the shifts were made alike, and its price; None where that was not asked for, or there
        is one crew.
    """

    routes: Routes
    timetable: Timetable
    violations: pd.DataFrame
    bound_m: float
    stopped_by: str
    iterations: int
    seconds: float
    counted: Bools
    balance: Balanced | None = None


def outcome_of(problem: PatrolProblem, search: Search) -> Outcome:
    """
    Plan one part.

    Parameters
    ----------
    problem
        The problem of the part.
    search
        How to look.

    Returns
    -------
    outcome
        Routes and all that is known about them. What the search left out although there is room
        is put in; shifts are made alike where that is asked; then all is checked.
    """
    solved = solve(
        problem,
        seed=search.seed,
        iterations=search.iterations,
        patience=max(search.iterations // PATIENCE, 1),
        time_limit_s=search.time_limit_s / (1 if search.spread is None else 2),
    )
    routes, stopped_by, balance = filled(problem, solved.routes), str(solved.stopped_by), None
    counted: Bools = np.asarray(doable(problem).any(axis=1))
    seconds = solved.seconds
    # Routes that break a rule are told as they are, not made alike.
    sound = counted.sum() > 1 and len(routes.crew) > 0 and check(problem, routes).empty
    if search.spread is not None and sound:
        balance = balanced(
            problem,
            replace(solved, routes=routes),
            spread=search.spread,
            seed=search.seed,
            iterations=max(search.iterations // BISECTED, 1),
            time_limit_s=max(search.time_limit_s - seconds, 0.01),
        )
        routes, seconds = balance.routes, seconds + balance.seconds
        stopped_by = "time" if balance.stopped_by == "time" else stopped_by
    return Outcome(
        routes, *_judged(problem, routes, seed=search.seed), stopped_by, solved.iterations,
        seconds, counted, balance,
    )  # fmt: skip


def with_routes(problem: PatrolProblem, outcome: Outcome, routes: Routes, *, seed: int) -> Outcome:
    """
    Exchange the routes of a part, such as for mended ones, and check them anew.

    Parameters
    ----------
    problem
        The problem of the part.
    outcome
        Its plan.
    routes
        Other routes for it.
    seed
        What the hours are drawn from.

    Returns
    -------
    outcome
        Without a word on balance: that spoke of the routes as they were.
    """
    timetable, violations, bound_m = _judged(problem, routes, seed=seed)
    return replace(
        outcome, routes=routes, timetable=timetable, violations=violations, bound_m=bound_m,
        balance=None,
    )  # fmt: skip


def _judged(
    problem: PatrolProblem, routes: Routes, *, seed: int
) -> tuple[Timetable, pd.DataFrame, float]:
    """Live through routes, check them, and bound their length."""
    timetable, violations = lived(problem, routes, seed=seed)
    return (
        timetable, violations, distance_bound(problem, np.flatnonzero(routes.done(problem)))
    )  # fmt: skip


def lived(problem: PatrolProblem, routes: Routes, *, seed: int) -> tuple[Timetable, pd.DataFrame]:
    """
    Set the hours of routes by the seed, and check them.

    A crew that is done before its shift ends leaves its start at a time drawn from all those that
    break no rule and make nobody wait: nights differ at no cost in way.

    Parameters
    ----------
    problem
        The problem.
    routes
        Its routes.
    seed
        Makes the draw.

    Returns
    -------
    timetable, violations
        When each crew is where, and what is wrong with that.
    """
    base = simulate(problem, routes)
    crews = problem.crews
    latest = np.array([_latest(problem, base, crew) for crew in range(len(crews))], dtype=np.int64)
    leave = base.crews["leave_s"].to_numpy()
    drawn = np.random.default_rng(seed).random(len(leave))
    early = np.minimum(leave + np.floor(drawn * (latest - leave + 1)).astype(np.int64), latest)
    early = np.where(latest > leave, early, crews.early_s)
    later = simulate(replace(problem, crews=replace(crews, early_s=early)), routes)
    found = check_times(problem, later)
    if not found.empty:
        # One that leaves later may take its break at another stop: then it leaves as it did.
        early[found["crew"].unique()] = crews.early_s[found["crew"].unique()]
        later = simulate(replace(problem, crews=replace(crews, early_s=early)), routes)
        found = check_times(problem, later)
    return later, found


def _latest(problem: PatrolProblem, timetable: Timetable, crew: int) -> int:
    """Return the latest time to leave without waiting, missing a window or the end of the shift."""
    stops = timetable.stops[timetable.stops["crew"] == crew]
    row = timetable.crews.iloc[crew]
    if stops.empty:
        return int(row["leave_s"])
    visit, start = stops["visit"].to_numpy(), stops["start_s"].to_numpy()
    works = visit >= 0
    late = np.full(len(visit), problem.crews.break_late_s[crew])
    late[works] = problem.visits.late_s[visit[works]]
    slack = min(int((late - start).min()), int(problem.crews.late_s[crew] - row["finish_s"]))
    # Who has to wait already left as late as he can.
    return int(row["leave_s"]) + (0 if (stops["wait_s"] > 0).any() else max(slack, 0))


def filled(problem: PatrolProblem, routes: Routes) -> Routes:
    """
    Put in what a search left out although there is room: required tasks, and what is worth its way.

    Parameters
    ----------
    problem
        The problem.
    routes
        Valid ones.

    Returns
    -------
    routes
        Valid ones that do the same and maybe more.
    """
    left = np.flatnonzero(~routes.done(problem))
    order = np.lexsort((-problem.prize_m[left], ~problem.required[left]))
    for task in left[order].tolist():
        most_m = MOST if problem.required[task] else int(problem.prize_m[task]) - 1
        found = inserted(problem, routes, task, most_m=most_m)
        if found is not None:
            routes = found[0]
    return routes
