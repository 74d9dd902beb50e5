"""The mapped columns of a layer as values, row by row, and the ids of the rows."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.access import access_columns, access_heads, without_access
from data.codes import CLOSED_LISTS, COVERT_SIGNS
from data.columns import Matching, match_columns, plain
from data.device_ids import mark_device_ids
from data.grid_kinds import grid_remarks
from data.grid_sheets import mark_rows, require_columns
from data.headings import headings
from data.heads import ALIASES
from data.identifiers import identifiers
from data.incident_rows import INCIDENTS, READ_HERE, IncidentCells, mark_volunteers
from data.incident_times import TIMES
from data.limits import PEOPLE_COUNTED
from data.looks import fold_looks, fold_round_view
from data.notes import Note
from data.patrol_codes import TOLD_BY_ROW
from data.patrol_rows import mark_patrol_rows
from data.personal import (
    MASK,
    PERSONAL_SHARE,
    identity_values,
    masked,
    personal_heads,
    personal_share,
    personal_values,
)
from data.shapes import SHAPES, Faults, Mask
from data.tables import Table
from data.unlisted import mark_unlisted
from data.values import (
    LOCAL_ZONE,
    as_text,
    cleaned,
    in_words,
    texts,
    unread,
)

ID_COLUMNS: Final = {
    "streets": "street_id",
    "posts": "post_id",
    "cameras": "camera_id",
    "areas": "area_id",
    "tracks": "track_id",
    "incidents": "incident_id",
    "buildings": "building_id",
    "routes": "route_id",
    "key_sites": "site_id",
    "must_visit": "point_id",
    "addresses": "address_id",
    "gates": "gate_id",
    "walls": "wall_id",
    "entrances": "entrance_id",
    "school_needs": "need_id",
    "poles": "pole_id",
    "workers": "slot_id",
    "work": "work_id",
    "states": "state_id",
    "faults": "fault_id",
    "teams": "team_id",
    "segments": "segment_id",
    "units": "unit_id",
    "standby": "place_id",
    "duties": "duty_id",
    "roster": "roster_id",
    "checkins": "checkin_id",
    "stations": "station_id",
    "duty_units": "unit_id",
}
"""The column that identifies the rows, by kind of layer."""

CODE_COLUMNS: Final = ("parent_id", "area_code", "site_id", "unit_id", "point_id", "place_id")
"""Columns of codes that belong to other rows: the parent of an area, the area of a place, the key
site of an entrance, the unit of a fix, the point of a check-in, the place of a duty."""

AHEAD: Final = dt.timedelta(days=1)
"""How far ahead a time may lie: clocks and zones differ."""

HAPPENED: Final = {
    "tracks": dt.timedelta(hours=1),
    "checkins": dt.timedelta(hours=1),
    "duty_units": dt.timedelta(hours=1),
}
"""Kinds whose time is when something happened, so that it cannot lie ahead -> how far it may
all the same. Receivers have the time from satellites: what is hours ahead is of another zone."""

WRITTEN: Final = dt.datetime(2026, 11, 22)  # noqa: DTZ001 - local, as the times it is held against
"""A day that had come when this was written."""

TOLD_OTHERWISE: Final = frozenset({"value_unreadable", "code_unknown"})
"""Notes about cells that are not said where the rows themselves are set aside for them."""

GROUPED: Final = frozenset({"tracks"})
"""Kinds whose id may repeat: many fixes make one track."""


def match_without_persons(
    table: Table, kind: str, columns: Mapping[str, str]
) -> tuple[Table, Matching, list[Note]]:
    """
    Match the columns of a table, those about persons left out by their heads or contents.

    What is left of personal numbers within the text of a kept column is masked here, before
    anything is read or quoted. An id stays: masked, it would be no id. Where people are counted,
    words may be their names: they count as personal, and nothing of such a cell stays.

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
    table
        The same table, personal numbers masked.
    matching
        Which column is which of ours.
    notes
        What was left out, masked, suspected, chosen and not used.

    Raises
    ------
    ColumnError
        When `columns` names a column that is not ours or a head that is not there.
    """
    if not table.heads and len(table.rows) == 0:
        return table, Matching({}, {}, ()), []
    closed = access_heads(table.heads, kind)
    barred = personal_heads(table.heads) | closed
    matching = _match(table, kind, columns, barred)
    suspects: dict[int, Mask] = {}
    counts = _counts(table, kind, columns)
    places = set(matching.places.values())
    for position in set(range(len(table.heads))) - barred - {matching.places.get("geometry")}:
        values, head = table.columns[position], table.heads[position]
        # Numbers that hold the place are no telephones, whatever their length.
        if position in places and pd.api.types.is_numeric_dtype(values):
            continue
        hits = personal_values(values, head)
        if position in counts:
            hits |= in_words(values)
        if position not in places and personal_share(hits, values) >= PERSONAL_SHARE:
            barred |= {position}
        elif hits.any():
            suspects[position] = hits
    matching = _match(table, kind, columns, barred)
    # What is barred may leave its place to another head, which has to be looked at too.
    while more := access_columns(table, kind, matching.columns):
        closed, barred = closed | more, barred | more
        matching = _match(table, kind, columns, barred)
    table, notes = without_access(table, kind, matching.columns.values(), closed)
    if barred - closed:
        names = [table.heads[position] for position in sorted(barred - closed)]
        notes.append(Note("personal_dropped", {"names": names}))
    require_columns(table, matching, kind, barred)
    kept = set(suspects) & {*matching.columns.values(), *places}
    own_id = matching.columns.get(ID_COLUMNS[kind])
    cells, found = _masked(table, {i: suspects[i] for i in sorted(kept)}, own_id, counts)
    return replace(table, columns=cells), matching, [*notes, *found, *matching.notes]


def values_by_row(
    table: Table, matching: Matching, kind: str, faults: Faults, *, as_found: bool = False
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
    as_found
        Whether ids may repeat, as an audit wants to see.

    Returns
    -------
    values
        n rows: the id and the mapped columns, in the order of the file contract.
    notes
        Cells that could not be used, and how the rows got their ids.
    """
    id_column = ID_COLUMNS[kind]
    values, notes = _read_columns(table, matching, kind, faults)
    if kind == "posts":
        notes += _fold_visibility(values, table.rows)
    mark_unlisted(values, table, matching, kind, faults)
    mark_rows(values, table, matching, kind, faults)
    mark_volunteers(values, kind, faults)
    notes += mark_patrol_rows(values, table, matching, kind, faults)
    own, grouped = values.pop(id_column, None), as_found or kind in GROUPED
    ids, found = _row_ids(own, table, matching, kind, faults, grouped=grouped)
    ordered = {ours: values[ours] for ours in ALIASES[kind] if ours in values}
    columns = {id_column: ids, **ordered}
    frame = pd.DataFrame(columns, index=range(len(table.rows)))
    if kind == "areas" and not found:
        notes += grid_remarks(frame, faults, table.rows)
    return frame, [*notes, *found]


