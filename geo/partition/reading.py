"""Columns of codes and of numbers that may be unknown, as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.errors import ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def texts(frame: pd.DataFrame, column: str) -> NDArray[np.str_]:
    """
    Return a column of codes as texts.

    Parameters
    ----------
    frame
        n rows.
    column
        Its name.

    Returns
    -------
    texts
        n texts without outer blanks, "" where the column or a value is missing.
    """
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=str)
    values = frame[column].astype(object)
    return np.asarray(values.where(values.notna(), "").astype(str).str.strip(), dtype=str)


def required(frame: pd.DataFrame, name: str, column: str) -> NDArray[np.str_]:
    """
    Return a column of codes that every row must have, each its own.

    Parameters
    ----------
    frame
        n rows.
    name
        The caller's argument, for the message.
    column
        The column.

    Returns
    -------
    codes
        n texts, all different.

    Raises
    ------
    ColumnError
        When the column is missing, or a code is missing or met before.
    """
    if column not in frame.columns:
        raise ColumnError(
            f"{name}: no column {column} among {', '.join(map(str, frame.columns))}; rename the "
            f"column with the code to {column}"
        )
    codes = texts(frame, column)
    bad = (codes == "") | pd.Series(codes).duplicated().to_numpy()
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ColumnError(
            f"{name}: row {row} has {column} {str(codes[row])!r}, which is empty or was met "
            f"before; give every row a code of its own"
        )
    return codes


def or_none(values: NDArray[np.str_]) -> pd.Series[Any]:
    """
    Return texts as a column.

    Parameters
    ----------
    values
        n texts, "" for none.

    Returns
    -------
    column
        n texts; None for those that are empty.
    """
    some = values.astype(object)
    some[values == ""] = None
    # Left to itself, pandas makes NaN of None.
    return pd.Series(some, dtype=object)
