"""Hexagon counts."""

import geopandas as gpd
import h3
import pytest
import shapely

from geo import CRSError, GeometryError, InvalidParameterError, density
from tests.strategies import line, points_of, streets_of


def lonlat(*places: tuple[float, float]) -> gpd.GeoDataFrame:
    """Return points in EPSG:4326."""
    return gpd.GeoDataFrame(geometry=[shapely.Point(p) for p in places], crs=4326)


def test_each_point_is_counted_in_the_hexagon_that_holds_it() -> None:
    """Longitude first in frames, latitude first in h3: a swap would lose the point."""
    cells = density(lonlat((109.37, 32.83), (109.37, 32.83), (109.42, 32.83)), 9)
    assert sorted(cells["count"]) == [1, 2]
    busy = cells[cells["count"] == 2].iloc[0]
    assert busy["cell"] == h3.latlng_to_cell(32.83, 109.37, 9)
    assert busy.geometry.contains(shapely.Point(109.37, 32.83))
    assert cells.crs.to_epsg() == 4326


def test_rows_without_a_place_are_in_no_cell_and_order_does_not_matter() -> None:
    """Missing, empty, and turned round."""
    points = lonlat((109.37, 32.83), (109.42, 32.83), (109.47, 32.83))
    more = gpd.GeoDataFrame(geometry=[*points.geometry, None, shapely.Point()], crs=4326)
    assert density(more, 9).equals(density(points.iloc[::-1], 9))
    assert density(lonlat(), 9).empty


def test_nonsense_is_refused() -> None:
    """Metres, no point, no resolution."""
    with pytest.raises(CRSError, match=r"to_crs\('EPSG:4326'\)"):
        density(points_of([(0, 0)]), 9)
    with pytest.raises(GeometryError, match="is a LineString"):
        density(streets_of([line((0, 0), (1, 1))]).to_crs(4326), 9)
    for resolution in (-1, 16, 9.5):
        with pytest.raises(InvalidParameterError, match="whole number from 0 to 15"):
            density(lonlat(), resolution)
