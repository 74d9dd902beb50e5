"""Changes of rates: percentage points and percent, never the one for the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import special

from geo.incidents.telling import move_text, rate_sentence
from geo.incidents.testing import check_level

if TYPE_CHECKING:
    from fractions import Fraction

    from geo.incidents.numbers import Rate

WIDEST: Final = 12
"""Standard deviations on either side of the mean that `rate_test` adds up; beyond lies less than
1e-12."""


@dataclass(frozen=True)
class RateChange:
    """
    Outcome of `rate_change`: percentage points and percent, kept apart.

    Parameters
    ----------
    now
        Rate of the period.
    before
        Rate it is held against.
    p
        Two-sided p value of Fisher's exact test; None where there is no rate.
    level
        What `p` is held against.
    """

    now: Rate
    before: Rate
    p: float | None
    level: float

    @property
    def difference(self) -> Fraction | None:
        """Return the exact difference of the shares (0.1 is ten points); None without a rate."""
        if self.now.fraction is None or self.before.fraction is None:
            return None
        return self.now.fraction - self.before.fraction

    @property
    def ratio(self) -> Fraction | None:
        """Return the exact change as a share of the rate before; None without a base."""
        difference, before = self.difference, self.before.fraction
        return difference / before if difference is not None and before else None

    @property
    def points(self) -> float | None:
        """Return the change in percentage points (10.0 for 40 % to 50 %); None without a rate."""
        return None if self.difference is None else float(self.difference * 100)

    @property
    def share(self) -> float | None:
        """Return the change as a share of the rate before (0.25); None without a base."""
        return None if self.ratio is None else float(self.ratio)

    @property
    def significant(self) -> bool:
        """Tell whether `p` is below the level; not so without a rate."""
        return self.p is not None and self.p < self.level

    def points_text(self, lang: str = "zh", digits: int = 1) -> str:
        """
        Print the change in percentage points: 上升10个百分点.

        Parameters
        ----------
        lang
            "zh" or "en".
        digits
            The most digits after the point.

        Returns
        -------
        text
            持平 or "unchanged" of none; a dash without a rate.
        """
        about = self.now.at_least or self.before.at_least
        return move_text(self.difference, lang, digits=digits, about=about, points=True)

    def percent_text(self, lang: str = "zh", digits: int = 1) -> str:
        """
        Print the change as a percentage of the rate before: 上升25% of 40 % to 50 %.

        Parameters
        ----------
        lang
            "zh" or "en".
        digits
            The most digits after the point.

        Returns
        -------
        text
            持平 or "unchanged" of none; a dash without a base.
        """
        about = self.now.at_least or self.before.at_least
        return move_text(self.ratio, lang, digits=digits, about=about)

    def sentence(
        self, *, against: str = "同比", lang: str = "zh", digits: int = 1, relative: bool = False
    ) -> str:
        """
        Print the change in points with both rates and its note, and in percent where asked.

        Parameters
        ----------
        against
            "year" (同比), "period" (环比) or any text.
        lang
            "zh" or "en".
        digits
            The most digits after the point.
        relative
            Whether the change as a percentage of the rate before is printed too, named as such.

        Returns
        -------
        sentence
            Such as 同比上升10个百分点(40%→50%;40/100→50/100;差异不显著,费舍尔检验 p=0.201).
        """
        return rate_sentence(self, against=against, lang=lang, digits=digits, relative=relative)

    def summary(self) -> dict[str, Any]:
        """Return both rates and the change, ready for JSON; None for no figure."""
        return {
            "now": self.now.summary(),
            "before": self.before.summary(),
            "points": self.points,
            "share": self.share,
            "p": self.p,
            "significant": self.significant,
            "level": self.level,
        }


def rate_change(before: Rate, now: Rate, *, level: float = 0.05) -> RateChange:
    """
    Tell how far a rate rose or fell, in percentage points and in percent.

    Parameters
    ----------
    before
        Rate to hold the other against.
    now
        Rate of the period.
    level
        A change is significant where the p value of Fisher's exact test is below it.

    Returns
    -------
    change
        With no figure where one of the rates has no denominator.

    Raises
    ------
    InvalidParameterError
        When the level is not between 0 and 1.
    """
    check_level(level)
    p = None
    if now.denominator and before.denominator:
        p = rate_test(now.numerator, now.denominator, before.numerator, before.denominator)
    return RateChange(now, before, p, level)


def rate_test(part1: int, whole1: int, part2: int, whole2: int) -> float:
    """
    Tell how likely two parts of wholes of one share lie as far apart, given all sums (Fisher).

    Two-sided means twice the smaller tail, at most 1, as in `conditional_test`.

    Parameters
    ----------
    part1
        How many of the first whole.
    whole1
        The first whole.
    part2
        How many of the second whole.
    whole2
        The second whole.

    Returns
    -------
    p
        In [0, 1]; 1 where a whole is 0, within 1e-8 of the exact figure for wholes to 10 million.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical Society
    98 (1), 39-82. doi:10.2307/2342435.
    """
    if not (whole1 and whole2):
        return 1.0
    parts, all_of = part1 + part2, whole1 + whole2
    mean = parts * whole1 / all_of
    spread = (mean * (whole2 / all_of) * ((all_of - parts) / max(all_of - 1, 1))) ** 0.5
    room = int(WIDEST * (spread + 1.0))
    first = max(0, parts - whole2, min(int(mean) - room, part1))
    last = min(parts, whole1, max(int(mean) + room, part1))
    x = np.arange(first, last + 1, dtype=np.float64)
    logs = -special.gammaln(
        np.stack([x + 1, parts - x + 1, whole1 - x + 1, whole2 - parts + x + 1])
    ).sum(axis=0)
    weights = np.exp(logs - logs.max())
    at = part1 - first
    tail = min(weights[: at + 1].sum(), weights[at:].sum()) / weights.sum()
    return float(min(1.0, 2.0 * tail))
