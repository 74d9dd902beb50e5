"""Codes of grids: from north to south in bands, west to east in a band, stable and never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import ColumnError, CRSError, GeometryError, InvalidParameterError
from geo.partition.codes import code_faults, grid_codes
from geo.partition.ordering import reading_order
from tests.strategies import CRS, box, line

if TYPE_CHECKING:
    from collections.abc import Sequence

VILLAGE = "610981001003"
OTHER = "610981001004"


def grids(shapes: Sequence[Any], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make grids of one village unless told otherwise."""
    parents = {"parent_id": [VILLAGE] * len(shapes)}
    return gpd.GeoDataFrame(parents | columns, geometry=list(shapes), crs=CRS)


def field(columns: int, rows: int) -> list[shapely.Polygon]:
    """Return squares of 100 m, the southern row first."""
    return [
        box(100 * c, 100 * r, 100 * c + 100, 100 * r + 100)
        for r in range(rows)
        for c in range(columns)
    ]


def numbers(codes: Any) -> list[str | None]:  # noqa: ANN401
    """Return the last three digits of each code."""
    return [None if code is None else code[-3:] for code in codes.table["code"]]


def test_numbers_run_west_to_east_in_bands_from_north_to_south() -> None:
    """Three by two squares: the northern row is 001 to 003, the southern 004 to 006."""
    codes = grid_codes(grids(field(3, 2)))
    assert numbers(codes) == ["004", "005", "006", "001", "002", "003"]
    assert codes.table["code"].tolist()[3] == VILLAGE + "001"
    assert codes.summary() == {
        "areas": 6, "kept": 0, "new": 6, "without_code": 0, "faults": {"missing": 6},
    }  # fmt: skip


def test_a_row_that_is_not_quite_level_is_one_band() -> None:
    """Middles 40 m apart from north to south are one row of grids 100 m high; 60 m are two."""
    for drop, expected in ((40, ["001", "002"]), (60, ["002", "001"])):
        shapes = [box(0, -drop, 100, 100 - drop), box(100, 0, 200, 100)]
        assert numbers(grid_codes(grids(shapes))) == expected
        assert numbers(grid_codes(grids(shapes), band_m=1_000)) == ["001", "002"]
        assert numbers(grid_codes(grids(shapes), band_m=1)) == ["002", "001"]


@given(st.permutations(range(7)), st.randoms())
def test_the_order_of_the_rows_and_a_millimetre_change_nothing(order: list, random: Any) -> None:  # noqa: ANN401
    """Not even for grids with one middle, or two alike."""
    ring = shapely.difference(box(0, 0, 90, 90), box(30, 30, 60, 60))
    shapes = np.array(
        [ring, box(30, 30, 60, 60), *field(2, 2), box(500, 0, 600, 100)], dtype=object
    )
    shapes[3] = shapes[2]
    plain = np.array(numbers(grid_codes(grids(shapes))))
    moved = shapely.transform(shapes, lambda xy: xy + random.uniform(-1e-4, 1e-4))
    mixed = np.array(numbers(grid_codes(grids(moved[order]))))
    alike = [2, 3]
    assert sorted(plain) == sorted(mixed)
    for place, row in enumerate(order):
        assert mixed[place] == plain[row] or row in alike
    assert reading_order(np.empty(0, dtype=object)).tolist() == []


def test_each_village_counts_from_one_and_exclusive_grids_from_901() -> None:
    """Two villages side by side; a campus and a market of the first are apart."""
    areas = grids(field(6, 1), kind=["basic", "exclusive", None, " Exclusive ", "micro", "basic"])
    areas["parent_id"] = [VILLAGE] * 5 + [OTHER]
    codes = grid_codes(areas)
    assert numbers(codes) == ["001", "901", "002", "902", "003", "001"]
    assert codes.table["village_id"].tolist() == [VILLAGE] * 5 + [OTHER]


def test_a_grid_that_does_not_say_is_of_the_village_with_most_of_it() -> None:
    """60 m here and 40 m there; one says its village; one lies in none; one has no place."""
    villages = gpd.GeoDataFrame(
        {"area_id": [OTHER, VILLAGE]}, geometry=[box(100, 0, 200, 50), box(0, 0, 100, 50)], crs=CRS
    )
    areas = grids(
        [box(40, 0, 140, 50), box(70, 0, 170, 50), box(0, 60, 9, 70), box(900, 0, 909, 9), None],
        parent_id=[None, " ", VILLAGE, None, VILLAGE],
    )
    codes = grid_codes(areas, villages)
    assert codes.table["village_id"].tolist() == [VILLAGE, OTHER, VILLAGE, None, VILLAGE]
    assert numbers(codes) == ["002", "001", "001", None, None]
    assert codes.table["state"].tolist() == ["new", "new", "new", "no_village", "no_place"]
    said = grids([box(110, 0, 190, 50)], parent_id=[VILLAGE])
    assert grid_codes(said, villages).table["village_id"].tolist() == [VILLAGE]
    half = grids([box(50, 0, 150, 50)], parent_id=[None])
    assert grid_codes(half, villages).table["village_id"].tolist() == [VILLAGE]


