"""The official holidays: what the package knows, year by year, and lunar New Year's day."""

from __future__ import annotations

import datetime as dt
import math

import chinese_calendar
import pandas as pd
import pytest

from data.holidays import LUNAR_NEW_YEAR, holidays


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Return every year that has a table."""
    return holidays()


def test_every_day_off_is_in_one_row(table: pd.DataFrame) -> None:
    """And no other day is."""
    days = [
        day.date()
        for row in table.itertuples()
        for day in pd.date_range(row.start, row.end, inclusive="left")
    ]
    assert days == sorted(chinese_calendar.holidays)


def test_the_festivals_of_2026_are_as_announced(table: pd.DataFrame) -> None:
    """The end is not in it; only the Spring Festival has a first day of its own."""
    year = table[table["year"] == 2026].set_index("name")
    assert list(year.index) == [
        "new_year",
        "spring_festival",
        "tomb_sweeping",
        "labour_day",
        "dragon_boat",
        "mid_autumn",
        "national_day",
    ]
    spring = year.loc["spring_festival"]
    assert str(spring["start"].date()) == "2026-02-15"
    assert str(spring["end"].date()) == "2026-02-24"
    assert str(spring["first_day"].date()) == "2026-02-17"
    assert year.drop("spring_festival")["first_day"].isna().all()


def test_lunar_new_year_is_among_the_days_off_of_every_year(table: pd.DataFrame) -> None:
    """On the first of them, on the second after its eve, or on the third after a weekend."""
    spring = table[table["name"] == "spring_festival"].set_index("year")
    known = range(2004, max(day.year for day in chinese_calendar.holidays) + 1)
    assert list(spring.index) == list(known)
    late = (spring["first_day"] - spring["start"]).dt.days
    assert late.between(0, 2).all()


def new_moon(count: int) -> dt.datetime:
    """
    Return a new moon in Chinese time, counted from 6 January 2000, to a few minutes.

    Mean lunations with the largest terms of the orbits of moon and sun (Meeus, Astronomical
    Algorithms, chapter 49).
    """
    sun, moon, node = (
        math.radians(start + step * count)
        for start, step in (
            (2.5534, 29.1053567),
            (201.5643, 385.81693528),
            (160.7108, 390.67050284),
        )
    )
    terms = (
        (-0.4072, moon), (0.17241, sun), (0.01608, 2 * moon), (0.01039, 2 * node),
        (0.00739, moon - sun), (-0.00514, moon + sun), (0.00208, 2 * sun),
        (-0.00111, moon - 2 * node), (-0.00057, moon + 2 * node), (0.00056, 2 * moon + sun),
    )  # fmt: skip
    off = sum(size * math.sin(angle) for size, angle in terms)
    # 0.09766 of 6 January 12:00 universal time, which is 20:00 in China.
    days = 0.09766 + 29.530588861 * count + off
    return dt.datetime(2000, 1, 6, 20) + dt.timedelta(days=days)  # noqa: DTZ001


def test_a_new_moon_falls_on_every_lunar_new_year() -> None:
    """Reckoned from the orbits, to ten minutes: the table is not that of the package."""
    slack = dt.timedelta(minutes=10)
    for year, day in LUNAR_NEW_YEAR.items():
        begins = dt.datetime(year, *day)  # noqa: DTZ001
        count = round((begins - dt.datetime(2000, 1, 6)).days / 29.530588861)  # noqa: DTZ001
        moment = new_moon(count)
        assert begins - slack <= moment < begins + dt.timedelta(days=1) + slack, (year, moment)
        assert (1, 21) <= day <= (2, 21)


def test_new_year_belongs_to_the_year_it_begins(table: pd.DataFrame) -> None:
    """The days off of 2024 began on 30 December 2023."""
    row = table[(table["name"] == "new_year") & (table["year"] == 2024)].iloc[0]
    assert str(row["start"].date()) == "2023-12-30"
    assert str(row["end"].date()) == "2024-01-02"


def test_a_year_that_nobody_announced_is_not_listed(table: pd.DataFrame) -> None:
    """Nor is one whose festival we cannot place given a day."""
    assert table["year"].max() == max(day.year for day in chinese_calendar.holidays)
    later = holidays({dt.date(2045, 2, 17): "Spring Festival", dt.date(2045, 5, 1): "Labour Day"})
    assert later["year"].tolist() == [2045, 2045]
    assert later["first_day"].isna().all()


def test_a_holiday_of_one_year_keeps_its_words(table: pd.DataFrame) -> None:
    """And all others have a code of ours."""
    once = table[table["name"].str.contains(" ")]
    assert once["year"].tolist() == [2015]


def test_days_apart_are_runs_apart() -> None:
    """A holiday interrupted by work, or by another one."""
    days = [dt.date(2031, 5, 1), dt.date(2031, 5, 2), dt.date(2031, 5, 4)]
    split = holidays(dict.fromkeys(days, "Labour Day"))
    assert split["start"].dt.day.tolist() == [1, 4]
    assert split["end"].dt.day.tolist() == [3, 5]
    assert split["year"].dtype == "int64"
