"""The sheets of patrols are read in Chinese and English, and what cannot be is set aside."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import ColumnError, read_layer, step, word
from data.heads import ALIASES
from data.notes import Note
from data.patrol_codes import FORCES, MODES, PLACE_KINDS
from data.patrol_rows import _window
from data.personal import is_personal_head
from data.workbook import write_quarantine, write_template
from geo.patrol.responsibility import FORCES as ANSWERING
from geo.patrol.responsibility import PLACE_KINDS as ANSWERED
from tests.patrol_city import patrol_city

if TYPE_CHECKING:
    from pathlib import Path

    from data import Layer

LINE = '"LINESTRING (109.365 32.834, 109.367 32.835)"'


def read(tmp_path: Path, kind: str, *lines: str) -> Layer:
    """Read a sheet made of lines."""
    path = tmp_path / f"{kind}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_layer(path, kind)


def aside(layer: Layer) -> list[tuple[int, str]]:
    """Return line and reason of the rows set aside."""
    return list(zip(layer.quarantine["row"], layer.quarantine["reason"], strict=True))


def notes(layer: Layer) -> list[str]:
    """Return the codes of what the reader noted, the counts of bad rows left out."""
    return [note.code for note in layer.notes if note.code != "rows_quarantined"]


def test_a_units_sheet_of_an_office_is_read(tmp_path: Path) -> None:
    """Chinese heads and words; what is blank stays unknown."""
    layer = read(
        tmp_path, "units",
        "单元编号,名称,力量类型,巡逻方式,着装,速度(公里/小时),班次,起点,终点,休息时长,休息时段,技能,巡区编号",
        '7,东街一组,巡特警,车巡,便衣,25,18:00-02:00,Z1,"109.36,32.83",30,21:00-23:00,持枪、急救,XQ01',
        "8,,志愿者,步巡,,,早班 06:00-14:00,,,,,,",
        "9,视频席,辅警,视频巡,制服,,20:00-次日08:00,,,,,,",
        "10,,,,,,08:00-16:00,,,,,,",
    )  # fmt: skip
    assert aside(layer) == []
    assert notes(layer) == []
    frame = layer.frame
    assert frame["unit_id"].tolist() == [7, 8, 9, 10]
    assert frame["force"].tolist()[:3] == ["patrol_swat", "volunteer", "auxiliary_police"]
    assert frame["mode"].tolist()[:3] == ["car", "foot", "video"]
    assert frame[["force", "mode"]].isna().iloc[3].all()
    assert frame["visible"].tolist() == [False, pd.NA, True, pd.NA]
    assert frame["speed_kmh"].tolist()[0] == 25
    assert frame["end"].tolist()[0] == "109.36,32.83"
    assert frame["skills"].tolist()[0] == "持枪;急救"
    assert (frame["break_min"][0], frame["break_window"][0]) == (30, "21:00-23:00")
    assert frame["area_code"].tolist()[0] == "XQ01"
    assert frame.geometry.isna().all()


def test_units_that_cannot_serve_are_set_aside_with_their_reasons(tmp_path: Path) -> None:
    """Each row for its own; the good ones stay."""
    layer = read(
        tmp_path, "units",
        "unit_id,shift,mode,force,speed_kmh,break_min,break_window",
        "U1,08:00-16:00,foot,保安,5,30,11:00-13:00",
        "U2,,foot,,,,",
        "U3,早班,foot,,,,",
        "U4,08:00-16:00,飞行,,,,",
        "U5,08:00-16:00,foot,,-5,,",
        "U6,08:00-16:00,foot,,500,,",
        "U7,08:00-16:00,foot,义勇,,,",
        ",08:00-16:00,foot,,,,",
        "U1,16:00-24:00,foot,,,,",
        "U8,08:00-10:00,foot,,,120,",
        "U9,08:00-16:00,foot,,,30,中午",
        "U10,08:00-08:00,foot,,,,",
        "U11,08:00-16:00,,,快,,",
    )  # fmt: skip
    assert layer.frame["unit_id"].tolist() == ["U1"]
    assert aside(layer) == [
        (3, "no_shift"), (4, "shift_unreadable"), (5, "mode_unknown"), (6, "speed_impossible"),
        (7, "speed_impossible"), (8, "force_unknown"), (9, "no_unit"), (10, "unit_twice"),
        (11, "break_beyond_shift"), (12, "windows_unreadable"), (13, "shift_unreadable"),
        (14, "speed_impossible"),
    ]  # fmt: skip
    assert layer.quarantine["detail"].tolist() == [
        "", "早班", "飞行", "-5", "500", "义勇", "", "U1", "120 > 120 min", "中午", "08:00-08:00",
        "快",
    ]  # fmt: skip
    assert notes(layer) == []


def test_no_name_of_a_person_gets_in_by_any_sheet(tmp_path: Path) -> None:
    """Who leads a unit, who is in it: left out by the head; a badge number too."""
    heads = ["带班领导", "组长", "队长", "队员", "警号", "值班民警", "联系电话", "巡逻人员"]
    assert all(map(is_personal_head, heads))
    layer = read(
        tmp_path, "units", f"单元编号,班次,{','.join(heads)}",
        f"U1,08:00-16:00,{','.join(['某某'] * len(heads))}",
    )  # fmt: skip
    dropped = next(note for note in layer.notes if note.code == "personal_dropped")
    assert dropped.values["names"] == heads  # noqa: PD011 - a note is no frame
    assert set(layer.frame.columns) == {"unit_id", "shift", "geometry"}


def test_segments_are_lines_with_wishes(tmp_path: Path) -> None:
    """Yes and no in words; a priority beyond 5 is none."""
    layer = read(
        tmp_path, "segments",
        "巡段编号,巡段名称,所属巡区,每班次数,时段,往返,是否必巡,折算里程(米),优先级,所需技能,几何",
        f"D1,滨江路东段,XQ01,2次,18:00-24:00,双向,选巡,300米,1级,持枪;急救/持枪,{LINE}",
        f"D2,,XQ01,,,单向,是,,9,,{LINE}",
        f"D3,,XQ01,,傍晚,,,,,,{LINE}",
    )  # fmt: skip
    frame = layer.frame
    assert frame["segment_id"].tolist() == ["D1", "D2"]
    assert frame["visits"].tolist() == [2, pd.NA]
    assert frame["both"].tolist() == [True, False]
    assert frame["required"].tolist() == [False, True]
    assert frame["prize_m"].tolist()[0] == 300
    assert frame["priority"].tolist() == [1, pd.NA]
    assert frame["skills"].tolist()[0] == "持枪;急救"
    assert frame.geom_type.tolist() == ["LineString"] * 2
    assert aside(layer) == [(4, "windows_unreadable")]
    assert notes(layer) == ["crs_assumed", "value_unreadable"]


def test_stays_that_fit_no_window_are_set_aside(tmp_path: Path) -> None:
    """Longer than the hours, oftener than they hold, or apart in no way that can be."""
    layer = read(
        tmp_path, "must_visit",
        "point_id,windows,dwell_min,visits,least_interval_min,greatest_interval_min,lon,lat",
        "M1,08:00-08:30;14:00-14:20,30,,,,109,32",
        "M2,08:00-08:30;14:00-14:20,31,,,,109,32",
        "M3,08:00-10:00,10,3,55,,109,32",
        "M4,08:00-10:00,10,3,56,,109,32",
        "M5,,10,,60,60,109,32",
        "M6,,10,,61,60,109,32",
        "M7,08:00-08:00,,,,,109,32",
        "M8,8点到9点半,,,,,109,32",
        "M9,上下学,,,,,109,32",
        "M10,17:00-08:00,,,,,109,32",
        "M11,16:00-08:30,,,,,109,32",
        "M12,16:00-次日08:30,,,,,109,32",
        "M13,,10,200,,,109,32",
        "M14,16:30-08:15,,,,,109,32",
    )  # fmt: skip
    assert layer.frame["point_id"].tolist() == ["M1", "M3", "M5", "M8", "M10", "M12", "M14"]
    assert aside(layer) == [
        (3, "dwell_beyond_window"), (5, "visits_beyond_window"), (7, "interval_upside_down"),
        (8, "windows_empty"), (10, "windows_unreadable"), (12, "windows_upside_down"),
        (14, "visits_beyond_window"),
    ]  # fmt: skip
    assert layer.quarantine["detail"].tolist()[:3] == [
        "31 > 30 min", "122 > 120 min", "61 > 60 min",
    ]  # fmt: skip


minutes = st.integers(0, 1439)


@given(start=minutes, end=minutes)
def test_hours_are_read_empty_or_exchanged_but_never_two_of_them(start: int, end: int) -> None:
    """A window over midnight may last 16 hours; only one without length is empty."""
    clock = "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (start, end))
    found = _window(clock)
    length = (end - start) % 1440
    if length == 0:
        assert found.reason == "windows_empty"
    elif 0 < end < start and length > 16 * 60:
        assert found.reason == "windows_upside_down"
    else:
        assert found.reason is None
        assert found.longest_min == found.span_min == length


def test_a_roster_names_units_days_and_hours(tmp_path: Path) -> None:
    """The day as people write it; a row without one is set aside."""
    layer = read(
        tmp_path, "roster",
        "单元编号,日期,班次,巡区编号,巡逻方式",
        "7,2026年5月1日,18:00-02:00,XQ01,骑巡",
        "U2,2026-05-02,18:00-02:00,XQ01,",
        "U2,五一,18:00-02:00,XQ01,",
        "U2,2026-05-03,晚班,XQ01,",
        ",2026-05-03,18:00-02:00,XQ01,",
    )  # fmt: skip
    assert layer.frame["unit_id"].tolist() == ["7", "U2"]
    assert layer.frame["date"].tolist() == [dt.date(2026, 5, 1), dt.date(2026, 5, 2)]
    assert layer.frame["mode"].tolist()[0] == "e_bike"
    assert aside(layer) == [(4, "no_date"), (5, "shift_unreadable"), (6, "no_unit")]
    assert layer.quarantine["detail"].tolist()[0] == "五一"


def test_duties_say_which_force_answers_for_which_places(tmp_path: Path) -> None:
    """As published: swat main roads, traffic police roads, stations communities, and so on."""
    rows = ["巡特警,主干线", "交警,路面", "派出所,社区", "保安,小区", "武警,重点部位",
            "红袖标,网格"]  # fmt: skip
    layer = read(
        tmp_path, "duties", "力量类型,责任部位类型,部位编号,时段",
        *(f"{row},,00:00-24:00" for row in rows), "保安,江面,,", "民兵,小区,,", "保安,小区,,随时",
    )  # fmt: skip
    assert layer.frame["place_kind"].tolist() == list(PLACE_KINDS)
    assert layer.frame["force"].tolist() == [
        "patrol_swat", "traffic_police", "station_police", "security_guard", "armed_police",
        "volunteer",
    ]  # fmt: skip
    assert [reason for _, reason in aside(layer)] == [
        "place_kind_unknown", "force_unknown", "windows_unreadable",
    ]  # fmt: skip


def test_standby_places_and_checkins_are_points(tmp_path: Path) -> None:
    """A check-in of tomorrow is wrong; one without a time or unit proves nothing."""
    layer = read(tmp_path, "standby", "备勤点编号,名称,备勤时段,经度,纬度", "Z1,广场,全天,109,32")
    assert layer.frame["place_id"].tolist() == ["Z1"]
    later = f"{dt.datetime.now() + dt.timedelta(hours=26):%Y-%m-%d %H:%M}"  # noqa: DTZ005
    layer = read(
        tmp_path, "checkins", "必到点编号,巡组编号,签到时间,经度,纬度",
        "7,U1,2026-05-01 18:20,109,32", f"7,U1,{later},109,32", "7,U1,,109,32",
        "7,,2026-05-01 18:20,109,32", "7,U1,2026-05-01 18:20,,",
    )  # fmt: skip
    assert layer.frame[["point_id", "unit_id"]].to_numpy().tolist() == [["7", "U1"]]
    assert aside(layer) == [(3, "time_ahead"), (4, "no_time"), (5, "no_unit"), (6, "no_geometry")]


@pytest.mark.parametrize(
    ("kind", "head", "missing"),
    [
        ("units", "单元编号", "shift"),
        ("roster", "单元编号,班次", "date"),
        ("duties", "力量类型", "place_kind"),
        ("checkins", "单元编号,时间,经度,纬度", "point_id"),
    ],
)
def test_a_sheet_without_a_column_it_lives_by_is_refused(
    kind: str, head: str, missing: str, tmp_path: Path
) -> None:
    """In both languages, with what it has and never a person's head."""
    with pytest.raises(ColumnError, match=f"no column {missing}") as refused:
        read(tmp_path, kind, f"{head},姓名", ",".join("1" * (head.count(",") + 2)))
    assert refused.value.code == f"no_{kind}_columns"
    assert "姓名" not in str(refused.value)
    assert refused.value.text("zh").startswith(f"{kind}.csv：没有 {missing} 列")


