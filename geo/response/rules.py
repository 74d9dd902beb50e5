"""What holds for answering a call: how soon one leaves, and how far each class answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import InvalidParameterError
from geo.snapping import SNAP_M

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASS_MINUTES: Final[Mapping[str, float]] = {
    "station": 1.0, "post": 1.0, "sub_bureau": 3.0, "city": 5.0,
}  # fmt: skip
"""Class of a unit -> the minutes in which it answers: stations and posts one, units of the
sub-bureau three, of the city five. What 1-3-5 means differs from town to town."""

MINUTE_S: Final = 60.0
"""Seconds of a minute."""


@dataclass(frozen=True)
class ResponseRules:
    """
    Say how soon one leaves, how far one answers, and how near to a street one must be.

    Parameters
    ----------
    turnout_s
        From the call to leaving, in seconds; part of every time.
    class_minutes
        Class of a unit -> the minutes in which it answers.
    ring_minutes
        What a unit covers while it waits, in minutes: what would be left behind is counted in
        this ring.
    snap_m
        Stations, units and places farther than this from every street of a mode are not on its
        streets, in metres.
    """

    turnout_s: float = 0.0
    class_minutes: Mapping[str, float] = field(default_factory=lambda: dict(CLASS_MINUTES))
    ring_minutes: float = 5.0
    snap_m: float = SNAP_M

    def __post_init__(self) -> None:
        """
        Refuse times that are none.

        Raises
        ------
        InvalidParameterError
            When one of them is out of range.
        """
        if not 0.0 <= self.turnout_s < np.inf:
            raise InvalidParameterError(
                f"turnout_s must be a number of seconds, 0 or more, got {self.turnout_s!r}"
            )
        asked = {"ring_minutes": self.ring_minutes} | {
            f"class_minutes of {name!r}": minutes for name, minutes in self.class_minutes.items()
        }
        if not 0.0 <= self.snap_m < np.inf:
            raise InvalidParameterError(
                f"snap_m must be a number of metres, 0 or more, got {self.snap_m!r}"
            )
        for name, minutes in asked.items():
            if not 0.0 < minutes < np.inf:
                raise InvalidParameterError(
                    f"{name} must be a number of minutes above 0, got {minutes!r}"
                )
