"""The table of jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INDEXED = ("division", "state", "held_by")


def upgrade() -> None:
    """Make the table and its indexes."""
    op.create_table(
        "job",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("process", sa.String(32), nullable=False),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.Column("division", sa.String(15), nullable=False),
        sa.Column("line", sa.String(16), nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("rights", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("progress", sa.Integer, nullable=False),
        sa.Column("message", sa.Text),
        sa.Column("result", sa.Text),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("started", sa.DateTime),
        sa.Column("finished", sa.DateTime),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("held_by", sa.String(36)),
        sa.Column("held_until", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    for column in INDEXED:
        op.create_index(op.f(f"ix_job_{column}"), "job", [column])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("job")
