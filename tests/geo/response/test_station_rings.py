"""What stations reach along the road, against figures from paper and times from everywhere."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings

from geo.errors import ColumnError, CRSError, InvalidParameterError
from geo.response import ResponseRules, Rings, Roads, rings
from tests.geo.response.every import KMH, grid_city, samples_of, sites, small_towns, times_of
from tests.strategies import line, points_of, streets_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

FLAT = pd.DataFrame(
    [(mode, kind, kmh) for mode, kmh in KMH.items()
     for kind in ("", "residential", "steps", "living_street", "service")],
    columns=["mode", "class", "kmh"],
)  # fmt: skip
"""10, 5 and 2 metres a second on every street of these tests."""


def ends(frame: gpd.GeoDataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Return rows of a frame, with their stretches in whole centimetres."""
    rounded = frame.assign(start_m=frame["start_m"].round(2), end_m=frame["end_m"].round(2))
    return list(rounded[["start_m", "end_m", *columns]].itertuples(index=False, name=None))


def reach(frame: Rings, station: object, minutes: float) -> float:
    """Return what a station reaches in so many minutes."""
    row = frame.stations.set_index("station_id").loc[station]
    return float(row[f"reach_{minutes:g}_m"])


def loss(frame: Rings, station: object, minutes: float) -> pd.Series:
    """Return what is lost of a ring if a station closes."""
    return frame.losses.set_index(["station_id", "minutes"]).loc[(station, minutes)]


def test_a_car_at_30_makes_500_1500_and_2500_metres() -> None:
    """One street of 3 km without a class: three rings, and half a kilometre beyond."""
    found = rings(points_of([(0, 0)]), streets_of([line((0, 0), (3000, 0))]))
    assert ends(found.streets, "minutes", "station_id") == [
        (0.0, 500.0, 1.0, 0), (500.0, 1500.0, 3.0, 0), (1500.0, 2500.0, 5.0, 0),
    ]  # fmt: skip
    assert ends(found.outside, "reason") == [(2500.0, 3000.0, "beyond")]
    assert found.streets.geometry.length.tolist() == pytest.approx([500, 1000, 1000])
    assert found.bands["within_m"].tolist() == pytest.approx([500, 1500, 2500])
    assert found.bands["share"].tolist() == pytest.approx([1 / 6, 1 / 3, 1 / 3])
    assert reach(found, 0, 3) == pytest.approx(1500)


@pytest.mark.parametrize(("mode", "metres"), [("e_bike", 1000.0), ("foot", 250.0)])
def test_each_mode_has_its_own_speed(mode: str, metres: float) -> None:
    """Three minutes by e-bike at 20 km/h, and on foot at 5."""
    found = rings(points_of([(0, 0)]), streets_of([line((0, 0), (3000, 0))]), mode=mode)
    assert reach(found, 0, 3) == pytest.approx(metres)


def test_a_ring_in_a_chessboard_is_the_diamond_of_the_closed_form() -> None:
    """On the line at j blocks from the middle, r - j * pitch is left to either side."""
    pitch_m, r_m = 90.0, 500.0
    found = rings(points_of([(0, 0)]), grid_city(14, pitch_m), minutes=[1])
    left = np.clip(r_m - pitch_m * np.abs(np.arange(-7, 8)), 0, None)
    assert reach(found, 0, 1) == pytest.approx(4 * left.sum())
    assert found.bands["length_m"].tolist() == pytest.approx([4 * left.sum()])


def test_the_class_of_a_street_and_a_changed_table_set_the_pace() -> None:
    """A primary road at 40, or at what the caller says, for that class and mode alone."""
    streets = streets_of([line((0, 0), (9000, 0))], **{"class": ["Primary"]})
    assert reach(rings(points_of([(0, 0)]), streets), 0, 3) == pytest.approx(2000)
    own = pd.DataFrame({"mode": ["car", "foot"], "class": ["primary", ""], "kmh": [60, 1]})
    found = rings(points_of([(0, 0)]), streets, speeds=own)
    assert reach(found, 0, 3) == pytest.approx(3000)


def test_the_turn_out_and_the_way_to_the_street_come_off_the_ring() -> None:
    """60 s at 30 km/h: 12 s of turn-out and 25 m beside the street leave 375 m."""
    found = rings(
        points_of([(0, 25)]), streets_of([line((0, 0), (3000, 0))]), minutes=[1],
        rules=ResponseRules(turnout_s=12.0),
    )  # fmt: skip
    assert ends(found.streets) == [(0.0, 375.0)]
    assert found.stations["offset_m"].tolist() == pytest.approx([25])


