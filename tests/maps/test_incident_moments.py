"""The slider: what may have happened in several steps shows, hollow, in each of them."""

import json
from typing import Any

import pandas as pd
import pytest

from maps.moments import moment_layer, times
from tests.maps import incident_scenes


def told(by: Any, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what the script of the page is given."""
    rows = incident_scenes.incidents().assign(**changes)
    return json.loads(moment_layer(rows, by=by).moments)


def test_a_night_shows_in_all_its_hours_and_not_in_the_one_after() -> None:
    """22:00 to 06:00 is eight hours, over midnight; noon is one."""
    marks = told("hour")["marks"]
    assert [mark[3:5] for mark in marks] == [[12, 1], [22, 8]]


def test_an_interval_of_a_day_shows_in_every_hour_once() -> None:
    """Even where it begins and ends in the same hour."""
    marks = told("hour", time="2026-03-01T10:30", time_to="2026-03-02T10:20")["marks"]
    assert [mark[3:5] for mark in marks] == [[10, 24]] * 4


def test_a_night_shows_on_both_days() -> None:
    """The days are counted from the first of any."""
    found = told("day")
    assert [mark[3:5] for mark in found["marks"]] == [[0, 1], [1, 2]]
    assert found["labels"] == ["2026-03-01 周日", "2026-03-02 周一", "2026-03-03 周二"]


def test_an_interval_that_ends_at_midnight_is_of_one_day() -> None:
    """The day after has no part of it."""
    found = told("day", time="2026-03-01T20:00", time_to="2026-03-02T00:00")
    assert [mark[3:5] for mark in found["marks"]] == [[0, 1]] * 4
    assert found["labels"] == ["2026-03-01 周日"]


@pytest.mark.parametrize(("by", "number"), [("day", "3"), ("hour", "3")])
def test_what_is_left_out_is_counted(by: Any, number: str) -> None:  # noqa: ANN401
    """One without a time, one without a place, one over nineteen days."""
    layer = moment_layer(incident_scenes.incidents(), by=by)
    assert f"另有 {number} 件没有时间、没有地点或时间跨度太长" in layer.note
    assert sum(row.count or 0 for row in layer.legend) == 2


def test_nothing_left_out_is_not_told() -> None:
    """A note about nothing would be read for nothing."""
    rows = incident_scenes.incidents().iloc[:2]
    assert moment_layer(rows).note == "拖动地图下方的滑块查看。"


def test_what_may_have_happened_is_hollow() -> None:
    """A full disc is sure of its step."""
    found = told("hour")
    sure, perhaps = (found["looks"][mark[2]] for mark in found["marks"])
    assert sure["fillOpacity"] > 0.5
    assert perhaps["fillOpacity"] == 0.0
    assert "dashArray" in perhaps


def test_a_week_is_the_longest_interval_of_the_days() -> None:
    """And a day of the hours."""
    for by, whole, longer in (
        ("day", "2026-03-08T00:00", "2026-03-08T00:01"),
        ("hour", "2026-03-02T00:00", "2026-03-02T00:01"),
    ):
        start = "2026-03-01T00:00"
        assert len(told(by, time=start, time_to=whole)["marks"]) == 4
        assert not told(by, time=start, time_to=longer)["marks"]


def test_an_interval_that_ends_before_it_begins_is_taken_at_its_beginning() -> None:
    """Whoever imports it says what is wrong."""
    marks = told("hour", time="2026-03-02T10:00", time_to="2026-03-01T10:00")["marks"]
    assert [mark[3:5] for mark in marks] == [[10, 1]] * 4


def test_times_are_read_from_text_and_from_times() -> None:
    """A frame of a store holds the one, a file the other."""
    rows = incident_scenes.incidents()
    begin, end = times(rows)
    assert begin.iloc[0] == end.iloc[0] == pd.Timestamp("2026-03-01 12:10")
    assert end.iloc[1] == pd.Timestamp("2026-03-03 06:00")
    again, _ = times(rows.assign(time=begin).drop(columns="time_to"))
    assert again.equals(begin)


def test_nothing_with_a_time_draws_nothing() -> None:
    """The page leaves such a layer out."""
    rows = incident_scenes.incidents().assign(time=None, time_to=None)
    assert not moment_layer(rows).legend
