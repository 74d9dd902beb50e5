"""
Whether two layers were recorded in different datums.

Points that miss the streets betray it, or points that lie outside the area whose code they carry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import geopandas as gpd
import numpy as np
import pandas as pd
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

OUTSIDE_M: Final = 20.0
"""A point is outside its own area when it is farther away than this, in metres: posts at a
crossing stand on the border, and a border is not drawn to the metre."""

MAX_OUTSIDE_SHARE: Final = 0.5
"""A datum is suspected when it leaves less than this share outside of the points that were so, and
of those that would be so after a shift as long into another direction."""

QUARTERS: Final = ((0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
"""Cosine and sine of quarter turns: shifts as long as that of the datum into other directions show
what another cause than the datum would do, such as areas drawn too small."""


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


@dataclass(frozen=True)
class OutsideSuspicion:
    """
    Points that fit their own areas much better if the two are taken to be in different datums.

    Parameters
    ----------
    points_datum
        What the points probably are in.
    areas_datum
        What the areas probably are in.
    outside
        Points outside the area of their code as given.
    outside_if
        The same, if both are what they probably are.
    points
        How many points were looked at.
    """

    points_datum: str
    areas_datum: str
    outside: int
    outside_if: int
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


def suspect_own_areas(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> OutsideSuspicion | None:
    """
    Find the pair of datums that brings points back into the areas whose codes they carry.

    Parameters
    ----------
    points
        n Point rows with `area_code`, in any CRS that is set.
    areas
        m rows with `area_id` and their borders, in any CRS that is set; of several with one code
        each counts. Rows without a border, and points whose code no area has, say nothing.

    Returns
    -------
    suspicion
        The likeliest pair, or None: nothing suspected, or fewer than `MIN_POINTS` places.

    Raises
    ------
    CRSError
        When a CRS is missing.
    GeometryError
        When a row of `points` is no point.

    Notes
    -----
    Compares how many points are outside under `PAIRS`: fewer than half of them may stay so, more
    must come in than chance would have it, and a shift as long into another direction must not do
    half as well. A hint for a person, not proof. 2,000 points take about a tenth of a second.
    """
    bordered = areas[areas.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    lonlat = coordinates(points.to_crs(STORAGE_CRS), "points")
    # One file has its codes as numbers, the other as text.
    codes, named = points["area_code"].astype(str), bordered["area_id"].astype(str)
    known = codes.isin(named).to_numpy()
    (rows,) = np.nonzero(known & ~np.isnan(lonlat[:, 0]))
    if len(rows) < MIN_POINTS:
        return None
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), MAX_POINTS)).astype(int)]
    own = _OwnAreas.of(codes.to_numpy()[rows], bordered.geometry, named.to_numpy())
    lon, lat = lonlat[rows].T
    given = own.metres(lon, lat)
    as_given = own.outside(given)
    shifted = [own.metres(*convert(lon, lat, source, target)) for source, target in PAIRS]
    found = [own.outside(places) for places in shifted]
    best = int(np.argmin([outside.sum() for outside in found]))
    came, went = (as_given & ~found[best]).sum(), (found[best] & ~as_given).sum()
    usual = min(int(as_given.sum()), _otherwise(own, given, shifted[best] - given))
    if (
        found[best].sum() >= MAX_OUTSIDE_SHARE * usual
        or len(PAIRS) * _chance(int(came), int(came + went)) > MAX_CHANCE
    ):
        return None
    counts = (int(as_given.sum()), int(found[best].sum()), len(rows))
    return OutsideSuspicion(*PAIRS[best], *counts)


@dataclass(frozen=True, eq=False)
class _OwnAreas:
    """The areas that points belong to: pairs of a point and an area of its code, in metres."""

    point: NDArray[np.int64]
    area: NDArray[np.object_]
    count: int
    crs: Any

    @classmethod
    def of(
        cls, codes: NDArray[np.object_], areas: gpd.GeoSeries, named: NDArray[np.object_]
    ) -> Self:
        """Pair every point with the areas of its code."""
        crs = working_crs(gpd.GeoDataFrame(geometry=areas))
        polygons = np.asarray(areas.to_crs(crs).array)
        shapely.prepare(polygons)
        borders = pd.DataFrame({"code": named, "area": polygons})
        pairs = pd.DataFrame({"code": codes, "point": np.arange(len(codes))})
        pairs = pairs.merge(borders, on="code")
        return cls(pairs["point"].to_numpy(), pairs["area"].to_numpy(), len(codes), crs)

    def metres(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places in the CRS of the areas."""
        places = gpd.GeoSeries.from_xy(lon, lat, crs=STORAGE_CRS).to_crs(self.crs)
        return np.asarray(shapely.get_coordinates(places.array), dtype=np.float64)

    def outside(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points are outside every area of their code."""
        near = shapely.dwithin(self.area, shapely.points(places[self.point]), OUTSIDE_M)
        outside = np.ones(self.count, dtype=np.bool_)
        outside[self.point[near]] = False
        return outside


def _otherwise(own: _OwnAreas, given: NDArray[np.float64], shift: NDArray[np.float64]) -> int:
    """Return how few points would be outside after a shift as long into another direction."""
    x, y = shift.T
    turned = [np.column_stack((c * x - s * y, s * x + c * y)) for c, s in QUARTERS]
    return min(int(own.outside(given + other).sum()) for other in turned)


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
