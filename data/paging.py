"""The newest rows of a record first, page by page: each once, whatever is added meanwhile."""

import datetime as dt
from typing import TypeVar

from sqlalchemy import ColumnElement, Engine, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from data.engine import reading
from data.errors import NotFoundError
from data.models import ImportRun, RestrictedView

Row = TypeVar("Row", ImportRun, RestrictedView)
"""Records that only grow: the last row of a page is still there when the next one is asked for."""


def newest_first(
    engine: Engine,
    model: type[Row],
    moment: InstrumentedAttribute[dt.datetime],
    held: ColumnElement[bool],
    *,
    kind: str,
    before: int | None,
    limit: int,
) -> tuple[list[Row], int | None]:
    """
    Return one page of a record, the newest rows first; those of one moment by their ids.

    Parameters
    ----------
    engine
        From `open_engine`.
    model
        The record.
    moment
        Its column with the time that it goes by.
    held
        The condition of the rows that may be told.
    kind
        What a refusal calls the rows.
    before
        The last id of the page before; None for the newest.
    limit
        Rows at most.

    Returns
    -------
    rows
        At most `limit`.
    before
        What to ask the next page with; None on the last one.

    Raises
    ------
    NotFoundError
        When `before` is no row that may be told.
    """
    wanted = select(model).where(held)
    with reading(engine) as session:
        if before is not None:
            last = session.scalar(wanted.where(model.id == before))
            if last is None:
                raise NotFoundError("no_such_row", kind=kind, id=before)
            since = getattr(last, moment.key)
            wanted = wanted.where(or_(moment < since, and_(moment == since, model.id < last.id)))
        ordered = wanted.order_by(moment.desc(), model.id.desc())
        rows = list(session.scalars(ordered.limit(limit + 1)))
        session.expunge_all()
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], rows[limit - 1].id
