"""Gates across streets: when they are shut, and the network that is left then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.duty import DutyHours
from geo.duty.asked import asked_pieces
from geo.duty.week import WEEK_MIN
from geo.intervals import Intervals

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.snapping import Snapped
    from geo.streets import StreetNetwork

    Bools = NDArray[np.bool_]

DOUBTS: Final = ("off_network", "hours_unread", "hours_unknown")
"""Why a gate is listed, the gravest first: it stands at no street and shuts none; its hours
cannot be read, so that it is open in upper figures alone; it has none, and is always open."""


@dataclass(frozen=True, eq=False)
class Gates:
    """
    Gates on a network; make them with `Gates.of`.

    Parameters
    ----------
    frame
        n gates; their hours are those in which one may pass.
    duty
        When each is open.
    places
        Where each is on the network.
    network
        The streets with every gate open.
    asked
        The hours asked for, written as those of a post are; None for no hour.
    """

    frame: gpd.GeoDataFrame
    duty: DutyHours
    places: Snapped
    network: StreetNetwork
    asked: str | None = None

    @classmethod
    def of(
        cls, gates: gpd.GeoDataFrame, network: StreetNetwork, *, asked: str | None = None
    ) -> Gates:
        """
        Read the hours of gates and put them on a network.

        Parameters
        ----------
        gates
            n Point rows in the CRS of the network; `hours` is read where present.
        network
            The streets with every gate open.
        asked
            The hours asked for, written as those of a post are; None for no hour.

        Returns
        -------
        gates
            A gate farther than `geo.streets.SNAP_M` from every street is on none.

        Raises
        ------
        GeometryError
            When a row is no point.
        """
        return cls(gates, DutyHours.of(gates), network.snap(gates), network, asked)

    @property
    def shut(self) -> Bools:
        """
        Tell which gates are shut at some minute of the hours asked for.

        Returns
        -------
        shut
            n flags; none is shut where no hour is asked for. Holidays count only where no hour
            of an ordinary week is asked for.

        Raises
        ------
        InvalidParameterError
            When the hours asked for cannot be read.
        """
        n = len(self.duty)
        if self.asked is None or not n:
            return np.zeros(n, dtype=bool)
        pieces = asked_pieces(self.asked)
        ordinary = pieces.start < WEEK_MIN
        pieces = pieces.select(ordinary) if ordinary.any() else pieces
        key = np.repeat(np.arange(n), len(pieces))
        wanted = Intervals.of(key, np.tile(pieces.start, n), np.tile(pieces.end, n))
        missing = wanted.difference(self.duty.intervals())
        return np.isin(np.arange(n), missing.key)

    def left(self, shut: Bools) -> StreetNetwork:
        """
        Return the network that is left when some gates are shut.

        Parameters
        ----------
        shut
            n flags.

        Returns
        -------
        network
            Parted at every gate that is shut and on the network.
        """
        return self.network.parted(self.places.only(shut))

    @property
    def doubts(self) -> gpd.GeoDataFrame:
        """The gates that a person should look at, with `reason`, one of `DOUBTS`."""
        met = (~self.places.routable, self.duty.unread, self.duty.unknown)
        reason = np.select(met, DOUBTS, "")
        return self.frame.assign(reason=reason)[reason != ""]

    def summary(self) -> dict[str, Any]:
        """
        Return the counts, ready for JSON.

        Returns
        -------
        summary
            How many gates there are, are shut in the hours asked for, and are listed, by reason.
        """
        reasons = self.doubts["reason"].value_counts()
        return {
            "gates": len(self.frame),
            "gates_shut": int((self.shut & self.places.routable).sum()),
            **{f"gates_{reason}": int(reasons.get(reason, 0)) for reason in DOUBTS},
        }
