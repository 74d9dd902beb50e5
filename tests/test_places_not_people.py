"""Places, not people: nothing this program reads or writes can hold a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio
import pytest

from api.app import create_app
from api.demo import make_demo
from api.settings import Settings
from data import ALIASES
from data.migrate import upgrade
from data.models import Base
from data.store import Store

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


OURS = {"identity", "message", "personal"}
"""Names that only look so: what finds a row again, what a job says, and the list of the heads about
persons that were left out of a file."""


def test_no_table_has_a_column_for_a_person() -> None:
    """Every column of every model, of both engines."""
    columns = [
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
    ]
    assert len(columns) > 150
    for table, name in columns:
        assert name in COUNTS | OURS or not PERSONAL.search(name), (table, name)


def test_no_route_asks_for_a_person_or_answers_with_pictures(tmp_path: Path) -> None:
    """Every parameter, every member of every schema, every media type of the OpenAPI document."""
    url = f"sqlite:///{tmp_path / 'none.db'}"
    upgrade(url)
    store = Store.open(url)
    document = create_app(Settings(), store).openapi()
    store.engine.dispose()
    names: list[str] = []
    kinds: set[str] = set()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            names.extend(map(str, part.get("properties", {})))
            names.extend(str(each["name"]) for each in part.get("parameters", ()) if "name" in each)
            kinds.update(map(str, part.get("content", {})))
            for each in part.values():
                walk(each)
        elif isinstance(part, list):
            for each in part:
                walk(each)

    walk(document)
    assert len(document["paths"]) > 25
    assert len(names) > 60
    for name in names:
        assert name in COUNTS | OURS or not PERSONAL.search(name), name
    assert not [kind for kind in kinds if re.match(r"image/|video/|audio/|multipart/x-mixed", kind)]
