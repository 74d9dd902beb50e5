"""100,000 fixes into the store and out again, on both engines: `make benchmark` prints figures."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pytest
import shapely

from data.clocks import TIME
from data.fixes import import_fixes
from data.positions import positions
from tests.benchmarks.test_posts import say
from tests.data.patrol_rows import NIGHT, put_units
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from data.store import Store

FIXES: Final = 100_000
"""What ten units report in a little less than three hours, once a second."""

UNITS: Final = 10
"""So many units send them."""

IMPORT_S: Final = 20.0
"""Seconds that an import may take, the second of the same file too."""


@pytest.mark.benchmark(group="100,000 fixes")
def test_100_000_fixes_in_and_out(benchmark: BenchmarkFixture, store: Store) -> None:
    """Imported, imported again without a change, and read."""
    codes = [f"U{number}" for number in range(UNITS)]
    put_units(store, *codes)
    rng = np.random.default_rng(1)
    seconds = np.tile(np.arange(FIXES // UNITS), UNITS)
    moments = pd.Timestamp(NIGHT) + pd.to_timedelta(seconds, "s")
    columns = {
        "track_id": np.repeat(codes, FIXES // UNITS),
        "time": pd.Series(moments).astype(TIME),
        "unit_id": np.repeat(codes, FIXES // UNITS),
        "accuracy_m": rng.uniform(2.0, 20.0, FIXES),
    }
    places = shapely.points(rng.uniform(109.0, 109.1, FIXES), rng.uniform(32.0, 32.1, FIXES))
    layer = layer_of("tracks", list(places), columns)
    taken = []
    for counted in ("added", "unchanged"):
        start = time.perf_counter()
        assert getattr(import_fixes(store, layer), counted) == FIXES
        taken.append(time.perf_counter() - start)
    say(f"{store.dialect}: {FIXES:,} fixes in {taken[0]:.1f} s, again in {taken[1]:.1f} s")
    assert max(taken) < IMPORT_S
    assert len(benchmark.pedantic(lambda: positions(store), rounds=1)) == FIXES
