"""Which blocks are neighbours: along an edge, never at a corner, over water only by a bridge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geo.crs import require_metric_crs
from geo.due import NO, text_column
from geo.errors import ColumnError, InvalidParameterError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

MIN_BORDER_M: Final = 1.0
"""Neighbours share at least so much of an edge, in metres: less is a corner drawn unsharply."""

TOUCH_M: Final = 0.01
"""Edges this near are one, in metres: the rounding of a reprojection."""

CORNER_M: Final = 0.05
"""Shorter stretches at which edges are only near each other are a corner, in metres."""

SHORE_M: Final = 0.05
"""A border within this of water is along the water, in metres."""

LANDING_M: Final = 1.0
"""A bridge joins what it comes this near to, in metres."""


def adjacency(
    blocks: gpd.GeoDataFrame,
    *,
    water: gpd.GeoDataFrame | None = None,
    bridges: gpd.GeoDataFrame | None = None,
    min_border_m: float = MIN_BORDER_M,
) -> pd.DataFrame:
    """
    List the blocks that are neighbours.

    Neighbours share at least `min_border_m` of an edge on dry land; or as much of one in or along
    water where a bridge comes to it that lands on both.

    Parameters
    ----------
    blocks
        n polygons with `block_id`, metric CRS.
    water
        Polygons of water that nobody crosses but by a bridge.
    bridges
        Lines, such as `bridges_among` picks.
    min_border_m
        The least shared edge, in metres; greater than 0, so that a corner is none.

    Returns
    -------
    adjacency
        One row per pair: `block_a`, `block_b` in the order of the blocks, `border_m` (on land;
        of a pair that only a bridge joins, in or along water), `bridged`.

    Raises
    ------
    ColumnError
        When `block_id` is missing or repeats.
    CRSError
        When the frames share no CRS whose metres are metres.
    InvalidParameterError
        When `min_border_m` is not greater than 0.
    """
    layers = {"water": water, "bridges": bridges}
    require_metric_crs(blocks=blocks, **{k: v for k, v in layers.items() if v is not None})
    if not 0.0 < min_border_m < np.inf:
        raise InvalidParameterError(f"min_border_m must be greater than 0, got {min_border_m!r}")
    ids = block_ids(blocks)
    a, b, border_m, bridged = contacts(
        np.asarray(blocks.geometry.array), _filled(water), _filled(bridges), min_border_m
    )
    return pd.DataFrame(
        {"block_a": ids[a], "block_b": ids[b], "border_m": border_m, "bridged": bridged}
    )


def bridges_among(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the streets that say they are bridges.

    Parameters
    ----------
    streets
        Rows with `bridge` where known.

    Returns
    -------
    bridges
        Those of them.
    """
    return streets[~np.isin(text_column(streets, "bridge"), list(NO))]


def block_ids(blocks: gpd.GeoDataFrame) -> NDArray[np.generic]:
    """Return the ids of the blocks, or say why they are none."""
    if "block_id" not in blocks.columns:
        raise ColumnError(
            f"blocks: no column block_id among {', '.join(map(str, blocks.columns))}; make them "
            f"with geo.partition.blocks or add ids"
        )
    repeated = blocks["block_id"].duplicated() | blocks["block_id"].isna()
    if repeated.any():
        row = int(np.flatnonzero(repeated)[0])
        raise ColumnError(
            f"blocks: row {row} has block_id {blocks['block_id'].iloc[row]}, which is empty or "
            f"was met before; number the rows"
        )
    ids: NDArray[np.generic] = blocks["block_id"].to_numpy()
    return ids


