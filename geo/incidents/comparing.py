"""Counts of a period held against another: by area, class and more, and against the parent area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.errors import InvalidParameterError
from geo.incidents.axes import BY, PERIODS, checked, unit_axis
from geo.incidents.compared import Compared
from geo.incidents.incidence import people_of
from geo.incidents.periods import Comparison
from geo.incidents.placed import ELSEWHERE, area_ids, placed_in
from geo.incidents.rows import counted_at
from geo.incidents.sides import (
    SIDES,
    by_unit,
    changed,
    read_counts,
    rows_of,
    sums_by,
    without_figures,
)
from geo.incidents.tagging import Tables, held_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.incidents.placed import Placed

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

COMPARED_BY: Final = tuple(word for word in BY if word not in PERIODS)
"""What counts can be compared by."""


@dataclass(frozen=True, eq=False)
class Parent:
    """
    The area above, for the same periods.

    Parameters
    ----------
    rows
        Its own incidents, ours among them; or its counts, with `now` and `before` and what ours
        are counted by.
    people
        How many live there, greater than 0; None where that is not known.
    """

    rows: pd.DataFrame
    people: float | None = None

    def __post_init__(self) -> None:
        """Refuse people of whom there can be no rate."""
        if self.people is not None and not 0 < self.people < np.inf:
            raise InvalidParameterError(
                f"people: {self.people!r} is no number of people above 0; leave it out where it is "
                f"not known"
            )


def compare(
    incidents: pd.DataFrame,
    comparison: Comparison,
    *,
    areas: gpd.GeoDataFrame | None = None,
    by: Sequence[str] = ("area",),
    population: str | Mapping[str, float] | pd.Series[Any] | None = None,
    parent: pd.DataFrame | Parent | None = None,
    reporting: Iterable[object] | pd.DataFrame | None = None,
    tables: Tables | None = None,
) -> Compared:
    """
    Hold the counts of a period against another, and against the parent area's.

    Parameters
    ----------
    incidents
        n rows, Point or no place; those of both periods are taken.
    comparison
        The period, and what it is held against; their days are the exposures of the tests.
    areas
        Polygons with `area_id` in the metric CRS of the incidents. None: by what rows name.
    by
        Some of `COMPARED_BY`; with "class" and "group" comes the kind, and the unit always. By
        "tag" a row is in several cells or none: such cells are never added up.
    population
        The column of the areas with their people, or people by code.
    parent
        Rows of the parent area, its counts, or a `Parent` with its people.
    reporting
        Codes of the areas that reported in the period, or a frame with them as `area_id`; only of
        those is a count of none a zero. None: that is not known of any.
    tables
        The editable tables. One definition of a tag holds for both periods: that of the last day.

    Returns
    -------
    compared
        By area every area has a row for each unit, also one of which nothing is recorded.

    Raises
    ------
    CRSError, ColumnError, GeometryError
        When areas and incidents share no metric CRS, a column is missing, or the areas are no
        valid polygons.
    InvalidParameterError
        When something asked for is unknown, a number or a time is none, or only one period is
        given.

    Notes
    -----
    The tests take what is counted as single matters that happen by themselves. Of people, who
    come in groups, and of counts that are sums of others, they call chance real too often.
    """
    asked = checked(by, COMPARED_BY)
    if not isinstance(comparison, Comparison):
        raise InvalidParameterError(
            f"comparison: a {type(comparison).__name__} says not what to hold it against; pass "
            f"year_before(period) or period_before(period)"
        )
    read = tables or Tables()
    read = Tables(read.classes, held_on(read.tags, comparison.now.last_day), read.slots)
    rows, measures = rows_of(incidents, comparison)
    placed = placed_in(rows, areas)
    people = people_of(areas, population)
    recorded = np.bincount(placed.code, measures["now"], minlength=len(placed.labels))
    none = recorded[: len(placed.areas)] == 0
    # An area that has a row in the period has reported, whoever forgot to list it.
    has_data = _reported(placed, reporting) | ~none
    total = by_unit(rows, measures)
    units = list(total["count_unit"]) or list(unit_axis(incidents).labels)
    frame = sums_by(rows, measures, asked, placed, read)
    everybody = sum(people.values()) if set(people) >= set(placed.areas) else np.nan
    if "area" in asked:
        frame = _by_area(frame, units, placed, asked)
        if people:
            frame["people"] = frame["area_id"].map(people).astype(np.float64)
        state = _states(frame, placed, has_data, known=reporting is not None)
        frame = changed(frame, comparison).assign(state=state)
        frame = without_figures(frame, state == "no_data")
    else:
        frame = changed(frame.assign(people=everybody) if people else frame, comparison)
    rest = tuple(word for word in asked if word != "area")
    whole = sums_by(rows, measures, rest, placed, read)
    whole = changed(whole.assign(people=everybody) if people else whole, comparison)
    above = None if parent is None else _parent(parent, comparison, rest, read, whole)
    known = reporting is not None
    silent = ~has_data if known else np.zeros(len(has_data), dtype=bool)
    lost = np.append(silent, np.zeros(len(ELSEWHERE), dtype=bool))[placed.code]
    labels = np.array(placed.areas, dtype=object)
    return Compared(
        comparison=comparison,
        by=asked,
        frame=frame,
        whole=whole,
        total=changed(total.assign(people=everybody) if people else total, comparison),
        parent=above,
        classes=changed(
            sums_by(rows, measures, ("kind", "class", "group"), None, read), comparison
        ),
        zero_areas=tuple(labels[none & has_data]) if known else (),
        no_data_areas=tuple(labels[silent]),
        none_recorded_areas=() if known else tuple(labels[none]),
        areas=tuple(labels[~silent]),
        before_of_no_data=_lost(rows, measures, lost),
        unplaced=changed(_elsewhere(rows, measures, placed, read), comparison),
        people=people,
        untimed=int(counted_at(incidents).isna().sum()),
    )


def _reported(placed: Placed, reporting: Iterable[object] | pd.DataFrame | None) -> Bools:
    """Tell which areas are known to have reported."""
    if reporting is None:
        return np.zeros(len(placed.areas), dtype=bool)
    codes = area_ids(reporting) if isinstance(reporting, pd.DataFrame) else list(reporting)
    said = {str(code).strip() for code in codes}
    return np.array([code in said for code in placed.areas], dtype=bool)


def _states(
    frame: pd.DataFrame,
    placed: Placed,
    has_data: Bools,
    *,
    known: bool,
) -> NDArray[np.object_]:
    """Say what a count stands for: recorded, zero, none recorded (who knows), or no data."""
    heard = dict(zip(placed.areas, has_data, strict=True)) | dict.fromkeys(ELSEWHERE, True)
    of_row = frame["area_id"].map(heard).to_numpy(dtype=bool)
    none = np.where(of_row, "zero", "no_data") if known else "none_recorded"
    return np.where(frame["now"] > 0, "recorded", none).astype(object)


def _by_area(
    sums: pd.DataFrame, units: Sequence[str], placed: Placed, by: Sequence[str]
) -> pd.DataFrame:
    """Give every area a row for each unit where areas alone are asked for."""
    if tuple(by) != ("area",):
        return sums
    grid = pd.MultiIndex.from_product(
        [placed.areas, units], names=["area_id", "count_unit"]
    ).to_frame(index=False)
    elsewhere = sums.loc[sums["area_id"].isin(list(ELSEWHERE)), ["area_id", "count_unit"]]
    every = pd.concat([grid, elsewhere], ignore_index=True)
    every = every.merge(sums, on=["area_id", "count_unit"], how="left")
    return every.assign(**{name: every[name].fillna(0).astype(np.int64) for name in SIDES})


def _elsewhere(
    rows: pd.DataFrame, measures: dict[str, Ints], placed: Placed, tables: Tables
) -> pd.DataFrame:
    """Add up what lies in no area."""
    sums = sums_by(rows, measures, ("area",), placed, tables)
    return sums[sums["area_id"].isin(list(ELSEWHERE))].reset_index(drop=True)


def _lost(rows: pd.DataFrame, measures: dict[str, Ints], which: Bools) -> dict[str, int]:
    """Add up what some rows were before, unit by unit."""
    sums = by_unit(rows[which], {name: value[which] for name, value in measures.items()})
    return {
        unit: int(count)
        for unit, count in zip(sums["count_unit"], sums["before"], strict=True)
        if count
    }


def _parent(
    parent: pd.DataFrame | Parent,
    comparison: Comparison,
    by: Sequence[str],
    tables: Tables,
    whole: pd.DataFrame,
) -> pd.DataFrame:
    """Count the parent's rows for the same periods by the same things."""
    given = parent if isinstance(parent, Parent) else Parent(parent)
    keys = [*by, "count_unit"]
    if {"now", "before"} <= set(given.rows.columns):
        sums = read_counts(given.rows, keys, list(whole["count_unit"].unique()))
    else:
        sums = sums_by(*rows_of(given.rows, comparison), by, None, tables)
    if given.people is not None:
        sums = sums.assign(people=float(given.people))
    return changed(sums, comparison)
