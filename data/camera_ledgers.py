"""What the ledgers say of some cameras: aggregates and the needed columns, never all of a table."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from data.camera_tables import CameraFault, CameraState
from data.clocks import TIME
from data.engine import reading
from data.store import Store
from data.validity import valid_on
from data.writing import BATCH

Span = tuple[dt.datetime | None, dt.datetime | None]
"""Local times: from the first on, before the second; None is open."""

LAST_DAYS: Final = dt.timedelta(days=31)
"""How far back states are looked at where nothing else is asked: rates are told by the month, and
a ledger that grows for years must not make every answer slower."""


NEVER: Final = dt.datetime.fromisoformat("9999-12-31")
"""When no state is known at all: no span begins so late."""


def states_of(store: Store, camera_ids: Sequence[str], span: Span = (None, None)) -> pd.DataFrame:
    """
    Return what the ledger of states says of some cameras.

    Parameters
    ----------
    store
        Opened for a scope.
    camera_ids
        Codes of the cameras.
    span
        When; where the first is open, the `LAST_DAYS` up to the second, and where that is open
        too, those up to the last state of these cameras.

    Returns
    -------
    states
        `camera_id`, `time`, `online`, by time and camera. What a camera was when the span begins
        is a row at its first moment, though it was reported before.
    """
    since, until = span
    asked = [store.scope.visible(CameraState), *valid_on(CameraState, store.today())]
    if until is not None:
        asked.append(CameraState.time < until)
    parts = [_states([])]
    with reading(store.engine) as session:
        chosen = [[*asked, CameraState.camera_id.in_(batch)] for batch in _batches(camera_ids)]
        begins = since or _last(session, chosen, until) - LAST_DAYS
        for one in chosen:
            parts += [_before(session, one, begins), _within(session, one, begins)]
    states = pd.concat(parts, ignore_index=True)
    return states.sort_values(["time", "camera_id"], kind="stable", ignore_index=True)


def faults_of(store: Store, camera_ids: Sequence[str], span: Span = (None, None)) -> pd.DataFrame:
    """
    Return what the ledger of faults says of some cameras.

    Parameters
    ----------
    store
        Opened for a scope.
    camera_ids
        Codes of the cameras.
    span
        Faults that began before its end, those long repaired among them: how long repairs take is
        told of all of them.

    Returns
    -------
    faults
        `camera_id`, `fault_at`, `repaired_at`, `fault`, by time and camera.
    """
    table = CameraFault.__table__.c
    names = ["camera_id", "fault_at", "repaired_at", "fault"]
    asked = [store.scope.visible(CameraFault), *valid_on(CameraFault, store.today())]
    if span[1] is not None:
        asked.append(CameraFault.fault_at < span[1])
    rows: list[Any] = []
    with reading(store.engine) as session:
        for batch in _batches(camera_ids):
            wanted = select(*(table[name] for name in names)).where(
                *asked, CameraFault.camera_id.in_(batch)
            )
            rows += session.execute(wanted).all()
    faults = pd.DataFrame.from_records(rows, columns=names)
    faults = faults.astype({"camera_id": object, "fault": object})
    faults = faults.astype({"fault_at": TIME, "repaired_at": TIME})
    order = ["fault_at", "camera_id", "fault"]
    return faults.sort_values(order, kind="stable", ignore_index=True)


def _last(
    session: Session, chosen: Sequence[Sequence[ColumnElement[bool]]], until: dt.datetime | None
) -> dt.datetime:
    """Return the end of a span that is open at its beginning: as asked for, or the last state."""
    if until is not None:
        return until
    last = [session.scalar(select(func.max(CameraState.time)).where(*one)) for one in chosen]
    # Without any state every beginning finds nothing.
    return max((time for time in last if time is not None), default=NEVER)


def _within(
    session: Session, asked: Sequence[ColumnElement[bool]], since: dt.datetime
) -> pd.DataFrame:
    """Return the states from a moment on."""
    wanted = select(CameraState.camera_id, CameraState.time, CameraState.online)
    return _states(session.execute(wanted.where(*asked, CameraState.time >= since)).all())


def _before(
    session: Session, asked: Sequence[ColumnElement[bool]], since: dt.datetime
) -> pd.DataFrame:
    """Return what each camera was at a moment, by its last report before."""
    last = (
        select(CameraState.camera_id, func.max(CameraState.time).label("time"))
        .where(*asked, CameraState.time < since)
        .group_by(CameraState.camera_id)
        .subquery()
    )
    same = and_(
        CameraState.camera_id == last.c.camera_id,
        CameraState.time == last.c.time,
    )
    wanted = select(CameraState.camera_id, CameraState.time, CameraState.online)
    rows = _states(session.execute(wanted.join(last, same).where(*asked)).all())
    return rows.assign(time=pd.Series(since, index=rows.index, dtype=TIME))


def _states(rows: Sequence[Any]) -> pd.DataFrame:
    read = pd.DataFrame.from_records(rows, columns=["camera_id", "time", "online"])
    return read.astype({"camera_id": object, "time": TIME, "online": "boolean"})


def _batches(camera_ids: Sequence[str]) -> Iterator[list[str]]:
    codes = list(dict.fromkeys(camera_ids))
    for start in range(0, len(codes), BATCH):
        yield codes[start : start + BATCH]
