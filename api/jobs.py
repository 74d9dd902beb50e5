"""
Working on jobs: one process for each at a time, looked after by a thread.

What is to be done and what came of it stands in the table of `data.jobs`; nothing here needs to
outlive the service. A job whose process dies is begun again.
"""

import base64
import json
import logging
import os
import signal
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy.exc import OperationalError

from api.analyses import ANALYSES, SPOKEN, Found, require_asked
from api.errors import ApiError, said
from api.geojson import collection, numbered_features
from api.import_answers import XLSX
from api.pages import HTML
from data import DataError
from data.engine import open_engine
from data.export import to_json
from data.retention import KEEP_DAYS, purge_positions
from data.store import Store
from data.viewing import note_view
from data.work import (
    LEASE_S,
    Task,
    claim,
    fail,
    finish,
    give_back,
    renew,
    report,
    requeue_lost,
    sweep,
)
from geo import GeoError

WORKERS: Final = 2
"""Jobs that are worked on at the same time."""

SWEEP_S: Final = 3_600.0
"""How often jobs that ended, and positions that were kept long enough, are cleared away while the
service runs, in seconds."""

POLL_S: Final = 0.5
"""How often the table is looked at, in seconds."""

LARGEST_RESULT_BYTES: Final = 16 * 1024 * 1024
"""Gaps that take more than this as GeoJSON are not kept: the totals are."""

MEDIA_TYPES: Final = {".html": HTML, ".xlsx": XLSX}
"""Suffix of a file of a result -> what it is."""

TEXTS: Final = {
    "computing": ("正在计算", "computing"),
    "writing": ("正在写出结果", "writing the result"),
    "too_large": (
        "结果太大，只保留了合计，没有保留 {count} 处位置；请换一个小一些的网格",
        "too large: the totals are kept, the {count} places are not; ask for a smaller area",
    ),
    "gave_up": (
        "做了多次都中断了；请换一个小一些的网格，或查看服务日志",
        "broken off too often; ask for a smaller area, or read the log of the service",
    ),
    "failed": ("出错，已记入日志", "it failed; the log of the service says why"),
}
"""Code of a message -> Chinese, English."""

log = logging.getLogger("gridpatrol")


class StoppedError(Exception):
    """The job was dismissed, or is another's by now."""


@dataclass
class Slot:
    """
    Room for one job at a time.

    Parameters
    ----------
    pool
        Of one process, so that a process that dies takes no other job with it.
    work
        What it does now.
    """

    pool: ProcessPoolExecutor
    work: tuple[Task, Future[None]] | None = None


class Runner:
    """
    Works on the jobs of a database until it is stopped.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql+psycopg://...`.
    lang
        Language of the messages: "zh" or "en".
    workers
        Jobs at the same time.
    keep_days
        How many days positions of units are kept.
    """

    def __init__(
        self, url: str, *, lang: str = "zh", workers: int = WORKERS, keep_days: int = KEEP_DAYS
    ) -> None:
        self.url = url
        self.keep_days = keep_days
        self.lang = lang
        self.name = str(uuid4())
        self._engine = open_engine(url)
        self._context = get_context("spawn")
        # Workers leave when the far end is closed: by `stop`, or by the end of this process.
        self._near, self._far = self._context.Pipe(duplex=False)
        self._slots = [Slot(self._pool()) for _ in range(workers)]
        self._renewed_s = time.monotonic()
        self._swept_s = -SWEEP_S
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin to work; a process is started when there is something for it to do."""
        self._thread.start()

    def stop(self) -> None:
        """Give back what is being worked on, end the processes, and return when they have."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        said = False
        while not self._stopping.wait(POLL_S):
            try:
                self._turn()
                said = False
            except Exception:
                # A database that is away or busy now may be there at the next turn.
                if not said:
                    log.exception("jobs: a turn failed; trying on")
                said = True
        try:
            for slot in self._slots:
                if slot.work is not None:
                    give_back(self._engine, slot.work[0], lost=False)
        except OperationalError:
            log.exception("jobs: could not be given back; they wait until their lease ends")
        self._far.close()
        for slot in self._slots:
            slot.pool.shutdown(cancel_futures=True)
        self._near.close()
        self._engine.dispose()

    def _turn(self) -> None:
        """Look once at what is done, what is lost and what waits."""
        if time.monotonic() - self._renewed_s > LEASE_S / 4:
            renew(self._engine, self.name)
            self._renewed_s = time.monotonic()
        for slot in self._slots:
            if slot.work is not None and slot.work[1].done():
                self._settle(slot, *slot.work)
        requeue_lost(self._engine, self._text("gave_up"))
        for slot in self._slots:
            if slot.work is None:
                task = claim(self._engine, self.name)
                if task is None:
                    self._idle()
                    break
                self._begin(slot, task)

    def _idle(self) -> None:
        """Clear away what was kept long enough: at the start, and when nothing waits."""
        if time.monotonic() - self._swept_s > SWEEP_S:
            sweep(self._engine)
            whole = Store(self._engine)
            purge_positions(whole, whole.today(), self.keep_days)
            self._swept_s = time.monotonic()

    def _begin(self, slot: Slot, task: Task) -> None:
        work = partial(perform, self.url, task, self.lang)
        try:
            future = slot.pool.submit(work)
        except BrokenProcessPool:
            # Its process died while it had nothing to do.
            slot.pool = self._pool()
            future = slot.pool.submit(work)
        slot.work = (task, future)

    def _settle(self, slot: Slot, task: Task, future: Future[None]) -> None:
        """See how the work on a job ended; its state is written already if it ended well."""
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            slot.pool.shutdown()
            slot.pool = self._pool()
        if isinstance(error, BrokenProcessPool | OperationalError):
            log.warning("jobs: attempt %d of %s was lost", task.attempt, task.job_id)
            give_back(self._engine, task, lost=True)
        elif error is not None:
            log.error("jobs: %s failed", task.job_id, exc_info=error)
            fail(self._engine, task, self._text("failed"))
        slot.work = None

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1, mp_context=self._context, initializer=leave_with, initargs=(self._near,)
        )

    def _text(self, code: str) -> str:
        return text_of(code, self.lang)


