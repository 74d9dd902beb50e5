"""Jobs: long analyses that somebody asked for, and what became of them. The table is the truth."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    ColumnElement,
    String,
    Text,
    and_,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from data.engine import reading, writing
from data.errors import BusyError, NotFoundError
from data.placed import Base
from data.scope import LINES, Scope
from data.store import Store
from data.writing import hold, now_utc

OPEN: Final = ("accepted", "running")
"""States that go on; "successful", "failed" and "dismissed" are final."""

MOST_WAITING: Final = 20
"""Jobs of one scope that may wait at a time: an hour's work or so, and no queue without end."""

UNHELD: Final[dict[str, None]] = {"held_by": None, "held_until": None}
"""Columns of a job that nobody works on."""


class Job(Base):
    """
    An analysis that was asked for, in the scope that asked.

    `division`, `lines` and `rights` are that scope; `line` is the most guarded line it sees,
    which the result may tell of. `attempt` counts how often it was begun; `held_by` is who works
    on it until `held_until`. `result` is JSON as it goes out. Times are UTC.
    """

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    process: Mapped[str] = mapped_column(String(32))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    division: Mapped[str] = mapped_column(String(15), index=True)
    line: Mapped[str] = mapped_column(String(16))
    lines: Mapped[str] = mapped_column(Text)
    rights: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="accepted", index=True)
    progress: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(Text)
    # Megabytes: read by `result_of` alone.
    result: Mapped[str | None] = mapped_column(Text, deferred=True)
    created: Mapped[dt.datetime]
    started: Mapped[dt.datetime | None]
    finished: Mapped[dt.datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    held_by: Mapped[str | None] = mapped_column(String(36), index=True)
    held_until: Mapped[dt.datetime | None]


@dataclass(frozen=True, eq=False)
class JobPage:
    """
    One page of jobs.

    Parameters
    ----------
    jobs
        The newest first, without their results.
    after
        What to ask the next page with; None on the last one.
    """

    jobs: Sequence[Job]
    after: str | None


def submit(store: Store, process: str, inputs: Mapping[str, Any]) -> Job:
    """
    Ask for an analysis, to be run in the scope of the store.

    Parameters
    ----------
    store
        Opened for the scope of whoever asks; reading is right enough.
    process
        Which analysis.
    inputs
        What it is asked with, valid.

    Returns
    -------
    job
        Accepted, to be taken by `claim`.

    Raises
    ------
    BusyError
        When `MOST_WAITING` jobs of this very scope wait already; those of others do not count.
    """
    scope = store.scope
    job = Job(
        id=str(uuid4()),
        process=process,
        inputs=dict(inputs),
        line=next((line for line in LINES if line in scope.lines), LINES[-1]),
        name=scope.name,
        created=now_utc(),
        **_columns(scope),
    )
    waiting = select(func.count()).where(_asked_in(scope), Job.state == "accepted")
    with writing(store.engine) as session:
        hold(session, Job)
        if (session.scalar(waiting) or 0) >= MOST_WAITING:
            raise BusyError("too_many_jobs", count=MOST_WAITING)
        session.add(job)
    return job


def find(store: Store, job_id: str) -> Job:
    """
    Find a job of the store's scope.

    Parameters
    ----------
    store
        Opened for the scope of whoever asks.
    job_id
        Any text.

    Returns
    -------
    job
        Without its result.

    Raises
    ------
    NotFoundError
        When this very scope asked for no such job. A wider one does not see it either: what it
        may see was not what the result was made of.
    """
    wanted = select(Job).where(_asked_in(store.scope), Job.id == job_id)
    with reading(store.engine) as session:
        # PostgreSQL refuses text with a NUL.
        job = None if "\0" in job_id else session.scalar(wanted)
    if job is None:
        raise NotFoundError("no_such_row", kind="jobs", id=job_id)
    return job


def page(store: Store, *, after: str | None = None, limit: int = 100) -> JobPage:
    """
    Return a page of the jobs of the store's scope, the newest first.

    Parameters
    ----------
    store
        Opened for the scope of whoever asks.
    after
        The `after` of the page before; None for the first.
    limit
        Jobs at most.

    Returns
    -------
    page
        Jobs that come or go in the meantime move no other to another page.

    Raises
    ------
    NotFoundError
        When `after` is none that was given.
    """
    wanted = select(Job).where(_asked_in(store.scope))
    if after is not None:
        created, job_id = _place_of(after)
        same_time = and_(Job.created == created, Job.id > job_id)
        wanted = wanted.where(or_(Job.created < created, same_time))
    ordered = wanted.order_by(Job.created.desc(), Job.id).limit(limit + 1)
    with reading(store.engine) as session:
        jobs = list(session.scalars(ordered))
    if len(jobs) <= limit:
        return JobPage(jobs, None)
    last = jobs[limit - 1]
    return JobPage(jobs[:limit], f"{last.created.isoformat()}_{last.id}")


def result_of(store: Store, job_id: str) -> str | None:
    """
    Return the result of a job of the store's scope.

    Parameters
    ----------
    store
        Opened for the scope of whoever asks.
    job_id
        The job.

    Returns
    -------
    result
        JSON; None when there is no such job or it was not successful.
    """
    wanted = select(Job.result).where(_asked_in(store.scope), Job.id == job_id)
    with reading(store.engine) as session:
        return session.scalar(wanted)


def cancel(store: Store, job_id: str) -> Job:
    """
    Dismiss a job of the store's scope, and drop the result that it may have.

    Parameters
    ----------
    store
        Opened for the scope of whoever asks.
    job_id
        The job; one that runs stops at its next step.

    Returns
    -------
    job
        Dismissed.

    Raises
    ------
    NotFoundError
        When this very scope asked for no such job.
    """
    find(store, job_id)
    gone = {"state": "dismissed", "message": None, "result": None, **UNHELD}
    with writing(store.engine) as session:
        session.execute(
            update(Job).where(Job.id == job_id, Job.state.in_(OPEN)).values(finished=now_utc())
        )
        session.execute(update(Job).where(Job.id == job_id).values(gone))
    return find(store, job_id)


def _columns(scope: Scope) -> dict[str, str]:
    """Write what a scope may see and do as columns; equal scopes are equal."""
    return {
        "division": scope.prefix,
        "lines": ",".join(sorted(scope.lines)),
        "rights": ",".join(sorted(scope.rights)),
    }


def _asked_in(scope: Scope) -> ColumnElement[bool]:
    return and_(*(getattr(Job, name) == value for name, value in _columns(scope).items()))


def _place_of(after: str) -> tuple[dt.datetime, str]:
    """Read what `page` gave."""
    moment, _, job_id = after.partition("_")
    try:
        created, known = dt.datetime.fromisoformat(moment), str(UUID(job_id))
    except ValueError:
        raise NotFoundError("no_such_row", kind="jobs", id=after) from None
    if created.tzinfo is not None:
        raise NotFoundError("no_such_row", kind="jobs", id=after)
    return created, known
