"""Lists of divisions, province to village: read, checked row by row, and turned into a tree."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.columns import plain
from data.division_codes import LEVELS, depth_of, full_code, parent_of
from data.errors import ColumnError, FormatError
from data.files import split_spec
from data.identifiers import identifiers
from data.notes import Note
from data.personal import masked, personal_heads, personal_values
from data.shapes import Faults
from data.succession import beginnings, current_code, in_circle
from data.tables import BOOK_SUFFIXES, CSV_SUFFIXES, Table, read_book, read_csv
from data.values import as_text, texts

DIVISIONS: Final = "divisions"
"""What commands, templates and past imports call a list of divisions."""

DIVISION_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "code": (
        "code", "division_code", "区划代码", "行政区划代码", "统计用区划代码", "区划编码", "代码",
        "编码", "adcode",
    ),
    "name": ("name", "名称", "区划名称", "单位名称", "行政区划名称"),
    "parent_code": (
        "parent_code", "parent", "parent_id", "上级代码", "上级编码", "上级区划代码", "父级代码",
        "streetCode", "areaCode", "cityCode", "provinceCode",
    ),
    "old_code": (
        "old_code", "former_code", "曾用代码", "原代码", "旧代码", "曾用区划代码", "原区划代码",
        "旧区划代码",
    ),
}  # fmt: skip
"""Our column -> heads accepted for it; of several parents the nearest one stands first."""

OPTIONAL: Final = frozenset({"parent_code", "old_code"})
"""Columns that a list may do without."""

BETWEEN_CODES: Final = re.compile(r"[\s、,，;；/]+")
"""What stands between several old codes in one cell."""


@dataclass(frozen=True, eq=False)
class Divisions:
    """
    Outcome of `read_divisions`.

    Every row of the file is either in `frame` or in `quarantine`.

    Parameters
    ----------
    frame
        The divisions, in input order: `code` (12 digits as text), `name`, `parent_code` (None for
        a province), `level` (one of `LEVELS`).
    quarantine
        The other rows: `row` (the line), `reason`, `detail`, `code`, `name`, `parent_code` and
        `old_code` as met.
    changes
        Old code -> new code, 12 digits each, that the good rows state.
    notes
        What the reader decided or found.
    source
        File and sheet, without folder.
    rows_read
        Rows in the file, blank lines not counted.
    """

    frame: pd.DataFrame
    quarantine: pd.DataFrame
    changes: Mapping[str, str]
    notes: tuple[Note, ...]
    source: str
    rows_read: int


def read_divisions(
    spec: str | Path,
    *,
    known: Collection[str] = (),
    changes: Mapping[str, str] | None = None,
) -> Divisions:
    """
    Read a list of divisions from a CSV file or a workbook.

    The parent follows from the code: its last block that is not zero, set to zero. One that the
    file states must agree. A division whose parent is missing is an orphan; the topmost level of
    a list has its parents elsewhere, unless `known` says which there are on the levels above.

    A row may state the code that the division had before; of several, all became this one.

    Parameters
    ----------
    spec
        `FILE` or `FILE:SHEET`, with codes of 2, 4, 6, 9 or 12 digits, names, maybe parents and
        old codes.
    known
        Codes of 12 digits that are stored already.
    changes
        Old code -> new code of the same level, known already: the old one and all below it are
        renamed.

    Returns
    -------
    divisions
        The good rows, the others with their reasons, and notes.

    Raises
    ------
    MissingFileError
        When there is no such file.
    LayerError
        When a workbook has several sheets and none is named.
    FormatError
        When the file cannot be read, or `changes` names codes of two levels.
    ColumnError
        When there is no column of codes or names.
    """
    former = beginnings(changes or {})
    table = _read_table(spec)
    columns, notes = _columns(table)
    faults = Faults.none(len(table.rows))
    codes, lost = identifiers(columns["code"], typed=table.typed)
    written = texts(columns["code"])
    faults.mark(lost, "id_lost_digits", lambda rows: [written[row] or "" for row in rows])
    met = [as_text(code) for code in codes]
    full = [full_code(code) for code in met]
    faults.mark(_missing(full), "code_structure", lambda rows: [met[row] or "" for row in rows])
    stated = [full_code(as_text(parent)) or as_text(parent) for parent in _ids(columns, table)]
    listed = full
    full, stated = ([_renamed(code, former) for code in codes] for codes in (full, stated))
    moved = sum(was != now for was, now in zip(listed, full, strict=True))
    if moved:
        notes.append(Note("codes_renamed", {"count": moved}))
    names = texts(columns["name"])
    faults.mark(_missing(names), "no_name", lambda rows: [""] * len(rows))
    frame = pd.DataFrame(
        {
            "code": full,
            "name": names,
            "parent_code": [None if code is None else parent_of(code) for code in full],
            "level": [None if code is None else LEVELS[depth_of(code)] for code in full],
        },
        dtype=object,
    )
    _mark_wrong_parents(frame, stated, faults)
    _mark_repeats(frame, table.rows, faults)
    old = texts(columns["old_code"]) if "old_code" in columns else [None] * len(table.rows)
    as_met = {"stated": stated, "met": met, "listed": listed, "old": old}
    frame = frame.assign(**{name: pd.Series(said, dtype=object) for name, said in as_met.items()})
    _mark_old_codes(frame, table.rows, former, faults)
    _mark_orphans(frame, known, faults)
    return _parted(frame, table, faults, [*table.notes, *notes])


def _read_table(spec: str | Path) -> Table:
    path, sheet = split_spec(spec)
    suffix = path.suffix.casefold()
    heads = frozenset(plain(head) for aliases in DIVISION_HEADS.values() for head in aliases)
    if suffix in CSV_SUFFIXES:
        return read_csv(path, sheet, heads)
    if suffix in BOOK_SUFFIXES:
        return read_book(path, sheet, heads)
    readable = [*CSV_SUFFIXES, *BOOK_SUFFIXES]
    raise FormatError("unknown_extension", file=path.name, extension=path.suffix, readable=readable)


def _columns(table: Table) -> tuple[dict[str, pd.Series], list[Note]]:
    """Find our columns by their heads; nothing about persons, nothing else."""
    barred = personal_heads(table.heads)
    compared = [None if i in barred else plain(head) for i, head in enumerate(table.heads)]
    found = {}
    notes = []
    for ours, aliases in DIVISION_HEADS.items():
        heads = [plain(alias) for alias in aliases if plain(alias) in compared]
        if heads:
            found[ours] = table.columns[compared.index(heads[0])]
        elif ours not in OPTIONAL:
            raise ColumnError(
                "no_division_columns", file=table.source, ours=ours, heads=list(table.heads)
            )
    hits = personal_values(found["name"], "name")
    if hits.any():
        lines = table.rows[hits].tolist()
        notes.append(
            Note("personal_masked", {"column": "name", "count": len(lines), "rows": lines})
        )
        found["name"] = masked(found["name"], hits)
    return found, notes


def _ids(columns: Mapping[str, pd.Series], table: Table) -> list[object]:
    """Return the parents that the file states, None where it states none."""
    if "parent_code" not in columns:
        return [None] * len(table.rows)
    parents, _ = identifiers(columns["parent_code"], typed=table.typed)
    return list(parents.astype(object).where(parents.notna(), None))


def _renamed(code: str | None, changes: Mapping[str, str]) -> str | None:
    """Return what a code became; what is no code, or became nobody knows what, stays."""
    return code if full_code(code) is None or code is None else current_code(code, changes) or code


def _missing(values: list[str | None]) -> NDArray[np.bool_]:
    return np.array([value is None for value in values], dtype=np.bool_)


def _mark_wrong_parents(frame: pd.DataFrame, stated: list[str | None], faults: Faults) -> None:
    """Mark rows whose stated parent is not the one of their code; a province has none to state."""
    due = frame["parent_code"].tolist()
    wrong = [
        said is not None and parent is not None and said != parent
        for said, parent in zip(stated, due, strict=True)
    ]
    faults.mark(
        np.array(wrong, dtype=np.bool_),
        "wrong_parent",
        lambda rows: [f"{stated[row]} → {due[row]}" for row in rows],
    )


def _mark_repeats(frame: pd.DataFrame, lines: NDArray[np.int64], faults: Faults) -> None:
    """Mark every row with the code of a good one above it, and name that one."""
    good = faults.good
    first = {code: i for i, code in reversed(list(enumerate(frame["code"]))) if good[i]}
    repeats = [good[i] and first[code] != i for i, code in enumerate(frame["code"])]
    above = [first.get(code, 0) for code in frame["code"]]
    faults.mark(
        np.array(repeats, dtype=np.bool_),
        "duplicate_code",
        lambda rows: [
            f"{frame['code'][row]} = {lines[above[row]]}: {frame['name'][above[row]]}"
            for row in rows
        ],
    )


def _mark_old_codes(
    frame: pd.DataFrame, lines: NDArray[np.int64], former: Mapping[str, str], faults: Faults
) -> None:
    """Mark rows whose old codes are no codes of their level, others' codes, or stated twice."""
    good = faults.good
    owners = {code: i for i, code in enumerate(frame["listed"]) if good[i]}
    wrong: dict[int, str] = {}
    changes = dict(former)
    # A row may be refused for what an earlier one states, so that they are taken one by one.
    for i in np.flatnonzero(good & frame["old"].notna().to_numpy()).tolist():
        code = frame["listed"][i]
        stated = _old_codes(frame["old"][i], code)
        misfits = [old for old, full in stated.items() if full is None]
        taken = [owners[full] for full in stated.values() if full in owners]
        added = beginnings({full: code for full in stated.values() if full is not None})
        if misfits:
            wrong[i] = f"{misfits[0]} → {code}"
        elif taken:
            wrong[i] = f"{frame['old'][i]} = {lines[taken[0]]}: {frame['name'][taken[0]]}"
        elif any(in_circle(old, changes | added) for old in added):
            wrong[i] = f"{frame['old'][i]} → {code} → {frame['code'][i]}"
        else:
            changes |= added
            owners |= dict.fromkeys(filter(None, stated.values()), i)
    marked = np.array([i in wrong for i in range(len(frame))], dtype=np.bool_)
    faults.mark(marked, "old_code", lambda rows: [wrong[row] for row in rows])


