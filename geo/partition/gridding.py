"""How much of the villages is divided into grids, and figures added up the tree of divisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.areas import polygons_of
from geo.crs import require_metric_crs
from geo.due import number_column, text_column
from geo.errors import InvalidParameterError
from geo.partition.overlaps import village_of
from geo.partition.reading import or_none, required, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

FORMULAS: Final = {
    "count": "villages with one grid or more / all villages",
    "area": "ground of villages inside their own grids, once / ground of villages",
}
"""By what a gridding rate goes -> how it is reckoned."""

LEVEL_DIGITS: Final = {"prefecture": 4, "county": 6, "town": 9, "village": 12}
"""Level of a division -> the digits that its code begins with."""

FIGURES: Final = ("households", "people")
"""What is added up unless told otherwise."""


@dataclass(frozen=True)
class GriddingRate:
    """
    A gridding rate (网格化率) with what it is made of.

    Parameters
    ----------
    basis
        "count" or "area".
    unit
        What is counted: "villages" or "m2".
    numerator
        How much is divided into grids.
    denominator
        Of how much.
    unknown
        Villages whose ground is not known; they are in the count and not in the area.
    """

    basis: str
    unit: str
    numerator: float
    denominator: float
    unknown: int

    @property
    def share(self) -> float | None:
        """Return the share in [0, 1]; None without villages."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def formula(self) -> str:
        """Return how it is reckoned, in words."""
        return FORMULAS[self.basis]

    def summary(self) -> dict[str, Any]:
        """Return the fields, the share and the formula, ready for JSON."""
        return {**vars(self), "share": self.share, "formula": self.formula}


@dataclass(frozen=True, eq=False)
class Gridding:
    """
    How much of the villages is divided into grids; see `gridding`.

    Parameters
    ----------
    villages
        One row per village, in its order: `village_id`, `setting` ("urban", "rural", "unknown"),
        `grids`, `area_m2`, `gridded_m2`, `gridded_share` (NaN where the ground is unknown).
    by_count
        The rate that reports state.
    by_area
        The rate beside it, which a village that is divided in part lowers.
    elsewhere
        Grids that lie in none of the villages: their codes.
    """

    villages: pd.DataFrame
    by_count: GriddingRate
    by_area: GriddingRate
    elsewhere: list[str]

    @property
    def without_grid(self) -> pd.DataFrame:
        """Villages without a grid; rural ones may be so: `village_id`, `setting`, `allowed`."""
        bare = self.villages[self.villages["grids"] == 0]
        rural = bare["setting"] == "rural"
        return bare[["village_id", "setting"]].assign(allowed=rural).reset_index(drop=True)

    def summary(self) -> dict[str, Any]:
        """Return both rates and the lists, ready for JSON."""
        bare = self.without_grid
        return {
            "by_count": self.by_count.summary(),
            "by_area": self.by_area.summary(),
            "without_grid": bare["village_id"].tolist(),
            "without_grid_allowed": bare["village_id"][bare["allowed"]].tolist(),
            "elsewhere": self.elsewhere,
        }


