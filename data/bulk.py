"""Adding many rows at once: by COPY on PostGIS, by one statement on SQLite."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session


def add_rows(
    session: Session, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """
    Insert rows that all have the same columns.

    Statements of SQLAlchemy take twice as long on SQLite, and three times on PostGIS, where
    GeoAlchemy2 turns every geometry into text.

    Parameters
    ----------
    session
        Of a writer.
    table
        Where they go.
    names
        Columns of the table.
    rows
        Their cells; on PostGIS geometry as hexadecimal text.
    """
    connection = session.connection()
    dialect = connection.dialect
    into = ", ".join(map(dialect.identifier_preparer.quote, names))
    if dialect.name == "postgresql":
        driver = connection.connection.cursor()
        with driver.copy(f"COPY {table.name} ({into}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    types = [table.c[name].type.dialect_impl(dialect) for name in names]
    binds = [kind.bind_processor(dialect) or _as_is for kind in types]
    marks = ", ".join("?" * len(types))
    cells = [tuple(bind(cell) for bind, cell in zip(binds, row, strict=True)) for row in rows]
    if cells:
        statement = f"INSERT INTO {table.name} ({into}) VALUES ({marks})"  # noqa: S608 - names of ours
        connection.exec_driver_sql(statement, cells)


def _as_is(cell: object) -> object:
    return cell
