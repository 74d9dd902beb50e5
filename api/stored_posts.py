"""
Spacing, hours, value and proposals of the posts of a stored area.

And what answers about posts have to say of covert ones.

The figures are those of `gridpatrol posts --area`: the rows come the same way.
"""

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np

from api.errors import BadRequestError
from api.intake import take_in
from api.marking import counted, marked, remark
from api.results import today
from api.stored import stored_layers, worth_layers
from data.store import Query, Store
from geo import post_spacing
from geo.placement import Search
from geo.posts import (
    HourlyCoverage,
    PostProposal,
    PostSpacing,
    PostValue,
    Wish,
    coverage_by_hour,
    post_value,
    propose_posts,
)
from geo.posts.candidates import places_near
from geo.posts.proposals import STEPS_PER_REACH

MOST_STREETS: Final = 2_000
"""Streets in and near an area for which a proposal is made while somebody waits: three towns like
that of the demo."""

MOST_PLACES: Final = 10_000
"""Places for posts that are compared while somebody waits."""

FARTHEST_REACH_M: Final = 200.0
"""Reach that is searched while somebody waits, in metres: with a longer one every place reaches
very many stretches, and all of the pairs are weighed."""

WAIT_S: Final = 20.0
"""Outer limit of a search that somebody waits for, in seconds; what it ends says so."""


def area_spacing(
    store: Store, code: str, *, min_m: float = 50.0, max_m: float = 100.0
) -> PostSpacing:
    """
    Find where the posts of a stored area stand too far apart along the street, or too near.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    min_m
        Least spacing of fixed posts, in metres, where the risk of the area says nothing else.
    max_m
        Greatest spacing, in metres, where the risk of the area says nothing else.

    Returns
    -------
    spacing
        Gaps within the area; pairs of the area and its surroundings. In the working CRS.

    Raises
    ------
    NotFoundError
        When the scope sees no such area, no street near it, or no post anywhere.
    PlaceError
        When no street can be measured together with the area.
    GeoError
        When the area cannot be measured.
    """
    frames = _frames(store, code, max_m)
    return post_spacing(
        frames["streets"],
        frames["posts"],
        min_m=min_m,
        max_m=max_m,
        areas=frames["areas"],
        within=frames["within"],
    )


def area_proposal(
    store: Store, code: str, wish: Wish, *, reach_m: float = 50.0, waiting: bool = False
) -> PostProposal:
    """
    Propose where posts of a stored area should come.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    wish
        How many, and of what kind the proposal is; a share is that of each area that names this
        one as its parent, or of this one where none does.
    reach_m
        How far a post sees along the street, in metres.
    waiting
        Whether somebody waits for the answer: then what takes long is refused.

    Returns
    -------
    proposal
        For the streets within the area; posts around it that reach into it count.

    Raises
    ------
    BadRequestError
        When somebody waits and it would take long.
    NotFoundError
        When the scope sees no such area, no street near it, or no post anywhere.
    PlaceError
        When no street can be measured together with the area.
    GeoError
        When the area cannot be measured, or more posts are wished than there are places.
    """
    frames = _frames(store, code, reach_m)
    if waiting:
        _require_small(frames, reach_m)
    return propose_posts(
        frames["streets"],
        frames["posts"],
        wish,
        reach_m=reach_m,
        areas=_grids(store, code, frames) if wish.least_share else None,
        within=frames["within"],
        search=Search(seconds=WAIT_S) if waiting else None,
    )


def area_hours(
    store: Store,
    code: str,
    *,
    reach_m: float = 50.0,
    distance: str = "street",
    asked: str | None = None,
) -> HourlyCoverage:
    """
    Compute what the posts of a stored area cover at each hour.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    reach_m
        How far a post sees, in metres.
    distance
        "street" or "straight".
    asked
        The hours that matter, written as those of a post are; None for all.

    Returns
    -------
    hours
        For the streets within the area; posts around it that reach into it count.

    Raises
    ------
    NotFoundError, PlaceError, GeoError
        As `area_spacing`.
    """
    frames = _frames(store, code, reach_m)
    return coverage_by_hour(
        frames["streets"],
        frames["posts"],
        reach_m=reach_m,
        distance=distance,
        asked=asked,
        within=frames["within"],
    )


