"""What ledgers say of incidents is read, and what cannot be is set aside or said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import shapely

from data import read_layer, step, word
from data.heads import ALIASES
from data.incident_heads import INCIDENT_HEADS
from data.notes import Note
from data.personal import MASK
from data.settling import place_quality
from data.workbook import write_quarantine
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from data import Layer


def read(tmp_path: Path, *lines: str, kind: str = "incidents") -> Layer:
    """Read a table of lines; incidents get a place behind the other cells."""
    head, *rows = lines
    path = tmp_path / f"{kind}.csv"
    placed = [f"{head},经度,纬度", *(f"{row},109.36,32.83" for row in rows)]
    path.write_text("\n".join(placed), encoding="utf-8")
    return read_layer(path, kind)


def aside(layer: Layer) -> list[tuple[int, str, str]]:
    """Return line, reason and detail of the rows set aside."""
    columns = (layer.quarantine[name] for name in ("row", "reason", "detail"))
    return list(zip(*columns, strict=True))


def notes(layer: Layer) -> dict[str, Mapping[str, Any]]:
    """Return what was noted, the counts of bad rows left out."""
    told = {note.code: note.values for note in layer.notes}  # noqa: PD011 - a note is no frame
    return {code: named for code, named in told.items() if code != "rows_quarantined"}


def cells(layer: Layer, column: str) -> list[object]:
    """Return a column with None for every way of missing."""
    return [None if pd.isna(cell) else cell for cell in layer.frame[column]]


def test_a_ledger_of_an_office_is_read_under_its_own_heads(tmp_path: Path) -> None:
    """Every new column, in Chinese words; the feedback class stands before the first one."""
    layer = read(
        tmp_path,
        "编号,事项类型,类别,反馈报警类别,发案时间起,发案时间止,受理时间,办结时间,状态,数量,计量单位,"
        "定位质量,标签,预警颜色,办结层级,是否调解,调解结果,化解结果,发现方式,先期处置力量",
        "1,纠纷,旧类,邻里纠纷,2026-03-01 22:00,2026年3月2日6时,2026/3/2,2026-3-5,已化解,2.1万余,件,"
        "门牌号,重点整治、夏季,黄色预警,村(社区),是,达成协议,已化解,网格上报,网格",
    )  # fmt: skip
    assert aside(layer) == []
    assert notes(layer).keys() == {"columns_ignored", "several_heads"}
    row = layer.frame.iloc[0]
    told = {name: row[name] for name in INCIDENT_HEADS if name not in ("incident_id", "class")}
    assert row["class"] == "邻里纠纷"
    assert told == {
        "kind": "dispute", "time": pd.Timestamp("2026-03-01 22:00"),
        "time_to": pd.Timestamp("2026-03-02 06:00"), "accepted": pd.Timestamp("2026-03-02"),
        "closed": pd.Timestamp("2026-03-05"), "state": "closed", "count": 21_000, "about": True,
        "count_unit": "matter", "place_quality": "address", "tags": "重点整治;夏季",
        "colour": "yellow", "closed_level": "village", "mediated": True,
        "mediation_success": True, "outcome": "resolved", "found_by": "grid",
        "first_handler": "grid",
    }  # fmt: skip


# Times


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("2026-03-01 22:00至2026-03-02 06:00", "2026-03-01 22:00", "2026-03-02 06:00"),
        ("2026-03-01 22:00至次日06:00", "2026-03-01 22:00", "2026-03-02 06:00"),
        ("2026年3月1日22时至6时", "2026-03-01 22:00", "2026-03-02 06:00"),
        ("2026年3月1日22时30分—3月2日6时", "2026-03-01 22:30", "2026-03-02 06:00"),
        ("2025-12-31 23:00 - 1月1日 05:00", "2025-12-31 23:00", "2026-01-01 05:00"),
        ("2026-03-01 22:00~23:30", "2026-03-01 22:00", "2026-03-01 23:30"),
        ("2026-03-01 22:00-23:30", "2026-03-01 22:00", "2026-03-01 23:30"),
        ("2026/3/1 22:00 -6:00", "2026-03-01 22:00", "2026-03-02 06:00"),
        ("2026年3月1日9:00-11:30", "2026-03-01 09:00", "2026-03-01 11:30"),
        ("2026-03-01 22:00:00+08:00", "2026-03-01 22:00", None),
        ("2026-03-01T12:00:00-02:00", "2026-03-01 22:00", None),
        ("2026-03-01到2026-03-03", "2026-03-01", "2026-03-04"),
        ("2026-03-01", "2026-03-01", "2026-03-02"),
        ("20260301", "2026-03-01", "2026-03-02"),
        ("202603012205", "2026-03-01 22:05", None),
        ("2026-03-01T22:05:00", "2026-03-01 22:05", None),
        ("2026年3月1日9点", "2026-03-01 09:00", None),
    ],
)
def test_an_interval_in_one_cell_is_two_times(
    tmp_path: Path, cell: str, start: str, end: str | None
) -> None:
    """A day alone is any time of it, and ends with the day."""
    layer = read(tmp_path, "编号,发生时间", f"1,{cell}")
    assert layer.frame["time"].tolist() == [pd.Timestamp(start)]
    latest = layer.frame.get("time_to", pd.Series([pd.NaT]))
    assert latest.tolist() == [pd.NaT if end is None else pd.Timestamp(end)]
    said = "day_only" in notes(layer)
    assert said == (cell in ("2026-03-01", "20260301"))


@pytest.mark.parametrize("cell", ["2026", "45352.5", "3月1日", "2026-03-01至晚上", "昨天"])
def test_what_is_no_time_is_quoted_as_it_came(tmp_path: Path, cell: str) -> None:
    """A year is not its first moment, and days that spreadsheets count are none."""
    layer = read(tmp_path, "编号,发生时间", f"1,{cell}", "2,2026-03-01 08:00")
    assert cells(layer, "time") == [None, pd.Timestamp("2026-03-01 08:00")]
    assert notes(layer)["value_unreadable"]["values"] == [cell]


def test_an_interval_is_none_of_the_other_times_and_no_zone(tmp_path: Path) -> None:
    """Between 9:00 and 11:30 is no moment, and nothing 11 and a half hours west of Greenwich."""
    cell = "2026-03-01 9:00-11:30"
    layer = read(tmp_path, "编号,发生时间,受理时间", f"1,2026-03-01 08:00,{cell}", "2,,2026-03-02")
    assert cells(layer, "accepted") == [None, pd.Timestamp("2026-03-02")]
    assert notes(layer)["value_unreadable"]["values"] == [cell]
    layer = read(tmp_path, "编号,发生时间", "1,2026-03-01 9:00-25:30", "2,2026-03-02 08:00")
    assert cells(layer, "time")[0] is None


def test_a_column_of_ends_stands_before_an_interval_and_days_end_with_the_day(
    tmp_path: Path,
) -> None:
    """A blank one is filled from the cell beside it."""
    layer = read(
        tmp_path, "编号,发生时间,最晚发生时间",
        "1,2026-03-01 22:00至23:00,2026-03-02 05:00", "2,2026-03-01 22:00至23:00,",
        "3,2026-03-01 22:00,2026-03-01", "4,2026-03-01 22:00,",
    )  # fmt: skip
    assert aside(layer) == []
    assert cells(layer, "time_to") == [
        pd.Timestamp("2026-03-02 05:00"), pd.Timestamp("2026-03-01 23:00"),
        pd.Timestamp("2026-03-02"), None,
    ]  # fmt: skip


def test_ends_before_beginnings_are_set_aside(tmp_path: Path) -> None:
    """A day is not before a time of itself; what lies ahead is set aside too."""
    layer = read(
        tmp_path, "编号,发生时间,最晚发生时间,受理时间,结案时间",
        "1,2026-03-01 22:00,2026-03-01 21:00,,", "2,,,2026-03-02 09:00,2026-03-02 08:59",
        "3,,,2026-03-02 09:00,2026-03-02", "4,,,2026-03-02,2026-03-01",
        "5,,,2026-03-02 09:00,2126-03-02", "6,,,2126-03-02,", "7,2026-03-01 22:00,2126-03-02,,",
        "8,2026-03-01 22:00,2026-03-01 22:00,2026-03-01 22:00,2026-03-01 22:00",
    )  # fmt: skip
    assert layer.frame["incident_id"].tolist() == [3, 8]
    assert aside(layer) == [
        (2, "time_to_before_time", "2026-03-01 21:00:00 < 2026-03-01 22:00:00"),
        (3, "closed_before_accepted", "2026-03-02 08:59:00 < 2026-03-02 09:00:00"),
        (5, "closed_before_accepted", "2026-03-01 00:00:00 < 2026-03-02 00:00:00"),
        (6, "time_ahead", "2126-03-02 00:00:00"), (7, "time_ahead", "2126-03-02 00:00:00"),
        (8, "time_ahead", "2126-03-03 00:00:00"),
    ]  # fmt: skip


def test_times_of_a_file_that_has_times_are_days_if_all_are_midnight(tmp_path: Path) -> None:
    """Programs write a day as its first moment; one midnight alone or among others is a time."""
    for clocks, ends in (
        (["00:00", "00:00"], True),
        (["00:00", "08:00"], False),
        (["00:00"], False),
    ):
        when = pd.to_datetime([f"2026-03-0{day} {clock}" for day, clock in enumerate(clocks, 1)])
        frame = pd.DataFrame({"id": range(len(when)), "time": when, "lon": 109.36, "lat": 32.83})
        frame.to_parquet(tmp_path / "i.parquet")
        layer = read_layer(tmp_path / "i.parquet", "incidents")
        assert ("time_to" in layer.frame.columns) == ends


# Counts


def test_counts_bring_their_units_and_bounds(tmp_path: Path) -> None:
    """From the cell, from the column beside it, from the head; no unit is made up."""
    layer = read(
        tmp_path, "编号,数量,计量单位",
        "1,1400余起,", "2,5333,户", "3,132件,件", "4,142人次,", "5,,", "6,4268,",
    )  # fmt: skip
    assert aside(layer) == []
    assert cells(layer, "count") == [1_400, 5_333, 132, 142, None, 4_268]
    assert cells(layer, "count_unit") == [
        "occurrence", "household", "matter", "person_time", None, None,
    ]  # fmt: skip
    assert cells(layer, "about") == [True, False, False, False, False, False]
    by_head = read(tmp_path, "编号,起数", "1,12", "2,", "3,7件")
    assert cells(by_head, "count_unit") == ["occurrence", None, "matter"]
    bracket = read(tmp_path, "编号,数量（场次）,约数", "1,12,是", "2,9,")
    assert cells(bracket, "count_unit") == ["session", "session"]
    assert cells(bracket, "about") == [True, False]


def test_counts_that_cannot_be_read_are_kept_in_words_unless_they_may_name(
    tmp_path: Path,
) -> None:
    """They are not taken for one; a second unit and an unknown one are set aside too."""
    layer = read(
        tmp_path, "编号,数量,计量单位",
        "1,若干起,", "2,张三等3人,", "3,12起,件", "4,12,只", "5,3000000000,", "6,7,",
    )  # fmt: skip
    assert layer.frame["incident_id"].tolist() == [6]
    assert aside(layer) == [
        (2, "count_unreadable", "若干起"), (3, "count_unreadable", MASK),
        (4, "count_unit_other", "12起 ≠ matter"), (5, "count_unit_unknown", "只"),
        (6, "count_unreadable", "3000000000"),
    ]  # fmt: skip
    write_quarantine(layer, tmp_path / "q.xlsx")
    assert "张三" not in pd.read_excel(tmp_path / "q.xlsx", engine="calamine").to_csv()


def test_how_many_people_had_to_do_with_a_matter_is_no_count_of_it(tmp_path: Path) -> None:
    """A dispute of three people is one dispute."""
    layer = read(tmp_path, "编号,涉及人数,当事人,承办民警", "1,3,某某,某某")
    assert "count" not in layer.frame.columns
    assert "某某" not in layer.frame.to_csv()


# Colours and words


def test_a_colour_on_a_police_call_or_case_is_dropped_and_said(tmp_path: Path) -> None:
    """The row is kept; of other kinds it stays, orange and green too."""
    layer = read(
        tmp_path, "编号,类型,预警颜色",
        "1,警情,红", "2,案件,蓝", "3,事件,黄", "4,纠纷,橙色", "5,隐患,绿", "6,警情,", "7,案件,红色",
    )  # fmt: skip
    assert aside(layer) == []
    assert cells(layer, "colour") == [None, None, "yellow", "orange", "green", None, None]
    told = notes(layer)["colour_dropped"]
    assert told == {"count": 3, "reasons": {"blue": 1, "red": 2}, "rows": [2, 3, 8]}
    assert "红 2" in Note("colour_dropped", told).text("zh")
    assert "red 2" in Note("colour_dropped", told).text("en")


def test_sentences_about_people_are_neither_kept_nor_told_of(tmp_path: Path) -> None:
    """Outcome and success of a mediation are codes, and nothing else."""
    told = "张某与李某达成一致"
    layer = read(
        tmp_path, "编号,化解结果,调解结果,办结层级", f"1,{told},{told},镇级", "2,移交,不成功,"
    )
    assert cells(layer, "outcome") == [None, "transferred"]
    assert cells(layer, "mediation_success") == [None, False]
    assert cells(layer, "closed_level") == ["town", None]
    assert told not in str(layer.notes)
    untold = [note for note in layer.notes if note.code == "code_untold"]
    assert [note.text("en").count("2") for note in untold] == [1, 1]


def test_nothing_personal_is_a_head_of_incidents() -> None:
    """And every reason has its word and its step in both languages."""
    for kind in ("incidents", "stations", "duty_units"):
        heads = {head for heads in ALIASES[kind].values() for head in heads}
        for bad in ("当事人", "报警人", "申请人", "民警", "涉及人数", "驾驶员"):
            assert bad not in heads
    for reason in (
        "time_to_before_time", "closed_before_accepted", "count_unreadable", "count_unit_other",
        "count_unit_unknown", "unit_class_unknown", "station_state_unknown", "unit_state_unknown",
    ):  # fmt: skip
        assert all(word(reason, lang) and step(reason, lang) for lang in ("zh", "en"))


# Places


def test_the_quality_of_a_place_is_what_its_source_says_and_the_store_knows() -> None:
    """A point in the middle of a village is the village; no point is invented."""
    place = shapely.Point(109, 32)
    layer = layer_of(
        "incidents", [place, place, place, place, None, None, shapely.Point()],
        {
            "place_quality": [None, "area", None, "none", "point", None, None],
            "quality": ["address", "point", None, "point", "none", "area", "none"],
            "area_code": [None, None, None, None, None, "61", None],
        },
    )  # fmt: skip
    assert place_quality(layer.frame).tolist() == [
        "address", "area", "point", "point", "none", "area", "none",
    ]  # fmt: skip
    bare = layer_of("incidents", [place, None])
    assert place_quality(bare.frame).tolist() == ["point", "none"]
    assert place_quality(bare.frame.iloc[:0]).tolist() == []


def test_an_unknown_quality_is_the_worst_that_is_still_a_place(tmp_path: Path) -> None:
    """A guess of a geocoder must not make a hot spot."""
    layer = read(tmp_path, "编号,定位质量", "1,模糊匹配", "2,坐标", "3,")
    assert cells(layer, "place_quality") == ["area", "point", None]
    assert notes(layer)["code_unknown_as"]["taken"] == "area"


# Stations and units on duty


def test_stations_are_read_in_chinese_words(tmp_path: Path) -> None:
    """Hours and words that nobody can read are set aside; blank ones stay unknown."""
    layer = read(
        tmp_path, "警务站编号,名称,站点类型,出警方式,值守时间,状态",
        "J1,滨江所,派出所,车巡,全天,在用", "J2,,岗亭,步巡,07:00-23:00,停用", "J3,,,,,",
        "J4,,茶馆,,,", "J5,,派出所,,天天,", "J6,,分局,飞行,,", "J7,,市局,,,不明",
        kind="stations",
    )  # fmt: skip
    assert layer.frame["station_id"].tolist() == ["J1", "J2", "J3"]
    assert cells(layer, "unit_class") == ["station", "post", None]
    assert cells(layer, "mode") == ["car", "foot", None]
    assert cells(layer, "state") == ["open", "closed", None]
    assert [(row, reason) for row, reason, _ in aside(layer)] == [
        (5, "unit_class_unknown"), (6, "windows_unreadable"), (7, "mode_unknown"),
        (8, "station_state_unknown"),
    ]  # fmt: skip


def test_units_on_duty_are_never_volunteers(tmp_path: Path) -> None:
    """Nor twice, nor without a code, nor in a state that nobody knows."""
    layer = read(
        tmp_path, "单元编号,力量类型,巡逻方式,班次,单元状态,定位时间",
        "U1,巡特警,车巡,18:00-02:00,空闲,2026-05-01 20:05", "U2,,,,出警中,", "U1,保安,,,离岗,",
        "U3,志愿者,步巡,,空闲,", ",保安,,,,", "U4,,,,睡觉,", "U5,,,半天,,", "U6,,,,,2126-01-01",
        kind="duty_units",
    )  # fmt: skip
    assert layer.frame["unit_id"].tolist() == ["U1", "U2"]
    assert cells(layer, "state") == ["free", "busy"]
    assert [(row, reason) for row, reason, _ in aside(layer)] == [
        (4, "unit_twice"), (5, "volunteer_track"), (6, "no_unit"), (7, "unit_state_unknown"),
        (8, "shift_unreadable"), (9, "time_ahead"),
    ]  # fmt: skip
