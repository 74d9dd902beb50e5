"""The best so many more sites: against every choice, and what must hold of any answer."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InvalidParameterError
from geo.placement import Reach, Search, max_coverage
from tests.geo.placement.scenes import Scene, scene, scenes

HEURISTIC = Search(exact_entries=0)


def town(sites: int = 120, demand: int = 500, seed: int = 9) -> tuple[Reach, np.ndarray]:
    """Draw sites and demand on a square, too many for the exact solver in a test."""
    random = np.random.default_rng(seed)
    ends = random.random((sites, 1, 2)), random.random((1, demand, 2))
    near = np.hypot(*np.moveaxis(ends[0] - ends[1], -1, 0)) < 0.12
    return Reach.of(near), random.integers(1, 101, demand).astype(float)


@given(scenes())
def test_the_optimum_is_that_of_every_choice(s: Scene) -> None:
    """With existing, forbidden and compulsory sites, once, twice or three times covered."""
    proposal = max_coverage(s.covers, s.weights, s.p, k=s.k, **s.roles())
    assert proposal.stopped_by == "optimal"
    assert proposal.gap == 0.0
    assert proposal.bound == proposal.objective
    assert proposal.objective == pytest.approx(s.best_covered(), rel=1e-9)
    assert proposal.objective == pytest.approx(s.covered(proposal.sites.tolist()), rel=1e-9)


@given(scenes())
def test_parts_are_kept(s: Scene) -> None:
    """Existing and compulsory sites are there, forbidden ones are not, and no more than p come."""
    proposal = max_coverage(s.covers, s.weights, s.p, k=s.k, **s.roles())
    sites = set(proposal.sites.tolist())
    assert {*s.existing, *s.must} <= sites
    assert not sites & set(s.forbidden)
    assert set(proposal.added.tolist()) == sites - set(s.existing)
    assert len(proposal.added) <= s.p


@given(scenes(), st.sampled_from([0, 50]))
def test_bound_is_never_below_optimum_nor_answer_below_greedy(s: Scene, rounds: int) -> None:
    """Without the exact solver, with and without random moves."""
    search = Search(exact_entries=0, rounds=rounds)
    proposal = max_coverage(s.covers, s.weights, s.p, k=s.k, search=search, **s.roles())
    best = s.best_covered()
    slack = 1e-9 * best
    assert proposal.bound >= best - slack
    assert best >= proposal.objective - slack
    assert proposal.objective >= proposal.greedy - slack


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_twenty_candidates(seed: int, k: int) -> None:
    """The size that the rule names: 15,504 choices."""
    s = scene(seed, 20, 60, p=5, k=k, density=0.15, whole=seed != 1)
    proposal = max_coverage(s.covers, s.weights, s.p, k=k)
    assert proposal.stopped_by == "optimal"
    assert proposal.objective == pytest.approx(s.best_covered(), rel=1e-9)


@pytest.mark.parametrize("seed", range(16))
def test_a_poor_answer_does_not_mislead_the_exact_solver(seed: int) -> None:
    """What bound and answer settle before it is asked is settled rightly, however poor."""
    s = scene(seed, 16, 60, p=5, k=1 + seed % 2, density=0.15, whole=seed % 3 > 0)
    proposal = max_coverage(s.covers, s.weights, s.p, k=s.k, search=Search(rounds=0))
    assert proposal.stopped_by == "optimal"
    assert proposal.objective == pytest.approx(s.best_covered(), rel=1e-9)


@given(scenes())
def test_another_candidate_never_lowers_the_optimum(s: Scene) -> None:
    """What may be chosen need not be."""
    less = max_coverage(s.covers[:-1], s.weights, 1, k=s.k)
    more = max_coverage(s.covers, s.weights, 1, k=s.k)
    assert more.objective >= less.objective * (1.0 - 1e-9)


@given(scenes(), st.sampled_from([2.0, 0.25, 1024.0]))
def test_another_unit_of_weight_changes_no_site(s: Scene, factor: float) -> None:
    """Doubled weights are the same problem."""
    once = max_coverage(s.covers, s.weights, s.p, k=s.k, **s.roles())
    twice = max_coverage(s.covers, s.weights * factor, s.p, k=s.k, **s.roles())
    assert twice.sites.tolist() == once.sites.tolist()
    assert twice.objective == once.objective * factor
    assert twice.bound == once.bound * factor


def test_doubled_weights_change_no_site_of_a_town() -> None:
    """Not in a long search either, with whole weights or others."""
    reach, weights = town()
    for given_weights, p in ((weights, 12), (weights, 16), (weights, 20), (weights / 7.0, 12)):
        once = max_coverage(reach, given_weights, p, search=HEURISTIC)
        twice = max_coverage(reach, 2.0 * given_weights, p, search=HEURISTIC)
        assert once.method == "anneal"
        assert twice.sites.tolist() == once.sites.tolist()
        assert (twice.objective, twice.bound) == (2.0 * once.objective, 2.0 * once.bound)


def test_the_same_seed_gives_the_same_answer() -> None:
    """And another seed another search: the moves are its own."""
    reach, weights = town()
    first, again = (max_coverage(reach, weights, 12, search=HEURISTIC) for _ in range(2))
    assert first.sites.tolist() == again.sites.tolist()
    assert (first.bound, first.stopped_by, first.seed) == (again.bound, again.stopped_by, 0)
    few = [Search(seed=seed, rounds=40, exact_entries=0) for seed in range(6)]
    assert len({tuple(max_coverage(reach, weights, 12, search=s).sites) for s in few}) > 1


def test_each_step_betters_the_last() -> None:
    """Greedy, then swaps, then random moves, then the exact solver."""
    reach, weights = town()
    swapped = max_coverage(reach, weights, 12, search=Search(rounds=0, exact_entries=0))
    moved = max_coverage(reach, weights, 12, search=HEURISTIC)
    exact = max_coverage(reach, weights, 12)
    assert swapped.method == "swap"
    assert swapped.greedy < swapped.objective < moved.objective <= exact.objective
    assert swapped.bound >= moved.bound >= exact.bound == exact.objective
    assert (swapped.stopped_by, exact.stopped_by) == ("no_improvement", "optimal")


def test_a_gap_that_is_good_enough_ends_the_search() -> None:
    """And is called by its name."""
    reach, weights = town()
    proposal = max_coverage(reach, weights, 12, search=Search(gap=0.2))
    assert proposal.stopped_by == "gap"
    assert 0.0 < proposal.gap <= 0.2


def test_a_time_limit_is_never_called_optimal() -> None:
    """It says time, keeps what greedy found and bounds it."""
    reach, weights = town()
    proposal = max_coverage(reach, weights, 12, search=Search(seconds=1e-9))
    assert proposal.stopped_by == "time"
    assert proposal.objective >= proposal.greedy > 0.0
    assert proposal.bound > proposal.objective


def test_a_hand_drawn_case_where_greedy_is_wrong() -> None:
    """Greedy takes the middle site (6) and then 3 of the 4 left; the two outer cover 4 + 4."""
    covers = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0, 1, 1, 1, 1, 0]])
    proposal = max_coverage(covers, [1, 1.5, 1.5, 1.5, 1.5, 1], 2)
    assert proposal.sites.tolist() == [0, 1]
    assert (proposal.greedy, proposal.objective) == (7.0, 8.0)
    assert proposal.bound_method == "everything"


def test_twofold_cover_needs_two_sites() -> None:
    """One site wins nothing; two that share demand do; an existing one is half the way."""
    covers = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1]])
    assert max_coverage(covers, None, 1, k=2).objective == 0.0
    assert max_coverage(covers, None, 1, k=2).sites.size == 0
    assert max_coverage(covers, [5, 1, 1], 2, k=2).sites.tolist() == [0, 1]
    assert max_coverage(covers, [5, 1, 1], 1, k=2, existing=[2]).sites.tolist() == [0, 2]


def test_sites_that_would_add_nothing_are_not_proposed() -> None:
    """Three are allowed, two cover all."""
    proposal = max_coverage(np.array([[1, 1, 0], [0, 1, 1], [0, 1, 0]]), None, 3)
    assert proposal.sites.tolist() == [0, 1]


def test_nothing_to_cover_and_nothing_to_choose() -> None:
    """Empty cases are answers, not errors."""
    nothing = max_coverage(np.zeros((3, 0)), None, 2)
    assert (nothing.objective, nothing.bound, nothing.gap) == (0.0, 0.0, 0.0)
    assert max_coverage(np.zeros((0, 4)), None, 0).impossible.tolist() == [0, 1, 2, 3]
    stands = max_coverage(np.eye(3), [1, 2, 4], 0, existing=[1])
    assert (stands.sites.tolist(), stands.objective, stands.bound) == ([1], 2.0, 2.0)


def test_demand_out_of_reach_is_named() -> None:
    """No site, too few sites, or only forbidden ones."""
    covers = np.array([[1, 0, 1, 0], [0, 0, 1, 1]])
    assert max_coverage(covers, None, 2).impossible.tolist() == [1]
    assert max_coverage(covers, None, 2, k=2).impossible.tolist() == [0, 1, 3]
    assert max_coverage(covers, None, 1, k=2).impossible.tolist() == [0, 1, 2, 3]
    assert max_coverage(covers, None, 1, forbidden=[1]).impossible.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"p": 3}, "p: 3 sites asked for, but only 2 of the 2"),
        ({"p": -1}, "p must be a whole number of 0 or more, got -1"),
        ({"p": 1.5}, "p must be a whole number of 0 or more, got 1.5"),
        ({"weights": [1.0, np.nan, 1.0]}, "weights: row 1 holds nan"),
        ({"weights": [1.0, 1.0, -2.0]}, "weights: row 2 holds -2"),
        ({"weights": [np.inf, 1.0, 1.0]}, "weights: row 0 holds inf"),
        ({"weights": [1.0]}, r"weights: shape \(1,\) met; give 3"),
        ({"existing": [2]}, "existing: 2 met; rows of candidates run from 0 to 1"),
        ({"existing": [0.5]}, "existing: values of type float64"),
        ({"existing": [0], "forbidden": [0]}, "existing, forbidden: site 0 is in both"),
        ({"must": [1], "forbidden": [1]}, "must, forbidden: site 1 is in both"),
        ({"must": [0, 1], "p": 1}, "p: 1 is less than the 2 sites in must"),
        ({"k": 0}, "k must be a whole number of 1 or more, got 0"),
        ({"covers": np.ones(3)}, "covers: 1 dimensions met"),
        ({"covers": np.array([[1.0, np.nan, 0.0]] * 2)}, "covers: not a number"),
    ],
)
def test_bad_input_is_refused(change: dict[str, object], message: str) -> None:
    """With the argument, the value met and what to do."""
    call = {"covers": np.ones((2, 3)), "weights": None, "p": 1} | change
    with pytest.raises(InvalidParameterError, match=message):
        max_coverage(call.pop("covers"), call.pop("weights"), call.pop("p"), **call)


def test_sparse_and_dense_tables_and_reach_agree() -> None:
    """The same problem in three forms."""
    s = scene(3, 12, 40, p=3)
    forms = (s.covers, sp.csr_matrix(s.covers), sp.coo_array(s.covers * 7.5), Reach.of(s.covers))
    answers = [max_coverage(form, s.weights, 3) for form in forms]
    assert len({tuple(answer.sites) for answer in answers}) == 1
