"""Databases for tests: files of SQLite, and a PostGIS of our own on a socket in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import psycopg
import pytest
from sqlalchemy import make_url

from data.migrate import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_ENGINE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
"""For tests of what is asked before a store is, or of what is made of its answer."""

REQUIRED = os.environ.get("GRIDPATROL_REQUIRE_POSTGIS") == "1"
"""Whether a machine without PostGIS fails the tests: it does where changes are accepted."""

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version, off the path."""

FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=512MB"
"""Nothing here must survive a power cut; and memory as a server of a town would be given."""

LOOKS = """
    SELECT (SELECT md5(string_agg(t::text, chr(10) ORDER BY t.oid)) FROM (
                SELECT oid, relname, relkind, relnatts, relhastriggers, relrowsecurity
                FROM pg_class WHERE relnamespace = 'public'::regnamespace) t),
           (SELECT md5(string_agg(a::text, chr(10) ORDER BY a.attrelid, a.attnum)) FROM (
                SELECT attrelid, attnum, attname, atttypid, attnotnull, attisdropped
                FROM pg_attribute WHERE attrelid >= 16384) a),
           (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_trigger),
           (SELECT version_num FROM alembic_version)
"""
"""What tells a database whose tables a test has changed from one whose rows alone have."""

OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
        AND pid <> pg_backend_pid()
"""
"""How many are connected beside the asker."""

EMPTY = """
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND relname NOT IN ('alembic_version', 'spatial_ref_sys') AND pg_relation_size(oid) > 0
        LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    END $$
"""
"""All rows of our tables; TRUNCATE would make a new file of each."""

MOST_GROWN_BYTES = 5 * 2**20
"""A database that dead rows have made larger by more is not worth keeping; a new one has 11 MiB."""


@dataclass
class Postgis:
    """
    A running server with PostGIS.

    Parameters
    ----------
    folder
        The folder of its socket.
    """

    folder: Path
    numbers: Iterator[int] = field(default_factory=count)
    idle: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the two databases that others are copied from: empty, and with our tables."""
        self._run("CREATE DATABASE bare")
        with self._connect("bare") as connection:
            connection.execute("CREATE EXTENSION postgis")
            # 8,500 reference systems were half of every copy; a stored place has one of them.
            connection.execute("DELETE FROM spatial_ref_sys WHERE srid <> 4326")
            connection.execute("VACUUM FULL spatial_ref_sys")
        self._run("CREATE DATABASE ready TEMPLATE bare")
        upgrade(self.url("ready"))
        with self._connect("ready") as connection:
            self._fresh = connection.execute(LOOKS).fetchone()
            self._fresh_bytes = self._bytes(connection)

    def database(self, template: str) -> str:
        """Return the URL of a new database that is a copy of "bare" or "ready"."""
        name = f"test_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def lend(self) -> str:
        """Return the URL of a database with our tables and no rows, used before or new."""
        return self.idle.pop() if self.idle else self.database("ready")

    def take_back(self, url: str) -> None:
        """
        Empty a database that was lent, which takes a tenth of making one; or drop it.

        It is dropped where somebody is still connected, where its tables are others than they
        were, and where it has grown.
        """
        with self._connect(str(make_url(url).database)) as connection:
            connection.execute("SET session_replication_role = replica")  # in any order
            clean = self._alone(connection)
            clean = clean and connection.execute(LOOKS).fetchone() == self._fresh
            if clean:
                connection.execute(EMPTY)
                clean = self._bytes(connection) < self._fresh_bytes + MOST_GROWN_BYTES
        if clean:
            self.idle.append(url)
        else:
            self.drop(url)

    def url(self, name: str) -> str:
        """Return the URL of a database by its name."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def _bytes(self, connection: psycopg.Connection[tuple[object, ...]]) -> int:
        found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(str(found[0])) if found else 0

    def _alone(self, connection: psycopg.Connection[tuple[object, ...]]) -> bool:
        """Tell whether nobody else is connected; whoever has just left may take a moment."""
        for _ in range(20):
            if connection.execute(OTHERS).fetchone() == (0,):
                return True
            time.sleep(0.01)
        return False

    def _run(self, statement: str) -> None:
        with self._connect("postgres") as connection:
            connection.execute(statement.encode())

    def _connect(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host=str(self.folder), dbname=name, user="postgres", autocommit=True)


@contextmanager
def running_postgis() -> Iterator[Postgis]:
    """Start a server for as long as the block runs; skip (or fail) where there is none."""
    programs = _programs()
    # A socket's path may have 107 characters: pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="gridpatrol-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data, log = folder / "data", folder / "log"
        _as_postgres(
            [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8",
             "--no-sync", "--locale=C.UTF-8"]
        )  # fmt: skip
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w"]
        _as_postgres(
            [*control, "-l", log, "-o", f"-k {folder} -c listen_addresses='' {FAST}", "start"]
        )
        try:
            yield Postgis(folder)
        finally:
            _as_postgres([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Return the folder of the newest server's programs that has PostGIS beside it."""
    newest = sorted(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    folders = [*newest, *([Path(on_path).parent] if on_path else [])]
    fitting = [folder for folder in folders if _has_postgis(folder)]
    if not fitting:
        _unavailable("no PostgreSQL server with PostGIS here (Debian: postgresql-15-postgis-3)")
    return fitting[0]


def _has_postgis(programs: Path) -> bool:
    if not (programs / "initdb").is_file() or not (programs / "pg_config").is_file():
        return False
    where = subprocess.run(
        [programs / "pg_config", "--sharedir"], capture_output=True, text=True, check=True
    )
    return (Path(where.stdout.strip()) / "extension" / "postgis.control").is_file()


def _as_postgres(command: list[str | Path]) -> None:
    """Run a program of the server, which refuses to be root."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # A file, not a pipe: the server keeps its standard output open.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run([*user, *command], stdout=said, stderr=said, cwd="/", check=False)
        if done.returncode:
            said.seek(0)
            _unavailable(
                f"PostgreSQL does not start: {said.read().decode(errors='replace')[-400:]}"
            )


def _unavailable(reason: str) -> NoReturn:
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)
