"""The commands over the store: import, template, serve, and the demo's store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import typer

from api import cli
from api.demo import STORED, make_demo, store_town
from api.stock import open_store, scope_of
from data import read_layer
from data.runs import past_imports, write_set_aside
from data.scope import Scope
from data.store import Store
from data.tables import EXAMPLE_MARK
from data.tree import divisions
from geo import StreetCoverage
from tests.api.files import scene
from tests.api.test_doubts import areas, sites, streets

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from data import Layer

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
    assert dict(zip(cameras["camera_id"], cameras["online"], strict=True)) == {
        "C1": True,
        "C2": False,
    }
    assert cameras["division"].unique().tolist() == ["610999001000"]
    assert cameras["line"].unique().tolist() == ["police"]


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


@pytest.mark.parametrize("kind", ["gates", "walls", "poles", "states", "faults"])
def test_a_template_of_what_is_not_stored_names_another_step(  # noqa: ANN201
    gridpatrol,  # noqa: ANN001
    tmp_path,  # noqa: ANN001
    kind,  # noqa: ANN001
):
    """`import` would refuse it."""
    book = tmp_path / "t.xlsx"
    for lang in ("zh", "en"):
        code, text, _ = gridpatrol("template", kind, "--out", book, "--lang", lang)
        assert code == 0
        assert "cameras --help" in text.replace("\n", " ")
        assert "gridpatrol import" not in text.replace("\n", " ")
    assert book.read_bytes()[:2] == b"PK"
    assert gridpatrol("import", kind, book)[0] == 2


def test_a_datum_in_doubt_is_printed_with_the_option_that_settles_it(  # noqa: ANN201
    gridpatrol,  # noqa: ANN001
    tmp_path,  # noqa: ANN001
    url,  # noqa: ANN001
):
    """Kept with the import too; imported as told, the same posts raise no doubt."""
    for name, layer in {"areas": areas(), "streets": streets()}.items():
        layer.frame.to_file(tmp_path / f"{name}.gpkg")
        assert gridpatrol("import", name, tmp_path / f"{name}.gpkg", "--database", url)[0] == 0
    sites("posts", "gcj02").frame.to_file(tmp_path / "posts.gpkg")
    asked = ("import", "posts", tmp_path / "posts.gpkg", "--database", url)
    code, text, _ = gridpatrol(*asked)
    assert code == 0
    assert text.replace("\n", "").count("--datum gcj02 重新导入观察哨") == 2
    store = Store.open(url)
    (kept,) = [run for run in past_imports(store).runs if run.kind == "posts"]
    assert [note["code"] for note in kept.notes][-2:] == ["datum_by_streets", "datum_by_areas"]
    store.engine.dispose()
    code, text, _ = gridpatrol(*asked, "--datum", "gcj02")
    assert code == 0
    assert "重新导入" not in text
    assert rows(text) == {"读取行数": "200", "新增": "0", "更新": "200"}


LIST = "区划代码,名称,上级代码,曾用代码\n"


def test_a_list_of_divisions_is_stored_once_with_the_codes_it_had(  # noqa: ANN201
    gridpatrol,  # noqa: ANN001
    tmp_path,  # noqa: ANN001
    store_url,  # noqa: ANN001
):
    """Rows under the old code are seen under the new one; the second time nothing changes."""
    table, posts = tmp_path / "divisions.csv", tmp_path / "posts.csv"
    posts.write_text("编号,经度,纬度\nP1,109.36,32.83\n", "utf-8")
    gridpatrol("import", "posts", posts, "--division", "610928100004", "--database", store_url)
    table.write_text(f"{LIST}610928,旬阳县,,\n610928100,城关镇,,\n", "utf-8")
    assert gridpatrol("import", "divisions", table, "--database", store_url)[0] == 0
    table.write_text(f"{LIST}610981,旬阳市,,610928\n", "utf-8")
    asked = ("import", "divisions", table, "--database", store_url)
    code, text, _ = gridpatrol(*asked)
    assert code == 0
    assert rows(text) == {"读取行数": "1", "新增": "1", "新旧代码对照": "1"}
    code, text, _ = gridpatrol(*asked, "--lang", "en")
    assert (code, rows(text)) == (0, {"Rows read": "1", "Added": "0", "Unchanged": "1"})
    # An old list still comes in, under the new codes.
    table.write_text(f"{LIST}610928100,城关镇,,\n610928101,棕溪镇,610928,\n", "utf-8")
    code, text, _ = gridpatrol(*asked)
    assert rows(text) == {"读取行数": "2", "新增": "1", "未变": "1"}
    assert "2 个区划代码按新旧对照改为新码" in text
    store = Store.open(store_url)
    assert divisions(store)["name"].tolist() == ["旬阳市", "城关镇", "棕溪镇"]
    assert store.scoped(Scope("610981100")).frame("posts")["post_id"].tolist() == ["P1"]
    assert store.scoped(Scope("610982")).frame("posts").empty
    store.engine.dispose()


def rows(text: str) -> dict[str, str]:
    """Return the rows of the printed table."""
    cells = [line.strip("│ ").split("│") for line in text.splitlines() if line.startswith("│")]
    return {name.strip(): value.strip() for name, value in cells}


def test_divisions_set_aside_are_named_and_import_once_mended(gridpatrol, tmp_path, url) -> None:  # noqa: ANN001
    """An orphan of a stored tree, a repeat, a wrong parent; the mended workbook is a list again."""
    import openpyxl  # noqa: PLC0415 - here alone

    table, book = tmp_path / "divisions.csv", tmp_path / "aside.xlsx"
    table.write_text(f"{LIST}6109,安康市,,\n610981,旬阳市,6109,\n", "utf-8")
    asked = ("import", "divisions", table, "--database", url, "--quarantine", book)
    assert gridpatrol(*asked)[0] == 0
    assert not book.exists()
    table.write_text(
        f"{LIST}610981100,城关镇,,\n610982100,孤镇,,\n610981100,又一个,,\n"
        "610981101,棕溪镇,610929,\n",
        "utf-8",
    )
    code, text, _ = gridpatrol(*asked)
    assert code == 0
    assert rows(text) == {"读取行数": "4", "新增": "1", "未用的行": "3"}
    assert "上级不在名单里 1" in text
    sheet = openpyxl.load_workbook(book).worksheets[0]
    heads, *cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert heads == ["区划代码", "名称", "上级代码", "曾用代码", "原因", "原表行号"]
    assert [(row[0], str(row[4]).split("：")[0], row[5]) for row in cells] == [
        ("610982100", "上级不在名单里", 3),
        ("610981100", "代码重复", 4),
        ("610981101", "上级与代码不符", 5),
    ]
    store = Store.open(url)
    (run, first) = past_imports(store).runs
    for past, count in ((run, 3), (first, 0)):
        write_set_aside(store, past.id, tmp_path / "later.xlsx")
        later = openpyxl.load_workbook(tmp_path / "later.xlsx").worksheets[0]
        assert [list(row) for row in later.iter_rows(values_only=True)] == [heads, *cells[:count]]
    store.engine.dispose()
    assert [sheet.cell(2, column).number_format == "@" for column in (1, 2, 3, 4)] == [
        True, False, True, True,
    ]  # fmt: skip
    sheet.cell(2, 1).value = "610981102"
    sheet.cell(4, 3).value = None
    sheet.delete_rows(3)
    sheet.parent.save(book)
    code, text, _ = gridpatrol("import", "divisions", f"{book}:{sheet.title}", "--database", url)
    assert (code, rows(text)) == (0, {"读取行数": "2", "新增": "2"})


def test_xunyang_is_stored_with_21_towns_and_309_villages(  # noqa: ANN201
    gridpatrol,  # noqa: ANN001
    shared_data,  # noqa: ANN001
    store_url,  # noqa: ANN001
):
    """Counties, towns and villages of three files; twice the same changes nothing."""
    folder = shared_data / "cn_admin_shaanxi"
    added = {"shaanxi_counties": 107, "shaanxi_towns": 1_335, "xunyang_villages_communities": 309}
    for name, count in added.items():
        asked = ("import", "divisions", folder / f"names_{name}.csv", "--database", store_url)
        assert rows(gridpatrol(*asked)[1]) == {"读取行数": f"{count:,}", "新增": f"{count:,}"}
    store = Store.open(store_url)
    stored = divisions(store)
    towns = stored[stored["parent_code"] == "610981000000"]
    assert len(towns) == 21
    assert stored["parent_code"].isin(towns["code"]).sum() == 309
    for name, count in added.items():
        asked = ("import", "divisions", folder / f"names_{name}.csv", "--database", store_url)
        said = {"读取行数": f"{count:,}", "新增": "0", "未变": f"{count:,}"}
        assert rows(gridpatrol(*asked)[1]) == said
    assert divisions(store).equals(stored)
    store.engine.dispose()


def test_a_tree_of_2376_centres_is_stored_whole_in_any_order(gridpatrol, tmp_path, store_url):  # noqa: ANN001, ANN201
    """One prefecture, 11 counties, 177 towns, 2,187 villages; twice changes nothing."""
    counties = [f"6105{n:02d}" for n in range(1, 12)]
    towns = [f"{counties[i % 11]}{100 + i // 11:03d}" for i in range(177)]
    villages = [f"{towns[i % 177]}{200 + i // 177:03d}" for i in range(2187)]
    codes = [*villages, *towns, *counties, "6105"]
    table = tmp_path / "tree.csv"
    table.write_text("code,name\n" + "".join(f"{code},{code}号\n" for code in codes), "utf-8")
    asked = ("import", "divisions", table, "--database", store_url)
    assert rows(gridpatrol(*asked)[1]) == {"读取行数": "2,376", "新增": "2,376"}
    said = {"读取行数": "2,376", "新增": "0", "未变": "2,376"}
    assert rows(gridpatrol(*asked)[1]) == said
    store = Store.open(store_url)
    stored = divisions(store)
    assert stored["code"].str.rstrip("0").str.len().max() == 12
    assert stored["parent_code"].isin(stored["code"]).sum() == 2_375
    county = [code for code in codes if code.startswith("610501")]
    assert len(divisions(store.scoped(Scope("610501")))) == len(county) == 1 + 17 + 210
    store.engine.dispose()


def test_the_template_of_divisions_reads_as_empty_and_its_example_as_a_good_row(  # noqa: ANN201
    gridpatrol,  # noqa: ANN001
    tmp_path,  # noqa: ANN001
    url,  # noqa: ANN001
):
    """The mark alone keeps the example out; a second sheet explains every column."""
    import openpyxl  # noqa: PLC0415 - here alone

    book = tmp_path / "divisions.xlsx"
    assert gridpatrol("template", "divisions", "--out", book)[0] == 0
    code, text, _ = gridpatrol("import", "divisions", book, "--database", url)
    assert (code, rows(text)) == (0, {"读取行数": "0", "新增": "0"})
    workbook = openpyxl.load_workbook(book)
    sheet, guide = workbook.worksheets
    assert {cell.value for cell in sheet[1]} <= {row[0].value for row in guide.iter_rows()}
    sheet["A2"] = str(sheet["A2"].value).removeprefix(EXAMPLE_MARK)
    workbook.save(book)
    code, text, _ = gridpatrol("import", "divisions", book, "--database", url)
    assert rows(text) == {"读取行数": "1", "新增": "1", "新旧代码对照": "1"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["import", "people", "x.csv"], "KIND"),
        (["import", "divisions", "x.csv", "--datum", "bd09", "--line", "public"], "--line --datum"),
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


def test_the_store_of_a_command_is_closed_whatever_happens(tmp_path: Path, url: str) -> None:
    """SQLite takes its log away with the last connection."""

    def interrupted() -> None:
        with open_store(url) as store:
            assert store.count("posts") == 0
            assert len(list(tmp_path.iterdir())) > 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["store.db"]


def test_a_scope_is_read_as_it_is_written() -> None:
    """Division and lines; none of either is all; reading alone knows nothing covert."""
    assert scope_of("610999:public", write=True).lines == frozenset({"public"})
    assert scope_of("", write=True).lines == Scope().lines
    assert scope_of("610999", write=False).rights == frozenset()
    with pytest.raises(typer.BadParameter):
        scope_of("610999:navy", write=False)


def test_the_demo_stores_its_town_and_a_second_time_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Every layer, read and divided once, with every row in the division of its grid.

    And its page says which posts it counts.
    """
    read, divided = [], []
    by_area = StreetCoverage.by_area

    def counted(spec: str, kind: str) -> Layer:
        read.append(kind)
        return read_layer(spec, kind)

    def counted_by_area(self: StreetCoverage, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        divided.append(type(self).__name__)
        return by_area(self, areas)

    monkeypatch.setattr("api.demo.read_layer", counted)
    monkeypatch.setattr(StreetCoverage, "by_area", counted_by_area)
    runs, files = make_demo(tmp_path, lambda _: None)
    assert "明哨口径" in files["map"].read_text("utf-8")
    first = store_town(tmp_path, runs)
    assert sorted(read) == sorted(STORED)
    assert sorted(divided) == ["CameraCoverage", "PostCoverage"]
    assert set(first) == set(STORED)
    assert first["posts"].added == 466
    assert first["cameras"].added == 260
    again = store_town(tmp_path)
    assert {report.added for report in again.values()} == {0}
    assert all(report.unchanged == first[kind].added for kind, report in again.items())
    with open_store(f"sqlite:///{tmp_path / 'town.db'}") as store:
        inside = store.scoped(Scope("610999001001"))
        assert inside.count("cameras") == 33
        assert inside.count("areas") == 12
