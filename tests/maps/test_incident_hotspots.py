"""Hot spots on the map bear the numbers of their table."""

import json

import numpy as np
import pandas as pd
import pytest

from maps.colours import HOT
from maps.hotspots import hot_place_layer, hot_spot_layer, hot_spot_table, named_spots, significance
from maps.words import words
from tests.maps import incident_scenes


def test_a_place_without_incidents_is_drawn_only_where_it_is_hot() -> None:
    """Two hot ones, one plain; the empty cold one is the ground."""
    layer = hot_place_layer(incident_scenes.hot_places(), level=0.1)
    assert [(row.look.label, row.count) for row in layer.legend] == [
        ("热点（错误发现率 10% 以内）", 2),
        ("有记录，未达热点", 1),
    ]
    assert layer.legend[0].look.style["color"] == HOT


def test_a_place_tells_what_it_was_tested_by() -> None:
    """A significance below a thousandth is not written as 0."""
    shapes = hot_place_layer(incident_scenes.hot_places(), unit="occurrence").shapes[0]
    assert '["件数：12 起","集聚统计量：5.25","校正后显著性：小于 0.001","单元编号：s1"]' in shapes
    assert "校正后显著性：0.012" in shapes


def test_cells_are_filled_and_segments_are_lines() -> None:
    """By the geometry, not by a switch."""
    cells = incident_scenes.hot_places()
    cells.geometry = cells.geometry.buffer(10)
    kinds = {row.look.kind for row in hot_place_layer(cells).legend}
    assert kinds == {"area"}


def test_the_number_on_the_map_is_the_number_in_the_table() -> None:
    """The first row is 1 in both."""
    spots = incident_scenes.hot_spots().iloc[::-1]
    table = hot_spot_table(spots)
    numbers = hot_spot_layer(spots).shapes[1]
    assert [row[0] for row in table.rows[1:]] == ["1", "2"]
    first, second = numbers.split('"g":"2"')
    assert "柳巷" in first
    assert '"g":"1"' in first
    assert "临江街" in first.split('"g":"1"')[1] + second
    assert "柳巷" in table.rows[1][2]


def test_a_spot_of_segments_has_a_length_and_one_of_cells_an_area() -> None:
    """And each is drawn as what it is."""
    lines = hot_spot_table(incident_scenes.hot_spots())
    cells = hot_spot_table(incident_scenes.hot_spots(cells=True))
    assert lines.rows[0][-1] == "长度"
    assert lines.rows[1][-1] == "200 米"
    assert cells.rows[0][-1] == "面积"
    assert cells.rows[1][-1] == "200 平方米"
    assert hot_spot_layer(incident_scenes.hot_spots(cells=True)).legend[0].look.kind == "area"


def test_whether_a_spot_is_new_is_told_only_where_it_is_known() -> None:
    """Without a week before there is no such column."""
    spots = incident_scenes.hot_spots()
    assert [row[1] for row in hot_spot_table(spots).rows] == ["与上期", "延续", "新出现"]
    for unknown in (spots.drop(columns="kept"), spots.assign(kept=pd.NA)):
        assert "与上期" not in hot_spot_table(unknown).rows[0]


def test_numbers_begin_where_the_table_says() -> None:
    """Columns of text stand left, numbers right."""
    table = hot_spot_table(incident_scenes.hot_spots())
    assert table.rows[0][table.numbers_from :] == ["件数", "单元数", "长度"]


def test_a_named_peak_is_called_by_its_name() -> None:
    """A code says little to a reader."""
    spots = incident_scenes.hot_spots().assign(name=["东门", None])
    assert [row[2] for row in hot_spot_table(spots).rows[1:]] == ["东门", "柳巷"]


def test_the_name_of_a_peak_is_that_of_its_place() -> None:
    """Cells have none: their code is told, where it is not that of the hot spot."""
    spots = incident_scenes.hot_spots().assign(peak_place=["s1", "s4"])
    places = incident_scenes.hot_places()
    assert named_spots(spots, places) is spots
    assert [row[2] for row in hot_spot_table(spots).rows[1:]] == ["", "s4"]
    named = named_spots(spots, places.assign(name=["滨江路", "b", "c", None]))
    assert [row[2] for row in hot_spot_table(named).rows[1:]] == ["滨江路", "s4"]


def test_no_spot_is_an_empty_table_and_an_empty_layer() -> None:
    """The report says in words that there is none."""
    none = incident_scenes.hot_spots().iloc[:0]
    assert len(hot_spot_table(none).rows) == 1
    assert not hot_spot_layer(none).legend


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0009, "小于 0.001"), (0.001, "0.001"), (0.25, "0.250"), (np.nan, "")],
)
def test_significance_is_never_written_as_nothing(value: float, text: str) -> None:
    """0.000 would claim what no permutation can show."""
    assert significance(value, words("zh")) == text


def test_styles_are_json_that_leaflet_takes() -> None:
    """Numbers and strings alone."""
    styles = hot_spot_layer(incident_scenes.hot_spots()).shapes[0].split(", ", 1)[1]
    assert json.JSONDecoder().raw_decode(styles)[0][0]["color"] == HOT
