"""Where new cameras come, on given poles and never where none may be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.aiming.demand import Demand, Options
from geo.aiming.outlook import Outlook, changes_in_order, outlook
from geo.aiming.scene import Scene, polygons_of, private_ground
from geo.aiming.terms import Terms
from geo.cameras.mounts import Mounts
from geo.crs import require_metric_crs
from geo.due import text_column
from geo.errors import InvalidParameterError
from geo.points import coordinates
from geo.visibility import Sights

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRIVATE_ROOMS: Final = frozenset(
    {
        "guest_room", "private_room", "dormitory", "staff_room", "bath", "toilet",
        "changing_room", "nursing_room", "fitting_room",
        "客房", "包间", "宿舍", "休息室", "浴室", "卫生间", "更衣室", "哺乳室", "试衣间",
    }
)  # fmt: skip
"""Kinds of rooms into which no camera may look, after article 8 of the regulation on video image
systems for public security (2025): neither there nor from outside."""

OF_CAMERAS: Final = ("azimuth_deg", "headings", "online")
"""Columns that say how a camera stands; a pole has none yet."""


@dataclass(frozen=True, eq=False)
class NewCameras(Outlook):
    """
    Outcome of `new_cameras`: a proposal.

    Parameters
    ----------
    sites
        One row for each camera to buy, those that win most first: `pole_id`, `azimuth_deg` (NaN
        all around), `fov_deg`, `range_m`, `gained_m` of due street, `gained_places`, `worth` of
        both in metres (each by this camera after those before it), `view`, and as the geometry
        the point where it stands.
    refused
        One row for each pole that may bear none: `pole_id` and `reason`: "offline" (without a
        place), "indoor", "forbidden" or "private" (private ground is seen whichever way it looks).
    offered
        How many poles there were.
    headings_private
        How many headings were left out because private ground is seen from them.
    """

    sites: gpd.GeoDataFrame
    refused: pd.DataFrame
    offered: int
    headings_private: int

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of `Outlook.summary`; `poles`, `cameras_new`, `refused` by reason and
            `headings_private`.
        """
        refused = self.refused["reason"].value_counts()
        return super().summary() | {
            "poles": self.offered,
            "cameras_new": len(self.sites),
            "refused": {str(reason): int(refused[reason]) for reason in sorted(refused.index)},
            "headings_private": self.headings_private,
        }


