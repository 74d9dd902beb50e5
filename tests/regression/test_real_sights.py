"""20,000 sight lines among the buildings of Midtown and of Lujiazui, one wall after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from data import read_layer
from geo import working_crs
from geo.visibility import Eyes, Sights, Walls

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "Midtown": "us_nyc_midtown_osm/nyc_midtown_3km.gpkg:buildings",
    "Lujiazui": "cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg:buildings",
}

EYES, LINES = 1_000, 20_000


@pytest.mark.parametrize("place", list(FILES))
def test_sight_lines_agree_with_brute_force(place: str, shared_data: Path) -> None:
    """A point is seen when the straight line to it meets no wall: none wrong beyond 1 cm."""
    buildings = read_layer(f"{shared_data / FILES[place]}", "buildings").frame
    walls = Walls.of(buildings.to_crs(working_crs(buildings)))
    rng = np.random.default_rng(20261122)
    xy = rng.uniform(*np.reshape(shapely.total_bounds(walls.outlines), (2, 2)), (3 * EYES, 2))
    inside = walls.tree.query(shapely.points(xy), predicate="intersects")[0]
    xy = np.delete(xy, np.unique(inside), axis=0)[:EYES]
    n = len(xy)
    eyes = Eyes(
        xy, rng.choice([50.0, 100.0, 200.0], n), rng.uniform(0, 360, n),
        rng.choice([60.0, 90.0, 200.0, 360.0], n), np.full(n, np.nan), np.zeros(n),
    )  # fmt: skip
    drawn = Sights.of(eyes, walls).polygons()
    assert shapely.is_valid(drawn).all()
    who = rng.integers(0, n, LINES)
    angle = np.radians(eyes.azimuth_deg[who] + eyes.fov_deg[who] * rng.uniform(-0.5, 0.5, LINES))
    far = eyes.range_m[who] * np.sqrt(rng.uniform(0, 1, LINES))
    to = xy[who] + far[:, None] * np.column_stack((np.sin(angle), np.cos(angle)))
    lines = shapely.linestrings(np.stack((xy[who], to), axis=1))
    tree = shapely.STRtree(shapely.linestrings(walls.segments.reshape(-1, 2, 2)))
    free = np.ones(LINES, dtype=bool)
    free[tree.query(lines, predicate="intersects")[0]] = False
    wrong = np.flatnonzero(shapely.contains_xy(drawn[who], *to.T) != free)
    edge = shapely.distance(shapely.boundary(drawn[who[wrong]]), shapely.points(to[wrong]))
    assert 0.2 < free.mean() < 0.9
    assert not (edge > 0.01).any()
