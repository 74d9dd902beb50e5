"""Who comes within some minutes by a new road, and who no longer does by one that is shut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.snapping import SNAP_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

LIMIT_S: Final = 300.0
"""Five minutes: what provinces ask of police calls in town."""

SPEED_MPS: Final = {"walk": 1.2, "vehicle": 30.0 / 3.6}
"""Profile -> metres a second along the streets, stops included: a brisk walk, and 30 km/h. A
project choice; give the speed that is driven here."""

CHANGES: Final = ("gained", "lost", "kept", "never")
"""In time only after, only before, both times, neither."""


@dataclass(frozen=True, eq=False)
class ReachChange:
    """
    Which places come within time that did not before; see `reach_compare`.

    Parameters
    ----------
    places
        One row per place, with the index and geometry it came with: `before_s` and `after_s`
        (infinite without a way, NaN without a place), `change` (one of `CHANGES`, None without a
        place), `cut_off`: whether no passable street is near enough afterwards.
    limit_s
        What counts as in time, in seconds.
    speed_mps
        Along the streets, in metres a second.
    profile
        Who moves.
    """

    places: gpd.GeoDataFrame
    limit_s: float
    speed_mps: float
    profile: str

    def summary(self) -> dict[str, Any]:
        """Return how many places there are of each change, ready for JSON."""
        change = self.places["change"].value_counts()
        return {
            "profile": self.profile,
            "limit_s": self.limit_s,
            "speed_mps": self.speed_mps,
            "places": len(self.places),
            **{name: int(change.get(name, 0)) for name in CHANGES},
            "no_place": int(self.places["change"].isna().sum()),
            "cut_off": int(self.places["cut_off"].sum()),
        }


def reach_compare(
    before: StreetNetwork,
    after: StreetNetwork,
    origins: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    *,
    limit_s: float = LIMIT_S,
    speed_mps: float | None = None,
    max_m: float = SNAP_M,
) -> ReachChange:
    """
    Compare who is reached in time before and after the streets change.

    The way runs from the nearest origin, along the streets in the direction that is allowed. From
    an origin to its street, and from the street to the place, one walks.

    Parameters
    ----------
    before
        The streets as they were. Its profile says who moves: a lane narrower than 2.2 m takes no
        vehicle, one of 1 m is for walking.
    after
        The streets with the new road, of the same profile.
    origins
        n Point rows in the CRS of the streets: stations, posts.
    places
        m rows of any geometry in that CRS: buildings, blocks; a point inside stands for each.
    limit_s
        What counts as in time, in seconds; exactly so much is.
    speed_mps
        Metres a second along the streets; None for that of the profile in `SPEED_MPS`.
    max_m
        A place farther than this from every passable street is cut off, in metres.

    Returns
    -------
    change
        Times of both, and what became of each place.

    Raises
    ------
    CRSError
        When metres are no metres.
    GeometryError
        When an origin is no point.
    InvalidParameterError
        When the profiles differ, or a number is not above 0.
    """
    require_metric_crs(origins=origins, places=places)
    if before.profile != after.profile:
        raise InvalidParameterError(
            f"before, after: profiles {before.profile} and {after.profile} differ; make both "
            f"networks of one"
        )
    speed = SPEED_MPS[before.profile] if speed_mps is None else speed_mps
    for name, value in (("limit_s", limit_s), ("speed_mps", speed), ("max_m", max_m)):
        if not 0.0 < value < np.inf:
            raise InvalidParameterError(f"{name} must be a number above 0, got {value!r}")
    points = gpd.GeoDataFrame(geometry=places.representative_point())
    then, _ = _seconds(before, origins, points, speed, max_m)
    now, cut_off = _seconds(after, origins, points, speed, max_m)
    change = np.select(
        [(now <= limit_s) & (then > limit_s), (now > limit_s) & (then <= limit_s), now <= limit_s],
        list(CHANGES[:3]),
        CHANGES[3],
    ).astype(object)
    change[np.isnan(now)] = None
    frame = gpd.GeoDataFrame(
        {
            "before_s": then,
            "after_s": now,
            "change": pd.Series(change, dtype=object, index=places.index),
            "cut_off": cut_off,
        },
        geometry=np.asarray(places.geometry.array),
        crs=places.crs,
        index=places.index,
    )
    return ReachChange(frame, float(limit_s), float(speed), before.profile)


def _seconds(
    network: StreetNetwork,
    origins: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    speed_mps: float,
    max_m: float,
) -> tuple[Floats, Bools]:
    """Return the time from the nearest origin to each place, and which are off the streets."""
    start, end = network.snap(origins, max_m=max_m), network.snap(places, max_m=max_m)
    finer, node = network.with_sites(start + end)
    # Walking to the street takes as long as this much of the way along it.
    stretch = speed_mps / SPEED_MPS["walk"] if network.profile != "walk" else 1.0
    here, there = node[: len(start)], node[len(start) :]
    way_m, _ = finer.nearest(here, first_m=start.offset_m * stretch)
    seconds = np.full(len(end), np.inf)
    on = there >= 0
    seconds[on] = (way_m[there[on]] + end.offset_m[on] * stretch) / speed_mps
    nowhere = (places.geometry.isna() | places.geometry.is_empty).to_numpy()
    seconds[nowhere] = np.nan
    return seconds, ~on & ~nowhere
