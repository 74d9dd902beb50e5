"""CSV files and workbooks become heads, columns and line numbers."""

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from data.columns import known_heads
from data.errors import FormatError, LayerError
from data.tables import Table, read_book, read_csv

KNOWN = known_heads("cameras", {})


def csv_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a CSV file and return its path."""
    path = tmp_path / "摄像机.csv"
    path.write_bytes(text.encode(encoding))
    return path


def book(tmp_path: Path, **sheets: list[list[Any]]) -> Path:
    """Write an XLSX with the rows of each sheet and return its path."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "一机一档.xlsx"
    workbook.save(path)
    return path


def old_book(tmp_path: Path, rows: list[list[Any]]) -> Path:
    """Write an XLS with one sheet and return its path."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("摄像机")
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell is not None:
                sheet.write(i, j, cell)
    path = tmp_path / "旧表.xls"
    workbook.save(str(path))
    return path


def content(table: Table) -> dict[str, list[Any]]:
    """Return the columns of a table as lists."""
    return {head: column.tolist() for head, column in zip(table.heads, table.columns, strict=True)}


def codes(table: Table) -> list[str]:
    """Return the codes of the notes of a table."""
    return [note.code for note in table.notes]


TEXT = "设备编码,经度,纬度\n007,109.37,32.83\n34020000001320000001,109.38,32.84\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_any_usual_encoding_and_separator_reads_the_same(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    """Every cell stays text: no zero and no digit is lost."""
    table = read_csv(csv_file(tmp_path, TEXT.replace(",", separator), encoding), None, KNOWN)
    assert content(table) == {
        "设备编码": ["007", "34020000001320000001"],
        "经度": ["109.37", "109.38"],
        "纬度": ["32.83", "32.84"],
    }
    assert table.rows.tolist() == [2, 3]
    assert not table.typed
    assert table.notes == ()


def test_the_separator_with_more_known_heads_wins_over_the_commoner_sign(tmp_path: Path) -> None:
    """Commas occur inside names."""
    text = "名称;经度;纬度\na,b,c,d;109;32\n"
    table = read_csv(csv_file(tmp_path, text), None, KNOWN)
    assert content(table)["名称"] == ["a,b,c,d"]


def test_lines_are_those_of_the_file_past_blank_lines_and_line_breaks_in_cells(
    tmp_path: Path,
) -> None:
    """A person opens the file at the line a message names."""
    text = '编号,经度,纬度\n\n1,109,32\n"2\n乙",109,32\n , ,\n3,109,32\n'
    table = read_csv(csv_file(tmp_path, text), None, KNOWN)
    assert content(table)["编号"] == ["1", "2\n乙", "3"]
    assert table.rows.tolist() == [3, 4, 7]


def test_heads_are_found_below_title_rows(tmp_path: Path) -> None:
    """Titles and remarks stand above; one of them may look like a head."""
    text = "旬阳市摄像机台账,,\n类型,一类点,\n编号,经度,纬度\n1,109,32\n"
    table = read_csv(csv_file(tmp_path, text), None, KNOWN)
    assert table.heads == ("编号", "经度", "纬度")
    assert table.rows.tolist() == [4]
    assert codes(table) == ["head_row"]
    assert table.notes[0].values == {"row": 3}


def test_heads_below_the_tenth_row_are_not_looked_for(tmp_path: Path) -> None:
    """Else data could be taken for heads."""
    text = "说明\n" * 10 + "编号,经度,纬度\n1,109,32\n"
    assert read_csv(csv_file(tmp_path, text), None, KNOWN).heads == ("说明",)


def test_one_known_head_serves_when_no_row_has_two(tmp_path: Path) -> None:
    """A table of WKT needs no more."""
    text = "图层说明,\nWKT,colour\nPOINT (1 2),red\n"
    assert read_csv(csv_file(tmp_path, text), None, KNOWN).heads == ("WKT", "colour")


def test_cells_beyond_the_heads_are_counted_and_short_rows_are_filled(tmp_path: Path) -> None:
    """Blank surplus cells are nothing to report."""
    text = "编号,经度,纬度\n1,109\n2,109,32,x\n3,109,32,,\n"
    table = read_csv(csv_file(tmp_path, text), None, KNOWN)
    assert table.columns[2].isna().tolist() == [True, False, False]
    assert codes(table) == ["ragged_rows"]
    assert table.notes[0].values == {"count": 1, "rows": [3]}


def test_files_without_rows_have_none(tmp_path: Path) -> None:
    """With heads and without."""
    assert len(read_csv(csv_file(tmp_path, "编号,经度,纬度\n"), None, KNOWN).rows) == 0
    empty = read_csv(csv_file(tmp_path, "\n\n"), None, KNOWN)
    assert empty.heads == ()
    assert len(empty.rows) == 0


def test_text_in_no_known_encoding_is_refused(tmp_path: Path) -> None:
    """Better than letters that mean nothing."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,lon,lat\n\xff\xff,1,2\n")
    with pytest.raises(FormatError, match="neither UTF-8 nor GB18030"):
        read_csv(path, None, KNOWN)