def new_cameras(  # noqa: PLR0913 - what counts, what hides, where none may be
    streets: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame,
    poles: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    propose: int,
    walls: gpd.GeoDataFrame | None = None,
    key_sites: gpd.GeoDataFrame | None = None,
    incidents: gpd.GeoDataFrame | None = None,
    residential: gpd.GeoDataFrame | None = None,
    forbidden: gpd.GeoDataFrame | None = None,
    step_deg: float = 10.0,
    terms: Terms | None = None,
    seed: int = 0,
) -> NewCameras:
    """
    Find poles and headings for new cameras, at most one on a pole.

    The demand is that of `reaim`, less what the cameras that see now see.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS; `class` is read where present.
    cameras
        m Point rows in the same CRS, as in `geo.cameras.camera_views`: they stay as they are.
    poles
        k Point rows in the same CRS: poles, and places on walls, for a camera each. Read where
        present: `pole_id` (otherwise the row number), and what the camera would be: `kind`,
        `fov_deg`, `range_m`, `height_m` and the other columns of `camera_views`.
    buildings
        Polygons that hide; none stands deep inside them.
    propose
        How many cameras at most; 0 or more.
    walls
        Lines that hide.
    key_sites
        Points or polygons; see `reaim`.
    incidents
        Points; see `reaim`.
    residential
        Polygons of courtyards and compounds: what is in them counts for nothing, and a new camera
        sees no more than `PRIVATE_M2` of them.
    forbidden
        Polygons where no camera may stand. A row whose `kind` is one of `PRIVATE_ROOMS` may not
        be looked into either. None for nowhere.
    step_deg
        From one heading offered to the next, from north on; in (0, 180].
    terms
        What counts for how much; None for the default `Terms`.
    seed
        Of the random moves of the search; it repeats the result.

    Returns
    -------
    new_cameras
        The cameras, what they win, and how good that is known to be.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When a row is of the wrong kind of geometry.
    InvalidParameterError
        When an option is out of its range; the message names it.
    """
    given = {
        "streets": streets, "cameras": cameras, "poles": poles, "residential": residential,
        "forbidden": forbidden,
    }  # fmt: skip
    require_metric_crs(**{name: frame for name, frame in given.items() if frame is not None})
    if not isinstance(propose, int | np.integer) or isinstance(propose, bool) or propose < 0:
        raise InvalidParameterError(f"propose must be a whole number of 0 or more, got {propose!r}")
    terms = terms or Terms()
    scene = Scene.of(
        streets, buildings, walls, key_sites=key_sites, incidents=incidents,
        private=private_ground(residential=residential, forbidden=private_rooms(forbidden)),
        terms=terms,
    )  # fmt: skip
    there = Mounts.of(cameras, scene.walls)
    sees = (there.frame["status"] == "seeing").to_numpy()[there.camera] & there.now
    bare = poles.drop(columns=[name for name in OF_CAMERAS if name in poles.columns])
    mounts = Mounts.of(bare, scene.walls)
    reason = _refusals(poles, mounts, forbidden)
    now = np.flatnonzero(mounts.now)
    free = now[reason[mounts.camera[now]] == ""]
    pole = mounts.camera[free]
    # An eye of unknown heading looks all around; a camera has the field of its lens.
    fov = mounts.frame["fov_deg"].to_numpy()[pole]
    eyes = replace(mounts.eyes.take(free), fov_deg=fov)
    places = coordinates(poles, "poles")[pole]
    options = Options.of(scene, eyes, places, step_deg, standing=False)
    demand = Demand.of(scene, options, there.eyes.take(sees))
    best = demand.best(int(propose), terms, seed)
    alone = np.bincount(options.group, minlength=len(pole)) == 1
    reason[pole[alone]] = "private"
    held = reason != ""
    ids = poles["pole_id"].to_numpy() if "pole_id" in poles.columns else np.arange(len(poles))
    return NewCameras(
        **outlook(demand, best),
        sites=_sites(demand, changes_in_order(demand, best), pole, ids, poles),
        refused=pd.DataFrame({"pole_id": ids[held], "reason": reason[held]}),
        offered=len(poles),
        headings_private=int(options.barred.sum()),
    )


def private_rooms(forbidden: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """
    Pick the rooms into which no camera may look.

    Parameters
    ----------
    forbidden
        Polygon rows with `kind` where known, or None.

    Returns
    -------
    rooms
        The rows whose kind is one of `PRIVATE_ROOMS`.
    """
    if forbidden is None:
        return None
    return forbidden[np.isin(text_column(forbidden, "kind"), list(PRIVATE_ROOMS))]


def _refusals(
    poles: gpd.GeoDataFrame, mounts: Mounts, forbidden: gpd.GeoDataFrame | None
) -> NDArray[np.object_]:
    """Say why each pole may bear no camera; "" where it may."""
    reason = mounts.frame["status"].to_numpy().astype(object)
    reason[np.isin(reason, ["unaimed", "seeing"])] = ""
    if forbidden is not None:
        tree = shapely.STRtree(polygons_of(forbidden, "forbidden"))
        stands = shapely.points(mounts.frame[["x", "y"]].to_numpy())
        # Where the pole is drawn, and where its camera would be held before a wall.
        for at in (np.asarray(poles.geometry.array), stands):
            reason[np.unique(tree.query(at, predicate="intersects")[0])] = "forbidden"
    return reason


def _sites(
    demand: Demand, steps: pd.DataFrame, pole: NDArray[np.int64], ids: NDArray[Any],
    poles: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Say of each change which pole it needs, and draw what the camera would see."""
    options = demand.options
    eyes = options.sights.eyes.take(options.eye[steps["to_option"].to_numpy()])
    sites = gpd.GeoDataFrame(
        {
            "pole_id": ids[pole[steps["group"].to_numpy()]],
            "azimuth_deg": np.where(eyes.whole, np.nan, eyes.azimuth_deg),
            "fov_deg": eyes.fov_deg,
            "range_m": eyes.range_m,
        },
        geometry=shapely.points(eyes.xy),
        crs=poles.crs,
    )
    for name in ("gained_m", "gained_places", "worth"):
        sites[name] = steps[name].to_numpy()
    drawn = Sights.of(eyes, demand.scene.walls).polygons()
    sites["view"] = gpd.GeoSeries(drawn, crs=poles.crs)
    return sites
