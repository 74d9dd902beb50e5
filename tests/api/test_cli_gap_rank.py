"""Gaps of posts and cameras by incidents, as `gridpatrol posts` and `cameras` tell them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from api import cli
from tests.api.files import scene
from tests.strategies import CRS, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

HAPPENED = [
    # x, y, found by, day; the post covers x from 100 to 200, the camera from 250 on.
    *[(30.0, 5.0, "群众报警", "2024-05-02")] * 3,
    (220.0, 5.0, "群众报警", "2024-05-03"),
    (230.0, 5.0, None, "2024-04-30"),
    *[(240.0, 5.0, "巡逻", "2024-05-04")] * 4,
    (120.0, 5.0, "群众报警", "2024-06-01"),
    (30.0, 300.0, "群众报警", "2025-01-01"),
]
"""Three in the west, two in the east where patrols found four more, one at the post, one far."""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Return the small scene with a ledger of incidents; the last row of it has no place."""
    files = scene(tmp_path)
    west, south = ORIGIN
    rows = pd.DataFrame(HAPPENED, columns=["x", "y", "发现方式", "时间"])
    at = gpd.GeoSeries.from_xy(rows.pop("x") + west, rows.pop("y") + south, crs=CRS).to_crs(4326)
    rows = rows.assign(类型="事件", 经度=at.x, 纬度=at.y)
    rows.loc[len(rows)] = ["群众报警", "2024-05-05", "事件", None, None]
    files["incidents"] = tmp_path / "incidents.csv"
    rows.to_csv(files["incidents"], index=False)
    return files


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, files: dict[str, Path]
) -> Run:
    """Return `gridpatrol posts|cameras STREETS SITES ...`: exit code, output and errors."""

    def over(sites: str, *arguments: object) -> tuple[int, str, str]:
        words = ["gridpatrol", sites, files["streets"], files[sites], *arguments]
        monkeypatch.setattr(sys, "argv", [*map(str, words)])
        monkeypatch.setenv("COLUMNS", "200")
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return over


def summary_of(run: Run, *arguments: object) -> dict[str, Any]:
    """Run it and return the summary."""
    code, text, error = run(*arguments, "--json")
    assert code == 0, error
    return dict(json.loads(text))


