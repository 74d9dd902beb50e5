"""The paths inside gated compounds."""

from typing import Final

import numpy as np
import shapely
from numpy.random import Generator

from data.town.ground import Points
from data.town.plan import WIDTHS_M, Way
from data.town.splitting import TOUCH_M, around

RING_INSET_M: Final = 40.0
"""From the streets around a compound to the path inside its wall."""

RING_WIDTH_M: Final = 40.0
"""Where the ring path would be narrower than this there is none."""

SECOND_GATE_SHARE: Final = 0.7
"""Share of compounds with a second gate."""

PATH_TAIL: Final = "内部路"
"""Paths are named after their compound with this behind."""


def make_compound_paths(
    ring: Points, name: str, *, outline: Points, mouths: list[Points], rng: Generator
) -> list[Way]:
    """Return the ring path of a compound and a path from it to each gate, street end first."""
    wall = shapely.Polygon(ring)
    yard = shapely.buffer(wall, -RING_INSET_M, join_style="mitre").simplify(4.0)
    if yard.geom_type != "Polygon" or yard.is_empty:
        return []
    path = shapely.get_coordinates(yard.exterior)
    if around(path[:-1]).width_m < RING_WIDTH_M:
        return []
    edge = shapely.LinearRing(outline)
    count = 1 + int(rng.random() < SECOND_GATE_SHARE)
    gates: list[tuple[int, Points]] = []
    paths: list[Way] = []
    path_name, width_m = name + PATH_TAIL, WIDTHS_M["service"]
    for leg in np.argsort(-np.hypot(*np.diff(path, axis=0).T), kind="stable"):
        inner, outer = _gate(wall, path[leg], path[leg + 1], np.array(mouths))
        if len(gates) == count or edge.distance(shapely.Point(outer)) < TOUCH_M:
            continue  # there is no street along the edge of the town
        mouths.append(outer)
        paths.append(Way(path_name, "service", np.array([outer, inner]), width_m))
        gates.append((int(leg), inner))
    for leg, inner in sorted(gates, key=lambda gate: -gate[0]):
        path = np.insert(path, leg + 1, inner, axis=0)
    first = min(leg for leg, _ in gates) + 1
    closed = np.vstack([path[first:-1], path[: first + 1]])
    return [*paths, Way(path_name, "service", closed, width_m)]


def _gate(
    wall: shapely.Polygon, start: Points, end: Points, mouths: Points
) -> tuple[Points, Points]:
    """Return both ends of the path to a gate, off the other junctions on the street outside."""
    inner = start + (end - start) * np.linspace(0.25, 0.75, 7)[:, np.newaxis]
    ways_out = shapely.shortest_line(wall.exterior, shapely.points(inner))
    outer = shapely.get_coordinates(ways_out)[::2]
    room = np.hypot(*(outer[:, np.newaxis] - mouths).transpose(2, 0, 1)).min(axis=1)
    best = int(np.argmax(room))
    return inner[best], outer[best]
