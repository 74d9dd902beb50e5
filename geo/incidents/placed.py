"""Which area each incident counts in: once, wherever it lies, and never in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.areas import areas_of_xy, code_ranks
from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.incidents.columns import UNKNOWN, coded, points_in
from geo.points import coordinates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

OUTSIDE: Final = "outside"
"""What rows count in whose place lies in no area."""

NO_PLACE: Final = "no_place"
"""What rows count in that have no place and name no area that is known."""

NOT_NAMED: Final = "not_named"
"""What rows count in that have a place but name no area, where no areas were given."""

ELSEWHERE: Final = (OUTSIDE, NO_PLACE, NOT_NAMED)
"""What is counted and lies in no area."""

POORLY_PLACED: Final = "area"
"""The `place_quality` of a row whose place is only that of an area: its own code says more."""


@dataclass(frozen=True, eq=False)
class Placed:
    """
    Where rows count; see `placed_in`.

    Parameters
    ----------
    labels
        The codes of the areas in the order of their frame, each once, then `OUTSIDE`, `NO_PLACE`
        and `NOT_NAMED`.
    code
        n places in the labels.
    by_name
        n truths: rows that count in the area they name, not in the one their place lies in.
    unlisted
        n truths: rows that name an area which is none of those given, and have no place.
    """

    labels: tuple[str, ...]
    code: Ints
    by_name: Bools
    unlisted: Bools

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the codes of the areas."""
        return self.labels[: -len(ELSEWHERE)]


def placed_in(incidents: pd.DataFrame, areas: gpd.GeoDataFrame | None) -> Placed:
    """
    Find the area in which each row counts.

    A place decides, and one on a border belongs to the lowest code. A row without a place counts
    in the area it names; so does one whose place is only that of an area.

    Parameters
    ----------
    incidents
        n rows, Point or no place; `area_code` and `place_quality` are read where present.
    areas
        Polygons with `area_id`, metric CRS; rows of one code are one area. None to count by what
        the rows name.

    Returns
    -------
    placed
        One area or one of `ELSEWHERE` for each row.

    Raises
    ------
    CRSError, ColumnError, GeometryError
        When the areas are in no metric CRS, or another than the incidents; when they have no
        code, are no valid polygons, or an incident is no point.
    InvalidParameterError
        When an area is called as one of `ELSEWHERE`.
    """
    named, words = coded(incidents, "area_code")
    if areas is None:
        codes = [word for word in words if word != UNKNOWN]
        _require_names(codes)
        of_word = pd.Index(codes, dtype=object).get_indexer(pd.Index(words, dtype=object))
        area = of_word[named].astype(np.int64)
        placeless = shapely.is_missing(points_in(incidents))
        absent = np.where(placeless, len(codes) + 1, len(codes) + 2)
        none = np.zeros(len(incidents), dtype=bool)
        return Placed((*codes, *ELSEWHERE), np.where(area >= 0, area, absent), none, none)
    code_ranks(areas)
    position, codes = _codes(areas)
    _require_names(codes)
    of_word = pd.Index(codes, dtype=object).get_indexer(pd.Index(words, dtype=object))
    own = of_word[named].astype(np.int64)
    area, placeless = _by_place(incidents, areas, position)
    poor, qualities = coded(incidents, "place_quality")
    vague = np.array([word == POORLY_PLACED for word in qualities])[poor]
    by_name = (own >= 0) & (placeless | vague)
    found = np.where(by_name, own, area)
    found[(found < 0) & placeless] = len(codes) + 1
    found[found < 0] = len(codes)
    said = np.array([word != UNKNOWN for word in words])[named]
    return Placed((*codes, *ELSEWHERE), found, by_name, placeless & said & (own < 0))


def _by_place(
    incidents: pd.DataFrame, areas: gpd.GeoDataFrame, position: Ints
) -> tuple[Ints, Bools]:
    """Find the area that holds each place, and the rows without one."""
    if not (isinstance(incidents, gpd.GeoDataFrame) and incidents.active_geometry_name):
        require_metric_crs(areas=areas)
        return np.full(len(incidents), -1), np.ones(len(incidents), dtype=bool)
    # No row: incidents are not measured, so one that lies far away is outside and no error.
    require_metric_crs(areas=areas, incidents=incidents.iloc[:0])
    xy = coordinates(incidents, "incidents")
    area = areas_of_xy(xy[:, 0], xy[:, 1], areas)
    return np.append(position, -1)[area], np.isnan(xy[:, 0])


def _codes(areas: gpd.GeoDataFrame) -> tuple[Ints, list[str]]:
    """Return the number of the code of each row, and the codes; rows of one are one area."""
    position, codes = pd.factorize(area_ids(areas))
    return position.astype(np.int64), list(codes)


def area_ids(areas: pd.DataFrame) -> NDArray[np.object_]:
    """
    Return the codes of areas as they are counted by.

    Parameters
    ----------
    areas
        n rows with `area_id`.

    Returns
    -------
    codes
        n texts without outer blanks.
    """
    return np.array([str(code).strip() for code in areas["area_id"]], dtype=object)


def _require_names(codes: list[str]) -> None:
    """Refuse areas that are called like what lies in none."""
    taken = sorted(set(codes) & set(ELSEWHERE))
    if taken:
        raise InvalidParameterError(
            f"areas: {taken[0]!r} is what rows count in that lie in no area; give that area "
            f"another code"
        )
