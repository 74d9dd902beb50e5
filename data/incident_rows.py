"""
Rows of incidents: what their cells say together, and which of them cannot be.

A count and its unit stand in one cell, an interval of time in another; a colour is of some kinds
alone. What a row says is kept or the row is set aside, but nothing is guessed.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.codes import CODES
from data.columns import Matching, plain
from data.incident_codes import COUNT_UNITS
from data.incident_times import TIMES, Cells, mark_times, part_times, settle_times
from data.limits import COUNT_BELOW
from data.notes import Note
from data.patrol_codes import VOLUNTEER
from data.personal import MASK
from data.quantities import Quantity, may_name, read_quantity
from data.scope import POLICE_INCIDENTS
from data.shapes import Faults
from data.tables import Table
from data.values import as_text, cleaned, texts, unread

INCIDENTS: Final = "incidents"
"""What the layer is called."""

READ_HERE: Final = frozenset({*TIMES, "count"})
"""Columns of incidents whose cells say more than one thing."""

UNIT_WORDS: Final = {word: code for code, words in COUNT_UNITS.items() for word in words.split()}
"""Measure word -> code of the unit."""


class IncidentCells:
    """
    What the cells of a file of incidents say, column by column, until all of them are read.

    Parameters
    ----------
    table
        n rows as the file has them.
    matching
        Which of its columns is which of ours.
    """

    def __init__(self, table: Table, matching: Matching) -> None:
        self._table = table
        self._matching = matching
        self._times: dict[str, Cells] = {}
        self._read: list[Quantity | None] = []

    def read(self, ours: str) -> tuple[pd.Series, list[Note]]:
        """
        Read one column.

        Parameters
        ----------
        ours
            One of `READ_HERE`.

        Returns
        -------
        values
            n values, missing where a cell is blank or cannot be read.
        notes
            Which cells could not be read; those of counts set their rows aside instead.
        """
        position = self._matching.columns[ours]
        cells, head = self._table.columns[position], self._table.heads[position]
        if ours == "count":
            return self._counts(cells), []
        parted = self._times[ours] = part_times(cells, ours)
        kept, notes = cleaned("time", parted.starts, head, INCIDENTS, self._table.rows)
        # What is quoted is what the file has, not what was made of it.
        told = [note for note in notes if note.code != "value_unreadable"]
        known = kept.notna().to_numpy(dtype=bool)
        return kept, [
            *told,
            *unread("value_unreadable", cells, known, self._table.rows, column=head),
        ]

    def settle(self, values: dict[str, pd.Series], faults: Faults) -> list[Note]:
        """
        Fit the columns together once all are read, and set aside the rows that cannot be.

        Parameters
        ----------
        values
            Our column -> n values; units, latest times and lower bounds are completed.
        faults
            Of the n rows; reasons are added here.

        Returns
        -------
        notes
            Days without a clock, and colours that were dropped.
        """
        _fold_class(values, self._table, self._matching)
        notes = settle_times(values, self._times, self._table.rows)
        mark_times(values, self._times, faults)
        if "count" in values:
            self._fold_units(values, faults)
        return [*notes, *_drop_colours(values, self._table.rows)]

    def _counts(self, cells: pd.Series) -> pd.Series:
        """Read numbers of matters; those too large for the store are none."""
        read = [None if text is None else read_quantity(text) for text in texts(cells)]
        self._read = [each if each and each.number < COUNT_BELOW else None for each in read]
        numbers = [pd.NA if each is None else each.number for each in self._read]
        return pd.Series(pd.array(numbers, dtype="Int64"), index=cells.index)

    def _fold_units(self, values: dict[str, pd.Series], faults: Faults) -> None:
        """Take units and lower bounds from the cells of counts, or from their head."""
        position = self._matching.columns["count"]
        met = texts(self._table.columns[position])
        lost = np.array([text is not None for text in met], dtype=bool)
        lost &= values["count"].isna().to_numpy(dtype=bool)
        # A name may stand among words; numbers and measure words alone are shown as they came.
        faults.mark(
            lost,
            "count_unreadable",
            lambda rows: [_shown(met[row]) for row in rows],
        )
        index = values["count"].index
        none = pd.Series(None, index=index, dtype=object)
        told = pd.Series([each and each.unit for each in self._read], index=index, dtype=object)
        said = values.get("count_unit", none).astype(object)
        other = (told.notna() & said.notna() & (told != said)).to_numpy(dtype=bool)
        faults.mark(
            other,
            "count_unit_other",
            lambda rows: [f"{met[row]} ≠ {as_text(said.iloc[row])}" for row in rows],
        )
        unit = said.where(said.notna(), told)
        by_head = _unit_of_head(self._table.heads[position])
        unit = unit.where(unit.notna() | values["count"].isna(), by_head)
        if unit.notna().any():
            values["count_unit"] = unit
        bound = pd.Series([bool(each and each.about) for each in self._read], index=index)
        if "about" in values:
            values["about"] = values["about"].fillna(False) | bound
        elif bound.any():
            values["about"] = bound.astype("boolean")


def _fold_class(values: dict[str, pd.Series], table: Table, matching: Matching) -> None:
    """Keep the class that a kind named (`盗窃案件` is a case) where the file has no class."""
    if "kind" not in values or "class" in values:
        return
    codes = CODES[INCIDENTS, "kind"]
    written = texts(table.columns[matching.columns["kind"]])
    classes = [
        text if text is not None and text != kind and plain(text) not in codes else None
        for text, kind in zip(written, values["kind"].tolist(), strict=True)
    ]
    if any(classes):
        values["class"] = pd.Series(classes, index=values["kind"].index)


def mark_volunteers(values: dict[str, pd.Series], kind: str, faults: Faults) -> None:
    """
    Set aside the positions of volunteers among units on duty, and units that are there twice.

    Parameters
    ----------
    values
        Our column -> n values.
    kind
        Kind of layer; others are left alone.
    faults
        Of the n rows; reasons are added here.
    """
    if kind != "duty_units":
        return
    if "force" in values:
        theirs = (values["force"] == VOLUNTEER).to_numpy(dtype=bool)
        faults.mark(theirs, "volunteer_track", lambda rows: [""] * len(rows))
    codes = values["unit_id"].astype(object)
    again = codes.where(faults.good).duplicated().to_numpy(dtype=bool) & codes.notna().to_numpy()
    faults.mark(again, "unit_twice", lambda rows: [as_text(codes.iloc[row]) or "" for row in rows])


def _drop_colours(values: dict[str, pd.Series], rows: NDArray[np.int64]) -> list[Note]:
    """Take the colours off police calls and cases, which have none, and say which they were."""
    if "colour" not in values or "kind" not in values:
        return []
    coloured = values["colour"].notna() & values["kind"].isin(list(POLICE_INCIDENTS))
    if not coloured.any():
        return []
    met = values["colour"][coloured]
    values["colour"] = values["colour"].astype(object).mask(coloured, None)
    lines = rows[coloured.to_numpy(dtype=bool)].tolist()
    counts = met.value_counts().sort_index().to_dict()
    return [Note("colour_dropped", {"count": len(lines), "reasons": counts, "rows": lines})]


def _unit_of_head(head: str) -> str | None:
    """Return the unit that the head of a count names: 件数, 数量(起)."""
    bare = plain(head)
    within = bare.removeprefix("数量(").removesuffix(")")
    return UNIT_WORDS.get(within, UNIT_WORDS.get(bare.removesuffix("数")))


def _shown(text: str | None) -> str:
    return MASK if text is None or may_name(text) else text
