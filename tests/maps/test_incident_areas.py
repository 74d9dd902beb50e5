"""Areas by counts, rates and changes: chance, zero and silence are told apart."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from maps.colours import CHANCE, CHANGE_FILLS, COUNT_FILLS, ZERO
from maps.features import FrameError
from maps.incident_areas import UNITS, area_looks, counted, incident_area_layer
from maps.layers import Look
from maps.words import words
from tests.maps import incident_scenes

SAY = words("zh")


def looks_of(areas: gpd.GeoDataFrame, column: str) -> list[Look]:
    """Return the look of each area."""
    looks, which = area_looks(areas, column, "matter", SAY)
    return [looks[number] for number in which.tolist()]


def lines_of(layer: Any) -> list[list[str]]:  # noqa: ANN401
    """Return the tooltip of each feature."""
    _, rest = layer.shapes[0].split(", ", 1)
    features = json.JSONDecoder().raw_decode(rest, rest.index('[{"type"'))[0]
    return [feature["properties"]["t"] for feature in features]


def test_a_change_that_may_be_chance_has_no_colour_of_a_rise() -> None:
    """40 to 90 is a rise, 16 to 25 may be none, 60 to 10 is a fall."""
    looks = looks_of(incident_scenes.areas(many=True), "share")
    fills = [look.style["fillColor"] for look in looks]
    assert fills[0] == CHANGE_FILLS[-1]
    assert fills[1] == CHANCE
    assert fills[5] == CHANGE_FILLS[0]
    assert looks[0].label == "+50%及以上"
    assert looks[5].label == "低于 -50%"


def test_the_frame_may_say_itself_which_changes_are_significant() -> None:
    """Then the p values do not matter."""
    areas = incident_scenes.areas(many=True).assign(significant=[False, True, None, 0, 0, False])
    fills = [look.style["fillColor"] for look in looks_of(areas, "share")]
    assert fills[0] == fills[5] == CHANCE
    assert fills[1] == CHANGE_FILLS[-1]


def test_a_change_from_zero_has_no_percentage_and_zero_to_zero_is_white() -> None:
    """0 to 3 is hatched, 0 to 0 is paper, nothing known is neither."""
    looks = looks_of(incident_scenes.areas(many=True), "share")
    assert [look.label for look in looks[2:5]] == [
        "无数据（未上报）",
        "两期均为零",
        "对比期为零（不计百分比）",
    ]
    assert looks[3].style["fillColor"] == ZERO
    assert looks[4].style["hatch"]


@pytest.mark.parametrize("share", [-0.2, 0.0, 0.2, 0.5])
def test_a_class_of_changes_holds_its_lower_end(share: float) -> None:
    """-20% is in "-20% to +0%", and so on up."""
    areas = incident_scenes.areas().assign(share=share, e_p=0.001)
    areas = areas.iloc[:1]
    label = looks_of(areas, "share")[0].label
    assert label.startswith(f"{share * 100:+.0f}%")


def test_an_unstable_rate_is_hatched_over_the_colour_of_its_class() -> None:
    """And a stable one of the same class is not."""
    areas = incident_scenes.areas(many=True).assign(per_ten_thousand=12.0)
    looks = looks_of(areas, "per_ten_thousand")
    assert "hatch" not in looks[0].style
    assert looks[1].style["hatch"]
    assert looks[1].style["ground"] == looks[0].style["fillColor"] == COUNT_FILLS[0]
    assert looks[1].label == looks[0].label + "（不稳定）"


def test_a_count_is_never_unstable() -> None:
    """It is what was recorded."""
    looks = looks_of(incident_scenes.areas(many=True), "now")
    assert [bool(look.style.get("ground")) for look in looks] == [False] * 3 + [True] + [False] * 2


def test_zero_reported_nothing_recorded_and_no_report_are_three_things() -> None:
    """White, pale strokes on white, grey strokes; the state decides, and NaN is no report."""
    areas = incident_scenes.areas(many=True).assign(
        now=0.0, state=["zero", "none_recorded", "no_data", "recorded", "zero", "zero"]
    )
    areas.loc[5, "now"] = np.nan
    looks = looks_of(areas, "now")
    assert [look.label for look in looks] == [
        "零（已上报）",
        "无记录（是否上报不明）",
        "无数据（未上报）",
        "无记录（是否上报不明）",
        "零（已上报）",
        "无数据（未上报）",
    ]
    assert len({str(look.style) for look in looks}) == 3


def test_without_a_state_a_zero_is_never_claimed_to_be_reported() -> None:
    """Nobody said who reported."""
    areas = incident_scenes.areas(many=True)
    assert looks_of(areas, "now")[3].label == "无记录（是否上报不明）"


def test_what_is_recorded_of_a_silent_area_makes_no_change() -> None:
    """Its counts are left, and nothing is made of them."""
    areas = incident_scenes.areas().assign(state=["no_data", "recorded", "no_data"])
    assert looks_of(areas, "share")[0].label == "无数据（未上报）"
    assert looks_of(areas, "per_ten_thousand")[0].label == "无数据（未上报）"
    assert "本期：无数据（未上报）" in lines_of(incident_area_layer(areas, "now"))[0]


def test_the_tooltip_has_the_whole_sentence_whatever_the_colour() -> None:
    """With its note."""
    for column in ("now", "per_ten_thousand", "share"):
        lines = lines_of(incident_area_layer(incident_scenes.areas(), column))
        assert lines[1] == [
            "望江社区第二网格",
            "网格编码：610999001001002",
            "本期：25 件",
            "对比期：16 件",
            f"变化：{incident_scenes.SENTENCE}",
            "比率：万分之3.9",
            "注意：数量少，比率不稳定",
        ]


def test_the_note_of_hatches_is_there_only_with_hatches() -> None:
    """A legend that explains what is not drawn misleads. The unit is always named."""
    areas = incident_scenes.areas()
    assert "斜线" in incident_area_layer(areas, "per_ten_thousand").note
    stable = areas.assign(unstable=False)
    unit = "只计单位为“件”的。"
    assert incident_area_layer(stable, "per_ten_thousand").note == unit
    assert incident_area_layer(areas, "now").note == unit
    assert "“起”" in incident_area_layer(areas, "now", unit="occurrence").note


def test_every_unit_has_a_word_of_its_own() -> None:
    """They are never added up, nor taken for each other."""
    said = {counted(3.0, unit, SAY) for unit in UNITS}
    assert len(said) == len(UNITS)
    assert counted(1234.0, "person_time", SAY) == "1,234 人次"


def test_only_one_figure_of_areas_is_on_at_a_time() -> None:
    """Two colours over one another would say neither."""
    layers = [
        incident_area_layer(incident_scenes.areas(), column)
        for column in ("now", "per_ten_thousand", "share")
    ]
    assert {layer.one_of for layer in layers} == {"areas"}
    assert len({layer.layer_name for layer in layers}) == 3


def test_a_frame_without_tests_is_refused() -> None:
    """A change is never drawn without knowing whether it is chance."""
    with pytest.raises(FrameError, match="e_p"):
        incident_area_layer(incident_scenes.areas().drop(columns="e_p"), "share")


@pytest.mark.parametrize("column", ["now", "share"])
def test_an_area_of_which_nothing_is_recorded_is_not_said_to_be_silent(column: str) -> None:
    """Whether it reported is not known, with a count of 0 and without one."""
    areas = incident_scenes.areas(many=True).assign(state="none_recorded")
    areas.loc[0, "now"] = np.nan
    assert {look.label for look in looks_of(areas, column)} == {"无记录（是否上报不明）"}
