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


def table(path: Path, text: str) -> Path:
    """Write a table, its places in metres from the west end of the street."""
    heads, *rows = (line.split(",") for line in text.strip().splitlines())
    at = [(float(x), float(y)) for *_, x, y in rows if x]
    lonlat = iter(points_of(at).to_crs(4326).geometry)
    lines = [",".join([*heads[:-2], "经度", "纬度"])]
    for *cells, x, _ in rows:
        place = next(lonlat) if x else None
        lines.append(",".join([*cells, *([repr(place.x), repr(place.y)] if place else ["", ""])]))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def notes_of(summary: dict[str, Any]) -> dict[str, str]:
    """Return the notes of a run: code -> text."""
    return {note["code"]: note["text"] for note in summary["notes"]}


def test_a_site_with_a_door_that_nobody_sees_is_not_watched(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """Two doors of the first school, one of them round the back, and one of a site nobody knows."""
    doors = table(
        tmp_path / "doors.csv",
        "出入口编号,部位编号,x,y\nE1,S1,30,1\nE2,S1,30,-90\nE3,S9,60,1\nE4,,200,-200",
    )
    out = tmp_path / "out"
    asked = ("--key-sites", files["key_sites"], "--entrances", doors)
    code, text, error = run(*asked, "--out", out)
    assert code == 0, error
    assert "看得到的出入口" in text
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["entrances"] == {
        "entrances": 4, "watched": 2, "unwatched_ids": ["E2", "E4"], "of_no_key_site": 2,
    }  # fmt: skip
    assert summary["key_sites_watched"] == 0
    said = notes_of(summary)["entrances_unmatched"]
    assert "S9、—" in said
    assert "第 4、5 行" in said
    sites = pyogrio.read_dataframe(out / "result.gpkg", layer="key_sites")
    assert sites["entrances"].tolist() == [2, 0]
    assert sites["entrances_watched"].tolist() == [1, 0]
    listed = pyogrio.read_dataframe(out / "result.gpkg", layer="entrances")
    assert listed["entrance_id"].tolist() == ["E1", "E2", "E3", "E4"]
    assert listed["watched"].tolist() == [True, False, True, False]
    assert listed["site_known"].tolist() == [True, True, False, False]
    assert set(listed.geometry.geom_type) == {"Point"}
    assert "看得到的出入口：1 / 2" in (out / "map.html").read_text("utf-8")
    assert summary_of(run, *asked[:2])["key_sites_watched"] == 1


def test_doors_on_the_wall_of_a_house_are_seen_from_before_it(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """Drawn a hand behind the outline, as rounding does; the one on the far side stays unseen."""
    doors = table(tmp_path / "doors.csv", "部位编号,x,y\nS1,200,20.1\nS1,200,60")
    summary = summary_of(
        run, "--key-sites", files["key_sites"], "--entrances", doors,
        "--buildings", files["buildings"],
    )  # fmt: skip
    assert summary["entrances"]["unwatched_ids"] == [1]


def test_doors_find_sites_whose_ids_are_numbers(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """Here as numbers, there as text because another id of the file is none."""
    points_of([(30, 1), (390, 90)], site_id=[1, 2]).to_crs(4326).to_file(files["key_sites"])
    doors = table(tmp_path / "doors.csv", "site_id,x,y\n1,30,1\n旧2,30,1")
    asked = ("--key-sites", files["key_sites"], "--entrances", doors)
    summary = summary_of(run, *asked)
    assert summary["entrances"]["of_no_key_site"] == 1
    assert summary["key_sites_watched"] == 1
    # Without ids of their own, row numbers must not find a door.
    points_of([(30, 1), (390, 90)], name=["一小", "二小"]).to_crs(4326).to_file(files["key_sites"])
    code, _, error = run(*asked)
    assert code == 1
    assert "--entrances" in error


def test_what_schools_need_is_unknown_where_no_row_is_of_its_kind(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """A sign and an escort post at one of two schools, no speed bump at all, and a flower bed."""
    needs = table(
        tmp_path / "needs.csv", "设施类型,x,y\n标志,30,20\n护学岗,30,30\n花坛,30,20\n标志,30,900"
    )
    asked = ("--key-sites", files["key_sites"], "--school-needs", needs)
    summary = summary_of(run, *asked)
    found = summary["schools"]["needs"]
    counts = {need: (row["with"], row["known"]) for need, row in found.items()}
    # The schools stand some 370 m apart; the camera by the second does not answer.
    assert counts == {"cameras": (1, 2), "signs": (1, 2), "speed_bumps": (0, 0),
                      "escort_posts": (1, 2)}  # fmt: skip
    assert found["speed_bumps"]["share"] is None
    assert (summary["schools"]["incomplete"], summary["schools"]["unknown"]) == (1, 1)
    assert "没有减速带" in notes_of(summary)["needs_not_listed"]
    assert summary["inputs"]["school_needs"]["rows_set_aside"] == 1
    code, text, error = run(*asked)
    assert code == 0, error
    assert "周边有标志的学校" in text
    assert "周边有减速带的学校" not in text
    sites = points_of([(30, 1)], site_id=["S1"], kind=["医院"])
    sites.to_crs(4326).to_file(files["key_sites"])
    summary = summary_of(run, *asked)
    assert "no_schools" in notes_of(summary)
    assert "schools" not in summary


def test_incidents_weigh_where_cameras_look(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """Five in one yard are worth 250 m of street; those without a place weigh nothing."""
    rows = "\n".join(["警情,,300,40"] * 5 + ["警情,,,", "警情,610999000001001,,"])
    happened = table(tmp_path / "happened.csv", f"类型,所属网格编码,x,y\n{rows}")
    pole = ("--propose", 1, "--poles", files["poles"])
    out = tmp_path / "out"
    code, _, error = run(*pole, "--incidents", happened, "--out", out)
    assert code == 0, error
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert summary["incidents"] == {"weighed": 5, "left_out": 2}
    assert "5 起" in notes_of(summary)["incidents_weighed"]
    new = summary["new_cameras"]
    assert (new["places"], new["places_before"], new["places_after"]) == (5, 0, 5)
    camera = pyogrio.read_dataframe(out / "result.gpkg", layer="new_cameras")
    assert camera["gained_places"].tolist() == [5]
    assert camera["azimuth_deg"].iloc[0] <= 20 or camera["azimuth_deg"].iloc[0] >= 340
    street = summary_of(run, *pole)["new_cameras"]
    assert street["gained_length_m"] > new["gained_length_m"]
    turned = summary_of(run, "--reaim", 1, "--incidents", happened)
    assert turned["reaim"]["places"] == 5
    both = summary_of(run, "--reaim", 1, *pole, "--incidents", happened)
    assert both["plan"]["new_cameras"]["places_after"] == 5


def test_incidents_set_aside_by_the_reader_are_left_out_too(run: Run, tmp_path: Path) -> None:
    """A table without area codes cannot keep a row that has no place."""
    happened = table(tmp_path / "happened.csv", "类型,x,y\n警情,300,60\n警情,,\n警情,,")
    summary = summary_of(run, "--reaim", 0, "--incidents", happened)
    assert summary["incidents"] == {"weighed": 1, "left_out": 2}


def test_what_goes_with_another_option_names_it(run: Run, files: dict[str, Path]) -> None:
    """Each is a mistake of usage."""
    points = files["poles"]
    for asked, wanted in (
        (("--entrances", points), "--key-sites"),
        (("--school-needs", points), "--key-sites"),
    ):
        code, _, error = run(*asked)
        assert code == 2
        assert wanted in error


def test_high_definition_is_a_share_of_the_widths_that_are_known(
    run: Run, files: dict[str, Path]
) -> None:
    """Two of three; nothing is printed where no sheet says it."""
    code, text, _ = run()
    assert code == 0
    assert "高清率" not in text
    frame = pyogrio.read_dataframe(files["cameras"])
    frame["分辨率"] = ["1920×1080", "4K", "720P", None]
    frame.to_file(files["cameras"])
    rate = summary_of(run)["high_definition"]
    assert (rate["numerator"], rate["denominator"], rate["unknown"]) == (2, 3, 1)
    assert rate["share"] == pytest.approx(2 / 3)
    code, text, _ = run()
    assert "高清率" in text
    assert "2 / 3" in text
