"""Rows that tests of stored analyses stand on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from data.writing import insert_row
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    import geopandas as gpd

    from data.store import Store


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