def test_one_way_streets_are_driven_one_way_and_walked_both() -> None:
    """A car in the middle of a one-way street reaches what lies ahead."""
    streets = streets_of([line((0, 0), (3000, 0))], oneway=["yes"])
    by_car = rings(points_of([(1500, 0)]), streets, minutes=[1])
    assert ends(by_car.streets) == [(1500.0, 2000.0)]
    assert ends(by_car.outside, "reason") == [(0.0, 1500.0, "no_way"), (2000.0, 3000.0, "beyond")]
    on_foot = rings(points_of([(1500, 0)]), streets, minutes=[3], mode="foot")
    assert ends(on_foot.streets) == [(1250.0, 1750.0)]


def test_footpaths_and_lanes_too_narrow_are_closed_to_cars() -> None:
    """A lane of 1.8 m and a footway off a street: an e-bike passes the lane, a walker both."""
    streets = streets_of(
        [line((0, 0), (100, 0)), line((100, 0), (200, 0)), line((100, 0), (100, 100))],
        **{"class": ["residential", "residential", "footway"]}, width_m=[6.0, 1.8, 6.0],
    )  # fmt: skip
    reasons = {}
    for mode in ("car", "e_bike", "foot"):
        found = rings(points_of([(0, 0)]), streets, mode=mode)
        reasons[mode] = dict(found.outside[["street_id", "reason"]].to_numpy().tolist())
        assert found.open_m + found.outside_m["closed"] == pytest.approx(300)
    assert reasons == {"car": {1: "closed", 2: "closed"}, "e_bike": {2: "closed"}, "foot": {}}


def test_the_other_bank_is_reached_over_the_bridge_and_an_island_never() -> None:
    """Two banks 100 m apart, a bridge 1 km up the river; an island between them."""
    streets = streets_of(
        [line((0, 0), (1000, 0)), line((0, 100), (1000, 100)), line((1000, 0), (1000, 100)),
         line((300, 50), (400, 50))],
        bridge=["no", "no", "yes", "no"],
    )  # fmt: skip
    found = rings(points_of([(0, 0)]), streets)
    assert ends(found.outside, "street_id", "reason") == [(0.0, 100.0, 3, "no_way")]
    other = found.streets[found.streets["street_id"] == 1]
    assert ends(other, "minutes") == [(0.0, 600.0, 5.0), (600.0, 1000.0, 3.0)]


def test_a_shut_gate_parts_the_street_for_cars_and_walkers() -> None:
    """A gate at 200 m of 400; the way round to its other side is 1,600 m."""
    streets = streets_of([line((0, 0), (400, 0)), line((0, 0), (0, 500), (400, 500), (400, 0))])
    gate = points_of([(200, 3)])
    for mode, kmh in (("car", 30.0), ("foot", 5.0)):
        near, far = 200 * 0.06 / kmh, 1590 * 0.06 / kmh
        found = rings(points_of([(0, 0)]), streets, gates=gate, mode=mode, minutes=[near, far])
        assert reach(found, 0, near) == pytest.approx(400)
        assert ends(found.outside) == [(200.0, 210.0)]
        assert found.summary()["gates_shut"] == 1


def test_a_gate_across_a_footpath_does_not_shut_the_road_beside() -> None:
    """Among the streets of cars alone the road 10 m away would be the nearest to the gate."""
    streets = streets_of(
        [line((0, 0), (400, 0)), line((0, 10), (400, 10))],
        **{"class": ["residential", "footway"]},
    )  # fmt: skip
    found = rings(points_of([(0, 0)]), streets, gates=points_of([(200, 9)]))
    assert ends(found.streets) == [(0.0, 400.0)]


def test_a_gate_with_hours_is_shut_outside_them() -> None:
    """Open by day; shut at night, and shut where the hours cannot be read."""
    streets = streets_of([line((0, 0), (400, 0))])
    gates = points_of([(200, 0), (390, 0), (395, 0)], hours=["06:00-22:00", None, "一会儿"])
    noon, night = (dt.datetime.fromisoformat(f"2026-03-04 {hour}:00") for hour in (12, 23))
    lengths = [
        rings(points_of([(0, 0)]), streets, gates=gates, now=now).bands["within_m"]
        for now in (noon, night, None)
    ]
    assert [float(length.iloc[-1]) for length in lengths] == pytest.approx([395, 200, 400])


