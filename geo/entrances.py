"""Where an entrance can be looked at: the ground before it, for doors are drawn on walls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.cameras.watched import RIM_M

if TYPE_CHECKING:
    import geopandas as gpd

DOOR_M: Final = 1.0
"""An entrance is in sight where ground this near to it is, in metres: about the width of a door. As
a point it would lie on its wall, or a hair behind it, where no camera sees it; a project choice."""


def doorsteps(entrances: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Draw the ground before entrances, as `geo.cameras.camera_coverage` takes it.

    Parameters
    ----------
    entrances
        n Point rows in a metric CRS.

    Returns
    -------
    frame
        n rows: a disc for each entrance, of which a camera that sees any ground within `DOOR_M`
        sees the rim; missing where an entrance has no place.
    """
    return entrances.set_geometry(entrances.geometry.buffer(DOOR_M - RIM_M))
