"""Reach by road in a real town with a wide river, tunnels for cars and paths for walkers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pytest
import shapely

from geo.crs import working_crs
from geo.profiles import FOOT_ONLY
from geo.response import nearest_units, rings

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg"
"""Both banks of the 黄浦江, from OpenStreetMap."""


@pytest.fixture(scope="module")
def streets(shared_data: Path) -> gpd.GeoDataFrame:
    """Return the streets in metres, in our columns."""
    found = gpd.read_file(shared_data / FILE, layer="streets")
    names = {"kind_detail": "class", "is_bridge": "bridge", "is_tunnel": "tunnel"}
    return found.to_crs(working_crs(found)).rename(columns=names)


@pytest.fixture(scope="module")
def river(shared_data: Path, streets: gpd.GeoDataFrame) -> shapely.Polygon:
    """Return the widest water."""
    water = gpd.read_file(shared_data / FILE, layer="water").to_crs(streets.crs)
    return water.geometry.loc[water.area.idxmax()]


def at(streets: gpd.GeoDataFrame, *lonlat: tuple[float, float]) -> gpd.GeoDataFrame:
    """Return points in the CRS of the streets."""
    points = gpd.GeoDataFrame(geometry=shapely.points(lonlat), crs="EPSG:4326")
    return points.to_crs(streets.crs)


@pytest.mark.parametrize("mode", ["car", "foot"])
def test_the_unit_on_the_other_bank_is_nearer_and_does_not_go(
    streets: gpd.GeoDataFrame, river: shapely.Polygon, mode: str
) -> None:
    """On the Bund: 520 m over the water, 715 m on this side; by tunnel it is the other way."""
    place = at(streets, (121.48577, 31.23941))
    units = at(streets, (121.49119, 31.23993), (121.4850, 31.2330))
    units = units.assign(unit_id=["across", "here"])
    straight_m = units.distance(place.geometry[0])
    assert straight_m[0] < 0.75 * straight_m[1]
    sight = shapely.shortest_line(units.geometry, place.geometry[0])
    assert shapely.length(shapely.intersection(sight, river)).tolist() == pytest.approx(
        [421, 0], abs=1
    )
    found = nearest_units(place, units, streets, mode=mode)
    assert found.candidates["unit_id"].tolist() == ["here", "across"]
    here, across = found.candidates["minutes"]
    assert across > 1.9 * here
    assert found.candidates.geometry.length.tolist() == pytest.approx(
        found.candidates["distance_m"].tolist()
    )


def test_a_car_stays_off_the_paths_of_walkers(streets: gpd.GeoDataFrame) -> None:
    """Every metre is in a ring or outside for a reason, and no footway is in a ring."""
    stations = at(streets, (121.49119, 31.23993), (121.4850, 31.2330))
    found = rings(stations, streets)
    kinds = streets["class"].to_numpy()
    driven = set(kinds[found.streets["street_id"]])
    assert "residential" in driven
    assert not driven & FOOT_ONLY
    closed = found.outside[found.outside["reason"] == "closed"]
    assert set(kinds[closed["street_id"]]) <= FOOT_ONLY
    total_m = found.streets["length_m"].sum() + found.outside["length_m"].sum()
    assert total_m == pytest.approx(streets.length.sum())
    walked = rings(stations, streets, mode="foot")
    assert set(kinds[walked.streets["street_id"]]) & FOOT_ONLY
