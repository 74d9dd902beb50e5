"""
The town on flat paper: river axis, arterials and the big blocks between them.

Everything is drawn in straight river coordinates first, u along the river and v across it, then
one smooth bend turns the paper into the town. So the river meanders, its embankments keep to it,
and no two streets that were apart can come to cross.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.random import Generator

from data.town.ground import ORIGIN, PLACES, Points, stream

HALF_RIVER_M: Final = 53.0
"""From the axis of the river to the water's edge."""

QUAY_M: Final = 78.0
"""From the axis of the river to the embankment roads."""

COLUMNS: Final = (-1280.0, -900.0, -480.0, -70.0, 350.0, 780.0, 1280.0)
"""Where the arterials across the river stand; first and last are the town's ends."""

ROWS: Final = (-1050.0, -690.0, -370.0, -QUAY_M, 0.0, QUAY_M, 380.0, 700.0, 1060.0)
"""Where the arterials along the river stand; first and last are the town's ends."""

AXIS_ROW: Final = 4
"""The row that is the middle of the river."""

HEART: Final = np.array([-20.0, 250.0])
"""The old market quarter on the flat plan: streets and people are densest around it."""

HILL: Final = (np.array([-850.0, 715.0]), np.array([290.0, 205.0]))
"""Middle and half axes of the hill on the flat plan."""

WIDTHS_M: Final = {
    "trunk": 11.0,
    "primary": 18.0,
    "secondary": 14.0,
    "tertiary": 10.0,
    "residential": 7.0,
    "living_street": 3.5,
    "service": 4.0,
}
"""Carriageway by class; lanes draw theirs from 1 to 4 m."""


@dataclass(frozen=True, eq=False)
class Way:
    """
    One named line of the plan, not yet cut at its junctions.

    Parameters
    ----------
    name
        What the street sign says.
    road_class
        Class of street, in the words of OpenStreetMap.
    points
        Its course on the flat plan.
    width_m
        Carriageway.
    oneway, bridge, tunnel, layer
        As stored.
    """

    name: str
    road_class: str
    points: Points
    width_m: float
    oneway: str = "no"
    bridge: str = "no"
    tunnel: str = "no"
    layer: int = 0


class Arterial(NamedTuple):
    """One arterial: along row or column `line`, from crossing `first` to crossing `last`."""

    name: str
    road_class: str
    axis: str
    line: int
    first: int
    last: int
    bridge: str = "no"
    tunnel: str = "no"
    layer: int = 0


ARTERIALS: Final = (
    Arterial("振兴路", "secondary", "row", 1, 1, 6),
    Arterial("江南大道", "primary", "row", 2, 0, 6),
    Arterial("滨江南路", "tertiary", "row", 3, 0, 6),
    Arterial("滨江北路", "tertiary", "row", 5, 0, 6),
    Arterial("望江大道", "primary", "row", 6, 0, 6),
    Arterial("北岭路", "secondary", "row", 7, 2, 5),
    Arterial("西津路", "secondary", "column", 1, 1, 3),
    Arterial("西津北路", "secondary", "column", 1, 5, 6),
    Arterial("听涛路", "primary", "column", 2, 0, 3),
    Arterial("听涛大桥", "primary", "column", 2, 3, 5, bridge="yes", layer=1),
    Arterial("听涛路", "primary", "column", 2, 5, 8),
    Arterial("渡口街", "tertiary", "column", 3, 1, 3),
    Arterial("柳渡老街", "secondary", "column", 3, 5, 7),
    Arterial("迎晖路", "secondary", "column", 4, 0, 3),
    Arterial("柳渡桥", "secondary", "column", 4, 3, 5, bridge="yes", layer=1),
    Arterial("迎晖路", "secondary", "column", 4, 5, 8),
    Arterial("东湾路", "secondary", "column", 5, 1, 3),
    Arterial("东湾北路", "secondary", "column", 5, 5, 8),
)
"""The main roads; the two bridges are the only lines across row 4."""

TUNNEL_NAME: Final = "西岭隧道"
"""北岭路 leaves the town westward under the hill."""

VIADUCT: Final = (
    "东环高架路",
    np.array([[560, 1130], [760, 960], [1010, 800], [1330, 620]], float),
)
"""The ring road on stilts that clips the north-east, on the flat plan."""

VIADUCT_LAYER: Final = 2
"""Level of the viaduct: everything below it meets at its junctions, it meets nothing."""

VIADUCT_GAP_M: Final = 15.0
"""Between the axes of its two carriageways."""

STEP_M: Final = 20.0
"""Longest straight piece of a bent line."""


@dataclass(frozen=True)
class Bend:
    """The smooth map from the flat plan to the ground, one phase for each wave in it."""

    phases: tuple[float, ...]

    def __call__(self, flat: Points) -> Points:
        """
        Return where points of the plan lie, in the metric CRS and to a millimetre.

        Every wave is far longer than high, so the map folds nowhere.
        """
        u, v = flat[:, 0], flat[:, 1]
        near = 0.35 + 0.65 * np.exp(-np.square(v / 560.0))
        river = 100.0 * np.sin(2 * np.pi * u / 2500.0 + self.phases[0]) + 0.06 * u
        x = (
            u
            + 45.0 * np.sin(2 * np.pi * v / 1600.0 + self.phases[1])
            + 22.0 * np.sin(2 * np.pi * (0.6 * u + 0.8 * v) / 900.0 + self.phases[2])
        )
        y = (
            v
            + river * near
            + 22.0 * np.sin(2 * np.pi * (0.9 * u - 0.4 * v) / 950.0 + self.phases[3])
        )
        return np.round(np.column_stack([x, y]) + ORIGIN, PLACES)


