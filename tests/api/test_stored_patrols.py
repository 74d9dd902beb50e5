"""Plans of patrols over the store: made, kept, taken up again, changed and decided on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from api.errors import BadRequestError
from api.patrol import gathered
from api.patrol.gathered import patrol_frames
from api.patrol.stored import (
    Kept,
    accept_kept,
    change_plan,
    kept_at,
    kept_plan,
    make_plan,
    planning_areas,
    shifts_of_area,
    units_of,
)
from data.errors import ConflictError, ForbiddenError, NotFoundError
from data.plans import accept_plan, find_plan, plans, withdraw_plan
from data.scope import Scope
from data.viewing import views
from data.writing import insert_row, update_row
from tests.api.patrols import BRIEF, DATE, DIVISION, NIGHT, fill_patrols
from tests.api.stored import put
from tests.stores import ONE_ENGINE
from tests.strategies import areas_of, box, points_of, streets_of

if TYPE_CHECKING:
    from data.store import Store


@pytest.fixture
def town(store: Store) -> Store:
    """Return the store of the town, on either engine."""
    fill_patrols(store)
    return store


def made(store: Store, code: str = "X1", **asked: Any) -> Kept:  # noqa: ANN401
    """Plan the night of an area with few steps."""
    usual = {"date": DATE, "shift": NIGHT, "seed": 3, "iterations": BRIEF}
    return make_plan(store, code, **{**usual, **asked})


def going_to(kept: Kept, due_id: str) -> list[str]:
    """Return the units that go somewhere."""
    stops = kept.plan.stops
    return stops.loc[stops["due_id"] == due_id, "unit_id"].tolist()


def test_areas_of_patrols_are_offered_where_there_are_any(store: Store) -> None:
    """All others where there is none; an area without a place is none to plan for."""
    grid = areas_of({"01": box(0, 0, 100, 100)}).rename(columns={"area_id": "code"})
    put(store, "areas", grid, kind="basic", division=DIVISION)
    insert_row(store, "areas", {"code": "00", "kind": "patrol", "division": DIVISION}, None)
    assert planning_areas(store)["area_id"].tolist() == ["01"]
    fill_patrols(store)
    assert planning_areas(store)["area_id"].tolist() == ["X1", "X2"]


def test_units_and_shifts_are_those_of_the_area_and_day(town: Store) -> None:
    """A unit of no area may be sent anywhere; on a day without its shift it is not offered."""
    free = {"code": "U0", "shift": "周二 20:00-04:00", "mode": "foot", "division": DIVISION}
    insert_row(town, "units", {**free, "line": "police"}, None)
    assert DATE.isoweekday() == 2
    wednesday = DATE + dt.timedelta(days=1)
    assert units_of(town, "X1", DATE)["unit_id"].tolist() == ["U0", "U1", "U2", "U3"]
    assert units_of(town, "X1", DATE, NIGHT)["unit_id"].tolist() == ["U0", "U1", "U2"]
    assert units_of(town, "X1", wednesday, NIGHT)["unit_id"].tolist() == ["U1", "U2"]
    assert units_of(town, "X1", DATE, "05:00-06:00").empty
    assert shifts_of_area(town, "X1", DATE) == ["08:00-16:00", NIGHT]
    assert shifts_of_area(town, "X9", DATE) == [NIGHT]


def test_layers_are_those_of_the_area_and_around(town: Store) -> None:
    """Named, or not named and inside; a station beyond the border, a street that leads round it."""
    values = {"division": DIVISION, "line": "police"}
    spots = points_of([(100, 0), (100, 0), (9_100, 0)], code=["Q1", "Q2", "Q3"])
    put(town, "must_visit", spots.assign(area_code=[None, "X2", "X1"]), **values)
    far = streets_of([box(0, 800, 20, 820).exterior, box(0, 1_000, 20, 1_020).exterior])
    put(town, "streets", far.assign(code=["N", "Z"]), **values)
    put(town, "standby", points_of([(500, 800), (500, 900)], code=["B2", "B3"]), **values)
    frames = patrol_frames(town, "X1")
    assert frames["points"]["point_id"].tolist() == ["P1", "P2", "P3", "P9", "Q1", "Q3"]
    assert frames["streets"]["street_id"].tolist() == [*"ABCDEF", "N"]
    assert frames["standby"]["place_id"].tolist() == ["B1", "B2"]
    assert frames["segments"]["segment_id"].tolist() == ["D1", "D2"]
    assert {frame.crs.to_epsg() for frame in frames.values()} == {4547}
    assert not {"changed_by", "identity", "id"} & set(frames["points"].columns)


def test_a_plan_is_kept_as_a_proposal_and_taken_up_as_it_was(town: Store) -> None:
    """The same stops at the same times, figures and reasons; whose the area is, it is."""
    kept = made(town)
    assert (kept.row.state, kept.row.version, kept.row.seed) == ("proposed", 1, 3)
    assert (kept.row.division, kept.row.area, kept.row.shift) == (DIVISION, "X1", NIGHT)
    assert kept.plan.served == 5
    assert kept.plan.violations.empty
    again = kept_plan(town, kept.row.id)
    pd.testing.assert_frame_equal(again.plan.stops, kept.plan.stops)
    pd.testing.assert_frame_equal(again.plan.unserved, kept.plan.unserved)
    assert again.plan.summary() == kept.plan.summary()


def test_what_is_stored_later_changes_no_plan(town: Store) -> None:
    """Units renamed, points ended and moved: a plan stands on what it was made of."""
    kept = made(town)
    for layer in ("must_visit", "units", "segments"):
        for row in town.frame(layer).to_dict("records"):
            update_row(town, layer, row["id"], row["version"], {"valid_to": DATE}, None)
    assert len(kept_plan(town, kept.row.id).plan.stops) == len(kept.plan.stops)
    with pytest.raises(NotFoundError, match="neither must-visit points nor segments"):
        made(town)


@ONE_ENGINE
def test_the_same_seed_repeats_a_plan_and_none_draws_one(town: Store) -> None:
    """Tonight cannot be told from last night; what was drawn is kept, and repeats it."""
    drawn, other = made(town, seed=None), made(town, seed=None)
    assert drawn.row.seed != other.row.seed
    assert drawn.plan.stops["arrive"].tolist() != other.plan.stops["arrive"].tolist()
    again = made(town, seed=drawn.row.seed)
    pd.testing.assert_frame_equal(again.plan.stops, drawn.plan.stops)


def test_units_that_are_named_are_sent_alone(town: Store) -> None:
    """Balance is asked for or not."""
    alone = made(town, units=["U2"], balance=False)
    assert alone.plan.routes["unit_id"].tolist() == ["U2"]
    assert alone.plan.summary()["balanced"] is None


@ONE_ENGINE
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"units": ["U1", "U9"]}, "area X1 has no units U9"),
        ({"units": ["U4"]}, "area X1 has no units U4"),
        ({"units": ["U3"]}, "no unit of area X1 can be sent on 2025-07-01, 20:00-04:00"),
        ({"shift": "05:00-06:00"}, "no unit of area X1 can be sent on 2025-07-01, 05:00-06:00"),
        ({"code": "X2"}, "no street is stored in or near area X2"),
        ({"code": "X3"}, "areas: there is no row X3"),
    ],
)
def test_what_cannot_be_planned_is_refused(town: Store, asked: dict[str, Any], said: str) -> None:
    """With what to do; nothing is kept."""
    with pytest.raises(NotFoundError, match=said):
        made(town, **asked)
    assert not plans(town)


def test_a_county_is_no_patrol_area(town: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how many streets there are."""
    monkeypatch.setattr(gathered, "MOST_STREETS", 5)
    with pytest.raises(BadRequestError, match="6 streets near it, more than 5"):
        made(town)


