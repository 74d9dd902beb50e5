"""The street network: edges between nodes, who may use them, and distances along them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.crs import require_metric_crs
from geo.edges import Edges
from geo.errors import InvalidParameterError
from geo.lines import Lines
from geo.noding import JOIN_M, noded
from geo.points import coordinates
from geo.profiles import PROFILES, directions, levels
from geo.snapping import SNAP_M, Snapped

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class StreetNetwork(Edges):
    """
    A street layer as a graph; make one with `StreetNetwork.from_frame`.

    The edges that nobody may use are among its edges too.

    Parameters
    ----------
    lines
        The parts of the streets; an edge is a stretch of one.
    forward
        e flags: whether one may move from tail to head.
    backward
        e flags: whether one may move from head to tail.
    profile
        One of `PROFILES`.
    """

    lines: Lines
    forward: Bools
    backward: Bools
    profile: str

    @classmethod
    def from_frame(
        cls,
        streets: gpd.GeoDataFrame,
        *,
        profile: str = "walk",
        ready: bool = False,
        join_m: float = JOIN_M,
        shut: gpd.GeoDataFrame | None = None,
    ) -> StreetNetwork:
        """
        Make a network from any line layer.

        Streets of one level meet where they cross or touch; a bridge or tunnel meets others
        only where it ends.

        Parameters
        ----------
        streets
            n LineString or MultiLineString rows in a metric CRS. Read where present: `class`,
            `oneway`, `bridge`, `tunnel`, `layer`, `width_m`.
        profile
            "walk": both directions everywhere but on motorways and rails. "vehicle": one-way
            streets hold, footways and lanes narrower than `VEHICLE_WIDTH_M` are closed.
        ready
            Whether the rows are the arcs of a network already, which meet at their ends alone.
        join_m
            How near an end must be to another street to meet it, in metres; 0 or greater.
        shut
            Gates that nobody passes now: points within `SNAP_M` of a street part it in two.
            Which ones are shut at an hour is what `geo.duty` tells. None for no gate.

        Returns
        -------
        network
            Its edges are the streets without loss, passable or not.

        Raises
        ------
        CRSError
            When the frames share no CRS whose metres are metres.
        GeometryError
            When streets are no lines, or gates no points.
        InvalidParameterError
            When the profile is unknown, or `join_m` is not a number of 0 or more.

        Notes
        -----
        Exact but for `join_m` at a joint. Cost: near-linear in the segments.
        """
        require_metric_crs(streets=streets, **({} if shut is None else {"shut": shut}))
        network = cls.of(
            Lines.from_frame(streets, "streets"), streets,
            profile=profile, ready=ready, join_m=join_m,
        )  # fmt: skip
        return network if shut is None else network.parted(network.snap(shut))

    @classmethod
    def of(
        cls,
        lines: Lines,
        streets: gpd.GeoDataFrame,
        *,
        profile: str = "walk",
        ready: bool = False,
        join_m: float = JOIN_M,
    ) -> StreetNetwork:
        """Make a network of lines that were taken apart already; see `from_frame`."""
        if profile not in PROFILES:
            raise InvalidParameterError(
                f"profile: {profile!r} is unknown; use one of {', '.join(PROFILES)}"
            )
        if not 0.0 <= join_m < np.inf:
            raise InvalidParameterError(f"join_m must be a number of 0 or more, got {join_m!r}")
        cut = noded(lines, levels(streets)[lines.row], join_m=join_m, ends_only=ready)
        forward, backward = directions(streets, profile)
        row = lines.row[cut.part]
        return cls(
            **vars(cut),
            lines=lines,
            forward=forward[row],
            backward=backward[row],
            profile=profile,
        )

    @property
    def passable(self) -> Bools:
        """Whether each edge may be used in any direction."""
        return self.forward | self.backward

    @cached_property
    def _usable(self) -> tuple[Ints, shapely.STRtree]:
        """The parts that one may be on, and an index of them."""
        parts = np.unique(self.part[self.passable])
        return parts, shapely.STRtree(self.lines.geometry(parts))

    @cached_property
    def component(self) -> Ints:
        """The connected piece of each node, by passable edges in whatever direction."""
        used = self.passable
        joined = csr_array(
            (np.ones(used.sum()), (self.tail[used], self.head[used])), shape=(self.nodes,) * 2
        )
        found: Ints = connected_components(joined, directed=False)[1].astype(np.int64)
        return found

    def components(self) -> pd.DataFrame:
        """
        List the connected pieces, the longest first.

        Returns
        -------
        frame
            `component`, `edges`, `length_m` of passable edges; pieces without any are left out.
        """
        used = self.passable
        edges = pd.DataFrame(
            {"component": self.component[self.tail[used]], "length_m": self.length_m[used]}
        )
        pieces = edges.groupby("component")["length_m"].agg(["size", "sum"]).reset_index()
        pieces.columns = pd.Index(["component", "edges", "length_m"])
        return pieces.sort_values(
            ["length_m", "component"], ascending=[False, True], ignore_index=True
        )

    def snap(self, points: gpd.GeoDataFrame, *, max_m: float = SNAP_M) -> Snapped:
        """
        Find where points are on the network: the nearest place along a passable edge.

        Parameters
        ----------
        points
            n Point rows in the CRS of the streets.
        max_m
            Points farther than this from every passable street are not on the network; they
            are never pulled in.

        Returns
        -------
        snapped
            n places, in the order of the points.

        Raises
        ------
        GeometryError
            When a row is no point.
        """
        xy = coordinates(points, "points")
        n = len(xy)
        part, at, offset_m = np.full(n, -1), np.full(n, np.nan), np.full(n, np.nan)
        placed = np.flatnonzero(~np.isnan(xy[:, 0]))
        usable, index = self._usable
        if not len(placed) or not len(usable):
            return Snapped(part.astype(np.int64), at, offset_m)
        places = shapely.points(xy[placed])
        near, apart = index.query_nearest(places, all_matches=False, return_distance=True)
        offset_m[placed[near[0]]] = apart
        held = near[:, apart <= max_m]
        which = placed[held[0]]
        part[which] = usable[held[1]]
        along = shapely.line_locate_point(index.geometries[held[1]], places[held[0]])
        low, high = self.lines.starts_m[part[which]], self.lines.ends_m[part[which]]
        at[which] = np.clip(low + along, low, high)
        return Snapped(part.astype(np.int64), at, offset_m)

    def with_sites(self, sites: Snapped) -> tuple[StreetNetwork, Ints]:
        """
        Cut edges where sites are, so that every site is a node.

        Parameters
        ----------
        sites
            n places on this network.

        Returns
        -------
        network, node
            The finer network, and n nodes of it; -1 for a site that is not on the network.
        """
        node = np.full(len(sites), -1, dtype=np.int64)
        on = np.flatnonzero(sites.routable)
        if not len(on):
            return self, node
        edge = self.edge_at(sites.part[on], sites.at_m[on])
        at = sites.at_m[on]
        node[on] = np.where(at <= self.start[edge], self.tail[edge], self.head[edge])
        inner = (self.start[edge] < at) & (at < self.end[edge])
        finer, made = self._cut(edge[inner], at[inner], joined=True)
        node[on[inner]] = made
        return finer, node

    def parted(self, gates: Snapped) -> StreetNetwork:
        """
        Cut edges at gates so that nobody passes; both sides become dead ends.

        Parameters
        ----------
        gates
            Places on this network. One at a junction shuts the edge that it was snapped to.

        Returns
        -------
        network
            Every gate is two nodes of it.
        """
        on = gates.routable
        edge = self.edge_at(gates.part[on], gates.at_m[on])
        at = gates.at_m[on]
        inner = (self.start[edge] < at) & (at < self.end[edge])
        network, _ = self._cut(edge[inner], at[inner], joined=False)
        if inner.all():
            return network
        tail, head = network.tail.copy(), network.head.copy()
        edge, at = network.edge_at(gates.part[on][~inner], at[~inner]), at[~inner]
        new = network.nodes + np.arange(len(edge))
        at_tail = at <= network.start[edge]
        tail[edge[at_tail]], head[edge[~at_tail]] = new[at_tail], new[~at_tail]
        return replace(network, tail=tail, head=head, nodes=network.nodes + len(edge))

    def nearest(
        self, sites: Ints, *, first_m: Floats | None = None, limit_m: float = np.inf
    ) -> tuple[Floats, Ints]:
        """
        Find the nearest site of every node, along the streets.

        Parameters
        ----------
        sites
            n nodes, from `with_sites`; -1 is no site.
        first_m
            n lengths of the way from each site to its node, in metres, 0 or greater; None for
            none.
        limit_m
            Nodes farther than this are left at infinity, in metres.

        Returns
        -------
        distance_m, site
            Per node: the length of the way from the nearest site, infinite where there is none;
            and which of the n that is, or -1. Of equally near sites it is one of them.
        """
        on = np.flatnonzero(sites >= 0)
        distance_m = np.full(self.nodes, np.inf)
        site = np.full(self.nodes, -1, dtype=np.int64)
        if not len(on):
            return distance_m, site
        # Every site hangs on its node by an arc of its own, so that one search serves all.
        offset = np.zeros(len(on)) if first_m is None else np.asarray(first_m)[on]
        origin = self.nodes + np.arange(len(on))
        graph = self._graph(origin, sites[on], offset)
        found, _, source = dijkstra(
            graph, indices=origin, min_only=True, limit=limit_m, return_predecessors=True
        )
        reached = np.isfinite(found[: self.nodes])
        distance_m[reached] = found[: self.nodes][reached]
        site[reached] = on[source[: self.nodes][reached] - self.nodes]
        return distance_m, site

    def distances(
        self, origins: Snapped, destinations: Snapped, *, limit_m: float = np.inf
    ) -> Floats:
        """
        Measure the shortest ways between places, from foot to foot.

        Parameters
        ----------
        origins
            n places on this network.
        destinations
            m places on this network.
        limit_m
            Ways longer than this are not searched for, in metres.

        Returns
        -------
        distance_m
            n x m lengths, infinite where there is no way within `limit_m`, or one end is not on
            the network. `Snapped.offset_m` is not in them.
        """
        network, node = self.with_sites(origins + destinations)
        here, there = node[: len(origins)], node[len(origins) :]
        distance_m = np.full((len(origins), len(destinations)), np.inf)
        rows, columns = np.flatnonzero(here >= 0), np.flatnonzero(there >= 0)
        if len(rows) and len(columns):
            places, inverse = np.unique(here[rows], return_inverse=True)
            found = network.from_nodes(places, limit_m=limit_m)
            distance_m[np.ix_(rows, columns)] = found[:, there[columns]][inverse]
        return distance_m

    def from_nodes(self, node: Ints, *, limit_m: float = np.inf) -> Floats:
        """
        Measure the shortest ways from some nodes to all.

        Parameters
        ----------
        node
            n nodes.
        limit_m
            Ways longer than this are not searched for, in metres.

        Returns
        -------
        distance_m
            n x nodes lengths, infinite where there is no way within `limit_m`.
        """
        none = np.empty(0, np.int64)
        found: Floats = dijkstra(self._graph(none, none, np.empty(0)), indices=node, limit=limit_m)
        return found

    def _graph(self, origin: Ints, node: Ints, length_m: Floats) -> csr_array:
        """Return the directed graph with more arcs from origins to nodes; the shortest wins."""
        tail = np.concatenate((self.tail[self.forward], self.head[self.backward], origin))
        head = np.concatenate((self.head[self.forward], self.tail[self.backward], node))
        weight = np.concatenate(
            (self.length_m[self.forward], self.length_m[self.backward], length_m)
        )
        order = np.lexsort((weight, head, tail))
        tail, head, weight = tail[order], head[order], weight[order]
        # A sparse matrix adds up what stands in one cell twice: parallel edges are thinned first.
        new = np.ones(len(tail), dtype=bool)
        new[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        size = self.nodes + len(origin)
        first = np.searchsorted(tail[new], np.arange(size + 1))
        return csr_array((weight[new], head[new], first), shape=(size, size))

    def _cut(self, edge: Ints, at: Floats, *, joined: bool) -> tuple[StreetNetwork, Ints]:
        """Cut edges at places inside them; the pieces are used as the edge was."""
        edges, before, node = self.cut(edge, at, joined=joined)
        forward, backward = self.forward[before], self.backward[before]
        return replace(self, **vars(edges), forward=forward, backward=backward), node
