"""Rings, what is outside them, stations, and the nearest units."""

import numpy as np
import pytest

from maps.colours import RINGS, UNITS
from maps.features import FrameError
from maps.nearest import nearest_layer, place_layer
from maps.rings import outside_layer, ring_labels, ring_layer, station_layer
from maps.words import words
from tests.maps import incident_scenes, scenes


def test_rings_are_called_by_both_edges() -> None:
    """The first has none below."""
    say = words("zh")
    assert ring_labels([1.0, 3.0, 5.0], say) == ["1 分钟以内", "1～3 分钟", "3～5 分钟"]
    assert ring_labels([2.5], say) == ["2.5 分钟以内"]
    assert ring_labels([], say) == []


def test_the_nearer_the_darker_and_the_wider() -> None:
    """In grey the weight tells them apart."""
    looks = [row.look for row in ring_layer(incident_scenes.ring_streets()).legend]
    assert [look.style["color"] for look in looks] == list(RINGS[:3])
    weights = [float(look.style["weight"]) for look in looks]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 3


def test_more_rings_than_colours_still_run_from_dark_to_pale() -> None:
    """Neighbours may share one; the ends never do."""
    streets = incident_scenes.ring_streets().iloc[[0] * 8].assign(minutes=np.arange(1.0, 9.0))
    colours = [row.look.style["color"] for row in ring_layer(streets).legend]
    assert colours[0] == RINGS[0]
    assert colours[-1] == RINGS[-1]
    assert [RINGS.index(colour) for colour in colours] == sorted(map(RINGS.index, colours))


def test_each_stretch_has_the_look_of_its_ring() -> None:
    """Whatever the order of the rows."""
    streets = incident_scenes.ring_streets().iloc[::-1]
    shapes = ring_layer(streets).shapes[0]
    assert shapes.index('"k":2') < shapes.index('"k":1') < shapes.index('"k":0')
    assert "到达时间：3～5 分钟" in shapes.split('"k":1')[0]


def test_an_island_is_outside_in_another_way_than_a_far_street() -> None:
    """Dots and dashes, each with its reason."""
    layer = outside_layer(incident_scenes.outside())
    dashes = {row.look.label: row.look.style["dashArray"] for row in layer.legend}
    assert set(dashes) == {"超过最长时限", "无路可到"}
    assert len(set(dashes.values())) == 2
    assert "长度：400 米" in layer.shapes[0]


def test_a_station_left_out_is_drawn_empty_with_the_reason() -> None:
    """The others tell what is lost without them."""
    layer = station_layer(incident_scenes.stations())
    assert [row.look.label for row in layer.legend] == ["站点（在勤）", "站点（未计入）"]
    shapes = layer.shapes[0]
    assert '"临江派出所","单位类别：派出所","撤去后失去：300 米"]' in shapes
    assert '"柳巷警务站","单位类别：岗亭、警务站","未计入原因：不在勤"]' in shapes


def test_the_first_of_the_nearest_lies_on_top() -> None:
    """Where two ways run together, the nearest unit's is seen."""
    ways = nearest_layer(incident_scenes.candidates()).shapes[0]
    assert ways.index('"u2"') < ways.index('"u1"')
    assert ways.index(UNITS[0]) < ways.index(UNITS[1])


def test_the_number_stands_where_the_unit_is() -> None:
    """Not at the place, where all would meet."""
    candidates = incident_scenes.candidates()
    numbers = nearest_layer(candidates).shapes[1]
    start = candidates.to_crs("EPSG:4326").geometry.iloc[1].coords[0]
    assert f"[{start[0]:.6f}".rstrip("0") in numbers.split('"g":"2"')[1]
    assert "到达时间：0.6 分钟" in numbers


def test_a_unit_on_the_spot_has_no_way() -> None:
    """It is in the table, and no error."""
    candidates = incident_scenes.candidates()
    candidates.geometry = [None, candidates.geometry.iloc[1]]
    assert [row.count for row in nearest_layer(candidates).legend] == [1, 1]


def test_a_place_that_nobody_comes_to_is_drawn_empty() -> None:
    """With the reason."""
    places = scenes.frame(
        [scenes.incidents().geometry.iloc[0]] * 2, place=["p", "q"], reason=["", "unreachable"]
    )
    layer = place_layer(places)
    assert [row.look.label for row in layer.legend] == ["目标地点", "无单位可派"]
    assert "无单位可派：无路可到" in layer.shapes[0]


def test_frames_without_their_columns_are_refused() -> None:
    """With the column that is missing."""
    for layer, frame, column in (
        (ring_layer, incident_scenes.ring_streets(), "minutes"),
        (outside_layer, incident_scenes.outside(), "reason"),
        (station_layer, incident_scenes.stations(), "station_id"),
        (nearest_layer, incident_scenes.candidates(), "rank"),
    ):
        with pytest.raises(FrameError, match=column):
            layer(frame.drop(columns=column))
