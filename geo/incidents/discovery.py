"""How many of many tests to believe: control of the share of false discoveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(
    p: ArrayLike, level: float = 0.05
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """
    Tell which of many tests hold when at most a share of those called so may be false.

    Parameters
    ----------
    p
        n p-values; NaN for what was not tested, which is not counted among the tests.
    level
        The share of false ones among those that hold, on average; between 0 and 1.

    Returns
    -------
    q, holds
        n least levels at which each test holds (NaN where it was not tested), and whether it
        does at `level`.

    Raises
    ------
    InvalidParameterError
        When the level is not between 0 and 1.

    Notes
    -----
    Right for tests that are independent or depend on each other positively, as those of
    neighbours do. Where nothing is there at all, any discovery is false: `level` is then the
    share of maps that show one at most.

    References
    ----------
    Benjamini and Hochberg, Controlling the false discovery rate, 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    check_level(level)
    values = np.asarray(p, dtype=np.float64)
    q = np.full(values.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(values))
    order = tested[np.argsort(values[tested], kind="stable")]
    scaled = values[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q, q <= level


def check_level(level: float) -> None:
    """Refuse a level that is no share."""
    if not 0.0 < level < 1.0:
        raise InvalidParameterError(f"level must be between 0 and 1, got {level!r}")