def area_value(store: Store, code: str, *, reach_m: float = 50.0) -> PostValue:
    """
    Measure what the posts of a stored area are worth.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    reach_m
        How far a post sees along the street, in metres.

    Returns
    -------
    value
        Streets, ground, households of the stored buildings and key sites within the area.

    Raises
    ------
    NotFoundError, PlaceError, GeoError
        As `area_spacing`.
    """
    layers = stored_layers(store, "posts", code, reach_m=reach_m) | worth_layers(store, code)
    frames = take_in(layers, "posts").frames
    return post_value(
        frames["streets"],
        frames["posts"],
        reach_m=reach_m,
        areas=frames["within"],
        buildings=frames.get("buildings"),
        key_sites=frames.get("key_sites"),
        within=frames["within"],
    )


def spacing_places(spacing: PostSpacing) -> list[gpd.GeoDataFrame]:
    """
    Return gaps and pairs of posts that stand too near, told apart by `kind`.

    Parameters
    ----------
    spacing
        From `area_spacing`.

    Returns
    -------
    frames
        The gaps, the worst first, of kind "gap"; and the pairs, "crowded" or "opposite".
    """
    near = spacing.too_near
    kinds = np.where(near["opposite"], "opposite", "crowded")
    return [
        spacing.gaps.drop(columns="gap_id").assign(kind="gap"),
        near.drop(columns=["fixed", "together", "opposite"]).assign(kind=kinds),
    ]


def posts_counted(store: Store) -> dict[str, Any]:
    """
    Return what an answer about posts says of covert ones.

    Parameters
    ----------
    store
        Opened for the scope of the request.

    Returns
    -------
    members
        "posts_counted", and the "marking" that whatever may tell of covert posts bears.
    """
    return counted(marking(store))


def marking(store: Store) -> dict[str, str] | None:
    """
    Return what whatever tells of covert posts bears.

    Parameters
    ----------
    store
        Opened for the scope of the request.

    Returns
    -------
    marking
        "level", "date" and "operator", which is the name of the scope; None for a scope that may
        not know of covert posts.
    """
    return marked(store.scope.name, today()) if "covert" in store.scope.rights else None


def post_remarks(store: Store, lang: str) -> list[str]:
    """
    Return the same for a page.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    lang
        "zh" or "en".

    Returns
    -------
    remarks
        One sentence.
    """
    return [remark(marking(store), lang)]


def _frames(store: Store, code: str, reach_m: float) -> Mapping[str, gpd.GeoDataFrame]:
    return take_in(stored_layers(store, "posts", code, reach_m=reach_m), "posts").frames


def _grids(store: Store, code: str, frames: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return the areas that name this one as their parent; itself where none does."""
    grids = store.frame("areas", Query(equal={"parent_id": code}))
    grids = grids[grids.geometry.notna()]
    return grids.to_crs(frames["streets"].crs) if len(grids) else frames["areas"]


def _require_small(frames: Mapping[str, gpd.GeoDataFrame], reach_m: float) -> None:
    """Refuse a proposal that keeps whoever waits for it, and the service, for too long."""
    streets = frames["streets"]
    places = places_near(streets, frames["within"], step_m=reach_m / STEPS_PER_REACH)
    if len(streets) > MOST_STREETS or places > MOST_PLACES or reach_m > FARTHEST_REACH_M:
        raise BadRequestError(
            "ask_as_job", count=len(streets), reach_m=f"{reach_m:g}",
            path="POST /processes/post-proposal/execution",
        )  # fmt: skip
