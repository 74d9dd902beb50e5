"""Who goes: the nearest units by road time, and what each would leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.response.available import counts

if TYPE_CHECKING:
    import datetime as dt

    import geopandas as gpd
    import pandas as pd

    from geo.response.rules import ResponseRules

PLACE_REASONS: Final = ("no_place", "no_unit", "not_on_network", "unreachable")
"""Why nobody is named for a place: where it is is not known; no unit is free and on the streets;
it lies too far from every street that one of them may use; no way leads there from any."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """
    Outcome of `nearest_units`.

    Parameters
    ----------
    candidates
        The units to send, by place and rank: `place`, `rank` from 1, `unit_id`, `name`, `mode`,
        `minutes` from the call to the place, `distance_m` along the road, `off_road_m` from the
        unit to the street and from the street to the place; `ring_m` of street that the unit
        covers where it is, `lost_m` of it that no other free unit covers, and `lost_share`, the
        second over the first, missing where the first is 0; LineString geometry of the way, None
        where the unit is on the spot.
    places
        `place`, `reason` ("" or one of `PLACE_REASONS`); Point geometry.
    refused
        `place`, `unit_id`, `reason`, one of `geo.response.REASONS`. Without a place where the
        reason holds for all places.
    free
        How many units are free, on duty and on the streets.
    rules
        What held.
    now
        The local time whose hours held; None when hours did not matter.
    """

    candidates: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    refused: pd.DataFrame
    free: int
    rules: ResponseRules
    now: dt.datetime | None

    def summary(self) -> dict[str, Any]:
        """
        Return the counts, ready for JSON.

        Returns
        -------
        summary
            How many places there are and why some have nobody, how many units are free and why
            others are not, and what was reckoned with.
        """
        reasons = self.places["reason"].tolist()
        for_all = self.refused["place"].isna()
        return {
            "places": len(self.places),
            "places_without": {
                word: reasons.count(word) for word in PLACE_REASONS if word in reasons
            },
            "units_free": self.free,
            "units_refused": counts(self.refused.loc[for_all, "reason"].tolist()),
            "unreachable": int((self.refused["reason"] == "unreachable").sum()),
            "turnout_s": self.rules.turnout_s,
            "ring_minutes": self.rules.ring_minutes,
            "now": None if self.now is None else self.now.isoformat(sep=" "),
        }
