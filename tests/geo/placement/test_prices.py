"""The bounds themselves, at every point of a walk and whatever the target."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.placement.cover_prices import cost_bound, cover_bound
from geo.placement.coverage import Task
from geo.placement.lagrangian import largest, new_dual
from geo.placement.problem import Roles, coverable
from geo.placement.reach import Reach
from tests.geo.placement.scenes import Scene, scenes
from tests.geo.placement.test_covering import cheapest


@given(scenes(), st.integers(0, 2**31), st.integers(1, 30))
def test_any_prices_bound_what_can_be_covered(s: Scene, seed: int, rounds: int) -> None:
    """Random prices to begin with, and a target beyond the optimum."""
    reach, roles = Reach.of(s.covers), Roles.of(len(s.covers), s.existing, s.must, s.forbidden)
    left = roles.left(s.p)
    possible = coverable(reach, roles, s.k, left)
    task = Task(reach, np.where(possible, s.weights, 0.0), s.k, roles, left, None)
    base = task.state()
    need = task.need(base)
    prices = np.random.default_rng(seed).random(reach.demand) * task.worth / np.maximum(need, 1)
    dual = new_dual(prices, reach.sites)
    best = s.best_covered()
    cover_bound(base, need, left, 0.5 * best, 0.1, rounds, dual)
    assert -dual.bound[0] >= best * (1.0 - 1e-9)


@given(scenes(), st.integers(0, 2**31), st.integers(1, 30))
def test_any_prices_bound_what_all_must_cost(s: Scene, seed: int, rounds: int) -> None:
    """Random prices to begin with, and a target beyond the optimum."""
    random = np.random.default_rng(seed)
    costs = random.random(len(s.covers)) + 0.1
    reach, roles = Reach.of(s.covers), Roles.of(len(s.covers), s.existing, s.must, s.forbidden)
    possible = coverable(reach, roles, s.k)
    task = Task(reach, possible.astype(float), s.k, roles, 0, None)
    base = task.state()
    dual = new_dual(random.random(reach.demand), reach.sites)
    new = np.setdiff1d(s.must, s.existing).astype(int)
    best = cheapest(s, costs) - costs[new].sum()
    cost_bound(base, task.need(base), costs, 2.0 * best + 1.0, 0.1, rounds, dual)
    assert dual.bound[0] <= best + 1e-9


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=30), st.integers(1, 30))
def test_the_largest_come_first(values: list[int], p: int) -> None:
    """Ties and all."""
    p = min(p, len(values))
    order = np.arange(len(values))
    largest(np.array(values, dtype=float), p, order)
    assert sorted(order) == list(range(len(values)))
    assert sorted(np.array(values)[order[:p]]) == sorted(values)[len(values) - p :]


def test_the_walk_nears_the_linear_relaxation() -> None:
    """Three sites, three demands, each reached by two: relaxed, half of every site is enough."""
    ring = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]])
    reach, roles = Reach.of(ring), Roles.of(3, (), (), ())
    task = Task(reach, np.ones(3), 1, roles, 0, None)
    base = task.state()
    dual = new_dual(np.zeros(3), 3)
    cost_bound(base, task.need(base), np.ones(3), 2.0, 0.02, 500, dual)
    assert dual.bound[0] == pytest.approx(1.5, abs=0.01)
