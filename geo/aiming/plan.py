"""One plan: turn the cameras there are before buying more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.aiming.new_cameras import NewCameras, new_cameras, private_rooms
from geo.aiming.outlook import PROPOSED
from geo.aiming.reaim import Reaim, reaim

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.aiming.terms import Terms


@dataclass(frozen=True, eq=False)
class Plan:
    """
    Outcome of `plan`: a proposal in two steps.

    Parameters
    ----------
    reaim
        Which cameras to turn first.
    new
        Which to buy for what is left.
    """

    reaim: Reaim
    new: NewCameras

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            `state`; how many cameras to turn and to buy; covered lengths and shares before, turned
            and after; and the summaries of both steps, `reaim` and `new_cameras`.
        """
        first, then = self.reaim.summary(), self.new.summary()
        return {
            "state": PROPOSED,
            "turned": first["turned"],
            "cameras_new": then["cameras_new"],
            "due_length_m": first["due_length_m"],
            "covered_length_before_m": first["covered_length_before_m"],
            "covered_length_turned_m": first["covered_length_after_m"],
            "covered_length_after_m": then["covered_length_after_m"],
            "covered_share_before": first["covered_share_before"],
            "covered_share_turned": first["covered_share_after"],
            "covered_share_after": then["covered_share_after"],
            "reaim": first,
            "new_cameras": then,
            "crs": first["crs"],
        }


def plan(  # noqa: PLR0913 - both steps in one
    streets: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame,
    poles: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    changes: int | None,
    propose: int,
    walls: gpd.GeoDataFrame | None = None,
    key_sites: gpd.GeoDataFrame | None = None,
    incidents: gpd.GeoDataFrame | None = None,
    residential: gpd.GeoDataFrame | None = None,
    forbidden: gpd.GeoDataFrame | None = None,
    step_deg: float = 10.0,
    terms: Terms | None = None,
    seed: int = 0,
) -> Plan:
    """
    Turn cameras first, then find places for new ones where nothing is seen even so.

    Parameters
    ----------
    streets, cameras, poles, buildings
        As in `new_cameras`.
    changes
        How many cameras may be turned at most; None for all.
    propose
        How many new cameras at most; 0 or more.
    walls, key_sites, incidents, residential, forbidden, step_deg, terms, seed
        As in `new_cameras`; no camera is turned to see more of a private room either.

    Returns
    -------
    plan
        Both steps. Each is known to be near its best; that no other two steps together are better
        is not.
    """
    rooms = private_rooms(forbidden)
    private = [frame for frame in (residential, rooms) if frame is not None]
    common: dict[str, Any] = {
        "walls": walls, "key_sites": key_sites, "incidents": incidents, "step_deg": step_deg,
        "terms": terms, "seed": seed,
    }  # fmt: skip
    first = reaim(
        streets, cameras, buildings, changes=changes,
        residential=pd.concat(private) if private else None, **common,
    )  # fmt: skip
    then = new_cameras(
        streets, first.cameras, poles, buildings, propose=propose, residential=residential,
        forbidden=forbidden, **common,
    )  # fmt: skip
    return Plan(first, then)
