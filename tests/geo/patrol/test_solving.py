"""Routes of small problems are the best there are, and those of large ones keep every rule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyvrp import Solution

from geo.errors import InvalidParameterError
from geo.patrol.checking import check
from geo.patrol.problem import BREAK, HERE, UNREACHABLE, Crews, Routes, Visits
from geo.patrol.searching import Limits, Searched, searched
from geo.patrol.solving import solve
from geo.patrol.timetable import simulate
from tests.geo.patrol.every import best_of
from tests.geo.patrol.problems import between, drawn, on_line, problem_of, station_day

if TYPE_CHECKING:
    from geo.patrol.problem import PatrolProblem
    from geo.patrol.solving import Solved


def solved(problem: PatrolProblem, **options: Any) -> Solved:  # noqa: ANN401
    """Solve quickly, and hold the routes against the checker and its figures."""
    found = solve(problem, **{"iterations": 200, **options})
    assert check(problem, found.routes).empty
    assert simulate(problem, found.routes).distance_m == found.distance_m
    missed = ~found.routes.done(problem) & ~problem.required
    assert found.cost_m == found.distance_m + problem.prize_m[missed].sum()
    return found


def outcome(problem: PatrolProblem, found: Solved) -> tuple[int, int]:
    """Return how many required tasks are left out, and the cost, as `best_of` does."""
    left_out = problem.required & ~found.routes.done(problem)
    return int(left_out.sum()), found.cost_m


def test_points_on_a_street_are_done_there_and_back() -> None:
    """Three points up to 300 m: 600 m."""
    found = solved(on_line([0, 100, 300, 200]))
    assert found.distance_m == 600
    assert sorted(found.routes.visit.tolist()) == [0, 1, 2]


def test_crews_at_both_ends_share_a_street() -> None:
    """From 0 and 1,000 m each goes to what is near: 2 x 100 m and 2 x 200 m."""
    crews = Crews.of([0, 4])
    problem = on_line([0, 100, 50, 800, 1_000], crews, task=[0, 1, 2, 3], required=True)
    found = solved(problem)
    assert found.distance_m == 200 + 400
    assert set(found.routes.stops_of(0).tolist()) == {0, 1}
    assert set(found.routes.stops_of(1).tolist()) >= {2}


def test_a_crew_that_ends_elsewhere_passes_by() -> None:
    """From 0 to 300 m, past 100 m and 200 m: no metre more than the way."""
    found = solved(on_line([0, 300, 100, 200], Crews.of([0], end=1)))
    assert found.distance_m == 300
    assert found.routes.visit.tolist()[-1] == 0


@pytest.mark.parametrize("one_way", [False, True])
@pytest.mark.parametrize("breaks", [False, True])
@pytest.mark.parametrize("optional", [False, True])
def test_small_plans_are_the_best_there_are(
    one_way: bool,  # noqa: FBT001
    breaks: bool,  # noqa: FBT001
    optional: bool,  # noqa: FBT001
) -> None:
    """Orders, ways, crews, windows and breaks, all looked at, for some seeds of each kind."""
    for seed in range(4):
        problem = drawn(seed, one_way=one_way, breaks=breaks, optional=optional)
        assert outcome(problem, solved(problem)) == best_of(problem), seed


@pytest.mark.parametrize("seed", [53, 61, 74, 126, 128, 142, 143, 380])
def test_plans_with_breaks_that_hardly_fit_are_the_best_there_are(seed: int) -> None:
    """Problems in which some slip about breaks once cost a task or metres."""
    problem = drawn(
        seed,
        segments=min(seed % 3, 1),
        optional=bool(seed % 2),
        one_way=bool(seed % 3),
        windows=bool(seed % 4),
    )
    assert outcome(problem, solved(problem, iterations=250)) == best_of(problem)


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
@settings(max_examples=25)
def test_no_plan_breaks_a_rule_or_is_better_than_the_best(
    seed: int,
    one_way: bool,  # noqa: FBT001
    optional: bool,  # noqa: FBT001
) -> None:
    """Also where the search stops in a local optimum, as it does once in a hundred problems."""
    problem = drawn(seed, points=2, one_way=one_way, optional=optional)
    assert outcome(problem, solved(problem, iterations=40)) >= best_of(problem)


@pytest.mark.parametrize(("prize_m", "tasks"), [(199, 1), (201, 2)])
def test_an_optional_point_is_done_when_it_is_worth_its_way(prize_m: int, tasks: int) -> None:
    """It is 100 m beyond the other: 200 m of way."""
    problem = on_line([0, 300, 400], required=[True, False], prize_m=[0, prize_m])
    found = solved(problem)
    assert len(found.routes.visit) == tasks
    assert found.cost_m == 600 + min(prize_m, 200)


@pytest.mark.parametrize("prize_m", [0, 10**6])
def test_a_required_task_comes_before_any_prize(prize_m: int) -> None:
    """There is time for one of the two, and the required one is the farther."""
    crews = Crews.of([0], longest_s=800)
    problem = on_line(
        [0, 400, 10], crews, required=[True, False], prize_m=[0, prize_m], work_s=[0, 1]
    )
    assert solved(problem).routes.visit.tolist() == [0]


def test_of_required_tasks_that_cannot_all_be_done_those_of_larger_prize_are() -> None:
    """In two directions, with time for one; the second is 100 m farther there and back."""
    crews = Crews.of([0], longest_s=700)
    for prize_m, first in (([0, 99], 0), ([0, 101], 1)):
        xy = np.array([[0, 0], [300, 0], [0, 350]])
        problem = problem_of(crews, Visits.of([1, 2]), between(xy), prize_m=prize_m)
        assert solved(problem).routes.visit.tolist() == [first]


def test_as_many_required_tasks_as_possible_are_done() -> None:
    """One far away, or three near by: the three, though the far one could be done."""
    crews = Crews.of([0], longest_s=1_000)
    xy = np.array([[0, 0], [500, 0], [0, 100], [0, 200], [0, 300]])
    found = solved(problem_of(crews, Visits.of([1, 2, 3, 4]), between(xy)))
    assert sorted(found.routes.visit.tolist()) == [1, 2, 3]


def test_what_nobody_can_do_is_left_out_and_the_rest_is_done() -> None:
    """A window that closes too early, a skill nobody has, a place without a way to it."""
    xy = np.array([[0, 0], [100, 0], [200, 0], [300, 0], [50, 0]])
    distance_m = between(xy)
    distance_m[3, [0, 1, 2, 4]] = UNREACHABLE
    visits = Visits.of([1, 2, 3, 4], late_s=[99, 900, 900, 900], skills=[0, 1, 0, 0])
    found = solved(problem_of(Crews.of([0]), visits, distance_m))
    assert found.routes.visit.tolist() == [3]
    assert found.cost_m == 100


def test_nothing_to_do_gives_no_routes() -> None:
    """No task that can be done, no task at all, and no crew."""
    crews, metres = Crews.of([0]), between(np.array([[0, 0], [100, 0]]))
    for problem in (
        problem_of(Crews.of([0], late_s=100), Visits.of([1]), metres),
        problem_of(crews, Visits.of([]), metres),
        problem_of(Crews.of([]), Visits.of([1]), metres),
    ):
        found = solved(problem)
        assert len(found.routes.visit) == 0
        assert (found.distance_m, found.iterations) == (0, 0)


def test_only_crews_with_the_skill_do_the_task() -> None:
    """The other crew stands beside it, and does what needs no skill."""
    crews = Crews.of([0, 1], skills=[0b10, 0b01])
    found = solved(on_line([0, 500, 400, 600], crews, skills=[0, 0b10, 0]))
    assert found.routes.stops_of(0).tolist() == [1]
    assert sorted(found.routes.stops_of(1).tolist()) == [0, 2]


def test_a_profile_that_cannot_do_a_way_does_not() -> None:
    """The second profile is as near, but its work is marked -1."""
    crews = Crews.of([0, 0], profile=[1, 0])
    given = {"work_s": [[10, 10], [10, -1]], "speed_mps": (1.0, 1.0)}
    found = solved(on_line([0, 100, 200], crews, **given))
    assert 1 in found.routes.stops_of(1)


def test_the_slower_profile_is_given_its_own_time() -> None:
    """At 1 m/s with 100 s of work it is too late, at 2 m/s with 40 s in time."""
    crews = Crews.of([0, 0], profile=[0, 1], late_s=240)
    problem = on_line([0, 100], crews, work_s=[[100], [40]], speed_mps=(1.0, 2.0))
    assert solved(problem).routes.crew.tolist() == [1]


def test_a_one_way_street_is_gone_round() -> None:
    """A ring of four places, 100 m each, passable one way: one round does both tasks."""
    ring = np.array([[(b - a) % 4 * 100 for b in range(4)] for a in range(4)])
    found = solved(problem_of(Crews.of([0]), Visits.of([3, 1]), ring))
    assert found.routes.visit.tolist() == [1, 0]
    assert found.distance_m == 400


def test_a_way_that_is_not_there_is_never_gone() -> None:
    """Between the two tasks there is none, so each is done from the start."""
    distance_m = between(np.array([[0, 0], [100, 0], [110, 0]]))
    distance_m[1, 2] = distance_m[2, 1] = UNREACHABLE
    crews = Crews.of([0, 0])
    found = solved(problem_of(crews, Visits.of([1, 2]), distance_m))
    assert sorted(found.routes.crew.tolist()) == [0, 1]
    alone = solved(problem_of(Crews.of([0]), Visits.of([1, 2]), distance_m))
    assert len(alone.routes.visit) == 1


def test_a_segment_is_done_once_in_the_better_direction() -> None:
    """From 100 to 300 m with the end of the shift beyond it, and the other way round."""
    for start, end, way in ((0, 3, 0), (3, 0, 1)):
        metres = between(np.array([[0, 0], [100, 0], [300, 0], [400, 0]]))
        visits = Visits.of([1, 2], exit=[2, 1], task=[0, 0], work_m=200, work_s=200)
        found = solved(problem_of(Crews.of([start], end=end), visits, metres))
        assert found.routes.visit.tolist() == [way]
        assert found.distance_m == 400


def test_windows_set_the_order() -> None:
    """The near one opens when the far one has been done."""
    found = solved(on_line([0, 100, 200], early_s=[500, 0], late_s=[600, 300]))
    assert found.routes.visit.tolist() == [1, 0]


def test_loads_are_shared_out() -> None:
    """Four tasks of load 2, and crews for two and three tasks."""
    crews = Crews.of([0, 0], capacity=[4, 7])
    found = solved(on_line([0, 100, 200, 300, 400], crews, load=2))
    assert len(found.routes.visit) == 4
    assert len(found.routes.stops_of(0)) <= 2
    assert len(found.routes.stops_of(1)) <= 3


def test_a_crew_without_time_for_its_break_gives_up_a_task() -> None:
    """Two tasks fill the shift, one leaves time for the break."""
    crews = Crews.of([0], late_s=1_000, break_s=100, break_early_s=200, break_late_s=600)
    problem = on_line([0, 10, 20], crews, work_s=450)
    found = solved(problem)
    assert (found.routes.visit == BREAK).sum() == 1
    assert (found.routes.visit != BREAK).sum() == 1
    rested = replace(problem, crews=replace(crews, late_s=np.array([1_040])))
    assert (solved(rested).routes.visit != BREAK).sum() == 2


def test_a_crew_that_can_never_have_its_break_does_nothing() -> None:
    """It has to have begun before the shift does."""
    crews = Crews.of([0, 0], early_s=100, break_s=[10, 0], break_early_s=0, break_late_s=99)
    assert set(solved(on_line([0, 10, 20], crews)).routes.crew.tolist()) == {1}


def test_a_crew_that_does_nothing_takes_no_break() -> None:
    """One crew is enough; the other has no row."""
    crews = Crews.of([0, 0], break_s=60)
    found = solved(on_line([0, 10, 20], crews))
    assert len(set(found.routes.crew.tolist())) == 1
    assert (found.routes.visit == BREAK).sum() == 1
    assert found.distance_m == 40


def test_an_idle_crew_costs_no_way_to_its_end() -> None:
    """Its end is far from its start, and a break is due."""
    crews = Crews.of([0, 0], end=[0, 2], break_s=60)
    found = solved(on_line([0, 10, 9_000], crews, required=[True, False]))
    assert found.routes.crew.tolist() == [0, 0]
    assert found.cost_m == 20


def test_each_crew_takes_its_own_break() -> None:
    """Both are needed, with breaks that are not due at the same time."""
    crews = Crews.of(
        [0, 3], longest_s=2_000, break_s=[300, 600],
        break_early_s=[0, 900], break_late_s=[400, 1_000],
    )  # fmt: skip
    problem = on_line([0, 200, 9_800, 10_000], crews, task=[0, 1, 2], required=[True, True, False])
    found = solved(problem)
    assert [(found.routes.visit[found.routes.crew == crew] == BREAK).sum() for crew in (0, 1)] == [
        1,
        1,
    ]


def test_a_break_before_a_far_first_stop_is_at_a_rest_place() -> None:
    """The stop is met after the break is due, so that it is taken on the way."""
    crews = Crews.of([0], break_s=60, break_late_s=50)
    metres = between(np.array([[0, 0], [100, 0], [30, 0]]))
    found = solved(problem_of(crews, Visits.of([1]), metres, rest_places=[2]))
    assert found.routes.visit.tolist() == [BREAK, 0]
    assert found.routes.place.tolist() == [2, HERE]


def test_the_same_seed_gives_the_same_routes() -> None:
    """And another seed of a symmetric problem gives others."""
    xy = np.array([[0, 0], [100, 0], [-100, 0], [0, 100], [0, -100]])
    problem = problem_of(Crews.of([0] * 2, capacity=2), Visits.of([1, 2, 3, 4]), between(xy))
    plans = [tuple(solved(problem, seed=seed).routes.visit) for seed in (0, 0, *range(1, 6))]
    assert plans[0] == plans[1]
    assert len(set(plans)) > 1


@pytest.fixture(scope="module")
def day() -> PatrolProblem:
    """Give a quarter of a station's day: three crews, with windows, directions and breaks."""
    return station_day(0, crews=3, points=30, segments=16, side_m=2_000)


