"""
Jobs: long analyses, what became of them, and who works on them.

The table is the truth. Whoever works takes a job for a time and takes it again before the time
is over; a job that nobody holds any more waits for the next one. Services of one database need
clocks that agree to well within `LEASE_S`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import JSON, ColumnElement, Engine, String, Text, and_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from data.engine import reading, writing
from data.errors import NotFoundError
from data.models import Base
from data.scope import LINES, Scope
from data.store import Store

OPEN: Final = ("accepted", "running")
"""States that go on; "successful", "failed" and "dismissed" are final."""

LEASE_S: Final = 30.0
"""How long a job is held without a sign of life, in seconds: longer than a write may have to
wait for an import, shorter than people wait for a job that nobody works on."""

MOST_ATTEMPTS: Final = 3
"""How often a job is begun: one that always takes its process down must not do so for ever."""


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


@dataclass(frozen=True)
class Task:
    """
    A job that was taken: what to do, and the right to say what became of it.

    Parameters
    ----------
    job_id
        The job.
    process
        Which analysis.
    inputs
        What it is asked with.
    scope
        The scope to run it in: that of whoever asked.
    held_by
        Who took it.
    attempt
        How often it was taken; what an earlier taker says of the job no longer counts.
    """

    job_id: str
    process: str
    inputs: Mapping[str, Any]
    scope: Scope
    held_by: str
    attempt: int


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
    """
    scope = store.scope
    job = Job(
        id=str(uuid4()),
        process=process,
        inputs=dict(inputs),
        line=next((line for line in LINES if line in scope.lines), LINES[-1]),
        name=scope.name,
        created=_now(),
        **_columns(scope),
    )
    with writing(store.engine) as session:
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


def recent(store: Store, *, limit: int = 100) -> list[Job]:
    """
    Return the jobs of the store's scope, the newest first.

    Parameters
    ----------
    store
        Opened for the scope of whoever asks.
    limit
        Jobs at most.

    Returns
    -------
    jobs
        Without their results.
    """
    wanted = select(Job).where(_asked_in(store.scope)).order_by(Job.created.desc(), Job.id)
    with reading(store.engine) as session:
        return list(session.scalars(wanted.limit(limit)))


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
    gone = {"state": "dismissed", "message": None, "result": None, **_unheld()}
    with writing(store.engine) as session:
        session.execute(
            update(Job).where(Job.id == job_id, Job.state.in_(OPEN)).values(finished=_now())
        )
        session.execute(update(Job).where(Job.id == job_id).values(gone))
    return find(store, job_id)


def claim(engine: Engine, held_by: str) -> Task | None:
    """
    Take the job that waits longest; no two ever take the same.

    Parameters
    ----------
    engine
        From `open_engine`.
    held_by
        Who takes it.

    Returns
    -------
    task
        What to do; None when no job waits.
    """
    accepted = select(Job).where(Job.state == "accepted")
    waiting = accepted.order_by(Job.created, Job.id).limit(1)
    with reading(engine) as session:
        # Mostly none waits, and then nobody's writing is held up on SQLite.
        if session.scalar(waiting) is None:
            return None
    with writing(engine) as session:
        # On SQLite the whole session is alone; on PostgreSQL others pass over a locked row.
        job = session.scalar(waiting.with_for_update(skip_locked=True))
        if job is None:
            return None
        job.state, job.attempt, job.progress, job.message = "running", job.attempt + 1, 0, None
        job.started = job.started or _now()
        job.held_by, job.held_until = held_by, _now() + dt.timedelta(seconds=LEASE_S)
        return Task(job.id, job.process, job.inputs, _scope_of(job), held_by, job.attempt)


def renew(engine: Engine, held_by: str) -> None:
    """
    Hold the jobs that somebody works on for longer.

    Parameters
    ----------
    engine
        From `open_engine`.
    held_by
        Who works on them.
    """
    until = _now() + dt.timedelta(seconds=LEASE_S)
    with writing(engine) as session:
        session.execute(update(Job).where(Job.held_by == held_by).values(held_until=until))


