"""States and faults of cameras read from tables: what is kept, what is set aside, and why."""

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access import is_access_head
from data.errors import ColumnError, FormatError, LayerError
from data.files import Layer
from data.notes import Note, step, word
from data.personal import is_personal_head
from data.states import FAULT_HEADS, STATE_HEADS, read_faults, read_states
from geo.health import fault_ledger, health, state_history

ONE = "61099900001320000001"
TWO = "61099900001320000002"
RECORDER = "61099900001180000001"
IDENTITY = "110101199003070003"
"""Eighteen characters whose check digit is right; of nobody."""

STATES = f"""设备编码,时间,在线状态
{ONE},2024-05-01 08:00,在线
{ONE},2024年5月1日 9:05,离线
{TWO},2024-05-01 08:00,
"""

FAULTS = f"""设备编码,故障时间,修复时间,故障现象
{ONE},2024-05-01 08:00,2024-05-02 10:00,无图像
{TWO},2024/5/3 9:05,,画面模糊
"""


def table(folder: Path, text: str) -> Path:
    """Write a CSV file."""
    file = folder / "ledger.csv"
    file.write_text(text, "utf-8")
    return file


def book(folder: Path, rows: list[list[object]]) -> Path:
    """Write a workbook, cell by cell as given."""
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    for row in rows:
        page.append(row)
    made.save(folder / "ledger.xlsx")
    return folder / "ledger.xlsx"


def aside(layer: Layer) -> list[list[object]]:
    """Return line, reason and detail of the rows set aside."""
    return layer.quarantine[["row", "reason", "detail"]].to_numpy().tolist()


def codes(layer: Layer) -> list[str]:
    """Return the codes of the notes."""
    return [note.code for note in layer.notes]


def said(layer: Layer) -> str:
    """Return all that a layer holds or says, as text."""
    notes = "".join(note.text(lang) for note in layer.notes for lang in ("zh", "en"))
    return layer.frame.to_csv() + layer.quarantine.to_csv() + notes


def test_states_are_read_by_their_chinese_heads(tmp_path: Path) -> None:
    """Ids of 20 digits stay text; a blank state is unknown, and the row is kept."""
    layer = read_states(table(tmp_path, STATES))
    assert layer.kind == "states"
    assert list(layer.frame.columns) == ["camera_id", "time", "online", "geometry"]
    assert layer.frame["camera_id"].tolist() == [ONE, ONE, TWO]
    assert layer.frame["time"].astype(str).tolist() == [
        "2024-05-01 08:00:00", "2024-05-01 09:05:00", "2024-05-01 08:00:00",
    ]  # fmt: skip
    assert layer.frame["online"].isna().tolist() == [False, False, True]
    assert layer.frame["online"].fillna(value=False).tolist() == [True, False, False]
    assert (layer.rows_read, layer.notes, len(layer.quarantine)) == (3, (), 0)
    assert layer.heads == {"camera_id": "设备编码", "time": "时间", "online": "在线状态"}


@pytest.mark.parametrize(
    ("word_", "state"),
    [
        ("ON", True), ("OFF", False), ("on", True), ("在线", True), ("离线", False), ("1", True),
        ("0", False), ("未知", None), ("unknown", None), ("-", None), ("", None),
    ],
)  # fmt: skip
def test_states_come_in_the_words_of_the_standard_and_of_offices(
    tmp_path: Path, word_: str, state: object
) -> None:
    """A word for unknown is a blank in words."""
    layer = read_states(table(tmp_path, f"DeviceID,time,Status\n{ONE},2024-05-01 08:00,{word_}\n"))
    (read,) = layer.frame["online"].tolist()
    assert (None if pd.isna(read) else read) is state
    assert layer.notes == ()


