"""Ledgers of incidents that tests share: small ones by hand, and random ones to permute."""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st

from geo.incidents.periods import Comparison, Period
from tests.strategies import CRS, ORIGIN, areas_of, box

AREAS = areas_of({"a": box(0, 0, 100, 100), "b": box(100, 0, 200, 100), "c": box(0, 100, 100, 200)})
"""Three squares of 100 m; a touches both others."""

SPOTS = [(50, 50), (100, 50), (100, 100), (150, 50), (50, 150), (500, 500), None]
"""In a, on the border of a and b, on the corner of all, in b, in c, in none, and nowhere."""

YEAR = Comparison(
    Period(dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
    Period(dt.date(2025, 1, 1), dt.date(2026, 1, 1)),
    "year",
)
"""Two years of 365 days."""


def ledger(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Return incidents; `at` is a place in metres from the origin, or None."""
    cells = [dict(row) for row in rows]
    at = [cell.pop("at", None) for cell in cells]
    points = [None if xy is None else shapely.Point(np.add(xy, ORIGIN)) for xy in at]
    frame = pd.DataFrame(cells, index=range(len(rows)))
    for column in ("time", "time_to", "accepted", "closed"):
        if column in frame.columns:
            frame[column] = pd.to_datetime(frame[column], format="ISO8601")
    return gpd.GeoDataFrame(frame, geometry=np.array([*points, None])[:-1], crs=CRS)


def many(number: int, **columns: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return so many equal rows."""
    return [columns] * number


@st.composite
def random_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw up to thirty rows of every kind, unit, place and time, some of each unknown."""
    row = st.fixed_dictionaries(
        {
            "at": st.sampled_from(SPOTS),
            "kind": st.sampled_from(["event", "case", "dispute"]),
            "class": st.sampled_from(["theft", "brawl", None]),
            "count": st.sampled_from([1, 1, 7, 4268, None]),
            "about": st.sampled_from([True, False, None]),
            "count_unit": st.sampled_from([None, "person", "person_time"]),
            "area_code": st.sampled_from([None, "a", "b", "elsewhere"]),
            "place_quality": st.sampled_from([None, "point", "area"]),
            "tags": st.sampled_from([None, "night", "night; cattle"]),
            "time": st.sampled_from(["2025-12-31 23:30", "2026-02-03 04:05", None]),
            "time_to": st.sampled_from(["2026-02-03 09:00", None]),
            "accepted": st.sampled_from(["2026-01-01 00:00", None]),
        }
    )
    return draw(st.lists(row, max_size=30))
