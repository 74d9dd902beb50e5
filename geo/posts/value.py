"""What posts are worth: to streets, ground, households and key sites, and one by one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.areas import areas_of_points
from geo.coverage import NOISE_M, DueStreets, share
from geo.crs import require_metric_crs
from geo.due import DueRule, number_column
from geo.posts.coverage import places_of, require_reach, snap_m
from geo.posts.staff import unstaffed
from geo.reaches import reached_places, reaches
from geo.streets import StreetNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]

ARC_SEGMENTS: Final = 64
"""Straight pieces of a quarter circle: a disc of so many corners is 0.01 % too small."""

SPACINGS_M: Final = (50.0, 100.0)
"""The published range of the spacing of posts: what the due length needs at either end of it."""


@dataclass(frozen=True, eq=False)
class PostValue:
    """
    Outcome of `post_value`.

    Parameters
    ----------
    shares
        One row per denominator that was given: `of` ("street_length_m", "area_m2", "households",
        "key_sites"), `covered`, `total`, `share` (missing without a total), `twofold`, what at
        least two posts cover, and `twofold_share`.
    posts
        The posts as given, with `reached_m`, `alone_m` (what is lost of the covered street
        length if only this post is absent), `alone_households`, `alone_key_sites` where given,
        and `rank`, 1 for the post whose absence loses most street.
    idle
        Posts without a task in the period: their `tasks` are given and 0.
    needed
        Spacing in metres -> the number of posts that the due length takes at that spacing.
    per_post
        Mean of `tasks` and of `hazards` over the posts that state them.
    """

    shares: pd.DataFrame
    posts: gpd.GeoDataFrame
    idle: gpd.GeoDataFrame
    needed: dict[float, int]
    per_post: dict[str, float | None]

    @property
    def critical(self) -> gpd.GeoDataFrame:
        """Posts whose absence loses street, the most first."""
        return self.posts[self.posts["alone_m"] > NOISE_M].sort_values("rank")

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            Shares with numerator and denominator, counts of posts.
        """
        return {
            "shares": self.shares.replace({np.nan: None}).to_dict("records"),
            "critical_posts": len(self.critical),
            "idle_posts": len(self.idle),
            "posts_needed": {f"at_{spacing:g}_m": n for spacing, n in self.needed.items()},
            **{f"{name}_per_post": mean for name, mean in self.per_post.items()},
        }


