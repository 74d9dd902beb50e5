"""
Sheets about grids that have no place of their own: slots of workers, and counts of their work.

A row stands for its grid, so that it must name one. What a count lacks makes it unusable: a blank
is not 0.
"""

from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np
import pandas as pd

from data.columns import Matching
from data.division_codes import DIGITS
from data.errors import ColumnError
from data.patrol_codes import SHEETS_NEED
from data.scope import GRID_DIGITS
from data.shapes import Faults
from data.tables import Table
from data.validity import local_today
from data.values import texts

WORKERS: Final = "workers"
"""What the layer of slots is called."""

WORK: Final = "work"
"""What the ledger of counts is called."""

NEEDED: Final[dict[str, dict[str, str]]] = {
    WORKERS: {"area_code": "no_grid"},
    WORK: {
        "area_code": "no_grid",
        "month": "no_month",
        "kind": "no_work_kind",
        "count": "no_count",
    },
    **SHEETS_NEED,
}
"""Kind of sheet -> the columns that every row needs, and the reason where one is blank."""

OWN_GRID: Final = frozenset({WORKERS, WORK})
"""Layers whose rows belong to their grid, not only to its village: whoever may see one grid sees
its slots and counts, and no other's."""

SAID_BY_ROLE: Final = {"专职": "full_time", "兼职": "part_time"}
"""How a role begins that says of itself what kind of slot it is: `专职网格员`."""


def require_columns(table: Table, matching: Matching, kind: str, barred: AbstractSet[int]) -> None:
    """
    Refuse a sheet that lacks a column which every row of it needs.

    Parameters
    ----------
    table
        The sheet.
    matching
        Which of its columns is which of ours.
    kind
        Kind of layer; others than these need nothing.
    barred
        Positions of columns about persons, whose heads are not repeated.

    Raises
    ------
    ColumnError
        When a column is not there.
    """
    names = [name for name in NEEDED.get(kind, {}) if name not in matching.columns]
    if names:
        heads = [head for i, head in enumerate(table.heads) if i not in barred]
        raise ColumnError(f"no_{kind}_columns", file=table.source, names=names, heads=heads)


def own_division(kind: str, area_code: object) -> str:
    """
    Return the division that a row belongs to by the code of its grid or village.

    Parameters
    ----------
    kind
        Kind of layer.
    area_code
        The code; anything else gives none.

    Returns
    -------
    division
        The digits of the village; for what is the grid's own, of the grid; "" where the code is
        of neither.
    """
    text = "" if area_code is None else str(area_code)
    if not text.isdecimal() or len(text) < DIGITS:
        return ""
    return text[:GRID_DIGITS] if kind in OWN_GRID and len(text) >= GRID_DIGITS else text[:DIGITS]


def mark_rows(
    values: dict[str, pd.Series], table: Table, matching: Matching, kind: str, faults: Faults
) -> None:
    """
    Set aside rows that lack what they are of, lie ahead, or say another number of the same thing.

    Parameters
    ----------
    values
        Our column -> n values; the kinds of slots are completed by what their roles say.
    table
        Where they are from.
    matching
        Which of its columns is which of ours.
    kind
        Kind of layer; of others than `NEEDED` nothing is set aside.
    faults
        Of the n rows; reasons are added here.
    """
    for ours, reason in NEEDED.get(kind, {}).items() if len(table.rows) else ():
        met = texts(table.columns[matching.columns[ours]])
        blank = values[ours].isna().to_numpy(dtype=bool)
        faults.mark(blank, reason, lambda rows, met=met: [met[row] or "" for row in rows])  # type: ignore[misc]
    if kind == WORKERS and "role" in matching.columns:
        _fold_kinds(values, texts(table.columns[matching.columns["role"]]))
    elif kind == WORK and len(table.rows):
        _mark_counts(values, faults)


def _fold_kinds(values: dict[str, pd.Series], roles: list[str | None]) -> None:
    """Take from the roles whether slots are full-time, where the sheet does not say it itself."""
    said = [None if text is None else SAID_BY_ROLE.get(text[:2]) for text in roles]
    told = pd.Series(said, index=values["role"].index, dtype=object)
    kinds = values.get("kind", told).astype(object)
    values["kind"] = kinds.where(kinds.notna(), told)


def _mark_counts(values: dict[str, pd.Series], faults: Faults) -> None:
    """Set aside counts of months to come, and other numbers for what was counted before."""
    months = values["month"].fillna("").tolist()
    last = f"{local_today():%Y-%m}"
    ahead = np.array([month > last for month in months], dtype=bool)
    faults.mark(ahead, "time_ahead", lambda rows: [months[row] for row in rows])
    # Which of two numbers holds is for people to say; the same one once more is the same row.
    said = pd.DataFrame({ours: values[ours] for ours in NEEDED[WORK]})[faults.good]
    said = said.drop_duplicates()
    again = said.index[said.duplicated([ours for ours in NEEDED[WORK] if ours != "count"])]
    other = np.zeros(len(months), dtype=bool)
    other[again] = True
    counts = texts(values["count"])
    faults.mark(other, "counted_twice", lambda rows: [counts[row] or "" for row in rows])
