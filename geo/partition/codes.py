"""
Codes of grids: the twelve digits of the village and three of the grid inside it.

Ordinary grids are numbered 001 to 900 and exclusive ones (校园, 商圈, 园区) 901 to 999 in the
order of `reading_order`, village by village.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.areas import polygons_of
from geo.crs import require_metric_crs
from geo.due import text_column
from geo.errors import ColumnError, InvalidParameterError
from geo.partition.ordering import reading_order
from geo.partition.overlaps import village_of
from geo.partition.reading import or_none, texts

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd
    from numpy.typing import NDArray

    Texts = NDArray[np.str_]
    Bools = NDArray[np.bool_]

CODE_DIGITS: Final = 15
"""Digits of the code of a grid: 12 of its village, 3 of its own (usual form of the field)."""

VILLAGE_DIGITS: Final = 12
"""Digits of the code of a village or community."""

EXCLUSIVE: Final = "exclusive"
"""The `kind` of a grid that is numbered apart: a campus, a market, a park."""

NUMBERS: Final = {False: range(1, 901), True: range(901, 1000)}
"""Whether a grid is exclusive -> its numbers."""

FAULTS: Final = ("missing", "digits", "no_village", "village", "number", "duplicate")
"""What may be wrong with a code, the first that holds is told: there is none; it is not 15 digits;
no village is known for the grid; it begins with another village; its number is 000 or out of the
range of its kind; another row has it."""


@dataclass(frozen=True, eq=False)
class GridCodes:
    """
    Codes for grids; see `grid_codes`.

    Parameters
    ----------
    table
        One row per grid, in its order: `area_id` as it came, `village_id`, `code` (None where
        there is none to give), `state`: "kept", "new", or why not: "no_village", "no_place".
    faults
        What was wrong with the codes that came: `row`, `area_id`, `fault` (one of `FAULTS`).
    """

    table: pd.DataFrame
    faults: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return how many grids kept, got or lack a code, and the faults by kind."""
        states = self.table["state"].value_counts()
        faults = self.faults["fault"].value_counts()
        return {
            "areas": len(self.table),
            "kept": int(states.get("kept", 0)),
            "new": int(states.get("new", 0)),
            "without_code": int(self.table["code"].isna().sum()),
            "faults": {name: int(faults[name]) for name in FAULTS if name in faults},
        }


def grid_codes(
    areas: gpd.GeoDataFrame,
    villages: gpd.GeoDataFrame | None = None,
    *,
    keep: bool = False,
    used: Collection[str] = (),
    band_m: float | None = None,
) -> GridCodes:
    """
    Give grids codes, numbered from west to east and north to south inside their village.

    Parameters
    ----------
    areas
        n polygons in a metric CRS. `parent_id` is the code of the village where filled; `kind`
        "exclusive" is numbered apart; `area_id` is the code so far. All are read where present.
    villages
        Polygons with `area_id` in the same CRS, for grids that do not say their village: the one
        that holds most of the grid. None for none.
    keep
        Whether good codes stay and only the others are given anew. Such grids come after the
        highest number of their village and kind, so that no number is used for a second grid.
        Grids that share a code all get new ones: it names none of them.
    used
        Codes given before, of grids that are no more; their numbers are not used again. Only with
        `keep`.
    band_m
        Height of a band of `reading_order`, in metres; None for half the median height of the
        village's grids.

    Returns
    -------
    codes
        In the order of the rows; what is numbered how does not depend on that order.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError, GeometryError
        When a village's code is not 12 digits, or nothing tells the villages; when a row is no
        valid polygon.
    InvalidParameterError
        When a village has more grids than there are numbers, or `band_m` is not above 0.
    """
    require_metric_crs(areas=areas, **({} if villages is None else {"villages": villages}))
    if band_m is not None and not band_m > 0.0:
        raise InvalidParameterError(f"band_m must be greater than 0, got {band_m!r}")
    village = _villages(areas, villages)
    old = texts(areas, "area_id")
    exclusive = text_column(areas, "kind") == EXCLUSIVE
    fault = _faults(old, village, exclusive)
    shapes = polygons_of(areas, "areas")
    placed = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    good = (fault == "") & keep
    due = placed & (village != "") & ~good
    state = np.where(village == "", "no_village", np.where(placed, "new", "no_place"))
    state[good] = "kept"
    code = np.where(good, old, "").astype(object)
    taken = np.concatenate((old, np.array(list(used), dtype=str))) if keep else old[:0]
    for name in np.unique(village[due]):
        for apart, numbers in NUMBERS.items():
            rows = np.flatnonzero(due & (village == name) & (exclusive == apart))
            first = _first_free(name, taken, numbers)
            if len(rows) > numbers.stop - first:
                raise InvalidParameterError(
                    f"areas: {len(rows)} {'exclusive' if apart else 'ordinary'} grids of village "
                    f"{name} need numbers from {first:03d}, and those end at {numbers[-1]}; "
                    + ("number all anew without keep" if keep else "divide the village first")
                )
            order = rows[reading_order(shapes[rows], band_m=band_m)]
            code[order] = [f"{name}{number:03d}" for number in range(first, first + len(rows))]
    table = pd.DataFrame(
        {
            "area_id": or_none(old),
            "village_id": or_none(village),
            "code": or_none(code.astype(str)),
            "state": or_none(state),
        }
    )
    return GridCodes(table, _listed(old, fault))


