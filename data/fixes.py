"""
Storing fixes by unit, track and time, so that the same file twice changes nothing.

Volunteers have no tracks: of their fixes, and of those of units that nobody listed, neither place
nor time is kept, in the quarantine neither.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from data.bulk import add_rows
from data.clocks import TIME
from data.engine import writing
from data.errors import ColumnError, KindError
from data.files import Layer
from data.ids import new_ids
from data.importing import ImportReport, keep_run
from data.notes import Note
from data.patrol_codes import VOLUNTEER
from data.position_tables import POLICE, PositionFix, PositionTrack
from data.positions import FIX, KEY, columns_of, unit_divisions
from data.settling import RECOUNTED
from data.store import Store
from data.values import as_text
from data.writing import BATCH, hold, require_police, require_write

Mask = NDArray[np.bool_]

TRACKS: Final = "tracks"
"""What the reader calls a layer of fixes."""

LEFT_OUT: Final = {"volunteer_track": "volunteer_fixes", "unit_unknown": "unknown_unit_fixes"}
"""Why fixes are not stored -> the note that says how many of whom."""

TOLD: Final = ["row", "reason", "detail", "unit_id"]
"""What the quarantine keeps of fixes that may not be stored: no place and no time."""


def settle_fixes(
    store: Store, layer: Layer, *, unit: str | None = None, division: str = ""
) -> Layer:
    """
    Take out of a layer of tracks what may not be stored.

    Parameters
    ----------
    store
        Opened for the scope of whoever imports.
    layer
        What `read_layer` made of tracks; one that was settled comes back as it is.
    unit
        The unit of fixes that name none.
    division
        The division whose unit is meant where several have one of that code.

    Returns
    -------
    layer
        Fixes of volunteers, of units that are not stored and of no unit are set aside, without
        place and time.
    """
    return _parted(layer, unit, unit_divisions(store, _named(layer, unit), division))


def import_fixes(
    store: Store,
    layer: Layer,
    *,
    unit: str | None = None,
    division: str = "",
    rehearse: bool = False,
) -> ImportReport:
    """
    Store the fixes of a layer of tracks, all of them or nothing.

    A fix is known again by its unit, track and time: the same file twice changes nothing, files
    that overlap make a union, and the same moment at another place is corrected.

    Parameters
    ----------
    store
        Opened for a scope with the police's line that may write where the units are.
    layer
        What `read_layer` made of tracks: points with `time`; `unit_id`, `track_id` and `accuracy_m`
        where the file has them.
    unit
        The unit of fixes that name none, such as those of a receiver.
    division
        The division whose unit is meant where several have one of that code.
    rehearse
        Whether to stop before anything is written, for a look at what an import would do.

    Returns
    -------
    report
        The counts add up to the rows read; a rehearsal has the `import_id` 0. Fixes of
        volunteers, of units that are not stored and of no unit are set aside, without place and
        time.

    Raises
    ------
    ForbiddenError
        When the scope may not write, or not there, or does not see the police's line.
    KindError
        When the layer is none of tracks.
    ColumnError
        When its fixes have no times.
    """
    require_police(store)
    if layer.kind != TRACKS:
        raise KindError("unknown_kind", met=layer.kind, known=[TRACKS])
    frame = layer.frame
    if len(frame) and (
        "time" not in frame.columns or not pd.api.types.is_datetime64_dtype(frame["time"])
    ):
        raise ColumnError("no_fix_times", file=layer.source)
    units = unit_divisions(store, _named(layer, unit), division)
    layer = _parted(layer, unit, units)
    owner = {code: where for code, (where, _) in units.items()}
    said = division or store.scope.division
    # Of all units named: the quarantine and the notes tell of those without a good fix too.
    owners = sorted({(each, POLICE) for each in owner.values()} or {(said, POLICE)})
    for each in owners:
        require_write(store, *each)
    fixes = _fixes(layer.frame)
    repeated = fixes.duplicated(["unit_id", "track_id", "time"])
    if repeated.any():
        note = Note("fixes_repeated", {"count": int(repeated.sum())})
        layer = replace(layer, notes=(*layer.notes, note))
    fixes = fixes[~repeated].reset_index(drop=True)
    with writing(store.engine) as session:
        hold(session, PositionTrack)
        fixes["track"] = _track_ids(session, fixes, owner, store_new=not rehearse)
        new, other = _compared(session, fixes)
        counts = {
            "rows_read": layer.rows_read,
            "added": int(new.sum()),
            "changed": int(other.sum()),
            "unchanged": int((~new & ~other).sum()),
            "duplicates": int(repeated.sum()),
            "repeats": 0,
            "set_aside": len(layer.quarantine),
        }
        if rehearse:
            return ImportReport(import_id=0, **counts)
        import_id = keep_run(session, store, layer, owners, counts)
        fixes["import_id"] = import_id
        _write(session, fixes, new, other)
    return ImportReport(import_id=import_id, **counts)


def _named(layer: Layer, unit: str | None) -> set[str]:
    """Return the units that the rows of a layer name, good and bad."""
    some = (_with_units(rows, unit)["unit_id"] for rows in (layer.frame, layer.quarantine))
    return {code for codes in some for code in codes if code is not None}


def _parted(layer: Layer, unit: str | None, units: Mapping[str, tuple[str, str | None]]) -> Layer:
    """
    Take out of a layer what may not be stored.

    Whether a row was good or bad for its place, nothing but its unit stays of it then.
    """
    frame, aside = _with_units(layer.frame, unit), _with_units(layer.quarantine, unit)
    taken = [code for code, (_, force) in units.items() if force != VOLUNTEER]
    barred = ~frame["unit_id"].isin(taken).to_numpy(dtype=bool)
    lines = ~shapely.is_missing(frame.geometry.to_numpy()) & (frame.geom_type != "Point").to_numpy()
    kept = frame[~barred & ~lines]
    odd = frame[lines & ~barred]
    wrong = pd.DataFrame(odd.drop(columns="geometry")).assign(
        row=layer.rows[lines & ~barred],
        reason="wrong_kind",
        detail=odd.geom_type,
        geometry=odd.geometry.to_wkt(),
    )
    out = frame.loc[barred, ["unit_id"]].assign(row=layer.rows[barred])
    hidden = ~aside["unit_id"].isin(taken).to_numpy(dtype=bool)
    out = pd.concat([out, aside.loc[hidden, ["unit_id", "row"]]], ignore_index=True)
    force = [None if code not in units else units[code][1] for code in out["unit_id"]]
    out["reason"] = [
        "no_unit" if code is None else "volunteer_track" if said == VOLUNTEER else "unit_unknown"
        for code, said in zip(out["unit_id"], force, strict=True)
    ]
    out["detail"] = [code or "" for code in out["unit_id"]]
    quarantine = pd.concat([aside[~hidden], wrong, out[TOLD]], ignore_index=True)
    if "geometry" not in quarantine.columns:
        quarantine["geometry"] = None
    return replace(
        layer,
        frame=kept.reset_index(drop=True),
        rows=layer.rows[~barred & ~lines],
        quarantine=quarantine,
        notes=(*_recounted(layer, quarantine), *_left_out(out)),
    )


def _recounted(layer: Layer, quarantine: pd.DataFrame) -> list[Note]:
    """Return the notes of a layer, the rows set aside counted anew."""
    notes = [note for note in layer.notes if note.code not in (RECOUNTED, *LEFT_OUT.values())]
    if len(quarantine):
        said = {"total": layer.rows_read, "count": len(quarantine)}
        notes.append(Note(RECOUNTED, {**said, "reasons": dict(Counter(quarantine["reason"]))}))
    return notes


def _with_units(frame: Any, unit: str | None) -> Any:  # noqa: ANN401 - a frame, with places or not
    """Return rows whose units are texts, or None where they name none and none is meant."""
    given = frame["unit_id"] if "unit_id" in frame.columns else [None] * len(frame)
    codes = [as_text(code) or unit for code in given]
    return frame.assign(unit_id=pd.Series(codes, index=frame.index, dtype=object))


def _left_out(out: pd.DataFrame) -> list[Note]:
    """Say how many fixes of whom were not stored, and why."""
    notes = []
    for reason, code in LEFT_OUT.items():
        some = out[out["reason"] == reason]
        if len(some):
            units = sorted(some["unit_id"].unique())
            notes.append(Note(code, {"count": len(some), "units": units}))
    return notes


def _fixes(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return fixes as the table has them, their tracks and units still by name."""
    tracks = [as_text(track) for track in frame["track_id"]]
    units = frame["unit_id"].tolist()
    accuracy = frame["accuracy_m"] if "accuracy_m" in frame.columns else np.nan
    return pd.DataFrame(
        {
            "unit_id": pd.Series(units, dtype=object),
            "track_id": pd.Series(
                [track or unit for track, unit in zip(tracks, units, strict=True)], dtype=object
            ),
            "time": pd.Series(frame.get("time"), dtype=TIME),
            "lon": shapely.get_x(frame.geometry.to_numpy()),
            "lat": shapely.get_y(frame.geometry.to_numpy()),
            "accuracy_m": accuracy,
        },
        index=frame.index,
    )


