"""Compliance and visible presence of many shifts: `make benchmark` prints the figures."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.patrol.compliance import compliance
from geo.patrol.presence import visible_presence
from tests.benchmarks.test_posts import say
from tests.geo.patrol.shifts_made import DAY
from tests.patrol_city import patrol_city
from tests.strategies import CRS, ORIGIN

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

SHIFTS: Final = 1_000
"""Shifts of six days in 56 areas."""

STOPS: Final = 21
"""Points and segments due in a shift: as many as an area of the reports has."""

STEP_S: Final = 30
"""From one position of a unit to the next, in seconds."""

LIMIT_S: Final = 10.0
"""What the report of 1,000 shifts may take, in seconds."""


def scene() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, gpd.GeoDataFrame]:
    """Return visits due and made, a roster of three shifts a day, and positions every 30 s."""
    rng = np.random.default_rng(0)
    number = np.arange(SHIFTS)
    unit, of_day, day = number % 168, number % 3, number // 168
    on = DAY + pd.to_timedelta(day * 1440 + 360 + of_day * 480, unit="min")
    roster = pd.DataFrame(
        {"shift_id": [f"S{n}" for n in number], "unit_id": [f"U{n}" for n in unit], "on": on,
         "off": on + pd.Timedelta(hours=8), "force": "station_police", "mode": "foot",
         "visible": True, "area_id": [f"A{n // 3}" for n in unit]}
    )  # fmt: skip
    shift, stop = np.repeat(number, STOPS), np.tile(np.arange(STOPS), SHIFTS)
    begin = on.to_numpy()[shift] + (stop * 20 * 60 * 10**9).astype("timedelta64[ns]")
    due = pd.DataFrame(
        {"due_id": np.arange(len(shift)), "kind": np.where(stop % 2, "segment", "point"),
         "id": [f"P{u // 3}-{k}" for u, k in zip(unit[shift], stop, strict=True)],
         "unit_id": roster["unit_id"].to_numpy()[shift],
         "shift_id": roster["shift_id"].to_numpy()[shift],
         "area_id": roster["area_id"].to_numpy()[shift], "grid_id": None, "earliest": begin,
         "latest": begin + np.timedelta64(3, "h"), "dwell_s": 120.0}
    )  # fmt: skip
    made = np.flatnonzero(rng.random(len(due)) < 0.9)
    made = np.concatenate((made, rng.choice(len(due), len(due) // 5)))
    entered = begin[made] + (rng.integers(-1800, 3 * 3600, len(made)) * 10**9).astype(
        "timedelta64[ns]"
    )
    stay = rng.integers(60, 600, len(made)).astype(float)
    done = due.iloc[made][["kind", "id", "unit_id"]].assign(
        entered=entered, left=entered + (stay * 10**9).astype("timedelta64[ns]"), dwell_s=stay,
        certainty="certain", mode="foot", driven_through=False, track_id="T",
    )  # fmt: skip
    each = 8 * 3600 // STEP_S
    owner = np.repeat(number, each)
    times = on.to_numpy()[owner] + np.tile(
        (np.arange(each) * STEP_S * 10**9).astype("timedelta64[ns]"), SHIFTS
    )
    kept = rng.random(len(owner)) < 0.8
    xy = rng.normal(0.0, 300.0, (int(kept.sum()), 2)) + ORIGIN
    names = roster["unit_id"].to_numpy()[owner[kept]]
    fixes = gpd.GeoDataFrame(
        {"track_id": names, "unit_id": names, "time": times[kept]},
        geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=CRS,
    )  # fmt: skip
    return due, done, roster, fixes


@pytest.mark.benchmark(group="compliance of 1,000 shifts")
@pytest.mark.parametrize("by", ["unit", "any"])
def test_1000_shifts(benchmark: BenchmarkFixture, by: str) -> None:
    """21 visits due a shift, nine tenths made, a fifth of them again, positions every 30 s."""
    due, done, roster, fixes = scene()
    start = time.perf_counter()
    found = compliance(due, done, roster, fixes=fixes, by="any" if by == "any" else "unit")
    took = time.perf_counter() - start
    share = found.summary()["completed_share"]
    say(
        f"{SHIFTS:,} shifts by {by}: {len(due):,} due, {len(done):,} done, {len(fixes):,} "
        f"positions in {took:.1f} s; {share:.1%} completed"
    )
    assert len(found.shifts) == SHIFTS
    assert took < LIMIT_S
    benchmark.pedantic(lambda: compliance(due, done, roster), rounds=1)  # type: ignore[no-untyped-call]


@pytest.mark.benchmark(group="presence of 1,000 shifts")
def test_presence_of_1000_shifts(benchmark: BenchmarkFixture) -> None:
    """The 580 segments of a city, and units that walk about those of their own area."""
    _, _, roster, fixes = scene()
    city = patrol_city()
    codes = city.areas["area_id"].to_numpy()
    roster["area_id"] = codes[roster["area_id"].str[1:].astype(int)]
    rng = np.random.default_rng(1)
    by_area = city.segments.groupby("area_code").indices
    unit_area = roster.drop_duplicates("unit_id").set_index("unit_id")["area_id"]
    area = unit_area.loc[fixes["unit_id"]].to_numpy()
    share = rng.random(len(fixes))
    segment = [
        by_area[code][int(part * len(by_area[code]))]
        for code, part in zip(area, share, strict=True)
    ]
    lines = np.asarray(city.segments.geometry.array)[segment]
    at = shapely.line_interpolate_point(lines, rng.random(len(fixes)), normalized=True)
    xy = shapely.get_coordinates(at) + rng.normal(0.0, 5.0, (len(fixes), 2))
    fixes = fixes.set_geometry(gpd.points_from_xy(xy[:, 0], xy[:, 1]), crs=city.segments.crs)
    start = time.perf_counter()
    found = visible_presence(city.segments.drop(columns="windows"), fixes, roster)
    took = time.perf_counter() - start
    summary = found.summary()
    say(
        f"presence of {SHIFTS:,} shifts: {summary['due_slots']:,} slots due, {len(fixes):,} "
        f"positions in {took:.1f} s; {summary['share']:.1%} seen"
    )
    assert summary["seen_slots"] > 0
    benchmark.pedantic(found.summary, rounds=1)  # type: ignore[no-untyped-call]
