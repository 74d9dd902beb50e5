"""
The sheets of classes, tags and colours, read from workbooks as offices change them.

What a row cannot be is set aside. No class is taken for what people are, believe, say or ask the
authorities for, whoever writes it.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data.codes import CODES
from data.columns import plain
from data.files import Layer
from data.incident_heads import CLASS_HEADS, COLOUR_HEADS, TAG_HEADS
from data.incident_tables import CLASSES, COLOURS, COLUMNS, KEYS, TAGS
from data.notes import Note
from data.shapes import Faults, Mask
from data.sheets import Heads, Sheet
from data.values import as_text, cleaned, number, texts

SHEET_HEADS: Final[dict[str, Heads]] = {
    CLASSES: CLASS_HEADS,
    TAGS: TAG_HEADS,
    COLOURS: COLOUR_HEADS,
}
"""Sheet -> our column -> heads accepted for it."""

DAYS: Final = ("since", "until")
"""Columns of days."""

WHOLE: Final = ("rank", "limit_days", "follow_up_days")
"""Columns of whole numbers."""

CODED: Final = {
    (CLASSES, "kind"): CODES["incidents", "kind"],
    (COLOURS, "colour"): CODES["incidents", "colour"],
    (COLOURS, "level"): CODES["incidents", "closed_level"],
}
"""Sheet and column -> plain word -> code; other words stay."""

BARRED: Final = (
    "民族", "族群", "种族", "宗教", "信教", "教派", "信仰", "邪教", "信访", "上访", "缠访", "非访",
    "越级访", "进京访", "言论", "舆论", "谣言", "ethnic", "religio", "belief", "petition", "speech",
)  # fmt: skip
"""What no class, tag or colour may be called, in part or whole."""

SHARED: Final = frozenset({"label", "label_en", "words", "group", "class", "tag"})
"""Columns in which that is looked for."""


def read_table(spec: str | Path, kind: str) -> Layer:
    """
    Read a sheet of classes, tags or colours.

    Parameters
    ----------
    spec
        `FILE` or `FILE:SHEET`: a CSV file or a workbook, as `gridpatrol template` writes it.
    kind
        `CLASSES`, `TAGS` or `COLOURS`.

    Returns
    -------
    layer
        Its `frame` has the columns of `data.incident_tables.COLUMNS` in input order: days as
        dates, numbers whole, None where blank. Rows without a code, with another content for the
        same code and first day, with a day or number that is none, and rows that class people are
        in the quarantine.

    Raises
    ------
    MissingFileError
        When there is no such file.
    LayerError
        When a workbook has several sheets and none is named.
    FormatError
        When the file is no table or cannot be read.
    ColumnError
        When a column of codes is not there.
    """
    needed = {*KEYS[kind]}
    sheet = Sheet.read(
        spec, kind, SHEET_HEADS[kind], needed=needed, refusal="no_table_columns", ids=[*needed]
    )
    count = len(sheet.table.rows)
    faults = Faults.none(count)
    values = {ours: _column(sheet, kind, ours, count, faults) for ours in COLUMNS[kind]}
    frame = pd.DataFrame(values, index=range(count), columns=list(COLUMNS[kind]), dtype=object)
    _mark(frame, kind, faults)
    again = _repeated(frame, kind, faults)
    layer = sheet.layer(frame, faults, _notes(sheet, again))
    kept = ~again[faults.good]
    held = layer.frame[kept].reset_index(drop=True)
    return Layer(
        kind=kind, frame=held, quarantine=layer.quarantine, notes=layer.notes,
        source=layer.source, datum=layer.datum, rows_read=layer.rows_read,
        rows=layer.rows[kept], heads=layer.heads,
    )  # fmt: skip


def _column(sheet: Sheet, kind: str, ours: str, count: int, faults: Faults) -> list[object]:
    """Return one column as values; cells that are none of what they should be are marked."""
    if ours not in sheet.cells:
        return [None] * count
    met = texts(sheet.cells[ours])
    if ours in DAYS:
        cells = sheet.cells[ours].astype(object)
        days, _ = cleaned("date", cells, sheet.heads[ours], kind, sheet.table.rows)
        _mark_unread(days.notna().to_numpy(), met, "table_day_unreadable", faults)
        return [day if isinstance(day, dt.date) else None for day in days]
    if ours in WHOLE:
        numbers = np.array([number(text) for text in met], dtype=np.float64)
        good = (numbers >= 0) & (numbers % 1 == 0)
        _mark_unread(good, met, "table_number", faults)
        return [int(each) if fine else None for each, fine in zip(numbers, good, strict=True)]
    codes = CODED.get((kind, ours), {})
    return [None if text is None else codes.get(plain(text), text) for text in met]


def _mark_unread(read: Mask, met: Sequence[str | None], code: str, faults: Faults) -> None:
    said = np.array([text is not None for text in met], dtype=bool)
    faults.mark(said & ~read, code, lambda rows: [met[row] or "" for row in rows])


def _mark(frame: pd.DataFrame, kind: str, faults: Faults) -> None:
    """Mark rows without a code, of no kind, that end before they begin, or that class people."""
    blank = frame[list(KEYS[kind])].isna().any(axis=1).to_numpy(dtype=bool)
    faults.mark(blank, "no_table_key", lambda rows: [""] * len(rows))
    if kind == CLASSES:
        known = frame["kind"].isin(list(CODES["incidents", "kind"].values())).to_numpy(dtype=bool)
        faults.mark(
            ~known, "table_kind_unknown", lambda rows: [str(frame["kind"].iloc[r]) for r in rows]
        )
    barred = np.zeros(len(frame), dtype=bool)
    for ours in SHARED & set(frame.columns):
        cells = [plain(as_text(cell) or "") for cell in frame[ours]]
        barred |= np.array([any(word in cell for word in BARRED) for cell in cells], dtype=bool)
    faults.mark(barred, "table_class_barred", lambda rows: [""] * len(rows))
    turned = [
        since is not None and until is not None and until <= since
        for since, until in zip(frame["since"], frame["until"], strict=True)
    ]
    faults.mark(
        np.array(turned, dtype=bool),
        "table_days_turned",
        lambda rows: [f"{frame['until'].iloc[r]} <= {frame['since'].iloc[r]}" for r in rows],
    )


def _repeated(frame: pd.DataFrame, kind: str, faults: Faults) -> Mask:
    """Tell which rows say again what was said; those that say otherwise are marked."""
    told = frame.astype(object).where(frame.notna(), None).map(str)
    good = told[faults.good]
    again = pd.Series(False, index=frame.index)
    again[good.index] = good.duplicated()
    once = good[~again[good.index]]
    other = pd.Series(False, index=frame.index)
    other[once.index] = once.duplicated([*KEYS[kind], "since"])
    names = [*KEYS[kind]]
    faults.mark(
        other.to_numpy(dtype=bool),
        "table_twice",
        lambda rows: ["|".join(told[names].iloc[row]) for row in rows],
    )
    return again.to_numpy(dtype=bool)


def _notes(sheet: Sheet, again: Mask) -> list[Note]:
    lines = sheet.table.rows[again].tolist()
    return [Note("table_again", {"count": len(lines), "rows": lines})] if lines else []
