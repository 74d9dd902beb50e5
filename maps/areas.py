"""Areas coloured by the share of their street length that is covered."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from maps.colours import NO_BASE, SHARE_BREAKS, SHARE_FILLS
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.layers import Style

LEVEL: Final = 10
"""Over the background, under everything that is smaller than an area."""

COLUMNS: Final = (
    "area_id",
    "covered_share",
    "covered_length_m",
    "due_length_m",
    "gap_length_m",
    "border_length_m",
)
"""What `shares` must say of an area."""

BORDER: Final[Style] = {"color": "#4b4453", "weight": 1, "opacity": 0.7}
"""The border of an area, whatever its class."""


OUTLINE: Final[Style] = {
    "color": "#6b6474",
    "weight": 1.5,
    "opacity": 0.8,
    "dashArray": "6 3",
    "fill": False,
    "interactive": False,
}
"""Quieter than any street, and dashed, because a border often runs along one."""


def area_layer(
    shares: gpd.GeoDataFrame, *, name: str | None = None, lang: str = "zh", show: bool = False
) -> ThematicLayer:
    """
    Colour areas by their covered share of street length, in five fixed classes.

    Parameters
    ----------
    shares
        `by_area` of a coverage result: `area_id`, `covered_length_m`, `due_length_m`,
        `gap_length_m`, `covered_share`, `border_length_m`; `name` where there is any. Polygons in
        any CRS; a row without one ("(outside)") is left to the table.
    name
        Label in the layer control; none says "areas, by posts".
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of polygons; an area without due street has a look of its own.
    """
    say = words(lang)
    require(shares, "shares", COLUMNS)
    layer = ThematicLayer(name or say("areas_by_posts"), show=show, one_of="areas")
    share = shares["covered_share"].to_numpy(dtype=float)
    which = np.searchsorted(SHARE_BREAKS, share, side="right")
    which[np.isnan(share)] = len(SHARE_FILLS)
    layer.draw(shares, _looks(say), which, level=LEVEL, text=_text(shares, say))
    return layer


def outline_layer(areas: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw the borders of areas, so that a page with areas shows where they are.

    Parameters
    ----------
    areas
        Polygons in any CRS with `area_id`; `name` where there is any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of unfilled polygons that take no pointer.
    """
    say = words(lang)
    require(areas, "areas", ["area_id"])
    layer = ThematicLayer(say("area_outlines"), show=show)
    layer.draw(areas, [Look(say("area_outline"), "line", OUTLINE)], level=LEVEL)
    return layer


def _looks(say: Words) -> list[Look]:
    """Return one look a class, the highest share last, then the one of no base."""
    percent = [f"{bound:.0%}" for bound in SHARE_BREAKS]
    labels = [
        say("share_below", high=percent[0]),
        *(say("share_between", low=low, high=high) for low, high in pairwise(percent)),
        say("share_above", low=percent[-1]),
    ]
    fills: list[Style] = [
        {**BORDER, "fillColor": fill, "fillOpacity": 0.75} for fill in SHARE_FILLS
    ]
    empty: Style = {**BORDER, "fillColor": NO_BASE, "hatch": True, "fillOpacity": 1}
    looks = [Look(label, "area", style) for label, style in zip(labels, fills, strict=True)]
    return [*looks, Look(say("no_base_area"), "area", empty)]


def _text(shares: gpd.GeoDataFrame, say: Words) -> list[list[str]]:
    """Return the name, and the share with its numerator and denominator."""
    rows = shares[list(COLUMNS)].itertuples(index=False)
    names = shares["name"] if "name" in shares else [""] * len(shares)
    return [
        say.lines(
            cell(name),
            [
                ("area_id", cell(area_id)),
                ("covered_share", _share(share, covered_m, due_m, say)),
                ("gap_length", say.length(gap_m)),
                ("border", say.length(border_m)),
            ],
        )
        for name, (area_id, share, covered_m, due_m, gap_m, border_m) in zip(
            names, rows, strict=True
        )
    ]


def _share(share: float, covered_m: float, due_m: float, say: Words) -> str:
    if np.isnan(share):
        return say.share(share)
    return say(
        "share_formula",
        share=say.share(share),
        covered=say.length(covered_m),
        due=say.length(due_m),
    )
