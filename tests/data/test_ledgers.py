"""Ledgers in the store: states and faults of cameras, known again by camera and time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

from data.camera_ledgers import LAST_DAYS, faults_of, states_of
from data.errors import ColumnError, ConflictError, ForbiddenError
from data.importing import ImportReport, import_layer
from data.ledgers import read_stored
from data.runs import write_set_aside
from data.scope import Scope
from data.writing import insert_row, update_row

if TYPE_CHECKING:
    from pathlib import Path

    from data.store import Store

TOWN, NEXT_TOWN = "610999001000", "610999002000"

STATES = "设备编码,时间,在线状态\n"
FAULTS = "设备编码,故障时间,修复时间,故障现象\n"


def brought(store: Store, folder: Path, kind: str, rows: str, division: str = TOWN) -> ImportReport:
    """Import the rows of a ledger, written under its heads."""
    path = folder / f"{kind}.csv"
    path.write_text({"states": STATES, "faults": FAULTS}[kind] + rows, encoding="utf-8")
    return import_layer(store, read_stored(path, kind), division=division)


def figures(report: ImportReport) -> dict[str, int]:
    """Return the counts of an import that are not 0."""
    told = vars(report).items()
    return {name: count for name, count in told if count and name != "import_id"}


def at(text: str) -> dt.datetime:
    """Return a time of May 2024: "3 09:05"."""
    return dt.datetime.fromisoformat(f"2024-05-{text.zfill(8)}")


def told(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return rows to compare: missing cells as None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [tuple(row) for row in plain.itertuples(index=False)]


def test_the_same_states_twice_change_nothing_and_a_correction_one_row(
    store: Store, tmp_path: Path
) -> None:
    """Identity is camera and time; the codes of cameras stay text; no row has a place."""
    rows = "0017,2024-05-01 09:05,在线\n0017,2024-05-01 10:05,离线\n0018,2024-05-01 09:05,\n"
    assert figures(brought(store, tmp_path, "states", rows)) == {"rows_read": 3, "added": 3}
    assert figures(brought(store, tmp_path, "states", rows)) == {"rows_read": 3, "unchanged": 3}
    mended = rows.replace("10:05,离线", "10:05,在线")
    report = brought(store, tmp_path, "states", mended)
    assert figures(report) == {"rows_read": 3, "changed": 1, "unchanged": 2}
    frame = store.frame("states").sort_values(["camera_id", "time"])
    assert told(frame[["camera_id", "time", "online"]]) == [
        ("0017", at("1 09:05"), True), ("0017", at("1 10:05"), True), ("0018", at("1 09:05"), None),
    ]  # fmt: skip
    assert frame["version"].tolist() == [1, 2, 1]
    assert set(frame["quality"]) == {"none"}
    assert set(frame["division"]) == {TOWN}
    assert set(frame["line"]) == {"police"}
    assert frame.geometry.isna().all()
    assert len(set(frame["state_id"])) == 3


def test_of_two_states_at_one_time_the_later_row_counts(store: Store, tmp_path: Path) -> None:
    """As in a run from files; the other is told as a duplicate."""
    rows = "C1,2024-05-01 09:05,在线\nC1,2024-05-01 09:05,离线\n"
    report = brought(store, tmp_path, "states", rows)
    assert figures(report) == {"rows_read": 2, "added": 1, "duplicates": 1}
    assert store.frame("states")["online"].tolist() == [False]


def test_two_faults_at_one_time_are_two_and_a_repair_closes_one(
    store: Store, tmp_path: Path
) -> None:
    """In the order of the file; the repair is a new version of its row."""
    rows = "C1,2024-05-01 09:05,,无图像\nC1,2024-05-01 09:05,,云台\n"
    report = brought(store, tmp_path, "faults", rows)
    assert figures(report) == {"rows_read": 2, "added": 2, "repeats": 1}
    report = brought(store, tmp_path, "faults", rows.replace(",,云台", ",2024-05-02 16:30,云台"))
    assert figures(report) == {"rows_read": 2, "changed": 1, "unchanged": 1, "repeats": 1}
    frame = store.frame("faults").sort_values("fault")
    assert told(frame[["fault", "repaired_at", "version"]]) == [
        ("云台", at("2 16:30"), 2), ("无图像", None, 1),
    ]  # fmt: skip


def test_towns_have_ledgers_of_their_own(store: Store, tmp_path: Path) -> None:
    """The same camera and time in two towns is two rows; a scope sees and writes its own."""
    row = "C1,2024-05-01 09:05,在线\n"
    for division in (TOWN, NEXT_TOWN):
        assert figures(brought(store, tmp_path, "states", row, division))["added"] == 1
    ours = store.scoped(Scope(TOWN[:9], rights=frozenset({"write"})))
    assert ours.count("states") == 1
    assert len(states_of(ours, ["C1"])) == 1
    with pytest.raises(ForbiddenError):
        brought(ours, tmp_path, "states", row, NEXT_TOWN)
    governance = store.scoped(Scope(lines=frozenset({"governance"})))
    assert (governance.count("states"), len(states_of(governance, ["C1"]))) == (0, 0)
    assert len(faults_of(governance, ["C1"])) == 0


def test_a_row_written_alone_is_met_by_an_import(store: Store, tmp_path: Path) -> None:
    """By camera and time; a second one of them is refused."""
    values = {"camera_id": "C1", "time": at("1 09:05"), "online": False, "division": TOWN}
    row = insert_row(store, "states", values, None)
    with pytest.raises(ConflictError, match=r"C1\|2024-05-01T09:05:00"):
        insert_row(store, "states", values, None)
    report = brought(store, tmp_path, "states", "C1,2024-05-01 09:05,在线\n")
    assert figures(report) == {"rows_read": 1, "changed": 1}
    assert store.frame("states")["id"].tolist() == [row]


def test_what_is_set_aside_can_be_mended(store: Store, tmp_path: Path) -> None:
    """The workbook has the heads that the reader takes, and no coordinates."""
    rows = "C1,2024-05-01 09:05,看不清\n0018,2024-05-01 09:05,在线\n"
    report = brought(store, tmp_path, "states", rows)
    assert figures(report) == {"rows_read": 2, "added": 1, "set_aside": 1}
    path = tmp_path / "aside.xlsx"
    write_set_aside(store, report.import_id, path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    heads, row = sheet.iter_rows(values_only=True)
    assert heads == ("设备编码", "时间", "在线状态", "原因", "原表行号")
    assert (row[0], row[4]) == ("C1", 2)
    sheet["C2"] = "离线"
    sheet.parent.save(path)
    report = import_layer(store, read_stored(f"{path}:{sheet.title}", "states"), division=TOWN)
    assert figures(report) == {"rows_read": 1, "added": 1}


@pytest.mark.parametrize(
    "given", [{"datum": "gcj02"}, {"crs": "EPSG:4547"}, {"columns": {"camera_id": "设备编码"}}]
)
def test_a_ledger_takes_no_datum_no_crs_and_no_columns(
    given: dict[str, Any], tmp_path: Path
) -> None:
    """What was asked for would change nothing, so it is refused by name."""
    path = tmp_path / "states.csv"
    path.write_text(f"{STATES}C1,2024-05-01 09:05,在线\n", encoding="utf-8")
    with pytest.raises(ColumnError, match=next(iter(given))):
        read_stored(path, "states", **given)
    assert len(read_stored(path, "states").frame) == 1


def test_a_span_begins_with_what_each_camera_was(store: Store, tmp_path: Path) -> None:
    """The last report before it stands at its first moment; later ones and others' stay out."""
    brought(
        store, tmp_path, "states",
        "C1,2024-05-01 09:00,离线\nC1,2024-05-02 09:00,在线\nC1,2024-05-04 09:00,离线\n"
        "C2,2024-05-03 12:00,在线\nC3,2024-05-03 12:00,在线\nC1,2024-05-05 00:00,在线\n",
    )  # fmt: skip
    span = (at("3 00:00"), at("5 00:00"))
    found = states_of(store, ["C1", "C2", "C1", "C9"], span)
    assert told(found) == [
        ("C1", at("3 00:00"), True), ("C2", at("3 12:00"), True), ("C1", at("4 09:00"), False),
    ]  # fmt: skip
    assert str(found["online"].dtype) == "boolean"
    assert states_of(store, []).empty
    assert states_of(store, ["C9"]).empty


