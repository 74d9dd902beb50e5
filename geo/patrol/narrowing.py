"""Problems made smaller: fewer tasks, shorter shifts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.problem import PatrolProblem

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]


def without(problem: PatrolProblem, tasks: Bools) -> PatrolProblem:
    """
    Take tasks out of a problem.

    Parameters
    ----------
    problem
        The problem.
    tasks
        t claims: the task goes.

    Returns
    -------
    problem
        With the same numbers of tasks and ways; no crew can do those tasks, none is required.
    """
    work_s = np.where(tasks[problem.visits.task], -1, problem.visits.work_s)
    visits = replace(problem.visits, work_s=work_s)
    return replace(problem, visits=visits, required=problem.required & ~tasks)


def only(problem: PatrolProblem, tasks: Bools) -> PatrolProblem:
    """
    Make a problem of doing all of some tasks and nothing else.

    Parameters
    ----------
    problem
        The problem.
    tasks
        t claims: the task has to be done.

    Returns
    -------
    problem
        With the same numbers of tasks and ways.
    """
    return replace(without(problem, ~tasks), required=tasks)


def shortened(problem: PatrolProblem, most_s: Floats) -> PatrolProblem:
    """
    Make shifts shorter.

    Parameters
    ----------
    problem
        The problem.
    most_s
        u durations that shifts may not be longer than.

    Returns
    -------
    problem
        Otherwise the same.
    """
    longest_s = np.minimum(problem.crews.longest_s, np.floor(most_s).astype(np.int64))
    return replace(problem, crews=replace(problem.crews, longest_s=longest_s))
