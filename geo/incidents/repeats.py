"""
Near repeats (Knox): whether incidents near each other in space are so in time as well.

One definition of time apart serves the test and the alarms: `days_apart`. Windows of 7, 14 and 28
days are day 0 by itself (of two incidents of one day nobody knows which was first), days 1 to 7,
8 to 14 and 15 to 28.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numba import njit
from scipy.spatial import KDTree

from geo.crs import require_metric_crs
from geo.errors import ColumnError, InvalidParameterError
from geo.health.moments import MISSING, moments
from geo.incidents.discovery import benjamini_hochberg
from geo.points import coordinates

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

DAY_US: Final = 86_400_000_000
"""Microseconds of a day."""

MAX_PAIRS: Final = 50_000_000
"""Pairs of near incidents at most: more take gigabytes, and hours to permute."""


@dataclass(frozen=True, eq=False)
class NearRepeat:
    """
    Outcome of `near_repeat`.

    Parameters
    ----------
    table
        A row for each band and window: `band` and `window` as texts ("0-100", "1-7"), `from_m`
        (not in it but for 0), `to_m`, `from_day`, `to_day` (both in it), `pairs`, `expected` (the
        mean of the permutations), `ratio` (NaN where none is expected), `p`, `q`.
    counted
        Rows that were compared.
    without_place
        Rows without a point.
    without_day
        Rows whose day is not known, or not to the shortest window.
    permutations
        How often days were exchanged.
    """

    table: pd.DataFrame
    counted: int
    without_place: int
    without_day: int
    permutations: int

    def summary(self) -> dict[str, Any]:
        """Return the figures, ready for JSON."""
        told = self.table.astype(object).where(self.table.notna(), None)
        return {**vars(self), "table": told.to_dict("records")}


@njit(nogil=True, cache=True)
def days_apart(days: Ints, others: Ints) -> Ints:
    """
    Count the days between calendar days, whichever is first: 0 for two of one day.

    Parameters
    ----------
    days
        n days, counted from any day.
    others
        n days.

    Returns
    -------
    apart
        n numbers, 0 or greater. From 23:50 to 0:10 it is 1.
    """
    return np.abs(days - others)


def windows_of(windows_days: Sequence[int]) -> list[tuple[int, int]]:
    """
    Return the first and last day of each window: day 0, then the days up to each number.

    Parameters
    ----------
    windows_days
        Whole numbers of days, rising, from 1.

    Returns
    -------
    windows
        One more than the numbers; both days are in the window.

    Raises
    ------
    InvalidParameterError
        When the numbers do not rise from 1 or more.
    """
    ends = [0, *windows_days]
    if len(ends) == 1 or any(b <= a or int(b) != b for a, b in pairwise(ends)):
        raise InvalidParameterError(
            f"windows_days: {tuple(windows_days)!r} are not whole numbers that rise from 1 or "
            f"more; write them like (7, 14, 28)"
        )
    return [(0, 0), *((int(a) + 1, int(b)) for a, b in pairwise(ends))]


def near_repeat(
    points: gpd.GeoDataFrame,
    *,
    bands_m: Sequence[float] = (100.0, 200.0, 400.0),
    windows_days: Sequence[int] = (7, 14, 28),
    permutations: int = 999,
    seed: int = 0,
) -> NearRepeat:
    """
    Count the pairs of incidents by how far apart they are in space and in time, against chance.

    Chance exchanges the days among the places. Every pair is counted once.

    Parameters
    ----------
    points
        n Point rows in a metric CRS, one kind of incident; `time` and, where present, `time_to`:
        of an interval the middle counts, where it is no longer than the shortest window.
    bands_m
        Distances, rising, in metres. A pair at exactly one is within it; one at the same place is
        in the first band.
    windows_days
        Days, rising; see `windows_of`.
    permutations
        How often to exchange, 99 or more.
    seed
        Makes the draws; 0 or more.

    Returns
    -------
    found
        The table, band by band.

    Raises
    ------
    CRSError, GeometryError
        When metres are no metres, or a row is no point.
    ColumnError
        When there is no `time`.
    InvalidParameterError
        When bands or windows do not rise, permutations are too few, the seed is negative, or more
        than `MAX_PAIRS` pairs are within the widest band.

    Notes
    -----
    Cost: permutations x near pairs.

    References
    ----------
    Knox, The detection of space-time interactions, 1964, doi:10.2307/2985220.
    """
    require_metric_crs(points=points)
    bands = [0.0, *(float(band) for band in bands_m)]
    if len(bands) == 1 or not all(a < b for a, b in pairwise(bands)):
        raise InvalidParameterError(
            f"bands_m: {tuple(bands_m)!r} are not metres that rise from above 0; write them like "
            f"(100, 200, 400)"
        )
    windows = windows_of(windows_days)
    if permutations < 99:  # noqa: PLR2004 - p could not be 0.01
        raise InvalidParameterError(f"permutations must be 99 or more, got {permutations!r}")
    if seed < 0:
        raise InvalidParameterError(f"seed must be a whole number, 0 or greater, got {seed!r}")
    xy = coordinates(points, "points")
    day, known = days_of(points, widest_days=int(windows_days[0]))
    placed = ~np.isnan(xy[:, 0])
    held = placed & known
    first, second, band = _pairs(xy[held], bands)
    days = day[held]
    window = np.repeat(np.arange(len(windows)), [b - a + 1 for a, b in windows])
    shape = (len(bands) - 1, len(windows))
    pairs = _tallied(first, second, band, days, window, *shape)
    random = np.random.default_rng(seed)
    total, as_many = np.zeros(shape), np.zeros(shape)
    for _ in range(permutations):
        drawn = _tallied(first, second, band, random.permutation(days), window, *shape)
        total += drawn
        as_many += drawn >= pairs
    p = (as_many + 1.0) / (permutations + 1.0)
    expected = total / permutations
    ratio = np.divide(pairs, expected, out=np.full(shape, np.nan), where=expected > 0.0)
    rows = [
        (f"{a:g}-{b:g}", f"{low}-{high}" if high > low else f"{low}", a, b, low, high)
        for a, b in pairwise(bands)
        for low, high in windows
    ]
    table = pd.DataFrame(rows, columns=["band", "window", "from_m", "to_m", "from_day", "to_day"])
    table = table.assign(
        pairs=pairs.ravel(), expected=expected.ravel(), ratio=ratio.ravel(), p=p.ravel(),
        q=benjamini_hochberg(p.ravel())[0],
    )  # fmt: skip
    return NearRepeat(
        table, int(held.sum()), int((~placed).sum()), int((placed & ~known).sum()), permutations
    )


def days_of(points: pd.DataFrame, *, widest_days: int) -> tuple[Ints, Bools]:
    """
    Return the calendar day of each row, local, and whether it is known.

    Parameters
    ----------
    points
        n rows with `time`; `time_to` is read where present.
    widest_days
        A row that happened within a longer interval has no day.

    Returns
    -------
    day, known
        n days from 1970-01-01, of an interval the middle; n flags.

    Raises
    ------
    ColumnError
        When there is no `time`.
    InvalidParameterError
        When a time has a zone, or is none.
    """
    if "time" not in points.columns:
        raise ColumnError(
            f"points: no column time among {', '.join(map(str, points.columns))}; rename the "
            f"column of the time to time"
        )
    begin = np.asarray(moments(points["time"], "time"), dtype=np.int64)
    end = begin.copy()
    if "time_to" in points.columns:
        told = np.asarray(moments(points["time_to"], "time_to"), dtype=np.int64)
        end[told != MISSING] = told[told != MISSING]
    known = begin != MISSING
    begin, end = np.where(known, begin, 0), np.where(known, end, 0)
    known &= (end >= begin) & (end - begin <= widest_days * DAY_US)
    return (begin + (end - begin) // 2) // DAY_US, known


def _pairs(xy: Floats, bands: list[float]) -> tuple[Ints, Ints, Ints]:
    """Return the pairs within the widest band, each once, and the band of each."""
    if not len(xy):
        return (np.empty(0, dtype=np.int64),) * 3
    # A little wider, then measured again: a pair at exactly the limit is within.
    reach = bands[-1] * (1.0 + 1e-9)
    tree = KDTree(xy)
    near = (tree.count_neighbors(tree, reach) - len(xy)) // 2
    if near > MAX_PAIRS:
        raise InvalidParameterError(
            f"bands_m: {near:,} pairs are within {bands[-1]:g} m, more than {MAX_PAIRS:,}; take a "
            f"shorter period, one class or narrower bands"
        )
    first, second = tree.query_pairs(reach, output_type="ndarray").T.astype(np.int64)
    apart = np.hypot(*(xy[first] - xy[second]).T)
    band = np.searchsorted(bands[1:], apart, side="left")
    held = band < len(bands) - 1
    return first[held], second[held], band[held].astype(np.int64)


@njit(nogil=True, cache=True)
def _tallied(
    first: Ints, second: Ints, band: Ints, days: Ints, window: Ints, bands: int, windows: int
) -> Ints:
    """Count pairs by band and by the window that `days_apart` falls in."""
    found = np.zeros((bands, windows), np.int64)
    for k in range(len(first)):
        apart = days_apart(days[first[k]], days[second[k]])
        if apart < len(window):
            found[band[k], window[apart]] += 1
    return found
