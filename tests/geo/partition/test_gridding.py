"""Gridding rates by count and by area, and figures added up the tree of divisions."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import ColumnError, CRSError, GeometryError, InvalidParameterError, require_metric_crs
from geo.partition.gridding import gridding, roll_up
from tests.strategies import CRS, areas_of, box, line

TOWN = "610981001"
VILLAGES = areas_of({f"{TOWN}{k:03d}": box(100 * k, 0, 100 * k + 100, 100) for k in range(1, 5)})
"""Four villages of a hectare side by side, 001 to 004."""


def grid(village: int, number: int) -> str:
    """Return the code of a grid."""
    return f"{TOWN}{village:03d}{number:03d}"


def test_a_village_divided_in_part_lowers_the_rate_by_area_alone() -> None:
    """All four have a grid: 100 % by count; one is half divided: 87.5 % by area."""
    grids = areas_of(
        {
            grid(1, 1): box(100, 0, 200, 60), grid(1, 2): box(100, 60, 200, 100),
            grid(2, 1): box(200, 0, 250, 100), grid(3, 1): box(300, 0, 400, 100),
            grid(4, 1): box(400, 0, 500, 100),
        }
    )  # fmt: skip
    result = gridding(VILLAGES, grids)
    assert (result.by_count.numerator, result.by_count.denominator) == (4, 4)
    assert result.by_count.share == 1.0
    assert result.by_area.numerator == pytest.approx(35_000)
    assert result.by_area.denominator == pytest.approx(40_000)
    assert result.by_area.share == pytest.approx(0.875)
    assert result.villages["grids"].tolist() == [2, 1, 1, 1]
    assert result.villages["gridded_share"].tolist() == pytest.approx([1, 0.5, 1, 1])
    assert result.by_area.summary()["formula"].startswith("ground of villages inside")
    assert result.summary()["without_grid"] == []


def test_rural_villages_without_a_grid_are_allowed_and_listed() -> None:
    """One rural, one urban, one that does not say."""
    villages = VILLAGES.assign(setting=["urban", "Rural ", "urban", None])
    result = gridding(villages, areas_of({grid(1, 1): box(100, 0, 200, 100)}))
    assert result.by_count.share == 0.25
    assert result.without_grid.to_dict("list") == {
        "village_id": [f"{TOWN}002", f"{TOWN}003", f"{TOWN}004"],
        "setting": ["rural", "urban", "unknown"],
        "allowed": [True, False, False],
    }
    assert result.summary()["without_grid_allowed"] == [f"{TOWN}002"]


def test_ground_counts_once_inside_the_own_village_alone() -> None:
    """Two grids one above the other, one that reaches 50 m into its neighbour."""
    grids = areas_of(
        {grid(1, 1): box(100, 0, 150, 100), grid(1, 2): box(100, 0, 150, 100),
         grid(2, 1): box(190, 0, 250, 100), "x": box(900, 0, 909, 9)}
    )  # fmt: skip
    grids["parent_id"] = [f"{TOWN}001", None, f"{TOWN}002", None]
    result = gridding(VILLAGES, grids)
    assert result.villages["gridded_m2"].tolist() == pytest.approx([5_000, 5_000, 0, 0])
    assert result.villages["grids"].tolist() == [2, 1, 0, 0]
    assert result.elsewhere == ["x"]
    moved = gridding(VILLAGES, grids.assign(parent_id=[None, None, f"{TOWN}003", "610981009009"]))
    assert moved.villages["grids"].tolist() == [2, 0, 1, 0]
    assert moved.villages["gridded_m2"].tolist() == pytest.approx([5_000, 0, 0, 0])


def test_a_village_of_unknown_ground_is_counted_and_in_no_area() -> None:
    """Its share is unknown, not 0; without any village there is no rate."""
    villages = gpd.GeoDataFrame(
        {"area_id": ["a", "b"]}, geometry=[box(0, 0, 10, 10), None], crs=CRS
    )
    grids = areas_of({"1": box(0, 0, 10, 5), "2": box(50, 50, 51, 51)}).assign(parent_id=["a", "b"])
    result = gridding(villages, grids)
    assert (result.by_count.share, result.by_count.unknown) == (1.0, 1)
    assert (result.by_area.share, result.by_area.denominator) == pytest.approx((0.5, 100))
    assert np.isnan(result.villages["gridded_share"][1])
    none = gridding(villages.iloc[:0], grids)
    assert none.by_count.share is None
    assert none.by_area.share is None
    assert none.elsewhere == ["1", "2"]


def test_figures_are_added_up_and_what_is_unknown_is_counted_apart() -> None:
    """Two villages of one town, a grid of another county, one without a code."""
    areas = areas_of(
        {grid(1, 1): box(0, 0, 10, 10), grid(1, 2): box(10, 0, 20, 10),
         grid(2, 1): box(20, 0, 30, 10), "610902001001001": box(30, 0, 40, 10),
         "?": box(40, 0, 50, 10)}
    )  # fmt: skip
    areas["households"] = [300, None, None, 50, 7]
    areas["people"] = [900, "800", None, None, None]
    by_village = roll_up(areas)
    assert by_village["code"].tolist() == ["610902001001", f"{TOWN}001", f"{TOWN}002", None]
    assert by_village["areas"].tolist() == [1, 2, 1, 1]
    assert by_village["area_m2"].tolist() == pytest.approx([100, 200, 100, 100])
    assert by_village["households"].tolist() == pytest.approx([50, 300, np.nan, 7], nan_ok=True)
    assert by_village["households_unknown"].tolist() == [0, 1, 1, 0]
    assert by_village["people"].tolist() == pytest.approx(
        [np.nan, 1_700, np.nan, np.nan], nan_ok=True
    )
    town = roll_up(areas, by="town").set_index("code")
    assert town.loc[TOWN, "households"] == 300
    assert town.loc[TOWN, "households_unknown"] == 2
    assert roll_up(areas, by="county")["code"].tolist() == ["610902", "610981", None]
    assert roll_up(areas, by="prefecture")["code"].tolist() == ["6109", None]
    lights = roll_up(areas, figures=["lights"])
    assert lights["lights"].isna().all()
    assert lights["lights_unknown"].tolist() == [1, 2, 1, 1]


def test_the_parent_tells_the_division_before_the_code_does() -> None:
    """A town is no village; a parent of few digits lets the code speak."""
    areas = areas_of(
        {grid(1, 1): box(0, 0, 1, 1), grid(1, 2): box(1, 0, 2, 1), "g": box(2, 0, 3, 1)}
    )
    areas["parent_id"] = [f"{TOWN}007", "西村", f"{TOWN}000"]
    assert roll_up(areas)["code"].tolist() == [f"{TOWN}001", f"{TOWN}007", None]
    assert roll_up(areas, by="town")["areas"].tolist() == [3]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.none() | st.integers(0, 500)),
                min_size=1, max_size=12))  # fmt: skip
def test_every_level_adds_up_to_the_same_whole(rows: list) -> None:
    """Areas, ground and households, and what is not known."""
    codes = [f"61098100{town}00{village}{k:03d}" for k, (town, village, _) in enumerate(rows)]
    areas = areas_of({code: box(k, 0, k + 1, 1) for k, code in enumerate(codes)})
    areas["households"] = [household for *_, household in rows]
    for by in ("village", "town", "county", "prefecture"):
        frame = roll_up(areas, by=by)
        assert frame["areas"].sum() == len(rows)
        assert frame["area_m2"].sum() == pytest.approx(len(rows))
        known = [household for *_, household in rows if household is not None]
        assert frame["households"].sum() == sum(known)
        assert frame["households_unknown"].sum() == len(rows) - len(known)
        # Town 000 is no town: its grids are of no code below the county.
        lost = sum(town == 0 for town, *_ in rows) if by == "town" else 0
        assert frame["areas"][frame["code"].isna()].sum() == lost


def test_78_square_kilometres_read_78_and_mercator_is_refused() -> None:
    """EPSG:4545 near its middle; Web Mercator would say 116.06."""
    side = np.sqrt(78.0e6)
    west, south = 500_000.0 - side / 2, 3_863_000.0
    town = gpd.GeoDataFrame(
        {"area_id": [grid(1, 1)]},
        geometry=[shapely.box(west, south, west + side, south + side)],
        crs="EPSG:4545",
    )
    assert f"{roll_up(town, by='town')['area_m2'][0] / 1e6:.2f}" == "78.00"
    mercator = town.to_crs(3857)
    assert mercator.area[0] / 1e6 > 110
    for refused in (
        lambda: roll_up(mercator),
        lambda: gridding(mercator, mercator),
        lambda: require_metric_crs(areas=mercator),
    ):
        with pytest.raises(CRSError, match="Web Mercator, whose metres are not metres"):
            refused()


def test_frames_that_cannot_serve_are_refused() -> None:
    """No code, one twice, no polygon, no level."""
    with pytest.raises(ColumnError, match="villages: row 1 has area_id 'a'"):
        gridding(VILLAGES.assign(area_id=["a", "a", "b", "c"]), VILLAGES)
    with pytest.raises(GeometryError, match="grids: row 0 is a LineString"):
        gridding(VILLAGES, areas_of({"1": line((0, 0), (9, 9))}))
    with pytest.raises(InvalidParameterError, match="'street' is no level; use one of prefecture"):
        roll_up(VILLAGES, by="street")
