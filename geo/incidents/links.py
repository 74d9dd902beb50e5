"""What hot spots and incidents are for: points to visit, and which gaps to close first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import require_metric_crs
from geo.errors import ColumnError, InvalidParameterError
from geo.lines import Lines
from geo.points import coordinates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.incidents.hotspots import HotSpots


def must_visit_from(found: HotSpots, *, most: int | None = None) -> gpd.GeoDataFrame:
    """
    Turn hot spots into points to visit, as `geo.patrol.dose_points` takes them.

    Parameters
    ----------
    found
        From `geo.incidents.hotspots.hot_spots`.
    most
        How many spots at the most, those with the most incidents first; None for all.

    Returns
    -------
    points
        A row per spot: `spot_id`, `name` (of the peak place, None where it has none), `weight`
        (incidents at the spot and beside it), Point: on the street half way along the segment
        that is the peak, or in the middle of the cell.

    Raises
    ------
    InvalidParameterError
        When `most` is less than 1.
    """
    if most is not None and most < 1:
        raise InvalidParameterError(f"most must be 1 or more, got {most!r}")
    spots = found.spots.iloc[:most]
    peaks = found.places.set_index("place_id").loc[spots["peak_place"]]
    shapes = np.asarray(peaks.geometry.array)
    flat = shapely.get_dimensions(shapes) > 1
    points = np.empty(len(shapes), dtype=object)
    points[flat] = shapely.centroid(shapes[flat])
    points[~flat] = shapely.line_interpolate_point(shapes[~flat], 0.5, normalized=True)
    names = peaks["name"].to_numpy(dtype=object) if "name" in peaks else [None] * len(peaks)
    return gpd.GeoDataFrame(
        {
            "spot_id": spots["spot_id"].to_numpy(dtype=object),
            "name": np.asarray(names, dtype=object),
            "weight": spots["n_around"].to_numpy(dtype=np.float64),
        },
        geometry=points,
        crs=found.places.crs,
    )


def rank_gaps(
    gaps: gpd.GeoDataFrame,
    incidents: gpd.GeoDataFrame,
    *,
    covered: gpd.GeoDataFrame | None = None,
    reach_m: float = 50.0,
) -> gpd.GeoDataFrame:
    """
    Rank gaps of posts or cameras by the incidents within reach of them.

    An incident counts at the nearest gap alone, of equally near ones at the first; at exactly
    `reach_m` it counts. One that is as near to what is covered counts at no gap.

    Parameters
    ----------
    gaps
        n LineString or MultiLineString rows with `street_id`, in a metric CRS, such as the gaps
        of `geo.posts.post_coverage` or the street gaps of `geo.cameras.camera_coverage`.
    incidents
        m rows, Point or no place, in the same CRS; choose public ones, of one period, before.
    covered
        The stretches that are covered, as gaps are; None to count at the nearest gap whatever is
        covered beside it.
    reach_m
        How far from the line counts, in metres; greater than 0.

    Returns
    -------
    gaps
        The same rows with `rank` (1 has the most; equal counts share the least), `incidents`,
        `incidents_per_100_m` (NaN for a gap without length); the most incidents first, of equal
        ones the shortest gap.

    Raises
    ------
    CRSError, GeometryError
        When the frames share no CRS whose metres are metres, stretches are no lines, or incidents
        no points.
    ColumnError
        When gaps have no `street_id`.
    InvalidParameterError
        When the reach is not greater than 0.
    """
    require_metric_crs(gaps=gaps, incidents=incidents)
    if "street_id" not in gaps.columns:
        raise ColumnError(
            f"gaps: no column street_id among {', '.join(map(str, gaps.columns))}; pass the gaps "
            f"of a coverage"
        )
    Lines.from_frame(gaps, "gaps")
    lines, before = np.asarray(gaps.geometry.array), 0
    stretches = lines
    if covered is not None:
        require_metric_crs(gaps=gaps, covered=covered)
        Lines.from_frame(covered, "covered")
        stretches, before = np.concatenate((covered.geometry.array, lines)), len(covered)
    gap = nearest_line(stretches, incidents, reach_m) - before
    count = np.bincount(gap[gap >= 0], minlength=len(gaps))
    length = np.nan_to_num(shapely.length(lines))
    per = np.divide(100.0 * count, length, out=np.full(len(gaps), np.nan), where=length > 0.0)
    more = np.sort(count)[::-1]
    rank = np.searchsorted(-more, -count, side="left") + 1
    told = gaps.assign(rank=rank, incidents=count, incidents_per_100_m=per)
    return told.iloc[np.lexsort((np.arange(len(gaps)), length, -count))].reset_index(drop=True)


def nearest_line(
    lines: NDArray[np.object_], incidents: gpd.GeoDataFrame, reach_m: float
) -> NDArray[np.int64]:
    """
    Find the nearest of some lines for each incident.

    Parameters
    ----------
    lines
        n lines.
    incidents
        m rows, Point or no place, in the CRS of the lines.
    reach_m
        How far from a line counts, in metres; greater than 0.

    Returns
    -------
    line
        m rows of the lines, of equally near ones the first; -1 where none is within reach.

    Raises
    ------
    GeometryError
        When an incident is no point.
    InvalidParameterError
        When the reach is not greater than 0.
    """
    if not 0.0 < reach_m < np.inf:
        raise InvalidParameterError(f"reach_m must be greater than 0, got {reach_m!r}")
    xy = coordinates(incidents, "incidents")
    placed = np.flatnonzero(~np.isnan(xy[:, 0]))
    points = shapely.points(xy[placed])
    point, line = shapely.STRtree(lines).query_nearest(
        points, max_distance=reach_m, exclusive=False
    )
    order = np.lexsort((line, point))
    point, first = np.unique(point[order], return_index=True)
    found = np.full(len(incidents), -1, dtype=np.int64)
    found[placed[point]] = line[order][first]
    return found
