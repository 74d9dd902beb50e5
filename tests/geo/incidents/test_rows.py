"""When rows count, for how many, in which unit, where, and which are repeats."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import CRSError, GeometryError, InvalidParameterError
from geo.incidents.periods import Period
from geo.incidents.placed import placed_in
from geo.incidents.rows import (
    at_least,
    counted_at,
    in_period,
    plain_counts,
    repeats,
    units_of,
    weights_of,
)
from tests.geo.incidents.ledgers import AREAS, SPOTS, ledger
from tests.strategies import areas_of, box


def test_a_case_that_crosses_new_year_counts_once_by_acceptance() -> None:
    """It happened in the old year and was accepted in the new one."""
    rows = ledger([
        {"time": "2025-12-31 23:50", "accepted": "2026-01-01 00:10"},
        {"time": "2025-12-31 23:50", "accepted": None},
        {"time": None, "accepted": None},
    ])  # fmt: skip
    assert [str(at) for at in counted_at(rows)] == [
        "2026-01-01 00:10:00", "2025-12-31 23:50:00", "NaT",
    ]  # fmt: skip
    old = Period(dt.date(2025, 1, 1), dt.date(2026, 1, 1))
    new = Period(dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    assert in_period(rows, old).tolist() == [False, True, False]
    assert in_period(rows, new).tolist() == [True, False, False]


def test_a_period_holds_its_first_moment_and_not_the_one_after_its_last() -> None:
    """Half open, so that no moment is in two periods or in none."""
    rows = ledger([{"time": time} for time in ("2026-02-28 23:59:59", "2026-03-01", "2026-04-01")])
    march = Period(dt.date(2026, 3, 1), dt.date(2026, 4, 1))
    assert in_period(rows, march).tolist() == [False, True, False]


def test_the_unit_is_part_of_a_row() -> None:
    """Where none is said, cases and calls are 起 and the others 件."""
    rows = ledger([
        {"kind": "case", "count_unit": None},
        {"kind": "police_call", "count_unit": None},
        {"kind": "dispute", "count_unit": None},
        {"kind": "dispute", "count_unit": "person_time"},
    ])  # fmt: skip
    assert units_of(rows).tolist() == ["occurrence", "occurrence", "matter", "person_time"]
    assert units_of(rows.drop(columns=["kind", "count_unit"])).tolist() == ["matter"] * 4
    with pytest.raises(InvalidParameterError, match=r"row 1 has count_unit '头'"):
        units_of(ledger([{"count_unit": "matter"}, {"count_unit": "头"}]))


def test_a_row_of_a_ledger_stands_for_what_it_says() -> None:
    """4,268 matters in one row; "2.1万余" is 21,000 and more."""
    rows = ledger([{"count": 4268}, {"count": None}, {"count": 21_000, "about": True}])
    assert weights_of(rows).tolist() == [4268, 1, 21_000]
    assert at_least(rows).tolist() == [False, False, True]
    assert weights_of(ledger([{"kind": "case"}])).tolist() == [1]
    for wrong in (-1, 1.5, "viele"):
        with pytest.raises(InvalidParameterError, match="row 0 has count"):
            weights_of(ledger([{"count": wrong}]))


def test_times_with_a_zone_are_refused() -> None:
    """Hours are local: one with a zone would be moved by it."""
    rows = pd.DataFrame({"time": pd.to_datetime(["2026-03-01T00:00:00+08:00"])})
    with pytest.raises(InvalidParameterError, match="time: times with a zone"):
        counted_at(rows)


def test_repeats_are_equal_in_everything_but_the_id() -> None:
    """The place is part of it, and so is a blank cell."""
    rows = ledger([
        {"incident_id": 1, "class": "theft", "at": (1, 1)},
        {"incident_id": 2, "class": "theft", "at": (1, 1)},
        {"incident_id": 3, "class": "theft", "at": (1, 2)},
        {"incident_id": 4, "class": None, "at": None},
        {"incident_id": 5, "class": None, "at": None},
    ])  # fmt: skip
    assert repeats(rows).tolist() == [False, True, False, False, True]


def test_a_point_on_a_border_belongs_to_the_lowest_code_alone() -> None:
    """Each of the spots is in one place."""
    placed = placed_in(ledger([{"at": spot} for spot in SPOTS]), AREAS)
    found = [placed.labels[code] for code in placed.code]
    assert found == ["a", "a", "a", "b", "c", "outside", "no_place"]


def test_a_row_without_a_place_counts_in_the_area_it_names() -> None:
    """A place decides before the name; one that is only an area's does not."""
    rows = ledger([
        {"at": None, "area_code": "b"},
        {"at": (50, 50), "area_code": "b"},
        {"at": (50, 50), "area_code": "b", "place_quality": "area"},
        {"at": (50, 50), "area_code": "z", "place_quality": "area"},
        {"at": None, "area_code": "z"},
        {"at": None, "area_code": None},
    ])  # fmt: skip
    placed = placed_in(rows, AREAS)
    assert [placed.labels[code] for code in placed.code] == [
        "b", "a", "b", "a", "no_place", "no_place",
    ]  # fmt: skip
    assert placed.by_name.tolist() == [True, False, True, False, False, False]
    assert placed.unlisted.tolist() == [False, False, False, False, True, False]


