"""
Reach by road beside its peers, in one run: `make benchmark`.

The strongest simple way is scipy's Dijkstra on the same graph; the usual way, that of osmnx and of
isochrone recipes, is networkx. Both give minutes at nodes alone: no ring that ends within a
street, no loss, no way drawn.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from geo.response import Responders, ResponseRules, Roads, rings
from tests.benchmarks.city import city
from tests.benchmarks.test_placement import load
from tests.benchmarks.test_posts import say, seconds

if TYPE_CHECKING:
    import geopandas as gpd
    from pytest_benchmark.fixture import BenchmarkFixture
    from scipy.sparse import csr_array

STATIONS: Final = 465
"""The rings of one minute that a big city set up."""

UNITS: Final = 500
"""Units on duty at once."""

SIZES: Final = (25_000, 200_000)
"""Edges of a district and of a city."""

REACH_M: Final = 2_500.0
"""Five minutes at 30 km/h: the streets of the benchmark have no class."""

BATCH: Final = 31
"""From so many stations scipy searches at once: its table is stations by nodes."""


def graph_of(roads: Roads) -> csr_array:
    """Return the same streets for scipy, in metres."""
    none = np.empty(0, np.int64)
    return roads.edges._graph(none, none, np.empty(0))


def exponent(small_s: float, large_s: float) -> float:
    """Return how the time grows with the edges."""
    return float(np.log(large_s / small_s) / np.log(SIZES[1] / SIZES[0]))


@pytest.mark.benchmark(group="rings of 465 stations, 200,000 edges")
def test_rings_of_465_stations_take_less_than_a_second(benchmark: BenchmarkFixture) -> None:
    """
    Issue figure: under 1 s on ready roads.

    Inside the clock: the stations put on the streets, every edge cut by ring and first station,
    lengths and losses by station and ring, the table by ring. Outside: the network, and the
    drawing of the stretches, whose seconds are printed.
    """
    took: dict[int, float] = {}
    for edges in SIZES:
        streets, stations = city(edges, STATIONS)
        roads = Roads.of(streets, modes=["car"])
        took[edges] = seconds(lambda s=stations, r=roads: rings(s, r).bands, 3)  # type: ignore[misc]
    found = benchmark.pedantic(lambda: rings(stations, roads), rounds=3)
    start = time.perf_counter()
    drawn = len(found.streets) + len(found.outside)
    drawing_s = time.perf_counter() - start
    graph = graph_of(found.roads)
    places = roads.networks["car"].snap(stations)
    _, node = roads.networks["car"].with_sites(places)

    def by_scipy() -> None:
        for first in range(0, STATIONS, BATCH):
            dijkstra(graph, indices=node[first : first + BATCH], limit=REACH_M)

    scipy_s = seconds(by_scipy, 1)
    net = nx.from_scipy_sparse_array(graph, create_using=nx.DiGraph)
    start = time.perf_counter()
    for one in node[:BATCH].tolist():
        nx.single_source_dijkstra_path_length(net, one, cutoff=REACH_M)
    nx_s = (time.perf_counter() - start) * STATIONS / BATCH
    ours_s = took[SIZES[1]]
    say(
        f"{STATIONS} stations, {SIZES[1]:,} edges: {ours_s:.2f} s, {drawn:,} stretches drawn in "
        f"{drawing_s:.2f} s more; scipy's nodes alone {scipy_s:.2f} s ({scipy_s / ours_s:.1f} "
        f"times), networkx {nx_s:.1f} s by its first {BATCH} ({nx_s / ours_s:.0f} times); "
        f"grows as edges^{exponent(took[SIZES[0]], ours_s):.2f}, {load()}"
    )
    assert ours_s < 1.0


@pytest.mark.benchmark(group="nearest of 500 units, 200,000 edges")
def test_the_nearest_of_500_units_is_named_within_30_ms(benchmark: BenchmarkFixture) -> None:
    """
    Issue figure: under 30 ms, with ways drawn and what each would leave behind.

    Once with everybody free, and once with three, so that the search goes through the city.
    """
    took: dict[int, float] = {}
    for edges in SIZES:
        streets, units = city(edges, UNITS)
        roads = Roads.of(streets, modes=["car"])
        ready_s = seconds(lambda u=units, r=roads: Responders.of(u, r), 2)  # type: ignore[misc]
        ready = Responders.of(units, roads)
        _, where = city(edges, 60, seed=7)
        took[edges] = per_place(ready, where)
    benchmark.pedantic(lambda: ready.nearest(where.iloc[[0]]), rounds=20)
    busy = units.assign(state=np.where(np.arange(UNITS) < 3, "free", "busy"))
    far_s = per_place(Responders.of(busy, roads), where)
    graph = graph_of(ready.spread.roads)
    network = roads.networks["car"]
    place = network.snap(where.iloc[[0]])
    found = ready.nearest(where.iloc[[0]])
    finer, node = ready.spread.roads.networks["car"].with_sites(place)
    again = finer.distances(network.snap(units), place)[:, 0]
    assert found.candidates["distance_m"].tolist() == pytest.approx(np.sort(again)[:3].tolist())
    at = int(node[0])
    back = finer._graph(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)).T.tocsr()
    scipy_s = seconds(lambda: dijkstra(back, indices=at), 3)
    net = nx.from_scipy_sparse_array(graph, create_using=nx.DiGraph).reverse()
    nx_s = seconds(lambda: nx.single_source_dijkstra_path_length(net, 0), 1)
    ours_s = took[SIZES[1]]
    say(
        f"{UNITS} units, {SIZES[1]:,} edges: {1000 * ours_s:.1f} ms a place, ready in "
        f"{ready_s:.2f} s; with 3 free units {1000 * far_s:.1f} ms; scipy's whole search "
        f"{1000 * scipy_s:.0f} ms ({scipy_s / ours_s:.1f} times), networkx {1000 * nx_s:.0f} ms "
        f"({nx_s / ours_s:.0f} times), both without ways or what is left behind; "
        f"grows as edges^{exponent(took[SIZES[0]], ours_s):.2f}, {load()}"
    )
    assert ours_s < 0.03


def per_place(ready: Responders, where: gpd.GeoDataFrame) -> float:
    """Return the mean time for one place asked alone, the first left out."""
    ready.nearest(where.iloc[[0]])
    start = time.perf_counter()
    for row in range(1, len(where)):
        ready.nearest(where.iloc[[row]])
    return (time.perf_counter() - start) / (len(where) - 1)


@pytest.mark.benchmark(group="rings of 500 units")
def test_rings_are_searched_when_they_are_asked_for(benchmark: BenchmarkFixture) -> None:
    """Up front they would cost more than everything else that makes units ready."""
    streets, units = city(SIZES[1], UNITS)
    ready = Responders.of(units, Roads.of(streets, modes=["car"]))
    ring_s = np.full((UNITS, 1), 60.0 * ResponseRules().ring_minutes)
    three = np.arange(UNITS) < 3
    lazily_s = seconds(lambda: ready.spread.lengths(ring_s, three), 3)
    benchmark.pedantic(lambda: ready.spread.lengths(ring_s), rounds=3)
    all_s = benchmark.stats.stats.min
    say(f"rings of {UNITS} units {all_s:.2f} s, of 3 {1000 * lazily_s:.1f} ms, {load()}")
    assert lazily_s < 0.1 * all_s
