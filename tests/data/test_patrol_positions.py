"""Fixes are stored once, by unit; volunteers have none; who looks leaves a trace."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from data.engine import reading
from data.errors import ColumnError, ForbiddenError, KindError
from data.fixes import import_fixes
from data.positions import Span, positions
from data.runs import past_imports, rows_set_aside
from data.scope import Scope
from data.viewing import views
from tests.data.patrol_rows import COUNTY, NEXT_COUNTY, NIGHT, fixes_of, put_fixes, put_units
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from data.store import Store


def counted(report: object) -> tuple[int, ...]:
    """Return added, changed, unchanged, duplicates and set aside."""
    names = ("added", "changed", "unchanged", "duplicates", "set_aside")
    return tuple(getattr(report, name) for name in names)


def seconds(store: Store, **span: object) -> list[float]:
    """Return when the stored fixes are, in seconds from the beginning."""
    found = positions(store, Span(**span))["time"]  # type: ignore[arg-type]
    return ((found - NIGHT) / dt.timedelta(seconds=1)).tolist()


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    """And what was stored comes back as it was, with what is not known."""
    put_units(store, "U1")
    layer = fixes_of("U1", [0, 10, 20.25], accuracy_m=[8.0, None, 3.5])
    assert counted(import_fixes(store, layer)) == (3, 0, 0, 0, 0)
    assert counted(import_fixes(store, layer)) == (0, 0, 3, 0, 0)
    found = positions(store)
    assert found.crs == "EPSG:4326"
    assert found["unit_id"].tolist() == found["track_id"].tolist() == ["U1"] * 3
    assert found["time"].tolist() == layer.frame["time"].tolist()
    assert found["accuracy_m"].isna().tolist() == [False, True, False]
    assert found["accuracy_m"].tolist()[::2] == [8.0, 3.5]
    assert shapely.equals_exact(found.geometry.to_numpy(), layer.frame.geometry.to_numpy(), 0).all()
    assert len(past_imports(store).runs) == 2


def test_files_that_overlap_make_a_union(store: Store) -> None:
    """Of each track by itself; and the last place of a moment counts."""
    put_units(store, "U1", "U2")
    put_fixes(store, "U1", [0, 10, 20])
    assert counted(put_fixes(store, "U1", [10, 20, 30])) == (1, 2, 0, 0, 0)
    assert counted(put_fixes(store, "U2", [10])) == (1, 0, 0, 0, 0)
    assert counted(put_fixes(store, "U1", [10], track="other")) == (1, 0, 0, 0, 0)
    assert seconds(store, units=["U1"]) == [0, 10, 20, 30, 10]
    moved = put_fixes(store, "U1", [30], lon=109.5, accuracy_m=[2.0])
    assert counted(moved) == (0, 1, 0, 0, 0)
    surer = put_fixes(store, "U1", [30], lon=109.5, accuracy_m=[1.5])
    assert counted(surer) == (0, 1, 0, 0, 0)
    found = positions(store, Span(units=["U1"], box=(109.4, 31, 109.6, 33)))
    assert found[["track_id", "accuracy_m"]].to_numpy().tolist() == [["U1", 1.5]]


def test_one_moment_twice_in_a_file_is_kept_once(store: Store) -> None:
    """The first one; and it is said."""
    put_units(store, "U1")
    assert counted(put_fixes(store, "U1", [0, 0, 5, 0])) == (2, 0, 0, 2, 0)
    (run,) = past_imports(store).runs
    assert [note["code"] for note in run.notes] == ["fixes_repeated"]
    assert positions(store).geometry.y.tolist() == [32.0, 32.00002]


def test_volunteers_have_no_tracks(store: Store) -> None:
    """Not in the table, not in the quarantine: neither place nor time is anywhere in the store."""
    put_units(store, "U1")
    put_units(store, "V1", force="volunteer")
    good, bad = fixes_of("U1", [0, 10]), fixes_of("V1", [0, 10], lon=109.123456)
    frame = pd.concat([bad.frame, good.frame], ignore_index=True)
    aside = pd.DataFrame(
        {"row": [9, 10], "reason": ["no_time", "time_ahead"], "detail": ["109.123456", "later"],
         "unit_id": ["V1", "U1"], "time": [None, "2027-05-01"],
         "geometry": ["POINT (109.123456 32)", "POINT (109 32)"]}
    )  # fmt: skip
    layer = replace(
        good, frame=frame, rows=pd.RangeIndex(4).to_numpy(), quarantine=aside, rows_read=6
    )
    report = import_fixes(store, layer)
    assert counted(report) == (2, 0, 0, 0, 4)
    assert set(positions(store)["unit_id"]) == {"U1"}
    kept = rows_set_aside(store, report.import_id)
    assert kept[["row", "reason", "detail"]].to_numpy().tolist() == [
        [0, "volunteer_track", "V1"], [1, "volunteer_track", "V1"], [9, "volunteer_track", "V1"],
        [10, "time_ahead", "later"],
    ]  # fmt: skip
    mine = kept[kept["unit_id"] == "V1"]
    assert mine.drop(columns=["row", "reason", "detail", "unit_id"]).isna().all(axis=None)
    with reading(store.engine) as session:
        every = session.execute(text('SELECT "values", detail FROM quarantined_row')).all()
        notes = session.execute(text("SELECT notes FROM import_run")).all()
    told = json.dumps([[str(cell) for cell in row] for row in (*every, *notes)])
    assert "109.123456" not in told
    assert "volunteers have no tracks" in told


def test_fixes_of_units_that_nobody_listed_are_not_stored(store: Store) -> None:
    """Who they are is not known, so that nothing but the id of the unit is set aside."""
    put_units(store, "U1")
    report = put_fixes(store, "X9", [0, 10])
    assert counted(report) == (0, 0, 0, 0, 2)
    kept = rows_set_aside(store, report.import_id)
    assert set(kept["reason"]) == {"unit_unknown"}
    assert kept["geometry"].isna().all()
    assert positions(store).empty
    assert counted(import_fixes(store, fixes_of(None, [0]))) == (0, 0, 0, 0, 1)
    report = import_fixes(store, fixes_of(None, [0, 10], track="0"), unit="U1")
    assert counted(report) == (2, 0, 0, 0, 0)
    assert positions(store)[["unit_id", "track_id"]].to_numpy().tolist() == [["U1", "U1/0"]] * 2


def test_a_unit_of_several_divisions_is_the_one_of_the_division_said(store: Store) -> None:
    """Nobody guesses between them; and each division sees its own."""
    put_units(store, "U1")
    put_units(store, "U1", division=NEXT_COUNTY)
    assert counted(put_fixes(store, "U1", [0])) == (0, 0, 0, 0, 1)
    for division, count in ((COUNTY, 2), (NEXT_COUNTY, 3)):
        layer = fixes_of("U1", range(count))
        assert import_fixes(store, layer, division=division).added == count
        assert len(positions(store.scoped(Scope(division)))) == count
    found = positions(store)
    assert len(found) == 5
    assert found.groupby("division").size().to_dict() == {COUNTY: 2, NEXT_COUNTY: 3}


def test_an_import_is_told_to_those_who_may_know_of_all_its_units(store: Store) -> None:
    """A bad row of the next county is in its quarantine, though no fix of it was stored."""
    put_units(store, "U1")
    put_units(store, "U2", division=NEXT_COUNTY)
    aside = pd.DataFrame({"row": [3], "reason": ["no_time"], "detail": [""], "unit_id": ["U2"],
                          "geometry": ["POINT (109 32)"]})  # fmt: skip
    layer = replace(fixes_of("U1", [0]), quarantine=aside, rows_read=2)
    assert counted(import_fixes(store, layer)) == (1, 0, 0, 0, 1)
    assert past_imports(store.scoped(Scope(COUNTY))).runs == []
    assert len(past_imports(store).runs) == 1


def test_lines_are_no_fixes_and_fixes_need_times(store: Store) -> None:
    """A drawn line says when nothing was where."""
    put_units(store, "U1")
    layer = fixes_of("U1", [0, 10])
    line = [*layer.frame.geometry.tolist()[:1], shapely.LineString([(109, 32), (109.1, 32)])]
    mixed = replace(layer, frame=layer.frame.set_geometry(line, crs="EPSG:4326"))
    report = import_fixes(store, mixed)
    assert counted(report) == (1, 0, 0, 0, 1)
    assert rows_set_aside(store, report.import_id)["reason"].tolist() == ["wrong_kind"]
    for frame in (layer.frame.drop(columns="time"), layer.frame.assign(time=[0.5, 1.5])):
        with pytest.raises(ColumnError, match="have no times"):
            import_fixes(store, replace(layer, frame=frame))
    with pytest.raises(KindError, match="unknown kind of layer 'posts'"):
        import_fixes(store, layer_of("posts", []))
    empty = replace(layer, frame=layer.frame.iloc[:0], rows=layer.rows[:0], rows_read=0)
    assert counted(import_fixes(store, empty)) == (0, 0, 0, 0, 0)


def test_a_grid_office_sees_no_position_and_stores_none(store: Store) -> None:
    """Nor does another county; what it may not see it may not write."""
    put_units(store, "U1")
    put_fixes(store, "U1", [0])
    office = store.scoped(Scope(COUNTY, frozenset({"governance", "public"}), name="office"))
    for ask in (lambda: positions(office), lambda: put_fixes(office, "U1", [5])):
        with pytest.raises(ForbiddenError, match="for the police's line; this access sees gov"):
            ask()
    assert positions(store.scoped(Scope(NEXT_COUNTY))).empty
    readers = store.scoped(Scope(COUNTY, rights=frozenset()))
    assert len(positions(readers)) == 1
    with pytest.raises(ForbiddenError, match="read only"):
        put_fixes(readers, "U1", [5])
    assert counted(put_fixes(store.scoped(Scope(NEXT_COUNTY)), "U1", [5])) == (0, 0, 0, 0, 1)
    assert seconds(store) == [0]


def test_whoever_looks_at_positions_leaves_a_trace(store: Store) -> None:
    """Also without the right to covert posts; whoever is refused saw nothing."""
    put_units(store, "U1")
    put_fixes(store, "U1", [0, 10])
    positions(store.scoped(Scope(COUNTY, rights=frozenset(), name="reader")), Span(until=NIGHT))
    positions(store, Span(box=(109, 31, 110, 33)))
    seen = [(view.who, view.what, view.area, view.rows_seen) for view in views(store).views]
    assert sorted(seen) == [
        ("local", "positions", "109,31,110,33", 2), ("reader", "positions", None, 0),
    ]  # fmt: skip


def test_fixes_are_found_by_time_unit_and_box(store: Store) -> None:
    """The first moment counts, the last does not."""
    put_units(store, "U1", "U2")
    put_fixes(store, "U1", [0, 10, 20])
    put_fixes(store, "U2", [10], lon=109.5)
    at = [NIGHT + dt.timedelta(seconds=each) for each in (10, 20)]
    assert seconds(store, since=at[0], until=at[1]) == [10, 10]
    assert seconds(store, units=["U2"]) == [10]
    assert seconds(store, units=[]) == []
    assert seconds(store, box=(108.9, 31.9, 109.1, 32.1)) == [0, 10, 20]
