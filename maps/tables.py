"""Tables of a page: words to the left, numbers to the right, everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LONGEST_NUMBER: Final = 30
"""Signs of a number with its unit and a share in brackets, at most; more are a sentence."""


class TextTable(NamedTuple):
    """A table in plain text: title, the heads and then the rows, the first column of numbers."""

    title: str
    rows: Sequence[Sequence[str]]
    numbers_from: int

    def numeric(self, column: int) -> bool:
        """
        Tell whether a column stands to the right: it is of numbers, and no sentence is among them.

        Parameters
        ----------
        column
            Counted from 0.

        Returns
        -------
        numeric
            Whether it does.
        """
        longest = max((len(row[column]) for row in self.rows[1:]), default=0)
        return column >= self.numbers_from and longest <= LONGEST_NUMBER


def text_table(table: TextTable) -> str:
    """
    Write a table that is in words already.

    Parameters
    ----------
    table
        Title, heads, rows; without rows nothing is written.

    Returns
    -------
    html
        A heading and a table.
    """
    heads, *rows = table.rows
    numbers = [column for column in range(len(heads)) if table.numeric(column)]
    return html_table(table.title, heads, rows, numbers=numbers) if rows else ""


def html_table(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    numbers: Collection[int],
    foot: Sequence[str] | None = None,
) -> str:
    """
    Write plain text as a table.

    Parameters
    ----------
    title
        What stands over it.
    heads
        One a column.
    rows
        The cells; the first of a row is its head.
    numbers
        Columns that stand to the right, counted from 0.
    foot
        A last row, such as the sums.

    Returns
    -------
    html
        A heading and a table.
    """
    top = "".join(
        f'<th scope="col"{_side(column, numbers)}>{escape(text)}</th>'
        for column, text in enumerate(heads)
    )
    body = "".join(_tr(row, numbers) for row in rows)
    end = f"<tfoot>{_tr(foot, numbers)}</tfoot>" if foot else ""
    return (
        f'<h2>{escape(title)}</h2><div class="scroll"><table><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody>{end}</table></div>"
    )


def _tr(row: Sequence[str], numbers: Collection[int]) -> str:
    first, *others = row
    cells = "".join(
        f"<td{_side(column, numbers)}>{escape(text)}</td>"
        for column, text in enumerate(others, start=1)
    )
    return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'


def _side(column: int, numbers: Collection[int]) -> str:
    return ' class="number"' if column in numbers else ""
