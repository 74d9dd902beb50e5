"""
What is wrong with a plan: every rule checked again, from the problem alone.

Written without a look at any solver; whatever made the routes, they are lived through anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.patrol.problem import BREAK, HERE, UNREACHABLE
from geo.patrol.timetable import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.patrol.problem import PatrolProblem, Routes
    from geo.patrol.timetable import Timetable

    Ints = NDArray[np.int64]
    Finding = tuple[int, int, str, int, int]

RULES: Final = (
    "unknown", "twice", "direction", "skill", "capacity", "unreachable", "speed", "window",
    "dwell", "break", "shift",
)  # fmt: skip
"""What can be wrong, in the order in which findings at one stop are listed."""

COLUMNS: Final = ("crew", "seq", "rule", "met", "limit")
"""Columns of what is found."""


def check(problem: PatrolProblem, routes: Routes) -> pd.DataFrame:
    """
    List what is wrong with routes.

    Parameters
    ----------
    problem
        The one that the routes are for.
    routes
        Nothing of them is trusted.

    Returns
    -------
    violations
        One row per finding, by crew and stop: `crew`, `seq` (row of the crew's route; as many as
        it has for its end), `rule` (one of `RULES`), `met` (the value found) and `limit` (what it
        should keep). Empty when the routes are valid. See `check_times` for the rules; routes
        with rows that are "unknown" (no such crew, visit or place) are judged no further.
    """
    unknown = _sorted(_unknown(problem, routes))
    return unknown if len(unknown) else check_times(problem, simulate(problem, routes))


def check_times(problem: PatrolProblem, timetable: Timetable) -> pd.DataFrame:
    """
    List what is wrong with a timetable, whoever wrote it.

    Parameters
    ----------
    problem
        The one that the timetable is for.
    timetable
        Its crews, visits and places are those of the problem; its times are checked, its lengths
        and durations not even read.

    Returns
    -------
    violations
        As `check` gives them. Rules: "twice" a task done before; "direction" a way that the
        crew's profile cannot do, such as a one-way street walked backward by car; "skill" one
        that the crew lacks (sets of bits); "capacity" loads above it; "unreachable" no way there;
        "speed" there sooner than the way takes; "window" work begun outside its window; "dwell"
        too little of it; "break" none, too many, too short, outside its window or at a
        place that is neither a stop nor for rest; "shift" outside its hours, or too long.
    """
    return _sorted(
        (
            *_twice(problem, timetable),
            *(finding for crew in range(len(problem.crews))
              for finding in _crew(problem, timetable, crew)),
        )
    )  # fmt: skip


def _sorted(findings: tuple[Finding, ...] | list[Finding]) -> pd.DataFrame:
    """Return findings by crew, stop and rule."""
    rows = sorted(findings, key=lambda row: (row[0], row[1], RULES.index(row[2])))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = dict.fromkeys(("crew", "seq", "met", "limit"), np.int64)
    return frame.astype({**kinds, "rule": object})


def _unknown(problem: PatrolProblem, routes: Routes) -> list[Finding]:
    """Return the rows that name a crew, visit or place that is not there."""
    seq = np.arange(len(routes.crew)) - np.searchsorted(routes.crew, routes.crew)
    found: list[Finding] = []
    for values, lowest, count in (
        (routes.crew, 0, len(problem.crews)),
        (routes.visit, BREAK, len(problem.visits)),
        (routes.place, HERE, problem.places),
    ):
        wrong = np.flatnonzero((values < lowest) | (values >= count))
        found += [
            (int(routes.crew[row]), int(seq[row]), "unknown", int(values[row]), count - 1)
            for row in wrong
        ]
    return found


def _twice(problem: PatrolProblem, timetable: Timetable) -> Iterator[Finding]:
    """Find tasks that were done at an earlier row already, by whatever way."""
    stops = timetable.stops[timetable.stops["visit"] != BREAK]
    task = pd.Series(problem.visits.task[stops["visit"].to_numpy()])
    times = task.groupby(task).cumcount().to_numpy() + 1
    for crew, seq, count in zip(stops["crew"], stops["seq"], times, strict=True):
        if count > 1:
            yield int(crew), int(seq), "twice", int(count), 1


def _crew(problem: PatrolProblem, timetable: Timetable, crew: int) -> Iterator[Finding]:
    """Find what is wrong with the day of one crew."""
    visits, profile = problem.visits, int(problem.crews.profile[crew])
    stops = timetable.stops[timetable.stops["crew"] == crew].sort_values("seq", kind="stable")
    if stops.empty:
        return
    visit, place = stops["visit"].to_numpy(), stops["place"].to_numpy()
    works = visit != BREAK
    entry, leaves = place.copy(), place.copy()
    entry[works], leaves[works] = visits.entry[visit[works]], visits.exit[visit[works]]
    at, load = int(problem.crews.start[crew]), 0
    day = timetable.crews[timetable.crews["crew"] == crew].iloc[0]
    since = int(day["leave_s"])
    times = stops[["arrive_s", "start_s", "leave_s"]].to_numpy()
    for seq, (arrive, start, leave) in enumerate(times.tolist()):
        here = (crew, seq)
        yield from _way(problem, here, (profile, at, int(entry[seq])), arrive - since)
        if start < arrive:
            yield *here, "window", start, arrive
        if not works[seq]:
            yield from _break(problem, here, start, leave - start)
            # It is taken at the exit of the last stop, at the entry of the next, or to rest.
            beside = (*leaves[:seq][works[:seq]][-1:], *entry[seq + 1 :][works[seq + 1 :]][:1])
            if place[seq] not in (*beside, *problem.rest_places):
                yield *here, "break", int(place[seq]), HERE
        else:
            yield from _visit(problem, here, int(visit[seq]), (start, leave - start))
            load += int(visits.load[visit[seq]])
            if load > problem.crews.capacity[crew] >= load - visits.load[visit[seq]]:
                yield *here, "capacity", load, int(problem.crews.capacity[crew])
        at, since = int(leaves[seq]), leave
    here = (crew, len(stops))
    finish = int(day["finish_s"])
    yield from _way(problem, here, (profile, at, int(problem.crews.end[crew])), finish - since)
    yield from _shift(problem, here, int((~works).sum()), int(day["leave_s"]), finish)


def _visit(
    problem: PatrolProblem, here: tuple[int, int], visit: int, time: tuple[int, int]
) -> Iterator[Finding]:
    """Find what is wrong with the work at one stop, by its start and how long it takes."""
    visits, crew = problem.visits, here[0]
    start, stay = time
    yield from _within(
        (*here, "window"), start, int(visits.early_s[visit]), int(visits.late_s[visit])
    )
    work = int(visits.work_s[problem.crews.profile[crew], visit])
    if work < 0:
        yield *here, "direction", int(problem.crews.profile[crew]), work
    elif stay < work:
        yield *here, "dwell", stay, work
    owned, needed = int(problem.crews.skills[crew]), int(visits.skills[visit])
    if owned & needed != needed:
        yield *here, "skill", owned, needed


def _break(
    problem: PatrolProblem, here: tuple[int, int], start: int, stay: int
) -> Iterator[Finding]:
    """Find whether a break is begun in its window and long enough."""
    crews, crew = problem.crews, here[0]
    early, late = int(crews.break_early_s[crew]), int(crews.break_late_s[crew])
    yield from _within((*here, "break"), start, early, late)
    if stay < crews.break_s[crew]:
        yield *here, "break", stay, int(crews.break_s[crew])


def _shift(
    problem: PatrolProblem, here: tuple[int, int], breaks: int, began: int, finish: int
) -> Iterator[Finding]:
    """Find what is wrong with the number of breaks and the hours of the shift."""
    crews, crew = problem.crews, here[0]
    wanted = int(crews.break_s[crew] > 0)
    if breaks != wanted:
        yield *here, "break", breaks, wanted
    if began < crews.early_s[crew]:
        yield *here, "shift", began, int(crews.early_s[crew])
    if finish > crews.late_s[crew]:
        yield *here, "shift", finish, int(crews.late_s[crew])
    if finish - began > crews.longest_s[crew]:
        yield *here, "shift", finish - began, int(crews.longest_s[crew])


def _way(
    problem: PatrolProblem, here: tuple[int, int], way: tuple[int, int, int], taken_s: int
) -> Iterator[Finding]:
    """Find whether there is a way, and whether it was gone too fast."""
    if problem.distance_m[way] >= UNREACHABLE:
        yield *here, "unreachable", int(problem.distance_m[way]), UNREACHABLE
    elif taken_s < problem.duration_s[way]:
        yield *here, "speed", taken_s, int(problem.duration_s[way])


def _within(here: tuple[int, int, str], met: int, early: int, late: int) -> Iterator[Finding]:
    """Find whether a time is outside its window."""
    if met < early:
        yield *here, met, early
    elif met > late:
        yield *here, met, late
