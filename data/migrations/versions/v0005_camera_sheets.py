"""What the sheets of cameras say besides where they look, and whether areas are urban."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

COLUMNS: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "camera": (
        ("vfov_deg", sa.Double),
        ("light", sa.Text),
        ("ir_range_m", sa.Double),
        ("pixels", sa.Integer),
        ("focal_mm", sa.Double),
        ("indoor", sa.Boolean),
        ("unit", sa.Text),
        ("point_class", sa.Text),
        ("networked", sa.Boolean),
        ("point_id", sa.Text),
        ("adjustable", sa.Boolean),
        ("mandatory", sa.Boolean),
    ),
    "area": (("setting", sa.Text),),
}
"""Table of a layer -> the columns that it gets."""


def upgrade() -> None:
    """Add the columns, empty."""
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind))


def downgrade() -> None:
    """Drop what was added."""
    for table, columns in COLUMNS.items():
        for name, _ in reversed(columns):
            op.drop_column(table, name)
