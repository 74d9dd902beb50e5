"""Layers of GIS files and Parquet, read whole: geometry stays WKB until it is checked."""

import glob
import json
import re
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyogrio.core import _register_drivers
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from data.errors import FormatError
from data.notes import Note
from data.tables import Table, pick_layer

GIS_SUFFIXES: Final = (".gpkg", ".geojson", ".json", ".shp", ".zip")
"""Files read through GDAL; a .zip holds a shapefile."""

REACHING_OUT: Final = (
    "ADBC", "AmigoCloud", "Carto", "CSW", "EEDA", "Elasticsearch", "GDALG", "GPSBabel", "HTTP",
    "NGW", "OAPIF", "OGCAPI", "OGR_VRT", "PLSCENES", "WFS",
)  # fmt: skip
"""
Drivers of GDAL that read what a file points to, or run what it says: other files, other machines,
programs. GDAL goes by the content, so that any file that is handed over could ask for them.
"""

GPX_SUFFIXES: Final = (".gpx",)
"""Files of GPS receivers, with the same five layers whatever is in them."""

GPX_LAYERS: Final = {
    "tracks": ("track_points", "tracks"),
    "routes": ("routes", "tracks"),
    "posts": ("waypoints",),
    "cameras": ("waypoints",),
    "incidents": ("waypoints",),
    "key_sites": ("waypoints",),
    "must_visit": ("waypoints",),
    "segments": ("routes", "tracks"),
    "standby": ("waypoints",),
    "stations": ("waypoints",),
    "duty_units": ("waypoints",),
}
"""
Kind of layer -> layers of a GPX file that can serve, the better first.

The fixes of a track have times, its line has none. Many programs write a planned route as a track.
"""

UNZONED: Final = re.compile(r"T\d\d:\d\d(?::\d\d(?:\.\d+)?)?$")
"""A time that states no zone."""

PARQUET_SUFFIXES: Final = (".parquet", ".geoparquet")
"""Files read as Parquet, with or without GeoParquet's description of the geometry."""

DBF_ENCODINGS: Final = ("utf-8", "gb18030")
"""Encodings guessed for a shapefile that states none, the stricter first."""

BROKEN_SHARE: Final = 0.05
"""
Share of unreadable characters up to which a guess stands.

A field of fixed width may end within a Chinese character, so that even the right encoding fails on
a few.
"""

ASCII: Final = bytes(range(128))
"""Bytes that every encoding reads alike."""

EXACT_INTEGERS: Final = {
    kind: pd.UInt64Dtype() if pa.types.is_unsigned_integer(kind) else pd.Int64Dtype()
    for kind in (
        pa.int8(), pa.int16(), pa.int32(), pa.int64(),
        pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(),
    )
}  # fmt: skip
"""Integers stay integers where values are missing; as floats, long ids would lose digits."""

# GDAL leaves drivers out only while it registers all of them, which pyogrio does when imported.
pyogrio.set_gdal_config_options({"GDAL_SKIP": ",".join(REACHING_OUT)})
_register_drivers()


def read_gis(path: Path, layer: str | None) -> Table:
    """
    Read one layer of a GeoPackage, GeoJSON or shapefile.

    Parameters
    ----------
    path
        The file; a .zip holds a shapefile.
    layer
        Name of the layer; None for the only one.

    Returns
    -------
    table
        Columns as they are, dates as text, geometry as WKB; without `wkb` where the layer has no
        geometry.

    Raises
    ------
    FormatError
        When GDAL cannot open the file.
    LayerError
        When the layer is not there, or several are and none is named.
    """
    try:
        listed = pyogrio.list_layers(path)
    except DataSourceError as error:
        raise FormatError("unreadable_file", file=path.name, said=_cause(error, path)) from error
    spatial = [name for name, shape in listed if shape is not None]
    names = [name for name, _ in listed]
    name = pick_layer(path.name, layer, names if layer is not None else (spatial or names))
    return read_features(path, name, f"{path.name}:{name}" if len(names) > 1 else path.name)


