"""A running plan mended: against every plan there is, and by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo.errors import InvalidParameterError
from geo.patrol.breaks import fit
from geo.patrol.checking import check
from geo.patrol.mending import mend
from geo.patrol.problem import BREAK, UNREACHABLE, Crews, Routes
from geo.patrol.solving import solve
from geo.patrol.timetable import simulate
from tests.geo.patrol.problems import HOUR, drawn, on_line, station_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.patrol.mending import Mended
    from geo.patrol.problem import PatrolProblem

    Plan = tuple[tuple[int, ...], ...]


def done_by(problem: PatrolProblem, routes: Routes, now_s: int) -> list[int]:
    """Count the rows of each crew that are over."""
    stops = simulate(problem, routes).stops
    over = stops[stops["leave_s"] <= now_s]
    return [int((over["crew"] == crew).sum()) for crew in range(len(problem.crews))]


def tail_of(problem: PatrolProblem, routes: Routes) -> Plan:
    """List the ways of every crew."""
    return tuple(tuple(routes.stops_of(crew).tolist()) for crew in range(len(problem.crews)))


def unchanged(before: tuple[int, ...], after: tuple[int, ...]) -> int:
    """Count by trial the most stops of a route that keep their order."""
    for size in range(len(before), 0, -1):
        for kept in combinations(before, size):
            if tuple(way for way in after if way in kept) == kept:
                return size
    return 0


def count_changes(problem: PatrolProblem, before: Plan, after: Plan) -> int:
    """Count the stops that are not where they were."""
    tasks = {int(problem.visits.task[way]) for plan in (before, after) for r in plan for way in r}
    return len(tasks) - sum(unchanged(a, b) for a, b in zip(before, after, strict=True))


def every_plan(problem: PatrolProblem) -> Iterator[Plan]:
    """List every plan for up to two crews, whether it can be done or not."""
    ways = [np.flatnonzero(problem.visits.task == task).tolist() for task in range(problem.tasks)]
    for size in range(problem.tasks + 1):
        for tasks in permutations(range(problem.tasks), size):
            for chosen in product(*(ways[task] for task in tasks)):
                if len(problem.crews) == 1:
                    yield (chosen,)
                    continue
                yield from ((chosen[:cut], chosen[cut:]) for cut in range(size + 1))


def cost(problem: PatrolProblem, plan: Plan) -> tuple[int, int] | None:
    """Return required tasks left out, and metres with prizes left out; None: cannot be done."""
    fitted = [fit(problem, crew, list(ways)) for crew, ways in enumerate(plan)]
    done = {int(problem.visits.task[way]) for ways in plan for way in ways}
    lost = [task for task in range(problem.tasks) if task not in done]
    optional = sum(int(problem.prize_m[task]) for task in lost)
    length = 0
    for each in fitted:
        if each is None:
            return None
        length += each.distance_m
    return sum(bool(problem.required[task]) for task in lost), length + optional


def mended_at(
    problem: PatrolProblem, running: Routes, now_s: int, most: int, *, lost: int, hidden: int
) -> Mended:
    """Mend after a crew was lost, and after a task became known that was not."""
    stops = running.visit != hidden
    routes = Routes(running.crew[stops], running.visit[stops], running.place[stops])
    return mend(
        problem,
        routes,
        done=done_by(problem, routes, now_s),
        now_s=now_s,
        most_changes=most,
        lost_crews=[lost] if lost >= 0 else [],
    )


@pytest.mark.parametrize("seed", range(24))
def test_no_plan_within_the_changes_allowed_is_better(seed: int) -> None:
    """All plans of two crews and four tasks are tried, for no change, one, two and four."""
    random = np.random.default_rng(seed)
    problem = drawn(seed, points=3, segments=1, optional=seed % 3 == 0, one_way=seed % 2 == 0)
    running = solve(problem, seed=seed, iterations=100).routes
    now_s = int(simulate(problem, running).crews["leave_s"].min() + random.integers(0, 3_000))
    lost = int(random.integers(-1, 2))
    hidden = int(random.choice(np.append(running.visit[running.visit != BREAK], -2)))
    none = mended_at(problem, running, now_s, 0, lost=lost, hidden=hidden)
    base = tail_of(problem, none.tail)
    costs = {
        plan: (*found, count_changes(problem, base, plan))
        for plan in every_plan(problem)
        if (found := cost(none.rest, plan)) is not None
    }
    for most in (0, 1, 2, 4):
        found = mended_at(problem, running, now_s, most, lost=lost, hidden=hidden)
        plan = tail_of(problem, found.tail)
        best = min(each[:2] for each in costs.values() if each[2] <= most)
        assert costs[plan][:2] == best
        assert costs[plan][2] == len(found.changed) <= most
        assert check(found.rest, found.tail).empty


@pytest.mark.parametrize("seed", range(12))
def test_without_changes_as_little_as_can_be_is_left_out(seed: int) -> None:
    """Every part of the route that keeps its order is tried; half an hour was lost."""
    problem = drawn(seed, crews=1, points=4, segments=1)
    running = solve(problem, seed=seed, iterations=100).routes
    times = simulate(problem, running)
    if not len(times.stops):
        return
    now_s = int(times.stops["leave_s"].iloc[0]) + 1_800
    found = mend(problem, running, done=[1], now_s=now_s, most_changes=0)
    kept = set(found.routes.visit.tolist()) - set(found.tail.visit.tolist())
    left = [way for way in running.stops_of(0).tolist() if way not in kept]
    costs = [
        (cost(found.rest, (part,)), part)
        for size in range(len(left) + 1)
        for part in combinations(left, size)
    ]
    best = min(each for each, _ in costs if each is not None)
    assert cost(found.rest, tail_of(problem, found.tail)) == best


def test_what_is_done_or_under_way_stays() -> None:
    """At 600 s the crew has been at 100 m and 200 m and is on its way to 900 m."""
    problem = on_line([0, 100, 200, 900, 400], work_s=60)
    running = Routes.of([[0, 1, 2, 3]])
    found = mend(problem, running, done=[2], now_s=600, most_changes=4)
    assert found.routes.visit.tolist() == [0, 1, 2, 3]
    # 200 + 2 x 60 s to the second stop, 700 + 60 s on to the third.
    assert found.rest.crews.early_s.tolist() == [200 + 120 + 700 + 60]
    assert found.rest.crews.start.tolist() == [3]


def test_nobody_has_left_yet_and_all_may_change() -> None:
    """The crew leaves at 8:00: at 7:00 the order may be turned to one that is shorter."""
    crews = Crews.of([0], early_s=8 * HOUR)
    problem = on_line([0, 300, 100, 200], crews, early_s=8 * HOUR)
    running = Routes.of([[0, 1, 2]])
    found = mend(problem, running, done=[0], now_s=7 * HOUR, most_changes=1)
    assert found.distance_m == 600
    assert found.changed.tolist() == [1]
    assert found.rest.crews.early_s.tolist() == [8 * HOUR]


def test_a_crew_that_is_late_loses_what_it_cannot_reach() -> None:
    """Due home at 2,000 s and still under way to 100 m at 1,500 s, it cannot go on to 500 m."""
    crews = Crews.of([0], late_s=2_000)
    problem = on_line([0, 100, 500, 150], crews)
    running = Routes.of([[0, 1, 2]])
    found = mend(problem, running, done=[0], now_s=1_500, most_changes=0)
    assert found.routes.visit.tolist() == [0, 2]
    assert found.impossible.tolist() == found.left_out.tolist() == [1]
    assert found.changed.tolist() == []


def test_a_shift_is_as_long_as_it_was_from_its_begin() -> None:
    """Begun at 0 s and 1,200 s long: with 300 m behind it, the crew cannot reach 650 m and home."""
    crews = Crews.of([0, 0], longest_s=1_200)
    problem = on_line([0, 300, 650, 640], crews)
    running = Routes.of([[0], [2]])
    found = mend(problem, running, done=[1, 0], now_s=300, most_changes=1, lost_crews=[1])
    assert found.left_out.tolist() == [1, 2]


def test_the_load_of_what_was_done_counts() -> None:
    """With room for two stops and one done, the crew takes one of the two of the other."""
    crews = Crews.of([0, 0], capacity=2)
    problem = on_line([0, 100, 200, 300], crews)
    running = Routes.of([[0], [1, 2]])
    found = mend(problem, running, done=[1, 0], now_s=100, most_changes=3, lost_crews=[1])
    assert found.routes.visit[found.routes.crew == 0].tolist() == [0, 1]
    assert found.left_out.tolist() == [2]


def test_a_lost_crew_does_nothing_more() -> None:
    """Its stop under way and the one after go to the other crew: two changes, or one, or none."""
    crews = Crews.of([0, 0])
    problem = on_line([0, 100, 200, 300], crews)
    running = Routes.of([[0], [1, 2]])
    for most, left in ((0, [1, 2]), (1, [2]), (2, [])):
        found = mend(problem, running, done=[0, 0], now_s=0, most_changes=most, lost_crews=[1])
        assert found.left_out.tolist() == left
        assert found.impossible.tolist() == [1, 2]
        assert len(found.changed) == most
        assert not (found.routes.crew == 1).any()


def test_a_dropped_task_is_no_change_and_not_left_out() -> None:
    """Nobody goes there again, whatever it was worth; nor where the crew has been."""
    problem = on_line([0, 100, 200, 300], required=False, prize_m=10_000)
    running = Routes.of([[0, 1, 2]])
    for most in (0, 3):
        found = mend(problem, running, done=[0], now_s=0, most_changes=most, dropped_tasks=[1])
        assert found.routes.visit.tolist() == [0, 2]
        assert not len(found.left_out)
        assert not len(found.changed)
        assert not found.rest.able[:, [0, 1]].any()


def test_a_new_task_comes_in_as_one_change() -> None:
    """It lies on the way to the last."""
    problem = on_line([0, 100, 300, 200])
    found = mend(problem, Routes.of([[0, 1]]), done=[0], now_s=0, most_changes=1)
    assert found.routes.visit.tolist() == [0, 2, 1]
    assert found.changed.tolist() == [2]


def test_a_blocked_way_is_not_taken() -> None:
    """The last stop is cut off from the third, where the crew will be: two stops change places."""
    planned = on_line([0, 100, 200, 300])
    distance_m, duration_s = planned.distance_m.copy(), planned.duration_s.copy()
    distance_m[0, 2, 3] = duration_s[0, 2, 3] = UNREACHABLE
    problem = replace(planned, distance_m=distance_m, duration_s=duration_s)
    running = Routes.of([[0, 1, 2]])
    found = mend(problem, running, done=[0], now_s=0, most_changes=1, planned=planned)
    assert found.routes.visit.tolist() == [0, 2, 1]
    assert len(found.changed) == 1
    kept = mend(problem, running, done=[0], now_s=0, most_changes=0, planned=planned)
    assert len(kept.impossible) == 1


def test_a_break_is_kept_when_nothing_else_is() -> None:
    """What comes after the break is dropped; the break is not."""
    crews = Crews.of([0], break_s=600, break_early_s=300, break_late_s=2_000)
    problem = on_line([0, 100, 500], crews)
    running = Routes.of([[0, BREAK, 1]])
    found = mend(problem, running, done=[0], now_s=500, most_changes=0, dropped_tasks=[1])
    assert found.routes.visit.tolist() == [0, BREAK]
    assert not check(problem, found.routes).size


def test_a_break_that_is_overdue_is_taken_at_once() -> None:
    """Its stop ends at 2,500 s, when the break should have begun: it goes on after that."""
    crews = Crews.of([0], break_s=600, break_early_s=300, break_late_s=2_000)
    problem = on_line([0, 100, 500], crews)
    running = Routes.of([[0, BREAK, 1]])
    found = mend(problem, running, done=[0], now_s=2_500, most_changes=0)
    assert found.routes.visit.tolist() == [0, BREAK, 1]
    assert found.rest.crews.early_s.tolist() == [3_100]
    # At 1,700 s it would still be in time here, but not 400 m on.
    found = mend(problem, running, done=[0], now_s=1_700, most_changes=0)
    assert found.rest.crews.early_s.tolist() == [2_300]


def test_plans_that_are_not_the_best_at_first_are_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A search that only goes on from the best plan of every step is never better, often worse."""
    worse = 0
    for seed in (2, 14, 22, 26, 33, 44):
        problem = drawn(seed, crews=3, points=5, segments=1)
        running = solve(problem, seed=seed, iterations=60).routes
        now_s = int(simulate(problem, running).crews["leave_s"].min() + 600)
        lost = int(np.bincount(running.crew, minlength=3).argmax())
        told = []
        for width in (24, 1):
            monkeypatch.setattr("geo.patrol.mending.WIDTH", width)
            found = mended_at(problem, running, now_s, 3, lost=lost, hidden=-2)
            told.append((len(found.left_out), found.distance_m))
        assert told[0] <= told[1]
        worse += told[0] < told[1]
    assert worse


