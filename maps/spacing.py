"""Where posts stand too far apart along the street, and where too near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from maps.colours import CROWDED, SPACING
from maps.layers import Look, ThematicLayer
from maps.words import cell, words

if TYPE_CHECKING:
    from geo.posts import PostSpacing
    from maps.layers import Style

BAND_LEVEL: Final = 35
"""Under the streets, over areas: a band on both sides of them."""

PAIR_LEVEL: Final = 45
"""Over the streets, under routes and points."""

GAP_STYLE: Final[Style] = {"color": SPACING, "weight": 11, "opacity": 0.9, "lineCap": "butt"}
"""Wide enough to be seen beside the street that lies on it, covered or not."""

ENDLESS_STYLE: Final[Style] = {**GAP_STYLE, "dashArray": "6 4"}
"""Dashed: there is no post that one could walk to from here."""

CROWDED_STYLE: Final[Style] = {"color": CROWDED, "weight": 4, "opacity": 0.95}
"""A short bar between two posts."""

OPPOSITE_STYLE: Final[Style] = {**CROWDED_STYLE, "dashArray": "2 4"}
"""Dotted: over a wide road."""


def spacing_layer(spacing: PostSpacing, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw the gaps of the spacing rule and the pairs that stand too near.

    Parameters
    ----------
    spacing
        Outcome of `geo.posts.post_spacing`, in any CRS.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of lines; a gap is one shape however many streets it crosses.
    """
    say = words(lang)
    layer = ThematicLayer(say("spacing"), show=show)
    endless = ~np.isfinite(spacing.gaps["spacing_m"].to_numpy(dtype=np.float64))
    looks = [
        Look(say("spacing_gap"), "line", GAP_STYLE),
        Look(say("spacing_endless"), "line", ENDLESS_STYLE),
    ]
    text = [
        say.lines(
            say("spacing_gap_title"),
            [
                ("spacing_m", say.length(gap.spacing_m) if np.isfinite(gap.spacing_m) else ""),
                ("spacing_max", say.length(gap.max_m)),
                ("gap_length", say.length(gap.length_m)),
                ("at_end", say("yes") if gap.at_end else ""),
                ("street_ids", gap.street_ids),
            ],
        )
        for gap in spacing.gaps.itertuples()
    ]
    layer.draw(spacing.gaps, looks, endless.astype(np.int64), level=BAND_LEVEL, text=text)
    near = spacing.too_near
    pairs = [
        Look(say("crowded"), "line", CROWDED_STYLE),
        Look(say("opposite"), "line", OPPOSITE_STYLE),
    ]
    names = [
        say.lines(
            f"{cell(pair.post_id)} - {cell(pair.neighbour_id)}",
            [("spacing_m", say.length(pair.spacing_m)), ("spacing_min", say.length(pair.min_m))],
        )
        for pair in near.itertuples()
    ]
    layer.draw(near, pairs, near["opposite"].to_numpy(dtype=np.int64), level=PAIR_LEVEL, text=names)
    return layer
