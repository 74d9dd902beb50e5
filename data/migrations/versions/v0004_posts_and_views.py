"""What posts, areas and buildings may say, and the record of restricted views."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

COLUMNS: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "post": (
        ("mobility", sa.Text),
        ("channel", sa.Text),
        ("crew", sa.Text),
        ("staff", sa.Integer),
        ("tasks", sa.Integer),
        ("hazards", sa.Integer),
        ("duties", sa.Text),
    ),
    "area": (("risk", sa.Text), ("households", sa.Integer), ("people", sa.Integer)),
    "building": (("households", sa.Integer),),
}
"""Table of a layer -> the columns that it gets."""


def upgrade() -> None:
    """Add the columns, empty, and make the table."""
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind))
    op.create_table(
        "restricted_view",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("division", sa.String(15), nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("area", sa.Text),
        sa.Column("rows_seen", sa.Integer),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restricted_view")),
    )
    for column in ("at", "division"):
        op.create_index(op.f(f"ix_restricted_view_{column}"), "restricted_view", [column])


def downgrade() -> None:
    """Drop what was added."""
    op.drop_table("restricted_view")
    for table, columns in COLUMNS.items():
        for name, _ in reversed(columns):
            op.drop_column(table, name)