def read_gpx(path: Path, layer: str | None, kind: str) -> Table:
    """
    Read the layer of a GPX file that serves a kind of layer.

    Parameters
    ----------
    path
        The file.
    layer
        Name of the layer; None for the first of `GPX_LAYERS` that is not empty.
    kind
        Kind of layer.

    Returns
    -------
    table
        As `read_gis` gives it, times in UTC: the format has no others, and a receiver that leaves
        the zone out means no local time.

    Raises
    ------
    FormatError
        When GDAL cannot open the file.
    LayerError
        When the layer is not there, or none can be chosen for this kind.
    """
    if layer is not None or kind not in GPX_LAYERS:
        return _universal(read_gis(path, layer))
    tables = (read_gis(path, name) for name in GPX_LAYERS[kind])
    first = next(tables)
    return _universal(first if len(first.rows) else next((t for t in tables if len(t.rows)), first))


def _universal(table: Table) -> Table:
    """Return a table of a receiver whose times all state their zone."""
    columns = [
        cells.str.replace(UNZONED, r"\g<0>Z", regex=True) if head == "time" else cells
        for head, cells in zip(table.heads, table.columns, strict=True)
    ]
    return replace(table, columns=tuple(columns))


def read_features(path: Path, name: str, source: str, *, where: str | None = None) -> Table:
    """
    Read the features of one layer through GDAL.

    Parameters
    ----------
    path
        The file.
    name
        Name of the layer.
    source
        What the file and layer are called.
    where
        Which features, as GDAL's SQL says it; None for all.

    Returns
    -------
    table
        As `read_gis` gives it.

    Raises
    ------
    FormatError
        When GDAL cannot read the file.
    """
    encoding = _dbf_encoding(path, name)
    # GDAL's remarks arrive as warnings, and whoever turns warnings into errors still gets rows.
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        try:
            meta, content = pyogrio.read_arrow(
                path, layer=name, encoding=encoding, datetime_as_string=True, where=where
            )
        except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
            raise FormatError(
                "unreadable_file", file=path.name, said=_cause(error, path)
            ) from error
    notes = [Note("gdal_said", {"file": source, "said": said}) for said in _said(remarks)]
    if encoding is not None:
        notes.append(Note("encoding_guessed", {"file": path.name, "encoding": encoding.upper()}))
    geometry = None
    if meta["geometry_type"] is not None:
        geometry = meta["geometry_name"] or "wkb_geometry"
    crs = CRS.from_user_input(meta["crs"]) if meta["crs"] else None
    return _from_arrow(content, geometry, crs, source, notes)


def read_parquet(path: Path, layer: str | None) -> Table:
    """
    Read a Parquet file, with or without GeoParquet's description of the geometry.

    Parameters
    ----------
    path
        The file.
    layer
        Must be None or the name of the file without suffix: Parquet has one layer.

    Returns
    -------
    table
        Columns as they are; without `wkb` where the file describes no geometry.

    Raises
    ------
    FormatError
        When the file is not Parquet.
    LayerError
        When another layer is named.
    """
    pick_layer(path.name, layer, [path.stem])
    try:
        content = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise FormatError("unreadable_file", file=path.name, said=_cause(error, path)) from error
    stated = (content.schema.metadata or {}).get(b"geo")
    if stated is None:
        return _from_arrow(content, None, None, path.name, [])
    try:
        described = json.loads(stated)
        primary = described["primary_column"]
        column = described["columns"][primary]
        encoding, crs = column["encoding"], _stated_crs(column)
        content.column(primary)
    except (ValueError, KeyError, TypeError) as error:
        # Json errors are ValueErrors; the rest is a description that says something else.
        raise FormatError("unreadable_file", file=path.name, said=f"geo: {error}") from error
    if encoding != "WKB":
        points = gpd.GeoDataFrame.from_arrow(content)[primary]
        wkb = pa.array(shapely.to_wkb(points.to_numpy()), type=pa.binary())
        content = content.set_column(content.schema.get_field_index(primary), primary, wkb)
    return _from_arrow(content, primary, crs, path.name, [])


