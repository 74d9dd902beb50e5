"""Sheets of cameras by GB/T 28181 and 一机一档: every field, and no way to reach the devices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
import shapely

from data.access import is_access_head
from data.attributes import ID_COLUMNS
from data.device_ids import CAMERA_TYPES
from data.files import read_layer
from data.heads import ALIASES
from data.importing import import_layer
from data.settling import settle
from data.workbook import write_quarantine, write_template
from geo import camera_views, working_crs
from tests.data.rows import layer_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from data.files import Layer
    from data.store import Store

HEADS = (
    "DeviceID,Name,ManagementUnit,IPAddress,Port,Password,Status,Longitude,Latitude,PTZType,"
    "RoomType,SupplyLightType,DirectionType,HorizontalFieldAngle,VerticalFieldAngle,"
    "MaxViewDistance,PoType,是否联网,安装高度,监控点编号,可否调整,必保视角,红外距离"
)
"""Heads of a catalogue, as a platform exports it, with some of a ledger."""

CATALOGUE = f"""{HEADS}
61099900001320000001,临江路口,城关派出所,10.1.2.3,5060,hunter2,ON,109.365,32.834,3,1,2,6,60,40,80,\
1,是,4.5,J001,是,否,30米
61099900001310000002,望江桥头,水务局,10.1.2.4,5060,hunter2,OFF,109.366,32.835,1,2,1,4,90,,120,\
2,否,6,J001,否,是,
61099900001320000003,码头,,,,,,0,0,5,,9,,,,,9,,,,,,
"""
"""Two cameras of one point, and one that declares nothing, not even its place."""

SECRETS = ("10.1.2", "5060", "hunter2", "rtsp", "jpg")
"""What must be nowhere in what was read."""


def read(tmp_path: Path, text: str) -> Layer:
    """Read cameras from CSV."""
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    return read_layer(path, "cameras")


def told(layer: Layer, code: str) -> Mapping[str, Any]:
    """Return what the one note of a code says."""
    (note,) = (note for note in layer.notes if note.code == code)
    return dict(note.values)


def of(texts: list[Any]) -> list[Any]:
    """Return a column with None for what is missing."""
    return [None if pd.isna(text) else text for text in texts]


def test_a_catalogue_is_read_by_the_codes_of_the_standard(tmp_path: Path) -> None:
    """RoomType 1 is outdoors, DirectionType 6 north-east, PTZType 5 a dome."""
    layer = read(tmp_path, CATALOGUE)
    frame = layer.frame
    assert frame["camera_id"].tolist() == ["61099900001320000001", "61099900001310000002"]
    assert frame["indoor"].tolist() == [False, True]
    assert frame["light"].tolist() == ["infrared", "none"]
    assert frame["azimuth_deg"].tolist() == [45.0, 0.0]
    assert frame["fov_deg"].tolist() == [60.0, 90.0]
    assert of(frame["vfov_deg"].tolist()) == [40.0, None]
    assert frame["range_m"].tolist() == [80.0, 120.0]
    assert frame["kind"].tolist() == ["fixed_bullet", "ptz_dome"]
    assert frame["online"].tolist() == [True, False]
    assert frame["unit"].tolist() == ["城关派出所", "水务局"]
    assert frame["point_class"].tolist() == ["class_1", "class_2"]
    assert frame["networked"].tolist() == [True, False]
    assert frame["height_m"].tolist() == [4.5, 6.0]
    assert frame["point_id"].tolist() == ["J001", "J001"]
    assert frame["adjustable"].tolist() == [True, False]
    assert frame["mandatory"].tolist() == [False, True]
    assert of(frame["ir_range_m"].tolist()) == [30.0, None]
    assert told(layer, "indoor_by_code") == {"column": "RoomType", "count": 1, "total": 2}
    aside = layer.quarantine.iloc[0]
    assert (aside["reason"], aside["row"], aside["light"]) == ("no_place", 4, "other")
    assert pd.isna(aside["online"])
    assert pd.isna(aside["indoor"])


def test_how_a_camera_is_reached_is_dropped_and_named(tmp_path: Path) -> None:
    """Addresses, ports, passwords and pictures, in rows, quarantine and notes."""
    layer = read(tmp_path, CATALOGUE)
    assert told(layer, "access_dropped") == {"names": ["IPAddress", "Port", "Password"]}
    assert not [note for note in layer.notes if note.code == "personal_dropped"]
    everything = f"{layer.frame.to_csv()}{layer.quarantine.to_csv()}{layer.notes}"
    assert not [secret for secret in SECRETS if secret in everything]


def test_no_column_can_be_asked_for_that_says_how_a_camera_is_reached(tmp_path: Path) -> None:
    """Not even by its name."""
    path = tmp_path / "c.csv"
    path.write_text("编号,取流地址,经度,纬度\n1,rtsp://10.1.2.3/live,109,32\n", encoding="utf-8")
    layer = read_layer(path, "cameras", columns={"name": "取流地址"})
    assert "name" not in layer.frame.columns
    assert told(layer, "access_dropped") == {"names": ["取流地址"]}


def test_a_network_address_within_a_text_is_masked(tmp_path: Path) -> None:
    """In one of many names; a whole column of them, or one in the ids, goes."""
    names = [f"桥{n}" for n in range(9)] + ["码头 rtsp://10.1.2.3:554/a 东", "门 10.1.2.3:80，西"]
    rows = "".join(f"c{n},{name},109,32.{n}\n" for n, name in enumerate(names))
    layer = read(tmp_path, f"编号,名称,经度,纬度\n{rows}")
    assert layer.frame["name"].tolist()[-2:] == ["码头 *** 东", "门 ***，西"]
    assert told(layer, "access_masked") == {"column": "名称", "count": 2, "rows": [11, 12]}
    ids = "".join(f"{n},109,32.{n}\n" for n in range(9))
    layer = read(tmp_path, f"编号,经度,纬度\n{ids}10.1.2.3,109,33\n")
    assert told(layer, "access_dropped") == {"names": ["编号"]}
    assert layer.frame["camera_id"].tolist() == list(range(10))
    layer = read(tmp_path, "编号,名称,经度,纬度\n1,http://10.1.2.3/x.jpg,109,32\n2,桥,109,33\n")
    assert "name" not in layer.frame.columns


def test_numbers_with_dots_are_no_addresses(tmp_path: Path) -> None:
    """A version, a date, a coordinate."""
    layer = read(
        tmp_path,
        "编号,名称,经度,纬度\n1,2024.05.01 桥,109.12,32\n2,1.2.3.4.5,1,2\n3,999.1.1.1,1,3\n",
    )
    assert layer.frame["name"].tolist() == ["2024.05.01 桥", "1.2.3.4.5", "999.1.1.1"]


def test_no_head_of_ours_says_how_a_camera_is_reached() -> None:
    """Else a column of the contract would always be dropped."""
    heads = {head for heads in ALIASES["cameras"].values() for head in heads}
    assert not [head for head in heads if is_access_head(head)]
    for head in ("设备IP", "rtsp_url", "MACAddress", "StreamNumberList", "设备密码", "抓拍图片"):
        assert is_access_head(head)


def test_posts_keep_their_texts_as_they_are(tmp_path: Path) -> None:
    """Only devices are reached over a network."""
    (tmp_path / "p.csv").write_text("id,name,lon,lat\n1,10.1.2.3,1,2\n", encoding="utf-8")
    assert read_layer(tmp_path / "p.csv", "posts").frame["name"].tolist() == ["10.1.2.3"]


@pytest.mark.parametrize(
    ("head", "code", "reason"),
    [
        ("国标编码", "61099900001320000001", None),
        ("国标编码", "6109990000132000000", "id_not_gb"),
        ("国标编码", "A1099900001320000001", "id_not_gb"),
        ("国标编号", "7", "id_not_gb"),
        ("国标编码", "3.40E+19", "id_lost_digits"),
        ("DeviceID", "6.109990000132E+19", "id_lost_digits"),
        ("DeviceID", "c7", None),
        ("DeviceID", "61099900001180000001", "id_other_device"),
        ("DeviceID", "61099900002000000001", "id_other_device"),
        ("DeviceID", "61099900001340000001", "id_other_device"),
        *(("DeviceID", f"6109990000{kind}0000001", None) for kind in sorted(CAMERA_TYPES)),
    ],
)
def test_ids_of_the_standard_are_checked(
    tmp_path: Path, head: str, code: str, reason: str | None
) -> None:
    """Length, digits and type; what a spreadsheet shortened is refused with the reason."""
    text = f"{head},名称,经度,纬度\n{code},桥,109,32\n61099900001320000009,门,109,33\n"
    layer = read(tmp_path, text)
    assert layer.quarantine["reason"].tolist() == ([] if reason is None else [reason])
    assert len(layer.frame) == 2 - (reason is not None)
    if reason is not None:
        assert code in layer.quarantine["detail"][0]


def test_an_identity_number_as_a_device_id_is_not_kept_anywhere(tmp_path: Path) -> None:
    """Not in the quarantine either, whatever else is wrong with it."""
    number = "110101199003070003"
    rows = [f"6109990000132000000{n},门,109,32\n" for n in range(1, 9)]
    layer = read(tmp_path, f"国标编码,名称,经度,纬度\n{number},桥,109,32\n{''.join(rows)}")
    assert layer.quarantine["reason"].tolist() == ["id_personal"]
    assert number not in layer.quarantine.to_csv()
    assert number not in "".join(note.text("zh") for note in layer.notes)


def test_an_unknown_type_of_device_is_kept_and_noted(tmp_path: Path) -> None:
    """A maker may use a type of its own."""
    layer = read(tmp_path, "DeviceID,lon,lat\n61099900001990000001,109,32\n")
    assert len(layer.frame) == 1
    assert told(layer, "id_type_unknown") == {"count": 1, "values": ["199"], "rows": [2]}


def test_a_recorder_at_zero_is_no_camera_without_a_place(tmp_path: Path, store: Store) -> None:
    """A catalogue lists servers and recorders at 0, 0: they stay set aside."""
    text = "DeviceID,lon,lat\n61099900001180000001,0,0\n3.40E+19,0,0\n61099900001320000002,0,0\n"
    layer = read(tmp_path, text)
    assert layer.quarantine["reason"].tolist() == ["id_other_device", "id_lost_digits", "no_place"]
    report = import_layer(store, layer)
    assert (report.added, report.set_aside) == (1, 2)
    assert store.frame("cameras")["camera_id"].tolist() == ["61099900001320000002"]


def test_a_camera_that_declares_no_place_is_stored_and_named(tmp_path: Path, store: Store) -> None:
    """It is somewhere, and somebody has to find out where; again changes nothing."""
    layer = read(tmp_path, CATALOGUE)
    report = import_layer(store, layer, division="610981")
    assert (report.rows_read, report.added, report.set_aside) == (3, 3, 0)
    frame = store.frame("cameras").set_index("camera_id")
    lost = frame.loc["61099900001320000003"]
    assert lost.geometry is None
    assert pd.isna(lost["online"])
    first = frame.loc["61099900001320000001"]
    assert (first["light"], first["point_class"], first["unit"]) == (
        "infrared", "class_1", "城关派出所",
    )  # fmt: skip
    assert (first["vfov_deg"], first["ir_range_m"], first["point_id"]) == (40.0, 30.0, "J001")
    for column, expected in (
        ("indoor", [False, True, None]), ("networked", [True, False, None]),
        ("adjustable", [True, False, None]), ("mandatory", [False, True, None]),
    ):  # fmt: skip
        assert of(frame.loc[sorted(frame.index, key=lambda c: c[-1]), column].tolist()) == expected
    again = import_layer(store, read(tmp_path, CATALOGUE), division="610981")
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)


def test_the_note_names_the_cameras_without_a_place(tmp_path: Path, store: Store) -> None:
    """Others are counted, these are listed."""
    settled = settle(store, read(tmp_path, CATALOGUE))
    assert told(settled, "cameras_placeless") == {
        "count": 1, "names": ["61099900001320000003"], "rows": [4],
    }  # fmt: skip
    assert not [note for note in settled.notes if note.code == "kept_placeless"]
    placed = settle(store, layer_of("cameras", [None], {"camera_id": ["a"]}))
    assert placed.frame["quality"].tolist() == ["none"]


def test_a_camera_found_by_its_address_is_not_named_as_lost(tmp_path: Path, store: Store) -> None:
    """The table of addresses knows where it is."""
    place = [shapely.Point(109.365, 32.834)]
    import_layer(store, layer_of("addresses", place, {"address": ["滨江路1号"]}))
    text = "编号,地址,经度,纬度\nc1,滨江路1号,0,0\nc2,滨江路2号,0,0\n"
    settled = settle(store, read(tmp_path, text))
    assert told(settled, "cameras_placeless")["names"] == ["c2"]
    assert settled.frame["quality"].tolist() == ["address", "none"]


def test_kinds_of_their_own(tmp_path: Path) -> None:
    """Enforcement and gantries are no plain cameras, whatever they are called."""
    words = ["电子警察", "违停抓拍", "traffic_enforcement", "治安卡口", "卡口枪机", "枪机"]
    rows = "".join(f"{n},{word},109,32.{n}\n" for n, word in enumerate(words))
    kinds = read(tmp_path, f"编号,摄像机类型,经度,纬度\n{rows}").frame["kind"].tolist()
    assert kinds == ["traffic_enforcement"] * 3 + ["security_checkpoint"] * 2 + ["fixed_bullet"]


def test_words_of_a_ledger_are_read_like_codes(tmp_path: Path) -> None:
    """Under a head that asks whether it is indoors, 1 is yes."""
    text = (
        "编号,经度,纬度,是否室内,补光类型,点位类型,是否接入\n1,109,32,室外,白光,三类,已接入\n"
        "2,109,33,1,激光,公安内部,未接入\n3,109,34,否,蓝光,五类,0\n"
    )
    layer = read(tmp_path, text)
    frame = layer.frame
    assert frame["indoor"].tolist() == [False, True, False]
    assert frame["light"].tolist() == ["white", "laser", "蓝光"]
    assert frame["point_class"].tolist() == ["class_3", "police_internal", "五类"]
    assert frame["networked"].tolist() == [True, False, False]
    odd = [dict(note.values) for note in layer.notes if note.code == "code_unknown"]
    assert [values["values"] for values in odd] == [["蓝光"], ["五类"]]
    assert not [note for note in layer.notes if note.code == "indoor_by_code"]


def test_every_code_of_the_standard_is_read(tmp_path: Path) -> None:
    """Light 1 to 4 and 9, class 1 to 4 and 9; as numbers of a workbook, too."""
    rows = [[f"c{n}", 109.0, 32.0 + n, n, n, n - 1] for n in (1, 2, 3, 4, 9)]
    heads = ["DeviceID", "Longitude", "Latitude", "SupplyLightType", "PoType", "RoomType"]
    book = openpyxl.Workbook()
    for row in [heads, *rows]:
        book.active.append(row)
    book.save(tmp_path / "c.xlsx")
    layer = read_layer(tmp_path / "c.xlsx", "cameras")
    frame = layer.frame
    assert frame["light"].tolist() == ["none", "infrared", "white", "laser", "other"]
    assert frame["point_class"].tolist() == [
        "class_1", "class_2", "class_3", "police_internal", "other",
    ]  # fmt: skip
    # 0 declares nothing, and is no "no".
    assert of(frame["indoor"].tolist()) == [None, False, True, None, None]


def test_angles_that_cannot_be_are_missing_and_noted(tmp_path: Path) -> None:
    """A catalogue writes 0 where nothing is declared."""
    text = (
        "编号,经度,纬度,VerticalFieldAngle,夜视距离\n1,109,32,0,0\n2,109,33,181,-5\n3,1,2,180,0.5\n"
    )
    layer = read(tmp_path, text)
    assert of(layer.frame["vfov_deg"].tolist()) == [None, None, 180.0]
    assert of(layer.frame["ir_range_m"].tolist()) == [None, None, 0.5]
    assert len([note for note in layer.notes if note.code == "value_unreadable"]) == 2


def test_pixels_and_focal_lengths_reach_the_store_and_come_back(
    tmp_path: Path, store: Store
) -> None:
    """As a ledger writes them; a zoom and a made-up size are unknown, and noted."""
    text = (
        "编号,经度,纬度,分辨率,镜头焦距（mm）\n1,109,32,1920*1080,4mm\n2,109,32.1,4K,2.8\n"
        "3,109,32.2,高清,2.8-12\n4,109,32.3,,\n"
    )
    layer = read(tmp_path, text)
    noted = [dict(note.values) for note in layer.notes if note.code == "value_unreadable"]
    assert [(note["column"], note["values"], note["rows"]) for note in noted] == [
        ("分辨率", ["高清"], [4]), ("镜头焦距（mm）", ["2.8-12"], [4]),
    ]  # fmt: skip
    import_layer(store, layer)
    stored = store.frame("cameras").sort_values("camera_id")
    stored.to_file(tmp_path / "again.gpkg")
    for frame in (layer.frame, stored, read_layer(tmp_path / "again.gpkg", "cameras").frame):
        assert of(frame["pixels"].tolist()) == [1920, 3840, None, None]
        assert of(frame["focal_mm"].tolist()) == [4.0, 2.8, None, None]
        views = camera_views(frame.to_crs(working_crs(frame)))
        # 2.8 mm is a field of 100 degrees; 3,840 pixels in it detect as far as 64 m.
        assert views["fov_deg"].tolist() == pytest.approx([84.0, 100.0, 60.0, 60.0])
        far_m = 3840 / 50 / math.tan(math.radians(50))
        assert views["range_m"].tolist()[1] == pytest.approx(far_m)
    assert import_layer(store, layer).unchanged == 4


def test_the_template_of_cameras_is_read_back_whole(tmp_path: Path) -> None:
    """Every column with its example, and the words of each code list."""
    write_template("cameras", tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    page = book.worksheets[0]
    page["A2"].value = "61099900001320000001"
    book.save(tmp_path / "t.xlsx")
    layer = read_layer(tmp_path / "t.xlsx", "cameras")
    assert layer.quarantine.empty
    row = layer.frame.iloc[0]
    assert (row["light"], row["point_class"], row["unit"]) == ("infrared", "class_1", "城关派出所")
    assert (row["indoor"], row["networked"], row["adjustable"], row["mandatory"]) == (
        False, True, True, False,
    )  # fmt: skip
    assert (row["pixels"], row["focal_mm"]) == (1920, 4.0)
    assert not {note.code for note in layer.notes} & {
        "value_unreadable", "code_unknown", "columns_ignored", "access_dropped",
    }  # fmt: skip
    guide = [[cell.value for cell in line] for line in book.worksheets[1].iter_rows()]
    assert ["infrared", "红外、红外补光、红外灯、2"] in [line[2:4] for line in guide]


def test_a_mended_sheet_keeps_what_the_catalogue_said(tmp_path: Path) -> None:
    """The codes of a quarantine are words by then; RoomType must not be turned over."""
    write_quarantine(read(tmp_path, CATALOGUE.replace(",109.366,", ",,")), tmp_path / "q.xlsx")
    book = openpyxl.load_workbook(tmp_path / "q.xlsx")
    page = book.worksheets[0]
    heads = [cell.value for cell in page[1]]
    page.cell(2, heads.index("经度") + 1).value = 109.366
    page.cell(2, heads.index("纬度") + 1).value = 32.835
    page.delete_rows(3)
    book.save(tmp_path / "q.xlsx")
    (row,) = read_layer(tmp_path / "q.xlsx", "cameras").frame.to_dict("records")
    assert row[ID_COLUMNS["cameras"]] == "61099900001310000002"
    assert (row["indoor"], row["light"], row["point_class"]) == (True, "none", "class_2")
    assert (row["networked"], row["mandatory"], row["unit"]) == (False, True, "水务局")
