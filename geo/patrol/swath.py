"""
The ground that patrols covered: each square metre once, and as often as it was covered.

A unit covers what lies within its reach of its way. Positions near in time and space are joined by
a straight way, as for visible presence. Rounds by video walk nowhere and are told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.patrol.gaps import GAP_S
from geo.patrol.rostering import Roster
from geo.patrol.sightings import shifts_of, ways_of
from geo.patrol.silence import Fixes
from geo.patrol.slots import Slots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

QUARTER_ARCS: Final = 32
"""Straight pieces of a quarter of a rim: a disc of them is 0.04 % smaller than a round one."""

VIDEO: Final = "video"
"""The mode that is counted apart."""

RUN_WAYS: Final = 8
"""A line of no more ways is buffered at once: around a unit that stands still, whose positions
waver, the rim of a line of hundreds takes half a minute, and joining short ones a tenth of a
second."""

HOUR_MIN: Final = 60
"""Ways are cut at full hours, in minutes."""


@dataclass(frozen=True, eq=False)
class Swath:
    """
    Outcome of `swath`.

    Parameters
    ----------
    pieces
        One row per unit, mode and hour: `unit_id`, `mode`, `start` (of the hour, local time),
        `area_m2`, and what was covered.
    modes
        One row per mode: `mode`, `merged_m2`, `unmerged_m2`, and what was covered.
    hours
        One row per hour of the day, 0 to 23, of all modes but video: `hour`, `merged_m2`,
        `unmerged_m2`, and what was covered.
    whole
        The same of all modes but video, in one row.
    """

    pieces: gpd.GeoDataFrame
    modes: gpd.GeoDataFrame
    hours: gpd.GeoDataFrame
    whole: gpd.GeoDataFrame

    def summary(self) -> dict[str, Any]:
        """Return the areas in square metres, ready for JSON."""
        columns = ["merged_m2", "unmerged_m2"]
        video = self.modes[self.modes["mode"] == VIDEO]
        return {
            **{name: float(self.whole[name].iloc[0]) for name in columns},
            "modes": self.modes[["mode", *columns]].to_dict("records"),
            "video_m2": float(video["merged_m2"].sum()),
            "formula": (
                "merged: the area within reach of any unit, once; unmerged: the areas of every "
                "unit in every hour, added up; rounds by video are in neither"
            ),
        }


def swath(
    fixes: gpd.GeoDataFrame,
    roster: pd.DataFrame,
    reach_m: Mapping[str, float],
    *,
    join_s: float = GAP_S,
) -> Swath:
    """
    Tell what ground units on duty covered, merged and unmerged, by mode and by hour.

    Parameters
    ----------
    fixes
        Positions as they were kept: points with `unit_id` or `track_id`, and `time`.
    roster
        One row per shift and unit, with `mode`.
    reach_m
        Mode -> how far a unit sees, in metres; a mode that is not named covers nothing.
    join_s
        Positions farther apart in time are not joined, nor are those farther apart than twice
        the reach. In seconds.

    Returns
    -------
    swath
        Areas and what they are made of.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError
        When a column is missing.
    InvalidParameterError
        When a reach is not above 0.

    Notes
    -----
    Rims are made of `QUARTER_ARCS` straight pieces a quarter, so areas are up to 0.04 % small.
    """
    require_metric_crs(fixes=fixes)
    for mode, reach in reach_m.items():
        if not 0.0 < reach < np.inf:
            raise InvalidParameterError(f"reach_m: {mode} has {reach!r}; give metres above 0")
    shifts = Roster.of(roster)
    heard = Fixes.of(fixes, shifts)
    shift = shifts_of(shifts, np.isin(shifts.mode, list(reach_m)), heard)
    of_mode = np.append(shifts.mode, "")[shift]
    reach = pd.Series(of_mode).map(dict(reach_m)).fillna(0.0).to_numpy(dtype=np.float64)
    ends = (int(heard.time_us.min()), int(heard.time_us.max()) + 1) if len(shift) else (0, 0)
    slots = Slots.of(*ends, HOUR_MIN)
    begin, end, slot, fix = ways_of(heard, shift >= 0, slots, join_s=join_s, join_m=2.0 * reach)
    keys = pd.DataFrame({"unit": heard.unit[fix], "mode": of_mode[fix], "slot": slot})
    shapes = _buffered(begin, end, keys, reach[fix])
    groups = keys.assign(at=np.arange(len(keys))).groupby(["unit", "mode", "slot"], sort=True)
    # A piece is a union of the runs of one unit in one hour: few, so they are joined one by one.
    rows = [
        (shifts.units[unit], mode, hour, shapes[at["at"].to_numpy()])
        for (unit, mode, hour), at in groups
    ]
    pieces = gpd.GeoDataFrame(
        {
            "unit_id": pd.Series([row[0] for row in rows], dtype=object),
            "mode": pd.Series([row[1] for row in rows], dtype=object),
            "start": slots.starts.take([row[2] for row in rows]).reset_index(drop=True),
        },
        geometry=[_joined(row[3]) for row in rows],
        crs=fixes.crs,
    )
    pieces.insert(3, "area_m2", shapely.area(np.asarray(pieces.geometry.array)))
    feet = pieces[pieces["mode"] != VIDEO]
    return Swath(
        pieces,
        _merged(pieces, pieces["mode"].to_numpy(), "mode", sorted(reach_m)),
        _merged(feet, feet["start"].dt.hour.to_numpy(), "hour", list(range(24))),
        _merged(feet, np.zeros(len(feet), dtype=int), "all", [0]).drop(columns="all"),
    )


def _buffered(begin: Floats, end: Floats, keys: pd.DataFrame, reach: Floats) -> NDArray[np.object_]:
    """Return what lies within reach of each run of ways; None for ways that are in a run."""
    shapes = np.full(len(begin), None, dtype=object)
    if not len(begin):
        return shapes
    moved = np.flatnonzero((begin != end).any(axis=1))
    # Ways of a unit follow upon each other, so those that touch are a run of one line.
    same = (keys.iloc[moved[1:]].to_numpy() == keys.iloc[moved[:-1]].to_numpy()).all(axis=1)
    touch = same & (begin[moved[1:]] == end[moved[:-1]]).all(axis=1)
    new = np.concatenate(([True], ~touch))[: len(moved)]
    rank = np.arange(len(moved)) - np.maximum.accumulate(np.where(new, np.arange(len(moved)), 0))
    new |= rank % RUN_WAYS == 0
    run = np.cumsum(new) - 1
    first = moved[new]
    xy = np.concatenate((begin[first], end[moved]))
    owner = np.concatenate((np.arange(len(first)), run))
    order = np.argsort(owner, kind="stable")
    if len(first):
        lines = shapely.linestrings(xy[order], indices=owner[order])
        shapes[first] = shapely.buffer(lines, reach[first], quad_segs=QUARTER_ARCS)
    places = keys.assign(x=begin[:, 0], y=begin[:, 1]).drop(index=moved).drop_duplicates()
    alone = places.index.to_numpy(dtype=np.int64)
    shapes[alone] = shapely.buffer(
        shapely.points(begin[alone]), reach[alone], quad_segs=QUARTER_ARCS
    )
    return shapes


def _joined(shapes: NDArray[np.object_]) -> shapely.Geometry:
    """Join shapes; None among them is nothing."""
    return shapely.union_all(shapes[shapes != np.array(None)])


def _merged(
    pieces: gpd.GeoDataFrame, key: NDArray[Any], name: str, values: list[Any]
) -> gpd.GeoDataFrame:
    """Merge pieces by a key."""
    shapes = np.asarray(pieces.geometry.array)
    merged = [shapely.union_all(shapes[key == value]) for value in values]
    unmerged = [float(shapely.area(shapes[key == value]).sum()) for value in values]
    return gpd.GeoDataFrame(
        {name: values, "merged_m2": shapely.area(merged), "unmerged_m2": unmerged},
        geometry=merged,
        crs=pieces.crs,
    )
