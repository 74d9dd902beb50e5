"""Matching of tracks at scale and beside its peer, in one run: `make benchmark`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from leuvenmapmatching.map.inmem import InMemMap
from leuvenmapmatching.matcher.distance import DistanceMatcher

from geo.patrol.cleaning import clean
from geo.patrol.matching import match_track
from geo.streets import StreetNetwork
from tests.benchmarks.city import CRS, SEED, city
from tests.benchmarks.test_posts import exponent, say, seconds
from tests.geo.patrol.walks import BEGIN
from tests.regression.test_kubicka import NAMES, case_of, disturbed, ours, peers

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

STREETS, NOISE_M, PACE_M, SHIFT = 2_000, 5.0, 1.3, 8_000


def walks(network: StreetNetwork, fixes: int) -> gpd.GeoDataFrame:
    """Walk at random from corner to corner, a fix a second, shifts of 8,000 fixes; 5 m of noise."""
    rng = np.random.default_rng(SEED)
    ends = np.stack((network.tail, network.head))
    leaving = [np.flatnonzero((ends == node).any(axis=0)) for node in range(network.nodes)]
    corner = np.empty((network.nodes, 2))
    corner[network.tail] = network.lines.locate(network.part, network.start)
    corner[network.head] = network.lines.locate(network.part, network.end)
    tracks = []
    # One walk after the other: each step depends on the one before.
    for k in range(fixes // SHIFT):
        node, last, gone, way = int(rng.integers(network.nodes)), -1, 0.0, []
        while gone <= SHIFT * PACE_M:
            way.append(node)
            edges = leaving[node][leaving[node] != last]
            last = int(rng.choice(edges if len(edges) else leaving[node]))
            gone += network.length_m[last]
            node = int(ends[:, last].sum()) - node
        line = shapely.LineString(corner[[*way, node]])
        xy = shapely.get_coordinates(line.interpolate(np.arange(SHIFT) * PACE_M))
        xy += rng.normal(0.0, NOISE_M, xy.shape)
        seen = BEGIN + pd.to_timedelta(np.arange(SHIFT), unit="s")
        tracks.append(
            gpd.GeoDataFrame(
                {"track_id": f"t{k}", "time": seen}, geometry=shapely.points(xy), crs=CRS
            )
        )
    return pd.concat(tracks, ignore_index=True)


@pytest.mark.benchmark(group="match_track: walkers, one fix a second, 2,000 streets")
def test_a_million_fixes_are_cleaned_and_matched_in_a_minute(benchmark: BenchmarkFixture) -> None:
    """Issue figures: 60 s, and 10 times faster per fix than leuvenmapmatching."""
    streets, _ = city(STREETS, 1)
    network = StreetNetwork.from_frame(streets)
    sizes = [SHIFT, 16 * SHIFT, 125 * SHIFT]
    match_track(walks(network, SHIFT), network)
    taken = []
    for size in sizes[:-1]:
        fixes = walks(network, size)
        taken.append(seconds(lambda fixes=fixes: match_track(clean(fixes).kept, network), 2))
    fixes = walks(network, sizes[-1])
    matched = benchmark.pedantic(
        lambda: match_track(clean(fixes).kept, network), rounds=1, warmup_rounds=0
    )
    taken.append(benchmark.stats.stats.min)
    town = InMemMap("town", use_latlon=False, use_rtree=True, index_edges=True)
    tail = network.lines.locate(network.part, network.start)
    head = network.lines.locate(network.part, network.end)
    for k in range(len(tail)):
        u, v = int(network.tail[k]), int(network.head[k])
        town.add_node(u, tuple(tail[k]))
        town.add_node(v, tuple(head[k]))
        town.add_edge(u, v)
        town.add_edge(v, u)
    some = 1_000
    track = [tuple(xy) for xy in shapely.get_coordinates(fixes.geometry[:some])]
    matcher = DistanceMatcher(
        town, max_dist=100, max_dist_init=100, min_prob_norm=1e-4, obs_noise=10, obs_noise_ne=20,
        dist_noise=20, non_emitting_states=True, max_lattice_width=8,
    )  # fmt: skip
    theirs_us = 1e6 / some * seconds(lambda: matcher.match(track), 1)
    ours_us = 1e6 / sizes[-1] * taken[-1]
    growth, ratio = exponent(sizes, taken), theirs_us / ours_us
    benchmark.extra_info |= {"growth_exponent": growth, "ratio": ratio, "peer_us": theirs_us}
    say(
        f"{sizes[-1]:,} fixes cleaned and matched in {taken[-1]:.1f} s ({ours_us:.1f} us each), "
        f"{len(matched.traversals):,} rows; growth exponent {growth:.2f}; leuvenmapmatching "
        f"{theirs_us:.0f} us each, ratio {ratio:.0f}"
    )
    assert taken[-1] < 60.0
    assert ratio >= 10.0


LEAST = {"none": 0.95, "white": 0.95, "autoregressive": 0.85}
"""Noise -> precision and recall that are asked for."""


@pytest.mark.benchmark(group="match_track: the Kubicka tracks")
@pytest.mark.parametrize("name", NAMES)
def test_the_kubicka_tracks_side_by_side(
    benchmark: BenchmarkFixture, shared_data: Path, name: str
) -> None:
    """Precision and recall without noise and with both kinds; the peer with all fixes, too."""
    case = case_of(shared_data, name)
    benchmark.pedantic(lambda: ours(case, case.fixes), rounds=3, warmup_rounds=1)
    for kind in ("none", "white", "autoregressive"):
        fixes = disturbed(case.fixes, kind)
        figures = {"ours": case.judged(ours(case, fixes))}
        for thin_m in (0.0, 20.0, 30.0):
            begun = time.perf_counter()
            figures[f"peer at {thin_m:.0f} m"] = case.judged(peers(case, fixes, thin_m))
            benchmark.extra_info[f"{kind}: peer_s at {thin_m:.0f} m"] = time.perf_counter() - begun
        benchmark.extra_info[kind] = figures
        say(
            f"{name}, noise {kind}: "
            + "; ".join(f"{who} {p:.4f} / {r:.4f}" for who, (p, r) in figures.items())
        )
        assert min(figures["ours"]) >= LEAST[kind]
        if kind == "none":
            # With all fixes the peer takes the noise of who stands for a way.
            for mine, theirs in zip(figures["ours"], figures["peer at 20 m"], strict=True):
                assert mine >= theirs
