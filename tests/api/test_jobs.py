"""Working on jobs: in their own scope, with progress, through kills and restarts."""

from __future__ import annotations

import json
import logging
import multiprocessing
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from api import analyses, jobs
from api.geojson import numbered_features
from api.jobs import Runner, perform
from api.stored import area_coverage
from api.stored_cameras import area_sight
from data.engine import reading, writing
from data.jobs import Job, cancel, find, result_of, submit
from data.scope import Scope
from data.work import claim, report, requeue_lost
from tests.api.stored import fill, put
from tests.processes import FORKED
from tests.stores import ONE_ENGINE
from tests.strategies import points_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from data.store import Store
    from data.work import Task

PATIENCE_S = 60.0
"""Longer than a slow machine takes to start a process or two, in seconds."""

SERVICE = """
import multiprocessing, sys, time
from api.jobs import Runner

Runner(sys.argv[1], workers=1).start()
while not multiprocessing.active_children():
    time.sleep(0.05)
print(multiprocessing.active_children()[0].pid, flush=True)
time.sleep(300)
"""
"""A service that works on jobs, and tells the process that does."""


def eventually(holds: Callable[[], Any]) -> Any:  # noqa: ANN401 - what it returned
    """Wait until something holds, and return it."""
    until = time.monotonic() + PATIENCE_S
    while not (found := holds()):
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.05)
    return found


def ended(store: Store, job_id: str) -> Job:
    """Wait for the final state of a job."""

    def final() -> Job | None:
        job = find(store, job_id)
        return None if job.state in ("accepted", "running") else job

    return eventually(final)


def taken(store: Store, process: str = "post-coverage", **inputs: Any) -> Task:  # noqa: ANN401
    """Ask for a job in a scope, and take it."""
    submit(store, process, {"area": "01"} | inputs)
    task = claim(store.engine, "test")
    assert task is not None
    return task


def done(store: Store, url: str, task: Task) -> dict[str, Any]:
    """Work on a job in this process, and return its result."""
    perform(url, task)
    result = result_of(store, task.job_id)
    assert result is not None, find(store, task.job_id).message
    return json.loads(result)


def alive(pid: int) -> bool:
    """Tell whether a process still runs; one that nobody has buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def target(descriptor: Path) -> str:
    """Return what a descriptor of a process is open on; "" where it was closed meanwhile."""
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:
        return ""


def at_work(store: Store, pid: int) -> bool:
    """Tell whether a process has come to reading or writing, while `held_up`."""
    if store.dialect == "sqlite":
        file = str(store.engine.url.database)
        return any(target(fd) == file for fd in Path(f"/proc/{pid}/fd").iterdir())
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with reading(store.engine) as session:
        return bool(session.scalar(waiting))


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in threads instead of processes: quicker, and open to what a test changes."""
    monkeypatch.setattr(Runner, "_pool", lambda _: ThreadPoolExecutor(1))
    monkeypatch.setattr(jobs, "POLL_S", 0.05)


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork the processes off one that has imported all they need, instead of importing it anew."""
    monkeypatch.setattr(jobs, "get_context", lambda _: FORKED)


@contextmanager
def working(url: str, workers: int = 1) -> Iterator[Runner]:
    """Work on jobs as long as the block runs."""
    runner = Runner(url, workers=workers)
    runner.start()
    try:
        yield runner
    finally:
        runner.stop()


@contextmanager
def held_up(store: Store) -> Iterator[None]:
    """Keep every job from being written to, so that whoever works on one waits."""
    with writing(store.engine) as session:
        session.execute(select(Job.id).with_for_update())
        yield


@ONE_ENGINE
def test_jobs_get_done_as_if_asked_directly(store: Store, store_url: str) -> None:
    """Both processes, by processes of their own, with the gaps in degrees."""
    fill(store)
    posts = submit(store, "post-coverage", {"area": "01", "reach_m": 30.0})
    cameras = submit(store, "camera-coverage", {"area": "02"})
    with working(store_url, workers=2):
        for job, found in (
            (posts, area_coverage(store, "01", reach_m=30.0)),
            (cameras, area_sight(store, "02").coverage),
        ):
            assert ended(store, job.id).state == "successful"
            result = json.loads(str(result_of(store, job.id)), parse_constant=pytest.fail)
            assert result["summary"]["gap_length_m"] == found.summary()["gap_length_m"] > 0
            gaps = result["gaps"]
            assert gaps["numberReturned"] == len(gaps["features"]) == 1
            (west, _), (east, _) = gaps["features"][0]["geometry"]["coordinates"]
            assert 114.0 < west < east < 115.0
    assert multiprocessing.active_children() == []


def test_a_job_sees_what_its_scope_sees(store: Store, store_url: str) -> None:
    """The covert post closes 50 m for the one, and is not there for the other."""
    fill(store)
    put(store, "posts", points_of([(20, 0)], code=["P9"]), visibility="covert")
    whole = done(store, store_url, taken(store))
    overt = store.scoped(Scope(rights=frozenset()))
    assert done(overt, store_url, taken(overt))["summary"]["posts"] == 1
    assert whole["summary"]["posts"] == 2
    governance = store.scoped(Scope(lines=frozenset({"governance", "public"})))
    assert done(governance, store_url, taken(governance))["summary"]["posts"] == 0


def test_a_job_tells_how_far_it_is(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the language of the service; never backwards."""
    fill(store)
    told = []

    def heard(engine: Any, task: Task, progress: int, message: str) -> bool:  # noqa: ANN401
        told.append((progress, message))
        return report(engine, task, progress, message)

    monkeypatch.setattr(jobs, "report", heard)
    perform(store_url, taken(store))
    perform(store_url, taken(store), "en")
    assert [message for _, message in told] == [
        "正在计算", "正在写出结果", "computing", "writing the result",
    ]  # fmt: skip
    assert [progress for progress, _ in told] == [10, 80] * 2


