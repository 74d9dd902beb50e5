"""Rows that say nothing, because the one word that counts in them is in no list."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.codes import CLOSED_LISTS, CODE_LISTS, MAY_BE_BLANK
from data.columns import Matching
from data.shapes import Faults
from data.tables import Table
from data.values import texts


def mark_unlisted(
    values: Mapping[str, pd.Series], table: Table, matching: Matching, kind: str, faults: Faults
) -> None:
    """
    Set aside the rows of a layer whose word is in no list, or that have none where one is due.

    Parameters
    ----------
    values
        Our column -> n values, codes where the word is known.
    table
        n rows as the file has them: the word is quoted as it came.
    matching
        Which column is which of ours; a file without the column has no row that says anything.
    kind
        Kind of layer; only those of `CLOSED_LISTS` have such columns.
    faults
        Faults of the n rows; reasons are added here.
    """
    for (layer, ours), reason in CLOSED_LISTS.items():
        if layer != kind:
            continue
        blank = pd.Series(None, index=range(len(table.rows)), dtype=object)
        position = matching.columns.get(ours)
        written = blank if position is None else table.columns[position]
        listed = values.get(ours, blank).isin(list(CODE_LISTS[layer, ours])).to_numpy(dtype=bool)
        if (layer, ours) in MAY_BE_BLANK:
            listed = listed | np.array([text is None for text in texts(written)], dtype=bool)
        faults.mark(~listed, reason, partial(_quoted, written))


def _quoted(written: pd.Series, rows: NDArray[np.int64]) -> list[str]:
    """Return what stands in some cells; nothing where they are blank."""
    return [text or "" for text in texts(written.iloc[rows])]
