"""Periods are held against the right days, and a note says what makes them unequal."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ColumnError, InvalidParameterError
from geo.incidents.period_notes import NOTES, Note
from geo.incidents.periods import (
    Comparison,
    Period,
    aligned,
    clipped,
    month,
    months,
    period_before,
    week,
    weeks,
    whole_year,
    year_before,
    years,
)

FEASTS = {
    2022: dt.date(2022, 2, 1),
    2023: dt.date(2023, 1, 22),
    2024: dt.date(2024, 2, 10),
    2025: dt.date(2025, 1, 29),
    2026: dt.date(2026, 2, 17),
}
HOLIDAYS = pd.DataFrame(
    [(year, "spring_festival", day) for year, day in FEASTS.items()]
    + [(year, "national_day", pd.NaT) for year in FEASTS],
    columns=["year", "name", "first_day"],
)

DAYS = st.dates(dt.date(2023, 1, 1), dt.date(2026, 12, 31))
PERIODS = st.builds(
    lambda start, days: Period(start, start + dt.timedelta(days=days)), DAYS, st.integers(1, 400)
)


def days(text: str) -> Period:
    """Read "2026-03-01..2026-03-31", both ends in it."""
    first, last = (dt.date.fromisoformat(day) for day in text.split(".."))
    return Period(first, last + dt.timedelta(days=1))


def codes(comparison: Comparison) -> list[str]:
    """Return the codes of the notes."""
    return [note.code for note in comparison.notes]


def test_a_month_and_a_year_are_whole() -> None:
    """December ends with the year."""
    assert month(2026, 3) == days("2026-03-01..2026-03-31")
    assert month(2025, 12) == days("2025-12-01..2025-12-31")
    assert whole_year(2024).days == 366
    assert month(2024, 2).last_day == dt.date(2024, 2, 29)
    assert month(2024, 2).summary() == {
        "first_day": "2024-02-01",
        "last_day": "2024-02-29",
        "days": 29,
    }


def test_weeks_begin_on_monday() -> None:
    """Week 1 of 2026 begins in 2025; week 53 is not in every year."""
    assert week(2026, 1) == days("2025-12-29..2026-01-04")
    assert week(2026, 53) == days("2026-12-28..2027-01-03")
    with pytest.raises(InvalidParameterError, match="2025 has no week 53"):
        week(2025, 53)


@given(PERIODS)
def test_parts_follow_each_other_and_are_the_whole(period: Period) -> None:
    """Months, ISO weeks and years; only the ends are cut."""
    for parts in (months(period), weeks(period), years(period)):
        assert parts[0].start == period.start
        assert parts[-1].end == period.end
        assert all(one.end == two.start for one, two in pairwise(parts))
    assert all(part.start.day == 1 for part in months(period)[1:])
    assert all(part.start.weekday() == 0 for part in weeks(period)[1:])
    assert all((part.start.month, part.start.day) == (1, 1) for part in years(period)[1:])
    assert all(part.days == 7 for part in weeks(period)[1:-1])


def test_a_month_is_held_against_the_month_a_year_ago() -> None:
    """Of the same length: no note."""
    told = year_before(month(2026, 3))
    assert told.before == month(2025, 3)
    assert (told.kind, told.partial, told.notes) == ("year", False, ())
    assert told.exposure_now == told.exposure_before == 31


def test_a_leap_day_is_told_and_allowed_for() -> None:
    """29 days against 28, and the other way round; a leap year against another."""
    told = year_before(month(2024, 2))
    assert told.before == month(2023, 2)
    assert (told.exposure_now, told.exposure_before) == (29, 28)
    assert told.notes == (Note("leap_day", (29, 28)),)
    assert year_before(month(2025, 2)).notes == (Note("leap_day", (28, 29)),)
    assert year_before(whole_year(2025)).notes == (Note("leap_day", (365, 366)),)


def test_the_leap_day_itself_has_no_counterpart() -> None:
    """Alone it is held against the 28th; at the start of a period it is a day more."""
    told = year_before(days("2024-02-29..2024-02-29"))
    assert told.before == days("2023-02-28..2023-02-28")
    assert told.notes == (Note("no_counterpart", (dt.date(2024, 2, 29), dt.date(2023, 2, 28))),)
    told = year_before(days("2024-02-29..2024-03-05"))
    assert told.before == days("2023-03-01..2023-03-05")
    assert told.notes == (Note("leap_day", (6, 5)),)
    assert year_before(days("2024-02-01..2024-02-28")).before == month(2023, 2)


def test_a_week_is_held_against_the_week_of_the_same_number() -> None:
    """Week 53 against week 52 where there is no other, and that is told."""
    assert year_before(week(2026, 7)).before == week(2025, 7)
    assert year_before(week(2021, 1)).before == week(2020, 1)
    told = year_before(week(2026, 53))
    assert told.before == week(2025, 52)
    assert codes(told) == ["no_counterpart"]
    assert year_before(week(2021, 53 - 1)).before == week(2020, 52)


def test_months_are_held_against_as_many_before() -> None:
    """February against January, a quarter against a quarter, other days against as many."""
    told = period_before(month(2026, 2))
    assert told.before == month(2026, 1)
    assert told.kind == "period"
    assert told.notes == (Note("days_differ", (28, 31)),)
    assert period_before(month(2026, 1)).before == month(2025, 12)
    quarter = days("2026-01-01..2026-03-31")
    assert period_before(quarter).before == days("2025-10-01..2025-12-31")
    assert period_before(whole_year(2026)).before == whole_year(2025)
    assert period_before(week(2026, 7)).before == week(2026, 6)
    assert period_before(days("2026-03-05..2026-03-14")).before == days("2026-02-23..2026-03-04")


def test_both_periods_are_cut_where_the_data_end() -> None:
    """At the same day of the year before; and no more days than there are before."""
    told = clipped(year_before(month(2026, 3)), dt.date(2026, 3, 17))
    assert told.now == days("2026-03-01..2026-03-17")
    assert told.before == days("2025-03-01..2025-03-17")
    assert told.partial
    assert told.notes == (Note("partial", (dt.date(2026, 3, 17),)),)
    told = clipped(period_before(month(2026, 3)), dt.date(2026, 3, 17))
    assert told.before == days("2026-02-01..2026-02-17")
    told = clipped(period_before(month(2026, 3)), dt.date(2026, 3, 30))
    assert told.before == month(2026, 2)
    assert told.notes == (Note("days_differ", (30, 28)), Note("partial", (dt.date(2026, 3, 30),)))
    told = clipped(year_before(week(2026, 7)), week(2026, 7).start)
    assert told.before == Period(week(2025, 7).start, week(2025, 7).start + dt.timedelta(days=1))


def test_a_cut_before_the_leap_day_takes_its_note_away() -> None:
    """And one after it keeps it, with the days that are left."""
    leap = year_before(whole_year(2024))
    assert codes(clipped(leap, dt.date(2024, 2, 28))) == ["partial"]
    told = clipped(leap, dt.date(2024, 3, 1))
    assert told.before == days("2023-01-01..2023-03-01")
    assert told.notes[0] == Note("leap_day", (61, 60))
    told = clipped(year_before(days("2024-02-29..2024-03-05")), dt.date(2024, 2, 29))
    assert told.before == days("2023-03-01..2023-03-01")


def test_late_reports_are_held_back() -> None:
    """The last three days are not counted yet."""
    told = clipped(year_before(month(2026, 3)), dt.date(2026, 3, 31), lag_days=3)
    assert told.now == days("2026-03-01..2026-03-28")
    assert told.before == days("2025-03-01..2025-03-28")
    assert told.notes == (Note("partial", (dt.date(2026, 3, 28),)), Note("late_reports", (3,)))


def test_data_that_reach_beyond_cut_nothing() -> None:
    """To the last day; with nothing left there is nothing to compare."""
    whole = year_before(month(2026, 3))
    assert clipped(whole, dt.date(2026, 3, 31)) is whole
    assert clipped(whole, dt.date(2026, 4, 3), lag_days=3) is whole
    with pytest.raises(InvalidParameterError, match="2026-02-28"):
        clipped(whole, dt.date(2026, 2, 28))
    with pytest.raises(InvalidParameterError, match="lag_days"):
        clipped(whole, dt.date(2026, 3, 9), lag_days=-1)
    for moment in (pd.Timestamp("2026-03-17"), pd.Timestamp("2026-03-17 09:30")):
        with pytest.raises(InvalidParameterError, match=r"last_day: .* is no day"):
            clipped(whole, moment)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_days_around_the_festival_are_as_far_from_it(number: int) -> None:
    """January to March of 2026: the feast was 19 days earlier the year before."""
    told = aligned(month(2026, number), HOLIDAYS)
    assert told.now.start - FEASTS[2026] == told.before.start - FEASTS[2025]
    assert told.now.end - FEASTS[2026] == told.before.end - FEASTS[2025]
    assert told.exposure_now == told.exposure_before
    assert told.notes == (Note("festival_moved", (FEASTS[2026], FEASTS[2025])),)


def test_an_aligned_leap_month_has_as_many_days() -> None:
    """So the note on the leap day goes."""
    told = aligned(month(2024, 2), HOLIDAYS)
    assert told.before == days("2023-01-13..2023-02-10")
    assert codes(told) == ["festival_moved"]
    assert codes(aligned(days("2024-02-29..2024-02-29"), HOLIDAYS)) == ["festival_moved"]


@pytest.mark.parametrize(
    "period",
    [month(2026, 4), month(2026, 7), days("2026-01-01..2026-03-31"), whole_year(2026)],
)
def test_a_period_with_all_or_nothing_of_the_feast_stays(period: Period) -> None:
    """Nothing to align: the same as the plain comparison."""
    assert aligned(period, HOLIDAYS) == year_before(period)


def test_a_winter_across_new_year_is_aligned_on_its_feast() -> None:
    """December to February: the feast is that of the second year."""
    told = aligned(days("2025-12-01..2026-02-28"), HOLIDAYS)
    assert told.before == days("2024-11-12..2025-02-09")


def test_a_long_period_is_not_shifted_but_told() -> None:
    """A year from February on holds parts of two feasts."""
    period = days("2025-02-10..2026-02-09")
    told = aligned(period, HOLIDAYS)
    assert told.before == year_before(period).before
    assert told.notes[-1] == Note("festival_cut", (FEASTS[2025], FEASTS[2024]))


def test_a_year_that_is_cut_in_february_is_aligned() -> None:
    """The whole year needs none; its first 51 days do, and stay partial."""
    told = aligned(clipped(year_before(whole_year(2026)), dt.date(2026, 2, 20)), HOLIDAYS)
    assert told.before == days("2024-12-13..2025-02-01")
    assert told.partial
    assert codes(told) == ["partial", "festival_moved"]
    assert aligned(told, HOLIDAYS) == told


@pytest.mark.parametrize(
    ("period", "missing"),
    [
        (month(2027, 2), [2027]),
        (month(2028, 7), [2027, 2028]),
        (month(2022, 2), [2021]),
        (days("2026-12-20..2027-01-10"), [2027]),
    ],
)
def test_a_year_without_a_table_is_told_and_not_guessed(period: Period, missing: list[int]) -> None:
    """Whichever side lacks it."""
    told = aligned(period, HOLIDAYS)
    assert told.before == year_before(period).before
    said = [note for note in told.notes if note.code == "no_holiday_table"]
    assert said == [Note("no_holiday_table", (year,)) for year in missing]
    assert "festival_moved" not in codes(told)


@given(PERIODS)
def test_aligned_periods_have_the_same_days_of_the_feast(period: Period) -> None:
    """Or a note says that they have not."""
    told = aligned(period, HOLIDAYS)
    if told.before != year_before(period).before:
        assert codes(told) == ["festival_moved"]
        assert told.now.days == told.before.days
    plain = year_before(period)
    assert abs(plain.now.days - plain.before.days) <= 1
    assert plain.before.end <= plain.now.start or period.days > 360


@given(PERIODS, st.integers(0, 400))
def test_a_cut_takes_days_from_the_end_alone(period: Period, kept: int) -> None:
    """Of both, and never more than a leap day apart within a year."""
    last = period.start + dt.timedelta(days=min(kept, period.days - 1))
    for whole in (year_before(period), period_before(period)):
        told = clipped(whole, last)
        assert told.now.start == period.start
        assert told.before.start == whole.before.start
        assert told.before.end <= whole.before.end
        assert told.now.last_day == last
        assert told.partial == (last < period.last_day)


def test_notes_have_a_text_in_both_languages() -> None:
    """With both dates; every code is known."""
    note = Note("festival_moved", (FEASTS[2026], FEASTS[2025]))
    assert note.text() == "春节移动:正月初一本年2026-02-17,去年2025-01-29,已按距春节天数对齐"
    assert "2026-02-17" in note.text("en")
    assert note.summary() == {"code": "festival_moved", "values": ["2026-02-17", "2025-01-29"]}
    assert Note("no_holiday_table", (2027,)).summary() == {
        "code": "no_holiday_table",
        "values": [2027],
    }
    differ = Note("days_differ", (31, 28))
    assert differ.text() == "天数不同:本期31天,上期28天,检验按天数折算"
    assert differ.text("en") == "lengths differ: 31 days against 28; the tests allow for it"
    for code in NOTES:
        assert Note(code, (1, 2)).text("zh") != Note(code, (1, 2)).text("en")


def test_a_comparison_is_ready_for_json() -> None:
    """Both periods and the notes."""
    summary = year_before(month(2024, 2)).summary()
    assert summary["before"]["last_day"] == "2023-02-28"
    assert summary["notes"] == [{"code": "leap_day", "values": [29, 28]}]
    assert (summary["kind"], summary["partial"]) == ("year", False)


def test_what_is_no_period_is_refused() -> None:
    """No day, moments, a thirteenth month, a table without its columns."""
    with pytest.raises(InvalidParameterError, match="has no day"):
        Period(dt.date(2026, 3, 1), dt.date(2026, 3, 1))
    with pytest.raises(InvalidParameterError, match=r"start: .* is no day"):
        Period(pd.Timestamp("2026-03-01"), dt.date(2026, 4, 1))
    with pytest.raises(InvalidParameterError, match="month 13"):
        month(2026, 13)
    with pytest.raises(ColumnError, match="no column first_day"):
        aligned(month(2026, 3), HOLIDAYS.drop(columns="first_day"))
    with pytest.raises(InvalidParameterError, match="year_before"):
        aligned(period_before(month(2026, 3)), HOLIDAYS)
