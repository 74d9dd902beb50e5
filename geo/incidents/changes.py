"""Changes of counts and rates: the arithmetic, and beside it whether it is more than chance."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from operator import index
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.incidents.telling import count_sentence
from geo.incidents.testing import (
    check_level,
    conditional_test,
    counts_of,
    e_test,
    exposures_of,
    ratio_interval,
)
from geo.incidents.wording import MOVES, count_text, counted, pick

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FORMULA: Final = (
    "share: (now - before) / before, of the counts; none where before is 0. rate_share: the same "
    "of counts per exposure. e_p: E-test of Krishnamoorthy and Thomson (2004), unconditional, "
    "two-sided. conditional_p: exact binomial test given the sum, twice the smaller tail. low, "
    "high: exact interval of rate_share given the sum. small: before is below small_below. "
    "significant: e_p is below level"
)
"""How the figures of a change are reckoned."""


@dataclass(frozen=True, eq=False)
class Change:
    """
    Outcome of `change`: one entry per pair of counts, in input order.

    Parameters
    ----------
    now
        Counts of the period.
    before
        Counts it is held against.
    exposure_now
        Days or people of the period.
    exposure_before
        Days or people of the other.
    difference
        `now` less `before`.
    share
        Change of the count, as a share of `before`: what reports print. NaN where `before` is 0.
    rate_share
        Change of the count per exposure; `share` where the exposures are equal.
    e_p
        p value of the E-test, for counts per exposure.
    conditional_p
        p value of the conditional binomial test, for counts per exposure.
    low
        Lower bound of `rate_share`; NaN where `before` is 0.
    high
        Upper bound of `rate_share`; NaN where `before` is 0.
    small
        Whether `before` is below `small_below`: a percentage of a small number.
    significant
        Whether `e_p` is below `level`. Of many pairs that nothing changed, that share is so too.
    at_least_now
        Whether `now` is "at least"; the tests take the number that is known.
    at_least_before
        Whether `before` is "at least".
    level
        What `e_p` is held against; the interval holds with 1 - `level`.
    small_below
        What `before` is held against.
    """

    now: Ints
    before: Ints
    exposure_now: Floats
    exposure_before: Floats
    difference: Ints
    share: Floats
    rate_share: Floats
    e_p: Floats
    conditional_p: Floats
    low: Floats
    high: Floats
    small: Bools
    significant: Bools
    at_least_now: Bools
    at_least_before: Bools
    level: float
    small_below: int

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.now)

    def frame(self) -> pd.DataFrame:
        """Return one row per pair with every figure."""
        names = [field.name for field in fields(self)[:-2]]
        return pd.DataFrame({name: getattr(self, name) for name in names})

    def summary(self) -> dict[str, Any]:
        """Return the pairs, the level and the formula, ready for JSON; None for no figure."""
        rows = self.frame().astype(object)
        return {
            "pairs": rows.where(rows.notna(), None).to_dict("records"),
            "level": self.level,
            "small_below": self.small_below,
            "formula": FORMULA,
        }

    def sentence(
        self, *, unit: str = "件", against: str = "同比", lang: str = "zh", per: str = "day"
    ) -> str:
        """
        Print the change of a single pair with its counts and its note; see `sentences`.

        Parameters
        ----------
        unit
            Unit of the counts: a code, a measure word or any text.
        against
            "year" (同比), "period" (环比) or any text.
        lang
            "zh" or "en".
        per
            What the exposures are: "day", "person" or any text; printed where they differ.

        Returns
        -------
        sentence
            Such as 同比上升56.3%(16→25件;小基数,差异不显著,E检验 p=0.165,条件检验 p=0.211).

        Raises
        ------
        InvalidParameterError
            When there are several pairs, or the language is not known.
        """
        if len(self) != 1:
            raise InvalidParameterError(
                f"change: it holds {len(self)} pairs; ask for sentences, or make it of one pair"
            )
        return self.sentences(unit=unit, against=against, lang=lang, per=per)[0]

    def sentences(
        self, *, unit: str = "件", against: str = "同比", lang: str = "zh", per: str = "day"
    ) -> list[str]:
        """
        Print each change with its counts and whether it is chance.

        The percentage is always printed, and the note is never left out. Without a base there is
        a dash.

        Parameters
        ----------
        unit
            Unit of the counts: a code, a measure word or any text.
        against
            "year" (同比), "period" (环比) or any text.
        lang
            "zh" or "en".
        per
            What the exposures are: "day", "person" or any text; printed where they differ.

        Returns
        -------
        sentences
            One per pair.

        Raises
        ------
        InvalidParameterError
            When the language is not known.
        """
        told = functools.partial(
            count_sentence, self, unit=unit, against=against, lang=lang, per=per
        )
        return [told(row) for row in range(len(self))]


def change(
    before: ArrayLike,
    now: ArrayLike,
    *,
    exposure_before: ArrayLike = 1.0,
    exposure_now: ArrayLike = 1.0,
    level: float = 0.05,
    small: int = 30,
    at_least_before: ArrayLike = False,
    at_least_now: ArrayLike = False,
) -> Change:
    """
    Tell how far counts rose or fell, and whether that is more than chance.

    The earlier counts come first, as one says it: `change(16, 25)` is 16→25.

    Parameters
    ----------
    before
        Counts to hold the others against, whole numbers of 0 or more.
    now
        Counts of the period; broadcast.
    exposure_before
        Days of the other period where lengths differ (28 against 29), or people; greater than 0.
    exposure_now
        The same of the period.
    level
        A change is significant where the p value of the E-test is below it; between 0 and 1.
    small
        A base below this is a small one.
    at_least_before
        Whether there may be more than `before`.
    at_least_now
        Whether there may be more than `now`.

    Returns
    -------
    change
        One entry per pair.

    Raises
    ------
    InvalidParameterError
        When a count is no whole number of 0 or more, an exposure is not above 0, or the level is
        not between 0 and 1.
    """
    check_level(level)
    counts = [counts_of(now, "now"), counts_of(before, "before")]
    spans = [
        exposures_of(exposure_now, "exposure_now"),
        exposures_of(exposure_before, "exposure_before"),
    ]
    flags = [np.asarray(flag, dtype=np.bool_) for flag in (at_least_now, at_least_before)]
    shaped = [np.atleast_1d(each).ravel() for each in np.broadcast_arrays(*counts, *spans, *flags)]
    new, old, days_new, days_old, new_at_least, old_at_least = shaped
    base = np.where(old > 0, old, np.nan)
    low, high = ratio_interval(new, old, days_new, days_old, confidence=1.0 - level)
    e_p = e_test(new, old, days_new, days_old)
    return Change(
        now=new,
        before=old,
        exposure_now=days_new,
        exposure_before=days_old,
        difference=new - old,
        share=(new - old) / base,
        rate_share=new * days_old / (base * days_new) - 1.0,
        e_p=e_p,
        conditional_p=conditional_test(new, old, days_new, days_old),
        low=np.where(old > 0, low - 1.0, np.nan),
        high=np.where(old > 0, high - 1.0, np.nan),
        small=old < small,
        significant=e_p < level,
        at_least_now=new_at_least,
        at_least_before=old_at_least,
        level=level,
        small_below=small,
    )


def difference_text(difference: int, unit: str = "件", *, lang: str = "zh") -> str:
    """
    Print a difference of counts, which is no percentage: 减少2,331件.

    Parameters
    ----------
    difference
        Now less before.
    unit
        Unit of the counts: a code, a measure word or any text.
    lang
        "zh" or "en".

    Returns
    -------
    text
        持平 or "unchanged" of none.
    """
    size = abs(index(difference))
    if not size:
        return pick(MOVES[0], lang)
    text = counted(count_text(size), unit, lang, one=size == 1)
    if lang == "zh":
        return f"{'增加' if difference > 0 else '减少'}{text}"
    return f"{text} {'more' if difference > 0 else 'fewer'}"