def contacts(
    shapes: Shapes, water: Shapes, bridges: Shapes, min_border_m: float = MIN_BORDER_M
) -> tuple[Ints, Ints, Floats, Bools]:
    """Return the neighbours: first, second > first, shared metres, whether only by a bridge."""
    first, second, ends = shared_edges(shapes)
    lines = shapely.linestrings(ends.reshape(-1, 2, 2))
    length, wet = shapely.length(lines), shapely.union_all(water)
    wet_m = np.zeros(len(lines))
    if not wet.is_empty:
        shore = shapely.buffer(wet, SHORE_M)
        shapely.prepare(shore)
        near = shapely.intersects(shore, lines)
        wet_m[near] = shapely.length(shapely.intersection(lines[near], shore))
    key, pair = np.unique(first * len(shapes) + second, return_inverse=True)
    a, b = key // max(len(shapes), 1), key % max(len(shapes), 1)
    dry = np.bincount(pair, length - wet_m, minlength=len(key))
    soaked = np.bincount(pair, wet_m, minlength=len(key))
    held = dry >= min_border_m
    bridged = np.zeros(len(key), dtype=bool)
    if len(bridges) and (soaked >= min_border_m).any():
        at = np.flatnonzero((wet_m > 0.0) & (~held & (soaked >= min_border_m))[pair])
        bridge = shapely.get_parts(shapely.line_merge(shapely.union_all(bridges)))
        over, line = shapely.STRtree(lines[at]).query(
            bridge, predicate="dwithin", distance=LANDING_M
        )
        p = pair[at[line]]
        lands = np.ones(len(p), dtype=bool)
        for side in (a, b):
            land = shapely.difference(shapes[side[p]], wet)
            lands &= shapely.dwithin(bridge[over], land, LANDING_M)
        bridged[p[lands]] = True
    kept = held | bridged
    return a[kept], b[kept], np.where(bridged, soaked, dry)[kept], bridged[kept]


def shared_edges(shapes: Shapes) -> tuple[Ints, Ints, Floats]:
    """
    Return the straight pieces that two polygons share: first, second > first, ends (m x 4).

    Polygons with edges left over by `equal_edges` are looked at in pairs, within `TOUCH_M`: one
    may lack a vertex of the other.
    """
    first, second, met, owner, ends = equal_edges(shapes)
    left = np.unique(owner)
    a, b = shapely.STRtree(shapes[left]).query(shapes[left], predicate="dwithin", distance=TOUCH_M)
    a, b = left[a[a < b]], left[b[a < b]]
    if not len(a):
        return first, second, met
    at = np.searchsorted(left, owner)
    by_owner = np.argsort(at, kind="stable")
    loose = shapely.multilinestrings(
        shapely.linestrings(ends[by_owner].reshape(-1, 2, 2)), indices=at[by_owner]
    )
    i, j = np.searchsorted(left, a), np.searchsorted(left, b)
    near = shapely.intersection(loose[j], shapely.buffer(loose, TOUCH_M)[i])
    line, pair = shapely.get_parts(near, return_index=True)
    # Around a corner two rims are near each other for a centimetre each way.
    long = shapely.length(line) > CORNER_M
    line, pair = line[long], pair[long]
    xy, piece = shapely.get_coordinates(line, return_index=True)
    inner = np.flatnonzero(piece[:-1] == piece[1:])
    pair = pair[piece[inner]]
    return (
        np.concatenate((first, a[pair])),
        np.concatenate((second, b[pair])),
        np.concatenate((met, np.column_stack((xy[inner], xy[inner + 1])))),
    )


def equal_edges(shapes: Shapes) -> tuple[Ints, Ints, Floats, Ints, Floats]:
    """
    Return the edges that two polygons have alike to the bit, as those of a true coverage are.

    First, second > first, ends (m x 4); then owner and ends of all other edges.
    """
    owner, ends = _edges(shapes)
    order = np.lexsort((owner, *ends.T[::-1]))
    owner, ends = owner[order], ends[order]
    same = (ends[1:] == ends[:-1]).all(axis=1) & (owner[1:] != owner[:-1])
    alone = np.ones(len(owner), dtype=bool)
    alone[:-1][same] = False
    alone[1:][same] = False
    return owner[:-1][same], owner[1:][same], ends[:-1][same], owner[alone], ends[alone]


def _edges(shapes: Shapes) -> tuple[Ints, Floats]:
    """Return the straight edges of all rings, the lesser end first: owner, ends (m x 4)."""
    rings, owner = shapely.get_rings(shapes, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.flatnonzero(ring[:-1] == ring[1:])
    a, b = xy[inner], xy[inner + 1]
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    ends = np.where(swap[:, None], np.column_stack((b, a)), np.column_stack((a, b)))
    return owner[ring[inner]].astype(np.int64), ends


def _filled(frame: gpd.GeoDataFrame | None) -> Shapes:
    """Return the geometries that there are."""
    if frame is None:
        return np.empty(0, dtype=object)
    shapes: Shapes = np.asarray(frame.geometry.array)
    return shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