def test_codes_are_the_same_whether_numbers_or_texts() -> None:
    """The code of an area may have been read as a number, that of a row as a text."""
    areas = areas_of({610981001001: box(0, 0, 100, 100)})
    placed = placed_in(ledger([{"area_code": "610981001001"}]), areas)
    assert placed.labels[placed.code[0]] == "610981001001"


def test_without_areas_rows_count_by_what_they_name() -> None:
    """One with a place that names nothing is not without a place."""
    rows = ledger([{"area_code": "b"}, {"area_code": None}, {"area_code": None, "at": (1, 1)}])
    placed = placed_in(rows, None)
    assert [placed.labels[code] for code in placed.code] == ["b", "no_place", "not_named"]


def test_an_incident_far_away_is_outside_and_no_error() -> None:
    """A stray row never stops the others."""
    rows = ledger([{"at": (50, 50)}, {"at": (-530_000, 9_000_000)}])
    assert plain_counts(rows, AREAS)["by_area"] == {"a": 1, "outside": 1}


def test_what_cannot_be_placed_is_refused() -> None:
    """Another CRS, lines, and an area that is called like none."""
    rows = ledger([{"at": (50, 50)}])
    with pytest.raises(CRSError, match="incidents: its CRS EPSG:4326 differs"):
        placed_in(rows.to_crs("EPSG:4326"), AREAS)
    with pytest.raises(GeometryError, match="row 0 is a LinearRing"):
        placed_in(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1).exterior], crs=AREAS.crs), AREAS)
    with pytest.raises(InvalidParameterError, match="'outside' is what rows count in"):
        placed_in(rows, areas_of({"outside": box(0, 0, 1, 1)}))


def test_plain_counts_add_up_to_the_rows() -> None:
    """Every row is in one year, one class and one area, known or not."""
    rows = ledger([
        {"class": "theft", "time": "2025-05-01", "at": (50, 50), "count": 900},
        {"class": "theft", "time": "2026-05-01", "at": (150, 50), "count": 1},
        {"class": None, "time": None, "at": None, "count": 1},
        {"class": None, "time": None, "at": None, "count": 1},
    ])  # fmt: skip
    assert plain_counts(rows, AREAS) == {
        "rows": 4,
        "with_place": 2,
        "repeats": 1,
        "by_year": {"2025": 1, "2026": 1, "unknown": 2},
        "by_class": {"theft": 2, "unknown": 2},
        "by_area": {"a": 1, "b": 1, "no_place": 2},
    }
    assert plain_counts(rows.iloc[:0])["by_year"] == {}


def test_points_of_blank_coordinates_and_empty_ones_are_no_place() -> None:
    """Coordinates that are missing make a point that is not empty."""
    nowhere = [shapely.Point(np.nan, np.nan), shapely.Point(), None]
    rows = gpd.GeoDataFrame({"class": "theft"}, index=range(3), geometry=nowhere, crs=AREAS.crs)
    found = plain_counts(rows, AREAS)
    assert (found["with_place"], found["by_area"]) == (0, {"no_place": 3})


def test_rows_without_a_geometry_have_no_place() -> None:
    """A ledger of counters needs none."""
    rows = pd.DataFrame({"area_code": ["a", None], "count": [3, 4]})
    assert plain_counts(rows, AREAS)["by_area"] == {"a": 1, "no_place": 1}
    assert np.array_equal(repeats(rows), [False, False])
