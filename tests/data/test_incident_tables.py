"""Classes, tags and colours: what is shipped, what is barred, sheets read back as they were."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from data import ColumnError, step, word
from data.codes import CODES
from data.incident_sheets import BARRED, SHEET_HEADS, read_table
from data.incident_tables import (
    CLASSES,
    COLOURS,
    COLUMNS,
    KEYS,
    TAGS,
    coded_classes,
    default_table,
    in_force,
)
from data.personal import is_personal_head
from data.tables import GUIDE_SHEET
from data.workbook import write_list_quarantine, write_table, write_template

if TYPE_CHECKING:
    from pathlib import Path

    from data import Layer

SHEETS = (CLASSES, TAGS, COLOURS)
NEVER = (
    "民族", "族群", "种族", "宗教", "信教", "教会", "教派", "信仰", "邪教", "信访", "上访", "缠访",
    "非访", "群体性", "聚集", "言论", "舆论", "谣言", "诽谤", "寻衅滋事", "涉法涉诉", "涉稳",
    "ethnic", "race", "relig", "belief", "cult", "petition", "speech", "opinion of", "gathering",
)  # fmt: skip
"""What nothing that is shipped may be called: not all of it is refused of others."""


def sheet(tmp_path: Path, kind: str, *lines: str) -> Layer:
    """Read a sheet made of lines."""
    path = tmp_path / f"{kind}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_table(path, kind)


def bare(layer: Layer) -> pd.DataFrame:
    """Return the rows of a sheet without the place that they do not have."""
    return pd.DataFrame(layer.frame.drop(columns="geometry"))


@pytest.mark.parametrize("kind", SHEETS)
def test_nothing_is_classed_by_what_people_are_believe_or_say(kind: str) -> None:
    """No row of any sheet, in either language."""
    text = default_table(kind).to_csv().casefold()
    assert not [never for never in NEVER if never in text]
    assert not [barred for barred in BARRED if barred in text]


@pytest.mark.parametrize("kind", SHEETS)
def test_every_row_of_a_default_is_told_apart(kind: str) -> None:
    """By its codes; nothing is blank that has to be said."""
    table = default_table(kind)
    assert table.columns.tolist() == list(COLUMNS[kind])
    assert not table.duplicated(list(KEYS[kind])).any()
    assert table[[*KEYS[kind], "label"]].notna().all(axis=None)


def test_the_shipped_groups_are_those_of_the_reports() -> None:
    """Four of grids and two beside them, six of calls and nuisance, two of cases."""
    groups = default_table(CLASSES).groupby("kind", sort=False)["group"].unique()
    assert groups["event"].tolist() == [
        "livelihood", "dispute", "opinion", "security", "hazard", "facility",
    ]  # fmt: skip
    assert groups["police_call"].tolist() == [
        "criminal", "public_order", "traffic", "dispute", "help", "other", "nuisance",
    ]  # fmt: skip
    assert groups["case"].tolist() == ["criminal", "public_order"]
    assert set(groups.index) == set(CODES["incidents", "kind"].values())


def test_tags_name_classes_that_there_are() -> None:
    """And preventable ones are those that the reports mean."""
    classes, tags = default_table(CLASSES), default_table(TAGS)
    assert set(tags["class"]) <= set(classes.loc[classes["kind"] == "case", "class"])
    preventable = tags.loc[tags["tag"] == "preventable", "class"].tolist()
    assert preventable == [
        "burglary", "theft_from_vehicle", "e_bike_theft", "vehicle_theft", "pickpocketing",
        "robbery_snatch",
    ]  # fmt: skip
    assert set(tags["tag"]) == {"preventable", "two_robberies_one_theft"}


def test_red_is_the_most_serious_colour() -> None:
    """Blue in 3 days by the grid, yellow in 15 by the village, red in 30 by the town."""
    rows = default_table(COLOURS).sort_values("rank")
    told = rows[["colour", "level", "limit_days"]].to_numpy().tolist()
    assert told == [["blue", "grid", 3], ["yellow", "village", 15], ["red", "town", 30]]


@pytest.mark.parametrize("kind", SHEETS)
def test_a_template_is_filled_and_read_back_as_it_was(kind: str, tmp_path: Path) -> None:
    """Every column explained, no example among the rows; the same after a second time."""
    path = tmp_path / "t.xlsx"
    write_template(kind, path)
    layer = read_table(path, kind)
    assert (layer.notes, len(layer.quarantine)) == ((), 0)
    pd.testing.assert_frame_equal(bare(layer), default_table(kind), check_dtype=False)
    write_table(kind, bare(layer), tmp_path / "again.xlsx")
    again = bare(read_table(tmp_path / "again.xlsx", kind))
    pd.testing.assert_frame_equal(again, bare(layer), check_dtype=False)
    book = openpyxl.load_workbook(path)
    heads = [cell.value for cell in book.worksheets[0][1]]
    guide = {row[0]: row[1] for row in book[GUIDE_SHEET].iter_rows(values_only=True)}
    assert all(guide[head] for head in heads)
    assert not [head for head in heads if is_personal_head(str(head))]


def test_codes_of_a_sheet_stay_text(tmp_path: Path) -> None:
    """The words of the newer list of disputes are numbers with a nought before them."""
    write_template(CLASSES, tmp_path / "t.xlsx")
    rows = bare(read_table(tmp_path / "t.xlsx", CLASSES)).set_index("class")
    assert rows.loc["family_dispute", "words"].split()[0] == "01"


def test_rows_of_a_sheet_that_cannot_be_are_set_aside(tmp_path: Path) -> None:
    """Each with its own reason; the good ones stay, days as dates."""
    layer = sheet(
        tmp_path, CLASSES, "类型,类别代码,类别名称,归类,生效日期,失效日期",
        "案件,pig_theft,盗窃生猪,刑事,2026-01-01,", "案件,,无代码,刑事,,", "人物,x,某类,甲,,",
        "案件,a,某类,甲,明天,", "案件,b,某类,甲,2026-01-01,2026-01-01", "事件,c,涉访人员上访,甲,,",
        "案件,d,某类,甲,,", "案件,d,另类,甲,,", "案件,d,某类,甲,,", "案件,e,religious,甲,,",
        "案件,d,另类,甲,2026年2月1日,",
    )  # fmt: skip
    assert layer.frame["class"].tolist() == ["pig_theft", "d", "d"]
    assert layer.frame["kind"].tolist() == ["case"] * 3
    assert layer.frame["since"].tolist() == [dt.date(2026, 1, 1), None, dt.date(2026, 2, 1)]
    aside = zip(layer.quarantine["row"], layer.quarantine["reason"], strict=True)
    assert list(aside) == [
        (3, "no_table_key"), (4, "table_kind_unknown"), (5, "table_day_unreadable"),
        (6, "table_days_turned"), (7, "table_class_barred"), (9, "table_twice"),
        (11, "table_class_barred"),
    ]  # fmt: skip
    assert "上访" not in "".join(layer.quarantine["detail"])
    assert [note.code for note in layer.notes] == ["table_again", "rows_quarantined"]
    assert len(layer.rows) == len(layer.frame)
    write_list_quarantine(CLASSES, layer.quarantine, tmp_path / "q.xlsx")
    assert len(pd.read_excel(tmp_path / "q.xlsx", engine="calamine")) == 7
    for reason in {*layer.quarantine["reason"], "table_number"}:
        assert all(word(reason, lang) and step(reason, lang) for lang in ("zh", "en"))


def test_numbers_and_words_of_colours_are_read(tmp_path: Path) -> None:
    """A city has four colours; what is no number of days is set aside."""
    layer = sheet(
        tmp_path, COLOURS, "颜色代码,颜色名称,等级,办理层级,办结期限(天),回访期限",
        "橙色,橙,3,镇街,20,7", "红,红,4,县,-1,", "green,绿,0,网格,,",
    )  # fmt: skip
    assert bare(layer).iloc[0].tolist() == ["orange", "橙", 3, "town", 20, 7, None, None]
    assert layer.frame["colour"].tolist() == ["orange", "green"]
    assert layer.quarantine["reason"].tolist() == ["table_number"]


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_without_its_codes_is_refused(kind: str, tmp_path: Path) -> None:
    """The columns are named as the template calls them."""
    with pytest.raises(ColumnError, match=SHEET_HEADS[kind][KEYS[kind][-1]][1]):
        sheet(tmp_path, kind, "备注", "甲")


def test_a_version_counts_the_changes_of_its_tag_alone() -> None:
    """On the first day the new one holds, on the last the old one no more."""
    day, later = dt.date(2026, 1, 1), dt.date(2026, 6, 1)
    rows = [
        ("a", "x", None, day), ("a", "y", None, None), ("a", "z", day, later),
        ("b", "x", None, None), ("b", "z", later, None),
    ]  # fmt: skip
    tags = pd.DataFrame(rows, columns=["tag", "class", "since", "until"])

    def held(on: dt.date) -> list[tuple[str, int]]:
        found = in_force(tags, on)
        names = found["tag"] + found["class"]
        return list(zip(names, found["version"], strict=True))

    assert held(dt.date(2025, 12, 31)) == [("ax", 1), ("ay", 1), ("bx", 1)]
    assert held(day) == [("ay", 2), ("az", 2), ("bx", 1)]
    assert held(later) == [("ay", 3), ("bx", 2), ("bz", 2)]
    assert in_force(default_table(COLOURS), day)["colour"].tolist() == ["blue", "yellow", "red"]
    assert in_force(default_table(TAGS).iloc[:0], day)["version"].tolist() == []


def test_classes_are_known_by_their_words_within_their_kind() -> None:
    """盗窃 is a case or a call; the first row has a word; what none knows stays as it is."""
    rows = [
        ("case", "入室盗窃"), ("case", "盗 窃"), ("police_call", "盗窃"), ("dispute", "02"),
        ("dispute", "邻里纠纷"), ("case", "burglary"), ("case", "奇案"), ("case", None),
        (None, "盗窃"), ("hazard", "Fire"),
    ]  # fmt: skip
    incidents = pd.DataFrame(rows, columns=["kind", "class"], index=range(5, 15))
    found = coded_classes(incidents, default_table(CLASSES))
    assert found.index.tolist() == list(range(5, 15))
    assert found.where(found.notna(), None).tolist() == [
        "burglary", "theft", "theft", "neighbour_dispute", "neighbour_dispute", "burglary", "奇案",
        None, "盗窃", "fire_hazard",
    ]  # fmt: skip
    both = pd.DataFrame([("case", "a", "甲", None, "丙"), ("case", "b", "丙", None, "甲")])
    both = both.set_axis(["kind", "class", "label", "label_en", "words"], axis="columns")
    told = pd.DataFrame({"kind": "case", "class": ["甲", "丙", "b"]})
    assert coded_classes(told, both).tolist() == ["a", "a", "b"]
    nameless = coded_classes(pd.DataFrame({"class": ["盗窃"]}), default_table(CLASSES))
    assert nameless.tolist() == ["盗窃"]
