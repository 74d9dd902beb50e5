"""
Coverage along the street at scale, beside the usual way: `make benchmark`.

The usual way cuts the streets into points a metre apart, joins them into a graph, puts each post
on the nearest point and asks for all points within reach of one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from geo import post_coverage, post_spacing
from tests.benchmarks.city import SEED, city
from tests.benchmarks.test_posts import exponent, say, seconds

if TYPE_CHECKING:
    import geopandas as gpd
    from pytest_benchmark.fixture import BenchmarkFixture

REACH_M = 50.0

MILLION = """
import json, resource, time
from geo import post_coverage
from tests.benchmarks.city import city
post_coverage(*city(100, 100), distance="street")
streets, posts = city(1_000_000, 100_000)
start, cpu = time.perf_counter(), time.process_time()
result = post_coverage(streets, posts, distance="street")
gaps = result.gaps
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
figures = {"edges": len(streets), "gaps": len(gaps), "seconds": seconds, "cpu_s": cpu,
           "peak_gib": peak}
print(json.dumps(figures))
"""


def sampled_covered_m(streets: gpd.GeoDataFrame, posts: gpd.GeoDataFrame) -> float:
    """Return the covered length as a graph of points a metre apart has it."""
    lines = np.asarray(streets.geometry.array)
    count = np.ceil(shapely.length(lines)).astype(int) + 1
    row = np.repeat(np.arange(len(lines)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    at = step / np.repeat(count - 1, count)
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[row], at, normalized=True))
    place, node = np.unique(np.round(xy, 3), axis=0, return_inverse=True)
    follows = np.flatnonzero(row[1:] == row[:-1])
    length = (shapely.length(lines) / (count - 1))[row[follows]]
    edges = node[follows], node[follows + 1]
    graph = coo_array((length, edges), shape=(len(place),) * 2).tocsr()
    off, nearest = KDTree(place).query(shapely.get_coordinates(np.asarray(posts.geometry.array)))
    near = dijkstra(graph, directed=False, indices=np.unique(nearest), min_only=True, limit=REACH_M)
    middle = (near[edges[0]] + near[edges[1]]) / 2.0
    return float(length[middle + off.mean() <= REACH_M].sum())


@pytest.mark.benchmark(group="along the street: 11,000 segments, 2,000 posts")
def test_along_the_street_beside_the_usual_way(benchmark: BenchmarkFixture) -> None:
    """Exact, and faster than a graph of points a metre apart."""
    streets, posts = city(11_250, 2_000)
    ours = benchmark.pedantic(
        lambda: post_coverage(streets, posts, distance="street"), rounds=5, warmup_rounds=1
    )
    best_s = benchmark.stats.stats.min
    peer: list[float] = []
    peer_s = seconds(lambda: peer.append(sampled_covered_m(streets, posts)), 2)
    off = peer[0] / ours.covered_length_m - 1.0
    benchmark.extra_info |= {"peer_s": peer_s, "ratio": peer_s / best_s, "points_off": off}
    say(
        f"{len(streets):,} segments, {len(posts):,} posts, seed {SEED}: ours {best_s:.3f} s, "
        f"points a metre apart {peer_s:.2f} s, ratio {peer_s / best_s:.0f}; they are {off:+.2%} off"
    )
    assert abs(off) < 0.05


@pytest.mark.benchmark(group="along the street: growth")
def test_growth_along_the_street(benchmark: BenchmarkFixture) -> None:
    """Near-linear from 11,000 to 180,000 segments, spacing too."""
    sizes = [11_250, 45_000, 180_000]
    cities = [city(n, n // 10) for n in sizes]
    post_spacing(*cities[0])
    for name, work in (
        ("coverage", lambda c: post_coverage(*c, distance="street")),
        ("spacing", lambda c: post_spacing(*c)),
    ):
        times = [seconds(partial(work, c), 2) for c in cities]
        say(
            f"{name}: {', '.join(f'{n:,} in {t:.2f} s' for n, t in zip(sizes, times, strict=True))}"
            f"; growth exponent {exponent(sizes, times):.2f}"
        )
        assert exponent(sizes, times) < 1.3
    benchmark.pedantic(lambda: post_coverage(*cities[-1], distance="street"), rounds=1)


@pytest.mark.benchmark(group="along the street: 1,000,000 edges, 100,000 posts")
def test_a_million_edges_along_the_street_in_15_s(benchmark: BenchmarkFixture) -> None:
    """Issue figure, in a process of its own: network, places, distances and gaps."""
    result = benchmark.pedantic(
        lambda: subprocess.run([sys.executable, "-c", MILLION], check=True, capture_output=True),
        rounds=1,
    )
    figures = json.loads(result.stdout)
    benchmark.extra_info |= figures
    say(f"{figures['edges']:,} edges, 100,000 posts: {figures['seconds']:.1f} s "
        f"({figures['cpu_s']:.1f} s of one core), {figures['gaps']:,} gaps, "
        f"peak {figures['peak_gib']:.2f} GiB")  # fmt: skip
    assert figures["seconds"] < 15.0
