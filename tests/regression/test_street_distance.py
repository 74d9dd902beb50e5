"""
Coverage along the street on every real street file, beside a walk in small steps.

The oracle cuts each street of the network into steps of 0.1 m (1 m for the 2,046 km of Xinwu),
makes a graph of the points between them and asks for all points near a post.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from data import read_layer
from geo import StreetNetwork, post_coverage, working_crs

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

REACH_M = 50.0

FILES = {
    "Cambridge": ("us_cambridge_ma_police/cambridge.gpkg:street_centerlines", 0.1),
    "Midtown": ("us_nyc_midtown_osm/nyc_midtown_3km.gpkg:streets", 0.1),
    "Lujiazui": ("cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg:streets", 0.1),
    "Helsinki": ("fi_helsinki_osm/helsinki_centre.gpkg:streets", 0.1),
    "Xinwu": ("cn_wuxi_xinwu_grid/xinwu.gpkg:road_centerlines", 1.0),
}
"""Place -> file and step in metres."""


def stand_ins(streets: gpd.GeoDataFrame, every: int) -> gpd.GeoDataFrame:
    """Return a post on every so manieth street, a third along it and 4 m beside it."""
    lines = shapely.get_parts(np.asarray(streets.geometry.array))[::every]
    at = shapely.get_coordinates(shapely.line_interpolate_point(lines, 0.37, normalized=True))
    return gpd.GeoDataFrame(
        {"post_id": np.arange(len(at))},
        geometry=shapely.points(np.add(at, (4.0, 0.0))),
        crs=streets.crs,
    )


def walked(
    network: StreetNetwork, posts: gpd.GeoDataFrame, step_m: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the covered length of each street, and how often each changes at most."""
    count = np.ceil(network.length_m / step_m).astype(np.int64)
    step = network.length_m / count
    inner = count - 1
    first = network.nodes + np.cumsum(inner) - inner
    edge = np.repeat(np.arange(len(count)), count)
    k = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    tail = np.where(k == 0, network.tail[edge], first[edge] + k - 1)
    head = np.where(k == inner[edge], network.head[edge], first[edge] + k)
    places = network.snap(posts)
    on = np.flatnonzero(places.routable)
    at_edge = network.edge_at(places.part[on], places.at_m[on])
    along = (places.at_m[on] - network.start[at_edge]) / step[at_edge]
    nearest = np.rint(along).astype(np.int64)
    node = np.where(
        nearest <= 0, network.tail[at_edge],
        np.where(nearest >= count[at_edge], network.head[at_edge], first[at_edge] + nearest - 1),
    )  # fmt: skip
    size = network.nodes + int(inner.sum())
    used = network.passable[edge]
    post = size + np.arange(len(on))
    rows = np.concatenate((tail[used], head[used], post))
    columns = np.concatenate((head[used], tail[used], node))
    weight = np.concatenate((step[edge][used], step[edge][used], places.offset_m[on]))
    order = np.lexsort((weight, columns, rows))
    rows, columns, weight = rows[order], columns[order], weight[order]
    new = np.append(True, (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1]))
    graph = csr_array(
        (weight[new], columns[new], np.searchsorted(rows[new], np.arange(size + len(on) + 1))),
        shape=(size + len(on),) * 2,
    )
    near = dijkstra(graph, indices=post, min_only=True, limit=REACH_M + step_m)
    middle = np.minimum(near[tail], near[head]) + step[edge] / 2.0
    covered = step[edge] * (used & (middle <= REACH_M))
    row = network.lines.row[network.part]
    length = np.bincount(row[edge], weights=covered, minlength=network.lines.rows)
    changes = np.bincount(row, minlength=network.lines.rows) * 2
    changes += np.bincount(row[at_edge], minlength=network.lines.rows) * 4
    return length, changes


@pytest.mark.parametrize("place", FILES)
def test_closed_form_agrees_with_small_steps(shared_data: Path, place: str) -> None:
    """On average less than a step per street apart, on each no more than its changes allow."""
    file, step_m = FILES[place]
    streets = read_layer(f"{shared_data}/{file}", "streets").frame
    streets = streets.to_crs(working_crs(streets))
    posts = stand_ins(streets, 5)
    network = StreetNetwork.from_frame(streets)
    result = post_coverage(streets, posts, distance="street", network=network)
    covered = result.streets.due.difference(result.gap_intervals)
    row = result.streets.lines.row[covered.key]
    ours = np.bincount(row, weights=covered.lengths_m, minlength=len(streets))
    steps, changes = walked(network, posts, step_m)
    due = np.zeros(len(streets), dtype=bool)
    due[result.streets.lines.row[result.streets.due.key]] = True
    apart = np.abs(ours - steps)[due]
    assert ours[due].sum() > 1000.0
    assert apart.mean() < step_m
    assert (apart <= step_m * (changes[due] + 1)).all()
    assert result.covered_length_m <= result.straight.covered_length_m
