"""Coverage against number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from geo.placement import Search, coverage_curve, max_coverage
from tests.geo.placement.scenes import Scene, scenes
from tests.geo.placement.test_coverage import town


@given(scenes())
def test_each_bound_holds_for_the_best_choice_of_so_many(s: Scene) -> None:
    """And what is covered is what the sites so far cover."""
    curve = coverage_curve(s.covers, s.weights, s.p, k=s.k, **s.roles())
    added = s.p - len(set(s.must) - set(s.existing))
    assert curve["number"].tolist() == list(range(s.p - added, s.p + 1))
    kept = sorted({*s.existing, *s.must})
    so_far = curve["site"].dropna().astype(int).tolist()
    for row in range(added + 1):
        number = int(curve["number"][row])
        best = max_coverage(s.covers, s.weights, number, k=s.k, **s.roles()).objective
        covered = s.covered(kept + so_far[:row])
        assert curve["covered"][row] == pytest.approx(covered)
        assert covered * (1.0 - 1e-9) <= best <= curve["bound"][row] * (1.0 + 1e-9)
    assert curve["gain"].sum() == pytest.approx(curve["covered"].iloc[-1])


def test_the_curve_of_a_town_is_tight_and_concave() -> None:
    """The Lagrangian bound is near at every number, not only where it was walked."""
    reach, weights = town()
    curve = coverage_curve(reach, weights, 25)
    assert curve["covered_share"].iloc[-1] == pytest.approx(
        curve["covered"].iloc[-1] / weights.sum()
    )
    assert curve["gap"].iloc[1:].max() < 0.07
    assert (np.diff(curve["gain"].iloc[1:]) <= 0.0).all()
    for p in (3, 12, 20):
        best = max_coverage(reach, weights, p, search=Search(exact_entries=0))
        assert curve["covered"][p] == best.greedy
        assert best.objective <= curve["bound"][p] <= best.bound * 1.03
        last = coverage_curve(reach, weights, p).iloc[-1]
        assert best.objective <= last["bound"] <= best.bound * 1.03


def test_doubled_weights_double_the_curve() -> None:
    """And change no site."""
    reach, weights = town()
    once, twice = (coverage_curve(reach, factor * weights, 10) for factor in (1.0, 2.0))
    assert once["site"].equals(twice["site"])
    assert (2.0 * once["bound"]).equals(twice["bound"])
    assert once["gap"].equals(twice["gap"])


def test_shares_and_gaps_without_a_denominator_are_missing() -> None:
    """Nothing to cover, nothing covered: unknown, not 0."""
    curve = coverage_curve(np.zeros((2, 0)), None, 1)
    assert curve["covered_share"].isna().all()
    assert curve["gap"].isna().all()
    assert curve["bound"].tolist() == [0.0, 0.0]
    assert curve["site"].isna().tolist() == [True, False]
