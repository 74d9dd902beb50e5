"""Slots of workers and counts of their work: read without people, stored by grid."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from data import read_layer
from data.engine import reading
from data.errors import ColumnError
from data.importing import import_layer
from data.models import LAYERS
from data.scope import Scope
from data.store import Query
from data.validity import local_today
from data.workbook import write_quarantine, write_template
from data.writing import insert_row, update_row

if TYPE_CHECKING:
    from pathlib import Path

    from data import Layer
    from data.store import Store

VILLAGE = "610999001001"
GRID, NEXT = f"{VILLAGE}001", f"{VILLAGE}002"

NAMES = ("张三丰", "13812345678", "610999199001010018", "Li Si")
"""What people are called and known by; none of it may get anywhere."""


def read(tmp_path: Path, kind: str, *lines: str) -> Layer:
    """Read CSV lines, the heads first."""
    (tmp_path / f"{kind}.csv").write_text("\n".join(lines), encoding="utf-8")
    return read_layer(tmp_path / f"{kind}.csv", kind)


def codes(layer: Layer) -> set[str]:
    """Return the codes of the notes."""
    return {note.code for note in layer.notes}


def aside(layer: Layer) -> list[tuple[int, str]]:
    """Return line and reason of the rows set aside."""
    return [*zip(layer.quarantine["row"], layer.quarantine["reason"], strict=True)]


def test_a_slot_has_a_role_a_kind_and_a_grid(tmp_path: Path) -> None:
    """In the words of offices; what is blank is unknown."""
    layer = read(
        tmp_path, "workers", "岗位编号,网格编码,岗位,专兼职,在岗情况",
        f"W1,{GRID},网格员,专职,在岗", f"W2,{GRID},网格长,兼职,空缺", f"W3,{VILLAGE},,,",
    )  # fmt: skip
    frame = layer.frame.astype(object).where(layer.frame.notna(), None)
    assert frame.columns.tolist() == ["slot_id", "role", "kind", "state", "area_code", "geometry"]
    assert frame.drop(columns="geometry").to_numpy().tolist() == [
        ["W1", "grid_worker", "full_time", "filled", GRID],
        ["W2", "grid_leader", "part_time", "vacant", GRID],
        ["W3", None, None, None, VILLAGE],
    ]
    assert codes(layer) == set()
    assert layer.quarantine.empty


def test_the_role_says_the_kind_where_no_column_does(tmp_path: Path) -> None:
    """`专职网格员`; a column that says it stands before."""
    layer = read(tmp_path, "workers", "网格编码,岗位", f"{GRID},专职网格员", f"{GRID},兼职网格员")
    assert layer.frame["kind"].tolist() == ["full_time", "part_time"]
    layer = read(
        tmp_path,
        "workers",
        "网格编码,岗位,专兼职",
        f"{GRID},专职网格员,兼职",
        f"{GRID},专职网格员,",
    )
    assert layer.frame["role"].tolist() == ["grid_worker", "grid_worker"]
    assert layer.frame["kind"].tolist() == ["part_time", "full_time"]


def test_a_slot_without_a_grid_is_set_aside_and_mended(tmp_path: Path) -> None:
    """The workbook of the quarantine has no columns of places, and is read again."""
    layer = read(tmp_path, "workers", "岗位编号,网格编码,岗位", f"W1,{GRID},网格员", "W2,,网格长")
    assert aside(layer) == [(3, "no_grid")]
    write_quarantine(layer, tmp_path / "aside.xlsx")
    again = read_layer(tmp_path / "aside.xlsx", "workers")
    assert again.quarantine["slot_id"].tolist() == ["W2"]
    assert "经度" not in again.heads.values()
    assert "几何" not in again.heads.values()


def test_no_name_telephone_or_identity_gets_into_a_slot(tmp_path: Path, store: Store) -> None:
    """Not by its head, not under a head of ours, not in a note, not in the quarantine."""
    name, phone, identity, other = NAMES
    layer = read(
        tmp_path, "workers",
        "岗位编号,网格编码,岗位,专兼职,在岗情况,姓名,联系电话,身份证号,网格员,worker name,备注",
        f"W1,{GRID},{name},{name},{other},{name},{phone},{identity},{name},{other},{name}",
        f"W2,,{other},{name},{name},{name},{phone},{identity},{name},{other},{phone}",
        f"W3,{GRID},网格员,专职,在岗,{name},{phone},{identity},{name},{other},{name}",
    )  # fmt: skip
    assert layer.frame["role"].tolist() == ["other", "grid_worker"]
    assert layer.frame["kind"].isna().tolist() == [True, False]
    assert "code_untold" in codes(layer)
    import_layer(store, layer)
    with reading(store.engine) as session:
        rows = [
            repr(session.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608 - names of ours
            for table in ("worker_slot", "import_run", "quarantined_row")
        ]
    told = [*rows, repr(layer.frame), layer.quarantine.to_json(), repr(layer.notes)]
    for one in told:
        assert not any(word in one for word in NAMES), one
    assert rows[0].count("grid_worker") == 1


def test_slots_and_counts_have_no_column_of_names() -> None:
    """What is not there cannot be filled, by whatever way."""
    for kind in ("workers", "work"):
        columns = set(LAYERS[kind].__table__.columns.keys())
        assert not columns & {"name", "address", "phone", "person", "headings"}
        assert {"division", "line", "version", "changed_by", "quality", "area_code"} <= columns


def test_a_place_of_a_slot_is_not_kept(tmp_path: Path, store: Store) -> None:
    """It would be somebody's home: coordinates and geometry of a file are left."""
    layer = read(tmp_path, "workers", "网格编码,岗位,经度,纬度", f"{GRID},网格员,109.1,32.1")
    assert layer.frame.geometry.isna().all()
    (ignored,) = [note for note in layer.notes if note.code == "columns_ignored"]
    assert ignored.values["names"] == ["经度", "纬度"]
    frame = gpd.GeoDataFrame(
        {"grid": [GRID]}, geometry=[shapely.Point(109.1, 32.1)], crs="EPSG:4326"
    )
    frame.to_file(tmp_path / "w.gpkg", layer="workers")
    layer = read_layer(tmp_path / "w.gpkg", "workers")
    assert layer.frame["area_code"].tolist() == [GRID]
    import_layer(store, layer)
    row = store.frame("workers").iloc[0]
    assert row["geometry"] is None
    assert row["quality"] == "area"


