"""Counts of incidents by area, class, period and more, which add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.incidents.axes import BY, axes_of, checked
from geo.incidents.cube import Axis, summed
from geo.incidents.placed import ELSEWHERE, placed_in
from geo.incidents.rows import at_least, counted_at, weights_of
from geo.incidents.tagging import Tables, tagged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Counts:
    """
    Outcome of `counts`.

    Every frame has `count_unit`, `rows`, `count` (what the rows stand for) and `at_least` (one of
    them says "so many and more", so the sum does too).

    Parameters
    ----------
    frame
        One row per cell that has a row, by what was asked, in the order of areas, words and
        periods: `area_id` and so on. Adds up to `total`, unit by unit.
    tags
        The same by `tag` in place of class and group; None where nothing has a tag. A row with
        two tags is in two cells and one without in none, so this is no total and never part of
        one.
    total
        One row per unit.
    unplaced
        Of the total what lies in no area: by `area_id` (one of `ELSEWHERE`) and unit.
    by_name
        How many rows count in the area they name, having no place of their own.
    unlisted
        How many rows name an area which is none of those given, and have no place.
    untimed
        How many rows have no time: they are in `frame` under the period "unknown".
    """

    frame: pd.DataFrame
    tags: pd.DataFrame | None
    total: pd.DataFrame
    unplaced: pd.DataFrame
    by_name: int
    unlisted: int
    untimed: int

    def summary(self) -> dict[str, Any]:
        """Return the totals by unit, and what has no area or no time, ready for JSON."""
        return {
            "total": self.total.to_dict("records"),
            "unplaced": self.unplaced.to_dict("records"),
            "by_name": self.by_name,
            "unlisted": self.unlisted,
            "untimed": self.untimed,
        }


def counts(
    incidents: pd.DataFrame,
    areas: gpd.GeoDataFrame | None = None,
    *,
    by: Sequence[str] = ("area", "class", "month"),
    tags: pd.DataFrame | None = None,
    classes: pd.DataFrame | None = None,
    slots: pd.DataFrame | None = None,
) -> Counts:
    """
    Count incidents by several things at once, every row once.

    The unit of count is always one of them: 人 and 人次 are never added. A row counts at the time
    it was accepted, where that is missing when it happened; in a slot of the day by when it
    happened, and where that may have been in more than one, under "several".

    Parameters
    ----------
    incidents
        n rows, Point or no place; columns as `geo.incidents.rows` reads them.
    areas
        Polygons with `area_id` in the metric CRS of the incidents; a point on a border counts for
        the lowest code, one in no area as "outside", and a row without a place in the area it
        names (`area_code`), else as "no_place". None: all count by what they name.
    by
        Some of `geo.incidents.axes.BY` but "tag". With "class" and "group" comes the kind.
    tags
        Which classes have which tags: `tag`, `class`, and `since`, `until` of each line; a row is
        tagged by the lines of its day.
    classes
        Which classes have which `group`: `kind`, `class`, `group`.
    slots
        The slots of the day; None for `geo.incidents.slots.usual_slots`.

    Returns
    -------
    counts
        Whatever the order of the rows, the same.

    Raises
    ------
    CRSError, ColumnError, GeometryError
        When areas and incidents share no metric CRS, a table lacks a column, or the areas are no
        valid polygons.
    InvalidParameterError
        When something asked for is unknown, or a unit, a count or a time is none.

    Notes
    -----
    1,000,000 rows over 1,047 areas, 11 classes and 24 months take about a second.
    """
    asked = checked(by, [word for word in BY if word != "tag"])
    tables = Tables(classes, tags, slots)
    placed = placed_in(incidents, areas)
    axes = axes_of(incidents, asked, placed, tables)
    measures = measures_of(incidents)
    where = Axis("area_id", placed.code, placed.labels)
    return Counts(
        told(summed(axes, measures)),
        _by_tag(incidents, axes, measures, tables),
        told(summed(axes[-1:], measures)),
        _elsewhere(told(summed([where, axes[-1]], measures))),
        int(placed.by_name.sum()),
        int(placed.unlisted.sum()),
        int(counted_at(incidents).isna().sum()),
    )


def measures_of(incidents: pd.DataFrame) -> dict[str, Ints]:
    """
    Return what is added up of each row.

    Parameters
    ----------
    incidents
        n rows.

    Returns
    -------
    measures
        `rows` (1 each), `count`, and `at_least` (1 where the count is "and more").
    """
    return {
        "rows": np.ones(len(incidents), dtype=np.int64),
        "count": weights_of(incidents),
        "at_least": at_least(incidents).astype(np.int64),
    }


def told(sums: pd.DataFrame) -> pd.DataFrame:
    """
    Say of each sum whether it is "so many and more".

    Parameters
    ----------
    sums
        As `summed` gives them of `measures_of`.

    Returns
    -------
    sums
        The same; `at_least` is true where one of the rows was.
    """
    return sums.assign(at_least=sums["at_least"] > 0)


def _by_tag(
    incidents: pd.DataFrame, axes: Sequence[Axis], measures: Mapping[str, Ints], tables: Tables
) -> pd.DataFrame | None:
    """Count by tag in place of class and group."""
    row, code, words = tagged(incidents, tables.tags)
    if not words:
        return None
    kept = [axis.rows(row) for axis in axes if axis.name not in {"class", "group"}]
    of_tag = Axis("tag", code, words)
    return told(
        summed(
            [*kept[:-1], of_tag, kept[-1]], {name: value[row] for name, value in measures.items()}
        )
    )


def _elsewhere(sums: pd.DataFrame) -> pd.DataFrame:
    """Take the sums of what lies in no area."""
    return sums[sums["area_id"].isin(list(ELSEWHERE))].reset_index(drop=True)
