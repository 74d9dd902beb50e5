"""Open slits: where two areas face one another over bare ground that no hole explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.partition.chains import SNAP_M
from geo.partition.places import borders_m, polygons_among

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.partition.faces import Faces
    from geo.partition.layers import Layer

    Shapes = NDArray[np.object_]

STRETCH: Final = 10.0
"""Two areas face one another along at least so many times the width asked for: borders that meet
and part at 6 degrees or more do not."""


def slits(faces: Faces, layer: Layer, near_m: float) -> Shapes:
    """
    Find bare strips that are open to the outside, between two areas.

    The rim is moved out by half of `near_m` with sharp corners and back in again: what that
    adds is narrower than `near_m`. What two areas border over `STRETCH * near_m` each is a slit.

    Parameters
    ----------
    faces
        The ground.
    layer
        The areas.
    near_m
        How wide a slit may be, in metres; 0 for none.

    Returns
    -------
    slits
        Polygons; their mouths are straight.
    """
    filled = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(faces.union)))
    if near_m == 0.0 or shapely.is_empty(filled):
        return np.empty(0, dtype=object)
    out = {"join_style": "mitre", "mitre_limit": 2.0 * STRETCH}
    wide = shapely.buffer(filled, near_m / 2.0, **out)
    closed = shapely.buffer(wide, -near_m / 2.0, **out)
    added = polygons_among(shapely.difference([closed], filled, grid_size=SNAP_M))
    strips = added[shapely.length(added) > 2.0 * STRETCH * near_m]
    strip, row, border_m = borders_m(strips, layer.tree)
    far = border_m >= STRETCH * near_m
    pairs = np.unique(np.column_stack((strip[far], layer.code[row[far]])), axis=0)
    return strips[np.bincount(pairs[:, 0], minlength=len(strips)) > 1]