@pytest.mark.parametrize("seed", [0, 1])
def test_a_crew_lost_at_noon_leaves_valid_routes(seed: int) -> None:
    """Of a small station's day; more changes never leave more out."""
    problem = station_day(seed, crews=4, points=30, segments=6, side_m=2_000)
    running = solve(problem, seed=seed, iterations=200).routes
    left = []
    for most in (0, 2, 5):
        found = mend(
            problem,
            running,
            done=done_by(problem, running, 11 * HOUR),
            now_s=11 * HOUR,
            most_changes=most,
            lost_crews=[int(np.bincount(running.crew).argmax())],
        )
        assert check(found.rest, found.tail).empty
        still = found.routes.crew != np.bincount(running.crew).argmax()
        whole = Routes(*(each[still] for each in (
            found.routes.crew, found.routes.visit, found.routes.place)))  # fmt: skip
        assert check(problem, whole).empty
        assert len(found.changed) <= most
        left.append(len(found.left_out))
    assert left == sorted(left, reverse=True)
    assert left[0] > left[-1]


def test_what_does_not_fit_the_plan_is_refused() -> None:
    """The message names the option and the value."""
    problem, running = on_line([0, 100]), Routes.of([[0]])
    for options, words in (
        ({"done": [2]}, "done: 2 met for crew 0, which has 1 rows"),
        ({"done": [0, 0]}, "done: 2 numbers met"),
        ({"most_changes": -1}, "most_changes must be 0 or more, got -1"),
        ({"lost_crews": [1]}, "lost_crews: 1 met"),
        ({"dropped_tasks": [-1]}, "dropped_tasks: -1 met"),
    ):
        given = {"done": [0], "now_s": 0, "most_changes": 0, **options}
        with pytest.raises(InvalidParameterError, match=words):
            mend(problem, running, **given)  # type: ignore[arg-type]
