"""Box queries: GiST on PostGIS, an R*Tree beside each table on SQLite."""

from typing import Any, Final

import numpy as np
import shapely
from geoalchemy2 import WKBElement
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, event, func, text
from sqlalchemy.orm import Session

from data.models import LAYERS
from data.placed import STORAGE_SRID

BOXES: Final = (
    "SELECT id FROM {table}_box WHERE west <= :box_east AND east >= :box_west"
    " AND south <= :box_north AND north >= :box_south"
)
"""What the R*Tree beside a table finds."""

FEW: Final = 10_000
"""Rows up to which it pays to look each of them up; a box with more is read in the order of ids,
and a page of it is full soon. Counting so far takes 1 to 5 ms."""


def in_box(
    session: Session,
    model: Any,  # noqa: ANN401 - a mapped class
    box: tuple[float, float, float, float],
) -> ColumnElement[bool]:
    """
    Return the condition that a row's box meets a box.

    Parameters
    ----------
    session
        To the database that the condition is for.
    model
        A class of `data.models.LAYERS`.
    box
        West, south, east, north in degrees.

    Returns
    -------
    condition
        By index on both engines; rows without a place meet no box.
    """
    west, south, east, north = box
    # Both indexes keep single precision, rounded outwards: they find all and a few more.
    exact = (model.west <= east, model.east >= west, model.south <= north, model.north >= south)
    if session.get_bind().dialect.name == "postgresql":
        envelope = func.ST_MakeEnvelope(west, south, east, north, STORAGE_SRID)
        return and_(model.geometry.op("&&")(envelope), *exact)
    boxes = BOXES.format(table=model.__tablename__)
    sides = {"box_west": west, "box_south": south, "box_east": east, "box_north": north}
    # PostgreSQL weighs this by its statistics; SQLite keeps none of an R*Tree.
    found = text(f"SELECT count(*) FROM ({boxes} LIMIT {FEW})").bindparams(**sides)  # noqa: S608 - ours
    if session.scalar(found) == FEW:
        return and_(*exact)
    narrowed = text(f"{model.__tablename__}.id IN ({boxes})").bindparams(**sides)
    return and_(narrowed, *exact)


def stored(shapes: NDArray[np.object_], dialect: str) -> list[Any]:
    """
    Return geometries as the column takes them.

    Parameters
    ----------
    shapes
        n geometries in EPSG:4326, or None.
    dialect
        "sqlite" or "postgresql".

    Returns
    -------
    values
        WKB bytes, or elements with their SRID; None where there is no geometry.
    """
    if dialect != "postgresql":
        return list(shapely.to_wkb(shapes))
    extended = shapely.to_wkb(shapely.set_srid(shapes, STORAGE_SRID), include_srid=True)
    return [None if wkb is None else WKBElement(wkb) for wkb in extended]


def box_statements(table: str) -> list[str]:
    """
    Return the SQL that gives a table of SQLite its R*Tree.

    The triggers call no function of ours, so that other programs can write the file.

    Parameters
    ----------
    table
        A table with `id`, `west`, `south`, `east`, `north`.

    Returns
    -------
    statements
        One virtual table and three triggers.
    """
    add = (
        f"INSERT INTO {table}_box SELECT NEW.id, NEW.west, NEW.east, NEW.south, NEW.north"
        " WHERE NEW.west IS NOT NULL"
    )
    remove = f"DELETE FROM {table}_box WHERE id = OLD.id"  # noqa: S608 - names of ours
    table_of_boxes = f"CREATE VIRTUAL TABLE {table}_box USING rtree(id, west, east, south, north)"
    triggers = {
        "insert": f"INSERT ON {table} BEGIN {add}",
        "update": f"UPDATE OF id, west, south, east, north ON {table} BEGIN {remove}; {add}",
        "delete": f"DELETE ON {table} BEGIN {remove}",
    }
    named = (f"CREATE TRIGGER {table}_box_{on} AFTER {does}; END" for on, does in triggers.items())
    return [table_of_boxes, *named]


def _add_box(table: Any, connection: Connection, **_: Any) -> None:  # noqa: ANN401 - an event's
    if connection.dialect.name == "sqlite":
        for statement in box_statements(table.name):
            connection.exec_driver_sql(statement)


for _model in LAYERS.values():
    event.listen(_model.__table__, "after_create", _add_box)
