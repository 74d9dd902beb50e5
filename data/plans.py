"""Plans of patrols: proposals until a person accepts one, and then the one that holds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.exc import IntegrityError

from data.engine import reading, writing
from data.errors import ConflictError, NotFoundError
from data.ids import new_ids
from data.position_tables import POLICE, StoredPlan
from data.store import Store
from data.viewing import note_view
from data.writing import hold, now_utc, require_police, require_write
from geo.duty import read_hours

PLANS: Final = "plans"
"""What refusals and the record of restricted views call them."""

NEXT_STATES: Final = {"proposed": ("accepted", "withdrawn"), "accepted": ("withdrawn",)}
"""State of a plan -> the states that a person may give it; one that was withdrawn has none."""

LONGEST_SHIFT: Final = 40
"""Characters that the text of a shift may have."""


@dataclass(frozen=True, eq=False)
class KeptPlan:
    """
    A plan as it is stored.

    Parameters
    ----------
    id
        Its number.
    division
        Whose it is.
    area
        The patrol area that it is for; "" for all of them.
    date
        The day that its shift begins on.
    shift
        The hours of the shift, such as 18:00-02:00.
    seed
        What it was drawn from.
    state
        "proposed", "accepted" or "withdrawn".
    version
        Of the row, to change it by.
    plan
        The whole plan as JSON has it; None in lists.
    made_at
        When it was made, in UTC.
    made_by
        Who made it.
    decided_at
        When it was accepted or withdrawn, in UTC; None while it is proposed.
    decided_by
        Who did so.
    """

    id: int
    division: str
    area: str
    date: dt.date
    shift: str
    seed: int
    state: str
    version: int
    plan: Mapping[str, Any] | None
    made_at: dt.datetime
    made_by: str
    decided_at: dt.datetime | None
    decided_by: str | None


@dataclass(frozen=True)
class PlanOf:
    """
    What a plan is for.

    Parameters
    ----------
    date
        The day that its shift begins on.
    shift
        The hours of the shift; written in another way they are the same shift.
    area
        The patrol area; "" for all of them.
    division
        Whose it is.
    """

    date: dt.date
    shift: str
    area: str = ""
    division: str = ""


def propose_plan(store: Store, of: PlanOf, plan: Mapping[str, Any], *, seed: int) -> KeptPlan:
    """
    Store a plan as a proposal.

    Parameters
    ----------
    store
        Opened for a scope with the police's line that may write there.
    of
        What it is for.
    plan
        The plan, ready for JSON.
    seed
        What it was drawn from.

    Returns
    -------
    kept
        At version 1, and no other plan changed.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or not there, or does not see the police's line.
    """
    require_police(store)
    require_write(store, of.division, POLICE)
    row = {
        "division": of.division,
        "line": POLICE,
        "area": of.area,
        "date": of.date,
        "shift": _written(of.shift),
        "seed": seed,
        "state": "proposed",
        "plan": dict(plan),
        "version": 1,
        "made_at": now_utc(),
        "made_by": store.scope.name,
    }
    with writing(store.engine) as session:
        hold(session, StoredPlan)
        (row["id"],) = new_ids(session, StoredPlan, 1)
        session.execute(insert(StoredPlan).values(row))
    return _kept(StoredPlan(**row))


def find_plan(store: Store, plan_id: int) -> KeptPlan:
    """
    Return one plan; that a scope looked is written down first.

    Parameters
    ----------
    store
        Opened for a scope with the police's line.
    plan_id
        Its number.

    Returns
    -------
    kept
        With the plan itself.

    Raises
    ------
    ForbiddenError
        When the scope does not see the police's line.
    NotFoundError
        When there is none in scope.
    """
    kept = _found(store, plan_id)
    note_view(store, PLANS, area=kept.area or None, rows=1, for_all=True)
    return kept


def plans(
    store: Store,
    *,
    date: dt.date | None = None,
    shift: str | None = None,
    area: str | None = None,
    state: str | None = None,
) -> Sequence[KeptPlan]:
    """
    List plans, the newest first; that a scope looked is written down first.

    Parameters
    ----------
    store
        Opened for a scope with the police's line.
    date
        The day that their shift begins on; None for all.
    shift
        Their shift; None for all.
    area
        Their patrol area; None for all, "" for plans of all areas.
    state
        Their state; None for all.

    Returns
    -------
    kept
        Without the plans themselves.

    Raises
    ------
    ForbiddenError
        When the scope does not see the police's line.
    """
    require_police(store)
    given = {"date": date, "shift": shift and _written(shift), "area": area, "state": state}
    columns = StoredPlan.__table__.c
    held: list[ColumnElement[bool]] = [store.scope.visible(StoredPlan)]
    held += [columns[name] == value for name, value in given.items() if value is not None]
    told = [column for column in columns if column.name not in ("plan", "line")]
    wanted = select(*told).where(*held).order_by(columns.made_at.desc(), columns.id.desc())
    with reading(store.engine) as session:
        rows = session.execute(wanted).mappings().all()
    note_view(store, PLANS, area=area or None, rows=len(rows), for_all=True)
    return [KeptPlan(**row, plan=None) for row in rows]


def revise_plan(store: Store, plan_id: int, version: int, plan: Mapping[str, Any]) -> KeptPlan:
    """
    Change a proposal: a stop swapped or dropped.

    Parameters
    ----------
    store
        Opened for a scope with the police's line that may write there.
    plan_id
        Its number.
    version
        The version that was read.
    plan
        The whole plan as it is now.

    Returns
    -------
    kept
        At the next version.

    Raises
    ------
    NotFoundError
        When there is none in scope.
    ConflictError
        When somebody changed it since, or it is no proposal any more.
    ForbiddenError
        When the scope may not write, or not there, or does not see the police's line.
    """
    return _change(store, plan_id, version, {"plan": dict(plan)}, wanted="proposed")


def accept_plan(store: Store, plan_id: int, version: int) -> KeptPlan:
    """
    Accept a proposal: from then on it is the plan of its area and shift.

    Parameters
    ----------
    store
        Opened for a scope with the police's line that may write there.
    plan_id
        Its number.
    version
        The version that was read.

    Returns
    -------
    kept
        At the next version.

    Raises
    ------
    NotFoundError
        When there is none in scope.
    ConflictError
        When somebody changed it since, it is no proposal any more, or another plan of the same
        area and shift is accepted.
    ForbiddenError
        When the scope may not write, or not there, or does not see the police's line.
    """
    return _change(store, plan_id, version, {"state": "accepted"}, wanted="accepted")


def withdraw_plan(store: Store, plan_id: int, version: int) -> KeptPlan:
    """
    Take back a plan, proposed or accepted; it stays in the store.

    Parameters
    ----------
    store
        Opened for a scope with the police's line that may write there.
    plan_id
        Its number.
    version
        The version that was read.

    Returns
    -------
    kept
        At the next version.

    Raises
    ------
    NotFoundError
        When there is none in scope.
    ConflictError
        When somebody changed it since, or it is withdrawn already.
    ForbiddenError
        When the scope may not write, or not there, or does not see the police's line.
    """
    return _change(store, plan_id, version, {"state": "withdrawn"}, wanted="withdrawn")


def _found(store: Store, plan_id: int) -> KeptPlan:
    require_police(store)
    wanted = select(StoredPlan).where(store.scope.visible(StoredPlan), StoredPlan.id == plan_id)
    with reading(store.engine) as session:
        row = session.scalar(wanted)
        if row is None:
            raise NotFoundError("no_such_row", kind=PLANS, id=plan_id)
        return _kept(row)


def _change(
    store: Store, plan_id: int, version: int, values: Mapping[str, Any], *, wanted: str
) -> KeptPlan:
    """Change a plan of one version whose state allows it."""
    before = _found(store, plan_id)
    require_write(store, before.division, POLICE)
    allowed = NEXT_STATES.get(before.state, ())
    if wanted not in allowed and (wanted, before.state) != ("proposed", "proposed"):
        raise ConflictError("plan_state", id=plan_id, met=before.state, expected=wanted)
    decided = {"decided_at": now_utc(), "decided_by": store.scope.name}
    changes = {**values, "version": version + 1, **(decided if wanted != "proposed" else {})}
    try:
        with writing(store.engine) as session:
            done = session.execute(
                update(StoredPlan)
                .where(StoredPlan.id == plan_id, StoredPlan.version == version)
                .values(changes)
                .returning(StoredPlan.id)
            ).all()
    except IntegrityError:
        # The index of accepted plans: also of two people who accept at once, one is too late.
        raise _accepted_already(store, before) from None
    if not done:
        raise ConflictError("row_changed", kind=PLANS, id=plan_id, version=version)
    return _found(store, plan_id)


def _accepted_already(store: Store, plan: KeptPlan) -> ConflictError:
    same = {name: getattr(plan, name) for name in ("division", "area", "date", "shift")}
    held = [getattr(StoredPlan, name) == value for name, value in same.items()]
    with reading(store.engine) as session:
        other = session.scalar(select(StoredPlan.id).where(StoredPlan.state == "accepted", *held))
    del same["division"]
    return ConflictError("plan_accepted_already", other=other or "?", **same)


def _written(shift: str) -> str:
    """Write the hours of a shift in one way; words for it stay as they are."""
    week = read_hours(shift).week
    return (shift.strip() if week is None else week.text())[:LONGEST_SHIFT]


def _kept(row: StoredPlan) -> KeptPlan:
    return KeptPlan(**{name: getattr(row, name) for name in KeptPlan.__dataclass_fields__})
