"""Reading the store through a scope, on both engines."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

from data.arrays import BOOKKEEPING
from data.attributes import ID_COLUMNS
from data.errors import KindError, NotFoundError
from data.importing import import_layer
from data.models import LAYERS
from data.scope import Scope
from data.store import Query, Store
from data.validity import local_today
from data.writing import insert_row, update_row
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("ordered_ids")

TOWN, NEXT_TOWN = "610981100000", "610981101000"
VILLAGE = "610981100201"

SHAPES: dict[str, shapely.Geometry | None] = {
    "streets": shapely.MultiLineString([[(109, 32), (109.1, 32)], [(109.2, 32), (109.3, 32.1)]]),
    "buildings": shapely.box(109, 32, 109.1, 32.1),
    "areas": shapely.MultiPolygon([shapely.box(109, 32, 110, 33), shapely.box(111, 32, 112, 33)]),
    "posts": shapely.Point(109.123456789012, 32.987654321098),
    "cameras": shapely.Point(109.5, 32.5),
    "incidents": shapely.Point(109.5, 32.5),
    "routes": shapely.LineString([(109, 32), (109.1, 32), (109.1, 32.1)]),
    "key_sites": shapely.Point(109.5, 32.5),
    "must_visit": shapely.Point(109.5, 32.5),
    "addresses": shapely.Point(109.5, 32.5),
    "poles": shapely.Point(109.5, 32.5),
    "walls": shapely.LineString([(109, 32), (109.1, 32), (109.1, 32.1)]),
    "entrances": shapely.Point(109.5, 32.5),
    "states": None,
    "faults": None,
    "workers": None,
    "work": None,
    "segments": shapely.LineString([(109, 32), (109.1, 32), (109.1, 32.1)]),
    "standby": shapely.Point(109.5, 32.5),
    "checkins": shapely.Point(109.5, 32.5),
    "units": None,
    "duties": None,
    "roster": None,
    "stations": shapely.Point(109.5, 32.5),
}

VALUES: dict[str, dict[str, Any]] = {
    "streets": {
        "class": "residential", "oneway": "-1", "bridge": "yes", "tunnel": "no", "layer": "1",
        "width_m": 7.25,
    },
    "buildings": {"kind": "住宅", "height_m": 12.5, "households": 24},
    "areas": {
        "kind": "exclusive", "parent_id": "610981100201001", "risk": "high", "households": 320,
        "people": 1100, "setting": "rural",
    },
    "posts": {
        "kind": "fixed", "hours": "Mo-Su 07:00-22:00", "visibility": "covert",
        "mobility": "mobile", "channel": "online", "crew": "volunteer", "staff": 0, "tasks": 7,
        "hazards": 1, "duties": "patrol;information",
    },
    "cameras": {
        "kind": "multi_lens", "azimuth_deg": 359.75, "headings": "359.75;90", "fov_deg": 60.0,
        "range_m": 80.0, "height_m": 4.5, "tilt_deg": -15.0, "online": False,
        "vfov_deg": 40.25, "light": "infrared", "ir_range_m": 30.5, "pixels": 2560,
        "focal_mm": 2.8, "indoor": False,
        "unit": "城关派出所", "point_class": "class_1", "networked": True, "point_id": "J001",
        "adjustable": True, "mandatory": False,
    },
    "incidents": {
        "kind": "event", "class": "盗窃", "state": "open",
        "time": dt.datetime.fromisoformat("2021-12-31T23:59:58.250"),
        "time_to": dt.datetime.fromisoformat("2022-01-01T06:00:00"),
        "accepted": dt.datetime.fromisoformat("2022-01-01T09:00:00"),
        "closed": dt.datetime.fromisoformat("2022-01-03T09:00:00.250"),
        "count": 21_000, "about": True, "count_unit": "matter", "place_quality": "street",
        "tags": "夜间;沿街", "colour": "red", "closed_level": "village", "mediated": True,
        "mediation_success": False, "outcome": "transferred", "found_by": "patrol",
        "first_handler": "grid",
    },
    "routes": {"unit": "巡逻一队", "mode": "foot", "shift": "夜班"},
    "key_sites": {"kind": "school"},
    "must_visit": {
        "route_id": "R-1", "seq": 3, "dwell_min": 10.5, "windows": "08:30-11:30;13:30-17:00",
        "visits": 2, "least_interval_min": 30.0, "greatest_interval_min": 240.0,
        "required": False, "prize_m": 300.5, "priority": 5, "skills": "持枪;急救",
    },
    "addresses": {"address": "解放路 １号"},
    "poles": {"kind": "fixed_bullet"},
    "walls": {"height_m": 2.25},
    "entrances": {"site_id": "S-1"},
    "states": {
        "camera_id": "甲 1", "online": False,
        "time": dt.datetime.fromisoformat("2021-12-31T23:59:58.250"),
    },
    "faults": {
        "camera_id": "甲 1", "fault": "无图像",
        "fault_at": dt.datetime.fromisoformat("2021-12-31T23:59:58.250"),
        "repaired_at": dt.datetime.fromisoformat("2022-01-01T00:00:00"),
    },
    "workers": {"role": "grid_leader", "kind": "part_time", "state": "vacant"},
    "work": {"month": "2026-01", "kind": "visits", "count": 0},
    "segments": {
        "visits": 2, "windows": "18:00-02:00", "both": True, "required": False, "prize_m": 300.5,
        "priority": 1, "skills": "持枪",
    },
    "units": {
        "force": "patrol_swat", "mode": "car", "visible": False, "speed_kmh": 22.5,
        "shift": "18:00-02:00", "start": "Z-1", "end": "109.5,32.5", "break_min": 30.0,
        "break_window": "21:00-23:00", "skills": "持枪;急救", "most_stops": 12,
    },
    "standby": {"hours": "00:00-24:00"},
    "duties": {
        "place_kind": "compound", "place_id": "甲 1", "force": "security_guard",
        "hours": "08:00-20:00", "unit_id": "U-1",
    },
    "roster": {
        "unit_id": "U-1", "date": dt.date(2026, 5, 1), "shift": "18:00-02:00",
        "force": "volunteer", "mode": "foot", "visible": True,
    },
    "checkins": {
        "point_id": "甲 1", "unit_id": "U-1",
        "time": dt.datetime.fromisoformat("2021-12-31T23:59:58.250"),
    },
    "stations": {
        "unit_class": "sub_bureau", "mode": "car", "hours": "00:00-24:00", "state": "open",
    },
}  # fmt: skip


NAMELESS = ("workers", "work", "duties", "roster", "checkins")
"""Layers without a column for names: what stands beside people must not name them."""


def put(store: Store, count: int = 1, **columns: Any) -> list[int]:  # noqa: ANN401 - of a post
    """Store some posts and return their ids."""
    place = shapely.Point(109, 32)
    return [insert_row(store, "posts", dict(columns), place) for _ in range(count)]


def cell(value: Any) -> Any:  # noqa: ANN401 - a cell
    """Return a cell to compare: None for every way of missing."""
    return None if value is None or pd.isna(value) else value


@pytest.mark.parametrize("kind", LAYERS)
def test_every_column_of_a_row_comes_back(kind: str, store: Store) -> None:
    """Full and empty side by side; Chinese, many parts and fractions of a second included."""
    values = {"name": "安康大道“东”段 𠮷'; --", "area_code": VILLAGE} | VALUES[kind]
    if kind in NAMELESS:
        del values["name"]
    shape = SHAPES[kind]
    bare = {name: None for name in values if name != "visibility"}
    full = insert_row(store, kind, {**values, "code": "甲-1", "division": TOWN}, shape)
    empty = insert_row(store, kind, bare, None)
    rows = store.frame(kind).set_index("id")
    assert rows.index.tolist() == [full, empty]
    assert rows.crs == "EPSG:4326"
    for name, value in values.items():
        assert cell(rows.loc[full, name]) == value, name
        if name in bare:
            assert cell(rows.loc[empty, name]) is None, name
    assert rows.loc[full, ID_COLUMNS[kind]] == "甲-1"
    assert rows.loc[empty, ID_COLUMNS[kind]] == str(empty)
    assert rows.loc[full, "division"] == TOWN
    assert rows.loc[full, "geometry"] == shape
    assert rows.loc[empty, "geometry"] is None
    assert rows["version"].tolist() == [1, 1]


@pytest.mark.parametrize("kind", LAYERS)
def test_every_column_of_a_table_is_shown_or_is_bookkeeping(kind: str, store: Store) -> None:
    """A new column cannot be forgotten by `VALUES`; an empty layer has the same columns."""
    insert_row(store, kind, {"code": "a"}, SHAPES[kind])
    shown = set(store.frame(kind).columns)
    columns = set(LAYERS[kind].__table__.columns.keys())
    assert shown == (columns - BOOKKEEPING) | {ID_COLUMNS[kind], "geometry"}
    shared = set(store.frame("key_sites").columns) - {ID_COLUMNS["key_sites"]}
    own = shown - shared - {ID_COLUMNS[kind]}
    assert own | {"kind"} == set(VALUES[kind]) | {"kind"}
    nothing = store.frame(kind, Query(equal={"source": "none"}))
    assert nothing.empty
    assert set(nothing.columns) == shown
    assert nothing.crs == "EPSG:4326"


@pytest.mark.parametrize("limit", [1, 3, 7, 10, 11, 100])
def test_pages_visit_every_row_once_in_order(limit: int, store: Store) -> None:
    """Ended rows and others' rows leave no hole and no short page."""
    ids = put(store, 20, division=TOWN)
    for row in ids[::2]:
        update_row(store, "posts", row, 1, {"valid_to": dt.date(2026, 1, 1)})
    put(store, 5, division=NEXT_TOWN)
    town = store.scoped(Scope(division=TOWN))
    visited: list[int] = []
    after: int | None = 0
    sizes = []
    while after is not None and len(sizes) <= len(ids):
        page = town.page("posts", after=after, limit=limit)
        visited += page.frame["id"].tolist()
        sizes.append(len(page.frame))
        after = page.after
    assert visited == ids[1::2]
    assert set(sizes[:-1]) <= {limit}
    assert sizes[-1] > 0


