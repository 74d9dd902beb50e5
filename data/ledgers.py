"""Ledgers in the store: tables without places, whose rows are known again by what they are of."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from data.errors import ColumnError
from data.files import Layer, read_layer
from data.grid_sheets import WORK
from data.states import FAULTS, STATES, read_faults, read_states

LEDGER_KEYS: Final[dict[str, tuple[str, ...]]] = {
    STATES: ("camera_id", "time"),
    FAULTS: ("camera_id", "fault_at"),
    WORK: ("area_code", "month", "kind"),
    "roster": ("unit_id", "date", "shift"),
    "checkins": ("point_id", "unit_id", "time"),
}
"""Ledger -> the columns that make a row of it: with the same ones it is the same row, corrected."""

LAST_COUNTS: Final = frozenset({STATES})
"""Ledgers in which two rows of one file with the same key are one, as the later says: a camera has
one state at a time, but may have two faults."""

LEDGER_READERS: Final[Mapping[str, Callable[[str | Path], Layer]]] = {
    STATES: read_states,
    FAULTS: read_faults,
}
"""Ledger -> what reads it."""


def read_stored(
    spec: str | Path,
    kind: str,
    *,
    datum: str | None = None,
    crs: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Layer:
    """
    Read a file of any kind that is stored: a layer by its places, a ledger without.

    Parameters
    ----------
    spec
        A file, or `FILE:LAYER`.
    kind
        A key of `data.models.LAYERS`.
    datum, crs, columns
        As in `read_layer`; a ledger takes none of them.

    Returns
    -------
    layer
        Good rows, quarantine and notes.

    Raises
    ------
    DataError
        As `read_layer`, or as the reader of the ledger.
    ColumnError
        When a ledger is to be read with a datum, a CRS or columns.
    """
    if kind not in LEDGER_READERS:
        return read_layer(spec, kind, datum=datum, crs=crs, columns=columns)
    given = {"datum": datum, "crs": crs, "columns": columns}
    names = [name for name, value in given.items() if value]
    if names:
        raise ColumnError("not_of_ledgers", kind=kind, names=names)
    return LEDGER_READERS[kind](spec)


def ledger_key(kind: str, row: Mapping[str, Any]) -> str:
    """
    Return what a row of a ledger is known again by.

    Parameters
    ----------
    kind
        A key of `LEDGER_KEYS`.
    row
        Column -> value.

    Returns
    -------
    key
        Of its key columns, alike on both engines.
    """
    said = (row.get(name) for name in LEDGER_KEYS[kind])
    return "|".join(
        each.isoformat() if isinstance(each, dt.datetime) else str(each) for each in said
    )
