"""What ledgers say of incidents, stations, and the sheets of classes, tags and colours."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

from data.boxes import box_statements

revision = "0009"
down_revision = "0008"

COLUMNS: Final[tuple[tuple[str, Any], ...]] = (
    ("time_to", sa.DateTime),
    ("accepted", sa.DateTime),
    ("closed", sa.DateTime),
    ("count", sa.Integer),
    ("about", sa.Boolean),
    ("count_unit", sa.Text),
    ("place_quality", sa.Text),
    ("tags", sa.Text),
    ("colour", sa.Text),
    ("closed_level", sa.Text),
    ("mediated", sa.Boolean),
    ("mediation_success", sa.Boolean),
    ("outcome", sa.Text),
    ("found_by", sa.Text),
    ("first_handler", sa.Text),
)
"""The columns that incidents get."""

STATION: Final[tuple[tuple[str, Any], ...]] = (
    ("name", sa.Text),
    ("unit_class", sa.Text),
    ("mode", sa.Text),
    ("hours", sa.Text),
    ("state", sa.Text),
)
"""The columns that stations alone have."""

SHEETS: Final[dict[str, tuple[tuple[tuple[str, Any], ...], tuple[str, ...]]]] = {
    "incident_class": (
        (
            ("kind", sa.Text),
            ("class", sa.Text),
            ("label_en", sa.Text),
            ("group", sa.Text),
            ("words", sa.Text),
        ),
        ("kind", "class"),
    ),
    "incident_tag": (
        (("tag", sa.Text), ("class", sa.Text), ("label_en", sa.Text)),
        ("tag", "class"),
    ),
    "incident_colour": (
        (
            ("colour", sa.Text),
            ("rank", sa.Integer),
            ("level", sa.Text),
            ("limit_days", sa.Integer),
            ("follow_up_days", sa.Integer),
        ),
        ("colour",),
    ),
}
"""Table of a sheet -> the columns that it alone has, and those that tell its rows apart."""


def upgrade() -> None:
    """Add the columns, empty, and make the tables."""
    for name, kind in COLUMNS:
        op.add_column("incident", sa.Column(name, kind))
    op.create_index(op.f("ix_incident_accepted"), "incident", ["accepted"])
    _create_station()
    for table, (columns, keys) in SHEETS.items():
        op.create_table(
            table,
            sa.Column("id", sa.Integer, nullable=False),
            *(sa.Column(name, kind, nullable=name not in keys) for name, kind in columns),
            sa.Column("label", sa.Text),
            sa.Column("since", sa.Date),
            sa.Column("until", sa.Date),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint(
                *keys, "since", name=op.f(f"uq_{table}_{'_'.join((*keys, 'since'))}")
            ),
        )


def downgrade() -> None:
    """Drop what was added."""
    for table in reversed(SHEETS):
        op.drop_table(table)
    op.drop_table("station")
    if _dialect() == "sqlite":
        op.drop_table("station_box")
    op.drop_index(op.f("ix_incident_accepted"), "incident")
    for name, _ in reversed(COLUMNS):
        op.drop_column("incident", name)


def _dialect() -> str:
    return op.get_context().dialect.name


def _create_station() -> None:
    """Make the table of stations, with its indexes and its R*Tree."""
    place = sa.LargeBinary().with_variant(Geometry(srid=4326, spatial_index=False), "postgresql")
    drawn = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "station",
        sa.Column("id", drawn, nullable=False, autoincrement=False),
        sa.Column("identity", sa.String(120), nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("division", sa.String(15), nullable=False),
        sa.Column("line", sa.String(16), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_datum", sa.String(8), nullable=False),
        sa.Column("quality", sa.String(8), nullable=False),
        sa.Column("area_code", sa.Text),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("geometry", place),
        *(sa.Column(side, sa.Float(53)) for side in ("west", "south", "east", "north")),
        *(sa.Column(name, kind) for name, kind in STATION),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("identity", name=op.f("uq_station_identity")),
    )
    for column in ("code", "division", "area_code"):
        op.create_index(op.f(f"ix_station_{column}"), "station", [column])
    if _dialect() == "sqlite":
        for statement in box_statements("station"):
            op.execute(sa.text(statement))
    else:
        op.create_index("ix_station_geometry", "station", ["geometry"], postgresql_using="gist")
