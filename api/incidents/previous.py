"""The hot spots of the week before, from the file that was written of them."""

from pathlib import Path

import pandas as pd
import pyogrio
import typer

from data.files import split_spec

LAYER = "hot_places"
"""The layer of `result.gpkg` that tells which places were hot, and of which spot."""

COLUMNS = ("place_id", "spot_id")
"""What is read of it."""


def read_previous(spec: str | Path) -> pd.DataFrame:
    """
    Read which places were hot the week before, so that spots keep their ids.

    Parameters
    ----------
    spec
        `result.gpkg` of `gridpatrol incidents hotspots`, or `FILE:LAYER`; or its places as
        GeoJSON.

    Returns
    -------
    places
        `place_id` and `spot_id`, None where a place was not hot.

    Raises
    ------
    MissingFileError, FormatError
        When there is no such file.
    typer.BadParameter
        When it is no such result.
    """
    path, layer = split_spec(spec)
    try:
        layers = [name for name, _ in pyogrio.list_layers(path)]
        asked = layer or (LAYER if LAYER in layers else layers[0])
        found = pyogrio.read_dataframe(path, layer=asked, read_geometry=False)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, IndexError) as error:
        raise _not_ours(path) from error
    if not set(COLUMNS) <= set(found.columns):
        raise _not_ours(path)
    places = pd.DataFrame(found)[list(COLUMNS)].astype(object)
    return places.where(places.notna(), None)


def _not_ours(path: Path) -> typer.BadParameter:
    return typer.BadParameter(
        f"{path.name}: 不是上一期热点的结果，应为 incidents hotspots --out 写出的 result.gpkg / is "
        f"no result of hot spots; give the result.gpkg that incidents hotspots --out wrote",
        param_hint="--previous",
    )
