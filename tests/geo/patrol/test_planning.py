"""Plans of a small town, against lengths and hours that can be reckoned by hand."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import CRSError, InvalidParameterError
from geo.patrol.compliance import compliance
from geo.patrol.outcome import lived
from geo.patrol.planning import revised
from geo.patrol.problem import Routes
from tests.geo.patrol.town import (
    SUNDAY,
    crew,
    lattice,
    oneway,
    planned,
    spots,
    station,
    stretches,
    units_of,
)
from tests.patrol_city import patrol_city
from tests.strategies import areas_of, box, line

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.patrol.patrolplan import PatrolPlan

ROW = {"P": (200.0, 0.0), "Q": (400.0, 0.0), "R": (600.0, 0.0)}
SOUTH = line((200, 0), (600, 0))
AT = pd.Timestamp


def stops_of(plan: PatrolPlan, *kinds: str) -> gpd.GeoDataFrame:
    """Return the stops of some kinds."""
    return plan.stops[plan.stops["kind"].isin(kinds)]


def test_points_in_a_row_are_walked_there_and_back() -> None:
    """And the bound proves it."""
    plan = planned(spots(ROW))
    (unit,) = plan.units.itertuples(index=False)
    # 1200 m at 5 km/h and three stays of 120 s.
    assert plan.distance_m == unit.distance_m == 1200
    assert unit.duration_s == 864 + 360
    assert plan.served == unit.stops == 3
    assert plan.unserved.empty
    assert plan.violations.empty
    assert plan.bound == pytest.approx(1200.0)
    assert plan.gap == pytest.approx(0.0)


def test_summary_has_what_was_promised_and_is_json() -> None:
    """In this order; more may follow."""
    points = spots({**ROW, "off": (100.0, 100.0)})
    summary = planned(points, seed=7).summary()
    assert list(summary)[:10] == [
        "units", "served", "unserved", "distance_m", "longest_shift_s", "shortest_shift_s",
        "bound", "gap", "stopped_by", "seed",
    ]  # fmt: skip
    assert summary["units"] == 1
    assert summary["served"] == 3
    assert summary["unserved"] == [{"id": "off", "reason": "off_network"}]
    assert summary["longest_shift_s"] == summary["shortest_shift_s"] == 1224
    assert summary["seed"] == 7
    assert json.loads(json.dumps(summary)) == summary


def test_points_and_segments_are_done_together() -> None:
    """The point lies on the segment."""
    plan = planned(spots({"P": (400, 0)}), stretches({"S": SOUTH}))
    # Along the segment, back along it to the point in its middle, home: no metre beside the street.
    assert plan.distance_m == 1200
    done = stops_of(plan, "segment").iloc[0]
    assert done["work_m"] == 400
    assert (done["leave"] - done["start"]).total_seconds() == 288


def test_both_directions_are_walked_once_each() -> None:
    """There and back."""
    plan = planned(None, stretches({"S": SOUTH}, both=[True]))
    assert sorted(stops_of(plan, "segment")["direction"]) == ["backward", "forward"]
    assert plan.distance_m == 1200
    assert plan.served == 2


def test_car_keeps_to_the_direction_of_a_oneway_street() -> None:
    """Its end is its start."""
    units = units_of(crew(mode="car", start="Z"))
    streets = lattice(oneway=["-1"] + ["no"] * 9)
    plan = planned(None, stretches({"S": SOUTH}), units, streets=streets)
    assert stops_of(plan, "segment")["direction"].tolist() == ["backward"]
    # Around by the next street: 200 + 600 + 200 there, 400 along, 200 home.
    assert plan.distance_m == 1600


def test_shift_over_midnight_has_its_hours_on_both_days() -> None:
    """It belongs to the first."""
    points = spots(ROW, windows=["01:00-02:00", None, "22:00-23:00"])
    plan = planned(points, None, units_of(crew(start="Z", shift="22:00-04:00")))
    start = stops_of(plan, "point").set_index("id")["start"]
    assert AT("2026-11-23 01:00") <= start["P"] <= AT("2026-11-23 01:58")
    assert AT("2026-11-22 22:00") <= start["R"] <= AT("2026-11-22 22:58")
    assert plan.units["on"].tolist() == [AT("2026-11-22 22:00")]
    assert plan.units["off"].tolist() == [AT("2026-11-23 04:00")]
    assert set(plan.due["shift_id"]) == {"2026-11-22 22:00-04:00"}


def test_stays_end_within_their_windows() -> None:
    """One window leaves two minutes, the other none."""
    points = spots(ROW, dwell_min=[10, 10, 10], windows=["09:00-09:12", "09:30-09:40", None])
    plan = planned(points)
    stops = stops_of(plan, "point").set_index("id")
    assert stops.loc["P", "start"] >= AT("2026-11-22 09:00")
    assert stops.loc["P", "leave"] <= AT("2026-11-22 09:12")
    assert stops.loc["Q", "start"] == AT("2026-11-22 09:30")
    assert ((stops["leave"] - stops["start"]).dt.total_seconds() == 600).all()


def test_break_is_taken_in_its_window() -> None:
    """From its start to its end."""
    units = units_of(crew(start="Z", break_min=30, break_window="11:00-12:00"))
    plan = planned(spots(ROW), None, units)
    (rest,) = stops_of(plan, "break").itertuples(index=False)
    assert AT("2026-11-22 11:00") <= rest.start
    assert rest.leave <= AT("2026-11-22 12:00")
    assert (rest.leave - rest.start).total_seconds() == 1800
    assert plan.served == 3


def test_visits_keep_their_interval() -> None:
    """As they are planned."""
    points = spots({"P": (200, 0)}, visits=[4], least_interval_min=[45], greatest_interval_min=[90])
    stops = stops_of(planned(points), "point")
    gaps = [(b.start - a.leave).total_seconds() / 60
            for a, b in pairwise(stops.sort_values("start").itertuples())]  # fmt: skip
    assert len(gaps) == 3
    assert all(45 <= gap <= 90 for gap in gaps)


def test_peak_is_stood_by_from_its_start_to_its_end() -> None:
    """By two units of three."""
    peaks = pd.DataFrame({"place_id": ["R"], "hours": ["09:00-10:00"], "least_units": [2]})
    units = units_of(crew("a", start="Z"), crew("b", start="Z"), crew("c", start="Z"))
    plan = planned(spots(ROW), None, units, peaks=peaks)
    standing = stops_of(plan, "standby")
    assert standing["unit_id"].nunique() == 2
    assert (standing["start"] == AT("2026-11-22 09:00")).all()
    assert (standing["leave"] == AT("2026-11-22 10:00")).all()
    assert set(plan.due.loc[plan.due["dwell_s"] == 3600, "kind"]) == {"point"}


def test_two_peaks_of_one_place_are_two_things_owed() -> None:
    """The school in the morning and at noon."""
    peaks = pd.DataFrame({"place_id": ["R", "R"], "hours": ["09:00-09:30", "12:00-12:30"]})
    plan = planned(spots(ROW), peaks=peaks)
    assert plan.due["due_id"].is_unique
    assert len(stops_of(plan, "standby")) == 2


def test_stop_that_a_person_drops_is_told_as_unserved() -> None:
    """The plan before stays, and so does what is owed."""
    plan = planned(spots(ROW))
    kept = Routes.of([plan.outcomes[0].routes.visit[:2].tolist()])
    other = revised(plan, 0, kept)
    assert (plan.served, other.served) == (3, 2)
    told = other.unserved[["id", "reason", "relaxation", "unit_id"]].to_numpy().tolist()
    dropped = stops_of(plan, "point")["id"].iloc[2]
    assert told == [[dropped, "dropped", "put_in", "U1"]]
    assert other.violations.empty
    assert other.due["unit_id"].tolist() == ["U1"] * 3


def test_routes_that_a_person_broke_are_told_as_violations() -> None:
    """Two stops swapped that their windows hold in order."""
    points = spots({"P": (200, 0), "Q": (400, 0)}, windows=["09:00-09:10", "10:00-10:10"])
    plan = planned(points)
    swapped = revised(plan, 0, Routes.of([plan.outcomes[0].routes.visit[::-1].tolist()]))
    assert plan.violations.empty
    assert swapped.violations[["unit_id", "rule"]].to_numpy().tolist() == [["U1", "window"]]


def test_three_shifts_serve_all_or_say_why_not() -> None:
    """What is wrong in all shifts is told once."""
    hours = ("06:00-14:00", "14:00-22:00", "22:00-06:00")
    units = units_of(*(crew(each[:2], shift=each, start="Z") for each in hours))
    points = spots(ROW, windows=["07:00-08:30;16:30-18:00", None, "12:00-12:01"])
    plan = planned(points, stretches({"S": SOUTH}), units)
    # R is open for less than its stay, in the early shift alone.
    assert plan.unserved[["id", "reason", "shift_id"]].to_numpy().tolist() == [
        ["R", "window_too_short", "2026-11-22 06:00-14:00"]
    ]
    assert plan.parts["served"].tolist() == [3, 3, 2]
    assert len(plan.due) == plan.served + 1
    assert plan.violations.empty


def test_same_seed_makes_the_same_plan() -> None:
    """To the second and the metre."""
    units = units_of(crew("a", start="Z"), crew("b", start="Z", mode="car"))
    first, second = (
        planned(spots(ROW), stretches({"S": line((0, 200), (0, 600))}), units, seed=5)
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(pd.DataFrame(first.stops), pd.DataFrame(second.stops))
    pd.testing.assert_frame_equal(pd.DataFrame(first.legs), pd.DataFrame(second.legs))


def test_two_seeds_arrive_at_other_times() -> None:
    """At every point."""
    starts = [
        stops_of(planned(spots(ROW), seed=seed), "point").set_index("id")["start"].sort_index()
        for seed in (1, 2)
    ]
    assert (starts[0] != starts[1]).all()


def test_hours_drawn_by_seed_keep_windows_and_shift() -> None:
    """The checker says so."""
    points = spots(ROW, windows=["09:00-10:00", None, None])
    units = units_of(crew(start="Z", break_min=20, break_window="12:00-13:00"))
    for seed in range(6):
        plan = planned(points, None, units, seed=seed)
        assert plan.violations.empty
        assert plan.served == 3


def test_same_routes_begin_at_other_times_by_seed_within_their_windows() -> None:
    """The window leaves an hour of seven; nobody waits and no metre is added."""
    points = spots(ROW, windows=["09:00-10:02", None, None])
    plan = planned(points)
    problem, routes = plan.model.parts[0].problem, plan.outcomes[0].routes
    days = [lived(problem, routes, seed=seed) for seed in range(6)]
    assert all(found.empty for _, found in days)
    assert len({int(day.crews["leave_s"].iloc[0]) for day, _ in days}) == 6
    assert {int(day.stops["wait_s"].sum()) for day, _ in days} == {0}
    assert {day.distance_m for day, _ in days} == {plan.distance_m}
    assert len({int(day.crews["duration_s"].iloc[0]) for day, _ in days}) == 1


def test_shifts_are_as_long_as_each_other_at_a_price() -> None:
    """Without balance one unit does it all."""
    points = spots({f"P{k}": (100.0 * k, 0.0) for k in range(1, 9)}, dwell_min=10)
    units = units_of(crew("a", start="Z"), crew("b", start="Z"))
    short = planned(points, None, units, balance=False)
    fair = planned(points, None, units, iterations=400)
    assert short.summary()["balanced"] is None
    assert short.shortest_shift_s == 0
    assert fair.summary()["balanced"]
    assert fair.shortest_shift_s >= 0.95 * fair.longest_shift_s
    assert fair.summary()["balance_price_m"] == fair.distance_m - short.distance_m > 0
    assert fair.parts["spread"].iloc[0] <= 0.05


def test_routes_run_along_the_streets_and_measure_what_is_told() -> None:
    """Piece by piece, without a jump."""
    units = units_of(crew("car", mode="car", start="Z"), crew("foot", start="R"))
    streets = lattice(oneway=oneway(0, 6))
    segments = stretches({"S": SOUTH, "T": line((0, 200), (0, 790))})
    plan = planned(spots(ROW), segments, units, streets=streets)
    assert plan.routes.length.tolist() == pytest.approx(plan.routes["distance_m"], abs=5)
    assert plan.legs.length.tolist() == pytest.approx(plan.legs["length_m"], abs=0.6)
    ground = shapely.union_all(streets.geometry.to_numpy()).buffer(0.01)
    assert ground.covers(shapely.union_all(plan.legs.geometry.to_numpy()))
    for _, legs in plan.legs.groupby("crew_id"):
        ends = shapely.get_coordinates(shapely.get_point(legs.geometry.to_numpy(), -1))[:-1]
        begins = shapely.get_coordinates(shapely.get_point(legs.geometry.to_numpy(), 0))[1:]
        assert begins == pytest.approx(ends, abs=1e-6)
        assert (legs["begin"].to_numpy()[1:] >= legs["end"].to_numpy()[:-1]).all()


def test_segment_walked_back_is_drawn_back() -> None:
    """As an arrow on a map would show."""
    streets = lattice(oneway=["-1"] + ["no"] * 9)
    plan = planned(
        None, stretches({"S": SOUTH}), units_of(crew(mode="car", start="Z")), streets=streets
    )
    (drawn,) = plan.legs.loc[plan.legs["kind"] == "segment"].geometry
    assert drawn.equals(shapely.reverse(SOUTH))
    assert drawn.coords[0] == SOUTH.coords[-1]


def test_unit_that_starts_anywhere_begins_at_its_first_stop() -> None:
    """And is noted."""
    plan = planned(spots(ROW), None, units_of(crew()), standby=None)
    assert plan.distance_m == 400
    assert plan.stops["kind"].tolist() == ["point"] * 3
    assert plan.notes["note"].tolist() == ["starts_anywhere"]


def test_what_is_owed_does_not_depend_on_what_is_served() -> None:
    """The denominator stays."""
    points = spots({**ROW, "off": (100.0, 100.0)}, required=[True, True, False, True],
                   prize_m=[None, None, 1, None])  # fmt: skip
    plan = planned(points)
    due = plan.due.set_index("id")
    # R is optional and not worth its way, so nobody owes it.
    assert list(due.index) == ["P", "Q", "off"]
    assert due["unit_id"].isna().tolist() == [False, False, True]
    assert due.loc["P", "earliest"] == AT("2026-11-22 08:00")
    assert due.loc["P", "latest"] == AT("2026-11-22 15:58")
    assert due.loc["P", "dwell_s"] == 120


def test_plan_that_is_walked_as_told_complies() -> None:
    """What is due is what compliance reads."""
    plan = planned(spots(ROW), stretches({"S": SOUTH}))
    stops = stops_of(plan, "point", "segment")
    done = pd.DataFrame({
        "kind": stops["kind"], "id": stops["id"], "unit_id": stops["unit_id"],
        "entered": stops["start"], "left": stops["leave"],
        "dwell_s": (stops["leave"] - stops["start"]).dt.total_seconds(),
        "certainty": "certain", "mode": stops["mode"], "driven_through": False,
    })  # fmt: skip
    found = compliance(plan.due, done, plan.roster)
    assert found.due["status"].tolist() == ["done"] * 4


def test_areas_are_planned_apart_and_side_by_side_the_same() -> None:
    """In whatever order they are done."""
    areas = areas_of({"W": box(-50, -50, 390, 850), "E": box(390, -50, 850, 850)})
    units = units_of(crew("w", area_code="W", start="Z"), crew("e", area_code="E", start="R"))
    first = planned(spots(ROW), None, units, areas=areas)
    with ThreadPoolExecutor(2) as executor:
        second = planned(spots(ROW), None, units, areas=areas, executor=executor)
    assert first.parts["area_id"].tolist() == ["E", "W"]
    pd.testing.assert_frame_equal(pd.DataFrame(first.stops), pd.DataFrame(second.stops))
    assert stops_of(first, "point").groupby("unit_id")["id"].agg(set).to_dict() == {
        "e": {"Q", "R"}, "w": {"P"},
    }  # fmt: skip


def test_inputs_stay_as_they_were() -> None:
    """Frames of the caller are not touched."""
    frames = [spots(ROW), stretches({"S": SOUTH}), units_of(crew(start="Z")), lattice()]
    before = [frame.copy() for frame in frames]
    planned(*frames[:3], streets=frames[3], areas=areas_of({"W": box(-50, -50, 390, 850)}))
    for frame, old in zip(frames, before, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(old))


def test_small_city_is_served_in_three_shifts() -> None:
    """Nothing is lost on the way from rows to routes."""
    city = patrol_city(1, columns=2, rows=1)
    plan = planned(
        city.points, city.segments, city.units, streets=city.streets, areas=city.areas,
        standby=city.standby, iterations=60, balance=False,
    )  # fmt: skip
    assert plan.violations.empty
    assert not plan.unserved["reason"].isin(["off_network", "no_unit_in_area"]).any()
    assert plan.served + len(plan.unserved) == len(plan.model.tasks)
    assert len(plan.parts) == 6
    required = city.segments["segment_id"].repeat(3)
    done = stops_of(plan, "segment")["id"]
    late = plan.unserved.loc[plan.unserved["kind"] == "segment", "id"]
    assert sorted([*done, *late]) == sorted(required)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"seed": -1}, "seed"), ({"iterations": 0}, "iterations"), ({"time_limit_s": 0}, "time")],
)
def test_option_outside_its_range_is_refused(options: dict[str, Any], message: str) -> None:
    """By its name."""
    with pytest.raises(InvalidParameterError, match=message):
        planned(spots(ROW), **options)


def test_degrees_are_refused() -> None:
    """Metres are metres."""
    with pytest.raises(CRSError, match="points"):
        planned(spots(ROW).to_crs(4326))


def test_shift_that_was_asked_for_is_planned_alone() -> None:
    """Others are listed."""
    units = units_of(crew("day", start="Z"), crew("night", start="Z", shift="18:00-02:00"))
    plan = planned(spots(ROW), None, units, shift="18:00-02:00")
    assert plan.units["unit_id"].tolist() == ["night"]
    assert plan.left_out.to_numpy().tolist() == [["day", "other_shift"]]
    assert plan.model.shifts.date == SUNDAY


def test_station_is_where_routes_begin_and_end() -> None:
    """The sheet shows both."""
    plan = planned(spots(ROW))
    first, last = plan.stops.iloc[0], plan.stops.iloc[-1]
    assert (first["kind"], last["kind"]) == ("start", "end")
    assert first["id"] == last["id"] == "Z"
    assert first.geometry.equals(station().geometry.iloc[0])
    assert np.array_equal(plan.stops["seq"], np.arange(5))
