"""Cordons one after the other: their unseen ways and the fewest closures, as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.areas import BORDER_M, code_ranks
from geo.cordon.leaving import leaving
from geo.coverage import NOISE_M, DueStreets
from geo.crs import label, require_metric_crs
from geo.errors import GeometryError, InvalidParameterError
from geo.intervals import Intervals
from geo.sides import Bordering
from geo.snapping import SNAP_M
from geo.streets import StreetNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]

BAND_M: Final = 50.0
"""How far from the line of a cordon, on either side, a camera or a closure still serves it, in
metres: about what a fixed camera at the line sees; the next junction is mostly farther."""

NARROWEST_M: Final = 2.0 * BORDER_M
"""The narrowest band, in metres: it must be wider than the line itself."""

WAYS: Final = ("out", "in")
"""In which direction one goes; it matters where streets are one-way."""


@dataclass(frozen=True, eq=False)
class OpenEdges:
    """
    Outcome of `open_edges`: restricted output.

    Parameters
    ----------
    ways
        One row per unseen stretch of street by which one can leave the cordon for good (or get
        in): `area_id`, `street_id`, `start_m`, `end_m`, `length_m`, LineString geometry.
    closures
        The fewest stretches to close so that no way is left, in the columns of `ways`; each may
        be closed anywhere along it. Of several such sets it is the one that closes in the least.
    cordons
        One row per cordon, in the order given: `area_id`, `name` where given, `crossings` (ways
        there are when nothing is seen), `ways`, `closures`, `disjoint_ways` (unseen ways that
        share no stretch: as many as the closures, which proves them fewest), `closed` (missing
        where that cannot be told), and the geometry.
    profile
        Who moves, one of `geo.profiles.PROFILES`.
    way
        One of `WAYS`.
    band_m
        The band that holds, in metres.
    core_off_network
        How many points of the core no passable street is near: nobody starts from them.
    """

    ways: gpd.GeoDataFrame
    closures: gpd.GeoDataFrame
    cordons: gpd.GeoDataFrame
    profile: str
    way: str
    band_m: float
    core_off_network: int

    @property
    def closed(self) -> bool | None:
        """Whether every cordon is closed; None when none is open and one cannot be told."""
        closed = self.cordons["closed"]
        if (closed == False).any():  # noqa: E712 - a column of three values
            return False
        return None if closed.isna().any() or not len(closed) else True

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON; numbers of open ways are restricted too.

        Returns
        -------
        summary
            Numbers of cordons by state, of ways and closures, and the options that hold.
        """
        closed = self.cordons["closed"]
        return {
            "cordons": len(closed),
            "closed": int((closed == True).sum()),  # noqa: E712 - a column of three values
            "open": int((closed == False).sum()),  # noqa: E712
            "unknown": int(closed.isna().sum()),
            "crossings": int(self.cordons["crossings"].sum()),
            "ways": len(self.ways),
            "closures": len(self.closures),
            "way": self.way,
            "profile": self.profile,
            "band_m": self.band_m,
            "core_off_network": self.core_off_network,
            "crs": label(self.cordons.crs),
        }


