"""The printed report: in its order, offline, deterministic, with the whole sentence."""

import datetime as dt
import re
from dataclasses import replace

import numpy as np
import pytest

from maps import (
    Imprint,
    ReportScene,
    Section,
    UnknownDatumError,
    UnknownSectionError,
    incident_report,
)
from maps.hour_table import hour_table, shades, write
from maps.paper import fitted
from maps.report_map import report_map
from maps.tables import TextTable, text_table
from maps.words import words
from tests.maps import incident_scenes, scenes
from tests.maps.test_page import HOSTILE, Text

IMPRINT = Imprint("三月警情月报", dt.date(2026, 4, 1), source="示例")


def headings(html: str) -> list[str]:
    """Return the headings of sections."""
    return re.findall(r'<section id="part\d+"><h2>([^<]+)</h2>', html)


def test_sections_come_in_the_order_of_the_paper() -> None:
    """Whatever order they were given in; what is empty is left out, the rest is numbered."""
    html = incident_report(incident_scenes.report(), IMPRINT)
    assert headings(html) == [
        "1 本期要点",
        "2 分布图",
        "3 分类",
        "4 与上级地区比较",
        "5 时段",
        "6 热点",
        "7 口径与限制",
    ]


def test_the_whole_sentence_is_printed() -> None:
    """The arithmetic and its note."""
    text = Text(incident_report(incident_scenes.report(), IMPRINT)).text
    assert incident_scenes.SENTENCE in text
    assert "统计期：2026年3月（与2025年3月比）" in text
    assert "数据来源：示例" in " ".join(text)


def test_no_hot_spot_is_said_and_nobody_having_looked_is_not() -> None:
    """An empty table would leave the reader to guess."""
    none = incident_scenes.report(hot_spots=incident_scenes.hot_spots().iloc[:0])
    assert "未发现达到显著水平的热点。" in incident_report(none, IMPRINT)
    unasked = incident_report(incident_scenes.report(hot_spots=None), IMPRINT)
    assert "未发现" not in unasked
    assert "6 口径与限制" in headings(unasked)


def test_the_report_needs_no_script_and_no_other_file() -> None:
    """It is opened from a folder and printed."""
    found = Text(incident_report(incident_scenes.report(), IMPRINT))
    tags = [tag for tag, _ in found.starts]
    assert "script" not in tags
    assert "img" not in tags
    assert [attrs["href"] for tag, attrs in found.starts if tag == "link"] == ["data:,"]


def test_the_same_input_gives_the_same_bytes() -> None:
    """So that two copies can be compared."""
    first, second = (incident_report(incident_scenes.report(), IMPRINT) for _ in range(2))
    assert first == second


def test_the_report_speaks_the_other_language_too() -> None:
    """Of its own words none is left."""
    plain = incident_scenes.report(summary=[], sections={}, period="March 2026", hot_spots=None)
    html = incident_report(plain, Imprint("March", dt.date(2026, 4, 1), lang="en"))
    words_ = " ".join(Text(html).text)
    assert not [character for character in words_ if "\u4e00" <= character <= "\u9fff"]
    assert '<html lang="en">' in html


def test_the_map_draws_every_area_in_the_colour_of_its_class() -> None:
    """Six areas, three patterns: unstable twice, no data, none recorded."""
    html = incident_report(incident_scenes.report(colour="per_ten_thousand"), IMPRINT)
    assert html.count('<path class="area"') == 6
    patterns = re.findall(r'<pattern id="(hatch\d+)"', html)
    assert len(patterns) == 4
    assert all(html.count(f"url(#{name})") == 1 for name in patterns)
    assert html.count('<rect class="spot"') == 2


def test_the_legend_of_the_map_counts_the_areas() -> None:
    """Only classes that are drawn."""
    html = incident_report(incident_scenes.report(), IMPRINT)
    legend = html.split('<ul class="legend">')[1].split("</ul>")[0]
    counts = re.findall(r'<span class="count">(\d+)</span>', legend)
    assert sum(map(int, counts)) == 6
    assert "无数据（未上报）" in legend


def test_a_hole_in_an_area_stays_a_hole() -> None:
    """Its ring is part of the path, which is filled by turns."""
    ring = incident_scenes.areas().iloc[:1]
    ring.geometry = ring.geometry.difference(ring.geometry.centroid.buffer(20))
    html = incident_report(ReportScene("三月", areas=ring), IMPRINT)
    (data,) = re.findall(r'<path class="area"[^>]* d="([^"]+)"', html)
    assert data.count("M") == data.count("Z") == 2