def test_a_page_of_an_empty_layer_is_the_last(store: Store) -> None:
    """No row, no next page, the columns all the same."""
    page = store.page("cameras", limit=5)
    assert page.after is None
    assert len(page.frame) == 0
    assert "azimuth_deg" in page.frame.columns


def test_a_day_sees_the_rows_valid_on_it(store: Store) -> None:
    """The first day counts, the last does not; without dates a row holds always."""
    first, last = dt.date(2025, 1, 1), dt.date(2025, 7, 1)
    always, later, past, between = put(store, 4)
    update_row(store, "posts", later, 1, {"valid_from": last})
    update_row(store, "posts", past, 1, {"valid_to": first})
    update_row(store, "posts", between, 1, {"valid_from": first, "valid_to": last})

    def seen(day: dt.date | None) -> list[int]:
        return store.frame("posts", Query(on=day))["id"].tolist()

    day = dt.timedelta(days=1)
    assert seen(first - day) == [always, past]
    assert seen(first) == [always, between]
    assert seen(last - day) == [always, between]
    assert seen(last) == [always, later]
    assert seen(None) == [always, later]
    assert store.count("posts", Query(on=first)) == 2
    assert store.item("posts", past)["valid_to"] == first


def test_today_is_a_day_like_any_other(store: Store) -> None:
    """A row that ends tomorrow is there, one that begins tomorrow is not; so is it counted."""
    day = dt.date(2026, 5, 1)
    tomorrow = day + dt.timedelta(days=1)
    ends, begins, begun, ended = put(store, 4, division=TOWN, kind="fixed")
    update_row(store, "posts", ends, 1, {"valid_to": tomorrow})
    update_row(store, "posts", begins, 1, {"valid_from": tomorrow})
    update_row(store, "posts", begun, 1, {"valid_from": day})
    update_row(store, "posts", ended, 1, {"valid_to": day})
    dated = Store(store.engine, today=lambda: day)
    assert dated.frame("posts")["id"].tolist() == [ends, begun]
    assert dated.count("posts") == 2
    assert dated.counts("posts", "kind")["seen"].tolist() == [2]
    later = Store(store.engine, today=lambda: tomorrow).scoped(Scope(division=TOWN))
    assert later.page("posts").frame["id"].tolist() == [begins, begun]


