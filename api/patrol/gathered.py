"""What patrols of an area of the store are planned with: its streets, points, segments, places."""

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from api.errors import BadRequestError
from api.stored import box_in_degrees, stored_area
from data import ALIASES
from data.errors import NotFoundError
from data.store import Query, Store
from geo import working_crs

HALO_M: Final = 400.0
"""Streets this near an area are taken with it, in metres: a way may lead round its border."""

ROLES: Final = {
    "points": ("must_visit", "point_id"),
    "segments": ("segments", "segment_id"),
    "standby": ("standby", "place_id"),
}
"""Role in a plan -> layer of the store and its id, of those that have places."""

OF_ROWS: Final = ("division", "source_datum")
"""What the store says of rows beyond the file contract, and a plan needs: whose they are, and what
their coordinates came in."""

MOST_STREETS: Final = 20_000
"""Streets of one plan: more are more than an area has."""


def patrol_frames(store: Store, code: str) -> dict[str, gpd.GeoDataFrame]:
    """
    Gather what patrols of an area are planned with.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    code
        The area.

    Returns
    -------
    frames
        "areas" (the one), "streets" around it, "points" and "segments" that name the area, or name
        none and lie in it, "standby" that name the area or lie around it: units may begin at a
        station beyond the border. One metric CRS.

    Raises
    ------
    NotFoundError
        When the scope sees no such area, or no street near it.
    BadRequestError
        When the area is as large as a county.
    """
    area = _contract("areas", stored_area(store, code))
    area = area.to_crs(working_crs(area))
    west, south, east, north = area.total_bounds
    around = (west - HALO_M, south - HALO_M, east + HALO_M, north + HALO_M)
    streets = store.frame("streets", Query(box=box_in_degrees(area.crs, around)))
    streets = _contract("streets", streets[streets.geometry.notna()]).to_crs(area.crs)
    if streets.empty:
        raise NotFoundError("no_streets_there", id=code)
    if len(streets) > MOST_STREETS:
        raise BadRequestError("too_many_streets", count=len(streets), most=MOST_STREETS)
    # Rows come as they were drawn: by their codes, so that a seed repeats what it gave.
    streets = streets.sort_values("street_id", ignore_index=True)
    frames = {"areas": area.reset_index(drop=True), "streets": streets}
    ground = shapely.union_all(area.geometry.to_numpy())
    for role, (kind, name) in ROLES.items():
        rows = store.frame(kind)
        rows = _contract(kind, rows[rows.geometry.notna()]).to_crs(area.crs)
        named = rows["area_code"] if "area_code" in rows.columns else pd.Series(None, rows.index)
        away_m = shapely.distance(shapely.centroid(rows.geometry.to_numpy()), ground)
        near = away_m <= HALO_M if role == "standby" else (away_m == 0.0) & named.isna().to_numpy()
        held = (named == code).to_numpy(dtype=bool) | near
        frames[role] = rows[held].sort_values(name, ignore_index=True)
    return frames


def _contract(kind: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the columns of a layer that a plan may read: neither who wrote a row nor when."""
    names = [name for name in frame.columns if name in ALIASES[kind] or name in OF_ROWS]
    return frame[[*names, "geometry"]]
