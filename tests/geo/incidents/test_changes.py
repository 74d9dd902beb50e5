"""Changes are printed as in reports, with the note on whether they are chance."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.errors import InvalidParameterError
from geo.incidents.changes import change, difference_text
from geo.incidents.numbers import Rate
from geo.incidents.rate_changes import rate_change, rate_test
from geo.incidents.telling import p_text

COUNTS = st.integers(0, 60)


def test_a_small_rise_is_printed_with_its_note() -> None:
    """The sentence of the rules, letter by letter."""
    assert change(16, 25).sentence() == (
        "同比上升56.3%(16→25件;小基数,差异不显著,E检验 p=0.165,条件检验 p=0.211)"
    )
    assert change(16, 25).sentence(lang="en") == (
        "up 56.3% year on year (16→25 matters; small base, not significant, E-test p=0.165, "
        "conditional test p=0.211)"
    )


def test_a_large_fall_is_printed_with_its_note() -> None:
    """A base of 1,000 is not small, and the fall is no chance."""
    assert change(1_000, 547).sentence() == (
        "同比下降45.3%(1,000→547件;差异显著,E检验 p<0.001,条件检验 p<0.001)"
    )
    assert change(1_000, 547).sentence(unit="occurrence", against="period", lang="en") == (
        "down 45.3% on the period before (1,000→547 occurrences; significant, E-test p<0.001, "
        "conditional test p<0.001)"
    )
    assert (
        change(1_000, 547)
        .sentence(unit="起", against="环比")
        .startswith("环比下降45.3%(1,000→547起;")
    )


def test_without_a_base_there_is_a_dash_and_both_counts() -> None:
    """Never infinity, in text or figures."""
    risen = change(0, 5)
    assert risen.sentence() == "同比—(0→5件;小基数,差异显著,E检验 p=0.020,条件检验 p=0.063)"
    assert risen.sentence(lang="en").startswith("— year on year (0→5 matters; small base, ")
    for figures in (risen.share, risen.rate_share, risen.low, risen.high):
        assert np.isnan(figures).all()
    assert risen.difference.tolist() == [5]


def test_equal_counts_are_unchanged() -> None:
    """The note stays; two zeros are unchanged too."""
    assert change(30, 30).sentence() == (
        "同比持平(30→30件;差异不显著,E检验 p=1.000,条件检验 p=1.000)"
    )
    assert change(0, 0).sentence(lang="en").startswith("unchanged year on year (0→0 matters; ")


def test_counts_at_least_say_so_in_every_figure() -> None:
    """The count, the percentage made of it, and the note."""
    told = change(21_000, 22_000, at_least_before=True)
    assert told.sentence() == (
        "同比上升约4.8%(21,000余→22,000件;含约数,差异显著,E检验 p<0.001,条件检验 p<0.001)"
    )
    assert told.sentence(lang="en").startswith(
        "up about 4.8% year on year (at least 21,000→22,000 matters; counts are at least, "
    )
    assert told.frame()["at_least_before"].tolist() == [True]
    assert "21,000→22,000余件" in change(21_000, 22_000, at_least_now=True).sentence()


def test_a_change_that_rounds_to_nothing_is_less_than_the_last_digit() -> None:
    """上升0.0% would say two things at once."""
    assert change(10_000, 10_003).sentence().startswith("同比上升不足0.1%(")
    assert change(10_000, 9_997).sentence(lang="en").startswith("down less than 0.1% ")
    assert change(10_000, 10_005).sentence().startswith("同比上升0.1%(")


def test_unequal_exposures_are_tested_and_printed() -> None:
    """29 days against 28: 29 to 28 is no change a day. The count's own percentage stays."""
    leap = change(280, 290, exposure_now=29, exposure_before=28)
    assert leap.share[0] == pytest.approx(10 / 280)
    assert leap.rate_share[0] == pytest.approx(0)
    assert leap.e_p[0] == leap.conditional_p[0] == 1
    assert leap.low[0] < 0 < leap.high[0]
    assert leap.sentence() == (
        "同比上升3.6%(280→290件;日均持平;差异不显著,E检验 p=1.000,条件检验 p=1.000)"
    )
    people = change(150, 300, exposure_now=20_000, exposure_before=8_000)
    assert "(150→300件;人均下降20%;差异显著," in people.sentence(per="person")
    assert "; down 20% per head; " in people.sentence(per="person", lang="en")


def test_many_pairs_keep_their_order() -> None:
    """One sentence and one row per pair; a base is broadcast."""
    many = change(20, [5, 50, 20])
    assert len(many) == 3
    assert [text[2:4] for text in many.sentences()] == ["下降", "上升", "持平"]
    frame = many.frame()
    assert frame["now"].tolist() == [5, 50, 20]
    assert frame["before"].tolist() == [20, 20, 20]
    assert frame["share"].tolist() == [-0.75, 1.5, 0.0]
    assert frame["significant"].tolist() == [True, True, False]
    with pytest.raises(InvalidParameterError, match="3 pairs"):
        many.sentence()


def test_a_summary_is_json_without_nan() -> None:
    """None where there is no figure."""
    summary = json.loads(json.dumps(change([0, 4], [5, 3]).summary(), allow_nan=False))
    assert summary["pairs"][0]["share"] is None
    assert summary["pairs"][1]["share"] == -0.25
    assert summary["pairs"][0]["small"] is True
    assert summary["level"] == 0.05
    assert "E-test" in summary["formula"]


