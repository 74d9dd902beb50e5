"""A town of four blocks that is patrolled by night, in a store."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from data.clocks import TIME
from data.fixes import import_fixes
from data.writing import insert_row
from tests.api.stored import put, remembered
from tests.data.rows import layer_of
from tests.strategies import areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from data.store import Store

DIVISION: Final = "610928100"
"""Whose town it is."""

DATE: Final = dt.date(2025, 7, 1)
"""The evening that the tests plan for."""

NIGHT: Final = "20:00-04:00"
"""The shift of two units."""

STEP_M: Final = 24.0
"""How far a walker gets between two fixes."""

BRIEF: Final = 150
"""Steps of a search: enough for five tasks."""


@remembered
def fill_patrols(store: Store, **values: Any) -> None:  # noqa: ANN401
    """
    Store what patrols are planned with.

    Six streets make four blocks of 200 m in the area X1. P1, P2 and P3 lie on corners, P9 off
    every street; D1 and D2 are segments of 400 m and 200 m. U1 and U2 have the night, U3 the day;
    U4 has the night in X2, where no street is. All begin and end at B1.

    `values` are what all of them have.
    """
    values = {"division": DIVISION, "line": "police", **values}
    lines = [line((0, y), (400, y)) for y in (0, 200, 400)]
    lines += [line((x, 0), (x, 400)) for x in (0, 200, 400)]
    put(
        store,
        "streets",
        streets_of(lines, code=list("ABCDEF")),
        **values,
        **{"class": "residential"},
    )
    areas = areas_of({"X1": box(-50, -50, 450, 450), "X2": box(9_000, 0, 9_400, 400)})
    areas = areas.rename(columns={"area_id": "code"}).assign(name=["一巡区", "二巡区"])
    put(store, "areas", areas, kind="patrol", **values)
    points = points_of(
        [(200, 0), (400, 200), (0, 400), (300, 300)],
        code=["P1", "P2", "P3", "P9"],
        name=["校门", "市场", "桥头", "山上"],
        dwell_min=[10.0, 5.0, 5.0, 5.0],
        windows=[None, "22:00-23:00", None, None],
    )
    put(store, "must_visit", points, **values)
    ways = [line((0, 200), (400, 200)), line((200, 200), (200, 400))]
    put(store, "segments", streets_of(ways, code=["D1", "D2"], name=["一段", "二段"]), **values)
    put(store, "standby", points_of([(0, 0)], code=["B1"], name=["警务室"]), **values)
    for code, area, shift, force in (
        ("U1", "X1", NIGHT, "station_police"), ("U2", "X1", NIGHT, "auxiliary_police"),
        ("U3", "X1", "08:00-16:00", "station_police"), ("U4", "X2", NIGHT, "station_police"),
    ):  # fmt: skip
        told = {"code": code, "name": f"{code}组", "area_code": area, "shift": shift}
        unit = {"force": force, "mode": "foot", "visible": True, "start": "B1", "end": "B1"}
        insert_row(store, "units", told | unit | values, None)


def walk_there(store: Store) -> None:
    """
    Store where U1 was on the night of `DATE`, a fix every 20 s, and a check-in.

    It stands at P1 for 10 minutes from 21:00, then walks past D2 from south to north, and before
    and after midnight D1 from west to east. U2 checks in at P3 at 22:30 and gives no position.
    """
    put_fixes(store, "U1", (21, 0, 0), [(200.0, 0.0)] * 30)
    put_fixes(store, "U1", (21, 10, 0), [(200.0, min(STEP_M * each, 400.0)) for each in range(18)])
    put_fixes(store, "U1", (23, 57, 0), [(min(STEP_M * each, 400.0), 200.0) for each in range(18)])
    spot = points_of([(0, 400)], point_id=["P3"], unit_id=["U2"])
    night = {"time": dt.datetime.combine(DATE, dt.time(22, 30)), "line": "police"}
    put(store, "checkins", spot, division=DIVISION, **night)


def put_fixes(
    store: Store, unit: str, clock: tuple[int, int, int], places: list[tuple[float, float]]
) -> None:
    """Store fixes of a unit in a track called T, a fix every 20 s from a time of `DATE` on."""
    begin = dt.datetime.combine(DATE, dt.time(*clock))
    times = [begin + dt.timedelta(seconds=20 * each) for each in range(len(places))]
    columns = {"track_id": ["T"] * len(places), "unit_id": [unit] * len(places)}
    shapes = list(points_of(places).to_crs(4326).geometry)
    told = {**columns, "time": pd.Series(times, dtype=TIME)}
    import_fixes(store, layer_of("tracks", shapes, told))
