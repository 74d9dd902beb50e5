"""Reach by road: rings of minutes on streets, what lies outside every ring, and the stations."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from maps.colours import GAP, NOT_DUE, OFFLINE, RINGS, STATION
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.layers import Style

STREET_LEVEL: Final = 40
"""Where streets lie."""

STATION_LEVEL: Final = 70
"""Over streets and hot spots."""

WEIGHTS: Final = (5.5, 4.5, 3.5, 2.5)
"""The nearer the wider: in grey the weight tells rings apart."""

BEYOND: Final[Style] = {"color": GAP, "weight": 3, "opacity": 0.95, "dashArray": "6 5"}
"""Dashes: there is a way, and it is too long."""

NO_WAY: Final[Style] = {"color": GAP, "weight": 3.5, "opacity": 0.95, "dashArray": "1 6"}
"""Dots: no way leads there."""

CLOSED: Final[Style] = {"color": NOT_DUE, "weight": 2, "opacity": 0.95, "dashArray": "1 5"}
"""Grey dots: none of the stations may drive there."""

REASONS: Final = ("beyond", "no_way", "closed")
"""Why a street lies outside every ring, in the order of the legend."""

ON_DUTY: Final[Style] = {"glyph": "station", "color": STATION}
"""A full square."""

LEFT_OUT: Final[Style] = {"glyph": "station off", "color": OFFLINE}
"""An empty one."""


def ring_layer(streets: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Colour stretches of street by the ring they lie in.

    Parameters
    ----------
    streets
        `streets` of `geo.response.rings`: lines in any CRS with `street_id`, `minutes` (the outer
        edge of the ring) and `station_id`; `name`, `length_m` where there are any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        One look a ring, the nearest the darkest and widest.
    """
    say = words(lang)
    require(streets, "streets", ("street_id", "minutes", "station_id"))
    layer = ThematicLayer(say("rings"), show=show, note=say("rings_note"))
    outer = streets["minutes"].to_numpy(dtype=float)
    edges = np.unique(outer)
    labels = ring_labels(edges.tolist(), say)
    # Few rings take the darker colours: the palest is hard to see alone.
    last = min(len(RINGS), len(edges)) - 1
    steps = np.linspace(0, last, len(edges)).round().astype(int).tolist()
    looks = [
        Look(label, "line", {"color": RINGS[step], "weight": WEIGHTS[step], "opacity": 0.95})
        for label, step in zip(labels, steps, strict=False)
    ]
    which = np.searchsorted(edges, outer).astype(np.int64)
    names = streets["name"] if "name" in streets else [""] * len(streets)
    text = [
        say.lines(
            cell(name),
            [
                ("ring_minutes", labels[ring]),
                ("ring_station", cell(station)),
                ("street_id", cell(street)),
            ],
        )
        for name, ring, station, street in zip(
            names, which.tolist(), streets["station_id"], streets["street_id"], strict=True
        )
    ]
    layer.draw(streets, looks, which, level=STREET_LEVEL, text=text)
    return layer


def outside_layer(
    outside: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw the streets that lie outside every ring, with the reason.

    Parameters
    ----------
    outside
        `outside` of `geo.response.rings`: lines in any CRS with `street_id` and `reason`; `name`,
        `length_m` where there are any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        Dashes where the way is too long, dots where there is none, grey where none may drive.
    """
    say = words(lang)
    require(outside, "outside", ("street_id", "reason"))
    layer = ThematicLayer(say("outside_rings"), show=show)
    reasons = [*REASONS, *sorted(set(outside["reason"].map(cell)) - set(REASONS))]
    styles = {"no_way": NO_WAY, "closed": CLOSED}
    looks = [
        Look(say.code("outside_reason", reason), "line", styles.get(reason, BEYOND))
        for reason in reasons
    ]
    which = np.array([reasons.index(cell(reason)) for reason in outside["reason"]], dtype=np.int64)
    rows = outside.drop(columns=outside.geometry.name).to_dict("records")
    text = [
        say.lines(
            cell(row.get("name")),
            [
                ("outside_rings", say.code("outside_reason", row["reason"])),
                ("stretch_length", _length(row.get("length_m"), say)),
                ("street_id", cell(row["street_id"])),
            ],
        )
        for row in rows
    ]
    layer.draw(outside, looks, which, level=STREET_LEVEL, text=text)
    return layer


def station_layer(
    stations: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw stations: those that the rings go out from, and those left out.

    Parameters
    ----------
    stations
        Points in any CRS with `station_id`; `name`, `unit_class`, `lost_m` and `reason` (why it is
        left out) where there are any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A square each.
    """
    say = words(lang)
    require(stations, "stations", ("station_id",))
    layer = ThematicLayer(say("stations"), show=show)
    rows = stations.drop(columns=stations.geometry.name).to_dict("records")
    sign = say("station_sign")
    looks = [
        Look(say("station.on"), "point", ON_DUTY, sign),
        Look(say("station.off"), "point", LEFT_OUT, sign),
    ]
    which = np.array([bool(cell(row.get("reason"))) for row in rows], dtype=np.int64)
    text = [_station(row, say) for row in rows]
    layer.draw(stations, looks, which, level=STATION_LEVEL, text=text, glyphs=[sign] * len(rows))
    return layer


def ring_labels(edges: list[float], say: Words) -> list[str]:
    """
    Say what rings are called.

    Parameters
    ----------
    edges
        Outer edges in minutes, ascending.
    say
        The words of the page.

    Returns
    -------
    labels
        One an edge.
    """
    written = [f"{edge:g}" for edge in edges]
    return [
        *(say("ring_first", high=high) for high in written[:1]),
        *(say("ring_between", low=low, high=high) for low, high in pairwise(written)),
    ]


def _station(row: dict[str, Any], say: Words) -> list[str]:
    return say.lines(
        cell(row.get("name")) or cell(row["station_id"]),
        [
            ("station_class", say.code("unit_class", row.get("unit_class"))),
            ("length_lost", _length(row.get("lost_m"), say)),
            ("why_left_out", say.code("refused", row.get("reason"))),
        ],
    )


def _length(length_m: Any, say: Words) -> str:  # noqa: ANN401 - a cell of a frame
    return say.length(float(length_m)) if cell(length_m) else ""
