"""What to add, move and drop so that posts cover more of the streets, with a certificate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.areas import areas_of_points
from geo.coverage import NOISE_M, DueStreets, share
from geo.crs import label, require_metric_crs
from geo.errors import InvalidParameterError
from geo.intervals import Intervals
from geo.placement import (
    Proposal,
    Reach,
    Search,
    Shares,
    changes,
    coverage_curve,
    max_coverage,
    set_cover,
)
from geo.posts.candidates import candidates
from geo.posts.coverage import require_reach
from geo.posts.staff import unstaffed
from geo.reaches import reaches
from geo.streets import StreetNetwork

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo.due import DueRule
    from geo.posts.candidates import Candidates
    from geo.posts.wish import Wish
    from geo.reaches import Reaches

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

STEPS_PER_REACH: Final = 2
"""Places offered along a street, per reach of a post: nearer ones win next to nothing."""

MOVE_REACHES: Final = 2.0
"""A post dropped and one added this many reaches apart are one post that is moved."""

SAME_M: Final = 1.0
"""A post this near a place where one must be stands there, in metres."""

NEW_COST: Final = 1.001
"""Cost of a post at a new place when one may be moved: of answers with as few posts, the one with
the fewest moves is the cheapest. A post that stands costs 1."""

KEEP_ALL: Final = -1.0
"""What dropping a post may lose so that none is ever dropped."""


@dataclass(frozen=True, eq=False)
class PostProposal:
    """
    Outcome of `propose_posts`.

    Parameters
    ----------
    changes
        One row per change, in the order in which they win most: `action` ("add", "move" or
        "drop"), `post_id` of the post that is moved or dropped, `gain_m` and `loss_m` of covered
        street length by this change after those before it, `covered_length_m` and
        `covered_share` from then on, `reason`; the point where the post comes (or stood, for one
        that is dropped).
    sites
        The new places as points, with `site_id` from 0.
    proposal
        Objective, bound, gap, method and what stopped the search.
    impossible
        Due stretches that no place offered reaches: `street_id`, `start_m`, `end_m`, `length_m`.
    due_length_m
        Length of the due streets, in metres.
    before_length_m
        Covered length before, in metres.
    after_length_m
        Covered length with the proposal, in metres.
    offered
        How many places the proposal chose among.
    twofold
        Whether a metre counts only when two posts cover it.
    curve
        What 0 to so many more posts cover when they come one by one, and at best, as
        `geo.placement.coverage_curve` says it in metres; None where no number was wished, or
        posts may move.
    least_share
        The covered share that each area was to have at least; 0.0 for none.
    """

    changes: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    proposal: Proposal
    impossible: gpd.GeoDataFrame
    due_length_m: float
    before_length_m: float
    after_length_m: float
    offered: int
    twofold: bool
    curve: pd.DataFrame | None = None
    least_share: float = 0.0

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            What is proposed, how good it is known to be, and what it changes.
        """
        done = self.proposal
        actions = self.changes["action"].value_counts()
        return {
            "sites": len(self.sites),
            "objective": done.objective,
            "bound": done.bound,
            "gap": done.gap,
            "method": done.method,
            "bound_method": done.bound_method,
            "stopped_by": done.stopped_by,
            "seconds": done.seconds,
            "seed": done.seed,
            "added": int(actions.get("add", 0)),
            "moved": int(actions.get("move", 0)),
            "dropped": int(actions.get("drop", 0)),
            "offered": self.offered,
            "twofold": self.twofold,
            "least_share": self.least_share,
            "due_length_m": self.due_length_m,
            "covered_length_before_m": self.before_length_m,
            "covered_length_after_m": self.after_length_m,
            "covered_share_before": share(self.before_length_m, self.due_length_m),
            "covered_share_after": share(self.after_length_m, self.due_length_m),
            "impossible_length_m": float(self.impossible["length_m"].sum()),
            "crs": label(self.sites.crs),
        }


