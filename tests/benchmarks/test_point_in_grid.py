"""
The grid of each of millions of points beside its peer, in one run: `make benchmark`.

The peer is geopandas' spatial join, which is what an analyst writes; its points are made before
the clock starts, ours are coordinates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.areas import areas_of_xy
from tests.benchmarks.city import CRS, ORIGIN, SEED
from tests.benchmarks.test_posts import exponent, say, seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytest_benchmark.fixture import BenchmarkFixture

POINTS = 5_000_000

LIMIT_S = 2.0
"""Issue figure: 5,000,000 points over 10,000 grids, the index included."""


def grids(count: int, *, vertices: int = 100, seed: int = SEED) -> gpd.GeoDataFrame:
    """Return about so many grids of 500 m with bent borders that fit; the rim is bent as well."""
    random = np.random.default_rng(seed)
    side = round(np.sqrt(count))
    steps = vertices // 4
    corner = np.stack(np.meshgrid(*[np.arange(side + 1) * 500.0] * 2, indexing="ij"), axis=-1)
    corner += random.uniform(-60.0, 60.0, corner.shape) + ORIGIN
    share = (np.arange(steps) / steps)[:, None]

    def bent(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the first end and the bends between both ends of each border."""
        straight = a[..., None, :] * (1.0 - share) + b[..., None, :] * share
        walk = np.cumsum(random.uniform(-8.0, 8.0, straight.shape), axis=-2)
        return straight + walk * 2.0 * np.minimum(share, 1.0 - share)

    east, north = bent(corner[:-1], corner[1:]), bent(corner[:, :-1], corner[:, 1:])
    # The way back along a border is the same points from the other end.
    west = np.concatenate((corner[1:, :, None], east[:, :, :0:-1]), axis=2)
    south = np.concatenate((corner[:, 1:, None], north[:, :, :0:-1]), axis=2)
    rings = np.concatenate((east[:, :-1], north[1:], west[:, 1:], south[:-1]), axis=2)
    polygons = shapely.polygons(rings.reshape(side * side, -1, 2))
    codes = [f"610981001001{number:05d}" for number in random.permutation(side * side)]
    return gpd.GeoDataFrame({"area_id": codes}, geometry=polygons, crs=CRS)


def places(areas: gpd.GeoDataFrame, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return so many places over the areas and a little beyond."""
    west, south, east, north = areas.total_bounds
    random = np.random.default_rng(SEED)
    return random.uniform(west, east, count), random.uniform(south, north, count)


@pytest.mark.benchmark(group="5,000,000 points, 10,000 grids")
def test_millions_of_points_find_their_grid_in_two_seconds(benchmark: BenchmarkFixture) -> None:
    """One core, the index included; the spatial join finds the same."""
    areas = grids(10_000)
    x, y = places(areas, POINTS)
    areas_of_xy(x[:10], y[:10], areas)
    found = benchmark.pedantic(lambda: areas_of_xy(x, y, areas), rounds=3)
    best_s = benchmark.stats.stats.min
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs=CRS))
    joined: list[gpd.GeoDataFrame] = []
    peer_s = seconds(lambda: joined.append(points.sjoin(areas, predicate="within")), 1)
    peer = joined[0]["index_right"]
    benchmark.extra_info |= {"peer_s": peer_s, "ratio": peer_s / best_s}
    off = int((found[peer.index] != peer).sum())
    say(
        f"{POINTS:,} points, {len(areas):,} grids of 100 vertices, seed {SEED}: ours "
        f"{best_s:.2f} s, sjoin {peer_s:.1f} s, ratio {peer_s / best_s:.1f}; {off:,} points "
        f"within 1 cm of a border have the lower code instead"
    )
    assert best_s < LIMIT_S
    assert off < POINTS / 1_000
    assert (found >= 0).sum() >= len(peer)


@pytest.mark.benchmark(group="growth")
def test_growth_with_grids_and_points(benchmark: BenchmarkFixture) -> None:
    """Hardly any with the grids from 12 to 10,000, linear with the points."""
    counts = [12, 100, 1_000, 10_000]
    county = [grids(count) for count in counts]
    asked = [(*places(areas, 1_000_000), areas) for areas in county]
    areas_of_xy(*asked[0])
    by_grids = [seconds(lambda a=a: areas_of_xy(*a), 3) for a in asked]
    sizes = [625_000, 1_250_000, 2_500_000, 5_000_000]
    more = [(*places(county[-1], size), county[-1]) for size in sizes]
    by_points = [seconds(lambda a=a: areas_of_xy(*a), 3) for a in more]
    benchmark.pedantic(lambda: areas_of_xy(*asked[-1]), rounds=1)
    say(f"1,000,000 points: {', '.join(f'{n:,} grids in {t:.3f} s' for n, t in zip(counts, by_grids, strict=True))}; "  # noqa: E501
        f"growth exponent {exponent(counts, by_grids):.2f} with the grids, "
        f"{exponent(sizes, by_points):.2f} with the points")  # fmt: skip
    assert exponent(counts, by_grids) < 0.6
    assert exponent(sizes, by_points) < 1.2
