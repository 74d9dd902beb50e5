"""Positions go after some weeks, and what was patrolled stays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from pydantic import ValidationError

from api.settings import Settings
from data.errors import ColumnError, ForbiddenError, KindError, NotFoundError, StoreError
from data.fixes import import_fixes
from data.positions import Span, positions
from data.results import keep_results, results
from data.retention import KEEP_DAYS, MOST_KEEP_DAYS, Purged, purge_positions
from data.runs import rows_set_aside
from data.scope import Scope
from data.viewing import views
from tests.data.patrol_rows import COUNTY, NEXT_COUNTY, NIGHT, fixes_of, put_fixes, put_units

if TYPE_CHECKING:
    from data.store import Store

DAY_S = 86_400
MIDNIGHT = dt.datetime.combine(NIGHT.date(), dt.time())
SPAN = (MIDNIGHT, MIDNIGHT + dt.timedelta(days=2))
"""The day of the fixes, and the next."""

TRACKS = pd.DataFrame({"unit_id": ["U1"], "track_id": ["U1"]})


def after(days: int) -> dt.date:
    """Return the day so long after that of the fixes."""
    return NIGHT.date() + dt.timedelta(days=days)


def done_of(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return what was done, each as told or like the others."""
    usual = {
        "kind": "segment", "id": "D1", "unit_id": "U1", "track_id": "U1", "entered": NIGHT,
        "left": NIGHT + dt.timedelta(minutes=5), "dwell_s": None, "share": 0.85,
        "certainty": "certain", "mode": "foot", "driven_through": False,
    }  # fmt: skip
    return pd.DataFrame([usual | row for row in rows], columns=list(usual | (rows or [{}])[0]))


def left(store: Store) -> int:
    """Return how many fixes are stored."""
    return len(positions(store))


def test_a_fix_goes_once_its_results_are_kept_and_not_a_day_before(store: Store) -> None:
    """Thirty days after its own, by the clock passed in."""
    put_units(store, "U1")
    put_fixes(store, "U1", [0, 10, DAY_S])
    assert keep_results(store, done_of({}), tracks=TRACKS, span=SPAN) == 1
    assert purge_positions(store, after(30)) == Purged(0, 0, 0, 0)
    assert purge_positions(store, after(31)) == Purged(2, 0, 0, 0)
    assert positions(store)["time"].tolist() == [NIGHT + dt.timedelta(days=1)]
    assert purge_positions(store, after(31)) == Purged(0, 0, 0, 0)
    assert purge_positions(store, after(7), 5) == Purged(1, 0, 0, 0)
    assert results(store)["id"].tolist() == ["D1"]


def test_what_nobody_looked_at_waits_but_never_beyond_ninety_days(store: Store) -> None:
    """The promise stands above the results."""
    put_units(store, "U1", "U2")
    put_fixes(store, "U1", [0, 10])
    put_fixes(store, "U2", [0])
    keep_results(store, done_of(), tracks=TRACKS.assign(unit_id="U2", track_id="U2"), span=SPAN)
    assert purge_positions(store, after(40)) == Purged(1, 0, 2, 0)
    assert purge_positions(store, after(90), 90) == Purged(0, 0, 0, 0)
    assert purge_positions(store, after(90), 40) == Purged(0, 0, 2, 0)
    assert purge_positions(store, after(91), 90) == Purged(2, 2, 0, 0)
    assert left(store) == 0


def test_fixes_that_come_later_wait_for_results_of_their_own(store: Store) -> None:
    """Those after them too; those before were looked at."""
    put_units(store, "U1")
    put_fixes(store, "U1", [0, 20])
    keep_results(store, done_of({}), tracks=TRACKS, span=SPAN)
    put_fixes(store, "U1", [10])
    assert purge_positions(store, after(40)) == Purged(1, 0, 2, 0)
    keep_results(store, done_of({}), tracks=TRACKS, span=SPAN)
    assert purge_positions(store, after(40)) == Purged(2, 0, 0, 0)


