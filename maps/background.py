"""Water, green and buildings, quietly, for the eye to find its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from maps.colours import BUILDING, GREEN, WATER
from maps.features import require
from maps.layers import Look, ThematicLayer
from maps.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from maps.layers import Style

LEVEL: Final = 0
"""Under everything else."""

FILLS: Final = {"green": GREEN, "water": WATER, "buildings": BUILDING}
"""What may lie in the background, from the lowest to the highest."""


def background_layer(
    frames: Mapping[str, gpd.GeoDataFrame], *, lang: str = "zh", show: bool = True
) -> ThematicLayer:
    """
    Draw the ground on which the rest stands.

    Parameters
    ----------
    frames
        Polygons in any CRS under "water", "green" and "buildings", each of which may be missing.
    lang
        "zh" or "en".
    show
        Whether the layer starts switched on.

    Returns
    -------
    layer
        One group; its shapes take no pointer.
    """
    say = words(lang)
    layer = ThematicLayer(say("background"), show=show)
    for name, fill in FILLS.items():
        if name in frames:
            require(frames[name], f"background[{name!r}]")
            style: Style = {"stroke": False, "fillColor": fill, "fillOpacity": 1.0}
            look = Look(say.code("background", name), "area", {**style, "interactive": False})
            layer.draw(frames[name], [look], level=LEVEL)
    return layer
