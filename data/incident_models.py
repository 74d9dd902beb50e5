"""Tables beside the incidents: stations, and the sheets of classes, tags and colours."""

import datetime as dt

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.placed import Base, Placed


class Station(Placed, Base):
    """
    Where police set out from: an asset, and the police's.

    `unit_class` is station, post, sub_bureau or city, which answer within minutes of their own;
    `mode` is how they go, `hours` are those in which somebody is there, `state` open or closed.
    """

    __tablename__ = "station"

    unit_class: Mapped[str | None] = mapped_column(Text)
    mode: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str | None] = mapped_column(Text)


class Versioned:
    """
    What the rows of a sheet have that serves the whole store.

    A row holds from the day `since` on, up to the day before `until`; blank is always.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str | None] = mapped_column(Text)
    since: Mapped[dt.date | None]
    until: Mapped[dt.date | None]


class IncidentClass(Versioned, Base):
    """A class of one kind of incident, its group, and the words that ledgers have for it."""

    __tablename__ = "incident_class"

    kind: Mapped[str] = mapped_column(Text)
    class_: Mapped[str] = mapped_column("class", Text)
    label_en: Mapped[str | None] = mapped_column(Text)
    group: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("kind", "class", "since"),)


class IncidentTag(Versioned, Base):
    """One class of one tag."""

    __tablename__ = "incident_tag"

    tag: Mapped[str] = mapped_column(Text)
    class_: Mapped[str] = mapped_column("class", Text)
    label_en: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("tag", "class", "since"),)


class IncidentColour(Versioned, Base):
    """A colour: how serious it is, who handles it, within how many days, followed up after."""

    __tablename__ = "incident_colour"

    colour: Mapped[str] = mapped_column(Text)
    rank: Mapped[int | None]
    level: Mapped[str | None] = mapped_column(Text)
    limit_days: Mapped[int | None]
    follow_up_days: Mapped[int | None]

    __table_args__ = (UniqueConstraint("colour", "since"),)