def test_stations_off_duty_closed_or_without_a_place_are_left_out_with_the_reason() -> None:
    """Whatever else holds, the gravest reason is named; a row without hours is always there."""
    stations = points_of(
        [(0, 0), (10, 0), (20, 0), (30, 0), (40, 900), (50, 0)],
        station_id=list("abcdef"),
        hours=["08:00-20:00", None, "有空", "20:00-06:00", None, None],
        state=["open", "", None, "closed", None, "moved"],
        mode=[None, "video", "foot", None, "car", None],
    )
    stations.loc[6] = [*stations.loc[1, ["station_id", "hours", "state", "mode"]], None]
    stations.loc[6, "station_id"] = "g"
    streets = streets_of([line((0, 0), (100, 0))])
    night = dt.datetime.fromisoformat("2026-03-04 23:00")
    found = rings(stations, streets, now=night)
    assert dict(found.left_out[["station_id", "reason"]].to_numpy().tolist()) == {
        "a": "off_duty", "b": "mode_unknown", "c": "hours_unsure", "d": "closed",
        "e": "not_on_network", "f": "state_unknown", "g": "no_place",
    }  # fmt: skip
    assert found.summary()["stations_left_out"]["off_duty"] == 1
    assert ends(found.outside, "reason") == [(0.0, 100.0, "no_way")]
    by_day = rings(stations, streets, now=dt.datetime.fromisoformat("2026-03-04 12:00"))
    assert by_day.stations["station_id"].tolist() == ["a"]
    assert rings(stations, streets).stations["station_id"].tolist() == ["a", "c"]


def test_what_is_lost_if_a_station_closes() -> None:
    """
    Two stations 1,200 m apart on a street of 3 km, a minute being 500 m.

    A at 600 reaches 100 to 1,100 in a minute, B at 1,800 reaches 1,300 to 2,300: nothing twice.
    In three minutes A has 0 to 2,100, B 300 to 3,000.
    """
    found = rings(
        points_of([(600, 0), (1800, 0)], station_id=["A", "B"]),
        streets_of([line((0, 0), (3000, 0))]), minutes=[1, 3],
    )  # fmt: skip
    assert loss(found, "A", 1)["only_m"] == pytest.approx(1000)
    assert loss(found, "A", 1)["reach_m"] == pytest.approx(1000)
    # From 1,800 to 100 and 1,100: 1,700 and 700 m, 1,200 on average.
    assert loss(found, "A", 1)["next_minutes"] == pytest.approx(2.4)
    assert loss(found, "A", 1)["next_most_minutes"] == pytest.approx(3.4)
    assert loss(found, "A", 3)["only_m"] == pytest.approx(300)
    assert loss(found, "B", 3)["only_m"] == pytest.approx(900)
    assert loss(found, "B", 3)["alone_m"] == 0.0
    assert loss(found, "B", 3)["next_most_minutes"] == pytest.approx(4.8)
    # Who is first changes half way between them.
    assert ends(found.streets, "minutes", "station_id") == [
        (0.0, 100.0, 3.0, "A"), (100.0, 1100.0, 1.0, "A"), (1100.0, 1200.0, 3.0, "A"),
        (1200.0, 1300.0, 3.0, "B"), (1300.0, 2300.0, 1.0, "B"), (2300.0, 3000.0, 3.0, "B"),
    ]  # fmt: skip


def test_the_order_of_the_rows_changes_nothing_but_the_order_of_the_stations() -> None:
    """Three stations on a chessboard, forwards and backwards."""
    streets = grid_city(4, 100.0)
    stations = points_of([(-150, 20), (90, 60), (0, -170)], station_id=list("cab"))
    one, other = (rings(rows, streets, minutes=[0.2, 0.6]) for rows in (stations, stations[::-1]))
    assert ends(one.streets, "minutes", "station_id") == ends(
        other.streets, "minutes", "station_id"
    )
    assert one.losses.equals(other.losses)
    assert one.stations["station_id"].tolist() == ["c", "a", "b"]
    assert other.stations["station_id"].tolist() == ["b", "a", "c"]


