"""Patrol routes along the streets, and the places on them that must be visited."""

import heapq
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from data.town.ground import METRIC_CRS, Points, stream
from data.town.plan import Plan
from data.town.roadside import due
from data.town.streets import THROUGH_CLASSES


class Beat(NamedTuple):
    """One patrol route: its names, who walks it when, and the stops on the flat plan."""

    name: str
    unit: str
    mode: str
    shift: str
    dwell_min: tuple[int, int]
    stops: tuple[tuple[float, float], ...]


BEATS: Final = (
    Beat(
        "老街步巡线",
        "步巡一组",
        "foot",
        "day",
        (10, 15),
        ((90, 210), (-70, 380), (-230, 300), (-330, 180), (-180, 90), (30, 90)),
    ),
    Beat(
        "滨江夜巡线",
        "步巡二组",
        "foot",
        "night",
        (10, 15),
        ((160, 76), (290, 130), (350, 380), (120, 520), (-70, 600), (-60, 250)),
    ),
    Beat(
        "江南骑巡线",
        "骑巡一组",
        "e_bike",
        "day",
        (5, 10),
        (
            (-480, -80),
            (-260, -240),
            (-680, -500),
            (-480, -370),
            (140, -520),
            (560, -230),
            (350, -80),
        ),
    ),
    Beat(
        "城区车巡线",
        "车巡一组",
        "car",
        "night",
        (3, 5),
        (
            (-480, 380),
            (-480, 700),
            (350, 700),
            (780, 380),
            (960, 260),
            (350, 80),
            (350, -370),
            (780, -690),
            (-480, -370),
        ),
    ),
)
"""Two on foot, one by e-bike over the south bank, one by car over both bridges."""

Node = tuple[int, int]


def make_routes(
    plan: Plan, streets: gpd.GeoDataFrame, *, seed: int
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the patrol routes, each closed, and their must-visit points in order."""
    rng = stream(seed, 9)
    lines, routes, visits = [], [], []
    for number, beat in enumerate(BEATS, start=1):
        graph = Graph(due(streets), beat.mode)
        stops = graph.nearest(plan.bend(np.array(beat.stops, float)))
        legs = [graph.shortest(a, b) for a, b in zip(stops, stops[1:] + stops[:1], strict=True)]
        course = np.vstack([leg for leg in legs if len(leg)])
        fresh = np.append(True, np.any(np.diff(course, axis=0) != 0, axis=1))
        lines.append(shapely.LineString(course[fresh]))
        route_id = f"R{number:02d}"
        routes.append((route_id, beat.name, beat.unit, beat.mode, beat.shift))
        for seq, stop in enumerate(stops, start=1):
            dwell_min = int(rng.integers(beat.dwell_min[0], beat.dwell_min[1] + 1))
            visits.append(
                (f"{route_id}-{seq:02d}", route_id, seq, graph.label(stop), dwell_min, stop)
            )
    return (
        gpd.GeoDataFrame(
            dict(
                zip(
                    ("route_id", "name", "unit", "mode", "shift"),
                    zip(*routes, strict=True),
                    strict=True,
                )
            ),
            geometry=lines,
            crs=METRIC_CRS,
        ),
        gpd.GeoDataFrame(
            dict(
                zip(
                    ("point_id", "route_id", "seq", "name", "dwell_min"),
                    zip(*visits, strict=True),
                    strict=False,
                )
            ),
            geometry=shapely.points([np.array(visit[-1]) / 1000 for visit in visits]),
            crs=METRIC_CRS,
        ),
    )


class Graph:
    """Streets a mode may use, as junctions and the pieces between them."""

    def __init__(self, streets: gpd.GeoDataFrame, mode: str) -> None:
        if mode == "car":
            streets = streets[streets["class"].isin(THROUGH_CLASSES)]
        self.arms: dict[Node, list[tuple[Node, Points]]] = {}
        self.names: dict[Node, list[str]] = {}
        for line, oneway, name in zip(
            streets.geometry, streets["oneway"], streets["name"], strict=True
        ):
            course = shapely.get_coordinates(line)
            ends = [(int(x), int(y)) for x, y in np.rint(course[[0, -1]] * 1000)]
            for node in ends:
                self.arms.setdefault(node, [])
                if name not in self.names.setdefault(node, []):
                    self.names[node].append(name)
            if mode == "foot" or oneway != "-1":
                self.arms[ends[0]].append((ends[1], course))
            if mode == "foot" or oneway != "yes":
                self.arms[ends[1]].append((ends[0], course[::-1]))

    def nearest(self, points: Points) -> list[Node]:
        """Return the crossing of two or more streets next to each point."""
        nodes = [node for node, names in self.names.items() if len(names) > 1]
        at = np.array(nodes) / 1000
        return [nodes[int(np.argmin(np.hypot(*(at - point).T)))] for point in points]

    def label(self, node: Node) -> str:
        """Return what a crossing is called."""
        return "与".join(self.names[node][:2]) + "路口"

    def shortest(self, start: Node, end: Node) -> Points:
        """Return the course of the shortest way between two crossings (Dijkstra)."""
        best, came = {start: 0.0}, {}
        queue = [(0.0, start)]
        while queue:
            far, node = heapq.heappop(queue)
            if node == end:
                break
            if far > best[node]:
                continue
            for other, course in self.arms[node]:
                reach = far + float(np.hypot(*np.diff(course, axis=0).T).sum())
                if reach < best.get(other, np.inf):
                    best[other], came[other] = reach, (node, course)
                    heapq.heappush(queue, (reach, other))
        legs: list[Points] = [np.empty((0, 2))]
        while end != start:
            end, course = came[end]
            legs.append(course)
        return np.vstack(legs[::-1])
