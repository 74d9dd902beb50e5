"""Planned patrols as GPX 1.1: a track for each unit and a waypoint for each stop."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import shapely

from data.values import LOCAL_ZONE

NAMESPACE: Final = "http://www.topografix.com/GPX/1/1"
"""What the elements of GPX 1.1 belong to: a name, which nobody asks for over a network."""

DIGITS: Final = 7
"""Decimals of a degree: a centimetre."""

CREATOR: Final = "gridpatrol"
"""The program that a GPX file has to name."""


def gpx_text(routes: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, *, zone: str = LOCAL_ZONE) -> str:
    """
    Write routes and stops as GPX for devices and maps.

    Parameters
    ----------
    routes
        LineStrings in any CRS with `unit_id`; `name` where there is any. A unit without a way is
        left out.
    stops
        Rows in any CRS with `unit_id, kind, id, arrive`; `name` where there is any. A segment's
        waypoint stands where its patrol begins.
    zone
        Where the naive local times of the stops are from; GPX has times in UTC.

    Returns
    -------
    text
        A complete file in UTF-8, the same for the same plan.
    """
    root = ET.Element("gpx", {"version": "1.1", "creator": CREATOR, "xmlns": NAMESPACE})
    for row, point in _placed(stops, first=True):
        element = ET.SubElement(root, "wpt", _at(*point))
        _told(element, "time", _utc(row["arrive"], zone))
        _told(element, "name", _name(row, "id"))
        _told(element, "desc", str(row["unit_id"]))
        _told(element, "type", str(row["kind"]))
    for row, corners in _placed(routes, first=False):
        track = ET.SubElement(root, "trk")
        _told(track, "name", _name(row, "unit_id"))
        part = ET.SubElement(track, "trkseg")
        for lon, lat in corners:
            ET.SubElement(part, "trkpt", _at(lon, lat))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _placed(frame: gpd.GeoDataFrame, *, first: bool) -> Iterable[tuple[dict[str, Any], Any]]:
    """Yield the rows that have a place, with its corners in degrees, or the first of them."""
    shapes = frame.geometry.to_crs("EPSG:4326").to_numpy()
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    for row, shape in zip(rows, shapes, strict=True):
        if shape is None or shape.is_empty:
            continue
        corners = shapely.get_coordinates(shape).tolist()
        yield {str(name): value for name, value in row.items()}, corners[0] if first else corners


def _at(lon: float, lat: float) -> dict[str, str]:
    return {"lat": f"{lat:.{DIGITS}f}", "lon": f"{lon:.{DIGITS}f}"}


def _utc(time: pd.Timestamp, zone: str) -> str:
    return f"{time.tz_localize(ZoneInfo(zone)).tz_convert('UTC'):%Y-%m-%dT%H:%M:%SZ}"


def _name(row: Mapping[str, Any], otherwise: str) -> str:
    said = row.get("name")
    return str(row[otherwise]) if said is None or pd.isna(said) or not str(said) else str(said)


def _told(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text
