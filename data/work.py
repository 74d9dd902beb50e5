"""
Who works on the jobs, and what they say of them.

Whoever works takes a job for a time and takes it again before the time is over; a job that nobody
holds any more waits for the next one. Services of one database need clocks that agree to well
within `LEASE_S`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, and_, delete, func, or_, select, update

from data.engine import reading, writing
from data.jobs import OPEN, UNHELD, Job
from data.scope import Scope
from data.writing import now_utc

LEASE_S: Final = 30.0
"""How long a job is held without a sign of life, in seconds: longer than a write may have to
wait for an import, shorter than people wait for a job that nobody works on."""

KEPT_DAYS: Final = 30
"""How long a job that ended is kept, in days."""

KEPT_JOBS: Final = 200
"""How many jobs that ended are kept for each scope, the newest; a result may take megabytes. Not
for all together: the jobs of others must not push out mine."""

MOST_ATTEMPTS: Final = 3
"""How often a job is begun: one that always takes its process down must not do so for ever."""


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
        job.started = job.started or now_utc()
        job.held_by, job.held_until = held_by, now_utc() + dt.timedelta(seconds=LEASE_S)
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
    until = now_utc() + dt.timedelta(seconds=LEASE_S)
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
    return _change(engine, task, finished=now_utc(), **done, **UNHELD)


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
    return _change(engine, task, state="failed", message=message, finished=now_utc(), **UNHELD)


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
        return _change(engine, task, held_by=None, held_until=now_utc())
    return _change(engine, task, state="accepted", attempt=task.attempt - 1, **UNHELD)


def sweep(engine: Engine) -> int:
    """
    Delete the jobs that ended long ago, and of each scope those beyond the newest.

    Parameters
    ----------
    engine
        From `open_engine`.

    Returns
    -------
    deleted
        Jobs that ended more than `KEPT_DAYS` ago, and those behind the newest `KEPT_JOBS`.
    """
    ended = Job.state.not_in(OPEN)
    newest_first = func.row_number().over(
        partition_by=(Job.division, Job.lines, Job.rights),
        order_by=(Job.finished.desc(), Job.id),
    )
    ranked = select(Job.id, Job.finished, newest_first.label("place")).where(ended).subquery()
    old = ranked.c.finished < now_utc() - dt.timedelta(days=KEPT_DAYS)
    gone = select(ranked.c.id).where(or_(old, ranked.c.place > KEPT_JOBS))
    with reading(engine) as session:
        # Mostly there is none, and then nobody's writing is held up on SQLite.
        if session.scalar(gone.limit(1)) is None:
            return 0
    with writing(engine) as session:
        return len(session.scalars(delete(Job).where(Job.id.in_(gone)).returning(Job.id)).all())


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
    lost = and_(Job.state == "running", Job.held_until <= now_utc())
    with reading(engine) as session:
        if session.scalar(select(Job.id).where(lost).limit(1)) is None:
            return
    with writing(engine) as session:
        session.execute(
            update(Job)
            .where(lost, Job.attempt >= MOST_ATTEMPTS)
            .values(state="failed", message=gave_up, finished=now_utc(), **UNHELD)
        )
        session.execute(update(Job).where(lost).values(state="accepted", **UNHELD))


def _change(engine: Engine, task: Task, **values: Any) -> bool:  # noqa: ANN401 - of columns
    """Change a job as long as it is held as it was taken."""
    # Only a running job is held by anybody.
    held = and_(Job.id == task.job_id, Job.held_by == task.held_by, Job.attempt == task.attempt)
    with writing(engine) as session:
        changed = session.scalar(update(Job).where(held).values(values).returning(Job.id))
    return changed is not None


def _scope_of(job: Job) -> Scope:
    lines, rights = (frozenset(filter(None, text.split(","))) for text in (job.lines, job.rights))
    return Scope(job.division, lines, rights, job.name)
