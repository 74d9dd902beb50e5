"""What kind of grid an area is, the slots of workers, and counts of their work."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

from data.boxes import box_statements

revision = "0006"
down_revision = "0005"

NEW_LAYERS: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "worker_slot": (("role", sa.Text), ("kind", sa.Text), ("state", sa.Text)),
    "work_count": (("month", sa.String(7)), ("kind", sa.Text), ("count", sa.Integer)),
}
"""Table of a new layer -> the columns that it alone has."""


def upgrade() -> None:
    """Add the column, empty, and make the tables."""
    op.add_column("area", sa.Column("kind", sa.Text))
    for table, columns in NEW_LAYERS.items():
        _create_layer(table, columns)
    op.create_index(op.f("ix_work_count_month"), "work_count", ["month"])


def downgrade() -> None:
    """Drop what was added."""
    for table in reversed(NEW_LAYERS):
        op.drop_table(table)
        if _dialect() == "sqlite":
            op.drop_table(f"{table}_box")
    op.drop_column("area", "kind")


def _dialect() -> str:
    return op.get_context().dialect.name


def _create_layer(table: str, columns: tuple[tuple[str, Any], ...]) -> None:
    """Make the table of a layer that names nothing, with its indexes and its R*Tree."""
    place = sa.LargeBinary().with_variant(Geometry(srid=4326, spatial_index=False), "postgresql")
    drawn = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        table,
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
