"""
Where roads cross the boundary of an area, and which of these places has a checkpoint.

The places without one tell how to pass unchecked: like an open cordon, restricted output.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo.areas import BORDER_M, code_ranks
from geo.coverage import NOISE_M, DueStreets, share
from geo.crs import label, require_metric_crs
from geo.due import text_column
from geo.errors import InvalidParameterError
from geo.roads import road_groups
from geo.sides import INSIDE, ON_LINE, OUTSIDE, Bordering, side_of
from geo.snapping import Snapped
from geo.streets import StreetNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.sides import Pieces

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

WITHIN_M: Final = 100.0
"""How far along the street a checkpoint may be from the crossing it serves, in metres: it stands
where there is room to stop, not on the line itself."""

CLUSTER_M: Final = 30.0
"""Places this near each other where one road crosses are one crossing, in metres: both carriageways
of a road, or a road that touches the line again and again."""


@dataclass(frozen=True, eq=False)
class BoundaryCrossings:
    """
    Outcome of `boundary_crossings`.

    Parameters
    ----------
    crossings
        One row per crossing, area after area in the order given and by street: `area_id`,
        `street_id`, `name` and `class` where the streets have them, `road` (a group of
        `geo.roads`), `places` (how many were drawn together), `served`, `checkpoint_id` and
        `distance_m` along the street (both missing where none serves it), Point geometry.
    areas
        One row per area, in the order given: `area_id`, `name` where given, `crossings`,
        `served`, `unserved`, `served_share` (NaN without a crossing), and the geometry.
    checkpoints_off_network
        How many checkpoints no street is near: they serve nothing.
    within_m
        How far along the street a checkpoint serves, in metres.
    cluster_m
        Within what distance places of one road are one crossing, in metres.
    """

    crossings: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    checkpoints_off_network: int
    within_m: float
    cluster_m: float

    @property
    def unserved(self) -> gpd.GeoDataFrame:
        """The crossings without a checkpoint."""
        return self.crossings[~self.crossings["served"]].reset_index(drop=True)

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON; a crossing counts for each area it leads into.

        Returns
        -------
        summary
            Crossings, how many are served and not, the share (None without a crossing), and the
            distances that hold.
        """
        total, served = len(self.crossings), int(self.crossings["served"].sum())
        return {
            "areas": len(self.areas),
            "crossings": total,
            "served": served,
            "unserved": total - served,
            "served_share": share(served, total),
            "checkpoints_off_network": self.checkpoints_off_network,
            "within_m": self.within_m,
            "cluster_m": self.cluster_m,
            "crs": label(self.areas.crs),
        }


def boundary_crossings(
    streets: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    checkpoints: gpd.GeoDataFrame,
    *,
    within_m: float = WITHIN_M,
    cluster_m: float = CLUSTER_M,
    network: StreetNetwork | None = None,
) -> BoundaryCrossings:
    """
    List where roads cross the boundaries of areas, and which checkpoint serves each place.

    A road crosses where it comes within `BORDER_M` of the outline from inside and goes on to the
    outside, by itself or by a street that runs along the outline; what only touches the outline,
    or ends there, does not. Where several streets come to one node they cross there once.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS; `street_id`, `name` and `class` are
        read where present.
    areas
        m polygons with `area_id`; each is answered on its own.
    checkpoints
        k Point rows, each at the nearest street within `SNAP_M`; `checkpoint_id` names them, else
        their row number does.
    within_m
        How far along the street, in whatever direction, a checkpoint serves, in metres; one at
        exactly that way serves.
    cluster_m
        Places nearer than this to each other, straight, where one road crosses (the same
        `name`, or without one the same `street_id`) are one crossing, in metres; 0 to keep them
        apart.
    network
        The roads that count, made of the same `streets`: those it lets one use. None for a
        walker, who uses all but motorways; a network for vehicles leaves out footpaths instead.

    Returns
    -------
    crossings
        Crossings, areas and totals. A crossing stands where the road comes within `BORDER_M` of
        the outline, and is served when one of its places is.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    ColumnError, GeometryError
        When the areas have no code or are no valid polygons, or checkpoints no points.
    InvalidParameterError
        When a distance is negative or not a number.

    Notes
    -----
    Exact but for the joints of the network. Cost: near-linear in the streets near the outlines,
    and one search from all checkpoints together.
    """
    require_metric_crs(streets=streets, areas=areas, checkpoints=checkpoints)
    for name, value in (("within_m", within_m), ("cluster_m", cluster_m)):
        if not 0.0 <= value < np.inf:
            raise InvalidParameterError(f"{name} must be a number of 0 or more, got {value!r}")
    code_ranks(areas)
    chosen = DueStreets.of(streets, None, None)
    network = network or StreetNetwork.of(chosen.lines, streets)
    bordering = Bordering.of(network)
    # One area after the other: each cuts the streets at its own outline.
    found = [_places(bordering, areas.iloc[[row]]) for row in range(len(areas))]
    area = np.repeat(np.arange(len(areas)), [len(part) for part, *_ in found])
    part, at, node = (
        np.concatenate([np.empty(0, kind), *(one[column] for one in found)])
        for column, kind in enumerate((np.int64, np.float64, np.int64))
    )
    row = chosen.lines.row[part]
    xy = chosen.lines.locate(part, at)
    road = _roads(chosen, streets)[row]
    crossing = _joined(xy, area, node, road, cluster_m)
    which, distance_m, off = _serving(network, part, at, checkpoints, within_m)
    order = np.lexsort((distance_m, crossing))
    best = order[np.unique(crossing[order], return_index=True)[1]]
    first = np.unique(crossing, return_index=True)[1]
    rows = row[first]
    columns: dict[str, Any] = {
        "area_id": areas["area_id"].array[area[first]],
        "street_id": chosen.street_id.array[rows],
    }
    columns |= {name: streets[name].array[rows] for name in ("name", "class") if name in streets}
    served = which[best] >= 0
    ids = checkpoints.get("checkpoint_id", pd.Series(np.arange(len(checkpoints))))
    columns |= {
        "road": road_groups(streets)[rows],
        "places": np.bincount(crossing, minlength=len(first)),
        "served": served,
        "checkpoint_id": pd.Series(ids.array, dtype=object).reindex(which[best]).array,
        "distance_m": np.where(served, distance_m[best], np.nan),
    }
    crossings = gpd.GeoDataFrame(columns, geometry=shapely.points(xy[first]), crs=streets.crs)
    return BoundaryCrossings(
        crossings, _by_area(areas, area[first], served), off, within_m, cluster_m
    )


