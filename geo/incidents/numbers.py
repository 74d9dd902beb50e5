"""Numbers as reports print them: rounded half up from exact figures, and rates with their parts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import index
from typing import Any

from geo.errors import InvalidParameterError
from geo.incidents.wording import NONE, count_text, pick

Number = int | float | Decimal | Fraction
"""What can be printed. A float stands for the shortest decimal that reads as it."""


def exact(value: Number) -> Fraction:
    """
    Read a number as an exact fraction.

    Parameters
    ----------
    value
        A finite number; of a float, the shortest decimal that reads as it (0.0025 is 25/10,000).

    Returns
    -------
    fraction
        The same number.

    Raises
    ------
    InvalidParameterError
        When it is not finite.
    """
    if isinstance(value, Decimal | Fraction):
        finite = isinstance(value, Fraction) or value.is_finite()
    else:
        finite = math.isfinite(value)
    if not finite:
        raise InvalidParameterError(f"value: {value!r} is no finite number; print a dash for it")
    if isinstance(value, Decimal | Fraction):
        return Fraction(value)
    if isinstance(value, float):
        return Fraction(repr(float(value)))
    return Fraction(index(value))


def half_up(value: Number, digits: int = 0) -> Decimal:
    """
    Round half up, away from zero, as offices do: 0.25 at one digit is 0.3, -0.25 is -0.3.

    Parameters
    ----------
    value
        A finite number; see `exact` for floats.
    digits
        How many digits after the point; 0 or more.

    Returns
    -------
    rounded
        With exactly that many digits.

    Raises
    ------
    InvalidParameterError
        When the number is not finite, or `digits` is negative.
    """
    if digits < 0:
        raise InvalidParameterError(f"digits: {digits!r} is negative; give 0 or more")
    fraction = exact(value)
    whole = math.floor(abs(fraction) * 10**digits + Fraction(1, 2))
    return Decimal((int(fraction < 0 and whole > 0), tuple(map(int, str(whole))), -digits))


def plain_text(value: Number, digits: int = 0) -> str:
    """
    Print a number with commas and at most so many digits: 45.3, 1,889, 10.

    Parameters
    ----------
    value
        A finite number.
    digits
        The most digits after the point; zeros at the end are left out.

    Returns
    -------
    text
        Rounded half up.
    """
    text = f"{half_up(value, digits):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_text(share: Number | None, digits: int = 1) -> str:
    """
    Print a share as a percentage: 0.453 is 45.3%.

    Parameters
    ----------
    share
        A share, best a `Fraction`; None and NaN are a dash.
    digits
        The most digits after the point.

    Returns
    -------
    text
        Rounded half up.
    """
    fraction = _told(share)
    return NONE if fraction is None else f"{plain_text(fraction * 100, digits)}%"


def points_text(share: Number | None, digits: int = 1, *, lang: str = "zh") -> str:
    """
    Print a difference of two shares in percentage points: 0.1 is 10个百分点, never 10%.

    Parameters
    ----------
    share
        The one share less the other; None and NaN are a dash.
    digits
        The most digits after the point.
    lang
        "zh" or "en".

    Returns
    -------
    text
        Rounded half up.
    """
    fraction = _told(share)
    if fraction is None:
        return NONE
    text = plain_text(fraction * 100, digits)
    noun = "point" if text.lstrip("-") == "1" else "points"
    return pick((f"{text}个百分点", f"{text} percentage {noun}"), lang)


def per_ten_thousand_text(share: Number | None, digits: int = 1, *, lang: str = "zh") -> str:
    """
    Print a share per ten thousand: 0.00039 is 万分之3.9.

    Parameters
    ----------
    share
        A share, best a `Fraction`; None and NaN are a dash.
    digits
        The most digits after the point.
    lang
        "zh" or "en".

    Returns
    -------
    text
        Rounded half up.
    """
    fraction = _told(share)
    if fraction is None:
        return NONE
    text = plain_text(fraction * 10_000, digits)
    return pick((f"万分之{text}", f"{text} per 10,000"), lang)


@dataclass(frozen=True)
class Rate:
    """
    A part of a whole, with both counts: resolved of accepted, successful of mediated.

    Incidents per people are no part of a whole; see `per_ten_thousand_text`.

    Parameters
    ----------
    numerator
        How many of the whole; 0 or more, never above it.
    denominator
        The whole; 0 or more.
    numerator_at_least
        Whether the part may be more.
    denominator_at_least
        Whether the whole may be more.
    """

    numerator: int
    denominator: int
    numerator_at_least: bool = False
    denominator_at_least: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no part of a whole."""
        for name in ("numerator", "denominator"):
            object.__setattr__(self, name, _whole(getattr(self, name), name))
        if not 0 <= self.numerator <= self.denominator:
            raise InvalidParameterError(
                f"numerator, denominator: {self.numerator} of {self.denominator} is no part of a "
                f"whole; count both over the same matters"
            )

    @property
    def fraction(self) -> Fraction | None:
        """Return the exact share; None of nothing."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def share(self) -> float | None:
        """Return the share in [0, 1]; None of nothing."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def at_least(self) -> bool:
        """Tell whether one of the counts is "at least", so that the share is not exact."""
        return self.numerator_at_least or self.denominator_at_least

    def percent(self, lang: str = "zh", digits: int = 1) -> str:
        """
        Print the share alone: 99.3%, 约99.3% of counts that are "at least", or a dash.

        Parameters
        ----------
        lang
            "zh" or "en".
        digits
            The most digits after the point.

        Returns
        -------
        text
            Rounded half up from both counts.
        """
        about = pick(("约", "about "), lang) if self.at_least and self.denominator else ""
        return about + percent_text(self.fraction, digits)

    def parts(self, lang: str = "zh") -> str:
        """
        Print both counts: 1,889/1,902.

        Parameters
        ----------
        lang
            "zh" or "en".

        Returns
        -------
        text
            With 余 or "at least" where a count is.
        """
        part = count_text(self.numerator, at_least=self.numerator_at_least, lang=lang)
        all_of = count_text(self.denominator, at_least=self.denominator_at_least, lang=lang)
        return f"{part}/{all_of}"

    def text(self, lang: str = "zh", digits: int = 2) -> str:
        """
        Print both counts and the share: 1,889/1,902 = 99.32%.

        Parameters
        ----------
        lang
            "zh" or "en".
        digits
            The most digits after the point.

        Returns
        -------
        text
            The share rounded half up from both counts; a dash of nothing.
        """
        return f"{self.parts(lang)} = {self.percent(lang, digits)}"

    def summary(self) -> dict[str, Any]:
        """Return both counts and the share, ready for JSON; None of nothing."""
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "share": self.share,
            "at_least": self.at_least,
        }


def _told(share: Number | None) -> Fraction | None:
    """Read a share; None where there is no figure, which is None or NaN."""
    if share is None or (isinstance(share, float) and math.isnan(share)):
        return None
    return exact(share)


def _whole(value: Any, name: str) -> int:  # noqa: ANN401 - numpy's integers too
    """Read a count as an integer of Python, or refuse it."""
    try:
        return index(value)
    except TypeError:
        raise InvalidParameterError(f"{name}: {value!r} is no whole number; give a count") from None
