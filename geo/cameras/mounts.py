"""Cameras as they are mounted: where each stands, which ways it looks, and whether it sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo.cameras.kinds import (
    ASPECT,
    BANDS,
    KIND_DEFAULTS,
    TURNING,
    UNKNOWN_KIND,
    band_range_m,
    depth_m,
    lens_fov_deg,
)
from geo.errors import InvalidParameterError
from geo.points import coordinates
from geo.visibility import FULL_TURN_DEG, Eyes

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.visibility import Walls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

STATUSES: Final = ("offline", "indoor", "dark", "unknown", "unaimed", "seeing")
"""Whether a camera sees; of several the first is given."""

CAMERA_COLUMNS: Final = (
    "kind", "azimuth_deg", "headings", "fov_deg", "range_m", "height_m", "tilt_deg", "vfov_deg",
    "focal_mm", "pixels", "light", "ir_range_m", "indoor", "online",
)  # fmt: skip
"""Columns of cameras that what they see depends on: whoever looks needs to read no more."""

LIT: Final = frozenset({"infrared", "white", "laser"})
"""Lights of their own, by which cameras see at night."""


@dataclass(frozen=True, eq=False)
class Mounts:
    """
    Cameras made ready to look.

    Parameters
    ----------
    frame
        n rows, one per camera in input order: the columns of `geo.cameras.camera_views` but for
        areas and polygons.
    eyes
        p poses of the cameras that have a place outdoors: every lens, and for cameras that turn
        every other way that they can look.
    camera
        p camera numbers, ascending.
    now
        p flags: whether the camera looks this way now; a camera that turns can look the others.
    """

    frame: pd.DataFrame
    eyes: Eyes
    camera: Ints
    now: Bools

    @classmethod
    def of(
        cls,
        cameras: gpd.GeoDataFrame,
        walls: Walls,
        *,
        night: bool = False,
        band: str | None = None,
    ) -> Mounts:
        """
        Read cameras.

        Parameters
        ----------
        cameras
            n Point rows, as in `geo.cameras.camera_views`.
        walls
            What they may stand on.
        night
            Whether it is night: a light of its own then caps the range.
        band
            One of `BANDS`: the range ends where the picture no longer serves for it. None for
            the range as it is.

        Returns
        -------
        mounts
            The cameras.

        Raises
        ------
        GeometryError
            When a row is no point.
        InvalidParameterError
            When a number is out of its bounds, a list of headings cannot be read, or there is no
            such band; the message names the row.
        """
        if band is not None and band not in BANDS:
            raise InvalidParameterError(f"band must be one of {', '.join(BANDS)}, got {band!r}")
        n = len(cameras)
        xy = coordinates(cameras, "cameras")
        placed = ~np.isnan(xy[:, 0])
        kind = _kinds(cameras)
        turning = np.isin(kind, list(TURNING))
        fov, range_m, assumed, banded = _reach(cameras, kind, band)
        fits = _number(cameras, "vfov_deg", 0.0, 180.0)
        vertical = np.where(
            np.isnan(fits),
            2.0 * np.degrees(np.arctan(ASPECT * np.tan(np.radians(fov) / 2.0))),
            fits,
        )
        flat = fov < FULL_TURN_DEG / 2.0
        height = _number(cameras, "height_m", 0.0, np.inf)
        tilt = np.where(flat, _number(cameras, "tilt_deg", -90.0 - 1e-9, 90.0), np.nan)
        near, far = depth_m(height, tilt, vertical)
        range_m = np.minimum(range_m, far)
        light = column(cameras, "light", object)
        infrared = _number(cameras, "ir_range_m", 0.0, np.inf)
        range_m = np.where(night & ~np.isnan(infrared), np.minimum(range_m, infrared), range_m)
        azimuth = _number(cameras, "azimuth_deg", -np.inf, np.inf) % FULL_TURN_DEG
        round_view = fov >= FULL_TURN_DEG
        looks = _looks(cameras)
        for row, list_ in looks.items():
            if np.isnan(azimuth[row]) and not turning[row]:
                azimuth[row] = list_[0]
        aimed = round_view | ~np.isnan(azimuth)
        heading = np.where(round_view | ~aimed, 0.0, azimuth)
        unit = np.column_stack((np.sin(np.radians(heading)), np.cos(np.radians(heading))))
        unit[round_view | ~aimed] = 0.0
        stands, inside = xy.copy(), np.zeros(n, dtype=bool)
        stands[placed], inside[placed] = walls.stand(xy[placed], unit[placed])
        online = column(cameras, "online", "boolean")
        indoor = column(cameras, "indoor", "boolean").fillna(False).to_numpy(dtype=bool) | inside
        lit = np.isin(light, list(LIT)) & ~np.isnan(infrared)
        status = np.select(
            [
                ~online.fillna(True).to_numpy(dtype=bool) | ~placed,
                indoor,
                night & (light == "none").to_numpy(dtype=bool),
                ~banded | (night & ~lit),
                ~aimed,
            ],
            STATUSES[:-1],
            STATUSES[-1],
        )
        ids = (
            column(cameras, "camera_id", object) if "camera_id" in cameras.columns else np.arange(n)
        )
        frame = pd.DataFrame(
            {
                "camera_id": np.asarray(ids),
                "status": status,
                "online": online.array,
                "aimed": aimed,
                "assumed": assumed,
                "turning": turning,
                "azimuth_deg": np.where(round_view, np.nan, azimuth),
                "fov_deg": fov,
                "range_m": range_m,
                "near_m": near,
                "inside": inside,
                "moved_m": np.hypot(*(stands - xy).T),
                "x": stands[:, 0],
                "y": stands[:, 1],
            }
        )
        camera, ways, now = _poses(frame, looks, placed & ~indoor)
        frame.insert(8, "lenses", np.maximum(np.bincount(camera[now], minlength=n), 1))
        eyes = Eyes(
            stands[camera], range_m[camera], np.nan_to_num(ways),
            np.where(np.isnan(ways), FULL_TURN_DEG, fov[camera]), height[camera], near[camera],
        )  # fmt: skip
        return cls(frame, eyes, camera, now)


def longest_m(cameras: gpd.GeoDataFrame) -> Floats:
    """
    Return how far cameras see at most, before they are made ready to look.

    Parameters
    ----------
    cameras
        n Point rows, as in `geo.cameras.camera_views`.

    Returns
    -------
    range_m
        n ranges, from which height, tilt and light may take.

    Raises
    ------
    InvalidParameterError
        When a number is out of its bounds; the message names the row.
    """
    return _reach(cameras, _kinds(cameras), None)[1]


def _kinds(cameras: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the kind of every camera, that of unknown ones where it is none of ours."""
    kind = column(cameras, "kind", object).fillna(UNKNOWN_KIND)
    return np.asarray(kind.where(kind.isin(list(KIND_DEFAULTS)), UNKNOWN_KIND))


