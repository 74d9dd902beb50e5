"""What is written can be read by others, is whole, and says null where nothing is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest

from data.export import to_json, write_geopackage, write_json, write_text
from tests.strategies import line, points_of, streets_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_geopackage_has_its_layers_and_tables(tmp_path: Path) -> None:
    """Lines, points, a table without geometry, a row without a place, Chinese, mixed ids."""
    points = points_of([(0, 0), (1, 1)], post_id=["甲", 2], on=[True, None], share=[np.nan, 0.5])
    points = gpd.GeoDataFrame(points, geometry=[points.geometry.iloc[0], None], crs=points.crs)
    table = pd.DataFrame({"row": [3], "reason": ["no_place"]})
    path = tmp_path / "result.gpkg"
    write_geopackage(
        path, {"gaps": streets_of([line((0, 0), (9, 0))]), "posts": points, "aside": table}
    )
    assert [name for name, _ in pyogrio.list_layers(path)] == ["gaps", "posts", "aside"]
    back = pyogrio.read_dataframe(path, layer="posts")
    assert back["post_id"].tolist() == ["甲", "2"]
    assert back.geometry.iloc[1] is None
    assert back.crs.to_epsg() == 4547
    assert np.isnan(back["share"].iloc[0])
    assert pyogrio.read_dataframe(path, layer="aside")["row"].tolist() == [3]
    assert [p.name for p in tmp_path.iterdir()] == ["result.gpkg"]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    """A failure in the middle leaves the old file, and no half of a new one."""
    path = tmp_path / "result.gpkg"
    write_geopackage(path, {"old": streets_of([line((0, 0), (9, 0))])})
    broken = pd.DataFrame({"a": [1]}).rename(columns={"a": "fid"}).assign(FID=[2])
    with pytest.raises(Exception, match=r"."):
        write_geopackage(path, {"new": streets_of([line((0, 0), (9, 0))]), "broken": broken})
    assert [name for name, _ in pyogrio.list_layers(path)] == ["old"]
    assert [p.name for p in tmp_path.iterdir()] == ["result.gpkg"]
    write_geopackage(path, {"new": streets_of([line((0, 0), (9, 0))])})
    assert [name for name, _ in pyogrio.list_layers(path)] == ["new"]


def test_json_says_null_for_what_is_unknown_and_keeps_chinese(tmp_path: Path) -> None:
    """NaN, infinity, NA, None; numpy numbers; nested; keys that are no texts."""
    content = {
        "share": np.float64("nan"), "worst": float("inf"), "na": pd.NA, "none": None,
        "count": np.int64(3), "yes": np.bool_(True), "name": "网格",
        "rows": [{"x": np.nan}, (1.5,)],
        7: "seven",
    }  # fmt: skip
    write_json(tmp_path / "summary.json", content)
    text = (tmp_path / "summary.json").read_text("utf-8")
    assert "网格" in text
    assert json.loads(text) == {
        "share": None, "worst": None, "na": None, "none": None, "count": 3, "yes": True,
        "name": "网格", "rows": [{"x": None}, [1.5]], "7": "seven",
    }  # fmt: skip
    assert text == to_json(content) + "\n"


def test_text_is_utf_8_with_line_feeds(tmp_path: Path) -> None:
    """On every system the same bytes."""
    write_text(tmp_path / "map.html", "网\n格\n")
    assert (tmp_path / "map.html").read_bytes() == "网\n格\n".encode()
