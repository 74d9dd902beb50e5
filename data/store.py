"""Reading what is stored, through the scope that the store was opened for."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from data.arrays import Arrays, read_arrays, shown_columns
from data.boxes import in_box
from data.engine import open_engine, reading
from data.errors import KindError, NotFoundError
from data.models import LAYERS
from data.scope import SUPPRESSED_BELOW, Scope, with_former_codes
from data.validity import local_today, valid_on

Box = tuple[float, float, float, float]

COUNTED_BY: Final = ("division", "kind", "state", "class", "line", "unit", "mode", "shift")
"""Columns that rows may be counted by."""


@dataclass(frozen=True, eq=False)
class Page:
    """
    One page of rows.

    Parameters
    ----------
    frame
        The rows, as `Store.frame` gives them.
    after
        What to ask the next page with; None on the last one.
    """

    frame: gpd.GeoDataFrame
    after: int | None


@dataclass(frozen=True, eq=False)
class Query:
    """
    Which rows of a layer are wanted; everything given must hold.

    Parameters
    ----------
    box
        West, south, east, north in degrees: the box of the row meets it.
    since
        Rows with a `time` at this or later (local time).
    until
        Rows with a `time` before this (local time).
    equal
        Column -> value it has, or a list of values of which it has one.
    on
        The day whose rows are wanted; None for today. The first day of a row counts, its last
        does not.
    """

    box: Box | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    equal: Mapping[str, Any] | None = None
    on: dt.date | None = None


class Store:
    """
    The stored layers, as one scope may see them.

    Parameters
    ----------
    engine
        From `open_engine`.
    scope
        What may be seen and done; the whole by default, for local use. Rows that carry a former
        code of its division are in it, by the changes that are stored now: those that come later
        count when the store is opened, or scoped, again.
    today
        Tells the day; that of the local clock by default.
    """

    def __init__(
        self,
        engine: Engine,
        scope: Scope | None = None,
        *,
        today: Callable[[], dt.date] = local_today,
    ) -> None:
        self.engine = engine
        self.scope = with_former_codes(engine, scope or Scope())
        self.today = today

    @classmethod
    def open(cls, url: str, scope: Scope | None = None) -> "Store":
        """
        Open the store that a URL names.

        Parameters
        ----------
        url
            `sqlite:///FILE` or `postgresql+psycopg://...`.
        scope
            What may be seen and done.

        Returns
        -------
        store
            Its tables are as the database has them: see `data.migrate`.
        """
        return cls(open_engine(url), scope)

    def scoped(self, scope: Scope) -> "Store":
        """
        Return the same store for another scope.

        Parameters
        ----------
        scope
            What may be seen and done.

        Returns
        -------
        store
            It shares the connections.
        """
        return Store(self.engine, scope, today=self.today)

    @property
    def dialect(self) -> str:
        """The engine's name: "sqlite" or "postgresql"."""
        return self.engine.dialect.name

    def frame(self, kind: str, query: Query | None = None) -> gpd.GeoDataFrame:
        """
        Return all rows of a layer that the scope sees.

        Parameters
        ----------
        kind
            A key of `LAYERS`.
        query
            Which of them; None for those that are valid today.

        Returns
        -------
        frame
            In the columns of the file contract, with `id`, `version`, `division`, `line` and
            `source` beside them; EPSG:4326; by id.

        Raises
        ------
        KindError
            When the layer is unknown.
        """
        with reading(self.engine) as session:
            return self._rows(session, kind, self._chosen(session, kind, query))

    def arrays(self, kind: str, query: Query, columns: Sequence[str]) -> Arrays:
        """
        Return some columns of the rows that the scope sees: less work than a frame of all of them.

        Parameters
        ----------
        kind
            A key of `LAYERS`.
        query
            Which rows.
        columns
            Columns of the table.

        Returns
        -------
        arrays
            By id.

        Raises
        ------
        KindError
            When the layer is unknown.
        """
        with reading(self.engine) as session:
            return read_arrays(session, kind, columns, self._chosen(session, kind, query))

    def page(
        self, kind: str, query: Query | None = None, *, after: int = 0, limit: int = 100
    ) -> Page:
        """
        Return a page of rows, by id.

        Parameters
        ----------
        kind
            A key of `LAYERS`.
        query
            Which rows.
        after
            The `after` of the page before; 0 for the first.
        limit
            Rows at most.

        Returns
        -------
        page
            The cost does not depend on how deep it lies.

        Raises
        ------
        KindError
            When the layer is unknown.
        """
        with reading(self.engine) as session:
            wanted = [*self._chosen(session, kind, query), model_of(kind).id > after]
            frame = self._rows(session, kind, wanted, limit=limit + 1)
        if len(frame) <= limit:
            return Page(frame, None)
        frame = frame.iloc[:limit]
        return Page(frame, int(frame["id"].iloc[-1]))

    def item(self, kind: str, row_id: int) -> pd.Series:
        """
        Return one row.

        Parameters
        ----------
        kind
            A key of `LAYERS`.
        row_id
            Its `id`.

        Returns
        -------
        row
            As in `frame`, ended or not.

        Raises
        ------
        NotFoundError
            When there is no such row in scope.
        KindError
            When the layer is unknown.
        """
        model = model_of(kind)
        wanted = [self.scope.visible(model), model.id == row_id]
        with reading(self.engine) as session:
            found = read_arrays(session, kind, shown_columns(kind), wanted)
        if not len(found.geometry):
            raise NotFoundError("no_such_row", kind=kind, id=row_id)
        values = {name: cells[0] for name, cells in found.columns.items()}
        return pd.Series(values | {"geometry": found.geometry[0]}, dtype=object)

    def count(self, kind: str, query: Query | None = None) -> int:
        """
        Count the rows of a layer that the scope sees.

        Parameters
        ----------
        kind
            A key of `LAYERS`.
        query
            Which rows.

        Returns
        -------
        count
            Exact.

        Raises
        ------
        KindError
            When the layer is unknown.
        """
        counted = select(func.count()).select_from(model_of(kind).__table__)
        with reading(self.engine) as session:
            return int(session.scalar(counted.where(*self._chosen(session, kind, query))) or 0)

    def counts(self, kind: str, by: str) -> pd.DataFrame:
        """
        Count the rows of all lines in the divisions of the scope.

        Rows of lines that the scope does not see are told apart, and their number is left out
        where it is below `SUPPRESSED_BELOW`; covert posts are in no number without the right.

        Parameters
        ----------
        kind
            A key of `LAYERS`.
        by
            One of `COUNTED_BY` that the layer has.

        Returns
        -------
        counts
            One row per value of `by` among the rows seen, and per value that enough unseen rows
            share: `by`, `seen`, `unseen` (NA where suppressed), ordered by `by`.

        Raises
        ------
        KindError
            When the layer is unknown or has no such column.
        """
        model = model_of(kind)
        if by not in COUNTED_BY or by not in model.__table__.columns:
            raise KindError("unknown_column", kind=kind, met=by, known=list(COUNTED_BY))
        column = model.__table__.columns[by]
        seen = model.line.in_(sorted(self.scope.lines))
        statement = (
            select(column, seen, func.count())
            .where(self.scope.within(model), self.scope.overt(model))
            .where(*valid_on(model, self.today()))
            .group_by(column, seen)
        )
        with reading(self.engine) as session:
            rows = session.execute(statement).all()
        table: dict[Any, list[int]] = {}
        for value, is_seen, number in rows:
            table.setdefault(value, [0, 0])[0 if is_seen else 1] = number
        # A value that only a few unseen rows have would tell that they exist.
        told = {
            value: (s, u if u == 0 or u >= SUPPRESSED_BELOW else pd.NA)
            for value, (s, u) in table.items()
            if s or u >= SUPPRESSED_BELOW
        }
        told = {v: told[v] for v in sorted(told, key=lambda v: (v is None, str(v)))}
        return pd.DataFrame(
            {
                by: list(told),
                "seen": pd.array([s for s, _ in told.values()], dtype="Int64"),
                "unseen": pd.array([u for _, u in told.values()], dtype="Int64"),
            }
        )

    def _chosen(
        self, session: Session, kind: str, query: Query | None
    ) -> list[ColumnElement[bool]]:
        """Return what holds for the rows that the scope sees and the query wants."""
        model = model_of(kind)
        return [self.scope.visible(model), *self._conditions(session, model, query or Query())]

    def _conditions(
        self,
        session: Session,
        model: Any,  # noqa: ANN401 - a mapped class
        query: Query,
    ) -> list[ColumnElement[bool]]:
        conditions = valid_on(model, query.on or self.today())
        if query.box is not None:
            conditions.append(in_box(session, model, query.box))
        if query.since is not None:
            conditions.append(model.time >= query.since)
        if query.until is not None:
            conditions.append(model.time < query.until)
        columns = model.__table__.columns
        for name, value in (query.equal or {}).items():
            column = columns[name]
            conditions.append(column.in_(value) if isinstance(value, list) else column == value)
        return conditions

    def _rows(
        self,
        session: Session,
        kind: str,
        wanted: Sequence[ColumnElement[bool]],
        *,
        limit: int | None = None,
    ) -> gpd.GeoDataFrame:
        """Return the rows of a layer for which conditions hold, by id, as a frame."""
        found = read_arrays(session, kind, shown_columns(kind), wanted, limit=limit)
        return gpd.GeoDataFrame(found.columns, geometry=found.geometry, crs="EPSG:4326")


def model_of(kind: str) -> Any:  # noqa: ANN401 - a mapped class, which has what Base gives it
    """
    Return the table of a layer.

    Parameters
    ----------
    kind
        A key of `LAYERS`.

    Returns
    -------
    model
        A mapped class.

    Raises
    ------
    KindError
        When the layer is unknown.
    """
    if kind not in LAYERS:
        raise KindError("unknown_kind", met=kind, known=list(LAYERS))
    return LAYERS[kind]
