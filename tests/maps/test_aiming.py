"""Proposals of headings and cameras on the map: what is drawn, how, and in what words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from shapely import Point

from geo.aiming import NewCameras, Reaim, new_cameras, reaim
from maps.aiming import new_camera_layer, reaim_layer
from tests.maps import scenes
from tests.maps.test_layers import drawn, legend, titles

if TYPE_CHECKING:
    import geopandas as gpd


def cameras(**columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Return two that look north, away from the streets, and one that looks along the second."""
    values: dict[str, Any] = {
        "camera_id": ["A", "B", "C"], "name": ["东口", "西口", None],
        "azimuth_deg": [0.0, 0.0, 90.0], "fov_deg": [40.0, 40.0, 40.0],
        "range_m": [100.0, 50.0, 60.0],
    }  # fmt: skip
    return scenes.frame([Point(200, 5), Point(50, 5), Point(100, 200)], **(values | columns))


def turned(**options: Any) -> Reaim:  # noqa: ANN401
    """Return the cameras turned."""
    return reaim(scenes.streets(), cameras(), **options)


def bought(**columns: Any) -> NewCameras:  # noqa: ANN401
    """Return a camera on one of two poles."""
    values: dict[str, Any] = {"pole_id": ["P1", "P2"], "fov_deg": [30.0, 30.0],
                              "range_m": [90.0, 40.0]}  # fmt: skip
    poles = scenes.frame([Point(300, 2), Point(390, 2)], **(values | columns))
    return new_cameras(scenes.streets(), cameras(), poles, propose=1)


def test_each_turn_is_a_view_before_and_one_after() -> None:
    """With as many arrows and numbers."""
    found = turned()
    count = len(found.turns)
    assert count >= 2
    layer = reaim_layer(found)
    told = legend(layer)
    assert told["调整前的视域"] == told["调整后的视域"] == count
    assert told["建议方位角"] == told["应调整的摄像机（数字为次序）"] == count
    assert told["建议后新覆盖的街段"] == len(found.gained)
    numbers = [f["properties"]["g"] for f, style in drawn(layer) if "glyph" in style]
    assert numbers == [str(number) for number in range(1, count + 1)]


def test_the_tooltip_tells_which_camera_from_where_to_where_and_what_for() -> None:
    """Its name and code, headings, metres won; nothing of losses where there are none."""
    found = turned()
    layer = reaim_layer(found)
    turn = found.turns.iloc[0]
    assert turn["camera_id"] == "A"
    (text, *_) = [feature["properties"]["t"] for feature, _ in drawn(layer)]
    assert text == [
        "第 1 步：调整方向", "摄像机：东口", "设备编码：A",
        f"方位角由此至此：0 度 → {turn['to_deg']:.0f} 度",
        f"新覆盖街面：{turn['gained_m']:.0f} 米",
    ]  # fmt: skip


def test_what_is_lost_is_told_and_drawn() -> None:
    """A turn that wins more loses something all the same."""
    found = turned()
    lost = replace(found, lost=found.gained, turns=found.turns.assign(lost_m=12.0, lost_places=3))
    layer = reaim_layer(lost)
    assert legend(layer)["建议后不再覆盖的街段"] == len(found.gained)
    (text, *_) = [feature["properties"]["t"] for feature, _ in drawn(layer)]
    assert text[-2:] == ["不再覆盖街面：12 米", "不再看到的部位与警情：3"]
    styles = {f["properties"]["t"][0]: style for f, style in drawn(layer)}
    won, gone = styles["建议后新覆盖的街段"], styles["建议后不再覆盖的街段"]
    assert "dashArray" in gone
    assert "dashArray" not in won


def test_before_and_after_are_told_apart_without_colour() -> None:
    """Empty dashes and a filled shape; the pale one is lighter by a third of all grey."""
    layer = reaim_layer(turned())
    (_, before), *_, (_, after) = [each for each in drawn(layer) if "weight" in each[1]][:3]
    assert before["fill"] is False
    assert "dashArray" in before
    assert after["fillOpacity"] > 0.3
    assert "dashArray" not in after

    def grey(color: str) -> float:
        return sum(w * int(color[i : i + 2], 16) for w, i in ((0.3, 1), (0.6, 3), (0.1, 5)))

    assert grey(before["color"]) > grey(after["color"]) + 60


def test_the_dashed_view_is_that_of_today() -> None:
    """The first camera looks north today, and not when it is turned to the street."""
    layer = reaim_layer(turned())
    north = scenes.frame([Point(200, 60)]).to_crs(4326).geometry.iloc[0]
    holds = {
        style.get("fill", True): shapely.from_geojson(json.dumps(feature["geometry"])).contains(
            north
        )
        for feature, style in drawn(layer)
        if feature["properties"]["t"][0] == "第 1 步：调整方向"
        and "glyph" not in style
        and style.get("fillColor") != "#ffffff"
    }
    assert holds == {False: True, True: False}


