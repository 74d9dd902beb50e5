"""Rows of the store as GeoJSON, and GeoJSON that came in as the values of a row."""

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas.array import GeometryArray
from shapely.errors import ShapelyError

from api.errors import BadRequestError
from api.queries import MAX_LAT, MAX_LON, span_of
from data.attributes import ID_COLUMNS
from data.clocks import month_of
from data.codes import CODE_LISTS
from data.covert import COVERT
from data.grid_sheets import NEEDED
from data.ledgers import LEDGER_KEYS
from data.limits import LIMITS
from data.models import LAYERS
from data.personal import personal_values
from data.scope import LINES

MEDIA_TYPE: Final = "application/geo+json"
"""GeoJSON in lon/lat of WGS-84 (CRS84), as RFC 7946 has it."""

HIDDEN: Final = ("id", "geometry", "changed_by")
"""Columns of a frame that are no property: they stand elsewhere, or tell who."""

GEOMETRIES: Final[dict[str, tuple[str, ...]]] = {
    "streets": ("LineString", "MultiLineString"),
    "buildings": ("Polygon", "MultiPolygon"),
    "areas": ("Polygon", "MultiPolygon"),
    "posts": ("Point",),
    "cameras": ("Point",),
    "incidents": ("Point",),
    "routes": ("LineString", "MultiLineString"),
    "key_sites": ("Point", "Polygon", "MultiPolygon"),
    "must_visit": ("Point",),
    "addresses": ("Point",),
    "poles": ("Point",),
    "walls": ("LineString", "MultiLineString"),
    "entrances": ("Point",),
    "states": (),
    "faults": (),
    "workers": (),
    "work": (),
    "segments": ("LineString", "MultiLineString"),
    "standby": ("Point",),
    "checkins": ("Point",),
    "units": (),
    "duties": (),
    "roster": (),
    "stations": ("Point",),
}
"""What a row of each layer may be written as; of a ledger, which has no places, as nothing."""

KEPT: Final = frozenset(
    {"id", "identity", "code", "compared", "content_hash", "geometry", "west", "south", "east",
     "north", "source", "source_datum", "quality", "version", "changed_at", "changed_by",
     "valid_to"}
)  # fmt: skip
"""Columns that nobody writes: the store keeps them, and a row ends by DELETE."""

CHOICES: Final = {"line": LINES, "visibility": ("overt", COVERT)}
"""Columns that decide who sees a row, and all that may stand there."""

LISTED: Final = {
    (kind, name): tuple(CODE_LISTS[kind, name])
    for kind, name in (
        ("posts", "mobility"), ("posts", "channel"), ("posts", "crew"), ("posts", "duties"),
        ("areas", "kind"), ("areas", "risk"), ("areas", "setting"), ("key_sites", "kind"),
        ("workers", "role"), ("workers", "kind"), ("workers", "state"),
        ("units", "force"), ("units", "mode"), ("roster", "force"), ("roster", "mode"),
        ("duties", "place_kind"), ("duties", "force"),
        ("incidents", "count_unit"), ("incidents", "place_quality"), ("incidents", "closed_level"),
        ("incidents", "outcome"), ("incidents", "found_by"), ("incidents", "first_handler"),
        ("incidents", "colour"),
        ("stations", "unit_class"), ("stations", "mode"), ("stations", "state"),
    )
}  # fmt: skip
"""Layer and column -> the closed list of codes for it. Incidents have a kind and a state beyond
the lists: those keep the word that an office uses."""

JSON_TYPES: Final[dict[type, str]] = {
    str: "string", bool: "true / false", dt.date: "string", dt.datetime: "string",
}  # fmt: skip
"""Type of a column -> what JSON has for it."""

HEADINGS: Final = re.compile(r"{0}(?:;{0})+".format(r"(?:[12]?\d?\d|3[0-5]\d)(?:\.\d+)?"))
"""Headings of several lenses in degrees below 360, as the store keeps them."""

LONGEST_TEXT: Final = 500
LONGEST_CODE: Final = 80
"""Characters of a text and of a code that may be written."""

LONGEST_DIVISION: Final = 15
"""Digits of a division code, with a grid."""


def features(frame: gpd.GeoDataFrame) -> list[str]:
    """
    Write each row as a feature.

    Parameters
    ----------
    frame
        n rows in EPSG:4326 with `id`, as the store gives them.

    Returns
    -------
    features
        n JSON texts; what is missing is null, times are as they are stored.
    """
    return _features(frame, frame["id"].tolist(), frame.geometry.array)