def open_edges(
    streets: gpd.GeoDataFrame,
    cordon: gpd.GeoDataFrame,
    seen: Intervals,
    *,
    core: gpd.GeoDataFrame | None = None,
    way: str = "out",
    band_m: float = BAND_M,
    network: StreetNetwork | None = None,
) -> OpenEdges:
    """
    Find the ways out of a cordon, or into it, that can be taken unseen, and the fewest closures.

    One starts inside, `band_m` or more from the line or at a blind end of a street nearer to it,
    and is out when `band_m` or more beyond the line, or at a blind end beyond it: there a layer
    that was cut off at a border ends too. Between, a camera on the street or a closure of it
    stops one, wherever it is. A stretch counts as seen when longer than 1e-6 m.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS, reaching farther out than `band_m`.
    cordon
        m polygons with `area_id`; each is answered on its own.
    seen
        The stretches that some online camera sees, keyed by part of the streets.
    core
        Points that one starts from instead, such as the gates of a key site, at the nearest
        street within `SNAP_M`; a cordon is left from those inside it. None for all inside.
    way
        "out", or "in": from beyond the line to the inside, or to the core.
    band_m
        How far from the line a camera or a closure still serves it, in metres; at least
        `NARROWEST_M`. Narrow bands are strict: who starts past the camera is out unseen.
    network
        What to move along, made of the same `streets` and for the one who moves: a vehicle
        keeps to one-way streets. None for a walker.

    Returns
    -------
    edges
        Ways, closures and one row per cordon. A cordon is neither open nor closed where nobody
        can start (no street is inside, or none `band_m` deep) or no street is known beyond it.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    ColumnError, GeometryError
        When the cordons have no code or are no valid polygons, or the core has no points.
    InvalidParameterError
        When `way` is unknown, or `band_m` below `NARROWEST_M`.

    Notes
    -----
    Exact but for the joints of the network. Without one camera `seen` is less: no way is lost by
    that, ever. Cost per cordon: near-linear in the streets inside and in the band; the greatest
    flow is over the unseen ones alone.
    """
    frames = {"streets": streets, "cordon": cordon}
    require_metric_crs(**frames, **({} if core is None else {"core": core}))
    if way not in WAYS:
        raise InvalidParameterError(f"way: {way!r} is unknown; use one of {', '.join(WAYS)}")
    if not NARROWEST_M <= band_m < np.inf:
        raise InvalidParameterError(f"band_m must be {NARROWEST_M:g} or greater, got {band_m!r}")
    code_ranks(cordon)
    chosen = DueStreets.of(streets, None, None)
    network = network or StreetNetwork.of(chosen.lines, streets)
    gates, off_network = None, 0
    if core is not None:
        network, gates, off_network = _gates(network, core)
    bordering, stretches = Bordering.of(network), seen.longer_than(NOISE_M)
    # One cordon after the other: each has a graph of its own.
    found = [
        leaving(bordering, cordon.iloc[[row]], stretches, gates=gates, way=way, band_m=band_m)
        for row in range(len(cordon))
    ]
    columns: dict[str, Any] = {"area_id": cordon["area_id"].array}
    if "name" in cordon.columns:
        columns["name"] = cordon["name"].array
    columns |= {
        "crossings": [one.crossings for one in found],
        "ways": [len(one.ways) for one in found],
        "closures": [len(one.closures) for one in found],
        "disjoint_ways": [one.disjoint_ways for one in found],
        "closed": pd.array([one.closed for one in found], dtype="boolean"),
    }
    return OpenEdges(
        _rows(chosen, cordon, [one.ways for one in found]),
        _rows(chosen, cordon, [one.closures for one in found]),
        gpd.GeoDataFrame(columns, geometry=list(cordon.geometry), crs=cordon.crs),
        network.profile,
        way,
        band_m,
        off_network,
    )


def _gates(network: StreetNetwork, core: gpd.GeoDataFrame) -> tuple[StreetNetwork, Bools, int]:
    """Cut the network at the points of the core; return which nodes they are, and what is off."""
    places = network.snap(core)
    if not places.routable.any():
        raise GeometryError(
            f"core: none of its {len(core)} points is within {SNAP_M:g} m of a passable street; "
            f"give points on streets, such as gates, or leave it out"
        )
    network, node = network.with_sites(places)
    gates = np.zeros(network.nodes, dtype=bool)
    gates[node[node >= 0]] = True
    return network, gates, int((~places.routable).sum())


def _rows(
    streets: DueStreets, cordon: gpd.GeoDataFrame, found: list[Intervals]
) -> gpd.GeoDataFrame:
    """Return one row per stretch, cordon after cordon."""
    row = np.repeat(np.arange(len(found)), [len(one) for one in found])
    every = Intervals(
        np.concatenate([np.empty(0, np.int64), *(one.key for one in found)]),
        np.concatenate([np.empty(0), *(one.start for one in found)]),
        np.concatenate([np.empty(0), *(one.end for one in found)]),
    )
    frame = streets.stretches(every)
    frame.insert(0, "area_id", cordon["area_id"].to_numpy()[row])
    return frame
