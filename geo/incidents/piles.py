"""Places where a geocoder puts what it cannot place: found before anything is mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from geo.crs import require_metric_crs
from geo.due import text_column
from geo.errors import InvalidParameterError
from geo.points import coordinates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EXACT_M: Final = 0.1
"""Rows are at one place when their coordinates agree to this, in metres: less is a rounding."""

KNOWN_M: Final = 30.0
"""A pile this near to a station or a village centre is at it, in metres: a plot."""

NEIGHBOURS: Final = 20
"""How many of the nearest other places tell what is usual around one."""

TIMES: Final = 10.0
"""How many times the usual makes a pile. Busy addresses have as much, so this alone says nothing:
it takes a known place, or the mix of classes of the whole."""

MIX_APART: Final = 0.2
"""Rows of a pile have the mix of the whole when so small a share of them would have to be of
another class: what could not be placed is of all kinds, what happens at one address is of a few."""

COLUMNS: Final = ("n", "share", "usual", "times", "mix_apart", "known_id", "reason")
"""What is told of a pile beside its place."""


def pile_ups(
    incidents: gpd.GeoDataFrame,
    *,
    known: gpd.GeoDataFrame | None = None,
    least: int = 20,
) -> gpd.GeoDataFrame:
    """
    Find points at which so many rows lie that a geocoder's default is the likely cause.

    Suspected is a point with at least `least` rows and `TIMES` as many as the points around it
    have on average, where it is also at a known place, or where its rows have the mix of classes
    of all rows. A busy address, whose rows are of a few classes, is none.

    Parameters
    ----------
    incidents
        n rows, Point or no place, in a metric CRS; `class` is read where present. Without classes
        only piles at known places are told from busy addresses.
    known
        Where defaults are known to sit: stations, village centres, the middle of areas. Points in
        the same CRS; `place_id`, `post_id`, `station_id` or `area_id` names them.
    least
        Rows at one point that are worth a look; 2 or more.

    Returns
    -------
    piles
        A row per suspected point, the most rows first: `n`, `share` (of rows with a place),
        `usual` (rows at each of the nearest other points, on average), `times`, `mix_apart` (the
        share of rows that are of other classes than the whole would have; NaN without classes),
        `known_id` (None where there is none), `reason`: known, mix or both; Point.

    Raises
    ------
    CRSError, GeometryError
        When the frames share no CRS whose metres are metres, or a row is no point.
    InvalidParameterError
        When `least` is less than 2.
    """
    if not least >= 2:  # noqa: PLR2004 - one row is no pile
        raise InvalidParameterError(f"least must be 2 or more, got {least!r}")
    require_metric_crs(incidents=incidents, **({} if known is None else {"known": known}))
    xy = coordinates(incidents, "incidents")
    held = np.flatnonzero(~np.isnan(xy[:, 0]))
    spots, point = _points(xy[held])
    n = np.bincount(point, minlength=len(spots))
    usual = _usual(spots, n)
    times = np.divide(n, usual, out=np.full(len(n), np.inf), where=usual > 0.0)
    tall = np.flatnonzero((n >= least) & (times >= TIMES))
    apart = _apart(text_column(incidents, "class")[held], point, tall)
    at, names = _at(spots[tall], known)
    mixed = apart <= MIX_APART
    suspected = np.flatnonzero(mixed | at)
    reason = np.where(at & mixed, "both", np.where(at, "known", "mix"))
    chosen = suspected[np.lexsort((suspected, -n[tall[suspected]]))]
    row = tall[chosen]
    # As objects: pandas would turn None among texts into NaN.
    named = pd.Series(names[chosen], dtype=object)
    told = (n[row], n[row] / max(len(held), 1), usual[row], times[row], apart[chosen],
            named, reason[chosen])  # fmt: skip
    return gpd.GeoDataFrame(
        dict(zip(COLUMNS, told, strict=True)), geometry=shapely.points(spots[row]),
        crs=incidents.crs,
    )  # fmt: skip


def _points(xy: Floats) -> tuple[Floats, Ints]:
    """Return the different points, and which of them each row is at."""
    whole = np.round(xy / EXACT_M).astype(np.int64)
    _, first, point = np.unique(whole, axis=0, return_index=True, return_inverse=True)
    return xy[first], point.ravel()


def _usual(spots: Floats, n: Ints) -> Floats:
    """Return how many rows the nearest other points have on average; 0 without any."""
    near = min(NEIGHBOURS, len(spots) - 1)
    if near < 1:
        return np.zeros(len(spots))
    # The first is the point itself: all are different.
    others = KDTree(spots).query(spots, k=near + 1)[1][:, 1:]
    usual: Floats = n[others].mean(axis=1)
    return usual


def _apart(classes: NDArray[np.str_], point: Ints, tall: Ints) -> Floats:
    """Return how far the mix of classes at some points is from that of all other rows, 0 to 1."""
    code, words = pd.factorize(classes)
    if len(words) < 2:  # noqa: PLR2004 - one class mixes with nothing
        return np.full(len(tall), np.nan)
    number = np.full(int(point.max(initial=-1)) + 1, -1)
    number[tall] = np.arange(len(tall))
    own = number[point]
    here = np.zeros((len(tall), len(words)))
    np.add.at(here, (own[own >= 0], code[own >= 0]), 1.0)
    others = np.bincount(code, minlength=len(words)) - here
    mix = here / here.sum(axis=1, keepdims=True)
    whole = others / np.maximum(others.sum(axis=1, keepdims=True), 1.0)
    apart: Floats = np.abs(mix - whole).sum(axis=1) / 2.0
    return apart


def _at(
    spots: Floats, known: gpd.GeoDataFrame | None
) -> tuple[NDArray[np.bool_], NDArray[np.object_]]:
    """Tell which points are at a known place, and at which."""
    at = np.zeros(len(spots), dtype=bool)
    names = np.full(len(spots), None, dtype=object)
    if known is None or not len(known) or not len(spots):
        return at, names
    xy = coordinates(known, "known")
    placed = np.flatnonzero(~np.isnan(xy[:, 0]))
    if not len(placed):
        return at, names
    apart, nearest = KDTree(xy[placed]).query(spots)
    at = apart <= KNOWN_M
    column = next(
        (name for name in ("place_id", "post_id", "station_id", "area_id") if name in known), None
    )
    ids = np.arange(len(known)) if column is None else known[column].to_numpy(dtype=object)
    names[at] = ids[placed[nearest[at]]].astype(str)
    return at, names
