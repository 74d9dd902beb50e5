"""A least share for each group: against every choice, and what cannot be met."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InvalidParameterError
from geo.placement import Search, Shares, max_coverage
from tests.geo.placement.scenes import Scene, scenes
from tests.geo.placement.test_coverage import town


@given(scenes(), st.sampled_from([0.1, 0.3, 0.7]))
def test_the_optimum_is_that_of_every_choice_that_meets_the_shares(s: Scene, least: float) -> None:
    """And when none does, the answer is an error."""
    group = np.arange(len(s.weights)) % 3
    total = np.bincount(group, s.weights, 3)

    def meets(sites: list[int]) -> bool:
        served = s.covers[sites].sum(axis=0) >= s.k
        covered = np.bincount(group[served], s.weights[served], 3)
        return bool((covered >= least * total * (1.0 - 1e-9)).all())

    best = max((s.covered(c) for c in s.choices() if meets(c)), default=None)
    shares = Shares(group, least)
    if best is None:
        with pytest.raises(InvalidParameterError, match="shares: "):
            max_coverage(s.covers, s.weights, s.p, k=s.k, shares=shares, **s.roles())
        return
    proposal = max_coverage(s.covers, s.weights, s.p, k=s.k, shares=shares, **s.roles())
    assert proposal.stopped_by == "optimal"
    assert proposal.objective == pytest.approx(best, rel=1e-9)
    assert meets(proposal.sites.tolist())


def test_a_share_moves_sites_to_the_poor_group() -> None:
    """Without it the heavy group takes both sites."""
    covers = np.eye(4)
    weights = [9, 8, 1, 1]
    group = np.array(["rich", "rich", "poor", "poor"])
    assert max_coverage(covers, weights, 2).sites.tolist() == [0, 1]
    shared = max_coverage(covers, weights, 2, shares=Shares(group, {"poor": 0.5}))
    assert (shared.sites.tolist(), shared.objective) == ([0, 2], 10.0)


def test_demand_in_no_group_has_no_share() -> None:
    """A missing group is none."""
    shares = Shares(np.array(["a", None, None], dtype=object), 1.0)
    assert max_coverage(np.eye(3), [1, 5, 5], 1, shares=shares).sites.tolist() == [0]


@pytest.mark.parametrize("whole", [True, False])
def test_shares_hold_in_a_town_without_the_exact_solver(whole: bool) -> None:  # noqa: FBT001
    """More than half of every one of nine groups, and the bound holds."""
    reach, weights = town()
    weights = weights if whole else weights / 7.0
    group = np.arange(reach.demand) * 9 // reach.demand
    free = max_coverage(reach, weights, 12)
    proposal = max_coverage(
        reach, weights, 12, shares=Shares(group, 0.56), search=Search(exact_entries=0)
    )
    served = reach.counts(proposal.sites) > 0
    share = np.bincount(group[served], weights[served], 9) / np.bincount(group, weights, 9)
    plain = reach.counts(free.sites) > 0
    unshared = np.bincount(group[plain], weights[plain], 9) / np.bincount(group, weights, 9)
    assert unshared.min() < 0.56 <= share.min()
    assert proposal.objective <= free.objective
    assert 1.001 * free.bound >= proposal.bound >= proposal.objective


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        (Shares([0, 0, 1], 1.5), "shares: 1.5 asked for group 0"),
        (Shares([0, 0, 1], float("nan")), "shares: nan asked for group 0"),
        (Shares([0, 0], 0.5), "shares: 2 groups for 3 demands"),
        (Shares([0, 0, 1], {7: 0.5}), "shares: no demand is in group 7"),
        (Shares([0, 0, 1], {1: 0.5}), "group 1 asks for 0.5, but all allowed sites .* cover 0 "),
        (Shares([0, 1, 2], {0: 1.0, 1: 1.0}), "no choice of 1 sites meets them, proven"),
    ],
)
def test_what_cannot_be_met_is_an_error(shares: Shares, message: str) -> None:
    """With the group, what it asks and what there is."""
    covers = np.array([[1, 0, 0], [0, 1, 0]])
    with pytest.raises(InvalidParameterError, match=message):
        max_coverage(covers, None, 1, shares=shares)


def test_an_answer_not_found_is_not_called_impossible() -> None:
    """Without the exact solver nothing is proven."""
    covers = np.array([[1, 0, 0], [0, 1, 0]])
    shares = Shares([0, 1, 2], {0: 1.0, 1: 1.0})
    with pytest.raises(InvalidParameterError, match=r"was found; the best misses .* 0 of 1"):
        max_coverage(covers, None, 1, shares=shares, search=Search(exact_entries=0))
