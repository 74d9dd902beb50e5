"""
Coordinates between WGS-84, CGCS2000, GCJ-02 and BD-09.

GCJ-02 and BD-09 are unofficial, approximate transforms: no authority publishes them, and a
result is as good as the published algorithm (a metre or so against survey points). The inverses
here are exact inverses of that algorithm. CGCS2000 is taken as WGS-84: the two differ by less
than a metre (plate motion since 2000).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

DATUMS: Final = ("wgs84", "gcj02", "bd09", "cgcs2000")
"""The names that `convert` understands."""

APPROXIMATE: Final = frozenset({"gcj02", "bd09"})
"""Datums whose conversion is unofficial; whoever shows the result must say so."""

KRASOVSKY_A_M: Final = 6378245.0
"""Semi-major axis used by the published GCJ-02 algorithm, in metres."""

KRASOVSKY_EE: Final = 0.00669342162296594323
"""Squared eccentricity used by the published GCJ-02 algorithm."""

GCJ02_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north limits in degrees: outside, GCJ-02 does not shift."""

FULL_TURNS: Final = 10
"""Whole steps of the inverse; 3-5 reach the tolerance nearly everywhere."""

SHORT_TURNS: Final = 60
"""Quarter steps after them, for what is left: the algorithm holds sqrt(|lon - 105|), so within a
micrometre of the meridian 105 E its slope has no bound and whole steps jump to and fro."""

TOLERANCE_DEG: Final = 1e-13
"""Step at which the inverse stops: about 1e-8 m, a tenth of the promised 1e-7 m."""


def convert(lon: ArrayLike, lat: ArrayLike, source: str, target: str) -> tuple[Floats, Floats]:
    """
    Convert degrees from one datum to another.

    Outside `GCJ02_BOX` the step from WGS-84 to GCJ-02 shifts nothing; within 700 m of that rim,
    and within a micrometre of the meridian 105 E, a GCJ-02 place has several origins or none.

    Parameters
    ----------
    lon
        Longitudes in degrees, any shape.
    lat
        Latitudes in degrees, the shape of `lon`.
    source
        Datum of the input: one of `DATUMS`.
    target
        Datum of the output: one of `DATUMS`.

    Returns
    -------
    lon, lat
        Arrays of the same shape, in degrees; NaN stays NaN.

    Raises
    ------
    InvalidParameterError
        When a datum is not one of `DATUMS`, or the shapes differ.

    Notes
    -----
    Approximate and unofficial whenever GCJ-02 or BD-09 takes part. Inverses are iterated until
    converting back gives the input within 1e-7 m. 1,000,000 points take 2-3 s at worst.
    """
    for name, datum in (("source", source), ("target", target)):
        if datum not in DATUMS:
            raise InvalidParameterError(
                f"{name}: unknown datum {datum!r}; use one of {', '.join(DATUMS)}"
            )
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if x.shape != y.shape:
        raise InvalidParameterError(
            f"lon, lat: shapes {x.shape} and {y.shape} differ; give one latitude per longitude"
        )
    steps = ("wgs84", "gcj02", "bd09")
    start = steps.index("wgs84" if source == "cgcs2000" else source)
    end = steps.index("wgs84" if target == "cgcs2000" else target)
    x, y = x.copy(), y.copy()
    forward = (_wgs84_to_gcj02, _gcj02_to_bd09)
    for step in range(start, end):
        x, y = forward[step](x, y)
    for step in range(start, end, -1):
        x, y = _invert(forward[step - 1], x, y)
    return x, y


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    west, south, east, north = GCJ02_BOX
    shifted = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = 20.0 * (np.sin(6.0 * x * np.pi) + np.sin(2.0 * x * np.pi))
    north_m = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
        + (waves + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
        + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    )  # fmt: skip
    east_m = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
        + (waves + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
        + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    )  # fmt: skip
    phi = np.radians(lat)
    w = 1.0 - KRASOVSKY_EE * np.sin(phi) ** 2
    meridian_m = KRASOVSKY_A_M * (1.0 - KRASOVSKY_EE) / (w * np.sqrt(w))
    parallel_m = KRASOVSKY_A_M / np.sqrt(w) * np.cos(phi)
    return (
        np.where(shifted, lon + np.degrees(east_m / parallel_m), lon),
        np.where(shifted, lat + np.degrees(north_m / meridian_m), lat),
    )


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    turn = np.pi * 3000.0 / 180.0
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * turn)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * turn)
    return radius * np.cos(theta) + 0.0065, radius * np.sin(theta) + 0.006


def _invert(
    forward: Callable[[Floats, Floats], tuple[Floats, Floats]], lon: Floats, lat: Floats
) -> tuple[Floats, Floats]:
    """Find what `forward` maps onto the input, by fixed-point steps."""
    x, y = lon.copy(), lat.copy()
    for turn in range(FULL_TURNS + SHORT_TURNS):
        fx, fy = forward(x, y)
        dx, dy = lon - fx, lat - fy
        weight = 1.0 if turn < FULL_TURNS else 0.25
        x += weight * dx
        y += weight * dy
        largest = np.nanmax(np.maximum(np.abs(dx), np.abs(dy)), initial=0.0)
        if largest <= TOLERANCE_DEG:
            break
    return x, y
