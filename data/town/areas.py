"""Communities and their grids: plots of land grown together until they tile the town."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.town.ground import METRIC_CRS, Points, stream
from data.town.plan import Plan
from geo.partition.allocation import apportioned

TOWN_CODE: Final = "610999001"
"""County part 610999 and town part 001: no such division is in use."""


class Community(NamedTuple):
    """A community: name, grids, the point of the plan it grows from, households and people."""

    name: str
    grids: int
    near: tuple[float, float]
    households: int
    people: int


COMMUNITIES: Final = (
    Community("望江社区", 12, (-130, 260), 3_580, 12_696),
    Community("柳渡社区", 9, (620, 270), 3_260, 9_480),
    Community("北岭社区", 8, (150, 830), 3_010, 8_720),
    Community("西津社区", 7, (-850, 300), 2_240, 7_150),
    Community("江南社区", 10, (-450, -450), 3_690, 10_940),
    Community("新埠社区", 9, (550, -450), 3_170, 9_030),
)
"""Village parts 001 to 006 in this order."""

DWELLINGS: Final = {
    "old": 1.0,
    "new": 0.9,
    "compound": 1.5,
    "edge": 0.22,
    "hill": 0.03,
    "park": 0.03,
}
"""How densely land of a use is lived on, against the old town."""

PUBLIC_DWELLINGS: Final = 0.2
"""The same for public grounds."""

LOAD_SPREAD: Final = (0.84, 1.2)
"""Households of a grid against the mean of its community, at least and at most."""

BAND_M: Final = 260.0
"""Grids whose middles lie in one band of this height are numbered west to east."""

BUSY_USES: Final = ("market", "bus_station")
"""Grids with one of these are of high risk."""

WATCHED_USES: Final = ("old", "school", "hospital", "square")
"""Grids with one of these are of medium risk."""

SHORTEST_BORDER_M: Final = 5.0
"""Plots that share less than this of a border are no neighbours."""


@dataclass(frozen=True, eq=False)
class _Plots:
    """Land ready to be grown together, as parallel arrays, with each plot's neighbours."""

    shapes: NDArray[np.object_]
    uses: NDArray[np.object_]
    middles: Points
    extents_m2: NDArray[np.float64]
    weights: NDArray[np.float64]
    neighbours: list[list[int]]


def make_areas(plan: Plan, land: gpd.GeoDataFrame, *, seed: int) -> gpd.GeoDataFrame:
    """
    Return the grids of every community, numbered west to east and north to south.

    They follow streets, the river axis and the outline of the town, and tile it. Their uses
    and loads come from the land inside.
    """
    rng = stream(seed, 4)
    plots = _plots(land)
    anchors = plan.bend(np.array([community.near for community in COMMUNITIES], float))
    starts = [int(np.argmin(np.hypot(*(plots.middles - anchor).T))) for anchor in anchors]
    everywhere = np.arange(len(plots.shapes))
    shares = np.array([community.grids for community in COMMUNITIES], float)
    community_of = _grown(plots, everywhere, starts, shares)
    grids = []
    for number, community in enumerate(COMMUNITIES):
        members = np.flatnonzero(community_of == number)
        starts = _spread(plots.middles, members, community.grids)
        grid_of = _grown(plots, members, starts, np.ones(community.grids))
        pieces = [members[grid_of[members] == grid] for grid in range(community.grids)]
        noise = rng.uniform(0.9, 1.1, (2, community.grids))
        grids.append(_numbered(plots, pieces, f"{TOWN_CODE}{number + 1:03d}", community, noise))
    return gpd.GeoDataFrame(pd.concat(grids, ignore_index=True), crs=METRIC_CRS)


