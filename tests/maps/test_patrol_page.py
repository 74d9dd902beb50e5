"""The page of a planned patrol, its slider, and the sheets that are printed from it."""

import datetime as dt
import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, Point

from maps import Imprint, NothingToDrawError, PatrolScene, SheetScene, patrol_page, route_sheets
from maps.paper import APART, HEIGHT, WIDTH, spread
from maps.patrol_page import numbered, unserved_layer
from maps.sheet_map import sheet_map
from maps.timed import journey, timed_layer
from tests.maps import patrols, scenes
from tests.maps.test_page import HOSTILE, Text

IMPRINT = Imprint("今晚巡逻", dt.date(2026, 6, 30), crs="EPSG:4545")
DAY = dt.date(2026, 6, 30)


def scene() -> PatrolScene:
    """Return the patrol of the invented town with all that a page can show."""
    return PatrolScene(
        patrols.routes(), patrols.stops(), patrols.legs(), patrols.unserved(), scenes.areas(),
        scenes.streets(), scenes.background(), figures=[("单位", "2")],
    )  # fmt: skip


def sheets() -> SheetScene:
    """Return the same as sheets."""
    return SheetScene(patrols.routes(), patrols.stops(), DAY, "22:00-06:00", scenes.streets())


def walked() -> tuple[np.ndarray, np.ndarray]:
    """Return when the unit on foot is where; degrees stand for metres here."""
    legs = patrols.legs()
    own = legs[legs["crew_id"] == "步巡1"]
    moved = shapely.transform(own.geometry.to_numpy(), lambda xy: xy - (scenes.X, scenes.Y))
    return journey(own.set_geometry(moved), patrols.MIDNIGHT)


def place(times: np.ndarray, places: np.ndarray, clock: str) -> list[float]:
    """Return where the unit is at a time."""
    second = (patrols.at(clock) - patrols.MIDNIGHT).total_seconds()
    return [float(np.interp(second, times, axis)) for axis in places.T]


def test_a_unit_is_where_the_plan_has_it_at_every_time() -> None:
    """Along the segment, standing, and half-way home round the corner."""
    times, places = walked()
    assert (np.diff(times) >= 0).all()
    assert place(times, places, "22:00") == [0.0, 0.0]
    assert place(times, places, "22:02") == pytest.approx([160.0, 0.0])
    assert place(times, places, "22:05") == pytest.approx([400.0, 0.0])
    assert place(times, places, "22:15") == pytest.approx([400.0, 200.0])
    assert place(times, places, "22:45") == pytest.approx([400.0, 200.0])
    assert place(times, places, "23:00") == pytest.approx([100.0, 200.0])
    assert place(times, places, "23:10") == pytest.approx([0.0, 0.0])


def test_the_slider_runs_over_the_whole_shift_and_past_midnight() -> None:
    """From 22:00 to 00:11 of the next day, in minutes of the day the shift began."""
    layer = timed_layer(patrols.routes(), patrols.legs())
    assert '"from":1320,"to":1451' in layer.timed
    assert [row.count for row in layer.legend] == [2]
    assert "步巡一组（计划位置）" in layer.timed
    assert layer.timed.count('"at":') == 2


def test_nobody_moves_where_no_route_was_planned() -> None:
    """An empty plan draws nothing and has no slider."""
    layer = timed_layer(patrols.routes()[:0], patrols.legs()[:0])
    assert layer.legend == []


def test_only_what_a_unit_goes_out_for_has_a_number() -> None:
    """Start, break and end have none."""
    held = numbered(patrols.stops())
    assert held[["crew_id", "id", "order"]].to_numpy().tolist() == [
        ["步巡1", "D1", 1], ["步巡1", "P1", 2], ["车巡1", "P2", 1],
    ]  # fmt: skip


def test_what_is_left_out_says_why_and_what_would_help() -> None:
    """Both shapes are in the legend, and the texts are in the tooltips."""
    layer = unserved_layer(patrols.unserved())
    assert [row.count for row in layer.legend] == [1, 1]
    assert "时段在班次之外" in layer.shapes[0]
    assert "班次延长 30 分钟" in layer.shapes[0]


def test_the_page_holds_both_units_and_what_is_left_out() -> None:
    """Whoever reads no map finds the figures, and every layer has its switch."""
    page = patrol_page(scene(), IMPRINT)
    for text in ("步巡一组", "车巡一组", "未排入的点与路段", "按时间查看各单位位置", "今晚巡逻"):
        assert text in page
    assert page == patrol_page(scene(), IMPRINT)


