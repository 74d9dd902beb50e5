"""Incidents, gathered by kind, and how densely they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from maps.colours import COUNT_BREAKS, COUNT_FILLS, INCIDENTS, OTHER
from maps.features import require
from maps.layers import ClusterLayer, Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd

LEVEL: Final = 80
"""Over everything: markers stand in a pane of their own anyway."""

DENSITY_LEVEL: Final = 12
"""Over areas, under camera views."""

STATES: Final = ("open", "handling", "closed")
"""States with a shape of their own: full, ring, faint ring; any other is drawn full."""


def incident_layers(
    incidents: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = False
) -> list[ClusterLayer]:
    """
    Draw incidents as markers that gather into numbers, one layer a kind.

    Parameters
    ----------
    incidents
        n points in any CRS with `kind`; `class`, `state` and `time` where there are any.
    lang
        "zh" or "en".
    show
        Whether the layers start switched on.

    Returns
    -------
    layers
        One a kind: the listed kinds first, then the others by name. The letter is the kind, the
        shape the state.
    """
    say = words(lang)
    require(incidents, "incidents", ["kind"])
    kinds = incidents["kind"].map(cell)
    others = sorted(set(kinds) - set(INCIDENTS))
    return [
        _kind_layer(incidents[(kinds == kind).to_numpy()], kind, say, show=show)
        for kind in (*INCIDENTS, *others)
        if (kinds == kind).any()
    ]


def density_layer(
    cells: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = False
) -> ThematicLayer:
    """
    Colour hexagons by how many incidents lie in them.

    Parameters
    ----------
    cells
        `geo.cells.density`: n polygons in any CRS with `count`, at least 1.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of hexagons in five fixed classes.
    """
    say = words(lang)
    require(cells, "cells", ["count"])
    layer = ThematicLayer(say("density"), show=show, one_of="areas")
    lows = [1, *COUNT_BREAKS]
    labels = [
        *(_range(low, high - 1, say) for low, high in zip(lows, COUNT_BREAKS, strict=False)),
        say("count_above", low=str(COUNT_BREAKS[-1])),
    ]
    looks = [
        Look(
            label,
            "area",
            {"color": "#7c2f0b", "weight": 0.5, "fillColor": fill, "fillOpacity": 0.7},
        )
        for label, fill in zip(labels, COUNT_FILLS, strict=True)
    ]
    which = np.searchsorted(COUNT_BREAKS, cells["count"].to_numpy(), side="right")
    text = [say.lines("", [("count", f"{count:,}")]) for count in cells["count"]]
    layer.draw(cells, looks, which, level=DENSITY_LEVEL, text=text)
    return layer


def _range(low: int, high: int, say: Words) -> str:
    if low == high:
        return say("count_one", low=str(low))
    return say("count_between", low=str(low), high=str(high))


def _kind_layer(incidents: gpd.GeoDataFrame, kind: str, say: Words, *, show: bool) -> ClusterLayer:
    """Return the markers of one kind."""
    name = say.code("incident", kind) or say("not_stated")
    color = INCIDENTS.get(kind, OTHER)
    states = list(map(cell, incidents["state"])) if "state" in incidents else [""] * len(incidents)
    order = [*(state for state in STATES if state in states), *sorted(set(states) - set(STATES))]
    looks = [
        Look(
            say.code("state", state) or say("not_stated"),
            "point",
            {"color": color, "glyph": f"incident {state if state in STATES else STATES[0]}"},
        )
        for state in order
    ]
    which = np.asarray([order.index(state) for state in states], dtype=np.int64)
    # The initial of a kind nobody listed is the first letter it came with.
    glyph = (say.code("initial", kind) or name)[:1]
    wording = say("cluster", kind=name, number="{number}")
    layer = ClusterLayer(name, color=color, glyph=glyph, wording=wording, show=show)
    layer.draw(
        incidents,
        looks,
        which,
        level=LEVEL,
        text=_text(incidents, name, say),
        glyphs=[glyph] * len(incidents),
    )
    return layer


def _text(incidents: gpd.GeoDataFrame, name: str, say: Words) -> list[list[str]]:
    """Return what, in which state, when."""
    return [
        say.lines(
            name,
            [
                ("incident_class", say.code("class", row.get("class"))),
                ("incident_state", say.code("state", row.get("state"))),
                # ISO 8601 puts a T between day and hour; people do not.
                ("time", cell(row.get("time")).replace("T", " ")),
            ],
        )
        for row in incidents.drop(columns=incidents.geometry.name).to_dict("records")
    ]
