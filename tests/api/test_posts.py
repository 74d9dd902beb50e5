"""What a run over posts finds beside their coverage, and what it may not tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio
import pytest

from api.posts import PostOptions
from api.services import run, write
from data import Layer, read_layer
from geo.noding import noded
from geo.posts import Wish
from tests.strategies import line, points_of, streets_of

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


def layers_of(folder: Path, posts: gpd.GeoDataFrame) -> dict[str, Layer]:
    """Write streets and posts and read them back."""
    streets_of([line((0, 0), (400, 0))]).to_file(folder / "streets.gpkg")
    posts.to_file(folder / "posts.gpkg")
    return {kind: read_layer(str(folder / f"{kind}.gpkg"), kind) for kind in ("streets", "posts")}


OPEN = points_of(
    [(100, 0), (160, 0)], post_id=["a", "c"], name=["桥头哨", "市场哨"],
    hours=["08:00-20:00", "全天"],
)  # fmt: skip

MIXED = points_of(
    [(100, 0), (300, 0), (160, 0), (340, 0)],
    post_id=["a", "b", "c", "d"], name=["桥头哨", "后巷哨", "市场哨", "渡口哨"],
    hours=["08:00-20:00", "全天", "全天", "全天"],
    visibility=["明哨", "暗哨", "明哨", "不明"],
)  # fmt: skip


def test_a_run_finds_coverage_spacing_hours_value_and_a_proposal(tmp_path: Path) -> None:
    """Along the street by default; all of it in one summary and one file of layers."""
    done = run("posts", layers_of(tmp_path, OPEN), posts=PostOptions(wish=Wish(1)))
    summary = done.summary()
    assert summary["distance"] == "street"
    assert summary["covered_length_m"] == pytest.approx(160.0, abs=1e-3)
    assert summary["crowded_pairs"] == 0
    assert summary["mean_spacing_m"] == pytest.approx(60.0, abs=1e-3)
    assert summary["spacing_gaps"] == 2
    assert summary["worst_gap_m"] == pytest.approx(480.0, abs=1e-3)
    assert summary["straight_to_street_ratio"] == pytest.approx(1.0, abs=1e-6)
    assert summary["hours"]["worst_hour"] == "Mo 00:00"
    assert summary["value"]["critical_posts"] == 2
    assert {"sites", "objective", "bound", "gap", "method", "stopped_by", "seconds", "seed"} <= set(
        summary["proposal"]
    )
    files = write(done, tmp_path / "out", title="t")
    names = {name for name, _ in pyogrio.list_layers(files["result"])}
    assert names == {"gaps", "covered", "posts", "spacing_gaps", "spacings", "hours",
                     "worst_hour_gaps", "proposal", "curve"}  # fmt: skip
    assert "哨位建议" in files["map"].read_text("utf-8")


def test_straight_distance_stays_and_is_labelled(tmp_path: Path) -> None:
    """And the hours asked for decide which hour is the worst."""
    asked = PostOptions(distance="straight", hours="09:00-10:00")
    done = run("posts", layers_of(tmp_path, OPEN), posts=asked)
    assert done.summary()["distance"] == "straight"
    assert done.summary()["hours"]["worst_hour"] == "Mo 09:00"
    page = write(done, tmp_path / "out", title="t")["map"].read_text("utf-8")
    assert "直线距离，未计河流与街道" in page


def test_without_covert_posts_everything_is_as_if_there_were_none(tmp_path: Path) -> None:
    """The same bytes as from a file that never held them, but for the names of the files."""
    mixed, plain = tmp_path / "mixed", tmp_path / "plain"
    results = []
    for folder, posts in ((mixed, MIXED), (plain, MIXED.iloc[[0, 2]])):
        folder.mkdir()
        done = run("posts", layers_of(folder, posts), posts=PostOptions(wish=Wish(1)))
        files = write(done, folder / "out", title="t")
        summary = json.loads(files["summary"].read_text("utf-8"))
        del summary["proposal"]["seconds"]
        tables = {
            name: pyogrio.read_dataframe(files["result"], layer=name)
            for name, _ in pyogrio.list_layers(files["result"])
        }
        results.append((summary, tables, files["map"].read_text("utf-8")))
    (summary, tables, page), (expected, expected_tables, expected_page) = results
    assert summary == expected
    assert summary["posts_counted"] == "overt"
    assert page == expected_page
    assert "明哨口径" in page
    assert list(tables) == list(expected_tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(expected_tables[name]))


def test_with_covert_posts_every_output_is_marked(tmp_path: Path) -> None:
    """Level, date and who ran it: in the summary, the layers and on the page."""
    done = run("posts", layers_of(tmp_path, MIXED), posts=PostOptions(include_covert=True))
    summary = done.summary()
    assert summary["posts"] == 4
    assert summary["posts_counted"] == "overt_and_covert"
    assert summary["marking"]["level"] == "内部"
    assert set(summary["marking"]) == {"level", "date", "operator"}
    files = write(done, tmp_path / "out", title="t")
    assert "内部 · 含暗哨 · " in files["map"].read_text("utf-8")
    marking = pyogrio.read_dataframe(files["result"], layer="marking")
    assert marking["level"].tolist() == ["内部"]


def test_one_network_serves_all_that_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Noding the streets is what takes longest: coverage to proposal share it."""
    made = []

    def counted(*given: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on
        made.append(1)
        return noded(*given, **options)

    monkeypatch.setattr("geo.streets.noded", counted)
    run("posts", layers_of(tmp_path, OPEN), posts=PostOptions(wish=Wish(1)))
    assert len(made) == 1
