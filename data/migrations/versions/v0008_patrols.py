"""What patrols go by, where their units were and what came of it, and their plans."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

from data.boxes import box_statements

revision = "0008"
down_revision = "0007"

WISHES: Final = (
    ("required", sa.Boolean),
    ("prize_m", sa.Double),
    ("priority", sa.Integer),
    ("skills", sa.Text),
)
"""What points and segments have alike."""

CREW: Final = (("force", sa.Text), ("mode", sa.Text), ("visible", sa.Boolean))
"""What units and their shifts have alike."""

LAYERS: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "patrol_segment": (
        ("name", sa.Text),
        ("visits", sa.Integer),
        ("windows", sa.Text),
        ("both", sa.Boolean),
        *WISHES,
    ),
    "patrol_unit": (
        ("name", sa.Text),
        *CREW,
        ("speed_kmh", sa.Double),
        ("shift", sa.Text),
        ("start", sa.Text),
        ("end", sa.Text),
        ("break_min", sa.Double),
        ("break_window", sa.Text),
        ("skills", sa.Text),
        ("most_stops", sa.Integer),
    ),
    "standby_place": (("name", sa.Text), ("hours", sa.Text)),
    "duty": (
        ("place_kind", sa.Text),
        ("place_id", sa.Text),
        ("force", sa.Text),
        ("hours", sa.Text),
        ("unit_id", sa.Text),
    ),
    "roster_shift": (("unit_id", sa.Text), ("date", sa.Date), ("shift", sa.Text), *CREW),
    "checkin": (("point_id", sa.Text), ("unit_id", sa.Text), ("time", sa.DateTime)),
}
"""Table of a new layer -> the columns that it alone has."""

INDEXES: Final = (
    ("roster_shift", "unit_id", "date"),
    ("checkin", "time"),
    ("checkin", "unit_id", "time"),
)
"""Table and columns of the indexes that not every layer has."""


def upgrade() -> None:
    """Add the columns, empty, and make the tables."""
    for name, kind in WISHES:
        op.add_column("must_visit_point", sa.Column(name, kind))
    for table, columns in LAYERS.items():
        _create_layer(table, columns)
    for table, *indexed in INDEXES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(indexed)}"), table, indexed)
    _create_positions()
    _create_results()
    _create_plans()


def downgrade() -> None:
    """Drop what was added, positions and plans among it."""
    for table in ("patrol_plan", "segment_result", "position_fix", "position_track"):
        op.drop_table(table)
    for table in reversed(LAYERS):
        op.drop_table(table)
        if _dialect() == "sqlite":
            op.drop_table(f"{table}_box")
    for name, _ in reversed(WISHES):
        op.drop_column("must_visit_point", name)


def _dialect() -> str:
    return op.get_context().dialect.name


def _drawn() -> Any:  # noqa: ANN401 - a type of SQLAlchemy
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _create_positions() -> None:
    op.create_table(
        "position_track",
        sa.Column("id", _drawn(), nullable=False, autoincrement=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("track_id", sa.Text, nullable=False),
        sa.Column("division", sa.String(15), nullable=False),
        sa.Column("line", sa.String(16), nullable=False),
        sa.Column("results_until", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_track")),
    )
    op.create_index(op.f("ix_position_track_division"), "position_track", ["division"])
    op.create_index(
        "uq_position_track_key", "position_track", ["division", "unit_id", "track_id"], unique=True
    )
    op.create_table(
        "position_fix",
        sa.Column("track", _drawn(), nullable=False),
        sa.Column("time", sa.DateTime, nullable=False),
        sa.Column("lon", sa.Float(53), nullable=False),
        sa.Column("lat", sa.Float(53), nullable=False),
        sa.Column("accuracy_m", sa.Float(53)),
        sa.Column("import_id", _drawn(), nullable=False),
        sa.PrimaryKeyConstraint("track", "time", name=op.f("pk_position_fix")),
        sa.ForeignKeyConstraint(
            ["track"],
            ["position_track.id"],
            name=op.f("fk_position_fix_track"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_position_fix_time", "position_fix", ["time"])


def _create_results() -> None:
    op.create_table(
        "segment_result",
        sa.Column("id", _drawn(), nullable=False, autoincrement=False),
        sa.Column("division", sa.String(15), nullable=False),
        sa.Column("line", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Text, nullable=False),
        sa.Column("track_id", sa.Text, nullable=False),
        sa.Column("shift_id", sa.Text),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("entered", sa.DateTime, nullable=False),
        sa.Column("left", sa.DateTime, nullable=False),
        sa.Column("dwell_s", sa.Float(53)),
        sa.Column("share", sa.Float(53)),
        sa.Column("certainty", sa.String(8)),
        sa.Column("mode", sa.String(8)),
        sa.Column("driven_through", sa.Boolean, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_result")),
    )
    for column in ("division", "date"):
        op.create_index(op.f(f"ix_segment_result_{column}"), "segment_result", [column])
    op.create_index(
        "uq_segment_result_key",
        "segment_result",
        ["division", "unit_id", "track_id", "kind", "code", "entered"],
        unique=True,
    )


def _create_plans() -> None:
    op.create_table(
        "patrol_plan",
        sa.Column("id", _drawn(), nullable=False, autoincrement=False),
        sa.Column("division", sa.String(15), nullable=False),
        sa.Column("line", sa.String(16), nullable=False),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("shift", sa.String(40), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime),
        sa.Column("decided_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_plan")),
    )
    for column in ("division", "date"):
        op.create_index(op.f(f"ix_patrol_plan_{column}"), "patrol_plan", [column])
    accepted = sa.text("state = 'accepted'")
    op.create_index(
        "uq_patrol_plan_accepted",
        "patrol_plan",
        ["division", "area", "date", "shift"],
        unique=True,
        sqlite_where=accepted,
        postgresql_where=accepted,
    )


def _create_layer(table: str, columns: tuple[tuple[str, Any], ...]) -> None:
    """Make the table of a layer, with its indexes and its R*Tree."""
    place = sa.LargeBinary().with_variant(Geometry(srid=4326, spatial_index=False), "postgresql")
    op.create_table(
        table,
        sa.Column("id", _drawn(), nullable=False, autoincrement=False),
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
        *(sa.Column(name, kind) for name, kind in columns),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("identity", name=op.f(f"uq_{table}_identity")),
    )
    for column in ("code", "division", "area_code"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    if _dialect() == "sqlite":
        for statement in box_statements(table):
            op.execute(sa.text(statement))
    else:
        op.create_index(f"ix_{table}_geometry", table, ["geometry"], postgresql_using="gist")
