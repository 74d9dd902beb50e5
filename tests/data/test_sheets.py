"""Tables without places: columns found by heads, persons left out, rows parted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import ColumnError, FormatError, MissingFileError
from data.notes import Note
from data.shapes import Faults
from data.sheets import Sheet

HEADS = {"place": ("place", "地点"), "count": ("count", "数目", "个数"), "when": ("when", "时候")}


def read(folder: Path, text: str, **options: tuple[str, ...]) -> Sheet:
    """Read text as a CSV file that needs a place."""
    (folder / "t.csv").write_text(text, "utf-8")
    return Sheet.read(
        folder / "t.csv", "volunteers", HEADS,
        needed={"place"}, refusal="no_volunteer_columns", **options,
    )  # fmt: skip


def test_columns_are_found_by_heads_in_our_order(tmp_path: Path) -> None:
    """Case, spaces and underscores do not count; what is not there is left out."""
    sheet = read(tmp_path, "个 数,PLACE_\n3,甲\n4,乙\n")
    assert sheet.heads == {"place": "PLACE_", "count": "个 数"}
    assert {ours: cells.tolist() for ours, cells in sheet.cells.items()} == {
        "place": ["甲", "乙"], "count": ["3", "4"],
    }  # fmt: skip
    assert sheet.notes == ()


def test_heads_that_serve_nothing_and_heads_passed_over_are_named(tmp_path: Path) -> None:
    """The first of ours is taken, and of two alike the first in the file."""
    sheet = read(tmp_path, "个数,数目,数目,地点,备注,姓名,\n1,2,3,甲,x,张三丰,\n")
    assert sheet.cells["count"].tolist() == ["2"]
    heads = ["数目", "数目", "个数"]
    assert sheet.notes == (
        Note("personal_dropped", {"names": ["姓名"]}),
        Note("several_heads", {"ours": "count", "heads": heads, "taken": "数目"}),
        Note("columns_ignored", {"count": 3, "names": ["个数", "数目", "备注"]}),
    )


def test_what_a_table_must_have_is_named_without_the_heads_about_persons(tmp_path: Path) -> None:
    """By the second of its heads."""
    with pytest.raises(ColumnError, match="no column 地点; it has: 数目;"):
        read(tmp_path, "数目,姓名\n1,张三丰\n")


def test_numbers_of_persons_are_masked_but_in_ids_and_words_leave_counts_whole(
    tmp_path: Path,
) -> None:
    """Each with its note and its lines."""
    text = "地点,数目,时候\n甲 13812345678,张三丰,13912345678\n乙,5,今天\n"
    sheet = read(tmp_path, text, counted=("count",), ids=("when",))
    assert sheet.cells["place"].tolist() == ["甲 ***", "乙"]
    assert sheet.cells["count"].isna().tolist() == [True, False]
    assert sheet.cells["when"].tolist() == ["13912345678", "今天"]
    assert sheet.notes == (
        Note("personal_masked", {"column": "地点", "count": 1, "rows": [2]}),
        Note("count_in_words", {"column": "数目", "count": 1, "rows": [2]}),
        Note("personal_suspected", {"column": "时候", "count": 1, "rows": [2]}),
    )


def test_rows_are_parted_and_keep_their_lines(tmp_path: Path) -> None:
    """Blank lines count as lines, not as rows; what the values told stands before the end."""
    sheet = read(tmp_path, "标题\n地点,数目\n甲,1\n\n乙,2\n丙,3\n")
    faults = Faults.none(3)
    faults.mark(
        np.array([True, False, True]), "no_people", lambda rows: [f"r{row}" for row in rows]
    )
    values = pd.DataFrame({"place": sheet.cells["place"]})
    layer = sheet.layer(values, faults, [Note("id_none", {"total": 3})])
    assert layer.frame["place"].tolist() == ["乙"]
    assert layer.frame.geometry.isna().all()
    assert layer.rows.tolist() == [5]
    assert layer.quarantine.to_numpy().tolist() == [
        [3, "no_people", "r0", "甲", None], [6, "no_people", "r2", "丙", None],
    ]  # fmt: skip
    assert [note.code for note in layer.notes] == ["head_row", "id_none", "rows_quarantined"]
    said = {"total": 3, "count": 2, "reasons": {"no_people": 2}}
    assert layer.notes[-1] == Note("rows_quarantined", said)
    assert (layer.kind, layer.source, layer.rows_read) == ("volunteers", "t.csv", 3)


def test_files_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    """With what could be read."""
    (tmp_path / "t.geojson").touch()
    options = {"needed": {"place"}, "refusal": "no_volunteer_columns"}
    with pytest.raises(FormatError, match=r"use one of \.csv, \.tsv, \.xlsx"):
        Sheet.read(tmp_path / "t.geojson", "volunteers", HEADS, **options)  # type: ignore[arg-type]
    with pytest.raises(MissingFileError):
        Sheet.read(tmp_path / "none.csv", "volunteers", HEADS, **options)  # type: ignore[arg-type]
