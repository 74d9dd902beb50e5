"""The streets of every mode: one set of edges, each with its own directions and speeds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.coverage import DueStreets
from geo.crs import label, require_metric_crs
from geo.duty import DutyHours
from geo.errors import InvalidParameterError
from geo.patrol.travel import network_for
from geo.profiles import directions
from geo.response.speeds import SPEEDS_KMH, completed, kmh_of
from geo.snapping import SNAP_M, Snapped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

KMH_M_S: Final = 3.6
"""Kilometres an hour in a metre a second."""


@dataclass(frozen=True, eq=False)
class Roads:
    """
    The streets as each mode may use them; make them once with `Roads.of`.

    Parameters
    ----------
    streets
        The rows, their ids and lines.
    networks
        Mode -> its network. All have the same edges and nodes.
    kmh
        Mode -> one speed per row of the streets, in km/h.
    speeds
        The complete table that the speeds are from.
    gates
        How many gates were given, are shut, and shut nothing, standing at no street.
    """

    streets: DueStreets
    networks: Mapping[str, StreetNetwork]
    kmh: Mapping[str, Floats]
    speeds: pd.DataFrame
    gates: Mapping[str, int]

    @classmethod
    def of(
        cls,
        streets: gpd.GeoDataFrame,
        *,
        modes: Sequence[str] = tuple(SPEEDS_KMH),
        gates: gpd.GeoDataFrame | None = None,
        speeds: pd.DataFrame | None = None,
        now: dt.datetime | None = None,
        holidays: Collection[dt.date] | None = None,
    ) -> Roads:
        """
        Make the networks of some modes.

        Parameters
        ----------
        streets
            n line rows in a metric CRS, in the columns of `StreetNetwork.from_frame`.
        modes
            Some of "car", "e_bike", "foot"; fewer are sooner made.
        gates
            Points in the same CRS; a shut one parts the nearest street, for everybody. Without a
            column `hours` all are shut. With it they are open in those hours and where the cell
            is blank, and count as open all the time while `now` is None.
        speeds
            Rows of `geo.response.speed_table` to change; None for the usual speeds.
        now
            The local time.
        holidays
            The dates that are holidays; None when they are not known.

        Returns
        -------
        roads
            Ready for many questions.

        Raises
        ------
        CRSError
            When the frames share no CRS whose metres are metres.
        GeometryError
            When streets are no lines, or gates no points.
        ColumnError
            When the table of speeds lacks a column.
        InvalidParameterError
            When a mode is unknown, or a speed is not above 0.
        """
        require_metric_crs(streets=streets, **({} if gates is None else {"gates": gates}))
        wanted = list(dict.fromkeys(modes))
        unknown = [mode for mode in wanted if mode not in SPEEDS_KMH]
        if unknown or not wanted:
            raise InvalidParameterError(
                f"modes: {unknown[0] if unknown else wanted!r} is no mode; use one or more of "
                f"{', '.join(SPEEDS_KMH)}"
            )
        table = completed(speeds)
        networks = {mode: network_for(streets, mode) for mode in wanted}
        counted = {"gates": 0, "gates_shut": 0, "gates_off_network": 0}
        if gates is not None:
            shut = _shut(gates, now, holidays)
            places = _walked(networks[wanted[0]], streets, tuple(networks.values())).snap(gates)
            parting = places.only(shut)
            networks = {mode: network.parted(parting) for mode, network in networks.items()}
            counted = {
                "gates": len(gates),
                "gates_shut": int((shut & places.routable).sum()),
                "gates_off_network": int((~places.routable).sum()),
            }
        return cls(
            DueStreets.of(streets, None, None),
            networks,
            {mode: kmh_of(streets, mode, table) for mode in wanted},
            table,
            counted,
        )

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes that there are networks of."""
        return tuple(self.networks)

    @property
    def edges(self) -> StreetNetwork:
        """Any one of the networks: what all of them share."""
        return next(iter(self.networks.values()))

    def require(self, modes: Collection[str], name: str) -> None:
        """
        Refuse modes that there is no network of.

        Parameters
        ----------
        modes
            The modes met.
        name
            The caller's argument, for the message.

        Raises
        ------
        InvalidParameterError
            When one is missing.
        """
        missing = sorted(set(modes) - set(self.networks))
        if missing:
            raise InvalidParameterError(
                f"{name}: some go by {missing[0]}, and the roads were made for "
                f"{', '.join(self.modes)}; make them with Roads.of(streets, modes=...)"
            )

    def pace(self, mode: str) -> Floats:
        """
        Return how long a metre takes.

        Parameters
        ----------
        mode
            How one moves.

        Returns
        -------
        pace_s_m
            Seconds per metre of each edge.
        """
        row = self.edges.lines.row[self.edges.part]
        pace: Floats = KMH_M_S / self.kmh[mode][row]
        return pace

    def pace_at(self, places: Snapped, mode: NDArray[np.object_]) -> Floats:
        """
        Return how long a metre takes where places are.

        Parameters
        ----------
        places
            n places.
        mode
            How each moves.

        Returns
        -------
        pace_s_m
            n paces in seconds per metre; infinite off the network.
        """
        pace = np.full(len(places), np.inf)
        for name, kmh in self.kmh.items():
            on = (mode == name) & places.routable
            pace[on] = KMH_M_S / kmh[self.edges.lines.row[places.part[on]]]
        return pace

    def snap(
        self, points: gpd.GeoDataFrame, mode: NDArray[np.object_], *, max_m: float = SNAP_M
    ) -> Snapped:
        """
        Find where points are on the streets of their modes.

        Parameters
        ----------
        points
            n Point rows in the CRS of the streets.
        mode
            How each moves; a mode without a network is on none.
        max_m
            Points farther than this from every street of their mode are on none.

        Returns
        -------
        places
            n places.
        """
        n = len(points)
        part, at, offset = np.full(n, -1, np.int64), np.full(n, np.nan), np.full(n, np.nan)
        for name, network in self.networks.items():
            own = np.flatnonzero(mode == name)
            if len(own):
                found = network.snap(points.iloc[own], max_m=max_m)
                part[own], at[own], offset[own] = found.part, found.at_m, found.offset_m
        return Snapped(part, at, offset)

    def with_sites(self, sites: Snapped) -> tuple[Roads, Ints]:
        """
        Cut the edges of every mode where sites are, so that every site is a node.

        Parameters
        ----------
        sites
            n places.

        Returns
        -------
        roads, node
            The finer roads, and n nodes; -1 for a site that is not on them.
        """
        networks, node = {}, np.full(len(sites), -1, dtype=np.int64)
        for mode, network in self.networks.items():
            networks[mode], node = network.with_sites(sites)
        return replace(self, networks=networks), node

    def summary(self) -> dict[str, Any]:
        """Return modes, gates and CRS, ready for JSON."""
        return {
            "crs": label(self.streets.frame.crs),
            "modes": list(self.modes),
            **self.gates,
        }


def _shut(
    gates: gpd.GeoDataFrame, now: dt.datetime | None, holidays: Collection[dt.date] | None
) -> Bools:
    """Tell which gates are shut."""
    if "hours" not in gates.columns:
        return np.ones(len(gates), dtype=bool)
    if now is None:
        return np.zeros(len(gates), dtype=bool)
    return ~DutyHours.of(gates).at(now, holidays=holidays).on


def _walked(
    network: StreetNetwork, streets: gpd.GeoDataFrame, networks: Sequence[StreetNetwork]
) -> StreetNetwork:
    """
    Return the network of whoever walks or uses one of the networks.

    A gate across a footpath shuts the footpath: among the streets of cars alone, the nearest to it
    would be the road beside.
    """
    walked, _ = directions(streets, "walk")
    open_ = walked[network.lines.row[network.part]]
    for one in networks:
        open_ = open_ | one.passable
    return replace(network, forward=open_, backward=open_)
