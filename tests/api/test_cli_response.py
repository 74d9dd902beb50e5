"""What `gridpatrol response` reaches by road from files, prints and writes."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyogrio
import pytest
from shapely import LineString, Point

from api import cli
from tests.strategies import CRS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return `gridpatrol ...`: exit code, output and errors."""

    def gridpatrol(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridpatrol", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return gridpatrol


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """
    Write a town on two banks with a bridge 2 km east, and a street on an island.

    A station on the north bank. Units: U1 across the river, 100 m away in a straight line; U2 on
    this bank, 500 m away; U3 nearer still, but busy; U4 nearer still, on duty at night alone.
    """
    path = tmp_path / "town.gpkg"
    layers = {
        "streets": (
            {"street_id": ["north", "south", "bridge", "island"], "class": "residential",
             "name": ["北岸路", "南岸路", "大桥", "洲上路"],
             "bridge": [None, None, "yes", None]},
            [LineString([(0, 100), (2_000, 100)]), LineString([(0, 0), (2_000, 0)]),
             LineString([(2_000, 0), (2_000, 100)]), LineString([(0, -900), (300, -900)])],
        ),
        "stations": (
            {"station_id": ["S1", "S2"], "name": ["北岸派出所", "旧岗亭"],
             "unit_class": ["station", "post"], "state": ["open", "closed"]},
            [Point(0, 100), Point(500, 100)],
        ),
        "units": (
            {"unit_id": ["U1", "U2", "U3", "U4"], "name": ["一组", "二组", "三组", "四组"],
             "mode": "car", "state": ["free", "free", "busy", "free"],
             "shift": [None, None, None, "20:00-04:00"]},
            [Point(100, 0), Point(600, 100), Point(150, 100), Point(200, 100)],
        ),
    }  # fmt: skip
    for name, (columns, shapes) in layers.items():
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
        frame.geometry = frame.geometry.translate(500_000, 3_600_000)
        frame.to_crs(4326).to_file(path, layer=name)
    return path


def found(run: Run, *arguments: object) -> dict[str, Any]:
    """Return what `--json` prints."""
    code, out, err = run(*arguments, "--json")
    assert code == 0, err
    return dict(json.loads(out))


def lonlat(x: float, y: float) -> str:
    """Return a place of the town as it is typed."""
    point = gpd.GeoSeries([Point(500_000 + x, 3_600_000 + y)], crs=CRS).to_crs(4326).iloc[0]
    return f"{point.x:.7f},{point.y:.7f}"


def rings(town: Path, *more: object) -> list[object]:
    """Return the arguments that ask for rings."""
    return ["response", "rings", f"{town}:stations", f"{town}:streets", *more]


def nearest(town: Path, *more: object) -> list[object]:
    """Return the arguments that ask who is nearest."""
    return ["response", "nearest", f"{town}:units", f"{town}:streets", *more]


def test_rings_go_along_the_road_and_an_island_is_outside(
    run: Run, town: Path, tmp_path: Path
) -> None:
    """At 25 km/h a minute is 416.7 m; the south bank is reached over the bridge alone."""
    told = found(run, *rings(town, "--minutes", "1,6"))
    assert [round(ring["within_m"], 1) for ring in told["rings"]] == [416.7, 2500.0]
    assert told["outside_m"]["no_way"] == pytest.approx(300.0, abs=0.01)
    assert told["outside_m"]["beyond"] == pytest.approx(1_600.0, abs=0.5)
    assert [row["reason"] for row in told["left_out"]] == ["closed"]
    out = tmp_path / "out"
    code, text, err = run(*rings(town, "--out", out))
    assert code == 0, err
    assert "洲上路" in text
    assert "无路可到（孤立路段）" in text
    assert "没有指定时刻" in text
    assert "--now" in text
    outside = pyogrio.read_dataframe(out / "result.gpkg", layer="outside").set_index("street_id")
    assert outside.loc["island", "reason"] == "no_way"
    page = (out / "map.html").read_text("utf-8")
    assert "圈外道路" in page
    assert "--now" not in page


def test_what_closes_with_a_station_is_told(run: Run, town: Path) -> None:
    """With one station everything it reaches is lost, and nobody else comes."""
    told = found(run, *rings(town, "--minutes", "1"))
    (loss,) = told["losses"]
    assert loss["only_m"] == pytest.approx(416.7, abs=0.1)
    assert loss["alone_m"] == loss["only_m"]
    assert loss["next_minutes"] is None


def test_the_unit_across_the_river_is_not_the_nearest(run: Run, town: Path) -> None:
    """500 m along the bank come before 100 m over the water; busy units never go."""
    told = found(run, *nearest(town, "--at", lonlat(100, 100), "--now", "2026-03-02 12:00"))
    assert [row["unit_id"] for row in told["candidates"]] == ["U2", "U1"]
    first, second = told["candidates"]
    assert first["distance_m"] == pytest.approx(500.0, abs=0.1)
    assert first["minutes"] == pytest.approx(1.2, abs=0.01)
    assert second["distance_m"] == pytest.approx(3_900.0, abs=0.5)
    refused = {row["unit_id"]: row["reason"] for row in told["refused"]}
    assert refused == {"U3": "busy", "U4": "off_duty"}
    night = found(run, *nearest(town, "--at", lonlat(100, 100), "--now", "2026-03-02 22:00"))
    assert night["candidates"][0]["unit_id"] == "U4"


def test_a_place_that_nobody_can_reach_is_listed_with_the_reason(
    run: Run, town: Path, tmp_path: Path
) -> None:
    """On the island, beside one that is reached."""
    asked = nearest(town, "--at", lonlat(100, -900), "--at", lonlat(100, 100), "-k", 1)
    told = found(run, *asked)
    assert told["without"] == [{"place": 0, "reason": "unreachable"}]
    assert [row["place"] for row in told["candidates"]] == [1]
    out = tmp_path / "out"
    code, text, err = run(*asked, "--out", out)
    assert code == 0, err
    assert "无人可派的地点与原因" in text
    assert "仅供参考，派谁由指挥员决定" in text
    ways = pyogrio.read_dataframe(out / "result.gpkg", layer="candidates")
    assert ways["unit_id"].tolist() == ["U4"]


def test_places_may_be_a_file(run: Run, town: Path) -> None:
    """Each by its id."""
    file = town.parent / "places.csv"
    lon, lat = lonlat(100, 100).split(",")
    file.write_text(f"编号,名称,经度,纬度\nP7,路口,{lon},{lat}\n", encoding="utf-8")
    told = found(run, *nearest(town, "--places", file, "-k", 1))
    assert [row["place"] for row in told["candidates"]] == ["P7"]
    _, text, _ = run(*nearest(town, "--places", file, "-k", 1))
    assert "路口 最近" in text


def test_a_place_typed_in_the_datum_of_the_maps_is_converted(run: Run, town: Path) -> None:
    """All layers are said to be in GCJ-02, and so is the place: all move alike."""
    asked = nearest(town, "--at", lonlat(100, 100), "-k", 1)
    plain, moved = found(run, *asked), found(run, *asked, "--datum", "gcj02")
    metres = [told["candidates"][0]["distance_m"] for told in (plain, moved)]
    assert metres[0] == pytest.approx(metres[1], abs=0.5)


def test_mistakes_say_what_to_write(run: Run, town: Path) -> None:
    """A place turned round, none, both; minutes that are none."""
    for asked, wanted in (
        (nearest(town), "--at"),
        (nearest(town, "--at", "1,2", "--places", "x.csv"), "--places"),
        (nearest(town, "--at", "32.8,109.3"), "109.3,32.8"),
        (nearest(town, "--at", "here"), "LON,LAT"),
        (rings(town, "--minutes", "1,soon"), "1,3,5"),
        (rings(town, "--minutes", "0"), "1,3,5"),
    ):
        code, _, err = run(*asked)
        assert code == 2, asked
        assert wanted in err


def test_nobody_free_says_what_to_look_at(run: Run, town: Path) -> None:
    """The page still shows the place."""
    file = town.parent / "units.gpkg"
    units = pyogrio.read_dataframe(town, layer="units").assign(state="busy")
    units.to_file(file)
    asked = ("response", "nearest", file, f"{town}:streets", "--at", lonlat(100, 100))
    code, text, err = run(*asked, "--out", town.parent / "out")
    assert code == 0, err
    assert "没有可派的单位" in text
