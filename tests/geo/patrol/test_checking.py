"""Routes are lived through as drawn on paper, and every rule that is broken is found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.patrol.checking import RULES, check, check_times
from geo.patrol.problem import (
    BREAK,
    HERE,
    UNREACHABLE,
    Crews,
    PatrolProblem,
    Routes,
    Visits,
)
from geo.patrol.timetable import Timetable, simulate, task_times

if TYPE_CHECKING:
    import pandas as pd

PLACE = np.arange(6)


def on_a_line(crews: Crews, visits: Visits, **given: Any) -> PatrolProblem:  # noqa: ANN401
    """Put six places in a row: from one to the next 100 m, a minute on foot."""
    apart = np.abs(PLACE[:, None] - PLACE)
    profiles = len(visits.work_s)
    tasks = int(visits.task.max(initial=-1)) + 1
    base = {
        "distance_m": np.repeat(100 * apart[None], profiles, axis=0),
        "duration_s": np.repeat(60 * apart[None], profiles, axis=0),
        "required": np.ones(tasks, dtype=np.bool_),
        "prize_m": np.zeros(tasks, dtype=np.int64),
    }
    return PatrolProblem(crews, visits, **(base | given))


def rules(found: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return what was found as rows."""
    return list(found.itertuples(index=False, name=None))


def column(timetable: Timetable, name: str) -> list[int]:
    """Return a column of the stops."""
    return timetable.stops[name].tolist()


def test_a_round_takes_the_times_drawn_on_paper() -> None:
    """Out to 1 and 3, two minutes at each, and home again, from 08:00."""
    problem = on_a_line(Crews.of([0], early_s=28_800), Visits.of([1, 3], work_s=120))
    timetable = simulate(problem, Routes.of([[0, 1]]))
    assert column(timetable, "arrive_s") == [28_860, 29_100]
    assert column(timetable, "leave_s") == [28_980, 29_220]
    assert column(timetable, "travel_m") == [100, 200]
    assert timetable.crews.loc[0].to_dict() == {
        "crew": 0, "stops": 2, "leave_s": 28_800, "finish_s": 29_400, "duration_s": 600,
        "distance_m": 600, "home_m": 300, "home_s": 180,
    }  # fmt: skip
    assert timetable.distance_m == 600
    assert check(problem, Routes.of([[0, 1]])).empty


def test_a_crew_leaves_late_rather_than_waiting_at_its_first_stop() -> None:
    """The first opens an hour after the shift begins; the wait before the second is real."""
    visits = Visits.of([1, 3], work_s=120, early_s=[3_600, 7_200])
    timetable = simulate(on_a_line(Crews.of([0]), visits), Routes.of([[0, 1]]))
    # The second opens at 7200: leaving 1 at 7080 is soon enough, so it is begun at 6960.
    assert column(timetable, "start_s") == [6_960, 7_200]
    assert column(timetable, "wait_s") == [0, 0]
    assert timetable.crews["leave_s"].item() == 6_900
    assert timetable.crews["duration_s"].item() == 7_200 + 120 + 180 - 6_900


def test_leaving_late_misses_no_window() -> None:
    """The first closes at 600, so the wait for the second stays."""
    visits = Visits.of([1, 3], work_s=120, early_s=[0, 7_200], late_s=[600, 9_000])
    problem = on_a_line(Crews.of([0]), visits)
    timetable = simulate(problem, Routes.of([[0, 1]]))
    assert column(timetable, "start_s") == [600, 7_200]
    assert column(timetable, "wait_s") == [0, 7_200 - 720 - 120]
    assert timetable.crews["leave_s"].item() == 540
    assert check(problem, Routes.of([[0, 1]])).empty


def test_a_window_that_is_missed_is_not_missed_by_more() -> None:
    """The first closes before one can be there; the second opens long after."""
    visits = Visits.of([5, 3], early_s=[0, 7_200], late_s=[200, 9_000])
    problem = on_a_line(Crews.of([0]), visits)
    assert column(simulate(problem, Routes.of([[0, 1]])), "start_s") == [300, 7_200]
    assert rules(check(problem, Routes.of([[0, 1]]))) == [(0, 0, "window", 300, 200)]


