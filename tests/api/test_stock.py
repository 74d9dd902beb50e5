"""The commands over the store: import, template, serve, and the demo's store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import typer

from api import cli
from api.demo import STORED, make_demo, store_town
from api.stock import open_store, scope_of
from data.scope import Scope
from data.store import Store
from tests.api.files import scene

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what must be refused


@pytest.fixture
def gridpatrol(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # noqa: ANN201
    """Return the command as a function: its exit code, output and errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gridpatrol", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        try:
            cli.main()
        except SystemExit as stop:
            out, err = capsys.readouterr()
            return int(stop.code or 0), out, err
        out, err = capsys.readouterr()
        return 0, out, err

    return run


def stored(url: str, kind: str) -> gpd.GeoDataFrame:
    """Return what a store holds, and close it."""
    store = Store.open(url)
    frame = store.frame(kind)
    store.engine.dispose()
    return frame


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of an embedded store that does not exist yet."""
    return f"sqlite:///{tmp_path / 'store.db'}"


def test_a_file_is_stored_once_however_often_it_is_imported(gridpatrol, tmp_path, url) -> None:  # noqa: ANN001
    """The second import changes nothing, and says so."""
    files = scene(tmp_path)
    asked = ("import", "cameras", files["cameras"], "--division", "610999001000", "--database", url)
    code, text, _ = gridpatrol(*asked)
    assert code == 0
    assert "新增" in text
    assert "gridpatrol serve" in text
    code, text, _ = gridpatrol(*asked)
    assert code == 0
    assert "未变" in text
    cameras = stored(url, "cameras")
    assert cameras["camera_id"].tolist() == ["C1", "C2"]
    assert cameras["division"].unique().tolist() == ["610999001000"]
    assert cameras["line"].unique().tolist() == ["police"]
    assert cameras["online"].tolist() == [True, False]


def test_the_setting_names_the_store(gridpatrol, tmp_path, url, monkeypatch) -> None:  # noqa: ANN001
    """GRIDPATROL_DATABASE_URL, where no option does."""
    monkeypatch.setenv("GRIDPATROL_DATABASE_URL", url)
    code, _, _ = gridpatrol("import", "areas", scene(tmp_path)["areas"])
    assert code == 0
    assert len(stored(url, "areas")) == 2


def test_rows_set_aside_become_a_workbook_that_imports_again(gridpatrol, tmp_path, url) -> None:  # noqa: ANN001
    """One bad row of two; mended in the workbook, it joins the other."""
    import openpyxl  # noqa: PLC0415 - here alone

    table, book = tmp_path / "posts.csv", tmp_path / "aside.xlsx"
    table.write_text(
        "编号,名称,经度,纬度\nP1,柳巷口,114.31,30.55\nP2,桥头,约114.31,30.55\n", "utf-8"
    )
    code, text, _ = gridpatrol("import", "posts", table, "--database", url, "--quarantine", book)
    assert code == 0
    assert "未用的行" in text
    workbook = openpyxl.load_workbook(book)
    sheet = workbook.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert "原因" in heads
    sheet.cell(2, heads.index("经度") + 1).value = "114.32"
    sheet.cell(2, heads.index("纬度") + 1).value = "30.55"
    workbook.save(book)
    code, _, _ = gridpatrol("import", "posts", f"{book}:{sheet.title}", "--database", url)
    assert code == 0
    assert sorted(stored(url, "posts")["post_id"]) == ["P1", "P2"]


def test_a_template_is_written(gridpatrol, tmp_path) -> None:  # noqa: ANN001
    """And the next step named."""
    book = tmp_path / "cameras.xlsx"
    code, text, _ = gridpatrol("template", "cameras", "--out", book)
    assert code == 0
    assert "gridpatrol import" in text
    assert book.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["import", "people", "x.csv"], "KIND"),
        (["import", "posts", "x.csv", "--division", "旬阳"], "--division"),
        (["import", "posts", "x.csv", "--line", "army"], "--line"),
        (["template", "people"], "KIND"),
        (["serve", "--host", EVERYWHERE, "--database", "{url}"], "--scope"),
        (["serve", "--host", EVERYWHERE, "--scope", "1:public", "--database", "{url}"], "TOKEN"),
        (["serve", "--scope", "旬阳:public", "--database", "{url}"], "division"),
        (["serve", "--scope", "610999:army", "--database", "{url}"], "lines"),
        (["serve", "--port", "99999"], "--port"),
    ],
)  # fmt: skip
def test_what_may_not_be_is_refused_as_usage(gridpatrol, url, arguments, says) -> None:  # noqa: ANN001
    """Exit 2, the option named; nothing is opened to other machines without scope and token."""
    code, _, err = gridpatrol(*[argument.format(url=url) for argument in arguments])
    assert code == 2
    assert says in err


def test_a_scope_is_read_as_it_is_written() -> None:
    """Division and lines; none of either is all; reading alone knows nothing covert."""
    assert scope_of("610999:public", write=True).lines == frozenset({"public"})
    assert scope_of("", write=True).lines == Scope().lines
    assert scope_of("610999", write=False).rights == frozenset()
    with pytest.raises(typer.BadParameter):
        scope_of("610999:navy", write=False)


def test_the_demo_stores_its_town_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    """Every layer, with every row in the division of its grid."""
    make_demo(tmp_path, lambda _: None)
    first = store_town(tmp_path)
    assert set(first) == set(STORED)
    assert first["posts"].added == 466
    assert first["cameras"].added == 260
    again = store_town(tmp_path)
    assert {report.added for report in again.values()} == {0}
    assert all(report.unchanged == first[kind].added for kind, report in again.items())
    store = open_store(f"sqlite:///{tmp_path / 'town.db'}")
    inside = store.scoped(Scope("610999001001"))
    assert inside.count("cameras") == 33
    assert inside.count("areas") == 12
    store.engine.dispose()
