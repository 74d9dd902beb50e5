"""Turn the cameras there are, so that together they see more of what counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.aiming.demand import Demand, Options
from geo.aiming.outlook import Outlook, changes_in_order, outlook
from geo.aiming.scene import Scene, private_ground
from geo.aiming.terms import Terms
from geo.cameras.mounts import Mounts
from geo.crs import require_metric_crs
from geo.due import NO, text_column
from geo.points import coordinates
from geo.visibility import FULL_TURN_DEG, Sights

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOUNTED: Final = frozenset({"panoramic", "multi_lens", "security_checkpoint"})
"""Kinds that nobody turns unless their row says `adjustable`: all-round ones, several lenses in one
housing, and those that are mounted for one lane."""


@dataclass(frozen=True, eq=False)
class Reaim(Outlook):
    """
    Outcome of `reaim`: a proposal.

    Parameters
    ----------
    turns
        One row for each camera to turn, those that win most first: `camera_id`, `from_deg`,
        `to_deg`, `gained_m` and `lost_m` of due street, `gained_places` and `lost_places`, `worth`
        of both together in metres (each by this turn after those before it), `private_before_m2`
        and `private_after_m2` (private ground in view), `before` (the view today) and as the
        geometry the view then.
    left_alone
        One row for each camera that may not be turned: `camera_id` and `reason`: "outside" (of
        `terms.within`), "offline", "indoor", "unaimed" (where it looks is to be found
        out first), "round_view", "several_lenses", "mandatory" or "not_adjustable".
    cameras
        The cameras as they would be: those given, with the new `azimuth_deg`.
    headings_private
        How many headings were left out because more private ground is seen from them than today.
    """

    turns: gpd.GeoDataFrame
    left_alone: pd.DataFrame
    cameras: gpd.GeoDataFrame
    headings_private: int

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of `Outlook.summary`; `cameras`, `cameras_adjustable`, `turned`,
            `left_alone` by reason and `headings_private`.
        """
        alone = self.left_alone["reason"].value_counts()
        return super().summary() | {
            "cameras": len(self.cameras),
            "cameras_adjustable": len(self.cameras) - len(self.left_alone),
            "turned": len(self.turns),
            "left_alone": {str(reason): int(alone[reason]) for reason in sorted(alone.index)},
            "headings_private": self.headings_private,
        }


def reaim(  # noqa: PLR0913 - what counts, what hides, what may change
    streets: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    walls: gpd.GeoDataFrame | None = None,
    key_sites: gpd.GeoDataFrame | None = None,
    incidents: gpd.GeoDataFrame | None = None,
    residential: gpd.GeoDataFrame | None = None,
    changes: int | None = None,
    step_deg: float = 10.0,
    terms: Terms | None = None,
    seed: int = 0,
) -> Reaim:
    """
    Find the best heading for each adjustable camera; what all see is never worth less than today.

    What is demanded are the due streets and the key sites and incidents, each worth what `terms`
    say. Cameras that may not be turned see what they see today; those that do not see now count
    for nothing. Which turns win nothing is not proposed.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS; `class` is read where present.
    cameras
        m Point rows in the same CRS, as in `geo.cameras.camera_views`, and where present
        `adjustable` (missing: unless its kind is one of `MOUNTED`) and `mandatory` (keeps its
        view). A camera that sees all around or has several lenses is never turned, nor one outside
        `terms.within`; one that turns by itself gets another home position.
    buildings
        Polygons that hide; see `camera_views`.
    walls
        Lines that hide.
    key_sites
        Points or polygons; `weight` is read where present. None for none.
    incidents
        Points; `weight` is read where present. None for none.
    residential
        Polygons of courtyards and compounds. A street inside them, or a place, counts for
        nothing (one along the edge counts), and no camera is turned to a heading from which it
        sees more of this ground than today, by more than `PRIVATE_M2`. None for none.
    changes
        How many cameras may be turned at most; None for all.
    step_deg
        From one heading offered to the next, from north on; in (0, 180]. Today's is offered too.
    terms
        What counts for how much; None for the default `Terms`.
    seed
        Of the random moves of the search; it repeats the result.

    Returns
    -------
    reaim
        The turns, what is gained and lost, and how good that is known to be.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When a row is of the wrong kind of geometry.
    InvalidParameterError
        When an option is out of its range; the message names it.

    Notes
    -----
    The demand is exact: due streets are cut wherever the view of any heading begins or ends, so a
    piece is seen whole or not at all. The bound holds among the headings offered.
    """
    given = {"streets": streets, "cameras": cameras, "residential": residential}
    require_metric_crs(**{name: frame for name, frame in given.items() if frame is not None})
    terms = terms or Terms()
    scene = Scene.of(
        streets, buildings, walls, key_sites=key_sites, incidents=incidents,
        private=private_ground(residential=residential), terms=terms,
    )  # fmt: skip
    mounts = Mounts.of(cameras, scene.walls)
    reason = _reasons(cameras, mounts, terms.within)
    now = np.flatnonzero(mounts.now)
    of = mounts.camera[now]
    free, seeing = reason[of] == "", (mounts.frame["status"] == "seeing").to_numpy()[of]
    options = Options.of(
        scene, mounts.eyes.take(now[free]), coordinates(cameras, "cameras")[of[free]], step_deg,
        standing=True,
    )  # fmt: skip
    demand = Demand.of(scene, options, mounts.eyes.take(now[seeing & ~free]))
    best = demand.best(changes, terms, seed)
    turns = _turns(demand, changes_in_order(demand, best), of[free], mounts, cameras)
    azimuth = mounts.frame["azimuth_deg"].to_numpy().copy()
    azimuth[of[free]] = options.heading_deg[best.chosen]
    held = reason != ""
    ids = mounts.frame["camera_id"].to_numpy()
    return Reaim(
        **outlook(demand, best),
        turns=turns,
        left_alone=pd.DataFrame({"camera_id": ids[held], "reason": reason[held]}),
        cameras=cameras.assign(azimuth_deg=azimuth),
        headings_private=int(options.barred.sum()),
    )


