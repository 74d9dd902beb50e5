"""What posts, areas and buildings may say: read, kept without names, stored and read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from data.codes import DUTIES
from data.files import read_layer
from data.importing import import_layer
from data.notes import Note
from data.workbook import write_template
from data.writing import insert_row, update_row

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from data.files import Layer
    from data.store import Store

POSTS = (
    "岗哨编号,固定/流动,线上线下,专群,值守人数,任务数,隐患数,职责,经度,纬度\n"
    "P1,固定哨,线下,专职,2人,7,1,信息采集、巡逻防范；巡逻防范,109.361,32.831\n"
    "P2,流动哨,线上,群众,0,0,0,安全监管,109.362,32.832\n"
    "P3,,,,,,,,109.363,32.833\n"
)
SAID = ("mobility", "channel", "crew", "staff", "tasks", "hazards", "duties")
EXPECTED = [
    ["fixed", "offline", "professional", 2, 7, 1, "patrol;information"],
    ["mobile", "online", "volunteer", 0, 0, 0, "supervision"],
    [None] * 7,
]
SQUARE = "POLYGON ((109.36 32.83, 109.37 32.83, 109.37 32.84, 109.36 32.83))"


def layer(
    folder: Path, text: str, kind: str = "posts", name: str = "表.csv", **asked: str
) -> Layer:
    """Read a table that holds this text."""
    (folder / name).write_text(text, "utf-8")
    return read_layer(folder / name, kind, columns=asked)


def said(frame: gpd.GeoDataFrame, names: tuple[str, ...] = SAID) -> list[list[object]]:
    """Return some columns row by row, None for what is missing."""
    cells = frame[list(names)].astype(object)
    return cells.where(cells.notna(), None).to_numpy().tolist()


def told(made: Layer) -> set[str]:
    """Return every sentence about a layer, and every value its notes hold."""
    return {str(note.values) + note.text("zh") + note.text("en") for note in made.notes}


def test_what_posts_say_is_stored_and_read_again(store: Store, tmp_path: Path) -> None:
    """The same values from the file, from the store, and after a second import."""
    made = layer(tmp_path, POSTS)
    assert said(made.frame) == EXPECTED
    assert not [note for note in made.notes if note.code != "rows_quarantined"]
    import_layer(store, made)
    stored = store.frame("posts").sort_values("post_id")
    assert said(stored) == EXPECTED
    assert import_layer(store, made).unchanged == 3
    stored.to_file(tmp_path / "again.gpkg")
    again = read_layer(tmp_path / "again.gpkg", "posts").frame.sort_values("post_id")
    assert said(again) == EXPECTED


def test_what_areas_and_buildings_say_is_stored_and_read_again(
    store: Store, tmp_path: Path
) -> None:
    """A risk that is in no list stays as it came; it is noted."""
    areas = layer(
        tmp_path,
        "网格编码,风险等级,户数,人口数,城乡分类代码,几何\n"
        f'610999001001001,高,320,1100,112,"{SQUARE}"\n'
        f'610999001001002,待定,-1,,,"{SQUARE}"\n',
        "areas",
    )
    names = ("risk", "households", "people", "setting")
    expected = [["high", 320, 1100, "urban"], ["待定", None, None, None]]
    assert said(areas.frame, names) == expected
    noted = {note.code: note.values for note in areas.notes}
    assert noted["code_unknown"]["values"] == ["待定"]
    assert noted["value_unreadable"]["values"] == ["-1"]
    import_layer(store, areas)
    assert said(store.frame("areas").sort_values("area_id"), names) == expected
    houses = layer(tmp_path, f'楼栋编号,户数,几何\nB1,24,"{SQUARE}"\n', "buildings", "b.csv")
    import_layer(store, houses)
    assert store.frame("buildings")["households"].tolist() == [24]


def test_a_row_is_written_and_changed_with_what_it_says(store: Store) -> None:
    """As the service writes it."""
    row = insert_row(store, "posts", {"mobility": "mobile", "staff": 3, "duties": "help"}, None)
    assert store.item("posts", row)["staff"] == 3
    update_row(store, "posts", row, 1, {"staff": 0})
    after = store.item("posts", row)
    assert (after["mobility"], after["staff"], after["duties"]) == ("mobile", 0, "help")


@pytest.mark.parametrize("head", ["人数", "staff", "值守人数"])
def test_a_column_of_names_is_left_out_whatever_its_head_counts(tmp_path: Path, head: str) -> None:
    """And no name is repeated in a note."""
    made = layer(tmp_path, f"编号,{head},经度,纬度\nP1,张甲,109.36,32.83\nP2,3,109.37,32.83\n")
    assert "staff" not in made.frame.columns
    assert Note("personal_dropped", {"names": [head]}) in made.notes
    assert not any("张甲" in sentence for sentence in told(made))


def test_the_next_head_of_names_does_not_take_the_place_of_the_first(tmp_path: Path) -> None:
    """A sheet may have two columns that claim to count."""
    text = "编号,staff,人数,经度,纬度\nP1,张甲,李乙,109.36,32.83\nP2,王丙,赵丁,109.37,32.83\n"
    made = layer(tmp_path, text)
    assert "staff" not in made.frame.columns
    assert not any(name in sentence for sentence in told(made) for name in ("张甲", "李乙", "赵丁"))


def test_a_single_name_among_counts_is_blank_and_not_repeated(tmp_path: Path) -> None:
    """Nor is it in the quarantine: the row of the name is a bad one here."""
    rows = "".join(f"P{i},{i},109.36,32.8{i}\n" for i in range(1, 10))
    made = layer(tmp_path, f"编号,人数,经度,纬度\n{rows}Q1,李乙（2人）,,\nQ2,张甲,109.36,32.88\n")
    assert made.frame["staff"].fillna(-1).tolist() == [*range(1, 10), -1]
    assert made.quarantine["post_id"].tolist() == ["Q1"]
    named = {"column": "人数", "count": 2, "rows": [11, 12]}
    assert Note("count_in_words", named) in made.notes
    everything = made.quarantine.to_string() + made.frame.to_string() + str(told(made))
    assert "李乙" not in everything
    assert "张甲" not in everything


def test_a_head_about_who_is_on_duty_is_no_count(tmp_path: Path) -> None:
    """Not even where it is asked for."""
    text = "编号,值守人员,经度,纬度\nP1,2,109.36,32.83\n"
    made = layer(tmp_path, text, staff="值守人员")
    assert "staff" not in made.frame.columns
    assert Note("personal_dropped", {"names": ["值守人员"]}) in made.notes


def test_every_row_of_a_post_that_moves_is_kept(store: Store, tmp_path: Path) -> None:
    """One at two places, at one place twice a day; a row written twice is one."""
    made = layer(
        tmp_path,
        "编号,流动方式,值守时间,经度,纬度\n"
        "M1,流动,08:00-12:00,109.36,32.83\nM1,流动,14:00-18:00,109.37,32.83\n"
        "M1,流动,20:00-22:00,109.36,32.83\nM1,流动,20:00-22:00,109.36,32.83\n",
    )
    assert "id_repeats" in {note.code for note in made.notes}
    report = import_layer(store, made)
    assert (report.added, report.duplicates) == (3, 1)
    stored = store.frame("posts")
    assert sorted(stored["hours"]) == ["08:00-12:00", "14:00-18:00", "20:00-22:00"]
    assert set(stored["mobility"]) == {"mobile"}


def test_the_template_of_posts_lists_the_seven_duties(tmp_path: Path) -> None:
    """By their codes and words; and its example row is one that is read."""
    write_template("posts", tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    guide = list(book.worksheets[1].iter_rows(values_only=True))
    listed = [row[2:4] for row in guide if row[2] in DUTIES]
    assert listed == list(DUTIES.items())
    assert len(listed) == 7
    sheet = book.worksheets[0]
    sheet["A2"] = "P001"
    book.save(tmp_path / "filled.xlsx")
    (row,) = said(read_layer(tmp_path / "filled.xlsx", "posts").frame)
    assert row == ["fixed", "offline", "volunteer", 2, 6, 1, "patrol;information"]


def test_what_is_said_to_have_happened_later_than_now_is_set_aside(tmp_path: Path) -> None:
    """Row by row; the others are read, and a clock that went wrong refuses nothing."""
    path = tmp_path / "incidents.csv"
    path.write_text(
        "incident_id,lon,lat,time\n1,109.36,32.83,2024-05-01 08:00\n"
        "2,109.36,32.83,2999-01-01 00:00\n3,109.36,32.83,\n4,109.36,32.83,2026-06-30 23:59\n",
        "utf-8",
    )
    layer = read_layer(path, "incidents")
    assert layer.frame["incident_id"].astype(str).tolist() == ["1", "3", "4"]
    assert layer.quarantine[["row", "reason", "detail"]].to_numpy().tolist() == [
        [3, "time_ahead", "2999-01-01 00:00:00"]
    ]
