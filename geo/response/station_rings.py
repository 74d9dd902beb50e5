"""What stations reach along the road in so many minutes, and what is lost if one closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage import share
from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.patrol.columns import texts
from geo.response.available import ids_of, modes_of, not_counted, ranks
from geo.response.ring_result import Rings
from geo.response.roads import Roads
from geo.response.rules import MINUTE_S, ResponseRules
from geo.response.speeds import SPEEDS_KMH
from geo.response.spreading import Spread, taken

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from geo.response.envelope import Enveloped

    Floats = NDArray[np.float64]


def rings(  # noqa: PLR0913 - who, how far, along what, and when
    stations: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame | Roads,
    *,
    minutes: Sequence[float] = (1.0, 3.0, 5.0),
    mode: str = "car",
    gates: gpd.GeoDataFrame | None = None,
    speeds: pd.DataFrame | None = None,
    now: dt.datetime | None = None,
    holidays: Collection[dt.date] | None = None,
    rules: ResponseRules | None = None,
) -> Rings:
    """
    Find what stations reach along the road in so many minutes.

    The way begins at the station and goes to the nearest street that its mode may use, at the
    pace of that street; then it keeps to streets that are wide enough and open, in the direction
    that is allowed, and crosses a river where a bridge does. What is reached at exactly so many
    minutes is in the ring.

    Parameters
    ----------
    stations
        n Point rows in a metric CRS. Read where present: `station_id`, `name`, `unit_class`,
        `mode`, `hours` on duty, `state` ("closed" does not count).
    streets
        m line rows in the same CRS, in the columns of `StreetNetwork.from_frame`; or what
        `Roads.of` made of them.
    minutes
        The rings, in minutes; one or more numbers above 0.
    mode
        How stations move whose row states no mode.
    gates
        As for `Roads.of`; None for none.
    speeds
        As for `Roads.of`; None for the usual speeds.
    now
        The local time: stations off duty then are left out. None when hours do not matter.
    holidays
        The dates that are holidays; None when they are not known.
    rules
        The turn-out, and the minutes of each class; None for the usual.

    Returns
    -------
    rings
        Stretches by ring, those in no ring, and what each station is worth.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When streets are no lines, or stations or gates no points.
    ColumnError
        When a `station_id` is missing or repeated, or the table of speeds lacks a column.
    InvalidParameterError
        When a number is out of range, a mode unknown, or ready roads lack one.

    Notes
    -----
    Exact to 1e-6 m: a ring ends within an edge where the time does. One search for all stations
    finds the two soonest of every node, and one bounded search a station what it reaches.
    """
    rules, limits = rules or ResponseRules(), _limits(minutes)
    moves = modes_of(stations, mode)
    if isinstance(streets, Roads):
        if gates is not None or speeds is not None:
            raise InvalidParameterError(
                "gates, speeds: the roads were made already; pass both to Roads.of"
            )
        roads = streets
        require_metric_crs(streets=roads.streets.frame, stations=stations)
    else:
        require_metric_crs(streets=streets, stations=stations)
        known = [word for word in dict.fromkeys(moves.tolist()) if word in SPEEDS_KMH]
        roads = Roads.of(
            streets, modes=known or [mode], gates=gates, speeds=speeds, now=now,
            holidays=holidays,
        )  # fmt: skip
    ids = ids_of(stations, "station_id", "stations")
    reason = not_counted(
        stations, "stations", hours="hours", mode=moves, now=now, holidays=holidays
    )
    roads.require(set(moves[reason == ""].tolist()), "stations")
    places = roads.snap(stations, np.where(reason == "", moves, ""), max_m=rules.snap_m)
    reason[(reason == "") & ~places.routable] = "not_on_network"
    # From here on stations are numbered in the order of their ids: of two that are equally soon
    # the first has the stretch, whatever the order of the rows.
    serving = np.flatnonzero(reason == "")
    serving = serving[np.argsort(ranks(ids[serving]))]
    spread = Spread.of(roads, taken(places, serving), moves[serving], rules.turnout_s)
    pieces, open_m = _pieces(spread, limits)
    table = _described(stations, ids, moves)
    kinds = table["unit_class"].to_numpy(dtype=object)[serving]
    own = np.array([rules.class_minutes.get(kind, np.nan) for kind in kinds])
    reach = spread.lengths(
        np.column_stack((np.tile(limits, (len(serving), 1)), np.nan_to_num(own, nan=-1.0)))
        * MINUTE_S
    )
    classes, own_length_m = _classes(spread, kinds, rules, open_m)
    counted = table.iloc[serving].assign(
        offset_m=places.offset_m[serving],
        **{f"reach_{ring:g}_m": reach[:, r] for r, ring in enumerate(limits.tolist())},
        own_minutes=own,
        own_reach_m=np.where(np.isnan(own), np.nan, reach[:, -1]),
    )
    out = np.flatnonzero(reason != "")
    return Rings(
        tuple(limits.tolist()),
        spread.roads,
        pieces,
        counted.iloc[np.argsort(serving)].reset_index(drop=True),
        table.iloc[out].assign(reason=reason[out]).reset_index(drop=True),
        _losses(ids[serving], limits, reach, pieces),
        classes,
        own_length_m,
        open_m,
        rules,
        now,
    )


def _limits(minutes: Sequence[float]) -> Floats:
    """Return rings in ascending order, each once, or refuse them."""
    limits = np.unique(np.asarray(minutes, dtype=np.float64))
    if not len(limits) or not (np.isfinite(limits) & (limits > 0.0)).all():
        raise InvalidParameterError(
            f"minutes must be one or more numbers above 0, got {minutes!r}; write them as (1, 3, 5)"
        )
    return limits


def _described(
    stations: gpd.GeoDataFrame, ids: NDArray[np.object_], mode: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    """Return what is told of every station again."""
    return gpd.GeoDataFrame(
        {
            "station_id": ids,
            "name": texts(stations, "name"),
            "unit_class": np.array(texts(stations, "unit_class"), dtype=object),
            "mode": mode,
        },
        geometry=np.asarray(stations.geometry.array),
        crs=stations.crs,
    )


def _pieces(spread: Spread, limits: Floats) -> tuple[Enveloped, float]:
    """Cut the edges by ring; bands beyond the rings say why. Also how many metres are open."""
    found = spread.enveloped(limits * MINUTE_S, far=True)
    edges = spread.roads.edges
    open_ = np.zeros(len(edges.part), dtype=bool)
    for mode in spread.modes or spread.roads.modes:
        open_ |= spread.roads.networks[mode].passable
    none = len(limits) + np.where(open_, 1, 2)[found.edge]
    pieces = found._replace(band=np.where(found.site < 0, none, found.band))
    return pieces, float(edges.length_m[open_].sum())


def _classes(
    spread: Spread, kinds: NDArray[np.object_], rules: ResponseRules, open_m: float
) -> tuple[pd.DataFrame, float | None]:
    """Measure what each class reaches in its own minutes, and what they do together."""
    length = spread.roads.edges.length_m
    ahead, behind = np.zeros((2, len(length)))
    rows = []
    for kind, minutes in rules.class_minutes.items():
        own = kinds == kind
        if own.any():
            from_tail, from_head = spread.together(own, minutes * MINUTE_S)
            reached_m = float(np.minimum(length, from_tail + from_head).sum())
            rows.append((kind, minutes, int(own.sum()), reached_m, share(reached_m, open_m)))
            ahead, behind = np.maximum(ahead, from_tail), np.maximum(behind, from_head)
    columns = ["unit_class", "minutes", "stations", "length_m", "share"]
    together_m = float(np.minimum(length, ahead + behind).sum()) if rows else None
    return pd.DataFrame(rows, columns=columns), together_m


def _losses(
    ids: NDArray[np.object_], limits: Floats, reach: Floats, pieces: Enveloped
) -> pd.DataFrame:
    """List by station and ring what would be lost."""
    shape = pieces.only_m.shape
    other = pieces.only_m - pieces.alone_m
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(other > 0.0, pieces.next_s / other / MINUTE_S, np.nan)
    return pd.DataFrame(
        {
            "station_id": np.repeat(ids, shape[1]),
            "minutes": np.tile(limits, shape[0]),
            "reach_m": reach[:, : shape[1]].ravel(),
            "only_m": pieces.only_m.ravel(),
            "alone_m": pieces.alone_m.ravel(),
            "next_minutes": mean.ravel(),
            "next_most_minutes": np.where(other > 0.0, pieces.most_s / MINUTE_S, np.nan).ravel(),
        }
    )
