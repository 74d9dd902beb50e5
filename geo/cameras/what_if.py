"""What would be seen if one camera were turned, moved or switched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.cameras.mounts import Mounts
from geo.cameras.nearby import AFTER, BEFORE, Nearby, within
from geo.coverage import DueStreets
from geo.crs import label, require_metric_crs
from geo.errors import NotTurnedError
from geo.intervals import Intervals
from geo.visibility import FULL_TURN_DEG, Sights, Walls

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

    from geo.due import DueRule
    from geo.visibility import Eyes

SLIVER_M: Final = 1e-3
"""A stretch shorter than this, in metres, is the rounding where two views touch."""


@dataclass(frozen=True, eq=False)
class WhatIf:
    """
    Outcome of `what_if`: nothing is changed by it.

    Parameters
    ----------
    views
        2 rows: `when` ("before", "after"), `camera_id`, `status`, `azimuth_deg`, `fov_deg`,
        `range_m`, `x`, `y`, `visible_area_m2` and a polygon, as `camera_views` gives them of the
        camera.
    stretches
        Due stretches whose state would change: `change` ("gained": no camera sees it today;
        "lost": no camera would see it), `street_id`, `start_m`, `end_m`, `length_m`, LineString
        geometry. A restricted list: it tells where nobody looks, today or then.
    seen_before_m
        Due length in metres that the camera sees today, whoever else does.
    seen_after_m
        Due length that it would see.
    others
        How many other cameras see now and are near enough to look at the same ground.
    """

    views: gpd.GeoDataFrame
    stretches: gpd.GeoDataFrame
    seen_before_m: float
    seen_after_m: float
    others: int

    @property
    def gained(self) -> gpd.GeoDataFrame:
        """The stretches that would be seen and that no camera sees today."""
        return self.stretches[self.stretches["change"] == "gained"]

    @property
    def lost(self) -> gpd.GeoDataFrame:
        """The stretches that are seen today and that no camera would see."""
        return self.stretches[self.stretches["change"] == "lost"]

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON; they name no place.

        Returns
        -------
        summary
            `camera_id`; `status`, `azimuth_deg`, `visible_area_m2` (None where unknown) and
            `seen_length_m` of the camera, each `_before` and `_after`; `gained_length_m`,
            `lost_length_m` and `net_length_m` of all cameras together; `cameras_near`; the CRS.
        """
        length_m = self.stretches["length_m"].to_numpy()
        gained, lost = (
            float(length_m[(self.stretches["change"] == change).to_numpy()].sum())
            for change in ("gained", "lost")
        )
        told: dict[str, Any] = {"camera_id": self.views["camera_id"].iloc[BEFORE]}
        for name in ("status", "azimuth_deg", "visible_area_m2"):
            before, after = (None if pd.isna(each) else each for each in self.views[name].tolist())
            told |= {f"{name}_before": before, f"{name}_after": after}
        return told | {
            "seen_length_before_m": self.seen_before_m,
            "seen_length_after_m": self.seen_after_m,
            "gained_length_m": gained,
            "lost_length_m": lost,
            "net_length_m": gained - lost,
            "cameras_near": self.others,
            "crs": label(self.views.crs),
        }


def what_if(  # noqa: PLR0913 - what counts, what hides, what changes
    streets: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    camera_id: Hashable,
    azimuth_deg: float | None = None,
    to: tuple[float, float] | None = None,
    online: bool | None = None,
    walls: gpd.GeoDataFrame | None = None,
    due: DueRule | None = None,
) -> WhatIf:
    """
    Tell what would be newly seen and newly blind if one camera were changed.

    It is the difference of two runs of `camera_coverage`, of which only what is near the camera is
    computed. A stretch counts as gained or lost when no other camera sees it.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS, as in `camera_coverage`.
    cameras
        m Point rows in the same CRS, as in `camera_views`.
    buildings
        Polygons that hide; see `camera_views`.
    camera_id
        Which camera: its code, or the row number where there is no column `camera_id`.
    azimuth_deg
        Where it would look, clockwise from grid north; None for where it looks.
    to
        Where it would stand, in the CRS of the frames; None for where it stands.
    online
        Whether it would work; None for as it is.
    walls
        Lines that hide; see `camera_views`.
    due
        Which streets count; None for the default `DueRule`.

    Returns
    -------
    what_if
        The views before and after, what is gained and lost.

    Raises
    ------
    ColumnError
        When no camera has this code, or several have.
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When a row that is near is of the wrong kind of geometry.
    InvalidParameterError
        When nothing is changed, or a number is out of its bounds.
    NotTurnedError
        When a camera is to be turned that sees all around or whose lenses have their own headings.

    Notes
    -----
    Cost: one look at all cameras to find those near; the rest depends on what is near alone.
    """
    frames = {"streets": streets, "cameras": cameras, "buildings": buildings, "walls": walls}
    require_metric_crs(**{name: frame for name, frame in frames.items() if frame is not None})
    near = Nearby.of(cameras, camera_id, azimuth_deg=azimuth_deg, to=to, online=online)
    return compare(near, streets, buildings, walls=walls, due=due)


