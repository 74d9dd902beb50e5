"""Which check-ins count, and how a unit moved at the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.crs import require_metric_crs
from geo.health.moments import MISSING, SECOND, moments
from geo.health.reading import require_columns
from geo.patrol.rostering import Roster, positions
from geo.points import coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.patrol.evidence import EvidenceRules

    Ints = NDArray[np.int64]

REFUSALS: Final = ("", "no_time", "unknown_point", "no_place", "too_far", "again")
"""Why a check-in does not count, the first that holds: no time; a point that is not listed; it, or
its point, has no place; too far from its point; the same unit there a moment before."""

VIDEO: Final = "video"
"""The mode of units that patrol at a screen."""


def judged_checkins(
    checkins: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    *,
    roster: pd.DataFrame | None = None,
    rules: EvidenceRules,
) -> pd.DataFrame:
    """
    Tell which check-ins count, and why the others do not.

    Parameters
    ----------
    checkins
        m Point rows with `point_id`, `unit_id` and `time`, in a metric CRS.
    points
        n Point rows in the same CRS with `point_id`.
    roster
        Shifts, for the mode of the unit: who patrols at a screen need not be near. None where it
        does not matter.
    rules
        The figures.

    Returns
    -------
    judged
        One row per check-in, in their order: `row`, `id`, `unit_id`, `time`, `distance_m` (NaN
        where unknown), `mode`, `reason` (one of `REFUSALS`; "" where it counts).

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError
        When a column is missing.
    GeometryError
        When a row is no point.
    InvalidParameterError
        When a time cannot be read.
    """
    require_columns(checkins, "checkins", ("point_id", "unit_id", "time"))
    require_columns(points, "points", ("point_id",))
    require_metric_crs(checkins=checkins, points=points)
    time_us = moments(checkins["time"], "checkins: time")
    names = pd.Index(points["point_id"].astype(str))
    first = np.flatnonzero(~names.duplicated())
    at = positions(checkins["point_id"], names[first])
    known = at >= 0
    distance_m = np.full(len(checkins), np.nan)
    apart = (
        coordinates(checkins, "checkins")[known]
        - coordinates(points, "points")[first[at[known]]]
    )  # fmt: skip
    distance_m[known] = np.hypot(apart[:, 0], apart[:, 1])
    mode = modes_at(checkins["unit_id"], time_us, roster)
    on_foot = mode != VIDEO
    reason = np.full(len(checkins), "", dtype=object)
    wrong = {
        "no_time": time_us == MISSING,
        "unknown_point": ~known,
        "no_place": on_foot & np.isnan(distance_m),
        "too_far": on_foot & (distance_m > rules.checkin_m),
    }
    for name in reversed(wrong):
        reason[wrong[name]] = name
    good = np.flatnonzero(reason == "")
    unit = pd.factorize(checkins["unit_id"].iloc[good], use_na_sentinel=False)[0]
    order = np.lexsort((time_us[good], at[good], unit))
    good, unit = good[order], unit[order]
    same = (np.diff(unit) == 0) & (np.diff(at[good]) == 0)
    reason[good[1:][same & (np.diff(time_us[good]) < rules.away_s * SECOND)]] = "again"
    return pd.DataFrame({
        "row": np.arange(len(checkins)),
        "id": checkins["point_id"].to_numpy(dtype=object),
        "unit_id": checkins["unit_id"].to_numpy(dtype=object),
        "time": time_us.astype("datetime64[us]"),
        "distance_m": distance_m,
        "mode": mode,
        "reason": reason,
    })  # fmt: skip


def modes_at(unit_id: pd.Series, time_us: Ints, roster: pd.DataFrame | None) -> NDArray[np.object_]:
    """
    Return how units moved at a time.

    Parameters
    ----------
    unit_id
        n codes.
    time_us
        n times in microseconds.
    roster
        Shifts with `mode`; None for none.

    Returns
    -------
    mode
        n modes of the shift that the unit was in, the latest begun of several; None where there
        is none.
    """
    mode = np.full(len(unit_id), None, dtype=object)
    if roster is None or not len(roster):
        return mode
    shifts = Roster.of(roster)
    order = np.lexsort((shifts.on_us, shifts.unit))
    asked = pd.DataFrame({"unit": shifts.unit_of(unit_id), "at": time_us, "row": range(len(mode))})
    spans = pd.DataFrame({
        "unit": shifts.unit[order], "on": shifts.on_us[order], "off": shifts.off_us[order],
        "mode": shifts.mode[order].astype(object),
    })  # fmt: skip
    met = pd.merge_asof(
        asked.sort_values("at"), spans.sort_values("on"), left_on="at", right_on="on", by="unit"
    )
    met = met[(met["at"] <= met["off"]) & (met["mode"] != "")]
    mode[met["row"].to_numpy()] = met["mode"].to_numpy()
    return mode
