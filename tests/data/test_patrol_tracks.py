"""Tracks are read from receivers, tables and GIS files: local times, units, and no bad fix."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data import read_layer

if TYPE_CHECKING:
    from pathlib import Path

    from data import Layer


def read(tmp_path: Path, *lines: str) -> Layer:
    """Read a table of fixes."""
    path = tmp_path / "tracks.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_layer(path, "tracks")


def times(layer: Layer) -> list[str]:
    """Return the times of the fixes."""
    return [str(time) for time in layer.frame["time"]]


def test_a_table_of_fixes_has_units_and_accuracies(tmp_path: Path) -> None:
    """Dilution of precision is no accuracy in metres; none at all is unknown."""
    layer = read(
        tmp_path, "轨迹编号,单元编号,定位时间,经度,纬度,定位精度(米),hdop",
        "T1,7,2026-05-01 18:00:00,109,32,8,1.2", "T1,7,2026-05-01 18:00:10,109,32,0,0.9",
        "T1,7,2026-05-01 18:00:20,109,32,-1,0.9",
    )  # fmt: skip
    assert layer.frame["unit_id"].tolist() == ["7"] * 3
    assert layer.frame["accuracy_m"].tolist()[0] == 8
    assert layer.frame["accuracy_m"].isna().tolist() == [False, True, True]
    ignored = next(note for note in layer.notes if note.code == "columns_ignored")
    assert ignored.values["names"] == ["hdop"]


def test_fixes_without_time_place_or_of_tomorrow_are_set_aside(tmp_path: Path) -> None:
    """A receiver knows the time: hours ahead is another zone."""
    soon, later = (
        f"{dt.datetime.now() + dt.timedelta(hours=8 + hours):%Y-%m-%d %H:%M:%S}"  # noqa: DTZ005
        for hours in (0.5, 3)
    )
    layer = read(
        tmp_path, "track,time,lon,lat", "1,2026-05-01 18:00,109,32", f"1,{soon},109,32",
        f"1,{later},109,32", "1,,109,32", "1,傍晚,109,32", "1,2026-05-01 18:00,,",
        "1,2026-05-01 18:00,0,0", "1,2026-05-01T18:00:00+08:00,109,32",
        "1,2026-05-01T10:00:00Z,109,32",
    )  # fmt: skip
    assert times(layer)[0] == times(layer)[2] == times(layer)[3] == "2026-05-01 18:00:00"
    assert layer.quarantine[["row", "reason", "detail"]].to_numpy().tolist()[1:] == [
        [5, "no_time", ""], [6, "no_time", "傍晚"], [7, "no_geometry", ""],
        [8, "no_place", "POINT (0 0)"],
    ]  # fmt: skip
    assert layer.quarantine["reason"].tolist()[0] == "time_ahead"


def test_fixes_without_a_track_are_their_units_or_one_track(tmp_path: Path) -> None:
    """Never as many tracks as fixes."""
    rows = ["2026-05-01 18:00,109,32", "2026-05-01 18:01,109,32"]
    layer = read(tmp_path, "unit_id,time,lon,lat", *(f"U{i},{row}" for i, row in enumerate(rows)))
    assert layer.frame["track_id"].tolist() == ["U0", "U1"]
    assert layer.notes == ()
    layer = read(tmp_path, "time,lon,lat", *rows)
    assert layer.frame["track_id"].tolist() == [0, 0]
    assert [note.code for note in layer.notes] == ["one_track"]
    layer = read(tmp_path, "track_id,unit_id,time,lon,lat", f"T,U1,{rows[0]}", f",U2,{rows[1]}")
    assert layer.frame["track_id"].tolist() == ["T", "U2"]


GPX = """<?xml version="1.0"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">
<trk><name>a</name><trkseg>
<trkpt lat="32.1" lon="109.1"><time>2026-05-01T10:05:00{zone}</time><hdop>1</hdop></trkpt>
<trkpt lat="32.2" lon="109.1"><time>2026-05-01T10:06:00.5{zone}</time></trkpt>
<trkpt lat="32.2" lon="109.1"></trkpt>
</trkseg></trk></gpx>
"""


@pytest.mark.parametrize(("zone", "hour"), [("Z", 18), ("", 18), ("+02:00", 16)])
def test_the_times_of_a_receiver_are_universal(zone: str, hour: int, tmp_path: Path) -> None:
    """Also those that leave the zone out: the format has no local time."""
    path = tmp_path / "a.gpx"
    path.write_text(GPX.format(zone=zone), encoding="utf-8")
    layer = read_layer(path, "tracks")
    assert times(layer) == [f"2026-05-01 {hour}:05:00", f"2026-05-01 {hour}:06:00.500000"]
    assert layer.quarantine["reason"].tolist() == ["no_time"]


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson"])
def test_a_gis_file_of_fixes_is_read(name: str, tmp_path: Path) -> None:
    """With the same columns, times as text or as times."""
    frame = gpd.GeoDataFrame(
        {"track_id": ["T", "T"], "unit_id": ["U1", "U1"], "accuracy_m": [5.0, np.nan],
         "time": ["2026-05-01T18:00:00", "2026-05-01T18:00:05"]},
        geometry=shapely.points([[109.0, 32.0], [109.001, 32.0]]), crs="EPSG:4326",
    )  # fmt: skip
    frame.to_file(tmp_path / name)
    layer = read_layer(tmp_path / name, "tracks")
    assert times(layer) == ["2026-05-01 18:00:00", "2026-05-01 18:00:05"]
    assert layer.frame["unit_id"].tolist() == ["U1", "U1"]
    assert layer.frame["accuracy_m"].isna().tolist() == [False, True]
