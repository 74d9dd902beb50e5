"""Tables of what grids are staffed with and what is done in them: slots and counts, no people."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from data.placed import Base, Placed


class WorkerSlot(Placed, Base):
    """
    A place for one worker in a grid: what it is for, and never who has it.

    `area_code` is the grid, `kind` full_time or part_time, `state` filled or vacant. There is no
    column of names, so that none can get into the store.
    """

    __tablename__ = "worker_slot"

    # Leaves out the column that other layers have.
    name = None
    role: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str | None] = mapped_column(Text)


class WorkCount(Placed, Base):
    """
    How much of one kind of work was done in a grid in a month; `area_code` is the grid.

    `month` is written as 2026-01. A month that was not reported has no row: it is unknown, not 0.
    """

    __tablename__ = "work_count"

    name = None
    month: Mapped[str | None] = mapped_column(String(7), index=True)
    kind: Mapped[str | None] = mapped_column(Text)
    count: Mapped[int | None]
