"""
The blocks that grids are put together from: ground between streets and walls, buildings whole.

A block is what streets, walls and water enclose in one village. Where that holds more homes than
a grid can be balanced with, it is divided further, between its buildings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geo.areas import areas_of_points
from geo.crs import require_metric_crs
from geo.errors import GeometryError, InvalidParameterError
from geo.partition.counting import loads_of
from geo.partition.ground import SPECK_M2, Pieces, extended, thin
from geo.partition.nearest import Owners
from geo.partition.neighbours import SHORE_M, TOUCH_M
from geo.partition.units import Units, filled, indoors, units_of
from geo.profiles import levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

MOST_HOUSEHOLDS: Final = 50.0
"""A block with more is divided between its buildings: a sixth of a small grid."""


def blocks(
    village: gpd.GeoDataFrame,
    *,
    streets: gpd.GeoDataFrame | None = None,
    walls: gpd.GeoDataFrame | None = None,
    water: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
    addresses: gpd.GeoDataFrame | None = None,
    most_households: float | None = MOST_HOUSEHOLDS,
) -> gpd.GeoDataFrame:
    """
    Divide a village into blocks that tile it.

    Streets, walls and shores cut where they enclose ground; a dead end cuts nothing. A line
    through a building goes round it: the building belongs to the side that holds most of it.
    Water belongs, place by place, to the nearest bank.

    Parameters
    ----------
    village
        One polygon, metric CRS. Homes outside it are left out.
    streets
        Lines; a tunnel cuts nothing. `bridge`, `tunnel`, `layer` are read where present.
    walls
        More lines that cut, such as fences, railways, or the borders of the present grids.
    water
        Polygons.
    buildings
        Polygons; `households` and `people` are read where present.
    addresses
        Points; `households` (else each is one) and `people` are read where present.
    most_households
        An enclosure with more is divided between its buildings and addresses, each of which gets
        the ground nearest to it; a building that tells no households counts as one. None to
        leave all enclosures whole.

    Returns
    -------
    blocks
        `block_id` from 0, north to south, `area_m2`, `buildings` where given, `households` and
        `people` where told (NaN where one of them is unknown), Polygon geometry.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When the village is not one valid polygon, or lines or buildings are something else.
    InvalidParameterError
        When `most_households` is not greater than 0.

    Notes
    -----
    Blocks meet bit by bit (`shapely.coverage_is_valid`). Lines between buildings are off by at
    most half a metre. A piece that is thinner than 1 m or smaller than 25 m2 and holds no home
    goes to the neighbour with the longest border. Near-linear in the vertices.
    """
    layers = {"streets": streets, "walls": walls, "water": water, "buildings": buildings,
              "addresses": addresses}  # fmt: skip
    require_metric_crs(village=village, **{k: v for k, v in layers.items() if v is not None})
    if most_households is not None and not most_households > 0.0:
        raise InvalidParameterError(f"most_households must be above 0, got {most_households!r}")
    waters = shapely.union_all(filled(water, "water", 2))
    ground = _to_shore(_ground(village), waters)
    wet = shapely.intersection(waters, ground)
    lines = extended(np.concatenate((_cutting(streets), filled(walls, "walls", 1))))
    lines = np.append(lines, shapely.boundary(wet))
    units = units_of(ground, buildings, addresses)
    pieces, label = _labelled(ground, wet, lines, units, most_households or np.inf)
    if not wet.is_empty:
        pieces, label = _shared_water(ground, wet, pieces, label)
    group = pieces.together(label)
    shapes = pieces.joined(pieces.absorbed(group, _loose(pieces, group, units, wet)))
    return _frame(shapes, village, buildings, addresses)


def _ground(village: gpd.GeoDataFrame) -> shapely.Geometry:
    """Return the one polygon of the village."""
    if len(village) != 1:
        raise GeometryError(
            f"village: {len(village)} rows; pass one village at a time, as one row (blocks never "
            f"cross its border)"
        )
    ground = village.geometry.iloc[0]
    if ground is None or ground.is_empty or ground.geom_type not in ("Polygon", "MultiPolygon"):
        raise GeometryError("village: its row is no polygon; pass a Polygon or MultiPolygon")
    if not ground.is_valid:
        raise GeometryError(
            f"village: not a valid polygon ({shapely.is_valid_reason(ground)}); repair it with "
            f"shapely.make_valid first"
        )
    # Parts in two dimensions: heights would survive into some corners and not into others.
    return shapely.force_2d(ground)


def _to_shore(ground: shapely.Geometry, waters: shapely.Geometry) -> shapely.Geometry:
    """
    Let the border of the village follow the ends of water that lie on it but for a rounding.

    A hair of dry ground between the two would join one bank to the other.
    """
    snapped = shapely.snap(ground, waters, TOUCH_M)
    return snapped if shapely.is_valid(snapped) else ground


def _cutting(streets: gpd.GeoDataFrame | None) -> Shapes:
    """Return the streets that divide the ground."""
    if streets is None:
        return np.empty(0, dtype=object)
    return filled(streets[levels(streets) >= 0], "streets", 1)


def _labelled(
    ground: shapely.Geometry, wet: shapely.Geometry, lines: Shapes, units: Units, most: float
) -> tuple[Pieces, Ints]:
    """Cut the ground and tell which pieces belong together; water has labels below 0."""
    faces = Pieces.cut(ground, lines)
    watery = _in_water(faces, wet)
    home = _homes(faces, watery, units)
    kept = home >= 0
    units = Units(units.shapes[kept], units.homes[kept], units.solid[kept])
    home = home[kept]
    held = np.bincount(home, units.homes, minlength=len(faces.shapes))
    several = np.bincount(home, minlength=len(faces.shapes)) > 1
    wide = np.flatnonzero((held > most) & several)
    # Units keep the number of their face, or get one of their own where it is divided.
    own = np.where(np.isin(home, wide), len(faces.shapes) + np.arange(len(home)), home)
    owners = {int(face): Owners.of(units.shapes[home == face], own[home == face]) for face in wide}
    between = [_within(owners[face].lines(), faces.shapes[face]) for face in owners]
    drawn = np.concatenate((lines, *between))
    cut = units.solid & _crossed(units.shapes, drawn)
    outlines = shapely.boundary(units.shapes[cut])
    pieces = Pieces.cut(ground, np.concatenate((drawn, outlines)))
    face = pieces.inside(faces.shapes)
    label = np.where(_in_water(pieces, wet), -2 - face, face)
    # Every divided face has its own places; there are few.
    for wide_face, places in owners.items():
        members = np.flatnonzero(face == wide_face)
        label[members] = places.at(pieces.inmost[members])
    unit = pieces.inside(units.shapes[cut])
    label[unit >= 0] = own[cut][unit[unit >= 0]]
    return pieces, label


def _homes(faces: Pieces, watery: Bools, units: Units) -> Ints:
    """Return the face with most of each unit, dry ones first; -1 for one on water alone."""
    unit, face = shapely.STRtree(faces.shapes).query(units.shapes, predicate="intersects")
    unit, face = unit[~watery[face]], face[~watery[face]]
    share = shapely.area(shapely.intersection(units.shapes[unit], faces.shapes[face]))
    order = np.lexsort((-face, share, unit))
    last = np.append(np.diff(unit[order]) > 0, True)[: len(order)]
    home = np.full(len(units.shapes), -1, dtype=np.int64)
    home[unit[order][last]] = face[order][last]
    return home


def _in_water(pieces: Pieces, wet: shapely.Geometry) -> Bools:
    """Tell which pieces are water."""
    shapely.prepare(wet)
    found: Bools = shapely.intersects(wet, pieces.inmost)
    return found


def _within(lines: Shapes, face: shapely.Polygon) -> Shapes:
    """Return what lies in a face, drawn on over its rim so that it surely cuts."""
    parts = shapely.get_parts(shapely.intersection(lines, face))
    return extended(parts[shapely.get_dimensions(parts) == 1])


def _crossed(shapes: Shapes, lines: Shapes) -> Bools:
    """Tell which shapes a line runs through."""
    crossed = np.zeros(len(shapes), dtype=bool)
    crossed[shapely.STRtree(lines).query(shapes, predicate="intersects")[0]] = True
    return crossed


def _shared_water(
    ground: shapely.Geometry, wet: shapely.Geometry, pieces: Pieces, label: Ints
) -> tuple[Pieces, Ints]:
    """Give every place on water to the bank nearest to it."""
    group = pieces.together(label)
    water = label < 0
    a, b, _ = pieces.shared
    bank = np.concatenate((a[~water[a] & water[b]], b[~water[b] & water[a]]))
    bank = np.unique(bank)
    if not len(bank):
        return pieces, group
    shore = shapely.intersection(pieces.shapes[bank], shapely.buffer(wet, SHORE_M))
    shore = shapely.boundary(shore)
    owners = Owners.of(shore, group[bank])
    lines = _within(owners.lines(), wet)
    finer = Pieces.cut(ground, np.append(lines, shapely.boundary(pieces.shapes)))
    old = finer.inside(pieces.shapes)
    found = group[old]
    found[water[old]] = owners.at(finer.inmost[water[old]])
    return finer, found


def _loose(pieces: Pieces, group: Ints, units: Units, wet: shapely.Geometry) -> Bools:
    """Tell which groups may not stand alone: slivers and water, without a home."""
    a, b, length = pieces.shared
    inner = group[a] == group[b]
    area = np.bincount(group, shapely.area(pieces.shapes)).astype(np.float64)
    outline = np.bincount(group, shapely.length(pieces.shapes)).astype(np.float64)
    outline -= 2.0 * np.bincount(group[a[inner]], length[inner], minlength=len(area))
    homes = shapely.point_on_surface(units.shapes)
    lived = group[shapely.STRtree(pieces.shapes).query(homes, predicate="intersects")[1]]
    dry = shapely.area(pieces.shapes) * ~_in_water(pieces, wet)
    loose = thin(area, outline) | (np.bincount(group, dry) < SPECK_M2)
    loose[lived] = False
    return loose


def _frame(
    shapes: Shapes,
    village: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None,
    addresses: gpd.GeoDataFrame | None,
) -> gpd.GeoDataFrame:
    """Make the frame: number the blocks and count what they hold."""
    x, y = np.round(shapely.get_coordinates(shapely.point_on_surface(shapes)), 2).T
    shapes = shapes[np.lexsort((x, -y))]
    found = gpd.GeoDataFrame({"area_id": np.arange(len(shapes))}, geometry=shapes, crs=village.crs)
    told = buildings
    if buildings is not None:
        inmost = shapely.point_on_surface(np.asarray(buildings.geometry.array))
        area = areas_of_points(inmost, found)
        found["buildings"] = np.bincount(area[area >= 0], minlength=len(found))
        if not {"households", "people"} & set(buildings.columns):
            told = None
        if addresses is not None:
            addresses = addresses.set_geometry(indoors(addresses, buildings, inmost))
    found = loads_of(found, buildings=told, addresses=addresses).rename(
        columns={"area_id": "block_id"}
    )
    counts = [name for name in ("buildings", "households", "people") if name in found.columns]
    return found[["block_id", "area_m2", *counts, "geometry"]]
