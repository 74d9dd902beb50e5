"""The best plan by looking at every one: orders, ways, crews, and places of the break."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.patrol.problem import UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.patrol.problem import PatrolProblem


class Leg(NamedTuple):
    """Something at a place: where it begins and ends, how long, and when it may begin."""

    entry: int
    exit: int
    work_s: int
    early_s: int
    late_s: int


def best_of(problem: PatrolProblem) -> tuple[int, int]:
    """Return how many required tasks the best plan leaves out, and its metres and missed prizes."""
    tasks = range(problem.tasks)
    sets = [
        frozenset(some) for size in range(problem.tasks + 1) for some in combinations(tasks, size)
    ]
    plans: dict[frozenset[int], int] = {frozenset(): 0}
    for crew in range(len(problem.crews)):
        alone = {
            some: metres for some in sets if (metres := shortest(problem, crew, some)) is not None
        }
        joined: dict[frozenset[int], int] = {}
        for done, metres in plans.items():
            for some, more in alone.items():
                if not done & some:
                    both = done | some
                    joined[both] = min(joined.get(both, UNREACHABLE), metres + more)
        plans = joined
    return min(
        (
            sum(bool(problem.required[task]) for task in tasks if task not in done),
            metres
            + sum(
                int(problem.prize_m[task])
                for task in tasks
                if task not in done and not problem.required[task]
            ),
        )
        for done, metres in plans.items()
    )


def shortest(problem: PatrolProblem, crew: int, tasks: frozenset[int]) -> int | None:
    """Return the least metres in which a crew does these tasks; None when it cannot."""
    ways = {task: np.flatnonzero(problem.visits.task == task).tolist() for task in tasks}
    metres = [
        found
        for order in permutations(tasks)
        for chosen in product(*(ways[task] for task in order))
        if (found := _metres(problem, crew, chosen)) is not None
    ]
    return min(metres, default=None)


def _metres(problem: PatrolProblem, crew: int, ways: Sequence[int]) -> int | None:
    """Return the least metres of these ways in this order, wherever the break is."""
    if not ways:
        return 0
    visits, profile = problem.visits, int(problem.crews.profile[crew])
    for way in ways:
        lacks = int(visits.skills[way]) & ~int(problem.crews.skills[crew])
        if lacks or visits.work_s[profile, way] < 0:
            return None
    if sum(int(visits.load[way]) for way in ways) > problem.crews.capacity[crew]:
        return None
    legs = [
        Leg(
            int(visits.entry[way]),
            int(visits.exit[way]),
            int(visits.work_s[profile, way]),
            int(visits.early_s[way]),
            int(visits.late_s[way]),
        )
        for way in ways
    ]
    work_m = sum(int(visits.work_m[way]) for way in ways)
    metres = [found for chain in _chains(problem, crew, legs)
              if (found := _lived(problem, crew, chain)) is not None]  # fmt: skip
    return work_m + min(metres) if metres else None


def _chains(problem: PatrolProblem, crew: int, legs: list[Leg]) -> Iterator[list[Leg]]:
    """Put the break wherever it may be."""
    crews = problem.crews
    if not crews.break_s[crew]:
        yield legs
        return
    for at in range(len(legs) + 1):
        places = {*problem.rest_places.tolist()}
        places |= {legs[at].entry} if at < len(legs) else set()
        places |= {legs[at - 1].exit} if at else set()
        for place in places:
            pause = Leg(place, place, int(crews.break_s[crew]),
                        int(crews.break_early_s[crew]), int(crews.break_late_s[crew]))  # fmt: skip
            yield [*legs[:at], pause, *legs[at:]]


def _lived(problem: PatrolProblem, crew: int, legs: list[Leg]) -> int | None:
    """Return the metres between, or None if a window or the shift does not hold it."""
    crews, profile = problem.crews, int(problem.crews.profile[crew])
    shift = int(crews.early_s[crew]), int(crews.late_s[crew])
    whole = [Leg(int(crews.start[crew]), int(crews.start[crew]), 0, *shift), *legs,
             Leg(int(crews.end[crew]), int(crews.end[crew]), 0, *shift)]  # fmt: skip
    steps = [(leg.exit, then.entry) for leg, then in pairwise(whole)]
    seconds = [int(problem.duration_s[profile, a, b]) for a, b in steps]
    latest = whole[-1].late_s
    for leg, travel in zip(whole[-2::-1], seconds[::-1], strict=True):
        latest = min(leg.late_s, latest - travel - leg.work_s)
        if latest < leg.early_s:
            return None
    now = latest
    for then, travel, leg in zip(whole[1:], seconds, whole, strict=False):
        now = max(now + leg.work_s + travel, then.early_s)
    if now - latest > crews.longest_s[crew]:
        return None
    return sum(int(problem.distance_m[profile, a, b]) for a, b in steps)
