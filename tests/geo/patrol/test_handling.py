"""The handling rate, counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from geo import ColumnError, InvalidParameterError
from geo.patrol.handling import handling_rate
from tests.geo.patrol.shifts_made import at

EVENTS = pd.DataFrame(
    {
        "time": [at(minute) for minute in (0, 10, 20, 30, 40, 600)],
        "area_code": ["A1", "A1", "A1", "A2", "A9", "A1"],
        "found_by": ["patrol", "caller", None, "camera", "patrol", "patrol"],
        "first_handler": [None, "patrol", None, "grid_worker", "patrol", None],
    }
)


def test_found_or_first_handled_by_patrol_over_all() -> None:
    """In the first hour two of four, one of which nobody knows; A9 was not asked for."""
    areas = pd.DataFrame({"area_id": ["A1", "A2", "A3"]})
    found = handling_rate(EVENTS, areas, (at(0), at(600)))
    summary = found.summary()
    assert (summary["numerator"], summary["denominator"], summary["unknown"]) == (2, 4, 1)
    assert (summary["share"], summary["share_upper"]) == (0.5, 0.75)
    assert summary["elsewhere"] == 1
    assert found.areas["events"].tolist() == [3, 1, 0]
    assert found.areas["share"].tolist()[:2] == [2 / 3, 0.0]
    assert pd.isna(found.areas["share"].iloc[2])


def test_without_a_period_all_events_count() -> None:
    """And without areas, those that events name."""
    assert handling_rate(EVENTS).summary()["numerator"] == 4
    assert handling_rate(EVENTS).areas["area_id"].tolist() == ["A1", "A2", "A9"]


def test_no_events_have_no_rate() -> None:
    """Not 0."""
    summary = handling_rate(EVENTS.iloc[:0]).summary()
    assert (summary["share"], summary["share_upper"], summary["denominator"]) == (None, None, 0)


def test_what_cannot_be_counted_is_refused() -> None:
    """Each refusal says what it lacks."""
    with pytest.raises(ColumnError, match="found_by or first_handler"):
        handling_rate(EVENTS[["time"]])
    with pytest.raises(ColumnError, match="no column time"):
        handling_rate(EVENTS.drop(columns="time"), None, (at(0), at(10)))
    with pytest.raises(InvalidParameterError, match="period"):
        handling_rate(EVENTS, None, (at(10), at(10)))
