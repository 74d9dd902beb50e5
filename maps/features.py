"""Frames written as small, safe GeoJSON for a page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from maps.errors import MapsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import numpy.typing as npt

LEAFLET_CRS: Final = "EPSG:4326"
"""Leaflet takes WGS-84 longitude and latitude."""

COORDINATE_DIGITS: Final = 6
"""
Six decimals of a degree are 0.1 m, finer than any source; more digits only grow the page.

For the same reason a corner that lies within the last digit of its neighbours' line is left out.
"""

OPENS_TEMPLATE: Final = re.compile(r"\{(?=[{%#])")
"""
What jinja would take for the start of an expression.

branca parses rendered scripts as templates once more, so a street named `{{ 7 * 7 }}` would be
worked out. In JSON these pairs stand in strings only, where the brace may be written by its number.
"""


class FrameError(MapsError, LookupError):
    """A frame lacks a column or the CRS that its layer needs."""


def require(frame: gpd.GeoDataFrame, argument: str, columns: Sequence[str] = ()) -> None:
    """
    Refuse a frame that cannot be drawn.

    Parameters
    ----------
    frame
        Any frame.
    argument
        Its name, for the message.
    columns
        The columns it must have.

    Raises
    ------
    FrameError
        When it has no CRS or lacks a column.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        there = ", ".join(map(str, frame.columns))
        raise FrameError(
            f"{argument}: no column {', '.join(missing)} among {there}; rename the columns first"
        )
    if frame.crs is None:
        raise FrameError(f"{argument}: no CRS set; call set_crs first")


def script_json(value: object) -> str:
    r"""
    Write a value as JSON that may stand inside a script element.

    Parameters
    ----------
    value
        Whatever `json` writes.

    Returns
    -------
    text
        JSON in which `<`, `>` and `&` of the strings are written as `\u003c` and so on, so that no
        text can close the script, open a comment or start a template.
    """
    return _guard(_json(value))


def on_map(
    frame: gpd.GeoDataFrame,
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """
    Return the shapes that can be drawn, in the CRS of the page.

    Parameters
    ----------
    frame
        n rows in any CRS that is set.

    Returns
    -------
    geometry
        The shapes that have a place, in input order, in EPSG:4326.
    rows
        The number of the row of each.
    """
    shapes = frame.geometry.to_crs(LEAFLET_CRS).to_numpy()
    # What is missing, empty or not a number has no bounds.
    rows = np.flatnonzero(np.isfinite(shapely.bounds(shapes)).all(axis=1))
    return shapes[rows], rows


def collection(
    geometry: npt.NDArray[np.object_],
    which: npt.NDArray[np.int64],
    text: Sequence[Sequence[str]] | None,
    glyphs: Sequence[str] | None,
) -> str:
    """
    Write shapes as the features of one collection.

    Parameters
    ----------
    geometry
        n shapes in degrees.
    which
        n numbers of the look each is drawn in.
    text
        n lists of tooltip lines; none draws shapes that take no pointer.
    glyphs
        n short texts to stand inside point markers.

    Returns
    -------
    text
        A GeoJSON array of features, safe inside a script element. Properties are `k` the look,
        `t` the lines and `g` the glyph: short names, for they repeat in every row.
    """
    # An arc of two degrees a step has four times the corners that anyone can see.
    plain = shapely.simplify(geometry, 10.0**-COORDINATE_DIGITS)
    rounded = shapely.transform(plain, lambda xy: np.round(xy, COORDINATE_DIGITS))
    shapes = shapely.to_geojson(rounded)
    properties: Iterable[dict[str, Any]] = ({"k": int(number)} for number in which)
    if text is not None:
        properties = (row | {"t": lines} for row, lines in zip(properties, text, strict=True))
    if glyphs is not None:
        properties = (row | {"g": glyph} for row, glyph in zip(properties, glyphs, strict=True))
    features = (
        f'{{"type":"Feature","properties":{_json(row)},"geometry":{shape}}}'
        for row, shape in zip(properties, shapes, strict=True)
    )
    return _guard(f"[{','.join(features)}]")


def _guard(text: str) -> str:
    """Write out by number what would mean something to HTML, JavaScript or jinja."""
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return OPENS_TEMPLATE.sub(r"\\u007b", text)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
