"""What was walked and what became of what was due, as layers and as a page."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from shapely import LineString, Point

from maps import Imprint, WalkedScene, walked_page
from maps.colours import GAP, OFFLINE
from maps.features import FrameError
from maps.patrol_status import (
    OWN_COLOURS,
    STATUS_LINES,
    STATUS_SIGNS,
    dropped_layer,
    seen_layer,
    status_layer,
    unknown_layer,
    way_layer,
)
from tests.maps import scenes
from tests.maps.patrols import at
from tests.maps.scenes import frame
from tests.maps.test_page import HOSTILE

if TYPE_CHECKING:
    import geopandas as gpd

IMPRINT = Imprint("巡逻报告", dt.date(2026, 6, 30), crs="EPSG:4545")


def places(*statuses: str) -> gpd.GeoDataFrame:
    """Return a segment and a point of each status."""
    lines = [LineString([(0, 10 * row), (400, 10 * row)]) for row in range(len(statuses))]
    points = [Point(0, 10 * row) for row in range(len(statuses))]
    return frame(
        [*lines, *points],
        id=[f"{kind}{row}" for kind in "DP" for row in range(len(statuses))],
        name="临江段",
        status=[*statuses, *statuses],
        due=2,
        done=1,
        detail="漏巡 1、完成 1",
    )  # fmt: skip


def ways() -> gpd.GeoDataFrame:
    """Return a walk out and back along one street, and a drive along another."""
    out = LineString([(0, 0), (400, 0)])
    return frame(
        [out, out, LineString([(0, 200), (400, 200)])],
        track_id=["T1", "T1", "T2"],
        street_id=["1", "1", "2"],
        name=["临江街", "临江街", "柳巷"],
        direction=["forward", "backward", "forward"],
        share=[1.0, 0.5, 1.0],
        entered=[at("22:00"), at("22:06"), at("23:00")],
        left=[at("22:06"), at("22:10"), at("23:01")],
    )


def tracks() -> pd.DataFrame:
    """Return both tracks."""
    return pd.DataFrame({"track_id": ["T1", "T2"], "name": ["步巡一组", "车巡一组"]})


def seen() -> gpd.GeoDataFrame:
    """Return where the first was every minute, but for an hour in which nobody knows."""
    times = [at("22:00"), at("22:00") + pd.Timedelta(seconds=20), at("22:01"), at("23:01"),
             at("24:02")]  # fmt: skip
    return frame(
        [Point(0, 0), Point(20, 0), Point(80, 0), Point(400, 0), Point(400, 100)],
        track_id="T1",
        time=times,
    )


def gaps() -> pd.DataFrame:
    """Return that hour."""
    return pd.DataFrame(
        {"track_id": ["T1"], "from": [at("22:01")], "to": [at("23:01")], "length_s": [3_600.0]}
    )


def scene(**parts: Any) -> WalkedScene:  # noqa: ANN401
    """Return all that a page can show."""
    dropped = frame([Point(5, 5)], track_id=["T1"], reason=["快得不可能"], time=[at("22:00")])
    whole = WalkedScene(
        ways(), tracks(), seen(), gaps(), dropped, scenes.streets(),
        places=places(*STATUS_LINES), areas=scenes.areas(), background=scenes.background(),
        figures=[("完成率", "50.0%")],
    )  # fmt: skip
    return replace(whole, **parts)


def test_every_status_is_told_from_every_other_without_colour() -> None:
    """Lines by weight and dashes, points by a sign of their own; unknown looks like no other."""
    looks = {
        (float(str(style["weight"])), str(style.get("dashArray", "")))
        for style in STATUS_LINES.values()
    }
    assert len(looks) == len(STATUS_LINES)
    assert len(set(STATUS_SIGNS.values())) == len(STATUS_LINES) == len(STATUS_SIGNS)
    assert STATUS_LINES["missed"]["color"] == GAP
    assert STATUS_LINES["unknown"]["color"] == OFFLINE
    assert "dashArray" not in STATUS_LINES["missed"]
    assert "dashArray" in STATUS_LINES["unknown"]


def test_the_legend_counts_each_status_once_for_lines_and_once_for_points() -> None:
    """And leaves out those that nobody met."""
    layer = status_layer(places("done", "missed", "missed"))
    told = [(row.look.label, row.look.kind, row.count) for row in layer.legend]
    assert told == [
        ("已完成", "line", 1), ("漏巡", "line", 2), ("已完成", "point", 1), ("漏巡", "point", 2),
    ]  # fmt: skip
    (shapes,) = layer.shapes
    assert "完成次数：1 / 应 2" in shapes
    assert "漏巡 1、完成 1" in shapes


def test_what_is_unknown_is_drawn_as_unknown() -> None:
    """The line of a place nobody knows about has the style of the unknown, not of the missed."""
    (shapes,) = status_layer(places("unknown")).shapes
    assert OFFLINE in shapes
    assert GAP not in shapes


def test_places_without_a_status_are_refused() -> None:
    """Nothing is drawn that says nothing."""
    with pytest.raises(FrameError, match="status"):
        status_layer(places("done").drop(columns="status"))


def test_each_track_has_its_colour_and_its_ways_their_directions() -> None:
    """Arrowheads of a way back point back; of many tracks none has a colour of its own."""
    layer = way_layer(ways(), tracks())
    assert [(row.look.label, row.count) for row in layer.legend[:2]] == [
        ("步巡一组", 2), ("车巡一组", 1),
    ]  # fmt: skip
    assert "逆街段走向" in layer.shapes[0]
    out, back = (way_layer(ways().iloc[[row]], tracks()).shapes[1] for row in (0, 1))

    def tips(shapes: str) -> list[float]:
        rows = json.loads(shapes.split("}], ", 1)[1])
        return [
            row["geometry"]["coordinates"][0][0][0] - row["geometry"]["coordinates"][0][1][0]
            for row in rows
        ]

    assert min(tips(out)) > 0 > max(tips(back))
    many = pd.DataFrame({"track_id": [f"T{row}" for row in range(OWN_COLOURS + 1)]})
    assert len(way_layer(ways(), many).legend) == 2
    assert way_layer(ways()[:0], tracks()).legend == []


def test_a_gap_is_a_straight_dashed_line_between_two_places() -> None:
    """One end alone draws nothing."""
    layer = unknown_layer(gaps(), seen())
    assert [row.count for row in layer.legend] == [1]
    assert "06-30 22:01:00 至 06-30 23:01:00" in layer.shapes[0]
    assert unknown_layer(gaps(), seen()[:2]).legend == []
    assert unknown_layer(gaps()[:0], seen()).legend == []


def test_the_slider_shows_nobody_where_nobody_knows() -> None:
    """One place a minute, nulls within the gap and beyond both ends."""
    layer = seen_layer(seen(), tracks(), gaps())
    timed = json.loads(layer.timed)
    (unit,) = timed["units"]
    assert unit["title"] == "步巡一组（实际位置）"
    known = [(row[0] - 22 * 3_600, row[1] is not None) for row in unit["at"]]
    assert known == [
        (-1, False), (0, True), (60, True), (61, False), (3_660, True), (7_320, True),
        (7_321, False),
    ]  # fmt: skip
    assert (timed["from"], timed["to"]) == (22 * 60 - 1, 24 * 60 + 3)


def test_tracks_of_many_days_have_no_slider() -> None:
    """Its clock knows today and tomorrow alone."""
    later = seen()
    later["time"] += pd.to_timedelta([0, 0, 0, 0, 2 * 86_400], unit="s")
    assert seen_layer(later, tracks(), gaps()).legend == []
    assert seen_layer(seen()[:0], tracks(), gaps()[:0]).legend == []


def test_what_was_dropped_says_why_and_what_has_no_place_is_not_drawn() -> None:
    """Off by default: it counts for nothing."""
    dropped = frame([Point(5, 5), None], track_id=["T1"] * 2).assign(
        reason="快得不可能", time=at("22:00")
    )
    layer = dropped_layer(dropped)
    assert [row.count for row in layer.legend] == [1]
    assert "快得不可能" in layer.shapes[0]
    assert not layer.show


def test_the_page_of_a_report_is_about_places_and_that_of_a_match_about_ways() -> None:
    """Both are the same bytes for the same input, and say what they show in both languages."""
    report, match = (walked_page(scene(**parts), IMPRINT) for parts in ({}, {"places": None}))
    assert report == walked_page(scene(), IMPRINT)
    for text in ("应巡与实巡", "仅视频巡查", "走过的路", "去向不明", "剔除的定位点", "50.0%"):
        assert text in report
    assert "应巡与实巡" not in match

    def is_on(page: str) -> bool:
        return bool(re.search(r'checked autocomplete="off"><label for="[^"]*">走过的路<', page))

    assert (is_on(report), is_on(match)) == (False, True)
    english = walked_page(scene(), replace(IMPRINT, lang="en"))
    for text in ("Due and done", "By video alone", "Ways walked", "Way unknown"):
        assert text in english


def test_a_page_without_ways_shows_the_streets() -> None:
    """Nothing was walked, and nothing was due."""
    page = walked_page(
        scene(ways=ways()[:0], places=None, seen=seen()[:0], gaps=gaps()[:0]), IMPRINT
    )
    assert "快速路" in page


def test_names_from_data_stay_text() -> None:
    """A street, a place or a unit that is called like a script runs nothing."""
    page = walked_page(
        scene(
            ways=ways().assign(name=HOSTILE), places=places("done").assign(name=HOSTILE),
            tracks=tracks().assign(name=HOSTILE),
        ),
        IMPRINT,
    )  # fmt: skip
    assert HOSTILE not in page
    assert "<script>alert" not in page