def test_rows_of_states_that_say_nothing_are_set_aside_with_their_reason(tmp_path: Path) -> None:
    """In good order is not online, and a number alone is no time."""
    layer = read_states(
        table(
            tmp_path,
            f"设备编码,时间,在线状态\n,2024-05-01 08:00,在线\n{ONE},,在线\n{ONE},昨天,在线\n"
            f"{ONE},45413.5,在线\n{ONE},2024-05-01 08:00,正常\n{ONE},2024-05-01 08:00,故障\n"
            f"3.402E+19,2024-05-01 08:00,在线\n{RECORDER},2024-05-01 08:00,在线\n"
            f"{ONE},2199-01-01,在线\n{ONE},2024-05-01 08:00,离线\n",
        )
    )
    assert aside(layer) == [
        [2, "no_camera", ""], [3, "no_time", ""], [4, "no_time", "昨天"],
        [5, "no_time", "45413.5"], [6, "state_unreadable", "正常"], [7, "state_unreadable", "故障"],
        [8, "id_lost_digits", "3.402E+19"], [9, "id_other_device", f"{RECORDER} (118)"],
        [10, "time_ahead", "2199-01-01 00:00:00"],
    ]  # fmt: skip
    assert layer.rows.tolist() == [11]
    assert codes(layer) == ["rows_quarantined"]
    assert layer.notes[0].text("en").startswith("rows that cannot be used: 9 of 10")


def test_a_workbook_gives_dates_numbers_and_truths_as_such(tmp_path: Path) -> None:
    """A long id typed as a number has lost its digits; a serial number alone is no time."""
    rows: list[list[object]] = [
        ["六月在线情况"],
        ["设备编码", "时间", "是否在线"],
        [ONE, dt.datetime(2024, 6, 1, 8, 5), 1],  # noqa: DTZ001 - as workbooks have it
        [TWO, dt.date(2024, 6, 1), True],
        [float(ONE), dt.datetime(2024, 6, 1, 8, 5), 0],  # noqa: DTZ001
        [TWO, 45444.5, 0],
    ]
    layer = read_states(book(tmp_path, rows))
    assert layer.frame["camera_id"].tolist() == [ONE, TWO]
    assert layer.frame["time"].astype(str).tolist() == [
        "2024-06-01 08:05:00",
        "2024-06-01 00:00:00",
    ]
    assert layer.frame["online"].tolist() == [True, True]
    assert [row[:2] for row in aside(layer)] == [[5, "id_lost_digits"], [6, "no_time"]]
    assert Note("head_row", {"row": 2}) in layer.notes


def test_numbers_alone_are_no_times_in_a_workbook_either(tmp_path: Path) -> None:
    """A column of them is taken neither as seconds nor as years; days run together are days."""
    rows: list[list[object]] = [
        ["设备编码", "时间", "状态"],
        ["K1", 2024.0, "ON"],
        ["K1", 905, "ON"],
    ]
    layer = read_states(book(tmp_path, rows))
    assert aside(layer) == [[2, "no_time", "2024"], [3, "no_time", "905"]]
    layer = read_states(book(tmp_path, [["设备编码", "时间", "状态"], ["K1", 20240501, "ON"]]))
    assert layer.frame["time"].astype(str).tolist() == ["2024-05-01"]


def test_ids_are_text_whatever_the_other_rows_hold(tmp_path: Path) -> None:
    """One row more must not turn all ids into another type."""
    alone = read_states(table(tmp_path, "设备编码,时间,状态\n1001,2024-05-01,ON\n"))
    beside = read_states(
        table(tmp_path, "设备编码,时间,状态\n1001,2024-05-01,ON\nK1,2024-05-01,ON\n")
    )
    assert alone.frame["camera_id"].tolist() == ["1001"]
    assert beside.frame["camera_id"].tolist() == ["1001", "K1"]


def test_times_of_another_zone_become_local(tmp_path: Path) -> None:
    """And the layer says so."""
    layer = read_states(table(tmp_path, f"设备编码,时间,状态\n{ONE},2024-05-01T09:05:00Z,ON\n"))
    assert layer.frame["time"].astype(str).tolist() == ["2024-05-01 17:05:00"]
    assert codes(layer) == ["time_zone_converted"]


