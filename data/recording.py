"""The rows of a layer as their table takes them, and what each is known again by."""

import hashlib
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.addresses import compared_address
from data.attributes import ID_COLUMNS
from data.files import Layer
from data.grid_sheets import WORKERS
from data.ledgers import LAST_COUNTS, LEDGER_KEYS, ledger_key
from data.scope import LINES
from data.settling import said_divisions
from data.states import FAULTS
from data.store import Store, model_of
from data.writing import digest, identity_of, line_of, now_utc, place_columns
from geo.areas import areas_of_points
from geo.crs import working_crs

NUMBERED_IDS: Final = frozenset({"id_none", "id_incomplete", "id_repeats"})
"""Notes of the reader which say that the ids of a layer are only row numbers."""

KEEP_REPEATS: Final = frozenset({"incidents", FAULTS, WORKERS})
"""Layers whose equal rows are different matters: two thefts in one night, two faults at once, two
slots of a grid."""


def rows_of(
    store: Store, layer: Layer, division: str, line: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """
    Turn the frame of a layer into rows of its table, without ids and identities yet.

    Beside the rows stand the hashes of what the file itself says of them: what a row is known
    again by must not change when its address is found.
    """
    model = model_of(layer.kind)
    frame = layer.frame
    columns = model.__table__.columns
    cells = frame[[name for name in frame.columns if name in columns and name != "geometry"]]
    cells = cells.drop(columns="quality").astype(object)
    records = cells.where(cells.notna(), None).to_dict("records")
    # Every row has the same columns, so that one statement serves all: defaults are filled here.
    filled = {column.name: column.default.arg for column in columns if column.default}
    now = now_utc()
    rows, own = [], []
    shapes = np.asarray(frame.geometry.array)
    for record, code, wkb, place, row_division, quality, address in zip(
        records,
        _codes(layer, frame),
        shapely.to_wkb(shapes),
        place_columns(shapes, store.dialect),
        _divisions(store, layer, frame, division),
        frame["quality"],
        frame["address"] if "address" in frame.columns else [None] * len(frame),
        strict=True,
    ):
        said = {name: _scalar(value) for name, value in record.items()} | {"code": code}
        # An address is looked for, not kept: at the door of somebody it may tell of a person.
        told = said if address is None else said | {"address": _scalar(address)}
        content = digest(told, wkb)
        own.append(digest(told, None) if quality == "address" else content)
        if "compared" in columns:
            said["compared"] = compared_address(said.get("address"))
        rows.append(
            said
            | {name: value for name, value in filled.items() if said.get(name) is None}
            | {
                "division": row_division,
                "line": line_of(layer.kind, said, line),
                "source": layer.source,
                "source_datum": layer.datum,
                "quality": quality,
                "version": 1,
                "changed_at": now,
                "changed_by": store.scope.name,
                "content_hash": content,
            }
            | place
        )
    return rows, own


def _codes(layer: Layer, frame: gpd.GeoDataFrame) -> list[str | None]:
    """Return the ids of the rows as text; None where they are row numbers or there are none."""
    if layer.kind in LEDGER_KEYS or any(note.code in NUMBERED_IDS for note in layer.notes):
        return [None] * len(frame)
    return [None if pd.isna(code) else str(code) for code in frame[ID_COLUMNS[layer.kind]]]


def _divisions(store: Store, layer: Layer, frame: gpd.GeoDataFrame, division: str) -> list[str]:
    """Return the division of each row: of its grid code, of the area it lies in, or as said."""
    said = said_divisions(layer.kind, frame, division)
    # Not by the place of an address: a row found later would belong to another division, and be
    # another row.
    points = frame.geometry.where(frame["quality"] == "point")
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


def identified(
    store: Store, rows: list[dict[str, Any]], own: list[str], layer: Layer, division: str
) -> tuple[list[dict[str, Any]], dict[str, list[str]], int, int]:
    """
    Give every row its identity; leave out what an asset layer holds twice.

    Beside the rows stand the identities that they may have had before: as long as no area gave
    them another division than the one said, and until somebody made them another line's. The same
    file again must find them. Then duplicates and repeats.
    """
    keep = layer.kind in KEEP_REPEATS
    kept: dict[str, dict[str, Any]] = {}
    former: dict[str, list[str]] = {}
    before_that: dict[tuple[str, str], list[tuple[str, str]]] = {}
    repeats: dict[str, int] = {}
    duplicates = 0
    for row, told in zip(rows, own, strict=True):
        owner = (store, layer.kind, row["division"], row["line"])
        if row["code"] is not None:
            key = f"id:{row['code']}"
        else:
            if layer.kind in LEDGER_KEYS:
                content = ledger_key(layer.kind, row)
            else:
                source = layer.source if keep else ""
                content = hashlib.sha256((source + told).encode()).hexdigest()
            base = identity_of(*owner, content)
            number = repeats.get(base, 0)
            repeats[base] = number + 1
            key = f"{content}|{number if keep else 0}"
        identity = identity_of(*owner, key)
        if identity in kept:
            duplicates += 1
            if layer.kind not in LAST_COUNTS:
                continue
        kept[identity] = row | {"identity": identity}
        owners = before_that.get(owner[2:])
        if owners is None:
            owners = before_that[owner[2:]] = _former_owners(store, *owner[2:], division)
        former[identity] = [identity_of(store, layer.kind, *them, key) for them in owners]
    repeated = sum(number - 1 for number in repeats.values()) if keep else 0
    return list(kept.values()), former, duplicates, repeated


def _former_owners(store: Store, division: str, line: str, said: str) -> list[tuple[str, str]]:
    """Return whose a row may have been: of the division said, or of another line in scope."""
    return [
        (before, other)
        for before in dict.fromkeys((division, said))
        for other in LINES
        if (before, other) != (division, line) and store.scope.holds(before, other)
    ]


def _scalar(value: Any) -> Any:  # noqa: ANN401 - a cell
    """Return what both drivers take: Python's own numbers and times, None for what is missing."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value