def test_a_stop_is_dropped_and_given_to_another(town: Store) -> None:
    """Everything else stays as it was, and is checked anew; each change is a version."""
    kept = made(town)
    (unit,) = going_to(kept, "point:P1/1@0")
    less = change_plan(town, kept.row.id, 1, drop="point:P1/1@0")
    assert less.row.version == 2
    assert going_to(less, "point:P1/1@0") == []
    assert less.plan.unserved[["id", "reason"]].to_numpy().tolist()[0] == ["P1", "dropped"]
    other = {"U1": "U2", "U2": "U1"}[unit]
    moved = change_plan(town, kept.row.id, 2, give=("point:P1/1@0", other))
    assert going_to(moved, "point:P1/1@0") == [other]
    assert moved.plan.violations.empty
    again = kept_plan(town, kept.row.id)
    assert again.row.version == 3
    pd.testing.assert_frame_equal(again.plan.stops, moved.plan.stops)


@ONE_ENGINE
def test_a_plan_that_breaks_a_rule_is_kept_and_not_accepted(town: Store) -> None:
    """Whoever changes it sees what that does; mended, it is accepted."""
    brief = {"code": "U5", "area_code": "X1", "shift": NIGHT, "mode": "foot", "most_stops": 1}
    insert_row(town, "units", {**brief, "division": DIVISION, "line": "police"}, None)
    number = made(town, units=["U1", "U5"]).row.id
    version = 1
    for due in ("point:P1/1@0", "point:P3/1@0"):
        kept = change_plan(town, number, version, give=(due, "U5"))
        version = kept.row.version
    assert kept.plan.violations["rule"].tolist() == ["capacity"]
    assert kept_plan(town, number).plan.violations["unit_id"].tolist() == ["U5"]
    with pytest.raises(ConflictError, match="breaks rules \\(1\\) and cannot be accepted"):
        accept_kept(town, number, version)
    assert find_plan(town, number).state == "proposed"
    mended = change_plan(town, number, version, drop="point:P3/1@0")
    assert accept_kept(town, number, mended.row.version).state == "accepted"


