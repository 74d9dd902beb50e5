"""Times from every site to many samples, by scipy and one by one: what the tests hold against."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import assume
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.patrol.travel import network_for
from tests.strategies import CRS, line, streets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.snapping import Snapped
    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]

KMH: Final = {"car": 36.0, "e_bike": 18.0, "foot": 7.2}
"""10, 5 and 2 metres a second, whatever the street."""


def times_s(network: StreetNetwork, m_s: float, sites: Snapped, samples: Snapped) -> Floats:
    """Return how long the way from each site (rows) to each sample takes, infinite without one."""
    finer, node = network.with_sites(sites + samples)
    on, back = finer.forward, finer.backward
    tail = np.concatenate((finer.tail[on], finer.head[back]))
    head = np.concatenate((finer.head[on], finer.tail[back]))
    length = np.concatenate((finer.length_m[on], finer.length_m[back]))
    best: dict[tuple[int, int], float] = {}
    for a, b, metres in zip(tail.tolist(), head.tolist(), length.tolist(), strict=True):
        best[a, b] = min(best.get((a, b), np.inf), metres / m_s)
    ends = np.array(list(best), dtype=np.int64).reshape(-1, 2)
    graph = csr_array((list(best.values()), ends.T), shape=(finer.nodes, finer.nodes))
    here, there = node[: len(sites)], node[len(sites) :]
    found = np.full((len(sites), len(samples)), np.inf)
    placed = np.flatnonzero(here >= 0)
    if len(placed):
        found[placed] = dijkstra(graph, indices=here[placed])[:, there]
    found[:, there < 0] = np.inf
    return found + np.nan_to_num(sites.offset_m)[:, None] / m_s


def times_of(
    streets: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, samples: gpd.GeoDataFrame, *, walked: bool
) -> Floats:
    """
    Return the same for sites that each have a mode, at the speeds of `KMH`.

    A sample on a street that is closed to the mode is reached from the next by walking, or not.
    """
    found = np.full((len(sites), len(samples)), np.inf)
    for mode in dict.fromkeys(sites["mode"]):
        own = np.flatnonzero(sites["mode"] == mode)
        network = network_for(streets, mode)
        at, goals = network.snap(sites.iloc[own]), network.snap(samples)
        goals = goals if walked else goals.only(goals.offset_m < 1e-6)
        aside_s = np.nan_to_num(goals.offset_m) * 3.6 / 5.0 if walked else 0.0
        found[own] = times_s(network, KMH[mode] / 3.6, at, goals) + aside_s
    return found


def samples_of(streets: gpd.GeoDataFrame, step_m: float) -> gpd.GeoDataFrame:
    """Put a point in the middle of every step along every street; `street_id`, `at_m`."""
    rows, at = [], []
    for row, geometry in enumerate(streets.geometry):
        middles = np.arange(step_m / 2.0, geometry.length, step_m)
        rows += [row] * len(middles)
        at += middles.tolist()
    lines = np.asarray(streets.geometry.array)[rows]
    return gpd.GeoDataFrame(
        {"street_id": streets["street_id"].to_numpy()[rows], "at_m": at},
        geometry=shapely.line_interpolate_point(lines, at),
        crs=streets.crs,
    )


def grid_city(blocks: int, pitch_m: float) -> gpd.GeoDataFrame:
    """Draw the streets of a chessboard, block by block, its middle at the origin."""
    at = (np.arange(blocks + 1) - blocks / 2) * pitch_m
    lines = [line((x, a), (x, b)) for x in at for a, b in pairwise(at)]
    lines += [line((a, y), (b, y)) for y in at for a, b in pairwise(at)]
    return streets_of(lines)


@st.composite
def small_towns(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Draw a few straight streets in whole metres, some one-way, some for walkers alone."""
    place = st.tuples(st.integers(-150, 150), st.integers(-150, 150))
    ends: Sequence[tuple[tuple[int, int], ...]] = draw(
        st.lists(st.tuples(place, place).filter(lambda e: e[0] != e[1]), min_size=2, max_size=6)
    )
    count, drawn = len(ends), [line(*pair) for pair in ends]
    # Where two run along each other, one place is on both.
    assume(not any(a.intersection(b).length for a, b in combinations(drawn, 2)))
    oneway = st.sampled_from([None, None, "yes", "-1"])
    kind = st.sampled_from(["residential", "residential", "footway", "cycleway"])
    frame = streets_of(
        drawn,
        oneway=draw(st.lists(oneway, min_size=count, max_size=count)),
    )
    frame["class"] = draw(st.lists(kind, min_size=count, max_size=count))
    return frame.set_crs(CRS)


sites = st.lists(
    st.tuples(
        st.integers(-150, 150), st.integers(-150, 150), st.sampled_from(["car", "e_bike", "foot"])
    ),
    min_size=1,
    max_size=5,
)
"""Places and modes."""
