"""Figures by area: every metre once, border stretches to the lowest code, the rest outside."""

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import (
    ColumnError,
    CRSError,
    GeometryError,
    InvalidParameterError,
    post_coverage,
    working_crs,
)
from geo.areas import OUTSIDE
from geo.coverage import by_setting
from tests.strategies import (
    areas_of,
    box,
    line,
    point_lists,
    points_of,
    reaches,
    street_frames,
    streets_of,
)

WEST_EAST = {"02": box(0, -50, 100, 50), "01": box(100, -50, 200, 50)}
"""Two areas that share the border x = 100; the eastern one has the lower code."""


def due_m(streets: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, **options: float) -> dict:
    """Return due length by area code."""
    frame = post_coverage(streets, points_of([])).by_area(areas, **options)
    return dict(zip(frame["area_id"], frame["due_length_m"], strict=True))


def test_a_street_across_the_border_is_divided_at_the_edge_of_its_band() -> None:
    """300 m from 50 m west of the areas to 50 m east: the band of 0.5 m goes to the lower code."""
    streets = streets_of([line((-50, 0), (250, 0))])
    frame = post_coverage(streets, points_of([(20, 0)])).by_area(areas_of(WEST_EAST))
    assert frame["area_id"].tolist() == ["02", "01", OUTSIDE]
    assert frame["due_length_m"].tolist() == pytest.approx([99.5, 100.5, 100.0], abs=1e-9)
    assert frame["covered_length_m"].tolist() == pytest.approx([70.0, 0.0, 30.0], abs=1e-9)
    assert frame["border_length_m"].tolist() == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)
    assert frame["posts"].tolist() == [1, 0, 0]
    assert frame.geometry.iloc[-1] is None


def test_a_street_along_the_border_belongs_to_the_lowest_code_whichever_side_it_is_drawn() -> None:
    """0.4 m to either side is the border; 0.6 m is not."""
    areas = areas_of(WEST_EAST)
    for x, code in ((100.0, "01"), (99.6, "01"), (100.4, "01"), (99.4, "02"), (100.6, "01")):
        length = due_m(streets_of([line((x, -40), (x, 40))]), areas)
        assert length[code] == pytest.approx(80.0, abs=1e-9), x


def test_border_length_is_what_lies_in_the_band() -> None:
    """80 m along the border count, 80 m beside it do not."""
    streets = streets_of([line((100.3, -40), (100.3, 40)), line((90, -40), (90, 40))])
    frame = post_coverage(streets, points_of([])).by_area(areas_of(WEST_EAST))
    assert frame["border_length_m"].sum() == pytest.approx(80.0, abs=1e-9)


def test_the_rim_is_no_shared_border() -> None:
    """0.3 m outside the only area is outside; 0.3 m inside is inside; the rim itself is inside."""
    areas = areas_of({"1": box(0, -50, 100, 50)})
    for x, code in ((100.3, OUTSIDE), (99.7, "1"), (100.0, "1")):
        assert due_m(streets_of([line((x, -40), (x, 40))]), areas)[code] == pytest.approx(80.0)
    across = due_m(streets_of([line((50, 0), (150, 0))]), areas)
    assert across == pytest.approx({"1": 50.0, OUTSIDE: 50.0}, abs=1e-9)


def test_a_crack_between_areas_is_border_and_a_true_gap_is_outside() -> None:
    """Areas 0.4 m apart adjoin; areas 10 m apart do not."""
    crack = areas_of({"1": box(0, -50, 99.8, 50), "2": box(100.2, -50, 200, 50)})
    assert due_m(streets_of([line((100, -40), (100, 40))]), crack)["1"] == pytest.approx(80.0)
    gap = areas_of({"1": box(0, -50, 95, 50), "2": box(105, -50, 200, 50)})
    assert due_m(streets_of([line((100, -40), (100, 40))]), gap)[OUTSIDE] == pytest.approx(80.0)


def test_an_overlap_is_counted_once_and_is_no_border_inside() -> None:
    """Areas overlapping by 20 m: the lower code has it, and only its rims are border."""
    overlap = areas_of({"2": box(0, -50, 110, 50), "1": box(90, -50, 200, 50)})
    frame = post_coverage(streets_of([line((0, 0), (200, 0))]), points_of([])).by_area(overlap)
    assert frame["due_length_m"].tolist() == pytest.approx([89.5, 110.5, 0.0], abs=1e-9)
    assert frame["border_length_m"].sum() == pytest.approx(2.0, abs=1e-9)