def _old_codes(cell: str | None, code: str) -> dict[str, str | None]:
    """Return the other codes of a cell, and each with 12 digits; None where it does not fit."""
    stated = {old: full_code(old) for old in BETWEEN_CODES.split(cell or "") if old}
    return {
        old: full if full and depth_of(full) == depth_of(code) else None
        for old, full in stated.items()
        if full != code
    }


def _mark_orphans(frame: pd.DataFrame, known: Collection[str], faults: Faults) -> None:
    """Mark rows without a parent, level by level: below an orphan all are orphans."""
    depths = np.array([LEVELS.index(level) if level else -1 for level in frame["level"]], dtype=int)
    good = faults.good
    if not good.any():
        return
    top = depths[good].min()
    there = set(known)
    highest = min(map(depth_of, there), default=len(LEVELS))
    for depth in range(top, len(LEVELS)):
        here = faults.good & (depths == depth)
        parents = frame["parent_code"]
        unchecked = depth == 0 or (depth == top and highest >= top)
        orphan = here & ~parents.isin(there).to_numpy() & (not unchecked)
        faults.mark(orphan, "orphan", lambda rows: frame["parent_code"][rows].tolist())
        there |= set(frame["code"][faults.good & (depths == depth)])


def _parted(frame: pd.DataFrame, table: Table, faults: Faults, notes: list[Note]) -> Divisions:
    """Part the good rows from the others."""
    good = faults.good
    aside = frame[~good].reset_index(drop=True)
    quarantine = pd.DataFrame(
        {
            "row": table.rows[~good],
            "reason": faults.reason[~good],
            "detail": faults.detail[~good],
            "code": aside["met"],
            "name": aside["name"],
            "parent_code": aside["stated"],
            "old_code": aside["old"],
        }
    )
    if len(quarantine):
        reasons = {str(code): int(n) for code, n in quarantine["reason"].value_counts().items()}
        values = {"total": len(frame), "count": len(quarantine), "reasons": reasons}
        notes = [*notes, Note("rows_quarantined", values)]
    return Divisions(
        frame=frame.loc[good, ["code", "name", "parent_code", "level"]].reset_index(drop=True),
        quarantine=quarantine,
        changes={
            old: row.listed
            for row in frame[good].itertuples()
            for old in _old_codes(row.old, row.listed).values()
            if old is not None
        },
        notes=tuple(notes),
        source=table.source,
        rows_read=len(frame),
    )