@pytest.mark.parametrize("kind", ["segments", "units", "standby", "duties", "roster", "checkins"])
def test_every_template_explains_its_columns_and_its_words(kind: str, tmp_path: Path) -> None:
    """A code column stays text; the codes of a closed list stand on the second sheet."""
    write_template(kind, tmp_path / "t.xlsx")
    heads = pd.read_excel(
        tmp_path / "t.xlsx", sheet_name=0, dtype=str, engine="calamine"
    ).columns.tolist()
    guide = pd.read_excel(tmp_path / "t.xlsx", sheet_name=1, dtype=str, engine="calamine")
    places = {"segments": ["几何"]}.get(kind, ["经度", "纬度"] * (kind in ("standby", "checkins")))
    assert len(heads) == len(ALIASES[kind]) + len(places)
    listed = set(guide["可填的值"].dropna())
    expected = {
        "units": {*FORCES, *MODES}, "roster": {*FORCES, *MODES}, "duties": {*FORCES, *PLACE_KINDS},
    }.get(kind, set())  # fmt: skip
    assert listed == expected


def test_rows_set_aside_can_be_mended_and_read_again(tmp_path: Path) -> None:
    """The workbook of the quarantine has the same heads, and says what to do."""
    layer = read(tmp_path, "units", "单元编号,班次,巡逻方式", "U1,,步巡", "U2,08:00-16:00,飞")
    write_quarantine(layer, tmp_path / "aside.xlsx")
    again = read_layer(tmp_path / "aside.xlsx:巡逻单元", "units")
    assert sorted(again.quarantine["reason"]) == ["mode_unknown", "no_shift"]
    said = {(word(reason, lang), step(reason, lang)) for reason in layer.quarantine["reason"]
            for lang in ("zh", "en")}  # fmt: skip
    assert len(said) == 4
    assert Note("one_track", {"count": 1}).text("zh") != Note("one_track", {"count": 1}).text("en")


