"""A running plan mended: what is done stays done, and few stops change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import InvalidParameterError
from geo.patrol.pacing import Pace, with_breaks
from geo.patrol.problem import BREAK, HERE, Routes
from geo.patrol.rerouting import NOBODY, NOTHING, moves
from geo.patrol.underway import underway

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo.patrol.pacing import Plan
    from geo.patrol.problem import PatrolProblem

    Ints = NDArray[np.int64]

REQUIRED_M: Final = 10**12
"""What a required task is worth, in metres: more than all ways of any plan together."""

WIDTH: Final = 24
"""Plans from which the search goes on at each step, the best met there."""

TRIED: Final = 400
"""Moves of a plan that are looked at, the best first, while `WIDTH` of them may be made."""

PATIENCE: Final = 3
"""Steps without a better plan after which the search ends."""

LEFT_OUT: Final = 500
"""Ways to leave stops out of one route that are compared, those that lose least."""


@dataclass(frozen=True, eq=False)
class Mended:
    """
    A running plan with a few changes.

    A stop is unchanged when it stays with its crew, in the same direction, and in the same order
    with the other unchanged stops of the crew. Of all ways to call stops unchanged the one counts
    that leaves the fewest changed. Breaks are no stops: their time is the crew's own.

    Parameters
    ----------
    routes
        The whole shift: what is done or under way, then what is still to do.
    changed
        Tasks whose stop goes to another crew or place in the order, is new or is dropped,
        ascending; beside those that have become impossible where they were.
    impossible
        Tasks that could not stay where they were: of a crew that is lost, or that could not keep
        its hours; ascending, wherever they are now.
    left_out
        Tasks that are not done and now nobody's, ascending, without those that were dropped.
    rest
        The problem of what is still to do.
    tail
        The routes of it, for the checker.
    distance_m
        Their length.
    """

    routes: Routes
    changed: Ints
    impossible: Ints
    left_out: Ints
    rest: PatrolProblem
    tail: Routes
    distance_m: int


def mend(
    problem: PatrolProblem,
    running: Routes,
    *,
    done: Sequence[int],
    now_s: int,
    most_changes: int,
    lost_crews: Sequence[int] = (),
    dropped_tasks: Sequence[int] = (),
    planned: PatrolProblem | None = None,
) -> Mended:
    """
    Mend a running plan with few changes.

    At first stops that have become impossible are left out, as few as can be. Then as many
    required tasks as possible are done with no more than `most_changes` stops changed; among such
    plans the shortest is chosen, metres and the prizes of optional tasks left out added up.

    Parameters
    ----------
    problem
        As things are now: ways that are blocked are `UNREACHABLE` in it, new tasks stand after
        those that were there. Every task that the plan does not do is looked at again.
    running
        The plan.
    done
        u numbers of rows of the plan, breaks among them, that each crew has done. The next is
        under way if the crew has left its start; it stays, too.
    now_s
        The time, in seconds since midnight of the day the shift began.
    most_changes
        Stops that may change, 0 or more, beside those that are impossible; see `Mended`.
    lost_crews
        Crews that are called away.
    dropped_tasks
        Tasks that nobody shall do any more.
    planned
        The problem when the plan was made, where ways have changed since.

    Returns
    -------
    mended
        The best plan met. The search keeps a number of plans at every step and is no proof.

    Raises
    ------
    InvalidParameterError
        When an option does not fit the problem or the plan.
    """
    _refuse(problem, running, done, most_changes, lost_crews, dropped_tasks)
    cut = underway(
        problem, running, problem if planned is None else planned,
        done=done, now_s=now_s, lost_crews=lost_crews, dropped_tasks=dropped_tasks,
    )  # fmt: skip
    search = _Search(cut.rest, cut.tail)
    best = search.best(most_changes)
    tail = with_breaks(cut.rest, best)
    ahead = set(running.visit[running.visit != BREAK].tolist())
    for rows in cut.kept:
        ahead -= {visit for visit, _ in rows}
    before = set(problem.visits.task[sorted(ahead)].tolist()) - set(dropped_tasks)
    kept = [way for rows in cut.kept for way, _ in rows if way != BREAK]
    served = np.zeros(problem.tasks, dtype=np.bool_)
    served[problem.visits.task[kept]] = True
    served |= tail.done(problem)
    served[list(dropped_tasks)] = True
    return Mended(
        _whole(cut.kept, tail, cut.rest),
        search.changed(best),
        _sorted(before - search.tasks(search.base)),
        np.flatnonzero(~served),
        cut.rest,
        tail,
        int(search.pace.plan(best)[0].sum()),
    )


def _refuse(
    problem: PatrolProblem,
    running: Routes,
    done: Sequence[int],
    most_changes: int,
    lost_crews: Sequence[int],
    dropped_tasks: Sequence[int],
) -> None:
    """Refuse options that do not fit the problem or the plan."""
    if most_changes < 0:
        raise InvalidParameterError(f"most_changes must be 0 or more, got {most_changes!r}")
    if len(done) != len(problem.crews):
        raise InvalidParameterError(
            f"done: {len(done)} numbers met; give one for each of {len(problem.crews)} crews"
        )
    rows = np.bincount(running.crew, minlength=len(problem.crews))
    for crew, (number, most) in enumerate(zip(done, rows, strict=True)):
        if not 0 <= number <= most:
            raise InvalidParameterError(
                f"done: {number} met for crew {crew}, which has {most} rows; give 0 to {most}"
            )
    for name, given, count in (
        ("lost_crews", lost_crews, len(problem.crews)),
        ("dropped_tasks", dropped_tasks, problem.tasks),
    ):
        outside = [number for number in given if not 0 <= number < count]
        if outside:
            raise InvalidParameterError(
                f"{name}: {outside[0]} met; give numbers from 0 to {count - 1}"
            )


def _sorted(tasks: set[int]) -> Ints:
    """Return tasks ascending."""
    return np.array(sorted(tasks), dtype=np.int64)


def _whole(kept: Sequence[Sequence[tuple[int, int]]], tail: Routes, rest: PatrolProblem) -> Routes:
    """Put what is done before what is to do; a crew with nothing more to do still has its break."""
    rows: list[tuple[int, int, int]] = []
    for crew, before in enumerate(kept):
        at = np.flatnonzero(tail.crew == crew)
        rows += [(crew, visit, place) for visit, place in before]
        rows += [(crew, int(tail.visit[row]), int(tail.place[row])) for row in at]
        if before and not at.size and rest.crews.break_s[crew]:
            rows.append((crew, BREAK, HERE))
    crew_of, visit, place = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Routes(crew_of, visit, place)


class _Search:
    """A plan for the rest of a shift, and all that few changes make of it."""

    def __init__(self, rest: PatrolProblem, tail: Plan) -> None:
        self.pace = Pace(rest)
        self.worth = rest.prize_m + np.where(rest.required, REQUIRED_M, 0)
        offered = np.zeros(rest.tasks, dtype=np.bool_)
        offered[rest.visits.task[rest.able.any(axis=0)]] = True
        self.offered = set(np.flatnonzero(offered).tolist())
        self.base = tuple(self._possible(crew, ways) for crew, ways in enumerate(tail))
        self._told: dict[tuple[int, tuple[int, ...]], tuple[int, frozenset[int]]] = {}

    def tasks(self, plan: Plan) -> set[int]:
        """Return the tasks of a plan."""
        return {int(self.pace.task[way]) for ways in plan for way in ways}

    def cost(self, plan: Plan) -> int:
        """Return the length of a plan and the worth of what it leaves out."""
        lost = sorted(self.offered - self.tasks(plan))
        return int(self.pace.plan(plan)[0].sum()) + int(self.worth[lost].sum())

    def _possible(self, crew: int, ways: tuple[int, ...]) -> tuple[int, ...]:
        """Leave out what a crew cannot do any more, of as little worth as can be."""
        if self.pace.of(crew, ways).distance_m >= 0:
            return ways
        found: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
        for way in ways:
            longer = [(lost, (*kept, way)) for lost, _, kept in found]
            paced = [(lost, self.pace.of(crew, kept).distance_m, kept) for lost, kept in longer]
            worth = int(self.worth[self.pace.task[way]])
            found = [(lost + worth, length, kept) for lost, length, kept in found]
            found += [each for each in paced if each[1] >= 0]
            found = sorted(found, key=lambda each: (each[0], each[1]))[:LEFT_OUT]
        return min(found, key=lambda each: (each[0] + each[1], each[2]))[2]

    def changes(self, plan: Plan) -> int:
        """Return how many stops are changed."""
        told = [self._unchanged(crew, ways) for crew, ways in enumerate(plan)]
        return len(self.tasks(self.base) | self.tasks(plan)) - sum(many for many, _ in told)

    def changed(self, plan: Plan) -> Ints:
        """Return the tasks whose stop is changed."""
        kept = [self._unchanged(crew, ways)[1] for crew, ways in enumerate(plan)]
        return _sorted((self.tasks(self.base) | self.tasks(plan)) - set().union(*kept))

    def _unchanged(self, crew: int, ways: tuple[int, ...]) -> tuple[int, frozenset[int]]:
        """Return the longest common subsequence of a route and that of the base, as tasks."""
        key = (crew, ways)
        if key not in self._told:
            common = _common(self.base[crew], ways)
            self._told[key] = len(common), frozenset(self.pace.task[list(common)].tolist())
        return self._told[key]

    def best(self, most: int) -> Plan:
        """Search on from the best plans of every step until a few steps bring none better."""
        best, best_cost = self.base, self.cost(self.base)
        beam, seen, idle = [self.base], {self.base}, 0
        while most and idle < PATIENCE:
            found: list[tuple[int, int, Plan]] = []
            for plan in beam:
                found += self._next(plan, most, seen)
            found.sort()
            beam = [plan for _, _, plan in found[:WIDTH]]
            if not beam:
                break
            idle += 1
            if found[0][0] < best_cost:
                best_cost, best, idle = found[0][0], found[0][2], 0
        return best

    def _next(self, plan: Plan, most: int, seen: set[Plan]) -> Iterator[tuple[int, int, Plan]]:
        """Make the best moves of a plan that keep within the changes allowed."""
        inside = self.tasks(plan)
        found = moves(self.pace, plan, _sorted(self.offered - inside))
        paced = self.pace.plan(plan)
        worth = np.append(self.worth, 0)  # of `NOTHING`
        leaving = np.array([*self.pace.task[[way for ways in plan for way in ways]], NOTHING])
        first = np.cumsum([0, *(len(ways) for ways in plan)])
        size = np.array([len(ways) for ways in plan])
        at = np.where(found.row < size[found.crew], first[found.crew] + found.row, -1)
        at = np.where(found.crew == NOBODY, -1, at)
        gained = worth[found.task].sum(axis=0) - worth[leaving[at]].sum(axis=0)
        longer = found.longer(paced)[0] - gained
        cost, made = self.cost(plan), 0
        for move in np.argsort(longer, kind="stable")[:TRIED]:
            trial = found.made(self.pace, plan, int(move))
            changes = self.changes(trial)
            if trial in seen or changes > most:
                continue
            seen.add(trial)
            yield cost + int(longer[move]), changes, trial
            made += 1
            if made == WIDTH:
                break


def _common(one: Sequence[int], two: Sequence[int]) -> list[int]:
    """Return a longest common subsequence."""
    best: list[list[list[int]]] = [[[] for _ in range(len(two) + 1)] for _ in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(two):
            best[i + 1][j + 1] = (
                [*best[i][j], a] if a == b else max(best[i][j + 1], best[i + 1][j], key=len)
            )
    return best[-1][-1]