def _reasons(
    cameras: gpd.GeoDataFrame, mounts: Mounts, within: gpd.GeoDataFrame | None
) -> NDArray[np.object_]:
    """Say why each camera may not be turned; "" where it may."""
    frame = mounts.frame
    status = frame["status"].to_numpy()
    adjustable, mandatory = (text_column(cameras, name) for name in ("adjustable", "mandatory"))
    fixed = np.where(
        adjustable == "",
        np.isin(text_column(cameras, "kind"), list(MOUNTED)),
        np.isin(adjustable, list(NO)),
    )
    # What the neighbours' streets would lose is not known here.
    outside = np.zeros(len(cameras), dtype=bool)
    if within is not None:
        outside = ~shapely.intersects(
            np.asarray(cameras.geometry.array), shapely.union_all(within.geometry.array)
        )
    reason: NDArray[np.object_] = np.select(
        [
            outside,
            status != "seeing",
            frame["fov_deg"] >= FULL_TURN_DEG,
            frame["lenses"] > 1,
            ~np.isin(mandatory, list(NO)),
            fixed,
        ],
        ["outside", status, "round_view", "several_lenses", "mandatory", "not_adjustable"],
        "",
    ).astype(object)
    return reason


def _turns(
    demand: Demand, steps: pd.DataFrame, camera: NDArray[np.int64], mounts: Mounts,
    cameras: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Say of each change which camera it turns, and draw its views."""
    options = demand.options
    now, then = steps["from_option"].to_numpy(), steps["to_option"].to_numpy()
    eyes, hiding = options.sights.eyes, demand.scene.walls
    before, after = (
        Sights.of(eyes.take(options.eye[option]), hiding).polygons() for option in (now, then)
    )
    turns = gpd.GeoDataFrame(
        {
            "camera_id": mounts.frame["camera_id"].to_numpy()[camera[steps["group"].to_numpy()]],
            "from_deg": options.heading_deg[now],
            "to_deg": options.heading_deg[then],
        },
        geometry=after,
        crs=cameras.crs,
    )
    for name in ("gained_m", "lost_m", "gained_places", "lost_places", "worth"):
        turns[name] = steps[name].to_numpy()
    turns["private_before_m2"] = options.private_m2[now]
    turns["private_after_m2"] = options.private_m2[then]
    turns["before"] = gpd.GeoSeries(before, crs=cameras.crs)
    return turns