def test_many_ways_from_one_station_do_not_hide_the_next() -> None:
    """On a chessboard there are two ways to every corner; samples agree."""
    streets = grid_city(6, 100.0)
    stations = points_of([(-250, 0), (-100, 150), (200, -100)], mode=["car"] * 3)
    found = rings(stations, streets, minutes=[0.6], speeds=FLAT)
    samples = samples_of(streets, 1.0)
    near = times_of(streets, stations, samples, walked=False) <= 36.0
    alone = near & (near.sum(axis=0) == 1)
    assert found.losses["reach_m"].tolist() == pytest.approx(near.sum(axis=1).tolist(), abs=25)
    assert found.losses["only_m"].tolist() == pytest.approx(alone.sum(axis=1).tolist(), abs=25)
    assert alone.sum(axis=1).min() > 100


def test_what_nobody_else_reaches_at_all_is_told_apart() -> None:
    """A one-way street that leads away from A to B: B cannot come back."""
    found = rings(
        points_of([(0, 0), (300, 0)], station_id=["A", "B"]),
        streets_of([line((0, 0), (400, 0))], oneway=["yes"]), minutes=[1],
    )  # fmt: skip
    assert loss(found, "A", 1)[["only_m", "alone_m"]].tolist() == pytest.approx([300, 300])
    assert np.isnan(loss(found, "A", 1)["next_minutes"])
    assert loss(found, "B", 1)["only_m"] == 0.0


def test_every_class_answers_in_its_own_minutes() -> None:
    """A post one minute, a unit of the city five; both together, each metre once."""
    stations = points_of(
        [(0, 0), (1000, 0), (5000, 0), (0, 0)],
        station_id=list("abcd"), unit_class=["post", "post", "city", None],
    )  # fmt: skip
    streets = streets_of([line((0, 0), (6000, 0))])
    found = rings(stations, streets)
    assert found.classes.to_numpy().tolist() == [
        ["post", 1.0, 2, pytest.approx(1500), pytest.approx(0.25)],
        ["city", 5.0, 1, pytest.approx(3500), pytest.approx(7 / 12)],
    ]
    assert found.own_length_m == pytest.approx(5000)
    assert found.stations["own_reach_m"].tolist()[:3] == pytest.approx([500, 1000, 3500])
    assert found.summary()["stations_without_class"] == 1
    own = rings(stations, streets, rules=ResponseRules(class_minutes={"post": 3.0}))
    assert own.classes["length_m"].tolist() == pytest.approx([2500])
    assert rings(stations.iloc[3:], streets).summary()["own_share"] is None


def test_of_two_equally_soon_the_smaller_id_has_the_stretch_whatever_the_rows() -> None:
    """Two stations at one place."""
    streets = streets_of([line((0, 0), (100, 0))])
    for order in (["S10", "S9"], ["S9", "S10"]):
        found = rings(points_of([(0, 0), (0, 0)], station_id=order), streets)
        assert found.streets["station_id"].tolist() == ["S10"]
        assert found.stations["station_id"].tolist() == order
        assert found.losses["only_m"].sum() == 0.0


@settings(max_examples=20)
@given(streets=small_towns(), at=sites)
def test_every_metre_has_the_ring_the_station_and_the_loss_that_all_ways_give(
    streets: gpd.GeoDataFrame, at: list[tuple[int, int, str]]
) -> None:
    """Against the ways from every station to a sample of places, by scipy."""
    stations = points_of([(x, y) for x, y, _ in at], mode=[mode for *_, mode in at])
    minutes, step_m = [0.2, 0.5], 0.9
    found = rings(stations, streets, minutes=minutes, speeds=FLAT)
    samples = samples_of(streets, step_m)
    apart = crossed_once(streets, samples)
    time_s = times_of(streets, stations, samples, walked=False)
    pieces = pd.concat([found.streets, found.outside], ignore_index=True)
    assert pieces["length_m"].sum() == pytest.approx(streets.length.sum())
    ring = ring_at(pieces, samples)
    soonest = time_s.min(axis=0) / 60.0
    told = np.array([np.inf if np.isnan(minute) else minute for minute in ring])
    want = np.append(minutes, np.inf)[np.searchsorted(minutes, soonest)]
    clear = (np.abs(soonest[:, None] - minutes) > 1e-6).all(axis=1) & apart
    assert (told == want)[clear].all()
    for ring_min in minutes:
        near = time_s / 60.0 <= ring_min
        alone = near.sum(axis=0) == 1
        for row in found.stations["station_id"]:
            got = loss(found, row, ring_min)
            for name, held in (("reach_m", near[row]), ("only_m", near[row] & alone)):
                # A stretch is off by less than a step at either end.
                ends_of_all = np.abs(np.diff(held.astype(int))).sum() + 2 * len(streets)
                assert abs(got[name] - step_m * held.sum()) <= step_m * ends_of_all
            assert got["only_m"] <= got["reach_m"] + 1e-6


