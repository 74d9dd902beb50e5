"""
The unseen ways out of one cordon, and what closes them.

Moving along a street one cannot pass a stretch that is seen, however short, so seen stretches cut
streets. What is left is a graph: a way out is a path of it from the ground inside to the ground
beyond.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array

from geo.areas import BORDER_M
from geo.cordon.flows import fewest_closures, reached_from, without_dead_ends
from geo.coverage import NOISE_M
from geo.intervals import Intervals
from geo.sides import INSIDE, OUTSIDE, Bordering, Pieces, side_of, within_line

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cordoned:
    """
    What holds for one cordon.

    Parameters
    ----------
    ways
        The unseen stretches by which one can leave for good, keyed by part.
    closures
        The fewest stretches to close, keyed by part.
    crossings
        How many ways there are when nothing is seen.
    disjoint_ways
        How many unseen ways there are that share no stretch.
    closed
        Whether there is none; None when no known street leads into the cordon, or beyond.
    """

    ways: Intervals
    closures: Intervals
    crossings: int
    disjoint_ways: int
    closed: bool | None


def leaving(
    bordering: Bordering,
    area: gpd.GeoDataFrame,
    seen: Intervals,
    *,
    gates: Bools | None,
    way: str,
    band_m: float,
) -> Cordoned:
    """
    Answer for one cordon; see `open_edges`.

    Parameters
    ----------
    bordering
        The streets.
    area
        1 polygon with `area_id`.
    seen
        The seen stretches, keyed by part, none of them noise.
    gates
        Per node of the network: whether one starts there; None for all the ground inside.
    way
        "out" or "in".
    band_m
        How far from the line a camera or a closure still serves it, in metres.

    Returns
    -------
    cordoned
        Ways, closures and numbers.
    """
    none, polygon = Intervals.of([], [], []), area.geometry.iloc[0]
    parts = bordering.near(polygon, band_m)
    if not len(parts):
        return Cordoned(none, none, 0, 0, None)
    pieces = bordering.pieces(area, parts, (band_m,), seen)
    places = pieces.places
    side = side_of(places, polygon, BORDER_M)
    ends = ~within_line(places, polygon, band_m - NOISE_M)
    ends |= _of_network(bordering.blind_ends, pieces)
    inner, outer = ends & (side == INSIDE), ends & (side == OUTSIDE)
    if gates is not None:
        inner = _of_network(gates, pieces) & (side != OUTSIDE)
    elsewhere = len(parts) < len(bordering.parts)
    if not inner.any() or not (outer.any() or elsewhere):
        return Cordoned(none, none, 0, 0, None)
    # Whoever comes in goes the same ways backwards.
    on, back = pieces.forward, pieces.backward
    if way == "in":
        on, back = back, on
    middle = (pieces.start + pieces.end) / 2.0
    unseen = ~seen.holds(pieces.part, middle)
    closed, disjoint_ways = fewest_closures(pieces, on & unseen, back & unseen, inner, outer)
    ways = _last_steps(pieces, unseen, (on, back), inner, outer, side == OUTSIDE)
    everywhere = np.ones(len(unseen), dtype=bool)
    crossings = _last_steps(pieces, everywhere, (on, back), inner, outer, side == OUTSIDE)
    stretch = _stretches(pieces, inner | outer)
    return Cordoned(
        _joined(pieces, stretch, ways),
        _joined(pieces, stretch, closed),
        len(_joined(pieces, stretch, crossings)),
        disjoint_ways,
        disjoint_ways == 0,
    )


def _of_network(flags: Bools, pieces: Pieces) -> Bools:
    """Return flags of the nodes of the network for those of the pieces; False where cut."""
    told: Bools = np.append(flags, False)[pieces.old_node]
    return told


def _last_steps(
    pieces: Pieces,
    used: Bools,
    directions: tuple[Bools, Bools],
    inner: Bools,
    outer: Bools,
    outside: Bools,
) -> Ints:
    """
    Return the pieces by which one steps outside for good.

    One gets to such a piece from the sources, and from it to the sinks without coming back: the
    last step over the line of some way. There is one if and only if there is a way.
    """
    through = without_dead_ends(pieces, used, inner | outer)
    on, back = (np.flatnonzero(through & allowed) for allowed in directions)
    piece = np.concatenate((on, back))
    tail = np.concatenate((pieces.tail[on], pieces.head[back]))
    head = np.concatenate((pieces.head[on], pieces.tail[back]))
    # Who is out has no need to go on.
    going = ~outer[tail]
    piece, tail, head = piece[going], tail[going], head[going]
    beyond = outside[tail] & outside[head]
    got_to = _reached(tail, head, inner)
    away = _reached(head[beyond], tail[beyond], outer)
    last = got_to[tail] & ~outside[tail] & away[head]
    return np.unique(piece[last])


def _reached(tail: Ints, head: Ints, start: Bools) -> Bools:
    """Tell which nodes arcs lead to from any of the starts."""
    nodes = len(start)
    starts = np.flatnonzero(start)
    tail = np.concatenate((tail, np.full(len(starts), nodes)))
    head = np.concatenate((head, starts))
    arcs = coo_array((np.ones(len(tail)), (tail, head)), shape=(nodes + 1, nodes + 1))
    return reached_from(csr_array(arcs), nodes)[:nodes]


def _stretches(pieces: Pieces, ends: Bools) -> Ints:
    """
    Give pieces of one edge, with no source or sink between, one number.

    One moves along all of them or none: where one of them is seen, no other is part of a way.
    """
    goes_on = (pieces.before[1:] == pieces.before[:-1]) & ~ends[pieces.tail[1:]]
    return np.concatenate(([0], np.cumsum(~goes_on)))


def _joined(pieces: Pieces, stretch: Ints, chosen: Ints) -> Intervals:
    """Return the whole stretches that chosen pieces are of, in street order."""
    number = np.unique(stretch[chosen])
    first = np.searchsorted(stretch, number, side="left")
    last = np.searchsorted(stretch, number, side="right") - 1
    return Intervals(pieces.part[first], pieces.start[first], pieces.end[last])