def test_the_arrow_points_where_the_camera_is_to_look() -> None:
    """From its place along the heading, 25 m to the tip."""
    found = turned()
    layer = reaim_layer(found)
    heads = [
        shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature, style in drawn(layer)
        if style.get("fillColor") == "#ffffff"
    ]
    spot = cameras().to_crs(4326).geometry.iloc[0]
    tip = np.array(heads[0].exterior.coords[0]) - (spot.x, spot.y)
    east, north = tip * 111_320.0 * (np.cos(np.radians(spot.y)), 1.0)
    assert np.hypot(east, north) == pytest.approx(25.0, abs=0.3)
    bearing = np.degrees(np.arctan2(east, north)) % 360.0
    assert bearing == pytest.approx(found.turns["to_deg"].iloc[0], abs=1.0)


def test_the_note_says_that_it_is_a_proposal_and_how_good() -> None:
    """With its gap, or that nothing is better."""
    found = turned()
    open_ = replace(
        found, aim=replace(found.aim, bound=1.25 * found.aim.objective, stopped_by="time")
    )
    assert reaim_layer(open_).note == (
        "建议方案，须经人工确认；在所给方位角中与最优之差不超过 25.0%（时限已到，未必最优）"
    )
    best = replace(found, aim=replace(found.aim, bound=found.aim.objective, stopped_by="optimal"))
    assert reaim_layer(best).note.endswith("已证明最优")
    assert "A proposal until a person accepts it" in reaim_layer(best, lang="en").note
    endless = replace(found, aim=replace(found.aim, objective=0.0, stopped_by="iterations"))
    assert "无基数" in reaim_layer(endless).note


def test_cameras_without_codes_and_names_go_by_their_number() -> None:
    """As the result numbers them."""
    found = reaim(scenes.streets(), cameras().drop(columns=["camera_id", "name"]))
    (text, *_) = [feature["properties"]["t"] for feature, _ in drawn(reaim_layer(found))]
    assert text[1] == f"设备编码：{found.turns['camera_id'].iloc[0]}"


def test_nothing_to_turn_is_an_empty_layer() -> None:
    """The note stays: it is known to be best."""
    layer = reaim_layer(turned(changes=0))
    assert not layer.legend
    assert not layer.shapes
    assert layer.note


def test_a_new_camera_stands_on_its_pole() -> None:
    """Its code, heading, field and range; the view, an arrow, a number and the street won."""
    found = bought()
    (site,) = found.sites.itertuples()
    layer = new_camera_layer(found)
    assert legend(layer) == {
        "新增摄像机的视域": 1, "建议后新覆盖的街段": len(found.gained), "建议方位角": 1,
        "新增摄像机（数字为次序）": 1,
    }  # fmt: skip
    assert drawn(layer)[0][0]["properties"]["t"] == [
        "第 1 步：新增摄像机", f"杆位编号：{site.pole_id}", f"方位角：{site.azimuth_deg:.0f} 度",
        "水平视场角：30 度", f"可视距离：{site.range_m:.0f} 米",
        f"新覆盖街面：{site.gained_m:.0f} 米",
    ]  # fmt: skip
    assert layer.note.startswith("建议方案，须经人工确认")


def test_a_new_camera_that_sees_all_around_has_no_arrow() -> None:
    """And says so instead of a heading."""
    layer = new_camera_layer(bought(fov_deg=[360.0, 360.0]))
    assert "建议方位角" not in legend(layer)
    assert "方位角：四周" in drawn(layer)[0][0]["properties"]["t"]


def test_layers_start_as_they_are_told_and_in_either_language() -> None:
    """Nothing of the other language in what is drawn."""
    layer = reaim_layer(turned(), lang="en", show=False)
    assert layer.show is False
    assert titles(layer)[0] == "Step 1: turn"
    assert new_camera_layer(bought(), lang="en", show=False).show is False


def test_a_name_with_tags_is_text_on_the_page() -> None:
    """It reaches the page escaped."""
    found = reaim(scenes.streets(), cameras(name=["<b>东口</b>", "西口", None]))
    assert drawn(reaim_layer(found))[0][0]["properties"]["t"][1] == "摄像机：<b>东口</b>"
    layer = reaim_layer(found)
    assert not [shape for shape in layer.shapes if "<b>" in shape]


def test_a_camera_to_buy_is_told_from_one_to_turn() -> None:
    """Both are numbered from 1: a filled square and a white disc."""
    marks = [
        {style["glyph"] for _, style in drawn(layer) if "glyph" in style}
        for layer in (reaim_layer(turned()), new_camera_layer(bought()))
    ]
    assert marks == [{"stop"}, {"bought"}]
