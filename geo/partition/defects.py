"""How each kind of defect is found, and what is proposed for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.areas import POINT_BORDER_M, areas_of_points
from geo.partition.places import borders_m, covering, longest, real, thinness_m, touching
from geo.partition.slits import slits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.partition.faces import Faces
    from geo.partition.homes import Homes
    from geo.partition.layers import Layer, Parents

    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]
    Ids = list[tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Scene:
    """
    What is judged.

    Parameters
    ----------
    layer
        The areas.
    parents
        What they should fill.
    faces
        The ground, cut.
    homes
        The parents of the areas.
    bounded
        Whether parents were given.
    """

    layer: Layer
    parents: Parents
    faces: Faces
    homes: Homes
    bounded: bool


@dataclass(frozen=True, eq=False)
class Found:
    """
    Defects of one kind.

    Parameters
    ----------
    kind
        Their kind.
    place
        n places.
    ids
        n tuples of codes.
    proposal
        What is proposed for them.
    goes_to
        n codes that the proposal favours; None for none.
    ignored
        How many places were noise.
    moves
        Whether the proposal moves a border.
    of
        Of slivers: gap or overlap.
    reason
        Of what is invalid: n texts.
    """

    kind: str
    place: Shapes
    ids: Ids
    proposal: str
    goes_to: Shapes
    ignored: int = 0
    moves: bool = True
    of: str | None = None
    reason: Shapes | None = None


def find(
    scene: Scene, addresses: gpd.GeoDataFrame | None, *, sliver_m: float, near_m: float
) -> list[Found]:
    """
    Find all defects.

    Parameters
    ----------
    scene
        What is judged.
    addresses
        Points that each lie in one area; None for no such check.
    sliver_m
        Under which width a gap or overlap is a sliver, in metres.
    near_m
        Under which width an open slit is a near miss, in metres.

    Returns
    -------
    found
        One or two entries for each kind, maybe empty.
    """
    overlaps = _overlaps(scene, sliver_m)
    crossing, outside = _crossing(scene, overlaps), _outside(scene)
    return [
        *_gaps(scene, sliver_m),
        *overlaps,
        outside,
        crossing,
        _islands(scene.layer, [*overlaps, outside, crossing]),
        _invalid(scene.layer),
        _near_misses(scene, near_m),
        _two_parents(scene),
        *([] if addresses is None else [_addresses(scene.layer, addresses)]),
    ]


def _gaps(scene: Scene, sliver_m: float) -> list[Found]:
    faces, layer = scene.faces, scene.layer
    bare = (faces.covered == 0) & (faces.due > 0) if scene.bounded else faces.enclosed
    place, ignored = _real(faces.places(bare))
    found = Found("gap", place, _beside(layer, place), "give", _nearest(layer, place), ignored)
    return _without_slivers(found, sliver_m)


def _overlaps(scene: Scene, sliver_m: float) -> list[Found]:
    layer, homes = scene.layer, scene.homes
    place, ignored = _real(scene.faces.places(scene.faces.covered > 1))
    at, row = covering(place, layer.tree)
    # An area that is listed under two parents is said to be that, not to overlap itself.
    told = np.zeros(len(place), dtype=bool)
    told[at[homes.astray[layer.code[row]]]] = True
    told &= np.array([len(ids) == 1 for ids in layer.ids_of(at, row, len(place))], dtype=bool)
    kept = ~told[at]
    at, row, place = (np.cumsum(~told) - 1)[at[kept]], row[kept], place[~told]
    # It stays with an area of the parent in which it lies, of these with the lowest code.
    home = np.full(len(place), -1, dtype=np.int64)
    point, parent = scene.parents.tree.query(shapely.point_on_surface(place), predicate="within")
    home[point] = parent
    away = homes.most[layer.code[row]] != home[at]
    order = np.lexsort((layer.rank[row], away, at))[::-1]
    keeper = np.full(len(place), -1, dtype=np.int64)
    keeper[at[order]] = row[order]
    ids, goes_to = _beside(layer, place), _named(layer.ids, keeper)
    found = Found("overlap", place, ids, "keep", goes_to, ignored)
    return _without_slivers(found, sliver_m)


def _outside(scene: Scene) -> Found:
    faces, layer = scene.faces, scene.layer
    out = (faces.covered > 0) & (faces.due == 0) & scene.bounded
    place, ignored = _real(faces.places(out))
    ids = layer.ids_of(*covering(place, layer.tree), len(place))
    return Found("outside", place, ids, "cut", np.full(len(place), None), ignored)


def _crossing(scene: Scene, overlaps: list[Found]) -> Found:
    layer, homes = scene.layer, scene.homes
    piece = homes.piece.copy()
    doubled = np.concatenate([each.place for each in overlaps])
    at, over = shapely.STRtree(doubled).query(piece, predicate="intersects")
    for i, j in zip(at, over, strict=True):  # shapely has no difference by group
        piece[i] = shapely.difference(piece[i], doubled[j])
    part, of = shapely.get_parts(piece, return_index=True)
    polygons = shapely.get_type_id(part) == shapely.GeometryType.POLYGON
    part, of = part[polygons], of[polygons]
    kept, ignored = real(part)
    of = of[kept]
    ids = layer.ids_of(np.arange(len(of)), homes.row[of], len(of))
    return Found(
        "crossing", part[kept], ids, "settle", scene.parents.ids[homes.parent[of]], ignored
    )


def _islands(layer: Layer, told: list[Found]) -> Found:
    several = np.bincount(layer.code) > 1
    several[layer.code[shapely.get_num_geometries(layer.shapes) > 1]] = True
    # How a ring that crosses itself falls apart is said of the ring.
    several[layer.code[layer.reasons != None]] = False  # noqa: E711 - an array of objects
    codes = np.flatnonzero(several)
    # Few areas are in parts.
    parts = [shapely.get_parts(whole) for whole in _wholes(layer, codes)]
    smaller = [each[np.argsort(-shapely.area(each), kind="stable")[1:]] for each in parts]
    part = np.concatenate([np.empty(0, dtype=object), *smaller])
    code = np.repeat(codes, [len(each) for each in smaller])
    for other in told:
        at, place = shapely.STRtree(other.place).query(part, predicate="intersects")
        named = [layer.codes[code[i]] in other.ids[j] for i, j in zip(at, place, strict=True)]
        rest_m2 = shapely.area(shapely.difference(part[at], other.place[place]))
        explained = at[(rest_m2 < 0.5 * shapely.area(part[at])) & np.array(named, dtype=bool)]
        part, code = np.delete(part, explained), np.delete(code, explained)
    kept, ignored = real(part)
    part, code = part[kept], code[kept]
    at, row, border_m = borders_m(part, layer.tree)
    other_code = layer.code[row] != code[at]
    at, row, border_m = at[other_code], row[other_code], border_m[other_code]
    beside = _named(layer.ids, longest(at, row, border_m, layer.rank, len(part)))
    ids: Ids = [(str(layer.codes[each]),) for each in code]
    return Found("island", part, ids, "settle", beside, ignored, moves=False)


def _invalid(layer: Layer) -> Found:
    row = np.flatnonzero(layer.reasons != None)  # noqa: E711 - an array of objects
    ids = layer.ids_of(np.arange(len(row)), row, len(row))
    reasons = layer.reasons[row]
    none = np.full(len(row), None)
    return Found("invalid", layer.shapes[row], ids, "mend", none, moves=False, reason=reasons)


def _near_misses(scene: Scene, near_m: float) -> Found:
    layer = scene.layer
    bare = np.empty(0, dtype=object) if scene.bounded else slits(scene.faces, layer, near_m)
    place, ignored = _real(bare)
    return Found("near_miss", place, _beside(layer, place), "give", _nearest(layer, place), ignored)


def _two_parents(scene: Scene) -> Found:
    layer, homes = scene.layer, scene.homes
    astray = np.flatnonzero(homes.astray)
    ids: Ids = [(str(layer.codes[code]),) for code in astray]
    goes_to = _named(scene.parents.ids, homes.most[astray])
    place = _wholes(layer, astray)
    return Found("two_parents", place, ids, "settle", goes_to, moves=False)


def _addresses(layer: Layer, addresses: gpd.GeoDataFrame) -> Found:
    point = np.asarray(addresses.geometry.array)
    ranked = gpd.GeoDataFrame({"area_id": layer.rank}, geometry=list(layer.shapes))
    owner = areas_of_points(point, ranked)
    row, at = shapely.STRtree(point).query(layer.shapes, predicate="contains")
    deep = shapely.distance(shapely.boundary(layer.shapes[row]), point[at]) > POINT_BORDER_M
    row, at = row[deep], at[deep]
    inside = np.unique(np.column_stack((at, layer.code[row])), axis=0)[:, 0]
    twice = np.bincount(inside, minlength=len(point)) > 1
    placed = ~shapely.is_missing(point) & ~shapely.is_empty(point)
    doubtful = placed & (twice | (owner < 0))
    number = np.cumsum(doubtful) - 1
    listed = twice[at]
    ids = layer.ids_of(number[at[listed]], row[listed], int(doubtful.sum()))
    place, goes_to = point[doubtful], owner[doubtful]
    lost = np.flatnonzero(goes_to < 0)
    near, row = layer.tree.query_nearest(place[lost], all_matches=False)
    goes_to[lost[near]] = row
    return Found("address", place, ids, "assign", _named(layer.ids, goes_to), moves=False)


def _without_slivers(found: Found, sliver_m: float) -> list[Found]:
    """Tell slivers from gaps or overlaps."""
    thin = thinness_m(found.place) < sliver_m
    each = []
    for kind, of, chosen, ignored in (
        (found.kind, None, np.flatnonzero(~thin), found.ignored),
        ("sliver", found.kind, np.flatnonzero(thin), 0),
    ):
        place, goes_to = found.place[chosen], found.goes_to[chosen]
        ids = [found.ids[i] for i in chosen]
        each.append(Found(kind, place, ids, found.proposal, goes_to, ignored, of=of))
    return each


def _real(place: Shapes) -> tuple[Shapes, int]:
    """Return the places that are defects, and the number of those that are noise."""
    kept, ignored = real(place)
    return place[kept], ignored


def _beside(layer: Layer, place: Shapes) -> Ids:
    return layer.ids_of(*touching(place, layer.tree), len(place))


def _nearest(layer: Layer, place: Shapes) -> Shapes:
    """Name the area with the longest border with each place."""
    return _named(layer.ids, longest(*borders_m(place, layer.tree), layer.rank, len(place)))


def _named(names: Shapes, at: Ints) -> Shapes:
    """Return the name at each position; None for -1."""
    named: Shapes = np.full(len(at), None, dtype=object)
    named[at >= 0] = names[at[at >= 0]]
    return named


def _wholes(layer: Layer, codes: Iterable[int]) -> Shapes:
    """Join the rows of each code."""
    wholes = [shapely.union_all(layer.shapes[layer.code == code]) for code in codes]
    return np.array([*wholes, None], dtype=object)[:-1]