def compare(
    near: Nearby,
    streets: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    walls: gpd.GeoDataFrame | None = None,
    due: DueRule | None = None,
) -> WhatIf:
    """
    Answer `what_if` for whoever has found what is near, and needs to read no more than that.

    Parameters
    ----------
    near
        The camera before and after, and the others.
    streets
        Those that meet `near.ground`, or more; in the metric CRS of the cameras, as all are.
    buildings
        Those that meet `near.reach`, or more.
    walls, due
        As in `what_if`.

    Returns
    -------
    what_if
        As there.

    Raises
    ------
    GeometryError, InvalidParameterError, NotTurnedError
        As there.
    """
    hiding = Walls.of(
        *(None if frame is None else within(frame, near.reach) for frame in (buildings, walls))
    )
    if "street_id" not in streets.columns:
        # A number of the row that is kept when others are left out.
        streets = streets.assign(street_id=np.arange(len(streets)))
    chosen = DueStreets.of(within(streets, near.ground), due, None)
    mounts = Mounts.of(near.cameras, hiding)
    eyes, camera = mounts.eyes.take(mounts.now), mounts.camera[mounts.now]
    _require_turned(near, eyes.take(camera == AFTER))
    found = Sights.of(eyes, hiding).stretches(chosen.lines)
    sees = (mounts.frame["status"] == "seeing").to_numpy()[camera]
    before, after, elsewhere = (
        chosen.due.intersection(found.of(sees & which).union)
        for which in (camera == BEFORE, camera == AFTER, camera > AFTER)
    )
    gained, lost = (
        changed.difference(elsewhere).longer_than(SLIVER_M)
        for changed in (after.difference(before), before.difference(after))
    )
    stretches = chosen.stretches(
        Intervals(
            np.concatenate((gained.key, lost.key)),
            np.concatenate((gained.start, lost.start)),
            np.concatenate((gained.end, lost.end)),
        )
    )
    stretches.insert(0, "change", np.repeat(["gained", "lost"], [len(gained), len(lost)]))
    own = camera <= AFTER
    drawn = Sights.of(eyes.take(own), hiding).polygons()
    views = _views(mounts.frame.iloc[: AFTER + 1], drawn, camera[own], near.cameras.crs)
    others = np.unique(camera[sees & (camera > AFTER)])
    return WhatIf(views, stretches, before.length_m, after.length_m, len(others))


def _views(
    mounts: pd.DataFrame, drawn: NDArray[np.object_], camera: NDArray[np.int64], crs: object
) -> gpd.GeoDataFrame:
    """Return the two rows, each with what the lenses of the camera see."""
    polygon = np.array(
        [shapely.union_all(drawn[camera == row]) for row in (BEFORE, AFTER)], dtype=object
    )
    polygon[mounts["x"].isna()] = None
    columns = ["camera_id", "status", "azimuth_deg", "fov_deg", "range_m", "x", "y"]
    told = {name: mounts[name].to_numpy() for name in columns}
    areas = [(told["status"] == name) for name in ("seeing", "unaimed")]
    told["visible_area_m2"] = np.select(areas, [shapely.area(polygon), np.nan], 0.0)
    return gpd.GeoDataFrame({"when": ["before", "after"], **told}, geometry=polygon, crs=crs)


def _require_turned(near: Nearby, eyes: Eyes) -> None:
    """Refuse a heading that the camera, which has these eyes afterwards, does not take."""
    if near.azimuth_deg is None:
        return
    heading = near.azimuth_deg % FULL_TURN_DEG
    if (eyes.whole | (eyes.azimuth_deg != heading)).any():
        raise NotTurnedError(
            f"azimuth_deg: camera {near.cameras['camera_id'].iloc[AFTER]!r} sees all around or has "
            f"lenses with headings of their own, so it is not turned; leave azimuth_deg out, or "
            f"change its row"
        )
