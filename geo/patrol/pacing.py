"""
How long routes become when a stop is put in, taken out or exchanged.

Searches ask that a hundred thousand times, hence kernels; `geo.patrol.breaks.fit` says the same of
one route, and where its break is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.errors import InvalidParameterError
from geo.patrol import clockwork
from geo.patrol.breaks import fit
from geo.patrol.clockwork import Tables
from geo.patrol.problem import BREAK, HERE, Routes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.patrol.problem import PatrolProblem

    Ints = NDArray[np.int64]
    Plan = tuple[tuple[int, ...], ...]

KEPT: Final = 1_000
"""Routes whose exchanges are kept, the latest: a quarter of a megabyte each where 230 tasks are
done by ten crews."""


class Paced(NamedTuple):
    """
    What a route without its break comes to.

    Parameters
    ----------
    distance_m
        Its length; -1 when it cannot be done, wherever the break is.
    duration_s
        From the latest start to the end, with its waits and the break.
    wait_s
        What of it is waiting.
    """

    distance_m: int
    duration_s: int
    wait_s: int


class Exchanges(NamedTuple):
    """
    What becomes of a route of n stops when one of them, or none, makes room for another task.

    Each array is (n + 1) x tasks, the last row for none. The way and position are those that make
    the shortest route that can be done.

    Parameters
    ----------
    way
        The way that comes in; -1 when there is none that fits.
    position
        Where, in the route without the stop that leaves.
    distance_m
        Length of the new route.
    duration_s
        Its duration.
    wait_s
        What of that is waiting.
    """

    way: Ints
    position: Ints
    distance_m: Ints
    duration_s: Ints
    wait_s: Ints


class Pace:
    """
    Routes of one problem, timed to the second.

    Answers are kept, since searches come back to the same routes.

    Parameters
    ----------
    problem
        The problem.
    """

    def __init__(self, problem: PatrolProblem) -> None:
        crews, visits = problem.crews, problem.visits
        self.problem, self.task = problem, visits.task
        by_task = np.argsort(visits.task, kind="stable")
        self._tables = Tables(
            problem.distance_m,
            problem.duration_s,
            np.column_stack(
                (crews.profile, crews.start, crews.end, crews.early_s, crews.late_s,
                 crews.longest_s, crews.capacity, crews.break_s, crews.break_early_s,
                 crews.break_late_s)
            ),
            np.column_stack(
                (visits.entry, visits.exit, visits.work_m, visits.early_s, visits.late_s,
                 visits.load, visits.task)
            ),
            problem.visits.work_s,
            problem.able,
            problem.rest_places,
            np.searchsorted(visits.task[by_task], np.arange(problem.tasks + 1)),
            by_task,
        )  # fmt: skip
        self._paced: dict[tuple[int, tuple[int, ...]], Paced] = {}
        self._exchanges: dict[tuple[int, tuple[int, ...]], Exchanges] = {}

    def of(self, crew: int, ways: Sequence[int]) -> Paced:
        """
        Time a route.

        Parameters
        ----------
        crew
            Row of `Crews`.
        ways
            Ways in order, without the break, which is put where it costs least.

        Returns
        -------
        paced
            What it comes to.
        """
        key = (crew, tuple(ways))
        if key not in self._paced:
            stops = np.array(key[1], dtype=np.int64)
            self._paced[key] = Paced(
                *map(int, clockwork.paced(self._tables, crew, stops, len(stops)))
            )
        return self._paced[key]

    def plan(self, plan: Plan) -> Ints:
        """
        Time the routes of all crews.

        Parameters
        ----------
        plan
            Ways of each crew.

        Returns
        -------
        paced
            3 x u: length, duration and waiting.
        """
        paced = [self.of(crew, ways) for crew, ways in enumerate(plan)]
        return np.array(paced, dtype=np.int64).reshape(-1, 3).T

    def exchanges(self, crew: int, ways: Sequence[int]) -> Exchanges:
        """
        Try every task in a route, beside its stops and instead of each.

        Parameters
        ----------
        crew
            Row of `Crews`.
        ways
            Ways in order, without the break.

        Returns
        -------
        exchanges
            Rows are stops; a task that is in the route already is tried in the row of its own
            stop alone, where it may find a better position.
        """
        key = (crew, tuple(ways))
        if key not in self._exchanges:
            if len(self._exchanges) >= KEPT:
                del self._exchanges[next(iter(self._exchanges))]
            stops = np.array(key[1], dtype=np.int64)
            self._exchanges[key] = Exchanges(*clockwork.exchanges(self._tables, crew, stops))
        return self._exchanges[key]


def with_breaks(problem: PatrolProblem, plan: Sequence[Sequence[int]]) -> Routes:
    """
    Put the breaks of a plan where they cost least.

    Parameters
    ----------
    problem
        The problem.
    plan
        Ways of each crew, in order; they can be done.

    Returns
    -------
    routes
        With their breaks.
    """
    rows = []
    for crew, ways in enumerate(plan):
        fitted = fit(problem, crew, list(ways))
        if fitted is None:
            raise InvalidParameterError(f"plan: crew {crew} cannot do {list(ways)} in its shift")
        rows += [(crew, way, fitted.place if way == BREAK else HERE) for way, _ in fitted.stops]
    crew_of, visit, place = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Routes(crew_of, visit, place)
