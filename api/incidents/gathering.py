"""The rows that are counted: those without a usable place too."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from data import Layer, Note
from data.settling import PLACELESS, RECOUNTED

Frames = Mapping[str, gpd.GeoDataFrame]

ALIKE: Final = "alike"
"""Column of numbers, the same for rows that are alike in every column of their file."""


def counted_layer(layer: Layer) -> Layer:
    """
    Take the incidents without a place out of the quarantine: a theft of unknown place was a theft.

    Parameters
    ----------
    layer
        Incidents as read.

    Returns
    -------
    layer
        `frame` in the order of the file, with a column that tells rows apart which differ in
        columns that are not taken; the quarantine without those that only lack a place.
    """
    aside = layer.quarantine
    kept = aside["reason"].isin(list(PLACELESS)).to_numpy(dtype=bool)
    if not kept.any():
        return _told_apart(layer)
    rows = aside[kept]
    more = gpd.GeoDataFrame(
        rows.drop(columns=["row", "reason", "detail", "geometry"]),
        geometry=np.full(len(rows), None),
        crs=layer.frame.crs,
    )
    lines = np.r_[layer.rows, rows["row"].to_numpy(dtype=np.int64)]
    order = np.argsort(lines, kind="stable")
    left = aside[~kept].reset_index(drop=True)
    told = [note for note in layer.notes if note.code != RECOUNTED]
    if len(left):
        reasons = dict(Counter(left["reason"]))
        values = {"total": layer.rows_read, "count": len(left), "reasons": reasons}
        told.append(Note(RECOUNTED, values))
    whole = replace(
        layer,
        frame=_joined(layer.frame, more, order),
        quarantine=left,
        rows=lines[order],
        notes=tuple(told),
    )
    return _told_apart(whole)


def with_strays(incidents: gpd.GeoDataFrame, layer: Layer) -> gpd.GeoDataFrame:
    """
    Put back the incidents whose place lies where the CRS of the run cannot measure.

    Their place is of no use, but they are counted.

    Parameters
    ----------
    incidents
        The rows of the layer that can be measured.
    layer
        As it went into the run.

    Returns
    -------
    incidents
        All rows of the layer; those put back are the last, without a place.
    """
    if len(incidents) == len(layer.frame):
        return incidents
    strays = layer.frame[~layer.frame["incident_id"].isin(incidents["incident_id"])]
    more = strays.set_geometry(
        gpd.GeoSeries([None] * len(strays), index=strays.index, crs=incidents.crs)
    )
    return _joined(incidents, more, np.arange(len(layer.frame)))


def _told_apart(layer: Layer) -> Layer:
    """Add what tells apart the rows that are equal in all that is taken of them."""
    code = pd.Series(layer.rows).map(dict(layer.alike)).fillna(-1).astype(np.int64)
    return replace(layer, frame=layer.frame.assign(**{ALIKE: code.to_numpy()}))


def _joined(
    incidents: gpd.GeoDataFrame, more: gpd.GeoDataFrame, order: np.ndarray
) -> gpd.GeoDataFrame:
    """Put rows below others, in an order, with the types that the others have."""
    # A quarantine holds its columns as they were read, all of them of the same types.
    both = pd.concat([incidents, more.astype(incidents.drop(columns="geometry").dtypes)])
    return both.iloc[order].reset_index(drop=True)
