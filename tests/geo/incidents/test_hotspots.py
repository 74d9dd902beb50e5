"""Hot spots: none in noise, the cluster that is there, the same id next week, and what counts."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import ColumnError, CRSError, InvalidParameterError
from geo.incidents.hotspots import hot_spots
from geo.incidents.local_g import PERMUTATIONS
from geo.incidents.periods import Period
from geo.incidents.segments import street_places
from tests.geo.incidents.ground import cells_of, cluster, clustered, incidents_at
from tests.strategies import line, points_of, streets_of

CELLS = cells_of(30, 30)

SMALL = cells_of(8, 8)

BASE = 2.0
"""Incidents per cell outside the cluster. With 1 three in five clusters are found: eight neighbours
at three times so little are hardly more than 900 places have by chance."""


def heap(**columns: object) -> gpd.GeoDataFrame:
    """Return incidents of the small ground: one in each cell, ten in four of a corner."""
    counts = np.ones((8, 8), dtype=np.int64)
    counts[:2, :2] = 10
    return incidents_at(SMALL, counts, **columns)


def test_noise_has_hardly_ever_a_hot_spot() -> None:
    """A sample of the rule of the benchmark: 20 maps, base rates from 1 to 10, at most two."""
    shown = 0
    for seed in range(20):
        rate = 1.0 + seed % 10
        counts = np.random.default_rng(seed).poisson(rate, 900)
        shown += len(hot_spots(incidents_at(CELLS, counts), CELLS, seed=seed).spots) > 0
    assert shown <= 2


def test_a_cluster_is_found_and_keeps_its_id_next_week() -> None:
    """A sample of the rule of the benchmark: 3 x 3 cells at three times the rate, 7 of 8."""
    found = kept = 0
    for seed in range(8):
        first = hot_spots(incidents_at(CELLS, clustered(seed, BASE)), CELLS, seed=seed)
        second = hot_spots(
            incidents_at(CELLS, clustered(1_000 + seed, BASE)), CELLS, seed=seed, previous=first
        )
        ids = [set(week.places["spot_id"].iloc[cluster()].dropna()) for week in (first, second)]
        found += bool(ids[0])
        kept += bool(ids[0] & ids[1])
    assert found >= 7
    assert kept >= 7


def test_a_heap_of_four_cells_is_one_spot() -> None:
    """With its measure, its peak and its outline."""
    found = hot_spots(heap(), SMALL)
    assert found.places["hot"].to_numpy().reshape(8, 8)[:2, :2].all()
    assert len(found.spots) == 1
    spot = found.spots.iloc[0]
    hot = found.places[found.places["hot"]]
    assert spot["n"] == hot["n"].sum()
    assert spot["places"] == len(hot)
    assert spot["area_m2"] == pytest.approx(10_000.0 * len(hot))
    assert spot.geometry.area == pytest.approx(spot["area_m2"])
    assert spot["peak_place"] in set(SMALL.frame["place_id"].iloc[[0, 1, 8, 9]])
    assert set(hot["spot_id"]) == {spot["spot_id"]}
    assert not spot["kept"]
    assert (found.places["q"][found.places["hot"]] <= 0.05).all()


def test_the_sum_over_places_and_what_is_told_is_every_row() -> None:
    """Repeats stay; a row outside, one without a place and one that is only in a village too."""
    rows = heap(found_by="call")
    rows = gpd.GeoDataFrame(
        pd.concat(
            [rows, points_of([(5_000, 0)]), points_of([(50, 50)], place_quality=["area"]),
             points_of([(50, 50)], count=[0]), points_of([(50, 50)], found_by=["patrol"]),
             gpd.GeoDataFrame(geometry=[None], crs=rows.crs)], ignore_index=True,
        ), crs=rows.crs,
    )  # fmt: skip
    found = hot_spots(rows, SMALL)
    told = found.taken
    assert found.places["n"].sum() == told.counted == 100
    assert (told.outside, told.without_place, told.empty) == (1, 2, 1)
    parts = told.counted + told.outside + told.without_place + told.empty
    assert parts + told.left_out.numerator == told.rows == 105
    json.dumps(found.summary())


def test_what_patrols_found_is_left_out_and_told() -> None:
    """Else the patrol makes its own hot spot. What cameras found stays, and is told apart."""
    finders = np.where(np.arange(100) < 40, "patrol", "call")
    finders[90:] = ""
    finders[80:90] = "video"
    rows = heap(found_by=finders)
    found = hot_spots(rows, SMALL)
    assert (found.left_out.numerator, found.left_out.denominator) == (40, 90)
    assert found.left_out_share == pytest.approx(40 / 90)
    assert found.unknown_source == 10
    assert found.taken.sources == {"call": 40, "unknown": 10, "video": 10}
    assert not len(found.spots)
    assert found.places["n"].sum() == 60
    every = hot_spots(rows, SMALL, public_only=False)
    assert every.places["n"].sum() == 100
    assert every.left_out.numerator == 40
    assert len(every.spots) == 1
    assert hot_spots(heap(), SMALL).left_out_share is None


def test_the_period_goes_by_acceptance() -> None:
    """A case that crosses New Year is of the new year."""
    rows = heap(time=pd.Timestamp("2025-12-31 23:30"), accepted=pd.Timestamp("2026-01-01 00:10"))
    year = Period(dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    assert hot_spots(rows, SMALL, period=year).taken.counted == 100
    assert hot_spots(rows.drop(columns="accepted"), SMALL, period=year).taken.counted == 0


def test_a_row_is_one_and_the_unit_is_told() -> None:
    """Ten persons in one row are one matter; units are never added across."""
    assert hot_spots(heap(count=10, count_unit="person"), SMALL).taken.unit == "matter"
    calls = hot_spots(heap(kind="police_call", count=10), SMALL)
    assert calls.taken.unit == "occurrence"
    assert calls.places["n"].sum() == 100
    mixed = heap(kind=["event", "case"] * 50)
    assert hot_spots(mixed, SMALL).taken.unit == "matter"


def test_by_exposure_a_crowd_is_no_hot_spot() -> None:
    """Ten times the incidents among ten times the people; nobody lives in the last cell."""
    people = np.full(64, 100.0)
    people[[0, 1, 8, 9]] = 1_000.0
    people[63] = 0.0
    held = SMALL.frame.assign(people=people)
    cells = type(SMALL)(**{**vars(SMALL), "frame": held})
    found = hot_spots(heap(), cells, exposure="people")
    assert not found.places["hot"].any()
    assert np.isnan(found.places["p"].iloc[63])
    assert np.isnan(found.places["value"].iloc[63])
    assert found.summary()["tested"] == 63
    even = held.assign(people=100.0)
    cells = type(SMALL)(**{**vars(SMALL), "frame": even})
    assert hot_spots(heap(), cells, exposure="people").places["hot"].iloc[[0, 1, 8, 9]].all()


def test_rates_on_little_exposure_are_drawn_to_the_mean() -> None:
    """One incident of one person is no rate of 100 %; of a thousand it stands nearly as it is."""
    people = np.full(64, 100.0)
    people[40], people[[0, 1, 8, 9]] = 1.0, 1_000.0
    counts = np.ones((8, 8), dtype=np.int64)
    counts[:2, :2] = 100
    cells = type(SMALL)(**{**vars(SMALL), "frame": SMALL.frame.assign(people=people)})
    value = hot_spots(incidents_at(SMALL, counts), cells, exposure="people").places["value"]
    mean = counts.sum() / people.sum()
    assert value.iloc[40] < mean + 0.1 * (1.0 - mean)
    assert value.iloc[0] > mean + 0.9 * (0.1 - mean)


def test_street_segments_are_places() -> None:
    """A lattice of 8 x 8 blocks: the streets around one corner are hot, as streets."""
    ways = [line((0, 100 * k), (800, 100 * k)) for k in range(9)]
    ways += [line((100 * k, 0), (100 * k, 800)) for k in range(9)]
    places = street_places(streets_of(ways, name=[f"R{k}" for k in range(18)]))
    # At its four corners the lattice only turns.
    assert len(places.frame) == 140
    middle = shapely.line_interpolate_point(np.asarray(places.frame.geometry.array), 50.0)
    near = shapely.distance(middle, points_of([(400, 400)]).geometry.iloc[0]) < 110.0
    row = np.repeat(np.arange(140), np.where(near, 8, 1))
    rows = gpd.GeoDataFrame(geometry=middle[row], crs=places.frame.crs)
    found = hot_spots(rows, places)
    assert found.places["hot"].to_numpy()[near].sum() >= 4
    assert len(found.spots) == 1
    assert found.spots["length_m"].iloc[0] == pytest.approx(100.0 * found.spots["places"].iloc[0])
    assert found.spots.geometry.iloc[0].length == pytest.approx(found.spots["length_m"].iloc[0])
    assert set(found.places["name"]) == {f"R{k}" for k in range(18)}
    assert found.spots["name"].iloc[0] in {"R4", "R13"}


def test_the_order_of_rows_changes_nothing() -> None:
    """To the last digit."""
    rows = heap(found_by=["call", "patrol"] * 50)
    turned = hot_spots(rows.iloc[::-1], SMALL)
    assert turned.places.equals(hot_spots(rows, SMALL).places)


def test_nothing_that_happened_is_no_hot_spot() -> None:
    """And the tables have their columns all the same."""
    found = hot_spots(points_of([]), SMALL)
    assert (found.places["p"] == 1.0).all()
    assert not len(found.spots)
    assert list(found.spots.columns) == list(hot_spots(heap(), SMALL).spots.columns)
    assert found.summary()["spots"] == 0


def test_places_are_drawn_for_until_one_alone_could_be_told() -> None:
    """64 places need no more draws; of 900 one is told at 1 / 90,000, a fifth of the level."""
    assert hot_spots(heap(), SMALL).finest == PERMUTATIONS
    found = hot_spots(incidents_at(CELLS, clustered(0, BASE)), CELLS)
    assert found.finest == 89_999
    assert found.least_together == 1
    assert replace(found, finest=PERMUTATIONS).least_together == 2


def test_a_place_alone_has_to_pass_by_a_wide_margin() -> None:
    """One cell of a map of noise has q 0.028, all others 0.6: hot from a level of 0.14 on."""
    counts = np.random.default_rng(168).poisson(2.0, 64)
    rows, place = incidents_at(SMALL, counts), 32
    at = {level: hot_spots(rows, SMALL, permutations=199_999, level=level)
          for level in (0.03, 0.13, 0.15)}  # fmt: skip
    for level, found in at.items():
        assert (found.places["q"] <= level).to_numpy().nonzero()[0].tolist() == [place]
        hot = found.places["hot"].to_numpy().nonzero()[0].tolist()
        assert hot == ([place] if level > 0.14 else [])
        assert len(found.spots) == len(hot)
        assert found.summary()["alone"] == 1 - len(hot)


def test_what_cannot_be_counted_is_refused() -> None:
    """With the argument and the value."""
    with pytest.raises(InvalidParameterError, match="permutations"):
        hot_spots(heap(), SMALL, permutations=999)
    with pytest.raises(InvalidParameterError, match="level"):
        hot_spots(heap(), SMALL, level=0.0)
    with pytest.raises(InvalidParameterError, match="seed must be"):
        hot_spots(heap(), SMALL, seed=-1)
    with pytest.raises(ColumnError, match="exposure: no column people"):
        hot_spots(heap(), SMALL, exposure="people")
    minus = type(SMALL)(**{**vars(SMALL), "frame": SMALL.frame.assign(people=-1.0)})
    with pytest.raises(InvalidParameterError, match=r"row 0 .* people -1"):
        hot_spots(heap(), minus, exposure="people")
    with pytest.raises(InvalidParameterError, match="places: a GeoDataFrame does not tell"):
        hot_spots(heap(), SMALL.frame)  # type: ignore[arg-type]
    with pytest.raises(ColumnError, match="incidents"):
        hot_spots(pd.DataFrame({"kind": []}), SMALL)  # type: ignore[arg-type]
    with pytest.raises(CRSError, match="points"):
        hot_spots(heap().to_crs("EPSG:4326"), SMALL)
    with pytest.raises(CRSError, match="points: no CRS set; call set_crs"):
        hot_spots(heap().set_crs(None, allow_override=True), SMALL)
    with pytest.raises(ColumnError, match="previous"):
        hot_spots(heap(), SMALL, previous=pd.DataFrame({"spot_id": []}))
