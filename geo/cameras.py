"""What cameras see of the streets: true sectors, with offline and unaimed cameras apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.coverage import DueStreets, StreetCoverage, share, uncovered
from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.points import coordinates
from geo.sectors import line_intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.due import DueRule
    from geo.intervals import Intervals

    Floats = NDArray[np.float64]

KIND_DEFAULTS: Final = {
    "fixed_bullet": (50.0, 60.0),
    "ptz_bullet": (100.0, 60.0),
    "fixed_dome": (30.0, 90.0),
    "ptz_dome": (100.0, 60.0),
    "multi_lens": (50.0, 60.0),
    "panoramic": (30.0, 360.0),
    "security_checkpoint": (25.0, 30.0),
    "high_point_overview": (500.0, 60.0),
}
"""Range in metres and field of view in degrees by kind, where a camera states none; a project
choice, not a standard. A PTZ gets the field of one pose: it sees one way at a time."""

UNKNOWN_KIND: Final = "fixed_bullet"
"""The kind whose defaults serve a camera of no known kind: the commonest."""

TURNING: Final = frozenset({"ptz_dome", "ptz_bullet"})
"""Kinds that can turn all around but never see all around at once."""

FULL_TURN_DEG: Final = 360.0
"""The field of view of a camera that sees all around and needs no heading."""

ARC_STEP_DEG: Final = 2.0
"""Widest step of the arc of a drawn sector. The corners lie far enough out for the polygon to
have the sector's exact area; its rim is off by at most 1e-4 of the range."""


