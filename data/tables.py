"""Tables as offices hand them over: CSV and workbooks, titles, merged heads, GBK text and all."""

import csv
import io
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS
from python_calamine import CalamineError, SheetTypeEnum, load_workbook

from data.columns import plain
from data.errors import FormatError, LayerError
from data.heads import PLACES
from data.notes import Note

CSV_SUFFIXES: Final = (".csv", ".tsv")
"""Files read as text with separated cells."""

BOOK_SUFFIXES: Final = (".xlsx", ".xlsm", ".xls")
"""Files read as workbooks; their sheets are layers."""

SEPARATORS: Final = (",", ";", "\t")
"""Separators of CSV files, the likelier first."""

ENCODINGS: Final = ("utf-8-sig", "gb18030")
"""Encodings tried in turn: text that is not UTF-8 is not taken for it, GB18030 takes nearly all."""

HEAD_ROWS: Final = 10
"""Rows in which the heads are looked for; above them stand titles and notes."""

GUIDE_SHEET: Final = "填写说明"
"""The sheet of our own workbooks that explains the others: no layer unless it is named."""

EXAMPLE_MARK: Final = "（示例）"
"""How the first cell of the example row in our templates begins: such a row is not read."""

LONGEST_CELL: Final = 1 << 26
"""Characters a CSV cell may hold: the outline of a county as WKT is longer than csv's default."""


@dataclass(frozen=True, eq=False)
class Table:
    """
    A layer as its file has it, before anything is mapped.

    Parameters
    ----------
    heads
        Heads in the order of the file; blank where a column has none.
    columns
        One series per head, n values each; a missing cell is None or NaN.
    rows
        n numbers by which a person finds the rows: lines of a table, else 1, 2, 3 ...
    source
        File and layer as shown to people.
    typed
        The file tells numbers from text. In CSV everything is text.
    wkb
        n geometries as WKB or None, where the file brings geometry of its own.
    crs
        CRS that the file states for `wkb`.
    notes
        What was found while reading.
    """

    heads: tuple[str, ...]
    columns: tuple[pd.Series, ...]
    rows: NDArray[np.int64]
    source: str
    typed: bool = True
    wkb: NDArray[np.object_] | None = None
    crs: CRS | None = None
    notes: tuple[Note, ...] = field(default=())


def pick_layer(file: str, layer: str | None, layers: Sequence[str]) -> str:
    """Return the layer asked for, or the only one; refuse and list them otherwise."""
    if layer is None and len(layers) > 1:
        raise LayerError("several_layers", file=file, layers=list(layers))
    if not layers:
        raise LayerError("no_layers", file=file)
    if layer is not None and layer not in layers:
        raise LayerError("unknown_layer", file=file, layer=layer, layers=list(layers))
    return layer or layers[0]


def read_csv(path: Path, layer: str | None, known: AbstractSet[str]) -> Table:
    """
    Read a CSV file, in UTF-8 or GB18030, separated by comma, semicolon or tab.

    Parameters
    ----------
    path
        The file.
    layer
        Must be None or the name of the file without suffix: CSV has one layer.
    known
        Plain heads that say something; by them the separator and the row of heads are found.

    Returns
    -------
    table
        Every cell as text.

    Raises
    ------
    FormatError
        When the text has another encoding or is broken.
    LayerError
        When another layer is named.
    """
    pick_layer(path.name, layer, [path.stem])
    text = _decoded(path)
    csv.field_size_limit(LONGEST_CELL)
    try:
        separator = max(SEPARATORS, key=lambda sign: _promise(text, sign, known))
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        lines: list[int] = []
        cells: list[list[object]] = []
        line = 1
        for row in reader:
            lines.append(line)
            cells.append([cell.strip() for cell in row])
            line = reader.line_num + 1
    except csv.Error as error:
        raise FormatError("unreadable_file", file=path.name, said=str(error)) from error
    return _table(cells, lines, known, source=path.name, typed=False)


