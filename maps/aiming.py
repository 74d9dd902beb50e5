"""Which cameras to turn and where new ones come: views before and after, and what they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from maps.colours import BEFORE, DROPPED, PROPOSED
from maps.layers import Look, ThematicLayer
from maps.routes import ARROW_STYLE, arrowheads
from maps.words import Words, cell, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.aiming import NewCameras, Outlook, Reaim
    from maps.layers import Style

VIEW_LEVEL: Final = 22
"""Over the views that are, under streets."""

STRETCH_LEVEL: Final = 46
"""Over the streets, under points."""

SPOT_LEVEL: Final = 66
"""Over cameras: the proposal is what the page is opened for."""

AHEAD_M: Final = 30.0
"""Length of the line on whose middle an arrowhead lies, in metres: its tip is 25 m before the
camera."""

VIEWS: Final[dict[str, Style]] = {
    "aim_before": {"color": BEFORE, "weight": 1.5, "dashArray": "5 4", "fill": False},
    "aim_after": {"color": PROPOSED, "weight": 2, "fillColor": PROPOSED, "fillOpacity": 0.35},
}
"""An empty pale outline in dashes turns into a dark filled one: told apart without any colour."""

STRETCHES: Final[dict[str, Style]] = {
    "aim_gained": {"color": PROPOSED, "weight": 6, "opacity": 0.95, "lineCap": "butt"},
    "aim_lost": {"color": DROPPED, "weight": 6, "opacity": 0.95, "lineCap": "butt",
                 "dashArray": "3 3"},
}  # fmt: skip
"""Both wider than any street; what is lost is broken up, for green and red alone are one to many
eyes."""

TURN_STYLE: Final[Style] = {"glyph": "stop", "color": PROPOSED}
"""A white disc with the step inside: there is a camera already."""

NEW_STYLE: Final[Style] = {"glyph": "bought", "color": PROPOSED}
"""A filled square with the step inside: the numbers of both layers begin at 1."""


def reaim_layer(reaim: Reaim, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw the cameras to turn: views before and after, new headings, streets won and lost.

    Parameters
    ----------
    reaim
        Outcome of `geo.aiming.reaim`.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of views, arrows, numbers and stretches; its note says that this is a proposal and
        how good it is known to be.
    """
    say = words(lang)
    layer = ThematicLayer(say("turns"), show=show, note=_note(reaim, say))
    turns, cameras = reaim.turns, reaim.cameras
    ids = cameras["camera_id"] if "camera_id" in cameras.columns else np.arange(len(cameras))
    row_of = {camera: row for row, camera in enumerate(ids)}
    rows = [row_of[camera] for camera in turns["camera_id"]]
    names = cameras["name"] if "name" in cameras.columns else pd.Series("", cameras.index)
    text = [
        say.lines(
            say("turn_title", number=str(number)),
            [
                ("camera", cell(names.iloc[row])),
                ("camera_id", cell(turn.camera_id)),
                ("turn", _from_to(turn.from_deg, turn.to_deg, say)),
                *_changes(turn, say),
            ],
        )
        for number, (turn, row) in enumerate(zip(turns.itertuples(), rows, strict=True), start=1)
    ]
    before = gpd.GeoSeries(turns["before"], crs=turns.crs)
    views = gpd.GeoDataFrame(
        geometry=np.concatenate((before.to_numpy(), turns.geometry.to_numpy())), crs=turns.crs
    )
    looks = [Look(say(key), "area", style) for key, style in VIEWS.items()]
    which = np.repeat(np.arange(2), len(turns))
    layer.draw(views, looks, which, level=VIEW_LEVEL, text=text + text)
    _draw_stretches(layer, reaim, say)
    spots = cameras.geometry.iloc[rows]
    look = Look(say("aim_turn"), "point", TURN_STYLE)
    _draw_spots(layer, spots, turns["to_deg"].to_numpy(), look, text, say)
    return layer


