"""Which geometries a layer can use, and why the others cannot be."""

import re
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException

from data.errors import KindError
from data.notes import Note

Mask = NDArray[np.bool_]
Objects = NDArray[np.object_]

POINTS: Final = ("Point", "MultiPoint")
LINES: Final = ("LineString", "MultiLineString")
SURFACES: Final = ("Polygon", "MultiPolygon")

SHAPES: Final[dict[str, tuple[str, ...]]] = {
    "streets": LINES,
    "posts": POINTS,
    "cameras": POINTS,
    "areas": SURFACES,
    "tracks": (*LINES, *POINTS),
    "incidents": POINTS,
    "buildings": SURFACES,
    "routes": LINES,
    "key_sites": POINTS,
    "must_visit": POINTS,
    "addresses": POINTS,
    "gates": POINTS,
    "walls": LINES,
    "entrances": POINTS,
    "school_needs": POINTS,
    "poles": POINTS,
    "teams": SURFACES,
    "workers": (),
    "work": (),
    "segments": LINES,
    "standby": POINTS,
    "checkins": POINTS,
    "units": (),
    "duties": (),
    "roster": (),
    "stations": POINTS,
    "duty_units": POINTS,
}
"""Types of geometry by kind of layer, none where rows only name their area or unit.
Tracks come as lines or as the fixes of a receiver."""

