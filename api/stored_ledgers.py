"""What is stored beside the cameras of an area: poles, entrances, and the two ledgers."""

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd

from api.stored import placed, stored_layer, stored_name
from data import Layer
from data.camera_ledgers import faults_of, states_of
from data.states import FAULTS, STATES
from data.store import Query, Store


def beside_cameras(store: Store, code: str, cameras: gpd.GeoDataFrame) -> dict[str, Layer]:
    """
    Gather what a run over the cameras of a stored area takes beside streets and buildings.

    Parameters
    ----------
    store
        Opened for a scope.
    code
        The area.
    cameras
        Those of the run, with `camera_id`.

    Returns
    -------
    layers
        As far as any are stored: "poles" in the area, "entrances" of the key sites that meet it,
        "states" of the last 31 days that these cameras were reported on, and their "faults".

    Raises
    ------
    NotFoundError
        When the scope sees no such area.
    """
    found = {
        "poles": placed(store, "poles", code, Query()),
        "entrances": doors_of(store, placed(store, "key_sites", code, Query())["site_id"]),
    }
    layers = {kind: stored_layer(store, kind, frame) for kind, frame in found.items() if len(frame)}
    ids = cameras["camera_id"].tolist()
    ledgers = {STATES: states_of(store, ids), FAULTS: faults_of(store, ids)}
    return layers | {
        kind: _ledger(store, kind, rows) for kind, rows in ledgers.items() if len(rows)
    }


def doors_of(store: Store, sites: Collection[str]) -> gpd.GeoDataFrame:
    """
    Return the entrances of key sites.

    Parameters
    ----------
    store
        Opened for the scope of the request.
    sites
        Codes of the sites.

    Returns
    -------
    entrances
        Those that have a place, in EPSG:4326.
    """
    doors = store.frame("entrances", Query(equal={"site_id": list(sites)}))
    return doors[doors.geometry.notna()]


def _ledger(store: Store, kind: str, rows: pd.DataFrame) -> Layer:
    """Return rows of a ledger as a file would give them."""
    return Layer(
        kind=kind,
        frame=gpd.GeoDataFrame(rows, geometry=[None] * len(rows), crs="EPSG:4326"),
        quarantine=pd.DataFrame(columns=["row", "reason", "detail", *rows.columns, "geometry"]),
        notes=(),
        source=stored_name(store, kind),
        datum="wgs84",
        rows_read=len(rows),
        rows=np.arange(len(rows), dtype=np.int64),
    )
