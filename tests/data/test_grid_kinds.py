"""Kinds of grid: words for them, and rules that remark and never refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data import read_layer
from data.codes import AREA_KINDS
from data.grid_kinds import GRID_RULES
from data.heads import ALIASES
from data.sentences import WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from data import Layer

SQUARE = "POLYGON ((109.1 32.1, 109.2 32.1, 109.2 32.2, 109.1 32.1))"
VILLAGE = "610999001001"
REMARKS = {"grid_code_odd", "grid_elsewhere", "grid_kind_missing"}


def read(tmp_path: Path, *rows: str, heads: str = "网格编码,网格类型,上级编码") -> Layer:
    """Read areas from CSV; every row is without its place."""
    lines = [f"{heads},几何", *(f'{row},"{SQUARE}"' for row in rows)]
    (tmp_path / "areas.csv").write_text("\n".join(lines), encoding="utf-8")
    return read_layer(tmp_path / "areas.csv", "areas")


def remarks(layer: Layer) -> list[tuple[str, list[object]]]:
    """Return the remarks on kinds and codes: which, and in which lines."""
    met = [note for note in layer.notes if note.code in REMARKS]
    return [(note.code, note.values["rows"]) for note in met]  # type: ignore[misc]


def test_every_word_for_a_kind_of_grid_is_read(tmp_path: Path) -> None:
    """The words of reports, and the codes themselves."""
    words = {
        "基础网格": "basic", "专属网格": "exclusive", "微网格": "micro", "单元网格": "unit",
        "责任区": "responsibility", "警务区": "beat", "社区民警责任区": "beat", "巡区": "patrol",
        "社区": "village", "街道": "town", "unit": "unit",
    }  # fmt: skip
    layer = read(tmp_path, *(f"A{i},{word}" for i, word in enumerate(words)), heads="id,kind")
    assert layer.frame["kind"].tolist() == list(words.values())


def test_every_kind_with_rules_has_words_and_no_other_table_misses_one() -> None:
    """Seven kinds of grid; divisions have no rules."""
    assert set(AREA_KINDS) - set(GRID_RULES) == {"village", "town", "county", "city"}
    assert set(GRID_RULES) <= set(AREA_KINDS)
    numbered = {kind for kind, rules in GRID_RULES.items() if rules.sequence is not None}
    assert numbered <= set(WORDS)


def test_the_rules_are_those_of_the_code_lists() -> None:
    """Exclusive grids end in 901 to 999; beats and patrol areas may lie in several villages."""
    spans = {kind: rules.sequence for kind, rules in GRID_RULES.items() if rules.sequence}
    assert spans == {"basic": (1, 900), "exclusive": (901, 999), "unit": (1, 999)}
    several = {kind for kind, rules in GRID_RULES.items() if not rules.one_village}
    assert several == {"beat", "patrol", "responsibility"}
    assert {kind for kind, rules in GRID_RULES.items() if rules.tiles_village} == {"basic", "unit"}
    assert GRID_RULES["basic"].households == (300, 500)
    assert GRID_RULES["basic"].people == 1_000
    assert GRID_RULES["micro"].households == (30, 50)
    assert GRID_RULES["unit"].extent_m2 == 10_000


@pytest.mark.parametrize(
    ("kind", "number", "odd"),
    [
        ("基础网格", "001", False), ("基础网格", "900", False), ("基础网格", "901", True),
        ("基础网格", "000", True), ("基础网格", "01", True), ("基础网格", "0001", True),
        ("专属网格", "901", False), ("专属网格", "999", False), ("专属网格", "900", True),
        ("单元网格", "950", False), ("单元网格", "95A", True),
        ("微网格", "01", False), ("警务区", "9", False), ("巡区", "", False),
    ],
)  # fmt: skip
def test_a_code_that_breaks_the_rule_of_its_kind_is_remarked_and_kept(
    tmp_path: Path,
    kind: str,
    number: str,
    odd: bool,  # noqa: FBT001 - a case
) -> None:
    """12 digits of the village and 3 of the grid; who else numbers as he likes."""
    layer = read(tmp_path, f"{VILLAGE}{number},{kind},{VILLAGE}")
    assert len(layer.frame) == 1
    assert remarks(layer) == ([("grid_code_odd", [2])] if odd else [])


def test_a_grid_of_another_village_than_its_parent_is_remarked(tmp_path: Path) -> None:
    """Where the parent is a village; a beat may lie in several."""
    layer = read(
        tmp_path,
        f"{VILLAGE}001,基础网格,{VILLAGE}",
        f"{VILLAGE}002,基础网格,610999001002",
        f"{VILLAGE}003,基础网格,",
        f"{VILLAGE}004,基础网格,610999001",
        f"{VILLAGE}005,警务区,610999001002",
    )
    assert remarks(layer) == [("grid_elsewhere", [3])]
    (note,) = [note for note in layer.notes if note.code == "grid_elsewhere"]
    assert f"{VILLAGE}002" in note.text("zh")
    assert f"{VILLAGE}002" in note.text("en")


def test_areas_without_a_kind_are_counted_and_read(tmp_path: Path) -> None:
    """Where the file has kinds; where it has none, nothing is said of each row."""
    layer = read(tmp_path, f"{VILLAGE}001,基础网格,", f"{VILLAGE}002,,")
    assert remarks(layer) == [("grid_kind_missing", [3])]
    assert layer.frame["kind"].isna().tolist() == [False, True]
    assert not remarks(read(tmp_path, f"{VILLAGE}1", heads="网格编码"))


def test_ids_that_are_only_row_numbers_break_no_rule(tmp_path: Path) -> None:
    """A repeated code is told of as such, once."""
    layer = read(tmp_path, f"{VILLAGE}1,基础网格,", f"{VILLAGE}1,基础网格,")
    assert remarks(layer) == []
    assert "id_repeats" in {note.code for note in layer.notes}


def test_a_row_that_is_set_aside_is_not_remarked_too(tmp_path: Path) -> None:
    """It has a reason already."""
    (tmp_path / "areas.csv").write_text(
        f'网格编码,网格类型,几何\n1,基础网格,\n2,,\n{VILLAGE}001,基础网格,"{SQUARE}"\n',
        encoding="utf-8",
    )
    layer = read_layer(tmp_path / "areas.csv", "areas")
    assert len(layer.quarantine) == 2
    assert remarks(layer) == []


def test_a_word_that_nobody_knows_is_kept_and_told(tmp_path: Path) -> None:
    """As other codes of areas are: it may be a net of some department."""
    layer = read(tmp_path, "A1,党建网格,")
    assert layer.frame["kind"].tolist() == ["党建网格"]
    assert "code_unknown" in {note.code for note in layer.notes}


def test_the_head_of_kinds_is_no_other_column() -> None:
    """A column has one meaning in a layer."""
    heads = [head for heads in ALIASES["areas"].values() for head in heads]
    assert len(heads) == len(set(heads))
