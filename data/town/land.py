"""Land on the ground: the faces between dividing lines, what each is used for, water and green."""

from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.random import Generator

from data.town.ground import METRIC_CRS, Points, stream
from data.town.plan import HALF_RIVER_M, HILL, QUAY_M, STEP_M, Plan
from data.town.quarters import Quarters
from data.town.streets import Network

BANK_M: Final = (3.0, 9.0)
"""The green on a bank keeps this far from the water and from the middle of the embankment road."""

VERGE_M: Final = 12.0
"""A park keeps this far from the middle of the streets around it."""

BEYOND_M: Final = 300.0
"""Well outside the town, on the plan."""

GRID_LINES: Final = 25
"""Lines each way of the grid in which the middle of a parcel is looked for."""

SHORE_POINTS: Final = 40
"""Points around the hill and the pond."""


def make_land(plan: Plan, quarters: Quarters, network: Network) -> gpd.GeoDataFrame:
    """
    Return the faces between streets, outline and river axis, north bank first.

    One row per face: `use` and `name` of its block, `bank` (1 north, -1 south), Polygon.
    """
    faces = shapely.get_parts(shapely.polygonize(network.dividers))
    middles = np.round(shapely.get_coordinates(shapely.centroid(faces)), 1)
    faces = faces[np.lexsort((middles[:, 0], -middles[:, 1]))]
    inside = np.array(
        [shapely.Polygon(block.ring).point_on_surface().coords[0] for block in quarters.blocks]
    )
    spots = shapely.points(plan.bend(inside))
    block_of, face_of = shapely.STRtree(faces).query(spots, "within")
    use, name = np.full(len(faces), "river", object), np.full(len(faces), "", object)
    for block, face in zip(block_of, face_of, strict=True):
        use[face], name[face] = quarters.blocks[block].use, quarters.blocks[block].name
    north = shapely.Polygon(plan.bend(_north(plan)))
    bank = np.where(shapely.contains(north, shapely.point_on_surface(faces)), 1, -1)
    return gpd.GeoDataFrame(
        {"use": use, "name": name, "bank": bank}, geometry=faces, crs=METRIC_CRS
    )


def make_water(plan: Plan, land: gpd.GeoDataFrame, *, seed: int) -> gpd.GeoDataFrame:
    """Return the river and a pond in each park, with their names."""
    rng = stream(seed, 3)
    parks = land[land["use"] == "park"]
    ponds = [_pond(park, rng) for park in parks.geometry]
    return gpd.GeoDataFrame(
        {
            "name": ["望江", *parks["name"].str.removesuffix("公园") + "湖"],
            "kind": ["river", *["pond"] * len(ponds)],
        },
        geometry=[_band(plan, -HALF_RIVER_M, HALF_RIVER_M), *ponds],
        crs=METRIC_CRS,
    )


def make_green(plan: Plan, land: gpd.GeoDataFrame, water: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the hill, the parks without their ponds and the green along both banks."""
    parks = land[land["use"] == "park"]
    lawns = shapely.buffer(parks.geometry.to_numpy(), -VERGE_M).tolist()
    lawns = [lawn.difference(shapely.union_all(water.geometry.to_numpy())) for lawn in lawns]
    turn = np.linspace(0.0, 2 * np.pi, SHORE_POINTS, endpoint=False)
    wobble = 1 + 0.07 * np.sin(3 * turn + 0.5) + 0.05 * np.sin(5 * turn)
    hill = HILL[0] + HILL[1] * wobble[:, np.newaxis] * np.column_stack([np.cos(turn), np.sin(turn)])
    banks = [
        _band(plan, *sorted((side * (HALF_RIVER_M + BANK_M[0]), side * (QUAY_M - BANK_M[1]))))
        for side in (1, -1)
    ]
    return gpd.GeoDataFrame(
        {
            "name": ["西岭", *parks["name"], "滨江北岸绿带", "滨江南岸绿带"],
            "kind": ["hill", *["park"] * len(parks), "bank", "bank"],
        },
        geometry=[shapely.Polygon(plan.bend(hill)), *lawns, *banks],
        crs=METRIC_CRS,
    )


def inmost(parcel: shapely.Polygon) -> Points:
    """Return the point of a grid over a parcel that is deepest inside."""
    west, south, east, north = parcel.bounds
    x, y = np.meshgrid(np.linspace(west, east, GRID_LINES), np.linspace(south, north, GRID_LINES))
    points = shapely.points(x.ravel(), y.ravel())
    depth_m = shapely.distance(parcel.boundary, points) * shapely.contains(parcel, points)
    return shapely.get_coordinates(points[int(np.argmax(depth_m))])[0]


def _north(plan: Plan) -> Points:
    """Return a ring around everything north of the river axis."""
    (left, v), (right, _) = plan.axis[0], plan.axis[-1]
    axis = shapely.get_coordinates(shapely.segmentize(shapely.LineString(plan.axis), STEP_M))
    left, right, top = left - BEYOND_M, right + BEYOND_M, plan.outline[:, 1].max() + BEYOND_M
    return np.vstack([[left, v], axis, [right, v], [right, top], [left, top]])


def _band(plan: Plan, low: float, high: float) -> shapely.Polygon:
    """Return the strip between two distances from the river axis, end to end of the town."""
    left, right = plan.axis[0, 0], plan.axis[-1, 0]
    return shapely.Polygon(
        plan.bend(
            shapely.get_coordinates(shapely.segmentize(shapely.box(left, low, right, high), STEP_M))
        )
    )


def _pond(park: shapely.Polygon, rng: Generator) -> shapely.Polygon:
    """Return a pond in the middle of a park, with lawn all around."""
    middle = inmost(park)
    room_m = float(shapely.distance(park.exterior, shapely.Point(middle))) - VERGE_M
    turn = np.linspace(0.0, 2 * np.pi, SHORE_POINTS, endpoint=False)
    phases = rng.uniform(0.0, 2 * np.pi, 2)
    reach = 1.0 + 0.18 * np.sin(2 * turn + phases[0]) + 0.1 * np.sin(3 * turn + phases[1])
    shore = np.column_stack([1.3 * np.cos(turn), np.sin(turn)]) * reach[:, np.newaxis]
    return shapely.Polygon(middle + room_m / 2 * shore)
