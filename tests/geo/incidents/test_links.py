"""What hot spots are handed to."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ColumnError, GeometryError, InvalidParameterError
from geo.incidents.hotspots import hot_spots
from geo.incidents.links import must_visit_from, rank_gaps
from geo.incidents.segments import street_places
from geo.patrol import dose_points
from geo.posts import post_coverage
from tests.geo.incidents.ground import cells_of, incidents_at
from tests.strategies import line, places, points_of, streets_of

GAPS = streets_of([line((0, 0), (100, 0)), line((0, 200), (50, 200)), line((0, 400), (0, 400.5))])


def two_heaps():  # noqa: ANN201
    """Find hot spots of cells: a large heap in one corner, a small one in another."""
    cells = cells_of(12, 12)
    counts = np.ones((12, 12), dtype=int)
    counts[:2, :2], counts[-2:, -2:] = 14, 10
    return hot_spots(incidents_at(cells, counts), cells)


def test_spots_become_points_that_the_dose_takes() -> None:
    """One stay after the other at each spot, under its id; the heavier has the higher priority."""
    found = two_heaps()
    points = must_visit_from(found)
    assert points["spot_id"].tolist() == found.spots["spot_id"].tolist()
    assert points["weight"].tolist() == found.spots["n_around"].tolist()
    peaks = found.places.set_index("place_id").loc[found.spots["peak_place"]]
    assert shapely.covers(np.asarray(peaks.geometry), np.asarray(points.geometry)).all()
    stays = dose_points(points, "18:00-02:00", dt.date(2026, 3, 6))
    assert set(stays["spot_id"]) == set(points["spot_id"])
    first = stays.loc[stays["spot_id"] == points["spot_id"].iloc[0], "priority"]
    assert (first == stays["priority"].min()).all()
    assert len(must_visit_from(found, most=1)) == 1


def test_the_point_of_a_street_spot_is_on_the_street() -> None:
    """Half way along the segment with the most incidents."""
    ways = [line((0, 100 * k), (900, 100 * k)) for k in range(10)]
    ways += [line((100 * k, 0), (100 * k, 900)) for k in range(10)]
    streets = street_places(streets_of(ways, name=[f"R{k}" for k in range(20)]))
    near = [(440, 400), (460, 400), (340, 400), (400, 340), (400, 460)]
    found = hot_spots(points_of([*near * 6, (450, 401)]), streets)
    point = must_visit_from(found).iloc[0]
    assert point.geometry.distance(points_of([(450, 400)]).geometry.iloc[0]) < 1e-6
    assert point["name"] == "R4"


def test_no_spot_is_no_point() -> None:
    """In the CRS of the places."""
    cells = cells_of(5, 5)
    points = must_visit_from(hot_spots(points_of([]), cells))
    assert not len(points)
    assert points.crs == cells.frame.crs
    with pytest.raises(InvalidParameterError, match="most"):
        must_visit_from(two_heaps(), most=0)


def test_gaps_are_ranked_by_what_happens_at_them() -> None:
    """Within 50 m, and at 50 m; three at the short street, two at the long one."""
    rows = points_of([(50, 50), (50, -50.1), (10, 5), (10, 190), (10, 240), (10, 250), (900, 0)])
    told = rank_gaps(GAPS, rows)
    assert told["street_id"].tolist() == [1, 0, 2]
    assert told["incidents"].tolist() == [3, 2, 0]
    assert told["rank"].tolist() == [1, 2, 3]
    assert told["incidents_per_100_m"].tolist() == pytest.approx([6.0, 2.0, 0.0])


@settings(max_examples=20)
@given(st.lists(places, max_size=12), st.floats(1.0, 400.0))
def test_every_incident_counts_once_at_most(at: list[tuple[float, float]], reach_m: float) -> None:
    """At the nearest gap, by all distances."""
    rows = points_of(at)
    told = rank_gaps(GAPS, rows, reach_m=reach_m).set_index("street_id")["incidents"]
    apart = np.array([[gap.distance(p) for gap in GAPS.geometry] for p in rows.geometry])
    held = apart.reshape(-1, 3).min(axis=1) <= reach_m
    nearest = apart.reshape(-1, 3).argmin(axis=1)[held]
    assert told.loc[[0, 1, 2]].tolist() == np.bincount(nearest, minlength=3).tolist()


def test_equal_counts_share_a_rank_and_equally_near_gaps_do_not_share_an_incident() -> None:
    """The first gap has all four."""
    twice = streets_of([line((0, 0), (100, 0)), line((0, 20), (100, 20)), line((0, 300), (9, 300))])
    told = rank_gaps(twice, points_of([(50, 10)] * 4 + [(5, 301)] * 4))
    assert told["incidents"].sum() == 8
    assert told["street_id"].tolist() == [2, 0, 1]
    assert told["rank"].tolist() == [1, 1, 3]


def test_gaps_of_posts_are_taken_as_they_come() -> None:
    """And keep their columns; a row without a place counts nowhere."""
    streets = streets_of([line((0, 0), (400, 0))])
    gaps = post_coverage(streets, points_of([(50, 0)]), reach_m=50.0).gaps
    nowhere = gpd.GeoDataFrame(geometry=[*points_of([(200, 3)]).geometry, None], crs=gaps.crs)
    told = rank_gaps(gaps, nowhere)
    assert told[["street_id", "incidents"]].to_numpy().tolist() == [[0, 1]]
    assert {"start_m", "end_m", "length_m"} <= set(told.columns)


def test_what_are_no_gaps_is_refused() -> None:
    """And what are no incidents."""
    with pytest.raises(InvalidParameterError, match="reach_m"):
        rank_gaps(GAPS, points_of([]), reach_m=0.0)
    with pytest.raises(ColumnError, match="street_id"):
        rank_gaps(GAPS.drop(columns="street_id"), points_of([]))
    with pytest.raises(GeometryError, match="gaps"):
        rank_gaps(points_of([(0, 0)], street_id=[1]), points_of([]))
    with pytest.raises(GeometryError, match="incidents"):
        rank_gaps(GAPS, GAPS)
