"""Past imports: what came in, what became of it, and the rows that were set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import select

from data.attributes import ID_COLUMNS
from data.divisions import DIVISIONS
from data.engine import reading
from data.errors import NotFoundError
from data.files import Layer
from data.incident_sheets import SHEET_HEADS
from data.models import ImportRun, QuarantinedRow
from data.notes import Note
from data.paging import newest_first
from data.store import Store
from data.workbook import NUMBERED_IDS, write_list_quarantine, write_quarantine


@dataclass(frozen=True)
class RunPage:
    """
    One page of past imports.

    Parameters
    ----------
    runs
        The newest first.
    before
        What to ask the next page with; None on the last one.
    """

    runs: Sequence[ImportRun]
    before: int | None


def past_imports(store: Store, *, before: int | None = None, limit: int = 100) -> RunPage:
    """
    Return the imports that the scope may know of, the newest first.

    Parameters
    ----------
    store
        Opened for a scope.
    before
        The `before` of the page before; None for the newest.
    limit
        Imports at most.

    Returns
    -------
    page
        Those whose every row is in scope: their counts tell of all of them.

    Raises
    ------
    NotFoundError
        When `before` is no import in scope.
    """
    held = store.scope.visible(ImportRun)
    return RunPage(
        *newest_first(
            store.engine, ImportRun, ImportRun.made_at, held, kind="imports", before=before,
            limit=limit,
        )
    )  # fmt: skip


def find_import(store: Store, import_id: int) -> ImportRun:
    """
    Find an import that the scope may know of.

    Parameters
    ----------
    store
        Opened for a scope.
    import_id
        Its id.

    Returns
    -------
    run
        What is known of it.

    Raises
    ------
    NotFoundError
        When there is none in scope.
    """
    wanted = select(ImportRun).where(store.scope.visible(ImportRun), ImportRun.id == import_id)
    with reading(store.engine) as session:
        run = session.scalar(wanted)
        session.expunge_all()
    if run is None:
        raise NotFoundError("no_such_row", kind="imports", id=import_id)
    return run


def rows_set_aside(store: Store, import_id: int) -> pd.DataFrame:
    """
    Return the rows that an import set aside.

    Parameters
    ----------
    store
        Opened for a scope.
    import_id
        The import.

    Returns
    -------
    quarantine
        As in `data.files.Layer`, its cells as text.

    Raises
    ------
    NotFoundError
        When there is no such import in scope.
    """
    find_import(store, import_id)
    wanted = select(QuarantinedRow).where(QuarantinedRow.import_id == import_id)
    with reading(store.engine) as session:
        rows = session.scalars(wanted.order_by(QuarantinedRow.row, QuarantinedRow.id)).all()
        said = pd.DataFrame(
            [(row.row, row.reason, row.detail) for row in rows],
            columns=["row", "reason", "detail"],
        )
        cells = pd.DataFrame([vars(row)["values"] for row in rows], index=said.index)
    return said.join(cells)


def write_set_aside(store: Store, import_id: int, path: Path) -> None:
    """
    Write the rows that an import set aside as the workbook that `write_quarantine` makes.

    Parameters
    ----------
    store
        Opened for a scope.
    import_id
        The import.
    path
        The .xlsx file; its folder exists. It is replaced.

    Raises
    ------
    NotFoundError
        When there is no such import in scope.
    """
    run = find_import(store, import_id)
    quarantine = rows_set_aside(store, import_id)
    if run.kind in (DIVISIONS, *SHEET_HEADS):
        write_list_quarantine(run.kind, quarantine, path)
        return
    numbered = [Note(note["code"]) for note in run.notes if note["code"] in NUMBERED_IDS]
    layer = Layer(
        kind=run.kind,
        frame=gpd.GeoDataFrame({ID_COLUMNS[run.kind]: []}, geometry=[], crs="EPSG:4326"),
        quarantine=quarantine,
        notes=tuple(numbered),
        source=run.source,
        datum=run.datum,
        rows_read=run.counts["rows_read"],
        rows=np.empty(0, dtype=np.int64),
        crs=run.crs,
    )
    write_quarantine(layer, path)
