"""A planned patrol of an invented town, small enough to count by hand."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, Point

from tests.maps.scenes import frame

MIDNIGHT: Final = pd.Timestamp("2026-06-30")


def at(clock: str) -> pd.Timestamp:
    """Return a time of the night of 30 June; 24:00 and later are of the next day."""
    hours, minutes = map(int, clock.split(":"))
    return MIDNIGHT + pd.Timedelta(hours=hours, minutes=minutes)


def routes() -> gpd.GeoDataFrame:
    """Return a round of 1,200 m on foot, and a car that goes out and back."""
    return frame(
        [
            LineString([(0, 0), (400, 0), (400, 200), (0, 200), (0, 0)]),
            LineString([(400, 0), (0, 0), (400, 0)]),
        ],
        crew_id=["步巡1", "车巡1"],
        unit_id=["步巡1", "车巡1"],
        name=["步巡一组", "车巡一组"],
        mode=["foot", "car"],
    )


def stops() -> gpd.GeoDataFrame:
    """Return their stops: a point, a segment walked eastward, a break; the car's one point."""
    rows: list[tuple[Any, ...]] = [
        ("步巡1", "start", "S", "站前警务室", "22:00", "22:00", 0.0, Point(0, 0)),
        ("步巡1", "segment", "D1", "临江段", "22:00", "22:05", 0.0, Point(0, 0)),
        ("步巡1", "point", "P1", "巷口", "22:10", "22:20", 200.0, Point(400, 200)),
        ("步巡1", "break", "", "休息", "22:20", "22:50", 0.0, Point(400, 200)),
        ("步巡1", "end", "S", "站前警务室", "23:10", "23:10", 600.0, Point(0, 0)),
        ("车巡1", "start", "S2", "东站", "23:55", "23:55", 0.0, Point(400, 0)),
        ("车巡1", "point", "P2", "西口", "23:58", "24:08", 400.0, Point(0, 0)),
        ("车巡1", "end", "S2", "东站", "24:11", "24:11", 400.0, Point(400, 0)),
    ]  # fmt: skip
    unit, kind, code, name, arrive, leave, travel_m, place = zip(*rows, strict=True)
    return frame(
        list(place),
        crew_id=list(unit),
        unit_id=list(unit),
        seq=np.arange(len(rows)),
        kind=list(kind),
        id=list(code),
        name=list(name),
        arrive=[at(clock) for clock in arrive],
        leave=[at(clock) for clock in leave],
        travel_m=list(travel_m),
    )


def legs() -> gpd.GeoDataFrame:
    """Return their movements: along the segment, to the point, home round the corner; out, back."""
    rows: list[tuple[Any, ...]] = [
        ("步巡1", "22:00", "22:05", LineString([(0, 0), (400, 0)])),
        ("步巡1", "22:05", "22:10", LineString([(400, 0), (400, 200)])),
        ("步巡1", "22:50", "23:10", LineString([(400, 200), (0, 200), (0, 0)])),
        ("车巡1", "23:55", "23:58", LineString([(400, 0), (0, 0)])),
        ("车巡1", "24:08", "24:11", LineString([(0, 0), (400, 0)])),
    ]
    crew, begin, end, line = zip(*rows, strict=True)
    times = {"begin": [at(clock) for clock in begin], "end": [at(clock) for clock in end]}
    return frame(list(line), crew_id=list(crew), **times)


def unserved() -> gpd.GeoDataFrame:
    """Return a point and a segment that nobody goes to."""
    return frame(
        [Point(200, 190), LineString([(100, 200), (300, 200)])],
        id=["P9", "D9"],
        reason=["时段在班次之外", "时间不够"],
        relaxation=["时段放宽 12 分钟", "班次延长 30 分钟"],
    )
