"""Which stretches of street observation posts cover, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.coverage import DueStreets, StreetCoverage, uncovered
from geo.crs import require_metric_crs
from geo.due import DueRule
from geo.errors import InvalidParameterError
from geo.points import coordinates
from geo.sectors import line_intervals

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class PostCoverage(StreetCoverage):
    """
    Outcome of `post_coverage`.

    Parameters
    ----------
    posts
        The posts as given.
    reach_m
        How far one post sees, in metres.
    distance
        How the reach is measured: "straight".
    """

    posts: gpd.GeoDataFrame
    reach_m: float
    distance: str

    def sites(self) -> dict[str, NDArray[np.object_]]:
        """Return the points of the posts."""
        return {"posts": np.asarray(self.posts.geometry.array)}

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of `StreetCoverage.summary`, and `posts`, `reach_m`, `distance`.
        """
        return super().summary() | {
            "posts": len(self.posts),
            "reach_m": self.reach_m,
            "distance": self.distance,
        }


def post_coverage(
    streets: gpd.GeoDataFrame,
    posts: gpd.GeoDataFrame,
    *,
    reach_m: float = 50.0,
    distance: str = "straight",
    due: DueRule | None = None,
    within: gpd.GeoDataFrame | None = None,
) -> PostCoverage:
    """
    Find the stretches of due street farther than `reach_m` from every post.

    Distance is straight-line: rivers, walls and the way along the street do not count. A
    stretch at exactly `reach_m` is covered.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS; `street_id` where it is known,
        and the columns that `DueRule` reads.
    posts
        m Point rows in the same CRS; a row without a place covers nothing.
    reach_m
        How far one post sees, in metres; greater than 0.
    distance
        "straight".
    due
        Which streets count; None for the default `DueRule`.
    within
        Polygons with `area_id`: only the stretches inside them are due. None for all.

    Returns
    -------
    coverage
        Gaps, totals, `by_area` and `summary`.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When streets are no lines or posts no points.
    InvalidParameterError
        When `reach_m` is not a finite number above 0, or `distance` is unknown.

    Notes
    -----
    Exact: each circle meets a straight segment in one closed interval; no polygon stands for a
    circle. Gaps below 1e-6 m are rounding and left out. Cost: near-linear in segments and posts
    (45,000 segments with 20,000 posts take about 0.1 s once the kernels are compiled).
    """
    frames = {"streets": streets, "posts": posts} | ({} if within is None else {"within": within})
    require_metric_crs(**frames)
    if not 0.0 < reach_m < np.inf:
        raise InvalidParameterError(f"reach_m must be a number of metres above 0, got {reach_m!r}")
    if distance != "straight":
        raise InvalidParameterError(f'distance: {distance!r} is unknown; use "straight"')
    chosen = DueStreets.of(streets, due or DueRule(), within)
    centres = coordinates(posts, "posts")
    centres = centres[~np.isnan(centres[:, 0])]
    covered = line_intervals(chosen.lines, centres, np.full(len(centres), float(reach_m)))
    gaps = uncovered(chosen, covered)
    return PostCoverage(chosen.stretches(gaps), chosen, gaps, posts, float(reach_m), distance)