def gridding(villages: gpd.GeoDataFrame, grids: gpd.GeoDataFrame) -> Gridding:
    """
    Tell how much of the villages is divided into grids, by count and by area.

    A grid is of the village that its `parent_id` names, else of the one that holds most of it.
    Ground counts as divided where a grid of the village itself lies, once however many do.

    Parameters
    ----------
    villages
        n polygons with `area_id`, in a metric CRS; `setting` ("urban", "rural") where known. A row
        without geometry counts as a village of unknown ground.
    grids
        m polygons with `area_id` in the same CRS; `parent_id` is read where present.

    Returns
    -------
    gridding
        Both rates with numerator and denominator.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError, GeometryError
        When codes are missing or repeated, or a row is no valid polygon.
    """
    require_metric_crs(villages=villages, grids=grids)
    code, grid_code = required(villages, "villages", "area_id"), required(grids, "grids", "area_id")
    ground, divided = polygons_of(villages, "villages"), polygons_of(grids, "grids")
    number = pd.Index(code).get_indexer(village_of(grids, villages))
    count = np.bincount(number[number >= 0], minlength=len(code))
    area = shapely.area(ground)
    known = area > 0.0
    gridded = np.zeros(len(code))
    # shapely unites no groups at once.
    for k in np.flatnonzero(known & (count > 0)):
        own = shapely.union_all(divided[number == k])
        gridded[k] = shapely.intersection(own, ground[k]).area
    said = text_column(villages, "setting")
    setting = np.where(np.isin(said, ("urban", "rural")), said, "unknown")
    with np.errstate(invalid="ignore"):
        share = np.where(known, gridded, np.nan) / np.where(known, area, np.nan)
    frame = pd.DataFrame(
        {
            "village_id": or_none(code),
            "setting": or_none(setting),
            "grids": count,
            "area_m2": np.where(known, area, np.nan),
            "gridded_m2": np.where(known, gridded, np.nan),
            "gridded_share": share,
        }
    )
    unknown = int((~known).sum())
    return Gridding(
        frame,
        GriddingRate("count", "villages", int((count > 0).sum()), len(code), unknown),
        GriddingRate("area", "m2", float(gridded.sum()), float(area[known].sum()), unknown),
        grid_code[number < 0].tolist(),
    )


def roll_up(
    areas: gpd.GeoDataFrame, *, by: str = "village", figures: Sequence[str] = FIGURES
) -> pd.DataFrame:
    """
    Add up figures of grids by village, town, county or prefecture.

    The division is told by the digits of `parent_id`, else of `area_id`.

    Parameters
    ----------
    areas
        n polygons in a metric CRS, with `parent_id`, `area_id` or both.
    by
        A key of `LEVEL_DIGITS`.
    figures
        Columns of numbers; one that is not there is unknown of all.

    Returns
    -------
    frame
        One row per division, by code: `code`, `areas`, `area_m2`, and for each figure its sum
        over the areas of which it is known (NaN where it is of none) and `<figure>_unknown`, of
        how many it is not. A last row with `code` None takes what has no usable code, so that
        the rows add up to the whole.

    Raises
    ------
    CRSError
        When metres are no metres.
    GeometryError
        When a row is no valid polygon.
    InvalidParameterError
        When the level is unknown.
    """
    require_metric_crs(areas=areas)
    if by not in LEVEL_DIGITS:
        raise InvalidParameterError(f"by: {by!r} is no level; use one of {', '.join(LEVEL_DIGITS)}")
    digits = LEVEL_DIGITS[by]
    of = _prefixes(texts(areas, "parent_id"), digits)
    silent = of == ""
    of[silent] = _prefixes(texts(areas, "area_id"), digits)[silent]
    codes, row = np.unique(of, return_inverse=True)
    columns: dict[str, Any] = {
        "areas": np.bincount(row, minlength=len(codes)),
        "area_m2": np.bincount(row, shapely.area(polygons_of(areas, "areas")), len(codes)),
    }
    for figure in figures:
        number = number_column(areas, figure)
        known = np.isfinite(number)
        told = np.bincount(row[known], minlength=len(codes))
        total = np.bincount(row[known], number[known], len(codes))
        columns[figure] = np.where(told > 0, total, np.nan)
        columns[f"{figure}_unknown"] = columns["areas"] - told
    frame = pd.DataFrame({"code": or_none(codes)} | columns)
    order = np.argsort(codes == "", kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def _prefixes(codes: NDArray[np.str_], digits: int) -> NDArray[np.str_]:
    """Return the first digits of each code, "" where it has fewer, or zeros alone below."""
    found = np.full(len(codes), "", dtype=f"<U{digits}")
    above = max((n for n in LEVEL_DIGITS.values() if n < digits), default=0)
    for row, code in enumerate(codes):
        if len(code) >= digits and code.isascii() and code.isdecimal() and int(code[above:digits]):
            found[row] = code[:digits]
    return found
