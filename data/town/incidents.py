"""Two years of incidents: around market, bars, station and schools, and thinly everywhere."""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from numpy.typing import NDArray

from data.town.ground import METRIC_CRS, Points, stream
from data.town.handling import handled
from data.town.plan import Plan
from data.town.roadside import beside, bustle, due

LAST_DAY: Final = np.datetime64("2026-06-30")
"""The last year ends with this day, whatever the day today."""

ONE_DAY: Final = np.timedelta64(1, "D")
"""Numbers without a unit are no spans of time to NumPy from 2.5 on."""

DAYS: Final = 365
"""Days of each of the years."""

BARS: Final = ((160.0, 100.0), (290.0, 130.0))
"""Where the bars are on the flat plan: the embankment below the old town."""

SPREAD_M: Final = {"market": 85.0, "bars": 70.0, "bus_station": 75.0, "school": 90.0}
"""How far incidents scatter around what draws them."""

RISE: Final = (56, 2.0)
"""Around the markets the last 56 days saw twice as much as the days before."""

WEEK: Final = {
    "bars": (0.8, 0.7, 0.8, 0.9, 1.6, 1.9, 1.0),
    "school": (1.2, 1.2, 1.2, 1.2, 1.2, 0.2, 0.2),
}
"""How busy Monday to Sunday are, where they differ."""

REPEATS: Final = ("burglary", 0.4, 120.0, 7.0)
"""This share of a class follows another of it within so many metres and days."""

OFF_ROAD_M: Final = (3.0, 12.0)
"""From the middle of the street to where it happened, least and most."""

SLOW_SHARE: Final = 0.03
"""Share of old incidents that are still open."""

STARTED_SHARE: Final = 0.6
"""Share of those not closed that somebody is at work on."""

HANDLING_DAYS: Final = 25.0
"""Mean time until an incident is closed."""


class Year(NamedTuple):
    """
    A year of incidents: how their ids begin, how many, its last day, what was rarer or more common.

    `often` is, by class, how many times as common as in the last year it was. `rise` says whether
    the last days saw more around the markets. `stage` is that of its chance.
    """

    begins: str
    total: int
    last_day: np.datetime64
    often: dict[str, float]
    rise: bool
    stage: int


YEARS: Final = (
    Year(
        "Y",
        1_260,
        LAST_DAY - DAYS * ONE_DAY,
        {"burglary": 1.7, "theft": 1.35, "fraud": 0.6, "brawl": 0.8},
        rise=False,
        stage=11,
    ),
    Year("E", 1_200, LAST_DAY, {}, rise=True, stage=8),
)
"""The year before, in which thefts were more common and frauds rarer, and the last."""


class Sort(NamedTuple):
    """A class of incident: kind, code, share, hour of the day and its spread, what draws it."""

    kind: str
    code: str
    share: float
    hour: float
    spread_h: float
    near: str


SORTS: Final = (
    Sort("case", "theft", 0.09, 10.0, 3.0, "market"),
    Sort("case", "burglary", 0.05, 2.0, 2.5, "homes"),
    Sort("case", "fraud", 0.04, 15.0, 3.0, "homes"),
    Sort("police_call", "brawl", 0.06, 23.3, 1.7, "bars"),
    Sort("police_call", "noise", 0.10, 22.5, 1.9, "bars"),
    Sort("police_call", "traffic", 0.14, 17.5, 3.5, "homes"),
    Sort("police_call", "theft", 0.06, 18.0, 3.5, "bus_station"),
    Sort("police_call", "help", 0.07, 13.0, 5.0, "homes"),
    Sort("dispute", "neighbour_dispute", 0.09, 19.0, 3.0, "homes"),
    Sort("dispute", "trade_dispute", 0.05, 10.5, 3.0, "market"),
    Sort("dispute", "property_dispute", 0.04, 15.0, 3.0, "homes"),
    Sort("hazard", "fire_hazard", 0.06, 15.0, 3.5, "homes"),
    Sort("hazard", "road_damage", 0.03, 9.0, 3.0, "homes"),
    Sort("event", "street_order", 0.06, 16.8, 2.0, "market"),
    Sort("event", "school_gate", 0.03, 16.5, 1.0, "school"),
    Sort("event", "facility", 0.03, 11.0, 4.0, "homes"),
)
"""Their shares add up to 1."""


def make_incidents(
    plan: Plan, ways: gpd.GeoDataFrame, key_sites: gpd.GeoDataFrame, *, seed: int
) -> gpd.GeoDataFrame:
    """
    Return the incidents of two years in order of time, all beside a street.

    Parameters
    ----------
    plan
        Where the bars and the heart of the town are.
    ways
        Named streets, uncut, metric CRS.
    key_sites
        What draws incidents, by `kind`.
    seed
        Source of places, times, states and of how they were handled.
    """
    lines = due(ways).geometry.to_numpy()
    made = [_year(year, plan, lines, key_sites, stream(seed, year.stage)) for year in YEARS]
    both = pd.concat(made, ignore_index=True)
    end = (LAST_DAY + ONE_DAY).astype("datetime64[s]")
    return handled(both, np.array([sort.near for sort in SORTS])[both["sort"]], end, seed=seed)