def code_faults(areas: gpd.GeoDataFrame, villages: gpd.GeoDataFrame | None = None) -> pd.DataFrame:
    """
    List what is wrong with the codes of grids.

    Parameters
    ----------
    areas
        n polygons with `area_id`; see `grid_codes`.
    villages
        Polygons with `area_id`; see `grid_codes`.

    Returns
    -------
    faults
        One row per bad code: `row`, `area_id`, `fault` (one of `FAULTS`).

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError, GeometryError
        When a village's code is not 12 digits, or nothing tells the villages; when a row is no
        valid polygon.
    """
    require_metric_crs(areas=areas, **({} if villages is None else {"villages": villages}))
    old = texts(areas, "area_id")
    exclusive = text_column(areas, "kind") == EXCLUSIVE
    return _listed(old, _faults(old, _villages(areas, villages), exclusive))


def _villages(areas: gpd.GeoDataFrame, villages: gpd.GeoDataFrame | None) -> Texts:
    """Return the village of each grid, "" where nothing tells; refuse what is no village."""
    if villages is None and "parent_id" not in areas.columns:
        raise ColumnError(
            "areas: no column parent_id; add one with the code of the village, or pass villages"
        )
    found = village_of(areas, villages)
    for code in np.unique(found[found != ""]):
        if not (_digits(code, VILLAGE_DIGITS) and code[-3:] != "000"):
            row = int(np.flatnonzero(found == code)[0])
            raise ColumnError(
                f"areas: row {row} lies in {str(code)!r}, which is not the code of a village "
                f"(twelve digits, the last three not 000); correct parent_id or the villages"
            )
    return found


def _faults(code: Texts, village: Texts, exclusive: Bools) -> Texts:
    """Return the fault of each code, "" where there is none."""
    repeated = pd.Series(code).duplicated(keep=False).to_numpy()
    fault = np.full(len(code), "", dtype="<U10")
    for row, (text, parent, apart) in enumerate(zip(code, village, exclusive, strict=True)):
        if text == "":
            fault[row] = "missing"
        elif not _digits(text, CODE_DIGITS):
            fault[row] = "digits"
        elif parent == "":
            fault[row] = "no_village"
        elif not text.startswith(parent):
            fault[row] = "village"
        elif _number(text) not in NUMBERS[bool(apart)]:
            fault[row] = "number"
        elif repeated[row]:
            fault[row] = "duplicate"
    return fault


def _first_free(village: str, taken: Texts, numbers: range) -> int:
    """Return the number after the highest that a village has used in a range."""
    used = (
        _number(code) for code in taken if _digits(code, CODE_DIGITS) and code.startswith(village)
    )
    return max((number for number in used if number in numbers), default=numbers.start - 1) + 1


def _listed(code: Texts, fault: Texts) -> pd.DataFrame:
    """Return the rows that have a fault."""
    rows = np.flatnonzero(fault != "")
    return pd.DataFrame(
        {"row": rows, "area_id": or_none(code[rows]), "fault": or_none(fault[rows])}
    )


def _digits(code: str, count: int) -> bool:
    """Tell whether a text is so many digits."""
    return len(code) == count and code.isascii() and code.isdecimal()


def _number(code: str) -> int:
    """Return the number of a grid inside its village."""
    return int(code[VILLAGE_DIGITS:])
