"""Databases for tests: files of SQLite, and a PostGIS of our own on a socket in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
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

REQUIRED = os.environ.get("GRIDPATROL_REQUIRE_POSTGIS") == "1"
"""Whether a machine without PostGIS fails the tests: it does where changes are accepted."""

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version, off the path."""

FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=512MB"
"""Nothing here must survive a power cut; and memory as a server of a town would be given."""


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

    def database(self, template: str) -> str:
        """Return the URL of a new database that is a copy of "bare" or "ready"."""
        name = f"test_{next(self.numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def url(self, name: str) -> str:
        """Return the URL of a database by its name."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

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
