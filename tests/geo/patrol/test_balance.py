"""Shifts of equal length: by hand, on drawn streets, and where that cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.errors import InvalidParameterError
from geo.patrol.balance import balanced, unbettered
from geo.patrol.checking import check
from geo.patrol.levelling import Level, Shifts, level
from geo.patrol.pacing import Pace
from geo.patrol.problem import Crews, PatrolProblem, Routes
from geo.patrol.solving import solve
from geo.patrol.timetable import simulate
from tests.geo.patrol.problems import HOUR, on_line, station_day


def free(problem: PatrolProblem) -> PatrolProblem:
    """Open all windows."""
    visits = problem.visits
    whole = {"early_s": np.zeros_like(visits.early_s), "late_s": np.full_like(visits.late_s, 10**8)}
    return replace(problem, visits=replace(visits, **whole))


@pytest.fixture(scope="module")
def day() -> PatrolProblem:
    """Make four crews with 40 points and a break each."""
    return free(station_day(3, crews=4, points=40, segments=0, side_m=2_000))


def test_two_crews_share_a_street_that_one_walks_shortest() -> None:
    """Four points of ten minutes at one end: one crew does all in the least metres."""
    problem = on_line([0, 100, 100, 100, 100], Crews.of([0, 0]), work_s=600)
    base = solve(problem, iterations=200)
    assert base.distance_m == 200
    found = balanced(problem, base, iterations=200)
    assert found.reached
    assert (found.longest_s, found.shortest_s) == (1_400, 1_400)
    assert (found.price_m, found.price_share) == (200, 1.0)
    assert found.curve["distance_m"].tolist() == [400, 200]
    assert found.curve["longest_s"].tolist() == [1_400, 2_600]


def test_a_day_is_balanced_within_five_percent(day: PatrolProblem) -> None:
    """Every task stays served, every rule is kept, and the figures are those of the checker."""
    base = solve(day, iterations=400)
    found = balanced(day, base, iterations=300)
    assert found.reached
    assert found.spread <= 0.05
    assert found.work_spread <= 0.05
    assert (found.routes.done(day) == base.routes.done(day)).all()
    assert check(day, found.routes).empty
    times = simulate(day, found.routes)
    assert times.distance_m == found.distance_m == found.base_m + found.price_m
    assert times.crews["duration_s"].tolist() == found.crews["duration_s"].tolist()
    waits = times.stops.groupby("crew")["wait_s"].sum()
    assert waits.reindex(range(4), fill_value=0).tolist() == found.crews["wait_s"].tolist()
    assert found.longest_s == times.crews["duration_s"].max()
    assert found.shortest_s == times.crews["duration_s"].min()
    assert found.stopped_by == "iterations"


def test_no_plan_of_the_curve_betters_another(day: PatrolProblem) -> None:
    """The plan it began with and the one chosen are among them."""
    found = balanced(day, solve(day, iterations=400), iterations=200)
    rows = found.curve[["longest_s", "spread", "distance_m"]].to_numpy()
    assert len(rows) >= 4
    for one in rows:
        assert not ((rows <= one).all(axis=1) & (rows < one).any(axis=1)).any()
    assert found.base_m == rows[:, 2].min()
    assert [found.longest_s, found.distance_m] in rows[:, [0, 2]].tolist()
    assert (np.diff(found.curve["longest_s"]) >= 0).all()


def test_the_same_seed_gives_the_same_plan(day: PatrolProblem) -> None:
    """A balanced plan is found by iterations, not by the clock."""
    base = solve(day, iterations=200)
    one, two = (balanced(day, base, iterations=100) for _ in range(2))
    assert one.routes.visit.tolist() == two.routes.visit.tolist()
    assert one.curve.equals(two.curve)


def test_a_plan_that_is_level_is_returned_as_it_is() -> None:
    """One point for each crew, as far."""
    problem = on_line([50, 0, 100], Crews.of([0, 0]))
    base = replace(solve(problem, iterations=50), routes=Routes.of([[0], [1]]))
    found = balanced(problem, base)
    assert found.routes.visit.tolist() == [0, 1]
    assert found.price_m == 0
    assert len(found.curve) == 1


def test_crews_with_shorter_shifts_do_less() -> None:
    """Twelve points of ten minutes where both start: 8 and 4 for shifts of 8 and 4 hours."""
    crews = Crews.of([0, 0], early_s=0, late_s=[8 * HOUR, 4 * HOUR])
    problem = on_line([0] * 13, crews, work_s=600)
    found = balanced(problem, solve(problem, iterations=200), iterations=200)
    assert found.crews["duration_s"].tolist() == [4_800, 2_400]
    assert found.reached


def test_a_crew_that_can_do_nothing_does_not_count() -> None:
    """It lacks the skill; the others are balanced without it."""
    crews = Crews.of([0, 0, 0], skills=[1, 1, 0])
    problem = on_line([0, 100, 100], crews, work_s=600, skills=1)
    found = balanced(problem, solve(problem, iterations=100), iterations=100)
    assert found.crews["counted"].tolist() == [True, True, False]
    assert found.reached
    assert found.shortest_s == 800


def test_where_nobody_can_do_anything_all_are_alike() -> None:
    """No crew has the skill; or there are no crews."""
    for start in ([0], []):
        problem = on_line([0, 100], Crews.of(start), skills=1)
        found = balanced(problem, solve(problem, iterations=10))
        assert (found.longest_s, found.shortest_s, found.spread) == (0, 0, 0.0)
        assert found.reached


def test_why_shifts_are_not_alike_is_said() -> None:
    """Too few tasks; a crew that only can do what it does; one whose work nobody else can do."""
    few = on_line([0, 100], Crews.of([0, 0]))
    assert balanced(few, solve(few, iterations=50), iterations=50).why == "few_tasks"
    crews = Crews.of([0, 0], skills=[1, 2])
    short = on_line([0, 100, 900, 900], crews, skills=[1, 2, 2], work_s=60)
    assert balanced(short, solve(short, iterations=50), iterations=50).why == "shortest_bound"
    crews = Crews.of([0, 0, 0], skills=[1, 1, 3])
    long = on_line([0, 100, 100, 100, 9_000, 9_000], crews, skills=[1, 1, 1, 2, 2], work_s=60)
    found = balanced(long, solve(long, iterations=50), iterations=50)
    assert found.why == "longest_bound"
    assert not found.reached


def test_a_row_as_good_and_better_in_one_measure_betters() -> None:
    """The second is bettered by the first; the fourth is the same as the third."""
    rows = np.array([[1.0, 5.0], [1.0, 6.0], [2.0, 4.0], [2.0, 4.0]])
    assert unbettered(rows).tolist() == [True, False, True, True]


ALIKE = Shifts(np.array([1.0, 1.0]), np.array([True, True]))


def levelled(problem: PatrolProblem, plan: list[list[int]], wanted: float) -> tuple[Level, Level]:
    """Return a plan before and after levelling."""
    pace = Pace(problem)
    begun = Level.of(pace, plan, ALIKE)
    end = float("inf")
    return begun, level(pace, ALIKE, begun, wanted=wanted, seed=0, rounds=0, deadline=end)


def test_no_shift_is_filled_by_waiting() -> None:
    """A short stop early in the day would make the short shift longer by a wait of two hours."""
    problem = on_line(
        [0, 0, 0, 0], Crews.of([0, 0]), work_s=[600, 5_400, 600],
        early_s=[0, 0, 7_200], late_s=[0, 10 * HOUR, 7_200],
    )  # fmt: skip
    begun, found = levelled(problem, [[0, 1], [2]], 0.05)
    assert found.plan == begun.plan == ((0, 1), (2,))


def test_stops_change_places_between_crews() -> None:
    """Two of 3,000 s and two of 1,000 s: to hand one over would only turn the shifts round."""
    problem = on_line([0] * 5, Crews.of([0, 0]), work_s=[3_000, 3_000, 1_000, 1_000])
    _, found = levelled(problem, [[0, 1], [2, 3]], 0.05)
    assert found.duration_s.tolist() == [4_000, 4_000]


def test_work_is_levelled_where_shifts_are_as_long() -> None:
    """One crew waits an hour between its stops, as the other works: work changes hands."""
    problem = on_line(
        [0] * 7, Crews.of([0, 0]), work_s=[600, 600, 1_200, 1_200, 1_200, 1_200],
        early_s=[0, 4_200, 0, 0, 0, 0], late_s=[0, 4_200, *[10 * HOUR] * 4],
    )  # fmt: skip
    begun, found = levelled(problem, [[0, 1], [2, 3, 4, 5]], 0.3)
    assert (begun.spread, begun.work_spread) == (0.0, 0.75)
    assert max(found.spread, found.work_spread) <= 0.3


def test_a_level_plan_is_shortened() -> None:
    """Both crews go to and fro; in order each saves 200 m."""
    problem = on_line([0, 100, 200, 300, -100, -200, -300], Crews.of([0, 0]), work_s=9_000)
    begun, found = levelled(problem, [[1, 0, 2], [4, 3, 5]], 0.05)
    assert (begun.distance_m, found.distance_m) == (1_600, 1_200)


def test_work_is_compared_without_waiting() -> None:
    """A crew that waits for an hour between its stops is out as long, but does not work as long."""
    problem = on_line(
        [0, 0, 0, 0], Crews.of([0, 0]), work_s=[600, 600, 4_800],
        early_s=[0, 4_200, 0], late_s=[0, 4_200, 10 * HOUR],
    )  # fmt: skip
    found = Level.of(Pace(problem), [[0, 1], [2]], ALIKE)
    assert found.spread == 0.0
    assert found.work_spread == pytest.approx(1 - 1_200 / 4_800)


def test_time_that_runs_out_is_said(day: PatrolProblem) -> None:
    """The plan is the best met until then, here the one it began with."""
    base = solve(day, iterations=100)
    found = balanced(day, base, time_limit_s=1e-6)
    assert found.stopped_by == found.why == "time"
    assert found.routes.visit.tolist() == base.routes.visit.tolist()


def test_what_is_no_option_is_refused() -> None:
    """The message names the option and the value."""
    problem = on_line([0, 100])
    base = solve(problem, iterations=10)
    with pytest.raises(InvalidParameterError, match=r"spread must be .* got 1\.0"):
        balanced(problem, base, spread=1.0)
    with pytest.raises(InvalidParameterError, match="time_limit_s must be > 0, got 0"):
        balanced(problem, base, time_limit_s=0)
    wrong = replace(base, routes=Routes.of([[0, 0]]))
    with pytest.raises(InvalidParameterError, match="base: rule 'twice' broken by crew 0"):
        balanced(problem, wrong)