def _read_columns(
    table: Table, matching: Matching, kind: str, faults: Faults
) -> tuple[dict[str, pd.Series], list[Note]]:
    """Return our column -> n values, and which cells could not be used."""
    values: dict[str, pd.Series] = {}
    looks: dict[str, pd.DataFrame] = {}
    notes: list[Note] = []
    incidents = IncidentCells(table, matching) if kind == INCIDENTS else None
    for ours, position in matching.columns.items():
        cells, head = table.columns[position], table.heads[position]
        if incidents is not None and ours in READ_HERE:
            values[ours], found = incidents.read(ours)
        elif ours == ID_COLUMNS[kind]:
            values[ours], found = _read_ids(cells, head, table, kind, faults)
        elif ours in CODE_COLUMNS:
            ids, lost = identifiers(cells, typed=table.typed)
            kept = ids.mask(lost)
            # Elsewhere a code is compared with ids as the files have them: text or number.
            values[ours] = kept if ours == "parent_id" else kept.map(as_text).astype(object)
            found = unread("value_unreadable", cells, ~lost, table.rows, column=head)
        elif ours in ("azimuth_deg", "headings"):
            looks[ours], found = headings(cells, head, table.rows)
        else:
            values[ours], found = cleaned(ours, cells, head, kind, table.rows)
            # What no row keeps as it came is said of the rows, in the quarantine.
            if (kind, ours) in CLOSED_LISTS or (kind, ours) in TOLD_BY_ROW:
                found = [note for note in found if note.code not in TOLD_OTHERWISE]
            if ours == "time" and kind in HAPPENED:
                mark_ahead(values[ours], faults, HAPPENED[kind])
        notes += found
    if incidents is not None:
        notes += incidents.settle(values, faults)
        for ours in [name for name in TIMES if name in values]:
            mark_ahead(values[ours], faults)
    fold_looks(values, looks)
    return values, [*notes, *fold_round_view(values, looks)]


def _read_ids(
    cells: pd.Series, head: str, table: Table, kind: str, faults: Faults
) -> tuple[pd.Series, list[Note]]:
    """Return the ids of the rows; those that lost digits or are of persons are marked."""
    ids, lost = identifiers(cells, typed=table.typed)
    persons = identity_values(cells)
    _mark_lost(lost, cells, faults)
    notes = []
    if kind == "cameras":
        notes = mark_device_ids(ids.mask(lost | persons), head, table.rows, faults)
    faults.mark(persons, "id_personal", lambda rows: [MASK] * len(rows))
    return ids.mask(persons), notes


