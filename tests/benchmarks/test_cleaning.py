"""Cleaning of a million fixes, and where they stayed: `make benchmark`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.patrol.cleaning import clean
from geo.patrol.evidence import points_visited
from tests.benchmarks.city import SEED
from tests.benchmarks.test_posts import say, seconds
from tests.strategies import CRS, ORIGIN

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

TRACKS, LENGTH = 50, 20_000
"""Tracks of fixes a second apart: a million in all."""

SPREAD_M = 8_000.0
"""How far the beginnings of the tracks lie apart: a town."""


def wandering(tracks: int, length: int) -> gpd.GeoDataFrame:
    """Return walks with 5 m of noise, 1 % jumps, 0.5 % wrong times and some inexact fixes."""
    random = np.random.default_rng(SEED)
    count = tracks * length
    track, second = np.repeat(np.arange(tracks), length), np.tile(np.arange(length), tracks)
    way = np.cumsum(random.normal(0.0, 1.0, (tracks, length, 2)), axis=1)
    way += random.uniform(0.0, SPREAD_M, (tracks, 1, 2))
    xy = way.reshape(count, 2) + ORIGIN + random.normal(0.0, 5.0, (count, 2))
    jumps = np.flatnonzero(random.random(count) < 0.01)
    xy[jumps] += random.normal(0.0, 3_000.0, (len(jumps), 2))
    slips = (random.random(count) < 0.005) * random.integers(-100, 100, count)
    return gpd.GeoDataFrame(
        {
            "track_id": pd.Series(track).map("T{}".format),
            "unit_id": pd.Series(track // 2).map("U{}".format),
            "time": pd.Timestamp("2024-05-01 08:00") + pd.to_timedelta(second + slips, unit="s"),
            "accuracy_m": random.exponential(12.0, count),
        },
        geometry=shapely.points(xy),
        crs=CRS,
    )


@pytest.fixture(scope="module")
def fixes() -> gpd.GeoDataFrame:
    """Return the million."""
    return wandering(TRACKS, LENGTH)


def test_a_million_fixes_are_cleaned_in_seconds(
    benchmark: BenchmarkFixture, fixes: gpd.GeoDataFrame
) -> None:
    """With a roster; a tenth as many take about a tenth."""
    roster = pd.DataFrame({
        "shift_id": "s", "unit_id": [f"U{k}" for k in range(TRACKS)],
        "on": pd.Timestamp("2024-05-01 08:00"), "off": pd.Timestamp("2024-05-01 13:00"),
    })  # fmt: skip
    part = fixes.iloc[: len(fixes) // 10]
    tenth = seconds(lambda: clean(part, roster=roster), 3)
    found = benchmark.pedantic(lambda: clean(fixes, roster=roster), rounds=3)
    whole = benchmark.stats.stats.min
    say(f"cleaned: {tenth:.2f} s for {len(part)}, {whole:.2f} s for {len(fixes)}")
    say(f"kept and dropped: {found.summary()['kept']}, {found.summary()['dropped']}")
    assert whole < 10.0


def test_a_track_of_nothing_but_jumps_takes_seconds_too(benchmark: BenchmarkFixture) -> None:
    """The worst that the search for a chain meets: hardly a fix agrees with another."""
    random = np.random.default_rng(SEED)
    mess = wandering(1, LENGTH)
    xy = random.uniform(0.0, 500_000.0, (LENGTH, 2)) - 250_000.0 + ORIGIN
    found = benchmark.pedantic(lambda: clean(mess.set_geometry(shapely.points(xy))), rounds=1)
    say(f"a mess of {LENGTH}: {benchmark.stats.stats.min:.2f} s, {len(found.kept)} kept")
    assert benchmark.stats.stats.min < 10.0


def test_stays_at_points_take_seconds(benchmark: BenchmarkFixture, fixes: gpd.GeoDataFrame) -> None:
    """620 points in the town, against all that was kept."""
    random = np.random.default_rng(SEED + 1)
    places = random.uniform(-500.0, SPREAD_M + 500.0, (620, 2)) + ORIGIN
    points = gpd.GeoDataFrame(
        {"point_id": np.arange(620)}, geometry=shapely.points(places), crs=CRS
    )
    kept = clean(fixes).kept
    found = benchmark.pedantic(lambda: points_visited(kept, points), rounds=2)
    say(f"stays: {benchmark.stats.stats.min:.2f} s for {len(kept)}, {len(found)} visits")
    assert benchmark.stats.stats.min < 15.0
