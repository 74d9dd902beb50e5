"""What units did, kept when their positions go: segments and points, by unit and track."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from data.clocks import TIME
from data.engine import reading, writing
from data.errors import ColumnError, KindError, NotFoundError
from data.ids import new_ids
from data.position_tables import POLICE, PositionFix, PositionTrack, SegmentResult
from data.positions import shown_track, stored_track, unit_divisions
from data.store import Store
from data.values import as_text
from data.viewing import note_view
from data.writing import BATCH, hold, now_utc, require_police, require_write

RESULTS: Final = "results"
"""What the record of restricted views calls them."""

KINDS: Final = ("point", "segment")
"""What may be done."""

NEEDED: Final = ("kind", "id", "unit_id", "entered", "left")
"""Columns that rows of what was done must have."""

TEXTS: Final = ("shift_id", "certainty", "mode")
"""Columns of texts that they may have."""

NUMBERS: Final = ("dwell_s", "share")
"""Columns of numbers that they may have."""

Days = tuple[dt.datetime, dt.datetime]
"""Local times: from the first on, before the second."""


def keep_results(store: Store, done: pd.DataFrame, *, tracks: pd.DataFrame, span: Days) -> int:
    """
    Keep what units did in a time, in place of what was kept of the same tracks and time before.

    From then on the fixes of these tracks up to the end of the time may be deleted, as long as none
    lies before its beginning of which nothing was kept.

    Parameters
    ----------
    store
        Opened for a scope with the police's line that may write where the units are.
    done
        n rows as `geo.patrol` tells what was done: `kind` ("point" or "segment"), `id`, `unit_id`,
        `entered`, `left` (local times); where present `track_id`, `shift_id`, `date` (the day that
        the shift began on; else that of `entered`), `dwell_s`, `share`, `certainty`, `mode` and
        `driven_through`.
    tracks
        The tracks that were looked at, whether anything was done on them or not: `unit_id` and
        `track_id`, as `positions` tells them.
    span
        The time that was looked at.

    Returns
    -------
    count
        Rows kept.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or not there, or does not see the police's line.
    ColumnError
        When a column is not there.
    KindError
        When something else than points and segments was done.
    NotFoundError
        When a unit is not stored.
    """
    require_police(store)
    missing = [name for name in NEEDED if name not in done.columns]
    if missing:
        raise ColumnError("results_columns", names=missing, heads=list(done.columns))
    odd = np.flatnonzero(~done["kind"].isin(KINDS).to_numpy(dtype=bool))
    if len(odd):
        met = done["kind"].iloc[odd[0]]
        values = {"row": int(odd[0]), "name": "kind", "met": met, "known": list(KINDS)}
        raise KindError("result_unknown", **values)
    keys = _keys(tracks)
    codes = {unit for unit, _ in keys} | {as_text(unit) or "" for unit in done["unit_id"]}
    owner = _owners(store, codes)
    for division in sorted(set(owner.values())):
        require_write(store, division, POLICE)
    rows = _rows(store, done, owner, span)
    with writing(store.engine) as session:
        hold(session, PositionTrack)
        hold(session, SegmentResult)
        for unit in sorted(codes):
            gone = [SegmentResult.division == owner[unit], SegmentResult.unit_id == unit]
            same = sorted({track for code, track in keys if code == unit} | {""})
            session.execute(
                delete(SegmentResult).where(
                    *gone,
                    SegmentResult.track_id.in_(same),
                    SegmentResult.entered >= span[0],
                    SegmentResult.entered < span[1],
                )
            )
        if rows:
            for row, number in zip(rows, new_ids(session, SegmentResult, len(rows)), strict=True):
                row["id"] = number
            for start in range(0, len(rows), BATCH):
                session.execute(insert(SegmentResult), rows[start : start + BATCH])
        _settle(session, keys, owner, span)
    return len(rows)


def results(
    store: Store, *, span: Days | None = None, units: Collection[str] | None = None
) -> pd.DataFrame:
    """
    Return what units did, as kept; that a scope looked is written down first.

    Parameters
    ----------
    store
        Opened for a scope with the police's line.
    span
        From which day to before which, by the day that the shift began on; None for all.
    units
        Codes of units; None for all.

    Returns
    -------
    done
        `kind`, `id`, `unit_id`, `track_id`, `shift_id`, `date`, `entered`, `left`, `dwell_s`,
        `share`, `certainty`, `mode`, `driven_through`, by time and unit.

    Raises
    ------
    ForbiddenError
        When the scope does not see the police's line.
    """
    require_police(store)
    table = SegmentResult.__table__.c
    names = ["kind", "code", "unit_id", "track_id", "shift_id", "date", "entered", "left",
             *NUMBERS, "certainty", "mode", "driven_through"]  # fmt: skip
    held: list[ColumnElement[bool]] = [store.scope.visible(SegmentResult)]
    if span is not None:
        held += [SegmentResult.date >= span[0].date(), SegmentResult.date < span[1].date()]
    if units is not None:
        held.append(SegmentResult.unit_id.in_(sorted(units)))
    wanted = select(*(table[name] for name in names)).where(*held)
    with reading(store.engine) as session:
        rows = session.execute(wanted.order_by(table.entered, table.unit_id, table.id)).all()
    note_view(store, RESULTS, rows=len(rows), for_all=True)
    found = pd.DataFrame.from_records(rows, columns=["kind", "id", *names[2:]])
    pairs = zip(found["unit_id"], found["track_id"], strict=True)
    found["track_id"] = [shown_track(unit, track) if track else "" for unit, track in pairs]
    found = found.astype({"entered": TIME, "left": TIME, "driven_through": bool})
    return found.astype(dict.fromkeys(NUMBERS, np.float64))


def _keys(tracks: pd.DataFrame) -> list[tuple[str, str]]:
    """Return unit and track of some tracks, each once, as they are stored."""
    pairs = zip(tracks["unit_id"], tracks["track_id"], strict=True)
    named = [(as_text(unit) or "", as_text(track) or "") for unit, track in pairs]
    return list(dict.fromkeys((unit, stored_track(unit, track)) for unit, track in named))


def _owners(store: Store, codes: Collection[str]) -> dict[str, str]:
    """Return the division of each unit, and refuse units that are not stored."""
    known = {code: found[0] for code, found in unit_divisions(store, codes).items()}
    for code in sorted(codes):
        if code not in known:
            raise NotFoundError("no_such_row", kind="units", id=code)
    return known


def _rows(
    store: Store, done: pd.DataFrame, owner: Mapping[str, str], span: Days
) -> list[dict[str, Any]]:
    """Return what was done as the table has it: of the time looked at, and each thing once."""
    made = {"line": POLICE, "made_at": now_utc(), "made_by": store.scope.name}
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for said in done.to_dict("records"):
        entered, left = (pd.Timestamp(said[name]).to_pydatetime() for name in ("entered", "left"))
        unit, date = as_text(said["unit_id"]) or "", said.get("date")
        if not span[0] <= entered < span[1]:
            continue
        row = {
            "division": owner[unit],
            "kind": said["kind"],
            "code": as_text(said["id"]) or "",
            "unit_id": unit,
            "track_id": stored_track(unit, as_text(said.get("track_id")) or ""),
            "entered": entered,
            "left": left,
            "date": (entered if date is None or pd.isna(date) else pd.Timestamp(date)).date(),
            "driven_through": bool(said.get("driven_through") or False),
            **{name: as_text(said.get(name)) for name in TEXTS},
            **{name: _number(said.get(name)) for name in NUMBERS},
            **made,
        }
        key = tuple(row[name] for name in ("unit_id", "track_id", "kind", "code", "entered"))
        rows[key] = row
    return list(rows.values())


def _number(value: Any) -> float | None:  # noqa: ANN401 - a cell
    return None if value is None or pd.isna(value) else float(value)


def _settle(
    session: Session, keys: list[tuple[str, str]], owner: Mapping[str, str], span: Days
) -> None:
    """Say of tracks up to when their results are kept, where nothing before was passed over."""
    first = func.min(PositionFix.time)
    for start in range(0, len(keys), BATCH // 3):
        named = [
            and_(
                PositionTrack.division == owner[unit],
                PositionTrack.unit_id == unit,
                PositionTrack.track_id == track,
            )
            for unit, track in keys[start : start + BATCH // 3]
        ]
        asked = (
            select(PositionTrack.id, PositionTrack.results_until, first)
            .join(PositionFix, PositionFix.track == PositionTrack.id, isouter=True)
            .where(or_(*named))
            .group_by(PositionTrack.id)
        )
        moved = [
            {"of_track": number, "to": span[1] if until is None else max(until, span[1])}
            for number, until, begun in session.execute(asked)
            if (until is not None and until >= span[0]) or begun is None or begun >= span[0]
        ]
        table = PositionTrack.__table__
        if moved:
            session.execute(
                update(PositionTrack.__table__)  # type: ignore[arg-type]
                .where(table.c.id == bindparam("of_track"))
                .values(results_until=bindparam("to")),
                moved,
            )
