"""Hot spots: the places that were tested, and the extents that stand out, by their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from maps.colours import HOT, TESTED
from maps.features import require
from maps.incident_areas import counted
from maps.layers import Look, ThematicLayer
from maps.tables import TextTable
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.layers import Style

PLACE_LEVEL: Final = 44
"""Over the colours of areas and plain streets."""

EXTENT_LEVEL: Final = 42
"""Under the places: the extent of a hot spot on streets is a pale band around them."""

NUMBER_LEVEL: Final = 75
"""Over all else but markers."""

LEAST: Final = 0.001
"""A corrected significance below this is written so."""

HOT_LINE: Final[Style] = {"color": HOT, "weight": 5, "opacity": 0.95}
"""A street segment that is hot."""

HOT_CELL: Final[Style] = {"color": HOT, "weight": 1, "fillColor": HOT, "fillOpacity": 0.6}
"""A cell that is hot."""

TESTED_LINE: Final[Style] = {"color": TESTED, "weight": 2, "opacity": 0.75}
"""A segment with incidents that is not."""

TESTED_CELL: Final[Style] = {"color": TESTED, "weight": 0.5, "fillColor": TESTED,
                             "fillOpacity": 0.35}  # fmt: skip
"""A cell with incidents that is not."""

BAND: Final[Style] = {"color": HOT, "weight": 15, "opacity": 0.25}
"""A wide pale band around the segments of a hot spot."""

EXTENT: Final[Style] = {"color": HOT, "weight": 2.5, "opacity": 1.0, "fillColor": HOT,
                        "fillOpacity": 0.06}  # fmt: skip
"""The outline of a hot spot of cells."""

NUMBER: Final[Style] = {"color": HOT, "glyph": "spot"}
"""Its number."""


def hot_place_layer(
    places: gpd.GeoDataFrame,
    *,
    unit: str = "matter",
    level: float = 0.05,
    lang: str = "zh",
    show: bool = True,
) -> ThematicLayer:
    """
    Draw the places that were tested and hold any incident: those that are hot, and the others.

    Parameters
    ----------
    places
        `places` of `geo.incidents.hotspots.hot_spots`: lines or polygons in any CRS with
        `place_id, n, z, q, hot`; `name` where there is any.
    unit
        The unit of the counts.
    level
        The share of false discoveries that was allowed.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A place without incidents is hot where its neighbours make it so, and else not drawn.
    """
    say = words(lang)
    require(places, "places", ("place_id", "n", "z", "q", "hot"))
    layer = ThematicLayer(say("hot_places"), show=show)
    hot = places["hot"].to_numpy(dtype=bool)
    held = places[hot | (places["n"].to_numpy() > 0)]
    area = shapely.get_dimensions(held.geometry.to_numpy()) > 1
    label = say("hot_place", level=f"{level:.0%}")
    looks = [
        Look(label, "line", HOT_LINE),
        Look(say("plain_place"), "line", TESTED_LINE),
        Look(label, "area", HOT_CELL),
        Look(say("plain_place"), "area", TESTED_CELL),
    ]
    which = 2 * area + ~held["hot"].to_numpy(dtype=bool)
    names = held["name"] if "name" in held else [""] * len(held)
    text = [
        say.lines(
            cell(name),
            [
                ("spot_count", counted(row.n, unit, say)),
                ("closeness", f"{row.z:.2f}"),
                ("corrected_p", significance(row.q, say)),
                ("place_code", cell(row.place_id)),
            ],
        )
        for name, row in zip(names, held.itertuples(), strict=True)
    ]
    layer.draw(held, looks, which.astype(np.int64), level=PLACE_LEVEL, text=text)
    return layer


def hot_spot_layer(
    spots: gpd.GeoDataFrame, *, unit: str = "matter", lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw the extent of each hot spot with its number.

    Parameters
    ----------
    spots
        `spots` of `geo.incidents.hotspots.hot_spots`: `spot_id, n, places, peak_place`; `name` (of
        the peak), `length_m`, `area_m2`, and `kept` where there was a week before. Lines or
        polygons in any CRS; the first row is number 1.
    unit
        The unit of the counts.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        Outlines or bands, and numbers as in `hot_spot_table`.
    """
    say = words(lang)
    require(spots, "spots", ("spot_id", "n", "places", "peak_place"))
    layer = ThematicLayer(say("hot_spots"), show=show)
    heads = ("spot_id", "spot_count", "spot_places", "spot_size", "spot_peak", "spot_since")
    rows = _rows(spots, unit, say)
    text = [
        [
            say("spot_title", number=str(number)),
            *(
                say("pair", label=_head(head, spots, say), value=row[head])
                for head in heads
                if row[head]
            ),
        ]
        for number, row in enumerate(rows, start=1)
    ]
    area = (shapely.get_dimensions(spots.geometry.to_numpy()) > 1).astype(np.int64)
    looks = [
        Look(say("hot_spot"), "line", BAND),
        Look(say("hot_spot"), "area", EXTENT),
    ]
    layer.draw(spots, looks, area, level=EXTENT_LEVEL, text=text)
    inside = spots.set_geometry(spots.geometry.representative_point())
    numbers = [str(number) for number in range(1, len(spots) + 1)]
    look = Look(say("spot_number"), "point", NUMBER, "1")
    layer.draw(inside, [look], level=NUMBER_LEVEL, text=text, glyphs=numbers)
    return layer


