"""The quarantine comes back as a workbook and imports again; templates explain themselves."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data import KINDS, KindError, Layer, read_layer
from data.codes import CODE_LISTS
from data.guide import EXAMPLES, EXPLAINED
from data.heads import ALIASES
from data.notes import Note
from data.personal import is_personal_head
from data.states import read_faults, read_states
from data.tables import EXAMPLE_MARK, GUIDE_SHEET
from data.workbook import OUTSIDE_TEMPLATES, write_quarantine, write_sheet, write_template

CAMERAS = """国标编码,设备名称,经度,纬度,方位角,在线状态,所属网格,电话
61099900001320000001,临江路口,109.365,32.834,90,在线,001,13812345678
61099900001320000002,=1+1,,,90;270,离线,002,13912345678
3.402E+19,老街,109.367,32.836,,,,13712345678
61099900001320000004,码头,0,0,,,,13612345678
61099900001320000005,桥,东经,32.8,,,,13612345678
"""


def read(
    tmp_path: Path, text: str, kind: str, *, crs: str | None = None, datum: str | None = None
) -> Layer:
    """Read text as a CSV file."""
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    return read_layer(tmp_path / "a.csv", kind, crs=crs, datum=datum)


def sheet(path: Path) -> list[dict[str, object]]:
    """Return the rows of the first sheet by their heads."""
    heads, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def mend(path: Path, changes: dict[tuple[int, str], object]) -> None:
    """Write into cells, named by the number of the row and the head, as a clerk would."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    heads = [cell.value for cell in page[1]]
    for (row, head), value in changes.items():
        page.cell(row + 2, heads.index(head) + 1).value = value
    book.save(path)


def test_the_quarantine_says_in_words_why_each_row_is_there(tmp_path: Path) -> None:
    """With the line of the file it came from, and without the telephones."""
    layer = read(tmp_path, CAMERAS, "cameras")
    write_quarantine(layer, tmp_path / "q.xlsx")
    rows = sheet(tmp_path / "q.xlsx")
    assert [row["原表行号"] for row in rows] == [3, 4, 5, 6]
    assert [row["原因"] for row in rows] == [
        "没有几何", "编号丢失位数：3.402E+19", "坐标为 0，没有位置：POINT (0 0)",
        "坐标不是数字：经度=东经 纬度=32.8",
    ]  # fmt: skip
    assert rows[0]["设备编码"] == "61099900001320000002"
    assert rows[0]["在线状态"] == "否"
    assert (rows[1]["经度"], rows[1]["纬度"]) == (109.367, 32.836)
    assert "电话" not in rows[0]
    assert "13912345678" not in str(rows)


def test_a_mended_quarantine_imports_again_whole(tmp_path: Path) -> None:
    """Ids keep their digits, a list of headings its lenses, a formula is but text."""
    write_quarantine(read(tmp_path, CAMERAS, "cameras"), tmp_path / "q.xlsx")
    changes: dict[tuple[int, str], object] = {
        (1, "设备编码"): "61099900001320000003", (0, "经度"): 109.1, (0, "纬度"): 32.1,
        (2, "经度"): 109.2, (2, "纬度"): 32.2, (3, "经度"): 109.3, (3, "纬度"): 32.3,
    }  # fmt: skip
    mend(tmp_path / "q.xlsx", changes)
    again = read_layer(tmp_path / "q.xlsx", "cameras")
    assert again.quarantine.empty
    frame = again.frame
    assert frame["camera_id"].tolist() == [f"6109990000132000000{n}" for n in (2, 3, 4, 5)]
    assert frame["name"].tolist() == ["=1+1", "老街", "码头", "桥"]
    assert (frame["azimuth_deg"][0], frame["headings"][0]) == (90.0, "90;270")
    assert frame["online"].fillna(value=True).tolist() == [False, True, True, True]
    assert frame["area_code"][0] == "002"
    assert frame.geometry.x.tolist() == [109.1, 109.367, 109.2, 109.3]


def test_codes_are_text_cells_and_nothing_is_a_formula(tmp_path: Path) -> None:
    """Or the next program to open the workbook would lose digits or compute."""
    write_quarantine(read(tmp_path, CAMERAS, "cameras"), tmp_path / "q.xlsx")
    page = openpyxl.load_workbook(tmp_path / "q.xlsx").worksheets[0]
    heads = [cell.value for cell in page[1]]
    for head in ("设备编码", "所属网格编码"):
        cell = page.cell(2, heads.index(head) + 1)
        assert (cell.data_type, cell.number_format) == ("s", "@")
    name = page.cell(2, heads.index("设备名称") + 1)
    assert (name.value, name.data_type) == ("=1+1", "s")


