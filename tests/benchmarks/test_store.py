"""
The store at size, on both engines: importing, and pages of a box.

`make benchmark` prints the figures; the limits are those that the service promises.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import insert, text

from data.engine import writing
from data.ids import LARGEST_ID
from data.importing import import_layer
from data.models import Camera
from data.store import Query, Store
from tests.benchmarks.test_posts import say
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

    from data.files import Layer

IMPORT_S = {"sqlite": 10.0, "postgresql": 15.0}
"""Seconds that importing 100,000 points may take."""

PAGE_MS = 30.0
"""Milliseconds that half of the pages may take."""

FEATURES, PAGE = 1_000_000, 1_000

SIDES = {"0.15 %": 0.039, "1 %": 0.1, "10 %": 0.316, "all": 1.0}
"""Share of the features in a box -> its side, where they lie in one degree square."""


def points(count: int) -> Layer:
    """Return incidents as an office keeps them: a kind, a class, a state and a time."""
    rng = np.random.default_rng(1)
    places = shapely.points(109.0 + rng.random(count), 32.0 + rng.random(count))
    times = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 31_536_000, count), "s")
    columns = {
        "incident_id": [f"e{i:06}" for i in range(count)],
        "kind": rng.choice(["event", "dispute", "hazard"], count),
        "class": rng.choice(["盗窃", "纠纷", "消防通道堵塞"], count),
        "state": rng.choice(["open", "closed"], count),
        "time": times,
    }
    return layer_of("incidents", list(places), columns)


@pytest.mark.benchmark(group="import of 100,000 points")
def test_importing_100_000_points(benchmark: BenchmarkFixture, store: Store) -> None:
    """Read already: identities, hashes, division, rows and indexes."""
    layer = points(100_000)
    report = benchmark.pedantic(lambda: import_layer(store, layer), rounds=1)
    assert report.added == 100_000
    again = time.perf_counter()
    assert import_layer(store, layer).unchanged == 100_000
    again = time.perf_counter() - again
    taken = benchmark.stats.stats.min
    say(f"{store.dialect}: 100,000 points imported in {taken:.1f} s, again in {again:.1f} s")
    assert taken < IMPORT_S[store.dialect]


def fill(store: Store) -> None:
    """Store a million cameras without the pains of an import."""
    rng = np.random.default_rng(2)
    x, y = 109.0 + rng.random(FEATURES), 32.0 + rng.random(FEATURES)
    ids = np.unique(rng.integers(1, LARGEST_ID, 2 * FEATURES))[::2][:FEATURES].tolist()
    common = {
        "division": "610981100201", "line": "police", "source": "made", "source_datum": "wgs84",
        "quality": "point", "content_hash": "", "version": 1, "changed_by": "made",
        "changed_at": pd.Timestamp("2026-01-01").to_pydatetime(), "kind": "ptz_dome",
    }  # fmt: skip
    with writing(store.engine) as session:
        if store.dialect == "postgresql":
            names = ", ".join(
                [*common, "id", "identity", "code", "geometry", "west", "south", "east"]
            )
            driver = session.connection().connection.cursor()
            placed = shapely.set_srid(shapely.points(x, y), 4326)
            hexes = shapely.to_wkb(placed, hex=True, include_srid=True)
            with driver.copy(f"COPY camera ({names}, north) FROM STDIN") as copy:
                for i, (wkb, west, south) in enumerate(zip(hexes, x, y, strict=True)):
                    place = (ids[i], f"c{i}", f"c{i}", wkb, west, south, west, south)
                    copy.write_row([*common.values(), *place])
            # What the server does by itself a minute later.
            session.execute(text("ANALYZE camera"))
        else:
            wkbs = shapely.to_wkb(shapely.points(x, y))
            for start in range(0, FEATURES, 50_000):
                rows = [
                    common
                    | {"id": ids[i], "identity": f"c{i}", "code": f"c{i}", "geometry": wkbs[i]}
                    | {"west": x[i], "south": y[i], "east": x[i], "north": y[i]}
                    for i in range(start, start + 50_000)
                ]
                session.execute(insert(Camera.__table__), rows)


def milliseconds(work: Callable[[], object], rounds: int) -> list[float]:
    """Return the wall times of some rounds, ordered."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000.0)
    return sorted(times)


@pytest.mark.benchmark(group="a page of 1,000 among 1,000,000")
def test_a_page_of_a_box_among_a_million(benchmark: BenchmarkFixture, store: Store) -> None:
    """At random places, for boxes of few and of many; the promise is for the first."""
    fill(store)
    rng = np.random.default_rng(3)
    median = {}
    for share, side in SIDES.items():

        def page(side: float = side) -> None:
            west, south = 109.0 + rng.random() * (1 - side), 32.0 + rng.random() * (1 - side)
            box = (west, south, west + side, south + side)
            assert len(store.page("cameras", Query(box=box), limit=PAGE).frame) == PAGE

        page()
        times = milliseconds(page, 25)
        median[share] = times[12]
        say(f"{store.dialect}: box with {share}: p50 {times[12]:.1f} ms, p90 {times[22]:.1f} ms")
    benchmark.pedantic(page, rounds=1)
    assert median["0.15 %"] < PAGE_MS
