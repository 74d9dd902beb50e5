"""
Tables: one set of models for SQLite and PostGIS.

Every row of a layer has a division and a line, which scopes go by; a version, which guards
writes; and an end date instead of deletion.
"""

import datetime as dt
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from data.camera_tables import CameraFault, CameraState, Entrance, Pole, Wall
from data.grid_tables import WorkCount, WorkerSlot
from data.incident_models import Station
from data.patrol_tables import (
    Checkin,
    Duty,
    PatrolSegment,
    PatrolUnit,
    RosterShift,
    StandbyPlace,
)
from data.placed import DRAWN_ID, Base, Placed


class Division(Base):
    """
    A node of the division tree, province to village, valid for a time.

    The code has 12 digits as text; the parent is named by its code; depth varies.
    """

    __tablename__ = "division"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), index=True)
    name: Mapped[str] = mapped_column(Text)
    parent_code: Mapped[str | None] = mapped_column(String(12), index=True)
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]


class DivisionChange(Base):
    """A code that became another: old rows are found under the new one."""

    __tablename__ = "division_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    old_code: Mapped[str] = mapped_column(String(12), index=True)
    new_code: Mapped[str] = mapped_column(String(12))
    changed_on: Mapped[dt.date | None]

    __table_args__ = (UniqueConstraint("old_code", "new_code"),)


class Street(Placed, Base):
    """A piece of street."""

    __tablename__ = "street"

    class_: Mapped[str | None] = mapped_column("class", Text)
    oneway: Mapped[str | None] = mapped_column(Text)
    bridge: Mapped[str | None] = mapped_column(Text)
    tunnel: Mapped[str | None] = mapped_column(Text)
    layer: Mapped[str | None] = mapped_column(Text)
    width_m: Mapped[float | None]


class Building(Placed, Base):
    """A building outline; `households` is how many, and nobody's name."""

    __tablename__ = "building"

    kind: Mapped[str | None] = mapped_column(Text)
    height_m: Mapped[float | None]
    households: Mapped[int | None]


class Area(Placed, Base):
    """
    A grid or another area with a code; its border is valid for a time.

    `kind` is that of the grid (`data.grid_kinds`). `risk` is that of the place: high, medium or
    low. `households` and `people` are counts. `setting` is urban or rural.
    """

    __tablename__ = "area"

    kind: Mapped[str | None] = mapped_column(Text)
    parent_id: Mapped[str | None] = mapped_column(Text)
    risk: Mapped[str | None] = mapped_column(Text)
    households: Mapped[int | None]
    people: Mapped[int | None]
    setting: Mapped[str | None] = mapped_column(Text)


class Post(Placed, Base):
    """
    An observation post; `visibility` covert is restricted, in counts too, and the police's.

    `staff` is how many people it has, never who; `tasks` and `hazards` are counts of the period.
    `duties` are codes with semicolons between them, such as `patrol;information`.
    """

    __tablename__ = "post"

    kind: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[str | None] = mapped_column(Text)
    visibility: Mapped[str] = mapped_column(String(8), default="overt")
    mobility: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str | None] = mapped_column(Text)
    crew: Mapped[str | None] = mapped_column(Text)
    staff: Mapped[int | None]
    tasks: Mapped[int | None]
    hazards: Mapped[int | None]
    duties: Mapped[str | None] = mapped_column(Text)


class Camera(Placed, Base):
    """
    A camera as an asset: where it stands and where it looks, never what it sees.

    `headings` are those of all its lenses where there are several, such as `90;270`. `unit` is who
    keeps it, an organisation, and `point_class` whose it is by class; `point_id` names the point
    that it hangs at with others. `pixels` are those of the width of its picture. How to reach it
    over a network is not kept.
    """

    __tablename__ = "camera"

    kind: Mapped[str | None] = mapped_column(Text)
    azimuth_deg: Mapped[float | None]
    headings: Mapped[str | None] = mapped_column(Text)
    fov_deg: Mapped[float | None]
    range_m: Mapped[float | None]
    height_m: Mapped[float | None]
    tilt_deg: Mapped[float | None]
    online: Mapped[bool | None]
    vfov_deg: Mapped[float | None]
    light: Mapped[str | None] = mapped_column(Text)
    ir_range_m: Mapped[float | None]
    pixels: Mapped[int | None]
    focal_mm: Mapped[float | None]
    indoor: Mapped[bool | None]
    unit: Mapped[str | None] = mapped_column(Text)
    point_class: Mapped[str | None] = mapped_column(Text)
    networked: Mapped[bool | None]
    point_id: Mapped[str | None] = mapped_column(Text)
    adjustable: Mapped[bool | None]
    mandatory: Mapped[bool | None]


