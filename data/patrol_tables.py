"""Tables of what patrols go by: segments, units, standby places, duties, rosters and check-ins."""

import datetime as dt

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.placed import Base, Placed


class PatrolSegment(Placed, Base):
    """
    A stretch along streets that patrols have to walk: a plan, so that it is the police's.

    `area_code` is its patrol area. `windows` are the hours in which it counts, `visits` how often
    a shift owes it, `both` whether in both directions. What is not `required` is worth a way of
    `prize_m`. `priority` is 1 to 5, 1 first; `skills` are words with semicolons between.
    """

    __tablename__ = "patrol_segment"

    visits: Mapped[int | None]
    windows: Mapped[str | None] = mapped_column(Text)
    both: Mapped[bool | None]
    required: Mapped[bool | None]
    prize_m: Mapped[float | None]
    priority: Mapped[int | None]
    skills: Mapped[str | None] = mapped_column(Text)


class PatrolUnit(Placed, Base):
    """
    A unit that patrols: a pair on foot, a car, a seat before the screens. Never a person.

    `shift` are its hours of duty, `start` and `end` where it begins and ends them, `area_code` its
    patrol area; `break_min` is taken within `break_window`.
    """

    __tablename__ = "patrol_unit"

    force: Mapped[str | None] = mapped_column(Text)
    mode: Mapped[str | None] = mapped_column(Text)
    visible: Mapped[bool | None]
    speed_kmh: Mapped[float | None]
    shift: Mapped[str | None] = mapped_column(Text)
    start: Mapped[str | None] = mapped_column(Text)
    end: Mapped[str | None] = mapped_column(Text)
    break_min: Mapped[float | None]
    break_window: Mapped[str | None] = mapped_column(Text)
    skills: Mapped[str | None] = mapped_column(Text)
    most_stops: Mapped[int | None]


class StandbyPlace(Placed, Base):
    """Where units may begin, end, rest and stand by, and at which `hours`."""

    __tablename__ = "standby_place"

    hours: Mapped[str | None] = mapped_column(Text)


class Duty(Placed, Base):
    """
    Which force, or unit, answers for which places at which hours.

    Without `place_id` it answers for all places of the kind, without `hours` always.
    """

    __tablename__ = "duty"

    # Leaves out the column that other layers have.
    name = None
    place_kind: Mapped[str | None] = mapped_column(Text)
    place_id: Mapped[str | None] = mapped_column(Text)
    force: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[str | None] = mapped_column(Text)
    unit_id: Mapped[str | None] = mapped_column(Text)


class RosterShift(Placed, Base):
    """
    One shift of a unit: a row of a ledger, without a place of its own.

    It belongs to the day it begins on, `date`; `shift` are its hours, maybe over midnight.
    """

    __tablename__ = "roster_shift"

    name = None
    unit_id: Mapped[str | None] = mapped_column(Text)
    date: Mapped[dt.date | None]
    shift: Mapped[str | None] = mapped_column(Text)
    force: Mapped[str | None] = mapped_column(Text)
    mode: Mapped[str | None] = mapped_column(Text)
    visible: Mapped[bool | None]

    __table_args__ = (Index("ix_roster_shift_unit_id_date", "unit_id", "date"),)


class Checkin(Placed, Base):
    """One check-in of a unit at a must-visit point: a row of a ledger; `time` is local."""

    __tablename__ = "checkin"

    name = None
    point_id: Mapped[str | None] = mapped_column(Text)
    unit_id: Mapped[str | None] = mapped_column(Text)
    time: Mapped[dt.datetime | None] = mapped_column(index=True)

    __table_args__ = (Index("ix_checkin_unit_id_time", "unit_id", "time"),)
