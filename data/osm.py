"""Extracts of OpenStreetMap: streets, buildings and cameras out of an .osm.pbf."""

import re
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import KindError
from data.gis import read_features
from data.notes import Note
from data.tables import Table, pick_layer
from data.values import texts

OSM_SUFFIXES: Final = (".pbf",)
"""Files read as extracts of OpenStreetMap: .osm.pbf."""

LAYERS: Final = {
    "streets": ("lines", "highway IS NOT NULL"),
    "buildings": ("multipolygons", "building IS NOT NULL"),
    "cameras": ("points", "man_made = 'surveillance'"),
}
"""Kind of layer -> GDAL's layer of the extract, and which of its features."""

TAGS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "streets": {
        "osm_id": ("osm_id",),
        **{tag: (tag,) for tag in ("name", "highway", "oneway", "bridge", "tunnel")},
        **{tag: (tag,) for tag in ("layer", "width")},
    },
    "buildings": {"name": ("name",), "building": ("building",), "height": ("height",)},
    "cameras": {
        "osm_id": ("osm_id",),
        "name": ("name",),
        "direction": ("camera:direction", "direction"),
        "camera:type": ("camera:type",),
        "height": ("height",),
        "camera:angle": ("camera:angle",),
    },
}
"""
Kind of layer -> head of the table -> tags it is taken from, the first that an object has.

Nothing else is taken: a map has names of shopkeepers, telephones and persons to contact.
"""

TAG: Final = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
"""One tag among those that have no column of their own in GDAL's layers: `"oneway"=>"yes"`."""

ESCAPED: Final = re.compile(r"\\(.)")
"""A quote or backslash within a tag."""

CAMERA_TYPES: Final = frozenset({"camera", "alpr"})
"""Values of `surveillance:type` that are cameras. Guards are persons and no assets."""


def read_osm(path: Path, layer: str | None, kind: str) -> Table:
    """
    Read what serves a kind of layer from an extract of OpenStreetMap.

    Parameters
    ----------
    path
        The file.
    layer
        None, or GDAL's name of the layer that serves the kind: there is no choice.
    kind
        streets, buildings or cameras.

    Returns
    -------
    table
        The objects with a few of their tags; buildings by `way/n` or `relation/n`, because both
        kinds of object count from 1.

    Raises
    ------
    KindError
        When the kind is another.
    LayerError
        When another layer is named.
    FormatError
        When GDAL cannot read the file.
    """
    if kind not in LAYERS:
        raise KindError("osm_kind", file=path.name, kind=kind, known=list(LAYERS))
    name, where = LAYERS[kind]
    pick_layer(path.name, layer, [name])
    table = read_features(path, name, path.name, where=where)
    fields = dict(zip(table.heads, map(texts, table.columns), strict=True))
    tags = [_tags(text) for text in fields["other_tags"]]
    columns: dict[str, list[str | None]] = {
        head: _first(fields, tags, sources, len(table.rows)) for head, sources in TAGS[kind].items()
    }
    if kind == "buildings":
        pairs = zip(fields["osm_way_id"], fields["osm_id"], strict=True)
        ids: list[str | None] = [
            f"way/{way}" if way is not None else f"relation/{rel}" for way, rel in pairs
        ]
        columns["osm_id"] = ids
    kept = np.ones(len(table.rows), dtype=bool)
    notes = list(table.notes)
    if kind == "cameras":
        kept, found = _cameras(tags)
        notes += found
    return Table(
        heads=tuple(columns),
        columns=tuple(
            pd.Series(values, dtype=object)[kept].reset_index(drop=True)
            for values in columns.values()
        ),
        rows=table.rows[kept],
        source=table.source,
        wkb=None if table.wkb is None else table.wkb[kept],
        crs=table.crs,
        notes=tuple(notes),
    )


def _tags(text: str | None) -> dict[str, str]:
    """Return the tags written into one field."""
    pairs = TAG.findall(text or "")
    return {ESCAPED.sub(r"\1", key): ESCAPED.sub(r"\1", value) for key, value in pairs}


def _first(
    fields: dict[str, list[str | None]],
    tags: list[dict[str, str]],
    sources: tuple[str, ...],
    count: int,
) -> list[str | None]:
    """Return for every object the first of some tags that it has."""
    found: list[str | None] = [None] * count
    for source in sources:
        values = fields.get(source) or [own.get(source) for own in tags]
        found = [value if was is None else was for was, value in zip(found, values, strict=True)]
    return found


def _cameras(tags: list[dict[str, str]]) -> tuple[NDArray[np.bool_], list[Note]]:
    """Tell which objects are cameras; one that does not say what it is counts as a camera."""
    types = [own.get("surveillance:type", "camera") for own in tags]
    kept = np.array([not CAMERA_TYPES.isdisjoint(_words(text)) for text in types], dtype=np.bool_)
    others = Counter(text for text, is_kept in zip(types, kept, strict=True) if not is_kept)
    if not others:
        return kept, []
    return kept, [Note("no_cameras", {"count": others.total(), "values": list(others)})]


def _words(text: str) -> set[str]:
    return {word.strip().casefold() for word in text.split(";")}