def test_the_day_is_that_of_the_local_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 17:00 in Greenwich the next day has begun in Shanghai."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return dt.datetime(2026, 4, 30, 17, tzinfo=dt.UTC).astimezone(tz)

    monkeypatch.setattr("data.validity.dt.datetime", Clock)
    assert local_today() == dt.date(2026, 5, 1)


def test_a_column_may_have_one_of_several_values(store: Store) -> None:
    """And none of an empty list."""
    for code in "abc":
        put(store, code=code)
    rows = store.frame("posts", Query(equal={"code": ["a", "c", "x"]}))
    assert rows["post_id"].tolist() == ["a", "c"]
    assert store.count("posts", Query(equal={"code": []})) == 0


def test_incidents_are_chosen_by_local_time_kind_and_state(store: Store) -> None:
    """Since counts, until does not; a row without a time is in no span."""
    times = [dt.datetime.fromisoformat(f"2025-01-01T{hour}:00") for hour in ("00", "12", "23")]
    for time, state in zip([*times, None], ["open", "closed", "open", "open"], strict=True):
        insert_row(store, "incidents", {"time": time, "state": state, "class": "盗窃"}, None)
    all_ids = store.frame("incidents")["id"].tolist()

    def seen(**query: Any) -> list[int]:  # noqa: ANN401 - fields of Query
        return [all_ids.index(row) for row in store.frame("incidents", Query(**query))["id"]]

    assert seen() == [0, 1, 2, 3]
    assert seen(since=times[1]) == [1, 2]
    assert seen(until=times[1]) == [0]
    assert seen(since=times[0], until=times[2]) == [0, 1]
    assert seen(equal={"state": "open"}) == [0, 2, 3]
    assert seen(equal={"class": "盗窃", "state": "closed"}) == [1]
    assert seen(until=times[2], equal={"state": "open"}) == [0]


