"""The small map of a route sheet: drawn as lines, for paper, without a script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from maps.paper import APART, Paper, fitted, path, spread
from maps.routes import arrowheads
from maps.words import cell

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Objects = npt.NDArray[np.object_]

MARGIN: Final = 26.0
"""Room around the route, for numbers and names of streets."""

NAMED: Final = 70.0
"""A street shorter than this on paper has no room for its name."""

ARROW: Final = 9.0
"""Length of an arrowhead, in units of the drawing."""


def sheet_map(
    line: shapely.LineString, places: Objects, streets: gpd.GeoDataFrame | None, *, north: str
) -> str:
    """
    Draw a route with its numbered stops over the streets around it.

    Parameters
    ----------
    line
        The way of the unit, in metres.
    places
        n Points in the order of their numbers, from 1.
    streets
        Lines in the same CRS; None for none.
    north
        The letter over the arrow to the north, plain text.

    Returns
    -------
    svg
        An element that needs nothing else. Numbers of stops that are near each other stand apart,
        with a thin line to their place.
    """
    around = shapely.union_all([line, *places])
    paper = fitted(shapely.bounds(around).tolist(), margin=MARGIN)
    drawn = shapely.transform(line, paper.place)
    stops = paper.place(shapely.get_coordinates(places))
    parts = [
        f'<svg viewBox="0 0 {paper.width:.0f} {paper.height:.0f}" role="img" aria-hidden="true">',
        "" if streets is None else _streets(streets, paper, spread(stops)),
        f'<path class="route" d="{path(drawn)}"/>',
        _arrows(drawn),
        _numbers(stops),
        paper.scale_bar(),
        paper.north(north),
        "</svg>",
    ]
    return "".join(parts)


def _streets(streets: gpd.GeoDataFrame, paper: Paper, numbers: Floats) -> str:
    """Draw the streets, and the names of those that have room for them, each name once."""
    lines = shapely.transform(streets.geometry.to_numpy(), paper.place)
    near = shapely.intersects(lines, paper.frame)
    parts, street = shapely.get_parts(
        shapely.intersection(lines[near], paper.frame), return_index=True
    )
    drawn = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    parts, street = parts[drawn], street[drawn]
    ground = f'<path class="streets" d="{"".join(map(path, parts))}"/>'
    if "name" not in streets.columns:
        return ground
    names = [cell(name) for name in streets["name"].to_numpy()[near]]
    held, labels = [*numbers], []
    for number in np.argsort(-shapely.length(parts), kind="stable"):
        name, part = names[street[number]], parts[number]
        if part.length < NAMED:
            break
        place = shapely.get_coordinates(shapely.line_interpolate_point(part, 0.5, normalized=True))
        crowded = held and np.hypot(*(np.array(held) - place).T).min() < 2 * APART
        if not name or name in labels or crowded:
            continue
        held.append(place[0])
        labels.append(name)
        ground += _name(name, part, place[0])
    return ground


def _name(name: str, part: shapely.LineString, place: Floats) -> str:
    """Write a name along the middle of a street, never upside down."""
    ends = [shapely.line_interpolate_point(part, share, normalized=True) for share in (0.4, 0.6)]
    (across, down) = np.diff(shapely.get_coordinates(ends), axis=0)[0].tolist()
    angle = np.degrees(np.arctan2(down, across))
    angle -= 180.0 * round(angle / 180.0)
    x, y = place.round(1).tolist()
    return (
        f'<text class="name" transform="translate({x:g} {y:g}) rotate({angle:.0f})" y="-3">'
        f"{escape(name)}</text>"
    )


def _arrows(drawn: shapely.LineString) -> str:
    triangles, _ = arrowheads(
        np.array([drawn], dtype=object), every=90.0, length=ARROW, width=ARROW * 0.8
    )
    return "".join(f'<path class="arrow" d="{path(shape.exterior)}Z"/>' for shape in triangles)


def _numbers(stops: Floats) -> str:
    parts = []
    for number, (place, label) in enumerate(zip(stops, spread(stops), strict=True), start=1):
        (x, y), (u, v) = place.round(1).tolist(), label.round(1).tolist()
        parts.append(
            f'<path class="lead" d="M{x:g} {y:g}L{u:g} {v:g}"/>'
            f'<circle class="place" cx="{x:g}" cy="{y:g}" r="2.5"/>'
            f'<circle class="stop" cx="{u:g}" cy="{v:g}" r="8.5"/>'
            f'<text class="number" x="{u:g}" y="{v + 3.6:g}">{number}</text>'
        )
    return "".join(parts)