def test_what_ledgers_of_faults_hold_beside_is_told_too(tmp_path: Path) -> None:
    """Times of another zone, and types of devices that the standard does not list."""
    odd = "61099900001990000001"
    text = f"设备编码,故障时间,修复时间\n{odd},2024-05-01T09:05:00Z,2024-05-01T20:05:00+08:00\n"
    layer = read_faults(table(tmp_path, text))
    assert layer.frame["fault_at"].astype(str).tolist() == ["2024-05-01 17:05:00"]
    assert layer.frame["repaired_at"].astype(str).tolist() == ["2024-05-01 20:05:00"]
    assert layer.notes == (
        Note("id_type_unknown", {"count": 1, "values": ["199"], "rows": [2]}),
        Note("time_zone_converted", {"column": "故障时间", "count": 1}),
        Note("time_zone_converted", {"column": "修复时间", "count": 1}),
    )


def test_the_number_of_the_row_is_not_the_camera(tmp_path: Path) -> None:
    """Logs and forms are numbered, too; without a column of cameras nothing is read."""
    text = f"id,编号,摄像机编号,time,online\n7,8,{ONE},2024-05-01,ON\n"
    layer = read_states(table(tmp_path, text))
    assert layer.frame["camera_id"].tolist() == [ONE]
    assert layer.notes == (Note("columns_ignored", {"count": 2, "names": ["id", "编号"]}),)
    with pytest.raises(ColumnError, match="no column 设备编码; it has: 编号, 时间, 状态"):
        read_states(table(tmp_path, "编号,时间,状态\n1,2024-05-01,ON\n"))


def test_a_table_without_its_columns_is_refused_with_their_names(tmp_path: Path) -> None:
    """In both languages, without the heads about persons; a map file holds no ledger."""
    with pytest.raises(ColumnError, match="no column 时间, 在线状态; it has: 设备编码;") as met:
        read_states(table(tmp_path, f"设备编码,报修人\n{ONE},张三丰\n"))
    assert "没有 时间、在线状态 列" in met.value.text("zh")
    with pytest.raises(ColumnError, match="no column 故障时间; it has: 设备编码, 修复时间;") as met:
        read_faults(table(tmp_path, f"设备编码,修复时间\n{ONE},2024-05-01\n"))
    assert "没有 故障时间 列" in met.value.text("zh")
    (tmp_path / "s.gpkg").touch()
    for read in (read_states, read_faults):
        with pytest.raises(FormatError, match=r"one of \.csv"):
            read(tmp_path / "s.gpkg")


def test_several_sheets_have_to_be_named(tmp_path: Path) -> None:
    """States and faults often stand in one workbook."""
    made = openpyxl.load_workbook(
        book(tmp_path, [["设备编码", "时间", "状态"], [ONE, "2024-05-01", "ON"]])
    )
    page = made.create_sheet("故障")
    page.append(["设备编码", "故障时间"])
    page.append([TWO, "2024-05-01"])
    made.save(tmp_path / "ledger.xlsx")
    with pytest.raises(LayerError, match="several layers"):
        read_faults(tmp_path / "ledger.xlsx")
    layer = read_faults(f"{tmp_path / 'ledger.xlsx'}:故障")
    assert layer.frame["camera_id"].tolist() == [TWO]


def test_faults_are_read_by_their_chinese_heads(tmp_path: Path) -> None:
    """One that is not repaired has no time of repair."""
    layer = read_faults(table(tmp_path, FAULTS))
    assert layer.kind == "faults"
    assert list(layer.frame.columns) == [
        "camera_id", "fault_at", "repaired_at", "fault", "geometry",
    ]  # fmt: skip
    assert layer.frame["camera_id"].tolist() == [ONE, TWO]
    assert layer.frame["fault_at"].astype(str).tolist() == [
        "2024-05-01 08:00:00", "2024-05-03 09:05:00",
    ]  # fmt: skip
    assert layer.frame["repaired_at"].isna().tolist() == [False, True]
    assert str(layer.frame["repaired_at"][0]) == "2024-05-02 10:00:00"
    assert layer.frame["fault"].tolist() == ["无图像", "画面模糊"]
    assert (layer.notes, len(layer.quarantine)) == ((), 0)


