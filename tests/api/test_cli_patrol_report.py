"""What `gridpatrol patrol report` finds: due against done, seen, handled, unknown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio
import pytest
from shapely import Point, box

from data.town import make_town
from geo.patrol.obliged import due_by_shift
from tests.api.walked_town import (
    DAY,
    DRIVE,
    WALK,
    fixes,
    patrol_run,
    placed,
    write_csv,
    write_town,
    write_units,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.api.walked_town import Run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command."""
    return patrol_run(capsys, monkeypatch)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Write the town."""
    return write_town(tmp_path)


def files(town: Path) -> list[object]:
    """Return the arguments that name the layers of the town."""
    return [
        "--streets", f"{town}:streets", "--tracks", town.parent / "tracks.csv",
        "--points", f"{town}:points", "--segments", f"{town}:segments",
        "--areas", f"{town}:areas", "--units", town.parent / "units.xlsx",
    ]  # fmt: skip


NIGHT = ("--date", "2026-06-30")


def reported(run: Run, town: Path, *options: object) -> dict[str, Any]:
    """Return the summary of a report of the night."""
    code, out, err = run("report", *files(town), *NIGHT, *options, "--json")
    assert code == 0, err
    return json.loads(out)


def findings(summary: dict[str, Any]) -> dict[str, str]:
    """Return place -> finding."""
    return {row["id"]: row["finding"] for row in summary["findings"]}


def test_the_truth_that_was_planted_is_found(run: Run, town: Path) -> None:
    """A segment and a point done, one driven through, two missed, one unknown."""
    found = reported(run, town)
    assert findings(found) == {
        "D2": "driven_through", "D3": "missed", "D4": "unknown", "P3": "missed",
    }  # fmt: skip
    counts = found["compliance"]
    assert {name: counts[name] for name in ("due", "done", "driven_through", "missed",
                                            "unknown")} == {
        "due": 6, "done": 2, "driven_through": 1, "missed": 2, "unknown": 1,
    }  # fmt: skip
    assert counts["completed_share"] == pytest.approx(2 / 6)
    assert counts["completed_share_upper"] == pytest.approx(3 / 6)
    assert "completed_share" in counts["formulas"]
    assert found["rules"]["evidence"]["share"] == 0.8
    assert [row["area_id"] for row in found["areas"]] == ["X1"]
    assert found["activity"] == {"active": 2, "paper": 0, "unknown": 0}
    assert found["silent_s"] == pytest.approx(1_800, abs=20)


def test_another_limit_is_another_finding(run: Run, town: Path) -> None:
    """At 90 km/h nothing is driven through; three minutes are no stay of five."""
    found = findings(reported(run, town, "--rule", "driven_kmh=90", "--rule", "dwell_s=300"))
    assert found == {"D3": "missed", "D4": "unknown", "P1": "missed", "P3": "missed"}


def test_a_place_due_twice_is_drawn_as_the_worst_of_both(
    run: Run, town: Path, tmp_path: Path
) -> None:
    """Once done and once missed is missed; what was seen comes before what nobody knows."""
    streets = pyogrio.read_dataframe(town, layer="segments")
    streets.assign(visits=2).to_file(town, layer="segments")
    reported(run, town, "--out", tmp_path / "out")
    drawn = pyogrio.read_dataframe(tmp_path / "out" / "result.gpkg", layer="statuses")
    told = drawn.set_index("id")[["status", "due", "done"]].T.to_dict("list")
    assert told == {
        "P1": ["done", 1, 1], "P3": ["missed", 1, 0], "D1": ["missed", 2, 1],
        "D2": ["missed", 2, 0], "D3": ["missed", 2, 0], "D4": ["unknown", 2, 0],
    }  # fmt: skip


def test_presence_is_length_by_slots_seen_of_those_due(run: Run, town: Path) -> None:
    """Three segments of eight quarters and one of two, all of 400 m: two quarters were seen."""
    found = reported(run, town)["presence"]
    assert found["due_slots"] == 26
    assert found["seen_slots"] == 2
    assert found["share"] == pytest.approx(2 / 26)
    yard = placed([box(-60, 140, 460, 260)], area_id=["Y"])
    yard.to_file(town, layer="yard")
    inside = reported(run, town, "--compounds", f"{town}:yard")["presence"]
    assert inside["seen_slots"] == 1
    assert inside["dropped"]["compound"] > 200


def test_events_found_by_patrol_are_a_share_with_both_ends(run: Run, town: Path) -> None:
    """One of three by patrol, one by a call, of one nobody says."""
    found = reported(run, town, "--incidents", f"{town}:events")["handling"]
    assert (found["numerator"], found["denominator"], found["unknown"]) == (1, 3, 1)
    assert found["share"] == pytest.approx(1 / 3)
    assert found["share_upper"] == pytest.approx(2 / 3)


def test_a_check_in_is_a_probable_visit(run: Run, town: Path) -> None:
    """At the bridge that no track shows; too far away it counts for nothing."""
    for x, finding in ((0, None), (70, "missed")):
        sheet = placed([Point(x, 400)], point_id=["P3"], unit_id=["U2"],
                       time=["2026-06-30 20:50:00"])  # fmt: skip
        path = write_csv(sheet, town.parent / "checkins.csv")
        found = reported(run, town, "--checkins", path)
        assert findings(found).get("P3") == finding
        assert found["compliance"]["probable"] == (finding is None)


def test_without_tracks_only_check_ins_count_and_nothing_is_unknown(run: Run, town: Path) -> None:
    """And the page says so."""
    given = files(town)
    cut = given.index("--tracks")
    code, out, err = run("report", *given[:cut], *given[cut + 2 :], *NIGHT, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["compliance"]["unknown"] == 0
    assert found["compliance"]["missed"] == 6
    assert found["presence"] is None
    _, text, _ = run("report", *given[:cut], *given[cut + 2 :], *NIGHT)
    assert "没有给出轨迹" in text


def test_nobody_heard_is_unknown_and_never_missed(run: Run, town: Path) -> None:
    """The car's device said nothing all night: it may have been anywhere."""
    write_csv(fixes(WALK, "T1", "U1"), town.parent / "tracks.csv")
    found = findings(reported(run, town))
    assert set(found.values()) == {"unknown"}
    assert set(found) == {"D2", "D3", "D4", "P3"}


