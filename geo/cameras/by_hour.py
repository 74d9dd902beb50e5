"""What cameras see at each hour of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.health.by_hour import DAY_HOURS

if TYPE_CHECKING:
    from geo.cameras.coverage import CameraCoverage

DARK: Final = (19, 6)
"""Hours between which it is dark: from the first, up to the second. A project choice for all the
year; pass those of the season."""


def coverage_by_hour(
    day: CameraCoverage,
    night: CameraCoverage,
    online: pd.DataFrame | None = None,
    *,
    dark: tuple[int, int] = DARK,
) -> pd.DataFrame:
    """
    Tell what cameras see at each hour of the day: by day or by their own light, while online.

    Parameters
    ----------
    day
        Coverage of the same cameras by day.
    night
        Their coverage at night.
    online
        Share of each hour (columns 0 to 23) that cameras are online, by `camera_id`, as
        `geo.health.online_by_hour` gives it; None where no states are known.
    dark
        First hour of the dark and first hour after it; equal hours for no dark at all.

    Returns
    -------
    hours
        24 rows: `hour`, `night`, `covered_length_m` and `covered_share` if all that see were
        online, `covered_share_upper`; and with states `expected_length_m`, to which a camera that
        was not reported in that hour adds nothing, and `cameras_unknown`, how many those are.

    Raises
    ------
    InvalidParameterError
        When an hour is not one of 0 to 23, or the two coverages are not of the same cameras.
    """
    first, after = dark
    if not (0 <= first < DAY_HOURS and 0 <= after < DAY_HOURS):
        raise InvalidParameterError(f"dark must be two hours from 0 to 23, got {dark!r}")
    if not day.views["camera_id"].equals(night.views["camera_id"]):
        raise InvalidParameterError("day and night: they must be of the same cameras, in order")
    rows: list[dict[str, Any]] = []
    for hour in range(DAY_HOURS):
        is_night = (hour - first) % DAY_HOURS < (after - first) % DAY_HOURS
        found = night if is_night else day
        row = {
            "hour": hour,
            "night": is_night,
            "covered_length_m": found.covered_length_m,
            "covered_share": found.covered_share,
            "covered_share_upper": found.covered_share_upper,
        }
        if online is not None:
            ready = online[hour].reindex(found.views["camera_id"]).to_numpy(dtype=np.float64)
            sees = (found.views["status"] == "seeing").to_numpy()
            row["expected_length_m"] = found.expected_length_m(np.nan_to_num(ready))
            row["cameras_unknown"] = int((np.isnan(ready) & sees).sum())
        rows.append(row)
    return pd.DataFrame(rows)
