"""
Classes, tags and colours in the store: kept in versions, so that last year counts as last year.

They serve the whole store, whatever its divisions. What is not stored is what a new store begins
with.
"""

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

import pandas as pd
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from data.engine import reading, writing
from data.errors import ConflictError, ForbiddenError
from data.files import Layer
from data.importing import ImportReport, keep_run
from data.incident_models import IncidentClass, IncidentColour, IncidentTag
from data.incident_tables import CLASSES, COLOURS, COLUMNS, KEYS, TAGS, default_table, in_force
from data.store import Store
from data.writing import hold

MODELS: Final[dict[str, Any]] = {
    CLASSES: IncidentClass,
    TAGS: IncidentTag,
    COLOURS: IncidentColour,
}
"""Sheet -> its table."""

LINE: Final = "governance"
"""The line that an import of such a sheet is noted under."""

Row = dict[str, Any]


def stored_table(store: Store, kind: str, *, on: dt.date | None = None) -> pd.DataFrame:
    """
    Return a sheet as it is stored.

    Parameters
    ----------
    store
        Opened for any scope: the sheets are no secret.
    kind
        `CLASSES`, `TAGS` or `COLOURS`.
    on
        The day whose version is wanted; None for all versions, each row with its days.

    Returns
    -------
    table
        In the columns of `data.incident_tables.COLUMNS` (`version` beside them for the tags of a
        day), by its first days and then as it was brought in; `default_table` while nothing is
        stored.
    """
    with reading(store.engine) as session:
        rows = _rows(session, kind)
    table = pd.DataFrame(rows, columns=list(COLUMNS[kind])).astype(object)
    table = table.where(table.notna(), None) if rows else default_table(kind)
    return table if on is None else in_force(table, on)


def import_table(store: Store, layer: Layer, *, since: dt.date | None = None) -> ImportReport:
    """
    Store a sheet of classes, tags or colours, all of it or nothing.

    A row that states its first or last day is taken as it says. Any other holds from `since` on:
    what was said for its code before ends on that day and is kept, and so does every code that
    the sheet leaves out. Into an empty table all rows come as they are, unless `since` is given:
    what held before it is then what a new store begins with. The same sheet again changes nothing.

    Parameters
    ----------
    store
        Opened for a scope that may write everywhere.
    layer
        Outcome of `data.incident_sheets.read_table`.
    since
        The first day of what is new; None for today, and for always in an empty table.

    Returns
    -------
    report
        What is new in `added`; what ended or was put right in `changed`.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or has but a part of the store.
    ConflictError
        When a code has a version that begins after `since`.
    """
    _require_whole(store)
    kind, day = layer.kind, since or store.today()
    model = MODELS[kind]
    frame = pd.DataFrame(layer.frame)[list(COLUMNS[kind])].astype(object)
    said = frame.where(frame.notna(), None).to_dict("records")
    with writing(store.engine) as session:
        hold(session, model)
        known = _rows(session, kind, with_ids=True)
        if not known and since is not None:
            known = _begun(session, kind)
        new, mended, ended = _parted(kind, said, known, day)
        counts = {
            "rows_read": layer.rows_read,
            "added": len(new),
            "changed": len(mended) + len(ended),
            "unchanged": len(said) - len(new) - len(mended),
            "duplicates": layer.rows_read - len(said) - len(layer.quarantine),
            "repeats": 0,
            "set_aside": len(layer.quarantine),
        }
        _write(session, model, new, mended, ended, day)
        import_id = keep_run(session, store, layer, {("", LINE)}, counts)
        return ImportReport(import_id=import_id, **counts)


def _require_whole(store: Store) -> None:
    """Refuse to write for a scope that may not, or that has but a part of the store."""
    if "write" not in store.scope.rights:
        raise ForbiddenError("no_write")
    if store.scope.prefix or LINE not in store.scope.lines:
        raise ForbiddenError("tables_of_all", division=store.scope.prefix or "—")


def _rows(session: Session, kind: str, *, with_ids: bool = False) -> list[Row]:
    """Return the stored rows of a sheet, all versions."""
    table = MODELS[kind].__table__
    names = [*(["id"] if with_ids else []), *COLUMNS[kind]]
    found = session.execute(select(*(table.c[name] for name in names)).order_by(table.c.id))
    return [dict(zip(names, row, strict=True)) for row in found]


def _begun(session: Session, kind: str) -> list[Row]:
    """Store what a new store begins with, and return it."""
    session.execute(insert(MODELS[kind].__table__), default_table(kind).to_dict("records"))
    return _rows(session, kind, with_ids=True)


def _parted(
    kind: str, said: Iterable[Row], known: list[Row], day: dt.date
) -> tuple[list[Row], list[Row], list[Row]]:
    """Return the rows that are new, those put right under their ids, and those that end."""
    first = not known
    dated = {(*_key(kind, row), row["since"]): row for row in known}
    now = {_key(kind, row): row for row in known if _holds(row, day)}
    later = {_key(kind, row) for row in known if row["since"] is not None and row["since"] > day}
    new: list[Row] = []
    mended: list[Row] = []
    ended: dict[int, Row] = {}
    met = set()
    for row in said:
        key = _key(kind, row)
        met.add(key)
        held = dated.get((*key, row["since"]))
        states_days = row["since"] is not None or row["until"] is not None
        if first or (states_days and held is None):
            new.append(row)
            continue
        if states_days and held is not None:
            mended += [row | {"id": held["id"]}] if _content(row) != _content(held) else []
            continue
        before = now.get(key)
        if before is not None and _content(before, days=False) == _content(row, days=False):
            continue
        if key in later:
            raise ConflictError("table_later", kind=kind, ids=["|".join(key)], on=str(day))
        if before is not None and before["since"] == day:
            mended.append(row | {"id": before["id"], "since": day})
            continue
        if before is not None:
            ended[before["id"]] = before
        new.append(row | {"since": day})
    for key, row in now.items():
        if key not in met and not first:
            ended[row["id"]] = row
    return new, mended, list(ended.values())


def _write(
    session: Session,
    model: Any,  # noqa: ANN401 - a mapped class
    new: list[Row],
    mended: list[Row],
    ended: list[Row],
    day: dt.date,
) -> None:
    table = model.__table__
    # What would end on the day it began has never held.
    never = [row["id"] for row in ended if row["since"] == day]
    if never:
        session.execute(delete(table).where(table.c.id.in_(never)))
    for row in ended:
        session.execute(update(table).where(table.c.id == row["id"]).values(until=day))
    for row in mended:
        values = {table.c[name]: cell for name, cell in row.items() if name != "id"}
        session.execute(update(table).where(table.c.id == row["id"]).values(values))
    if new:
        session.execute(insert(table), new)


def _key(kind: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in KEYS[kind])


def _content(row: Mapping[str, Any], *, days: bool = True) -> dict[str, Hashable]:
    """Return what a row says, with its days or without."""
    left = {"id"} if days else {"id", "since", "until"}
    return {name: cell for name, cell in row.items() if name not in left}


def _holds(row: Mapping[str, Any], day: dt.date) -> bool:
    began = row["since"] is None or row["since"] <= day
    return bool(began and (row["until"] is None or row["until"] > day))
