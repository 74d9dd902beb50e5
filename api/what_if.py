"""What a stored camera would see if it were turned, moved or switched; nothing is stored."""

import math
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from api.errors import BadRequestError
from api.stored import FARTHEST_M, box_in_degrees
from data.ranges import longest_range_m
from data.store import Query, Store
from geo import working_crs
from geo.cameras import MARGIN_M, Nearby, WhatIf, compare

Floats = NDArray[np.float64]

FARTHEST_MOVE_M: Final = 1_000.0
"""How far a camera may be moved in thought, in metres: all between is read, and one that goes
farther is another camera."""


def camera_what_if(
    store: Store,
    row: pd.Series,
    *,
    azimuth_deg: float | None = None,
    to: tuple[float, float] | None = None,
    online: bool | None = None,
) -> WhatIf:
    """
    Tell what would be newly seen and newly blind if a stored camera were changed.

    Only what is near it is read, and of that what the scope sees: other cameras are those in
    scope.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    row
        The camera, as `Store.item` gives it.
    azimuth_deg
        Where it would look; None for where it looks.
    to
        Where it would stand: longitude and latitude; None for where it stands.
    online
        Whether it would work; None for as it is.

    Returns
    -------
    found
        In the working CRS of the place.

    Raises
    ------
    BadRequestError
        When the camera has no place and gets none, or is moved farther than `FARTHEST_MOVE_M`.
    GeoError
        When the camera cannot be turned, or what is near cannot be measured.
    """
    places = [row["geometry"], None if to is None else shapely.Point(to)]
    places = [place for place in places if place is not None]
    if not places:
        raise BadRequestError("no_camera_place", id=row["camera_id"])
    spots = gpd.GeoSeries(places, crs="EPSG:4326")
    crs = working_crs(spots.iloc[:1].to_frame("geometry"))
    xy = shapely.get_coordinates(spots.to_crs(crs).array)
    moved_m = math.dist(xy[0], xy[-1])
    if not moved_m <= FARTHEST_MOVE_M:
        raise BadRequestError("moved_too_far", met_m=f"{moved_m:.0f}", most_m=FARTHEST_MOVE_M)
    halo_m = min(2.0 * (longest_range_m(store) + MARGIN_M), FARTHEST_M)
    around = np.concatenate((xy - halo_m, xy + halo_m), axis=1)
    cameras = _read(store, "cameras", _covering(around, xy[0]), crs)
    if not (cameras["id"] == row["id"]).any():
        # Without a place no box finds it; nor does today what begins tomorrow.
        own = gpd.GeoDataFrame(pd.DataFrame([row]), geometry="geometry", crs="EPSG:4326")
        cameras = pd.concat([own.to_crs(crs), cameras], ignore_index=True)
    # Divisions may share codes; the number of a row is its own.
    near = Nearby.of(
        cameras.assign(camera_id=cameras["id"]), row["id"], azimuth_deg=azimuth_deg,
        to=None if to is None else tuple(xy[-1]), online=online,
    )  # fmt: skip
    found = compare(
        near,
        _read(store, "streets", _covering(near.ground, xy[0]), crs),
        _read(store, "buildings", _covering(near.reach, xy[0]), crs),
    )
    return replace(found, views=found.views.assign(camera_id=row["camera_id"]))


def _covering(boxes: Floats, place: Floats) -> Floats:
    """Return the box around boxes, no farther from a place than anything is looked for."""
    low, high = np.nanmin(boxes[:, :2], axis=0), np.nanmax(boxes[:, 2:], axis=0)
    return np.concatenate(
        (np.maximum(low, place - FARTHEST_M), np.minimum(high, place + FARTHEST_M))
    )


def _read(store: Store, kind: str, around: Floats, crs: CRS) -> gpd.GeoDataFrame:
    """Return the rows of a layer that meet a box; it and they are in metres."""
    return store.frame(kind, Query(box=box_in_degrees(crs, around.tolist()))).to_crs(crs)
