"""How reliable cameras are, as every way in tells it: rates over a span, and views by the hour."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import pandas as pd

from geo import CameraCoverage, DueRule, camera_coverage
from geo.cameras import coverage_by_hour
from geo.health import CameraHealth, StateHistory, health, online_by_hour, state_history

ONE_SECOND: Final = pd.Timedelta(seconds=1)
"""The span of a sheet of states that were all read at one moment."""


def history_of(
    states: pd.DataFrame | None, span: tuple[dt.datetime, dt.datetime] | None = None
) -> StateHistory | None:
    """
    Return the states of cameras over a span.

    Parameters
    ----------
    states
        As `geo.health.state_history` takes them, or None.
    span
        First moment and end; None for the first report and the last.

    Returns
    -------
    history
        None where nothing was reported.
    """
    if states is None or states.empty:
        return None
    if span is not None:
        return state_history(states, start=span[0], end=span[1])
    first, last = states["time"].min(), states["time"].max()
    # One moment is no span: a second of it is.
    return state_history(states, start=first, end=max(last, first + ONE_SECOND))


def sheet_of(cameras: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return cameras as rates and goals count them: one that is listed twice is one.

    Parameters
    ----------
    cameras
        n rows with `camera_id`.

    Returns
    -------
    sheet
        Their columns without places.
    """
    sheet = pd.DataFrame(cameras.drop(columns=cameras.geometry.name))
    return sheet.drop_duplicates("camera_id")


def condition_of(
    sheet: pd.DataFrame,
    history: StateHistory | None,
    faults: pd.DataFrame | None,
    at: dt.datetime | None = None,
) -> CameraHealth:
    """
    Rate cameras over the span of their states, or at a moment.

    Parameters
    ----------
    sheet
        From `sheet_of`.
    history
        From `history_of`.
    faults
        As `geo.health.health` takes them, or None.
    at
        The moment, where there is no history; None for the last thing that is known of faults.

    Returns
    -------
    health
        Rates, each with its numerator and denominator.
    """
    if history is not None:
        return health(sheet, states=history, faults=faults)
    if at is None and faults is not None:
        # The last thing that is known of: a repair may be later than the last fault.
        last = faults[["fault_at", "repaired_at"]].max().max()
        at = None if pd.isna(last) else last
    return health(sheet, faults=None if at is None else faults, at=at)


def hours_of(
    frames: Mapping[str, gpd.GeoDataFrame],
    coverage: CameraCoverage,
    history: StateHistory | None,
    *,
    night: bool,
    band: str | None,
    due: DueRule | None = None,
) -> pd.DataFrame | None:
    """
    Tell what is seen by the hour, where lights or states are known at all.

    Parameters
    ----------
    frames
        "streets" and "cameras"; "buildings", "walls" and "within" where they are given.
    coverage
        Of these cameras, as it was asked for.
    history
        From `history_of`.
    night, band, due
        What was asked for.

    Returns
    -------
    hours
        As `geo.cameras.coverage_by_hour` gives them; None where nothing is known.
    """
    cameras = frames["cameras"]
    lit = "light" in cameras.columns and cameras["light"].notna().any()
    if history is None and not lit:
        return None
    other = camera_coverage(
        frames["streets"], cameras, frames.get("buildings"), walls=frames.get("walls"), due=due,
        within=frames.get("within"), night=not night, band=band,
    )  # fmt: skip
    by_day, by_night = (other, coverage) if night else (coverage, other)
    return coverage_by_hour(by_day, by_night, None if history is None else online_by_hour(history))
