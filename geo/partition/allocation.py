"""People over grids by weights: whole numbers that add up exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TIE_DIGITS: Final = 9
"""Remainders that agree to so many decimals are equal: the rest is rounding."""


def allocate(weights: ArrayLike, total: int, *, least: int = 1) -> Ints:
    """
    Share out workers over grids by weights.

    Whoever would get fewer than `least` gets `least`; the rest is shared among the others in
    proportion to their weights, by largest remainder. Of equal remainders the earlier row gets
    the worker.

    Parameters
    ----------
    weights
        n numbers of 0 or more, not all 0: households, incidents, or a sum of such shares.
    total
        How many there are to share out.
    least
        How many everyone gets at least, 0 or more.

    Returns
    -------
    parts
        n whole numbers, `least` or more each, that add up to `total`.

    Raises
    ------
    InvalidParameterError
        When a weight is missing or negative, all are 0, or `total` is less than `least` each.
    """
    weight = np.asarray(weights, dtype=np.float64)
    wrong = np.flatnonzero(~((weight >= 0.0) & (weight < np.inf)))
    if wrong.size:
        raise InvalidParameterError(
            f"weights: row {wrong[0]} is {float(weight[wrong[0]])!r}; an unknown weight is not 0, "
            f"so fill it or leave the row out"
        )
    if least < 0 or total < least * len(weight):
        raise InvalidParameterError(
            f"total: {total} workers cannot give at least {least} to each of {len(weight)} grids; "
            f"that takes {least * len(weight)}, so raise total or lower least"
        )
    if not weight.any():
        if total == least * len(weight):
            return np.full(len(weight), least, dtype=np.int64)
        raise InvalidParameterError(
            f"weights: all {len(weight)} are 0, so nothing tells who gets the {total} workers; "
            f"weigh all the same with ones"
        )
    parts = np.full(len(weight), least, dtype=np.int64)
    free = np.ones(len(weight), dtype=bool)
    # Lifting some to the least leaves less for the others, so some of those may fall below it.
    while free.any():
        left = total - least * int((~free).sum())
        low = free & (left * weight < least * weight[free].sum())
        if not low.any():
            parts[free] = apportioned(left, weight[free])
            break
        free &= ~low
    return parts


def apportioned(total: int, weights: Floats) -> Ints:
    """
    Divide a total into whole parts in proportion to weights, by largest remainder.

    Parameters
    ----------
    total
        A whole number of 0 or more.
    weights
        n numbers of 0 or more, not all 0.

    Returns
    -------
    parts
        n whole numbers that add up to `total`, each less than 1 from its exact share. Of equal
        remainders the earlier one is rounded up.
    """
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    short = np.round(parts - exact, TIE_DIGITS)
    parts[np.argsort(short, kind="stable")[: total - parts.sum()]] += 1
    return parts
