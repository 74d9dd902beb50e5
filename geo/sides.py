"""On which side of an outline the edges of a network run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.areas import area_pieces
from geo.coverage import NOISE_M
from geo.edges import Edges
from geo.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.intervals import Intervals
    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Objects = NDArray[np.object_]

INSIDE, ON_LINE, OUTSIDE = 1, 0, -1
"""The sides: within the outline, on it, beyond it."""


@dataclass(frozen=True, eq=False)
class Pieces(Edges):
    """
    Passable edges near an area, cut so that each runs on one side of every distance asked for.

    Parameters
    ----------
    lines
        The lines of the network.
    before
        e edges of the network that these are pieces of.
    forward
        e flags: whether one may move from tail to head.
    backward
        e flags: whether one may move from head to tail.
    old_node
        The node of the network that each node is; -1 for one made by a cut.
    """

    lines: Lines
    before: Ints
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    old_node: Ints

    @property
    def middles(self) -> Objects:
        """The point in the middle of each piece."""
        return np.asarray(
            shapely.points(self.lines.locate(self.part, (self.start + self.end) / 2.0))
        )

    @property
    def places(self) -> Objects:
        """The point of each node; ends that meet within `JOIN_M` are at the first of them."""
        node = np.concatenate((self.tail, self.head))
        xy = self.lines.locate(
            np.concatenate((self.part, self.part)), np.concatenate((self.start, self.end))
        )
        first = np.unique(node, return_index=True)[1]
        return np.asarray(shapely.points(xy[first]))


@dataclass(frozen=True, eq=False)
class Bordering:
    """
    The passable parts of a network, filed for one area after the other; make it with `of`.

    Parameters
    ----------
    network
        The streets.
    parts
        The parts with a passable edge, ascending.
    tree
        An index of them.
    """

    network: StreetNetwork
    parts: Ints
    tree: shapely.STRtree

    @classmethod
    def of(cls, network: StreetNetwork) -> Bordering:
        """File the parts of a network."""
        parts = np.unique(network.part[network.passable])
        return cls(network, parts, shapely.STRtree(network.lines.geometry(parts)))

    @cached_property
    def blind_ends(self) -> NDArray[np.bool_]:
        """Whether each node of the network is the end of a single passable edge."""
        network, used = self.network, self.network.passable
        degree = np.bincount(network.tail[used], minlength=network.nodes)
        degree += np.bincount(network.head[used], minlength=network.nodes)
        blind: NDArray[np.bool_] = degree == 1
        return blind

    def near(self, ground: shapely.Geometry, reach_m: float) -> Ints:
        """Return the parts within a distance of a geometry, ascending."""
        if shapely.is_missing(ground) or shapely.is_empty(ground):
            return np.empty(0, dtype=np.int64)
        held = self.tree.query(ground, predicate="dwithin", distance=reach_m)
        return self.parts[np.sort(held)]

    def pieces(
        self,
        area: gpd.GeoDataFrame,
        parts: Ints,
        distances_m: Sequence[float],
        more: Intervals | None = None,
    ) -> Pieces:
        """
        Cut the edges of some parts where they come within distances of an outline.

        Parameters
        ----------
        area
            1 polygon with `area_id`.
        parts
            The parts to cut, ascending, of those filed here: their edges are passable.
        distances_m
            The distances, in metres; streets are cut at each on either side of the outline, and
            where they cross it.
        more
            Stretches keyed by part at whose ends to cut too; None for none.

        Returns
        -------
        pieces
            Numbered afresh: only the nodes of these pieces are counted.
        """
        network = self.network
        held = np.isin(network.part, parts)
        edges = Edges(
            network.part[held], network.start[held], network.end[held],
            network.tail[held], network.head[held], network.nodes,
        )  # fmt: skip
        key, at = self._cuts(area, parts, distances_m)
        if more is not None:
            mine = np.isin(more.key, edges.part)
            key = np.concatenate((key, more.key[mine], more.key[mine]))
            at = np.concatenate((at, more.start[mine], more.end[mine]))
        edge = edges.edge_at(key, at)
        # What rounding leaves of a length beside a node is no piece.
        inner = (at - edges.start[edge] > NOISE_M) & (edges.end[edge] - at > NOISE_M)
        cut, before, _ = edges.cut(edge[inner], at[inner], joined=True)
        node, ends = np.unique(np.concatenate((cut.tail, cut.head)), return_inverse=True)
        tail, head = np.split(ends.ravel().astype(np.int64), 2)
        before = np.flatnonzero(held)[before]
        return Pieces(
            cut.part, cut.start, cut.end, tail, head, len(node),
            network.lines, before, network.forward[before], network.backward[before],
            np.where(node < network.nodes, node, -1),
        )  # fmt: skip

    def _cuts(
        self, area: gpd.GeoDataFrame, parts: Ints, distances_m: Sequence[float]
    ) -> tuple[Ints, Floats]:
        """Return part and measure of every place at one of the distances from the outline."""
        lines = self.network.lines
        alone = gpd.GeoDataFrame(geometry=lines.geometry(parts), crs=area.crs)
        own = Lines.from_frame(alone, "streets")
        found = [area_pieces(own, own.whole, area, border_m=metres) for metres in distances_m]
        at = np.concatenate([ends for cut in found for ends in (cut.start, cut.end)])
        key = np.concatenate([cut.part for cut in found for _ in range(2)])
        return parts[key], at + lines.starts_m[parts[key]]


def side_of(points: Objects, polygon: shapely.Geometry, line_m: float) -> Ints:
    """
    Tell on which side of an outline points are.

    Parameters
    ----------
    points
        n points.
    polygon
        The area.
    line_m
        A point this near the outline is on it, in metres.

    Returns
    -------
    side
        n of `INSIDE`, `ON_LINE` and `OUTSIDE`.
    """
    shapely.prepare(polygon)
    side = np.where(shapely.contains(polygon, points), INSIDE, OUTSIDE)
    side[within_line(points, polygon, line_m + NOISE_M)] = ON_LINE
    return side


def within_line(points: Objects, polygon: shapely.Geometry, line_m: float) -> NDArray[np.bool_]:
    """Tell which points are within a distance of an outline, on either side."""
    outline = shapely.boundary(polygon)
    shapely.prepare(outline)
    near: NDArray[np.bool_] = shapely.dwithin(outline, points, line_m)
    return near
