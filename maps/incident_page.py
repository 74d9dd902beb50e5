"""The page of incidents: markers, heat, figures by area, hot spots, a slider, reach by road."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from maps.areas import outline_layer
from maps.background import background_layer
from maps.composing import Imprint, compose
from maps.features import COORDINATE_DIGITS, on_map
from maps.heat import heat_layer
from maps.hotspots import hot_place_layer, hot_spot_layer
from maps.hour_table import hour_table
from maps.incident_areas import incident_area_layer
from maps.incidents import incident_layers
from maps.moments import moment_layer
from maps.nearest import nearest_layer, place_layer
from maps.rings import outside_layer, ring_layer, station_layer
from maps.scene import NothingToDrawError
from maps.streets import plain_street_layer
from maps.tables import TextTable, text_table
from maps.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import numpy.typing as npt

    from maps.layers import ThematicLayer

MARKERS: Final = 20_000
"""More markers than this make a page that a browser opens in minutes rather than seconds."""


@dataclass(frozen=True, eq=False)
class IncidentScene:
    """
    What a page of incidents shows; every part may be missing, frames may be in any CRS.

    Parameters
    ----------
    incidents
        Points with `kind`; `class`, `state`, `time`, `time_to` where there are any. A row without
        a place is on no map.
    areas
        Polygons with `area_id` and the columns of `colours`; `name`, `unstable`, `sentence` where
        there are any, see `maps.incident_areas.incident_area_layer`.
    colours
        Columns of `areas` to colour by: "now" (counts), "per_ten_thousand" (rates), "share" (the
        change); the first is on.
    unit
        The unit of the counts, as in `count_unit`.
    hot_places
        `places` of `geo.incidents.hotspots.hot_spots`.
    hot_spots
        Its `spots`.
    ring_streets
        `streets` of `geo.response.rings`.
    outside
        Its `outside`.
    stations
        Its stations and those left out, see `maps.rings.station_layer`.
    candidates
        `candidates` of `geo.response.nearest_units`.
    places
        The places that were asked for.
    hours
        7 x 24 counts, Monday first.
    streets
        All streets, as a quiet ground.
    background
        Polygons under "water", "green" and "buildings".
    figures
        Labels and values for the head of the page, plain text.
    tables
        Tables under the map.
    """

    incidents: gpd.GeoDataFrame | None = None
    areas: gpd.GeoDataFrame | None = None
    colours: Sequence[str] = ()
    unit: str = "matter"
    hot_places: gpd.GeoDataFrame | None = None
    hot_spots: gpd.GeoDataFrame | None = None
    ring_streets: gpd.GeoDataFrame | None = None
    outside: gpd.GeoDataFrame | None = None
    stations: gpd.GeoDataFrame | None = None
    candidates: gpd.GeoDataFrame | None = None
    places: gpd.GeoDataFrame | None = None
    hours: npt.NDArray[np.float64] | None = None
    streets: gpd.GeoDataFrame | None = None
    background: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    figures: Sequence[tuple[str, str]] = ()
    tables: Sequence[TextTable] = ()


def incident_page(scene: IncidentScene, imprint: Imprint) -> str:
    """
    Compose one offline HTML page of incidents.

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
    if _crowded(scene):
        number = 0 if scene.incidents is None else len(scene.incidents)
        warning = say("too_many_markers", number=f"{number:,}", limit=f"{MARKERS:,}")
        imprint = replace(imprint, remarks=[*imprint.remarks, warning])
    tables = [text_table(table) for table in scene.tables]
    if scene.hours is not None:
        tables.append(hour_table(scene.hours, say))
    reach = any(part is not None for part in (scene.ring_streets, scene.candidates))
    about = say("group.reach" if reach else "group.incidents")
    figures = {about: scene.figures} if scene.figures else {}
    groups = _groups(scene, imprint.lang)
    return compose(groups, _bounds(scene), imprint, figures=figures, tables=tables)


def _crowded(scene: IncidentScene) -> bool:
    return scene.incidents is not None and len(scene.incidents) > MARKERS


def _groups(scene: IncidentScene, lang: str) -> dict[str, list[ThematicLayer]]:
    say = words(lang)
    reach = _reach(scene, lang)
    ground = [background_layer(scene.background, lang=lang)]
    if scene.streets is not None:
        ground.insert(0, plain_street_layer(scene.streets, lang=lang))
    return {
        say("group.reach"): reach,
        say("group.hot"): _hot(scene, lang),
        say("group.incidents"): _incidents(scene, lang),
        say("group.areas"): _areas(scene, lang),
        say("group.background"): ground,
    }


def _reach(scene: IncidentScene, lang: str) -> list[ThematicLayer]:
    layers: list[ThematicLayer] = []
    if scene.candidates is not None:
        layers.append(nearest_layer(scene.candidates, lang=lang))
    if scene.places is not None:
        layers.append(place_layer(scene.places, lang=lang))
    if scene.stations is not None:
        layers.append(station_layer(scene.stations, lang=lang))
    if scene.ring_streets is not None:
        layers.append(ring_layer(scene.ring_streets, lang=lang))
    if scene.outside is not None:
        layers.append(outside_layer(scene.outside, lang=lang))
    return layers


def _hot(scene: IncidentScene, lang: str) -> list[ThematicLayer]:
    layers: list[ThematicLayer] = []
    if scene.hot_spots is not None:
        layers.append(hot_spot_layer(scene.hot_spots, unit=scene.unit, lang=lang))
    if scene.hot_places is not None:
        layers.append(hot_place_layer(scene.hot_places, unit=scene.unit, lang=lang))
    return layers


def _incidents(scene: IncidentScene, lang: str) -> list[ThematicLayer]:
    """Return the layers of single incidents: off where something is drawn from them."""
    if scene.incidents is None:
        return []
    told = (scene.hot_places, scene.hot_spots, scene.ring_streets, scene.candidates)
    show = all(frame is None for frame in told) and not scene.colours
    if _crowded(scene):
        return [heat_layer(scene.incidents, lang=lang, show=show)]
    moments = (
        [moment_layer(scene.incidents, by=by, lang=lang) for by in ("day", "hour")]
        if "time" in scene.incidents
        else []
    )
    return [
        *incident_layers(scene.incidents, lang=lang, show=show),
        heat_layer(scene.incidents, lang=lang),
        *moments,
    ]


def _areas(scene: IncidentScene, lang: str) -> list[ThematicLayer]:
    areas = scene.areas
    if areas is None:
        return []
    hot = scene.hot_places is not None or scene.ring_streets is not None
    return [
        outline_layer(areas, lang=lang),
        *(
            incident_area_layer(
                areas, column, unit=scene.unit, lang=lang, show=number == 0 and not hot
            )
            for number, column in enumerate(scene.colours)
        ),
    ]


def _bounds(scene: IncidentScene) -> list[list[float]]:
    """Return the corners of what the page is about, else those of the streets."""
    told = [scene.areas, scene.incidents, scene.hot_spots, scene.ring_streets]
    told += [scene.outside, scene.stations, scene.candidates, scene.places]
    for frames in (told, [scene.streets]):
        found = [on_map(frame)[0] for frame in frames if frame is not None]
        if any(map(len, found)):
            box = shapely.total_bounds(np.concatenate(found)).round(COORDINATE_DIGITS)
            west, south, east, north = box.tolist()
            return [[south, west], [north, east]]
    raise NothingToDrawError(
        "scene: no incident, area, spot or station holds a place; pass rows with geometry"
    )
