"""The page of incidents: everything it was given, and what it is about switched on."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from maps import Imprint, IncidentScene, NothingToDrawError, incident_page
from maps.incident_page import MARKERS
from maps.tables import TextTable
from tests.maps import incident_scenes, scenes
from tests.maps.test_page import HOSTILE, Text

IMPRINT = Imprint("三月警情", dt.date(2026, 4, 1), crs="EPSG:4545")


def switches(html: str) -> dict[str, bool]:
    """Return the layers of a page, and whether they are on."""
    text = Text(html)
    inputs = [attrs for tag, attrs in text.starts if tag == "input" and "data-layer" in attrs]
    labels = [
        re.findall(f'<label for="{attrs["id"]}">([^<]*)</label>', html)[0] for attrs in inputs
    ]
    return {label: "checked" in attrs for label, attrs in zip(labels, inputs, strict=True)}


def test_the_page_has_all_that_it_was_given() -> None:
    """Layers under their headings, figures, tables, the hours."""
    html = incident_page(incident_scenes.scene(), IMPRINT)
    text = Text(html).text
    for said in ("道路可达", "热点", "25 件", "盗窃", "时段分布（星期 × 钟点）", "网格界线"):
        assert said in text
    assert list(switches(html)) == [
        "就近力量", "目标地点", "站点", "到达时间（沿路）", "圈外道路", "热点（数字为序号）",
        "热点单元（检验结果）", "纠纷", "案件", "热力（平滑密度）", "按日期查看", "按钟点查看",
        "网格界线", "分区（按数量）", "分区（按比率）", "分区（按变化）", "街道",
        "水体、绿地与建筑",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "on"),
    [
        ({"hot_places": None, "hot_spots": None, "ring_streets": None, "candidates": None,
          "colours": []}, "案件"),
        ({"hot_places": None, "hot_spots": None, "ring_streets": None, "candidates": None},
         "分区（按数量）"),
        ({"ring_streets": None, "candidates": None}, "热点（数字为序号）"),
        ({}, "到达时间（沿路）"),
    ],
)  # fmt: skip
def test_what_the_page_is_about_is_on(changes: dict[str, Any], on: str) -> None:
    """Markers alone; colours over markers; hot spots over colours; rings over all."""
    shown = switches(incident_page(incident_scenes.scene(**changes), IMPRINT))
    assert shown[on]
    assert shown["案件"] == (on == "案件")
    assert (
        shown["分区（按数量）"] == (on == "分区（按数量）") if changes.get("colours", 1) else True
    )
    assert not shown["热力（平滑密度）"]


def test_the_page_is_in_one_language() -> None:
    """No word of the other."""
    plain = incident_scenes.scene(
        tables=[], figures=[], areas=incident_scenes.areas().drop(columns="sentence"), colours=[]
    )
    html = incident_page(plain, replace(IMPRINT, title="March", lang="en"))
    words = " ".join(Text(html).text)
    assert not [character for character in words if "\u4e00" <= character <= "\u9fff"]
    assert "Hot spots, numbered" in words


def test_the_same_input_gives_the_same_bytes() -> None:
    """As of every page."""
    first, second = (incident_page(incident_scenes.scene(), IMPRINT) for _ in range(2))
    assert first == second


def test_a_page_of_one_part_is_a_page() -> None:
    """Each part stands alone."""
    for name in ("incidents", "areas", "hot_spots", "ring_streets", "outside", "stations",
                 "candidates", "places", "streets"):  # fmt: skip
        part = getattr(incident_scenes.scene(), name)
        assert "bounds" in incident_page(IncidentScene(**{name: part}), IMPRINT)


def test_too_many_markers_are_left_out_and_told() -> None:
    """The density is still there."""
    rows = incident_scenes.incidents().iloc[[0] * (MARKERS + 1)]
    shown = incident_page(IncidentScene(incidents=rows), IMPRINT)
    assert "点位 20,001 个，超过 20,000 个" in shown
    assert list(switches(shown)) == ["热力（平滑密度）"]
    few = incident_page(IncidentScene(incidents=rows.iloc[:9]), IMPRINT)
    assert "点位" not in few


def test_incidents_without_times_have_no_slider() -> None:
    """There is nothing to slide through."""
    rows = scenes.incidents().drop(columns="time")
    assert "按日期查看" not in incident_page(IncidentScene(incidents=rows), IMPRINT)


def test_the_corners_hold_what_the_page_is_about_and_streets_only_alone() -> None:
    """A long street does not shrink the town."""
    near = incident_page(IncidentScene(incidents=incident_scenes.incidents()), IMPRINT)
    beside = incident_page(
        IncidentScene(incidents=incident_scenes.incidents(), streets=scenes.streets()), IMPRINT
    )
    alone = incident_page(IncidentScene(streets=scenes.streets()), IMPRINT)
    bounds = [page.split('"bounds":')[-1].split("]]")[0] for page in (near, beside, alone)]
    assert bounds[0] == bounds[1] != bounds[2]


def test_nothing_with_a_place_is_refused() -> None:
    """There is nothing to open a page for."""
    nowhere = incident_scenes.incidents()
    nowhere.geometry = [None] * len(nowhere)
    with pytest.raises(NothingToDrawError, match="holds a place"):
        incident_page(IncidentScene(incidents=nowhere), IMPRINT)


def test_hostile_text_stays_text() -> None:
    """In names, codes, classes, sentences, figures and tables."""
    bad = HOSTILE
    html = incident_page(
        incident_scenes.scene(
            incidents=incident_scenes.incidents().assign(kind=bad, **{"class": bad}),
            areas=incident_scenes.areas().assign(name=bad, area_id=bad, sentence=bad),
            hot_places=incident_scenes.hot_places().assign(name=bad, place_id=bad),
            hot_spots=incident_scenes.hot_spots().assign(spot_id=bad, peak_place=bad),
            ring_streets=incident_scenes.ring_streets().assign(name=bad, station_id=bad),
            outside=incident_scenes.outside().assign(reason=bad, street_id=bad),
            stations=incident_scenes.stations().assign(name=bad, unit_class=bad, reason=bad),
            candidates=incident_scenes.candidates().assign(unit_id=bad),
            places=pd.concat([scenes.incidents().iloc[:1].assign(place=bad, reason=bad)]),
            figures=[(bad, bad)],
            tables=[TextTable(bad, [[bad], [bad]], 1)],
        ),
        replace(IMPRINT, title=bad, source=bad),
    )
    found = Text(html)
    assert not [tag for tag, _ in found.starts if tag == "img"]
    assert [tag for tag, _ in found.starts].count("script") == 4
    assert not [name for _, attrs in found.starts for name in attrs if name.startswith("on")]


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({}, "道路可达"),
        ({"ring_streets": None}, "道路可达"),
        ({"candidates": None}, "道路可达"),
        ({"ring_streets": None, "candidates": None}, "警情与事件"),
    ],
)
def test_figures_stand_under_what_they_are_about(changes: dict[str, Any], about: str) -> None:
    """Minutes and metres of street are no figures of incidents."""
    html = incident_page(incident_scenes.scene(**changes), IMPRINT)
    assert re.findall(r"<section>\s*<h2>([^<]*)</h2>\s*<dl>", html) == [about]
