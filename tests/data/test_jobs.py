"""Jobs in their table, on both engines: taken once, held for a time, seen by who asked."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import inspect, update

from data.engine import open_engine, writing
from data.errors import BusyError, NotFoundError
from data.jobs import MOST_WAITING, Job, cancel, find, page, result_of, submit
from data.migrate import _run, check, connected, upgrade
from data.scope import Scope
from data.store import Store
from data.work import (
    KEPT_DAYS,
    LEASE_S,
    MOST_ATTEMPTS,
    claim,
    fail,
    finish,
    give_back,
    renew,
    report,
    requeue_lost,
    sweep,
)
from tests.test_places_not_people import PERSONAL

if TYPE_CHECKING:
    from pathlib import Path

    from data.work import Task

TOWN = Scope("610928100", frozenset({"police", "public"}), frozenset({"covert"}), "town")

OTHERS = {
    "a neighbour": Scope("610928101", TOWN.lines, TOWN.rights),
    "the county": Scope("610928", TOWN.lines, TOWN.rights),
    "a village": Scope("610928100001", TOWN.lines, TOWN.rights),
    "everywhere": Scope("", TOWN.lines, TOWN.rights),
    "another line": Scope(TOWN.division, frozenset({"governance", "public"}), TOWN.rights),
    "fewer lines": Scope(TOWN.division, frozenset({"police"}), TOWN.rights),
    "more lines": Scope(TOWN.division, rights=TOWN.rights),
    "nothing covert": Scope(TOWN.division, TOWN.lines, frozenset()),
    "more rights": Scope(TOWN.division, TOWN.lines),
}
"""Scopes that do not see what the town asked for, nor the town what they did."""


def taken(store: Store, by: str = "one") -> Task:
    """Take the next job, which there is."""
    task = claim(store.engine, by)
    assert task is not None
    return task


def end_lease(store: Store) -> None:
    """Let the time of all who hold a job be over."""
    past = dt.datetime(2024, 1, 1)  # noqa: DTZ001 - as it is stored
    with writing(store.engine) as session:
        session.execute(update(Job).where(Job.state == "running").values(held_until=past))


@pytest.mark.parametrize("scope", [Scope(), TOWN, *OTHERS.values(), Scope("61", frozenset())])
def test_a_job_is_taken_in_the_very_scope_it_was_asked_in(store: Store, scope: Scope) -> None:
    """Division, lines, rights and name; with the inputs as they were."""
    inputs = {"area": "网格01", "reach_m": 50.0}
    asked = submit(store.scoped(scope), "post-coverage", inputs)
    assert (asked.state, asked.progress, asked.attempt) == ("accepted", 0, 0)
    task = taken(store)
    assert task.scope == scope
    assert (task.job_id, task.process, task.inputs) == (asked.id, "post-coverage", inputs)
    job = find(store.scoped(scope), asked.id)
    assert (job.state, job.attempt, job.held_by) == ("running", 1, "one")
    assert job.started is not None
    assert job.created <= job.started


def test_the_line_of_a_job_is_the_most_guarded_that_it_saw(store: Store) -> None:
    """Its result may tell of rows of that line."""
    for lines, line in (
        ({"public", "police"}, "police"),
        ({"public", "governance"}, "governance"),
        ({"public"}, "public"),
        (set(), "public"),
    ):
        assert submit(store.scoped(Scope(lines=frozenset(lines))), "x", {}).line == line


def test_a_division_is_the_same_with_and_without_its_zeros(store: Store) -> None:
    """Both see the same rows, whoever asks."""
    asked = submit(store.scoped(Scope("610928000000", name="a")), "x", {})
    assert find(store.scoped(Scope("610928", name="b")), asked.id).id == asked.id


def test_jobs_are_taken_in_the_order_they_were_asked_for(store: Store) -> None:
    """Each once, and then there is none."""
    asked = [submit(store, "x", {"number": number}).id for number in range(4)]
    assert [taken(store).job_id for _ in asked] == asked
    assert claim(store.engine, "one") is None


def test_no_two_ever_take_the_same_job(store: Store, store_url: str) -> None:
    """Six at once, each with connections of its own, and each job goes to one of them."""
    asked = {submit(store, "x", {}).id for _ in range(MOST_WAITING)}

    def take_all(by: str) -> list[str]:
        engine, mine = open_engine(store_url), []
        while (task := claim(engine, by)) is not None:
            mine.append(task.job_id)
        engine.dispose()
        return mine

    with ThreadPoolExecutor(6) as pool:
        shares = list(pool.map(take_all, "abcdef"))
    assert Counter(job for share in shares for job in share) == Counter(asked)
    assert {job.attempt for job in page(store).jobs} == {1}


def test_what_is_reported_and_handed_in_is_there(store: Store) -> None:
    """Progress while it runs; the result, and nobody who holds it, in the end."""
    submit(store, "x", {})
    task = taken(store)
    assert report(store.engine, task, 40, "正在计算")
    job = find(store, task.job_id)
    assert (job.state, job.progress, job.message, job.finished) == ("running", 40, "正在计算", None)
    assert result_of(store, task.job_id) is None
    assert finish(store.engine, task, '{"gaps":"空隙"}')
    job = find(store, task.job_id)
    assert (job.state, job.progress, job.held_by, job.held_until) == ("successful", 100, None, None)
    assert job.started is not None
    assert job.finished is not None
    assert job.started <= job.finished
    assert result_of(store, task.job_id) == '{"gaps":"空隙"}'


def test_a_job_that_failed_says_why(store: Store) -> None:
    """And is not taken again."""
    submit(store, "x", {})
    task = taken(store)
    assert fail(store.engine, task, "没有这个网格")
    job = find(store, task.job_id)
    assert (job.state, job.message, job.held_by) == ("failed", "没有这个网格", None)
    assert job.finished is not None
    assert claim(store.engine, "one") is None
    assert not finish(store.engine, task, "{}")
    assert result_of(store, task.job_id) is None


def test_a_job_is_held_for_a_time(store: Store) -> None:
    """Then it waits again; whoever renews in time keeps it, and nobody else's."""
    submit(store, "x", {})
    submit(store, "x", {})
    first, second = taken(store, "one"), taken(store, "two")
    requeue_lost(store.engine, "gave up")
    assert {job.state for job in page(store).jobs} == {"running"}
    end_lease(store)
    renew(store.engine, "one")
    requeue_lost(store.engine, "gave up")
    kept, lost = find(store, first.job_id), find(store, second.job_id)
    assert (kept.state, lost.state) == ("running", "accepted")
    assert kept.held_until is not None
    left_s = (kept.held_until - dt.datetime.now(dt.UTC).replace(tzinfo=None)).total_seconds()
    assert LEASE_S - 10 < left_s <= LEASE_S
    assert (lost.held_by, lost.attempt) == (None, 1)


