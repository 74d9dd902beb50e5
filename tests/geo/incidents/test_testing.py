"""Tests of two counts: against the double sum, against scipy, and by how often they err."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.errors import InvalidParameterError
from geo.incidents.testing import check_level, conditional_test, e_test, ratio_interval

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTS = st.integers(0, 40)
EXPOSURES = st.sampled_from([1.0, 28.0, 29.0, 365.0, 0.4, 1_250.5])


def double_sum(k1: int, k2: int, e1: float, e2: float) -> float:
    """Add up the E-test term by term, as the paper writes it."""

    def statistic(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
        variance = x1 / e1**2 + x2 / e2**2
        apart = np.abs(x1 / e1 - x2 / e2)
        return np.divide(apart, np.sqrt(variance), out=np.zeros(variance.shape), where=variance > 0)

    rate = (k1 + k2) / (e1 + e2)
    most = int(k1 + k2 + 15 * math.sqrt(k1 + k2) + 40)
    x1, x2 = (each.astype(float) for each in np.mgrid[:most, :most])
    weight = stats.poisson.pmf(x1, rate * e1) * stats.poisson.pmf(x2, rate * e2)
    seen = statistic(np.array(float(k1)), np.array(float(k2)))
    return float(weight[statistic(x1, x2) >= seen * (1 - 1e-10)].sum())


def test_sixteen_to_twenty_five_is_chance() -> None:
    """The example of the reports, by both tests."""
    assert float(e_test(16, 25)) == pytest.approx(0.1648, abs=5e-5)
    assert float(conditional_test(16, 25)) == pytest.approx(0.2110, abs=5e-5)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_the_e_test_is_the_double_sum(k1: int, k2: int, e1: float, e2: float) -> None:
    """To the last digits, for any exposures."""
    assert float(e_test(k1, k2, e1, e2)) == pytest.approx(double_sum(k1, k2, e1, e2), abs=1e-12)


@pytest.mark.parametrize(("k1", "k2"), [(1_000, 547), (400, 431), (160, 250)])
def test_the_e_test_is_scipys(k1: int, k2: int) -> None:
    """Which leaves out the last 1e-10 of each distribution."""
    theirs = stats.poisson_means_test(k1, 29.0, k2, 28.0).pvalue
    assert float(e_test(k1, k2, 29, 28)) == pytest.approx(theirs, abs=1e-9)


def test_far_tails_keep_their_digits() -> None:
    """One less a sum of nearly one would be 0 here."""
    p = float(e_test(1_000, 547))
    assert 0 < p < 1e-28
    for k1, k2 in ((1_000, 547), (547, 1_000)):
        assert float(conditional_test(k1, k2)) == pytest.approx(
            stats.binomtest(k1, 1_547).pvalue, rel=1e-9, abs=0.0
        )


def test_large_counts_agree_with_the_normal_distribution() -> None:
    """Where both counts are a hundred million."""
    k1, k2 = 100_000_000, 100_030_000
    normal = 2 * stats.norm.sf((k2 - k1) / math.sqrt(k1 + k2))
    assert float(e_test(k1, k2)) == pytest.approx(normal, rel=1e-3)
    assert float(conditional_test(k1, k2)) == pytest.approx(normal, rel=1e-3)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_which_count_comes_first_does_not_matter(k1: int, k2: int, e1: float, e2: float) -> None:
    """Two-sided is two-sided."""
    for tested in (e_test, conditional_test):
        assert float(tested(k1, k2, e1, e2)) == pytest.approx(
            float(tested(k2, k1, e2, e1)), rel=1e-9
        )


@pytest.mark.parametrize("tested", [e_test, conditional_test])
def test_equal_rates_and_two_zeros_have_p_one(tested: Callable[..., np.ndarray]) -> None:
    """Also where 0.1 times 3 is not 0.3."""
    assert tested([0, 5, 3], [0, 5, 1], [1, 1, 0.3], [2, 1, 0.1]).tolist() == [1.0, 1.0, 1.0]


def test_one_zero_is_tested_like_any_count() -> None:
    """0 to 5: twice 1/32 given the sum; unconditionally less."""
    assert float(conditional_test(5, 0)) == pytest.approx(2 / 32)
    assert float(conditional_test(0, 5)) == pytest.approx(2 / 32)
    assert float(e_test(0, 5)) == pytest.approx(double_sum(0, 5, 1, 1), abs=1e-12)


@given(COUNTS, COUNTS)
def test_only_the_ratio_of_exposures_matters(k1: int, k2: int) -> None:
    """Days or hours, people or thousands of them."""
    for tested in (e_test, conditional_test):
        assert float(tested(k1, k2, 29, 28)) == pytest.approx(
            float(tested(k1, k2, 29e6, 28e6)), rel=1e-9
        )


@pytest.mark.parametrize("mean", [3.0, 40.0])
def test_without_change_the_e_test_errs_in_five_of_a_hundred(mean: float) -> None:
    """Summed over all pairs, with 29 days against 28; the cautious test errs less."""
    count = np.arange(int(mean * 3 + 20))
    weight = np.outer(stats.poisson.pmf(count, mean), stats.poisson.pmf(count, mean * 28 / 29))
    errs = (weight * (e_test(count[:, None], count, 29, 28) < 0.05)).sum()
    cautious = (weight * (conditional_test(count[:, None], count, 29, 28) < 0.05)).sum()
    assert 0.03 < errs < 0.055
    assert cautious < errs


def test_drawn_counts_without_change_err_in_five_of_a_hundred() -> None:
    """The same by drawing; four standard errors of 4,000 draws are 1.4 points."""
    random = np.random.default_rng(8)
    now, before = random.poisson(25.0, (2, 4_000))
    assert (e_test(now, before) < 0.05).mean() == pytest.approx(0.05, abs=0.014)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_the_interval_leaves_out_one_exactly_where_the_test_rejects(
    k1: int, k2: int, e1: float, e2: float
) -> None:
    """Both go by the binomial distribution given the sum; and the ratio that was seen is in it."""
    low, high = (float(bound) for bound in ratio_interval(k1, k2, e1, e2))
    p = float(conditional_test(k1, k2, e1, e2))
    if abs(p - 0.05) > 1e-9:
        assert (low > 1 or high < 1) == (p < 0.05)
    if k2:
        assert low <= k1 / e1 / (k2 / e2) <= high


def test_the_interval_is_that_of_the_binomial_share() -> None:
    """Clopper and Pearson, as scipy has it, as odds; open where a count is 0."""
    low, high = ratio_interval([25, 0, 7, 0], [16, 5, 0, 0], confidence=0.9)
    share = stats.binomtest(25, 41).proportion_ci(0.9)
    assert low[0] == pytest.approx(share.low / (1 - share.low))
    assert high[0] == pytest.approx(share.high / (1 - share.high))
    assert low[1] == low[3] == 0
    assert high[2] == high[3] == math.inf
    assert high[1] == pytest.approx(0.05 ** (-1 / 5) - 1)
    assert low[2] == pytest.approx(1 / (0.05 ** (-1 / 7) - 1))


def test_arrays_are_broadcast() -> None:
    """A column against a row is a table."""
    assert e_test(np.arange(3)[:, None], np.arange(4)).shape == (3, 4)
    assert e_test([], []).shape == (0,)
    assert conditional_test(np.array([1, 2]), 3).shape == (2,)
    assert ratio_interval(1, [2, 3, 4])[0].shape == (3,)


@pytest.mark.parametrize("bad", [-1, 1.5, math.nan, math.inf, 10**11])
def test_what_is_no_count_is_refused(bad: float) -> None:
    """With its name and what to give."""
    with pytest.raises(InvalidParameterError, match=r"k2: .* is no count"):
        e_test([3, 4], [1, bad])


@pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf])
def test_what_is_no_exposure_is_refused(bad: float) -> None:
    """A place where nobody lives has no rate."""
    with pytest.raises(InvalidParameterError, match=r"exposure1: .* is no exposure"):
        conditional_test(3, 4, bad)


@pytest.mark.parametrize("bad", [0, 1, -0.05, math.nan])
def test_levels_lie_between_none_and_all(bad: float) -> None:
    """5 means 5 %, and is asked as 0.05."""
    with pytest.raises(InvalidParameterError, match="level"):
        check_level(bad)
    with pytest.raises(InvalidParameterError, match="confidence"):
        ratio_interval(3, 4, confidence=bad)