TYPES: Final = (
    "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
"""Types that GEOS reads, in the order of their WKB numbers from 1; all others are `CURVE`."""

CURVE: Final = "curve"
"""What curves, curved surfaces and meshes are called here: GEOS does not read them."""

TYPE_NUMBER: Final = 0x0FFFFFFF
"""Bits of a WKB type number below the flags of the extended form."""

CURVE_WORDS: Final = (
    "CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE", "CURVE",
    "SURFACE", "POLYHEDRALSURFACE", "TIN", "TRIANGLE",
)  # fmt: skip
"""WKT words of the types called `CURVE`."""

WKT: Final = re.compile(r"(?:SRID=\d+;)?\s*([A-Z]+)\s*.*(?:\)|EMPTY)$", re.IGNORECASE | re.DOTALL)
"""WKT from its type to its closing bracket: spreadsheets cut long texts off."""

WKB_START: Final = 5
"""Bytes of byte order and type number."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """
    Geometries as read, usable or not.

    Parameters
    ----------
    geometry
        n geometries; None where there is none, and where none can be built.
    stated
        n names of `TYPES` or `CURVE`, as the file states them; None where there is none.
    broken
        n bools: GEOS refuses the points (a ring not closed, a single point). `geometry` is then a
        mended copy to be looked at, never to be used, or None.
    """

    geometry: Objects
    stated: Objects
    broken: Mask


@dataclass(frozen=True, eq=False)
class Faults:
    """
    Why rows cannot be used; of several reasons the first found stays.

    Parameters
    ----------
    reason
        n codes, None for a row without fault.
    detail
        n texts: the value met and where, the same in every language; empty where there is none.
    """

    reason: Objects
    detail: Objects

    @classmethod
    def none(cls, count: int) -> Self:
        """Return the faults of `count` rows that have none yet."""
        return cls(np.full(count, None, dtype=object), np.full(count, "", dtype=object))

    @property
    def good(self) -> Mask:
        """Rows without fault."""
        return pd.isna(self.reason)

    def mark(
        self, rows: Mask, code: str, detail: Callable[[NDArray[np.int64]], Sequence[str]]
    ) -> None:
        """Give rows without fault this one; `detail` is asked about those alone."""
        self.overrule(rows & self.good, code, detail)

    def overrule(
        self, rows: Mask, code: str, detail: Callable[[NDArray[np.int64]], Sequence[str]]
    ) -> None:
        """Give rows this fault whatever they had: one that a place found later does not mend."""
        (where,) = np.nonzero(rows)
        if len(where):
            self.reason[where] = code
            self.detail[where] = detail(where)


def from_wkb(wkb: Objects) -> Shapes:
    """
    Read geometries from WKB, whatever GEOS thinks of them.

    Parameters
    ----------
    wkb
        n geometries as WKB, or None.

    Returns
    -------
    shapes
        One geometry per item.
    """
    stated = np.array([_wkb_type(item) for item in wkb], dtype=object)
    shapes = _built(wkb, stated, shapely.from_wkb)
    # "fix" does not mend a line of one point: it is shown with the point twice.
    lone = shapes.broken & (stated == "LineString")
    shapes.geometry[lone] = [_doubled_point(item) for item in wkb[lone]]
    return shapes


def from_wkt(texts: Sequence[str | None]) -> Shapes:
    """
    Read geometries from WKT; text that is no WKT at all is taken as no geometry.

    Parameters
    ----------
    texts
        n geometries as WKT, with or without `SRID=...;` before it, or None.

    Returns
    -------
    shapes
        One geometry per text.
    """
    stated = np.array([_wkt_type(text) for text in texts], dtype=object)
    bare = [None if text is None else text.partition(";")[2] or text for text in texts]
    return _built(np.array(bare, dtype=object), stated, shapely.from_wkt)


def from_points(x: NDArray[np.float64], y: NDArray[np.float64]) -> Shapes:
    """Return points, and no geometry where a coordinate is not a finite number."""
    finite = np.isfinite(x) & np.isfinite(y)
    geometry = np.full(len(x), None, dtype=object)
    geometry[finite] = shapely.points(x[finite], y[finite])
    stated = np.full(len(x), None, dtype=object)
    stated[finite] = "Point"
    return Shapes(geometry, stated, np.zeros(len(x), dtype=bool))


def check_shapes(
    shapes: Shapes, kind: str, faults: Faults, *, file: str, as_found: bool = False
) -> tuple[Objects, list[Note]]:
    """
    Mark the rows whose geometry a layer of this kind cannot use.

    Parameters
    ----------
    shapes
        n geometries in the CRS of the file.
    kind
        Kind of layer: a key of `SHAPES`.
    faults
        Faults of the n rows; reasons are added here.
    file
        What messages call the file.
    as_found
        Whether surfaces whose rings cross themselves are wanted too.

    Returns
    -------
    geometry
        n geometries in the plane, a MultiPoint of one point as a Point.
    notes
        Whether heights were dropped.

    Raises
    ------
    KindError
        When not one geometry of the layer is of the right type.
    """
    geometry = shapes.geometry.copy()
    if not SHAPES[kind]:
        return geometry, []
    stated = shapes.stated
    count = shapely.get_num_geometries(geometry)
    single = (stated == "MultiPoint") & (count == 1)
    geometry[single] = shapely.get_geometry(geometry[single], 0)
    given = pd.notna(stated)
    wrong = given & ~np.isin(stated, SHAPES[kind]) | (stated == "MultiPoint") & (count > 1)
    if wrong.any() and (wrong == given).all():
        _refuse_all(stated[given], kind, file)
    on_line, on_surface = np.isin(stated, LINES), np.isin(stated, SURFACES)
    faults.mark(~given, "no_geometry", lambda rows: [""] * len(rows))
    faults.mark(wrong, "wrong_kind", lambda rows: list(stated[rows]))
    broken = shapes.broken
    faults.mark(broken & on_line, "one_point_line", lambda rows: _wkt(geometry[rows]))
    faults.mark(broken & on_surface, "invalid_ring", lambda rows: _ring_reasons(geometry[rows]))
    faults.mark(broken, "not_a_number", lambda rows: list(stated[rows]))
    faults.mark(shapely.is_empty(geometry), "empty", lambda rows: list(stated[rows]))
    faults.mark(~_finite(geometry), "not_a_number", lambda rows: _wkt(geometry[rows]))
    notes = []
    heights = shapely.has_z(geometry)
    if heights.any():
        notes.append(Note("z_dropped", {"count": int(heights.sum())}))
        geometry = shapely.force_2d(geometry)
    no_length = on_line & (shapely.length(geometry) == 0.0)
    faults.mark(no_length, "one_point_line", lambda rows: _wkt(geometry[rows]))
    good = faults.good
    bad_rings = np.zeros(len(geometry), dtype=bool)
    bad_rings[good] = on_surface[good] & ~shapely.is_valid(geometry[good])
    if not as_found:
        faults.mark(bad_rings, "invalid_ring", lambda rows: _ring_reasons(geometry[rows]))
    # Lines and surfaces may well cross x = y = 0; a point there is a form left unfilled.
    spots = faults.good & (shapely.get_type_id(geometry) == shapely.GeometryType.POINT)
    nowhere = np.zeros(len(geometry), dtype=bool)
    nowhere[spots] = (shapely.get_coordinates(geometry[spots]) == 0.0).all(axis=1)
    faults.mark(nowhere, "no_place", lambda rows: _wkt(geometry[rows]))
    return geometry, notes


def _wkb_type(item: bytes | None) -> str | None:
    if item is None or len(item) < WKB_START:
        return None
    (number,) = struct.unpack_from("<I" if item[0] else ">I", item, 1)
    number = (number & TYPE_NUMBER) % 1000
    return TYPES[number - 1] if 1 <= number <= len(TYPES) else CURVE


def _wkt_type(text: str | None) -> str | None:
    whole = WKT.match(text.strip()) if text is not None else None
    if whole is None:
        return None
    # The dimension may follow without a space: POINTZ.
    word = whole[1].upper().removesuffix("M").removesuffix("Z")
    if word in CURVE_WORDS:
        return CURVE
    return next((name for name in TYPES if name.upper() == word), None)


def _doubled_point(item: bytes) -> shapely.LineString | None:
    start = WKB_START + 4
    if len(item) < start + 16:
        return None
    point = struct.unpack_from("<2d" if item[0] else ">2d", item, start)
    return shapely.LineString([point, point])


def _built(items: Objects, stated: Objects, build: Callable[..., Objects]) -> Shapes:
    geometry = np.full(len(items), None, dtype=object)
    simple = np.isin(stated, TYPES[:-1])
    # NaN among the coordinates is found later; numpy need not warn of it here.
    with np.errstate(invalid="ignore"):
        geometry[simple] = build(items[simple], on_invalid="ignore")
    broken = simple & shapely.is_missing(geometry)
    geometry[broken] = build(items[broken], on_invalid="fix")
    # One by one: a curve in a collection makes GEOS refuse the whole array, at once or at the first
    # question about points. Collections are rare and only kept to be shown.
    for row in np.flatnonzero(stated == TYPES[-1]):
        try:
            collection = build(items[row], on_invalid="ignore")
            shapely.get_coordinates(collection)
        except GEOSException:
            continue
        geometry[row] = collection
    return Shapes(geometry, stated, broken)


def _refuse_all(stated: Objects, kind: str, file: str) -> None:
    met = Counter(stated).most_common(1)[0][0]
    raise KindError(
        "wrong_kind_everywhere",
        file=file, kind=kind, met=met, expected=SHAPES[kind][0], count=len(stated),
    )  # fmt: skip


def _finite(geometry: Objects) -> Mask:
    """Tell which geometries have only finite coordinates; one without coordinates has."""
    coordinates, row = shapely.get_coordinates(geometry, return_index=True)
    finite = np.ones(len(geometry), dtype=bool)
    finite[row[~np.isfinite(coordinates).all(axis=1)]] = False
    return finite


def _ring_reasons(geometry: Objects) -> list[str]:
    """Say what is wrong with rings, and where. One that is valid was closed by mending."""
    start = shapely.get_point(shapely.get_exterior_ring(shapely.get_geometry(geometry, 0)), 0)
    return [
        f"Ring not closed[{x:.12g} {y:.12g}]" if reason == "Valid Geometry" else reason or ""
        for reason, x, y in zip(
            shapely.is_valid_reason(geometry),
            shapely.get_x(start),
            shapely.get_y(start),
            strict=True,
        )
    ]


def _wkt(geometry: Objects) -> list[str]:
    return [text or "" for text in shapely.to_wkt(geometry, rounding_precision=-1)]
