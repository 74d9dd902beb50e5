"""What a stored camera would see if it were turned, moved or switched; nothing is stored."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas.array import from_shapely
from numpy.typing import NDArray
from pyproj import CRS

from api.errors import BadRequestError
from api.stored import FARTHEST_M, box_in_degrees, in_metres
from data.arrays import Arrays
from data.models import LAYERS
from data.ranges import longest_range_m
from data.store import Query, Store
from geo.cameras import CAMERA_COLUMNS, MARGIN_M, Nearby, WhatIf, compare
from geo.crs import crs_at
from geo.due import DUE_COLUMNS

Floats = NDArray[np.float64]

NUMBERS: Final = (float, int)
"""Types of columns that are read as numbers, missing ones as NaN."""

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
    crs = crs_at(places[0].x, places[0].y)
    xy = np.array([in_metres(crs, place.x, place.y) for place in places])
    moved_m = math.dist(xy[0], xy[-1])
    if not moved_m <= FARTHEST_MOVE_M:
        raise BadRequestError("moved_too_far", met_m=f"{moved_m:.0f}", most_m=FARTHEST_MOVE_M)
    halo_m = min(2.0 * (longest_range_m(store) + MARGIN_M), FARTHEST_M)
    around = np.concatenate((xy - halo_m, xy + halo_m), axis=1)
    known = _arrays(store, "cameras", ("id", *CAMERA_COLUMNS), _covering(around, xy[0]), crs)
    if row["id"] not in known.columns["id"]:
        # Without a place no box finds it; nor does today what begins tomorrow.
        own = {name: [row[name], *cells] for name, cells in known.columns.items()}
        place = np.array([row["geometry"]], dtype=object)
        known = Arrays(own, np.concatenate((place, known.geometry)))
    # Divisions may share codes; the number of a row is its own.
    named = known.columns | {"camera_id": known.columns["id"]}
    near = Nearby.of(
        _frame("cameras", Arrays(named, known.geometry), crs), row["id"], azimuth_deg=azimuth_deg,
        to=None if to is None else tuple(xy[-1]), online=online,
    )  # fmt: skip
    ground, reach = _covering(near.ground, xy[0]), _covering(near.reach, xy[0])
    streets = _arrays(store, "streets", DUE_COLUMNS, ground, crs)
    buildings, walls = (
        _arrays(store, kind, ("height_m",), reach, crs) for kind in ("buildings", "walls")
    )
    found = compare(
        near,
        _frame("streets", streets, crs),
        _frame("buildings", buildings, crs) if len(buildings.geometry) else None,
        walls=_frame("walls", walls, crs) if len(walls.geometry) else None,
    )
    return replace(found, views=found.views.assign(camera_id=row["camera_id"]))


def _covering(boxes: Floats, place: Floats) -> Floats:
    """Return the box around boxes, no farther from a place than anything is looked for."""
    low, high = np.nanmin(boxes[:, :2], axis=0), np.nanmax(boxes[:, 2:], axis=0)
    return np.concatenate(
        (np.maximum(low, place - FARTHEST_M), np.minimum(high, place + FARTHEST_M))
    )


def _arrays(store: Store, kind: str, columns: Sequence[str], around: Floats, crs: CRS) -> Arrays:
    """Return some columns of the rows of a layer that meet a box in metres."""
    return store.arrays(kind, Query(box=box_in_degrees(crs, around.tolist())), columns)


def _frame(kind: str, rows: Arrays, crs: CRS) -> gpd.GeoDataFrame:
    """Return rows in metres; their types are told, as finding them out takes long."""
    table = LAYERS[kind].__table__.columns
    columns = {
        name: np.array(cells, dtype=np.float64)
        if name in table and table[name].type.python_type in NUMBERS and name != "id"
        else pd.Series(cells, dtype=object)
        for name, cells in rows.columns.items()
    }
    places = from_shapely(rows.geometry, crs="EPSG:4326").to_crs(crs)
    return gpd.GeoDataFrame(columns, geometry=places)
