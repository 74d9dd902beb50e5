"""Alarms: places and days at raised risk after an incident, by the near repeats that were found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import require_metric_crs
from geo.incidents.repeats import days_apart, days_of
from geo.points import coordinates

if TYPE_CHECKING:
    import datetime as dt

    from geo.incidents.repeats import NearRepeat


def alarms(
    points: gpd.GeoDataFrame,
    found: NearRepeat,
    *,
    on: dt.date | None = None,
    level: float = 0.05,
) -> gpd.GeoDataFrame:
    """
    List the surroundings of incidents that are at raised risk, and the days on which they are.

    An alarm holds on those days after its incident that are `days_apart` from it by as much as
    the window says: of days 1 to 7 the first is the next day, the last the same day of the next
    week.

    Parameters
    ----------
    points
        n Point rows in a metric CRS, as for `geo.incidents.repeats.near_repeat`; `incident_id` is
        read where present.
    found
        What the test found, on earlier rows.
    on
        Only alarms of this day; None for all.
    level
        Bands and windows whose `q` is at most this and whose ratio is above 1 raise alarms.

    Returns
    -------
    alarms
        A row per incident, band and window: `incident_id` (the row number where there is none),
        `from_m`, `to_m`, `first_day`, `last_day` (dates, both in it), `ratio`, and the Point;
        highest ratio first. Rows without a place or a day raise none.

    Raises
    ------
    CRSError, GeometryError
        When metres are no metres, or a row is no point.
    ColumnError
        When there is no `time`.
    """
    require_metric_crs(points=points)
    raised = found.table[(found.table["q"] <= level) & (found.table["ratio"] > 1.0)]
    shortest = found.table.loc[found.table["from_day"] == 1, "to_day"]
    day, known = days_of(points, widest_days=int(shortest.iloc[0]))
    placed = ~np.isnan(coordinates(points, "points")[:, 0])
    row = np.repeat(np.flatnonzero(known & placed), len(raised))
    cell = np.tile(np.arange(len(raised)), int((known & placed).sum()))
    low = raised["from_day"].to_numpy()[cell]
    high = raised["to_day"].to_numpy()[cell]
    if on is not None:
        asked = np.full(len(row), np.datetime64(on, "D").astype(np.int64))
        apart = days_apart(asked, day[row])
        due = (asked >= day[row]) & (apart >= low) & (apart <= high)
        row, cell, low, high = row[due], cell[due], low[due], high[due]
    ids = points["incident_id"] if "incident_id" in points else pd.Series(np.arange(len(points)))
    frame = gpd.GeoDataFrame(
        {
            "incident_id": ids.to_numpy()[row],
            "from_m": raised["from_m"].to_numpy()[cell],
            "to_m": raised["to_m"].to_numpy()[cell],
            "first_day": _dates(day[row] + low),
            "last_day": _dates(day[row] + high),
            "ratio": raised["ratio"].to_numpy()[cell],
        },
        geometry=np.asarray(points.geometry.array)[row],
        crs=points.crs,
    )
    order = np.lexsort((np.arange(len(frame)), -frame["ratio"].to_numpy()))
    return frame.iloc[order].reset_index(drop=True)


def _dates(days: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pd.Series[dt.date]:
    """Return days from 1970-01-01 as dates."""
    return pd.Series(days.astype("datetime64[D]").astype(object), dtype=object)
