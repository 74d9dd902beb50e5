"""Areas, segments and points that fit each other, and every way not to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import ColumnError, CRSError, InvalidParameterError
from geo.patrol.hierarchy import PatrolLayers, patrol_layers
from tests.patrol_city import patrol_city
from tests.strategies import CRS, areas_of, box, line, points_of

if TYPE_CHECKING:
    from collections.abc import Sequence

AREAS = areas_of({"A1": box(0, 0, 100, 100), "A2": box(100, 0, 200, 100)})
"""Two squares side by side."""


def segments_of(lines: list[Any], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make segments."""
    ids = [f"L{number}" for number in range(len(lines))]
    return gpd.GeoDataFrame({"segment_id": ids} | columns, geometry=lines, crs=CRS)


def found_in(
    lines: list[Any],
    places: Sequence[tuple[float, float]],
    *,
    of_lines: list[Any] | None = None,
    of_points: list[Any] | None = None,
) -> PatrolLayers:
    """Judge segments and points of the two squares; they may say their areas."""
    segments = segments_of(lines, **({} if of_lines is None else {"area_code": of_lines}))
    told = {} if of_points is None else {"area_code": of_points}
    ids = [f"P{number}" for number in range(len(places))]
    return patrol_layers(AREAS, segments, points_of(places, point_id=ids, **told))


def named(found: PatrolLayers) -> list[tuple[str, str]]:
    """Return the ids and findings, in order."""
    return list(zip(found.findings["id"], found.findings["finding"], strict=True))


def test_the_city_of_the_reports_is_whole() -> None:
    """56 areas, 580 segments, 620 points: 10.36 and 11.07 an area."""
    city = patrol_city()
    found = patrol_layers(city.areas, city.segments, city.points)
    summary = found.summary()
    assert found.findings.empty
    assert (summary["areas"], summary["segments"], summary["points"]) == (56, 580, 620)
    assert round(summary["segments_per_area"], 2) == 10.36
    assert round(summary["points_per_area"], 2) == 11.07
    assert round(summary["points_per_segment"], 2) == 1.07
    assert (summary["segments_in_one_area"], summary["points_near_own_segment"]) == (580, 620)
    blind = patrol_layers(
        city.areas, city.segments.drop(columns="area_code"), city.points.drop(columns="area_code")
    )
    assert blind.segments["area_id"].tolist() == city.segments["area_code"].tolist()
    assert blind.points["area_id"].tolist() == city.points["area_code"].tolist()


def test_a_segment_that_crosses_areas_is_named_with_its_shares() -> None:
    """
    60 m in one, 40 m in the other; one of three that is whole is counted.

    Half a metre beyond the border is in both, and counts for the area that has most.
    """
    lines = [line((40, 50), (140, 50)), line((110, 10), (190, 10)), line((150, 50), (250, 50))]
    found = found_in(lines, [(50, 60), (150, 20)])
    assert named(found) == [("L0", "crosses"), ("L2", "outside")]
    assert found.findings["areas"].tolist() == ["A1 0.605; A2 0.395", "A2 0.500"]
    assert found.findings["value_m"].tolist() == pytest.approx([39.5, 50.0])
    assert found.segments["own_share"].tolist() == pytest.approx([0.605, 1.0, 0.5])
    assert found.summary()["segments_in_one_area"] == 1
    assert found.areas["segment_m"].tolist() == pytest.approx([60.5, 130.0])


def test_a_segment_that_says_another_area_is_judged_by_what_it_says() -> None:
    """It lies in A1 and names A2; an area that there is not leaves it where it lies."""
    lines = [line((10, 50), (90, 50)), line((110, 50), (190, 50))]
    found = found_in(lines, [(50, 60), (150, 60)], of_lines=["A2", "A9"])
    assert named(found) == [
        ("L1", "unknown_area"), ("L0", "wrong_area"), ("P0", "far_from_segment"),
        ("A1", "no_segments"),
    ]  # fmt: skip
    assert found.segments["area_id"].tolist() == ["A2", "A2"]
    assert found.segments["own_share"].tolist() == [0.0, 1.0]


