"""Which streets were gone along, in which direction, how far and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.intervals import Intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.patrol.arcs import Arcs
    from geo.patrol.visits import Visits
    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TOUCH_M: Final = 1e-6
"""Stretches this near each other along a row touch, and a shorter one is none, in metres: what is
left by rounding."""

COLUMNS: Final = (
    "track_id", "unit_id", "street_id", "direction", "from_m", "to_m", "share", "entered", "left",
    "speed_kmh", "near_share", "row",
)  # fmt: skip
"""What is told of a traversal, besides its line."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """
    Stretches of rows gone along in one go, t of them; make them with `stretches`.

    Parameters
    ----------
    chain
        t chains of the visits.
    part
        t parts of the lines.
    along
        t flags: whether the way ran as the row does.
    from_m
        t distances along the row.
    to_m
        t distances along the row; greater.
    entered_s
        t times.
    left_s
        t times.
    of
        v stretches: the one of each visit; -1 where the visit is a standstill between two arcs.
    """

    chain: Ints
    part: Ints
    along: NDArray[np.bool_]
    from_m: Floats
    to_m: Floats
    entered_s: Floats
    left_s: Floats
    of: Ints


def stretches(network: StreetNetwork, arcs: Arcs, visited: Visits) -> Stretches:
    """
    Join visits of one row that go on in one direction.

    Parameters
    ----------
    network
        The streets.
    arcs
        Its arcs.
    visited
        The visits, in order.

    Returns
    -------
    stretches
        In order; who goes along a row twice has two.
    """
    edge, along = arcs.edge[visited.arc], arcs.along[visited.arc]
    start, end, part = network.start[edge], network.end[edge], network.part[edge]
    begin = np.where(along, start + visited.from_m, end - visited.from_m).clip(start, end)
    stop = np.where(along, start + visited.to_m, end - visited.to_m).clip(start, end)
    moved = np.flatnonzero(np.abs(stop - begin) > TOUCH_M)
    before, after = moved[:-1], moved[1:]
    fresh = np.ones(len(moved), dtype=bool)
    fresh[1:] = ~(
        (visited.chain[before] == visited.chain[after])
        & (part[before] == part[after])
        & (along[before] == along[after])
        & (np.abs(stop[before] - begin[after]) <= TOUCH_M)
    )
    of = np.full(len(visited.arc), -1, dtype=np.int64)
    of[moved] = np.cumsum(fresh) - 1
    first = moved[fresh]
    last = moved[np.append(fresh[1:], True)[: len(moved)]]
    return Stretches(
        chain=visited.chain[first],
        part=part[first],
        along=along[first],
        from_m=np.minimum(begin[first], stop[last]),
        to_m=np.maximum(begin[first], stop[last]),
        entered_s=visited.entered_s[first],
        left_s=visited.left_s[last],
        of=of,
    )


def traversal_frame(
    network: StreetNetwork,
    found: Stretches,
    *,
    track_id: NDArray[np.object_],
    unit_id: NDArray[np.object_],
    street_id: NDArray[np.object_],
    near_share: Floats,
    begun_us: int,
    crs: object,
) -> gpd.GeoDataFrame:
    """
    Write stretches as rows.

    Parameters
    ----------
    network
        The streets.
    found
        t stretches.
    track_id
        t tracks.
    unit_id
        t units.
    street_id
        The name of each row of the network.
    near_share
        t shares.
    begun_us
        What the times count from, in microseconds.
    crs
        Of the lines.

    Returns
    -------
    traversals
        t rows with `COLUMNS` and the line, drawn in the direction of the row.
    """
    lines = network.lines
    length_m = np.zeros(lines.rows)
    np.maximum.at(length_m, lines.row, lines.ends_m)
    row = lines.row[found.part]
    gone_m, lasted_s = found.to_m - found.from_m, found.left_s - found.entered_s
    speed_kmh = np.full(len(row), np.nan)
    np.divide(3.6 * gone_m, lasted_s, out=speed_kmh, where=lasted_s > 0.0)
    columns = {
        "track_id": track_id,
        "unit_id": unit_id,
        "street_id": street_id[row],
        "direction": np.where(found.along, "forward", "backward").astype(object),
        "from_m": found.from_m,
        "to_m": found.to_m,
        "share": gone_m / length_m[row],
        "entered": _moments(found.entered_s, begun_us),
        "left": _moments(found.left_s, begun_us),
        "speed_kmh": speed_kmh,
        "near_share": near_share,
        "row": row,
    }
    geometry = lines.cut(Intervals(found.part, found.from_m, found.to_m))
    return gpd.GeoDataFrame(pd.DataFrame(columns)[list(COLUMNS)], geometry=geometry, crs=crs)


def _moments(time_s: Floats, begun_us: int) -> NDArray[np.datetime64]:
    """Turn seconds into local times, to the millisecond: they are interpolated."""
    time_us = begun_us + np.round(time_s * 1e3).astype(np.int64) * 1_000
    return time_us.astype("datetime64[us]").astype("datetime64[ns]")