def test_a_segment_is_entered_at_one_end_and_left_at_the_other() -> None:
    """From 1 to 3 while working, then on to 4 and home to 5."""
    visits = Visits.of([1, 4], exit=[3, 4], work_m=[200, 0], work_s=[[300, 0]])
    timetable = simulate(on_a_line(Crews.of([0], end=5), visits), Routes.of([[0, 1]]))
    assert column(timetable, "travel_m") == [100, 100]
    assert column(timetable, "arrive_s") == [60, 60 + 300 + 60]
    assert timetable.distance_m == 500


def test_each_crew_moves_by_its_own_profile() -> None:
    """By car, the second profile, the same street takes a tenth, and the work half."""
    visits = Visits.of([2, 2], work_s=[[100, 100], [50, 50]])
    problem = on_a_line(Crews.of([0, 0], profile=[0, 1]), visits)
    duration = problem.duration_s.copy()
    duration[1] //= 10
    timetable = simulate(replace(problem, duration_s=duration), Routes.of([[0], [1]]))
    assert timetable.crews["duration_s"].tolist() == [120 + 100 + 120, 12 + 50 + 12]


def test_a_crew_without_stops_has_gone_nowhere() -> None:
    """Even when its start and end are far apart."""
    problem = on_a_line(Crews.of([0, 1], end=5, early_s=100), Visits.of([2]))
    timetable = simulate(problem, Routes.of([[], [0]]))
    idle = timetable.crews.loc[0]
    assert idle[["stops", "duration_s", "distance_m", "home_m"]].tolist() == [0, 0, 0, 0]
    assert idle[["leave_s", "finish_s"]].tolist() == [100, 100]
    assert timetable.crews.loc[1, "distance_m"] == 400
    nothing = simulate(problem, Routes.of([[], []]))
    assert nothing.stops.empty
    assert nothing.distance_m == 0
    assert check(problem, Routes.of([[], []])).empty


BREAKS = {"break_s": 600, "break_early_s": 0, "break_late_s": 400}


def test_a_break_is_taken_at_the_next_stop_if_that_is_in_time() -> None:
    """At 3 one is at 60 + 120 + 120 = 300, before 400."""
    problem = on_a_line(Crews.of([0], **BREAKS), Visits.of([1, 3], work_s=120))
    timetable = simulate(problem, Routes.of([[0, BREAK, 1]]))
    assert column(timetable, "place") == [1, 3, 3]
    assert column(timetable, "start_s") == [60, 300, 900]
    assert timetable.crews["duration_s"].item() == 900 + 120 + 180
    assert check(problem, Routes.of([[0, BREAK, 1]])).empty


def test_a_break_is_taken_at_the_last_stop_if_the_next_is_too_far() -> None:
    """At 5 one would be at 60 + 120 + 240 = 420, after 400."""
    problem = on_a_line(Crews.of([0], **BREAKS), Visits.of([1, 5], work_s=120))
    timetable = simulate(problem, Routes.of([[0, BREAK, 1]]))
    assert column(timetable, "place") == [1, 1, 5]
    assert column(timetable, "start_s") == [60, 180, 1_020]
    assert check(problem, Routes.of([[0, BREAK, 1]])).empty


def test_a_break_before_the_first_stop_is_taken_there_or_missed() -> None:
    """The start is no stop: with nowhere else to be, the break is late."""
    problem = on_a_line(Crews.of([0], **BREAKS), Visits.of([5]))
    assert column(simulate(problem, Routes.of([[BREAK, 0]])), "place") == [5, 5]
    assert check(problem, Routes.of([[BREAK, 0]])).empty
    late = replace(problem, crews=replace(problem.crews, break_late_s=np.array([200])))
    assert rules(check(late, Routes.of([[BREAK, 0]]))) == [(0, 0, "break", 300, 200)]


def test_a_break_after_the_last_stop_is_taken_there() -> None:
    """And waited for: it may begin at 2000, so the crew leaves late."""
    crews = Crews.of([0], break_s=600, break_early_s=2_000)
    problem = on_a_line(crews, Visits.of([2], work_s=100))
    timetable = simulate(problem, Routes.of([[0, BREAK]]))
    assert column(timetable, "place") == [2, 2]
    assert column(timetable, "start_s") == [1_900, 2_000]
    assert check(problem, Routes.of([[0, BREAK]])).empty


