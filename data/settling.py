"""What becomes of rows without coordinates: by address, by area, without a place, or left out."""

from collections import Counter
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.addresses import compared_address, places_of
from data.attributes import ID_COLUMNS
from data.files import Layer
from data.grid_sheets import own_division
from data.notes import Note
from data.store import Store
from data.values import as_text

PLACELESS: Final = frozenset({"no_geometry", "no_place", "empty"})
"""Reasons of the quarantine that mean: there is no place, and nothing else is wrong."""

KEPT_PLACELESS: Final = frozenset({"cameras", "incidents"})
"""Layers whose rows are kept even if nobody knows where: a theft without a place was a theft, and a
camera that its sheet places at 0, 0 is one that somebody has to find."""

RECOUNTED: Final = "rows_quarantined"
"""The reader's note that counts rows without coordinates too."""


def settle(store: Store, layer: Layer, *, division: str = "") -> Layer:
    """
    Take the rows without coordinates out of the quarantine that the store keeps all the same.

    A row whose address is in the stored table of addresses, within its division, gets the place
    of the address; one that names its area, and every incident and camera, is kept without a
    place. The others stay in the quarantine: with their address, where that was looked for in
    vain.

    Parameters
    ----------
    store
        Opened for the scope of whoever imports.
    layer
        Outcome of `read_layer`; one that was settled comes back as it is.
    division
        The division that the rows belong to where they name none.

    Returns
    -------
    layer
        `frame` has the rows that will be stored, those kept behind the others, and tells by
        `quality` ("point", "address", "area" or "none") how well the place of each is known.
    """
    if "quality" in layer.frame.columns:
        return layer
    aside = layer.quarantine
    rows = aside[aside["reason"].isin(list(PLACELESS))]
    places = _places(store, rows, layer.kind, division)
    found = np.array([isinstance(place, shapely.Point) for place in places], dtype=bool)
    vain = np.array([isinstance(place, str) for place in places], dtype=bool)
    kept = found | _has(rows, "area_code") | (layer.kind in KEPT_PLACELESS)
    left = aside.drop(index=rows.index[kept])
    if (vain & ~kept).any():
        lost = rows.index[vain & ~kept]
        left.loc[lost, "reason"] = places[vain & ~kept]
        left.loc[lost, "detail"] = rows.loc[lost, "address"]
    points = [place if isinstance(place, shapely.Point) else None for place in places]
    values = rows.drop(columns=["row", "reason", "detail", "geometry"])
    more = gpd.GeoDataFrame(values, geometry=points, crs=layer.frame.crs)[kept]
    frame = pd.concat([layer.frame, more], ignore_index=True) if len(more) else layer.frame
    quality = np.where(_has(frame, "area_code"), "area", "none")
    quality = np.where(frame.geometry.notna(), "point", quality).astype(object)
    quality[len(layer.frame) :][found[kept]] = "address"
    lines = rows["row"].to_numpy(dtype=np.int64)
    told = [note for note in layer.notes if note.code != RECOUNTED]
    told += _notes(int(found.sum()), lines[vain].tolist(), rows[kept & ~found], layer.kind)
    if len(left):
        reasons = dict(Counter(left["reason"]))
        values = {"total": layer.rows_read, "count": len(left), "reasons": reasons}
        told.append(Note(RECOUNTED, values))
    return replace(
        layer,
        frame=frame.assign(quality=quality),
        quarantine=left.reset_index(drop=True),
        rows=np.concatenate([layer.rows, lines[kept]]),
        notes=tuple(told),
    )


def place_quality(incidents: gpd.GeoDataFrame) -> pd.Series:
    """
    Tell how well the place of each incident is known.

    Parameters
    ----------
    incidents
        n rows as read, settled or stored: geometry, and `place_quality` (what the source says),
        `quality` (how the store came by the place) and `area_code` where present.

    Returns
    -------
    quality
        n of "point", "address", "street", "area" and "none". A point that its source puts in the
        middle of an area is "area", and so is a row without a point that names its area.
    """
    count, index = len(incidents), incidents.index
    none = pd.Series(None, index=index, dtype=object)
    said = incidents.get("place_quality", none).astype(object)
    stored = incidents.get("quality", none).astype(object)
    stored = stored.where(stored.isin(["point", "address"]), "point")
    points = np.asarray(incidents.geometry.array)
    placed = ~(shapely.is_missing(points) | shapely.is_empty(points))
    by_area = _has(incidents, "area_code")
    absent = pd.Series(np.where(by_area, "area", "none"), index=index) if count else none
    known = said.where(said.notna() & (said != "none"), stored)
    return known.where(placed, absent).astype(object)


def said_divisions(kind: str, frame: pd.DataFrame, division: str) -> list[str]:
    """
    Return the division of each row by its own words.

    Parameters
    ----------
    kind
        Kind of layer.
    frame
        n rows.
    division
        What is said of the whole layer.

    Returns
    -------
    divisions
        n codes: the village that a grid or village code begins with, or the grid itself for what
        is its own, else as said.
    """
    coded = "area_id" if kind == "areas" else "area_code"
    if coded not in frame.columns:
        return [division] * len(frame)
    return [own_division(kind, code) or division for code in frame[coded]]


def _places(store: Store, rows: pd.DataFrame, kind: str, division: str) -> NDArray[np.object_]:
    """Return the place of each row's address, the reason why there is none, or None."""
    places = np.full(len(rows), None, dtype=object)
    if kind != "addresses" and "address" in rows.columns:
        texts = [compared_address(text) for text in rows["address"]]
        places[:] = places_of(store, texts, said_divisions(kind, rows, division))
    return places


def _has(frame: pd.DataFrame, column: str) -> NDArray[np.bool_]:
    """Tell which rows have a value in a column that may not be there."""
    if column not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(frame[column].notna(), dtype=bool)


def _notes(placed: int, in_vain: list[int], placeless: pd.DataFrame, kind: str) -> list[Note]:
    notes = []
    if placed:
        notes.append(Note("address_placed", {"count": placed}))
    if in_vain:
        # Their lines and no address: not all who may read of an import may read all its rows.
        notes.append(Note("address_unmatched", {"count": len(in_vain), "rows": in_vain}))
    if len(placeless) and kind == "cameras":
        names = [as_text(name) or "?" for name in placeless[ID_COLUMNS[kind]]]
        values = {"count": len(names), "names": names, "rows": placeless["row"].tolist()}
        notes.append(Note("cameras_placeless", values))
    elif len(placeless):
        by_area = int(_has(placeless, "area_code").sum()) if kind == "incidents" else 0
        if by_area:
            notes.append(Note("kept_by_area", {"count": by_area}))
        if len(placeless) > by_area:
            notes.append(Note("kept_placeless", {"count": len(placeless) - by_area}))
    return notes
