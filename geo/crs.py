"""The CRS in which metres are metres: its choice, and the guard in front of every measure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import CRS, Proj, Transformer

from geo.errors import CRSError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

STORAGE_CRS: Final = "EPSG:4326"
"""Everything is stored and shown as lon/lat degrees in this CRS."""

CHINA_BOX: Final = (73.4, 3.3, 135.1, 53.6)
"""West, south, east, north in degrees: inside, CGCS2000 three-degree zones exist."""

UTM_SOUTH, UTM_NORTH = -80.0, 84.0
"""Latitudes between which UTM is defined, in degrees."""

MAX_SCALE_ERROR: Final = 2e-3
"""Largest share by which a metre may be off anywhere in the data: 0.2 m on 100 m."""


def working_crs(frame: gpd.GeoDataFrame) -> CRS:
    """
    Choose the CRS to compute in, from where the data lies.

    Inside `CHINA_BOX` the CGCS2000 three-degree Gauss-Krueger zone of the middle of the data
    (EPSG 4534-4554), elsewhere the UTM zone. The middle is the median of the rows, so that a few
    stray rows do not move it. Data astride two zones gets one of them: choose once per store or
    run, and keep it.

    Parameters
    ----------
    frame
        At least one row with a place, in any CRS that is set.

    Returns
    -------
    crs
        A projected CRS in metres.

    Raises
    ------
    CRSError
        When the frame has no CRS or no place, or lies outside 80 S - 84 N.
    """
    return crs_at(*_lonlat_middle(frame, "frame"))


def crs_at(lon: float, lat: float) -> CRS:
    """
    Choose the CRS to compute in around a place, as `working_crs` does around its middle.

    Parameters
    ----------
    lon
        Longitude in WGS-84 degrees.
    lat
        Latitude in WGS-84 degrees.

    Returns
    -------
    crs
        A projected CRS in metres.

    Raises
    ------
    CRSError
        When the place lies outside 80 S - 84 N.
    """
    if CHINA_BOX[0] <= lon <= CHINA_BOX[2] and CHINA_BOX[1] <= lat <= CHINA_BOX[3]:
        zone = math.floor((lon + 1.5) / 3.0)
        return CRS.from_epsg(4534 + zone - 25)
    if not UTM_SOUTH <= lat <= UTM_NORTH:
        raise CRSError(
            f"frame: its middle lies at latitude {lat:.2f}, where UTM ends; reproject it to a "
            f"local metric CRS with to_crs first"
        )
    zone = min(int((lon + 180.0) // 6.0), 59) + 1
    return CRS.from_epsg((32600 if lat >= 0.0 else 32700) + zone)


def require_metric_crs(**frames: gpd.GeoDataFrame) -> CRS:
    """
    Return the CRS that the frames share, or say why metres in it would be wrong.

    Checked in this order: a CRS is set; it is the same for all; it is projected, in metres, and
    not Web Mercator; and at the centre and the four corners of every frame its scale is within
    `MAX_SCALE_ERROR` of 1. A frame without a place passes the last check.

    Parameters
    ----------
    **frames
        The frames, by the name of the caller's argument, so that the message can name it.

    Returns
    -------
    crs
        The CRS of all frames.

    Raises
    ------
    CRSError
        When a check fails; the message names the frame and the next step.
    """
    crs: CRS | None = None
    first = ""
    for name, frame in frames.items():
        if frame.crs is None:
            raise CRSError(f"{name}: no CRS set; call set_crs with the CRS it is in first")
        if crs is None:
            crs, first = frame.crs, name
            _require_metres(name, crs)
        elif frame.crs != crs:
            raise CRSError(
                f"{name}: its CRS {label(frame.crs)} differs from {label(crs)} of {first}; "
                f"call {name}.to_crs({first}.crs) first"
            )
        _require_true_scale(name, frame)
    if crs is None:
        raise CRSError("no frame given; pass at least one")
    return crs


def measurable(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """
    Tell which rows lie where the CRS of the frame measures true.

    Parameters
    ----------
    frame
        n rows in a projected CRS.

    Returns
    -------
    true_scale
        n flags: the scale is within `MAX_SCALE_ERROR` at all corners of the row's box. A row
        without a place passes.
    """
    boxes = shapely.bounds(np.asarray(frame.geometry.array))
    placed = ~np.isnan(boxes[:, 0])
    # Corners far outside a projection are infinite there.
    corners = [(0, 1), (0, 3), (2, 1), (2, 3)]
    true_scale = np.ones(len(frame), dtype=bool)
    if not placed.any():
        return true_scale
    for x, y in corners:
        scale = _scale(frame.crs, boxes[placed, x], boxes[placed, y])
        true_scale[placed] &= (np.abs(scale - 1.0) <= MAX_SCALE_ERROR).all(axis=0)
    return true_scale


def label(crs: CRS) -> str:
    """Name a CRS as `EPSG:n` where it has a code, else by its own name."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code is not None else str(crs.name)


