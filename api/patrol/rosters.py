"""Who was on duty: from a roster, or from the sheet of units and the days asked for."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.patrol.shifts import shifts_of

TOLD: Final = ("force", "mode", "visible", "area_code")
"""What a roster may leave to the sheet of units."""

LEFT_OUT: Final = ("unit_id", "date", "reason")
"""What is said of rows without a shift."""


def duty_roster(
    frames: Mapping[str, gpd.GeoDataFrame], dates: Iterable[dt.date] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """
    Put sheets into shifts with their beginnings and ends.

    Parameters
    ----------
    frames
        "roster" (`unit_id`, `date`, `shift`) or "units" (`unit_id`, `shift`); where both are
        given the roster says who is on duty, and the units how they go where it does not.
    dates
        The days on which shifts begin; None for those of the roster.

    Returns
    -------
    roster
        One row per shift and unit, as `geo.patrol` takes it.
    left_out
        Rows without a shift: `unit_id`, `date`, `reason`. None for both without any sheet.
    """
    if "roster" in frames:
        sheet = _filled(frames["roster"], frames.get("units"))
        days = pd.to_datetime(sheet["date"]).dt.date
        wanted = sorted(set(days) if dates is None else set(days) & set(dates))
        parts = [(day, sheet[(days == day).to_numpy()]) for day in wanted]
    elif "units" in frames:
        parts = [(day, pd.DataFrame(frames["units"])) for day in sorted(set(dates or ()))]
    else:
        return None
    rosters, aside = [_nobody()], [pd.DataFrame({name: [] for name in LEFT_OUT}, dtype=object)]
    for day, sheet in parts:
        unit = sheet["unit_id"].to_numpy(dtype=object)
        # A unit may have several rows on a day: rows are told apart, then named again.
        shifts = shifts_of(sheet.assign(unit_id=np.arange(len(sheet))), day)
        own = shifts.roster()
        rosters.append(own.assign(unit_id=unit[own["unit_id"].to_numpy(dtype=np.int64)]))
        left = shifts.left_out[shifts.left_out["reason"] != "video"]
        named = unit[left["unit_id"].to_numpy(dtype=np.int64)]
        aside.append(left.assign(unit_id=named, date=day.isoformat()))
    found = [
        pd.concat([part for part in some if len(part)] or some[:1], ignore_index=True)
        for some in (rosters, aside)
    ]
    return found[0], found[1][list(LEFT_OUT)]


def days_of(times: pd.Series) -> list[dt.date]:
    """
    Return the days whose shifts may have been under way at some times.

    Parameters
    ----------
    times
        n local times.

    Returns
    -------
    days
        Each day that is met and the one before: a shift over midnight begins on its eve.
    """
    days = pd.Series(times.dropna().unique()).dt.normalize().unique()
    every = pd.DatetimeIndex(days).union(pd.DatetimeIndex(days) - pd.Timedelta(days=1))
    return [day.date() for day in every]


def _filled(roster: gpd.GeoDataFrame, units: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Take what a roster does not say from the sheet of units."""
    sheet = pd.DataFrame(roster.drop(columns=roster.geometry.name))
    if units is None:
        return sheet
    known = units.drop_duplicates("unit_id")
    known = known.set_axis(known["unit_id"].astype(str))
    for name in TOLD:
        if name in known.columns:
            of_unit = sheet["unit_id"].astype(str).map(known[name]).astype(object)
            own = sheet[name].astype(object) if name in sheet.columns else of_unit
            sheet[name] = own.where(own.notna(), of_unit)
    return sheet


def _nobody() -> pd.DataFrame:
    """Return a roster of no shift."""
    texts = ("shift_id", "unit_id", "force", "mode", "area_id")
    columns = {name: pd.Series([], dtype=object) for name in texts}
    times = {name: pd.Series([], dtype="datetime64[ns]") for name in ("on", "off")}
    return pd.DataFrame(columns | {"visible": pd.Series([], dtype=bool)} | times)