def test_the_city_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Areas of patrols, segments, points, standby places and units; nothing is set aside."""
    city = patrol_city(columns=2, rows=1).lonlat()
    for kind, frame in {"segments": city.segments, "must_visit": city.points,
                        "standby": city.standby, "areas": city.areas}.items():  # fmt: skip
        frame.to_file(tmp_path / f"{kind}.gpkg")
        layer = read_layer(tmp_path / f"{kind}.gpkg", kind)
        assert aside(layer) == []
        assert len(layer.frame) == len(frame)
        for column in set(frame.columns) & {"required", "windows", "priority", "area_code"}:
            met, had = layer.frame[column].tolist(), frame[column].tolist()
            assert [None if pd.isna(v) else v for v in met] == [
                None if pd.isna(v) else v for v in had
            ], column
    city.units.to_csv(tmp_path / "units.csv", index=False)
    layer = read_layer(tmp_path / "units.csv", "units")
    assert aside(layer) == []
    assert layer.frame["unit_id"].tolist() == city.units["unit_id"].tolist()
    assert layer.frame["visible"].tolist() == city.units["visible"].tolist()
    assert layer.frame["speed_kmh"].tolist() == city.units["speed_kmh"].tolist()


def test_forces_and_places_are_those_of_the_matrix() -> None:
    """What is read from a sheet is what `geo` answers for; the two tables may not drift apart."""
    assert set(FORCES) == set(ANSWERING)
    assert set(PLACE_KINDS) == set(ANSWERED)
