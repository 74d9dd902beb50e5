"""Copies of whole databases, and the way back, on both engines."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely
from sqlalchemy import inspect, text

from data.backup import backup, restore
from data.engine import file_of, writing
from data.errors import MissingFileError, StoreError
from data.importing import import_layer
from data.migrate import check, connected
from data.models import Division
from data.store import Query, Store
from data.writing import insert_row
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.stores import Postgis


@pytest.fixture
def filled(store: Store) -> Store:
    """Return a store with some rows of several tables."""
    codes = {"post_id": ["a", "b"], "name": ["东门", None]}
    import_layer(store, layer_of("posts", [shapely.Point(109, 32), None], codes))
    with writing(store.engine) as session:
        session.add(Division(code="610981", name="旬阳市"))
    return store


def same(one: Store, other: Store) -> bool:
    """Tell whether two stores hold the same posts."""
    pd.testing.assert_frame_equal(one.frame("posts"), other.frame("posts"))
    box = Query(box=(109, 32, 109, 32))
    return one.count("posts", box) == other.count("posts", box) == 1


@pytest.fixture
def other_url(store_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give an empty database of the same kind as that of the store."""
    if file_of(store_url) is not None:
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    server: Postgis = request.getfixturevalue("postgis")
    url = server.database("bare")
    yield url
    server.drop(url)


def test_a_backup_restores_to_the_same(
    filled: Store, store_url: str, other_url: str, tmp_path: Path
) -> None:
    """Rows, places, indexes, the step of the migrations; and it can be written."""
    copy = tmp_path / "copy"
    backup(store_url, copy)
    restore(other_url, copy)
    assert check(other_url).current
    back = Store.open(other_url)
    assert same(filled, back)
    assert insert_row(back, "posts", {"code": "c"}, None) in back.frame("posts")["id"].tolist()
    back.engine.dispose()


def test_a_backup_is_taken_while_others_write(
    filled: Store, store_url: str, tmp_path: Path
) -> None:
    """It waits for nobody, and holds what was committed."""
    with writing(filled.engine) as session:
        session.add(Division(code="62", name="甘肃省"))
        session.flush()
        backup(store_url, tmp_path / "copy")
    file = file_of(store_url)
    if file is not None:
        with closing(sqlite3.connect(tmp_path / "copy")) as connection:
            names = connection.execute("SELECT name FROM division").fetchall()
        assert names == [("旬阳市",)]


def test_a_backup_overwrites_no_file(filled: Store, store_url: str, tmp_path: Path) -> None:
    """Yesterday's copy may be the one that is needed."""
    copy = tmp_path / "copy"
    copy.write_text("yesterday")
    with pytest.raises(StoreError, match="is there already"):
        backup(store_url, copy)
    assert copy.read_text() == "yesterday"
    assert filled.count("posts") == 2


def test_a_restore_to_a_database_that_holds_something_is_refused(
    filled: Store, store_url: str, tmp_path: Path
) -> None:
    """Even where it holds our tables alone; nothing in it changes."""
    copy = tmp_path / "copy"
    backup(store_url, copy)
    insert_row(filled, "posts", {"code": "c"}, None)
    with pytest.raises(StoreError, match="holds something; restore to an empty one"):
        restore(store_url, copy)
    assert filled.count("posts") == 3


def test_a_file_that_is_no_backup_is_refused(empty_url: str, tmp_path: Path) -> None:
    """Neither text nor a database of somebody else; and nothing is left behind."""
    copy = tmp_path / "copy"
    copy.write_text("no backup at all" * 100)
    with pytest.raises(StoreError, match=r"no backup|pg_restore failed"):
        restore(empty_url, copy)
    copy.unlink()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    with pytest.raises(StoreError, match=r"no backup|pg_restore failed"):
        restore(empty_url, copy)
    with pytest.raises(MissingFileError):
        restore(empty_url, tmp_path / "none")
    file = file_of(empty_url)
    assert file is None or not file.exists()


def test_a_failed_backup_leaves_no_file(tmp_path: Path, postgis: Postgis) -> None:
    """Half a copy would be taken for a whole one."""
    with pytest.raises(StoreError, match="pg_dump failed"):
        backup(postgis.url("bare"), tmp_path / "copy")
    with pytest.raises(StoreError, match="no such database"):
        backup(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_without_the_client_of_postgresql_it_says_what_to_install(
    tmp_path: Path, postgis: Postgis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine with the service alone has no pg_dump."""
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(StoreError, match="no pg_dump on PATH; install PostgreSQL's client"):
        backup(postgis.url("ready"), tmp_path / "copy")


def test_a_password_is_not_among_the_arguments(
    tmp_path: Path, postgis: Postgis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody on the machine can list those."""
    told = tmp_path / "told"
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" "key=$PGPASSWORD" > {told}\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(program))
    url = postgis.url("ready").replace("postgres@", "postgres:geheim@")
    with pytest.raises(StoreError) as caught:
        backup(url, tmp_path / "copy")
    *arguments, key = told.read_text().splitlines()
    assert key == "key=geheim"
    assert "geheim" not in " ".join(arguments)
    assert "geheim" not in str(caught.value)


def test_a_restore_that_fails_half_way_leaves_the_database_empty(
    postgis: Postgis, tmp_path: Path
) -> None:
    """One transaction: the tables made before the failure are gone again."""
    url = postgis.database("bare")
    backup(postgis.url("ready"), tmp_path / "copy")
    with connected(url, write=True) as connection:
        connection.execute(text("CREATE SEQUENCE division_id_seq"))
        connection.commit()
    with pytest.raises(StoreError, match=r"pg_restore failed.*division_id_seq"):
        restore(url, tmp_path / "copy")
    with connected(url) as connection:
        assert set(inspect(connection).get_table_names()) == {"spatial_ref_sys"}
    postgis.drop(url)
