"""Where the demo town stands, where its chance comes from, and its way into stored degrees."""

from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
"""n rows of two coordinates."""

METRIC_CRS: Final = "EPSG:4545"
"""CGCS2000, three-degree zone at 108 E: the working CRS of everything the generator measures."""

STORED_CRS: Final = "EPSG:4326"
"""What the finished layers are in, like everything stored."""

ORIGIN: Final = (628_281.0, 3_634_726.0)
"""Middle of the town in the metric CRS, near 109.37 E 32.83 N; no such town exists there."""

PLACES: Final = 3
"""Decimals kept of every metre: a millimetre survives the trip through degrees unchanged."""


def stream(seed: int, stage: int) -> Generator:
    """Return the random numbers of one stage, so that no stage shifts the chance of another."""
    return Generator(PCG64([seed, stage]))


def stored(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a metric frame as it is kept: coordinates to a millimetre, then in degrees."""
    snapped = shapely.transform(frame.geometry.to_numpy(), lambda xy: np.round(xy, PLACES))
    return frame.set_geometry(snapped, crs=METRIC_CRS).to_crs(STORED_CRS).reset_index(drop=True)
