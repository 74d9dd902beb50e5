"""Rows without coordinates: placed by the user's own addresses, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from data.addresses import compared_address
from data.engine import reading
from data.files import read_layer
from data.importing import import_layer
from data.models import LAYERS, ImportRun, QuarantinedRow
from data.scope import Scope
from data.settling import settle
from data.store import Query
from data.workbook import write_quarantine
from data.writing import insert_row, update_row
from tests.data.rows import layer_of
from tests.data.test_writing import figures

if TYPE_CHECKING:
    from pathlib import Path

    from data.files import Layer
    from data.store import Store

TOWN, NEXT_TOWN = "610981100000", "610981101000"
GRID = "610981100201001"
GATE, MARKET, OTHER = (shapely.Point(109.36 + i / 100, 32.83) for i in range(3))


def read(folder: Path, kind: str, text: str) -> Layer:
    """Read a table by the file contract."""
    file = folder / f"{kind}.csv"
    file.write_text(text, "utf-8")
    return read_layer(file, kind)


def table(store: Store, *rows: tuple[str, str, shapely.Point]) -> None:
    """Store addresses of given divisions."""
    for address, division, place in rows:
        insert_row(store, "addresses", {"address": address, "division": division}, place)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("解放路１２号 Ａ座", "解放路12号a座"), (" 解放路 12 号\u3000A座\n", "解放路12号a座"),
        ("解放路（东）1号", "解放路(东)1号"), ("一号", "一号"), (" ", None), ("", None),
        (None, None), (float("nan"), None),
    ],
)  # fmt: skip
def test_addresses_are_compared_without_width_case_and_spaces(
    written: object, compared: str | None
) -> None:
    """And by nothing else."""
    assert compared_address(written) == compared


@given(st.text())
def test_comparing_twice_changes_nothing(text: str) -> None:
    """What is stored is compared with what is compared."""
    once = compared_address(text)
    assert compared_address(once) == once


def test_a_row_gets_the_place_of_its_address(store: Store, tmp_path: Path) -> None:
    """However it is written; rows with coordinates keep theirs."""
    table(store, ("解放路1号", TOWN, GATE), ("市场街 ２ 号", TOWN, MARKET))
    layer = read(
        tmp_path, "posts",
        "编号,地址,经度,纬度\nA,解放路 １号,,\nB,市场街2号,0,0\nC,解放路1号,109.5,32.5\n",
    )  # fmt: skip
    report = import_layer(store, layer, division=TOWN)
    assert figures(report) == {"rows_read": 3, "added": 3}
    rows = store.frame("posts").set_index("post_id")
    assert rows["quality"].to_dict() == {"A": "address", "B": "address", "C": "point"}
    assert rows.loc["A", "geometry"] == GATE
    assert rows.loc["B", "geometry"] == MARKET
    assert rows.loc["C", "geometry"] == shapely.Point(109.5, 32.5)
    assert store.count("posts", Query(box=(109.36, 32.83, 109.37, 32.83))) == 2
    assert "address" not in rows.columns


def test_a_table_of_addresses_alone_is_enough(store: Store, tmp_path: Path) -> None:
    """No column of coordinates is needed then; but for the addresses themselves."""
    table(store, ("解放路1号", TOWN, GATE))
    layer = read(tmp_path, "key_sites", "名称,场所类型,地址\n第一小学,学校,解放路1号\n")
    assert figures(import_layer(store, layer, division=TOWN)) == {"rows_read": 1, "added": 1}
    with pytest.raises(LookupError, match="no columns with coordinates"):
        read(tmp_path, "addresses", "编号,地址\nA,解放路1号\n")


def test_addresses_are_imported_from_a_file(store: Store, tmp_path: Path) -> None:
    """And then place what comes after them."""
    text = f"地址编号,标准地址,网格编码,经度,纬度\nA1,解放路1号,{GRID},109.36,32.83\n"
    import_layer(store, read(tmp_path, "addresses", text), division=TOWN)
    rows = store.frame("addresses")
    assert rows["division"].tolist() == [GRID[:12]]
    assert rows["address"].tolist() == ["解放路1号"]
    assert rows["line"].tolist() == ["public"]
    assert "compared" not in rows.columns
    layer = read(tmp_path, "posts", "编号,地址,经度,纬度\nA,解放路1号,,\n")
    import_layer(store, layer, division=TOWN)
    assert store.frame("posts").geometry.tolist() == [GATE]


def test_an_address_that_is_changed_is_found_by_its_new_words(store: Store, tmp_path: Path) -> None:
    """And no more by the old ones."""
    row = insert_row(store, "addresses", {"address": "旧街1号", "division": TOWN}, GATE)
    update_row(store, "addresses", row, 1, {"address": "新街 1号"})
    for text in ("A,新街1号,", "B,旧街1号,610981100201"):
        layer = read(tmp_path, "posts", f"编号,地址,网格编码\n{text}\n")
        import_layer(store, layer, division=TOWN)
    assert store.frame("posts").set_index("post_id")["quality"].to_dict() == {
        "A": "address", "B": "area",
    }  # fmt: skip


def test_an_address_counts_only_within_its_division(store: Store, tmp_path: Path) -> None:
    """Both towns have a 解放路1号; a village code decides, and a table of the town serves all."""
    table(
        store, ("解放路1号", TOWN, GATE), ("解放路1号", NEXT_TOWN, MARKET),
        ("村口", GRID[:12], OTHER),
    )  # fmt: skip
    text = (
        f"编号,地址,网格编码\nA,解放路1号,\nB,解放路1号,610981101201001\n"
        f"C,解放路1号,{GRID}\nD,村口,\nE,村口,610981100202001\n"
    )
    layer = settle(store, read(tmp_path, "posts", text), division=TOWN)
    rows = layer.frame.set_index("post_id")
    assert rows.geometry.to_dict() == {"A": GATE, "B": MARKET, "C": GATE, "D": OTHER, "E": None}
    assert rows["quality"].to_dict() == {
        "A": "address", "B": "address", "C": "address", "D": "address", "E": "area",
    }  # fmt: skip


def test_the_addresses_of_others_place_nothing(store: Store, tmp_path: Path) -> None:
    """An address that the scope may not see is as unknown as any."""
    insert_row(
        store, "addresses", {"address": "解放路1号", "division": TOWN, "line": "police"}, GATE
    )
    town = store.scoped(Scope(TOWN, frozenset({"governance", "public"}), frozenset({"write"})))
    layer = read(tmp_path, "key_sites", "名称,地址\n第一小学,解放路1号\n")
    assert len(settle(town, layer, division=TOWN).frame) == 0
    assert len(settle(store, layer, division=TOWN).frame) == 1


def test_of_several_places_none_is_chosen(store: Store, tmp_path: Path) -> None:
    """Two rows of one place are one; the reason names the address."""
    table(
        store, ("解放路1号", TOWN, GATE), ("解放路1号", TOWN, MARKET), ("东门", TOWN, GATE),
        ("东 门", TOWN, GATE),
    )  # fmt: skip
    text = "编号,地址,经度,纬度\nA,解放路 1号,,\nB,东门,,\nC,西门,,\nD,,,\n"
    layer = read(tmp_path, "posts", text)
    settled = settle(store, layer, division=TOWN)
    assert settled.frame["post_id"].tolist() == ["B"]
    assert settled.rows.tolist() == [3]
    aside = settled.quarantine
    assert list(zip(aside["row"], aside["reason"], aside["detail"], strict=True)) == [
        (2, "address_ambiguous", "解放路 1号"), (4, "address_unknown", "西门"),
        (5, "no_geometry", ""),
    ]  # fmt: skip
    report = import_layer(store, layer, division=TOWN)
    assert figures(report) == {"rows_read": 4, "added": 1, "set_aside": 3}
    with reading(store.engine) as session:
        rows = session.scalars(select(QuarantinedRow).order_by(QuarantinedRow.row)).all()
        assert [(row.reason, row.detail) for row in rows] == [
            ("address_ambiguous", "解放路 1号"), ("address_unknown", "西门"), ("no_geometry", ""),
        ]  # fmt: skip
    # Mended, it imports again: the workbook has the address in a column of its own.
    write_quarantine(settled, tmp_path / "aside.xlsx")
    table(store, ("西门", TOWN, OTHER))
    again = import_layer(store, read_layer(tmp_path / "aside.xlsx", "posts"), division=TOWN)
    assert figures(again) == {"rows_read": 3, "added": 1, "set_aside": 2}


def test_incidents_are_kept_without_a_place_and_without_their_address(
    store: Store, tmp_path: Path
) -> None:
    """Neither the row nor the import says where somebody lives."""
    text = "类别,时间,地址\n盗窃,2024-05-01 08:00,兴安里7栋\n纠纷,2024-05-02 08:00,\n"
    report = import_layer(store, read(tmp_path, "incidents", text), division=TOWN)
    assert figures(report) == {"rows_read": 2, "added": 2}
    assert store.frame("incidents")["quality"].tolist() == ["none", "none"]
    with reading(store.engine) as session:
        run = session.get_one(ImportRun, report.import_id)
        codes = [note["code"] for note in run.notes]
        assert codes[-2:] == ["address_unmatched", "kept_placeless"]
        assert "兴安里" not in str([vars(run), *session.scalars(select(QuarantinedRow))])
    assert "兴安里" not in store.frame("incidents").to_csv()


def test_a_personal_number_in_an_address_is_masked(store: Store, tmp_path: Path) -> None:
    """At the door, as in every text."""
    layer = read(tmp_path, "posts", "编号,地址,经度,纬度\nA,东门 13812345678,,\n" + "".join(
        f"B{i},西门{i}号,109,32\n" for i in range(9)
    ))  # fmt: skip
    import_layer(store, layer, division=TOWN)
    with reading(store.engine) as session:
        (row,) = session.scalars(select(QuarantinedRow))
        assert row.detail == "东门 ***"
        # Of what was kept alone: an id that is drawn may hold any digits.
        assert "138" not in str(row.values)


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("kind", ["incidents", "posts"])
def test_a_row_found_later_is_the_same_row(
    store: Store,
    tmp_path: Path,
    kind: str,
    ids: bool,  # noqa: FBT001 - a parameter
) -> None:
    """The table is filled after the first import: the same file then only places the row."""
    code = f"编号,名称,类别,网格编码,地址\nA,甲,x,{GRID},解放路1号\nB,乙,x,{GRID},西门\n"
    text = code if ids else "\n".join(line.partition(",")[2] for line in code.splitlines())
    layer = read(tmp_path, kind, text)
    border = shapely.box(109, 32, 110, 33)
    import_layer(store, layer_of("areas", [border], {"area_id": ["610981100299009"]}))
    assert figures(import_layer(store, layer, division=TOWN)) == {"rows_read": 2, "added": 2}
    before = store.frame(kind)
    assert set(before["quality"]) == {"area"}
    assert figures(import_layer(store, layer, division=TOWN)) == {"rows_read": 2, "unchanged": 2}
    table(store, ("解放路1号", TOWN, GATE))
    report = import_layer(store, layer, division=TOWN)
    assert figures(report) == {"rows_read": 2, "changed": 1, "unchanged": 1}
    after = store.frame(kind)
    assert after["id"].tolist() == before["id"].tolist()
    assert after["division"].tolist() == before["division"].tolist()
    assert sorted(after["version"]) == [1, 2]
    assert sorted(after["quality"]) == ["address", "area"]
    assert figures(import_layer(store, layer, division=TOWN)) == {"rows_read": 2, "unchanged": 2}


def test_two_addresses_make_two_rows(store: Store, tmp_path: Path) -> None:
    """Equal but for the address, which is not stored: they are not duplicates."""
    text = f"名称,网格编码,地址\n岗,{GRID},东门\n岗,{GRID},西门\n岗,{GRID},西门\n"
    report = import_layer(store, read(tmp_path, "posts", text), division=TOWN)
    assert figures(report) == {"rows_read": 3, "added": 2, "duplicates": 1}


def test_settling_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    """A preview is settled, and then imported."""
    table(store, ("解放路1号", TOWN, GATE))
    layer = read(tmp_path, "posts", "编号,地址,网格编码\nA,解放路1号,\nB,西门,\n")
    once = settle(store, layer, division=TOWN)
    assert settle(store, once, division=TOWN) is once
    assert len(layer.frame) == 0
    assert figures(import_layer(store, once, division=TOWN)) == {
        "rows_read": 2, "added": 1, "set_aside": 1,
    }  # fmt: skip
    assert [note.code for note in once.notes][-3:] == [
        "address_placed", "address_unmatched", "rows_quarantined",
    ]  # fmt: skip


def test_only_the_table_of_addresses_keeps_them() -> None:
    """Places, not people: where somebody lives stands in no other layer."""
    keeping = [kind for kind, model in LAYERS.items() if "address" in model.__table__.columns]
    assert keeping == ["addresses"]
