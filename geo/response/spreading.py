"""Sites on the roads of their modes: what all of them reach together, mode by mode."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geo.response.envelope import Ends, Enveloped, envelope
from geo.response.searching import Arcs, Sides, arcs_of, reach_lengths, sides_of, two_soonest
from geo.snapping import Snapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.response.roads import Roads

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Spread:
    """
    Sites on roads that are cut at them; make one with `Spread.of`.

    Parameters
    ----------
    roads
        The streets, cut at the sites.
    node
        s nodes.
    mode
        s modes.
    begin_s
        s times at which they leave their nodes: the turn-out, and the way to the street at the
        pace of the street.
    """

    roads: Roads
    node: Ints
    mode: NDArray[np.object_]
    begin_s: Floats

    @classmethod
    def of(
        cls, roads: Roads, places: Snapped, mode: NDArray[np.object_], turnout_s: float
    ) -> Spread:
        """
        Make sites nodes of the roads.

        Parameters
        ----------
        roads
            The streets.
        places
            s places on the streets of their modes.
        mode
            s modes that the roads have.
        turnout_s
            From the call to leaving, in seconds.

        Returns
        -------
        spread
            Nothing is searched yet.
        """
        finer, node = roads.with_sites(places)
        return cls(finer, node, mode, turnout_s + places.offset_m * roads.pace_at(places, mode))

    @cached_property
    def modes(self) -> tuple[str, ...]:
        """The modes that some site moves by, in the order of the roads."""
        return tuple(mode for mode in self.roads.modes if (self.mode == mode).any())

    @cached_property
    def sides(self) -> Mapping[str, Sides]:
        """Mode -> its edges."""
        return {
            mode: sides_of(network, self.roads.pace(mode))
            for mode, network in self.roads.networks.items()
        }

    @cached_property
    def leaving(self) -> Mapping[str, Arcs]:
        """Mode -> its arcs, at the nodes that they leave."""
        return {
            mode: arcs_of(self.roads.networks[mode], self.sides[mode].pace_s_m)
            for mode in self.modes
        }

    def nodes_of(self, mode: str, chosen: Bools | None = None) -> Ints:
        """
        Return the nodes of the sites of one mode.

        Parameters
        ----------
        mode
            The mode.
        chosen
            s flags: which of them; None for all.

        Returns
        -------
        node
            s nodes; -1 for the other sites.
        """
        own = self.mode == mode
        return np.where(own if chosen is None else own & chosen, self.node, -1)

    def enveloped(self, limit_s: Floats, *, far: bool) -> Enveloped:
        """
        Tell along every edge who is first, within which limit, and what depends on one site.

        Parameters
        ----------
        limit_s
            r limits, ascending.
        far
            Whether times beyond the last limit are known too; else nobody comes there.

        Returns
        -------
        enveloped
            The edges in pieces.
        """
        network, modes = self.roads.edges, self.modes
        shape = (len(modes), len(network.part))
        forward, backward = np.zeros((2, *shape), dtype=bool)
        pace = np.ones(shape)
        time = np.full((len(modes), network.nodes, 2), np.inf)
        site = np.full((len(modes), network.nodes, 2), -1, dtype=np.int64)
        for m, mode in enumerate(modes):
            sides = self.sides[mode]
            forward[m], backward[m], pace[m] = sides.forward, sides.backward, sides.pace_s_m
            time[m], site[m] = two_soonest(
                self.leaving[mode], self.nodes_of(mode), self.begin_s,
                np.inf if far else float(limit_s[-1]),
            )  # fmt: skip
        ends = Ends(
            network.tail, network.head, network.start, network.end,
            forward, backward, pace, time, site,
        )  # fmt: skip
        return envelope(ends, limit_s, len(self.node))

    def lengths(self, limit_s: Floats, chosen: Bools | None = None) -> Floats:
        """
        Measure what each site reaches, whoever else does.

        Parameters
        ----------
        limit_s
            s x r times.
        chosen
            s flags: which sites are asked about; None for all.

        Returns
        -------
        length_m
            s x r lengths in metres; 0 for sites not asked about.
        """
        length = np.zeros(limit_s.shape)
        for mode in self.modes:
            length += reach_lengths(
                self.leaving[mode], self.sides[mode], self.nodes_of(mode, chosen),
                self.begin_s, limit_s,
            )  # fmt: skip
        return length

    def together(self, chosen: Bools, limit_s: float) -> tuple[Floats, Floats]:
        """
        Measure how far into every edge some sites come within a time.

        Parameters
        ----------
        chosen
            s flags: which sites.
        limit_s
            The time.

        Returns
        -------
        ahead_m, behind_m
            e lengths from the tail and from the head; what lies in either is reached.
        """
        ahead, behind = np.zeros((2, len(self.roads.edges.part)))
        for mode in self.modes:
            node = self.nodes_of(mode, chosen)
            if not (node >= 0).any():
                continue
            sides = self.sides[mode]
            time, _ = two_soonest(self.leaving[mode], node, self.begin_s, limit_s)
            for open_, end, most in (
                (sides.forward, sides.tail, ahead), (sides.backward, sides.head, behind),
            ):  # fmt: skip
                into = np.clip((limit_s - time[end, 0]) / sides.pace_s_m, 0.0, sides.length_m)
                np.maximum(most, np.where(open_, into, 0.0), out=most)
        return ahead, behind


def taken(places: Snapped, rows: Ints) -> Snapped:
    """
    Take some places, in another order or not.

    Parameters
    ----------
    places
        n places.
    rows
        k of them.

    Returns
    -------
    places
        k places.
    """
    return Snapped(places.part[rows], places.at_m[rows], places.offset_m[rows])