@dataclass(frozen=True, eq=False)
class CameraCoverage(StreetCoverage):
    """
    Outcome of `camera_coverage`.

    Parameters
    ----------
    views
        What `camera_views` gives.
    covered_length_upper_m
        Due length, in metres, that would be covered if every unaimed camera that is online saw
        the full circle of its range.
    seen_area_m2
        Area of the union of the views of the cameras that see, in square metres.
    """

    views: gpd.GeoDataFrame
    covered_length_upper_m: float
    seen_area_m2: float

    @property
    def street_gaps(self) -> gpd.GeoDataFrame:
        """The uncovered stretches; the same as `gaps`."""
        return self.gaps

    @property
    def covered_share_upper(self) -> float | None:
        """Upper bound of `covered_share`: unaimed cameras counted as full circles."""
        return share(self.covered_length_upper_m, self.due_length_m)

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
            are among `cameras_online`; `cameras_unaimed` counts offline ones too);
            `covered_share_upper`; and over the cameras that see, `nominal_area_m2` (sum of
            sectors), `visible_area_m2` (sum of what each sees), `seen_area_m2` (their union).
        """
        views = self.views
        seeing = views[views["status"] == "seeing"]
        return super().summary() | {
            "cameras": len(views),
            "cameras_online": int(views["online"].fillna(True).sum()),
            "cameras_status_unknown": int(views["online"].isna().sum()),
            "cameras_unaimed": int((~views["aimed"]).sum()),
            "cameras_seeing": len(seeing),
            "cameras_assumed": int(seeing["assumed"].sum()),
            "covered_share_upper": self.covered_share_upper,
            "nominal_area_m2": float(seeing["nominal_area_m2"].sum()),
            "visible_area_m2": float(seeing["visible_area_m2"].sum()),
            "seen_area_m2": self.seen_area_m2,
        }


def camera_views(cameras: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Find what each camera sees: one row per camera, in input order.

    A sector is the disc of the range within half the field of view to both sides of the
    heading. Missing ranges and fields come from `KIND_DEFAULTS` and are marked `assumed`. A
    camera that does not see all around and whose heading is unknown is `unaimed`. A PTZ whose
    field is given as 360 degrees gets that of one pose.

    Parameters
    ----------
    cameras
        n Point rows in a metric CRS. Read where present: `camera_id`, `kind`, `azimuth_deg`
        (clockwise from grid north, any turn), `fov_deg` in (0, 360], `range_m` above 0,
        `online` (true, false or missing: taken as online, counted as unknown).

    Returns
    -------
    views
        n rows: `camera_id`, `status` ("seeing", "offline", "unaimed"; offline comes first),
        `online`, `aimed`, `assumed`, `azimuth_deg` in [0, 360) (NaN all around or unaimed),
        `fov_deg`, `range_m`, `nominal_area_m2` (of the sector), `visible_area_m2` (0 offline,
        NaN unaimed: unknown), `x`, `y`, and a polygon: the sector, the full circle if unaimed,
        None without a place (such a camera is `offline`).

    Raises
    ------
    CRSError
        When the CRS does not measure in metres.
    GeometryError
        When a row is no point.
    InvalidParameterError
        When a field of view or a range is out of its bounds; the message names the row.

    Notes
    -----
    Areas are those of true sectors. The polygons have the same areas; see `ARC_STEP_DEG`.
    Walls do not hide anything yet.
    """
    require_metric_crs(cameras=cameras)
    n = len(cameras)
    xy = coordinates(cameras, "cameras")
    placed = ~np.isnan(xy[:, 0])
    kind = _column(cameras, "kind", object).fillna(UNKNOWN_KIND)
    kind = kind.where(kind.isin(list(KIND_DEFAULTS)), UNKNOWN_KIND).to_numpy()
    default_range, default_fov = np.array([KIND_DEFAULTS[k] for k in kind]).reshape(n, 2).T
    range_m = _number(cameras, "range_m", 0.0, np.inf)
    fov = _number(cameras, "fov_deg", 0.0, 360.0)
    fov[np.isin(kind, list(TURNING)) & (fov >= FULL_TURN_DEG)] = np.nan
    assumed = np.isnan(range_m) | np.isnan(fov)
    range_m = np.where(np.isnan(range_m), default_range, range_m)
    fov = np.where(np.isnan(fov), default_fov, fov)
    azimuth = _number(cameras, "azimuth_deg", -np.inf, np.inf) % 360.0
    all_round = fov >= FULL_TURN_DEG
    aimed = all_round | ~np.isnan(azimuth)
    online = _column(cameras, "online", "boolean")
    offline = ~online.fillna(True).to_numpy(dtype=bool) | ~placed
    status = np.where(offline, "offline", np.where(aimed, "seeing", "unaimed"))
    nominal = np.pi * range_m**2 * fov / 360.0
    ids = _column(cameras, "camera_id", object) if "camera_id" in cameras.columns else np.arange(n)
    return gpd.GeoDataFrame(
        {
            "camera_id": np.asarray(ids),
            "status": status,
            "online": online.array,
            "aimed": aimed,
            "assumed": assumed,
            "azimuth_deg": np.where(all_round, np.nan, azimuth),
            "fov_deg": fov,
            "range_m": range_m,
            "nominal_area_m2": nominal,
            "visible_area_m2": np.select([offline, ~aimed], [0.0, np.nan], nominal),
            "x": xy[:, 0],
            "y": xy[:, 1],
        },
        geometry=_sector_polygons(
            xy, range_m, np.where(aimed & ~all_round, azimuth, 0.0), np.where(aimed, fov, 360.0)
        ),
        crs=cameras.crs,
    )


