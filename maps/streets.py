"""Covered streets and gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from maps.colours import COVERED, GAP, NOT_DUE
from maps.layers import Look, ThematicLayer
from maps.words import Words, cell, words

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.cameras import CameraCoverage
    from geo.coverage import DueStreets, StreetCoverage
    from geo.posts import PostCoverage
    from maps.layers import Style

LEVEL: Final = 40
"""Over areas and camera views, under routes and points."""

NOT_DUE_STYLE: Final[Style] = {"color": NOT_DUE, "weight": 1.5, "opacity": 0.9, "dashArray": "1 4"}
"""Grey dots: an expressway is there, but nobody has to cover it."""

COVERED_STYLE: Final[Style] = {"color": COVERED, "weight": 2, "opacity": 0.9}
"""Thin: in grey the weight alone tells covered streets from gaps."""

GAP_STYLE: Final[Style] = {"color": GAP, "weight": 4.5, "opacity": 0.95, "lineCap": "butt"}
"""Thick, with square ends, so that a gap ends on the map where it ends on the street."""


PLAIN_STYLE: Final[Style] = {"color": NOT_DUE, "weight": 1.5, "opacity": 0.55}
"""Grey and thin: the town under a plan."""


def post_street_layer(
    coverage: PostCoverage, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw which streets observation posts cover and which they do not.

    Parameters
    ----------
    coverage
        Outcome of `geo.posts.post_coverage`, in any CRS.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of covered stretches and gaps; it says so where the distance is straight.
    """
    say = words(lang)
    reach = say.length(coverage.reach_m)
    straight = coverage.distance == "straight"
    note = say("straight") if straight else ""
    within, beyond = (
        ("within_reach", "beyond_reach") if straight else ("within_walk", "beyond_walk")
    )
    layer = ThematicLayer(say("streets_by_posts"), show=show, note=note, one_of="streets")
    _draw(layer, coverage, (say(within, reach=reach), say(beyond, reach=reach)), say)
    return layer


def camera_street_layer(
    coverage: CameraCoverage, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw which streets cameras see and which they do not.

    Parameters
    ----------
    coverage
        Outcome of `geo.cameras.camera_coverage`, in any CRS.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of covered stretches and gaps.
    """
    say = words(lang)
    layer = ThematicLayer(say("streets_by_cameras"), show=show, one_of="streets")
    _draw(layer, coverage, (say("seen"), say("unseen")), say)
    return layer


def plain_street_layer(
    streets: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw streets as a quiet ground, where nothing is said of them.

    Parameters
    ----------
    streets
        n lines in any CRS; `name` where there is any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        Thin grey lines.
    """
    say = words(lang)
    layer = ThematicLayer(say("plain_streets"), show=show)
    names = streets["name"] if "name" in streets.columns else [""] * len(streets)
    text = [say.lines(cell(name) or say("plain_street"), []) for name in names]
    layer.draw(streets, [Look(say("plain_street"), "line", PLAIN_STYLE)], level=LEVEL, text=text)
    return layer


def _draw(
    layer: ThematicLayer, coverage: StreetCoverage, labels: tuple[str, str], say: Words
) -> None:
    """Draw what is left out, what is covered and what is not."""
    streets = coverage.streets
    left_out = streets.stretches(streets.lines.whole.difference(streets.due))
    parts = (left_out, coverage.covered, coverage.gaps)
    which = np.repeat(np.arange(3), [len(part) for part in parts])
    looks = [
        Look(label, "line", style)
        for label, style in zip(
            (say("street_not_due"), *labels), (NOT_DUE_STYLE, COVERED_STYLE, GAP_STYLE), strict=True
        )
    ]
    states = ("street_not_due", "street_covered", "street_gap")
    names = _names(streets)
    text = [
        say.lines(names.get(street_id, ""), [(state, say.length(length_m))])
        for part, state in zip(parts, states, strict=True)
        for street_id, length_m in zip(part["street_id"], part["length_m"], strict=True)
    ]
    layer.draw(pd.concat(parts, ignore_index=True), looks, which, level=LEVEL, text=text)


def _names(streets: DueStreets) -> dict[object, str]:
    """Return the name of each street."""
    if "name" not in streets.frame:
        return {}
    return dict(zip(streets.street_id, map(cell, streets.frame["name"]), strict=True))
