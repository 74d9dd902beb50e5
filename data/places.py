"""Where rows are: the geometry of a file in degrees of WGS-84, whatever it came in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from data.errors import ColumnError, PlaceError
from data.notes import Note
from data.shapes import POINTS, SHAPES, Faults, Objects, Shapes, from_points, from_wkb, from_wkt
from data.tables import Table
from data.values import numbers, texts
from geo.datum import APPROXIMATE, DATUMS, convert

Floats = NDArray[np.float64]

WGS84: Final = CRS.from_epsg(4326)
"""Everything is handed on as longitude and latitude in this CRS."""

LON_LIMIT: Final = 180.0
"""Largest longitude, east or west, in degrees."""

LAT_LIMIT: Final = 90.0
"""Largest latitude, north or south, in degrees."""

NORTHINGS_M: Final = (1e6, 6e6)
"""Northings that occur in China, in metres: with an easting beside them, the order is certain."""

ZONE_WIDTH_M: Final = 1e6
"""A zone number is written before the six digits of the easting."""

ZONES: Final = {3: (range(25, 46), 4513), 6: (range(13, 24), 4491)}
"""Width in degrees -> zone numbers of CGCS2000, and the EPSG code of the first."""

SHOWN: Final = 80
"""Characters of an unreadable WKT text that the quarantine shows."""

MAX_OFF_AXIS_M: Final = 5e5
"""Largest distance from the false easting taken as an easting: no zone is wider."""


@dataclass(frozen=True, eq=False)
class Located:
    """
    Geometry as the file has it, and the CRS it is in.

    Parameters
    ----------
    shapes
        n geometries in the CRS of the file.
    crs
        The CRS: stated, asked for or recognised.
    notes
        How the CRS was found.
    """

    shapes: Shapes
    crs: CRS
    notes: tuple[Note, ...]


def read_crs(text: str | None) -> CRS | None:
    """Return the CRS that an argument names; refuse one that nobody knows."""
    if text is None:
        return None
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise PlaceError("unknown_crs", crs=text) from error


def crs_name(crs: CRS) -> str:
    """Return `EPSG:n`, or the name of a CRS that has no number."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code is not None else crs.name


def locate(
    table: Table,
    places: Mapping[str, int],
    kind: str,
    faults: Faults,
    *,
    crs: CRS | None = None,
    by_area: bool = False,
) -> Located:
    """
    Find the geometry of every row, and the CRS it is in.

    Parameters
    ----------
    table
        n rows, with geometry of their own or columns that hold the place.
    places
        `lon`, `lat`, `x`, `y`, `geometry` -> position of the column.
    kind
        Kind of layer; points are sought in other columns than lines and surfaces.
    faults
        Faults of the n rows; unreadable places are added here.
    crs
        The CRS asked for; it stands before the one the file states.
    by_area
        The rows name the area they lie in or their address, so that a table may do without
        coordinates.

    Returns
    -------
    located
        Shapes, their CRS and notes.

    Raises
    ------
    ColumnError
        When no column holds the place.
    PlaceError
        When there is no telling which CRS the coordinates are in.
    """
    if not SHAPES[kind] or (table.wkb is None and len(table.rows) == 0):
        return Located(from_wkt([None] * len(table.rows)), crs or WGS84, ())
    if table.wkb is not None:
        return _own(from_wkb(table.wkb), table, crs)
    pairs = [pair for pair in (("lon", "lat"), ("x", "y")) if set(pair) <= set(places)]
    if crs is not None and crs.is_projected:
        pairs.reverse()
    if "geometry" in places and (SHAPES[kind] != POINTS or not pairs):
        return _own(_texts_or_wkb(table, places["geometry"], faults), table, crs)
    if not pairs and by_area:
        note = Note("no_coordinates", {"file": table.source, "heads": list(table.heads)})
        return Located(from_wkt([None] * len(table.rows)), crs or WGS84, (note,))
    if not pairs:
        raise ColumnError("no_place_columns", file=table.source, heads=list(table.heads))
    first, second = pairs[0]
    names = table.heads[places[first]], table.heads[places[second]]
    x, y = (numbers(table.columns[places[axis]]) for axis in pairs[0])
    _mark_unreadable(table, places[first], places[second], x, y, faults)
    usable = faults.good & ((x != 0.0) | (y != 0.0))
    if first == "lon":
        found, swapped, notes = _degrees(x[usable], y[usable], crs, names)
    else:
        found, swapped, notes = _metres(x[usable], y[usable], crs, names, table.source)
    points = from_points(y, x) if swapped else from_points(x, y)
    return Located(points, found, tuple(notes))


