"""The way that each track took through the streets: a hidden Markov model over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.health.reading import require_columns
from geo.patrol.decoding import decode
from geo.patrol.gaps import BRIDGE_M, GAP_S
from geo.patrol.matched import Matched
from geo.patrol.tracks import Tracks
from geo.patrol.traversals import stretches, traversal_frame
from geo.profiles import oneways

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.patrol.decoding import Decoded
    from geo.streets import StreetNetwork

    Ints = NDArray[np.int64]

SEARCH_M: Final = 60.0
"""A fix farther than this from every street is on none, in metres: four times the error of 15 m
that high buildings give a phone."""

CLOSE: Final = 2.0
"""A fix within so many errors of the way speaks for it."""


def match_track(
    fixes: gpd.GeoDataFrame,
    network: StreetNetwork,
    *,
    streets: gpd.GeoDataFrame | None = None,
    sigma_m: float | None = None,
    search_m: float = SEARCH_M,
    gap_s: float = GAP_S,
    bridge_m: float = BRIDGE_M,
) -> Matched:
    """
    Find which streets tracks went along, in which direction, how far and when.

    The way is the likeliest of all: near the fixes, and between them hardly longer than the
    straight line. A unit goes against no one-way street of the network's profile; on foot it
    turns back anywhere, else at nodes. Over a gap, where no street leads on, and after a minute
    off every street the way begins anew; what lies between is unknown and not filled in.

    Parameters
    ----------
    fixes
        n Point rows in the metric CRS of the network, as `clean` keeps them: `track_id`, `time`
        (local, without zone), and where present `unit_id` and `accuracy_m`, which tells the
        better fixes of a track from the worse. One track or many.
    network
        The streets, in the profile of who went.
    streets
        The rows that the network was made of, for `street_id` and `oneway`; None to number them.
    sigma_m
        The error of the fixes across the street, in metres; greater than 0. None to take it from
        each track.
    search_m
        How far from a fix its street may be, in metres; greater than 0.
    gap_s
        For longer than this between two fixes it is unknown where the unit was, in seconds;
        greater than 0.
    bridge_m
        A gap between places at most so far apart is bridged, in metres; 0 or greater.

    Returns
    -------
    matched
        Traversals, fixes and tracks.

    Raises
    ------
    ColumnError
        When `track_id` or `time` is missing, or `street_id` in the streets is for other rows.
    CRSError
        When metres are no metres, or the CRS of fixes and streets differ.
    GeometryError
        When a fix is no point or has no place.
    InvalidParameterError
        When an option is out of its range, a fix has no time, or the streets are not those of
        the network.

    Notes
    -----
    Fixes so dense that they mostly tell of their own error are averaged and thinned first; their
    times are kept. The error is met twice: from the distance to the nearest street, then from
    the distance to the way so found. Cost: linear in the fixes; 1,000,000 of a walker, one a
    second, take about 10 s.

    References
    ----------
    P. Newson, J. Krumm (2009), Hidden Markov map matching through noise and sparseness, ACM
    SIGSPATIAL GIS, doi:10.1145/1653771.1653818.
    """
    frames = {"fixes": fixes} if streets is None else {"fixes": fixes, "streets": streets}
    require_metric_crs(**frames)
    for name, value, least in (
        ("sigma_m", sigma_m, "above"), ("search_m", search_m, "above"), ("gap_s", gap_s, "above"),
        ("bridge_m", bridge_m, "least"),
    ):  # fmt: skip
        if value is None or 0.0 < value < np.inf or (value == 0.0 and least == "least"):
            continue
        more = "above 0" if least == "above" else "of 0 or more"
        raise InvalidParameterError(f"{name} must be a number {more}, got {value!r}")
    street_id = _street_ids(network, streets)
    tracks = Tracks.of(fixes, gap_s=gap_s, bridge_m=bridge_m)
    oneway = None if streets is None else oneways(streets)
    found = decode(tracks, network, sigma_m=sigma_m, search_m=search_m, oneway=oneway)
    went = stretches(network, found.arcs, found.visited)
    placed = _placed(tracks, network, found, search_m)
    placed["traversal"] = np.where(placed["visit"] < 0, -1, np.append(went.of, -1)[placed["visit"]])
    near = placed["offset_m"] <= CLOSE * found.sigma_m[tracks.track] * tracks.doubt
    of = found.track_of(went.chain, tracks)
    traversals = traversal_frame(
        network,
        went,
        track_id=tracks.track_id[of],
        unit_id=tracks.unit_id[of],
        street_id=street_id,
        near_share=near.groupby(placed["traversal"]).mean().reindex(range(len(of))).to_numpy(),
        begun_us=tracks.begun_us,
        crs=fixes.crs,
    )
    return Matched(
        traversals=traversals,
        fixes=_in_their_order(placed.drop(columns="visit"), tracks.order, fixes.index),
        tracks=_track_frame(tracks, found, placed["row"].to_numpy()),
    )


def _street_ids(network: StreetNetwork, streets: gpd.GeoDataFrame | None) -> NDArray[np.object_]:
    """Return the name of each row of the network."""
    rows = network.lines.rows
    if streets is None:
        return np.arange(rows).astype(object)
    if len(streets) != rows:
        raise InvalidParameterError(
            f"streets: {len(streets)} rows, but the network was made of {rows}; pass the same frame"
        )
    require_columns(streets, "streets", ("street_id",))
    return streets["street_id"].to_numpy(dtype=object)


def _placed(
    tracks: Tracks, network: StreetNetwork, found: Decoded, search_m: float
) -> pd.DataFrame:
    """Return the visit, row, place and offset of each fix, as the tracks have them."""
    visit, at_m = found.places(tracks)
    known = np.flatnonzero(visit >= 0)
    arc = found.visited.arc[visit[known]]
    edge, along = found.arcs.edge[arc], found.arcs.along[arc]
    start, end = network.start[edge], network.end[edge]
    at_m[known] = np.where(along, start + at_m[known], end - at_m[known]).clip(start, end)
    part, row = network.part[edge], np.full(len(visit), -1, dtype=np.int64)
    row[known] = network.lines.row[part]
    away = network.lines.locate(part, at_m[known]) - tracks.xy[known]
    offset_m = np.full(len(visit), np.nan)
    offset_m[known] = np.hypot(away[:, 0], away[:, 1])
    placed = pd.DataFrame({"visit": visit, "row": row, "at_m": at_m, "offset_m": offset_m})
    # Between two fixes that were matched there may be others, which were on no street.
    lost = ~(offset_m <= search_m)
    placed.loc[lost, ["visit", "row"]] = -1
    placed.loc[lost, ["at_m", "offset_m"]] = np.nan
    return placed


def _in_their_order(placed: pd.DataFrame, order: Ints, index: pd.Index) -> pd.DataFrame:
    """Return rows by track and time as the fixes came."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return placed.iloc[rank].set_axis(index)


def _track_frame(tracks: Tracks, found: Decoded, row: Ints) -> pd.DataFrame:
    """Return what is told of each track."""
    count = len(tracks.track_id)
    first = np.flatnonzero(np.diff(found.visited.chain, prepend=-1))
    return pd.DataFrame(
        {
            "track_id": tracks.track_id,
            "unit_id": tracks.unit_id,
            "fixes": np.bincount(tracks.track, minlength=count),
            "off_street": np.bincount(tracks.track[row < 0], minlength=count),
            "unknown_s": tracks.unknown_s,
            "chains": np.bincount(
                found.track_of(found.visited.chain[first], tracks), minlength=count
            ),
            "sigma_m": found.sigma_m,
        }
    )
