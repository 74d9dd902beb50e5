"""The city that patrols are tried on has what the reports count, in one place each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.duty import read_hours
from geo.streets import StreetNetwork
from tests.patrol_city import PatrolCity, patrol_city


@pytest.fixture(scope="module")
def city() -> PatrolCity:
    """Return the city of the reports."""
    return patrol_city()


def test_the_counts_are_those_of_the_reports(city: PatrolCity) -> None:
    """56 areas, 580 segments, 620 points: 10.36 and 11.07 an area."""
    assert (len(city.areas), len(city.segments), len(city.points)) == (56, 580, 620)
    each = city.segments.groupby("area_code").size(), city.points.groupby("area_code").size()
    assert [round(float(count.mean()), 2) for count in each] == [10.36, 11.07]
    assert [set(count) for count in each] == [{10, 11}, {11, 12}]


def test_areas_tile_and_a_segment_lies_in_its_own_alone(city: PatrolCity) -> None:
    """To the bit, without gaps or overlaps."""
    assert shapely.coverage_is_valid(city.areas.geometry.to_numpy())
    own = city.areas.set_index("area_id").geometry
    holding = own[city.segments["area_code"]].to_numpy()
    assert shapely.contains_properly(holding, city.segments.geometry.to_numpy()).all()
    assert shapely.union_all(own.to_numpy()).geom_type == "Polygon"


def test_segments_run_along_streets_and_share_no_stretch(city: PatrolCity) -> None:
    """Each metre of street is in one segment at most."""
    streets = shapely.union_all(city.streets.geometry.to_numpy()).buffer(0.01)
    shapely.prepare(streets)
    assert shapely.contains(streets, city.segments.geometry.to_numpy()).all()
    whole = shapely.union_all(city.segments.geometry.to_numpy()).length
    assert city.segments.length.sum() == pytest.approx(whole, abs=1e-6)


def test_every_point_is_near_a_segment_of_its_own_area(city: PatrolCity) -> None:
    """Within 20 m, and inside the area."""
    lines = city.segments.dissolve("area_code").geometry
    own = lines[city.points["area_code"]].to_numpy()
    places = city.points.geometry.to_numpy()
    assert shapely.distance(own, places).max() < 20.0
    areas = city.areas.set_index("area_id").geometry[city.points["area_code"]].to_numpy()
    assert shapely.contains_properly(areas, places).all()


def test_one_unit_an_area_and_shift_can_reach_everything(city: PatrolCity) -> None:
    """One-way streets shut nobody in, and who drives has no alley in the area."""
    for profile in ("walk", "vehicle"):
        network = StreetNetwork.from_frame(city.streets, profile=profile)
        places = network.snap(city.standby)
        assert np.isfinite(network.distances(places, places)).all()
    assert set(city.streets["oneway"]) == {"yes", "-1", "no"}
    assert city.units.groupby("area_code").size().eq(3).all()
    weeks = [read_hours(text).week for text in city.units["shift"]]
    assert sorted({week.shifts[0][0] for week in weeks if week}) == [
        (360, 840), (840, 1320), (1320, 1800),
    ]  # fmt: skip
    alleys = city.streets[city.streets["class"] == "footway"]
    areas = city.areas.set_index("area_id").geometry
    crossed = {code for code, area in areas.items() if alleys.intersects(area).any()}
    on_foot = city.units.groupby("area_code")["mode"].agg(lambda modes: set(modes) == {"foot"})
    assert set(on_foot.index[on_foot]) == crossed
    assert set(city.units["start"]) == set(city.standby["place_id"])


def test_a_seed_draws_the_same_city_and_another_another() -> None:
    """A small one, too; in degrees it is the same."""
    small, again, other = (patrol_city(seed, columns=2, rows=1) for seed in (3, 3, 4))
    for name in ("streets", "areas", "segments", "points", "units", "standby"):
        pd.testing.assert_frame_equal(getattr(small, name), getattr(again, name))
    assert not small.points.geometry.equals(other.points.geometry)
    assert len(small.areas) == 2
    back = small.lonlat().points
    assert back.crs == "EPSG:4326"
    assert back.to_crs(small.points.crs).distance(small.points).max() < 1e-6
