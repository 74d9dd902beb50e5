"""A file before it is stored: what was read of it, and what storing it would change."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast

import geopandas as gpd
import pandas as pd
import shapely

from api.doubts import DATUM_DOUBTS, doubted
from api.errors import BadRequestError, UploadError
from api.uploads import Asked, Upload, Uploads
from data import Layer, Note
from data.fixes import TRACKS, import_fixes, settle_fixes
from data.importing import ImportReport, import_layer
from data.ledgers import LEDGER_KEYS, read_stored
from data.position_tables import POLICE
from data.scope import DEFAULT_LINES
from data.settling import settle
from data.shapes import SHAPES
from data.store import Store

FIRST: Final = 8
"""Rows of a file that are shown before it is stored."""

LONGEST_CELL: Final = 60
"""Characters of a cell that are shown."""

LEFT_OUT: Final = {"columns_ignored": "unused", "personal_dropped": "personal"}
"""Notes that name columns -> what the preview calls them."""

TOLD: Final = frozenset({*LEFT_OUT, "rows_quarantined"})
"""Notes that the preview tells in its own way."""

DOUBTS: Final = frozenset({*DATUM_DOUBTS, "personal_suspected"})
"""Notes that ask for a look before the rows are stored."""


@dataclass(frozen=True, eq=False)
class Preview:
    """
    What is known of a file before it is stored.

    Parameters
    ----------
    layer
        As read.
    asked
        How it was read, and where its rows are to go.
    would
        What storing it now would do.
    doubts
        What to check first.
    notes
        What else the reader says; the columns left out are named by `unused` and `personal`.
    """

    layer: Layer
    asked: Asked
    would: ImportReport
    doubts: tuple[Note, ...]
    notes: tuple[Note, ...]

    @property
    def line(self) -> str:
        """The line that the rows are to belong to."""
        if self.layer.kind == TRACKS:
            return POLICE
        return self.asked.line or DEFAULT_LINES[self.layer.kind]

    @property
    def reasons(self) -> dict[str, int]:
        """Reason -> rows set aside for it, the most frequent first."""
        return dict(Counter(self.layer.quarantine["reason"]).most_common())

    @property
    def unused(self) -> list[str]:
        """Heads that serve nothing."""
        return self._named("unused")

    @property
    def personal(self) -> list[str]:
        """Heads of columns that look like personal data, and are not stored."""
        return self._named("personal")

    def first(self) -> list[dict[str, str]]:
        """Return the first usable rows as text, without columns that are empty in them."""
        rows = self.layer.frame.head(FIRST)
        cells = {name: [_cell(value) for value in rows[name]] for name in rows.columns[:-1]}
        shown = {name: texts for name, texts in cells.items() if any(texts)}
        if self.layer.kind not in LEDGER_KEYS and SHAPES[self.layer.kind]:
            shown["geometry"] = _places(rows)
        return [dict(zip(shown, row, strict=True)) for row in zip(*shown.values(), strict=True)]

    def first_aside(self) -> list[dict[str, Any]]:
        """Return the first rows set aside: row, reason and value met."""
        rows = self.layer.quarantine.head(FIRST)
        return [
            {"row": int(row), "reason": reason, "detail": _cell(detail)}
            for row, reason, detail in zip(rows["row"], rows["reason"], rows["detail"], strict=True)
        ]

    def _named(self, what: str) -> list[str]:
        return [
            str(name)
            for note in self.layer.notes
            if LEFT_OUT.get(note.code) == what
            for name in cast("list[object]", dict(note.values)["names"])
        ]


def look_at(
    store: Store, uploads: Uploads, name: str, content: BinaryIO, asked: Asked
) -> tuple[str, Preview]:
    """
    Keep a file for a time, and work out what storing it would change; nothing is stored.

    Parameters
    ----------
    store
        Opened for a scope that may write.
    uploads
        Where files wait.
    name
        As the sender calls the file.
    content
        What it holds.
    asked
        How to read it.

    Returns
    -------
    key
        Under which the file waits.
    preview
        What was found.

    Raises
    ------
    ApiError
        When the file may not be kept.
    DataError
        When it cannot be read, or may not be stored there; it does not wait then.
    """
    key, upload = uploads.keep(name, content, asked, store.scope)
    try:
        layer = read(store, upload)
        would = _import(store, layer, asked, rehearse=True)
    except Exception:
        uploads.drop(key)
        raise
    said = [note for note in layer.notes if note.code not in TOLD]
    doubts = tuple(note for note in said if note.code in DOUBTS)
    notes = tuple(note for note in said if note.code not in DOUBTS)
    return key, Preview(layer, asked, would, doubts, notes)


def store_upload(store: Store, upload: Upload) -> int:
    """
    Store a file, all of it or nothing.

    Parameters
    ----------
    store
        Opened for a scope that may write.
    upload
        The file.

    Returns
    -------
    import_id
        The import, under which its report and its quarantine are kept.

    Raises
    ------
    DataError
        When the file cannot be read, or may not be stored there.
    """
    return _import(store, read(store, upload), upload.asked, rehearse=False).import_id


def read(store: Store, upload: Upload) -> Layer:
    """
    Read a file as it was asked, and hold its points against the stored streets.

    Parameters
    ----------
    store
        Opened for a scope.
    upload
        The file.

    Returns
    -------
    layer
        As it would be stored, with the doubts among its notes.

    Raises
    ------
    DataError
        When it cannot be read, or mixes two datums.
    """
    asked = upload.asked
    if not upload.file.is_file():
        # Others came in the meantime, and this one had to go.
        raise UploadError("no_upload")
    spec = upload.file if asked.layer is None else f"{upload.file}:{asked.layer}"
    layer = read_stored(spec, asked.kind, datum=asked.datum, crs=asked.crs, columns=asked.columns)
    layer = doubted(store, layer)
    if layer.kind == TRACKS:
        return settle_fixes(store, layer, unit=asked.unit, division=asked.division)
    return settle(store, layer, division=asked.division)


def columns_of(text: str, kind: str) -> dict[str, str]:
    """
    Read which head is meant for which of our columns.

    Parameters
    ----------
    text
        One `ours=theirs` a line, also as the command line has it: `posts.lon=theirs`.
    kind
        The layer.

    Returns
    -------
    columns
        For `read_stored`.

    Raises
    ------
    BadRequestError
        When a line is of another form.
    """
    columns = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        ours, _, theirs = (part.strip() for part in line.partition("="))
        if not ours or not theirs:
            raise BadRequestError("bad_value", name="columns", met=line, wanted="ours=theirs")
        columns[ours.removeprefix(f"{kind}.")] = theirs
    return columns


def _import(store: Store, layer: Layer, asked: Asked, *, rehearse: bool) -> ImportReport:
    division = asked.division
    if layer.kind == TRACKS:
        return import_fixes(store, layer, division=division, rehearse=rehearse)
    return import_layer(store, layer, division=division, line=asked.line, rehearse=rehearse)


def _cell(value: Any) -> str:  # noqa: ANN401 - a cell
    text = "" if pd.isna(value) else str(value)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _places(rows: gpd.GeoDataFrame) -> list[str]:
    """Write where rows are: longitude and latitude of points, the middle of others."""
    middle = shapely.centroid(rows.geometry.to_numpy())
    return [
        f"{x:.6f}, {y:.6f}"
        for x, y in zip(shapely.get_x(middle), shapely.get_y(middle), strict=True)
    ]
