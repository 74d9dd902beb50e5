"""G* against esda, against all permutations there are, and at its edges."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from esda import crand, getisord
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.sparse import csr_array
from scipy.stats import norm

from geo.errors import InvalidParameterError
from geo.incidents.local_g import MOST_PERMUTATIONS, PERMUTATIONS, finer, local_g
from tests.geo.incidents.ground import cells_of, clustered

GRID = cells_of(15, 12)
"""180 cells: corners with three neighbours, edges with five, the others with eight."""


@pytest.fixture
def _plain_esda(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run esda as it is written: to compile it takes 14 s."""
    monkeypatch.setattr(crand, "boolean", bool)
    for module, name in (
        (crand, "compute_chunk"),
        (crand, "vec_permutations"),
        (crand, "_permutation_significance"),
        (getisord, "_g_local_star_crand"),
        (getisord, "_prepare_univariate"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name).py_func)


def peer(values: np.ndarray, indptr: np.ndarray, indices: np.ndarray, permutations: int) -> Any:  # noqa: ANN401
    """Return what esda says of the same places; it warns of its next release."""
    n = len(values)
    graph = Graph.from_sparse(csr_array((np.ones(len(indices)), indices, indptr), shape=(n, n)))
    if not permutations:
        return getisord.G_Local(values, graph, transform="B", star=True, permutations=0)
    with pytest.warns(DeprecationWarning, match="alternative"):
        return getisord.G_Local(
            values, graph, transform="B", star=True, permutations=permutations, n_jobs=1, seed=7
        )


@pytest.mark.usefixtures("_plain_esda")
@pytest.mark.parametrize("kind", ["counts", "rates"])
def test_z_and_p_are_those_of_esda(kind: str) -> None:
    """Z to 1e-9; p within four standard errors of both draws, in every one of 180 cells."""
    random = np.random.default_rng(3)
    values = random.poisson(2.0, 180).astype(np.float64)
    values[50:53] += 6.0
    if kind == "rates":
        values /= random.uniform(0.5, 3.0, 180)
    z, p = local_g(values, GRID.indptr, GRID.indices)
    theirs = peer(values, GRID.indptr, GRID.indices, PERMUTATIONS)
    assert np.abs(z - theirs.Zs).max() < 1e-9
    # esda gives the smaller of both tails; the upper one is counted from its draws.
    as_high = (theirs.rGs >= theirs.Gs[:, None] - 1e-12).sum(axis=1)
    other = (as_high + 1.0) / (PERMUTATIONS + 1.0)
    middle = (p + other) / 2.0
    error = np.sqrt(2.0 * middle * (1.0 - middle) / PERMUTATIONS)
    assert (np.abs(p - other) <= 4.0 * error + 1.0 / PERMUTATIONS).all()
    assert p.min() < 0.01
    assert p.max() > 0.9


def test_p_of_normal_values_is_that_of_the_normal_law() -> None:
    """The mean and the spread of the sum of neighbours drawn from the others are known."""
    values = np.random.default_rng(4).normal(10.0, 2.0, 180)
    _, p = local_g(values, GRID.indptr, GRID.indices, seed=5)
    k, n = np.diff(GRID.indptr), 179
    around = np.add.reduceat(values[GRID.indices], GRID.indptr[:-1])
    mean = (values.sum() - values) / n
    spread = np.sqrt(((values**2).sum() - values**2) / n - mean**2)
    z = (around - k * mean) / (spread * np.sqrt(k * (n - k) / (n - 1.0)))
    law = norm.sf(z)
    error = 4.0 * np.sqrt(law * (1.0 - law) / PERMUTATIONS)
    # Sums of three to eight are not quite normal.
    assert (np.abs(p - law) <= error + 0.015).all()


@settings(max_examples=8)
@given(st.lists(st.integers(0, 6), min_size=6, max_size=7), st.integers(0, 2**31))
def test_p_is_that_of_all_draws_there_are(counts: list[int], seed: int) -> None:
    """A row of places; without replacement, each draw as likely as any other."""
    n = len(counts)
    indptr = np.concatenate(([0], np.cumsum([1, *[2] * (n - 2), 1])))
    indices = np.array([1, *[j for i in range(1, n - 1) for j in (i - 1, i + 1)], n - 2])
    _, p = local_g(np.array(counts, float), indptr, indices, seed=seed)
    for i in range(n):
        mine = indices[indptr[i] : indptr[i + 1]]
        others = [counts[j] for j in range(n) if j != i]
        sums = np.array([sum(some) for some in combinations(others, len(mine))])
        exact = (sums >= sum(counts[j] for j in mine)).mean()
        error = 5.0 * np.sqrt(exact * (1.0 - exact) / PERMUTATIONS)
        assert abs(p[i] - exact) <= error + 2.0 / PERMUTATIONS


