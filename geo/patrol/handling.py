"""How many of the street events patrols find or are the first to handle: the handling rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.due import text_column
from geo.errors import ColumnError, InvalidParameterError
from geo.health.moments import moment
from geo.partition.reading import texts
from geo.patrol.rostering import stamps

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    Time = dt.datetime | str

PATROL: Final = "patrol"
"""What `found_by` and `first_handler` say of a patrol."""

FORMULA: Final = (
    "street events that a patrol found or was the first to handle / all street events of the area "
    "and the period; the upper figure takes those of which neither is told as found by a patrol. "
    "No figure without events"
)
"""How the rate is reckoned."""


@dataclass(frozen=True, eq=False)
class HandlingRate:
    """
    Outcome of `handling_rate`.

    Parameters
    ----------
    areas
        One row per area, `area_id` "" for events of none: `events`, `by_patrol`, `unknown`
        (neither who found it nor who came first is told), `share` and `share_upper` (NaN without
        events).
    elsewhere
        Events of areas that were not asked for; in no figure.
    """

    areas: pd.DataFrame
    elsewhere: int

    def summary(self) -> dict[str, Any]:
        """Return the rate with what it is made of, ready for JSON; None without events."""
        events, found, unknown = (
            int(self.areas[name].sum()) for name in ("events", "by_patrol", "unknown")
        )
        return {
            "numerator": found,
            "denominator": events,
            "unknown": unknown,
            "share": found / events if events else None,
            "share_upper": (found + unknown) / events if events else None,
            "elsewhere": self.elsewhere,
            "formula": FORMULA,
        }


def handling_rate(
    events: pd.DataFrame, areas: pd.DataFrame | None = None, period: tuple[Time, Time] | None = None
) -> HandlingRate:
    """
    Tell what share of street events patrols found or handled first.

    Parameters
    ----------
    events
        n street events with `time` and `found_by` or `first_handler` ("patrol", or another word);
        `area_code` where told. The caller picks what is a street event.
    areas
        The areas asked for, with `area_id`; None for all that events name.
    period
        First moment and end, in local time, the end not in it; None for all events.

    Returns
    -------
    rate
        By area and in all.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When the period has no length, or an event within a period has no time.
    """
    told = [name for name in ("found_by", "first_handler") if name in events.columns]
    if not told:
        raise ColumnError(
            f"events: found_by or first_handler is needed; there are "
            f"{', '.join(map(str, events.columns)) or 'none'}"
        )
    here = _within(events, period)
    words = [text_column(events, name)[here] for name in told]
    by_patrol = np.any([word == PATROL for word in words], axis=0)
    unknown = np.all([word == "" for word in words], axis=0)
    area = texts(events, "area_code")[here]
    asked = np.unique(area) if areas is None else np.unique(texts(areas, "area_id"))
    place = pd.Index(asked).get_indexer(area)
    size = len(asked)
    counts = {
        name: np.bincount(place[mask & (place >= 0)], minlength=size)
        for name, mask in (
            ("events", np.ones(len(area), dtype=np.bool_)),
            ("by_patrol", by_patrol),
            ("unknown", unknown),
        )
    }
    table = pd.DataFrame({"area_id": asked.astype(object)} | counts)
    some = table["events"].where(table["events"] > 0)
    table["share"] = table["by_patrol"] / some
    table["share_upper"] = (table["by_patrol"] + table["unknown"]) / some
    return HandlingRate(table, int((place < 0).sum()))


def _within(events: pd.DataFrame, period: tuple[Time, Time] | None) -> NDArray[np.bool_]:
    """Tell which events lie in the period."""
    if period is None:
        return np.ones(len(events), dtype=np.bool_)
    start, end = (moment(value, "period") for value in period)
    if start >= end:
        raise InvalidParameterError(
            f"period: it goes from {period[0]} to {period[1]}; its end must be later"
        )
    if "time" not in events.columns:
        raise ColumnError(f"events: no column time among {', '.join(map(str, events.columns))}")
    time_us = stamps(events["time"], "events: time")
    return (time_us >= start) & (time_us < end)
