"""The hours that somebody asks about, written as the hours of a post are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.duty.hours import DutyHours
from geo.duty.reading import read_hours
from geo.duty.week import DAYS
from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from geo.intervals import Intervals


def asked_pieces(text: str) -> Intervals:
    """
    Return the hours that a text asks about, as stretches of the axis of a week and a holiday.

    Parameters
    ----------
    text
        Hours as those of a post are written ("20:00-06:00").

    Returns
    -------
    pieces
        Keyed by 0, in minutes; holidays that the text leaves open are among them.

    Raises
    ------
    InvalidParameterError
        When the text cannot be read.
    """
    reading = read_hours(text)
    if reading.week is None:
        reasons = "; ".join(f"{doubt.reason}: {doubt.part}" for doubt in reading.doubts)
        raise InvalidParameterError(
            f"hours: {text!r} cannot be read ({reasons}); write them as 20:00-06:00 or "
            f"Mo-Fr 07:30-09:00, one of {', '.join(DAYS)}"
        )
    return DutyHours.of(pd.DataFrame({"hours": [text]})).intervals(upper=True)
