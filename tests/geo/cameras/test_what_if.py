"""What one camera would change: against two whole runs, and drawn on paper."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import ColumnError, CRSError, InvalidParameterError, camera_coverage, camera_views
from geo.cameras import Nearby, WhatIf, what_if
from geo.due import DueRule
from geo.errors import NotTurnedError
from geo.intervals import Intervals
from tests.strategies import (
    CRS,
    ORIGIN,
    box,
    camera_frames,
    line,
    places,
    points_of,
    street_frames,
    streets_of,
)

ALONG = streets_of([line((-300, 0), (300, 0))])
"""600 m of street from west to east through the origin."""

houses = st.lists(
    st.tuples(places, st.integers(2, 60), st.integers(2, 60)).map(
        lambda h: box(h[0][0], h[0][1], h[0][0] + h[1], h[0][1] + h[2])
    ),
    max_size=5,
).map(lambda boxes: gpd.GeoDataFrame(geometry=boxes, crs=CRS))
fences = st.lists(st.tuples(places, places).filter(lambda p: p[0] != p[1]), max_size=3).map(
    lambda lines: gpd.GeoDataFrame(geometry=[line(*ends) for ends in lines], crs=CRS)
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "azimuth_deg": st.floats(-360, 720),
        "to": places.map(lambda p: (p[0] + ORIGIN[0], p[1] + ORIGIN[1])),
        "online": st.booleans(),
    },
).filter(bool)


def pair(**columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Return one camera at the origin looking east for 50 m, and one 100 m east looking west."""
    values: dict[str, Any] = {
        "camera_id": ["A", "B"], "azimuth_deg": [90.0, 270.0], "fov_deg": [60.0, 60.0],
        "range_m": [50.0, 70.0],
    }  # fmt: skip
    return points_of([(0, 0), (100, 0)], **(values | columns))


def stretches(frame: gpd.GeoDataFrame) -> list[tuple[float, float]]:
    """Return stretches in metres from the origin along `ALONG`."""
    return [(s - 300, e - 300) for s, e in zip(frame["start_m"], frame["end_m"], strict=True)]


def changed(cameras: gpd.GeoDataFrame, row: int, change: dict[str, Any]) -> gpd.GeoDataFrame:
    """Return the cameras as they would be: by hand, as somebody would edit the table."""
    cameras = cameras.copy()
    for name, value in change.items():
        if name == "to":
            places = list(cameras.geometry)
            places[row] = shapely.Point(value)
            cameras = cameras.set_geometry(gpd.GeoSeries(places, crs=cameras.crs))
        else:
            values = list(cameras[name]) if name in cameras else [None] * len(cameras)
            values[row] = value
            cameras[name] = values
    return cameras