def test_a_break_at_a_rest_place_is_a_way_there_and_back() -> None:
    """From 2 on to 4, the rest place, and back to 0."""
    crews = Crews.of([0], break_s=600)
    problem = on_a_line(crews, Visits.of([2]), rest_places=np.array([4]))
    routes = Routes(np.array([0, 0]), np.array([0, BREAK]), np.array([HERE, 4]))
    timetable = simulate(problem, routes)
    assert column(timetable, "travel_m") == [200, 200]
    assert timetable.crews[["distance_m", "home_m"]].loc[0].tolist() == [800, 400]
    assert check(problem, routes).empty


def test_a_break_elsewhere_is_found() -> None:
    """At a place that is neither a stop nor for rest, or where another crew works."""
    crews = Crews.of([0, 0], break_s=[600, 0])
    problem = on_a_line(crews, Visits.of([2, 4]), rest_places=np.array([1]))
    for place, wrong in ((1, []), (2, []), (3, [(0, 1, "break", 3, HERE)]),
                         (4, [(0, 1, "break", 4, HERE)])):  # fmt: skip
        places = np.array([HERE, place, HERE])
        routes = Routes(np.array([0, 0, 1]), np.array([0, BREAK, 1]), places)
        assert rules(check(problem, routes)) == wrong


def test_a_break_is_beside_the_stop_before_or_after() -> None:
    """Not at one that comes later, nor at one left long ago."""
    problem = on_a_line(Crews.of([0], break_s=600), Visits.of([2, 3, 4]))
    for rows, place in (([BREAK, 0, 1], 3), ([0, 1, BREAK, 2], 2)):
        visit, at = np.array(rows), rows.index(BREAK)
        places = np.where(visit == BREAK, place, HERE)
        found = check(problem, Routes(np.zeros_like(visit), visit, places))
        assert rules(found) == [(0, at, "break", place, HERE)]


@pytest.mark.parametrize(("break_s", "stops", "wrong"), [
    (600, [0], [(0, 1, "break", 0, 1)]),
    (600, [BREAK, 0, BREAK], [(0, 3, "break", 2, 1)]),
    (0, [BREAK, 0], [(0, 2, "break", 1, 0)]),
])  # fmt: skip
def test_a_crew_has_its_one_break(
    break_s: int, stops: list[int], wrong: list[tuple[Any, ...]]
) -> None:
    """None, two, or one that is not due."""
    problem = on_a_line(Crews.of([0], break_s=break_s), Visits.of([2]))
    assert rules(check(problem, Routes.of([stops]))) == wrong


def test_a_break_too_early_is_found() -> None:
    """The crew would wait for it, so only a timetable can say so."""
    problem = on_a_line(Crews.of([0], break_s=60, break_early_s=900), Visits.of([2]))
    timetable = simulate(problem, Routes.of([[0, BREAK]]))
    timetable.stops[["arrive_s", "start_s", "leave_s"]] -= 10
    timetable.crews[["leave_s", "finish_s"]] -= 10
    assert rules(check_times(problem, timetable)) == [(0, 1, "break", 890, 900)]


def test_a_task_is_done_once_by_one_way_of_one_crew() -> None:
    """Both ways of a segment are one task, and so is the same way of two crews."""
    visits = Visits.of([1, 2, 4], exit=[2, 1, 4], task=[0, 0, 1])
    problem = on_a_line(Crews.of([0, 0]), visits)
    assert rules(check(problem, Routes.of([[0, 1], []]))) == [(0, 1, "twice", 2, 1)]
    assert rules(check(problem, Routes.of([[2, 0], [2, 1]]))) == [
        (1, 0, "twice", 2, 1), (1, 1, "twice", 2, 1)
    ]  # fmt: skip
    assert check(problem, Routes.of([[0], [2]])).empty


def test_a_way_that_the_profile_cannot_do_is_found() -> None:
    """Against a one-way street by car."""
    visits = Visits.of([1, 2], exit=[2, 1], task=[0, 0], work_s=[[60, 60], [60, -1]])
    problem = on_a_line(Crews.of([0], profile=1), visits)
    assert check(problem, Routes.of([[0]])).empty
    assert rules(check(problem, Routes.of([[1]]))) == [(0, 0, "direction", 1, -1)]


def test_a_skill_that_is_missing_is_found() -> None:
    """A crew with skills 1 and 4 cannot do what takes 2; more skills than asked are fine."""
    problem = on_a_line(Crews.of([0], skills=5), Visits.of([1, 2, 3], skills=[3, 4, 0]))
    assert rules(check(problem, Routes.of([[0, 1, 2]]))) == [(0, 0, "skill", 5, 3)]


