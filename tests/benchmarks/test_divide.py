"""
A village of 5,000 houses divided into 12 grids, beside GerryChain alone; run with `make benchmark`.

Houses stand turned on a lattice of 25 m (seed 1), a street after every fifth; each house has a
block of its own, and 2 to some 20 households. Kernels are compiled before the clock starts.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from gerrychain import Graph
from gerrychain.partition import recursive_tree_part
from gerrychain.tree import bipartition_tree

from geo.partition import adjacency, blocks, divide
from tests.benchmarks.test_placement import load
from tests.benchmarks.test_posts import exponent, say, seconds
from tests.geo.partition.scenes_divide import hamlet

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from pytest_benchmark.fixture import BenchmarkFixture

    from geo.partition import Division

GRIDS = 12


def village(columns: int, rows: int) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Make the blocks and say who is next to whom."""
    found = blocks(**hamlet(columns, rows), most_households=1.0)
    return found, adjacency(found)


def whole_way(columns: int, rows: int) -> Division:
    """Make blocks and divide them, as a user would."""
    found, neighbours = village(columns, rows)
    return divide(found, GRIDS, neighbours=neighbours)


def plain_trees(
    found: gpd.GeoDataFrame, neighbours: pd.DataFrame, seed: int
) -> tuple[float, float, float]:
    """Return deviation, border length and seconds of GerryChain's own seed plan within 5 %."""
    began = time.perf_counter()
    homes = found["households"].to_numpy()
    graph = nx.Graph()
    graph.add_nodes_from((i, {"homes": float(h)}) for i, h in enumerate(homes))
    a, b = neighbours["block_a"].to_numpy(), neighbours["block_b"].to_numpy()
    graph.add_edges_from(zip(a.tolist(), b.tolist(), strict=True))
    plan = recursive_tree_part(
        Graph.from_networkx(graph), range(GRIDS), float(homes.sum() / GRIDS), "homes", 0.05,
        bipartition_tree_fn=partial(bipartition_tree, max_attempts=1_000), rng=seed,
    )  # fmt: skip
    took = time.perf_counter() - began
    grid = np.array([plan[i] for i in range(len(homes))])
    sums = np.bincount(grid, homes)
    border_m = float(neighbours["border_m"][grid[a] != grid[b]].sum())
    return float(np.abs(sums / sums.mean() - 1.0).max()), border_m, took


@pytest.mark.benchmark(group="divide")
@pytest.mark.filterwarnings("ignore")  # of GerryChain, when a cut is hard to find
def test_5000_houses_into_12_grids_in_10_seconds(benchmark: BenchmarkFixture) -> None:
    """Blocks, neighbours and three plans within 5 %."""
    whole_way(25, 20)
    division = benchmark.pedantic(lambda: whole_way(100, 50), rounds=3, warmup_rounds=0)
    best_s = benchmark.stats.stats.min
    found, neighbours = village(100, 50)
    alone_s = seconds(lambda: divide(found, GRIDS, neighbours=neighbours), 2)
    peers = [plain_trees(found, neighbours, seed) for seed in range(3)]
    told = "; ".join(
        f"{plan.aim} {plan.largest_deviation:.2%}, {plan.border_length_m:,.0f} m"
        for plan in division.plans
    )
    other = "; ".join(f"{d:.2%}, {m:,.0f} m in {s:.1f} s" for d, m, s in peers)
    say(
        f"5,000 houses into 12 grids: {best_s:.1f} s, {alone_s:.1f} s of it the division: {told}; "
        f"GerryChain's recursive_tree_part of the same blocks: {other}; {load()}"
    )
    assert best_s < 10.0
    assert division.stopped_by == "iterations"
    assert all(plan.largest_deviation <= 0.05 for plan in division.plans)
    shortest = min(plan.border_length_m for plan in division.plans)
    assert shortest < min(m for _, m, _ in peers)
    assert min(p.largest_deviation for p in division.plans) < min(d for d, _, _ in peers)


@pytest.mark.benchmark(group="growth")
def test_growth(benchmark: BenchmarkFixture) -> None:
    """From 500 to 5,000 blocks; below 1,000 the search begins more often."""
    sizes = {500: (25, 20), 1_500: (50, 30), 5_000: (100, 50)}
    whole_way(25, 20)
    made = {n: village(*sides) for n, sides in sizes.items()}
    steps = {
        "blocks": [seconds(lambda s=s: village(*s), 1) for s in sizes.values()],
        "divide": [
            seconds(lambda f=f, n=n: divide(f, GRIDS, neighbours=n), 1) for f, n in made.values()
        ],
    }
    benchmark.pedantic(lambda: whole_way(25, 20), rounds=1)
    for name, times in steps.items():
        each = ", ".join(f"{n:,} in {t:.2f} s" for n, t in zip(sizes, times, strict=True))
        say(f"{name}: {each}; growth exponent {exponent(list(sizes), times):.2f}; {load()}")
        assert exponent(list(sizes), times) < 1.5