def keyed(found: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> Intervals:
    """Return stretches by the number of their street."""
    row = {street: number for number, street in enumerate(streets["street_id"])}
    return Intervals.of([row[s] for s in found["street_id"]], found["start_m"], found["end_m"])


def apart_m(one: Intervals, other: Intervals) -> float:
    """Return the length by which stretches differ."""
    return one.difference(other).length_m + other.difference(one).length_m


@given(street_frames, camera_frames(), houses, fences, changes, st.integers(0, 7))
def test_it_is_the_difference_of_two_whole_runs(
    streets: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    walls: gpd.GeoDataFrame,
    change: dict[str, Any],
    row: int,
) -> None:
    """Views, areas and stretches, whatever is turned, moved and switched."""
    if not len(cameras):
        return
    row %= len(cameras)
    if camera_views(cameras)["fov_deg"][row] == 360.0:
        # It sees all around and is not turned: asking would be refused.
        change.pop("azimuth_deg", None)
    if not change:
        return
    found = what_if(streets, cameras, buildings, camera_id=row, walls=walls, **change)
    then = changed(cameras, row, change)
    before, after = (
        camera_coverage(streets, each, buildings, walls=walls) for each in (cameras, then)
    )
    none = (before.gap_intervals, after.gap_intervals)
    gained, lost = (
        keyed(before.streets.stretches(one.difference(other)), streets)
        for one, other in (none, none[::-1])
    )
    assert apart_m(keyed(found.gained, streets), gained) < 5e-3
    assert apart_m(keyed(found.lost, streets), lost) < 5e-3
    for run, view in zip((before, after), found.views.itertuples(), strict=True):
        whole = run.views.iloc[row]
        assert view.status == whole["status"]
        assert view.visible_area_m2 == pytest.approx(
            whole["visible_area_m2"], rel=1e-9, abs=1e-6, nan_ok=True
        )
        assert shapely.symmetric_difference(view.geometry, whole.geometry).area < 1e-3
    own = np.arange(len(cameras)) == row
    for run, seen_m in ((before, found.seen_before_m), (after, found.seen_after_m)):
        mine = run.streets.due.intersection(run.seen.of(own).union)
        assert seen_m == pytest.approx(mine.length_m, abs=1e-5)


def test_turning_away_loses_what_nobody_else_sees() -> None:
    """A sees 0 to 50, B sees 30 to 100: 30 m are newly blind, and 50 m in the west newly seen."""
    found = what_if(ALONG, pair(), camera_id="A", azimuth_deg=270.0)
    assert stretches(found.lost) == [pytest.approx((0.0, 30.0), abs=1e-5)]
    assert stretches(found.gained) == [pytest.approx((-50.0, 0.0), abs=1e-5)]
    assert (found.seen_before_m, found.seen_after_m) == pytest.approx((50.0, 50.0), abs=1e-5)
    assert found.views["when"].tolist() == ["before", "after"]
    assert found.views["azimuth_deg"].tolist() == [90.0, 270.0]
    assert found.others == 1
    summary = found.summary()
    assert summary["net_length_m"] == pytest.approx(20.0, abs=1e-5)
    assert (summary["azimuth_deg_before"], summary["azimuth_deg_after"]) == (90.0, 270.0)


def test_switching_off_gains_nothing_and_on_loses_nothing() -> None:
    """The two are each other's reverse."""
    off = what_if(ALONG, pair(), camera_id="A", online=False)
    assert off.gained.empty
    assert stretches(off.lost) == [pytest.approx((0.0, 30.0), abs=1e-5)]
    on = what_if(ALONG, pair(online=[False, None]), camera_id="A", online=True)
    assert on.lost.empty
    assert stretches(on.gained) == stretches(off.lost)
    assert on.summary()["status_before"] == "offline"


def test_a_camera_that_is_moved_takes_its_view_along() -> None:
    """200 m to the west: what it saw is lost but for what B sees."""
    to = (ORIGIN[0] - 200.0, ORIGIN[1])
    found = what_if(ALONG, pair(), camera_id="A", to=to)
    assert stretches(found.gained) == [pytest.approx((-200.0, -150.0), abs=1e-5)]
    assert stretches(found.lost) == [pytest.approx((0.0, 30.0), abs=1e-5)]


def test_walls_hide_where_the_camera_would_look() -> None:
    """A house 20 m west leaves 20 m of the 50."""
    house = gpd.GeoDataFrame(geometry=[box(-40, -5, -20, 5)], crs=CRS)
    found = what_if(ALONG, pair(), house, camera_id="A", azimuth_deg=270.0)
    assert stretches(found.gained) == [pytest.approx((-20.0, 0.0), abs=1e-4)]


@pytest.mark.parametrize("west", [60.0, 75.0, 90.0])
def test_walls_hide_from_the_others_too(west: float) -> None:
    """Behind a house, near A's ground or on the way to it, B sees nothing of what A would leave."""
    house = gpd.GeoDataFrame(geometry=[box(west, -5, west + 5, 5)], crs=CRS)
    found = what_if(ALONG, pair(), house, camera_id="A", online=False)
    assert stretches(found.lost) == [pytest.approx((0.0, 50.0), abs=1e-4)]


def test_walls_hide_from_the_others_on_either_side() -> None:
    """A house at 10 m, west of all that B may see, leaves A nothing of it."""
    house = gpd.GeoDataFrame(geometry=[box(10, -5, 15, 5)], crs=CRS)
    found = what_if(ALONG, pair(), house, camera_id="B", online=False)
    assert stretches(found.lost) == [pytest.approx((30.0, 100.0), abs=1e-4)]


def test_an_offline_neighbour_sees_nothing() -> None:
    """All 50 m would be blind."""
    found = what_if(ALONG, pair(online=[True, False]), camera_id="A", online=False)
    assert found.summary()["lost_length_m"] == pytest.approx(50.0, abs=1e-5)
    assert found.others == 0


def test_only_due_streets_count() -> None:
    """A motorway may be lost without anybody's loss."""
    motorway = ALONG.assign(**{"class": "motorway"})
    assert what_if(motorway, pair(), camera_id="A", online=False).lost.empty
    due = DueRule(motorways=True)
    assert len(what_if(motorway, pair(), camera_id="A", online=False, due=due).lost) == 1


def test_rows_without_codes_go_by_their_number() -> None:
    """Numbers are those of all rows, not of those near."""
    streets = streets_of([line((-900, 900), (900, 900)), line((-300, 0), (300, 0))])
    cameras = points_of([(0, 900), (0, 0)], azimuth_deg=[0.0, 90.0], range_m=[50.0, 50.0])
    found = what_if(streets.drop(columns="street_id"), cameras, camera_id=1, online=False)
    assert found.lost["street_id"].tolist() == [1]
    assert found.summary()["camera_id"] == 1


def test_a_camera_without_a_place_gets_one() -> None:
    """It saw nothing, and would see 50 m."""
    cameras = pair()
    cameras.loc[0, "geometry"] = None
    found = what_if(ALONG, cameras, camera_id="A", to=(ORIGIN[0] - 100.0, ORIGIN[1]))
    assert stretches(found.gained) == [pytest.approx((-100.0, -50.0), abs=1e-5)]
    assert found.views.geometry.iloc[0] is None


def test_an_unaimed_camera_that_is_turned_begins_to_see() -> None:
    """What it sees today is unknown, not nothing."""
    cameras = pair(azimuth_deg=[np.nan, 270.0])
    summary = what_if(ALONG, cameras, camera_id="A", azimuth_deg=90.0).summary()
    assert (summary["status_before"], summary["status_after"]) == ("unaimed", "seeing")
    assert summary["visible_area_m2_before"] is None
    assert summary["gained_length_m"] == pytest.approx(30.0, abs=1e-5)


def test_only_what_is_near_is_looked_at() -> None:
    """A row far away that cannot be used disturbs nobody; one that is near is refused."""
    lines = [line((-300, 0), (300, 0)), shapely.Point(ORIGIN[0] + 9e3, ORIGIN[1])]
    found = what_if(streets_of(lines), pair(), camera_id="A", online=False)
    assert len(found.lost) == 1
    far = points_of([(0, 0), (9_000, 0)], camera_id=["A", "Z"], range_m=[50.0, 50.0])
    near = Nearby.of(far, "A", online=False)
    assert near.cameras["camera_id"].tolist() == ["A", "A"]
    assert near.reach.shape == (2, 4)


def test_nothing_given_is_changed() -> None:
    """Frames are as they were."""
    streets, cameras = ALONG.drop(columns="street_id"), pair()
    kept = streets.copy(), cameras.copy()
    what_if(streets, cameras, camera_id="A", azimuth_deg=0.0, to=ORIGIN, online=False)
    assert streets.equals(kept[0])
    assert cameras.equals(kept[1])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"camera_id": "A"}, InvalidParameterError, "nothing is changed"),
        ({"camera_id": "C", "online": True}, ColumnError, "0 of 2 cameras have 'C'"),
        ({"camera_id": "A", "azimuth_deg": np.inf}, InvalidParameterError, "azimuth_deg must be"),
        ({"camera_id": "A", "to": (0.0, np.nan)}, InvalidParameterError, "to must be finite"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    change: dict[str, Any], error: type[Exception], message: str
) -> None:
    """The argument, and what to give."""
    with pytest.raises(error, match=message):
        what_if(ALONG, pair(), **change)


def test_a_code_that_two_cameras_have_is_refused() -> None:
    """Which one is meant nobody knows."""
    with pytest.raises(ColumnError, match="2 of 2 cameras have 'A'"):
        what_if(ALONG, pair(camera_id=["A", "A"]), camera_id="A", online=False)


@pytest.mark.parametrize(
    "columns", [{"fov_deg": [360.0, 60.0]}, {"headings": ["90;270", None]}, {"headings": ["0", ""]}]
)
def test_a_camera_that_nobody_turns_is_not_turned(columns: dict[str, Any]) -> None:
    """Round, or with lenses of their own headings: the heading would be lost without a word."""
    cameras = pair(**columns)
    with pytest.raises(NotTurnedError, match="not turned"):
        what_if(ALONG, cameras, camera_id="A", azimuth_deg=45.0)
    assert isinstance(what_if(ALONG, cameras, camera_id="A", online=False), WhatIf)


def test_degrees_are_refused() -> None:
    """Metres only."""
    with pytest.raises(CRSError):
        what_if(ALONG.to_crs(4326), pair().to_crs(4326), camera_id="A", online=False)
