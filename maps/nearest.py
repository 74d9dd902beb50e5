"""The nearest units to a place: their ways along the road, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo.incidents.numbers import plain_text
from maps.colours import GAP, OTHER, UNITS
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd

WAY_LEVEL: Final = 55
"""Over streets and routes."""

UNIT_LEVEL: Final = 72
"""Over stations."""


def nearest_layer(
    candidates: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw the ways of the nearest units to places, numbered from the nearest.

    Parameters
    ----------
    candidates
        `candidates` of `geo.response.nearest_units`: LineStrings in any CRS from the unit to the
        place (none where it is on the spot), with `rank` (from 1), `unit_id`, `minutes`,
        `distance_m`; `lost_m` and `name` where there are any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A line a candidate, with its number where the unit is.
    """
    say = words(lang)
    require(candidates, "candidates", ("rank", "unit_id", "minutes", "distance_m"))
    layer = ThematicLayer(say("nearest"), show=show, note=say("nearest_note"))
    ranks = candidates["rank"].to_numpy(dtype=np.int64)
    kept, which = np.unique(ranks, return_inverse=True)
    colours = [UNITS[rank - 1] if rank <= len(UNITS) else OTHER for rank in kept.tolist()]
    ways = [
        Look(say("nearest_route", rank=str(rank)), "line", {"color": colour, "weight": 5})
        for rank, colour in zip(kept.tolist(), colours, strict=True)
    ]
    starts = [
        Look(
            say("nearest_unit", rank=str(rank)), "point",
            {"glyph": "nearest", "color": colour}, str(rank),
        )
        for rank, colour in zip(kept.tolist(), colours, strict=True)
    ]  # fmt: skip
    rows = candidates.drop(columns=candidates.geometry.name).to_dict("records")
    text = [_candidate(row, say) for row in rows]
    # The nearest is drawn last: where ways run together, it is the one to see.
    order = np.argsort(-ranks, kind="stable")
    layer.draw(
        candidates.iloc[order], ways, which[order], level=WAY_LEVEL,
        text=[text[row] for row in order.tolist()],
    )  # fmt: skip
    begins = shapely.get_point(candidates.geometry.to_numpy(), 0)
    layer.draw(
        candidates.set_geometry(begins, crs=candidates.crs), starts, which, level=UNIT_LEVEL,
        text=text, glyphs=[str(rank) for rank in ranks.tolist()],
    )  # fmt: skip
    return layer


def place_layer(places: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw the places that units are asked to.

    Parameters
    ----------
    places
        Points in any CRS; `name`, `place` and `reason` (why nobody is named) where there are any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A mark at each; one that nobody is named for is empty.
    """
    say = words(lang)
    require(places, "places")
    layer = ThematicLayer(say("nearest_places"), show=show)
    sign = say("nearest_sign")
    looks = [
        Look(say("nearest_place"), "point", {"glyph": "defect", "color": GAP}, sign),
        Look(say("nearest_nobody"), "point", {"glyph": "place", "color": GAP}, sign),
    ]
    rows = places.drop(columns=places.geometry.name).to_dict("records")
    which = np.array([bool(cell(row.get("reason"))) for row in rows], dtype=np.int64)
    text = [
        say.lines(
            cell(row.get("name")) or cell(row.get("place")) or say("nearest_place"),
            [("nearest_nobody", say.code("refused", row.get("reason")))],
        )
        for row in rows
    ]
    layer.draw(places, looks, which, level=UNIT_LEVEL, text=text, glyphs=[sign] * len(rows))
    return layer


def _candidate(row: dict[str, Any], say: Words) -> list[str]:
    lost = cell(row.get("lost_m"))
    return say.lines(
        cell(row.get("name")) or cell(row["unit_id"]),
        [
            ("ring_minutes", say("nearest_minutes", number=plain_text(row["minutes"], 1))),
            ("distance", say.length(float(row["distance_m"]))),
            ("cover_lost", say.length(float(lost)) if lost else ""),
        ],
    )