def _features(frame: gpd.GeoDataFrame, ids: Iterable[int], places: GeometryArray) -> list[str]:
    """Write each row as a feature, under an id and with a place in EPSG:4326."""
    drawn = ["null" if text is None else text for text in shapely.to_geojson(np.asarray(places))]
    names = [name for name in frame.columns if name not in HIDDEN]
    columns = [_cells(frame, name) for name in names]
    rows = zip(*columns, strict=True) if columns else ((),) * len(frame)
    return [
        f'{{"type":"Feature","id":{row_id},"geometry":{place},"properties":{_json(row)}}}'
        for row_id, place, row in zip(
            ids, drawn, (dict(zip(names, row, strict=True)) for row in rows), strict=True
        )
    ]


def numbered_features(frames: Iterable[gpd.GeoDataFrame]) -> list[str]:
    """
    Write rows that were computed, and so have no id of their own.

    Parameters
    ----------
    frames
        In any CRS.

    Returns
    -------
    features
        Of all frames, numbered from 1 on.
    """
    items: list[str] = []
    for frame in frames:
        first = len(items) + 1
        # Of the places alone: a frame made anew takes longer than what is in it.
        places = frame.geometry.array.to_crs("EPSG:4326")
        items += _features(frame, range(first, first + len(frame)), places)
    return items


def collection(items: list[str], **members: Any) -> str:  # noqa: ANN401 - any JSON
    """
    Write a feature collection.

    Parameters
    ----------
    items
        What `features` gives.
    **members
        Further members, without NaN.

    Returns
    -------
    text
        JSON.
    """
    head = json.dumps(members, ensure_ascii=False, allow_nan=False)
    return f'{{"type":"FeatureCollection","features":[{",".join(items)}],{head[1:]}'


def writable(kind: str) -> dict[str, str]:
    """
    Return the properties of a layer that may be written.

    Parameters
    ----------
    kind
        A key of `LAYERS`.

    Returns
    -------
    columns
        Property -> column of the table.
    """
    names = [c.name for c in LAYERS[kind].__table__.columns if c.name not in KEPT]
    # A row of a ledger goes by what it is of, and has no code.
    own = {} if kind in LEDGER_KEYS else {ID_COLUMNS[kind]: "code"}
    return own | {name: name for name in names}


def needed(kind: str) -> tuple[str, ...]:
    """
    Return the properties that a row of a layer cannot do without.

    Parameters
    ----------
    kind
        A key of `LAYERS`.

    Returns
    -------
    names
        What a row of a ledger is of, and the grid that a slot is of; none for what has a place.
    """
    return tuple(dict.fromkeys((*LEDGER_KEYS.get(kind, ()), *NEEDED.get(kind, ()))))


