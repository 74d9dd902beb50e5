"""What no camera sees: blind ground, and the key sites that are watched or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from maps.colours import BLIND, GAP, WATCHED
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import cell, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from maps.layers import Style

BLIND_LEVEL: Final = 15
"""Over areas, under views and streets."""

SITE_LEVEL: Final = 64
"""Over cameras."""

BLIND_STYLE: Final[Style] = {"color": BLIND, "weight": 0.8, "hatch": True, "fillOpacity": 1}
"""Hatched: streets and houses stay legible."""

SITES: Final[Mapping[str, Style]] = {
    "watched": {"mark": "circle", "radius": 5, "weight": 2, "color": WATCHED,
                "fillColor": WATCHED, "fillOpacity": 0.9},
    "unwatched": {"mark": "circle", "radius": 6, "weight": 2.5, "color": GAP,
                  "fillColor": "#ffffff", "fillOpacity": 1},
    "door_unwatched": {"mark": "circle", "radius": 6, "weight": 2.5, "color": GAP,
                       "fillColor": WATCHED, "fillOpacity": 0.9},
}  # fmt: skip
"""Full where a camera looks, empty where none does, full in a ring where one of its entrances is
in no sight."""


def blind_layer(blind: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = False) -> ThematicLayer:
    """
    Draw the open ground that no camera sees.

    Parameters
    ----------
    blind
        `blind_areas` of `geo.cameras.camera_coverage`, in any CRS.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of hatched pieces; its note says that the list is restricted.
    """
    say = words(lang)
    require(blind, "blind", ("area_id", "area_m2", "street_length_m"))
    layer = ThematicLayer(say("blind"), show=show, note=say("blind_note") if len(blind) else "")
    text = [
        say.lines(
            say("blind_piece"),
            [
                ("area_id", cell(row.area_id)),
                ("blind_area", say.area(row.area_m2)),
                ("blind_street", say.length(row.street_length_m)),
            ],
        )
        for row in blind.itertuples()
    ]
    layer.draw(blind, [Look(say("blind_piece"), "area", BLIND_STYLE)], level=BLIND_LEVEL, text=text)
    return layer


def site_layer(sites: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw key sites by whether a camera sees them.

    Parameters
    ----------
    sites
        `key_sites` of `geo.cameras.camera_coverage`, in any CRS; those with an outline are marked
        inside it. `entrances` and `entrances_watched` are read where present.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of marks; a site without a place is left out.
    """
    say = words(lang)
    require(sites, "sites", ("watched", "cameras", "seen_share"))
    layer = ThematicLayer(say("key_sites"), show=show)
    states = list(SITES)
    doors = sites["entrances"] if "entrances" in sites else pd.Series(0, index=sites.index)
    which = np.select(
        [sites["watched"].fillna(False).to_numpy(dtype=bool), doors.to_numpy() > 0], [0, 2], 1
    )
    text = [
        say.lines(
            cell(row.get("name")) or say("key_site"),
            [
                ("status", say.code("site", states[number])),
                ("cameras_on_site", f"{row['cameras']:,}"),
                (
                    "entrances_watched",
                    f"{row['entrances_watched']:,} / {row['entrances']:,}"
                    if row.get("entrances")
                    else "",
                ),
                ("seen_rim", say.share(row["seen_share"]) if cell(row["seen_share"]) else ""),
            ],
        )
        for row, number in zip(
            sites.drop(columns=sites.geometry.name).to_dict("records"), which, strict=True
        )
    ]
    looks = [Look(say.code("site", state), "point", style) for state, style in SITES.items()]
    marks = sites.set_geometry(sites.geometry.representative_point())
    layer.draw(marks, looks, which.astype(np.int64), level=SITE_LEVEL, text=text)
    return layer
