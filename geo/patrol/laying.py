"""One drawn line laid along the streets: the likeliest chain of them, as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely
from numba import njit
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.coverage import NOISE_M
from geo.intervals import Intervals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Objects = NDArray[np.object_]

STEP_M: Final = 10.0
"""A drawn line is looked at about every so many metres, ends included: closer than junctions lie,
so that no street on the way is missed."""

SPREADS: Final = 3.0
"""The tolerance is this many standard deviations of what is drawn."""

ROOM: Final = 4.0
"""Between two places looked at, the way along the streets is longer than along the line by at
most this many tolerances: a bend that was drawn straight."""

CLOSED: Final = 10.0
"""What a place on a street closed to the profile costs more: beyond what any distance within the
tolerance does, so that an open street near by always wins."""


STUB: Final = 0.2
"""An end on another street is left out only when it is a smaller share of the way than this."""


class Stretch(NamedTuple):
    """
    A stretch of one part, in the order in which it is walked.

    Parameters
    ----------
    part
        Of the lines of the network.
    from_m
        Where it is begun, in metres along the row.
    to_m
        Where it is ended.
    """

    part: int
    from_m: float
    to_m: float


class Laid(NamedTuple):
    """
    What `laid` found.

    Parameters
    ----------
    stretches
        In the order of the line; none when it cannot be laid.
    offset_m
        The largest distance from the line to its streets, or to any when it cannot be laid.
    fault
        "" or one of `geo.patrol.placing.FAULTS`.
    """

    stretches: list[Stretch]
    offset_m: float
    fault: str


@dataclass(frozen=True, eq=False)
class Ground:
    """
    The edges of a network with an index; make it with `Ground.of`.

    Parameters
    ----------
    network
        The streets.
    edge
        The edges that have a length, ascending.
    tree
        An index of their geometries.
    """

    network: StreetNetwork
    edge: Ints
    tree: shapely.STRtree

    @classmethod
    def of(cls, network: StreetNetwork) -> Ground:
        """File the edges of a network, closed ones too."""
        edge = np.flatnonzero(network.length_m > NOISE_M)
        pieces = Intervals(network.part[edge], network.start[edge], network.end[edge])
        return cls(network, edge, shapely.STRtree(network.lines.cut(pieces)))

    def near(self, lines: Objects, within_m: float) -> list[Ints]:
        """
        Find the edges near lines.

        Parameters
        ----------
        lines
            n lines.
        within_m
            How near, in metres.

        Returns
        -------
        near
            n lists of positions in `edge`, ascending.
        """
        line, edge = self.tree.query(lines, predicate="dwithin", distance=within_m)
        order = np.lexsort((edge, line))
        cuts = np.searchsorted(line[order], np.arange(1, len(lines)))
        return np.split(edge[order], cuts) if len(lines) else []


def laid(ground: Ground, line: shapely.LineString, near: Ints, tolerance_m: float) -> Laid:
    """
    Lay one line along the streets.

    Parameters
    ----------
    ground
        The streets.
    line
        A line of some length.
    near
        Positions in `ground.edge` of the edges within the tolerance.
    tolerance_m
        How far the line may be from its streets, in metres.

    Returns
    -------
    laid
        The streets in order, or why there are none.
    """
    length_m = shapely.length(line)
    count = int(np.ceil(length_m / STEP_M)) + 1
    places = shapely.line_interpolate_point(line, np.linspace(0.0, length_m, count))
    shapes = ground.tree.geometries[near]
    offset = shapely.distance(places[:, None], shapes[None, :])
    if not len(near) or (offset.min(axis=1) > tolerance_m).any():
        return Laid([], _nearest(ground, places, line), "off_network")
    local = _Local.of(ground.network, ground.edge[near])
    low, high = local.ends.T
    at = np.clip(low + shapely.line_locate_point(shapes[None, :], places[:, None]), low, high)
    chain, via = _likeliest(
        offset, at, local.ends, local.nodes, local.node_m, local.closed,
        length_m / (count - 1), tolerance_m,
    )  # fmt: skip
    if not len(chain):
        return Laid([], _nearest(ground, places, line), "apart")
    offset_m = float(offset[np.arange(count), chain].max())
    stretches = joined(local.moves(chain, at[np.arange(count), chain], via), tolerance_m)
    stretches = _without_stubs(stretches, min(tolerance_m, SPREADS * offset_m))
    return Laid(stretches, offset_m, "")


def joined(moves: Iterable[Stretch], tolerance_m: float) -> list[Stretch]:
    """
    Join moves that continue each other, and leave out short turns back.

    Parameters
    ----------
    moves
        Each begins where the one before ended.
    tolerance_m
        A turn back shorter than this, in metres, is the unsteady hand's.

    Returns
    -------
    stretches
        The same way, none without length.
    """
    # Whole runs first: of many steps back, each alone would be a short one.
    return _run_on(_run_on(moves, 0.0), tolerance_m)


def _run_on(moves: Iterable[Stretch], turn_m: float) -> list[Stretch]:
    """Join moves that go on in their direction, or turn back by less than `turn_m`."""
    stack: list[Stretch] = []
    for each in moves:
        move = each
        while stack and abs(move.to_m - move.from_m) > NOISE_M:
            part, begun, ended = stack[-1]
            if part != move.part or abs(ended - move.from_m) > NOISE_M:
                break
            there, back = ended - begun, move.to_m - move.from_m
            if there * back < 0.0 and min(abs(there), abs(back)) >= turn_m:
                break
            stack.pop()
            move = Stretch(part, begun, move.to_m)
        if abs(move.to_m - move.from_m) > NOISE_M:
            stack.append(move)
    return stack


def _without_stubs(stretches: list[Stretch], least_m: float) -> list[Stretch]:
    """Leave out short ends on another street, as long as they are a small share of the whole."""
    kept = list(stretches)
    for end in (0, -1):
        lengths_m = [abs(to - at) for _, at, to in kept]
        if lengths_m and lengths_m[end] < min(least_m, STUB * sum(lengths_m)):
            kept.pop(end)
    return kept


def _nearest(ground: Ground, places: Objects, line: shapely.LineString) -> float:
    """Return the largest distance from places and vertices of a line to their nearest edges."""
    if not len(ground.edge):
        return np.nan
    places = np.concatenate((places, shapely.points(shapely.get_coordinates(line))))
    apart = ground.tree.query_nearest(places, all_matches=False, return_distance=True)[1]
    return float(apart.max())


@dataclass(frozen=True, eq=False)
class _Local:
    """The edges around one line; `ends` and `nodes` of each are those at its tail and head."""

    part: Ints
    ends: Floats
    nodes: Ints
    closed: Bools
    node_m: Floats
    before: Ints
    shortest: dict[tuple[int, int], int]

    @classmethod
    def of(cls, network: StreetNetwork, edge: Ints) -> _Local:
        """Make the small graph, in which everything goes both ways."""
        old = np.column_stack((network.tail[edge], network.head[edge]))
        found, new = np.unique(old, return_inverse=True)
        nodes = new.reshape(old.shape).astype(np.int64)
        length = network.length_m[edge]
        # Of parallel edges the shortest is the last to be told.
        told = np.argsort(-length, kind="stable")
        pairs = np.sort(nodes[told], axis=1).tolist()
        shortest = {(low, high): int(k) for (low, high), k in zip(pairs, told, strict=True)}
        pair = np.array(list(shortest)).T
        weight = length[list(shortest.values())]
        graph = csr_array((weight, (pair[0], pair[1])), shape=(len(found),) * 2)
        node_m, before = dijkstra(graph, directed=False, return_predecessors=True)
        ends = np.column_stack((network.start[edge], network.end[edge]))
        closed = ~network.passable[edge]
        return cls(network.part[edge], ends, nodes, closed, node_m, before, shortest)

    def moves(self, chain: Ints, at: Floats, via: Ints) -> Iterable[Stretch]:
        """Yield the moves from place to place along the chosen edges."""
        for k in range(1, len(chain)):
            here, there = int(chain[k - 1]), int(chain[k])
            if via[k] == _DIRECT:
                yield Stretch(int(self.part[here]), float(at[k - 1]), float(at[k]))
                continue
            out, into = divmod(int(via[k]), 2)
            left, met = float(self.ends[here, out]), float(self.ends[there, into])
            yield Stretch(int(self.part[here]), float(at[k - 1]), left)
            yield from self._between(int(self.nodes[here, out]), int(self.nodes[there, into]))
            yield Stretch(int(self.part[there]), met, float(at[k]))

    def _between(self, origin: int, target: int) -> list[Stretch]:
        """Return the shortest way between two nodes."""
        way = []
        while target != origin:
            node = int(self.before[origin, target])
            edge = self.shortest[min(node, target), max(node, target)]
            begin, end = self.ends[edge].tolist()
            if self.nodes[edge, 0] != node:
                begin, end = end, begin
            way.append(Stretch(int(self.part[edge]), begin, end))
            target = node
        return way[::-1]


_DIRECT: Final = 4
"""The way from place to place stays on the edge; 0 to 3 leave by tail (0, 1) or head (2, 3) and
come in by tail (0, 2) or head (1, 3)."""


@njit(nogil=True, cache=True)
def _likeliest(
    offset: Floats, at: Floats, ends: Floats, nodes: Ints,
    node_m: Floats, closed: Bools, step_m: float, tolerance_m: float,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Return the edge of each place, and how it is reached; nothing where no chain joins all."""
    places, edges = offset.shape
    spread, longest = tolerance_m / SPREADS, step_m + ROOM * tolerance_m
    own = 0.5 * (offset / spread) ** 2 + np.where(closed, CLOSED, 0.0)
    own = np.where(offset <= tolerance_m, own, np.inf)
    before = np.full((places, edges), -1, np.int64)
    via = np.full((places, edges), _DIRECT, np.int64)
    cost = own[0]
    for k in range(1, places):
        reached = np.full(edges, np.inf)
        left = np.flatnonzero(np.isfinite(cost))
        for e in np.flatnonzero(np.isfinite(own[k])):
            for f in left:
                way, by = _way(f, at[k - 1, f], e, at[k, e], ends, nodes, node_m)
                total = cost[f] + abs(way - step_m) / spread + own[k, e]
                if way <= longest and total < reached[e]:
                    reached[e], before[k, e], via[k, e] = total, f, by
        cost = reached
    last = int(np.argmin(cost))
    if cost[last] == np.inf:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    chain, how = np.empty(places, np.int64), np.empty(places, np.int64)
    for k in range(places - 1, -1, -1):
        chain[k], how[k] = last, via[k, last]
        last = before[k, last]
    return chain, how


@njit(nogil=True, cache=True)
def _way(
    f: int, origin: float, e: int, target: float, ends: Floats, nodes: Ints, node_m: Floats
) -> tuple[float, int]:
    """Return the shortest way from a place on edge `f` to one on edge `e`, and by which ends."""
    way, by = (abs(target - origin) if e == f else np.inf), _DIRECT
    for turn in range(4):
        out, into = turn // 2, turn % 2
        through = abs(ends[f, out] - origin) + abs(ends[e, into] - target)
        through += node_m[nodes[f, out], nodes[e, into]]
        if through < way:
            way, by = through, turn
    return way, by
