"""What `gridpatrol cameras` takes beside streets and cameras, and what it finds with them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from api import cli
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

SEEN_M = 99.995 - 1.732
"""What a camera 1 m beside the street sees of it: from the edge of its field to its range."""

IDS = [f"6109990000132{n:07d}" for n in range(1, 5)]
"""Codes of 20 digits."""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Return 400 m of street with a cross street, four cameras, and all that goes with them."""
    frames = {
        "streets": streets_of(
            [line((0, 0), (400, 0)), line((200, -100), (200, 100))],
            **{"class": ["primary", "alley"]},
        ),
        # East along the street, west along it (offline), north into a house, one indoors.
        "cameras": points_of(
            [(0, 1), (400, 1), (200, 10), (100, 30)],
            camera_id=IDS, azimuth_deg=[90.0, 270.0, 0.0, 0.0], fov_deg=60.0, range_m=100.0,
            online=[True, False, True, True], 是否室内=["否", "否", "否", "是"],
            kind=["fixed_bullet", "fixed_bullet", "security_checkpoint", "fixed_dome"],
        ),
        "buildings": gpd.GeoDataFrame(
            {"building_id": ["B1"]}, geometry=[box(150, 20, 250, 60)], crs=CRS
        ),
        "walls": gpd.GeoDataFrame({"wall_id": ["W1"]}, geometry=[line((50, -9), (50, 9))], crs=CRS),
        "key_sites": points_of([(30, 1), (390, 90)], site_id=["S1", "S2"],
                               name=["一小", "二小"], kind=["学校", "学校"]),
        "areas": areas_of({"610999000001001": box(-10, -50, 410, 50)}),
        "poles": points_of([(300, 2)], pole_id=["P1"]),
        "cordon": areas_of({"610999000001001": box(80, -60, 320, 60)}),
    }  # fmt: skip
    files = {name: tmp_path / f"{name}.gpkg" for name in frames}
    for name, frame in frames.items():
        frame.to_crs(4326).to_file(files[name], layer=name)
    rows = [(IDS[0], "2026-06-01 00:00", "在线"), (IDS[0], "2026-06-01 12:00", "离线"),
            (IDS[1], "2026-06-01 00:00", "在线"), (IDS[1], "2026-06-02 00:00", "在线")]  # fmt: skip
    states = pd.DataFrame(rows, columns=["设备编码", "时间", "在线状态"])
    files["states"] = tmp_path / "states.csv"
    states.to_csv(files["states"], index=False)
    faults = pd.DataFrame(
        {"设备编码": [IDS[0]], "故障时间": ["2026-06-01 20:00"], "修复时间": [""],
         "故障现象": ["无图像"], "报修人": ["张三丰"]}
    )  # fmt: skip
    files["faults"] = tmp_path / "faults.csv"
    faults.to_csv(files["faults"], index=False)
    return files


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, files: dict[str, Path]
) -> Run:
    """Return `gridpatrol cameras STREETS CAMERAS ...`: exit code, output and errors."""

    def cameras(*arguments: object) -> tuple[int, str, str]:
        words = ["gridpatrol", "cameras", files["streets"], files["cameras"], *arguments]
        monkeypatch.setattr(sys, "argv", [*map(str, words)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return cameras


def summary_of(run: Run, *arguments: object) -> dict[str, Any]:
    """Run it and return the summary."""
    code, text, error = run(*arguments, "--json")
    assert code == 0, error
    summary: dict[str, Any] = json.loads(text)
    return summary


def test_buildings_and_walls_hide_and_say_how_much(run: Run, files: dict[str, Path]) -> None:
    """To the end of the range without the wall, 50 m before it; the house cuts the other view."""
    free = summary_of(run)
    among = summary_of(run, "--buildings", files["buildings"], "--walls", files["walls"])
    assert free["covered_length_m"] == pytest.approx(SEEN_M + 90, abs=0.1)
    assert among["covered_length_m"] == pytest.approx(48.27 + 10, abs=0.1)
    assert among["visible_area_m2"] < 0.5 * among["nominal_area_m2"]
    assert among["nominal_area_m2"] == pytest.approx(free["nominal_area_m2"])
    roads = {row["road"]: row["covered_length_m"] for row in among["roads"]}
    assert roads == pytest.approx({"arterial": 48.27, "back_lane": 10.0}, abs=0.1)
    assert (among["cameras_indoor"], among["cameras_seeing"]) == (1, 2)


def test_key_sites_and_goals_name_what_is_missing(run: Run, files: dict[str, Path]) -> None:
    """One of two schools is seen: 50 %, and the name of the other."""
    summary = summary_of(run, "--key-sites", files["key_sites"])
    assert (summary["key_sites"], summary["key_sites_watched"]) == (2, 1)
    goal = summary["indicators"]["indicators"][0]
    assert (goal["goal"], goal["share"], goal["met"]) == ("coverage", 0.5, False)
    assert goal["missing_names"] == ["二小"]
    assert summary["schools"]["sites"] == 2


def test_ground_is_blind_where_nobody_looks(run: Run, files: dict[str, Path]) -> None:
    """Open ground of the area, less what is seen; both ends of the road leave it."""
    summary = summary_of(run, "--areas", files["areas"], "--buildings", files["buildings"])
    open_m2 = 420 * 100 - 100 * 30
    assert summary["blind_area_m2"] == pytest.approx(open_m2 - summary["seen_area_m2"], rel=0.2)
    assert summary["crossings"]["crossings"] == 2
    assert summary["crossings"]["served"] == 2
    code, text, _ = run("--areas", files["areas"])
    assert code == 0
    assert "内部资料" in text


def test_states_and_faults_give_rates_of_their_own(run: Run, files: dict[str, Path]) -> None:
    """One camera half the day online, one all day; one of four with an open fault."""
    summary = summary_of(run, "--state", files["states"], "--faults", files["faults"])
    rates = {(row["name"], row["basis"]): row for row in summary["health"]["rates"]}
    by_time = rates["online", "time"]
    assert (by_time["numerator"], by_time["denominator"]) == pytest.approx((36.0, 48.0))
    assert rates["online", "snapshot"]["denominator"] == 2
    assert rates["in_order", "snapshot"]["share"] == 0.75
    hours = summary["hours"]
    assert [row["hour"] for row in hours] == list(range(24))
    # The first camera: on the first day online until noon, the second all day; in the dark no
    # light is known.
    assert hours[10]["expected_length_m"] == pytest.approx(SEEN_M, abs=0.1)
    assert hours[13]["expected_length_m"] == 0.0
    assert (hours[13]["cameras_unknown"], hours[23]["covered_share"]) == (1, 0.0)
    assert "张三丰" not in json.dumps(summary, ensure_ascii=False)


def test_a_fault_that_cannot_be_read_leaves_its_camera_unknown(
    run: Run, files: dict[str, Path]
) -> None:
    """Neither in good order nor out of it: three of three that are known."""
    files["faults"].write_text(
        f"设备编码,故障时间,修复时间\n{IDS[0]},2026-06-02 08:00,2026-06-01 08:00\n"
        f"{IDS[1]},2026-06-01 08:00,2026-06-01 09:00\n",
        "utf-8",
    )
    rates = {
        row["name"]: row for row in summary_of(run, "--faults", files["faults"])["health"]["rates"]
    }
    rate = rates["in_order"]
    assert (rate["numerator"], rate["denominator"], rate["unknown"]) == (3, 3, 1)


def test_a_broken_camera_leaves_newly_blind_streets(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """They are the difference, listed in the file."""
    out = tmp_path / "out"
    code, _, error = run("--faults", files["faults"], "--out", out)
    assert code == 0, error
    lost = pyogrio.read_dataframe(out / "result.gpkg", layer="newly_blind")
    assert lost["length_m"].sum() == pytest.approx(SEEN_M, abs=0.1)


def test_turning_comes_before_buying(run: Run, files: dict[str, Path], tmp_path: Path) -> None:
    """One plan with both; a proposal until a person accepts it."""
    few = summary_of(run, "--buildings", files["buildings"], "--reaim", 1)
    reaim = few["reaim"]
    assert reaim["turned"] == 1
    assert reaim["covered_share_after"] > reaim["covered_share_before"]
    assert 0.0 <= reaim["gap"] <= 0.02
    out = tmp_path / "out"
    code, text, error = run("--reaim", 1, "--propose", 1, "--poles", files["poles"], "--out", out)
    assert code == 0, error
    assert "建议" in text
    plan = json.loads((out / "summary.json").read_text("utf-8"))["plan"]
    assert plan["cameras_new"] == 1
    assert plan["covered_share_after"] > plan["covered_share_turned"]
    assert "new_cameras" in [name for name, _ in pyogrio.list_layers(out / "result.gpkg")]


def test_a_cordon_lists_the_ways_out_that_nobody_sees(run: Run, files: dict[str, Path]) -> None:
    """Two ends of the road and two of the lane lead out; without a band of their own to close."""
    summary = summary_of(run, "--cordon", files["cordon"], "--buildings", files["buildings"])
    assert summary["cordon"]["crossings"] == 4
    assert 1 <= summary["cordon"]["closures"] <= summary["cordon"]["ways"] <= 4


def test_nights_and_bands_are_asked_for_by_name(run: Run) -> None:
    """Without lights or pixels in the sheet nothing is known: the share is 0, the bound is not."""
    for asked in (("--night",), ("--band", "identify")):
        summary = summary_of(run, *asked)
        assert summary["cameras_unknown"] == 2
        assert summary["covered_share"] == 0.0
        assert summary["covered_share_upper"] > 0.0
    assert run("--band", "see")[0] == 2


def test_new_cameras_need_poles_and_poles_a_number(run: Run, files: dict[str, Path]) -> None:
    """Each names the other."""
    for asked in (("--propose", 1), ("--poles", files["poles"])):
        code, _, error = run(*asked)
        assert code == 2
        assert "--poles" in error