def test_rows_of_faults_that_cannot_be_are_set_aside_with_their_reason(tmp_path: Path) -> None:
    """Repaired at the moment of the fault may be; a repair in words is not one that is missing."""
    layer = read_faults(
        table(
            tmp_path,
            f"设备编码,故障时间,修复时间,故障类型\n,2024-05-01,,断电\n{ONE},,2024-05-01,断电\n"
            f"{ONE},五月,,断电\n{ONE},2024-05-02,2024-05-01 23:59,断电\n"
            f"{ONE},2024-05-02,已修复,断电\n{ONE},2199-01-01,,断电\n"
            f"{ONE},2024-05-02,2199-01-01,断电\n{ONE},2024-05-02,2024-05-02,断电\n"
            f"{TWO},2024-05-02,未修复,\n",
        )
    )
    assert aside(layer) == [
        [2, "no_camera", ""], [3, "no_fault_time", ""], [4, "no_fault_time", "五月"],
        [5, "repaired_before_fault", "2024-05-01 23:59:00 < 2024-05-02 00:00:00"],
        [6, "repair_unreadable", "已修复"], [7, "time_ahead", "2199-01-01 00:00:00"],
        [8, "time_ahead", "2199-01-01 00:00:00"],
    ]  # fmt: skip
    assert layer.rows.tolist() == [9, 10]
    assert layer.frame["repaired_at"].isna().tolist() == [False, True]
    assert layer.frame["fault"].isna().tolist() == [False, True]
    assert codes(layer) == ["rows_quarantined"]


def test_every_reason_has_its_word_and_its_step(tmp_path: Path) -> None:
    """In both languages, each of its own."""
    layers = [
        read_states(
            table(tmp_path, f"设备编码,时间,状态\n,2024-05-01,\n{ONE},,\n{ONE},2024-05-01,坏\n")
        ),
        read_faults(
            table(
                tmp_path,
                f"设备编码,故障时间,修复时间\n{ONE},,\n{ONE},2024-05-01,好\n"
                f"{ONE},2024-05-02,2024-05-01\n",
            )
        ),
    ]
    reasons = [reason for layer in layers for reason in layer.quarantine["reason"]]
    assert len(set(reasons)) == 6
    for lang in ("zh", "en"):
        assert len({word(reason, lang) for reason in reasons}) == 6
        assert all(step(reason, lang) for reason in reasons)


def test_without_a_column_of_repairs_all_faults_are_open_and_that_is_said(tmp_path: Path) -> None:
    """It may also be a head that is not known, so unused ones are named."""
    layer = read_faults(table(tmp_path, f"设备编码,报修时间,办结于\n{ONE},2024-05-01,2024-05-02\n"))
    assert layer.frame["repaired_at"].isna().tolist() == [True]
    assert layer.frame["fault"].tolist() == [None]
    assert codes(layer) == ["columns_ignored", "no_repairs"]
    assert "all faults are taken as open" in layer.notes[1].text("en")


def test_the_fault_is_noticed_before_it_is_reported(tmp_path: Path) -> None:
    """Of several heads the first of ours is taken, whatever their order in the file."""
    text = f"设备编码,报修时间,故障时间,修复时间\n{ONE},2024-05-02,2024-05-01,2024-05-03\n"
    layer = read_faults(table(tmp_path, text))
    assert layer.frame["fault_at"].astype(str).tolist() == ["2024-05-01"]
    heads = ["故障时间", "报修时间"]
    assert layer.notes == (
        Note("several_heads", {"ours": "fault_at", "heads": heads, "taken": "故障时间"}),
        Note("columns_ignored", {"count": 1, "names": ["报修时间"]}),
    )


