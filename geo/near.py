"""
What lies within a distance of what: homes near a cemetery, schools near a shop, a main road.

Distance is on the ellipsoid of the CRS, between the nearest places of two outlines: at the edge
of a three-degree zone 500 m of the plane are 15 cm less on the ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geo.crs import require_metric_crs
from geo.errors import ColumnError, InvalidParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNOFFICIAL_M: Final = 1.0
"""How far places converted from GCJ-02 or BD-09 may be off, in metres: no authority publishes the
two, and the known algorithm is as good as this against survey points."""

SAME_M: Final = 1e-6
"""A distance is no more than another by less than this, in metres: the rounding of coordinates."""


def within_distance(
    places: gpd.GeoDataFrame,
    targets: gpd.GeoDataFrame,
    *,
    distance_m: float,
    target_id: str | None = None,
    error_m: float = 0.0,
) -> gpd.GeoDataFrame:
    """
    Tell which places lie within a distance of a target, and which is the nearest.

    From outline to outline; 0 where they meet, or one lies in the other. A place at exactly
    `distance_m` is within.

    Parameters
    ----------
    places
        n rows of any geometry, in a metric CRS.
    targets
        m rows of any geometry, in the same CRS.
    distance_m
        How near is near, in metres; 0 or greater.
    target_id
        The column that names targets; None for their row numbers.
    error_m
        How far the two may be off against each other, in metres: `UNOFFICIAL_M` where either
        came in GCJ-02 or BD-09, 0 where both are surveyed.

    Returns
    -------
    frame
        One row per place, in its order and with its index: `target_id`, `distance_m`, `within`,
        `doubtful` (the distance is within `error_m` of the limit, so that a survey could say
        otherwise), and the line to the target. Where a place has no geometry, all are missing;
        without any target nothing is within and no distance is known.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError
        When there is no column `target_id`.
    InvalidParameterError
        When a distance is negative or not a number.

    Notes
    -----
    The nearest is found in the plane and measured on the ellipsoid: right to a millimetre for
    some kilometres. Of targets equally near in the plane the first row is named.
    """
    require_metric_crs(places=places, targets=targets)
    for name, value in (("distance_m", distance_m), ("error_m", error_m)):
        if not 0.0 <= value < np.inf:
            raise InvalidParameterError(f"{name} must be a number of 0 or more, got {value!r}")
    if target_id is not None and target_id not in targets.columns:
        raise ColumnError(
            f"targets: no column {target_id} among {', '.join(map(str, targets.columns))}"
        )
    shapes, aims = np.asarray(places.geometry.array), np.asarray(targets.geometry.array)
    placed = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    row, target = shapely.STRtree(aims).query_nearest(shapes, all_matches=True)
    order = np.lexsort((target, row))
    row, first = np.unique(row[order], return_index=True)
    target = target[order][first]
    lines = np.full(len(shapes), None, dtype=object)
    lines[row] = shapely.shortest_line(shapes[row], aims[target])
    away = np.full(len(shapes), np.nan)
    away[row] = _on_the_ground(lines[row], places)
    names = targets[target_id].to_numpy() if target_id else np.arange(len(targets))
    named = np.full(len(shapes), None, dtype=object)
    named[row] = names[target]
    within = pd.array(away <= distance_m + SAME_M, dtype="boolean")
    close = (np.abs(away - distance_m) <= error_m) & (error_m > 0.0)
    doubtful = pd.array(close, dtype="boolean")
    within[~placed] = pd.NA
    doubtful[~placed] = pd.NA
    return gpd.GeoDataFrame(
        {
            "target_id": pd.Series(named, dtype=object, index=places.index),
            "distance_m": away,
            "within": within,
            "doubtful": doubtful,
        },
        geometry=lines,
        crs=places.crs,
        index=places.index,
    )


def _on_the_ground(lines: NDArray[np.object_], frame: gpd.GeoDataFrame) -> Floats:
    """Return the geodesic length of straight lines of two points, in metres."""
    x, y = shapely.get_coordinates(lines).T
    to_degrees = Transformer.from_crs(frame.crs, frame.crs.geodetic_crs, always_xy=True)
    lon, lat = to_degrees.transform(x, y)
    geod = frame.crs.get_geod()
    length = geod.inv(lon[::2], lat[::2], lon[1::2], lat[1::2])[2]
    return np.asarray(length, dtype=np.float64)
