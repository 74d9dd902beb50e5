"""What kinds of cameras see where a row does not say: ranges, fields, bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.visibility import FULL_TURN_DEG

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

KIND_DEFAULTS: Final = {
    "fixed_bullet": (50.0, 60.0),
    "ptz_bullet": (100.0, 60.0),
    "fixed_dome": (30.0, 90.0),
    "ptz_dome": (100.0, 60.0),
    "multi_lens": (50.0, 60.0),
    "panoramic": (30.0, 360.0),
    "security_checkpoint": (25.0, 30.0),
    "traffic_enforcement": (25.0, 30.0),
    "high_point_overview": (500.0, 60.0),
}
"""Range in metres and field of view in degrees by kind, where a camera states none; a project
choice, not a standard. A PTZ gets the field of one pose: it sees one way at a time."""

UNKNOWN_KIND: Final = "fixed_bullet"
"""The kind whose defaults serve a camera of no known kind: the commonest."""

TURNING: Final = frozenset({"ptz_dome", "ptz_bullet"})
"""Kinds that can turn all around but never see all around at once."""

BANDS: Final = {"detect": 25.0, "observe": 62.5, "recognise": 125.0, "identify": 250.0}
"""What a picture serves for -> pixels per metre that it takes (IEC 62676-4:2014)."""

FOCAL_FOV: Final = ((2.8, 4.0, 6.0, 8.0, 12.0), (100.0, 84.0, 52.0, 38.0, 25.0))
"""Focal lengths in millimetres and the fields of view that lenses of such cameras have."""

ASPECT: Final = 9.0 / 16.0
"""Height by width of the picture, for a vertical field that a row does not state."""


def band_range_m(pixels: Floats, fov_deg: Floats, band: str) -> Floats:
    """
    Return how far the pixels of a picture serve for a band.

    Parameters
    ----------
    pixels
        n widths of the picture, in pixels; NaN where unknown.
    fov_deg
        n horizontal fields of view.
    band
        One of `BANDS`.

    Returns
    -------
    range_m
        n distances: width / (2 x density x tan(field / 2)); NaN where unknown, or where the field
        is 180 degrees or wider, which no flat picture has.
    """
    half = np.radians(np.where(fov_deg < FULL_TURN_DEG / 2.0, fov_deg, np.nan)) / 2.0
    far: Floats = pixels / (2.0 * BANDS[band] * np.tan(half))
    return far


def lens_fov_deg(focal_mm: Floats) -> Floats:
    """
    Return the field of view of lenses.

    Parameters
    ----------
    focal_mm
        n focal lengths in millimetres; NaN where unknown.

    Returns
    -------
    fov_deg
        n fields between those of `FOCAL_FOV`; NaN where unknown or outside them.
    """
    lengths, fields = FOCAL_FOV
    found: Floats = np.interp(focal_mm, lengths, fields, left=np.nan, right=np.nan)
    return found


def depth_m(height_m: Floats, tilt_deg: Floats, vertical_deg: Floats) -> tuple[Floats, Floats]:
    """
    Return where the ground in the picture begins and ends.

    Parameters
    ----------
    height_m
        n heights above the ground.
    tilt_deg
        n angles of the middle of the picture below the horizon.
    vertical_deg
        n vertical fields of view.

    Returns
    -------
    near_m, far_m
        n distances each: where the lower and the upper edge of the picture meet flat ground; 0 and
        infinity where they do not, or where a number is NaN.
    """
    lower = np.radians(tilt_deg + vertical_deg / 2.0)
    upper = np.radians(tilt_deg - vertical_deg / 2.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        near = np.where((lower > 0.0) & (lower < np.pi / 2.0), height_m / np.tan(lower), 0.0)
        far = np.where(upper > 0.0, height_m / np.tan(upper), np.inf)
    return np.nan_to_num(near, nan=0.0), np.where(np.isnan(far), np.inf, far)
