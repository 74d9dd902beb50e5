"""Connected pieces of the due network that are too far from every post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.coverage import NOISE_M
from geo.intervals import Intervals
from geo.reaches import reached

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class GapPieces:
    """
    Stretches farther than half the greatest spacing from every post, each on one edge.

    Parameters
    ----------
    stretches
        n stretches, sorted; two of them may touch.
    gap
        n gaps, numbered from 0: stretches that hang together are one.
    farthest_m
        n distances from the nearest post along the street, the largest on each stretch.
    max_m
        n greatest spacings that hold there.
    at_end
        n flags: whether the stretch ends where the street does.
    """

    stretches: Intervals
    gap: Ints
    farthest_m: Floats
    max_m: Floats
    at_end: NDArray[np.bool_]


def gap_pieces(
    network: StreetNetwork, distance_m: Floats, due: Iterable[tuple[float, Intervals]]
) -> GapPieces:
    """
    Find what is too far from every post.

    Parameters
    ----------
    network
        The streets, cut at the posts.
    distance_m
        The length of the way from the nearest post, per node.
    due
        Greatest spacing in metres, and the due stretches where it holds; no stretch twice.

    Returns
    -------
    pieces
        Exact: along an edge the distance rises from both ends.
    """
    found = []
    for max_m, stretches in due:
        far = stretches.difference(reached(network, distance_m, max_m / 2.0)).longer_than(NOISE_M)
        key, start, end = far.split(network.part, network.start)
        found.append((key, start, end, np.full(len(key), max_m)))
    key, start, end, limit = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((start, key))
    key, start, end, limit = key[order], start[order], end[order], limit[order]
    edge = network.edge_at(key, end)
    from_tail = distance_m[network.tail[edge]]
    from_head = distance_m[network.head[edge]]
    a, b = start - network.start[edge], end - network.start[edge]
    length = network.length_m[edge]
    with np.errstate(invalid="ignore"):
        peak = np.clip((from_head - from_tail + length) / 2.0, a, b)
    # Without any post in reach of either end there is no peak, and the distance has no end.
    peak = np.where(np.isnan(peak), a, peak)
    farthest_m = np.minimum(from_tail + peak, from_head + length - peak)
    gap, at_end = _joined(network, distance_m, edge, start, end, limit)
    return GapPieces(Intervals(key, start, end), gap, farthest_m, limit, at_end)


def _joined(
    network: StreetNetwork,
    distance_m: Floats,
    edge: Ints,
    start: Floats,
    end: Floats,
    limit: Floats,
) -> tuple[Ints, NDArray[np.bool_]]:
    """Return the gap of each stretch, and whether it ends where the street does."""
    n = len(edge)
    piece = np.concatenate((np.arange(n), np.arange(n)))
    node = np.concatenate((network.tail[edge], network.head[edge]))
    meets = np.concatenate((start == network.start[edge], end == network.end[edge]))
    # A node at exactly half the spacing is near enough, so nothing hangs together through it.
    meets &= distance_m[node] > np.tile(limit, 2) / 2.0 + NOISE_M
    piece, node = piece[meets], node[meets]
    follows = np.flatnonzero((edge[1:] == edge[:-1]) & (start[1:] == end[:-1]))
    rows = np.concatenate((piece, follows))
    columns = np.concatenate((n + node, follows + 1))
    size = n + network.nodes
    joined = coo_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    component = connected_components(joined, directed=False)[1][:n]
    ways = np.bincount(network.tail[network.passable], minlength=network.nodes)
    ways += np.bincount(network.head[network.passable], minlength=network.nodes)
    at_end = np.zeros(n, dtype=bool)
    at_end[piece[ways[node] == 1]] = True
    return pd.factorize(component)[0].astype(np.int64), at_end