def test_a_sheet_without_grids_is_refused_by_name(tmp_path: Path) -> None:
    """With what it has, heads about persons left out."""
    with pytest.raises(ColumnError, match=r"workers\.csv: no column area_code; it has: 岗位;"):
        read(tmp_path, "workers", "岗位,姓名", f"网格员,{NAMES[0]}")
    with pytest.raises(ColumnError, match=r"work\.csv: no column month, count; it has: "):
        read(tmp_path, "work", "网格编码,工作类型", f"{GRID},走访")


def test_equal_slots_without_ids_are_several(tmp_path: Path, store: Store) -> None:
    """Two grid workers of a grid are two; the same file again changes nothing."""
    lines = ["网格编码,岗位,专兼职", *[f"{GRID},网格员,专职"] * 3, f"{NEXT},网格员,专职"]
    layer = read(tmp_path, "workers", *lines)
    assert import_layer(store, layer).added == 4
    again = import_layer(store, read(tmp_path, "workers", *lines))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 4)
    assert store.count("workers") == 4


def test_a_slot_with_an_id_is_changed_in_place(tmp_path: Path, store: Store) -> None:
    """It was vacant and is filled: another version of one slot."""
    head = "岗位编号,网格编码,岗位,在岗情况"
    import_layer(store, read(tmp_path, "workers", head, f"W1,{GRID},网格员,空缺"))
    report = import_layer(store, read(tmp_path, "workers", head, f"W1,{GRID},网格员,在岗"))
    assert (report.added, report.changed) == (0, 1)
    rows = store.frame("workers")
    assert rows["state"].tolist() == ["filled"]
    assert rows["version"].tolist() == [2]