@pytest.mark.parametrize(
    "head", ["报修人", "维修人", "维修人员姓名", "电话", "报障人", "接单人", "处理人", "身份证号"]
)
def test_who_reported_and_who_repaired_does_not_get_in(tmp_path: Path, head: str) -> None:
    """Such columns are left out by their heads, and named."""
    layer = read_faults(
        table(tmp_path, f"{head},设备编码,故障时间,修复时间\n张三丰,{ONE},2024-05-01,\n")
    )
    assert layer.notes == (Note("personal_dropped", {"names": [head]}),)
    assert len(layer.frame) == 1
    assert "张三丰" not in said(layer)


def test_numbers_of_persons_and_addresses_of_devices_do_not_get_in(tmp_path: Path) -> None:
    """Neither in what was wrong, nor under a head of their own, nor where a time is due."""
    layer = read_faults(
        table(
            tmp_path,
            "设备编码,故障时间,修复时间,故障现象,IP地址,密码\n"
            f"{ONE},2024-05-01,,联系 13812345678,10.1.2.3,hunter2\n"
            f"{TWO},2024-05-01,13912345678,192.168.7.9 不通,10.1.2.4,hunter2\n"
            + f"{ONE},2023-05-01,2023-05-02,断电,10.1.2.5,hunter2\n"
            * 9,
        )
    )
    assert layer.frame["fault"].tolist() == ["联系 ***", *["断电"] * 9]
    assert layer.quarantine[["reason", "fault"]].to_numpy().tolist() == [
        ["repair_unreadable", "*** 不通"],
    ]  # fmt: skip
    secrets = ("13812345678", "13912345678", "192.168.7.9", "10.1.2.", "hunter2")
    assert not [secret for secret in secrets if secret in said(layer)]
    assert codes(layer) == [
        "access_dropped", "access_masked", "personal_masked", "personal_masked", "rows_quarantined",
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["设备编码", "国标编码"])
def test_an_identity_number_as_an_id_is_set_aside_and_masked(tmp_path: Path, head: str) -> None:
    """Under the head of the standard's numbers it is not told as one of those that cannot be."""
    layer = read_states(
        table(
            tmp_path, f"{head},时间,状态\n{IDENTITY},2024-05-01,ON\n{ONE},2024-05-01,ON\n"
        )
    )  # fmt: skip
    assert aside(layer) == [[2, "id_personal", "***"]]
    assert IDENTITY not in said(layer)
    assert codes(layer) == ["personal_suspected", "rows_quarantined"]


def test_an_id_that_looks_like_a_telephone_stays_and_is_told_of(tmp_path: Path) -> None:
    """Masked, it would be no id."""
    layer = read_states(table(tmp_path, "设备编码,时间,状态\n13812345678,2024-05-01,ON\n"))
    assert layer.frame["camera_id"].tolist() == ["13812345678"]
    assert codes(layer) == ["personal_suspected"]


def test_ids_that_are_addresses_of_devices_are_no_column_at_all(tmp_path: Path) -> None:
    """The next head serves, or the table is refused."""
    text = f"设备编码,摄像机编号,时间,状态\n10.1.2.3,{ONE},2024-05-01,ON\n"
    layer = read_states(table(tmp_path, text))
    assert layer.frame["camera_id"].tolist() == [ONE]
    assert layer.notes == (Note("access_dropped", {"names": ["设备编码"]}),)
    with pytest.raises(ColumnError, match="no column 设备编码; it has: 时间, 状态;"):
        read_states(table(tmp_path, "设备编码,时间,状态\n10.1.2.3,2024-05-01,ON\n"))