class Incident(Placed, Base):
    """
    An event, case, police call, dispute or hazard, as a matter with a place and a time.

    It happened between `time` and `time_to` (at `time` where there is none) and counts in the
    period of `accepted`, else of `time`. `count` is how many it stands for (one where blank), at
    least so many where `about`, each a `count_unit`. `place_quality` is what its source says of
    the place; `quality` what the store knows. `tags` are words with semicolons between; `colour`
    is of events, disputes and hazards alone. Who had to do with it is not kept.
    """

    __tablename__ = "incident"

    kind: Mapped[str | None] = mapped_column(Text)
    class_: Mapped[str | None] = mapped_column("class", Text)
    state: Mapped[str | None] = mapped_column(Text)
    time: Mapped[dt.datetime | None] = mapped_column(index=True)
    time_to: Mapped[dt.datetime | None]
    accepted: Mapped[dt.datetime | None] = mapped_column(index=True)
    closed: Mapped[dt.datetime | None]
    count: Mapped[int | None]
    about: Mapped[bool | None]
    count_unit: Mapped[str | None] = mapped_column(Text)
    place_quality: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[str | None] = mapped_column(Text)
    colour: Mapped[str | None] = mapped_column(Text)
    closed_level: Mapped[str | None] = mapped_column(Text)
    mediated: Mapped[bool | None]
    mediation_success: Mapped[bool | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    found_by: Mapped[str | None] = mapped_column(Text)
    first_handler: Mapped[str | None] = mapped_column(Text)


class Route(Placed, Base):
    """A patrol route."""

    __tablename__ = "route"

    unit: Mapped[str | None] = mapped_column(Text)
    mode: Mapped[str | None] = mapped_column(Text)
    shift: Mapped[str | None] = mapped_column(Text)


class KeySite(Placed, Base):
    """A public place that matters; its kind is from a closed list."""

    __tablename__ = "key_site"

    kind: Mapped[str | None] = mapped_column(Text)


class MustVisitPoint(Placed, Base):
    """
    A point that patrols have to visit: a plan, so that it is the police's.

    `windows` are the hours in which a visit counts (`08:30-11:30;13:30-17:00`), `visits` how many
    a shift owes; a visit lasts `dwell_min`, and between two of them lie at least
    `least_interval_min` and at most `greatest_interval_min`, all in minutes. What is not
    `required` is worth a way of `prize_m`; `priority` is 1 to 5, 1 first; `skills` are words with
    semicolons between.
    """

    __tablename__ = "must_visit_point"

    route_id: Mapped[str | None] = mapped_column(Text)
    seq: Mapped[int | None]
    dwell_min: Mapped[float | None]
    windows: Mapped[str | None] = mapped_column(Text)
    visits: Mapped[int | None]
    least_interval_min: Mapped[float | None]
    greatest_interval_min: Mapped[float | None]
    required: Mapped[bool | None]
    prize_m: Mapped[float | None]
    priority: Mapped[int | None]
    skills: Mapped[str | None] = mapped_column(Text)


class Address(Placed, Base):
    """An address and where it is; `compared` is the address as others are compared with it."""

    __tablename__ = "address"

    address: Mapped[str | None] = mapped_column(Text)
    compared: Mapped[str | None] = mapped_column(Text, index=True)


class ImportRun(Base):
    """
    One import: what came from where, and what became of its rows.

    Its counts and notes tell of all its rows: `division` is the one that holds them all, `line`
    the most guarded of theirs, and `covert` says whether a covert post was among them. Its
    quarantine is in the coordinates of the file: `datum` and `crs` say in which.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(DRAWN_ID, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(15), default="", index=True)
    line: Mapped[str] = mapped_column(String(16), index=True)
    covert: Mapped[bool] = mapped_column(default=False, server_default=false())
    datum: Mapped[str] = mapped_column(String(8))
    crs: Mapped[str] = mapped_column(Text, default="EPSG:4326", server_default="EPSG:4326")
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str] = mapped_column(Text)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    notes: Mapped[list[Any]] = mapped_column(JSON)


class QuarantinedRow(Base):
    """
    A row that could not be used: its mapped columns as they came, and why.

    Its id is told to nobody.
    """

    __tablename__ = "quarantined_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(
        DRAWN_ID, ForeignKey("import_run.id", ondelete="CASCADE"), index=True
    )
    row: Mapped[int]
    reason: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)


class RestrictedView(Base):
    """
    One view of what is restricted: when, under which scope, and what was seen of which area.

    `who` is the name of the scope, `division` and `lines` are what it covers. Rows are added by
    `data.viewing` and never changed.
    """

    __tablename__ = "restricted_view"

    id: Mapped[int] = mapped_column(DRAWN_ID, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(15), index=True)
    lines: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    area: Mapped[str | None] = mapped_column(Text)
    rows_seen: Mapped[int | None]


LAYERS: Final[dict[str, type[Any]]] = {
    "streets": Street,
    "buildings": Building,
    "areas": Area,
    "posts": Post,
    "cameras": Camera,
    "incidents": Incident,
    "routes": Route,
    "key_sites": KeySite,
    "must_visit": MustVisitPoint,
    "addresses": Address,
    "workers": WorkerSlot,
    "work": WorkCount,
    "poles": Pole,
    "walls": Wall,
    "entrances": Entrance,
    "states": CameraState,
    "faults": CameraFault,
    "segments": PatrolSegment,
    "standby": StandbyPlace,
    "units": PatrolUnit,
    "duties": Duty,
    "roster": RosterShift,
    "checkins": Checkin,
    "stations": Station,
}
"""Kind of layer -> its table."""

for _table in LAYERS.values():
    Index(f"ix_{_table.__tablename__}_geometry", _table.geometry, postgresql_using="gist").ddl_if(
        dialect="postgresql"
    )