def test_an_area_without_a_place_is_left_to_the_tables() -> None:
    """The others are drawn in their own colours."""
    areas = incident_scenes.areas(many=True)
    fill = re.compile(r'<path class="area" (fill="[^"]+")')
    before = fill.findall(incident_report(incident_scenes.report(areas=areas), IMPRINT))
    areas.geometry = [None, *areas.geometry.iloc[1:]]
    after = fill.findall(incident_report(incident_scenes.report(areas=areas), IMPRINT))
    assert after == before[1:]


def test_north_is_up_and_all_areas_are_on_the_paper() -> None:
    """In one scale both ways."""
    paper = fitted((0.0, 0.0, 1000.0, 500.0), margin=10.0, width=520.0, height=400.0)
    corners = paper.place(np.array([(0.0, 0.0), (1000.0, 500.0), (500.0, 250.0)]))
    assert corners.tolist() == [[10.0, 325.0], [510.0, 75.0], [260.0, 200.0]]
    tall = fitted((0.0, 0.0, 500.0, 1000.0), margin=10.0, foot=20.0, width=520.0, height=540.0)
    assert tall.place(np.array([(0.0, 0.0), (0.0, 1000.0)]))[:, 1].tolist() == [510.0, 10.0]


def test_a_map_of_nothing_is_refused() -> None:
    """The report itself leaves it out."""
    with pytest.raises(ValueError, match="holds a place"):
        report_map(None, [], np.empty(0, dtype=np.int64), north="北", label="")
    bare = incident_report(ReportScene("三月", summary=["无"]), IMPRINT)
    assert headings(bare) == ["1 本期要点"]


def test_hours_are_shaded_by_even_steps_and_nothing_is_blank() -> None:
    """The greatest is the darkest."""
    hours = np.zeros((7, 24))
    hours[0, :5] = [0.1, 2.0, 4.1, 8.0, 10.0]
    assert shades(hours)[0, :6].tolist() == [1, 1, 3, 4, 5, 0]
    assert not shades(np.zeros((7, 24))).any()


def test_fractions_of_hours_are_rounded_half_up() -> None:
    """0.25 is 0.3; whole numbers have no decimal."""
    assert write(0.25, whole=False) == "0.3"
    assert write(1234.0, whole=True) == "1,234"
    assert not write(0.0, whole=False)


def test_the_sums_of_the_hours_are_beside_and_below() -> None:
    """Three in all: one of a night, two of Sunday noon."""
    html = hour_table(incident_scenes.hours(), words("zh"))
    sums = re.findall(r'<td class="sum">([^<]*)</td>', html)
    assert sums[:7] == ["0.3", "0.8", "", "", "", "", "2.0"]
    assert sums[-1] == "3.0"
    assert len(sums) == 7 + 25
    assert "分摊" in html
    assert "分摊" not in hour_table(np.ones((7, 24)), words("zh"))


def test_a_section_without_a_place_in_the_report_is_refused() -> None:
    """With the ones there are."""
    scene = incident_scenes.report(sections={"weather": Section(["晴"])})
    with pytest.raises(UnknownSectionError, match=r"weather.*totals, classes"):
        incident_report(scene, IMPRINT)


def test_an_approximate_datum_is_told_and_an_unknown_one_refused() -> None:
    """As on every page."""
    scene = incident_scenes.report()
    assert "近似" in incident_report(scene, replace(IMPRINT, datum="gcj02"))
    with pytest.raises(UnknownDatumError, match="mars"):
        incident_report(scene, replace(IMPRINT, datum="mars"))


def test_hostile_text_stays_text() -> None:
    """In the title, sentences, tables, names and remarks."""
    scene = ReportScene(
        HOSTILE,
        summary=[HOSTILE],
        sections={"notes": Section([HOSTILE], [TextTable(HOSTILE, [[HOSTILE], [HOSTILE]], 1)])},
        areas=scenes.areas().assign(now=1.0, name=HOSTILE),
        hot_spots=incident_scenes.hot_spots().assign(spot_id=HOSTILE, peak_place=HOSTILE),
    )
    html = incident_report(scene, replace(IMPRINT, title=HOSTILE, remarks=[HOSTILE]))
    tags = [tag for tag, _ in Text(html).starts]
    assert "img" not in tags
    assert "script" not in tags


def test_a_sentence_in_a_table_stands_to_the_left_and_breaks() -> None:
    """Numbers stand to the right on one line; a sentence there squeezed all other columns."""
    rows = [
        ["单位", "本期", "变化"],
        ["起", "75", "同比上升29.3%(58→75起;差异不显著,E检验 p=0.141)"],
    ]
    table = TextTable("总量", rows, numbers_from=1)
    assert [table.numeric(column) for column in range(3)] == [False, True, False]
    html = text_table(table)
    assert '<td class="number">75</td><td>同比' in html
    assert '<th scope="col" class="number">本期</th><th scope="col">变化</th>' in html
