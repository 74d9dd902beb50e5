"""Where an entrance can be looked at."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from geo import camera_coverage
from geo.cameras import watched_sites
from geo.entrances import doorsteps
from tests.strategies import CRS, box, line, points_of, streets_of


def test_a_door_is_seen_where_ground_within_a_metre_of_it_is() -> None:
    """On its wall, a hand behind it, not two metres behind it; nor round the corner."""
    house = gpd.GeoDataFrame(geometry=[box(40, 5, 80, 40)], crs=CRS)
    camera = points_of([(20, -1)], azimuth_deg=[90.0], fov_deg=60.0, range_m=100.0)
    seen = camera_coverage(streets_of([line((0, 0), (400, 0))]), camera, house)
    views = seen.seeing.geometry.to_numpy()
    doors = points_of([(60, 5), (60, 5.1), (60, 5.9), (60, 6.1), (80.1, 20)])
    assert watched_sites(doorsteps(doors), views)["watched"].tolist() == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert not watched_sites(doors, views)["watched"].iloc[1]


def test_a_gate_in_a_wall_is_seen_from_either_side() -> None:
    """The wall hides what is behind it, not itself."""
    fence = gpd.GeoDataFrame(geometry=[line((50, -20), (50, 20))], crs=CRS)
    for x, heading_deg in ((20, 90.0), (80, 270.0)):
        camera = points_of([(x, 0)], azimuth_deg=[heading_deg], fov_deg=40.0, range_m=60.0)
        seen = camera_coverage(streets_of([line((0, 0), (90, 0))]), camera, walls=fence)
        gate = doorsteps(points_of([(50, 3)]))
        assert watched_sites(gate, seen.seeing.geometry.to_numpy())["watched"].all()


def test_the_rows_stay_and_an_entrance_without_a_place_has_no_ground() -> None:
    """Nothing else of a row changes, and the frame given is left as it was."""
    doors = points_of([(0, 0), (5, 5)], site_id=["S1", "S2"])
    doors.loc[1, "geometry"] = None
    steps = doorsteps(doors)
    assert steps["site_id"].tolist() == ["S1", "S2"]
    assert steps.crs == doors.crs
    assert steps.geometry.isna().tolist() == [False, True]
    assert isinstance(doors.geometry[0], shapely.Point)
    assert watched_sites(steps, steps.geometry[:1].to_numpy())["watched"].isna().tolist() == [
        False, True,
    ]  # fmt: skip
    assert steps.geometry[0].area == pytest.approx(2.0, rel=0.05)
