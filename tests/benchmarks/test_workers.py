"""
72,000 slots of workers in 1,047 grids, on both engines: `make benchmark` prints the figures.

They are imported, and asked for by the scopes of a county, a town, a village and a grid.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from data.importing import import_layer
from data.scope import Scope
from tests.benchmarks.test_posts import say
from tests.county import CITY, county
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from data.files import Layer
    from data.store import Store

SLOTS: Final = 72_000
"""Slots of a prefecture, as one reports them."""

QUERY_MS: Final = 1_000.0
"""Milliseconds that 19 of 20 queries of a scope may take."""

ROUNDS: Final = 20
"""Queries of each kind."""


def slots(grids: list[str]) -> Layer:
    """Return slots as an office lists them: an id, a role, a kind and a grid."""
    rng = np.random.default_rng(1)
    columns: dict[str, Any] = {
        "slot_id": [f"W{number:05}" for number in range(SLOTS)],
        "role": rng.choice(["grid_worker", "grid_leader", "building_leader"], SLOTS),
        "kind": rng.choice(["full_time", "part_time"], SLOTS),
        "area_code": rng.choice(grids, SLOTS),
    }
    return layer_of("workers", [None] * SLOTS, columns)


@pytest.mark.benchmark(group="72,000 slots by scope")
def test_72_000_slots_by_scope(benchmark: BenchmarkFixture, store: Store) -> None:
    """The rows of a grid, a village and a town; the counts and the first page of the whole."""
    made = county(steps=1)
    layer = slots(made.grids["area_id"].tolist())
    start = time.perf_counter()
    assert import_layer(store, layer).added == SLOTS
    first = time.perf_counter() - start
    start = time.perf_counter()
    assert import_layer(store, layer).unchanged == SLOTS
    again = time.perf_counter() - start
    say(f"{store.dialect}: {SLOTS:,} slots imported in {first:.1f} s, again in {again:.1f} s")
    rng = np.random.default_rng(2)
    scopes = {
        "grid": made.grids["area_id"],
        "village": made.villages["area_id"],
        "town": made.towns["area_id"],
    }
    asked = {
        name: [store.scoped(Scope(code)) for code in rng.choice(codes, ROUNDS)]
        for name, codes in scopes.items()
    }
    whole = [store.scoped(Scope(CITY))] * ROUNDS
    rows = dict.fromkeys(asked, 0)
    for name, stores in asked.items():
        taken = []
        for opened in stores:
            start = time.perf_counter()
            frame = opened.frame("workers")
            taken.append(1e3 * (time.perf_counter() - start))
            rows[name] += len(frame)
            assert frame["area_code"].str.startswith(opened.scope.division).all()
        _told(store.dialect, f"all of a {name} ({rows[name] // ROUNDS:,} rows)", taken)
    for what, ask in (
        ("counts by kind of the county", _counted),
        ("a page of 1,000 of the county", _paged),
    ):
        taken = []
        for opened in whole:
            start = time.perf_counter()
            ask(opened)
            taken.append(1e3 * (time.perf_counter() - start))
        _told(store.dialect, what, taken)
    start = time.perf_counter()
    assert len(whole[0].frame("workers")) == SLOTS
    say(f"{store.dialect}: all {SLOTS:,} rows in {time.perf_counter() - start:.2f} s")
    benchmark.pedantic(lambda: asked["grid"][0].frame("workers"), rounds=1)


def _counted(store: Store) -> object:
    return store.counts("workers", "kind")


def _paged(store: Store) -> object:
    return store.page("workers", limit=1_000)


def _told(dialect: str, what: str, taken: list[float]) -> None:
    half, most = np.percentile(taken, [50, 95])
    say(f"{dialect}: {what}: p50 {half:.1f} ms, p95 {most:.1f} ms")
    assert most < QUERY_MS