def propose_posts(  # noqa: PLR0913 - what stands, what must, what may not
    streets: gpd.GeoDataFrame,
    posts: gpd.GeoDataFrame,
    wish: Wish,
    *,
    reach_m: float = 50.0,
    must: gpd.GeoDataFrame | None = None,
    forbidden: gpd.GeoDataFrame | None = None,
    areas: gpd.GeoDataFrame | None = None,
    due: DueRule | None = None,
    within: gpd.GeoDataFrame | None = None,
    network: StreetNetwork | None = None,
    search: Search | None = None,
) -> PostProposal:
    """
    Propose where posts should come so that more of the due streets is covered along the street.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS.
    posts
        m Point rows in the same CRS: the posts that stand. Those that nobody staffs cover
        nothing.
    wish
        How many, and of what kind the proposal is.
    reach_m
        How far one post sees along the street, in metres; greater than 0.
    must
        Points where a post must be: a post that stands there stays, elsewhere one must come,
        which counts in the number.
    forbidden
        Where none may come: polygons, points and lines.
    areas
        Polygons with `area_id`, for `Wish.least_share`.
    due
        Which streets count; None for the default `DueRule`.
    within
        Polygons with `area_id`: only the stretches inside them are due. None for all.
    network
        What to walk along, made of the same `streets`; None to make it here.
    search
        How long to look; None for the default `Search`.

    Returns
    -------
    proposal
        The changes, with what is known of the best. It is the best among the places offered.

    Raises
    ------
    CRSError, GeometryError
        As `post_coverage` does.
    InvalidParameterError
        When an option is out of range, more posts are wished than places are offered, or an
        area cannot have its share.

    Notes
    -----
    The demand is exact: due streets are cut wherever the reach of any place ends, so a piece is
    covered whole or not at all, and no metre is counted by its middle.
    """
    given = {"must": must, "forbidden": forbidden, "areas": areas, "within": within}
    require_metric_crs(
        streets=streets, posts=posts, **{k: v for k, v in given.items() if v is not None}
    )
    require_reach(reach_m, "street")
    chosen = DueStreets.of(streets, due, within)
    network = network or StreetNetwork.of(chosen.lines, streets)
    standing = posts[~unstaffed(posts)]
    kept, open_ = _settled(standing, must, rearrange=wish.rearrange)
    offered = candidates(
        network, chosen.due, existing=standing, must=open_, forbidden=forbidden,
        step_m=wish.step_m or reach_m / STEPS_PER_REACH,
    )  # fmt: skip
    found = reaches(network, offered.places, np.full(len(offered.places), float(reach_m)))
    pieces = _Pieces.of(found, chosen)
    proposal = _found(pieces, offered, kept, wish, _shares(pieces, chosen, areas, wish), search)
    listed = _listed(pieces, offered, proposal, chosen, standing, wish, reach_m)
    if wish.number is None or wish.rearrange:
        return listed
    curve = coverage_curve(
        pieces.reach, pieces.length_m, wish.number, existing=np.arange(offered.existing),
        must=offered.existing + np.arange(offered.must), forbidden=offered.forbidden,
        k=wish.fold,
    )  # fmt: skip
    return replace(listed, curve=curve.drop(columns="site"))


@dataclass(frozen=True, eq=False)
class _Pieces:
    """The demand: pieces of the due streets, and who reaches them."""

    part: Ints
    start: Floats
    end: Floats
    reach: Reach

    @classmethod
    def of(cls, found: Reaches, streets: DueStreets) -> _Pieces:
        """Cut the due streets; what rounding leaves between two cuts is no demand."""
        part, start, end, by = found.pieces(streets.due)
        filled = end - start > NOISE_M
        return cls(part[filled], start[filled], end[filled], Reach.of(by[filled].T))

    @property
    def length_m(self) -> Floats:
        """Length of each piece, in metres."""
        return self.end - self.start


def _settled(
    posts: gpd.GeoDataFrame, must: gpd.GeoDataFrame | None, *, rearrange: bool
) -> tuple[NDArray[np.bool_], gpd.GeoDataFrame]:
    """Tell which posts stay, and at which of the places that must have one none stands."""
    kept = np.full(len(posts), not rearrange)
    if must is None:
        return kept, posts.iloc[:0]
    point, post = shapely.STRtree(np.asarray(posts.geometry.array)).query(
        np.asarray(must.geometry.array), predicate="dwithin", distance=SAME_M
    )
    kept[post] = True
    return kept, must[~np.isin(np.arange(len(must)), point)]


