"""One camera as it is and as it would be, and the cameras that look at the same ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.cameras.mounts import longest_m
from geo.errors import ColumnError, InvalidParameterError
from geo.points import coordinates
from geo.visibility import INSIDE_M, STAND_OFF_M

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BEFORE, AFTER = 0, 1
"""Rows of the camera as it is, and as it would be."""

MOVED_M: Final = INSIDE_M + STAND_OFF_M
"""How far at most a camera is moved to stand before its wall, in metres."""

MARGIN_M: Final = 2.0 * INSIDE_M + 1.0
"""What lies farther than this from the ground that a camera may see moves no camera and hides
nothing, in metres: a wall is looked for up to twice `INSIDE_M` from a camera."""


@dataclass(frozen=True, eq=False)
class Nearby:
    """
    What matters to a change of one camera; make it with `Nearby.of`.

    Parameters
    ----------
    cameras
        2 + n rows: the camera as it is, as it would be, and the others whose ranges meet that of
        the two, in their order, whether they see or not.
    azimuth_deg
        Where the camera is to look; None where it is not turned.
    reach
        (2 + n) x 4 boxes in the CRS of the cameras: what the camera may see, before and after,
        and what may hide any of that from each other one; NaN without a place.
    """

    cameras: gpd.GeoDataFrame
    azimuth_deg: float | None
    reach: Floats

    @property
    def ground(self) -> Floats:
        """2 x 4 boxes: what the camera may see, before and after."""
        return self.reach[:2]

    @classmethod
    def of(
        cls,
        cameras: gpd.GeoDataFrame,
        camera_id: Hashable,
        *,
        azimuth_deg: float | None = None,
        to: tuple[float, float] | None = None,
        online: bool | None = None,
    ) -> Nearby:
        """
        Change one camera, and find the others that look at its ground.

        Parameters
        ----------
        cameras, camera_id, azimuth_deg, to, online
            As in `geo.cameras.what_if`.

        Returns
        -------
        nearby
            The camera before and after, and the others.

        Raises
        ------
        ColumnError
            When no camera has this code, or several have.
        InvalidParameterError
            When nothing is changed, a number is not finite, or a camera is out of its bounds.
        """
        _require_change(azimuth_deg, to, online)
        named = "camera_id" in cameras.columns
        ids = cameras["camera_id"] if named else pd.Series(np.arange(len(cameras)))
        rows = np.flatnonzero((ids == camera_id).fillna(value=False).to_numpy(dtype=bool))
        if len(rows) != 1:
            raise ColumnError(
                f"camera_id: {len(rows)} of {len(cameras)} cameras have {camera_id!r}; give the "
                f"code of one"
            )
        # Where a camera stands depends on walls by little, and how far it sees not at all.
        at, range_m = coordinates(cameras, "cameras"), longest_m(cameras)
        own = at[rows[0]]
        two = np.array((own, own if to is None else to))
        apart = np.hypot(*(at[:, None] - two).transpose(2, 0, 1))
        meets = (apart <= range_m[:, None] + range_m[rows[0]] + 2.0 * MOVED_M).any(axis=1)
        meets[rows[0]] = False
        # The camera stands first twice, as it is and as it would be.
        chosen = np.concatenate((rows, rows, np.flatnonzero(meets)))
        all_ = cameras.iloc[chosen].reset_index(drop=True)
        if not named:
            all_["camera_id"] = chosen
        for name, value in {"azimuth_deg": azimuth_deg, "online": online}.items():
            if value is not None:
                values = list(all_[name]) if name in all_.columns else [None] * len(all_)
                values[AFTER] = value
                all_[name] = pd.Series(values, dtype=object)
        if to is not None:
            places = all_.geometry.to_numpy().copy()
            places[AFTER] = shapely.Point(to)
            all_ = all_.set_geometry(gpd.GeoSeries(places, crs=cameras.crs))
        places = np.concatenate((two, at[meets]))
        return cls(all_, azimuth_deg, _boxes(places, range_m[chosen]))


def within(frame: gpd.GeoDataFrame, boxes: Floats) -> gpd.GeoDataFrame:
    """
    Return the rows whose boxes meet any of some boxes, in their order.

    Parameters
    ----------
    frame
        n rows; its index of places is made once and kept with it.
    boxes
        m x 4 boxes in its CRS; one of NaN meets nothing.

    Returns
    -------
    rows
        Those of the frame.
    """
    wanted = shapely.box(*boxes[~np.isnan(boxes).any(axis=1)].T)
    rows: Any = np.unique(frame.sindex.query(wanted)[1])
    return frame if len(rows) == len(frame) else frame.iloc[rows]


def _boxes(at: Floats, range_m: Floats) -> Floats:
    """Return the boxes of what matters to each camera; of the others, on the way to the ground."""
    low, high = at - MARGIN_M, at + MARGIN_M
    ground = range_m[: AFTER + 1, None]
    west_south = np.fmin.reduce(low[: AFTER + 1] - ground)
    east_north = np.fmax.reduce(high[: AFTER + 1] + ground)
    far = range_m[:, None]
    low, high = (
        np.maximum(low - far, np.minimum(low, west_south)),
        np.minimum(high + far, np.maximum(high, east_north)),
    )
    return np.column_stack((low, high))


def _require_change(
    azimuth_deg: float | None,
    to: tuple[float, float] | None,
    online: bool | None,  # noqa: FBT001 - handed on by name
) -> None:
    """Refuse a change of nothing, and numbers that are none."""
    if azimuth_deg is None and to is None and online is None:
        raise InvalidParameterError("nothing is changed; give azimuth_deg, to=(x, y) or online")
    for name, value in {"azimuth_deg": azimuth_deg, "to": to}.items():
        if value is not None and not np.isfinite(value).all():
            raise InvalidParameterError(f"{name} must be finite, got {value!r}")