def test_without_a_span_the_last_month_of_these_cameras_is_read(
    store: Store, tmp_path: Path
) -> None:
    """31 days up to their last report, whatever others reported later."""
    brought(
        store, tmp_path, "states",
        "C1,2024-01-01 00:00,离线\nC1,2024-03-31 09:00,在线\nC1,2024-05-01 08:00,离线\n"
        "C2,2024-06-30 08:00,在线\n",
    )  # fmt: skip
    whole = states_of(store, ["C1"])
    began = pd.Timestamp(2024, 3, 31, 8)
    assert whole["time"].tolist() == [began, began + pd.Timedelta(hours=1), at("1 08:00")]
    assert whole["online"].tolist() == [False, True, False]
    later = states_of(store, ["C1"], (None, at("31 08:00")))
    assert later["time"].tolist() == [at("31 08:00") - LAST_DAYS, at("1 08:00")]
    assert later["online"].tolist() == [True, False]


def test_faults_are_those_that_had_begun(store: Store, tmp_path: Path) -> None:
    """Repaired or not; an ended row is told no more."""
    brought(
        store, tmp_path, "faults",
        "C2,2024-05-03 09:00,2024-05-09 09:00,\nC1,2024-05-01 09:00,,无图像\n"
        "C3,2024-05-01 09:00,,\n",
    )  # fmt: skip
    found = faults_of(store, ["C1", "C2"])
    assert told(found) == [
        ("C1", at("1 09:00"), None, "无图像"), ("C2", at("3 09:00"), at("9 09:00"), None),
    ]  # fmt: skip
    assert told(faults_of(store, ["C1", "C2"], (None, at("3 09:00")))) == told(found)[:1]
    frame = store.frame("faults")
    row = int(frame["id"][frame["camera_id"] == "C1"].iloc[0])
    update_row(store, "faults", row, 1, {"valid_to": store.today()})
    assert faults_of(store, ["C1", "C2"])["camera_id"].tolist() == ["C2"]
    assert faults_of(store, []).empty
