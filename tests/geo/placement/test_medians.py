"""The nearest sites: against every choice, and what must hold of any answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.errors import InvalidParameterError
from geo.placement import Search, p_median
from tests.geo.placement.scenes import Scene, scene, scenes


def stored(metres: np.ndarray, use: np.ndarray) -> sp.coo_array:
    """Return the pairs in use as a sparse table that keeps distances of 0."""
    at = np.nonzero(use)
    return sp.coo_array((metres[at], at), shape=metres.shape)


@given(scenes(k=1))
def test_the_optimum_is_that_of_every_choice(s: Scene) -> None:
    """With existing, forbidden and compulsory sites."""
    assume(s.p + len(s.existing) > 0)
    proposal = p_median(s.metres, s.weights, s.p, **s.roles())
    assert proposal.stopped_by == "optimal"
    assert proposal.objective == proposal.bound == pytest.approx(s.best_nearest(), rel=1e-9)
    assert proposal.objective == pytest.approx(s.nearest(proposal.sites.tolist()), rel=1e-9)
    assert {*s.existing, *s.must} <= set(proposal.sites.tolist())
    assert not set(s.forbidden) & set(proposal.sites.tolist())


@given(scenes(k=1), st.sampled_from([0, 50]))
def test_bound_is_never_above_optimum_nor_answer_above_greedy(s: Scene, rounds: int) -> None:
    """Without the exact solver, with and without random moves."""
    assume(s.p + len(s.existing) > 0)
    search = Search(exact_entries=0, rounds=rounds)
    proposal = p_median(s.metres, s.weights, s.p, search=search, **s.roles())
    best = s.best_nearest()
    assert proposal.bound <= best * (1.0 + 1e-9)
    assert best <= proposal.objective * (1.0 + 1e-9)
    assert proposal.objective <= proposal.greedy * (1.0 + 1e-9)


@given(scenes(k=1))
def test_what_cannot_be_reached_is_served_from_elsewhere_or_named(s: Scene) -> None:
    """Sparse tables, some of whose choices leave demand out."""
    assume(s.p + len(s.existing) > 0)
    open_metres = np.where(s.covers, s.metres, np.inf)
    allowed = [j for j in range(len(s.covers)) if j not in s.forbidden]
    impossible = np.flatnonzero(~s.covers[allowed].any(axis=0))
    weights = s.weights + 1.0
    weights[impossible] = 0.0
    open_metres[:, impossible] = 0.0
    best = min((weights * open_metres[c].min(axis=0)).sum() for c in s.choices())
    table = stored(s.metres, s.covers)
    if best == np.inf:
        with pytest.raises(InvalidParameterError, match="do not reach all demand"):
            p_median(table, s.weights + 1.0, s.p, **s.roles())
        return
    proposal = p_median(table, s.weights + 1.0, s.p, **s.roles())
    assert proposal.objective == proposal.bound == pytest.approx(best, rel=1e-9)
    assert proposal.impossible.tolist() == impossible.tolist()


@pytest.mark.parametrize("seed", range(3))
def test_twenty_candidates(seed: int) -> None:
    """The size that the rule names: 4,845 choices."""
    s = scene(seed, 20, 50, p=4, whole=seed != 1)
    proposal = p_median(s.metres, s.weights, 4)
    assert proposal.stopped_by == "optimal"
    assert proposal.objective == pytest.approx(s.best_nearest(), rel=1e-9)


@pytest.mark.parametrize("seed", range(16))
def test_a_poor_answer_does_not_mislead_the_exact_solver(seed: int) -> None:
    """What bound and answer settle before it is asked is settled rightly, however poor."""
    s = scene(seed, 18, 25, p=4, whole=seed % 3 > 0)
    # Distances of no geometry leave a gap between relaxation and optimum.
    metres = np.random.default_rng(seed).integers(1, 100, s.metres.shape).astype(float)
    s = replace(s, metres=metres)
    proposal = p_median(s.metres, s.weights, 4, search=Search(rounds=0))
    assert proposal.stopped_by == "optimal"
    assert proposal.objective == pytest.approx(s.best_nearest(), rel=1e-9)


@given(scenes(k=1))
def test_another_candidate_never_raises_the_optimum(s: Scene) -> None:
    """What may be chosen need not be."""
    less = p_median(s.metres[:-1], s.weights, 1)
    more = p_median(s.metres, s.weights, 1)
    assert more.objective <= less.objective * (1.0 + 1e-9)


def test_doubled_weights_and_the_same_seed_change_no_site() -> None:
    """Each on its own, in a search that the exact solver does not end."""
    s = scene(4, 60, 200, p=8, whole=False)
    search = Search(exact_entries=0)
    once, again = (p_median(s.metres, s.weights, 8, search=search) for _ in range(2))
    twice = p_median(s.metres, 2.0 * s.weights, 8, search=search)
    assert once.sites.tolist() == again.sites.tolist() == twice.sites.tolist()
    assert (twice.objective, twice.bound) == (2.0 * once.objective, 2.0 * once.bound)


def test_a_time_limit_is_never_called_optimal() -> None:
    """It says time and keeps what greedy and swaps found."""
    s = scene(4, 60, 200, p=8)
    proposal = p_median(s.metres, s.weights, 8, search=Search(seconds=1e-9))
    assert proposal.stopped_by == "time"
    assert proposal.bound < proposal.objective <= proposal.greedy


def test_greedy_that_strands_demand_is_mended() -> None:
    """The middle reaches most at once, but only the two ends together reach all."""
    metres = np.array([[1, 1, 1, 9, 9], [9, 9, 1, 1, 1], [9, 1, 1, 1, 9]], dtype=float)
    table = stored(metres, metres < 9)
    proposal = p_median(table, [1, 5, 5, 5, 1], 2)
    assert proposal.sites.tolist() == [0, 1]
    assert proposal.objective == 17.0


def test_a_stored_distance_of_0_is_a_way() -> None:
    """Absent pairs are none."""
    table = sp.coo_array(([0.0, 7.0], ([0, 1], [0, 1])), shape=(2, 2))
    assert p_median(table, None, 2).objective == 7.0
    with pytest.raises(InvalidParameterError, match="at least 2 are needed"):
        p_median(table, None, 1)


def test_demand_without_weight_asks_for_nothing() -> None:
    """It need not be reached either."""
    table = sp.coo_array(([3.0, 7.0], ([0, 1], [0, 1])), shape=(2, 2))
    proposal = p_median(table, [1.0, 0.0], 1)
    assert (proposal.sites.tolist(), proposal.objective) == ([0], 3.0)


@pytest.mark.parametrize("bad", [-1.0, np.nan, -np.inf])
def test_distances_are_0_or_more(bad: float) -> None:
    """And the message names the pair."""
    with pytest.raises(InvalidParameterError, match="met from site 1 to demand 0"):
        p_median([[1.0, 2.0], [bad, 2.0]], None, 1)


def test_bad_tables_and_numbers_are_refused() -> None:
    """As for the other proposals."""
    with pytest.raises(InvalidParameterError, match="distances: 1 dimensions met"):
        p_median([1.0, 2.0], None, 1)
    with pytest.raises(InvalidParameterError, match="p: 3 sites asked for, but only 2"):
        p_median(np.ones((2, 2)), None, 3)