@pytest.mark.parametrize("again", ["one", "two"])
def test_what_an_earlier_taker_says_no_longer_counts(store: Store, again: str) -> None:
    """Even if the same service has taken the job again in the meantime."""
    submit(store, "x", {})
    early = taken(store)
    end_lease(store)
    requeue_lost(store.engine, "gave up")
    late = taken(store, again)
    assert late.attempt == 2
    assert not report(store.engine, early, 99, "early")
    assert not fail(store.engine, early, "early")
    assert not give_back(store.engine, early, lost=False)
    assert not finish(store.engine, early, '"early"')
    assert find(store, late.job_id).message is None
    assert finish(store.engine, late, '"late"')
    assert result_of(store, late.job_id) == '"late"'


def test_a_job_that_is_lost_too_often_fails(store: Store) -> None:
    """With a message; until then it is begun again from nothing."""
    asked = submit(store, "x", {})
    for attempt in range(1, MOST_ATTEMPTS + 1):
        task = taken(store)
        assert task.attempt == attempt
        assert find(store, asked.id).progress == 0
        report(store.engine, task, 70, "nearly")
        assert give_back(store.engine, task, lost=True)
        requeue_lost(store.engine, "gave up")
    job = find(store, asked.id)
    assert MOST_ATTEMPTS == 3
    assert (job.state, job.message, job.held_by) == ("failed", "gave up", None)
    assert job.finished is not None
    assert claim(store.engine, "one") is None


def test_a_job_that_is_given_back_was_never_begun(store: Store) -> None:
    """A service that is stopped every day loses no job by it."""
    asked = submit(store, "x", {})
    for _ in range(MOST_ATTEMPTS + 1):
        assert give_back(store.engine, taken(store), lost=False)
        requeue_lost(store.engine, "gave up")
    job = find(store, asked.id)
    assert (job.state, job.attempt, job.held_by) == ("accepted", 0, None)


def test_who_gave_a_job_back_has_no_say_in_it(store: Store) -> None:
    """Though the next one takes it with the same number."""
    submit(store, "x", {})
    early = taken(store, "one")
    give_back(store.engine, early, lost=False)
    late = taken(store, "two")
    assert late.attempt == early.attempt
    assert not finish(store.engine, early, '"early"')
    assert finish(store.engine, late, '"late"')


