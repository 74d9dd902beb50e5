"""Street segments, from junction to junction, as places that incidents are counted at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from geo.crs import require_metric_crs
from geo.errors import GeometryError
from geo.incidents.cells import Places
from geo.intervals import Intervals
from geo.snapping import SNAP_M
from geo.streets import StreetNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

THROUGH: Final = 2
"""Edges at a node that is no junction: a road that only goes on, drawn in two pieces."""


@dataclass(frozen=True, eq=False)
class StreetPlaces(Places):
    """
    Street segments; make them with `street_places`.

    Parameters
    ----------
    network
        The network whose edges the segments are made of.
    segment
        The row of `frame` that each edge is of; -1 for one that nobody may use.
    within_m
        A point farther from every segment than this is at none, in metres.
    """

    network: StreetNetwork
    segment: Ints
    within_m: float

    def _rows(self, points: gpd.GeoDataFrame) -> Ints:
        """Find the nearest segments."""
        snapped = self.network.snap(points, max_m=self.within_m)
        row = np.full(len(points), -1, dtype=np.int64)
        on = np.flatnonzero(snapped.routable)
        if len(on):
            row[on] = self.segment[self.network.edge_at(snapped.part[on], snapped.at_m[on])]
        return row


def street_places(
    streets: gpd.GeoDataFrame, *, network: StreetNetwork | None = None, within_m: float = SNAP_M
) -> StreetPlaces:
    """
    Take streets as places: from junction to junction, neighbours where they share one.

    However many rows a road between two junctions is drawn with, it is one segment; a row that
    passes junctions is several.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS; `name` is read where present.
    network
        Who moves, made of the same `streets`; None for a walker.
    within_m
        A point farther from every segment than this is at none, in metres. It is counted at the
        nearest.

    Returns
    -------
    places
        Of what one may use, by id. The id is `s<x>_<y>` of the middle of the segment, in whole
        metres: it lasts as long as the segment itself, whatever is drawn elsewhere. `name` is that
        of most of its length.

    Raises
    ------
    CRSError, GeometryError
        When metres are no metres, rows are no lines, or there is no street to use.
    """
    crs = require_metric_crs(streets=streets)
    net = network or StreetNetwork.from_frame(streets)
    used = np.flatnonzero(net.passable)
    if not len(used):
        raise GeometryError("streets: none that one may use; pass streets that are walked")
    tail, head = net.tail[used], net.head[used]
    label = _segments(tail, head, net.nodes)
    pieces = Intervals(net.part[used], net.start[used], net.end[used])
    order = np.argsort(label, kind="stable")
    drawn = shapely.multilinestrings(net.lines.cut(pieces)[order], indices=label[order])
    # Turned the same way whichever way it was drawn.
    lines = shapely.normalize(shapely.line_merge(drawn))
    length = np.bincount(label, net.length_m[used]).astype(np.float64)
    rank, ids = _named(lines, length)
    place = np.empty(len(rank), dtype=np.int64)
    place[rank] = np.arange(len(rank))
    label = place[label]
    segment = np.full(len(net.part), -1, dtype=np.int64)
    segment[used] = label
    columns = {"place_id": ids, "length_m": length[rank]}
    if "name" in streets.columns:
        names = streets["name"].to_numpy(dtype=object)[net.lines.row[net.part[used]]]
        columns["name"] = _longest(names, label, net.length_m[used])
    frame = gpd.GeoDataFrame(columns, geometry=lines[rank], crs=crs)
    return StreetPlaces(
        frame, *_neighbours(label, tail, head, net.nodes), net, segment, float(within_m)
    )


def _segments(tail: Ints, head: Ints, nodes: int) -> Ints:
    """Give one number to edges that go on into each other."""
    ends = np.concatenate((tail, head))
    edge = np.tile(np.arange(len(tail)), 2)
    through = np.bincount(ends, minlength=nodes)[ends] == THROUGH
    ends, edge = ends[through], edge[through]
    # Two edges end at each such node, or one does twice: a ring.
    pairs = edge[np.argsort(ends, kind="stable")].reshape(-1, 2)
    joined = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(tail),) * 2)
    label: Ints = connected_components(joined, directed=False)[1].astype(np.int64)
    return label


def _named(lines: NDArray[np.object_], length: Floats) -> tuple[Ints, NDArray[np.object_]]:
    """Order segments, and name each by its middle; those with one middle are numbered."""
    middle = shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.5, normalized=True))
    whole = np.round(middle).astype(np.int64)
    rank = np.lexsort((shapely.to_wkb(lines), length, whole[:, 1], whole[:, 0]))
    ids = pd.Series([f"s{x}_{y}" for x, y in whole[rank].tolist()], dtype=object)
    again = ids.groupby(ids).cumcount()
    ids[again > 0] = ids[again > 0] + "-" + (again[again > 0] + 1).astype(str)
    return rank, ids.to_numpy(dtype=object)


def _longest(names: NDArray[np.object_], label: Ints, length: Floats) -> NDArray[np.object_]:
    """Return the name that most of each segment has; None where most has none."""
    told = pd.DataFrame({"label": label, "name": names, "length": length})
    by = told.groupby(["label", "name"], dropna=False, sort=True)["length"].sum().reset_index()
    by = by.sort_values(["label", "length"], ascending=[True, False], kind="stable")
    found = by.drop_duplicates("label")["name"].astype(object)
    return np.asarray(found.where(found.notna(), None), dtype=object)


def _neighbours(label: Ints, tail: Ints, head: Ints, nodes: int) -> tuple[Ints, Ints]:
    """List the segments that share a node."""
    count = int(label.max()) + 1
    at = csr_array(
        (np.ones(2 * len(label)), (np.tile(label, 2), np.concatenate((tail, head)))),
        shape=(count, nodes),
    )
    shared = (at @ at.T).tocoo()
    other = shared.row != shared.col
    row, column = shared.row[other].astype(np.int64), shared.col[other].astype(np.int64)
    order = np.lexsort((column, row))
    return np.searchsorted(row[order], np.arange(count + 1)), column[order]
