"""
Audit of a partition beside the usual ways; run with `make benchmark`.

The county is drawn from a seed with 100 vertices a grid. In the second case every tenth grid has
three times the vertices, so that its neighbours lack most of them, and every hundredth is moved by
0.3 m; kernels are compiled before the clock starts.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from geo.partition import audit, repair
from tests.benchmarks.test_posts import exponent, say, seconds
from tests.county import County, county

if TYPE_CHECKING:
    import geopandas as gpd
    from pytest_benchmark.fixture import BenchmarkFixture


def drawn(grids: int) -> County:
    """Draw a county of about 3 grids a village."""
    return county(towns=max(grids // 50, 1), villages=max(grids // 3, 1), grids=grids, steps=25)


def worn(grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give some grids more vertices, and move a few."""
    shapes = np.asarray(grids.geometry.array).copy()
    shapes[::10] = shapely.segmentize(shapes[::10], 6.0)
    shapes[50::100] = shapely.transform(shapes[50::100], lambda xy: xy + 0.2)
    return grids.set_geometry(list(shapes), crs=grids.crs)


def overlay_of_pairs(grids: gpd.GeoDataFrame) -> tuple[float, float]:
    """Return the overlap that an overlay with itself finds, and the holes of the union."""
    codes = grids[["area_id", "geometry"]]
    pairs = codes.overlay(codes, keep_geom_type=False)
    doubled = pairs[pairs["area_id_1"] < pairs["area_id_2"]].area.sum()
    whole = shapely.get_parts(grids.union_all())
    holes = sum(shapely.Polygon(ring).area for part in whole for ring in part.interiors)
    return float(doubled), float(holes)


def load() -> str:
    """Say how busy the machine is."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


@pytest.mark.benchmark(group="audit of 10,000 grids")
@pytest.mark.parametrize("state", ["clean", "worn"])
@pytest.mark.parametrize("bounded", [False, True], ids=["alone", "in villages"])
def test_ten_thousand_grids_in_10_s(
    benchmark: BenchmarkFixture, state: str, *, bounded: bool
) -> None:
    """Issue figure: 1,000,000 vertices in 10 s."""
    audit(drawn(20).grids, drawn(20).villages)
    scene = drawn(10_000)
    grids = scene.grids if state == "clean" else worn(scene.grids)
    parent = scene.villages if bounded else None
    found = benchmark.pedantic(lambda: audit(grids, parent), rounds=3)
    best_s = benchmark.stats.stats.min
    vertices = int(shapely.get_num_coordinates(grids.geometry.array).sum())
    say(f"{len(grids):,} grids, {vertices:,} vertices, {state}: {best_s:.2f} s, "
        f"{found.summary()['kinds']}, {found.ignored} ignored; {load()}")  # fmt: skip
    assert vertices >= 1_000_000
    assert (len(found.defects) == 0) == (state == "clean")
    assert best_s < 10.0


@pytest.mark.benchmark(group="growth")
@pytest.mark.parametrize("state", ["clean", "worn"])
def test_growth_of_the_audit(benchmark: BenchmarkFixture, state: str) -> None:
    """Near-linear from 100 to 10,000 grids."""
    sizes = [100, 1_000, 10_000]
    layers = [drawn(n).grids if state == "clean" else worn(drawn(n).grids) for n in sizes]
    audit(layers[0])
    times = [seconds(lambda layer=layer: audit(layer), 3) for layer in layers]
    benchmark.pedantic(lambda: audit(layers[0]), rounds=1)
    each = ", ".join(f"{n:,} in {t:.3f} s" for n, t in zip(sizes, times, strict=True))
    say(f"audit, {state}: {each}; growth exponent {exponent(sizes, times):.2f}; {load()}")
    assert exponent(sizes, times) < 1.3


@pytest.mark.benchmark(group="beside geopandas")
def test_beside_the_overlay_of_all_pairs(benchmark: BenchmarkFixture) -> None:
    """It finds the same square metres, and says nothing of places, kinds or neighbours."""
    sizes = [500, 2_000]
    layers = [worn(drawn(n).grids) for n in sizes]
    overlay_of_pairs(layers[0])
    found = benchmark.pedantic(lambda: audit(layers[-1]), rounds=5, warmup_rounds=1)
    best_s = benchmark.stats.stats.min
    figures: list[tuple[float, float]] = []
    times = [seconds(lambda layer=layer: figures.append(overlay_of_pairs(layer)), 1)
             for layer in layers]  # fmt: skip
    growth = exponent(sizes, times)
    doubled = found.defects.loc[found.defects["of"] == "overlap", "area_m2"].sum()
    say(f"2,000 grids: ours {best_s:.2f} s, geopandas {times[1]:.1f} s, ratio "
        f"{times[1] / best_s:.0f}; its growth exponent {growth:.2f}, so about "
        f"{times[1] * 5**growth:.0f} s at 10,000; {load()}")  # fmt: skip
    assert figures[1][0] == pytest.approx(doubled, rel=0.01)
    assert times[1] > best_s


@pytest.mark.benchmark(group="repair")
def test_repair_of_ten_thousand_grids(benchmark: BenchmarkFixture) -> None:
    """A hundred grids moved by 0.3 m are put back against their neighbours."""
    scene = drawn(10_000)
    grids = worn(scene.grids)
    result = benchmark.pedantic(lambda: repair(grids, scene.city, tolerance_m=1.0), rounds=1)
    say(f"repair: {benchmark.stats.stats.min:.1f} s, {result.summary()}; {load()}")
    assert len(result.left) < 0.01 * result.summary()["repaired"]
