"""From the lines of the plan to streets on the ground, cut where they meet."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from data.town.ground import METRIC_CRS, Points
from data.town.plan import STEP_M, VIADUCT_LAYER, Bend, Way
from data.town.quarters import Quarters
from data.town.splitting import TOUCH_M

THROUGH_CLASSES: Final = ("primary", "secondary", "tertiary", "residential")
"""Streets that bound blocks and grids; lanes and compound paths do not."""


@dataclass(frozen=True, eq=False)
class Network:
    """
    Streets on the ground and the lines that divide land.

    Parameters
    ----------
    ways
        One row per named way, uncut; metric.
    streets
        One row per piece between junctions, `street_id` in order of the ways; metric.
    dividers
        Pieces of through streets and fences, noded against each other; metric.
    """

    ways: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    dividers: NDArray[np.object_]


def build_network(quarters: Quarters, bend: Bend) -> Network:
    """
    Bend the plan onto the ground and cut it, and return ways, streets and dividing lines.

    A line gets a vertex wherever another one ends on it while both are still straight, so
    they share that vertex to the millimetre once bent. Cutting is then a matter of vertices.
    """
    level = [way for way in quarters.ways if way.layer < VIADUCT_LAYER]
    above = [way for way in quarters.ways if way.layer == VIADUCT_LAYER]
    courses = [
        bend(course) for course in _with_mouths([*(way.points for way in level), *quarters.fences])
    ]
    on_ground = list(zip(level, courses, strict=False))
    fences = courses[len(level) :]

    pieces = _cut(courses[: len(level)])
    rows = [(way, piece) for way, parts in zip(level, pieces, strict=True) for piece in parts]
    streets = _frame(rows + [(way, bend(_stepped(way.points))) for way in above])
    streets.insert(0, "street_id", [f"S{number:04d}" for number in range(1, len(streets) + 1)])

    through = [course for way, course in on_ground if way.road_class in THROUGH_CLASSES]
    dividers = [piece for parts in _cut([*through, *fences]) for piece in parts]
    return Network(
        _frame(on_ground), streets, np.array([shapely.LineString(piece) for piece in dividers])
    )


def _stepped(points: Points) -> Points:
    """Return a line with vertices close enough to bend smoothly."""
    return shapely.get_coordinates(shapely.segmentize(shapely.LineString(points), STEP_M))


def _with_mouths(lines: list[Points]) -> list[Points]:
    """Return the lines, stepped, with a vertex wherever one of them ends on another."""
    shapes = np.array([shapely.LineString(line) for line in lines])
    ends = np.concatenate([line[[0, -1]] for line in lines])
    found = shapely.STRtree(shapes).query(shapely.points(ends), "dwithin", TOUCH_M)
    found = found[:, np.lexsort(found)]
    met = []
    for number, line in enumerate(lines):  # each line's vertices are its own small array
        touching = ends[found[0, found[1] == number]]
        away_m = np.hypot(*(touching[:, np.newaxis] - line).transpose(2, 0, 1))
        touching = np.unique(touching[away_m.min(axis=1) > TOUCH_M], axis=0)
        at_m = shapely.line_locate_point(shapes[number], shapely.points(touching))
        along_m = np.append(0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T)))
        order = np.argsort(at_m)
        places = np.searchsorted(along_m, at_m[order])
        met.append(_stepped(np.insert(line, places, touching[order], axis=0)))
    return met


def _keys(course: Points) -> list[tuple[int, int]]:
    """Return the vertices of a line as whole millimetres."""
    return [(int(x), int(y)) for x, y in np.rint(course * 1000)]


def _cut(courses: list[Points]) -> list[list[Points]]:
    """Return each line cut at the vertices that it shares with another or with itself."""
    uses = Counter(key for course in courses for key in _keys(course))
    cut = []
    for course in courses:
        stops = [i for i, key in enumerate(_keys(course)) if uses[key] > 1]
        stops = [0, *(i for i in stops if 0 < i < len(course) - 1), len(course) - 1]
        cut.append([course[start : stop + 1] for start, stop in pairwise(stops)])
    return cut


def _frame(rows: list[tuple[Way, Points]]) -> gpd.GeoDataFrame:
    """Return ways and their courses as a frame with the columns of the file contract."""
    return gpd.GeoDataFrame(
        {
            "name": [way.name for way, _ in rows],
            "class": [way.road_class for way, _ in rows],
            "oneway": [way.oneway for way, _ in rows],
            "bridge": [way.bridge for way, _ in rows],
            "tunnel": [way.tunnel for way, _ in rows],
            "layer": [way.layer for way, _ in rows],
            "width_m": [way.width_m for way, _ in rows],
        },
        geometry=[shapely.LineString(course) for _, course in rows],
        crs=METRIC_CRS,
    )