def leave_with(near: Connection) -> None:
    """
    Prepare a process of the pool: end it when the service does.

    Parameters
    ----------
    near
        End of a pipe whose far end the service alone holds.
    """

    def watch() -> None:
        near.poll(None)
        # In the midst of work, and without waiting for it: the database undoes what is half done.
        os._exit(1)

    # Ctrl-C reaches every process of the terminal; the service ends its own in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, name="watch", daemon=True).start()


def perform(url: str, task: Task, lang: str = "zh") -> None:
    """
    Work on a job, in the scope that it was asked in, and write what became of it.

    Parameters
    ----------
    url
        The database.
    task
        From `data.work.claim`.
    lang
        Language of the messages: "zh" or "en".
    """
    store = Store.open(url, task.scope)

    def step(progress: int, code: str) -> None:
        if not report(store.engine, task, progress, text_of(code, lang)):
            raise StoppedError

    try:
        require_asked(store, task.process, task.inputs)
        step(10, "computing")
        spoken = {"lang": lang} if task.process in SPOKEN else {}
        found = ANALYSES[task.process](store, **task.inputs, **spoken)
        if "posts_counted" in found.summary:
            area = str(task.inputs["area"])
            note_view(store, task.process, area=area, rows=found.summary.get("posts"))
        step(80, "writing")
        finish(store.engine, task, *_written(found, lang))
    except StoppedError:
        log.info("jobs: %s is no longer wanted", task.job_id)
    except (ApiError, DataError) as error:
        fail(store.engine, task, error.text(lang))
    except GeoError as error:
        fail(store.engine, task, said(error, lang)[1])
    finally:
        store.engine.dispose()


def text_of(code: str, lang: str, **values: object) -> str:
    """
    Return a message.

    Parameters
    ----------
    code
        A key of `TEXTS`.
    lang
        "zh" or "en".
    **values
        What the message names.

    Returns
    -------
    text
        A sentence.
    """
    return TEXTS[code][0 if lang == "zh" else 1].format(**values)


def _written(found: Found, lang: str) -> tuple[str, str | None]:
    """Write a result as JSON, with what there is to say about it."""
    summary = to_json(found.summary)
    items = numbered_features(found.frames)
    places = collection(items, numberReturned=len(items))
    files = "".join(f',"{name}":{_file(name, data)}' for name, data in found.files.items())
    if len(places.encode()) <= LARGEST_RESULT_BYTES:
        return f'{{"summary":{summary},"{found.name}":{places}{files}}}', None
    left_out = text_of("too_large", lang, count=len(items))
    return f'{{"summary":{summary},"{found.name}":null{files}}}', left_out


def _file(name: str, content: bytes) -> str:
    """Write a file into a result as OGC API - Processes has values that are no JSON."""
    told = {
        "value": base64.b64encode(content).decode("ascii"),
        "encoding": "base64",
        "mediaType": MEDIA_TYPES[Path(name).suffix],
    }
    return json.dumps(told)
