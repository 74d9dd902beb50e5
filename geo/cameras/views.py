"""What each camera sees: the ground in its field that no wall hides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo.cameras.mounts import Mounts
from geo.crs import require_metric_crs
from geo.visibility import Sights, Stretches, Walls

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.lines import Lines

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Views:
    """
    Cameras that have looked.

    Parameters
    ----------
    mounts
        The cameras.
    sights
        What each of their poses sees.
    """

    mounts: Mounts
    sights: Sights

    @classmethod
    def of(
        cls,
        cameras: gpd.GeoDataFrame,
        buildings: gpd.GeoDataFrame | None = None,
        walls: gpd.GeoDataFrame | None = None,
        *,
        night: bool = False,
        band: str | None = None,
    ) -> Views:
        """
        Look; the parameters are those of `camera_views`.

        Parameters
        ----------
        cameras, buildings, walls, night, band
            As there.

        Returns
        -------
        views
            The cameras and what they see.
        """
        frames = {"cameras": cameras, "buildings": buildings, "walls": walls}
        require_metric_crs(**{name: frame for name, frame in frames.items() if frame is not None})
        hiding = Walls.of(buildings, walls)
        mounts = Mounts.of(cameras, hiding, night=night, band=band)
        return cls(mounts, Sights.of(mounts.eyes, hiding))

    def frame(self, crs: object) -> gpd.GeoDataFrame:
        """
        Return one row per camera; see `camera_views`.

        Parameters
        ----------
        crs
            That of the cameras.

        Returns
        -------
        frame
            n rows.
        """
        mounts, now = self.mounts, self.mounts.now
        n, status = len(mounts.frame), mounts.frame["status"].to_numpy()
        drawn, area = self.sights.polygons(), self.sights.area_m2()
        polygon, visible = _by_camera(n, mounts, drawn, area, now)
        higher = self.sights.over | (mounts.eyes.near_m > 0.0)
        opaque = visible.copy()
        if higher.any():
            hidden = self.sights.opaque
            _, opaque = _by_camera(n, mounts, hidden.polygons(), hidden.area_m2(), now)
        reachable = np.full(n, np.nan)
        turning = mounts.frame["turning"].to_numpy()
        reachable[turning] = _by_camera(n, mounts, drawn, area, np.ones(len(now), bool))[1][turning]
        sees, unknown = status == "seeing", np.isin(status, ["unaimed", "unknown"])
        nominal = mounts.frame["lenses"] * np.pi * mounts.frame["range_m"] ** 2
        return gpd.GeoDataFrame(
            mounts.frame.assign(
                nominal_area_m2=nominal * mounts.frame["fov_deg"] / 360.0,
                visible_area_m2=np.select([sees, unknown], [visible, np.nan], 0.0),
                opaque_area_m2=np.select([sees, unknown], [opaque, np.nan], 0.0),
                reachable_area_m2=np.select([sees, unknown], [reachable, np.nan], 0.0),
            ),
            geometry=polygon,
            crs=crs,
        )

    def stretches(self, lines: Lines) -> Callable[[Bools], Stretches]:
        """
        Find where lines run in sight of cameras.

        Parameters
        ----------
        lines
            The lines.

        Returns
        -------
        of
            Given a flag per pose, the stretches that those poses see, keyed by camera; what two
            of one camera see is there once.
        """
        found, camera = self.sights.stretches(lines), self.mounts.camera

        def of(poses: Bools) -> Stretches:
            held = found.of(poses)
            mine = Stretches(camera[held.eye], held.part, held.start, held.end)
            return mine.joined() if (np.bincount(camera[poses]) > 1).any() else mine

        return of


def camera_views(
    cameras: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    walls: gpd.GeoDataFrame | None = None,
    night: bool = False,
    band: str | None = None,
) -> gpd.GeoDataFrame:
    """
    Find what each camera sees: one row per camera, in input order.

    A camera sees the disc of its range within half the field of view to both sides of its heading,
    but for what a building or wall hides. Missing ranges come from the pixels of the picture at
    25 a metre, missing fields from the lens, else both from `KIND_DEFAULTS`, marked `assumed`. A
    camera that does not see all around and whose heading is unknown is `unaimed`. A camera that
    turns sees one way at a time, whatever field is written; its other presets are `reachable`.
    A camera on a wall, or just inside an outline, stands before it (`moved_m`).

    Parameters
    ----------
    cameras
        n Point rows in a metric CRS. Read where present: `camera_id`, `kind`, `azimuth_deg`
        (clockwise from grid north, any turn), `headings` (degrees with ; between: the lenses of
        a camera, or the presets of one that turns), `fov_deg` in (0, 360], `range_m` above 0,
        `online` (true, false or missing: taken as online, counted as unknown), `indoor`,
        `focal_mm`, `pixels` (width of the picture), `height_m`, `tilt_deg` (below the horizon),
        `vfov_deg`, `light` and `ir_range_m`.
    buildings
        Polygons that hide what is behind them, with `height_m` or `height` where known. None for no
        building: then nothing hides.
    walls
        Lines that hide, with heights where known.
    night
        Whether it is night: the range is capped by `ir_range_m`; a camera without light is
        `dark`, one whose light is unknown is `unknown`.
    band
        One of `BANDS`: what the picture has to serve for; a camera without `pixels` is then
        `unknown`. None for the range as it is.

    Returns
    -------
    views
        n rows: `camera_id`, `status` (one of `STATUSES`), `online`, `aimed`, `assumed`, `turning`,
        `azimuth_deg` in [0, 360) (NaN all around or unaimed), `fov_deg`, `range_m`, `lenses`,
        `near_m` (where the ground in the picture begins), `inside` (deep in a building: such a
        camera is `indoor`), `moved_m`, `x`, `y`; `nominal_area_m2` (of the sectors),
        `visible_area_m2` (0 where nothing is seen, NaN unaimed or unknown), `opaque_area_m2` (as
        if no height were known), `reachable_area_m2` (of those that turn, else NaN); and a
        polygon: what it sees, or would if it were online; all around if unaimed; empty indoors,
        None without a place (such a camera is `offline`).

    Raises
    ------
    CRSError
        When the frames share no CRS that measures in metres.
    GeometryError
        When a camera is no point, a building no polygon or a wall no line.
    InvalidParameterError
        When a number is out of its bounds; the message names the row.

    Notes
    -----
    Exact among walls as they are drawn, on flat ground: see `geo.visibility`. Where a camera and
    a wall have heights, a lower wall hides its shadow alone; every other wall hides all behind it.
    """
    return Views.of(cameras, buildings, walls, night=night, band=band).frame(cameras.crs)


def _by_camera(
    n: int, mounts: Mounts, drawn: NDArray[np.object_], area: Floats, poses: Bools
) -> tuple[NDArray[np.object_], Floats]:
    """Return polygon and area of each camera: the union of some of its poses."""
    polygon = np.full(n, shapely.Polygon(), dtype=object)
    polygon[np.isnan(mounts.frame["x"])] = None
    found = np.zeros(n)
    camera, drawn, area = mounts.camera[poses], drawn[poses], area[poses]
    polygon[camera], found[camera] = drawn, area
    count = np.bincount(camera, minlength=n)
    first = np.searchsorted(camera, np.arange(n))
    # Cameras with several views are few, and only a union knows what two of them share.
    for k in np.flatnonzero(count > 1):
        polygon[k] = shapely.union_all(drawn[first[k] : first[k] + count[k]])
        found[k] = polygon[k].area
    return polygon, found