def _places(bordering: Bordering, area: gpd.GeoDataFrame) -> tuple[Ints, Floats, Ints]:
    """Return part, measure and node of the places where streets come to the line to cross it."""
    polygon = area.geometry.iloc[0]
    parts = bordering.near(shapely.boundary(polygon), BORDER_M)
    if not len(parts):
        none = np.empty(0, dtype=np.int64)
        return none, np.empty(0), none
    pieces = bordering.pieces(area, parts, (BORDER_M,))
    side = side_of(pieces.middles, polygon, BORDER_M)
    along = _along(pieces, side == ON_LINE)
    beyond = np.zeros(pieces.nodes, dtype=bool)
    for end in (pieces.tail, pieces.head):
        beyond[along[end[side == OUTSIDE]]] = True
    inner = np.flatnonzero(side == INSIDE)
    piece = np.concatenate((inner, inner))
    node = np.concatenate((pieces.tail[inner], pieces.head[inner]))
    at = np.concatenate((pieces.start[inner], pieces.end[inner]))
    crosses = beyond[along[node]]
    piece, node, at = piece[crosses], node[crosses], at[crosses]
    order = np.lexsort((at, pieces.part[piece]))
    return pieces.part[piece][order], at[order], node[order]


def _along(pieces: Pieces, on_line: NDArray[np.bool_]) -> Ints:
    """Give nodes that are joined along the line one number."""
    tail, head = pieces.tail[on_line], pieces.head[on_line]
    joined = coo_array((np.ones(len(tail)), (tail, head)), shape=(pieces.nodes, pieces.nodes))
    along: Ints = connected_components(joined, directed=False)[1]
    return along


def _roads(chosen: DueStreets, streets: gpd.GeoDataFrame) -> Ints:
    """Give streets of one name, or without one of one id, one number."""
    name = text_column(streets, "name").astype(object)
    ids = pd.factorize(chosen.street_id)[0]
    # A number is no name, so that the two cannot be mistaken for each other.
    return pd.factorize(pd.Series(np.where(name != "", name, ids), dtype=object))[0]


def _joined(xy: Floats, area: Ints, node: Ints, road: Ints, cluster_m: float) -> Ints:
    """Return the crossing that each place is of, numbered in their order."""
    n = len(xy)
    same_node = pd.DataFrame({"area": area, "node": node}).groupby(["area", "node"]).ngroup()
    pairs = np.empty((0, 2), dtype=np.int64)
    if n and cluster_m > 0.0:
        pairs = KDTree(xy).query_pairs(cluster_m, output_type="ndarray")
        pairs = pairs[(area[pairs[:, 0]] == area[pairs[:, 1]])
                      & (road[pairs[:, 0]] == road[pairs[:, 1]])]  # fmt: skip
    rows = np.concatenate((pairs[:, 0], np.arange(n)))
    columns = np.concatenate((pairs[:, 1], n + same_node.to_numpy()))
    joined = coo_array((np.ones(len(rows)), (rows, columns)), shape=(2 * n, 2 * n))
    return pd.factorize(connected_components(joined, directed=False)[1][:n])[0].astype(np.int64)


def _serving(
    network: StreetNetwork, part: Ints, at: Floats, checkpoints: gpd.GeoDataFrame, within_m: float
) -> tuple[Ints, Floats, int]:
    """Return the nearest checkpoint of each place (-1 for none), its way, and how many are off."""
    # Whoever mans a checkpoint walks against one-way traffic.
    both = replace(network, forward=network.passable, backward=network.passable)
    places = Snapped(part, at, np.zeros(len(part)))
    posts = both.snap(checkpoints)
    finer, node = both.with_sites(posts + places)
    distance_m, site = finer.nearest(node[: len(posts)], limit_m=within_m + NOISE_M)
    here = node[len(posts) :]
    return site[here], distance_m[here], int((~posts.routable).sum())


def _by_area(areas: gpd.GeoDataFrame, area: Ints, served: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Count crossings and served ones per area."""
    total = np.bincount(area, minlength=len(areas))
    with_one = np.bincount(area[served], minlength=len(areas))
    columns: dict[str, Any] = {"area_id": areas["area_id"].array}
    if "name" in areas.columns:
        columns["name"] = areas["name"].array
    columns |= {
        "crossings": total,
        "served": with_one,
        "unserved": total - with_one,
        "served_share": with_one / np.where(total > 0, total, np.nan),
    }
    return gpd.GeoDataFrame(columns, geometry=list(areas.geometry), crs=areas.crs)
