"""
A station's day, and a whole city's, planned from frames; run with `make benchmark`.

The city is `tests.patrol_city` (seed 0): 56 areas, 580 segments, 620 points, a unit for each area
and shift. The station has 10 units with breaks, 150 points of which each tenth has windows, and
80 segments in 16 areas of such a city. Kernels are compiled before the clock starts.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.patrol.planning import plan
from tests.benchmarks.test_placement import load
from tests.benchmarks.test_posts import say
from tests.geo.patrol.town import crew, planned, spots, units_of
from tests.patrol_city import patrol_city

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from geo.patrol.patrolplan import PatrolPlan

MONDAY = dt.date(2026, 11, 23)


def station_day() -> PatrolPlan:
    """Plan the day of one station: everything is in the reach of every unit."""
    city = patrol_city(0, columns=4, rows=4)
    windows = np.where(np.arange(150) % 10 == 3, "08:00-09:30;15:00-16:00", None)
    units = pd.DataFrame({
        "unit_id": [f"U{number}" for number in range(10)],
        "mode": ["foot"] * 3 + ["e_bike"] * 4 + ["car"] * 3,
        "shift": "08:00-16:00", "start": "XQ06-Z", "break_min": 30, "break_window": "11:00-13:30",
    })  # fmt: skip
    return plan(
        city.points.iloc[:150].assign(windows=windows), city.segments.iloc[:80], units,
        city.streets, standby=city.standby, date=MONDAY, time_limit_s=20.0,
    )  # fmt: skip


def city_day() -> PatrolPlan:
    """Plan three shifts of 56 areas on two cores."""
    city = patrol_city(0)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as executor:
        return plan(
            city.points, city.segments, city.units, city.streets, areas=city.areas,
            standby=city.standby, date=MONDAY, executor=executor,
        )  # fmt: skip


def told(found: PatrolPlan) -> str:
    """Say how good a plan is."""
    summary = found.summary()
    return (
        f"{summary['served']} served, {len(summary['unserved'])} not, "
        f"{summary['distance_m']} m, bound {summary['bound']:.0f} m ({summary['gap']:.1%}), "
        f"shifts {summary['shortest_shift_s']}-{summary['longest_shift_s']} s, "
        f"balance {summary['balance_price_m']} m, stopped by {summary['stopped_by']}"
    )


def warm() -> None:
    """Compile the kernels: two units and two points, balanced."""
    planned(
        spots({"P": (200.0, 0.0), "Q": (400.0, 0.0)}), None,
        units_of(crew("a", start="Z"), crew("b", start="Z", break_min=10)),
    )  # fmt: skip


def test_day_of_a_station(benchmark: BenchmarkFixture) -> None:
    """Ten units, 150 points and 80 segments: within 30 s."""
    warm()
    found = benchmark.pedantic(station_day, rounds=1)
    say(f"station: {told(found)}; {load()}")
    assert found.violations.empty
    assert found.served + len(found.unserved) == 230
    assert benchmark.stats.stats.max < 30.0


def test_day_of_a_city(benchmark: BenchmarkFixture) -> None:
    """Fifty-six areas in three shifts on two cores: within 5 minutes."""
    warm()
    found = benchmark.pedantic(city_day, rounds=1)
    say(f"city: {told(found)}; {load()}")
    assert found.violations.empty
    assert len(found.parts) == 168
    assert benchmark.stats.stats.max < 300.0