def test_a_place_without_neighbours_has_its_own_z_and_p_one() -> None:
    """As esda has it."""
    values = np.array([1.0, 2.0, 9.0, 4.0])
    indptr, indices = np.array([0, 1, 2, 2, 2]), np.array([1, 0])
    z, p = local_g(values, indptr, indices)
    assert z[2:] == pytest.approx((values[2:] - 4.0) / values.std())
    assert p[2:].tolist() == [1.0, 1.0]
    assert np.abs(z - peer(values, indptr, indices, 0).Zs).max() < 1e-9


def test_places_all_alike_or_all_neighbours_stand_out_nowhere() -> None:
    """Where esda divides by nothing, z is 0."""
    alike = local_g(np.full(180, 0.1), GRID.indptr, GRID.indices)
    assert not alike[0].any()
    assert (alike[1] == 1.0).all()
    every = np.array([1, 2, 0, 2, 0, 1])
    z, p = local_g(np.array([1.0, 2.0, 6.0]), np.array([0, 2, 4, 6]), every)
    assert not z.any()
    assert (p == 1.0).all()
    assert local_g(np.array([3.0]), np.array([0, 0]), np.array([], int))[1].tolist() == [1.0]
    assert not len(local_g(np.array([]), np.array([0]), np.array([], int))[0])


def test_equal_rates_are_equal_in_whatever_order_they_are_added() -> None:
    """0.1, 0.2 and 0.3 added in any order: rounding makes none of them higher."""
    values = np.tile([0.1, 0.2, 0.3], 60)
    _, p = local_g(values, GRID.indptr, GRID.indices)
    _, whole = local_g(np.tile([1.0, 2.0, 3.0], 60), GRID.indptr, GRID.indices)
    assert (p == whole).all()


def test_the_seed_repeats_the_draws() -> None:
    """Another seed draws otherwise."""
    values = clustered(1, 2.0).ravel()[:180].astype(float)
    same = [local_g(values, GRID.indptr, GRID.indices, seed=s)[1] for s in (1, 1, 2)]
    assert (same[0] == same[1]).all()
    assert (same[0] != same[2]).any()


def test_the_highest_places_are_drawn_for_more_often_where_places_are_many() -> None:
    """Of 2,500 places one at the smallest p is to be enough; the others keep their p."""
    cells = cells_of(50, 50)
    values = clustered(8, 3.0, side=50).ravel().astype(float)
    _, p = local_g(values, cells.indptr, cells.indices)
    found, wanted = finer(
        p, values, cells.indptr, cells.indices, permutations=PERMUTATIONS, level=0.05, seed=0
    )
    assert wanted == 49_999
    changed = found != p
    assert p[changed].max() <= 21.0 / (PERMUTATIONS + 1.0)
    assert changed[p <= 1.0 / (PERMUTATIONS + 1.0)].all()
    assert found.min() == pytest.approx(1.0 / 50_000.0)
    small, same = finer(
        p[:400], values[:400], cells.indptr, cells.indices, permutations=PERMUTATIONS, level=0.05,
        seed=0,
    )  # fmt: skip
    assert same == PERMUTATIONS
    assert (small == p[:400]).all()


def test_too_few_permutations_are_refused_with_the_reason() -> None:
    """The floor of p; and a seed that makes no draws."""
    for wrong in (PERMUTATIONS - 1, MOST_PERMUTATIONS + 1):
        with pytest.raises(InvalidParameterError, match="the smallest p is one in so many"):
            local_g(np.ones(180), GRID.indptr, GRID.indices, permutations=wrong)
    with pytest.raises(InvalidParameterError, match="seed must be"):
        local_g(np.ones(180), GRID.indptr, GRID.indices, seed=-1)


@pytest.mark.parametrize(
    ("values", "indptr", "indices", "word"),
    [
        ([1.0, np.nan], [0, 1, 2], [1, 0], "values"),
        ([1.0, 2.0], [0, 1], [1], "indptr"),
        ([1.0, 2.0], [0, 1, 2], [0, 0], "own neighbour"),
        ([1.0, 2.0, 3.0], [0, 2, 2, 2], [1, 1], "twice"),
    ],
)
def test_what_are_no_places_is_refused(
    values: list[float], indptr: list[int], indices: list[int], word: str
) -> None:
    """Values, positions and neighbours."""
    with pytest.raises(InvalidParameterError, match=word):
        local_g(np.array(values), np.array(indptr), np.array(indices))
