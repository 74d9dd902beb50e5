"""Cells of frames as they come: a missing column or a blank cell takes a default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.due import NO

if TYPE_CHECKING:
    from numpy.typing import NDArray


def texts(frame: pd.DataFrame, column: str) -> list[str | None]:
    """
    Return a column as texts.

    Parameters
    ----------
    frame
        n rows.
    column
        Its name.

    Returns
    -------
    texts
        n texts without outer blanks; None where the column or the cell is missing or blank.
    """
    if column not in frame.columns:
        return [None] * len(frame)
    return [None if blank(cell) else str(cell).strip() for cell in frame[column]]


def numbers(frame: pd.DataFrame, column: str, default: float) -> NDArray[np.float64]:
    """
    Return a column as numbers.

    Parameters
    ----------
    frame
        n rows.
    column
        Its name.
    default
        What a missing column, a blank cell and what is no number count as.

    Returns
    -------
    numbers
        n numbers.
    """
    if column not in frame.columns:
        return np.full(len(frame), default)
    found = np.asarray(pd.to_numeric(frame[column], errors="coerce"), dtype=np.float64)
    return np.where(np.isfinite(found), found, default)


def flags(frame: pd.DataFrame, column: str, *, default: bool) -> NDArray[np.bool_]:
    """
    Return a column as truths.

    Parameters
    ----------
    frame
        n rows.
    column
        Its name.
    default
        What a missing column and a blank cell count as.

    Returns
    -------
    flags
        n truths; a text that denies is one of `geo.due.NO`.
    """
    found = [default if cell is None else cell.lower() not in NO for cell in texts(frame, column)]
    return np.array(found, dtype=bool)


def words(frame: pd.DataFrame, column: str) -> list[frozenset[str]]:
    """
    Return a column of words with a semicolon between.

    Parameters
    ----------
    frame
        n rows.
    column
        Its name.

    Returns
    -------
    words
        n sets; empty where there is none.
    """
    parted = [(cell or "").replace("；", ";").split(";") for cell in texts(frame, column)]
    return [frozenset(word.strip() for word in some if word.strip()) for some in parted]


def blank(cell: Any) -> bool:  # noqa: ANN401 - whatever a frame holds
    """
    Tell whether a cell says nothing.

    Parameters
    ----------
    cell
        A scalar.

    Returns
    -------
    blank
        Whether it is missing, or a text of blanks alone.
    """
    return cell is None or bool(pd.isna(cell)) or not str(cell).strip()
