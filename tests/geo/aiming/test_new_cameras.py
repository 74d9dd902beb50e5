"""New cameras on given poles, and the plan that turns before it buys."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.aiming import PRIVATE_M2, PRIVATE_ROOMS, NewCameras, Terms, new_cameras, plan, reaim
from geo.cameras import camera_coverage
from geo.errors import GeometryError, InvalidParameterError
from tests.strategies import (
    CRS,
    areas_of,
    box,
    camera_frames,
    line,
    points_of,
    street_frames,
    streets_of,
)

LONG = streets_of([line((-200, 0), (200, 0))])
"""One street from west to east, 400 m."""

NOBODY = points_of([], camera_id=[])
"""No camera stands."""


def poles(*at: tuple[float, float], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Place poles for cameras that see 100 m within 20 degrees."""
    n = len(at)
    each = {"fov_deg": [20.0] * n, "range_m": [100.0] * n}
    return points_of(at, **({"pole_id": [f"p{i}" for i in range(n)]} | each | columns))


def bought(found: NewCameras) -> list[str]:
    """Return the poles that are used."""
    return found.sites["pole_id"].tolist()


def test_the_pole_and_heading_that_see_most_are_proposed() -> None:
    """In the middle of the street 100 m are seen, from 80 m beside it less."""
    found = new_cameras(LONG, NOBODY, poles((0, 80), (0, 0)), propose=1)
    (site,) = found.sites.to_dict("records")
    assert site["pole_id"] == "p1"
    assert site["azimuth_deg"] in {90.0, 270.0}
    assert (site["fov_deg"], site["range_m"]) == (20.0, 100.0)
    assert (site["gained_m"], site["worth"]) == pytest.approx((100, 100))
    assert site["geometry"].equals(points_of([(0, 0)]).geometry[0])
    assert shapely.area(site["view"]) == pytest.approx(np.pi * 100.0**2 * 20.0 / 360.0)
    assert (found.before_length_m, found.after_length_m) == pytest.approx((0, 100))
    assert (found.aim.gap, found.lost.empty) == (0.0, True)


def test_what_is_seen_today_is_no_gain() -> None:
    """Of two equal ways the one nobody looks is taken."""
    there = points_of([(0, 0)], azimuth_deg=[90.0], fov_deg=[20.0], range_m=[100.0])
    found = new_cameras(LONG, there, poles((0, 0)), propose=1)
    assert found.sites["azimuth_deg"].between(260, 280).all()
    assert (found.before_length_m, found.after_length_m) == pytest.approx((100, 200))
    off = new_cameras(LONG, there.assign(online=[False]), poles((0, 0)), propose=1)
    assert off.before_length_m == 0.0


def test_no_more_are_proposed_than_asked_nor_than_win() -> None:
    """A pole far from every street bears none."""
    three = poles((-100, 0), (100, 0), (0, 900))
    sizes = [len(new_cameras(LONG, NOBODY, three, propose=n).sites) for n in range(5)]
    assert sizes == [0, 1, 2, 2, 2]
    dear = new_cameras(LONG, NOBODY, three, propose=3, terms=Terms(cost_m=101.0))
    assert dear.sites.empty


def test_a_camera_that_sees_all_around_has_one_heading() -> None:
    """Which is none."""
    found = new_cameras(LONG, NOBODY, poles((0, 0), fov_deg=[360.0]), propose=2)
    assert found.sites["azimuth_deg"].isna().tolist() == [True]
    assert found.after_length_m == pytest.approx(200.0)


def test_none_comes_within_forbidden_ground_nor_indoors() -> None:
    """Nor on its edge; and it is said why."""
    house = gpd.GeoDataFrame(geometry=[box(90, -20, 140, 20)], crs=CRS)
    ground = areas_of({"x": box(-120, -20, -80, 20), "y": box(40, 0, 60, 5)})
    nowhere = gpd.GeoDataFrame({"pole_id": ["n"]}, geometry=[None], crs=CRS)
    given_ = pd.concat([poles((0, 0), (-100, 0), (115, 0), (50, 0)), nowhere])
    found = new_cameras(LONG, NOBODY, given_, house, propose=9, forbidden=ground)
    assert bought(found) == ["p0"]
    assert found.refused.to_numpy().tolist() == [
        ["p1", "forbidden"], ["p2", "indoor"], ["p3", "forbidden"], ["n", "offline"],
    ]  # fmt: skip
    assert found.summary()["refused"] == {"forbidden": 2, "indoor": 1, "offline": 1}


@pytest.mark.parametrize("kind", ["guest_room", "卫生间"])
def test_none_looks_into_a_private_room(kind: str) -> None:
    """East is a room, so it looks west; a depot it may look into, but not stand in."""
    assert kind in PRIVATE_ROOMS
    room = areas_of({"x": box(20, -50, 120, 50)}).assign(kind=[kind])
    streets = streets_of([line((0, 0), (90, 0)), line((-60, 0), (0, 0))])
    free = new_cameras(streets, NOBODY, poles((0, 0)), propose=1,
                       forbidden=room.assign(kind=["depot"]))  # fmt: skip
    assert free.sites["gained_m"].tolist() == pytest.approx([90])
    found = new_cameras(streets, NOBODY, poles((0, 0)), propose=1, forbidden=room)
    assert found.sites["gained_m"].tolist() == pytest.approx([60])
    seen = shapely.intersection(found.sites["view"].to_numpy(), room.geometry.to_numpy())
    assert shapely.area(seen).tolist() == [pytest.approx(0.0, abs=PRIVATE_M2)]
    assert found.headings_private > 0
    around = areas_of({"x": box(-50, -50, 50, 50)})
    closed = new_cameras(streets, NOBODY, poles((0, 0)), propose=1, residential=around)
    assert closed.sites.empty
    assert closed.refused.to_numpy().tolist() == [["p0", "private"]]


