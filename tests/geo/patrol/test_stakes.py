"""Railways and pipelines cut at their stakes."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from geo import InvalidParameterError
from geo.patrol.stakes import stakes, stakes_by_area
from tests.strategies import CRS, ORIGIN, areas_of, box, line


def lines_of(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    """Make lines L0, L1 and so on."""
    ids = [f"L{number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"line_id": ids}, geometry=list(shapes), crs=CRS)


def test_ten_kilometres_have_ten_stretches() -> None:
    """Named by the stake at which they begin; what is left over is one more."""
    found = stakes(lines_of(line((0, 0), (6000, 0), (6000, 4000)), line((0, 9), (1250, 9))))
    names = [f"K{number}+000" for number in range(10)]
    assert found["name"].tolist() == [*names, "K0+000", "K1+000"]
    assert found["segment_id"].tolist()[:2] == ["L0 K0+000", "L0 K1+000"]
    assert found["segment_id"].is_unique
    assert found["length_m"].tolist() == pytest.approx([1000.0] * 11 + [250.0])
    assert found.geometry.length.tolist() == pytest.approx(found["length_m"].tolist())
    assert found["to_m"].tolist()[:9] == found["from_m"].tolist()[1:10]


def test_stakes_may_stand_closer() -> None:
    """At 400 m the third is K0+800 and the fourth K1+200."""
    found = stakes(lines_of(line((0, 0), (1300, 0))), every_m=400)
    assert found["name"].tolist() == ["K0+000", "K0+400", "K0+800", "K1+200"]


def test_a_stretch_over_a_gap_of_its_line_is_one_of_two_lines() -> None:
    """The count goes on in the next part, and the gap has no length."""
    parts = shapely.MultiLineString([[(0, 0), (600, 0)], [(700, 0), (1500, 0)]])
    shape = shapely.transform(parts, lambda xy: xy + ORIGIN)
    found = stakes(lines_of(shape, line((0, 9), (10, 9))))
    assert found["length_m"].tolist() == pytest.approx([1000.0, 400.0, 10.0])
    assert found.geometry.geom_type.tolist() == ["MultiLineString", "LineString", "LineString"]
    assert found.geometry.length.tolist() == pytest.approx([1000.0, 400.0, 10.0])


def test_the_areas_of_a_stretch_share_it() -> None:
    """A line of 2 km through an area that ends after 1.25 km."""
    cut = stakes(lines_of(line((0, 0), (2000, 0))))
    found = stakes_by_area(cut, areas_of({"A1": box(-10, -10, 1250, 10)}))
    assert found["segment_id"].tolist() == ["L0 K0+000", "L0 K1+000", "L0 K1+000"]
    assert found["area_id"].tolist() == ["A1", "A1", "(outside)"]
    assert found["share"].tolist() == pytest.approx([1.0, 0.25, 0.75])


def test_the_rounding_of_a_length_is_no_stretch() -> None:
    """Half a millimetre beyond the last stake belongs to the stretch before it."""
    found = stakes(lines_of(line((0, 0), (2000.0005, 0)), line((0, 9), (2000.01, 9))))
    assert found["name"].tolist() == ["K0+000", "K1+000", "K0+000", "K1+000", "K2+000"]


@pytest.mark.parametrize("every_m", [0, -5, 0.5, float("nan")])
def test_stakes_stand_whole_metres_apart(every_m: float) -> None:
    """Anything else has no name."""
    with pytest.raises(InvalidParameterError, match="every_m"):
        stakes(lines_of(line((0, 0), (10, 0))), every_m=every_m)  # type: ignore[arg-type]
