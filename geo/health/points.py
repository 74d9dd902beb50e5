"""Counting what hangs where, and what sheets say of it: networked, of high definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import require_metric_crs
from geo.due import number_column, text_column
from geo.errors import InvalidParameterError
from geo.health.duplicates import near_pairs
from geo.health.rates import Rate
from geo.health.reading import require_columns, states_of
from geo.points import coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

SAME_POINT_M: Final = 1.0
"""Cameras this near to each other hang at one point, in metres, where no point is named; a project
choice: one pole."""

ASSETS: Final = ("camera", "traffic_enforcement", "security_checkpoint")
"""What devices are counted as: enforcement of traffic rules (电子警察) and gantries (卡口) by their
kind, every other kind as a camera."""

HD_WIDTH_PX: Final = 1920
"""Pixels across a picture from which it is high definition (高清): 1920 x 1080, what is bought as
such. A project choice: the national goal of 2015 names no number."""


@dataclass(frozen=True, eq=False)
class PointCounts:
    """
    Outcome of `point_counts`.

    Parameters
    ----------
    point
        For each device the number of its point, from 0; -1 where it has neither point nor place.
    counts
        By asset, one of `ASSETS`: `asset`, `points`,
        `devices`, `pointless` devices that are at no point.
    """

    point: Ints
    counts: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return the counts by asset, ready for JSON."""
        return {
            row.asset: {"points": row.points, "devices": row.devices, "pointless": row.pointless}
            for row in self.counts.itertuples()
        }


def point_counts(cameras: gpd.GeoDataFrame, *, within_m: float = SAME_POINT_M) -> PointCounts:
    """
    Count points and devices, by what the devices are.

    Devices with one `point_id` are at one point. Others are where they stand: those within
    `within_m` of each other, from one to the next, are at one point. A point with a camera and a
    gantry counts for both.

    Parameters
    ----------
    cameras
        n Point rows in a metric CRS; `point_id` and `kind` are read where present.
    within_m
        Greatest distance between neighbours at one point, in metres; 0 or more.

    Returns
    -------
    counts
        Points of the devices, and counts.

    Raises
    ------
    CRSError
        When metres of the CRS are no metres.
    GeometryError
        When a row is no point.
    InvalidParameterError
        When `within_m` is outside its range.
    """
    require_metric_crs(cameras=cameras)
    if not 0.0 <= within_m < np.inf:
        raise InvalidParameterError(f"within_m must be 0 or more metres, got {within_m!r}")
    point = _points(cameras, within_m)
    kind = text_column(cameras, "kind")
    frame = pd.DataFrame({"asset": np.where(np.isin(kind, ASSETS), kind, "camera")})
    frame["point"] = point
    rows = []
    for asset in ASSETS:
        own = frame.loc[frame["asset"] == asset, "point"]
        placed = own[own >= 0]
        rows.append((asset, placed.nunique(), len(own), len(own) - len(placed)))
    columns = ["asset", "points", "devices", "pointless"]
    return PointCounts(point, pd.DataFrame(rows, columns=columns))


def networked_by_class(cameras: pd.DataFrame) -> pd.DataFrame:
    """
    Tell which share of the cameras of each class is networked.

    Parameters
    ----------
    cameras
        n rows: `networked` (true, false or missing); `point_class` is read where present.

    Returns
    -------
    rates
        By class, blank last: `point_class`, `cameras`, `networked`, `known` (the denominator),
        `unknown`, `share` (NaN where nothing is known).

    Raises
    ------
    ColumnError
        When `networked` is missing.
    InvalidParameterError
        When it holds something else than truths.
    """
    require_columns(cameras, "cameras", ("networked",))
    networked = states_of(cameras["networked"], "cameras: networked").reset_index(drop=True)
    blank = pd.Series(None, index=networked.index, dtype=object)
    given = cameras["point_class"].array if "point_class" in cameras.columns else blank.array
    rows = pd.DataFrame(
        {
            "point_class": given,
            "networked": networked.fillna(value=False).astype(np.int64),
            "known": networked.notna().astype(np.int64),
        }
    )
    rates = rows.groupby("point_class", dropna=False, sort=True).agg(
        cameras=("known", "size"), networked=("networked", "sum"), known=("known", "sum")
    )
    rates = rates.reset_index()
    rates["unknown"] = rates["cameras"] - rates["known"]
    rates["share"] = (rates["networked"] / rates["known"]).where(rates["known"] > 0)
    return rates


def high_definition(cameras: pd.DataFrame) -> Rate:
    """
    Tell which share of the cameras has a picture of high definition.

    Parameters
    ----------
    cameras
        n rows; `pixels`, the width of the picture, is read where present. Where it is missing, or
        no number above 0, the definition is unknown.

    Returns
    -------
    rate
        Cameras of `HD_WIDTH_PX` or more among those whose width is known.
    """
    width = number_column(cameras, "pixels")
    known = (width > 0.0) & (width < np.inf)
    sharp = known & (width >= HD_WIDTH_PX)
    counts = (int(part.sum()) for part in (sharp, known, ~known))
    return Rate("high_definition", "sheet", "cameras", *counts)


def _points(cameras: gpd.GeoDataFrame, within_m: float) -> Ints:
    """Return the number of each device's point: named ones first, then those found by place."""
    point: Ints = np.full(len(cameras), -1, dtype=np.int64)
    if "point_id" in cameras.columns:
        point, named = pd.factorize(cameras["point_id"])
    else:
        named = pd.Index([])
    xy = coordinates(cameras, "cameras")
    rest = np.flatnonzero((point < 0) & ~np.isnan(xy[:, 0]))
    first, second, _ = near_pairs(xy[rest], within_m)
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(len(rest), len(rest)))
    point = point.astype(np.int64)
    if len(rest):
        point[rest] = len(named) + connected_components(graph, directed=False)[1]
    return point