def test_poles_are_numbered_where_they_have_no_id() -> None:
    """And a heading that a pole states is not its camera's."""
    bare = poles((0, 80), (0, 0), azimuth_deg=[0.0, 0.0], online=[False, False])
    found = new_cameras(LONG, NOBODY, bare.drop(columns="pole_id"), propose=1)
    assert found.sites["pole_id"].tolist() == [1]


def test_a_pole_on_a_wall_looks_away_from_it() -> None:
    """The camera is held before the wall, and sees none of what is behind it."""
    house = gpd.GeoDataFrame(geometry=[box(0, -20, 40, 20)], crs=CRS)
    found = new_cameras(LONG, NOBODY, poles((0, 0)), house, propose=1)
    (site,) = found.sites.to_dict("records")
    assert site["geometry"].distance(house.geometry[0]) == pytest.approx(0.1, abs=1e-6)
    assert 260.0 <= site["azimuth_deg"] <= 280.0
    assert site["gained_m"] == pytest.approx(100.0, abs=0.2)


@settings(max_examples=20)
@given(street_frames, camera_frames(), st.integers(0, 4), st.integers(0, 2))
def test_new_cameras_see_what_is_said(
    streets: gpd.GeoDataFrame, there: gpd.GeoDataFrame, propose: int, seed: int
) -> None:
    """Set beside those that stand they cover as much, and nothing is lost."""
    sites = poles((0, 0), (50, 80), (-120, 10), (200, -200))
    found = new_cameras(streets, there, sites, propose=propose, step_deg=45.0, seed=seed)
    assert len(found.sites) <= propose
    assert found.lost.empty
    new = found.sites[["azimuth_deg", "fov_deg", "range_m", "geometry"]]
    columns = ["azimuth_deg", "fov_deg", "range_m", "kind", "online"]
    each = [frame.reindex(columns=columns).astype(object) for frame in (there, new)]
    places = [*there.geometry, *new.geometry]
    beside = gpd.GeoDataFrame(pd.concat(each), geometry=places, crs=CRS)
    then = camera_coverage(streets, beside)
    slack = 1e-6 * (1.0 + then.due_length_m)
    assert found.after_length_m == pytest.approx(then.covered_length_m, abs=slack)
    more = found.after_length_m - found.before_length_m
    assert found.sites["gained_m"].sum() == pytest.approx(more, abs=slack)


@pytest.mark.parametrize("propose", [-1, 1.5, True])
def test_a_number_that_is_none_is_refused(propose: Any) -> None:  # noqa: ANN401
    """As every option out of its range."""
    with pytest.raises(InvalidParameterError, match="propose must be a whole number"):
        new_cameras(LONG, NOBODY, poles((0, 0)), propose=propose)


def test_frames_of_the_wrong_kind_are_refused() -> None:
    """By their names."""
    with pytest.raises(GeometryError, match="forbidden: row 0 is a LineString"):
        new_cameras(LONG, NOBODY, poles((0, 0)), propose=1, forbidden=LONG)


def test_a_plan_turns_before_it_buys() -> None:
    """Two cameras look east; one is turned west, and one is bought for what is left."""
    twins = points_of([(0, 0)] * 2, azimuth_deg=[90.0] * 2, fov_deg=[20.0] * 2,
                      range_m=[100.0] * 2)  # fmt: skip
    given_ = poles((0, 0), (100, 0))
    found = plan(LONG, twins, given_, changes=1, propose=1)
    summary = found.summary()
    assert json.loads(json.dumps(summary)) == summary
    assert (summary["turned"], summary["cameras_new"], summary["state"]) == (1, 1, "proposed")
    assert bought(found.new) == ["p1"]
    lengths = [summary[f"covered_length_{when}_m"] for when in ("before", "turned", "after")]
    assert lengths == pytest.approx([100, 200, 300])
    shares = [summary[f"covered_share_{when}"] for when in ("before", "turned", "after")]
    assert shares == pytest.approx([0.25, 0.5, 0.75])
    assert found.new.before_length_m == pytest.approx(found.reaim.after_length_m)
    same = reaim(LONG, twins, changes=1)
    assert found.reaim.cameras.equals(same.cameras)
    assert plan(LONG, twins, given_, changes=0, propose=0).summary()["covered_length_after_m"] == (
        pytest.approx(100.0)
    )


def test_a_plan_turns_no_camera_into_a_private_room() -> None:
    """What new ones may not see, turned ones may not either."""
    room = areas_of({"x": box(20, -50, 150, 50)}).assign(kind=["dormitory"])
    blind = points_of([(0, 0)], azimuth_deg=[0.0], fov_deg=[20.0], range_m=[100.0])
    found = plan(LONG, blind, poles((0, 5)), changes=None, propose=0, forbidden=room)
    assert found.reaim.cameras["azimuth_deg"].between(260, 280).all()
    court = areas_of({"c": box(-150, -50, -20, 50)})
    both = plan(LONG, blind, poles((0, 5)), changes=None, propose=0, forbidden=room,
                residential=court)  # fmt: skip
    assert both.reaim.turns.empty