@pytest.mark.parametrize("heads", [STATE_HEADS, FAULT_HEADS])
def test_no_head_is_about_a_person_or_serves_twice(heads: dict[str, tuple[str, ...]]) -> None:
    """As in the file contract; the second of each is the one that refusals name."""
    listed = [head for aliases in heads.values() for head in aliases]
    assert not [head for head in listed if is_personal_head(head) or is_access_head(head)]
    assert len(listed) == len(set(listed))
    assert all(aliases[0] == ours for ours, aliases in heads.items())
    assert all(aliases[1] > "一" for aliases in heads.values())


def test_an_empty_ledger_is_a_layer_without_rows(tmp_path: Path) -> None:
    """Of the same columns and types, so that nothing else has to ask."""
    for read, text in ((read_states, STATES), (read_faults, FAULTS)):
        full, empty = read(table(tmp_path, text)), read(table(tmp_path, text.split("\n")[0]))
        assert empty.notes == (Note("empty_layer", {"file": "ledger.csv"}),)
        assert (len(empty.frame), len(empty.quarantine)) == (0, 0)
        assert list(empty.frame.columns) == list(full.frame.columns)
        times = [name for name in full.frame.columns if name in ("time", "fault_at", "repaired_at")]
        assert [empty.frame[name].dtype for name in times] == ["datetime64[us]"] * len(times)


def test_the_health_of_cameras_takes_both_ledgers_as_they_are_read(tmp_path: Path) -> None:
    """One hour online of two; one camera of two in good order."""
    states = read_states(table(tmp_path, STATES)).frame
    faults = read_faults(table(tmp_path, FAULTS)).frame
    history = state_history(states, start="2024-05-01 08:00", end="2024-05-01 10:10")
    assert history.cameras.loc[0, ["online_s", "offline_s"]].tolist() == [3_900, 3_900]
    assert history.cameras.loc[1, "unknown_s"] == 7_800
    ledger = fault_ledger(faults, at="2024-05-04")
    assert (ledger.repaired, len(ledger.spells), len(ledger.refused)) == (1, 2, 0)
    assert ledger.spells["fault"].tolist() == ["无图像", "画面模糊"]
    found = health(pd.DataFrame({"camera_id": [ONE, TWO]}), faults=faults, at="2024-05-04")
    assert found.cameras["in_order"].tolist() == [True, False]
    assert found.strangers == ()


IDS = {ONE: ONE, "K1": "K1", "0012": "0012", "77": "77", "": None, "6.1E+19": None}
"""Cell -> the id that it gives."""

TIMES = {
    "2024-05-01 08:00": "2024-05-01 08:00:00", "2024/5/2 9:05": "2024-05-02 09:05:00",
    "2024年5月3日": "2024-05-03 00:00:00", "": None, "午后": None, "2199-01-01": None,
}  # fmt: skip
"""Cell -> the time that it gives, where it has come."""

ONLINE: dict[str, bool | None] = {"ON": True, "离线": False, "": None, "未知": None}
"""Cell -> the state that it gives; all other words give none."""


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(IDS)), st.sampled_from(sorted(TIMES)),
            st.sampled_from([*ONLINE, "正常", "坏"]),
        ),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_every_row_is_kept_as_written_or_set_aside(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str, str]]
) -> None:
    """In the order of the file, none lost and none made up."""
    lines = [",".join((*row, "x")) for row in cells]
    text = "设备编码,时间,状态,备注\n" + "\n".join(lines)
    layer = read_states(table(tmp_path_factory.mktemp("states"), text))
    due = [
        (line, IDS[camera], TIMES[time], ONLINE[state])
        for line, (camera, time, state) in enumerate(cells, start=2)
        if IDS[camera] and TIMES[time] and state in ONLINE
    ]
    frame = layer.frame
    times = frame["time"].dt.strftime("%Y-%m-%d %H:%M:%S")
    states = [None if pd.isna(state) else state for state in frame["online"]]
    kept = list(zip(layer.rows.tolist(), frame["camera_id"], times, states, strict=True))
    assert kept == due
    assert sorted([*layer.rows, *layer.quarantine["row"]]) == list(range(2, len(cells) + 2))
    assert layer.rows_read == len(cells)