def _reach(
    cameras: gpd.GeoDataFrame, kind: NDArray[np.object_], band: str | None
) -> tuple[Floats, Floats, Bools, Bools]:
    """Return field, range, whether one of them is assumed, and whether the band is known."""
    n = len(cameras)
    default_range, default_fov = np.array([KIND_DEFAULTS[k] for k in kind]).reshape(n, 2).T
    range_m = _number(cameras, "range_m", 0.0, np.inf)
    fov = _number(cameras, "fov_deg", 0.0, FULL_TURN_DEG)
    # All around, of a camera that turns, says where it can look and not how wide.
    fov[np.isin(kind, list(TURNING)) & (fov >= FULL_TURN_DEG)] = np.nan
    lens = lens_fov_deg(_number(cameras, "focal_mm", 0.0, np.inf))
    fov = np.where(np.isnan(fov), lens, fov)
    pixels = _number(cameras, "pixels", 0.0, np.inf)
    detected = band_range_m(pixels, fov, "detect")
    range_m = np.where(np.isnan(range_m), detected, range_m)
    assumed = np.isnan(range_m) | np.isnan(fov)
    range_m = np.where(np.isnan(range_m), default_range, range_m)
    fov = np.where(np.isnan(fov), default_fov, fov)
    if band is None:
        return fov, range_m, assumed, np.ones(n, dtype=bool)
    serves = band_range_m(pixels, fov, band)
    return fov, np.fmin(range_m, serves), assumed, ~np.isnan(serves)


