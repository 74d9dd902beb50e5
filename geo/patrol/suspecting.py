"""Tracks that look as if they were recorded in another datum, or by another clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric_crs
from geo.health.moments import MISSING
from geo.suspicion import suspect_datum

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.patrol.rostering import Roster

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Objects = NDArray[np.object_]

OFF_STREET_M: Final = 100.0
"""A track whose fixes are mostly farther than this from every street does not belong where it is
drawn, in metres."""

DOUBTFUL_M: Final = 15.0
"""One whose fixes are mostly farther than this from the streets may belong elsewhere too, where
streets stand close; it is asked of places `APART_M` apart, for fixes of one stay tell one thing."""

APART_M: Final = 50.0
"""Fixes in one square of so many metres are one place."""

MOST_FIXES: Final = 200
"""Fixes looked at in one track, evenly spread."""

AROUND_M: Final = 1_500.0
"""Streets so near a track are compared with, in metres: twice what datums are apart."""

HOUR_US: Final = 3_600_000_000
"""Microseconds of an hour."""

HOURS: Final = (
    8, -8, 12, -12, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 9, -9, 10, -10, 11, -11,
)  # fmt: skip
"""By how much a clock may be off, the likelier first: universal time taken for that of China, its
opposite, a clock of 12 hours, then any other zone."""

FEW_ON, MOST_ON = 0.5, 0.9
"""A clock is suspected of a track with a smaller share of its fixes in the shifts of its unit than
the first, when it would bring at least the second into them."""

COLUMNS: Final = ("track_id", "kind", "datum", "hours", "as_given", "if_so")
"""What `suspicions_of` tells."""


def suspicions_of(
    fixes: gpd.GeoDataFrame,
    unit_id: pd.Series,
    time_us: Ints,
    reason: Objects,
    *,
    shifts: Roster | None,
    streets: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    """
    Name the tracks that fit much better in another datum, by another clock, or turned round.

    A hint for a person; nothing is mended.

    Parameters
    ----------
    fixes
        n points in a metric CRS with `track_id`.
    unit_id
        n codes of units.
    time_us
        n times in microseconds, `MISSING` where there is none.
    reason
        n reasons for which fixes were dropped; "" for those kept.
    shifts
        The roster; None where there is none.
    streets
        Line rows in the CRS of the fixes; None where there are none.

    Returns
    -------
    suspicions
        One row per track and kind: `track_id`; `kind` ("datum", "clock", "order", "no_shift");
        `datum` (of the fixes, for "datum"); `hours` (to add to its times, for "clock");
        `as_given` and `if_so`: the median distance to the streets in metres for "datum", the
        share of fixes within a shift for "clock", in the right order for "order"; for "no_shift",
        the unit is not in the roster.
    """
    rows: list[tuple[Any, ...]] = []
    track, names = pd.factorize(fixes["track_id"])
    if streets is not None and len(streets):
        require_metric_crs(fixes=fixes.iloc[:0], streets=streets)
        rows += _datums(fixes, streets, track, np.isin(reason, ["", "off_shift"]))
    timed = np.flatnonzero(time_us != MISSING)
    if shifts is not None:
        unit = shifts.unit_of(unit_id)
        looked = _spread(track, timed)
        rows += _clocks(shifts, track[looked], unit[looked], time_us[looked])
        strange = np.unique(track[unit < 0])
        rows += [(each, "no_shift", None, None, np.nan, np.nan) for each in strange]
    rows += _turned(track, time_us, timed)
    rows.sort(key=lambda row: row[0])
    told = pd.DataFrame(rows, columns=list(COLUMNS))
    told["track_id"] = names.to_numpy(dtype=object)[told["track_id"].to_numpy(dtype=np.int64)]
    return told.astype({"hours": "Int64", "datum": object, "as_given": float, "if_so": float})


def _spread(track: Ints, rows: Ints) -> Ints:
    """Choose at most `MOST_FIXES` rows of each track, evenly spread."""
    rows = rows[np.argsort(track[rows], kind="stable")]
    own = track[rows]
    first = np.searchsorted(own, own)
    size = np.searchsorted(own, own, side="right") - first
    rank = np.arange(len(rows)) - first
    part = np.minimum(size, MOST_FIXES)
    # The rows at which the share of the track seen so far passes another whole part.
    return rows[(rank * part) // size != ((rank - 1) * part) // size]


def _datums(
    fixes: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, track: Ints, usable: Bools
) -> list[tuple[Any, ...]]:
    """Compare the tracks that keep off the streets with the streets around."""
    looked = _spread(track, np.flatnonzero(usable))
    places = fixes.geometry.array[looked]
    tree = shapely.STRtree(np.asarray(streets.geometry.array))
    near = tree.query_nearest(np.asarray(places), all_matches=False, return_distance=True)
    away = pd.Series(near[1]).groupby(track[looked][near[0][0]]).median()
    rows: list[tuple[Any, ...]] = []
    for each, median_m in away[away > DOUBTFUL_M].items():
        own = fixes.iloc[looked[track[looked] == each]]
        if median_m <= OFF_STREET_M:
            square = np.floor(shapely.get_coordinates(own.geometry.array) / APART_M)
            own = own.iloc[np.sort(np.unique(square, axis=0, return_index=True)[1])]
        around = shapely.box(*own.total_bounds).buffer(AROUND_M)
        found = suspect_datum(own, streets.iloc[np.sort(tree.query(around))])
        if found is not None:
            rows.append(
                (each, "datum", found.points_datum, None, found.median_m, found.median_if_m)
            )
    return rows


def _clocks(shifts: Roster, track: Ints, unit: Ints, time_us: Ints) -> list[tuple[Any, ...]]:
    """Find the hours that bring a track into the shifts of its unit."""
    tracks = np.unique(track[unit >= 0])
    at = np.searchsorted(tracks, track)
    known = np.flatnonzero(unit >= 0)
    count = np.bincount(at[known], minlength=len(tracks))

    def share(hours: int) -> Floats:
        held = shifts.on_duty.holds(unit[known], time_us[known] + hours * HOUR_US)
        return np.bincount(at[known], held, minlength=len(tracks)) / count

    given = share(0)
    left = given < FEW_ON
    rows: list[tuple[Any, ...]] = []
    for hours in HOURS:
        if not left.any():
            break
        held = share(hours)
        found = np.flatnonzero(left & (held >= MOST_ON))
        rows += [(tracks[k], "clock", None, hours, given[k], held[k]) for k in found]
        left[found] = False
    return rows


def _turned(track: Ints, time_us: Ints, timed: Ints) -> list[tuple[Any, ...]]:
    """Find the tracks whose rows mostly go back in time: newest first."""
    rows = timed[np.argsort(track[timed], kind="stable")]
    same = np.diff(track[rows]) == 0
    own, step = track[rows][1:][same], np.diff(time_us[rows])[same]
    if not len(own):
        return []
    tracks = np.unique(own)
    at = np.searchsorted(tracks, own)
    steps = np.bincount(at)
    back, there = np.bincount(at, step < 0) / steps, np.bincount(at, step > 0) / steps
    found = np.flatnonzero(back > MOST_ON)
    return [(tracks[k], "order", None, None, there[k], back[k]) for k in found]