def stored_posts(store: Store, rows: Sequence[tuple[str, str, str]]) -> None:
    """Store posts of given division, line and visibility, named by all three."""
    for i, (division, line, visibility) in enumerate(rows):
        values = {
            "code": f"p{i}", "division": division, "line": line, "visibility": visibility,
            "name": f"{division} {line} {visibility}",
        }  # fmt: skip
        insert_row(store, "posts", values, shapely.Point(109, 32))


ROWS = [
    (division, line, visibility)
    for division in ("610981000000", TOWN, VILLAGE, NEXT_TOWN, "6109", "")
    for line in ("police", "governance", "public")
    for visibility in ("overt", "covert")
    if visibility == "overt" or line == "police"
]


WITHIN = {
    "": {"610981000000", TOWN, VILLAGE, NEXT_TOWN, "6109", ""},
    "610981000000": {"610981000000", TOWN, VILLAGE, NEXT_TOWN},
    "610981": {"610981000000", TOWN, VILLAGE, NEXT_TOWN},
    TOWN: {TOWN, VILLAGE},
    "610981100": {TOWN, VILLAGE},
    VILLAGE: {VILLAGE},
    NEXT_TOWN: {NEXT_TOWN},
    "620000000000": set(),
}
"""Division of a scope -> the divisions of `ROWS` that it sees."""


def test_a_scope_sees_its_divisions_lines_and_rights_alone(store: Store) -> None:
    """County, town and village; one line and two; covert by right; asked in every way."""
    stored_posts(store, ROWS)
    every = store.frame("posts")
    for (division, divisions), lines, rights in product(
        WITHIN.items(), [{"police"}, {"governance", "public"}], [set(), {"covert"}]
    ):
        scope = Scope(division=division, lines=frozenset(lines), rights=frozenset(rights))
        seen = {
            f"{d} {line} {visibility}"
            for d, line, visibility in ROWS
            if d in divisions and line in lines and (visibility == "overt" or rights)
        }
        scoped = store.scoped(scope)
        assert set(scoped.frame("posts")["name"]) == seen
        assert set(scoped.page("posts", limit=1000).frame["name"]) == seen
        assert set(scoped.frame("posts", Query(box=(108, 31, 110, 33)))["name"]) == seen
        assert scoped.count("posts") == len(seen)
        shown = [row for row, name in zip(every["id"], every["name"], strict=True) if name in seen]
        assert [row for row in every["id"] if is_there(scoped, row)] == shown


