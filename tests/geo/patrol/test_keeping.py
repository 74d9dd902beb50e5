"""Plans put into records and taken up again, and plans changed by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from geo.errors import InvalidParameterError
from geo.patrol.editing import with_stop, without_stop
from geo.patrol.keeping import check_record, plan_of, record_of
from tests.geo.patrol.town import crew, drafted, planned, spots, station, stretches, units_of
from tests.strategies import line

if TYPE_CHECKING:
    from geo.patrol.model import Model
    from geo.patrol.patrolplan import PatrolPlan

PLACES = {"P": (200.0, 0.0), "Q": (400.0, 0.0), "R": (600.0, 0.0), "S": (0.0, 600.0)}
RESTED = {"break_min": 30, "break_window": "09:00-12:00"}
UNITS = units_of(crew(start="Z", **RESTED), crew("U2", start="Z", **RESTED))
ALONG = {"D": line((200, 200), (600, 200))}


def a_plan(seed: int = 5) -> PatrolPlan:
    """Plan four points and a segment for two units with breaks."""
    return planned(spots(PLACES, dwell_min=20), stretches(ALONG), UNITS, seed=seed, balance=True)


def the_model(places: dict[str, tuple[float, float]] | None = None) -> Model:
    """Draft the same, or with other points."""
    points = spots(PLACES if places is None else places, dwell_min=20)
    return drafted(points, stretches(ALONG), UNITS, standby=station())


@pytest.fixture(scope="module")
def plan() -> PatrolPlan:
    """Return the plan that most tests keep or change."""
    return a_plan()


@pytest.fixture
def record(plan: PatrolPlan) -> dict[str, Any]:
    """Return its record as a file would hold it."""
    return json.loads(json.dumps(record_of(plan)))


def test_a_plan_comes_back_as_it_was(plan: PatrolPlan, record: dict[str, Any]) -> None:
    """Stop by stop with its hours, and with every figure, the price of balance among them."""
    again = plan_of(record, the_model())
    assert again.stops.drop(columns="geometry").equals(plan.stops.drop(columns="geometry"))
    assert again.legs.geometry.geom_equals(plan.legs.geometry).all()
    assert again.summary() == plan.summary()
    assert again.due.equals(plan.due)
    assert again.parts["price_m"].equals(plan.parts["price_m"])
    assert json.loads(json.dumps(record_of(again))) == record


def test_a_record_as_it_was_written_breaks_no_rule(record: dict[str, Any]) -> None:
    """Nor does it need the program that wrote it: the layers and the hours are enough."""
    assert check_record(record, the_model()).empty


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda stop, _: stop.update(start_s=stop["start_s"] + 60), "dwell"),
        (lambda stop, _: stop.update(arrive_s=stop["arrive_s"] - 60), "speed"),
        (lambda stop, _: stop.update(leave_s=stop["leave_s"] + 60), "speed"),
        (lambda _, day: day.update(finish_s=17 * 3600), "shift"),
        (lambda _, day: day.update(leave_s=7 * 3600), "shift"),
        (lambda stop, day: day["stops"].append(dict(stop)), "twice"),
    ],
)
def test_hours_changed_by_hand_are_found(
    record: dict[str, Any],
    change: Any,  # noqa: ANN401
    rule: str,
) -> None:
    """Every rule is held against what the record says, not against what it should say."""
    day = next(crew for crew in record["parts"][0]["crews"] if len(crew["stops"]) > 2)
    stop = next(stop for stop in day["stops"] if stop.get("due_id", "").startswith("point"))
    change(stop, day)
    found = check_record(record, the_model())
    assert rule in set(found["rule"])
    assert set(found["unit_id"]) == {day["unit_id"]}


def test_a_break_cut_short_is_found(record: dict[str, Any]) -> None:
    """The break is a stop as any other."""
    day = record["parts"][0]["crews"][0]
    rest = next(stop for stop in day["stops"] if "break" in stop)
    rest["start_s"] += 60
    assert "break" in set(check_record(record, the_model())["rule"])


def test_a_record_of_other_layers_is_refused_by_name(record: dict[str, Any]) -> None:
    """A point that is gone, a unit that is not on duty, another shift."""
    fewer = {name: place for name, place in PLACES.items() if name != "Q"}
    with pytest.raises(InvalidParameterError, match="point:Q"):
        plan_of(record, the_model(fewer))
    record["parts"][0]["crews"][0]["unit_id"] = "U7"
    with pytest.raises(InvalidParameterError, match="U7"):
        plan_of(record, the_model())
    record["parts"][0]["shift_id"] = "2026-11-22 18:00-02:00"
    with pytest.raises(InvalidParameterError, match="18:00-02:00"):
        check_record(record, the_model())


def test_a_stop_taken_out_is_unserved_and_the_rest_stays(plan: PatrolPlan) -> None:
    """In the same order, checked anew, and no longer than before."""
    due_id = plan.stops.loc[plan.stops["id"] == "Q", "due_id"].iloc[0]
    less = without_stop(plan, due_id)
    assert set(less.unserved["id"]) == {"Q"}
    assert less.served == plan.served - 1
    assert less.violations.empty
    assert less.distance_m <= plan.distance_m
    kept = plan.stops[plan.stops["due_id"].notna() & (plan.stops["due_id"] != due_id)]
    assert less.stops["due_id"].dropna().tolist() == kept["due_id"].tolist()
    # What a person takes out stays owed: the denominator was fixed with the plan.
    assert due_id in set(less.due["due_id"])


def test_a_stop_goes_to_another_unit_where_it_costs_least(plan: PatrolPlan) -> None:
    """And back again: nothing is done twice."""
    row = plan.stops[plan.stops["id"] == "R"].iloc[0]
    other = "U2" if row["unit_id"] == "U1" else "U1"
    moved = with_stop(plan, row["due_id"], other)
    assert moved.stops.loc[moved.stops["id"] == "R", "unit_id"].tolist() == [other]
    assert moved.served == plan.served
    assert moved.violations.empty
    back = with_stop(moved, row["due_id"], row["unit_id"])
    assert back.distance_m <= plan.distance_m


def test_what_was_left_out_can_be_put_in_before_a_stop(plan: PatrolPlan) -> None:
    """At the place that a person names."""
    due = plan.stops.set_index("id")["due_id"]
    less = without_stop(plan, due["P"])
    unit = plan.stops.set_index("id")["unit_id"]["Q"]
    more = with_stop(less, due["P"], unit, before=due["Q"])
    own = more.stops[more.stops["due_id"].notna() & (more.stops["unit_id"] == unit)]["id"].tolist()
    assert own.index("P") + 1 == own.index("Q")
    assert more.unserved.empty


def test_a_change_that_breaks_a_rule_is_shown_as_such() -> None:
    """A unit whose shift is full is sent on: the plan says which rule that breaks."""
    short = planned(
        spots(PLACES, dwell_min=20), units=units_of(crew(start="Z", shift="08:00-09:00"))
    )
    left = short.unserved["due_id"].iloc[0]
    more = with_stop(short, left, "U1")
    assert "shift" in set(more.violations["rule"])
    assert more.summary()["violations"] == len(more.violations) > 0


def test_strangers_are_refused_with_what_there_is(plan: PatrolPlan) -> None:
    """Units, tasks and stops that the plan does not have."""
    due_id = plan.stops["due_id"].dropna().iloc[0]
    with pytest.raises(InvalidParameterError, match="U1, U2"):
        with_stop(plan, due_id, "U9")
    with pytest.raises(InvalidParameterError, match="point:X"):
        without_stop(plan, "point:X/1@0")
    own = plan.stops.loc[plan.stops["due_id"] == due_id, "unit_id"].iloc[0]
    with pytest.raises(InvalidParameterError, match="no stop of that unit"):
        with_stop(plan, due_id, own, before=due_id)


def test_units_of_several_modes_come_back_with_their_own_ways() -> None:
    """A way that is too slow for one of them is another way of the same key for the other."""
    units = units_of(
        crew(start="Z", mode="foot", **RESTED), crew("U2", start="Z", mode="car", **RESTED)
    )
    segments = stretches(ALONG, visits=[2])
    plan = planned(spots(PLACES, dwell_min=20, visits=2), segments, units, balance=False, seed=2)
    points = spots(PLACES, dwell_min=20, visits=2)
    model = drafted(points, segments, units, standby=station())
    record = json.loads(json.dumps(record_of(plan)))
    assert plan.violations.empty
    assert check_record(record, model).empty
    assert plan_of(record, model).stops["due_id"].tolist() == plan.stops["due_id"].tolist()
