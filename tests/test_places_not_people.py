"""Places, not people: nothing this program reads or writes can hold a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio
import pytest

from api.demo import make_demo
from data import ALIASES

if TYPE_CHECKING:
    from pathlib import Path

PERSONAL = re.compile(
    r"person|people_name|first_?name|last_?name|surname|full_?name|owner|resident|householder|"
    r"identity|id_?card|id_?number|passport|phone|mobile|tel(?:ephone)?$|plate|licen[cs]e|face|"
    r"gender|sex$|age$|birth|ethnic|nationality|race$|belief|religion|petition|suspect|offender|"
    r"姓名|身份证|证件|电话|手机|车牌|人脸|民族|信仰|宗教|信访|性别|出生|住户|重点人员",
    re.IGNORECASE,
)
"""What a field for a person would be called."""

COUNTS = {"people", "households"}
"""Numbers of people are counts, and allowed."""


@pytest.mark.parametrize("kind", ALIASES)
def test_no_column_of_ours_and_no_head_taken_for_it_is_about_a_person(kind: str) -> None:
    """Every kind of layer, every column, every accepted head."""
    for ours, heads in ALIASES[kind].items():
        for head in (ours, *heads):
            assert not PERSONAL.search(head), (kind, ours, head)


def test_no_layer_that_is_written_has_a_field_for_a_person(tmp_path: Path) -> None:
    """The town, and the results of both analyses."""
    make_demo(tmp_path, lambda _: None)
    written = {
        f"{file.name}:{layer}": list(pyogrio.read_info(file, layer=layer)["fields"])
        for file in sorted(tmp_path.glob("*.gpkg"))
        for layer, _ in pyogrio.list_layers(file)
    }
    assert len(written) >= 15
    for layer, fields in written.items():
        for name in set(fields) - COUNTS:
            assert not PERSONAL.search(name), (layer, name)


def test_the_demo_has_counts_where_it_speaks_of_people(tmp_path: Path) -> None:
    """Numbers, by grid; and no covert post."""
    make_demo(tmp_path, lambda _: None)
    areas = pyogrio.read_dataframe(tmp_path / "town.gpkg", layer="areas")
    assert pd.api.types.is_integer_dtype(areas["people"])
    posts = pyogrio.read_dataframe(tmp_path / "town.gpkg", layer="posts")
    assert set(posts["kind"]) <= {"fixed", "mobile"}
    assert "visibility" not in posts.columns
