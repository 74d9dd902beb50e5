"""Tables beside the cameras: where more may hang, what hides, what to watch, and two ledgers."""

import datetime as dt

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.placed import Base, Placed


class Pole(Placed, Base):
    """A pole or a place on a wall that may bear a camera; `kind` is that of the camera."""

    __tablename__ = "pole"

    kind: Mapped[str | None] = mapped_column(Text)


class Wall(Placed, Base):
    """A wall that hides what is behind it."""

    __tablename__ = "wall"

    height_m: Mapped[float | None]


class Entrance(Placed, Base):
    """A door or gate of a key site, which `site_id` names."""

    __tablename__ = "entrance"

    site_id: Mapped[str | None] = mapped_column(Text, index=True)


class CameraState(Placed, Base):
    """
    Whether a camera answered at one moment: a row of a ledger, without a place of its own.

    The camera is named by its code, as its own sheet has it; `time` is local.
    """

    __tablename__ = "camera_state"

    camera_id: Mapped[str | None] = mapped_column(Text)
    time: Mapped[dt.datetime | None]
    online: Mapped[bool | None]

    __table_args__ = (Index("ix_camera_state_camera_id_time", "camera_id", "time"),)


class CameraFault(Placed, Base):
    """
    A fault of a camera and its repair: a row of a ledger, without a place of its own.

    Times are local; a fault without `repaired_at` is open. Who reported or repaired it is not kept.
    """

    __tablename__ = "camera_fault"

    camera_id: Mapped[str | None] = mapped_column(Text, index=True)
    fault_at: Mapped[dt.datetime | None]
    repaired_at: Mapped[dt.datetime | None]
    fault: Mapped[str | None] = mapped_column(Text)
