"""Whether posts keep their spacing along the street."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.areas import area_pieces, areas_of_points
from geo.coverage import DueStreets
from geo.crs import label, require_metric_crs
from geo.duty import DutyHours, duty_states, mobility
from geo.intervals import Intervals
from geo.points import coordinates
from geo.posts.cells import Neighbours, neighbours
from geo.posts.gaps import GapPieces, gap_pieces
from geo.posts.limits import RISK_LIMITS_M, Limits
from geo.posts.staff import unstaffed
from geo.streets import StreetNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.due import DueRule
    from geo.snapping import Snapped

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

WIDE_M: Final = 15.0
"""Two posts on either side of a street whose distances from its middle add up to this or more
stand on opposite kerbs of a wide road: who stands on one does not see to the other's side."""

SAME_PLACE_M: Final = 0.01
"""Posts this near each other are one place written twice, in metres."""


@dataclass(frozen=True, eq=False)
class PostSpacing:
    """
    Outcome of `post_spacing`.

    Parameters
    ----------
    spacings
        One row per pair of neighbours whose cells touch on a due street: `post_id`,
        `neighbour_id`, `spacing_m`, `min_m` and `max_m` that hold where their cells touch,
        `fixed` (both), `together` (on duty in the same hour), `opposite` (either side of a wide
        road), LineString from one over the
        touching place to the other.
    gaps
        One row per connected piece farther than half of `max_m` from every post, the worst
        first: `gap_id`, `street_ids` joined by commas, `length_m`, `spacing_m` (twice the largest
        distance from a post along the street; infinite without any post), `max_m`, `at_end`,
        MultiLineString.
    unstaffed
        Posts that nobody staffs; no figure counts them.
    off_network
        Posts too far from every street that one can walk, with `offset_m`.
    duplicated
        Posts at one place with another, or under one id with another.
    unknown_risk
        Areas whose risk has no limits of its own: those given for everywhere hold there.
    due_length_m
        Length of the due streets, in metres.
    posts
        How many posts there are.
    """

    spacings: gpd.GeoDataFrame
    gaps: gpd.GeoDataFrame
    unstaffed: gpd.GeoDataFrame
    off_network: gpd.GeoDataFrame
    duplicated: gpd.GeoDataFrame
    unknown_risk: gpd.GeoDataFrame
    due_length_m: float
    posts: int

    @property
    def crowded(self) -> gpd.GeoDataFrame:
        """Neighbouring fixed posts, on duty in the same hour, nearer than `min_m`."""
        return self.too_near[~self.too_near["opposite"]]

    @property
    def opposite(self) -> gpd.GeoDataFrame:
        """Pairs that would be crowded, but stand on opposite kerbs of a wide road."""
        return self.too_near[self.too_near["opposite"]]

    @property
    def too_near(self) -> gpd.GeoDataFrame:
        """The crowded pairs and the opposite ones."""
        pairs = self.spacings
        near = pairs["fixed"] & pairs["together"] & (pairs["spacing_m"] < pairs["min_m"])
        return pairs[near]

    @property
    def mean_spacing_m(self) -> float | None:
        """Mean over the pairs of neighbours, in metres; None without a pair."""
        return float(self.spacings["spacing_m"].mean()) if len(self.spacings) else None

    @property
    def worst_gap_m(self) -> float | None:
        """
        Twice the largest distance from a post within the gaps, in metres.

        None without a gap. Gaps in pieces of the network that have no post at all are left
        out here: their distance has no end; `summary` counts them.
        """
        known = self.gaps["spacing_m"][np.isfinite(self.gaps["spacing_m"])]
        return float(known.max()) if len(known) else None

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            Counts, and lengths in metres; None for what there is no figure of.
        """
        endless = ~np.isfinite(self.gaps["spacing_m"])
        return {
            "crowded_pairs": len(self.crowded),
            "opposite_pairs": len(self.opposite),
            "neighbour_pairs": len(self.spacings),
            "mean_spacing_m": self.mean_spacing_m,
            "spacing_gaps": len(self.gaps),
            "spacing_gap_length_m": float(self.gaps["length_m"].sum()),
            "worst_gap_m": self.worst_gap_m,
            "gaps_at_ends": int(self.gaps["at_end"].sum()),
            "gaps_without_post": int(endless.sum()),
            "gaps_without_post_length_m": float(self.gaps["length_m"][endless].sum()),
            "posts_unstaffed": len(self.unstaffed),
            "posts_off_network": len(self.off_network),
            "posts_duplicated": len(self.duplicated),
            "areas_risk_unknown": len(self.unknown_risk),
            "posts": self.posts,
            "due_length_m": self.due_length_m,
            "crs": label(self.gaps.crs),
        }


def post_spacing(  # noqa: PLR0913 - what the rule is, and where it holds
    streets: gpd.GeoDataFrame,
    posts: gpd.GeoDataFrame,
    *,
    min_m: float = 50.0,
    max_m: float = 100.0,
    areas: gpd.GeoDataFrame | None = None,
    by_risk: Mapping[str, tuple[float, float]] = RISK_LIMITS_M,
    due: DueRule | None = None,
    within: gpd.GeoDataFrame | None = None,
    network: StreetNetwork | None = None,
) -> PostSpacing:
    """
    Find where posts stand too far apart along the street, and where too near.

    Everything is measured along the middle of the street, from the place beside one post to
    that beside the next: how far a post stands from it does not count here.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS; see `StreetNetwork.from_frame`.
    posts
        m Point rows in the same CRS. Read where present: `post_id`, `mobility` ("fixed" or
        "mobile"), `hours` (see `geo.duty`), `staff` (how many people a post has).
    min_m
        Neighbouring fixed posts nearer than this are crowded, in metres; where no area has
        limits of its own.
    max_m
        Posts should be no farther apart, in metres; greater than `min_m`.
    areas
        Polygons with `area_id` and `risk`: the limits of each place go by the risk of its area.
        None for the same limits everywhere.
    by_risk
        Risk -> least and greatest spacing in metres.
    due
        Which streets count; None for the default `DueRule`.
    within
        Polygons with `area_id`: only the stretches inside them are due. None for all.
    network
        What to walk along, made of the same `streets`; None to make it here.

    Returns
    -------
    spacing
        Pairs of neighbours, gaps, and the posts that no figure counts.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When streets are no lines, posts no points or areas no valid polygons.
    InvalidParameterError
        When a least spacing is not below the greatest.

    Notes
    -----
    Exact: a gap begins where the nearest post is `max_m` / 2 away. Cost: near-linear in streets
    and posts.
    """
    frames = {"areas": areas, "within": within}
    require_metric_crs(
        streets=streets, posts=posts, **{k: v for k, v in frames.items() if v is not None}
    )
    limits = Limits.of(areas, (min_m, max_m), by_risk)
    xy = coordinates(posts, "posts")
    chosen = DueStreets.of(streets, due, within)
    network = network or StreetNetwork.of(chosen.lines, streets)
    places = network.snap(posts)
    idle = unstaffed(posts)
    finer, node = network.with_sites(places.only(~idle))
    distance_m, _ = finer.nearest(node)
    pieces = gap_pieces(finer, distance_m, _due_by_max(chosen, areas, limits))
    pairs = neighbours(finer, node)
    pairs = pairs.select(chosen.due.holds(pairs.part, pairs.at_m))
    far = ~np.isnan(xy[:, 0]) & ~places.routable
    return PostSpacing(
        _spacings(posts, xy, places, pairs, chosen, areas, limits),
        _gaps(chosen, pieces),
        posts[idle],
        posts[far].assign(offset_m=places.offset_m[far]),
        posts[_duplicated(posts, xy)],
        posts.iloc[:0] if areas is None else areas.iloc[limits.unknown],
        chosen.due.length_m,
        len(posts),
    )


def _due_by_max(
    streets: DueStreets, areas: gpd.GeoDataFrame | None, limits: Limits
) -> list[tuple[float, Intervals]]:
    """Divide the due stretches by the greatest spacing that holds on them."""
    if areas is None:
        return [(float(limits.max_m[-1]), streets.due)]
    pieces = area_pieces(streets.lines, streets.due, areas)
    of_piece = limits.max_m[pieces.area]
    return [
        (float(max_m), Intervals.of(pieces.part[held], pieces.start[held], pieces.end[held]))
        for max_m in np.unique(limits.max_m)
        for held in [of_piece == max_m]
    ]


def _gaps(streets: DueStreets, pieces: GapPieces) -> gpd.GeoDataFrame:
    """Return one row per gap, the worst first."""
    geometry = streets.lines.cut(pieces.stretches)
    row = streets.lines.row[pieces.stretches.key]
    table = pd.DataFrame(
        {
            "gap": pieces.gap,
            "street": streets.street_id.to_numpy()[row].astype(str),
            "length_m": pieces.stretches.lengths_m,
            "spacing_m": 2.0 * pieces.farthest_m,
            "max_m": pieces.max_m,
            "at_end": pieces.at_end,
        }
    )
    by_gap = table.groupby("gap", sort=True)
    rows = by_gap.agg(
        street_ids=("street", lambda names: ",".join(dict.fromkeys(names))),
        length_m=("length_m", "sum"),
        spacing_m=("spacing_m", "max"),
        max_m=("max_m", "min"),
        at_end=("at_end", "any"),
    )
    first = np.searchsorted(np.sort(pieces.gap), np.arange(len(rows) + 1))
    order = np.argsort(pieces.gap, kind="stable")
    shapes = [
        shapely.multilinestrings(geometry[order[first[k] : first[k + 1]]])
        for k in range(len(rows))  # one geometry per gap; there are few
    ]
    frame = gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=shapes, crs=streets.frame.crs)
    frame = frame.sort_values("spacing_m", ascending=False, kind="stable", ignore_index=True)
    frame.insert(0, "gap_id", np.arange(len(frame)))
    return frame


def _spacings(
    posts: gpd.GeoDataFrame, xy: Floats, places: Snapped, pairs: Neighbours,
    streets: DueStreets, areas: gpd.GeoDataFrame | None, limits: Limits,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Return one row per pair of neighbours."""
    a, b = pairs.first, pairs.second
    touching = streets.lines.locate(pairs.part, pairs.at_m)
    area = np.full(len(pairs), -1)
    if areas is not None:
        area = areas_of_points(shapely.points(touching), areas)
    feet = streets.lines.locate(places.part.clip(0), np.nan_to_num(places.at_m))
    ids = posts["post_id"].to_numpy() if "post_id" in posts.columns else np.arange(len(posts))
    fixed = mobility(posts) != "mobile"
    ways = np.stack((feet[a], touching, feet[b]), axis=1)
    return gpd.GeoDataFrame(
        {
            "post_id": ids[a],
            "neighbour_id": ids[b],
            "spacing_m": pairs.spacing_m,
            "min_m": limits.min_m[area],
            "max_m": limits.max_m[area],
            "fixed": fixed[a] & fixed[b],
            "together": _together(posts, a, b),
            "opposite": _opposite(xy, feet, places, a, b),
        },
        geometry=shapely.linestrings(ways) if len(pairs) else [],
        crs=posts.crs,
    )


def _together(posts: gpd.GeoDataFrame, a: Ints, b: Ints) -> Bools:
    """Tell which pairs are on duty in the same hour; unknown hours may be any."""
    states = duty_states(DutyHours.of(posts), upper=True)
    manned = states.manned.astype(np.int64)
    meets: Bools = (manned.T @ manned) > 0
    return meets[states.pattern[a], states.pattern[b]]


def _opposite(xy: Floats, feet: Floats, places: Snapped, a: Ints, b: Ints) -> Bools:
    """Tell which pairs stand on either side of a wide road."""
    out_a, out_b = xy[a] - feet[a], xy[b] - feet[b]
    sides = (out_a * out_b).sum(axis=1) < 0.0
    return sides & (places.offset_m[a] + places.offset_m[b] >= WIDE_M)


def _duplicated(posts: gpd.GeoDataFrame, xy: Floats) -> Bools:
    """Tell which posts are at one place with another, or under one id with another."""
    place = pd.DataFrame(np.round(xy / SAME_PLACE_M))
    twice = place.duplicated(keep=False).to_numpy() & ~np.isnan(xy[:, 0])
    if "post_id" in posts.columns:
        twice |= posts["post_id"].duplicated(keep=False).to_numpy()
    return np.asarray(twice)
