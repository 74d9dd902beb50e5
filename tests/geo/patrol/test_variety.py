"""Plans that differ in when they come: their entropy, their price, and which is tonight's."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from math import log2

import numpy as np
import pytest

from geo.errors import InvalidParameterError
from geo.patrol.checking import check
from geo.patrol.problem import PatrolProblem, Routes
from geo.patrol.solving import solve
from geo.patrol.timetable import simulate, task_times
from geo.patrol.variety import Variety, _Pool, alternatives, entropy_bits, of_day
from tests.geo.patrol.problems import on_line, station_day


@pytest.fixture(scope="module")
def day() -> PatrolProblem:
    """Make two crews with 16 points, 4 segments and a break each."""
    return station_day(0, crews=2, points=16, segments=4, side_m=2_000)


@pytest.fixture(scope="module")
def best(day: PatrolProblem) -> Routes:
    """Make a short plan for it."""
    return solve(day, iterations=400).routes


@pytest.fixture(scope="module")
def found(day: PatrolProblem, best: Routes) -> Variety:
    """Make four plans."""
    return alternatives(day, count=4, iterations=100, best=best)


def test_entropy_is_shannon_s_over_the_plans() -> None:
    """Always the same; half and half; three and one; all different."""
    slots = np.array([[1, 1, 1, 1], [1, 1, 1, 2], [1, 2, 1, 3], [1, 2, 5, 4]])
    bits = [0.0, 1.0, -0.75 * log2(0.75) - 0.25 * log2(0.25), 2.0]
    assert entropy_bits(slots).tolist() == pytest.approx(bits)


def test_all_plans_keep_the_rules_and_do_the_same(
    day: PatrolProblem, best: Routes, found: Variety
) -> None:
    """Within five percent of the shortest, which comes first."""
    assert len(found.plans) == 4
    for plan, length in zip(found.plans, found.distance_m, strict=True):
        assert check(day, plan).empty
        assert (plan.done(day) == best.done(day)).all()
        assert simulate(day, plan).distance_m == length <= 1.05 * found.distance_m[0]
    assert (np.diff(found.distance_m) >= 0).all()
    assert found.distance_m[0] <= simulate(day, best).distance_m


def test_entropy_and_price_are_those_of_the_plans(day: PatrolProblem, found: Variety) -> None:
    """Quarters of an hour in which the plans arrive, counted anew."""
    arrivals = [
        task_times(day, simulate(day, plan)).set_index("task")["arrive_s"] for plan in found.plans
    ]
    for task, bits in found.entropy.itertuples(index=False):
        counts = Counter(int(each[task]) // 900 for each in arrivals)
        shares = [count / 4 for count in counts.values()]
        assert bits == pytest.approx(-sum(share * log2(share) for share in shares))
    assert found.mean_bits == pytest.approx(found.entropy["bits"].mean())
    assert 0.5 < found.mean_bits <= found.most_bits == 2.0
    price_m = sum(found.distance_m) / 4 - found.distance_m[0]
    assert found.price_m == pytest.approx(price_m)
    assert found.price_share == pytest.approx(price_m / found.distance_m[0])


def test_a_seed_repeats_its_set_and_another_gives_another(
    day: PatrolProblem, best: Routes, found: Variety
) -> None:
    """The plans are the same to the stop, or not."""
    again = alternatives(day, count=4, iterations=100, best=best)
    other = alternatives(day, count=4, iterations=100, best=best, seed=1)
    told = [[plan.visit.tolist() for plan in each.plans] for each in (found, again, other)]
    assert told[0] == told[1] != told[2]


def test_a_plan_that_is_too_long_is_not_taken(day: PatrolProblem, best: Routes) -> None:
    """Within nothing, only plans as short as the shortest are left."""
    strict = alternatives(day, count=4, within_share=0.0, iterations=60, best=best)
    assert len(set(strict.distance_m.tolist())) == 1


def test_a_plan_that_breaks_a_rule_or_differs_in_no_quarter_is_not_taken() -> None:
    """One task too few, one done twice, and the same plan again."""
    problem = on_line([0, 2_000, 4_000])
    pool = _Pool(problem, Routes.of([[0, 1]]))
    for wrong in ([0], [0, 1, 0], [0, 1]):
        pool.take(Routes.of([wrong]))
    assert len(pool.plans) == 1
    pool.take(Routes.of([[1, 0]]))
    assert len(pool.plans) == 2


def test_a_round_is_also_walked_the_other_way() -> None:
    """Three points in a row far apart: the way there and back costs the same, the times differ."""
    problem = on_line([0, 2_000, 4_000, 6_000], work_s=60)
    found = alternatives(problem, count=2, iterations=20)
    assert found.price_m == 0.0
    assert found.mean_bits > 0.5


def test_the_plan_of_a_day_is_drawn() -> None:
    """Each as often; the same day the same; not in turns; another secret draws otherwise."""
    plans = tuple(Routes.of([[number]]) for number in range(4))
    problem = on_line([0, 1, 2, 3, 4])
    variety = replace(alternatives(problem, iterations=10), plans=plans)
    days = [dt.date(2024, 1, 1) + dt.timedelta(day) for day in range(400)]

    def drawn(secret: int) -> list[int]:
        return [int(of_day(variety, day, secret=secret).visit[0]) for day in days]

    first = drawn(7)
    assert first == drawn(7) != drawn(8)
    assert all(70 <= first.count(number) <= 130 for number in range(4))
    # After any plan each may follow, itself, too.
    pairs = Counter(pairwise(first))
    assert len(pairs) == 16
    assert min(pairs.values()) >= 10


def test_what_is_no_option_is_refused() -> None:
    """The message names the option and the value."""
    problem = on_line([0, 100])
    for options, words in (
        ({"count": 1}, "count must be 2 or more, got 1"),
        ({"within_share": -0.1}, r"within_share must be 0 or more, got -0\.1"),
        ({"time_limit_s": 0}, "time_limit_s must be > 0, got 0"),
        ({"best": Routes.of([[0, 0]])}, "best: rule 'twice' broken"),
    ):
        with pytest.raises(InvalidParameterError, match=words):
            alternatives(problem, **options)  # type: ignore[arg-type]
    variety = alternatives(problem, iterations=10)
    assert len(variety.plans) == 1
    with pytest.raises(InvalidParameterError, match="secret must be"):
        of_day(variety, dt.date(2024, 1, 1), secret=-1)
