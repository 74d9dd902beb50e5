"""Ways between places along the streets, for one mode of moving: how long, and where they run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.due import MOTORWAYS, text_column
from geo.intervals import Intervals
from geo.streets import StreetNetwork

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.snapping import Snapped

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Lines = NDArray[np.object_]

CYCLEWAYS: Final = frozenset({"cycleway"})
"""Classes on which nobody drives but an e-bike may."""

DRAWN_AT_ONCE: Final = 256
"""From how many places ways are drawn at once: 60 MB on 20,000 nodes."""


def network_for(streets: gpd.GeoDataFrame, mode: str) -> StreetNetwork:
    """
    Make the network of one mode.

    An e-bike is bound to one-way streets and kept off footways as a car is, but passes lanes that
    are too narrow for a car, and cycleways; motorways are closed to it.

    Parameters
    ----------
    streets
        n line rows in a metric CRS, in the columns of `StreetNetwork.from_frame`.
    mode
        "foot", "e_bike" or "car".

    Returns
    -------
    network
        For walking, or for driving.
    """
    if mode == "e_bike":
        wide = streets.drop(columns="width_m", errors="ignore")
        if "class" in wide.columns:
            kind, told = text_column(streets, "class"), wide["class"].astype(object)
            told = told.mask(np.isin(kind, list(CYCLEWAYS)), None)
            # Closed to e-bikes, in words that the profile of vehicles knows.
            told = told.mask(np.isin(kind, list(MOTORWAYS)), "footway")
            wide = wide.assign(**{"class": told})
        return StreetNetwork.from_frame(wide, profile="vehicle")
    return StreetNetwork.from_frame(streets, profile="walk" if mode == "foot" else "vehicle")


@dataclass(frozen=True, eq=False)
class Ways:
    """
    The shortest ways between p places; make them with `Ways.between`.

    Parameters
    ----------
    network
        The streets, cut at the places.
    node
        p nodes of it; -1 for a place that is not on the network.
    offset_m
        p distances to the nearest street that may be used, in metres; they are in no way.
    """

    network: StreetNetwork
    node: Ints
    offset_m: Floats

    @classmethod
    def between(cls, network: StreetNetwork, places: Snapped) -> Ways:
        """
        Make the places nodes of a network.

        Parameters
        ----------
        network
            The streets of one mode.
        places
            p places on it.

        Returns
        -------
        ways
            Nothing is measured yet.
        """
        finer, node = network.with_sites(places)
        return cls(finer, node, places.offset_m)

    @cached_property
    def _arcs(self) -> tuple[csr_array, Ints, Bools, Ints]:
        """The directed graph, and of every arc its edge, whether it runs along, and its key."""
        network = self.network
        tail = np.concatenate((network.tail[network.forward], network.head[network.backward]))
        head = np.concatenate((network.head[network.forward], network.tail[network.backward]))
        edge = np.concatenate((np.flatnonzero(network.forward), np.flatnonzero(network.backward)))
        along = np.arange(len(edge)) < network.forward.sum()
        weight = network.length_m[edge]
        order = np.lexsort((weight, head, tail))
        # Of parallel arcs the shortest stays: a sparse matrix would add them up.
        key = tail[order] * network.nodes + head[order]
        order = order[np.r_[True, key[1:] != key[:-1]]] if len(order) else order
        first = np.searchsorted(tail[order], np.arange(network.nodes + 1))
        graph = csr_array((weight[order], head[order], first), shape=(network.nodes, network.nodes))
        return graph, edge[order], along[order], tail[order] * network.nodes + head[order]

    def lengths(self, places: Ints) -> Floats:
        """
        Measure the shortest ways between some of the places.

        Parameters
        ----------
        places
            k of the places.

        Returns
        -------
        length_m
            k x k lengths from row to column, infinite where there is no way.
        """
        node = self.node[places]
        length_m = np.full((len(places), len(places)), np.inf)
        on = np.flatnonzero(node >= 0)
        if len(on):
            sources, inverse = np.unique(node[on], return_inverse=True)
            found = dijkstra(self._arcs[0], indices=sources)
            length_m[np.ix_(on, on)] = found[:, node[on]][inverse]
        length_m[np.diag_indices(len(places))] = 0.0
        return length_m

    def lines(self, start: Ints, end: Ints) -> Lines:
        """
        Draw shortest ways along the streets.

        Parameters
        ----------
        start
            n places.
        end
            n places.

        Returns
        -------
        lines
            n LineStrings; None where start and end are one node, or there is no way.
        """
        here, there = self.node[start], self.node[end]
        lines = np.full(len(start), None, dtype=object)
        drawn = np.flatnonzero((here >= 0) & (there >= 0) & (here != there))
        if not len(drawn):
            return lines
        graph, edge, along, key = self._arcs
        sources, row = np.unique(here[drawn], return_inverse=True)
        # The ways back from all sources at once would be sources x nodes.
        for first in range(0, len(sources), DRAWN_AT_ONCE):
            batch = sources[first : first + DRAWN_AT_ONCE]
            which = drawn[(row >= first) & (row < first + DRAWN_AT_ONCE)]
            _, before = dijkstra(graph, indices=batch, return_predecessors=True)
            at = np.searchsorted(batch, here[which])
            way, step, arc = _chains(before, at, there[which], key, self.network.nodes)
            if len(way):
                order = np.lexsort((-step, way))
                way, arc = way[order], arc[order]
                found, joined = _joined(self.stretches(edge[arc], along[arc]), way)
                lines[which[found]] = joined
        return lines

    def stretches(self, edge: Ints, along: Bools) -> Lines:
        """
        Draw edges in the direction in which they are used.

        Parameters
        ----------
        edge
            n edges of the network.
        along
            n claims: used from tail to head.

        Returns
        -------
        lines
            n LineStrings.
        """
        network = self.network
        return stretched(network, network.part[edge], network.start[edge], network.end[edge], along)


def stretched(
    network: StreetNetwork, part: Ints, start_m: Floats, end_m: Floats, along: Bools
) -> Lines:
    """
    Draw stretches of streets in the direction in which they are used.

    Parameters
    ----------
    network
        Whose lines they are of.
    part
        n parts of its lines.
    start_m, end_m
        n stretches along the row, in metres.
    along
        n claims: used from start to end.

    Returns
    -------
    lines
        n LineStrings.
    """
    cut = network.lines.cut(Intervals(part, start_m, end_m))
    return np.where(along, cut, shapely.reverse(cut))


def joined_lines(pieces: Lines, owner: Ints, count: int) -> Lines:
    """
    Put pieces of lines together, one after the other.

    Parameters
    ----------
    pieces
        n LineStrings, in order.
    owner
        n ascending numbers: the line that each belongs to.
    count
        How many lines there are.

    Returns
    -------
    lines
        A LineString each; None for a line without pieces.
    """
    lines = np.full(count, None, dtype=object)
    if len(pieces):
        found, joined = _joined(pieces, owner)
        lines[found] = joined
    return lines


def _chains(
    before: NDArray[np.int32], row: Ints, node: Ints, key: Ints, nodes: int
) -> tuple[Ints, Ints, Ints]:
    """Follow ways back from their ends, all at once: way, step from the end, arc."""
    ways, steps, arcs = [], [], []
    which, here, step = np.arange(len(node)), node, 0
    while len(which):
        last = before[row[which], here].astype(np.int64)
        # Negative where the way begins, or where there is none.
        on = last >= 0
        which, here, last = which[on], here[on], last[on]
        ways.append(which)
        steps.append(np.full(len(which), step))
        arcs.append(np.searchsorted(key, last * nodes + here))
        here, step = last, step + 1
    return np.concatenate(ways), np.concatenate(steps), np.concatenate(arcs)


def _joined(pieces: Lines, owner: Ints) -> tuple[Ints, Lines]:
    """Return the owners that have pieces, and the line of each; joints are not repeated."""
    xy, piece = shapely.get_coordinates(pieces, return_index=True)
    found, which = np.unique(owner, return_inverse=True)
    line = which[piece]
    repeated = np.zeros(len(xy), dtype=bool)
    repeated[1:] = (line[1:] == line[:-1]) & (xy[1:] == xy[:-1]).all(axis=1)
    kept, line = xy[~repeated], line[~repeated]
    enough = np.bincount(line, minlength=len(found)) > 1
    held = enough[line]
    renumbered = (np.cumsum(enough) - 1)[line[held]]
    lines: Lines = shapely.linestrings(kept[held], indices=renumbered)
    return found[enough], lines
