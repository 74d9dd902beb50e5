"""Units and fixes in the store, as tests of positions need them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely

from data.clocks import TIME
from data.fixes import import_fixes
from data.writing import insert_row
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.files import Layer
    from data.importing import ImportReport
    from data.store import Store

COUNTY: Final = "610981"
NEXT_COUNTY: Final = "610982"

NIGHT: Final = dt.datetime.fromisoformat("2026-05-01T22:00")
"""When the fixes of these tests begin."""


def put_units(
    store: Store, *codes: str, division: str = COUNTY, force: str = "patrol_swat"
) -> None:
    """Store units of one force."""
    for code in codes:
        row = {"code": code, "division": division, "shift": "18:00-02:00", "force": force}
        insert_row(store, "units", row, None)


def fixes_of(
    unit: str | None,
    seconds: Sequence[float],
    *,
    track: str | None = None,
    lon: float = 109.0,
    begun: dt.datetime = NIGHT,
    **columns: Sequence[Any],
) -> Layer:
    """Return fixes of one unit, so many seconds after a time, as the reader hands them over."""
    count = len(seconds)
    moments = pd.Series([begun + dt.timedelta(seconds=each) for each in seconds], dtype=TIME)
    said: dict[str, Sequence[Any]] = {"track_id": [track or unit or "T"] * count, "time": moments}
    if unit is not None:
        said["unit_id"] = [unit] * count
    places = [shapely.Point(lon, 32.0 + 1e-5 * i) for i in range(count)]
    return layer_of("tracks", places, {**said, **columns})


def put_fixes(store: Store, unit: str, seconds: Sequence[float], **more: Any) -> ImportReport:  # noqa: ANN401
    """Store fixes of one unit."""
    return import_fixes(store, fixes_of(unit, seconds, **more))
