"""Storing a whole layer at once: all of it or nothing, and the same file twice changes nothing."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pandas as pd
from sqlalchemy import bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from data.bulk import add_rows
from data.covert import COVERT, covert_rows
from data.dated import UNDATED, begins_later, end_of, is_over, require_ended
from data.division_codes import ENDS
from data.engine import writing
from data.errors import ForbiddenError, KindError
from data.files import Layer
from data.ids import new_ids
from data.models import ImportRun, QuarantinedRow
from data.notes import kept_notes
from data.recording import identified, rows_of
from data.scope import DEFAULT_LINES, LINES
from data.settling import said_divisions, settle
from data.store import Store, model_of
from data.writing import (
    BATCH,
    Known,
    beside,
    hold,
    is_covert,
    known_rows,
    line_of,
    now_utc,
    require_write,
    sees,
)


@dataclass(frozen=True)
class ImportReport:
    """
    What became of the rows of one import.

    Parameters
    ----------
    import_id
        The import, under which its quarantine is kept.
    rows_read
        Rows in the file.
    added
        New rows.
    changed
        Rows that were there with other content.
    unchanged
        Rows that were there as they are.
    duplicates
        Rows equal to another of the file, left out (assets only).
    repeats
        Rows equal to another of the file, kept and counted (incidents).
    set_aside
        Rows in the quarantine.
    """

    import_id: int
    rows_read: int
    added: int
    changed: int
    unchanged: int
    duplicates: int
    repeats: int
    set_aside: int


def import_layer(
    store: Store,
    layer: Layer,
    *,
    division: str = "",
    line: str | None = None,
    since: dt.date | None = None,
    rehearse: bool = False,
) -> ImportReport:
    """
    Store a layer that was read, all of it or nothing.

    A row with an id replaces the row of that id; one without is known again by its source,
    content and the number of its repeat. So importing a file twice changes nothing.

    Covert posts are all or nothing too: a quarantine that everybody of the scope may read is no
    place for them, so a file with one is refused to whoever may not know of them.

    Parameters
    ----------
    store
        Opened for a scope that may write.
    layer
        Outcome of `read_layer`, or of `settle` with the same division.
    division
        The division that the rows belong to; points inside a stored area get that of the area,
        those placed by their address keep it.
    line
        The line they belong to; None for that of `DEFAULT_LINES`. Police calls, cases and covert
        posts are police-line rows whatever is said.
    since
        The first day on which the rows hold as the file has them: what was there with other
        content is ended on it and kept, so that figures of a day before still go by it. None
        corrects what is there.
    rehearse
        Whether to stop before anything is written, for a look at what an import would do.

    Returns
    -------
    report
        The counts add up to the rows read; a rehearsal has the `import_id` 0.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or not there; when the file has a covert post that the
        scope may not know of, or would make a stored one overt.
    ConflictError
        When a row has a state that begins after `since`.
    KindError
        When the layer is none that is stored, or its rows hold from no day on.
    """
    model = model_of(layer.kind)
    if since is not None and layer.kind in UNDATED:
        raise KindError("undated", kind=layer.kind)
    line = line or DEFAULT_LINES[layer.kind]
    layer = settle(store, layer, division=division)
    aside = layer.quarantine
    _require_covert(store, layer)
    rows, own = rows_of(store, layer, division, line)
    owners = {(row["division"], row["line"]) for row in rows} | _owners(layer, division, line)
    for owner in owners:
        require_write(store, *owner)
    rows, former, duplicates, repeats = identified(store, rows, own, layer, division)
    if since is not None:
        rows = [row | {"valid_from": since} for row in rows]
    with writing(store.engine) as session:
        hold(session, model)
        met = _met(store, session, rows, former, layer)
        new, other, ended = _parted(session, rows, met, layer, since)
        counts = {
            "rows_read": layer.rows_read,
            "added": len(new) - len(ended),
            "changed": len(other) + len(ended),
            "unchanged": len(rows) - len(new) - len(other),
            "duplicates": duplicates,
            "repeats": repeats,
            "set_aside": len(aside),
        }
        if rehearse:
            return ImportReport(import_id=0, **counts)
        table = model.__table__
        # Ends come first: what begins takes the identity of what it follows.
        for batch in _batches(ended):
            session.execute(update(table).where(table.c.id == bindparam("row_id")), batch)
        _add(session, model, new)
        for batch in _batches(other):
            session.execute(update(table).where(table.c.id == bindparam("row_id")), batch)
        import_id = keep_run(session, store, layer, owners, counts)
        return ImportReport(import_id=import_id, **counts)


def keep_run(
    session: Session,
    store: Store,
    layer: Layer,
    owners: Collection[tuple[str, str]],
    counts: Mapping[str, int],
) -> int:
    """
    Write down an import: what came from where, what became of it, and the rows set aside.

    Parameters
    ----------
    session
        Of the import.
    store
        Opened for the scope of whoever imports.
    layer
        What was imported, with its quarantine and notes.
    owners
        Divisions and lines of its rows; one at least.
    counts
        What became of its rows.

    Returns
    -------
    import_id
        The number of the import.
    """
    aside = layer.quarantine
    (import_id,) = new_ids(session, ImportRun, 1)
    run = ImportRun(
        id=import_id,
        kind=layer.kind,
        source=layer.source,
        division=_holding({owner[0] for owner in owners}),
        line=min((owner[1] for owner in owners), key=LINES.index),
        covert=bool(covert_rows(layer.frame).any() or covert_rows(aside).any()),
        datum=layer.datum,
        crs=layer.crs,
        made_at=now_utc(),
        made_by=store.scope.name,
        counts=dict(counts),
        notes=kept_notes(layer.notes),
    )
    session.add(run)
    session.flush()
    for batch in _batches(_quarantined(aside, import_id)):
        session.execute(insert(QuarantinedRow), batch)
    return import_id


def _require_covert(store: Store, layer: Layer) -> None:
    """Refuse a file with covert posts to whoever may not know of them, and leave no trace."""
    aside = layer.quarantine
    lines = [*layer.rows[covert_rows(layer.frame)], *aside["row"][covert_rows(aside)]]
    if lines and "covert" not in store.scope.rights:
        raise ForbiddenError("covert_rows", file=layer.source, count=len(lines), rows=lines)


def _owners(layer: Layer, division: str, line: str) -> set[tuple[str, str]]:
    """Return the divisions and lines of what an import tells beside its rows: notes, quarantine."""
    aside = layer.quarantine
    known = [name for name in ("kind", "visibility") if name in aside.columns]
    said = said_divisions(layer.kind, aside, division)
    guarded = [line_of(layer.kind, row, line) for row in aside[known].to_dict("records")]
    return {(division, line), *zip(said, guarded, strict=True)}


def _holding(divisions: AbstractSet[str]) -> str:
    """Return the smallest division that holds all of some; "" where none does."""
    first = min(divisions)
    shared = [
        first[:end]
        for end in (len(first), *ENDS)
        if all(d.startswith(first[:end]) for d in divisions)
    ]
    return max(shared, key=len, default="")


def _met(
    store: Store,
    session: Session,
    rows: list[dict[str, Any]],
    former: dict[str, list[str]],
    layer: Layer,
) -> list[Known | None]:
    """Return for each row what is stored of it; its identity becomes one that is free for it."""
    model, source = model_of(layer.kind), layer.source
    known: dict[str, Known] = {}
    unsure = rows
    while unsure:
        held = known_rows(session, model, [row["identity"] for row in unsure])
        known |= {identity: row for identity, row in held.items() if sees(store, row)}
        unsure = [row for row in unsure if row["identity"] in held and row["identity"] not in known]
        for row in unsure:
            before = former.pop(row["identity"])
            row["identity"] = beside(row["identity"])
            former[row["identity"]] = before
    unmet = [row["identity"] for row in rows if row["identity"] not in known]
    asked = [before for identity in unmet for before in former[identity]]
    # Many are asked for only when the source was imported before.
    if len(asked) > BATCH and not session.scalar(select(exists().where(model.source == source))):
        asked = []
    found = known_rows(session, model, asked, source=source)
    moved = {identity: row for identity, row in found.items() if sees(store, row)}
    met = [known.get(row["identity"]) for row in rows]
    if moved:
        for i, row in enumerate(rows):
            keys = former[row["identity"]] if met[i] is None else []
            met[i] = next((moved[key] for key in keys if key in moved), met[i])
    return met


def _parted(
    session: Session,
    rows: list[dict[str, Any]],
    met: list[Known | None],
    layer: Layer,
    since: dt.date | None,
) -> tuple[list[dict[str, Any]], ...]:
    """Return the rows that are new, those that correct others, and the ends of those replaced."""
    new: list[dict[str, Any]] = []
    other: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    later, exposed = [], 0
    for row, held in zip(rows, met, strict=True):
        if held is None:
            new.append(row)
        elif begins_later(held, since):
            later.append(row)
        elif is_over(held, since) or held.content_hash != row["content_hash"]:
            exposed += held.visibility == COVERT and not is_covert(row)
            if since is None or held.valid_from == since:
                other.append(row | {"row_id": held.id, "version": held.version + 1})
            else:
                new.append(row)
                ended.append(end_of(held, row, since))
    if later and since is not None:
        require_ended(session, model_of(layer.kind), layer.kind, later, since)
    if exposed:
        raise ForbiddenError("covert_exposed", file=layer.source, count=exposed)
    return new, other, ended


def _add(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - mapped
    """Insert rows that all have the same columns, in the order of ids that tell nothing."""
    if not rows:
        return
    drawn = new_ids(session, model, len(rows))
    # In order, so that a large table is written page by page; not in that of the file, or the id
    # of a row would tell how many others came before it.
    numbered = sorted(
        (row | {"id": row_id} for row, row_id in zip(rows, drawn, strict=True)),
        key=itemgetter("id"),
    )
    if session.get_bind().dialect.name == "postgresql":
        numbered = [
            row | {"geometry": row["geometry"] and row["geometry"].desc} for row in numbered
        ]
    names = list(numbered[0])
    add_rows(session, model.__table__, names, (list(row.values()) for row in numbered))


def _quarantined(quarantine: pd.DataFrame, import_id: int) -> list[dict[str, Any]]:
    """Return the rows set aside, their values as JSON."""
    values = quarantine.drop(columns=["row", "reason", "detail"])
    return [
        {
            "import_id": import_id,
            "row": int(row.row),
            "reason": row.reason,
            "detail": str(row.detail),
            "values": {name: None if pd.isna(v) else str(v) for name, v in record.items()},
        }
        for row, record in zip(quarantine.itertuples(), values.to_dict("records"), strict=True)
    ]


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
