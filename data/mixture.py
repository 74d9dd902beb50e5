"""Whether the points of one file were recorded in two datums: half fit the streets, half do not."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import STORAGE_CRS, working_crs
from geo.datum import convert
from geo.points import coordinates
from geo.suspicion import MAX_POINTS, MIN_POINTS

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SHIFTS: Final = (("gcj02", "wgs84"), ("bd09", "wgs84"), ("wgs84", "gcj02"), ("wgs84", "bd09"))
"""
Datum that some points may be in, and the one they are then converted to.

The last two undo a conversion that half of a file did not need.
"""

TURNS: Final = ((0.0, -1.0), (-1.0, 0.0), (0.0, 1.0))
"""
Cosine and sine of quarter turns of a shift.

A shift as long as that of the datum into another direction shows what chance alone brings near.
"""

NEAR_FACTOR: Final = 2.0
"""A point is near when it is within so many medians of the smaller of its two distances."""

FAR_FACTOR: Final = 2.0
"""And far from so many times that distance on; between the two it counts for neither."""

MIN_SHARE: Final = 0.1
"""Share of the points that each datum must explain alone: fewer may be strays."""

MIN_RATIO: Final = 2.0
"""How many times as many points a datum must bring near as a shift into a wrong direction."""


@dataclass(frozen=True)
class MixedDatum:
    """
    Points of one file that fit the streets only if they are taken to be in two datums.

    Parameters
    ----------
    as_given
        Points that fit as given, and only so.
    otherwise
        Points that fit only if they are taken to be in `datum`.
    datum
        What those points probably are in: wgs84, gcj02 or bd09.
    points
        How many points were looked at.
    near_m
        Largest distance to a street that counted as fitting, in metres.
    """

    as_given: int
    otherwise: int
    datum: str
    points: int
    near_m: float


def mixed_datum(points: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> MixedDatum | None:
    """
    Find out whether some points fit the streets as given and others only in another datum.

    Points that do not belong beside streets are told from a mixture by shifts of the same length
    into other directions: those bring as many of them near. A file that one datum explains as
    well as two do is no mixture: what it is in is for `geo.suspect_datum` to name.

    Parameters
    ----------
    points
        n Point rows, in any CRS that is set.
    streets
        m line rows, in any CRS that is set.

    Returns
    -------
    mixed
        The likeliest mixture, or None: nothing suspected, or too few points to tell.

    Raises
    ------
    CRSError
        When a CRS is missing, or the streets have no place.
    GeometryError
        When a row of `points` is no point.

    Notes
    -----
    At most 29 searches for the nearest street, each of at most 2,000 points: 0.3 s against the
    1,090 streets of a district. A hint strong enough to refuse a file, not a proof: of 200 points
    within some 10 m of the streets, a fifth in another datum is found nearly always.
    """
    lonlat = coordinates(points.to_crs(STORAGE_CRS), "points")
    lonlat = lonlat[~np.isnan(lonlat[:, 0])]
    if len(lonlat) < 2 * MIN_POINTS or not len(streets):
        return None
    sample = lonlat[np.linspace(0, len(lonlat) - 1, min(len(lonlat), MAX_POINTS)).astype(int)]
    crs = working_crs(streets)
    tree = shapely.STRtree(np.asarray(streets.geometry.to_crs(crs).array))
    lon, lat = sample[:, 0], sample[:, 1]
    given = _metres(lon, lat, crs)
    given_m = _distances_m(given, tree)
    shifts = [_metres(*convert(lon, lat, source, target), crs) for source, target in SHIFTS]
    shifts_m = [_distances_m(shifted, tree) for shifted in shifts]
    found = [
        _mixture(given, given_m, shifted, shifted_m, tree, source)
        for shifted, shifted_m, (source, _) in zip(shifts, shifts_m, SHIFTS, strict=True)
        if not _explained_by_one(given_m, shifted_m, shifts_m)
    ]
    likely = [mixed for mixed in found if mixed is not None]
    return max(likely, key=lambda mixed: mixed.otherwise) if likely else None


def _near_m(given_m: Floats, shifted_m: Floats) -> float:
    """Return the largest distance that counts as near."""
    return NEAR_FACTOR * float(np.median(np.minimum(given_m, shifted_m)))


def _explained_by_one(given_m: Floats, shifted_m: Floats, shifts_m: list[Floats]) -> bool:
    """Tell whether shifting every point brings as many near as choosing for each point does."""
    near_m = _near_m(given_m, shifted_m)
    by_both = int((np.minimum(given_m, shifted_m) <= near_m).sum())
    return any(int((one_m <= near_m).sum()) >= by_both for one_m in shifts_m)


def _mixture(
    given: Floats,
    given_m: Floats,
    shifted: Floats,
    shifted_m: Floats,
    tree: shapely.STRtree,
    datum: str,
) -> MixedDatum | None:
    """Compare the points as given with the same points shifted, and with controls."""
    near_m = _near_m(given_m, shifted_m)
    far_m = FAR_FACTOR * near_m
    as_given = (given_m <= near_m) & (shifted_m > far_m)
    otherwise = (shifted_m <= near_m) & (given_m > far_m)
    if min(as_given.sum(), otherwise.sum()) < max(MIN_POINTS, MIN_SHARE * len(given)):
        return None
    controls = [_distances_m(given + _turned(shifted - given, *turn), tree) for turn in TURNS]
    # The same from the other side: the points that fit as given, seen from where they would be.
    back = [_distances_m(shifted + _turned(given - shifted, *turn), tree) for turn in TURNS]
    lost, kept = given_m > far_m, shifted_m > far_m
    near_elsewhere = [control <= near_m for control in controls]
    near_back = [control <= near_m for control in back]
    if not (_beats(otherwise, lost, near_elsewhere) and _beats(as_given, kept, near_back)):
        return None
    return MixedDatum(int(as_given.sum()), int(otherwise.sum()), datum, len(given), near_m)


def _beats(hits: Mask, among: Mask, controls: list[Mask]) -> bool:
    """Tell whether a shift brings more of some points near than shifts by chance do."""
    by_chance = max(int((control & among).sum()) for control in controls)
    return bool(hits.sum() >= MIN_RATIO * by_chance)


def _turned(shift: Floats, cosine: float, sine: float) -> Floats:
    """Return shifts turned about their origin."""
    x, y = shift.T
    return np.column_stack((cosine * x - sine * y, sine * x + cosine * y))


def _metres(lon: Floats, lat: Floats, crs: object) -> Floats:
    places = gpd.GeoSeries.from_xy(lon, lat, crs=STORAGE_CRS).to_crs(crs)
    return np.asarray(shapely.get_coordinates(places.array), dtype=np.float64)


def _distances_m(places: Floats, tree: shapely.STRtree) -> Floats:
    """Return the distance from each place to the nearest line of the tree, in metres."""
    distance_m: Floats = tree.query_nearest(
        shapely.points(places), return_distance=True, all_matches=False
    )[1]
    return distance_m