def test_a_waiting_job_that_is_dismissed_is_not_taken(store: Store) -> None:
    """Dismissing it again changes nothing."""
    asked = submit(store, "x", {})
    job = cancel(store, asked.id)
    assert job.state == "dismissed"
    assert job.finished is not None
    assert claim(store.engine, "one") is None
    assert cancel(store, asked.id).finished == job.finished


def test_the_result_of_a_dismissed_job_is_dropped(store: Store) -> None:
    """Whoever works on it learns of it at the next step."""
    submit(store, "x", {})
    task = taken(store)
    assert cancel(store, task.job_id).state == "dismissed"
    assert not report(store.engine, task, 50, "on")
    assert not finish(store.engine, task, '"unwanted"')
    end_lease(store)
    requeue_lost(store.engine, "gave up")
    job = find(store, task.job_id)
    assert (job.state, job.held_by) == ("dismissed", None)
    assert result_of(store, task.job_id) is None


def test_dismissing_what_is_done_drops_its_result(store: Store) -> None:
    """When it ended stays as it was."""
    submit(store, "x", {})
    task = taken(store)
    finish(store.engine, task, '"done"')
    ended = find(store, task.job_id).finished
    assert cancel(store, task.job_id).finished == ended
    assert result_of(store, task.job_id) is None


@pytest.mark.parametrize("other", OTHERS)
def test_only_the_scope_that_asked_sees_a_job(store: Store, other: str) -> None:
    """Not a wider one either; and an absent job is refused in the same words."""
    asker, stranger = store.scoped(TOWN), store.scoped(OTHERS[other])
    asked = submit(asker, "x", {})
    finish(store.engine, taken(store), '"secret"')
    with pytest.raises(NotFoundError) as hidden:
        find(stranger, asked.id)
    with pytest.raises(NotFoundError):
        cancel(stranger, asked.id)
    assert page(stranger).jobs == []
    assert result_of(stranger, asked.id) is None
    assert result_of(asker, asked.id) == '"secret"'
    with writing(store.engine) as session:
        session.delete(session.get_one(Job, asked.id))
    with pytest.raises(NotFoundError) as absent:
        find(stranger, asked.id)
    assert str(hidden.value) == str(absent.value)


@pytest.mark.parametrize("job_id", ["", "x", "\0", "a" * 5000, "%", "空"])
def test_no_text_is_a_job_by_chance(store: Store, job_id: str) -> None:
    """Whatever an address names."""
    submit(store, "x", {})
    with pytest.raises(NotFoundError):
        find(store, job_id)


def test_the_newest_jobs_come_first_and_without_their_results(store: Store) -> None:
    """A list of a thousand must not read gigabytes."""
    asked = [submit(store, "x", {}).id for _ in range(5)]
    for _ in asked:
        finish(store.engine, taken(store), '"result"')
    jobs = page(store, limit=3).jobs
    assert [job.id for job in jobs] == asked[:1:-1]
    assert all("result" in inspect(job).unloaded for job in jobs)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_visit_every_job_once(store: Store, limit: int) -> None:
    """The newest first, those of one moment too; jobs of others leave no hole."""
    moments = [dt.datetime(2026, 5, day) for day in (1, 2, 2, 2, 3, 3, 4)]  # noqa: DTZ001
    asked = [submit(store, "x", {}).id for _ in moments]
    submit(store.scoped(TOWN), "x", {})
    with writing(store.engine) as session:
        for job_id, moment in zip(asked, moments, strict=True):
            session.execute(update(Job).where(Job.id == job_id).values(created=moment))
    met, after = [], None
    for _ in range(8):
        found = page(store, after=after, limit=limit)
        met += found.jobs
        after = found.after
        if after is None:
            break
        assert len(found.jobs) == limit
    assert sorted(job.id for job in met) == sorted(asked)
    assert [job.created for job in met] == sorted(moments, reverse=True)


def test_a_job_that_comes_or_goes_moves_no_other(store: Store) -> None:
    """Between two pages the last one met is deleted, and another is asked for."""
    asked = [submit(store, "x", {}).id for _ in range(4)]
    first = page(store, limit=2)
    with writing(store.engine) as session:
        session.delete(session.get_one(Job, first.jobs[-1].id))
    submit(store, "x", {})
    second = page(store, after=first.after, limit=2)
    assert [job.id for job in second.jobs] == [asked[1], asked[0]]
    assert second.after is None


