"""What rows of points, segments and peaks ask for, before any shift is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import ColumnError
from geo.patrol.columns import flags, numbers, texts, words
from geo.patrol.ground import UNKNOWN, place_named
from geo.patrol.windows import LONGEST_S, MINUTE_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.patrol.ground import Ground, Sites

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DWELL_MIN: Final = 2.0
"""How long a visit lasts where the point does not say, in minutes: what a track has to show."""

PRIORITIES: Final = (1, 5)
"""Highest and lowest priority."""

PRIORITY: Final = 3
"""Priority where none is told: the middle."""

WORTH_M: Final = {1: 1600, 2: 800, 3: 400, 4: 200, 5: 100}
"""What an optional task of each priority is worth where its prize is not told, in metres of
way: every step is twice the next."""


class Owed(NamedTuple):
    """
    What one row asks for.

    Parameters
    ----------
    kind
        "point", "segment" or "standby".
    id
        Of the point, segment or place.
    name
        What people call it; None where nothing is told.
    row
        Its row in its frame.
    place
        Where it is on the ground; of a segment its start.
    area_id, grid_id
        Where it belongs; None for nowhere.
    hours
        Its windows as text; None for always.
    visits
        How many a shift; NaN where not told.
    work_s
        How long each lasts; of a segment for the fastest unit.
    interval_s
        Least and greatest interval of two visits.
    directions
        One task for each: "any", "forward" or "backward".
    required, prize_m, priority, skills
        How much it matters, and who may do it.
    reason, detail
        Why it cannot be planned, and a number that belongs to the reason; "" where it can.
    """

    kind: str
    id: str
    name: str | None
    row: int
    place: int
    area_id: str | None
    grid_id: str | None
    hours: str | None
    visits: float
    work_s: int
    interval_s: tuple[int, int]
    directions: tuple[str, ...]
    required: bool
    prize_m: int
    priority: int
    skills: frozenset[str]
    reason: str
    detail: float


def owed_points(ground: Ground) -> Iterator[Owed]:
    """
    Read the must-visit points.

    Parameters
    ----------
    ground
        Where they are.

    Yields
    ------
    owed
        One a row.
    """
    points = ground.sites.points
    every = np.arange(len(points))
    on = np.any([ground.reached(mode, every) for mode in ground.modes], axis=0)
    dwell_s = _seconds(numbers(points, "dwell_min", DWELL_MIN))
    least_s = _seconds(numbers(points, "least_interval_min", 0.0))
    greatest_s = np.maximum(_seconds(numbers(points, "greatest_interval_min", np.inf)), 1)
    missing = shapely.is_missing(points.geometry.array) | shapely.is_empty(points.geometry.array)
    for common in _read(points, "point_id", ground.sites):
        row = common["row"]
        reason = "" if on[row] else "no_place" if missing[row] else "off_network"
        yield Owed(
            kind="point", place=row, work_s=int(dwell_s[row]),
            interval_s=(int(least_s[row]), int(greatest_s[row])), directions=("any",),
            reason=reason, detail=ground.offset_m(row) if reason else np.nan, **common,
        )  # fmt: skip


def owed_segments(ground: Ground, fastest_s: Ints) -> Iterator[Owed]:
    """
    Read the segments to patrol.

    Parameters
    ----------
    ground
        Where they run.
    fastest_s
        How long the fastest unit takes for each.

    Yields
    ------
    owed
        One a row.
    """
    segments = ground.sites.segments
    placed = np.any([each.placed for each in ground.placed.values()], axis=0)
    both = flags(segments, "both", default=False)
    for common in _read(segments, "segment_id", ground.sites):
        row = common["row"]
        faults = {each.fault[row] for each in ground.placed.values()}
        reason = "" if placed[row] else "no_place" if faults == {"no_line"} else "off_network"
        offsets = np.array([each.offset_m[row] for each in ground.placed.values()])
        apart = reason and np.isfinite(offsets).any()
        yield Owed(
            kind="segment", place=ground.segment_places(row)[0], work_s=int(fastest_s[row]),
            interval_s=(0, LONGEST_S),
            directions=("forward", "backward") if both[row] else ("any",),
            reason=reason, detail=float(np.nanmin(offsets)) if apart else np.nan, **common,
        )  # fmt: skip


def owed_peaks(ground: Ground, peaks: pd.DataFrame) -> Iterator[Owed]:
    """
    Read the peak windows: each asks units to stand by at a place for all of it.

    Parameters
    ----------
    ground
        Where the places are.
    peaks
        Rows with `place_id` (of a standby place or a point) and `hours`; `least_units` (1) is
        read where present.

    Yields
    ------
    owed
        One a row, with the units as visits.

    Raises
    ------
    ColumnError
        When there is no `place_id` or no `hours`.
    """
    for column in ("place_id", "hours"):
        if column not in peaks.columns:
            raise ColumnError(f"peaks: no column {column}; give every row a place and its hours")
    units = numbers(peaks, "least_units", 1.0)
    for common in _read(_at_places(peaks, ground.sites), "place_id", ground.sites):
        row = common["row"]
        place = place_named(ground.sites, common["id"])
        reason = "place_unknown" if place == UNKNOWN else ""
        if not reason and not any(ground.reached(mode, place) for mode in ground.modes):
            reason = "off_network"
        yield Owed(
            kind="standby", place=place, work_s=0, interval_s=(0, LONGEST_S),
            directions=("any",), reason=reason,
            detail=ground.offset_m(place) if reason == "off_network" else np.nan,
            **(common | {"visits": float(units[row])}),
        )  # fmt: skip


def area_ids(frame: gpd.GeoDataFrame, areas: gpd.GeoDataFrame | None) -> list[str | None]:
    """
    Tell which area rows belong to.

    Parameters
    ----------
    frame
        n rows; `area_code` is read where present.
    areas
        Polygons with `area_id`; None for none.

    Returns
    -------
    area_ids
        The area that a row names, else the one that its place, or the middle of its line, lies in:
        of several the one that stands first. None for no area.
    """
    named = texts(frame, "area_code")
    if areas is None:
        return named
    shapes = np.array(frame.geometry.array, dtype=object)
    lines = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    shapes[lines] = shapely.line_interpolate_point(shapes[lines], 0.5, normalized=True)
    row, area = shapely.STRtree(areas.geometry.to_numpy()).query(shapes, predicate="intersects")
    first = np.full(len(frame), len(areas))
    np.minimum.at(first, row, area)
    ids = [*texts(areas, "area_id"), None]
    return [ids[first[at]] if name is None else name for at, name in enumerate(named)]


def _at_places(peaks: pd.DataFrame, sites: Sites) -> gpd.GeoDataFrame:
    """Return peaks with the geometry and, where they name none, the area of their places."""
    first = len(sites.points) + 2 * len(sites.segments)
    columns: dict[str, list[Any]] = {"geometry": [], "area_code": []}
    codes = {0: texts(sites.points, "area_code"), first: texts(sites.standby, "area_code")}
    named = zip(texts(peaks, "place_id"), texts(peaks, "area_code"), strict=True)
    for name, area in named:
        place = UNKNOWN if name is None else place_named(sites, name)
        base = first if place >= first else 0
        frame = sites.standby if base else sites.points
        known = place != UNKNOWN
        columns["geometry"].append(frame.geometry.iloc[place - base] if known else None)
        columns["area_code"].append(area or (codes[base][place - base] if known else None))
    crs = sites.streets.crs
    plain = pd.DataFrame(peaks).drop(columns=list(columns), errors="ignore")
    return gpd.GeoDataFrame(plain.assign(**columns), geometry="geometry", crs=crs)


def _read(frame: gpd.GeoDataFrame, id_column: str, sites: Sites) -> Iterator[dict[str, Any]]:
    """Yield what rows of all kinds tell, with the defaults."""
    priority = numbers(frame, "priority", PRIORITY)
    # What is not from 1 to 5 is no priority.
    known = (priority >= PRIORITIES[0]) & (priority <= PRIORITIES[1])
    priority = np.where(known, np.rint(priority), PRIORITY).astype(np.int64)
    usual = np.array([WORTH_M[each] for each in priority.tolist()], dtype=np.float64)
    told = numbers(frame, "prize_m", np.nan)
    required = flags(frame, "required", default=True)
    # Of required ones that cannot all be done priorities choose, not what they are worth in way.
    prize = np.rint(np.where((told >= 0.0) & ~required, told, usual)).astype(np.int64)
    columns = zip(
        texts(frame, id_column), texts(frame, "name"), area_ids(frame, sites.areas),
        texts(frame, "grid_id"), texts(frame, "hours" if id_column == "place_id" else "windows"),
        numbers(frame, "visits", np.nan), words(frame, "skills"), strict=True,
    )  # fmt: skip
    for row, (name, label, area, grid, hours, visits, skills) in enumerate(columns):
        yield {
            "id": str(name), "name": label, "row": row, "area_id": area, "grid_id": grid,
            "hours": hours, "visits": float(visits), "required": bool(required[row]),
            "prize_m": int(prize[row]), "priority": int(priority[row]), "skills": skills,
        }  # fmt: skip


def _seconds(minutes: Floats) -> Ints:
    """Return whole seconds from 0 to the longest."""
    return np.rint(np.clip(minutes * MINUTE_S, 0.0, LONGEST_S)).astype(np.int64)
