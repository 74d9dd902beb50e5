"""Storing a whole layer at once: all of it or nothing, and the same file twice changes nothing."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from data.attributes import ID_COLUMNS
from data.engine import writing
from data.files import Layer
from data.models import ImportRun, QuarantinedRow
from data.scope import DEFAULT_LINES
from data.store import Store, model_of
from data.writing import (
    BATCH,
    digest,
    hold,
    identity_of,
    known_rows,
    line_of,
    now_utc,
    place_columns,
    require_write,
)
from geo.areas import areas_of_points
from geo.crs import working_crs

VILLAGE_DIGITS: Final = 12
"""Digits of a village's division code; a grid's goes on with its own."""

NUMBERED_IDS: Final = frozenset({"id_none", "id_incomplete", "id_repeats"})
"""Notes of the reader which say that the ids of a layer are only row numbers."""

PLACELESS: Final = frozenset({"no_geometry", "no_place", "empty"})
"""Reasons of the quarantine that mean: there is no place, and nothing else is wrong."""

KEEP_REPEATS: Final = frozenset({"incidents"})
"""Layers whose equal rows are different matters: two thefts in one night."""


@dataclass(frozen=True)
class ImportReport:
    """
    What became of the rows of one import.

    Parameters
    ----------
    import_id
        The import, under which its quarantine is kept.
    rows_read
        Rows in the file.
    added
        New rows.
    changed
        Rows that were there with other content.
    unchanged
        Rows that were there as they are.
    duplicates
        Rows equal to another of the file, left out (assets only).
    repeats
        Rows equal to another of the file, kept and counted (incidents).
    set_aside
        Rows in the quarantine.
    """

    import_id: int
    rows_read: int
    added: int
    changed: int
    unchanged: int
    duplicates: int
    repeats: int
    set_aside: int


def import_layer(
    store: Store, layer: Layer, *, division: str = "", line: str | None = None
) -> ImportReport:
    """
    Store a layer that was read, all of it or nothing.

    A row with an id replaces the row of that id; one without is known again by its source,
    content and the number of its repeat. So importing a file twice changes nothing.

    Parameters
    ----------
    store
        Opened for a scope that may write.
    layer
        Outcome of `read_layer`.
    division
        The division that the rows belong to; points inside a stored area get that of the area.
    line
        The line they belong to; None for that of `DEFAULT_LINES`. Police calls and cases are
        police-line rows whatever is said.

    Returns
    -------
    report
        The counts add up to the rows read.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or not there.
    KindError
        When the layer is none that is stored.
    """
    model = model_of(layer.kind)
    rows = _rows_of(store, layer, division, line or DEFAULT_LINES[layer.kind])
    for row_division, row_line in {(row["division"], row["line"]) for row in rows} or {
        (division, line or DEFAULT_LINES[layer.kind])
    }:
        require_write(store, row_division, row_line)
    rows, former, duplicates, repeats = _identified(store, rows, layer, division)
    with writing(store.engine) as session:
        hold(session, model)
        known = known_rows(session, model, [row["identity"] for row in rows])
        known |= known_rows(session, model, list(former.values()), source=layer.source)
        new, other = [], []
        for row in rows:
            identity = row["identity"]
            met = known.get(identity) or known.get(former.get(identity, ""))
            if met is None:
                new.append(row)
            elif met[1] != row["content_hash"]:
                other.append(row | {"row_id": met[0], "version": met[2] + 1})
        table = model.__table__
        for batch in _batches(new):
            _add(session, table, batch)
        for batch in _batches(other):
            session.execute(update(table).where(table.c.id == bindparam("row_id")), batch)
        counts = {
            "rows_read": layer.rows_read,
            "added": len(new),
            "changed": len(other),
            "unchanged": len(rows) - len(new) - len(other),
            "duplicates": duplicates,
            "repeats": repeats,
            "set_aside": layer.rows_read - len(rows) - duplicates,
        }
        run = ImportRun(
            kind=layer.kind,
            source=layer.source,
            division=division,
            line=line or DEFAULT_LINES[layer.kind],
            datum=layer.datum,
            made_at=now_utc(),
            made_by=store.scope.name,
            counts=counts,
            notes=[{"code": note.code, "text": note.text("zh")} for note in layer.notes],
        )
        session.add(run)
        session.flush()
        aside = layer.quarantine.drop(index=_placeless(layer).index)
        for batch in _batches(_quarantined(aside, run.id)):
            session.execute(insert(QuarantinedRow), batch)
        return ImportReport(import_id=run.id, **counts)


def _rows_of(store: Store, layer: Layer, division: str, line: str) -> list[dict[str, Any]]:
    """Turn the frame of a layer into rows of its table, without identities yet."""
    model = model_of(layer.kind)
    placeless = _placeless(layer)
    frame = layer.frame
    if len(placeless):
        frame = pd.concat([frame, placeless], ignore_index=True)
    columns = model.__table__.columns
    cells = frame[[name for name in frame.columns if name in columns and name != "geometry"]]
    cells = cells.astype(object)
    records = cells.where(cells.notna(), None).to_dict("records")
    # Every row has the same columns, so that one statement serves all: defaults are filled here.
    filled = {column.name: column.default.arg for column in columns if column.default}
    now = now_utc()
    rows = []
    shapes = np.asarray(frame.geometry.array)
    for record, code, wkb, place, row_division in zip(
        records,
        _codes(layer, frame),
        shapely.to_wkb(shapes),
        place_columns(shapes, store.dialect),
        _divisions(store, layer, frame, division),
        strict=True,
    ):
        said = {name: _scalar(value) for name, value in record.items()} | {"code": code}
        rows.append(
            said
            | {name: value for name, value in filled.items() if said.get(name) is None}
            | {
                "division": row_division,
                "line": line_of(layer.kind, said.get("kind"), line),
                "source": layer.source,
                "source_datum": layer.datum,
                "quality": _quality(wkb, said.get("area_code")),
                "version": 1,
                "changed_at": now,
                "changed_by": store.scope.name,
                "content_hash": digest(said, wkb),
            }
            | place
        )
    return rows


def _placeless(layer: Layer) -> gpd.GeoDataFrame:
    """Return the rows set aside only for want of a place that are kept without one."""
    aside = layer.quarantine
    kept = aside["reason"].isin(list(PLACELESS))
    if layer.kind not in KEEP_REPEATS:
        kept &= aside["area_code"].notna() if "area_code" in aside.columns else False
    rows = aside[kept].drop(columns=["row", "reason", "detail", "geometry"])
    return gpd.GeoDataFrame(rows, geometry=[None] * len(rows), crs=layer.frame.crs)


def _quality(place: bytes | None, area_code: str | None) -> str:
    """Tell how well the place of a row is known."""
    if place is not None:
        return "point"
    return "area" if area_code else "none"


def _codes(layer: Layer, frame: gpd.GeoDataFrame) -> list[str | None]:
    """Return the ids of the rows as text; None where they are only row numbers."""
    if any(note.code in NUMBERED_IDS for note in layer.notes):
        return [None] * len(frame)
    return [None if pd.isna(code) else str(code) for code in frame[ID_COLUMNS[layer.kind]]]


def _divisions(store: Store, layer: Layer, frame: gpd.GeoDataFrame, division: str) -> list[str]:
    """Return the division of each row: of its grid code, of the area it lies in, or as said."""
    coded = "area_id" if layer.kind == "areas" else "area_code"
    if coded in frame.columns:
        said = [_division_of(code) or division for code in frame[coded]]
    else:
        said = [division] * len(frame)
    points = frame.geometry
    if layer.kind == "areas" or not points.geom_type.isin(["Point", None]).all():
        return said
    areas = store.frame("areas")
    areas = areas[areas["division"] != ""]
    if areas.empty or points.is_empty.all() or points.isna().all():
        return said
    crs = working_crs(areas)
    found = areas_of_points(np.asarray(points.to_crs(crs).array), areas.to_crs(crs))
    known = areas["division"].to_numpy()
    return [known[area] if area >= 0 else before for area, before in zip(found, said, strict=True)]


def _division_of(code: Any) -> str:  # noqa: ANN401 - a cell
    """Return the 12 digits of the village that a grid or village code begins with, or ""."""
    text = "" if code is None else str(code)
    return text[:VILLAGE_DIGITS] if text.isdecimal() and len(text) >= VILLAGE_DIGITS else ""


def _identified(
    store: Store, rows: list[dict[str, Any]], layer: Layer, division: str
) -> tuple[list[dict[str, Any]], dict[str, str], int, int]:
    """
    Give every row its identity; leave out what an asset layer holds twice.

    Beside the rows stand the identities that they had before areas gave them another division
    than the one said: the same file again must find them. Then duplicates and repeats.
    """
    keep = layer.kind in KEEP_REPEATS
    kept: dict[str, dict[str, Any]] = {}
    former: dict[str, str] = {}
    repeats: dict[str, int] = {}
    duplicates = 0
    for row in rows:
        owner = (store, layer.kind, row["division"], row["line"])
        if row["code"] is not None:
            key = f"id:{row['code']}"
        else:
            source = layer.source if keep else ""
            digest = hashlib.sha256((source + row["content_hash"]).encode()).hexdigest()
            base = identity_of(*owner, digest)
            number = repeats.get(base, 0)
            repeats[base] = number + 1
            key = f"{digest}|{number if keep else 0}"
        identity = identity_of(*owner, key)
        if identity in kept:
            duplicates += 1
            continue
        kept[identity] = row | {"identity": identity}
        if row["division"] != division and store.scope.holds(division, row["line"]):
            former[identity] = identity_of(store, layer.kind, division, row["line"], key)
    repeated = sum(number - 1 for number in repeats.values()) if keep else 0
    return list(kept.values()), former, duplicates, repeated


def _add(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        session.execute(insert(table), rows)
        return
    # Three times as fast as statements, where GeoAlchemy2 turns every geometry into text.
    names = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in rows[0])
    driver = connection.connection.cursor()
    with driver.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            place = row["geometry"]
            copy.write_row([*(row | {"geometry": place and place.desc}).values()])


def _quarantined(quarantine: pd.DataFrame, import_id: int) -> list[dict[str, Any]]:
    """Return the rows set aside, their values as JSON."""
    values = quarantine.drop(columns=["row", "reason", "detail"])
    return [
        {
            "import_id": import_id,
            "row": int(row.row),
            "reason": row.reason,
            "detail": str(row.detail),
            "values": {name: None if pd.isna(v) else str(v) for name, v in record.items()},
        }
        for row, record in zip(quarantine.itertuples(), values.to_dict("records"), strict=True)
    ]


def _scalar(value: Any) -> Any:  # noqa: ANN401 - a cell
    """Return what both drivers take: Python's own numbers and times, None for what is missing."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