def test_a_time_that_was_passed_over_keeps_its_fixes(store: Store) -> None:
    """Results of the second day say nothing of the first; then both are known."""
    put_units(store, "U1")
    put_fixes(store, "U1", [0, DAY_S])
    second = (SPAN[0] + dt.timedelta(days=1), SPAN[1])
    keep_results(store, done_of(), tracks=TRACKS, span=second)
    assert purge_positions(store, after(60)) == Purged(0, 0, 2, 0)
    keep_results(store, done_of(), tracks=TRACKS, span=(SPAN[0], second[0]))
    keep_results(store, done_of(), tracks=TRACKS, span=second)
    assert purge_positions(store, after(60)) == Purged(2, 0, 0, 0)


def test_results_come_back_as_they_were_kept(store: Store) -> None:
    """Points and segments; the day is that of the shift where it is told."""
    put_units(store, "U1")
    morning = NIGHT + dt.timedelta(hours=5)
    rows = [
        {"date": NIGHT.date(), "shift_id": "S1", "driven_through": True},
        {"kind": "point", "id": 7, "entered": morning, "left": morning + dt.timedelta(minutes=3),
         "dwell_s": 180.5, "share": None, "certainty": "probable", "track_id": None,
         "date": None, "shift_id": None},
    ]  # fmt: skip
    keep_results(store, done_of(*rows), tracks=TRACKS, span=SPAN)
    found = results(store)
    assert found.columns.tolist() == [
        "kind", "id", "unit_id", "track_id", "shift_id", "date", "entered", "left", "dwell_s",
        "share", "certainty", "mode", "driven_through",
    ]  # fmt: skip
    segment, point = found.to_dict("records")
    assert (segment["share"], segment["date"], segment["shift_id"]) == (0.85, NIGHT.date(), "S1")
    assert segment["driven_through"] is True
    assert (segment["track_id"], point["track_id"]) == ("U1", "")
    assert (point["id"], point["dwell_s"], point["certainty"]) == ("7", 180.5, "probable")
    assert (point["date"], point["entered"]) == (morning.date(), pd.Timestamp(morning))
    assert pd.isna(point["share"])
    day = (SPAN[0], SPAN[0] + dt.timedelta(days=1))
    assert results(store, span=day)["id"].tolist() == ["D1"]
    assert results(store, units=["U9"]).empty


def test_looking_again_replaces_what_was_found_before_and_nothing_else(store: Store) -> None:
    """Of the same tracks and time; a row twice is one row."""
    put_units(store, "U1", "U2")
    other = done_of({"unit_id": "U2", "track_id": "U2"})
    keep_results(store, other, tracks=TRACKS.assign(unit_id="U2", track_id="U2"), span=SPAN)
    later = NIGHT + dt.timedelta(days=3)
    late = (SPAN[1], SPAN[1] + dt.timedelta(days=9))
    keep_results(store, done_of({"id": "D9", "entered": later}), tracks=TRACKS, span=late)
    keep_results(store, done_of({}, {"id": "D2"}), tracks=TRACKS, span=SPAN)
    keep_results(store, done_of({}, {}), tracks=TRACKS, span=SPAN)
    found = results(store)
    assert sorted(zip(found["unit_id"], found["id"], strict=True)) == [
        ("U1", "D1"), ("U1", "D9"), ("U2", "D1"),
    ]  # fmt: skip
    assert keep_results(store, done_of({"entered": later}), tracks=TRACKS, span=SPAN) == 0
    assert sorted(results(store)["id"]) == ["D1", "D9"]


def test_tracks_of_units_are_told_apart_on_the_way_there_and_back(store: Store) -> None:
    """Receivers call their tracks 0: it is the track of its unit."""
    put_units(store, "U1", "U2")
    for unit in ("U1", "U2"):
        put_fixes(store, unit, [0], track="0")
    tracks = positions(store)[["unit_id", "track_id"]]
    assert tracks["track_id"].tolist() == ["U1/0", "U2/0"]
    done = done_of({"track_id": "U1/0"})
    keep_results(store, done, tracks=tracks.iloc[:1], span=SPAN)
    assert results(store)["track_id"].tolist() == ["U1/0"]
    assert purge_positions(store, after(40)) == Purged(1, 0, 1, 0)
    assert positions(store)["unit_id"].tolist() == ["U2"]


