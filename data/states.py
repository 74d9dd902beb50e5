"""
When cameras answered and when they were broken: two ledgers, read from tables without places.

Cameras as assets: who reported a fault and who repaired it is left out by its head.
"""

import re
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data.attributes import mark_ahead
from data.clocks import TIME
from data.columns import plain
from data.device_ids import mark_device_ids
from data.files import Layer
from data.identifiers import identifiers
from data.notes import Note
from data.personal import MASK, identity_values
from data.shapes import Faults, Mask
from data.sheets import Sheet
from data.values import as_text, cleaned, texts

STATES: Final = "states"
"""What the layer of states is called."""

FAULTS: Final = "faults"
"""What the layer of faults is called."""

CAMERA_HEADS: Final = (
    "camera_id", "设备编码", "国标编码", "国标编号", "摄像机编码", "摄像机编号", "设备编号",
    "device_id", "监控编码", "监控编号", "点位编码", "点位编号",
)  # fmt: skip
"""Heads of the column that names the camera: a mere id or 编号 is that of the row, or of the
form."""

STATE_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "camera_id": CAMERA_HEADS,
    "time": (
        "time", "时间", "状态时间", "变更时间", "状态变更时间", "采集时间", "检测时间", "巡检时间",
        "上报时间", "更新时间", "timestamp", "datetime",
    ),
    "online": (
        "online", "在线状态", "设备状态", "联网状态", "是否在线", "状态", "Status", "state",
    ),
}  # fmt: skip
"""Our column of a sheet of states -> heads accepted for it, the likelier first."""

FAULT_HEADS: Final[dict[str, tuple[str, ...]]] = {
    "camera_id": CAMERA_HEADS,
    "fault_at": (
        "fault_at", "故障时间", "故障发生时间", "故障开始时间", "故障日期", "发生时间", "发现时间",
        "报修时间", "报障时间", "报修日期", "上报时间",
    ),
    "repaired_at": (
        "repaired_at", "修复时间", "故障修复时间", "修复日期", "恢复时间", "故障恢复时间",
        "维修完成时间", "修复完成时间",
    ),
    "fault": (
        "fault", "故障类型", "故障现象", "故障描述", "故障类别", "故障原因", "故障内容", "故障",
    ),
}  # fmt: skip
"""Our column of a ledger of faults -> heads accepted for it, the likelier first. A fault begins
when it is noticed; where a ledger says only when it was reported, that is taken."""

BARE: Final = re.compile(r"\d{1,5}(\.\d+)?")
"""A number alone: a clock without its day, or a day as spreadsheets count them."""

NO_STATE: Final = frozenset(map(plain, ("未知", "不详", "不明", "unknown", "-", "--", "—", "/")))
"""What is written where nobody knows the state: a blank in words."""

NOT_REPAIRED: Final = frozenset(
    map(plain, ("未修复", "未恢复", "尚未修复", "待修复", "未完成", "无", "-", "--", "—", "/"))
)
"""What is written where a fault is still open: a blank in words."""


def read_states(spec: str | Path) -> Layer:
    """
    Read the states of cameras, events or polls, from a CSV file or a workbook.

    Parameters
    ----------
    spec
        `FILE` or `FILE:SHEET`; a row says of one camera and one moment whether it was online.

    Returns
    -------
    layer
        Its `frame` has `camera_id` (text), `time` (local), `online` (true, false, or missing where
        the file leaves it blank), in input order and without any place. A row without camera,
        without a time that has come, or with a state in other words is in the quarantine.

    Raises
    ------
    MissingFileError
        When there is no such file.
    LayerError
        When a workbook has several sheets and none is named.
    FormatError
        When the file is no table or cannot be read.
    ColumnError
        When there is no column of cameras, of times or of states.
    """
    sheet = Sheet.read(
        spec, STATES, STATE_HEADS,
        needed=STATE_HEADS.keys(), refusal="no_state_columns", ids=["camera_id"],
    )  # fmt: skip
    faults = Faults.none(len(sheet.table.rows))
    ids, notes = _cameras(sheet, faults)
    times, found = _times(sheet, "time")
    _mark_met(times.isna().to_numpy(), "no_time", sheet, "time", faults)
    mark_ahead(times, faults)
    online, _ = cleaned(
        "online", sheet.cells["online"], sheet.heads["online"], STATES, sheet.table.rows
    )
    unread = online.isna().to_numpy() & _worded(sheet.cells["online"], NO_STATE)
    _mark_met(unread, "state_unreadable", sheet, "online", faults)
    values = pd.DataFrame({"camera_id": ids, "time": times, "online": online})
    return sheet.layer(values, faults, [*notes, *found])


