"""Rows of a layer read column by column, as the store makes frames of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NULLTYPE

from data.attributes import ID_COLUMNS
from data.models import LAYERS

BOOKKEEPING: Final = frozenset(
    {"identity", "content_hash", "compared", "geometry", "west", "south", "east", "north", "code"}
)
"""Columns of a table that are no attributes of the place."""


@dataclass(frozen=True, eq=False)
class Arrays:
    """
    Rows of a layer, column by column.

    Parameters
    ----------
    columns
        Column -> n cells; that of the file contract which identifies the rows first.
    geometry
        n places in EPSG:4326, None where there is none.
    """

    columns: dict[str, list[Any]]
    geometry: NDArray[np.object_]


def shown_columns(kind: str) -> list[str]:
    """Return the columns of a layer that are no bookkeeping."""
    return [each.name for each in LAYERS[kind].__table__.columns if each.name not in BOOKKEEPING]


def read_arrays(
    session: Session,
    kind: str,
    names: Sequence[str],
    wanted: Sequence[ColumnElement[bool]],
    *,
    limit: int | None = None,
) -> Arrays:
    """
    Return some columns of the rows for which conditions hold, by id.

    Parameters
    ----------
    session
        To the database.
    kind
        A key of `LAYERS`.
    names
        Columns of its table.
    wanted
        The conditions.
    limit
        Rows at most; None for all.

    Returns
    -------
    arrays
        Of a row without a code its number is what identifies it.
    """
    table = LAYERS[kind].__table__
    # Geometry as the driver gives it: shapely reads bytes and hexadecimal text in one go.
    read = [table.c.id, table.c.code, type_coerce(table.c.geometry, NULLTYPE)]
    statement = select(*read, *(table.c[name] for name in names)).where(*wanted)
    rows = session.execute(statement.order_by(table.c.id).limit(limit)).all()
    ids, code, place, *cells = zip(*rows, strict=True) if rows else [()] * (len(read) + len(names))
    codes = [said or str(row) for said, row in zip(code, ids, strict=True)]
    columns = {name: list(values) for name, values in zip(names, cells, strict=True)}
    geometry = shapely.from_wkb(np.array(place, dtype=object))
    return Arrays({ID_COLUMNS[kind]: codes, **columns}, geometry)
