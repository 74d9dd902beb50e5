"""What `gridpatrol grids` finds in files, prints and writes."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from api import cli
from data import read_layer
from tests.strategies import CRS, areas_of, box, line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

VILLAGE = "610999001001"
"""Twelve digits."""

IDS = [f"{VILLAGE}00{n}" for n in range(1, 5)]
"""The four grids: all of them touch the overlap of two."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return `gridpatrol grids ...`: exit code, output and errors."""

    def grids(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridpatrol", "grids", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "160")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return grids


def written(path: Path, frame: gpd.GeoDataFrame, layer: str = "layer") -> Path:
    """Write a frame in degrees, as files come."""
    frame.to_crs(4326).to_file(path, layer=layer)
    return path


@pytest.fixture
def grids(tmp_path: Path) -> Path:
    """Return four grids of 200 x 100 m; the third laps 5 m over the fourth."""
    frame = areas_of(
        {
            f"{VILLAGE}001": box(0, 100, 200, 200),
            f"{VILLAGE}002": box(200, 100, 400, 200),
            f"{VILLAGE}003": box(0, 0, 205, 100),
            f"{VILLAGE}004": box(200, 0, 400, 100),
        }
    ).assign(households=[100, 300, 200, 400], parent_id=VILLAGE)
    return written(tmp_path / "grids.gpkg", frame)


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """Return the village of the grids: 2 m wider in the east than they reach."""
    return written(tmp_path / "village.gpkg", areas_of({VILLAGE: box(0, 0, 402, 200)}))


def summary_of(run: Run, *arguments: object) -> dict[str, Any]:
    """Run it and return the summary."""
    code, text, error = run(*arguments, "--json")
    assert code == 0, error
    summary: dict[str, Any] = json.loads(text)
    return summary


def test_the_audit_prints_what_other_programs_read(run: Run, grids: Path, village: Path) -> None:
    """Areas, ground, noise, and each defect with kind, size and areas."""
    found = summary_of(run, "audit", grids)
    assert (found["areas"], found["ignored"]) == (4, 0)
    assert found["area_m2"] == pytest.approx(80_000.0, rel=1e-6)
    (overlap,) = found["defects"]
    assert overlap.pop("area_m2") == pytest.approx(500.0, rel=1e-4)
    assert overlap == {"kind": "overlap", "of": None, "ids": IDS}
    beside = summary_of(run, "audit", grids, "--parent", village)
    assert [(row["kind"], round(row["area_m2"])) for row in beside["defects"]] == [
        ("gap", 400),
        ("overlap", 500),
    ]
    wide = summary_of(run, "audit", grids, "--parent", village, "--sliver", "3")
    assert [(row["kind"], row["of"]) for row in wide["defects"]] == [
        ("overlap", None),
        ("sliver", "gap"),
    ]


def test_the_audit_writes_places_page_and_summary(run: Run, grids: Path, tmp_path: Path) -> None:
    """And says in words what is wrong, and what next."""
    code, text, error = run("audit", grids, "--out", tmp_path / "out")
    assert code == 0, error
    assert "重叠" in text
    assert "500.00 平方米" in text
    assert "grids repair" in text
    places = gpd.read_file(tmp_path / "out" / "result.gpkg", layer="defects")
    assert places["ids"].tolist() == [" ".join(IDS)]
    assert places.area.iloc[0] == pytest.approx(500.0, rel=1e-4)
    assert json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["areas"] == 4
    assert "网格界线检查" in (tmp_path / "out" / "map.html").read_text("utf-8")


def test_grids_that_fit_are_told_so(run: Run, tmp_path: Path) -> None:
    """In words: an empty list is no answer."""
    whole = areas_of({"a": box(0, 0, 9, 9), "b": box(9, 0, 18, 9)})
    code, text, _ = run("audit", written(tmp_path / "whole.gpkg", whole), "--lang", "en")
    assert code == 0
    assert "the grids fit together" in text
    assert "grids repair" not in text


def test_an_audit_sees_crossed_rings_and_codes_given_twice(run: Run, tmp_path: Path) -> None:
    """Every other command sets such rows aside, or numbers them."""
    bow = shapely.Polygon([(0, 20), (9, 30), (9, 20), (0, 30)])
    frame = areas_of({"a": box(0, 0, 9, 9), "b": box(9, 0, 18, 9)})
    moved = shapely.transform(bow, lambda xy: xy + frame.total_bounds[:2])
    more = gpd.GeoDataFrame({"area_id": ["c"]}, geometry=[moved], crs=CRS)
    frame = gpd.GeoDataFrame(
        {"area_id": ["a", "b", "c"]}, geometry=[*frame.geometry, *more.geometry], crs=CRS
    )
    found = summary_of(run, "audit", written(tmp_path / "bow.gpkg", frame))
    assert {(row["kind"], *row["ids"]) for row in found["defects"]} == {("invalid", "c")}
    assert found["inputs"]["areas"]["rows_set_aside"] == 0


def test_addresses_in_no_grid_or_in_two_are_found(run: Run, grids: Path, tmp_path: Path) -> None:
    """One outside, one in the overlap, one where it belongs."""
    points = points_of([(-50, 50), (202, 50), (100, 50)], address_id=["1", "2", "3"])
    found = summary_of(
        run, "audit", grids, "--addresses", written(tmp_path / "addresses.gpkg", points)
    )
    assert [row["kind"] for row in found["defects"]].count("address") == 2


def test_a_repair_gives_a_layer_that_audits_clean(
    run: Run, grids: Path, village: Path, tmp_path: Path
) -> None:
    """The overlap is 5 m wide: with a tolerance of 6 m it goes, with 1 m it stays and is listed."""
    little = summary_of(run, "repair", grids, "--parent", village, "--tolerance", "1")
    assert little["left"] == {"gap": 1, "overlap": 1}
    out = tmp_path / "repaired"
    code, text, error = run("repair", grids, "--parent", village, "--tolerance", "6", "--out", out)
    assert code == 0, error
    assert "已修复" in text
    again = summary_of(run, "audit", f"{out / 'result.gpkg'}:areas", "--parent", village)
    assert again["defects"] == []
    assert read_layer(f"{out / 'result.gpkg'}:areas", "areas").frame["households"].sum() == 1_000


def test_loads_are_told_against_the_mean_with_advice(run: Run, grids: Path) -> None:
    """250 households a grid are few in town; that is advice."""
    found = summary_of(run, "balance", grids)
    assert found["max_min"] == 4.0
    assert found["largest_deviation"] == pytest.approx(0.6)
    assert found["households"]["outside"] == 2
    code, text, _ = run("balance", grids)
    assert code == 0
    assert "户数偏少" in text
    assert "只是提示，不是错误" in text
    assert "+60.0%" in text


def test_loads_can_be_counted_from_layers_and_weighed(
    run: Run, grids: Path, tmp_path: Path
) -> None:
    """Incidents stand in one grid alone; a weight that is none is refused."""
    incidents = points_of([(50, 150), (60, 150)], incident_id=["1", "2"], kind=["dispute"] * 2)
    file = written(tmp_path / "incidents.gpkg", incidents)
    found = summary_of(run, "balance", grids, "--incidents", file, "--weights", "incidents=1")
    assert found["means"]["incidents"] == 0.5
    assert found["largest_deviation"] == pytest.approx(3.0)
    code, _, error = run("balance", grids, "--weights", "cats=1")
    assert code == 1
    assert "cats" in error


def test_codes_run_west_to_east_and_north_to_south(
    run: Run, grids: Path, village: Path, tmp_path: Path
) -> None:
    """A new layer has them, with the codes before beside them."""
    frame = gpd.read_file(grids).assign(area_id=["d", "c", "b", "a"], parent_id=None)
    mixed = written(tmp_path / "mixed.gpkg", frame)
    out = tmp_path / "out"
    code, text, error = run("code", mixed, "--villages", village, "--out", out)
    assert code == 0, error
    coded = gpd.read_file(out / "result.gpkg", layer="areas")
    assert coded["area_id"].tolist() == [f"{VILLAGE}00{n}" for n in range(1, 5)]
    assert coded["former_id"].tolist() == ["d", "c", "b", "a"]
    assert "不是 15 位数字" in text
    kept = summary_of(run, "code", grids, "--villages", village, "--keep")
    assert (kept["kept"], kept["new"]) == (4, 0)


def test_workers_are_whole_and_add_up(run: Run, grids: Path) -> None:
    """126 over four grids by households; fewer than one each is refused."""
    found = summary_of(run, "allocate", grids, "126")
    counts = [row["workers"] for row in found["by_area"]]
    assert sum(counts) == found["workers"] == 126
    assert counts == [13, 38, 25, 50]
    code, _, error = run("allocate", grids, "3")
    assert code == 1
    assert "3" in error
    _, text, _ = run("allocate", grids, "126")
    assert "50" in text


@pytest.fixture
def town(tmp_path: Path) -> dict[str, Path]:
    """Return a village of 8 x 4 blocks between streets, with a house of 10 homes in each."""
    streets = [line((50 * n, 0), (50 * n, 200)) for n in range(1, 8)]
    streets += [line((0, 50 * n), (400, 50 * n)) for n in range(1, 4)]
    houses = [
        box(50 * i + 15, 50 * j + 15, 50 * i + 35, 50 * j + 35) for i in range(8) for j in range(4)
    ]
    frames = {
        "village": areas_of({VILLAGE: box(0, 0, 400, 200)}),
        "streets": streets_of(streets),
        "buildings": gpd.GeoDataFrame({"households": [10] * 32}, geometry=houses, crs=CRS),
        # 6, 18 and 8 blocks.
        "current": areas_of(
            {"1": box(0, 0, 75, 200), "2": box(75, 0, 300, 200), "3": box(300, 0, 400, 200)}
        ),
    }
    return {name: written(tmp_path / f"{name}.gpkg", frame) for name, frame in frames.items()}


def test_plans_stand_side_by_side_with_what_they_change(
    run: Run, town: dict[str, Path], tmp_path: Path
) -> None:
    """Four grids of 80 households; the same seed says the same."""
    asked = ["divide", town["village"], "--into", "4", "--streets", town["streets"],
             "--buildings", town["buildings"]]  # fmt: skip
    found = summary_of(run, *asked)
    assert summary_of(run, *asked, "--seed", "7")["seed"] == 7
    assert found["plans"][0]["largest_deviation"] <= 0.05
    again = summary_of(run, *asked)
    assert [plan | {"seconds": 0} for plan in again["plans"]] == [
        plan | {"seconds": 0} for plan in found["plans"]
    ]
    out = tmp_path / "plans"
    more = ["--current", town["current"], "--out", out, "--tolerance", "0.2"]
    code, text, error = run(*[*asked[:3], "3", *asked[4:]], *more)
    assert code == 0, error
    assert "改动最少" in text
    assert "现状" in text
    assert "只是建议" in text
    layers = pyogrio.list_layers(out / "result.gpkg")[:, 0].tolist()
    assert {"plan_1", "plan_1_changes", "plan_1_blocks"} <= set(layers)
    plan = gpd.read_file(out / "result.gpkg", layer="plan_1")
    assert plan["households"].sum() == 320
    assert plan.area.sum() == pytest.approx(80_000.0, rel=1e-6)
    assert np.abs(plan["households"] * 3 / 320 - 1).max() <= 0.2


def test_water_is_a_border_unless_a_bridge_crosses_it(
    run: Run, town: dict[str, Path], tmp_path: Path
) -> None:
    """Six houses of ten homes on one bank, 26 on the other: so uneven are two grids then."""
    north = [box(10 + 60 * n, 160, 30 + 60 * n, 180) for n in range(6)]
    south = [box(10 + 28 * (n % 13), 10 + 50 * (n // 13), 30 + 28 * (n % 13), 30 + 50 * (n // 13))
             for n in range(26)]  # fmt: skip
    homes = gpd.GeoDataFrame({"households": [10] * 32}, geometry=[*north, *south], crs=CRS)
    streets = [line((0, 85), (400, 85)), *(line((60 * n, 0), (60 * n, 85)) for n in range(1, 7))]
    bridge = [*streets, line((200, 85), (200, 200))]
    river = areas_of({"r": box(0, 100, 400, 150)})
    asked = ["divide", town["village"], "--into", "2",
             "--buildings", written(tmp_path / "homes.gpkg", homes),
             "--water", written(tmp_path / "river.gpkg", river), "--streets"]  # fmt: skip
    dry = summary_of(run, *asked, written(tmp_path / "streets.gpkg", streets_of(streets)))
    assert dry["plans"][0]["largest_deviation"] == pytest.approx(10 / 16)
    flags = [*([None] * len(streets)), "yes"]
    crossed = written(tmp_path / "bridge.gpkg", streets_of(bridge, bridge=flags))
    assert summary_of(run, *asked, crossed)["plans"][0]["largest_deviation"] < 0.2


def test_more_grids_than_blocks_are_refused_with_both_numbers(
    run: Run, town: dict[str, Path]
) -> None:
    """Nobody hangs."""
    code, _, error = run("divide", town["village"], "--into", "99", "--streets", town["streets"],
                         "--buildings", town["buildings"])  # fmt: skip
    assert code == 1
    assert "99" in error
    assert "32" in error


def test_gridding_workers_and_work_are_told_with_what_they_are_made_of(
    run: Run, grids: Path, village: Path, tmp_path: Path
) -> None:
    """Grids fill all but 2 m of the village; one of three slots is vacant, one grid reports."""
    slots = tmp_path / "slots.csv"
    slots.write_text(
        f"网格编码,角色,专兼职,状态\n{IDS[0]},网格长,专职,在岗\n{IDS[1]},网格员,兼职,在岗\n"
        f"{IDS[1]},网格员,兼职,空缺\n",
        encoding="utf-8",
    )
    work = tmp_path / "work.csv"
    work.write_text(
        f"网格编码,月份,类别,数量\n{IDS[0]},2026-09,走访,5\n{IDS[0]},2026-10,走访,20\n",
        encoding="utf-8",
    )
    asked = ["figures", grids, village, "--workers", slots, "--work", work]
    found = summary_of(run, *asked)
    rates = found["gridding"]
    assert (rates["by_count"]["numerator"], rates["by_count"]["denominator"]) == (1, 1)
    assert rates["by_area"]["share"] == pytest.approx(80_000 / 80_400, rel=1e-6)
    total = found["workers"][-1]
    assert (total["workers"], total["full_time"], total["part_time"]) == (2, 1, 1)
    assert (total["vacant"], total["grids_without_worker"]) == (1, 2)
    assert found["work"]["month"] == "2026-10"
    assert found["work"]["no_report"] == IDS[1:]
    assert found["work"]["totals"][-1]["total"] == 20
    assert summary_of(run, *asked, "--month", "2026-09")["work"]["totals"][-1]["total"] == 5
    code, text, error = run(*asked, "--out", tmp_path / "out")
    assert code == 0, error
    for said in ("网格化率（按面积，平方公里）", "走访", "空缺", "2026-10 工作量"):
        assert said in text


def test_nets_are_merged_into_pieces_that_add_up(run: Run, grids: Path, tmp_path: Path) -> None:
    """Four grids of one net and two of another; each piece lies in one of each."""
    whole = areas_of(
        {IDS[0]: box(0, 100, 200, 200), IDS[1]: box(200, 100, 400, 200),
         IDS[2]: box(0, 0, 200, 100), IDS[3]: box(200, 0, 400, 100)}
    )  # fmt: skip
    ours = written(tmp_path / "ours.gpkg", whole)
    theirs = written(
        tmp_path / "theirs.gpkg", areas_of({"w": box(0, 0, 100, 200), "e": box(100, 0, 400, 200)})
    )
    out = tmp_path / "out"
    code, text, error = run("merge", f"综治={ours}", f"民政={theirs}", "--out", out)
    assert code == 0, error
    assert "民政" in text
    pieces = gpd.read_file(out / "result.gpkg", layer="pieces")
    assert len(pieces) == 6
    assert pieces.area.sum() == pytest.approx(80_000.0, rel=1e-6)
    assert pieces["民政"].value_counts().to_dict() == {"e": 4, "w": 2}
    # The third grid laps over the fourth: such a net is for the audit first.
    code, _, error = run("merge", f"综治={grids}", f"民政={theirs}")
    assert code == 1
    assert IDS[2] in error
    assert IDS[3] in error
    for wrong in ([f"综治={ours}"], [f"a={ours}", f"a={theirs}"], [str(ours), f"a={theirs}"]):
        code, _, error = run("merge", *wrong)
        assert code == 2
        assert "NAME=FILE" in error


def test_what_lies_within_a_distance_is_told_with_the_nearest(run: Run, tmp_path: Path) -> None:
    """499.9 m is within 500 m, 500.1 m is not; in an unofficial datum both are in doubt."""
    homes = gpd.GeoDataFrame({"building_id": ["B"]}, geometry=[box(0, 0, 10, 10)], crs=CRS)
    sites = points_of([(509.9, 5), (5, 510.1), (5, 5)], site_id=["a", "b", "c"])
    files = written(tmp_path / "sites.gpkg", sites), written(tmp_path / "homes.gpkg", homes)
    found = summary_of(run, "near", *files, "--distance", "500")
    assert found["within_ids"] == ["c", "a"]
    assert (found["places"], found["targets"], found["doubtful"]) == (3, 1, 0)
    doubted = summary_of(run, "near", *files, "--distance", "500", "--datum", "gcj02")
    assert doubted["doubtful"] == 2
    code, text, _ = run("near", *files, "--distance", "500", "--out", tmp_path / "out")
    assert code == 0
    assert "500 米以内" in text
    lines = gpd.read_file(tmp_path / "out" / "result.gpkg", layer="lines")
    assert sorted(lines["distance_m"].round(1)) == [0.0, 499.9, 500.1]


def test_stations_are_ranked_by_what_falls_to_an_officer(run: Run, tmp_path: Path) -> None:
    """Two of three have officers; a town with nine full-time members is listed."""
    frame = areas_of(
        {"s1": box(0, 0, 1000, 1000), "s2": box(1000, 0, 3000, 1000), "s3": box(3000, 0, 3100, 100)}
    ).rename(columns={"area_id": "team_id"})
    frame = frame.assign(name=["城关所", "江北所", "山口所"], parent_id=["t1", "t2", "t2"],
                         officers=[10, 5, 0], people=[8_000, 6_000, 500],
                         full_time=[12, 6, 3])  # fmt: skip
    file = written(tmp_path / "teams.gpkg", frame)
    found = summary_of(run, "teams", file)
    ranked = [(row["team_id"], row["people_per_officer"], row["rank"]) for row in found["ranking"]]
    assert ranked == [("s2", 1_200.0, 1), ("s1", 800.0, 2), ("s3", None, None)]
    assert found["ranking"][0]["area_km2"] == pytest.approx(2.0, rel=1e-6)
    assert found["without_rate"] == [{"team_id": "s3", "why": "no_officers"}]
    (short,) = found["short_teams"]
    assert (short["town_id"], short["full_time"], short["missing"]) == ("t2", 9, 1)
    assert summary_of(run, "teams", file, "--least", "9")["short_teams"] == []
    incidents = points_of([(100, 100), (200, 100), (1500, 500)], kind=["event"] * 3)
    counted = written(tmp_path / "incidents.gpkg", incidents)
    by = summary_of(run, "teams", file, "--incidents", counted, "--by", "incidents")
    rates = [row["incidents_per_officer"] for row in by["ranking"][:2]]
    assert [row["team_id"] for row in by["ranking"][:2]] == ["s1", "s2"]
    assert rates == [0.2, 0.2]
    code, text, error = run("teams", file, "--out", tmp_path / "out")
    assert code == 0, error
    for said in ("江北所", "1,200.00", "不足 10 人的乡镇", "t2"):
        assert said in text


def test_beats_are_matched_with_grids(run: Run, grids: Path, tmp_path: Path) -> None:
    """One beat over two grids, another over one of them and a third; the fourth has none."""
    frame = areas_of(
        {"b1": box(0, 100, 400, 200), "b2": box(200, 100, 400, 200), "b3": box(900, 0, 950, 50)}
    )
    found = summary_of(run, "beats", written(tmp_path / "beats.gpkg", frame), grids)
    assert found["vacancies"] == IDS[2:]
    assert found["double_posts"] == [IDS[1]]
    assert found["orphans"] == ["b3"]
    code, text, error = run("beats", tmp_path / "beats.gpkg", grids, "--out", tmp_path / "out")
    assert code == 0, error
    assert "没有警务区的网格" in text
    assert len(gpd.read_file(tmp_path / "out" / "result.gpkg", layer="pairs")) == 3
