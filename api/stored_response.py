"""
Reach by road over the store: rings of its stations, and the units on duty nearest to a place.

Where units are is told by their last positions; whoever looks leaves a trace.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from api.answering import Outcome
from api.errors import BadRequestError
from api.intake import project
from api.patrol.stored_tracks import local_now
from api.response.going import NearestOptions, tell_nearest
from api.response.reach import RingOptions, tell_rings
from api.results import least_exact
from api.stored import box_in_degrees, in_metres, stored_layer
from api.words import say
from data import Layer
from data.errors import NotFoundError
from data.positions import Span, positions
from data.store import Query, Store
from data.viewing import note_view
from data.writing import require_police
from geo.crs import crs_at

MOST_STREETS: Final = 20_000
"""Streets that are searched while somebody waits: reading them takes seconds by then."""

NEAR_M: Final = 10_000.0
"""Units and streets this near a place are looked at, in metres each way: whoever is farther is
half an hour away."""

FRESH: Final = dt.timedelta(hours=1)
"""A position older than this does not tell where a unit is."""


def stored_rings(store: Store, options: RingOptions, *, lang: str) -> tuple[Outcome, str]:
    """
    Draw the rings of the stored stations along the stored streets.

    Parameters
    ----------
    store
        Opened for a scope with the police's line.
    options
        What is asked.
    lang
        "zh" or "en".

    Returns
    -------
    outcome, datum
        As `gridpatrol response rings` finds it, and the datum that a page has to name.

    Raises
    ------
    ForbiddenError
        When the scope does not see the police's line.
    NotFoundError
        When no station or no street is stored.
    BadRequestError
        When it would take too long to wait for.
    GeoError
        When nothing can be measured.
    """
    require_police(store)
    for kind in ("stations", "streets"):
        if not store.count(kind):
            raise NotFoundError("nothing_stored", kind=kind, layer=kind)
    _require_few(store.count("streets"))
    stations = told_apart(store.frame("stations"), "station_id")
    note_view(store, "response/rings", rows=len(stations), for_all=True)
    streets = store.frame("streets")
    found = {"stations": stations, "streets": streets[streets.geometry.notna()]}
    layers = {kind: stored_layer(store, kind, frame) for kind, frame in found.items()}
    taken = project(layers, "streets")
    outcome = tell_rings(taken.frames, options, lang=lang)
    return _said(outcome, [say("gates_not_stored", lang)]), _datum(taken.layers)


def stored_nearest(
    store: Store, lon: float, lat: float, options: NearestOptions, *, lang: str
) -> tuple[Outcome, str]:
    """
    Name the units on duty that are nearest to a place by road.

    Parameters
    ----------
    store
        Opened for a scope with the police's line.
    lon, lat
        The place, in WGS-84 degrees.
    options
        What is asked; its time is the local one now where it has none.
    lang
        "zh" or "en".

    Returns
    -------
    outcome, datum
        As `gridpatrol response nearest` finds it; `summary` has the units `beyond` `NEAR_M` too.

    Raises
    ------
    ForbiddenError
        When the scope does not see the police's line.
    NotFoundError
        When no unit is stored.
    BadRequestError
        When no street is near the place, or too many are to wait for.
    GeoError
        When the place cannot be measured.
    """
    require_police(store)
    if not store.count("units"):
        raise NotFoundError("nothing_stored", kind="units", layer="units")
    crs = crs_at(lon, lat)
    x, y = in_metres(crs, lon, lat)
    box = box_in_degrees(crs, (x - NEAR_M, y - NEAR_M, x + NEAR_M, y + NEAR_M))
    _require_few(store.count("streets", Query(box=box)))
    streets = store.frame("streets", Query(box=box))
    if streets.empty:
        raise BadRequestError("no_streets_near_place", lon=f"{lon:g}", lat=f"{lat:g}")
    now = options.now or local_now()
    units = duty_units(store, now)
    beyond = units.geometry.notna() & ~units.within(shapely.box(*box))
    near = units[~beyond].reset_index(drop=True)
    place = gpd.GeoDataFrame(
        {"place_id": [0], "name": [f"{lon:g},{lat:g}"]},
        geometry=gpd.points_from_xy([lon], [lat]),
        crs="EPSG:4326",
    )
    streets_layer = stored_layer(store, "streets", streets)
    frames = {
        "places": place.to_crs(crs),
        "duty_units": near.to_crs(crs),
        "streets": streets_layer.frame.to_crs(crs),
    }
    asked = NearestOptions(options.k, options.mode, now, options.turnout_s)
    outcome = tell_nearest(frames, asked, lang=lang)
    told = [say("states_not_stored", lang), say("units_by_position", lang, minutes=60)]
    if beyond.any():
        told.append(say("units_beyond", lang, count=int(beyond.sum()), km=f"{NEAR_M / 1_000:g}"))
    outcome = _said(outcome, told, beyond=int(beyond.sum()), now=now.isoformat(timespec="minutes"))
    return outcome, streets_layer.datum


def duty_units(store: Store, now: dt.datetime) -> gpd.GeoDataFrame:
    """
    Say where the stored units are, by their last positions.

    Parameters
    ----------
    store
        Opened for a scope with the police's line; that it looked is written down.
    now
        The local time.

    Returns
    -------
    units
        `unit_id`, `name`, `force`, `mode`, `shift`, `time` of the position; Point in EPSG:4326,
        None where there is no position of the last `FRESH`.
    """
    fixes = positions(store, Span(now - FRESH, now + dt.timedelta(seconds=1)))
    last = fixes.sort_values("time", kind="stable").drop_duplicates(
        ["unit_id", "division"], keep="last"
    )
    units = store.frame("units").drop(columns="geometry")
    units = units[["unit_id", "division", "name", "force", "mode", "shift"]]
    both = units.merge(
        pd.DataFrame(last[["unit_id", "division", "time", "geometry"]]),
        on=["unit_id", "division"],
        how="left",
    )
    placed = gpd.GeoDataFrame(both, geometry="geometry", crs="EPSG:4326")
    return told_apart(placed, "unit_id").drop(columns="division")


def told_apart(frame: gpd.GeoDataFrame, column: str) -> gpd.GeoDataFrame:
    """
    Make ids that several divisions use ones of their own.

    Parameters
    ----------
    frame
        With the column and `division`.
    column
        The column of ids.

    Returns
    -------
    frame
        The ids that stand twice with the division behind them, and a number where that is one too.
    """
    repeated = frame[column].duplicated(keep=False)
    if not repeated.any():
        return frame
    ids = frame[column].where(~repeated, frame[column] + "@" + frame["division"])
    again = ids.groupby(ids).cumcount()
    return frame.assign(**{column: ids.where(again == 0, ids + "#" + (again + 1).astype(str))})


def ring_places(found: Outcome) -> list[gpd.GeoDataFrame]:
    """
    Return the places of an answer on rings, told apart by `what`.

    Parameters
    ----------
    found
        Outcome of `stored_rings`.

    Returns
    -------
    frames
        "ring", "outside", "station" and "left_out".
    """
    named = {"rings": "ring", "outside": "outside", "stations": "station", "left_out": "left_out"}
    return [_frame(found, table).assign(what=what) for table, what in named.items()]


def nearest_places(found: Outcome) -> list[gpd.GeoDataFrame]:
    """
    Return the places of an answer on nearest units, told apart by `what`.

    Parameters
    ----------
    found
        Outcome of `stored_nearest`.

    Returns
    -------
    frames
        "candidate" with its way, and "place".
    """
    named = {"candidates": "candidate", "places": "place"}
    return [_frame(found, table).assign(what=what) for table, what in named.items()]


def _frame(found: Outcome, table: str) -> gpd.GeoDataFrame:
    frame = found.tables[table]
    assert isinstance(frame, gpd.GeoDataFrame)  # noqa: S101 - these tables have places
    return frame


def _require_few(count: int) -> None:
    """Refuse what keeps whoever waits, and the service, for too long."""
    if count > MOST_STREETS:
        raise BadRequestError(
            "too_many_streets_to_wait", count=f"{count:,}", most=f"{MOST_STREETS:,}"
        )


def _said(found: Outcome, remarks: list[str], **told: Any) -> Outcome:  # noqa: ANN401 - any JSON
    """Return an outcome with more to say."""
    every = [*found.remarks, *remarks]
    summary = {**found.summary, **told, "remarks": every}
    return Outcome(summary, found.tables, found.scene, every)


def _datum(layers: Mapping[str, Layer]) -> str:
    return least_exact(layer.datum for layer in layers.values())