def read_faults(spec: str | Path) -> Layer:
    """
    Read the faults of cameras and their repairs from a CSV file or a workbook.

    Parameters
    ----------
    spec
        `FILE` or `FILE:SHEET`; a row is a fault.

    Returns
    -------
    layer
        Its `frame` has `camera_id` (text), `fault_at` and `repaired_at` (local; missing while the
        fault is open), `fault` (what was wrong, None where the file does not say), in input order
        and without any place. A row without camera or time of the fault, with a time that has not
        come or a repair that cannot be read, or repaired before the fault is in the quarantine.

    Raises
    ------
    MissingFileError
        When there is no such file.
    LayerError
        When a workbook has several sheets and none is named.
    FormatError
        When the file is no table or cannot be read.
    ColumnError
        When there is no column of cameras or of faults' times.
    """
    sheet = Sheet.read(
        spec, FAULTS, FAULT_HEADS,
        needed={"camera_id", "fault_at"}, refusal="no_fault_columns", ids=["camera_id"],
    )  # fmt: skip
    count = len(sheet.table.rows)
    faults = Faults.none(count)
    ids, notes = _cameras(sheet, faults)
    began, found = _times(sheet, "fault_at")
    notes += found
    _mark_met(began.isna().to_numpy(), "no_fault_time", sheet, "fault_at", faults)
    if "repaired_at" in sheet.cells:
        ended, found = _times(sheet, "repaired_at")
        notes += found
        unread = ended.isna().to_numpy() & _worded(sheet.cells["repaired_at"], NOT_REPAIRED)
        _mark_met(unread, "repair_unreadable", sheet, "repaired_at", faults)
    else:
        ended = pd.Series(np.datetime64("NaT"), index=range(count), dtype=TIME)
        notes.append(Note("no_repairs", {"file": sheet.table.source}))
    mark_ahead(began, faults)
    mark_ahead(ended, faults)
    faults.mark(
        (ended < began).to_numpy(),
        "repaired_before_fault",
        lambda rows: [f"{ended[row]} < {began[row]}" for row in rows],
    )
    told = texts(sheet.cells["fault"]) if "fault" in sheet.cells else [None] * count
    values = pd.DataFrame({"camera_id": ids, "fault_at": began, "repaired_at": ended})
    values["fault"] = pd.Series(told, dtype=object)
    return sheet.layer(values, faults, notes)


def _cameras(sheet: Sheet, faults: Faults) -> tuple[pd.Series, list[Note]]:
    """
    Read the ids of the cameras, as text: one row alone must not make all others another type.

    Those that lost digits, identity numbers and ids of other devices are marked, and rows without
    any.
    """
    cells, head = sheet.cells["camera_id"], sheet.heads["camera_id"]
    persons = identity_values(cells)
    read, lost = identifiers(cells, typed=sheet.table.typed)
    ids = read.mask(lost | persons).map(as_text).astype(object)
    written = texts(cells)
    faults.mark(lost, "id_lost_digits", lambda rows: [written[row] or "" for row in rows])
    faults.mark(persons, "id_personal", lambda rows: [MASK] * len(rows))
    notes = mark_device_ids(ids, head, sheet.table.rows, faults)
    faults.mark(ids.isna().to_numpy(), "no_camera", lambda rows: [""] * len(rows))
    return ids.where(ids.notna(), None), notes


def _times(sheet: Sheet, ours: str) -> tuple[pd.Series, list[Note]]:
    """Read local times; those that cannot be read are told of in the quarantine, not in a note."""
    # Numbers alone are no times: elsewhere they are seconds from the start of a track, or years.
    cells = sheet.cells[ours].astype(object)
    alone = [text is not None and BARE.fullmatch(text) is not None for text in texts(cells)]
    cells = cells.mask(np.array(alone, dtype=bool))
    times, notes = cleaned("time", cells, sheet.heads[ours], sheet.kind, sheet.table.rows)
    return times, [note for note in notes if note.code != "value_unreadable"]


def _mark_met(wrong: Mask, code: str, sheet: Sheet, ours: str, faults: Faults) -> None:
    """Mark rows whose cell cannot be used, and show what is met there."""
    met = texts(sheet.cells[ours])
    faults.mark(wrong, code, lambda rows: [met[row] or "" for row in rows])


def _worded(cells: pd.Series, blank: frozenset[str]) -> Mask:
    """Tell which cells hold something, and not only a word for a blank."""
    said = [text is not None and plain(text) not in blank for text in texts(cells)]
    return np.array(said, dtype=bool)