def test_csv_has_one_layer_called_like_the_file(tmp_path: Path) -> None:
    """So that FILE:LAYER works everywhere."""
    path = csv_file(tmp_path, TEXT)
    assert len(read_csv(path, "摄像机", KNOWN).rows) == 2
    with pytest.raises(LayerError, match="has no layer 'x'; it has: 摄像机"):
        read_csv(path, "x", KNOWN)


def test_a_cell_may_be_longer_than_the_limit_of_csv(tmp_path: Path) -> None:
    """131,072 characters are fewer than the outline of a county."""
    outline = "POLYGON ((" + ", ".join(f"{i} 0" for i in range(40_000)) + "))"
    table = read_csv(csv_file(tmp_path, f'id,wkt\n1,"{outline}"\n'), None, KNOWN)
    assert content(table)["wkt"] == [outline]


HEADS = ["国标编码", "经度", "纬度", "建设时间"]


def test_cells_of_a_workbook_keep_their_types(tmp_path: Path) -> None:
    """A code stored as text keeps its zeros."""
    when = dt.datetime(2024, 5, 1, 12, 30)  # noqa: DTZ001 - spreadsheets know no zones
    path = book(tmp_path, 台账=[HEADS, ["007", 109.37, 32.83, when], ["008", None, 32.8, when]])
    table = read_book(path, None, KNOWN)
    assert content(table)["国标编码"] == ["007", "008"]
    assert content(table)["经度"][0] == 109.37
    assert content(table)["建设时间"] == [when, when]
    assert table.typed
    assert table.source == "一机一档.xlsx"


def test_merged_titles_and_heads_of_two_rows_are_understood(tmp_path: Path) -> None:
    """The usual form of a camera ledger."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["视频监控一机一档", None, None, None])
    sheet.merge_cells("A1:D1")
    sheet.append(["国标编码", "设备名称", "位置", None])
    sheet.append([None, None, "经度", "纬度"])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    sheet.merge_cells("C2:D2")
    sheet.append(["61099900001320000001", "临江路口", 109.37, 32.83])
    path = tmp_path / "表.xlsx"
    workbook.save(path)
    table = read_book(path, None, KNOWN)
    assert table.heads == ("国标编码", "设备名称", "经度", "纬度")
    assert table.rows.tolist() == [4]
    assert table.notes[0].values == {"row": 2}


def test_the_row_below_complete_heads_is_data_even_when_it_looks_like_heads(tmp_path: Path) -> None:
    """Only missing coordinates make a second row of heads."""
    path = book(tmp_path, a=[["id", "lon", "lat"], ["lon", "lat", "x"], ["1", 2, 3]])
    assert read_book(path, None, KNOWN).rows.tolist() == [2, 3]


def test_old_workbooks_read_like_new_ones(tmp_path: Path) -> None:
    """Lines are those of the sheet, blank ones counted."""
    rows = [["台账"], [None], HEADS, ["007", 109.37, 32.83, None], [None], ["008", 1, 2, None]]
    table = read_book(old_book(tmp_path, rows), None, KNOWN)
    assert content(table)["国标编码"] == ["007", "008"]
    assert table.rows.tolist() == [4, 6]


def test_lines_of_a_sheet_count_from_its_top_even_when_that_is_blank(tmp_path: Path) -> None:
    """As the program that shows it counts."""
    path = book(tmp_path, a=[[], [], HEADS, ["007", 1, 2, None]])
    assert read_book(path, None, KNOWN).rows.tolist() == [4]


def test_sheets_are_layers_and_empty_ones_do_not_count(tmp_path: Path) -> None:
    """New workbooks of old programs had three sheets."""
    one = book(tmp_path, 台账=[HEADS, ["1", 1, 2, None]], Sheet2=[], Sheet3=[])
    table = read_book(one, None, KNOWN)
    assert len(table.rows) == 1
    assert table.source == "一机一档.xlsx:台账"
    assert len(read_book(one, "Sheet2", KNOWN).rows) == 0
    two = book(tmp_path, 城关=[HEADS, ["1", 1, 2, None]], 吕河=[HEADS, ["1", 1, 2, None]])
    with pytest.raises(
        LayerError, match=r"several layers: 城关, 吕河; name one as 一机一档\.xlsx:L"
    ):
        read_book(two, None, KNOWN)
    assert len(read_book(two, "吕河", KNOWN).rows) == 1
    with pytest.raises(LayerError, match="no layer '白柳'; it has: 城关, 吕河"):
        read_book(two, "白柳", KNOWN)


def test_a_workbook_without_a_filled_sheet_has_no_rows(tmp_path: Path) -> None:
    """Nothing to read is no error."""
    assert len(read_book(book(tmp_path, Sheet1=[], Sheet2=[]), None, KNOWN).rows) == 0


def test_a_broken_workbook_is_refused(tmp_path: Path) -> None:
    """The message names the file."""
    path = tmp_path / "a.xlsx"
    path.write_text("no workbook", encoding="utf-8")
    with pytest.raises(FormatError, match=r"a\.xlsx: cannot be opened"):
        read_book(path, None, KNOWN)
