"""
Whether two counts differ by more than chance.

Counts of incidents vary as Poisson numbers do. Both tests are two-sided and take exposures (days,
people): the question is whether both counts come from one rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

from geo.errors import InvalidParameterError
from geo.incidents.poisson import e_p

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LARGEST: Final = 10**10
"""Counts above this are no counts of incidents: a key or a phone number in the wrong column."""


def e_test(
    k1: ArrayLike, k2: ArrayLike, exposure1: ArrayLike = 1.0, exposure2: ArrayLike = 1.0
) -> Floats:
    """
    Tell how likely two Poisson counts of one rate lie as far apart as these, by the E-test.

    The statistic is the difference of both rates over the root of its variance, estimated from
    both counts. Its distribution is that of two Poisson counts of the common rate, estimated from
    both; nothing is conditioned on. Two-sided: pairs at least as far apart, either way. Two zeros,
    or equal rates, have p 1.

    Parameters
    ----------
    k1
        Counts, whole numbers of 0 or more.
    k2
        Counts to hold against them; broadcast.
    exposure1
        Days, people or the like of the first counts; greater than 0.
    exposure2
        The same of the second counts.

    Returns
    -------
    p
        As many as the arguments broadcast to, in [0, 1]; within 1e-12 of the full double sum for
        counts to 10,000, and 1e-10 above.

    Raises
    ------
    InvalidParameterError
        When a count is no whole number of 0 or more, or an exposure is not above 0.

    Notes
    -----
    For each first count, the second counts that are less far apart are one interval, and its ends
    only rise; so the double sum is one sweep over both distributions: O(sqrt(k1) + sqrt(k2)).
    Where one exposure is many times the other and the counts are small, the statistic of the paper
    is blunt, because a count of 0 estimates no variance (7 in 0.2 days against 1 in 3 has p 0.38);
    then go by `conditional_test`.

    References
    ----------
    Krishnamoorthy, K., and Thomson, J. (2004). A more powerful test for comparing two Poisson
    means. Journal of Statistical Planning and Inference 119 (1), 23-35.
    doi:10.1016/S0378-3758(02)00408-1.
    """
    first, second, days1, days2 = _read(k1, k2, exposure1, exposure2)
    p = np.empty(first.size)
    e_p(first.ravel(), second.ravel(), days1.ravel(), days2.ravel(), p)
    return p.reshape(first.shape)


def conditional_test(
    k1: ArrayLike, k2: ArrayLike, exposure1: ArrayLike = 1.0, exposure2: ArrayLike = 1.0
) -> Floats:
    """
    Tell how likely two Poisson counts of one rate lie as far apart, given their sum.

    Given the sum, the first count is binomial. Two-sided means twice the smaller tail, at most 1:
    the definition that agrees with `ratio_interval`. With equal exposures it is the same as adding
    up all outcomes that are no likelier.

    Parameters
    ----------
    k1
        Counts, whole numbers of 0 or more.
    k2
        Counts to hold against them; broadcast.
    exposure1
        Days, people or the like of the first counts; greater than 0.
    exposure2
        The same of the second counts.

    Returns
    -------
    p
        As many as the arguments broadcast to, in [0, 1]; 1 for two zeros.

    Raises
    ------
    InvalidParameterError
        When a count is no whole number of 0 or more, or an exposure is not above 0.

    References
    ----------
    Przyborowski, J., and Wilenski, H. (1940). Homogeneity of results in testing samples from
    Poisson series. Biometrika 31 (3/4), 313-323. doi:10.2307/2332612.
    """
    first, second, days1, days2 = _read(k1, k2, exposure1, exposure2)
    part = days1 / (days1 + days2)
    no_more = np.where(
        second == 0, 1.0, special.betaincc(first + 1.0, np.maximum(second, 1.0), part)
    )
    no_less = np.where(first == 0, 1.0, special.betainc(np.maximum(first, 1.0), second + 1.0, part))
    return np.minimum(1.0, 2.0 * np.minimum(no_more, no_less))


def ratio_interval(
    k1: ArrayLike,
    k2: ArrayLike,
    exposure1: ArrayLike = 1.0,
    exposure2: ArrayLike = 1.0,
    *,
    confidence: float = 0.95,
) -> tuple[Floats, Floats]:
    """
    Bound the ratio of the rates behind two Poisson counts, exactly, given their sum.

    Parameters
    ----------
    k1
        Counts, whole numbers of 0 or more.
    k2
        Counts to hold against them; broadcast.
    exposure1
        Days, people or the like of the first counts; greater than 0.
    exposure2
        The same of the second counts.
    confidence
        How often such an interval holds the true ratio at the least; between 0 and 1.

    Returns
    -------
    low, high
        Of rate 1 / rate 2, as many as the arguments broadcast to; 0 and infinity where the counts
        set no bound. 1 lies outside exactly where `conditional_test` is below 1 - `confidence`.

    Raises
    ------
    InvalidParameterError
        When a count is no whole number of 0 or more, an exposure is not above 0, or the confidence
        is not between 0 and 1.

    References
    ----------
    Clopper, C. J., and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated
    in the case of the binomial. Biometrika 26 (4), 404-413. doi:10.1093/biomet/26.4.404.
    """
    if not 0 < confidence < 1:
        raise InvalidParameterError(
            f"confidence: {confidence!r} is not between 0 and 1; give 0.95 or the like"
        )
    first, second, days1, days2 = _read(k1, k2, exposure1, exposure2)
    tail = (1.0 - confidence) / 2.0
    scale = days2 / days1
    # The odds of a beta bound are taken from both sides, for 1 - x near 1 would lose digits.
    lowest = np.zeros(first.shape)
    highest = np.full(first.shape, np.inf)
    some = first > 0
    a, b = first[some] * 1.0, second[some] + 1.0
    lowest[some] = special.betaincinv(a, b, tail) / special.betainccinv(b, a, tail)
    some = second > 0
    a, b = first[some] + 1.0, second[some] * 1.0
    highest[some] = special.betainccinv(a, b, tail) / special.betaincinv(b, a, tail)
    return lowest * scale, highest * scale


def _read(
    k1: ArrayLike, k2: ArrayLike, exposure1: ArrayLike, exposure2: ArrayLike
) -> tuple[Ints, Ints, Floats, Floats]:
    """Check counts and exposures and give them one shape."""
    counts = [counts_of(k1, "k1"), counts_of(k2, "k2")]
    spans = [exposures_of(exposure1, "exposure1"), exposures_of(exposure2, "exposure2")]
    # Copies: of none, what is broadcast is still tied to what it was made from, and numba warns.
    first, second, days1, days2 = (each.copy() for each in np.broadcast_arrays(*counts, *spans))
    return first, second, days1, days2


def counts_of(values: ArrayLike, name: str) -> Ints:
    """
    Read counts, or refuse them.

    Parameters
    ----------
    values
        Whole numbers of 0 or more; floats that are whole will do.
    name
        What the argument is called.

    Returns
    -------
    counts
        The same, as integers.

    Raises
    ------
    InvalidParameterError
        When one is negative, not whole, missing, or beyond all counts.
    """
    read = np.asarray(values, dtype=np.float64)
    wrong = ~((read >= 0) & (read <= LARGEST) & (read == np.floor(read)))
    if wrong.any():
        raise InvalidParameterError(
            f"{name}: {float(read[wrong][0])!r} is no count; give whole numbers from 0 to {LARGEST}"
        )
    return read.astype(np.int64)


def exposures_of(values: ArrayLike, name: str) -> Floats:
    """
    Read exposures, or refuse them.

    Parameters
    ----------
    values
        Days, people or the like; greater than 0.
    name
        What the argument is called.

    Returns
    -------
    exposures
        The same, as floats.

    Raises
    ------
    InvalidParameterError
        When one is not above 0, or not finite.
    """
    read = np.asarray(values, dtype=np.float64)
    wrong = ~((read > 0) & np.isfinite(read))
    if wrong.any():
        raise InvalidParameterError(
            f"{name}: {float(read[wrong][0])!r} is no exposure; give days or people above 0, and "
            f"leave out what nobody lives in"
        )
    return read


def check_level(level: float) -> None:
    """
    Refuse a level that nothing or everything is below.

    Parameters
    ----------
    level
        What p values are held against.

    Raises
    ------
    InvalidParameterError
        When it is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise InvalidParameterError(f"level: {level!r} is not between 0 and 1; give 0.05 or so")
