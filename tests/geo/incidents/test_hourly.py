"""Hours of the week: every row is spread over the time in which it can have happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InvalidParameterError
from geo.incidents.hourly import PARTS, hours
from geo.incidents.periods import Period
from tests.geo.incidents.ledgers import ledger, many, random_rows

THURSDAY = "2026-01-01"
MIDNIGHT = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - local, as all times here


def test_a_night_is_spread_and_not_put_at_its_start() -> None:
    """22:00-06:00 from Thursday on: an eighth in each hour, over midnight into Friday."""
    found = hours(ledger([{"time": f"{THURSDAY} 22:00", "time_to": "2026-01-02 06:00"}])).matrix()
    expected = np.zeros((7, 24))
    expected[3, 22:] = expected[4, :6] = 0.125
    assert np.array_equal(found.to_numpy(), expected)


def test_sunday_night_ends_on_monday() -> None:
    """The week is a ring."""
    found = hours(ledger([{"time": "2026-01-04 23:00", "time_to": "2026-01-05 01:00"}])).matrix()
    assert (found.loc[6, 23], found.loc[0, 0]) == (0.5, 0.5)


def test_minutes_decide_how_much_of_an_hour() -> None:
    """22:45-23:15 is half and half, 22:00-23:00 all of one hour, a moment too."""
    rows = ledger([
        {"time": f"{THURSDAY} 22:45", "time_to": f"{THURSDAY} 23:15"},
        {"time": f"{THURSDAY} 10:00", "time_to": f"{THURSDAY} 11:00"},
        {"time": f"{THURSDAY} 12:59:59", "time_to": None},
    ])  # fmt: skip
    found = hours(rows).matrix().loc[3]
    assert found[found > 0].to_dict() == {10: 1.0, 12: 1.0, 22: 0.5, 23: 0.5}


@given(st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 1440), st.integers(0, 5000)), max_size=8
))  # fmt: skip
def test_hours_are_those_of_a_count_minute_by_minute(spans: list[tuple[int, int, int]]) -> None:
    """Against a walk through every minute, to what rounding each hour down may take."""
    rows: list[dict[str, Any]] = []
    expected = np.zeros((7, 24))
    for start, length, count in spans:
        begin = MIDNIGHT + dt.timedelta(minutes=start)
        rows.append({"time": begin, "time_to": begin + dt.timedelta(minutes=length),
                     "count": count})  # fmt: skip
        for minute in range(max(length, 1)):
            at = begin + dt.timedelta(minutes=minute)
            expected[at.weekday(), at.hour] += count / max(length, 1)
    found = hours(ledger(rows))
    if rows:
        weight = sum(count for _, _, count in spans)
        assert found.matrix().to_numpy() == pytest.approx(expected, abs=weight / PARTS + 1e-9)
    assert found.frame["count"].sum() == sum(count for _, _, count in spans)


@given(random_rows(), st.randoms(use_true_random=False))
def test_hours_add_up_to_the_count_to_the_last_bit(
    rows: list[dict[str, Any]],
    random: Any,  # noqa: ANN401
) -> None:
    """Spread, unknown and too long are all there is, unit by unit, in any order of the rows."""
    found = hours(ledger(rows))
    totals = found.totals.set_index("count_unit")
    for table in (found.frame, found.by_slot, found.by_hour, found.by_weekday):
        assert table.groupby("count_unit")["count"].sum().to_dict() == totals["timed"].to_dict()
    parts = totals["timed"] + totals["unknown"] + totals["too_long"]
    assert parts.to_dict() == totals["count"].to_dict()
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = hours(ledger(shuffled))
    pd.testing.assert_frame_equal(found.frame, again.frame, check_exact=True)


def test_what_says_nothing_of_the_hour_is_told_apart() -> None:
    """No time, an end before the start, a week; a day is spread still."""
    rows = ledger([
        {"time": None, "time_to": None, "count": 2}, {"time": None, "time_to": THURSDAY},
        {"time": f"{THURSDAY} 10:00", "time_to": f"{THURSDAY} 09:00"},
        {"time": THURSDAY, "time_to": "2026-01-08"},
        {"time": f"{THURSDAY} 01:00", "time_to": "2026-01-02 01:00"},
        {"time": THURSDAY, "time_to": None},
    ])  # fmt: skip
    found = hours(rows)
    row = found.totals.iloc[0]
    assert row[["count", "timed", "interval", "unknown", "too_long", "midnight"]].tolist() == [
        7, 2, 1, 4, 1, 1,
    ]  # fmt: skip
    assert found.unknown == {"matter": 4}
    day = ledger([{"time": THURSDAY, "time_to": "2026-01-02"}])
    assert hours(day).totals[["interval", "midnight"]].to_numpy().tolist() == [[1, 0]]
    assert hours(rows, longest_h=168.0).totals["too_long"].tolist() == [0]
    for wrong in (0.0, -1.0, 169.0, np.nan):
        with pytest.raises(InvalidParameterError, match="longest_h must be"):
            hours(rows, longest_h=wrong)


def test_slots_are_told_with_their_length() -> None:
    """Noon has two hours and night five: what counts is how many in an hour."""
    rows = ledger([
        *many(4, time=f"{THURSDAY} 12:00", time_to=None),
        *many(5, time=f"{THURSDAY} 20:00", time_to=None),
        {"time": f"{THURSDAY} 18:00", "time_to": f"{THURSDAY} 20:00"},
    ])  # fmt: skip
    found = hours(rows)
    slots = found.by_slot.set_index("slot")
    assert slots["count"].to_dict() == {
        "small_hours": 0, "early_morning": 0, "forenoon": 0, "noon": 4, "afternoon": 0,
        "dusk": 0.5, "night": 5.5,
    }  # fmt: skip
    assert slots.loc["noon", "per_hour"] == 2.0
    assert slots.loc["night", "per_hour"] == 1.1
    assert slots["share"].sum() == pytest.approx(1.0)
    assert found.peak["matter"] == {"weekday": 3, "hour": 20, "count": 5.0, "slot": "noon"}


def test_a_slot_over_midnight_is_one() -> None:
    """Both its parts are added, at half hours too."""
    slots = pd.DataFrame({
        "slot": ["day", "night"], "start": ["06:30", "22:30"], "end": ["22:30", "06:30"],
    })  # fmt: skip
    rows = ledger([{"time": f"{THURSDAY} 22:00", "time_to": "2026-01-02 06:00"}])
    found = hours(rows, slots=slots).by_slot.set_index("slot")["count"]
    assert found.to_dict() == {"day": 0.0625, "night": 0.9375}


def test_the_period_counts_by_acceptance_and_the_hour_by_when_it_happened() -> None:
    """Accepted at nine in the new year, happened late in the old one."""
    rows = ledger([
        {"time": "2025-12-31 23:30", "accepted": "2026-01-01 09:00"},
        {"time": "2025-12-31 12:30", "accepted": None},
    ])  # fmt: skip
    period = Period(dt.date(2026, 1, 1), dt.date(2026, 2, 1))
    found = hours(rows, period=period).matrix()
    assert found.loc[2, 23] == 1.0
    assert found.to_numpy().sum() == 1.0


def test_units_have_weeks_of_their_own() -> None:
    """Which one is meant must be said; of equal peaks the first is told."""
    rows = ledger([
        {"time": f"{THURSDAY} 08:00", "count_unit": "matter"},
        {"time": f"{THURSDAY} 07:00", "count_unit": "matter"},
        {"time": f"{THURSDAY} 09:00", "count_unit": "person"},
        {"time": None, "count_unit": "session"},
    ])  # fmt: skip
    found = hours(rows)
    assert found.matrix("person").loc[3, 9] == 1.0
    with pytest.raises(InvalidParameterError, match="None is none of matter, person, session"):
        found.matrix()
    assert found.peak["matter"]["hour"] == 7
    assert "session" not in found.peak
    assert found.summary()["totals"][2]["unknown"] == 1


def test_hours_of_nothing_are_none() -> None:
    """No row, no unit."""
    found = hours(ledger([]))
    assert found.frame.empty
    assert found.peak == {}
    assert found.matrix().shape == (7, 24)
    assert not found.matrix().to_numpy().any()
    with pytest.raises(InvalidParameterError, match="'matter' is none of no units"):
        found.matrix("matter")
