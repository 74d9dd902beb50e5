"""Which incidents hot spots are made of, and what becomes of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import ColumnError, InvalidParameterError
from geo.incidents.cells import Places
from geo.incidents.columns import UNKNOWN, coded, points_in, tallied
from geo.incidents.numbers import Rate
from geo.incidents.rows import in_period, units_of, weights_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from geo.incidents.periods import Period

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

NOT_PUBLIC: Final = "patrol"
"""What of `found_by` is left out. What cameras and grid workers find is kept and told apart: they
do not follow last week's hot spots as patrols do."""

TOO_VAGUE: Final = frozenset({"area", "none"})
"""What of `place_quality` tells no place: the middle of a village is where its rows are drawn."""

COUNTED_IN: Final = frozenset({"matter", "occurrence"})
"""Units in which a row is one; a row in another unit is one matter here."""


@dataclass(frozen=True)
class Taken:
    """
    Which rows hot spots were made of; every row of the period is in one of these numbers.

    Parameters
    ----------
    rows
        Rows in the period.
    counted
        Rows at a place: what hot spots are made of.
    left_out
        Rows found by patrols, and the rows of which it is known who found them.
    unknown_source
        Rows of which it is not; they are not left out.
    without_place
        Rows without a point, or with no better one than that of an area.
    outside
        Rows whose point is at none of the places.
    empty
        Rows that stand for none: `count` 0.
    sources
        Who found it -> rows that were counted.
    unit
        The unit of the counts: that of all rows, else matters.
    """

    rows: int
    counted: int
    left_out: Rate
    unknown_source: int
    without_place: int
    outside: int
    empty: int
    sources: dict[str, int]
    unit: str


def counted_rows(
    incidents: gpd.GeoDataFrame,
    places: Places,
    period: Period | None = None,
    *,
    public_only: bool = True,
) -> tuple[Ints, Ints, Taken]:
    """
    Tell which incidents hot spots are made of, at which places, and what became of the others.

    Parameters
    ----------
    incidents
        n rows, as for `geo.incidents.hotspots.hot_spots`.
    places
        As for `hot_spots`.
    period
        Which rows count; None for all.
    public_only
        Whether what patrols found is left out.

    Returns
    -------
    incident, place, taken
        m rows of the incidents, ascending; m rows of the places; and what was left out.

    Raises
    ------
    CRSError, GeometryError
        When the frames share no CRS whose metres are metres, or an incident is no point.
    ColumnError
        When there is no geometry.
    InvalidParameterError
        When the places are none.
    """
    if not isinstance(places, Places):
        raise InvalidParameterError(
            f"places: a {type(places).__name__} does not tell neighbours; make them with "
            f"street_places(streets) or square_cells(areas, cell_m)"
        )
    if not isinstance(incidents, gpd.GeoDataFrame) or incidents.active_geometry_name is None:
        raise ColumnError("incidents: no geometry column; pass a frame with points")
    due = np.ones(len(incidents), dtype=bool) if period is None else in_period(incidents, period)
    rows = incidents[due]
    empty = weights_of(rows) == 0
    patrol = _says(rows, "found_by", {NOT_PUBLIC}) & ~empty
    unknown = _says(rows, "found_by", {UNKNOWN}) & ~empty
    left = patrol & public_only
    vague = shapely.is_missing(points_in(rows)) | _says(rows, "place_quality", TOO_VAGUE)
    placeless = vague & ~left & ~empty
    held = np.flatnonzero(~(left | placeless | empty))
    row = places.assign(rows.iloc[held])
    at = held[row >= 0]
    units = set(units_of(rows.iloc[at]).tolist())
    source, sources = coded(rows.iloc[at], "found_by")
    taken = Taken(
        rows=len(rows),
        counted=len(at),
        left_out=Rate(int(patrol.sum()), int((~unknown & ~empty).sum())),
        unknown_source=int(unknown.sum()),
        without_place=int(placeless.sum()),
        outside=int((row < 0).sum()),
        empty=int(empty.sum()),
        sources=tallied(source, sources),
        unit=units.pop() if len(units) == 1 and units <= COUNTED_IN else "matter",
    )
    return np.flatnonzero(due)[at], row[row >= 0], taken


def _says(rows: gpd.GeoDataFrame, column: str, words: AbstractSet[str]) -> Bools:
    """Tell which rows say one of some words."""
    code, said = coded(rows, column)
    found: Bools = np.array([word.lower() in words for word in said], dtype=bool)[code]
    return found