def test_a_shift_without_a_visit_is_0_and_one_with_nothing_due_has_no_share(
    run: Run, town: Path
) -> None:
    """The night before nobody came; the morning after nothing is open."""
    roster = town.parent / "roster.csv"
    roster.write_text(
        "单位编号,日期,班次\nU1,2026-06-29,20:00-22:00\nU1,2026-06-30,20:00-22:00\n"
        "U1,2026-07-01,08:00-10:00\n", "utf-8",
    )  # fmt: skip
    streets = pyogrio.read_dataframe(town, layer="segments")
    streets.assign(windows="20:00-22:00").to_file(town, layer="segments")
    given = [text for text in files(town) if text not in ("--points", f"{town}:points")]
    still = write_csv(
        fixes(((-86_400, 0, 30), (-79_200, 0, 30), *WALK), "T1", "U1"), town.parent / "tracks.csv"
    )
    assert still.exists()
    code, out, err = run("report", *given, "--roster", roster, "--json")
    assert code == 0, err
    shares = {row["shift_id"]: row["completed_share"] for row in json.loads(out)["shifts"]}
    assert shares == {
        "2026-06-29 20:00-22:00": 0.0, "2026-06-30 20:00-22:00": 0.25,
        "2026-07-01 08:00-10:00": None,
    }  # fmt: skip
    _, text, _ = run("report", *given, "--roster", roster)
    assert "无基数" in text


def test_a_shift_over_midnight_belongs_to_the_day_it_began(run: Run, town: Path) -> None:
    """What is walked after midnight counts for the eve."""
    write_units(town.parent, 班次="20:00-04:00")
    late = tuple(knot and (knot[0] + 5 * 3_600, *knot[1:]) for knot in WALK)
    write_csv(fixes(late, "T1", "U1"), town.parent / "tracks.csv")
    found = reported(run, town)
    assert [row["shift_id"] for row in found["shifts"]] == ["2026-06-30 20:00-04:00"]
    assert found["compliance"]["done"] == 2
    assert found["shifts"][0]["day"].startswith("2026-06-30")


