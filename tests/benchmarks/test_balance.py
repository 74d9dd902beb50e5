"""
Ten crews and 120 points: balanced, varied and mended; run with `make benchmark`.

A station's day without windows (seed 1): on foot and on e-bikes from two stations, a break each.
Kernels are compiled before the clock starts.
"""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo.patrol.balance import balanced
from geo.patrol.checking import check
from geo.patrol.mending import mend
from geo.patrol.solving import solve
from geo.patrol.timetable import simulate
from geo.patrol.variety import alternatives
from tests.benchmarks.test_placement import load
from tests.benchmarks.test_posts import say
from tests.geo.patrol.problems import HOUR, station_day
from tests.geo.patrol.test_balance import free

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from geo.patrol.problem import PatrolProblem
    from geo.patrol.solving import Solved


@cache
def day() -> tuple[PatrolProblem, Solved]:
    """Make the day and its shortest plan; compile the kernels."""
    small = free(station_day(0, crews=2, points=6, segments=0))
    balanced(small, solve(small, iterations=20), iterations=20)
    problem = free(station_day(1, crews=10, points=120, segments=0))
    return problem, solve(problem, iterations=2_000)


@pytest.mark.benchmark(group="patrol")
def test_ten_crews_are_balanced_within_five_percent(benchmark: BenchmarkFixture) -> None:
    """The shortest plan leaves crews idle; the price of using all alike is said."""
    problem, base = day()
    found = benchmark.pedantic(lambda: balanced(problem, base, iterations=1_000), rounds=1)
    first = found.curve.iloc[-1]
    say(
        f"10 crews, 120 points balanced in {found.seconds:.1f} s: spread {found.spread:.2%} "
        f"(without waiting {found.work_spread:.2%}), shifts {found.shortest_s / HOUR:.2f} to "
        f"{found.longest_s / HOUR:.2f} h, price {found.price_m:,} m ({found.price_share:.1%}); "
        f"the shortest plan {found.base_m:,} m, up to {first['longest_s'] / HOUR:.2f} h; {load()}"
    )
    say(found.curve.to_string(index=False))
    assert found.reached
    assert found.work_spread <= 0.05
    assert check(problem, found.routes).empty
    assert found.seconds < 60.0


@pytest.mark.benchmark(group="patrol")
def test_five_plans_of_ten_crews(benchmark: BenchmarkFixture) -> None:
    """Entropy of the quarters of an hour of arrivals, and what it costs."""
    problem, base = day()
    began = time.perf_counter()
    found = benchmark.pedantic(
        lambda: alternatives(problem, iterations=500, best=base.routes), rounds=1
    )
    say(
        f"{len(found.plans)} plans in {time.perf_counter() - began:.1f} s: "
        f"{found.mean_bits:.2f} of {found.most_bits:.2f} bits, price {found.price_m:,.0f} m "
        f"({found.price_share:.1%}); {load()}"
    )
    assert len(found.plans) == 5
    assert found.mean_bits > 1.0


@pytest.mark.benchmark(group="patrol")
def test_a_crew_called_away_at_noon_is_mended(benchmark: BenchmarkFixture) -> None:
    """Up to ten stops change."""
    problem, base = day()
    routes = balanced(problem, base, iterations=200).routes
    times = simulate(problem, routes).stops
    now_s = int(times["leave_s"].median())
    over = times[times["leave_s"] <= now_s]
    done = [int((over["crew"] == crew).sum()) for crew in range(10)]
    began = time.perf_counter()
    found = benchmark.pedantic(
        lambda: mend(problem, routes, done=done, now_s=now_s, most_changes=10, lost_crews=[3]),
        rounds=1,
    )
    say(
        f"a crew of 10 lost: {len(found.impossible)} stops lost, {len(found.changed)} changed, "
        f"{len(found.left_out)} left out, in {time.perf_counter() - began:.1f} s; {load()}"
    )
    assert check(found.rest, found.tail).empty
    assert len(found.left_out) == max(0, len(found.impossible) - 10)
    assert np.isin(found.impossible, problem.visits.task[routes.stops_of(3)]).all()
