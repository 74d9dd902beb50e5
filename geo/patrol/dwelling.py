"""How long units stayed at points, from where they were between fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric_crs
from geo.health.moments import SECOND
from geo.health.reading import require_columns
from geo.intervals import Intervals
from geo.patrol.cleaning import units_of
from geo.patrol.gaps import steps_known
from geo.patrol.rostering import stamps
from geo.points import coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.patrol.evidence import EvidenceRules

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

AT_ONCE: Final = 200_000
"""Steps compared with the points at once: lines of them all would fill the memory."""


def point_visits(
    fixes: gpd.GeoDataFrame, points: gpd.GeoDataFrame, *, rules: EvidenceRules
) -> pd.DataFrame:
    """
    List the visits of units at points, and how long each stayed.

    Between two fixes a unit goes straight and evenly; in a gap that is not bridged nobody knows,
    so that it stays nowhere. Who leaves the circle for less than `away_s` has not left.

    Parameters
    ----------
    fixes
        Cleaned fixes: points in a metric CRS with `track_id`, `time` and, where known, `unit_id`.
    points
        n Point rows in the same CRS with `point_id`; a row without a place is visited by nobody.
    rules
        The figures: a unit is at a point within `within_m`.

    Returns
    -------
    visits
        One row per visit, by point and time: `point` (position), `id`, `unit_id`, `track_id` (of
        its beginning), `entered`, `left`, `dwell_s` (the time inside alone). Devices of one unit
        count once.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError
        When a column is missing.
    GeometryError
        When a row is no point.
    InvalidParameterError
        When a fix has no time.

    Notes
    -----
    The moments of entering and leaving are exact for the straight way: no sampling.
    """
    require_metric_crs(fixes=fixes, points=points)
    require_columns(fixes, "fixes", ("track_id", "time"))
    require_columns(points, "points", ("point_id",))
    time_us, xy = stamps(fixes["time"], "fixes: time"), coordinates(fixes, "fixes")
    track = pd.factorize(fixes["track_id"])[0].astype(np.int64)
    order = np.lexsort((time_us, track))
    order = order[np.isfinite(xy[order, 0])]
    time_us, xy, track = time_us[order], xy[order], track[order]
    gap, bridged = steps_known(track, time_us, xy, gap_s=rules.gap_s, bridge_m=rules.bridge_m)
    step = np.flatnonzero((track[1:] == track[:-1]) & (~gap | bridged))
    begun = int(time_us.min()) if len(time_us) else 0
    step, point, start_s, end_s = _inside(step, (time_us - begun) / SECOND, xy, points, rules)
    unit, names = pd.factorize(units_of(fixes).iloc[order[step]])
    key = point * max(len(names), 1) + unit
    inside = Intervals.of(key, start_s, end_s)
    visit = _visits(inside, rules.away_s)
    first = np.flatnonzero(np.diff(visit, prepend=-1))
    last = np.append(first[1:], len(visit)) - 1 if len(visit) else first
    told = pd.DataFrame({"key": key, "start": start_s, "step": step})
    told = told.sort_values(["key", "start"]).drop_duplicates(["key", "start"])
    begin = pd.DataFrame({"key": inside.key[first], "start": inside.start[first]})
    rows = order[begin.merge(told, on=["key", "start"])["step"].to_numpy()]
    own = inside.key[first] // max(len(names), 1)
    found = pd.DataFrame({
        "point": own,
        "id": points["point_id"].to_numpy(dtype=object)[own],
        "unit_id": names.to_numpy(dtype=object)[inside.key[first] % max(len(names), 1)],
        "track_id": fixes["track_id"].to_numpy()[rows],
        "entered": _moment(begun, inside.start[first]),
        "left": _moment(begun, inside.end[last]),
        "dwell_s": np.bincount(visit, inside.lengths_m, minlength=len(first)),
    })  # fmt: skip
    return found.sort_values(["point", "entered", "left"], ignore_index=True, kind="stable")


def _inside(
    step: Ints, time_s: Floats, xy: Floats, points: gpd.GeoDataFrame, rules: EvidenceRules
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return which steps are how long within reach of which points."""
    places = coordinates(points, "points")
    tree = shapely.STRtree(shapely.points(places))
    pairs = [np.empty((2, 0), dtype=np.int64)]
    # In parts, for the memory alone.
    for begin in range(0, len(step), AT_ONCE):
        some = step[begin : begin + AT_ONCE]
        lines = shapely.linestrings(np.stack((xy[some], xy[some + 1]), axis=1))
        pair = tree.query(lines, predicate="dwithin", distance=rules.within_m)
        pairs.append(np.stack((some[pair[0]], pair[1])))
    at, point = np.concatenate(pairs, axis=1)
    move, off = xy[at + 1] - xy[at], xy[at] - places[point]
    low, high = _crossed(move, off, rules.within_m)
    start_s, lasted_s = time_s[at], time_s[at + 1] - time_s[at]
    return at, point, start_s + low * lasted_s, start_s + high * lasted_s


def _crossed(move: Floats, off: Floats, within_m: float) -> tuple[Floats, Floats]:
    """Return between which shares of a move one is within a circle round the origin."""
    square, half = (move**2).sum(axis=1), (move * off).sum(axis=1)
    rest = (off**2).sum(axis=1) - within_m**2
    still = square == 0.0
    square = np.where(still, 1.0, square)
    root = np.sqrt(np.maximum(half**2 - square * rest, 0.0))
    low, high = (
        np.clip((-half - root) / square, 0.0, 1.0),
        np.clip((root - half) / square, 0.0, 1.0),
    )
    return np.where(still, 0.0, low), np.where(still, np.where(rest <= 0.0, 1.0, 0.0), high)


def _visits(inside: Intervals, away_s: float) -> Ints:
    """Count the visits: times inside with short absences between them are one."""
    if not len(inside):
        return np.empty(0, dtype=np.int64)
    new = inside.key[1:] != inside.key[:-1]
    new |= inside.start[1:] - inside.end[:-1] >= away_s
    return np.concatenate(([0], np.cumsum(new))).astype(np.int64)


def _moment(begun: int, seconds: Floats) -> NDArray[np.datetime64]:
    """Return times to the microsecond."""
    return (begun + np.round(seconds * SECOND).astype(np.int64)).astype("datetime64[us]")
