"""The layers that a plan was made of, kept beside it: what is stored today may be other layers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

Cells = dict[str, list[Any]]
"""Column -> cells as JSON has them, `geometry` as WKT to the last digit."""


def cells_of(frame: gpd.GeoDataFrame) -> Cells:
    """
    Put a layer into plain values.

    Parameters
    ----------
    frame
        n rows of texts, numbers, truths and dates.

    Returns
    -------
    cells
        Ready for JSON; what is missing is None.
    """
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    columns: Cells = {
        str(name): [None if pd.isna(cell) else _plain(cell) for cell in plain[name]]
        for name in plain.columns
    }
    shapes = shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=-1)
    return {**columns, "geometry": list(shapes)}


def frames_of(layers: Mapping[str, Mapping[str, Sequence[Any]]], crs: str) -> dict[str, Any]:
    """
    Take up layers that were kept.

    Parameters
    ----------
    layers
        Role -> outcome of `cells_of`.
    crs
        What their places are in.

    Returns
    -------
    frames
        Role -> frame; the same cells give the same frames.
    """
    return {role: _frame(cells, crs) for role, cells in layers.items()}


def _frame(cells: Mapping[str, Sequence[Any]], crs: str) -> gpd.GeoDataFrame:
    columns = {name: values for name, values in cells.items() if name != "geometry"}
    return gpd.GeoDataFrame(columns, geometry=shapely.from_wkt(cells["geometry"]), crs=crs)


def _plain(cell: Any) -> Any:  # noqa: ANN401 - a cell
    """Return a cell as JSON has it."""
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell.item() if hasattr(cell, "item") else cell