def test_row_numbers_are_not_written_as_ids(tmp_path: Path) -> None:
    """They would be taken for ids of the file when it comes back."""
    layer = read(tmp_path, "名称,经度,纬度\n甲,,\n乙,109,32\n", "posts")
    write_quarantine(layer, tmp_path / "q.xlsx")
    (row,) = sheet(tmp_path / "q.xlsx")
    assert list(row) == ["名称", "经度", "纬度", "原因", "原表行号"]


def test_outlines_are_written_as_text_and_mended_there(tmp_path: Path) -> None:
    """A self-crossing border comes back as WKT."""
    text = '编码,几何\n001,"POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"\n'
    write_quarantine(read(tmp_path, text, "areas"), tmp_path / "q.xlsx")
    (row,) = sheet(tmp_path / "q.xlsx")
    assert str(row["几何"]).startswith("POLYGON ((0 0")
    assert str(row["原因"]).startswith("面的边界有误：Self-intersection")
    mend(tmp_path / "q.xlsx", {(0, "几何"): "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))"})
    again = read_layer(tmp_path / "q.xlsx", "areas")
    assert again.frame["area_id"].tolist() == ["001"]


def test_an_outline_longer_than_a_cell_is_left_out_and_said_so(tmp_path: Path) -> None:
    """Cut off, it would be another outline."""
    ring = ", ".join(f"{i / 1000} {(i % 2) * 3 - 1}" for i in range(4000))
    text = f'编码,几何\n001,"POLYGON (({ring}, 0 -1))"\n'
    write_quarantine(read(tmp_path, text, "areas"), tmp_path / "q.xlsx")
    (row,) = sheet(tmp_path / "q.xlsx")
    assert row["几何"] is None
    assert str(row["原因"]).endswith("几何太长，写不进单元格，请在原文件里改")


def test_metres_stay_metres_and_the_guide_names_their_crs(tmp_path: Path) -> None:
    """What was read with a CRS is read with it again."""
    text = "编号,x,y\nP1,500000,3600000\nP2,,\nP3,500000,north\n"
    layer = read(tmp_path, text, "posts", crs="EPSG:4545", datum="cgcs2000")
    write_quarantine(layer, tmp_path / "q.xlsx")
    guide = openpyxl.load_workbook(tmp_path / "q.xlsx")[GUIDE_SHEET]
    said = " ".join(str(cell.value) for row in guide.iter_rows() for cell in row)
    assert "EPSG:4545" in said
    assert "cgcs2000" in said
    changes: dict[tuple[int, str], object] = {
        (0, "x"): 500100, (0, "y"): 3600000, (1, "x"): 500200, (1, "y"): 3600000,
    }  # fmt: skip
    mend(tmp_path / "q.xlsx", changes)
    again = read_layer(tmp_path / "q.xlsx", "posts", crs="EPSG:4545")
    assert again.frame.geometry.y.tolist() == pytest.approx([32.5] * 2, abs=0.1)


