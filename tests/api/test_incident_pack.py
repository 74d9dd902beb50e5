"""The monthly pack: the same inputs give the same tables, on paper and as a workbook."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from api import cli
from api.incidents.listings import Listing
from api.incidents.pack import pack_of
from tests.api.test_cli_incidents import ledger, times

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Report = Callable[..., tuple[int, str, str]]

SHEETS = ["总表", "分类", "分区", "时段", "热点", "口径"]


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Report:
    """Return `gridpatrol incidents report ...` on one day: exit code, output and errors."""

    def made(*arguments: object) -> tuple[int, str, str]:
        asked = ["gridpatrol", "incidents", "report", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", asked)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(pd.Timestamp("2026-04-02").timestamp())))
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return made


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """Write two Marches of one town: thefts with a place, disputes that name their grid alone."""
    rows = []
    for month, thefts, disputes in (("2025-03", 40, 25), ("2026-03", 30, 16)):
        told = times(thefts, month, 事件类型="案件", 事件类别="刑事", 发现方式="群众报警")
        rows += [
            {
                **row,
                "lon": 109.3 + n * 1e-4,
                "lat": 32.8 + n % 7 * 1e-4,
                "发生时间": row["受理时间"],
            }
            for n, row in enumerate(told)
        ]
        rows += times(disputes, month, 事件类型="纠纷", 办理状态="办结")
    return ledger(tmp_path / "months.csv", rows)


def cells(path: Path, sheet: str) -> list[tuple[object, ...]]:
    """Return the filled rows of a sheet."""
    book = openpyxl.load_workbook(path)
    return [row for row in book[sheet].iter_rows(values_only=True) if any(row)]


def test_the_pack_is_a_workbook_a_paper_and_a_map(
    report: Report, months: Path, tmp_path: Path
) -> None:
    """The sentence comes first; every figure that is a count is a number."""
    out = tmp_path / "out"
    code, text, err = report(months, "--month", "2026-03", "--cell", 200, "--out", out)
    assert code == 0, err
    assert {path.name for path in out.iterdir()} == {
        "result.gpkg", "summary.json", "map.html", "report.html", "report.xlsx",
    }  # fmt: skip
    assert openpyxl.load_workbook(out / "report.xlsx").sheetnames == SHEETS
    first, *_ = cells(out / "report.xlsx", "总表")
    assert first[0] == "月度研判：2026年3月"
    totals = {row[0]: row[1:4] for row in cells(out / "report.xlsx", "总表") if row[1] in (40, 25)}
    assert totals["起"][:2] == (40, 30)
    assert totals["件"][0:2] == (25, 16)
    sentence = "同比下降36%(25→16件;小基数,差异不显著,E检验 p=0.165,条件检验 p=0.211)"
    assert totals["件"][2] == sentence
    paper = (out / "report.html").read_text("utf-8")
    assert f"16件，{sentence}，减少9件" in paper
    assert "月度研判：2026年3月" in paper
    assert "同比下降25%(40→30起" in text.replace("\n", "")
    hours = cells(out / "report.xlsx", "时段")
    assert any(row[-1] == 30 for row in hours if row[0] == "合计")
    reckoned = cells(out / "report.xlsx", "口径")
    assert any(row[0] == "化解率" for row in reckoned)


def test_the_same_inputs_give_the_same_bytes(report: Report, months: Path, tmp_path: Path) -> None:
    """Workbook, paper and summary; other rows give others."""
    made = []
    for name in ("a", "b"):
        code, _, err = report(months, "--month", "2026-03", "--cell", 200, "--out", tmp_path / name)
        assert code == 0, err
        made.append([
            (tmp_path / name / file).read_bytes()
            for file in ("report.xlsx", "report.html", "summary.json", "map.html")
        ])  # fmt: skip
    assert made[0] == made[1]
    report(months, "--month", "2026-03", "--against", "period", "--out", tmp_path / "c")
    assert (tmp_path / "c" / "report.xlsx").read_bytes() != made[0][0]


def test_a_month_without_rows_says_which_there_are(
    report: Report, months: Path, tmp_path: Path
) -> None:
    """Nothing is made up: the tables are short and the note tells the days of the data."""
    code, text, err = report(months, "--month", "2025-07", "--out", tmp_path / "out")
    assert code == 0, err
    assert "统计期内没有记录：数据从 2025-03-01 到 2026-03-28" in text
    assert cells(tmp_path / "out" / "report.xlsx", "热点") == [("本期没有",)]


def test_options_are_named_on_the_terminal_and_not_on_paper(
    report: Report, months: Path, tmp_path: Path
) -> None:
    """Cells without areas lie on the box around: which option gives them is for the terminal."""
    out = tmp_path / "out"
    code, text, err = report(months, "--month", "2026-03", "--cell", 200, "--out", out)
    assert code == 0, err
    assert "没有网格：方格铺满外接矩形" in text
    assert "--areas、--streets" in text
    notes = [str(row[0]) for row in cells(out / "report.xlsx", "口径")]
    assert any("没有网格：方格铺满外接矩形" in note for note in notes)
    assert not any("--" in note for note in notes)
    for page in ("report.html", "map.html"):
        assert "--areas、" not in (out / page).read_text("utf-8")


def test_the_month_and_the_folder_must_be_named(report: Report, months: Path) -> None:
    """A pack is of a month, and is written."""
    assert report(months, "--out", "x")[0] == 2
    assert report(months, "--month", "2026-03")[0] == 2


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    """What looks like a formula came from a file, and is none."""
    listing = Listing("t", ["a", "b"], [["=1+1", 7], ["余", None]], 1)
    file = tmp_path / "a.xlsx"
    file.write_bytes(pack_of("题", {"classes": [listing]}, ["一句"], ["口径"], lang="zh"))
    assert cells(file, "分类") == [("t", None), ("a", "b"), ("=1+1", 7), ("余", None)]
    book = openpyxl.load_workbook(file)
    assert book["分类"]["A3"].data_type == "s"
    assert listing.text().rows[1:] == [["=1+1", "7"], ["余", "—"]]