def _track_ids(
    session: Session, fixes: pd.DataFrame, owner: Mapping[str, str], *, store_new: bool
) -> NDArray[np.int64]:
    """Return the number of the track of each fix; new tracks are stored, or -1 stands for them."""
    keys = list(zip(fixes["unit_id"], fixes["track_id"], strict=True))
    asked = select(
        PositionTrack.division, PositionTrack.unit_id, PositionTrack.track_id, PositionTrack.id
    ).where(PositionTrack.unit_id.in_(sorted(owner)))
    known = {
        (unit, track): number
        for division, unit, track, number in session.execute(asked)
        if owner[unit] == division
    }
    unmet = [key for key in dict.fromkeys(keys) if key not in known]
    if not store_new:
        return np.array([known.get(key, -1) for key in keys], dtype=np.int64)
    drawn = new_ids(session, PositionTrack, len(unmet))
    if unmet:
        rows = [
            {"id": number, "unit_id": unit, "track_id": track, "division": owner[unit]}
            for number, (unit, track) in zip(drawn, unmet, strict=True)
        ]
        session.execute(insert(PositionTrack), rows)
    known |= dict(zip(unmet, drawn, strict=True))
    return np.array([known[key] for key in keys], dtype=np.int64)


def _compared(session: Session, fixes: pd.DataFrame) -> tuple[Mask, Mask]:
    """Tell which fixes are new, and which are stored with another place or accuracy."""
    if fixes.empty:
        none = np.zeros(0, dtype=bool)
        return none, none
    asked = select(PositionFix.track, PositionFix.time, *(getattr(PositionFix, n) for n in FIX))
    asked = asked.where(
        PositionFix.time >= fixes["time"].min().to_pydatetime(),
        PositionFix.time <= fixes["time"].max().to_pydatetime(),
    )
    tracks = fixes["track"].unique().tolist()
    rows: list[Any] = []
    for start in range(0, len(tracks), BATCH):
        batch = tracks[start : start + BATCH]
        rows += session.execute(asked.where(PositionFix.track.in_(batch))).all()
    stored = columns_of(rows, [*KEY, *FIX])
    stored = stored.astype({"track": np.int64, "time": TIME, **dict.fromkeys(FIX, np.float64)})
    both = fixes[KEY].merge(stored, on=KEY, how="left", indicator=True)
    new = (both["_merge"] == "left_only").to_numpy(dtype=bool)
    given, had = (some[FIX].to_numpy(dtype=np.float64) for some in (fixes, both))
    same = ((given == had) | (np.isnan(given) & np.isnan(had))).all(axis=1)
    return new, ~new & ~same