@pytest.mark.parametrize(
    "after", ["", "x", "_", "2026-01-01", "2026-01-01T00:00:00_x", "\0",
              "2026-01-01T00:00:00+00:00_7b6f0f2e-54d1-4f9c-9f43-3c7c2f6f5d11"],
)  # fmt: skip
def test_what_no_page_gave_leads_nowhere(store: Store, after: str) -> None:
    """Whatever an address names."""
    with pytest.raises(NotFoundError):
        page(store, after=after)


def test_a_scope_has_only_so_many_jobs_waiting(store: Store) -> None:
    """Those of others do not count, nor what runs or has ended."""
    town = store.scoped(TOWN)
    for _ in range(MOST_WAITING):
        submit(town, "x", {})
    with pytest.raises(BusyError, match=f"{MOST_WAITING} jobs are waiting already"):
        submit(town, "x", {})
    assert len(page(town).jobs) == MOST_WAITING
    submit(store, "x", {})
    taken(store)
    first = submit(town, "x", {})
    with pytest.raises(BusyError):
        submit(town, "x", {})
    cancel(town, first.id)
    submit(town, "x", {})


def test_two_who_ask_at_once_do_not_pass_the_limit(store: Store, store_url: str) -> None:
    """Each counts what the other has asked for."""
    for _ in range(MOST_WAITING - 3):
        submit(store, "x", {})

    def ask(_: int) -> bool:
        other = Store.open(store_url)
        try:
            submit(other, "x", {})
        except BusyError:
            return False
        finally:
            other.engine.dispose()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(ask, range(12))) == 3


def ended(store: Store, days_ago: float) -> str:
    """Ask for a job that ended some days ago, and return its id."""
    asked = submit(store, "x", {}).id
    then = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(days=days_ago)
    with writing(store.engine) as session:
        done = update(Job).where(Job.id == asked)
        session.execute(done.values(state="successful", finished=then, created=then))
    return asked


def test_jobs_that_ended_long_ago_are_cleared_away(store: Store) -> None:
    """What waits or runs stays, however old; so does what ended lately."""
    ended(store, KEPT_DAYS + 0.01)
    kept = ended(store, KEPT_DAYS - 0.01)
    waiting, running = submit(store, "x", {}).id, submit(store, "x", {}).id
    with writing(store.engine) as session:
        long_ago = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - as it is stored
        session.execute(update(Job).where(Job.id == waiting).values(created=long_ago))
        state = update(Job).where(Job.id == running).values(state="running", created=long_ago)
        session.execute(state)
    assert sweep(store.engine) == 1
    assert {job.id for job in page(store).jobs} == {kept, waiting, running}
    assert sweep(store.engine) == 0


def test_of_each_scope_the_newest_jobs_are_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many the others have."""
    monkeypatch.setattr("data.work.KEPT_JOBS", 3)
    town = store.scoped(TOWN)
    mine = [ended(town, days) for days in (4, 1, 3, 2, 5)]
    theirs = [ended(store, days) for days in (20, 21)]
    waiting = {submit(town, "x", {}).id for _ in range(4)}
    assert sweep(store.engine) == 2
    assert {job.id for job in page(town).jobs} == {mine[1], mine[3], mine[2], *waiting}
    assert {job.id for job in page(store).jobs} == set(theirs)


def test_a_look_for_jobs_does_not_wait_for_a_writer(ready_file: Path, tmp_path: Path) -> None:
    """Where nothing waits, an import on SQLite is not disturbed, nor does it disturb."""
    file = tmp_path / "busy.db"
    shutil.copy(ready_file, file)
    engine = open_engine(f"sqlite:///{file}")
    with closing(sqlite3.connect(file, isolation_level=None)) as importer:
        importer.execute("BEGIN IMMEDIATE")
        assert claim(engine, "one") is None
        requeue_lost(engine, "gave up")
        assert sweep(engine) == 0
    engine.dispose()


def test_the_second_step_makes_the_table_and_takes_it_away(store_url: str) -> None:
    """As the model has it, on both engines."""
    assert check(store_url).differences == ()
    _run(store_url, lambda config: command.downgrade(config, "0001"))
    with connected(store_url) as connection:
        assert "job" not in inspect(connection).get_table_names()
    _run(store_url, lambda config: command.upgrade(config, "0002"))
    assert not [step for step in check(store_url).differences if "job" in step]
    upgrade(store_url)
    assert check(store_url).current


def test_a_job_has_no_field_for_a_person() -> None:
    """Who asked is the name of a scope, as in every row; a message ends like an age."""
    names = {column.name for column in Job.__table__.columns} - {"message"}
    assert [name for name in names if PERSONAL.search(name)] == []