def _from_arrow(
    content: pa.Table, geometry: str | None, crs: CRS | None, source: str, notes: list[Note]
) -> Table:
    wkb = None
    if geometry is not None:
        wkb = content.column(geometry).to_numpy(zero_copy_only=False).astype(object)
        content = content.drop_columns([geometry])
    for i, name in enumerate(content.column_names):
        content = content.set_column(i, name, _legible(content.column(i)))
    frame = content.to_pandas(types_mapper=EXACT_INTEGERS.get, ignore_metadata=True)
    return Table(
        heads=tuple(map(str, frame.columns)),
        columns=tuple(frame.iloc[:, i] for i in range(frame.shape[1])),
        rows=np.arange(1, content.num_rows + 1, dtype=np.int64),
        source=source,
        wkb=wkb,
        crs=crs,
        notes=tuple(notes),
    )


def _legible(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return text that is UTF-8 throughout: GDAL hands on a character cut off as it stands."""
    if not pa.types.is_string(column.type):
        return column
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        cells = column.cast(pa.binary()).to_pylist()
        texts = [None if cell is None else cell.decode("utf-8", "replace") for cell in cells]
        return pa.chunked_array([pa.array(texts, type=pa.string())])
    return column


def _cause(error: Exception, path: Path) -> str:
    """Return what a library says, without its hints and without the folder."""
    return str(error).partition(";")[0].replace(str(path), path.name).rstrip(".")


def _said(remarks: list[warnings.WarningMessage]) -> list[str]:
    """Return GDAL's remarks, each once."""
    return list(dict.fromkeys(str(remark.message) for remark in remarks))


def _stated_crs(column: dict[str, object]) -> CRS | None:
    """Return the CRS of a GeoParquet column: lon/lat when not stated, None when stated unknown."""
    if "crs" not in column:
        return CRS.from_epsg(4326)
    try:
        return CRS.from_user_input(column["crs"]) if column["crs"] is not None else None
    except CRSError:
        return None


def _dbf_encoding(path: Path, layer: str) -> str | None:
    """
    Guess the text encoding of a shapefile, or return None where none needs guessing.

    A .cpg file decides, unless it says UTF-8 over text that is not. Without one GDAL takes the
    text as Western European.
    """
    parts = _parts(path, layer)
    texts = _dbf_texts(parts.get(".dbf", b""))
    letters = len(texts.translate(None, ASCII))
    stated = parts.get(".cpg", b"").strip().upper()
    if letters == 0 or (stated and b"UTF" not in stated):
        return None
    for encoding in DBF_ENCODINGS:
        broken = texts.decode(encoding, errors="replace").count("\ufffd")
        if broken <= BROKEN_SHARE * letters:
            return None if stated and encoding == "utf-8" else encoding
    return None


def _parts(path: Path, layer: str) -> dict[str, bytes]:
    """Return the attribute and encoding files of a shapefile by suffix; nothing for others."""
    suffix = path.suffix.casefold()
    wanted = (".dbf", ".cpg")
    if suffix == ".shp":
        found = {
            part.suffix.casefold(): part for part in path.parent.glob(f"{glob.escape(path.stem)}.*")
        }
        return {end: found[end].read_bytes() for end in wanted if end in found}
    if suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if Path(name).stem == layer]
            inside = {Path(name).suffix.casefold(): name for name in names}
            return {end: archive.read(inside[end]) for end in wanted if end in inside}
    return {}


def _dbf_texts(dbf: bytes) -> bytes:
    """Return the field names and the records of an attribute file, without its binary header."""
    body = int.from_bytes(dbf[8:10], "little")
    names = [dbf[start : start + 11].rstrip(b"\0") for start in range(32, body - 1, 32)]
    return b" ".join([*names, dbf[body:]])