def _year(
    year: Year,
    plan: Plan,
    lines: NDArray[np.object_],
    key_sites: gpd.GeoDataFrame,
    rng: Generator,
) -> gpd.GeoDataFrame:
    """Return the incidents of a year in order of time; `sort` is the place in `SORTS`."""
    share = np.array([sort.share * year.often.get(sort.code, 1.0) for sort in SORTS])
    which = np.sort(rng.choice(len(SORTS), year.total, p=share / share.sum()))
    points, times = np.empty((year.total, 2)), np.empty(year.total, "datetime64[s]")
    for number, sort in enumerate(SORTS):
        mine = np.flatnonzero(which == number)
        points[mine] = _places(plan, sort, lines, key_sites, len(mine), rng)
        times[mine] = _times(sort, year, len(mine), rng)
    _repeat(which, points, times, year.last_day, rng)
    points = _beside_streets(points, lines, rng)
    order = np.argsort(times, kind="stable")
    which, points, times = which[order], points[order], times[order]
    return gpd.GeoDataFrame(
        {
            "incident_id": [f"{year.begins}{number:05d}" for number in range(1, year.total + 1)],
            "kind": [SORTS[number].kind for number in which],
            "class": [SORTS[number].code for number in which],
            "state": _states(times, rng),
            "time": times,
            "sort": which,
        },
        geometry=shapely.points(points),
        crs=METRIC_CRS,
    )


def _places(
    plan: Plan,
    sort: Sort,
    lines: NDArray[np.object_],
    key_sites: gpd.GeoDataFrame,
    count: int,
    rng: Generator,
) -> Points:
    """Return places around what draws a class, or anywhere that people are."""
    if sort.near == "homes":
        length_m = shapely.length(lines)
        pool = rng.choice(len(lines), 20 * count, p=length_m / length_m.sum())
        at_m = rng.random(len(pool)) * length_m[pool]
        spots = shapely.get_coordinates(shapely.line_interpolate_point(lines[pool], at_m))
        pull = 0.15 + bustle(plan, spots)
        return spots[rng.choice(len(spots), count, replace=False, p=pull / pull.sum())]
    if sort.near == "bars":
        centres = plan.bend(np.array(BARS))
    else:
        centres = shapely.get_coordinates(key_sites[key_sites["kind"] == sort.near].geometry)
    pick = rng.integers(len(centres), size=count)
    return centres[pick] + rng.normal(0.0, SPREAD_M[sort.near], (count, 2))


def _times(sort: Sort, year: Year, count: int, rng: Generator) -> NDArray[np.datetime64]:
    """Return local times through the year, at the hours of a class."""
    days = year.last_day - np.arange(DAYS)[::-1] * ONE_DAY
    weekday = (days.astype("datetime64[D]").astype(int) + 3) % 7
    weight = np.array(WEEK.get(sort.near, (1.0,) * 7))[weekday]
    if sort.near == "market" and year.rise:
        weight[-RISE[0] :] *= RISE[1]
    day = rng.choice(days, count, p=weight / weight.sum())
    minute = np.round(rng.normal(sort.hour, sort.spread_h, count) * 60) % (24 * 60)
    return day.astype("datetime64[s]") + minute.astype("timedelta64[m]")


def _repeat(
    which: NDArray[np.intp],
    points: Points,
    times: NDArray[np.datetime64],
    last_day: np.datetime64,
    rng: Generator,
) -> None:
    """Move part of one class close after another of it."""
    code, share, within_m, within_days = REPEATS
    mine = np.flatnonzero([SORTS[number].code == code for number in which])
    later = mine[: int(share * len(mine))]
    cause = rng.choice(mine[len(later) :], len(later))
    points[later] = points[cause] + rng.uniform(-0.6, 0.6, (len(later), 2)) * within_m
    delay_s = np.round(rng.uniform(0.5, within_days, len(later)) * 86_400)
    last = last_day.astype("datetime64[s]") + np.timedelta64(86_399, "s")
    times[later] = np.minimum(times[cause] + delay_s.astype("timedelta64[s]"), last)


def _beside_streets(points: Points, lines: NDArray[np.object_], rng: Generator) -> Points:
    """Return each place moved to the nearest street, a few metres off its middle."""
    shapes = shapely.points(points)
    _, line = shapely.STRtree(lines).query_nearest(shapes, all_matches=False)
    at_m = shapely.line_locate_point(lines[line], shapes)
    side = rng.choice([-1.0, 1.0], len(points))
    return beside(lines[line], at_m, side * rng.uniform(*OFF_ROAD_M, len(points))).points


def _states(times: NDArray[np.datetime64], rng: Generator) -> list[str]:
    """Return open, handling or closed: old ones are mostly closed."""
    age_days = (LAST_DAY + ONE_DAY - times.astype("datetime64[D]")).astype(float)
    closed = age_days > rng.exponential(HANDLING_DAYS, len(times))
    closed &= rng.random(len(times)) >= SLOW_SHARE
    started = rng.random(len(times)) < STARTED_SHARE
    return np.where(closed, "closed", np.where(started, "handling", "open")).tolist()
