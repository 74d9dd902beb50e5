"""What somebody wishes of a proposal of posts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.errors import InvalidParameterError


@dataclass(frozen=True)
class Wish:
    """
    What a proposal of posts should be.

    Parameters
    ----------
    number
        How many posts more; None for as few as cover every due metre that can be covered.
    rearrange
        Whether existing posts may be moved and dropped; else they all stay where they are.
    twofold
        Whether a metre counts only when two posts cover it.
    least_share
        The least covered share of each area, in [0, 1]; 0.0 for none. Only with `number`.
    step_m
        Distance between the places that are offered along a street, in metres; None for half of
        the reach.
    """

    number: int | None = None
    rearrange: bool = False
    twofold: bool = False
    least_share: float = 0.0
    step_m: float | None = None

    @property
    def fold(self) -> int:
        """How many posts must cover a metre for it to count."""
        return 2 if self.twofold else 1

    def __post_init__(self) -> None:
        """Refuse what nobody can wish."""
        if self.step_m is not None and not 0.0 < self.step_m < np.inf:
            raise InvalidParameterError(f"step_m must be a number above 0, got {self.step_m!r}")
        if self.least_share and self.number is None:
            raise InvalidParameterError(
                "least_share: a proposal for every metre has no shares; give a number of posts"
            )
