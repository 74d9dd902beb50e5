"""What is wrong with the borders of areas: a sign at each place, and its outline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from maps.colours import DEFECT
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.tables import TextTable
from maps.words import cell, words

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.layers import Style

PLACE_LEVEL: Final = 45
"""Over areas and their borders."""

SIGN_LEVEL: Final = 70
"""Over all else: a sliver of a metre is seen by its sign alone."""

PLACE: Final[Style] = {"color": DEFECT, "weight": 1.5, "fillColor": DEFECT, "fillOpacity": 0.45}
"""The place of a defect."""

SIGN: Final[Style] = {"color": DEFECT, "glyph": "defect"}
"""Its sign: one character a kind, because ten colours would be too many."""

KINDS: Final = (
    "gap", "overlap", "sliver", "outside", "crossing", "two_parents", "island", "invalid",
    "near_miss", "address",
)  # fmt: skip
"""In the order of the legend: what lies in no grid or in two comes first."""


def defect_layer(
    defects: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Mark what an audit of areas found.

    Parameters
    ----------
    defects
        `defects` of `geo.partition.audit`, in any CRS: `kind, of, area_m2, ids`.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        Places and a sign on each; one without a place is left to the table.
    """
    say = words(lang)
    require(defects, "defects", ("kind", "of", "area_m2", "ids"))
    layer = ThematicLayer(say("defects"), show=show)
    which = np.array([KINDS.index(kind) for kind in defects["kind"]], dtype=np.int64)
    text = [
        say.lines(
            say.code("defect", row.kind),
            [
                ("defect_of", say.code("defect", row.of)),
                ("defect_area", say("m2", number=f"{row.area_m2:,.2f}")),
                ("defect_ids", say("list").join(map(str, row.ids))),
            ],
        )
        for row in defects.itertuples()
    ]
    layer.draw(defects, [Look(say("defect_place"), "area", PLACE)], level=PLACE_LEVEL, text=text)
    looks = [
        Look(say.code("defect", kind), "point", SIGN, say.code("defect_sign", kind))
        for kind in KINDS
    ]
    signs = defects.set_geometry(defects.geometry.representative_point())
    glyphs = [say.code("defect_sign", kind) for kind in defects["kind"]]
    layer.draw(signs, looks, which, level=SIGN_LEVEL, text=text, glyphs=glyphs)
    return layer


def defect_table(defects: gpd.GeoDataFrame, *, lang: str = "zh") -> TextTable:
    """
    Write defects as a table.

    Parameters
    ----------
    defects
        `defects` of `geo.partition.audit`.
    lang
        "zh" or "en".

    Returns
    -------
    table
        A row each: kind, areas, proposed repair, size.
    """
    say = words(lang)
    heads = [say("defect"), say("defect_ids"), say("defect_proposal"), say("defect_area")]
    rows = [
        [
            say.code("defect", row.kind)
            + (say("in_brackets", text=say.code("defect", row.of)) if cell(row.of) else ""),
            say("list").join(map(str, row.ids)),
            say.code("repair", row.proposal),
            say("m2", number=f"{row.area_m2:,.2f}"),
        ]
        for row in defects.itertuples()
    ]
    return TextTable(say("defects"), [heads, *rows], 3)
