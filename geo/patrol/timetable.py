"""When each crew is where: routes lived through, second by second, from the matrices alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.patrol.problem import BREAK, HERE

if TYPE_CHECKING:
    from geo.patrol.problem import PatrolProblem, Routes

STOP_COLUMNS: Final = (
    "crew", "seq", "visit", "place", "arrive_s", "start_s", "leave_s", "wait_s", "travel_m",
    "travel_s", "work_m",
)  # fmt: skip
"""Columns of `Timetable.stops`; all are whole numbers."""

CREW_COLUMNS: Final = (
    "crew", "stops", "leave_s", "finish_s", "duration_s", "distance_m", "home_m", "home_s",
)  # fmt: skip
"""Columns of `Timetable.crews`; all are whole numbers."""


@dataclass(frozen=True, eq=False)
class Timetable:
    """
    When each crew is where.

    Parameters
    ----------
    stops
        One row per row of the routes, in their order: `crew`, `seq` (from 0 in each crew),
        `visit` (`BREAK` for a break), `place` (where the work or the break begins), `arrive_s`,
        `start_s`, `leave_s`, `wait_s` (from arriving to starting), `travel_m` and `travel_s` (of
        the way there), `work_m` (covered while working).
    crews
        One row per crew: `crew`, `stops` (rows of it), `leave_s` (from its start), `finish_s` (at
        its end), `duration_s`, `distance_m`, `home_m` and `home_s` (of the last way, to its
        end). A crew without stops has left and finished at its `early_s`.
    """

    stops: pd.DataFrame
    crews: pd.DataFrame

    @property
    def distance_m(self) -> int:
        """What all crews cover together, working and on their way."""
        return int(self.crews["distance_m"].sum())


def simulate(problem: PatrolProblem, routes: Routes) -> Timetable:
    """
    Live through routes and tell when each crew is where.

    Every crew goes on as soon as it can and waits where a window is not open yet. It leaves its
    start as late as it can without finishing later or missing a window that it would have kept,
    so that no duration holds idle time at its begin.

    Parameters
    ----------
    problem
        The one that the routes are for.
    routes
        Rows of its crews, visits and places; nothing else of them is trusted. See
        `geo.patrol.checking.check` for what is wrong with them.

    Returns
    -------
    timetable
        Times in seconds, lengths in metres. What cannot be reached is reached after
        `UNREACHABLE` seconds; what the crew cannot do takes it no time.
    """
    # A crew is a few dozen stops that depend on each other in order: loops say it plainest.
    lived = [_lived(problem, routes, crew) for crew in range(len(problem.crews))]
    stops = [row for rows, _ in lived for row in rows]
    return Timetable(
        pd.DataFrame(np.array(stops, dtype=np.int64).reshape(-1, len(STOP_COLUMNS)),
                     columns=list(STOP_COLUMNS)),
        pd.DataFrame(np.array([row for _, row in lived], dtype=np.int64).reshape(
            -1, len(CREW_COLUMNS)), columns=list(CREW_COLUMNS)),
    )  # fmt: skip


def task_times(problem: PatrolProblem, timetable: Timetable) -> pd.DataFrame:
    """
    Tell when each task is done.

    Parameters
    ----------
    problem
        The one solved.
    timetable
        Outcome of `simulate`.

    Returns
    -------
    times
        One row per task done, ascending: `task`, `crew`, `visit`, `arrive_s`, `start_s`,
        `leave_s`.
    """
    stops = timetable.stops[timetable.stops["visit"] != BREAK]
    times = stops[["crew", "visit", "arrive_s", "start_s", "leave_s"]]
    times.insert(0, "task", problem.visits.task[times["visit"].to_numpy()])
    return times.sort_values("task", kind="stable", ignore_index=True)


@dataclass(frozen=True)
class _Stop:
    """A row of a route: where it is entered and left, how long it takes, when it may begin."""

    visit: int
    entry: int
    exit: int
    service_s: int
    early_s: int
    late_s: int
    work_m: int
    travel_m: int
    travel_s: int


def _lived(problem: PatrolProblem, routes: Routes, crew: int) -> tuple[list[list[int]], list[int]]:
    """Return the rows of one crew in `stops`, and its row in `crews`."""
    crews = problem.crews
    early = int(crews.early_s[crew])
    stops = _stops(problem, routes, crew)
    if not stops:
        return [], [crew, 0, early, early, 0, 0, 0, 0]
    way = (int(crews.profile[crew]), stops[-1].exit, int(crews.end[crew]))
    home_m, home_s = int(problem.distance_m[way]), int(problem.duration_s[way])

    starts, leave = [], early
    for stop in stops:
        starts.append(max(leave + stop.travel_s, stop.early_s))
        leave = starts[-1] + stop.service_s
    latest = leave
    for stop, start in zip(reversed(stops), reversed(starts), strict=True):
        # A window that is missed even at the earliest may not be missed by more.
        latest = min(latest - stop.service_s, max(stop.late_s, start)) - stop.travel_s

    rows, leave, distance = [], latest, home_m
    for seq, stop in enumerate(stops):
        arrive = leave + stop.travel_s
        start = max(arrive, stop.early_s)
        leave = start + stop.service_s
        distance += stop.travel_m + stop.work_m
        rows.append(
            [crew, seq, stop.visit, stop.entry, arrive, start, leave, start - arrive,
             stop.travel_m, stop.travel_s, stop.work_m]
        )  # fmt: skip
    finish = leave + home_s
    return rows, [
        crew, len(stops), latest, finish, finish - latest, distance, home_m, home_s
    ]  # fmt: skip


def _stops(problem: PatrolProblem, routes: Routes, crew: int) -> list[_Stop]:
    """Return the rows of one crew with their ways, every break at its place."""
    crews, visits = problem.crews, problem.visits
    profile = int(crews.profile[crew])
    rows = np.flatnonzero(routes.crew == crew)
    at, now = int(crews.start[crew]), int(crews.early_s[crew])
    stops: list[_Stop] = []
    for number, row in enumerate(rows):
        visit, place = int(routes.visit[row]), int(routes.place[row])
        if visit == BREAK:
            late = int(crews.break_late_s[crew])
            if place == HERE:
                later = routes.visit[rows[number:]]
                later = later[later != BREAK]
                ahead = int(visits.entry[later[0]]) if len(later) else at
                there = now + int(problem.duration_s[profile, at, ahead])
                # Before the first stop there is none to be at, so it is late at the first.
                place = ahead if there <= late or not stops else at
            spot = (place, place, int(crews.break_s[crew]), int(crews.break_early_s[crew]), late, 0)
        else:
            spot = (
                int(visits.entry[visit]), int(visits.exit[visit]),
                max(0, int(visits.work_s[profile, visit])),
                int(visits.early_s[visit]), int(visits.late_s[visit]), int(visits.work_m[visit]),
            )  # fmt: skip
        way = (profile, at, spot[0])
        stop = _Stop(
            visit, *spot, int(problem.distance_m[way]), int(problem.duration_s[way])
        )  # fmt: skip
        stops.append(stop)
        at, now = stop.exit, max(now + stop.travel_s, stop.early_s) + stop.service_s
    return stops
