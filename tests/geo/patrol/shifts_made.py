"""Small rosters, visits due and visits made, for tests of compliance and presence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from tests.strategies import CRS, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DAY = pd.Timestamp("2026-03-02")
"""A Monday; minutes are counted from its midnight."""


def at(minute: float) -> pd.Timestamp:
    """Return a time, in minutes from the midnight of the Monday."""
    return DAY + pd.Timedelta(minutes=minute)


def roster_of(
    shifts: Iterable[tuple[str, str, float, float]],
    **columns: Any,  # noqa: ANN401
) -> pd.DataFrame:
    """Make a roster of (shift, unit, on, off); all are police on foot in uniform unless told."""
    rows = [(shift, unit, at(on), at(off)) for shift, unit, on, off in shifts]
    frame = pd.DataFrame(rows, columns=["shift_id", "unit_id", "on", "off"])
    told = {"force": "station_police", "mode": "foot", "visible": True, "area_id": "A1"} | columns
    return frame.astype({"on": "datetime64[ns]", "off": "datetime64[ns]"}).assign(**told)


def due_of(rows: Iterable[tuple[Any, ...]], **columns: Any) -> pd.DataFrame:  # noqa: ANN401
    """Make visits due to points of (place, unit, shift, earliest, latest); two minutes each."""
    frame = pd.DataFrame(
        [(p, unit, shift, at(start), at(end)) for p, unit, shift, start, end in rows],
        columns=["id", "unit_id", "shift_id", "earliest", "latest"],
    ).astype({"earliest": "datetime64[ns]", "latest": "datetime64[ns]"})
    told = {"kind": "point", "area_id": "A1", "grid_id": "G1", "dwell_s": 120.0} | columns
    return frame.assign(due_id=[f"D{row}" for row in range(len(frame))], **told)


def done_of(rows: Iterable[tuple[Any, ...]], **columns: Any) -> pd.DataFrame:  # noqa: ANN401
    """Make visits to points of (place, unit, entered, left), certain and on foot unless told."""
    frame = pd.DataFrame(
        [(p, unit, at(start), at(end)) for p, unit, start, end in rows],
        columns=["id", "unit_id", "entered", "left"],
    ).astype({"entered": "datetime64[ns]", "left": "datetime64[ns]"})
    stay = (frame["left"] - frame["entered"]).dt.total_seconds()
    told = {"kind": "point", "certainty": "certain", "mode": "foot", "driven_through": False}
    return frame.assign(dwell_s=stay, track_id=frame["unit_id"]).assign(**(told | columns))


def fixes_of(
    units: Sequence[str], minutes: Sequence[float], places: Sequence[tuple[float, float]]
) -> gpd.GeoDataFrame:
    """Make positions, in metres from the origin."""
    xy = np.asarray(places, dtype=float).reshape(-1, 2) + ORIGIN
    time = pd.Series([at(minute) for minute in minutes], dtype="datetime64[ns]")
    return gpd.GeoDataFrame(
        {"track_id": list(units), "unit_id": list(units), "time": time},
        geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]),
        crs=CRS,
    )


def standing_still(unit: str, start: float, end: float, *, x: float = 0.0) -> gpd.GeoDataFrame:
    """Make a position a minute of a unit that stands."""
    minutes = np.arange(start, end + 0.5)
    return fixes_of([unit] * len(minutes), minutes.tolist(), [(x, 0.0)] * len(minutes))