def ring_at(pieces: gpd.GeoDataFrame, samples: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the ring of the stretch that each sample is in, NaN outside."""
    told = np.full(len(samples), np.nan)
    for street, start, end, minutes in pieces[
        ["street_id", "start_m", "end_m", "minutes"]
    ].itertuples(index=False):
        held = (samples["street_id"] == street) & samples["at_m"].between(start, end)
        told[held] = minutes
    return told


def crossed_once(streets: gpd.GeoDataFrame, samples: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which samples lie on one street alone, so that no other lends them its way."""
    points = np.asarray(samples.geometry.array)
    near = sum((shapely.distance(points, other) < 0.1).astype(int) for other in streets.geometry)
    return np.asarray(near) == 1


@settings(max_examples=10)
@given(streets=small_towns(), at=sites)
def test_another_station_never_takes_a_metre_from_a_ring(
    streets: gpd.GeoDataFrame, at: list[tuple[int, int, str]]
) -> None:
    """Rings grow with stations, and what depends on one station shrinks."""
    stations = points_of([(x, y) for x, y, _ in at], mode=["car"] * len(at))
    fewer, more = (rings(rows, streets, minutes=[0.3, 0.6]) for rows in (stations[:-1], stations))
    assert (more.bands["within_m"] >= fewer.bands["within_m"] - 1e-6).all()
    only = more.losses.merge(fewer.losses, on=["station_id", "minutes"])
    assert (only["only_m_x"] <= only["only_m_y"] + 1e-6).all()
    assert only["reach_m_x"].tolist() == pytest.approx(only["reach_m_y"].tolist())


def test_ready_roads_give_the_same_rings() -> None:
    """Networks made once, for more modes than are needed."""
    streets = grid_city(6, 100.0)
    stations = points_of([(3, 4), (150, 90)], mode=["car", "foot"])
    plain, ready = rings(stations, streets), rings(stations, Roads.of(streets))
    assert ends(plain.streets, "station_id") == ends(ready.streets, "station_id")
    assert plain.summary() | {"modes": None} == ready.summary() | {"modes": None}


def test_empty_layers_have_empty_rings() -> None:
    """No station, no street, or neither."""
    street, station = streets_of([line((0, 0), (100, 0))]), points_of([(0, 0)])
    nobody = rings(station.iloc[:0], street)
    assert nobody.streets.empty
    assert ends(nobody.outside, "reason") == [(0.0, 100.0, "no_way")]
    nowhere = rings(station, street.iloc[:0])
    assert nowhere.left_out["reason"].tolist() == ["not_on_network"]
    assert nowhere.summary()["rings"][0]["within_share"] is None
    assert nowhere.outside.empty


def test_rings_refuse_what_they_cannot_reckon() -> None:
    """Each with the name of the argument."""
    streets, stations = streets_of([line((0, 0), (100, 0))]), points_of([(0, 0), (1, 0)])
    for wrong in ([], [0], [1, np.nan], [-1]):
        with pytest.raises(InvalidParameterError, match="minutes"):
            rings(stations, streets, minutes=wrong)
    with pytest.raises(ColumnError, match="row 1 has the station_id 'a'"):
        rings(stations.assign(station_id="a"), streets)
    with pytest.raises(InvalidParameterError, match="made for car"):
        rings(stations, Roads.of(streets, modes=["car"]), mode="foot")
    with pytest.raises(InvalidParameterError, match=r"Roads\.of"):
        rings(stations, Roads.of(streets), gates=stations)
    with pytest.raises(InvalidParameterError, match="modes: 'tank'"):
        rings(stations, streets, mode="tank")
    with pytest.raises(CRSError):
        rings(stations.to_crs("EPSG:4326"), streets)
    for options in (
        {"turnout_s": -1.0},
        {"snap_m": np.nan},
        {"ring_minutes": 0.0},
        {"class_minutes": {"post": 0.0}},
    ):
        with pytest.raises(InvalidParameterError, match=next(iter(options))):
            ResponseRules(**options)  # type: ignore[arg-type]
