"""What falls to one officer of each team, ranked, and towns whose patrol team is too small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.areas import areas_of_xy, polygons_of
from geo.crs import require_metric_crs
from geo.due import number_column
from geo.errors import ColumnError, InvalidParameterError
from geo.partition.reading import or_none, required, texts
from geo.points import coordinates

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MEASURES: Final = ("area_km2", "people", "incidents")
"""What falls to an officer."""

LEAST_TEAM: Final = 10
"""Full-time members of the patrol team of a town or street (各街道、镇 10 人以上专职巡防队伍)."""


@dataclass(frozen=True, eq=False)
class Workload:
    """
    What falls to one officer of each team; see `workload`.

    Parameters
    ----------
    table
        One row per team, the heaviest first: `team_id`, `officers`, `area_km2`, `people`,
        `incidents`, each of these per officer (`area_km2_per_officer` and so on, NaN where it
        cannot be told) and the `rank` of the measure that it is sorted by; teams without a rate
        come last and have no rank.
    by
        That measure.
    incidents_outside
        Incidents in the ground of no team, and those without a place; None where none were given.
    """

    table: pd.DataFrame
    by: str
    incidents_outside: int | None

    @property
    def without_rate(self) -> pd.DataFrame:
        """
        Teams that have no rate, and why.

        `team_id`; `why`: "no_officers", "officers_unknown", or what of the measure is unknown,
        such as "people_unknown".
        """
        bare = self.table[self.table["rank"].isna()]
        why = np.where(
            bare["officers"].isna(),
            "officers_unknown",
            np.where(bare["officers"] == 0, "no_officers", f"{self.by}_unknown"),
        )
        return pd.DataFrame({"team_id": bare["team_id"], "why": why}).reset_index(drop=True)

    def summary(self) -> dict[str, Any]:
        """Return the totals and what has no rate, ready for JSON."""
        return {
            "by": self.by,
            "teams": len(self.table),
            "officers": _total(self.table["officers"]),
            **{name: _total(self.table[name]) for name in MEASURES},
            "incidents_outside": self.incidents_outside,
            "without_rate": self.without_rate.to_dict("records"),
        }


def workload(
    teams: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame | None = None, *, by: str = "incidents"
) -> Workload:
    """
    Reckon the ground, people and incidents that fall to one officer of each team.

    Teams are ranked from the heaviest load, 1; of equal loads the lower id comes first, so that
    the ranking is the same every time.

    Parameters
    ----------
    teams
        n polygons with `team_id`, in a metric CRS: the ground of a station or a team. Read where
        present: `officers`, `people`, `incidents`.
    incidents
        Points in the same CRS; each counts for the team in whose ground it lies, on a border for
        the lowest id. None for the column `incidents`.
    by
        One of `MEASURES`: what is ranked by.

    Returns
    -------
    workload
        A team without officers, or of whom that is not known, has no rate and is listed.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError, GeometryError
        When ids are missing or repeated; when a row is no valid polygon, or no point.
    InvalidParameterError
        When `by` is no measure, or a number is negative.
    """
    require_metric_crs(teams=teams, **({} if incidents is None else {"incidents": incidents}))
    if by not in MEASURES:
        raise InvalidParameterError(f"by: {by!r} is unknown; use one of {', '.join(MEASURES)}")
    ids, ground = required(teams, "teams", "team_id"), polygons_of(teams, "teams")
    officers = _numbers(teams, "officers")
    load = {name: _numbers(teams, name) for name in MEASURES[1:]}
    area = np.where(shapely.is_missing(ground), np.nan, shapely.area(ground) / 1e6)
    outside = None
    if incidents is not None:
        xy = coordinates(incidents, "incidents")
        team = areas_of_xy(xy[:, 0], xy[:, 1], teams.assign(area_id=ids))
        load["incidents"] = np.bincount(team[team >= 0], minlength=len(ids)).astype(np.float64)
        outside = int((team < 0).sum())
    load = {"area_km2": area} | load
    manned = np.where(officers > 0.0, officers, np.nan)
    each = {f"{name}_per_officer": values / manned for name, values in load.items()}
    heavy = each[f"{by}_per_officer"]
    order = np.lexsort((ids, -np.nan_to_num(heavy), np.isnan(heavy)))
    table = pd.DataFrame({"team_id": or_none(ids), "officers": officers} | load | each)
    table = table.iloc[order].reset_index(drop=True)
    table["rank"] = pd.Series(np.arange(1, len(ids) + 1), dtype="Int64")
    table.loc[np.isnan(heavy[order]), "rank"] = pd.NA
    return Workload(table, by, outside)


def short_teams(
    teams: pd.DataFrame, towns: Sequence[str] | None = None, *, least: int = LEAST_TEAM
) -> pd.DataFrame:
    """
    List the towns whose full-time patrol team is smaller than it should be.

    Parameters
    ----------
    teams
        n rows with `town_id` and `full_time`, how many full-time members; rows of one town are
        added up.
    towns
        All towns, so that one without a row is listed; None for those with rows.
    least
        How many are enough.

    Returns
    -------
    frame
        One row per town that is short or may be, by id: `town_id`, `full_time` (known ones; NaN
        where none is known), `missing` up to `least`, `state`: "short", "unknown" where a number
        that is not told could make it enough, "no_report" without a row.

    Raises
    ------
    ColumnError
        When a column is missing, or a row has no town.
    InvalidParameterError
        When a number is negative.
    """
    for column in ("town_id", "full_time"):
        if column not in teams.columns:
            raise ColumnError(
                f"teams: no column {column} among {', '.join(map(str, teams.columns))}; rename it"
            )
    town, number = texts(teams, "town_id"), _numbers(teams, "full_time")
    if (town == "").any():
        row = int(np.flatnonzero(town == "")[0])
        raise ColumnError(f"teams: row {row} has no town_id; fill it or leave the row out")
    rows = pd.DataFrame({"town_id": town, "known": np.isfinite(number), "full_time": number})
    by_town = rows.groupby("town_id").agg(
        full_time=("full_time", "sum"), known=("known", "sum"), rows=("known", "size")
    )
    if towns is not None:
        every = by_town.index.union(pd.Index([str(town) for town in towns], dtype=object))
        by_town = by_town.reindex(every, fill_value=0)
    few = by_town[by_town["full_time"] < least].sort_index()
    state = np.where(
        few["rows"] == 0, "no_report", np.where(few["known"] < few["rows"], "unknown", "short")
    )
    return pd.DataFrame(
        {
            "town_id": or_none(few.index.to_numpy(dtype=str)),
            "full_time": np.where(few["known"] > 0, few["full_time"], np.nan),
            "missing": np.where(few["known"] > 0, least - few["full_time"], np.nan),
            "state": or_none(np.asarray(state, dtype=str)),
        }
    )


def _numbers(teams: pd.DataFrame, column: str) -> Floats:
    """Return a column of counts, NaN where unknown; refuse negative ones."""
    numbers = number_column(teams, column)
    wrong = np.flatnonzero(numbers < 0.0)
    if wrong.size:
        raise InvalidParameterError(
            f"teams: row {wrong[0]} has {column} {numbers[wrong[0]]:g}; correct it, or leave it "
            f"empty where it is not known"
        )
    return numbers


def _total(values: pd.Series[Any]) -> float | None:
    """Return the sum of what is known, None where nothing is."""
    return float(values.sum()) if values.notna().any() else None
