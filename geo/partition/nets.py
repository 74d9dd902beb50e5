"""
Grids of several departments laid over each other and merged into one base layer (多网合一).

All outlines are noded together, so the pieces fit to the bit and their areas add up. What two
departments drew along one line with a little between becomes a sliver; it goes to the neighbour
with the longest border, and every metre that changed hands so is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.areas import polygons_of
from geo.crs import require_metric_crs
from geo.errors import ColumnError, GeometryError, InvalidParameterError
from geo.locating import Locator, ring_edges
from geo.partition.ground import Pieces
from geo.partition.ordering import reading_order
from geo.partition.reading import or_none, required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

SLIVER_M: Final = 1.0
"""A piece whose area over half its outline is less is no piece of its own, in metres: two
departments drew one street."""

RESERVED: Final = frozenset({"piece_id", "area_m2", "geometry", "width_m"})
"""Columns of ours that no net may be called."""


@dataclass(frozen=True, eq=False)
class MergedNets:
    """
    One base layer under several nets of grids; see `merge_nets`.

    Parameters
    ----------
    pieces
        The base layer, in reading order: `piece_id`, a column per net with the grid that the
        piece lies in (None for none), `area_m2`, polygon.
    slivers
        What was given to a neighbour: `piece_id` that has it now, a column per net with the
        grid that it lay in, `area_m2`, `width_m`, polygon.
    grids
        One row per grid of every net: `net`, `grid_id`, `own_m2` on the ground of its net,
        `pieces_m2` of its pieces, `moved_m2` = the second less the first, `pieces`.
    """

    pieces: gpd.GeoDataFrame
    slivers: gpd.GeoDataFrame
    grids: pd.DataFrame

    @property
    def cross_walk(self) -> pd.DataFrame:
        """Which piece lies in which grid of which net: `piece_id`, `net`, `grid_id`, `area_m2`."""
        nets = [name for name in self.pieces.columns if name not in RESERVED]
        long = self.pieces.drop(columns="geometry").melt(
            id_vars=["piece_id", "area_m2"], value_vars=nets, var_name="net", value_name="grid_id"
        )
        columns = ["piece_id", "net", "grid_id", "area_m2"]
        return long.dropna(subset="grid_id")[columns].reset_index(drop=True)

    def summary(self) -> dict[str, Any]:
        """Return the counts and areas, ready for JSON."""
        return {
            "pieces": len(self.pieces),
            "area_m2": float(self.pieces["area_m2"].sum()),
            "grids": {str(net): len(rows) for net, rows in self.grids.groupby("net", sort=False)},
            "slivers": len(self.slivers),
            "slivers_m2": float(self.slivers["area_m2"].sum()),
            "most_moved_m2": float(self.grids["moved_m2"].abs().max()) if len(self.grids) else 0.0,
        }


def merge_nets(nets: Mapping[str, gpd.GeoDataFrame], *, sliver_m: float = SLIVER_M) -> MergedNets:
    """
    Merge the grids of several departments into one base layer.

    A base piece is a connected place that lies in the same grids all over: in one grid of each
    net, or in none. Its corners are the corners and crossings of all outlines.

    Parameters
    ----------
    nets
        Name -> polygons with `area_id`, all in one metric CRS; one net at least.
    sliver_m
        A piece narrower than this (area over half the outline) goes to the neighbour with the
        longest border, in metres; 0 or greater. One without a neighbour stays.

    Returns
    -------
    merged
        Its pieces cover what the nets cover together, once.

    Raises
    ------
    CRSError
        When the nets share no CRS whose metres are metres.
    ColumnError, GeometryError
        When codes are missing or repeated; when a row is no valid polygon; when a net overlaps
        itself in a place wider than a sliver. In a narrower one the lowest code has it.
    InvalidParameterError
        When no net has a grid, or `sliver_m` is negative.

    Notes
    -----
    Areas are those of the pieces within the rounding of crossings: 1e-9 of the whole.
    """
    if not any(len(net) for net in nets.values()):
        raise InvalidParameterError("nets: there is no grid; pass at least one net with grids")
    if not 0.0 <= sliver_m < np.inf:
        raise InvalidParameterError(f"sliver_m must be a number of 0 or more, got {sliver_m!r}")
    for name in nets:
        if name in RESERVED:
            raise ColumnError(f"nets: {name!r} is a column of the pieces; call the net otherwise")
    crs = require_metric_crs(**nets)
    codes = {name: required(net, name, "area_id") for name, net in nets.items()}
    shapes = {name: polygons_of(net, name) for name, net in nets.items()}
    faces = _faces(np.concatenate(list(shapes.values())))
    width = _widths(faces)
    inmost = shapely.get_coordinates(shapely.point_on_surface(faces))
    of = np.empty((len(faces), len(nets)), dtype=np.int64)
    for k, name in enumerate(nets):
        of[:, k], twice = _owners(inmost, shapes[name], codes[name])
        _refuse_overlaps(name, faces[twice & (width >= sliver_m)], shapes[name], codes[name])
    held = (of >= 0).any(axis=1)
    ground = Pieces(faces[held])
    of, width = of[held], width[held]
    before = ground.together(_labels(of))
    parts, first = ground.joined(before), np.unique(before, return_index=True)[1]
    firm = _widths(parts) >= sliver_m
    taken = _taken(ground.absorbed(before, ~firm)[first], firm, shapely.area(parts))
    was, now = of[first], of[first][taken]
    piece = ground.together(_labels(now[before]))
    whole, some = ground.joined(piece), np.unique(piece, return_index=True)[1]
    order = reading_order(whole)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    digits = max(4, len(str(len(order))))
    piece_id = np.array([f"B{k + 1:0{digits}d}" for k in range(len(order))], dtype=object)
    pieces = _frame(piece_id, now[before[some[order]]], codes, whole[order], crs)
    moved = (was != now).any(axis=1)
    held_by = piece_id[number[piece[first[moved]]]]
    slivers = _frame(held_by, was[moved], codes, parts[moved], crs)
    slivers.insert(slivers.columns.get_loc("geometry"), "width_m", _widths(parts[moved]))
    return MergedNets(pieces, slivers, _grids(codes, shapes, pieces))


def _faces(polygons: Shapes) -> Shapes:
    """Cut the plane along all outlines: what they enclose, holes included."""
    _, begin, end = ring_edges(polygons)
    swap = (begin[:, 0] > end[:, 0]) | ((begin[:, 0] == end[:, 0]) & (begin[:, 1] > end[:, 1]))
    ends = np.concatenate((begin, end), axis=1)
    ends[swap] = ends[swap][:, [2, 3, 0, 1]]
    # Neighbours and nets share most of their borders, and one of each is enough.
    lines = shapely.linestrings(np.unique(ends, axis=0).reshape(-1, 2, 2))
    noded = shapely.get_parts(shapely.union_all(lines))
    faces: Shapes = shapely.get_parts(shapely.polygonize(noded))
    return faces


def _widths(polygons: Shapes) -> Floats:
    """Return the area over half the outline, in metres: about the width of what is long."""
    widths: Floats = 2.0 * shapely.area(polygons) / shapely.length(polygons)
    return widths


def _owners(inmost: Floats, polygons: Shapes, codes: NDArray[np.str_]) -> tuple[Ints, Bools]:
    """Return the grid of each place, -1 for none, the lowest of several; and which have those."""
    rank = np.empty(len(codes), dtype=np.int64)
    rank[np.argsort(codes, kind="stable")] = np.arange(len(codes))
    locator = Locator.of(polygons, rank, reach_m=0.0, points=len(inmost))
    owner, holders = locator.lowest(inmost[:, 0], inmost[:, 1], within_m=0.0, most=2)
    return owner, holders > 1


def _refuse_overlaps(name: str, faces: Shapes, polygons: Shapes, codes: NDArray[np.str_]) -> None:
    """Say which grids of a net overlap, at the largest of the faces where they do."""
    if not len(faces):
        return
    worst = faces[np.argmax(shapely.area(faces))]
    both = codes[shapely.contains_properly(polygons, shapely.point_on_surface(worst))]
    raise GeometryError(
        f"{name}: {' and '.join(sorted(both))} overlap by {worst.area:.1f} m2, so a place would "
        f"lie in two grids; audit the net with geo.partition.audit and repair it first"
    )


def _labels(of: Ints) -> Ints:
    """Give each combination of grids a number."""
    labels: Ints = np.unique(of, axis=0, return_inverse=True)[1].reshape(-1)
    return labels


def _taken(group: Ints, firm: Bools, area: Floats) -> Ints:
    """Return for each part the one whose grids it takes: the firm one of its group."""
    # No group has two firm parts; one without any goes by its largest.
    order = np.lexsort((area, firm, group))
    last = np.append(np.diff(group[order]) > 0, True)[: len(order)]
    head = np.empty(int(group.max(initial=-1)) + 1, dtype=np.int64)
    head[group[order][last]] = order[last]
    return head[group]


def _frame(
    piece_id: NDArray[np.object_],
    of: Ints,
    codes: Mapping[str, NDArray[np.str_]],
    shapes: Shapes,
    crs: Any,  # noqa: ANN401 - pyproj is untyped
) -> gpd.GeoDataFrame:
    """Return pieces with the codes of the grids that they lie in."""
    columns: dict[str, Any] = {"piece_id": piece_id}
    for k, (name, code) in enumerate(codes.items()):
        columns[name] = or_none(np.append(code, "")[of[:, k]])
    columns["area_m2"] = shapely.area(shapes)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def _grids(
    codes: Mapping[str, NDArray[np.str_]],
    shapes: Mapping[str, Shapes],
    pieces: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """Return what each grid had and what its pieces make."""
    rows = []
    for name, code in codes.items():
        held = pieces.groupby(name)["area_m2"].agg(["sum", "count"]).reindex(code, fill_value=0)
        own = shapely.area(shapes[name])
        rows.append(
            pd.DataFrame(
                {
                    "net": name,
                    "grid_id": code.astype(object),
                    "own_m2": own,
                    "pieces_m2": held["sum"].to_numpy(),
                    "moved_m2": held["sum"].to_numpy() - own,
                    "pieces": held["count"].to_numpy(),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)
