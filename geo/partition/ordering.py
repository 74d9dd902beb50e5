"""The order in which grids are numbered: bands from north to south, west to east in a band."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def reading_order(polygons: NDArray[np.object_], *, band_m: float | None = None) -> Ints:
    """
    Order polygons as one reads a page with north on top.

    The first band begins at the northernmost middle and holds every polygon whose middle lies
    less than `band_m` south of it; the next begins at the northernmost middle that is left. In a
    band the western middle comes first. The middle is the centroid, to the millimetre, so that a
    file format changes nothing; of equal middles the northern one comes first, then the smaller
    polygon, then the one whose normalised bytes are lower. The order of the rows has no part.

    Parameters
    ----------
    polygons
        n polygons in a projected CRS, none missing or empty.
    band_m
        Height of a band in metres; None for half the median height of the polygons, since the
        middles of grids in one row differ by less, and those of two rows by more.

    Returns
    -------
    order
        n positions, the first one to be numbered first.
    """
    if not len(polygons):
        return np.empty(0, np.int64)
    bounds = shapely.bounds(polygons)
    if band_m is None:
        band_m = float(np.median(bounds[:, 3] - bounds[:, 1])) / 2.0
    x, y = np.round(shapely.get_coordinates(shapely.centroid(polygons)), 3).T
    size = np.round(shapely.area(polygons), 3)
    shape = np.unique(
        np.array([shape.hex() for shape in shapely.to_wkb(shapely.normalize(polygons))]),
        return_inverse=True,
    )[1]
    band = _bands(y, band_m)
    order: Ints = np.lexsort((shape, size, -y, x, band))
    return order


def _bands(y: Floats, band_m: float) -> Ints:
    """Return the number of the band of each middle, 0 the northernmost."""
    band = np.empty(len(y), np.int64)
    top, number = np.inf, -1
    # Where a band begins depends on where the one before began.
    for k in np.argsort(-y, kind="stable"):
        if top - y[k] >= band_m or number < 0:
            top, number = y[k], number + 1
        band[k] = number
    return band