def _require_metres(name: str, crs: CRS) -> None:
    """Refuse geographic CRSs, other units, and Web Mercator."""
    step = "call to_crs(working_crs(frame)) first"
    if not crs.is_projected:
        raise CRSError(
            f"{name}: {label(crs)} is not projected, so lengths would be in degrees; {step}"
        )
    units = {axis.unit_name for axis in crs.axis_info[:2]}
    if units != {"metre"}:
        raise CRSError(
            f"{name}: {label(crs)} measures in {', '.join(sorted(units))}, not metres; {step}"
        )
    if crs.coordinate_operation is not None and "Pseudo" in crs.coordinate_operation.method_name:
        raise CRSError(f"{name}: {label(crs)} is Web Mercator, whose metres are not metres; {step}")


def _require_true_scale(name: str, frame: gpd.GeoDataFrame) -> None:
    """Refuse a CRS that stretches lengths at the centre or a corner of the data."""
    bounds = frame.total_bounds
    if not np.isfinite(bounds).all():
        return
    west, south, east, north = bounds
    x = np.array([(west + east) / 2.0, west, west, east, east])
    y = np.array([(south + north) / 2.0, south, north, south, north])
    scale = _scale(frame.crs, x, y)
    # Written this way round, NaN and infinity are refused as well.
    if not np.all(np.abs(scale - 1.0) <= MAX_SCALE_ERROR):
        worst = scale.ravel()[np.argmax(np.abs(scale - 1.0))]
        raise CRSError(
            f"{name}: {label(frame.crs)} stretches lengths by {worst:.4f} at the data, more than "
            f"{MAX_SCALE_ERROR:.1%} off; call to_crs(working_crs(frame)) first, or cut the "
            f"data to one region"
        )


def _scale(crs: CRS, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the two principal scales (2 x n) of a projected CRS at places in it."""
    lon, lat = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(x, y)
    factors = Proj(crs).get_factors(lon, lat, errcheck=False)
    return np.stack((factors.meridional_scale, factors.parallel_scale))


def _lonlat_middle(frame: gpd.GeoDataFrame, name: str) -> tuple[float, float]:
    """Return the median of the middles of the rows, in WGS-84 degrees."""
    if frame.crs is None:
        raise CRSError(f"{name}: no CRS set; call set_crs with the CRS it is in first")
    boxes = shapely.bounds(np.asarray(frame.geometry.array))
    boxes = boxes[~np.isnan(boxes[:, 0])]
    if not len(boxes):
        raise CRSError(f"{name}: no row has a place, so no CRS can be chosen; pass a filled layer")
    x, y = np.median((boxes[:, :2] + boxes[:, 2:]) / 2.0, axis=0)
    lon, lat = Transformer.from_crs(frame.crs, STORAGE_CRS, always_xy=True).transform(x, y)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise CRSError(
            f"{name}: its coordinates are not valid in {label(frame.crs)}; set the CRS it is in"
        )
    return lon, lat
