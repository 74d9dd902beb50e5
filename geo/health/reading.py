"""Columns as this package needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import ColumnError, InvalidParameterError

if TYPE_CHECKING:
    import pandas as pd


def require_columns(frame: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    """
    Refuse a frame that lacks a column.

    Parameters
    ----------
    frame
        n rows.
    name
        The caller's argument, for the message.
    columns
        What it must have.

    Raises
    ------
    ColumnError
        When one of the columns is missing.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ColumnError(
            f"{name}: no column {', '.join(missing)}; it has: "
            f"{', '.join(map(str, frame.columns)) or 'none'}"
        )


def states_of(values: pd.Series, name: str) -> pd.Series:
    """
    Return a column of yes, no and unknown.

    Parameters
    ----------
    values
        n truths; blanks are unknown.
    name
        The caller's argument, for the message.

    Returns
    -------
    states
        n nullable truths.

    Raises
    ------
    InvalidParameterError
        When a value is neither true, false nor missing.
    """
    try:
        return values.astype("boolean")
    except (TypeError, ValueError):
        known = values.map(lambda value: value in (True, False)) | values.isna()
        met = values[~known].iloc[0] if not known.all() else values.iloc[0]
        raise InvalidParameterError(
            f"{name}: {met!r} is neither true, false nor missing; turn it into one of them"
        ) from None
