"""Frames as problems: what is owed, by whom, in which ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from geo.errors import ColumnError, InvalidParameterError
from geo.patrol.problem import UNREACHABLE
from tests.geo.patrol.town import (
    HOUR,
    crew,
    drafted,
    lattice,
    oneway,
    spots,
    station,
    stretches,
    units_of,
)
from tests.strategies import areas_of, box, line

if TYPE_CHECKING:
    from geo.patrol.model import Model

SOUTH = line((200, 0), (600, 0))


def ways_of(model: Model, part: int = 0) -> dict[str, list[bool]]:
    """Return direction and whether each profile can do it, of all ways of a part."""
    held = model.parts[part]
    able = held.problem.visits.work_s >= 0
    return dict(zip(held.ways["direction"], able.T.tolist(), strict=True))


def test_point_is_one_task_with_its_dwell() -> None:
    """It ends within the shift."""
    model = drafted(spots({"P": (200, 0)}, dwell_min=[5]))
    problem = model.parts[0].problem
    assert model.tasks.frame["due_id"].tolist() == ["point:P/1@0"]
    assert problem.visits.work_s.tolist() == [[300]]
    assert problem.visits.late_s.tolist() == [16 * HOUR - 300]
    assert (problem.visits.entry == problem.visits.exit).all()


def test_dwell_is_two_minutes_where_none_is_told() -> None:
    """What a track has to show."""
    assert drafted(spots({"P": (200, 0)})).parts[0].problem.visits.work_s.tolist() == [[120]]


def test_segment_is_one_task_in_either_direction() -> None:
    """Two ways, of which one is used."""
    model = drafted(None, stretches({"S": SOUTH}))
    visits = model.parts[0].problem.visits
    assert len(model.tasks) == 1
    assert ways_of(model) == {"forward": [True], "backward": [True]}
    assert visits.task.tolist() == [0, 0]
    assert visits.entry.tolist() == visits.exit.tolist()[::-1]
    assert visits.work_m.tolist() == [400, 400]
    # 400 m at 5 km/h.
    assert visits.work_s.tolist() == [[288, 288]]


def test_segment_asked_for_in_both_directions_is_two_tasks() -> None:
    """With one way each."""
    model = drafted(None, stretches({"S": SOUTH}, both=[True]))
    assert model.tasks.frame["due_id"].tolist() == ["segment:S>/1@0", "segment:S</1@0"]
    assert model.parts[0].ways["direction"].tolist() == ["forward", "backward"]
    assert model.parts[0].problem.visits.task.tolist() == [0, 1]


def test_car_patrols_a_oneway_street_one_way_and_feet_both() -> None:
    """By profile."""
    streets = lattice(oneway=oneway(0))
    units = units_of(crew("car", mode="car"), crew("foot"))
    model = drafted(None, stretches({"S": SOUTH}), units, streets=streets)
    assert [speed.mode for speed in model.parts[0].speeds] == ["car", "foot"]
    assert ways_of(model) == {"forward": [True, True], "backward": [False, True]}


def test_car_does_not_patrol_a_footway() -> None:
    """In no direction."""
    streets = lattice(**{"class": ["footway"] + ["residential"] * 9})
    units = units_of(crew("car", mode="car"), crew("foot"))
    model = drafted(None, stretches({"S": SOUTH}), units, streets=streets)
    assert ways_of(model) == {"forward": [False, True], "backward": [False, True]}


def test_patrol_by_car_takes_as_long_as_at_30_km_an_hour() -> None:
    """Faster is driven through; on the way it may go faster."""
    model = drafted(None, stretches({"S": SOUTH}), units_of(crew(mode="car", speed_kmh=60.0)))
    problem = model.parts[0].problem
    assert problem.visits.work_s.tolist() == [[48, 48]]
    start, end = problem.visits.entry
    assert problem.distance_m[0, start, end] == 400
    assert problem.duration_s[0, start, end] == 24


def test_slower_unit_begins_a_segment_earlier_to_be_done_in_its_window() -> None:
    """Hence a way of its own."""
    units = units_of(crew("foot"), crew("car", mode="car"))
    model = drafted(None, stretches({"S": SOUTH}, windows=["09:00-09:10"]), units)
    visits = model.parts[0].problem.visits
    car, foot = visits.work_s[0] >= 0, visits.work_s[1] >= 0
    assert set(visits.late_s[car].tolist()) == {9 * HOUR + 600 - 48}
    assert set(visits.late_s[foot].tolist()) == {9 * HOUR + 600 - 288}
    assert (visits.early_s == 9 * HOUR).all()
    assert not (car & foot).any()


def test_every_window_is_a_way_of_the_same_task() -> None:
    """Cut to the shift."""
    model = drafted(spots({"P": (200, 0)}, windows=["08:30-11:30;13:30-17:00"]))
    visits = model.parts[0].problem.visits
    assert visits.task.tolist() == [0, 0]
    assert visits.early_s.tolist() == [8 * HOUR + 1800, 13 * HOUR + 1800]
    assert visits.late_s.tolist() == [11 * HOUR + 1800 - 120, 16 * HOUR - 120]


def test_visits_of_a_shift_get_slots_that_keep_the_interval() -> None:
    """Whoever comes."""
    points = spots({"P": (200, 0)}, visits=[3], least_interval_min=[60], dwell_min=[10])
    visits = drafted(points).parts[0].problem.visits
    assert visits.task.tolist() == [0, 1, 2]
    assert (visits.early_s[1:] - visits.late_s[:-1] - 600 >= 3600).all()


def test_greatest_interval_alone_asks_for_as_many_visits_as_it_takes() -> None:
    """Eight hours hold four times two."""
    model = drafted(spots({"P": (200, 0)}, greatest_interval_min=[120]))
    visits = model.parts[0].problem.visits
    assert len(model.tasks) == 4
    assert (visits.late_s[1:] - visits.early_s[:-1] - 120 <= 2 * HOUR).all()


def test_passes_of_a_segment_are_spread_over_the_shift() -> None:
    """Not one after the other."""
    visits = drafted(None, stretches({"S": SOUTH}, visits=[2])).parts[0].problem.visits
    first, second = visits.task == 0, visits.task == 1
    assert visits.late_s[first].max() < visits.early_s[second].min()
    assert visits.early_s[second].min() >= 11 * HOUR


def test_no_visits_are_no_task() -> None:
    """A number of 0 is told."""
    points = spots({"P": (200, 0), "Q": (400, 0)}, visits=[0, 1])
    assert drafted(points).tasks.frame["id"].tolist() == ["Q"]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"windows": ["20:00-21:00"]}, "window_outside_shift"),
        ({"windows": ["now and then"]}, "hours_unread"),
        ({"windows": ["09:00-09:10"], "dwell_min": [11]}, "window_too_short"),
        ({"visits": [4], "least_interval_min": [200]}, "interval_impossible"),
        ({"visits": [100_000]}, "interval_impossible"),
    ],
)
def test_what_cannot_be_planned_is_one_task_with_a_reason(
    columns: dict[str, Any], reason: str
) -> None:
    """Never an exception, and never a hundred thousand rows."""
    model = drafted(spots({"P": (200, 0)}, **columns))
    assert model.tasks.frame["reason"].tolist() == [reason]
    assert model.parts[0].problem.tasks == 0


def test_point_and_segment_off_the_streets_are_listed_with_their_distance() -> None:
    """A row without a place has another reason."""
    points = spots({"far": (100, 100), "none": (0, 0)})
    points.loc[1, "geometry"] = None
    model = drafted(points, stretches({"S": line((50, 80), (50, 120))}))
    frame = model.tasks.frame.set_index("id")
    assert frame["reason"].to_dict() == {
        "far": "off_network", "none": "no_place", "S": "off_network",
    }  # fmt: skip
    assert frame.loc["far", "detail"] == pytest.approx(100.0)


def test_window_of_another_shift_is_not_owed_in_this_one() -> None:
    """The school is watched in the afternoon."""
    units = units_of(crew("early", shift="06:00-14:00"), crew("late", shift="14:00-22:00"))
    model = drafted(spots({"P": (0, 0), "Q": (0, 200)}, windows=["16:30-18:00", None]), None, units)
    assert model.tasks.frame["due_id"].tolist() == [
        "point:P/1@1", "point:Q/1@0", "point:Q/1@1",
    ]  # fmt: skip


def test_three_shifts_are_three_problems() -> None:
    """The night has the window after midnight."""
    hours = ("06:00-14:00", "14:00-22:00", "22:00-06:00")
    units = units_of(*(crew(each, shift=each) for each in hours))
    model = drafted(spots({"P": (0, 0)}, windows=["01:00-05:00"]), stretches({"S": SOUTH}), units)
    assert [part.problem.tasks for part in model.parts] == [1, 1, 2]
    assert model.parts[2].problem.visits.early_s[0] == 25 * HOUR


def test_peak_asks_for_units_that_stand_by_all_of_its_window() -> None:
    """Each unit is a task."""
    peaks = pd.DataFrame({
        "place_id": ["P", "P"], "hours": ["07:30-08:30", "15:00-17:00"], "least_units": [2, None],
    })  # fmt: skip
    model = drafted(spots({"P": (200, 0)}, visits=[0]), peaks=peaks)
    visits = model.parts[0].problem.visits
    assert model.tasks.frame["kind"].tolist() == ["standby"] * 3
    # 08:00-08:30 and 15:00-16:00 lie in the shift.
    assert visits.early_s.tolist() == visits.late_s.tolist() == [8 * HOUR, 8 * HOUR, 15 * HOUR]
    assert visits.work_s.tolist() == [[1800, 1800, 3600]]


def test_peak_at_an_unknown_place_is_listed() -> None:
    """Like any row that is wrong."""
    peaks = pd.DataFrame({"place_id": ["X"], "hours": ["09:00-10:00"]})
    assert drafted(spots({"P": (0, 0)}), peaks=peaks).tasks.frame["reason"].tolist() == [
        "", "place_unknown",
    ]  # fmt: skip


def test_peaks_without_hours_are_refused() -> None:
    """With the column to give."""
    with pytest.raises(ColumnError, match="peaks: no column hours"):
        drafted(spots({"P": (0, 0)}), peaks=pd.DataFrame({"place_id": ["P"]}))


WEST_EAST = {"W": box(-50, -50, 390, 850), "E": box(390, -50, 850, 850)}


def test_units_with_an_area_serve_it_alone_and_others_what_is_left() -> None:
    """R lies on the border side of the east."""
    units = units_of(crew("w", area_code="W"), crew("free", area_code=None))
    points = spots({"P": (200, 0), "Q": (600, 0), "R": (400, 0)})
    model = drafted(points, None, units, areas=areas_of(WEST_EAST))
    names = {
        part.area_id: model.tasks.frame["id"].iloc[part.tasks].tolist() for part in model.parts
    }
    assert names == {None: ["Q", "R"], "W": ["P"]}


def test_area_that_a_point_names_goes_before_where_it_lies() -> None:
    """The sheet knows better."""
    units = units_of(crew("w", area_code="W"), crew("e", area_code="E"))
    points = spots({"P": (200, 0)}, area_code=["E"])
    model = drafted(points, None, units, areas=areas_of(WEST_EAST))
    assert model.tasks.frame["area_id"].tolist() == ["E"]


def test_task_of_an_area_without_units_is_listed() -> None:
    """No unit of another area goes there."""
    units = units_of(crew("w", area_code="W"))
    points = spots({"P": (200, 0), "Q": (600, 0)})
    model = drafted(points, None, units, areas=areas_of(WEST_EAST))
    assert model.tasks.frame["reason"].tolist() == ["", "no_unit_in_area"]


def test_areas_of_another_kind_are_left_aside() -> None:
    """A school is no patrol area."""
    areas = areas_of(WEST_EAST).assign(kind=["patrol", "school"])
    points = spots({"P": (200, 0), "Q": (600, 0)})
    assert drafted(points, areas=areas).tasks.frame["area_id"].tolist() == ["W", None]


def test_unit_starts_and_ends_where_its_row_says() -> None:
    """Nothing told is anywhere, and the end is where it started."""
    units = units_of(
        crew("a", start="P"), crew("b", start="Z", end="P"), crew("c"), crew("d", start="Z")
    )
    model = drafted(spots({"P": (200, 0)}), None, units, standby=station())
    part = model.parts[0]
    places = [part.places[each].tolist() for each in (part.problem.crews.start,
              part.problem.crews.end)]  # fmt: skip
    point, standby, nowhere = 0, 1, -1
    assert places == [[point, standby, nowhere, standby], [point, point, nowhere, standby]]
    free = int(np.flatnonzero(part.places == nowhere)[0])
    assert not part.problem.distance_m[:, free].any()


def test_start_may_be_given_in_degrees() -> None:
    """Longitude first."""
    lonlat = spots({"P": (600, 400)}).to_crs(4326).geometry.iloc[0]
    model = drafted(spots({"P": (200, 0)}), None, units_of(crew(start=f"{lonlat.x},{lonlat.y}")))
    problem = model.parts[0].problem
    assert problem.distance_m[0, problem.crews.start[0], problem.visits.entry[0]] == 800


@pytest.mark.parametrize(
    ("start", "reason"),
    [("nowhere", "start_unknown"), ("far", "start_off_network"), ("8.5,47.4", "start_off_network")],
)
def test_unit_that_starts_off_the_streets_is_left_out(start: str, reason: str) -> None:
    """Half a world away too."""
    units = units_of(crew("lost", start=start), crew("here"))
    model = drafted(spots({"P": (200, 0), "far": (100, 100)}), None, units)
    assert model.shifts.crews["unit_id"].tolist() == ["here"]
    assert model.shifts.left_out.to_numpy().tolist() == [["lost", reason]]


def test_skills_are_bits_of_what_is_asked_for() -> None:
    """A unit needs all of them."""
    units = units_of(crew("a", skills="armed;dog"), crew("b", skills="medic"), crew("c"))
    points = spots({"P": (0, 0), "Q": (0, 200)}, skills=["dog", "armed; dog"])
    problem = drafted(points, None, units).parts[0].problem
    assert problem.able.tolist() == [[True, True], [False, False], [False, False]]


def test_priority_is_worth_twice_the_next_and_a_prize_goes_before_it() -> None:
    """For optional points."""
    points = spots(
        dict.fromkeys("PQRST", (0, 0)), priority=[1, 2, None, 1, 5],
        prize_m=[None, None, None, 70, 9_000], required=["否", "否", "否", "no", "是"],
    )  # fmt: skip
    problem = drafted(points).parts[0].problem
    assert problem.prize_m.tolist() == [1600, 800, 400, 70, 100]
    assert problem.required.tolist() == [False] * 4 + [True]


def test_place_that_a_mode_cannot_reach_is_unreachable_for_it() -> None:
    """And can be done by the other."""
    streets = lattice(**{"class": ["residential"] * 9 + ["footway"]})
    units = units_of(crew("car", mode="car"), crew("foot"))
    points = spots({"P": (800, 100), "Q": (0, 0)})
    problem = drafted(points, None, units, streets=streets).parts[0].problem
    place = problem.visits.entry[0]
    assert problem.visits.work_s[:, 0].tolist() == [-1, 120]
    assert (problem.distance_m[0, place, problem.visits.entry[1]]) == UNREACHABLE
    assert (problem.distance_m[1, place, problem.visits.entry[1]]) == 900


def test_standby_places_open_all_shift_are_for_rest() -> None:
    """One that is open for an hour is not."""
    standby = station().assign(hours=["09:00-10:00"])
    assert not len(drafted(spots({"P": (0, 0)}), standby=standby).parts[0].problem.rest_places)
    open_ = station().assign(hours=["00:00-24:00"])
    assert len(drafted(spots({"P": (0, 0)}), standby=open_).parts[0].problem.rest_places) == 1


def test_repeated_point_is_refused() -> None:
    """With its id."""
    points = spots({"P": (0, 0), "Q": (0, 200)}).assign(point_id="P")
    with pytest.raises(ColumnError, match="point_id 'P' repeats"):
        drafted(points)


def test_points_without_ids_are_refused() -> None:
    """With the column to give."""
    with pytest.raises(ColumnError, match="points: no column point_id"):
        drafted(spots({"P": (0, 0)}).drop(columns="point_id"))


def test_nothing_to_patrol_is_refused() -> None:
    """There is no plan of nothing."""
    with pytest.raises(InvalidParameterError, match="give what is to be patrolled"):
        drafted()


def test_nobody_on_duty_is_refused_with_the_reasons() -> None:
    """With how many of each."""
    units = units_of(crew("a", shift=None), crew("b", mode="video"))
    with pytest.raises(InvalidParameterError, match=r"none of 2 can be sent.*no_shift 1.*video 1"):
        drafted(spots({"P": (0, 0)}), None, units)
