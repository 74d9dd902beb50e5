"""Where due streets meet: one junction per place, however many nodes it is drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo.coverage import NOISE_M, DueStreets
from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.roads import ROAD_GROUPS, UNKNOWN_ROAD, road_groups
from geo.streets import StreetNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.due import DueRule

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MERGE_M: Final = 30.0
"""Nodes this near each other and joined by streets as short are one junction, in metres: where two
dual carriageways cross there are four, up to some 28 m apart."""

ARMS: Final = 3
"""At fewer streets nothing branches: a road goes on, or ends."""


def junctions(
    streets: gpd.GeoDataFrame,
    *,
    due: DueRule | None = None,
    within: gpd.GeoDataFrame | None = None,
    merge_m: float = MERGE_M,
    network: StreetNetwork | None = None,
) -> gpd.GeoDataFrame:
    """
    List the places where three or more due streets meet that one may use.

    Nodes within `merge_m` of a node with as many streets or more are one junction with it, when
    streets no longer than that join them: a bridge over a crossing is no part of it.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS; `class` and `name` are read where
        present.
    due
        Which streets count; None for the default `DueRule`.
    within
        Polygons with `area_id`: only what is inside them counts. None for all.
    merge_m
        How near nodes must be to be one, in metres; 0 to keep them apart.
    network
        Who moves, made of the same `streets`; None for a walker.

    Returns
    -------
    junctions
        One row per junction, in the order of the streets: `junction_id` from 0, `arms` (streets
        that lead away), `nodes`, `road` (the first group of `ROAD_GROUPS` among the arms),
        `classes` and `names` (of the arms, each once, sorted, joined by commas), Point geometry
        in the middle of its nodes.

    Raises
    ------
    CRSError, GeometryError
        When the frames share no CRS whose metres are metres, or streets are no lines.
    InvalidParameterError
        When `merge_m` is negative or not a number.

    Notes
    -----
    Nodes with more streets draw others in first, then the first in street order; so a junction is
    at most twice `merge_m` wide. Near-linear.
    """
    require_metric_crs(streets=streets, **({} if within is None else {"within": within}))
    if not 0.0 <= merge_m < np.inf:
        raise InvalidParameterError(f"merge_m must be a number of 0 or more, got {merge_m!r}")
    chosen = DueStreets.of(streets, due, within)
    network = network or StreetNetwork.of(chosen.lines, streets)
    middle = (network.start + network.end) / 2.0
    used = np.flatnonzero(network.passable & chosen.due.holds(network.part, middle))
    tail, head, length = network.tail[used], network.head[used], network.length_m[used]
    ends = np.bincount(np.concatenate((tail, head)), minlength=network.nodes)
    node, xy = _nodes(network, used, ends >= ARMS)
    number = np.full(network.nodes, -1)
    short = length <= merge_m + NOISE_M
    number[node] = _merged(xy, ends[node], _linked(network.nodes, tail, head, short)[node], merge_m)
    count = int(number.max(initial=-1)) + 1
    # A short street within a junction is none of its arms; a loop that comes back is two.
    inner = short & (number[tail] == number[head])
    arm = pd.DataFrame(
        {
            "junction": np.concatenate((number[tail], number[head])),
            "row": np.tile(chosen.lines.row[network.part[used]], 2),
        }
    )[~np.tile(inner, 2) & (np.concatenate((number[tail], number[head])) >= 0)]
    arms = np.bincount(arm["junction"], minlength=count)
    held = arms >= ARMS
    size = np.bincount(number[node], minlength=count)
    places = np.column_stack(
        [np.bincount(number[node], weights=axis, minlength=count) for axis in xy.T]
    )[held] / np.maximum(size[held, None], 1)  # fmt: skip
    told = {
        "road": _each(arm, road_groups(streets), held, _first_group),
        "classes": _each(arm, _texts(streets, "class"), held, _listed),
        "names": _each(arm, _texts(streets, "name"), held, _listed),
    }
    return gpd.GeoDataFrame(
        {"junction_id": np.arange(held.sum()), "arms": arms[held], "nodes": size[held], **told},
        geometry=shapely.points(places),
        crs=streets.crs,
    )


def _nodes(network: StreetNetwork, used: Ints, wanted: Bools) -> tuple[Ints, Floats]:
    """Return the wanted nodes in the order of the edges, and where they are."""
    ends = np.stack((network.tail[used], network.head[used]), axis=1).ravel()
    at = np.stack((network.start[used], network.end[used]), axis=1).ravel()
    part = np.repeat(network.part[used], 2)
    node, first = np.unique(ends, return_index=True)
    first = np.sort(first[wanted[node]])
    return ends[first], network.lines.locate(part[first], at[first])


def _linked(nodes: int, tail: Ints, head: Ints, short: Bools) -> Ints:
    """Return the piece of the network that each node is in, by short edges alone."""
    joined = coo_array((np.ones(short.sum()), (tail[short], head[short])), shape=(nodes, nodes))
    piece: Ints = connected_components(joined, directed=False)[1]
    return piece


def _merged(xy: Floats, ends: Ints, piece: Ints, merge_m: float) -> Ints:
    """Return the junction that each node is of, numbered in the order of the nodes."""
    n = len(xy)
    leader = np.full(n, -1)
    if not n:
        return leader
    pairs = KDTree(xy).query_pairs(merge_m + NOISE_M, output_type="ndarray")
    pairs = pairs[piece[pairs[:, 0]] == piece[pairs[:, 1]]]
    near = np.concatenate((pairs, pairs[:, ::-1], np.repeat(np.arange(n), 2).reshape(-1, 2)))
    near = near[np.argsort(near[:, 0], kind="stable")]
    first = np.searchsorted(near[:, 0], np.arange(n + 1))
    # One node after the other: whom one draws in, the next may not.
    for node in np.lexsort((np.arange(n), -ends)):
        if leader[node] < 0:
            mine = near[first[node] : first[node + 1], 1]
            leader[mine[leader[mine] < 0]] = node
    return pd.factorize(leader)[0].astype(np.int64)


def _each(arm: pd.DataFrame, texts: NDArray[np.object_], held: Bools, told: Any) -> pd.Series:  # noqa: ANN401 - a function of a set
    """Tell one thing of the texts of the arms of each held junction."""
    by = pd.Series(texts[arm["row"].to_numpy()]).groupby(arm["junction"].to_numpy()).agg(set)
    return pd.Series([told(by[junction]) for junction in np.flatnonzero(held)], dtype=object)


def _texts(streets: gpd.GeoDataFrame, column: str) -> NDArray[np.object_]:
    """Return a column as texts, "" where missing."""
    if column not in streets.columns:
        return np.full(len(streets), "", dtype=object)
    values = streets[column].astype(object)
    return np.asarray(values.where(values.notna(), "").astype(str), dtype=object)


def _first_group(groups: set[str]) -> str:
    """Return the group that stands first in the table."""
    return next((group for group in ROAD_GROUPS if group in groups), UNKNOWN_ROAD)


def _listed(texts: set[str]) -> str:
    """Join the texts."""
    return ",".join(sorted(texts - {""}))
