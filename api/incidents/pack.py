"""The monthly pack as a workbook: the same tables as on paper, in numbers that can be added."""

from collections.abc import Mapping, Sequence
from typing import Final

from api.incidents.listings import Listing
from api.words import say
from data.books import BookTable, book_of

SHEETS: Final[dict[str, tuple[str, ...]]] = {
    "totals": ("totals", "parent", "rates", "closing"),
    "classes": ("classes",),
    "areas": ("areas",),
    "hours": ("hours",),
    "spots": ("spots",),
    "notes": ("notes",),
}
"""Sheet -> sections of the report that it holds, in the order of the workbook."""


def pack_of(
    title: str,
    sections: Mapping[str, Sequence[Listing]],
    summary: Sequence[str],
    notes: Sequence[str],
    *,
    lang: str,
) -> bytes:
    """
    Write the monthly pack as a workbook.

    With `SOURCE_DATE_EPOCH` the same tables give the same bytes.

    Parameters
    ----------
    title
        What stands over the first sheet.
    sections
        Section of the report -> its tables.
    summary
        Sentences that come first.
    notes
        Sentences on what was counted and how.
    lang
        "zh" or "en".

    Returns
    -------
    content
        The .xlsx file. Every sheet is there; one without a table says so.
    """
    sheets = {}
    for name, parts in SHEETS.items():
        tables = [each.book() for part in parts for each in sections.get(part, ())]
        if name == "totals":
            tables.insert(0, _lines(title, summary))
        if name == "notes":
            tables.insert(0, _lines(say("sheet.notes", lang), notes))
        sheets[say(f"sheet.{name}", lang)] = tables or [_lines(say("nothing_told", lang), [])]
    return book_of(sheets)


def _lines(title: str, lines: Sequence[str]) -> BookTable:
    """Write sentences as a table of one column."""
    return BookTable(title, [[line] for line in lines])