def test_the_quarantine_of_old_tracks_goes_too(store: Store) -> None:
    """It holds places; the import itself is remembered."""
    put_units(store, "U1")
    layer = fixes_of("U1", [0])
    aside = pd.DataFrame({"row": [3], "reason": ["no_time"], "detail": [""], "unit_id": ["U1"],
                          "geometry": ["POINT (109 32)"]})  # fmt: skip
    object.__setattr__(layer, "quarantine", aside)
    import_id = import_fixes(store, layer).import_id
    today = dt.datetime.now(tz=dt.UTC).date()
    assert purge_positions(store, today + dt.timedelta(days=29)).set_aside == 0
    assert len(rows_set_aside(store, import_id)) == 1
    assert purge_positions(store, today + dt.timedelta(days=33)).set_aside == 1
    assert rows_set_aside(store, import_id).empty


def test_only_what_a_scope_covers_is_deleted(store: Store) -> None:
    """And whoever may not write, or not know, deletes nothing."""
    put_units(store, "U1")
    put_units(store, "U2", division=NEXT_COUNTY)
    put_fixes(store, "U1", [0])
    put_fixes(store, "U2", [0])
    assert purge_positions(store.scoped(Scope(NEXT_COUNTY)), after(99)).deleted == 1
    assert positions(store)["unit_id"].tolist() == ["U1"]
    refused = (
        (Scope(COUNTY, rights=frozenset()), "read only"),
        (Scope(COUNTY, frozenset({"governance"})), "police's line"),
    )
    for scope, said in refused:
        narrow = store.scoped(scope)
        with pytest.raises(ForbiddenError, match=said):
            purge_positions(narrow, after(99))
        with pytest.raises(ForbiddenError, match=said):
            keep_results(narrow, done_of({}), tracks=TRACKS, span=SPAN)
    with pytest.raises(ForbiddenError, match="police's line"):
        results(store.scoped(refused[1][0]))
    assert left(store) == 1


@pytest.mark.parametrize("days", [0, -1, 91])
def test_positions_are_kept_for_one_to_ninety_days(days: int, store: Store) -> None:
    """In the settings, and wherever else somebody asks."""
    with pytest.raises(StoreError, match=f"{days} is too long or no number of days"):
        purge_positions(store, after(0), days)
    with pytest.raises(ValidationError):
        Settings(positions_keep_days=days)
    assert Settings().positions_keep_days == KEEP_DAYS == 30
    assert Settings(positions_keep_days=MOST_KEEP_DAYS).positions_keep_days == 90


def test_results_that_cannot_be_kept_are_refused(store: Store) -> None:
    """What was done must be said, by a unit that is stored."""
    put_units(store, "U1")
    with pytest.raises(KindError, match=r"kind of row 1 is 'grid'.*use one of point, segment"):
        keep_results(store, done_of({}, {"kind": "grid"}), tracks=TRACKS, span=SPAN)
    with pytest.raises(ColumnError, match="no column entered; it has: kind, id"):
        keep_results(store, done_of({}).drop(columns="entered"), tracks=TRACKS, span=SPAN)
    with pytest.raises(NotFoundError, match="patrol units: there is no row X9"):
        keep_results(store, done_of({"unit_id": "X9"}), tracks=TRACKS, span=SPAN)
    assert results(store).empty


def test_whoever_looks_at_results_leaves_a_trace(store: Store) -> None:
    """They tell where a unit was, too."""
    put_units(store, "U1")
    keep_results(store, done_of({}), tracks=TRACKS, span=SPAN)
    results(store.scoped(Scope(COUNTY, rights=frozenset(), name="reader")))
    assert [(view.who, view.what, view.rows_seen) for view in views(store).views] == [
        ("reader", "results", 1)
    ]
    assert positions(store, Span(units=["U1"])).empty
