"""What all tables share: the base of the models, places on both engines, and rows of layers."""

import datetime as dt
from typing import Any, Final

import shapely
from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Float, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

STORAGE_SRID: Final = 4326
"""Every geometry column holds lon/lat degrees of WGS-84; `geo` gets metres."""

_NAMES: Final = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Wkb(TypeDecorator[bytes]):
    """Geometry as WKB bytes where the database knows no geometry."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ANN401, ARG002
        """Return plain WKB."""
        if value is None or _is_plain(value):
            return value
        return bytes(shapely.to_wkb(shapely.from_wkb(bytes(value))))


def _is_plain(wkb: Any) -> bool:  # noqa: ANN401 - what was bound
    """Tell whether this is WKB in our byte order, without SRID or heights: what imports bring."""
    return isinstance(wkb, bytes) and wkb[:1] == b"\x01" and wkb[2:5] == b"\0\0\0"


PLACE: Final = Wkb().with_variant(Geometry(srid=STORAGE_SRID, spatial_index=False), "postgresql")
"""One column type for both engines; this order keeps GeoAlchemy2 from asking SQLite for
SpatiaLite functions. Indexes are declared explicitly."""

DRAWN_ID: Final = BigInteger().with_variant(Integer, "sqlite")
"""Ids that `data.ids` draws: numbers in a row would tell how many rows others have stored."""


class Base(DeclarativeBase):
    """Declarative base with predictable names of constraints, for migrations."""

    metadata = MetaData(naming_convention=_NAMES)


class Placed:
    """
    What every row of a layer has.

    `identity` is what makes an import find its row again: the id of the row, or a hash of its
    content with the number of its repeat. `west` to `north` are the box of the geometry, which
    the R*Tree of SQLite follows. `quality` is "point", "address" (the place is that of an address
    in the table of addresses), "area" (only the area of `area_code` is known) or "none".
    """

    id: Mapped[int] = mapped_column(DRAWN_ID, primary_key=True, autoincrement=False)
    identity: Mapped[str] = mapped_column(String(120), unique=True)
    code: Mapped[str | None] = mapped_column(Text, index=True)
    name: Mapped[str | None] = mapped_column(Text)
    division: Mapped[str] = mapped_column(String(15), default="", index=True)
    line: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(Text)
    source_datum: Mapped[str] = mapped_column(String(8), default="wgs84")
    quality: Mapped[str] = mapped_column(String(8), default="point")
    area_code: Mapped[str | None] = mapped_column(Text, index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    changed_at: Mapped[dt.datetime]
    changed_by: Mapped[str] = mapped_column(Text, default="local")
    geometry: Mapped[Any] = mapped_column(PLACE, nullable=True)
    west: Mapped[float | None] = mapped_column(Float(53))
    south: Mapped[float | None] = mapped_column(Float(53))
    east: Mapped[float | None] = mapped_column(Float(53))
    north: Mapped[float | None] = mapped_column(Float(53))
