"""Partitions for tests: one drawn on paper for every kind of defect, and random ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import strategies as st

from tests.strategies import CRS, ORIGIN, areas_of, box, points_of

Row = tuple[str, str | None, float, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Drawing:
    """Areas with maybe parents and addresses, and the defects: kind, of, m2 and ids."""

    areas: gpd.GeoDataFrame
    defects: list[Row]
    parent: gpd.GeoDataFrame | None = None
    addresses: gpd.GeoDataFrame | None = None


def polygon(*points: tuple[float, float]) -> shapely.Polygon:
    """Draw a ring through points given in metres from the origin, valid or not."""
    return shapely.Polygon(np.add(points, ORIGIN))


def ring_of_four(width: float, height: float) -> dict[str, Any]:
    """Draw four boxes around a bare rectangle in the middle, which touch along edges."""
    return {
        "south": box(-100, -100, 100, 0),
        "north": box(-100, height, 100, 100),
        "west": box(-100, 0, 0, height),
        "east": box(width, 0, 100, height),
    }


def rows_of(polygons: list[tuple[Any, Any, Any]]) -> gpd.GeoDataFrame:
    """Make areas of code, parent and polygon."""
    codes, parents, shapes = zip(*polygons, strict=True)
    columns = {"area_id": codes, "parent_id": parents}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


WEST, EAST = box(0, 0, 100, 100), box(100, 0, 200, 100)

VILLAGES = areas_of({"V1": WEST, "V2": EAST})

AROUND = ("east", "north", "south", "west")

DRAWINGS = {
    "two that share a border": Drawing(areas_of({"1": WEST, "2": EAST}), []),
    "a neighbour lacks a vertex": Drawing(
        areas_of({"1": WEST, "2": box(100, 0, 200, 33.3), "3": box(100, 33.3, 200, 100)}), []
    ),
    "a hole": Drawing(areas_of(ring_of_four(50, 40)), [("gap", None, 2000.0, AROUND)]),
    "a thin hole": Drawing(areas_of(ring_of_four(50, 0.5)), [("sliver", "gap", 25.0, AROUND)]),
    "two holes that meet in a point": Drawing(
        areas_of({
            "rim": shapely.difference(box(-50, -50, 250, 250), box(0, 0, 200, 200)),
            "1": box(0, 0, 100, 100),
            "2": box(100, 100, 200, 200),
        }),
        [("gap", None, 10_000.0, ("1", "2", "rim")), ("gap", None, 10_000.0, ("1", "2", "rim"))],
    ),
    "ground that only corners enclose": Drawing(
        areas_of({
            "south": box(0, -10, 10, 0), "north": box(0, 10, 10, 20),
            "west": box(-10, 0, 0, 10), "east": box(10, 0, 20, 10),
        }),
        [],
    ),
    "an overlap": Drawing(
        areas_of({"1": box(0, 0, 105, 100), "2": EAST}), [("overlap", None, 500.0, ("1", "2"))]
    ),
    "a thin overlap": Drawing(
        areas_of({"1": box(0, 0, 100.5, 100), "2": EAST}), [("sliver", "overlap", 50.0, ("1", "2"))]
    ),
    "three on one another": Drawing(
        areas_of({"1": box(0, 0, 60, 60), "2": box(40, 0, 100, 60), "3": box(0, 50, 100, 99)}),
        [("overlap", None, 20 * 60 + 40 * 10 + 40 * 10, ("1", "2", "3"))],
    ),
    "beside an overlap a third": Drawing(
        areas_of({"1": box(0, 0, 105, 100), "2": EAST, "3": box(0, 100, 200, 150)}),
        [("overlap", None, 500.0, ("1", "2", "3"))],
    ),
    "the rim of a parent": Drawing(
        areas_of({"1": WEST}),
        [("gap", None, 10_000.0, ("1",))],
        areas_of({"V": box(0, 0, 200, 100)}),
    ),
    "outside the parent": Drawing(
        areas_of({"1": box(-7, 0, 100, 100), "2": EAST}),
        [("outside", None, 700.0, ("1",))],
        areas_of({"V": box(0, 0, 200, 100)}),
    ),
    "a hole of the parent is no gap": Drawing(
        areas_of(ring_of_four(50, 40)),
        [],
        areas_of({"V": shapely.difference(box(-100, -100, 100, 100), box(0, 0, 50, 40))}),
    ),
    "over the border of the village": Drawing(
        areas_of({"1": box(0, 0, 105, 100), "2": box(105, 0, 200, 100)}),
        [("crossing", None, 500.0, ("1",))],
        VILLAGES,
    ),
    "over a border that others have on both sides": Drawing(
        areas_of({
            "1": box(10, 40, 110, 60), "2": WEST, "3": box(100, 0, 105, 100),
            "4": shapely.difference(box(105, 0, 200, 100), box(105, 40, 110, 60)),
        }),
        [("overlap", None, 1_900.0, ("1", "2", "3", "4")), ("crossing", None, 100.0, ("1",))],
        VILLAGES,
    ),
    "over the border inside another that is, too": Drawing(
        areas_of({
            "1": box(0, 0, 105, 100),
            "2": shapely.difference(box(-100, -100, 150, 200), box(0, 0, 105, 100)),
        }),
        [("crossing", None, 14_500.0, ("2",)), ("crossing", None, 500.0, ("1",))],
        areas_of({"V1": box(-100, -100, 100, 200), "V2": box(100, -100, 150, 200)}),
    ),
    "a village in two rows": Drawing(
        areas_of({"1": box(0, 0, 105, 100), "2": box(105, 0, 200, 100)}),
        [],
        rows_of([("V", None, WEST), ("V", None, EAST)]),
    ),
    "over the border, as declared": Drawing(
        rows_of([("1", "V1", WEST), ("2", "V1", box(100, 0, 130, 100)),
                 ("3", "V2", box(130, 0, 200, 100))]),
        [("two_parents", None, 3_000.0, ("2",))],
        VILLAGES,
    ),
    "a part declared elsewhere": Drawing(
        rows_of([("1", "V1", box(0, 0, 110, 100)), ("2", "V2", box(110, 0, 200, 100))]),
        [("crossing", None, 1_000.0, ("1",))],
        VILLAGES,
    ),
    "an overlap across the border is that alone": Drawing(
        areas_of({"1": box(0, 0, 105, 100), "2": EAST}),
        [("overlap", None, 500.0, ("1", "2"))],
        VILLAGES,
    ),
    "listed under two parents": Drawing(
        rows_of([("1", "V1", WEST), ("2", "V2", EAST), ("1", "V2", WEST)]),
        [("two_parents", None, 10_000.0, ("1",))],
    ),
    "listed twice": Drawing(
        rows_of([("1", "V1", WEST), ("2", "V2", EAST), ("1", "V1", WEST)]),
        [("overlap", None, 10_000.0, ("1", "2"))],
    ),
    "two rows make one area": Drawing(
        rows_of([("1", None, WEST), ("1", None, EAST)]), []
    ),
    "a part apart": Drawing(
        areas_of({"1": shapely.union(WEST, box(200, 0, 230, 100)), "2": EAST}),
        [("island", None, 3_000.0, ("1",))],
    ),
    "a part at a corner": Drawing(
        areas_of({"1": shapely.union(WEST, box(100, 100, 130, 130))}),
        [("island", None, 900.0, ("1",))],
    ),
    "a part in another village": Drawing(
        areas_of({"1": shapely.union(WEST, box(150, 0, 200, 50)), "2": shapely.difference(
            EAST, box(150, 0, 200, 50))}),
        [("crossing", None, 2_500.0, ("1",))],
        VILLAGES,
    ),
    "a ring that crosses itself": Drawing(
        areas_of({"1": polygon((0, 0), (100, 100), (100, 0), (0, 100)), "2": EAST}),
        [("invalid", None, 5_000.0, ("1",))],
    ),
    "parts that overlap": Drawing(
        areas_of({"1": shapely.MultiPolygon([WEST, box(50, 0, 150, 100)])}),
        [("invalid", None, 15_000.0, ("1",))],
    ),
    "no geometry": Drawing(
        areas_of({"1": WEST, "2": None, "3": shapely.Polygon()}),
        [("invalid", None, 0.0, ("2",)), ("invalid", None, 0.0, ("3",))],
    ),
    "an open slit": Drawing(
        areas_of({"1": box(0, 0, 99.5, 100), "2": EAST}),
        [("near_miss", None, 50.0, ("1", "2"))],
    ),
    "a wedge between borders that should meet": Drawing(
        areas_of({"1": polygon((0, 0), (100, 0), (99.4, 100), (0, 100)), "2": EAST}),
        [("near_miss", None, 30.0, ("1", "2"))],
    ),
    "a short slit, a wide one and a notch": Drawing(
        areas_of({
            "1": shapely.difference(
                box(0, 0, 100, 100), shapely.union(box(40, 50, 40.5, 100), box(40.5, 95, 50, 100))
            ),
            # It has 5 m of the notch of the first, which is long enough.
            "4": box(40.5, 95, 50, 100),
            "2": shapely.difference(EAST, box(100, 93, 100.5, 100)),
            "3": box(201.5, 0, 300, 100),
        }),
        [],
    ),
    "an open slit in a parent": Drawing(
        areas_of({"1": box(0, 0, 99.5, 100), "2": EAST}),
        [("sliver", "gap", 50.0, ("1", "2"))],
        areas_of({"V": box(0, 0, 200, 100)}),
    ),
    "addresses": Drawing(
        areas_of({"1": box(0, 0, 105, 100), "2": EAST}),
        [("overlap", None, 500.0, ("1", "2")), ("address", None, 0.0, ()),
         ("address", None, 0.0, ("1", "2"))],
        None,
        # Inside one, on an outer border, outside, in both, in both but on the border of one or
        # near it.
        points_of([(50, 50), (0, 50), (250, 50), (102, 50), (105, 50), (104.995, 50)]),
    ),
}  # fmt: skip
"""What is drawn, by what it shows."""


def lattice(seed: int, *, shift_m: float = 8.0) -> gpd.GeoDataFrame:
    """Draw a lattice of crooked cells, some dropped, some moved, some with more vertices."""
    random = np.random.default_rng(seed)
    n, drop = int(random.integers(2, 5)), random.choice([0.0, 0.1, 0.3])
    corners = np.stack(np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0), indexing="ij"), -1)
    corners += random.uniform(-0.25, 0.25, corners.shape)
    corners = np.round(corners * 100.0, 3) + ORIGIN
    cells = {}
    for i in range(n):
        for j in range(n):
            ring = corners[[i, i + 1, i + 1, i], [j, j, j + 1, j + 1]]
            if seed % 4 == 1:
                one = np.round(random.uniform(-shift_m, shift_m, ring.shape), 3)
                ring = ring + one * (random.random((4, 1)) < 0.3)
            elif seed % 4 == 2 and random.random() < 0.3:
                ring = ring + np.round(random.uniform(-shift_m, shift_m, 2), 3)
            cell = shapely.Polygon(ring)
            if seed % 4 == 3 and random.random() < 0.5:
                cell = shapely.segmentize(cell, 30.0)
            if random.random() >= drop and cell.is_valid:
                cells[f"{i}{j}"] = cell
    return areas_of(cells or {"00": WEST})


lattices = st.integers(0, 10_000).map(lattice)