def to_lonlat(
    geometry: Objects, crs: CRS, faults: Faults, *, datum: str | None = None
) -> tuple[Objects, str, list[Note]]:
    """
    Turn geometry into degrees of WGS-84, the datum converted once.

    Parameters
    ----------
    geometry
        n geometries in `crs`, in the plane.
    crs
        The CRS they are in.
    faults
        Faults of the n rows: those with one are not converted; rows that fall off the earth are
        added.
    datum
        Datum the coordinates really are in; None for what the CRS says.

    Returns
    -------
    geometry
        n geometries in EPSG:4326.
    datum
        What the coordinates were taken as.
    notes
        What was converted.
    """
    notes = []
    lonlat = geometry.copy()
    if not crs.equals(WGS84, ignore_axis_order=True):
        transformer = Transformer.from_crs(crs, WGS84, always_xy=True)
        good = faults.good
        lonlat[good] = shapely.transform(geometry[good], transformer.transform, interleaved=False)
        notes.append(Note("crs_reprojected", {"crs": crs_name(crs)}))
        notes += _beyond_zone(lonlat[faults.good], crs)
    west, south, east, north = shapely.bounds(lonlat).T
    # Written so that NaN, which bounds give for infinite coordinates, is outside too.
    inside = (
        (west >= -LON_LIMIT) & (east <= LON_LIMIT) & (south >= -LAT_LIMIT) & (north <= LAT_LIMIT)
    )
    placed = ~shapely.is_missing(geometry)
    faults.mark(placed & ~inside, "out_of_range", lambda rows: _first_points(geometry[rows]))
    taken = datum or ("cgcs2000" if _is_cgcs2000(crs) else "wgs84")
    if taken in APPROXIMATE:
        good = faults.good
        lonlat[good] = shapely.transform(
            lonlat[good], lambda lon, lat: convert(lon, lat, taken, "wgs84"), interleaved=False
        )
        notes.append(Note("datum_converted", {"datum": taken}))
    elif taken == "cgcs2000":
        notes.append(Note("datum_cgcs2000"))
    return lonlat, taken, notes


def _beyond_zone(lonlat: Objects, crs: CRS) -> list[Note]:
    """Say so when the middle of the rows lies east or west of where a CRS is meant for."""
    boxes = shapely.bounds(lonlat)
    lon = (boxes[:, 0] + boxes[:, 2]) / 2.0
    lon = lon[np.isfinite(lon)]
    use = crs.area_of_use
    # Zones across 180 degrees have their west in the east.
    if use is None or use.west > use.east or not len(lon):
        return []
    middle = float(np.median(lon))
    if use.west <= middle <= use.east:
        return []
    values = {
        "crs": crs_name(crs),
        "west": f"{use.west:g}",
        "east": f"{use.east:g}",
        "lon": f"{middle:.2f}",
    }
    return [Note("crs_other_zone", values)]


def check_datum(datum: str | None) -> None:
    """Refuse a datum that `geo.datum` does not know."""
    if datum is not None and datum not in DATUMS:
        raise PlaceError("unknown_datum", met=datum, known=list(DATUMS))


def _own(shapes: Shapes, table: Table, crs: CRS | None) -> Located:
    """Settle the CRS of geometry that stands whole in the file."""
    stated = table.crs
    if crs is not None:
        notes = []
        if stated is not None and stated != crs:
            notes.append(Note("crs_overridden", {
                "file": table.source, "stated": crs_name(stated), "taken": crs_name(crs),
            }))  # fmt: skip
        return Located(shapes, crs, tuple(notes))
    if stated is not None:
        return Located(shapes, stated, ())
    xy = shapely.get_coordinates(shapes.geometry)
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not _look_like_degrees(xy[:, 0], xy[:, 1]):
        example = f"{xy[0, 0]:.12g} {xy[0, 1]:.12g}"
        raise PlaceError("no_crs_file", file=table.source, example=example)
    return Located(shapes, WGS84, (Note("crs_assumed", {"file": table.source}),))


def _texts_or_wkb(table: Table, position: int, faults: Faults) -> Shapes:
    """Read a geometry column of a table: WKB bytes or WKT text."""
    column = table.columns[position]
    items = column.astype(object).where(column.notna(), None)
    if any(isinstance(item, bytes) for item in items):
        return from_wkb(items.to_numpy())
    written = texts(items)
    shapes = from_wkt(written)
    given = np.array([text is not None for text in written], dtype=bool)
    unread = given & pd.isna(shapes.stated)
    faults.mark(unread, "no_geometry", lambda rows: [str(written[row])[:SHOWN] for row in rows])
    return shapes


