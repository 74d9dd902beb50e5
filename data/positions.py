"""
Where units were, read through a scope: whoever looks leaves a trace.

Positions belong to a unit and are the police's, whoever walks.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import ColumnElement, select

from data.clocks import TIME
from data.engine import reading
from data.patrol_tables import PatrolUnit
from data.position_tables import PositionFix, PositionTrack
from data.store import Box, Store
from data.validity import valid_on
from data.viewing import note_view
from data.writing import BATCH, require_police

POSITIONS: Final = "positions"
"""What the record of restricted views calls them."""

KEY: Final = ["track", "time"]
"""What a fix is known again by."""

FIX: Final = ["lon", "lat", "accuracy_m"]
"""What a fix says beside its track and time."""


@dataclass(frozen=True)
class Span:
    """
    Which fixes are wanted; everything given must hold.

    Parameters
    ----------
    since
        Fixes at this local time or later.
    until
        Fixes before this local time.
    units
        Codes of units; None for all.
    box
        West, south, east, north in degrees.
    """

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    units: Collection[str] | None = None
    box: Box | None = None


def positions(store: Store, span: Span | None = None) -> gpd.GeoDataFrame:
    """
    Return the fixes that a scope sees; that it looked is written down first.

    Parameters
    ----------
    store
        Opened for a scope with the police's line.
    span
        Which fixes; None for all.

    Returns
    -------
    fixes
        `track_id`, `unit_id`, `time` (local), `accuracy_m` (NaN where unknown), `division` of the
        unit, Point in EPSG:4326, by track and time. A track is called as its unit, with its own
        name behind a slash where it has another: names of tracks repeat from unit to unit.

    Raises
    ------
    ForbiddenError
        When the scope does not see the police's line.
    """
    require_police(store)
    by_key = (PositionFix.track, PositionFix.time)
    wanted = (
        select(
            PositionFix.track, PositionFix.time, PositionFix.lon, PositionFix.lat,
            PositionFix.accuracy_m,
        )
        .where(*_conditions(store, span or Span()))
        .join(PositionTrack, PositionTrack.id == PositionFix.track)
        .order_by(PositionTrack.unit_id, PositionTrack.track_id, *by_key)
    )  # fmt: skip
    named = select(
        PositionTrack.id, PositionTrack.unit_id, PositionTrack.track_id, PositionTrack.division
    )
    with reading(store.engine) as session:
        rows = session.execute(wanted).all()
        tracks = session.execute(named.where(store.scope.visible(PositionTrack))).all()
    area = None if span is None or span.box is None else ",".join(map(str, span.box))
    note_view(store, POSITIONS, area=area, rows=len(rows), for_all=True)
    cells = columns_of(rows, [*KEY, *FIX])
    names = columns_of(tracks, ["track", "unit_id", "track_id", "division"])
    at = pd.Index(names["track"]).get_indexer(cells["track"])
    called = [shown_track(*pair) for pair in zip(names["unit_id"], names["track_id"], strict=True)]
    return gpd.GeoDataFrame(
        {
            "track_id": np.array(called, dtype=object)[at],
            "unit_id": names["unit_id"].to_numpy(dtype=object)[at],
            "time": cells["time"].astype(TIME),
            "accuracy_m": cells["accuracy_m"].astype(np.float64),
            "division": names["division"].to_numpy(dtype=object)[at],
        },
        geometry=shapely.points(cells["lon"].astype(float), cells["lat"].astype(float)),
        crs="EPSG:4326",
    )


def shown_track(unit: str, track: str) -> str:
    """Return what the track of a unit is called beside those of other units."""
    return track if track == unit else f"{unit}/{track}"


def stored_track(unit: str, shown: str) -> str:
    """Return what a track is called in the table, by what `shown_track` calls it."""
    return shown.removeprefix(f"{unit}/")


def unit_divisions(
    store: Store, codes: Collection[str], division: str = ""
) -> dict[str, tuple[str, str | None]]:
    """
    Find the units that a scope sees by their codes.

    Parameters
    ----------
    store
        Opened for a scope.
    codes
        Codes of units.
    division
        Whose unit is meant where several divisions have one of that code.

    Returns
    -------
    units
        Code -> the division and the force of the unit; without codes that are of none, or of
        several.
    """
    columns = select(PatrolUnit.code, PatrolUnit.division, PatrolUnit.force).where(
        store.scope.visible(PatrolUnit), *valid_on(PatrolUnit, store.today())
    )
    asked = sorted(codes)
    found: dict[str, list[tuple[str, str | None]]] = {}
    with reading(store.engine) as session:
        for start in range(0, len(asked), BATCH):
            batch = columns.where(PatrolUnit.code.in_(asked[start : start + BATCH]))
            for code, where, force in session.execute(batch):
                found.setdefault(str(code), []).append((where, force))
    known = {}
    for code, units in found.items():
        meant = [unit for unit in units if unit[0] == division] or units
        if len(meant) == 1:
            known[code] = meant[0]
    return known


def columns_of(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> pd.DataFrame:
    """
    Make a frame of rows as a query gives them: pandas looks at each of them for long.

    Parameters
    ----------
    rows
        n rows.
    names
        What their cells are called.

    Returns
    -------
    frame
        n rows of objects.
    """
    cells = zip(*rows, strict=True) if rows else [()] * len(names)
    return pd.DataFrame(dict(zip(names, map(list, cells), strict=True)), dtype=object)


def _conditions(store: Store, span: Span) -> Sequence[ColumnElement[bool]]:
    """Return what holds for the fixes that a scope sees and that are wanted."""
    held: list[ColumnElement[bool]] = [store.scope.visible(PositionTrack)]
    if span.since is not None:
        held.append(PositionFix.time >= span.since)
    if span.until is not None:
        held.append(PositionFix.time < span.until)
    if span.units is not None:
        held.append(PositionTrack.unit_id.in_(sorted(span.units)))
    if span.box is not None:
        west, south, east, north = span.box
        held += [PositionFix.lon.between(west, east), PositionFix.lat.between(south, north)]
    return held
