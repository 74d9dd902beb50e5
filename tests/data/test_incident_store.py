"""Incidents, stations and the sheets of classes in the store, on both engines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely

from data.errors import ConflictError, ForbiddenError, RowError
from data.files import read_layer
from data.importing import import_layer
from data.incident_sheets import read_table
from data.incident_store import import_table, stored_table
from data.incident_tables import CLASSES, COLOURS, TAGS, default_table
from data.runs import past_imports, write_set_aside
from data.scope import Scope
from data.settling import place_quality, settle
from data.store import Query, Store
from data.workbook import write_table, write_template
from data.writing import insert_row, update_row
from tests.data.test_writing import figures

if TYPE_CHECKING:
    from pathlib import Path

    from data import Layer

TOWN = "610981100000"
GRID = "610981100201001"
DOOR = shapely.Point(109.36, 32.83)
NEW_YEAR = dt.date(2026, 1, 1)

HEADS = (
    "编号,类型,类别,发生时间,受理时间,办结时间,数量,预警颜色,办结层级,发现方式,标签,地址,网格编码,"
    "经度,纬度"
)  # fmt: skip
ROWS = (
    f"1,案件,入室盗窃,2025-12-31 22:00至次日6:00,2026-01-01 9:00,,,红,,群众报警,,,{GRID},109,32",
    "2,纠纷,邻里纠纷,2026-01-03,2026-01-03,2026-01-05,2.1万余件,黄,村,网格上报,重点整治,解放路1号,,,",
    f"3,事件,街面秩序,2026-01-04 10:00,,,,,,巡逻发现,,无此路9号,{GRID},,",
    "4,隐患,消防隐患,2026-01-05 10:00,,,,蓝,网格,,,,,0,0",
    "5,隐患,消防隐患,2026-01-05 10:00,2026-01-06,2026-01-05,,,,,,,,109.3,32.8",
)


def read(folder: Path, *rows: str) -> Layer:
    """Read the ledger of these tests, or part of it."""
    path = folder / "ledger.csv"
    path.write_text("\n".join((HEADS, *(rows or ROWS))), encoding="utf-8")
    return read_layer(path, "incidents")


def lists(folder: Path, kind: str, *lines: str) -> Layer:
    """Read a sheet of classes, tags or colours."""
    path = folder / f"{kind}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_table(path, kind)


def test_a_ledger_imported_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    """Rows without coordinates are placed by address or area alone, and both are said."""
    insert_row(store, "addresses", {"address": "解放路1号", "division": TOWN}, DOOR)
    layer = settle(store, read(tmp_path), division=TOWN)
    told = {note.code: note for note in layer.notes}
    assert {"address_placed", "kept_by_area", "kept_placeless", "colour_dropped"} <= told.keys()
    assert "1" in told["kept_by_area"].text("zh")
    report = import_layer(store, read(tmp_path), division=TOWN)
    assert figures(report) == {"rows_read": 5, "added": 4, "set_aside": 1}
    again = import_layer(store, read(tmp_path), division=TOWN)
    assert figures(again) == {"rows_read": 5, "unchanged": 4, "set_aside": 1}
    rows = store.frame("incidents").sort_values("incident_id").reset_index(drop=True)
    assert rows["quality"].tolist() == ["point", "address", "area", "none"]
    assert place_quality(rows).tolist() == ["point", "address", "area", "none"]
    assert rows.geometry.isna().tolist() == [False, False, True, True]
    assert rows.geometry.iloc[1] == DOOR
    assert rows["line"].tolist() == ["police", "governance", "governance", "governance"]
    first, second = rows.iloc[0], rows.iloc[1]
    assert first["time_to"] == pd.Timestamp("2026-01-01 06:00")
    assert first["accepted"] == pd.Timestamp("2026-01-01 09:00")
    assert pd.isna(first["colour"])
    assert second["time_to"] == pd.Timestamp("2026-01-04")
    said = second[["count", "about", "count_unit", "colour", "closed_level", "found_by", "tags"]]
    assert said.tolist() == [21_000, True, "matter", "yellow", "village", "grid", "重点整治"]


def test_a_workbook_says_what_the_text_file_says(store: Store, tmp_path: Path) -> None:
    """The same rows from XLSX are the same rows."""
    import_layer(store, read(tmp_path), division=TOWN)
    table = pd.read_csv(tmp_path / "ledger.csv", dtype=str)
    for name in ("经度", "纬度"):
        table[name] = pd.to_numeric(table[name])
    table.to_excel(tmp_path / "ledger.xlsx", index=False)
    report = import_layer(store, read_layer(tmp_path / "ledger.xlsx", "incidents"), division=TOWN)
    assert figures(report) == {"rows_read": 5, "unchanged": 4, "set_aside": 1}


def test_a_row_that_is_written_alone_obeys_the_same_rules(store: Store) -> None:
    """No colour of the police's, no end before its beginning; also when it is changed later."""
    at, before = dt.datetime(2026, 1, 2, 9), dt.datetime(2026, 1, 2, 8)  # noqa: DTZ001 - local
    for values, code in (
        ({"kind": "police_call", "colour": "red"}, "colour_of_police"),
        ({"kind": "event", "time": at, "time_to": before}, "time_to_too_early"),
        ({"kind": "event", "accepted": at, "closed": before}, "closed_too_early"),
    ):
        with pytest.raises(RowError) as met:
            insert_row(store, "incidents", {"division": TOWN, **values}, None)
        assert met.value.code == code
        assert met.value.text("zh") != met.value.text("en")
    row = insert_row(
        store, "incidents", {"kind": "event", "colour": "red", "accepted": at, "division": TOWN},
        None,
    )  # fmt: skip
    with pytest.raises(RowError, match="no colour"):
        update_row(store, "incidents", row, 1, {"kind": "case"})
    with pytest.raises(RowError, match="before accepted"):
        update_row(store, "incidents", row, 1, {"closed": before})
    assert update_row(store, "incidents", row, 1, {"closed": at}) == 2


