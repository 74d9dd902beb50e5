"""Numbers are printed half up from exact figures, and rates with their parts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InvalidParameterError
from geo.incidents.numbers import (
    Rate,
    half_up,
    per_ten_thousand_text,
    percent_text,
    plain_text,
    points_text,
)
from geo.incidents.wording import count_text, counted, pick, term


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(1, 4), 1, "0.3"),
        (Fraction(-1, 4), 1, "-0.3"),
        (Fraction(5, 2), 0, "3"),
        (0.25, 1, "0.3"),
        # As a float, 1.005 is a little less; what was written is not.
        (1.005, 2, "1.01"),
        (np.float64(2.675), 2, "2.68"),
        (Decimal("0.35"), 1, "0.4"),
        (-0.04, 1, "0.0"),
        (np.int64(7), 2, "7.00"),
        (Fraction(1, 3), 5, "0.33333"),
    ],
)
def test_rounding_is_half_up_from_what_was_written(value: float, digits: int, text: str) -> None:
    """Python's own rounding is half to even, and floats lie a little off."""
    assert str(half_up(value, digits)) == text


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9), st.integers(0, 4))
def test_rounding_a_fraction_is_what_decimals_do(top: int, bottom: int, digits: int) -> None:
    """With 60 digits, no quotient of these is so near a half that it rounds the other way."""
    nearly = (Decimal(top) / Decimal(bottom)).quantize(Decimal(10) ** -digits, ROUND_HALF_UP)
    rounded = half_up(Fraction(top, bottom), digits)
    assert rounded == nearly
    assert abs(Fraction(rounded) - Fraction(top, bottom)) <= Fraction(1, 2 * 10**digits)


@pytest.mark.parametrize(
    ("top", "bottom", "digits", "text"),
    [
        (571, 581, 1, "98.3%"),
        (1_889, 1_902, 2, "99.32%"),
        (96, 252, 1, "38.1%"),
        (453, 1_000, 1, "45.3%"),
        (25, 10_000, 1, "0.3%"),
        (1, 2, 1, "50%"),
        (25, 2, 1, "1,250%"),
    ],
)
def test_shares_are_printed_as_in_reports(top: int, bottom: int, digits: int, text: str) -> None:
    """The examples of the reports, from whole numbers."""
    assert percent_text(Fraction(top, bottom), digits) == text


def test_per_ten_thousand_and_points_are_no_percentages() -> None:
    """万分之三点九, and ten points."""
    assert per_ten_thousand_text(Fraction(39, 100_000)) == "万分之3.9"
    assert per_ten_thousand_text(0.00039, lang="en") == "3.9 per 10,000"
    assert points_text(Fraction(1, 10)) == "10个百分点"
    assert points_text(Fraction(1, 100), lang="en") == "1 percentage point"
    assert points_text(Fraction(-1, 40), lang="en") == "-2.5 percentage points"


@pytest.mark.parametrize("missing", [None, float("nan"), np.float64("nan")])
def test_no_figure_is_a_dash(missing: float | None) -> None:
    """Never nan, never 0."""
    assert percent_text(missing) == points_text(missing) == per_ten_thousand_text(missing) == "—"


def test_a_rate_prints_both_counts() -> None:
    """With its share, half up from whole numbers."""
    rate = Rate(1_889, 1_902)
    assert rate.text() == "1,889/1,902 = 99.32%"
    assert rate.text(digits=1) == "1,889/1,902 = 99.3%"
    assert rate.fraction == Fraction(1_889, 1_902)
    assert rate.share == pytest.approx(0.993165)
    assert not rate.at_least


def test_a_rate_of_nothing_is_a_dash() -> None:
    """And None for programs."""
    rate = Rate(0, 0, numerator_at_least=True)
    assert rate.share is None
    assert rate.fraction is None
    assert rate.text("en") == "at least 0/0 = —"
    assert rate.summary()["share"] is None


def test_a_rate_of_counts_at_least_says_so() -> None:
    """The count with 余, the share as about."""
    rate = Rate(20_000, 21_000, denominator_at_least=True)
    assert rate.at_least
    assert rate.text(digits=1) == "20,000/21,000余 = 约95.2%"
    assert rate.text("en", 1) == "20,000/at least 21,000 = about 95.2%"


def test_a_rate_takes_the_integers_of_numpy() -> None:
    """And keeps them as integers of Python, which do not overflow."""
    rate = Rate(np.int64(1), np.int64(4))  # type: ignore[arg-type]
    assert type(rate.numerator) is int
    assert rate.fraction == Fraction(1, 4)


@pytest.mark.parametrize(("part", "all_of"), [(3, 2), (-1, 2), (0, -1)])
def test_what_is_no_part_is_refused(part: int, all_of: int) -> None:
    """化解率 above 100 % is two counts of different things."""
    with pytest.raises(InvalidParameterError, match="no part of a whole"):
        Rate(part, all_of)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), Decimal("NaN")])
def test_what_is_not_finite_is_not_rounded(value: float) -> None:
    """Whoever has it prints a dash."""
    with pytest.raises(InvalidParameterError, match="finite"):
        half_up(value, 1)


def test_other_refusals_name_the_argument() -> None:
    """Digits below 0, a language nobody wrote, half a matter."""
    with pytest.raises(InvalidParameterError, match="digits"):
        half_up(1, -1)
    with pytest.raises(InvalidParameterError, match="lang: 'fr'"):
        points_text(0.1, lang="fr")
    with pytest.raises(InvalidParameterError, match=r"numerator: 1\.5"):
        Rate(1.5, 2)  # type: ignore[arg-type]


def test_words_are_found_by_code_and_by_chinese() -> None:
    """And what nobody knows is printed as it is."""
    units = {"item": ("条", "items")}
    assert term(units, "item", "zh") == term(units, "条", "zh") == "条"
    assert term(units, "条", "en") == "items"
    assert term(units, "头", "en") == "头"
    assert pick(("甲", "a"), "zh") == "甲"
    assert counted("1", "matter", "en", one=True) == "1 matter"
    assert counted("2", "人次", "en") == "2 person-times"
    assert counted("2", "", "en") == "2"
    assert count_text(21_000, at_least=True) == "21,000余"
    assert plain_text(Decimal("1234.50"), 2) == "1,234.5"
    assert plain_text(100) == "100"