def _looks(cameras: gpd.GeoDataFrame) -> dict[int, list[float]]:
    """Return the headings of every camera that states several: row -> degrees."""
    if "headings" not in cameras.columns:
        return {}
    found: dict[int, list[float]] = {}
    for row, text in enumerate(cameras["headings"]):
        if text is None or text is pd.NA or text != text or not str(text).strip():  # noqa: PLR0124
            continue
        try:
            found[row] = [float(each) % FULL_TURN_DEG for each in str(text).split(";")]
        except ValueError as error:
            raise InvalidParameterError(
                f"cameras: row {row} has headings {text!r}; write degrees with ; between them, "
                f"such as 90;270"
            ) from error
    return found


def _poses(
    frame: pd.DataFrame, looks: dict[int, list[float]], outdoors: Bools
) -> tuple[Ints, Floats, Bools]:
    """Return camera, heading (NaN all around) and whether it looks so now, pose by pose."""
    azimuth, turning = frame["azimuth_deg"].to_numpy(), frame["turning"].to_numpy()
    row = np.arange(len(frame))
    several = np.zeros(len(frame), dtype=bool)
    several[[k for k in looks if not turning[k]]] = True
    # One lens: where it looks. A camera that turns: that, and its presets or else all around.
    one, turns = row[outdoors & ~several], row[outdoors & turning]
    camera, heading = [one], [azimuth[one]]
    now = [np.ones(len(one), dtype=bool)]
    around = turns[~np.isin(turns, list(looks))]
    camera.append(around)
    heading.append(np.full(len(around), np.nan))
    now.append(np.zeros(len(around), dtype=bool))
    listed = [(k, way, several[k]) for k, ways in looks.items() if outdoors[k] for way in ways]
    camera.append(np.array([k for k, _, _ in listed], dtype=np.int64))
    heading.append(np.array([way for _, way, _ in listed], dtype=np.float64))
    now.append(np.array([is_now for _, _, is_now in listed], dtype=bool))
    camera_, heading_, now_ = (np.concatenate(each) for each in (camera, heading, now))
    order = np.argsort(camera_, kind="stable")
    return camera_[order].astype(np.int64), heading_[order], now_[order]


def column(frame: gpd.GeoDataFrame, name: str, dtype: Any) -> pd.Series:  # noqa: ANN401
    """
    Return a column, or one of missing values, without its index.

    Parameters
    ----------
    frame
        n rows.
    name
        Its name.
    dtype
        Of what.

    Returns
    -------
    column
        n values.
    """
    values = frame[name].array if name in frame.columns else [None] * len(frame)
    return pd.Series(values, dtype=dtype).reset_index(drop=True)


def _number(frame: gpd.GeoDataFrame, name: str, above: float, to: float) -> Floats:
    """Return a column as numbers, NaN where missing; refuse one outside (above, to]."""
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    given = frame[name].to_numpy()
    if given.dtype != np.float64:
        given = pd.to_numeric(column(frame, name, object))
    values = np.array(given, dtype=np.float64)
    wrong = np.flatnonzero(~(((values > above) & (values <= to)) | np.isnan(values)))
    if wrong.size:
        raise InvalidParameterError(
            f"cameras: row {wrong[0]} has {name} {values[wrong[0]]:g}, outside "
            f"({above:g}, {to:g}]; correct it, or leave it empty to take the default of the kind"
        )
    return values
