"""A copy of a whole database in one file, and the way back from it."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, inspect, make_url

from data.engine import file_of, shown
from data.errors import MissingFileError, StoreError
from data.migrate import connected, require_postgis
from data.placed import Base

POSTGIS_TABLES: Final = frozenset({"spatial_ref_sys"})
"""Tables that an empty database with PostGIS has."""


def backup(url: str, file: Path) -> None:
    """
    Write a copy of a database to a file, while others go on reading and writing.

    SQLite is copied page by page to another SQLite file; PostGIS is written by `pg_dump`, our
    tables alone.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql+psycopg://...`.
    file
        The copy; it must not exist yet, and is there only when it is whole.

    Raises
    ------
    StoreError
        When the database cannot be opened, the file is there already, or `pg_dump` is missing
        or fails.
    """
    if file.exists():
        raise StoreError("file_exists", file=str(file))
    with connected(url):
        pass  # says what is wrong with the address before anything is written
    with _whole(file) as part:
        source = file_of(url)
        if source is not None:
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(part)) as new:
                old.backup(new)
            return
        tables = [f"--table={name}" for name in (*Base.metadata.tables, "alembic_version")]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={part}"]
        _run("pg_dump", url, [*options, *tables])


def restore(url: str, file: Path) -> None:
    """
    Fill an empty database from a copy that `backup` wrote of the same kind of database.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql+psycopg://...`; it has no tables yet.
    file
        The copy.

    Raises
    ------
    MissingFileError
        When there is no such copy.
    StoreError
        When the database holds something, the copy is none, or `pg_restore` is missing or fails;
        the database is left as it was.
    """
    if not file.is_file():
        raise MissingFileError("missing_file", path=str(file))
    target = file_of(url)
    if target is not None:
        _restore_sqlite(url, target, file)
        return
    with connected(url, write=True) as connection:
        if set(inspect(connection).get_table_names()) - POSTGIS_TABLES:
            raise StoreError("not_empty", url=shown(url))
        require_postgis(connection, url)
        connection.commit()
    options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", url, [*options, str(file)])


def _restore_sqlite(url: str, target: Path, file: Path) -> None:
    """Copy a file of SQLite to the place of another that holds nothing."""
    if target.is_file():
        with connected(url) as connection:
            if inspect(connection).get_table_names():
                raise StoreError("not_empty", url=shown(url))
    ours = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
    with closing(sqlite3.connect(file)) as old:
        try:
            found = old.execute(ours).fetchone()
        except sqlite3.DatabaseError:
            found = None
        if found != (1,):
            raise StoreError("no_backup", file=str(file))
        with closing(sqlite3.connect(target)) as new:
            # One transaction of the target's: whoever has it open sees nothing or all.
            old.backup(new)


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """Give a name beside a file; what was written there takes its place only at the end."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _run(program: str, url: str, options: Sequence[str]) -> None:
    """Run a program of PostgreSQL's client on a database."""
    found = shutil.which(program)
    if found is None:
        raise StoreError("no_program", program=program)
    address = make_url(url)
    # Other users of the machine see the arguments of a command, not its environment.
    password = {"PGPASSWORD": str(address.password)} if address.password else {}
    bare = URL.create(
        "postgresql",
        username=address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    )
    done = subprocess.run(  # noqa: S603 - a program by its full path, with options of ours
        [found, f"--dbname={bare}", *options],
        env=os.environ | password,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())
        raise StoreError("program_failed", program=program, url=shown(url), said=said)
