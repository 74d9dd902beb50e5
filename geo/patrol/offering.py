"""What part of a problem is handed to the solver, and where breaks may be in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geo.patrol.problem import PatrolProblem

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

START: Final = -2
"""The place of a break before the first stop, which is at the start for now: so a crew can be idle,
or become busy, without a way to another place. Then it is taken at the first stop."""

SPREAD: Final = 6
"""Places of tasks at which a break may be while nothing is known of the route of a crew."""

NEAR: Final = 6
"""Rest places, the nearest to its start, at which a crew may have its break while routes are
searched; afterwards all are looked at."""


@dataclass(frozen=True, eq=False)
class Offer:
    """
    What part of a problem is handed over, and what it is worth.

    Parameters
    ----------
    crews
        The crews that take part, ascending.
    ways
        The ways on offer, ascending.
    worth
        t prizes of tasks.
    hard
        Whether required tasks have to be done; otherwise their prize speaks for them.
    rests
        Of each crew that has a break the places where the model may put it: `START` and others.
    """

    crews: Ints
    ways: Ints
    worth: Ints
    hard: bool
    rests: Mapping[int, Sequence[int]]


def doable(problem: PatrolProblem) -> Bools:
    """
    Tell which ways each crew might do: what it could not do alone it can never do.

    That it has to have its break somewhere is left aside, since another stop may be the place for
    it; but a crew without time for its break does nothing.

    Parameters
    ----------
    problem
        The problem.

    Returns
    -------
    doable
        Crews x visits: within skills, load, windows and shift.
    """
    crews, visits = problem.crews, problem.visits
    profile, entry, leave = crews.profile[:, None], visits.entry[None, :], visits.exit[None, :]
    there_s = problem.duration_s[profile, crews.start[:, None], entry]
    home_s = problem.duration_s[profile, leave, crews.end[:, None]]
    work_s = visits.work_s[crews.profile]
    begin_s = np.maximum(crews.early_s[:, None] + there_s, visits.early_s)
    rested_s = np.maximum(crews.early_s, crews.break_early_s) + crews.break_s
    rests = (crews.break_s == 0) | (
        (rested_s <= crews.break_late_s + crews.break_s) & (rested_s <= crews.late_s)
    )
    return (
        problem.able
        & rests[:, None]
        & (visits.load <= crews.capacity[:, None])
        & (begin_s <= visits.late_s)
        & (begin_s + work_s + home_s <= crews.late_s[:, None])
        & (there_s + work_s + home_s + crews.break_s[:, None] <= crews.longest_s[:, None])
    )


def resting(problem: PatrolProblem, crew: int, ways: Sequence[int]) -> list[int]:
    """
    List places where a model may put the break of a crew.

    Parameters
    ----------
    problem
        The problem.
    crew
        Row of `Crews`.
    ways
        Ways whose places come into question.

    Returns
    -------
    places
        `START`, entries, exits, and rest places.
    """
    crews, visits = problem.crews, problem.visits
    away = problem.duration_s[crews.profile[crew], crews.start[crew], problem.rest_places]
    near = problem.rest_places[np.argsort(away, kind="stable")[:NEAR]]
    stops = np.concatenate((visits.entry[ways], visits.exit[ways], near))
    return [START, *np.unique(stops).tolist()]


def spread(problem: PatrolProblem, crew: int, ways: Ints) -> Ints:
    """
    Choose a few ways that are far from each other.

    Parameters
    ----------
    problem
        The problem.
    crew
        Row of `Crews`.
    ways
        Ways that the crew can do, 1 or more.

    Returns
    -------
    chosen
        Up to `SPREAD` of them, the farthest from those before first.
    """
    duration_s = problem.duration_s[int(problem.crews.profile[crew])]
    entry = problem.visits.entry[ways]
    away = duration_s[int(problem.crews.start[crew]), entry]
    chosen: list[int] = []
    for _ in range(min(SPREAD, len(ways))):
        chosen.append(int(np.argmax(away)))
        away = np.minimum(away, duration_s[entry[chosen[-1]], entry])
        away[chosen] = -1
    return ways[chosen]
