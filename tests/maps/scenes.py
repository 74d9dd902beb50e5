"""A corner of an invented town, small enough to count by hand, for tests of maps and pages."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, Point, Polygon, box

from geo.cameras import camera_coverage
from geo.posts import post_coverage
from maps.scene import Scene

CRS: Final = "EPSG:4545"
"""Metres near 108.4 E, 32.8 N, where the invented town lies."""

X, Y = 534_000.0, 3_634_000.0


def frame(geometry: list[Any], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Return a frame of shapes whose coordinates count from the corner of the town."""
    moved = shapely.transform(np.asarray(geometry, dtype=object), lambda xy: xy + np.array((X, Y)))
    return gpd.GeoDataFrame(columns, geometry=moved, crs=CRS)


def streets() -> gpd.GeoDataFrame:
    """Return two streets of 400 m, and an expressway that nobody has to cover."""
    return frame(
        [
            LineString([(0, 0), (400, 0)]),
            LineString([(0, 200), (400, 200)]),
            LineString([(0, 300), (400, 300)]),
        ],
        street_id=["1", "2", "3"],
        name=["临江街", "柳巷", "快速路"],
        **{"class": ["residential", "residential", "motorway"]},
    )


def posts() -> gpd.GeoDataFrame:
    """Return a post in the middle of the first street, another at the start of the second."""
    return frame(
        [Point(200, 0), Point(0, 200)],
        post_id=["001", "002"],
        name=["江边哨", "巷口哨"],
        kind=["fixed", "mobile"],
        hours=["07:00-22:00", None],
    )


def cameras() -> gpd.GeoDataFrame:
    """Return one that looks along the second street, one offline, one of unknown heading."""
    return frame(
        [Point(100, 200), Point(300, 200), Point(300, 0)],
        camera_id=["61099900001310000001", "61099900001310000002", "61099900001310000003"],
        name=["学校门口", "市场口", "车站口"],
        kind=["fixed_bullet", "fixed_dome", "ptz_dome"],
        azimuth_deg=[90.0, 0.0, np.nan],
        fov_deg=[60.0, 90.0, np.nan],
        range_m=[52.0, 30.0, np.nan],
        online=[True, False, True],
    )


def areas() -> gpd.GeoDataFrame:
    """Return a grid around each street, one with no street at all."""
    return frame(
        [box(-10, -50, 300, 100), box(-10, 100, 410, 250), box(500, 0, 600, 100)],
        area_id=["610999001001001", "610999001001002", "610999001001003"],
        name=["望江社区第一网格", "望江社区第二网格", "望江社区第三网格"],
    )


def incidents() -> gpd.GeoDataFrame:
    """Return three disputes in three states at one corner, a case without a state elsewhere."""
    return frame(
        [Point(50, 50), Point(51, 50), Point(50, 51), Point(350, 150)],
        incident_id=[1, 2, 3, 4],
        kind=["dispute", "dispute", "dispute", "case"],
        state=["open", "handling", "closed", None],
        time=["2026-05-01T10:00", None, "2026-05-02T11:30", "2026-05-03T09:00"],
        **{"class": ["noise", "neighbour_dispute", "noise", "theft"]},
    )


def routes() -> gpd.GeoDataFrame:
    """Return one route of 600 m around a block."""
    return frame(
        [LineString([(0, 0), (400, 0), (400, 200)])],
        route_id=["r1"],
        name=["临江步巡线"],
        unit=["步巡一组"],
        mode=["foot"],
        shift=["day"],
    )


def must_visit() -> gpd.GeoDataFrame:
    """Return two points on the route."""
    return frame(
        [Point(0, 0), Point(400, 200)],
        point_id=["p1", "p2"],
        route_id=["r1", "r1"],
        seq=[1, 2],
        name=["渡口", "学校"],
        dwell_min=[10, None],
    )


def background() -> dict[str, gpd.GeoDataFrame]:
    """Return a river, a park and a house."""
    return {
        "water": frame([box(-50, -150, 450, -60)]),
        "green": frame([box(420, 0, 480, 80)]),
        "buildings": frame([Polygon([(20, 20), (60, 20), (60, 60), (20, 60)])]),
    }


def scene(**changes: Any) -> Scene:  # noqa: ANN401
    """Return the whole corner of the town, with parts replaced as told."""
    parts: dict[str, Any] = {
        "posts": post_coverage(streets(), posts()),
        "cameras": camera_coverage(streets(), cameras()),
        "camera_list": cameras(),
        "areas": areas(),
        "incidents": incidents(),
        "routes": routes(),
        "must_visit": must_visit(),
        "background": background(),
    }
    return Scene(**(parts | changes))
