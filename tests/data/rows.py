"""Layers made by hand, as the reader would hand them over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data.attributes import ID_COLUMNS
from data.files import Layer
from data.notes import Note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import shapely


def layer_of(
    kind: str,
    shapes: Sequence[shapely.Geometry | None],
    columns: Mapping[str, Sequence[Any]] | None = None,
    *,
    source: str = "made.csv",
    aside: Mapping[str, Sequence[Any]] | None = None,
) -> Layer:
    """Return a layer; without its id among the columns, its rows are only numbered."""
    id_column, count = ID_COLUMNS[kind], len(shapes)
    given = dict(columns or {})
    numbered = id_column not in given
    values = {id_column: given.pop(id_column, np.arange(count)), **given}
    quarantine = pd.DataFrame(
        {"row": [], "reason": [], "detail": [], "geometry": []} if aside is None else dict(aside)
    )
    return Layer(
        kind=kind,
        frame=gpd.GeoDataFrame(values, geometry=list(shapes), crs="EPSG:4326"),
        quarantine=quarantine,
        notes=(Note("id_none", {"total": count}),) if numbered else (),
        source=source,
        datum="wgs84",
        rows_read=count + len(quarantine),
        rows=np.arange(count),
    )
