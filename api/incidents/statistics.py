"""What is counted of incidents in a period: how many, how many before, closed where, resolved."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from api.incidents.spans import compared_days, days_of_data, ends_early, last_month
from api.results import today
from data.holidays import holidays
from data.incident_tables import CLASSES, TAGS, coded_classes, default_table, in_force
from geo.incidents.closing import ClosedShares, closed_shares, grid_classes
from geo.incidents.compared import Compared
from geo.incidents.comparing import Parent, compare
from geo.incidents.periods import Comparison, Period
from geo.incidents.resolving import Resolution, resolution
from geo.incidents.rows import in_period, plain_counts
from geo.incidents.tagging import Tables

Frames = Mapping[str, gpd.GeoDataFrame]

BY: Final = ("area", "kind", "class", "group", "tag", "slot", "colour")
"""What changes can be told by."""

ALWAYS: Final = ("kind", "class", "tag")
"""What they are told by where nobody says."""


@dataclass(frozen=True)
class StatOptions:
    """
    What is asked about counts.

    Parameters
    ----------
    period
        The days; None for the last whole month of the data.
    against
        "year" for the same days a year before, "period" for the days just before.
    align_festival
        Whether the year before is taken at the same days from the Spring Festival.
    population
        The column of the areas with their people; None where nothing is told per 10,000.
    parent_people
        How many live in the parent area; None where that is not known.
    by
        Some of `BY`; None for `ALWAYS`, and for areas where there are any.
    data
        The days of the data, where the rows are a part of it; None for those of the rows.
    """

    period: Period | None = None
    against: str = "year"
    align_festival: bool = False
    population: str | None = None
    parent_people: float | None = None
    by: tuple[str, ...] | None = None
    data: Period | None = None


@dataclass(frozen=True, eq=False)
class Statistics:
    """
    Outcome of `statistics_of`.

    Parameters
    ----------
    plain
        Plain counts of all rows, whatever their time.
    data
        The first and the last day of the data; None where no row has a time, and then there is
        nothing below.
    comparison
        The period and what it is held against.
    chosen
        Whether the period was asked for.
    silent_from
        The day after which the data seem to end within the period; None where they seem whole.
    compared
        What counts are told by -> the comparison.
    closing
        Who closed what was accepted in the period.
    grid
        The classes of grid events, see `geo.incidents.closing.grid_classes`.
    settled, settled_before
        What is resolved of the matters accepted in either period, by its last day.
    tables
        "classes" and "tags", as they hold on the last day.
    areas
        The areas, or None.
    """

    plain: Mapping[str, Any]
    data: Period | None
    comparison: Comparison | None
    chosen: bool
    silent_from: dt.date | None
    compared: Mapping[str, Compared]
    closing: ClosedShares | None
    grid: pd.DataFrame | None
    settled: Resolution | None
    settled_before: Resolution | None
    tables: Mapping[str, pd.DataFrame]
    areas: gpd.GeoDataFrame | None

    @property
    def total(self) -> pd.DataFrame:
        """The counts of both periods by unit; no row where nothing has a time."""
        return next((each.total for each in self.compared.values()), pd.DataFrame())

    @property
    def unit(self) -> str:
        """The unit that most of the period is counted in, which a map shows."""
        if self.total.empty:
            return "matter"
        return str(self.total.loc[self.total["now"].idxmax(), "count_unit"])


def statistics_of(frames: Frames, options: StatOptions) -> Statistics:
    """
    Count incidents, and hold a period against another.

    Parameters
    ----------
    frames
        "incidents"; "areas", "parent" (incidents of the parent area, ours among them),
        "reporting" (rows that name the areas which reported), "classes" and "tags" where they are
        given. One metric CRS.
    options
        What is asked.

    Returns
    -------
    statistics
        Plain counts of all rows; the rest of those of the period and of what it is held against.

    Raises
    ------
    GeoError
        When a column is missing, a number is none, or nothing of the period is within the data.
    """
    incidents, areas = frames["incidents"], frames.get("areas")
    plain, data = plain_counts(incidents, areas), options.data or days_of_data(incidents)
    plain = {**plain, "by_area": _by_name(plain["by_area"], areas)}
    sheets = {kind: frames.get(kind, default_table(kind)) for kind in (CLASSES, TAGS)}
    if data is None:
        return Statistics(plain, None, None, False, None, {}, None, None, None, None, sheets, areas)
    period = options.period or last_month(data)
    official = holidays() if options.align_festival else None
    comparison = compared_days(
        period, options.against, data.last_day, today=today(), holidays=official
    )
    # Both periods are counted by the definitions of the last day.
    held = {kind: in_force(each, comparison.now.last_day) for kind, each in sheets.items()}
    days = ["since", "until"]
    tables = Tables(held[CLASSES].drop(columns=days), held[TAGS].drop(columns=days))
    known = coded(incidents, held[CLASSES])
    parent = None
    if "parent" in frames:
        parent = Parent(coded(frames["parent"], held[CLASSES]), options.parent_people)
    reporting = reporting_areas(known, frames.get("reporting"), comparison.now)
    by = options.by or (*ALWAYS, *(("area",) if _has_areas(incidents, areas) else ()))
    compared = {
        word: compare(
            known, comparison, areas=areas, by=(word,), parent=parent, tables=tables,
            population=None if areas is None else options.population, reporting=reporting,
        )
        for word in by
    }  # fmt: skip
    now, before = (known[in_period(known, each)] for each in (comparison.now, comparison.before))
    return Statistics(
        plain,
        data,
        comparison,
        options.period is not None,
        ends_early(incidents, comparison.now),
        compared,
        closed_shares(now) if says(now, "closed_level") else None,
        grid_classes(now, tables.classes) if says(now, "closed_level") and _events(now) else None,
        _settled(now, comparison.now.last_day),
        _settled(before, comparison.before.last_day),
        held,
        areas,
    )


def _by_name(by_area: Mapping[str, int], areas: gpd.GeoDataFrame | None) -> Mapping[str, int]:
    """Call areas by their names where the file has no ids: 0, 1, 2 would tell nobody anything."""
    if areas is None or "name" not in areas.columns:
        return by_area
    names = areas["name"]
    numbered = areas["area_id"].astype(str).tolist() == [str(row) for row in range(len(areas))]
    if not numbered or names.isna().any() or names.duplicated().any():
        return by_area
    called = {str(row): str(name) for row, name in enumerate(names)}
    return {called.get(area, area): count for area, count in by_area.items()}


def coded(incidents: gpd.GeoDataFrame, classes: pd.DataFrame) -> gpd.GeoDataFrame:
    """
    Write classes as the sheet calls them, however a row does.

    Parameters
    ----------
    incidents
        n rows.
    classes
        The sheet of classes.

    Returns
    -------
    incidents
        With codes where the sheet knows the words; other classes as they came.
    """
    if "class" not in incidents.columns:
        return incidents
    return incidents.assign(**{"class": coded_classes(incidents, classes)})


def reporting_areas(
    incidents: gpd.GeoDataFrame, listed: gpd.GeoDataFrame | None, period: Period
) -> list[str] | None:
    """
    Tell which areas reported in a period.

    Parameters
    ----------
    incidents
        n rows; a row with `count` 0 is an area's report that there was nothing.
    listed
        Rows that name the areas which reported as `area_code`; None for no such list.
    period
        The days.

    Returns
    -------
    areas
        Codes; None where nobody tells, so that no area without a row is one without incidents.
    """
    zero = pd.Series(False, index=incidents.index)
    if "count" in incidents.columns:
        zero = pd.to_numeric(incidents["count"], errors="coerce").eq(0)
    own = incidents[zero.to_numpy(dtype=bool) & in_period(incidents, period)]
    if listed is None and own.empty:
        return None
    frames = [own] if listed is None else [own, listed]
    codes = [frame["area_code"].dropna() for frame in frames if "area_code" in frame.columns]
    return sorted({str(code).strip() for column in codes for code in column})


def says(rows: pd.DataFrame, *columns: str) -> bool:
    """
    Tell whether any row says something in one of some columns.

    Parameters
    ----------
    rows
        n rows.
    *columns
        Names of columns that may be missing.

    Returns
    -------
    said
        Whether a cell is filled.
    """
    return any(name in rows.columns and bool(rows[name].notna().any()) for name in columns)


def to_resolve(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Take the matters that are resolved rather than solved: disputes, or else all but police work.

    Parameters
    ----------
    incidents
        n rows; `kind` is read where present.

    Returns
    -------
    matters
        The disputes; where there is none, what is no case and no police call.
    """
    if "kind" not in incidents.columns:
        return incidents
    kind = incidents["kind"].astype(object)
    disputes = np.asarray(kind.eq("dispute").fillna(value=False), dtype=bool)
    police = np.asarray(kind.isin(["case", "police_call"]), dtype=bool)
    return incidents[disputes if disputes.any() else ~police]


def _settled(rows: gpd.GeoDataFrame, day: dt.date) -> Resolution | None:
    """Count what is resolved by a day; None where nobody tells what is closed."""
    matters = to_resolve(rows)
    return resolution(matters, day) if says(matters, "state", "closed", "outcome") else None


def _events(rows: pd.DataFrame) -> bool:
    """Tell whether there are events of grids among rows."""
    return "kind" in rows.columns and bool(rows["kind"].eq("event").any())


def _has_areas(incidents: gpd.GeoDataFrame, areas: gpd.GeoDataFrame | None) -> bool:
    """Tell whether rows can be counted by area: there are some, or rows name theirs."""
    named = "area_code" in incidents.columns and incidents["area_code"].notna().any()
    return areas is not None or bool(named)
