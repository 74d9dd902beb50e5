"""What survives: many writers at once, and a process killed in the middle of an import."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from data.engine import file_of, open_engine, reading, writing
from data.importing import import_layer
from data.migrate import check
from data.models import Division, ImportRun, Post
from data.store import Query, Store
from data.writing import hold, insert_row, update_row
from tests.data.rows import layer_of
from tests.processes import FORKED

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]

PROCESSES, INCREMENTS = 4, 100

ROWS = 12_000
"""More than one statement takes."""

IMPORT = """
import sys
import numpy as np, shapely
from data import importing
from data.store import Store
from tests.data.rows import layer_of

quarantined = importing._quarantined

def told(*arguments):
    print("rows are in", flush=True)
    sys.stdin.readline()
    return quarantined(*arguments)

importing._quarantined = told
shapes = list(shapely.points(np.linspace(109, 110, {rows}), 32.0))
print("ready", flush=True)
importing.import_layer(Store.open({url!r}), layer_of("posts", shapes))
print("done", flush=True)
"""
"""An import that stops where all rows are written and nothing is committed."""


def add_up(url: str, times: int) -> None:
    """Read a number and write it one larger, many times."""
    engine = open_engine(url)
    for _ in range(times):
        with writing(engine) as session:
            # The lock of a row on PostGIS; of the whole file on SQLite, which knows no other.
            row = session.scalars(select(Division).with_for_update()).one()
            number = int(row.name)
            session.execute(text("SELECT count(*) FROM post"))
            row.name = str(number + 1)
    engine.dispose()


def at_once(work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    """Run work in several processes at the same time; all must end well."""
    processes = [FORKED.Process(target=work, args=arguments) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * PROCESSES


def test_four_processes_lose_no_update(store_url: str) -> None:
    """400 read-then-write increments are 400."""
    engine = open_engine(store_url)
    with writing(engine) as session:
        session.add(Division(code="61", name="0"))
    at_once(add_up, (store_url, INCREMENTS))
    with reading(engine) as session:
        assert session.scalars(select(Division.name)).one() == str(PROCESSES * INCREMENTS)
    engine.dispose()


def import_some(url: str) -> None:
    """Import one and the same file."""
    store = Store.open(url)
    shapes = [None] * 500
    codes = [f"p{i}" for i in range(500)]
    import_layer(store, layer_of("posts", shapes, {"post_id": codes}))
    store.engine.dispose()


def test_one_file_imported_by_four_at_once_is_stored_once(store: Store, store_url: str) -> None:
    """Each waits for the one before it, then finds its rows there."""
    at_once(import_some, (store_url,))
    assert store.count("posts") == 500
    with reading(store.engine) as session:
        added = sorted(run.counts["added"] for run in session.scalars(select(ImportRun)))
    assert added == [0, 0, 0, 500]


def test_an_import_waits_for_the_writer_before_it(store: Store) -> None:
    """Both would find the row missing, and the second fail on what the first stored."""
    layer = layer_of("posts", [None], {"post_id": ["a"]})
    with ThreadPoolExecutor(1) as pool:
        with writing(store.engine) as session:
            hold(session, Post)
            waiting = pool.submit(import_layer, store, layer)
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        assert waiting.result(10).added == 1


@pytest.mark.parametrize("moment", ["early", "written", "done"])
def test_a_killed_import_leaves_all_or_nothing(store_url: str, moment: str) -> None:
    """SIGKILL while it reads and hashes, when every row is written, and after the end."""
    code = IMPORT.format(rows=ROWS, url=store_url)
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if moment == "early":
            time.sleep(0.2)
        else:
            assert process.stdout.readline() == "rows are in\n"
        if moment == "done":
            process.stdin.write("\n")
            process.stdin.flush()
            assert process.stdout.readline() == "done\n"
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
    expected = ROWS if moment == "done" else 0
    store = Store.open(store_url)
    assert store.count("posts") == expected
    assert store.count("posts", Query(box=(100, 30, 120, 40))) == expected
    with reading(store.engine) as session:
        assert len(session.scalars(select(ImportRun)).all()) == (1 if expected else 0)
    # And it can be written at once: no lock is left.
    row = insert_row(store, "posts", {"code": "after"}, None)
    assert update_row(store, "posts", row, 1, {"name": "东门"}) == 2
    store.engine.dispose()
    assert check(store_url).current
    file = file_of(store_url)
    if file is not None:
        assert_sound(file, expected)


def assert_sound(file: Path, places: int) -> None:
    """Fail unless the file is whole and its R*Tree holds what the table holds."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT rtreecheck('post_box')").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM post_box").fetchone() == (places,)
