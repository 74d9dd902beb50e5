"""The page of a planned patrol: routes by unit, the order of stops, a slider, what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from maps.areas import outline_layer
from maps.background import background_layer
from maps.colours import GAP
from maps.composing import Imprint, compose
from maps.features import COORDINATE_DIGITS, on_map, require
from maps.layers import Look, ThematicLayer
from maps.routes import route_layer
from maps.scene import NothingToDrawError
from maps.streets import plain_street_layer
from maps.tables import TextTable, text_table
from maps.timed import timed_layer
from maps.words import cell, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from maps.layers import Style

NUMBERED: Final = ("point", "segment", "standby")
"""Kinds of stop that have a number: what a unit goes out for."""

UNSERVED_LEVEL: Final = 60
"""Over routes: what is left out matters most."""

UNSERVED_POINT: Final[Style] = {"glyph": "defect", "color": GAP}
"""A filled disc with a mark, in the colour of a gap."""

UNSERVED_LINE: Final[Style] = {"color": GAP, "weight": 6, "opacity": 0.9, "dashArray": "2 9"}
"""Dots along the segment: no unit walks it."""


@dataclass(frozen=True, eq=False)
class PatrolScene:
    """
    What a page of a planned patrol shows; frames may be in any CRS.

    Parameters
    ----------
    routes
        LineStrings with `crew_id`; `name`, `mode`, `shift` where there are any.
    stops
        Rows with `crew_id, kind, id, arrive, leave`; `name` where there is any. In the order of
        the visit.
    legs
        One LineString per movement with `crew_id, begin, end`, in order.
    unserved
        Rows with `id`, `reason` and `relaxation`, in words; None for none.
    areas
        Patrol areas with `area_id`.
    streets
        All streets, as a quiet ground.
    background
        Polygons under "water", "green" and "buildings".
    figures
        Labels and values for the head of the page, plain text.
    tables
        Tables under the map.
    """

    routes: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    legs: gpd.GeoDataFrame
    unserved: gpd.GeoDataFrame | None = None
    areas: gpd.GeoDataFrame | None = None
    streets: gpd.GeoDataFrame | None = None
    background: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    figures: Sequence[tuple[str, str]] = ()
    tables: Sequence[TextTable] = ()


def patrol_page(scene: PatrolScene, imprint: Imprint) -> str:
    """
    Compose one offline HTML page of a planned patrol.

    Parameters
    ----------
    scene
        What is to be seen.
    imprint
        What the page says of itself.

    Returns
    -------
    html
        A complete page, the same bytes for the same input.

    Raises
    ------
    NothingToDrawError
        When nothing has a place.
    UnknownDatumError, UnknownLanguageError
        When the imprint names a datum or a language that nobody knows.
    """
    say = words(imprint.lang)
    tables = [text_table(table) for table in scene.tables]
    figures = {say("group.patrol"): scene.figures} if scene.figures else {}
    return compose(
        _groups(scene, imprint.lang), _bounds(scene), imprint, figures=figures, tables=tables
    )


def unserved_layer(
    unserved: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw what a plan leaves out, with the reason.

    Parameters
    ----------
    unserved
        Points and lines in any CRS with `id`, `reason` and `relaxation`, in words; `name` where
        there is any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        Marks at points, dots along segments.
    """
    say = words(lang)
    require(unserved, "unserved", ["id", "reason", "relaxation"])
    layer = ThematicLayer(say("unserved"), show=show)
    looks = [
        Look(say("unserved_place"), "point", UNSERVED_POINT, "!"),
        Look(say("unserved_place"), "line", UNSERVED_LINE),
    ]
    rows = unserved.drop(columns=unserved.geometry.name).to_dict("records")
    text = [
        say.lines(
            cell(row.get("name")) or cell(row["id"]),
            [("reason", cell(row["reason"])), ("relaxation", cell(row["relaxation"]))],
        )
        for row in rows
    ]
    which = (shapely.get_dimensions(unserved.geometry.to_numpy()) > 0).astype(np.int64)
    layer.draw(unserved, looks, which, level=UNSERVED_LEVEL, text=text, glyphs=["!"] * len(rows))
    return layer


def numbered(stops: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the stops that have a number, counted for each crew from 1.

    Parameters
    ----------
    stops
        Rows with `crew_id` and `kind`, in the order of the visit.

    Returns
    -------
    stops
        What a crew goes out for: `order` beside the columns given.
    """
    held = stops[stops["kind"].isin(NUMBERED)]
    return held.assign(order=held.groupby("crew_id", sort=False).cumcount() + 1)


def _groups(scene: PatrolScene, lang: str) -> dict[str, list[ThematicLayer]]:
    say = words(lang)
    routes = scene.routes.rename(columns={"crew_id": "route_id"})
    stops = numbered(scene.stops).drop(columns="seq", errors="ignore")
    stops = stops.rename(columns={"crew_id": "route_id", "order": "seq"})
    stops["dwell_min"] = (stops["leave"] - stops["arrive"]).dt.total_seconds() // 60
    patrol = [
        route_layer(routes, stops, lang=lang),
        timed_layer(scene.routes, scene.legs, lang=lang),
    ]
    if scene.unserved is not None and len(scene.unserved):
        patrol.insert(0, unserved_layer(scene.unserved, lang=lang))
    ground = [background_layer(scene.background, lang=lang)]
    if scene.streets is not None:
        ground.insert(0, plain_street_layer(scene.streets, lang=lang))
    return {
        say("group.patrol"): patrol,
        say("group.areas"): [] if scene.areas is None else [outline_layer(scene.areas, lang=lang)],
        say("group.background"): ground,
    }


def _bounds(scene: PatrolScene) -> list[list[float]]:
    frames = [scene.routes, scene.stops, scene.unserved]
    shapes = np.concatenate([on_map(frame)[0] for frame in frames if frame is not None])
    if not len(shapes):
        raise NothingToDrawError("scene: no route, stop or place left out; plan again with units")
    west, south, east, north = shapely.total_bounds(shapes).round(COORDINATE_DIGITS).tolist()
    return [[south, west], [north, east]]
