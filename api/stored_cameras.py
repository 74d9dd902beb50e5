"""
What the cameras of a stored area see, where nobody looks, and which of them to turn.

The figures are those of `gridpatrol cameras --area`: the rows come the same way.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd

from api.camera_sight import CameraSight, look
from api.errors import BadRequestError
from api.intake import take_in
from api.stored import area_frames, placed, stored_layers, worth_layers
from api.stored_posts import MOST_STREETS, WAIT_S
from data.store import Query, Store
from geo.aiming import Reaim, Terms, reaim
from geo.cordon import OpenEdges, open_edges

MOST_HEADINGS: Final = 20_000
"""Cameras in and near an area times headings of each, of which turns are chosen while somebody
waits: twice the town of the demo, every 10 degrees. Views of so many take about 5 s."""


def area_sight(
    store: Store, code: str, *, night: bool = False, band: str | None = None
) -> CameraSight:
    """
    Compute what cameras see within a stored area.

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

    Returns
    -------
    sight
        Streets and junctions within the area, and the key sites that meet it where any do; cameras
        outside that reach into it count. In the working CRS of the area.

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    GeoError
        When the area or a street cannot be measured.
    """
    frames = area_frames(store, "cameras", code)
    sites = placed(store, "key_sites", code, Query())
    if len(sites):
        frames["key_sites"] = sites.to_crs(frames["within"].crs)
    return look(frames, night=night, band=band)


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


def area_turns(
    store: Store, code: str, turns: int, *, step_deg: float = 10.0, waiting: bool = False
) -> Reaim:
    """
    Propose which cameras to turn so that more of a stored area is seen.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.
    turns
        How many cameras may be turned at most.
    step_deg
        From one heading offered to the next.
    waiting
        Whether somebody waits for the answer: then what takes long is refused.

    Returns
    -------
    proposal
        For the streets within the area and the key sites that meet it.

    Raises
    ------
    BadRequestError
        When somebody waits and it would take long.
    NotFoundError, PlaceError, GeoError
        As `area_blind`.
    """
    frames = _frames(store, code)
    limit: dict[str, Any] = {}
    if waiting:
        _require_small(frames, step_deg)
        limit["seconds"] = WAIT_S
    return reaim(
        frames["streets"],
        frames["cameras"],
        frames.get("buildings"),
        key_sites=frames.get("key_sites"),
        changes=turns,
        step_deg=step_deg,
        terms=Terms(within=frames["within"], **limit),
    )


def turned_places(found: Reaim) -> list[gpd.GeoDataFrame]:
    """
    Return the turns, and what they win and lose, told apart by `what`.

    Parameters
    ----------
    found
        From `area_turns`.

    Returns
    -------
    frames
        "turn" with the view then, those that win most first; the stretches of street "gained" and
        "lost".
    """
    return [
        found.turns.drop(columns="before").assign(what="turn"),
        found.gained.assign(what="gained"),
        found.lost.assign(what="lost"),
    ]


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
    layers = worth_layers(store, code) | stored_layers(store, "cameras", code)
    return take_in(layers, "cameras").frames


def _require_small(frames: Mapping[str, gpd.GeoDataFrame], step_deg: float) -> None:
    """Refuse a proposal that keeps whoever waits for it, and the service, for too long."""
    streets, cameras = len(frames["streets"]), len(frames["cameras"])
    headings = cameras * math.ceil(360.0 / step_deg)
    if streets > MOST_STREETS or headings > MOST_HEADINGS:
        raise BadRequestError(
            "ask_turns_as_job", cameras=cameras, count=streets, step_deg=f"{step_deg:g}",
            path="POST /processes/camera-proposal/execution",
        )  # fmt: skip
