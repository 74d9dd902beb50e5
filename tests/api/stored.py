"""Rows that tests of stored analyses stand on."""

from __future__ import annotations

import datetime as dt
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from data import writing
from data.engine import reading
from data.ids import new_ids
from data.placed import Base
from data.writing import insert_row
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from sqlalchemy import Table

    from data.store import Store

_FILLED: Final = ("streets", "areas", "posts", "cameras")
"""Layers, one of which a store has that was filled before."""

_KEPT: Final[dict[object, dict[Table, list[dict[str, Any]]]]] = {}
"""What a filled store holds, by who filled it and how."""


def remembered(fill: Callable[..., None]) -> Callable[..., None]:
    """
    Let a function that fills an empty store do so row by row but once.

    Later the same rows are stored at once: a tenth of the time, for hundreds of tests.
    """

    @wraps(fill)
    def filled(store: Store, **values: Any) -> None:  # noqa: ANN401
        # Numbered as they come, or beside other rows, they would be other rows.
        if writing.new_ids is not new_ids or any(map(store.count, _FILLED)):
            fill(store, **values)
            return
        key = (fill, store.dialect, store.scope, *sorted(values.items()))
        if key not in _KEPT:
            fill(store, **values)
            with reading(store.engine) as session:
                found = {
                    table: [dict(row) for row in session.execute(select(table)).mappings()]
                    for table in Base.metadata.sorted_tables
                }
            _KEPT[key] = {table: rows for table, rows in found.items() if rows}
            return
        with writing.writing(store.engine) as session:
            for table, rows in _KEPT[key].items():
                session.execute(insert(table), rows)

    return filled


@remembered
def fill(store: Store, **values: Any) -> None:  # noqa: ANN401
    """
    Store one street of 300 m with a post in its middle, two cameras and two areas.

    The eastern camera looks west along the street for 50 m, the other is offline. The areas are
    grids of the village V1. One incident
    lies in each area, the one in the east is closed; a route follows the street in the west.

    `values` are what all of them have.
    """
    put(store, "streets", streets_of([line((0, 0), (300, 0))], code=["S1"]), **values)
    put(store, "posts", points_of([(150, 0)], code=["P1"], kind=["fixed"]), **values)
    cameras = points_of(
        [(300, 0), (0, 0)],
        code=["C1", "C2"],
        azimuth_deg=[270.0, 90.0],
        fov_deg=[60.0, 60.0],
        range_m=[50.0, 50.0],
        online=[True, False],
    )
    put(store, "cameras", cameras, **values)
    areas = {"01": box(-10, -50, 150, 100), "02": box(150, -50, 310, 100)}
    grids = areas_of(areas).rename(columns={"area_id": "code"}).assign(parent_id="V1")
    put(store, "areas", grids, **values)
    incidents = points_of(
        [(20, 10), (200, 10)],
        code=["I1", "I2"],
        kind=["event", "hazard"],
        state=["open", "closed"],
        time=[dt.datetime(2024, 5, 1, 8), dt.datetime(2024, 5, 2, 9)],  # noqa: DTZ001 - local
    )
    put(store, "incidents", incidents, **values)
    route = streets_of([line((0, 0), (120, 0))], code=["R1"], unit=["一组"], mode=["foot"])
    put(store, "routes", route, **values)


def put(store: Store, layer: str, frame: gpd.GeoDataFrame, /, **values: Any) -> None:  # noqa: ANN401
    """Store the rows of a frame, one by one, with values that all of them have."""
    frame = frame.to_crs(4326).drop(columns="street_id", errors="ignore")
    for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        place = row.pop("geometry")
        insert_row(store, layer, row | values, place)
