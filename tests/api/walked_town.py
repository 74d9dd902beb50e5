"""
Four blocks, two units and one night with a truth that was planted, to match and to report on.

The walker goes along D1 and stays at P1 for three minutes, stands at the end of D1, and is silent
from 21:00 to 21:30. The car drives through D2 and stands. Nobody comes to D3 or P3. D4 is due in
the half hour of silence alone.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point, box

from api import cli
from tests.strategies import CRS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest

    Run = Callable[..., tuple[int, str, str]]

DAY: Final = pd.Timestamp("2026-06-30")

EVERY_S: Final = 10

WALK: Final = (
    (0, 4, 200), (167, 200, 200), (347, 200, 200), (514, 400, 200), (3_600, 400, 200), None,
    (5_400, 400, 380), (7_200, 400, 380),
)  # fmt: skip
"""Second from 20:00, x and y; None is silence."""

DRIVE: Final = ((0, 0, 300), (600, 0, 300), (620, 0, 0), (647, 400, 0), (654, 400, 100),
                (7_200, 400, 100))  # fmt: skip


def patrol_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return `gridpatrol patrol ...`: exit code, output and errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridpatrol", "patrol", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return run


def placed(shapes: Sequence[object], **columns: object) -> gpd.GeoDataFrame:
    """Return shapes, in metres from the corner of the town, in degrees."""
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)
    frame.geometry = frame.geometry.translate(500_000, 3_600_000)
    return frame.to_crs(4326)


def fixes(
    course: Sequence[tuple[float, float, float] | None], track: str, unit: str
) -> gpd.GeoDataFrame:
    """Return a fix every ten seconds along a course; a device that stands still wavers."""
    parts: list[list[tuple[float, float, float]]] = [[]]
    for knot in course:
        if knot is None:
            parts.append([])
        else:
            parts[-1].append(knot)
    rows = []
    for part in parts:
        second, x, y = map(np.array, zip(*part, strict=True))
        times = np.arange(second[0], second[-1] + 1, EVERY_S)
        waver = np.where(np.arange(len(times)) % 2, 0.7, -0.7)
        rows += list(zip(times, np.interp(times, second, x) + waver,
                         np.interp(times, second, y) + waver, strict=True))  # fmt: skip
    when = [DAY + pd.Timedelta(hours=20, seconds=float(second)) for second, _, _ in rows]
    return placed(
        [Point(x, y) for _, x, y in rows], track_id=track, unit_id=unit,
        time=[f"{moment:%Y-%m-%d %H:%M:%S}" for moment in when], accuracy_m=5.0,
    )  # fmt: skip


def write_csv(frame: gpd.GeoDataFrame, path: Path) -> Path:
    """Write fixes as a table."""
    table = pd.DataFrame(frame.drop(columns="geometry"))
    table.assign(lon=frame.geometry.x, lat=frame.geometry.y).to_csv(path, index=False)
    return path


def write_units(folder: Path, **columns: object) -> Path:
    """Write the sheet of the walker and the car, some columns otherwise."""
    units = {
        "单位编号": ["U1", "U2"], "单位名称": ["步巡一组", "车巡一组"],
        "巡逻方式": ["步巡", "车巡"], "班次": "20:00-22:00", "力量类型": "派出所",
        "是否着装": "是",
    }  # fmt: skip
    path = folder / "units.xlsx"
    pd.DataFrame(units | columns).to_excel(path, index=False)
    return path


def write_town(folder: Path) -> Path:
    """Write the town: layers, `units.xlsx` and `tracks.csv`."""
    lines = [LineString([(0, y), (400, y)]) for y in (0, 200, 400)]
    lines += [LineString([(x, 0), (x, 400)]) for x in (0, 200, 400)]
    path = folder / "town.gpkg"
    layers = {
        "streets": placed(lines, street_id=list("ABCDEF"), name=[f"{c}路" for c in "ABCDEF"]),
        "points": placed([Point(200, 200), Point(0, 400)], point_id=["P1", "P3"],
                         name=["校门", "桥头"]),
        "segments": placed(
            [LineString([(0, 200), (400, 200)]), LineString([(0, 0), (400, 0)]),
             LineString([(0, 400), (400, 400)]), LineString([(0, 400), (0, 0)])],
            segment_id=["D1", "D2", "D3", "D4"], name=["一段", "二段", "三段", "四段"],
            windows=[None, None, None, "21:00-21:30"],
        ),
        "areas": placed([box(-50, -50, 450, 450)], area_id=["X1"], name=["一巡区"],
                        kind=["patrol"]),
        "events": placed(
            [Point(100, 200), Point(300, 0), Point(300, 400)], incident_id=["E1", "E2", "E3"],
            time="2026-06-30 20:30", kind="隐患", 发现方式=["巡逻发现", "群众报警", None],
        ),
    }  # fmt: skip
    for name, frame in layers.items():
        frame.to_file(path, layer=name)
    write_units(folder)
    both = pd.concat([fixes(WALK, "T1", "U1"), fixes(DRIVE, "T2", "U2")], ignore_index=True)
    write_csv(gpd.GeoDataFrame(both, crs=4326), folder / "tracks.csv")
    return path
