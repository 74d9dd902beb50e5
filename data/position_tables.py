"""Tables of where units were, of what came of it, and of the plans they go by."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.placed import DRAWN_ID, Base

POLICE: Final = "police"
"""Whose these rows are: positions and plans of patrols are the police's, whoever walks."""


class PositionTrack(Base):
    """
    A track of a unit: what the fixes of one device share, so that each need not repeat it.

    The results of its fixes before `results_until`, a local time, are kept; None where none are.
    """

    __tablename__ = "position_track"

    id: Mapped[int] = mapped_column(DRAWN_ID, primary_key=True, autoincrement=False)
    unit_id: Mapped[str] = mapped_column(Text)
    track_id: Mapped[str] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(15), default="", index=True)
    line: Mapped[str] = mapped_column(String(16), default=POLICE)
    results_until: Mapped[dt.datetime | None]

    __table_args__ = (
        Index("uq_position_track_key", "division", "unit_id", "track_id", unique=True),
    )


class PositionFix(Base):
    """
    Where a unit was at one moment, in degrees of WGS-84; `time` is local.

    It is kept for some weeks alone (`data.retention`).
    """

    __tablename__ = "position_fix"

    track: Mapped[int] = mapped_column(
        DRAWN_ID, ForeignKey("position_track.id", ondelete="CASCADE"), primary_key=True
    )
    time: Mapped[dt.datetime] = mapped_column(primary_key=True)
    lon: Mapped[float] = mapped_column(Float(53))
    lat: Mapped[float] = mapped_column(Float(53))
    accuracy_m: Mapped[float | None] = mapped_column(Float(53))
    import_id: Mapped[int] = mapped_column(DRAWN_ID)

    __table_args__ = (Index("ix_position_fix_time", "time"),)


class SegmentResult(Base):
    """
    A segment or point that a unit did: what stays when its fixes go.

    `date` is the day that the shift began on. `dwell_s` is of points, `share` of segments.
    """

    __tablename__ = "segment_result"

    id: Mapped[int] = mapped_column(DRAWN_ID, primary_key=True, autoincrement=False)
    division: Mapped[str] = mapped_column(String(15), default="", index=True)
    line: Mapped[str] = mapped_column(String(16), default=POLICE)
    kind: Mapped[str] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[str] = mapped_column(Text)
    track_id: Mapped[str] = mapped_column(Text, default="")
    shift_id: Mapped[str | None] = mapped_column(Text)
    date: Mapped[dt.date] = mapped_column(index=True)
    entered: Mapped[dt.datetime]
    left: Mapped[dt.datetime]
    dwell_s: Mapped[float | None] = mapped_column(Float(53))
    share: Mapped[float | None] = mapped_column(Float(53))
    certainty: Mapped[str | None] = mapped_column(String(8))
    mode: Mapped[str | None] = mapped_column(String(8))
    driven_through: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index(
            "uq_segment_result_key",
            "division", "unit_id", "track_id", "kind", "code", "entered",
            unique=True,
        ),
    )  # fmt: skip


class StoredPlan(Base):
    """
    A plan of a patrol: a proposal until a person accepts it.

    `area` is "" for all areas; `date` and `shift` are the shift it is for; `plan` is what
    `geo.patrol` answered. Of one area, date and shift one plan at most is accepted.
    """

    __tablename__ = "patrol_plan"

    id: Mapped[int] = mapped_column(DRAWN_ID, primary_key=True, autoincrement=False)
    division: Mapped[str] = mapped_column(String(15), default="", index=True)
    line: Mapped[str] = mapped_column(String(16), default=POLICE)
    area: Mapped[str] = mapped_column(Text, default="")
    date: Mapped[dt.date] = mapped_column(index=True)
    shift: Mapped[str] = mapped_column(String(40))
    seed: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer, default=1)
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Text)


_accepted = StoredPlan.state == "accepted"
Index(
    "uq_patrol_plan_accepted",
    StoredPlan.division,
    StoredPlan.area,
    StoredPlan.date,
    StoredPlan.shift,
    unique=True,
    sqlite_where=_accepted,
    postgresql_where=_accepted,
)