@pytest.mark.parametrize("code", ["A1", "A2"])
def test_a_segment_along_a_shared_border_is_in_both_areas(code: str) -> None:
    """Whichever it names, all of it is there; an ending across the border is nothing."""
    lines = [line((100.2, 10), (100.2, 90)), line((50, 50), (100.9, 50)), line((150, 5), (190, 5))]
    found = found_in(lines, [(95, 50), (150, 10)], of_lines=[code, "A1", "A2"])
    assert found.findings.empty
    assert found.segments["own_share"].iloc[0] == 1.0


def test_points_are_held_against_segments_of_their_own_area() -> None:
    """30 m is near, 30.1 m is far, and a segment of another area helps nobody."""
    lines = [line((10, 20), (90, 20)), line((110, 80), (190, 80))]
    places = [(50, 50), (50, 50.1), (99, 80), (250, 50), (101, 21)]
    found = found_in(lines, places, of_points=["A1", "A1", "A1", None, "A1"])
    assert named(found) == [
        ("P3", "no_area"), ("P1", "far_from_segment"), ("P2", "far_from_segment"),
        ("A2", "no_points"),
    ]  # fmt: skip
    assert found.points["distance_m"].tolist()[:2] == pytest.approx([30.0, 30.1])
    assert found.points["distance_m"].iloc[2] == pytest.approx(np.hypot(9, 60))
    assert np.isnan(found.points["distance_m"].iloc[3])
    assert found.summary()["points_near_own_segment"] == 2
    assert found.areas["points"].tolist() == [4, 0]
    away = found_in(lines, [(150, 80), (500, 500)], of_points=["A1", "A2"])
    assert named(away)[:2] == [("P0", "wrong_area"), ("P1", "no_area")]


def test_repeated_ids_and_rows_without_place_are_found_once() -> None:
    """Rows of one code are one area."""
    areas = areas_of({"A1": box(0, 0, 100, 100), "A2": box(100, 0, 200, 100)})
    areas = areas.assign(area_id=["A1", "A1"])
    segments = segments_of([line((50, 50), (150, 50)), None]).assign(segment_id="L")
    points = points_of([(50, 60)], point_id=["P"])
    found = patrol_layers(areas, segments, points)
    assert named(found) == [("A1", "repeated_id"), ("L", "repeated_id"), ("L", "no_place")]
    assert found.findings["row"].tolist() == [1, 1, 1]
    assert found.areas.to_numpy().tolist() == [["A1", 1, pytest.approx(100.0), 1]]
    assert found.summary()["segments_in_one_area"] == 1
    assert isinstance(found.findings.geometry.iloc[0], shapely.Polygon)


def test_areas_without_anything_are_found() -> None:
    """One by one, and all of them where there are no rows."""
    found = found_in([line((10, 20), (90, 20))], [(50, 30)])
    assert named(found) == [("A2", "no_segments"), ("A2", "no_points")]
    none = patrol_layers(AREAS, segments_of([]), points_of([], point_id=[]))
    assert none.summary()["findings"] == {"no_segments": 2, "no_points": 2}
    assert none.summary()["points_per_segment"] is None
    empty = patrol_layers(AREAS.iloc[:0], segments_of([]), points_of([], point_id=[]))
    assert empty.summary()["segments_per_area"] is None


def test_what_cannot_be_judged_is_refused() -> None:
    """Each refusal names the layer."""
    segments, points = segments_of([line((10, 20), (90, 20))]), points_of([(1, 1)], point_id=["P"])
    with pytest.raises(CRSError):
        patrol_layers(AREAS.to_crs(4326), segments.to_crs(4326), points.to_crs(4326))
    with pytest.raises(ColumnError, match="segments: no column segment_id"):
        patrol_layers(AREAS, segments.drop(columns="segment_id"), points)
    with pytest.raises(ColumnError, match="areas: row 1 has area_id ''"):
        patrol_layers(AREAS.assign(area_id=["A1", None]), segments, points)
    with pytest.raises(InvalidParameterError, match="tolerance_m"):
        patrol_layers(AREAS, segments, points, tolerance_m=-1.0)
