"""Walks with a known way, on a town of square blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tests.strategies import CRS, ORIGIN, line, streets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

BEGIN = pd.Timestamp("2026-11-22 08:00:00")
BLOCK_M = 100.0


def town(blocks: int, **columns: object) -> gpd.GeoDataFrame:
    """Draw squares; each side is a street: "h1-0" goes east from corner (1, 0), "v1-0" north."""
    steps = range(blocks + 1)
    ends = {f"h{i}-{j}": ((i, j), (i + 1, j)) for j in steps for i in range(blocks)}
    ends |= {f"v{i}-{j}": ((i, j), (i, j + 1)) for i in steps for j in range(blocks)}
    lines = [line(*(np.multiply(end, BLOCK_M) for end in pair)) for pair in ends.values()]
    return streets_of(lines).assign(street_id=list(ends), **columns)


def walk(
    corners: Sequence[tuple[float, float]], *, speed_mps: float = 1.25, noise_m: float = 0.0,
    seed: int = 0, track_id: str = "a", every_s: float = 1.0,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Walk along a broken line, given in metres from the origin, and err by white noise."""
    way = np.asarray(corners, dtype=np.float64)
    gone = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))))
    time_s = np.arange(0.0, gone[-1] / speed_mps + 1e-9, every_s)
    xy = np.column_stack([np.interp(time_s * speed_mps, gone, way[:, c]) for c in range(2)])
    xy += np.random.default_rng(seed).normal(0.0, noise_m, xy.shape)
    return fixes_of(time_s, xy, track_id=track_id)


def fixes_of(time_s: ArrayLike, xy: ArrayLike, *, track_id: str = "a") -> gpd.GeoDataFrame:
    """Make a frame of fixes from seconds and metres from the origin."""
    points = shapely.points(np.add(xy, ORIGIN))
    time = BEGIN + pd.to_timedelta(np.asarray(time_s, dtype=np.float64), unit="s")
    return gpd.GeoDataFrame({"track_id": track_id, "time": time}, geometry=points, crs=CRS)


def autoregressive(
    time_s: NDArray[np.float64], sigma_m: float, lasting_s: float, seed: int
) -> NDArray[np.float64]:
    """Draw errors that drift: those `lasting_s` apart are correlated by 1/e."""
    drawn = np.random.default_rng(seed).normal(0.0, 1.0, (len(time_s), 2))
    kept = np.exp(-np.diff(time_s, prepend=-np.inf) / lasting_s)
    error = np.zeros(2)
    errors = np.empty_like(drawn)
    # Each error is made of the one before.
    for k in range(len(drawn)):
        error = kept[k] * error + sigma_m * np.sqrt(1.0 - kept[k] ** 2) * drawn[k]
        errors[k] = error
    return errors
