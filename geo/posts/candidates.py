"""Where a post may come: places along the due streets, junctions, and places that are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.points import coordinates
from geo.snapping import Snapped

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.intervals import Intervals
    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FORBID_M: Final = 10.0
"""A forbidden point or line forbids what is this near, in metres: the width of a street."""

AREAL: Final = 2
"""Dimension of a polygon."""

JUNCTION_WAYS: Final = 3
"""Ways that make a node a junction."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """
    Places where a post stands or may come.

    Parameters
    ----------
    places
        n places on the network: existing posts first, then those that must come, then the rest.
    xy
        n x 2 coordinates.
    existing
        How many of them are existing posts.
    must
        How many after those must come.
    forbidden
        Which of the rest may not be used.
    """

    places: Snapped
    xy: Floats
    existing: int
    must: int
    forbidden: Ints


def candidates(
    network: StreetNetwork,
    due: Intervals,
    *,
    existing: gpd.GeoDataFrame,
    must: gpd.GeoDataFrame | None,
    forbidden: gpd.GeoDataFrame | None,
    step_m: float,
) -> Candidates:
    """
    Collect the places among which a proposal chooses.

    Parameters
    ----------
    network
        The streets.
    due
        The due stretches, keyed by part: new posts come beside these alone.
    existing
        Posts that stand, as points; they stay where they are.
    must
        Points where a post must come; None for none.
    forbidden
        Where none may come: inside polygons, within `FORBID_M` of points and lines. None for
        nowhere.
    step_m
        Distance between places along a street at most, in metres.

    Returns
    -------
    candidates
        The ends and even divisions of every due stretch and every junction on one.
    """
    count = np.maximum(np.ceil(due.lengths_m / step_m).astype(np.int64), 1)
    part = np.repeat(due.key, count + 1)
    number = np.arange(len(part)) - np.repeat(np.cumsum(count + 1) - count - 1, count + 1)
    at_m = np.repeat(due.start, count + 1) + number * np.repeat(due.lengths_m / count, count + 1)
    junction, where = _junctions(network, due)
    part, at_m = np.concatenate((part, junction)), np.concatenate((at_m, where))
    xy = network.lines.locate(part, at_m)
    # Streets that meet have one place there, and it is the same whichever of them one asks.
    _, first = np.unique(np.round(xy, 3), axis=0, return_index=True)
    first = np.sort(first)
    free = Snapped(part[first], at_m[first], np.zeros(len(first)))
    given = [existing] if must is None else [existing, must]
    fixed = [network.snap(frame) for frame in given]
    places = fixed[0] if must is None else fixed[0] + fixed[1]
    barred = np.empty(0, dtype=np.int64)
    if forbidden is not None:
        barred = len(places) + np.flatnonzero(_barred(xy[first], forbidden))
    return Candidates(
        places + free,
        np.concatenate([*(coordinates(frame, "posts") for frame in given), xy[first]]),
        len(fixed[0]),
        0 if must is None else len(fixed[1]),
        barred,
    )


def places_near(streets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, step_m: float) -> float:
    """
    Estimate how many places `candidates` offers, in no time and without a network.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS.
    areas
        Polygons in the same CRS; what counts is the length within the box around all of them.
    step_m
        Distance between places along a street at most, in metres; greater than 0.

    Returns
    -------
    places
        One for each step of the length, whether due or not; junctions and given places not
        counted.
    """
    return float(streets.clip_by_rect(*areas.total_bounds).length.sum()) / step_m


def _barred(xy: Floats, forbidden: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which places lie inside a forbidden polygon, or near a forbidden point or line."""
    shapes = np.asarray(forbidden.geometry.array)
    solid = shapely.get_dimensions(shapes) == AREAL
    points = shapely.points(xy)
    inside = shapely.STRtree(shapes[solid]).query(points, predicate="intersects")[0]
    near = shapely.STRtree(shapes[~solid]).query(points, predicate="dwithin", distance=FORBID_M)[0]
    barred = np.zeros(len(xy), dtype=bool)
    barred[inside] = barred[near] = True
    return barred


def _junctions(network: StreetNetwork, due: Intervals) -> tuple[Ints, Floats]:
    """Return a place on a due stretch for each end of an edge that is a junction."""
    used = np.flatnonzero(network.passable)
    ways = np.bincount(network.tail[used], minlength=network.nodes)
    ways += np.bincount(network.head[used], minlength=network.nodes)
    part = np.concatenate((network.part[used], network.part[used]))
    at_m = np.concatenate((network.start[used], network.end[used]))
    many = ways[np.concatenate((network.tail[used], network.head[used]))] >= JUNCTION_WAYS
    part, at_m = part[many], at_m[many]
    on = due.holds(part, at_m)
    return part[on], at_m[on]