def _counts(table: Table, kind: str, columns: Mapping[str, str]) -> set[int]:
    """Return the positions of all heads that may give a count of people, taken or not yet."""
    wanted = PEOPLE_COUNTED & set(ALIASES[kind])
    heads = {plain(head) for ours in wanted for head in ALIASES[kind][ours]}
    heads |= {plain(theirs) for ours, theirs in columns.items() if ours in wanted}
    return {position for position, head in enumerate(table.heads) if plain(head) in heads}


def _masked(
    table: Table, suspects: Mapping[int, Mask], own_id: int | None, counts: AbstractSet[int]
) -> tuple[tuple[pd.Series, ...], list[Note]]:
    """Mask what is personal in kept columns; words among counts of people go whole."""
    cells, notes = list(table.columns), []
    for position, hits in suspects.items():
        lines = table.rows[hits].tolist()
        named = {"column": table.heads[position], "count": len(lines), "rows": lines}
        if position == own_id:
            notes.append(Note("personal_suspected", named))
        elif position in counts:
            notes.append(Note("count_in_words", named))
            cells[position] = cells[position].mask(hits)
        else:
            notes.append(Note("personal_masked", named))
            cells[position] = masked(cells[position], hits)
    return tuple(cells), notes


def _match(table: Table, kind: str, columns: Mapping[str, str], barred: frozenset[int]) -> Matching:
    # Rows that only name their area have no place, whatever columns of coordinates are called.
    has_geometry = table.wkb is not None or not SHAPES[kind]
    return match_columns(
        table.heads,
        kind,
        columns=columns,
        barred=barred,
        has_geometry=has_geometry,
        file=table.source,
    )


def mark_ahead(times: pd.Series, faults: Faults, slack: dt.timedelta = AHEAD) -> None:
    """
    Set aside what is said to have happened later than now.

    Parameters
    ----------
    times
        n local times; numbers alone are none.
    faults
        Faults of the n rows; reasons are added here.
    slack
        How far ahead a time may lie all the same.
    """
    if not pd.api.types.is_datetime64_dtype(times):
        return
    # A clock that stands before this version was written is wrong, and would refuse every row.
    now = max(dt.datetime.now(ZoneInfo(LOCAL_ZONE)).replace(tzinfo=None), WRITTEN)
    ahead = (times > now + slack).to_numpy(dtype=bool)
    faults.mark(ahead, "time_ahead", lambda rows: [str(t) for t in times.iloc[rows]])


def _mark_lost(lost: Mask, cells: pd.Series, faults: Faults) -> None:
    faults.overrule(lost, "id_lost_digits", lambda rows: [str(t) for t in texts(cells.iloc[rows])])


def _fold_visibility(values: dict[str, pd.Series], rows: NDArray[np.int64]) -> list[Note]:
    """Say of every post if it is overt or covert, as soon as the file says so of any."""
    hinted = np.zeros(len(rows), dtype=bool)
    for ours in ("kind", "name"):
        for sign in COVERT_SIGNS if ours in values else ():
            hinted |= np.array([sign in (text or "") for text in texts(values[ours])], dtype=bool)
    said = values.get("visibility")
    if said is None:
        if not hinted.any():
            return []
        said = pd.Series(None, index=range(len(rows)), dtype=object)
    blank = said.isna().to_numpy(dtype=bool)
    hinted &= blank
    values["visibility"] = said.astype(object).mask(blank, "overt").mask(hinted, "covert")
    lines = rows[hinted].tolist()
    return [Note("covert_by_name", {"count": len(lines), "rows": lines})] if lines else []


def _row_ids(
    ids: pd.Series | None,
    table: Table,
    matching: Matching,
    kind: str,
    faults: Faults,
    *,
    grouped: bool,
) -> tuple[pd.Series, list[Note]]:
    """
    Return the ids of the file if they identify the good rows, else the number of each row from 0.

    The number is that of the row in the file, so that mending a bad row renumbers no other.
    """
    total = len(table.rows)
    numbered = pd.Series(np.arange(total, dtype=np.int64))
    if ids is None:
        # Counts have no ids: what they are of tells them apart.
        said = total and ID_COLUMNS[kind] in ALIASES[kind]
        return numbered, [Note("id_none", {"total": total})] if said else []
    good = ids[faults.good]
    missing = int(good.isna().sum())
    position = matching.columns.get(ID_COLUMNS[kind])
    # Fixes may be named by their units alone.
    head = "" if position is None else table.heads[position]
    named = {"column": head, "total": len(good)}
    if missing:
        return numbered, [Note("id_incomplete", {**named, "missing": missing})]
    if grouped or good.is_unique:
        return ids, []
    counts = {
        "distinct": int(good.nunique()),
        "surplus": int(good.duplicated().sum()),
        "sharing": int(good.duplicated(keep=False).sum()),
    }
    return numbered, [Note("id_repeats", {**named, **counts})]