def _write(session: Session, fixes: pd.DataFrame, new: Mask, other: Mask) -> None:
    """Store what is new and correct what is other; the results of their tracks end there."""
    table, tracks = cast("Table", PositionFix.__table__), cast("Table", PositionTrack.__table__)
    names = [*KEY, *FIX, "import_id"]
    # Track by track and in time, as the key has them: a large table is written page by page.
    added = fixes[new].sort_values(KEY)[names]
    add_rows(session, table, names, zip(*_cells(added).values(), strict=True))
    if other.any():
        mine = (table.c.track == bindparam("of_track")) & (table.c.time == bindparam("at"))
        named = ["of_track", "at", *FIX, "import_id"]
        rows = zip(*_cells(fixes.loc[other, names]).values(), strict=True)
        told = [dict(zip(named, row, strict=True)) for row in rows]
        session.execute(update(table).where(mine), told)
    first = fixes[new | other].groupby("track")["time"].min()
    stale = (tracks.c.id == bindparam("of_track")) & (tracks.c.results_until > bindparam("at"))
    ends = [{"of_track": int(track), "at": at.to_pydatetime()} for track, at in first.items()]
    if ends:
        session.execute(update(tracks).where(stale).values(results_until=bindparam("at")), ends)


def _cells(fixes: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the columns of fixes as both drivers take them."""
    cells = {name: fixes[name].tolist() for name in fixes.columns}
    cells["time"] = fixes["time"].to_numpy(dtype=TIME).astype(object).tolist()
    missing = fixes["accuracy_m"].isna().tolist()
    given = zip(cells["accuracy_m"], missing, strict=True)
    return cells | {"accuracy_m": [None if none else value for value, none in given]}
