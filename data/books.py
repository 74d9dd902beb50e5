"""Workbooks as bytes: cells that hold text as text, and one moment for the whole file."""

import datetime as dt
import io
import math
import os
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from data.values import as_text

EARLIEST: Final = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
"""The first moment that a zip archive, which a workbook is, can name."""

MODIFIED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
"""Where a workbook says when it was written."""

WIDEST: Final = 60
"""Widest column of a printed table, in characters; longer texts run over several lines."""

NARROWEST: Final = 8
"""Narrowest column of a printed table, in characters."""

A4: Final = 9
"""The number of this size of paper in a workbook."""

WIDE: Final = frozenset("WF")
"""East Asian widths of characters that take two columns."""


class BookTable(NamedTuple):
    """A table of a printed sheet: its title, the heads and then the rows."""

    title: str
    rows: Sequence[Sequence[object]]


def book_of(sheets: Mapping[str, Sequence[BookTable]]) -> bytes:
    """
    Return a workbook of sheets to be printed, several tables one under the other.

    With `SOURCE_DATE_EPOCH` the same tables give the same bytes.

    Parameters
    ----------
    sheets
        Name -> tables; numbers stay numbers, text is never a formula.

    Returns
    -------
    content
        The .xlsx file.
    """
    book = Workbook()
    book.remove(book.active)
    for name, tables in sheets.items():
        sheet = book.create_sheet(name)
        rows: list[Sequence[object]] = []
        bold = set()
        for table in tables:
            bold |= {len(rows) + 1, len(rows) + 2}
            rows += [[table.title], *table.rows, []]
        fill(sheet, rows, bold=bold)
        _fit(sheet, [table.rows for table in tables])
        sheet.page_setup.paperSize = A4
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return saved(book)


def fill(
    sheet: Any,  # noqa: ANN401 - untyped library
    rows: Sequence[Sequence[object]],
    *,
    bold: frozenset[int] | set[int] = frozenset({1}),
) -> None:
    """
    Write rows into a sheet from its first cell on.

    Parameters
    ----------
    sheet
        Of openpyxl.
    rows
        Cells: numbers as such, yes and no and times in words, else text.
    bold
        Numbers of the rows, from 1 on, that are heads.
    """
    for i, row in enumerate(rows, start=1):
        for j, value in enumerate(row, start=1):
            cell = sheet.cell(i, j, _cell(value))
            if isinstance(cell.value, str):
                # Text that begins with "=" is text from a file, never a formula.
                cell.data_type = "s"
            if i in bold:
                cell.font = Font(bold=True)


def saved(book: Any) -> bytes:  # noqa: ANN401 - untyped library
    """
    Return a workbook as bytes that bear one moment: now, or that of `SOURCE_DATE_EPOCH`.

    Parameters
    ----------
    book
        Of openpyxl.

    Returns
    -------
    content
        The .xlsx file.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = (
        dt.datetime.now(tz=dt.UTC)
        if epoch is None
        else dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    )
    moment = max(now, EARLIEST)
    stamp = rb"\g<1>" + moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    draft, final = io.BytesIO(), io.BytesIO()
    book.save(draft)
    with zipfile.ZipFile(draft) as old, zipfile.ZipFile(final, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, moment.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            new.writestr(
                info, MODIFIED.sub(stamp, content) if name == "docProps/core.xml" else content
            )
    return final.getvalue()


def _cell(value: object) -> str | float | None:
    """Return what a cell holds: numbers as such, yes and no and times in words, else text."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return value if math.isfinite(value) else None
    text = as_text(value)
    return None if text is None else str(ILLEGAL_CHARACTERS_RE.sub("", text))


def _fit(sheet: Any, tables: Sequence[Sequence[Sequence[object]]]) -> None:  # noqa: ANN401
    """Make columns as wide as what stands in them, and let longer texts run on."""
    widths: dict[int, int] = {}
    for rows in tables:
        for row in rows:
            for j, value in enumerate(row, start=1):
                widths[j] = max(widths.get(j, NARROWEST), _width(value))
    for j, width in widths.items():
        sheet.column_dimensions[get_column_letter(j)].width = min(width + 2, WIDEST)
        if width + 2 > WIDEST:
            for (cell,) in sheet.iter_rows(min_col=j, max_col=j):
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def _width(value: object) -> int:
    """Count the columns that a text takes: Chinese takes two a character."""
    text = as_text(value) or ""
    return sum(1 + (unicodedata.east_asian_width(letter) in WIDE) for letter in text)
