"""A plan is a proposal until somebody accepts it, and one alone holds for a shift."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from data import plans as module
from data.engine import writing
from data.errors import ConflictError, ForbiddenError, NotFoundError
from data.plans import (
    KeptPlan,
    PlanOf,
    accept_plan,
    find_plan,
    plans,
    propose_plan,
    revise_plan,
    withdraw_plan,
)
from data.position_tables import StoredPlan
from data.scope import Scope
from data.viewing import views
from tests.data.patrol_rows import COUNTY, NEXT_COUNTY

if TYPE_CHECKING:
    from data.store import Store

DATE = dt.date(2026, 5, 1)
PLAN: dict[str, Any] = {"units": 2, "unserved": [{"id": "D1", "reason": "不在路网上"}], "gap": None}


def proposed(store: Store, **of: Any) -> KeptPlan:  # noqa: ANN401
    """Store a proposal for one night."""
    usual = {"date": DATE, "shift": "18:00-02:00", "area": "XQ01", "division": COUNTY}
    return propose_plan(store, PlanOf(**{**usual, **of}), PLAN, seed=2**40)


def test_a_proposal_comes_back_as_it_was_made(store: Store) -> None:
    """With who made it and when; nobody has decided yet."""
    kept = proposed(store.scoped(Scope(COUNTY, name="planner")))
    found = find_plan(store, kept.id)
    assert vars(found) == vars(kept)
    assert (found.plan, found.seed, found.state, found.version) == (PLAN, 2**40, "proposed", 1)
    assert (found.made_by, found.decided_by, found.decided_at) == ("planner", None, None)
    assert (found.area, found.date, found.shift) == ("XQ01", DATE, "18:00-02:00")


def test_one_plan_of_an_area_and_shift_is_accepted(store: Store) -> None:
    """Another only after it was withdrawn; other areas, days and shifts have their own."""
    first, second = proposed(store), proposed(store, shift="18:00至次日2:00")
    kept = accept_plan(store.scoped(Scope(COUNTY, name="chief")), first.id, 1)
    assert (kept.state, kept.version, kept.decided_by) == ("accepted", 2, "chief")
    assert kept.decided_at is not None
    assert second.shift == first.shift
    with pytest.raises(ConflictError, match=f"XQ01, 2026-05-01, 18:00-02:00: plan {first.id} is"):
        accept_plan(store, second.id, 1)
    assert find_plan(store, second.id).state == "proposed"
    for other in ({"area": ""}, {"area": "XQ02"}, {"date": DATE + dt.timedelta(days=1)},
                  {"shift": "02:00-08:00"}, {"division": NEXT_COUNTY}):  # fmt: skip
        assert accept_plan(store, proposed(store, **other).id, 1).state == "accepted"
    assert withdraw_plan(store, first.id, 2).state == "withdrawn"
    assert accept_plan(store, second.id, 1).state == "accepted"


def test_of_two_people_who_decide_at_once_one_is_told(store: Store) -> None:
    """By the version that each of them read."""
    kept = proposed(store)
    assert revise_plan(store, kept.id, 1, {"units": 3}).version == 2
    for decide in (accept_plan, withdraw_plan):
        with pytest.raises(ConflictError, match="changed by somebody else since version 1"):
            decide(store, kept.id, 1)
    with pytest.raises(ConflictError, match="since version 1"):
        revise_plan(store, kept.id, 1, PLAN)
    found = find_plan(store, kept.id)
    assert (found.plan, found.state, found.decided_by) == ({"units": 3}, "proposed", None)


def test_the_database_itself_holds_one_accepted_plan(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should another be accepted between the look and the write, the index refuses."""
    first, second = proposed(store), proposed(store)
    real = module._found

    def beaten(asked: Store, plan_id: int) -> KeptPlan:
        kept = real(asked, plan_id)
        with writing(store.engine) as session:
            row = session.get(StoredPlan, first.id)
            assert row is not None
            row.state = "accepted"
        return kept

    monkeypatch.setattr(module, "_found", beaten)
    with pytest.raises(ConflictError, match="accepted already; withdraw it first"):
        accept_plan(store, second.id, 1)


def test_what_was_decided_is_not_decided_or_changed_again(store: Store) -> None:
    """An accepted plan can only be withdrawn, a withdrawn one nothing."""
    kept = accept_plan(store, proposed(store).id, 1)
    with pytest.raises(ConflictError, match="is accepted and cannot become proposed"):
        revise_plan(store, kept.id, 2, {})
    with pytest.raises(ConflictError, match="is accepted and cannot become accepted"):
        accept_plan(store, kept.id, 2)
    gone = withdraw_plan(store, kept.id, 2)
    for decide in (accept_plan, withdraw_plan):
        with pytest.raises(ConflictError, match="is withdrawn and cannot become"):
            decide(store, gone.id, 3)


def test_plans_are_listed_without_themselves(store: Store) -> None:
    """The newest first; by day, shift, area and state."""
    first, second = proposed(store), proposed(store, area="")
    accept_plan(store, first.id, 1)
    listed = plans(store)
    assert {kept.id for kept in listed} == {first.id, second.id}
    assert [kept.plan for kept in listed] == [None, None]
    assert [kept.made_at for kept in listed] == sorted(
        (kept.made_at for kept in listed), reverse=True
    )
    for asked, found in (
        ({"area": ""}, [second.id]), ({"state": "accepted"}, [first.id]),
        ({"shift": "18点-次日2点", "area": "XQ01"}, [first.id]), ({"shift": "02:00-08:00"}, []),
        ({"date": DATE - dt.timedelta(days=1)}, []),
    ):  # fmt: skip
        assert [kept.id for kept in plans(store, **asked)] == found, asked  # type: ignore[arg-type]


def test_a_grid_office_knows_of_no_plan(store: Store) -> None:
    """Nor does another county: such a plan is not there for it."""
    kept = proposed(store)
    office = store.scoped(Scope(COUNTY, frozenset({"governance", "public"})))
    for ask in (lambda: plans(office), lambda: find_plan(office, kept.id), lambda: proposed(office),
                lambda: accept_plan(office, kept.id, 1)):  # fmt: skip
        with pytest.raises(ForbiddenError, match="for the police's line"):
            ask()
    elsewhere = store.scoped(Scope(NEXT_COUNTY))
    assert plans(elsewhere) == []
    for ask in (lambda: find_plan(elsewhere, kept.id), lambda: accept_plan(elsewhere, kept.id, 1)):
        with pytest.raises(NotFoundError, match="patrol plans: there is no row"):
            ask()
    with pytest.raises(ForbiddenError, match="outside this access"):
        proposed(elsewhere)
    readers = store.scoped(Scope(COUNTY, rights=frozenset(), name="reader"))
    for ask in (lambda: proposed(readers), lambda: accept_plan(readers, kept.id, 1),
                lambda: revise_plan(readers, kept.id, 1, {})):  # fmt: skip
        with pytest.raises(ForbiddenError, match="may read only"):
            ask()
    assert [one.state for one in plans(readers)] == ["proposed"]


def test_whoever_looks_at_plans_leaves_a_trace(store: Store) -> None:
    """Making, changing and deciding are written in the plan itself."""
    kept = proposed(store)
    accept_plan(store, kept.id, 1)
    assert views(store).views == []
    readers = store.scoped(Scope(COUNTY, rights=frozenset(), name="reader"))
    find_plan(readers, kept.id)
    plans(readers)
    assert sorted(
        (view.who, view.what, view.area or "", view.rows_seen) for view in views(store).views
    ) == [("reader", "plans", "", 1), ("reader", "plans", "XQ01", 1)]
