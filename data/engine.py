"""Opening a database: SQLite from the standard library, or PostGIS through psycopg."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from data.errors import StoreError

BUSY_MS: Final = 5_000
"""How long a writer of SQLite waits for another before it gives up, in milliseconds."""

PAGE_CACHE_KIB: Final = 64 * 1024
"""Memory that a connection of SQLite may keep pages in, in KiB."""

_HELD: ContextVar[tuple[Engine, Session] | None] = ContextVar("held", default=None)
"""The session that this thread or task reads with, and the engine that it is of."""


def open_engine(url: str) -> Engine:
    """
    Open the database that a URL names.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql+psycopg://...`.

    Returns
    -------
    engine
        Write sessions take the write lock of SQLite at once, so that no update is lost.

    Raises
    ------
    StoreError
        When the URL names neither.
    """
    if url.startswith("sqlite://"):
        # No transaction of the driver's: it would begin late and lose updates.
        engine = create_engine(url, connect_args={"isolation_level": None})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.startswith("postgresql+psycopg://"):
        return create_engine(url, pool_pre_ping=True)
    raise StoreError("unknown_database", url=url.split(":", 1)[0])


def shown(url: str) -> str:
    """
    Return a URL as messages may show it.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql+psycopg://...`.

    Returns
    -------
    text
        Without the password.
    """
    return make_url(url).render_as_string(hide_password=True)


def file_of(url: str) -> Path | None:
    """
    Return the file of a database of SQLite.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql+psycopg://...`.

    Returns
    -------
    file
        It need not exist; None where the database is no file.
    """
    if not url.startswith("sqlite://"):
        return None
    parsed = make_url(url)
    if parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """
    Open a session that sees one state of the database and changes nothing.

    What reads within it, here or in a function called from here, sees the same state through the
    same session: beginning and ending one costs PostGIS as much as a small query.
    """
    held = _HELD.get()
    if held is not None and held[0] is engine:
        yield held[1]
        return
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            # Its own way shows each statement another state.
            connection.execution_options(isolation_level="REPEATABLE READ")
        with Session(connection) as session:
            token = _HELD.set((engine, session))
            try:
                yield session
            finally:
                _HELD.reset(token)


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Open a session that commits at the end, or leaves nothing behind."""
    with engine.connect().execution_options(gridpatrol_write=True) as connection:
        with Session(connection, expire_on_commit=False) as session, session.begin():
            session.connection()  # begins, and takes the lock, now and not at the first statement
            yield session
        connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - a driver's
    for pragma in (
        "journal_mode = WAL",
        f"busy_timeout = {BUSY_MS}",
        "foreign_keys = ON",
        "synchronous = NORMAL",
        f"cache_size = -{PAGE_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("gridpatrol_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
