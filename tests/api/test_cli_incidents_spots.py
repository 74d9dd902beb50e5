"""What `gridpatrol incidents hotspots` finds in files, prints and writes."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely import LineString, Point, box

from api import cli
from tests.strategies import CRS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

SIDE = 1_500
"""Side of the town, in metres."""

HOT = (450.0, 900.0)
"""The corners of the nine blocks in which most happens."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return `gridpatrol incidents ...`: exit code, output and errors."""

    def incidents(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridpatrol", "incidents", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return incidents


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write ten by ten blocks: 110 incidents everywhere, 100 in nine of them, 80 by patrols."""
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    random = np.random.default_rng(5)
    spots = np.concatenate(
        [
            random.uniform(0, SIDE, (110, 2)),
            random.uniform(*HOT, (100, 2)),
            random.uniform((1_100, 0), (1_500, 400), (80, 2)),
        ]
    )
    found_by = ["call"] * 210 + ["patrol"] * 80
    days = pd.Timestamp("2026-03-02") + pd.to_timedelta(random.integers(0, 28, len(spots)), "D")
    ticks = range(0, SIDE + 1, 150)
    lines = [LineString([(0, y), (SIDE, y)]) for y in ticks]
    lines += [LineString([(x, 0), (x, SIDE)]) for x in ticks]
    layers = {
        "incidents": gpd.GeoDataFrame(
            {"id": range(len(spots)), "kind": "police_call", "class": "theft",
             "time": days.astype(str), "found_by": found_by},
            geometry=gpd.points_from_xy(*spots.T), crs=CRS,
        ),
        "areas": gpd.GeoDataFrame({"area_id": ["G1"]}, geometry=[box(0, 0, SIDE, SIDE)], crs=CRS),
        "streets": gpd.GeoDataFrame(
            {"street_id": range(len(lines)), "class": "residential"}, geometry=lines, crs=CRS
        ),
    }  # fmt: skip
    for name, frame in layers.items():
        moved = frame.set_geometry(frame.geometry.translate(500_000, 3_600_000))
        moved.to_crs(4326).to_file(path, layer=name)
    return path


def in_cells(town: Path, *more: object) -> list[object]:
    """Return the arguments for cells of 150 m."""
    return ["hotspots", f"{town}:incidents", "--areas", f"{town}:areas", "--cell", 150, *more]


def found(run: Run, *arguments: object) -> dict[str, Any]:
    """Return what `--json` prints."""
    code, out, err = run(*arguments, "--json")
    assert code == 0, err
    return dict(json.loads(out))


def test_the_block_where_most_happens_is_the_hot_spot(run: Run, town: Path, tmp_path: Path) -> None:
    """What patrols found is left out, and its share is said; the spot becomes stays to make."""
    out, stays = tmp_path / "out", tmp_path / "stays.gpkg"
    asked = in_cells(town, "--shift", "20:00-04:00", "--date", "2026-04-01", "--must-visit", stays)
    code, text, err = run(*asked, "--out", out)
    assert code == 0, err
    assert "巡逻发现的 80/290 = 27.59% 不计入" in text
    assert "--include-patrol" in text
    assert "--include-patrol" not in (out / "map.html").read_text("utf-8")
    told = json.loads((out / "summary.json").read_text("utf-8"))
    assert told["spots"] == 1
    assert told["counted"] == 210
    assert told["left_out_share"] == 80 / 290
    layers = {name for name, _ in pyogrio.list_layers(out / "result.gpkg")}
    assert {"hot_places", "hot_spots", "must_visit", "dose", "sensitivity", "near_repeat"} <= layers
    spot = pyogrio.read_dataframe(out / "result.gpkg", layer="hot_spots").to_crs(CRS)
    middle = Point(500_000 + sum(HOT) / 2, 3_600_000 + sum(HOT) / 2)
    assert spot.geometry.iloc[0].buffer(1.0).contains(middle)
    dose = pyogrio.read_dataframe(stays)
    assert set(dose["spot_id"]) == {told["list"][0]["spot_id"]}
    assert dose["dwell_min"].between(10, 16).all()
    assert "热点（数字为序号）" in (out / "map.html").read_text("utf-8")


def test_patrols_make_hot_spots_of_their_own_where_they_are_counted(run: Run, town: Path) -> None:
    """Their eighty in one corner are a second spot, and that is said."""
    told = found(run, *in_cells(town, "--include-patrol"))
    assert told["spots"] == 2
    assert told["public_only"] is False


def test_a_spot_keeps_its_id_from_the_result_of_the_week_before(
    run: Run, town: Path, tmp_path: Path
) -> None:
    """Whatever the id was then."""
    out = tmp_path / "out"
    assert run(*in_cells(town), "--out", out)[0] == 0
    before = pyogrio.read_dataframe(out / "result.gpkg", layer="hot_places", read_geometry=False)
    renamed = before.assign(spot_id=before["spot_id"].where(before["spot_id"].isna(), "R7"))
    file = tmp_path / "before.gpkg"
    pyogrio.write_dataframe(renamed, file, layer="hot_places", driver="GPKG")
    told = found(run, *in_cells(town, "--previous", file))
    assert [spot["spot_id"] for spot in told["list"]] == ["R7"]
    assert told["kept"] == 1
    _, text, _ = run(*in_cells(town, "--previous", out / "result.gpkg"))
    assert "延续" in text
    code, _, err = run(*in_cells(town, "--previous", f"{town}:areas"))
    assert code == 2
    assert "--previous" in err


def test_weeks_that_were_held_out_are_no_part_of_the_spots(run: Run, town: Path) -> None:
    """The last week is 7 days to the last incident; the ranking is held against its rows alone."""
    told = found(run, *in_cells(town, "--hold-out", 1))
    assert told["held_out"]["days"] == 7
    assert told["period"]["last_day"] < told["held_out"]["first_day"]
    rows = {row["share"]: row for row in told["evaluation"] if row["score"] == "z"}
    assert rows[0.05]["incidents"] + told["counted"] == 210
    assert rows[0.05]["pai"] > 3.0
    assert {row["score"] for row in told["evaluation"]} == {"z", "n"}
    code, _, err = run(*in_cells(town, "--hold-out", 9))
    assert code == 1
    assert "hold_out_weeks" in err


def test_street_segments_are_places_where_streets_are_given(run: Run, town: Path) -> None:
    """180 between crossings and 36 at the rim, whose corners are none; without areas, a box."""
    told = found(run, "hotspots", f"{town}:incidents", "--streets", f"{town}:streets")
    assert (told["of"], told["places"]) == ("streets", 216)
    _, text, _ = run("hotspots", f"{town}:incidents", "--cell", 200)
    assert "方格铺满外接矩形" in text


def test_the_same_seed_gives_the_same(run: Run, town: Path) -> None:
    """And another the same spot with other draws."""
    one, again, other = (found(run, *in_cells(town, "--seed", seed)) for seed in (1, 1, 2))
    assert one == again
    assert [spot["spot_id"] for spot in one["list"]] == [spot["spot_id"] for spot in other["list"]]
    assert one["near_repeat"] != other["near_repeat"]


def test_what_cannot_be_looked_for_is_refused(run: Run, town: Path, tmp_path: Path) -> None:
    """Each names the option, or says that nothing has a place."""
    for asked, wanted in (
        (("--permutations", 999), "9999"),
        (("--shift", "evening"), "18:00-02:00"),
        (("--must-visit", "stays.csv"), ".gpkg"),
    ):
        code, _, err = run(*in_cells(town), *asked)
        assert code == 2, asked
        assert wanted in err
    code, _, err = run("hotspots", f"{town}:incidents", "--cell", 20)
    assert code == 1
    assert "cell_m" in err
    placeless = tmp_path / "a.csv"
    pd.DataFrame({"编号": [1], "网格编码": ["G1"], "发生时间": ["2026-03-01"]}).to_csv(placeless)
    code, _, err = run("hotspots", placeless)
    assert code == 1
    assert "a.csv" in err


def test_few_incidents_give_no_spot_and_say_what_to_do(
    run: Run, town: Path, tmp_path: Path
) -> None:
    """One day's seven are no more than chance."""
    code, text, err = run(*in_cells(town, "--since", "2026-03-02", "--until", "2026-03-02"))
    assert code == 0, err
    assert "没有达到显著水平的热点" in text
    stays = tmp_path / "none.gpkg"
    run(*in_cells(town, "--since", "2026-03-02", "--until", "2026-03-02", "--must-visit", stays))
    assert not stays.exists()