def test_a_page_without_anything_says_what_to_do() -> None:
    """No route, no stop, nothing left out."""
    empty = PatrolScene(patrols.routes()[:0], patrols.stops()[:0], patrols.legs()[:0])
    with pytest.raises(NothingToDrawError, match="plan again"):
        patrol_page(empty, IMPRINT)


def test_names_from_data_stay_text() -> None:
    """A unit or a place that is called like a script runs nothing, on the page or on paper."""
    routes = patrols.routes().assign(name=HOSTILE)
    stops = patrols.stops().assign(name=HOSTILE)
    page = patrol_page(replace(scene(), routes=routes, stops=stops), IMPRINT)
    paper = route_sheets(replace(sheets(), routes=routes, stops=stops), title=HOSTILE)
    for html in (page, paper):
        assert HOSTILE not in html
        assert "<script>alert" not in html
    assert any(HOSTILE in text for text in Text(paper).text)


def test_each_unit_has_a_sheet_with_its_stops_in_order() -> None:
    """Numbers on paper are those of the map; the night goes on after midnight."""
    paper = route_sheets(sheets(), title="巡逻路线单")
    assert paper.count('<section class="sheet">') == 2
    rows = re.findall(r"<tr><td>(\d*)</td><td>([^<]*)</td>.*?<td>(\d\d:\d\d)</td>", paper)
    assert rows == [
        ("", "站前警务室", "22:00"), ("1", "临江段", "22:00"), ("2", "巷口", "22:10"),
        ("", "休息", "22:20"), ("", "站前警务室", "23:10"),
        ("", "东站", "23:55"), ("1", "西口", "23:58"), ("", "东站", "00:11"),
    ]  # fmt: skip
    assert "1.20 公里" in paper
    assert "1 小时 10 分" in paper
    assert "草案" in paper
    assert "草案" not in route_sheets(replace(sheets(), accepted=True), title="巡逻路线单")


def test_a_unit_without_stops_has_no_sheet() -> None:
    """And where nobody has one, the page says what to do."""
    stops = patrols.stops()
    left = stops[(stops["crew_id"] == "步巡1") | (stops["kind"] != "point")]
    assert route_sheets(replace(sheets(), stops=left), title="单").count("<section") == 1
    none = stops[stops["kind"].isin(["start", "end"])]
    assert "没有排出任何路线" in route_sheets(replace(sheets(), stops=none), title="单")


def test_numbers_on_paper_stand_apart_and_inside() -> None:
    """Ten stops at one gate in a corner are ten numbers that can be read."""
    at = spread(np.full((10, 2), (3.0, 3.0)))
    far = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    assert far[np.triu_indices(10, 1)].min() > APART * 0.8
    assert (at >= 0).all()
    assert (at <= (WIDTH, HEIGHT)).all()
    lone = np.array([[100.0, 100.0], [300.0, 200.0]])
    assert np.allclose(spread(lone), lone, atol=0.01)


def test_the_map_on_paper_is_to_scale_and_north_is_up() -> None:
    """A route of 1,000 m to the north: its bar of 500 m is half as long as the route."""
    line = LineString([(0, 0), (0, 1000)])
    drawing = sheet_map(line, np.array([Point(0, 0)]), None, north="北")
    (x0, y0), (x1, y1) = (
        tuple(map(float, pair.split()))
        for pair in re.search(r'class="route" d="M(.*?)L(.*?)"', drawing).groups()
    )
    assert (x0, y1 < y0) == (x1, True)
    bar = float(re.search(r'class="scale" d="M10 [\d.]+v4h([\d.]+)', drawing)[1])
    label = re.search(r'class="length"[^>]*>(\d+) m<', drawing)[1]
    assert bar / (y0 - y1) == pytest.approx(int(label) / 1000, rel=0.01)


def test_a_route_that_stands_still_can_be_drawn() -> None:
    """A unit that keeps one place all night has a sheet too."""
    still = gpd.GeoSeries([LineString([(5, 5), (5, 5)])]).iloc[0]
    assert "<svg" in sheet_map(still, np.array([Point(5, 5)]), None, north="北")


def test_a_name_stands_once_along_its_street_and_never_upside_down() -> None:
    """Drawn from east to west, the street's name still reads from west to east."""
    line = LineString([(0, 0), (400, 0)])
    courses = ([(400, 30), (0, 30)], [(0, 60), (400, 60)], [(0, 90), (9, 90)])
    names = ["临江街", "临江街", "短巷"]
    streets = scenes.streets().set_geometry(list(map(LineString, courses))).assign(name=names)
    drawing = sheet_map(line, np.array([Point(0, 0)]), streets, north="北")
    assert drawing.count("临江街") == 1
    assert "rotate(0)" in drawing or "rotate(-0)" in drawing
    assert "短巷" not in drawing
