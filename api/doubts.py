"""What the store makes doubtful of a layer before it is stored: above all the datum."""

from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from api.intake import require_one_datum
from data import Layer, Note
from data.store import Query, Store
from data.workbook import NUMBERED_IDS
from geo import suspect_datum
from geo.datum import APPROXIMATE
from geo.suspicion import MAX_POINTS, suspect_own_areas

BESIDE_STREETS: Final = ("posts", "cameras", "must_visit", "standby", "tracks")
"""Layers whose points belong beside streets, so that a wrong datum betrays itself."""

IN_AREAS: Final = ("posts", "cameras", "key_sites")
"""Stored layers whose rows carry the code of their area, so that they betray a datum of areas."""

AROUND_DEG: Final = 0.03
"""How far around a layer stored rows are looked at, in degrees: BD-09 shifts by some 0.012."""

DATUM_DOUBTS: Final = frozenset({"datum_by_streets", "datum_by_areas", "datum_by_borders"})
"""Notes that doubt the datum of a layer or of what is stored."""


def doubted(store: Store, layer: Layer) -> Layer:
    """
    Add to the notes of a layer what the stored layers make doubtful.

    Points are held against streets, and against the areas whose codes they carry; areas against
    stored points with their codes, and against stored borders of the same codes.

    Parameters
    ----------
    store
        Opened for the scope of whoever imports; what it does not see is not looked at.
    layer
        As read, not stored yet.

    Returns
    -------
    layer
        With the doubts at the end of its notes.

    Raises
    ------
    PlaceError
        When its points fit the streets only if they are in two datums.
    """
    west, south, east, north = layer.frame.total_bounds
    if not np.isfinite(west):
        return layer  # there is no place in it
    sides = (west - AROUND_DEG, south - AROUND_DEG, east + AROUND_DEG, north + AROUND_DEG)
    around = Query(box=sides)
    found: list[Note | None] = []
    if layer.kind in BESIDE_STREETS:
        streets = store.frame("streets", around)
        require_one_datum(layer, streets)
        found.append(_by_streets(layer, streets))
    if "area_code" in layer.frame.columns:
        found.append(_by_areas(layer, store.frame("areas", around)))
    if layer.kind == "areas" and not any(note.code in NUMBERED_IDS for note in layer.notes):
        found += [_by_points(layer, kind, store.frame(kind, around)) for kind in IN_AREAS]
        found.append(_by_borders(layer, store.frame("areas", around)))
    return replace(layer, notes=(*layer.notes, *(note for note in found if note is not None)))


def _by_streets(layer: Layer, streets: gpd.GeoDataFrame) -> Note | None:
    found = suspect_datum(layer.frame, streets)
    if found is None:
        return None
    values = {
        "kind": layer.kind,
        "median_m": f"{found.median_m:.0f}",
        "median_if_m": f"{found.median_if_m:.0f}",
        "datum": found.points_datum,
        "streets_datum": found.streets_datum,
    }
    remedy = _remedy(layer, found.points_datum, "streets", found.streets_datum)
    return Note("datum_by_streets", values | remedy)


def _by_areas(layer: Layer, areas: gpd.GeoDataFrame) -> Note | None:
    points = layer.frame[layer.frame.geometry.geom_type == "Point"]
    found = suspect_own_areas(points, areas)
    if found is None:
        return None
    remedy = _remedy(layer, found.points_datum, "areas", found.areas_datum)
    return Note("datum_by_areas", {"kind": layer.kind} | _counted(found) | remedy)


def _by_points(layer: Layer, kind: str, points: gpd.GeoDataFrame) -> Note | None:
    found = suspect_own_areas(points, layer.frame)
    if found is None:
        return None
    remedy = _remedy(layer, found.areas_datum, kind, found.points_datum)
    return Note("datum_by_areas", {"kind": kind} | _counted(found) | remedy)


def _by_borders(layer: Layer, areas: gpd.GeoDataFrame) -> Note | None:
    new, old = layer.frame, areas
    codes = new["area_id"].astype(str), old["area_id"].astype(str)
    new, old = new[codes[0].isin(codes[1])], old[codes[1].isin(codes[0])]
    corners = shapely.get_coordinates(shapely.boundary(np.asarray(new.geometry.array)))
    # The outlines of a province have a million corners, and few of them tell as much.
    corners = corners[:: max(len(corners) // MAX_POINTS, 1)]
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*corners.T), crs=new.crs)
    found = suspect_datum(points, gpd.GeoDataFrame(geometry=old.geometry.boundary))
    if found is None:
        return None
    values = {
        "count": len(new),
        "median_m": f"{found.median_m:.0f}",
        "median_if_m": f"{found.median_if_m:.0f}",
        "datum": found.points_datum,
        "areas_datum": found.streets_datum,
    }
    remedy = _remedy(layer, found.points_datum, "areas", found.streets_datum)
    return Note("datum_by_borders", values | remedy)


def _counted(found: object) -> dict[str, object]:
    """Return the figures of a suspicion as the sentence names them."""
    said = vars(found)
    return {
        "total": said["points"],
        "count": said["outside"],
        "count_if": said["outside_if"],
        "datum": said["points_datum"],
        "areas_datum": said["areas_datum"],
    }


def _remedy(layer: Layer, datum: str, other: str, other_datum: str) -> dict[str, str]:
    """Tell which layer to import with which datum: this one, if it may be this one."""
    if datum != "wgs84":
        return {"met": layer.kind, "option": datum}
    if other_datum == layer.datum in APPROXIMATE:
        # The conversion that was asked for is itself what moved the layer.
        return {"met": layer.kind, "option": "wgs84"}
    return {"met": other, "option": other_datum}
