"""Reading a layer by the file contract: good rows, the quarantine, and what was decided."""

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.attributes import ID_COLUMNS, match_without_persons, values_by_row
from data.columns import known_heads
from data.errors import FormatError, KindError, MissingFileError
from data.gis import (
    GIS_SUFFIXES,
    GPX_SUFFIXES,
    PARQUET_SUFFIXES,
    read_gis,
    read_gpx,
    read_parquet,
)
from data.heads import KINDS
from data.notes import Note
from data.osm import OSM_SUFFIXES, read_osm
from data.places import check_datum, locate, read_crs, to_lonlat
from data.shapes import Faults, Objects, check_shapes
from data.tables import BOOK_SUFFIXES, CSV_SUFFIXES, Table, read_book, read_csv

READABLE: Final = (
    *GIS_SUFFIXES, *GPX_SUFFIXES, *OSM_SUFFIXES, *PARQUET_SUFFIXES, *CSV_SUFFIXES, *BOOK_SUFFIXES,
)  # fmt: skip
"""Ends of file names that can be read."""

INCIDENTS: Final = "incidents"
"""The layer of which equal rows are different matters, and are told."""

DRIVE: Final = re.compile(r"[A-Za-z]")
"""What stands before the first colon of a Windows path; it names no file."""


@dataclass(frozen=True, eq=False)
class Layer:
    """
    Outcome of `read_layer`.

    Every row of the file is either in `frame` or in `quarantine`.

    Parameters
    ----------
    kind
        What was asked for: a key of `data.heads.ALIASES`.
    frame
        The rows that can be used, in input order: the id, the mapped columns, geometry in
        EPSG:4326; RangeIndex.
    quarantine
        The others: `row` (the line a person sees in a table, else the number of the feature),
        `reason` (a code of `data.notes.WORDS`), `detail` (the value met), the mapped columns, and
        `geometry` as WKT in the coordinates of the file, or None.
    notes
        What the reader decided or found, in order.
    source
        File and layer as shown to people, without folder.
    datum
        What the coordinates were taken as: wgs84, gcj02, bd09 or cgcs2000.
    rows_read
        Rows in the file, blank lines not counted.
    rows
        For each row of `frame`, the line a person sees, as `row` in `quarantine`.
    crs
        What the coordinates of the quarantine are in.
    heads
        Our column (or lon, lat, x, y, geometry of a table) -> the head that it was taken from.
    alike
        Of incidents: the line of each row of the file -> a number, the same for rows that are
        alike in every column of the file but the id. Empty for other kinds.
    """

    kind: str
    frame: gpd.GeoDataFrame
    quarantine: pd.DataFrame
    notes: tuple[Note, ...]
    source: str
    datum: str
    rows_read: int
    rows: NDArray[np.int64]
    crs: str = "EPSG:4326"
    heads: Mapping[str, str] = field(default_factory=dict)
    alike: Mapping[int, int] = field(default_factory=dict)


def read_layer(
    spec: str | Path,
    kind: str,
    *,
    datum: str | None = None,
    crs: str | None = None,
    columns: Mapping[str, str] | None = None,
    as_found: bool = False,
) -> Layer:
    """
    Read one layer by the file contract.

    A bad row never stops the good ones: it goes to the quarantine with its reason. Columns are
    found by `data.heads.ALIASES`, those about persons are left out, coordinates end up in
    degrees of WGS-84.

    Parameters
    ----------
    spec
        A file, or `FILE:LAYER`. GeoPackage, GeoJSON, shapefile (also zipped), GPX, OSM PBF,
        Parquet, CSV, XLSX or XLS.
    kind
        What it holds: a key of `data.heads.ALIASES`.
    datum
        Datum the coordinates are really in: wgs84, gcj02, bd09 or cgcs2000. None takes what the
        CRS says and shifts nothing.
    crs
        CRS of the coordinates; it stands before the one the file states.
    columns
        Our column (or lon, lat, x, y, geometry of a table) -> head to take for it.
    as_found
        Whether an audit wants the rows as they are: surfaces whose rings cross themselves are
        good rows then, and ids may repeat.

    Returns
    -------
    layer
        Good rows, quarantine and notes.

    Raises
    ------
    MissingFileError
        When there is no such file.
    LayerError
        When the file has several layers and none is named, or not the one named.
    FormatError
        When the file cannot be read.
    ColumnError
        When `columns` names what is not there, or no column holds the place.
    KindError
        When `kind` is unknown, or every geometry is of the wrong type.
    PlaceError
        When `crs` or `datum` is unknown, or there is no telling what the coordinates are in.

    Notes
    -----
    About half a second for 45,000 streets from a GeoPackage. The file is read whole.
    """
    if kind not in KINDS:
        raise KindError("unknown_kind", met=kind, known=list(KINDS))
    check_datum(datum)
    asked_crs = read_crs(crs)
    path, name = split_spec(spec)
    table = _read_table(path, name, kind, columns or {})
    table, matching, found = match_without_persons(table, kind, columns or {})
    faults = Faults.none(len(table.rows))
    by_area = "area_code" in matching.columns or (
        "address" in matching.columns and kind != "addresses"
    )
    located = locate(table, matching.places, kind, faults, crs=asked_crs, by_area=by_area)
    planar, shape_notes = check_shapes(
        located.shapes, kind, faults, file=table.source, as_found=as_found
    )
    lonlat, taken, place_notes = to_lonlat(planar, located.crs, faults, datum=datum)
    values, value_notes = values_by_row(table, matching, kind, faults, as_found=as_found)
    notes = [*table.notes, *found, *located.notes, *shape_notes, *place_notes, *value_notes]
    return Layer(
        kind=kind,
        frame=_frame(values, lonlat, ID_COLUMNS[kind], faults),
        quarantine=_quarantine(values, table, located.shapes.geometry, faults),
        notes=(*notes, *_closing(table, faults)),
        source=table.source,
        datum=taken,
        rows_read=len(table.rows),
        rows=np.asarray(table.rows)[faults.good].astype(np.int64),
        crs=located.crs.to_string(),
        heads={ours: table.heads[i] for ours, i in {**matching.columns, **matching.places}.items()},
        alike=_alike(table, matching.columns.get(ID_COLUMNS[kind])) if kind == INCIDENTS else {},
    )