def test_a_load_above_the_capacity_is_found_once() -> None:
    """At the stop where it is first above; one just full is not."""
    problem = on_a_line(Crews.of([0], capacity=5), Visits.of([1, 2, 3, 4], load=[2, 3, 1, 1]))
    assert check(problem, Routes.of([[0, 1]])).empty
    assert rules(check(problem, Routes.of([[0, 1, 2, 3]]))) == [(0, 2, "capacity", 6, 5)]


@pytest.mark.parametrize(("pair", "seq"), [((0, 1), 0), ((1, 3), 1), ((3, 0), 2)])
def test_a_way_that_is_not_there_is_found(pair: tuple[int, int], seq: int) -> None:
    """Out of the start, between stops and to the end; the other direction may well be there."""
    problem = on_a_line(Crews.of([0], longest_s=10**8), Visits.of([1, 3]))
    cut = {}
    for name in ("distance_m", "duration_s"):
        cut[name] = getattr(problem, name).copy()
        cut[name][0][pair] = UNREACHABLE
    found = check(replace(problem, **cut), Routes.of([[0, 1]]))
    assert rules(found)[0] == (0, seq, "unreachable", UNREACHABLE, UNREACHABLE)
    assert (found["rule"] == "unreachable").sum() == 1
    assert check(problem, Routes.of([[0, 1]])).empty


def test_a_shift_ends_in_time_and_is_not_too_long() -> None:
    """A round of ten minutes, waiting included; exactly as long as allowed is allowed."""
    visits = Visits.of([1, 3], work_s=120)
    for hours, wrong in (
        ({"late_s": 600}, []),
        ({"late_s": 599}, [(0, 2, "shift", 600, 599)]),
        ({"longest_s": 600}, []),
        ({"longest_s": 599}, [(0, 2, "shift", 600, 599)]),
    ):
        problem = on_a_line(Crews.of([0], **hours), visits)
        assert rules(check(problem, Routes.of([[0, 1]]))) == wrong


def test_what_is_not_there_is_named_and_judged_no_further() -> None:
    """A third crew, a ninth visit, a place beyond the last."""
    problem = on_a_line(Crews.of([0, 0], late_s=1, break_s=1), Visits.of([1, 2]))
    routes = Routes(
        np.array([0, 1, 1, 2]), np.array([0, 8, BREAK, 1]), np.array([HERE, HERE, 6, HERE])
    )
    assert rules(check(problem, routes)) == [
        (1, 0, "unknown", 8, 1), (1, 1, "unknown", 6, 5), (2, 0, "unknown", 2, 1)
    ]  # fmt: skip
    assert rules(check(problem, Routes(np.array([0]), np.array([-2])))) == [
        (0, 0, "unknown", -2, 1)
    ]


@pytest.mark.parametrize(("table", "column", "row", "by", "rule"), [
    ("stops", "arrive_s", 0, -1, "speed"),
    ("stops", "arrive_s", 1, -1, "speed"),
    ("stops", "arrive_s", 2, -1, "speed"),
    ("stops", "start_s", 0, -1, "window"),
    ("stops", "start_s", 2, 4_000, "window"),
    ("stops", "leave_s", 0, -1, "dwell"),
    ("stops", "leave_s", 1, -1, "break"),
    ("stops", "leave_s", 2, -1, "dwell"),
    ("crews", "leave_s", 0, 1, "speed"),
    ("crews", "leave_s", 0, -1, "shift"),
    ("crews", "finish_s", 0, -1, "speed"),
    ("crews", "finish_s", 0, 9_000, "shift"),
])  # fmt: skip
def test_a_time_that_cannot_be_is_found(
    table: str, column: str, row: int, by: int, rule: str
) -> None:
    """A valid timetable, one of its times a second sooner or an hour later."""
    crews = Crews.of([0], break_s=600, early_s=100, late_s=8_000)
    problem = on_a_line(crews, Visits.of([1, 3], work_s=120, late_s=4_000))
    timetable = simulate(problem, Routes.of([[0, BREAK, 1]]))
    assert check_times(problem, timetable).empty
    getattr(timetable, table).loc[row, column] += by
    found = check_times(problem, timetable)
    assert rule in set(found["rule"])
    assert set(found["rule"]) <= set(RULES)


