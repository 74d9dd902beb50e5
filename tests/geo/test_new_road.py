"""A 1 m lane is for walking, a 4 m road takes a car: who comes within five minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import CRSError, GeometryError, InvalidParameterError, StreetNetwork
from geo.new_road import SPEED_MPS, reach_compare
from tests.strategies import box, line, places, points_of, polylines, streets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

MAIN = line((-1_000, 0), (0, 0))
LANE = line((0, 0), (500, 0))
DRIVE_MPS = 30 / 3.6


def networks(
    profile: str, widths_m: Sequence[float] = (1.0, 4.0)
) -> tuple[StreetNetwork, StreetNetwork]:
    """Return a main road of 1 km and its lane of 500 m at two widths, before and after."""
    made = [
        StreetNetwork.from_frame(streets_of([MAIN, LANE], width_m=[7.0, width]), profile=profile)
        for width in widths_m
    ]
    return made[0], made[1]


STATION = points_of([(-1_000, 0)])
BLOCKS = gpd.GeoDataFrame(
    {"block": ["road", "estate"]},
    geometry=[box(-500, 5, -490, 15), box(440, 5, 460, 15)],
    crs=STATION.crs,
    index=["x", "y"],
)
"""One beside the main road, one 450 m up the lane; their middles are 10 m beside it."""


def test_a_lane_of_1_m_is_for_walking_and_a_road_of_4_m_brings_the_estate_within_5_minutes() -> (
    None
):
    """1,450 m at 30 km/h are 174 s, and 10 m on foot 8.3 s more."""
    change = reach_compare(*networks("vehicle"), STATION, BLOCKS)
    frame = change.places
    assert list(frame.index) == ["x", "y"]
    assert frame["change"].tolist() == ["kept", "gained"]
    walk_s = 10 / 1.2
    assert frame["before_s"].tolist() == pytest.approx([505 / DRIVE_MPS + walk_s, np.inf])
    assert frame["after_s"].tolist() == pytest.approx(
        [505 / DRIVE_MPS + walk_s, 1_450 / DRIVE_MPS + walk_s]
    )
    assert frame["cut_off"].tolist() == [False, False]
    assert frame.geometry.iloc[1].equals(BLOCKS.geometry.iloc[1])
    assert change.summary() == {
        "profile": "vehicle", "limit_s": 300.0, "speed_mps": pytest.approx(DRIVE_MPS), "places": 2,
        "gained": 1, "lost": 0, "kept": 1, "never": 0, "no_place": 0, "cut_off": 0,
    }  # fmt: skip


def test_the_way_from_the_station_to_its_street_is_walked_too() -> None:
    """12 m at 1.2 m/s are 10 s more for everybody, driving or not."""
    yard = points_of([(-1_000, 12)])
    for profile in SPEED_MPS:
        at_road, behind = (
            reach_compare(*networks(profile), origin, BLOCKS).places["after_s"]
            for origin in (STATION, yard)
        )
        assert (behind - at_road).tolist() == pytest.approx([10.0, 10.0])


def test_on_foot_the_width_changes_nothing() -> None:
    """1,460 m at 1.2 m/s are twenty minutes, before and after."""
    frame = reach_compare(*networks("walk"), STATION, BLOCKS).places
    assert frame["before_s"].tolist() == frame["after_s"].tolist()
    assert frame["after_s"].tolist() == pytest.approx([515 / 1.2, 1_460 / 1.2])
    assert frame["change"].tolist() == ["never", "never"]
    faster = reach_compare(*networks("walk"), STATION, BLOCKS, speed_mps=5.0)
    assert faster.places["change"].tolist() == ["kept", "kept"]
    assert faster.speed_mps == 5.0


def test_exactly_the_limit_is_in_time_and_a_road_that_is_shut_loses() -> None:
    """The other way round, and a limit asked for again."""
    before, after = networks("vehicle", (4.0, 1.0))
    shut = reach_compare(before, after, STATION, BLOCKS)
    assert shut.places["change"].tolist() == ["kept", "lost"]
    assert shut.places["cut_off"].tolist() == [False, True]
    limit_s = shut.places["before_s"].iloc[1]
    for limit, lost, gained in ((limit_s, "lost", "gained"), (limit_s - 1e-6, "never", "never")):
        gone = reach_compare(before, after, STATION, BLOCKS, limit_s=limit)
        come = reach_compare(after, before, STATION, BLOCKS, limit_s=limit)
        assert gone.places["change"].tolist()[1] == lost
        assert come.places["change"].tolist()[1] == gained


def test_what_is_off_the_streets_is_cut_off_and_a_row_without_a_place_is_unknown() -> None:
    """A farm 60 m from the road, a missing row; no station at all."""
    farm = gpd.GeoDataFrame(geometry=[*points_of([(-500, 60)]).geometry, None], crs=STATION.crs)
    frame = reach_compare(*networks("vehicle"), STATION, farm).places
    assert frame["change"].tolist() == ["never", None]
    assert frame["after_s"].tolist() == pytest.approx([np.inf, np.nan], nan_ok=True)
    assert frame["cut_off"].tolist() == [True, False]
    near = reach_compare(*networks("vehicle"), STATION, farm, max_m=100.0).places
    assert near["change"].tolist() == ["kept", None]
    nobody = reach_compare(*networks("vehicle"), points_of([]), BLOCKS)
    assert nobody.summary()["never"] == 2


def test_a_one_way_street_is_driven_its_way_alone() -> None:
    """From the station to the block, not back."""
    made = [
        StreetNetwork.from_frame(
            streets_of([MAIN, LANE], width_m=[7.0, 4.0], oneway=["no", way]), profile="vehicle"
        )
        for way in ("-1", "yes")
    ]
    frame = reach_compare(made[0], made[1], STATION, BLOCKS).places
    assert frame["change"].tolist() == ["kept", "gained"]


@given(
    st.lists(polylines, min_size=1, max_size=4),
    polylines,
    st.lists(places, min_size=1, max_size=3),
    st.lists(places, min_size=1, max_size=4),
    st.sampled_from(list(SPEED_MPS)),
)
def test_another_road_never_takes_time(
    roads: list, new: object, stations: list, homes: list, profile: str
) -> None:
    """Nobody is lost, and nobody waits longer, whose way to the street is as it was."""
    before = StreetNetwork.from_frame(streets_of(roads), profile=profile)
    after = StreetNetwork.from_frame(streets_of([*roads, new]), profile=profile)
    here, there = points_of(stations), points_of(homes)
    frame = reach_compare(before, after, here, there, limit_s=60.0).places
    # A road nearer to a place is the one that it is snapped to, wherever that leads.
    same = before.snap(there).offset_m == after.snap(there).offset_m
    if (before.snap(here).offset_m == after.snap(here).offset_m).all():
        assert (frame["after_s"] <= frame["before_s"] + 1e-6)[same].all()
        assert "lost" not in frame["change"][same].tolist()


def test_networks_that_cannot_be_compared_are_refused() -> None:
    """Two profiles, degrees, origins that are no points, no time at all."""
    walk, drive = networks("walk")[0], networks("vehicle")[0]
    with pytest.raises(InvalidParameterError, match="profiles walk and vehicle differ"):
        reach_compare(walk, drive, STATION, BLOCKS)
    with pytest.raises(CRSError, match="places: its CRS EPSG:4326 differs"):
        reach_compare(walk, walk, STATION, BLOCKS.to_crs(4326))
    with pytest.raises(GeometryError, match="row 0 is a Polygon"):
        reach_compare(walk, walk, BLOCKS, BLOCKS)
    for name in ("limit_s", "speed_mps", "max_m"):
        with pytest.raises(InvalidParameterError, match=f"{name} must be a number above 0, got 0"):
            reach_compare(walk, walk, STATION, BLOCKS, **{name: 0})
