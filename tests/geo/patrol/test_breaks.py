"""One crew to the second."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.patrol.breaks import Span, fit
from geo.patrol.checking import check
from geo.patrol.problem import BREAK, HERE, Crews, Routes
from geo.patrol.timetable import simulate
from tests.geo.patrol.every import _metres
from tests.geo.patrol.problems import drawn, on_line


def test_a_span_waits_for_a_window_and_starts_as_late_as_it_can() -> None:
    """Drawn from paper: 10 s of work, 5 s of way, a window from 150 to 300."""
    first, second = Span(10, 0, 100), Span(20, 150, 300)
    assert first.then(5, second) == Span(10 + 5 + 35 + 20, 100, 100)
    assert first.then(100, second) == Span(130, 40, 100)
    assert first.then(290, second) == Span(320, 0, 0)
    assert first.then(291, second) is None


def test_an_idle_crew_goes_nowhere() -> None:
    """And takes no break."""
    problem = on_line([0, 100], Crews.of([0], break_s=60))
    assert fit(problem, 0, []) == ([], HERE, 0, 0)


def test_a_break_at_a_stop_costs_no_metre() -> None:
    """A stop at 100 m at 100 s, one at 200 m, which is too late for the break."""
    crews = Crews.of([0], break_s=60, break_early_s=150, break_late_s=180)
    problem = on_line([0, 100, 200], crews, late_s=[130, 500])
    # Before the work at 100 m, which begins by 130 s, it is too early; at 200 m, at 200 s, too
    # late; so it waits at 100 m, from 130 s on.
    fitted = fit(problem, 0, [0, 1])
    assert fitted == ([(0, HERE), (BREAK, 1), (1, HERE)], HERE, 400, 480)


def test_the_break_is_taken_at_the_next_stop_when_that_is_in_time() -> None:
    """Waiting there is as good as waiting here, and never later."""
    crews = Crews.of([0], break_s=60, break_early_s=150, break_late_s=220)
    fitted = fit(on_line([0, 100, 200], crews), 0, [0, 1])
    assert fitted is not None
    assert fitted.duration_s == 460
    assert fitted.place == HERE


def test_of_breaks_that_cost_no_metre_the_one_that_costs_least_time_is_taken() -> None:
    """The second stop opens at 1,000 s, the first closes at 300 s: in between there is time."""
    crews = Crews.of([0], break_s=60)
    problem = on_line([0, 100, 200], crews, early_s=[0, 1_000], late_s=[300, 2_000])
    fitted = fit(problem, 0, [0, 1])
    assert fitted == ([(0, HERE), (BREAK, 2), (1, HERE)], HERE, 400, 1_000)


def test_a_rest_place_is_used_when_no_stop_will_do() -> None:
    """The stop is 100 s away, the break begins within 50 s."""
    crews = Crews.of([0], break_s=60, break_early_s=0, break_late_s=50)
    with_rest = on_line([0, 100, 30], crews, rest_places=[2])
    fitted = fit(with_rest, 0, [0])
    assert fitted == ([(BREAK, 2), (0, HERE)], 2, 200, 260)
    assert fit(on_line([0, 100, 30], crews), 0, [0]) is None


@pytest.mark.parametrize(
    ("crews", "task"),
    [
        (Crews.of([0], late_s=219), {}),
        (Crews.of([0], longest_s=219), {}),
        (Crews.of([0]), {"early_s": 0, "late_s": 99}),
        (Crews.of([0]), {"skills": 1}),
        (Crews.of([0], capacity=1), {"load": 2}),
        (Crews.of([0], late_s=250, break_s=31), {}),
        (Crews.of([0], longest_s=250, break_s=31), {}),
        (Crews.of([0], break_s=1, break_late_s=99), {}),
    ],
)
def test_what_misses_a_limit_by_one_does_not_fit(crews: Crews, task: dict[str, int]) -> None:
    """One stop at 100 m with 20 s of work, at 1 m/s: 220 s there and back."""
    assert fit(on_line([0, 100], crews, work_s=20, **task), 0, [0]) is None


@pytest.mark.parametrize(
    ("crews", "task"),
    [
        (Crews.of([0], late_s=220), {}),
        (Crews.of([0], longest_s=220), {"early_s": 5_000}),
        (Crews.of([0]), {"late_s": 100}),
        (Crews.of([0], skills=3), {"skills": 1}),
        (Crews.of([0], capacity=2), {"load": 2}),
        (Crews.of([0], late_s=250, break_s=30), {}),
        (Crews.of([0], longest_s=250, break_s=30), {}),
        (Crews.of([0], break_s=1, break_late_s=100), {}),
    ],
)
def test_what_meets_a_limit_fits(crews: Crews, task: dict[str, int]) -> None:
    """The same limits, one second or one unit wider."""
    assert fit(on_line([0, 100], crews, work_s=20, **task), 0, [0]) is not None


@given(st.integers(0, 10_000), st.permutations(range(5)), st.integers(1, 3))
@settings(max_examples=60)
def test_a_fit_is_what_the_checker_and_the_search_of_everything_say(
    seed: int, order: list[int], length: int
) -> None:
    """Metres, seconds and whether it can be done at all."""
    problem = drawn(seed, points=3, segments=1)
    ways = [way for way in order if way != 4][:length]
    fitted = fit(problem, 0, ways)
    least = _metres(problem, 0, ways)
    if fitted is None:
        assert least is None
        return
    place = [fitted.place if way == BREAK else HERE for way, _ in fitted.stops]
    visit = [way for way, _ in fitted.stops]
    routes = Routes(np.zeros(len(visit), dtype=np.int64), np.array(visit), np.array(place))
    assert check(problem, routes).empty
    crew = simulate(problem, routes).crews.iloc[0]
    assert (fitted.distance_m, fitted.duration_s) == (crew["distance_m"], crew["duration_s"])
    assert fitted.distance_m == least
