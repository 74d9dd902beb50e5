"""Point frames as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.errors import GeometryError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


def coordinates(frame: gpd.GeoDataFrame, name: str) -> NDArray[np.float64]:
    """
    Return the coordinates of a frame of points.

    Parameters
    ----------
    frame
        n Point rows.
    name
        The caller's argument, for the message.

    Returns
    -------
    xy
        n x 2 coordinates in the CRS of the frame; NaN for a row without a place.

    Raises
    ------
    GeometryError
        When a row is anything but a point; the message gives its position and kind.
    """
    geometry = np.asarray(frame.geometry.array)
    kinds = shapely.get_type_id(geometry)
    wrong = np.flatnonzero((kinds >= 0) & (kinds != shapely.GeometryType.POINT))
    if wrong.size:
        raise GeometryError(
            f"{name}: row {wrong[0]} is a {geometry[wrong[0]].geom_type} and {wrong.size} of "
            f"{len(geometry)} rows are no points; pass Point rows"
        )
    # GEOS refuses to say where an empty point is.
    placed = geometry.copy()
    placed[shapely.is_empty(geometry)] = None
    return np.column_stack((shapely.get_x(placed), shapely.get_y(placed)))