def is_there(store: Store, row: int) -> bool:
    """Tell whether a store shows a post."""
    try:
        return int(store.item("posts", row)["id"]) == row
    except NotFoundError:
        return False


def test_a_row_out_of_scope_is_missed_as_one_that_never_was(store: Store) -> None:
    """The two refusals must not be told apart."""
    (row,) = put(store, division=TOWN)
    elsewhere = store.scoped(Scope(division=NEXT_TOWN))
    with pytest.raises(NotFoundError) as hidden:
        elsewhere.item("posts", row)
    with pytest.raises(NotFoundError) as missing:
        elsewhere.item("posts", row + 1000)
    said = [str(hidden.value).replace(str(row), "n"), str(missing.value)]
    assert said[0] == said[1].replace(str(row + 1000), "n")


def test_counts_of_other_lines_are_told_from_three_on(store: Store) -> None:
    """One or two could be recognised; ended and covert posts are in no number."""
    rows = [(TOWN, "public", "overt", "a")] * 2 + [(TOWN, "police", "overt", "a")] * 2
    rows += [(TOWN, "police", "overt", "b")] * 3 + [(TOWN, "police", "overt", "c")] * 2
    rows += [(TOWN, "public", "overt", "d")] + [(TOWN, "police", "covert", "d")] * 5
    rows += [(NEXT_TOWN, "public", "overt", "e")] * 9
    for division, line, visibility, kind in rows:
        put(store, division=division, line=line, visibility=visibility, kind=kind)
    (ended,) = put(store, division=TOWN, line="police", kind="c")
    update_row(store, "posts", ended, 1, {"valid_to": dt.date(2026, 1, 1)})
    scope = Scope(division=TOWN, lines=frozenset({"public"}), rights=frozenset())
    told = store.scoped(scope).counts("posts", "kind")
    # "c" has two police posts only: that the kind exists is not told either.
    assert told["kind"].tolist() == ["a", "b", "d"]
    assert told["seen"].tolist() == [2, 0, 1]
    assert told["unseen"].isna().tolist() == [True, False, False]
    assert told["unseen"].tolist()[1:] == [3, 0]
    whole = store.counts("posts", "kind").set_index("kind")
    assert whole["seen"].to_dict() == {"a": 4, "b": 3, "c": 2, "d": 6, "e": 9}
    assert (whole["unseen"] == 0).all()


def test_counts_go_by_a_column_that_the_layer_has(store: Store) -> None:
    """Anything else is refused with what may be counted."""
    insert_row(store, "streets", {"class": "residential"}, SHAPES["streets"])
    assert store.counts("streets", "class")["seen"].tolist() == [1]
    with pytest.raises(KindError, match="cannot be counted by 'class'"):
        store.counts("posts", "class")
    with pytest.raises(KindError, match="cannot be counted by 'name'"):
        store.counts("posts", "name")


@pytest.mark.parametrize("ask", ["frame", "page", "count", "item", "counts"])
def test_an_unknown_layer_is_refused(ask: str, ready_file: Path) -> None:
    """With the layers that there are."""
    store = Store.open(f"sqlite:///{ready_file}")
    rest = {"item": (1,), "counts": ("kind",)}.get(ask, ())
    with pytest.raises(KindError, match=r"unknown kind of layer 'tracks'; use one of streets"):
        getattr(store, ask)("tracks", *rest)
    store.engine.dispose()


def test_a_large_layer_comes_back_in_order(store: Store) -> None:
    """More rows than one batch of an import holds."""
    count = 12_345
    shapes = shapely.points(np.linspace(109, 110, count), 32.0)
    codes = [f"c{i:05}" for i in range(count)]
    import_layer(store, layer_of("cameras", list(shapes), {"camera_id": codes}))
    frame = store.frame("cameras")
    assert frame["camera_id"].tolist() == codes
    assert frame["id"].is_monotonic_increasing
    assert (np.asarray(frame.geometry.array) == shapes).all()
