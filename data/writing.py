"""Changing one stored row, by its version; and what every way of writing shares."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import uuid4

import numpy as np
import shapely
from sqlalchemy import insert, null, select, text, update
from sqlalchemy.orm import Session

from data.addresses import compared_address
from data.boxes import stored
from data.covert import COVERT
from data.division_codes import DIGITS
from data.engine import writing
from data.errors import ConflictError, ForbiddenError
from data.grid_sheets import OWN_GRID, own_division
from data.ids import new_ids
from data.ledgers import LEDGER_KEYS, ledger_key
from data.possible import require_possible
from data.scope import DEFAULT_LINES, POLICE_INCIDENTS
from data.shapes import Objects
from data.store import Store, model_of

BATCH: Final = 10_000
"""Rows of one statement: below the limit of variables of both engines."""

IDENTITY_LENGTH: Final = 120
"""Characters that the column of identities holds; a longer id is told by its hash."""


class Known(NamedTuple):
    """A row that is stored: what an import needs to know of it."""

    id: int
    content_hash: str
    version: int
    division: str
    line: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    visibility: str | None


def insert_row(
    store: Store, kind: str, values: Mapping[str, Any], geometry: shapely.Geometry | None
) -> int:
    """
    Store one new row.

    Parameters
    ----------
    store
        Opened for a scope that may write.
    kind
        A key of `LAYERS`.
    values
        Our columns, `code`, `division` and `line`.
    geometry
        In EPSG:4326, or None.

    Returns
    -------
    id
        Of the new row, at version 1.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or not there, or not a covert post.
    RowError
        When the values of an incident cannot all be.
    ConflictError
        When a row of that code is there.
    """
    model = model_of(kind)
    values = _owned(kind, values)
    require_possible(kind, values)
    row = _row(store, kind, dict(values), geometry, source="api", datum="wgs84")
    require_write(store, row["division"], row["line"])
    if is_covert(row):
        require_covert(store)
    if row["code"]:
        key = f"id:{row['code']}"
    elif kind in LEDGER_KEYS:
        key = f"{ledger_key(kind, row)}|0"
    else:
        # Nothing tells it from others, and equal incidents are different matters.
        key = f"new:{uuid4().hex}"
    row |= {
        "content_hash": digest(values, shapely.to_wkb(geometry)),
        "identity": identity_of(store, kind, row["division"], row["line"], key),
    }
    table = model.__table__
    with writing(store.engine) as session:
        hold(session, model)
        while met := known_rows(session, model, [row["identity"]]):
            if sees(store, met[row["identity"]]):
                raise ConflictError("row_exists", kind=kind, id=row["code"] or key)
            row["identity"] = beside(row["identity"])
        (row["id"],) = new_ids(session, model, 1)
        session.execute(insert(table).values({table.c[name]: cell for name, cell in row.items()}))
    return int(row["id"])


def update_row(
    store: Store,
    kind: str,
    row_id: int,
    version: int,
    values: Mapping[str, Any],
    geometry: shapely.Geometry | None = None,
) -> int:
    """
    Change one row that has not been changed since it was read.

    Parameters
    ----------
    store
        Opened for a scope that may write.
    kind
        A key of `LAYERS`.
    row_id
        Its `id`.
    version
        The version that was read.
    values
        Our columns that change; `valid_to` ends the row.
    geometry
        The new place in EPSG:4326, or None to keep the old one.

    Returns
    -------
    version
        The new version.

    Raises
    ------
    NotFoundError
        When there is no such row in scope.
    ForbiddenError
        When the scope may not write, or not a covert post; or when a covert one was to become
        overt or another line's.
    RowError
        When the values of an incident cannot all be.
    ConflictError
        When the row has another version by now.
    """
    model = model_of(kind)
    values = _owned(kind, values)
    before = store.item(kind, row_id)
    require_write(store, before["division"], before["line"])
    after = {name: before.get(name) for name in ("division", "line", "kind", "visibility")}
    after |= {name: values[name] for name in after if name in values}
    if is_covert(before) and (not is_covert(after) or after["line"] != before["line"]):
        raise ForbiddenError("covert_stays", id=row_id)
    line = line_of(kind, after, after["line"])
    require_possible(kind, before.where(before.notna(), None).to_dict() | values)
    require_write(store, after["division"], line)
    if is_covert(after):
        require_covert(store)
    changes = dict(values) | {"line": line, "changed_at": now_utc(), "changed_by": store.scope.name}
    if geometry is not None:
        changes |= place_columns(np.array([geometry]), store.dialect)[0] | {"quality": "point"}
    if kind == "addresses" and "address" in values:
        changes["compared"] = compared_address(values["address"])
    # The hash stays that of the import: the same file again must not undo what a person did.
    changes["version"] = version + 1
    columns = model.__table__.columns
    with writing(store.engine) as session:
        done = session.execute(
            update(model.__table__)
            .where(columns["id"] == row_id, columns["version"] == version)
            .values({columns[name]: value for name, value in changes.items()})
            .returning(columns["id"])
        ).all()
        if not done:
            raise ConflictError("row_changed", kind=kind, id=row_id, version=version)
    return version + 1


def require_write(store: Store, division: str, line: str) -> None:
    """Refuse to write outside the scope, or for one that may only read."""
    if "write" not in store.scope.rights:
        raise ForbiddenError("no_write")
    if not store.scope.holds(division, line):
        raise ForbiddenError("not_in_scope", division=division, line=line)


def require_covert(store: Store) -> None:
    """Refuse covert posts to whoever may not know of them."""
    if "covert" not in store.scope.rights:
        raise ForbiddenError("no_covert")


def require_police(store: Store) -> None:
    """Refuse positions and plans of patrols to whoever does not see the police's line."""
    if "police" not in store.scope.lines:
        raise ForbiddenError("positions_police", lines=sorted(store.scope.lines))


