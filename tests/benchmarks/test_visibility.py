"""
What cameras see, beside the simple way, and at scale: `make benchmark`.

The simple way draws the sector, takes the walls that meet it from a tree, and subtracts the
shadow of each: the quadrangle from the wall to beyond the range.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from data import read_layer
from geo import working_crs
from geo.visibility import Eyes, Sights, Walls
from tests.benchmarks.city import SEED
from tests.benchmarks.test_posts import exponent, say, seconds

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from pytest_benchmark.fixture import BenchmarkFixture

RANGE_M, FOV_DEG, EYES = 100.0, 90.0, 1_000

MANY = """
import json, resource, sys, time
from concurrent.futures import ThreadPoolExecutor
from geo import camera_coverage
from tests.benchmarks.fabric import fabric
def cover(n):
    made = fabric(n)
    with ThreadPoolExecutor(2) as pool:
        start, cpu = time.perf_counter(), time.process_time()
        result = camera_coverage(*made[:3], ground=made.ground, executor=pool)
        return time.perf_counter() - start, time.process_time() - cpu, result
cover(100)
seconds, cpu, result = cover(int(sys.argv[1]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"cameras": len(result.views), "seconds": seconds, "cpu_s": cpu, "peak_gib": peak,
                  "blind": len(result.blind_areas), "covered_share": result.covered_share}))
"""


def simple_view(
    xy: NDArray[np.float64], azimuth_deg: float, walls: Walls, tree: shapely.STRtree
) -> shapely.Geometry:
    """Return the sector minus the union of the shadows of the walls in it."""
    angle = np.radians(azimuth_deg + np.linspace(-FOV_DEG / 2, FOV_DEG / 2, 61))
    rim = xy + RANGE_M * np.column_stack((np.sin(angle), np.cos(angle)))
    sector = shapely.Polygon(np.concatenate(([xy], rim)))
    met = tree.query(sector, predicate="intersects")
    a, b = walls.segments[met, :2] - xy, walls.segments[met, 2:] - xy
    near = np.minimum(np.hypot(*a.T), np.hypot(*b.T))
    off = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / np.hypot(*(b - a).T)
    far = 1.0 + 2.0 * RANGE_M / np.maximum(np.minimum(near, off), 0.01)
    corners = np.stack((a, b, b * far[:, None], a * far[:, None]), axis=1) + xy
    return shapely.difference(sector, shapely.union_all(shapely.polygons(corners)))


@pytest.mark.benchmark(group="views: Midtown, 100 m, 90 degrees")
def test_at_least_100_times_faster_than_the_simple_way(
    benchmark: BenchmarkFixture, shared_data: Path
) -> None:
    """Issue figure: 100 times per camera, at equal area within 0.1 %."""
    file = f"{shared_data / 'us_nyc_midtown_osm' / 'nyc_midtown_3km.gpkg'}:buildings"
    buildings = read_layer(file, "buildings").frame
    walls = Walls.of(buildings.to_crs(working_crs(buildings)))
    rng = np.random.default_rng(SEED)
    xy = rng.uniform(*np.reshape(shapely.total_bounds(walls.outlines), (2, 2)), (3 * EYES, 2))
    inside = walls.tree.query(shapely.points(xy), predicate="intersects")[0]
    xy = np.delete(xy, np.unique(inside), axis=0)[:EYES]
    eyes = Eyes(
        xy, np.full(EYES, RANGE_M), rng.uniform(0, 360, EYES), np.full(EYES, FOV_DEG),
        np.full(EYES, np.nan), np.zeros(EYES),
    )  # fmt: skip
    drawn = benchmark.pedantic(lambda: Sights.of(eyes, walls).polygons(), rounds=5, warmup_rounds=1)
    ours_ms = benchmark.stats.stats.min * 1e3 / EYES
    tree = shapely.STRtree(shapely.linestrings(walls.segments.reshape(-1, 2, 2)))
    some = 200
    simple: list[list[shapely.Geometry]] = []
    simple_ms = (
        1e3
        / some
        * seconds(
            lambda: simple.append(
                [simple_view(xy[k], eyes.azimuth_deg[k], walls, tree) for k in range(some)]
            ),
            2,
        )
    )
    off = shapely.area(drawn[:some]).sum() / shapely.area(simple[0]).sum() - 1.0
    ratio = simple_ms / ours_ms
    benchmark.extra_info |= {"simple_ms": simple_ms, "ratio": ratio, "area_off": off}
    say(
        f"{EYES:,} eyes, {len(walls.segments):,} walls: ours {ours_ms:.4f} ms each, simple "
        f"{simple_ms:.2f} ms, ratio {ratio:.0f}; areas {off:+.3%} apart"
    )
    assert abs(off) < 1e-3
    assert ratio >= 100.0


@pytest.mark.benchmark(group="cameras: 1,000 to 100,000")
def test_100_000_cameras_in_90_s(benchmark: BenchmarkFixture) -> None:
    """Issue figure, each in a process of its own: views, street intervals, blind areas, 6 GiB."""
    sizes, found = [1_000, 10_000, 100_000], []

    def work() -> None:
        for size in sizes:
            done = subprocess.run(
                [sys.executable, "-c", MANY, str(size)], check=True, capture_output=True
            )
            found.append(json.loads(done.stdout))
            say("{cameras:,} cameras: {seconds:.1f} s ({cpu_s:.1f} s of one core), {blind:,} blind "
                "pieces, peak {peak_gib:.2f} GiB".format(**found[-1]))  # fmt: skip

    benchmark.pedantic(work, rounds=1)
    growth = exponent(sizes, [each["seconds"] for each in found])
    benchmark.extra_info |= {"growth_exponent": growth, "largest": found[-1]}
    say(f"growth exponent {growth:.2f}")
    assert found[-1]["seconds"] < 90.0
    assert found[-1]["peak_gib"] < 6.0
