"""Cordons on the map: open ways, closures, and that they are restricted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from shapely import LineString, box

from geo.cordon import OpenEdges, open_edges
from geo.intervals import Intervals
from maps.cordon import BAR_M, bars_across, cordon_layer
from tests.maps import scenes
from tests.maps.test_layers import drawn, legend
from tests.strategies import polylines


def found(*stretches: tuple[int, float, float], way: str = "out") -> OpenEdges:
    """Return a cordon of 200 m around a cross of streets, of which cameras see some stretches."""
    cross = scenes.frame(
        [LineString([(-200, 0), (200, 0)]), LineString([(0, -200), (0, 200)])],
        street_id=["1", "2"],
    )
    cordon = scenes.frame([box(-100, -100, 100, 100)], area_id=["A"], name=["车站"])
    part, start, end = zip(*stretches, strict=True) if stretches else ([], [], [])
    return open_edges(cross, cordon, Intervals.of(part, start, end), way=way)


def test_open_ways_and_closures_are_drawn() -> None:
    """One of four arms is seen."""
    layer = cordon_layer(found((0, 90.0, 95.0)))
    assert legend(layer) == {
        "未封闭的围控圈": 1, "无人看到的出口通道": 3, "可封控的街段（任一处均可）": 3,
        "建议封控处": 3,
    }  # fmt: skip
    text = [feature["properties"]["t"] for feature, _ in drawn(layer)]
    assert text[0] == [
        "车站", "网格编码：A", "状态：未封闭的围控圈", "全部通道：4", "无人看到的通道：3",
        "最少封控处：3",
    ]  # fmt: skip
    assert text[1] == ["无人看到的出口通道", "网格编码：A", "街道编号：1", "长度：100 米"]
    assert text[-1] == ["建议封控处", "网格编码：A", "街道编号：2", "长度：100 米"]


def test_the_way_in_has_words_of_its_own() -> None:
    """As it was asked."""
    assert "无人看到的入口通道" in legend(cordon_layer(found(way="in")))
    assert "Way in that no camera sees" in legend(cordon_layer(found(way="in"), lang="en"))


def test_the_layer_says_that_it_is_restricted() -> None:
    """Closed ones as well: that is worth knowing, too."""
    closed = found((0, 60, 80), (0, 330, 340), (1, 120, 130), (1, 270, 400))
    for result in (found(), closed):
        assert cordon_layer(result).note.startswith("内部资料")
    assert legend(cordon_layer(closed)) == {"已封闭的围控圈": 1}
    assert cordon_layer(closed, show=False).show is False


def test_states_of_cordons_differ_without_colour() -> None:
    """Whole, broken, and dotted where it cannot be told."""
    three = pd.concat([found().cordons] * 3, ignore_index=True)
    three["closed"] = pd.array([False, True, None], dtype="boolean")
    layer = cordon_layer(replace(found(), cordons=three))
    assert list(legend(layer))[:3] == [
        "未封闭的围控圈", "已封闭的围控圈", "无法判定的围控圈",
    ]  # fmt: skip
    dashes = [style.get("dashArray") for _, style in drawn(layer)[:3]]
    assert dashes[1] is None
    assert len({*dashes}) == 3


def test_a_bar_stands_out_from_the_way_in_grey() -> None:
    """Dark and light, and the way is the widest line."""
    styles = {f["properties"]["t"][0]: style for f, style in drawn(cordon_layer(found()))}
    way, bar = styles["无人看到的出口通道"], styles["建议封控处"]

    def grey(color: str) -> float:
        return sum(w * int(color[i : i + 2], 16) for w, i in ((0.3, 1), (0.6, 3), (0.1, 5)))

    assert grey(bar["color"]) > grey(way["color"]) + 150
    assert way["weight"] >= 7
    levels = [int(shape.partition(",")[0]) for shape in cordon_layer(found()).shapes]
    assert levels == sorted(set(levels))


def test_cordons_without_names_are_drawn() -> None:
    """The title falls back to what it is."""
    nameless = replace(found(), cordons=found().cordons.drop(columns="name"))
    assert drawn(cordon_layer(nameless))[0][0]["properties"]["t"][0] == "围控圈"


def test_a_bar_lies_across_the_middle_of_its_street() -> None:
    """A street to the east has it from north to south."""
    (bar,) = bars_across(np.array([LineString([(0, 0), (100, 0)])]))
    assert shapely.get_coordinates(bar) == pytest.approx(
        np.array([(50, -BAR_M / 2), (50, BAR_M / 2)])
    )
    assert len(bars_across(np.empty(0, dtype=object))) == 0


@given(polylines)
def test_every_bar_has_its_length_and_its_middle_on_the_street(street: LineString) -> None:
    """However the street bends, but where it turns back on itself."""
    (bar,) = bars_across(np.array([street]))
    assert bar.interpolate(0.5, normalized=True).distance(street) < 1e-6
    assert bar.length == pytest.approx(BAR_M) or bar.length < 1e-6
