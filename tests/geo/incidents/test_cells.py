"""Square cells: where they lie, what they hold and who is beside whom."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import CRSError, GeometryError, InvalidParameterError
from geo.incidents.cells import MAX_CELLS, square_cells
from geo.incidents.segments import street_places
from tests.geo.incidents.ground import cells_of
from tests.strategies import CRS, ORIGIN, areas_of, box, line, points_of, streets_of


def test_cells_cover_the_box_and_know_their_neighbours() -> None:
    """3 x 2 cells: a corner has three neighbours, the middle of a long side five."""
    cells = cells_of(3, 2)
    assert len(cells.frame) == 6
    assert cells.frame["area_m2"].tolist() == [10_000.0] * 6
    assert np.diff(cells.indptr).tolist() == [3, 5, 3, 3, 5, 3]
    assert cells.indices[cells.indptr[1] : cells.indptr[2]].tolist() == [0, 2, 3, 4, 5]
    assert cells.frame.union_all().equals(box(0, 0, 300, 200))


def test_neighbours_are_mutual_and_touch() -> None:
    """Over two pieces of ground, by all pairs."""
    cells = square_cells(areas_of({"a": box(0, 0, 250, 450), "b": box(400, 300, 700, 350)}), 100.0)
    row = np.repeat(np.arange(len(cells.frame)), np.diff(cells.indptr))
    pairs = set(zip(row.tolist(), cells.indices.tolist(), strict=True))
    shapes = np.asarray(cells.frame.geometry.array)
    touching = {
        (i, j)
        for i in range(len(shapes))
        for j in range(len(shapes))
        if i != j and shapely.dwithin(shapes[i], shapes[j], 1e-6)
    }
    assert pairs == touching


def test_a_cell_keeps_its_id_whatever_the_ground() -> None:
    """The id comes from where the cell lies, not from its row."""
    small, large = cells_of(2, 2), cells_of(5, 4)
    shapes = dict(zip(large.frame["place_id"], large.frame.geometry, strict=True))
    for place_id, shape in zip(small.frame["place_id"], small.frame.geometry, strict=True):
        assert shapes[place_id].equals(shape)
    moved = square_cells((*ORIGIN, ORIGIN[0] + 200, ORIGIN[1] + 200), 100.0, CRS, shift_m=50.0)
    assert not set(moved.frame["place_id"]) & set(large.frame["place_id"])


def test_only_cells_that_hold_some_ground_are_laid() -> None:
    """One that the ground only touches with an edge is none."""
    cells = square_cells(areas_of({"a": box(0, 0, 100, 100), "b": box(150, 0, 160, 10)}), 100.0)
    assert len(cells.frame) == 2


def test_a_point_counts_once_and_on_the_last_edge_too() -> None:
    """Inside, on an inner edge, on the outer corner, outside, without a place."""
    cells = cells_of(2, 2)
    points = points_of([(50, 50), (100, 50), (100, 100), (200, 200), (200, 50), (250, 50)])
    points = gpd.GeoDataFrame(geometry=[*points.geometry, None, shapely.Point()], crs=points.crs)
    assert cells.assign(points).tolist() == [0, 1, 3, 3, 1, -1, -1, -1]


def test_a_point_on_the_edge_of_missing_ground_goes_to_the_cell_that_is_there() -> None:
    """The cell east of the edge is not laid."""
    cells = square_cells(areas_of({"a": box(0, 0, 100, 100), "b": box(200, 0, 300, 100)}), 100.0)
    assert cells.assign(points_of([(100, 50), (200, 50), (150, 50)])).tolist() == [0, 1, -1]


def test_shifted_borders_hold_the_same_points() -> None:
    """Every point lies in its cell, every border 30 m off."""
    west, south = ORIGIN
    cells = square_cells((west, south, west + 300, south + 300), 100.0, CRS, shift_m=30.0)
    random = np.random.default_rng(5)
    at = random.uniform(0.0, 300.0, (50, 2))
    row = cells.assign(points_of(at.tolist()))
    shapes = np.asarray(cells.frame.geometry.array)[row]
    assert shapely.covers(shapes, shapely.points(at + ORIGIN)).all()
    assert ((shapely.bounds(shapes)[:, 0] - 30.0) % 100.0 == 0.0).all()


def test_cells_finer_than_a_street_segment_are_refused() -> None:
    """50 m, or the middle length of the segments where that is more."""
    bounds = (*ORIGIN, ORIGIN[0] + 500, ORIGIN[1] + 500)
    with pytest.raises(InvalidParameterError, match=r"cell_m: 49\.0 is less than a street segment"):
        square_cells(bounds, 49.0, CRS)
    streets = street_places(streets_of([line((0, 0), (120, 0)), line((120, 0), (240, 0)),
                                        line((120, 0), (120, 80))]))  # fmt: skip
    assert len(square_cells(bounds, 120.0, CRS, streets=streets).frame)
    with pytest.raises(InvalidParameterError, match="120 m, the middle one of these"):
        square_cells(bounds, 119.0, CRS, streets=streets)
    stubs = street_places(streets_of([line((0, 0), (9, 0)), line((50, 0), (59, 0))]))
    with pytest.raises(InvalidParameterError, match="50 m, a short one"):
        square_cells(bounds, 40.0, CRS, streets=stubs)


@pytest.mark.parametrize("cell_m", [0.0, -5.0, np.nan, np.inf])
def test_no_size_is_refused(cell_m: float) -> None:
    """Nor is one that is no number."""
    with pytest.raises(InvalidParameterError, match="cell_m"):
        square_cells((*ORIGIN, ORIGIN[0] + 500, ORIGIN[1] + 500), cell_m, CRS)


def test_what_is_no_ground_is_refused() -> None:
    """Too many cells, degrees, points for polygons, other CRSs."""
    with pytest.raises(InvalidParameterError, match=f"{MAX_CELLS:,}"):
        square_cells((*ORIGIN, ORIGIN[0] + 1e5, ORIGIN[1] + 1e5), 50.0, CRS)
    with pytest.raises(CRSError):
        square_cells((114.0, 30.0, 114.1, 30.1), 100.0, "EPSG:4326")
    with pytest.raises(GeometryError):
        square_cells(points_of([(0, 0)]), 100.0)
    with pytest.raises(CRSError, match="points"):
        cells_of(2, 2).assign(points_of([(0, 0)]).to_crs("EPSG:4326"))
    with pytest.raises(GeometryError, match="points"):
        cells_of(2, 2).assign(streets_of([line((0, 0), (1, 1))]))