def _mark_unreadable(
    table: Table, first: int, second: int, x: Floats, y: Floats, faults: Faults
) -> None:
    """Mark rows without coordinates, and rows where one is not a finite number."""
    unread = ~(np.isfinite(x) & np.isfinite(y))
    met = [texts(table.columns[position][unread]) for position in (first, second)]
    blank = unread.copy()
    blank[unread] = [a is None and b is None for a, b in zip(*met, strict=True)]
    faults.mark(blank, "no_geometry", lambda rows: [""] * len(rows))

    def shown(rows: NDArray[np.int64]) -> list[str]:
        cells = [texts(table.columns[position].iloc[rows]) for position in (first, second)]
        return [
            f"{table.heads[first]}={a or ''} {table.heads[second]}={b or ''}"
            for a, b in zip(*cells, strict=True)
        ]

    faults.mark(unread, "not_a_number", shown)


def _degrees(
    lon: Floats, lat: Floats, crs: CRS | None, names: tuple[str, str]
) -> tuple[CRS, bool, list[Note]]:
    """Settle columns of longitude and latitude: their CRS, and if they are exchanged."""
    swapped = len(lon) > 0 and bool(
        ((np.abs(lat) > LAT_LIMIT) & (np.abs(lat) <= LON_LIMIT) & (np.abs(lon) <= LAT_LIMIT)).all()
    )
    notes = [Note("lonlat_swapped", {"lon": names[0], "lat": names[1]})] if swapped else []
    if crs is not None and crs.is_projected and _look_like_degrees(lon, lat):
        raise PlaceError("crs_for_degrees", crs=crs_name(crs), lon=names[0], lat=names[1])
    return crs or WGS84, swapped, notes


def _metres(
    x: Floats, y: Floats, crs: CRS | None, names: tuple[str, str], file: str
) -> tuple[CRS, bool, list[Note]]:
    """Settle columns of x and y: their CRS by what was asked or by the zone number, and order."""
    named = {"x": names[0], "y": names[1]}
    if crs is not None:
        swapped = _in_survey_order(x, y, crs)
        return crs, swapped, [Note("axes_swapped", named)] if swapped else []
    if _look_like_degrees(x, y):
        return WGS84, False, [Note("degrees_assumed", named)] if len(x) else []
    for east, north, swapped in ((x, y, False), (y, x, True)):
        zone = _zone(east, north)
        if zone is not None:
            notes = [Note("axes_swapped", named)] if swapped else []
            degrees, number, code = zone
            values = {"zone": number, "degrees": degrees, "crs": f"EPSG:{code}"}
            return CRS.from_epsg(code), swapped, [*notes, Note("crs_zone", values)]
    example = f"{x[0]:.12g} {y[0]:.12g}"
    raise PlaceError("no_crs_table", file=file, example=example, **named)


def _zone(east: Floats, north: Floats) -> tuple[int, int, int] | None:
    """Return width, number and EPSG code of the zone that every easting names before its digits."""
    numbered = np.floor(east / ZONE_WIDTH_M)
    low, high = NORTHINGS_M
    if not ((numbered == numbered[0]) & (north >= low) & (north <= high)).all():
        return None
    number = int(numbered[0])
    for degrees, (zones, first) in ZONES.items():
        if number in zones:
            return degrees, number, first + number - zones[0]
    return None


def _in_survey_order(x: Floats, y: Floats, crs: CRS) -> bool:
    """Tell if x is far from every easting of a transverse Mercator zone, and y among them."""
    operation = crs.coordinate_operation
    if len(x) == 0 or operation is None or operation.method_name != "Transverse Mercator":
        return False
    middle = next(p.value for p in operation.params if p.name == "False easting")
    off_x, off_y = np.abs(x - middle), np.abs(y - middle)
    return bool(((off_x >= MAX_OFF_AXIS_M) & (off_y < MAX_OFF_AXIS_M)).all())


def _look_like_degrees(x: Floats, y: Floats) -> bool:
    return bool(((np.abs(x) <= LON_LIMIT) & (np.abs(y) <= LAT_LIMIT)).all())


def _is_cgcs2000(crs: CRS) -> bool:
    base = crs.geodetic_crs
    name = "" if base is None else f"{base.name} {base.datum.name if base.datum else ''}".casefold()
    return "china" in name and "2000" in name


def _first_points(geometry: Objects) -> list[str]:
    """Return the first point of each geometry as the file has it."""
    coordinates, row = shapely.get_coordinates(geometry, return_index=True)
    _, first = np.unique(row, return_index=True)
    return [f"{x:.12g} {y:.12g}" for x, y in coordinates[first]]
