"""Observation posts and how far they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from maps.colours import POST
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import cell, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from maps.layers import Style

LEVEL: Final = 60
"""Over streets and routes."""

REACH_LEVEL: Final = 30
"""Under the streets, over areas."""

POST_STYLES: Final[Mapping[str, Style]] = {
    "fixed": {"mark": "circle", "radius": 4, "weight": 1.5, "color": "#ffffff", "fillColor": POST},
    "mobile": {"mark": "circle", "radius": 4, "weight": 2, "color": POST, "fillColor": "#ffffff"},
    "": {"mark": "circle", "radius": 3, "weight": 1, "color": "#ffffff", "fillColor": POST},
}
"""Filled where a post stays, hollow where it moves, small where the kind is another or unknown."""

REACH_STYLE: Final[Style] = {
    "color": POST,
    "weight": 1,
    "opacity": 0.5,
    "dashArray": "3 4",
    "fillColor": POST,
    "fillOpacity": 0.04,
    "interactive": False,
}
"""Faint: hundreds of circles lie over each other."""


def post_layer(posts: gpd.GeoDataFrame, *, lang: str = "zh", show: bool = True) -> ThematicLayer:
    """
    Draw observation posts as small circles by kind.

    Parameters
    ----------
    posts
        n points in any CRS; `post_id`, `name`, `kind` and `hours` where there are any.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of circles.
    """
    say = words(lang)
    require(posts, "posts")
    layer = ThematicLayer(say("posts"), show=show)
    kinds = posts["kind"].map(cell) if "kind" in posts else None
    known = [kind for kind in POST_STYLES if kind]
    which = np.full(len(posts), len(known))
    if kinds is not None:
        for number, kind in enumerate(known):
            which[(kinds == kind).to_numpy()] = number
    looks = [
        Look(
            say.code("post", kind) if kind else say("other_posts"),
            "point",
            {**style, "fillOpacity": 1},
        )
        for kind, style in POST_STYLES.items()
    ]
    text = [
        say.lines(
            cell(row.get("name")) or say("post"),
            [
                ("post_id", cell(row.get("post_id"))),
                ("kind", say.code("post", row.get("kind"))),
                ("hours", cell(row.get("hours"))),
            ],
        )
        for row in posts.drop(columns=posts.geometry.name).to_dict("records")
    ]
    layer.draw(posts, looks, which, level=LEVEL, text=text)
    return layer


def reach_layer(
    posts: gpd.GeoDataFrame, *, reach_m: float, lang: str = "zh", show: bool = False
) -> ThematicLayer:
    """
    Draw the circle that each post reaches.

    Parameters
    ----------
    posts
        n points in any CRS.
    reach_m
        How far one post reaches, in metres; greater than 0.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        A group of circles on the ground; they take no pointer.
    """
    say = words(lang)
    require(posts, "posts")
    layer = ThematicLayer(say("reach"), show=show)
    label = say("reach_circle", reach=say.length(reach_m))
    look = Look(label, "area", {**REACH_STYLE, "radius_m": reach_m})
    layer.draw(posts, [look], level=REACH_LEVEL)
    return layer
