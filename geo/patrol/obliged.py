"""What is due in every shift of a roster where no plan says who goes where."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.health.moments import SECOND, as_times
from geo.health.reading import require_columns
from geo.patrol.columns import flags, numbers, texts
from geo.patrol.owed import DWELL_MIN, area_ids
from geo.patrol.rostering import DAY_US, Roster
from geo.patrol.windows import MINUTE_S, open_spans

if TYPE_CHECKING:
    import geopandas as gpd

COLUMNS: Final = (
    "due_id", "kind", "id", "unit_id", "shift_id", "area_id", "grid_id", "earliest", "latest",
    "dwell_s", "least_interval_min", "required",
)  # fmt: skip
"""Columns of what is due."""


def due_by_shift(
    points: gpd.GeoDataFrame | None,
    segments: gpd.GeoDataFrame | None,
    roster: pd.DataFrame,
    *,
    areas: gpd.GeoDataFrame | None = None,
    grids: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """
    List every required point and segment as due in every shift that serves its area.

    Nobody is sent by name, so that any unit on duty answers. A round by video makes nothing due.
    The window of a visit is the part of the shift in which the place is open, from the first such
    moment to the last at which the stay still fits.

    Parameters
    ----------
    points
        Must-visit points with `point_id`; read where present: `area_code`, `windows`, `visits`
        (1), `dwell_min` (2), `least_interval_min`, `required`. None for none.
    segments
        Lines with `segment_id`; likewise, and `both` (each direction is due then). None for none.
    roster
        One row per shift and unit, see `geo.patrol.rostering.Roster.of`; one that names no area
        serves all.
    areas
        Polygons with `area_id`, for places that name none; None for none.
    grids
        Polygons with `area_id`, for `grid_id`; None for none.

    Returns
    -------
    due
        One row per visit due, with the columns `COLUMNS`: by shift, then in the order of the
        places. A place that is closed for the whole shift is not due in it.

    Raises
    ------
    ColumnError
        When a column is missing.
    InvalidParameterError
        When hours cannot be read.
    """
    shifts = Roster.of(roster)
    places = [
        *_places(points, "point", areas, grids), *_places(segments, "segment", areas, grids)
    ]  # fmt: skip
    rows = []
    walked = shifts.mode != "video"
    # Shifts of a report and places of a station: thousands at most, each with hours of its own.
    for shift in dict.fromkeys(shifts.shift_id[walked].tolist()):
        own = walked & (shifts.shift_id == shift)
        on, off = int(shifts.on_us[own].min()), int(shifts.off_us[own].max())
        served = set(shifts.area_id[own].tolist())
        for place in places:
            if "" in served or not place["area_id"] or place["area_id"] in served:
                rows += _visits(place, shift, on, off)
    due = pd.DataFrame(rows, columns=list(COLUMNS))
    for name in ("earliest", "latest"):
        due[name] = as_times(due[name].to_numpy(dtype=np.int64))
    return due.astype({"dwell_s": float, "least_interval_min": float, "required": bool})


def _places(
    frame: gpd.GeoDataFrame | None,
    kind: str,
    areas: gpd.GeoDataFrame | None,
    grids: gpd.GeoDataFrame | None,
) -> list[dict[str, Any]]:
    """Read what is asked at each required place."""
    if frame is None:
        return []
    require_columns(frame, f"{kind}s", (f"{kind}_id",))
    point = kind == "point"
    both = np.zeros(len(frame), dtype=bool) if point else flags(frame, "both", default=False)
    dwell = numbers(frame, "dwell_min", DWELL_MIN) if point else np.zeros(len(frame))
    named = frame.drop(columns="area_code", errors="ignore")
    cells = zip(
        texts(frame, f"{kind}_id"), area_ids(frame, areas), area_ids(named, grids),
        texts(frame, "windows"), numbers(frame, "visits", 1.0), dwell,
        numbers(frame, "least_interval_min", np.nan), both,
        flags(frame, "required", default=True), strict=True,
    )  # fmt: skip
    return [
        {
            "kind": kind, "id": code, "area_id": area, "grid_id": grid, "hours": hours,
            "visits": int(visits) * (2 if each_way else 1), "dwell_s": round(stay * MINUTE_S),
            "least_interval_min": least,
        }
        for code, area, grid, hours, visits, stay, least, each_way, required in cells
        if required
    ]  # fmt: skip


def _visits(place: dict[str, Any], shift: str, on_us: int, off_us: int) -> list[tuple[Any, ...]]:
    """Return the visits that a place is due in a shift."""
    midnight = on_us // DAY_US * DAY_US
    date = dt.date(1970, 1, 1) + dt.timedelta(days=midnight // DAY_US)
    span = ((on_us - midnight) // SECOND, (off_us - midnight) // SECOND)
    spans = open_spans(place["hours"], date, span)
    if spans is None:
        raise InvalidParameterError(
            f"{place['kind']} {place['id']}: windows {place['hours']!r} cannot be read; write such "
            f"as 08:30-11:30;13:30-17:00"
        )
    if not spans:
        return []
    early = midnight + spans[0][0] * SECOND
    late = midnight + max(spans[-1][1] - place["dwell_s"], spans[0][0]) * SECOND
    told = (None, shift, place["area_id"], place["grid_id"], early, late, place["dwell_s"],
            place["least_interval_min"], True)  # fmt: skip
    return [
        (f"{place['kind']}:{place['id']}:{shift}:{visit + 1}", place["kind"], place["id"], *told)
        for visit in range(place["visits"])
    ]
