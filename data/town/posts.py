"""Observation posts: dense along busy streets, thin at the edge, some lanes with none."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from data.town.ground import METRIC_CRS, stream
from data.town.plan import Plan
from data.town.roadside import beside, bustle, due
from geo.partition.allocation import apportioned

COUNT: Final = 466
"""Posts in the town."""

CROWDED: Final = 9
"""Of these, posts set much too close to another one, for an audit to find."""

SPACING_M: Final = (46.0, 68.0)
"""From place to place along a street, least and most."""

TIGHTER: Final = 0.97
"""Spacing is cut to this share until all posts find a place."""

UNWATCHED_SHARE: Final = {
    "service": 0.85,
    "living_street": 0.6,
    "residential": 0.65,
    "tertiary": 0.35,
}
"""Share of streets without a post by class, where it is quiet; less in busy places."""

CHANCE: Final = 0.5
"""How far luck may lift a quiet place over a busy one, where the busiest counts 1."""

CLOSEST_M: Final = 25.0
"""Posts on different streets keep this far from each other."""

CROWDED_M: Final = (12.0, 30.0)
"""How close a crowded post is to its neighbour along the street."""

KERB_M: Final = (1.2, 5.0)
"""From the middle of a street to a post at its kerb, least and most."""

HOURS: Final = ("07:00-22:00", "08:00-20:00", "06:30-22:30", "00:00-24:00", "18:00-02:00")
"""Hours of service."""

HOURS_SHARE: Final = {"fixed": (0.6, 0.12, 0.12, 0.12, 0.04), "mobile": (0.35, 0.45, 0.1, 0.0, 0.1)}
"""How common each of `HOURS` is by kind of post."""

MOBILE_SHARE: Final = 0.22
"""Share of posts that are a cart or a volunteer's round and not a booth or a shop."""

STAFF: Final = 512
"""People at all posts together; one each, and two at those that are left over."""

UNSTAFFED: Final = 3
"""Posts without anybody, for an audit to find."""

TASKS: Final = 3_000
"""Tasks of all posts in the period."""

IDLE: Final = 14
"""Staffed posts without a task, for an audit to find; those without anybody have none either."""

TASKS_SPREAD: Final = 3.0
"""Shape of the gamma distribution of tasks: the smaller, the more some posts do than others."""

HAZARDS: Final = 230
"""Hazards that posts found in the period, more of them where there were more tasks."""


def make_posts(
    plan: Plan, ways: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, seed: int
) -> gpd.GeoDataFrame:
    """
    Return the observation posts, numbered along their streets.

    Parameters
    ----------
    plan
        Where the heart of the town is.
    ways
        Named streets, uncut, metric CRS.
    areas
        Grids with `risk`: a post takes the risk of its grid.
    seed
        Source of spacing, sides, hours and work.
    """
    rng = stream(seed, 6)
    ways = due(ways).reset_index(drop=True)
    pace, spots = 1.0, pd.DataFrame()
    while len(spots) < COUNT - CROWDED:
        spots = _thinned(plan, ways, _paced(plan, ways, pace, rng), rng)
        pace *= TIGHTER
    spots = pd.concat([spots, _crowding(ways, spots, rng)]).sort_values(["way", "at_m"])
    way = spots["way"].to_numpy()
    lines = ways.geometry.to_numpy()[way]
    kerb_m = np.clip(ways["width_m"].to_numpy()[way] / 2, *KERB_M)
    places = beside(lines, spots["at_m"].to_numpy(), kerb_m * spots["side"].to_numpy())
    points = shapely.points(places.points)
    names = ways["name"].iloc[way].reset_index(drop=True)
    kinds = np.where(rng.random(len(way)) < MOBILE_SHARE, "mobile", "fixed")
    hours = [str(rng.choice(HOURS, p=HOURS_SHARE[str(kind)])) for kind in kinds]
    _, grid = shapely.STRtree(areas.geometry.to_numpy()).query_nearest(points, all_matches=False)
    return gpd.GeoDataFrame(
        {
            "post_id": [f"P{number:03d}" for number in range(1, len(way) + 1)],
            "name": names + (names.groupby(names).cumcount() + 1).astype(str) + "号观察哨",
            "kind": kinds,
            "hours": hours,
            "risk": areas["risk"].to_numpy()[grid],
            "mobility": kinds,
            **_work(len(way), stream(seed, 10)),
        },
        geometry=points,
        crs=METRIC_CRS,
    )


