"""The page of grids: figures in colour, borders and what is wrong with them, ground that moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maps.background import background_layer
from maps.choropleth import choropleth_layer
from maps.composing import Imprint, compose
from maps.defects import defect_layer
from maps.features import COORDINATE_DIGITS, on_map
from maps.ground import border_layer, code_layer, moved_layer
from maps.scene import NothingToDrawError
from maps.tables import TextTable, text_table
from maps.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from maps.layers import ThematicLayer


@dataclass(frozen=True, eq=False)
class GridScene:
    """
    What a page of grids shows; frames may be in any CRS.

    Parameters
    ----------
    areas
        Polygons with `area_id`; `name` where there is any, and the columns of `colours`.
    colours
        Columns to colour by: the first is on.
    parent
        The village or town that the areas divide, where it is known.
    before
        The areas before a change.
    moved
        Ground that changes hands: `from_id, to_id`.
    defects
        What an audit found.
    background
        Polygons under "water", "green" and "buildings".
    figures
        Labels and values for the head of the page, plain text.
    tables
        Tables under the map.
    """

    areas: gpd.GeoDataFrame
    colours: Sequence[str] = ()
    parent: gpd.GeoDataFrame | None = None
    before: gpd.GeoDataFrame | None = None
    moved: gpd.GeoDataFrame | None = None
    defects: gpd.GeoDataFrame | None = None
    background: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    figures: Sequence[tuple[str, str]] = ()
    tables: Sequence[TextTable] = ()


def grid_page(scene: GridScene, imprint: Imprint) -> str:
    """
    Compose one offline HTML page of grids.

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
        When no area has a place.
    UnknownDatumError, UnknownLanguageError
        When the imprint names a datum or a language that nobody knows.
    """
    say = words(imprint.lang)
    tables = [text_table(table) for table in scene.tables]
    figures = {say("group.areas"): scene.figures} if scene.figures else {}
    groups = _groups(scene, imprint.lang)
    return compose(groups, _bounds(scene), imprint, figures=figures, tables=tables)


def _groups(scene: GridScene, lang: str) -> dict[str, list[ThematicLayer]]:
    say = words(lang)
    changes = []
    if scene.defects is not None:
        changes.append(defect_layer(scene.defects, lang=lang))
    if scene.moved is not None:
        changes.append(moved_layer(scene.moved, lang=lang))
    if scene.before is not None:
        changes.append(border_layer(scene.before, before=True, lang=lang))
    colours = [
        choropleth_layer(scene.areas, column, lang=lang, show=number == 0)
        for number, column in enumerate(scene.colours)
    ]
    return {
        say("group.changes"): changes,
        say("group.areas"): [
            border_layer(scene.areas, lang=lang),
            code_layer(scene.areas, lang=lang),
            *colours,
        ],
        say("group.background"): [background_layer(scene.background, lang=lang)],
    }


def _bounds(scene: GridScene) -> list[list[float]]:
    frames = [scene.areas, scene.parent, scene.defects]
    shapes = np.concatenate([on_map(frame)[0] for frame in frames if frame is not None])
    if not len(shapes):
        raise NothingToDrawError("scene: no area holds a place; pass areas with geometry")
    west, south, east, north = shapely.total_bounds(shapes).round(COORDINATE_DIGITS).tolist()
    return [[south, west], [north, east]]