def report(engine: Engine, task: Task, progress: int, message: str) -> bool:
    """
    Say how far a job is.

    Parameters
    ----------
    engine
        From `open_engine`.
    task
        From `claim`.
    progress
        0 to 100.
    message
        What is done now, for people.

    Returns
    -------
    held
        False when the job was dismissed or is another's by now: stop working on it.
    """
    return _change(engine, task, progress=progress, message=message)


def finish(engine: Engine, task: Task, result: str, message: str | None = None) -> bool:
    """
    Hand in the result of a job.

    Parameters
    ----------
    engine
        From `open_engine`.
    task
        From `claim`.
    result
        JSON.
    message
        What there is to say about it, for people.

    Returns
    -------
    held
        False when the job was dismissed or is another's by now: the result is dropped.
    """
    done = {"state": "successful", "progress": 100, "result": result, "message": message}
    return _change(engine, task, finished=_now(), **done, **_unheld())


def fail(engine: Engine, task: Task, message: str) -> bool:
    """
    Say that a job cannot be done.

    Parameters
    ----------
    engine
        From `open_engine`.
    task
        From `claim`.
    message
        Why, for people.

    Returns
    -------
    held
        False when the job was dismissed or is another's by now.
    """
    return _change(engine, task, state="failed", message=message, finished=_now(), **_unheld())


def give_back(engine: Engine, task: Task, *, lost: bool) -> bool:
    """
    Let a job go that is not done.

    Parameters
    ----------
    engine
        From `open_engine`.
    task
        From `claim`.
    lost
        Whether its worker was lost: then the attempt counts, and `requeue_lost` decides what
        becomes of the job. Otherwise it waits again as if it had never been taken.

    Returns
    -------
    held
        False when the job was dismissed or is another's by now.
    """
    if lost:
        return _change(engine, task, held_by=None, held_until=_now())
    return _change(engine, task, state="accepted", attempt=task.attempt - 1, **_unheld())


def requeue_lost(engine: Engine, gave_up: str) -> None:
    """
    Let the jobs wait again that nobody holds any more, or fail those begun too often.

    Parameters
    ----------
    engine
        From `open_engine`.
    gave_up
        The message of those that were begun `MOST_ATTEMPTS` times.
    """
    lost = and_(Job.state == "running", Job.held_until <= _now())
    with reading(engine) as session:
        if session.scalar(select(Job.id).where(lost).limit(1)) is None:
            return
    with writing(engine) as session:
        session.execute(
            update(Job)
            .where(lost, Job.attempt >= MOST_ATTEMPTS)
            .values(state="failed", message=gave_up, finished=_now(), **_unheld())
        )
        session.execute(update(Job).where(lost).values(state="accepted", **_unheld()))


def _change(engine: Engine, task: Task, **values: Any) -> bool:  # noqa: ANN401 - of columns
    """Change a job as long as it is held as it was taken."""
    # Only a running job is held by anybody.
    held = and_(Job.id == task.job_id, Job.held_by == task.held_by, Job.attempt == task.attempt)
    with writing(engine) as session:
        changed = session.scalar(update(Job).where(held).values(values).returning(Job.id))
    return changed is not None


def _unheld() -> dict[str, None]:
    return {"held_by": None, "held_until": None}


def _columns(scope: Scope) -> dict[str, str]:
    """Write what a scope may see and do as columns; equal scopes are equal."""
    return {
        "division": scope.prefix,
        "lines": ",".join(sorted(scope.lines)),
        "rights": ",".join(sorted(scope.rights)),
    }


def _asked_in(scope: Scope) -> ColumnElement[bool]:
    return and_(*(getattr(Job, name) == value for name, value in _columns(scope).items()))


def _scope_of(job: Job) -> Scope:
    lines, rights = (frozenset(filter(None, text.split(","))) for text in (job.lines, job.rights))
    return Scope(job.division, lines, rights, job.name)


def _now() -> dt.datetime:
    """Return the time in UTC, without a zone: what both engines keep alike."""
    return dt.datetime.now(tz=dt.UTC).replace(tzinfo=None)
