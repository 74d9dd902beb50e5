"""Whether two layers were recorded in different datums: points that miss the streets betray it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import STORAGE_CRS, working_crs
from geo.datum import convert
from geo.points import coordinates

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_POINTS: Final = 20
"""Fewer points say nothing: 19 of 20 must come nearer to reach `MAX_CHANCE`."""

MAX_CHANCE: Final = 1e-3
"""Highest probability that chance alone brings so many points nearer under any of the pairs: sign
test, one-sided, Bonferroni over `PAIRS`."""

MAX_POINTS: Final = 2_000
"""Points looked at, evenly spread over the rows; more would not change a median."""

MAX_MEDIAN_SHARE: Final = 0.5
"""A datum is suspected when it brings the points at least this much nearer to the streets."""

MIN_GAIN_M: Final = 3.0
"""And by at least this many metres, so that points drawn on the centre lines stay unsuspected."""

PAIRS: Final = (
    ("gcj02", "wgs84"),
    ("bd09", "wgs84"),
    ("wgs84", "gcj02"),
    ("wgs84", "bd09"),
    ("bd09", "gcj02"),
    ("gcj02", "bd09"),
)
"""Datum of the points and of the streets, the likelier first."""


@dataclass(frozen=True)
class Suspicion:
    """
    Two layers that fit much better if taken to be in different datums.

    Parameters
    ----------
    points_datum
        What the points probably are in.
    streets_datum
        What the streets probably are in.
    median_m
        Median distance from the points to the nearest street as given, in metres.
    median_if_m
        The same, if both are what they probably are.
    points
        How many points were looked at.
    """

    points_datum: str
    streets_datum: str
    median_m: float
    median_if_m: float
    points: int

    def summary(self) -> dict[str, Any]:
        """Return the fields, ready for JSON."""
        return dict(vars(self))


def suspect_datum(points: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> Suspicion | None:
    """
    Find the pair of datums that brings the points clearly nearer to the streets.

    GCJ-02 lies 33 to 693 m from WGS-84 within China, so points that belong beside streets miss
    them when one layer is shifted. Nothing is found outside China, nor in points that do not
    belong beside streets.

    Parameters
    ----------
    points
        n Point rows, in any CRS that is set.
    streets
        m line rows, in any CRS that is set.

    Returns
    -------
    suspicion
        The likeliest pair, or None: nothing suspected, or fewer than `MIN_POINTS` places.

    Raises
    ------
    CRSError
        When a CRS is missing, or the streets have no place.
    GeometryError
        When a row of `points` is no point.

    Notes
    -----
    Compares distances to the nearest street under `PAIRS`: the median must fall to half, and
    more points come nearer than chance would have it. A hint for a person, not proof.
    2,000 points against 50,000 streets take about a second.
    """
    lonlat = coordinates(points.to_crs(STORAGE_CRS), "points")
    lonlat = lonlat[~np.isnan(lonlat[:, 0])]
    if len(lonlat) < MIN_POINTS or not len(streets):
        return None
    sample = lonlat[np.linspace(0, len(lonlat) - 1, min(len(lonlat), MAX_POINTS)).astype(int)]
    crs = working_crs(streets)
    tree = shapely.STRtree(np.asarray(streets.geometry.to_crs(crs).array))
    as_given = _distances_m(sample[:, 0], sample[:, 1], tree, crs)
    shifted = [
        _distances_m(*convert(sample[:, 0], sample[:, 1], source, target), tree, crs)
        for source, target in PAIRS
    ]
    best = int(np.argmin([np.median(distances) for distances in shifted]))
    median_m, median_if_m = float(np.median(as_given)), float(np.median(shifted[best]))
    nearer = int((shifted[best] < as_given).sum())
    if (
        median_if_m > MAX_MEDIAN_SHARE * median_m
        or median_m - median_if_m < MIN_GAIN_M
        or len(PAIRS) * _chance(nearer, len(sample)) > MAX_CHANCE
    ):
        return None
    return Suspicion(*PAIRS[best], median_m, median_if_m, len(sample))


def _chance(heads: int, tosses: int) -> float:
    """Return the probability of at least so many heads of a fair coin."""
    return sum(math.comb(tosses, k) for k in range(heads, tosses + 1)) / 2**tosses


def _distances_m(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    tree: shapely.STRtree,
    crs: Any,  # noqa: ANN401
) -> NDArray[np.float64]:
    """Return the distance from each point to the nearest line of the tree, in metres."""
    places = gpd.GeoSeries.from_xy(lon, lat, crs=STORAGE_CRS).to_crs(crs)
    distance_m: NDArray[np.float64] = tree.query_nearest(
        np.asarray(places.array), return_distance=True, all_matches=False
    )[1]
    return distance_m
