"""Hexagon counts."""

import geopandas as gpd
import h3
import pytest
import shapely

from geo import ColumnError, CRSError, GeometryError, InvalidParameterError, density
from geo.cells import cells_of
from tests.strategies import areas_of, box, line, points_of, streets_of


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


THIN = areas_of({"lane": box(0, 0, 3, 120), "field": box(0, 0, 400, 300)}).to_crs(4326)
"""A grid 3 m wide, and one of 12 ha, in Wuhan."""


def test_a_grid_3_m_wide_has_cells_where_centres_give_none() -> None:
    """The default mode of h3 asks for centres; a cell of resolution 10 is 130 m across."""
    centres = h3.h3shape_to_cells(h3.geo_to_h3shape(THIN.geometry[0]), 10)
    assert centres == []
    cells = cells_of(THIN, 10)
    assert (cells["area_id"] == "lane").sum() >= 1
    for area_id, area in zip(THIN["area_id"], THIN.geometry, strict=True):
        mine = cells[cells["area_id"] == area_id]
        assert not mine["cell"].duplicated().any()
        assert mine.union_all().buffer(1e-9).covers(area), "no place is in no cell"
        assert mine.intersects(area).all(), "and no cell is elsewhere"
    assert list(cells) == ["area_id", "cell", "geometry"]
    assert cells.crs.to_epsg() == 4326


def test_areas_of_several_parts_with_holes_or_without_a_place_are_indexed() -> None:
    """Two parts far apart, a courtyard wider than a cell, a missing row."""
    far = shapely.union(box(0, 0, 10, 10), box(5_000, 0, 5_010, 10))
    ring = shapely.difference(box(0, 0, 1_000, 1_000), box(200, 200, 800, 800))
    areas = areas_of({"far": far, "none": None, "ring": ring}).to_crs(4326)
    cells = cells_of(areas, 10)
    assert set(cells["area_id"]) == {"far", "ring"}
    parts = cells[cells["area_id"] == "far"]
    assert all(parts.intersects(part).any() for part in areas.geometry[0].geoms)
    middle = h3.latlng_to_cell(*areas.geometry[2].centroid.coords[0][::-1], 10)
    assert middle not in set(cells["cell"][cells["area_id"] == "ring"])
    assert cells_of(areas.iloc[1:2], 10).empty


def test_an_index_that_cannot_be_made_is_refused() -> None:
    """Metres, no code, a line, no resolution, a country in square metres."""
    with pytest.raises(CRSError, match=r"areas: .*to_crs\('EPSG:4326'\)"):
        cells_of(THIN.to_crs(4547), 9)
    with pytest.raises(ColumnError, match="areas: no column area_id"):
        cells_of(THIN[["geometry"]], 9)
    with pytest.raises(GeometryError, match="areas: row 0 is a LineString"):
        cells_of(areas_of({"1": line((0, 0), (1, 1))}).to_crs(4326), 9)
    with pytest.raises(InvalidParameterError, match="whole number from 0 to 15"):
        cells_of(THIN, 16)
    country = gpd.GeoDataFrame(
        {"area_id": ["cn"]}, geometry=[shapely.box(80, 20, 120, 50)], crs=4326
    )
    with pytest.raises(InvalidParameterError, match=r"makes about .* cells .* take a lower one"):
        cells_of(country, 12)
    assert len(cells_of(country, 1)) > 5
