"""The fewest sites for all: against every choice, and what must hold of any answer."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InvalidParameterError
from geo.placement import Search, set_cover
from tests.geo.placement.scenes import Scene, scene, scenes
from tests.geo.placement.test_coverage import town


def cheapest(s: Scene, costs: np.ndarray) -> float:
    """Return the least cost of new sites that serve all demand that can be."""
    kept = sorted({*s.existing, *s.must})
    free = [j for j in range(len(s.covers)) if j not in kept and j not in s.forbidden]
    possible = s.covers[kept + free].sum(axis=0) >= s.k
    best = np.inf
    for number in range(len(free) + 1):
        for more in combinations(free, number):
            if (s.covers[[*kept, *more]].sum(axis=0)[possible] >= s.k).all():
                new = sorted({*more, *s.must} - set(s.existing))
                best = min(best, float(costs[new].sum()))
    return best


def costs_of(s: Scene, kind: str) -> np.ndarray:
    """Return costs that are all 1, whole, or neither."""
    random = np.random.default_rng(len(s.weights))
    whole = random.integers(1, 9, len(s.covers)).astype(float)
    return {"ones": np.ones_like(whole), "whole": whole, "any": whole / 7.0}[kind]


@given(scenes(), st.sampled_from(["ones", "whole", "any"]))
def test_the_optimum_is_that_of_every_choice(s: Scene, kind: str) -> None:
    """With existing, forbidden and compulsory sites, once, twice or three times covered."""
    costs = costs_of(s, kind)
    proposal = set_cover(s.covers, k=s.k, costs=costs, **s.roles())
    assert proposal.stopped_by == "optimal"
    assert proposal.objective == proposal.bound == pytest.approx(cheapest(s, costs), rel=1e-9)
    assert proposal.objective == pytest.approx(costs[proposal.added].sum())


@given(scenes())
def test_all_that_can_be_is_covered_and_the_rest_is_named(s: Scene) -> None:
    """Impossible demand is what not even all allowed sites serve."""
    proposal = set_cover(s.covers, k=s.k, **s.roles())
    allowed = [j for j in range(len(s.covers)) if j not in s.forbidden]
    impossible = np.flatnonzero(s.covers[allowed].sum(axis=0) < s.k)
    assert proposal.impossible.tolist() == impossible.tolist()
    missed = np.flatnonzero(s.covers[proposal.sites].sum(axis=0) < s.k)
    assert missed.tolist() == impossible.tolist()
    assert {*s.existing, *s.must} <= set(proposal.sites.tolist())
    assert not set(s.forbidden) & set(proposal.sites.tolist())


@given(scenes(), st.sampled_from(["ones", "whole", "any"]), st.sampled_from([0, 50]))
def test_bound_is_never_above_optimum_nor_answer_above_greedy(
    s: Scene, kind: str, rounds: int
) -> None:
    """Without the exact solver, with and without random moves."""
    costs = costs_of(s, kind)
    search = Search(exact_entries=0, rounds=rounds)
    proposal = set_cover(s.covers, k=s.k, costs=costs, search=search, **s.roles())
    best = cheapest(s, costs)
    assert proposal.bound <= best * (1.0 + 1e-9)
    assert best <= proposal.objective * (1.0 + 1e-9)
    assert proposal.objective <= proposal.greedy * (1.0 + 1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_twenty_candidates(seed: int) -> None:
    """The size that the rule names: a million choices, looked at by number."""
    s = scene(seed, 20, 40, p=0, density=0.2)
    possible = s.covers.any(axis=0)
    fewest = next(
        number
        for number in range(21)
        for choice in combinations(range(20), number)
        if s.covers[list(choice)].any(axis=0)[possible].all()
    )
    assert set_cover(s.covers).objective == fewest


@pytest.mark.parametrize("seed", range(16))
def test_a_poor_answer_does_not_mislead_the_exact_solver(seed: int) -> None:
    """What bound and answer settle before it is asked is settled rightly, however poor."""
    s = scene(seed, 14, 30, p=0, k=1 + seed % 2, density=0.3)
    costs = costs_of(s, ("ones", "whole", "any")[seed % 3])
    proposal = set_cover(s.covers, k=s.k, costs=costs, search=Search(rounds=0))
    assert proposal.stopped_by == "optimal"
    assert proposal.objective == pytest.approx(cheapest(s, costs), rel=1e-9)


def test_doubled_costs_and_the_same_seed_change_no_site() -> None:
    """Each on its own, in a search that the exact solver does not end."""
    reach, _ = town()
    search = Search(exact_entries=0)
    costs = np.random.default_rng(1).integers(1, 50, reach.sites).astype(float)
    once = set_cover(reach, costs=costs, search=search)
    again = set_cover(reach, costs=costs, search=search)
    twice = set_cover(reach, costs=2.0 * costs, search=search)
    assert once.sites.tolist() == again.sites.tolist() == twice.sites.tolist()
    assert (twice.objective, twice.bound) == (2.0 * once.objective, 2.0 * once.bound)


def test_the_search_betters_greedy() -> None:
    """And the exact solver proves it."""
    reach, _ = town()
    moved = set_cover(reach, search=Search(exact_entries=0))
    exact = set_cover(reach)
    assert moved.method == "weights"
    assert moved.greedy > moved.objective >= exact.objective == exact.bound
    assert moved.bound <= exact.bound


def test_a_time_limit_is_never_called_optimal() -> None:
    """It says time and keeps what greedy found."""
    reach, _ = town()
    proposal = set_cover(reach, search=Search(seconds=1e-9))
    assert proposal.stopped_by == "time"
    assert proposal.bound < proposal.objective <= proposal.greedy
    assert proposal.impossible.tolist() == set_cover(reach).impossible.tolist()


def test_existing_sites_cost_nothing_and_may_do() -> None:
    """One stands in the middle: one more is needed, or none."""
    covers = np.array([[1, 1, 0], [0, 1, 1], [1, 1, 1]])
    assert set_cover(covers).sites.tolist() == [2]
    one_more = set_cover(covers, existing=[0], forbidden=[2])
    assert (one_more.sites.tolist(), one_more.added.tolist()) == ([0, 1], [1])
    assert one_more.objective == 1.0
    done = set_cover(covers, existing=[2])
    assert (done.objective, done.bound, done.gap, done.added.size) == (0.0, 0.0, 0.0, 0)


def test_nothing_to_cover() -> None:
    """No demand needs no site; demand without sites is impossible."""
    assert set_cover(np.zeros((2, 0))).sites.size == 0
    assert set_cover(np.zeros((0, 2))).impossible.tolist() == [0, 1]


@pytest.mark.parametrize("cost", [0.0, -1.0, np.nan])
def test_costs_are_above_0(cost: float) -> None:
    """A site that costs nothing is an existing one."""
    with pytest.raises(InvalidParameterError, match="costs: row 1 holds"):
        set_cover(np.ones((2, 2)), costs=[1.0, cost])
