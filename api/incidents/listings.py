"""Tables that are printed, put on a page and written into a workbook, all from the same cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.books import BookTable
from geo.incidents.numbers import plain_text
from geo.incidents.wording import NONE
from maps.tables import TextTable

Cell = str | int | float | None
"""What a cell holds: a text, a count, a number, or nothing."""

DIGITS: Final = 2
"""Most digits after the point of numbers that are no counts."""


@dataclass(frozen=True)
class Listing:
    """
    A table: what it is called, its heads, its rows.

    Parameters
    ----------
    title
        What stands over it.
    heads
        One a column.
    rows
        Counts as numbers, so that a workbook can add them; all else in words.
    numbers_from
        The first column of numbers.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numbers_from: int

    def text(self) -> TextTable:
        """Return it as text, for the terminal and for pages."""
        rows = [[cell_text(cell) for cell in row] for row in self.rows]
        return TextTable(self.title, [list(self.heads), *rows], self.numbers_from)

    def book(self) -> BookTable:
        """Return it for a workbook."""
        return BookTable(self.title, [list(self.heads), *map(list, self.rows)])


def cell_text(cell: Cell) -> str:
    """
    Write a cell.

    Parameters
    ----------
    cell
        Any.

    Returns
    -------
    text
        Numbers with commas, rounded half up; a dash where there is none.
    """
    if isinstance(cell, str):
        return cell
    if cell is None or pd.isna(cell):
        return NONE
    return plain_text(cell, DIGITS if isinstance(cell, float) else 0)
