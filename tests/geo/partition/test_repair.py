"""The repair of a partition: what it may move, what it must keep, and what it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, InvalidParameterError
from geo.partition import audit, repair
from tests.county import county
from tests.geo.partition.scenes import DRAWINGS, EAST, WEST, lattice, polygon, ring_of_four
from tests.strategies import areas_of, box

if TYPE_CHECKING:
    import geopandas as gpd

REPAIRED = {
    "a thin hole": ("north", 0.5, 25.0, 0.0),
    "a thin overlap": ("2", 0.5, 0.0, 50.0),
    "an open slit": ("1", 0.5, 50.0, 0.0),
    "a wedge between borders that should meet": ("1", 0.6, 30.0, 0.0),
    "an open slit in a parent": ("1", 0.5, 50.0, 0.0),
}
"""Who moves, how far, and what is gained and lost, with 0.7 m of tolerance."""


def shape_of(areas: gpd.GeoDataFrame, code: str) -> Any:  # noqa: ANN401
    """Return the shape of a code."""
    return areas.set_index("area_id").geometry[code]


@pytest.mark.parametrize("name", REPAIRED)
def test_what_is_narrower_than_the_tolerance_is_closed(name: str) -> None:
    """One area moves, as far as the place is wide, and nothing is left."""
    drawing = DRAWINGS[name]
    repaired = repair(drawing.areas, drawing.parent, tolerance_m=0.7)
    row = repaired.moved.drop(columns="geometry").iloc[0].to_dict()
    area_id, moved_m, gained_m2, lost_m2 = REPAIRED[name]
    assert row == {
        "area_id": area_id, "defect_id": 1, "moved_m": pytest.approx(moved_m, abs=1e-3),
        "gained_m2": pytest.approx(gained_m2), "lost_m2": pytest.approx(lost_m2),
    }  # fmt: skip
    assert len(repaired.moved) == 1
    assert len(repaired.left) == 0
    before, after = (shape_of(areas, area_id) for areas in (drawing.areas, repaired.areas))
    assert after.area == pytest.approx(before.area + gained_m2 - lost_m2)


@pytest.mark.parametrize("name", DRAWINGS)
def test_what_is_wider_than_the_tolerance_stays_and_is_listed(name: str) -> None:
    """With no tolerance only rings that cross themselves are mended."""
    drawing = DRAWINGS[name]
    before = audit(drawing.areas, drawing.parent).defects
    repaired = repair(drawing.areas, drawing.parent, tolerance_m=0.0)
    mended = (before["kind"] == "invalid") & (before["area_m2"] > 0.0)
    assert repaired.left["kind"].tolist() == before.loc[~mended, "kind"].tolist() + (
        ["island"] if name == "a ring that crosses itself" else []
    )
    assert repaired.moved["defect_id"].tolist() == before.loc[mended, "defect_id"].tolist()


def test_what_is_outside_is_cut_off() -> None:
    """700 m2, 7 m deep."""
    drawing = DRAWINGS["outside the parent"]
    repaired = repair(drawing.areas, drawing.parent, tolerance_m=7.0)
    assert repaired.summary() == {
        "repaired": 1, "areas_moved": 1, "moved_m": pytest.approx(7.0), "gained_m2": 0.0,
        "lost_m2": pytest.approx(700.0), "left": {},
    }  # fmt: skip
    assert shape_of(repaired.areas, "1").equals(WEST)
    assert len(repair(drawing.areas, drawing.parent, tolerance_m=6.9).left) == 1


def test_an_overlap_stays_in_its_village_and_else_with_the_lowest_code() -> None:
    """Also where three lie on one another."""
    drawing = DRAWINGS["an overlap across the border is that alone"]
    in_village = repair(drawing.areas, drawing.parent, tolerance_m=5.0)
    assert shape_of(in_village.areas, "1").equals(WEST)
    assert len(in_village.left) == 0
    assert shape_of(repair(drawing.areas, tolerance_m=5.0).areas, "1").area == 10_500.0
    three = areas_of({
        "1": box(0, 0, 51, 60), "2": box(49, 0, 100, 60), "3": box(0, 58, 100, 100),
    })  # fmt: skip
    repaired = repair(three, tolerance_m=4.0)
    assert len(repaired.left) == 0
    assert repaired.areas.area.tolist() == pytest.approx([51 * 60, 49 * 60, 100 * 40])


def test_who_borders_an_overlap_in_one_place_and_covers_another_is_cut_there_alone() -> None:
    """The first area covers the upright strip, and lies at the end of the level one."""
    around = [box(0, 0, 51, 100), box(0, -50, 200, 0), box(110, 0, 200, 100)]
    areas = areas_of({
        "1": shapely.union_all(around), "2": box(50, 0, 110, 100), "3": box(51, 99, 110, 200),
    })  # fmt: skip
    repaired = repair(areas, tolerance_m=2.0)
    assert repaired.areas.area.tolist() == pytest.approx([24_100.0, 5_900.0, 5_900.0])
    assert len(repaired.left) == 0


def test_a_thin_gap_between_many_is_divided_among_them() -> None:
    """A place that follows three borders goes to whoever is beside it: nobody grows a tentacle."""
    areas = areas_of({
        "1": box(0, 0, 100, 49.8), "2": box(0, 50.2, 49.8, 100), "3": box(50.2, 50.2, 100, 100),
        "rim": shapely.difference(box(-50, -50, 150, 150), box(0, 0, 100, 100)),
    })  # fmt: skip
    repaired = repair(areas, tolerance_m=0.6)
    assert len(repaired.left) == 0
    # The strip of 0.4 m to the one with 100 m of border, the other from its end to the next.
    assert repaired.areas.area.iloc[[0, 1, 2, 3]].sum() == pytest.approx(200 * 200)
    gained = repaired.moved.groupby("area_id")["gained_m2"].sum()
    assert set(gained.index) <= {"1", "2", "3", "rim"}
    assert gained["1"] == pytest.approx(40.0, abs=0.3)
    assert repaired.moved["moved_m"].max() <= 0.6 + 1e-4


@pytest.mark.parametrize("tolerance_m", [2.0, 3.0, 6.0, 12.0])
def test_a_gap_before_two_areas_is_divided_where_their_border_meets_it(tolerance_m: float) -> None:
    """Straight across, whatever the tolerance; one that is as wide as the tolerance is closed."""
    areas = areas_of({"north": box(0, 100, 200, 200), "south": box(0, 0, 200, 100)})
    village = areas_of({"v": box(0, 0, 202, 200)})
    repaired = repair(areas, village, tolerance_m=tolerance_m)
    assert len(repaired.left) == 0
    assert repaired.moved["moved_m"].tolist() == pytest.approx([2.0, 2.0])
    wanted = areas_of({"north": box(0, 100, 202, 200), "south": box(0, 0, 202, 100)})
    for code in ("north", "south"):
        assert shape_of(repaired.areas, code).equals(shape_of(wanted, code))
    assert len(repair(areas, village, tolerance_m=1.99).moved) == 0


def test_a_slit_whose_repair_would_close_a_bay_stays() -> None:
    """A bay behind a narrow mouth is rim; a hole would be a gap that was not there."""
    areas = areas_of({
        "1": shapely.difference(box(0, 0, 100, 100), box(60, 20, 100, 80)),
        "2": shapely.union(box(100.5, 0, 200, 100), box(100, 0, 100.5, 20)),
    })  # fmt: skip
    found = audit(areas)
    assert found.defects["kind"].tolist() == ["near_miss"]
    repaired = repair(areas, tolerance_m=1.0, found=found)
    assert len(repaired.moved) == 0
    assert repaired.left["kind"].tolist() == ["near_miss"]


def test_what_no_neighbour_reaches_stays() -> None:
    """A strip of 0.5 m along the rim of the parent; 50 m of it are beside nobody."""
    parent = areas_of({"V": shapely.union(WEST, box(0, 100, 150, 100.5))})
    repaired = repair(areas_of({"1": WEST}), parent, tolerance_m=1.0)
    assert len(repaired.moved) == 0
    assert repaired.left["of"].tolist() == ["gap"]


def test_a_thorn_is_not_cut_out_of_a_neighbour() -> None:
    """It is 0.5 m wide, but its tip lies 10 m from the border that would move there."""
    areas = areas_of({"1": shapely.union(WEST, box(100, 50, 110, 50.5)), "2": EAST})
    repaired = repair(areas, tolerance_m=1.0)
    assert len(repaired.moved) == 0
    assert repaired.left["moves_m"].tolist() == pytest.approx([0.5], rel=0.01)


def test_a_slit_inside_one_area_is_filled() -> None:
    """Its border there is gone, and has not moved."""
    repaired = repair(areas_of({"1": shapely.difference(WEST, box(50, 50, 50.5, 60))}),
                      tolerance_m=0.5)  # fmt: skip
    assert len(repaired.left) == 0
    assert shape_of(repaired.areas, "1").equals(WEST)


def test_a_deep_notch_is_not_filled() -> None:
    """0.9 m wide and 10 m deep: its end would be 10 m from the nearest border."""
    notch = box(50, 90, 50.9, 100)
    areas = areas_of({"1": shapely.difference(WEST, notch), "2": box(0, 100, 100, 200)})
    assert len(repair(areas, tolerance_m=1.0).moved) == 0
    flat = areas_of({"1": shapely.difference(WEST, box(50, 99.1, 60, 100)), "2": areas.geometry[1]})
    assert len(repair(flat, tolerance_m=1.0).left) == 0


def test_nobody_is_cut_in_two() -> None:
    """A strip across a long area is narrow, but without it the area would be in two parts."""
    areas = areas_of({"1": box(49.9, -50, 50.1, 150), "2": box(0, 40, 100, 60)})
    repaired = repair(areas, tolerance_m=1.0)
    assert len(repaired.moved) == 0
    assert repaired.left["of"].tolist() == ["overlap"]
    assert repaired.areas.geometry.equals(areas.geometry)


def test_a_ring_that_crosses_itself_is_mended() -> None:
    """Its lines stay where they are."""
    areas = areas_of({"1": polygon((0, 0), (100, 100), (100, 0), (0, 100)), "2": EAST})
    repaired = repair(areas, tolerance_m=0.0)
    assert repaired.areas.is_valid.all()
    assert repaired.areas.area.tolist() == pytest.approx([5_000.0, 10_000.0])
    moved = repaired.moved[["area_id", "defect_id", "moved_m"]].to_numpy().tolist()
    assert moved == [["1", 1, 0.0]]


def test_rows_columns_and_order_stay() -> None:
    """And what nothing moves keeps its geometry to the bit."""
    areas = areas_of(ring_of_four(50, 0.5)).assign(name=list("abcd"))
    areas.index = [7, 3, 5, 1]
    areas.geometry = shapely.force_3d(areas.geometry.array, 12.0)
    repaired = repair(areas, tolerance_m=1.0).areas
    assert repaired.drop(columns="geometry").equals(areas.drop(columns="geometry"))
    same = repaired.geometry.to_wkb() == areas.geometry.to_wkb()
    assert areas["area_id"][~same].tolist() == ["north"]
    assert repaired.crs == areas.crs


@given(seed=st.integers(0, 10_000), tolerance_m=st.sampled_from([0.3, 1.0, 3.0]))
@settings(max_examples=30)
def test_no_ground_farther_than_the_tolerance_changes_hands(seed: int, tolerance_m: float) -> None:
    """Ground is kept, borders move by the tolerance at most, and what is left was there before."""
    moves_no_farther(lattice(seed, shift_m=2.0), tolerance_m)


@pytest.mark.parametrize(
    ("seed", "shift_m"), [(189, 0.5), (389, 0.5), (534, 0.5), (374, 0.5), (17, 2.0)]
)
def test_slits_that_meet_or_lie_behind_one_another_are_closed_in_turn_or_stay(
    seed: int, shift_m: float
) -> None:
    """Scenes that were once repaired too far, or to new holes."""
    moves_no_farther(lattice(seed, shift_m=shift_m), 1.0)


def moves_no_farther(areas: gpd.GeoDataFrame, tolerance_m: float) -> None:
    """Repair areas and judge what it did."""
    before = audit(areas)
    repaired = repair(areas, tolerance_m=tolerance_m, found=before)
    after = audit(repaired.areas)
    assert after.area_m2 == pytest.approx(
        before.area_m2 + repaired.moved["gained_m2"].sum(), abs=1e-2
    )
    assert (repaired.moved["moved_m"] <= tolerance_m + 1e-4).all()
    for old, new in zip(areas.geometry, repaired.areas.geometry, strict=True):
        assert new.is_valid
        band = shapely.buffer(old.boundary, tolerance_m * 1.001 + 1e-4, quad_segs=64)
        assert shapely.symmetric_difference(old, new).difference(band).area < 1e-3
        near = shapely.buffer(new.boundary, tolerance_m * 1.001 + 1e-4, quad_segs=64)
        holes = [ring for ring in old.interiors if shapely.contains_properly(new, ring)]
        assert holes or shapely.covers(near, old.boundary)
    place = before.defects.set_index("defect_id").geometry[repaired.moved["defect_id"]]
    inside = shapely.point_on_surface(repaired.moved.geometry.array)
    assert (shapely.distance(inside, place.array) < 1e-3).all()
    was = shapely.union_all(before.defects.geometry.array)
    new = shapely.difference(after.defects.geometry.array, was)
    assert (shapely.area(new) < 0.02).all()
    assert repaired.left["area_m2"].tolist() == after.defects["area_m2"].tolist()


@pytest.mark.parametrize("seed", [*range(12), 374, 901, 1125])
def test_repairing_again_moves_nothing(seed: int) -> None:
    """What was left had a reason, and keeps it."""
    once = repair(lattice(seed, shift_m=0.5), tolerance_m=1.0)
    again = repair(once.areas, tolerance_m=1.0)
    assert len(again.moved) == 0
    assert again.areas.geometry.equals(once.areas.geometry)


def test_a_county_shaken_by_a_hand_is_whole_again() -> None:
    """Every tenth grid is drawn anew up to 0.4 m off, and nothing is left but what is wider."""
    drawn = county(towns=2, villages=12, grids=60, seed=4)
    random = np.random.default_rng(1)
    shapes = [
        shapely.transform(shape, lambda xy: xy + random.uniform(-0.28, 0.28, 2)) if n % 10 == 0
        else shape
        for n, shape in enumerate(drawn.grids.geometry)
    ]  # fmt: skip
    shaken = drawn.grids.set_geometry(shapes, crs=drawn.grids.crs)
    assert set(audit(shaken, drawn.city).defects["kind"]) >= {"sliver"}
    repaired = repair(shaken, drawn.city, tolerance_m=1.0)
    assert len(repaired.left) == 0
    assert repaired.areas.area.sum() == pytest.approx(drawn.city.area[0], abs=1.0)
    assert 0.1 < repaired.summary()["moved_m"] < 0.6


def test_nothing_needs_no_repair() -> None:
    """An empty layer stays empty."""
    repaired = repair(areas_of({}), tolerance_m=1.0)
    assert (len(repaired.areas), len(repaired.moved), len(repaired.left)) == (0, 0, 0)
    assert repaired.summary()["moved_m"] is None


@pytest.mark.parametrize("tolerance_m", [-0.1, np.nan])
def test_a_tolerance_that_is_none_is_refused(tolerance_m: float) -> None:
    """A negative one, and no number."""
    with pytest.raises(InvalidParameterError, match="tolerance_m must be 0 or greater"):
        repair(areas_of({"1": WEST}), tolerance_m=tolerance_m)


def test_areas_without_codes_are_refused() -> None:
    """As in the audit."""
    with pytest.raises(ColumnError, match="no column area_id"):
        repair(areas_of({"1": WEST})[["geometry"]], tolerance_m=1.0)
