"""A shift that is under way: what is behind it, and the problem that is still before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.patrol.narrowing import without
from geo.patrol.problem import BREAK, HERE
from geo.patrol.timetable import simulate
from geo.patrol.wholes import MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from geo.patrol.problem import PatrolProblem, Routes

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Underway:
    """
    A running plan at one moment.

    Parameters
    ----------
    rest
        The problem that is left: crews go on from where they are free next, what is done or under
        way can be done by nobody again, a crew that is lost can do nothing.
    kept
        Of each crew its rows that are done or under way, as ways (or `BREAK`) and places.
    tail
        Of each crew the ways that are still before it, in order, without its break.
    """

    rest: PatrolProblem
    kept: tuple[tuple[tuple[int, int], ...], ...]
    tail: tuple[tuple[int, ...], ...]


class _Standing(NamedTuple):
    """Where a crew is free next, from when to when; what it did, and what it does not do yet."""

    place: int
    early_s: int
    late_s: int
    kept: list[tuple[int, int]]
    tail: list[int]
    begun: bool


def underway(
    problem: PatrolProblem,
    running: Routes,
    planned: PatrolProblem,
    *,
    done: Sequence[int],
    now_s: int,
    lost_crews: Sequence[int],
    dropped_tasks: Sequence[int],
) -> Underway:
    """
    Cut a running plan at the moment: what stays as it is, and what can still be changed.

    A crew that has left its start has one stop under way, the first that is not done: it goes
    there, waits or works there, and is free when that was planned, but not before now; earlier if
    it left the stop before earlier than planned. After its last stop it is free at its end. A
    break that could not begin in time at the next stop of the plan any more is taken at once.

    Parameters
    ----------
    problem
        As things are now.
    running
        The plan.
    planned
        The problem when the plan was made.
    done
        u numbers of rows that each crew has done.
    now_s
        The moment.
    lost_crews
        Crews that do nothing any more, not even what they have under way.
    dropped_tasks
        Tasks that nobody shall do any more.

    Returns
    -------
    underway
        The plan, cut.
    """
    timetable = simulate(planned, running)
    crews, lost = problem.crews, set(lost_crews)
    standing = []
    for crew in range(len(crews)):
        rows = timetable.stops[timetable.stops["crew"] == crew]
        day = timetable.crews.iloc[crew]
        standing.append(
            _standing(problem, rows, day, running.place[running.crew == crew],
                      done=int(done[crew]), now_s=now_s, lost=crew in lost)
        )  # fmt: skip
    kept = [[visit for visit, _ in each.kept] for each in standing]
    gone = np.zeros(problem.tasks, dtype=np.bool_)
    gone[list(dropped_tasks)] = True
    ways = [visit for rows in kept for visit in rows if visit != BREAK]
    gone[problem.visits.task[ways]] = True
    rested = np.array([BREAK in rows for rows in kept]) | np.isin(np.arange(len(crews)), list(lost))
    load = [int(problem.visits.load[[w for w in rows if w != BREAK]].sum()) for rows in kept]
    begun = np.array([each.begun for each in standing])
    rest = replace(
        without(problem, gone),
        crews=replace(
            crews,
            start=np.array([each.place for each in standing]),
            early_s=np.array([each.early_s for each in standing]),
            late_s=np.array([each.late_s for each in standing]),
            longest_s=np.where(begun, MOST, crews.longest_s),
            capacity=np.maximum(crews.capacity - load, 0),
            break_s=np.where(rested, 0, crews.break_s),
        ),
    )
    tail = tuple(
        tuple(way for way in each.tail if not gone[problem.visits.task[way]]) for each in standing
    )
    return Underway(rest, tuple(tuple(each.kept) for each in standing), tail)


def _standing(
    problem: PatrolProblem,
    rows: pd.DataFrame,
    day: pd.Series,
    places: Ints,
    *,
    done: int,
    now_s: int,
    lost: bool,
) -> _Standing:
    """Cut the route of one crew."""
    crew = int(day["crew"])
    crews, visits = problem.crews, problem.visits
    visit = rows["visit"].tolist()
    stops = list(zip(visit, places.tolist(), strict=True))
    late_s = int(crews.late_s[crew])
    if lost:
        # At the end of all time nothing can be begun.
        return _Standing(int(crews.start[crew]), MOST, MOST, stops[:done], [], begun=True)
    if not stops or (not done and day["leave_s"] > now_s):
        early_s = max(int(crews.early_s[crew]), now_s)
        tail = [way for way in visit if way != BREAK]
        start = int(crews.start[crew])
        return _Standing(start, early_s, max(late_s, early_s), [], tail, begun=False)
    left_s = min(int(rows["leave_s"].iloc[done - 1]) if done else int(day["leave_s"]), now_s)
    cut = min(done + 1, len(stops))
    if done == len(stops):
        place, free_s = int(crews.end[crew]), left_s + int(day["home_s"])
    else:
        at = rows.iloc[done]
        way, work_s = int(at["visit"]), int(at["leave_s"] - at["start_s"])
        opens_s = int(crews.break_early_s[crew] if way == BREAK else visits.early_s[way])
        place = int(at["place"] if way == BREAK else visits.exit[way])
        free_s = max(left_s + int(at["travel_s"]), opens_s) + work_s
    free_s = max(free_s, now_s)
    kept, tail = stops[:cut], [way for way in visit[cut:] if way != BREAK]
    if BREAK in visit[cut:] and _overdue(problem, crew, place, free_s, tail):
        kept.append((BREAK, HERE))
        free_s = max(free_s, int(crews.break_early_s[crew])) + int(crews.break_s[crew])
    since_s = min(int(day["leave_s"]), now_s)
    late_s = min(late_s, since_s + int(crews.longest_s[crew]))
    return _Standing(place, free_s, max(late_s, free_s), kept, tail, begun=True)


def _overdue(problem: PatrolProblem, crew: int, place: int, free_s: int, tail: list[int]) -> bool:
    """Tell whether the break cannot begin in time at the next stop, or there is none."""
    if not tail:
        return True
    way = (int(problem.crews.profile[crew]), place, int(problem.visits.entry[tail[0]]))
    return free_s + int(problem.duration_s[way]) > int(problem.crews.break_late_s[crew])
