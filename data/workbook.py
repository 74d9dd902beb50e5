"""Workbooks for offices: the quarantine to be mended, and a template per kind of layer."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
import shapely
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from pyproj import CRS

from data.attributes import CODE_COLUMNS, ID_COLUMNS
from data.books import fill, saved
from data.codes import CAMERA_KINDS, CODE_LISTS
from data.divisions import DIVISION_HEADS, DIVISIONS
from data.errors import KindError
from data.files import Layer
from data.guide import (
    DIVISIONS_EXPLAINED,
    EXAMPLES,
    EXPLAINED,
    FAULTS_EXPLAINED,
    PERIOD_EXPLAINED,
    SHEETS_EXPLAINED,
    STATES_EXPLAINED,
)
from data.heads import ALIASES, KINDS
from data.incident_sheets import SHEET_HEADS
from data.incident_tables import default_table
from data.notes import word
from data.shapes import POINTS, SHAPES
from data.sheets import Heads
from data.states import FAULT_HEADS, FAULTS, STATE_HEADS, STATES
from data.tables import EXAMPLE_MARK, GUIDE_SHEET
from data.values import OF_CAMERAS, as_text

REASON_HEAD: Final = "原因"
"""Head of the column that says why a row could not be used."""

LINE_HEAD: Final = "原表行号"
"""Head of the column that says where the row stood."""

PLACE_HEADS: Final = {"lon": "经度", "lat": "纬度", "x": "x", "y": "y", "geometry": "几何"}
"""Heads of the columns that hold the place."""

CHINESE: Final = re.compile("[一-鿿]")
"""A Chinese character."""

LONGEST_TEXT: Final = 32_767
"""Characters that a cell of a workbook holds: the outline of a large area is longer."""

SHOWN_DETAIL: Final = 200
"""Characters of a detail that a reason shows."""

NUMBERED_IDS: Final = frozenset({"id_none", "id_incomplete", "id_repeats"})
"""Notes which say that the ids of a layer are only row numbers: they are not written."""

OUTSIDE_TEMPLATES: Final = frozenset({"headings"})
"""Columns that a template does without: several headings are written into the heading."""

TEXT_FORMAT: Final = "@"
"""Number format of columns of codes, so that what is typed there stays text."""

WIDTH: Final = 18
"""Width of columns, in characters."""

LISTS: Final[dict[str, tuple[Heads, Mapping[str, tuple[str, object]]]]] = {
    DIVISIONS: (DIVISION_HEADS, DIVISIONS_EXPLAINED),
    STATES: (STATE_HEADS, STATES_EXPLAINED),
    FAULTS: (FAULT_HEADS, FAULTS_EXPLAINED),
    **{
        kind: (
            heads,
            {
                name: (said, "")
                for name, said in {**SHEETS_EXPLAINED[kind], **PERIOD_EXPLAINED}.items()
            },
        )
        for kind, heads in SHEET_HEADS.items()
    },
}
"""Tables without places that have a template -> heads of their columns, and what to write there."""

LISTED_CODES: Final = frozenset(
    {"code", "parent_code", "old_code", "camera_id", "class", "tag", "words"}
)
"""Columns of such tables that hold codes."""


def write_quarantine(layer: Layer, path: Path) -> None:
    """
    Write the quarantine of a layer as a workbook that can be mended and read again.

    Coordinates stand as the file has them: the mended workbook is read with the same datum and
    CRS, which its second sheet names. With `SOURCE_DATE_EPOCH` the same rows give the same bytes.

    Parameters
    ----------
    layer
        Outcome of `read_layer`.
    path
        The .xlsx file; its folder exists. It is replaced.
    """
    aside = layer.quarantine
    if layer.kind in LISTS:
        write_list_quarantine(layer.kind, aside, path)
        return
    names = [name for name in ALIASES[layer.kind] if name in aside.columns]
    if any(note.code in NUMBERED_IDS for note in layer.notes):
        names.remove(ID_COLUMNS[layer.kind])
    places = _places(layer)
    columns = {_head(layer.kind, name): aside[name].tolist() for name in names} | places
    said = zip(aside["reason"], aside["detail"], _cut_off(layer, places), strict=True)
    columns[REASON_HEAD] = [_reason(*row) for row in said]
    columns[LINE_HEAD] = aside["row"].tolist()
    guide = [
        ["本表是没有读入的记录。请按“原因”改正后重新导入；改不了的行可以删去。"],
        [f"重新导入时，坐标系写 {layer.crs}，坐标基准写 {layer.datum}。"],
        ["编号和代码列是文本格式，请不要改成数值，以免丢失位数。"],
    ]
    _write(path, layer.kind, columns, guide)


def write_list_quarantine(kind: str, aside: pd.DataFrame, path: Path) -> None:
    """
    Write the quarantine of a table without places as a workbook to be mended and read again.

    Parameters
    ----------
    kind
        A key of `LISTS`.
    aside
        The `quarantine` of whatever read it.
    path
        The .xlsx file; its folder exists. It is replaced.
    """
    # What a past import of none set aside has no columns.
    names = list(LISTS[kind][0])
    aside = aside.reindex(columns=["row", "reason", "detail", *names])
    columns = {_head(kind, name): aside[name].tolist() for name in names}
    said = zip(aside["reason"], aside["detail"], [False] * len(aside), strict=True)
    columns[REASON_HEAD] = [_reason(*row) for row in said]
    columns[LINE_HEAD] = aside["row"].tolist()
    guide = [
        [f"本表是没有读入的{word(kind)}。请按“原因”改正后重新导入；改不了的行可以删去。"],
        ["代码列是文本格式，请不要改成数值，以免丢失位数。"],
    ]
    _write(path, kind, columns, guide)


def write_template(kind: str, path: Path) -> None:
    """
    Write an empty workbook for one kind of layer, with an example and an explanation.

    Sheets of classes, tags and colours are filled with those that a new store begins with: they
    are there to be changed. An example row is marked, and skipped when the workbook is read.
    With `SOURCE_DATE_EPOCH` the same kind gives the same bytes.

    Parameters
    ----------
    kind
        A key of `data.heads.ALIASES`, or of `LISTS`.
    path
        The .xlsx file; its folder exists. It is replaced.

    Raises
    ------
    KindError
        When `kind` is unknown.
    """
    if kind in SHEET_HEADS:
        write_table(kind, default_table(kind), path)
        return
    if kind in LISTS:
        _write_list_template(kind, path)
        return
    if kind not in KINDS:
        raise KindError("unknown_kind", met=kind, known=[*KINDS, *LISTS])
    places = ("lon", "lat") if "Point" in SHAPES[kind] else ("geometry",)[: len(SHAPES[kind])]
    names = [*(name for name in ALIASES[kind] if name not in OUTSIDE_TEMPLATES), *places]
    columns = {_head(kind, name): [EXAMPLES[kind][name]] for name in names}
    guide = [["列", "说明", "可填的值", "也可写作"]]
    for name in names:
        guide.append([_head(kind, name), EXPLAINED[name]])
        guide += [["", "", code, words] for code, words in _allowed(kind, name).items()]
    _write_example(path, kind, columns, guide)


def write_table(kind: str, table: pd.DataFrame, path: Path) -> None:
    """
    Write the rows of a sheet of classes, tags or colours as a workbook to be changed.

    Parameters
    ----------
    kind
        A key of `data.incident_sheets.SHEET_HEADS`.
    table
        Its rows, in the columns of `data.incident_tables.COLUMNS`.
    path
        The .xlsx file; its folder exists. It is replaced.
    """
    heads, explained = LISTS[kind]
    columns: dict[str, list[object]] = {
        _head(kind, name): [None if pd.isna(cell) else cell for cell in table[name].tolist()]
        for name in heads
    }
    guide = [["列", "说明"], *([_head(kind, name), said[0]] for name, said in explained.items())]
    _write(path, kind, columns, guide)


def write_sheet(kind: str, frame: pd.DataFrame, path: Path) -> None:
    """
    Write rows without places as a filled template.

    Parameters
    ----------
    kind
        A key of `data.heads.ALIASES`.
    frame
        The rows, in our columns; those that the kind does not have are left out.
    path
        The .xlsx file; its folder exists. It is replaced.
    """
    names = [name for name in ALIASES[kind] if name in frame.columns]
    columns: dict[str, list[object]] = {
        _head(kind, name): [None if pd.isna(cell) else cell for cell in frame[name].tolist()]
        for name in names
    }
    guide = [["列", "说明"], *([_head(kind, name), EXPLAINED[name]] for name in names)]
    _write(path, kind, columns, guide)


def _write_list_template(kind: str, path: Path) -> None:
    _, explained = LISTS[kind]
    columns = {_head(kind, name): [said[1]] for name, said in explained.items()}
    guide = [["列", "说明"]]
    guide += [[_head(kind, name), said[0]] for name, said in explained.items()]
    _write_example(path, kind, columns, guide)


def _write_example(
    path: Path, kind: str, columns: dict[str, list[object]], guide: list[list[str]]
) -> None:
    """Write a template whose one row is marked as an example."""
    first = next(iter(columns))
    columns[first] = [f"{EXAMPLE_MARK}{columns[first][0]}"]
    guide.append([f"第一格以“{EXAMPLE_MARK}”开头的行是示例，不会读入，可以删去。"])
    _write(path, kind, columns, guide)


def _code_heads(kind: str) -> set[str]:
    """Return the heads of columns that hold codes, which stay text."""
    if kind in LISTS:
        return {_head(kind, name) for name in LISTS[kind][0] if name in LISTED_CODES}
    codes = [name for name in (ID_COLUMNS[kind], *CODE_COLUMNS) if name in ALIASES[kind]]
    return {_head(kind, name) for name in codes}


def _head(kind: str, ours: str) -> str:
    """Return the Chinese head of a column: the first that the reader knows."""
    if ours in PLACE_HEADS:
        return PLACE_HEADS[ours]
    heads = LISTS[kind][0] if kind in LISTS else ALIASES[kind]
    return next(head for head in heads[ours] if CHINESE.search(head))


def _allowed(kind: str, ours: str) -> dict[str, str]:
    """Return the codes that a column takes, with the words for each."""
    if kind in OF_CAMERAS and ours == "kind":
        names: dict[str, list[str]] = {}
        for name, code in CAMERA_KINDS.items():
            names.setdefault(code, []).extend([name] if CHINESE.search(name) else [])
        return {code: "、".join(words) for code, words in names.items()}
    codes = CODE_LISTS.get((kind, ours), {})
    return {code: "、".join(words.split()) for code, words in codes.items()}


def _places(layer: Layer) -> dict[str, list[object]]:
    """Return the columns that hold the places of the quarantine, in the coordinates of the file."""
    if not SHAPES[layer.kind]:
        return {}
    texts = [text if isinstance(text, str) else None for text in layer.quarantine["geometry"]]
    spots = [text is not None and text.startswith("POINT (") for text in texts]
    if SHAPES[layer.kind] != POINTS and ("Point" not in SHAPES[layer.kind] or not all(spots)):
        fitting = [None if text and len(text) > LONGEST_TEXT else text for text in texts]
        return {PLACE_HEADS["geometry"]: list(fitting)}
    # A shape of another type has no one place: its cells stay empty, to be filled.
    points = shapely.from_wkt(
        [text if is_spot else None for text, is_spot in zip(texts, spots, strict=True)]
    )
    names = ("x", "y") if CRS.from_user_input(layer.crs).is_projected else ("lon", "lat")
    values = (shapely.get_x(points).tolist(), shapely.get_y(points).tolist())
    return {PLACE_HEADS[name]: cells for name, cells in zip(names, values, strict=True)}


def _cut_off(layer: Layer, places: Mapping[str, Sequence[object]]) -> list[bool]:
    """Tell which rows have a geometry too long to be written."""
    written = places.get(PLACE_HEADS["geometry"])
    if written is None:
        return [False] * len(layer.quarantine)
    return [
        isinstance(had, str) and has is None
        for had, has in zip(layer.quarantine["geometry"], written, strict=True)
    ]


def _reason(code: str, detail: str, is_cut_off: bool) -> str:  # noqa: FBT001 - one row of a zip
    said = f"{word(code)}：{detail[:SHOWN_DETAIL]}" if detail else word(code)
    return f"{said}；几何太长，写不进单元格，请在原文件里改" if is_cut_off else said


def _write(
    path: Path, kind: str, columns: Mapping[str, Sequence[object]], guide: Sequence[Sequence[str]]
) -> None:
    """Write rows into one sheet and their explanation into another, and replace the file."""
    heads = _code_heads(kind)
    cells = [
        [as_text(value) for value in values] if head in heads else values
        for head, values in columns.items()
    ]
    book = Workbook()
    sheet = book.active
    sheet.title = word(kind)
    fill(sheet, [list(columns), *zip(*cells, strict=True)])
    sheet.freeze_panes = "A2"
    for j, head in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(j)].width = WIDTH
        if head in heads:
            sheet.column_dimensions[get_column_letter(j)].number_format = TEXT_FORMAT
            for (cell,) in sheet.iter_rows(min_row=2, min_col=j, max_col=j):
                cell.number_format = TEXT_FORMAT
    explained = book.create_sheet(GUIDE_SHEET)
    fill(explained, guide)
    for j in range(1, len(guide[0]) + 1):
        explained.column_dimensions[get_column_letter(j)].width = WIDTH
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(saved(book))
    part.replace(path)