def test_gaps_of_posts_are_ranked_by_what_the_public_reported(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """Three in the west come before two in the east, though patrols found four more there."""
    out = tmp_path / "out"
    code, text, error = run("posts", "--incidents", files["incidents"], "--out", out)
    assert code == 0, error
    gaps = pyogrio.read_dataframe(out / "result.gpkg", layer="gaps")
    assert gaps["start_m"].round().tolist() == [0.0, 200.0]
    assert gaps[["rank", "incidents"]].to_numpy().tolist() == [[1, 3], [2, 2]]
    assert gaps["incidents_per_100_m"].tolist() == pytest.approx([3.0, 2.0], abs=0.01)
    told = json.loads((out / "summary.json").read_text("utf-8"))["gaps_by_incidents"]
    assert [(row["rank"], row["incidents"]) for row in told["first"]] == [(1, 3), (2, 2)]
    counts = {"rows": 12, "at_gaps": 5, "at_covered": 1, "too_far": 1, "without_place": 1,
              "found_by_patrols_left_out": 4, "unknown_source": 1, "reach_m": 50.0}  # fmt: skip
    assert {name: told[name] for name in counts} == counts
    assert told["found_by_patrols"]["share"] == pytest.approx(4 / 11)
    assert (told["days"]["first_day"], told["days"]["last_day"]) == ("2024-04-30", "2024-06-01")
    page = (out / "map.html").read_text("utf-8")
    for shown in (text.replace("\n", ""), page):
        assert "空白按事件排序（前列先补）" in shown
        assert "柳巷" in shown
        assert "4/11 = 36.36%" in shown
        assert "2024-04-30至2024-06-01" in shown.replace(" ", "")


def test_gaps_of_cameras_are_ranked_without_a_wish(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """Nothing is turned, so that incidents weigh nothing; they are at one gap of 250 m."""
    out = tmp_path / "out"
    code, text, error = run(
        "cameras", "--incidents", files["incidents"], "--out", out, "--lang", "en"
    )
    assert code == 0, error
    gaps = pyogrio.read_dataframe(out / "result.gpkg", layer="gaps")
    assert gaps[["rank", "incidents"]].to_numpy().tolist() == [[1, 6]]
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert "incidents" not in summary
    assert "incidents_weighed" not in {note["code"] for note in summary["notes"]}
    assert summary["gaps_by_incidents"]["at_gaps"] == 6
    assert "Gaps by incidents, those to close first" in text
    assert "left out of the ranking, 4/11 = 36.36%" in text.replace("\n", " ")
    turned = summary_of(run, "cameras", "--incidents", files["incidents"], "--reaim", 0)
    assert turned["incidents"] == {"weighed": 11, "left_out": 1}
    assert turned["gaps_by_incidents"]["at_gaps"] == 6


def test_no_more_than_ten_gaps_are_listed(run: Run, files: dict[str, Path], tmp_path: Path) -> None:
    """All are in the layer; the most incidents first, then the shortest gap."""
    west, south = ORIGIN
    posts = gpd.GeoDataFrame(
        {"post_id": [f"P{n}" for n in range(12)]},
        geometry=gpd.points_from_xy([west + 25 * n for n in range(12)], [south] * 12), crs=CRS,
    )  # fmt: skip
    posts.to_crs(4326).to_file(files["posts"])
    rows = [(west + 25 * n + 12, south + 2) for n in range(12)]
    at = gpd.GeoSeries.from_xy(*zip(*rows, strict=True), crs=CRS).to_crs(4326)
    table = pd.DataFrame({"类型": "事件", "经度": at.x, "纬度": at.y})
    table.to_csv(files["incidents"], index=False)
    out = tmp_path / "out"
    told = summary_of(
        run, "posts", "--incidents", files["incidents"], "--reach", 5, "--out", out
    )["gaps_by_incidents"]  # fmt: skip
    assert (told["gaps"], told["gaps_with_incidents"], len(told["first"])) == (12, 12, 10)
    assert told["days"] is None
    assert len(pyogrio.read_dataframe(out / "result.gpkg", layer="gaps")) == 12
    _, text, _ = run("posts", "--incidents", files["incidents"], "--reach", 5)
    table_ = text[text.index("空白按事件排序（前列先补）") :]
    assert table_.count("柳巷") == 10
    assert "时间不明" in table_


def test_without_incidents_no_gap_has_a_rank(
    run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """And nothing is said of any; nor is one listed where none happened at a gap."""
    out = tmp_path / "out"
    code, text, _ = run("posts", "--out", out)
    assert code == 0
    assert "rank" not in pyogrio.read_dataframe(out / "result.gpkg", layer="gaps").columns
    assert "gaps_by_incidents" not in json.loads((out / "summary.json").read_text("utf-8"))
    assert "空白按事件" not in text
    at = pd.read_csv(files["incidents"]).iloc[9:10]
    at.to_csv(files["incidents"], index=False)
    code, text, _ = run("posts", "--incidents", files["incidents"])
    assert code == 0
    assert "（前列先补）" not in text
    assert "0 件在空白处，1 件在已覆盖处" in text.replace("\n", "")


def test_incidents_of_which_none_has_a_place_are_refused(run: Run, files: dict[str, Path]) -> None:
    """They can rank nothing; the file is named."""
    pd.read_csv(files["incidents"]).iloc[-1:].to_csv(files["incidents"], index=False)
    code, _, error = run("posts", "--incidents", files["incidents"])
    assert code == 1
    assert "incidents.csv" in error
