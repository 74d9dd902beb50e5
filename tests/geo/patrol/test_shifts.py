"""Who is on duty when, and who is not and why."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo.errors import ColumnError, InvalidParameterError
from geo.patrol.shifts import shifts_of
from tests.geo.patrol.town import HOUR, SUNDAY, crew, units_of


def test_shift_over_midnight_belongs_to_the_day_it_began() -> None:
    """In the roster too."""
    shifts = shifts_of(units_of(crew(shift="18:00-02:00")), SUNDAY)
    row = shifts.crews.iloc[0]
    assert (row["on_s"], row["off_s"]) == (18 * HOUR, 26 * HOUR)
    roster = shifts.roster().iloc[0]
    assert roster["on"] == pd.Timestamp("2026-11-22 18:00")
    assert roster["off"] == pd.Timestamp("2026-11-23 02:00")
    assert roster["shift_id"] == "2026-11-22 18:00-02:00"


def test_every_unit_without_a_shift_is_listed_with_its_reason() -> None:
    """Nobody is dropped silently."""
    units = units_of(
        crew("on"),
        crew("blank", shift=None),
        crew("unread", shift="sometimes"),
        crew("weekday", shift="Mo-Fr 08:00-16:00"),
        crew("night", shift="22:00-06:00"),
        crew("flying", mode="drone"),
        crew("screen", mode="video"),
    )
    shifts = shifts_of(units, SUNDAY, shift="08:00-16:00")
    assert shifts.crews["unit_id"].tolist() == ["on"]
    assert shifts.left_out.set_index("unit_id")["reason"].to_dict() == {
        "blank": "no_shift", "unread": "hours_unread", "weekday": "not_this_day",
        "night": "other_shift", "flying": "mode_unknown", "screen": "video",
    }  # fmt: skip
    assert shifts.video["unit_id"].tolist() == ["screen"]
    assert set(shifts.roster()["unit_id"]) == {"on", "screen"}


def test_unit_is_planned_for_the_part_of_its_shift_that_was_asked_for() -> None:
    """From 18:00 to 20:00."""
    shifts = shifts_of(units_of(crew(shift="08:00-20:00")), SUNDAY, shift="18:00-02:00")
    row = shifts.crews.iloc[0]
    assert (row["on_s"], row["off_s"]) == (18 * HOUR, 20 * HOUR)
    assert shifts.periods == ((18 * HOUR, 26 * HOUR),)


def test_three_shifts_are_three_periods() -> None:
    """Shifts that touch do not overlap."""
    hours = ("06:00-14:00", "14:00-22:00", "22:00-06:00")
    shifts = shifts_of(units_of(*(crew(h, shift=h) for h in hours)), SUNDAY)
    assert shifts.periods == ((6 * HOUR, 14 * HOUR), (14 * HOUR, 22 * HOUR), (22 * HOUR, 30 * HOUR))
    assert shifts.crews["period"].tolist() == [0, 1, 2]


def test_shifts_that_overlap_for_the_most_part_are_one() -> None:
    """Else points would be owed twice."""
    units = units_of(crew("a", shift="08:00-16:00"), crew("b", shift="09:00-17:00"))
    assert shifts_of(units, SUNDAY).periods == ((8 * HOUR, 17 * HOUR),)


def test_unit_with_two_shifts_is_two_crews() -> None:
    """Morning and evening."""
    shifts = shifts_of(units_of(crew(shift="06:00-10:00;16:00-20:00")), SUNDAY)
    assert shifts.crews["unit_id"].tolist() == ["U1", "U1"]
    assert shifts.crews["period"].tolist() == [0, 1]


def test_speed_is_that_of_the_mode_unless_told_and_never_above_30_on_patrol() -> None:
    """Code list C9."""
    units = units_of(
        crew("foot"),
        crew("e_bike", mode="e_bike"),
        crew("car", mode="car"),
        crew("fast", mode="car", speed_kmh=40.0),
        crew("slow", speed_kmh=3.0),
        crew("wrong", speed_kmh=-1.0),
    )
    crews = shifts_of(units, SUNDAY).crews
    assert crews["speed_kmh"].tolist() == [5.0, 20.0, 30.0, 40.0, 3.0, 5.0]
    assert crews["patrol_kmh"].tolist() == [5.0, 20.0, 30.0, 30.0, 3.0, 5.0]


def test_break_begins_so_that_it_ends_within_its_window() -> None:
    """A window around midnight."""
    units = units_of(crew(shift="18:00-02:00", break_min=30, break_window="23:30-00:30"))
    row = shifts_of(units, SUNDAY).crews.iloc[0]
    assert (row["break_s"], row["break_early_s"]) == (1800, 23 * HOUR + 1800)
    assert row["break_late_s"] == 24 * HOUR


def test_break_outside_the_shift_is_taken_in_it_and_noted() -> None:
    """A break is never lost."""
    units = units_of(crew(break_min=30, break_window="20:00-21:00"))
    shifts = shifts_of(units, SUNDAY)
    row = shifts.crews.iloc[0]
    assert (row["break_early_s"], row["break_late_s"]) == (8 * HOUR, 15 * HOUR + 1800)
    assert shifts.notes.to_numpy().tolist() == [["U1", "break_outside_shift"]]


def test_break_longer_than_the_shift_is_none_and_noted() -> None:
    """30 minutes in a shift of 20."""
    shifts = shifts_of(units_of(crew(shift="08:00-08:20", break_min=30)), SUNDAY)
    assert shifts.crews["break_s"].tolist() == [0]
    assert shifts.notes["note"].tolist() == ["break_too_long"]


def test_repeated_unit_is_refused() -> None:
    """Two rows of one unit would be two units."""
    with pytest.raises(ColumnError, match="'U1' repeats"):
        shifts_of(units_of(crew(), crew()), SUNDAY)


def test_sheet_without_ids_is_refused() -> None:
    """With the column to give."""
    with pytest.raises(ColumnError, match="no column unit_id"):
        shifts_of(pd.DataFrame({"name": ["x"]}), SUNDAY)


def test_shift_that_cannot_be_read_is_refused() -> None:
    """It is an option, not a row."""
    with pytest.raises(InvalidParameterError, match="shift: 'late'"):
        shifts_of(units_of(crew()), SUNDAY, shift="late")


@pytest.mark.parametrize("date", [dt.datetime(2026, 11, 22), "2026-11-22"])  # noqa: DTZ001
def test_what_is_no_date_is_refused(date: object) -> None:
    """A time of day would be taken for nothing."""
    with pytest.raises(InvalidParameterError, match="is no date"):
        shifts_of(units_of(crew()), date)
