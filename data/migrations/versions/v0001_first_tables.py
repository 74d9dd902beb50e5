"""The first tables: layers with their boxes, divisions, imports and the quarantine."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

from data.boxes import box_statements

revision = "0001"
down_revision = None

Columns = tuple[tuple[str, Any], ...]

LAYERS: Final[dict[str, Columns]] = {
    "street": (
        ("class", sa.Text),
        ("oneway", sa.Text),
        ("bridge", sa.Text),
        ("tunnel", sa.Text),
        ("layer", sa.Text),
        ("width_m", sa.Double),
    ),
    "building": (("kind", sa.Text), ("height_m", sa.Double)),
    "area": (("parent_id", sa.Text),),
    "post": (("kind", sa.Text), ("hours", sa.Text), ("visibility", sa.String(8))),
    "camera": (
        ("kind", sa.Text),
        ("azimuth_deg", sa.Double),
        ("fov_deg", sa.Double),
        ("range_m", sa.Double),
        ("height_m", sa.Double),
        ("tilt_deg", sa.Double),
        ("online", sa.Boolean),
    ),
    "incident": (
        ("kind", sa.Text),
        ("class", sa.Text),
        ("state", sa.Text),
        ("time", sa.DateTime),
    ),
    "route": (("unit", sa.Text), ("mode", sa.Text), ("shift", sa.Text)),
    "key_site": (("kind", sa.Text),),
}
"""Table of a layer -> the columns that it alone has."""

FILLED: Final = frozenset({"visibility"})
"""Those of them that are never empty."""


def upgrade() -> None:
    """Make the tables, their indexes, and on SQLite the R*Trees with their triggers."""
    for table, columns in LAYERS.items():
        _create_layer(table, columns)
    op.create_index("ix_incident_time", "incident", ["time"])
    _create_others()


def downgrade() -> None:
    """Drop all of it; PostGIS itself stays."""
    for table in ("quarantined_row", "import_run", "division_change", "division"):
        op.drop_table(table)
    for table in LAYERS:
        op.drop_table(table)
        if _dialect() == "sqlite":
            op.drop_table(f"{table}_box")


def _dialect() -> str:
    return op.get_context().dialect.name


def _create_layer(table: str, columns: Columns) -> None:
    place = sa.LargeBinary().with_variant(Geometry(srid=4326, spatial_index=False), "postgresql")
    op.create_table(
        table,
        _id(),
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
        *(sa.Column(name, kind, nullable=name not in FILLED) for name, kind in columns),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("identity", name=op.f(f"uq_{table}_identity")),
    )
    _index(table, "code", "division", "area_code")
    if _dialect() == "sqlite":
        for statement in box_statements(table):
            op.execute(sa.text(statement))
    else:
        op.create_index(f"ix_{table}_geometry", table, ["geometry"], postgresql_using="gist")


def _create_others() -> None:
    op.create_table(
        "division",
        _id(),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parent_code", sa.String(12)),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
    )
    _index("division", "code", "parent_code")
    op.create_table(
        "division_change",
        _id(),
        sa.Column("old_code", sa.String(12), nullable=False),
        sa.Column("new_code", sa.String(12), nullable=False),
        sa.Column("changed_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_change")),
        sa.UniqueConstraint(
            "old_code", "new_code", name=op.f("uq_division_change_old_code_new_code")
        ),
    )
    _index("division_change", "old_code")
    op.create_table(
        "import_run",
        _id(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("division", sa.String(15), nullable=False),
        sa.Column("line", sa.String(16), nullable=False),
        sa.Column("datum", sa.String(8), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    _index("import_run", "division", "line")
    op.create_table(
        "quarantined_row",
        _id(),
        sa.Column("import_id", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_row")),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_run.id"],
            name=op.f("fk_quarantined_row_import_id"),
            ondelete="CASCADE",
        ),
    )
    _index("quarantined_row", "import_id")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, nullable=False)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