def test_an_empty_quarantine_is_a_workbook_with_heads(tmp_path: Path) -> None:
    """Nothing to mend is no error."""
    write_quarantine(read(tmp_path, "编号,经度,纬度\n1,109,32\n", "posts"), tmp_path / "q.xlsx")
    assert sheet(tmp_path / "q.xlsx") == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_reads_as_empty_and_its_example_as_a_good_row(kind: str, tmp_path: Path) -> None:
    """The mark alone keeps the example out; every head is found."""
    path = tmp_path / "t.xlsx"
    write_template(kind, path)
    layer = read_layer(path, kind)
    assert (layer.rows_read, len(layer.quarantine)) == (0, 0)
    assert Note("examples_skipped", {"rows": [2]}) in layer.notes
    (head, example), *_ = sheet(path)[0].items()
    mend(path, {(0, head): str(example).removeprefix(EXAMPLE_MARK)})
    layer = read_layer(path, kind)
    assert (len(layer.frame), len(layer.quarantine)) == (1, 0)
    assert {note.code for note in layer.notes} <= {"crs_assumed"}
    columns = set(ALIASES[kind]) - OUTSIDE_TEMPLATES - {"round_view"}
    assert columns <= set(layer.frame.columns)


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_explains_every_column_and_lists_every_code(kind: str, tmp_path: Path) -> None:
    """The second sheet is the whole documentation an office gets."""
    write_template(kind, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    heads = [cell.value for cell in book.worksheets[0][1]]
    guide = list(book[GUIDE_SHEET].iter_rows(values_only=True))
    assert [row[0] for row in guide if row[0] in heads] == heads
    assert all(row[1] for row in guide if row[0] in heads)
    codes = {row[2] for row in guide[1:] if row[2]}
    for (layer, _), listed in CODE_LISTS.items():
        assert layer != kind or set(listed) <= codes
    assert not [head for head in heads if is_personal_head(str(head))]


@pytest.mark.parametrize(("kind", "reader"), [("states", read_states), ("faults", read_faults)])
def test_a_template_of_a_ledger_reads_as_empty_and_its_example_as_a_good_row(
    kind: str, reader: Callable[[Path], Layer], tmp_path: Path
) -> None:
    """With every column explained, and the id of the camera as text."""
    path = tmp_path / "t.xlsx"
    write_template(kind, path)
    layer = reader(path)
    assert (layer.rows_read, len(layer.quarantine)) == (0, 0)
    assert Note("examples_skipped", {"rows": [2]}) in layer.notes
    (example,) = sheet(path)
    mend(path, {(0, "设备编码"): str(example["设备编码"]).removeprefix(EXAMPLE_MARK)})
    layer = reader(path)
    assert (layer.notes, len(layer.frame), len(layer.quarantine)) == ((), 1, 0)
    assert layer.frame["camera_id"].tolist() == ["61099900001320000001"]
    assert not layer.frame.drop(columns="geometry").isna().to_numpy().any()
    book = openpyxl.load_workbook(path)
    assert book.worksheets[0]["A2"].number_format == "@"
    guide = {row[0]: row[1] for row in book[GUIDE_SHEET].iter_rows(values_only=True)}
    assert all(guide[head] for head in example)


def test_every_explanation_is_of_a_column_there_is() -> None:
    """None is left over, and every kind has an example."""
    columns = {name for table in ALIASES.values() for name in table} | {"lon", "lat", "geometry"}
    assert set(EXPLAINED) == columns - OUTSIDE_TEMPLATES
    assert set(EXAMPLES) == set(KINDS)


def test_an_unknown_kind_of_template_is_refused(tmp_path: Path) -> None:
    """The list of kinds comes with it."""
    with pytest.raises(KindError, match=r"'persons'.*gates, walls, poles, .*, states, faults"):
        write_template("persons", tmp_path / "t.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Under the heads of the template; codes stay text, and what the kind has not is left out."""
    units = pd.DataFrame(
        {
            "unit_id": ["007", "U2"],
            "name": ["一组", None],
            "mode": ["foot", "e_bike"],
            "visible": [True, False],
            "shift": ["20:00-04:00", "08:00-16:00"],
            "break_min": [30.0, None],
            "phone": ["13812345678", "13812345679"],
        }
    )
    path = tmp_path / "units.xlsx"
    write_sheet("units", units, path)
    write_template("units", tmp_path / "t.xlsx")
    assert set(sheet(path)[0]) < set(sheet(tmp_path / "t.xlsx")[0])
    layer = read_layer(str(path), "units")
    assert len(layer.quarantine) == 0
    again = layer.frame[["unit_id", "name", "mode", "visible", "shift", "break_min"]].astype(object)
    told = again.where(again.notna(), None).to_dict("records")
    assert told == [
        {
            "unit_id": "007", "name": "一组", "mode": "foot", "visible": True,
            "shift": "20:00-04:00", "break_min": 30.0,
        },
        {
            "unit_id": "U2", "name": None, "mode": "e_bike", "visible": False,
            "shift": "08:00-16:00", "break_min": None,
        },
    ]  # fmt: skip
    assert "1381234" not in str(sheet(path))


def test_workbooks_are_equal_byte_by_byte_when_the_moment_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing in them is of the clock but the moment."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    layer = read(tmp_path, CAMERAS, "cameras")
    contents = []
    for name in ("a.xlsx", "b.xlsx"):
        write_template("posts", tmp_path / f"t{name}")
        write_quarantine(layer, tmp_path / name)
        contents.append([(tmp_path / f"t{name}").read_bytes(), (tmp_path / name).read_bytes()])
        time.sleep(2.1 if name == "a.xlsx" else 0)  # zip archives count in steps of two seconds
    assert contents[0] == contents[1]
    made = openpyxl.load_workbook(tmp_path / "a.xlsx").properties
    assert re.match("2025-06-15", str(made.modified))
    assert made.created == made.modified