@given(COUNTS, COUNTS)
def test_the_bounds_hold_the_share_and_leave_nothing_out(now: int, before: int) -> None:
    """And the note agrees with the p value, the mark with the base."""
    told = change(before, now)
    if before:
        assert told.low[0] <= told.share[0] <= told.high[0]
    assert told.significant[0] == (told.e_p[0] < 0.05)
    assert told.small[0] == (before < 30)
    text = told.sentence()
    assert f"({before}→{now}件;" in text
    assert ("差异显著" in text) == told.significant[0]
    assert ("小基数" in text) == told.small[0]
    assert "E检验 p" in text
    assert "条件检验 p" in text
    assert "inf" not in text
    assert "nan" not in text


def test_the_level_and_the_base_can_be_chosen() -> None:
    """The interval follows the level."""
    loose, strict = change(16, 25, level=0.2, small=10), change(16, 25, level=0.01)
    assert loose.sentence().split(";")[1].startswith("差异显著,")
    assert strict.low[0] < loose.low[0]
    with pytest.raises(InvalidParameterError, match="level"):
        change(2, 1, level=5)
    with pytest.raises(InvalidParameterError, match="before"):
        change(-2, 1)
    with pytest.raises(InvalidParameterError, match="exposure_before"):
        change(2, 1, exposure_before=0)


def test_a_difference_of_counts_is_no_percentage() -> None:
    """-2331 is 件, not percent."""
    assert difference_text(-2_331, "件") == "减少2,331件"
    assert difference_text(12, "item") == "增加12条"
    assert difference_text(0) == "持平"
    assert difference_text(-1, lang="en") == "1 matter fewer"
    assert difference_text(2, "人次", lang="en") == "2 person-times more"


def test_a_rate_rises_by_points() -> None:
    """40 % to 50 %: ten points, which is 25 % of what it was; each says which."""
    told = rate_change(Rate(40, 100), Rate(50, 100))
    assert told.points_text() == "上升10个百分点"
    assert told.points_text("en") == "up 10 percentage points"
    assert told.percent_text() == "上升25%"
    assert told.points == 10
    assert told.share == 0.25
    assert told.sentence() == (
        "同比上升10个百分点(40%→50%;40/100→50/100;差异不显著,费舍尔检验 p=0.201)"
    )
    assert told.sentence(relative=True).startswith("同比上升10个百分点(相对上升25%;40%→50%;")
    assert told.sentence(relative=True, lang="en") == (
        "up 10 percentage points year on year (up 25% relative to the rate before; 40%→50%; "
        "40/100→50/100; not significant, Fisher's test p=0.201)"
    )


def test_a_rate_without_a_base_has_no_change() -> None:
    """A dash, None, and no test."""
    told = rate_change(Rate(0, 0), Rate(1, 2))
    assert told.sentence() == "同比—(—→50%;0/0→1/2;无基数)"
    assert told.points is told.share is told.p is None
    assert not told.significant
    assert json.loads(json.dumps(told.summary()))["before"]["share"] is None
    from_nothing = rate_change(Rate(0, 2), Rate(1, 2))
    assert from_nothing.points == 50
    assert from_nothing.share is None
    assert from_nothing.percent_text() == "—"


def test_a_rate_can_stay_or_fall_or_be_about() -> None:
    """The other words."""
    assert rate_change(Rate(2, 4), Rate(1, 2)).points_text() == "持平"
    fallen = rate_change(Rate(600, 1_000), Rate(300, 1_000))
    assert fallen.points_text() == "下降30个百分点"
    assert fallen.significant
    assert "差异显著,费舍尔检验 p<0.001" in fallen.sentence()
    about = rate_change(Rate(40, 100), Rate(50, 100, denominator_at_least=True))
    assert about.points_text() == "上升约10个百分点"
    assert about.percent_text("en") == "up about 25%"
    with pytest.raises(InvalidParameterError, match="level"):
        rate_change(Rate(1, 2), Rate(1, 2), level=0)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_rates_are_tested_by_the_tails_of_the_hypergeometric(
    part1: int, rest1: int, part2: int, rest2: int
) -> None:
    """Twice the smaller tail, as scipy's distribution has it."""
    whole1, whole2 = part1 + rest1, part2 + rest2
    p = rate_test(part1, whole1, part2, whole2)
    if not (whole1 and whole2):
        assert p == 1
        return
    given_sums = stats.hypergeom(whole1 + whole2, part1 + part2, whole1)
    smaller = min(given_sums.cdf(part1), given_sums.sf(part1 - 1))
    assert p == pytest.approx(min(1.0, 2 * smaller), abs=1e-9)


def test_rates_of_millions_are_tested_too() -> None:
    """Against the normal distribution; only the middle of the distribution is added up."""
    part1, part2, whole = 4_001_500, 4_000_000, 9_000_000
    pooled = (part1 + part2) / (2 * whole)
    z = (part1 - part2) / math.sqrt(2 * whole * pooled * (1 - pooled))
    assert rate_test(part1, whole, part2, whole) == pytest.approx(2 * stats.norm.sf(z), rel=1e-2)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.1648, "p=0.165"),
        (0.0496, "p=0.0496"),
        (0.05, "p=0.050"),
        (0.050000001, "p=0.050000"),
        (0.000999, "p<0.001"),
        (0.001, "p=0.001"),
        (1.0, "p=1.000"),
    ],
)
def test_a_p_value_is_not_rounded_onto_the_level(p: float, text: str) -> None:
    """差异显著 beside p=0.050 would look wrong."""
    assert p_text(p) == text