def test_a_day_keeps_every_rule_and_does_everything(day: PatrolProblem) -> None:
    """With breaks, windows and directions, after a few iterations; each segment is done once."""
    found = solved(day, iterations=60)
    assert found.routes.done(day).all()
    stops = found.routes.visit[found.routes.visit != BREAK]
    assert len(stops) == day.tasks
    assert found.stopped_by == "iterations"
    again = solved(day, iterations=60)
    assert again.routes.visit.tolist() == found.routes.visit.tolist()
    assert again.iterations == found.iterations <= 61


def test_breaks_cost_no_way_where_there_is_time(day: PatrolProblem) -> None:
    """The plan with breaks is no more than a tenth longer than one without."""
    free = replace(day, crews=replace(day.crews, break_s=np.zeros(3, dtype=np.int64)))
    assert solved(day).distance_m <= 1.1 * solved(free).distance_m


def test_a_start_is_never_made_worse(day: PatrolProblem) -> None:
    """One more iteration begins where many ended."""
    good = solved(day, iterations=300)
    again = solved(day, iterations=1, seed=7, start=good.routes)
    assert again.cost_m <= good.cost_m
    assert solved(day, iterations=1, seed=7).cost_m > good.cost_m


def test_a_search_begins_with_the_start_and_may_find_nothing_better(
    day: PatrolProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that only ever finds empty routes changes nothing."""
    good = solved(day, iterations=100)
    known: list[Any] = []

    def found_nothing(data: Any, _: Any, **options: Any) -> Searched:  # noqa: ANN401
        known.append(options["known"])
        return Searched(Solution(data, []), feasible=False, iterations=1)

    monkeypatch.setattr("geo.patrol.solving.searched", found_nothing)
    again = solve(day, start=good.routes)
    assert known[0].distance() == good.distance_m
    assert known[0].is_feasible()
    assert again.routes.visit.tolist() == good.routes.visit.tolist()


def test_tasks_that_could_all_be_done_have_to_be_from_then_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A first look that finds nothing makes them optional until a plan does them all."""
    needed: list[bool] = []

    def found_late(data: Any, limits: Limits, **options: Any) -> Searched:  # noqa: ANN401
        needed.append(data.client(0).required)
        if len(needed) == 1:
            return Searched(Solution(data, []), feasible=False, iterations=1)
        return searched(data, limits, **options)

    monkeypatch.setattr("geo.patrol.solving.searched", found_late)
    assert solved(on_line([0, 100, 200], Crews.of([0], break_s=9))).distance_m == 400
    assert needed == [True, False, True, True]


def test_of_a_start_that_is_too_long_what_is_worth_most_is_kept() -> None:
    """There is time for one of the two."""
    for prize_m, kept in (([500, 900], 1), ([900, 500], 0)):
        problem = on_line(
            [0, 100, 100], Crews.of([0], longest_s=400), work_s=150, required=False, prize_m=prize_m
        )
        found = solved(problem, start=Routes.of([[0, 1]]), time_limit_s=1e-9)
        assert found.routes.visit.tolist() == [kept]


def test_a_start_loses_what_there_is_no_time_for() -> None:
    """Both tasks in one shift are too much; the other crew can take one."""
    problem = on_line([0, 100, 200], Crews.of([0, 0], longest_s=600), work_s=200)
    found = solved(problem, start=Routes.of([[0, 1]]))
    assert found.routes.done(problem).all()
    assert len(set(found.routes.crew.tolist())) == 2


def test_too_many_tasks_for_the_day_leave_out_a_few() -> None:
    """One crew for a day of three does about a third, not what is left of three routes."""
    crowded = station_day(1, crews=1, points=60, segments=20, side_m=2_000)
    found = solved(crowded, iterations=150)
    assert found.routes.done(crowded).sum() >= 45
    assert found.iterations <= 151


def test_what_stopped_the_search_is_told(day: PatrolProblem) -> None:
    """The time, or that nothing better came."""
    assert solved(day, time_limit_s=1e-6).stopped_by == "time"
    found = solved(on_line([0, 100, 200]), iterations=10_000, patience=10)
    assert found.stopped_by == "no_improvement"
    assert found.iterations < 100


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"seed": -1}, "seed must be 0 or more, got -1"),
        ({"iterations": 0}, "iterations must be 1 or more, got 0"),
        ({"patience": 0}, "patience must be 1 or more"),
        ({"time_limit_s": float("nan")}, "time_limit_s must be > 0, got nan"),
        ({"start": Routes.of([[], [0]])}, "start: crew 1 met, but the problem has 1"),
        ({"start": Routes.of([[2]])}, "start: visit 2 met, but the problem has 2"),
        ({"start": Routes.of([[0, 0]])}, "start: task 0 is done 2 times"),
    ],
)
def test_options_outside_their_range_are_refused(options: dict[str, Any], said: str) -> None:
    """With the value met."""
    with pytest.raises(InvalidParameterError, match=said):
        solve(on_line([0, 100, 200]), **options)
