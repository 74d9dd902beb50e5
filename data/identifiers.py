"""Cells made into ids: whole numbers stay numbers, codes stay text, and lost digits are noticed."""

import re
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.values import texts

Mask = NDArray[np.bool_]

LOST_DIGITS: Final = re.compile(r"\d+(\.\d+)?[eE]\+\d+")
"""An id after a spreadsheet took it for a number and wrote it short: 3.402E+19."""

WHOLE: Final = re.compile(r"-?(0|[1-9]\d{0,17})")
"""Text that is a whole number without leading zeros and fits 64 bits."""


def identifiers(values: pd.Series, *, typed: bool) -> tuple[pd.Series, Mask]:
    """
    Return a column as ids, and which of them lost digits on their way.

    Whole numbers stay integers, text stays text: `007` and 20-digit codes are text.

    Parameters
    ----------
    values
        One column.
    typed
        The file tells numbers from text; else text that looks like whole numbers is taken as such.

    Returns
    -------
    ids
        Int64 when every id is a whole number, else text; missing where there is none.
    lost
        True where a long id was stored as a float: 3.402E+19.
    """
    if pd.api.types.is_integer_dtype(values):
        return values.astype("Int64"), np.zeros(len(values), dtype=bool)
    written = texts(values)
    lost = np.array(
        [text is not None and LOST_DIGITS.fullmatch(text) is not None for text in written],
        dtype=bool,
    )
    given = [
        text for text, gone in zip(written, lost, strict=True) if text is not None and not gone
    ]
    is_text = typed and any(isinstance(value, str) and value.strip() for value in values)
    if not is_text and all(WHOLE.fullmatch(text) for text in given):
        kept = [None if gone or text is None else int(text)
                for text, gone in zip(written, lost, strict=True)]  # fmt: skip
        # An id that lost digits is shown as met in the quarantine's detail, not as a number.
        return pd.Series(pd.array(kept, dtype="Int64"), index=values.index), lost
    return pd.Series(written, index=values.index), lost
