"""Every value has one class, 0 and the unknown have looks of their own."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from maps.choropleth import FIGURES, choropleth_layer, classes
from maps.colours import COUNT_FILLS, DEVIATION_FILLS, NO_BASE, ZERO
from tests.maps import scenes


def grids(column: str, values: list[Any]) -> Any:  # noqa: ANN401
    """Return squares in a row with a figure."""
    squares = [box(100 * i, 0, 100 * i + 100, 100) for i in range(len(values))]
    ids = [f"61099900100100{i}" for i in range(len(values))]
    return scenes.frame(squares, area_id=ids, **{column: values})


def legend(column: str, values: list[Any], lang: str = "zh") -> dict[str, int]:
    """Return label -> how many areas."""
    layer = choropleth_layer(grids(column, values), column, lang=lang)
    return {row.look.label: row.count for row in layer.legend}


@given(st.lists(st.one_of(st.integers(0, 10**6), st.floats(0.0, 1e7)), max_size=60))
def test_every_value_above_zero_has_one_class(values: list[float]) -> None:
    """And a class holds what lies between its ends alone."""
    numbers = np.array(values, dtype=float)
    numbers = numbers[(numbers == 0.0) | (numbers > 1e-3)]
    found = classes(numbers)
    assert np.all(np.diff(found.lows) > 0.0)
    assert len(found.lows) <= len(COUNT_FILLS)
    for value, number in zip(numbers, found.number(numbers), strict=True):
        if value == 0.0:
            assert number == -1
            continue
        assert found.lows[number] <= value <= found.highest
        assert number == len(found.lows) - 1 or value < found.lows[number + 1]


def test_few_whole_values_are_a_class_each() -> None:
    """Nobody wants "1 to 2" where there are 1 and 2."""
    assert legend("households", [3, 1, 3, 2]) == {"1 户": 1, "2 户": 1, "3 户": 2}


def test_zero_is_apart_from_little_and_from_unknown() -> None:
    """White for none, hatched for not known."""
    values = [0, 310, 480, None, 0]
    layer = choropleth_layer(grids("households", values), "households")
    looks = {row.look.label: row for row in layer.legend}
    assert looks["0 户"].count == 2
    assert looks["0 户"].look.style["fillColor"] == ZERO
    assert looks["无数据"].count == 1
    assert looks["无数据"].look.style["fillColor"] == NO_BASE
    assert looks["无数据"].look.style["hatch"]


def test_ends_are_easy_to_say_and_follow_the_values() -> None:
    """Twenty values from 101 to 2,001: fifths, two digits each."""
    values = list(range(101, 2002, 100))
    assert list(classes(np.array(values, dtype=float)).lows) == [100, 480, 860, 1200, 1600]
    assert list(legend("households", values)) == [
        "100～479 户",
        "480～859 户",
        "860～1,199 户",
        "1,200～1,599 户",
        "1,600～2,001 户",
    ]


def test_parts_of_a_number_have_no_last_whole_one() -> None:
    """The end of such a class is the next one's beginning."""
    labels = list(legend("load", [0.61, 0.82, 0.93, 1.04, 1.25, 1.46], "en"))
    assert labels[0] == "0.61 to below 0.82"
    assert labels[-1] == "1.20 and more"


def test_figures_below_zero_are_not_known() -> None:
    """A count cannot be -1; whoever wrote it meant something else."""
    assert legend("people", [-1, 5]) == {"5 人": 1, "无数据": 1}


def test_deviations_have_fixed_classes_on_both_sides() -> None:
    """The lower end belongs to the class."""
    values = [-0.2, -0.1, 0.0, 0.05, 0.1, np.nan]
    found = legend("deviation", values)
    assert found == {
        "低于 -10%": 1,
        "-10%～-5%": 1,
        "-5%～+5%": 1,
        "+5%～+10%": 1,
        "+10% 及以上": 1,
        "无数据": 1,
    }
    layer = choropleth_layer(grids("deviation", values), "deviation")
    assert [row.look.style["fillColor"] for row in layer.legend[:5]] == list(DEVIATION_FILLS)
    assert "+5.0%" in layer.shapes[0]


@pytest.mark.parametrize("column", FIGURES)
def test_every_figure_is_named_in_both_languages(column: str) -> None:
    """Layer, legend and tooltip."""
    for lang in ("zh", "en"):
        layer = choropleth_layer(grids(column, [7.0, None]), column, lang=lang)
        assert layer.layer_name
        assert len(layer.legend) == 2
