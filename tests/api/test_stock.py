"""The commands over the store: import, template, serve, and the demo's store."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from api import cli, stock
from api.demo import PATROL_AREAS, STORED, make_demo, store_town
from api.patrol.stored import planning_areas, shifts_of_area
from api.stock import open_store, scope_of
from api.stored import grids_alone
from data import read_layer
from data.runs import past_imports, write_set_aside
from data.scope import Scope
from data.store import Store
from data.tables import EXAMPLE_MARK
from data.tree import divisions
from geo import StreetCoverage
from tests.api.files import scene
from tests.api.test_doubts import areas, sites, streets
from tests.stores import ONE_ENGINE

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from data import Layer

VILLAGE = "610999001001"

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


@pytest.mark.parametrize("kind", sorted({*stock.TEMPLATES} - {*stock.STORED}))
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


@ONE_ENGINE
def test_a_run_over_an_area_takes_all_that_is_stored_beside_its_cameras(  # noqa: ANN201
    gridpatrol,  # noqa: ANN001
    tmp_path,  # noqa: ANN001
    store_url,  # noqa: ANN001
):
    """Each by its template and import, twice; then health, and a camera to buy on a stored pole."""
    asked, camera = ("--database", store_url), "61099900001320000001"
    for kind, text in {
        "areas": '编号,几何\n01,"POLYGON ((109 32, 109.01 32, 109.01 32.01, 109 32.01, 109 32))"\n',
        "streets": '编号,几何\nS1,"LINESTRING (109.001 32.005, 109.009 32.005)"\n',
        "cameras": f"设备编码,朝向,视场角,可视距离,经度,纬度\n{camera},90,60,50,109.001,32.005\n",
        "key_sites": "编号,类型,经度,纬度\nK1,学校,109.0012,32.005\n",
        "poles": "杆位编号,拟装类型,经度,纬度\nL1,全景,109.005,32.005\n",
        "walls": '编号,几何\nW1,"LINESTRING (109.0013 32.004, 109.0013 32.006)"\n',
        "entrances": "编号,所属部位编号,经度,纬度\nD1,K1,109.0012,32.005\n",
        "states": f"设备编码,时间,在线状态\n{camera},2024-05-01,在线\n{camera},2024-05-02,离线\n",
        "faults": f"设备编码,故障时间,修复时间\n{camera},2024-05-01 12:00,\n",
    }.items():
        book, table = tmp_path / f"{kind}.xlsx", tmp_path / f"{kind}.csv"
        code, told, _ = gridpatrol("template", kind, "--out", book)
        assert (code, "gridpatrol import" in told.replace("\n", " ")) == (0, True), told
        table.write_text(text, encoding="utf-8")
        read = str(text.count("\n") - 1)
        for counts in ({"新增": read}, {"新增": "0", "未变": read}):
            code, told, error = gridpatrol("import", kind, table, *asked)
            assert (code, rows(told)) == (0, {"读取行数": read} | counts), error
    run = ("cameras", "--area", "01", *asked, "--propose", "1", "--json")
    code, told, error = gridpatrol(*run)
    assert code == 0, error
    summary = json.loads(told)
    assert {*summary["inputs"]} == {
        "areas", "within", "streets", "cameras", "key_sites", "poles", "walls", "entrances",
        "states", "faults",
    }  # fmt: skip
    rates = {(rate["name"], rate["basis"]): rate for rate in summary["health"]["rates"]}
    assert rates["online", "time"]["numerator"] == pytest.approx(24.0)
    assert rates["in_order", "time"]["numerator"] == pytest.approx(12.0)
    assert summary["entrances"] == {
        "entrances": 1, "watched": 1, "unwatched_ids": [], "of_no_key_site": 0,
    }  # fmt: skip
    assert summary["covered_length_m"] == pytest.approx(28.3, abs=0.5)
    assert summary["new_cameras"]["cameras_new"] == 1
    code, _, error = gridpatrol(*run, "--poles", tmp_path / "poles.csv")
    assert (code, "--poles" in error) == (2, True)


def test_a_ledger_takes_no_coordinates(gridpatrol, tmp_path, url) -> None:  # noqa: ANN001
    """Said in both languages, and nothing is stored."""
    table = tmp_path / "states.csv"
    table.write_text("设备编码,时间,在线状态\n017,2024-05-01 00:00,在线\n", encoding="utf-8")
    run = ("import", "states", table, "--database", url, "--datum", "gcj02")
    for lang, words in (("zh", "没有坐标"), ("en", "has no places")):
        code, _, error = gridpatrol(*run, "--lang", lang)
        assert (code, words in error) == (1, True), error
    assert not (tmp_path / "store.db").exists()


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
    assert sorted(read) == sorted([*STORED, "areas"])
    assert sorted(divided) == ["CameraCoverage", "PostCoverage"]
    assert set(first) == {*STORED, PATROL_AREAS}
    assert first["posts"].added == 466
    assert first["cameras"].added == 260
    assert (first["areas"].added, first[PATROL_AREAS].added) == (55, 6)
    added = [first[kind].added for kind in ("units", "segments", "standby")]
    assert added == [12, 60, 6]
    assert not any(report.set_aside for report in first.values())
    again = store_town(tmp_path)
    assert {report.added for report in again.values()} == {0}
    assert all(report.unchanged == first[kind].added for kind, report in again.items())
    with open_store(f"sqlite:///{tmp_path / 'town.db'}") as store:
        inside = store.scoped(Scope("610999001001"))
        assert inside.count("cameras") == 33
        assert inside.count("areas") == 12 + 1
        assert len(planning_areas(store)) == 6
        assert len(grids_alone(store.frame("areas"))) == 55
        assert shifts_of_area(store, f"{VILLAGE}801", dt.date(2026, 6, 30)) == [
            "08:00-16:00", "20:00-04:00",
        ]  # fmt: skip


def area_file(tmp_path: Path, east: float) -> Path:
    """Write one basic grid that ends at a longitude."""
    path = tmp_path / "grids.csv"
    ring = f"109 32.04, {east} 32.04, {east} 32.06, 109 32.06, 109 32.04"
    path.write_text(
        f'网格编码,网格类型,几何\n{VILLAGE}001,基础网格,"POLYGON (({ring}))"\n', encoding="utf-8"
    )
    return path


def test_a_border_from_a_day_on_leaves_the_figures_of_the_day_before(  # noqa: ANN201
    gridpatrol,  # noqa: ANN001
    tmp_path,  # noqa: ANN001
    store_url,  # noqa: ANN001
):
    """Twice the same file is once; `--on` goes by what held then."""
    asked = ("--database", store_url)
    for name, text in {
        "streets": '编号,几何\nS1,"LINESTRING (109 32.05, 109.02 32.05)"\n',
        "posts": "编号,经度,纬度\nP1,109.001,32.05\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        assert gridpatrol("import", name, tmp_path / f"{name}.csv", *asked)[0] == 0
    area = ("import", "areas", area_file(tmp_path, 109.01), *asked)
    assert rows(gridpatrol(*area)[1]) == {"读取行数": "1", "新增": "1"}
    area_file(tmp_path, 109.02)
    for changed in ({"更新": "1"}, {"未变": "1"}):
        code, text, _ = gridpatrol(*area, "--from", "2026-01-01")
        assert (code, rows(text)) == (0, {"读取行数": "1", "新增": "0"} | changed)

    def due(*day: str) -> float:
        code, text, error = gridpatrol("posts", "--area", f"{VILLAGE}001", *asked, *day, "--json")
        assert code == 0, error
        return float(json.loads(text)["due_length_m"])

    assert due("--on", "2025-12-31") * 2 == pytest.approx(due(), rel=1e-3)
    assert due("--on", "2026-01-01") == due()
    area_file(tmp_path, 109.03)
    code, _, error = gridpatrol(*area, "--from", "2025-07-01")
    assert code == 1
    assert f"网格 {VILLAGE}001 在 2025-07-01 之后已有更新的版本" in error


def test_a_day_is_refused_where_it_says_nothing(gridpatrol, tmp_path, url) -> None:  # noqa: ANN001
    """For what happened, without a stored area, and where it is no day."""
    table = tmp_path / "incidents.csv"
    table.write_text("类型,经度,纬度\n事件,109.1,32.1\n", encoding="utf-8")
    asked = ("import", "incidents", table, "--database", url)
    code, _, error = gridpatrol(*asked, "--from", "2026-01-01")
    assert code == 1
    assert "请去掉 --from" in error
    assert gridpatrol(*asked, "--from", "01/2026")[0] == 2
    code, _, error = gridpatrol("posts", "s.csv", "p.csv", "--on", "2026-01-01")
    assert code == 2
    assert "--area" in error


def test_divisions_hold_from_the_day_that_is_said(gridpatrol, tmp_path, store_url) -> None:  # noqa: ANN001
    """As borders do."""
    table = tmp_path / "divisions.csv"
    asked = ("import", "divisions", table, "--database", store_url, "--from")
    for name, day in (("旬阳县", "2020-01-01"), ("旬阳市", "2021-02-03")):
        table.write_text(f"{LIST}610981,{name},,\n", encoding="utf-8")
        assert gridpatrol(*asked, day)[0] == 0
    store = Store.open(store_url)
    for day, name in ((dt.date(2021, 2, 2), "旬阳县"), (dt.date(2021, 2, 3), "旬阳市")):
        assert divisions(store, on=day)["name"].tolist() == [name]
    store.engine.dispose()


def test_slots_and_counts_are_imported_as_layers_are(gridpatrol, tmp_path, store_url) -> None:  # noqa: ANN001
    """Names stay out, and what they lack is written into a workbook."""
    table, book = tmp_path / "workers.csv", tmp_path / "aside.xlsx"
    table.write_text(
        f"岗位编号,网格编码,岗位,专兼职,姓名\nW1,{VILLAGE}001,网格员,专职,张三\nW2,,网格长,兼职,李四\n",
        encoding="utf-8",
    )
    asked = ("--database", store_url)
    code, text, _ = gridpatrol("import", "workers", table, *asked, "--quarantine", book)
    assert (code, rows(text)) == (0, {"读取行数": "2", "新增": "1", "未用的行": "1"})
    assert "姓名" in text
    assert "张三" not in text
    assert book.is_file()
    table.write_text(
        f"网格编码,月份,工作类型,数量\n{VILLAGE}001,2026-01,走访,46\n", encoding="utf-8"
    )
    code, text, _ = gridpatrol("import", "work", table, *asked)
    assert (code, rows(text)) == (0, {"读取行数": "1", "新增": "1"})
    assert "编号" not in text
    assert stored(store_url, "workers")["kind"].tolist() == ["full_time"]
    assert stored(store_url, "work")["count"].tolist() == [46]
