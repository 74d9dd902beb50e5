"""From layers as read to frames that can be measured: one CRS, stray rows out, doubts noted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data import Layer, Note, PlaceError
from data.mixture import mixed_datum
from data.states import FAULTS, STATES
from data.volunteers import VOLUNTEERS
from geo import suspect_datum, working_crs
from geo.crs import crs_at, measurable
from geo.datum import APPROXIMATE

PLACELESS: Final = frozenset({VOLUNTEERS, STATES, FAULTS})
"""Kinds of layer that are tables: counts, states and faults have no place of their own."""

NEAR_STREET_M: Final = 1_000.0
"""A site farther than this from every street is not beside one, whatever it is for."""

ANYWHERE: Final = (108.0, 34.0)
"""A place whose CRS serves rows of which none has a place."""

FAR_SHARE: Final = 0.5
"""When so many sites are far from every street, the two layers are probably of two places."""


@dataclass(frozen=True, eq=False)
class Intake:
    """
    What a run computes with.

    Parameters
    ----------
    layers
        Role -> layer, with stray rows moved to the quarantine.
    frames
        Role -> its frame in the working CRS.
    notes
        Role and note, in order: what the readers said, then what was found here.
    """

    layers: Mapping[str, Layer]
    frames: Mapping[str, gpd.GeoDataFrame]
    notes: tuple[tuple[str, Note], ...]


def take_in(layers: Mapping[str, Layer], sites: str) -> Intake:
    """
    Project the layers of a run to one working CRS: that of the areas kept to, or of the streets.

    Parameters
    ----------
    layers
        "streets", the layer of the sites, and others.
    sites
        Role of the layer whose points belong beside the streets.

    Returns
    -------
    intake
        Rows that lie where the CRS cannot measure are in the quarantine, with the reason
        `far_away`.

    Raises
    ------
    PlaceError
        When there is no street, a layer has rows and none can be used, or the sites are in two
        datums.
    """
    if not layers["streets"].rows_read:
        raise PlaceError("no_streets", file=layers["streets"].source)
    # The streets of a province have their middle in a zone that need not be that of a county.
    anchor = "within" if "within" in layers and len(layers["within"].frame) else "streets"
    taken = project(layers, anchor)
    require_one_datum(taken.layers[sites], taken.layers["streets"].frame)
    doubts = [(sites, note) for note in datum_doubts(taken.layers, taken.frames, sites)]
    return replace(taken, notes=(*taken.notes, *doubts))


def project(layers: Mapping[str, Layer], anchor: str) -> Intake:
    """
    Project layers to the working CRS of one of them, and set aside what lies too far from it.

    Parameters
    ----------
    layers
        Role -> layer.
    anchor
        The role of the layer that chooses the CRS; it has rows. Where none of them has a place,
        another layer does; where no layer has one, any CRS will do.

    Returns
    -------
    intake
        Rows that lie where the CRS cannot measure are in the quarantine, with the reason
        `far_away`.

    Raises
    ------
    PlaceError
        When a layer has rows and none can be used.
    """
    for layer in layers.values():
        if layer.rows_read and layer.frame.empty:
            raise nothing_usable(layer)
    order = [layers[anchor], *layers.values()]
    placed = next((layer.frame for layer in order if has_places(layer.frame)), None)
    crs = crs_at(*ANYWHERE) if placed is None else working_crs(placed)
    kept: dict[str, Layer] = {}
    frames: dict[str, gpd.GeoDataFrame] = {}
    notes = [(role, note) for role, layer in layers.items() for note in layer.notes]
    for role, layer in layers.items():
        metric = layer.frame.to_crs(crs)
        near = measurable(metric)
        if near.all():
            kept[role], frames[role] = layer, metric
            continue
        kept[role] = _without(layer, ~near)
        frames[role] = metric[near].reset_index(drop=True)
        notes.append((role, Note("rows_far_away", {"count": int((~near).sum())})))
        if frames[role].empty:
            # Where no street lies near the areas kept to, it is those that are elsewhere.
            stray = layers[anchor] if role == "streets" else layer
            raise nothing_usable(_without(stray, np.ones(len(stray.frame), dtype=bool)))
    return Intake(kept, frames, tuple(notes))


def nothing_usable(layer: Layer) -> PlaceError:
    """
    Refuse a layer of which no row can be used.

    Parameters
    ----------
    layer
        As read; what is left in `frame` has no place.

    Returns
    -------
    error
        Names the file, the number of rows and why they are of no use, the commonest reason first.
    """
    found = Counter(layer.quarantine["reason"])
    if len(layer.frame):
        found["no_geometry"] += len(layer.frame)
    reasons = dict(found.most_common())
    return PlaceError("nothing_usable", file=layer.source, rows=layer.rows_read, reasons=reasons)


def has_places(frame: gpd.GeoDataFrame) -> bool:
    """
    Tell whether anything in a frame has a place.

    Parameters
    ----------
    frame
        Any rows.

    Returns
    -------
    placed
        Whether some geometry is there and not empty.
    """
    return bool((frame.geometry.notna() & ~frame.geometry.is_empty).any())


def require_one_datum(layer: Layer, streets: gpd.GeoDataFrame) -> None:
    """
    Refuse a layer whose points fit the streets only if they are in two datums.

    Parameters
    ----------
    layer
        Points that belong beside streets.
    streets
        In EPSG:4326; none say nothing.

    Raises
    ------
    PlaceError
        When two datums are mixed; the message says which, and what to do.
    """
    mixed = mixed_datum(layer.frame, streets) if len(streets) else None
    if mixed is not None:
        raise PlaceError("mixed_datum", file=layer.source, **vars(mixed))


def _without(layer: Layer, stray: np.ndarray) -> Layer:
    """Move rows of a layer to its quarantine."""
    rows = layer.frame[stray]
    middle = shapely.bounds(np.asarray(rows.geometry.array))
    aside = pd.DataFrame(rows.drop(columns="geometry"))
    aside.insert(0, "row", layer.rows[stray])
    aside.insert(1, "reason", "far_away")
    aside.insert(2, "detail", [f"{box[0]:.5f}, {box[1]:.5f}" for box in middle])
    aside["geometry"] = shapely.to_wkt(np.asarray(rows.geometry.array), rounding_precision=-1)
    return replace(
        layer,
        frame=layer.frame[~stray].reset_index(drop=True),
        rows=layer.rows[~stray],
        quarantine=pd.concat([layer.quarantine, aside], ignore_index=True),
    )


def datum_doubts(
    layers: Mapping[str, Layer], frames: Mapping[str, gpd.GeoDataFrame], sites: str
) -> list[Note]:
    """
    Say so when points miss the streets: another datum, or another place altogether.

    Parameters
    ----------
    layers
        Role -> layer: "streets" and the points.
    frames
        Role -> its rows in one metric CRS.
    sites
        The role of the points.

    Returns
    -------
    notes
        What to look at; none where most points are near a street.
    """
    found = suspect_datum(layers[sites].frame, layers["streets"].frame)
    if found is not None:
        values = {
            "kind": sites,
            "median_m": f"{found.median_m:.0f}",
            "median_if_m": f"{found.median_if_m:.0f}",
            "datum": found.points_datum,
            "streets_datum": found.streets_datum,
        }
        declared = layers[sites].datum
        if found.points_datum == "wgs84" and found.streets_datum == declared in APPROXIMATE:
            # The conversion that was asked for is itself what moved the points.
            return [Note("datum_needless", values | {"option": f"{sites}={declared}"})]
        of_points = found.points_datum != "wgs84"
        option = f"{sites}={found.points_datum}" if of_points else f"streets={found.streets_datum}"
        return [Note("datum_suspected", values | {"option": option})]
    points = np.asarray(frames[sites].geometry.array)
    if not len(points):
        return []
    streets = shapely.STRtree(np.asarray(frames["streets"].geometry.array))
    near = streets.query_nearest(points, max_distance=NEAR_STREET_M, all_matches=False)[0]
    far = len(points) - len(near)
    if far < FAR_SHARE * len(points):
        return []
    named = {"kind": sites, "count": far, "total": len(points)}
    return [Note("far_from_streets", named | {"distance_m": f"{NEAR_STREET_M:,.0f}"})]