def test_a_grid_sees_its_own_slots_and_counts_alone(tmp_path: Path, store: Store) -> None:
    """A village sees those of its grids, and those of no grid; its line decides too."""
    other = "610999001002001"
    slots = [GRID, GRID, NEXT, VILLAGE, other]
    import_layer(store, read(tmp_path, "workers", "网格编码,岗位", *(f"{c},网格员" for c in slots)))
    counts = [f"{c},2026-01,走访,{n}" for n, c in enumerate((GRID, NEXT, VILLAGE, other))]
    import_layer(store, read(tmp_path, "work", "网格编码,月份,工作类型,数量", *counts))
    seen = {
        GRID: ([GRID, GRID], [GRID]),
        NEXT: ([NEXT], [NEXT]),
        VILLAGE: ([GRID, GRID, NEXT, VILLAGE], [GRID, NEXT, VILLAGE]),
        "610999001": (slots, [GRID, NEXT, VILLAGE, other]),
        "610999001001009": ([], []),
        "610999002": ([], []),
    }
    for division, (workers, work) in seen.items():
        scoped = store.scoped(Scope(division, frozenset({"governance"})))
        assert sorted(scoped.frame("workers")["area_code"]) == sorted(workers), division
        assert sorted(scoped.frame("work")["area_code"]) == sorted(work), division
        assert scoped.count("workers") == len(workers)
        police = store.scoped(Scope(division, frozenset({"police"})))
        assert police.count("workers") == police.count("work") == 0


def test_months_kinds_and_counts_are_read_as_written(tmp_path: Path) -> None:
    """0 is a count; another kind of work is kept as its office calls it."""
    layer = read(
        tmp_path, "work", "网格编码,月份,工作类型,数量",
        f"{GRID},2026年1月,办事,5件", f"{GRID},202601,收集社情民意,0",
        f"{GRID},2026-01,入户走访,46", f"{GRID},2026-01,普法,2",
    )  # fmt: skip
    frame = layer.frame.drop(columns=["work_id", "geometry"])
    assert frame.to_numpy().tolist() == [
        ["2026-01", "matters", 5, GRID],
        ["2026-01", "opinions", 0, GRID],
        ["2026-01", "visits", 46, GRID],
        ["2026-01", "普法", 2, GRID],
    ]
    assert codes(layer) == {"code_unknown"}


def test_a_count_that_lacks_anything_is_set_aside(tmp_path: Path) -> None:
    """A blank is not 0, a month to come has no count, and of two numbers one is wrong."""
    ahead = f"{local_today() + dt.timedelta(days=40):%Y-%m}"
    layer = read(
        tmp_path, "work", "网格编码,月份,工作类型,数量",
        f"{GRID},2026-01,走访,4", ",2026-01,走访,4", f"{GRID},去年,走访,4", f"{GRID},2026-01,,4",
        f"{GRID},2026-01,办事,", f"{GRID},2026-01,办事,很多", f"{GRID},2026-01,办事,-1",
        f"{GRID},{ahead},走访,4", f"{GRID},2026-01,走访,5", f"{GRID},2026-01,走访,4",
        f"{GRID},2026-01,办事,7",
    )  # fmt: skip
    assert aside(layer) == [
        (3, "no_grid"), (4, "no_month"), (5, "no_work_kind"), (6, "no_count"), (7, "no_count"),
        (8, "no_count"), (9, "time_ahead"), (10, "counted_twice"),
    ]  # fmt: skip
    assert layer.quarantine["detail"].tolist()[-2:] == [ahead, "5"]
    assert layer.frame["count"].tolist() == [4, 4, 7]


def test_this_month_is_counted_already(tmp_path: Path) -> None:
    """A report of the running month is early, not ahead."""
    layer = read(
        tmp_path, "work", "网格编码,月份,工作类型,数量", f"{GRID},{local_today():%Y-%m},走访,4"
    )
    assert layer.quarantine.empty


