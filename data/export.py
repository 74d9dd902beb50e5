"""Writing results: GeoPackage and JSON, whole or not at all."""

import json
import math
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio


def write_geopackage(path: Path, layers: Mapping[str, pd.DataFrame]) -> None:
    """
    Write frames as the layers of one GeoPackage, replacing the file.

    Parameters
    ----------
    path
        The file; its folder exists.
    layers
        Name -> frame. A frame without geometry becomes a table; columns of mixed values become
        text.
    """

    def fill(file: Path) -> None:
        for name, frame in layers.items():
            pyogrio.write_dataframe(_storable(frame), file, layer=name, driver="GPKG")

    _replace(path, fill)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """
    Write a JSON file in UTF-8, replacing it.

    Parameters
    ----------
    path
        The file; its folder exists.
    content
        What `to_json` takes.
    """
    write_text(path, to_json(content) + "\n")


def write_text(path: Path, text: str) -> None:
    """
    Write a text file in UTF-8 with line feeds, replacing it.

    Parameters
    ----------
    path
        The file; its folder exists.
    text
        The whole content.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """
    Write a file, replacing it.

    Parameters
    ----------
    path
        The file; its folder exists.
    content
        All of it.
    """
    _replace(path, lambda file: file.write_bytes(content))


def to_json(content: Mapping[str, Any]) -> str:
    """
    Return content as JSON for people and machines: unknown numbers are null.

    Parameters
    ----------
    content
        Mappings, lists, texts, numbers; numpy scalars are turned into numbers.

    Returns
    -------
    text
        Indented JSON, Chinese as it is.
    """
    return json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False)


def _replace(path: Path, fill: Callable[[Path], object]) -> None:
    """Fill a new file beside the old one, then put it in its place in one step."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        file = Path(folder) / path.name
        fill(file)
        os.replace(file, path)  # noqa: PTH105 - Path.replace would say the same less plainly


def _storable(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn columns that hold several types into text, which GDAL would refuse."""
    mixed = [
        name
        for name in frame.columns.drop(_geometry_name(frame), errors="ignore")
        if frame[name].dtype == object and pd.api.types.infer_dtype(frame[name], skipna=True)
        not in ("string", "empty", "boolean", "floating", "integer")
    ]  # fmt: skip
    return frame.assign(**{name: frame[name].map(_text, na_action="ignore") for name in mixed})


def _geometry_name(frame: pd.DataFrame) -> str:
    return str(frame.geometry.name) if isinstance(frame, gpd.GeoDataFrame) else ""


def _text(value: object) -> str:
    return str(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON values: numpy scalars as numbers, NaN and infinity as null."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value
