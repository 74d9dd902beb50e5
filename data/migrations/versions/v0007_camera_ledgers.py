"""Poles, walls, entrances, and the two ledgers of cameras: their states and their faults."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

from data.boxes import box_statements

revision = "0007"
down_revision = "0006"

LAYERS: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "pole": (("kind", sa.Text),),
    "wall": (("height_m", sa.Double),),
    "entrance": (("site_id", sa.Text),),
    "camera_state": (("camera_id", sa.Text), ("time", sa.DateTime), ("online", sa.Boolean)),
    "camera_fault": (
        ("camera_id", sa.Text),
        ("fault_at", sa.DateTime),
        ("repaired_at", sa.DateTime),
        ("fault", sa.Text),
    ),
}
"""Table of a new layer -> the columns that it alone has."""


def upgrade() -> None:
    """Make the tables, their indexes, and on SQLite the R*Trees with their triggers."""
    for table, columns in LAYERS.items():
        _create_layer(table, columns)
    op.create_index(op.f("ix_camera_state_camera_id_time"), "camera_state", ["camera_id", "time"])
    op.create_index(op.f("ix_entrance_site_id"), "entrance", ["site_id"])
    op.create_index(op.f("ix_camera_fault_camera_id"), "camera_fault", ["camera_id"])


def downgrade() -> None:
    """Drop what was added."""
    for table in LAYERS:
        op.drop_table(table)
        if _dialect() == "sqlite":
            op.drop_table(f"{table}_box")


def _dialect() -> str:
    return op.get_context().dialect.name


def _create_layer(table: str, columns: tuple[tuple[str, Any], ...]) -> None:
    place = sa.LargeBinary().with_variant(Geometry(srid=4326, spatial_index=False), "postgresql")
    drawn = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        table,
        sa.Column("id", drawn, nullable=False, autoincrement=False),
        sa.Column("identity", sa.String(120), nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("name", sa.Text),
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
