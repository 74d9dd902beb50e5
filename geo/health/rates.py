"""A rate that says what it counts: numerator, denominator, formula, and what is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

FORMULAS: Final = {
    ("online", "snapshot"): "cameras online / cameras whose state is known, at one moment",
    ("online", "time"): "hours online / hours whose state is known, over the span",
    ("online_own", "time"): (
        "hours online / hours whose state is known outside outages of the platform, over the span"
    ),
    ("in_order", "snapshot"): "cameras without an open fault / cameras whose order is known, then",
    ("in_order", "time"): "hours without a fault / hours whose order is known, over the span",
    ("available", "snapshot"): (
        "cameras online and without an open fault / cameras of which both are known, then"
    ),
    ("available", "time"): (
        "hours online and without a fault / hours of which both are known, over the span"
    ),
    ("high_definition", "sheet"): (
        "cameras whose picture is 1,920 pixels wide or more / cameras whose width is known"
    ),
}
"""What a rate is of, and whether at a moment, over time or by the sheet -> how it is reckoned."""


@dataclass(frozen=True)
class Rate:
    """
    A share with what it is made of.

    Parameters
    ----------
    name
        What it is of: "online", "online_own", "in_order", "available" or "high_definition".
    basis
        "snapshot" for one moment, "time" for a span, "sheet" for what is written of each camera.
    unit
        What is counted: "cameras" or "camera_hours".
    numerator
        How many are so.
    denominator
        Of how many it is known.
    unknown
        Of how many it is not known; they are no part of the denominator.
    """

    name: str
    basis: str
    unit: str
    numerator: float
    denominator: float
    unknown: float

    @property
    def share(self) -> float | None:
        """Return the share in [0, 1]; None when nothing is known."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def formula(self) -> str:
        """Return how it is reckoned, in words."""
        return FORMULAS[self.name, self.basis]

    def summary(self) -> dict[str, Any]:
        """Return the fields, the share and the formula, ready for JSON."""
        return {**vars(self), "share": self.share, "formula": self.formula}
