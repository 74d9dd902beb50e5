"""Patrol routes with their direction and the points that must be visited in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import working_crs
from maps.colours import ROUTES
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import numpy.typing as npt

    from maps.layers import Style

LEVEL: Final = 50
"""Over streets, under points."""

ARROW_EVERY_M: Final = 220.0
"""Metres between two arrowheads: at the scale of a town several a screen, never a hedge."""

ARROW_LENGTH_M: Final = 20.0
"""Metres from base to tip: about seven pixels when a town fills the screen."""

ARROW_WIDTH_M: Final = 15.0
"""Metres across the base."""

ARROW_STYLE: Final[Style] = {
    "color": "#222222",
    "weight": 1,
    "fillColor": "#ffffff",
    "fillOpacity": 1.0,
}
"""White with a dark edge: it reads on a line of any colour."""

POINT_STYLE: Final[Style] = {"glyph": "stop"}
"""A white disc with the order inside, its edge in the colour of the route."""


def route_layer(
    routes: gpd.GeoDataFrame,
    must_visit: gpd.GeoDataFrame | None = None,
    *,
    lang: str = "zh",
    show: bool = True,
) -> ThematicLayer:
    """
    Draw each route in a colour of its own, with arrowheads and numbered points.

    Parameters
    ----------
    routes
        n LineStrings in any CRS with `route_id`; `name`, `unit`, `mode`, `shift` where there are
        any. The line runs as the patrol walks.
    must_visit
        m points in any CRS with `route_id` and `seq`; `name` and `dwell_min` where there are any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of lines, arrowheads and numbers.
    """
    say = words(lang)
    require(routes, "routes", ["route_id"])
    layer = ThematicLayer(say("routes"), show=show)
    if routes.empty:
        return layer
    records = routes.drop(columns=routes.geometry.name).to_dict("records")
    names = [cell(row.get("name")) or cell(row["route_id"]) for row in records]
    text = [_text(row, name, say) for row, name in zip(records, names, strict=True)]
    styles = [_style(number) for number in range(len(routes))]
    looks = [
        Look(_label(row, name, say), "line", style)
        for row, name, style in zip(records, names, styles, strict=True)
    ]
    layer.draw(routes, looks, np.arange(len(routes)), level=LEVEL, text=text)
    _draw_arrows(layer, routes, text, say)
    if must_visit is not None:
        require(must_visit, "must_visit", ["route_id", "seq"])
        _draw_points(layer, must_visit, dict(zip(routes["route_id"], names, strict=True)), say)
    return layer


def arrowheads(
    lines: npt.NDArray[np.object_],
    *,
    every: float = ARROW_EVERY_M,
    length: float = ARROW_LENGTH_M,
    width: float = ARROW_WIDTH_M,
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """
    Return small triangles that point along lines.

    Every line has one in its middle; a longer one has them evenly apart.

    Parameters
    ----------
    lines
        n LineStrings in any plane.
    every
        How far apart arrowheads are, in units of the plane.
    length
        From base to tip.
    width
        Across the base.

    Returns
    -------
    triangles
        Polygons whose tip lies on the line and points to its end.
    line
        The number of the line of each triangle.
    """
    whole = shapely.length(lines)
    many = np.maximum(np.round(whole / every), 1).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), many)
    rank = np.arange(len(line)) - np.repeat(np.cumsum(many) - many, many)
    middle = (rank + 0.5) * whole[line] / many[line]
    half = np.minimum(length, whole[line]) / 2.0
    tail = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], middle - half))
    tip = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], middle + half))
    along = tip - tail
    # Around a hairpin both ends may coincide: such an arrow points nowhere and is left out.
    far = np.hypot(*along.T)
    keep = far > 0.0
    along, tip, line = along[keep] / far[keep, None], tip[keep], line[keep]
    back = tip - along * length
    side = np.column_stack((-along[:, 1], along[:, 0])) * (width / 2.0)
    corners = np.stack((tip, back + side, back - side, tip), axis=1)
    return shapely.polygons(corners), line


def _draw_arrows(
    layer: ThematicLayer,
    routes: gpd.GeoDataFrame,
    text: list[list[str]],
    say: Words,
) -> None:
    metric = routes.to_crs(working_crs(routes))
    triangles, line = arrowheads(metric.geometry.to_numpy())
    frame = gpd.GeoDataFrame(geometry=triangles, crs=metric.crs)
    look = Look(say("direction"), "arrow", ARROW_STYLE)
    which = np.zeros(len(line), dtype=np.int64)
    layer.draw(frame, [look], which, level=LEVEL + 1, text=[text[number] for number in line])


def _draw_points(
    layer: ThematicLayer, points: gpd.GeoDataFrame, names: dict[object, str], say: Words
) -> None:
    rows = points.drop(columns=points.geometry.name).to_dict("records")
    text = [
        say.lines(
            cell(row.get("name")),
            [
                ("route", names.get(row["route_id"], cell(row["route_id"]))),
                ("order", cell(row["seq"])),
                ("dwell", _minutes(row.get("dwell_min"), say)),
            ],
        )
        for row in rows
    ]
    # A point of a route that is not drawn keeps the plain disc.
    numbers = {route: number for number, route in enumerate(names)}
    which = np.array([numbers.get(row["route_id"], len(names)) for row in rows], dtype=np.int64)
    colours = [{**POINT_STYLE, "color": _style(number)["color"]} for number in range(len(names))]
    looks = [
        Look(say("must_visit_of", name=name), "point", style)
        for name, style in zip(names.values(), colours, strict=True)
    ]
    looks.append(Look(say("must_visit"), "point", POINT_STYLE))
    layer.draw(
        points, looks, which, level=LEVEL, text=text, glyphs=[cell(row["seq"]) for row in rows]
    )


def _style(number: int) -> dict[str, Any]:
    """Return the line of the route with this number."""
    style: dict[str, Any] = {"color": ROUTES[number % len(ROUTES)], "weight": 4, "opacity": 0.85}
    return style | ({"dashArray": "10 6"} if number >= len(ROUTES) else {})


def _label(row: dict[str, Any], name: str, say: Words) -> str:
    """Return the name of a route with how and when it is walked."""
    how = [say.code("mode", row.get("mode")), say.code("shift", row.get("shift"))]
    known = say("list").join(filter(None, how))
    return say("route_label", name=name, how=known) if known else name


def _text(row: dict[str, Any], name: str, say: Words) -> list[str]:
    """Return the name, and who walks how and when."""
    return say.lines(
        name,
        [
            ("unit", cell(row.get("unit"))),
            ("mode", say.code("mode", row.get("mode"))),
            ("shift", say.code("shift", row.get("shift"))),
        ],
    )


def _minutes(dwell_min: float | None, say: Words) -> str:
    number = cell(dwell_min)
    return say("minutes", number=number) if number else ""
