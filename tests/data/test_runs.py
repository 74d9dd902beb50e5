"""Past imports: who may know of them, page by page, and their rows as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data import read_layer
from data.errors import NotFoundError
from data.importing import import_layer
from data.runs import find_import, past_imports, rows_set_aside, write_set_aside
from data.scope import Scope
from data.workbook import write_quarantine

if TYPE_CHECKING:
    from pathlib import Path

    from data.files import Layer
    from data.store import Store

OURS = Scope("610928100", frozenset({"police"}), frozenset({"write"}))


def posts(folder: Path, name: str = "岗哨.csv", **cells: str) -> Layer:
    """Read a file with one good row and two bad ones."""
    row = {"id": "P1", "hours": "08:00-20:00", "mark": "明哨"} | cells
    (folder / name).write_text(
        "编号,名称,值守时间,明暗,X,Y\n"
        f"{row['id']},东门,{row['hours']},{row['mark']},37432810.5,3770000.25\n"
        f"007,西门,{row['hours']},{row['mark']},abc,3770000\n"
        f"P3,=1+1,,{row['mark']},0,0\n",
        "utf-8",
    )
    return read_layer(folder / name, "posts")


def test_a_workbook_had_later_is_the_one_had_at_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte: codes, formulas and the coordinate system, too."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    layer = posts(tmp_path)
    assert layer.crs != "EPSG:4326"
    report = import_layer(store, layer)
    assert find_import(store, report.import_id).crs == layer.crs
    write_quarantine(layer, tmp_path / "once.xlsx")
    write_set_aside(store, report.import_id, tmp_path / "later.xlsx")
    once, later = (
        read_layer(tmp_path / name, "posts", crs=layer.crs) for name in ("once.xlsx", "later.xlsx")
    )
    assert later.quarantine.equals(once.quarantine)
    assert later.quarantine["post_id"].tolist() == ["007", "P3"]
    assert later.frame.equals(once.frame)
    assert (tmp_path / "later.xlsx").read_bytes() == (tmp_path / "once.xlsx").read_bytes()


def test_rows_set_aside_come_in_the_order_of_the_file(store: Store, tmp_path: Path) -> None:
    """With their reasons and cells; an import without any has none."""
    report = import_layer(store, posts(tmp_path))
    rows = rows_set_aside(store, report.import_id)
    assert rows["row"].tolist() == [3, 4]
    assert rows["reason"].tolist() == ["not_a_number", "no_place"]
    assert rows["post_id"].tolist() == ["007", "P3"]
    (tmp_path / "good.csv").write_text("编号,经度,纬度\nP1,114.3,30.5\n", "utf-8")
    good = import_layer(store, read_layer(tmp_path / "good.csv", "posts"))
    assert rows_set_aside(store, good.import_id).empty


def test_imports_are_paged_from_the_newest_on(store: Store, tmp_path: Path) -> None:
    """Every one once, also those of one moment."""
    for number in range(5):
        import_layer(store, posts(tmp_path, f"{number}.csv"))
    met: list[str] = []
    before = None
    while len(met) < 9:
        page = past_imports(store, before=before, limit=2)
        met += [run.source for run in page.runs]
        before = page.before
        if before is None:
            break
    assert met == ["4.csv", "3.csv", "2.csv", "1.csv", "0.csv"]
    assert past_imports(store, limit=5).before is None


@pytest.mark.parametrize(
    ("division", "cells", "line", "known"),
    [
        ("610928100", {}, "police", True),
        ("610928100001", {}, "police", True),
        ("610928101", {}, "police", False),
        ("610928", {}, "police", False),
        ("", {}, "police", False),
        ("610928100", {}, "governance", False),
        ("610928100", {"mark": "暗哨"}, "police", False),
    ],
)
def test_an_import_is_known_to_whom_all_its_rows_are(
    store: Store, tmp_path: Path, division: str, cells: dict[str, str], line: str, *, known: bool
) -> None:
    """Its counts tell of all of them; one that may not be known and none are the same."""
    report = import_layer(store, posts(tmp_path, **cells), division=division, line=line)
    ours = store.scoped(OURS)
    assert len(past_imports(ours).runs) == known
    if known:
        assert find_import(ours, report.import_id).division == division
        assert len(rows_set_aside(ours, report.import_id)) == 2
        return
    for asks in (find_import, rows_set_aside):
        for import_id in (report.import_id, 7):
            with pytest.raises(NotFoundError) as caught:
                asks(ours, import_id)
            assert caught.value.note.values == {"kind": "imports", "id": import_id}
    with pytest.raises(NotFoundError):
        past_imports(ours, before=report.import_id)


def test_a_rehearsal_writes_nothing(store: Store, tmp_path: Path) -> None:
    """It counts what an import would do, and leaves neither rows nor an import behind."""
    layer = posts(tmp_path)
    would = import_layer(store, layer, rehearse=True)
    assert (would.import_id, would.added, would.set_aside) == (0, 1, 2)
    assert store.count("posts") == 0
    assert past_imports(store).runs == []
    done = import_layer(store, layer)
    assert done.import_id
    again = import_layer(store, layer, rehearse=True)
    assert (again.added, again.unchanged) == (0, 1)
