"""Alarms hold on the days that the windows of the test say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.incidents.alarming import alarms
from geo.incidents.repeats import near_repeat
from tests.strategies import points_of

FIRST = dt.date(2026, 3, 1)

FOUND = near_repeat(points_of([(0, 0)], time=[pd.Timestamp(FIRST)]), permutations=99)
"""A table of three bands and four windows; tests say what of it stands out."""


def raised(**cells: float):  # noqa: ANN201
    """Let windows of the first band stand out, with a ratio each."""
    table = FOUND.table.assign(q=1.0, ratio=1.0)
    for window, ratio in cells.items():
        row = (table["band"] == "0-100") & (table["window"] == window.strip("_").replace("_", "-"))
        assert row.sum() == 1
        table.loc[row, ["q", "ratio"]] = (0.01, ratio)
    return replace(FOUND, table=table)


def test_an_alarm_begins_the_next_day_and_ends_with_the_window() -> None:
    """Of days 1 to 7 and 8 to 14, after an incident ten minutes before midnight."""
    points = points_of([(5, 5)], time=[pd.Timestamp("2026-03-01 23:50")], incident_id=["a"])
    told = alarms(points, raised(_1_7=2.0, _8_14=3.0))
    assert told["ratio"].tolist() == [3.0, 2.0]
    assert told["first_day"].tolist() == [dt.date(2026, 3, 9), dt.date(2026, 3, 2)]
    assert told["last_day"].tolist() == [dt.date(2026, 3, 15), dt.date(2026, 3, 8)]
    assert told["incident_id"].tolist() == ["a", "a"]
    assert told["to_m"].tolist() == [100.0, 100.0]
    assert told.geometry.iloc[0].equals(points.geometry.iloc[0])


@settings(max_examples=25)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(0, 45))
def test_alarms_of_a_day_are_those_whose_days_hold_it(days: list[int], asked: int) -> None:
    """And they are what `days_apart` says, one day of the incident itself included."""
    times = [pd.Timestamp(FIRST) + pd.Timedelta(days=d, hours=20) for d in days]
    points = points_of([(0, 0)] * len(days), time=times)
    found, on = raised(_0=5.0, _1_7=2.0, _15_28=3.0), FIRST + dt.timedelta(days=asked)
    told = alarms(points, found, on=on)
    every = alarms(points, found)
    held = every[(every["first_day"] <= on) & (on <= every["last_day"])].reset_index(drop=True)
    assert told.equals(held)
    apart = [asked - d for d in days]
    assert len(told) == sum(a == 0 or 1 <= a <= 7 or 15 <= a <= 28 for a in apart)


def test_what_does_not_stand_out_raises_nothing() -> None:
    """Nor does what stands out by being rarer than chance, or has no place or day."""
    points = points_of([(0, 0), (1, 1)], time=[pd.Timestamp(FIRST), pd.NaT])
    assert not len(alarms(points, raised()))
    assert not len(alarms(points, raised(_1_7=0.5)))
    points.loc[0, "geometry"] = None
    assert not len(alarms(points, raised(_1_7=2.0)))


@pytest.mark.parametrize(("level", "count"), [(0.005, 0), (0.01, 1)])
def test_the_level_decides(level: float, count: int) -> None:
    """A q of 0.01 is enough at 0.01."""
    points = points_of([(0, 0)], time=[pd.Timestamp(FIRST)])
    assert len(alarms(points, raised(_1_7=2.0), level=level)) == count