def test_findings_come_by_crew_stop_and_rule() -> None:
    """Several at one stop in the order of the rules."""
    visits = Visits.of([1, 2], skills=[1, 0], load=3, late_s=[10, 9_000], work_s=[[-1, 0]])
    problem = on_a_line(Crews.of([0, 0], capacity=2, late_s=200), visits)
    found = check(problem, Routes.of([[1], [0]]))
    assert rules(found) == [
        (0, 0, "capacity", 3, 2),
        (0, 1, "shift", 240, 200),
        (1, 0, "direction", 0, -1),
        (1, 0, "skill", 0, 1),
        (1, 0, "capacity", 3, 2),
        (1, 0, "window", 60, 10),
    ]
    assert found.dtypes.astype(str).tolist() == ["int64", "int64", "object", "int64", "int64"]


def test_the_times_of_tasks_are_those_of_their_stops() -> None:
    """Breaks are no task, and a task not done has no row."""
    visits = Visits.of([1, 4, 2, 3], task=[1, 0, 0, 2], work_s=30)
    problem = on_a_line(Crews.of([0, 0], break_s=[60, 0]), visits)
    times = task_times(problem, simulate(problem, Routes.of([[0, BREAK], [2]])))
    assert times.to_numpy().tolist() == [[0, 1, 2, 120, 120, 150], [1, 0, 0, 60, 60, 90]]


@st.composite
def days(draw: st.DrawFn) -> tuple[PatrolProblem, Routes]:
    """Draw a crew with up to five stops that have windows, and one-way ways between them."""
    count = draw(st.integers(1, 5))
    numbers = st.integers(0, 20)
    matrix = draw(st.lists(numbers, min_size=36, max_size=36))
    apart = np.array(matrix, dtype=np.int64).reshape(1, 6, 6)
    apart[0, PLACE, PLACE] = 0
    early = np.array(draw(st.lists(numbers.map(lambda n: 4 * n), min_size=count, max_size=count)))
    wide = np.array(draw(st.lists(numbers, min_size=count, max_size=count)))
    work = draw(st.lists(numbers, min_size=count, max_size=count))
    visits = Visits.of(PLACE[1 : count + 1], early_s=early, late_s=early + wide, work_s=[work])
    crews = Crews.of([0], early_s=draw(numbers))
    problem = on_a_line(crews, visits, distance_m=apart, duration_s=apart)
    return problem, Routes.of([draw(st.permutations(range(count)))])


def lived_from(problem: PatrolProblem, order: list[int], leave: int) -> tuple[int, int]:
    """Return when a crew that leaves at a time is back, and how much too late it is in all."""
    visits, way = problem.visits, problem.duration_s[0]
    at, now, late = 0, leave, 0
    for visit in order:
        now = max(now + int(way[at, visits.entry[visit]]), int(visits.early_s[visit]))
        late += max(0, now - int(visits.late_s[visit]))
        now += int(visits.work_s[0, visit])
        at = int(visits.exit[visit])
    return now + int(way[at, 0]), late


@given(days())
def test_no_later_start_ends_as_soon_and_misses_no_more(day: tuple[PatrolProblem, Routes]) -> None:
    """Against all starts, one by one."""
    problem, routes = day
    order = routes.visit.tolist()
    soonest = lived_from(problem, order, int(problem.crews.early_s[0]))
    starts = range(int(problem.crews.early_s[0]), soonest[0] + 1)
    latest = max(leave for leave in starts if lived_from(problem, order, leave) == soonest)
    row = simulate(problem, routes).crews.loc[0]
    assert row["leave_s"] == latest
    assert row["finish_s"] == soonest[0]
    assert row["duration_s"] == soonest[0] - latest
    assert ("window" in set(check(problem, routes)["rule"])) == (soonest[1] > 0)


@given(days(), st.data())
def test_a_second_less_anywhere_is_found(
    day: tuple[PatrolProblem, Routes], data: st.DataObject
) -> None:
    """Nobody is anywhere sooner than a timetable of the earliest times says."""
    problem, routes = day
    timetable = simulate(problem, routes)
    known = rules(check_times(problem, timetable))
    name = data.draw(st.sampled_from(["arrive_s", "start_s", "leave_s"]))
    row = data.draw(st.integers(0, len(timetable.stops) - 1))
    timetable.stops.loc[row, name] -= 1
    sooner = rules(check_times(problem, timetable))
    assert any(finding not in known for finding in sooner)
