"""What was due in a time, by a kept plan or by the sheets alone, and who was on duty."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from api.patrol.rosters import days_of, duty_roster
from geo.errors import InvalidParameterError
from geo.patrol.keeping import plan_of
from geo.patrol.obliged import due_by_shift
from geo.patrol.owed import area_ids
from geo.patrol.planning import draft

Frames = Mapping[str, gpd.GeoDataFrame]


def owed_in(
    frames: Frames, date: dt.date | None, record: Mapping[str, Any] | None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """
    Tell what was due, and who was on duty.

    Parameters
    ----------
    frames
        "streets"; "points", "segments", "areas", "grids", "standby", "units", "roster" and
        "tracks" where given. One metric CRS.
    date
        The day on which shifts begin; None for all of the roster, or that of the plan.
    record
        A kept plan; None for all points and segments in every shift.

    Returns
    -------
    due, roster, left_out
        What was due, the shifts, and rows of the sheets without a shift: `unit_id`, `date`,
        `reason`.

    Raises
    ------
    InvalidParameterError
        When nobody was on duty, or the record is no plan of these layers.
    """
    if record is not None:
        return _planned(frames, record)
    days = None if date is None else [date]
    if days is None and "roster" not in frames and "tracks" in frames:
        days = days_of(frames["tracks"]["time"])
    on_duty = duty_roster(frames, days)
    if on_duty is None or on_duty[0].empty:
        when = "" if date is None else f" on {date.isoformat()}"
        raise InvalidParameterError(
            f"roster: nobody has a shift{when}; give --plan, --roster, or --units and --date"
        )
    roster, left_out = on_duty
    due = due_by_shift(
        frames.get("points"), frames.get("segments"), roster, areas=frames.get("areas"),
        grids=frames.get("grids"),
    )  # fmt: skip
    return due, roster, left_out


def _planned(
    frames: Frames, record: Mapping[str, Any]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return what a kept plan says was due, and who it has on duty."""
    if "units" not in frames:
        raise InvalidParameterError("units: none given; give those that the plan was made of")
    try:
        date, shift = dt.date.fromisoformat(record["date"]), record["shift"]
        parts = {"parts": record["parts"], "seed": int(record["seed"])}
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidParameterError(
            f"plan: {error!r} in the file; give the plan.json that `patrol plan --out` wrote"
        ) from error
    model = draft(
        frames.get("points"), frames.get("segments"), frames["units"], frames["streets"],
        date=date, shift=shift, areas=frames.get("areas"), standby=frames.get("standby"),
    )  # fmt: skip
    plan = plan_of(parts, model)
    left_out = plan.left_out[plan.left_out["reason"] != "video"].assign(date=date.isoformat())
    return _in_grids(plan.due, frames), plan.roster, left_out


def _in_grids(due: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """Add the grid in which each place due lies."""
    if "grids" not in frames:
        return due
    of: dict[tuple[str, str], str | None] = {}
    for kind in ("point", "segment"):
        frame = frames.get(f"{kind}s")
        if frame is not None:
            named = frame.drop(columns="area_code", errors="ignore")
            codes = zip(
                frame[f"{kind}_id"].astype(str), area_ids(named, frames["grids"]), strict=True
            )
            of |= {(kind, code): grid for code, grid in codes}
    keys = zip(due["kind"], due["id"].astype(str), strict=True)
    return due.assign(grid_id=pd.Series([of.get(key) for key in keys], dtype=object))
