"""The official holidays of each year, as the State Council announced them; no year is guessed."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

import chinese_calendar
import pandas as pd

NAMES: Final = {
    "New Year's Day": "new_year",
    "Spring Festival": "spring_festival",
    "Tomb-sweeping Day": "tomb_sweeping",
    "Labour Day": "labour_day",
    "Dragon Boat Festival": "dragon_boat",
    "Mid-autumn Festival": "mid_autumn",
    "National Day": "national_day",
}
"""What the package calls a holiday -> what we do; a holiday of one year keeps its own words."""

SPRING_FESTIVAL: Final = "spring_festival"
"""The holiday that moves by up to four weeks from year to year."""

LUNAR_NEW_YEAR: Final = {
    2004: (1, 22), 2005: (2, 9), 2006: (1, 29), 2007: (2, 18), 2008: (2, 7), 2009: (1, 26),
    2010: (2, 14), 2011: (2, 3), 2012: (1, 23), 2013: (2, 10), 2014: (1, 31), 2015: (2, 19),
    2016: (2, 8), 2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25), 2021: (2, 12),
    2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6),
    2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
}  # fmt: skip
"""Month and day of lunar New Year's day. Days off often begin on its eve, so the official table
alone does not tell it. Ahead of the table, for a newer package that knows more years."""


def holidays(days_off: Mapping[dt.date, str] = chinese_calendar.holidays) -> pd.DataFrame:
    """
    List the official holidays of every year that has a table.

    Parameters
    ----------
    days_off
        Day off -> what the package calls its holiday; weekends that join it are days off too.

    Returns
    -------
    holidays
        One row per run of days off: `year` (New Year's Day belongs to the year it begins), `name`,
        `start`, `end` (the first day after), and for the Spring Festival `first_day`, which is
        lunar New Year's day. By day. A year that is not listed has no table yet.
    """
    table = pd.DataFrame(
        {
            "start": pd.to_datetime(sorted(days_off)).as_unit("us"),
            "name": [days_off[day] for day in sorted(days_off)],
        }
    )
    one_day = pd.Timedelta(days=1)
    new_run = (table["name"] != table["name"].shift()) | (table["start"].diff() != one_day)
    runs = table.groupby(new_run.cumsum()).agg(
        name=("name", "first"), start=("start", "first"), end=("start", "last")
    )
    year = runs["end"].dt.year.astype("int64")
    name = runs["name"].map(NAMES).fillna(runs["name"])
    known = {at: pd.Timestamp(at, *day) for at, day in LUNAR_NEW_YEAR.items()}
    return pd.DataFrame(
        {
            "year": year,
            "name": name,
            "start": runs["start"],
            "end": runs["end"] + one_day,
            "first_day": pd.to_datetime(year.map(known))
            .dt.as_unit("us")
            .where(name == SPRING_FESTIVAL),
        }
    ).reset_index(drop=True)
