"""Whether patrol areas, segments and must-visit points fit each other: each in its own area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import require_metric_crs
from geo.errors import ColumnError, InvalidParameterError
from geo.partition.reading import or_none, texts
from geo.patrol.belonging import LEAST_M, PatrolAreas, PointPlaces, SegmentPlaces

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Mask = NDArray[np.bool_]

FINDINGS: Final = (
    "repeated_id", "no_place", "unknown_area", "wrong_area", "crosses", "outside", "no_area",
    "far_from_segment", "no_segments", "no_points",
)  # fmt: skip
"""What may be wrong. Of any layer: a code met before, a row without geometry. Of segments and
points: an area that there is not, lying in another area than the row says. Of segments: length in
several areas, length in none. Of points: in no area, farther than the tolerance from every segment
of its own area. Of areas: without segments, without points."""

LAYERS: Final = {"areas": "area_id", "segments": "segment_id", "points": "point_id"}
"""Layer -> the column of its codes."""

ROUNDING_M: Final = 1e-6
"""A distance is no more than another by less than this, in metres."""


@dataclass(frozen=True, eq=False)
class PatrolLayers:
    """
    Outcome of `patrol_layers`.

    Parameters
    ----------
    findings
        One row per finding: `layer`, `row`, `id`, `finding` (one of `FINDINGS`), `value_m` (of a
        segment the length outside its own area, of a point the distance to the nearest segment
        of it; NaN where neither is meant), `areas` (those in which it lies, of a segment with
        their shares of its length: "A1 0.620; A2 0.380"), and the geometry of the row.
    areas
        One row per area code: `area_id`, `segments`, `segment_m`, `points`.
    segments
        One row per segment: `segment_id`, `area_id` (its own), `length_m`, `own_share` (of the
        length, within it; NaN without length).
    points
        One row per point: `point_id`, `area_id` (its own), `distance_m` (to the nearest segment
        of it; NaN without one).
    tolerance_m
        How far a point may be from a segment, in metres.
    """

    findings: gpd.GeoDataFrame
    areas: pd.DataFrame
    segments: pd.DataFrame
    points: pd.DataFrame
    tolerance_m: float

    def summary(self) -> dict[str, Any]:
        """Return counts, ratios and findings, ready for JSON; a ratio to nothing is None."""
        areas, segments, points = (len(frame) for frame in (self.areas, self.segments, self.points))
        counts = self.findings["finding"].value_counts()
        parted = self.findings[self.findings["finding"].isin(("crosses", "outside"))]
        near = self.points["distance_m"] <= self.tolerance_m + ROUNDING_M
        return {
            "areas": areas,
            "segments": segments,
            "points": points,
            "segments_per_area": segments / areas if areas else None,
            "points_per_area": points / areas if areas else None,
            "points_per_segment": points / segments if segments else None,
            "segments_in_one_area": int(self.segments["own_share"].notna().sum())
            - parted["row"].nunique(),
            "points_near_own_segment": int(near.sum()),
            "tolerance_m": self.tolerance_m,
            "findings": {name: int(counts[name]) for name in FINDINGS if name in counts},
        }


def patrol_layers(
    areas: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
    points: gpd.GeoDataFrame,
    *,
    tolerance_m: float = 30.0,
) -> PatrolLayers:
    """
    Tell whether every segment lies in one area and every point near a segment of its own area.

    The own area of a row is its `area_code`; without one, that which holds most of a segment, or
    the point. A stretch along a shared border lies in both areas, and an ending of up to 1 m
    beyond a border in none of them. A point may lie up to the tolerance outside the area that it
    names: across the street.

    Parameters
    ----------
    areas
        n polygons with `area_id`; rows of one code are one area, and found.
    segments
        m lines with `segment_id`; `area_code` where told.
    points
        k points with `point_id`; `area_code` where told.
    tolerance_m
        How far a point may be from a segment, in metres; 0 or greater.

    Returns
    -------
    layers
        Findings, and a table of each layer.

    Raises
    ------
    CRSError
        When metres are no metres.
    ColumnError, GeometryError
        When a column or an area's code is missing, or a row is of the wrong kind.
    InvalidParameterError
        When the tolerance is negative or not a number.
    """
    frames = {"areas": areas, "segments": segments, "points": points}
    require_metric_crs(**frames)
    if not 0.0 <= tolerance_m < np.inf:
        raise InvalidParameterError(
            f"tolerance_m must be a number of 0 or more, got {tolerance_m!r}"
        )
    found = []
    for layer, frame in frames.items():
        if LAYERS[layer] not in frame.columns:
            raise ColumnError(
                f"{layer}: no column {LAYERS[layer]} among {', '.join(map(str, frame.columns))}"
            )
        ids = pd.Series(texts(frame, LAYERS[layer]))
        found.append(_rows(layer, "repeated_id", ids.duplicated().to_numpy()))
        empty = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
        found.append(_rows(layer, "no_place", empty))
    known = PatrolAreas.of(areas)
    lying = SegmentPlaces.of(segments, known)
    standing = PointPlaces.of(points, known, segments, lying.own)
    found += _of_segments(segments, known, lying)
    found += _of_points(points, known, standing, tolerance_m)
    size = len(known.names)
    of_segments, of_points = (
        np.bincount(own[own >= 0], minlength=size) for own in (lying.own, standing.own)
    )
    first = np.unique(known.code, return_index=True)[1]
    for finding, count in (("no_segments", of_segments), ("no_points", of_points)):
        found.append(_rows("areas", finding, np.isin(np.arange(len(areas)), first[count == 0])))
    named = np.append(known.names.astype(object), [None])
    length_m = lying.length_m
    share = np.divide(
        lying.own_m, length_m, out=np.full(len(length_m), np.nan), where=length_m > 0.0
    )
    held = lying.own >= 0
    return PatrolLayers(
        _findings(found, frames),
        pd.DataFrame(
            {"area_id": known.names.astype(object), "segments": of_segments,
             "segment_m": np.bincount(lying.own[held], lying.own_m[held], minlength=size),
             "points": of_points}
        ),
        pd.DataFrame(
            {"segment_id": or_none(texts(segments, "segment_id")), "area_id": named[lying.own],
             "length_m": length_m, "own_share": share}
        ),
        pd.DataFrame(
            {"point_id": or_none(texts(points, "point_id")), "area_id": named[standing.own],
             "distance_m": standing.distance_m}
        ),
        tolerance_m,
    )  # fmt: skip


def _of_segments(
    segments: gpd.GeoDataFrame, areas: PatrolAreas, lying: SegmentPlaces
) -> list[pd.DataFrame]:
    """Return what is wrong with segments."""
    told, other_m = areas.told(segments), lying.length_m - lying.own_m
    columns = {"value_m": other_m, "areas": lying.shares(areas.names)}
    elsewhere = (told >= 0) & (lying.most >= 0) & (lying.most != told)
    crosses = (lying.within_m > LEAST_M).sum(axis=1) > 1
    return [
        _rows("segments", "unknown_area", (texts(segments, "area_code") != "") & (told < 0)),
        _rows("segments", "wrong_area", elsewhere, **columns),
        _rows("segments", "crosses", crosses, **columns),
        _rows("segments", "outside", lying.nowhere_m > LEAST_M, **columns),
    ]


def _of_points(
    points: gpd.GeoDataFrame, areas: PatrolAreas, standing: PointPlaces, tolerance_m: float
) -> list[pd.DataFrame]:
    """Return what is wrong with points."""
    told = areas.told(points)
    placed = ~(points.geometry.isna() | points.geometry.is_empty).to_numpy()
    near = standing.away_m <= tolerance_m + ROUNDING_M
    lost = placed & ~near
    far = placed & (standing.own >= 0) & ~(standing.distance_m <= tolerance_m + ROUNDING_M)
    inside = np.append(areas.names.astype(object), "")[standing.inside]
    return [
        _rows("points", "unknown_area", (texts(points, "area_code") != "") & (told < 0)),
        _rows("points", "wrong_area", lost & (standing.inside >= 0), areas=inside),
        _rows("points", "no_area", lost & (standing.inside < 0)),
        _rows("points", "far_from_segment", far, value_m=standing.distance_m, areas=inside),
    ]


def _rows(layer: str, finding: str, wrong: Mask, **columns: ArrayLike) -> pd.DataFrame:
    """Return the rows of a finding."""
    told = {name: np.asarray(value)[wrong] for name, value in columns.items()}
    return pd.DataFrame(
        {"layer": layer, "row": np.flatnonzero(wrong), "finding": finding, "value_m": np.nan,
         "areas": ""} | told
    )  # fmt: skip


def _findings(found: list[pd.DataFrame], frames: dict[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Join findings, with the code and the geometry of each row."""
    kept = [rows for rows in found if len(rows)]
    table = pd.concat(kept or found[:1], ignore_index=True)
    ids = np.full(len(table), None, dtype=object)
    shapes = np.full(len(table), None, dtype=object)
    for layer, frame in frames.items():
        of = (table["layer"] == layer).to_numpy()
        row = table["row"].to_numpy(dtype=np.int64)[of]
        ids[of] = texts(frame, LAYERS[layer])[row]
        shapes[of] = np.asarray(frame.geometry.array)[row]
    table.insert(2, "id", ids)
    return gpd.GeoDataFrame(table, geometry=shapes, crs=frames["areas"].crs)
