"""What `gridpatrol patrol` plans and checks from files, prints and writes."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely import LineString, Point, box

from api import cli
from geo import convert
from tests.strategies import CRS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

SUMMARY = (
    "units", "served", "unserved", "distance_m", "longest_shift_s", "shortest_shift_s", "bound",
    "gap", "stopped_by", "seed",
)  # fmt: skip
"""What a program may count on in `plan --json`."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return `gridpatrol patrol ...`: exit code, output and errors."""

    def patrol(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridpatrol", "patrol", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return patrol


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Write a town of four blocks: three points, two segments, one point far away; two units."""
    path = tmp_path / "town.gpkg"
    lines = [LineString([(0, y), (400, y)]) for y in (0, 200, 400)]
    lines += [LineString([(x, 0), (x, 400)]) for x in (0, 200, 400)]
    layers = {
        "streets": ({"street_id": list("ABCDEF"), "class": "residential"}, lines),
        "points": (
            {"point_id": ["P1", "P2", "P3", "P9"], "name": ["校门", "市场", "桥头", "山上"],
             "dwell_min": [10, 5, 5, 5], "windows": [None, "22:00-23:00", None, None]},
            [Point(200, 0), Point(400, 200), Point(0, 400), Point(300, 300)],
        ),
        "segments": (
            {"segment_id": ["D1", "D2"], "name": ["一段", "二段"]},
            [LineString([(0, 200), (400, 200)]), LineString([(200, 200), (200, 400)])],
        ),
        "standby": ({"place_id": ["B1"], "name": ["警务室"]}, [Point(0, 0)]),
        "areas": ({"area_id": ["X1"], "name": ["一巡区"], "kind": ["patrol"]},
                  [box(-50, -50, 450, 450)]),
    }  # fmt: skip
    for name, (columns, shapes) in layers.items():
        frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
        frame.geometry = frame.geometry.translate(500_000, 3_600_000)
        frame.to_crs(4326).to_file(path, layer=name)
    units = pd.DataFrame(
        {"单位编号": ["U1", "U2"], "单位名称": ["一组", "二组"], "巡逻方式": "步巡",
         "班次": ["20:00-04:00", "08:00-16:00"], "起点": "B1", "休息时长": 30,
         "休息时段": ["23:00-01:00", "11:30-13:00"], "是否着装": "是"}
    )  # fmt: skip
    units.to_excel(tmp_path / "units.xlsx", index=False)
    return path


def files(town: Path) -> list[object]:
    """Return the arguments that name the layers of the town."""
    return [
        f"{town}:streets", "--points", f"{town}:points", "--segments", f"{town}:segments",
        "--units", town.parent / "units.xlsx", "--standby", f"{town}:standby",
    ]  # fmt: skip


UNSEEDED = ("--date", "2026-06-30", "--shift", "20:00-04:00", "--iterations", "200")
NIGHT = (*UNSEEDED, "--seed", "7")


def test_a_plan_says_what_programs_count_on(run: Run, town: Path) -> None:
    """One point lies off every street; all else is walked by the unit of the night."""
    code, out, err = run("plan", *files(town), *NIGHT, "--seed", 3, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert list(found)[: len(SUMMARY)] == list(SUMMARY)
    assert found["units"] == 1
    assert found["served"] == 5
    assert found["unserved"] == [{"id": "P9", "reason": "off_network"}]
    assert found["seed"] == 3
    assert 0 < found["bound"] <= found["distance_m"]
    assert found["crs"].startswith("EPSG:45")
    assert found["inputs"]["units"]["rows_used"] == 2


def test_the_same_seed_repeats_the_plan_and_another_changes_the_hours(
    run: Run, town: Path, tmp_path: Path
) -> None:
    """Byte by byte in the record, which tells the hours of every stop."""

    def planned(seed: int, folder: str) -> dict[str, object]:
        code, _, err = run("plan", *files(town), *NIGHT, "--seed", seed, "--out", tmp_path / folder)
        assert code == 0, err
        kept = json.loads((tmp_path / folder / "plan.json").read_text("utf-8"))
        for part in kept["parts"]:
            del part["seconds"]
        return kept

    one, again, other = planned(1, "a"), planned(1, "b"), planned(2, "c")
    assert one == again
    assert one["parts"] != other["parts"]


def test_the_folder_holds_sheets_a_map_gpx_and_layers(run: Run, town: Path, tmp_path: Path) -> None:
    """What a station hands out, and what a program reads."""
    out = tmp_path / "out"
    code, text, err = run("plan", *files(town), "--areas", f"{town}:areas", *NIGHT, "--out", out)
    assert code == 0, err
    assert {path.name for path in out.iterdir()} == {
        "result.gpkg", "summary.json", "map.html", "plan.json", "sheets.html", "routes.gpx",
    }  # fmt: skip
    layers = {name for name, _ in pyogrio.list_layers(out / "result.gpkg")}
    assert {"routes", "stops", "legs", "units", "unserved", "due", "roster"} <= layers
    stops = pyogrio.read_dataframe(out / "result.gpkg", layer="stops")
    assert {"start", "point", "segment", "break", "end"} <= set(stops["kind"])
    sheets = (out / "sheets.html").read_text("utf-8")
    assert "一组" in sheets
    assert "二组" not in sheets
    assert "草案" in sheets
    assert "不在路网上" in text
    assert "不在这个班次" in text
    assert "山上" in (out / "map.html").read_text("utf-8")


def test_a_plan_that_was_kept_is_checked_stop_by_stop(run: Run, town: Path, tmp_path: Path) -> None:
    """As written it holds; with an hour changed by hand the check names unit, stop and rule."""
    run("plan", *files(town), *NIGHT, "--out", tmp_path / "out")
    plan = tmp_path / "out" / "plan.json"
    code, out, err = run("check", plan, *files(town), "--json")
    assert code == 0, err
    assert json.loads(out)["valid"] is True
    assert json.loads(out)["same_layers"] is True

    kept = json.loads(plan.read_text("utf-8"))
    stops = kept["parts"][0]["crews"][0]["stops"]
    market = next(stop for stop in stops if stop.get("due_id", "").startswith("point:P2"))
    market["start_s"] += 7_200
    plan.write_text(json.dumps(kept), "utf-8")
    code, out, _ = run("check", plan, *files(town), "--json")
    found = json.loads(out)
    assert code == 1
    assert found["valid"] is False
    assert {row["rule"] for row in found["violations"]} >= {"window"}
    assert {row["unit_id"] for row in found["violations"]} == {"U1"}
    code, text, _ = run("check", plan, *files(town))
    assert code == 1
    assert "不在时段内" in text


def test_a_check_with_other_layers_says_so(run: Run, town: Path, tmp_path: Path) -> None:
    """A street that is gone is another town; a task that is gone is no plan for it."""
    run("plan", *files(town), *NIGHT, "--out", tmp_path / "out")
    plan = tmp_path / "out" / "plan.json"
    fewer = [text for text in files(town) if text not in ("--segments", f"{town}:segments")]
    code, _, err = run("check", plan, *fewer)
    assert code == 1
    assert "segment:D1" in err
    code, out, err = run("check", plan, *files(town), "--areas", f"{town}:areas", "--json")
    assert code == 0, err
    assert json.loads(out)["same_layers"] is False


def test_a_file_that_is_no_plan_is_refused(run: Run, town: Path, tmp_path: Path) -> None:
    """With what to give instead."""
    for text in ("", "[]", '{"date": "2026-06-30"}', '{"date": 3, "shift": null}'):
        (tmp_path / "plan.json").write_text(text, "utf-8")
        code, _, err = run("check", tmp_path / "plan.json", *files(town))
        assert code == 1, text
        assert "plan" in err


def test_nobody_on_duty_is_an_error_that_says_what_to_do(run: Run, town: Path) -> None:
    """No unit has a shift in the late afternoon."""
    code, _, err = run(
        "plan", *files(town), "--date", "2026-06-30", "--shift", "17:00-18:00",
    )  # fmt: skip
    assert code == 1
    assert "units" in err


def test_without_a_seed_tonight_is_not_like_last_night(run: Run, town: Path) -> None:
    """A seed is drawn and told, so that the plan can be repeated."""
    seeds = set()
    for _ in range(2):
        code, out, err = run("plan", *files(town), *UNSEEDED, "--json")
        assert code == 0, err
        seeds.add(json.loads(out)["seed"])
    assert len(seeds) == 2


def test_points_in_another_datum_are_doubted(run: Run, town: Path) -> None:
    """Hundreds of metres off, and on the streets once shifted back: the note says what to do."""
    streets = gpd.read_file(town, layer="streets").geometry
    places = [line.interpolate(k / 10, normalized=True) for line in streets for k in range(10)]
    there = np.array([(place.x, place.y) for place in places])
    lon, lat = convert(*there.T, "wgs84", "gcj02")
    ids = [f"G{number}" for number in range(len(lon))]
    points = gpd.GeoDataFrame({"point_id": ids}, geometry=gpd.points_from_xy(lon, lat), crs=4326)
    points.to_file(town, layer="shifted")
    shifted = [f"{town}:shifted" if text == f"{town}:points" else text for text in files(town)]
    code, out, err = run("plan", *shifted, *NIGHT, "--json")
    assert code == 0, err
    notes = [note for note in json.loads(out)["notes"] if note["code"] == "datum_suspected"]
    assert [note["about"] for note in notes] == ["points"]
    assert "points=gcj02" in notes[0]["text"]


def test_units_of_areas_without_the_areas_get_a_hint(run: Run, town: Path) -> None:
    """Nothing lies in an area that nobody gave."""
    sheet = pd.read_excel(town.parent / "units.xlsx", engine="calamine").assign(所属巡区="X1")
    sheet.to_excel(town.parent / "units.xlsx", index=False)
    code, text, err = run("plan", *files(town), *NIGHT)
    assert code == 0, err
    assert "--areas" in text
