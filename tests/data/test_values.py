"""Cells become numbers, codes, yes and no, times and ids, or are noted as unread."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from data.codes import DUTIES
from data.identifiers import identifiers
from data.notes import Note
from data.values import as_text, cleaned, in_words, numbers


def read(
    ours: str, cells: object, head: str | None = None, kind: str = "cameras"
) -> tuple[list[object], list[Note]]:
    """Return a cleaned column as a list with None for missing, and its notes."""
    values = pd.Series(cells)
    rows = np.arange(2, len(values) + 2)
    kept, notes = cleaned(ours, values, head or ours, kind, rows)
    return kept.astype(object).where(kept.notna(), None).tolist(), notes


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None), (float("nan"), None), (pd.NA, None), (pd.NaT, None), ("  ", None),
        (" 007 ", "007"), (7.0, "7"), (7.5, "7.5"), (True, "true"), (-1, "-1"),
        (3.402e19, "3.402e+19"), (1234567890123456.0, "1.23456789012346e+15"),
        (dt.date(2024, 5, 1), "2024-05-01"),
    ],
)  # fmt: skip
def test_cells_become_text_without_gaining_or_losing_anything(
    cell: object, text: str | None
) -> None:
    """Except digits that the file had already lost, which show."""
    assert as_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12.0), (" -3.5 ", -3.5), ("12 m", 12.0), ("12米", 12.0), ("90°", 90.0), (".5", 0.5),
        ("１２", 12.0), ("1e3", 1000.0), ("twelve", np.nan), ("12 km", np.nan), ("1,200", np.nan),
        ("12'6\"", np.nan), ("", np.nan), (None, np.nan), ("nan", np.nan), ("90;270", np.nan),
    ],
)  # fmt: skip
def test_numbers_are_read_with_their_unit_and_nothing_else_is(cell: object, number: float) -> None:
    """What is not plainly a number is missing, not a guess."""
    assert numbers(pd.Series([cell, "x"])).tolist() == pytest.approx([number, np.nan], nan_ok=True)


def test_numbers_outside_their_range_are_missing_and_noted() -> None:
    """Never silently: a range of 0 m would be a camera that sees nothing."""
    found, notes = read("fov_deg", [90, 0, 360, 361, -5, None, "wide"], "视场角")
    assert found == [90.0, None, 360.0, None, None, None, None]
    met = {"column": "视场角", "count": 4, "values": ["0", "361", "-5", "wide"]}
    assert notes == [Note("value_unreadable", {**met, "rows": [3, 5, 6, 8]})]
    assert read("range_m", [0, 30, float("inf")])[0] == [None, 30.0, None]
    assert read("width_m", ["7 m", 0])[0] == [7.0, None]
    assert read("height_m", [0, -1, 3])[0] == [None, None, 3.0]
    assert read("tilt_deg", [-15, 91, 90, -90])[0] == [-15.0, None, 90.0, -90.0]
    assert read("layer", ["1", "-1", "1;2", 0.5])[0] == [1, -1, None, None]


def test_online_is_yes_no_or_missing() -> None:
    """Missing stays missing: it is not offline. In good order is not online."""
    cells = [
        "ON",
        "off",
        "在线",
        "离线",
        1,
        0.0,
        True,
        "false",
        "是",
        None,
        "",
        "正常",
        "1.0",
        "0.0",
    ]
    found, notes = read("online", cells)
    assert found == [
        True, False, True, False, True, False, True, False, True, None, None, None, True, False,
    ]  # fmt: skip
    met = {"column": "online", "count": 1, "values": ["正常"], "rows": [13]}
    assert notes == [Note("value_unreadable", met)]


@pytest.mark.parametrize(
    ("head", "cell", "kind"),
    [
        ("camera_type", "fixed", "fixed_bullet"),
        ("camera_type", "Dome", "fixed_dome"),
        ("camera_type", "panning", "ptz_dome"),
        ("camera_type", "panorama", "panoramic"),
        ("camera_type", "panoramic", "panoramic"),
        ("kind", "fixed_bullet", "fixed_bullet"),
        ("kind", "ptz_bullet", "ptz_bullet"),
        ("摄像机类型", "球机", "ptz_dome"),
        ("摄像机类型", "遥控枪机", "ptz_bullet"),
        ("摄像机类型", 1, "ptz_dome"),
        ("摄像机类型", "2", "fixed_dome"),
        ("摄像机类型", 3.0, "fixed_bullet"),
        ("摄像机类型", 4, "ptz_bullet"),
        ("摄像机类型", 5, "security_checkpoint"),
        ("PTZType", 1, "ptz_dome"),
        ("PTZType", 2, "fixed_dome"),
        ("PTZType", 3, "fixed_bullet"),
        ("PTZType", 4, "ptz_bullet"),
        ("PTZType", 5, "ptz_dome"),
        ("PTZType", 6, "panoramic"),
        ("PTZType", 7, "multi_lens"),
        ("kind", None, None),
    ],
)
def test_kinds_of_camera_are_read_by_the_head_they_stand_under(
    head: str, cell: object, kind: str | None
) -> None:
    """Code 5 is a half dome in GB/T 28181 and a gantry in a camera ledger."""
    found, notes = read("kind", [cell], head)
    assert found == [kind]
    assert not notes


def test_an_unknown_kind_of_camera_is_kept_and_noted() -> None:
    """Defaults by kind will not apply to it, so a person should know."""
    found, notes = read("kind", ["fixed", "doorbell", 99])
    assert found == ["fixed_bullet", "doorbell", "99"]
    met = {"count": 2, "values": ["doorbell", "99"], "rows": [3, 4]}
    assert notes == [Note("kind_unknown", met)]


def test_kinds_of_other_layers_stay_as_they_came() -> None:
    """Posts have no list of kinds."""
    assert read("kind", ["fixed", " Mobile "], kind="posts")[0] == ["fixed", "Mobile"]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("事件", "event"), ("案件", "case"), ("警情", "police_call"), ("矛盾纠纷", "dispute"),
        ("纠纷", "dispute"), ("隐患", "hazard"), ("hazard", "hazard"),
        ("Police_Call", "police_call"), ("道路交通类警情", "police_call"),
        ("行政(治安)类警情", "police_call"), ("盗窃案件", "case"), ("邻里纠纷", "dispute"),
        (None, None),
    ],
)  # fmt: skip
def test_kinds_of_incident_become_codes_also_by_how_their_class_ends(
    cell: object, kind: str | None
) -> None:
    """A call that is not known as one would be shown to others than the police."""
    assert read("kind", [cell], kind="incidents") == ([kind], [])


def test_unknown_kinds_and_states_of_incidents_stay_and_are_noted() -> None:
    """A word that is not in the list is not guessed."""
    found, notes = read("kind", ["案件", "Theft", None, "警情通报"], "类型", kind="incidents")
    assert found == ["case", "Theft", None, "警情通报"]
    met = {"column": "类型", "count": 2, "values": ["Theft", "警情通报"], "rows": [3, 5]}
    assert notes == [Note("code_unknown", met)]
    found, notes = read("state", ["已办结", "处理中", "未处理", "closed", "搁置"], kind="incidents")
    assert found == ["closed", "handling", "open", "closed", "搁置"]
    assert [note.code for note in notes] == ["code_unknown"]


def test_kinds_of_key_sites_are_a_closed_list() -> None:
    """What is not in it becomes other, a blank stays unknown."""
    cells = ["学校", "农贸市场", "庙会", "公共浴室", None, "hotel_lobby", "寺庙"]
    found, notes = read("kind", cells, "场所类型", kind="key_sites")
    assert found == ["school", "market", "temple_fair", "other", None, "hotel_lobby", "other"]
    met = {"column": "场所类型", "count": 2, "values": ["公共浴室", "寺庙"], "rows": [5, 8]}
    assert notes == [Note("code_unknown_as", {**met, "taken": "other"})]


def test_position_types_are_codes_only_under_their_head() -> None:
    """Places of worship (7) and complex areas (9) are no kinds here."""
    cells = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    found, _ = read("kind", cells, "PositionType", kind="key_sites")
    assert found == [
        "checkpoint", "government", "transport_hub", "square", "stadium", "mall", "other",
        "school", "other", "main_road",
    ]  # fmt: skip
    assert set(read("kind", cells, "类型", kind="key_sites")[0]) == {"other"}


def test_a_visibility_that_cannot_be_read_counts_as_covert() -> None:
    """Shown too little, not too much."""
    found, notes = read("visibility", ["明哨", "暗哨", "overt", "?", None], kind="posts")
    assert found == ["overt", "covert", "overt", "covert", None]
    met = {"column": "visibility", "count": 1, "values": ["?"], "rows": [5], "taken": "covert"}
    assert notes == [Note("code_unknown_as", met)]


def test_the_words_of_posts_become_codes_and_others_stay_with_a_note() -> None:
    """Fixed or mobile, on the street or online, professional or volunteer."""
    for ours, cells, codes in (
        ("mobility", ["固定哨", "流动哨", "mobile"], ["fixed", "mobile", "mobile"]),
        ("channel", ["线上", "线下", "online"], ["online", "offline", "online"]),
        ("crew", ["专职", "群众", "volunteer"], ["professional", "volunteer", "volunteer"]),
    ):
        found, notes = read(ours, [*cells, None, "两者"], kind="posts")
        assert found == [*codes, None, "两者"]
        met = {"column": ours, "count": 1, "values": ["两者"], "rows": [6]}
        assert notes == [Note("code_unknown", met)]


def test_duties_are_the_seven_that_were_published() -> None:
    """The words of the report, and no other."""
    words = ["巡逻防范", "警示提醒", "救助帮扶", "纠纷调解", "治安预警", "信息采集", "安全监管"]
    assert list(DUTIES.values()) == words
    found, notes = read("duties", words, kind="posts")
    assert found == list(DUTIES)
    assert notes == []


def test_duties_are_listed_once_in_one_order_and_unknown_ones_left_out() -> None:
    """However they are separated; what is left out is named."""
    cells = [
        "安全监管、巡逻防范", "安全监管,巡逻防范;安全监管", "patrol；supervision",
        "收电费、信息采集", "收电费", None, "patrol;early_warning",
    ]  # fmt: skip
    found, notes = read("duties", cells, "职责", kind="posts")
    assert read("duties", ["、".join(reversed(DUTIES))], kind="posts")[0] == [";".join(DUTIES)]
    both = "patrol;supervision"
    assert found == [both, both, both, "information", None, None, "patrol;early_warning"]
    met = {"column": "职责", "count": 2, "values": ["收电费"], "rows": [5, 6]}
    assert notes == [Note("duty_unknown", met)]


def test_the_risk_of_an_area_is_one_of_three() -> None:
    """What is in no list stays as it came."""
    found, notes = read("risk", ["高", "中风险", "low", "一般"], kind="areas")
    assert found == ["high", "medium", "low", "一般"]
    assert [note.code for note in notes] == ["code_unknown"]


@pytest.mark.parametrize(
    ("setting", "cells"),
    [
        ("urban", ["城镇", "城区", "城市", "镇区", 111, 112.0, "121", "122", "123", "Urban"]),
        ("rural", ["乡村", "农村", "村庄", 210, "220", "rural"]),
    ],
)
def test_the_setting_of_an_area_is_urban_or_rural(setting: str, cells: list[object]) -> None:
    """By words, or by the codes of the statistics."""
    assert read("setting", cells, kind="areas") == ([setting] * len(cells), [])


def test_a_setting_that_is_in_no_list_is_not_guessed() -> None:
    """It stays as it came and is noted; a blank one is unknown."""
    found, notes = read("setting", ["城乡结合部", None, 113, "城镇"], "城乡分类", kind="areas")
    assert found == ["城乡结合部", None, "113", "urban"]
    met = {"column": "城乡分类", "count": 2, "values": ["城乡结合部", "113"], "rows": [2, 4]}
    assert notes == [Note("code_unknown", met)]


@pytest.mark.parametrize("ours", ["staff", "tasks", "hazards", "households", "people", "visits"])
def test_counts_are_whole_numbers_from_0_that_the_databases_can_keep(ours: str) -> None:
    """None, negative, broken and huge ones are missing and noted."""
    found, notes = read(ours, [0, "12人", "3 起", -1, 1.5, "x", 3e9, None])
    assert found == [0, 12, 3, None, None, None, None, None]
    met = {"column": ours, "count": 4, "values": ["-1", "1.5", "x", "3000000000"]}
    assert notes == [Note("value_unreadable", {**met, "rows": [5, 6, 7, 8]})]


@pytest.mark.parametrize(
    ("cell", "words"),
    [("张甲", True), ("3人", False), ("12,696", False), ("A1", True), ("", False), (None, False),
     (2.5, False), (True, True)],
)  # fmt: skip
def test_words_are_told_from_numbers(cell: object, words: bool) -> None:  # noqa: FBT001
    """Where people are counted, they may be names."""
    assert in_words(pd.Series([cell], dtype=object)).tolist() == [words]


def test_oneway_bridge_and_tunnel_stay_text_in_lower_case() -> None:
    """What they mean is decided where streets are."""
    assert read("oneway", ["Yes", "-1", "F", None, " NO "])[0] == ["yes", "-1", "f", None, "no"]
    assert read("bridge", [1.0, None, 0.0])[0] == ["1", None, "0"]
    assert read("tunnel", [True, False])[0] == ["true", "false"]


def test_times_are_local_and_those_with_a_zone_are_turned_into_local_ones() -> None:
    """Naive times stay as they are."""
    cells = [
        "2024-05-01 09:05:07", "2024年5月1日 9:05", "2024/5/1", "2024-05-01T01:05:00Z", None,
        "noon", "2024年12月31日23时59分", "2024-05-01 09:05:07.5",
    ]  # fmt: skip
    found, notes = read("time", cells, kind="incidents")
    assert [None if time is None else time.isoformat() for time in found] == [
        "2024-05-01T09:05:07", "2024-05-01T09:05:00", "2024-05-01T00:00:00", "2024-05-01T09:05:00",
        None, None, "2024-12-31T23:59:00", "2024-05-01T09:05:07.500000",
    ]  # fmt: skip
    assert notes == [
        Note("time_zone_converted", {"column": "time", "count": 1}),
        Note("value_unreadable", {"column": "time", "count": 1, "values": ["noon"], "rows": [7]}),
    ]


def test_times_that_are_times_already_and_seconds_from_a_start_stay() -> None:
    """A workbook has dates, a receiver counts seconds."""
    when = pd.Series(pd.to_datetime(["2024-05-01 09:05"]))
    kept, notes = cleaned("time", when, "time", "incidents", np.arange(1))
    assert kept.tolist() == when.tolist()
    assert str(kept.dtype) == "datetime64[us]"
    assert read("time", [0.5, 1.5], kind="tracks") == ([0.5, 1.5], [])
    assert not notes
    zoned = pd.Series(pd.to_datetime(["2024-05-01T01:05:00+00:00"]))
    assert cleaned("time", zoned, "t", "tracks", np.arange(1))[0].tolist() == when.tolist()


def ids(cells: object, *, typed: bool = True) -> tuple[list[object], list[bool], str]:
    """Return ids as a list with None for missing, which lost digits, and their type."""
    found, lost = identifiers(pd.Series(cells), typed=typed)
    listed = found.astype(object).where(found.notna(), None).tolist()
    return listed, lost.tolist(), str(found.dtype)


def test_whole_numbers_stay_integers() -> None:
    """Also when a missing one made floats of them."""
    assert ids([122.0, None, 7.0])[2] == "Int64"
    assert ids([122.0, 7.0])[0] == [122, 7]
    assert ids(pd.array([2**62 + 1], dtype="Int64"))[0] == [2**62 + 1]
    assert ids(["1", "20"], typed=False) == ([1, 20], [False, False], "Int64")


@pytest.mark.parametrize(
    "cells",
    [["007", "008"], ["34020000001320000001", "2"], ["A1", "2"], ["1.5", "2"], ["+1", "2"]],
)
def test_text_stays_text(cells: list[str]) -> None:
    """A zero in front or a twentieth digit makes the whole column text, in CSV too."""
    for typed in (True, False):
        found, lost, _ = ids(cells, typed=typed)
        assert found == cells
        assert not any(lost)


def test_text_of_digits_stays_text_where_the_file_says_so() -> None:
    """A GeoPackage that stores osm_id as text means it."""
    assert ids(["429897361"])[0] == ["429897361"]
    assert ids(["1", 2.0])[0] == ["1", "2"]


def test_ids_that_lost_digits_are_told_from_those_that_did_not() -> None:
    """3.402E+19 stands for any of a hundred thousand cameras."""
    assert ids([3.402e19, 7.0])[:2] == ([None, 7], [True, False])
    assert ids([3.402e19, "34020000001320000001"])[1] == [True, False]
    assert ids(["3.402E+19", "1.2e+11", "12"], typed=False)[1] == [True, True, False]
    assert ids([1234567890123456.0, 123456789012345.0])[1] == [True, False]
    assert ids(["1E5", "2E+room"])[1] == [False, False]
