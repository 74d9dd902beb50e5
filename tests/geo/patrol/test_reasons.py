"""Why a task is left out, and the nearest thing that would serve it: tried, not guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geo.patrol.checking import check
from geo.patrol.outcome import filled
from geo.patrol.problem import Routes
from geo.patrol.reasons import unserved_in
from geo.patrol.relaxing import inserted, nearest_relaxation
from tests.geo.patrol.town import (
    crew,
    drafted,
    lattice,
    planned,
    spots,
    station,
    stretches,
    units_of,
)
from tests.strategies import areas_of, box, line

if TYPE_CHECKING:
    from geo.patrol.patrolplan import PatrolPlan

NOBODY = Routes(np.empty(0, np.int64), np.empty(0, np.int64))


def left_out(plan: PatrolPlan) -> tuple[Any, ...]:
    """Return reason, relaxation, amount, unit and mode of the only task left out."""
    (row,) = plan.unserved.itertuples(index=False)
    return row.reason, row.relaxation, row.amount, row.unit_id, row.mode


def test_window_before_the_unit_can_be_there_opens_wider() -> None:
    """800 m take 576 s; it may begin until 8:06."""
    # 800 m on foot take 576 s; the window closes for starts at 8:06.
    points = spots({"P": (400, 400)}, windows=["08:00-08:08"])
    reason, relaxation, amount, unit, _ = left_out(planned(points))
    assert (reason, relaxation, unit) == ("too_long_for_shift", "wider_window", "U1")
    assert amount == 4  # 216 s


def test_window_after_the_shift_of_the_only_able_unit_opens_earlier() -> None:
    """Stay and way home take 408 s."""
    units = units_of(crew("early", shift="08:00-10:00", start="Z"), crew("late", start="Z"))
    points = spots({"P": (0, 400)}, windows=["10:00-10:30"], skills=["dog"])
    units["skills"] = ["dog", None]
    reason, relaxation, amount, unit, _ = left_out(planned(points, None, units))
    # Home by 10:00 with 400 m to go and a stay of 120 s: on the spot by 9:53:12.
    assert (reason, relaxation, amount, unit) == (
        "window_outside_shift",
        "wider_window",
        7,
        "early",
    )


def test_shift_that_is_too_short_lasts_longer() -> None:
    """By 552 s, rounded up to minutes."""
    # There and back 1600 m are 1152 s, the stay 1200 s: 2352 s of 1800.
    points = spots({"P": (400, 400)}, dwell_min=[20])
    units = units_of(crew(start="Z", shift="08:00-08:30"))
    reason, relaxation, amount, unit, _ = left_out(planned(points, None, units))
    assert (reason, relaxation, amount, unit) == ("too_long_for_shift", "longer_shift", 10, "U1")


def test_unit_without_time_left_needs_a_longer_shift() -> None:
    """By 252 s."""
    # P alone takes 1152 + 600 s, Q on the way 600 s more: 2352 of 2100.
    points = spots({"P": (400, 400), "Q": (400, 200)}, dwell_min=[10, 10], priority=[1, 2])
    units = units_of(crew(start="Z", shift="08:00-08:35"))
    plan = planned(points, None, units)
    assert plan.unserved["id"].tolist() == ["Q"]
    assert left_out(plan) == ("not_enough_time", "longer_shift", 5, "U1", None)


def test_break_in_the_way_counts_into_what_has_to_give_way() -> None:
    """1152 s of way, a stay of 1500 and a break of 1200 are 252 s more than an hour."""
    units = units_of(crew(start="Z", shift="08:00-09:00", break_min=20))
    plan = planned(spots({"P": (400, 400)}, dwell_min=[25]), None, units)
    assert left_out(plan) == ("too_long_for_shift", "longer_shift", 5, "U1", None)


def test_missing_skill_is_named_with_a_unit_that_has_room() -> None:
    """It could do the rest."""
    points = spots({"P": (400, 400)}, skills=["dog"])
    assert left_out(planned(points)) == ("no_unit_with_skill", "skill", 0, "U1", None)


def test_skill_does_not_help_a_unit_without_time() -> None:
    """Then nothing is promised."""
    points = spots({"P": (400, 400)}, skills=["dog"])
    units = units_of(crew(start="Z", shift="08:00-08:15"))
    assert left_out(planned(points, None, units)) == ("no_unit_with_skill", "", 0, None, None)


def test_place_that_no_car_reaches_is_served_on_foot() -> None:
    """It is not off the streets."""
    streets = lattice(**{"class": ["residential"] * 9 + ["footway"]})
    points = spots({"P": (800, 100), "Q": (0, 200)})
    plan = planned(points, None, units_of(crew(mode="car", start="Z")), streets=streets)
    assert plan.stops.loc[plan.stops["kind"] == "point", "id"].tolist() == ["Q"]
    assert left_out(plan) == ("no_way_for_mode", "other_mode", 0, "U1", "foot")


def test_other_mode_has_to_keep_the_rest_of_the_route() -> None:
    """Served so, but another task lost."""
    streets = lattice(**{"class": ["residential"] * 9 + ["footway"]})
    segments = stretches({"S": line((0, 200), (600, 200))}, windows=["08:01-08:05"])
    units = units_of(crew(mode="car", start="Z"))
    plan = planned(spots({"P": (800, 100)}), segments, units, streets=streets)
    # On foot the segment takes longer than its window is open.
    assert left_out(plan) == ("no_way_for_mode", "", 0, None, None)


def test_optional_point_not_worth_its_way_tells_what_it_lacks() -> None:
    """1600 m of way for 1000."""
    points = spots({"P": (400, 400)}, required=[False], prize_m=[1000])
    assert left_out(planned(points)) == ("not_worth_the_way", "higher_prize", 600, "U1", None)


def test_optional_point_worth_its_way_is_served() -> None:
    """One metre more than the way."""
    points = spots({"P": (400, 400)}, required=[False], prize_m=[1601])
    assert planned(points).unserved.empty


def test_unit_that_may_make_no_more_stops_needs_one_more() -> None:
    """The first in priority is served."""
    points = spots({"P": (0, 200), "Q": (0, 400)}, priority=[1, 2])
    units = units_of(crew(start="Z", most_stops=1))
    assert left_out(planned(points, None, units)) == (
        "too_many_stops", "more_stops", 1, "U1", None,
    )  # fmt: skip


def test_task_of_an_unmanned_area_has_its_reason() -> None:
    """And the areas have their notes."""
    areas = areas_of({"W": box(-50, -50, 390, 850), "E": box(390, -50, 850, 850)})
    units = units_of(crew(start="Z", area_code="W"))
    plan = planned(spots({"P": (200, 0), "Q": (600, 0)}), None, units, areas=areas)
    assert left_out(plan)[0] == "no_unit_in_area"
    assert plan.notes.to_numpy().tolist() == [
        ["area", "W", "no_segments"], ["area", "E", "no_segments"], ["area", "E", "no_unit"],
    ]  # fmt: skip


def test_part_cut_off_by_oneway_streets_has_no_way() -> None:
    """No way home is no way."""
    # A car may drive into the east but never back.
    streets = lattice(oneway=["yes"] * 5 + ["no"] * 5)
    units = units_of(crew(mode="car", start="Z"))
    plan = planned(spots({"P": (400, 0), "Q": (0, 200)}), None, units, streets=streets)
    assert left_out(plan)[:2] == ("no_way_for_mode", "")
    assert plan.unserved["id"].tolist() == ["P"]


@pytest.mark.parametrize("minutes", [3, 4])
def test_relaxation_is_the_least_that_helps(minutes: int) -> None:
    """As told above: 4 minutes, not 3."""
    closes = 8 + minutes
    points = spots({"P": (400, 400)}, windows=[f"08:00-08:{closes:02d}"])
    assert planned(points).unserved.empty == (minutes == 4)


def test_insertion_takes_the_shortest_detour_and_keeps_all_rules() -> None:
    """Q lies on the way to P."""
    points = spots({"P": (400, 0), "Q": (200, 0), "R": (0, 400)})
    model = drafted(points, None, units_of(crew(start="Z")), standby=station())
    problem = model.parts[0].problem
    found = inserted(problem, Routes.of([[0, 2]]), 1)
    assert found is not None
    routes, unit = found
    assert unit == 0
    assert routes.visit.tolist() in ([1, 0, 2], [0, 1, 2])
    assert check(problem, routes).empty


def test_what_a_search_left_out_is_put_in_where_there_is_room() -> None:
    """All that is required, and of the optional points the one that is worth its 400 m."""
    places = {"P": (200, 0), "Q": (400, 0), "R": (0, 200), "S": (800, 0)}
    points = spots(places, required=[True, True, False, False], prize_m=[0, 0, 401, 799])
    model = drafted(points, None, units_of(crew(start="Z")), standby=station())
    problem = model.parts[0].problem
    routes = filled(problem, Routes.of([[0]]))
    assert routes.done(problem).tolist() == [True, True, True, False]
    assert check(problem, routes).empty


def test_nothing_that_was_tried_may_help() -> None:
    """Window and shift are both too short."""
    points = spots({"P": (400, 400)}, windows=["08:00-08:08"], dwell_min=[8])
    units = units_of(crew(start="Z", shift="08:00-08:09"))
    problem = drafted(points, None, units, standby=station()).parts[0].problem
    assert nearest_relaxation(problem, NOBODY, 0).kind == ""


def test_full_plan_has_no_reasons() -> None:
    """Nothing is left out."""
    model = drafted(spots({"P": (0, 0)}))
    assert unserved_in(model, model.parts[0], Routes.of([[0]])).empty
