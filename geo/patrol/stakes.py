"""Lines that are guarded by the kilometre: railways, pipelines, power lines."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.areas import OUTSIDE, area_pieces
from geo.crs import require_metric_crs
from geo.errors import InvalidParameterError
from geo.intervals import Intervals
from geo.lines import Lines
from geo.partition.reading import required

KILOMETRE_M: Final = 1000
"""Metres of a kilometre."""

LEAST_M: Final = 1e-3
"""A rest of a line shorter than this, in metres, is the rounding of its last stake."""


def stakes(lines: gpd.GeoDataFrame, *, every_m: int = KILOMETRE_M) -> gpd.GeoDataFrame:
    """
    Cut lines at their stakes, so that every stretch between two of them is a segment.

    Parameters
    ----------
    lines
        n lines with unique `line_id`, in a metric CRS; they count from their first vertex.
    every_m
        From one stake to the next, in whole metres.

    Returns
    -------
    segments
        `segment_id` ("L1 K3+000", by the stake at which it begins), `line_id`, `name` (K3+000),
        `from_m`, `to_m`, `length_m` and the line; the last of a line is as long as what is left.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError, GeometryError
        When a code is missing or repeats, or a row is no line.
    InvalidParameterError
        When `every_m` is no whole number above 0.
    """
    require_metric_crs(lines=lines)
    if not (every_m >= 1 and every_m == int(every_m)):
        raise InvalidParameterError(f"every_m must be whole metres above 0, got {every_m!r}")
    ids = required(lines, "lines", "line_id")
    parts = Lines.from_frame(lines, "lines")
    count = np.floor(np.maximum(parts.ends_m - LEAST_M, 0.0) / every_m).astype(np.int64)
    part = np.repeat(np.arange(len(count)), count)
    stake = np.arange(len(part)) - np.repeat(np.cumsum(count) - count, count) + 1
    key, start, end = parts.whole.split(part, (stake * every_m).astype(np.float64))
    row = parts.row[key]
    number = np.floor((start + LEAST_M) / every_m).astype(np.int64)
    shapes = parts.cut(Intervals(key, start, end))
    # A stretch that goes on in the next part of a row is one segment of several lines.
    group = pd.Series(np.arange(len(row))).groupby([row, number], sort=True)
    first, last = group.min().to_numpy(dtype=np.int64), group.max().to_numpy(dtype=np.int64)
    joined = shapes[first]
    for place in np.flatnonzero(last > first):  # few lines have gaps
        joined[place] = shapely.MultiLineString(shapes[first[place] : last[place] + 1].tolist())
    metres = number[first] * int(every_m)
    names = [f"K{m // KILOMETRE_M}+{m % KILOMETRE_M:03d}" for m in metres.tolist()]
    owner = ids[row[first]]
    return gpd.GeoDataFrame(
        {
            "segment_id": [f"{line} {name}" for line, name in zip(owner, names, strict=True)],
            "line_id": owner.astype(object),
            "name": names,
            "from_m": start[first],
            "to_m": end[last],
            "length_m": end[last] - start[first],
        },
        geometry=joined,
        crs=lines.crs,
    )


def stakes_by_area(segments: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Tell how much of each segment lies in which area.

    Parameters
    ----------
    segments
        n lines with unique `segment_id`, as `stakes` cuts them.
    areas
        Polygons with `area_id`.

    Returns
    -------
    shares
        One row per segment and area that it meets, in order: `segment_id`, `area_id`
        ("(outside)" for none), `length_m`, `share`; the shares of a segment sum to 1.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError, GeometryError
        When a code is missing or repeats, or a row is of the wrong kind.
    """
    require_metric_crs(segments=segments, areas=areas)
    ids = required(segments, "segments", "segment_id")
    lines = Lines.from_frame(segments, "segments")
    pieces = area_pieces(lines, lines.whole, areas)
    row = lines.row[pieces.part]
    names = np.append(areas["area_id"].to_numpy(dtype=object), OUTSIDE)
    table = pd.DataFrame(
        {"row": row, "area_id": names[pieces.area], "length_m": pieces.end - pieces.start}
    )
    shares = table.groupby(["row", "area_id"], as_index=False, sort=False)["length_m"].sum()
    whole = np.bincount(table["row"], table["length_m"], minlength=lines.rows)
    shares["share"] = shares["length_m"] / whole[shares["row"]]
    shares.insert(0, "segment_id", ids[shares["row"]].astype(object))
    return shares.drop(columns="row")