def test_holes_and_several_parts_of_an_area_are_respected() -> None:
    """A courtyard is outside; a far second part is inside."""
    ring = box(0, -50, 100, 50).difference(box(40, -10, 60, 10))
    areas = areas_of({"1": shapely.union(ring, box(150, -50, 200, 50))})
    length = due_m(streets_of([line((0, 0), (200, 0))]), areas)
    assert length == pytest.approx({"1": 130.0, OUTSIDE: 70.0}, abs=1e-9)


def test_codes_that_are_numbers_rank_by_value_and_texts_by_characters() -> None:
    """9 is lower than 10, "10" is lower than "9"."""
    left, right = WEST_EAST.values()
    on_border = streets_of([line((100, -40), (100, 40))])
    assert due_m(on_border, areas_of({10: left, 9: right}))[9] == pytest.approx(80.0)
    assert due_m(on_border, areas_of({"10": left, "9": right}))["10"] == pytest.approx(80.0)
    assert due_m(on_border, areas_of({10: left, "1a": right}))[10] == pytest.approx(80.0)


def test_a_point_on_the_border_is_counted_once_in_the_lowest_code() -> None:
    """Two areas, one post on their border, one inside, one outside, one without a place."""
    posts = points_of([(100, 0), (50, 0), (-10, 0)])
    posts = gpd.GeoDataFrame(geometry=[*posts.geometry, None], crs=posts.crs)
    frame = post_coverage(streets_of([]), posts).by_area(areas_of(WEST_EAST))
    assert frame["posts"].tolist() == [1, 1, 2]


def test_an_area_without_due_streets_has_no_share() -> None:
    """NaN in the frame, never 0 or 1; the name is passed on."""
    areas = areas_of(WEST_EAST).assign(name=["西", "东"])
    frame = post_coverage(streets_of([line((10, 0), (20, 0))]), points_of([])).by_area(areas)
    assert frame["covered_share"].tolist()[0] == 0.0
    assert np.isnan(frame["covered_share"].tolist()[1])
    assert frame["name"].tolist()[:2] == ["西", "东"]
    assert frame["name"].isna().tolist() == [False, False, True]


def test_urban_and_rural_areas_are_added_up_and_the_rest_is_unknown() -> None:
    """Two urban areas, a rural one without streets, one that says nothing, and outside."""
    areas = areas_of({k: box(100 * k, -50, 100 * k + 100, 50) for k in range(4)})
    areas = areas.assign(setting=["urban", None, " Urban", "rural"])
    # Along the middle of the first three areas, and 50 m to the west of them.
    result = post_coverage(streets_of([line((-50, 0), (300, 0))]), points_of([(20, 0), (250, 0)]))
    frame = by_setting(result.by_area(areas, border_m=0.0), areas)
    assert list(frame) == ["setting", "due_length_m", "covered_length_m", "covered_share"]
    assert frame["setting"].tolist() == ["urban", "rural", "unknown"]
    assert frame["due_length_m"].tolist() == pytest.approx([200.0, 0.0, 150.0])
    assert frame["covered_length_m"].tolist() == pytest.approx([170.0, 0.0, 30.0])
    assert frame["covered_share"].tolist() == pytest.approx([0.85, np.nan, 0.2], nan_ok=True)


def test_settings_of_other_areas_are_refused() -> None:
    """Without the column, or in another order, the figures would be of other places."""
    areas = areas_of(WEST_EAST).assign(setting=["urban", "rural"])
    by_area = post_coverage(streets_of([line((0, 0), (9, 0))]), points_of([])).by_area(areas)
    with pytest.raises(ColumnError, match="no column setting among area_id, geometry"):
        by_setting(by_area, areas.drop(columns="setting"))
    for other in (areas.iloc[::-1], areas.iloc[:1]):
        with pytest.raises(ColumnError, match="not those of the 3 rows of by_area"):
            by_setting(by_area, other)


squares = st.lists(
    st.tuples(*[st.integers(-300, 300)] * 2, *[st.integers(20, 300)] * 2), min_size=1, max_size=5
)


@given(street_frames, point_lists, reaches, squares, st.floats(0, 5))
def test_the_areas_add_up_to_the_whole(
    streets: gpd.GeoDataFrame, posts: list, reach_m: float, sides: list, border_m: float
) -> None:
    """Whatever overlaps, gaps and bands there are: due, gap and covered length within 1e-6 m."""
    areas = areas_of({str(i): box(x, y, x + w, y + h) for i, (x, y, w, h) in enumerate(sides)})
    result = post_coverage(streets, points_of(posts), reach_m=reach_m)
    frame = result.by_area(areas, border_m=border_m)
    assert frame["due_length_m"].sum() == pytest.approx(result.due_length_m, abs=1e-6)
    assert frame["gap_length_m"].sum() == pytest.approx(result.gap_length_m, abs=1e-6)
    assert frame["covered_length_m"].sum() == pytest.approx(result.covered_length_m, abs=1e-6)
    assert frame["posts"].sum() == len(posts)
    assert (frame["border_length_m"] <= frame["due_length_m"] + 1e-9).all()