def read_book(path: Path, layer: str | None, known: AbstractSet[str]) -> Table:
    """
    Read one sheet of a workbook.

    Empty sheets do not count as layers unless one is named. A cell keeps its type, so that a code
    written as text keeps its zeros.

    Parameters
    ----------
    path
        The file.
    layer
        Name of the sheet; None for the only one that is not empty.
    known
        Plain heads that say something; by them the row of heads is found.

    Returns
    -------
    table
        The cells below the heads.

    Raises
    ------
    FormatError
        When the file is no workbook or is locked.
    LayerError
        When the sheet is not there, or several are and none is named.
    """
    try:
        book = load_workbook(path)
        names = [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
        filled = [
            name
            for name in names
            if name != GUIDE_SHEET and book.get_sheet_by_name(name).start is not None
        ]
        choice = names if layer is not None else (filled or names[:1])
        name = pick_layer(path.name, layer, choice)
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise FormatError("unreadable_file", file=path.name, said=str(error)) from error
    source = f"{path.name}:{name}" if len(names) > 1 else path.name
    lines = list(range(1, len(cells) + 1))
    return _table([list(row) for row in cells], lines, known, source=source, typed=True)


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FormatError("unknown_encoding", file=path.name)


def _promise(text: str, separator: str, known: AbstractSet[str]) -> tuple[int, int]:
    """Return how many known heads, and how many cells, a separator finds in a row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = [row for row, _ in zip(reader, range(HEAD_ROWS), strict=False)]
    return (
        max((_known_cells(row, known) for row in rows), default=0),
        max((len(row) for row in rows), default=0),
    )


def _known_cells(row: Sequence[object], known: AbstractSet[str]) -> int:
    return sum(plain(cell) in known for cell in row if cell != "")


def _table(
    cells: list[list[object]],
    lines: list[int],
    known: AbstractSet[str],
    *,
    source: str,
    typed: bool,
) -> Table:
    """Part heads from rows, drop blank rows, and turn rows into columns."""
    filled = [i for i, row in enumerate(cells) if any(cell != "" for cell in row)]
    if not filled:
        return Table((), (), np.zeros(0, dtype=np.int64), source, typed)
    first, last = _head_rows(cells, filled, known)
    heads = _heads(cells[first : last + 1])
    body = [i for i in filled if i > last]
    examples = [i for i in body if str(cells[i][0]).startswith(EXAMPLE_MARK)]
    body = [i for i in body if i not in examples]
    notes = []
    if examples:
        notes.append(Note("examples_skipped", {"rows": [lines[i] for i in examples]}))
    if first > 0:
        notes.append(Note("head_row", {"row": lines[first]}))
    ragged = [lines[i] for i in body if any(cell != "" for cell in cells[i][len(heads) :])]
    if ragged:
        notes.append(Note("ragged_rows", {"count": len(ragged), "rows": ragged}))
    columns = _columns([cells[i][: len(heads)] for i in body], len(heads))
    rows = np.array([lines[i] for i in body], dtype=np.int64)
    return Table(tuple(heads), columns, rows, source, typed, notes=tuple(notes))


def _head_rows(
    cells: list[list[object]], filled: list[int], known: AbstractSet[str]
) -> tuple[int, int]:
    """
    Return the first and the last row of the heads.

    The first of the first ten rows with two known heads; else with one; else the first row. The
    row below belongs to them when only it holds the coordinates (`位置` over `经度`, `纬度`).
    """
    window = [i for i in filled if i < HEAD_ROWS] or filled[:1]
    first = next(i for least in (2, 1, 0) for i in window if _known_cells(cells[i], known) >= least)
    below = first + 1
    if below < len(cells) and not _is_placed(cells[first]) and _is_placed(cells[below]):
        return first, below
    return first, first


def _is_placed(row: Sequence[object]) -> bool:
    """Tell whether a row of heads names both coordinates, or a geometry."""
    there = {plain(cell) for cell in row}
    found = {place for place, heads in PLACES.items() if not there.isdisjoint(map(plain, heads))}
    return "geometry" in found or {"lon", "lat"} <= found or {"x", "y"} <= found


def _heads(rows: list[list[object]]) -> list[str]:
    """Return one head a column: the lowest cell that is filled."""
    stacked = zip_longest(*rows, fillvalue="")
    return [
        next((str(cell).strip() for cell in column[::-1] if cell != ""), "") for column in stacked
    ]


def _columns(rows: list[list[object]], width: int) -> tuple[pd.Series, ...]:
    if not rows:
        return tuple(pd.Series([], dtype=object) for _ in range(width))
    rows[0] = [*rows[0], *[""] * (width - len(rows[0]))]
    stacked = zip_longest(*rows, fillvalue="")
    return tuple(pd.Series([None if c == "" else c for c in column]) for column in stacked)
