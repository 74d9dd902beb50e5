"""
Ids drawn by chance, must-visit points, addresses, the headings of all lenses, covert imports.

Rows that are there get new ids: addresses of single rows that somebody kept are no longer found.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

from data.boxes import box_statements

revision = "0003"
down_revision = "0002"

OLD_LAYERS: Final = (
    "street", "building", "area", "post", "camera", "incident", "route", "key_site",
)  # fmt: skip
"""Layers of the first step."""

NEW_LAYERS: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "must_visit_point": (
        ("route_id", sa.Text),
        ("seq", sa.Integer),
        ("dwell_min", sa.Double),
        ("windows", sa.Text),
        ("visits", sa.Integer),
        ("least_interval_min", sa.Double),
        ("greatest_interval_min", sa.Double),
    ),
    "address": (("address", sa.Text), ("compared", sa.Text)),
}
"""Table of a new layer -> the columns that it alone has."""

BY_CHANCE: Final = {
    # The last 13 digits of a random UUID are 52 random bits.
    "postgresql": (
        "('x' || right(replace(gen_random_uuid()::text, '-', ''), 13))::bit(52)::bigint + 1"
    ),
    "sqlite": "(random() & 9007199254740991)",
}
"""A number below 2^53 by chance, one for each row, in the words of either engine. Two rows of a
million meet in 1 of 9,000 upgrades (SQLite: 18,000); then it stops, and nothing has changed."""

IN_ORDER: Final = "row_number() OVER (ORDER BY id)"
"""Numbers in a row, as they were before."""


def upgrade() -> None:
    """Widen and draw the ids, add the columns, make the tables."""
    _renumber(BY_CHANCE[_dialect()], sa.BigInteger())
    op.add_column("camera", sa.Column("headings", sa.Text))
    op.add_column(
        "import_run", sa.Column("covert", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column(
        "import_run", sa.Column("crs", sa.Text, nullable=False, server_default="EPSG:4326")
    )
    # Nobody knows any more which imports of posts held covert ones.
    op.execute("UPDATE import_run SET covert = true WHERE kind = 'posts'")
    # A covert post is the police's; under its former line its id must be free again.
    op.execute(
        "UPDATE post SET line = 'police', identity = '|police|moved:' || id"
        " WHERE visibility = 'covert' AND line <> 'police'"
    )
    for table, columns in NEW_LAYERS.items():
        _create_layer(table, columns)
    op.create_index("ix_address_compared", "address", ["compared"])


def downgrade() -> None:
    """Drop what was added; ids are numbers in a row again."""
    for table in NEW_LAYERS:
        op.drop_table(table)
        if _dialect() == "sqlite":
            op.drop_table(f"{table}_box")
    op.drop_column("import_run", "crs")
    op.drop_column("import_run", "covert")
    op.drop_column("camera", "headings")
    _renumber(IN_ORDER, sa.Integer())


def _renumber(numbers: str, kind: sa.types.TypeEngine[Any]) -> None:
    """Give every row a new id, and the columns of ids their type."""
    postgres = _dialect() == "postgresql"
    link = "fk_quarantined_row_import_id"
    if postgres:
        op.drop_constraint(link, "quarantined_row", type_="foreignkey")
    else:
        op.execute("PRAGMA defer_foreign_keys = ON")
    widens = isinstance(kind, sa.BigInteger)
    for table in (*OLD_LAYERS, "import_run"):
        if postgres and widens:
            _retype(table, "id", kind)
        drawn = f"SELECT id AS old, {numbers} AS new FROM {table}"  # noqa: S608 - names of ours
        op.execute(f"CREATE TEMPORARY TABLE renumbered AS {drawn}")
        op.execute("CREATE UNIQUE INDEX ix_renumbered ON renumbered (old)")
        _follow(table, "id")
        if table == "import_run":
            if postgres and widens:
                _retype("quarantined_row", "import_id", kind)
            _follow("quarantined_row", "import_id")
        op.execute("DROP TABLE renumbered")
        if postgres and not widens:
            _retype(table, "id", kind)
    if postgres:
        if not widens:
            _retype("quarantined_row", "import_id", kind)
        op.create_foreign_key(
            link, "quarantined_row", "import_run", ["import_id"], ["id"], ondelete="CASCADE"
        )


def _follow(table: str, column: str) -> None:
    op.execute(
        f"UPDATE {table} SET {column} ="  # noqa: S608 - names of ours
        f" (SELECT new FROM renumbered WHERE old = {table}.{column})"
    )


def _retype(table: str, column: str, kind: sa.types.TypeEngine[Any]) -> None:
    """Change the type of a column of ids; only the narrow ones count by themselves."""
    widens = isinstance(kind, sa.BigInteger)
    if column == "id" and widens:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN id DROP DEFAULT")
        op.execute(f"DROP SEQUENCE IF EXISTS {table}_id_seq")
    op.alter_column(table, column, type_=kind)
    if column == "id" and not widens:
        op.execute(f"CREATE SEQUENCE {table}_id_seq AS integer OWNED BY {table}.id")
        op.execute(f"SELECT setval('{table}_id_seq', coalesce(max(id), 0) + 1, false) FROM {table}")  # noqa: S608 - names of ours
        op.execute(f"ALTER TABLE {table} ALTER COLUMN id SET DEFAULT nextval('{table}_id_seq')")


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