def test_stations_are_assets_of_the_police(store: Store, tmp_path: Path) -> None:
    """Found again by their ids; other lines do not see them."""
    path = tmp_path / "stations.csv"
    path.write_text(
        "警务站编号,名称,站点类型,值守时间,状态,经度,纬度\nJ1,滨江所,派出所,全天,在用,109.36,32.83\n",
        encoding="utf-8",
    )
    added = import_layer(store, read_layer(path, "stations"), division=TOWN)
    assert figures(added) == {"rows_read": 1, "added": 1}
    again = import_layer(store, read_layer(path, "stations"), division=TOWN)
    assert figures(again) == {"rows_read": 1, "unchanged": 1}
    row = store.item("stations", int(store.frame("stations")["id"].iloc[0]))
    assert row[["line", "unit_class", "state", "hours"]].tolist() == [
        "police", "station", "open", "全天",
    ]  # fmt: skip
    others = store.scoped(Scope(TOWN, frozenset({"governance", "public"})))
    assert others.frame("stations").empty


# Classes, tags and colours


@pytest.mark.parametrize("kind", [CLASSES, TAGS, COLOURS])
def test_the_same_sheet_again_changes_nothing(kind: str, store: Store, tmp_path: Path) -> None:
    """What is shipped serves until something is stored, and is then as it was written."""
    pd.testing.assert_frame_equal(stored_table(store, kind), default_table(kind))
    write_template(kind, tmp_path / "t.xlsx")
    layer = read_table(tmp_path / "t.xlsx", kind)
    count = len(default_table(kind))
    assert figures(import_table(store, layer)) == {"rows_read": count, "added": count}
    again = import_table(store, layer, since=NEW_YEAR)
    assert figures(again) == {"rows_read": count, "unchanged": count}
    pd.testing.assert_frame_equal(stored_table(store, kind), default_table(kind), check_dtype=False)


def test_a_changed_tag_is_a_new_version_and_last_year_counts_by_the_old(
    store: Store, tmp_path: Path
) -> None:
    """The first sheet may begin on a day too: what is shipped held before it."""
    lines = (
        "标签代码,标签名称,类别代码",
        "preventable,可防性,burglary",
        "preventable,可防性,fraud",
    )
    layer = lists(tmp_path, TAGS, *lines)
    added = import_table(store, layer, since=NEW_YEAR)
    # All that is shipped ends: burglary, which here has no English name, begins anew.
    assert (added.added, added.changed) == (2, 14)
    assert figures(import_table(store, layer, since=NEW_YEAR)) == {"rows_read": 2, "unchanged": 2}
    old = stored_table(store, TAGS, on=dt.date(2025, 12, 31))
    assert old["class"].tolist() == default_table(TAGS)["class"].tolist()
    assert set(old["version"]) == {1}
    new = stored_table(store, TAGS, on=NEW_YEAR)
    assert new[["tag", "class", "version"]].to_numpy().tolist() == [
        ["preventable", "burglary", 2], ["preventable", "fraud", 2],
    ]  # fmt: skip
    write_table(TAGS, stored_table(store, TAGS), tmp_path / "all.xlsx")
    whole = import_table(store, read_table(tmp_path / "all.xlsx", TAGS), since=dt.date(2026, 5, 1))
    assert figures(whole) == {"rows_read": 16, "unchanged": 16}