def values_of(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """
    Read the properties of a feature that came in.

    Parameters
    ----------
    kind
        A key of `LAYERS`.
    properties
        Property -> value.

    Returns
    -------
    values
        Column -> value; a covert post is the police's, whatever is said.

    Raises
    ------
    BadRequestError
        When a property is unknown or has a value that cannot be used.
    """
    known = writable(kind)
    unknown = [name for name in properties if name not in known]
    if unknown:
        raise BadRequestError(
            "unknown_property", kind=kind, names=", ".join(unknown), known=", ".join(known)
        )
    columns = LAYERS[kind].__table__.columns
    values = {
        known[name]: _value(kind, name, value, columns[known[name]].type.python_type)
        for name, value in properties.items()
    }
    for name in ("division", "line", "visibility", *needed(kind)):
        if values.get(name, "") is None:
            raise BadRequestError("bad_value", name=name, met="null", wanted="text")
    if values.get("visibility") == COVERT:
        values["line"] = "police"
    return values


def geometry_of(kind: str, geometry: Mapping[str, Any]) -> shapely.Geometry:
    """
    Read the geometry of a feature that came in.

    Parameters
    ----------
    kind
        A key of `LAYERS`.
    geometry
        A GeoJSON geometry.

    Returns
    -------
    shape
        In EPSG:4326, without heights.

    Raises
    ------
    BadRequestError
        When it is of another type than the layer takes, empty, invalid or not in degrees.
    """
    wanted = GEOMETRIES[kind]

    def refused(why: str) -> BadRequestError:
        told = " / ".join(wanted) or "null"
        return BadRequestError("bad_geometry", why=why, kind=kind, wanted=told)

    if geometry.get("type") not in wanted:
        raise refused(f"type {geometry.get('type')!r}"[:40])
    if not _numbers(geometry.get("coordinates"), 4):
        raise refused("coordinates are no numbers")
    try:
        text = json.dumps({name: geometry[name] for name in ("type", "coordinates")})
        shape = shapely.force_2d(shapely.from_geojson(text))
    except (ShapelyError, ValueError):
        raise refused("coordinates do not fit the type") from None
    if shape.is_empty or (shape.geom_type != "Point" and shape.length == 0.0):
        raise refused("empty")
    if not shape.is_valid:
        raise refused(shapely.is_valid_reason(shape))
    bounds = np.abs(shape.bounds)
    if not (bounds[::2] <= MAX_LON).all() or not (bounds[1::2] <= MAX_LAT).all():
        raise refused("not in degrees")
    return shape


def _cells(frame: gpd.GeoDataFrame, name: str) -> list[Any]:
    """Return a column as JSON has it; of all times, only those of changes are in UTC."""
    cells = [_plain(value) for value in frame[name].tolist()]
    return [f"{cell}Z" for cell in cells] if name == "changed_at" else cells


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    """Return a cell as JSON has it; times without a zone are local, as they are stored."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _numbers(value: Any, depth: int) -> bool:  # noqa: ANN401 - any JSON
    """Tell whether this is finite numbers in lists, to a depth that GeoJSON has."""
    if isinstance(value, list):
        return depth > 0 and bool(value) and all(_numbers(item, depth - 1) for item in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e9  # noqa: PLR2004 - also refuses NaN, infinity and numbers too long


def _value(layer: str, name: str, value: Any, kind: type) -> Any:  # noqa: ANN401 - JSON in, a cell out
    """Return a property as its column takes it."""
    if value is None:
        return None
    if kind is bool and isinstance(value, bool):
        return value
    if kind is float:
        return _number(name, value)
    if kind is int:
        number = _number(name, value)
        if not number.is_integer():
            raise BadRequestError("bad_value", name=name, met=repr(value), wanted="whole number")
        return int(number)
    if issubclass(kind, dt.date) and isinstance(value, str):
        if kind is dt.date and len(value) != len("2024-05-01"):
            raise BadRequestError("bad_value", name=name, met=value, wanted="2024-05-01")
        since, _ = span_of(value, name)
        if since is None or "/" in value:
            raise BadRequestError("bad_time", name=name, met=value)
        return since if kind is dt.datetime else since.date()
    if kind is str and isinstance(value, str):
        _require_listed(layer, name, value)
        return _text(name, value)
    raise BadRequestError("bad_value", name=name, met=repr(value), wanted=JSON_TYPES[kind])


def _number(name: str, value: Any) -> float:  # noqa: ANN401 - any JSON
    real = isinstance(value, int | float) and not isinstance(value, bool)
    # Compared first: a whole number of any length may come in, and is no float.
    if not real or not abs(value) < 1e9:  # noqa: PLR2004 - also refuses NaN
        raise BadRequestError("bad_value", name=name, met=repr(value)[:40], wanted="number")
    number = float(value)
    if name in LIMITS and not LIMITS[name](np.array([number])).all():
        raise BadRequestError("bad_value", name=name, met=repr(value), wanted="number in range")
    return number


def _require_listed(layer: str, name: str, value: str) -> None:
    """Refuse words outside the closed list of a column; a post may have several duties."""
    if (layer, name) not in LISTED:
        return
    known = LISTED[layer, name]
    for word in value.split(";") if name == "duties" else [value]:
        if word not in known:
            raise BadRequestError("not_listed", name=name, met=word, known=" / ".join(known))


def _text(name: str, value: str) -> str:
    """Return a text that every database takes and that names nobody."""
    is_code = name in ID_COLUMNS.values()
    longest = LONGEST_CODE if is_code else LONGEST_TEXT
    if not value.isprintable() or len(value) > longest or not value.strip():
        raise BadRequestError("bad_value", name=name, met=value, wanted=f"1-{longest} characters")
    if name in CHOICES and value not in CHOICES[name]:
        raise BadRequestError("bad_value", name=name, met=value, wanted=" / ".join(CHOICES[name]))
    if name == "month" and month_of(value) != value:
        raise BadRequestError("bad_value", name=name, met=value, wanted="2026-01")
    if name == "headings" and not HEADINGS.fullmatch(value):
        raise BadRequestError("bad_value", name=name, met=value, wanted="90;270")
    if name == "division" and not (
        value.isascii() and value.isdecimal() and len(value) <= LONGEST_DIVISION
    ):
        raise BadRequestError("bad_value", name=name, met=value, wanted="digits")
    if not is_code and name != "division" and personal_values(pd.Series([value]), name).any():
        raise BadRequestError("personal_value", name=name)
    return value