def new_camera_layer(new: NewCameras, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw the cameras to buy: their poles, headings and views, and the streets won.

    Parameters
    ----------
    new
        Outcome of `geo.aiming.new_cameras`.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of views, arrows, numbers and stretches; its note says that this is a proposal and
        how good it is known to be.
    """
    say = words(lang)
    layer = ThematicLayer(say("new_cameras"), show=show, note=_note(new, say))
    sites = new.sites
    text = [
        say.lines(
            say("pole_title", number=str(number)),
            [
                ("pole_id", cell(site.pole_id)),
                ("azimuth", _degrees(site.azimuth_deg, say) or say("all_round")),
                ("field", _degrees(site.fov_deg, say)),
                ("range", say.length(site.range_m)),
                *_changes(site, say),
            ],
        )
        for number, site in enumerate(sites.itertuples(), start=1)
    ]
    views = gpd.GeoDataFrame(geometry=gpd.GeoSeries(sites["view"], crs=sites.crs))
    look = Look(say("aim_new"), "area", VIEWS["aim_after"])
    layer.draw(views, [look], level=VIEW_LEVEL, text=text)
    _draw_stretches(layer, new, say)
    azimuth_deg = sites["azimuth_deg"].to_numpy(dtype=np.float64)
    look = Look(say("aim_pole"), "point", NEW_STYLE)
    _draw_spots(layer, sites.geometry, azimuth_deg, look, text, say)
    return layer


def _note(outlook: Outlook, say: Words) -> str:
    """Say that it is a proposal, and how far from the best it is at most."""
    aim = outlook.aim
    if aim.stopped_by == "optimal":
        return say("aim_proven")
    gap = say.share(aim.gap) if np.isfinite(aim.gap) else say("no_base")
    return say("aim_certificate", gap=gap, stopped=say.code("stopped", aim.stopped_by))


def _changes(row: Any, say: Words) -> list[tuple[str, str]]:  # noqa: ANN401 - a row of a frame
    """Return what a step wins and loses, as far as it does."""
    places = [(name, str(getattr(row, name, 0) or "")) for name in ("gained_places", "lost_places")]
    lost_m = getattr(row, "lost_m", 0.0)
    return [
        ("gained_length", say.length(row.gained_m)),
        ("lost_length", say.length(lost_m) if lost_m else ""),
        *places,
    ]


def _from_to(from_deg: float, to_deg: float, say: Words) -> str:
    return say("from_to", before=_degrees(from_deg, say), after=_degrees(to_deg, say))


def _degrees(angle_deg: float, say: Words) -> str:
    return say("degrees", number=f"{angle_deg:.0f}") if cell(angle_deg) else ""


def _draw_stretches(layer: ThematicLayer, outlook: Outlook, say: Words) -> None:
    """Draw the streets that are won and lost by all steps together."""
    parts = (outlook.gained, outlook.lost)
    which = np.repeat(np.arange(2), [len(part) for part in parts])
    keys = list(STRETCHES)
    looks = [Look(say(key), "line", style) for key, style in STRETCHES.items()]
    frame = pd.concat(parts, ignore_index=True)
    text = [
        say.lines(
            say(keys[number]),
            [("street_id", cell(row.street_id)), ("stretch_length", say.length(row.length_m))],
        )
        for number, row in zip(which, frame.itertuples(), strict=True)
    ]
    layer.draw(frame, looks, which, level=STRETCH_LEVEL, text=text)


def _draw_spots(
    layer: ThematicLayer,
    spots: gpd.GeoSeries,
    azimuth_deg: NDArray[np.float64],
    look: Look,
    text: list[list[str]],
    say: Words,
) -> None:
    """Draw an arrow along each heading, and a number where the camera stands."""
    aimed = np.flatnonzero(~np.isnan(azimuth_deg))
    at, angle = shapely.get_coordinates(spots.to_numpy()[aimed]), np.radians(azimuth_deg[aimed])
    ahead = at + np.column_stack((np.sin(angle), np.cos(angle))) * AHEAD_M
    heads, _ = arrowheads(shapely.linestrings(np.stack((at, ahead), axis=1)))
    frame = gpd.GeoDataFrame(geometry=heads, crs=spots.crs)
    arrow = Look(say("aim_heading"), "arrow", ARROW_STYLE)
    layer.draw(frame, [arrow], level=SPOT_LEVEL - 1, text=[text[row] for row in aimed])
    frame = gpd.GeoDataFrame(geometry=spots.to_numpy(), crs=spots.crs)
    glyphs = [str(number) for number in range(1, len(frame) + 1)]
    layer.draw(frame, [look], level=SPOT_LEVEL, text=text, glyphs=glyphs)
