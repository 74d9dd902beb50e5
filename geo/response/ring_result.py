"""The rings of stations along the road: stretches, figures, and what each station is worth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.coverage import share
from geo.intervals import Intervals
from geo.response.available import counts, ranks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.response.envelope import Enveloped
    from geo.response.roads import Roads
    from geo.response.rules import ResponseRules

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

OUTSIDE_REASONS: Final = ("beyond", "no_way", "closed")
"""Why a stretch is in no ring: stations come there, but later; no way leads there from any (an
island, or no station at all); none of their modes may use the street."""


@dataclass(frozen=True, eq=False)
class Rings:
    """
    Outcome of `rings`.

    Parameters
    ----------
    minutes
        The rings, ascending.
    roads
        The streets, cut at the stations.
    pieces
        Every edge in pieces: which station is first, and within which ring.
    stations
        The stations that count, in the order given: `station_id`, `name`, `unit_class`, `mode`,
        `offset_m` from the street; `reach_..._m` for every ring, what the station reaches
        whoever else does; `own_minutes` of its class and `own_reach_m`, missing where the class
        has none; Point geometry.
    left_out
        The others: `station_id`, `name`, `unit_class`, `mode`, `reason` (one of
        `geo.response.REASONS`), geometry.
    losses
        What is lost if a station closes, by station and ring: `station_id`, `minutes`,
        `reach_m`; `only_m` of it that no other station reaches in these minutes; `alone_m` of
        that where no other comes at all; `next_minutes` and `next_most_minutes` that the next
        station takes to the rest of it, on average by length and at most.
    classes
        What each class reaches in its own minutes: `unit_class`, `minutes`, `stations`,
        `length_m`, `share` of the open streets.
    own_length_m
        What some station reaches in the minutes of its class, in metres; None where no station
        has a class that has minutes.
    open_m
        Streets that some mode of the stations may use, in metres: the denominator of shares.
    rules
        What held.
    now
        The local time whose hours held; None when hours did not matter.
    """

    minutes: tuple[float, ...]
    roads: Roads
    pieces: Enveloped
    stations: gpd.GeoDataFrame
    left_out: gpd.GeoDataFrame
    losses: pd.DataFrame
    classes: pd.DataFrame
    own_length_m: float | None
    open_m: float
    rules: ResponseRules
    now: dt.datetime | None

    @cached_property
    def streets(self) -> gpd.GeoDataFrame:
        """
        The stretches in some ring, in street order.

        Returns
        -------
        frame
            `street_id`, `start_m`, `end_m`, `length_m`, `minutes` of the smallest ring that holds
            the stretch, `station_id` of the station that is there first, LineString geometry.
        """
        return self._stretches(
            self.pieces.band < len(self.minutes),
            minutes=np.array([*self.minutes, *[np.nan] * 3])[self.pieces.band],
            station_id=np.array([*self._served, None], dtype=object)[self.pieces.site],
        )

    @cached_property
    def outside(self) -> gpd.GeoDataFrame:
        """
        The stretches in no ring, in street order.

        Returns
        -------
        frame
            `street_id`, `start_m`, `end_m`, `length_m`, `reason` (one of `OUTSIDE_REASONS`),
            LineString geometry.
        """
        reason = np.array([""] * len(self.minutes) + list(OUTSIDE_REASONS), dtype=object)
        return self._stretches(
            self.pieces.band >= len(self.minutes), reason=reason[self.pieces.band]
        )

    @cached_property
    def bands(self) -> pd.DataFrame:
        """
        Measure the streets by ring.

        Returns
        -------
        bands
            `from_minutes`, `minutes`, `length_m` and `share` of the open streets that are reached
            after the one and within the other, `within_m` and `within_share` that are reached
            within the other.
        """
        length = self._band_m[: len(self.minutes)]
        within = np.cumsum(length)
        return pd.DataFrame(
            {
                "from_minutes": [0.0, *self.minutes[:-1]],
                "minutes": self.minutes,
                "length_m": length,
                "share": [share(metres, self.open_m) for metres in length.tolist()],
                "within_m": within,
                "within_share": [share(metres, self.open_m) for metres in within.tolist()],
            }
        )

    @cached_property
    def outside_m(self) -> Mapping[str, float]:
        """Length in no ring by reason, in metres."""
        lengths = self._band_m[len(self.minutes) :]
        return dict(zip(OUTSIDE_REASONS, lengths.tolist(), strict=True))

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            How many stations count and why others do not, lengths by ring and outside by reason,
            what stations reach in the minutes of their class, and what all was reckoned with.
        """
        own_m = self.own_length_m
        return {
            "stations": len(self.stations),
            "stations_left_out": counts(self.left_out["reason"].tolist()),
            "stations_without_class": int(self.stations["own_minutes"].isna().sum()),
            "street_length_m": float(self._band_m.sum()),
            "open_length_m": self.open_m,
            "rings": self.bands.to_dict("records"),
            "outside_m": dict(self.outside_m),
            "own_length_m": own_m,
            "own_share": None if own_m is None else share(own_m, self.open_m),
            "classes": self.classes.to_dict("records"),
            "turnout_s": self.rules.turnout_s,
            "now": None if self.now is None else self.now.isoformat(sep=" "),
            **self.roads.summary(),
        }

    @property
    def _served(self) -> NDArray[np.object_]:
        """The ids of the stations in the order of the pieces."""
        ids = self.stations["station_id"].to_numpy(dtype=object)
        return ids[np.argsort(ranks(ids))]

    @cached_property
    def _band_m(self) -> Floats:
        """Length by band, those outside behind the rings."""
        length = self.pieces.end - self.pieces.start
        bands = len(self.minutes) + len(OUTSIDE_REASONS)
        metres: Floats = np.zeros(bands)
        np.add.at(metres, self.pieces.band, length)
        return metres

    def _stretches(self, chosen: Bools, **columns: NDArray[Any]) -> gpd.GeoDataFrame:
        """Join neighbouring pieces that are alike in all columns, and draw them."""
        at = np.flatnonzero(chosen)
        part = self.roads.edges.part[self.pieces.edge[at]]
        start, end = self.pieces.start[at], self.pieces.end[at]
        codes = {name: pd.factorize(values[at])[0] for name, values in columns.items()}
        new = np.ones(len(at), dtype=bool)
        new[1:] = (part[1:] != part[:-1]) | (start[1:] != end[:-1])
        for code in codes.values():
            new[1:] |= code[1:] != code[:-1]
        first = np.flatnonzero(new)
        last = np.append(first[1:], len(at))[: len(first)] - 1
        frame = self.roads.streets.stretches(Intervals(part[first], start[first], end[last]))
        for name, values in columns.items():
            frame.insert(len(frame.columns) - 1, name, values[at][first])
        return frame
