"""What callers ask, checked: weights, the part each site plays, and a scale for the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import InvalidParameterError
from geo.placement.state import BARRED, FREE, KEPT

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.placement.reach import Reach

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MAX_WHOLE: Final = 2.0**40
"""Whole weights up to this are reckoned as such: thousands of them still add up exactly."""

SLACK: Final = (1e-6, 1e-9)
"""What of a bound may be rounding, of the solver's and as a share; it is given away before a bound
is rounded."""


@dataclass(frozen=True, eq=False)
class Roles:
    """
    The part each candidate plays.

    Parameters
    ----------
    role
        `FREE`, `KEPT` or `BARRED` for each candidate.
    existing
        The sites that stand, ascending.
    must
        The sites that must come and do not stand, ascending.
    """

    role: NDArray[np.int8]
    existing: Ints
    must: Ints

    @classmethod
    def of(cls, sites: int, existing: ArrayLike, must: ArrayLike, forbidden: ArrayLike) -> Roles:
        """Check the three lists against the number of candidates and each other."""
        lists = {"existing": existing, "must": must, "forbidden": forbidden}
        rows = {name: rows_of(name, values, sites) for name, values in lists.items()}
        for name in ("existing", "must"):
            both = np.intersect1d(rows[name], rows["forbidden"])
            if both.size:
                raise InvalidParameterError(
                    f"{name}, forbidden: site {both[0]} is in both; take it out of one"
                )
        role = np.full(sites, FREE, dtype=np.int8)
        role[rows["forbidden"]] = BARRED
        role[rows["existing"]] = KEPT
        role[rows["must"]] = KEPT
        return cls(role, rows["existing"], np.setdiff1d(rows["must"], rows["existing"]))

    @property
    def kept(self) -> Ints:
        """The sites of every answer, ascending."""
        return np.flatnonzero(self.role == KEPT)

    def left(self, p: int) -> int:
        """Return how many sites are left to choose when `p` may come."""
        if not isinstance(p, int | np.integer) or isinstance(p, bool) or p < 0:
            raise InvalidParameterError(f"p must be a whole number of 0 or more, got {p!r}")
        free = int((self.role == FREE).sum())
        if p > free + len(self.must):
            raise InvalidParameterError(
                f"p: {p} sites asked for, but only {free + len(self.must)} of the "
                f"{len(self.role)} candidates may come; ask for fewer or offer more"
            )
        if p < len(self.must):
            raise InvalidParameterError(
                f"p: {p} is less than the {len(self.must)} sites in must; raise p"
            )
        return int(p) - len(self.must)


def rows_of(name: str, values: ArrayLike, room: int) -> Ints:
    """Check row numbers and return each once, ascending."""
    given = np.asarray(values)
    if given.size and not np.issubdtype(given.dtype, np.integer):
        raise InvalidParameterError(
            f"{name}: values of type {given.dtype} met; give row numbers of candidates"
        )
    rows = np.unique(given.astype(np.int64))
    outside = rows[(rows < 0) | (rows >= room)]
    if outside.size:
        raise InvalidParameterError(
            f"{name}: {outside[0]} met; rows of candidates run from 0 to {room - 1}"
        )
    return rows


def numbers_of(name: str, values: ArrayLike | None, length: int) -> Floats:
    """Check one number of 0 or more for each row; None stands for 1 each."""
    if values is None:
        return np.ones(length)
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.shape != (length,):
        raise InvalidParameterError(
            f"{name}: shape {numbers.shape} met; give {length} numbers, one for each row"
        )
    wrong = np.flatnonzero(~((numbers >= 0.0) & (numbers < np.inf)))
    if wrong.size:
        raise InvalidParameterError(
            f"{name}: row {wrong[0]} holds {numbers[wrong[0]]}; give finite numbers of 0 or more"
        )
    return numbers


def coverable(reach: Reach, roles: Roles, k: int, left: int | None = None) -> NDArray[np.bool_]:
    """Say which demand `k` allowed sites can reach, at most `left` of them new."""
    if not isinstance(k, int | np.integer) or isinstance(k, bool) or k < 1:
        raise InvalidParameterError(f"k must be a whole number of 1 or more, got {k!r}")
    kept = reach.counts(roles.kept)
    new = reach.counts(np.flatnonzero(roles.role == FREE))
    return kept + (new if left is None else np.minimum(new, left)) >= k


def unit_of(*parts: Floats) -> tuple[float, bool]:
    """
    Find the unit in which numbers are best reckoned.

    Weights twice as large give the same problem: whole numbers are divided by what they share,
    others by a power of two, so that not a bit of them changes.

    Parameters
    ----------
    parts
        Numbers of 0 or more.

    Returns
    -------
    unit, whole
        The unit, and whether all are whole multiples of it.
    """
    numbers = np.concatenate(parts)
    top = float(numbers.max(initial=0.0))
    if top == 0.0:
        return 1.0, True
    if top <= MAX_WHOLE and not np.any(numbers % 1.0):
        return float(np.gcd.reduce(numbers.astype(np.int64))), True
    return float(2.0 ** np.floor(np.log2(top))), False


def rounded(bound: Any, *, whole: bool, up: bool) -> Any:  # noqa: ANN401
    """Round one bound or many to the next value there can be, where values are whole."""
    if not whole:
        return bound
    slack = SLACK[0] + SLACK[1] * np.abs(bound)
    return np.ceil(bound - slack) if up else np.floor(bound + slack)
