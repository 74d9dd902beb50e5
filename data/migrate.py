"""Bringing a database to the tables of the models, and telling whether it is there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

import data.jobs
import data.position_tables  # noqa: F401 - their tables are of the models too
from data.boxes import box_statements
from data.engine import file_of, open_engine, shown
from data.errors import StoreError
from data.models import LAYERS
from data.placed import Base

STEPS: Final = Path(__file__).parent / "migrations"
"""Folder of the migration steps."""

LOCK: Final = 610_981
"""Number of the lock that two upgrades of one PostGIS database wait for each other with."""

BOX_TABLES: Final = frozenset(
    f"{model.__tablename__}_box{part}"
    for model in LAYERS.values()
    for part in ("", "_node", "_parent", "_rowid")
)
"""R*Tree tables of SQLite: kept by triggers, no part of the models."""


@dataclass(frozen=True)
class State:
    """
    How far a database is from the tables of the models.

    Parameters
    ----------
    revision
        The last step it has taken; None before the first.
    head
        The last step there is.
    differences
        What is missing or other than in the models, in words of Alembic; empty when nothing is.
    """

    revision: str | None
    head: str
    differences: tuple[str, ...]

    @property
    def current(self) -> bool:
        """Whether the store can be used as it is."""
        return self.revision == self.head and not self.differences


def upgrade(url: str) -> None:
    """
    Bring a database to the last step; one that is there stays as it is.

    All steps are taken or none. A file of SQLite that does not exist is made.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql+psycopg://...`.

    Raises
    ------
    StoreError
        When the database cannot be opened, was made by a newer program, or has no PostGIS and
        this user may not add it.
    """
    _run(url, lambda config: command.upgrade(config, "head"))


def check(url: str) -> State:
    """
    Compare a database with the models.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql+psycopg://...`.

    Returns
    -------
    state
        Nothing is changed.

    Raises
    ------
    StoreError
        When the database cannot be opened, or its file is not there.
    """
    with connected(url) as connection:
        options = compared(connection.dialect.name)
        context = MigrationContext.configure(connection, opts=options)
        differences = [str(step) for step in compare_metadata(context, Base.metadata)]
        if connection.dialect.name == "sqlite":
            differences += _missing_boxes(connection)
        revision = context.get_current_revision()
    head = ScriptDirectory(str(STEPS)).get_current_head()
    return State(revision, str(head), tuple(differences))


@contextmanager
def connected(url: str, *, write: bool = False) -> Iterator[Connection]:
    """
    Open one connection to a database, and close all that belongs to it at the end.

    Parameters
    ----------
    url
        `sqlite:///FILE` or `postgresql+psycopg://...`.
    write
        Take the write lock of SQLite at once; make the file if it is not there.

    Yields
    ------
    connection
        What it did is kept only if the caller commits.

    Raises
    ------
    StoreError
        When the database cannot be opened, or its file is not there.
    """
    file = file_of(url)
    if file is not None and not write and not file.is_file():
        raise StoreError("no_database_file", file=str(file))
    engine = open_engine(url)
    try:
        try:
            connection = engine.connect()
        except DBAPIError as error:
            raise StoreError("no_database", url=shown(url), said=str(error.orig)) from error
        with connection:
            yield connection.execution_options(gridpatrol_write=write)
    finally:
        engine.dispose()


def compared(dialect: str) -> dict[str, Any]:
    """
    Return what Alembic compares: our tables, by the engine's own kinds of index.

    Parameters
    ----------
    dialect
        "sqlite" or "postgresql".

    Returns
    -------
    options
        For `configure` of Alembic's contexts.
    """

    def is_ours(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:  # noqa: ANN401, FBT001 - as Alembic calls it
        if kind == "table" and name in BOX_TABLES:
            return False
        if kind == "index" and dialect == "sqlite" and str(name).endswith("_geometry"):
            return False
        return alembic_helpers.include_object(thing, name, kind, reflected, other)  # type: ignore[no-untyped-call]

    return {
        "include_object": is_ours,
        "render_item": alembic_helpers.render_item,
        # SQLite changes a table by making it anew.
        "render_as_batch": dialect == "sqlite",
    }


def require_postgis(connection: Connection, url: str) -> None:
    """
    Add PostGIS to a database that has none.

    Parameters
    ----------
    connection
        To a database of PostgreSQL.
    url
        Its URL, for the message.

    Raises
    ------
    StoreError
        When this user may not add it; the message says who can.
    """
    if connection.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")):
        return
    try:
        connection.execute(text("CREATE EXTENSION postgis"))
    except DBAPIError as error:
        raise StoreError("no_postgis", url=shown(url), said=str(error.orig)) from error


def _run(url: str, step: Callable[[Config], None]) -> None:
    """Run a command of Alembic in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    with connected(url, write=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            require_postgis(connection, url)
        _refuse_newer(connection, config, url)
        config.attributes["connection"] = connection
        step(config)
        connection.commit()


def _refuse_newer(connection: Connection, config: Config, url: str) -> None:
    """Stop before Alembic says that it cannot locate a revision."""
    revision = MigrationContext.configure(connection).get_current_revision()
    known = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    if revision is not None and revision not in known:
        raise StoreError("newer_database", url=shown(url), met=revision, known=known)


def _missing_boxes(connection: Connection) -> list[str]:
    """Name what the R*Trees of SQLite lack: without a trigger, box queries lose rows."""
    stored = {row.sql for row in connection.execute(text("SELECT sql FROM sqlite_master"))}
    return [
        f"missing: {statement}"
        for model in LAYERS.values()
        for statement in box_statements(model.__tablename__)
        if statement not in stored
    ]
