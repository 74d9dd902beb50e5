"""Blocks and grids of a part of Lujiazui, from its streets, buildings and river."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data import read_layer
from geo import working_crs
from geo.partition import adjacency, blocks, bridges_among, divide

if TYPE_CHECKING:
    from pathlib import Path

PLACE = "cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg"

CORNER, SIDE_M = (121.4860, 31.2420), 900.0
"""South-west corner in degrees and side of the cut-out: four banks, where creek and river meet."""


@pytest.fixture(scope="module")
def scene(shared_data: Path) -> dict[str, gpd.GeoDataFrame]:
    """Cut the layers out; households are drawn, because the map tells none."""
    streets = read_layer(f"{shared_data / PLACE}:streets", "streets").frame
    crs = working_crs(streets)
    corner = gpd.GeoSeries.from_xy(*np.transpose([CORNER]), crs="EPSG:4326").to_crs(crs).iloc[0]
    ground = shapely.box(corner.x, corner.y, corner.x + SIDE_M, corner.y + SIDE_M)
    buildings = read_layer(f"{shared_data / PLACE}:buildings", "buildings").frame.to_crs(crs)
    water = gpd.read_file(shared_data / PLACE, layer="water").to_crs(crs)
    random = np.random.default_rng(1)
    layers = {
        "village": gpd.GeoDataFrame({"area_id": ["v"]}, geometry=[ground], crs=crs),
        "streets": streets.to_crs(crs),
        "water": water,
        "buildings": buildings.assign(households=random.integers(1, 60, len(buildings))),
    }
    return {name: frame[frame.intersects(ground)] for name, frame in layers.items()}


@pytest.mark.parametrize("most", [None, 50.0])
def test_blocks_of_lujiazui_tile_and_cut_no_building(
    scene: dict[str, gpd.GeoDataFrame], most: float | None
) -> None:
    """To the bit where they meet, and to a square metre in a million on the whole."""
    found = blocks(**scene, most_households=most)
    shapes, ground = np.asarray(found.geometry.array), scene["village"].geometry.iloc[0]
    assert shapely.coverage_is_valid(shapes)
    assert (found.geom_type == "Polygon").all()
    assert shapely.area(shapes).sum() == pytest.approx(ground.area, abs=1e-3)
    houses = shapely.make_valid(np.asarray(scene["buildings"].geometry.array))
    # One that the cut-out leaves in two pieces is two.
    houses = shapely.get_parts(shapely.intersection(houses, ground))
    house, block = shapely.STRtree(shapes).query(houses, predicate="intersects")
    most_of = np.zeros(len(houses))
    part = shapely.area(shapely.intersection(houses[house], shapes[block]))
    np.maximum.at(most_of, house, part)
    assert (shapely.area(houses) - most_of < 0.02).all()
    assert 40 < len(found) < 400


def test_creek_and_river_part_the_banks_but_for_two_bridges(
    scene: dict[str, gpd.GeoDataFrame],
) -> None:
    """Without the bridges no grid lies on two banks; with them the creek may be crossed."""
    found, water = blocks(**scene), scene["water"]
    parted = adjacency(found, water=water)
    joined = adjacency(found, water=water, bridges=bridges_among(scene["streets"]))
    assert len(adjacency(found)) > len(joined) == len(parted) + joined["bridged"].sum()
    assert joined["bridged"].sum() == 2
    division = divide(found, 6, neighbours=parted, iterations=100)
    plan = division.plans[0]
    assert division.detached == ()
    assert (plan.areas.geom_type == "Polygon").all()
    banks = shapely.get_parts(
        shapely.difference(scene["village"].geometry.iloc[0], shapely.union_all(water.geometry))
    )
    banks = banks[shapely.area(banks) > 1e4]
    assert len(banks) == 4
    grids = np.asarray(plan.areas.geometry.array)
    grid, bank = shapely.STRtree(banks).query(grids, predicate="intersects")
    share = shapely.area(shapely.intersection(grids[grid], banks[bank]))
    assert np.bincount(grid[share > 100.0], minlength=6).tolist() == [1] * 6