@dataclass(frozen=True, eq=False)
class Plan:
    """
    The main roads of one town.

    Parameters
    ----------
    ways
        Arterials, bridges, tunnel and viaduct.
    axis
        Middle of the river.
    outline
        Edge of the town as an open ring.
    blocks
        Rings of the blocks between arterials, river axis and outline.
    bend
        From this paper to the ground.
    """

    ways: list[Way]
    axis: Points
    outline: Points
    blocks: list[Points]
    bend: Bend


def make_plan(seed: int) -> Plan:
    """Draw the main roads of a town and return them with the blocks they leave."""
    rng = stream(seed, 1)
    bend = Bend(tuple(rng.uniform(-0.5, 0.5, 4)))
    nodes = _crossings(rng)
    ways = [
        Way(
            road.name,
            road.road_class,
            _course(nodes, road),
            WIDTHS_M[road.road_class],
            bridge=road.bridge,
            tunnel=road.tunnel,
            layer=road.layer,
        )
        for road in ARTERIALS
    ]
    ways += _tunnel_road(nodes) + _viaduct()
    axis = nodes[:, AXIS_ROW]
    outline = _outline(nodes, rng)
    ground = [way.points for way in ways if way.layer < VIADUCT_LAYER]
    rings = [*ground, axis, np.vstack([outline, outline[:1]])]
    return Plan(ways, axis, outline, _faces(rings), bend)


def _crossings(rng: Generator) -> Points:
    """Return the crossings of columns and rows, shaken but for the river and its banks."""
    nodes = np.stack(np.meshgrid(COLUMNS, ROWS, indexing="ij"), axis=-1)
    shake = rng.uniform(-30.0, 30.0, nodes.shape)
    shake[:, AXIS_ROW - 1 : AXIS_ROW + 2, 1] = 0.0
    for row in (AXIS_ROW, AXIS_ROW + 1):  # bridges are straight
        shake[:, row, 0] = shake[:, AXIS_ROW - 1, 0]
    return nodes + shake


def _course(nodes: Points, road: Arterial) -> Points:
    """Return the crossings an arterial runs through."""
    span = slice(road.first, road.last + 1)
    return nodes[span, road.line] if road.axis == "row" else nodes[road.line, span]


def _tunnel_road(nodes: Points) -> list[Way]:
    """Return the road under the hill: cutting, tunnel, cutting."""
    east, west = nodes[2, 7], nodes[0, 7]
    cuts = [east + (west - east) * share for share in (0.0, 0.14, 0.8, 1.0)]
    pieces = zip(("北岭路", TUNNEL_NAME, "北岭西路"), cuts[:-1], cuts[1:], strict=True)
    return [
        Way(name, "secondary", np.array([start, end]), WIDTHS_M["secondary"])
        if name != TUNNEL_NAME
        else Way(name, "secondary", np.array([start, end]), 10.0, tunnel="yes", layer=-1)
        for name, start, end in pieces
    ]


def _viaduct() -> list[Way]:
    """Return the two carriageways of the ring road, one for each direction."""
    name, bends = VIADUCT
    axis = shapely.LineString(bends)
    sides = [
        shapely.get_coordinates(shapely.offset_curve(axis, side * VIADUCT_GAP_M / 2))
        for side in (1, -1)
    ]
    return [
        Way(
            name,
            "trunk",
            points,
            WIDTHS_M["trunk"],
            oneway="yes",
            bridge="viaduct",
            layer=VIADUCT_LAYER,
        )
        for points in (sides[0][::-1], sides[1])
    ]


def _outline(nodes: Points, rng: Generator) -> Points:
    """Return the edge of the town: the outer crossings, its corners cut off unevenly."""
    corners = [(0, 0), (6, 0), (6, 8), (0, 8)]
    sides = [nodes[1:6, 0], nodes[6, 1:8], nodes[5:0:-1, 8], nodes[0, 7:0:-1]]
    ring: list[Points] = []
    for corner, side in zip(corners, sides, strict=True):
        pull = rng.uniform(0.04, 0.16)
        ring += [nodes[corner] * (1 - pull)]
        ring += list(side)
    return np.array(ring)


def _faces(lines: list[Points]) -> list[Points]:
    """Return the rings that a set of noded lines encloses, west to east."""
    legs = [np.stack([line[:-1], line[1:]], axis=1) for line in lines]
    polygons = shapely.get_parts(shapely.polygonize(shapely.linestrings(np.concatenate(legs))))
    middles = shapely.get_coordinates(shapely.centroid(polygons))
    order = np.lexsort(np.round(middles[:, ::-1], 1).T)
    return [shapely.get_coordinates(shapely.orient_polygons(polygons[i]))[:-1] for i in order]
