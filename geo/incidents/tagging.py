"""Groups of classes, and tags: what lies across classes and is never a total beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.errors import ColumnError
from geo.health.moments import FOREVER, MISSING, moment, moments
from geo.incidents.columns import UNKNOWN, coded
from geo.incidents.rows import counted_at

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tables:
    """
    The editable tables that rows are read with.

    Parameters
    ----------
    classes
        `kind`, `class`, `group`; a blank kind is any. None: nothing has a group.
    tags
        `tag`, `class` and, where a set has versions, `since` and `until`: the day from which on the
        line holds, and the day from which on it does no more. None: only the rows' own tags.
    slots
        `slot`, `start`, `end`; None for `geo.incidents.slots.usual_slots`.
    """

    classes: pd.DataFrame | None = None
    tags: pd.DataFrame | None = None
    slots: pd.DataFrame | None = None


def groups_of(incidents: pd.DataFrame, classes: pd.DataFrame | None) -> tuple[Ints, list[str]]:
    """
    Find the group of the class of each row.

    Parameters
    ----------
    incidents
        n rows; `kind` and `class` are read where present.
    classes
        As `Tables.classes`; of lines that repeat a class the last holds.

    Returns
    -------
    code, groups
        n places in the groups; `UNKNOWN` for a class that the table does not list.

    Raises
    ------
    ColumnError
        When the table lacks a column.
    """
    kind, kinds = coded(incidents, "kind")
    name, names = coded(incidents, "class")
    group: dict[tuple[str, str], str] = {}
    if classes is not None:
        _require(classes, "classes", ("class", "group"))
        columns = [_words(classes, column) for column in ("kind", "class", "group")]
        group = {(of, called): to for of, called, to in zip(*columns, strict=True)}
    words = sorted({*group.values(), UNKNOWN})
    place = {word: number for number, word in enumerate(words)}
    table = np.array(
        [
            [place[group.get((of, to), group.get((UNKNOWN, to), UNKNOWN))] for to in names]
            for of in kinds
        ],
        dtype=np.int64,
    )
    return table[kind, name], words


def tagged(incidents: pd.DataFrame, tags: pd.DataFrame | None) -> tuple[Ints, Ints, list[str]]:
    """
    Find the tags of rows: those of their class at the time, and their own.

    Parameters
    ----------
    incidents
        n rows; `class`, `tags` (words with a semicolon between) and what `counted_at` reads.
    tags
        As `Tables.tags`. A row is tagged by the lines that hold on the day it counts; where that
        is unknown, by those without an end.

    Returns
    -------
    row, code, words
        k pairs, each once: a row and the place of one of its tags in the words. A row may have
        several tags or none.

    Raises
    ------
    ColumnError
        When the table lacks a column.
    InvalidParameterError
        When a day of it is none.
    """
    own, cells = coded(incidents, "tags")
    each = [_parted(cell) for cell in cells]
    found = {word for parted in each for word in parted}
    lines = [] if tags is None else _lines(tags)
    words = sorted(found | {line[0] for line in lines})
    place = {word: number for number, word in enumerate(words)}
    rows: list[Ints] = []
    codes: list[Ints] = []
    for number, parted in enumerate(each):
        if parted:
            met = np.flatnonzero(own == number)
            for word in parted:
                rows.append(met)
                codes.append(np.full(len(met), place[word]))
    if lines:
        name, names = coded(incidents, "class")
        at = counted_at(incidents).to_numpy(dtype="datetime64[us]").astype(np.int64)
        at = np.where(at == MISSING, FOREVER - 1, at)
        of_class = {word: number for number, word in enumerate(names)}
        for tag, called, since, until in lines:
            met = np.flatnonzero((name == of_class.get(called, -1)) & (at >= since) & (at < until))
            rows.append(met)
            codes.append(np.full(len(met), place[tag]))
    if not rows:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), words
    pairs = np.unique(np.concatenate(rows) * max(len(words), 1) + np.concatenate(codes))
    return pairs // len(words), pairs % len(words), words


def held_on(tags: pd.DataFrame | None, day: dt.date) -> pd.DataFrame | None:
    """
    Take the lines of a tag set that hold on one day, without their days.

    Two periods are compared under one definition, or the change would be one of the table.

    Parameters
    ----------
    tags
        As `Tables.tags`.
    day
        A date.

    Returns
    -------
    tags
        The lines that hold then, for whatever day a row counts.
    """
    if tags is None:
        return None
    at = moment(str(day), "day")
    since, until = _days(tags)
    return tags[(since <= at) & (at < until)].drop(columns=["since", "until"], errors="ignore")


def _lines(tags: pd.DataFrame) -> list[tuple[str, str, int, int]]:
    """Read a tag set: tag, class, and from when to when the line holds, in microseconds."""
    _require(tags, "tags", ("tag", "class"))
    columns = [*(_words(tags, name) for name in ("tag", "class")), *(map(list, _days(tags)))]
    return [
        (tag, name, int(since), int(until))
        for tag, called, since, until in zip(*columns, strict=True)
        for name in _parted(called)
    ]


def _days(tags: pd.DataFrame) -> tuple[Ints, Ints]:
    """Read from when to when lines hold, in microseconds; a blank day is open."""
    none = pd.Series(np.full(len(tags), None, dtype=object))
    since, until = (
        moments(tags[name] if name in tags.columns else none, f"tags.{name}")
        for name in ("since", "until")
    )
    return since, np.where(until == MISSING, FOREVER, until)


def _words(table: pd.DataFrame, column: str) -> list[str]:
    """Return a column of a table as words; blank cells are `UNKNOWN`."""
    code, words = coded(table, column)
    return [words[number] for number in code]


def _parted(cell: str) -> list[str]:
    """Split words with a semicolon between."""
    parted = cell.replace("；", ";").split(";")
    return [word.strip() for word in parted if word.strip() and word.strip() != UNKNOWN]


def _require(table: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    """Refuse a table that lacks a column."""
    missing: list[Any] = [column for column in columns if column not in table.columns]
    if missing:
        raise ColumnError(
            f"{name}: no column {', '.join(missing)} among {', '.join(map(str, table.columns))}; "
            f"take the table that `gridpatrol template {name}` writes"
        )
