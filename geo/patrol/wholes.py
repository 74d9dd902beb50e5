"""Columns and matrices of whole numbers, checked, and the largest that are reckoned with."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MOST: Final = 10**8
"""The largest number of metres, seconds, stops or prize that is reckoned with: three years in
seconds. A limit of `MOST` is no limit."""


def filled(columns: dict[str, Any], length: int) -> dict[str, Ints]:
    """Return columns of whole numbers, single values repeated."""
    return {
        name: np.broadcast_to(np.asarray(values, dtype=np.int64), (length,)).copy()
        for name, values in columns.items()
    }


def check_columns(owner: str, table: Any, length: int, *, free: tuple[str, ...]) -> None:  # noqa: ANN401
    """Refuse columns that are not `length` whole numbers of 0 or more."""
    for name in (each.name for each in fields(table)):
        if name in free:
            continue
        values = getattr(table, name)
        if values.shape != (length,):
            raise InvalidParameterError(
                f"{owner}: {name} of shape {values.shape}; give {length} numbers, one for each row"
            )
        check_whole(owner, name, values, highest=None if name == "skills" else MOST)


def check_whole(
    owner: str, name: str, values: NDArray[Any], *, lowest: int = 0, highest: int | None = MOST
) -> None:
    """Refuse what is not whole or outside what is reckoned with."""
    if not np.issubdtype(values.dtype, np.integer):
        raise InvalidParameterError(
            f"{owner}: {name} of type {values.dtype}; round to whole numbers first"
        )
    refuse(owner, values < lowest, f"{name} below {lowest}", values)
    if highest is not None:
        refuse(owner, values > highest, f"{name} above {highest}", values)


def check_matrices(name: str, matrices: Ints, *, unreachable: int) -> None:
    """Refuse a way from a place to itself, and what is too long but not yet unreachable."""
    own = np.argwhere(np.diagonal(matrices, axis1=1, axis2=2))
    if len(own):
        profile, place = (int(index) for index in own[0])
        raise InvalidParameterError(
            f"{name}: {matrices[profile, place, place]} from place {place} to itself in profile "
            f"{profile}; give 0"
        )
    between = (matrices > MOST) & (matrices < unreachable)
    refuse("problem", between, f"{name} above {MOST} and below {unreachable}", matrices)


def refuse(owner: str, wrong: Bools, what: str, values: NDArray[Any]) -> None:
    """Name the first wrong row and its value."""
    rows = np.argwhere(wrong)
    if len(rows):
        at = tuple(int(index) for index in rows[0])
        where = f"row {at[0]}" if len(at) == 1 else f"{at}"
        raise InvalidParameterError(f"{owner}: {what}, {values[at]} met at {where}; mend it")