@pytest.mark.parametrize("at", ["stored_area", "area_coverage"])
def test_a_dismissed_job_stops_at_its_next_step(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Whatever it was doing; nothing of it is kept, and nothing after it begun."""
    fill(store)
    task = taken(store)
    begun = []

    def watched(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object, **more: object) -> object:
            begun.append(name)
            if name == at:
                cancel(store, task.job_id)
            return real(*given, **more)

        return step

    steps = ("stored_area", "area_coverage", "finish")
    for name in steps:
        module = jobs if name == "finish" else analyses
        monkeypatch.setattr(module, name, watched(name, getattr(module, name)))
    perform(store_url, task)
    assert begun == list(steps[: steps.index(at) + 1])
    assert find(store, task.job_id).state == "dismissed"
    assert result_of(store, task.job_id) is None


def test_a_job_dismissed_at_its_last_step_has_no_result(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is ready, and dropped."""
    fill(store)
    task = taken(store)

    def slow(gaps: Any) -> list[str]:  # noqa: ANN401
        cancel(store, task.job_id)
        return numbered_features(gaps)

    monkeypatch.setattr(jobs, "numbered_features", slow)
    perform(store_url, task)
    assert find(store, task.job_id).state == "dismissed"
    assert result_of(store, task.job_id) is None


@pytest.mark.parametrize(("lang", "message"), [("zh", "没有编号 09"), ("en", "no row 09")])
def test_a_job_that_cannot_be_done_says_why(
    store: Store, store_url: str, lang: str, message: str
) -> None:
    """The area ended while the job waited."""
    fill(store)
    task = taken(store, area="09")
    perform(store_url, task, lang)
    job = find(store, task.job_id)
    assert job.state == "failed"
    assert message in str(job.message)


def test_an_area_that_cannot_be_measured_is_said(store: Store, store_url: str) -> None:
    """The errors of geo reach whoever asked, too."""
    fill(store)
    task = taken(store, reach_m=-1.0)
    perform(store_url, task)
    job = find(store, task.job_id)
    assert job.state == "failed"
    assert "请核对观察距离" in str(job.message)


def test_gaps_that_are_too_large_leave_the_totals(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them or none: a part would look like the whole."""
    fill(store)
    monkeypatch.setattr(jobs, "LARGEST_RESULT_BYTES", 100)
    task = taken(store)
    result = done(store, store_url, task)
    assert result["gaps"] is None
    assert result["summary"]["gap_length_m"] > 0
    job = find(store, task.job_id)
    assert job.state == "successful"
    assert "1 处位置" in str(job.message)


@pytest.mark.usefixtures("threads")
def test_an_unforeseen_error_is_logged_and_its_text_kept_back(
    store: Store, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The next job is done all the same."""
    fill(store)
    broken = submit(store, "swordfish", {"area": "01"})
    sound = submit(store, "post-coverage", {"area": "01"})
    with caplog.at_level(logging.ERROR, logger="gridpatrol"), working(store_url):
        job = ended(store, broken.id)
        assert ended(store, sound.id).state == "successful"
    assert (job.state, job.message) == ("failed", "出错，已记入日志")
    assert "swordfish" in caplog.text


@pytest.mark.usefixtures("forked")
def test_a_killed_process_loses_no_job(store: Store, store_url: str) -> None:
    """Its job is begun again by another, and done; one that dies idle costs no attempt."""
    fill(store)
    job = submit(store, "post-coverage", {"area": "01"})
    with working(store_url):
        (first,) = eventually(multiprocessing.active_children)
        with held_up(store):
            eventually(lambda: at_work(store, first.pid))
            first.kill()
        finished = ended(store, job.id)
        assert (finished.state, finished.attempt) == ("successful", 2)
        (idle,) = multiprocessing.active_children()
        idle.kill()
        idle.join()
        time.sleep(0.5)  # the pool learns of it
        other = ended(store, submit(store, "camera-coverage", {"area": "01"}).id)
        assert (other.state, other.attempt) == ("successful", 1)


@pytest.mark.usefixtures("forked")
def test_stopping_gives_back_what_is_not_done(store: Store, store_url: str) -> None:
    """At once, without waiting for the work; no process is left."""
    fill(store)
    job = submit(store, "post-coverage", {"area": "01"})
    with working(store_url) as runner:
        eventually(multiprocessing.active_children)
        runner._slots[0].pool.submit(time.sleep, 2 * PATIENCE_S)
        begun = time.monotonic()
    assert time.monotonic() - begun < PATIENCE_S
    assert multiprocessing.active_children() == []
    back = find(store, job.id)
    assert (back.state, back.attempt, back.held_by) == ("accepted", 0, None)


@pytest.mark.usefixtures("forked")
def test_a_killed_service_loses_no_job(store: Store, store_url: str) -> None:
    """Its processes leave with it; the next service begins the job again when it is free."""
    fill(store)
    job = submit(store, "post-coverage", {"area": "01"})
    with subprocess.Popen(
        [sys.executable, "-c", SERVICE, store_url], stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None
        worker = int(service.stdout.readline())
        with held_up(store):
            eventually(lambda: at_work(store, worker))
            service.kill()
            eventually(lambda: not alive(worker))
    assert find(store, job.id).state == "running"
    with writing(store.engine) as session:
        # Half a minute later.
        session.execute(update(Job).values(held_until=Job.created))
    with working(store_url):
        finished = ended(store, job.id)
    assert (finished.state, finished.attempt) == ("successful", 2)


@pytest.mark.usefixtures("threads")
def test_a_job_that_takes_long_is_kept(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service renews what it holds before the time is over."""
    fill(store)
    goes_on = threading.Event()
    monkeypatch.setattr(analyses, "stored_area", lambda *_: goes_on.wait(PATIENCE_S))
    monkeypatch.setattr(jobs, "LEASE_S", 0.1)  # of the service alone: it renews at every turn
    job = submit(store, "post-coverage", {"area": "01"})
    with working(store_url):
        first = eventually(lambda: find(store, job.id).held_until)
        eventually(lambda: find(store, job.id).held_until != first)
        goes_on.set()
        assert ended(store, job.id).attempt == 1


@pytest.mark.usefixtures("threads")
def test_a_database_that_is_away_is_tried_again(
    store: Store,
    store_url: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line in the log, not one every half second; and the work goes on afterwards."""
    fill(store)
    failures: list[object] = []

    def away(engine: Engine, gave_up: str) -> None:
        if len(failures) < 3:
            failures.append(engine)
            raise OperationalError("SELECT 1", {}, OSError("away"))
        requeue_lost(engine, gave_up)

    monkeypatch.setattr(jobs, "requeue_lost", away)
    job = submit(store, "post-coverage", {"area": "01"})
    with caplog.at_level(logging.ERROR, logger="gridpatrol"), working(store_url):
        assert ended(store, job.id).state == "successful"
    assert len(failures) == 3
    said = [record.getMessage() for record in caplog.records]
    assert said.count("jobs: a turn failed; trying on") == 1


@pytest.mark.usefixtures("threads")
def test_work_that_the_database_broke_off_is_begun_again(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when an import holds up the writers of SQLite for too long; not more than three times."""

    def busy(*_: object) -> None:
        raise OperationalError("BEGIN", {}, OSError("database is locked"))

    monkeypatch.setattr(analyses, "stored_area", busy)
    job = submit(store, "post-coverage", {"area": "01"})
    with working(store_url):
        failed = ended(store, job.id)
    assert (failed.state, failed.attempt) == ("failed", 3)
    assert "多次" in str(failed.message)