def post_value(  # noqa: PLR0913 - four denominators
    streets: gpd.GeoDataFrame,
    posts: gpd.GeoDataFrame,
    *,
    reach_m: float = 50.0,
    areas: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    key_sites: gpd.GeoDataFrame | None = None,
    due: DueRule | None = None,
    within: gpd.GeoDataFrame | None = None,
    network: StreetNetwork | None = None,
) -> PostValue:
    """
    Measure what posts cover along the street, and what is lost if one of them is absent.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS.
    posts
        m Point rows in the same CRS; `staff`, `tasks` and `hazards` are read where present.
    reach_m
        How far one post sees, in metres; greater than 0.
    areas
        Polygons whose ground is to be covered; None for no figure of ground.
    buildings
        Rows with `households`, each at a point inside it; None for no figure of households.
    key_sites
        Public places that matter, each at a point inside it; None for no figure of them.
    due
        Which streets count; None for the default `DueRule`.
    within
        Polygons with `area_id`: only what is inside them counts, streets, households and key
        sites. None for all.
    network
        What to walk along, made of the same `streets`; None to make it here.

    Returns
    -------
    value
        Shares by denominator, and the posts with what each covers alone.

    Raises
    ------
    CRSError, GeometryError, InvalidParameterError
        As `post_coverage` does.

    Notes
    -----
    Streets, households and key sites go by the way along the street, both ends included; ground
    goes by straight distance and is at most 0.01 % short, the corners of its discs. What is lost
    with one post is measured while all others stand; losses of several posts do not add up.
    """
    frames = {"areas": areas, "buildings": buildings, "key_sites": key_sites, "within": within}
    require_metric_crs(
        streets=streets, posts=posts, **{k: v for k, v in frames.items() if v is not None}
    )
    require_reach(reach_m, "street")
    chosen = DueStreets.of(streets, due, within)
    network = network or StreetNetwork.of(chosen.lines, streets)
    places = places_of(network, posts, reach_m)
    reach = np.full(len(posts), float(reach_m))
    found = reaches(network, places, reach)
    _, start, end, by = found.pieces(chosen.due)
    rows = [_row("street_length_m", end - start, by)]
    frame = posts.assign(
        reached_m=np.asarray(by.T @ (end - start), dtype=np.float64),
        alone_m=_alone(end - start, by),
    )
    frame["rank"] = frame["alone_m"].rank(ascending=False, method="min").astype(int)
    if areas is not None:
        rows.append(_ground(areas, posts[~unstaffed(posts)], reach_m))
    for name, given in (("households", buildings), ("key_sites", key_sites)):
        if given is None:
            continue
        weight = number_column(given, "households") if name == "households" else np.ones(len(given))
        weight = np.nan_to_num(weight)
        points = gpd.GeoDataFrame(geometry=given.geometry.representative_point())
        if within is not None:
            inside = areas_of_points(np.asarray(points.geometry.array), within) >= 0
            weight, points = weight[inside], points[inside]
        at = network.snap(points, max_m=snap_m(reach_m))
        by = reached_places(network, places, at, reach)
        rows.append(_row(name, weight, by))
        frame[f"alone_{name}"] = _alone(weight, by)
    idle = posts[number_column(posts, "tasks") == 0.0]
    needed = {s: math.ceil(chosen.due.length_m / s - NOISE_M) for s in SPACINGS_M}
    per_post = {name: _mean(number_column(posts, name)) for name in ("tasks", "hazards")}
    return PostValue(pd.DataFrame(rows), frame, idle, needed, per_post)


def _row(of: str, weight: Floats, by: csr_array) -> dict[str, Any]:
    """Return what one and what two posts cover of some weight."""
    fold = np.diff(by.indptr)
    total = float(weight.sum())
    covered, twofold = float(weight[fold >= 1].sum()), float(weight[fold >= 2].sum())  # noqa: PLR2004
    return {
        "of": of, "covered": covered, "total": total, "share": share(covered, total),
        "twofold": twofold, "twofold_share": share(twofold, total),
    }  # fmt: skip


def _alone(weight: Floats, by: csr_array) -> Floats:
    """Return the weight that each post alone covers."""
    single = np.flatnonzero(np.diff(by.indptr) == 1)
    post = by.indices[by.indptr[single]]
    alone: Floats = np.bincount(post, weight[single], by.shape[1]).astype(np.float64)
    return alone


def _ground(areas: gpd.GeoDataFrame, posts: gpd.GeoDataFrame, reach_m: float) -> dict[str, Any]:
    """Return what one and what two posts cover of the ground, by straight distance."""
    ground = areas.geometry.union_all()
    points = np.asarray(posts.geometry.array)
    points = points[~(shapely.is_missing(points) | shapely.is_empty(points))]
    discs = shapely.buffer(points, reach_m, quad_segs=ARC_SEGMENTS)
    first, second = shapely.STRtree(discs).query(discs, predicate="intersects")
    ahead = first < second
    twice = shapely.union_all(shapely.intersection(discs[first[ahead]], discs[second[ahead]]))
    covered = float(shapely.union_all(discs).intersection(ground).area)
    twofold, total = float(twice.intersection(ground).area), float(ground.area)
    return {
        "of": "area_m2", "covered": covered, "total": total, "share": share(covered, total),
        "twofold": twofold, "twofold_share": share(twofold, total),
    }  # fmt: skip


def _mean(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None