def hot_spot_table(spots: gpd.GeoDataFrame, *, unit: str = "matter", lang: str = "zh") -> TextTable:
    """
    Write hot spots as a table.

    Parameters
    ----------
    spots
        As in `hot_spot_layer`.
    unit
        The unit of the counts.
    lang
        "zh" or "en".

    Returns
    -------
    table
        A row each, with the number that it has on the map.
    """
    say = words(lang)
    heads = ["spot_since", "spot_peak", "spot_id", "spot_count", "spot_places", "spot_size"]
    rows = _rows(spots, unit, say)
    kept = [head for head in heads if any(row[head] for row in rows)]
    body = [
        [str(number), *(row[head] for head in kept)] for number, row in enumerate(rows, start=1)
    ]
    numbers_from = 1 + sum(head in kept for head in heads[:3])
    top = [say("spot_order"), *(_head(head, spots, say) for head in kept)]
    return TextTable(say("table_hot_spots"), [top, *body], numbers_from)


def significance(value: float, say: Words) -> str:
    """
    Write a corrected significance.

    Parameters
    ----------
    value
        Between 0 and 1; not a number where nothing was tested.
    say
        The words of the page.

    Returns
    -------
    text
        Three decimals, or that it is below a thousandth; empty where it is missing.
    """
    if np.isnan(value):
        return ""
    return say("below", number=f"{LEAST:g}") if value < LEAST else f"{value:.3f}"


def _head(head: str, spots: gpd.GeoDataFrame, say: Words) -> str:
    if head == "spot_size":
        return say("spot_length" if _linear(spots) else "spot_area")
    return say(head)


def _linear(spots: gpd.GeoDataFrame) -> bool:
    """Tell whether hot spots are of street segments."""
    return not (shapely.get_dimensions(spots.geometry.to_numpy()) > 1).any()


def _rows(spots: gpd.GeoDataFrame, unit: str, say: Words) -> list[dict[str, str]]:
    """Return the cells of each hot spot in words."""
    size = "length_m" if _linear(spots) else "area_m2"
    write = say.length if _linear(spots) else say.area
    return [
        {
            "spot_id": cell(row["spot_id"]),
            "spot_count": counted(row["n"], unit, say),
            "spot_places": f"{row['places']:,}",
            "spot_size": write(row[size]) if cell(row.get(size)) else "",
            "spot_peak": _peak(row),
            "spot_since": _since(row.get("kept"), say),
        }
        for row in spots.drop(columns=spots.geometry.name).to_dict("records")
    ]


def _peak(row: dict[str, Any]) -> str:
    """Name the peak place; a code that is that of the hot spot would only say it twice."""
    code = cell(row["peak_place"])
    return cell(row.get("name")) or ("" if code == cell(row["spot_id"]) else code)


def _since(kept: Any, say: Words) -> str:  # noqa: ANN401 - a cell of a frame
    """Say whether a hot spot was there before; nothing where nobody knows what was."""
    if pd.isna(kept):
        return ""
    return say("spot_kept" if kept else "spot_new")


def named_spots(spots: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Give hot spots the name of their peak place.

    Parameters
    ----------
    spots
        Rows with `peak_place`.
    places
        Rows with `place_id`; `name` where there is any.

    Returns
    -------
    spots
        With `name`, missing where the place has none.
    """
    if "name" not in places:
        return spots
    names = dict(zip(places["place_id"], places["name"], strict=True))
    return spots.assign(name=spots["peak_place"].map(names))
