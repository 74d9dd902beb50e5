"""Cameras that are listed twice: two owners, one pole, one view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric_crs
from geo.due import number_column
from geo.errors import InvalidParameterError
from geo.health.reading import require_columns
from geo.points import coordinates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

WITHIN_M: Final = 5.0
"""Two records within this distance may be of one camera, in metres: two surveys of a pole differ by
a few metres."""

HEADING_DEG: Final = 15.0
"""Headings within this angle are the same, in degrees; a project choice, a third of the step
between the eight directions that catalogues know."""

HALF_TURN_DEG: Final = 180.0
"""The greatest angle between two headings."""

OWNERS: Final = ("unit", "point_class")
"""Columns that say whose camera it is."""


@dataclass(frozen=True, eq=False)
class Duplicates:
    """
    Outcome of `duplicates`.

    Parameters
    ----------
    pairs
        One row per pair, in input order: `camera_id_a`, `camera_id_b`, `distance_m`,
        `heading_deg` between their headings (NaN where one is unknown), `same_heading` (missing
        where unknown), `unit_a`, `unit_b`, `point_class_a`, `point_class_b`, `other_owner`
        (whether the units differ; missing where one is unknown).
    placeless
        Ids of cameras without a place, which were compared with none.
    """

    pairs: pd.DataFrame
    placeless: tuple[Any, ...]

    def summary(self) -> dict[str, Any]:
        """
        Return the counts, ready for JSON.

        Returns
        -------
        summary
            `pairs` of the same heading, of which `pairs_other_owner`; `pairs_heading_unknown`;
            `placeless`.
        """
        same = self.pairs["same_heading"].fillna(value=False)
        other = self.pairs["other_owner"].fillna(value=False)
        return {
            "pairs": int(same.sum()),
            "pairs_other_owner": int((same & other).sum()),
            "pairs_heading_unknown": int(self.pairs["same_heading"].isna().sum()),
            "placeless": len(self.placeless),
        }


def duplicates(
    cameras: gpd.GeoDataFrame, *, within_m: float = WITHIN_M, heading_deg: float = HEADING_DEG
) -> Duplicates:
    """
    Find pairs of cameras at one place that look the same way.

    Records at exactly `within_m` or `heading_deg` count. A pair at one place of which a heading is
    unknown may be a duplicate: it is listed so. A pair that looks different ways is none.

    Parameters
    ----------
    cameras
        n Point rows in a metric CRS, `camera_id`; `azimuth_deg`, `unit` and `point_class` are
        read where present.
    within_m
        Greatest distance, in metres; 0 or more.
    heading_deg
        Greatest angle between headings, in degrees, 0 to 180.

    Returns
    -------
    duplicates
        Pairs, and cameras without a place.

    Raises
    ------
    ColumnError
        When `camera_id` is missing.
    CRSError
        When metres of the CRS are no metres.
    GeometryError
        When a row is no point.
    InvalidParameterError
        When an option is outside its range.
    """
    require_metric_crs(cameras=cameras)
    require_columns(cameras, "cameras", ("camera_id",))
    if not 0.0 <= within_m < np.inf:
        raise InvalidParameterError(f"within_m must be 0 or more metres, got {within_m!r}")
    if not 0.0 <= heading_deg <= HALF_TURN_DEG:
        raise InvalidParameterError(f"heading_deg must be in [0, 180], got {heading_deg!r}")
    xy = coordinates(cameras, "cameras")
    first, second, distance_m = near_pairs(xy, within_m)
    azimuth = number_column(cameras, "azimuth_deg")
    turn = np.abs(azimuth[first] - azimuth[second]) % (2.0 * HALF_TURN_DEG)
    turn = np.minimum(turn, 2.0 * HALF_TURN_DEG - turn)
    kept = ~(turn > heading_deg)
    first, second, distance_m, turn = first[kept], second[kept], distance_m[kept], turn[kept]
    ids = cameras["camera_id"].array
    pairs = pd.DataFrame(
        {
            "camera_id_a": ids[first],
            "camera_id_b": ids[second],
            "distance_m": distance_m,
            "heading_deg": turn,
            "same_heading": pd.array(np.ones(len(turn)), "boolean"),
        }
    )
    pairs["same_heading"] = pairs["same_heading"].mask(np.isnan(turn))
    for column in OWNERS:
        blank = np.full(len(cameras), None, dtype=object)
        values = cameras[column].array if column in cameras.columns else blank
        pairs[f"{column}_a"], pairs[f"{column}_b"] = values[first], values[second]
    known = pairs["unit_a"].notna() & pairs["unit_b"].notna()
    differ = (pairs["unit_a"] != pairs["unit_b"]).astype("boolean")
    pairs["other_owner"] = differ.mask(~known)
    return Duplicates(pairs, tuple(ids[np.isnan(xy[:, 0])]))


def near_pairs(
    xy: NDArray[np.float64], within_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """
    Return the pairs of places that are near each other.

    Parameters
    ----------
    xy
        n x 2 coordinates, NaN for no place.
    within_m
        Greatest distance, in metres.

    Returns
    -------
    first, second, distance_m
        Positions, the first below the second, sorted; and how far apart they are.
    """
    points = shapely.points(xy)
    points[np.isnan(xy[:, 0])] = None
    first, second = shapely.STRtree(points).query(points, predicate="dwithin", distance=within_m)
    first, second = first[first < second], second[first < second]
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    return first, second, np.hypot(*(xy[first] - xy[second]).T)
