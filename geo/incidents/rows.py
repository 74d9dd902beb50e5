"""Rows of incidents: when each counts, for how many, in which unit, and which are repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import InvalidParameterError
from geo.health.moments import MISSING, moments
from geo.incidents.columns import UNKNOWN, coded, flagged, points_in, tallied
from geo.incidents.placed import placed_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.incidents.periods import Period

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

UNITS: Final = (
    "matter", "occurrence", "person", "person_time", "household", "item", "session", "item_time",
    "occurrence_time",
)  # fmt: skip
"""What is counted: 件 起 人 人次 户 条 场次 件次 起次. Never added across each other."""

USUAL_UNIT: Final = {"case": "occurrence", "police_call": "occurrence"}
"""The unit of a row that names none, by kind; the other kinds are matters."""


def counted_at(incidents: pd.DataFrame) -> pd.Series[Any]:
    """
    Tell when each row counts: when it was accepted or, where that is missing, when it happened.

    So a case that crosses New Year counts once, in the year in which it was accepted.

    Parameters
    ----------
    incidents
        n rows; `accepted` and `time` are read where present, local and without a zone.

    Returns
    -------
    times
        n times by the index of the rows; missing where neither is known.

    Raises
    ------
    InvalidParameterError
        When a time has a zone, or is none.
    """
    found = np.full(len(incidents), MISSING, dtype=np.int64)
    for column in ("accepted", "time"):
        if column in incidents.columns:
            open_ = found == MISSING
            found[open_] = moments(incidents[column], column)[open_]
    return pd.Series(found.astype("datetime64[us]"), index=incidents.index)


def in_period(incidents: pd.DataFrame, period: Period) -> Bools:
    """
    Tell which rows count in a period.

    Parameters
    ----------
    incidents
        n rows, as for `counted_at`.
    period
        The first day, and the day after the last.

    Returns
    -------
    inside
        n truths; a row of unknown time is in no period.
    """
    return within(counted_at(incidents), period)


def within(times: pd.Series[Any], period: Period) -> Bools:
    """
    Tell which times lie in a period.

    Parameters
    ----------
    times
        n times without zone.
    period
        The first day, and the day after the last.

    Returns
    -------
    inside
        n truths; a missing time is in no period.
    """
    value = times.to_numpy(dtype="datetime64[us]")
    inside: Bools = (value >= np.datetime64(period.start)) & (value < np.datetime64(period.end))
    return inside


def units_of(incidents: pd.DataFrame) -> NDArray[np.object_]:
    """
    Return the unit in which each row counts.

    Parameters
    ----------
    incidents
        n rows; `count_unit` and `kind` are read where present.

    Returns
    -------
    units
        n of `UNITS`; where none is named, the usual one of the kind.

    Raises
    ------
    InvalidParameterError
        When a unit is none of `UNITS`.
    """
    units: NDArray[np.object_] = np.array(UNITS, dtype=object)[unit_codes(incidents)]
    return units


def unit_codes(incidents: pd.DataFrame) -> Ints:
    """
    Return the unit in which each row counts as a number.

    Parameters
    ----------
    incidents
        n rows, as for `units_of`.

    Returns
    -------
    codes
        n places in `UNITS`.

    Raises
    ------
    InvalidParameterError
        When a unit is none of `UNITS`.
    """
    code, words = coded(incidents, "count_unit")
    wrong = [word for word in words if word not in {*UNITS, UNKNOWN}]
    if wrong:
        row = int(np.flatnonzero(code == words.index(wrong[0]))[0])
        raise InvalidParameterError(
            f"incidents: row {row} has count_unit {wrong[0]!r}; write one of {', '.join(UNITS)}"
        )
    kind, kinds = coded(incidents, "kind")
    usual = [USUAL_UNIT.get(word, "matter") for word in kinds]
    table = [[of if word == UNKNOWN else word for word in words] for of in usual]
    places = np.array([[UNITS.index(word) for word in row] for row in table], dtype=np.int64)
    codes: Ints = places[kind, code]
    return codes


def weights_of(incidents: pd.DataFrame) -> Ints:
    """
    Return how many each row stands for: a line of a ledger may say 4,268.

    Parameters
    ----------
    incidents
        n rows; `count` is read where present.

    Returns
    -------
    counts
        n whole numbers; 1 where none is said.

    Raises
    ------
    InvalidParameterError
        When a count is negative, no whole number or no number.
    """
    if "count" not in incidents.columns:
        return np.ones(len(incidents), dtype=np.int64)
    said = incidents["count"]
    number = np.asarray(pd.to_numeric(said, errors="coerce"), dtype=np.float64)
    number = np.where(said.isna().to_numpy(), 1.0, number)
    wrong = np.flatnonzero(~((number >= 0.0) & (number % 1.0 == 0.0)))
    if wrong.size:
        raise InvalidParameterError(
            f"incidents: row {wrong[0]} has count {said.iloc[wrong[0]]}; write a whole number, "
            f"0 or greater, and leave the cell blank for one"
        )
    return number.astype(np.int64)


def at_least(incidents: pd.DataFrame) -> Bools:
    """
    Tell which rows stand for at least so many: "2.1万余" is 21,000 and more.

    Parameters
    ----------
    incidents
        n rows; `about` is read where present.

    Returns
    -------
    flags
        n truths; a blank cell is an exact count.
    """
    return flagged(incidents, "about") == 1


def repeats(incidents: pd.DataFrame) -> Bools:
    """
    Tell which rows repeat an earlier one in everything but the id.

    They are counted all the same: two thefts of one hour at one place may be two thefts.

    Parameters
    ----------
    incidents
        n rows.

    Returns
    -------
    repeats
        n truths; the first of equal rows is none.
    """
    key: Ints = np.zeros(len(incidents), dtype=np.int64)
    geometry = incidents.active_geometry_name if isinstance(incidents, gpd.GeoDataFrame) else None
    for column in incidents.columns:
        if column == "incident_id":
            continue
        cells = incidents[column].to_numpy(dtype=object)
        if column == geometry:
            cells = shapely.to_wkb(points_in(incidents))
        key = _joined(key, pd.factorize(cells)[0].astype(np.int64))
    return pd.Series(key).duplicated().to_numpy(dtype=bool)


def _joined(key: Ints, code: Ints) -> Ints:
    """Give each pair of codes a number, so that many columns never make one too great."""
    pair = key * (int(code.max(initial=-1)) + 2) + code + 1
    return pd.factorize(pair)[0].astype(np.int64)


def plain_counts(incidents: pd.DataFrame, areas: gpd.GeoDataFrame | None = None) -> dict[str, Any]:
    """
    Count rows plainly: how many there are, with a place, by year, by class and by area.

    Parameters
    ----------
    incidents
        n rows.
    areas
        As for `placed_in`.

    Returns
    -------
    counts
        `rows`, `with_place`, `repeats`, and `by_year`, `by_class`, `by_area`, each of which adds
        up to `rows`: a row is one, whatever number it says. The year is that of `counted_at`.
    """
    placed = placed_in(incidents, areas)
    year = counted_at(incidents).dt.year.astype("Int64").astype(object)
    return {
        "rows": len(incidents),
        "with_place": int((~shapely.is_missing(points_in(incidents))).sum()),
        "repeats": int(repeats(incidents).sum()),
        "by_year": tallied(*coded(pd.DataFrame({"year": year}), "year")),
        "by_class": tallied(*coded(incidents, "class")),
        "by_area": tallied(placed.code, placed.labels),
    }
