"""A town of square blocks, and the few rows that a plan in it needs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.patrol.planning import draft, plan
from tests.strategies import line, points_of, streets_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geo.patrol.model import Model
    from geo.patrol.patrolplan import PatrolPlan

SUNDAY: Final = dt.date(2026, 11, 22)

BLOCK_M: Final = 200.0
"""From one street to the next."""

HOUR: Final = 3600


def lattice(**columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Draw five streets each way: 0-4 run east, from south to north; 5-9 north, from the west."""
    east = [line((0, k * BLOCK_M), (4 * BLOCK_M, k * BLOCK_M)) for k in range(5)]
    north = [line((k * BLOCK_M, 0), (k * BLOCK_M, 4 * BLOCK_M)) for k in range(5)]
    return streets_of([*east, *north], **columns)


def oneway(*streets: int) -> list[str]:
    """Make streets of the lattice one-way, east or north."""
    return ["yes" if street in streets else "no" for street in range(10)]


def spots(places: Mapping[str, tuple[float, float]], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make must-visit points by id."""
    return points_of(places.values(), point_id=list(places), **columns)


def stretches(lines: Mapping[str, Any], **columns: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Make segments by id."""
    frame = streets_of(list(lines.values()), **columns)
    return frame.rename(columns={"street_id": "segment_id"}).assign(segment_id=list(lines))


def crew(unit_id: str = "U1", **given: Any) -> dict[str, Any]:  # noqa: ANN401
    """Make a row of a unit on foot by day."""
    return {"unit_id": unit_id, "mode": "foot", "shift": "08:00-16:00", **given}


def units_of(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Put rows of units together."""
    return pd.DataFrame(list(rows))


def station(x: float = 0.0, y: float = 0.0) -> gpd.GeoDataFrame:
    """Make a standby place, Z, where units start and end."""
    return points_of([(x, y)], place_id=["Z"])


def drafted(
    points: gpd.GeoDataFrame | None = None,
    segments: gpd.GeoDataFrame | None = None,
    units: pd.DataFrame | None = None,
    **given: Any,  # noqa: ANN401
) -> Model:
    """Draft a plan for one unit on foot that starts anywhere, unless told otherwise."""
    streets = given.pop("streets", None)
    return draft(
        points,
        segments,
        units_of(crew()) if units is None else units,
        lattice() if streets is None else streets,
        **{"date": SUNDAY, **given},
    )


def planned(
    points: gpd.GeoDataFrame | None = None,
    segments: gpd.GeoDataFrame | None = None,
    units: pd.DataFrame | None = None,
    **given: Any,  # noqa: ANN401
) -> PatrolPlan:
    """Plan for one unit on foot that starts at Z in the south-west, unless told otherwise."""
    streets = given.pop("streets", None)
    return plan(
        points,
        segments,
        units_of(crew(start="Z")) if units is None else units,
        lattice() if streets is None else streets,
        **{"date": SUNDAY, "standby": station(), "iterations": 150, **given},
    )