def _work(count: int, rng: Generator) -> dict[str, NDArray[np.int64]]:
    """Return how many people, tasks and hazards each post has."""
    order = rng.permutation(count)
    empty, rest = order[:UNSTAFFED], order[UNSTAFFED:]
    staff = np.ones(count, dtype=np.int64)
    staff[empty] = 0
    staff[rest[-(STAFF - len(rest)) :]] = 2
    weights = rng.gamma(TASKS_SPREAD, size=count)
    weights[empty] = weights[rest[:IDLE]] = 0.0
    tasks = apportioned(TASKS, weights)
    hazards = rng.multinomial(HAZARDS, tasks / tasks.sum()).astype(np.int64)
    return {"staff": staff, "tasks": tasks, "hazards": hazards}


def _paced(plan: Plan, ways: gpd.GeoDataFrame, pace: float, rng: Generator) -> pd.DataFrame:
    """Return places paced out along the streets that are watched at all."""
    rows = []
    middles = shapely.get_coordinates(ways.geometry.interpolate(0.5, normalized=True))
    unwatched = ways["class"].map(UNWATCHED_SHARE).fillna(0.0) * (1 - bustle(plan, middles) / 2)
    watched = np.flatnonzero(rng.random(len(ways)) >= unwatched)
    for way in watched:  # each pace depends on where the last one led
        line = ways.geometry.iloc[way]
        at_m = rng.uniform(0.2, 0.6) * SPACING_M[0]
        while at_m < line.length - 5.0:
            rows.append((way, at_m))
            at_m += pace * rng.uniform(*SPACING_M)
    frame = pd.DataFrame(rows, columns=["way", "at_m"])
    return frame.assign(side=rng.choice([-1.0, 1.0], len(frame)))


def _thinned(
    plan: Plan, ways: gpd.GeoDataFrame, spots: pd.DataFrame, rng: Generator
) -> pd.DataFrame:
    """Return the places that are kept: not too close, the busiest first, up to the count."""
    lines = ways.geometry.to_numpy()[spots["way"]]
    points = shapely.line_interpolate_point(lines, spots["at_m"].to_numpy())
    worth = bustle(plan, shapely.get_coordinates(points)) + rng.uniform(0.0, CHANCE, len(spots))
    order = np.argsort(-worth, kind="stable")
    kept: list[int] = []
    near = _near(points)
    taken = np.zeros(len(spots), bool)
    for spot in order:  # whether one stays depends on those before it
        if len(kept) == COUNT - CROWDED:
            break
        if not taken[near[int(spot)]].any():
            taken[spot] = True
            kept.append(int(spot))
    return spots.iloc[sorted(kept)]


def _near(points: NDArray[np.object_]) -> list[NDArray[np.intp]]:
    """Return for each place the others that are too close."""
    first, second = shapely.STRtree(points).query(points, "dwithin", CLOSEST_M)
    return [np.sort(second[(first == spot) & (second != spot)]) for spot in range(len(points))]


def _crowding(ways: gpd.GeoDataFrame, spots: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Return places right next to some of the others, on streets with room for them."""
    step_m = rng.uniform(*CROWDED_M, len(spots))
    length_m = ways.length.to_numpy()[spots["way"]]
    room = np.flatnonzero(spots["at_m"].to_numpy() + step_m < length_m)
    picked = np.sort(rng.choice(room, CROWDED, replace=False))
    crowd = spots.iloc[picked]
    return crowd.assign(at_m=crowd["at_m"] + step_m[picked])
