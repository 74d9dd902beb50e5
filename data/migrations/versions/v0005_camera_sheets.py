"""What the sheets of cameras say besides where they look."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

COLUMNS: Final[tuple[tuple[str, Any], ...]] = (
    ("vfov_deg", sa.Double),
    ("light", sa.Text),
    ("ir_range_m", sa.Double),
    ("indoor", sa.Boolean),
    ("unit", sa.Text),
    ("point_class", sa.Text),
    ("networked", sa.Boolean),
    ("point_id", sa.Text),
    ("adjustable", sa.Boolean),
    ("mandatory", sa.Boolean),
)
"""The columns that cameras get."""


def upgrade() -> None:
    """Add the columns, empty."""
    for name, kind in COLUMNS:
        op.add_column("camera", sa.Column(name, kind))


def downgrade() -> None:
    """Drop what was added."""
    for name, _ in reversed(COLUMNS):
        op.drop_column("camera", name)
