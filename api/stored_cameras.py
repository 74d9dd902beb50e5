"""
What the cameras of a stored area see, where nobody looks, which to turn and where to hang more.

The figures are those of `gridpatrol cameras --area`: the rows come the same way.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd

from api.camera_health import condition_of, history_of, hours_of, sheet_of
from api.camera_sight import CameraSight, look
from api.errors import BadRequestError
from api.intake import take_in
from api.queries import MOMENT, Span, span_of
from api.stored import area_frames, placed, stored_area, stored_layer, stored_layers, worth_layers
from api.stored_ledgers import doors_of
from api.stored_posts import MOST_STREETS, WAIT_S
from data import Layer
from data.camera_ledgers import LAST_DAYS, faults_of, states_of
from data.dated import as_of
from data.errors import NotFoundError
from data.store import Query, Store
from data.values import LOCAL_ZONE
from geo.aiming import NewCameras, Plan, Reaim, Terms, new_cameras, plan, reaim
from geo.cordon import OpenEdges, open_edges

MOST_HEADINGS: Final = 20_000
"""Cameras in and near an area, and its poles, times headings of each, of which are chosen while
somebody waits: twice the town of the demo, every 10 degrees. Views of so many take about 5 s."""


def area_sight(
    store: Store,
    code: str,
    *,
    night: bool = False,
    band: str | None = None,
    datetime: str | None = None,
) -> CameraSight:
    """
    Compute what cameras see within a stored area, and how reliable they are.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    night
        Whether it is night.
    band
        What the picture has to serve for; None for the range as it is.
    datetime
        The span that states and faults are told of, as `span_of` reads it; everything else is taken
        as it was on its last day. None for the 31 days up to the last state, and for today.

    Returns
    -------
    sight
        Streets and junctions within the area, and the key sites that meet it where any do, with
        their entrances; cameras outside that reach into it count, in `health` too. In the working
        CRS of the area.

    Raises
    ------
    BadRequestError
        When the span cannot be read, or has not begun.
    NotFoundError
        When the scope sees no such area.
    GeoError
        When the area or a street cannot be measured.
    """
    now = dt.datetime.now(ZoneInfo(LOCAL_ZONE)).replace(tzinfo=None)
    span = (None, None) if datetime is None else _begun(datetime, now)
    if span[1] is not None:
        store = as_of(store, (span[1] - MOMENT).date())
    frames = area_frames(store, "cameras", code)
    crs = frames["within"].crs
    sites = placed(store, "key_sites", code, Query())
    if len(sites):
        frames["key_sites"] = sites.to_crs(crs)
        doors = doors_of(store, sites["site_id"])
        if len(doors):
            frames["entrances"] = doors.to_crs(crs)
    sight = look(frames, night=night, band=band)
    ids = frames["cameras"]["camera_id"].tolist()
    states, faults = states_of(store, ids, span), faults_of(store, ids, span)
    history = history_of(states, _whole(states, span))
    condition = condition_of(
        sheet_of(frames["cameras"]), history, faults if len(faults) else None, at=span[1]
    )
    hours = hours_of(frames, sight.coverage, history, night=night, band=band)
    return replace(sight, health=condition, hours=hours)


def _begun(text: str, now: dt.datetime) -> Span:
    """Read a span, of which only what has come is known."""
    since, until = span_of(text)
    if until is not None:
        until = min(until, now)
    if since is not None and since >= (until or now):
        raise BadRequestError("bad_time", name="datetime", met=text)
    return since, until


def _whole(states: pd.DataFrame, span: Span) -> tuple[dt.datetime, dt.datetime] | None:
    """Return both ends of the span that was asked for; None where none was."""
    since, until = span
    if until is not None:
        return since or until - LAST_DAYS, until
    if since is None or states.empty:
        return None
    return since, max(states["time"].max().to_pydatetime(), since + MOMENT)


def area_blind(store: Store, code: str) -> CameraSight:
    """
    Find the open ground of a stored area that no camera sees: restricted output.

    Parameters
    ----------
    store
        Opened for a scope that may see what is restricted.
    code
        The area.

    Returns
    -------
    sight
        As `area_sight`, with the blind ground of the area.

    Raises
    ------
    NotFoundError
        When the scope sees no such area, no street near it, or no camera anywhere: where none is
        known, blind ground is unknown too.
    PlaceError
        When no street can be measured together with the area.
    GeoError
        When the area cannot be measured.
    """
    frames = _frames(store, code)
    return look(frames, ground=frames["within"])


def area_cordon(store: Store, code: str, *, way: str = "out") -> OpenEdges:
    """
    Find the ways out of a stored area, or into it, that nobody sees: restricted output.

    Parameters
    ----------
    store
        Opened for a scope that may see what is restricted.
    code
        The area.
    way
        "out" or "in".

    Returns
    -------
    edges
        For walkers; streets and cameras around the area are those known.

    Raises
    ------
    NotFoundError, PlaceError, GeoError
        As `area_blind`.
    """
    frames = _frames(store, code)
    seen = look(frames).coverage.seen.union
    return open_edges(frames["streets"], frames["within"], seen, way=way)


def area_plan(
    store: Store,
    code: str,
    turns: int,
    *,
    new: int = 0,
    forbid: Sequence[str] = (),
    step_deg: float = 10.0,
    waiting: bool = False,
) -> Reaim | NewCameras | Plan:
    """
    Propose which cameras to turn, and where new ones should hang, so that more of an area is seen.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    turns
        How many cameras may be turned at most.
    new
        How many may be bought at most, for the stored poles of the area.
    forbid
        Codes of stored areas where no new camera may come.
    step_deg
        From one heading offered to the next.
    waiting
        Whether somebody waits for the answer: then what takes long is refused.

    Returns
    -------
    proposal
        For the streets within the area and the key sites that meet it: of turns where no new camera
        is asked for, of new cameras where no turn is, of both in one plan.

    Raises
    ------
    BadRequestError
        When somebody waits and it would take long.
    NotFoundError, PlaceError, GeoError
        As `area_blind`; also when new cameras are asked for and the area has no pole, or there is
        no area of a code in `forbid`.
    """
    layers = dict(_layers(store, code))
    if new:
        layers |= _offered(store, code, forbid)
    frames = take_in(layers, "cameras").frames
    limit: dict[str, Any] = {}
    if waiting:
        _require_small(frames, step_deg)
        limit["seconds"] = WAIT_S
    common: dict[str, Any] = {
        "walls": frames.get("walls"),
        "key_sites": frames.get("key_sites"),
        "step_deg": step_deg,
        "terms": Terms(within=frames["within"], **limit),
    }
    known, buildings = (frames["streets"], frames["cameras"]), frames.get("buildings")
    if not new:
        return reaim(*known, buildings, changes=turns, **common)
    common |= {"propose": new, "forbidden": frames.get("forbid")}
    if not turns:
        return new_cameras(*known, frames["poles"], buildings, **common)
    return plan(*known, frames["poles"], buildings, changes=turns, **common)


def planned_places(found: Reaim | NewCameras | Plan) -> list[gpd.GeoDataFrame]:
    """
    Return what is proposed, and what it wins and loses, told apart by `what`.

    Parameters
    ----------
    found
        From `area_plan`.

    Returns
    -------
    frames
        "turn" with the view then, those that win most first; "new_camera" where it would hang and
        "new_view", in the same order; the stretches of street "gained" and "lost", by which of the
        two steps: `step` is "turns" or "new".
    """
    if isinstance(found, Plan):
        return [*planned_places(found.reaim), *planned_places(found.new)]
    if isinstance(found, Reaim):
        step, shown = "turns", [found.turns.drop(columns="before").assign(what="turn")]
    else:
        step, sites = "new", found.sites
        views = sites.drop(columns="geometry").rename(columns={"view": "geometry"})
        shown = [
            sites.drop(columns="view").assign(what="new_camera"),
            gpd.GeoDataFrame(views, geometry="geometry", crs=sites.crs).assign(what="new_view"),
        ]
    changes = {"gained": found.gained, "lost": found.lost}
    return shown + [rows.assign(what=what, step=step) for what, rows in changes.items()]


def cordon_places(found: OpenEdges) -> list[gpd.GeoDataFrame]:
    """
    Return the ways that nobody sees and the fewest closures, told apart by `what`.

    Parameters
    ----------
    found
        From `area_cordon`.

    Returns
    -------
    frames
        Stretches of street: each "way", then each "closure".
    """
    return [found.ways.assign(what="way"), found.closures.assign(what="closure")]


def _frames(store: Store, code: str) -> Mapping[str, gpd.GeoDataFrame]:
    return take_in(_layers(store, code), "cameras").frames


def _layers(store: Store, code: str) -> Mapping[str, Layer]:
    return worth_layers(store, code) | stored_layers(store, "cameras", code)


def _offered(store: Store, code: str, forbid: Sequence[str]) -> dict[str, Layer]:
    """Return the poles of an area, and where no camera may come."""
    poles = placed(store, "poles", code, Query())
    if poles.empty:
        raise NotFoundError("no_poles_there", id=code)
    offered = {"poles": stored_layer(store, "poles", poles)}
    if forbid:
        areas = pd.concat([stored_area(store, each) for each in dict.fromkeys(forbid)])
        offered["forbid"] = stored_layer(store, "areas", areas)
    return offered


def _require_small(frames: Mapping[str, gpd.GeoDataFrame], step_deg: float) -> None:
    """Refuse a proposal that keeps whoever waits for it, and the service, for too long."""
    streets, cameras = len(frames["streets"]), len(frames["cameras"]) + len(frames.get("poles", ()))
    headings = cameras * math.ceil(360.0 / step_deg)
    if streets > MOST_STREETS or headings > MOST_HEADINGS:
        raise BadRequestError(
            "ask_turns_as_job", cameras=cameras, count=streets, step_deg=f"{step_deg:g}",
            path="POST /processes/camera-proposal/execution",
        )  # fmt: skip
