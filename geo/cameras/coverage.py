"""What cameras see of the streets, and what nobody sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.cameras.ground import blind_areas, seen_by_area, union_area_m2
from geo.cameras.mounts import STATUSES
from geo.cameras.views import Views
from geo.cameras.watched import watched_sites
from geo.coverage import DueStreets, StreetCoverage, share, uncovered
from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.roads import ROAD_GROUPS, UNKNOWN_ROAD, road_groups

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from geo.due import DueRule
    from geo.intervals import Intervals
    from geo.visibility import Stretches

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CameraCoverage(StreetCoverage):
    """
    Outcome of `camera_coverage`.

    Parameters
    ----------
    views
        What `camera_views` gives.
    seen
        The stretches of street that each camera sees now, due or not.
    upper
        Those that cameras of unknown heading, band or light may see beside.
    reachable
        Those that cameras which turn see one way or another.
    seen_area_m2
        Area of the union of what the cameras see, in square metres.
    ground
        One row per area whose ground was asked for: `area_id`, `open_area_m2` without buildings,
        `seen_area_m2` and `seen_share` of it (NaN without open ground), polygon; None where none
        was. A camera sees streets and ground: two figures.
    blind_areas
        Open ground that no camera sees, one row per connected piece, the largest first: `area_id`,
        `area_m2`, `street_ids`, `street_length_m` of due street in it, polygon; None where no
        ground was asked for. A restricted list: it says where nobody looks.
    key_sites
        One row per key site: its columns, `watched`, `cameras` (how many see it), `seen_share` of
        the outline of a site that is no point (NaN for points), and where entrances were given
        `entrances` and `entrances_watched`; None where no site was given.
    """

    views: gpd.GeoDataFrame
    seen: Stretches
    upper: Stretches
    reachable: Stretches
    seen_area_m2: float
    ground: gpd.GeoDataFrame | None
    blind_areas: gpd.GeoDataFrame | None
    key_sites: gpd.GeoDataFrame | None

    @property
    def street_gaps(self) -> gpd.GeoDataFrame:
        """The uncovered stretches; the same as `gaps`."""
        return self.gaps

    @cached_property
    def covered_length_upper_m(self) -> float:
        """Due length in metres that is covered if what cannot be known is seen."""
        return self.due_length_m - self.gap_intervals.difference(self.upper.union).length_m

    @property
    def covered_share_upper(self) -> float | None:
        """Upper bound of `covered_share`: what cannot be known counted as seen."""
        return share(self.covered_length_upper_m, self.due_length_m)

    @property
    def covered_share_reachable(self) -> float | None:
        """The share that would be seen with every turning camera looking all ways at once."""
        left = self.gap_intervals.difference(self.reachable.union)
        return share(self.due_length_m - left.length_m, self.due_length_m)

    @cached_property
    def seeing(self) -> gpd.GeoDataFrame:
        """The views of the cameras that see."""
        return self.views[self.views["status"] == "seeing"]

    def folds(self) -> pd.DataFrame:
        """
        Tell how many cameras see how much of the due streets.

        Returns
        -------
        frame
            `cameras` (0, 1, 2 ...), `length_m` seen by exactly so many, `share` of the due length.
        """
        _, start, end, depth = _depth(self.streets.due, self.seen, np.ones(len(self.views)))
        length = end - start
        most = int(depth.max(initial=0.0)) + 1
        by_depth = np.bincount(np.round(depth).astype(np.int64), length, minlength=most)
        due = self.due_length_m
        return pd.DataFrame(
            {
                "cameras": np.arange(len(by_depth)),
                "length_m": by_depth,
                "share": by_depth / due if due else np.full(len(by_depth), np.nan),
            }
        )

    def by_road(self) -> pd.DataFrame:
        """
        Tell how much of the due streets is seen, by class of road.

        Returns
        -------
        frame
            `road` (a key of `geo.roads.ROAD_GROUPS` or "unknown"), `due_length_m`,
            `covered_length_m`, `covered_share`; groups without due street are left out.
        """
        group = road_groups(self.streets.frame)[self.streets.lines.row]
        due = self.streets.due.length_by_key(len(group))
        gap = self.gap_intervals.length_by_key(len(group))
        sums = pd.DataFrame({"due_length_m": due, "gap": gap}).groupby(group).sum()
        sums = sums.reindex([*ROAD_GROUPS, UNKNOWN_ROAD]).query("due_length_m > 0")
        covered = sums["due_length_m"] - sums["gap"]
        return pd.DataFrame(
            {
                "road": sums.index,
                "due_length_m": sums["due_length_m"],
                "covered_length_m": covered,
                "covered_share": covered / sums["due_length_m"],
            }
        ).reset_index(drop=True)

    def expected_length_m(self, availability: ArrayLike) -> float:
        """
        Return the due length that is seen on average.

        Parameters
        ----------
        availability
            Per camera the share of time in [0, 1] that it sees: those that see now; that cameras
            fail apart from each other is assumed.

        Returns
        -------
        length_m
            Sum of length x (1 - product of (1 - availability)).

        Raises
        ------
        InvalidParameterError
            When there is not one number in [0, 1] per camera.
        """
        ready = np.asarray(availability, dtype=np.float64)
        if ready.shape != (len(self.views),) or not ((ready >= 0.0) & (ready <= 1.0)).all():
            raise InvalidParameterError(
                f"availability must be {len(self.views)} numbers from 0 to 1, one per camera; "
                f"leave cameras of unknown availability out, or take the worst case for them"
            )
        with np.errstate(divide="ignore"):
            # A camera that never fails is -inf, which a sum cannot take back: bound it.
            fails = np.maximum(np.log1p(-ready), -100.0)
        _, start, end, log = _depth(self.streets.due, self.seen, fails)
        return float(((end - start) * -np.expm1(np.minimum(log, 0.0))).sum())

    def newly_blind(self, camera_ids: ArrayLike) -> gpd.GeoDataFrame:
        """
        Find the due stretches that nobody sees when some cameras fail.

        Parameters
        ----------
        camera_ids
            Theirs; those that see nothing now change nothing.

        Returns
        -------
        frame
            Stretches as in `gaps`, without those that are gaps already. A restricted list.
        """
        fails = self.views["camera_id"].isin(np.asarray(camera_ids).tolist()).to_numpy()
        left = self.seen.of(~fails).union
        lost = self.streets.due.difference(left).difference(self.gap_intervals)
        return self.streets.stretches(lost.longer_than(1e-3))

    def sites(self) -> dict[str, NDArray[np.object_]]:
        """Return the points of the cameras."""
        return {"cameras": shapely.points(self.views[["x", "y"]].to_numpy())}

    def summary(self) -> dict[str, Any]:
        """
        Return the totals, ready for JSON.

        Returns
        -------
        summary
            The keys of `StreetCoverage.summary`; counts of cameras (`cameras_status_unknown`
            are among `cameras_online`; `cameras_unaimed` counts offline ones too) and of points
            with cameras; `covered_share_upper`, `covered_share_reachable`; and over the cameras
            that see, `nominal_area_m2` (sum of sectors), `visible_area_m2` (sum of what each
            sees; `opaque_area_m2` as if no height were known) and `seen_area_m2` (their union).
            `key_sites` and `key_sites_watched`, and `open_area_m2`, `blind_area_m2` and
            `seen_ground_share`, where asked for.
        """
        views, seeing = self.views, self.seeing
        status = views["status"]
        places = views.loc[views["x"].notna(), ["x", "y"]].round(2)
        summary = super().summary() | {
            "cameras": len(views),
            "camera_points": len(places.drop_duplicates()),
            "cameras_online": int(views["online"].fillna(True).sum()),
            "cameras_status_unknown": int(views["online"].isna().sum()),
            "cameras_unaimed": int((~views["aimed"]).sum()),
            **{
                f"cameras_{name}": int((status == name).sum())
                for name in STATUSES
                if name not in {"offline", "unaimed"}
            },
            "cameras_assumed": int(seeing["assumed"].sum()),
            "cameras_moved": int((views["moved_m"] > 0.0).sum()),
            "covered_share_upper": self.covered_share_upper,
            "covered_share_reachable": self.covered_share_reachable,
            "nominal_area_m2": float(seeing["nominal_area_m2"].sum()),
            "visible_area_m2": float(seeing["visible_area_m2"].sum()),
            "opaque_area_m2": float(seeing["opaque_area_m2"].sum()),
            "seen_area_m2": self.seen_area_m2,
        }
        if self.key_sites is not None:
            summary["key_sites"] = len(self.key_sites)
            summary["key_sites_watched"] = int(self.key_sites["watched"].sum())
        if self.ground is not None:
            open_m2 = float(self.ground["open_area_m2"].sum())
            seen_m2 = float(self.ground["seen_area_m2"].sum())
            summary |= {"open_area_m2": open_m2, "blind_area_m2": open_m2 - seen_m2}
            summary["seen_ground_share"] = share(seen_m2, open_m2)
        return summary


def camera_coverage(  # noqa: PLR0913 - what is asked about cameras
    streets: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    walls: gpd.GeoDataFrame | None = None,
    key_sites: gpd.GeoDataFrame | None = None,
    entrances: gpd.GeoDataFrame | None = None,
    ground: gpd.GeoDataFrame | None = None,
    due: DueRule | None = None,
    within: gpd.GeoDataFrame | None = None,
    night: bool = False,
    band: str | None = None,
    executor: Executor | None = None,
) -> CameraCoverage:
    """
    Find the stretches of due street that no camera sees.

    Only cameras that see now count in `covered_share`: online, outdoors, aimed. Those of unknown
    heading count as full circles in `covered_share_upper`, those that turn count all their ways
    in `covered_share_reachable`.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS, as in `post_coverage`.
    cameras
        m Point rows in the same CRS, as in `camera_views`.
    buildings
        Polygons that hide; see `camera_views`.
    walls
        Lines that hide; see `camera_views`.
    key_sites
        Points or polygons that have to be watched; None where that is not asked.
    entrances
        Points with the `site_id` of their key site; None where none are known.
    ground
        Polygons with `area_id` whose blind ground is asked for; None where it is not.
    due
        Which streets count; None for the default `DueRule`.
    within
        Polygons with `area_id`: only the stretches inside them are due. None for all.
    night
        Whether it is night; see `camera_views`.
    band
        What the picture has to serve for; see `camera_views`.
    executor
        Where the areas of unions are computed, tile by tile; None for here. It changes no result.

    Returns
    -------
    coverage
        Views, gaps, blind areas, key sites, totals, `by_area` and `summary`.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When streets are no lines, cameras no points, buildings no polygons or walls no lines.
    InvalidParameterError
        When a number is out of its bounds; the message names the row.

    Notes
    -----
    Stretches are exact. Areas of unions are taken of polygons whose rims are off by at most 6e-5
    of the range.
    """
    frames = {
        "streets": streets, "cameras": cameras, "key_sites": key_sites, "entrances": entrances,
        "ground": ground, "within": within,
    }  # fmt: skip
    require_metric_crs(**{name: frame for name, frame in frames.items() if frame is not None})
    views = Views.of(cameras, buildings, walls, night=night, band=band)
    chosen = DueStreets.of(streets, due, within)
    status = views.mounts.frame["status"].to_numpy()[views.mounts.camera]
    now, sees = views.mounts.now, status == "seeing"
    of = views.stretches(chosen.lines)
    seen, upper, reachable = (
        of(poses)
        for poses in (now & sees, now & np.isin(status, ["unaimed", "unknown"]), ~now & sees)
    )
    gaps = uncovered(chosen, seen.union)
    listed = chosen.stretches(gaps)
    drawn = views.frame(cameras.crs)
    seeing = drawn.loc[drawn["status"] == "seeing", "geometry"].to_numpy()
    parted = None if ground is None else _ground(ground, seeing, buildings, executor)
    return CameraCoverage(
        listed, chosen, gaps, drawn, seen, upper, reachable, union_area_m2(seeing, executor),
        None if parted is None else parted[0],
        None if parted is None else blind_areas(*parted, listed),
        None if key_sites is None else watched_sites(key_sites, seeing, buildings, entrances),
    )  # fmt: skip


def _ground(
    areas: gpd.GeoDataFrame,
    seen: NDArray[np.object_],
    buildings: gpd.GeoDataFrame | None,
    executor: Executor | None,
) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    """Return what is seen of the ground of each area, and the ground that is not."""
    left, open_m2 = seen_by_area(areas, seen, buildings, executor)
    seen_m2 = open_m2 - shapely.area(left)
    with np.errstate(invalid="ignore"):
        part = seen_m2 / open_m2
    figures = {"open_area_m2": open_m2, "seen_area_m2": seen_m2, "seen_share": part}
    return areas[["area_id", "geometry"]].reset_index(drop=True).assign(**figures), left


def _depth(
    due: Intervals, seen: Stretches, weight: Floats
) -> tuple[NDArray[np.int64], Floats, Floats, Floats]:
    """Return the due stretches cut wherever a view begins or ends, and the weights that add up."""
    part, start, end = due.split(
        np.concatenate((seen.part, seen.part)), np.concatenate((seen.start, seen.end))
    )
    # Every view adds its weight where it begins and takes it where it ends.
    at = np.concatenate((seen.start, seen.end, (start + end) / 2.0))
    of = np.concatenate((seen.part, seen.part, part))
    change = np.concatenate((weight[seen.eye], -weight[seen.eye], np.zeros(len(part))))
    order = np.lexsort((at, of))
    # What was added on one part is taken on it, so the sum runs on from part to part.
    depth = np.empty(len(at))
    depth[order] = np.cumsum(change[order])
    return part, start, end, depth[len(at) - len(part) :]