def test_a_kept_plan_says_what_was_due_and_from_whom(run: Run, town: Path, tmp_path: Path) -> None:
    """Units answer for their own; the figures by unit add up to all."""
    given = files(town)
    cut = given.index("--tracks")
    layers = [*given[:cut], *given[cut + 2 :]][2:]
    code, _, err = run(
        "plan", f"{town}:streets", *layers, *NIGHT, "--iterations", 50, "--out", tmp_path / "plan"
    )
    assert code == 0, err
    plan = tmp_path / "plan" / "plan.json"
    code, out, err = run("report", *given, "--plan", plan, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["compliance"]["own_unit_only"] is True
    assert sum(row["due"] for row in found["units"]) == found["compliance"]["due"] == 6
    assert {row["unit_id"] for row in found["units"]} >= {"U1", "U2"}
    code, _, err = run("report", *given, "--plan", plan, *NIGHT)
    assert code == 2
    assert "--plan" in err
    plan.write_text("{}", "utf-8")
    code, _, err = run("report", *given, "--plan", plan)
    assert code == 1
    assert "plan.json" in err


def test_the_folder_says_everything_in_words(run: Run, town: Path, tmp_path: Path) -> None:
    """Findings, formulas and limits; a map by status on which unknown is not missed."""
    out = tmp_path / "out"
    code, text, err = run(
        "report", *files(town), *NIGHT, "--incidents", f"{town}:events", "--grids",
        f"{town}:areas", "--rule", "dwell_s=100", "--out", out,
    )  # fmt: skip
    assert code == 0, err
    assert {path.name for path in out.iterdir()} == {"result.gpkg", "summary.json", "map.html"}
    layers = {name for name, _ in pyogrio.list_layers(out / "result.gpkg")}
    assert {"due", "visits", "findings", "shifts", "units", "areas", "grids", "activity",
            "presence_segments", "handling", "swath", "traversals"} <= layers  # fmt: skip
    for said in ("驶过", "漏巡", "不明", "33.3%～50.0%", "各指标的算法", "evidence.dwell_s"):
        assert said in text
    page = (out / "map.html").read_text("utf-8")
    for said in ("应巡与实巡", "驶过（过快）", "不明（设备中断）", "三段", "步巡一组 · T1"):
        assert said in page
    code, text, err = run("report", *files(town), *NIGHT, "--lang", "en")
    assert code == 0, err
    assert "Driven through" in text


@pytest.mark.parametrize(
    ("left", "said"), [("--units", "roster"), ("--points", "points"), ("--date", "nobody")]
)
def test_what_is_missing_is_said(run: Run, town: Path, left: str, said: str) -> None:
    """Nobody on duty, nothing due."""
    given = [*files(town), *NIGHT]
    cut = given.index(left)
    given = [*given[:cut], *given[cut + 2 :]]
    if left == "--points":
        cut = given.index("--segments")
        given = [*given[:cut], *given[cut + 2 :]]
    if left == "--date":
        given += ["--date", "2026-06-30"]
        write_units(town.parent, 班次="周日 20:00-22:00")
    code, _, err = run("report", *given)
    assert code == 1
    assert said in err


def test_the_demo_town_is_reported(run: Run, tmp_path: Path) -> None:
    """Some of the due is done; most of the day no device says anything, so nothing is missed."""
    made = make_town()
    path = tmp_path / "town.gpkg"
    for name in ("streets", "tracks", "must_visit", "segments", "patrol_areas"):
        made.layers()[name].to_file(path, layer=name)
    made.units.to_excel(tmp_path / "units.xlsx", index=False)
    code, out, err = run(
        "report", "--streets", f"{path}:streets", "--tracks", f"{path}:tracks", "--points",
        f"{path}:must_visit", "--segments", f"{path}:segments", "--areas", f"{path}:patrol_areas",
        "--units", tmp_path / "units.xlsx", *NIGHT, "--json",
    )  # fmt: skip
    assert code == 0, err
    found = json.loads(out)
    assert found["compliance"]["done"] > 20
    assert found["compliance"]["missed"] == 0
    assert found["activity"]["active"] == 4
    assert found["unplaced_segments"] == []


def test_what_is_due_without_a_plan_is_every_place_in_every_shift() -> None:
    """Twice in the one shift of its area, within its window; not where it is optional or shut."""
    points = placed(
        [Point(0, 0)] * 4, point_id=["P1", "P2", "P3", "P4"], visits=[2, 1, 1, 1],
        dwell_min=[10.0, 2.0, 2.0, 2.0], windows=["21:00-23:00", None, None, "09:00-10:00"],
        area_code=["A", "B", "A", "A"], required=[True, True, False, True],
    )  # fmt: skip
    on, off = DAY + pd.Timedelta(hours=20), DAY + pd.Timedelta(hours=28)
    roster = pd.DataFrame({
        "shift_id": ["S1", "S1", "S2"], "unit_id": ["U1", "V1", "U2"],
        "mode": ["foot", "video", "foot"], "area_id": ["A", "B", "C"],
        "on": [on] * 3, "off": [off] * 3,
    })  # fmt: skip
    due = due_by_shift(points, None, roster)
    assert due["id"].tolist() == ["P1", "P1"]
    assert due["due_id"].is_unique
    assert due["shift_id"].tolist() == ["S1", "S1"]
    assert due["unit_id"].isna().all()
    assert (due["earliest"] == DAY + pd.Timedelta(hours=21)).all()
    assert (due["latest"] == DAY + pd.Timedelta(hours=22, minutes=50)).all()
    every = due_by_shift(points, None, roster.assign(area_id=None))
    assert every.groupby("shift_id")["id"].agg(list).tolist() == [["P1", "P1", "P2"]] * 2
    grids = placed([box(-9, -9, 9, 9)], area_id=["G7"])
    assert set(due_by_shift(points, None, roster, grids=grids)["grid_id"]) == {"G7"}


def test_the_car_is_the_only_one_on_the_second_segment() -> None:
    """The town is what its description says: the car passes at 54 km/h."""
    (before, after) = DRIVE[2:4]
    assert (after[1] - before[1]) / (after[0] - before[0]) * 3.6 > 50