def is_covert(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is a covert post; rows of other layers are none."""
    return row.get("visibility") == COVERT


def line_of(kind: str, row: Mapping[str, Any], line: str) -> str:
    """Return the line of a row: police calls, cases and covert posts are the police's."""
    guarded = kind == "incidents" and row.get("kind") in POLICE_INCIDENTS
    return "police" if guarded or is_covert(row) else line


def _owned(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Complete what is a grid's own by the division that it belongs to with its grid."""
    division = own_division(kind, values.get("area_code")) if kind in OWN_GRID else ""
    return ({"division": division} if division else {}) | dict(values)


def _row(
    store: Store,
    kind: str,
    values: dict[str, Any],
    geometry: shapely.Geometry | None,
    *,
    source: str,
    datum: str,
) -> dict[str, Any]:
    """Complete the values of one row."""
    line = line_of(kind, values, values.get("line") or DEFAULT_LINES[kind])
    if kind == "addresses":
        values["compared"] = compared_address(values.get("address"))
    row = {"code": None, "division": store.scope.division} | values
    return row | {
        "line": line,
        "source": source,
        "source_datum": datum,
        "quality": "point" if geometry is not None else "area" if row.get("area_code") else "none",
        "version": 1,
        "changed_at": now_utc(),
        "changed_by": store.scope.name,
        **place_columns(np.array([geometry]), store.dialect)[0],
    }


def place_columns(shapes: Objects, dialect: str) -> list[dict[str, Any]]:
    """Return the columns of each place: the geometry and its box, None where there is none."""
    boxes = shapely.bounds(shapes)
    sides = np.where(np.isnan(boxes), None, boxes)
    return [
        {"geometry": place, "west": west, "south": south, "east": east, "north": north}
        for place, (west, south, east, north) in zip(stored(shapes, dialect), sides, strict=True)
    ]


def identity_of(store: Store, kind: str, division: str, line: str, key: str) -> str:
    """
    Return what a row is found again by, among the rows that this scope could have written.

    Nobody may overwrite, or learn of, a row of another line or a covert post by its id.
    """
    # A slot that moves to the next grid of its village is the same slot.
    division = division[:DIGITS] if kind in OWN_GRID else division
    unaware = kind == "posts" and "covert" not in store.scope.rights
    identity = f"{division}|{line}{'|overt' if unaware else ''}|{key}"
    if len(identity) <= IDENTITY_LENGTH:
        return identity
    return identity[: -len(key)] + hashlib.sha256(key.encode()).hexdigest()


def beside(identity: str) -> str:
    """
    Return the identity to take where a row that the scope does not see has this one.

    Somebody gave that row to another division or line, or made it covert, after it was written.
    """
    return f"beside|{hashlib.sha256(identity.encode()).hexdigest()}"


def sees(store: Store, row: Known) -> bool:
    """Tell whether a scope may know of a row that it could have written."""
    hidden = row.visibility == COVERT and "covert" not in store.scope.rights
    return store.scope.holds(row.division, row.line) and not hidden


def hold(session: Session, model: Any) -> None:  # noqa: ANN401 - a mapped class
    """Keep other writers of a layer waiting, as SQLite does: two imports may bring one row."""
    if session.get_bind().dialect.name == "postgresql":
        table = model.__tablename__
        session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))


def known_rows(
    session: Session,
    model: Any,  # noqa: ANN401 - a mapped class
    identities: Sequence[str],
    *,
    source: str | None = None,
) -> dict[str, Known]:
    """Find rows by identity, of one source if it is said."""
    found: dict[str, Known] = {}
    visibility = getattr(model, "visibility", null())
    told = (model.id, model.content_hash, model.version, model.division, model.line)
    columns = (model.identity, *told, model.valid_from, model.valid_to, visibility)
    wanted = select(*columns) if source is None else select(*columns).where(model.source == source)
    for start in range(0, len(identities), BATCH):
        batch = identities[start : start + BATCH]
        for identity, *rest in session.execute(wanted.where(model.identity.in_(batch))):
            found[identity] = Known(*rest)
    return found


def digest(values: Mapping[str, Any], wkb: bytes | None) -> str:
    """Hash what a row says and where it is, alike on both engines."""
    said = {name: str(value) for name, value in values.items() if value is not None}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode() + (wkb or b"")).hexdigest()


def now_utc() -> dt.datetime:
    """Return the time in UTC, without a zone: what both engines keep alike."""
    return dt.datetime.now(tz=dt.UTC).replace(tzinfo=None)