@given(street_frames, point_lists, squares, st.data())
def test_the_settings_add_up_to_the_whole(
    streets: gpd.GeoDataFrame, posts: list, sides: list, data: st.DataObject
) -> None:
    """Whatever the areas say, and whatever lies outside of them."""
    areas = areas_of({str(i): box(x, y, x + w, y + h) for i, (x, y, w, h) in enumerate(sides)})
    words = st.sampled_from(["urban", "rural", "unknown", "待定", "", None, np.nan])
    said = data.draw(st.lists(words, min_size=len(areas), max_size=len(areas)))
    areas["setting"] = np.array(said, dtype=object)
    result = post_coverage(streets, points_of(posts))
    by_area = result.by_area(areas)
    frame = by_setting(by_area, areas).set_index("setting")
    assert frame["due_length_m"].sum() == pytest.approx(result.due_length_m, abs=1e-6)
    assert frame["covered_length_m"].sum() == pytest.approx(result.covered_length_m, abs=1e-6)
    for name in ("urban", "rural"):
        mine = by_area.iloc[[i for i, word in enumerate(said) if word == name]]
        assert frame["due_length_m"][name] == pytest.approx(mine["due_length_m"].sum(), abs=1e-9)
    due = frame["due_length_m"] > 0
    assert frame["covered_share"][due].between(0, 1).all()
    assert frame["covered_share"][~due].isna().all()


@given(street_frames, squares)
def test_agrees_with_overlay_where_areas_do_not_touch(
    streets: gpd.GeoDataFrame, sides: list
) -> None:
    """One area, against shapely's intersection."""
    # Overlay joins what runs to and fro on one line; our lengths are walked, so go by segment.
    vertices, row = shapely.get_coordinates(streets.explode().geometry.array, return_index=True)
    pairs = np.flatnonzero(row[:-1] == row[1:])
    streets = streets_of(
        list(shapely.linestrings(np.stack((vertices[pairs], vertices[pairs + 1]), 1)))
    )
    x, y, w, h = sides[0]
    area = box(x, y, x + w, y + h)
    expected = streets.intersection(area).length.sum()
    assert due_m(streets, areas_of({"1": area}))["1"] == pytest.approx(expected, abs=1e-6)


def test_cambridge_has_a_quarter_of_its_streets_on_district_borders(shared_data) -> None:  # noqa: ANN001
    """117 response districts are drawn along centre lines: 27 % of the length within the city."""
    file = shared_data / "us_cambridge_ma_police" / "cambridge.gpkg"
    streets = pyogrio.read_dataframe(file, layer="street_centerlines")
    areas = pyogrio.read_dataframe(file, layer="police_response_districts")
    crs = working_crs(streets)
    frame = post_coverage(streets.to_crs(crs), points_of([]).to_crs(crs).iloc[:0]).by_area(
        areas.assign(area_id=areas["GlobalID"]).to_crs(crs)
    )
    inside = frame[frame["area_id"] != OUTSIDE]
    border_share = inside["border_length_m"].sum() / inside["due_length_m"].sum()
    assert border_share == pytest.approx(0.27, abs=0.01)


def test_areas_that_cannot_serve_are_refused() -> None:
    """No code, a missing code, no polygon, a broken polygon, another CRS, a negative band."""
    result = post_coverage(streets_of([line((0, 0), (9, 0))]), points_of([]))
    good = areas_of(WEST_EAST)
    with pytest.raises(ColumnError, match="no column area_id among geometry"):
        result.by_area(good[["geometry"]])
    with pytest.raises(ColumnError, match="row 1 has no area_id"):
        result.by_area(good.assign(area_id=["1", None]))
    with pytest.raises(GeometryError, match="row 0 is a LineString"):
        result.by_area(areas_of({"1": line((0, 0), (9, 0))}))
    bow = shapely.Polygon(line((0, 0), (9, 9), (9, 0), (0, 9)))
    with pytest.raises(GeometryError, match=r"row 0 is not a valid polygon \(Self-intersection"):
        result.by_area(areas_of({"1": bow}))
    with pytest.raises(CRSError, match="areas: its CRS EPSG:4548 differs"):
        result.by_area(good.to_crs(4548))
    with pytest.raises(InvalidParameterError, match="border_m must be 0 or greater, got -1"):
        result.by_area(good, border_m=-1)
