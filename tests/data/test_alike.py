"""Which rows of a file of incidents are alike in all that it says of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.files import Layer, read_layer

if TYPE_CHECKING:
    from pathlib import Path

ROWS = (
    "编号,类型,经度,纬度,备注栏\n1,事件,113.1,30.1,甲\n2,事件,113.1,30.1,甲\n3,事件,113.1,30.1,乙\n"
    "4,事件,113.1,30.1,\n5,事件,,,\n6,事件,113.1,30.1,\n7,事件,,,\n"
)
"""2 repeats 1 and 6 repeats 4; 7, which has no place, repeats 5."""


def groups(layer: Layer) -> list[list[int]]:
    """Return the lines of rows that are alike, those alone too."""
    lines = pd.Series(layer.alike)
    return sorted(group.index.tolist() for _, group in lines.groupby(lines))


def test_a_column_that_is_not_taken_tells_rows_apart_and_the_id_does_not(tmp_path: Path) -> None:
    """Rows that are set aside are numbered too, and a blank cell equals a blank one."""
    file = tmp_path / "a.csv"
    file.write_text(ROWS, "utf-8")
    layer = read_layer(file, "incidents")
    assert "备注栏" not in layer.heads.values()
    assert len(layer.quarantine) == 2
    assert groups(layer) == [[2, 3], [4], [5, 7], [6, 8]]
    posts = read_layer(file, "key_sites", columns={"site_id": "编号"})
    assert posts.alike == {}


def test_the_place_of_a_feature_tells_rows_apart_too(tmp_path: Path) -> None:
    """Lists and records are compared by what they hold."""
    told = [
        ([113.1, 30.1], {"kind": "event", "marks": ["a", "b"], "more": {"n": 1}}),
        ([113.2, 30.1], {"kind": "event", "marks": ["a", "b"], "more": {"n": 1}}),
        ([113.1, 30.1], {"kind": "event", "marks": ["a", "c"], "more": {"n": 1}}),
        ([113.1, 30.1], {"kind": "event", "marks": ["a", "b"], "more": {"n": 2}}),
        ([113.1, 30.1], {"kind": "event", "marks": ["a", "b"], "more": {"n": 1}}),
    ]
    features = [
        {
            "type": "Feature",
            "properties": said,
            "geometry": {"type": "Point", "coordinates": at},
        }
        for at, said in told
    ]
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    assert groups(read_layer(file, "incidents")) == [[1, 5], [2], [3], [4]]
    frame = pd.DataFrame([{"lon": at[0], "lat": at[1], **said} for at, said in told])
    frame.to_parquet(tmp_path / "a.parquet")
    assert groups(read_layer(tmp_path / "a.parquet", "incidents")) == [[1, 5], [2], [3], [4]]


def test_no_row_is_alike_to_none(tmp_path: Path) -> None:
    """A file with heads alone."""
    file = tmp_path / "a.csv"
    file.write_text(ROWS.splitlines()[0] + "\n", "utf-8")
    assert read_layer(file, "incidents").alike == {}


@pytest.mark.parametrize(
    "name", ["vancouver_crime_sample2000.csv", "vancouver_crime_2020_2022.parquet"]
)
def test_repeats_of_vancouver_are_those_of_the_file(shared_data: Path, name: str) -> None:
    """As pandas finds them over all columns."""
    file = shared_data / "ca_vancouver_crime" / name
    if not file.is_file():
        pytest.skip(f"no {name}")
    read = pd.read_csv if file.suffix == ".csv" else pd.read_parquet
    again = read(file).duplicated()
    found = pd.Series(read_layer(file, "incidents").alike).sort_index()
    assert found.duplicated().tolist() == again.tolist()
    assert int(again.sum()) == {"csv": 3, "parquet": 5_362}[file.suffix[1:]]
