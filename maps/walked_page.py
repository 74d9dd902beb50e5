"""The page of what was walked: matched ways with a slider, and what became of what was due."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maps.areas import outline_layer
from maps.background import background_layer
from maps.composing import Imprint, compose
from maps.features import COORDINATE_DIGITS, on_map
from maps.patrol_status import dropped_layer, seen_layer, status_layer, unknown_layer, way_layer
from maps.streets import plain_street_layer
from maps.tables import TextTable, text_table
from maps.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

    from maps.layers import ThematicLayer


@dataclass(frozen=True, eq=False)
class WalkedScene:
    """
    What a page of walked patrols shows; frames may be in any CRS.

    Parameters
    ----------
    ways
        Matched stretches of street; see `maps.patrol_status.way_layer`.
    tracks
        One row per track: `track_id`, `name`.
    seen
        The fixes kept, at their places on the way: `track_id`, `time`.
    gaps
        `track_id`, `from`, `to`, `length_s`.
    dropped
        The fixes dropped: `track_id`, `reason` in words, `time`.
    streets
        All streets, as a quiet ground.
    places
        What became of what was due, see `maps.patrol_status.status_layer`; None where nobody asked:
        then the ways are what the page is about.
    areas
        Patrol areas with `area_id`.
    background
        Polygons under "water", "green" and "buildings".
    figures
        Labels and values for the head of the page, plain text.
    tables
        Tables under the map.
    """

    ways: gpd.GeoDataFrame
    tracks: pd.DataFrame
    seen: gpd.GeoDataFrame
    gaps: pd.DataFrame
    dropped: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    places: gpd.GeoDataFrame | None = None
    areas: gpd.GeoDataFrame | None = None
    background: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    figures: Sequence[tuple[str, str]] = ()
    tables: Sequence[TextTable] = ()


def walked_page(scene: WalkedScene, imprint: Imprint) -> str:
    """
    Compose one offline HTML page of walked patrols.

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
    UnknownDatumError, UnknownLanguageError
        When the imprint names a datum or a language that nobody knows.
    """
    say = words(imprint.lang)
    figures = {say("group.patrol"): scene.figures} if scene.figures else {}
    return compose(
        _groups(scene, imprint.lang), _bounds(scene), imprint, figures=figures,
        tables=[text_table(table) for table in scene.tables],
    )  # fmt: skip


def _groups(scene: WalkedScene, lang: str) -> dict[str, list[ThematicLayer]]:
    say = words(lang)
    alone = scene.places is None
    due = [] if scene.places is None else [status_layer(scene.places, lang=lang)]
    return {
        say("group.patrol"): [
            *due,
            way_layer(scene.ways, scene.tracks, lang=lang, show=alone),
            seen_layer(scene.seen, scene.tracks, scene.gaps, lang=lang, show=alone),
            unknown_layer(scene.gaps, scene.seen, lang=lang, show=alone),
            dropped_layer(scene.dropped, lang=lang),
        ],
        say("group.areas"): [] if scene.areas is None else [outline_layer(scene.areas, lang=lang)],
        say("group.background"): [
            plain_street_layer(scene.streets, lang=lang),
            background_layer(scene.background, lang=lang),
        ],
    }


def _bounds(scene: WalkedScene) -> list[list[float]]:
    """Return the corners of what was walked and due; those of the streets where that is nothing."""
    frames = [frame for frame in (scene.ways, scene.places) if frame is not None]
    shapes = np.concatenate([on_map(frame)[0] for frame in frames])
    if not len(shapes):
        shapes = on_map(scene.streets)[0]
    west, south, east, north = shapely.total_bounds(shapes).round(COORDINATE_DIGITS).tolist()
    return [[south, west], [north, east]]
