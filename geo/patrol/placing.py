"""Where the hand-drawn lines of patrol segments run on the street network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geo.coverage import NOISE_M
from geo.crs import require_metric_crs
from geo.errors import GeometryError, InvalidParameterError
from geo.patrol.laying import Ground, laid
from geo.snapping import Snapped

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.streets import StreetNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Objects = NDArray[np.object_]

PLACE_M: Final = 15.0
"""How far a drawn line may be from the street that it means, in metres: half a wide road and a
hand that is not steady."""

FAULTS: Final = ("", "no_line", "off_network", "apart", "across")
"""Why a segment is not placed: it is not one line with a length; it leaves the streets; the
streets beside it do not join; it crosses streets rather than follows them."""

LEAST_LAID: Final = 0.5
"""A segment whose way on the streets is shorter than this share of its drawn line crosses them."""

_LINE, _LINES = int(shapely.GeometryType.LINESTRING), int(shapely.GeometryType.MULTILINESTRING)


@dataclass(frozen=True, eq=False)
class PlacedSegments:
    """
    Where segments run on a network; make it with `place_segments`.

    Parameters
    ----------
    segment_id
        n codes; the positions of the rows where the frame has none.
    placed
        n flags: whether the segment runs on the network.
    start
        n places on the network where the drawn lines begin.
    end
        n places where they end.
    length_m
        n lengths along the streets, in metres; NaN where not placed.
    stretches
        One row per stretch of one street, in the order of the drawn line: `segment` (position),
        `order` (from 0 in each segment), `part` and `row` of the network's lines, `start_m` and
        `end_m` along that row with `start_m < end_m`, `along` (the segment runs the way the row
        does).
    forward
        n flags: a unit of the network's profile may go from start to end.
    backward
        n flags: it may go from end to start.
    offset_m
        n largest distances from the drawn line to its streets, in metres; where not placed, to
        the nearest street of all; NaN without a line or without a street.
    fault
        n of `FAULTS`; "" where placed.
    """

    segment_id: Objects
    placed: Bools
    start: Snapped
    end: Snapped
    length_m: Floats
    stretches: pd.DataFrame
    forward: Bools
    backward: Bools
    offset_m: Floats
    fault: Objects


def place_segments(
    network: StreetNetwork, segments: gpd.GeoDataFrame, *, tolerance_m: float = PLACE_M
) -> PlacedSegments:
    """
    Find the streets that segments run along, in order and with their direction.

    The whole line is laid at once, so that a street nearer for a moment does not take it over.
    What is open to the network's profile is preferred, in whatever direction; one-way streets
    decide `forward` and `backward` alone. Turns back shorter than the tolerance are left out, and
    so are ends on another street as short as the line is inexact.

    Parameters
    ----------
    network
        The streets.
    segments
        n LineString rows in the CRS of the streets; `segment_id` is read where present.
    tolerance_m
        How far a line may be from its streets, in metres; greater than 0.

    Returns
    -------
    placed
        n segments, in the order of the rows; those that cannot be placed carry their fault.

    Raises
    ------
    CRSError
        When metres are no metres.
    GeometryError
        When a row is no line.
    InvalidParameterError
        When the tolerance is not a number above 0.

    Notes
    -----
    The least sum, over places every `STEP_M` of the line, of the squared distance to the street
    and of the difference between the way along the streets and along the line. 1,000 segments
    take about a second.
    """
    require_metric_crs(segments=segments)
    if not 0.0 < tolerance_m < np.inf:
        raise InvalidParameterError(f"tolerance_m must be a number above 0, got {tolerance_m!r}")
    lines = _single_lines(segments)
    ground = Ground.of(network)
    rows: list[tuple[int, int, int, float, float]] = []
    count = len(lines)
    offset_m, fault = np.full(count, np.nan), np.full(count, "", dtype=object)
    good = np.array([line is not None for line in lines], dtype=bool)
    fault[~good] = "no_line"
    which = np.flatnonzero(good)
    near = ground.near(lines[which], tolerance_m)
    # One segment after the other: each has a small graph of its own around it.
    for segment, edges in zip(which.tolist(), near, strict=True):
        found = laid(ground, lines[segment], edges, tolerance_m)
        offset_m[segment], fault[segment] = found.offset_m, found.fault
        length_m = sum(abs(to - at) for _, at, to in found.stretches)
        if not found.fault and length_m < LEAST_LAID * shapely.length(lines[segment]):
            fault[segment] = "across"
        elif not found.fault:
            rows += [(segment, k, *each) for k, each in enumerate(found.stretches)]
    stretches = pd.DataFrame(rows, columns=["segment", "order", "part", "from_m", "to_m"])
    return _placed(network, segments, lines, stretches, offset_m, fault)


def _single_lines(segments: gpd.GeoDataFrame) -> Objects:
    """Return one line of some length per row, or None."""
    shapes = shapely.force_2d(np.asarray(segments.geometry.array))
    kinds = shapely.get_type_id(shapes)
    wrong = np.flatnonzero((kinds >= 0) & (kinds != _LINE) & (kinds != _LINES))
    if wrong.size:
        raise GeometryError(
            f"segments: row {wrong[0]} is a {shapes[wrong[0]].geom_type} and {wrong.size} of "
            f"{len(shapes)} rows are no lines; pass LineString rows"
        )
    several = kinds == _LINES
    lines = shapes.copy()
    lines[several] = shapely.line_merge(shapes[several])
    # Pieces that do not join are left as they were; a length that is no number is no length.
    lines[(shapely.get_type_id(lines) != _LINE) | ~(shapely.length(lines) > NOISE_M)] = None
    return np.asarray(lines, dtype=object)


def _placed(
    network: StreetNetwork,
    segments: gpd.GeoDataFrame,
    lines: Objects,
    laid_out: pd.DataFrame,
    offset_m: Floats,
    fault: Objects,
) -> PlacedSegments:
    """Put the stretches in their frame, and say what follows from them for each segment."""
    count = len(lines)
    segment = laid_out["segment"].to_numpy(np.int64)
    part = laid_out["part"].to_numpy(np.int64)
    at, to = laid_out["from_m"].to_numpy(np.float64), laid_out["to_m"].to_numpy(np.float64)
    along = at < to
    stretches = pd.DataFrame({
        "segment": segment, "order": laid_out["order"].to_numpy(np.int64), "part": part,
        "row": network.lines.row[part], "start_m": np.minimum(at, to),
        "end_m": np.maximum(at, to), "along": along,
    })  # fmt: skip
    length_m = np.full(count, np.nan)
    placed = fault == ""
    length_m[placed] = np.bincount(segment, np.abs(to - at), minlength=count)[placed]
    forward, backward = placed.copy(), placed.copy()
    there, back = _open(network, stretches)
    forward[segment[~np.where(along, there, back)]] = False
    backward[segment[~np.where(along, back, there)]] = False
    new = np.ones(len(segment) + 1, dtype=bool)
    new[1:-1] = segment[1:] != segment[:-1]
    first, last = new[:-1], new[1:]
    return PlacedSegments(
        segment_id=_ids(segments),
        placed=placed,
        start=_ends(network, lines, segment[first], part[first], at[first], 0),
        end=_ends(network, lines, segment[last], part[last], to[last], -1),
        length_m=length_m,
        stretches=stretches,
        forward=forward,
        backward=backward,
        offset_m=offset_m,
        fault=fault,
    )


def _ids(segments: gpd.GeoDataFrame) -> Objects:
    """Return the codes of the segments, or their positions."""
    if "segment_id" not in segments.columns:
        return np.arange(len(segments)).astype(object)
    return segments["segment_id"].to_numpy(dtype=object)


def _open(network: StreetNetwork, stretches: pd.DataFrame) -> tuple[Bools, Bools]:
    """Tell whether every edge of each stretch may be used the way of the row, and against it."""
    part = stretches["part"].to_numpy()
    # Where two edges meet, the one before is found: a stretch begins on the one after.
    begin = np.nextafter(stretches["start_m"].to_numpy(), np.inf)
    low = network.edge_at(part, begin)
    high = network.edge_at(part, stretches["end_m"].to_numpy()) + 1
    shut = [np.concatenate(([0], np.cumsum(~way))) for way in (network.forward, network.backward)]
    return shut[0][high] == shut[0][low], shut[1][high] == shut[1][low]


def _ends(
    network: StreetNetwork, lines: Objects, segment: Ints, part: Ints, at: Floats, vertex: int
) -> Snapped:
    """Return where the drawn lines begin or end on the network."""
    places = Snapped(
        np.full(len(lines), -1), np.full(len(lines), np.nan), np.full(len(lines), np.nan)
    )
    drawn = shapely.get_coordinates(shapely.get_point(lines[segment], vertex))
    apart = drawn - network.lines.locate(part, at)
    places.part[segment], places.at_m[segment] = part, at
    places.offset_m[segment] = np.hypot(apart[:, 0], apart[:, 1])
    return places