def test_a_corrected_count_is_a_new_version_of_the_same_row(tmp_path: Path, store: Store) -> None:
    """By grid, month and kind, whatever the file; the same again changes nothing."""
    head = "网格编码,月份,工作类型,数量"
    first = [f"{GRID},2026-01,走访,46", f"{GRID},2026-02,走访,46", f"{NEXT},2026-01,走访,46"]
    first.append(f"{NEXT},2026-01,办事,9")
    again = [*first, f"{GRID},2026-01,走访,46"]
    report = import_layer(store, read(tmp_path, "work", head, *again))
    assert (report.added, report.duplicates) == (4, 1)
    report = import_layer(store, read(tmp_path, "work", head, *again))
    assert (report.added, report.changed, report.unchanged) == (0, 0, 4)
    mended = read(tmp_path, "work", head, f"{GRID},2026-01,走访,47")
    (tmp_path / "work.csv").rename(tmp_path / "mended.csv")
    assert import_layer(store, read_layer(tmp_path / "mended.csv", "work")).changed == 1
    assert mended.frame["count"].tolist() == [47]
    rows = store.frame("work", Query(equal={"month": "2026-01", "kind": "visits"}))
    told = zip(rows["area_code"], rows["count"], rows["version"], strict=True)
    assert {grid: (count, version) for grid, count, version in told} == {
        GRID: (47, 2), NEXT: (46, 1),
    }  # fmt: skip
    assert store.counts("work", "kind")["seen"].tolist() == [1, 3]


def test_a_template_has_no_columns_of_places_or_names(tmp_path: Path) -> None:
    """What is filled in below its example is read."""
    for kind, heads in {
        "workers": ["岗位编号", "岗位", "专兼职", "在岗情况", "所属网格编码"],
        "work": ["月份", "工作类型", "数量", "所属网格编码"],
    }.items():
        write_template(kind, tmp_path / "t.xlsx")
        layer = read_layer(tmp_path / "t.xlsx", kind)
        assert list(layer.heads.values()) == heads
        assert layer.rows_read == 0


def test_a_slot_that_moves_within_its_village_is_the_same_slot(
    tmp_path: Path, store: Store
) -> None:
    """Its old grid sees it no more; the same number in another village is another slot."""
    head = "岗位编号,网格编码,岗位"
    import_layer(store, read(tmp_path, "workers", head, f"W1,{GRID},网格员"))
    report = import_layer(store, read(tmp_path, "workers", head, f"W1,{NEXT},网格员"))
    assert (report.added, report.changed) == (0, 1)
    counted = [store.scoped(Scope(grid)).count("workers") for grid in (GRID, NEXT)]
    assert counted == [0, 1]
    report = import_layer(store, read(tmp_path, "workers", head, "W1,610999001002001,网格员"))
    assert (report.added, report.changed) == (1, 0)


def test_a_grid_cannot_take_or_learn_of_its_neighbours_slot(tmp_path: Path, store: Store) -> None:
    """Its own file with the same number makes a slot beside."""
    head = "岗位编号,网格编码,岗位"
    import_layer(store, read(tmp_path, "workers", head, f"W1,{NEXT},网格长"))
    own = store.scoped(Scope(GRID))
    layer = read(tmp_path, "workers", head, f"W1,{GRID},网格员")
    report = import_layer(own, layer, division=GRID)
    assert (report.added, report.changed) == (1, 0)
    assert store.frame("workers")["role"].value_counts().to_dict() == {
        "grid_leader": 1, "grid_worker": 1,
    }  # fmt: skip
    assert import_layer(own, layer, division=GRID).unchanged == 1


def test_what_is_written_by_hand_belongs_to_its_grid_too(store: Store) -> None:
    """A slot of a grid is its grid's, and goes with it; a division that is said stands."""
    row = insert_row(store, "workers", {"code": "W1", "area_code": GRID}, None)
    assert store.item("workers", row)["division"] == GRID
    assert store.item("workers", row)["quality"] == "area"
    update_row(store, "workers", row, 1, {"area_code": NEXT})
    assert store.item("workers", row)["division"] == NEXT
    said = insert_row(store, "work", {"area_code": GRID, "division": VILLAGE}, None)
    assert store.item("work", said)["division"] == VILLAGE
    # What only lies in a grid is its village's, as ever.
    post = insert_row(store, "posts", {"area_code": GRID}, None)
    assert store.item("posts", post)["division"] == ""
