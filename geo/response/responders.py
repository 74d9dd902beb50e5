"""Units made ready on the streets, to answer at once who is nearest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage import share
from geo.crs import label, require_metric_crs
from geo.errors import CRSError, InvalidParameterError
from geo.patrol.columns import texts
from geo.points import coordinates
from geo.response.answers import Answer, answer
from geo.response.available import ids_of, modes_of, not_counted, ranks
from geo.response.going import Going
from geo.response.nearest import Nearest
from geo.response.roads import Roads
from geo.response.rules import MINUTE_S, ResponseRules
from geo.response.speeds import SPEEDS_KMH
from geo.response.spreading import Spread, taken

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from geo.snapping import Snapped

    Floats = NDArray[np.float64]

CANDIDATES: Final = (
    "place", "rank", "unit_id", "name", "mode", "minutes", "distance_m", "off_road_m", "ring_m",
    "lost_m", "lost_share", "geometry",
)  # fmt: skip
"""Columns of `Nearest.candidates`."""

MEASURED: Final = CANDIDATES[5:11]
"""Those that are numbers, where there is no candidate too."""


@dataclass(frozen=True, eq=False)
class Responders:
    """
    Units on the streets at one time; make them with `Responders.of`.

    Parameters
    ----------
    units
        The free units, in the order of their ids: `unit_id`, `name`, `mode`.
    refused
        The others: `unit_id`, `reason`.
    roads
        The streets, not cut.
    spread
        The free units on them.
    offset_m
        How far each free unit is from the street, in metres.
    lost_m
        The street in the ring of each free unit that no other of them covers, in metres.
    rules
        What holds.
    now
        The local time; None when hours do not matter.
    """

    units: pd.DataFrame
    refused: pd.DataFrame
    roads: Roads
    spread: Spread
    offset_m: Floats
    lost_m: Floats
    rules: ResponseRules
    now: dt.datetime | None

    @classmethod
    def of(
        cls,
        units: gpd.GeoDataFrame,
        streets: gpd.GeoDataFrame | Roads,
        *,
        mode: str = "car",
        now: dt.datetime | None = None,
        holidays: Collection[dt.date] | None = None,
        rules: ResponseRules | None = None,
    ) -> Responders:
        """
        Put units on the streets.

        Parameters
        ----------
        units
            n Point rows in a metric CRS. Read where present: `unit_id`, `name`, `mode`, `shift`
            (the hours on duty), `state` (free, busy, off; blank is free).
        streets
            m line rows in the same CRS; or what `Roads.of` made of them, which takes gates and
            speeds, and once made serves units that have moved.
        mode
            How units move whose row states no mode.
        now
            The local time: units off duty then are refused. None when hours do not matter.
        holidays
            The dates that are holidays; None when they are not known.
        rules
            The turn-out and the ring that a unit covers; None for the usual.

        Returns
        -------
        responders
            Ready for `nearest`.

        Raises
        ------
        CRSError
            When the frames share no CRS whose metres are metres.
        GeometryError
            When units are no points, or streets no lines.
        ColumnError
            When a `unit_id` is missing or repeated.
        InvalidParameterError
            When ready roads lack the mode of a unit.
        """
        rules, moves = rules or ResponseRules(), modes_of(units, mode)
        frame = streets.streets.frame if isinstance(streets, Roads) else streets
        require_metric_crs(streets=frame, units=units)
        roads = streets
        if not isinstance(roads, Roads):
            known = [word for word in dict.fromkeys(moves.tolist()) if word in SPEEDS_KMH]
            roads = Roads.of(roads, modes=known or [mode])
        ids = ids_of(units, "unit_id", "units")
        reason = not_counted(units, "units", hours="shift", mode=moves, now=now, holidays=holidays)
        roads.require(set(moves[reason == ""].tolist()), "units")
        places = roads.snap(units, np.where(reason == "", moves, ""), max_m=rules.snap_m)
        reason[(reason == "") & ~places.routable] = "not_on_network"
        free, out = np.flatnonzero(reason == ""), np.flatnonzero(reason != "")
        free = free[np.argsort(ranks(ids[free]))]
        spread = Spread.of(roads, taken(places, free), moves[free], rules.turnout_s)
        ring_s = np.array([rules.ring_minutes * MINUTE_S])
        named = pd.DataFrame({"unit_id": ids, "name": texts(units, "name"), "mode": moves})
        return cls(
            named.iloc[free].reset_index(drop=True),
            pd.DataFrame({"unit_id": ids[out], "reason": reason[out]}),
            roads,
            spread,
            places.offset_m[free],
            spread.enveloped(ring_s, far=False).only_m[:, 0],
            rules,
            now,
        )

    def nearest(self, places: gpd.GeoDataFrame, *, k: int = 3) -> Nearest:
        """
        Name the k units that are at each place first.

        The last metres, from the street to the place, are gone on foot. Of units equally soon the
        one with the smaller id is first.

        Parameters
        ----------
        places
            n Point rows in the CRS of the streets; `place_id` is read where present, else places
            are numbered from 0.
        k
            How many units to name; 1 or more.

        Returns
        -------
        nearest
            Units by place, and everybody who is not one, with the reason.

        Raises
        ------
        CRSError
            When the places are in another CRS.
        ColumnError
            When a `place_id` is missing or repeated.
        GeometryError
            When places are no points.
        InvalidParameterError
            When `k` is not a whole number of 1 or more.
        """
        if not isinstance(k, int | np.integer) or k < 1:
            raise InvalidParameterError(f"k must be a whole number of 1 or more, got {k!r}")
        crs = self.roads.streets.frame.crs
        if places.crs != crs:
            told = "no CRS" if places.crs is None else label(places.crs)
            raise CRSError(f"places: {told} met, the streets have {label(crs)}; call to_crs first")
        ids = ids_of(places, "place_id", "places")
        placed = ~np.isnan(coordinates(places, "places")[:, 0])
        snapped = {
            mode: self.roads.networks[mode].snap(places, max_m=self.rules.snap_m)
            for mode in self.spread.modes
        }
        refused = [(None, *row) for row in self.refused.itertuples(index=False, name=None)]
        listed: dict[str, list[Any]] = {name: [] for name in CANDIDATES}
        reasons = []
        # Every place is a search of its own, and few are asked about at a time.
        for row, place in enumerate(ids.tolist()):
            if not placed[row]:
                reasons.append("no_place")
                continue
            at = {mode: taken(where, np.array([row])) for mode, where in snapped.items()}
            answered = answer(self.spread, self._going, at, k)
            for name, values in self._listed(answered, place).items():
                listed[name] += values
            cut_off = self.units["unit_id"].to_numpy(dtype=object)[answered.cut_off]
            refused += [(place, unit, "unreachable") for unit in cut_off.tolist()]
            reasons.append(self._why(at, answered))
        candidates = pd.DataFrame(listed).astype(dict.fromkeys(MEASURED, float))
        described = {"place": ids, "reason": reasons}
        return Nearest(
            gpd.GeoDataFrame(candidates, geometry="geometry", crs=crs),
            gpd.GeoDataFrame(described, geometry=np.asarray(places.geometry.array), crs=crs),
            pd.DataFrame(refused, columns=["place", "unit_id", "reason"], dtype=object),
            len(self.units),
            self.rules,
            self.now,
        )

    @cached_property
    def _going(self) -> Mapping[str, Going]:
        """Mode -> its units, ready to be asked."""
        return {mode: Going.of(self.spread, mode) for mode in self.spread.modes}

    def _listed(self, found: Answer, place: object) -> dict[str, list[Any]]:
        """Return the units found for a place, column by column."""
        named = self.units.iloc[found.unit]
        # A ring is searched when it is asked for: a few in a millisecond, not 500 at once.
        chosen = np.isin(np.arange(len(self.units)), found.unit)
        ring_s = np.full((len(self.units), 1), self.rules.ring_minutes * MINUTE_S)
        ring_m = self.spread.lengths(ring_s, chosen)[found.unit, 0]
        lost_m = self.lost_m[found.unit]
        lost_share = [share(*lengths) for lengths in zip(lost_m, ring_m, strict=True)]
        columns: tuple[Any, ...] = (
            [place] * len(found.unit),
            range(1, len(found.unit) + 1),
            named["unit_id"],
            named["name"],
            named["mode"],
            found.time_s / MINUTE_S,
            found.distance_m,
            self.offset_m[found.unit] + found.place_off_m,
            ring_m,
            lost_m,
            lost_share,
            found.line,
        )
        return {name: list(column) for name, column in zip(CANDIDATES, columns, strict=True)}

    def _why(self, at: Mapping[str, Snapped], found: Answer) -> str:
        """Say why nobody is named for a place; "" where somebody is."""
        if len(found.unit):
            return ""
        if not at:
            return "no_unit"
        return (
            "unreachable" if any(where.routable[0] for where in at.values()) else "not_on_network"
        )


def nearest_units(
    places: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame | Roads,
    *,
    k: int = 3,
    mode: str = "car",
    now: dt.datetime | None = None,
    holidays: Collection[dt.date] | None = None,
    rules: ResponseRules | None = None,
) -> Nearest:
    """
    Name the k units on duty and free that are at each place first, by road.

    One-way streets, widths, shut gates and rivers hold as they do for the mode of each unit. For
    many calls make `Responders` once.

    Parameters
    ----------
    places
        p Point rows in the CRS of the streets; `place_id` is read where present.
    units
        n Point rows, as for `Responders.of`.
    streets
        m line rows, or what `Roads.of` made of them.
    k
        How many units to name; 1 or more.
    mode
        How units move whose row states no mode.
    now
        The local time: units off duty then are refused. None when hours do not matter.
    holidays
        The dates that are holidays; None when they are not known.
    rules
        The turn-out and the ring that a unit covers; None for the usual.

    Returns
    -------
    nearest
        Units by place, with way, minutes and what they would leave behind; and everybody who is
        not one, with the reason.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    ColumnError
        When an id is missing or repeated.
    GeometryError
        When places or units are no points, or streets no lines.
    InvalidParameterError
        When `k` is not a whole number of 1 or more, or ready roads lack the mode of a unit.

    Notes
    -----
    One search from the place, against the direction of the streets, ends with the k-th unit.
    """
    ready = Responders.of(units, streets, mode=mode, now=now, holidays=holidays, rules=rules)
    return ready.nearest(places, k=k)
