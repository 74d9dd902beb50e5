"""The small map of a route sheet: drawn as lines, for paper, without a script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from maps.routes import arrowheads
from maps.words import cell

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Objects = npt.NDArray[np.object_]
    Paper = Callable[[Floats], Floats]

WIDTH, HEIGHT = 720.0, 400.0
"""Units of the drawing: the width of a sheet of A4 by about two fifths of its height."""

MARGIN: Final = 26.0
"""Room around the route, for numbers and names of streets."""

APART: Final = 19.0
"""How far apart two numbers stand: the width of one."""

NAMED: Final = 70.0
"""A street shorter than this on paper has no room for its name."""

ROUNDS: Final = 60
"""How often numbers that overlap push each other away; after that they stand as they are."""

ARROW: Final = 9.0
"""Length of an arrowhead, in units of the drawing."""

SCALE_BARS_M: Final = (50, 100, 200, 500, 1_000, 2_000, 5_000)
"""Lengths that a scale bar may have."""


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
    west, south, east, tall = shapely.bounds(around).tolist()
    scale = min((WIDTH - 2 * MARGIN) / max(east - west, 1.0),
                (HEIGHT - 2 * MARGIN) / max(tall - south, 1.0))  # fmt: skip
    middle = np.array(((west + east) / 2.0, (south + tall) / 2.0))

    def on_paper(xy: Floats) -> Floats:
        """Return places of the drawing: north is up, and up is less."""
        return np.array((WIDTH, HEIGHT)) / 2.0 + (xy - middle) * scale * np.array((1.0, -1.0))

    drawn = shapely.transform(line, on_paper)
    stops = on_paper(shapely.get_coordinates(places))
    parts = [
        f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-hidden="true">',
        "" if streets is None else _streets(streets, on_paper, spread(stops)),
        f'<path class="route" d="{_path(drawn)}"/>',
        _arrows(drawn),
        _numbers(stops),
        _scale_bar(scale),
        f'<text class="north" x="{WIDTH - 16}" y="16">{escape(north)}</text>',
        f'<path class="pointer" d="M{WIDTH - 16} 20l5 16l-5 -4l-5 4Z"/>',
        "</svg>",
    ]
    return "".join(parts)


def spread(places: Floats) -> Floats:
    """
    Push numbers that overlap away from each other.

    Parameters
    ----------
    places
        n x 2 places of the drawing.

    Returns
    -------
    places
        n x 2, at least `APART` from each other and inside the drawing where there is room.
    """
    at = places + np.column_stack((np.arange(len(places)), -np.arange(len(places)))) * 1e-3
    for _ in range(ROUNDS):
        apart = at[:, None] - at[None, :]
        far = np.hypot(apart[..., 0], apart[..., 1])
        np.fill_diagonal(far, np.inf)
        short = np.maximum(APART - far, 0.0)
        if not short.any():
            break
        push = (apart / far[..., None] * short[..., None] / 2.0).sum(axis=1)
        at = np.clip(at + push, APART / 2.0, np.array((WIDTH, HEIGHT)) - APART / 2.0)
    return at


def _streets(streets: gpd.GeoDataFrame, on_paper: Paper, numbers: Floats) -> str:
    """Draw the streets, and the names of those that have room for them, each name once."""
    lines = shapely.transform(streets.geometry.to_numpy(), on_paper)
    frame = shapely.box(0.0, 0.0, WIDTH, HEIGHT)
    near = shapely.intersects(lines, frame)
    parts, street = shapely.get_parts(shapely.intersection(lines[near], frame), return_index=True)
    drawn = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    parts, street = parts[drawn], street[drawn]
    ground = f'<path class="streets" d="{"".join(map(_path, parts))}"/>'
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


def _path(line: shapely.Geometry) -> str:
    corners = shapely.get_coordinates(line).round(1).tolist()
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)


def _arrows(drawn: shapely.LineString) -> str:
    triangles, _ = arrowheads(
        np.array([drawn], dtype=object), every=90.0, length=ARROW, width=ARROW * 0.8
    )
    return "".join(f'<path class="arrow" d="{_path(shape.exterior)}Z"/>' for shape in triangles)


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


def _scale_bar(scale: float) -> str:
    fitting = [length for length in SCALE_BARS_M if length * scale <= WIDTH / 4.0]
    length_m = fitting[-1] if fitting else SCALE_BARS_M[0]
    wide = length_m * scale
    label = f"{length_m} m" if length_m < 1_000 else f"{length_m // 1_000} km"  # noqa: PLR2004
    low = HEIGHT - 10.0
    return (
        f'<path class="scale" d="M10 {low - 4}v4h{wide:.1f}v-4"/>'
        f'<text class="length" x="{14 + wide:.1f}" y="{low:g}">{label}</text>'
    )
