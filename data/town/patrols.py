"""Patrol areas of the town, the segments in them, places to stand by, and units on duty."""

from itertools import pairwise
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops

from data.town.ground import METRIC_CRS
from data.town.roadside import due

SEGMENTS: Final = 10
"""Segments of a patrol area; published is a mean of 10.36 over 56 areas."""

LENGTH_M: Final = (150.0, 600.0)
"""How long a segment is: a street of one name within one area, cut where it is longer."""

VISITS: Final = 2
"""How often a segment is walked, and a point visited, in a shift."""

CLASSES: Final = (
    "primary", "secondary", "tertiary", "living_street", "residential",
)  # fmt: skip
"""Streets that are patrolled, the busier first."""


class Crew(NamedTuple):
    """A unit: what it is called, who it is, how it moves, when, where it begins, its break."""

    name: str
    force: str
    mode: str
    visible: bool
    shift: str
    area: int
    break_window: str


CREWS: Final = (
    Crew("步巡一组", "station_police", "foot", True, "08:00-16:00", 0, "11:30-13:00"),
    Crew("步巡二组", "station_police", "foot", True, "20:00-04:00", 0, "23:30-01:00"),
    Crew("步巡三组", "auxiliary_police", "foot", True, "20:00-04:00", 0, "23:30-01:00"),
    Crew("柳渡一组", "station_police", "e_bike", True, "20:00-04:00", 1, "23:30-01:00"),
    Crew("柳渡二组", "auxiliary_police", "foot", True, "20:00-04:00", 1, "23:30-01:00"),
    Crew("北岭一组", "auxiliary_police", "e_bike", True, "20:00-04:00", 2, "23:30-01:00"),
    Crew("西津一组", "auxiliary_police", "e_bike", True, "20:00-04:00", 3, "23:30-01:00"),
    Crew("骑巡一组", "station_police", "e_bike", True, "08:00-16:00", 4, "11:30-13:00"),
    Crew("江南一组", "station_police", "e_bike", True, "20:00-04:00", 4, "23:30-01:00"),
    Crew("新埠一组", "auxiliary_police", "e_bike", True, "20:00-04:00", 5, "23:30-01:00"),
    Crew("车巡一组", "patrol_swat", "car", True, "20:00-04:00", 5, "23:30-01:00"),
    Crew("视频一组", "station_police", "video", False, "20:00-04:00", 0, ""),
)
"""Two shifts; by night each patrol area has a unit, the busy ones two. `area` counts from 0."""

BREAK_MIN: Final = 30
"""How long a break lasts, in minutes."""


class Patrols(NamedTuple):
    """The layers of this module."""

    patrol_areas: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    standby: gpd.GeoDataFrame
    units: pd.DataFrame


def make_patrols(streets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> Patrols:
    """Return one patrol area a community, with segments, a standby place, and the units."""
    ground = areas.dissolve("parent_id", sort=True)
    codes = [f"{code}801" for code in ground.index]
    shapes = ground.geometry.to_numpy()
    patrol_areas = gpd.GeoDataFrame(
        {
            "area_id": codes,
            "name": [name.removesuffix("社区") + "巡区" for name in ground["parent_name"]],
            "kind": "patrol",
        },
        geometry=shapes,
        crs=METRIC_CRS,
    )
    walked = due(streets)
    walked = walked[walked["class"].isin(CLASSES)]
    return Patrols(
        patrol_areas,
        _segments(walked, shapes, codes),
        _standby(walked, patrol_areas),
        _units(codes),
    )


def _segments(streets: gpd.GeoDataFrame, areas: np.ndarray, codes: list[str]) -> gpd.GeoDataFrame:
    """Join the pieces of each street in each area, and keep the busiest of fitting length."""
    middles = shapely.line_interpolate_point(streets.geometry.to_numpy(), 0.5, normalized=True)
    tree = shapely.STRtree(areas)
    piece, area = tree.query(middles, predicate="intersects")
    # The middle of a street on a border is in two areas: it belongs to the first.
    _, once = np.unique(piece, return_index=True)
    held = streets.iloc[piece[once]].assign(area=area[once])
    rank = held["class"].map({kind: number for number, kind in enumerate(CLASSES)})
    rows = []
    for (number, name), group in held.assign(rank=rank).groupby(["area", "name"], sort=True):
        joined = shapely.line_merge(shapely.union_all(group.geometry.to_numpy()))
        for line in shapely.get_parts(joined):
            rows += [
                (int(number), int(group["rank"].min()), str(name), part) for part in _cut(line)
            ]
    rows = [row for row in rows if row[3].length >= LENGTH_M[0]]
    rows.sort(key=lambda row: (row[0], row[1], -row[3].length, row[2]))
    table = pd.DataFrame(rows, columns=["area", "rank", "name", "geometry"])
    kept = table.groupby("area", sort=True).head(SEGMENTS).reset_index(drop=True)
    number = kept.groupby("area").cumcount() + 1
    return gpd.GeoDataFrame(
        {
            "segment_id": [
                f"D{area + 1}{each:02d}" for area, each in zip(kept["area"], number, strict=True)
            ],
            "name": _told_apart(kept["name"] + "段"),
            "area_code": [codes[area] for area in kept["area"]],
            "visits": VISITS,
        },
        geometry=kept["geometry"].to_numpy(),
        crs=METRIC_CRS,
    )


def _cut(line: shapely.LineString) -> list[shapely.LineString]:
    """Cut a line into as few equal parts as are no longer than a segment may be."""
    parts = int(np.ceil(line.length / LENGTH_M[1]))
    ends = np.linspace(0.0, line.length, parts + 1)
    return [shapely.ops.substring(line, low, high) for low, high in pairwise(ends)]


def _told_apart(names: pd.Series) -> list[str]:
    """Return names with a number behind those that are there more than once."""
    often = names.map(names.value_counts()) > 1
    number = names.groupby(names).cumcount() + 1
    return np.where(often, names + number.astype(str), names).tolist()


def _standby(streets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a place on a street near the middle of each area."""
    ends = shapely.get_point(streets.geometry.to_numpy(), 0)
    tree = shapely.STRtree(ends)
    middles = shapely.centroid(areas.geometry.to_numpy())
    return gpd.GeoDataFrame(
        {
            "place_id": [f"B{number}" for number in range(1, len(areas) + 1)],
            "name": [name.removesuffix("巡区") + "备勤点" for name in areas["name"]],
            "hours": "00:00-24:00",
        },
        geometry=ends[[int(tree.nearest(middle)) for middle in middles]],
        crs=METRIC_CRS,
    )


def _units(codes: list[str]) -> pd.DataFrame:
    """Return the units: a sheet without places."""
    rows = [
        {
            "unit_id": f"U{number:02d}",
            "name": crew.name,
            "force": crew.force,
            "mode": crew.mode,
            "visible": crew.visible,
            "shift": crew.shift,
            "start": None if crew.mode == "video" else f"B{crew.area + 1}",
            "end": None if crew.mode == "video" else f"B{crew.area + 1}",
            "break_min": BREAK_MIN if crew.break_window else None,
            "break_window": crew.break_window or None,
            "area_code": codes[crew.area],
        }
        for number, crew in enumerate(CREWS, start=1)
    ]
    return pd.DataFrame(rows)