def camera_coverage(
    streets: gpd.GeoDataFrame,
    cameras: gpd.GeoDataFrame,
    *,
    due: DueRule | None = None,
    within: gpd.GeoDataFrame | None = None,
) -> CameraCoverage:
    """
    Find the stretches of due street that no camera sees.

    Only cameras that are online and aimed (or see all around) count in `covered_share`;
    `covered_share_upper` adds the unaimed ones as full circles. Walls do not hide anything yet.

    Parameters
    ----------
    streets
        n LineString or MultiLineString rows in a metric CRS, as in `post_coverage`.
    cameras
        m Point rows in the same CRS, as in `camera_views`.
    due
        Which streets count; None for the default `DueRule`.
    within
        Polygons with `area_id`: only the stretches inside them are due. None for all.

    Returns
    -------
    coverage
        Views, gaps, totals, `by_area` and `summary`.

    Raises
    ------
    CRSError
        When the frames share no CRS whose metres are metres.
    GeometryError
        When streets are no lines or cameras no points.
    InvalidParameterError
        When a field of view or a range is out of its bounds.

    Notes
    -----
    Stretches are exact: a sector meets a straight segment in at most two closed intervals. The
    union of areas is taken of polygons and is within 1e-3 of exact.
    """
    frames = {"streets": streets, "cameras": cameras}
    require_metric_crs(**frames, **({} if within is None else {"within": within}))
    views = camera_views(cameras)
    chosen = DueStreets.of(streets, due, within)
    seeing = views[views["status"] == "seeing"]
    unaimed = views[views["status"] == "unaimed"]
    covered = _seen(chosen, seeing)
    gaps = uncovered(chosen, covered)
    upper = uncovered(chosen, covered.union(_seen(chosen, unaimed.assign(fov_deg=360.0))))
    return CameraCoverage(
        chosen.stretches(gaps),
        chosen,
        gaps,
        views,
        chosen.due.length_m - upper.length_m,
        float(shapely.area(shapely.union_all(seeing.geometry.array))),
    )


def _seen(streets: DueStreets, views: gpd.GeoDataFrame) -> Intervals:
    """Find the stretches within any of the sectors."""
    numbers = views[["x", "y", "range_m", "azimuth_deg", "fov_deg"]].to_numpy(dtype=np.float64)
    x, y, range_m, azimuth, fov = numbers.T
    return line_intervals(
        streets.lines, np.column_stack((x, y)), range_m, np.nan_to_num(azimuth), fov
    )


def _column(frame: gpd.GeoDataFrame, name: str, dtype: Any) -> pd.Series:  # noqa: ANN401
    """Return a column, or one of missing values, without its index."""
    values = frame[name].array if name in frame.columns else [None] * len(frame)
    return pd.Series(values, dtype=dtype).reset_index(drop=True)


def _number(frame: gpd.GeoDataFrame, name: str, above: float, to: float) -> Floats:
    """Return a column as numbers, NaN where missing; refuse one outside (above, to]."""
    values = np.array(pd.to_numeric(_column(frame, name, object)), dtype=np.float64)
    wrong = np.flatnonzero(~(((values > above) & (values <= to)) | np.isnan(values)))
    if wrong.size:
        raise InvalidParameterError(
            f"cameras: row {wrong[0]} has {name} {values[wrong[0]]:g}, outside "
            f"({above:g}, {to:g}]; correct it, or leave it empty to take the default of the kind"
        )
    return values


def _sector_polygons(
    xy: Floats, range_m: Floats, azimuth: Floats, fov: Floats
) -> NDArray[np.object_]:
    """Draw sectors as polygons of exactly the sector's area."""
    polygons = np.full(len(xy), None, dtype=object)
    steps = np.ceil(fov / ARC_STEP_DEG).astype(np.int64)
    step = np.radians(fov / steps)
    radius = range_m * np.sqrt(step / np.sin(step))
    drawn = np.flatnonzero(~np.isnan(xy[:, 0]))
    # The corners of all sectors in one array: per sector its centre (if it has one) and its arc.
    for whole in (False, True):
        rows = drawn[(fov[drawn] >= FULL_TURN_DEG) == whole]
        corners = steps[rows] + (0 if whole else 1)
        owner = np.repeat(np.arange(len(rows)), corners)
        at = np.arange(len(owner)) - np.repeat(np.cumsum(corners) - corners, corners)
        row = rows[owner]
        angle = np.radians(azimuth[row] - fov[row] / 2.0) + at * step[row]
        arc = xy[row] + radius[row, None] * np.column_stack((np.sin(angle), np.cos(angle)))
        if not whole:
            arc = np.concatenate((arc, xy[rows]))
            owner = np.concatenate((owner, np.arange(len(rows))))
            order = np.argsort(owner, kind="stable")
            arc, owner = arc[order], owner[order]
        if len(rows):
            rings = shapely.linearrings(arc, indices=owner)
            polygons[rows] = shapely.polygons(rings)
    return polygons
