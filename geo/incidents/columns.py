"""Cells of incidents as arrays: words as numbers, yes and no, places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.due import NO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

UNKNOWN: Final = "unknown"
"""What a row is counted under where its cell is blank."""

_POINT: Final = int(shapely.GeometryType.POINT)


def coded(incidents: pd.DataFrame, column: str) -> tuple[Ints, list[str]]:
    """
    Return a column as numbers of its words, which come in order whatever the order of the rows.

    Parameters
    ----------
    incidents
        n rows.
    column
        Its name.

    Returns
    -------
    code, words
        n places in the words; a missing column and blank cells are `UNKNOWN`.
    """
    if column not in incidents.columns:
        return np.zeros(len(incidents), dtype=np.int64), [UNKNOWN]
    code, cells = pd.factorize(incidents[column])
    texts = [str(cell).strip() or UNKNOWN for cell in cells]
    words = sorted({*texts, UNKNOWN} if (code < 0).any() else set(texts)) or [UNKNOWN]
    place = {word: number for number, word in enumerate(words)}
    # A missing cell has the code -1, which takes the last.
    of_cell = np.array([*(place[text] for text in texts), place.get(UNKNOWN, 0)], dtype=np.int64)
    return of_cell[code], words


def flagged(incidents: pd.DataFrame, column: str) -> NDArray[np.int8]:
    """
    Read a column of yes, no and unknown.

    Parameters
    ----------
    incidents
        n rows.
    column
        Its name.

    Returns
    -------
    flags
        n numbers: 1 yes, 0 no, -1 where the column or the cell is missing.
    """
    code, words = coded(incidents, column)
    each = [-1 if word == UNKNOWN else int(word.lower() not in NO) for word in words]
    return np.array(each, dtype=np.int8)[code]


def points_in(incidents: pd.DataFrame) -> NDArray[np.object_]:
    """
    Return the places of rows.

    Parameters
    ----------
    incidents
        n rows, with a geometry or without.

    Returns
    -------
    points
        n geometries; None for no place.
    """
    points = np.full(len(incidents), None, dtype=object)
    if isinstance(incidents, gpd.GeoDataFrame) and incidents.active_geometry_name is not None:
        points[:] = incidents.geometry.array
        points[shapely.is_empty(points)] = None
        # A point made of blank coordinates is not empty, and lies nowhere.
        points[np.isnan(shapely.get_x(points)) & (shapely.get_type_id(points) == _POINT)] = None
    return points


def tallied(code: Ints, words: Sequence[str]) -> dict[str, int]:
    """
    Count rows by word.

    Parameters
    ----------
    code
        n places in the words.
    words
        The words.

    Returns
    -------
    counts
        Word -> rows, in the order of the words; none with no row.
    """
    rows = np.bincount(code, minlength=len(words))
    return {word: int(count) for word, count in zip(words, rows, strict=True) if count}