def test_kept_codes_stay_and_freed_numbers_are_not_used_again() -> None:
    """004 and 009 are good, one is new, one is broken; 007 was the code of a grid that is gone."""
    old = [VILLAGE + "004", None, VILLAGE + "009", "61098100100301", VILLAGE + "950"]
    areas = grids(field(5, 1), area_id=old)
    codes = grid_codes(areas, keep=True)
    assert numbers(codes) == ["004", "010", "009", "011", "012"]
    assert codes.table["state"].tolist() == ["kept", "new", "kept", "new", "new"]
    assert codes.table["area_id"].tolist() == old
    gone = grid_codes(areas, keep=True, used=[VILLAGE + "020", OTHER + "400", "x"])
    assert numbers(gone) == ["004", "021", "009", "022", "023"]
    assert numbers(grid_codes(areas)) == ["001", "002", "003", "004", "005"]


def test_a_code_of_two_grids_names_none_of_them() -> None:
    """Both are given anew, above the highest number."""
    areas = grids(field(3, 1), area_id=[VILLAGE + "002", VILLAGE + "001", VILLAGE + "002"])
    assert numbers(grid_codes(areas, keep=True)) == ["003", "001", "004"]


def test_every_fault_is_told_once_by_row() -> None:
    """One of each, and a good one."""
    areas = grids(
        field(9, 1),
        area_id=[VILLAGE + "001", None, "12", VILLAGE + "01x", OTHER + "001", VILLAGE + "000",
                 VILLAGE + "905", VILLAGE + "007", VILLAGE + "007"],
        kind=["basic"] * 6 + ["basic", "basic", "basic"],
    )  # fmt: skip
    faults = code_faults(areas)
    assert faults["row"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert faults["fault"].tolist() == [
        "missing", "digits", "digits", "village", "number", "number", "duplicate", "duplicate",
    ]  # fmt: skip
    assert faults["area_id"].tolist()[:2] == [None, "12"]
    exclusive = areas.assign(kind="exclusive").iloc[[0, 6]]
    assert code_faults(exclusive)["fault"].tolist() == ["number"]
    lost = areas.assign(parent_id=[None] * 9)
    nowhere = gpd.GeoDataFrame({"area_id": [VILLAGE]}, geometry=[box(-9, -9, -1, -1)], crs=CRS)
    assert code_faults(lost, nowhere)["fault"].tolist()[0] == "no_village"
    assert code_faults(areas.iloc[:1]).empty


def test_a_village_with_more_grids_than_numbers_is_refused() -> None:
    """900 ordinary grids fit, 901 do not; 99 exclusive ones fit, 100 do not."""
    assert numbers(grid_codes(grids(field(30, 30))))[-1] == "030"
    with pytest.raises(InvalidParameterError, match=f"901 ordinary grids of village {VILLAGE}"):
        grid_codes(grids(field(53, 17)))
    grid_codes(grids(field(11, 9), kind=["exclusive"] * 99))
    with pytest.raises(InvalidParameterError, match=r"100 exclusive grids .* from 901.* at 999"):
        grid_codes(grids(field(10, 10), kind=["exclusive"] * 100))
    full = grids(field(2, 1), area_id=[VILLAGE + "900", None])
    with pytest.raises(InvalidParameterError, match=r"from 901.* number all anew without keep"):
        grid_codes(full, keep=True)


def test_what_cannot_be_numbered_is_refused() -> None:
    """No village, a town for a village, broken polygons, degrees, a band without height."""
    areas = grids(field(2, 1))
    with pytest.raises(ColumnError, match="no column parent_id"):
        grid_codes(areas[["geometry"]])
    for code in ("610981001000", "6109810010", "61098100100x"):
        with pytest.raises(ColumnError, match=f"row 1 lies in '{code}', which is not the code"):
            grid_codes(areas.assign(parent_id=[VILLAGE, code]))
    with pytest.raises(GeometryError, match="areas: row 0 is a LineString"):
        grid_codes(grids([line((0, 0), (9, 9))]))
    with pytest.raises(CRSError, match="not projected"):
        grid_codes(areas.to_crs(4326))
    with pytest.raises(InvalidParameterError, match="band_m must be greater than 0, got 0"):
        grid_codes(areas, band_m=0)
    twice = gpd.GeoDataFrame({"area_id": [OTHER, OTHER]}, geometry=field(2, 1), crs=CRS)
    with pytest.raises(ColumnError, match=f"villages: row 1 has area_id '{OTHER}'"):
        grid_codes(areas, twice)
