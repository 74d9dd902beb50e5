"""The units of one mode, asked which of them is at a place first and by which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from geo.patrol.travel import joined_lines, stretched
from geo.response.backwards import Waiting, followed, leading_to, soonest, waiting_at
from geo.response.searching import Arcs, arcs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.response.spreading import Spread
    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Drawn = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class End:
    """
    A place on the network: the nodes that it is reached from, and what is left to go from there.

    Parameters
    ----------
    node
        One or two nodes; none where nobody may come.
    part
        The part that the place is on.
    start_m, end_m
        Of each node: the stretch between it and the place.
    along
        Of each node: whether the stretch is gone as the row runs.
    """

    node: Ints
    part: int
    start_m: Floats
    end_m: Floats
    along: Bools


@dataclass(frozen=True, eq=False)
class Coming:
    """
    Units on their way to a place.

    Parameters
    ----------
    end
        The place.
    unit
        n units.
    time_s
        n times from the call to the place on the street.
    way
        The arc by which one goes on from every node.
    """

    end: End
    unit: Ints
    time_s: Floats
    way: Ints


@dataclass(frozen=True, eq=False)
class Going:
    """
    The units of one mode; make them with `Going.of`.

    Parameters
    ----------
    network
        The streets of the mode, cut at the units.
    pace_s_m
        Seconds per metre of each edge.
    arcs
        The arcs, at the nodes where they arrive.
    arrives
        That node of each arc.
    node
        u nodes of all units; -1 for those of other modes.
    waiting
        The units at the nodes.
    """

    network: StreetNetwork
    pace_s_m: Floats
    arcs: Arcs
    arrives: Ints
    node: Ints
    waiting: Waiting

    @classmethod
    def of(cls, spread: Spread, mode: str) -> Self:
        """
        Make the units of one mode ready.

        Parameters
        ----------
        spread
            All units on the roads.
        mode
            The mode.

        Returns
        -------
        going
            Ready for `towards`.
        """
        network, pace = spread.roads.networks[mode], spread.sides[mode].pace_s_m
        arcs = arcs_of(network, pace, arriving=True)
        node = spread.nodes_of(mode)
        return cls(
            network,
            pace,
            arcs,
            np.repeat(np.arange(network.nodes), np.diff(arcs.first)),
            node,
            waiting_at(node, spread.begin_s, network.nodes),
        )

    def end(self, part: int, at_m: float) -> End:
        """
        Find from which nodes a place is reached.

        Parameters
        ----------
        part
            The part that it is on.
        at_m
            How far along the row, in metres.

        Returns
        -------
        end
            The nodes, and the stretches from them.
        """
        network = self.network
        edge = int(network.edge_at(np.array([part]), np.array([at_m]))[0])
        start, end = float(network.start[edge]), float(network.end[edge])
        tail, head = int(network.tail[edge]), int(network.head[edge])
        if at_m <= start or at_m >= end:
            node, low, high, along = [tail if at_m <= start else head], [at_m], [at_m], [True]
        else:
            sides = ((network.forward[edge], tail, start, at_m, True),
                     (network.backward[edge], head, at_m, end, False))  # fmt: skip
            open_ = [side[1:] for side in sides if side[0]]
            node, low, high, along = (list(column) for column in zip(*open_, strict=True))
        return End(
            np.array(node, dtype=np.int64), part, np.array(low), np.array(high), np.array(along)
        )

    def towards(self, part: int, at_m: float, k: int) -> Coming:
        """
        Find the units that are at a place first.

        Parameters
        ----------
        part
            The part that it is on, passable for the mode.
        at_m
            How far along the row, in metres.
        k
            How many are asked for; those as soon as the last of them are found too.

        Returns
        -------
        coming
            The units, in no order.
        """
        end = self.end(part, at_m)
        edge = self.network.edge_at(np.array([part]), np.array([at_m]))
        left_s = (end.end_m - end.start_m) * self.pace_s_m[edge]
        unit, time_s, way = soonest(self.arcs, self.waiting, end.node, left_s, k)
        return Coming(end, unit, time_s, way)

    def cut_off(self, coming: Coming) -> Ints:
        """
        List the units from which no way leads to the place.

        Parameters
        ----------
        coming
            The place.

        Returns
        -------
        unit
            Units of the mode.
        """
        own = np.flatnonzero(self.node >= 0)
        return own[~leading_to(self.arcs, coming.end.node)[self.node[own]]]

    def ways(self, coming: Coming, unit: Ints) -> tuple[Floats, Drawn]:
        """
        Measure and draw the ways of some units.

        Parameters
        ----------
        coming
            The place.
        unit
            w of the units that come.

        Returns
        -------
        length_m, line
            w lengths along the road, and w LineStrings; None where nothing is left to go.
        """
        network, end = self.network, coming.end
        edge, along, owner, last = followed(
            coming.way, self.arcs.edge, self.arcs.along, self.arrives, self.node[unit]
        )
        rest = np.flatnonzero(end.end_m[last] > end.start_m[last])
        part = np.append(network.part[edge], np.full(len(rest), end.part))
        start = np.append(network.start[edge], end.start_m[last[rest]])
        stop = np.append(network.end[edge], end.end_m[last[rest]])
        along = np.append(along, end.along[last[rest]])
        owner = np.append(owner, rest)
        # The rest of a way comes behind its arcs, which stand before it.
        order = np.argsort(owner, kind="stable")
        length: Floats = np.zeros(len(unit))
        np.add.at(length, owner, stop - start)
        pieces = stretched(network, part[order], start[order], stop[order], along[order])
        return length, joined_lines(pieces, owner[order], len(unit))
