"""Where police of the town set out from, and where units on duty are on its last evening."""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.town.ground import METRIC_CRS, Points, stream
from data.town.plan import Plan
from data.town.roadside import due

NOW: Final = "2026-06-30 22:10:00"
"""The moment that the units are shown at."""

STATES: Final = ("free", "busy", "free", "free", "free", "off", "free")
"""What units on duty are doing, one after the other."""


class Stand(NamedTuple):
    """A station or post: its name, class, hours and place on the flat plan."""

    name: str
    unit_class: str
    hours: str
    at: tuple[float, float]


STANDS: Final = (
    Stand("临江派出所", "station", "00:00-24:00", (-70, 380)),
    Stand("老街警务站", "post", "00:00-24:00", (90, 210)),
    Stand("江南警务站", "post", "00:00-24:00", (-480, -370)),
    Stand("车站警务岗", "post", "07:00-23:00", (780, 380)),
)
"""One station and three posts, one of them across the river."""


def make_stations(plan: Plan, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the stations and posts, each on a street."""
    return gpd.GeoDataFrame(
        {
            "station_id": [f"J{number}" for number in range(1, len(STANDS) + 1)],
            "name": [stand.name for stand in STANDS],
            "unit_class": [stand.unit_class for stand in STANDS],
            "mode": "car",
            "hours": [stand.hours for stand in STANDS],
            "state": "open",
        },
        geometry=_on_streets(plan.bend(np.array([stand.at for stand in STANDS], float)), streets),
        crs=METRIC_CRS,
    )


def make_duty_units(
    units: pd.DataFrame, streets: gpd.GeoDataFrame, standby: gpd.GeoDataFrame, *, seed: int
) -> gpd.GeoDataFrame:
    """Return where the units of the night are: on streets around where they began."""
    night = units[(units["shift"] == "20:00-04:00") & (units["mode"] != "video")]
    began = standby.set_index("place_id").geometry.loc[night["start"]]
    away = stream(seed, 13).normal(0.0, 180.0, (len(night), 2))
    points = shapely.get_coordinates(began.to_numpy()) + away
    return gpd.GeoDataFrame(
        {
            **{
                name: night[name].tolist() for name in ("unit_id", "name", "force", "mode", "shift")
            },
            "state": [STATES[number % len(STATES)] for number in range(len(night))],
            "time": NOW,
        },
        geometry=_on_streets(points, streets),
        crs=METRIC_CRS,
    )


def _on_streets(points: Points, streets: gpd.GeoDataFrame) -> np.ndarray:
    """Return the nearest places on streets that are there for cars."""
    lines = due(streets).geometry[~due(streets)["class"].isin(["service", "living_street"])]
    shapes = shapely.points(points)
    _, line = shapely.STRtree(lines.to_numpy()).query_nearest(shapes, all_matches=False)
    on = lines.to_numpy()[line]
    return shapely.line_interpolate_point(on, shapely.line_locate_point(on, shapes))
