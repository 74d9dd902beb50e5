"""Routes timed by kernels: as by hand, and as the other two ways of timing them say."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import InvalidParameterError
from geo.patrol.breaks import fit
from geo.patrol.pacing import KEPT, Pace, with_breaks
from geo.patrol.problem import Crews
from geo.patrol.timetable import simulate
from tests.geo.patrol.problems import drawn, on_line, station_day


def test_a_route_is_timed_as_by_hand() -> None:
    """To 100 m and 300 m, where it waits, and home; it leaves as late as it can."""
    problem = on_line([0, 100, 300], work_s=60, early_s=[0, 1_000], late_s=[500, 2_000])
    # Begun at 100 m at 500 s: 60 s there, 200 s on, 240 s of waiting, 60 s, 300 s home.
    assert Pace(problem).of(0, (0, 1)) == (600, 100 + 60 + 200 + 240 + 60 + 300, 240)


@pytest.mark.parametrize(
    ("break_late_s", "duration_s"),
    [
        (1_000, 1_600),  # at 500 m, where the crew is in time
        (900, 1_960),  # still at 0 m, after the work there and a wait
    ],
)
def test_a_break_is_taken_at_the_next_stop_if_that_is_in_time(
    break_late_s: int, duration_s: int
) -> None:
    """A stop at 0 m at 0 s for 500 s, the next 500 m on; the break of 100 s may begin at 860 s."""
    crews = Crews.of([0], break_s=100, break_early_s=860, break_late_s=break_late_s)
    problem = on_line([0, 0, 500], crews, work_s=[500, 0], late_s=[0, 10**6])
    assert Pace(problem).of(0, (0, 1)).duration_s == duration_s


def test_no_break_is_taken_before_the_first_stop_is_reached() -> None:
    """It is 500 m off, and the break has to begin by 300 s; a rest place on the way will do."""
    crews = Crews.of([0], break_s=100, break_late_s=300)
    assert Pace(on_line([0, 500], crews)).of(0, (0,)).distance_m == -1
    problem = on_line([0, 500, 250, -100], crews, task=[0, 1, 2], rest_places=[3, 2])
    assert Pace(problem).of(0, (0,)) == (1_000, 1_100, 0)


@pytest.mark.parametrize("one_way", [False, True])
def test_routes_are_timed_as_by_the_solver_and_the_checker(*, one_way: bool) -> None:
    """Drawn routes with windows, breaks, skills and segments, some of which cannot be done."""
    random, done = np.random.default_rng(0), 0
    for seed in range(25):
        problem = drawn(seed, points=5, segments=2, one_way=one_way)
        pace = Pace(problem)
        for crew in range(len(problem.crews)):
            for _ in range(8):
                ways = random.permutation(len(problem.visits))[: random.integers(0, 6)]
                ways = ways[np.sort(np.unique(problem.visits.task[ways], return_index=True)[1])]
                fitted, paced = fit(problem, crew, ways.tolist()), pace.of(crew, ways.tolist())
                assert (fitted is None) == (paced.distance_m < 0)
                if fitted is None:
                    continue
                done += 1
                plan = [[]] * crew + [ways.tolist()] + [[]] * (len(problem.crews) - crew - 1)
                times = simulate(problem, with_breaks(problem, plan))
                day = times.crews.iloc[crew]
                wait_s = int(times.stops["wait_s"].sum())
                assert paced == (day["distance_m"], day["duration_s"], wait_s)
    assert done > 50


@pytest.mark.parametrize("seed", range(6))
def test_an_exchange_is_the_shortest_that_can_be_done(seed: int) -> None:
    """Every position and way of every task in every row is tried one by one."""
    problem = drawn(seed, points=5, segments=2)
    pace = Pace(problem)
    for crew in range(len(problem.crews)):
        ways: tuple[int, ...] = ()
        for way in range(len(problem.visits)):
            own = problem.visits.task[[*ways, way]]
            if len(set(own.tolist())) == len(own) and pace.of(crew, (*ways, way)).distance_m >= 0:
                ways = (*ways, way)
        found = pace.exchanges(crew, ways)
        for row in range(len(ways) + 1):
            rest = ways[:row] + ways[row + 1 :]
            for task in range(problem.tasks):
                into = np.flatnonzero(problem.visits.task == task).tolist()
                tried = [
                    pace.of(crew, (*rest[:at], way, *rest[at:]))
                    for way in into
                    for at in range(len(rest) + 1)
                ]
                lengths = [each.distance_m for each in tried if each.distance_m >= 0]
                if task in problem.visits.task[list(rest)] or not lengths:
                    assert found.way[row, task] < 0
                    continue
                at, way = int(found.position[row, task]), int(found.way[row, task])
                made = pace.of(crew, (*rest[:at], way, *rest[at:]))
                assert made.distance_m == found.distance_m[row, task]
                assert made.duration_s == found.duration_s[row, task]
                assert made.wait_s == found.wait_s[row, task]
                if not problem.crews.break_s[crew]:
                    assert made.distance_m == min(lengths)


def test_answers_are_kept_but_not_all() -> None:
    """A day of searching may not fill the memory."""
    pace = Pace(station_day(0, crews=1, points=46, segments=0))
    for a in range(46):
        for b in range(46):
            if a != b:
                pace.exchanges(0, (a, b))
    assert len(pace._exchanges) == KEPT


def test_a_plan_that_cannot_be_done_gets_no_breaks() -> None:
    """The message names the crew."""
    problem = on_line([0, 100], Crews.of([0], late_s=100))
    with pytest.raises(InvalidParameterError, match=r"crew 0 cannot do \[0\]"):
        with_breaks(problem, [[0]])