@ONE_ENGINE
@pytest.mark.parametrize(
    "asked",
    [{"drop": "point:P8/1@0"}, {"drop": "point:P9/1@0"}, {"give": ("point:P1/1@0", "U3")},
     {"give": ("point:P9/1@0", "U1")}],
)  # fmt: skip
def test_a_change_of_what_is_not_there_is_refused(town: Store, asked: dict[str, Any]) -> None:
    """A point of nobody, one that no unit reaches, a unit of the day: the plan stays."""
    number = made(town).row.id
    with pytest.raises(NotFoundError, match=f"plan {number} has no point:P"):
        change_plan(town, number, 1, **asked)
    assert find_plan(town, number).version == 1


def test_nobody_decides_on_what_he_did_not_see(town: Store) -> None:
    """A version that is gone is refused, whatever is asked."""
    number = made(town).row.id
    change_plan(town, number, 1, drop="point:P1/1@0")
    for late in (
        lambda: kept_at(town, number, 1),
        lambda: change_plan(town, number, 1, drop="point:P2/1@0"),
        lambda: accept_kept(town, number, 1),
    ):
        with pytest.raises(ConflictError, match="since version 1"):
            late()


def test_one_plan_of_a_shift_is_accepted(town: Store) -> None:
    """The other is named; an accepted plan is changed no more."""
    first, second = made(town).row.id, made(town, seed=4).row.id
    assert accept_kept(town, first, 1).state == "accepted"
    with pytest.raises(ConflictError, match=f"{first} is accepted already; withdraw it first"):
        accept_kept(town, second, 1)
    with pytest.raises(ConflictError, match="is accepted and cannot become proposed"):
        change_plan(town, first, 2, drop="point:P1/1@0")
    withdraw_plan(town, first, 2)
    assert accept_kept(town, second, 1).state == "accepted"
    assert accept_plan.__module__ == "data.plans"


def test_plans_are_the_polices_and_of_who_may_write(town: Store) -> None:
    """Refused before anything is looked up; a neighbour's plan is nobody's."""
    number = made(town).row.id
    governance = town.scoped(Scope(DIVISION, frozenset({"governance", "public"})))
    reader = town.scoped(Scope(DIVISION, rights=frozenset()))
    neighbour = town.scoped(Scope("610929100"))
    for asks in (lambda: made(governance, "X9"), lambda: kept_plan(governance, number)):
        with pytest.raises(ForbiddenError, match="for the police's line"):
            asks()
    for asks in (
        lambda: made(reader),
        lambda: change_plan(reader, number, 1, drop="point:P1/1@0"),
        lambda: accept_kept(reader, number, 1),
    ):
        with pytest.raises(ForbiddenError, match="may read only"):
            asks()
    assert kept_plan(reader, number).plan.served == 5
    for asks in (lambda: made(neighbour), lambda: kept_plan(neighbour, number)):
        with pytest.raises(NotFoundError):
            asks()
    assert [row.id for row in plans(town)] == [number]


def test_every_look_at_a_plan_is_written_down(town: Store) -> None:
    """With the area, before it is shown."""
    number = made(town).row.id
    before = len(views(town).views)
    kept_plan(town.scoped(Scope(DIVISION, name="值班员")), number)
    (view,) = views(town).views[: len(views(town).views) - before]
    assert (view.who, view.what, view.area) == ("值班员", "plans", "X1")
