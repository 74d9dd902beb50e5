"""Ground that changes hands between areas, borders as they were, and codes to read on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from maps.areas import OUTLINE
from maps.colours import MOVED
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import cell, words

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.layers import Style

MOVED_LEVEL: Final = 20
"""Over the colours of areas, under their borders."""

BORDER_LEVEL: Final = 30
"""Over everything that has a colour."""

CODE_LEVEL: Final = 60
"""Over borders."""

MOVED_STYLE: Final[Style] = {"color": MOVED, "weight": 1, "hatch": True, "fillOpacity": 1}
"""Hatched: the colour of the area that it comes to stays legible."""

BORDER_STYLE: Final[Style] = {"color": "#2f2a36", "weight": 2, "opacity": 0.9, "fill": False,
                              "interactive": False}  # fmt: skip
"""Darker and wider than the hairline of a coloured area."""

CODE_DIGITS: Final = 3
"""Of 15 digits the last three tell the grids of a village apart."""

CODE_LENGTH: Final = 15
"""Digits of the code of a grid; another code is written whole."""


def moved_layer(moved: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw the ground that goes from one area to another.

    Parameters
    ----------
    moved
        Polygons in any CRS with `from_id` and `to_id`; `households` where they are known.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of hatched pieces.
    """
    say = words(lang)
    require(moved, "moved", ("from_id", "to_id"))
    layer = ThematicLayer(say("ground_moved"), show=show)
    counts = moved["households"] if "households" in moved else [None] * len(moved)
    text = [
        say.lines(
            say("moved_piece"),
            [
                ("from_id", cell(row.from_id)),
                ("to_id", cell(row.to_id)),
                ("figure.households", cell(count)),
            ],
        )
        for row, count in zip(moved.itertuples(), counts, strict=True)
    ]
    layer.draw(moved, [Look(say("moved_piece"), "area", MOVED_STYLE)], level=MOVED_LEVEL, text=text)
    return layer


def border_layer(
    areas: gpd.GeoDataFrame, *, before: bool = False, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw the borders of areas: as they are, or dashed as they were.

    Parameters
    ----------
    areas
        Polygons in any CRS.
    before
        Whether these are the borders before a change.
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
    name = say("borders_before" if before else "area_outlines")
    layer = ThematicLayer(name, show=show)
    style = OUTLINE if before else BORDER_STYLE
    layer.draw(areas, [Look(name, "line", style)], level=BORDER_LEVEL)
    return layer


def code_layer(areas: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Write the codes of areas into them, so that a printed sheet can be read.

    Parameters
    ----------
    areas
        Polygons in any CRS with `area_id`.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        The last three digits of a code of fifteen, any other code as it is.
    """
    say = words(lang)
    require(areas, "areas", ("area_id",))
    layer = ThematicLayer(say("codes"), show=show)
    codes = [cell(code) for code in areas["area_id"]]
    short = [code[-CODE_DIGITS:] if len(code) == CODE_LENGTH else code for code in codes]
    inside = areas.set_geometry(areas.geometry.representative_point())
    look = Look(say("code_look"), "point", {"glyph": "code"}, "001")
    layer.draw(inside, [look], level=CODE_LEVEL, glyphs=short)
    return layer
