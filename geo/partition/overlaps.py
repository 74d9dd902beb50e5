"""Which polygons of two layers overlap, by how much, and which of them holds the most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.areas import polygons_of
from geo.partition.reading import required, texts

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]


def overlaps(first: Shapes, second: Shapes) -> tuple[Ints, Ints, Floats]:
    """
    Measure the overlaps of two layers.

    Parameters
    ----------
    first
        n valid polygons; None or empty for nothing.
    second
        m valid polygons in the same metric CRS.

    Returns
    -------
    i, j, area_m2
        Positions in both layers, ascending, and the ground that they share, above 0.
    """
    i, j = shapely.STRtree(second).query(first, predicate="intersects")
    area = shapely.area(shapely.intersection(first[i], second[j]))
    shared = area > 0.0
    i, j, area = i[shared], j[shared], area[shared]
    order = np.lexsort((j, i))
    return i[order].astype(np.int64), j[order].astype(np.int64), area[order]


def largest(i: Ints, weight: Floats, n: int) -> Ints:
    """
    Find the heaviest of each row's pairs, the first of equal ones.

    Parameters
    ----------
    i
        Rows of pairs.
    weight
        Their weights.
    n
        How many rows there are.

    Returns
    -------
    pair
        n positions in `i`; -1 for a row without pairs.
    """
    order = np.lexsort((-np.arange(len(i)), weight, i))
    last = np.append(np.diff(i[order]) > 0, True)[: len(order)]
    pair = np.full(n, -1, dtype=np.int64)
    pair[i[order][last]] = order[last]
    return pair


def village_of(areas: gpd.GeoDataFrame, villages: gpd.GeoDataFrame | None) -> NDArray[np.str_]:
    """
    Tell in which village each area lies: the one that it names, else the one that holds most.

    Parameters
    ----------
    areas
        n polygons; `parent_id` is read where present.
    villages
        m polygons with `area_id`, in the CRS of the areas; None for none.

    Returns
    -------
    village
        n codes, "" where nothing tells. The lowest code of villages that hold equally much.

    Raises
    ------
    ColumnError, GeometryError
        When villages have no codes, or one twice; when a row is no valid polygon.
    """
    village = texts(areas, "parent_id")
    if villages is None:
        return village
    codes = required(villages, "villages", "area_id")
    rank = np.argsort(codes, kind="stable")
    silent = np.flatnonzero(village == "")
    shapes = polygons_of(areas, "areas")[silent]
    i, j, area = overlaps(shapes, polygons_of(villages, "villages")[rank])
    pair = largest(i, area, len(silent))
    held = pair >= 0
    village = village.astype(object)
    village[silent[held]] = codes[rank][j[pair[held]]]
    return village.astype(str)
