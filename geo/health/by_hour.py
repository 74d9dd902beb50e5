"""How much of each hour of the day cameras were online."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from geo.health.history import StateHistory

HOUR: Final = np.timedelta64(1, "h")
"""The step of the clock."""

DAY_HOURS: Final = 24
"""Hours of a day; those of local time."""


def online_by_hour(history: StateHistory) -> pd.DataFrame:
    """
    Tell for each hour of the day what share of its known time each camera was online.

    Parameters
    ----------
    history
        What `state_history` gives.

    Returns
    -------
    shares
        One row per camera of the history, by `camera_id`, and a column per hour from 0 to 23:
        the share of its known time, all days together; NaN where nothing is known.
    """
    spans = history.intervals
    known = spans[spans["state"] != "unknown"]
    cameras = pd.Index(history.cameras["camera_id"], name="camera_id")
    start = known["start"].to_numpy(dtype="datetime64[us]")
    end = known["end"].to_numpy(dtype="datetime64[us]")
    first, last = (
        start.astype("datetime64[h]"),
        (end - np.timedelta64(1, "us")).astype("datetime64[h]"),
    )
    count = (last - first).astype(np.int64) + 1
    row = np.repeat(np.arange(len(known)), count)
    hour = first[row] + (np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)) * HOUR
    lasts = np.minimum(end[row], hour + HOUR) - np.maximum(start[row], hour)
    seconds = lasts / np.timedelta64(1, "s")
    of_day = hour.astype(np.int64) % DAY_HOURS
    place = cameras.get_indexer(known["camera_id"])[row] * DAY_HOURS + of_day
    size = len(cameras) * DAY_HOURS
    online = (known["state"] == "online").to_numpy(dtype=bool)[row]
    total = np.bincount(place, seconds, minlength=size)
    with np.errstate(invalid="ignore"):
        shares = np.bincount(place, seconds * online, minlength=size) / total
    return pd.DataFrame(shares.reshape(-1, DAY_HOURS), index=cameras, columns=range(DAY_HOURS))
