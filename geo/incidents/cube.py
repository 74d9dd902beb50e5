"""Sums over rows by several columns at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

DENSE_CELLS: Final = 4_000_000
"""Up to so many cells are counted in place; of more, those with a row are numbered first."""


@dataclass(frozen=True, eq=False)
class Axis:
    """
    A column that rows are counted by.

    Parameters
    ----------
    name
        What it is called in the frame of sums.
    code
        n places in the labels.
    labels
        What the cells say, in the order in which they are given.
    """

    name: str
    code: Ints
    labels: Sequence[object]

    def rows(self, which: Ints) -> Axis:
        """Return the column of some rows."""
        return Axis(self.name, self.code[which], self.labels)


def summed(axes: Sequence[Axis], measures: Mapping[str, Ints]) -> pd.DataFrame:
    """
    Add up measures over the cells of columns.

    Parameters
    ----------
    axes
        Columns of n rows; none for one cell.
    measures
        Whole numbers of n rows, by name.

    Returns
    -------
    sums
        One row per cell that has a row, in the order of the labels: a column per axis and one
        per measure. Whole numbers, so the order of the rows changes nothing.
    """
    n = len(next(iter(measures.values())))
    key, size = np.zeros(n, dtype=np.int64), 1
    for axis in axes:
        key = key * len(axis.labels) + axis.code
        size *= len(axis.labels)
        if size > DENSE_CELLS:
            met, key = np.unique(key, return_inverse=True)
            size = len(met)
    some_row = np.full(size, -1, dtype=np.int64)
    some_row[key] = np.arange(n)
    cells = np.flatnonzero(some_row >= 0)
    at = some_row[cells]
    columns: dict[str, NDArray[np.object_] | Ints] = {}
    for axis in axes:
        labels = np.empty(len(axis.labels), dtype=object)
        labels[:] = list(axis.labels)
        columns[axis.name] = labels[axis.code[at]]
    for name, values in measures.items():
        # Sums of whole numbers below 2**53 are exact.
        columns[name] = np.bincount(key, values, minlength=size)[cells].astype(np.int64)
    return pd.DataFrame(columns)
