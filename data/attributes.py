"""The mapped columns of a layer as values, row by row, and the ids of the rows."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from data.columns import Matching, match_columns
from data.notes import Note
from data.personal import PERSONAL_SHARE, personal_heads, personal_share, personal_values
from data.shapes import Faults, Mask
from data.tables import Table
from data.values import cleaned, identifiers, texts, unread

ID_COLUMNS: Final = {
    "streets": "street_id",
    "posts": "post_id",
    "cameras": "camera_id",
    "areas": "area_id",
    "tracks": "track_id",
    "incidents": "incident_id",
    "buildings": "building_id",
}
"""The column that identifies the rows, by kind of layer."""

GROUPED: Final = frozenset({"tracks"})
"""Kinds whose id may repeat: many fixes make one track."""


def match_without_persons(
    table: Table, kind: str, columns: Mapping[str, str]
) -> tuple[Matching, list[Note]]:
    """
    Match the columns of a table, those about persons left out by their heads or contents.

    Parameters
    ----------
    table
        n rows as the file has them.
    kind
        Kind of layer.
    columns
        Our column -> head to take for it; a column about persons is not even taken so.

    Returns
    -------
    matching
        Which column is which of ours.
    notes
        What was left out, suspected, chosen and not used.

    Raises
    ------
    ColumnError
        When `columns` names a column that is not ours or a head that is not there.
    """
    if not table.heads and len(table.rows) == 0:
        return Matching({}, {}, ()), []
    barred = personal_heads(table.heads)
    matching = _match(table, kind, columns, barred)
    suspects: dict[int, Mask] = {}
    for position in set(range(len(table.heads))) - barred - set(matching.places.values()):
        values, head = table.columns[position], table.heads[position]
        hits = personal_values(values, head)
        if personal_share(hits, values) >= PERSONAL_SHARE:
            barred |= {position}
        elif hits.any():
            suspects[position] = hits
    matching = _match(table, kind, columns, barred)
    notes = []
    if barred:
        names = [table.heads[position] for position in sorted(barred)]
        notes.append(Note("personal_dropped", {"names": names}))
    for position in sorted(set(suspects) & set(matching.columns.values())):
        lines = table.rows[suspects[position]].tolist()
        named = {"column": table.heads[position], "count": len(lines), "rows": lines}
        notes.append(Note("personal_suspected", named))
    return matching, [*notes, *matching.notes]


def values_by_row(
    table: Table, matching: Matching, kind: str, faults: Faults
) -> tuple[pd.DataFrame, list[Note]]:
    """
    Make values of every mapped column, for good and bad rows alike.

    Parameters
    ----------
    table
        n rows as the file has them.
    matching
        Which column is which of ours.
    kind
        Kind of layer.
    faults
        Faults of the n rows; ids that lost digits are added here.

    Returns
    -------
    values
        n rows: the id and the mapped columns, in the order of the file contract.
    notes
        Cells that could not be used, and how the rows got their ids.
    """
    id_column = ID_COLUMNS[kind]
    values: dict[str, pd.Series] = {}
    notes: list[Note] = []
    for ours, position in matching.columns.items():
        cells, head = table.columns[position], table.heads[position]
        if ours in (id_column, "parent_id"):
            ids, lost = identifiers(cells, typed=table.typed)
            values[ours] = ids
            if ours == id_column:
                _mark_lost(lost, cells, faults)
            else:
                values[ours] = ids.mask(lost)
                notes += unread("value_unreadable", cells, ~lost, table.rows, column=head)
        else:
            values[ours], found = cleaned(ours, cells, head, kind, table.rows)
            notes += found
    notes += _fold_round_view(values)
    ids, found = _row_ids(values.pop(id_column, None), table, matching, kind, faults)
    columns = {id_column: ids, **values}
    return pd.DataFrame(columns, index=range(len(table.rows))), [*notes, *found]


def _match(table: Table, kind: str, columns: Mapping[str, str], barred: frozenset[int]) -> Matching:
    has_geometry = table.wkb is not None
    return match_columns(
        table.heads,
        kind,
        columns=columns,
        barred=barred,
        has_geometry=has_geometry,
        file=table.source,
    )


def _mark_lost(lost: Mask, cells: pd.Series, faults: Faults) -> None:
    faults.mark(lost, "id_lost_digits", lambda rows: [str(t) for t in texts(cells.iloc[rows])])


def _fold_round_view(values: dict[str, pd.Series]) -> list[Note]:
    """Turn the mark of OpenStreetMap extracts for cameras that see all round into their kind."""
    round_view = values.pop("round_view", None)
    if round_view is None or not round_view.any():
        return []
    seen = round_view.fillna(value=False).to_numpy(dtype=bool)
    kinds = values.get("kind", pd.Series(None, index=round_view.index, dtype=object))
    values["kind"] = kinds.astype(object).mask(seen, "panoramic")
    return [Note("kind_round_view", {"count": int(seen.sum())})]


def _row_ids(
    ids: pd.Series | None, table: Table, matching: Matching, kind: str, faults: Faults
) -> tuple[pd.Series, list[Note]]:
    """
    Return the ids of the file if they identify the good rows, else the number of each row from 0.

    The number is that of the row in the file, so that mending a bad row renumbers no other.
    """
    total = len(table.rows)
    numbered = pd.Series(np.arange(total, dtype=np.int64))
    if ids is None:
        return numbered, [Note("id_none", {"total": total})] if total else []
    good = ids[faults.good]
    missing = int(good.isna().sum())
    head = table.heads[matching.columns[ID_COLUMNS[kind]]]
    named = {"column": head, "total": len(good)}
    if missing:
        return numbered, [Note("id_incomplete", {**named, "missing": missing})]
    if kind in GROUPED or good.is_unique:
        return ids, []
    counts = {
        "distinct": int(good.nunique()),
        "surplus": int(good.duplicated().sum()),
        "sharing": int(good.duplicated(keep=False).sum()),
    }
    return numbered, [Note("id_repeats", {**named, **counts})]