def test_a_colour_is_put_right_on_its_own_day_and_ended_on_another(
    store: Store, tmp_path: Path
) -> None:
    """What is said twice of one day is a correction; before a later version nothing is put in."""
    head = "颜色代码,颜色名称,等级,办理层级,办结期限"
    import_table(store, lists(tmp_path, COLOURS, head, "blue,蓝,1,网格,3", "red,红,2,镇,30"))
    for days, changed in ((5, (1, 1)), (7, (0, 1))):
        layer = lists(tmp_path, COLOURS, head, f"blue,蓝,1,网格,{days}", "red,红,2,镇,30")
        report = import_table(store, layer, since=NEW_YEAR)
        assert (report.added, report.changed) == changed
    rows = stored_table(store, COLOURS)
    blue = rows[rows["colour"] == "blue"]
    assert blue[["limit_days", "since", "until"]].to_numpy().tolist() == [
        [3, None, NEW_YEAR], [7, NEW_YEAR, None],
    ]  # fmt: skip
    early = lists(tmp_path, COLOURS, head, "blue,蓝,1,网格,9", "red,红,2,镇,30")
    with pytest.raises(ConflictError, match="blue"):
        import_table(store, early, since=dt.date(2025, 6, 1))
    gone = lists(tmp_path, COLOURS, head, "red,红,2,镇,30")
    import_table(store, gone, since=NEW_YEAR)
    left = stored_table(store, COLOURS, on=NEW_YEAR)
    assert left["colour"].tolist() == ["red"]
    # What ended on the day it began has never held.
    assert len(stored_table(store, COLOURS)) == 2


def test_a_row_with_days_of_its_own_is_taken_as_it_says(store: Store, tmp_path: Path) -> None:
    """History can be brought in, and put right."""
    head = "标签代码,标签名称,类别代码,生效日期,失效日期"
    import_table(store, lists(tmp_path, TAGS, head, "a,甲,x,,"))
    layer = lists(
        tmp_path, TAGS, head, "a,甲,x,,", "a,甲,y,2024-01-01,2025-01-01", "b,乙,x,2025-06-01,"
    )
    assert figures(import_table(store, layer)) == {"rows_read": 3, "added": 2, "unchanged": 1}
    mended = lists(
        tmp_path, TAGS, head, "a,甲,x,,", "a,甲,y,2024-01-01,2025-03-01", "b,乙,x,2025-06-01,"
    )
    assert figures(import_table(store, mended)) == {"rows_read": 3, "changed": 1, "unchanged": 2}
    on = stored_table(store, TAGS, on=dt.date(2025, 2, 1))
    assert on[["tag", "class", "version"]].to_numpy().tolist() == [["a", "x", 2], ["a", "y", 2]]


def test_only_who_has_the_whole_store_changes_what_serves_all(store: Store, tmp_path: Path) -> None:
    """Everybody reads it."""
    layer = lists(tmp_path, TAGS, "标签代码,类别代码", "a,x")
    for scope in (Scope(TOWN), Scope(lines=frozenset({"public"})), Scope(rights=frozenset())):
        with pytest.raises(ForbiddenError):
            import_table(store.scoped(scope), layer)
    import_table(store, layer)
    assert stored_table(store.scoped(Scope(TOWN)), TAGS)["class"].tolist() == ["x"]


def test_an_import_of_a_sheet_is_noted_with_what_it_set_aside(store: Store, tmp_path: Path) -> None:
    """And can be had as a workbook to be mended."""
    layer = lists(tmp_path, COLOURS, "颜色代码,等级", "blue,1", "red,很高")
    report = import_table(store, layer)
    assert figures(report) == {"rows_read": 2, "added": 1, "set_aside": 1}
    (run,) = past_imports(store).runs
    assert (run.kind, run.id) == (COLOURS, report.import_id)
    write_set_aside(store, report.import_id, tmp_path / "q.xlsx")
    (row,) = pd.read_excel(tmp_path / "q.xlsx", engine="calamine").to_dict("records")
    assert "很高" in str(row["原因"])
    assert store.count("incidents", Query()) == 0