def split_spec(spec: str | Path) -> tuple[Path, str | None]:
    """
    Part an argument into its file and the layer named in it.

    Parameters
    ----------
    spec
        `FILE` or `FILE:LAYER`. If the whole is a file, it is the file; a Windows drive is no file.

    Returns
    -------
    path
        A file that exists.
    layer
        Its layer, or None where none is named.

    Raises
    ------
    MissingFileError
        When there is no such file; similar names in the folder are listed.
    FormatError
        When it is a folder.
    """
    whole = Path(spec)
    if whole.is_file():
        return whole, None
    file, _, layer = str(spec).rpartition(":")
    path = whole if not file or DRIVE.fullmatch(file) else Path(file)
    if path.is_file():
        return path, layer or None
    if path.is_dir():
        raise _unreadable(path)
    folder = path.parent
    names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    near = difflib.get_close_matches(path.name, names)
    if near:
        raise MissingFileError("missing_file_near", path=str(path), near=near)
    raise MissingFileError("missing_file", path=str(path))


def _unreadable(path: Path) -> FormatError:
    if path.is_dir():
        return FormatError("is_folder", file=str(path))
    return FormatError(
        "unknown_extension", file=path.name, extension=path.suffix, readable=list(READABLE)
    )


def _read_table(path: Path, layer: str | None, kind: str, columns: Mapping[str, str]) -> Table:
    suffix = path.suffix.casefold()
    if suffix in GIS_SUFFIXES:
        return read_gis(path, layer)
    if suffix in GPX_SUFFIXES:
        return read_gpx(path, layer, kind)
    if suffix in OSM_SUFFIXES:
        return read_osm(path, layer, kind)
    if suffix in PARQUET_SUFFIXES:
        return read_parquet(path, layer)
    known = known_heads(kind, columns)
    if suffix in CSV_SUFFIXES:
        return read_csv(path, layer, known)
    if suffix in BOOK_SUFFIXES:
        return read_book(path, layer, known)
    raise _unreadable(path)


def _frame(
    values: pd.DataFrame, lonlat: Objects, id_column: str, faults: Faults
) -> gpd.GeoDataFrame:
    good = faults.good
    usable = values[good].reset_index(drop=True)
    if pd.api.types.is_integer_dtype(usable[id_column]):
        usable[id_column] = usable[id_column].astype("int64")
    return gpd.GeoDataFrame(usable, geometry=lonlat[good], crs="EPSG:4326")


def _alike(table: Table, id_column: int | None) -> dict[int, int]:
    """
    Give each row a number, the same to rows that are alike in all columns but the id.

    Columns that are not mapped tell rows apart too: equal incidents are different matters, and
    only a reader sees all that is said of them.
    """
    columns: list[Objects | pd.Series] = [
        column for number, column in enumerate(table.columns) if number != id_column
    ]
    if table.wkb is not None:
        columns.append(table.wkb)
    code = np.zeros(len(table.rows), dtype=np.int64)
    for cells in columns:
        own = _numbered(cells)
        code = pd.factorize(code * (own.max(initial=-1) + 2) + own + 1)[0].astype(np.int64)
    return dict(zip(np.asarray(table.rows).tolist(), code.tolist(), strict=True))


def _numbered(cells: Objects | pd.Series) -> NDArray[np.int64]:
    """Give each cell a number, the same to equal ones; -1 to blank ones."""
    try:
        return pd.factorize(cells)[0].astype(np.int64)
    except TypeError:
        # Lists, of which GeoJSON and Parquet may have columns, are told by their text.
        plain = [cell.tolist() if isinstance(cell, np.ndarray) else cell for cell in cells]
        return pd.factorize(np.array([str(cell) for cell in plain], dtype=object))[0].astype(
            np.int64
        )


def _quarantine(
    values: pd.DataFrame, table: Table, geometry: Objects, faults: Faults
) -> pd.DataFrame:
    bad = ~faults.good
    kept = values[bad].reset_index(drop=True)
    kept.insert(0, "row", table.rows[bad])
    kept.insert(1, "reason", faults.reason[bad])
    kept.insert(2, "detail", faults.detail[bad])
    kept["geometry"] = pd.Series(
        shapely.to_wkt(geometry[bad], rounding_precision=-1), index=kept.index, dtype=object
    )
    return kept


def _closing(table: Table, faults: Faults) -> list[Note]:
    """Return the notes that stand last: nothing read, or rows set aside."""
    total = len(table.rows)
    if total == 0:
        return [Note("empty_layer", {"file": table.source})]
    reasons = Counter(faults.reason[~faults.good])
    if not reasons:
        return []
    values = {"total": total, "count": reasons.total(), "reasons": dict(reasons)}
    return [Note("rows_quarantined", values)]
