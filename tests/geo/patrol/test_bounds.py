"""No plan undercuts the bounds, and where figures are drawn from paper they are met."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InvalidParameterError
from geo.patrol.bounds import deadhead_bound, distance_bound
from geo.patrol.checking import check
from geo.patrol.problem import UNREACHABLE, Crews, PatrolProblem, Routes, Visits
from geo.patrol.timetable import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def walked(crews: Crews, visits: Visits, distance_m: NDArray[np.int64]) -> PatrolProblem:
    """Make a problem whose durations are its distances."""
    tasks = int(visits.task.max(initial=-1)) + 1
    required, prize = np.ones(tasks, dtype=np.bool_), np.zeros(tasks, dtype=np.int64)
    return PatrolProblem(crews, visits, distance_m, distance_m, required, prize)


def flat(places: list[tuple[int, int]]) -> NDArray[np.int64]:
    """Return the distances between places along a square grid."""
    at = np.array(places)
    return np.abs(at[:, None] - at).sum(axis=2)[None]


def plans(problem: PatrolProblem, tasks: list[int]) -> Iterator[Routes]:
    """Make every order of the tasks, every way to do each, and every share among the crews."""
    crews = len(problem.crews)
    ways = [np.flatnonzero(problem.visits.task == task).tolist() for task in range(problem.tasks)]
    for order in permutations(tasks):
        for visits in product(*(ways[task] for task in order)):
            for crew in product(range(crews), repeat=len(order)):
                yield Routes.of([
                    [v for v, c in zip(visits, crew, strict=True) if c == k] for k in range(crews)
                ])  # fmt: skip


def best(problem: PatrolProblem, tasks: list[int]) -> tuple[float, float]:
    """Return the least distance, and the least without work, of all valid plans."""
    distance = deadhead = math.inf
    for routes in plans(problem, tasks):
        timetable = simulate(problem, routes)
        if timetable.distance_m < UNREACHABLE and check(problem, routes).empty:
            work = int(timetable.stops["work_m"].sum())
            distance = min(distance, timetable.distance_m)
            deadhead = min(deadhead, timetable.distance_m - work)
    return distance, deadhead


@st.composite
def problems(draw: st.DrawFn) -> PatrolProblem:
    """Draw up to three tasks for up to two crews: one-way ways, profiles, skills, windows."""
    places, u = draw(st.integers(2, 5)), draw(st.integers(1, 2))
    ways = draw(st.integers(1, 5))
    place, few = st.integers(0, places - 1), st.integers(0, 20)

    def listed(numbers: st.SearchStrategy[int], count: int) -> NDArray[np.int64]:
        return np.array(draw(st.lists(numbers, min_size=count, max_size=count)), dtype=np.int64)

    far = st.one_of(few, few, few, st.just(UNREACHABLE))
    distance = listed(far, 2 * places**2).reshape(2, places, places)
    distance[:, np.arange(places), np.arange(places)] = 0
    task = np.unique(listed(st.integers(0, 2), ways), return_inverse=True)[1].astype(np.int64)
    entry = listed(place, ways)
    leave = np.where(listed(st.integers(0, 1), ways), entry, listed(place, ways))
    early = listed(few, ways)
    visits = Visits.of(
        entry, task=task, exit=leave, work_m=listed(few, ways), early_s=early,
        work_s=np.vstack((listed(st.integers(-1, 20), ways), listed(few, ways))),
        late_s=early + listed(st.sampled_from([10, 1_000]), ways),
        skills=listed(st.sampled_from([0, 0, 1]), ways), load=listed(st.integers(0, 2), ways),
    )  # fmt: skip
    crews = Crews.of(
        listed(place, u), end=listed(place, u), profile=listed(st.integers(0, 1), u),
        skills=listed(st.integers(0, 1), u), capacity=listed(st.integers(1, 6), u),
        late_s=listed(st.sampled_from([60, 1_000]), u),
    )  # fmt: skip
    return walked(crews, visits, distance)


@settings(max_examples=30)
@given(problems())
def test_no_plan_undercuts_the_bounds(problem: PatrolProblem) -> None:
    """Against all plans; where there is none, the bound may be infinite."""
    tasks = list(range(problem.tasks))
    distance, deadhead = best(problem, tasks)
    assert 0.0 <= distance_bound(problem) <= distance
    assert 0.0 <= deadhead_bound(problem) <= deadhead
    one = tasks[:1]
    distance, deadhead = best(problem, one)
    assert distance_bound(problem, one) <= distance
    assert deadhead_bound(problem, one) <= deadhead


@settings(max_examples=10)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=6, max_size=6))
def test_the_bound_is_near_the_best_round(places: list[tuple[int, int]]) -> None:
    """One crew, five points: trees with prices reach nine tenths of it at least."""
    problem = walked(Crews.of([0]), Visits.of(range(1, 6)), flat(places))
    shortest = min(
        simulate(problem, Routes.of([list(order)])).distance_m for order in permutations(range(5))
    )
    assert 0.9 * shortest <= distance_bound(problem) <= shortest


def test_the_bound_is_near_the_best_plan_known() -> None:
    """Thirty points and thirty segments drawn on 1 km2: the best of some searches takes 7054 m."""
    random = np.random.default_rng(1)
    at = random.integers(0, 1_000, (92, 2))
    begins = np.arange(30, 90, 2)
    at[begins + 1] = at[begins] + random.integers(-80, 80, (30, 2))
    apart = np.rint(np.hypot(*(at[:, None] - at).transpose(2, 0, 1))).astype(np.int64)[None]
    ends = np.stack((begins, begins + 1), axis=1)
    entry, leave = np.append(np.arange(30), ends), np.append(np.arange(30), ends[:, ::-1])
    task = np.append(np.arange(30), np.repeat(np.arange(30, 60), 2))
    visits = Visits.of(entry, exit=leave, task=task, work_m=apart[0, entry, leave])
    bound = distance_bound(walked(Crews.of([90, 91]), visits, apart))
    assert 0.98 * 7_054 <= bound <= 7_054


def test_out_and_back_along_a_line_is_met() -> None:
    """To the farthest and home."""
    places = [(0, 0), (3, 0), (10, 0), (-4, 0)]
    problem = walked(Crews.of([0]), Visits.of([1, 2, 3]), flat(places))
    assert distance_bound(problem) == 28.0
    assert distance_bound(problem, [0, 2]) == 14.0
    assert distance_bound(problem, [0]) == 6.0


def test_two_far_groups_hang_together() -> None:
    """Pairs alone would cost 8; only a tree knows of the 100 to the other group, there and back."""
    places = [(0, 0), (0, 1), (1, 0), (100, 0), (100, 1), (101, 0), (101, 1)]
    problem = walked(Crews.of([0]), Visits.of(range(1, 7)), flat(places))
    assert distance_bound(problem) == 204.0


def test_one_way_streets_count() -> None:
    """From one point to the other and home it is 9 m, though 1 m the other way."""
    apart = np.array([[[0, 1, 1], [9, 0, 9], [9, 9, 0]]])
    problem = walked(Crews.of([0]), Visits.of([1, 2]), apart)
    assert distance_bound(problem) == 19.0
    assert distance_bound(problem, [1]) == 10.0


def test_windows_forbid_going_back() -> None:
    """A point at 1 m that is open when one at 2 m is shut: not there, back and there again."""
    places = [(0, 0), (1, 0), (3, 0)]
    free = walked(Crews.of([0], end=[1]), Visits.of([1, 2]), flat(places))
    assert distance_bound(free) == 5.0
    visits = Visits.of([1, 2], late_s=[1, 100])
    assert distance_bound(replace(free, visits=visits)) == 5.0
    visits = Visits.of([1, 2], early_s=[50, 0], late_s=[100, 10])
    ended = replace(free, visits=visits, crews=Crews.of([1], end=[2]))
    # 2 is done first, then 1, then the crew goes to its end at 2.
    assert distance_bound(ended) == 6.0


def test_crews_stay_idle_and_start_where_they_are() -> None:
    """Each of two crews is beside one point; the third is far from both."""
    places = [(0, 0), (50, 0), (500, 0), (2, 0), (51, 0)]
    problem = walked(Crews.of([0, 1, 2]), Visits.of([3, 4]), flat(places))
    assert distance_bound(problem) == 6.0


def test_a_crew_that_lacks_a_skill_does_not_go() -> None:
    """
    One of two tasks near it needs the far one, which does both on its way in 192 m.

    The bound knows that the task is come to or left over the 95 m, not that it is both.
    """
    places = [(0, 0), (100, 0), (5, 0), (4, 0)]
    crews, visits = Crews.of([0, 1], skills=[0, 1]), Visits.of([2, 3], skills=[1, 0])
    problem = walked(crews, visits, flat(places))
    assert distance_bound(problem) == 4.0 + 1.0 + 95.0
    assert distance_bound(problem, [1]) == 8.0


def test_a_crew_starts_once() -> None:
    """Both points are 10 m from the first crew but 30 m from each other; the second is far."""
    apart = np.array([
        [0, 900, 10, 10], [900, 0, 900, 900], [10, 900, 0, 30], [10, 900, 30, 0]
    ])[None]  # fmt: skip
    problem = walked(Crews.of([0, 1]), Visits.of([2, 3]), apart)
    assert distance_bound(problem) == 50.0
    assert distance_bound(replace(problem, crews=Crews.of([0, 0]))) == 40.0


def test_ends_elsewhere_count() -> None:
    """From 0 by 3 to the end at 10."""
    places = [(0, 0), (10, 0), (3, 0)]
    problem = walked(Crews.of([0], end=[1]), Visits.of([2]), flat(places))
    assert distance_bound(problem) == 10.0


def test_work_counts_in_the_distance_alone() -> None:
    """A segment of 7 m from 2 to 9, or the long way of 30 m; then home over 9 m."""
    places = [(0, 0), (2, 0), (9, 0)]
    visits = Visits.of([1, 2, 1], exit=[2, 1, 2], task=0, work_m=[7, 7, 30], work_s=1)
    problem = walked(Crews.of([0]), visits, flat(places))
    assert distance_bound(problem) == 18.0
    assert deadhead_bound(problem) == 11.0


def test_the_ends_of_segments_are_joined_once_each() -> None:
    """Three arms of 5 m from a square: each is gone back, though its inner end is near all."""
    places = [(0, 0), (5, 0), (0, 5), (-5, 0)]
    visits = Visits.of(
        [0, 1, 0, 2, 0, 3], exit=[1, 0, 2, 0, 3, 0], task=[0, 0, 1, 1, 2, 2], work_m=5, work_s=1
    )
    problem = walked(Crews.of([0]), visits, flat(places))
    assert deadhead_bound(problem) == 15.0
    assert distance_bound(problem) == 30.0


def test_a_full_crew_needs_a_second() -> None:
    """Four points at 10 m, two to a crew; at 1 m from each other, so one round were 23."""
    places = [(0, 0), (10, 0), (10, 1), (11, 0), (11, 1)]
    roomy = walked(Crews.of([0, 0]), Visits.of([1, 2, 3, 4]), flat(places))
    assert distance_bound(roomy) == 24.0
    full = replace(roomy, crews=Crews.of([0, 0], capacity=2))
    assert distance_bound(full) > 40.0
    assert distance_bound(replace(roomy, crews=Crews.of([0, 0], capacity=[2, 1]))) == math.inf


def test_nothing_to_do_takes_no_way() -> None:
    """Without tasks, and without any that are done."""
    problem = walked(Crews.of([0]), Visits.of([1, 1]), flat([(0, 0), (5, 0)]))
    assert distance_bound(problem, []) == 0.0
    assert deadhead_bound(problem, []) == 0.0


@pytest.mark.parametrize("pair", [(0, 1), (1, 0)])
def test_what_no_crew_can_reach_or_leave_has_no_bound(pair: tuple[int, int]) -> None:
    """Infinite, and only for the tasks that it concerns."""
    distance = flat([(0, 0), (5, 0), (0, 5)])
    distance[0][pair] = distance[0][pair[0] * 2, pair[1] * 2] = UNREACHABLE
    distance[0, 1, 2] = distance[0, 2, 1] = UNREACHABLE
    problem = walked(Crews.of([0]), Visits.of([1, 2]), distance)
    assert distance_bound(problem) == math.inf
    open_way = distance.copy()
    open_way[0, 0, 2] = open_way[0, 2, 0] = 5
    problem = replace(problem, distance_m=open_way, duration_s=open_way)
    assert distance_bound(problem, [0]) == math.inf
    assert distance_bound(problem, [1]) == 10.0


def test_what_no_crew_can_do_has_no_bound() -> None:
    """For want of a skill, of a profile, or of any crew."""
    distance = flat([(0, 0), (5, 0)])
    skilled = walked(Crews.of([0], skills=1), Visits.of([1], skills=2), distance)
    assert distance_bound(skilled) == math.inf
    assert distance_bound(walked(Crews.of([0]), Visits.of([1], work_s=-1), distance)) == math.inf
    nobody = Crews.of([])
    assert distance_bound(walked(nobody, Visits.of([1]), distance)) == math.inf


@pytest.mark.parametrize("tasks", [[-1], [0, 2]])
def test_a_task_that_is_not_there_is_refused(tasks: list[int]) -> None:
    """They are numbered from 0."""
    problem = walked(Crews.of([0]), Visits.of([1, 1]), flat([(0, 0), (5, 0)]))
    with pytest.raises(InvalidParameterError, match="they are 0 to 1"):
        distance_bound(problem, tasks)
