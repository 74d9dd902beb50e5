"""Cordons: the ways in or out that no camera sees, and what closes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from maps.colours import CLOSURE, OPEN_WAY
from maps.layers import Look, ThematicLayer
from maps.words import cell, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.cordon import OpenEdges
    from maps.layers import Style

OUTLINE_LEVEL: Final = 12
"""Over areas, under blind ground."""

WAY_LEVEL: Final = 47
"""Over the streets and what a proposal changes on them."""

CLOSURE_LEVEL: Final = 49
"""Over the ways that it closes."""

BAR_M: Final = 16.0
"""Length of a bar across a street, in metres: seen beside any street, and at no scale a street."""

OUTLINES: Final[dict[str, Style]] = {
    "open": {"color": OPEN_WAY, "weight": 2.5, "dashArray": "10 5", "fill": False},
    "closed": {"color": OPEN_WAY, "weight": 2.5, "fill": False},
    "unknown": {"color": OPEN_WAY, "weight": 1.5, "dashArray": "2 5", "fill": False},
}
"""A line that is whole where the cordon is, broken where it is open, dotted where nobody knows."""

WAY_STYLE: Final[Style] = {"color": OPEN_WAY, "weight": 7, "opacity": 0.95, "lineCap": "butt"}
"""The strongest line of the page: here one comes and goes unseen."""

STRETCH_STYLE: Final[Style] = {"color": CLOSURE, "weight": 3, "dashArray": "4 4", "opacity": 1}
"""Thin and broken, so that the way below it shows on both sides."""

BAR_STYLE: Final[Style] = {"color": CLOSURE, "weight": 6, "opacity": 1, "lineCap": "butt"}
"""A barrier across the street."""


def cordon_layer(open_edges: OpenEdges, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw cordons, their open ways and the fewest closures.

    Parameters
    ----------
    open_edges
        Outcome of `geo.cordon.open_edges`, in a metric CRS. It is restricted output, and so is
        this layer.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of outlines, ways and bars; its note says that it is restricted.
    """
    say = words(lang)
    layer = ThematicLayer(say("cordon"), show=show, note=say("cordon_note"))
    cordons = open_edges.cordons
    states = list(OUTLINES)
    closed = cordons["closed"]
    state = np.select([closed.isna(), closed.fillna(False).to_numpy(dtype=bool)], [2, 1], 0)
    text = [
        say.lines(
            cell(getattr(row, "name", None)) or say("cordon"),
            [
                ("area_id", cell(row.area_id)),
                ("status", say.code("cordon", states[number])),
                ("cordon_crossings", f"{row.crossings:,}"),
                ("cordon_ways", f"{row.ways:,}"),
                ("cordon_closures", f"{row.closures:,}"),
            ],
        )
        for number, row in zip(state, cordons.itertuples(), strict=True)
    ]
    looks = [Look(say.code("cordon", name), "area", style) for name, style in OUTLINES.items()]
    layer.draw(cordons, looks, state.astype(np.int64), level=OUTLINE_LEVEL, text=text)
    title = say.code("open_way", open_edges.way)
    _draw_lines(layer, open_edges.ways, Look(title, "line", WAY_STYLE), WAY_LEVEL, lang)
    closures = open_edges.closures
    look = Look(say("closure_stretch"), "line", STRETCH_STYLE)
    _draw_lines(layer, closures, look, CLOSURE_LEVEL - 1, lang)
    bars = gpd.GeoDataFrame(
        closures.drop(columns=closures.geometry.name),
        geometry=bars_across(closures.geometry.to_numpy()),
        crs=closures.crs,
    )
    _draw_lines(layer, bars, Look(say("closure"), "line", BAR_STYLE), CLOSURE_LEVEL, lang)
    return layer


def bars_across(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """
    Return a bar across the middle of each line.

    Parameters
    ----------
    lines
        n LineStrings in metres, none without length.

    Returns
    -------
    bars
        n lines of `BAR_M`, at right angles to the line there.
    """
    middle_m = shapely.length(lines) / 2.0
    # Of a street that bends in its middle, the way over the bend counts.
    near = [
        shapely.get_coordinates(shapely.line_interpolate_point(lines, middle_m + step_m))
        for step_m in (-middle_m / 10.0, middle_m / 10.0)
    ]
    at = shapely.get_coordinates(shapely.line_interpolate_point(lines, middle_m))
    along = near[1] - near[0]
    along /= np.maximum(np.hypot(*along.T), 1e-12)[:, None]
    side = np.column_stack((-along[:, 1], along[:, 0])) * (BAR_M / 2.0)
    bars: NDArray[np.object_] = shapely.linestrings(np.stack((at - side, at + side), axis=1))
    return bars


def _draw_lines(
    layer: ThematicLayer, frame: gpd.GeoDataFrame, look: Look, level: int, lang: str
) -> None:
    """Draw stretches under the title of their look."""
    say = words(lang)
    text = [
        say.lines(
            look.label,
            [
                ("area_id", cell(row.area_id)),
                ("street_id", cell(row.street_id)),
                ("stretch_length", say.length(row.length_m)),
            ],
        )
        for row in frame.itertuples()
    ]
    layer.draw(frame, [look], level=level, text=text)
