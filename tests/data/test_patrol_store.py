"""What patrols go by is stored as layers are: once, by its own keys, and the police's."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from data import read_layer
from data.importing import import_layer
from data.scope import Scope
from data.store import Query
from tests.patrol_city import patrol_city

if TYPE_CHECKING:
    from pathlib import Path

    from data.importing import ImportReport
    from data.store import Store

SHEETS = {
    "units": "单元编号,力量类型,班次\nU1,巡特警,18:00-02:00\nU2,志愿者,18:00-02:00\n",
    "duties": "责任部位类型,力量类型,部位编号\n小区,保安,\n小区,保安,X1\n小区,保安,\n",
    "roster": "单元编号,日期,班次,巡逻方式\nU1,2026-05-01,18:00-02:00,步巡\n"
    "U1,2026-05-02,18:00-02:00,步巡\nU1,2026-05-02,18:00-02:00,步巡\n",
    "checkins": "必到点编号,单元编号,时间,经度,纬度\nM1,U1,2026-05-01 18:05,109,32\n"
    "M1,U1,2026-05-01 19:05,109,32\nM2,U1,2026-05-01 18:05,109,32\n",
    "standby": "备勤点编号,名称,经度,纬度\nZ1,广场,109,32\n",
    "segments": '巡段编号,优先级,几何\nD1,2,"LINESTRING (109 32, 109.1 32)"\n',
}
"""Kind of layer -> a sheet of it."""

STORED = {"units": 2, "duties": 2, "roster": 2, "checkins": 3, "standby": 1, "segments": 1}
"""Kind of layer -> the rows that its sheet gives: one more time is the same row."""


def brought(store: Store, tmp_path: Path, kind: str, text: str) -> ImportReport:
    """Read and store a sheet."""
    path = tmp_path / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    return import_layer(store, read_layer(path, kind), division="610981")


def test_every_kind_is_stored_once_and_is_the_polices(store: Store, tmp_path: Path) -> None:
    """The same sheet again changes nothing; a grid office sees none of it."""
    office = store.scoped(Scope("610981", frozenset({"governance", "public"})))
    for kind, text in SHEETS.items():
        report = brought(store, tmp_path, kind, text)
        assert (report.added, report.set_aside) == (STORED[kind], 0), kind
        again = brought(store, tmp_path, kind, text)
        assert (again.added, again.changed, again.unchanged) == (0, 0, STORED[kind]), kind
        assert store.count(kind) == STORED[kind]
        assert set(store.frame(kind)["line"]) == {"police"}
        assert office.count(kind) == 0


def test_a_shift_of_a_unit_is_corrected_by_its_day_and_hours(store: Store, tmp_path: Path) -> None:
    """Another way to go is the same shift; another day is another."""
    brought(store, tmp_path, "roster", SHEETS["roster"])
    changed = brought(store, tmp_path, "roster", SHEETS["roster"].replace("步巡", "车巡", 1))
    assert (changed.added, changed.changed, changed.unchanged) == (0, 1, 1)
    rows = store.frame("roster", Query(equal={"date": dt.date(2026, 5, 1)}))
    assert rows[["unit_id", "shift", "mode"]].to_numpy().tolist() == [["U1", "18:00-02:00", "car"]]
    assert rows["date"].tolist() == [dt.date(2026, 5, 1)]


def test_check_ins_are_found_by_time(store: Store, tmp_path: Path) -> None:
    """As incidents are; where the unit was is kept with them."""
    brought(store, tmp_path, "checkins", SHEETS["checkins"])
    at = dt.datetime.fromisoformat("2026-05-01T18:05")
    found = store.frame("checkins", Query(since=at, until=at + dt.timedelta(minutes=1)))
    assert sorted(found["point_id"]) == ["M1", "M2"]
    assert found.geometry.x.tolist() == [109.0, 109.0]


def test_the_city_of_the_reports_is_stored_and_counted(store: Store, tmp_path: Path) -> None:
    """56 areas, 580 segments, 620 points, 168 units; each with what it was drawn with."""
    city = patrol_city().lonlat()
    frames = {"areas": city.areas, "segments": city.segments, "must_visit": city.points,
              "standby": city.standby}  # fmt: skip
    for kind, frame in frames.items():
        frame.to_file(tmp_path / "city.gpkg", layer=kind)
        report = import_layer(store, read_layer(f"{tmp_path / 'city.gpkg'}:{kind}", kind))
        assert (report.added, report.set_aside) == (len(frame), 0), kind
    city.units.to_csv(tmp_path / "units.csv", index=False)
    assert import_layer(store, read_layer(tmp_path / "units.csv", "units")).added == 168
    assert store.count("segments") == 580
    assert store.count("must_visit") == 620
    points = store.frame("must_visit").set_index("point_id").loc[city.points["point_id"]]
    assert points["required"].astype(bool).tolist() == city.points["required"].tolist()
    assert points["priority"].tolist() == city.points["priority"].tolist()
    assert points["windows"].isna().tolist() == city.points["windows"].isna().tolist()
    units = store.frame("units").set_index("unit_id").loc[city.units["unit_id"]]
    assert units["shift"].tolist() == city.units["shift"].tolist()
    assert units["visible"].astype(bool).tolist() == city.units["visible"].tolist()
    assert units["end"].tolist() == city.units["end"].tolist()
    own = store.frame("segments", Query(equal={"area_code": "XQ56"}))
    assert len(own) in (10, 11)
    lines = pd.Series(city.segments.geometry.to_numpy(), index=city.segments["segment_id"])
    assert all(row.geometry.equals_exact(lines[row.segment_id], 0) for row in own.itertuples())
