"""Frames that tests share: hand-drawn ones, and hypothesis strategies in whole millimetres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CRS = "EPSG:4547"
"""The three-degree zone of Wuhan, whose coordinates have the size that real ones have."""

ORIGIN = (530_000.0, 3_380_000.0)
"""A place in Wuhan; scenes are drawn around it, so that rounding is the real one."""

FEET = "+proj=tmerc +lat_0=30.5 +lon_0=114.3 +k=1 +x_0=500000 +units=us-ft +datum=WGS84"
"""A projection in feet at the data itself, so that only its unit is wrong."""


def line(*points: tuple[float, float]) -> shapely.LineString:
    """Draw a line through points given in metres from the origin."""
    return shapely.LineString(np.add(points, ORIGIN))


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Draw a rectangle given in metres from the origin."""
    return shapely.box(west + ORIGIN[0], south + ORIGIN[1], east + ORIGIN[0], north + ORIGIN[1])


def streets_of(lines: Sequence[Any], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make a street frame, numbered from 0 unless ids are given."""
    return gpd.GeoDataFrame(
        {"street_id": np.arange(len(lines))} | columns, geometry=list(lines), crs=CRS
    )


def points_of(points: Iterable[tuple[float, float]], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make a point frame from metres from the origin."""
    shifted = [shapely.Point(x + ORIGIN[0], y + ORIGIN[1]) for x, y in points]
    return gpd.GeoDataFrame(columns, geometry=shifted, crs=CRS)


def areas_of(polygons: dict[Any, Any]) -> gpd.GeoDataFrame:
    """Make an area frame from codes and polygons."""
    return gpd.GeoDataFrame({"area_id": list(polygons)}, geometry=list(polygons.values()), crs=CRS)


millimetres = st.integers(-300_000, 300_000).map(lambda mm: mm / 1000.0)
places = st.tuples(millimetres, millimetres)
reaches = st.integers(1, 200_000).map(lambda mm: mm / 1000.0)
point_lists = st.lists(places, min_size=0, max_size=8)
polylines = st.lists(places, min_size=2, max_size=5, unique=True).map(lambda p: line(*p))
multilines = st.lists(polylines, min_size=1, max_size=3).map(shapely.MultiLineString)
street_frames = st.lists(polylines | multilines, min_size=1, max_size=5).map(streets_of)


@st.composite
def camera_frames(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Draw a few cameras of any heading, field, range and state."""
    at = draw(point_lists)
    each = {
        "azimuth_deg": st.none() | st.floats(-720, 720),
        "fov_deg": st.none() | st.floats(1, 360),
        "range_m": st.none() | reaches,
        "online": st.none() | st.booleans(),
        "kind": st.sampled_from([None, "ptz_dome", "panoramic", "fixed_dome"]),
    }
    columns = {
        name: draw(st.lists(values, min_size=len(at), max_size=len(at)))
        for name, values in each.items()
    }
    return points_of(at, **columns)
