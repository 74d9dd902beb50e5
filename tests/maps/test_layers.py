"""What each builder draws, in which look, and that its legend says just that."""

import json
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box

from geo.cameras import camera_coverage
from geo.cells import density
from geo.posts import post_coverage
from maps.areas import area_layer, outline_layer
from maps.background import background_layer
from maps.blind import blind_layer, site_layer
from maps.cameras import CamerasDifferError, camera_layer
from maps.colours import INCIDENTS, ROUTES, SHARE_FILLS
from maps.features import LEAFLET_CRS, FrameError, script_json
from maps.incidents import density_layer, incident_layers
from maps.layers import ThematicLayer
from maps.posts import post_layer, reach_layer
from maps.routes import ARROW_LENGTH_M, arrowheads, route_layer
from maps.streets import camera_street_layer, post_street_layer
from tests.maps import scenes


def drawn(layer: ThematicLayer) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return every feature that the page will get, with its style."""
    parts = [json.loads(f"[{shapes}]") for shapes in layer.shapes]
    return [
        (feature, styles[feature["properties"]["k"]])
        for _, styles, features in parts
        for feature in features
    ]


def legend(layer: ThematicLayer) -> dict[str, int]:
    """Return the rows of the legend."""
    return {row.look.label: row.count for row in layer.legend}


def titles(layer: ThematicLayer) -> list[str]:
    """Return the first line of every tooltip."""
    return [feature["properties"]["t"][0] for feature, _ in drawn(layer)]


def test_streets_are_covered_or_gaps_or_not_due() -> None:
    """Reach 50 m: 100 m in the middle of one street, 50 m at the start of the other."""
    layer = post_street_layer(post_coverage(scenes.streets(), scenes.posts()))
    assert legend(layer) == {
        "不计入的街段（如高架、隧道）": 1,
        "已覆盖街段（距观察哨不超过 50 米）": 2,
        "空白街段（距观察哨超过 50 米）": 3,
    }
    texts = [feature["properties"]["t"] for feature, _ in drawn(layer)]
    assert texts == [
        ["快速路", "不计入的街段（如高架、隧道）：400 米"],
        ["临江街", "已覆盖街段：100 米"],
        ["柳巷", "已覆盖街段：50 米"],
        ["临江街", "空白街段：150 米"],
        ["临江街", "空白街段：150 米"],
        ["柳巷", "空白街段：350 米"],
    ]


def test_a_gap_is_told_from_a_covered_street_without_colour() -> None:
    """Weight does it on a grey print."""
    styles = [style for _, style in drawn(post_street_layer(scenes.scene().posts))]
    covered, gap = styles[1], styles[-1]
    assert gap["weight"] >= 2 * covered["weight"]
    assert gap["color"] != covered["color"]


def test_a_straight_distance_is_said_under_the_legend() -> None:
    """Cameras see by line of sight: nothing to say there."""
    assert post_street_layer(scenes.scene().posts).note == "直线距离，未计河流与街道"
    assert not camera_street_layer(scenes.scene().cameras).note


def test_streets_without_names_are_drawn() -> None:
    """Their tooltip starts with the length."""
    streets = scenes.streets().drop(columns=["name", "street_id"])
    layer = post_street_layer(post_coverage(streets, scenes.posts()))
    assert drawn(layer)[1][0]["properties"]["t"] == ["已覆盖街段：100 米"]


def test_streets_seen_by_cameras_have_words_of_their_own() -> None:
    """A reach means nothing for a camera."""
    labels = legend(camera_street_layer(scenes.scene().cameras, lang="en"))
    assert list(labels)[1:] == [
        "Covered stretch (a camera sees it)",
        "Uncovered stretch (no camera sees it)",
    ]


def test_posts_are_drawn_by_kind() -> None:
    """Filled, hollow, and a third for what nobody listed."""
    posts = scenes.posts()
    posts.loc[2] = {"post_id": "003", "kind": "轮值", "geometry": posts.geometry[0]}
    layer = post_layer(posts)
    assert legend(layer) == {"固定哨": 1, "流动哨": 1, "观察哨（类别未注明或其他）": 1}
    fixed, mobile, other = (style for _, style in drawn(layer))
    assert fixed["fillColor"] == mobile["color"] == other["fillColor"]
    assert fixed["fillColor"] != mobile["fillColor"]
    assert drawn(layer)[0][0]["properties"]["t"] == [
        "江边哨", "观察哨编号：001", "类别：固定哨", "值守时间：07:00-22:00",
    ]  # fmt: skip


def test_posts_need_nothing_but_a_place() -> None:
    """The title falls back to what it is."""
    layer = post_layer(scenes.posts()[["geometry"]])
    assert titles(layer) == ["观察哨", "观察哨"]


def test_reach_circles_are_as_wide_as_the_reach_and_start_switched_off() -> None:
    """Hundreds of circles would hide the streets."""
    layer = reach_layer(scenes.posts(), reach_m=80.0)
    assert not layer.show
    assert {style["radius_m"] for _, style in drawn(layer)} == {80.0}
    assert legend(layer) == {"距观察哨 80 米 的范围": 2}


def test_camera_states_have_a_look_each() -> None:
    """Filled, hatched, empty and dashed; 52 m and 60 degrees are 1,416 square metres."""
    layer = camera_layer(scenes.scene().cameras.views, scenes.cameras())
    assert list(legend(layer).values()) == [1] * 6
    seeing, offline, unaimed = (style for _, style in drawn(layer)[:3])
    assert seeing["fillOpacity"] > 0
    assert "dashArray" not in seeing
    assert offline["hatch"]
    assert unaimed["fill"] is False
    assert "dashArray" in unaimed
    text = [feature["properties"]["t"] for feature, _ in drawn(layer)]
    assert text[0] == [
        "学校门口", "设备编码：61099900001310000001", "类别：固定枪机", "状态：在线",
        "方位角：90 度",
        "水平视场角：60 度", "可视距离：52 米",
        "可见面积：1,416 平方米",
    ]  # fmt: skip
    assert "说明：视场角或距离取默认值" in text[2]
    assert not [line for line in text[2] if line.startswith("可见面积")]


def test_a_camera_without_a_place_is_left_out() -> None:
    """Neither a view nor a square, and the others keep their names."""
    cameras = scenes.cameras()
    cameras.loc[1, "geometry"] = None
    layer = camera_layer(camera_coverage(scenes.streets(), cameras).views, cameras)
    assert titles(layer) == ["学校门口", "车站口"] * 2


def test_cameras_without_a_code_are_numbered_as_the_views_are() -> None:
    """From 0, in input order."""
    cameras = scenes.cameras().drop(columns="camera_id")
    layer = camera_layer(camera_coverage(scenes.streets(), cameras).views, cameras)
    assert drawn(layer)[1][0]["properties"]["t"][:2] == ["市场口", "设备编码：1"]


def test_other_cameras_are_refused() -> None:
    """Names would stand at the wrong cameras."""
    with pytest.raises(CamerasDifferError, match="2 rows whose camera_id differ from the 3 views"):
        camera_layer(scenes.scene().cameras.views, scenes.cameras().iloc[:2])


@pytest.mark.parametrize(
    ("share", "number"),
    [(0.0, 0), (0.1999, 0), (0.2, 1), (0.4, 2), (0.5999, 2), (0.6, 3), (0.8, 4), (1.0, 4)],
)
def test_a_class_of_shares_holds_its_lower_end(share: float, number: int) -> None:
    """As the legend writes it."""
    frame = scenes.frame(
        [box(0, 0, 1, 1)], area_id=["1"], covered_share=[share], covered_length_m=[1.0],
        due_length_m=[1.0], gap_length_m=[0.0], border_length_m=[0.0],
    )  # fmt: skip
    ((_, style),) = drawn(area_layer(frame))
    assert style["fillColor"] == SHARE_FILLS[number]


def test_no_base_is_not_zero() -> None:
    """The third grid has no street, the second one little covered."""
    shares = scenes.scene().posts.by_area(scenes.areas())
    layer = area_layer(shares)
    first, second, third = drawn(layer)
    assert first[1]["fillColor"] == SHARE_FILLS[1]
    assert second[1]["fillColor"] == SHARE_FILLS[0]
    assert third[1]["hatch"]
    assert third[1]["fillColor"] not in SHARE_FILLS
    assert "街面长度覆盖占比：33.3%（100 米 ÷ 300 米）" in first[0]["properties"]["t"]
    assert "街面长度覆盖占比：无基数" in third[0]["properties"]["t"]
    assert list(legend(layer)) == ["占比 < 20%", "20% ≤ 占比 < 40%", "无基数（无应覆盖街面）"]


def test_fills_grow_darker_evenly_in_grey() -> None:
    """Each class at least 25 of 255 darker than the last."""
    grey = [sum(w * int(fill[i : i + 2], 16) for w, i in ((0.3, 1), (0.6, 3), (0.1, 5)))
            for fill in SHARE_FILLS]  # fmt: skip
    assert (np.diff(grey) < -25).all()


def test_incidents_gather_by_kind_and_show_their_state() -> None:
    """The letter is the kind, the shape the state."""
    dispute, case = incident_layers(scenes.incidents())
    assert (dispute.layer_name, case.layer_name) == ("纠纷", "案件")
    assert legend(dispute) == {"待办": 1, "办理中": 1, "办结": 1}
    assert legend(case) == {"未注明": 1}
    assert [style["glyph"] for _, style in drawn(dispute)] == [
        "incident open",
        "incident handling",
        "incident closed",
    ]
    assert {style["color"] for _, style in drawn(dispute)} == {INCIDENTS["dispute"]}
    assert {feature["properties"]["g"] for feature, _ in drawn(dispute)} == {"纠"}
    assert drawn(dispute)[0][0]["properties"]["t"] == [
        "纠纷", "细类：噪声", "办理状态：待办", "时间：2026-05-01 10:00",
    ]  # fmt: skip


def test_a_kind_nobody_listed_comes_last_under_its_own_name() -> None:
    """Its first letter stands in the marker."""
    incidents = scenes.incidents().assign(kind=["求助", "case", "case", "case"])
    layers = incident_layers(incidents[["kind", "geometry"]])
    assert [layer.layer_name for layer in layers] == ["案件", "求助"]
    assert drawn(layers[1])[0][0]["properties"]["g"] == "求"


def test_hexagons_are_classed_by_their_count() -> None:
    """Both ends of the classes."""
    cells = scenes.frame([box(i, 0, i + 1, 1) for i in range(6)], count=[1, 2, 4, 5, 19, 20])
    assert legend(density_layer(cells)) == {
        "1 起": 1, "2～4 起": 2, "5～9 起": 1, "10～19 起": 1, "20 起及以上": 1,
    }  # fmt: skip


def test_density_counts_every_incident() -> None:
    """Four incidents, however the cells cut them."""
    cells = density(scenes.incidents().to_crs(LEAFLET_CRS), 9)
    layer = density_layer(cells)
    counts = [int(feature["properties"]["t"][0].split("：")[1]) for feature, _ in drawn(layer)]
    assert sum(counts) == 4


def test_numbers_wear_the_colour_of_their_route_and_strangers_none() -> None:
    """Two routes start at 1: which is whose is seen; a point of no route keeps a plain disc."""
    routes, points = scenes.routes(), scenes.must_visit()
    two = pd.concat([routes, routes.assign(route_id="R2", name="另一条线")], ignore_index=True)
    third = points.iloc[:1].assign(route_id="R9")
    more = pd.concat([points, points.assign(route_id="R2"), third], ignore_index=True)
    styles = [
        style for feature, style in drawn(route_layer(two, more)) if feature["properties"].get("g")
    ]
    colours = [style.get("color") for style in styles]
    assert colours == [ROUTES[0], ROUTES[0], ROUTES[1], ROUTES[1], None]


def test_outlines_of_areas_take_no_pointer_and_no_fill() -> None:
    """They must not stand between the pointer and a street."""
    layer = outline_layer(scenes.areas())
    assert list(legend(layer)) == ["网格界线"]
    assert all(
        style["fill"] is False and style["interactive"] is False for _, style in drawn(layer)
    )


def test_a_route_has_a_line_arrows_and_numbers() -> None:
    """In this order of the legend."""
    layer = route_layer(scenes.routes(), scenes.must_visit())
    assert list(legend(layer)) == [
        "临江步巡线（步行，白班）",
        "行进方向",
        "临江步巡线的必到点（次序）",
    ]
    numbers = [feature["properties"].get("g") for feature, _ in drawn(layer)]
    assert numbers[-2:] == ["1", "2"]
    points = [feature["properties"]["t"] for feature, _ in drawn(layer)][-2:]
    assert points == [
        ["渡口", "路线：临江步巡线", "次序：1", "停留：10 分钟"],
        ["学校", "路线：临江步巡线", "次序：2"],
    ]


def test_routes_beyond_the_palette_are_dashed() -> None:
    """The seventh has the colour of the first."""
    many = len(ROUTES) + 1
    lines = [LineString([(0, i), (100, i)]) for i in range(many)]
    styles = [style for _, style in drawn(route_layer(scenes.frame(lines, route_id=range(many))))]
    assert styles[many - 1]["color"] == styles[0]["color"]
    assert "dashArray" in styles[many - 1]
    assert "dashArray" not in styles[0]


def test_arrowheads_point_the_way_of_the_line() -> None:
    """Three on 660 m at 110, 330 and 550 m; one on 100 m, southward."""
    lines = np.array([LineString([(0, 0), (660, 0)]), LineString([(0, 100), (0, 0)])])
    triangles, line = arrowheads(lines)
    assert line.tolist() == [0, 0, 0, 1]
    tips = np.array([triangle.exterior.coords[0] for triangle in triangles])
    half = ARROW_LENGTH_M / 2
    assert tips == pytest.approx(
        np.array([(110 + half, 0), (330 + half, 0), (550 + half, 0), (0, 50 - half)])
    )
    assert triangles[0].centroid.x < tips[0][0]
    assert triangles[3].centroid.y > tips[3][1]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=6))
def test_every_arrowhead_touches_its_line(corners: list[tuple[int, int]]) -> None:
    """Hairpins and repeated corners included."""
    lines = np.array([LineString(corners)])
    triangles, _ = arrowheads(lines)
    assert np.isfinite(shapely.get_coordinates(triangles)).all()
    assert (shapely.distance(triangles, lines[0]) < 1e-6).all()


def test_the_background_takes_no_pointer() -> None:
    """Or a house would hide the street under the pointer."""
    layer = background_layer(scenes.background())
    assert legend(layer) == {"绿地": 1, "水体": 1, "建筑": 1}
    assert {style["interactive"] for _, style in drawn(layer)} == {False}


def test_what_is_empty_has_no_legend() -> None:
    """An empty layer is left out of the page."""
    empty = scenes.posts().iloc[:0]
    assert not post_layer(empty).legend
    assert not reach_layer(empty, reach_m=50.0).legend
    assert not route_layer(scenes.routes().iloc[:0], scenes.must_visit()).legend
    assert not incident_layers(scenes.incidents().iloc[:0])
    assert not background_layer({}).legend


def test_places_are_drawn_in_degrees_to_a_tenth_of_a_metre() -> None:
    """Longitude first, as GeoJSON has it."""
    ((feature, _), _) = drawn(post_layer(scenes.posts()))
    there = gpd.GeoSeries(scenes.posts().geometry).to_crs(LEAFLET_CRS)[0]
    assert feature["geometry"]["coordinates"] == [round(there.x, 6), round(there.y, 6)]


def test_arcs_lose_corners_but_not_their_shape() -> None:
    """0.1 m to simplify and 0.1 m to round."""
    views = scenes.scene().cameras.views
    for (feature, _), view in zip(
        drawn(camera_layer(views))[:3], views.to_crs(LEAFLET_CRS).geometry, strict=True
    ):
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shapely.get_num_coordinates(shape) <= shapely.get_num_coordinates(view)
        assert shapely.hausdorff_distance(shape, view) < 3e-6


def test_inputs_are_left_alone() -> None:
    """A builder reprojects copies."""
    frames = [scenes.posts(), scenes.routes(), scenes.must_visit(), scenes.incidents()]
    before = [frame.copy() for frame in frames]
    post_layer(frames[0])
    route_layer(frames[1], frames[2])
    incident_layers(frames[3])
    for frame, old in zip(frames, before, strict=True):
        assert frame.equals(old)
        assert frame.crs == old.crs


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: incident_layers(scenes.posts().drop(columns="kind")), "incidents: no column kind"),
        (lambda: route_layer(scenes.posts()), "routes: no column route_id"),
        (
            lambda: route_layer(scenes.routes(), scenes.posts()),
            "must_visit: no column route_id, seq",
        ),
        (lambda: density_layer(scenes.posts()), "cells: no column count"),
        (lambda: area_layer(scenes.areas()), "shares: no column covered_share"),
        (lambda: camera_layer(scenes.cameras()), "views: no column status"),
        (lambda: post_layer(gpd.GeoDataFrame(geometry=[Point(0, 0)])), "posts: no CRS"),
        (
            lambda: background_layer({"water": gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)])}),
            r"background\['water'\]: no CRS",
        ),
    ],
)
def test_a_frame_that_cannot_be_drawn_is_named(build: Any, message: str) -> None:  # noqa: ANN401
    """The argument, and what it lacks."""
    with pytest.raises(FrameError, match=message):
        build()


@given(st.text(alphabet="{}%#<>&'\"/!-`$\\\u2028ab"))
def test_no_text_leaves_its_script_or_starts_a_template(text: str) -> None:
    """Branca reads rendered scripts as templates once more."""
    written = script_json([text])
    assert json.loads(written) == [text]
    assert not set(written) & set("<>&\u2028\u2029")
    assert not [pair for pair in ("{{", "{%", "{#") if pair in written]


def test_a_layer_can_be_added_to_any_folium_map() -> None:
    """The helpers come along, once."""
    chart = folium.Map(tiles=None)
    post_layer(scenes.posts()).add_to(chart)
    route_layer(scenes.routes()).add_to(chart)
    html = chart.get_root().render()
    assert html.count("const gridpatrol") == 1
    assert html.count("gridpatrol.draw(feature_group_") == 3


def test_a_house_shows_in_the_words_of_a_camera() -> None:
    """What it sees beside what its sector is; no word of views through walls."""
    house = scenes.frame([box(120, 190, 130, 210)])
    result = camera_coverage(scenes.streets(), scenes.cameras(), house)
    layer = camera_layer(result.views, scenes.cameras())
    text = drawn(layer)[0][0]["properties"]["t"]
    assert "名义扇形面积：1,416 平方米" in text
    assert not [line for line in text if line == "可见面积：1,416 平方米"]
    assert layer.note == ""


def test_blind_ground_is_hatched_and_marked_restricted() -> None:
    """With its area and the street in it; switched off until somebody asks."""
    result = camera_coverage(scenes.streets(), scenes.cameras(), ground=scenes.areas())
    layer = blind_layer(result.blind_areas)
    assert layer.show is False
    assert "内部资料" in layer.note
    assert legend(layer) == {"盲区（建筑以外的地面）": len(result.blind_areas)}
    feature, style = drawn(layer)[0]
    assert style["hatch"]
    assert feature["properties"]["t"][2].startswith("盲区面积：")
    assert blind_layer(result.blind_areas[:0]).note == ""


def test_key_sites_are_full_where_a_camera_looks() -> None:
    """And empty where none does; an outline tells how much of it is seen."""
    sites = scenes.frame([Point(120, 200), Point(390, 390)], name=["学校", "车站"])
    result = camera_coverage(scenes.streets(), scenes.cameras(), key_sites=sites)
    layer = site_layer(result.key_sites)
    assert legend(layer) == {"有摄像机看到": 1, "没有摄像机看到": 1}
    (first, full), (second, empty) = drawn(layer)
    assert first["properties"]["t"] == ["学校", "状态：有摄像机看到", "看到它的摄像机：1"]
    assert second["properties"]["t"][0] == "车站"
    assert (full["fillColor"], empty["fillColor"]) == (full["color"], "#ffffff")


def test_a_site_is_ringed_where_an_entrance_is_in_no_sight() -> None:
    """It says how many are; a site whose entrances nobody lists says nothing of them."""
    places = [Point(120, 200), Point(121, 200), Point(390, 390)]
    sites = scenes.frame(places, name=["学校", "医院", "车站"], site_id=["S1", "S2", "S3"])
    doors = scenes.frame([Point(120, 200), Point(390, 390)], site_id=["S1", "S1"])
    result = camera_coverage(
        scenes.streets(), scenes.cameras(), key_sites=sites, entrances=doors
    ).key_sites
    layer = site_layer(result)
    assert legend(layer) == {
        "有摄像机看到": 1, "没有摄像机看到": 1, "有出入口没有摄像机看到": 1,
    }  # fmt: skip
    texts = {
        feature["properties"]["t"][0]: feature["properties"]["t"] for feature, _ in drawn(layer)
    }
    assert "看得到的出入口：1 / 2" in texts["学校"]
    assert not [line for line in texts["医院"] if "出入口" in line]
