"""The map of a printed report: areas in colour, streets, hot spots by number; no script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from maps.legend import sample
from maps.paper import fitted, path, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import numpy.typing as npt

    from maps.layers import Look
    from maps.paper import Paper

    Objects = npt.NDArray[np.object_]

WIDTH, HEIGHT = 720.0, 480.0
"""Units of the drawing: the width of a sheet of A4 by half its height."""

MARGIN: Final = 14.0
"""Room around the areas."""

FOOT: Final = 14.0
"""Room under the areas for the scale bar."""

FINE: Final = 0.4
"""Units of the drawing below which a bend of a border is not seen."""


def report_map(
    areas: gpd.GeoDataFrame | None,
    looks: Sequence[Look],
    which: npt.NDArray[np.int64],
    *,
    spots: gpd.GeoDataFrame | None = None,
    streets: gpd.GeoDataFrame | None = None,
    north: str,
    label: str,
) -> str:
    """
    Draw areas in the colours of their classes, and hot spots with their numbers.

    Parameters
    ----------
    areas
        n polygons, in metres; None for none.
    looks
        The classes.
    which
        n numbers into them.
    spots
        Lines or polygons in the same CRS, the first of them number 1; None for none.
    streets
        Lines in the same CRS; None for none.
    north
        The letter over the arrow to the north, plain text.
    label
        What the drawing is, for those who do not see it.

    Returns
    -------
    svg
        An element that needs nothing else.

    Raises
    ------
    ValueError
        When no area, hot spot or street has a place.
    """
    held = [frame for frame in (areas, spots, streets) if frame is not None and _shapes(frame).size]
    if not held:
        raise ValueError("report map: no area, hot spot or street holds a place; pass one")
    bounds = shapely.total_bounds(_shapes(held[0])).tolist()
    paper = fitted(bounds, margin=MARGIN, width=WIDTH, height=HEIGHT, foot=FOOT)
    size = f'viewBox="0 0 {paper.width:.0f} {paper.height:.0f}"'
    parts = [
        f'<svg {size} role="img" aria-label="{escape(label)}">',
        "" if areas is None else _areas(areas, looks, which, paper),
        "" if streets is None else _lines(streets, paper, "streets"),
        "" if spots is None else _spots(spots, paper),
        paper.scale_bar(),
        paper.north(north),
        "</svg>",
    ]
    return "".join(parts)


def legend_list(looks: Sequence[Look], which: npt.NDArray[np.int64]) -> str:
    """
    Write the legend of a drawing: the classes that it draws, with how many areas each has.

    Parameters
    ----------
    looks
        The classes.
    which
        n numbers into them.

    Returns
    -------
    html
        A list; the samples are drawn from the very styles.
    """
    used, counts = np.unique(which, return_counts=True)
    rows = "".join(
        f"<li>{sample(looks[number])}<span>{escape(looks[number].label)}</span>"
        f'<span class="count">{count:,}</span></li>'
        for number, count in zip(used.tolist(), counts.tolist(), strict=True)
    )
    return f'<ul class="legend">{rows}</ul>'


def _shapes(frame: gpd.GeoDataFrame) -> Objects:
    shapes = frame.geometry.to_numpy()
    return shapes[np.isfinite(shapely.bounds(shapes)).all(axis=1)]


def _areas(
    areas: gpd.GeoDataFrame, looks: Sequence[Look], which: npt.NDArray[np.int64], paper: Paper
) -> str:
    """Draw polygons in their fill, hatched where their look is, then all borders once more."""
    shapes = areas.geometry.to_numpy()
    known = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    drawn = shapely.simplify(shapely.transform(shapes[known], paper.place), FINE)
    paths = [_rings(shape) for shape in drawn]
    used = sorted(set(which[known].tolist()))
    patterns = "".join(
        _pattern(number, looks[number].style) for number in used if looks[number].style.get("hatch")
    )
    fills = [_fill(number, looks[number].style) for number in which[known].tolist()]
    body = "".join(
        f'<path class="area" {fill} d="{data}"/>' for fill, data in zip(fills, paths, strict=True)
    )
    return f"<defs>{patterns}</defs>{body}"


def _rings(shape: shapely.Geometry) -> str:
    rings = [
        ring
        for part in shapely.get_parts(shape)
        if shapely.get_type_id(part) == shapely.GeometryType.POLYGON
        for ring in (part.exterior, *part.interiors)
    ]
    return "".join(f"{path(ring)}Z" for ring in rings)


def _fill(number: int, style: Any) -> str:  # noqa: ANN401 - a mapping of strings and numbers
    if style.get("hatch"):
        return f'fill="url(#hatch{number})"'
    return f'fill="{style["fillColor"]}" fill-opacity="{style["fillOpacity"]}"'


def _pattern(number: int, style: Any) -> str:  # noqa: ANN401 - a mapping of strings and numbers
    """Return strokes that slant as on the screen, over the colour of the class if it has one."""
    ground = ""
    if "ground" in style:
        ground = f'<path d="M0 0h6v6h-6Z" fill="{style["ground"]}" fill-opacity="0.75"/>'
    return (
        f'<pattern id="hatch{number}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)">{ground}'
        f'<path d="M0 0V6" stroke="{style["fillColor"]}" stroke-width="2.4"/></pattern>'
    )


def _lines(frame: gpd.GeoDataFrame, paper: Paper, name: str) -> str:
    """Draw lines as one path, cut at the edge of the drawing."""
    drawn = shapely.simplify(shapely.transform(_shapes(frame), paper.place), FINE)
    parts = shapely.get_parts(shapely.intersection(drawn, paper.frame))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    return f'<path class="{name}" d="{"".join(map(path, parts))}"/>'


def _cased(name: str, data: str) -> str:
    """Draw a line with a white edge, so that it stands out from any fill."""
    return f'<path class="{name} case" d="{data}"/><path class="{name}" d="{data}"/>'


def _spots(spots: gpd.GeoDataFrame, paper: Paper) -> str:
    """Draw hot spots, and their numbers apart from each other."""
    shapes = shapely.transform(spots.geometry.to_numpy(), paper.place)
    area = shapely.get_dimensions(shapes) > 1
    drawn = "".join(
        _cased("extent", _rings(shape))
        if flat
        else _cased("band", "".join(map(path, shapely.get_parts(shape))))
        for shape, flat in zip(shapes, area.tolist(), strict=True)
    )
    at = shapely.get_coordinates(shapely.point_on_surface(shapes))
    beside = spread(at, width=paper.width, height=paper.height)
    numbers = []
    for number, (place, label) in enumerate(zip(at, beside, strict=True), start=1):
        (x, y), (u, v) = place.round(1).tolist(), label.round(1).tolist()
        numbers.append(
            f'<path class="lead" d="M{x:g} {y:g}L{u:g} {v:g}"/>'
            f'<rect class="spot" x="{u - 8:g}" y="{v - 8:g}" width="16" height="16" rx="3"/>'
            f'<text class="number" x="{u:g}" y="{v + 3.6:g}">{number}</text>'
        )
    return drawn + "".join(numbers)