def _plots(land: gpd.GeoDataFrame) -> _Plots:
    """Return the land with each strip of river joined to the plot it lies before."""
    shapes = land.geometry.to_numpy()
    uses, banks = land["use"].to_numpy(), land["bank"].to_numpy()
    pairs = shapely.STRtree(shapes).query(shapes, "touches")
    pairs = pairs[:, np.lexsort(pairs[::-1])]
    pairs = pairs[:, banks[pairs[0]] == banks[pairs[1]]]
    shared_m = shapely.length(shapely.intersection(shapes[pairs[0]], shapes[pairs[1]]))
    pairs, shared_m = pairs[:, shared_m > SHORTEST_BORDER_M], shared_m[shared_m > SHORTEST_BORDER_M]
    host = np.arange(len(land))
    for strip in np.flatnonzero(uses == "river"):
        beside = (pairs[0] == strip) & (uses[pairs[1]] != "river")
        host[strip] = pairs[1][beside][np.argmax(shared_m[beside])]
    kept = np.flatnonzero(uses != "river")
    number = np.full(len(land), -1)
    number[kept] = np.arange(len(kept))
    plot_of = number[host]
    links = np.unique(plot_of[pairs], axis=1)
    density = np.array([DWELLINGS.get(use, PUBLIC_DWELLINGS) for use in uses[kept]])
    return _Plots(
        np.array([shapely.coverage_union_all(shapes[plot_of == i]) for i in range(len(kept))]),
        uses[kept],
        shapely.get_coordinates(shapely.centroid(shapes[kept])),
        shapely.area(shapes[kept]),
        density * shapely.area(shapes[kept]),
        [links[1][(links[0] == i) & (links[1] != i)].tolist() for i in range(len(kept))],
    )


def _grown(
    plots: _Plots, members: NDArray[np.intp], starts: list[int], shares: NDArray[np.float64]
) -> NDArray[np.intp]:
    """
    Return for each plot the region it belongs to, -1 outside `members`.

    Plots join one by one, always a neighbour of the region they join, so regions stay in one
    piece. Near plots join first, and light regions before heavy ones.
    """
    region = np.full(len(plots.shapes), -1)
    region[starts] = np.arange(len(starts))
    free = np.zeros(len(plots.shapes), bool)
    free[members] = True
    free[starts] = False
    reach_m = np.sqrt(plots.extents_m2[members].sum() / len(starts))
    fair = plots.weights[members].sum() * shares / shares.sum()
    load = plots.weights[starts] / fair
    away_m = np.hypot(*(plots.middles[:, np.newaxis] - plots.middles[starts]).transpose(2, 0, 1))
    while free.any():
        links = [
            (away_m[plot, region[other]] + reach_m * load[region[other]], plot, region[other])
            for plot in np.flatnonzero(free)
            for other in plots.neighbours[plot]
            if region[other] >= 0
        ]
        _, plot, joined = min(links)
        region[plot], free[plot] = joined, False
        load[joined] += plots.weights[plot] / fair[joined]
    return region


def _spread(middles: Points, members: NDArray[np.intp], count: int) -> list[int]:
    """Return plots far from one another, each the farthest from those before it."""
    centre = middles[members].mean(axis=0)
    starts = [int(members[np.argmax(np.hypot(*(middles[members] - centre).T))])]
    while len(starts) < count:
        gaps = middles[members][:, np.newaxis] - middles[starts]
        starts.append(int(members[np.argmax(np.hypot(*gaps.transpose(2, 0, 1)).min(axis=1))]))
    return starts


def _numbered(
    plots: _Plots,
    pieces: list[NDArray[np.intp]],
    code: str,
    community: Community,
    noise: NDArray[np.float64],
) -> gpd.GeoDataFrame:
    """Return the grids of one community in the order of their numbers."""
    shapes = np.array([shapely.coverage_union_all(plots.shapes[piece]) for piece in pieces])
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    order = np.lexsort((middles[:, 0], -np.floor(middles[:, 1] / BAND_M)))
    load = np.array([plots.weights[piece].sum() for piece in pieces])[order]
    load = np.clip(load / load.mean(), *LOAD_SPREAD) * noise[0]
    households = apportioned(community.households, load)
    risks = [_risk(plots.uses[pieces[grid]]) for grid in order]
    return gpd.GeoDataFrame(
        {
            "area_id": [f"{code}{number:03d}" for number in range(1, len(order) + 1)],
            "name": [f"{community.name}第{number}网格" for number in range(1, len(order) + 1)],
            "kind": "basic",
            "parent_id": code,
            "parent_name": community.name,
            "risk": risks,
            "households": households,
            "people": apportioned(community.people, households * noise[1]),
        },
        geometry=shapes[order],
        crs=METRIC_CRS,
    )


def _risk(uses: NDArray[np.object_]) -> str:
    """Return the risk of a grid by what lies in it."""
    if np.isin(uses, BUSY_USES).any():
        return "high"
    return "medium" if np.isin(uses, WATCHED_USES).any() else "low"
