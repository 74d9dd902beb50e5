"""The division tree as stored: what is valid when, and which code became which."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import pandas as pd
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from data.division_codes import DIGITS, division_prefix, parent_of
from data.divisions import DIVISIONS, Divisions
from data.engine import reading, writing
from data.errors import ConflictError, ForbiddenError
from data.ids import new_ids
from data.models import Division, DivisionChange, ImportRun, QuarantinedRow
from data.notes import kept_notes
from data.scope import Scope
from data.store import Store
from data.succession import beginnings, branches_of, current_code, in_circle, stored_changes
from data.validity import valid_on
from data.writing import hold, now_utc

LINE: Final = "public"
"""The line of an import of divisions: names and codes are public."""


@dataclass(frozen=True)
class DivisionReport:
    """
    What became of the rows of a list of divisions.

    Parameters
    ----------
    import_id
        The import, under which its quarantine is kept.
    rows_read
        Rows in the file.
    added
        New divisions.
    changed
        Divisions that had another name or parent.
    unchanged
        Divisions that were there as they are.
    set_aside
        Rows in the quarantine.
    codes_changed
        Old codes that were not known to have become these.
    """

    import_id: int
    rows_read: int
    added: int
    changed: int
    unchanged: int
    set_aside: int
    codes_changed: int


def import_divisions(
    store: Store, listed: Divisions, *, on: dt.date | None = None
) -> DivisionReport:
    """
    Store a list of divisions with the old codes that it states, all of it or nothing.

    Parameters
    ----------
    store
        Opened for a scope that may write; divisions outside it are refused.
    listed
        Outcome of `read_divisions`.
    on
        The first day on which the list holds; None for today.

    Returns
    -------
    report
        Added, changed, unchanged and set aside add up to the rows read.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or a division lies outside it.
    ConflictError
        When a division has a later state, or the changes of codes run in a circle.
    """
    _require_scope(store.scope, listed.frame["code"])
    day = on or store.today()
    with writing(store.engine) as session:
        hold(session, Division)
        hold(session, ImportRun)
        counts = _put(session, listed.frame, day)
        codes_changed = sum(_put_changes(session, store.scope, listed.changes, day).values())
        counts |= {"set_aside": len(listed.quarantine), "codes_changed": codes_changed}
        (import_id,) = new_ids(session, ImportRun, 1)
        report = DivisionReport(import_id=import_id, rows_read=listed.rows_read, **counts)
        session.add(_run(store.scope, listed, report))
        session.flush()
        aside = _quarantined(listed.quarantine, import_id)
        if aside:
            session.execute(insert(QuarantinedRow), aside)
    return report


def put_divisions(store: Store, divisions: pd.DataFrame, *, on: dt.date) -> dict[str, int]:
    """
    Store a list of divisions as the one that is valid from a day on.

    A division that is there with the same name and parent stays; one that differs is ended and
    begins anew; one that the list leaves out stays, because lists are often of one county.

    Parameters
    ----------
    store
        Opened for a scope that may write; divisions outside it are refused.
    divisions
        n rows: `code` (12 digits as text), `name`, `parent_code` (or missing at the top).
    on
        The first day on which the list holds.

    Returns
    -------
    counts
        "added", "changed", "unchanged": together n.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or a division lies outside it.
    ConflictError
        When a division has a state that begins after that day.
    """
    _require_scope(store.scope, divisions["code"])
    with writing(store.engine) as session:
        hold(session, Division)
        return _put(session, divisions, on)


def put_changes(store: Store, changes: Mapping[str, str], *, on: dt.date) -> dict[str, int]:
    """
    Store which codes became others; rows keep the code they came with.

    The old division ends, and what lies below it goes on under its new code, unless two became
    one. A code that is stored to have become another one becomes this one instead.

    Parameters
    ----------
    store
        Opened for a scope that may write and holds the old and the new codes.
    changes
        Old code -> new code of the same level, such as "610928" -> "610981".
    on
        The day of the change.

    Returns
    -------
    counts
        "added" and "changed"; changes that were known count for nothing.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or a code lies outside it.
    FormatError
        When a code is none, or the two are of different levels.
    ConflictError
        When the changes run in a circle, or a division has a state that begins after that day.
    """
    with writing(store.engine) as session:
        hold(session, Division)
        return _put_changes(session, store.scope, changes, on)


def divisions(store: Store, *, on: dt.date | None = None) -> pd.DataFrame:
    """
    Return the divisions in scope.

    Parameters
    ----------
    store
        Opened for a scope.
    on
        The day whose divisions are wanted; None for today.

    Returns
    -------
    frame
        `code`, `name`, `parent_code`, `valid_from`, `valid_to`, by code.
    """
    columns = (
        Division.code, Division.name, Division.parent_code, Division.valid_from, Division.valid_to
    )  # fmt: skip
    wanted = select(*columns).where(store.scope.covered(Division.code))
    wanted = wanted.where(*valid_on(Division, on or store.today()))
    with reading(store.engine) as session:
        rows = session.execute(wanted.order_by(Division.code)).all()
    return pd.DataFrame(rows, columns=[column.key for column in columns])


def codes_of(store: Store, code: str) -> list[str]:
    """
    Return how the codes of a division begin: as its own, and as those that became it.

    Parameters
    ----------
    store
        Opened for a scope; of divisions outside it only the code itself comes back.
    code
        A division code; trailing zeros do not count.

    Returns
    -------
    prefixes
        Beginnings of codes, the given one first.
    """
    prefix = division_prefix(code)
    if not store.scope.covers(prefix):
        return [prefix]
    return [branch.prefix for branch in branches_of(prefix, stored_changes(store.engine))]


def _require_scope(scope: Scope, codes: Iterable[str]) -> None:
    """Refuse to write for a scope that may not, or that does not hold all the codes."""
    if "write" not in scope.rights:
        raise ForbiddenError("no_write")
    for code in codes:
        if not scope.covers(code):
            raise ForbiddenError("division_not_in_scope", division=code)


def _put(session: Session, listed: pd.DataFrame, on: dt.date) -> dict[str, int]:
    """Add, change or leave the divisions of a list."""
    known = _latest(session)
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    new = []
    for row in listed.itertuples():
        said = {
            "name": row.name,
            "parent_code": None if pd.isna(row.parent_code) else row.parent_code,
        }
        before = known.get(row.code)
        if before is None:
            counts["added"] += 1
        elif all(before[name] == value for name, value in said.items()):
            counts["unchanged"] += 1
            continue
        else:
            counts["changed"] += 1
        new.append({"code": row.code, "valid_from": on, **said})
    _end(session, [known[row["code"]] for row in new if row["code"] in known], on)
    _add(session, new)
    return counts


def _put_changes(
    session: Session, scope: Scope, changes: Mapping[str, str], on: dt.date
) -> dict[str, int]:
    """Store changes of codes, and let the divisions go on under their new ones."""
    _require_scope(scope, [*changes, *changes.values()])
    stored = session.scalars(select(DivisionChange)).all()
    known = {division_prefix(change.old_code): change for change in stored}
    before = {old: division_prefix(change.new_code) for old, change in known.items()}
    asked = beginnings(changes)
    # What is there as a chain, 612428 -> 610928 -> 610981, need not be said as one step.
    new = {old: now for old, now in asked.items() if current_code(old, before) != now}
    after = before | new
    for old, now in new.items():
        if in_circle(old, after):
            raise ConflictError("division_circle", codes=[old, now, old])
        if old not in known:
            session.add(DivisionChange(old_code=_whole(old), new_code=_whole(now), changed_on=on))
            continue
        if not scope.covers(known[old].new_code):
            raise ForbiddenError("division_not_in_scope", division=_whole(old))
        known[old].new_code, known[old].changed_on = _whole(now), on
    _go_on(session, after, new, on)
    changed = sum(old in known for old in new)
    return {"added": len(new) - changed, "changed": changed}


def _go_on(session: Session, changes: Mapping[str, str], old: Iterable[str], on: dt.date) -> None:
    """End what lies at or below old codes, and begin it under its new ones unless it is there."""
    known = _latest(session)
    ended: list[dict[str, Any]] = []
    new: dict[str, dict[str, Any]] = {}
    for code, before in known.items():
        now = current_code(code, changes) if code.startswith(tuple(old)) else code
        if now is None or now == code:
            continue
        ended.append(before)
        if now not in known:
            said = {"name": before["name"], "parent_code": parent_of(now), "valid_from": on}
            new.setdefault(now, {"code": now, **said})
    _end(session, ended, on)
    _add(session, list(new.values()))


def _latest(session: Session) -> dict[str, dict[str, Any]]:
    """Return the divisions that have not ended, by code."""
    columns = (
        Division.id, Division.code, Division.name, Division.parent_code, Division.valid_from
    )  # fmt: skip
    rows = session.execute(select(*columns).where(Division.valid_to.is_(None))).mappings()
    return {row["code"]: dict(row) for row in rows}


def _end(session: Session, states: list[dict[str, Any]], on: dt.date) -> None:
    for state in states:
        if state["valid_from"] is not None and state["valid_from"] > on:
            named = {"division": state["code"], "since": str(state["valid_from"]), "on": str(on)}
            raise ConflictError("division_later", **named)
    if states:
        ended = [{"id": state["id"], "valid_to": on} for state in states]
        session.execute(update(Division), ended)


def _add(session: Session, states: list[dict[str, Any]]) -> None:
    if states:
        session.execute(insert(Division), states)


def _whole(code: str) -> str:
    return code.ljust(DIGITS, "0")


def _run(scope: Scope, listed: Divisions, report: DivisionReport) -> ImportRun:
    """Return what is kept of an import, as for layers."""
    counts = {name: count for name, count in asdict(report).items() if name != "import_id"}
    return ImportRun(
        id=report.import_id,
        kind=DIVISIONS,
        source=listed.source,
        division=scope.prefix,
        line=LINE,
        datum="",
        crs="",
        made_at=now_utc(),
        made_by=scope.name,
        counts=counts,
        notes=kept_notes(listed.notes),
    )


def _quarantined(aside: pd.DataFrame, import_id: int) -> list[dict[str, Any]]:
    values = aside[["code", "name", "parent_code", "old_code"]].to_dict("records")
    return [
        {
            "import_id": import_id,
            "row": int(row.row),
            "reason": row.reason,
            "detail": row.detail,
            "values": record,
        }
        for row, record in zip(aside.itertuples(), values, strict=True)
    ]
