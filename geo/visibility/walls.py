"""Walls: the outlines of buildings and free-standing walls, and eyes that stand on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geo.errors import GeometryError
from geo.grid import SegmentGrid

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

STAND_OFF_M: Final = 0.1
"""How far before a wall an eye on it is moved, in metres: about as far as brackets hold cameras."""

INSIDE_M: Final = 2.0
"""An eye no deeper inside an outline than this stands on its wall, in metres: outlines and camera
places come from different surveys. One that is deeper is inside and sees the inside."""

HEIGHTS: Final = ("height_m", "height")
"""Columns of heights in metres; the first that is there is read."""

_AREAL = frozenset({int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON)})
_LINEAR = frozenset(
    {int(shapely.GeometryType.LINESTRING), int(shapely.GeometryType.MULTILINESTRING)}
)


@dataclass(frozen=True, eq=False)
class Walls:
    """
    What hides: make it with `Walls.of`.

    Parameters
    ----------
    segments
        m x 4 coordinates of straight pieces of wall, in metres.
    top_m
        m heights above the ground, NaN where unknown.
    grid
        Where they are.
    outlines
        The buildings as valid polygons, for what stands inside; empty ones left out.
    free
        The free-standing walls as lines.
    """

    segments: Floats
    top_m: Floats
    grid: SegmentGrid
    outlines: NDArray[np.object_]
    free: NDArray[np.object_]

    @classmethod
    def of(
        cls, buildings: gpd.GeoDataFrame | None = None, walls: gpd.GeoDataFrame | None = None
    ) -> Walls:
        """
        Take buildings and walls apart.

        Parameters
        ----------
        buildings
            n Polygon or MultiPolygon rows in a metric CRS; courtyards are open ground. Outlines
            may overlap, touch or cross themselves. The column `height_m`, or `height`, in metres
            is read where present. None for no building.
        walls
            m LineString or MultiLineString rows in the same CRS; heights too.

        Returns
        -------
        walls
            Every ring and line as it is drawn.

        Raises
        ------
        GeometryError
            When a building is no polygon, or a wall no line.
        """
        outline, outline_top = _rows(buildings, "buildings", _AREAL)
        line, line_top = _rows(walls, "walls", _LINEAR)
        parts, owner = shapely.get_parts(outline, return_index=True)
        rings, ring_owner = shapely.get_rings(parts, return_index=True)
        parts, line_owner = shapely.get_parts(line, return_index=True)
        drawn = np.concatenate((rings, parts))
        top = np.concatenate((outline_top[owner[ring_owner]], line_top[line_owner]))
        xy, of = shapely.get_coordinates(drawn, return_index=True)
        begin = np.flatnonzero(of[:-1] == of[1:])
        begin = begin[(xy[begin] != xy[begin + 1]).any(axis=1)]
        segments = np.ascontiguousarray(np.column_stack((xy[begin], xy[begin + 1])))
        broken = ~shapely.is_valid(outline)
        outline[broken] = shapely.make_valid(outline[broken])
        return cls(segments, top[of[begin]], SegmentGrid.of(segments), outline, line)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The outlines by place."""
        return shapely.STRtree(self.outlines)

    def stand(self, xy: Floats, heading: Floats) -> tuple[Floats, Bools]:
        """
        Move eyes that stand on a wall, or just inside an outline, before it.

        Parameters
        ----------
        xy
            n x 2 eyes.
        heading
            n x 2 unit vectors that they look along, or zeros: before a free-standing wall an eye
            stands on the side that it looks to.

        Returns
        -------
        xy, inside
            Where they stand, `STAND_OFF_M` before every wall; and which are deeper inside than
            `INSIDE_M`, or have no free place so near, and are left where they are.
        """
        moved, inside = xy.copy(), np.zeros(len(xy), dtype=bool)
        solid = np.concatenate((self.outlines, self.free))
        tree, at = shapely.STRtree(solid), shapely.points(xy)
        # A wall's two sides are equally near to an eye on it, so where it looks decides.
        toward = shapely.points(xy + heading * STAND_OFF_M / 2.0)
        who = np.unique(tree.query(at, predicate="dwithin", distance=STAND_OFF_M)[0])
        # The outlines beside the first may be in the way, so some eyes need a second look.
        for reach_m in (STAND_OFF_M, 2.0 * INSIDE_M):
            if not len(who):
                break
            places = _before(solid, tree, at[who], toward[who], reach_m)
            taken = np.zeros(len(who), dtype=bool)
            taken[
                tree.query(shapely.points(places), predicate="dwithin", distance=STAND_OFF_M / 2.0)[
                    0
                ]
            ] = True
            inside[who] = taken | (np.hypot(*(places - xy[who]).T) > INSIDE_M + STAND_OFF_M)
            moved[who[~inside[who]]] = places[~inside[who]]
            who = who[taken]
        return moved, inside


def _before(
    solid: NDArray[np.object_],
    tree: shapely.STRtree,
    at: NDArray[np.object_],
    toward: NDArray[np.object_],
    reach_m: float,
) -> Floats:
    """Return the nearest places before all that is in reach of each eye; n x 2."""
    eye, which = tree.query(at, predicate="dwithin", distance=reach_m)
    order = np.argsort(eye, kind="stable")
    eye, which = eye[order], which[order]
    first = np.flatnonzero(np.diff(eye, prepend=-1))
    stop = np.append(first[1:], len(eye))
    held = np.unique(which)
    grown = np.full(len(solid), None, dtype=object)
    grown[held] = shapely.buffer(solid[held], STAND_OFF_M, join_style="mitre", cap_style="square")
    block = grown[which[first]]
    # Where several outlines meet they are one thing to stand before; such eyes are few.
    for k in np.flatnonzero(stop - first > 1):
        block[k] = shapely.union_all(grown[which[first[k] : stop[k]]])
    nearest = shapely.shortest_line(shapely.boundary(block), toward)
    places: Floats = shapely.get_coordinates(shapely.get_point(nearest, 0))
    return places


def _rows(
    frame: gpd.GeoDataFrame | None, name: str, kinds: frozenset[int]
) -> tuple[NDArray[np.object_], Floats]:
    """Return the filled geometries of a frame and their heights."""
    if frame is None:
        return np.empty(0, dtype=object), np.empty(0)
    geometry = np.array(frame.geometry.array, dtype=object)
    kind = shapely.get_type_id(geometry)
    wrong = np.flatnonzero((kind >= 0) & ~np.isin(kind, list(kinds)))
    if wrong.size:
        wanted = "Polygon or MultiPolygon" if kinds is _AREAL else "LineString or MultiLineString"
        raise GeometryError(
            f"{name}: row {wrong[0]} is a {geometry[wrong[0]].geom_type} and {wrong.size} of "
            f"{len(geometry)} rows are no {wanted}; pass {wanted} rows"
        )
    filled = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    height = np.full(len(geometry), np.nan)
    named = next((name for name in HEIGHTS if name in frame.columns), None)
    if named is not None:
        height = np.array(pd.to_numeric(frame[named], errors="coerce"), dtype=np.float64)
    return shapely.force_2d(geometry[filled]), height[filled]
