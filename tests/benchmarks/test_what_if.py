"""
What one camera would change, asked of the service over the demo town: `make benchmark`.

Beside it, what two whole runs of the town take, whose difference it is.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.demo import STORED, TOWN_DIVISION, TOWN_FILE
from api.settings import Settings
from api.stock import stock
from data import read_layer
from data.export import write_geopackage
from data.town import make_town
from geo import camera_coverage, working_crs
from tests.benchmarks.test_posts import say, seconds

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

    from data.store import Store

ANSWER_MS: Final = 50.0
"""Milliseconds that 95 of 100 answers may take at a range of 100 m."""

RANGES_M: Final = (80.0, 120.0)
"""Ranges of the cameras that are asked about: about 100 m."""

ASKED: Final = 100
"""Cameras that are asked about."""

ROUNDS: Final = 3
"""How often each is."""


@pytest.mark.benchmark(group="what if one camera were turned")
def test_turning_a_camera_of_the_demo_town(
    benchmark: BenchmarkFixture, store: Store, tmp_path: Path
) -> None:
    """Over HTTP, with the buildings, on either engine."""
    write_geopackage(tmp_path / TOWN_FILE, make_town().layers())
    layers = [read_layer(f"{tmp_path / TOWN_FILE}:{kind}", kind) for kind in STORED]
    stock(store, layers, division=TOWN_DIVISION)
    cameras = store.frame("cameras")
    near = cameras["range_m"].between(*RANGES_M) & (cameras["kind"] != "panoramic")
    items = cameras["id"][near].tolist()[:ASKED]
    assert len(items) == ASKED
    taken: list[list[float]] = []
    with TestClient(create_app(Settings(), store)) as client:

        def ask(item: int) -> float:
            start = time.perf_counter()
            answer = client.post(f"/cameras/{item}/what-if", json={"azimuth_deg": 200.0})
            done = time.perf_counter()
            assert answer.status_code == 200, answer.text
            return 1e3 * (done - start)

        for item in items[:5]:  # kernels and transformations are made once
            ask(item)
        benchmark.pedantic(lambda: taken.append(list(map(ask, items))), rounds=ROUNDS)
    half, most = np.percentile(taken, [50, 95])
    # What else the machine does at the time is nothing of ours.
    best_half, best_most = np.percentile(np.min(taken, axis=0), [50, 95])
    crs = working_crs(cameras)
    frames = [store.frame(kind).to_crs(crs) for kind in ("streets", "cameras", "buildings")]
    whole = 2e3 * seconds(lambda: camera_coverage(*frames), 3)
    say(
        f"{store.dialect}: what-if at {RANGES_M[0]:.0f}-{RANGES_M[1]:.0f} m, {ASKED} cameras of "
        f"{len(cameras)}: p50 {half:.1f} ms, p95 {most:.1f} ms; best of {ROUNDS} {best_half:.1f} "
        f"and {best_most:.1f} ms; two whole runs {whole:.0f} ms"
    )
    assert best_most < ANSWER_MS