def _shares(
    pieces: _Pieces, streets: DueStreets, areas: gpd.GeoDataFrame | None, wish: Wish
) -> Shares | None:
    """Return the share that each area must have."""
    if not wish.least_share:
        return None
    if areas is None:
        raise InvalidParameterError("least_share: no areas to share among; give areas")
    middle = streets.lines.locate(pieces.part, (pieces.start + pieces.end) / 2.0)
    area = areas_of_points(shapely.points(middle), areas)
    codes = np.array([*areas["area_id"], None], dtype=object)
    return Shares(codes[area], wish.least_share)


def _found(
    pieces: _Pieces, offered: Candidates, kept: NDArray[np.bool_], wish: Wish,
    shares: Shares | None, search: Search | None,
) -> Proposal:  # fmt: skip
    """Ask the engine."""
    stay = np.flatnonzero(kept)
    come = offered.existing + np.arange(offered.must)
    if wish.number is None:
        costs = np.full(len(offered.places), 1.0)
        if wish.rearrange:
            costs[offered.existing :] = NEW_COST
        return set_cover(
            pieces.reach, existing=stay, must=come, forbidden=offered.forbidden, k=wish.fold,
            costs=costs, search=search,
        )  # fmt: skip
    number = wish.number + (offered.existing - len(stay))
    return max_coverage(
        pieces.reach, pieces.length_m, number, existing=stay, must=come,
        forbidden=offered.forbidden, k=wish.fold, shares=shares, search=search,
    )  # fmt: skip


def _listed(
    pieces: _Pieces, offered: Candidates, proposal: Proposal, streets: DueStreets,
    posts: gpd.GeoDataFrame, wish: Wish, reach_m: float,
) -> PostProposal:  # fmt: skip
    """Write the answer down as changes."""
    crs = streets.frame.crs
    points = gpd.GeoDataFrame(geometry=shapely.points(offered.xy), crs=crs)
    steps = changes(
        pieces.reach, pieces.length_m, np.arange(offered.existing), proposal.sites,
        k=wish.fold, places=points, move_m=MOVE_REACHES * reach_m,
        spare=0.0 if wish.rearrange else KEEP_ALL,
    )  # fmt: skip
    site, goal = steps["site"].to_numpy(np.int64), steps["to_site"]
    to = goal.fillna(-1).to_numpy(np.int64)
    place = np.where(to >= 0, to, site)
    ids = posts["post_id"].to_numpy() if "post_id" in posts.columns else np.arange(len(posts))
    stood = site < offered.existing
    names = np.full(len(steps), None, dtype=object)
    names[stood] = ids[site[stood]]
    must = (place >= offered.existing) & (place < offered.existing + offered.must)
    action = steps["action"].to_numpy()
    why = np.select(
        [must, action == "drop", action == "move"],
        ["must", "not_needed", "sees_more_there"],
        "closes_gap",
    )
    rows = gpd.GeoDataFrame(
        {
            "action": action,
            "post_id": names,
            "gain_m": steps["gain"].to_numpy(),
            "loss_m": steps["loss"].to_numpy(),
            "covered_length_m": steps["covered"].to_numpy(),
            "covered_share": steps["covered"].to_numpy() / max(streets.due.length_m, NOISE_M),
            "reason": why,
        },
        geometry=points.geometry.to_numpy()[place],
        crs=crs,
    )
    new = place[action != "drop"]
    before = pieces.length_m[pieces.reach.counts(np.arange(offered.existing)) >= wish.fold].sum()
    gone = proposal.impossible
    missing = Intervals.of(pieces.part[gone], pieces.start[gone], pieces.end[gone])
    return PostProposal(
        rows,
        gpd.GeoDataFrame(
            {"site_id": np.arange(len(new))}, geometry=points.geometry.to_numpy()[new], crs=crs
        ),
        proposal,
        streets.stretches(missing),
        streets.due.length_m,
        float(before),
        float(steps["covered"].iloc[-1]) if len(steps) else float(before),
        len(offered.places),
        wish.twofold,
        least_share=wish.least_share,
    )
