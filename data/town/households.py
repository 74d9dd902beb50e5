"""Where the households of a grid live: in its houses, by their floor space."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from geo.partition.allocation import apportioned

DWELT: Final = ("apartment", "house", "shophouse")
"""Kinds of building that people live in."""


def housed(buildings: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the buildings with `households`, which add up to those of every grid built on.

    Parameters
    ----------
    buildings
        Rows with `kind` and `height_m`, Polygon, metric CRS.
    areas
        Grids with `households`, Polygon, same CRS; one without houses has its people live above
        its shops or in the quarters of its hospital or school.
    """
    inside = shapely.point_on_surface(buildings.geometry.to_numpy())
    _, grid = shapely.STRtree(areas.geometry.to_numpy()).query_nearest(inside, all_matches=False)
    houses = buildings["kind"].isin(DWELT).to_numpy()
    homes = houses | ~np.isin(grid, grid[houses])
    space = (buildings.area * buildings["height_m"]).to_numpy()
    households = np.zeros(len(buildings), dtype=np.int64)
    for number in np.unique(grid):  # each grid has a sum of its own
        members = homes & (grid == number)
        total = int(areas["households"].iloc[number])
        households[members] = apportioned(total, space[members])
    return buildings.assign(households=households)
