"""Places beside a street: where posts stand, cameras hang and gates open."""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from data.town.ground import Points
from data.town.plan import HEART, Plan

AIM_STEP_M: Final = 2.0
"""The direction of a street is read over this far on either side."""

FADE_M: Final = 850.0
"""How fast the town quietens away from its heart."""


class Spots(NamedTuple):
    """Places beside streets and the heading of the street there, clockwise from grid north."""

    points: Points
    headings_deg: NDArray[np.float64]


def beside(
    lines: NDArray[np.object_], at_m: NDArray[np.float64], offset_m: NDArray[np.float64]
) -> Spots:
    """
    Return the place `offset_m` to the right of each line, `at_m` along it.

    A negative offset is to the left. Headings follow the direction of the line.
    """
    on = shapely.get_coordinates(shapely.line_interpolate_point(lines, at_m))
    before, after = (
        shapely.get_coordinates(
            shapely.line_interpolate_point(lines, np.clip(at_m + step, 0, shapely.length(lines)))
        )
        for step in (-AIM_STEP_M, AIM_STEP_M)
    )
    ahead = after - before
    ahead /= np.hypot(*ahead.T)[:, np.newaxis]
    right = np.column_stack([ahead[:, 1], -ahead[:, 0]])
    headings = np.degrees(np.arctan2(ahead[:, 0], ahead[:, 1])) % 360.0
    return Spots(on + right * offset_m[:, np.newaxis], headings)


def bustle(plan: Plan, points: Points) -> NDArray[np.float64]:
    """Return how busy places are: 1 in the heart of the town, towards 0 at its edge."""
    heart = plan.bend(HEART[np.newaxis])[0]
    away = np.hypot(*(points - heart).T)
    return np.exp(-np.square(away / FADE_M))


def due(ways: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the ways that posts and cameras are there for: neither tunnel nor viaduct."""
    return ways[(ways["tunnel"] == "no") & (ways["bridge"] != "viaduct")]
