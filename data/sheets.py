"""
Tables without places: found by their heads, nothing personal in them, no row lost.

What a layer is to a map, a sheet is to a ledger: counts of volunteers, states and faults of
cameras. Numbers, times and ids; a column about persons is left out by its head.
"""

from collections.abc import Callable, Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import geopandas as gpd
import numpy as np
import pandas as pd

from data.access import access_columns, access_heads, without_access
from data.columns import plain
from data.errors import ColumnError, FormatError
from data.files import Layer, split_spec
from data.notes import Note
from data.personal import masked, personal_heads, personal_values
from data.shapes import Faults, Mask
from data.tables import BOOK_SUFFIXES, CSV_SUFFIXES, Table, read_book, read_csv
from data.values import in_words

Heads = Mapping[str, tuple[str, ...]]
"""Our column -> heads accepted for it, the likelier first; the second is how refusals call it."""

READERS: Final[dict[str, Callable[[Path, str | None, AbstractSet[str]], Table]]] = {
    **dict.fromkeys(CSV_SUFFIXES, read_csv),
    **dict.fromkeys(BOOK_SUFFIXES, read_book),
}
"""End of a file's name -> what reads it."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """
    A table whose columns were found, before its cells are made into values.

    Parameters
    ----------
    kind
        What its layer is called.
    table
        Where the cells are from.
    cells
        Our column -> n cells as the file has them, personal numbers masked.
    heads
        Our column -> the head that it was taken from.
    notes
        What was found, left out, masked and chosen.
    """

    kind: str
    table: Table
    cells: Mapping[str, pd.Series]
    heads: Mapping[str, str]
    notes: tuple[Note, ...]

    @classmethod
    def read(
        cls,
        spec: str | Path,
        kind: str,
        heads: Heads,
        *,
        needed: AbstractSet[str],
        refusal: str,
        ids: Collection[str] = (),
        counted: Collection[str] = (),
    ) -> Self:
        """
        Read a CSV file or a workbook, and find our columns in it.

        Parameters
        ----------
        spec
            `FILE` or `FILE:SHEET`.
        kind
            What the layer is called; for devices, how they are reached is left out too.
        heads
            Our columns, each with its heads.
        needed
            Columns that it must have.
        refusal
            The sentence for a table that lacks one: of `file`, `names` and `heads`.
        ids
            Columns of ids: masked, they would be none, so that they are only told of.
        counted
            Columns of counts: words in them may be names, and nothing of such a cell stays.

        Returns
        -------
        sheet
            The columns that are there.

        Raises
        ------
        MissingFileError
            When there is no such file.
        LayerError
            When a workbook has several sheets and none is named.
        FormatError
            When the file is no table or cannot be read.
        ColumnError
            When a column that is needed is not there; heads about persons are not repeated.
        """
        table = _read_table(spec, heads)
        persons = personal_heads(table.heads)
        closed = access_heads(table.heads, kind)
        taken, chosen = _taken(table, heads, persons | closed)
        # What is barred may leave its place to another head, which has to be looked at too.
        while more := access_columns(table, kind, taken):
            closed |= more
            taken, chosen = _taken(table, heads, persons | closed)
        table, notes = without_access(table, kind, taken.values(), closed)
        if persons:
            names = [table.heads[position] for position in sorted(persons)]
            notes.append(Note("personal_dropped", {"names": names}))
        cells = {}
        for ours, position in taken.items():
            cells[ours], found = _without_persons(table, position, ours, ids, counted)
            notes += found
        barred = persons | closed
        missing = [aliases[1] for ours, aliases in heads.items() if ours in needed - taken.keys()]
        if missing:
            kept = [head for i, head in enumerate(table.heads) if i not in barred]
            raise ColumnError(refusal, file=table.source, names=missing, heads=kept)
        used = barred | set(taken.values())
        unused = [head for i, head in enumerate(table.heads) if head and i not in used]
        if unused:
            chosen.append(Note("columns_ignored", {"count": len(unused), "names": unused}))
        named = {ours: table.heads[position] for ours, position in taken.items()}
        return cls(kind, table, cells, named, (*table.notes, *notes, *chosen))

    def layer(self, values: pd.DataFrame, faults: Faults, notes: Collection[Note]) -> Layer:
        """
        Part the rows that can be used from those set aside.

        Parameters
        ----------
        values
            n rows of our columns.
        faults
            Why rows cannot be used.
        notes
            What was found among the values; said after what was found while reading.

        Returns
        -------
        layer
            Every row, in `frame` or in `quarantine`, without any place.
        """
        good, table = faults.good, self.table
        aside = values[~good].reset_index(drop=True)
        aside.insert(0, "row", table.rows[~good])
        aside.insert(1, "reason", faults.reason[~good])
        aside.insert(2, "detail", faults.detail[~good])
        aside["geometry"] = None
        closing = []
        if not len(values):
            closing.append(Note("empty_layer", {"file": table.source}))
        if len(aside):
            reasons = aside["reason"].value_counts().to_dict()
            said = {"total": len(values), "count": len(aside), "reasons": reasons}
            closing.append(Note("rows_quarantined", said))
        kept = values[good].reset_index(drop=True)
        return Layer(
            kind=self.kind,
            frame=gpd.GeoDataFrame(kept, geometry=[None] * len(kept), crs="EPSG:4326"),
            quarantine=aside,
            notes=(*self.notes, *notes, *closing),
            source=table.source,
            datum="wgs84",
            rows_read=len(values),
            rows=np.asarray(table.rows)[good].astype(np.int64),
            heads=self.heads,
        )


def _read_table(spec: str | Path, heads: Heads) -> Table:
    path, sheet = split_spec(spec)
    suffix = path.suffix.casefold()
    if suffix not in READERS:
        raise FormatError(
            "unknown_extension", file=path.name, extension=path.suffix, readable=list(READERS)
        )
    known = frozenset(plain(head) for aliases in heads.values() for head in aliases)
    return READERS[suffix](path, sheet, known)


def _taken(
    table: Table, heads: Heads, barred: AbstractSet[int]
) -> tuple[dict[str, int], list[Note]]:
    """Return where each of our columns stands, and which of several heads was taken."""
    compared = [None if i in barred else plain(head) for i, head in enumerate(table.heads)]
    taken: dict[str, int] = {}
    notes = []
    for ours, aliases in heads.items():
        wanted = dict.fromkeys(map(plain, aliases))
        fitting = [i for alias in wanted for i, head in enumerate(compared) if head == alias]
        fitting = [i for i in fitting if i not in taken.values()]
        if not fitting:
            continue
        taken[ours] = fitting[0]
        if len(fitting) > 1:
            named = [table.heads[i] for i in fitting]
            notes.append(Note("several_heads", {"ours": ours, "heads": named, "taken": named[0]}))
    return taken, notes


def _without_persons(
    table: Table, position: int, ours: str, ids: Collection[str], counted: Collection[str]
) -> tuple[pd.Series, list[Note]]:
    """Return the cells of a column without numbers of persons, and a note where there were any."""
    cells, head = table.columns[position], table.heads[position]
    hits: Mask = in_words(cells) if ours in counted else personal_values(cells, head)
    if not hits.any():
        return cells, []
    lines = table.rows[hits].tolist()
    named = {"column": head, "count": len(lines), "rows": lines}
    if ours in counted:
        return cells.mask(hits), [Note("count_in_words", named)]
    if ours in ids:
        return cells, [Note("personal_suspected", named)]
    return masked(cells, hits), [Note("personal_masked", named)]
