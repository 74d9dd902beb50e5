"""What a line must not cut: buildings, those that overlap as one, and addresses without any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.due import number_column
from geo.errors import GeometryError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

CUT_M2: Final = 0.01
"""A line that cuts less off a building than this does not cut it, in square metres."""

NEAR_M: Final = 0.5
"""An address this near a building is in it, in metres: doors are drawn on the outside."""


@dataclass(frozen=True, eq=False)
class Units:
    """
    Buildings that overlap as one, and addresses without a building.

    Parameters
    ----------
    shapes
        n polygons or points.
    homes
        n numbers of households; what tells none counts as one.
    solid
        Whether each is a building.
    """

    shapes: Shapes
    homes: Floats
    solid: Bools


def units_of(
    ground: shapely.Geometry,
    buildings: gpd.GeoDataFrame | None,
    addresses: gpd.GeoDataFrame | None,
) -> Units:
    """
    Put together what must stay together.

    Parameters
    ----------
    ground
        What lies outside it is left out.
    buildings
        Polygons; `households` is read where present.
    addresses
        Points; `households` is read where present.

    Returns
    -------
    units
        Buildings first.
    """
    shapes, homes = np.empty(0, dtype=object), np.empty(0)
    if buildings is not None:
        homes = number_column(buildings, "households")
        place = np.asarray(buildings.geometry.array)
        there = ~(shapely.is_missing(place) | shapely.is_empty(place))
        homes = np.where(np.isfinite(homes), homes, 1.0)[there]
        shapes = filled(buildings, "buildings", 2)
        shapes = shapely.intersection(shapes, ground)
        within = shapely.area(shapes) > CUT_M2
        shapes, homes = shapes[within], homes[within]
        group = _overlapping(shapes)
        order = np.argsort(group, kind="stable")
        first = np.flatnonzero(np.append(True, np.diff(group[order]) > 0))[: len(shapes)]
        # Few overlap; shapely unites no groups at once.
        parts = np.split(shapes[order], first[1:]) if len(shapes) else []
        shapes = np.fromiter(
            (part[0] if len(part) == 1 else shapely.union_all(part) for part in parts),
            dtype=object, count=len(parts),
        )  # fmt: skip
        homes = np.bincount(group, homes).astype(np.float64)
    solid = np.ones(len(shapes), dtype=bool)
    if addresses is not None:
        shapes, homes, solid = _addressed(ground, shapes, homes, addresses)
    return Units(shapes, homes, solid)


def _overlapping(shapes: Shapes) -> Ints:
    """Return the number of the group of overlapping shapes that each is in."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    deep = shapely.area(shapely.intersection(shapes[a], shapes[b])) > CUT_M2
    n = len(shapes)
    joined = coo_array((np.ones(deep.sum()), (a[deep], b[deep])), shape=(n, n))
    group: Ints = connected_components(joined, directed=False)[1]
    return group


def _addressed(
    ground: shapely.Geometry, shapes: Shapes, homes: Floats, addresses: gpd.GeoDataFrame
) -> tuple[Shapes, Floats, Bools]:
    """Count addresses in their buildings, and add those that have none."""
    points = np.asarray(addresses.geometry.array)
    told = number_column(addresses, "households")
    told = np.where(np.isfinite(told), told, 1.0)
    placed = ~(shapely.is_missing(points) | shapely.is_empty(points))
    points, told = shapely.force_2d(points[placed]), told[placed]
    within = shapely.intersects(ground, points)
    points, told = points[within], told[within]
    tree = shapely.STRtree(shapes)
    point, unit = tree.query_nearest(points, max_distance=NEAR_M, all_matches=False)
    if len(point):
        homes = np.bincount(unit, told[point], minlength=len(shapes)).astype(np.float64)
    alone = np.setdiff1d(np.arange(len(points)), point)
    # Several addresses at one place are one unit.
    xy, at = np.unique(shapely.get_coordinates(points[alone]), axis=0, return_inverse=True)
    return (
        np.concatenate((shapes, shapely.points(xy))),
        np.concatenate((homes, np.bincount(at.ravel(), told[alone], minlength=len(xy)))),
        np.repeat([True, False], [len(shapes), len(xy)]),
    )


def filled(frame: gpd.GeoDataFrame | None, name: str, dimension: int) -> Shapes:
    """
    Return the geometries of a layer that are there, valid and flat.

    Parameters
    ----------
    frame
        A layer, or None for none.
    name
        The caller's argument, for the message.
    dimension
        1 for lines, 2 for polygons.

    Returns
    -------
    shapes
        They do not keep the rows of the frame.

    Raises
    ------
    GeometryError
        When one is something else.
    """
    if frame is None:
        return np.empty(0, dtype=object)
    shapes: Shapes = np.asarray(frame.geometry.array)
    shapes = shapely.force_2d(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))])
    wrong = np.flatnonzero(shapely.get_dimensions(shapes) != dimension)
    if wrong.size:
        kind = ("points", "lines", "polygons")[dimension]
        raise GeometryError(
            f"{name}: {wrong.size} of {len(frame)} rows are no {kind} (one is a "
            f"{shapes[wrong[0]].geom_type}); pass {kind}"
        )
    return shapely.make_valid(shapes, method="structure") if dimension > 1 else shapes


def indoors(addresses: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, inmost: Shapes) -> Shapes:
    """
    Move addresses into their buildings: a door may lie on the border of two blocks.

    Parameters
    ----------
    addresses
        n points.
    buildings
        Polygons.
    inmost
        A point inside each of them.

    Returns
    -------
    places
        n points.
    """
    places = np.array(addresses.geometry.array)
    point, building = shapely.STRtree(np.asarray(buildings.geometry.array)).query_nearest(
        places, max_distance=NEAR_M, all_matches=False
    )
    places[point] = inmost[building]
    return places
