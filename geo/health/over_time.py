"""How long cameras were online, in order, and both, as sets of spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.health.faults import joined_faults, read_faults
from geo.health.moments import HOUR_S, SECOND
from geo.health.rates import Rate
from geo.intervals import Intervals

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo.health.history import StateHistory

    Floats = NDArray[np.float64]

HOUR_US = HOUR_S * SECOND
"""Microseconds of an hour."""


@dataclass(frozen=True, eq=False)
class Known:
    """
    Spans in which something is known of each camera, in microseconds from the first moment.

    Parameters
    ----------
    known
        Where it is known.
    good
        Where it is known to be so; part of `known`.
    """

    known: Intervals
    good: Intervals

    def both(self, other: Known) -> Known:
        """Return where both are known, and where both hold."""
        return Known(self.known.intersection(other.known), self.good.intersection(other.good))

    def outside(self, spans: Intervals) -> Known:
        """Return what is left outside some spans."""
        return Known(self.known.difference(spans), self.good.difference(spans))

    def hours(self, cameras: int) -> Floats:
        """Return for each camera the hours known."""
        return np.asarray(self.known.length_by_key(cameras) / HOUR_US)

    def shares(self, cameras: int) -> Floats:
        """Return for each camera the share of the known hours that is good, NaN without any."""
        good = self.good.length_by_key(cameras) / HOUR_US
        known = self.hours(cameras)
        return np.divide(good, known, out=np.full(cameras, np.nan), where=known > 0.0)

    def rate(self, name: str, whole_h: float) -> Rate:
        """Return the rate over all cameras, of so many hours in all."""
        good, known = self.good.length_m / HOUR_US, self.known.length_m / HOUR_US
        return Rate(name, "time", "camera_hours", good, known, whole_h - known)


def online_spans(
    states: StateHistory, ids: pd.Index, first: int, last: int
) -> tuple[Known, Intervals]:
    """
    Return when the cameras were online, and when an outage held them down.

    Parameters
    ----------
    states
        A history that holds the span.
    ids
        n ids of cameras; others are left out.
    first, last
        The span in microseconds.

    Returns
    -------
    online
        Where the state is known, and where it is online.
    outage
        Where an outage of the platform held a camera down.
    """
    rows = states.intervals[states.intervals["camera_id"].isin(ids)]
    key = ids.get_indexer(rows["camera_id"])
    start, end = (
        rows[name].to_numpy("datetime64[us]").astype(np.int64) for name in ("start", "end")
    )

    def spans(held: pd.Series) -> Intervals:
        mask = held.to_numpy(dtype=np.bool_)
        return _clipped(key[mask], start[mask], end[mask], first, last)

    known = Known(spans(rows["state"] != "unknown"), spans(rows["state"] == "online"))
    return known, spans(rows["cause"] == "outage")


def order_spans(faults: pd.DataFrame, ids: pd.Index, first: int, last: int) -> Known:
    """
    Return when the cameras were in good order.

    Parameters
    ----------
    faults
        As in `fault_ledger`. Of a camera with a refused row only its other faults are known.
    ids
        n ids of cameras; others are left out.
    first, last
        The span in microseconds.

    Returns
    -------
    in_order
        Where the order is known, and where it is good.
    """
    read, refused = read_faults(faults)
    spells = joined_faults(read[read["camera_id"].isin(ids)])
    key = ids.get_indexer(spells["camera_id"])
    start, end = (spells[name].to_numpy(dtype=np.int64) for name in ("from", "to"))
    faulty = _clipped(key, start, end, first, last)
    told = np.flatnonzero(~ids.isin(refused["camera_id"]))
    length = np.full(len(told), float(last - first))
    whole = Intervals.of(told, np.zeros(len(told)), length)
    return Known(whole.union(faulty), whole.difference(faulty))


def _clipped(
    key: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], first: int, last: int
) -> Intervals:
    """Cut spans to the whole; as floats whole microseconds of a century are exact."""
    return Intervals.of(key, np.maximum(start, first) - first, np.minimum(end, last) - first)
