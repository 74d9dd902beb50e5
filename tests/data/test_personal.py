"""Columns about persons are found, and columns about places are not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest

from data.personal import is_personal_head, personal_heads, personal_share, personal_values

VALID_IDENTITY = "110101199003070003"
"""Eighteen characters whose check digit is right; of nobody."""


def hits(values: object, head: str = "备注") -> list[bool]:
    """Return which values are personal, as a list."""
    return personal_values(pd.Series(values), head).tolist()


@pytest.mark.parametrize(
    "head",
    [
        "姓名", "网格员姓名", "身份证号", "证件号码", "手机", "联系电话", "联系方式", "车牌号码",
        "号牌", "人脸", "民族", "宗教信仰", "信访事项", "报警人", "负责人", "phone", "PHONE",
        "Contact Phone", "mobile_no", "created_user", "last_edited_user", "ID Card", "id_number",
        "First Name", "LastName", "licensePlate", "ethnicity", "religion", "petition", "face_id",
        "驾驶员", "出生日期", "email",
    ],
)  # fmt: skip
def test_a_head_about_persons_is_found(head: str) -> None:
    """In Chinese and in English, alone or as part of a head."""
    assert is_personal_head(head)


@pytest.mark.parametrize(
    "head",
    [
        "name", "名称", "Street_Name", "SITE_NAME", "stopName", "岗哨名称", "街道名称", "路名",
        "设备编码", "国标编码", "网格编码", "osm_id", "Intersection", "district", "operator",
        "surface", "网格员人数", "志愿者数量", "officer_count", "number", "id", "surv_type",
        "kind", "小区名称", "address", "hours", "值守时间", "Facade", "platform",
    ],
)  # fmt: skip
def test_a_head_about_places_or_counts_is_not(head: str) -> None:
    """Names of places, ids of things and counts of people stay."""
    assert not is_personal_head(head)


def test_heads_are_given_by_position() -> None:
    """Two columns may have the same head."""
    assert personal_heads(["编号", "联系电话", "名称", "姓名"]) == {1, 3}


def test_mobile_numbers_are_found_in_text_in_floats_and_in_integers() -> None:
    """Spreadsheets store telephones as any of them."""
    assert hits(["13812345678", "张江路 13912345678", "+86 19912345678", None]) == [
        True, True, True, False,
    ]  # fmt: skip
    assert hits([13812345678.0, np.nan, 12.5]) == [True, False, False]
    assert hits(pd.array([13812345678, None, 7], dtype="Int64")) == [True, False, False]
    assert hits([13812345678.0, "13812345678"]) == [True, True]


def test_a_number_that_only_contains_a_mobile_number_is_not_one() -> None:
    """Device ids, grid codes and decimals hold such digits by chance."""
    assert not any(
        hits([
            "34020000001320000001", "610981001001001", "138123456789", "12812345678",
            "116.13812345678", "A13812345678", "610999001001", "",
        ])
    )  # fmt: skip


def test_identity_numbers_need_the_right_check_digit_and_a_date() -> None:
    """A second number in the same cell counts too."""
    assert hits([VALID_IDENTITY, "11010119900307002X", "11010119900307002x"]) == [True] * 3
    assert hits(["110101199003070004", "110101199013070003", "1" + VALID_IDENTITY]) == [False] * 3
    assert hits([f"甲 {VALID_IDENTITY}；", f"110101199003070004,{VALID_IDENTITY}"]) == [True, True]


def test_plates_are_found_and_places_that_look_like_them_are_not() -> None:
    """A plate is province, city and five or six characters."""
    assert hits(["陕A12345", "京A·D12345", "沪A12345学"][:2]) == [True, True]
    assert hits(["陕西路", "京A", "桥头A1", "苏州街12345号", "G50沪渝高速"]) == [False] * 5


def test_new_ids_of_openstreetmap_are_not_telephones() -> None:
    """They have had eleven digits for years."""
    nodes = pd.array([13_112_345_678, 13_212_345_678], dtype="Int64")
    assert hits(nodes, "osm_id") == [False, False]
    assert hits(nodes, "编号") == [True, True]


def test_dates_booleans_and_small_numbers_are_never_personal() -> None:
    """They need no search."""
    assert hits([True, False]) == [False, False]
    assert hits(pd.to_datetime(["2024-05-01"])) == [False]
    assert hits([1.5, 9_999_999_999.0]) == [False, False]


def test_the_share_counts_given_values_only() -> None:
    """Blank cells make a column no less personal."""
    values = pd.Series(["13812345678", None, "x", None])
    assert personal_share(personal_values(values, "a"), values) == 0.5
    assert personal_share(np.zeros(1, dtype=bool), pd.Series([None])) == 0.0


@pytest.mark.parametrize(
    ("file", "layer", "personal"),
    [
        ("us_cambridge_ma_police/cambridge.gpkg", "street_centerlines", set()),
        ("us_cambridge_ma_police/cambridge.gpkg", "street_lights", set()),
        ("us_cambridge_ma_police/cambridge.gpkg", "police_response_districts", set()),
        (
            "us_cambridge_ma_police/cambridge.gpkg",
            "police_station",
            {"PHONE", "created_user", "last_edited_user"},
        ),
        ("us_cambridge_ma_police/cambridge_cameras_osm.gpkg", "cameras_osm", set()),
        ("us_nyc_midtown_osm/nyc_midtown_3km.gpkg", "streets", set()),
        ("us_nyc_midtown_osm/nyc_midtown_3km.gpkg", "buildings", set()),
        ("cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg", "streets", set()),
        ("cn_shanghai_lujiazui_osm/shanghai_lujiazui.gpkg", "pois", set()),
        ("fi_helsinki_osm/helsinki_centre.gpkg", "streets", set()),
        ("cn_wuxi_xinwu_grid/xinwu.gpkg", "grid_250m", set()),
        ("cn_wuxi_xinwu_grid/xinwu.gpkg", "bus_stops", set()),
        ("cn_admin_shaanxi/shaanxi_admin.gpkg", "counties_wgs84", set()),
        ("world_osm_surveillance/tallinn_cameras.gpkg", "cameras", set()),
    ],
)
def test_only_columns_about_persons_are_found_in_real_layers(
    shared_data: Path, file: str, layer: str, personal: set[str]
) -> None:
    """Nothing about places may be lost, neither by head nor by content."""
    frame = pyogrio.read_dataframe(shared_data / file, layer=layer, read_geometry=False)
    heads = [frame.columns[i] for i in personal_heads(list(frame.columns))]
    assert set(heads) == personal
    for head in frame.columns.difference(heads):
        assert not personal_values(frame[head], head).any()


def test_codes_and_names_of_divisions_are_not_personal(shared_data: Path) -> None:
    """Twelve-digit codes and thousands of Chinese place names."""
    for file in sorted((shared_data / "cn_admin_shaanxi").glob("names_*.csv")):
        frame = pd.read_csv(file, dtype=str)
        assert not personal_heads(list(frame.columns))
        for head in frame.columns:
            assert not personal_values(frame[head], head).any()
