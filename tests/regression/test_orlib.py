"""
Published optima of the OR-Library: J. E. Beasley (1990), OR-Library: distributing test problems
by electronic mail, Journal of the Operational Research Society 41, doi:10.1057/jors.1990.166.

Each answer reaches the published optimum, or says truly how far off it may be.
"""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse.csgraph import shortest_path

from geo.placement import Proposal, p_median, set_cover

if TYPE_CHECKING:
    from pathlib import Path

COVERS = "bench_setcover_orlib"
MEDIANS = "bench_pmedian_orlib"
NAMES = [f"scp{group}{i}" for group in "45" for i in range(1, 10)]


def numbers_of(folder: Path, name: str) -> list[int]:
    """Return the numbers of an instance, or skip."""
    file = folder / "instances" / f"{name}.txt.gz"
    if not file.exists():
        pytest.skip(f"{name} is not among the data sets")
    return [int(word) for word in gzip.decompress(file.read_bytes()).split()]


def optimum_of(folder: Path, name: str, column: str) -> float:
    """Return the published optimum of an instance."""
    with (folder / "optimal_values.csv").open(encoding="utf-8") as table:
        return next(float(row[column]) for row in csv.DictReader(table) if row["instance"] == name)


def judge(proposal: Proposal, optimum: float) -> None:
    """Hold the answer against the optimum: the bound is no better, and optimal means equal."""
    assert proposal.bound <= optimum <= proposal.objective <= proposal.greedy
    assert proposal.stopped_by in {"optimal", "time", "iterations"}
    if proposal.stopped_by == "optimal":
        assert proposal.objective == optimum
    else:
        assert proposal.gap >= (proposal.objective - optimum) / proposal.objective
        assert proposal.gap < 0.01


@pytest.mark.parametrize("name", NAMES)
def test_set_cover_reaches_the_published_optimum(shared_data: Path, name: str) -> None:
    """200 demands and 1,000 or 2,000 sites with costs."""
    numbers = iter(numbers_of(shared_data / COVERS, name))
    demand, sites = next(numbers), next(numbers)
    costs = [next(numbers) for _ in range(sites)]
    pairs = [(next(numbers) - 1, d) for d in range(demand) for _ in range(next(numbers))]
    site, row = np.array(pairs).T
    covers = sp.csr_array((np.ones(len(site)), (site, row)), shape=(sites, demand))
    proposal = set_cover(covers, costs=costs)
    judge(
        proposal,
        optimum_of(shared_data / COVERS, name, "published_weighted_optimum_from_literature"),
    )
    assert (covers[proposal.sites].sum(axis=0) > 0).all()


@pytest.mark.parametrize("name", [f"pmed{i}" for i in range(1, 11)])
def test_p_median_reaches_the_published_optimum(shared_data: Path, name: str) -> None:
    """100 or 200 nodes, each a site and a demand; of an edge named twice the last line counts."""
    numbers = numbers_of(shared_data / MEDIANS, name)
    nodes, edges, p = numbers[:3]
    lengths = {
        frozenset(ends): metres
        for *ends, metres in np.reshape(numbers[3:], (-1, 3))[:edges].tolist()
    }
    graph = np.zeros((nodes, nodes))
    for (a, b), metres in lengths.items():
        graph[a - 1, b - 1] = metres
    distances = shortest_path(sp.csr_array(graph), directed=False)
    proposal = p_median(distances, None, p)
    judge(proposal, optimum_of(shared_data / MEDIANS, name, "pmedian_optimum_literature"))
    assert len(proposal.sites) == p
